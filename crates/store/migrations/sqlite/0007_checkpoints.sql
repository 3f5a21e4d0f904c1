-- What the journal was at an instant, signed. Insert-only, as the journal is.
CREATE TABLE checkpoints (
    id TEXT PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    size BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX checkpoints_size_key ON checkpoints (size);

CREATE TRIGGER checkpoints_refuses_update BEFORE UPDATE ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'checkpoints is insert-only');
END;
CREATE TRIGGER checkpoints_refuses_delete BEFORE DELETE ON checkpoints
BEGIN
    SELECT RAISE(ABORT, 'checkpoints is insert-only');
END;

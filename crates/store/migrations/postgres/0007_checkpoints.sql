-- What the journal was at an instant, signed. Insert-only, as the journal is.
CREATE TABLE checkpoints (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    size BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX checkpoints_size_key ON checkpoints (size);

CREATE TRIGGER checkpoints_keeps_rows BEFORE UPDATE OR DELETE ON checkpoints
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER checkpoints_keeps_all BEFORE TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();

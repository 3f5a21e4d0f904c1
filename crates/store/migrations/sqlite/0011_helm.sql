-- Which of the processes that share the store decides and sends, and by which call to bind itself it is bound.
CREATE TABLE helm (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    holder TEXT NOT NULL,
    fence BIGINT NOT NULL,
    beats BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    bound BIGINT NOT NULL
);
INSERT INTO helm (id, holder, fence, beats, calls, bound) VALUES (1, '', 0, 0, 0, 0);

-- What the others leave to be done by that one.
CREATE TABLE errands (
    id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    job TEXT NOT NULL
);

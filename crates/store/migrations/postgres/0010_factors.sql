-- Second factors and what was tried against them.
CREATE TABLE second_factors (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);

-- A cookie value that was rotated out is still known, for requests on their way and for theft.
ALTER TABLE sessions ADD COLUMN previous_hash TEXT COLLATE "C";
CREATE INDEX sessions_by_previous ON sessions (previous_hash);

-- Limits that are to be loosened are found when their time has come.
ALTER TABLE risk_limits ADD COLUMN due_at BIGINT;
CREATE INDEX risk_limits_by_due ON risk_limits (due_at, id);

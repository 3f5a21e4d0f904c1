-- Who left for a vendor's page and is expected back with a code.
CREATE TABLE departures (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    body TEXT NOT NULL
);

-- What Discord gave at somebody's last login, sealed.
CREATE TABLE discord_grants (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    due_at BIGINT,
    body TEXT NOT NULL
);
CREATE INDEX discord_grants_due ON discord_grants (due_at, id);

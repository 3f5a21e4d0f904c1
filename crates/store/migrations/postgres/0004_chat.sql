-- People are found by who they are at Discord; nobody is two people there.
ALTER TABLE users ADD COLUMN discord_id TEXT COLLATE "C";
CREATE UNIQUE INDEX users_discord_id_key ON users (discord_id);

-- One-time links that bind somebody at Discord to an account.
CREATE TABLE link_tickets (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    discord_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);

-- What users want to be told.
CREATE TABLE notice_settings (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);

-- How far readers of the journal have come.
CREATE TABLE bookmarks (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    next BIGINT NOT NULL,
    body TEXT NOT NULL
);

-- Messages sent that may change later.
CREATE TABLE sent_cards (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);

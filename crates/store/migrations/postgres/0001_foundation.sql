-- Rows: a key, a version that rises with every change, the columns that are searched or unique, and the whole row as
-- JSON. Times are microseconds since 1970 in UTC, flags 0 or 1.
-- Text is compared byte by byte, so that keys sort as they do everywhere else.

-- People.
CREATE TABLE users (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    demo BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX users_by_demo ON users (name) WHERE demo = 1;

-- Logins.
CREATE TABLE sessions (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX sessions_token_hash_key ON sessions (token_hash);
CREATE INDEX sessions_by_user ON sessions (user_id, id);

-- One-time login links.
CREATE TABLE login_tickets (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);

-- Wrapped data keys.
CREATE TABLE data_keys (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);

-- Answers to idempotent requests.
CREATE TABLE idempotency_keys (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);

-- Tenants.
CREATE TABLE communities (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    guild_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX communities_guild_id_key ON communities (guild_id);

-- Members and roles.
CREATE TABLE memberships (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    community_id TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX memberships_by_user ON memberships (user_id, id);
CREATE INDEX memberships_by_community ON memberships (community_id, id);

-- Enabled channels.
CREATE TABLE channels (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    community_id TEXT COLLATE "C" NOT NULL,
    source_key TEXT COLLATE "C" NOT NULL,
    enabled BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX channels_source_key_key ON channels (source_key);
CREATE INDEX channels_by_community ON channels (community_id, id);

-- Sources of signals.
CREATE TABLE providers (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    community_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX providers_by_community ON providers (community_id, name);

-- Source messages, one row per revision.
CREATE TABLE messages (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    community_id TEXT COLLATE "C" NOT NULL,
    source_key TEXT COLLATE "C" NOT NULL,
    source_id TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    processed BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX messages_source_key_source_id_revision_key ON messages (source_key, source_id, revision);
CREATE INDEX messages_by_unprocessed ON messages (id) WHERE processed = 0;

-- Meanings.
CREATE TABLE signals (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    community_id TEXT COLLATE "C" NOT NULL,
    source_key TEXT COLLATE "C" NOT NULL,
    source_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX signals_source_key_source_id_key ON signals (source_key, source_id);
CREATE INDEX signals_by_community ON signals (community_id, id);

-- Who receives what.
CREATE TABLE follows (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    provider_id TEXT COLLATE "C" NOT NULL,
    enabled BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX follows_user_id_provider_id_key ON follows (user_id, provider_id);
CREATE INDEX follows_by_provider ON follows (provider_id, id) WHERE enabled = 1;

-- Broker connections.
CREATE TABLE connections (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    enabled BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX connections_by_user ON connections (user_id, id);

-- Venue accounts: the one row every order of an account passes through.
CREATE TABLE accounts (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    connection_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX accounts_connection_id_key ON accounts (connection_id);
CREATE INDEX accounts_by_user ON accounts (user_id, id);

-- What was decided for one follower and one instruction.
CREATE TABLE decisions (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    signal_id TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    instruction BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX decisions_signal_id_revision_instruction_user_id_key ON decisions (signal_id, revision, instruction, user_id);
CREATE INDEX decisions_by_user ON decisions (user_id, id);

-- Cards that ask a follower.
CREATE TABLE approvals (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    due_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX approvals_by_user ON approvals (user_id, id) WHERE state = 'pending';
CREATE INDEX approvals_by_due ON approvals (due_at) WHERE state = 'pending';

-- Durable decisions to place one leg.
CREATE TABLE intents (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX intents_order_id_key ON intents (order_id);

-- Intents as they exist at the venue.
CREATE TABLE orders (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    connection_id TEXT COLLATE "C" NOT NULL,
    client_order_id TEXT COLLATE "C" NOT NULL,
    signal_id TEXT COLLATE "C",
    lot_id TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    is_open BIGINT NOT NULL,
    due_at BIGINT,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX orders_connection_id_client_order_id_key ON orders (connection_id, client_order_id);
CREATE INDEX orders_by_user ON orders (user_id, id);
CREATE INDEX orders_by_client ON orders (client_order_id);
CREATE INDEX orders_by_signal ON orders (signal_id, id);
CREATE INDEX orders_by_lot ON orders (lot_id, id);
CREATE INDEX orders_by_open_connection ON orders (connection_id, id) WHERE is_open = 1;
CREATE INDEX orders_by_open ON orders (id) WHERE is_open = 1;
CREATE INDEX orders_by_due ON orders (due_at) WHERE is_open = 1;

-- Executions, booked once.
CREATE TABLE fills (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    connection_id TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    venue_fill_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX fills_connection_id_venue_fill_id_key ON fills (connection_id, venue_fill_id);
CREATE INDEX fills_by_user ON fills (user_id, id);
CREATE INDEX fills_by_order ON fills (order_id, id);

-- Parts of positions by signal.
CREATE TABLE lots (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    provider_id TEXT COLLATE "C",
    signal_id TEXT COLLATE "C",
    is_open BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX lots_by_user ON lots (user_id, id) WHERE is_open = 1;
CREATE INDEX lots_by_open ON lots (id) WHERE is_open = 1;
CREATE INDEX lots_by_signal ON lots (signal_id, id);

-- Holdings from opening to closing.
CREATE TABLE positions (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    connection_id TEXT COLLATE "C" NOT NULL,
    instrument TEXT COLLATE "C" NOT NULL,
    is_open BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX positions_connection_id_instrument_key ON positions (connection_id, instrument) WHERE is_open = 1;
CREATE INDEX positions_by_user ON positions (user_id, id);

-- Risk limits of users.
CREATE TABLE risk_limits (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX risk_limits_by_user ON risk_limits (user_id, id);

-- Kills, pauses, locks.
CREATE TABLE switches (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C",
    community_id TEXT COLLATE "C",
    enabled BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX switches_by_on ON switches (id) WHERE enabled = 1;

-- Equity curves.
CREATE TABLE equity_points (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    connection_id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX equity_points_by_user ON equity_points (user_id, at);

-- The journal: insert-only, as triggers hold below.
CREATE TABLE journal (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C",
    community_id TEXT COLLATE "C",
    object_type TEXT COLLATE "C" NOT NULL,
    object_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);

-- The place and hash of each entry; the user stands here too, so that a user's entries are found in order.
CREATE TABLE journal_chain (
    seq BIGINT PRIMARY KEY NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    prev_hash TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C"
);
CREATE UNIQUE INDEX journal_chain_id_key ON journal_chain (id);
CREATE INDEX journal_chain_by_user ON journal_chain (user_id, seq);

-- Entries that wait for the sequencer, in order of place.
CREATE TABLE journal_pending (
    place BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY NOT NULL,
    id TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX journal_pending_id_key ON journal_pending (id);

-- Each user's own numbering of the entries that user sees live.
CREATE TABLE feed (
    user_id TEXT COLLATE "C" NOT NULL,
    user_seq BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (user_id, user_seq)
);

-- How often a role changed hands; the row `probe` counts proofs that a write reaches the disk.
CREATE TABLE leases (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    fence BIGINT NOT NULL
);

CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME;
END;
$$;
CREATE TRIGGER journal_keeps_rows BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_keeps_all BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_chain_keeps_rows BEFORE UPDATE OR DELETE ON journal_chain
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_chain_keeps_all BEFORE TRUNCATE ON journal_chain
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();

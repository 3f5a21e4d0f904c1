-- Webhooks of providers.
CREATE TABLE hooks (
    id TEXT PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    community_id TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX hooks_by_community ON hooks (community_id, id);

-- What each webhook remembers of its deliveries.
CREATE TABLE hook_ledgers (
    id TEXT PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    community_id TEXT NOT NULL,
    body TEXT NOT NULL
);

-- The last deliveries of each webhook: a ring, whose places are taken again.
CREATE TABLE hook_deliveries (
    id TEXT PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    community_id TEXT NOT NULL,
    hook_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX hook_deliveries_by_hook ON hook_deliveries (hook_id, number);

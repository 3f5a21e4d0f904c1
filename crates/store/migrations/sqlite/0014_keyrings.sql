-- Which version of the master key is in force, and how far the change to it has come.
CREATE TABLE keyrings (
    id TEXT PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    active BIGINT NOT NULL,
    body TEXT NOT NULL
);

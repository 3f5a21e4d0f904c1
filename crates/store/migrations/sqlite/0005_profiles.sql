-- What providers taught of their own way of writing, one row per version; a version is never changed.
CREATE TABLE profiles (
    id TEXT PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    community_id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX profiles_by_provider ON profiles (provider_id, id);
CREATE TRIGGER profiles_refuses_update BEFORE UPDATE ON profiles
BEGIN
    SELECT RAISE(ABORT, 'profiles is insert-only');
END;

-- What a provider posted is found by the provider, to be read again with what is to be taught.
ALTER TABLE messages ADD COLUMN provider_id TEXT;
UPDATE messages SET provider_id = json_extract(body, '$.provider_id');
CREATE INDEX messages_by_provider ON messages (provider_id, id);

-- What providers taught of their own way of writing, one row per version; a version is never changed.
CREATE TABLE profiles (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL,
    community_id TEXT COLLATE "C" NOT NULL,
    provider_id TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX profiles_by_provider ON profiles (provider_id, id);
CREATE TRIGGER profiles_keeps_rows BEFORE UPDATE ON profiles
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();

-- What a provider posted is found by the provider, to be read again with what is to be taught.
ALTER TABLE messages ADD COLUMN provider_id TEXT COLLATE "C";
UPDATE messages SET provider_id = body::jsonb ->> 'provider_id';
CREATE INDEX messages_by_provider ON messages (provider_id, id);

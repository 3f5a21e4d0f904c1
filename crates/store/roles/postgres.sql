-- The application's role: it reads and writes rows, but of the journal and its chain it may only read and append.
-- Run as the owner of the tables, in their schema, after the migrations. Give it a login and a password, or grant it
-- to the user the program logs in as: GRANT ordercast_app TO that_user. Safe to repeat.
DO $$
DECLARE
    name text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ordercast_app') THEN
        CREATE ROLE ordercast_app NOLOGIN;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO ordercast_app', current_schema());
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE format('REVOKE ALL ON %I FROM ordercast_app', name);
        EXECUTE format(
            CASE
                WHEN name IN ('journal', 'journal_chain', 'feed') THEN 'GRANT SELECT, INSERT ON %I TO ordercast_app'
                WHEN name = 'journal_pending' THEN 'GRANT SELECT, INSERT, DELETE ON %I TO ordercast_app'
                WHEN name IN ('errands', 'equity_points') THEN 'GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO ordercast_app'
                WHEN name = '_sqlx_migrations' THEN 'GRANT SELECT ON %I TO ordercast_app'
                ELSE 'GRANT SELECT, INSERT, UPDATE ON %I TO ordercast_app'
            END,
            name
        );
    END LOOP;
END;
$$;

//! Both databases have the same tables and columns, and the journal's triggers hold against whoever comes by.

use std::collections::BTreeSet;

use ordercast_model::{
    journal::kind::Kind,
    ports::store::{Batch, Query, StoreError, Stored, commit},
    tenant::{SystemScope, TenantScope},
};
use ordercast_testkit::sample::{id, person, record, trade};

use crate::database::{Database, all};

const SQLITE_COLUMNS: &str = "SELECT m.name || '.' || c.name || ' ' || replace(c.type, 'INTEGER', 'BIGINT') \
     FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '\\_%' ESCAPE '\\' \
     AND m.name NOT LIKE 'sqlite%'";
const POSTGRES_COLUMNS: &str = "SELECT table_name || '.' || column_name || ' ' || upper(data_type) \
     FROM information_schema.columns WHERE table_schema = current_schema() AND table_name <> '_sqlx_migrations'";
const SQLITE_INDEXES: &str =
    "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite%'";
const POSTGRES_INDEXES: &str = "SELECT indexname::text FROM pg_indexes WHERE schemaname = current_schema() AND indexname NOT LIKE '%\\_pkey'";

#[tokio::test]
async fn both_databases_have_the_same_columns_and_indexes() {
    let sqlite = Database::sqlite().await;
    let columns: BTreeSet<String> = sqlite.column(SQLITE_COLUMNS).await.into_iter().collect();
    let kinds: BTreeSet<&str> = columns.iter().filter_map(|c| c.split(' ').nth(1)).collect();
    assert_eq!(kinds, BTreeSet::from(["BIGINT", "TEXT"]), "no other types");
    let Some(postgres) = Database::postgres().await else {
        return;
    };
    let other: BTreeSet<String> = postgres.column(POSTGRES_COLUMNS).await.into_iter().collect();
    assert_eq!(columns, other);
    let indexes: BTreeSet<String> = sqlite.column(SQLITE_INDEXES).await.into_iter().collect();
    let other: BTreeSet<String> = postgres.column(POSTGRES_INDEXES).await.into_iter().collect();
    assert_eq!(indexes, other);
}

fn system() -> SystemScope {
    SystemScope::housekeeping("test")
}

#[tokio::test]
async fn the_journal_refuses_every_change() {
    for database in all().await {
        let entries = vec![record::entry(1, Kind::JournalGenesis, None)];
        let (links, feed) = record::sequence(None, &[], &entries).expect("canonical");
        let batch = Batch {
            changes: Vec::new(),
            journal: entries,
        };
        commit(&*database.store, system(), batch).await.expect("noted");
        database.store.chain(&links, &feed).await.expect("chained");
        let mut batch = Batch::new();
        batch.insert(record::checkpoint(1));
        commit(&*database.store, system(), batch).await.expect("kept");
        let mut attempts = vec![
            "UPDATE checkpoints SET size = 9",
            "DELETE FROM checkpoints",
            "UPDATE journal SET body = '{}'",
            "DELETE FROM journal",
            "UPDATE journal_chain SET hash = ''",
            "DELETE FROM journal_chain",
        ];
        if !database.is_sqlite() {
            attempts.extend([
                "TRUNCATE journal",
                "TRUNCATE journal_chain",
                "TRUNCATE checkpoints",
            ]);
        }
        for sql in attempts {
            let refused = database.raw(sql).await.expect_err(sql);
            assert!(refused.contains("is insert-only"), "{sql}: {refused}");
        }
        assert_eq!(database.store.chained(0, 9).await.expect("readable").len(), 1);
    }
}

#[tokio::test]
async fn a_corrupt_row_is_named() {
    for database in all().await {
        let connection = trade::connection(1, id(1));
        let scope = TenantScope::of_user(&connection);
        let mut batch = Batch::new();
        batch.insert(connection.clone());
        batch.insert(trade::connection(2, id(1)));
        batch.insert(person::limits(id(1)));
        commit(&*database.store, system(), batch).await.expect("written");
        let other = serde_json::to_string(&trade::connection(2, id(1))).expect("json");
        for body in ["not json", "{}", &other, "{\"id\":1}"] {
            let sql = format!(
                "UPDATE connections SET body = '{body}' WHERE id = '{}'",
                connection.id
            );
            database.raw(&sql).await.expect("written beside the program");
            let corrupt = |error: &StoreError| {
                matches!(error, StoreError::Corrupt { table: "connections", id, .. }
                if *id == connection.id.to_string())
            };
            let read = database
                .store
                .find(&scope, Query::Connections)
                .await
                .expect_err(body);
            assert!(corrupt(&read), "{read}");
            let table = ordercast_model::connection::Connection::TABLE;
            let read = database
                .store
                .get(&scope, table, &connection.id.to_string())
                .await
                .expect_err(body);
            assert!(corrupt(&read), "{read}");
        }
        let rest = database
            .store
            .find(&scope, Query::UserLimits)
            .await
            .expect("other rows are readable");
        assert_eq!(rest.len(), 1);
    }
}

//! PostgreSQL keeps the contract, and its application role cannot touch the journal.

use std::sync::{Arc, Mutex};

use ordercast_store::APPLICATION_ROLE_SQL;
use ordercast_testkit::contract;

use crate::database::{Database, server};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_keeps_the_contract() {
    if server().is_none() {
        return;
    }
    let last: Arc<Mutex<Option<Database>>> = Arc::default();
    contract::store::run(|_| async {
        let database = Database::postgres().await.expect("a server");
        let store = Arc::clone(&database.store);
        let before = last.lock().expect("not poisoned").replace(database);
        if let Some(mut before) = before {
            before.close().await;
        }
        store
    })
    .await;
}

#[tokio::test]
async fn the_application_role_cannot_change_the_journal() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    for turn in 0..2 {
        database
            .raw(APPLICATION_ROLE_SQL)
            .await
            .unwrap_or_else(|why| panic!("turn {turn}: {why}"));
    }
    for (sql, allowed) in [
        ("SELECT id FROM journal", true),
        ("SELECT id FROM orders", true),
        ("UPDATE orders SET version = version", true),
        ("UPDATE journal SET kind = kind", false),
        ("DELETE FROM journal_chain", false),
        ("TRUNCATE journal", false),
        ("ALTER TABLE journal DISABLE TRIGGER ALL", false),
        ("DELETE FROM orders", false),
        ("DELETE FROM journal_pending", true),
    ] {
        let got = database.raw(&format!("SET ROLE ordercast_app; {sql}")).await;
        assert_eq!(got.is_ok(), allowed, "{sql}: {got:?}");
    }
}

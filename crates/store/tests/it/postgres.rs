//! PostgreSQL keeps the contract, and its application role cannot touch the journal.

use std::sync::{Arc, Mutex};

use ordercast_model::{
    journal::kind::Kind,
    ports::store::{Batch, commit},
    tenant::SystemScope,
};
use ordercast_store::{APPLICATION_ROLE_SQL, Options, open};
use ordercast_testkit::{
    contract,
    sample::{id, person, record},
};

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
    database
        .raw("ALTER ROLE ordercast_app LOGIN")
        .await
        .expect("may log in");
    let (_, rest) = database.url.split_once('@').expect("a user in the address");
    let url = format!("postgres://ordercast_app@{rest}");
    let opened = open(&url, &Options::default())
        .await
        .expect("opens without the right to migrate");
    let mut batch = Batch::new();
    batch.insert(person::user(1));
    batch.note(record::entry(1, Kind::UserCreated, Some(id(1))));
    commit(&*opened.store, SystemScope::housekeeping("test"), batch)
        .await
        .expect("writes");
    let (links, feed) =
        record::sequence(None, &[], &opened.store.pending(9).await.expect("reads")).expect("canonical");
    opened.store.chain(&links, &feed).await.expect("chains");
    assert!(
        opened
            .leadership
            .try_lead("sequencer")
            .await
            .expect("answers")
            .is_some()
    );
}

#[tokio::test]
async fn a_cut_connection_is_replaced_and_its_leader_knows() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let schema = database.column("SELECT current_schema()::text").await.concat();
    let lead = database
        .leadership
        .try_lead("sequencer")
        .await
        .expect("answers")
        .expect("free");
    database.store.probe().await.expect("writes");
    let cut = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE application_name = 'ordercast' AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' \
         AND objid::bigint = hashtextextended('ordercast {schema} sequencer', 0) & 4294967295)"
    );
    database.raw(&cut).await.expect("cut");
    assert!(!lead.confirm().await, "the lock went with the connection");
    let next = database
        .leadership
        .try_lead("sequencer")
        .await
        .expect("answers")
        .expect("free again");
    assert!(next.fence() > lead.fence());
    database.store.probe().await.expect("still writes");
}

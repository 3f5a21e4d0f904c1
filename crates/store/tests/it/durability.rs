//! What was answered is on disk, also after a stop in the middle of much work; what cannot be written is said so.

use std::sync::Arc;

use ordercast_model::{
    limits::SwitchScope,
    ports::store::{Batch, Page, StoreError, SystemQuery, commit},
    tenant::SystemScope,
};
use ordercast_testkit::sample::{id, person, trade};

use crate::database::{Database, all};

fn system() -> SystemScope {
    SystemScope::housekeeping("test")
}

fn placing(n: u64) -> Batch {
    let mut batch = Batch::new();
    batch.insert(trade::order(n, &trade::connection(1, id(1))));
    batch
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_a_stop() {
    const WRITERS: u64 = 200;
    for mut database in all().await {
        let tasks: Vec<_> = (1..=WRITERS)
            .map(|n| {
                let store = Arc::clone(&database.store);
                tokio::spawn(async move { (n, commit(&*store, system(), placing(n)).await) })
            })
            .collect();
        tokio::task::yield_now().await;
        database.close().await;
        let mut answered = Vec::new();
        for task in tasks {
            match task.await.expect("ends") {
                (n, Ok(())) => answered.push(trade::order(n, &trade::connection(1, id(1))).id),
                (_, Err(why)) => assert!(why.to_string().contains("unavailable"), "{why}"),
            }
        }
        let database = database.reopen().await;
        let query = SystemQuery::OrdersOpen(Page::first(1_000));
        let rows = database.store.find_any(system(), query).await.expect("readable");
        let stored: Vec<String> = rows.iter().map(ordercast_model::ports::store::Row::key).collect();
        for order in answered {
            assert!(stored.contains(&order.to_string()), "{order} was answered");
        }
    }
}

/// A switch is durable before what waits with it, also when a transaction of many callers is being written (PRODUCT NF-09).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_switch_waits_for_no_long_transaction() {
    const CALLERS: u64 = 100;
    const EACH: u64 = 100;
    let database = Database::sqlite().await;
    let mut tasks = tokio::task::JoinSet::new();
    for caller in 0..CALLERS {
        let store = Arc::clone(&database.store);
        let mut batches = Vec::new();
        for n in 0..EACH {
            batches.push((system().into(), placing(1 + caller * EACH + n)));
        }
        tasks.spawn(async move { store.commit(batches).await });
    }
    // The others wait by now, as one transaction that is being written.
    let first = tasks.join_next().await.expect("somebody is first");
    first.expect("ends").expect("written");
    let mut batch = Batch::new();
    batch.insert(person::kill(SwitchScope::Platform, None));
    commit(&*database.store, system(), batch).await.expect("durable");
    let mut visible = 0;
    let mut page = Page::first(1_000);
    loop {
        let query = SystemQuery::OrdersOpen(page.clone());
        let rows = database.store.find_any(system(), query).await.expect("readable");
        visible += rows.len() as u64;
        match rows.last() {
            Some(last) => page.after = Some(last.key()),
            None => break,
        }
    }
    assert!(
        visible < CALLERS * EACH / 2,
        "{visible} orders were written before the switch"
    );
    while let Some(answer) = tasks.join_next().await {
        let answers = answer.expect("ends").expect("written");
        assert_eq!(answers.len() as u64, EACH);
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    }
}

#[tokio::test]
async fn a_stopped_store_says_that_it_is_away() {
    for mut database in all().await {
        database.close().await;
        let away = commit(&*database.store, system(), placing(1)).await;
        assert!(matches!(
            away,
            Err(ordercast_model::ports::store::CommitError::Store(
                StoreError::Unavailable(_)
            ))
        ));
        let away = database.store.find_any(system(), SystemQuery::Communities).await;
        assert!(matches!(away, Err(StoreError::Unavailable(_))), "{away:?}");
        assert!(database.store.probe().await.is_err());
    }
}

#[tokio::test]
async fn a_full_disk_is_unavailable_and_leaves_nothing() {
    let database = Database::sqlite().await;
    database.store.probe().await.expect("writes");
    let mut big = person::user(1);
    big.name = "x".repeat(4_000_000);
    // A trigger stands in for the full disk: it fails the statement with an error that is no constraint.
    let guard = "CREATE TRIGGER full BEFORE INSERT ON users BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END";
    database.raw(guard).await.expect("a guard");
    let mut batch = placing(1);
    batch.insert(big);
    let away = commit(&*database.store, system(), batch).await;
    assert!(
        matches!(&away, Err(ordercast_model::ports::store::CommitError::Store(StoreError::Unavailable(why)))
        if why.contains("full")),
        "{away:?}"
    );
    let query = SystemQuery::OrdersOpen(Page::first(10));
    assert_eq!(database.store.find_any(system(), query).await, Ok(Vec::new()));
    database.raw("DROP TRIGGER full").await.expect("room again");
    commit(&*database.store, system(), placing(2))
        .await
        .expect("writes again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_that_holds_the_file_only_delays() {
    let database = Database::sqlite().await;
    let path = database.url.trim_start_matches("sqlite:").to_owned();
    let mut other = <sqlx::SqliteConnection as sqlx::Connection>::connect(&path)
        .await
        .expect("connects");
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .expect("holds the file");
    let store = Arc::clone(&database.store);
    let waiting = tokio::spawn(async move { commit(&*store, system(), placing(1)).await });
    let query = || SystemQuery::OrdersOpen(Page::first(10));
    let read = database.store.find_any(system(), query()).await;
    assert_eq!(read, Ok(Vec::new()), "readers do not wait");
    sqlx::raw_sql("ROLLBACK")
        .execute(&mut other)
        .await
        .expect("lets go");
    assert_eq!(waiting.await.expect("ends"), Ok(()));
}

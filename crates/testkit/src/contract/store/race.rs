//! What holds when many write at once.

use std::{collections::BTreeSet, sync::Arc};

use futures::future::join_all;
use ordercast_model::{
    account::Account,
    journal::kind::Kind,
    ports::store::{Batch, CommitError, Store, get},
};
use rust_decimal::Decimal;

use super::{
    commit, journal, put, row, system, updates,
    world::{ann, of},
};
use crate::sample::{id, record, trade};

pub(super) async fn two_sequencers_never_fork(store: Arc<dyn Store>) {
    const ENTRIES: u64 = 60;
    for n in 1..=ENTRIES {
        let mut batch = Batch::new();
        batch.note(record::entry(n, Kind::OrderAccepted, Some(ann())));
        assert_eq!(commit(&*store, system(), batch).await, Ok(()));
    }
    let sequencer = |store: Arc<dyn Store>| async move {
        let mut refused = 0;
        loop {
            match journal::turn(&*store, 3).await {
                Ok(0) => return refused,
                Ok(_) => {}
                Err(CommitError::Duplicate { .. } | CommitError::Conflict { .. }) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
    };
    let racers = (0..2).map(|_| tokio::spawn(sequencer(Arc::clone(&store))));
    for racer in join_all(racers).await {
        racer.expect("no sequencer fails");
    }
    let chained = store.chained(0, 1_000).await.expect("readable");
    let entries: BTreeSet<_> = chained.iter().map(|c| c.entry.id).collect();
    assert_eq!((chained.len() as u64, entries.len() as u64), (ENTRIES, ENTRIES));
    let mut previous = "0".repeat(64);
    for (seq, link) in (0..).zip(&chained) {
        assert_eq!((link.seq, &link.prev_hash), (seq, &previous), "one chain");
        previous.clone_from(&link.hash);
    }
    let feed = store.feed(&of(ann()), 0, 1_000).await.expect("readable");
    let numbers: Vec<u64> = feed.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=ENTRIES).collect::<Vec<_>>());
}

pub(super) async fn no_update_is_lost(store: Arc<dyn Store>) {
    const WRITERS: u32 = 64;
    let connection = trade::connection(1, ann());
    let account = trade::account(&connection);
    put(&*store, [row(account.clone())]).await;
    let writer = |store: Arc<dyn Store>, key: String| async move {
        loop {
            let mut account: Account = get(&*store, &of(ann()), &key).await.unwrap().expect("there");
            account.version += 1;
            account.cash -= Decimal::ONE;
            account.orders_today += 1;
            match commit(&*store, of(ann()), updates([row(account)])).await {
                Ok(()) => return,
                Err(CommitError::Conflict { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
    };
    let writers = (0..WRITERS).map(|_| tokio::spawn(writer(Arc::clone(&store), account.key.clone())));
    for writer in join_all(writers).await {
        writer.expect("no writer fails");
    }
    let last: Account = get(&*store, &of(ann()), &account.key)
        .await
        .unwrap()
        .expect("there");
    assert_eq!(
        (last.version, last.orders_today),
        (u64::from(WRITERS) + 1, WRITERS)
    );
    assert_eq!(last.cash, account.cash - Decimal::from(WRITERS));
}

pub(super) async fn one_of_many_inserts_wins(store: Arc<dyn Store>) {
    let order = trade::order(1, &trade::connection(1, ann()));
    let racers = (1..=16).map(|n| {
        let (store, mut order) = (Arc::clone(&store), order.clone());
        order.id = id(n);
        tokio::spawn(async move { commit(&*store, of(ann()), super::inserts([row(order)])).await })
    });
    let mut won = 0;
    for racer in join_all(racers).await {
        match racer.expect("no racer fails") {
            Ok(()) => won += 1,
            lost => assert!(
                matches!(lost, Err(CommitError::Duplicate { table: "orders", .. })),
                "{lost:?}"
            ),
        }
    }
    assert_eq!(won, 1, "one client order id, one order");
}

/// Commits that touch the same rows in opposite order end, each applied or refused.
pub(super) async fn crossing_commits_all_end(store: Arc<dyn Store>) {
    const ROWS: u64 = 12;
    let connection = trade::connection(1, ann());
    put(&*store, (1..=ROWS).map(|n| row(trade::order(n, &connection)))).await;
    let racer = |store: Arc<dyn Store>, backwards: bool| async move {
        let mut batch = Batch::new();
        let mut numbers: Vec<u64> = (1..=ROWS).collect();
        if backwards {
            numbers.reverse();
        }
        for n in numbers {
            let mut order = trade::order(n, &trade::connection(1, ann()));
            order.version = 2;
            order.attempts = 1 + u32::from(backwards);
            batch.update(order);
        }
        commit(&*store, of(ann()), batch).await
    };
    let racers = (0..8).map(|n| tokio::spawn(racer(Arc::clone(&store), n % 2 == 0)));
    let mut won = 0;
    for racer in join_all(racers).await {
        match racer.expect("no racer fails") {
            Ok(()) => won += 1,
            lost => assert!(matches!(lost, Err(CommitError::Conflict { .. })), "{lost:?}"),
        }
    }
    assert_eq!(won, 1);
    let query =
        ordercast_model::ports::store::Query::Orders(None, ordercast_model::ports::store::Page::first(100));
    let rows = store.find(&of(ann()), query).await.expect("readable");
    let attempts: BTreeSet<u32> = rows
        .into_iter()
        .filter_map(|r| {
            <ordercast_model::order::intent::Order as ordercast_model::ports::store::Stored>::from_row(r)
        })
        .map(|o| o.attempts)
        .collect();
    assert_eq!(attempts.len(), 1, "all rows are of the same commit");
}

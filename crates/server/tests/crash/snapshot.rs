//! What a data folder holds at one moment, read from a copy so that looking changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use ordercast_model::{
    connection::Connection,
    journal::entry::{Chained, Entry},
    order::intent::Order,
    ports::store::{Page, Query, Store, SystemQuery, find, find_any},
    tenant::{SystemScope, TenantScope},
};
use ordercast_rules::chain::{
    self,
    lifecycle::{self, Lifecycles},
};
use ordercast_store::{Options, inspect, open};
use tokio_util::sync::CancellationToken;

const LOOKING: SystemScope = SystemScope::housekeeping("a test looks at what a killed program left");
const PAGE: u32 = 1_000;
const FILES: [&str; 3] = ["ordercast.db", "ordercast.db-wal", "ordercast.db-shm"];

/// The spine of one folder.
#[derive(Default)]
pub(crate) struct Snapshot {
    /// Chained entries.
    pub(crate) chained: Vec<Chained>,
    /// Entries that wait for the sequencer.
    pub(crate) pending: Vec<Entry>,
    /// Every order.
    pub(crate) orders: Vec<Order>,
    /// Messages taken and not yet dealt with.
    pub(crate) unread: usize,
}

impl Snapshot {
    /// Of a folder in which nothing runs; empty when the program never came to make its database.
    pub(crate) async fn of(folder: &Path) -> Self {
        if !folder.join("ordercast.db").exists() {
            return Self::default();
        }
        let copy = tempfile::tempdir().expect("a folder for the copy");
        for file in FILES.iter().filter(|file| folder.join(file).exists()) {
            fs::copy(folder.join(file), copy.path().join(file)).expect("the database is copied");
        }
        Self::at(&format!(
            "sqlite://{}",
            copy.path().join("ordercast.db").display()
        ))
        .await
    }

    /// Of a database that nobody uses; opens it as the program would.
    pub(crate) async fn at(url: &str) -> Self {
        let mut snapshot = Self::default();
        let opened = open(url, &Options::default())
            .await
            .expect("a killed program's database opens");
        let stop = CancellationToken::new();
        let worker = tokio::spawn(opened.worker.run(stop.clone()));
        snapshot.read(opened.store.as_ref()).await;
        stop.cancel();
        worker.await.expect("the store's worker ends");
        snapshot
    }

    /// Reads on in the journal of a folder in which the program runs; the orders are left alone.
    pub(crate) async fn read_on(&mut self, folder: &Path) {
        let url = format!("sqlite://{}", folder.join("ordercast.db").display());
        let inspected = inspect(&url).await.expect("the running program's database reads");
        self.read_journal(inspected.store.as_ref()).await;
    }

    async fn read_journal(&mut self, store: &dyn Store) {
        // What waits is read first: what is chained meanwhile is then seen in the chain rather than not at all.
        self.pending = store.pending(10_000).await.expect("the queue reads");
        loop {
            let from = self.chained.len() as u64;
            let part = store.chained(from, PAGE).await.expect("the journal reads");
            if part.is_empty() {
                break;
            }
            self.chained.extend(part);
        }
        let late = self.chained.iter().rev().take(10_000);
        let chained: BTreeSet<String> = late.map(|c| c.entry.id.to_string()).collect();
        self.pending.retain(|e| !chained.contains(&e.id.to_string()));
    }

    async fn read(&mut self, store: &dyn Store) {
        self.read_journal(store).await;
        let unread = SystemQuery::MessagesUnprocessed(Page::first(PAGE));
        self.unread = store
            .find_any(LOOKING, unread)
            .await
            .expect("messages read")
            .len();
        let query = SystemQuery::Connections(Page::first(PAGE));
        let connections = find_any::<Connection>(store, LOOKING, query).await;
        for connection in connections.expect("connections read") {
            let scope = TenantScope::of_user(&connection);
            let mut page = Page::first(PAGE);
            loop {
                let part = find::<Order>(store, &scope, Query::Orders(None, page))
                    .await
                    .expect("orders read");
                let Some(last) = part.last().map(|o| o.id.to_string()) else {
                    break;
                };
                self.orders.extend(part);
                page = Page {
                    after: Some(last),
                    limit: PAGE,
                };
            }
        }
    }

    /// Entries written, chained or not.
    pub(crate) fn written(&self) -> usize {
        self.chained.len() + self.pending.len()
    }

    /// The journal verifies, and each order is what its entries (chained or waiting) tell.
    pub(crate) fn check_lawful(&self, when: &str) {
        if let Err(fault) = chain::verify(None, &self.chained) {
            panic!("{when}: {fault}");
        }
        let mut lives = Lifecycles::default();
        for entry in &self.chained {
            lives.observe_chained(entry);
        }
        for (seq, entry) in (self.chained.len() as u64..).zip(&self.pending) {
            lives.observe(seq, entry);
        }
        let faults: Vec<String> = lifecycle::check(&self.orders, &lives)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(faults.is_empty(), "{when}: {faults:#?}");
    }

    /// Everything that stood before stands unchanged and in its place; nothing that waited is lost.
    pub(crate) fn check_goes_on(&self, before: &Self, when: &str) {
        assert!(
            self.chained.len() >= before.chained.len(),
            "{when}: the journal had {} entries and has {}",
            before.chained.len(),
            self.chained.len()
        );
        for (old, new) in before.chained.iter().zip(&self.chained) {
            assert_eq!(old, new, "{when}: entry {} changed", old.seq);
        }
        let later = self.chained.get(before.chained.len()..).unwrap_or_default();
        for waited in &before.pending {
            assert!(
                later.iter().any(|c| c.entry == *waited) || self.pending.contains(waited),
                "{when}: entry {} waited and is lost",
                waited.id
            );
        }
        for old in &before.orders {
            let new = self.orders.iter().find(|o| o.id == old.id);
            assert!(
                new.is_some_and(|new| new.version >= old.version),
                "{when}: order {} is lost",
                old.id
            );
        }
    }

    /// Orders by state, in words.
    pub(crate) fn counts(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for order in &self.orders {
            *counts.entry(order.state.code()).or_default() += 1;
        }
        let states: Vec<String> = counts.iter().map(|(state, n)| format!("{state} {n}")).collect();
        format!(
            "{} entries + {} waiting, orders: {}",
            self.chained.len(),
            self.pending.len(),
            if states.is_empty() {
                "none".to_owned()
            } else {
                states.join(", ")
            }
        )
    }
}

//! Stands between the program and its ports and notes when each call began and ended. Changes nothing.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use ordercast_model::{
    gate::Approved,
    ids::{JournalId, UserId},
    journal::entry::{Chained, Entry, FeedStep, Link},
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, ProtectionGroup},
    },
    ports::{
        BoxFuture,
        broker::{
            Access, Broker, BrokerError, CancelOutcome, Capabilities, EventSink, Protected, Sent,
            VenueAccount, VenueFill, VenueOrder, VenuePosition,
        },
        store::{
            Batch, Change, CommitError, JournalStore, Query, Row, Scope, Store, StoreError, SystemQuery,
            Table,
        },
    },
    secret::Secret,
    tenant::{SystemScope, TenantScope},
};
use rust_decimal::Decimal;
use tokio::sync::mpsc;

use crate::measure::now;

/// What was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Read,
    Commit,
    Chain,
}

/// One call of the store: what, from when to when, bytes of rows and entries when they are weighed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Note {
    pub(crate) call: Call,
    pub(crate) from: Instant,
    pub(crate) to: Instant,
    pub(crate) bytes: usize,
}

/// The store, watched.
pub(crate) struct WatchedStore {
    pub(crate) inner: Arc<dyn Store>,
    notes: Mutex<Vec<Note>>,
    /// Whether batches are weighed, which costs time.
    pub(crate) weighs: std::sync::atomic::AtomicBool,
}

impl WatchedStore {
    pub(crate) fn new(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            notes: Mutex::default(),
            weighs: true.into(),
        }
    }
    /// What was noted since the last time, in order of its end.
    pub(crate) fn take(&self) -> Vec<Note> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }
    fn note<'a, T: 'a>(&'a self, call: Call, bytes: usize, work: BoxFuture<'a, T>) -> BoxFuture<'a, T> {
        Box::pin(async move {
            let from = now();
            let result = work.await;
            let note = Note {
                call,
                from,
                to: now(),
                bytes,
            };
            self.notes
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(note);
            result
        })
    }
    fn weight(&self, batches: &[(Scope, Batch)]) -> usize {
        if !self.weighs.load(std::sync::atomic::Ordering::Relaxed) {
            return 0;
        }
        let of = |batch: &Batch| {
            let rows = batch.changes.iter().map(|change| {
                let (Change::Insert(row) | Change::Update(row)) = change;
                row.body().map_or(0, |body| body.len())
            });
            let entries = batch
                .journal
                .iter()
                .map(|e| serde_json::to_string(e).map_or(0, |e| e.len()));
            rows.chain(entries).sum::<usize>()
        };
        batches.iter().map(|(_, batch)| of(batch)).sum()
    }
}

impl JournalStore for WatchedStore {
    fn head(&self) -> BoxFuture<'_, Result<Option<Link>, StoreError>> {
        self.inner.head()
    }
    fn pending(&self, limit: u32) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>> {
        self.inner.pending(limit)
    }
    fn feed_heads<'a>(
        &'a self,
        users: &'a [UserId],
    ) -> BoxFuture<'a, Result<Vec<(UserId, u64)>, StoreError>> {
        self.inner.feed_heads(users)
    }
    fn chain<'a>(
        &'a self,
        links: &'a [Link],
        feed: &'a [FeedStep],
    ) -> BoxFuture<'a, Result<(), CommitError>> {
        self.note(Call::Chain, 0, self.inner.chain(links, feed))
    }
    fn chained(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Chained>, StoreError>> {
        self.inner.chained(from_seq, limit)
    }
    fn links(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Link>, StoreError>> {
        self.inner.links(from_seq, limit)
    }
    fn feed<'a>(
        &'a self,
        scope: &'a TenantScope,
        after_user_seq: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<(u64, Chained)>, StoreError>> {
        self.inner.feed(scope, after_user_seq, limit)
    }
    fn of_user<'a>(
        &'a self,
        scope: &'a TenantScope,
        before_seq: Option<u64>,
        kind: Option<&'a str>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Chained>, StoreError>> {
        self.inner.of_user(scope, before_seq, kind, limit)
    }
    fn own_entry<'a>(
        &'a self,
        scope: &'a TenantScope,
        id: JournalId,
    ) -> BoxFuture<'a, Result<Option<Chained>, StoreError>> {
        self.inner.own_entry(scope, id)
    }
}

impl Store for WatchedStore {
    fn commit(
        &self,
        batches: Vec<(Scope, Batch)>,
    ) -> BoxFuture<'_, Result<Vec<Result<(), CommitError>>, StoreError>> {
        let bytes = self.weight(&batches);
        self.note(Call::Commit, bytes, self.inner.commit(batches))
    }
    fn get<'a>(
        &'a self,
        scope: &'a TenantScope,
        table: Table,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Row>, StoreError>> {
        self.note(Call::Read, 0, self.inner.get(scope, table, key))
    }
    fn find<'a>(
        &'a self,
        scope: &'a TenantScope,
        query: Query,
    ) -> BoxFuture<'a, Result<Vec<Row>, StoreError>> {
        self.note(Call::Read, 0, self.inner.find(scope, query))
    }
    fn find_any(
        &self,
        scope: SystemScope,
        query: SystemQuery,
    ) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        self.note(Call::Read, 0, self.inner.find_any(scope, query))
    }
    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.inner.probe()
    }
}

/// An order that came back from the venue: when it was handed over, when the answer stood there.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) from: Instant,
    pub(crate) to: Instant,
    pub(crate) sent: Sent,
}

/// A venue, watched.
pub(crate) struct WatchedBroker {
    pub(crate) inner: Arc<dyn Broker>,
    pub(crate) placed: mpsc::Sender<Placed>,
}

impl Broker for WatchedBroker {
    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }
    fn account<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<VenueAccount, BrokerError>> {
        self.inner.account(access)
    }
    fn positions<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<VenuePosition>, BrokerError>> {
        self.inner.positions(access)
    }
    fn open_orders<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<VenueOrder>, BrokerError>> {
        self.inner.open_orders(access)
    }
    fn fills_since<'a>(
        &'a self,
        access: &'a Access,
        cursor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<VenueFill>, BrokerError>> {
        self.inner.fills_since(access, cursor)
    }
    fn order_by_client_id<'a>(
        &'a self,
        access: &'a Access,
        id: &'a ClientOrderId,
    ) -> BoxFuture<'a, Result<Option<VenueOrder>, BrokerError>> {
        self.inner.order_by_client_id(access, id)
    }
    fn place<'a>(&'a self, access: &'a Access, order: &'a Approved<OrderRequest>) -> BoxFuture<'a, Sent> {
        Box::pin(async move {
            let from = now();
            let sent = self.inner.place(access, order).await;
            let placed = Placed {
                from,
                to: now(),
                sent: sent.clone(),
            };
            // The bench takes one order at a time; a full queue is one that nobody waits for.
            let _ = self.placed.try_send(placed);
            sent
        })
    }
    fn protect<'a>(
        &'a self,
        access: &'a Access,
        group: &'a Approved<ProtectionGroup>,
    ) -> BoxFuture<'a, Protected> {
        self.inner.protect(access, group)
    }
    fn cancel<'a>(&'a self, access: &'a Access, id: &'a ClientOrderId) -> BoxFuture<'a, CancelOutcome> {
        self.inner.cancel(access, id)
    }
    fn listen(&self, access: Access, sink: Arc<dyn EventSink>) -> BoxFuture<'static, ()> {
        self.inner.listen(access, sink)
    }
    fn open_account<'a>(
        &'a self,
        name: &'a str,
        cash: Decimal,
    ) -> BoxFuture<'a, Result<BTreeMap<String, Secret<String>>, BrokerError>> {
        self.inner.open_account(name, cash)
    }
}

//! Stands between the program and its ports and notes when each call began and ended. Changes nothing.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use ordercast_model::{
    gate::Approved,
    ids::{ConnectionId, JournalId, UserId},
    journal::entry::{Chained, Entry, FeedStep, Link},
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, ProtectionGroup},
    },
    ports::{
        BoxFuture,
        broker::{
            Access, Broker, BrokerError, CancelOutcome, Capabilities, EventSink, Protected, Sent, ShownOrder,
            VenueAccount, VenueFill, VenueOrder, VenuePosition,
        },
        store::{
            Batch, Change, CommitError, JournalStore, Query, Row, Scope, Store, StoreError, SystemQuery,
            Table, Thinning,
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
    /// A commit that sets or lifts a switch.
    Switch,
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
    /// Whether batches are weighed, which costs time; those with a switch always are.
    pub(crate) weighs: AtomicBool,
    writes: AtomicU64,
}

impl WatchedStore {
    pub(crate) fn new(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            notes: Mutex::default(),
            weighs: true.into(),
            writes: AtomicU64::new(0),
        }
    }
    /// Writes that have ended since it was opened.
    pub(crate) fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
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
            if call != Call::Read {
                self.writes.fetch_add(1, Ordering::Relaxed);
            }
            self.notes
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(note);
            result
        })
    }
    fn weight(&self, call: Call, batches: &[(Scope, Batch)]) -> usize {
        if call != Call::Switch && !self.weighs.load(Ordering::Relaxed) {
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

fn sets_switch(batch: &Batch) -> bool {
    batch.changes.iter().any(|change| {
        let (Change::Insert(row) | Change::Update(row)) = change;
        row.table() == Table::Switch
    })
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
        let bytes = if self.weighs.load(Ordering::Relaxed) {
            serde_json::to_string(&(links, feed)).map_or(0, |text| text.len())
        } else {
            0
        };
        self.note(Call::Chain, bytes, self.inner.chain(links, feed))
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
        let call = if batches.iter().any(|(_, batch)| sets_switch(batch)) {
            Call::Switch
        } else {
            Call::Commit
        };
        let bytes = self.weight(call, &batches);
        self.note(call, bytes, self.inner.commit(batches))
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
    fn thin_curves(&self, scope: SystemScope, thinning: Thinning) -> BoxFuture<'_, Result<u64, StoreError>> {
        self.inner.thin_curves(scope, thinning)
    }
    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.inner.probe()
    }
}

/// A send that ended: of which connection, when it was handed over, when the answer stood there or it was broken off.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) connection: ConnectionId,
    pub(crate) from: Instant,
    pub(crate) to: Instant,
    /// The venue's answer; none when the program gave the send up before.
    pub(crate) sent: Option<Sent>,
}

/// A venue, watched.
pub(crate) struct WatchedBroker {
    inner: Arc<dyn Broker>,
    placed: mpsc::Sender<Placed>,
    /// The first order it was given, so that a peer can be given the same.
    pub(crate) first: OnceLock<(ConnectionId, Approved<OrderRequest>)>,
}

impl WatchedBroker {
    pub(crate) fn new(inner: Arc<dyn Broker>, placed: mpsc::Sender<Placed>) -> Self {
        Self {
            inner,
            placed,
            first: OnceLock::new(),
        }
    }
}

/// A send under way; told of when it ends, however it ends.
struct Sending<'a> {
    placed: &'a mpsc::Sender<Placed>,
    connection: ConnectionId,
    from: Instant,
    sent: Option<Sent>,
}

impl Drop for Sending<'_> {
    fn drop(&mut self) {
        // A full queue is one that nobody looks at any more.
        let _ = self.placed.try_send(Placed {
            connection: self.connection,
            from: self.from,
            to: now(),
            sent: self.sent.take(),
        });
    }
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
    fn open_orders<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<ShownOrder>, BrokerError>> {
        self.inner.open_orders(access)
    }
    fn order_by_broker_id<'a>(
        &'a self,
        access: &'a Access,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<ShownOrder>, BrokerError>> {
        self.inner.order_by_broker_id(access, id)
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
            self.first.get_or_init(|| (access.connection_id, order.clone()));
            let mut sending = Sending {
                placed: &self.placed,
                connection: access.connection_id,
                from: now(),
                sent: None,
            };
            let sent = self.inner.place(access, order).await;
            sending.sent = Some(sent.clone());
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

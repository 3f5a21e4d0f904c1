//! Store and venue as the tests see them: every write and every request in one order, and a process that dies, hangs or
//! loses its disk at a chosen one.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
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
            Access, Broker, BrokerError, CancelOutcome, Capabilities, EventSink, NotSent, Protected, Sent,
            ShownOrder, VenueAccount, VenueFill, VenueOrder, VenuePosition,
        },
        store::{
            Batch, Change, CommitError, JournalStore, Query, Row, Scope, Store, StoreError, SystemQuery,
            Table, Thinning,
        },
    },
    secret::Secret,
    tenant::{SystemScope, TenantScope},
};
use ordercast_testkit::{broker::FakeBroker, store::MemoryStore};
use rust_decimal::Decimal;
use tokio::sync::Notify;

/// What happened, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// A batch became durable: client ids of the orders it inserts, and the kinds of its entries.
    Durable(Vec<String>, Vec<String>),
    /// An order was sent.
    Placed(String),
    /// A protection group was sent: working quantity in all.
    Protected(String, u32),
    /// A cancel was sent.
    Cancelled(String),
}

/// Where a process dies, counted in commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// Before the n-th commit is written.
    Before(u32),
    /// After it is written, before anybody is told.
    After(u32),
}

#[derive(Debug, Default)]
struct Log {
    seen: Vec<Seen>,
    commits: u32,
    death: Option<Death>,
    /// Commits that answer as a full disk would.
    failing: u32,
    reads: u32,
    /// Place of an entry that reads back altered.
    altered: Option<u64>,
}

/// Shared by both spies of one process.
#[derive(Debug, Default)]
pub struct Watch {
    log: Mutex<Log>,
    dead: AtomicBool,
}

impl Watch {
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub fn seen(&self) -> Vec<Seen> {
        self.log().seen.clone()
    }
    pub fn reads(&self) -> u32 {
        self.log().reads
    }
    /// The process dies there, counted from now.
    pub fn die(&self, death: Death) {
        let mut log = self.log();
        log.commits = 0;
        log.death = Some(death);
    }
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }
    /// The entry at a place reads back altered from now on.
    pub fn alter(&self, seq: u64) {
        self.log().altered = Some(seq);
    }
    /// The next writes fail as on a full disk.
    pub fn fail_next(&self, commits: u32) {
        self.log().failing = commits;
    }
}

pub struct SpyStore {
    inner: Arc<MemoryStore>,
    watch: Arc<Watch>,
}

impl SpyStore {
    pub fn new(inner: Arc<MemoryStore>, watch: Arc<Watch>) -> Self {
        Self { inner, watch }
    }
    fn describe(batch: &Batch) -> Seen {
        let orders = batch.changes.iter().filter_map(|change| match change {
            Change::Insert(Row::Order(order)) => Some(order.client_order_id().to_string()),
            _ => None,
        });
        let kinds = batch.journal.iter().map(|e| e.kind.code().to_owned());
        Seen::Durable(orders.collect(), kinds.collect())
    }
    async fn alive(&self) {
        self.watch.log().reads += 1;
        if self.watch.is_dead() {
            std::future::pending::<()>().await;
        }
    }
}

macro_rules! living {
    ($self:ident, $call:expr) => {
        Box::pin(async move {
            $self.alive().await;
            $call.await
        })
    };
}

impl JournalStore for SpyStore {
    fn head(&self) -> BoxFuture<'_, Result<Option<Link>, StoreError>> {
        living!(self, self.inner.head())
    }
    fn pending(&self, limit: u32) -> BoxFuture<'_, Result<Vec<Entry>, StoreError>> {
        living!(self, self.inner.pending(limit))
    }
    fn feed_heads<'a>(
        &'a self,
        users: &'a [UserId],
    ) -> BoxFuture<'a, Result<Vec<(UserId, u64)>, StoreError>> {
        living!(self, self.inner.feed_heads(users))
    }
    fn chain<'a>(
        &'a self,
        links: &'a [Link],
        feed: &'a [FeedStep],
    ) -> BoxFuture<'a, Result<(), CommitError>> {
        living!(self, self.inner.chain(links, feed))
    }
    fn chained(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Chained>, StoreError>> {
        Box::pin(async move {
            self.alive().await;
            let mut page = self.inner.chained(from_seq, limit).await?;
            let altered = self.watch.log().altered;
            for chained in page.iter_mut().filter(|one| Some(one.seq) == altered) {
                chained.entry.reason = Some("altered".to_owned());
            }
            Ok(page)
        })
    }
    fn links(&self, from_seq: u64, limit: u32) -> BoxFuture<'_, Result<Vec<Link>, StoreError>> {
        living!(self, self.inner.links(from_seq, limit))
    }
    fn feed<'a>(
        &'a self,
        scope: &'a TenantScope,
        after_user_seq: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<(u64, Chained)>, StoreError>> {
        living!(self, self.inner.feed(scope, after_user_seq, limit))
    }
    fn of_user<'a>(
        &'a self,
        scope: &'a TenantScope,
        before_seq: Option<u64>,
        kind: Option<&'a str>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Chained>, StoreError>> {
        living!(self, self.inner.of_user(scope, before_seq, kind, limit))
    }
    fn own_entry<'a>(
        &'a self,
        scope: &'a TenantScope,
        id: JournalId,
    ) -> BoxFuture<'a, Result<Option<Chained>, StoreError>> {
        living!(self, self.inner.own_entry(scope, id))
    }
}

impl Store for SpyStore {
    fn commit(
        &self,
        batches: Vec<(Scope, Batch)>,
    ) -> BoxFuture<'_, Result<Vec<Result<(), CommitError>>, StoreError>> {
        Box::pin(async move {
            self.alive().await;
            let (number, death) = {
                let mut log = self.watch.log();
                log.commits += 1;
                if log.failing > 0 {
                    log.failing -= 1;
                    return Err(StoreError::Unavailable("no space left on device".to_owned()));
                }
                (log.commits, log.death)
            };
            if death == Some(Death::Before(number)) {
                self.watch.dead.store(true, Ordering::SeqCst);
                self.alive().await;
            }
            let seen: Vec<Seen> = batches.iter().map(|(_, batch)| Self::describe(batch)).collect();
            let answers = self.inner.commit(batches).await?;
            for (seen, answer) in seen.into_iter().zip(&answers) {
                if answer.is_ok() {
                    self.watch.log().seen.push(seen);
                }
            }
            if death == Some(Death::After(number)) {
                self.watch.dead.store(true, Ordering::SeqCst);
                self.alive().await;
            }
            Ok(answers)
        })
    }
    fn get<'a>(
        &'a self,
        scope: &'a TenantScope,
        table: Table,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Row>, StoreError>> {
        living!(self, self.inner.get(scope, table, key))
    }
    fn find<'a>(
        &'a self,
        scope: &'a TenantScope,
        query: Query,
    ) -> BoxFuture<'a, Result<Vec<Row>, StoreError>> {
        living!(self, self.inner.find(scope, query))
    }
    fn find_any(
        &self,
        scope: SystemScope,
        query: SystemQuery,
    ) -> BoxFuture<'_, Result<Vec<Row>, StoreError>> {
        living!(self, self.inner.find_any(scope, query))
    }
    fn thin_curves(&self, scope: SystemScope, thinning: Thinning) -> BoxFuture<'_, Result<u64, StoreError>> {
        living!(self, self.inner.thin_curves(scope, thinning))
    }
    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        living!(self, self.inner.probe())
    }
}

/// How the venue misbehaves beyond what the fake's script says.
#[derive(Debug, Default)]
pub struct Mood {
    /// Sends of these connections hang until released.
    pub hanging: Mutex<BTreeMap<ConnectionId, Arc<Notify>>>,
    /// Sends of this connection panic.
    pub panicking: Mutex<Option<ConnectionId>>,
    /// Groups are refused with these words.
    pub refusing: AtomicBool,
    /// Groups arrive, and what is answered is lost.
    pub deaf: AtomicBool,
    /// So many groups do not leave.
    pub unsent: AtomicU32,
    /// Groups hang until released.
    pub dallying: Mutex<Option<Arc<Notify>>>,
    /// Fills cannot be listed.
    pub blind: AtomicBool,
}

pub struct SpyBroker {
    inner: Arc<FakeBroker>,
    watch: Arc<Watch>,
    mood: Arc<Mood>,
}

impl SpyBroker {
    pub fn new(inner: Arc<FakeBroker>, watch: Arc<Watch>, mood: Arc<Mood>) -> Self {
        Self { inner, watch, mood }
    }
    async fn alive(&self) {
        if self.watch.is_dead() {
            std::future::pending::<()>().await;
        }
    }
}

impl Broker for SpyBroker {
    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }
    fn account<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<VenueAccount, BrokerError>> {
        living!(self, self.inner.account(access))
    }
    fn positions<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<VenuePosition>, BrokerError>> {
        living!(self, self.inner.positions(access))
    }
    fn open_orders<'a>(&'a self, access: &'a Access) -> BoxFuture<'a, Result<Vec<ShownOrder>, BrokerError>> {
        living!(self, self.inner.open_orders(access))
    }
    fn order_by_broker_id<'a>(
        &'a self,
        access: &'a Access,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<ShownOrder>, BrokerError>> {
        living!(self, self.inner.order_by_broker_id(access, id))
    }
    fn fills_since<'a>(
        &'a self,
        access: &'a Access,
        cursor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<VenueFill>, BrokerError>> {
        if self.mood.blind.load(Ordering::SeqCst) {
            let away = BrokerError::Unavailable("fills are not listed now".to_owned());
            return Box::pin(std::future::ready(Err(away)));
        }
        living!(self, self.inner.fills_since(access, cursor))
    }
    fn order_by_client_id<'a>(
        &'a self,
        access: &'a Access,
        id: &'a ClientOrderId,
    ) -> BoxFuture<'a, Result<Option<VenueOrder>, BrokerError>> {
        living!(self, self.inner.order_by_client_id(access, id))
    }
    fn place<'a>(&'a self, access: &'a Access, order: &'a Approved<OrderRequest>) -> BoxFuture<'a, Sent> {
        Box::pin(async move {
            self.alive().await;
            let panics = *self.mood.panicking.lock().unwrap();
            assert_ne!(panics, Some(access.connection_id), "the adapter breaks");
            let hold = self
                .mood
                .hanging
                .lock()
                .unwrap()
                .get(&access.connection_id)
                .cloned();
            if let Some(hold) = hold {
                hold.notified().await;
            }
            let id = order.get().client_order_id.to_string();
            self.watch.log().seen.push(Seen::Placed(id));
            self.inner.place(access, order).await
        })
    }
    fn protect<'a>(
        &'a self,
        access: &'a Access,
        group: &'a Approved<ProtectionGroup>,
    ) -> BoxFuture<'a, Protected> {
        Box::pin(async move {
            self.alive().await;
            let got = group.get();
            self.watch
                .log()
                .seen
                .push(Seen::Protected(got.group_id.clone(), got.version));
            if self.mood.refusing.load(Ordering::SeqCst) {
                return Protected::Rejected(ordercast_model::ports::broker::Refusal {
                    kind: ordercast_model::ports::broker::ErrorKind::InvalidOrder,
                    code: "422".to_owned(),
                    message: "stop price must be below the market".to_owned(),
                });
            }
            let left = |n: u32| n.checked_sub(1);
            if self
                .mood
                .unsent
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left)
                .is_ok()
            {
                return Protected::NotSent(NotSent::Retry {
                    after: Duration::from_secs(1),
                    why: "429: too many requests".to_owned(),
                });
            }
            let hold = self
                .mood
                .dallying
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            if let Some(hold) = hold {
                hold.notified().await;
            }
            let answer = self.inner.protect(access, group).await;
            if self.mood.deaf.load(Ordering::SeqCst) {
                return Protected::Unknown("no answer in time".to_owned());
            }
            answer
        })
    }
    fn cancel<'a>(&'a self, access: &'a Access, id: &'a ClientOrderId) -> BoxFuture<'a, CancelOutcome> {
        Box::pin(async move {
            self.alive().await;
            self.watch.log().seen.push(Seen::Cancelled(id.to_string()));
            self.inner.cancel(access, id).await
        })
    }
    fn listen(&self, access: Access, sink: Arc<dyn EventSink>) -> BoxFuture<'static, ()> {
        self.inner.listen(access, sink)
    }
    fn open_account<'a>(
        &'a self,
        name: &'a str,
        cash: Decimal,
    ) -> BoxFuture<'a, Result<BTreeMap<String, Secret<String>>, BrokerError>> {
        living!(self, self.inner.open_account(name, cash))
    }
}

//! One lane per connection: everything that touches an account's orders at the venue happens there one after the
//! other, while a venue that hangs delays only its own lane (PRODUCT SG-16, BR-22).

mod stepped;

pub use self::stepped::Stepped;

use std::{
    collections::{BTreeMap, VecDeque},
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use futures::{FutureExt, StreamExt, stream::FuturesUnordered};
use ordercast_model::{
    connection::Connection,
    gate::Approved,
    ids::{ConnectionId, LotId, OrderId},
    market::Quote,
    order::{
        intent::{CancelledBy, Order},
        shape::OrderRequest,
    },
    ports::{
        BoxFuture,
        broker::{BrokerEvent, EventSink},
    },
    position::Lot,
    tenant::{OwnedByUser, TenantScope},
    time::Timestamp,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{context::Context, execute, helm::Helmsman, wire::Wire};

/// Jobs that may wait between the deciders and the lanes. When full, deciders wait; nothing is dropped.
pub const JOBS_MAX: usize = 20_000;
/// Lanes that may work at the same time (PRODUCT EX-25: requests in flight in total).
pub const BUSY_LANES_MAX: usize = 2_000;

/// Something to do at a venue for one connection.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "moved once from decider to lane")]
pub enum Job {
    /// Send an order that was just decided and is durable.
    Place(OrderId, Approved<OrderRequest>),
    /// Judge a stored order again (after a restart, at the open, after a yes) and send it if it still passes.
    Rejudge(OrderId),
    /// Bring a lot's protection into line with what is held.
    Protect(LotId),
    /// A level that we watch for a lot may be touched by this quote.
    Touched(LotId, Quote),
    /// Move the stop of a lot to its average entry after a target, when its plan says so.
    AfterTarget(LotId, u32),
    /// Cancel the working entries of a lot that is flat.
    Tidy(LotId),
    /// Close what is held of a lot, when a kill, a lock or a tripped limit says so.
    Leave(LotId),
    /// Cancel what has not filled, on whose word.
    Cancel(OrderId, CancelledBy),
    /// Find out what became of an order whose outcome is unknown.
    Resolve(OrderId),
    /// Ask the venue for account, fills and working orders, and settle differences.
    Sync,
    /// Ask the venue whether the connection works.
    Check,
    /// Count an order that was refused for its rate.
    RateHit,
    /// Take in what the venue reported.
    Event(BrokerEvent),
}

struct Parcel {
    scope: TenantScope,
    connection: ConnectionId,
    job: Job,
}

/// What a job is about. Every one of these works from the stored state, so that one of a kind is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Send(OrderId),
    Protect(LotId),
    Touched(LotId),
    AfterTarget(LotId, u32),
    Tidy(LotId),
    Leave(LotId),
    Cancel(OrderId),
    Resolve(OrderId),
    Sync,
    Check,
}

impl Job {
    /// None for what a venue reported, and for refusals: each one counts.
    const fn key(&self) -> Option<Key> {
        Some(match self {
            Self::Place(id, _) | Self::Rejudge(id) => Key::Send(*id),
            Self::Protect(id) => Key::Protect(*id),
            Self::Touched(id, _) => Key::Touched(*id),
            Self::AfterTarget(id, target) => Key::AfterTarget(*id, *target),
            Self::Tidy(id) => Key::Tidy(*id),
            Self::Leave(id) => Key::Leave(*id),
            Self::Cancel(id, _) => Key::Cancel(*id),
            Self::Resolve(id) => Key::Resolve(*id),
            Self::Sync => Key::Sync,
            Self::Check => Key::Check,
            Self::Event(_) | Self::RateHit => return None,
        })
    }
    /// Whether it follows what is held: done after the reports that wait, so that a burst of fills is protected once.
    const fn follows_reports(&self) -> bool {
        matches!(self, Self::Protect(_))
    }
}

/// The way to the lanes. Cheap to clone.
#[derive(Clone)]
pub struct Lanes {
    jobs: mpsc::Sender<Parcel>,
    wire: Arc<Wire>,
    helmsman: Arc<Helmsman>,
}

/// The queue behind [`Lanes`]; taken by [`run`].
pub struct Jobs(mpsc::Receiver<Parcel>);

impl Lanes {
    pub(crate) fn new(wire: Arc<Wire>, helmsman: Arc<Helmsman>) -> (Self, Jobs) {
        let (jobs, receiver) = mpsc::channel(JOBS_MAX);
        let lanes = Self { jobs, wire, helmsman };
        (lanes, Jobs(receiver))
    }
    /// Hands a job to a lane; waits while the queue is full. After shutdown the job is left to recovery. While another
    /// process runs the lanes it is left to that one.
    pub async fn push(&self, scope: TenantScope, connection: ConnectionId, job: Job) {
        if !self.helmsman.is_steering() {
            return self.helmsman.leave(&scope, connection, &job).await;
        }
        if let Job::Place(id, _) = &job {
            self.wire.decided(*id);
        }
        if self
            .jobs
            .send(Parcel {
                scope,
                connection,
                job,
            })
            .await
            .is_err()
        {
            tracing::debug!(%connection, "lanes are closed; recovery will find the work");
        }
    }
    /// Hands a job to the lane of a row's connection.
    pub async fn push_for(&self, row: &impl OnConnection, job: Job) {
        self.push(TenantScope::of_user(row), row.connection_id(), job)
            .await;
    }
    /// Where a venue's stream of one connection puts its events.
    #[must_use]
    pub fn sink(&self, connection: &Connection) -> Arc<dyn EventSink> {
        Arc::new(Inlet {
            lanes: self.clone(),
            scope: TenantScope::of_user(connection),
        })
    }
}

impl Jobs {
    /// Leaves everything that waits to the process that runs the lanes from now on.
    pub async fn leave(&mut self, ctx: &Context) {
        while let Ok(parcel) = self.0.try_recv() {
            ctx.lanes.push(parcel.scope, parcel.connection, parcel.job).await;
        }
    }
}

/// A row of one user on one connection.
pub trait OnConnection: OwnedByUser {
    /// Its connection.
    fn connection_id(&self) -> ConnectionId;
}
impl OnConnection for Order {
    fn connection_id(&self) -> ConnectionId {
        self.connection_id
    }
}
impl OnConnection for Lot {
    fn connection_id(&self) -> ConnectionId {
        self.connection_id
    }
}
impl OnConnection for Connection {
    fn connection_id(&self) -> ConnectionId {
        self.id
    }
}

struct Inlet {
    lanes: Lanes,
    scope: TenantScope,
}

impl EventSink for Inlet {
    fn take(&self, connection: ConnectionId, event: BrokerEvent) -> BoxFuture<'_, ()> {
        Box::pin(self.lanes.push(self.scope.clone(), connection, Job::Event(event)))
    }
}

/// What a job wants to happen next in its own lane.
#[derive(Debug, Default)]
pub struct Follow {
    /// Jobs to do at once, before what waits.
    pub now: Vec<Job>,
    /// Jobs to do later.
    pub later: Vec<(Timestamp, Job)>,
    /// Jobs to do soon, unless one of the kind has its time already: what is tried with patience is not hurried.
    pub soon: Vec<Job>,
}

impl Follow {
    /// Nothing.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }
    /// Both.
    pub fn add(&mut self, other: Self) {
        self.now.extend(other.now);
        self.later.extend(other.later);
        self.soon.extend(other.soon);
    }
    /// One job at once.
    #[must_use]
    pub fn at_once(job: Job) -> Self {
        Self {
            now: vec![job],
            ..Self::default()
        }
    }
    /// One job after a while.
    #[must_use]
    pub fn after(ctx: &Context, wait: Duration, job: Job) -> Self {
        Self {
            later: vec![(ctx.now().plus(wait), job)],
            ..Self::default()
        }
    }
}

type Working = Pin<Box<dyn Future<Output = (ConnectionId, Follow)> + Send>>;

#[derive(Default)]
struct Lane {
    waiting: VecDeque<Job>,
    busy: bool,
    scope: Option<TenantScope>,
    /// What is to be done later, and when, by the clock that nobody sets.
    timed: BTreeMap<Key, Duration>,
}

impl Lane {
    /// Whether what waits will see whatever asked for this job. An order that is about to be sent need not be looked
    /// for at the venue.
    fn covers(&self, job: &Job) -> bool {
        let Some(key) = job.key() else { return false };
        let waits = |key: Key| self.waiting.iter().any(|other| other.key() == Some(key));
        if let Key::Resolve(id) = key
            && (waits(Key::Send(id)) || self.timed.contains_key(&Key::Send(id)))
        {
            return true;
        }
        waits(key)
    }
}

struct Board {
    ctx: Context,
    lanes: BTreeMap<ConnectionId, Lane>,
    ready: VecDeque<ConnectionId>,
    working: FuturesUnordered<Working>,
    timed: BTreeMap<(Duration, u64), (ConnectionId, Job)>,
    count: u64,
    held: usize,
}

impl Board {
    fn new(ctx: Context) -> Self {
        Self {
            ctx,
            lanes: BTreeMap::new(),
            ready: VecDeque::new(),
            working: FuturesUnordered::new(),
            timed: BTreeMap::new(),
            count: 0,
            held: 0,
        }
    }
    fn add(&mut self, connection: ConnectionId, job: Job, first: bool) {
        let lane = self.lanes.entry(connection).or_default();
        if lane.covers(&job) {
            return;
        }
        if !lane.busy && lane.waiting.is_empty() {
            self.ready.push_back(connection);
        }
        if first {
            lane.waiting.push_front(job);
        } else {
            lane.waiting.push_back(job);
        }
        self.held += 1;
    }
    fn receive(&mut self, parcel: Parcel) {
        self.lanes.entry(parcel.connection).or_default().scope = Some(parcel.scope);
        self.add(parcel.connection, parcel.job, false);
    }
    fn start(&mut self) {
        while self.working.len() < BUSY_LANES_MAX {
            let Some(connection) = self.ready.pop_front() else {
                return;
            };
            let Some(lane) = self.lanes.get_mut(&connection) else {
                continue;
            };
            let (Some(job), Some(scope)) = (lane.waiting.pop_front(), lane.scope.clone()) else {
                continue;
            };
            lane.busy = true;
            self.held = self.held.saturating_sub(1);
            let ctx = self.ctx.clone();
            self.working.push(Box::pin(async move {
                let again = execute::retry_of(&job);
                let work = AssertUnwindSafe(execute::run(&ctx, &scope, connection, job)).catch_unwind();
                let follow = work.await.unwrap_or_else(|_| {
                    tracing::error!(%connection, "lane: a job broke down; the others go on");
                    execute::once_more(&ctx, again)
                });
                (connection, follow)
            }));
        }
    }
    fn done(&mut self, connection: ConnectionId, follow: Follow) {
        for (at, job) in follow.later {
            self.add_later(connection, at, job);
        }
        for job in follow.soon {
            let timed = |lane: &Lane| job.key().is_some_and(|key| lane.timed.contains_key(&key));
            if !self.lanes.get(&connection).is_some_and(timed) {
                self.add(connection, job, false);
            }
        }
        let (last, first): (Vec<Job>, Vec<Job>) = follow.now.into_iter().partition(Job::follows_reports);
        for job in first.into_iter().rev() {
            self.add(connection, job, true);
        }
        for job in last {
            self.add(connection, job, false);
        }
        if let Some(lane) = self.lanes.get_mut(&connection) {
            lane.busy = false;
            if !lane.waiting.is_empty() {
                self.ready.push_back(connection);
            }
        }
    }
    /// One of a kind waits for its time; a second one only when it is to come earlier.
    fn add_later(&mut self, connection: ConnectionId, at: Timestamp, job: Job) {
        // A wall clock that is set back must not put off what is to be tried again.
        let at = self.ctx.clock.monotonic() + at.since(self.ctx.now());
        let lane = self.lanes.entry(connection).or_default();
        if let Some(key) = job.key() {
            if lane.timed.get(&key).is_some_and(|there| *there <= at) {
                return;
            }
            lane.timed.insert(key, at);
        }
        self.count += 1;
        self.timed.insert((at, self.count), (connection, job));
    }
    fn release_due(&mut self) {
        let now = self.ctx.clock.monotonic();
        while let Some(entry) = self.timed.first_entry() {
            if entry.key().0 > now {
                return;
            }
            let ((at, _), (connection, job)) = entry.remove_entry();
            if let (Some(lane), Some(key)) = (self.lanes.get_mut(&connection), job.key())
                && lane.timed.get(&key) == Some(&at)
            {
                lane.timed.remove(&key);
            }
            self.add(connection, job, false);
        }
    }
    fn next_due(&self) -> Option<Timestamp> {
        let ((at, _), _) = self.timed.first_key_value()?;
        let wait = at.saturating_sub(self.ctx.clock.monotonic());
        Some(self.ctx.now().plus(wait))
    }
}

/// Runs every lane until the token is cancelled; then finishes what is on the wire, for at most `drain`. What waits
/// stays durable and is found by recovery.
pub async fn run(ctx: Context, mut jobs: Jobs, stop: CancellationToken, drain: Duration) {
    steer(ctx, &mut jobs, stop, drain).await;
}

/// As [`run`], and the queue may be run again later: for a process that runs the lanes only while it holds the helm.
pub async fn steer(ctx: Context, jobs: &mut Jobs, stop: CancellationToken, drain: Duration) {
    let mut board = Board::new(ctx.clone());
    let mut deadline: Option<Timestamp> = None;
    loop {
        if deadline.is_none() {
            board.release_due();
            board.start();
        } else if board.working.is_empty() || deadline.is_some_and(|at| ctx.now() >= at) {
            return;
        }
        // While it drains nothing new is begun: what falls due then must not keep the loop awake.
        let next = deadline.or_else(|| board.next_due());
        let alarm = ctx
            .clock
            .sleep_until(next.unwrap_or_else(|| ctx.now().plus(Duration::from_secs(60))));
        tokio::select! {
            biased;
            () = stop.cancelled(), if deadline.is_none() => deadline = Some(ctx.now().plus(drain)),
            Some((connection, follow)) = board.working.next(), if !board.working.is_empty() => {
                board.done(connection, follow);
            }
            parcel = jobs.0.recv(), if board.held < JOBS_MAX => match parcel {
                Some(parcel) => board.receive(parcel),
                None => return,
            },
            () = alarm => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use ordercast_model::ids::{Entropy, Id};

    use super::*;

    fn id<I: Id>(n: u8) -> I {
        let entropy: Entropy = [n; 10];
        I::new(Timestamp::from_seconds(1), entropy)
    }

    #[test]
    fn what_waits_already_is_not_queued_again() {
        use CancelledBy::{Provider, System};
        for (waits, job, expected) in [
            (Job::Rejudge(id(1)), Job::Rejudge(id(1)), true),
            (Job::Rejudge(id(1)), Job::Rejudge(id(2)), false),
            (Job::Cancel(id(1), System), Job::Cancel(id(1), System), true),
            (Job::Cancel(id(1), System), Job::Cancel(id(1), Provider), true),
            (Job::Cancel(id(1), System), Job::Cancel(id(2), System), false),
            (Job::Rejudge(id(1)), Job::Cancel(id(1), System), false),
            (Job::Rejudge(id(1)), Job::Resolve(id(1)), true),
            (Job::Resolve(id(1)), Job::Rejudge(id(1)), false),
            (Job::Sync, Job::Sync, true),
            (
                Job::Event(BrokerEvent::Connected),
                Job::Event(BrokerEvent::Connected),
                false,
            ),
        ] {
            let named = format!("{job:?} behind {waits:?}");
            let lane = Lane {
                waiting: VecDeque::from([waits]),
                ..Lane::default()
            };
            assert_eq!(lane.covers(&job), expected, "{named}");
        }
    }
}

//! Owns every task of the running program, from recovery to the last flush: what is started here stops on one token.

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use anyhow::Result;
use futures::{StreamExt, stream::FuturesUnordered};
use ordercast_app::{
    checkpoint::{self, CheckpointError},
    context::Context,
    flatten,
    intake::Door,
    lane::Jobs,
    publish::Sequencer,
    switch,
    verify::watch,
};
use ordercast_model::{
    connection::{Connection, Health},
    ids::ConnectionId,
    journal::{entry::Actor, kind::Kind},
    ports::{
        bus::{Hint, HintSink},
        lease::Leadership,
        notary::Notary,
        store::{Batch, Page, SystemQuery, find_any},
    },
    tenant::SystemScope,
};
use tokio::sync::{Notify, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{lead, notary::is_signed, steer::Steering};

/// Time for what is on the wire to be answered at shutdown (PRODUCT EX-24).
pub(crate) const DRAIN: Duration = Duration::from_secs(10);
/// How often new connections are looked for.
const LISTEN_EVERY: Duration = Duration::from_secs(1);

/// How often the background work is done.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Comparison with the venues.
    pub sync: Duration,
    /// Longest time in which nothing is heard of a connection.
    pub health: Duration,
    /// Marking to market and a point of the equity curve.
    pub mark: Duration,
}

/// The running program without its door to the web.
pub struct Running {
    /// Use cases.
    pub ctx: Context,
    /// Where messages come in.
    pub door: Arc<Door>,
    /// Stops intake and decisions.
    pub stop: CancellationToken,
    /// Stops the sequencer, after everybody else.
    last: CancellationToken,
    tasks: TaskTracker,
    scribes: TaskTracker,
}

struct Wakes {
    sequencer: Arc<Notify>,
    switches: Arc<Notify>,
    called: Arc<Notify>,
    pipeline: Arc<Notify>,
}

impl HintSink for Wakes {
    fn hint(&self, hint: &Hint) {
        match hint {
            Hint::JournalPending => self.sequencer.notify_one(),
            Hint::SwitchChanged => {
                self.switches.notify_one();
                self.called.notify_one();
            }
            Hint::ErrandLeft => {
                self.called.notify_one();
                self.pipeline.notify_one();
            }
            Hint::JournalGrew { .. } | Hint::SessionEnded { .. } => {}
        }
    }
}

impl Running {
    /// Recovers and starts: switches, sequencer, lanes, reconciliation of every connection; only then intake. Where
    /// several processes may share the store, `leadership` decides which of them runs the sequencer.
    ///
    /// # Errors
    /// When the store does not answer. A journal shorter than what was signed of it stops every opening, not the start.
    pub async fn start(
        ctx: Context,
        jobs: Jobs,
        pace: Pace,
        leadership: Option<Arc<dyn Leadership>>,
        notary: Arc<dyn Notary>,
    ) -> Result<Self> {
        let signed = checkpoint::check(&ctx, notary.as_ref()).await;
        let (stop, last) = (CancellationToken::new(), CancellationToken::new());
        let (tasks, scribes) = (TaskTracker::new(), TaskTracker::new());
        ctx.switchboard.reload(ctx.store.as_ref()).await?;
        flatten::recall(&ctx).await?;
        if let Err(error) = signed {
            let CheckpointError::Missing { .. } = error else {
                return Err(error.into());
            };
            // An older state was restored, or the journal was cut: what is open must still be left (PRODUCT AU-06, EX-23).
            tracing::error!(%error, "the journal is shorter than what was signed: reconcile_only, nothing opens");
            switch::reconcile_only(&ctx, &error.to_string()).await?;
        }
        let wakes = Wakes {
            sequencer: Arc::new(Notify::new()),
            switches: Arc::new(Notify::new()),
            called: Arc::new(Notify::new()),
            pipeline: Arc::new(Notify::new()),
        };
        let (sequencer_wake, switch_wake) = (wakes.sequencer.clone(), wakes.switches.clone());
        let (called, pipeline) = (wakes.called.clone(), wakes.pipeline.clone());
        let listening = ctx.bus.listen(Arc::new(wakes));
        let token = last.clone();
        scribes.spawn(async move {
            tokio::select! {
                biased;
                () = token.cancelled() => {}
                () = listening => {}
            }
        });
        scribes.spawn(sequence(
            ctx.clone(),
            sequencer_wake,
            leadership.clone(),
            notary,
            last.clone(),
        ));
        tasks.spawn(verify(ctx.clone(), leadership.clone(), stop.clone()));
        note(&ctx, Kind::SystemStarted).await?;
        let wake = pipeline;
        let door = Arc::new(Door::new(ctx.clone(), wake.clone()));
        let steering = Steering {
            ctx: ctx.clone(),
            jobs,
            pace,
            wake,
            called,
            leadership,
            scribes: scribes.clone(),
            last: last.clone(),
        };
        let (begun, known) = oneshot::channel();
        tasks.spawn(steering.run(stop.clone(), begun));
        if let Ok(begun) = known.await {
            begun?;
        }
        tasks.spawn(follow_switches(ctx.clone(), switch_wake, stop.clone()));
        Ok(Self {
            ctx,
            door,
            stop,
            last,
            tasks,
            scribes,
        })
    }

    /// Puts a task of the program's edge under the same ownership.
    pub fn own(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                () = task => {}
            }
        });
    }

    /// Stops in order: intake and decisions, what is on the wire, then the journal. The store must still be open.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        if let Err(error) = note(&self.ctx, Kind::SystemStopped).await {
            tracing::error!(%error, "the stop is not journaled");
        }
        self.last.cancel();
        self.scribes.close();
        self.scribes.wait().await;
    }
}

/// Chains the journal; with others beside us only while we lead.
async fn sequence(
    ctx: Context,
    wake: Arc<Notify>,
    leadership: Option<Arc<dyn Leadership>>,
    notary: Arc<dyn Notary>,
    stop: CancellationToken,
) {
    let sequencer = || Sequencer::new(ctx.clone(), wake.clone()).signed_by(notary.clone());
    let Some(leadership) = leadership else {
        return sequencer().run(stop).await;
    };
    let clock = ctx.clock.clone();
    let work = |token| sequencer().run(token);
    let may = holds_helm(&ctx);
    lead::hold((leadership.clone(), may), clock, "sequencer", stop.clone(), work).await;
    // Stopped before it led, or after it had to leave off: what it wrote last is chained all the same.
    lead::finish(leadership, "sequencer", || sequencer().run(stop)).await;
}

/// Verifies the journal by itself; with others beside us only while we lead.
async fn verify(ctx: Context, leadership: Option<Arc<dyn Leadership>>, stop: CancellationToken) {
    let Some(leadership) = leadership else {
        return watch::run(ctx, is_signed, stop).await;
    };
    let clock = ctx.clock.clone();
    let work = |token| watch::run(ctx.clone(), is_signed, token);
    let may = holds_helm(&ctx);
    lead::hold((leadership, may), clock, "verifier", stop, work).await;
}

/// Roles go with the helm, so that one silence tells of all of them.
pub(crate) fn holds_helm(ctx: &Context) -> lead::May {
    let helmsman = ctx.helmsman.clone();
    Arc::new(move || helmsman.may_send())
}

async fn note(ctx: &Context, kind: Kind) -> Result<()> {
    let mut batch = Batch::new();
    batch.note(ctx.entry(
        kind,
        Actor::system("server"),
        ("process", std::process::id().to_string()),
    ));
    ctx.commit(SystemScope::housekeeping("the process tells of itself"), batch)
        .await?;
    Ok(())
}

type Stream = Pin<Box<dyn Future<Output = ConnectionId> + Send>>;

/// Keeps one stream of venue events open for every connection in use, but where the credential was refused.
pub(crate) async fn listen(ctx: Context, stop: CancellationToken) {
    let mut streams: FuturesUnordered<Stream> = FuturesUnordered::new();
    let mut known: BTreeMap<ConnectionId, CancellationToken> = BTreeMap::new();
    loop {
        match connect_new(&ctx, &mut known).await {
            Ok(new) => streams.extend(new),
            Err(error) => tracing::warn!(%error, "connections not listed"),
        }
        let again = ctx.clock.sleep_until(ctx.now().plus(LISTEN_EVERY));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            Some(ended) = streams.next(), if !streams.is_empty() => {
                known.remove(&ended);
            }
            () = again => {}
        }
    }
}

/// Opens a stream for each connection that has none; ends those of connections that are disabled, and with them the
/// opened credential they hold.
async fn connect_new(
    ctx: &Context,
    known: &mut BTreeMap<ConnectionId, CancellationToken>,
) -> Result<Vec<Stream>> {
    let scope = SystemScope::housekeeping("every connection's venue is listened to");
    let mut page = Page::first(500);
    let mut streams: Vec<Stream> = Vec::new();
    let mut wanted = BTreeSet::new();
    loop {
        let found = find_any::<Connection>(ctx.store.as_ref(), scope, SystemQuery::Connections(page)).await?;
        let Some(last) = found.last().map(|c| c.id.to_string()) else {
            // What is disabled or refused is not asked any more.
            known
                .iter()
                .filter(|(id, _)| !wanted.contains(*id))
                .for_each(|(_, stop)| stop.cancel());
            return Ok(streams);
        };
        for connection in found {
            if connection.health == Health::Unauthorised {
                continue;
            }
            wanted.insert(connection.id);
            if known.contains_key(&connection.id) {
                continue;
            }
            let Some(broker) = ctx.broker(&connection).cloned() else {
                continue;
            };
            let access = match ctx.vault.open(&connection).await {
                Ok(access) => access,
                Err(error) => {
                    tracing::error!(connection = %connection.id, %error, "not listened to");
                    continue;
                }
            };
            let sink = ctx.lanes.sink(&connection);
            let id = connection.id;
            let stop = CancellationToken::new();
            known.insert(id, stop.clone());
            streams.push(Box::pin(async move {
                tokio::select! {
                    biased;
                    () = stop.cancelled() => {}
                    () = broker.listen(access, sink) => {}
                }
                id
            }));
        }
        page = Page {
            after: Some(last),
            limit: 500,
        };
    }
}

/// A switch set by another process is taken in as soon as it is heard of, and every second in any case.
async fn follow_switches(ctx: Context, wake: Arc<Notify>, stop: CancellationToken) {
    loop {
        let again = ctx.clock.sleep_until(ctx.now().plus(Duration::from_secs(1)));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = wake.notified() => {}
            () = again => {}
        }
        if let Err(error) = ctx.switchboard.reload(ctx.store.as_ref()).await {
            tracing::warn!(%error, "switches not read again");
        }
    }
}

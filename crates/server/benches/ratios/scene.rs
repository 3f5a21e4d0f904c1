//! The program as it runs: the real store on disk, the real paper venue on loopback, the production adapters, followers
//! as planned. Starts it, waits until it rests, stops it; measures nothing.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use anyhow::{Result, bail};
use ordercast_adapters::{
    bus::LocalBus,
    paper::{PaperBroker, PaperConfig, PaperMarket},
    vault::{LocalVault, MasterKeys},
};
use ordercast_app::{
    context::{Context, Ports},
    intake::Door,
    lane,
    pipeline::Pipeline,
    publish::Sequencer,
};
use ordercast_model::{
    limits::{Caps, Limits},
    ports::{
        broker::Broker,
        bus::{Hint, HintSink},
        clock::{Clock, Random},
        market::Market,
    },
    secret::Secret,
};
use ordercast_rules::risk;
use ordercast_sim::{
    market::calendar::Calendar,
    venue::{config::VenueConfig, server::Venue},
};
use ordercast_store::{Options, open};
use tokio::sync::{Notify, mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    clock::{OsRandom, SystemClock, micros},
    database::Database,
    measure::pause,
    post::Mouth,
    setting::{self, People},
    watch::{Placed, WatchedBroker, WatchedStore},
};

/// Providers of the benches that take one follower each, so that no account grows during the measurement.
pub(crate) const PROVIDERS: usize = 32;

const ADMIN: &str = "admin-key-of-the-bench";
/// Sends of one follower that may wait to be looked at. A bench looks at all of them between two rounds; one that finds
/// no room is missed there, and the bench fails.
const PLACED_MAX: usize = 64;
/// Streams of the venue that are listened to, one for each account; the venue takes 4,096.
const STREAMS_MAX: usize = 1_000;
/// How long nothing may be written until the program is said to rest.
const REST: Duration = Duration::from_millis(300);
/// How long it may take until it rests.
const REST_MAX: Duration = Duration::from_secs(600);

/// What is to run.
pub(crate) struct Plan {
    /// For each number a provider with so many followers.
    pub(crate) crowds: Vec<usize>,
    pub(crate) limits: Limits,
    pub(crate) database: Database,
}

impl Plan {
    /// The numbers on a file in a folder, with the limits every user begins with.
    pub(crate) fn of(crowds: Vec<usize>, folder: &Path) -> Self {
        Self {
            crowds,
            limits: Limits::default(),
            database: Database::file(folder),
        }
    }
}

/// The running program.
pub(crate) struct Scene {
    pub(crate) ctx: Context,
    pub(crate) mouth: Arc<Mouth>,
    pub(crate) store: Arc<WatchedStore>,
    pub(crate) broker: Arc<WatchedBroker>,
    pub(crate) placed: mpsc::Receiver<Placed>,
    pub(crate) people: People,
    /// Accounts whose stream at the venue is listened to.
    pub(crate) streams: usize,
    venue: Venue,
    stop: CancellationToken,
    tasks: TaskTracker,
    writing: (CancellationToken, tokio::task::JoinHandle<()>),
}

struct Wakes(Arc<Notify>);

impl HintSink for Wakes {
    fn hint(&self, hint: &Hint) {
        if *hint == Hint::JournalPending {
            self.0.notify_one();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the bench wires the program itself")]
pub(crate) fn http() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?)
}

impl Scene {
    /// Sets it up in a folder and starts it.
    pub(crate) async fn start(folder: &Path, plan: &Plan) -> Result<Self> {
        let (clock, random): (Arc<dyn Clock>, Arc<dyn Random>) =
            (Arc::new(SystemClock::new()), Arc::new(OsRandom));
        let venue = VenueConfig {
            data_dir: Some(folder.join("venue")),
            admin_key: ADMIN.to_owned(),
            calendar: Calendar::ALWAYS,
            warm_up_seconds: 5,
            ..VenueConfig::default()
        };
        let venue = Venue::start(venue, micros()).await?;
        let config = PaperConfig {
            admin_key: Some(Secret::new(ADMIN.to_owned())),
            ..PaperConfig::new(format!("http://{}", venue.addr()))
        };
        let http = http()?;
        let broker = PaperBroker::new(&config, http.clone(), clock.clone(), random.clone())?;
        let (market, feed) = PaperMarket::connect(&config, http, clock.clone(), random.clone())?;
        let opened = open(plan.database.url(), &Options::default()).await?;
        let writing = CancellationToken::new();
        let writer = tokio::spawn(opened.worker.run(writing.clone()));
        let store = Arc::new(WatchedStore::new(opened.store));
        let all: usize = plan.crowds.iter().sum();
        let (sender, placed) = mpsc::channel(PLACED_MAX * all);
        let watched = Arc::new(WatchedBroker::new(Arc::new(broker), sender));
        let broker: Arc<dyn Broker> = watched.clone();
        let keys = MasterKeys::single(Secret::new([7; 32]));
        let vault = LocalVault::new(keys, store.clone(), clock.clone(), random.clone());
        let shown: Arc<dyn Market> = market.clone();
        let (ctx, jobs) = Context::new(Ports {
            store: store.clone(),
            clock,
            random,
            vault: Arc::new(vault),
            brokers: BTreeMap::from([("paper".to_owned(), broker.clone())]),
            markets: BTreeMap::from([("paper".to_owned(), shown)]),
            bus: Arc::new(LocalBus::new()),
            chat: Arc::new(ordercast_model::ports::chat::NoChat),
            rules: risk::rule_set()?,
            platform_caps: Caps::default(),
            live_trading: false,
        });
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let ending = stop.clone();
        tasks.spawn(async move {
            tokio::select! {
                () = ending.cancelled() => {}
                () = feed => {}
            }
        });
        let people = setting::set(&ctx, broker.as_ref(), &plan.crowds, &plan.limits).await?;
        // The venue's feed needs a moment for the first quotes.
        pause(Duration::from_millis(500)).await;
        let door = run(&ctx, jobs, &stop, &tasks);
        let streams = if all > STREAMS_MAX { 0 } else { all };
        for follower in people.followers.iter().take(streams) {
            let access = ctx.vault.open(&follower.connection).await?;
            let sink = ctx.lanes.sink(&follower.connection);
            let (listening, ending) = (broker.listen(access, sink), stop.clone());
            tasks.spawn(async move {
                tokio::select! {
                    () = ending.cancelled() => {}
                    () = listening => {}
                }
            });
        }
        tasks.close();
        let mouth = Arc::new(Mouth {
            ctx: ctx.clone(),
            door,
            market,
        });
        let scene = Self {
            ctx,
            mouth,
            store,
            broker: watched,
            placed,
            people,
            streams,
            venue,
            stop,
            tasks,
            writing: (writing, writer),
        };
        scene.rest().await?;
        Ok(scene)
    }

    /// Resolves once everything is chained and nothing more is written.
    pub(crate) async fn rest(&self) -> Result<()> {
        let start = crate::measure::now();
        loop {
            let before = self.store.writes();
            pause(REST).await;
            if self.store.writes() == before && self.ctx.store.pending(1).await?.is_empty() {
                return Ok(());
            }
            if start.elapsed() > REST_MAX {
                bail!("the program does not rest: {}", self.mouth.told().await?);
            }
        }
    }

    /// Stops it in order.
    pub(crate) async fn stop(self) -> Result<()> {
        self.stop.cancel();
        self.tasks.wait().await;
        self.venue.shutdown().await;
        self.writing.0.cancel();
        self.writing.1.await?;
        Ok(())
    }
}

/// Starts what stands between the door and the venue.
fn run(ctx: &Context, jobs: lane::Jobs, stop: &CancellationToken, tasks: &TaskTracker) -> Door {
    let (chaining, wake) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (hints, ending) = (ctx.bus.listen(Arc::new(Wakes(chaining.clone()))), stop.clone());
    tasks.spawn(async move {
        tokio::select! {
            () = ending.cancelled() => {}
            () = hints => {}
        }
    });
    tasks.spawn(Sequencer::new(ctx.clone(), chaining).run(stop.clone()));
    tasks.spawn(lane::run(ctx.clone(), jobs, stop.clone(), Duration::from_secs(2)));
    tasks.spawn(Pipeline::new(ctx.clone(), wake.clone()).run(stop.clone()));
    Door::new(ctx.clone(), wake)
}

//! The program as it runs, with one follower for each provider: the real store on disk, the real paper venue on
//! loopback, the production adapters. Sets it up and gives the door.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use anyhow::{Result, anyhow};
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
    account::Account,
    community::{Channel, Community, Membership, Provider, ProviderStatus, Role},
    connection::{Connection, Health, Mode},
    follow::{Follow, FollowMode, Sizing},
    ids::CommunityId,
    instrument::AssetClass,
    limits::{Caps, Limits, UserLimits},
    plan::Plan,
    ports::{
        broker::{Access, Broker},
        bus::{Hint, HintSink},
        clock::{Clock, Random},
        market::Market,
        store::Batch,
    },
    secret::Secret,
    signal::raw::Source,
    tenant::SystemScope,
    time::SessionZone,
    user::User,
};
use ordercast_rules::risk;
use ordercast_sim::{
    market::calendar::Calendar,
    venue::{config::VenueConfig, server::Venue},
};
use ordercast_store::{Options, open};
use rust_decimal::Decimal;
use tokio::sync::{Notify, mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    clock::{OsRandom, SystemClock, micros},
    measure::pause,
    watch::{Placed, WatchedBroker, WatchedStore},
};

/// Providers, each with a channel and one follower of its own, so that no account grows during the measurement.
pub(crate) const PROVIDERS: usize = 32;
/// The guild all of them post in.
pub(crate) const GUILD: &str = "1";
/// Units of every order.
pub(crate) const QUANTITY: u32 = 10;

const ADMIN: &str = "admin-key-of-the-bench";
const SETTING: SystemScope = SystemScope::housekeeping("a bench sets its scene");
/// Orders come back one at a time; nobody waits for more.
const PLACED_MAX: usize = 64;

/// The running program.
pub(crate) struct Scene {
    pub(crate) ctx: Context,
    pub(crate) door: Door,
    pub(crate) store: Arc<WatchedStore>,
    pub(crate) market: Arc<PaperMarket>,
    pub(crate) placed: mpsc::Receiver<Placed>,
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
fn http() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?)
}

impl Scene {
    /// Sets it up in a folder and starts it.
    pub(crate) async fn start(folder: &Path) -> Result<Self> {
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
        let opened = open(
            &format!("sqlite://{}", folder.join("ordercast.db").display()),
            &Options::default(),
        )
        .await?;
        let writing = CancellationToken::new();
        let writer = tokio::spawn(opened.worker.run(writing.clone()));
        let store = Arc::new(WatchedStore::new(opened.store));
        let (sender, placed) = mpsc::channel(PLACED_MAX);
        let broker: Arc<dyn Broker> = Arc::new(WatchedBroker {
            inner: Arc::new(broker),
            placed: sender,
        });
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
        });
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let ending = stop.clone();
        tasks.spawn(async move {
            tokio::select! {
                () = ending.cancelled() => {}
                () = feed => {}
            }
        });
        let connections = set(&ctx, broker.as_ref()).await?;
        let door = run(&ctx, jobs, &stop, &tasks);
        for connection in connections {
            let access = ctx.vault.open(&connection).await?;
            let (listening, ending) = (broker.listen(access, ctx.lanes.sink(&connection)), stop.clone());
            tasks.spawn(async move {
                tokio::select! {
                    () = ending.cancelled() => {}
                    () = listening => {}
                }
            });
        }
        tasks.close();
        Ok(Self {
            ctx,
            door,
            store,
            market,
            placed,
            venue,
            stop,
            tasks,
            writing: (writing, writer),
        })
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

/// Where the messages of a provider are posted.
pub(crate) fn source(provider: usize) -> Source {
    Source::Discord {
        guild: GUILD.to_owned(),
        channel: (1_000 + provider).to_string(),
    }
}

/// Who posts there.
pub(crate) fn author(provider: usize) -> String {
    (2_000 + provider).to_string()
}

async fn set(ctx: &Context, broker: &dyn Broker) -> Result<Vec<Connection>> {
    let community = Community {
        id: ctx.id(),
        version: 1,
        guild_id: GUILD.to_owned(),
        name: "Bench".to_owned(),
        owner_id: ctx.id(),
        access: ordercast_model::community::Access::default(),
        caps: ordercast_model::limits::Caps::default(),
        created_at: ctx.now(),
    };
    let id = community.id;
    let mut batch = Batch::new();
    batch.insert(community);
    ctx.commit(SETTING, batch).await?;
    let mut connections = Vec::new();
    for n in 0..PROVIDERS {
        connections.push(pair(ctx, broker, id, n).await?);
    }
    // The venue's feed needs a moment for the first quotes.
    pause(Duration::from_millis(500)).await;
    Ok(connections)
}

/// One provider and its one follower.
async fn pair(ctx: &Context, broker: &dyn Broker, community_id: CommunityId, n: usize) -> Result<Connection> {
    let now = ctx.now();
    let mut batch = Batch::new();
    let channel = Channel {
        id: ctx.id(),
        community_id,
        version: 1,
        source_key: source(n).key(),
        name: format!("calls-{n}"),
        enabled: true,
        cursor: None,
        created_at: now,
    };
    let provider = Provider {
        id: ctx.id(),
        community_id,
        version: 1,
        name: format!("Provider {n}"),
        about: String::new(),
        status: ProviderStatus::Active,
        channels: vec![channel.id],
        authors: vec![author(n)],
        roles: Vec::new(),
        sell_opens_short: false,
        profile: 0,
        created_at: now,
    };
    let user = User {
        id: ctx.id(),
        version: 1,
        discord_id: None,
        name: format!("Follower {n}"),
        plan: Plan::Premium,
        platform_admin: false,
        demo: true,
        created_at: now,
    };
    let (connection, account) = connect(ctx, broker, &user).await?;
    let mut follow = Follow::new(ctx.id(), user.id, provider.id, now);
    follow.mode = FollowMode::Auto;
    follow.sizing = Sizing::FixedQuantity {
        quantity: Decimal::from(QUANTITY),
    };
    batch.insert(Membership {
        community_id,
        user_id: user.id,
        version: 1,
        role: Role::Trader,
        created_at: now,
    });
    batch.insert(UserLimits {
        user_id: user.id,
        version: 1,
        limits: Limits::default(),
        updated_at: now,
        pending: Vec::new(),
    });
    batch.insert(channel);
    batch.insert(provider);
    batch.insert(follow);
    batch.insert(account);
    batch.insert(connection.clone());
    batch.insert(user);
    ctx.commit(SETTING, batch).await?;
    Ok(connection)
}

async fn connect(ctx: &Context, broker: &dyn Broker, user: &User) -> Result<(Connection, Account)> {
    let id = ctx.id();
    let mut fields = broker.open_account(&user.name, Decimal::from(1_000_000)).await?;
    let account_id = fields
        .remove("account")
        .ok_or_else(|| anyhow!("the venue named no account"))?
        .expose()
        .clone();
    let access = Access {
        connection_id: id,
        account_id: account_id.clone(),
        mode: Mode::Paper,
        fields: fields.clone(),
    };
    let venue = broker.account(&access).await?;
    let mut credential = Vec::new();
    for (field, value) in &fields {
        credential.push(ctx.vault.seal(user.id, id, "paper", field, value).await?);
    }
    let (now, zone) = (ctx.now(), SessionZone::NewYork);
    let connection = Connection {
        id,
        user_id: user.id,
        version: 1,
        broker: "paper".to_owned(),
        mode: Mode::Paper,
        label: "Paper".to_owned(),
        account_id: account_id.clone(),
        credential,
        default_for: vec![AssetClass::Equity],
        zone,
        health: Health::Ok,
        health_reason: None,
        fills_cursor: None,
        created_at: now,
    };
    let account = Account {
        key: Account::key_of("paper", Mode::Paper, &account_id),
        version: 1,
        user_id: user.id,
        connection_id: id,
        zone,
        currency: venue.currency,
        cash: venue.cash,
        equity: venue.equity,
        buying_power: venue.buying_power,
        synced_at: now,
        day: zone.day_of(now),
        day_start_equity: venue.equity,
        day_high_equity: venue.equity,
        daily_loss_tripped: false,
        holdings: BTreeMap::new(),
        reservations: BTreeMap::new(),
        recent_opens: Vec::new(),
        recent_orders: Vec::new(),
        orders_today: 0,
        flatten: None,
        breaker_trips: 0,
        rate_hits: Vec::new(),
        unexplained: BTreeMap::new(),
    };
    Ok((connection, account))
}

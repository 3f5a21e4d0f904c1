//! `ordercast serve`: the program as it is run for real. Builds every part from the configuration, holds the data
//! folder, starts, waits, drains. Decides in which order; knows no rule.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, anyhow};
use ordercast_adapters::{
    bus::{LocalBus, RedisBus},
    discord::{DiscordConfig, DiscordSource},
    paper::{PaperBroker, PaperConfig, PaperMarket},
    vault::{LocalVault, MasterKeys},
};
use ordercast_app::{
    context::{Context, Ports},
    intake::Bookmarks,
    lane::Jobs,
};
use ordercast_model::{
    ports::{
        BoxFuture,
        broker::Broker,
        bus::Bus,
        clock::{Clock, Random},
        lease::Leadership,
        market::Market,
        store::Store,
    },
    secret::Secret,
};
use ordercast_rules::risk;
use ordercast_store::{FolderLock, Options, open};
use ordercast_web::{Deps, WebConfig, config::Version};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    clock::{OsRandom, SystemClock},
    commands::{folder_of, show::VERSION},
    config::{Config, Mode, broker::PAPER},
    host, lead, log,
    readiness::{self, Board, Trouble, part},
    run::{Pace, Running},
    wire::{self, Web},
};

/// All of the shutdown; a supervisor usually waits 30 s.
const SHUTDOWN_MAX: Duration = Duration::from_secs(24);
/// A request that takes longer is answered with 503.
const REQUEST_MAX: Duration = Duration::from_secs(15);
/// Time between two markings to market.
const MARK_EVERY: Duration = Duration::from_secs(5);
/// Keeps several deployments on one Redis apart from other programs.
const CHANNEL: &str = "ordercast:hints";
/// How often the beginning of the journal by another process is looked for.
const GENESIS_EVERY: Duration = Duration::from_millis(200);

/// The parts that talk to the outside.
struct Edge {
    ctx: Context,
    jobs: Jobs,
    paper: Option<(Arc<dyn Broker>, Arc<PaperMarket>)>,
    redis: Option<Arc<RedisBus>>,
    /// What must run for them to work.
    feeds: Vec<BoxFuture<'static, ()>>,
}

/// Runs until SIGTERM or Ctrl-C; exit code 0 after draining.
///
/// # Errors
/// When a part cannot be built or started; then nothing was traded.
pub async fn run(config: Config) -> Result<u8> {
    log::start(&config.log)?;
    let folder = data_folder(&config)?;
    let instance = config.server.instance.clone().unwrap_or_else(host::name);
    let _lock = match config.database.file() {
        Some(file) => Some(FolderLock::take(
            &folder_of(&file),
            &format!("ordercast serve on {instance}"),
        )?),
        None => None,
    };
    let listener = listen(&config).await?;
    let options = Options {
        connections_max: config.database.pool,
        ..Options::default()
    };
    let opened = open(config.database.address(), &options).await?;
    let (store_stop, store_task) = (CancellationToken::new(), TaskTracker::new());
    store_task.spawn(opened.worker.run(store_stop.clone()));
    store_task.close();
    let outcome = live(&config, folder, listener, opened.store, opened.leadership).await;
    store_stop.cancel();
    store_task.wait().await;
    outcome.map(|()| 0)
}

/// The data folder, made when it is missing and proven writable.
fn data_folder(config: &Config) -> Result<PathBuf> {
    let folder = config.server.data_dir.clone();
    let shown = folder.display().to_string();
    std::fs::create_dir_all(&folder).with_context(|| format!("data folder {shown} cannot be made"))?;
    host::may_write(&folder).with_context(|| format!("data folder {shown} is not writable"))?;
    Ok(folder)
}

async fn listen(config: &Config) -> Result<TcpListener> {
    let address = config.server.address();
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                anyhow!("{address} is in use by another program: stop it, or choose another port with PORT")
            }
            _ => anyhow!("cannot listen on {address}: {error}; see ORDERCAST_BIND and PORT"),
        })
}

async fn live(
    config: &Config,
    folder: PathBuf,
    listener: TcpListener,
    store: Arc<dyn Store>,
    leadership: Arc<dyn Leadership>,
) -> Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    let Edge {
        ctx,
        jobs,
        paper,
        redis,
        feeds,
    } = edge(config, store, &clock, &random)?;
    let board = Arc::new(Board::new(clock.clone()));
    readiness::expect_all(&board);
    board.tell(part::RECOVERY, Err(Trouble::Broken("starting".to_owned())));
    // From here on everything runs under one token, whatever happens.
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let own = |task: BoxFuture<'static, ()>| own(&tasks, &stop, task);
    feeds.into_iter().for_each(own);
    own(Box::pin(readiness::watch_core(
        board.clone(),
        ctx.clone(),
        folder,
    )));
    if let Some((broker, market)) = paper {
        own(Box::pin(readiness::watch_paper(
            board.clone(),
            ctx.clone(),
            broker,
            market,
        )));
    }
    own(Box::pin(readiness::watch_bus(
        board.clone(),
        clock.clone(),
        move || redis.as_ref().is_none_or(|r| r.is_up()),
    )));
    let deps = Deps {
        ctx: ctx.clone(),
        readiness: board.clone(),
    };
    let web = Web::open(listener, web_config(config)?, deps)?;
    tracing::info!(url = web.url, "listening");
    let begun = begin(config, &ctx, jobs, leadership.clone(), &stop);
    let mut interrupted = Box::pin(wire::interrupted());
    let running = tokio::select! {
        biased;
        running = begun => Some(running?),
        () = &mut interrupted => None,
    };
    if let Some(running) = &running {
        board.tell(part::RECOVERY, Ok(()));
        read_discord(config, running, &board, leadership, &own)?;
        tracing::info!("ready");
        interrupted.await;
    }
    tracing::info!("stopping");
    let ending = async {
        web.close(&ctx).await;
        if let Some(running) = running {
            running.stop().await;
        }
        stop.cancel();
        tasks.close();
        tasks.wait().await;
    };
    tokio::select! {
        biased;
        () = ending => tracing::info!("stopped"),
        () = clock.sleep_until(clock.now().plus(SHUTDOWN_MAX)) => {
            tracing::error!("stopped before everything was answered; the rest is looked up at the next start");
        }
    }
    Ok(())
}

fn own(tasks: &TaskTracker, stop: &CancellationToken, task: BoxFuture<'static, ()>) {
    let stop = stop.clone();
    tasks.spawn(async move {
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = task => {}
        }
    });
}

fn edge(
    config: &Config,
    store: Arc<dyn Store>,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Edge> {
    let mut feeds: Vec<BoxFuture<'static, ()>> = Vec::new();
    let master = config
        .keys
        .master_keys
        .as_ref()
        .ok_or_else(|| anyhow!("ORDERCAST_MASTER_KEYS is not set"))?;
    let keys = MasterKeys::parse(master.secret())?;
    let vault = LocalVault::new(keys, store.clone(), clock.clone(), random.clone());
    let (bus, redis): (Arc<dyn Bus>, _) = match &config.bus.redis_url {
        None => (Arc::new(LocalBus::new()), None),
        Some(url) => {
            let (bus, carrier) = RedisBus::connect(url.secret(), CHANNEL, clock.clone(), random.clone())?;
            feeds.push(carrier);
            (bus.clone(), Some(bus))
        }
    };
    let mut brokers: BTreeMap<String, Arc<dyn Broker>> = BTreeMap::new();
    let mut markets: BTreeMap<String, Arc<dyn Market>> = BTreeMap::new();
    let mut paper = None;
    if let Some(base) = config
        .brokers
        .paper_venue_base
        .as_ref()
        .filter(|_| config.brokers.enabled.iter().any(|b| b == PAPER))
    {
        let settings = PaperConfig {
            admin_key: config.brokers.admin_key(),
            ..PaperConfig::new(base.clone())
        };
        let http = wire::http()?;
        let broker: Arc<dyn Broker> = Arc::new(PaperBroker::new(
            &settings,
            http.clone(),
            clock.clone(),
            random.clone(),
        )?);
        let (market, feed) = PaperMarket::connect(&settings, http, clock.clone(), random.clone())?;
        feeds.push(feed);
        brokers.insert(PAPER.to_owned(), broker.clone());
        markets.insert(PAPER.to_owned(), market.clone());
        paper = Some((broker, market));
    }
    let (ctx, jobs) = Context::new(Ports {
        store,
        clock: clock.clone(),
        random: random.clone(),
        vault: Arc::new(vault),
        brokers,
        markets,
        bus,
        rules: risk::rule_set()?,
        platform_caps: config.caps.clone(),
    });
    Ok(Edge {
        ctx,
        jobs,
        paper,
        redis,
        feeds,
    })
}

fn web_config(config: &Config) -> Result<WebConfig> {
    let key = |key: &Option<crate::config::hidden::Hidden<Vec<u8>>>, name: &str| -> Result<Secret<Vec<u8>>> {
        key.as_ref()
            .map(|key| key.secret().clone())
            .ok_or_else(|| anyhow!("{name} is not set"))
    };
    Ok(WebConfig {
        origins: config.server.allowed_origins.clone(),
        secure: config.server.is_secure(),
        trusted_proxies: config.server.trusted_proxies.clone(),
        csrf_key: key(&config.keys.session_key, "ORDERCAST_SESSION_KEY")?,
        socket_keys: vec![(
            "1".to_owned(),
            key(&config.keys.socket_key, "ORDERCAST_SOCKET_KEY")?,
        )],
        socket_token_life: config.keys.socket_token_ttl,
        request_timeout: REQUEST_MAX,
        demo: None,
        loopback_unlimited: config.server.mode == Mode::Development,
        version: Version {
            version: VERSION.to_owned(),
            commit: None,
        },
    })
}

/// Begins the journal when there is none, then recovers and starts.
async fn begin(
    config: &Config,
    ctx: &Context,
    jobs: Jobs,
    leadership: Arc<dyn Leadership>,
    stop: &CancellationToken,
) -> Result<Running> {
    let seed = config
        .keys
        .journal_key
        .as_ref()
        .ok_or_else(|| anyhow!("ORDERCAST_JOURNAL_KEY is not set"))?;
    let seed = hex::encode(seed.secret().expose());
    // One process writes entry 0; the others wait for it.
    while ctx.store.head().await?.is_none() && !stop.is_cancelled() {
        if let Some(lead) = leadership.try_lead("genesis").await? {
            let mut name = [0_u8; 8];
            ctx.random.fill(&mut name);
            wire::genesis(ctx, &format!("dep-{}", hex::encode(name)), &seed).await?;
            drop(lead);
            break;
        }
        ctx.clock.sleep_until(ctx.now().plus(GENESIS_EVERY)).await;
    }
    let pace = Pace {
        sync: config.trading.sync_interval,
        mark: MARK_EVERY,
    };
    Running::start(ctx.clone(), jobs, pace, Some(leadership)).await
}

/// Reads Discord, in one process of the deployment at a time.
fn read_discord(
    config: &Config,
    running: &Running,
    board: &Arc<Board>,
    leadership: Arc<dyn Leadership>,
    own: &impl Fn(BoxFuture<'static, ()>),
) -> Result<()> {
    let Some(token) = &config.discord.bot_token else {
        let why = "DISCORD_BOT_TOKEN is not set: no messages are read";
        board.expect(part::DISCORD, readiness::Weight::Side, None);
        board.tell(part::DISCORD, Err(Trouble::Limping(why.to_owned())));
        return Ok(());
    };
    let ctx = running.ctx.clone();
    let api_base = (!config.discord.is_vendor()).then(|| config.discord.api_base.clone());
    let settings = DiscordConfig {
        api_base,
        ..DiscordConfig::new(token.secret().clone())
    };
    let bookmarks = Arc::new(Bookmarks(ctx.clone()));
    let (clock, random) = (ctx.clock.clone(), ctx.random.clone());
    let source = DiscordSource::new(&settings, running.door.clone(), bookmarks, clock.clone(), random)?;
    let (board, stop) = (board.clone(), running.stop.clone());
    own(Box::pin(async move {
        // Until this process leads, another one reads.
        board.expect(part::DISCORD, readiness::Weight::Side, None);
        board.tell(part::DISCORD, Ok(()));
        lead::hold(leadership, clock.clone(), "discord", stop, |token| {
            let (source, board, clock) = (source.clone(), board.clone(), clock.clone());
            async move {
                let watch = readiness::watch_discord(board, clock, source.clone());
                tokio::select! {
                    () = token.cancelled() => {}
                    () = watch => {}
                    () = async {
                        // A fault that only an operator can mend stands on the board until the program is restarted.
                        if source.run(token.clone()).await.is_err() {
                            token.cancelled().await;
                        }
                    } => {}
                }
            }
        })
        .await;
    }));
    Ok(())
}

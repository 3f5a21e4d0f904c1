//! `ordercast serve`: the program as it is run for real. Builds every part from the configuration, holds the data
//! folder, starts, waits, drains. Decides in which order; knows no rule.

mod discord;
pub mod edge;
pub mod keys;
mod venue;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow};
use futures::FutureExt as _;
use ordercast_app::{context::Context, identity::discord as discord_login, lane::Jobs, switch};
use ordercast_model::ports::{
    BoxFuture,
    chat::Inlet,
    clock::{Clock, Random},
    helm::Helm,
    lease::Leadership,
    store::Store,
};
use ordercast_store::{FolderLock, Options, ProcessMark, open};
use ordercast_web::Deps;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{edge::Edge, keys::Keys};
use crate::{
    clock::{OsRandom, SystemClock},
    commands::folder_of,
    config::Config,
    host, log,
    notary::LocalNotary,
    readiness::{self, Board, Trouble, part},
    run::{Pace, Running},
    wire::{self, Web},
};

/// All of the shutdown; a supervisor usually waits 30 s.
const SHUTDOWN_MAX: Duration = Duration::from_secs(24);
/// Time between two markings to market.
const MARK_EVERY: Duration = Duration::from_secs(5);
/// How often the beginning of the journal by another process is looked for.
const GENESIS_EVERY: Duration = Duration::from_millis(200);

/// How the program is started.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct ServeArgs {
    /// Compare every connection with its broker and open nothing until a platform admin lifts it: for the first start over
    /// a backup.
    #[arg(long)]
    reconcile_only: bool,
}

/// Runs until SIGTERM or Ctrl-C; exit code 0 after draining.
///
/// # Errors
/// When a part cannot be built or started; then nothing was traded.
pub async fn run(config: Config, args: ServeArgs) -> Result<u8> {
    log::start(&config.log)?;
    host::no_core().context("core files cannot be switched off")?;
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
    let mut health = opened.health;
    let sharing = share(&folder, opened.helm).await?;
    let living = live(
        (&config, args),
        folder,
        listener,
        (opened.store, opened.leadership),
        sharing.as_ref(),
    );
    let outcome = tokio::select! {
        biased;
        // Nothing can be written any more, so there is nothing to drain: what is on the wire is looked up at the next start.
        why = health.failed() => Err(disk_failed(&why)),
        // Who gave up because of a refused write is told the reason.
        outcome = living => health.failed().now_or_never().map_or(outcome, |why| Err(disk_failed(&why))),
    };
    store_stop.cancel();
    store_task.wait().await;
    outcome.map(|()| 0)
}

/// What a process needs to share a store with others.
struct Sharing {
    helm: Arc<dyn Helm>,
    /// A name no other process has or had.
    name: String,
    _mark: ProcessMark,
}

/// Marks this process as living, where others may share the store.
async fn share(folder: &Path, helm: Option<Arc<dyn Helm>>) -> Result<Option<Sharing>> {
    let Some(helm) = helm else {
        return Ok(None);
    };
    ProcessMark::sweep(folder, &helm.look().await?.holder);
    let mut name = [0_u8; 8];
    OsRandom.fill(&mut name);
    let name = hex::encode(name);
    let mark = ProcessMark::take(folder, &name)?;
    tracing::info!(process = name, "shares the store with others");
    Ok(Some(Sharing {
        helm,
        name,
        _mark: mark,
    }))
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

/// The tasks of the program's edge; all end on one token, after everything else.
#[derive(Default)]
struct Edges {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Edges {
    fn own(&self, task: BoxFuture<'static, ()>) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                () = task => {}
            }
        });
    }
    async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

async fn live(
    (config, args): (&Config, ServeArgs),
    folder: PathBuf,
    listener: TcpListener,
    (store, leadership): (Arc<dyn Store>, Arc<dyn Leadership>),
    sharing: Option<&Sharing>,
) -> Result<()> {
    let mut interrupted = Box::pin(wire::interrupted());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    let Edge {
        ctx,
        jobs,
        keys,
        paper,
        bot,
        inlet,
        redis,
        feeds,
    } = edge::build(config, store, &clock, &random)?;
    if let Some(Sharing { helm, name, .. }) = sharing {
        let marks = folder.clone();
        let is_dead = move |name: &str| ProcessMark::is_dead(&marks, name);
        ctx.helmsman.share(helm.clone(), name.clone(), Box::new(is_dead));
    }
    let (board, edges) = (Arc::new(Board::new(clock.clone())), Edges::default());
    readiness::expect_all(&board);
    board.tell(part::RECOVERY, Err(Trouble::Broken("starting".to_owned())));
    feeds.into_iter().for_each(|feed| edges.own(feed));
    edges.own(Box::pin(readiness::watch_core(
        board.clone(),
        ctx.clone(),
        folder,
    )));
    if let Some((broker, market)) = paper {
        edges.own(Box::pin(readiness::watch_paper(
            board.clone(),
            ctx.clone(),
            broker,
            market,
        )));
    }
    let reached = move || redis.as_ref().is_none_or(|redis| redis.is_up());
    edges.own(Box::pin(readiness::watch_bus(
        board.clone(),
        clock.clone(),
        reached,
    )));
    let (inlet, desk) = inlet.unzip();
    let deps = Deps {
        ctx: ctx.clone(),
        readiness: board.clone(),
        inlet: inlet.map(|inlet| inlet as Arc<dyn Inlet>),
    };
    let web = Web::open(listener, edge::web_config(config)?, deps)?;
    tracing::info!(url = web.url, "listening");
    let begun = begin((config, args), &ctx, jobs, keys, leadership.clone());
    let running = tokio::select! {
        biased;
        running = begun => Some(running?),
        () = &mut interrupted => None,
    };
    if let Some(running) = &running {
        board.tell(part::RECOVERY, Ok(()));
        discord::read((bot, desk), &web.url, running, &board, leadership, &|task| {
            edges.own(task)
        });
        tracing::info!("ready");
        interrupted.await;
    }
    tracing::info!("stopping");
    stop(&ctx, web, running, edges).await;
    Ok(())
}

/// The last word when the disk under the database fails.
fn disk_failed(why: &str) -> anyhow::Error {
    tracing::error!(why, "the disk under the database failed: stopping at once");
    anyhow!(
        "the disk under the database failed: {why}. Nothing was decided after it. Free space or mend the disk (`df`, \
         `dmesg`, `ordercast doctor`), then start again: the log is carried over, and what was in flight is looked up at \
         the venue before anything new is sent"
    )
}

/// Stops in order: the door, decisions and what is on the wire, the journal, then what they needed. Gives up in time
/// for a supervisor's patience.
async fn stop(ctx: &Context, web: Web, running: Option<Running>, edges: Edges) {
    let ending = async {
        web.close(ctx).await;
        if let Some(running) = running {
            running.stop().await;
        }
        edges.end().await;
    };
    tokio::select! {
        biased;
        () = ending => tracing::info!("stopped"),
        () = ctx.clock.sleep_until(ctx.now().plus(SHUTDOWN_MAX)) => {
            tracing::error!("stopped before everything was answered; the rest is looked up at the next start");
        }
    }
}

/// Begins the journal when there is none, then recovers and starts.
async fn begin(
    (config, args): (&Config, ServeArgs),
    ctx: &Context,
    jobs: Jobs,
    keys: Keys,
    leadership: Arc<dyn Leadership>,
) -> Result<Running> {
    let seed = config
        .keys
        .journal_key
        .as_ref()
        .ok_or_else(|| anyhow!("ORDERCAST_JOURNAL_KEY is not set"))?;
    let seed = hex::encode(seed.secret().expose());
    // One process writes entry 0; the others wait for it.
    while ctx.store.head().await?.is_none() {
        if let Some(lead) = leadership.try_lead("genesis").await? {
            let mut name = [0_u8; 8];
            ctx.random.fill(&mut name);
            wire::genesis(ctx, &format!("dep-{}", hex::encode(name)), &seed).await?;
            drop(lead);
            break;
        }
        ctx.clock.sleep_until(ctx.now().plus(GENESIS_EVERY)).await;
    }
    keys.begin(ctx).await?;
    if args.reconcile_only {
        switch::reconcile_only(ctx, "started so, over a backup").await?;
    }
    let pace = Pace {
        sync: config.trading.sync_interval,
        health: config.trading.health_interval,
        mark: MARK_EVERY,
    };
    let notary = Arc::new(LocalNotary::new(&seed, &data_folder(config)?)?);
    let running = Running::start(ctx.clone(), jobs, pace, Some(leadership.clone()), notary).await?;
    running.own(discord_login::keep(ctx.clone(), running.stop.clone()));
    let instance = config.server.instance.clone().unwrap_or_else(host::name);
    for task in keys.tasks(ctx, &instance, leadership, &running.stop) {
        running.own(task);
    }
    Ok(running)
}

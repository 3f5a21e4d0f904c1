//! Runs the demo from the first line to the last: sets up, plays, tells, audits, stops.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow};
use ordercast_adapters::discord::{DiscordBot, DiscordSource};
use ordercast_app::{chat::Reception, context::Context, cursor::Bookmarks, identity, notice::Teller};
use ordercast_model::ports::clock::{Clock, Random};
use ordercast_sim::cast::{self, OWNER, PROVIDERS, VISITOR};
use ordercast_store::{FolderLock, Options, open};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    alert::{self, Address, Strategy},
    check, door,
    edge::{Edge, edge, fed},
    narrator::Narrator,
    stage,
    summary::Summary,
    world::{self, Keys, World},
};
use crate::{
    clock::{OsRandom, SystemClock},
    notary::LocalNotary,
    readiness::{self, Board, part},
    run::{Pace, Running},
    wire,
};

/// Times the books are held against the venue's before a difference counts, however long one look takes.
const LOOKS_MIN: u32 = 6;
/// Books that still differ from the venue's after this long are faulty; a busy machine needs a good part of it.
const SETTLE_MAX: Duration = Duration::from_secs(30);

/// What the demo is told.
#[derive(Debug, Clone, clap::Args)]
pub struct DemoArgs {
    /// Where the demo keeps what it needs to go on.
    #[arg(long, default_value = "ordercast-demo")]
    pub data_dir: PathBuf,
    /// Port of the dashboard; a free one when this is taken or 0.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// How fast market and script run.
    #[arg(long, default_value_t = 1.0)]
    pub speed: f64,
    /// Seed of market, script and tokens (7); another one needs --fresh.
    #[arg(long)]
    pub seed: Option<u64>,
    /// A file of your own bars (time,open,high,low,close,volume, or a folder of them) to play instead.
    #[arg(long)]
    pub bars: Option<PathBuf>,
    /// Do not open a browser.
    #[arg(long)]
    pub headless: bool,
    /// Stop after this long, such as 20s or 2m.
    #[arg(long = "for", value_parser = span)]
    pub duration: Option<Duration>,
    /// Print a summary as JSON at the end, and nothing else on standard output.
    #[arg(long)]
    pub json: bool,
    /// Start over: forget what this demo folder holds.
    #[arg(long)]
    pub fresh: bool,
}

/// Reads `20s`, `2m`, `1h` or plain seconds.
fn span(text: &str) -> Result<Duration, String> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let number: u64 = digits
        .parse()
        .map_err(|_| format!("expected a time such as 20s or 2m, got {text:?}"))?;
    match unit {
        "" | "s" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number.saturating_mul(60))),
        "h" => Ok(Duration::from_secs(number.saturating_mul(3_600))),
        _ => Err(format!("expected a time such as 20s or 2m, got {text:?}")),
    }
}

/// What the demo is made of while it runs.
struct Demo {
    running: Running,
    world: World,
    keys: Keys,
    http: reqwest::Client,
    from: u64,
    board: Arc<Board>,
    bot: Arc<DiscordBot>,
}

/// Runs the demo; gives the exit code.
///
/// # Errors
/// When it cannot be set up; then nothing was changed but its own folder.
pub async fn run(args: DemoArgs) -> Result<u8> {
    if !(0.01..=100.0).contains(&args.speed) {
        return Err(anyhow!("--speed: expected 0.01 to 100, got {}", args.speed));
    }
    let _lock = FolderLock::take(&args.data_dir, "ordercast demo")?;
    if args.fresh {
        world::clear(&args.data_dir)?;
    }
    let random: Arc<dyn Random> = Arc::new(OsRandom);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let keys = Keys::of(&args.data_dir, args.seed, random.as_ref())?;
    let world = World::start(&args.data_dir, &keys, args.speed, args.bars.clone()).await?;
    let file = args.data_dir.join("ordercast.db");
    let opened = open(&format!("sqlite://{}", file.display()), &Options::default()).await?;
    let (store_stop, store_task) = (CancellationToken::new(), TaskTracker::new());
    store_task.spawn(opened.worker.run(store_stop.clone()));
    store_task.close();
    let mut health = opened.health;
    let outcome = tokio::select! {
        biased;
        why = health.failed() => Err(anyhow!("the disk under {} failed: {why}", file.display())),
        outcome = play(&args, world, keys, opened.store, clock, random) => outcome,
    };
    store_stop.cancel();
    store_task.wait().await;
    outcome
}

async fn play(
    args: &DemoArgs,
    world: World,
    keys: Keys,
    store: Arc<dyn ordercast_model::ports::store::Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<u8> {
    let http = wire::http()?;
    let listener = door::listen(args.port).await?;
    let Edge {
        ctx,
        jobs,
        feed,
        bot,
        broker,
        market,
    } = edge(
        &world,
        &keys,
        (&http, &door::address(&listener)?),
        store,
        &clock,
        &random,
    )?;
    wire::genesis(&ctx, &keys.deployment, &keys.journal).await?;
    let from = ctx.store.head().await?.map_or(0, |l| l.seq + 1);
    let feeding = tokio::spawn(feed);
    fed(&ctx, market.as_ref()).await;
    stage::set(&ctx, &broker).await?;
    let pace = Pace {
        sync: Duration::from_secs(60),
        health: Duration::from_secs(300),
        mark: Duration::from_secs(2),
    };
    let board = Arc::new(Board::new(clock.clone()));
    readiness::expect_all(&board);
    let notary = Arc::new(LocalNotary::new(&keys.journal, &args.data_dir)?);
    let running = Running::start(ctx.clone(), jobs, pace, None, notary).await?;
    board.tell(part::RECOVERY, Ok(()));
    running.own(readiness::watch_core(
        board.clone(),
        ctx.clone(),
        args.data_dir.clone(),
    ));
    running.own(readiness::watch_paper(board.clone(), ctx, broker, market));
    running.own(readiness::watch_bus(board.clone(), clock.clone(), || true));
    running.own(identity::discord::keep(running.ctx.clone(), running.stop.clone()));
    let demo = Demo {
        running,
        world,
        keys,
        http,
        from,
        board,
        bot,
    };
    let result = demo.show(args, listener, (&clock, &random)).await;
    feeding.abort();
    result
}

impl Demo {
    async fn show(
        self,
        args: &DemoArgs,
        listener: TcpListener,
        (clock, random): (&Arc<dyn Clock>, &Arc<dyn Random>),
    ) -> Result<u8> {
        let ctx = self.running.ctx.clone();
        let web = door::open(&ctx, &self.keys, listener, self.board.clone())?;
        let discord = self.discord(&web.url, random);
        let stop_source = CancellationToken::new();
        self.running
            .own(Teller::new(ctx.clone()).run(stop_source.clone()));
        let source = tokio::spawn(discord.clone().run(stop_source.clone()));
        self.running.own(readiness::watch_discord(
            self.board.clone(),
            clock.clone(),
            discord,
        ));
        let login = door::login(&ctx, &web.url).await?;
        let address = alert::address(&ctx, &args.data_dir).await?;
        let places = self.places(&web.url, &login, &address);
        if !args.json {
            welcome(&places)?;
            self.running
                .own(Narrator::new(ctx.clone(), self.from).await?.run());
        }
        if !args.headless && std::io::stdout().is_terminal() {
            open_browser(places.get("login").and_then(Value::as_str).unwrap_or_default());
        }
        let stop_cast = CancellationToken::new();
        let cast = tokio::spawn(cast::run(
            self.world.cast(self.keys.seed, args.speed),
            stop_cast.clone(),
        ));
        let strategy = Strategy {
            ctx: ctx.clone(),
            http: self.http.clone(),
            url: address.url(&web.url),
            quotes: Box::new(self.world.venue.quotes()),
            speed: args.speed,
        };
        let strategy = tokio::spawn(strategy.run(stop_cast.clone()));
        wire::until_stopped(&ctx, args.duration).await;
        stop_cast.cancel();
        let _ = tokio::join!(cast, strategy);
        let code = self.finish(args, &ctx, &places).await;
        stop_source.cancel();
        let _ = source.await;
        web.close(&ctx).await;
        let Self { running, world, .. } = self;
        running.stop().await;
        world.stop().await;
        code
    }

    fn discord(&self, dashboard: &str, random: &Arc<dyn Random>) -> Arc<DiscordSource> {
        let ctx = self.running.ctx.clone();
        let door = self.running.door.clone();
        let counter = Reception::new(ctx.clone(), door.clone(), dashboard);
        let bookmarks = Arc::new(Bookmarks(ctx));
        DiscordSource::new(self.bot.clone(), door, bookmarks, Some(counter), random.clone())
    }

    /// Where everything is, for people and for scripts.
    fn places(&self, dashboard: &str, login: &str, hook: &Address) -> Value {
        let world = self.world.discord.world();
        let providers: Vec<Value> = PROVIDERS
            .iter()
            .map(|p| {
                json!({
                    "name": p.name,
                    "channel": p.channel_name,
                    "channel_id": p.channel.to_string(),
                    "bot_token": world.bot(p.user).map(|b| b.token.clone()),
                })
            })
            .collect();
        let venue = format!("http://{}", self.world.venue.addr());
        let sim = format!("http://{}/sim", self.world.discord.addr());
        json!({
            "dashboard": dashboard,
            "login": login,
            "discord": { "api": self.world.discord.rest_url(), "gateway": self.world.discord.gateway_url(), "providers": providers,
                "person": VISITOR.to_string(), "owner": OWNER.to_string(), "type": format!("{sim}/type"), "press": format!("{sim}/press"),
                "complete": format!("{sim}/complete"), "inbox": format!("{sim}/inbox?user=dana") },
            "webhook": { "provider": Address::provider(), "url": hook.url(dashboard) },
            "market": { "quotes": format!("{venue}/v1/quotes"), "venue": venue },
        })
    }

    /// Lets the market stand still and what is under way settle, then counts and audits.
    async fn finish(&self, args: &DemoArgs, ctx: &Context, places: &Value) -> Result<u8> {
        let audit = args.duration.is_some() || args.json;
        if !audit {
            return Ok(0);
        }
        self.world.venue.freeze();
        // The long part first, so that ledger and rows are looked at moments apart; and a long journal must not use up
        // the time that what is under way has to settle.
        let mut journal = check::Journal::default();
        journal.read_on(ctx).await?;
        let until = ctx.now().plus(SETTLE_MAX);
        let mut looks = 0_u32;
        let (summary, faults) = loop {
            looks += 1;
            journal.read_on(ctx).await?;
            let ledger = self.ledger().await?;
            let faults = check::audit(ctx, &ledger, &journal).await?;
            if faults.is_empty() || (ctx.now() >= until && looks >= LOOKS_MIN) {
                break (Summary::of(&journal.entries), faults);
            }
            ctx.clock
                .sleep_until(ctx.now().plus(Duration::from_millis(150)))
                .await;
        };
        let long = args.duration.is_none_or(|d| d >= Duration::from_secs(20));
        let missing = if long { summary.missing() } else { Vec::new() };
        let ok = faults.is_empty() && missing.is_empty();
        let told = json!({
            "ok": ok,
            "summary": summary,
            "journal_verified": !faults.iter().any(|f| f.contains("journal")),
            "faults": faults,
            "missing": missing,
            "places": places,
        });
        let mut out = std::io::stdout().lock();
        if args.json {
            writeln!(out, "{}", serde_json::to_string_pretty(&told)?)?;
        } else {
            writeln!(
                out,
                "\n{}",
                serde_json::to_string_pretty(told.get("summary").unwrap_or(&Value::Null))?
            )?;
            for fault in told.get("faults").and_then(Value::as_array).into_iter().flatten() {
                writeln!(out, "FAULT {fault}")?;
            }
            for what in &missing {
                writeln!(out, "not seen in this run: {what}")?;
            }
        }
        Ok(u8::from(!ok))
    }

    async fn ledger(&self) -> Result<Value> {
        let url = format!("http://{}/v1/ledger", self.world.venue.addr());
        let answer = self
            .http
            .get(url)
            .bearer_auth(&self.keys.venue_admin)
            .send()
            .await?;
        answer
            .error_for_status()?
            .json()
            .await
            .context("the venue's ledger")
    }
}

fn welcome(places: &Value) -> Result<()> {
    let text = |pointer: &str| places.pointer(pointer).and_then(Value::as_str).unwrap_or("");
    let mut out = std::io::stdout().lock();
    writeln!(out, "Ordercast demo: simulated market, no real orders.")?;
    writeln!(out)?;
    writeln!(out, "  Dashboard, logged in once   {}", text("/login"))?;
    let way_in = format!("{}/api/v1/auth/discord", text("/dashboard"));
    writeln!(out, "  Log in with its Discord     {way_in}")?;
    writeln!(out, "  Simulated Discord           {}", text("/discord/api"))?;
    writeln!(out, "  Market quotes               {}", text("/market/quotes"))?;
    writeln!(out)?;
    writeln!(
        out,
        "  Post as a provider with Discord's ordinary REST calls, Authorization: Bot <token>:"
    )?;
    for provider in places
        .pointer("/discord/providers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let field = |name: &str| provider.get(name).and_then(Value::as_str).unwrap_or("");
        let (name, channel) = (field("name"), field("channel"));
        writeln!(
            out,
            "  {name:<16} #{channel:<14} {}  {}",
            field("channel_id"),
            field("bot_token")
        )?;
    }
    writeln!(out)?;
    writeln!(
        out,
        "  Post through the webhook of {}, as TradingView does:",
        text("/webhook/provider")
    )?;
    writeln!(
        out,
        r#"  curl -d '{{"ticker":"AAPL","action":"buy","type":"market"}}' {}"#,
        text("/webhook/url")
    )?;
    writeln!(out)?;
    commands(&mut out, &text)?;
    writeln!(
        out,
        "  Ctrl-C stops; starting again goes on; --fresh starts over."
    )?;
    writeln!(out)?;
    Ok(())
}

/// How to play a person in the simulated Discord.
fn commands<'a>(out: &mut impl Write, text: &impl Fn(&str) -> &'a str) -> Result<()> {
    writeln!(
        out,
        "  Type a command as Dana, who is you (dave, mei and otto are not linked with an account yet):"
    )?;
    let (kind, press) = (text("/discord/type"), text("/discord/press"));
    writeln!(
        out,
        "  curl -d '{{\"user\":\"dana\",\"text\":\"/buy symbol:AAPL quantity:5\"}}' {kind}"
    )?;
    writeln!(
        out,
        "  curl -d '{{\"user\":\"dana\",\"message\":\"ID OF THE ANSWER\",\"button\":\"Confirm\"}}' {press}"
    )?;
    writeln!(out, "  curl {}    her private messages", text("/discord/inbox"))?;
    writeln!(out)?;
    Ok(())
}

/// Opens the system's browser when there is one; a demo without one is as good.
fn open_browser(url: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let quiet = std::process::Stdio::null;
    let started = std::process::Command::new(opener)
        .arg(url)
        .stdin(quiet())
        .stdout(quiet())
        .stderr(quiet())
        .spawn();
    if let Err(error) = started {
        tracing::debug!(%error, "no browser opened");
    }
}

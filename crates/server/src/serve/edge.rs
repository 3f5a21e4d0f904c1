//! Builds what talks to the outside from the configuration: vault, bus, venues, the settings of the HTTP side.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::{Result, anyhow};
use ordercast_adapters::{
    bus::{LocalBus, RedisBus},
    discord::{Desk, DiscordBot, DiscordConfig, DiscordInlet, DiscordPortal},
    meter::{Budget, RedisLog},
    paper::PaperMarket,
    vault::LocalVault,
};
use ordercast_app::{
    context::{Context, Ports},
    lane::Jobs,
    lend::Accounts,
    oauth::Authorities,
    strain,
};
use ordercast_model::{
    ports::{
        BoxFuture,
        allowance::Strain,
        broker::Broker,
        bus::Bus,
        chat::{Chat, NoChat},
        clock::{Clock, Random},
        oauth::{Authority, Portal},
        store::Store,
        vault::Vault,
    },
    secret::Secret,
};
use ordercast_rules::risk;
use ordercast_web::{
    WebConfig,
    config::{Version, key_id},
};
use tokio::sync::mpsc;

use super::{keys::Keys, venue::Venues};
use crate::{
    commands::show::VERSION,
    config::{Config, Mode, broker::ALPACA, hidden::Hidden},
    wire,
};

/// A request that takes longer is answered with 503.
const REQUEST_MAX: Duration = Duration::from_secs(15);
/// Keeps several deployments on one Redis apart from other programs.
const CHANNEL: &str = "ordercast:hints";
const COUNTS: &str = "ordercast:counts";

/// The parts that talk to the outside.
pub struct Edge {
    /// Ports and settings.
    pub ctx: Context,
    /// The queue of the lanes.
    pub jobs: Jobs,
    /// The vault and where its keys come from.
    pub keys: Keys,
    /// The paper venue, when enabled.
    pub paper: Option<(Arc<dyn Broker>, Arc<PaperMarket>)>,
    /// The bot, when there is one.
    pub bot: Option<Arc<DiscordBot>>,
    /// Where Discord posts, and where that is answered, when it may post.
    pub inlet: Option<(Arc<DiscordInlet>, Desk)>,
    /// The bus between processes, when there is one.
    pub redis: Option<Arc<RedisBus>>,
    /// What must run for them to work.
    pub feeds: Vec<BoxFuture<'static, ()>>,
}

/// Builds them. Nothing is asked of anybody yet.
///
/// # Errors
/// When a setting cannot be used.
pub fn build(
    config: &Config,
    store: Arc<dyn Store>,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Edge> {
    let http = wire::http()?;
    let mut feeds: Vec<BoxFuture<'static, ()>> = Vec::new();
    let keys = keys(config, &store, clock, random)?;
    let (bus, redis): (Arc<dyn Bus>, _) = match &config.bus.redis_url {
        None => (Arc::new(LocalBus::new()), None),
        Some(url) => {
            let (bus, carrier) = RedisBus::connect(url.secret(), CHANNEL, clock.clone(), random.clone())?;
            feeds.push(carrier);
            (bus.clone(), Some(bus))
        }
    };
    let vault: Arc<dyn Vault> = keys.vault.clone();
    let (budget, strained) = budget(config, clock, random.as_ref())?;
    let mut venues = Venues::new(http.clone(), clock.clone(), random.clone());
    venues.paper(&config.brokers)?;
    let lender = Arc::new(Accounts::new(store.clone(), vault.clone(), clock.clone()));
    venues.alpaca(&config.brokers, &budget, lender)?;
    let authorities = Authorities {
        portal: portal(config, http.clone())?,
        brokers: authorities(config, &http)?,
    };
    let bot = bot(config, http.clone(), clock)?;
    let chat: Arc<dyn Chat> = match &bot {
        Some(bot) => bot.clone(),
        None => Arc::new(NoChat),
    };
    let inlet = bot.as_ref().zip(config.discord.public_key);
    let inlet = inlet.map(|(bot, key)| DiscordInlet::new(bot, key));
    let (ctx, jobs) = Context::new(Ports {
        store,
        clock: clock.clone(),
        random: random.clone(),
        vault,
        brokers: venues.brokers,
        markets: venues.markets,
        bus,
        chat,
        rules: risk::rule_set()?,
        platform_caps: config.caps.clone(),
        live_trading: config.trading.live,
    });
    let ctx = ctx.sending(authorities);
    feeds.append(&mut venues.feeds);
    feeds.push(Box::pin(strain::run(ctx.clone(), strained)));
    Ok(Edge {
        ctx,
        jobs,
        keys,
        paper: venues.paper,
        bot,
        inlet,
        redis,
        feeds,
    })
}

/// What may be asked of vendors; counted together with other processes where there is a bus between them.
fn budget(
    config: &Config,
    clock: &Arc<dyn Clock>,
    random: &dyn Random,
) -> Result<(Budget, mpsc::Receiver<Strain>)> {
    let shared = match &config.bus.redis_url {
        None => None,
        Some(url) => Some(RedisLog::new(url.secret(), COUNTS, clock.clone(), random)?),
    };
    Ok(Budget::new(clock.clone(), config.trading.headroom, shared))
}

/// The vault on the keys as they stand now where they are configured.
fn keys(
    config: &Config,
    store: &Arc<dyn Store>,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Keys> {
    let source = config.keys.master.clone();
    let source = source.ok_or_else(|| anyhow!("ORDERCAST_MASTER_KEYS is not set"))?;
    let given = source.read().map_err(|why| anyhow!(why))?;
    let vault = LocalVault::new(given.clone(), store.clone(), clock.clone(), random.clone());
    Ok(Keys {
        vault: Arc::new(vault),
        source,
        given,
    })
}

/// Login with Discord, where the program is registered for it.
fn portal(config: &Config, http: reqwest::Client) -> Result<Option<Arc<dyn Portal>>> {
    let Some(login) = &config.discord.login else {
        return Ok(None);
    };
    let portal = DiscordPortal::new(&config.discord.api_base, login.registration(), http)?;
    Ok(Some(Arc::new(portal)))
}

/// Brokers on whose page people connect, where the program is registered for it.
fn authorities(config: &Config, http: &reqwest::Client) -> Result<BTreeMap<String, Arc<dyn Authority>>> {
    let mut all: BTreeMap<String, Arc<dyn Authority>> = BTreeMap::new();
    if config.brokers.has(ALPACA)
        && let Some(alpaca) = config
            .brokers
            .alpaca
            .authority(&config.server.public_url, http.clone())?
    {
        all.insert(ALPACA.to_owned(), Arc::new(alpaca));
    }
    Ok(all)
}

/// The bot, when there is a token.
fn bot(config: &Config, http: reqwest::Client, clock: &Arc<dyn Clock>) -> Result<Option<Arc<DiscordBot>>> {
    let Some(token) = &config.discord.bot_token else {
        return Ok(None);
    };
    let settings = DiscordConfig {
        api_base: (!config.discord.is_vendor()).then(|| config.discord.api_base.clone()),
        ..DiscordConfig::new(token.secret().clone())
    };
    Ok(Some(DiscordBot::new(&settings, http, clock.clone())?))
}

/// The settings of the HTTP side.
///
/// # Errors
/// When a key is missing.
pub(super) fn web_config(config: &Config) -> Result<WebConfig> {
    let given = |keys: &[Hidden<Vec<u8>>], name: &str| -> Result<Vec<Secret<Vec<u8>>>> {
        if keys.is_empty() {
            return Err(anyhow!("{name} is not set"));
        }
        Ok(keys.iter().map(|key| key.secret().clone()).collect())
    };
    let socket_keys = given(&config.keys.socket_keys, "ORDERCAST_SOCKET_KEY")?;
    Ok(WebConfig {
        origins: config.server.allowed_origins.clone(),
        secure: config.server.is_secure(),
        trusted_proxies: config.server.trusted_proxies.clone(),
        csrf_keys: given(&config.keys.session_keys, "ORDERCAST_SESSION_KEY")?,
        socket_keys: socket_keys.into_iter().map(|key| (key_id(&key), key)).collect(),
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

//! The demo's adapters: the paper venue over its own protocol, the vault under a throw-away key, a bus in this process.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::{Result, anyhow};
use ordercast_adapters::{
    bus::LocalBus,
    discord::{DiscordBot, DiscordConfig, DiscordPortal},
    oauth::Registration,
    paper::{PaperBroker, PaperConfig, PaperMarket},
    vault::{LocalVault, MasterKeys},
};
use ordercast_app::{
    context::{Context, Ports},
    lane::Jobs,
    oauth::Authorities,
};
use ordercast_model::{
    limits::Caps,
    ports::{
        broker::Broker,
        clock::{Clock, Random},
        market::Market,
    },
    secret::Secret,
};
use ordercast_rules::risk;
use ordercast_sim::{cast::LISTENER, discord::OauthApp};

use super::world::{Keys, World};
use crate::config::discord::CALLBACK;

type Feed = ordercast_model::ports::BoxFuture<'static, ()>;

/// What stands between the program and the demo's world.
pub struct Edge {
    /// Use cases.
    pub ctx: Context,
    /// What the lanes are fed from.
    pub jobs: Jobs,
    /// Keeps quotes coming; to be spawned.
    pub feed: Feed,
    /// The bot that listens and answers.
    pub bot: Arc<DiscordBot>,
    /// The paper venue, for orders.
    pub broker: Arc<dyn Broker>,
    /// The paper venue, for quotes.
    pub market: Arc<PaperMarket>,
}

/// Builds it.
///
/// # Errors
/// When a key or an address is malformed.
pub fn edge(
    world: &World,
    keys: &Keys,
    (http, dashboard): (&reqwest::Client, &str),
    store: Arc<dyn ordercast_model::ports::store::Store>,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Edge> {
    let config = PaperConfig {
        admin_key: Some(Secret::new(keys.venue_admin.clone())),
        shorting: true,
        ..PaperConfig::new(format!("http://{}", world.venue.addr()))
    };
    let broker: Arc<dyn Broker> = Arc::new(PaperBroker::new(
        &config,
        http.clone(),
        clock.clone(),
        random.clone(),
    )?);
    let (market, feed) = PaperMarket::connect(&config, http.clone(), clock.clone(), random.clone())?;
    let master: [u8; 32] = hex::decode(&keys.master)?
        .try_into()
        .map_err(|_| anyhow!("demo.json: master: expected 64 hex digits"))?;
    let vault = LocalVault::new(
        MasterKeys::single(Secret::new(master)),
        store.clone(),
        clock.clone(),
        random.clone(),
    );
    let bot = bot(world, http.clone(), clock)?;
    let quotes: Arc<dyn Market> = market.clone();
    let (ctx, jobs) = Context::new(Ports {
        store,
        clock: clock.clone(),
        random: random.clone(),
        vault: Arc::new(vault),
        brokers: BTreeMap::from([("paper".to_owned(), broker.clone())]),
        markets: BTreeMap::from([("paper".to_owned(), quotes)]),
        bus: Arc::new(LocalBus::new()),
        chat: bot.clone(),
        rules: risk::rule_set()?,
        platform_caps: Caps::default(),
        live_trading: false,
    });
    let ctx = ctx.sending(Authorities {
        portal: Some(Arc::new(portal(world, random.as_ref(), http.clone(), dashboard)?)),
        ..Authorities::default()
    });
    Ok(Edge {
        ctx,
        jobs,
        feed,
        bot,
        broker,
        market,
    })
}

/// Login with the simulated Discord, which is told of the program first.
fn portal(
    world: &World,
    random: &dyn Random,
    http: reqwest::Client,
    dashboard: &str,
) -> Result<DiscordPortal> {
    let mut secret = [0_u8; 32];
    random.fill(&mut secret);
    let registration = Registration {
        client_id: LISTENER.to_string(),
        // Neither end keeps it: it is drawn anew with each start.
        client_secret: Secret::new(hex::encode(secret)),
        redirect_uri: format!("{dashboard}{CALLBACK}"),
    };
    world.discord.register(OauthApp {
        client_id: registration.client_id.clone(),
        client_secret: registration.client_secret.expose().clone(),
        redirect_uris: vec![registration.redirect_uri.clone()],
    });
    Ok(DiscordPortal::new(&world.discord.rest_url(), registration, http)?)
}

/// The bot of the simulated Discord that listens.
fn bot(world: &World, http: reqwest::Client, clock: &Arc<dyn Clock>) -> Result<Arc<DiscordBot>> {
    let cast = world.discord.world();
    let token = cast
        .bot(LISTENER)
        .map(|b| b.token.clone())
        .ok_or_else(|| anyhow!("the cast has no listener"))?;
    let config = DiscordConfig {
        api_base: Some(world.discord.rest_url()),
        gateway_base: Some(world.discord.gateway_url()),
        ..DiscordConfig::new(Secret::new(token))
    };
    Ok(DiscordBot::new(&config, http, clock.clone())?)
}

/// Waits, for at most two seconds, until quotes arrive.
pub async fn fed(ctx: &Context, market: &dyn Market) {
    let until = ctx.now().plus(Duration::from_secs(2));
    let spy = ordercast_model::instrument::Instrument::Equity {
        symbol: "SPY".to_owned(),
    };
    while market.latest(&spy).is_none() && ctx.now() < until {
        ctx.clock
            .sleep_until(ctx.now().plus(Duration::from_millis(10)))
            .await;
    }
}

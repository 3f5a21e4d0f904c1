//! What is outside this machine, or a process of its own: Redis, Discord, venues. Asks only what changes nothing.

use std::time::Duration;

use ordercast_adapters::{
    bus::RedisBus,
    discord::{self, DiscordConfig},
};
use reqwest::StatusCode;

use super::{Item, Tools};
use crate::config::broker::{ALPACA, CALLBACK, PAPER};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn redis(tools: &Tools) -> Item {
    const REMEDY: &str = "start Redis or correct REDIS_URL; one process works without it, several do not";
    let Some(url) = &tools.config.bus.redis_url else {
        return Item::ok("redis", "not used: one process only");
    };
    let made = RedisBus::connect(
        url.secret(),
        "ordercast",
        tools.clock.clone(),
        tools.random.clone(),
    );
    let (bus, carrier) = match made {
        Ok(made) => made,
        Err(error) => return Item::fault("redis", error.to_string(), REMEDY),
    };
    let until = tools.clock.now().plus(PATIENCE);
    let up = async {
        while !bus.is_up() && tools.clock.now() < until {
            tools
                .clock
                .sleep_until(tools.clock.now().plus(Duration::from_millis(20)))
                .await;
        }
    };
    tokio::select! {
        () = up => {}
        () = carrier => {}
    }
    if bus.is_up() {
        Item::ok("redis", "answers")
    } else {
        Item::fault("redis", "does not answer", REMEDY)
    }
}

pub(super) async fn discord(tools: &Tools) -> Item {
    const REMEDY: &str = "see the bot's page in Discord's developer portal, and DISCORD_BOT_TOKEN";
    let Some(token) = &tools.config.discord.bot_token else {
        return Item::warning(
            "discord",
            "no bot token: no messages are read",
            "set DISCORD_BOT_TOKEN",
        );
    };
    let config = DiscordConfig {
        api_base: Some(tools.config.discord.api_base.clone()),
        ..DiscordConfig::new(token.secret().clone())
    };
    match discord::examine(&config, tools.http.clone(), tools.clock.clone()).await {
        Ok(()) => Item::ok("discord", "the token is a bot's, and it may read messages"),
        Err(why) => Item::fault("discord", why, REMEDY),
    }
}

pub(super) fn interactions(tools: &Tools) -> Item {
    const NAME: &str = "discord interactions";
    const REMEDY: &str = "put the program behind https and set ORDERCAST_PUBLIC_URL";
    let config = &tools.config;
    if config.discord.public_key.is_none() {
        let found = "DISCORD_PUBLIC_KEY is not set: people are answered over the gateway only, and \
                     /api/v1/discord/interactions answers 404";
        return Item::ok(NAME, found);
    }
    let url = format!("{}/api/v1/discord/interactions", config.server.public_url);
    if config.server.is_secure() {
        Item::ok(NAME, format!("taken by HTTP at {url}"))
    } else {
        let found = format!("Discord posts to https addresses only, not to {url}");
        Item::warning(NAME, found, REMEDY)
    }
}

pub(super) fn login(tools: &Tools) -> Item {
    const NAME: &str = "discord login";
    let Some(login) = &tools.config.discord.login else {
        let found = "DISCORD_CLIENT_ID is not set: nobody can log in with Discord";
        let remedy =
            "set DISCORD_CLIENT_ID and DISCORD_CLIENT_SECRET as the developer portal shows them under OAuth2";
        return Item::warning(NAME, found, remedy);
    };
    let found = format!(
        "set up; the developer portal must name {} under OAuth2, Redirects, letter by letter",
        login.redirect_uri
    );
    Item::ok(NAME, found)
}

pub(super) fn alpaca_oauth(tools: &Tools) -> Option<Item> {
    let config = &tools.config;
    if !config.brokers.has(ALPACA) || !config.brokers.alpaca.has_oauth() {
        return None;
    }
    let found = format!(
        "people may connect on Alpaca's page; the OAuth app there must name {}{CALLBACK} as redirect, letter by letter",
        config.server.public_url
    );
    Some(Item::ok("alpaca oauth", found))
}

pub(super) async fn paper(tools: &Tools) -> Option<Item> {
    const REMEDY: &str = "start the venue (`ordercast sim venue --config FILE`), or correct PAPER_VENUE_BASE";
    let brokers = &tools.config.brokers;
    if !brokers.enabled.iter().any(|code| code == PAPER) {
        return None;
    }
    let base = brokers.paper_venue_base.as_ref()?;
    let ask = tools
        .http
        .get(format!("{base}/v1/clock"))
        .timeout(PATIENCE)
        .send()
        .await;
    let answered = ask.is_ok_and(|answer| answer.status().is_success());
    if !answered {
        return Some(Item::fault(
            "broker paper",
            format!("{base} does not answer"),
            REMEDY,
        ));
    }
    let Some(key) = brokers.admin_key() else {
        let found = format!("{base} answers; without PAPER_VENUE_ADMIN_KEY no accounts are opened");
        return Some(Item::warning(
            "broker paper",
            found,
            "set it to the venue's admin key",
        ));
    };
    let ask = tools
        .http
        .get(format!("{base}/v1/accounts"))
        .bearer_auth(key.expose())
        .timeout(PATIENCE)
        .send()
        .await;
    Some(match ask.map(|answer| answer.status()) {
        Ok(StatusCode::OK) => Item::ok("broker paper", format!("{base} answers and takes the admin key")),
        Ok(StatusCode::UNAUTHORIZED) => {
            let remedy = "set PAPER_VENUE_ADMIN_KEY to the venue's admin key";
            Item::fault("broker paper", format!("{base} refuses the admin key"), remedy)
        }
        Ok(status) => Item::fault("broker paper", format!("{base} answers HTTP {status}"), REMEDY),
        Err(_) => Item::fault("broker paper", format!("{base} does not answer"), REMEDY),
    })
}

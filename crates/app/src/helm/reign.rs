//! Taking the helm and keeping it: who waits for a silent holder counts by its own clock, so that no wall clock decides.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use ordercast_model::{
    ports::{
        helm::{Errand, Stand},
        store::StoreError,
    },
    tenant::TenantScope,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{BEAT_EVERY, Helmsman, SILENCE, errand};
use crate::context::Context;

/// An errand, and whether it was certainly left in this reign.
type Left = (Errand, bool);

/// What one that waits for the helm has seen of its holder.
#[derive(Debug, Default)]
pub struct Candidate {
    seen: Option<(Stand, Duration)>,
}

/// The helm, held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reign {
    /// Its number.
    pub fence: u64,
    /// It was taken from one that was silent and may live.
    pub ousted: bool,
}

impl Helmsman {
    /// Takes the helm when nobody holds it, its holder is dead, or it was silent for [`SILENCE`]. None otherwise. The one
    /// that took it reads the switches, and compares every connection with its venue, before it begins.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn try_take(&self, candidate: &mut Candidate) -> Result<Option<Reign>, StoreError> {
        let Some(shared) = self.shared.get() else {
            return Ok(None);
        };
        let stand = shared.helm.look().await?;
        let now = self.clock.monotonic();
        let same = |seen: &Stand| (seen.fence, seen.beats) == (stand.fence, stand.beats);
        let since = match &candidate.seen {
            Some((seen, since)) if same(seen) => *since,
            _ => {
                candidate.seen = Some((stand.clone(), now));
                now
            }
        };
        let own = stand.holder == shared.name;
        let silent = now.saturating_sub(since) >= SILENCE;
        if !(own || silent || self.is_gone(shared, &stand)) {
            return Ok(None);
        }
        let began = self.clock.monotonic();
        let Some(taken) = shared.helm.take(&shared.name, &stand).await? else {
            return Ok(None);
        };
        self.permit_from(began);
        candidate.seen = None;
        let ousted = silent && !own && !self.is_gone(shared, &stand);
        tracing::info!(fence = taken.fence, before = stand.holder, ousted, "the helm is taken");
        Ok(Some(Reign {
            fence: taken.fence,
            ousted,
        }))
    }

    /// From now on jobs for lanes are this process's own.
    pub fn steer(&self) {
        self.steering.store(true, std::sync::atomic::Ordering::SeqCst);
    }

    /// Beats until the helm is lost or the token is cancelled, takes errands, and is bound by switches when it is called
    /// on. When it returns without the token, this process may send nothing any more.
    pub async fn keep(&self, ctx: &Context, reign: Reign, wake: &Notify, stop: &CancellationToken) {
        let (errands, left) = (Mutex::new(VecDeque::new()), Notify::new());
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = self.beats(ctx, reign, wake, (&errands, &left)) => self.lapse(),
            () = run_errands(ctx, &errands, &left) => {}
        }
    }

    async fn beats(
        &self,
        ctx: &Context,
        reign: Reign,
        wake: &Notify,
        (errands, left): (&Mutex<VecDeque<Left>>, &Notify),
    ) {
        let Some(shared) = self.shared.get() else {
            return;
        };
        let (mut bound, mut fresh) = (0, false);
        loop {
            let began = self.clock.monotonic();
            match shared.helm.beat(reign.fence, bound).await {
                Ok(Some((stand, new))) => {
                    self.permit_from(began);
                    if !new.is_empty() {
                        let new = new.into_iter().map(|errand| (errand, fresh));
                        errands.lock().unwrap_or_else(PoisonError::into_inner).extend(new);
                        left.notify_one();
                    }
                    fresh = true;
                    if stand.calls > bound && bind_here(ctx).await {
                        bound = stand.calls;
                        continue;
                    }
                }
                Ok(None) => {
                    tracing::error!(fence = reign.fence, "the helm is lost: nothing more is sent");
                    return;
                }
                Err(error) => tracing::warn!(%error, "a beat of the helm was not answered"),
            }
            let again = self.clock.sleep_until(self.clock.now().plus(BEAT_EVERY));
            tokio::select! {
                biased;
                () = wake.notified() => {}
                () = again => {}
            }
        }
    }

    /// Gives the helm back: whoever waits need not wait for silence. To be called when nothing is sent any more.
    pub async fn release(&self, reign: Reign) {
        self.lapse();
        if let Some(shared) = self.shared.get()
            && let Err(error) = shared.helm.release(reign.fence).await
        {
            tracing::warn!(%error, "the helm was not given back; another process waits until it is silent");
        }
    }
}

/// Takes in every switch that stands in the store, and waits until nothing that one covers is being sent.
async fn bind_here(ctx: &Context) -> bool {
    if let Err(error) = ctx.switchboard.reload(ctx.store.as_ref()).await {
        tracing::warn!(%error, "switches not read again");
        return false;
    }
    for switch in ctx.switchboard.all() {
        ctx.switchboard.wait_for_landing(&switch).await;
    }
    true
}

/// Hands errands to their lanes, beside the beats: a queue that is full must not silence them.
async fn run_errands(ctx: &Context, errands: &Mutex<VecDeque<Left>>, left: &Notify) {
    loop {
        let next = errands.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some((next, fresh)) = next else {
            left.notified().await;
            continue;
        };
        if let Some(job) = errand::taken(&ctx.wire, &next, fresh) {
            ctx.lanes.push(TenantScope::of_user(&next), next.connection_id, job).await;
        }
    }
}

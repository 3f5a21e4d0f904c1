//! Taking the helm and keeping it: who waits for a silent holder counts by its own clock, so that no wall clock decides.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
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

use super::{BEAT_EVERY, Helmsman, PERMIT, SILENCE, errand};
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
        tracing::info!(
            fence = taken.fence,
            before = stand.holder,
            ousted,
            "the helm is taken"
        );
        Ok(Some(Reign {
            fence: taken.fence,
            ousted,
        }))
    }

    /// From now on jobs for lanes are this process's own.
    pub fn steer(&self) {
        self.steering.store(true, Ordering::SeqCst);
    }

    /// From now on jobs for lanes are left for whoever holds the helm next; this process may still send what it began.
    pub fn rest(&self) {
        self.steering.store(false, Ordering::SeqCst);
    }

    /// Beats until the helm is lost or the token is cancelled, takes errands, and is bound by switches when it is called
    /// on. When it returns without the token, this process may send nothing any more.
    pub async fn keep(&self, ctx: &Context, reign: Reign, wake: &Notify, stop: &CancellationToken) {
        let desk = Desk::default();
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = self.beats(reign, wake, &desk) => self.lapse(),
            () = desk.bind(ctx) => {}
            () = desk.run(ctx) => {}
        }
    }

    async fn beats(&self, reign: Reign, wake: &Notify, desk: &Desk) {
        let Some(shared) = self.shared.get() else {
            return;
        };
        // What waits at the first beat may have been left in another reign.
        let mut fresh = false;
        loop {
            let began = self.clock.monotonic();
            let bound = desk.bound.load(Ordering::SeqCst);
            let late = self.clock.sleep_until(self.clock.now().plus(PERMIT));
            let beat = tokio::select! {
                biased;
                beat = shared.helm.beat(reign.fence, bound) => beat,
                () = late => Err(StoreError::Unavailable("no answer in time".to_owned())),
            };
            match beat {
                Ok(Some((stand, errands))) => {
                    self.permit_from(began);
                    desk.take(errands, fresh);
                    fresh = true;
                    if stand.calls > bound {
                        desk.call(stand.calls);
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
                () = desk.soon.notified() => {}
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

/// What the beats brought, and who deals with it beside them: neither a full queue nor a send that lands late may silence
/// the holder.
#[derive(Debug, Default)]
struct Desk {
    errands: Mutex<VecDeque<Left>>,
    left: Notify,
    /// The newest call, and the last one this process is bound by.
    called: AtomicU64,
    bound: AtomicU64,
    asked: Notify,
    soon: Notify,
}

impl Desk {
    fn take(&self, errands: Vec<Errand>, fresh: bool) {
        if !errands.is_empty() {
            let mut waiting = self.errands.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.extend(errands.into_iter().map(|errand| (errand, fresh)));
            self.left.notify_one();
        }
    }
    fn call(&self, call: u64) {
        self.called.store(call, Ordering::SeqCst);
        self.asked.notify_one();
    }
    /// Takes in every switch that stands in the store, waits until nothing that one covers is being sent, and has it
    /// told with the next beat, at once.
    async fn bind(&self, ctx: &Context) {
        loop {
            self.asked.notified().await;
            let call = self.called.load(Ordering::SeqCst);
            if let Err(error) = ctx.switchboard.reload(ctx.store.as_ref()).await {
                tracing::warn!(%error, "switches not read again");
                continue;
            }
            for switch in ctx.switchboard.all() {
                ctx.switchboard.wait_for_landing(&switch).await;
            }
            self.bound.fetch_max(call, Ordering::SeqCst);
            self.soon.notify_one();
        }
    }
    /// Hands errands to their lanes, once there are some.
    async fn run(&self, ctx: &Context) {
        loop {
            if !ctx.helmsman.is_steering() {
                ctx.clock.sleep_until(ctx.now().plus(BEAT_EVERY)).await;
                continue;
            }
            let next = self
                .errands
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop_front();
            let Some((next, fresh)) = next else {
                self.left.notified().await;
                continue;
            };
            if let Some(job) = errand::taken(&ctx.wire, &next, fresh) {
                ctx.lanes
                    .push(TenantScope::of_user(&next), next.connection_id, job)
                    .await;
            }
        }
    }
}

//! Decides and sends while this process holds the helm, and waits for it otherwise. Several processes may share a
//! PostgreSQL; what one that dies or hangs leaves behind is taken up by the next, after a comparison with every venue.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use ordercast_app::{
    context::Context,
    helm::{Candidate, Reign},
    lane::{self, Jobs},
    mark,
    pipeline::Pipeline,
    timer, vigil,
};
use ordercast_model::ports::{bus::Hint, lease::Leadership};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::run::{DRAIN, Pace, listen};

/// How often a process that does not hold the helm looks at it.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Roles that go with the helm: whoever took it from a holder that hangs takes these too.
const ROLES: [&str; 4] = ["sequencer", "verifier", "discord", "genesis"];

/// Everything that decides and sends.
pub(crate) struct Steering {
    pub(crate) ctx: Context,
    pub(crate) jobs: Jobs,
    pub(crate) pace: Pace,
    /// A message waits for the pipeline.
    pub(crate) wake: Arc<Notify>,
    /// A switch changed or an errand was left.
    pub(crate) called: Arc<Notify>,
    pub(crate) leadership: Option<Arc<dyn Leadership>>,
    /// Owns the beats: they go on until everything else has ended.
    pub(crate) scribes: TaskTracker,
    pub(crate) last: CancellationToken,
}

impl Steering {
    /// Decides and sends until stopped, whenever this process holds the helm; for ever when it is alone. `begun` is told
    /// once it is known which of both it is, and every connection is on its way to its venue.
    pub(crate) async fn run(
        mut self,
        stop: CancellationToken,
        begun: tokio::sync::oneshot::Sender<Result<()>>,
    ) {
        let mut begun = Some(begun);
        if !self.ctx.helmsman.is_shared() {
            return self.work(&stop, &mut begun).await;
        }
        let mut candidate = Candidate::default();
        while !stop.is_cancelled() {
            match self.ctx.helmsman.try_take(&mut candidate).await {
                Ok(Some(reign)) => self.reign(reign, &stop, &mut begun).await,
                Ok(None) => self.stand_by(&stop, &mut begun).await,
                Err(error) => {
                    tracing::warn!(%error, "the helm could not be asked for");
                    self.stand_by(&stop, &mut None).await;
                }
            }
        }
    }

    /// Passes on what this process hears to the one that holds the helm, for a moment.
    async fn stand_by(&self, stop: &CancellationToken, begun: &mut Option<Begun>) {
        tell(begun, Ok(()));
        let ctx = &self.ctx;
        timer::stand_by(ctx).await;
        let again = ctx.clock.sleep_until(ctx.now().plus(LOOK_EVERY));
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = self.wake.notified() => ctx.bus.tell(Hint::ErrandLeft),
            () = ctx.backlog.woken() => ctx.bus.tell(Hint::ErrandLeft),
            () = again => {}
        }
    }

    async fn reign(&mut self, reign: Reign, stop: &CancellationToken, begun: &mut Option<Begun>) {
        let ctx = self.ctx.clone();
        // Whoever held it before may have sent until now.
        ctx.wire.begin_again(ctx.clock.monotonic());
        let held = stop.child_token();
        self.scribes.spawn(beat(
            ctx.clone(),
            reign,
            self.called.clone(),
            held.clone(),
            self.last.clone(),
        ));
        if let (true, Some(leadership)) = (reign.ousted, &self.leadership) {
            for role in ROLES {
                if let Err(error) = leadership.free(role).await {
                    tracing::warn!(role, %error, "the role stays with a process that hangs");
                }
            }
        }
        // What another process stopped until now binds this one before it sends.
        while let Err(error) = ctx.switchboard.reload(ctx.store.as_ref()).await {
            tracing::warn!(%error, "switches not read");
            tokio::select! {
                biased;
                () = held.cancelled() => return,
                () = ctx.clock.sleep_until(ctx.now().plus(LOOK_EVERY)) => {}
            }
        }
        if !held.is_cancelled() {
            ctx.helmsman.steer();
            self.work(&held, begun).await;
        }
        ctx.helmsman.rest();
        self.jobs.leave(&ctx).await;
    }

    /// Lanes, then a comparison of every connection with its venue; only then decisions. Until the token is cancelled.
    async fn work(&mut self, stop: &CancellationToken, begun: &mut Option<Begun>) {
        let ctx = &self.ctx;
        let tasks = TaskTracker::new();
        let lanes = lane::steer(ctx.clone(), &mut self.jobs, stop.clone(), DRAIN);
        let rest = async {
            match timer::sync_all(ctx).await {
                Ok(()) => tell(begun, Ok(())),
                // At the start that is told; later it is tried again with the rest.
                Err(error) => tell(begun, Err(error.into())),
            }
            tasks.spawn(Pipeline::new(ctx.clone(), self.wake.clone()).run(stop.clone()));
            tasks.spawn(timer::run(ctx.clone(), stop.clone()));
            tasks.spawn(vigil::run(ctx.clone(), stop.clone()));
            tasks.spawn(timer::sync(ctx.clone(), self.pace.sync, stop.clone()));
            tasks.spawn(timer::health(ctx.clone(), self.pace.health, stop.clone()));
            tasks.spawn(mark::run(ctx.clone(), self.pace.mark, stop.clone()));
            tasks.spawn(listen(ctx.clone(), stop.clone()));
            tasks.close();
            tasks.wait().await;
        };
        futures::join!(lanes, rest);
    }
}

type Begun = tokio::sync::oneshot::Sender<Result<()>>;

fn tell(begun: &mut Option<Begun>, how: Result<()>) {
    if let Some(begun) = begun.take() {
        // Whoever started this has given up: nobody is to be told.
        let _ = begun.send(how);
    }
}

/// Beats until the helm is lost, which ends the reign, or everything else has ended; then the helm is given back.
async fn beat(
    ctx: Context,
    reign: Reign,
    called: Arc<Notify>,
    held: CancellationToken,
    last: CancellationToken,
) {
    ctx.helmsman.keep(&ctx, reign, &called, &last).await;
    held.cancel();
    if last.is_cancelled() {
        ctx.helmsman.release(reign).await;
    }
}

//! Of the processes that share a store one holds the helm: it alone decides on signals and sends. It may send for a few
//! seconds after each beat, by the clock that nobody sets; whoever is silent for longer loses it. Knows no task and no SQL.

mod bind;
mod errand;
mod reign;

use std::{
    pin::pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::Poll,
    time::Duration,
};

use ordercast_model::ports::{
    bus::{Bus, Hint},
    clock::{Clock, Random},
    helm::Helm,
};

pub use self::reign::{Candidate, Reign};

/// For how long after the beginning of an answered beat the holder may send.
pub const PERMIT: Duration = Duration::from_secs(4);
/// For how long a holder must be silent before another takes the helm, by the other's own clock. Longer than [`PERMIT`].
pub const SILENCE: Duration = Duration::from_secs(6);
/// How often the holder beats.
const BEAT_EVERY: Duration = Duration::from_millis(250);
/// A permit without an end.
const FOR_EVER: u64 = u64::MAX;

/// What tells that the process of a name is certainly dead.
pub type Obituary = Box<dyn Fn(&str) -> bool + Send + Sync>;

struct Shared {
    helm: Arc<dyn Helm>,
    name: String,
    is_dead: Obituary,
}

/// What this process knows of the helm.
pub struct Helmsman {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    bus: Arc<dyn Bus>,
    shared: OnceLock<Shared>,
    /// Until when this process may send, in milliseconds of the clock that nobody sets.
    until: AtomicU64,
    steering: AtomicBool,
}

impl Helmsman {
    /// Of a process that is alone with its store: it holds the helm for ever.
    #[must_use]
    pub fn alone(clock: Arc<dyn Clock>, random: Arc<dyn Random>, bus: Arc<dyn Bus>) -> Self {
        Self {
            clock,
            random,
            bus,
            shared: OnceLock::new(),
            until: AtomicU64::new(FOR_EVER),
            steering: AtomicBool::new(true),
        }
    }
    /// From now on others share the store: this process, called `name`, sends only while it holds the helm. To be called
    /// once, before anything else.
    pub fn share(&self, helm: Arc<dyn Helm>, name: String, is_dead: Obituary) {
        self.until.store(0, Ordering::SeqCst);
        self.steering.store(false, Ordering::SeqCst);
        let shared = Shared { helm, name, is_dead };
        if self.shared.set(shared).is_err() {
            tracing::error!("the helm is shared twice; the first stands");
        }
    }
    /// Whether others may share the store.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.shared.get().is_some()
    }
    /// Whether jobs for lanes are this process's own.
    #[must_use]
    pub fn is_steering(&self) -> bool {
        self.steering.load(Ordering::SeqCst)
    }
    /// Whether a byte may leave for a venue now.
    #[must_use]
    pub fn may_send(&self) -> bool {
        let until = self.until.load(Ordering::SeqCst);
        until == FOR_EVER || self.millis() < until
    }
    fn millis(&self) -> u64 {
        u64::try_from(self.clock.monotonic().as_millis()).unwrap_or(FOR_EVER - 1)
    }
    fn permit_from(&self, began: Duration) {
        let until = began.saturating_add(PERMIT).as_millis();
        let until = u64::try_from(until).unwrap_or(FOR_EVER - 1);
        self.until.store(until, Ordering::SeqCst);
    }
    fn lapse(&self) {
        self.until.store(0, Ordering::SeqCst);
        self.steering.store(false, Ordering::SeqCst);
    }
    /// Lets a call to a venue go on only while this process may send: asked again before every step of it, so that a
    /// process that was stopped for a while and goes on sends nothing. None when it may not.
    pub async fn under_permit<T>(&self, call: impl Future<Output = T>) -> Option<T> {
        let mut call = pin!(call);
        std::future::poll_fn(|context| {
            if self.may_send() {
                call.as_mut().poll(context).map(Some)
            } else {
                Poll::Ready(None)
            }
        })
        .await
    }
    fn tell(&self, hint: Hint) {
        self.bus.tell(hint);
    }
}

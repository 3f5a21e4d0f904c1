//! The real clock and the real source of entropy: the only place that reads either.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use ordercast_model::{
    ports::{
        BoxFuture,
        clock::{Clock, Random},
    },
    time::Timestamp,
};

/// The wall clock of this machine.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock that counts its monotonic time from now.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock everybody else is given"
    )]
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock everybody else is given"
)]
fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        wall()
    }
    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock everybody else is given"
    )]
    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(at.since(wall())))
    }
}

/// The clock as the simulated servers take it: microseconds since 1970.
#[must_use]
pub fn micros() -> Arc<dyn Fn() -> i64 + Send + Sync> {
    Arc::new(|| wall().micros())
}

/// The operating system's entropy.
#[derive(Debug)]
pub struct OsRandom;

impl Random for OsRandom {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the randomness everybody else is given"
    )]
    fn fill(&self, out: &mut [u8]) {
        // Without entropy no id and no nonce is safe: the process must not go on.
        if getrandom::fill(out).is_err() {
            std::process::abort();
        }
    }
}

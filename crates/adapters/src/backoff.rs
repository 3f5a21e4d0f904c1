//! Decides how long to wait before the next attempt to connect. Refuses to know what is being connected to.

use std::{sync::Arc, time::Duration};

use ordercast_model::ports::clock::{Clock, Random};

/// Waits of a stream that is lost, in milliseconds; the last one repeats.
const STEPS_MS: [u64; 6] = [200, 500, 1_000, 2_000, 5_000, 10_000];

/// Growing waits with up to a quarter of jitter, so that many clients do not return at the same instant.
#[derive(Clone)]
pub(crate) struct Backoff {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    attempt: usize,
}

impl Backoff {
    pub(crate) fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self {
            clock,
            random,
            attempt: 0,
        }
    }

    /// The connection works: the next wait is short again.
    pub(crate) fn reset(&mut self) {
        self.attempt = 0;
    }

    /// The wait that comes next, and a step further.
    pub(crate) fn next(&mut self) -> Duration {
        let last = STEPS_MS.len() - 1;
        let base = STEPS_MS.get(self.attempt.min(last)).copied().unwrap_or(10_000);
        self.attempt = self.attempt.saturating_add(1);
        let mut byte = [0_u8];
        self.random.fill(&mut byte);
        Duration::from_millis(base + base * u64::from(byte[0]) / 1_024)
    }

    /// Waits.
    pub(crate) async fn pause(&mut self) {
        let span = self.next();
        self.pause_for(span).await;
    }

    /// Waits this long, by the clock.
    pub(crate) async fn pause_for(&self, span: Duration) {
        self.clock.sleep_until(self.clock.now().plus(span)).await;
    }
}

#[cfg(test)]
mod tests {
    use ordercast_model::{ports::BoxFuture, time::Timestamp};

    use super::*;

    struct Still;
    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::default()
        }
        fn monotonic(&self) -> Duration {
            Duration::ZERO
        }
        fn sleep_until(&self, _at: Timestamp) -> BoxFuture<'static, ()> {
            Box::pin(async {})
        }
    }
    struct Full;
    impl Random for Full {
        fn fill(&self, out: &mut [u8]) {
            out.fill(255);
        }
    }

    #[test]
    fn grows_to_ten_seconds_with_a_quarter_of_jitter_at_most() {
        let mut backoff = Backoff::new(Arc::new(Still), Arc::new(Full));
        let waits: Vec<u128> = (0..8).map(|_| backoff.next().as_millis()).collect();
        assert_eq!(waits, [249, 624, 1_249, 2_498, 6_245, 12_490, 12_490, 12_490]);
        backoff.reset();
        assert_eq!(backoff.next().as_millis(), 249);
    }
}

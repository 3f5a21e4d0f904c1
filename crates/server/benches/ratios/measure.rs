//! Reads the clock and turns samples into figures. Knows nothing of what is measured.

use std::time::{Duration, Instant};

/// Now, of this process.
#[expect(clippy::disallowed_methods, reason = "a bench measures wall time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Real time must pass so that what was set off can settle.
#[expect(clippy::disallowed_methods, reason = "a bench lives in wall time")]
pub(crate) async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

/// Runs a piece of work; gives how long it took beside its result.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = now();
    let result = work();
    (start.elapsed(), result)
}

/// Samples of one thing.
#[derive(Debug, Default, Clone)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    pub(crate) fn add(&mut self, span: Duration) {
        self.0.push(span);
    }
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
    /// The sample that this share of all does not exceed; zero without samples.
    pub(crate) fn at(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let index = (sorted.len().saturating_sub(1)) * percent / 100;
        sorted.get(index).copied().unwrap_or_default()
    }
    pub(crate) fn median(&self) -> Duration {
        self.at(50)
    }
}

/// Milliseconds with three places.
pub(crate) fn millis(span: Duration) -> String {
    let micros = span.as_micros();
    format!("{}.{:03}", micros / 1_000, micros % 1_000)
}

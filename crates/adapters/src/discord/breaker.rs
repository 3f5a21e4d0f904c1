//! Stops asking a route that fails, and tries it again after a while. Decides when to ask; refuses to know what, and what
//! is true meanwhile: nobody new is let in.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ordercast_model::ports::clock::Clock;

use super::error::Trouble;

/// Failures in a row after which no more is asked.
pub(super) const FAILURES_MAX: u32 = 5;
/// How long nothing is asked then; after it one question tries, and the others wait for what comes of it.
pub(super) const REST: Duration = Duration::from_secs(15);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// Until when nothing is asked, once too much has failed.
    shut_until: Duration,
    /// One question is trying whether it works again.
    trying: bool,
}

impl State {
    fn open(&self, now: Duration) -> Result<(), Trouble> {
        if self.failures >= FAILURES_MAX && (now < self.shut_until || self.trying) {
            return Err(Trouble::Later(
                "Discord failed too often and is not asked now".to_owned(),
            ));
        }
        Ok(())
    }
}

/// The breaker of one route.
pub(super) struct Breaker {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

/// One question; dropped without [`Trial::good`] it has failed, also when nobody waited for its end.
pub(super) struct Trial<'a> {
    of: &'a Breaker,
    good: bool,
}

impl Breaker {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anybody may ask now.
    ///
    /// # Errors
    /// When too much has failed lately.
    pub(super) fn look(&self, now: Duration) -> Result<(), Trouble> {
        self.state().open(now)
    }

    /// Leave to ask at an instant (a span since the process began).
    ///
    /// # Errors
    /// When too much has failed lately.
    pub(super) fn trial(&self, now: Duration) -> Result<Trial<'_>, Trouble> {
        let mut state = self.state();
        state.open(now)?;
        state.trying = state.failures >= FAILURES_MAX;
        Ok(Trial {
            of: self,
            good: false,
        })
    }
}

impl Trial<'_> {
    /// Discord answered.
    pub(super) fn good(mut self) {
        self.good = true;
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        let now = self.of.clock.monotonic();
        let mut state = self.of.state();
        if self.good {
            *state = State::default();
            return;
        }
        state.failures = state.failures.saturating_add(1);
        state.trying = false;
        if state.failures >= FAILURES_MAX {
            if now >= state.shut_until {
                tracing::warn!(
                    failures = state.failures,
                    "Discord is not asked about members for a while"
                );
            }
            state.shut_until = now + REST;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ordercast_testkit::{clock::SteerableClock, sample};

    use super::*;

    #[tokio::test]
    async fn after_failures_in_a_row_one_question_tries_first() {
        let clock = SteerableClock::at(sample::at(0));
        let breaker = Breaker::new(Arc::new(clock.clone()));
        let ask = || breaker.trial(clock.monotonic());
        for _ in 1..FAILURES_MAX {
            drop(ask().unwrap());
        }
        ask().unwrap().good();
        for _ in 0..FAILURES_MAX {
            assert!(ask().is_ok(), "failures in a row count");
        }
        assert!(ask().is_err(), "shut");
        clock.advance(REST - Duration::from_secs(1)).await;
        assert!(ask().is_err(), "still shut");
        clock.advance(Duration::from_secs(1)).await;
        let trial = ask().unwrap();
        assert!(ask().is_err(), "one tries");
        drop(trial);
        assert!(ask().is_err(), "shut again");
        clock.advance(REST).await;
        ask().unwrap().good();
        assert!(ask().is_ok() && ask().is_ok(), "open");
    }
}

//! When each connection's venue was asked last, and how often in a row it did not answer. Decides when it is asked next;
//! forgets all with the process, which asks everybody when it begins.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ordercast_model::ids::ConnectionId;

/// Failures in a row after which the venue is asked each [`FAILING_EVERY`] (PRODUCT BR-22).
pub const FAILURES: u32 = 3;
/// How often a venue that failed so often is asked.
pub const FAILING_EVERY: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, Default)]
struct Beat {
    asked_at: Duration,
    failures: u32,
}

/// What is known of every connection's venue.
#[derive(Debug, Default)]
pub struct Pulse(Mutex<BTreeMap<ConnectionId, Beat>>);

impl Pulse {
    fn beats(&self) -> MutexGuard<'_, BTreeMap<ConnectionId, Beat>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// It answered.
    pub fn answered(&self, id: ConnectionId, now: Duration) {
        let beat = Beat {
            asked_at: now,
            failures: 0,
        };
        self.beats().insert(id, beat);
    }
    /// It did not answer; gives how often in a row.
    pub fn failed(&self, id: ConnectionId, now: Duration) -> u32 {
        let mut beats = self.beats();
        let beat = beats.entry(id).or_default();
        beat.asked_at = now;
        beat.failures = beat.failures.saturating_add(1);
        beat.failures
    }
    /// Whether it is time to ask, when one that answers is asked each `every`.
    #[must_use]
    pub fn is_due(&self, id: ConnectionId, every: Duration, now: Duration) -> bool {
        let Some(beat) = self.beats().get(&id).copied() else {
            return true;
        };
        let every = if beat.failures >= FAILURES {
            every.min(FAILING_EVERY)
        } else {
            every
        };
        now.saturating_sub(beat.asked_at) >= every
    }
}

#[cfg(test)]
mod tests {
    use ordercast_model::{ids::Id, time::Timestamp};

    use super::*;

    #[test]
    fn who_fails_three_times_is_asked_each_minute_until_it_answers() {
        let pulse = Pulse::default();
        let id = ConnectionId::new(Timestamp::from_seconds(1), [1; 10]);
        let at = Duration::from_secs;
        let due = |seconds| pulse.is_due(id, at(300), at(seconds));
        assert!(due(0), "nothing is known");
        pulse.answered(id, at(10));
        assert!(!due(309) && due(310));
        for failure in 1..=3 {
            assert_eq!(pulse.failed(id, at(310)), failure);
            assert!(!due(320), "{failure}");
        }
        assert!(!due(369) && due(370));
        pulse.answered(id, at(370));
        assert!(!due(430));
    }
}

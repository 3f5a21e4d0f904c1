//! Decides what time it is: only as far as a test moves it. Sleepers wake in the order of their instants.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ordercast_model::{
    ports::{BoxFuture, clock::Clock},
    time::Timestamp,
};
use tokio::sync::oneshot;

#[derive(Debug)]
struct Face {
    now: Timestamp,
    monotonic: Duration,
    asked: u64,
    sleepers: BTreeMap<(Timestamp, u64), oneshot::Sender<()>>,
}

/// A clock that stands still until it is moved.
#[derive(Debug, Clone)]
pub struct SteerableClock(Arc<Mutex<Face>>);

impl SteerableClock {
    /// Stands at an instant.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Face {
            now,
            monotonic: Duration::ZERO,
            asked: 0,
            sleepers: BTreeMap::new(),
        })))
    }
    fn face(&self) -> MutexGuard<'_, Face> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Moves on by `span`. Sleepers due on the way wake in order of their instants (the earlier sleeper first at the
    /// same instant), each seeing its own instant as now while the others still sleep; tasks get a turn in between.
    pub async fn advance(&self, span: Duration) {
        let end = self.face().now.plus(span);
        while self.wake_one(end) {
            for _ in 0..TURNS_PER_WAKE {
                tokio::task::yield_now().await;
            }
        }
        self.face().go(end);
    }
    /// The instant of the next sleeper, if anybody sleeps.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        let mut face = self.face();
        face.sleepers.retain(|_, sleeper| !sleeper.is_closed());
        face.sleepers.keys().next().map(|(at, _)| *at)
    }
    /// How many sleep.
    #[must_use]
    pub fn sleeping(&self) -> usize {
        let mut face = self.face();
        face.sleepers.retain(|_, sleeper| !sleeper.is_closed());
        face.sleepers.len()
    }
    /// Sets the wall clock without moving the monotonic one, as an operator or a time server does. Wakes whoever is due.
    pub fn jump_to(&self, at: Timestamp) {
        self.face().now = at;
        while self.wake_one(at) {}
    }
    fn wake_one(&self, end: Timestamp) -> bool {
        let mut face = self.face();
        let Some(entry) = face.sleepers.first_entry().filter(|e| e.key().0 <= end) else {
            return false;
        };
        let ((at, _), sleeper) = entry.remove_entry();
        face.go(at);
        let _ = sleeper.send(());
        true
    }
}

/// Turns given to other tasks after each wake, so that what they do in response happens at that instant.
const TURNS_PER_WAKE: usize = 32;

impl Face {
    fn go(&mut self, to: Timestamp) {
        self.monotonic = self.monotonic.saturating_add(to.since(self.now));
        self.now = self.now.max(to);
    }
}

impl Clock for SteerableClock {
    fn now(&self) -> Timestamp {
        self.face().now
    }
    fn monotonic(&self) -> Duration {
        self.face().monotonic
    }
    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        let mut face = self.face();
        if at <= face.now {
            return Box::pin(std::future::ready(()));
        }
        let (wake, woken) = oneshot::channel();
        let number = face.asked;
        face.asked += 1;
        face.sleepers.insert((at, number), wake);
        Box::pin(async move {
            let _ = woken.await;
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sleepers_wake_in_order_at_their_own_instant() {
        let clock = SteerableClock::at(Timestamp::from_seconds(100));
        let seen = Arc::new(Mutex::new(Vec::new()));
        for second in [105, 103, 109, 103] {
            let (clock, seen) = (clock.clone(), Arc::clone(&seen));
            let sleep = clock.sleep_until(Timestamp::from_seconds(second));
            tokio::spawn(async move {
                sleep.await;
                seen.lock().unwrap().push((second, clock.now().seconds()));
            });
        }
        clock.advance(Duration::from_secs(6)).await;
        assert_eq!(*seen.lock().unwrap(), [(103, 103), (103, 103), (105, 105)]);
        assert_eq!((clock.now().seconds(), clock.monotonic().as_secs()), (106, 6));
        assert_eq!(
            (clock.sleeping(), clock.next_due().map(Timestamp::seconds)),
            (1, Some(109))
        );
    }

    #[tokio::test]
    async fn a_past_instant_does_not_sleep_and_a_dropped_sleeper_is_gone() {
        let clock = SteerableClock::at(Timestamp::from_seconds(100));
        clock.sleep_until(Timestamp::from_seconds(99)).await;
        drop(clock.sleep_until(Timestamp::from_seconds(101)));
        assert_eq!(clock.sleeping(), 0);
        clock.jump_to(Timestamp::from_seconds(50));
        assert_eq!((clock.now().seconds(), clock.monotonic()), (50, Duration::ZERO));
    }
}

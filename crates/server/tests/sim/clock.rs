//! Two times: the true one, which only the driver moves, and the wall clock of the program's machine, which an operator or
//! a time server may set. Sleepers sleep true time, as a monotonic timer does.

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

struct Face {
    start: Timestamp,
    truth: Timestamp,
    /// What the machine's wall clock shows beyond the truth, microseconds.
    skew: i64,
    asked: u64,
    sleepers: BTreeMap<(Timestamp, u64), oneshot::Sender<()>>,
}

/// The clock of one simulated machine.
#[derive(Clone)]
pub struct SimClock(Arc<Mutex<Face>>);

impl SimClock {
    pub fn at(start: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Face {
            start,
            truth: start,
            skew: 0,
            asked: 0,
            sleepers: BTreeMap::new(),
        })))
    }
    fn face(&self) -> MutexGuard<'_, Face> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// The true time: the venue's and the oracle's.
    pub fn truth(&self) -> Timestamp {
        self.face().truth
    }
    /// Sets the machine's wall clock off by so much from the truth.
    pub fn skew(&self, micros: i64) {
        self.face().skew = micros;
    }
    pub fn is_true(&self) -> bool {
        self.face().skew == 0
    }
    /// The true instant of the next sleeper.
    pub fn next_due(&self) -> Option<Timestamp> {
        let mut face = self.face();
        loop {
            let entry = face.sleepers.first_entry()?;
            if !entry.get().is_closed() {
                return Some(entry.key().0);
            }
            entry.remove();
        }
    }
    /// Moves on to a true instant and wakes the first sleeper due by then.
    pub fn wake_next(&self, to: Timestamp) {
        let mut face = self.face();
        face.truth = face.truth.max(to);
        while let Some(entry) = face.sleepers.first_entry().filter(|e| e.key().0 <= to) {
            if entry.remove().send(()).is_ok() {
                return;
            }
        }
    }
    /// Moves on to a true instant.
    pub fn go(&self, to: Timestamp) {
        let mut face = self.face();
        face.truth = face.truth.max(to);
    }
    /// Sleeps so much true time.
    pub fn wait(&self, span: Duration) -> BoxFuture<'static, ()> {
        let due = self.truth().plus(span);
        self.sleep_true(due)
    }
    fn sleep_true(&self, due: Timestamp) -> BoxFuture<'static, ()> {
        let mut face = self.face();
        if due <= face.truth {
            return Box::pin(std::future::ready(()));
        }
        let (wake, woken) = oneshot::channel();
        face.asked += 1;
        let number = face.asked;
        face.sleepers.insert((due, number), wake);
        Box::pin(async move {
            let _ = woken.await;
        })
    }
    /// Nobody sleeps any more: the process is gone.
    pub fn forget_sleepers(&self) {
        self.face().sleepers.clear();
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        let face = self.face();
        Timestamp::from_micros(face.truth.micros() + face.skew)
    }
    fn monotonic(&self) -> Duration {
        let face = self.face();
        face.truth.since(face.start)
    }
    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        let due = self.truth().plus(at.since(self.now()));
        self.sleep_true(due)
    }
}

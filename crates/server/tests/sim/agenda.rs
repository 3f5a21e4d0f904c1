//! What is under way between the program and the world: requests, answers and events, each with the true instant at which it
//! arrives. A process that dies does not call back what has left.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use ordercast_model::time::Timestamp;

type Deed = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Inside {
    count: u64,
    due: BTreeMap<(Timestamp, u64), Deed>,
}

/// Deeds in the order of their instants.
#[derive(Default)]
pub struct Agenda(Mutex<Inside>);

impl Agenda {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub fn add(&self, at: Timestamp, deed: impl FnOnce() + Send + 'static) {
        let mut inside = self.inside();
        inside.count += 1;
        let number = inside.count;
        inside.due.insert((at, number), Box::new(deed));
    }
    pub fn next_due(&self) -> Option<Timestamp> {
        self.inside().due.keys().next().map(|(at, _)| *at)
    }
    /// Does the first deed due by an instant.
    pub fn run_next(&self, by: Timestamp) -> bool {
        let deed = {
            let mut inside = self.inside();
            let Some(entry) = inside.due.first_entry().filter(|e| e.key().0 <= by) else {
                return false;
            };
            entry.remove()
        };
        deed();
        true
    }
}

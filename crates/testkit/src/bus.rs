//! Hints within one process, in order, and a record of all that were told.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ordercast_model::ports::{
    BoxFuture,
    bus::{Bus, Hint, HintSink},
};

#[derive(Default)]
struct Line {
    listeners: Vec<(u64, Arc<dyn HintSink>)>,
    joined: u64,
    told: Vec<Hint>,
    mute: bool,
}

/// A bus that hands every hint on at once, unless it is told to lose them.
#[derive(Clone, Default)]
pub struct FakeBus(Arc<Mutex<Line>>);

impl FakeBus {
    /// A bus nobody listens to yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Every hint told so far, lost ones too.
    #[must_use]
    pub fn told(&self) -> Vec<Hint> {
        self.line().told.clone()
    }
    /// Whether hints are lost, as a bus may do.
    pub fn set_mute(&self, mute: bool) {
        self.line().mute = mute;
    }
}

impl Bus for FakeBus {
    fn tell(&self, hint: Hint) {
        let listeners: Vec<Arc<dyn HintSink>> = {
            let mut line = self.line();
            line.told.push(hint.clone());
            if line.mute {
                return;
            }
            line.listeners.iter().map(|(_, sink)| Arc::clone(sink)).collect()
        };
        for sink in listeners {
            sink.hint(&hint);
        }
    }
    fn listen(&self, sink: Arc<dyn HintSink>) -> BoxFuture<'static, ()> {
        let bus = self.clone();
        let number = {
            let mut line = bus.line();
            line.joined += 1;
            let number = line.joined;
            line.listeners.push((number, sink));
            number
        };
        let seat = Seat { bus, number };
        Box::pin(async move {
            std::future::pending::<()>().await;
            drop(seat);
        })
    }
}

/// Leaves the bus when its listener's future is dropped.
struct Seat {
    bus: FakeBus,
    number: u64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.bus
            .line()
            .listeners
            .retain(|(number, _)| *number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Heard(Mutex<usize>);
    impl HintSink for Heard {
        fn hint(&self, _: &Hint) {
            *self.0.lock().unwrap() += 1;
        }
    }

    #[test]
    fn hints_reach_listeners_until_they_leave() {
        let (bus, heard) = (FakeBus::new(), Arc::new(Heard::default()));
        let listening = bus.listen(Arc::clone(&heard) as Arc<dyn HintSink>);
        bus.tell(Hint::SwitchChanged);
        bus.set_mute(true);
        bus.tell(Hint::JournalPending);
        bus.set_mute(false);
        drop(listening);
        bus.tell(Hint::SwitchChanged);
        assert_eq!((*heard.0.lock().unwrap(), bus.told().len()), (1, 3));
    }
}

//! The board on which each part's watcher writes how it is doing. Decides what silence means; refuses to know how a
//! part is looked at.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use ordercast_model::ports::{BoxFuture, clock::Clock};
use ordercast_web::{Part, PartState, Readiness};

/// What the program is without a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Not ready: no requests are taken (PRODUCT OP-03).
    Vital,
    /// Degraded: the program goes on without it.
    Side,
}

impl Weight {
    /// The state of a part that does not work.
    #[must_use]
    pub const fn broken(self) -> PartState {
        match self {
            Self::Vital => PartState::Down,
            Self::Side => PartState::Degraded,
        }
    }
}

/// How a part was found.
pub type Finding = Result<(), Trouble>;

/// What is wrong with a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It does not work.
    Broken(String),
    /// It works, with trouble.
    Limping(String),
}

struct Slot {
    name: &'static str,
    weight: Weight,
    /// How long a finding is believed; none = until the next one.
    fresh_for: Option<Duration>,
    found: Option<(Duration, Finding)>,
}

/// The board.
pub struct Board {
    clock: Arc<dyn Clock>,
    slots: Mutex<Vec<Slot>>,
}

impl Board {
    /// An empty board.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            slots: Mutex::default(),
        }
    }

    /// Expects a part to be told of; until then it does not count as working. `fresh_for` is how long a finding is
    /// believed, none for ever.
    pub fn expect(&self, name: &'static str, weight: Weight, fresh_for: Option<Duration>) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|slot| slot.name != name);
        slots.push(Slot {
            name,
            weight,
            fresh_for,
            found: None,
        });
    }

    /// Takes a finding. Parts that were not expected are left out.
    pub fn tell(&self, name: &'static str, finding: Finding) {
        let now = self.clock.monotonic();
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.iter_mut().find(|slot| slot.name == name) {
            slot.found = Some((now, finding));
        }
    }

    /// Every part as it stands, in the order in which they were expected.
    #[must_use]
    pub fn read(&self) -> Vec<Part> {
        let now = self.clock.monotonic();
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.iter().map(|slot| slot.part(now)).collect()
    }
}

impl Slot {
    fn part(&self, now: Duration) -> Part {
        let broken = self.weight.broken();
        let (state, reason) = match &self.found {
            None => (broken, Some("not known yet".to_owned())),
            Some((at, finding)) => {
                let age = now.saturating_sub(*at);
                let stale = self.fresh_for.is_some_and(|fresh| age > fresh);
                match finding {
                    Err(Trouble::Broken(why)) => (broken, Some(why.clone())),
                    _ if stale => (
                        broken,
                        Some(format!("nothing heard of it for {} s", age.as_secs())),
                    ),
                    Err(Trouble::Limping(why)) => (PartState::Degraded, Some(why.clone())),
                    Ok(()) => (PartState::Ok, None),
                }
            }
        };
        Part {
            name: self.name,
            state,
            reason,
        }
    }
}

impl Readiness for Board {
    fn parts(&self) -> BoxFuture<'_, Vec<Part>> {
        Box::pin(std::future::ready(self.read()))
    }
}

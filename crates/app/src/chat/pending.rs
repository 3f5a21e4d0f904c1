//! Order cards that wait for Confirm or Cancel: each belongs to one person, works once, and ends after a minute. Lost
//! with the process: then nothing is sent.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ordercast_model::{ids::PositionId, time::Timestamp};
use rust_decimal::Decimal;

use crate::manual::ManualOrder;

/// How long a card may be confirmed.
pub(super) const LIFE: Duration = Duration::from_secs(60);
/// Cards that wait at most; when full the oldest end.
const CARDS_MAX: usize = 10_000;

/// What a card would do.
#[derive(Debug, Clone)]
pub(super) enum Plan {
    /// An order.
    Order(Box<ManualOrder>),
    /// Closing a part of a position.
    Close(PositionId, Decimal),
    /// Closing everything.
    CloseAll,
}

#[derive(Debug)]
struct Waiting {
    person: String,
    until: Timestamp,
    plan: Plan,
}

/// What came of taking a card.
#[derive(Debug)]
pub(super) enum Taken {
    /// It is the caller's, in time, for the first time.
    Plan(Plan),
    /// Its minute is over, or it was answered before.
    Gone,
    /// It is somebody else's; it goes on waiting.
    Others,
}

/// The cards.
#[derive(Debug, Default)]
pub(super) struct Pending(Mutex<BTreeMap<String, Waiting>>);

impl Pending {
    fn cards(&self) -> MutexGuard<'_, BTreeMap<String, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a card wait under a key. The same key twice is one card.
    pub(super) fn put(&self, key: &str, person: &str, plan: Plan, now: Timestamp) {
        let mut cards = self.cards();
        cards.retain(|_, card| card.until >= now);
        while cards.len() >= CARDS_MAX {
            let oldest = cards
                .iter()
                .min_by_key(|(_, card)| card.until)
                .map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { break };
            cards.remove(&oldest);
        }
        cards.insert(
            key.to_owned(),
            Waiting {
                person: person.to_owned(),
                until: now.plus(LIFE),
                plan,
            },
        );
    }

    /// Takes a card for its person; the next one to ask finds it gone.
    pub(super) fn take(&self, key: &str, person: &str, now: Timestamp) -> Taken {
        let mut cards = self.cards();
        match cards.get(key) {
            None => Taken::Gone,
            Some(card) if card.person != person => Taken::Others,
            Some(_) => match cards.remove(key) {
                Some(card) if card.until >= now => Taken::Plan(card.plan),
                _ => Taken::Gone,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_works_once_for_its_person_within_its_minute() {
        let at = Timestamp::from_seconds;
        let pending = Pending::default();
        pending.put("k", "ana", Plan::CloseAll, at(0));
        assert!(matches!(pending.take("k", "bob", at(1)), Taken::Others));
        assert!(matches!(
            pending.take("k", "ana", at(60)),
            Taken::Plan(Plan::CloseAll)
        ));
        assert!(matches!(pending.take("k", "ana", at(60)), Taken::Gone));
        pending.put("k", "ana", Plan::CloseAll, at(0));
        assert!(matches!(pending.take("k", "ana", at(61)), Taken::Gone));
    }
}

//! How old what opens may be when it leaves: by the call's first posting, or by the card of whoever was asked. What waits
//! for an open has its session instead, which the hours look at.

use ordercast_model::{
    decision::{Approval, Question},
    ids::DecisionId,
    order::identity::ClientOrderId,
    ports::clock::Clock,
    time::Timestamp,
};

use super::watch::{Known, Watch};
use crate::sea::Sea;

/// The longest a card may wait for its answer (PRODUCT SG-15), seconds.
const WINDOW_MAX: u64 = 900;
/// A card may be so much older when it becomes durable than when it was decided, seconds.
const ASK_LAG: u64 = 15;

/// A card that asks whether something may be opened.
#[derive(Debug, Clone, Copy)]
pub struct Card {
    /// When it became durable, by the true time and by the machine's clock.
    truth: Timestamp,
    wall: Timestamp,
    /// How long it waits, seconds.
    window: u64,
}

impl Watch {
    /// A card became durable. Its window begins anew with an edit that comes late (PRODUCT SG-29); the card of the first
    /// posting is asked while the call is young.
    pub(super) fn asks(&mut self, sea: &Sea, card: &Approval) {
        if card.question != Question::Order {
            return;
        }
        let (truth, wall) = (sea.clock.truth(), sea.clock.now());
        let window = card.expires_at.since(card.created_at).as_secs();
        if window > WINDOW_MAX {
            self.breach(12, format!("{} waits {window} s for an answer", card.id));
        }
        let source = self.signals.get(&card.signal_id);
        let posted = source.and_then(|s| self.posted.get(s)).copied();
        let most = self.open_age_most(card.user_id) + ASK_LAG;
        if let Some(posted) = posted.filter(|_| card.revision <= 1 && sea.clock.is_true())
            && truth.since(posted).as_secs() > most
        {
            let age = truth.since(posted).as_secs();
            self.breach(12, format!("{} asks about a call of {age} s before", card.id));
        }
        self.cards.insert(card.decision_id, Card { truth, wall, window });
    }
    /// Nothing opens for a signal that is older than its maximum age; whoever was asked has the card's window instead, in
    /// which the yes, every retry and the send must lie (PRODUCT SG-15).
    pub(super) fn invariant_12_is_young(
        &mut self,
        sea: &Sea,
        known: &Known,
        id: &ClientOrderId,
        decision: Option<DecisionId>,
    ) {
        let (truth, wall) = (sea.clock.truth(), sea.clock.now());
        let age_of = |(by_truth, by_wall): (Timestamp, Timestamp)| {
            if sea.clock.is_true() {
                truth.since(by_truth).as_secs()
            } else {
                wall.since(by_wall).as_secs()
            }
        };
        let source = known.signal.and_then(|s| self.signals.get(&s));
        let Some(posted) = source.and_then(|s| self.posted.get(s)).copied() else {
            return;
        };
        // What waits for an open is bound by its session.
        if known.queued {
            return;
        }
        let card = decision.and_then(|d| self.cards.get(&d));
        let (age, most) = match card {
            Some(card) => (age_of((card.truth, card.wall)), card.window),
            None => match self.loosest(known, truth.max(wall)) {
                Some((_, _, _, open_age)) => (age_of((posted, posted)), u64::from(open_age)),
                None => return,
            },
        };
        if age > most {
            let since = if card.is_some() { "its card" } else { "its signal" };
            self.breach(12, format!("{} {id} left {age} s after {since}", known.leg));
        }
    }
}

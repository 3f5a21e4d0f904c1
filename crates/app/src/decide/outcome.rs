//! How a decision row ends: done, smaller, waiting, skipped or refused.

use ordercast_model::{
    decision::{Decision, DecisionStatus, SkipReason},
    gate::Breach,
};

use super::open::Ready;

/// Nothing was done.
pub fn skip(mut decision: Decision, reason: SkipReason, message: impl Into<String>) -> Decision {
    decision.status = DecisionStatus::Skipped(reason);
    decision.message = message.into();
    decision
}

/// Risk refused; a headline with a skip code counts as skipped.
#[must_use]
pub fn deny(mut decision: Decision, breaches: Vec<Breach>) -> Decision {
    let skip = breaches.first().and_then(|b| b.skip);
    decision.status = skip.map_or(DecisionStatus::Denied, DecisionStatus::Skipped);
    decision.message = breaches
        .iter()
        .map(|b| b.message.as_str())
        .collect::<Vec<_>>()
        .join(". ");
    decision.breaches = breaches;
    decision
}

/// Orders were made: all of it, less of it, or for later.
#[must_use]
pub fn ready(mut decision: Decision, ready: &Ready) -> Decision {
    decision.status = match (ready.queued_until, ready.reductions.is_empty()) {
        (Some(_), _) => DecisionStatus::Queued,
        (None, true) => DecisionStatus::Placed,
        (None, false) => DecisionStatus::Reduced,
    };
    decision.message.clone_from(&ready.message);
    decision.breaches.clone_from(&ready.reductions);
    decision.orders = ready.orders.iter().map(|(order, _)| order.id).collect();
    decision
}

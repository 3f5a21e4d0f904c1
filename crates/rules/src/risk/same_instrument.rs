//! RK-25: of two different signals on one instrument within seconds, the second is merged or in conflict.
#![deny(clippy::arithmetic_side_effects)]

use std::time::Duration;

use ordercast_model::{
    account::RecentOpen,
    decision::SkipReason,
    gate::{Breach, Finding, Proposal, Rule, RuleId, Snapshot},
    limits::Bound,
    money::MoneyError,
};

use super::word::{breach, seconds};

/// The rule.
pub(super) struct SameInstrument;

impl Rule for SameInstrument {
    fn id(&self) -> RuleId {
        RuleId::SameInstrument
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let Some(own) = proposal.signal_id else {
            return Ok(Finding::Pass);
        };
        let limit = snapshot.limits.limits.same_instrument_seconds;
        let window = Duration::from_secs(u64::from(limit));
        let near = |recent: &&RecentOpen| {
            recent.signal_id != own
                && recent.instrument == proposal.instrument
                && snapshot.now.since(recent.at) < window
        };
        let mut others: Vec<&RecentOpen> = snapshot.account.recent_opens.iter().filter(near).collect();
        others.sort_by_key(|r| (r.side == proposal.position_side, r.at));
        let Some(other) = others.first() else {
            return Ok(Finding::Pass);
        };
        let ago = seconds(snapshot.now.since(other.at));
        let (skip, word) = if other.side == proposal.position_side {
            (SkipReason::Merged, "Merged with")
        } else {
            (SkipReason::Conflict, "Conflicts with")
        };
        let message = format!("{word} {} {ago}s earlier", other.signal_id);
        Ok(Finding::Deny(Breach {
            skip: Some(skip),
            ..breach(
                self.id(),
                Bound::SameInstrument,
                snapshot.limits,
                message,
                format!("{limit}s"),
                format!("{ago}s"),
            )
        }))
    }
}

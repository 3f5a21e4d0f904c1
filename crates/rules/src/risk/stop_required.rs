//! RK-24: tells when a stop was added, and refuses an entry that would stay without one.

use ordercast_model::{
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    money::MoneyError,
};

use super::word::{deny, of_class, plain};

/// The rule.
pub(super) struct StopRequired;

impl Rule for StopRequired {
    fn id(&self) -> RuleId {
        RuleId::StopRequired
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let limits = &snapshot.limits.limits;
        if proposal.stop.is_some() && proposal.stop_added {
            let percent = of_class(&limits.auto_stop_pct, proposal.instrument.class());
            let message = format!("No stop in signal: stop at {}% added", percent.normalize());
            return Ok(Finding::Note(plain(self.id(), message)));
        }
        if proposal.stop.is_none() && limits.stop_required {
            return Ok(deny(
                self.id(),
                "A stop is required and none could be set".to_owned(),
            ));
        }
        Ok(Finding::Pass)
    }
}

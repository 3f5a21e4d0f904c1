//! RK-10: reduces the leverage a signal asks for to the limit. Sizes never use leverage, so nothing else changes.

use ordercast_model::{
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    limits::Bound,
    money::MoneyError,
};

use super::word::breach;

/// The rule.
pub(super) struct Leverage;

impl Rule for Leverage {
    fn id(&self) -> RuleId {
        RuleId::Leverage
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let limit = snapshot.limits.limits.leverage_max;
        Ok(match proposal.leverage {
            Some(asked) if asked > limit => {
                let message = format!(
                    "Leverage {}x reduced to {}x",
                    asked.normalize(),
                    limit.normalize()
                );
                Finding::Note(breach(
                    self.id(),
                    Bound::Leverage,
                    snapshot.limits,
                    message,
                    limit,
                    asked,
                ))
            }
            _ => Finding::Pass,
        })
    }
}

//! RK-04: refuses opens when equity is below the user's minimum.

use ordercast_model::{
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    limits::Bound,
    money::{MoneyError, show},
};

use super::word::breach;

/// The rule.
pub(super) struct MinBalance;

impl Rule for MinBalance {
    fn id(&self) -> RuleId {
        RuleId::MinBalance
    }
    fn check(&self, _: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let (equity, least) = (snapshot.account.equity, snapshot.limits.limits.min_balance);
        if equity >= least {
            return Ok(Finding::Pass);
        }
        let message = format!("Equity {} is below your minimum {}", show(equity), show(least));
        Ok(Finding::Deny(breach(
            self.id(),
            Bound::MinBalance,
            snapshot.limits,
            message,
            least,
            equity,
        )))
    }
}

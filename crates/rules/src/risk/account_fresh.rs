//! RK-03: refuses opens on an account the venue was not asked about lately.

use std::time::Duration;

use ordercast_model::{
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    money::MoneyError,
};

use super::word::breach;

/// Oldest account data to open on.
pub(super) const AGE_MAX: Duration = Duration::from_secs(120);

/// The rule.
pub(super) struct AccountFresh;

impl Rule for AccountFresh {
    fn id(&self) -> RuleId {
        RuleId::AccountFresh
    }
    fn check(&self, _: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let age = snapshot.now.since(snapshot.account.synced_at);
        if age <= AGE_MAX {
            return Ok(Finding::Pass);
        }
        let (n, limit) = (age.as_secs(), AGE_MAX.as_secs());
        let message = format!("Account data is {n}s old (limit {limit}s)");
        Ok(Finding::Deny(breach(
            self.id(),
            None,
            snapshot.limits,
            message,
            limit,
            n,
        )))
    }
}

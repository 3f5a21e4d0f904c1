//! RK-21: refuses one more open position than allowed. Opens in flight count, by whomever; adding to what is held does not.

use ordercast_model::{
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    limits::Bound,
    money::MoneyError,
};

use super::{usage::open_instruments, word::breach};

/// The rule.
pub(super) struct OpenPositions;

impl Rule for OpenPositions {
    fn id(&self) -> RuleId {
        RuleId::OpenPositions
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let limit = snapshot.limits.limits.positions_max;
        let open = open_instruments(snapshot.account, snapshot.own)?;
        let count = u32::try_from(open.len()).unwrap_or(u32::MAX);
        if open.contains(&proposal.instrument) || count < limit {
            return Ok(Finding::Pass);
        }
        let message = format!("{count} of {limit} positions open");
        Ok(Finding::Deny(breach(
            self.id(),
            Bound::Positions,
            snapshot.limits,
            message,
            limit,
            count,
        )))
    }
}

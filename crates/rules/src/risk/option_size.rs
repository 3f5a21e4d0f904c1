//! RK-16: cuts an option order to the contracts allowed per order.

use ordercast_model::{
    gate::{Finding, OnCap, Proposal, Rule, RuleId, Snapshot},
    instrument::AssetClass,
    limits::Bound,
    money::{MoneyError, Quantity},
};

use super::word::breach;

/// The rule.
pub(super) struct OptionSize;

impl Rule for OptionSize {
    fn id(&self) -> RuleId {
        RuleId::OptionSize
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        if proposal.instrument.class() != AssetClass::Option {
            return Ok(Finding::Pass);
        }
        let limit = Quantity::new(snapshot.limits.limits.option_contracts_max)?;
        if proposal.quantity <= limit {
            return Ok(Finding::Pass);
        }
        let wanted = proposal.quantity;
        let message = match proposal.on_cap {
            OnCap::Reduce => format!("Reduced from {wanted} to {limit} contracts"),
            OnCap::Reject => format!("{wanted} contracts exceed the limit of {limit} per order"),
        };
        let found = breach(
            self.id(),
            Bound::OptionContracts,
            snapshot.limits,
            message,
            limit,
            wanted,
        );
        Ok(Finding::Reduce(limit, found))
    }
}

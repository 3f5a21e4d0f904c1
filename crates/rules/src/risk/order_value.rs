//! RK-18: cuts an order to the greatest value one order may have.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    gate::{Finding, OnCap, Proposal, Rule, RuleId, Snapshot},
    limits::Bound,
    money::{MoneyError, show},
};
use rust_decimal::Decimal;

use super::{
    position_size::reduced,
    word::{breach, fitting, unit_value, value_of},
};

/// The rule.
pub(super) struct OrderValue;

impl Rule for OrderValue {
    fn id(&self) -> RuleId {
        RuleId::OrderValue
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let Some(limit) = snapshot.limits.limits.order_value_max else {
            return Ok(Finding::Pass);
        };
        let value = value_of(proposal, proposal.quantity)?;
        if value <= limit {
            return Ok(Finding::Pass);
        }
        let lot = snapshot.rules.map_or(Decimal::ONE, |r| r.lot);
        let fits = fitting(limit, unit_value(proposal)?, lot, proposal.quantity)?;
        let bound = format!("max order value {}", show(limit));
        let message = match proposal.on_cap {
            OnCap::Reduce => reduced(proposal, fits, &bound)?,
            OnCap::Reject => format!("Order value would be {}: {bound}", show(value)),
        };
        let found = breach(
            self.id(),
            Bound::OrderValue,
            snapshot.limits,
            message,
            limit,
            value,
        );
        Ok(Finding::Reduce(fits, found))
    }
}

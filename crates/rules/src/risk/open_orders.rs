//! EX-25: refuses an entry that would leave more than fifty entries working or waiting at one account, with every order that
//! was placed there by hand. Whoever sends, and at the market's open, can so count on there being room.

use ordercast_model::{
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    money::MoneyError,
};

use super::{usage::pending, word::deny};

/// Entries that may work or wait for the open at one account (PRODUCT EX-25).
const ORDERS_MAX: u32 = 50;

/// The rule.
pub(super) struct OpenOrders;

impl Rule for OpenOrders {
    fn id(&self) -> RuleId {
        RuleId::OpenOrders
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let by_hand = snapshot.account.outside.len();
        let there = pending(snapshot).count().saturating_add(by_hand);
        let there = u32::try_from(there).unwrap_or(u32::MAX);
        if there.saturating_add(proposal.orders) <= ORDERS_MAX {
            return Ok(Finding::Pass);
        }
        let mut message = format!("{there} of {ORDERS_MAX} orders open or queued");
        if by_hand > 0 {
            message = format!("{message}, {by_hand} of them placed at the broker");
        }
        if proposal.orders != 1 {
            message = format!("{message}, {} more are asked for", proposal.orders);
        }
        Ok(deny(self.id(), message))
    }
}

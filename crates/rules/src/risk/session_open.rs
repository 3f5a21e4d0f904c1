//! RK-07: makes an order wait for the next open of its session.

use ordercast_model::{
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    money::MoneyError,
};

use super::word::{deny, moment, plain};

/// The rule.
pub(super) struct SessionOpen;

impl Rule for SessionOpen {
    fn id(&self) -> RuleId {
        RuleId::SessionOpen
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        if snapshot.session.open {
            return Ok(Finding::Pass);
        }
        Ok(match snapshot.session.next_open {
            Some(open) => {
                let when = moment(open, snapshot.account.zone);
                Finding::Wait(
                    open,
                    plain(self.id(), format!("Market closed; queued for {when}")),
                )
            }
            None => deny(
                self.id(),
                format!(
                    "Market closed; no next session is known for {}",
                    proposal.instrument
                ),
            ),
        })
    }
}

//! RK-11: refuses an entry whose stop the market has crossed, or whose first target it has passed.
//! A stop entry beyond the market is exempt from the first half: its stop lies on this side of it until it triggers.

use ordercast_model::{
    gate::{Breach, Finding, Proposal, Rule, RuleId, Snapshot},
    money::{MoneyError, Price},
    signal::instruction::PositionSide,
};

use super::word::{plain, price};

/// The rule.
pub(super) struct LevelsCrossed;

impl Rule for LevelsCrossed {
    fn id(&self) -> RuleId {
        RuleId::LevelsCrossed
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let Some(quote) = snapshot.quote.filter(|_| snapshot.opens_now()) else {
            return Ok(Finding::Pass);
        };
        // What closing would get now.
        let (now, long) = match proposal.position_side {
            PositionSide::Long => (quote.bid, true),
            PositionSide::Short => (quote.ask, false),
        };
        let beyond_market = !proposal.marketable
            && if long {
                proposal.price > quote.ask
            } else {
                proposal.price < quote.bid
            };
        if let Some(stop) = proposal.stop.filter(|_| !beyond_market) {
            let crossed = if long { now <= stop } else { now >= stop };
            if crossed {
                return Ok(passed(self.id(), now, stop, "stop"));
            }
        }
        if let Some(target) = proposal.first_target {
            let reached = if long { now >= target } else { now <= target };
            if reached {
                return Ok(passed(self.id(), now, target, "first target"));
            }
        }
        Ok(Finding::Pass)
    }
}

fn passed(rule: RuleId, now: Price, level: Price, name: &str) -> Finding {
    let message = format!(
        "Price {} is already beyond the {name} {}",
        price(now),
        price(level)
    );
    Finding::Deny(Breach {
        limit: Some(level.to_string()),
        actual: Some(now.to_string()),
        ..plain(rule, message)
    })
}

//! RK-20: cuts an order so that all positions and pending opens stay within a share of equity.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    gate::{Finding, OnCap, Proposal, Rule, RuleId, Snapshot},
    limits::Bound,
    money::{self, MoneyError, show},
};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    usage::used,
    word::{breach, fitting, percent_of, share_of, unit_value, units, value_of},
};

/// The rule.
pub(super) struct Exposure;

impl Rule for Exposure {
    fn id(&self) -> RuleId {
        RuleId::Exposure
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let percent = snapshot.limits.limits.exposure_pct;
        let equity = snapshot.account.equity.max(Decimal::ZERO);
        let limit = share_of(percent, equity)?;
        let used = used(snapshot.account, snapshot.own, |_| true)?;
        let total = money::add(used, value_of(proposal, proposal.quantity)?)?;
        if total <= limit {
            return Ok(Finding::Pass);
        }
        let lot = snapshot.rules.map_or(Decimal::ONE, |r| r.lot);
        let room = money::sub(limit, used)?;
        let fits = fitting(room, unit_value(proposal)?, lot, proposal.quantity)?;
        let would = if equity.is_zero() {
            format!("Exposure would be {} with no equity", show(total))
        } else {
            let share = percent_of(total, equity)?.round_dp_with_strategy(1, RoundingStrategy::AwayFromZero);
            format!("Exposure would be {share:.1}%")
        };
        let mut message = format!("{would} (limit {}%)", percent.normalize());
        if proposal.on_cap == OnCap::Reduce {
            message = format!(
                "{message}: reduced from {} to {fits} {} ({})",
                proposal.quantity,
                units(&proposal.instrument),
                show(value_of(proposal, fits)?)
            );
        }
        let found = breach(
            self.id(),
            Bound::Exposure,
            snapshot.limits,
            message,
            limit.normalize(),
            total,
        );
        Ok(Finding::Reduce(fits, found))
    }
}

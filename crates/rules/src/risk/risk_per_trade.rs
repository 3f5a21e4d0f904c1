//! RK-23: cuts an order so that what a hit stop would lose stays within a share of equity.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    gate::{Finding, OnCap, Proposal, Rule, RuleId, Snapshot},
    limits::Bound,
    money::{self, MoneyError, show},
};
use rust_decimal::Decimal;

use super::word::{breach, deny, fitting, share_of};

/// The rule.
pub(super) struct RiskPerTrade;

impl Rule for RiskPerTrade {
    fn id(&self) -> RuleId {
        RuleId::RiskPerTrade
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let Some(percent) = snapshot.limits.limits.risk_per_trade_pct else {
            return Ok(Finding::Pass);
        };
        let Some(stop) = proposal.stop else {
            return Ok(deny(
                self.id(),
                "Risk per trade is limited, and there is no stop to measure it by".to_owned(),
            ));
        };
        let distance = money::sub(proposal.price.value(), stop.value())?.abs();
        let per_unit = money::mul(distance, proposal.instrument.multiplier())?;
        let risk = money::mul(per_unit, proposal.quantity.value())?;
        let limit = share_of(percent, snapshot.account.equity.max(Decimal::ZERO))?;
        if risk <= limit {
            return Ok(Finding::Pass);
        }
        let lot = snapshot.rules.map_or(Decimal::ONE, |r| r.lot);
        let fits = fitting(limit, per_unit, lot, proposal.quantity)?;
        let message = match proposal.on_cap {
            OnCap::Reduce => {
                let cut = money::mul(per_unit, fits.value())?;
                format!("Risk {} cut to {} (limit {})", show(risk), show(cut), show(limit))
            }
            OnCap::Reject => format!("Risk {} exceeds {}", show(risk), show(limit)),
        };
        let found = breach(
            self.id(),
            Bound::RiskPerTrade,
            snapshot.limits,
            message,
            limit.normalize(),
            risk,
        );
        Ok(Finding::Reduce(fits, found))
    }
}

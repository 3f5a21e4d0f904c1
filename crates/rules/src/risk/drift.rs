//! RK-12: refuses an entry when the market has run away from the alert price on the adverse side.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    limits::Bound,
    money::{self, MoneyError},
    order::shape::OrderSide,
};

use super::word::{breach, of_class, pct_beside, percent_of, price};

/// The limits by asset class.
const CLASSES: [Bound; 3] = [Bound::DriftEquity, Bound::DriftOption, Bound::DriftCrypto];

/// The rule.
pub(super) struct Drift;

impl Rule for Drift {
    fn id(&self) -> RuleId {
        RuleId::Drift
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let quote = snapshot.quote.filter(|_| snapshot.opens_now());
        let (Some(alert), Some(quote)) = (proposal.alert_price, quote) else {
            return Ok(Finding::Pass);
        };
        let (name, touch, way, adverse) = match proposal.side {
            OrderSide::Buy => (
                "Ask",
                quote.ask,
                "above",
                money::sub(quote.ask.value(), alert.value())?,
            ),
            OrderSide::Sell => (
                "Bid",
                quote.bid,
                "below",
                money::sub(alert.value(), quote.bid.value())?,
            ),
        };
        let limit = of_class(&snapshot.limits.limits.drift_pct, proposal.instrument.class());
        let drift = percent_of(adverse, alert.value())?;
        if drift <= limit {
            return Ok(Finding::Pass);
        }
        let shown = pct_beside(drift, limit);
        let message = format!(
            "{name} {} is {shown}% {way} alert {} (limit {}%)",
            price(touch),
            price(alert),
            limit.normalize()
        );
        Ok(Finding::Deny(breach(
            self.id(),
            Bound::of_class(CLASSES, proposal.instrument.class()),
            snapshot.limits,
            message,
            format!("{}%", limit.normalize()),
            format!("{shown}%"),
        )))
    }
}

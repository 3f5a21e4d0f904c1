//! RK-15: refuses options that are expired, nearly worthless, or too costly to get out of.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    instrument::Instrument,
    limits::Bound,
    money::{self, MoneyError},
    time::SessionZone,
};
use rust_decimal::Decimal;

use super::word::{breach, deny, pct_beside, percent_of, price};

/// The rule.
pub(super) struct OptionFilter;

impl Rule for OptionFilter {
    fn id(&self) -> RuleId {
        RuleId::OptionFilter
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        let Instrument::Option { expiry, .. } = &proposal.instrument else {
            return Ok(Finding::Pass);
        };
        if *expiry < SessionZone::NewYork.day_of(snapshot.now) {
            return Ok(deny(
                self.id(),
                format!("{} expired on {expiry}", proposal.instrument),
            ));
        }
        let limits = &snapshot.limits.limits;
        if proposal.price.value() < limits.option_price_min {
            let least = limits.option_price_min;
            let message = format!("Option price {} is below {}", price(proposal.price), price(least));
            return Ok(Finding::Deny(breach(
                self.id(),
                Bound::OptionPrice,
                snapshot.limits,
                message,
                least,
                proposal.price,
            )));
        }
        let Some(quote) = snapshot.quote.filter(|_| snapshot.opens_now()) else {
            return Ok(Finding::Pass);
        };
        let spread = money::sub(quote.ask.value(), quote.bid.value())?;
        let mid = money::div(money::add(quote.ask.value(), quote.bid.value())?, Decimal::TWO)?;
        let wide = percent_of(spread, mid)?;
        let limit = limits.option_spread_pct;
        if wide <= limit {
            return Ok(Finding::Pass);
        }
        let shown = pct_beside(wide, limit);
        let message = format!(
            "Spread {} is {shown}% of mid (limit {}%)",
            price(spread),
            limit.normalize()
        );
        Ok(Finding::Deny(breach(
            self.id(),
            Bound::OptionSpread,
            snapshot.limits,
            message,
            format!("{}%", limit.normalize()),
            format!("{shown}%"),
        )))
    }
}

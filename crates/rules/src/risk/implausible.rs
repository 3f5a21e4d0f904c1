//! RK-13: refuses a price so far from the last trade that it looks like a typing error.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    gate::{Finding, Proposal, Rule, RuleId, Snapshot},
    limits::Bound,
    money::{self, MoneyError},
};

use super::word::{breach, of_class, pct_beside, percent_of, price};

/// The limits by asset class.
const CLASSES: [Bound; 3] = [
    Bound::ImplausibleEquity,
    Bound::ImplausibleOption,
    Bound::ImplausibleCrypto,
];

/// The rule.
pub(super) struct Implausible;

impl Rule for Implausible {
    fn id(&self) -> RuleId {
        RuleId::Implausible
    }
    fn check(&self, proposal: &Proposal, snapshot: &Snapshot<'_>) -> Result<Finding, MoneyError> {
        // Without a quote RK-14 denies.
        let Some(quote) = snapshot.quote else {
            return Ok(Finding::Pass);
        };
        let last = quote.last.value();
        let limit = of_class(
            &snapshot.limits.limits.implausible_pct,
            proposal.instrument.class(),
        );
        for named in proposal.alert_price.into_iter().chain([proposal.price]) {
            let away = percent_of(money::sub(named.value(), last)?.abs(), last)?;
            if away > limit {
                let shown = pct_beside(away, limit);
                let message = format!(
                    "{} is {shown}% away from last {}: looks like a typing error",
                    price(named),
                    price(last)
                );
                return Ok(Finding::Deny(breach(
                    self.id(),
                    Bound::of_class(CLASSES, proposal.instrument.class()),
                    snapshot.limits,
                    message,
                    format!("{}%", limit.normalize()),
                    format!("{shown}%"),
                )));
            }
        }
        Ok(Finding::Pass)
    }
}

//! RK-40: what the signal says about size, times the follower's multiplier; without a word on size, 2 % of equity.

use ordercast_model::money::{self, show};
use rust_decimal::Decimal;

use super::{Ask, SizeError, fixed_notional, percent_of_equity, risk_percent};

/// Share of equity when the signal names no size.
const FALLBACK_PCT: Decimal = Decimal::TWO;

pub(super) fn size(ask: &Ask<'_>, multiplier: Decimal) -> Result<(Decimal, String), SizeError> {
    let hint = ask.hint;
    let times = multiplier.normalize();
    if let Some(quantity) = hint.quantity {
        let why = format!("Signal's {} x {times}", quantity.normalize());
        return Ok((money::times(quantity, multiplier)?, why));
    }
    let (head, (raw, why)) = if let Some(amount) = hint.notional {
        (
            format!("Signal's {} x {times}", show(amount)),
            fixed_notional::size(ask, money::times(amount, multiplier)?)?,
        )
    } else if let Some(percent) = hint.account_pct {
        (
            format!("Signal's {}% x {times}", percent.normalize()),
            percent_of_equity::size(ask, money::times(percent, multiplier)?)?,
        )
    } else if let Some(percent) = hint.risk_pct {
        (
            format!("Signal's {}% at risk x {times}", percent.normalize()),
            risk_percent::size(ask, money::times(percent, multiplier)?)?,
        )
    } else {
        (
            "Signal names no size".to_owned(),
            percent_of_equity::size(ask, FALLBACK_PCT)?,
        )
    };
    Ok((raw, format!("{head}: {why}")))
}

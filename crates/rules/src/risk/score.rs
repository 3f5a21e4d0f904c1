//! RK-37: the risk score that is shown with an order. Information only; no rule reads it.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::money::{self, MoneyError, decimal_text};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

/// How the score reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Band {
    /// Below 40.
    Low,
    /// Below 70.
    Medium,
    /// From 70.
    High,
}

/// A score from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Score {
    /// 0 to 100, one place.
    #[serde(with = "decimal_text")]
    pub value: Decimal,
    /// How it reads.
    pub band: Band,
}

/// `40 x min(1, size / max position) + 30 x min(1, stop distance / 10 %) + 30 x min(1, (leverage - 1) / 4)`.
/// A missing stop counts as the full distance.
///
/// # Errors
/// `Overflow`.
pub fn score(
    size: Decimal,
    max_position: Decimal,
    stop_distance_pct: Option<Decimal>,
    leverage: Decimal,
) -> Result<Score, MoneyError> {
    let share = |part: Decimal, whole: Decimal| {
        if whole <= Decimal::ZERO {
            return Ok(Decimal::ONE);
        }
        Ok(money::div(part, whole)?.clamp(Decimal::ZERO, Decimal::ONE))
    };
    let size = share(size, max_position)?;
    let stop = share(stop_distance_pct.unwrap_or(Decimal::TEN), Decimal::TEN)?;
    let lever = share(money::sub(leverage, Decimal::ONE)?, Decimal::from(4))?;
    let thirty = Decimal::from(30);
    let sum = money::add(
        money::times(Decimal::from(40), size)?,
        money::add(money::times(thirty, stop)?, money::times(thirty, lever)?)?,
    )?;
    let value = sum
        .round_dp_with_strategy(1, RoundingStrategy::MidpointNearestEven)
        .normalize();
    let band = if value < Decimal::from(40) {
        Band::Low
    } else if value < Decimal::from(70) {
        Band::Medium
    } else {
        Band::High
    };
    Ok(Score { value, band })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ac_84_and_the_bands() {
        for (size, stop, leverage, value, band) in [
            ("1000", Some("2"), "1", "46", Band::Medium),
            ("500", Some("2"), "1", "26", Band::Low),
            ("5000", None, "5", "100", Band::High),
        ] {
            let d = |text: &str| text.parse::<Decimal>().unwrap();
            let got = score(d(size), d("1000"), stop.map(d), d(leverage)).unwrap();
            assert_eq!((got.value, got.band), (d(value), band));
        }
    }
}

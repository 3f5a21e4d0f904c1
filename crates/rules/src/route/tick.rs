//! Decides which tick a price is put on: always the one that is not worse for the user than what was asked.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::money::{self, MoneyError, Price};
use rust_decimal::Decimal;

/// The direction of rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// Not above what was asked: buy limits, a long's break-even, a short's stop.
    Lower,
    /// Not below what was asked: sell limits, a short's break-even, a long's stop.
    Higher,
}

/// The price on the tick. A price below one tick becomes one tick.
///
/// # Errors
/// `Overflow`.
pub fn to_tick(price: Decimal, tick: Decimal, toward: Toward) -> Result<Price, MoneyError> {
    let price = price.max(Decimal::ZERO);
    let on_tick = match toward {
        Toward::Lower => money::floor_to(price, tick)?,
        Toward::Higher => money::ceil_to(price, tick)?,
    };
    Price::new(if on_tick.is_zero() { tick } else { on_tick })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn prices_go_to_the_tick_in_the_asked_direction() {
        for (price, tick, lower, higher) in [
            ("2.137", "0.01", "2.13", "2.14"),
            ("2.13", "0.05", "2.1", "2.15"),
            ("2.10", "0.05", "2.1", "2.1"),
            ("0.001", "0.01", "0.01", "0.01"),
        ] {
            let (p, t) = (price.parse().unwrap(), tick.parse().unwrap());
            assert_eq!(to_tick(p, t, Toward::Lower).unwrap().to_string(), lower);
            assert_eq!(to_tick(p, t, Toward::Higher).unwrap().to_string(), higher);
        }
    }
}

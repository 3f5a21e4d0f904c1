//! Prices as people write them: moved by a share of themselves and rounded to what the instrument trades in.

use ordercast_model::instrument::Instrument;
use rust_decimal::{Decimal, RoundingStrategy};

/// Significant digits of a coin's price.
const COIN_DIGITS: u32 = 5;

/// A price moved by basis points (hundredths of a percent), up or down.
pub(super) fn shift(price: Decimal, basis_points: i64) -> Decimal {
    let factor = Decimal::new(10_000_i64.saturating_add(basis_points), 4);
    price.checked_mul(factor).unwrap_or(price)
}

fn round(price: Decimal, instrument: &Instrument, how: RoundingStrategy) -> Decimal {
    match instrument {
        Instrument::Crypto { .. } => price.round_sf_with_strategy(COIN_DIGITS, how).unwrap_or(price),
        _ => price.round_dp_with_strategy(2, how),
    }
}

/// Rounded up: a buyer's limit that is meant to fill.
pub(super) fn above(price: Decimal, instrument: &Instrument) -> Decimal {
    round(price, instrument, RoundingStrategy::ToPositiveInfinity)
}

/// Rounded down: a seller's price, a stop.
pub(super) fn below(price: Decimal, instrument: &Instrument) -> Decimal {
    round(price, instrument, RoundingStrategy::ToZero)
}

/// The price as text: cents for shares and options, as many digits as needed for coins.
pub(super) fn text(price: Decimal, instrument: &Instrument) -> String {
    match instrument {
        Instrument::Crypto { .. } => price.normalize().to_string(),
        _ => format!("{price:.2}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn levels_look_like_prices() {
        let share = Instrument::Equity {
            symbol: "AAPL".into(),
        };
        let coin = Instrument::Crypto {
            base: "BTC".into(),
            quote: "USD".into(),
        };
        for (instrument, price, basis_points, expected) in [
            (&share, "271.10", 0, "271.10"),
            (&share, "271.10", -150, "267.03"),
            (&coin, "87213.47", 0, "87213"),
            (&coin, "0.00000452", 300, "0.0000046556"),
        ] {
            let price: Decimal = price.parse().unwrap();
            let moved = below(shift(price, basis_points), instrument);
            assert_eq!(text(moved, instrument), expected);
        }
        assert_eq!(text(above("87213.47".parse().unwrap(), &coin), &coin), "87214");
    }
}

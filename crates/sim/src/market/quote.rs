//! Decides what a quote holds and how a price inside becomes one on the tick. Refuses to know where the price came from.

use ordercast_model::{
    instrument::Instrument,
    money::{self, decimal_text},
    time::Timestamp,
};
use rust_decimal::{
    Decimal, RoundingStrategy,
    prelude::{FromPrimitive, ToPrimitive},
};
use serde::{Deserialize, Serialize};

/// The best prices of one instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// What is quoted.
    pub symbol: Instrument,
    /// Best price to sell at.
    #[serde(with = "decimal_text")]
    pub bid: Decimal,
    /// Best price to buy at; above the bid.
    #[serde(with = "decimal_text")]
    pub ask: Decimal,
    /// Units shown at the bid.
    #[serde(with = "decimal_text")]
    pub bid_size: Decimal,
    /// Units shown at the ask.
    #[serde(with = "decimal_text")]
    pub ask_size: Decimal,
    /// Last trade.
    #[serde(with = "decimal_text")]
    pub last: Decimal,
    /// Units traded this session (coins: since midnight UTC).
    #[serde(with = "decimal_text")]
    pub volume: Decimal,
    /// Percent since the previous close.
    #[serde(with = "decimal_text")]
    pub change: Decimal,
    /// Whether its session is open.
    pub open: bool,
    /// When it was last made.
    pub at: Timestamp,
}

impl Quote {
    /// Half way between bid and ask.
    #[must_use]
    pub fn mid(&self) -> Decimal {
        money::add(self.bid, self.ask)
            .and_then(|sum| money::div(sum, Decimal::TWO))
            .unwrap_or(self.bid)
    }
}

/// Down to the tick, at least one tick.
#[must_use]
pub fn floor_tick(price: f64, tick: Decimal) -> Decimal {
    on_tick(price, tick, RoundingStrategy::ToZero)
}
/// Up to the tick, at least one tick.
#[must_use]
pub fn ceil_tick(price: f64, tick: Decimal) -> Decimal {
    on_tick(price, tick, RoundingStrategy::AwayFromZero)
}
/// To the nearest tick, at least one tick.
#[must_use]
pub fn near_tick(price: f64, tick: Decimal) -> Decimal {
    on_tick(price, tick, RoundingStrategy::MidpointAwayFromZero)
}

fn on_tick(price: f64, tick: Decimal, way: RoundingStrategy) -> Decimal {
    let steps = Decimal::from_f64(price / tick.to_f64().unwrap_or(1.0)).unwrap_or(Decimal::ONE);
    // A float a hair beside a whole step is that step.
    let steps = steps.round_dp(6).round_dp_with_strategy(0, way).max(Decimal::ONE);
    money::mul(steps, tick).unwrap_or(tick)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn prices_stand_on_the_tick() {
        let cent = Decimal::new(1, 2);
        assert_eq!(floor_tick(271.239, cent).to_string(), "271.23");
        assert_eq!(ceil_tick(271.231, cent).to_string(), "271.24");
        assert_eq!(ceil_tick(271.23, cent).to_string(), "271.23");
        assert_eq!(floor_tick(0.000_1, cent), cent);
        assert_eq!(
            near_tick(0.000_004_523_4, Decimal::new(1, 10)).to_string(),
            "0.0000045234"
        );
    }
}

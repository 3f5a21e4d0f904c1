//! An order as its terms stand at a venue, whoever placed it there, and one that the account's owner placed past us
//! (PRODUCT EX-20). Refuses to change one: nothing here is sent anywhere.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    instrument::Instrument,
    money::{Price, Quantity, decimal_text, show},
    order::shape::OrderSide,
    time::Timestamp,
};

/// How much an order at a venue is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// Shares, contracts, coins.
    Units(Quantity),
    /// An amount of money; what it buys is known when it fills.
    Amount(#[serde(with = "decimal_text")] Decimal),
}

/// The terms of an order as the venue shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The venue's id.
    pub broker_order_id: String,
    /// What.
    pub instrument: Instrument,
    /// Which way.
    pub side: OrderSide,
    /// How much.
    pub size: Size,
    /// Filled so far: cumulative.
    pub filled: Quantity,
    /// Its type by code (`market`, `limit`, `stop`, `stop_limit`, `trailing`, or the venue's own word); none when not told.
    pub order_type: Option<String>,
    /// Limit, if it has one.
    pub limit: Option<Price>,
    /// Trigger, if it has one.
    pub stop: Option<Price>,
}

impl Terms {
    /// What may still fill; none of an order for an amount.
    #[must_use]
    pub fn remaining(&self) -> Option<Quantity> {
        match self.size {
            Size::Units(units) => Some(units.minus_to_zero(self.filled)),
            Size::Amount(_) => None,
        }
    }
    /// The price it names itself: its limit, else its trigger.
    #[must_use]
    pub fn price(&self) -> Option<Price> {
        self.limit.or(self.stop)
    }
}

/// As a trader says it: `buy 10 SPY limit 180.00`.
impl fmt::Display for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.side {
            OrderSide::Buy => "buy",
            OrderSide::Sell => "sell",
        };
        match self.size {
            Size::Units(units) => write!(f, "{side} {units} {}", self.instrument)?,
            Size::Amount(amount) => write!(f, "{side} {} of {}", show(amount), self.instrument)?,
        }
        match (self.stop, self.limit) {
            (Some(stop), Some(limit)) => write!(f, " stop {} limit {}", at(stop), at(limit)),
            (Some(stop), None) => write!(f, " stop {}", at(stop)),
            (None, Some(limit)) => write!(f, " limit {}", at(limit)),
            (None, None) => match self.order_type.as_deref() {
                Some("market") => f.write_str(" at the market"),
                Some("trailing") => f.write_str(" trailing stop"),
                Some(other) => write!(f, " {other}"),
                None => Ok(()),
            },
        }
    }
}

/// A price with two places at least, and with all it has.
fn at(price: Price) -> String {
    let value = price.value().normalize();
    if value.scale() <= 2 {
        show(value)
    } else {
        value.to_string()
    }
}

/// An order that works at the broker and that its account's owner placed there. It counts as used in limits; nobody here
/// changes, cancels or fills it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideOrder {
    /// Its terms as the venue showed them last.
    pub terms: Terms,
    /// Price it is counted at: its own, else the last one of the instrument when it was seen first; none when neither is
    /// known.
    pub price: Option<Price>,
    /// The venue's buying power is less by what it needs already.
    pub in_buying_power: bool,
    /// When it was seen first.
    pub since: Timestamp,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn terms_are_told_as_a_trader_says_them() {
        let units = |text: &str| Size::Units(text.parse().unwrap());
        for (side, symbol, size, kind, limit, stop, said) in [
            (
                OrderSide::Buy,
                "SPY",
                units("10"),
                "limit",
                Some("180"),
                None,
                "buy 10 SPY limit 180.00",
            ),
            (
                OrderSide::Sell,
                "SPY",
                units("3"),
                "stop",
                None,
                Some("170.5"),
                "sell 3 SPY stop 170.50",
            ),
            (
                OrderSide::Sell,
                "DOGE/USD",
                units("30"),
                "stop_limit",
                Some("0.0712"),
                Some("0.073"),
                "sell 30 DOGE/USD stop 0.073 limit 0.0712",
            ),
            (
                OrderSide::Buy,
                "SPY",
                Size::Amount(Decimal::from(1_500)),
                "market",
                None,
                None,
                "buy 1,500.00 of SPY at the market",
            ),
            (
                OrderSide::Sell,
                "SPY",
                units("2"),
                "trailing",
                None,
                None,
                "sell 2 SPY trailing stop",
            ),
        ] {
            let terms = Terms {
                broker_order_id: "v-1".to_owned(),
                instrument: symbol.parse().unwrap(),
                side,
                size,
                filled: Quantity::ZERO,
                order_type: Some(kind.to_owned()),
                limit: limit.map(|p| p.parse().unwrap()),
                stop: stop.map(|p| p.parse().unwrap()),
            };
            assert_eq!(terms.to_string(), said);
            let kept = serde_json::to_string(&terms).unwrap();
            assert_eq!(serde_json::from_str::<Terms>(&kept).unwrap(), terms, "{kept}");
        }
    }
}

//! Decides what a fill does to an account: cash, position, cost, result, exactly. Refuses to know why it happened.

use std::collections::BTreeMap;

use ordercast_model::{
    instrument::Instrument,
    money::{self, MoneyError, decimal_text},
};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::venue::order::Fill;

/// Places a share of a cost is rounded to; the rest stays with what is still held.
const COST_PLACES: u32 = 8;

/// A holding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position {
    /// Units, negative when short.
    #[serde(with = "decimal_text")]
    pub quantity: Decimal,
    /// What the units now held cost (long) or brought (short), without fees; not negative.
    #[serde(with = "decimal_text")]
    pub cost: Decimal,
    /// Result of what was closed, without fees.
    #[serde(with = "decimal_text")]
    pub realised: Decimal,
}

impl Position {
    /// Cost of one unit of the underlying; `None` when flat.
    #[must_use]
    pub fn average_price(&self, multiplier: Decimal) -> Option<Decimal> {
        let units = self.quantity.abs().checked_mul(multiplier)?;
        if units.is_zero() {
            None
        } else {
            self.cost.checked_div(units).map(|p| p.normalize())
        }
    }

    /// Books signed units at a value (price x units x multiplier, not negative).
    fn book(&mut self, units: Decimal, value: Decimal) -> Result<(), MoneyError> {
        let turned = money::add(self.quantity, units)?;
        let adds = self.quantity.is_zero() || (self.quantity.is_sign_negative() == units.is_sign_negative());
        if adds {
            self.cost = money::add(self.cost, value)?;
            self.quantity = turned;
            return Ok(());
        }
        let closing = units.abs().min(self.quantity.abs());
        let value_closed = portion(value, closing, units.abs())?;
        let cost_closed = portion(self.cost, closing, self.quantity.abs())?;
        let gain = if self.quantity.is_sign_negative() {
            money::sub(cost_closed, value_closed)?
        } else {
            money::sub(value_closed, cost_closed)?
        };
        self.realised = money::add(self.realised, gain)?;
        self.cost = if closing < units.abs() {
            money::sub(value, value_closed)?
        } else {
            money::sub(self.cost, cost_closed)?
        };
        self.quantity = turned;
        Ok(())
    }
}

/// `value x part / whole`, exact when the part is the whole.
fn portion(value: Decimal, part: Decimal, whole: Decimal) -> Result<Decimal, MoneyError> {
    if part == whole {
        return Ok(value);
    }
    let share = money::div(part, whole)?;
    let product = value.checked_mul(share).ok_or(MoneyError::Overflow)?;
    Ok(product
        .round_dp_with_strategy(COST_PLACES, RoundingStrategy::MidpointNearestEven)
        .normalize())
}

/// One customer's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// `PA100001`.
    pub id: String,
    /// Given when it was opened; unique.
    pub name: String,
    /// SHA-256 of the key, hexadecimal: the key itself is kept nowhere.
    pub key_hash: String,
    /// What it began with.
    #[serde(with = "decimal_text")]
    pub opening_cash: Decimal,
    /// What it has.
    #[serde(with = "decimal_text")]
    pub cash: Decimal,
    /// Fees paid so far.
    #[serde(with = "decimal_text")]
    pub fees: Decimal,
    /// Whether it may sell equities it does not hold.
    pub shorting: bool,
    /// Holdings, flat ones kept for their result.
    pub positions: BTreeMap<Instrument, Position>,
    /// Number of its last event.
    pub event: u64,
}

impl Account {
    /// Signed units held.
    #[must_use]
    pub fn held(&self, symbol: &Instrument) -> Decimal {
        self.positions.get(symbol).map_or(Decimal::ZERO, |p| p.quantity)
    }
    /// Books a fill; nothing is changed on an error.
    ///
    /// # Errors
    /// `MoneyError::Overflow`.
    pub fn book(&mut self, fill: &Fill) -> Result<(), MoneyError> {
        let value = money::mul(money::mul(fill.price, fill.quantity)?, fill.symbol.multiplier())?;
        let cash = money::add(self.cash, fill.cash)?;
        let fees = money::add(self.fees, fill.fee)?;
        let mut position = self.positions.get(&fill.symbol).cloned().unwrap_or_default();
        position.book(fill.side.signed(fill.quantity), value)?;
        (self.cash, self.fees) = (cash.normalize(), fees.normalize());
        self.positions.insert(fill.symbol.clone(), position);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn d(text: &str) -> Decimal {
        money::parse(text).unwrap()
    }

    #[test]
    fn positions_grow_shrink_and_turn_exactly() {
        let mut position = Position::default();
        for (units, value, quantity, cost, realised) in [
            ("3", "30", "3", "30", "0"),
            ("7", "77", "10", "107", "0"),
            ("-3", "36", "7", "74.9", "3.9"),
            ("-10", "110", "-3", "33", "6"),
            ("3", "30", "0", "0", "9"),
        ] {
            position.book(d(units), d(value)).unwrap();
            assert_eq!(
                (position.quantity, position.cost, position.realised),
                (d(quantity), d(cost), d(realised))
            );
        }
    }

    #[test]
    fn a_rounded_share_of_the_cost_stays_with_what_is_held() {
        let mut position = Position::default();
        position.book(d("3"), d("10")).unwrap();
        position.book(d("-1"), d("4")).unwrap();
        assert_eq!(
            (position.cost, position.realised),
            (d("6.66666667"), d("0.66666667"))
        );
        position.book(d("-2"), d("8")).unwrap();
        assert_eq!((position.cost, position.realised), (Decimal::ZERO, d("2")));
    }
}

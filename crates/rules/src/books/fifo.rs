//! Decides what a lot's entries become when more is bought or some of it leaves: first in, first out, exact.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    money::{self, MoneyError, Price, Quantity},
    position::LotEntry,
    signal::instruction::PositionSide,
};
use rust_decimal::Decimal;

/// Places beyond which an average is noise: prices and quantities have at most eight each.
const COST_PLACES: u32 = 16;

/// `quantity x price`, rid of the noise of an average that does not divide evenly.
pub(super) fn cost(quantity: Quantity, average: Price) -> Result<Decimal, MoneyError> {
    Ok(money::times(quantity.value(), average.value())?
        .round_dp(COST_PLACES)
        .normalize())
}

/// The average of an old and a new part; exact whenever it can be written with 28 digits.
pub(super) fn average(
    old: Option<(Quantity, Price)>,
    quantity: Quantity,
    price: Price,
) -> Result<Price, MoneyError> {
    let Some((held, before)) = old.filter(|(held, _)| !held.is_zero()) else {
        return Ok(price);
    };
    if before == price {
        return Ok(price);
    }
    let sum = money::add(cost(held, before)?, cost(quantity, price)?)?;
    Price::new(money::div(sum, held.plus(quantity)?.value())?)
}

/// Exact cost of what entries hold.
pub(super) fn held_cost(entries: &[LotEntry]) -> Result<Decimal, MoneyError> {
    entries.iter().try_fold(Decimal::ZERO, |sum, e| {
        money::add(sum, money::mul(e.quantity.value(), e.price.value())?)
    })
}

/// What entries hold.
pub(super) fn held(entries: &[LotEntry]) -> Result<Quantity, MoneyError> {
    entries
        .iter()
        .try_fold(Quantity::ZERO, |sum, e| sum.plus(e.quantity))
}

/// What is left of entries after `leaving` went at `price`, oldest first, and the result per unit of the underlying.
pub(super) fn take(
    entries: &[LotEntry],
    leaving: Quantity,
    price: Price,
    side: PositionSide,
) -> Result<(Vec<LotEntry>, Decimal), MoneyError> {
    let mut left = leaving;
    let mut realised = Decimal::ZERO;
    let mut rest = Vec::with_capacity(entries.len());
    for entry in entries {
        let part = entry.quantity.min(left);
        left = left.minus_to_zero(part);
        let gain = match side {
            PositionSide::Long => money::sub(price.value(), entry.price.value())?,
            PositionSide::Short => money::sub(entry.price.value(), price.value())?,
        };
        realised = money::add(realised, money::mul(gain, part.value())?)?;
        let quantity = entry.quantity.minus_to_zero(part);
        if !quantity.is_zero() {
            rest.push(LotEntry {
                quantity,
                price: entry.price,
            });
        }
    }
    Ok((rest, realised))
}

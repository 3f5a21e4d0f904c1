//! Decides what an instrument's book shows after others have taken from it, and how it fills up again.
//! Refuses to know accounts.

use ordercast_model::money;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::market::{
    depth::{BookSide, Depth, LEVEL_COUNT},
    quote::Quote,
};

/// Share of what was taken that comes back with each step of the market.
const REFILL: Decimal = Decimal::from_parts(6, 0, 0, false, 2);
/// Distance between levels as a share of the spread.
const STEP: Decimal = Decimal::from_parts(6, 0, 0, false, 1);

/// Units at a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Price.
    pub price: Decimal,
    /// Units left to take.
    pub size: Decimal,
}

/// What was taken from each side and has not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    bid: Decimal,
    ask: Decimal,
}

impl Taken {
    /// Remembers a fill against a side.
    pub fn take(&mut self, side: BookSide, quantity: Decimal) {
        let slot = match side {
            BookSide::Bid => &mut self.bid,
            BookSide::Ask => &mut self.ask,
        };
        *slot = slot.checked_add(quantity).unwrap_or(*slot);
    }
    /// One step of the market later; true when all is back.
    pub fn refill(&mut self, lot: Decimal) -> bool {
        for slot in [&mut self.bid, &mut self.ask] {
            let back = money::mul(*slot, REFILL)
                .and_then(|b| money::floor_to(b, lot))
                .unwrap_or(lot)
                .max(lot);
            *slot = slot.checked_sub(back).unwrap_or_default().max(Decimal::ZERO);
        }
        self.bid.is_zero() && self.ask.is_zero()
    }
    const fn of(&self, side: BookSide) -> Decimal {
        match side {
            BookSide::Bid => self.bid,
            BookSide::Ask => self.ask,
        }
    }
}

/// The levels of a side, best first, without those that are empty.
#[must_use]
pub fn levels(quote: &Quote, depth: &Depth, tick: Decimal, side: BookSide, taken: &Taken) -> Vec<Level> {
    let spread = quote.ask.checked_sub(quote.bid).unwrap_or(tick);
    let ticks = money::mul(spread, STEP)
        .and_then(|s| money::div(s, tick))
        .unwrap_or(Decimal::ONE);
    let ticks = ticks
        .round_dp_with_strategy(0, RoundingStrategy::AwayFromZero)
        .max(Decimal::ONE);
    let gap = money::mul(ticks, tick).unwrap_or(tick);
    let mut gone = taken.of(side);
    let mut out = Vec::new();
    for level in 0..LEVEL_COUNT {
        let away = money::mul(gap, Decimal::from(level)).unwrap_or(gap);
        let price = match side {
            BookSide::Ask => quote.ask.checked_add(away),
            BookSide::Bid => quote.bid.checked_sub(away),
        };
        let Some(price) = price.filter(|p| *p > Decimal::ZERO) else {
            break;
        };
        let shown = depth.shown(side, level);
        let size = shown.checked_sub(gone).unwrap_or_default().max(Decimal::ZERO);
        gone = gone.checked_sub(shown).unwrap_or_default().max(Decimal::ZERO);
        if size > Decimal::ZERO {
            out.push(Level { price, size });
        }
    }
    out
}

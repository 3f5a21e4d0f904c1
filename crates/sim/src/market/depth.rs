//! Decides how much is shown at a price: thin, uneven, deeper away from the best. Refuses to know who took what.

use rust_decimal::{
    Decimal,
    prelude::{FromPrimitive, ToPrimitive},
};

use crate::market::noise::{scatter, scatter_unit};

/// Price levels shown on each side.
pub const LEVEL_COUNT: u32 = 5;

/// Which side of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BookSide {
    /// Buyers.
    Bid,
    /// Sellers.
    Ask,
}

/// What sizes are made of.
#[derive(Debug, Clone, Copy)]
pub struct Depth {
    /// Bits of the instrument's name.
    pub bits: u64,
    /// Market second: sizes change with it.
    pub second: i64,
    /// Money shown at the best price on average.
    pub money: f64,
    /// Price of one unit times its multiplier.
    pub unit: f64,
    /// Quantity step.
    pub lot: Decimal,
}

impl Depth {
    /// Units shown at a level, at least one lot.
    #[must_use]
    pub fn shown(&self, side: BookSide, level: u32) -> Decimal {
        let salt = scatter(self.bits ^ u64::from(level) << 32 ^ (side as u64) << 40);
        let uneven = 0.4 + 1.2 * scatter_unit(salt ^ self.second.unsigned_abs());
        let units = self.money * uneven * (1.0 + 0.45 * f64::from(level)) / self.unit.max(1e-12);
        let lots = Decimal::from_f64(units / self.lot.to_f64().unwrap_or(1.0))
            .unwrap_or(Decimal::ONE)
            .trunc();
        lots.max(Decimal::ONE)
            .checked_mul(self.lot)
            .unwrap_or(self.lot)
            .normalize()
    }
}

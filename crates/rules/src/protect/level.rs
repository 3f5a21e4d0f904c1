//! Decides the prices of stops and targets from an entry: long below and above, short mirrored. A stop goes to the tick
//! nearer to the entry, so that it never risks more than asked; a target to the tick that never takes less.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    money::{self, MoneyError, Price},
    order::intent::ProtectionPlan,
    signal::instruction::{PositionSide, StopLevel, Target, TargetLevel, TrailBy},
};
use rust_decimal::Decimal;

use crate::route::{Toward, to_tick};

/// Why protection cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProtectError {
    /// Nothing has filled, so there is no entry to measure from.
    #[error("nothing has filled yet: there is no entry price to measure from")]
    NoEntry,
    /// Pips are of FX and metals, which are not traded.
    #[error("a level in pips cannot be placed on this instrument")]
    Pips,
    /// Numbers too large, or a level at or below zero.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Stop and targets as prices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Levels {
    /// Where the stop goes; for a trailing stop where it starts.
    pub stop: Option<Price>,
    /// Where the targets go, in message order.
    pub targets: Vec<Price>,
}

/// The levels a plan would have for an entry at this price.
///
/// # Errors
/// `Pips`, `Money`.
pub fn planned_levels(
    plan: &ProtectionPlan,
    side: PositionSide,
    entry: Price,
    tick: Decimal,
) -> Result<Levels, ProtectError> {
    let at = Entry { side, entry, tick };
    let stop = match (plan.stop, plan.trailing) {
        (Some(level), _) => Some(at.stop(level)?),
        (None, Some(trailing)) => Some(at.trail(trailing.by)?),
        (None, None) => None,
    };
    let targets = plan
        .targets
        .iter()
        .map(|target| at.target(target))
        .collect::<Result<_, _>>()?;
    Ok(Levels { stop, targets })
}

/// An entry to measure from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub side: PositionSide,
    pub entry: Price,
    pub tick: Decimal,
}

impl Entry {
    /// The entry moved towards loss by `distance`.
    fn behind(self, distance: Decimal) -> Result<Decimal, MoneyError> {
        match self.side {
            PositionSide::Long => money::sub(self.entry.value(), distance),
            PositionSide::Short => money::add(self.entry.value(), distance),
        }
    }
    fn share(self, percent: Decimal) -> Result<Decimal, MoneyError> {
        money::div(money::times(self.entry.value(), percent)?, Decimal::ONE_HUNDRED)
    }
    /// The price of a stop.
    pub(super) fn stop(self, level: StopLevel) -> Result<Price, ProtectError> {
        let nearer = match self.side {
            PositionSide::Long => Toward::Higher,
            PositionSide::Short => Toward::Lower,
        };
        let price = match level {
            StopLevel::At(price) => price.value(),
            StopLevel::Percent(percent) => self.behind(self.share(percent.abs())?)?,
            StopLevel::Offset(distance) => self.behind(distance.abs())?,
            StopLevel::BreakEven => return self.break_even(),
            StopLevel::Pips(_) => return Err(ProtectError::Pips),
        };
        if price <= Decimal::ZERO {
            return Err(MoneyError::Range {
                name: "stop",
                expected: "above 0",
                got: price,
            }
            .into());
        }
        Ok(to_tick(price, self.tick, nearer)?)
    }
    /// The average entry on the tick away from the market (PRODUCT SG-25).
    fn break_even(self) -> Result<Price, ProtectError> {
        let away = match self.side {
            PositionSide::Long => Toward::Lower,
            PositionSide::Short => Toward::Higher,
        };
        Ok(to_tick(self.entry.value(), self.tick, away)?)
    }
    /// Where a trailing stop starts.
    pub(super) fn trail(self, by: TrailBy) -> Result<Price, ProtectError> {
        self.stop(match by {
            TrailBy::Percent(percent) => StopLevel::Percent(percent),
            TrailBy::Amount(amount) => StopLevel::Offset(amount),
        })
    }
    /// The price of a target.
    pub(super) fn target(self, target: &Target) -> Result<Price, ProtectError> {
        let toward = match self.side {
            PositionSide::Long => Toward::Higher,
            PositionSide::Short => Toward::Lower,
        };
        let price = match target.level {
            TargetLevel::At(price) => price.value(),
            TargetLevel::Percent(percent) => {
                let gain = self.share(percent.abs())?;
                match self.side {
                    PositionSide::Long => money::add(self.entry.value(), gain)?,
                    PositionSide::Short => money::sub(self.entry.value(), gain)?,
                }
            }
            TargetLevel::Pips(_) => return Err(ProtectError::Pips),
        };
        Ok(to_tick(price, self.tick, toward)?)
    }
}

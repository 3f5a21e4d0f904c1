//! Decides what a stop or target update, or a filled target, does to a lot's plan (PRODUCT SG-25, SG-26, EX-14).
//! Refuses a stop that would trigger at once: the follower is asked. The new plan is in force once its group is.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    market::Quote,
    money::Price,
    order::intent::ProtectionPlan,
    position::Lot,
    signal::instruction::{PositionSide, StopLevel, Target, Trailing},
};
use rust_decimal::Decimal;

use super::level::{ProtectError, planned_levels};

/// Why an update does not act by itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpdateError {
    /// The stop lies beyond the current price.
    #[error("A stop at {stop} would trigger at once: the price is {price}")]
    WouldTrigger {
        /// The stop asked for.
        stop: Price,
        /// What closing would get now.
        price: Price,
    },
    /// The level cannot be made a price.
    #[error(transparent)]
    Protect(#[from] ProtectError),
}

/// The lot with a new stop in its plan. An absolute level may be set before anything has filled; one that is measured
/// from the entry needs a fill.
///
/// # Errors
/// `WouldTrigger`: ask the follower. `Protect`: the level is no price.
pub fn update_stop(
    lot: &Lot,
    level: StopLevel,
    trailing: Option<Trailing>,
    quote: &Quote,
    tick: Decimal,
) -> Result<Lot, UpdateError> {
    let plan = ProtectionPlan {
        stop: Some(level),
        stop_added: false,
        trailing,
        ..lot.protection.clone()
    };
    let absolute = match level {
        StopLevel::At(price) => Some(price),
        _ => None,
    };
    // An absolute level does not hang on the entry; any price will do to resolve it.
    let entry = lot.average_price.or(absolute).ok_or(ProtectError::NoEntry)?;
    let stop_only = ProtectionPlan {
        targets: Vec::new(),
        ..plan.clone()
    };
    if let Some(stop) = planned_levels(&stop_only, lot.side, entry, tick)?.stop {
        let (price, crossed) = match lot.side {
            PositionSide::Long => (quote.bid, quote.bid <= stop),
            PositionSide::Short => (quote.ask, quote.ask >= stop),
        };
        if crossed && !lot.open.is_zero() {
            return Err(UpdateError::WouldTrigger { stop, price });
        }
    }
    let mut next = replanned(lot, plan);
    // A new stop is the follower's look at the price: a trailing one starts anew, and a jump has been seen.
    if let Some(watch) = next.watch.as_mut() {
        (watch.mark, watch.seen, watch.suspended) = (None, None, false);
    }
    Ok(next)
}

/// The lot with new targets in its plan; numbering starts again.
#[must_use]
pub fn update_targets(lot: &Lot, targets: &[Target]) -> Lot {
    let plan = ProtectionPlan {
        targets: targets.to_vec(),
        ..lot.protection.clone()
    };
    Lot {
        targets_filled: 0,
        ..replanned(lot, plan)
    }
}

/// The lot with its stop at break-even, when the plan says so for this target (1-based) and something is left. Once:
/// the plan forgets the wish.
#[must_use]
pub fn after_target(lot: &Lot, target: u32) -> Option<Lot> {
    let due = lot.protection.break_even_after_target? <= target;
    if !due || lot.open.is_zero() || lot.average_price.is_none() {
        return None;
    }
    let plan = ProtectionPlan {
        stop: Some(StopLevel::BreakEven),
        stop_added: false,
        trailing: None,
        break_even_after_target: None,
        ..lot.protection.clone()
    };
    Some(replanned(lot, plan))
}

/// A changed plan is not in force until its group is; what works at the venue until then still covers what it covers.
fn replanned(lot: &Lot, plan: ProtectionPlan) -> Lot {
    Lot {
        protection: plan,
        replanned: true,
        ..lot.clone()
    }
}

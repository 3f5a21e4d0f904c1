//! Decides what a quote means for a lot whose levels we watch ourselves (PRODUCT EX-11, EX-15, EX-21): a level touched,
//! a trailing stop moved or started, a jump that nobody traded at. Missing data never trades.
#![deny(clippy::arithmetic_side_effects)]

use std::time::Duration;

use ordercast_model::{
    instrument::AssetClass,
    market::{InstrumentRules, Quote},
    money::{self, Price, Quantity},
    order::{
        identity::Leg,
        intent::ProtectionPlan,
        shape::{OrderRequest, OrderType},
    },
    ports::broker::Capabilities,
    position::{Lot, Watch},
    signal::instruction::PositionSide,
    time::Timestamp,
};
use rust_decimal::Decimal;

use super::{
    group::{Builder, Planned, remaining, shares},
    level::{Entry, ProtectError, planned_levels},
};

/// A quote older than this triggers nothing.
pub const QUOTE_AGE_MAX: Duration = Duration::from_secs(5);
/// A price that differs from the one before by more than this share needs a trade behind it (PRODUCT EX-21).
const JUMP: Decimal = Decimal::from_parts(30, 0, 0, false, 2);

/// What was touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    /// The stop: all that is open leaves.
    Stop,
    /// Targets by number, 1-based.
    Targets(Vec<u32>),
}

/// What a quote says about a watched lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// Nothing.
    Nothing,
    /// There is no quote, or an old one.
    Stale,
    /// The price moved by more than a third without a trade: a split, a new symbol, or a bad quote.
    Jump {
        /// Price before.
        from: Price,
        /// Price now.
        to: Price,
    },
    /// A price that had jumped is back where it was.
    Back,
    /// A level is touched.
    Touched(Touch),
    /// The price at which the trailing stop starts is reached.
    Activated(Price),
    /// The best price since the entry, for a trailing stop.
    Raised(Price),
}

/// Whether the venue can hold a plan for this class itself.
#[must_use]
pub fn is_native(can: &Capabilities, class: AssetClass, plan: &ProtectionPlan) -> bool {
    let takes = |code: &str| can.order_types.iter().any(|t| t == code);
    let trails = plan.trailing.is_some_and(|t| t.from.is_none());
    can.native_protection.contains(&class)
        && (!trails || takes("trailing"))
        && (plan.stop.is_none() || takes("stop"))
}

/// What closing would get now.
#[must_use]
pub const fn closing_price(side: PositionSide, quote: &Quote) -> Price {
    match side {
        PositionSide::Long => quote.bid,
        PositionSide::Short => quote.ask,
    }
}

/// Where the stop stands: the plan's own, or the trailing one behind the best price, whichever is nearer to the market.
///
/// # Errors
/// `NoEntry`, `Pips`, `Money`.
pub fn stop_now(lot: &Lot, tick: Decimal) -> Result<Option<Price>, ProtectError> {
    let entry = lot.average_price.ok_or(ProtectError::NoEntry)?;
    let plan = ProtectionPlan {
        targets: Vec::new(),
        ..lot.protection.clone()
    };
    // Until a trailing stop starts, a plain one stands where it would begin.
    let fixed = if plan.stop.is_some() || plan.trailing.is_some_and(|t| t.from.is_some()) {
        planned_levels(&plan, lot.side, entry, tick)?.stop
    } else {
        None
    };
    let Some(trailing) = plan.trailing.filter(|t| t.from.is_none()) else {
        return Ok(fixed);
    };
    let mark = lot.watch.as_ref().and_then(|w| w.mark).unwrap_or(entry);
    let at = Entry {
        side: lot.side,
        entry: mark,
        tick,
    };
    let trailed = at.trail(trailing.by)?;
    Ok(Some(
        fixed.map_or(trailed, |fixed| better(lot.side, fixed, trailed)),
    ))
}

/// Targets that have not filled, with their prices.
fn targets_now(lot: &Lot, tick: Decimal) -> Result<Vec<(u32, Price)>, ProtectError> {
    let entry = lot.average_price.ok_or(ProtectError::NoEntry)?;
    let at = Entry {
        side: lot.side,
        entry,
        tick,
    };
    let all = remaining(lot).into_iter();
    all.map(|(k, target)| Ok((k, at.target(&target)?))).collect()
}

/// The price that is further in the direction of gain.
fn better(side: PositionSide, a: Price, b: Price) -> Price {
    match side {
        PositionSide::Long => a.max(b),
        PositionSide::Short => a.min(b),
    }
}

/// Whether `price` has come to `level` or beyond, seen from below for a long position.
fn reached(side: PositionSide, price: Price, level: Price) -> bool {
    better(side, price, level) == price
}

/// Whether two prices differ by more than the share that needs a trade.
fn jumped(from: Price, to: Price) -> bool {
    let change = money::sub(to.value(), from.value()).and_then(|d| money::div(d, from.value()));
    change.is_ok_and(|c| c.abs() > JUMP)
}

/// What the newest quote says about a watched lot. `before` is the price seen last, if it was.
///
/// # Errors
/// When a level of the plan is no price.
pub fn look(
    lot: &Lot,
    quote: Option<&Quote>,
    before: Option<Price>,
    now: Timestamp,
    tick: Decimal,
) -> Result<Look, ProtectError> {
    let Some(watch) = lot.watch.as_ref().filter(|_| lot.watched()) else {
        return Ok(Look::Nothing);
    };
    let Some(quote) = quote.filter(|q| now.since(q.at) <= QUOTE_AGE_MAX) else {
        return Ok(Look::Stale);
    };
    let (side, price) = (lot.side, closing_price(lot.side, quote));
    // A suspended lot is held to the price before the jump, whatever was seen since.
    let from = if watch.suspended {
        watch.seen
    } else {
        before.or(watch.seen)
    };
    let far = from.is_some_and(|from| jumped(from, price));
    match (watch.suspended, far) {
        (true, true) => return Ok(Look::Nothing),
        (true, false) => return Ok(Look::Back),
        (false, true) if jumped(price, quote.last) => {
            return Ok(from.map_or(Look::Nothing, |from| Look::Jump { from, to: price }));
        }
        (false, _) => {}
    }
    if watch.emulated {
        if stop_now(lot, tick)?.is_some_and(|stop| reached(side, stop, price)) {
            return Ok(Look::Touched(Touch::Stop));
        }
        let touched: Vec<u32> = targets_now(lot, tick)?
            .into_iter()
            .filter(|(_, target)| reached(side, price, *target))
            .map(|(k, _)| k)
            .collect();
        if !touched.is_empty() {
            return Ok(Look::Touched(Touch::Targets(touched)));
        }
    }
    let Some(trailing) = lot.protection.trailing else {
        return Ok(Look::Nothing);
    };
    if let Some(from) = trailing.from {
        return Ok(if reached(side, price, from) {
            Look::Activated(price)
        } else {
            Look::Nothing
        });
    }
    let mark = watch.mark.or(lot.average_price).unwrap_or(price);
    let raised = better(side, price, mark);
    Ok(if watch.emulated && raised != mark {
        Look::Raised(raised)
    } else {
        Look::Nothing
    })
}

/// The lot with a better best price; a worse one changes nothing.
#[must_use]
pub fn raised(lot: &Lot, price: Price, tick: Decimal) -> Lot {
    let mut next = lot.clone();
    if let Some(watch) = next.watch.as_mut() {
        let mark = watch.mark.or(lot.average_price).unwrap_or(price);
        watch.mark = Some(better(lot.side, mark, price));
    }
    next.stop_price = stop_now(&next, tick).ok().flatten().or(lot.stop_price);
    next
}

/// The lot with its trailing stop started at a price: a changed plan, whose group is due.
#[must_use]
pub fn activated(lot: &Lot, price: Price) -> Lot {
    let mut next = lot.clone();
    if let Some(trailing) = next.protection.trailing.as_mut() {
        trailing.from = None;
    }
    if let Some(watch) = next.watch.as_mut() {
        watch.mark = Some(price);
    }
    next.replanned = true;
    next
}

/// What has to be watched when the venue holds the rest: the start of a trailing stop.
#[must_use]
pub fn watch_beside(lot: &Lot) -> Option<Watch> {
    let starts = lot.protection.trailing.is_some_and(|t| t.from.is_some());
    starts.then(|| Watch {
        emulated: false,
        stale: false,
        ..lot.watch.clone().unwrap_or_default()
    })
}

/// The lot once its group is watched by us.
#[must_use]
pub fn emulated(lot: &Lot, planned: &Planned, tick: Decimal, now: Timestamp) -> Lot {
    let guards = !planned.group.slices.is_empty();
    let mut next = super::group::apply(lot, planned, now);
    next.watch = guards.then(|| Watch {
        emulated: true,
        mark: lot.watch.as_ref().and_then(|w| w.mark).or(lot.average_price),
        ..lot.watch.clone().unwrap_or_default()
    });
    if guards {
        next.stop_price = stop_now(&next, tick).ok().flatten();
    }
    next
}

/// What is sent when levels are touched: `view` is the lot less what leaves already, `out` are the targets that are sent
/// already. A stop takes all that is open; whatever works for targets gives way to it first.
///
/// # Errors
/// When a level of the plan is no price.
pub fn exits(
    view: &Lot,
    instruction: u32,
    rules: &InstrumentRules,
    touch: &Touch,
    out: &[u32],
) -> Result<Vec<(Leg, OrderRequest)>, ProtectError> {
    let open = Quantity::new(money::floor_to(view.open.value(), rules.lot)?)?;
    let builder = Builder {
        lot: view,
        instruction,
        version: view.group_version.saturating_add(1),
        stop: None,
    };
    if open.is_zero() {
        return Ok(Vec::new());
    }
    let Touch::Targets(touched) = touch else {
        let request = builder.request(Leg::StopExit, open, OrderType::Market);
        return Ok(vec![(Leg::StopExit, request)]);
    };
    let prices = targets_now(view, rules.tick)?;
    let rest: Vec<_> = remaining(view)
        .into_iter()
        .filter(|(k, _)| !out.contains(k))
        .collect();
    let mut sent = Vec::new();
    for ((k, _), quantity) in rest.iter().zip(shares(&rest, open, rules.lot)?) {
        let price = prices.iter().find(|(n, _)| n == k).map(|(_, price)| *price);
        let Some(limit) = price.filter(|_| touched.contains(k) && !quantity.is_zero()) else {
            continue;
        };
        let leg = Leg::TargetExit(*k);
        sent.push((leg, builder.request(leg, quantity, OrderType::Limit { limit })));
    }
    Ok(sent)
}

#[cfg(test)]
mod tests;

//! Decides what one execution does to order, lot, position and account. First in, first out within a lot; a close never
//! turns a lot around; what the venue did beyond that is booked in cash and told. Refuses to doubt the venue.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    account::{Account, Holding},
    ids::PositionId,
    money::{self, MoneyError, Price, Quantity},
    order::{
        identity::Leg,
        intent::{Fill, Order},
        shape::OrderSide,
        state::OrderState,
    },
    planted::{Bug, planted},
    position::{Lot, LotEntry, Position},
    signal::instruction::PositionSide,
};
use rust_decimal::Decimal;

use super::{
    cover::in_force,
    fifo,
    reserve::{mark_lot, shrink},
};

/// The rows a fill touches, as they are stored now.
#[derive(Debug, Clone, Copy)]
pub struct Books<'a> {
    /// Account the order belongs to.
    pub account: &'a Account,
    /// Lot the order opens, protects or closes.
    pub lot: &'a Lot,
    /// The other lots of the position that are open; closed ones do no harm.
    pub siblings: &'a [Lot],
    /// The open position, if any.
    pub position: Option<&'a Position>,
    /// The order that filled.
    pub order: &'a Order,
    /// Whether another entry order of the lot still works.
    pub entries_working: bool,
}

/// What became of the position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionChange {
    /// It is new.
    Opened,
    /// It is bigger or smaller.
    Changed,
    /// Nothing is left of it.
    Closed,
}

/// The rows after a fill. Account, lot, order and position carry their next version; a new position carries 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// The account.
    pub account: Account,
    /// The lot.
    pub lot: Lot,
    /// The position.
    pub position: Position,
    /// The order.
    pub order: Order,
    /// The fill, with what it realised.
    pub fill: Fill,
    /// What became of the position.
    pub change: PositionChange,
    /// Change of cash, fee included.
    pub cash_change: Decimal,
    /// Realised by this fill, before fees.
    pub realised: Decimal,
    /// Closed at the venue beyond what the lot held: to be told as an external change.
    pub excess: Quantity,
    /// Filled at the venue beyond what was ordered (RK-27).
    pub overfilled: bool,
    /// The order was not yet acknowledged: the fill proves that the venue holds it.
    pub acknowledged: bool,
    /// The target (1-based) that this fill completed.
    pub target_filled: Option<u32>,
}

/// Why a fill cannot be booked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// The rows are not of the fill.
    #[error("the {0} is not of this fill")]
    Mismatch(&'static str),
    /// An execution of nothing.
    #[error("a fill of quantity zero")]
    Nothing,
    /// Numbers too large, or currencies differ.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What a fill does to its lot.
struct LotStep {
    lot: Lot,
    closing: Quantity,
    excess: Quantity,
    realised: Decimal,
}

/// Books one execution. Pure; the caller takes care that a venue fill id is booked once.
///
/// # Errors
/// `Mismatch` when the rows do not belong together, `Money` when a number does not fit.
pub fn apply_fill(books: &Books<'_>, fill: Fill, new_position: PositionId) -> Result<Booked, BookError> {
    belongs(books, &fill)?;
    let opening = fill.side == OrderSide::opening(books.lot.side);
    let order = order_after(books.order, &fill)?;
    let target_filled = match order.leg {
        Leg::Target(k) | Leg::TargetExit(k) if order.remaining().is_zero() => Some(k),
        _ => None,
    };
    let LotStep {
        mut lot,
        closing,
        excess,
        realised,
    } = if opening {
        opened(books.lot, &fill)?
    } else {
        closed(books.lot, books.order, &fill)?
    };
    if let Some(k) = target_filled {
        lot.targets_filled = lot.targets_filled.max(k);
    }
    lot.closed = lot.open.is_zero() && !books.entries_working && !(opening_works(&order));
    let position = match (books.position, opening) {
        (Some(position), true) => grown(position, books, &lot, &fill)?,
        (Some(position), false) => cut(position, books, &lot, &fill, closing, realised)?,
        (None, true) => fresh(&lot, lot.side, &fill, new_position),
        // Nothing was held any more: the venue opened the other side, and that is what is shown.
        (None, false) => fresh(&lot, opposite(lot.side), &fill, new_position),
    };
    if opening {
        lot.position_id = Some(position.id);
    }
    let change = match (books.position, position.quantity.is_zero()) {
        (None, _) => PositionChange::Opened,
        (Some(_), true) => PositionChange::Closed,
        (Some(_), false) => PositionChange::Changed,
    };
    let cash_change = cash_change(&fill)?;
    let account = account_after(books, &fill, &lot, &position, cash_change, realised, opening)?;
    Ok(Booked {
        overfilled: order.filled > order.request.quantity,
        acknowledged: matches!(books.order.state, OrderState::Pending | OrderState::Unknown),
        fill: Fill { realised, ..fill },
        account,
        lot,
        position,
        order,
        change,
        cash_change,
        realised,
        excess,
        target_filled,
    })
}

fn opening_works(order: &Order) -> bool {
    order.leg.opens() && !order.state.is_final()
}

fn belongs(books: &Books<'_>, fill: &Fill) -> Result<(), BookError> {
    let (order, lot) = (books.order, books.lot);
    let position = books.position;
    let checks = [
        (order.id == fill.order_id, "order"),
        (
            order.request.instrument == fill.instrument && order.request.side == fill.side,
            "order's instrument or side",
        ),
        (lot.instrument == fill.instrument, "lot"),
        (books.account.currency == fill.fee.currency, "fee's currency"),
        (
            position.is_none_or(|p| p.instrument == fill.instrument && p.side == lot.side),
            "position",
        ),
    ];
    if let Some((_, what)) = checks.into_iter().find(|(ok, _)| !ok) {
        return Err(BookError::Mismatch(what));
    }
    if fill.quantity.is_zero() {
        return Err(BookError::Nothing);
    }
    Ok(())
}

fn order_after(order: &Order, fill: &Fill) -> Result<Order, MoneyError> {
    let mut next = order.clone();
    next.version = order.version.saturating_add(1);
    let before = order.average_price.map(|average| (order.filled, average));
    next.average_price = Some(fifo::average(before, fill.quantity, fill.price)?);
    next.filled = order.filled.plus(fill.quantity)?;
    next.fees = order.fees.plus(fill.fee)?;
    if order.state.is_final() {
        next.late_fill = true;
    } else if next.remaining().is_zero() {
        next.state = OrderState::Filled;
        next.due_at = None;
    } else if order.state != OrderState::Escalated {
        next.state = OrderState::PartiallyFilled;
    }
    next.stages.acknowledged = order.stages.acknowledged.or(Some(fill.booked_at));
    next.stages.filled = order.stages.filled.or(Some(fill.booked_at));
    next.updated_at = fill.booked_at;
    Ok(next)
}

fn opened(lot: &Lot, fill: &Fill) -> Result<LotStep, MoneyError> {
    let mut next = next_lot(lot, fill);
    next.entries.push(LotEntry {
        quantity: fill.quantity,
        price: fill.price,
    });
    next.entered = lot.entered.plus(fill.quantity)?;
    next.open = lot.open.plus(fill.quantity)?;
    let cost = fifo::held_cost(&next.entries)?;
    next.average_price = Some(Price::new(money::div(cost, next.open.value())?)?);
    Ok(LotStep {
        lot: next,
        closing: Quantity::ZERO,
        excess: Quantity::ZERO,
        realised: Decimal::ZERO,
    })
}

fn closed(lot: &Lot, order: &Order, fill: &Fill) -> Result<LotStep, MoneyError> {
    let closing = fill.quantity.min(lot.open);
    let (entries, per_unit) = fifo::take(&lot.entries, closing, fill.price, lot.side)?;
    let realised = money::mul(per_unit, lot.instrument.multiplier())?;
    let mut next = next_lot(lot, fill);
    next.entries = entries;
    next.open = lot.open.minus_to_zero(closing);
    next.realised = money::add(lot.realised, realised)?.normalize();
    if !next.open.is_zero() {
        let cost = fifo::held_cost(&next.entries)?;
        next.average_price = Some(Price::new(money::div(cost, next.open.value())?)?);
    }
    // What a leg of the group closed it no longer covers; after any other close the group may cover too much. A leg of an
    // older version took nothing from what the newest one covers, although the books hear of it later.
    if in_force(lot, order) || order.leg.triggered() {
        next.covered = lot.covered.minus_to_zero(closing);
    }
    Ok(LotStep {
        lot: next,
        closing,
        excess: fill.quantity.minus_to_zero(closing),
        realised,
    })
}

fn next_lot(lot: &Lot, fill: &Fill) -> Lot {
    Lot {
        version: lot.version.saturating_add(1),
        updated_at: fill.booked_at,
        ..lot.clone()
    }
}

fn fresh(lot: &Lot, side: PositionSide, fill: &Fill, id: PositionId) -> Position {
    Position {
        id,
        version: 1,
        user_id: lot.user_id,
        connection_id: lot.connection_id,
        instrument: lot.instrument.clone(),
        side,
        managed: true,
        quantity: fill.quantity,
        quantity_max: fill.quantity,
        exited: Quantity::ZERO,
        average_price: fill.price,
        exit_price: None,
        realised: Decimal::ZERO,
        fees: fill.fee.amount,
        opened_at: fill.at,
        closed_at: None,
    }
}

fn paid(position: &Position, fill: &Fill) -> Result<Position, MoneyError> {
    let mut next = position.clone();
    next.version = position.version.saturating_add(1);
    next.fees = money::add(position.fees, fill.fee.amount)?.normalize();
    Ok(next)
}

fn grown(position: &Position, books: &Books<'_>, lot: &Lot, fill: &Fill) -> Result<Position, MoneyError> {
    let mut next = paid(position, fill)?;
    next.quantity = position.quantity.plus(fill.quantity)?;
    next.quantity_max = position.quantity_max.max(next.quantity);
    next.average_price = match of_lots(books.siblings, lot, next.quantity)? {
        Some(average) => average,
        None => fifo::average(
            Some((position.quantity, position.average_price)),
            fill.quantity,
            fill.price,
        )?,
    };
    Ok(next)
}

fn cut(
    position: &Position,
    books: &Books<'_>,
    lot: &Lot,
    fill: &Fill,
    closing: Quantity,
    realised: Decimal,
) -> Result<Position, MoneyError> {
    let mut next = paid(position, fill)?;
    next.realised = money::add(position.realised, realised)?.normalize();
    next.quantity = position.quantity.minus_to_zero(closing);
    if !closing.is_zero() {
        let before = position.exit_price.map(|price| (position.exited, price));
        next.exit_price = Some(fifo::average(before, closing, fill.price)?);
        next.exited = position.exited.plus(closing)?;
    }
    if next.quantity.is_zero() {
        next.closed_at = Some(fill.at);
    } else if let Some(average) = of_lots(books.siblings, lot, next.quantity)? {
        next.average_price = average;
    }
    Ok(next)
}

const fn opposite(side: PositionSide) -> PositionSide {
    match side {
        PositionSide::Long => PositionSide::Short,
        PositionSide::Short => PositionSide::Long,
    }
}

/// The exact average when the lots are all there is to the position.
fn of_lots(siblings: &[Lot], lot: &Lot, quantity: Quantity) -> Result<Option<Price>, MoneyError> {
    let mut held = fifo::held(&lot.entries)?;
    let mut cost = fifo::held_cost(&lot.entries)?;
    for sibling in siblings.iter().filter(|s| s.id != lot.id && s.side == lot.side) {
        held = held.plus(fifo::held(&sibling.entries)?)?;
        cost = money::add(cost, fifo::held_cost(&sibling.entries)?)?;
    }
    if held != quantity {
        return Ok(None);
    }
    Ok(Some(Price::new(money::div(cost, quantity.value())?)?))
}

fn value(fill: &Fill) -> Result<Decimal, MoneyError> {
    let units = money::mul(fill.price.value(), fill.quantity.value())?;
    money::mul(units, fill.instrument.multiplier())
}

fn cash_change(fill: &Fill) -> Result<Decimal, MoneyError> {
    let value = value(fill)?;
    let signed = match fill.side {
        OrderSide::Buy => money::sub(Decimal::ZERO, value)?,
        OrderSide::Sell => value,
    };
    if planted(Bug::FloatRounding) {
        return Ok(in_floating_point(signed, fill.fee.amount));
    }
    Ok(money::sub(signed, fill.fee.amount)?.normalize())
}

/// What somebody in a hurry might write; planted only.
fn in_floating_point(value: Decimal, fee: Decimal) -> Decimal {
    let float = |d: Decimal| d.to_string().parse::<f32>().unwrap_or_default();
    let sum = format!("{}", float(value) - float(fee));
    sum.parse().unwrap_or(value)
}

#[allow(
    clippy::too_many_arguments,
    reason = "each is a different row or figure of the one step"
)]
fn account_after(
    books: &Books<'_>,
    fill: &Fill,
    lot: &Lot,
    position: &Position,
    cash_change: Decimal,
    realised: Decimal,
    opening: bool,
) -> Result<Account, MoneyError> {
    let mut next = books.account.clone();
    next.version = next.version.saturating_add(1);
    next.cash = money::add(next.cash, cash_change)?.normalize();
    // Opening ties money up; closing frees what was tied up and adds the result.
    let tied = if opening {
        money::sub(Decimal::ZERO, value(fill)?)?
    } else {
        freed(fill, lot.side, realised)?
    };
    let power = money::sub(tied, fill.fee.amount)?;
    next.buying_power = money::add(next.buying_power, power)?.normalize();
    let before = next.holdings.get(&fill.instrument).cloned();
    let held = before.as_ref().map_or(Decimal::ZERO, |h| h.quantity);
    let remarked = match &before {
        Some(h) => money::times(
            money::sub(fill.price.value(), h.mark.value())?,
            money::times(h.quantity, fill.instrument.multiplier())?,
        )?,
        None => Decimal::ZERO,
    };
    let gained = money::sub(remarked, fill.fee.amount)?;
    next.equity = money::add(next.equity, gained)?.normalize();
    next.day_high_equity = next.day_high_equity.max(next.equity);
    let quantity = match fill.side {
        OrderSide::Buy => money::add(held, fill.quantity.value())?,
        OrderSide::Sell => money::sub(held, fill.quantity.value())?,
    }
    .normalize();
    let was = before.as_ref().map_or(0, |h| h.lots);
    let lots = match (books.lot.open.is_zero(), lot.open.is_zero()) {
        (true, false) => was.saturating_add(1),
        (false, true) => was.saturating_sub(1),
        _ => was,
    };
    if quantity.is_zero() {
        next.holdings.remove(&fill.instrument);
    } else {
        let holding = Holding {
            quantity,
            average_price: position.average_price,
            mark: fill.price,
            lots,
        };
        next.holdings.insert(fill.instrument.clone(), holding);
    }
    shrink(&mut next, fill.order_id, fill.quantity);
    mark_lot(&mut next, fill.order_id, lot);
    Ok(next)
}

/// Buying power that a close gives back: the proceeds of a long, the entry value and the result of a short.
fn freed(fill: &Fill, side: PositionSide, realised: Decimal) -> Result<Decimal, MoneyError> {
    let value = value(fill)?;
    match side {
        PositionSide::Long => Ok(value),
        // Entry value is exit value plus the result; the result comes on top.
        PositionSide::Short => money::add(value, money::times(realised, Decimal::TWO)?),
    }
}

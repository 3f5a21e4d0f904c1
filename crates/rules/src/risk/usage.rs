//! Decides how much of an account is used: what is held and what working orders may still add.
//! An order that is judged again does not count itself.
#![deny(clippy::arithmetic_side_effects)]

use std::collections::{BTreeMap, BTreeSet};

use ordercast_model::{
    account::{Account, Reservation},
    gate::Snapshot,
    ids::OrderId,
    instrument::Instrument,
    money::{self, MoneyError, Price, Quantity},
    order::shape::OrderSide,
    outside::{OutsideOrder, Size},
};
use rust_decimal::Decimal;

/// Opening orders that may still fill, without `own`.
pub(super) fn in_flight(account: &Account, own: Option<OrderId>) -> impl Iterator<Item = &Reservation> {
    account
        .reservations
        .iter()
        .filter(move |(id, r)| r.opens && !r.quantity.is_zero() && Some(**id) != own)
        .map(|(_, r)| r)
}

/// What an order that was placed at the broker by hand may still open: of what it takes off a holding nothing is counted.
/// Each one by itself, since a stop and a target of one holding cancel one another there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outside<'a> {
    pub(super) order: &'a OutsideOrder,
    /// Worth at the price it is counted at; nothing when there is no price for it.
    pub(super) value: Decimal,
}

/// Orders placed at the broker by hand that may open something (PRODUCT EX-20).
pub(super) fn outside(account: &Account) -> Result<Vec<Outside<'_>>, MoneyError> {
    let mut opening = Vec::new();
    for order in account.outside.values() {
        let terms = &order.terms;
        let held = account
            .holdings
            .get(&terms.instrument)
            .map_or(Decimal::ZERO, |h| h.quantity);
        let against = match terms.side {
            OrderSide::Buy => held.min(Decimal::ZERO).abs(),
            OrderSide::Sell => held.max(Decimal::ZERO),
        };
        let price = order.price.map_or(Decimal::ZERO, Price::value);
        let worth = |units| money::times(money::times(units, price)?, terms.instrument.multiplier());
        let (opens, value) = match terms.size {
            Size::Units(_) => {
                let left = terms.remaining().map_or(Decimal::ZERO, Quantity::value);
                let opens = money::sub(left, against)?.max(Decimal::ZERO);
                (!opens.is_zero(), worth(opens)?)
            }
            Size::Amount(amount) => {
                let value = money::sub(amount, worth(against)?)?.max(Decimal::ZERO);
                (!value.is_zero(), value)
            }
        };
        if opens {
            opening.push(Outside { order, value });
        }
    }
    Ok(opening)
}

/// What limits count each of the orders with that were placed at the broker by hand, by the venue's id; those that open
/// nothing are not among them.
///
/// # Errors
/// `Overflow`.
pub fn counted(account: &Account) -> Result<BTreeMap<String, Decimal>, MoneyError> {
    let all = outside(account)?.into_iter();
    Ok(all
        .map(|o| (o.order.terms.broker_order_id.clone(), o.value))
        .collect())
}

/// The same for a snapshot.
pub(super) fn pending<'a>(snapshot: &Snapshot<'a>) -> impl Iterator<Item = &'a Reservation> {
    in_flight(snapshot.account, snapshot.own)
}

/// Value of what a working order may still add.
pub(super) fn reserved(reservation: &Reservation) -> Result<Decimal, MoneyError> {
    let units = money::mul(reservation.price.value(), reservation.quantity.value())?;
    money::mul(units, reservation.instrument.multiplier())
}

/// Absolute market value of what is held, of the instruments that `which` names, at the last mark.
pub(super) fn held(account: &Account, which: impl Fn(&Instrument) -> bool) -> Result<Decimal, MoneyError> {
    account
        .holdings
        .iter()
        .filter(|(instrument, _)| which(instrument))
        .try_fold(Decimal::ZERO, |sum, (instrument, holding)| {
            let units = money::times(holding.quantity.abs(), holding.mark.value())?;
            money::add(sum, money::times(units, instrument.multiplier())?)
        })
}

/// Held plus in-flight value of the instruments that `which` names, with what was placed at the broker by hand.
pub(super) fn used(
    account: &Account,
    own: Option<OrderId>,
    which: impl Fn(&Instrument) -> bool,
) -> Result<Decimal, MoneyError> {
    let held = held(account, &which)?;
    let by_hand = outside(account)?
        .into_iter()
        .filter(|o| which(&o.order.terms.instrument))
        .try_fold(held, |sum, o| money::add(sum, o.value))?;
    in_flight(account, own)
        .filter(|r| which(&r.instrument))
        .try_fold(by_hand, |sum, r| money::add(sum, reserved(r)?))
}

/// What orders placed by hand need of the buying power, where the venue has not taken it off already.
pub(super) fn needed_outside(account: &Account) -> Result<Decimal, MoneyError> {
    outside(account)?
        .into_iter()
        .filter(|o| !o.order.in_buying_power)
        .try_fold(Decimal::ZERO, |sum, o| money::add(sum, o.value))
}

/// Instruments that are held or that working orders may open, those placed at the broker by hand with them.
pub(super) fn open_instruments(
    account: &Account,
    own: Option<OrderId>,
) -> Result<BTreeSet<&Instrument>, MoneyError> {
    let by_hand = outside(account)?.into_iter().map(|o| &o.order.terms.instrument);
    Ok(account
        .holdings
        .iter()
        .filter(|(_, h)| !h.quantity.is_zero())
        .map(|(i, _)| i)
        .chain(in_flight(account, own).map(|r| &r.instrument))
        .chain(by_hand)
        .collect())
}

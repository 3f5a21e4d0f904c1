//! Decides how much of an account is used: what is held and what working orders may still add.
//! An order that is judged again does not count itself.
#![deny(clippy::arithmetic_side_effects)]

use std::collections::BTreeSet;

use ordercast_model::{
    account::{Account, Reservation},
    gate::Snapshot,
    ids::OrderId,
    instrument::Instrument,
    money::{self, MoneyError},
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

/// Held plus in-flight value of the instruments that `which` names.
pub(super) fn used(
    account: &Account,
    own: Option<OrderId>,
    which: impl Fn(&Instrument) -> bool,
) -> Result<Decimal, MoneyError> {
    let held = held(account, &which)?;
    in_flight(account, own)
        .filter(|r| which(&r.instrument))
        .try_fold(held, |sum, r| money::add(sum, reserved(r)?))
}

/// Instruments that are held or that working orders may open.
pub(super) fn open_instruments(account: &Account, own: Option<OrderId>) -> BTreeSet<&Instrument> {
    account
        .holdings
        .iter()
        .filter(|(_, h)| !h.quantity.is_zero())
        .map(|(i, _)| i)
        .chain(in_flight(account, own).map(|r| &r.instrument))
        .collect()
}

//! Decides what a working order takes up of the limits. Closing orders are kept too, and reserve no money.

use ordercast_model::{
    account::{Account, Reservation},
    ids::{OrderId, SignalId},
    instrument::Instrument,
    money::{Price, Quantity},
    order::intent::Order,
    position::Lot,
};

/// The account with the reservation of an order: what may still fill, at the judged price. Replaces an earlier one of
/// the same order; nothing is reserved for an order that has filled. Safe to repeat. The version is left to the caller.
#[must_use]
pub fn reserve(account: &Account, order: &Order, price: Price) -> Account {
    let mut account = account.clone();
    let lot_held = account.reservations.values().any(|r| {
        r.lot_held && r.signal_id.is_some() && of_lot(r, order.signal_id, &order.request.instrument)
    });
    let own = account.reservations.remove(&order.id);
    let remaining = order.remaining();
    if !remaining.is_zero() {
        let reservation = Reservation {
            instrument: order.request.instrument.clone(),
            side: order.request.side,
            opens: order.leg.opens(),
            quantity: remaining,
            price,
            signal_id: order.signal_id,
            lot_held: lot_held || own.is_some_and(|r| r.lot_held),
        };
        account.reservations.insert(order.id, reservation);
    }
    account
}

/// The account without an order's reservation. Safe to repeat. The version is left to the caller.
#[must_use]
pub fn release(account: &Account, order: OrderId) -> Account {
    let mut account = account.clone();
    account.reservations.remove(&order);
    account
}

/// Takes a fill off an order's reservation, in place.
pub(super) fn shrink(account: &mut Account, order: OrderId, filled: Quantity) {
    if let Some(reservation) = account.reservations.get_mut(&order) {
        reservation.quantity = reservation.quantity.minus_to_zero(filled);
        if reservation.quantity.is_zero() {
            account.reservations.remove(&order);
        }
    }
}

/// Notes on the working entries of a lot whether the lot holds something, so that it is counted once. `order` is the
/// order that filled; entries without a signal have no other legs.
pub(super) fn mark_lot(account: &mut Account, order: OrderId, lot: &Lot) {
    let held = !lot.open.is_zero();
    for (id, reservation) in &mut account.reservations {
        let same =
            *id == order || (lot.signal_id.is_some() && of_lot(reservation, lot.signal_id, &lot.instrument));
        if reservation.opens && same {
            reservation.lot_held = held;
        }
    }
}

fn of_lot(reservation: &Reservation, signal: Option<SignalId>, instrument: &Instrument) -> bool {
    reservation.opens && reservation.signal_id == signal && reservation.instrument == *instrument
}

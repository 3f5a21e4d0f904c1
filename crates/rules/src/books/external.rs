//! Decides what changes that are not our fills do to an account and its lots: transfers, the venue's own figures,
//! positions changed outside (PRODUCT EX-20). Refuses to invent a fill.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::{
    account::{Account, Holding},
    instrument::Instrument,
    money::{self, MoneyError, Price, Quantity},
    ports::broker::VenueAccount,
    position::{Lot, LotEntry},
    time::Timestamp,
};
use rust_decimal::Decimal;

/// An account after it was compared with the venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synced {
    /// The account; the version is left to the caller.
    pub account: Account,
    /// Cash that no booked fill explains: a deposit above zero, a withdrawal below.
    pub cash_change: Decimal,
}

/// A deposit (above zero) or withdrawal (below): cash, equity and buying power move, and the day's marks move along, so
/// that it is neither a profit nor a loss. The version is left to the caller.
///
/// # Errors
/// `Overflow`.
pub fn cash(account: &Account, amount: Decimal) -> Result<Account, MoneyError> {
    let mut next = account.clone();
    for figure in [
        &mut next.cash,
        &mut next.equity,
        &mut next.buying_power,
        &mut next.day_start_equity,
        &mut next.day_high_equity,
    ] {
        *figure = money::add(*figure, amount)?.normalize();
    }
    Ok(next)
}

/// Takes over equity and buying power as the venue says them. A difference in cash is a transfer. To be called with an
/// account and an answer between which no fill was booked.
///
/// # Errors
/// `Currency` when the venue's differs, `Overflow`.
pub fn sync(account: &Account, venue: &VenueAccount, now: Timestamp) -> Result<Synced, MoneyError> {
    if venue.currency != account.currency {
        return Err(MoneyError::Currency(venue.currency, account.currency));
    }
    let cash_change = money::sub(venue.cash, account.cash)?.normalize();
    let mut next = cash(account, cash_change)?;
    next.equity = venue.equity.normalize();
    next.buying_power = venue.buying_power.normalize();
    next.day_high_equity = next.day_high_equity.max(next.equity);
    next.synced_at = now;
    Ok(Synced {
        account: next,
        cash_change,
    })
}

/// What the venue says is held of an instrument (below zero short) replaces what we thought. Cash does not move: the
/// venue's cash is taken over by [`sync`]. The version is left to the caller.
#[must_use]
pub fn holding(account: &Account, instrument: &Instrument, quantity: Decimal, average: Price) -> Account {
    let mut next = account.clone();
    if quantity.is_zero() {
        next.holdings.remove(instrument);
        return next;
    }
    let known = next.holdings.get(instrument);
    let holding = Holding {
        quantity: quantity.normalize(),
        average_price: average,
        mark: known.map_or(average, |h| h.mark),
        lots: known.map_or(0, |h| h.lots),
    };
    next.holdings.insert(instrument.clone(), holding);
    next
}

/// Lots of one instrument and side made to fit what the venue still holds, oldest first. Only the changed ones are
/// returned, each with its next version. Nothing is realised: no fill says at which price.
#[must_use]
pub fn shrink(lots: &[Lot], held: Quantity, now: Timestamp) -> Vec<Lot> {
    let mut sorted: Vec<&Lot> = lots.iter().filter(|l| !l.open.is_zero()).collect();
    sorted.sort_by_key(|l| (l.created_at, l.id));
    let total = sorted
        .iter()
        .fold(Quantity::ZERO, |sum, l| sum.plus(l.open).unwrap_or(sum));
    let mut gone = total.minus_to_zero(held);
    let mut changed = Vec::new();
    for lot in sorted {
        let part = lot.open.min(gone);
        if part.is_zero() {
            break;
        }
        gone = gone.minus_to_zero(part);
        changed.push(Lot {
            version: lot.version.saturating_add(1),
            open: lot.open.minus_to_zero(part),
            entries: drop_first(&lot.entries, part),
            updated_at: now,
            ..lot.clone()
        });
    }
    changed
}

fn drop_first(entries: &[LotEntry], part: Quantity) -> Vec<LotEntry> {
    let mut left = part;
    entries
        .iter()
        .filter_map(|entry| {
            let taken = entry.quantity.min(left);
            left = left.minus_to_zero(taken);
            let quantity = entry.quantity.minus_to_zero(taken);
            (!quantity.is_zero()).then_some(LotEntry {
                quantity,
                price: entry.price,
            })
        })
        .collect()
}

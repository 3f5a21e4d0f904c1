//! Decides what changes that are not our fills do to an account and its lots: transfers, the venue's own figures,
//! positions changed outside (PRODUCT EX-20). Refuses to invent a fill.
#![deny(clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;

use ordercast_model::{
    account::{Account, Holding, Unexplained},
    ids::PositionId,
    instrument::Instrument,
    money::{self, MoneyError, Price, Quantity},
    ports::broker::{VenueAccount, VenuePosition},
    position::{Lot, LotEntry, Position},
    signal::instruction::PositionSide,
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

/// A holding that the venue shows otherwise than the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub instrument: Instrument,
    /// Above zero long, below zero short; by our books.
    pub ours: Decimal,
    /// The same as the venue says it.
    pub theirs: Decimal,
    /// Average entry as the venue says it; ours where nothing is left there.
    pub average: Price,
}

impl Difference {
    /// What came on top there.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn by(&self) -> Result<Decimal, MoneyError> {
        Ok(money::sub(self.theirs, self.ours)?.normalize())
    }
}

/// Every holding that the venue shows otherwise, by instrument.
///
/// # Errors
/// `Overflow`.
pub fn differences(account: &Account, venue: &[VenuePosition]) -> Result<Vec<Difference>, MoneyError> {
    let mut theirs: BTreeMap<&Instrument, (Decimal, Option<Price>)> = BTreeMap::new();
    for instrument in account.holdings.keys() {
        theirs.insert(instrument, (Decimal::ZERO, None));
    }
    for position in venue {
        let (held, average) = theirs.entry(&position.instrument).or_default();
        *held = money::add(*held, position.quantity)?;
        *average = Some(position.average_price);
    }
    let mut found = Vec::new();
    for (instrument, (theirs, average)) in theirs {
        let known = account.holdings.get(instrument);
        let ours = known.map_or(Decimal::ZERO, |h| h.quantity);
        let average = average.or_else(|| known.map(|h| h.average_price));
        if let Some(average) = average.filter(|_| theirs != ours) {
            found.push(Difference {
                instrument: instrument.clone(),
                ours,
                theirs: theirs.normalize(),
                average,
            });
        }
    }
    Ok(found)
}

/// What is to be remembered of differences: since when each is what it is now.
///
/// # Errors
/// `Overflow`.
pub fn remembered(
    account: &Account,
    differences: &[Difference],
    now: Timestamp,
) -> Result<BTreeMap<Instrument, Unexplained>, MoneyError> {
    let mut next = BTreeMap::new();
    for difference in differences {
        let by = difference.by()?;
        let before = account.unexplained.get(&difference.instrument);
        // A clock that was set back begins anew instead of waiting until it is as late again.
        let since = before.filter(|u| u.by == by).map_or(now, |u| u.since.min(now));
        next.insert(difference.instrument.clone(), Unexplained { by, since });
    }
    Ok(next)
}

/// What the venue holds replaces what we thought. The day's marks move by what it is worth, so that it is neither a profit
/// nor a loss; cash does not move: the venue's is taken over by [`sync`], after this. `lots` are the open ones left. The
/// version is left to the caller.
///
/// # Errors
/// `Overflow`.
pub fn holding(account: &Account, difference: &Difference, lots: u32) -> Result<Account, MoneyError> {
    let mut next = account.clone();
    let known = next.holdings.remove(&difference.instrument);
    let mark = known.map_or(difference.average, |h| h.mark);
    let units = money::times(difference.by()?, difference.instrument.multiplier())?;
    let worth = money::times(units, mark.value())?;
    for figure in [&mut next.day_start_equity, &mut next.day_high_equity] {
        *figure = money::add(*figure, worth)?.normalize();
    }
    if !difference.theirs.is_zero() {
        let holding = Holding {
            quantity: difference.theirs,
            average_price: difference.average,
            mark,
            lots,
        };
        next.holdings.insert(difference.instrument.clone(), holding);
    }
    Ok(next)
}

/// What becomes of the position of an instrument: the one that was open as it is now, and a new one when there was none
/// or it turned around. Nothing is realised. `of` gives whose it is.
#[must_use]
pub fn position(
    open: Option<&Position>,
    difference: &Difference,
    of: &Account,
    id: PositionId,
    now: Timestamp,
) -> (Option<Position>, Option<Position>) {
    let side = if difference.theirs.is_sign_negative() {
        PositionSide::Short
    } else {
        PositionSide::Long
    };
    let held = Quantity::new(difference.theirs.abs()).unwrap_or(Quantity::ZERO);
    let stays = |p: &&Position| p.side == side && !held.is_zero();
    let changed = open.map(|before| {
        let mut next = before.clone();
        next.version = before.version.saturating_add(1);
        if stays(&before) {
            next.quantity = held;
            next.quantity_max = before.quantity_max.max(held);
            next.average_price = difference.average;
        } else {
            next.quantity = Quantity::ZERO;
            next.closed_at = Some(now);
        }
        next
    });
    let fresh = (!held.is_zero() && !open.as_ref().is_some_and(stays)).then(|| Position {
        id,
        version: 1,
        user_id: of.user_id,
        connection_id: of.connection_id,
        instrument: difference.instrument.clone(),
        side,
        managed: false,
        quantity: held,
        quantity_max: held,
        exited: Quantity::ZERO,
        average_price: difference.average,
        exit_price: None,
        realised: Decimal::ZERO,
        fees: Decimal::ZERO,
        opened_at: now,
        closed_at: None,
    });
    (changed, fresh)
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

//! Decides how an account's day moves on: a new session day, new prices, new highs, tripped limits, counted orders.
//! Refuses to ask for a price or the time.
#![deny(clippy::arithmetic_side_effects)]

use std::{collections::BTreeMap, time::Duration};

use ordercast_model::{
    account::{Account, LossCap, RecentOpen},
    gate::{Effective, Proposal},
    ids::CommunityId,
    instrument::Instrument,
    limits::Bound,
    money::{self, MoneyError, Price, show},
    time::Timestamp,
};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    daily_loss,
    order_rate::WINDOW,
    word::{of_whom, percent_of, share_of, whose},
};

/// An account after marking, with what that set off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The account.
    pub account: Account,
    /// What happened, in order.
    pub events: Vec<MarkEvent>,
}

/// Something a mark set off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkEvent {
    /// RK-05 tripped just now; told once per session day.
    DailyLossTripped {
        /// The sentence for the user.
        message: String,
        /// Lost today.
        loss: Decimal,
        /// What may be lost.
        limit: Decimal,
        /// The community whose limit it was, with its name.
        community: Option<(CommunityId, String)>,
    },
    /// RK-06: the fall from the day's high reached the breaker. Told on every mark that finds it so; the lock it
    /// leads to is kept by the caller.
    BreakerTripped {
        /// The sentence for the user.
        message: String,
        /// Fall from the high.
        drop: Decimal,
        /// The day's high.
        high: Decimal,
        /// The community whose limit it was, with its name.
        community: Option<(CommunityId, String)>,
    },
}

/// Opens a new session day when one has begun: marks start at the present equity. Safe to repeat.
#[must_use]
pub fn roll_day(account: &Account, now: Timestamp) -> Account {
    let today = account.zone.day_of(now);
    let mut account = account.clone();
    if today > account.day {
        account.day = today;
        account.day_start_equity = account.equity;
        account.day_high_equity = account.equity;
        account.daily_loss_tripped = false;
        account.daily_loss_cap = None;
        account.orders_today = 0;
        account.breaker_trips = 0;
    }
    account
}

/// Rolls the day, marks what is held to new prices (the last mark where there is none), takes cash and holdings as the
/// equity and raises the day's high. Holds no limit against it. Safe to repeat with the same prices.
///
/// # Errors
/// `Overflow`.
pub fn revalue(
    account: &Account,
    prices: &BTreeMap<Instrument, Price>,
    now: Timestamp,
) -> Result<Account, MoneyError> {
    let mut account = roll_day(account, now);
    let mut equity = account.cash;
    for (instrument, holding) in &mut account.holdings {
        if let Some(price) = prices.get(instrument) {
            holding.mark = *price;
        }
        let units = money::times(holding.quantity, instrument.multiplier())?;
        equity = money::add(equity, money::times(holding.mark.value(), units)?)?;
    }
    account.equity = equity.normalize();
    account.day_high_equity = account.day_high_equity.max(account.equity);
    Ok(account)
}

/// Revalues an account and tells what tripped by the limits that bind it. Safe to repeat with the same prices.
///
/// # Errors
/// `Overflow`.
pub fn mark(
    account: &Account,
    prices: &BTreeMap<Instrument, Price>,
    limits: &Effective,
    now: Timestamp,
) -> Result<Marked, MoneyError> {
    let mut account = revalue(account, prices, now)?;
    let mut events = Vec::new();
    let day = daily_loss::day(&account, &limits.limits, now)?;
    if day.tripped && !account.daily_loss_tripped {
        let mut message = daily_loss::sentence(&account, &day, now);
        let (loss, limit) = (day.loss, day.limit);
        let bound = day.bound();
        let words = bound.and_then(|bound| whose(bound, limits));
        if let Some(words) = &words {
            message = format!("{message} ({words})");
        }
        account.daily_loss_tripped = true;
        account.daily_loss_cap = words.map(|words| LossCap { limit, words });
        events.push(MarkEvent::DailyLossTripped {
            message,
            loss,
            limit,
            community: bound.and_then(|bound| limits.communities.get(&bound).cloned()),
        });
    }
    events.extend(breaker(&account, limits)?);
    Ok(Marked { account, events })
}

fn breaker(account: &Account, limits: &Effective) -> Result<Option<MarkEvent>, MoneyError> {
    let high = account.day_high_equity;
    let drop = money::sub(high, account.equity)?;
    if high <= Decimal::ZERO || drop < share_of(limits.limits.breaker_pct, high)? {
        return Ok(None);
    }
    let fall = percent_of(drop, high)?.round_dp_with_strategy(1, RoundingStrategy::MidpointNearestEven);
    let message = format!("Down {} ({fall:.1}%) from {}", show(drop), show(high));
    Ok(Some(MarkEvent::BreakerTripped {
        message: of_whom(message, Bound::Breaker, limits),
        drop,
        high,
        community: limits.communities.get(&Bound::Breaker).cloned(),
    }))
}

/// Counts an approved decision that led to `orders` orders, and forgets what is older than the windows.
#[must_use]
pub fn record(account: &Account, proposal: &Proposal, orders: u32, now: Timestamp) -> Account {
    let mut account = roll_day(account, now);
    let young = |at: Timestamp, keep: Duration| now.since(at) < keep;
    account.recent_orders.retain(|at| young(*at, WINDOW));
    account.recent_opens.retain(|open| young(open.at, WINDOW));
    for _ in 0..orders {
        account.recent_orders.push(now);
    }
    account.orders_today = account.orders_today.saturating_add(orders);
    if let (true, Some(signal_id), Some(provider_id)) =
        (proposal.opens, proposal.signal_id, proposal.provider_id)
    {
        account.recent_opens.push(RecentOpen {
            signal_id,
            provider_id,
            instrument: proposal.instrument.clone(),
            side: proposal.position_side,
            priority: proposal.priority,
            at: now,
        });
    }
    account
}

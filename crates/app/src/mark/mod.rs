//! Brings accounts up to date with the newest prices: for every decision in memory, and on a timer into the store,
//! where day marks, the daily-loss trip and the equity curve come from.

mod capping;

use std::{collections::BTreeMap, time::Duration};

use ordercast_model::{
    account::{Account, EquityPoint},
    connection::Connection,
    gate::Effective,
    ids::CommunityId,
    instrument::Instrument,
    journal::{entry::Actor, kind::Kind},
    limits::{Flatten, LossAction, Switch},
    money::{MoneyError, Price},
    ports::{
        market::Market,
        store::{Batch, CommitError, Query, StoreError, SystemQuery, find, find_any},
    },
    tenant::{SystemScope, TenantScope},
    time::Timestamp,
};
use ordercast_rules::risk::marks::{self, MarkEvent};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use self::capping::Capping;
use crate::{alert, context::Context, flatten, pages::Pages, switch};

/// Connections read at once.
const PAGE: u32 = 500;
/// What staff is told of an account that a cap stopped.
const STOPPED: &str = "stopped for today by the daily loss limit";
/// What staff is told of an account that a cap locked.
const LOCKED: &str = "locked by the circuit breaker";

fn prices(account: &Account, market: &dyn Market) -> BTreeMap<Instrument, Price> {
    let marks = account.holdings.iter().filter_map(|(instrument, holding)| {
        let quote = market.latest(instrument)?;
        // A holding is worth what closing it would bring.
        let price = if holding.quantity.is_sign_negative() {
            quote.ask
        } else {
            quote.bid
        };
        Some((instrument.clone(), price))
    });
    marks.collect()
}

/// The account at the newest prices held in memory, day marks included; nothing is stored, and nothing trips: what a loss
/// sets off is the timer's, which knows the limits.
///
/// # Errors
/// When a figure does not fit.
pub fn fresh(account: &Account, market: &dyn Market, now: Timestamp) -> Result<Account, MoneyError> {
    marks::revalue(account, &prices(account, market), now)
}

/// Marks every account each `every`, for as long as the program runs.
pub async fn run(ctx: Context, every: Duration, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = round(&ctx).await {
            tracing::warn!(%error, "accounts not marked");
        }
        let next = ctx.clock.sleep_until(ctx.now().plus(every));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = next => {}
        }
    }
}

/// Marks every account once. Safe to repeat.
///
/// # Errors
/// When the store does not answer.
pub async fn round(ctx: &Context) -> Result<(), StoreError> {
    let system = SystemScope::housekeeping("every account is marked to market");
    let mut communities = Capping::read(ctx).await?;
    let mut pages = Pages::of(PAGE);
    while let Some(page) = pages.next() {
        let found =
            find_any::<Connection>(ctx.store.as_ref(), system, SystemQuery::Connections(page)).await?;
        pages.read(&found, |last| last.id.to_string());
        for connection in &found {
            one(ctx, connection, &mut communities).await?;
        }
    }
    Ok(())
}

/// Asks for what is held and not streamed (options are priced on demand), so that it has a newest quote.
async fn quote_held(account: &Account, market: &dyn Market) {
    for instrument in account.holdings.keys() {
        if market.latest(instrument).is_none()
            && let Err(error) = market.quote(instrument).await
        {
            tracing::debug!(%instrument, %error, "held, and without a quote");
        }
    }
}

async fn one(ctx: &Context, connection: &Connection, communities: &mut Capping) -> Result<(), StoreError> {
    let Some(market) = ctx.market(connection) else {
        return Ok(());
    };
    let scope = TenantScope::of_user(connection);
    let accounts = find::<Account>(ctx.store.as_ref(), &scope, Query::Accounts).await?;
    let Some(account) = accounts.into_iter().find(|a| a.connection_id == connection.id) else {
        return Ok(());
    };
    let limits = communities.limits(ctx, &scope).await?;
    quote_held(&account, market.as_ref()).await;
    let now = ctx.now();
    let marked = match marks::mark(&account, &prices(&account, market.as_ref()), &limits, now) {
        Ok(marked) => marked,
        Err(error) => {
            tracing::error!(%error, account = %account.key, "an account cannot be marked");
            return Ok(());
        }
    };
    let mut batch = Batch::new();
    let mut next = marked.account;
    let set_off = happened(
        ctx,
        connection,
        (&marked.events, &limits),
        communities,
        (&mut next, &mut batch),
    )
    .await?;
    if let Some(flatten) = account.flatten
        && !flatten::of_account(ctx, connection, flatten).await?
    {
        next.flatten = None;
    }
    batch.insert(EquityPoint {
        user_id: connection.user_id,
        connection_id: connection.id,
        at: Timestamp::from_seconds(now.seconds()),
        equity: next.equity,
        cash: next.cash,
    });
    next.version = account.version + 1;
    let ordered = next.flatten.filter(|_| account.flatten.is_none());
    batch.update(next);
    match ctx.commit(scope, batch).await {
        Ok(()) => {
            tripped(ctx, connection, ordered, set_off.locked).await?;
            for (community, what) in set_off.of_staff {
                communities.tell(ctx, connection, community, what).await?;
            }
            Ok(())
        }
        // Somebody traded meanwhile; the next round marks again.
        Err(CommitError::Conflict { .. } | CommitError::Duplicate { .. }) => Ok(()),
        Err(CommitError::Store(error)) => Err(error),
        Err(error @ CommitError::OutOfScope { .. }) => Err(StoreError::Unavailable(error.to_string())),
    }
}

/// What a mark set off, to be done once it is durable.
#[derive(Default)]
struct SetOff {
    locked: Option<Switch>,
    /// Communities whose cap it was, with what their staff is told.
    of_staff: Vec<(CommunityId, &'static str)>,
}

/// Writes down what happened with a mark: into the account, and into the batch that marks it.
async fn happened(
    ctx: &Context,
    connection: &Connection,
    (events, limits): (&[MarkEvent], &Effective),
    communities: &Capping,
    (next, batch): (&mut Account, &mut Batch),
) -> Result<SetOff, StoreError> {
    let mut set_off = SetOff::default();
    for event in events {
        match event {
            MarkEvent::DailyLossTripped { community, .. } => {
                batch.note(tell(ctx, connection, event));
                if limits.limits.daily_loss_action == LossAction::Flatten {
                    next.flatten = Some(switch::order_to_leave(ctx));
                }
                let of = community.iter().map(|(id, _)| (*id, STOPPED));
                set_off.of_staff.extend(of);
            }
            MarkEvent::BreakerTripped {
                message, community, ..
            } => {
                let reason = format!("{message}: all positions closed, account locked");
                let cap = community.as_ref().map(|(id, name)| communities.cap_of(*id, name));
                set_off.locked = switch::breaker(ctx, connection, (&reason, cap), batch).await?;
                // Told once, with the lock it leads to.
                if set_off.locked.is_some() {
                    next.breaker_trips = next.breaker_trips.saturating_add(1);
                    batch.note(tell(ctx, connection, event));
                    let of = community.iter().map(|(id, _)| (*id, LOCKED));
                    set_off.of_staff.extend(of);
                }
            }
        }
    }
    Ok(set_off)
}

/// What a mark set off is durable: it is done at once, and again by later rounds until it is done.
async fn tripped(
    ctx: &Context,
    connection: &Connection,
    ordered: Option<Flatten>,
    locked: Option<Switch>,
) -> Result<(), StoreError> {
    if let Some(flatten) = ordered {
        flatten::of_account(ctx, connection, flatten).await?;
    }
    let Some(lock) = locked else { return Ok(()) };
    switch::announce(ctx, &lock);
    ctx.switchboard.wait_for_landing(&lock).await;
    if let Some(flatten) = lock.flatten {
        flatten::of_account(ctx, connection, flatten).await?;
    }
    alert::admins(ctx, connection, &lock.reason).await
}

fn tell(ctx: &Context, connection: &Connection, event: &MarkEvent) -> ordercast_model::journal::entry::Entry {
    let (kind, message, actual, limit) = match event {
        MarkEvent::DailyLossTripped {
            message, loss, limit, ..
        } => (Kind::RiskDailyLossTripped, message, loss, limit),
        MarkEvent::BreakerTripped {
            message, drop, high, ..
        } => (Kind::RiskBreakerTripped, message, drop, high),
    };
    let object = ("connection", connection.id.to_string());
    let mut entry = ctx.entry(kind, Actor::system("risk"), object);
    entry.user = Some(connection.user_id);
    entry.links.connection = Some(connection.id);
    entry.after = Some(json!({
        "message": message,
        "actual": actual.normalize().to_string(),
        "limit": limit.normalize().to_string(),
    }));
    entry
}

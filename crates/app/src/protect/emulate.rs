//! Protection that no venue holds: taken over by us, sent when a level is touched. Whatever works for a lot gives way
//! before something else leaves, so that exits never total more than is open (PRODUCT EX-11, EX-13).

use std::time::Duration;

use ordercast_model::{
    ids::LotId,
    journal::kind::Kind,
    market::Quote,
    money::Quantity,
    order::{
        identity::Leg,
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    ports::store::{Batch, CommitError, Query, find, get},
    position::Lot,
};
use ordercast_rules::protect::{
    Planned,
    emulate::{self as rules, Look, Touch},
};
use rust_decimal::Decimal;

use crate::{
    execute::JobError,
    lane::{Follow, Job},
    narrate,
    record::{Ending, Post},
};

use super::rows::leg_rows;

/// When it is looked again whether the way is clear.
const AGAIN: Duration = Duration::from_millis(250);
/// Longest wait before an exit that was refused is sent anew.
const REFUSED_WAIT_MAX: Duration = Duration::from_secs(60);

/// What the working ones of these orders still take, in sum.
pub(crate) fn working<'a>(
    orders: impl IntoIterator<Item = &'a Order>,
    of: impl Fn(Leg) -> bool,
) -> Result<Quantity, JobError> {
    let mut sum = Quantity::ZERO;
    for order in orders {
        let works = !order.state.is_final() && order.state != OrderState::Queued;
        if works && of(order.leg) {
            sum = sum.plus(order.remaining())?;
        }
    }
    Ok(sum)
}

/// The levels of a lot are watched by us from now on; what the venue still holds of an older version is taken back.
/// `why` is told to the user. Safe to repeat.
pub(super) async fn take_over(
    post: &Post<'_>,
    lot: &Lot,
    planned: &Planned,
    tick: Decimal,
    why: Option<&str>,
) -> Result<Follow, JobError> {
    loop {
        let Some(now) = get::<Lot>(post.ctx.store.as_ref(), post.scope, &lot.id.to_string()).await? else {
            return Ok(Follow::nothing());
        };
        let changed = now.open != lot.open || now.protection != lot.protection;
        if now.group_version > planned.group.version || changed {
            return Ok(Follow::at_once(Job::Protect(lot.id)));
        }
        let mut next = rules::emulated(&now, planned, tick, post.ctx.now());
        next.version = now.version + 1;
        let mut batch = Batch::new();
        if next.emulated() {
            let kind = if now.emulated() {
                Kind::ProtectionMoved
            } else {
                Kind::ProtectionEmulated
            };
            let why = why.filter(|_| !now.emulated());
            batch.note(narrate::protection(post.ctx, post.connection, &next, kind, why));
        }
        batch.update(next);
        match post.ctx.commit(post.scope.clone(), batch).await {
            Ok(()) => break,
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let orders = find::<Order>(post.ctx.store.as_ref(), post.scope, Query::OrdersOfLot(lot.id)).await?;
    let old = orders.iter().filter(|o| o.leg.protects() && !o.state.is_final());
    let mut follow = Follow::nothing();
    follow
        .now
        .extend(old.map(|o| Job::Cancel(o.id, CancelledBy::System)));
    Ok(follow)
}

/// A level may be touched: what it asks for becomes durable and is sent. Judged on the lot as it is now, by the quote
/// that was seen; an old quote triggers nothing. Safe to repeat.
pub async fn touched(post: &Post<'_>, id: LotId, quote: &Quote) -> Result<Follow, JobError> {
    let store = post.ctx.store.as_ref();
    let Some(lot) = get::<Lot>(store, post.scope, &id.to_string()).await? else {
        return Ok(Follow::nothing());
    };
    let Some(venue) = super::venue_rules(post, &lot).await? else {
        return Ok(Follow::nothing());
    };
    let now = post.ctx.now();
    match rules::look(&lot, Some(quote), None, now, venue.tick) {
        Ok(Look::Activated(price)) => {
            let mut next = rules::activated(&lot, price);
            next.version += 1;
            next.updated_at = now;
            let mut batch = Batch::new();
            batch.update(next);
            match post.ctx.commit(post.scope.clone(), batch).await {
                Ok(()) => Ok(Follow::at_once(Job::Protect(id))),
                // Seen again with the next quote.
                Err(CommitError::Conflict { .. }) => Ok(Follow::nothing()),
                Err(error) => Err(error.into()),
            }
        }
        Ok(Look::Touched(touch)) => trigger(post, &lot, &venue, &touch, quote).await,
        Ok(_) => Ok(Follow::nothing()),
        Err(error) => {
            super::missing(post, &lot, &error.to_string()).await?;
            Ok(Follow::nothing())
        }
    }
}

async fn trigger(
    post: &Post<'_>,
    lot: &Lot,
    venue: &ordercast_model::market::InstrumentRules,
    touch: &Touch,
    quote: &Quote,
) -> Result<Follow, JobError> {
    let orders = find::<Order>(post.ctx.store.as_ref(), post.scope, Query::OrdersOfLot(lot.id)).await?;
    let Some(entry) = orders.first() else {
        return Ok(Follow::nothing());
    };
    let mut view = lot.clone();
    view.open = lot.open.minus_to_zero(working(&orders, Leg::leaves)?);
    let targets = |leg| matches!(leg, Leg::TargetExit(_));
    if matches!(touch, Touch::Targets(_)) {
        view.open = view.open.minus_to_zero(working(&orders, targets)?);
    }
    let out: Vec<u32> = orders
        .iter()
        .filter(|o| !o.state.is_final())
        .filter_map(|o| match o.leg {
            Leg::TargetExit(k) => Some(k),
            _ => None,
        })
        .collect();
    let exits = match rules::exits(&view, entry.instruction, venue, touch, &out) {
        Ok(exits) => exits,
        Err(error) => {
            super::missing(post, lot, &error.to_string()).await?;
            return Ok(Follow::nothing());
        }
    };
    let price = rules::closing_price(lot.side, quote);
    let (mut batch, mut follow) = (Batch::new(), Follow::nothing());
    for (leg, request) in exits {
        if !is_due(post, &orders, leg) {
            continue;
        }
        let (order, mut intent) = leg_rows(post, lot, entry, leg, &request);
        intent.reserved_price = Some(price);
        intent.marketable = true;
        follow.now.push(Job::Rejudge(order.id));
        batch.note(narrate::order(
            post.ctx,
            post.connection,
            &order,
            Kind::IntentCreated,
        ));
        batch.insert(intent);
        batch.insert(order);
    }
    if follow.now.is_empty() {
        return Ok(follow);
    }
    let mut next = lot.clone();
    next.group_version += 1;
    next.version += 1;
    next.updated_at = post.ctx.now();
    batch.update(next);
    match post.ctx.commit(post.scope.clone(), batch).await {
        Ok(()) => Ok(follow),
        // The lot changed meanwhile; the next quote is judged against what it is then.
        Err(CommitError::Conflict { .. }) => Ok(Follow::nothing()),
        // Another lot of the same signal took these ids: this version is passed over.
        Err(CommitError::Duplicate { .. }) => {
            super::rows::skip_version(post, lot, lot.group_version + 1).await?;
            Ok(Follow::nothing())
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether an exit may be sent: one that came to nothing is sent anew with growing patience.
fn is_due(post: &Post<'_>, orders: &[Order], leg: Leg) -> bool {
    let failed: Vec<&Order> = orders
        .iter()
        .rev()
        .filter(|o| o.leg == leg)
        .take_while(|o| o.state.is_final() && o.filled.is_zero())
        .collect();
    let Some(last) = failed.first() else { return true };
    let doublings = u32::try_from(failed.len().saturating_sub(1)).unwrap_or(u32::MAX);
    let wait = Duration::from_secs(1).saturating_mul(1 << doublings.min(10));
    post.ctx.now().since(last.updated_at) >= wait.min(REFUSED_WAIT_MAX)
}

/// Before an order that leaves is sent: what works for the lot and would make exits more than is open is cancelled
/// first, and the order takes no more than is left. None when it may go. Safe to repeat.
pub async fn clear_way(post: &Post<'_>, order: &Order) -> Result<Option<Follow>, JobError> {
    let Some(id) = order.lot_id.filter(|_| order.leg.leaves()) else {
        return Ok(None);
    };
    let (store, key) = (post.ctx.store.as_ref(), id.to_string());
    let (lot, orders) = futures::try_join!(
        get::<Lot>(store, post.scope, &key),
        find::<Order>(store, post.scope, Query::OrdersOfLot(id)),
    )?;
    let Some(lot) = lot else { return Ok(None) };
    let stands = |leg: Leg| matches!(leg, Leg::TargetExit(_)) || (lot.emulated() && leg.protects());
    let leaving = working(&orders, Leg::leaves)?;
    let standing = working(&orders, |leg| matches!(leg, Leg::TargetExit(_)))?;
    let held_back = orders
        .iter()
        .any(|o| !o.state.is_final() && lot.emulated() && o.leg.protects());
    let held = super::held(&lot);
    if leaving.plus(standing)? > held || held_back {
        let mut follow = Follow::nothing();
        for other in orders.iter().filter(|o| !o.state.is_final() && stands(o.leg)) {
            follow.now.push(if other.cancel_requested {
                Job::Resolve(other.id)
            } else {
                Job::Cancel(other.id, CancelledBy::System)
            });
        }
        if !follow.now.is_empty() {
            follow
                .later
                .push((post.ctx.now().plus(AGAIN), Job::Rejudge(order.id)));
            return Ok(Some(follow));
        }
    }
    let others = leaving.minus_to_zero(order.remaining());
    let most = held.minus_to_zero(others);
    if order.remaining() <= most {
        return Ok(None);
    }
    if most.is_zero() {
        let words = "Nothing is left to close: its protection filled first";
        let ending = Ending::new(OrderState::Cancelled, "nothing_to_close", words).by(CancelledBy::System);
        post.finish(order.id, ending).await?;
        return Ok(Some(Follow::at_once(Job::Protect(id))));
    }
    post.shrunk(order.id, most).await?;
    Ok(Some(Follow::at_once(Job::Rejudge(order.id))))
}

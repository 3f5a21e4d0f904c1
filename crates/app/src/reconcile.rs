//! Keeps our books in step with the venue (PRODUCT 4.3, EX-05): events as they come, look-ups for what is unknown,
//! and a regular comparison. The venue's word decides; we never invent a fill.

use std::time::Duration;

use ordercast_model::{
    connection::{Connection, Health},
    ids::OrderId,
    journal::entry::Links,
    order::{
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    ports::{
        broker::{Access, Broker, BrokerError, BrokerEvent, Dedupe, VenueOrder, VenueState},
        store::{Batch, CommitError, Query, find, get},
    },
    position::Lot,
};
use ordercast_rules::{books::external, protect};

use crate::{
    execute::{JobError, RETRIES, access, after_end},
    lane::{Follow, Job},
    narrate,
    protect::ended_there,
    record::{Ending, Post},
};

/// When an order of unknown outcome is looked up, seconds after it was sent; then every minute (PRODUCT EX-05).
const LOOKUPS: [u64; 6] = [1, 2, 4, 8, 15, 30];
/// After this long a person has to look.
const ESCALATE_AFTER: Duration = Duration::from_secs(15 * 60);
/// How long an order that was decided here may wait for its send before it is taken up again.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long what has no stated end may still be sent after a restart.
const YOUNG: Duration = Duration::from_secs(60);
/// Wait before a comparison that was disturbed is made again.
const AGAIN: Duration = Duration::from_secs(1);
/// Gap between the two answers that must agree before "not found" is believed.
const CONFIRM: Duration = Duration::from_millis(250);

/// Takes in what the venue reported.
pub async fn event(post: &Post<'_>, event: BrokerEvent) -> Result<Follow, JobError> {
    match event {
        BrokerEvent::Fill { order: _, fill } => post.fill(&fill).await,
        BrokerEvent::Order(order) => venue_order(post, &order).await,
        BrokerEvent::Connected => Ok(Follow::at_once(Job::Sync)),
        BrokerEvent::Disconnected(why) => {
            post.health(Health::Degraded, Some(&why)).await?;
            Ok(Follow::nothing())
        }
    }
}

/// Takes in an order as the venue shows it. Fills are booked from executions only, so an order that shows more filled
/// than is booked asks for them first. Safe to repeat.
pub async fn venue_order(post: &Post<'_>, venue: &VenueOrder) -> Result<Follow, JobError> {
    let Some(order) = post.order_by_client_id(venue.client_order_id.as_str()).await? else {
        return Ok(Follow::nothing());
    };
    if venue.filled > order.filled {
        post.accepted(&order, venue, None).await?;
        let mut follow = Follow::at_once(Job::Sync);
        if venue.state.is_final() {
            follow.now.push(Job::Resolve(order.id));
        }
        return Ok(follow);
    }
    let reason = venue.reason.as_deref().unwrap_or("");
    let ended = match venue.state {
        VenueState::Working | VenueState::PartiallyFilled => {
            post.accepted(&order, venue, None).await?;
            return Ok(Follow::nothing());
        }
        // One leg of a pair that filled in part made this one smaller: what is left of it will never come.
        VenueState::Filled if venue.filled == order.filled && venue.quantity < order.request.quantity => {
            let words = "The other leg of the pair took the rest";
            Ending::new(OrderState::Cancelled, "oco_reduced", words).by(CancelledBy::System)
        }
        VenueState::Filled => return Ok(Follow::nothing()),
        VenueState::Cancelled => {
            let (by, code, words) = cancelled_by(&order, reason);
            Ending::new(OrderState::Cancelled, code, words).by(by)
        }
        VenueState::Expired => Ending::new(
            OrderState::Expired,
            "expired",
            "The order's time ran out at the broker",
        ),
        VenueState::Rejected => {
            let words = format!("Broker refused: {reason}");
            Ending::new(OrderState::Rejected, "rejected", &words)
        }
    };
    Ok(match post.finish(order.id, ended).await? {
        Some(order) => ended_there(post, &order).await?,
        None => Follow::nothing(),
    })
}

/// Who cancelled: us, as asked; the venue by its one-cancels-other and reduce-only rules; or somebody at the venue.
fn cancelled_by<'a>(order: &Order, reason: &'a str) -> (CancelledBy, &'a str, &'static str) {
    use CancelledBy::{Broker, Provider, System, User};
    let asked = order.cancelled_by.filter(|_| order.cancel_requested);
    match (asked, reason) {
        (Some(User), _) => (User, "user_cancelled", "Cancelled by you"),
        (Some(Provider), _) => (Provider, "provider_cancelled", "Cancelled by the provider"),
        (Some(by), _) => (by, "system_cancelled", "Cancelled when its time was up"),
        (None, "oco_filled") => (System, reason, "The other leg of the pair was filled"),
        (None, "oco_cancelled") => (System, reason, "The other leg of the pair was cancelled"),
        (None, "group_replaced") => (System, reason, "Replaced by protection for the quantity now held"),
        (None, "group_cancelled" | "nothing_to_reduce") => (System, reason, "Nothing is left to protect"),
        (None, "ioc_remainder" | "fok_unfilled" | "session_end") => (System, reason, "Not filled in time"),
        (None, "") => (Broker, "cancelled", "Cancelled at the broker"),
        (None, _) => (Broker, reason, "Cancelled at the broker"),
    }
}

/// Looks up an order whose outcome is unknown.
pub async fn resolve(post: &Post<'_>, broker: &dyn Broker, id: OrderId) -> Result<Follow, JobError> {
    let Some(order) = post.order(id).await? else {
        return Ok(Follow::nothing());
    };
    if order.state.is_final() || matches!(order.state, OrderState::Queued | OrderState::PendingApproval) {
        return Ok(Follow::nothing());
    }
    let here = order.state == OrderState::Pending && !post.ctx.wire.may_have_left(&order);
    if here && !order.leg.protects() {
        if order.cancel_requested {
            let by = order.cancelled_by.unwrap_or(CancelledBy::System);
            return Ok(Follow::at_once(Job::Cancel(id, by)));
        }
        // Decided here and never sent: its job is on the way, unless whoever decided was cut off.
        let rest = PATIENCE.saturating_sub(post.ctx.now().since(order.updated_at));
        return Ok(if rest.is_zero() {
            Follow::at_once(Job::Rejudge(id))
        } else {
            Follow::after(post.ctx, rest, Job::Resolve(id))
        });
    }
    let access = access(post).await?;
    match find_twice(post, broker, &access, &order).await {
        Ok(Some(venue)) => {
            let mut follow = Follow::nothing();
            if venue.filled > order.filled {
                book_fills(post, broker, &access, &mut follow).await?;
            }
            let more = venue_order(post, &venue).await?;
            follow.now.extend(
                more.now
                    .into_iter()
                    .filter(|j| !matches!(j, Job::Sync | Job::Resolve(_))),
            );
            Ok(follow)
        }
        Ok(None) => not_found(post, broker, &order).await,
        Err(error) => {
            tracing::warn!(order = %id, %error, "look-up failed, asking again");
            later(post, &order).await
        }
    }
}

/// "Not found" counts only when two answers agree.
async fn find_twice(
    post: &Post<'_>,
    broker: &dyn Broker,
    access: &Access,
    order: &Order,
) -> Result<Option<VenueOrder>, BrokerError> {
    let first = broker.order_by_client_id(access, order.client_order_id()).await?;
    if first.is_some() {
        return Ok(first);
    }
    post.ctx.clock.sleep_until(post.ctx.now().plus(CONFIRM)).await;
    broker.order_by_client_id(access, order.client_order_id()).await
}

/// Whether two agreeing answers of "not found" are believed: the visibility window has passed since the last send.
fn is_certain(post: &Post<'_>, broker: &dyn Broker, order: &Order) -> bool {
    post.ctx.now().since(order.updated_at) >= broker.capabilities().visibility_window
}

async fn not_found(post: &Post<'_>, broker: &dyn Broker, order: &Order) -> Result<Follow, JobError> {
    if order.leg.protects() {
        // The group's version decides: protection is planned anew from what is held.
        let ending = Ending::new(
            OrderState::Rejected,
            "never_arrived",
            "Never arrived; protection is placed anew",
        );
        let ended = post.finish(order.id, ending).await?;
        return Ok(ended.as_ref().map_or_else(Follow::nothing, after_end));
    }
    let always = broker.capabilities().client_id_dedupe == Dedupe::Always;
    let certain = is_certain(post, broker, order);
    let may_go = match order.state {
        // Perhaps never sent: safe to send where the same id is taken once, or when it is certain that it is not there.
        OrderState::Pending => always || certain,
        // Sent before: again where the same id is taken once, three times at most (EX-04).
        OrderState::Unknown => always && (order.attempts as usize) <= RETRIES.len(),
        _ => false,
    };
    if may_go && !order.cancel_requested && is_young(post, order).await? {
        return Ok(Follow::at_once(Job::Rejudge(order.id)));
    }
    unsent(post, broker, order).await
}

/// Whether it may still be sent: before its stated end, or within a minute of its last step when it has none.
async fn is_young(post: &Post<'_>, order: &Order) -> Result<bool, JobError> {
    // A level was touched: what was decided then is sent whenever that can be.
    if order.leg.triggered() {
        return Ok(true);
    }
    let now = post.ctx.now();
    let intent = post.intent(order.id).await?;
    Ok(intent.is_some_and(|i| match i.send_before {
        Some(end) => now <= end,
        None => now.since(order.updated_at) <= YOUNG,
    }))
}

/// Ends an order that the venue does not know and that is not sent again, as soon as that is certain.
pub(crate) async fn unsent(post: &Post<'_>, broker: &dyn Broker, order: &Order) -> Result<Follow, JobError> {
    if !is_certain(post, broker, order) {
        let mut follow = later(post, order).await?;
        // Not past the moment at which the answer counts.
        let certain = order.updated_at.plus(broker.capabilities().visibility_window);
        for (at, _) in &mut follow.later {
            *at = (*at).min(certain);
        }
        return Ok(follow);
    }
    let (state, code, words) = match (order.state, order.cancel_requested) {
        (OrderState::Pending, true) => (OrderState::Cancelled, "cancelled", "Cancelled before it was sent"),
        (OrderState::Pending, false) => (
            OrderState::Expired,
            "stale",
            "Not sent before the signal grew too old",
        ),
        _ => (
            OrderState::Rejected,
            "never_arrived",
            "Never arrived at the broker; not submitted",
        ),
    };
    Ok(
        match post.finish(order.id, Ending::new(state, code, words)).await? {
            Some(order) => after_end(&order),
            None => Follow::nothing(),
        },
    )
}

/// The next look-up; after a quarter of an hour a person has to look.
async fn later(post: &Post<'_>, order: &Order) -> Result<Follow, JobError> {
    let now = post.ctx.now();
    let sent = order.stages.sent.unwrap_or(order.created_at);
    let elapsed = now.since(sent);
    if order.state == OrderState::Pending && elapsed >= YOUNG {
        post.unknown(order.id, sent, "its answer was lost").await?;
    }
    if elapsed >= ESCALATE_AFTER && order.state == OrderState::Unknown {
        let words = "The broker gave no definite answer for 15 minutes; support has to look";
        post.finish(order.id, Ending::new(OrderState::Escalated, "unresolved", words))
            .await?;
        return Ok(Follow::nothing());
    }
    let next = LOOKUPS
        .into_iter()
        .map(Duration::from_secs)
        .find(|at| *at > elapsed);
    let wait = next.map_or(Duration::from_secs(60), |at| at.saturating_sub(elapsed));
    Ok(Follow::after(post.ctx, wait, Job::Resolve(order.id)))
}

/// Books every execution after the cursor and moves the cursor. Gives how many there were; none when they could not be
/// listed. One that the books refuse is told and stays before the cursor; the others go on.
async fn book_fills(
    post: &Post<'_>,
    broker: &dyn Broker,
    access: &Access,
    follow: &mut Follow,
) -> Result<Option<usize>, JobError> {
    let store = post.ctx.store.as_ref();
    let Some(mut connection) = get::<Connection>(store, post.scope, &post.connection.id.to_string()).await?
    else {
        return Ok(None);
    };
    let fills = match broker
        .fills_since(access, connection.fills_cursor.as_deref())
        .await
    {
        Ok(fills) => fills,
        Err(error) => {
            tracing::warn!(connection = %connection.id, %error, "fills not read, asking again");
            follow
                .later
                .push((post.ctx.now().plus(Duration::from_secs(2)), Job::Sync));
            return Ok(None);
        }
    };
    let mut booked = None;
    let mut refused = false;
    for fill in &fills {
        if fill.client_order_id.is_some() {
            match post.fill(fill).await {
                Ok(more) => follow.now.extend(more.now),
                Err(JobError::Books(why)) => {
                    tracing::error!(connection = %connection.id, fill = %fill.venue_fill_id, why, "a fill does not fit the books");
                    refused = true;
                }
                Err(error) => return Err(error),
            }
        }
        if !refused {
            booked = Some(fill);
        }
    }
    if let Some(last) = booked {
        connection.fills_cursor = Some(last.cursor.clone());
        connection.version += 1;
        let mut batch = Batch::new();
        batch.update(connection);
        match post.ctx.commit(post.scope.clone(), batch).await {
            // Another writer changed the connection: the cursor stays behind and the same fills are offered again.
            Ok(()) | Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok((!refused).then_some(fills.len()))
}

/// Compares account, executions and working orders with the venue and settles differences. Safe to repeat.
pub async fn sync(post: &Post<'_>, broker: &dyn Broker) -> Result<Follow, JobError> {
    let access = access(post).await?;
    let mut follow = Follow::nothing();
    let before = post.account().await?.map(|a| a.version);
    let venue = match broker.account(&access).await {
        Ok(venue) => venue,
        Err(BrokerError::Unauthorised(why)) => {
            post.unauthorised(&why).await?;
            return Ok(follow);
        }
        Err(error) => {
            post.health(Health::Down, Some(&error.to_string())).await?;
            return Ok(Follow::after(post.ctx, Duration::from_secs(5), Job::Sync));
        }
    };
    let new_fills = book_fills(post, broker, &access, &mut follow).await?;
    match broker.open_orders(&access).await {
        Ok(open) => orders(post, &open, &mut follow).await?,
        Err(error) => tracing::warn!(connection = %post.connection.id, %error, "working orders not read"),
    }
    // Cash that fills explain is no transfer: compared only when every fill is known.
    let compared = match new_fills {
        Some(0) => balances(post, &venue, before).await?,
        Some(_) => false,
        None => true,
    };
    if !compared {
        // Something was booked between the answers: they speak of different moments. Soon once more.
        follow.later.push((post.ctx.now().plus(AGAIN), Job::Sync));
    }
    let lots = find::<Lot>(post.ctx.store.as_ref(), post.scope, Query::LotsOpen(None)).await?;
    for lot in lots
        .iter()
        .filter(|l| l.connection_id == post.connection.id && (protect::needs_group(l) || l.emulated()))
    {
        follow.soon.push(Job::Protect(lot.id));
    }
    post.health(Health::Ok, None).await?;
    Ok(follow)
}

/// Our orders that the venue may hold against what it shows: missing ones are looked up.
async fn orders(post: &Post<'_>, open: &[VenueOrder], follow: &mut Follow) -> Result<(), JobError> {
    let query = Query::OrdersOpen(post.connection.id);
    for order in find::<Order>(post.ctx.store.as_ref(), post.scope, query).await? {
        let by = order.cancelled_by.unwrap_or(CancelledBy::System);
        match order.state {
            // A cancel that was asked for before a restart.
            OrderState::Queued if order.cancel_requested => {
                follow.now.push(Job::Cancel(order.id, by));
                continue;
            }
            OrderState::Queued | OrderState::PendingApproval | OrderState::Escalated => continue,
            _ => {}
        }
        match open
            .iter()
            .find(|v| &v.client_order_id == order.client_order_id())
        {
            Some(venue) => {
                let more = venue_order(post, venue).await?;
                follow
                    .now
                    .extend(more.now.into_iter().filter(|j| !matches!(j, Job::Sync)));
                if order.cancel_requested {
                    follow.now.push(Job::Cancel(order.id, by));
                }
            }
            None => follow.now.push(Job::Resolve(order.id)),
        }
    }
    Ok(())
}

/// Equity, buying power and cash as the venue says; cash that no fill explains is told (PRODUCT EX-20). False when the
/// account changed since `before`.
async fn balances(
    post: &Post<'_>,
    venue: &ordercast_model::ports::broker::VenueAccount,
    before: Option<u64>,
) -> Result<bool, JobError> {
    let Some(account) = post.account().await? else {
        return Ok(false);
    };
    if Some(account.version) != before {
        return Ok(false);
    }
    let synced = external::sync(&account, venue, post.ctx.now())?;
    let mut next = synced.account;
    next.version = account.version + 1;
    let mut batch = Batch::new();
    if !synced.cash_change.is_zero() {
        let change = (account.cash, next.cash);
        let reason = if synced.cash_change.is_sign_positive() {
            "deposit"
        } else {
            "withdrawal"
        };
        batch.note(narrate::cash(
            post.ctx,
            post.connection,
            change,
            reason,
            &Links::default(),
        ));
    }
    batch.update(next);
    match post.ctx.commit(post.scope.clone(), batch).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

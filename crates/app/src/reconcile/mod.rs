//! Keeps our books in step with the venue (PRODUCT 4.3, EX-05): events as they come, look-ups for what is unknown,
//! and a regular comparison. The venue's word decides; we never invent a fill.

mod by_hand;
mod health;
mod outside;

pub use self::health::check;

use std::time::Duration;

use ordercast_model::{
    connection::{Connection, Health},
    ids::OrderId,
    order::{
        intent::{CancelledBy, Order},
        state::OrderState,
    },
    planted::{Bug, planted},
    ports::{
        broker::{Access, Broker, BrokerError, BrokerEvent, Dedupe, ShownOrder, VenueOrder},
        store::{Batch, CommitError, Query, find, get},
    },
    position::Lot,
};
use ordercast_rules::protect;

use crate::{
    end,
    execute::{JobError, RETRIES, access, after_end},
    lane::{Follow, Job},
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
    if !venue.state.is_final() {
        post.accepted(&order, venue, None).await?;
        return Ok(Follow::nothing());
    }
    let Some(ending) = end::of(&order, venue) else {
        return Ok(Follow::nothing());
    };
    Ok(match post.finish(order.id, ending).await? {
        Some(order) => {
            post.uncovered(&order).await?;
            after_end(&order)
        }
        None => Follow::nothing(),
    })
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
    let (id, instrument) = (order.client_order_id(), &order.request.instrument);
    let first = broker.order_of(access, id, instrument).await?;
    if first.is_some() {
        return Ok(first);
    }
    post.ctx.clock.sleep_until(post.ctx.now().plus(CONFIRM)).await;
    broker.order_of(access, id, instrument).await
}

/// Whether two agreeing answers of "not found" are believed: the visibility window has passed since the last send, by the
/// clock that nobody sets.
pub(crate) fn is_certain(post: &Post<'_>, broker: &dyn Broker, order: &Order) -> bool {
    let waited = post.ctx.wire.quiet(order, post.ctx.clock.monotonic());
    waited >= broker.capabilities().visibility_window || planted(Bug::IgnoreVisibility)
}

async fn not_found(post: &Post<'_>, broker: &dyn Broker, order: &Order) -> Result<Follow, JobError> {
    if order.leg.protects() {
        if !is_certain(post, broker, order) && !crate::protect::overtaken(post, order).await? {
            let mut follow = until_certain(post, broker, order).await?;
            follow.now.extend(order.lot_id.map(Job::Protect));
            return Ok(follow);
        }
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
        return until_certain(post, broker, order).await;
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

/// The next look-up, not past the moment at which "not found" counts.
async fn until_certain(post: &Post<'_>, broker: &dyn Broker, order: &Order) -> Result<Follow, JobError> {
    let mut follow = later(post, order).await?;
    let window = broker.capabilities().visibility_window;
    let waited = post.ctx.wire.quiet(order, post.ctx.clock.monotonic());
    let certain = post.ctx.now().plus(window.saturating_sub(waited));
    for (at, _) in &mut follow.later {
        *at = (*at).min(certain);
    }
    Ok(follow)
}

/// The next look-up; after a quarter of an hour a person has to look.
async fn later(post: &Post<'_>, order: &Order) -> Result<Follow, JobError> {
    let now = post.ctx.now();
    let sent = order.stages.sent.unwrap_or(order.created_at);
    let elapsed = now.since(sent);
    let quiet = post.ctx.wire.quiet(order, post.ctx.clock.monotonic());
    if order.state == OrderState::Pending && quiet >= YOUNG {
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
pub(crate) async fn book_fills(
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
                Err(_) if planted(Bug::SkipAFill) => {}
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
    let venue = match health::ask(post, broker, &access, Job::Sync).await? {
        Ok(venue) => venue,
        Err(instead) => return Ok(instead),
    };
    let new_fills = book_fills(post, broker, &access, &mut follow).await?;
    let shown = match broker.open_orders(&access).await {
        Ok(shown) => Some((orders(post, &shown, &mut follow).await?, shown)),
        Err(error) => {
            tracing::warn!(connection = %post.connection.id, %error, "working orders not read");
            None
        }
    };
    // Cash that fills explain is no transfer: compared only when every fill is known.
    let compared = match new_fills {
        Some(0) => outside::compare(post, broker, &access, &venue, before, &mut follow).await?,
        Some(_) => false,
        None => true,
    };
    let seen = match &shown {
        Some((open, shown)) => by_hand::take_in(post, broker, &access, (shown, open)).await?,
        None => true,
    };
    if !compared || !seen {
        // Something was booked between the answers: they speak of different moments. Soon once more.
        follow.later.push((post.ctx.now().plus(AGAIN), Job::Sync));
    }
    let lots = find::<Lot>(post.ctx.store.as_ref(), post.scope, Query::LotsOpen(None)).await?;
    for lot in lots.iter().filter(|l| l.connection_id == post.connection.id) {
        if post.recount(lot.id).await? || protect::needs_group(lot) || lot.emulated() {
            follow.soon.push(Job::Protect(lot.id));
        }
    }
    orphans(post, &lots, &mut follow).await?;
    post.health(Health::Ok, None).await?;
    Ok(follow)
}

/// Protection that works for a lot of which nothing is held goes (PRODUCT EX-16).
async fn orphans(post: &Post<'_>, lots: &[Lot], follow: &mut Follow) -> Result<(), JobError> {
    let query = Query::OrdersOpen(post.connection.id);
    let held = |id| lots.iter().any(|l| l.id == id && !l.open.is_zero());
    for order in find::<Order>(post.ctx.store.as_ref(), post.scope, query).await? {
        if let Some(lot) = order.lot_id.filter(|id| order.leg.protects() && !held(*id)) {
            follow.soon.push(Job::Protect(lot));
        }
    }
    Ok(())
}

/// Our orders that the venue may hold against what it shows: missing ones are looked up, also those that wait for a person
/// because nobody could be asked. Gives ours as they stood before.
async fn orders(post: &Post<'_>, shown: &[ShownOrder], follow: &mut Follow) -> Result<Vec<Order>, JobError> {
    let query = Query::OrdersOpen(post.connection.id);
    let open = find::<Order>(post.ctx.store.as_ref(), post.scope, query).await?;
    for order in &open {
        let by = order.cancelled_by.unwrap_or(CancelledBy::System);
        match order.state {
            // A cancel that was asked for before a restart.
            OrderState::Queued if order.cancel_requested => {
                follow.now.push(Job::Cancel(order.id, by));
                continue;
            }
            OrderState::Queued | OrderState::PendingApproval => continue,
            _ => {}
        }
        let ours = |v: &&ShownOrder| v.client_order_id.as_ref() == Some(order.client_order_id());
        match shown.iter().find(ours).and_then(ShownOrder::ours) {
            Some(venue) => {
                let more = venue_order(post, &venue).await?;
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
    Ok(open)
}

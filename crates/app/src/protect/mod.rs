//! Keeps every lot protected by exactly what is held: a new version of its group whenever fills, closes or moved
//! levels ask for one. The version is durable before it is sent, so that a version never means two things.

mod after;

use std::time::Duration;

use ordercast_model::{
    gate,
    ids::{IntentId, LotId, OrderId},
    journal::kind::Kind,
    market::InstrumentRules,
    money::{Money, Quantity},
    order::{
        identity::Leg,
        intent::{Intent, Order, ProtectionPlan, Stages},
        shape::{OrderRequest, ProtectionGroup},
        state::OrderState,
    },
    ports::{
        broker::{Access, Broker, ErrorKind, Protected, VenueOrder},
        store::{Batch, CommitError, Query, find, get},
    },
    position::Lot,
};
use ordercast_rules::protect::{self as rules, Planned};

use crate::{
    execute::{JobError, access},
    lane::{Follow, Job},
    narrate,
    record::{Ending, Post},
    switchboard::Concern,
};

pub use self::after::{after_target, tidy};

/// When the legs of a replaced version are looked for.
const CHECK_AFTER: Duration = Duration::from_secs(2);
/// Longest wait before protection that the venue refused is asked for again.
const REFUSED_WAIT_MAX: Duration = Duration::from_secs(60);
/// When protection is tried again that a freeze held back.
const FROZEN_WAIT: Duration = Duration::from_secs(2);
/// Waits between repeats of the same version while the venue gives no definite answer.
const REPEATS: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// Brings a lot's protection into line. Safe to repeat: when nothing is to change nothing is sent.
pub async fn run(post: &Post<'_>, broker: &dyn Broker, id: LotId) -> Result<Follow, JobError> {
    let store = post.ctx.store.as_ref();
    let Some(lot) = get::<Lot>(store, post.scope, &id.to_string()).await? else {
        return Ok(Follow::nothing());
    };
    let orders = find::<Order>(store, post.scope, Query::OrdersOfLot(id)).await?;
    let lot = close_if_over(post, lot, &orders).await?;
    let mut view = lot.clone();
    view.open = lot.open.minus_to_zero(closing(&orders)?);
    // A lot that is leaving altogether gives its protection up first: never two exits for one share (TR-10).
    let leaves = view.open.is_zero() && !view.covered.is_zero();
    if !leaves && !rules::needs_group(&view) {
        return Ok(Follow::nothing());
    }
    let Some(entry) = orders.first() else {
        return Ok(Follow::nothing());
    };
    let Some(venue_rules) = venue_rules(post, &lot).await? else {
        return Ok(Follow::after(post.ctx, Duration::from_secs(1), Job::Protect(id)));
    };
    let planned = match rules::group(&view, entry.instruction, &venue_rules) {
        Ok(Some(planned)) => planned,
        Ok(None) if view.covered.is_zero() => return Ok(Follow::nothing()),
        Ok(None) => nothing_left(&view),
        Err(error) => {
            missing(post, &lot, &error.to_string()).await?;
            return Ok(Follow::nothing());
        }
    };
    let group = planned.group.clone();
    let sealed = match gate::protect(group, &lot.instrument, lot.side, view.open) {
        Ok(sealed) => sealed,
        Err(error) => {
            missing(post, &lot, &error.to_string()).await?;
            return Ok(Follow::nothing());
        }
    };
    let concern = Concern {
        user: Some(lot.user_id),
        connection: Some(lot.connection_id),
        ..Concern::default()
    };
    // A freeze is the platform's: nothing is asked of the venue until it is lifted.
    let Ok(flight) = post.ctx.switchboard.depart(&concern, false) else {
        return Ok(Follow::after(post.ctx, FROZEN_WAIT, Job::Protect(id)));
    };
    let Some(legs) = durable(post, &lot, entry, &planned).await? else {
        return Ok(Follow::at_once(Job::Protect(id)));
    };
    let access = access(post).await?;
    let answer = tokio::select! {
        biased;
        () = flight.stopped() => Protected::Unknown("stopped while it was being sent".to_owned()),
        answer = ask(post, broker, &access, &sealed) => answer,
    };
    drop(flight);
    let refused = refused_lately(&orders);
    let mut follow = settle(post, &lot, &planned, &legs, answer, refused).await?;
    // The legs of the version before must be gone; the venue tells, and it is checked (PRODUCT EX-16).
    let check = post.ctx.now().plus(CHECK_AFTER);
    let before = orders.iter().filter(|o| o.leg.protects() && !o.state.is_final());
    follow.later.extend(before.map(|o| (check, Job::Resolve(o.id))));
    Ok(follow)
}

/// Asks the venue for a version, again while it gives no definite answer.
async fn ask(
    post: &Post<'_>,
    broker: &dyn Broker,
    access: &Access,
    sealed: &gate::Approved<ProtectionGroup>,
) -> Protected {
    let mut answer = broker.protect(access, sealed).await;
    for wait in REPEATS {
        let Protected::Unknown(_) = answer else { break };
        post.ctx.clock.sleep_until(post.ctx.now().plus(wait)).await;
        answer = broker.protect(access, sealed).await;
    }
    answer
}

/// Versions in a row that the venue refused.
fn refused_lately(orders: &[Order]) -> u32 {
    let legs = orders.iter().rev().filter(|o| o.leg.protects());
    let refused = legs.take_while(|o| o.state == OrderState::Rejected);
    let stops = refused.filter(|o| matches!(o.leg, Leg::Stop(1) | Leg::Target(1)));
    u32::try_from(stops.count()).unwrap_or(u32::MAX)
}

fn nothing_left(view: &Lot) -> Planned {
    Planned {
        group: ProtectionGroup {
            group_id: view.id.to_string(),
            version: view.group_version.saturating_add(1),
            slices: Vec::new(),
        },
        stop_price: None,
        target_prices: Vec::new(),
        covered: Quantity::ZERO,
    }
}

/// What working closes will take; protection leaves room for it first (PRODUCT EX-13, TR-10).
fn closing(orders: &[Order]) -> Result<Quantity, JobError> {
    let mut sum = Quantity::ZERO;
    for order in orders {
        let works = !order.state.is_final() && order.state != OrderState::Queued;
        if order.leg == Leg::Flatten && works {
            sum = sum.plus(order.remaining())?;
        }
    }
    Ok(sum)
}

/// A lot nothing works for and nothing is held of is over.
async fn close_if_over(post: &Post<'_>, lot: Lot, orders: &[Order]) -> Result<Lot, JobError> {
    let entries = orders.iter().any(|o| o.leg.opens() && !o.state.is_final());
    if lot.closed || entries || !lot.open.is_zero() {
        return Ok(lot);
    }
    let mut over = lot.clone();
    over.closed = true;
    over.version += 1;
    over.updated_at = post.ctx.now();
    let mut batch = Batch::new();
    batch.update(over.clone());
    match post.ctx.commit(post.scope.clone(), batch).await {
        Ok(()) => Ok(over),
        Err(CommitError::Conflict { .. }) => Ok(lot),
        Err(error) => Err(error.into()),
    }
}

async fn venue_rules(post: &Post<'_>, lot: &Lot) -> Result<Option<InstrumentRules>, JobError> {
    let Some(market) = post.ctx.market(post.connection) else {
        return Err(JobError::NoBroker(post.connection.broker.clone()));
    };
    match market.rules(&lot.instrument.to_string()).await {
        Ok(rules) => Ok(Some(rules)),
        Err(error) => {
            tracing::warn!(lot = %lot.id, %error, "protection waits for market data");
            Ok(None)
        }
    }
}

/// Writes the legs and the new version down; none when somebody else changed the lot meanwhile.
async fn durable(
    post: &Post<'_>,
    lot: &Lot,
    entry: &Order,
    planned: &Planned,
) -> Result<Option<Vec<OrderId>>, JobError> {
    let mut batch = Batch::new();
    let mut ids = Vec::new();
    for (k, slice) in (1_u32..).zip(&planned.group.slices) {
        let target = slice.target.as_ref().map(|r| (Leg::Target(k), r));
        let stop = slice.stop.as_ref().map(|r| (Leg::Stop(k), r));
        for (leg, request) in stop.into_iter().chain(target) {
            let (order, intent) = leg_rows(post, lot, entry, leg, request);
            ids.push(order.id);
            batch.note(narrate::order(
                post.ctx,
                post.connection,
                &order,
                Kind::IntentCreated,
            ));
            batch.insert(intent);
            batch.insert(order);
        }
    }
    let mut next = lot.clone();
    next.group_version = planned.group.version;
    next.version += 1;
    next.updated_at = post.ctx.now();
    batch.update(next);
    match post.ctx.commit(post.scope.clone(), batch).await {
        Ok(()) => Ok(Some(ids)),
        Err(CommitError::Conflict { .. }) => Ok(None),
        // Another lot of the same signal took these ids: this version is passed over.
        Err(CommitError::Duplicate { .. }) => skip_version(post, lot, planned.group.version).await,
        Err(error) => Err(error.into()),
    }
}

async fn skip_version(post: &Post<'_>, lot: &Lot, version: u32) -> Result<Option<Vec<OrderId>>, JobError> {
    let mut next = lot.clone();
    next.group_version = version;
    next.version += 1;
    next.updated_at = post.ctx.now();
    let mut batch = Batch::new();
    batch.update(next);
    match post.ctx.commit(post.scope.clone(), batch).await {
        Ok(()) | Err(CommitError::Conflict { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn leg_rows(post: &Post<'_>, lot: &Lot, entry: &Order, leg: Leg, request: &OrderRequest) -> (Order, Intent) {
    let now = post.ctx.now();
    let (id, intent_id) = (post.ctx.id::<OrderId>(), post.ctx.id::<IntentId>());
    let price = request.order_type.price().or(lot.average_price);
    let order = Order {
        id,
        version: 1,
        intent_id,
        user_id: lot.user_id,
        connection_id: lot.connection_id,
        signal_id: lot.signal_id,
        provider_id: lot.provider_id,
        origin: lot.origin,
        instruction: entry.instruction,
        leg,
        lot_id: Some(lot.id),
        position_side: lot.side,
        request: request.clone(),
        state: OrderState::Pending,
        broker_order_id: None,
        filled: Quantity::ZERO,
        average_price: None,
        fees: Money::zero(entry.fees.currency),
        reason: None,
        message: None,
        note: None,
        cancelled_by: None,
        cancel_requested: false,
        late_fill: false,
        attempts: 0,
        due_at: None,
        stages: Stages {
            decided: Some(now),
            durable: Some(now),
            ..Stages::default()
        },
        created_at: now,
        updated_at: now,
    };
    let intent = Intent {
        id: intent_id,
        user_id: lot.user_id,
        connection_id: lot.connection_id,
        order_id: id,
        decision_id: None,
        origin: lot.origin,
        instruction: entry.instruction,
        leg,
        lot_id: Some(lot.id),
        provider_id: lot.provider_id,
        follow_id: None,
        request: request.clone(),
        protection: ProtectionPlan::default(),
        reserved_price: price,
        alert_price: None,
        stop_price: None,
        marketable: false,
        send_before: None,
        created_at: now,
    };
    (order, intent)
}

async fn settle(
    post: &Post<'_>,
    lot: &Lot,
    planned: &Planned,
    legs: &[OrderId],
    answer: Protected,
    refused: u32,
) -> Result<Follow, JobError> {
    match answer {
        Protected::Placed(orders) => {
            in_force(post, lot, planned, &orders).await?;
            Ok(Follow::nothing())
        }
        Protected::Rejected(refusal) => {
            for id in legs {
                let message = format!("Broker refused: {}", refusal.message);
                post.finish(
                    *id,
                    Ending::new(OrderState::Rejected, refusal.kind.code(), &message),
                )
                .await?;
            }
            let moved_on = matches!(refusal.kind, ErrorKind::InvalidOrder | ErrorKind::OrderNotFound);
            // Once refused it may have been a race with a fill; after that the lot is naked, and patience grows.
            if !moved_on || refused == 1 {
                missing(post, lot, &refusal.message).await?;
            }
            let least = Duration::from_millis(if moved_on { 300 } else { 5_000 });
            let wait = least.saturating_mul(1 << refused.min(10)).min(REFUSED_WAIT_MAX);
            let mut follow = Follow::after(post.ctx, wait, Job::Protect(lot.id));
            if refused == 0 {
                follow.now.push(Job::Sync);
            }
            Ok(follow)
        }
        Protected::NotSent(_) => {
            for id in legs {
                let ending = Ending::new(
                    OrderState::Rejected,
                    "venue_down",
                    "Not submitted: the broker is unavailable",
                );
                post.finish(*id, ending).await?;
            }
            Ok(Follow::after(
                post.ctx,
                Duration::from_secs(1),
                Job::Protect(lot.id),
            ))
        }
        Protected::Unknown(why) => {
            for id in legs {
                post.unknown(*id, post.ctx.now(), &why).await?;
            }
            Ok(Follow::after(
                post.ctx,
                Duration::from_secs(1),
                Job::Protect(lot.id),
            ))
        }
    }
}

/// The venue has this version: the legs work, the lot is covered. One transaction tells it.
async fn in_force(
    post: &Post<'_>,
    lot: &Lot,
    planned: &Planned,
    orders: &[VenueOrder],
) -> Result<(), JobError> {
    let first = lot.group_version == 0;
    loop {
        let Some(now) = get::<Lot>(post.ctx.store.as_ref(), post.scope, &lot.id.to_string()).await? else {
            return Ok(());
        };
        if now.group_version != planned.group.version {
            return Ok(());
        }
        let mut next = rules::apply(&now, planned, post.ctx.now());
        next.version = now.version + 1;
        let mut batch = Batch::new();
        for venue in orders {
            if let Some(taken) = post.taken(venue).await? {
                batch.note(narrate::order(
                    post.ctx,
                    post.connection,
                    &taken,
                    Kind::OrderAccepted,
                ));
                batch.update(taken);
            }
        }
        if !planned.group.slices.is_empty() {
            let kind = if first {
                Kind::ProtectionPlaced
            } else {
                Kind::ProtectionMoved
            };
            batch.note(narrate::protection(post.ctx, post.connection, &next, kind, None));
        }
        batch.update(next);
        match post.ctx.commit(post.scope.clone(), batch).await {
            Ok(()) => return Ok(()),
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// A lot that cannot be protected is told at once (TR-11).
async fn missing(post: &Post<'_>, lot: &Lot, why: &str) -> Result<(), JobError> {
    tracing::error!(lot = %lot.id, why, "a lot is without its protection");
    let mut batch = Batch::new();
    batch.note(narrate::protection(
        post.ctx,
        post.connection,
        lot,
        Kind::ProtectionMissing,
        Some(why),
    ));
    post.ctx.commit(post.scope.clone(), batch).await?;
    Ok(())
}

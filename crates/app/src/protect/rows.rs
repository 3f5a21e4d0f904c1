//! Rows of protection: a version's legs with their intents, durable before anything is sent.

use std::collections::BTreeMap;

use ordercast_model::{
    ids::{IntentId, OrderId},
    journal::kind::Kind,
    money::{Money, Quantity},
    order::{
        identity::Leg,
        intent::{Intent, Order, ProtectionPlan, Stages},
        shape::OrderRequest,
        state::OrderState,
    },
    ports::store::{Batch, CommitError, Query, find, get},
    position::Lot,
};
use ordercast_rules::{books::in_force, protect::Planned};

use crate::{execute::JobError, narrate, record::Post};

/// Writes the legs and the new version down; none when somebody else changed the lot meanwhile.
pub(super) async fn durable(
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
    // Until the venue says which version it holds, another one is due.
    next.replanned = true;
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

/// The most of a lot that the venue may hold as protection. What it does not say of the newest version leaves open which
/// one stands there, so that the larger of them counts.
pub(crate) fn covered(lot: &Lot, orders: &[Order]) -> Quantity {
    if lot.emulated() {
        return Quantity::ZERO;
    }
    if !lot.replanned {
        return lot.covered;
    }
    let working = |o: &&Order| o.leg.protects() && !o.state.is_final();
    let taken = |o: &&Order| in_force(lot, o) && o.broker_order_id.is_some();
    let known = orders.iter().filter(working).any(|o| taken(&o));
    let mut legs: BTreeMap<Leg, Quantity> = BTreeMap::new();
    for order in orders
        .iter()
        .filter(working)
        .filter(|o| !known || in_force(lot, o))
    {
        let most = legs.entry(order.leg).or_insert(Quantity::ZERO);
        *most = (*most).max(order.remaining());
    }
    let sum = |of: fn(&Leg) -> bool| {
        let each = legs.iter().filter(|(leg, _)| of(leg));
        each.fold(Quantity::ZERO, |sum, (_, q)| sum.plus(*q).unwrap_or(sum))
    };
    let stops = sum(|leg| matches!(leg, Leg::Stop(_)));
    let targets = sum(|leg| matches!(leg, Leg::Target(_)));
    let legs = stops.max(targets);
    if known { legs } else { legs.max(lot.covered) }
}

pub(super) async fn skip_version(
    post: &Post<'_>,
    lot: &Lot,
    version: u32,
) -> Result<Option<Vec<OrderId>>, JobError> {
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

/// Whether the venue has taken a version of the group that is newer than this leg's, so that the leg can come to nothing.
pub(crate) async fn overtaken(post: &Post<'_>, leg: &Order) -> Result<bool, JobError> {
    let Some(id) = leg.lot_id else {
        return Ok(true);
    };
    let store = post.ctx.store.as_ref();
    let Some(lot) = get::<Lot>(store, post.scope, &id.to_string()).await? else {
        return Ok(true);
    };
    let orders = find::<Order>(store, post.scope, Query::OrdersOfLot(id)).await?;
    let taken = |o: &&Order| in_force(&lot, o) && o.broker_order_id.is_some();
    Ok(!in_force(&lot, leg) && orders.iter().any(|o| taken(&o)))
}

pub(super) fn leg_rows(
    post: &Post<'_>,
    lot: &Lot,
    entry: &Order,
    leg: Leg,
    request: &OrderRequest,
) -> (Order, Intent) {
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
        works_seconds: None,
        send_before: None,
        created_at: now,
    };
    (order, intent)
}

//! The rows an approved opening leads to: orders, intents, the lot, the reservation and the entries that tell it.

use std::time::Duration;

use ordercast_model::{
    decision::SkipReason,
    gate::{Approved, Breach, Proposal},
    ids::{IntentId, LotId, OrderId},
    journal::{entry::Links, kind::Kind},
    money::{Money, Quantity},
    order::{
        identity::{ClientOrderId, Leg},
        intent::{Intent, Order, Stages},
        shape::{OrderRequest, OrderSide, OrderType},
        state::OrderState,
    },
    planted::{Bug, planted},
    ports::store::Batch,
    position::Lot,
    time::Timestamp,
};
use ordercast_rules::{
    books,
    risk::marks,
    route::{self},
};
use rust_decimal::Decimal;

use super::{Draft, Opening, Ready, Wish, proposal, refused};
use crate::decide::view::View;
use crate::{context::Context, narrate};

#[allow(clippy::too_many_arguments, reason = "the parts of one decision, used once")]
pub(super) fn rows(
    ctx: &Context,
    wish: &Wish<'_>,
    view: &View,
    draft: &Draft,
    approved: Option<&Approved<Proposal>>,
    total: Quantity,
    (reductions, notes): (Vec<Breach>, Vec<Breach>),
    queued_until: Option<Timestamp>,
) -> Opening {
    let parts = match route::entry_orders(&draft.plan, total, view.rules.lot) {
        Ok(parts) if !parts.is_empty() => parts,
        Ok(_) => return refused(SkipReason::UnsupportedOrder, "The size is too small to be split"),
        Err(error) => return refused(SkipReason::InvalidSignal, error.to_string()),
    };
    let requests: Vec<OrderRequest> = parts
        .iter()
        .map(|(leg, kind, quantity)| request(wish, view, draft, *leg, *kind, *quantity))
        .collect();
    let sealed = match approved.map(|a| a.cut(requests.clone())) {
        None => None,
        Some(Ok(sealed)) => Some(sealed),
        Some(Err(error)) => return refused(SkipReason::UnsupportedOrder, error.to_string()),
    };
    let lot = lot_row(ctx, wish, view, draft);
    let mut batch = Batch::new();
    let mut account = wish.account.clone();
    let mut orders = Vec::new();
    let mut sealed = sealed.into_iter().flatten();
    for ((leg, _, _), request) in parts.iter().zip(requests) {
        let (order, intent) = order_rows(ctx, wish, draft, &lot, *leg, request, queued_until);
        if !planted(Bug::ForgetToReserve) {
            account = books::reserve(&account, &order, draft.plan.price);
        }
        let kind = if queued_until.is_some() {
            Kind::OrderQueued
        } else {
            Kind::IntentCreated
        };
        batch.note(narrate::order(ctx, wish.connection, &order, kind));
        batch.insert(intent);
        batch.insert(order.clone());
        orders.push((order, sealed.next()));
    }
    let judged = approved.map_or_else(|| proposal(wish, view, draft), |a| a.get().clone());
    account = marks::record(
        &account,
        &judged,
        u32::try_from(orders.len()).unwrap_or(1),
        ctx.now(),
    );
    account.version = wish.account.version + 1;
    let cause = Links {
        signal: wish.signal_id,
        order: orders.first().map(|(o, _)| o.id),
        ..Links::default()
    };
    for reduction in &reductions {
        batch.note(narrate::breach(
            ctx,
            wish.connection,
            reduction,
            Kind::RiskReduced,
            &cause,
        ));
    }
    batch.insert(lot);
    batch.update(account.clone());
    let message = sentence(draft, view, total, &reductions, &notes);
    Opening::Ready(Ready {
        batch,
        orders,
        reductions,
        notes,
        queued_until,
        message,
        account,
    })
}

fn request(
    wish: &Wish<'_>,
    view: &View,
    draft: &Draft,
    leg: Leg,
    order_type: OrderType,
    quantity: Quantity,
) -> OrderRequest {
    OrderRequest {
        client_order_id: ClientOrderId::derive(
            wish.origin,
            wish.index,
            wish.connection.id,
            leg,
            wish.revision.saturating_sub(1),
        ),
        instrument: view.instrument().clone(),
        side: OrderSide::opening(draft.side),
        quantity,
        order_type,
        time_in_force: draft.plan.time_in_force,
        extended_hours: draft.plan.extended_hours,
        reduce_only: false,
    }
}

fn lot_row(ctx: &Context, wish: &Wish<'_>, view: &View, draft: &Draft) -> Lot {
    let now = ctx.now();
    Lot {
        id: ctx.id::<LotId>(),
        version: 1,
        position_id: None,
        user_id: wish.connection.user_id,
        connection_id: wish.connection.id,
        origin: wish.origin,
        signal_id: wish.signal_id,
        provider_id: wish.provider_id,
        instrument: view.instrument().clone(),
        side: draft.side,
        entered: Quantity::ZERO,
        open: Quantity::ZERO,
        average_price: None,
        entries: Vec::new(),
        realised: Decimal::ZERO,
        protection: draft.protection.clone(),
        group_version: 0,
        covered: Quantity::ZERO,
        replanned: false,
        stop_price: None,
        target_prices: Vec::new(),
        targets_filled: 0,
        watch: None,
        closed: false,
        created_at: now,
        updated_at: now,
    }
}

fn order_rows(
    ctx: &Context,
    wish: &Wish<'_>,
    draft: &Draft,
    lot: &Lot,
    leg: Leg,
    request: OrderRequest,
    queued_until: Option<Timestamp>,
) -> (Order, Intent) {
    let now = ctx.now();
    let (id, intent_id) = (ctx.id::<OrderId>(), ctx.id::<IntentId>());
    let order = Order {
        id,
        version: 1,
        intent_id,
        user_id: lot.user_id,
        connection_id: lot.connection_id,
        signal_id: wish.signal_id,
        provider_id: wish.provider_id,
        origin: wish.origin,
        instruction: wish.index,
        leg,
        lot_id: Some(lot.id),
        position_side: draft.side,
        request: request.clone(),
        state: if queued_until.is_some() {
            OrderState::Queued
        } else {
            OrderState::Pending
        },
        broker_order_id: None,
        filled: Quantity::ZERO,
        average_price: None,
        fees: Money::zero(wish.account.currency),
        reason: None,
        message: None,
        note: wish.note.map(str::to_owned),
        cancelled_by: None,
        cancel_requested: false,
        late_fill: false,
        attempts: 0,
        due_at: queued_until.or_else(|| ends(draft, now)),
        stages: Stages {
            decided: Some(now),
            durable: None,
            ..wish.stages
        },
        created_at: now,
        updated_at: now,
    };
    let intent = Intent {
        id: intent_id,
        user_id: lot.user_id,
        connection_id: lot.connection_id,
        order_id: id,
        decision_id: wish.decision_id,
        origin: wish.origin,
        instruction: wish.index,
        leg,
        lot_id: Some(lot.id),
        provider_id: wish.provider_id,
        follow_id: wish.follow.map(|f| f.id),
        request,
        protection: draft.protection.clone(),
        reserved_price: Some(draft.plan.price),
        alert_price: draft.plan.alert_price,
        stop_price: draft.stop,
        marketable: draft.plan.marketable,
        works_seconds: queued_until.and_then(|_| life(draft, now)),
        send_before: match (queued_until, wish.posted_at, wish.max_age) {
            (None, Some(posted), Some(age)) => Some(posted.plus(age)),
            _ => None,
        },
        created_at: now,
    };
    (order, intent)
}

/// When an entry ends that is sent now: by its guard, else as stated.
fn ends(draft: &Draft, now: Timestamp) -> Option<Timestamp> {
    let guard = draft.plan.guard_seconds.map(u64::from).map(Duration::from_secs);
    guard.map(|span| now.plus(span)).or(draft.plan.expires_at)
}

/// How long an entry works that waits for its open, from then on: until its guard, or for its stated life.
fn life(draft: &Draft, now: Timestamp) -> Option<u64> {
    let stated = draft.plan.expires_at.map(|end| end.since(now).as_secs().max(1));
    draft.plan.guard_seconds.map(u64::from).or(stated)
}

fn sentence(draft: &Draft, view: &View, total: Quantity, reductions: &[Breach], notes: &[Breach]) -> String {
    let side = OrderSide::opening(draft.side).code();
    let mut text = format!("{side} {total} {}: {}", view.instrument(), draft.explanation);
    for breach in reductions.iter().chain(notes) {
        text.push_str(". ");
        text.push_str(&breach.message);
    }
    text
}

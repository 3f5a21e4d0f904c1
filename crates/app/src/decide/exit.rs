//! Closing and reducing: the order that takes a lot, or a part of it, back to cash. Exits wait for nothing but the
//! session (PRODUCT EX-18) and never turn a position around (EX-17).

use std::time::Duration;

use ordercast_model::{
    account::Account,
    connection::Connection,
    gate::{self, Approved, Effective, Judgement, OnCap, Proposal, Snapshot},
    ids::{DecisionId, FollowId, IntentId, OrderId},
    journal::kind::Kind,
    money::{Money, MoneyError, Price, Quantity},
    order::{
        identity::{ClientOrderId, Leg, Origin},
        intent::{Intent, Order, ProtectionPlan, Stages},
        shape::{OrderRequest, OrderSide, OrderType},
        state::OrderState,
    },
    ports::store::Batch,
    position::Lot,
    signal::instruction::TimeInForce,
    time::Timestamp,
};

use ordercast_rules::route::bound;

use super::{hours::Reach, view::View};
use crate::{context::Context, narrate};

/// How long a close at a limit works before what is left is cancelled and asked for anew.
pub(crate) const LIMIT_SPAN: Duration = Duration::from_secs(60);

/// What is to be closed.
pub struct Exit<'a> {
    /// Where.
    pub connection: &'a Connection,
    /// The account.
    pub account: &'a Account,
    /// Lot it takes from.
    pub lot: &'a Lot,
    /// How much; at most what the lot holds.
    pub quantity: Quantity,
    /// What it goes back to.
    pub origin: Origin,
    /// Index of the instruction.
    pub index: u32,
    /// Tells several exits of one instruction apart.
    pub number: u32,
    /// The limits that apply.
    pub limits: &'a Effective,
    /// How it leaves: at the market, or at a limit.
    pub order_type: OrderType,
    /// It waits for the regular session, whatever the limits allow.
    pub regular_only: bool,
    /// Stage times so far.
    pub stages: Stages,
    /// Decision it belongs to.
    pub decision_id: Option<DecisionId>,
    /// What the user wrote beside it.
    pub note: Option<&'a str>,
    /// Follow it came by.
    pub follow_id: Option<FollowId>,
    /// Nothing is sent after this instant.
    pub send_before: Option<Timestamp>,
}

/// When an exit is looked at again whose venue is closed and does not say until when.
pub(super) const CLOSED_WAIT: Duration = Duration::from_secs(30);

/// Rows of a close.
pub struct Leaving {
    /// The order.
    pub order: Order,
    /// The seal; none when it waits for the open.
    pub approved: Option<Approved<OrderRequest>>,
    /// Waits until this instant.
    pub queued_until: Option<Timestamp>,
}

/// Decides a close and adds its rows to the batch.
///
/// # Errors
/// A sentence when the gate refuses (a freeze, an unknown instrument).
pub fn decide(ctx: &Context, exit: &Exit<'_>, view: &View, batch: &mut Batch) -> Result<Leaving, String> {
    let side = OrderSide::closing(exit.lot.side);
    let (reach, order_type) = reach(ctx, exit, side, view).map_err(|e| e.to_string())?;
    let request = OrderRequest {
        client_order_id: ClientOrderId::derive(
            exit.origin,
            exit.index,
            exit.connection.id,
            Leg::Flatten,
            exit.number,
        ),
        instrument: exit.lot.instrument.clone(),
        side,
        quantity: exit.quantity,
        order_type,
        time_in_force: TimeInForce::Day,
        extended_hours: reach.outside,
        reduce_only: true,
    };
    let touch = view
        .quote
        .as_ref()
        .map(|q| if side == OrderSide::Sell { q.bid } else { q.ask });
    let Some(price) = touch.or(exit.lot.average_price) else {
        return Err(format!("No quote for {}", exit.lot.instrument));
    };
    let frozen = ctx.switchboard.frozen();
    let snapshot = Snapshot {
        now: ctx.now(),
        account: exit.account,
        own: None,
        limits: exit.limits,
        rules: Some(&view.rules),
        quote: view.quote.as_ref(),
        session: reach.session,
        extended: reach.extended,
        switches: &frozen,
    };
    let closed = || {
        reach
            .session
            .next_open
            .unwrap_or_else(|| ctx.now().plus(CLOSED_WAIT))
    };
    let waits = (!reach.session.open).then(closed);
    let (approved, until) = match gate::judge(proposal(exit, side, price), &snapshot, &ctx.rules) {
        Judgement::Approved { .. } if waits.is_some() => (None, waits),
        Judgement::Approved { order, .. } => {
            let parts = order.cut(vec![request.clone()]).map_err(|e| e.to_string())?;
            (parts.into_iter().next(), None)
        }
        Judgement::Wait { until, .. } => (None, Some(until)),
        Judgement::Denied { breaches } => {
            return Err(breaches
                .into_iter()
                .next()
                .map_or_else(String::new, |b| b.message));
        }
    };
    let order = rows(ctx, exit, request, until, batch);
    Ok(Leaving {
        order,
        approved,
        queued_until: until,
    })
}

/// In which hours it may go, and how: around the regular session as a limit as far from the touch as drift may go.
fn reach<'a>(
    ctx: &'a Context,
    exit: &Exit<'_>,
    side: OrderSide,
    view: &View,
) -> Result<(Reach<'a>, OrderType), MoneyError> {
    if exit.regular_only {
        return Ok((Reach::regular(view), exit.order_type));
    }
    let reach = Reach::of(ctx, exit.connection, exit.limits, view, ctx.now());
    match (reach.outside, exit.order_type, &view.quote) {
        (false, kind, _) | (true, kind @ OrderType::Limit { .. }, _) => Ok((reach, kind)),
        (true, OrderType::Market, Some(quote)) => {
            let drift = exit.limits.limits.drift_pct.equity;
            let limit = bound(side, quote, view.rules.tick, drift)?;
            Ok((reach, OrderType::Limit { limit }))
        }
        (true, kind, _) => Ok((Reach::regular(view), kind)),
    }
}

fn proposal(exit: &Exit<'_>, side: OrderSide, price: Price) -> Proposal {
    Proposal {
        instrument: exit.lot.instrument.clone(),
        opens: false,
        position_side: exit.lot.side,
        side,
        quantity: exit.quantity,
        orders: 1,
        price,
        marketable: true,
        alert_price: None,
        stop: None,
        stop_added: false,
        first_target: None,
        leverage: None,
        signal_id: exit.lot.signal_id,
        provider_id: exit.lot.provider_id,
        posted_at: None,
        max_age: None,
        on_cap: OnCap::Reduce,
        priority: 50,
        adds_to_own_lot: false,
    }
}

fn intent(exit: &Exit<'_>, order: &Order, until: Option<Timestamp>) -> Intent {
    Intent {
        id: order.intent_id,
        user_id: exit.lot.user_id,
        connection_id: exit.connection.id,
        order_id: order.id,
        decision_id: exit.decision_id,
        origin: exit.origin,
        instruction: exit.index,
        leg: Leg::Flatten,
        lot_id: Some(exit.lot.id),
        provider_id: exit.lot.provider_id,
        follow_id: exit.follow_id,
        request: order.request.clone(),
        protection: ProtectionPlan::default(),
        reserved_price: None,
        alert_price: None,
        stop_price: None,
        marketable: true,
        works_seconds: None,
        send_before: if until.is_some() { None } else { exit.send_before },
        created_at: order.created_at,
    }
}

fn rows(
    ctx: &Context,
    exit: &Exit<'_>,
    request: OrderRequest,
    until: Option<Timestamp>,
    batch: &mut Batch,
) -> Order {
    let now = ctx.now();
    let (id, intent_id) = (ctx.id::<OrderId>(), ctx.id::<IntentId>());
    let order_type = request.order_type;
    let order = Order {
        id,
        version: 1,
        intent_id,
        user_id: exit.lot.user_id,
        connection_id: exit.connection.id,
        signal_id: match exit.origin {
            Origin::Signal(id) => Some(id),
            Origin::Manual(_) | Origin::Slash(_) | Origin::Kill(_) => exit.lot.signal_id,
        },
        provider_id: exit.lot.provider_id,
        origin: exit.origin,
        instruction: exit.index,
        leg: Leg::Flatten,
        lot_id: Some(exit.lot.id),
        position_side: exit.lot.side,
        request,
        state: if until.is_some() {
            OrderState::Queued
        } else {
            OrderState::Pending
        },
        broker_order_id: None,
        filled: Quantity::ZERO,
        average_price: None,
        fees: Money::zero(exit.account.currency),
        reason: None,
        message: None,
        note: exit.note.map(str::to_owned),
        cancelled_by: None,
        cancel_requested: false,
        late_fill: false,
        attempts: 0,
        // A limit that does not fill is put anew where the price is then.
        due_at: until.or_else(|| {
            let limited = matches!(order_type, OrderType::Limit { .. });
            limited.then(|| now.plus(LIMIT_SPAN))
        }),
        stages: Stages {
            decided: Some(now),
            ..exit.stages
        },
        created_at: now,
        updated_at: now,
    };
    let intent = intent(exit, &order, until);
    let kind = if until.is_some() {
        Kind::OrderQueued
    } else {
        Kind::IntentCreated
    };
    batch.note(narrate::order(ctx, exit.connection, &order, kind));
    batch.insert(intent);
    batch.insert(order.clone());
    // Whoever closes the same lot at the same time must see this close first: never more than is held (EX-17).
    let mut lot = exit.lot.clone();
    lot.version += 1;
    lot.updated_at = now;
    batch.update(lot);
    order
}

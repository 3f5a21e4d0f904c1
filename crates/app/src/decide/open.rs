//! Opening: sizes, judges and writes down what one follower's account is to do about one opening instruction.
//! Everything it needs was read before, so that the decision itself is a plain function.

use std::time::Duration;

use ordercast_model::{
    account::Account,
    connection::Connection,
    decision::SkipReason,
    follow::{Follow, Sizing},
    gate::{self, Approved, Breach, Effective, Judgement, OnCap, Proposal, Snapshot},
    ids::{DecisionId, IntentId, LotId, OrderId, ProviderId, SignalId},
    journal::{entry::Links, kind::Kind},
    limits::Switch,
    money::{Money, Price, Quantity},
    order::{
        identity::{ClientOrderId, Leg, Origin},
        intent::{Intent, Order, ProtectionPlan, Stages},
        shape::{OrderRequest, OrderSide, OrderType},
        state::OrderState,
    },
    ports::store::Batch,
    position::Lot,
    signal::instruction::{Action, Instruction, PositionSide},
    time::Timestamp,
};
use ordercast_rules::{
    books, protect,
    risk::marks,
    route::{self, EntryPlan},
    sizing::{self, Ask, SizeError},
};
use rust_decimal::Decimal;

use super::view::View;
use crate::{context::Context, narrate};

/// What one account is asked to open.
pub struct Wish<'a> {
    /// Where.
    pub connection: &'a Connection,
    /// The account at the version the result is committed against.
    pub account: &'a Account,
    /// What.
    pub instruction: &'a Instruction,
    /// Its index in the signal.
    pub index: u32,
    /// Revision of the signal, from 1; an edit's entry is another order.
    pub revision: u32,
    /// What it goes back to.
    pub origin: Origin,
    /// Signal, provider and community it came from.
    pub signal_id: Option<SignalId>,
    /// Provider.
    pub provider_id: Option<ProviderId>,
    /// Follow it came by; none for manual orders.
    pub follow: Option<&'a Follow>,
    /// How big.
    pub sizing: &'a Sizing,
    /// The limits that apply.
    pub limits: &'a Effective,
    /// What a cap does.
    pub on_cap: OnCap,
    /// Start of the signal's age; none when it does not age.
    pub posted_at: Option<Timestamp>,
    /// Age at which it is stale.
    pub max_age: Option<Duration>,
    /// Switches that cover it.
    pub switches: &'a [Switch],
    /// Stage times so far.
    pub stages: Stages,
    /// Decision it belongs to.
    pub decision_id: Option<DecisionId>,
}

/// What came of a wish.
#[allow(clippy::large_enum_variant, reason = "one per decision, moved once")]
pub enum Opening {
    /// Rows are ready to be committed; then the orders may be sent.
    Ready(Ready),
    /// Risk refuses.
    Denied(Vec<Breach>),
    /// It cannot be an order here.
    Refused(SkipReason, String),
}

/// Rows of an approved opening.
pub struct Ready {
    /// What to commit; the account's version is already raised.
    pub batch: Batch,
    /// The orders, in the order of sending; sealed ones may be sent at once, others wait for the open.
    pub orders: Vec<(Order, Option<Approved<OrderRequest>>)>,
    /// Why it is smaller than wanted.
    pub reductions: Vec<Breach>,
    /// Remarks.
    pub notes: Vec<Breach>,
    /// Waits until this instant.
    pub queued_until: Option<Timestamp>,
    /// One sentence.
    pub message: String,
    /// The account as committed, for the next instruction.
    pub account: Account,
}

/// What would be done, before it is judged.
struct Draft {
    side: PositionSide,
    plan: EntryPlan,
    protection: ProtectionPlan,
    stop: Option<Price>,
    first_target: Option<Price>,
    quantity: Quantity,
    explanation: String,
}

fn refused(reason: SkipReason, message: impl Into<String>) -> Opening {
    Opening::Refused(reason, message.into())
}

#[allow(clippy::result_large_err, reason = "one per decision, moved once")]
fn draft(wish: &Wish<'_>, view: &View, account: &Account, now: Timestamp) -> Result<Draft, Opening> {
    let side = wish.instruction.side.unwrap_or(PositionSide::Long);
    let Some(quote) = &view.quote else {
        let message = format!("No quote for {}", view.instrument());
        return Err(refused(SkipReason::ConnectionUnhealthy, message));
    };
    let limits = &wish.limits.limits;
    let posted = wish.posted_at.unwrap_or(now);
    let plan = route::entry_plan(wish.instruction, side, quote, &view.rules, limits, posted)
        .map_err(|r| Opening::Refused(r.reason, r.message))?;
    let protection = protect::plan_for(wish.instruction, limits, wish.follow, view.instrument().class());
    let levels = protect::planned_levels(&protection, side, plan.price, view.rules.tick)
        .map_err(|e| refused(SkipReason::InvalidSignal, e.to_string()))?;
    let ask = Ask {
        sizing: wish.sizing,
        hint: &wish.instruction.size,
        equity: account.equity,
        price: plan.price,
        stop: levels.stop,
        instrument: view.instrument(),
        lot: view.rules.lot,
    };
    let size = sizing::size(&ask).map_err(|e| match e {
        SizeError::NoStop | SizeError::StopAtEntry(_) => refused(SkipReason::UnsupportedOrder, e.to_string()),
        SizeError::Money(e) => refused(
            SkipReason::InvalidSignal,
            format!("The size cannot be computed: {e}"),
        ),
    })?;
    Ok(Draft {
        side,
        plan,
        stop: levels.stop,
        first_target: levels.targets.first().copied(),
        protection,
        quantity: size.quantity,
        explanation: size.explanation,
    })
}

fn proposal(wish: &Wish<'_>, view: &View, draft: &Draft) -> Proposal {
    Proposal {
        instrument: view.instrument().clone(),
        opens: true,
        position_side: draft.side,
        side: OrderSide::opening(draft.side),
        quantity: draft.quantity,
        price: draft.plan.price,
        marketable: draft.plan.marketable,
        alert_price: draft.plan.alert_price,
        stop: draft.stop,
        stop_added: draft.protection.stop_added,
        first_target: draft.first_target,
        leverage: wish.instruction.leverage,
        signal_id: wish.signal_id,
        provider_id: wish.provider_id,
        posted_at: wish.posted_at,
        max_age: wish.max_age,
        on_cap: wish.on_cap,
        priority: wish.follow.map_or(50, |f| f.priority),
        adds_to_own_lot: wish.instruction.action == Action::Add && wish.follow.is_none_or(|f| f.copy_adds),
    }
}

/// Decides. The account must have been brought up to date with the newest prices by the caller.
#[must_use]
pub fn decide(ctx: &Context, wish: &Wish<'_>, view: &View) -> Opening {
    let now = ctx.now();
    let draft = match draft(wish, view, wish.account, now) {
        Ok(draft) => draft,
        Err(opening) => return opening,
    };
    let snapshot = Snapshot {
        now,
        account: wish.account,
        own: None,
        limits: wish.limits,
        rules: Some(&view.rules),
        quote: view.quote.as_ref(),
        session: view.session,
        switches: wish.switches,
    };
    match gate::judge(proposal(wish, view, &draft), &snapshot, &ctx.rules) {
        Judgement::Denied { breaches } => Opening::Denied(breaches),
        Judgement::Approved {
            order,
            reductions,
            notes,
        } => {
            let total = order.get().quantity;
            rows(
                ctx,
                wish,
                view,
                &draft,
                Some(&order),
                total,
                (reductions, notes),
                None,
            )
        }
        Judgement::Wait { until, breach } => rows(
            ctx,
            wish,
            view,
            &draft,
            None,
            draft.quantity,
            (Vec::new(), vec![breach]),
            Some(until),
        ),
    }
}

#[allow(clippy::too_many_arguments, reason = "the parts of one decision, used once")]
fn rows(
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
        account = books::reserve(&account, &order, draft.plan.price);
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
        stop_price: None,
        target_prices: Vec::new(),
        targets_filled: 0,
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
    let guard = draft
        .plan
        .guard_seconds
        .map(|s| now.plus(Duration::from_secs(u64::from(s))));
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
        cancelled_by: None,
        cancel_requested: false,
        late_fill: false,
        attempts: 0,
        due_at: queued_until.or(guard).or(draft.plan.expires_at),
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
        send_before: match (queued_until, wish.posted_at, wish.max_age) {
            (None, Some(posted), Some(age)) => Some(posted.plus(age)),
            _ => None,
        },
        created_at: now,
    };
    (order, intent)
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

/// What a wish would lead to, in numbers, for a card or a preview. No effect.
#[must_use]
pub fn preview(ctx: &Context, wish: &Wish<'_>, view: &View) -> serde_json::Value {
    match decide(ctx, wish, view) {
        Opening::Ready(ready) => serde_json::json!({
            "outcome": if ready.queued_until.is_some() { "queued" } else { "placed" },
            "until": ready.queued_until,
            "instrument": view.instrument(),
            "orders": ready.orders.iter().map(|(o, _)| serde_json::json!({
                "leg": o.leg.to_string(),
                "side": o.request.side,
                "quantity": o.request.quantity,
                "type": o.request.order_type.code(),
                "price": o.request.order_type.price(),
            })).collect::<Vec<_>>(),
            "reductions": ready.reductions,
            "notes": ready.notes,
            "message": ready.message,
            "quote": view.quote,
        }),
        Opening::Denied(breaches) => serde_json::json!({
            "outcome": "denied",
            "instrument": view.instrument(),
            "breaches": breaches,
            "message": breaches.first().map(|b| b.message.clone()),
            "quote": view.quote,
        }),
        Opening::Refused(reason, message) => serde_json::json!({
            "outcome": "refused", "reason": reason, "message": message, "instrument": view.instrument(),
        }),
    }
}

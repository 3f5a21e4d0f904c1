//! Opening: sizes, judges and writes down what one follower's account is to do about one opening instruction.
//! Everything it needs was read before, so that the decision itself is a plain function.

mod rows;

use std::time::Duration;

use ordercast_model::{
    account::Account,
    connection::Connection,
    decision::SkipReason,
    follow::{Follow, Sizing},
    gate::{self, Approved, Breach, Effective, Judgement, OnCap, Proposal, Snapshot},
    ids::{DecisionId, ProviderId, SignalId},
    limits::Switch,
    money::{Price, Quantity},
    order::{
        identity::Origin,
        intent::{Order, ProtectionPlan, Stages},
        shape::{OrderRequest, OrderSide},
    },
    ports::store::Batch,
    signal::instruction::{Action, Instruction, PositionSide},
    time::Timestamp,
};
use ordercast_rules::{
    protect,
    route::{self, EntryPlan, Outside},
    sizing::{self, Ask, SizeError},
};

use rows::rows;

use super::{hours::Reach, view::View};
use crate::context::Context;

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
    /// What the user wrote beside it.
    pub note: Option<&'a str>,
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

#[allow(
    clippy::result_large_err,
    reason = "the refusal is what the caller gives back"
)]
fn draft(
    wish: &Wish<'_>,
    view: &View,
    account: &Account,
    (now, outside): (Timestamp, Outside),
) -> Result<Draft, Opening> {
    let side = wish.instruction.side.unwrap_or(PositionSide::Long);
    let Some(quote) = &view.quote else {
        let message = format!("No quote for {}", view.instrument());
        return Err(refused(SkipReason::ConnectionUnhealthy, message));
    };
    let limits = &wish.limits.limits;
    let posted = wish.posted_at.unwrap_or(now);
    let plan = route::entry_plan(
        wish.instruction,
        side,
        quote,
        &view.rules,
        limits,
        posted,
        outside,
    )
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
        orders: u32::try_from(draft.plan.legs.len()).unwrap_or(u32::MAX),
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
    let mut reach = Reach::of(ctx, wish.connection, wish.limits, view, now);
    let draft = match draft(wish, view, wish.account, (now, reach.entry())) {
        Ok(draft) => draft,
        Err(opening) => return opening,
    };
    if draft.plan.waits_for_trigger() {
        reach = Reach::regular(view);
    }
    let snapshot = Snapshot {
        now,
        account: wish.account,
        own: None,
        limits: wish.limits,
        rules: Some(&view.rules),
        quote: view.quote.as_ref(),
        session: reach.session,
        extended: reach.extended,
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

//! How a change of an order, a position or the cash is told: the journal entry and the live event it becomes.

use ordercast_model::{
    connection::{Connection, Mode},
    decision::Decision,
    gate::Breach,
    journal::{
        entry::{Actor, ActorKind, Entry, Links, Outcome, Trade},
        kind::Kind,
    },
    order::intent::{CancelledBy, Fill, Order},
    position::{Lot, Position},
    signal::record::Signal,
};
use serde_json::{Map, Value, json};

use crate::context::Context;

const fn mode(connection: &Connection) -> &'static str {
    match connection.mode {
        Mode::Paper => "paper",
        Mode::Live => "live",
    }
}

/// The trade an order is about.
fn trade(connection: &Connection, order: &Order) -> Trade {
    Trade {
        broker: connection.broker.clone(),
        symbol: order.request.instrument.to_string(),
        side: order.request.side,
        quantity: order.request.quantity,
        price: order.average_price.or_else(|| order.request.order_type.price()),
        broker_order_id: order.broker_order_id.clone(),
    }
}

/// The facts of an order that every `trade.*` event carries.
fn facts(connection: &Connection, order: &Order) -> Map<String, Value> {
    let mut map = Map::new();
    let mut put = |name: &str, value: Value| {
        map.insert(name.to_owned(), value);
    };
    put("state", json!(order.state));
    put("mode", json!(mode(connection)));
    put("leg", json!(order.leg.to_string()));
    put("type", json!(order.request.order_type.code()));
    put("order_quantity", json!(order.request.quantity));
    put("filled", json!(order.filled));
    put("remaining", json!(order.remaining()));
    put("average_price", json!(order.average_price));
    put("client_order_id", json!(order.client_order_id()));
    put("version", json!(order.version));
    if let Some(message) = &order.message {
        put("message", json!(message));
    }
    if let Some(until) = order
        .due_at
        .filter(|_| order.state == ordercast_model::order::state::OrderState::Queued)
    {
        put("until", json!(until));
    }
    if let Some(by) = order.cancelled_by {
        put("cancelled_by", json!(by));
    }
    map
}

/// A step in an order's life.
#[must_use]
pub fn order(ctx: &Context, connection: &Connection, order: &Order, kind: Kind) -> Entry {
    let actor = match kind {
        Kind::OrderAccepted | Kind::OrderRejected | Kind::FillBooked => Actor {
            kind: ActorKind::Broker,
            id: connection.broker.clone(),
        },
        Kind::OrderCancelled | Kind::OrderCancelRequested => match order.cancelled_by {
            Some(CancelledBy::Broker) => Actor {
                kind: ActorKind::Broker,
                id: connection.broker.clone(),
            },
            Some(CancelledBy::User) => Actor::user(order.user_id),
            Some(CancelledBy::Provider) => Actor {
                kind: ActorKind::Provider,
                id: order.provider_id.map_or_else(String::new, |p| p.to_string()),
            },
            _ => Actor::system("execute"),
        },
        _ => Actor::system("execute"),
    };
    let mut entry = ctx.entry(kind, actor, ("order", order.id.to_string()));
    entry.user = Some(order.user_id);
    entry.reason.clone_from(&order.reason);
    entry.result = match kind {
        Kind::OrderDenied => Outcome::Denied,
        Kind::OrderRejected | Kind::OrderEscalated => Outcome::Failed,
        _ => Outcome::Ok,
    };
    let mut after = facts(connection, order);
    if let (Some(note), Kind::IntentCreated | Kind::OrderQueued) = (&order.note, kind) {
        after.insert("note".to_owned(), json!(note));
    }
    entry.after = Some(Value::Object(after));
    entry.links = Links {
        signal: order.signal_id,
        intent: Some(order.intent_id),
        order: Some(order.id),
        fill: None,
        connection: Some(connection.id),
    };
    entry.trade = Some(trade(connection, order));
    entry
}

/// A fill, told with the order as it stands after it.
#[must_use]
pub fn fill(ctx: &Context, connection: &Connection, order: &Order, fill: &Fill) -> Entry {
    let mut entry = self::order(ctx, connection, order, Kind::FillBooked);
    entry.links.fill = Some(fill.id);
    if let Some(Value::Object(map)) = &mut entry.after {
        map.insert("fill_quantity".to_owned(), json!(fill.quantity));
        map.insert("fill_price".to_owned(), json!(fill.price));
        map.insert("fee".to_owned(), json!(fill.fee.amount.normalize().to_string()));
        map.insert(
            "realised".to_owned(),
            json!(fill.realised.normalize().to_string()),
        );
        map.insert("stages".to_owned(), json!(order.stages));
    }
    if let Some(trade) = &mut entry.trade {
        trade.quantity = fill.quantity;
        trade.price = Some(fill.price);
    }
    entry
}

/// A position as it stands.
#[must_use]
pub fn position(
    ctx: &Context,
    connection: &Connection,
    position: &Position,
    kind: Kind,
    cause: &Links,
) -> Entry {
    let mut entry = ctx.entry(
        kind,
        Actor::system("books"),
        ("position", position.id.to_string()),
    );
    entry.user = Some(position.user_id);
    entry.links = Links {
        connection: Some(connection.id),
        ..*cause
    };
    let seconds = position
        .closed_at
        .map(|at| at.since(position.opened_at).as_secs());
    entry.after = Some(json!({
        "position_id": position.id,
        "mode": mode(connection),
        "symbol": position.instrument,
        "position_side": position.side,
        "quantity": position.quantity,
        "entry": position.average_price,
        "exit": position.exit_price,
        "realised": position.realised.normalize().to_string(),
        "fees": position.fees.normalize().to_string(),
        "holding_seconds": seconds,
        "version": position.version,
    }));
    entry
}

/// The protection of a lot as it stands.
#[must_use]
pub fn protection(
    ctx: &Context,
    connection: &Connection,
    lot: &Lot,
    kind: Kind,
    message: Option<&str>,
) -> Entry {
    let mut entry = ctx.entry(kind, Actor::system("protect"), ("lot", lot.id.to_string()));
    entry.user = Some(lot.user_id);
    entry.links.signal = lot.signal_id;
    entry.links.connection = Some(connection.id);
    if kind == Kind::ProtectionMissing {
        entry.result = Outcome::Failed;
    }
    entry.after = Some(json!({
        "lot_id": lot.id,
        "position_id": lot.position_id,
        "symbol": lot.instrument,
        "covered": lot.covered,
        "stop": lot.stop_price,
        "targets": lot.target_prices,
        "protection": if lot.emulated() { "emulated" } else { "native" },
        "message": message,
    }));
    entry
}

/// A change of cash.
#[must_use]
pub fn cash(
    ctx: &Context,
    connection: &Connection,
    change: (rust_decimal::Decimal, rust_decimal::Decimal),
    reason: &str,
    cause: &Links,
) -> Entry {
    let kind = if reason == "trade" {
        Kind::CashChanged
    } else {
        Kind::CashExternal
    };
    let mut entry = ctx.entry(
        kind,
        Actor::system("books"),
        ("connection", connection.id.to_string()),
    );
    entry.user = Some(connection.user_id);
    entry.links = Links {
        connection: Some(connection.id),
        ..*cause
    };
    entry.reason = Some(reason.to_owned());
    let (old, new) = change;
    let difference = ordercast_model::money::sub(new, old).unwrap_or_default();
    entry.after = Some(json!({
        "old": old.normalize().to_string(),
        "new": new.normalize().to_string(),
        "change": difference.normalize().to_string(),
        "currency": "USD",
        "reason": reason,
        "mode": mode(connection),
    }));
    entry
}

/// What was decided for a follower.
#[must_use]
pub fn decision(ctx: &Context, signal: &Signal, decision: &Decision) -> Entry {
    let mut entry = ctx.entry(
        Kind::SignalDecision,
        Actor::system("pipeline"),
        ("decision", decision.id.to_string()),
    );
    entry.user = Some(decision.user_id);
    entry.community = Some(signal.community_id);
    entry.result = match decision.status {
        ordercast_model::decision::DecisionStatus::Denied => Outcome::Denied,
        _ => Outcome::Ok,
    };
    entry.reason = match decision.status {
        ordercast_model::decision::DecisionStatus::Skipped(reason) => Some(reason.code().to_owned()),
        _ => decision.breaches.first().map(|b| b.rule.code().to_owned()),
    };
    entry.links.signal = Some(signal.id);
    entry.links.order = decision.orders.first().copied();
    entry.links.connection = decision.connection_id;
    let action = signal
        .reading
        .instructions()
        .get(decision.instruction as usize)
        .map(|i| i.action);
    entry.after = Some(json!({
        "decision_id": decision.id,
        "revision": decision.revision,
        "instruction": decision.instruction,
        "action": action,
        "decision": decision.status.code(),
        "provider_id": decision.provider_id,
        "message": decision.message,
        "rule": decision.breaches.first().map(|b| b.rule),
        "limit": decision.breaches.first().and_then(|b| b.limit.clone()),
        "actual": decision.breaches.first().and_then(|b| b.actual.clone()),
        "orders": decision.orders,
        "confidence": signal.reading.confidence,
        "posted_at": signal.posted_at,
    }));
    entry
}

/// A reduction or a refusal, for the record.
#[must_use]
pub fn breach(ctx: &Context, connection: &Connection, breach: &Breach, kind: Kind, cause: &Links) -> Entry {
    let mut entry = ctx.entry(
        kind,
        Actor::system("risk"),
        ("connection", connection.id.to_string()),
    );
    entry.user = Some(connection.user_id);
    entry.links = Links {
        connection: Some(connection.id),
        ..*cause
    };
    entry.result = if kind == Kind::RiskDenied {
        Outcome::Denied
    } else {
        Outcome::Ok
    };
    entry.reason = Some(breach.rule.code().to_owned());
    entry.after = Some(json!(breach));
    entry
}

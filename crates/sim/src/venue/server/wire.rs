//! Decides how the venue's words look as JSON, both ways. Refuses numbers that are not text.

use axum::body::Bytes;
use ordercast_model::money;
use rust_decimal::Decimal;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    market::exchange::Market,
    venue::{
        account::Account,
        funds::Funds,
        group::{GroupRequest, GroupState, StopLeg, TargetLeg},
        order::{Amendment, Event, Fill, Kind, Order, OrderRequest, Side, TimeInForce, Trail},
        refusal::{Code, Refusal},
    },
};

/// Fields that hold numbers as text.
const NUMBERS: &[&str] = &[
    "quantity",
    "limit_price",
    "stop_price",
    "trail_percent",
    "trail_amount",
    "cash",
];

fn text(value: Decimal) -> String {
    value.normalize().to_string()
}

/// Reads a body.
///
/// # Errors
/// `malformed`; `invalid_order` with the field for a number that is not text.
pub fn body<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Refusal> {
    let malformed = |e: serde_json::Error| Refusal::new(Code::Malformed, format!("body: {e}"));
    let value: Value = serde_json::from_slice(bytes).map_err(malformed)?;
    let number = NUMBERS
        .iter()
        .find(|n| value.get(n).is_some_and(Value::is_number));
    if let Some(field) = number {
        return Err(Refusal::field(
            field,
            "expected a decimal as text such as \"12.50\", got a JSON number",
        ));
    }
    serde_json::from_value(value).map_err(malformed)
}

/// Reads a decimal of a field.
///
/// # Errors
/// `invalid_order` at the field.
pub fn decimal(field: &'static str, value: &str) -> Result<Decimal, Refusal> {
    money::parse(value).map_err(|e| Refusal::field(field, e.to_string()))
}

fn optional(field: &'static str, value: Option<&String>) -> Result<Option<Decimal>, Refusal> {
    value.map(|v| decimal(field, v)).transpose()
}

fn trail(percent: Option<&String>, amount: Option<&String>) -> Result<Option<Trail>, Refusal> {
    match (
        optional("trail_percent", percent)?,
        optional("trail_amount", amount)?,
    ) {
        (Some(_), Some(_)) => Err(Refusal::field(
            "trail_percent",
            "expected it or trail_amount, not both",
        )),
        (Some(p), None) => Ok(Some(Trail::Percent(p))),
        (None, Some(a)) => Ok(Some(Trail::Amount(a))),
        (None, None) => Ok(None),
    }
}

/// `POST orders`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderBody {
    client_order_id: String,
    symbol: String,
    side: Side,
    #[serde(rename = "type")]
    kind: Kind,
    time_in_force: TimeInForce,
    quantity: String,
    limit_price: Option<String>,
    stop_price: Option<String>,
    trail_percent: Option<String>,
    trail_amount: Option<String>,
    #[serde(default)]
    reduce_only: bool,
    oco_group: Option<String>,
}

impl OrderBody {
    /// As the engine takes it.
    ///
    /// # Errors
    /// `invalid_order`, `unknown_symbol`.
    pub fn read(self, market: &Market) -> Result<OrderRequest, Refusal> {
        Ok(OrderRequest {
            symbol: market.resolve(&self.symbol)?,
            side: self.side,
            kind: self.kind,
            time_in_force: self.time_in_force,
            quantity: decimal("quantity", &self.quantity)?,
            limit_price: optional("limit_price", self.limit_price.as_ref())?,
            stop_price: optional("stop_price", self.stop_price.as_ref())?,
            trail: trail(self.trail_percent.as_ref(), self.trail_amount.as_ref())?,
            reduce_only: self.reduce_only,
            client_order_id: self.client_order_id,
            oco_group: self.oco_group,
        })
    }
}

/// `PATCH orders/{id}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmendmentBody {
    quantity: Option<String>,
    limit_price: Option<String>,
    stop_price: Option<String>,
    client_order_id: Option<String>,
}

impl AmendmentBody {
    /// As the engine takes it.
    ///
    /// # Errors
    /// `invalid_order`.
    pub fn read(self) -> Result<Amendment, Refusal> {
        Ok(Amendment {
            quantity: optional("quantity", self.quantity.as_ref())?,
            limit_price: optional("limit_price", self.limit_price.as_ref())?,
            stop_price: optional("stop_price", self.stop_price.as_ref())?,
            client_order_id: self.client_order_id,
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StopBody {
    client_order_id: String,
    quantity: String,
    stop_price: Option<String>,
    trail_percent: Option<String>,
    trail_amount: Option<String>,
    limit_price: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetBody {
    client_order_id: String,
    quantity: String,
    limit_price: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LegBody {
    stop: Option<StopBody>,
    target: Option<TargetBody>,
}

/// `PUT groups/{id}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupBody {
    version: u64,
    symbol: String,
    side: Side,
    legs: Vec<LegBody>,
}

impl GroupBody {
    /// As the engine takes it.
    ///
    /// # Errors
    /// `invalid_order`, `unknown_symbol`.
    pub fn read(self, market: &Market) -> Result<GroupRequest, Refusal> {
        let stop = |s: StopBody| -> Result<StopLeg, Refusal> {
            Ok(StopLeg {
                quantity: decimal("quantity", &s.quantity)?,
                stop_price: optional("stop_price", s.stop_price.as_ref())?,
                trail: trail(s.trail_percent.as_ref(), s.trail_amount.as_ref())?,
                limit_price: optional("limit_price", s.limit_price.as_ref())?,
                client_order_id: s.client_order_id,
            })
        };
        let target = |t: TargetBody| -> Result<TargetLeg, Refusal> {
            Ok(TargetLeg {
                quantity: decimal("quantity", &t.quantity)?,
                limit_price: decimal("limit_price", &t.limit_price)?,
                client_order_id: t.client_order_id,
            })
        };
        let mut legs = Vec::new();
        for leg in self.legs {
            legs.push((
                leg.stop.map(stop).transpose()?,
                leg.target.map(target).transpose()?,
            ));
        }
        Ok(GroupRequest {
            version: self.version,
            symbol: market.resolve(&self.symbol)?,
            side: self.side,
            legs,
        })
    }
}

/// An order.
#[must_use]
pub fn order(order: &Order) -> Value {
    let (percent, amount) = match order.trail {
        Some(Trail::Percent(p)) => (Some(text(p)), None),
        Some(Trail::Amount(a)) => (None, Some(text(a))),
        None => (None, None),
    };
    // The name of a pair inside a protection group is the venue's own.
    let oco = order.oco_group.as_ref().filter(|_| order.group.is_none());
    json!({
        "id": order.id(),
        "account": order.account,
        "client_order_id": order.client_order_id,
        "symbol": order.symbol,
        "side": order.side,
        "type": order.kind,
        "time_in_force": order.time_in_force,
        "quantity": text(order.quantity),
        "limit_price": order.limit_price.map(text),
        "stop_price": order.stop_price.map(text),
        "trail_percent": percent,
        "trail_amount": amount,
        "reduce_only": order.reduce_only,
        "oco_group": oco,
        "group": order.group,
        "status": order.status,
        "triggered": order.triggered,
        "filled_quantity": text(order.filled_quantity),
        "remaining_quantity": text(order.remaining()),
        "average_price": order.average_price().map(text),
        "fees": text(order.fees),
        "reason": order.reason,
        "revision": order.revision,
        "created_at": order.created_at,
        "updated_at": order.updated_at,
    })
}

/// A fill.
#[must_use]
pub fn fill(fill: &Fill) -> Value {
    json!({
        "fill_id": format!("vf-{}", fill.number),
        "cursor": fill.number,
        "account": fill.account,
        "order_id": fill.order.map(|n| format!("vo-{n}")),
        "client_order_id": fill.client_order_id,
        "symbol": fill.symbol,
        "side": fill.side,
        "quantity": text(fill.quantity),
        "price": text(fill.price),
        "multiplier": text(fill.symbol.multiplier()),
        "fee": text(fill.fee),
        "cash": text(fill.cash),
        "kind": fill.kind,
        "cumulative_quantity": text(fill.cumulative),
        "at": fill.at,
    })
}

/// An event as the stream tells it.
#[must_use]
pub fn event(event: &Event) -> Value {
    json!({
        "type": "order",
        "event": event.number,
        "kind": event.kind,
        "order": event.order.as_ref().map(order),
        "fill": event.fill.as_ref().map(fill),
        "at": event.at,
    })
}

/// A group.
#[must_use]
pub fn group(state: &GroupState) -> Value {
    let live = |o: &Option<Order>| o.as_ref().is_some_and(Order::live);
    let active = state.legs.iter().any(|(s, t)| live(s) || live(t));
    let legs: Vec<Value> = state
        .legs
        .iter()
        .map(|(s, t)| json!({"stop": s.as_ref().map(order), "target": t.as_ref().map(order)}))
        .collect();
    json!({
        "group_id": state.group.id,
        "version": state.group.version,
        "symbol": state.group.symbol,
        "side": state.group.side,
        "status": if active { "active" } else { "done" },
        "covered": text(state.covered),
        "legs": legs,
        "at": state.group.at,
    })
}

/// An account with its money.
#[must_use]
pub fn account(account: &Account, funds: &Funds, at: ordercast_model::time::Timestamp) -> Value {
    json!({
        "account": account.id,
        "name": account.name,
        "currency": "USD",
        "cash": text(account.cash),
        "equity": text(funds.equity),
        "buying_power": text(funds.buying_power),
        "reserved": text(funds.reserved),
        "positions_value": text(funds.positions_value),
        "shorting": account.shorting,
        "fees": text(account.fees),
        "event": account.event,
        "at": at,
    })
}

/// Holdings of an account that are not flat, priced by `price(symbol, long)`.
pub fn positions(
    account: &Account,
    mut price: impl FnMut(&ordercast_model::instrument::Instrument, bool) -> Decimal,
) -> Vec<Value> {
    let open = account.positions.iter().filter(|(_, p)| !p.quantity.is_zero());
    open.map(|(symbol, position)| {
        let long = position.quantity > Decimal::ZERO;
        let multiplier = symbol.multiplier();
        let now = price(symbol, long);
        let value = money::mul(position.quantity, now)
            .and_then(|v| money::mul(v, multiplier))
            .unwrap_or_default();
        let cost = if long { position.cost } else { -position.cost };
        json!({
            "symbol": symbol,
            "class": symbol.class(),
            "side": if long { "long" } else { "short" },
            "quantity": text(position.quantity.abs()),
            "average_price": position.average_price(multiplier).map(text),
            "cost": text(position.cost),
            "multiplier": text(multiplier),
            "price": text(now),
            "market_value": text(value),
            "unrealised": text(value.checked_sub(cost).unwrap_or_default()),
            "realised": text(position.realised),
        })
    })
    .collect()
}

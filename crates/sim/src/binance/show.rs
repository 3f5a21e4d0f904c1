//! Decides how orders, trades and events are written in Binance's words. Refuses to change them.

use ordercast_model::{money, time::Timestamp};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::{
    binance::{
        rule,
        ticket::{Ticket, Trade},
    },
    venue::order::{Side, TimeInForce},
};

/// Eight places, as they write every amount.
#[must_use]
pub fn plain(value: Decimal) -> String {
    format!("{:.8}", value.round_dp(8))
}

/// Milliseconds since 1970.
#[must_use]
pub fn millis(at: Timestamp) -> i64 {
    at.micros().div_euclid(1_000)
}

/// Their word of a side.
#[must_use]
pub const fn side(side: Side) -> &'static str {
    match side {
        Side::Buy => "BUY",
        Side::Sell => "SELL",
    }
}

const fn force(force: TimeInForce) -> &'static str {
    match force {
        TimeInForce::Ioc => "IOC",
        TimeInForce::Fok => "FOK",
        TimeInForce::Day | TimeInForce::Gtc => "GTC",
    }
}

fn common(ticket: &Ticket) -> Map<String, Value> {
    let wish = &ticket.wish;
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    put("symbol", json!(rule::name(&wish.symbol)));
    put("orderId", json!(ticket.id));
    put("orderListId", json!(ticket.list.unwrap_or(-1)));
    put("clientOrderId", json!(ticket.client));
    put("price", json!(plain(wish.price.unwrap_or_default())));
    put("origQty", json!(plain(wish.quantity)));
    put("executedQty", json!(plain(ticket.executed)));
    put("origQuoteOrderQty", json!(plain(Decimal::ZERO)));
    put("cummulativeQuoteQty", json!(plain(ticket.spent)));
    put("status", json!(ticket.state.word()));
    put("timeInForce", json!(force(wish.force)));
    put("type", json!(wish.kind.word()));
    put("side", json!(side(wish.side)));
    if let Some(stop) = wish.stop {
        put("stopPrice", json!(plain(stop)));
    }
    if let Some(strategy) = wish.strategy {
        put("strategyId", json!(strategy));
    }
    put("selfTradePreventionMode", json!("EXPIRE_MAKER"));
    out
}

/// The answer to a question.
#[must_use]
pub fn order(ticket: &Ticket) -> Value {
    let mut out = common(ticket);
    out.entry("stopPrice")
        .or_insert_with(|| json!(plain(Decimal::ZERO)));
    out.insert("icebergQty".to_owned(), json!(plain(Decimal::ZERO)));
    out.insert("time".to_owned(), json!(millis(ticket.created)));
    out.insert("updateTime".to_owned(), json!(millis(ticket.updated)));
    out.insert("workingTime".to_owned(), json!(millis(ticket.created)));
    out.insert("isWorking".to_owned(), json!(ticket.working.is_some()));
    Value::Object(out)
}

/// The answer to a placing, with its trades.
#[must_use]
pub fn placed(ticket: &Ticket, trades: &[&Trade]) -> Value {
    let mut out = common(ticket);
    out.insert("transactTime".to_owned(), json!(millis(ticket.updated)));
    out.insert("workingTime".to_owned(), json!(millis(ticket.created)));
    let fills: Vec<Value> = trades
        .iter()
        .map(|t| {
            json!({
                "price": plain(t.price), "qty": plain(t.quantity), "commission": plain(t.commission),
                "commissionAsset": t.asset, "tradeId": t.id,
            })
        })
        .collect();
    out.insert("fills".to_owned(), Value::Array(fills));
    Value::Object(out)
}

/// The answer to a cancel: it has an id of its own and names the order's beside it.
#[must_use]
pub fn cancelled(ticket: &Ticket) -> Value {
    let mut out = common(ticket);
    out.insert("origClientOrderId".to_owned(), json!(ticket.client));
    out.insert("clientOrderId".to_owned(), json!(format!("cancel{}", ticket.id)));
    out.insert("transactTime".to_owned(), json!(millis(ticket.updated)));
    Value::Object(out)
}

/// A list with its orders.
#[must_use]
pub fn list(id: i64, client: &str, legs: &[&Ticket]) -> Value {
    let over = legs.iter().all(|t| !t.state.open());
    let (status, order_status) = if over {
        ("ALL_DONE", "ALL_DONE")
    } else {
        ("EXEC_STARTED", "EXECUTING")
    };
    let symbol = legs.first().map(|t| rule::name(&t.wish.symbol));
    let at = legs.iter().map(|t| millis(t.updated)).max().unwrap_or_default();
    let orders: Vec<Value> = legs
        .iter()
        .map(|t| json!({"symbol": rule::name(&t.wish.symbol), "orderId": t.id, "clientOrderId": t.client}))
        .collect();
    json!({
        "orderListId": id, "contingencyType": "OCO", "listStatusType": status, "listOrderStatus": order_status,
        "listClientOrderId": client, "transactionTime": at, "symbol": symbol, "orders": orders,
    })
}

/// A trade of an account.
#[must_use]
pub fn trade(trade: &Trade, list: Option<i64>) -> Value {
    let spent = trade.price.checked_mul(trade.quantity).unwrap_or_default();
    json!({
        "symbol": rule::name(&trade.symbol), "id": trade.id, "orderId": trade.order, "orderListId": list.unwrap_or(-1),
        "price": plain(trade.price), "qty": plain(trade.quantity), "quoteQty": plain(spent),
        "commission": plain(trade.commission), "commissionAsset": trade.asset, "time": millis(trade.at),
        "isBuyer": trade.side == Side::Buy, "isMaker": false, "isBestMatch": true,
    })
}

/// `executionReport`.
#[must_use]
pub fn report(ticket: &Ticket, execution: &str, trade: Option<&Trade>, at: Timestamp) -> Value {
    let wish = &ticket.wish;
    let cancelled = execution == "CANCELED";
    let named = if cancelled {
        (format!("cancel{}", ticket.id), ticket.client.clone())
    } else {
        (ticket.client.clone(), String::new())
    };
    let spent = trade
        .and_then(|t| money::mul(t.price, t.quantity).ok())
        .unwrap_or_default();
    json!({
        "e": "executionReport", "E": millis(at), "s": rule::name(&wish.symbol), "c": named.0, "C": named.1,
        "S": side(wish.side), "o": wish.kind.word(), "f": force(wish.force), "q": plain(wish.quantity),
        "p": plain(wish.price.unwrap_or_default()), "P": plain(wish.stop.unwrap_or_default()), "F": plain(Decimal::ZERO),
        "g": ticket.list.unwrap_or(-1), "x": execution, "X": ticket.state.word(), "r": "NONE", "i": ticket.id,
        "l": plain(trade.map(|t| t.quantity).unwrap_or_default()), "z": plain(ticket.executed),
        "L": plain(trade.map(|t| t.price).unwrap_or_default()), "n": trade.map_or_else(|| "0".to_owned(), |t| plain(t.commission)),
        "N": trade.map(|t| t.asset.clone()), "T": millis(at), "t": trade.map_or(-1, |t| t.id), "w": ticket.working.is_some(),
        "m": false, "O": millis(ticket.created), "Z": plain(ticket.spent), "Y": plain(spent), "Q": plain(Decimal::ZERO),
        "W": millis(ticket.created), "V": "EXPIRE_MAKER",
    })
}

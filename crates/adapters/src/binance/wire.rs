//! What Binance sends. Numbers come as text or as numbers and are read exactly, never through a float; what may be missing is
//! optional. Refuses to know what it means.

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::number::{self, list};

/// The body of a refusal.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Refused {
    #[serde(default)]
    pub(super) code: Option<i64>,
    #[serde(default)]
    pub(super) msg: Option<String>,
}

/// `GET /api/v3/time`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Time {
    pub(super) server_time: i64,
}

/// `GET /api/v3/account`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    #[serde(default)]
    pub(super) uid: Option<u64>,
    #[serde(default)]
    pub(super) can_trade: Option<bool>,
    #[serde(default)]
    pub(super) update_time: Option<i64>,
    #[serde(default, deserialize_with = "list")]
    pub(super) balances: Vec<Balance>,
}

/// One asset of an account.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Balance {
    pub(super) asset: String,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) free: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) locked: Option<Decimal>,
}

/// `GET /sapi/v1/account/apiRestrictions`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rights {
    #[serde(default)]
    pub(super) enable_withdrawals: Option<bool>,
    #[serde(default)]
    pub(super) enable_internal_transfer: Option<bool>,
    #[serde(default)]
    pub(super) permits_universal_transfer: Option<bool>,
    #[serde(default)]
    pub(super) enable_spot_and_margin_trading: Option<bool>,
}

/// An order, as answered to a placing, a cancel and a question.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Order {
    pub(super) symbol: String,
    pub(super) order_id: i64,
    #[serde(default)]
    pub(super) order_list_id: Option<i64>,
    pub(super) client_order_id: String,
    #[serde(default)]
    pub(super) side: Option<String>,
    #[serde(default, rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) stop_price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) orig_qty: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) executed_qty: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read", alias = "cumulativeQuoteQty")]
    pub(super) cummulative_quote_qty: Option<Decimal>,
    pub(super) status: String,
    #[serde(default)]
    pub(super) time: Option<i64>,
    #[serde(default)]
    pub(super) update_time: Option<i64>,
    #[serde(default)]
    pub(super) transact_time: Option<i64>,
    #[serde(default)]
    pub(super) strategy_id: Option<i64>,
}

/// `POST /api/v3/orderList/oco`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderList {
    #[serde(default, deserialize_with = "list")]
    pub(super) order_reports: Vec<Order>,
}

/// `GET /api/v3/myTrades`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Trade {
    pub(super) id: i64,
    pub(super) order_id: i64,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) qty: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) commission: Option<Decimal>,
    #[serde(default)]
    pub(super) commission_asset: Option<String>,
    pub(super) time: i64,
    pub(super) is_buyer: bool,
}

/// `GET /api/v3/exchangeInfo`.
#[derive(Debug, Deserialize)]
pub(super) struct ExchangeInfo {
    #[serde(default, deserialize_with = "list")]
    pub(super) symbols: Vec<Symbol>,
}

/// A symbol with its rules.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Symbol {
    pub(super) symbol: String,
    #[serde(default)]
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) base_asset: String,
    #[serde(default)]
    pub(super) quote_asset: String,
    #[serde(default, deserialize_with = "list")]
    pub(super) order_types: Vec<String>,
    #[serde(default)]
    pub(super) oco_allowed: Option<bool>,
    #[serde(default)]
    pub(super) is_spot_trading_allowed: Option<bool>,
    #[serde(default, deserialize_with = "list")]
    pub(super) filters: Vec<Filter>,
}

/// One rule of a symbol; fields of all kinds side by side.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Filter {
    pub(super) filter_type: String,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) min_price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) max_price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) tick_size: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) min_qty: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) max_qty: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) step_size: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) min_notional: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) max_notional: Option<Decimal>,
}

/// `GET /api/v3/ticker/24hr`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ticker {
    pub(super) symbol: String,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) bid_price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) ask_price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) last_price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) volume: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) price_change_percent: Option<Decimal>,
}

/// `GET /api/v3/ticker/price`.
#[derive(Debug, Deserialize)]
pub(super) struct Priced {
    pub(super) symbol: String,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) price: Option<Decimal>,
}

/// One line of `GET /api/v3/klines`: a list whose places have meanings.
#[derive(Debug, Deserialize)]
pub(super) struct Kline(pub(super) Vec<Place>);

/// A place of such a line.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Place(#[serde(deserialize_with = "number::read")] pub(super) Option<Decimal>);

/// A frame of the WebSocket API: the answer to a request, or an event.
#[derive(Debug, Deserialize)]
pub(super) struct Frame {
    #[serde(default)]
    pub(super) status: Option<u16>,
    #[serde(default)]
    pub(super) error: Option<Refused>,
    #[serde(default)]
    pub(super) event: Option<Box<serde_json::value::RawValue>>,
}

/// What every event names.
#[derive(Debug, Deserialize)]
pub(super) struct Kind {
    pub(super) e: String,
}

/// `executionReport`.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub(super) s: String,
    pub(super) c: String,
    #[serde(rename = "C", default)]
    pub(super) original: Option<String>,
    #[serde(rename = "S")]
    pub(super) side: String,
    #[serde(deserialize_with = "number::read")]
    pub(super) q: Option<Decimal>,
    pub(super) x: String,
    #[serde(rename = "X")]
    pub(super) status: String,
    pub(super) i: i64,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) l: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) z: Option<Decimal>,
    #[serde(rename = "Z", default, deserialize_with = "number::read")]
    pub(super) spent: Option<Decimal>,
    #[serde(rename = "L", default, deserialize_with = "number::read")]
    pub(super) price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) n: Option<Decimal>,
    #[serde(rename = "N", default)]
    pub(super) asset: Option<String>,
    #[serde(rename = "T")]
    pub(super) at: i64,
    #[serde(default)]
    pub(super) t: Option<i64>,
    #[serde(default)]
    pub(super) g: Option<i64>,
}

//! What Alpaca sends and takes. The vendor writes numbers as text or as numbers, and leaves fields out or null against
//! its own document: both are read, exactly, never through a float.

use std::collections::BTreeMap;

use ordercast_model::money::decimal_text;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::number::{self, list};

/// `GET /v2/account`.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    pub(super) id: String,
    #[serde(default)]
    pub(super) account_number: Option<String>,
    pub(super) status: String,
    #[serde(default)]
    pub(super) currency: Option<String>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) cash: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) equity: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) buying_power: Option<Decimal>,
    #[serde(default)]
    pub(super) trading_blocked: Option<bool>,
    #[serde(default)]
    pub(super) account_blocked: Option<bool>,
    #[serde(default)]
    pub(super) trade_suspended_by_user: Option<bool>,
}

/// An order, as answered and as streamed.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Order {
    pub(super) id: String,
    #[serde(default)]
    pub(super) client_order_id: Option<String>,
    #[serde(default)]
    pub(super) symbol: Option<String>,
    #[serde(default)]
    pub(super) asset_class: Option<String>,
    #[serde(default)]
    pub(super) side: Option<String>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) qty: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) notional: Option<Decimal>,
    #[serde(rename = "type", default)]
    pub(super) kind: Option<String>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) limit_price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) stop_price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) filled_qty: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) filled_avg_price: Option<Decimal>,
    pub(super) status: String,
    #[serde(default)]
    pub(super) submitted_at: Option<String>,
    #[serde(default)]
    pub(super) updated_at: Option<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) legs: Vec<Order>,
}

/// `GET /v2/positions`.
#[derive(Debug, Deserialize)]
pub(super) struct Position {
    pub(super) symbol: String,
    #[serde(default)]
    pub(super) asset_class: Option<String>,
    #[serde(default)]
    pub(super) side: Option<String>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) qty: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) avg_entry_price: Option<Decimal>,
}

/// `GET /v2/account/activities/FILL`.
#[derive(Debug, Deserialize)]
pub(super) struct Activity {
    pub(super) id: String,
    #[serde(default)]
    pub(super) transaction_time: Option<String>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) qty: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) cum_qty: Option<Decimal>,
    #[serde(default)]
    pub(super) side: Option<String>,
    #[serde(default)]
    pub(super) symbol: Option<String>,
    #[serde(default)]
    pub(super) order_id: Option<String>,
}

/// `GET /v2/clock`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Clock {
    pub(super) is_open: bool,
    #[serde(default)]
    pub(super) next_open: Option<String>,
    #[serde(default)]
    pub(super) next_close: Option<String>,
}

/// `GET /v2/assets/{symbol}`.
#[derive(Debug, Deserialize)]
pub(super) struct Asset {
    pub(super) symbol: String,
    #[serde(default, alias = "asset_class")]
    pub(super) class: Option<String>,
    #[serde(default)]
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) tradable: Option<bool>,
    #[serde(default)]
    pub(super) shortable: Option<bool>,
    #[serde(default)]
    pub(super) easy_to_borrow: Option<bool>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) min_order_size: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) min_trade_increment: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) price_increment: Option<Decimal>,
}

/// `GET /v2/options/contracts/{symbol}`.
#[derive(Debug, Deserialize)]
pub(super) struct Contract {
    pub(super) symbol: String,
    #[serde(default)]
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) tradable: Option<bool>,
    #[serde(default)]
    pub(super) root_symbol: Option<String>,
    #[serde(default)]
    pub(super) underlying_symbol: Option<String>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) size: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) multiplier: Option<Decimal>,
}

/// The body of a refusal.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Refused {
    #[serde(default, deserialize_with = "number::read")]
    pub(super) code: Option<Decimal>,
    #[serde(default)]
    pub(super) message: Option<String>,
}

/// A limit or stop leg of an order of class `oco`.
#[derive(Debug, Default, Serialize)]
pub(super) struct TakeProfit {
    pub(super) limit_price: String,
}
/// The other leg.
#[derive(Debug, Default, Serialize)]
pub(super) struct StopLoss {
    pub(super) stop_price: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit_price: Option<String>,
}

/// `POST /v2/orders`. Numbers are text, as the vendor's document has them.
#[derive(Debug, Default, Serialize)]
pub(super) struct PlaceOrder {
    pub(super) client_order_id: String,
    pub(super) symbol: String,
    #[serde(with = "decimal_text")]
    pub(super) qty: Decimal,
    pub(super) side: &'static str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) time_in_force: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit_price: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stop_price: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trail_price: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trail_percent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extended_hours: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) order_class: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) position_intent: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) take_profit: Option<TakeProfit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stop_loss: Option<StopLoss>,
}

/// A frame of the stream `/stream`.
#[derive(Debug, Deserialize)]
pub(super) struct Frame {
    pub(super) stream: String,
    pub(super) data: Box<RawValue>,
}

/// What `authorization` carries.
#[derive(Debug, Deserialize)]
pub(super) struct Authorization {
    pub(super) status: String,
}

/// What `listening` carries.
#[derive(Debug, Deserialize)]
pub(super) struct Listening {
    #[serde(default, deserialize_with = "list")]
    pub(super) streams: Vec<String>,
}

/// What `trade_updates` carries.
#[derive(Debug, Deserialize)]
pub(super) struct Update {
    pub(super) event: String,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) price: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) qty: Option<Decimal>,
    #[serde(default)]
    pub(super) timestamp: Option<String>,
    pub(super) order: Order,
}

/// The newest of everything of one symbol.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Snapshot {
    #[serde(default)]
    pub(super) latest_quote: Option<Bbo>,
    #[serde(default)]
    pub(super) latest_trade: Option<Trade>,
    #[serde(default)]
    pub(super) daily_bar: Option<Bar>,
    #[serde(default)]
    pub(super) prev_daily_bar: Option<Bar>,
}

/// Best bid and ask; zero means that there is none.
#[derive(Debug, Deserialize)]
pub(super) struct Bbo {
    #[serde(default, deserialize_with = "number::read")]
    pub(super) ap: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) bp: Option<Decimal>,
    pub(super) t: String,
}

/// A trade.
#[derive(Debug, Deserialize)]
pub(super) struct Trade {
    #[serde(default, deserialize_with = "number::read")]
    pub(super) p: Option<Decimal>,
}

/// A bar.
#[derive(Debug, Deserialize)]
pub(super) struct Bar {
    #[serde(default)]
    pub(super) t: Option<String>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) o: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) h: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) l: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) c: Option<Decimal>,
    #[serde(default, deserialize_with = "number::read")]
    pub(super) v: Option<Decimal>,
}

/// Snapshots of coins and options stand under a name, those of shares do not.
#[derive(Debug, Deserialize)]
pub(super) struct Snapshots {
    pub(super) snapshots: BTreeMap<String, Option<Snapshot>>,
}

/// Bars of several symbols.
#[derive(Debug, Deserialize)]
pub(super) struct Bars {
    #[serde(default)]
    pub(super) bars: Option<BTreeMap<String, Vec<Bar>>>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_are_exact_in_every_spelling() {
        let read = |qty: &str| -> Order {
            serde_json::from_str(&format!(r#"{{"id":"1","status":"new","qty":{qty},"legs":null}}"#)).unwrap()
        };
        for (text, want) in [
            (r#""0.1""#, "0.1"),
            ("0.1", "0.1"),
            ("29058.123456789", "29058.123456789"),
            ("1e-5", "0.00001"),
            (r#""100.00""#, "100"),
        ] {
            assert_eq!(read(text).qty.unwrap().to_string(), want, "{text}");
        }
        assert_eq!(read("null").qty, None);
        assert_eq!(read(r#""""#).qty, None);
        assert!(serde_json::from_str::<Order>(r#"{"id":"1","status":"new","qty":"ten"}"#).is_err());
    }
}

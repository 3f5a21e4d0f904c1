//! The paper venue's types as they stand on the wire. Decides nothing.

use std::collections::BTreeMap;

use ordercast_model::{
    money::{Price, Quantity, decimal_text},
    time::Timestamp,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A refusal.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Refused {
    pub(super) code: String,
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    pub(super) field: Option<String>,
    #[serde(default)]
    pub(super) order: Option<Order>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) client_order_id: Option<String>,
    pub(super) symbol: String,
    pub(super) side: String,
    #[serde(rename = "type", default)]
    pub(super) kind: Option<String>,
    pub(super) quantity: Quantity,
    #[serde(default)]
    pub(super) limit_price: Option<Price>,
    #[serde(default)]
    pub(super) stop_price: Option<Price>,
    pub(super) status: String,
    pub(super) filled_quantity: Quantity,
    pub(super) average_price: Option<Price>,
    pub(super) reason: Option<String>,
    pub(super) updated_at: Timestamp,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Fill {
    pub(super) fill_id: String,
    pub(super) cursor: u64,
    pub(super) order_id: Option<String>,
    pub(super) client_order_id: Option<String>,
    pub(super) symbol: String,
    pub(super) side: String,
    pub(super) quantity: Quantity,
    pub(super) price: Price,
    #[serde(with = "decimal_text")]
    pub(super) fee: Decimal,
    pub(super) at: Timestamp,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Account {
    pub(super) account: String,
    pub(super) currency: String,
    #[serde(with = "decimal_text")]
    pub(super) cash: Decimal,
    #[serde(with = "decimal_text")]
    pub(super) equity: Decimal,
    #[serde(with = "decimal_text")]
    pub(super) buying_power: Decimal,
    pub(super) at: Timestamp,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Position {
    pub(super) symbol: String,
    pub(super) side: String,
    pub(super) quantity: Quantity,
    pub(super) average_price: Price,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Positions {
    pub(super) positions: Vec<Position>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Orders {
    pub(super) orders: Vec<Order>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Fills {
    pub(super) fills: Vec<Fill>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Group {
    pub(super) version: u32,
    pub(super) symbol: String,
    pub(super) side: String,
    pub(super) legs: Vec<GroupLeg>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct GroupLeg {
    #[serde(default)]
    pub(super) stop: Option<Order>,
    #[serde(default)]
    pub(super) target: Option<Order>,
}

/// An account that was opened. The key is shown this once.
#[derive(Deserialize)]
pub(super) struct Opened {
    pub(super) account: String,
    pub(super) key: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct PlaceOrder {
    pub(super) client_order_id: String,
    pub(super) symbol: String,
    pub(super) side: &'static str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) time_in_force: &'static str,
    pub(super) quantity: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit_price: Option<Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stop_price: Option<Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trail_percent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trail_amount: Option<String>,
    pub(super) reduce_only: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct PutGroup {
    pub(super) version: u32,
    pub(super) symbol: String,
    pub(super) side: String,
    pub(super) legs: Vec<PutLeg>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct PutLeg {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stop: Option<PutStop>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<PutTarget>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct PutStop {
    pub(super) client_order_id: String,
    pub(super) quantity: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stop_price: Option<Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trail_percent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trail_amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit_price: Option<Price>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct PutTarget {
    pub(super) client_order_id: String,
    pub(super) quantity: Quantity,
    pub(super) limit_price: Price,
}

#[derive(Serialize)]
pub(super) struct OpenAccount<'a> {
    pub(super) name: &'a str,
    pub(super) cash: String,
    pub(super) shorting: bool,
    pub(super) key: &'a str,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Quote {
    pub(super) symbol: String,
    pub(super) bid: Price,
    pub(super) ask: Price,
    pub(super) last: Price,
    #[serde(with = "decimal_text")]
    pub(super) volume: Decimal,
    #[serde(with = "decimal_text")]
    pub(super) change: Decimal,
    pub(super) at: Timestamp,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Quotes {
    pub(super) quotes: Vec<Quote>,
    #[serde(default)]
    pub(super) unknown: Vec<Unknown>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Unknown {
    pub(super) symbol: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Listing {
    pub(super) symbol: String,
    #[serde(with = "decimal_text")]
    pub(super) tick: Decimal,
    #[serde(with = "decimal_text")]
    pub(super) lot: Decimal,
    #[serde(with = "decimal_text")]
    pub(super) minimum_notional: Decimal,
    pub(super) tradable: bool,
    pub(super) shortable: bool,
    pub(super) halted: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Listings {
    pub(super) instruments: Vec<Listing>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Calendar {
    pub(super) classes: BTreeMap<String, ClassHours>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct ClassHours {
    pub(super) open: bool,
    pub(super) next_open: Option<Timestamp>,
    pub(super) next_close: Option<Timestamp>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Bar {
    pub(super) time: Timestamp,
    pub(super) open: Price,
    pub(super) high: Price,
    pub(super) low: Price,
    pub(super) close: Price,
    #[serde(with = "decimal_text")]
    pub(super) volume: Decimal,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Bars {
    pub(super) bars: Vec<Bar>,
}

/// A frame of the stream.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Frame {
    Hello {
        #[serde(default)]
        event: Option<u64>,
    },
    Order(Box<OrderFrame>),
    Quotes {
        quotes: Vec<Quote>,
    },
    Error {
        code: String,
        #[serde(default)]
        message: String,
    },
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct OrderFrame {
    pub(super) event: u64,
    #[serde(default)]
    pub(super) order: Option<Order>,
    #[serde(default)]
    pub(super) fill: Option<Fill>,
}

/// What is left of an order frame that does not read: its number.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Numbered {
    pub(super) event: u64,
}

//! Decides what an order, a fill and an event are at the venue. Refuses to match them.

use ordercast_model::{instrument::Instrument, money::decimal_text, time::Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Buy or sell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Adds to a long, covers a short.
    Buy,
    /// Reduces a long, opens a short.
    Sell,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }
    /// Quantity with the sign it gives a position.
    #[must_use]
    pub fn signed(self, quantity: Decimal) -> Decimal {
        match self {
            Self::Buy => quantity,
            Self::Sell => -quantity,
        }
    }
}

/// How it is priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// At what the book shows.
    Market,
    /// At a price or better.
    Limit,
    /// Market once a level is reached.
    Stop,
    /// Limit once a level is reached.
    StopLimit,
    /// Market once the price turns by a distance.
    TrailingStop,
}

impl Kind {
    /// Whether it waits for a level before it works.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Stop | Self::StopLimit | Self::TrailingStop)
    }
}

/// How long it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeInForce {
    /// Until the session ends.
    Day,
    /// Until cancelled.
    Gtc,
    /// At once what is there, the rest not.
    Ioc,
    /// At once all or nothing.
    Fok,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Works, nothing filled.
    New,
    /// Works, part filled.
    PartiallyFilled,
    /// All filled.
    Filled,
    /// Ended by somebody or by rule.
    Cancelled,
    /// Ended by the venue.
    Rejected,
    /// Ended by time.
    Expired,
}

impl Status {
    /// Whether nothing more will happen.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Filled | Self::Cancelled | Self::Rejected | Self::Expired
        )
    }
}

/// Why an order ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Asked for.
    UserCancelled,
    /// The other leg filled.
    OcoFilled,
    /// The other leg was cancelled.
    OcoCancelled,
    /// A newer version of its protection group.
    GroupReplaced,
    /// Its protection group was cancelled.
    GroupCancelled,
    /// Reduce-only and nothing is held.
    NothingToReduce,
    /// The rest of an immediate order.
    IocRemainder,
    /// Not all of it was there.
    FokUnfilled,
    /// The price ran beyond the cash.
    InsufficientFunds,
    /// Session over.
    SessionEnd,
    /// The contract ended.
    InstrumentExpired,
    /// The venue said no after accepting.
    VenueRejected,
}

/// Distance of a trailing stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trail {
    /// Percent of the best price seen, above 0 and below 100.
    Percent(#[serde(with = "decimal_text")] Decimal),
    /// Money per unit.
    Amount(#[serde(with = "decimal_text")] Decimal),
}

/// What somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRequest {
    /// Theirs; 1 to 64 of `A-Za-z0-9-_.:`.
    pub client_order_id: String,
    /// What.
    pub symbol: Instrument,
    /// Which way.
    pub side: Side,
    /// How priced.
    pub kind: Kind,
    /// How long.
    pub time_in_force: TimeInForce,
    /// How many units; above 0, on the lot.
    pub quantity: Decimal,
    /// For limit and stop_limit.
    pub limit_price: Option<Decimal>,
    /// For stop and stop_limit.
    pub stop_price: Option<Decimal>,
    /// For trailing_stop.
    pub trail: Option<Trail>,
    /// Never opens or turns a position.
    pub reduce_only: bool,
    /// Orders of one name cancel each other.
    pub oco_group: Option<String>,
}

/// What to change of an order; absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Amendment {
    /// New total quantity, above what is filled.
    pub quantity: Option<Decimal>,
    /// New limit.
    pub limit_price: Option<Decimal>,
    /// New stop level.
    pub stop_price: Option<Decimal>,
    /// An additional client order id.
    pub client_order_id: Option<String>,
}

/// An order as the venue keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The venue's number; `vo-<number>` outside.
    pub number: u64,
    /// Whose.
    pub account: String,
    /// Theirs, the newest.
    pub client_order_id: String,
    /// Former ones.
    pub former_ids: Vec<String>,
    /// What.
    pub symbol: Instrument,
    /// Which way.
    pub side: Side,
    /// How priced.
    pub kind: Kind,
    /// How long.
    pub time_in_force: TimeInForce,
    /// Total units.
    #[serde(with = "decimal_text")]
    pub quantity: Decimal,
    /// Limit.
    #[serde(with = "decimal_text::option")]
    pub limit_price: Option<Decimal>,
    /// Level; of a trailing order the one now in force.
    #[serde(with = "decimal_text::option")]
    pub stop_price: Option<Decimal>,
    /// Distance.
    pub trail: Option<Trail>,
    /// Best price seen by a trailing order.
    #[serde(with = "decimal_text::option")]
    pub mark: Option<Decimal>,
    /// Never opens.
    pub reduce_only: bool,
    /// One cancels other.
    pub oco_group: Option<String>,
    /// Protection group.
    pub group: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Whether its level was reached.
    pub triggered: bool,
    /// Whether it has rested in the book: then it trades at its own price.
    pub rested: bool,
    /// Units filled.
    #[serde(with = "decimal_text")]
    pub filled_quantity: Decimal,
    /// Sum of price x quantity over its fills.
    #[serde(with = "decimal_text")]
    pub filled_value: Decimal,
    /// Fees paid.
    #[serde(with = "decimal_text")]
    pub fees: Decimal,
    /// Why it ended.
    pub reason: Option<Reason>,
    /// Times it was replaced or reduced.
    pub revision: u32,
    /// Accepted.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

impl Order {
    /// The id outside.
    #[must_use]
    pub fn id(&self) -> String {
        format!("vo-{}", self.number)
    }
    /// Units not filled.
    #[must_use]
    pub fn remaining(&self) -> Decimal {
        self.quantity
            .checked_sub(self.filled_quantity)
            .unwrap_or_default()
            .max(Decimal::ZERO)
    }
    /// Mean price of its fills, rounded to 28 digits; `None` when none.
    #[must_use]
    pub fn average_price(&self) -> Option<Decimal> {
        if self.filled_quantity.is_zero() {
            None
        } else {
            self.filled_value.checked_div(self.filled_quantity)
        }
    }
    /// Whether it may still fill.
    #[must_use]
    pub const fn live(&self) -> bool {
        !self.status.is_final()
    }
    /// Whether it trades as a market order once it works.
    #[must_use]
    pub const fn at_market(&self) -> bool {
        matches!(self.kind, Kind::Market | Kind::Stop | Kind::TrailingStop)
    }
}

/// The number in `vo-12`.
#[must_use]
pub fn order_number(id: &str) -> Option<u64> {
    id.strip_prefix("vo-")?.parse().ok()
}

/// Why units changed hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillKind {
    /// A trade.
    Trade,
    /// An expired option paid at its intrinsic value.
    Settlement,
}

/// One execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// `vf-<number>` outside; also the cursor. Rises over all accounts.
    pub number: u64,
    /// Whose.
    pub account: String,
    /// Of which order; none for a settlement.
    pub order: Option<u64>,
    /// Its client order id then.
    pub client_order_id: Option<String>,
    /// What.
    pub symbol: Instrument,
    /// Which way.
    pub side: Side,
    /// Units.
    #[serde(with = "decimal_text")]
    pub quantity: Decimal,
    /// Money per unit of the underlying.
    #[serde(with = "decimal_text")]
    pub price: Decimal,
    /// Paid to the venue.
    #[serde(with = "decimal_text")]
    pub fee: Decimal,
    /// Exact signed change of cash, fee included.
    #[serde(with = "decimal_text")]
    pub cash: Decimal,
    /// Why.
    pub kind: FillKind,
    /// Filled of the order with this one.
    #[serde(with = "decimal_text")]
    pub cumulative: Decimal,
    /// When.
    pub at: Timestamp,
}

/// What happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Accepted.
    New,
    /// Part filled.
    PartialFill,
    /// All filled.
    Fill,
    /// Ended by somebody or by rule.
    Cancelled,
    /// Ended by the venue.
    Rejected,
    /// Ended by time.
    Expired,
    /// Changed.
    Replaced,
    /// Level reached.
    Triggered,
}

/// One numbered report to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Counts 1, 2, 3, ... within the account.
    pub number: u64,
    /// Whose.
    pub account: String,
    /// What.
    pub kind: EventKind,
    /// The order as it was then; none for a settlement.
    pub order: Option<Order>,
    /// The fill, for fills.
    pub fill: Option<Fill>,
    /// When.
    pub at: Timestamp,
}

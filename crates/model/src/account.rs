//! The one versioned row per venue account that every order of the account passes through: cash, holdings,
//! reservations, the day's marks. Whoever changes it commits against the version it read, so limits hold across
//! tasks, processes and connections (invariant 7).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    connection::{Connection, Mode},
    ids::{ConnectionId, OrderId, ProviderId, SignalId, UserId},
    instrument::Instrument,
    limits::Flatten,
    money::{Currency, Price, Quantity, decimal_text},
    order::shape::OrderSide,
    outside::OutsideOrder,
    ports::broker::VenueAccount,
    signal::instruction::PositionSide,
    time::{SessionZone, Timestamp},
};

/// What is held of one instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Above zero long, below zero short.
    #[serde(with = "decimal_text")]
    pub quantity: Decimal,
    /// Average entry.
    pub average_price: Price,
    /// Last price seen, for marking.
    pub mark: Price,
    /// Separate signals' lots held.
    pub lots: u32,
}

/// What an order that may still fill takes up of the limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// What.
    pub instrument: Instrument,
    /// Which way.
    pub side: OrderSide,
    /// Whether it opens; closing orders reserve no money.
    pub opens: bool,
    /// What may still fill.
    pub quantity: Quantity,
    /// Price it was judged at.
    pub price: Price,
    /// Signal it came from.
    pub signal_id: Option<SignalId>,
    /// Its lot already holds something, so it is counted among the holding's lots.
    #[serde(default)]
    pub lot_held: bool,
}

/// An opening decision of the last minute, for the same-instrument window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentOpen {
    /// Signal.
    pub signal_id: SignalId,
    /// Provider.
    pub provider_id: ProviderId,
    /// Underlying instrument.
    pub instrument: Instrument,
    /// Long or short.
    pub side: PositionSide,
    /// Priority of the Follow it came by.
    pub priority: u8,
    /// When.
    pub at: Timestamp,
}

/// What the venue shows otherwise than the books, and no execution explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unexplained {
    /// The venue's quantity less ours.
    #[serde(with = "decimal_text")]
    pub by: Decimal,
    /// Since when it is so.
    pub since: Timestamp,
}

/// The daily-loss limit of somebody else that tripped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LossCap {
    /// What could be lost.
    #[serde(with = "decimal_text")]
    pub limit: Decimal,
    /// Whose it was, as `limit of Alpha`.
    pub words: String,
}

/// One account at one venue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// `venue:mode:account id`; its key, unique.
    pub key: String,
    /// Rises with every change.
    pub version: u64,
    /// Whose.
    pub user_id: UserId,
    /// Connection it is reached by.
    pub connection_id: ConnectionId,
    /// Zone of the session day.
    pub zone: SessionZone,
    /// Currency of all amounts.
    pub currency: Currency,
    /// Cash by our books: what every booked fill and transfer leaves.
    #[serde(with = "decimal_text")]
    pub cash: Decimal,
    /// Equity as the venue said it last, corrected by our own fills since.
    #[serde(with = "decimal_text")]
    pub equity: Decimal,
    /// Buying power as the venue said it last, corrected by our own fills since; reservations are not yet taken off.
    #[serde(with = "decimal_text")]
    pub buying_power: Decimal,
    /// When the venue was last asked.
    pub synced_at: Timestamp,
    /// Session day the marks belong to.
    pub day: NaiveDate,
    /// Equity at the start of the session day, moved by transfers.
    #[serde(with = "decimal_text")]
    pub day_start_equity: Decimal,
    /// Highest equity of the session day, moved by transfers.
    #[serde(with = "decimal_text")]
    pub day_high_equity: Decimal,
    /// The daily-loss limit tripped on this session day.
    pub daily_loss_tripped: bool,
    /// The limit it tripped at, where that was not the user's own.
    #[serde(default)]
    pub daily_loss_cap: Option<LossCap>,
    /// What is held.
    pub holdings: BTreeMap<Instrument, Holding>,
    /// What working orders take up.
    pub reservations: BTreeMap<OrderId, Reservation>,
    /// Opening decisions of the last minute.
    pub recent_opens: Vec<RecentOpen>,
    /// Times of orders decided in the last minute.
    pub recent_orders: Vec<Timestamp>,
    /// Orders decided on this session day.
    pub orders_today: u32,
    /// What is held is to be closed because the daily loss tripped (PRODUCT RK-05).
    #[serde(default)]
    pub flatten: Option<Flatten>,
    /// Times the breaker locked on this session day (PRODUCT RK-32).
    #[serde(default)]
    pub breaker_trips: u32,
    /// Orders refused for their rate in the last ten minutes (PRODUCT RK-26).
    #[serde(default)]
    pub rate_hits: Vec<Timestamp>,
    /// Holdings that the venue shows otherwise; taken over once the difference lasted (PRODUCT EX-20).
    #[serde(default)]
    pub unexplained: BTreeMap<Instrument, Unexplained>,
    /// Orders that work at the broker and were placed there past us, by the venue's id (PRODUCT EX-20).
    #[serde(default)]
    pub outside: BTreeMap<String, OutsideOrder>,
}

impl Account {
    /// The first books of a connection's account: what the venue holds, nothing decided yet.
    #[must_use]
    pub fn opened(connection: &Connection, venue: &VenueAccount, at: Timestamp) -> Self {
        Self {
            key: Self::key_of(&connection.broker, connection.mode, &connection.account_id),
            version: 1,
            user_id: connection.user_id,
            connection_id: connection.id,
            zone: connection.zone,
            currency: venue.currency,
            cash: venue.cash,
            equity: venue.equity,
            buying_power: venue.buying_power,
            synced_at: at,
            day: connection.zone.day_of(at),
            day_start_equity: venue.equity,
            day_high_equity: venue.equity,
            daily_loss_tripped: false,
            daily_loss_cap: None,
            holdings: BTreeMap::new(),
            reservations: BTreeMap::new(),
            recent_opens: Vec::new(),
            recent_orders: Vec::new(),
            orders_today: 0,
            flatten: None,
            breaker_trips: 0,
            rate_hits: Vec::new(),
            unexplained: BTreeMap::new(),
            outside: BTreeMap::new(),
        }
    }
    /// The key of an account.
    #[must_use]
    pub fn key_of(broker: &str, mode: Mode, account_id: &str) -> String {
        let mode = match mode {
            Mode::Paper => "paper",
            Mode::Live => "live",
        };
        format!("{broker}:{mode}:{account_id}")
    }
}

/// One point of the equity curve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EquityPoint {
    /// Whose.
    pub user_id: UserId,
    /// Where.
    pub connection_id: ConnectionId,
    /// When, whole seconds.
    pub at: Timestamp,
    /// Equity.
    #[serde(with = "decimal_text")]
    pub equity: Decimal,
    /// Cash.
    #[serde(with = "decimal_text")]
    pub cash: Decimal,
}

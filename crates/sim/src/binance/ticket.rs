//! Decides what an order, a list and a trade are in Binance's words. Refuses to match them.

use std::collections::BTreeMap;

use ordercast_model::{instrument::Instrument, time::Timestamp};
use rust_decimal::Decimal;

use crate::venue::order::{Side, TimeInForce};

/// Type of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "their own words")]
pub enum Kind {
    Limit,
    LimitMaker,
    Market,
    StopLoss,
    StopLossLimit,
}

impl Kind {
    /// All that are taken, by their words.
    pub const ALL: [Self; 5] = [
        Self::Limit,
        Self::LimitMaker,
        Self::Market,
        Self::StopLoss,
        Self::StopLossLimit,
    ];
    /// Their word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Limit => "LIMIT",
            Self::LimitMaker => "LIMIT_MAKER",
            Self::Market => "MARKET",
            Self::StopLoss => "STOP_LOSS",
            Self::StopLossLimit => "STOP_LOSS_LIMIT",
        }
    }
    /// By its word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == word)
    }
    /// Has a limit.
    #[must_use]
    pub const fn limited(self) -> bool {
        matches!(self, Self::Limit | Self::LimitMaker | Self::StopLossLimit)
    }
    /// Waits for a level.
    #[must_use]
    pub const fn stops(self) -> bool {
        matches!(self, Self::StopLoss | Self::StopLossLimit)
    }
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "their own words")]
pub enum State {
    New,
    PartiallyFilled,
    Filled,
    Canceled,
    Expired,
    Rejected,
}

impl State {
    /// Their word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::PartiallyFilled => "PARTIALLY_FILLED",
            Self::Filled => "FILLED",
            Self::Canceled => "CANCELED",
            Self::Expired => "EXPIRED",
            Self::Rejected => "REJECTED",
        }
    }
    /// Whether it may still fill.
    #[must_use]
    pub const fn open(self) -> bool {
        matches!(self, Self::New | Self::PartiallyFilled)
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// `BTC/USD` of the matching.
    pub symbol: Instrument,
    /// Which way.
    pub side: Side,
    /// How.
    pub kind: Kind,
    /// How long.
    pub force: TimeInForce,
    /// How many.
    pub quantity: Decimal,
    /// Limit.
    pub price: Option<Decimal>,
    /// Level.
    pub stop: Option<Decimal>,
    /// Id of its owner's.
    pub client: Option<String>,
    /// A number of its owner's.
    pub strategy: Option<i64>,
}

/// An order.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// Their number.
    pub id: i64,
    /// List it belongs to.
    pub list: Option<i64>,
    /// Account of the matching.
    pub account: String,
    /// Id of its owner's.
    pub client: String,
    /// What was asked for.
    pub wish: Wish,
    /// Where it stands.
    pub state: State,
    /// How it ends when the matching ends it.
    pub ending: State,
    /// Its number in the matching; none while it waits for its level beside the other leg.
    pub working: Option<u64>,
    /// Filled.
    pub executed: Decimal,
    /// Money for it.
    pub spent: Decimal,
    /// Accepted.
    pub created: Timestamp,
    /// Changed.
    pub updated: Timestamp,
}

impl Ticket {
    /// Not filled.
    #[must_use]
    pub fn remaining(&self) -> Decimal {
        self.wish.quantity.checked_sub(self.executed).unwrap_or_default()
    }
}

/// An execution.
#[derive(Debug, Clone)]
pub struct Trade {
    /// Rises.
    pub id: i64,
    /// Of which order.
    pub order: i64,
    /// Whose.
    pub account: String,
    /// What.
    pub symbol: Instrument,
    /// Which way.
    pub side: Side,
    /// At.
    pub price: Decimal,
    /// How many.
    pub quantity: Decimal,
    /// Taken for it.
    pub commission: Decimal,
    /// In what.
    pub asset: String,
    /// When.
    pub at: Timestamp,
}

/// All orders.
#[derive(Debug, Default)]
pub struct Book {
    tickets: BTreeMap<i64, Ticket>,
    by_working: BTreeMap<u64, i64>,
    /// Client ids of lists.
    pub lists: BTreeMap<i64, String>,
    /// Oldest first.
    pub trades: Vec<Trade>,
}

impl Book {
    /// The next number.
    #[must_use]
    pub fn next(&self) -> i64 {
        self.tickets.last_key_value().map_or(1, |(id, _)| id + 1)
    }
    /// Keeps one.
    pub fn add(&mut self, ticket: Ticket) {
        self.tickets.insert(ticket.id, ticket);
    }
    /// By its number.
    #[must_use]
    pub fn get(&self, id: i64) -> Option<&Ticket> {
        self.tickets.get(&id)
    }
    /// To change.
    pub fn get_mut(&mut self, id: i64) -> Option<&mut Ticket> {
        self.tickets.get_mut(&id)
    }
    /// It works in the matching under a number.
    pub fn link(&mut self, id: i64, working: u64) {
        if let Some(ticket) = self.tickets.get_mut(&id) {
            ticket.working = Some(working);
            self.by_working.insert(working, id);
        }
    }
    /// By its number in the matching.
    #[must_use]
    pub fn of_working(&self, working: u64) -> Option<i64> {
        self.by_working.get(&working).copied()
    }
    /// All, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Ticket> {
        self.tickets.values()
    }
    /// Open ones of an account.
    pub fn open_of<'a>(&'a self, account: &'a str) -> impl Iterator<Item = &'a Ticket> {
        self.tickets
            .values()
            .filter(move |t| t.account == account && t.state.open())
    }
    /// The other leg of its list.
    #[must_use]
    pub fn sibling(&self, id: i64) -> Option<&Ticket> {
        let list = self.get(id)?.list?;
        self.tickets.values().find(|t| t.list == Some(list) && t.id != id)
    }
}

//! Decides what an order is in Alpaca's words: states, classes, legs, replacements. Refuses to match it.

use std::collections::{BTreeMap, BTreeSet};

use ordercast_model::{instrument::Instrument, time::Timestamp};
use rust_decimal::Decimal;

use crate::venue::order::{Kind, Side, Trail};

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Received, not yet routed; an order of a closed market stays here until the open.
    Accepted,
    /// Received and routed, not yet confirmed.
    PendingNew,
    /// Confirmed.
    New,
    /// A leg that waits for its entry or for the other leg.
    Held,
    /// Part filled.
    PartiallyFilled,
    /// All filled.
    Filled,
    /// Somebody asked to end it.
    PendingCancel,
    /// Somebody asked to change it.
    PendingReplace,
    /// Not until the next session.
    DoneForDay,
    /// Ended by somebody or by rule.
    Canceled,
    /// Ended by time.
    Expired,
    /// Another order took its place.
    Replaced,
    /// The venue said no after receiving it.
    Rejected,
}

impl State {
    /// Their word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::PendingNew => "pending_new",
            Self::New => "new",
            Self::Held => "held",
            Self::PartiallyFilled => "partially_filled",
            Self::Filled => "filled",
            Self::PendingCancel => "pending_cancel",
            Self::PendingReplace => "pending_replace",
            Self::DoneForDay => "done_for_day",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
            Self::Rejected => "rejected",
        }
    }
    /// Whether nothing more will happen to it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Filled | Self::Canceled | Self::Expired | Self::Replaced | Self::Rejected
        )
    }
}

/// How it goes together with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Alone, and the request did not say so.
    Plain,
    /// Alone.
    Simple,
    /// An entry with a target and a stop.
    Bracket,
    /// A target and a stop that cancel each other.
    Oco,
    /// An entry with one of them.
    Oto,
}

impl Class {
    /// Their word; empty when nothing was said.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Simple => "simple",
            Self::Bracket => "bracket",
            Self::Oco => "oco",
            Self::Oto => "oto",
        }
    }
    /// Whether others belong to it.
    #[must_use]
    pub const fn is_complex(self) -> bool {
        matches!(self, Self::Bracket | Self::Oco | Self::Oto)
    }
}

/// How long it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force {
    /// Until the close.
    Day,
    /// Until cancelled, 90 days at most.
    Gtc,
    /// At once what is there.
    Ioc,
    /// At once all or nothing.
    Fok,
}

impl Force {
    /// Their word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Gtc => "gtc",
            Self::Ioc => "ioc",
            Self::Fok => "fok",
        }
    }
}

/// What one order is asked to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What.
    pub symbol: Instrument,
    /// Which way.
    pub side: Side,
    /// How priced.
    pub kind: Kind,
    /// How long.
    pub force: Force,
    /// Units; for an order of an amount, the units that amount was reckoned to.
    pub quantity: Decimal,
    /// The amount, when it was given instead of units.
    pub notional: Option<Decimal>,
    /// Limit.
    pub limit: Option<Decimal>,
    /// Level.
    pub stop: Option<Decimal>,
    /// Distance.
    pub trail: Option<Trail>,
    /// Also before the open and after the close.
    pub extended: bool,
    /// Opening or closing, as it was said.
    pub intent: Option<String>,
}

/// Moments of an order's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    /// Received.
    pub created: Timestamp,
    /// Last change.
    pub updated: Timestamp,
    /// Last fill of a filled order.
    pub filled: Option<Timestamp>,
    /// Cancelled.
    pub canceled: Option<Timestamp>,
    /// Expired.
    pub expired: Option<Timestamp>,
    /// Rejected.
    pub failed: Option<Timestamp>,
    /// Replaced.
    pub replaced: Option<Timestamp>,
    /// When it will expire.
    pub expires: Timestamp,
}

/// An order as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// UUID.
    pub id: String,
    /// Order of arrival.
    pub number: u64,
    /// Account id of the matching.
    pub account: String,
    /// Theirs, or a UUID when they gave none.
    pub client_order_id: String,
    /// What it is.
    pub terms: Terms,
    /// How it goes with others.
    pub class: Class,
    /// Where it stands.
    pub state: State,
    /// Where it stood before somebody asked for something.
    pub former: State,
    /// Of a leg: whose.
    pub parent: Option<String>,
    /// Of an order with legs: which.
    pub legs: Vec<String>,
    /// Whose place it took.
    pub replaces: Option<String>,
    /// What took its place.
    pub replaced_by: Option<String>,
    /// Number of the order in the matching, once it is there.
    pub working: Option<u64>,
    /// Units the matching's order had filled before this one took its place.
    pub base: Decimal,
    /// Units filled.
    pub filled: Decimal,
    /// Sum of price x units of its fills.
    pub value: Decimal,
    /// Whether its end is by time.
    pub expiring: bool,
    /// Moments.
    pub at: Moments,
}

impl Ticket {
    /// Units not filled.
    #[must_use]
    pub fn remaining(&self) -> Decimal {
        self.terms
            .quantity
            .checked_sub(self.filled)
            .unwrap_or_default()
            .max(Decimal::ZERO)
    }
    /// Mean price of its fills, at most 9 places.
    #[must_use]
    pub fn average(&self) -> Option<Decimal> {
        if self.filled.is_zero() {
            return None;
        }
        let mean = self.value.checked_div(self.filled)?;
        Some(mean.round_dp(9).normalize())
    }
    /// The id all orders that cancel each other share.
    #[must_use]
    pub fn family(&self) -> &str {
        self.parent.as_deref().unwrap_or(&self.id)
    }
}

/// A fill as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// `20261123...::uuid`.
    pub activity: String,
    /// UUID.
    pub id: String,
    /// Whose account.
    pub account: String,
    /// Of which ticket.
    pub ticket: String,
    /// What.
    pub symbol: Instrument,
    /// Which way.
    pub side: Side,
    /// Whether it opened or added to a short.
    pub short: bool,
    /// Units.
    pub quantity: Decimal,
    /// Price.
    pub price: Decimal,
    /// Units of the order filled with this one.
    pub cumulative: Decimal,
    /// Units of the order left.
    pub leaves: Decimal,
    /// Units held with this one, negative when short.
    pub position: Decimal,
    /// When.
    pub at: Timestamp,
}

/// All tickets and fills of the accounts.
#[derive(Debug, Default)]
pub struct Book {
    tickets: BTreeMap<String, Ticket>,
    order: Vec<String>,
    /// Numbers of those that are not final.
    open: BTreeSet<u64>,
    by_client: BTreeMap<(String, String), String>,
    by_working: BTreeMap<u64, String>,
    /// All fills, oldest first.
    pub executions: Vec<Execution>,
}

impl Book {
    /// The number of the next ticket.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.order.len() as u64 + 1
    }
    /// Takes a new ticket in.
    pub fn add(&mut self, ticket: Ticket) {
        self.by_client.insert(
            (ticket.account.clone(), ticket.client_order_id.clone()),
            ticket.id.clone(),
        );
        if let Some(number) = ticket.working {
            self.by_working.insert(number, ticket.id.clone());
        }
        self.order.push(ticket.id.clone());
        self.open.insert(ticket.number);
        self.tickets.insert(ticket.id.clone(), ticket);
    }
    /// From now on the matching's order is this ticket's.
    pub fn link(&mut self, number: u64, id: &str) {
        self.by_working.insert(number, id.to_owned());
        if let Some(ticket) = self.tickets.get_mut(id) {
            ticket.working = Some(number);
        }
    }
    /// By id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Ticket> {
        self.tickets.get(id)
    }
    /// By id, to change.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut Ticket> {
        self.tickets.get_mut(id)
    }
    /// By the number in the matching.
    #[must_use]
    pub fn of_working(&self, number: u64) -> Option<&Ticket> {
        self.tickets.get(self.by_working.get(&number)?)
    }
    /// The id that carries a client order id.
    #[must_use]
    pub fn of_client(&self, account: &str, client: &str) -> Option<&Ticket> {
        let id = self.by_client.get(&(account.to_owned(), client.to_owned()))?;
        self.tickets.get(id)
    }
    /// All tickets, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Ticket> {
        self.order.iter().filter_map(|id| self.tickets.get(id))
    }
    /// Open tickets of an account, oldest first.
    pub fn open_of<'a>(&'a self, account: &'a str) -> impl Iterator<Item = &'a Ticket> {
        self.open().filter(move |t| t.account == account)
    }
    /// Open tickets of all accounts, oldest first.
    pub fn open(&self) -> impl Iterator<Item = &Ticket> {
        let at = |number: &u64| {
            let id = self.order.get(usize::try_from(number.checked_sub(1)?).ok()?)?;
            self.tickets.get(id)
        };
        self.open.iter().filter_map(at)
    }
    /// Moves a ticket to a state at a moment.
    pub fn turn(&mut self, id: &str, state: State, now: Timestamp) {
        let Some(ticket) = self.tickets.get_mut(id) else {
            return;
        };
        ticket.state = state;
        ticket.at.updated = now;
        match state {
            State::Filled => ticket.at.filled = Some(now),
            State::Canceled => ticket.at.canceled = Some(now),
            State::Expired => ticket.at.expired = Some(now),
            State::Rejected => ticket.at.failed = Some(now),
            State::Replaced => ticket.at.replaced = Some(now),
            _ => {}
        }
        if state.is_final() {
            self.open.remove(&ticket.number);
        }
    }
}

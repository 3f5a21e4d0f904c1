//! Decides what the venue remembers and how a change alters it: replaying the changes gives the same memory.
//! Refuses to know why a change was made.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ordercast_model::{instrument::Instrument, money::MoneyError, time::Timestamp};
use serde::{Deserialize, Serialize};

use crate::venue::{
    account::Account,
    order::{Event, Fill, Order, Side},
};

/// Events kept per account; older ones are answered with `gone`.
pub const EVENT_COUNT_MAX: usize = 10_000;

/// A protection group as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Whose.
    pub account: String,
    /// Theirs.
    pub id: String,
    /// In force.
    pub version: u64,
    /// What is protected.
    pub symbol: Instrument,
    /// Side of its orders.
    pub side: Side,
    /// Numbers of stop and target of each leg.
    pub legs: Vec<(Option<u64>, Option<u64>)>,
    /// Last change.
    pub at: Timestamp,
}

/// One step of the venue's memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// An account was opened.
    Account(Account),
    /// An order changed without a report: a trailing mark, a first rest in the book.
    Order(Order),
    /// Something was reported: the order as it is now, the fill to book.
    Event(Box<Event>),
    /// A group was put or cancelled.
    Group(Group),
    /// Trading in an instrument was stopped or resumed.
    Halt {
        /// Which.
        symbol: Instrument,
        /// Stopped.
        halted: bool,
    },
}

/// Everything but the prices.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// By id.
    pub accounts: BTreeMap<String, Account>,
    /// By number.
    pub orders: BTreeMap<u64, Order>,
    /// Numbers of orders that may still fill, oldest first.
    pub live: BTreeSet<u64>,
    /// Order numbers by account and client order id, oldest first.
    pub by_client: BTreeMap<(String, String), Vec<u64>>,
    /// All fills; number n stands at n - 1.
    pub fills: Vec<Fill>,
    /// Fill numbers by account.
    pub fills_of: BTreeMap<String, Vec<u64>>,
    /// Latest events by account.
    pub events: BTreeMap<String, VecDeque<Event>>,
    /// By account and id.
    pub groups: BTreeMap<(String, String), Group>,
    /// Not trading.
    pub halted: BTreeSet<Instrument>,
}

/// The whole memory in one piece.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Snapshot {
    accounts: Vec<Account>,
    orders: Vec<Order>,
    fills: Vec<Fill>,
    events: Vec<Event>,
    groups: Vec<Group>,
    halted: Vec<Instrument>,
}

impl State {
    /// Takes a change in.
    ///
    /// # Errors
    /// `MoneyError` when a fill cannot be booked exactly; nothing is changed then.
    pub fn apply(&mut self, change: &Change) -> Result<(), MoneyError> {
        match change {
            Change::Account(account) => {
                self.accounts.insert(account.id.clone(), account.clone());
            }
            Change::Order(order) => self.put_order(order),
            Change::Event(event) => {
                if let Some(account) = self.accounts.get_mut(&event.account) {
                    if let Some(fill) = &event.fill {
                        account.book(fill)?;
                    }
                    account.event = event.number;
                }
                if let Some(fill) = &event.fill {
                    self.put_fill(fill);
                }
                if let Some(order) = &event.order {
                    self.put_order(order);
                }
                self.put_event(event);
            }
            Change::Group(group) => {
                self.groups
                    .insert((group.account.clone(), group.id.clone()), group.clone());
            }
            Change::Halt { symbol, halted } => {
                if *halted {
                    self.halted.insert(symbol.clone());
                } else {
                    self.halted.remove(symbol);
                }
            }
        }
        Ok(())
    }

    fn put_order(&mut self, order: &Order) {
        for id in order.former_ids.iter().chain([&order.client_order_id]) {
            let numbers = self
                .by_client
                .entry((order.account.clone(), id.clone()))
                .or_default();
            if !numbers.contains(&order.number) {
                numbers.push(order.number);
            }
        }
        if order.live() {
            self.live.insert(order.number);
        } else {
            self.live.remove(&order.number);
        }
        self.orders.insert(order.number, order.clone());
    }
    fn put_fill(&mut self, fill: &Fill) {
        self.fills_of
            .entry(fill.account.clone())
            .or_default()
            .push(fill.number);
        self.fills.push(fill.clone());
    }
    fn put_event(&mut self, event: &Event) {
        let kept = self.events.entry(event.account.clone()).or_default();
        if kept.len() >= EVENT_COUNT_MAX {
            kept.pop_front();
        }
        kept.push_back(event.clone());
    }

    /// Number of the next order.
    #[must_use]
    pub fn next_order(&self) -> u64 {
        self.orders.last_key_value().map_or(1, |(n, _)| n + 1)
    }
    /// Number of the next fill.
    #[must_use]
    pub fn next_fill(&self) -> u64 {
        self.fills.len() as u64 + 1
    }
    /// Orders of an account that may still fill, oldest first.
    pub fn live_of<'a>(&'a self, account: &'a str) -> impl Iterator<Item = &'a Order> {
        self.live
            .iter()
            .filter_map(|n| self.orders.get(n))
            .filter(move |o| o.account == account)
    }
    /// Fills of an account after a cursor, oldest first.
    #[must_use]
    pub fn fills_after(&self, account: &str, cursor: u64, limit: usize) -> Vec<Fill> {
        let Some(numbers) = self.fills_of.get(account) else {
            return Vec::new();
        };
        let from = numbers.partition_point(|n| *n <= cursor);
        let at = |n: &u64| {
            usize::try_from(n - 1)
                .ok()
                .and_then(|i| self.fills.get(i))
                .cloned()
        };
        numbers.iter().skip(from).take(limit).filter_map(at).collect()
    }
    /// Events of an account after a number, oldest first; `None` when some of them are no longer kept.
    #[must_use]
    pub fn events_after(&self, account: &str, number: u64, limit: usize) -> Option<Vec<Event>> {
        let Some(kept) = self.events.get(account) else {
            return Some(Vec::new());
        };
        if kept.front().is_some_and(|first| first.number > number + 1) {
            return None;
        }
        let from = kept.partition_point(|e| e.number <= number);
        Some(kept.iter().skip(from).take(limit).cloned().collect())
    }

    /// All of it.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            accounts: self.accounts.values().cloned().collect(),
            orders: self.orders.values().cloned().collect(),
            fills: self.fills.clone(),
            events: self.events.values().flatten().cloned().collect(),
            groups: self.groups.values().cloned().collect(),
            halted: self.halted.iter().cloned().collect(),
        }
    }
}

impl From<Snapshot> for State {
    fn from(snapshot: Snapshot) -> Self {
        let mut state = Self {
            accounts: snapshot.accounts.into_iter().map(|a| (a.id.clone(), a)).collect(),
            groups: snapshot
                .groups
                .into_iter()
                .map(|g| ((g.account.clone(), g.id.clone()), g))
                .collect(),
            halted: snapshot.halted.into_iter().collect(),
            ..Self::default()
        };
        snapshot.orders.iter().for_each(|o| state.put_order(o));
        snapshot.fills.iter().for_each(|f| state.put_fill(f));
        snapshot.events.iter().for_each(|e| state.put_event(e));
        state
    }
}

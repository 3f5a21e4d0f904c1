//! Decides what stands behind the hosts: the matching, its customers and their orders, and how one is given to the
//! matching or asked to end. Refuses to know HTTP; what the matching did is taken in by `follow`.

use std::{collections::BTreeMap, sync::Arc};

use ordercast_model::{instrument::Instrument, time::Timestamp};
use rust_decimal::Decimal;
use serde_json::json;
use tokio::sync::broadcast;

use crate::{
    alpaca::{
        config::{AlpacaAccount, AlpacaConfig, Environment},
        id,
        problem::Problem,
        ticket::{Book, Force, State, Terms, Ticket},
    },
    venue::{
        desk::{Desk, DeskError, FEED_COUNT_MAX},
        order::{Amendment, OrderRequest, TimeInForce},
        refusal::Code,
    },
};

/// What the streams are told.
#[derive(Debug, Clone)]
pub enum Told {
    /// A message for an account, so many times.
    Update(Arc<str>, Arc<str>, u8),
    /// Hang up, all or one account.
    HangUp(Option<String>),
}

/// What was asked for and takes effect a little later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Later {
    /// An order is confirmed.
    Confirm(String),
    /// An order ends.
    Cancel(String),
    /// An order takes another one's place.
    Replace(String),
}

/// A customer: the account of the matching and what belongs to it here.
#[derive(Debug, Clone)]
pub struct Customer {
    /// How it was described.
    pub described: AlpacaAccount,
    /// Its id in the matching.
    pub account: String,
    /// Its UUID outside.
    pub id: String,
    /// When it was opened.
    pub created: Timestamp,
}

/// The matching with everything Alpaca adds to it.
#[derive(Debug)]
pub struct Floor {
    /// The matching.
    pub desk: Desk,
    /// The orders as their owners see them.
    pub book: Book,
    /// By the matching's account id.
    pub customers: BTreeMap<String, Customer>,
    /// Events of the matching taken in, by account.
    pub(super) taken: BTreeMap<String, u64>,
    /// What takes effect when.
    pub(super) later: Vec<(Timestamp, Later)>,
    /// The next orders are rejected after they were received.
    pub reject_next: u32,
    /// The next messages are told twice.
    pub twice: u32,
    /// The next messages are not told.
    pub never: u32,
    pub(super) feed: broadcast::Sender<Told>,
    pub(super) settle_micros: i64,
    pub(super) seed: u64,
}

impl Floor {
    /// Opens the market and the accounts.
    ///
    /// # Errors
    /// `DeskError`.
    pub fn open(config: &AlpacaConfig, now: Timestamp) -> Result<Self, DeskError> {
        let mut floor = Self {
            desk: Desk::open(&config.venue(), now)?,
            book: Book::default(),
            customers: BTreeMap::new(),
            taken: BTreeMap::new(),
            later: Vec::new(),
            reject_next: 0,
            twice: 0,
            never: 0,
            feed: broadcast::Sender::new(FEED_COUNT_MAX),
            settle_micros: i64::from(config.settle_millis) * 1_000,
            seed: config.seed,
        };
        for account in &config.accounts {
            floor
                .open_account(account, now)
                .map_err(|p| DeskError::Account(account.name.clone(), p.message))?;
        }
        Ok(floor)
    }

    /// Opens an account.
    ///
    /// # Errors
    /// 422 when its name or key is taken.
    pub fn open_account(&mut self, described: &AlpacaAccount, now: Timestamp) -> Result<Customer, Problem> {
        if self
            .customers
            .values()
            .any(|c| c.described.key_id == described.key_id)
        {
            return Err(Problem::unprocessable(
                "key_id: expected one no other account has",
            ));
        }
        let name = format!("{} {}", described.environment.word(), described.name);
        let key = id::token(&format!("{}/{}", described.key_id, described.secret));
        let opened = self
            .desk
            .open_account(now, &name, described.cash, described.shorting, Some(&key))?;
        let account = opened.0.id;
        let customer = Customer {
            described: described.clone(),
            id: id::uuid(&format!("{}/account/{account}", self.seed)),
            account: account.clone(),
            created: now,
        };
        self.customers.insert(account, customer.clone());
        Ok(customer)
    }

    /// The customer a pair of keys belongs to at a host.
    #[must_use]
    pub fn customer(
        &self,
        key_id: &str,
        secret: &str,
        environment: Option<Environment>,
    ) -> Option<&Customer> {
        self.customers.values().find(|c| {
            c.described.key_id == key_id
                && c.described.secret == secret
                && environment.is_none_or(|e| e == c.described.environment)
        })
    }

    /// What the streams listen to.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Told> {
        self.feed.subscribe()
    }

    /// Closes the streams of all accounts or one.
    pub fn hang_up(&self, account: Option<String>) {
        // Nobody listening is no error.
        let _ = self.feed.send(Told::HangUp(account));
    }

    /// Finds what a name means: `AAPL`, `BTC/USD`, `BTCUSD`, an OCC name, or the id of an asset.
    ///
    /// # Errors
    /// 422.
    pub fn resolve(&self, name: &str) -> Result<Instrument, Problem> {
        let market = self.desk.engine().market();
        if let Ok(found) = market.resolve(name) {
            // A coin alone is no asset: `BTC/USD` and `BTCUSD` are, `BTC` is not.
            let alone = matches!(&found, Instrument::Crypto { base, .. } if base.eq_ignore_ascii_case(name));
            return if alone {
                Err(Problem::asset(name))
            } else {
                Ok(found)
            };
        }
        market
            .catalogue()
            .iter()
            .map(|l| &l.instrument)
            .find(|i| id::asset(&i.to_string()) == name)
            .cloned()
            .ok_or_else(|| Problem::asset(name))
    }

    /// Asks for the end of an order.
    ///
    /// # Errors
    /// 404, 422.
    pub fn cancel(&mut self, account: &str, order: &str, now: Timestamp) -> Result<(), Problem> {
        let ticket = self.own(account, order)?;
        let (id, state) = (ticket.id.clone(), ticket.state);
        if state == State::PendingCancel {
            return Ok(());
        }
        if state.is_final() {
            return Err(Problem::unprocessable(format!(
                "order is already in \"{}\" state",
                state.word()
            )));
        }
        self.pend(&id, State::PendingCancel, now);
        self.soon(Later::Cancel(id), now);
        Ok(())
    }

    /// Tells that an open order is done until the next session.
    ///
    /// # Errors
    /// 404, 422.
    pub fn rest(&mut self, order: &str, now: Timestamp) -> Result<(), Problem> {
        let unknown = || Problem::not_found("order: no such order");
        let state = self.book.get(order).ok_or_else(unknown)?.state;
        if !matches!(state, State::New | State::PartiallyFilled) {
            return Err(Problem::unprocessable(
                "order: expected one that is new or partially filled",
            ));
        }
        self.pend(order, State::DoneForDay, now);
        Ok(())
    }

    /// An order of an account.
    ///
    /// # Errors
    /// 404.
    pub fn own(&self, account: &str, order: &str) -> Result<&Ticket, Problem> {
        self.book
            .get(order)
            .filter(|t| t.account == account)
            .ok_or_else(|| Problem::not_found(format!("order not found for {}", clip(order))))
    }

    /// Gives an order to the matching; its number there.
    pub(super) fn work(
        &mut self,
        account: &str,
        id: &str,
        terms: &Terms,
        family: Option<&str>,
        now: Timestamp,
    ) -> Result<u64, Problem> {
        let request = OrderRequest {
            client_order_id: id.to_owned(),
            symbol: terms.symbol.clone(),
            side: terms.side,
            kind: terms.kind,
            // A day order may wait for the open: its end is watched here.
            time_in_force: match terms.force {
                Force::Day | Force::Gtc => TimeInForce::Gtc,
                Force::Ioc => TimeInForce::Ioc,
                Force::Fok => TimeInForce::Fok,
            },
            quantity: terms.quantity,
            limit_price: terms.limit,
            stop_price: terms.stop,
            trail: terms.trail,
            reduce_only: false,
            oco_group: family.map(str::to_owned),
        };
        let made = self.desk.act(now, |e| e.accept(account, request));
        match made {
            Ok(order) => Ok(order.number),
            Err(refusal) if refusal.code == Code::InsufficientFunds => {
                let funds = self.desk.act(now, |e| e.funds(account));
                let left = funds.map_or(Decimal::ZERO, |f| f.buying_power);
                Err(Problem::forbidden("insufficient buying power").with("buying_power", plain(left)))
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub(super) fn soon(&mut self, what: Later, now: Timestamp) {
        let due = Timestamp::from_micros(now.micros().saturating_add(self.settle_micros));
        self.later.push((due, what));
    }

    pub(super) fn pend(&mut self, id: &str, state: State, now: Timestamp) {
        if let Some(ticket) = self.book.get_mut(id) {
            ticket.former = ticket.state;
        }
        self.book.turn(id, state, now);
        self.tell(id, state.word(), now, json!({}));
    }

    pub(super) fn order_id(&self, number: u64) -> String {
        id::uuid(&format!("{}/order/{number}", self.seed))
    }
}

/// What the matching is told of a replacement.
pub(super) fn amendment(ticket: &Ticket, filled: Decimal) -> Amendment {
    Amendment {
        quantity: filled.checked_add(ticket.terms.quantity),
        limit_price: ticket.terms.limit,
        stop_price: ticket.terms.stop,
        client_order_id: None,
    }
}

/// A decimal without trailing zeros.
#[must_use]
pub fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}

fn clip(text: &str) -> String {
    text.chars().take(64).collect()
}

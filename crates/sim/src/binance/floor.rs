//! Decides what stands behind the hosts: the matching, the accounts and their orders, lists of which one cancels the other,
//! commissions taken in the coin. Refuses to know HTTP.

use std::{collections::BTreeMap, sync::Arc};

use ordercast_model::{instrument::Instrument, money, time::Timestamp};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use crate::{
    binance::{
        config::{BinanceAccount, BinanceConfig},
        no::No,
        rule::{self, QUOTE},
        show,
        ticket::{Book, Kind, State, Ticket, Trade, Wish},
    },
    venue::{
        desk::{Desk, DeskError, FEED_COUNT_MAX, hash_of},
        order::{Kind as Working, OrderRequest, Side},
    },
};

/// What the streams are told.
#[derive(Debug, Clone)]
pub enum Told {
    /// An event for an account, so many times.
    Event(Arc<str>, Arc<str>, u8),
    /// Hang up.
    HangUp,
}

/// A customer: the account of the matching and what belongs to it here.
#[derive(Debug, Clone)]
pub struct Customer {
    /// How it was described.
    pub described: BinanceAccount,
    /// Its id in the matching.
    pub account: String,
    /// Its number outside.
    pub uid: u64,
    /// Commissions taken, by asset.
    pub(super) taken: BTreeMap<String, Decimal>,
}

/// The matching with everything Binance adds to it.
#[derive(Debug)]
pub struct Floor {
    /// The matching.
    pub desk: Desk,
    /// The orders as their owners see them.
    pub book: Book,
    /// By the matching's account id.
    pub customers: BTreeMap<String, Customer>,
    pub(super) heard: BTreeMap<String, u64>,
    pub(super) feed: broadcast::Sender<Told>,
    pub(super) commission: Decimal,
    /// The next events are told twice.
    pub twice: u32,
    /// The next events are not told.
    pub never: u32,
}

fn less(from: Decimal, part: Decimal) -> Decimal {
    from.checked_sub(part).unwrap_or_default()
}
pub(super) fn plus(a: Decimal, b: Decimal) -> Decimal {
    a.checked_add(b).unwrap_or(a)
}

impl Floor {
    /// Opens the market and the accounts.
    ///
    /// # Errors
    /// `DeskError`.
    pub fn open(config: &BinanceConfig, now: Timestamp) -> Result<Self, DeskError> {
        let hundredth = Decimal::new(1, 2);
        let mut floor = Self {
            desk: Desk::open(&config.venue(), now)?,
            book: Book::default(),
            customers: BTreeMap::new(),
            heard: BTreeMap::new(),
            feed: broadcast::Sender::new(FEED_COUNT_MAX),
            commission: config
                .commission_percent
                .checked_mul(hundredth)
                .unwrap_or_default(),
            twice: 0,
            never: 0,
        };
        for (number, described) in (100_001..).zip(&config.accounts) {
            let name = format!("{:?} {}", described.network, described.name);
            let key = hash_of(&described.api_key);
            let opened = floor
                .desk
                .open_account(now, &name, described.cash, false, Some(&key))
                .map_err(|e| DeskError::Account(described.name.clone(), e.to_string()))?;
            let customer = Customer {
                described: described.clone(),
                account: opened.0.id.clone(),
                uid: number,
                taken: BTreeMap::new(),
            };
            floor.customers.insert(opened.0.id, customer);
        }
        Ok(floor)
    }

    /// What the streams listen to.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Told> {
        self.feed.subscribe()
    }

    /// Closes the streams.
    pub fn hang_up(&self) {
        // Nobody listening is no error.
        let _ = self.feed.send(Told::HangUp);
    }

    /// The last price of an instrument.
    ///
    /// # Errors
    /// -1121.
    pub fn quote(&self, symbol: &Instrument) -> Result<crate::market::quote::Quote, No> {
        self.desk
            .engine()
            .market()
            .quote(symbol)
            .map_err(|_| No::symbol())
    }

    /// What an account holds of an asset: all of it, and what open orders hold.
    #[must_use]
    pub fn balance(&self, account: &str, asset: &str) -> (Decimal, Decimal) {
        let Some(customer) = self.customers.get(account) else {
            return Default::default();
        };
        let kept = self.desk.engine().state().accounts.get(account);
        let taken = customer.taken.get(asset).copied().unwrap_or_default();
        let mut locked = Decimal::ZERO;
        let mut seen = Vec::new();
        for ticket in self.book.open_of(account) {
            let buys = ticket.wish.side == Side::Buy;
            let of = if buys {
                QUOTE
            } else {
                ticket.wish.symbol.underlying()
            };
            // A list holds what one of its orders needs.
            if of != asset || ticket.list.is_some_and(|list| seen.contains(&list)) {
                continue;
            }
            seen.extend(ticket.list);
            let price = ticket.wish.price.or(ticket.wish.stop).unwrap_or_default();
            let part = match buys {
                true => ticket.remaining().checked_mul(price).unwrap_or_default(),
                false => ticket.remaining(),
            };
            locked = plus(locked, part);
        }
        let held = match kept {
            Some(kept) if asset == QUOTE => kept.cash,
            Some(kept) => {
                let of = |i: &&Instrument| i.underlying() == asset;
                let symbol = kept.positions.keys().find(of);
                symbol.map_or(Decimal::ZERO, |symbol| kept.held(symbol))
            }
            None => Decimal::ZERO,
        };
        (less(held, taken), locked)
    }

    /// What is free of it.
    fn free(&self, account: &str, asset: &str) -> Decimal {
        let (held, locked) = self.balance(account, asset);
        less(held, locked)
    }

    /// Everything of an order that can be said no to, before anything is changed.
    fn check(&self, account: &str, wish: &Wish, paired: bool) -> Result<Decimal, No> {
        let quote = self.quote(&wish.symbol)?;
        let engine = self.desk.engine();
        if !engine.trading(&wish.symbol) {
            return Err(No::bad(-1013, "Market is closed."));
        }
        rule::check(engine.market(), wish, quote.last)?;
        if !rule::waits(wish, quote.last) {
            let relation = "The relationship of the prices for the orders is not correct.";
            let text = if paired {
                relation
            } else {
                "Stop price would trigger immediately."
            };
            return Err(No::order(text));
        }
        let crosses = match wish.side {
            Side::Buy => wish.price.is_some_and(|p| p >= quote.ask),
            Side::Sell => wish.price.is_some_and(|p| p <= quote.bid),
        };
        if wish.kind == Kind::LimitMaker && crosses {
            return Err(No::order("Order would immediately match and take."));
        }
        if let Some(client) = &wish.client
            && self.book.open_of(account).any(|t| t.client == *client)
        {
            return Err(No::order("Duplicate order sent."));
        }
        let price = wish.price.or(wish.stop).unwrap_or(quote.ask);
        let (asset, needed) = match wish.side {
            Side::Buy => (QUOTE, money::mul(price, wish.quantity).unwrap_or(Decimal::MAX)),
            Side::Sell => (wish.symbol.underlying(), wish.quantity),
        };
        if needed > self.free(account, asset) {
            return Err(No::balance());
        }
        Ok(quote.last)
    }

    fn ticket(&self, account: &str, wish: Wish, list: Option<i64>, now: Timestamp) -> Ticket {
        let id = self.book.next();
        Ticket {
            id,
            list,
            account: account.to_owned(),
            client: wish.client.clone().unwrap_or_else(|| format!("auto{id}")),
            wish,
            state: State::New,
            ending: State::Canceled,
            working: None,
            executed: Decimal::ZERO,
            spent: Decimal::ZERO,
            created: now,
            updated: now,
        }
    }

    /// Receives an order and lets it trade.
    ///
    /// # Errors
    /// -1013, -2010; nothing was changed then.
    pub fn place(&mut self, account: &str, wish: Wish, now: Timestamp) -> Result<i64, No> {
        self.tick(now);
        self.check(account, &wish, false)?;
        let ticket = self.ticket(account, wish, None, now);
        let id = ticket.id;
        self.book.add(ticket);
        self.tell(id, "NEW", None, now);
        self.work(id, now)?;
        Ok(id)
    }

    /// Receives a pair of which one cancels the other: the limit works, the stop waits for its level beside it.
    ///
    /// # Errors
    /// -1013, -2010; nothing was changed then.
    pub fn place_list(
        &mut self,
        account: &str,
        client: Option<String>,
        (limit, stop): (Wish, Wish),
        now: Timestamp,
    ) -> Result<i64, No> {
        self.tick(now);
        self.check(account, &limit, true)?;
        self.check(account, &stop, true)?;
        let list = self.book.next();
        self.book
            .lists
            .insert(list, client.unwrap_or_else(|| format!("list{list}")));
        let mut made = Vec::new();
        for wish in [stop, limit] {
            let ticket = self.ticket(account, wish, Some(list), now);
            made.push(ticket.id);
            self.book.add(ticket);
        }
        for id in &made {
            self.tell(*id, "NEW", None, now);
        }
        if let Some(limit) = made.last() {
            self.work(*limit, now)?;
        }
        Ok(list)
    }

    /// Gives an order to the matching.
    pub(super) fn work(&mut self, id: i64, now: Timestamp) -> Result<(), No> {
        let Some(ticket) = self.book.get(id).cloned() else {
            return Ok(());
        };
        let triggered = ticket.list.is_some() && ticket.wish.kind.stops();
        let wish = &ticket.wish;
        let kind = match wish.kind {
            Kind::Limit | Kind::LimitMaker => Working::Limit,
            Kind::Market => Working::Market,
            Kind::StopLoss if triggered => Working::Market,
            Kind::StopLossLimit if triggered => Working::Limit,
            Kind::StopLoss => Working::Stop,
            Kind::StopLossLimit => Working::StopLimit,
        };
        let request = OrderRequest {
            client_order_id: format!("b{id}"),
            symbol: wish.symbol.clone(),
            side: wish.side,
            kind,
            time_in_force: wish.force,
            quantity: wish.quantity,
            limit_price: wish.price,
            stop_price: wish.stop.filter(|_| !triggered),
            trail: None,
            reduce_only: false,
            oco_group: None,
        };
        let made = self.desk.act(now, |e| e.submit(&ticket.account, request));
        match made {
            Ok(order) => {
                self.book.link(id, order.number);
                self.absorb(now);
                Ok(())
            }
            Err(refusal) => {
                if let Some(ticket) = self.book.get_mut(id) {
                    ticket.state = State::Rejected;
                }
                Err(refusal.into())
            }
        }
    }

    /// Ends an order, and the other one of its list.
    ///
    /// # Errors
    /// -2011.
    pub fn cancel(&mut self, account: &str, id: i64, now: Timestamp) -> Result<(), No> {
        self.tick(now);
        let own = self
            .book
            .get(id)
            .filter(|t| t.account == account && t.state.open());
        if own.is_none() {
            return Err(No::bad(-2011, "Unknown order sent."));
        }
        let other = self.book.sibling(id).filter(|t| t.state.open()).map(|t| t.id);
        for id in std::iter::once(id).chain(other) {
            self.end(id, State::Canceled, now);
        }
        Ok(())
    }

    pub(super) fn end(&mut self, id: i64, how: State, now: Timestamp) {
        let Some(ticket) = self.book.get_mut(id).filter(|t| t.state.open()) else {
            return;
        };
        ticket.ending = how;
        let (account, working) = (ticket.account.clone(), ticket.working);
        match working {
            Some(number) => {
                // A fill that came first is what is told.
                let _ = self.desk.act(now, |e| e.cancel(&account, number));
                self.absorb(now);
            }
            None => self.closed(id, now),
        }
    }

    pub(super) fn closed(&mut self, id: i64, now: Timestamp) {
        let Some(ticket) = self.book.get_mut(id).filter(|t| t.state.open()) else {
            return;
        };
        ticket.state = ticket.ending;
        ticket.updated = now;
        let word = ticket.state.word();
        self.tell(id, word, None, now);
    }

    /// The balances of an account that are not nothing.
    #[must_use]
    pub fn balances(&self, account: &str) -> Vec<Value> {
        let market = self.desk.engine().market();
        let coins = rule::listed(market).map(|i| i.underlying().to_owned());
        let all = std::iter::once(QUOTE.to_owned()).chain(coins);
        let shown = |asset: String| {
            let (held, locked) = self.balance(account, &asset);
            (!held.is_zero()).then(|| {
                json!({"asset": asset, "free": show::plain(less(held, locked)), "locked": show::plain(locked)})
            })
        };
        all.filter_map(shown).collect()
    }

    /// The orders of a list.
    #[must_use]
    pub fn legs(&self, list: i64) -> Vec<&Ticket> {
        self.book.iter().filter(|t| t.list == Some(list)).collect()
    }

    /// The trades of an order.
    #[must_use]
    pub fn trades(&self, order: i64) -> Vec<&Trade> {
        self.book.trades.iter().filter(|t| t.order == order).collect()
    }
}

//! Decides what becomes of a request: which orders it makes in the matching, which it ends, and in which state each is
//! seen meanwhile. Refuses to know HTTP; what the matching did is taken in by `follow`.

use std::{collections::BTreeMap, sync::Arc};

use ordercast_model::{
    instrument::{AssetClass, Instrument},
    money,
    time::Timestamp,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use crate::{
    alpaca::{
        config::{AlpacaAccount, AlpacaConfig, Environment},
        id,
        problem::Problem,
        ticket::{Book, Class, Force, Moments, State, Terms, Ticket},
        wish::{self, PatchBody, Wish},
    },
    venue::{
        desk::{Desk, DeskError, FEED_COUNT_MAX},
        order::{Amendment, Kind, OrderRequest, Side, TimeInForce, Trail},
        refusal::Code,
    },
};

const DAY_MICROS: i64 = 86_400_000_000;
/// Days after which an order until cancelled ends.
const GTC_DAYS: i64 = 90;

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

    /// Receives an order and gives it to the matching; what it answers is the state before anything else happened to it.
    ///
    /// # Errors
    /// 403, 422; nothing was changed then.
    pub fn place(&mut self, account: &str, mut wish: Wish, now: Timestamp) -> Result<Value, Problem> {
        let customer = self.customers.get(account).ok_or_else(Problem::stranger)?;
        if customer.described.trading_blocked {
            return Err(Problem::forbidden("account is not allowed to trade"));
        }
        if wish.main.symbol.class() == AssetClass::Option && customer.described.options_level < 2 {
            return Err(Problem::forbidden("account not eligible to trade options"));
        }
        let client = self.fresh_client_id(account, wish.client_order_id.clone())?;
        self.reckon(&mut wish.main)?;
        self.check_bracket(&wish)?;
        if !wish.class.is_complex() {
            self.check_wash(account, &wish.main)?;
        }
        self.check_holding(account, &wish.main, None)?;
        let number = self.book.next();
        let main_id = self.order_id(number);
        let family = (wish.class == Class::Oco).then(|| main_id.clone());
        let working = self.work(account, &main_id, &wish.main, family.as_deref(), now)?;
        let mut ticket = self.ticket(number, account, client, wish.class, wish.main, now);
        ticket.working = Some(working);
        let first = ticket.state;
        let mut legs = Vec::new();
        for (index, terms) in (1_u64..).zip(wish.legs) {
            let client = id::uuid(&format!("{}/client/{}", self.seed, number + index));
            let mut leg = self.ticket(number + index, account, client, wish.class, terms, now);
            leg.parent = Some(main_id.clone());
            leg.state = State::Held;
            if wish.class == Class::Oco {
                let made = self.work(account, &leg.id, &leg.terms, family.as_deref(), now);
                match made {
                    Ok(working) => leg.working = Some(working),
                    Err(problem) => {
                        // The first half goes with the second; neither was told.
                        let _ = self.desk.act(now, |e| e.cancel(account, working));
                        return Err(problem);
                    }
                }
            }
            ticket.legs.push(leg.id.clone());
            legs.push(leg);
        }
        self.book.add(ticket);
        legs.into_iter().for_each(|leg| self.book.add(leg));
        let answer = self.shown(&main_id, true);
        self.tell(&main_id, first.word(), now, json!({}));
        if self.reject_next > 0 {
            self.reject_next -= 1;
            // It was accepted a moment ago: it can be rejected.
            let _ = self.desk.act(now, |e| e.reject(account, working));
        } else if first == State::PendingNew {
            self.soon(Later::Confirm(main_id), now);
        }
        self.absorb(now);
        Ok(answer)
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

    /// Asks for another order in the place of one; answers the new one.
    ///
    /// # Errors
    /// 404, 422.
    pub fn replace(
        &mut self,
        account: &str,
        order: &str,
        body: &PatchBody,
        now: Timestamp,
    ) -> Result<Value, Problem> {
        let former = self.own(account, order)?.clone();
        if !matches!(
            former.state,
            State::New | State::PartiallyFilled | State::Held | State::DoneForDay
        ) {
            return Err(Problem::unprocessable(format!(
                "unable to replace order, order is in \"{}\" state",
                former.state.word()
            )));
        }
        if former.terms.notional.is_some() || body.notional.is_some() {
            return Err(Problem::unprocessable("notional orders cannot be replaced"));
        }
        let terms = amended(&former, body)?;
        let client = wish::client_id(body.client_order_id.as_deref())?;
        let client = self.fresh_client_id(account, client)?;
        let number = self.book.next();
        let mut ticket = self.ticket(number, account, client, former.class, terms, now);
        ticket.state = State::PendingNew;
        ticket.former = former.state;
        ticket.replaces = Some(former.id.clone());
        ticket.parent.clone_from(&former.parent);
        ticket.legs.clone_from(&former.legs);
        let id = ticket.id.clone();
        self.book.add(ticket);
        if let Some(old) = self.book.get_mut(&former.id) {
            old.replaced_by = Some(id.clone());
        }
        let answer = self.shown(&id, true);
        self.pend(&former.id, State::PendingReplace, now);
        self.soon(Later::Replace(id), now);
        Ok(answer)
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

    fn pend(&mut self, id: &str, state: State, now: Timestamp) {
        if let Some(ticket) = self.book.get_mut(id) {
            ticket.former = ticket.state;
        }
        self.book.turn(id, state, now);
        self.tell(id, state.word(), now, json!({}));
    }

    fn order_id(&self, number: u64) -> String {
        id::uuid(&format!("{}/order/{number}", self.seed))
    }

    fn fresh_client_id(&self, account: &str, wanted: Option<String>) -> Result<String, Problem> {
        let Some(client) = wanted else {
            return Ok(id::uuid(&format!("{}/client/{}", self.seed, self.book.next())));
        };
        if self.book.of_client(account, &client).is_some() {
            return Err(Problem::invalid("client_order_id must be unique"));
        }
        Ok(client)
    }

    fn ticket(
        &self,
        number: u64,
        account: &str,
        client_order_id: String,
        class: Class,
        terms: Terms,
        now: Timestamp,
    ) -> Ticket {
        let open = self.desk.engine().trading(&terms.symbol);
        let state = if open { State::PendingNew } else { State::Accepted };
        let close = self.desk.engine().market().sessions(terms.symbol.class());
        let after = |days: i64| Timestamp::from_micros(now.micros().saturating_add(days * DAY_MICROS));
        let expires = match terms.force {
            Force::Gtc => after(GTC_DAYS),
            _ => close.map_or(after(1), |(_, close)| close),
        };
        Ticket {
            id: self.order_id(number),
            number,
            account: account.to_owned(),
            client_order_id,
            terms,
            class,
            state,
            former: state,
            parent: None,
            legs: Vec::new(),
            replaces: None,
            replaced_by: None,
            working: None,
            base: Decimal::ZERO,
            filled: Decimal::ZERO,
            value: Decimal::ZERO,
            expiring: false,
            at: Moments {
                created: now,
                updated: now,
                filled: None,
                canceled: None,
                expired: None,
                failed: None,
                replaced: None,
                expires,
            },
        }
    }

    /// Turns an amount of money into units at the best price, rounded down to 9 places (coins: their own step).
    fn reckon(&mut self, terms: &mut Terms) -> Result<(), Problem> {
        let Some(notional) = terms.notional else {
            return Ok(());
        };
        if notional < Decimal::ONE {
            return Err(Problem::forbidden(
                "cost basis must be >= minimal amount of order 1",
            ));
        }
        let engine = self.desk.engine();
        let quote = engine
            .market()
            .quote(&terms.symbol)
            .map_err(|_| Problem::asset(&terms.symbol.to_string()))?;
        let price = match terms.side {
            Side::Buy => quote.ask,
            Side::Sell => quote.bid,
        };
        let lot = engine.rule(&terms.symbol).lot;
        let units = money::div(notional, terms.limit.unwrap_or(price)).and_then(|u| money::floor_to(u, lot));
        terms.quantity = units.map_err(|_| Problem::invalid("notional is out of range"))?;
        if terms.quantity.is_zero() {
            return Err(Problem::unprocessable("notional is too small for this asset"));
        }
        Ok(())
    }

    /// Target and stop stand on their sides of the price the entry is reckoned with.
    fn check_bracket(&self, wish: &Wish) -> Result<(), Problem> {
        if !matches!(wish.class, Class::Bracket | Class::Oto) {
            return Ok(());
        }
        let Ok(quote) = self.desk.engine().market().quote(&wish.main.symbol) else {
            return Ok(());
        };
        let base = wish.main.limit.or(wish.main.stop).unwrap_or(quote.last);
        let cent = Decimal::new(1, 2);
        for leg in &wish.legs {
            let up = leg.side == Side::Sell;
            let (field, price, above) = match (leg.kind, leg.limit, leg.stop) {
                (Kind::Limit, Some(limit), _) => ("take_profit.limit_price", limit, up),
                (_, _, Some(stop)) => ("stop_loss.stop_price", stop, !up),
                _ => continue,
            };
            let good = if above {
                money::add(base, cent).is_ok_and(|b| price >= b)
            } else {
                money::sub(base, cent).is_ok_and(|b| price <= b)
            };
            if !good {
                let sign = if above {
                    ">= base_price + 0.01"
                } else {
                    "<= base_price - 0.01"
                };
                return Err(
                    Problem::unprocessable(format!("{field} must be {sign}")).with("base_price", plain(base))
                );
            }
        }
        Ok(())
    }

    /// Refuses what could trade with an own open order; orders that belong together are made for that.
    fn check_wash(&self, account: &str, terms: &Terms) -> Result<(), Problem> {
        let against = self.book.open_of(account).find(|t| {
            t.terms.symbol == terms.symbol
                && t.terms.side != terms.side
                && t.working.is_some()
                && crosses(terms, &t.terms)
        });
        let Some(against) = against else { return Ok(()) };
        let kind = match against.terms.kind {
            Kind::Market => "market",
            Kind::Limit => "limit",
            _ => "stop",
        };
        Err(
            Problem::forbidden("potential wash trade detected. use complex orders")
                .with("existing_order_id", against.id.clone())
                .with("reject_reason", format!("opposite side {kind} order exists")),
        )
    }

    /// Refuses to sell more than is held and free, or at all what is not held and may not be sold short.
    fn check_holding(&self, account: &str, terms: &Terms, except: Option<&str>) -> Result<(), Problem> {
        let engine = self.desk.engine();
        let Some(kept) = engine.state().accounts.get(account) else {
            return Ok(());
        };
        let held = kept.held(&terms.symbol);
        let closing = match terms.side {
            Side::Sell => held,
            Side::Buy => -held,
        };
        if closing <= Decimal::ZERO {
            let class = terms.symbol.class();
            let short = terms.side == Side::Sell;
            return match class {
                AssetClass::Option if short => Err(Problem::forbidden(
                    "account not eligible to trade uncovered option contracts",
                )),
                AssetClass::Crypto if short => Err(Problem::forbidden(format!(
                    "insufficient balance for {} (requested: {}, available: 0)",
                    terms.symbol.underlying(),
                    plain(terms.quantity)
                ))),
                _ if short && !kept.shorting => Err(Problem::forbidden("account is not allowed to short")),
                _ if short && !terms.quantity.fract().is_zero() => {
                    Err(Problem::unprocessable("fractional orders cannot be sold short"))
                }
                _ => Ok(()),
            };
        }
        let committed = self.committed(account, &terms.symbol, terms.side, except);
        let free = closing
            .checked_sub(committed)
            .unwrap_or_default()
            .max(Decimal::ZERO);
        if terms.quantity <= free {
            return Ok(());
        }
        let (wanted, available) = (plain(terms.quantity), plain(free));
        let what = if terms.symbol.class() == AssetClass::Crypto {
            format!("insufficient balance for {}", terms.symbol.underlying())
        } else {
            "insufficient qty available for order".to_owned()
        };
        Err(
            Problem::forbidden(format!("{what} (requested: {wanted}, available: {available})"))
                .with("available", available)
                .with("existing_qty", plain(closing))
                .with("held_for_orders", plain(committed))
                .with("symbol", terms.symbol.to_string()),
        )
    }

    /// Units that open orders on this side would close; orders that cancel each other count once.
    #[must_use]
    pub fn committed(&self, account: &str, symbol: &Instrument, side: Side, except: Option<&str>) -> Decimal {
        let mut families: BTreeMap<&str, Decimal> = BTreeMap::new();
        for ticket in self.book.open_of(account) {
            let same = ticket.terms.symbol == *symbol && ticket.terms.side == side;
            if !same || ticket.working.is_none() || except == Some(ticket.id.as_str()) {
                continue;
            }
            let most = families.entry(ticket.family()).or_default();
            *most = ticket.remaining().max(*most);
        }
        families
            .values()
            .fold(Decimal::ZERO, |sum, n| sum.checked_add(*n).unwrap_or(sum))
    }
}

/// Whether two orders of opposite sides could meet: limits only when their prices cross, anything else always.
fn crosses(new: &Terms, there: &Terms) -> bool {
    match (new.kind, there.kind, new.limit, there.limit) {
        (Kind::Limit, Kind::Limit, Some(new_limit), Some(their_limit)) => match new.side {
            Side::Buy => new_limit >= their_limit,
            Side::Sell => new_limit <= their_limit,
        },
        _ => true,
    }
}

/// What an order becomes by a PATCH.
fn amended(former: &Ticket, body: &PatchBody) -> Result<Terms, Problem> {
    let mut terms = former.terms.clone();
    terms.quantity = former.remaining();
    let asked = wish::amount("qty", body.qty.as_ref())?;
    if let Some(quantity) = asked {
        if !quantity.fract().is_zero() && terms.symbol.class() != AssetClass::Crypto {
            return Err(Problem::unprocessable("qty: only full shares can be replaced"));
        }
        if former.class.is_complex() && quantity != terms.quantity {
            return Err(Problem::unprocessable("qty of complex orders cannot be replaced"));
        }
        terms.quantity = quantity;
    }
    if let Some(limit) = wish::amount("limit_price", body.limit_price.as_ref())? {
        wish::priced("limit_price", Some(limit), &terms.symbol)?;
        if terms.limit.replace(limit).is_none() {
            return Err(Problem::unprocessable("limit_price: this order has none"));
        }
    }
    if let Some(stop) = wish::amount("stop_price", body.stop_price.as_ref())? {
        wish::priced("stop_price", Some(stop), &terms.symbol)?;
        if terms.stop.replace(stop).is_none() {
            return Err(Problem::unprocessable("stop_price: this order has none"));
        }
    }
    if let Some(trail) = wish::amount("trail", body.trail.as_ref())? {
        terms.trail = match terms.trail {
            Some(Trail::Amount(_)) => Some(Trail::Amount(trail)),
            Some(Trail::Percent(_)) => Some(Trail::Percent(trail)),
            None => return Err(Problem::unprocessable("trail: this order does not trail")),
        };
    }
    if let Some(word) = body.time_in_force.as_deref() {
        let force = wish::force(Some(word))?;
        if !matches!(force, Force::Day | Force::Gtc) {
            return Err(Problem::unprocessable("time_in_force: expected day or gtc"));
        }
        terms.force = force;
    }
    if asked.is_none()
        && terms
            == (Terms {
                quantity: former.remaining(),
                ..former.terms.clone()
            })
    {
        return Err(Problem::unprocessable("order parameters are not changed"));
    }
    Ok(terms)
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

//! Decides which orders a request makes, in the matching and for their owner's eyes, and what a replacement becomes.
//! Refuses to follow them.

use ordercast_model::{instrument::AssetClass, money, time::Timestamp};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    alpaca::{
        floor::{Floor, Later},
        id,
        problem::Problem,
        ticket::{Class, Force, Moments, State, Terms, Ticket},
        wish::{self, PatchBody, Wish},
    },
    venue::order::{Side, Trail},
};

const DAY_MICROS: i64 = 86_400_000_000;
/// Days after which an order until cancelled ends.
const GTC_DAYS: i64 = 90;

impl Floor {
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
        self.check_holding(account, &wish.main)?;
        let number = self.book.next();
        let main_id = self.order_id(number);
        let family = (wish.class == Class::Oco).then(|| main_id.clone());
        let working = self.work(account, &main_id, &wish.main, family.as_deref(), now)?;
        let mut ticket = self.ticket(number, account, client, wish.class, wish.main, now);
        ticket.working = Some(working);
        let first = ticket.state;
        let legs = self.legs(&ticket, wish.legs, now)?;
        ticket.legs = legs.iter().map(|leg| leg.id.clone()).collect();
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

    /// The legs of an order; the stop of a pair works at once, those of an entry wait.
    fn legs(&mut self, main: &Ticket, legs: Vec<Terms>, now: Timestamp) -> Result<Vec<Ticket>, Problem> {
        let mut list = Vec::new();
        for (number, terms) in (main.number + 1..).zip(legs) {
            let client = id::uuid(&format!("{}/client/{number}", self.seed));
            let mut leg = self.ticket(number, &main.account, client, main.class, terms, now);
            leg.parent = Some(main.id.clone());
            leg.state = State::Held;
            if main.class == Class::Oco {
                let made = self.work(&main.account, &leg.id, &leg.terms, Some(&main.id), now);
                if let (Err(_), Some(first)) = (&made, main.working) {
                    // The first half goes with the second; neither was told.
                    let _ = self.desk.act(now, |e| e.cancel(&main.account, first));
                }
                leg.working = Some(made?);
            }
            list.push(leg);
        }
        Ok(list)
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

//! Decides what fills, when and at which price: triggers, levels, immediate orders, session ends, expiries.
//! Refuses to accept orders.

use ordercast_model::{
    instrument::{AssetClass, Instrument},
    money,
    time::Timestamp,
};
use rust_decimal::Decimal;

use crate::{
    market::{depth::BookSide, option, quote::Quote},
    venue::{
        book::Level,
        engine::Engine,
        order::{EventKind, Fill, FillKind, Order, Reason, Side, Status, TimeInForce, Trail},
        prices::Prices,
        refusal::Refusal,
    },
};

impl Engine {
    /// Moves the market to a wall time and lets every open order work in each of its steps; says how many steps.
    /// The same requests at the same times give the same fills.
    ///
    /// # Errors
    /// `internal` when a fill cannot be booked exactly.
    pub fn step(&mut self, now: Timestamp) -> Result<i64, Refusal> {
        let due = self.market.due(now);
        for _ in 0..due {
            let turn = self.market.advance();
            self.now = self.now.max(self.market.now());
            self.quotes.clear();
            self.refill();
            if turn.closed {
                self.end_session(|o| o.symbol.class() != AssetClass::Crypto)?;
            }
            self.work(turn.opened)?;
        }
        self.now = self.now.max(now);
        if due == 0 {
            self.work(false)?;
        }
        self.end_day()?;
        Ok(due)
    }

    fn refill(&mut self) {
        let lots: Vec<(Instrument, Decimal)> =
            self.books.keys().map(|i| (i.clone(), self.rule(i).lot)).collect();
        for (instrument, lot) in lots {
            if self
                .books
                .get_mut(&instrument)
                .is_some_and(|taken| taken.refill(lot))
            {
                self.books.remove(&instrument);
            }
        }
    }
}

impl<M: Prices> Engine<M> {
    /// Sets the time of requests without moving the market.
    pub fn tick(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
    }

    pub(crate) fn work(&mut self, opened: bool) -> Result<(), Refusal> {
        let numbers: Vec<u64> = self.state.live.iter().copied().collect();
        numbers
            .into_iter()
            .try_for_each(|number| self.work_one(number, opened))
    }

    /// Lets an order trade now unless a latency holds it back.
    pub(super) fn work_if_due(&mut self, number: u64) -> Result<(), Refusal> {
        self.work_one(number, false)
    }

    fn work_one(&mut self, number: u64, opened: bool) -> Result<(), Refusal> {
        let Some(mut order) = self.state.orders.get(&number).filter(|o| o.live()).cloned() else {
            return Ok(());
        };
        let since = self.now.micros().saturating_sub(order.created_at.micros());
        if since < i64::from(self.config.latency_millis) * 1_000
            || !self.trading(&order.symbol)
            || !self.market.lets_trade(&order)
        {
            return Ok(());
        }
        let Ok(quote) = self.quote(&order.symbol) else {
            return self.end(number, Status::Expired, Reason::InstrumentExpired);
        };
        if order.kind.waits() && !order.triggered {
            let before = order.stop_price;
            self.pull(&mut order, &quote);
            let level = order.stop_price.unwrap_or_default();
            let reached = match order.side {
                Side::Sell => quote.bid <= level,
                Side::Buy => quote.ask >= level,
            };
            if !reached {
                return if order.stop_price == before {
                    Ok(())
                } else {
                    self.keep(order)
                };
            }
            order.triggered = true;
            order.updated_at = self.now;
            let account = order.account.clone();
            self.report(EventKind::Triggered, &account, Some(order.clone()), None)?;
        }
        self.take(order, &quote, opened)
    }

    /// Pulls a trailing level behind the best price seen; it moves one way only.
    pub(super) fn pull(&self, order: &mut Order, quote: &Quote) {
        let Some(trail) = order.trail else { return };
        let rule = self.rule(&order.symbol);
        let seen = match order.side {
            Side::Sell => order.mark.map_or(quote.bid, |m| m.max(quote.bid)),
            Side::Buy => order.mark.map_or(quote.ask, |m| m.min(quote.ask)),
        };
        order.mark = Some(seen);
        let distance = match trail {
            Trail::Amount(amount) => Ok(amount),
            Trail::Percent(p) => money::mul(seen, p).and_then(|d| money::mul(d, Decimal::new(1, 2))),
        };
        let distance = distance.unwrap_or(seen);
        let level = match order.side {
            Side::Sell => money::sub(seen, distance).and_then(|l| money::floor_to(l, rule.tick)),
            Side::Buy => money::add(seen, distance).and_then(|l| money::ceil_to(l, rule.tick)),
        };
        // The mark moves one way, so the level does.
        order.stop_price = Some(level.unwrap_or(seen).max(rule.tick));
    }

    fn take(&mut self, order: Order, quote: &Quote, opened: bool) -> Result<(), Refusal> {
        let number = order.number;
        let Some(bound) = self.bound(&order)? else {
            return self.end(number, Status::Cancelled, Reason::NothingToReduce);
        };
        let side = match order.side {
            Side::Buy => BookSide::Ask,
            Side::Sell => BookSide::Bid,
        };
        let limit = if order.at_market() {
            None
        } else {
            order.limit_price
        };
        let reachable = |price: Decimal| match (limit, order.side) {
            (None, _) => true,
            (Some(l), Side::Buy) => price <= l,
            (Some(l), Side::Sell) => price >= l,
        };
        let rule = self.rule(&order.symbol);
        let taken = self.books.get(&order.symbol).copied().unwrap_or_default();
        let mut levels = self.market.levels(quote, rule.tick, side, &taken);
        levels.retain(|l| reachable(l.price));
        let there = levels
            .iter()
            .fold(Decimal::ZERO, |sum, l| sum.checked_add(l.size).unwrap_or(sum));
        if order.time_in_force == TimeInForce::Fok && there < order.remaining().min(bound) {
            return self.end(number, Status::Cancelled, Reason::FokUnfilled);
        }
        let passive = limit.filter(|_| order.rested && !opened);
        let mut left = bound;
        for Level { price, size } in levels {
            let price = passive.unwrap_or(price);
            let wanted = left.min(size);
            let quantity = self.affordable(&order, price, wanted)?;
            if quantity > Decimal::ZERO {
                self.fill(number, price, quantity, side)?;
            }
            if quantity < wanted {
                return self.end(number, Status::Cancelled, Reason::InsufficientFunds);
            }
            left = left.checked_sub(quantity).unwrap_or_default();
            if left.is_zero() {
                break;
            }
        }
        self.rest(number)
    }

    /// After its turn: immediate orders end, limit orders have rested, cut ones are gone.
    fn rest(&mut self, number: u64) -> Result<(), Refusal> {
        let Some(mut order) = self.state.orders.get(&number).filter(|o| o.live()).cloned() else {
            return Ok(());
        };
        if matches!(order.time_in_force, TimeInForce::Ioc | TimeInForce::Fok) {
            return self.end(number, Status::Cancelled, Reason::IocRemainder);
        }
        if self.bound(&order)?.is_none() {
            return self.end(number, Status::Cancelled, Reason::NothingToReduce);
        }
        if order.rested || order.at_market() {
            return Ok(());
        }
        order.rested = true;
        self.keep(order)
    }

    /// Units an order may still fill now: what remains, cut to what is held where it must not open. `None`: nothing.
    fn bound(&self, order: &Order) -> Result<Option<Decimal>, Refusal> {
        let account = self.account(&order.account)?;
        let shorts = account.shorting && order.symbol.class() == AssetClass::Equity;
        let held = account.held(&order.symbol);
        let bound = match order.side {
            Side::Sell if order.reduce_only || !shorts => order.remaining().min(held),
            Side::Buy if order.reduce_only => order.remaining().min(-held),
            _ => order.remaining(),
        };
        Ok(Some(bound).filter(|b| *b > Decimal::ZERO))
    }

    /// Units the cash reaches for at a price; what closes a short is always affordable.
    fn affordable(&self, order: &Order, price: Decimal, wanted: Decimal) -> Result<Decimal, Refusal> {
        let account = self.account(&order.account)?;
        let covering = (-account.held(&order.symbol)).max(Decimal::ZERO).min(wanted);
        if order.side == Side::Sell || covering == wanted {
            return Ok(wanted);
        }
        let cost = |units: Decimal| -> Result<Decimal, money::MoneyError> {
            let value = money::mul(money::mul(price, units)?, order.symbol.multiplier())?;
            money::add(value, self.fee(&order.symbol, price, units)?)
        };
        let large = |_| Refusal::too_large("quantity");
        if cost(wanted).map_err(large)? <= account.cash {
            return Ok(wanted);
        }
        let lot = self.rule(&order.symbol).lot;
        let unit = cost(Decimal::ONE).map_err(large)?;
        let most = money::div(account.cash.max(Decimal::ZERO), unit)
            .and_then(|u| money::floor_to(u, lot))
            .map_err(large)?;
        // The rounding of a fee may tip the last lot over the edge.
        let fits = cost(most).map_err(large)? <= account.cash;
        let most = if fits {
            most
        } else {
            most.checked_sub(lot).unwrap_or_default()
        };
        Ok(most.max(covering).max(Decimal::ZERO).min(wanted))
    }

    fn fill(
        &mut self,
        number: u64,
        price: Decimal,
        quantity: Decimal,
        side: BookSide,
    ) -> Result<(), Refusal> {
        let Some(mut order) = self.state.orders.get(&number).cloned() else {
            return Ok(());
        };
        let large = |_| Refusal::too_large("quantity");
        let value = money::mul(price, quantity).map_err(large)?;
        let fee = self.fee(&order.symbol, price, quantity).map_err(large)?;
        let paid = money::mul(value, order.symbol.multiplier()).map_err(large)?;
        let cash = money::sub(order.side.opposite().signed(paid), fee).map_err(large)?;
        order.filled_quantity = money::add(order.filled_quantity, quantity).map_err(large)?;
        order.filled_value = money::add(order.filled_value, value).map_err(large)?;
        order.fees = money::add(order.fees, fee).map_err(large)?;
        order.updated_at = self.now;
        let whole = order.remaining().is_zero();
        order.status = if whole {
            Status::Filled
        } else {
            Status::PartiallyFilled
        };
        let fill = Fill {
            number: self.state.next_fill(),
            account: order.account.clone(),
            order: Some(number),
            client_order_id: Some(order.client_order_id.clone()),
            symbol: order.symbol.clone(),
            side: order.side,
            quantity,
            price,
            fee,
            cash: cash.normalize(),
            kind: FillKind::Trade,
            cumulative: order.filled_quantity,
            at: self.now,
        };
        self.books
            .entry(order.symbol.clone())
            .or_default()
            .take(side, quantity);
        let kind = if whole {
            EventKind::Fill
        } else {
            EventKind::PartialFill
        };
        let (account, oco) = (order.account.clone(), order.oco_group.clone());
        self.report(kind, &account, Some(order), Some(fill))?;
        match oco {
            Some(name) => self.shrink(&account, &name, number, quantity),
            None => Ok(()),
        }
    }

    /// The other legs of an OCO group give up what one has filled.
    fn shrink(&mut self, account: &str, name: &str, filled: u64, by: Decimal) -> Result<(), Refusal> {
        for number in self.siblings(account, name, filled) {
            let Some(mut order) = self.state.orders.get(&number).cloned() else {
                continue;
            };
            if order.remaining() <= by {
                self.end(number, Status::Cancelled, Reason::OcoFilled)?;
                continue;
            }
            order.quantity = order
                .quantity
                .checked_sub(by)
                .unwrap_or(order.quantity)
                .normalize();
            order.revision += 1;
            order.updated_at = self.now;
            self.report(EventKind::Replaced, account, Some(order), None)?;
        }
        Ok(())
    }

    pub(crate) fn end_session(&mut self, ends: impl Fn(&Order) -> bool) -> Result<(), Refusal> {
        let day = |o: &&Order| o.time_in_force == TimeInForce::Day && ends(o);
        let live = self.state.live.iter().filter_map(|n| self.state.orders.get(n));
        let numbers: Vec<u64> = live.filter(day).map(|o| o.number).collect();
        numbers
            .into_iter()
            .try_for_each(|n| self.end(n, Status::Expired, Reason::SessionEnd))
    }

    /// Once a minute: coin orders of an earlier day end, options past their end are paid.
    pub(crate) fn end_day(&mut self) -> Result<(), Refusal> {
        let minute = self.now.seconds().div_euclid(60);
        if minute == self.settled {
            return Ok(());
        }
        self.settled = minute;
        let today = self.now.date();
        self.end_session(|o| o.symbol.class() == AssetClass::Crypto && o.created_at.date() < today)?;
        let now = self.now;
        let ended =
            |i: &Instrument| matches!(i, Instrument::Option { expiry, .. } if option::end_of(*expiry) <= now);
        let live = self.state.live.iter().filter_map(|n| self.state.orders.get(n));
        let numbers: Vec<u64> = live.filter(|o| ended(&o.symbol)).map(|o| o.number).collect();
        for number in numbers {
            self.end(number, Status::Expired, Reason::InstrumentExpired)?;
        }
        let mut due = Vec::new();
        for account in self.state.accounts.values() {
            let held = account
                .positions
                .iter()
                .filter(|(i, p)| !p.quantity.is_zero() && ended(i));
            due.extend(held.map(|(i, p)| (account.id.clone(), i.clone(), p.quantity)));
        }
        due.into_iter()
            .try_for_each(|(account, symbol, held)| self.settle(&account, symbol, held))
    }

    fn settle(&mut self, account: &str, symbol: Instrument, held: Decimal) -> Result<(), Refusal> {
        let Instrument::Option {
            underlying,
            strike,
            right,
            ..
        } = &symbol
        else {
            return Ok(());
        };
        let underlying = Instrument::Equity {
            symbol: underlying.clone(),
        };
        // Without a price of what it is on nobody knows what it is worth: it stays.
        let Ok(spot) = self.quote(&underlying).map(|q| q.mid()) else {
            return Ok(());
        };
        let price = option::intrinsic(spot, *strike, *right);
        let side = if held > Decimal::ZERO {
            Side::Sell
        } else {
            Side::Buy
        };
        let paid = money::mul(price, held.abs()).and_then(|v| money::mul(v, symbol.multiplier()));
        let paid = paid.map_err(|_| Refusal::too_large("quantity"))?;
        let fill = Fill {
            number: self.state.next_fill(),
            account: account.to_owned(),
            order: None,
            client_order_id: None,
            side,
            quantity: held.abs(),
            price,
            fee: Decimal::ZERO,
            cash: side.opposite().signed(paid).normalize(),
            kind: FillKind::Settlement,
            cumulative: held.abs(),
            at: self.now,
            symbol,
        };
        self.report(EventKind::Fill, account, None, Some(fill))
    }
}

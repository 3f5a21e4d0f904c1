//! Decides which requests become orders, and what may be changed or cancelled. Refuses to fill.

use ordercast_model::money;
use rust_decimal::Decimal;

use crate::venue::{
    check,
    config::Dedupe,
    engine::{Engine, Rule},
    order::{Amendment, EventKind, Order, OrderRequest, Reason, Side, Status, TimeInForce},
    prices::Prices,
    refusal::{Code, Refusal},
    state::Change,
};

impl<M: Prices> Engine<M> {
    /// Accepts an order and lets it trade at once unless a latency is set. Repeating it is answered by the dedupe kind.
    ///
    /// # Errors
    /// Any refusal of an order; nothing is changed then.
    pub fn submit(&mut self, account: &str, request: OrderRequest) -> Result<Order, Refusal> {
        let number = self.accept(account, request)?.number;
        self.work_if_due(number)?;
        self.order(account, number).cloned()
    }

    /// Accepts an order without letting it trade yet.
    ///
    /// # Errors
    /// As `submit`.
    pub fn accept(&mut self, account: &str, request: OrderRequest) -> Result<Order, Refusal> {
        self.account(account)?;
        let rule = self.rule(&request.symbol);
        check::request(&request, &rule)?;
        self.quote(&request.symbol)?;
        self.check_client_id(account, &request.client_order_id, &[])?;
        self.check_session(&request)?;
        self.check_oco(account, &request)?;
        let order = self.draft(account, request, None)?;
        self.check_means(&order, &rule, None)?;
        self.report(EventKind::New, account, Some(order.clone()), None)?;
        Ok(order)
    }

    /// An order as it would be accepted now.
    pub(super) fn draft(
        &mut self,
        account: &str,
        request: OrderRequest,
        group: Option<&str>,
    ) -> Result<Order, Refusal> {
        let mut order = Order {
            number: self.state.next_order(),
            account: account.to_owned(),
            client_order_id: request.client_order_id,
            former_ids: Vec::new(),
            symbol: request.symbol,
            side: request.side,
            kind: request.kind,
            time_in_force: request.time_in_force,
            quantity: request.quantity.normalize(),
            limit_price: request.limit_price.map(|p| p.normalize()),
            stop_price: request.stop_price.map(|p| p.normalize()),
            trail: request.trail,
            mark: None,
            reduce_only: request.reduce_only,
            oco_group: request.oco_group,
            group: group.map(str::to_owned),
            status: Status::New,
            triggered: false,
            rested: false,
            filled_quantity: Decimal::ZERO,
            filled_value: Decimal::ZERO,
            fees: Decimal::ZERO,
            reason: None,
            revision: 0,
            created_at: self.now,
            updated_at: self.now,
        };
        let quote = self.quote(&order.symbol)?;
        self.pull(&mut order, &quote);
        Ok(order)
    }

    /// Refuses a client order id that is taken; orders in `freed` no longer count as open.
    pub(super) fn check_client_id(&self, account: &str, id: &str, freed: &[u64]) -> Result<(), Refusal> {
        let numbers = self.state.by_client.get(&(account.to_owned(), id.to_owned()));
        let mut orders = numbers
            .into_iter()
            .flatten()
            .filter_map(|n| self.state.orders.get(n));
        let taken = match self.config.dedupe {
            Dedupe::Always => orders.next(),
            Dedupe::WhileOpen => orders.find(|o| o.live() && !freed.contains(&o.number)),
            Dedupe::Never => None,
        };
        let text = format!("client order id {id} is taken");
        taken.map_or(Ok(()), |order| {
            let refusal = Refusal {
                field: Some("client_order_id"),
                ..Refusal::new(Code::DuplicateClientId, text)
            };
            Err(refusal.about(order))
        })
    }

    fn check_session(&self, request: &OrderRequest) -> Result<(), Refusal> {
        if request.time_in_force == TimeInForce::Gtc {
            return Ok(());
        }
        if self.state.halted.contains(&request.symbol) {
            return Err(Refusal::new(
                Code::Halted,
                format!("{} is halted; gtc orders wait", request.symbol),
            ));
        }
        if !self.market.is_open(&request.symbol) {
            let text = format!(
                "the session of {} is closed; gtc orders wait for the open",
                request.symbol
            );
            return Err(Refusal::new(Code::MarketClosed, text));
        }
        Ok(())
    }

    fn check_oco(&self, account: &str, request: &OrderRequest) -> Result<(), Refusal> {
        let Some(name) = &request.oco_group else {
            return Ok(());
        };
        let mut members = self
            .state
            .live_of(account)
            .filter(|o| o.oco_group.as_ref() == Some(name));
        if members.any(|o| o.symbol != request.symbol || o.side != request.side) {
            return Err(Refusal::field(
                "oco_group",
                "expected the symbol and side of the orders already in it",
            ));
        }
        Ok(())
    }

    /// Whether the account can pay for it or holds what it sells; `except` is the order it replaces.
    fn check_means(&mut self, order: &Order, rule: &Rule, except: Option<u64>) -> Result<(), Refusal> {
        let account = self.account(&order.account)?.clone();
        let held = account.held(&order.symbol);
        if order.reduce_only {
            let reducible = match order.side {
                Side::Buy => -held,
                Side::Sell => held,
            };
            if reducible <= Decimal::ZERO {
                return Err(exceeds(order.remaining(), Decimal::ZERO, "a reduce-only order"));
            }
            return Ok(());
        }
        let opens = order.side == Side::Buy && held >= Decimal::ZERO;
        let price = self.expected_price(order)?;
        let value = money::mul(price, order.quantity).map_err(|_| Refusal::too_large("quantity"))?;
        if opens && value < rule.minimum_notional {
            let text = format!(
                "expected a value of at least {} USD, got {}",
                rule.minimum_notional,
                value.normalize()
            );
            return Err(Refusal::field("quantity", text));
        }
        let shorts = account.shorting
            && matches!(
                order.symbol,
                ordercast_model::instrument::Instrument::Equity { .. }
            );
        if order.side == Side::Sell && !shorts {
            let free = self.sellable(order, held, except);
            if order.remaining() > free {
                return Err(exceeds(order.remaining(), free, "a sale"));
            }
            return Ok(());
        }
        let need = self.need(&account, order)?;
        if need.is_zero() {
            return Ok(());
        }
        let reserved = self.reserved(&account, except)?;
        let margin = self.short_margin(&account)?;
        let left = money::sub(account.cash, reserved).and_then(|l| money::sub(l, margin));
        let left = left.map_err(|_| Refusal::too_large("quantity"))?;
        if need > left {
            Err(Refusal::funds(need, left))
        } else {
            Ok(())
        }
    }

    /// Units held that no other open order sells; orders of one OCO group count once.
    fn sellable(&self, order: &Order, held: Decimal, except: Option<u64>) -> Decimal {
        let mut grouped = std::collections::BTreeMap::new();
        let mut free = held.max(Decimal::ZERO);
        for other in self.state.live_of(&order.account) {
            let same = other.symbol == order.symbol && other.side == Side::Sell && !other.reduce_only;
            let sibling = order.oco_group.is_some() && other.oco_group == order.oco_group;
            if !same || sibling || Some(other.number) == except {
                continue;
            }
            match &other.oco_group {
                Some(name) => {
                    let most: &mut Decimal = grouped.entry(name.clone()).or_default();
                    *most = other.remaining().max(*most);
                }
                None => free = free.checked_sub(other.remaining()).unwrap_or_default(),
            }
        }
        grouped
            .values()
            .fold(free, |f, g| f.checked_sub(*g).unwrap_or_default())
            .max(Decimal::ZERO)
    }

    /// Cancels an order, and the others of its OCO group. Repeatable: a cancelled order is answered as it is.
    ///
    /// # Errors
    /// `order_not_found`; `already_final` for one that was filled, rejected or expired.
    pub fn cancel(&mut self, account: &str, number: u64) -> Result<Order, Refusal> {
        let order = self.order(account, number)?.clone();
        if order.status == Status::Cancelled {
            return Ok(order);
        }
        if !order.live() {
            return Err(finished(&order));
        }
        self.end(number, Status::Cancelled, Reason::UserCancelled)?;
        self.order(account, number).cloned()
    }

    /// Ends an order at the venue's own will, after it was accepted.
    ///
    /// # Errors
    /// `order_not_found`, `already_final`.
    pub fn reject(&mut self, account: &str, number: u64) -> Result<Order, Refusal> {
        let order = self.order(account, number)?.clone();
        if !order.live() {
            return Err(finished(&order));
        }
        self.end(number, Status::Rejected, Reason::VenueRejected)?;
        self.order(account, number).cloned()
    }

    /// Changes quantity, limit or stop of an open order, in place.
    ///
    /// # Errors
    /// Those of `submit`; `already_final`; `not_permitted` for a leg of a protection group.
    pub fn replace(&mut self, account: &str, number: u64, wish: Amendment) -> Result<Order, Refusal> {
        let former = self.order(account, number)?.clone();
        if !former.live() {
            return Err(finished(&former));
        }
        if former.group.is_some() {
            return Err(Refusal::new(
                Code::NotPermitted,
                "a leg of a protection group: put the group again instead",
            ));
        }
        let rule = self.rule(&former.symbol);
        let order = self.amended(&former, wish, &rule)?;
        self.check_means(&order, &rule, Some(number))?;
        self.report(EventKind::Replaced, account, Some(order), None)?;
        self.work_if_due(number)?;
        self.order(account, number).cloned()
    }

    fn amended(&self, former: &Order, wish: Amendment, rule: &Rule) -> Result<Order, Refusal> {
        let mut order = former.clone();
        if let Some(quantity) = wish.quantity {
            check::quantity(quantity, rule)?;
            if quantity <= former.filled_quantity {
                let text = format!(
                    "expected above the {} already filled, got {quantity}",
                    former.filled_quantity
                );
                return Err(Refusal::field("quantity", text));
            }
            order.quantity = quantity.normalize();
        }
        if let Some(limit) = wish.limit_price {
            check::price("limit_price", limit, rule)?;
            if order.limit_price.replace(limit.normalize()).is_none() {
                return Err(Refusal::field(
                    "limit_price",
                    "not expected for this type of order",
                ));
            }
        }
        if let Some(stop) = wish.stop_price {
            check::price("stop_price", stop, rule)?;
            if order.trail.is_some()
                || order.triggered
                || order.stop_price.replace(stop.normalize()).is_none()
            {
                return Err(Refusal::field("stop_price", "not expected for this order"));
            }
        }
        if let Some(id) = wish.client_order_id.filter(|id| *id != former.client_order_id) {
            check::id("client_order_id", &id)?;
            self.check_client_id(&former.account, &id, &[])?;
            order
                .former_ids
                .push(std::mem::replace(&mut order.client_order_id, id));
        }
        order.revision += 1;
        order.rested = false;
        order.updated_at = self.now;
        Ok(order)
    }

    /// Ends an order and, unless its group is being replaced, the others of its OCO group.
    pub(super) fn end(&mut self, number: u64, status: Status, reason: Reason) -> Result<(), Refusal> {
        let Some(mut order) = self.state.orders.get(&number).filter(|o| o.live()).cloned() else {
            return Ok(());
        };
        order.status = status;
        order.reason = Some(reason);
        order.updated_at = self.now;
        let kind = match status {
            Status::Expired => EventKind::Expired,
            Status::Rejected => EventKind::Rejected,
            _ => EventKind::Cancelled,
        };
        let (account, oco) = (order.account.clone(), order.oco_group.clone());
        self.report(kind, &account, Some(order), None)?;
        let whole_group = matches!(
            reason,
            Reason::GroupReplaced | Reason::GroupCancelled | Reason::OcoFilled
        );
        if let (Some(name), false) = (oco, whole_group) {
            for sibling in self.siblings(&account, &name, number) {
                self.end(sibling, Status::Cancelled, Reason::OcoCancelled)?;
            }
        }
        Ok(())
    }

    /// Open orders of an OCO group but one.
    pub(super) fn siblings(&self, account: &str, name: &str, except: u64) -> Vec<u64> {
        let same = |o: &&Order| o.oco_group.as_deref() == Some(name) && o.number != except;
        self.state
            .live_of(account)
            .filter(same)
            .map(|o| o.number)
            .collect()
    }

    pub(super) fn keep(&mut self, order: Order) -> Result<(), Refusal> {
        self.change(Change::Order(order))
    }
}

fn exceeds(wanted: Decimal, there: Decimal, what: &str) -> Refusal {
    let text = format!(
        "quantity: {what} of {} exceeds the {} held and free",
        wanted.normalize(),
        there.normalize()
    );
    Refusal {
        field: Some("quantity"),
        ..Refusal::new(Code::ExceedsPosition, text)
    }
}

fn finished(order: &Order) -> Refusal {
    Refusal::new(
        Code::AlreadyFinal,
        format!("order {} is already {:?}", order.id(), order.status),
    )
    .about(order)
}

//! One account in the venue's own ledger: cash, what is held, orders, fills and groups. Decides what fills and what is
//! refused; knows nothing of the program that trades in it.

use std::collections::BTreeMap;

use ordercast_model::{
    instrument::Instrument,
    money::{Currency, Money, Price, Quantity},
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, ProtectionGroup},
    },
    ports::broker::{
        BrokerEvent, CancelOutcome, Dedupe, ErrorKind, Protected, Refusal, Sent, VenueFill, VenueOrder,
        VenuePosition, VenueState,
    },
    signal::instruction::TimeInForce,
    time::Timestamp,
};
use rust_decimal::Decimal;

use super::order::Held;

/// How a venue treats its accounts.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    pub dedupe: Dedupe,
    /// It bounds orders that only reduce by what is held. A venue without it takes them as any other.
    pub bounds_exits: bool,
    /// What each fill costs, in cents.
    pub fee_cents: i64,
}

#[derive(Debug, Clone, Default)]
struct Group {
    version: u32,
    legs: Vec<usize>,
    /// What had filled of them when a swap was last asked for.
    told: Decimal,
}

/// Prices of the moment.
pub type Touch<'a> = &'a dyn Fn(&Instrument) -> (Price, Price);

/// An account at the venue.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub manner: Manner,
    /// Cash it began with, and what was paid in or out since.
    pub paid_in: Decimal,
    /// The most it ever had: the program hears of a withdrawal with its next comparison.
    pub paid_in_most: Decimal,
    pub cash: Decimal,
    pub cash_least: Decimal,
    pub holdings: BTreeMap<Instrument, (Decimal, Price)>,
    pub orders: Vec<Held>,
    pub fills: Vec<VenueFill>,
    /// What went wrong by the venue's own judgement.
    pub complaints: Vec<(u32, String)>,
    groups: BTreeMap<String, Group>,
    /// Units that fill of one order at a time; none = all of it.
    pub depth: Option<Decimal>,
    /// Whether anything trades at this instant.
    pub open: bool,
    number: u64,
}

fn refusal(kind: ErrorKind, code: &str) -> Refusal {
    Refusal {
        kind,
        code: code.to_owned(),
        message: format!("the venue refuses: {code}"),
    }
}

impl Ledger {
    pub fn new(manner: Manner, cash: Decimal) -> Self {
        Self {
            manner,
            paid_in: cash,
            paid_in_most: cash,
            cash,
            cash_least: cash,
            holdings: BTreeMap::new(),
            orders: Vec::new(),
            fills: Vec::new(),
            complaints: Vec::new(),
            groups: BTreeMap::new(),
            depth: None,
            open: true,
            number: 0,
        }
    }
    fn count(&mut self) -> u64 {
        self.number += 1;
        self.number
    }
    pub fn held(&self, instrument: &Instrument) -> Decimal {
        self.holdings.get(instrument).map_or(Decimal::ZERO, |h| h.0)
    }
    /// What was paid in, and what trades by hand at the venue made of it: cash that no order of ours explains.
    pub fn outside_cash(&self) -> Decimal {
        let by_hand = self.orders.iter().filter(|o| o.client.is_none());
        let spent: Decimal = by_hand.map(|o| o.signed(o.paid)).sum();
        let fees = self.fills.iter().filter(|f| f.client_order_id.is_none());
        self.paid_in - spent - fees.map(|f| f.fee.amount).sum::<Decimal>()
    }
    pub fn pay_in(&mut self, amount: Decimal) {
        self.cash += amount;
        self.paid_in += amount;
        self.paid_in_most = self.paid_in_most.max(self.paid_in);
    }
    /// The newest order of an id.
    pub fn find(&self, id: &ClientOrderId) -> Option<&Held> {
        self.orders.iter().rev().find(|o| o.client.as_ref() == Some(id))
    }
    fn place_of(&self, id: &ClientOrderId) -> Option<usize> {
        let working = |o: &Held| o.client.as_ref() == Some(id) && o.works();
        self.orders
            .iter()
            .rposition(working)
            .or_else(|| self.orders.iter().rposition(|o| o.client.as_ref() == Some(id)))
    }

    /// Takes an order, or not.
    pub fn place(
        &mut self,
        request: &OrderRequest,
        at: Timestamp,
        visible_at: Timestamp,
        touch: Touch<'_>,
        events: &mut Vec<BrokerEvent>,
    ) -> Sent {
        let known = self.find(&request.client_order_id);
        match (self.manner.dedupe, known) {
            (Dedupe::Always, Some(known)) => {
                return known
                    .shown()
                    .map_or_else(|| Sent::Unknown("unreadable".to_owned()), Sent::Accepted);
            }
            (Dedupe::WhileOpen, Some(known)) if known.works() => {
                return Sent::Rejected(refusal(ErrorKind::DuplicateClientId, "duplicate"));
            }
            (_, Some(_)) => self.complain(2, format!("{} was taken twice", request.client_order_id)),
            _ => {}
        }
        let held = self.held(&request.instrument);
        if request.reduce_only && self.manner.bounds_exits && !reduces(request, held) {
            return Sent::Rejected(refusal(ErrorKind::InvalidOrder, "exceeds_position"));
        }
        let number = self.count();
        self.orders.push(Held::new(request, number, None, at, visible_at));
        let place = self.orders.len() - 1;
        self.tell(place, events);
        self.work(place, at, touch, events);
        let taken = self.orders.get(place).and_then(Held::shown);
        taken.map_or_else(|| Sent::Unknown("unreadable".to_owned()), Sent::Accepted)
    }
    fn complain(&mut self, invariant: u32, what: String) {
        self.complaints.push((invariant, what));
    }
    fn tell(&self, place: usize, events: &mut Vec<BrokerEvent>) {
        if let Some(order) = self.orders.get(place).and_then(Held::shown) {
            events.push(BrokerEvent::Order(order));
        }
    }
    /// Fills what the prices of the moment fill of one order.
    fn work(&mut self, place: usize, at: Timestamp, touch: Touch<'_>, events: &mut Vec<BrokerEvent>) {
        if !self.open {
            return;
        }
        let Some(order) = self.orders.get_mut(place).filter(|o| o.works()) else {
            return;
        };
        let (bid, ask) = touch(&order.instrument);
        order.follow(bid, ask);
        if let Some(price) = order.fills_at(bid, ask) {
            let quantity = self.depth.map_or(order.left(), |depth| depth.min(order.left()));
            self.fill(place, quantity, price, at, events);
        }
    }
    /// Looks at every working order after prices moved.
    pub fn work_all(&mut self, at: Timestamp, touch: Touch<'_>, events: &mut Vec<BrokerEvent>) {
        for place in 0..self.orders.len() {
            self.work(place, at, touch, events);
        }
    }
    /// The session ends, and with it what was good for the day.
    pub fn close(&mut self, at: Timestamp, events: &mut Vec<BrokerEvent>) {
        for place in 0..self.orders.len() {
            let day = |o: &&Held| o.works() && o.time_in_force == TimeInForce::Day && o.group.is_none();
            if self.orders.get(place).filter(day).is_some() {
                self.end(place, VenueState::Expired, Some("session_end"), at, events);
            }
        }
    }
    /// Fills some of an order at a price.
    pub fn fill(
        &mut self,
        place: usize,
        quantity: Decimal,
        price: Price,
        at: Timestamp,
        events: &mut Vec<BrokerEvent>,
    ) {
        let Some(order) = self.orders.get(place).filter(|o| o.works()) else {
            return;
        };
        let mut quantity = quantity.min(order.left());
        if order.reduce_only && self.manner.bounds_exits {
            let held = self.held(&order.instrument);
            let may = if order.signed(Decimal::ONE) * held < Decimal::ZERO {
                held.abs()
            } else {
                Decimal::ZERO
            };
            quantity = quantity.min(may);
        }
        if quantity <= Decimal::ZERO {
            self.end(
                place,
                VenueState::Cancelled,
                Some("nothing_to_reduce"),
                at,
                events,
            );
            return;
        }
        let number = self.count();
        let fee = Decimal::new(self.manner.fee_cents, 2);
        let cursor = (self.fills.len() + 1).to_string();
        let Some(order) = self.orders.get_mut(place) else {
            return;
        };
        order.filled += quantity;
        order.paid += quantity * price.value();
        order.changed_at = at;
        order.state = if order.left().is_zero() {
            order.ended = Some(number);
            VenueState::Filled
        } else {
            VenueState::PartiallyFilled
        };
        let fill = VenueFill {
            venue_fill_id: format!("f{number}"),
            client_order_id: order.client.clone(),
            broker_order_id: order.broker_id.clone(),
            instrument: order.instrument.clone(),
            side: order.side,
            quantity: Quantity::new(quantity).unwrap_or(Quantity::ZERO),
            price,
            fee: Money::new(fee, Currency::USD),
            at,
            cursor,
        };
        let (signed, shown, group) = (order.signed(quantity), order.shown(), order.group.clone());
        let reverses = order.reduce_only;
        self.book(&fill, signed, fee, reverses);
        if let Some(order) = shown {
            events.push(BrokerEvent::Fill { order, fill });
        }
        if let Some((group, slice)) = group {
            self.relieve(place, &group, slice, Some(quantity), at, events);
        }
    }
    fn book(&mut self, fill: &VenueFill, signed: Decimal, fee: Decimal, exit: bool) {
        self.cash -= signed * fill.price.value() * fill.instrument.multiplier() + fee;
        self.cash_least = self.cash_least.min(self.cash);
        let held = self
            .holdings
            .entry(fill.instrument.clone())
            .or_insert((Decimal::ZERO, fill.price));
        let (before, after) = (held.0, held.0 + signed);
        if after.abs() > before.abs() {
            let cost = before.abs() * held.1.value() + signed.abs() * fill.price.value();
            held.1 = Price::new(cost / after.abs()).unwrap_or(fill.price);
        }
        held.0 = after;
        self.holdings.retain(|_, h| !h.0.is_zero());
        if exit && after * before <= Decimal::ZERO && !after.is_zero() {
            let text = format!("an exit turned {} from {before} to {after}", fill.instrument);
            self.complain(2, text);
        }
        self.fills.push(fill.clone());
    }
    /// What a fill of one leg takes from the other leg of its slice; all of it when the leg was cancelled.
    fn relieve(
        &mut self,
        filled: usize,
        group: &str,
        slice: usize,
        quantity: Option<Decimal>,
        at: Timestamp,
        events: &mut Vec<BrokerEvent>,
    ) {
        let pair = |(i, o): (usize, &Held)| {
            let same = o.group.as_ref().is_some_and(|(g, s)| g == group && *s == slice);
            (same && i != filled && o.works()).then_some(i)
        };
        let others: Vec<usize> = self.orders.iter().enumerate().filter_map(pair).collect();
        for place in others {
            let Some(order) = self.orders.get_mut(place) else {
                continue;
            };
            match quantity.map(|q| order.quantity - q) {
                Some(left) if left > order.filled => {
                    order.quantity = left;
                    order.changed_at = at;
                    self.tell(place, events);
                }
                Some(_) => self.end(place, VenueState::Cancelled, Some("oco_filled"), at, events),
                None => self.end(place, VenueState::Cancelled, Some("oco_cancelled"), at, events),
            }
        }
    }
    /// A trade somebody makes at the venue itself: an order without an id of ours, filled at once. No stream tells it.
    pub fn trade_by_hand(&mut self, request: &OrderRequest, price: Price, at: Timestamp) {
        let number = self.count();
        let mut order = Held::new(request, number, None, at, at);
        order.client = None;
        let quantity = order.left();
        self.orders.push(order);
        self.fill(self.orders.len() - 1, quantity, price, at, &mut Vec::new());
    }
    /// Ends a working order.
    pub fn end(
        &mut self,
        place: usize,
        state: VenueState,
        reason: Option<&str>,
        at: Timestamp,
        events: &mut Vec<BrokerEvent>,
    ) {
        let number = self.count();
        let Some(order) = self.orders.get_mut(place).filter(|o| o.works()) else {
            return;
        };
        order.state = state;
        order.reason = reason.map(str::to_owned);
        order.ended = Some(number);
        order.changed_at = at;
        self.tell(place, events);
    }
    /// Cancels by id.
    pub fn cancel(
        &mut self,
        id: &ClientOrderId,
        at: Timestamp,
        events: &mut Vec<BrokerEvent>,
    ) -> CancelOutcome {
        let Some(place) = self.place_of(id) else {
            return CancelOutcome::NotFound;
        };
        // One leg takes its pair with it.
        let group = self.orders.get(place).and_then(|o| o.group.clone());
        self.end(place, VenueState::Cancelled, None, at, events);
        if let Some((group, slice)) = group {
            self.relieve(place, &group, slice, None, at, events);
        }
        let order = self.orders.get(place).and_then(Held::shown);
        order.map_or(CancelOutcome::NotFound, CancelOutcome::Done)
    }
    /// Puts a version of a group in force, in place of the one before.
    pub fn protect(
        &mut self,
        group: &ProtectionGroup,
        at: Timestamp,
        touch: Touch<'_>,
        events: &mut Vec<BrokerEvent>,
    ) -> Protected {
        let known = self.groups.get(&group.group_id).cloned().unwrap_or_default();
        if group.version > known.version {
            // A leg has filled, and whoever asks may not have heard of it yet: refused, once for each fill.
            let legs = known.legs.iter().filter_map(|place| self.orders.get(*place));
            let filled: Decimal = legs.map(|leg| leg.filled).sum();
            if filled > known.told {
                if let Some(known) = self.groups.get_mut(&group.group_id) {
                    known.told = filled;
                }
                return Protected::Rejected(refusal(ErrorKind::InvalidOrder, "leg_filled"));
            }
            if let Some(refused) = self.too_much(group) {
                return Protected::Rejected(refused);
            }
            for place in &known.legs {
                self.end(*place, VenueState::Cancelled, Some("group_replaced"), at, events);
            }
            let mut legs = Vec::new();
            for (k, slice) in group.slices.iter().enumerate() {
                for request in [slice.stop.as_ref(), slice.target.as_ref()].into_iter().flatten() {
                    let number = self.count();
                    let place = (group.group_id.clone(), k);
                    self.orders.push(Held::new(request, number, Some(place), at, at));
                    legs.push(self.orders.len() - 1);
                    self.tell(self.orders.len() - 1, events);
                }
            }
            let version = group.version;
            self.groups.insert(
                group.group_id.clone(),
                Group {
                    version,
                    legs,
                    told: Decimal::ZERO,
                },
            );
        }
        let legs = self.groups.get(&group.group_id).map(|g| g.legs.clone());
        let legs = legs.unwrap_or_default();
        for place in &legs {
            self.work(*place, at, touch, events);
        }
        Protected::Placed(
            legs.iter()
                .filter_map(|i| self.orders.get(*i).and_then(Held::shown))
                .collect(),
        )
    }
    /// Protection for more than is held is refused.
    fn too_much(&self, group: &ProtectionGroup) -> Option<Refusal> {
        let mut total = Decimal::ZERO;
        let mut instrument = None;
        for slice in &group.slices {
            let legs = [slice.stop.as_ref(), slice.target.as_ref()];
            let legs = legs.into_iter().flatten();
            total += legs.map(|r| r.quantity.value()).max().unwrap_or_default();
            instrument = instrument.or(slice.stop.as_ref().or(slice.target.as_ref()));
        }
        let instrument = &instrument?.instrument;
        (total > self.held(instrument).abs()).then(|| refusal(ErrorKind::InvalidOrder, "exceeds_position"))
    }
    pub fn open_orders(&self, now: Timestamp) -> Vec<VenueOrder> {
        let open = self.orders.iter().filter(|o| o.works() && o.visible_at <= now);
        open.filter_map(Held::shown).collect()
    }
    pub fn positions(&self) -> Vec<VenuePosition> {
        let shown = |(instrument, (quantity, average)): (&Instrument, &(Decimal, Price))| VenuePosition {
            instrument: instrument.clone(),
            quantity: *quantity,
            average_price: *average,
        };
        self.holdings.iter().map(shown).collect()
    }
    /// Cash and what is held at the prices of the moment.
    pub fn equity(&self, touch: Touch<'_>) -> Decimal {
        let worth = self
            .holdings
            .iter()
            .map(|(i, (q, _))| *q * touch(i).0.value() * i.multiplier());
        self.cash + worth.sum::<Decimal>()
    }
}

fn reduces(request: &OrderRequest, held: Decimal) -> bool {
    use ordercast_model::order::shape::OrderSide::{Buy, Sell};
    match request.side {
        Buy => held < Decimal::ZERO && request.quantity.value() <= held.abs(),
        Sell => held > Decimal::ZERO && request.quantity.value() <= held,
    }
}

//! One account's orders, fills and cash at the fake venue.

use std::collections::BTreeMap;

use ordercast_model::{
    instrument::Instrument,
    money::{Currency, Money, Price, Quantity},
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, OrderSide, ProtectionGroup},
    },
    outside::{Size, Terms},
    ports::broker::{ShownOrder, VenueFill, VenueOrder, VenuePosition, VenueState},
    time::Timestamp,
};
use rust_decimal::Decimal;

/// What an account begins with, in dollars.
const CASH: u32 = 100_000;

/// One version of a protection group: stop and target of each slice cancel one another.
#[derive(Debug, Clone, Default)]
struct Group {
    version: u32,
    slices: Vec<Vec<ClientOrderId>>,
}

#[derive(Debug, Clone)]
pub(super) struct Book {
    pub(super) orders: Vec<VenueOrder>,
    /// Orders that the account's owner placed there, past us.
    pub(super) outside: Vec<ShownOrder>,
    pub(super) fills: Vec<VenueFill>,
    pub(super) cash: Decimal,
    holdings: BTreeMap<Instrument, (Decimal, Price)>,
    groups: BTreeMap<String, Group>,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            orders: Vec::new(),
            outside: Vec::new(),
            fills: Vec::new(),
            cash: Decimal::from(CASH),
            holdings: BTreeMap::new(),
            groups: BTreeMap::new(),
        }
    }
}

impl Book {
    /// The newest order of an id.
    pub(super) fn find(&self, id: &ClientOrderId) -> Option<&VenueOrder> {
        self.orders
            .iter()
            .rev()
            .find(|order| order.client_order_id == *id)
    }
    fn working(&mut self, id: &ClientOrderId) -> Option<&mut VenueOrder> {
        self.orders
            .iter_mut()
            .rev()
            .find(|order| order.client_order_id == *id && !order.state.is_final())
    }
    pub(super) fn open(&mut self, request: &OrderRequest, at: Timestamp) -> VenueOrder {
        let order = VenueOrder {
            client_order_id: request.client_order_id.clone(),
            broker_order_id: format!("venue-{}", self.orders.len() + 1),
            instrument: request.instrument.clone(),
            side: request.side,
            quantity: request.quantity,
            state: VenueState::Working,
            filled: Quantity::ZERO,
            average_price: None,
            reason: None,
            at,
        };
        self.orders.push(order.clone());
        order
    }
    /// Fills a working order, never more than what is left of it.
    pub(super) fn fill(
        &mut self,
        id: &ClientOrderId,
        quantity: Quantity,
        price: Price,
        at: Timestamp,
    ) -> Option<(VenueOrder, VenueFill)> {
        let number = self.fills.len() + 1;
        let order = self.working(id)?;
        let quantity = quantity.min(order.quantity.minus_to_zero(order.filled));
        let filled = order.filled.plus(quantity).ok()?;
        let before = order
            .average_price
            .map_or(Decimal::ZERO, |p| p.value() * order.filled.value());
        let average = (before + price.value() * quantity.value()).checked_div(filled.value())?;
        order.filled = filled;
        order.average_price = Price::new(average).ok();
        order.state = if filled == order.quantity {
            VenueState::Filled
        } else {
            VenueState::PartiallyFilled
        };
        order.at = at;
        let order = order.clone();
        let fill = VenueFill {
            venue_fill_id: format!("fill-{number}"),
            client_order_id: Some(id.clone()),
            broker_order_id: order.broker_order_id.clone(),
            instrument: order.instrument.clone(),
            side: order.side,
            quantity,
            price,
            fee: Money::zero(Currency::USD),
            at,
            cursor: number.to_string(),
        };
        self.book(&fill);
        Some((order, fill))
    }
    /// Everything that works, whoever placed it.
    pub(super) fn working_now(&self) -> Vec<ShownOrder> {
        let ours = self.orders.iter().filter(|o| !o.state.is_final()).cloned();
        let theirs = self.outside.iter().filter(|o| !o.state.is_final()).cloned();
        ours.map(ShownOrder::from).chain(theirs).collect()
    }
    /// An order that is not ours begins to work; gives the venue's id.
    pub(super) fn place_by_hand(
        &mut self,
        (instrument, side, size): (&Instrument, OrderSide, Size),
        limit: Option<Price>,
        at: Timestamp,
    ) -> String {
        let broker_order_id = format!("by-hand-order-{}", self.outside.len() + 1);
        self.outside.push(ShownOrder {
            client_order_id: None,
            terms: Terms {
                broker_order_id: broker_order_id.clone(),
                instrument: instrument.clone(),
                side,
                size,
                filled: Quantity::ZERO,
                order_type: Some(if limit.is_some() { "limit" } else { "market" }.to_owned()),
                limit,
                stop: None,
            },
            state: VenueState::Working,
            average_price: None,
            reason: None,
            at,
        });
        broker_order_id
    }
    /// What becomes of an order that is not ours; false when there is none.
    pub(super) fn change_by_hand(
        &mut self,
        id: &str,
        (state, filled, average_price): (VenueState, Quantity, Option<Price>),
        at: Timestamp,
    ) -> bool {
        let found = self.outside.iter_mut().find(|o| o.terms.broker_order_id == id);
        let Some(order) = found else {
            return false;
        };
        order.state = state;
        order.terms.filled = filled;
        order.average_price = average_price;
        order.at = at;
        true
    }
    pub(super) fn by_hand(
        &mut self,
        instrument: &Instrument,
        (side, quantity, price): (OrderSide, Quantity, Price),
        listed: bool,
        at: Timestamp,
    ) {
        let number = self.fills.len() + 1;
        self.book(&VenueFill {
            venue_fill_id: format!("fill-{number}"),
            client_order_id: None,
            broker_order_id: format!("by-hand-{number}"),
            instrument: instrument.clone(),
            side,
            quantity,
            price,
            fee: Money::zero(Currency::USD),
            at,
            cursor: number.to_string(),
        });
        if !listed {
            self.fills.pop();
        }
    }
    fn book(&mut self, fill: &VenueFill) {
        let signed = match fill.side {
            OrderSide::Buy => fill.quantity.value(),
            OrderSide::Sell => -fill.quantity.value(),
        };
        self.cash -= signed * fill.price.value() * fill.instrument.multiplier();
        let held = self
            .holdings
            .entry(fill.instrument.clone())
            .or_insert((Decimal::ZERO, fill.price));
        let grown = held.0 + signed;
        if grown.abs() > held.0.abs() && !grown.is_zero() {
            let cost = held.0 * held.1.value() + signed * fill.price.value();
            held.1 = Price::new((cost / grown).abs()).unwrap_or(fill.price);
        }
        held.0 = grown;
        self.holdings.retain(|_, (quantity, _)| !quantity.is_zero());
        self.fills.push(fill.clone());
    }
    pub(super) fn end(
        &mut self,
        id: &ClientOrderId,
        state: VenueState,
        reason: Option<&str>,
        at: Timestamp,
    ) -> Option<VenueOrder> {
        let order = self.working(id)?;
        order.state = state;
        order.reason = reason.map(str::to_owned);
        order.at = at;
        Some(order.clone())
    }
    /// Puts a version of a group in force; an older or the same version changes nothing.
    pub(super) fn protect(&mut self, group: &ProtectionGroup, at: Timestamp) -> Vec<VenueOrder> {
        let known = self.groups.get(&group.group_id).cloned().unwrap_or_default();
        if group.version > known.version {
            for id in known.slices.iter().flatten() {
                self.end(id, VenueState::Cancelled, Some("replaced"), at);
            }
            let mut next = Group {
                version: group.version,
                slices: Vec::new(),
            };
            for slice in &group.slices {
                let requests = [slice.stop.as_ref(), slice.target.as_ref()];
                let legs = requests.into_iter().flatten();
                next.slices
                    .push(legs.map(|r| self.open(r, at).client_order_id).collect());
            }
            self.groups.insert(group.group_id.clone(), next);
        }
        let legs = self
            .groups
            .get(&group.group_id)
            .map(|g| g.slices.concat())
            .unwrap_or_default();
        legs.iter().filter_map(|id| self.find(id).cloned()).collect()
    }
    /// What a fill of one leg takes from the other legs of its slice; those with nothing left are cancelled. As the paper
    /// venue does it.
    pub(super) fn relieve(
        &mut self,
        filled: &ClientOrderId,
        quantity: Quantity,
        at: Timestamp,
    ) -> Vec<VenueOrder> {
        let slices = self.groups.values().flat_map(|g| &g.slices);
        let siblings: Vec<ClientOrderId> = slices
            .filter(|slice| slice.contains(filled))
            .flatten()
            .filter(|id| *id != filled)
            .cloned()
            .collect();
        let mut changed = Vec::new();
        for id in siblings {
            let Some(order) = self.working(&id) else {
                continue;
            };
            let left = order.quantity.minus_to_zero(quantity);
            if left > order.filled {
                order.quantity = left;
                order.at = at;
                changed.push(order.clone());
            } else {
                changed.extend(self.end(&id, VenueState::Cancelled, Some("oco_filled"), at));
            }
        }
        changed
    }
    pub(super) fn positions(&self) -> Vec<VenuePosition> {
        let position =
            |(instrument, (quantity, average_price)): (&Instrument, &(Decimal, Price))| VenuePosition {
                instrument: instrument.clone(),
                quantity: *quantity,
                average_price: *average_price,
            };
        self.holdings.iter().map(position).collect()
    }
    /// Cash and holdings at their entry prices: this venue has no market.
    pub(super) fn equity(&self) -> Decimal {
        let held = self
            .holdings
            .iter()
            .map(|(i, (quantity, price))| quantity * price.value() * i.multiplier());
        self.cash + held.sum::<Decimal>()
    }
}

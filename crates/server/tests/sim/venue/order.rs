//! One order in the venue's own ledger, from the instant it was received to its end.

use ordercast_model::{
    instrument::Instrument,
    money::{Price, Quantity},
    order::{
        identity::ClientOrderId,
        shape::{OrderRequest, OrderSide, OrderType},
    },
    ports::broker::{VenueOrder, VenueState},
    signal::instruction::{TimeInForce, TrailBy},
    time::Timestamp,
};
use rust_decimal::Decimal;

/// An order as the venue keeps it. Instants are true time; numbers count everything that happens at the venue.
#[derive(Debug, Clone)]
pub struct Held {
    /// Our id; orders placed by hand at the venue have none.
    pub client: Option<ClientOrderId>,
    pub broker_id: String,
    pub instrument: Instrument,
    pub side: OrderSide,
    pub kind: OrderType,
    /// What was asked for when it was received.
    pub asked: Decimal,
    /// What it is for now: one leg of a pair makes the other smaller.
    pub quantity: Decimal,
    pub filled: Decimal,
    /// Sum of price times quantity.
    pub paid: Decimal,
    pub state: VenueState,
    pub reason: Option<String>,
    pub reduce_only: bool,
    pub time_in_force: TimeInForce,
    /// The best price since it was received, for a stop that follows it.
    pub best: Option<Price>,
    /// Group and slice it belongs to.
    pub group: Option<(String, usize)>,
    pub received: u64,
    pub ended: Option<u64>,
    pub received_at: Timestamp,
    pub changed_at: Timestamp,
    /// Look-ups find it from then on.
    pub visible_at: Timestamp,
}

impl Held {
    pub fn new(
        request: &OrderRequest,
        number: u64,
        group: Option<(String, usize)>,
        at: Timestamp,
        visible_at: Timestamp,
    ) -> Self {
        let quantity = request.quantity.value();
        Self {
            client: Some(request.client_order_id.clone()),
            broker_id: format!("v{number}"),
            instrument: request.instrument.clone(),
            side: request.side,
            kind: request.order_type,
            asked: quantity,
            quantity,
            filled: Decimal::ZERO,
            paid: Decimal::ZERO,
            state: VenueState::Working,
            reason: None,
            reduce_only: request.reduce_only,
            time_in_force: request.time_in_force,
            best: None,
            group,
            received: number,
            ended: None,
            received_at: at,
            changed_at: at,
            visible_at,
        }
    }
    pub fn works(&self) -> bool {
        !self.state.is_final()
    }
    pub fn left(&self) -> Decimal {
        (self.quantity - self.filled).max(Decimal::ZERO)
    }
    /// How a quantity of it changes what is held.
    pub fn signed(&self, quantity: Decimal) -> Decimal {
        match self.side {
            OrderSide::Buy => quantity,
            OrderSide::Sell => -quantity,
        }
    }
    /// The price it fills at when bid and ask are these; none while it rests.
    pub fn fills_at(&self, bid: Price, ask: Price) -> Option<Price> {
        let (touch, buys) = match self.side {
            OrderSide::Buy => (ask, true),
            OrderSide::Sell => (bid, false),
        };
        let fills = match self.kind {
            OrderType::Market => true,
            OrderType::Limit { limit } => (buys && touch <= limit) || (!buys && touch >= limit),
            OrderType::Stop { stop } | OrderType::StopLimit { stop, .. } => {
                (buys && touch >= stop) || (!buys && touch <= stop)
            }
            OrderType::Trailing { .. } => self
                .trigger()
                .is_some_and(|stop| (buys && touch.value() >= stop) || (!buys && touch.value() <= stop)),
        };
        fills.then_some(touch)
    }
    /// A stop that follows the price takes a better one in.
    pub fn follow(&mut self, bid: Price, ask: Price) {
        if !matches!(self.kind, OrderType::Trailing { .. }) {
            return;
        }
        self.best = Some(match (self.side, self.best) {
            (OrderSide::Buy, best) => best.map_or(ask, |b| b.min(ask)),
            (OrderSide::Sell, best) => best.map_or(bid, |b| b.max(bid)),
        });
    }
    /// Where a stop stands that follows the price.
    fn trigger(&self) -> Option<Decimal> {
        let OrderType::Trailing { by } = self.kind else {
            return None;
        };
        let best = self.best?.value();
        let away = match by {
            TrailBy::Percent(percent) => best * percent / Decimal::ONE_HUNDRED,
            TrailBy::Amount(amount) => amount,
        };
        Some(match self.side {
            OrderSide::Buy => best + away,
            OrderSide::Sell => best - away,
        })
    }
    /// As the venue shows it.
    pub fn shown(&self) -> Option<VenueOrder> {
        let average = self.paid.checked_div(self.filled);
        Some(VenueOrder {
            client_order_id: self.client.clone()?,
            broker_order_id: self.broker_id.clone(),
            instrument: self.instrument.clone(),
            side: self.side,
            quantity: Quantity::new(self.quantity).ok()?,
            state: self.state,
            filled: Quantity::new(self.filled).ok()?,
            average_price: average.and_then(|p| Price::new(p).ok()),
            reason: self.reason.clone(),
            at: self.changed_at,
        })
    }
}

//! Orders that were placed at a broker by hand.

use ordercast_app::desk::outside::Line;
use ordercast_model::{instrument::AssetClass, order::shape::OrderSide, outside::Size};
use serde::Serialize;
use utoipa::ToSchema;

use super::{code, decimal, text};

/// An order that works at the broker and was placed there by hand. Nobody here changes or cancels it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutsideOrderView {
    /// The broker's id.
    pub broker_order_id: String,
    /// Connection.
    pub connection_id: String,
    /// Instrument as text.
    pub symbol: String,
    /// Its class.
    #[schema(value_type = code::AssetClass)]
    pub asset: AssetClass,
    /// Buy or sell.
    #[schema(value_type = code::OrderSide)]
    pub side: OrderSide,
    /// Units; null when it is for an amount.
    #[schema(required)]
    pub quantity: Option<String>,
    /// Amount of money; null when it is for units.
    #[schema(required)]
    pub amount: Option<String>,
    /// Units filled so far.
    pub filled: String,
    /// Type in the broker's word; null when it does not tell.
    #[schema(required)]
    pub order_type: Option<String>,
    /// Limit.
    #[schema(required)]
    pub limit_price: Option<String>,
    /// Trigger.
    #[schema(required)]
    pub stop_price: Option<String>,
    /// What limits count it with, in the account's currency; `0` when it only takes off a holding.
    pub counted: String,
    /// The same in a sentence: `buy 10 SPY limit 180.00`.
    pub words: String,
    /// When it was seen first.
    pub since: String,
}

impl From<Line> for OutsideOrderView {
    fn from(line: Line) -> Self {
        let terms = line.order.terms;
        let (quantity, amount) = match terms.size {
            Size::Units(units) => (Some(units.to_string()), None),
            Size::Amount(amount) => (None, Some(decimal(amount))),
        };
        Self {
            words: terms.to_string(),
            broker_order_id: terms.broker_order_id,
            connection_id: line.connection_id.to_string(),
            symbol: terms.instrument.to_string(),
            asset: terms.instrument.class(),
            side: terms.side,
            quantity,
            amount,
            filled: terms.filled.to_string(),
            order_type: terms.order_type,
            limit_price: text(terms.limit),
            stop_price: text(terms.stop),
            counted: decimal(line.counted),
            since: line.order.since.to_string(),
        }
    }
}

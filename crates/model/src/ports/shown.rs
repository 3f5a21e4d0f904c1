//! An order of any account at a venue, as the venue shows it: ours or somebody's who trades there by hand.

use super::broker::{VenueOrder, VenueState};
use crate::{
    money::Price,
    order::identity::ClientOrderId,
    outside::{Size, Terms},
    time::Timestamp,
};

/// An order as the venue shows it, whoever placed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownOrder {
    /// Its client order id, when that has the form of ours.
    pub client_order_id: Option<ClientOrderId>,
    /// What it asks for, and what of it is filled.
    pub terms: Terms,
    /// How it stands.
    pub state: VenueState,
    /// Average price of what is filled.
    pub average_price: Option<Price>,
    /// Why it ended, in the venue's words.
    pub reason: Option<String>,
    /// When it changed last, as the venue says.
    pub at: Timestamp,
}

impl ShownOrder {
    /// As one of ours; none when it carries no id of our form, or no number of units, which ours always do.
    #[must_use]
    pub fn ours(&self) -> Option<VenueOrder> {
        let Size::Units(quantity) = self.terms.size else {
            return None;
        };
        Some(VenueOrder {
            client_order_id: self.client_order_id.clone()?,
            broker_order_id: self.terms.broker_order_id.clone(),
            instrument: self.terms.instrument.clone(),
            side: self.terms.side,
            quantity,
            state: self.state,
            filled: self.terms.filled,
            average_price: self.average_price,
            reason: self.reason.clone(),
            at: self.at,
        })
    }
}

/// One of ours, of which the venue shows no terms beyond that.
impl From<VenueOrder> for ShownOrder {
    fn from(order: VenueOrder) -> Self {
        Self {
            client_order_id: Some(order.client_order_id),
            terms: Terms {
                broker_order_id: order.broker_order_id,
                instrument: order.instrument,
                side: order.side,
                size: Size::Units(order.quantity),
                filled: order.filled,
                order_type: None,
                limit: None,
                stop: None,
            },
            state: order.state,
            average_price: order.average_price,
            reason: order.reason,
            at: order.at,
        }
    }
}

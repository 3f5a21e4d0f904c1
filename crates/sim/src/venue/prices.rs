//! What the matching asks of whoever has the prices: the simulated market, or prices that were recorded.

use ordercast_model::{instrument::Instrument, time::Timestamp};
use rust_decimal::Decimal;

use crate::{
    market::{
        depth::BookSide,
        exchange::Market,
        listing::{Listing, UnknownSymbol},
        quote::Quote,
    },
    venue::{
        book::{self, Level, Taken},
        order::Order,
    },
};

/// Prices and sessions at this moment. Never looks ahead.
pub trait Prices {
    /// Time of the prices.
    fn now(&self) -> Timestamp;
    /// Steps and name of what is listed; options may have none of their own.
    fn listing(&self, symbol: &Instrument) -> Option<&Listing>;
    /// Best prices now.
    ///
    /// # Errors
    /// `UnknownSymbol`, by name.
    fn quote(&self, symbol: &Instrument) -> Result<Quote, UnknownSymbol>;
    /// Whether its session is open.
    fn is_open(&self, symbol: &Instrument) -> bool;
    /// Whether an order may meet the price of this moment.
    fn lets_trade(&self, order: &Order) -> bool;
    /// What can be taken from a side of the book, best first.
    fn levels(&self, quote: &Quote, tick: Decimal, side: BookSide, taken: &Taken) -> Vec<Level>;
}

impl Prices for Market {
    fn now(&self) -> Timestamp {
        Self::now(self)
    }
    fn listing(&self, symbol: &Instrument) -> Option<&Listing> {
        self.catalogue().get(symbol)
    }
    fn quote(&self, symbol: &Instrument) -> Result<Quote, UnknownSymbol> {
        Self::quote(self, symbol)
    }
    fn is_open(&self, symbol: &Instrument) -> bool {
        self.open(symbol.class())
    }
    fn lets_trade(&self, _order: &Order) -> bool {
        true
    }
    fn levels(&self, quote: &Quote, tick: Decimal, side: BookSide, taken: &Taken) -> Vec<Level> {
        book::levels(quote, &self.depth(quote), tick, side, taken)
    }
}

//! What the account's owner does at the fake venue by hand, past us. Decides nothing: a test says what.

use ordercast_model::{
    ids::ConnectionId,
    instrument::Instrument,
    money::{Price, Quantity},
    order::shape::OrderSide,
    outside::Size,
    ports::broker::VenueState,
};

use super::FakeBroker;

impl FakeBroker {
    /// A trade that the account's owner makes there, past us. `listed` among the executions, or seen in what is held only.
    pub fn by_hand(
        &self,
        connection: ConnectionId,
        instrument: &Instrument,
        (side, quantity, price): (OrderSide, Quantity, Price),
        listed: bool,
    ) {
        let at = self.clock.now();
        let mut venue = self.venue();
        let book = venue.books.entry(connection).or_default();
        book.by_hand(instrument, (side, quantity, price), listed, at);
    }
    /// An order that the account's owner places there, past us: it works until it is changed. Gives the venue's id.
    pub fn place_by_hand(
        &self,
        connection: ConnectionId,
        what: (&Instrument, OrderSide, Size),
        limit: Option<Price>,
    ) -> String {
        let at = self.clock.now();
        let mut venue = self.venue();
        let book = venue.books.entry(connection).or_default();
        book.place_by_hand(what, limit, at)
    }
    /// What becomes of such an order: its state, what of it is filled, and at which average; false when there is none.
    pub fn change_by_hand(
        &self,
        connection: ConnectionId,
        id: &str,
        to: (VenueState, Quantity, Option<Price>),
    ) -> bool {
        let at = self.clock.now();
        let mut venue = self.venue();
        let book = venue.books.entry(connection).or_default();
        book.change_by_hand(id, to, at)
    }
}

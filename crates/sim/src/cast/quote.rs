//! What the cast may ask of a market.

use crate::market::board::QuoteBoard;
use ordercast_model::instrument::Instrument;
use rust_decimal::Decimal;

/// Live prices. Any closure of the same shape will do.
pub trait Quotes: Send + Sync {
    /// Best bid and ask of a share, an option or a coin; `None` for what is not quoted.
    fn quote(&self, instrument: &Instrument) -> Option<(Decimal, Decimal)>;
}

impl<F> Quotes for F
where
    F: Fn(&Instrument) -> Option<(Decimal, Decimal)> + Send + Sync,
{
    fn quote(&self, instrument: &Instrument) -> Option<(Decimal, Decimal)> {
        self(instrument)
    }
}

impl Quotes for QuoteBoard {
    fn quote(&self, instrument: &Instrument) -> Option<(Decimal, Decimal)> {
        Self::quote(self, instrument).map(|quote| (quote.bid, quote.ask))
    }
}

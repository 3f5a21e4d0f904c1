//! Quotes, bars, instruments and sessions.

use ordercast_app::desk::market::Hours;
use ordercast_model::{
    instrument::AssetClass,
    market::{InstrumentRules, Quote},
    ports::market::Bar,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{code, decimal, text};

/// Bid, ask and last trade.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuoteView {
    /// Instrument as text.
    pub symbol: String,
    /// Best bid.
    pub bid: String,
    /// Best ask.
    pub ask: String,
    /// Last trade.
    pub last: String,
    /// Units traded today.
    pub volume: String,
    /// Change since the previous close, per cent.
    pub change_pct: String,
    /// When.
    pub at: String,
}

impl From<Quote> for QuoteView {
    fn from(quote: Quote) -> Self {
        Self {
            symbol: quote.instrument.to_string(),
            bid: quote.bid.to_string(),
            ask: quote.ask.to_string(),
            last: quote.last.to_string(),
            volume: decimal(quote.volume),
            change_pct: decimal(quote.change_pct),
            at: quote.at.to_string(),
        }
    }
}

/// Quotes, and the symbols that have none.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuotesView {
    /// Quotes.
    pub items: Vec<QuoteView>,
    /// Symbols asked for that the venue does not know.
    pub unknown: Vec<String>,
}

/// One bar.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BarView {
    /// Start of the bar.
    pub at: String,
    /// First trade.
    pub open: String,
    /// Highest trade.
    pub high: String,
    /// Lowest trade.
    pub low: String,
    /// Last trade.
    pub close: String,
    /// Units traded.
    pub volume: String,
}

impl From<Bar> for BarView {
    fn from(bar: Bar) -> Self {
        Self {
            at: bar.at.to_string(),
            open: bar.open.to_string(),
            high: bar.high.to_string(),
            low: bar.low.to_string(),
            close: bar.close.to_string(),
            volume: decimal(bar.volume),
        }
    }
}

/// A venue's rules for one instrument.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InstrumentView {
    /// Instrument as text.
    pub symbol: String,
    /// Its class.
    #[schema(value_type = code::AssetClass)]
    pub asset: AssetClass,
    /// Price step.
    pub tick: String,
    /// Quantity step.
    pub lot: String,
    /// Least quantity.
    pub quantity_min: String,
    /// Least order value.
    pub notional_min: String,
    /// Trading is on.
    pub tradable: bool,
    /// May be sold short.
    pub shortable: bool,
}

impl From<InstrumentRules> for InstrumentView {
    fn from(rules: InstrumentRules) -> Self {
        Self {
            symbol: rules.instrument.to_string(),
            asset: rules.instrument.class(),
            tick: decimal(rules.tick),
            lot: decimal(rules.lot),
            quantity_min: decimal(rules.quantity_min),
            notional_min: decimal(rules.notional_min),
            tradable: rules.tradable,
            shortable: rules.shortable,
        }
    }
}

/// The session of one asset class at one venue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionHoursView {
    /// Venue.
    pub venue: String,
    /// Class.
    #[schema(value_type = code::AssetClass)]
    pub asset: AssetClass,
    /// Instrument the venue was asked about.
    pub symbol: String,
    /// Open now.
    pub open: bool,
    /// Next open, when closed.
    #[schema(required)]
    pub next_open: Option<String>,
    /// Next close, when open; null = never.
    #[schema(required)]
    pub next_close: Option<String>,
}

impl From<Hours> for SessionHoursView {
    fn from(hours: Hours) -> Self {
        Self {
            venue: hours.venue,
            asset: hours.instrument.class(),
            symbol: hours.instrument.to_string(),
            open: hours.session.open,
            next_open: text(hours.session.next_open),
            next_close: text(hours.session.next_close),
        }
    }
}

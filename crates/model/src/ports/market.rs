//! Quotes, rules and sessions: what risk compares an order with.

use serde::{Deserialize, Serialize};

use super::BoxFuture;
use crate::{
    instrument::Instrument,
    market::{InstrumentRules, Quote, Session},
    money::Price,
    time::Timestamp,
};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarketError {
    /// The venue does not know the symbol.
    #[error("{0} is not known at this venue")]
    UnknownSymbol(String),
    /// The venue does not answer.
    #[error("market data is unavailable: {0}")]
    Unavailable(String),
}

/// One bar of a price chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the usual four and the volume")]
pub struct Bar {
    pub at: Timestamp,
    pub open: Price,
    pub high: Price,
    pub low: Price,
    pub close: Price,
    #[serde(with = "crate::money::decimal_text")]
    pub volume: rust_decimal::Decimal,
}

/// Market data of one venue. Every call is safe to repeat.
pub trait Market: Send + Sync {
    /// The newest quote held in memory, if any. Never waits.
    fn latest(&self, instrument: &Instrument) -> Option<Quote>;
    /// The newest quote, asking the venue when memory has none.
    fn quote<'a>(&'a self, instrument: &'a Instrument) -> BoxFuture<'a, Result<Quote, MarketError>>;
    /// The rules of an instrument by any spelling the venue takes (`BTC`, `BTCUSDT`, `AAPL 2026-12-18 150 C`).
    fn rules<'a>(&'a self, symbol: &'a str) -> BoxFuture<'a, Result<InstrumentRules, MarketError>>;
    /// Everything listed (options by model are not).
    fn list(&self) -> BoxFuture<'_, Result<Vec<InstrumentRules>, MarketError>>;
    /// Whether the instrument's session is open.
    fn session<'a>(&'a self, instrument: &'a Instrument) -> BoxFuture<'a, Result<Session, MarketError>>;
    /// Bars, oldest first, at most `limit`.
    fn bars<'a>(
        &'a self,
        instrument: &'a Instrument,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Bar>, MarketError>>;
}

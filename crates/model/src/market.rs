//! What a venue says about an instrument right now: its rules, its quote, its session.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    instrument::Instrument,
    money::{Price, decimal_text},
    time::Timestamp,
};

/// Bid, ask and last trade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Of what.
    pub instrument: Instrument,
    /// Best bid.
    pub bid: Price,
    /// Best ask.
    pub ask: Price,
    /// Last trade.
    pub last: Price,
    /// Units traded today.
    #[serde(with = "decimal_text")]
    pub volume: Decimal,
    /// Change since the previous close, per cent.
    #[serde(with = "decimal_text")]
    pub change_pct: Decimal,
    /// When.
    pub at: Timestamp,
}

/// A venue's rules for one instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstrumentRules {
    /// In our spelling.
    pub instrument: Instrument,
    /// Price step.
    #[serde(with = "decimal_text")]
    pub tick: Decimal,
    /// Quantity step.
    #[serde(with = "decimal_text")]
    pub lot: Decimal,
    /// Least quantity.
    #[serde(with = "decimal_text")]
    pub quantity_min: Decimal,
    /// Least order value.
    #[serde(with = "decimal_text")]
    pub notional_min: Decimal,
    /// Trading is on.
    pub tradable: bool,
    /// May be sold short.
    pub shortable: bool,
}

/// Whether an instrument's session is open, and when that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Open now.
    pub open: bool,
    /// Next open, when closed; none when never.
    pub next_open: Option<Timestamp>,
    /// Next close, when open; none when never (coins).
    pub next_close: Option<Timestamp>,
}

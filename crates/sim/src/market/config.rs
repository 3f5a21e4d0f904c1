//! Decides what can be set of the simulated market, and why there is none.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::market::{
    calendar::Calendar,
    tape::{TAPE_BAR_STEPS, TapeError},
};

/// How the market is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MarketConfig {
    /// The same seed gives the same prices.
    pub seed: u64,
    /// How much faster than the wall clock, 0.01 to 1,000.
    pub speed: f64,
    /// Sessions of equities and options.
    pub calendar: Calendar,
    /// A file or folder of the user's own bars; other listings stay simulated.
    pub csv: Option<PathBuf>,
    /// Steps (0.1 s of market time) in which one bar of a file is played.
    pub csv_bar_steps: u32,
    /// Seconds of market time simulated before the start, so that bars and clusters exist.
    pub warm_up_seconds: u32,
}

impl Default for MarketConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            speed: 1.0,
            calendar: Calendar::default(),
            csv: None,
            csv_bar_steps: TAPE_BAR_STEPS,
            warm_up_seconds: 60,
        }
    }
}

/// Why there is no market.
#[derive(Debug, thiserror::Error)]
pub enum MarketError {
    /// The user's bars.
    #[error("market bars: {0}")]
    Tape(#[from] TapeError),
    /// A file of bars is named after nothing.
    #[error("market bars: the file name {0:?} names no equity or coin pair")]
    TapeName(String),
    /// The saved state is of another program or damaged.
    #[error("market state: {0}")]
    State(String),
}

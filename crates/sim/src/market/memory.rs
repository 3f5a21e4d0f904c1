//! Decides what of the market is written down, and how it goes on from there. Refuses a state it did not write.

use ordercast_model::{instrument::Instrument, time::Timestamp};
use serde::{Deserialize, Serialize};

use crate::market::{
    calendar::Pace,
    config::MarketError,
    exchange::{Line, Market},
    noise::{Noise, NoiseState},
    process::Climate,
};

/// What is written down to go on from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MarketState {
    version: u32,
    market_micros: i64,
    steps: u64,
    noise: NoiseState,
    climate: Climate,
    lines: Vec<(Instrument, Line)>,
}

impl Market {
    /// What `restore` takes. Bars are not part of it.
    #[must_use]
    pub fn save(&self) -> MarketState {
        MarketState {
            version: 1,
            market_micros: self.stepped,
            steps: self.steps,
            noise: self.noise.state(),
            climate: self.climate,
            lines: self.lines.iter().map(|(i, l)| (i.clone(), l.clone())).collect(),
        }
    }

    /// Goes on from a saved state at a wall time; listings that the state does not know stay as they are.
    ///
    /// # Errors
    /// `MarketError::State`.
    pub fn restore(&mut self, state: MarketState, now: Timestamp) -> Result<(), MarketError> {
        if state.version != 1 {
            return Err(MarketError::State(format!(
                "expected version 1, got {}",
                state.version
            )));
        }
        self.noise = Noise::restore(&state.noise)
            .ok_or_else(|| MarketError::State("the generator's position is not readable".to_owned()))?;
        self.climate = state.climate;
        self.stepped = state.market_micros;
        self.steps = state.steps;
        self.pace = Pace::new(now, self.stepped, self.config.speed);
        self.now = now;
        for (instrument, mut saved) in state.lines {
            if let Some(line) = self.lines.get_mut(&instrument) {
                saved.bars = std::mem::take(&mut line.bars);
                *line = saved;
            }
        }
        Ok(())
    }
}

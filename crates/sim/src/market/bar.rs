//! Decides how prices are gathered into bars. Refuses to keep more than a fixed number of them.

use std::collections::VecDeque;

use ordercast_model::{money::decimal_text, time::Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::market::quote::near_tick;

/// Market time of one bar.
pub const BAR_MICROS: i64 = 5_000_000;
/// Bars kept per listing; the oldest goes first.
pub const BAR_COUNT_MAX: usize = 500;

/// Prices of one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// Wall-clock time of its beginning.
    pub time: Timestamp,
    /// First price.
    #[serde(with = "decimal_text")]
    pub open: Decimal,
    /// Highest price.
    #[serde(with = "decimal_text")]
    pub high: Decimal,
    /// Lowest price.
    #[serde(with = "decimal_text")]
    pub low: Decimal,
    /// Last price.
    #[serde(with = "decimal_text")]
    pub close: Decimal,
    /// Units traded.
    #[serde(with = "decimal_text")]
    pub volume: Decimal,
}

#[derive(Debug, Clone, Copy)]
struct Rough {
    start: i64,
    time: Timestamp,
    prices: [f64; 4],
    volume: Decimal,
}

/// The latest bars of one listing.
#[derive(Debug, Clone, Default)]
pub struct Bars(VecDeque<Rough>);

impl Bars {
    /// Takes in a price at a market time, with what was traded since the last one.
    pub fn push(&mut self, market_micros: i64, wall: Timestamp, price: f64, volume: Decimal) {
        let start = market_micros - market_micros.rem_euclid(BAR_MICROS);
        match self.0.back_mut() {
            Some(bar) if bar.start == start => {
                let [_, high, low, close] = &mut bar.prices;
                *high = high.max(price);
                *low = low.min(price);
                *close = price;
                bar.volume = bar.volume.checked_add(volume).unwrap_or(bar.volume);
            }
            _ => {
                if self.0.len() >= BAR_COUNT_MAX {
                    self.0.pop_front();
                }
                self.0.push_back(Rough {
                    start,
                    time: wall,
                    prices: [price; 4],
                    volume,
                });
            }
        }
    }
    /// The newest bars, oldest first, on the tick.
    #[must_use]
    pub fn latest(&self, limit: usize, tick: Decimal) -> Vec<Bar> {
        let skip = self.0.len().saturating_sub(limit);
        let made = |b: &Rough| {
            let [open, high, low, close] = b.prices.map(|p| near_tick(p, tick));
            Bar {
                time: b.time,
                open,
                high,
                low,
                close,
                volume: b.volume,
            }
        };
        self.0.iter().skip(skip).map(made).collect()
    }
}

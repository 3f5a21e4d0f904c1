//! Decides when which class trades, in market time, and how market time runs beside the wall clock.
//! The simulated market has its own short sessions, unless it is told to keep the exchange's hours.

use ordercast_model::{instrument::AssetClass, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Microseconds of one step of the market.
pub const QUANTUM_MICROS: i64 = 100_000;
/// Steps caught up at most at once; a longer pause of the host is skipped.
pub const CATCH_UP_MAX: i64 = 6_000;

/// Lengths of the open and the closed part of a session of equities and options, in market time. Coins never close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Calendar {
    /// Seconds open.
    pub open_seconds: u32,
    /// Seconds closed; 0: always open.
    pub closed_seconds: u32,
    /// Equities and options trade when the exchange does, by the wall clock; the lengths above do not count then.
    pub exchange: bool,
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            open_seconds: 50,
            closed_seconds: 10,
            exchange: false,
        }
    }
}

impl Calendar {
    /// A market that never closes.
    pub const ALWAYS: Self = Self {
        open_seconds: 3_600,
        closed_seconds: 0,
        exchange: false,
    };

    fn open_micros(self) -> i64 {
        i64::from(self.open_seconds.max(1)) * 1_000_000
    }
    fn cycle(self) -> i64 {
        self.open_micros() + i64::from(self.closed_seconds) * 1_000_000
    }
    /// Whether a class trades at a market time.
    #[must_use]
    pub fn open(self, class: AssetClass, market_micros: i64) -> bool {
        match class {
            AssetClass::Crypto => true,
            _ => self.closed_seconds == 0 || market_micros.rem_euclid(self.cycle()) < self.open_micros(),
        }
    }
    /// Market times of the next opening and the next close after a market time; `None` for what never closes.
    #[must_use]
    pub fn next(self, class: AssetClass, market_micros: i64) -> Option<(i64, i64)> {
        if class == AssetClass::Crypto || self.closed_seconds == 0 {
            return None;
        }
        let into = market_micros.rem_euclid(self.cycle());
        let start = market_micros - into;
        let close = if into < self.open_micros() {
            start
        } else {
            start + self.cycle()
        };
        Some((start + self.cycle(), close + self.open_micros()))
    }
}

/// Market time beside the wall clock: it stands still while the program is down and runs `speed` times as fast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    wall: i64,
    market: i64,
    speed: f64,
}

impl Pace {
    /// At this wall time the market shows this time.
    #[must_use]
    pub fn new(wall: Timestamp, market_micros: i64, speed: f64) -> Self {
        Self {
            wall: wall.micros(),
            market: market_micros,
            speed: if speed.is_finite() {
                speed.clamp(0.01, 1_000.0)
            } else {
                1.0
            },
        }
    }
    /// How much faster than the wall clock.
    #[must_use]
    pub const fn speed(self) -> f64 {
        self.speed
    }
    /// Market time at a wall time.
    #[must_use]
    pub fn market(self, wall: Timestamp) -> i64 {
        self.market + ((wall.micros() - self.wall) as f64 * self.speed) as i64
    }
    /// Wall time at which the market shows a time.
    #[must_use]
    pub fn wall(self, market_micros: i64) -> Timestamp {
        Timestamp::from_micros(self.wall + ((market_micros - self.market) as f64 / self.speed).ceil() as i64)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn sessions_open_and_close_and_coins_do_not() {
        let calendar = Calendar::default();
        let s = 1_000_000;
        for (at, open, next) in [
            (0, true, (60 * s, 50 * s)),
            (49 * s, true, (60 * s, 50 * s)),
            (50 * s, false, (60 * s, 110 * s)),
            (60 * s, true, (120 * s, 110 * s)),
        ] {
            assert_eq!(calendar.open(AssetClass::Equity, at), open, "{at}");
            assert_eq!(calendar.next(AssetClass::Option, at), Some(next), "{at}");
            assert!(calendar.open(AssetClass::Crypto, at));
        }
        assert!(Calendar::ALWAYS.open(AssetClass::Equity, i64::from(i32::MAX)));
    }

    #[test]
    fn speed_scales_both_ways() {
        let pace = Pace::new(Timestamp::from_seconds(100), 0, 5.0);
        assert_eq!(pace.market(Timestamp::from_seconds(110)), 50_000_000);
        assert_eq!(pace.wall(50_000_000), Timestamp::from_seconds(110));
    }
}

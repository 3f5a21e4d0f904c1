//! Decides what a series of recorded bars says about time: when a bar ends, when a session does. Refuses to read files.

use std::time::Duration;

use ordercast_model::time::Timestamp;
use rust_decimal::Decimal;

/// Sessions of shorter bars end with a gap of at least this much.
const GAP_MIN: Duration = Duration::from_secs(15 * 60);
/// Bars from this length on hold a whole session each.
const LONG_BAR: Duration = Duration::from_secs(12 * 3_600);
/// Long bars follow each other over weekends and holidays.
const LONG_GAP: Duration = Duration::from_secs(5 * 86_400);
/// A session counts as open this long before its first bar, so that what waited for it meets the open.
pub const PRE_OPEN: Duration = Duration::from_secs(1);

/// Prices of one stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// Its beginning.
    pub at: Timestamp,
    /// First price.
    pub open: Decimal,
    /// Highest price.
    pub high: Decimal,
    /// Lowest price.
    pub low: Decimal,
    /// Last price.
    pub close: Decimal,
}

/// The bars of one instrument, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    bars: Vec<Bar>,
    length: Duration,
    gap: Duration,
}

impl Series {
    /// Bars in any order; `None` when there is none. Their usual distance is their length.
    #[must_use]
    pub fn new(mut bars: Vec<Bar>) -> Option<Self> {
        bars.sort_by_key(|b| b.at);
        bars.dedup_by_key(|b| b.at);
        bars.first()?;
        let mut steps: Vec<Duration> = bars.windows(2).map(|w| w[1].at.since(w[0].at)).collect();
        steps.sort_unstable();
        let length = steps.get(steps.len() / 2).copied().unwrap_or(LONG_BAR * 2);
        let gap = if length >= LONG_BAR {
            LONG_GAP.max(length * 2)
        } else {
            GAP_MIN.max(length * 3)
        };
        Some(Self { bars, length, gap })
    }
    /// The bars.
    #[must_use]
    pub fn bars(&self) -> &[Bar] {
        &self.bars
    }
    /// Usual distance between two bars.
    #[must_use]
    pub const fn length(&self) -> Duration {
        self.length
    }
    /// Index of the first bar that begins after an instant.
    #[must_use]
    pub fn after(&self, at: Timestamp) -> usize {
        self.bars.partition_point(|b| b.at <= at)
    }
    /// Index of the bar that began last, at or before an instant.
    #[must_use]
    pub fn begun(&self, at: Timestamp) -> Option<usize> {
        self.after(at).checked_sub(1)
    }
    /// When a bar ends: after its length, or when the next one begins.
    #[must_use]
    pub fn end(&self, index: usize) -> Option<Timestamp> {
        let own = self.bars.get(index)?.at.plus(self.length);
        Some(self.bars.get(index + 1).map_or(own, |next| own.min(next.at)))
    }
    /// The newest price known at an instant: the open of a bar that goes on, else the last close.
    #[must_use]
    pub fn known(&self, at: Timestamp) -> Option<Decimal> {
        let index = self.begun(at)?;
        let bar = self.bars.get(index)?;
        Some(if self.end(index)? <= at {
            bar.close
        } else {
            bar.open
        })
    }
    /// Whether the bar after this one belongs to the same session.
    fn goes_on(&self, index: usize) -> bool {
        match (self.end(index), self.bars.get(index + 1)) {
            (Some(end), Some(next)) => next.at.since(end) <= self.gap,
            _ => false,
        }
    }
    /// Whether orders for the day end with this bar.
    #[must_use]
    pub fn ends_day(&self, index: usize) -> bool {
        self.length >= LONG_BAR || !self.goes_on(index)
    }
    /// Whether its session is open, and when it opens next when it is not. That bars exist is calendar knowledge;
    /// their prices are not looked at.
    #[must_use]
    pub fn session(&self, at: Timestamp) -> (bool, Option<Timestamp>) {
        let next = self.bars.get(self.after(at)).map(|b| b.at.minus(PRE_OPEN));
        let going = self
            .begun(at)
            .is_some_and(|i| self.goes_on(i) || self.end(i).is_some_and(|end| at < end));
        if going || next.is_some_and(|open| open <= at) {
            (true, None)
        } else {
            (false, next)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn bar(minute: i64) -> Bar {
        let price = Decimal::from(minute + 1);
        Bar {
            at: Timestamp::from_seconds(minute * 60),
            open: price,
            high: price + Decimal::ONE,
            low: price - Decimal::ONE,
            close: price + Decimal::new(5, 1),
        }
    }

    #[test]
    fn a_price_is_known_from_its_instant_on() {
        let series = Series::new([0, 1, 2, 600, 601].map(bar).to_vec()).unwrap();
        let known = |second| {
            series
                .known(Timestamp::from_seconds(second))
                .map(|p| p.to_string())
        };
        for (second, expected) in [
            (-1, None),
            (0, Some("1")),
            (59, Some("1")),
            (60, Some("2")),
            (179, Some("3")),
            (180, Some("3.5")),
            (35_999, Some("3.5")),
            (36_000, Some("601")),
        ] {
            assert_eq!(known(second).as_deref(), expected, "{second}");
        }
    }

    #[test]
    fn a_gap_ends_the_session_and_a_missing_bar_does_not() {
        let series = Series::new([0, 1, 4, 5, 600, 601].map(bar).to_vec()).unwrap();
        let session = |second| series.session(Timestamp::from_seconds(second));
        let opens = Timestamp::from_seconds(36_000).minus(PRE_OPEN);
        for (second, expected) in [
            (-60, (false, Some(Timestamp::from_seconds(-1)))),
            (130, (true, None)),
            (359, (true, None)),
            (360, (false, Some(opens))),
            (35_999, (true, None)),
            (40_000, (false, None)),
        ] {
            assert_eq!(session(second), expected, "{second}");
        }
        assert!(series.ends_day(3) && !series.ends_day(1));
    }
}

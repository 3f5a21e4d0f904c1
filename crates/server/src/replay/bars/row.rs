//! Decides which columns hold a bar and whether a row is one. Refuses to know where the row stands.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use ordercast_model::time::Timestamp;
use ordercast_sim::history::bar::Bar;
use rust_decimal::Decimal;

/// Names of the column with a bar's beginning, in lower case; a column without a name is one as well.
const TIMES: [&str; 10] = [
    "time",
    "timestamp",
    "date",
    "datetime",
    "open_time",
    "opentime",
    "t",
    "ts",
    "",
    "__index_level_0__",
];

/// Places of the columns: time, open, high, low, close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    pub time: usize,
    pub prices: [usize; 4],
}

impl Columns {
    /// Without a header: time, open, high, low, close, then whatever.
    pub const USUAL: Self = Self {
        time: 0,
        prices: [1, 2, 3, 4],
    };
    /// By the names of a header.
    ///
    /// # Errors
    /// The column that is missing.
    pub fn find<S: AsRef<str>>(names: &[S]) -> Result<Self, String> {
        let lower: Vec<String> = names
            .iter()
            .map(|n| n.as_ref().trim().to_ascii_lowercase())
            .collect();
        let place = |wanted: &str| {
            let long = lower.iter().position(|n| n == wanted);
            long.or_else(|| {
                lower
                    .iter()
                    .position(|n| n.len() == 1 && wanted.starts_with(n.as_str()))
            })
            .ok_or_else(|| format!("column {wanted} is missing; expected time, open, high, low, close"))
        };
        let time = TIMES.iter().find_map(|t| lower.iter().position(|n| n == t));
        Ok(Self {
            time: time.ok_or("column time is missing; expected time, open, high, low, close")?,
            prices: [place("open")?, place("high")?, place("low")?, place("close")?],
        })
    }
}

/// Makes a bar.
///
/// # Errors
/// What was expected, by field.
pub fn bar(at: Timestamp, prices: [Decimal; 4]) -> Result<Bar, String> {
    for (price, name) in prices.iter().zip(["open", "high", "low", "close"]) {
        if *price <= Decimal::ZERO {
            return Err(format!("{name}: expected a price above 0, got {price}"));
        }
    }
    let [open, high, low, close] = prices;
    if high < open.max(close) || low > open.min(close) {
        return Err(format!(
            "high and low: expected them around open and close, got {high} and {low} around {open} and {close}"
        ));
    }
    Ok(Bar {
        at,
        open,
        high,
        low,
        close,
    })
}

/// A price of at most ten places: what is beyond is noise of floating point.
///
/// # Errors
/// When it is no number.
pub fn price(name: &str, text: &str) -> Result<Decimal, String> {
    let parsed = Decimal::from_str_exact(text)
        .or_else(|_| text.parse::<Decimal>())
        .or_else(|_| Decimal::from_scientific(text));
    parsed
        .map(|p| p.round_dp(10).normalize())
        .map_err(|_| format!("{name}: expected a price above 0, got {text:?}"))
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, by size.
#[must_use]
pub fn epoch(number: i64) -> Option<Timestamp> {
    let micros = match number {
        100_000_000..100_000_000_000 => number.checked_mul(1_000_000)?,
        100_000_000_000..100_000_000_000_000 => number.checked_mul(1_000)?,
        100_000_000_000_000..100_000_000_000_000_000 => number,
        100_000_000_000_000_000.. => number / 1_000,
        _ => return None,
    };
    Some(Timestamp::from_micros(micros))
}

/// A bar's beginning; without a zone it is UTC.
#[must_use]
pub fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return epoch(number);
    }
    let zoned = ["%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%d %H:%M:%S%.f%#z"];
    let plain = [
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
        "%m/%d/%Y %H:%M:%S",
        "%m/%d/%Y %H:%M",
    ];
    let days = ["%Y-%m-%d", "%m/%d/%Y", "%Y%m%d"];
    let micros = DateTime::parse_from_rfc3339(text)
        .ok()
        .or_else(|| zoned.iter().find_map(|f| DateTime::parse_from_str(text, f).ok()))
        .map(|t| t.timestamp_micros())
        .or_else(|| {
            let plain = plain
                .iter()
                .find_map(|f| NaiveDateTime::parse_from_str(text, f).ok());
            plain.map(|t| t.and_utc().timestamp_micros())
        })
        .or_else(|| {
            let day = days.iter().find_map(|f| NaiveDate::parse_from_str(text, f).ok());
            day.map(|d| d.and_time(NaiveTime::MIN).and_utc().timestamp_micros())
        })?;
    Some(Timestamp::from_micros(micros))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn times_are_read_as_programs_write_them() {
        for text in [
            "2026-03-02T14:30:00Z",
            "2026-03-02 14:30:00",
            "2026-03-02 14:30:00+00:00",
            "2026-03-02 09:30:00-05:00",
            "2026-03-02T14:30:00.000000",
            "1772461800",
            "1772461800000",
            "1772461800000000",
            "1772461800000000000",
        ] {
            assert_eq!(
                time(text).unwrap().to_string(),
                "2026-03-02T14:30:00.000000Z",
                "{text}"
            );
        }
        assert!(time("yesterday").is_none() && time("12").is_none());
    }

    #[test]
    fn columns_are_found_by_name() {
        let found = Columns::find(&["", "Open", "High", "Low", "Close", "Volume"]).unwrap();
        assert_eq!(found, Columns::USUAL);
        let found = Columns::find(&["symbol", "t", "o", "h", "l", "c"]).unwrap();
        assert_eq!(found.prices, [2, 3, 4, 5]);
        assert!(
            Columns::find(&["time", "open", "high", "low"])
                .unwrap_err()
                .contains("close")
        );
    }
}

//! Decides how instants are written and compared. Refuses to know what time it is now.

use std::{fmt, str::FromStr, time::Duration};

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant in UTC, in microseconds since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// Why a text is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an RFC 3339 time such as 2026-11-23T14:30:00Z, got {0:?}")]
pub struct TimeError(pub String);

impl Timestamp {
    /// From microseconds since 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    /// From milliseconds since 1970, saturating.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }
    /// From seconds since 1970, saturating.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }
    /// Microseconds since 1970.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }
    /// Milliseconds since 1970, rounded down.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }
    /// Seconds since 1970, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }
    /// This instant later by `span`, saturating.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)),
        )
    }
    /// This instant earlier by `span`, saturating.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(span.as_micros()).unwrap_or(i64::MAX)),
        )
    }
    /// Time since `earlier`; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
    /// As a calendar date and time in UTC; the epoch when out of chrono's range.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }
    /// The calendar date in UTC.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        self.utc().date_naive()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        DateTime::parse_from_rfc3339(text.trim())
            .map(|t| Self(t.timestamp_micros()))
            .map_err(|_| TimeError(text.chars().take(40).collect()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

/// The zone in which a connection's session day runs from 00:00 to 24:00 (PRODUCT section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionZone {
    /// Eastern time, for connections that trade equities or options.
    NewYork,
    /// For connections that trade crypto only.
    Utc,
}

impl SessionZone {
    /// The session day that holds `at`, daylight saving included.
    #[must_use]
    pub fn day_of(self, at: Timestamp) -> NaiveDate {
        match self {
            Self::Utc => at.date(),
            Self::NewYork => chrono_tz::America::New_York
                .from_utc_datetime(&at.utc().naive_utc())
                .date_naive(),
        }
    }
    /// The first instant of a session day. Where a clock change removes midnight, the first instant that exists.
    #[must_use]
    pub fn start_of(self, day: NaiveDate) -> Timestamp {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        let utc = match self {
            Self::Utc => midnight.and_utc(),
            Self::NewYork => chrono_tz::America::New_York
                .from_local_datetime(&midnight)
                .earliest()
                .map_or_else(|| midnight.and_utc(), |t| t.with_timezone(&Utc)),
        };
        Timestamp(utc.timestamp_micros())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn text_round_trips_to_the_microsecond() {
        let at: Timestamp = "2026-11-28T01:02:03.000004Z".parse().unwrap();
        assert_eq!(at.to_string(), "2026-11-28T01:02:03.000004Z");
        assert_eq!(
            "2026-11-27T20:02:03.000004-05:00".parse::<Timestamp>().unwrap(),
            at
        );
        assert!("yesterday".parse::<Timestamp>().is_err());
    }

    #[test]
    fn session_day_follows_new_york_across_daylight_saving() {
        let winter: Timestamp = "2026-11-24T04:59:59Z".parse().unwrap();
        let summer: Timestamp = "2026-07-24T04:00:00Z".parse().unwrap();
        assert_eq!(SessionZone::NewYork.day_of(winter).to_string(), "2026-11-23");
        assert_eq!(SessionZone::NewYork.day_of(summer).to_string(), "2026-07-24");
        assert_eq!(
            SessionZone::NewYork.start_of(SessionZone::NewYork.day_of(summer)),
            summer
        );
    }
}

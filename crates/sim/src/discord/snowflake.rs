//! Discord's ids: milliseconds since the Discord epoch, shifted by 22 bits, unique and increasing.
//! Knows nothing of what the ids name.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// First millisecond of 2015 in UTC, where Discord's ids begin to count.
pub const DISCORD_EPOCH_MILLIS: i64 = 1_420_070_400_000;

/// An id as Discord writes it: a decimal string in JSON, a 64-bit number inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Snowflake(pub u64);

impl Snowflake {
    /// The smallest id of a moment, given in Unix milliseconds. Moments before 2015 count as 2015.
    pub fn at_millis(unix_millis: i64) -> Self {
        let since = unix_millis.saturating_sub(DISCORD_EPOCH_MILLIS).max(0);
        Self(u64::try_from(since).unwrap_or(0) << 22)
    }

    /// The moment inside the id, in Unix milliseconds.
    pub fn unix_millis(self) -> i64 {
        i64::try_from(self.0 >> 22)
            .unwrap_or(i64::MAX)
            .saturating_add(DISCORD_EPOCH_MILLIS)
    }
}

impl fmt::Display for Snowflake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Snowflake {
    type Err = NotASnowflake;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse::<u64>() {
            Ok(value) if value > 0 => Ok(Self(value)),
            _ => Err(NotASnowflake),
        }
    }
}

/// The text is not a positive decimal number of 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: a positive decimal number was expected")]
pub struct NotASnowflake;

impl Serialize for Snowflake {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Snowflake {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl de::Visitor<'_> for Visit {
            type Value = Snowflake;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id as a decimal string")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Snowflake, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Snowflake, E> {
                Ok(Snowflake(value))
            }
        }
        deserializer.deserialize_any(Visit)
    }
}

/// Hands out ids that only ever grow, also when the clock stands still or steps back.
#[derive(Debug, Default)]
pub(crate) struct SnowflakeSource {
    last: u64,
}

impl SnowflakeSource {
    /// The next id at a moment (Unix microseconds).
    pub(crate) fn next(&mut self, unix_micros: i64) -> Snowflake {
        let base = Snowflake::at_millis(unix_micros.div_euclid(1_000)).0;
        self.last = base.max(self.last.saturating_add(1));
        Snowflake(self.last)
    }

    /// Remembers an id that exists already, so that later ones are greater.
    pub(crate) fn seen(&mut self, id: Snowflake) {
        self.last = self.last.max(id.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_although_the_clock_does_not() {
        let mut source = SnowflakeSource::default();
        let micros = 1_700_000_000_123_456;
        let first = source.next(micros);
        let second = source.next(micros);
        let third = source.next(micros - 5_000_000);
        assert!(first < second && second < third);
        assert_eq!(first.unix_millis(), 1_700_000_000_123);
        assert_eq!(first.0 & 0x3f_ffff, 0);
    }

    #[test]
    fn an_id_is_text_in_json() {
        let id: Snowflake = serde_json::from_str("\"175928847299117063\"").unwrap_or(Snowflake(1));
        assert_eq!(id.unix_millis(), 1_462_015_105_796);
        assert_eq!(
            serde_json::to_string(&id).unwrap_or_default(),
            "\"175928847299117063\""
        );
    }
}

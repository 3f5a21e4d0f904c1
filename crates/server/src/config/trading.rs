//! Whether real money may be traded at all, how often venues are asked, and how much of what they allow is used.

use std::time::Duration;

use ordercast_model::ports::allowance::Headroom;
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{reader::Reader, setting, value};

/// Section `trading`.
#[derive(Debug, Clone, PartialEq)]
pub struct Trading {
    /// Time between two comparisons with the venues.
    pub sync_interval: Duration,
    /// Longest time in which nothing is heard of a connection.
    pub health_interval: Duration,
    /// How much of vendors' rate limits is used.
    pub headroom: Headroom,
    /// Whether accounts with real money may be connected at all.
    pub live: bool,
}

/// 0.1 to 0.9, in hundredths.
fn headroom(given: &str) -> Result<Headroom, String> {
    let given: Decimal = given.parse().map_err(|_| String::new())?;
    let hundredths = given.checked_mul(Decimal::ONE_HUNDRED);
    let whole = hundredths.filter(Decimal::is_integer).and_then(|h| h.to_u32());
    whole.and_then(Headroom::percent).ok_or_else(String::new)
}

impl Trading {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let every = reader.value(setting::SYNC_INTERVAL, value::duration_between::<15, 300>);
        let health = reader.value(setting::HEALTH_INTERVAL, value::duration_between::<60, 900>);
        Self {
            sync_interval: every.unwrap_or(Duration::from_secs(60)),
            health_interval: health.unwrap_or(Duration::from_secs(300)),
            headroom: reader.value(setting::RATE_HEADROOM, headroom).unwrap_or_default(),
            live: reader
                .value(setting::LIVE_TRADING, value::switch)
                .unwrap_or(false),
        }
    }
}

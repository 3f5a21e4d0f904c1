//! Whether real money may be traded at all, and how often the books are held against the venues.

use std::time::Duration;

use super::{reader::Reader, setting, value};

/// Section `trading`.
#[derive(Debug, Clone, PartialEq)]
pub struct Trading {
    /// Time between two comparisons with the venues.
    pub sync_interval: Duration,
    /// Whether accounts with real money may be connected at all.
    pub live: bool,
}

impl Trading {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let every = reader.value(setting::SYNC_INTERVAL, value::duration_between::<15, 300>);
        Self {
            sync_interval: every.unwrap_or(Duration::from_secs(60)),
            live: reader
                .value(setting::LIVE_TRADING, value::switch)
                .unwrap_or(false),
        }
    }
}

//! How often the books are held against the venues.

use std::time::Duration;

use super::{reader::Reader, setting, value};

/// Section `trading`.
#[derive(Debug, Clone, PartialEq)]
pub struct Trading {
    /// Time between two comparisons with the venues.
    pub sync_interval: Duration,
}

impl Trading {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let every = reader.value(setting::SYNC_INTERVAL, value::duration_between::<15, 300>);
        Self {
            sync_interval: every.unwrap_or(Duration::from_secs(60)),
        }
    }
}

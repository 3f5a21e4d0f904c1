//! What a user wants to be told in private, how far telling has come, and what was sent. Refuses to know any chat.

use chrono::{TimeZone, Timelike};
use serde::{Deserialize, Serialize};

use crate::{chat::Posted, ids::UserId, time::Timestamp};

/// Minutes in a day.
const DAY_MINUTES: u32 = 24 * 60;

/// Hours in which only what cannot wait is told. May run over midnight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// Minute of the day they begin, 0 to 1439.
    pub from: u32,
    /// Minute of the day they end.
    pub to: u32,
    /// Name of the time zone (`Europe/Berlin`).
    pub zone: String,
}

impl QuietHours {
    /// Hours of a day, when they read.
    #[must_use]
    pub fn new(from: u32, to: u32, zone: &str) -> Option<Self> {
        let good = from < DAY_MINUTES && to < DAY_MINUTES && from != to;
        let zone: chrono_tz::Tz = zone.parse().ok()?;
        good.then(|| Self {
            from,
            to,
            zone: zone.name().to_owned(),
        })
    }
    /// Whether the instant is within them.
    #[must_use]
    pub fn hold(&self, at: Timestamp) -> bool {
        let zone: chrono_tz::Tz = self.zone.parse().unwrap_or(chrono_tz::UTC);
        let local = zone.from_utc_datetime(&at.utc().naive_utc());
        let minute = local.hour() * 60 + local.minute();
        if self.from < self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        }
    }
}

/// What a user wants to be told in private, and how commands are confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeSettings {
    /// Whose.
    pub user_id: UserId,
    /// Rises with every change.
    pub version: u64,
    /// Private messages at all.
    pub enabled: bool,
    /// Fills and closed positions.
    pub fills: bool,
    /// Refusals by risk or venue.
    pub refusals: bool,
    /// Limits, locks, kills.
    pub limits: bool,
    /// Trouble with a venue, an order or protection. Told in quiet hours as well.
    pub outages: bool,
    /// When the rest waits.
    pub quiet: Option<QuietHours>,
    /// Whether `/buy`, `/sell` and `/close` show a card first.
    pub confirm_slash: bool,
    /// Last change.
    pub updated_at: Timestamp,
}

impl NoticeSettings {
    /// The defaults: everything is told at once, and every order is confirmed.
    #[must_use]
    pub const fn new(user_id: UserId, at: Timestamp) -> Self {
        Self {
            user_id,
            version: 0,
            enabled: true,
            fills: true,
            refusals: true,
            limits: true,
            outages: true,
            quiet: None,
            confirm_slash: true,
            updated_at: at,
        }
    }
}

/// How far a reader of the journal has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    /// Name of the reader; its key.
    pub name: String,
    /// Rises with every step.
    pub version: u64,
    /// Place of the next entry to be read.
    pub next: u64,
}

/// A message that was sent and may be changed later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCard {
    /// What it is about (the id of an approval); its key.
    pub about: String,
    /// Whose.
    pub user_id: UserId,
    /// Rises with every change.
    pub version: u64,
    /// Where it stands.
    pub posted: Posted,
    /// When it was sent.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(from: u32, to: u32, at: &str, want: bool) {
        let hours = QuietHours::new(from, to, "Europe/Berlin").unwrap();
        assert_eq!(hours.hold(at.parse().unwrap()), want, "{from}-{to} at {at}");
    }

    #[test]
    fn quiet_hours_run_over_midnight_in_the_users_own_zone() {
        check(22 * 60, 7 * 60, "2026-01-10T21:30:00Z", true);
        check(22 * 60, 7 * 60, "2026-01-10T20:30:00Z", false);
        check(22 * 60, 7 * 60, "2026-07-10T20:30:00Z", true);
        check(22 * 60, 7 * 60, "2026-01-10T06:00:00Z", false);
        check(8 * 60, 9 * 60, "2026-01-10T07:59:00Z", true);
        assert!(QuietHours::new(60, 60, "UTC").is_none());
        assert!(QuietHours::new(60, 1_440, "UTC").is_none());
        assert!(QuietHours::new(60, 90, "Mars/Base").is_none());
    }
}

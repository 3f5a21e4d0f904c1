//! What the vault's master keys are used for: which version is in force, who has it, what was told. Never holds a key.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// A day of the calendar, in UTC.
pub type Day = NaiveDate;

/// The one keyring of a deployment.
pub const MASTER: &str = "master";
/// How far behind the version in force a key may be and still open (PRODUCT SEC-04).
pub const REACH: u32 = 2;
/// A process that was not seen for so many seconds counts as gone.
pub const SEEN_WITHIN_SECONDS: u64 = 60;

/// Which master key is in force, and how far the change to it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyring {
    /// [`MASTER`]; its key.
    pub name: String,
    /// Rises with every change.
    pub version: u64,
    /// Version of the master key that seals.
    pub active: u32,
    /// Since when.
    pub since: Timestamp,
    /// When everything was last found to be under it; none while a rotation is under way.
    pub done_at: Option<Timestamp>,
    /// The last year whose yearly rotation was made; the year of the first start counts as made.
    pub year: i32,
    /// Digest keys of older versions by version and purpose, wrapped by a newer master key, so that what was made with
    /// them is known when their master key is gone.
    #[serde(default)]
    pub digests: BTreeMap<String, DigestKey>,
    /// Running processes by name.
    #[serde(default)]
    pub holders: BTreeMap<String, Holder>,
    /// Days of this year on which platform admins were told that the next key is missing.
    #[serde(default)]
    pub told: BTreeSet<NaiveDate>,
}

/// A digest key of an older version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestKey {
    /// The version of the master key it was made from.
    pub version: u32,
    /// What it is for.
    pub purpose: String,
    /// Version of the master key that wraps it.
    pub master_version: u32,
    /// Nonce and ciphertext, base64.
    pub wrapped: String,
}

/// What a running process has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Versions it was given, oldest first.
    pub versions: Vec<u32>,
    /// The version it seals with.
    pub active: u32,
    /// Whether it takes in new keys without a restart.
    pub reloads: bool,
    /// When it was last seen.
    pub seen_at: Timestamp,
}

/// What is said of a missing key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It will be needed on 1 January; the day is the one that is told of.
    Soon(NaiveDate),
    /// It was needed on 1 January.
    Overdue(NaiveDate),
}

impl Missing {
    /// The day that is told of.
    #[must_use]
    pub const fn day(self) -> NaiveDate {
        match self {
            Self::Soon(day) | Self::Overdue(day) => day,
        }
    }
}

impl DigestKey {
    /// Its place in the keyring.
    #[must_use]
    pub fn place(version: u32, purpose: &str) -> String {
        format!("{version} {purpose}")
    }
}

impl Keyring {
    /// A keyring that is begun now.
    #[must_use]
    pub fn begun(active: u32, now: Timestamp) -> Self {
        Self {
            name: MASTER.to_owned(),
            version: 1,
            active,
            since: now,
            done_at: None,
            year: now.date().year(),
            digests: BTreeMap::new(),
            holders: BTreeMap::new(),
            told: BTreeSet::new(),
        }
    }
    /// The keyring with another version in force, and with the digest keys of those before it.
    #[must_use]
    pub fn advanced(&self, to: u32, digests: Vec<DigestKey>, yearly: bool, now: Timestamp) -> Self {
        let placed = digests
            .into_iter()
            .map(|key| (DigestKey::place(key.version, &key.purpose), key));
        let mut ring = Self {
            version: self.version + 1,
            active: to,
            since: now,
            done_at: None,
            digests: placed.collect(),
            ..self.clone()
        };
        if yearly {
            ring.year = now.date().year();
            ring.told.clear();
        }
        ring
    }
    /// Whether data keys under this version may still be opened.
    #[must_use]
    pub const fn reaches(&self, version: u32) -> bool {
        reaches(self.active, version)
    }
    /// Whether this year's rotation is still to be made.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        now.date().year() > self.year
    }
    /// What must be told now of a key that is missing: `newest` is the newest version that is configured. In December
    /// the last of the three days that has come, from 1 January that the rotation is overdue (PRODUCT SEC-05).
    #[must_use]
    pub fn missing(&self, newest: u32, now: Timestamp) -> Option<Missing> {
        if newest > self.active {
            return None;
        }
        let today = now.date();
        let said = if self.is_due(now) {
            NaiveDate::from_ymd_opt(today.year(), 1, 1).map(Missing::Overdue)
        } else if today.month() == 12 {
            let due = [25, 15, 1].into_iter().find(|day| *day <= today.day());
            due.and_then(|day| NaiveDate::from_ymd_opt(today.year(), 12, day))
                .map(Missing::Soon)
        } else {
            None
        };
        said.filter(|said| !self.told.contains(&said.day()))
    }
    /// Processes that run, and do not satisfy.
    pub fn running<'a>(
        &'a self,
        now: Timestamp,
        satisfies: impl Fn(&Holder) -> bool + 'a,
    ) -> impl Iterator<Item = (&'a String, &'a Holder)> {
        self.holders
            .iter()
            .filter(move |(_, holder)| now.since(holder.seen_at).as_secs() < SEEN_WITHIN_SECONDS)
            .filter(move |(_, holder)| !satisfies(holder))
    }
}

/// Whether a version is near enough to the one in force to be opened.
#[must_use]
pub const fn reaches(active: u32, version: u32) -> bool {
    version.saturating_add(REACH) >= active
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation fails the test")]
    use super::*;

    fn at(text: &str) -> Timestamp {
        let at = chrono::DateTime::parse_from_rfc3339(text).unwrap();
        Timestamp::from_micros(at.timestamp_micros())
    }

    #[test]
    fn the_next_key_is_missed_on_three_days_and_overdue_in_january() {
        let mut ring = Keyring::begun(3, at("2026-06-01T00:00:00Z"));
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        for (now, newest, want) in [
            ("2026-11-30T23:59:59Z", 3, None),
            ("2026-12-01T00:00:00Z", 3, Some(Missing::Soon(day("2026-12-01")))),
            ("2026-12-01T00:00:00Z", 4, None),
            ("2026-12-14T12:00:00Z", 3, None),
            ("2026-12-15T00:00:00Z", 3, Some(Missing::Soon(day("2026-12-15")))),
            ("2026-12-31T23:59:59Z", 3, Some(Missing::Soon(day("2026-12-25")))),
            (
                "2027-01-01T00:00:00Z",
                3,
                Some(Missing::Overdue(day("2027-01-01"))),
            ),
            ("2027-03-01T00:00:00Z", 3, None),
            ("2027-03-01T00:00:00Z", 4, None),
        ] {
            let said = ring.missing(newest, at(now));
            assert_eq!(said, want, "{now}");
            ring.told.extend(said.map(Missing::day));
        }
        assert!(!ring.is_due(at("2026-12-31T23:59:59Z")) && ring.is_due(at("2027-01-01T00:00:00Z")));
    }

    #[test]
    fn two_versions_behind_are_within_reach() {
        let ring = Keyring::begun(4, at("2026-06-01T00:00:00Z"));
        assert_eq!([1, 2, 3, 4].map(|v| ring.reaches(v)), [false, true, true, true]);
    }
}

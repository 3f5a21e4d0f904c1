//! What a vendor allows a program to ask for, as data, and what is told when much of it is used. Refuses to know who asks.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ids::ConnectionId;

/// What a vendor counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Each request is one.
    Request,
    /// Each request has a weight.
    Weight,
    /// Orders only.
    Order,
}

/// Who shares an allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shared {
    /// Everybody at the venue.
    Venue,
    /// Whoever trades one account.
    Account,
    /// Everybody behind our address.
    Address,
}

/// How much of a vendor's allowance we take, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headroom(u32);

impl Headroom {
    /// The least that may be set.
    pub const LEAST: u32 = 10;
    /// The most that may be set.
    pub const MOST: u32 = 90;

    /// 10 to 90 hundredths; none for another.
    #[must_use]
    pub const fn percent(percent: u32) -> Option<Self> {
        if percent >= Self::LEAST && percent <= Self::MOST {
            Some(Self(percent))
        } else {
            None
        }
    }
    /// In hundredths.
    #[must_use]
    pub const fn hundredths(self) -> u32 {
        self.0
    }
}

impl Default for Headroom {
    /// Half (PRODUCT BR-21).
    fn default() -> Self {
        Self(50)
    }
}

/// One allowance of a vendor: so many over any stretch of `window`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// What is counted.
    pub unit: Unit,
    /// Over whom.
    pub shared: Shared,
    /// Over which time, in seconds.
    pub window_seconds: u64,
    /// What the vendor allows.
    pub vendor: u32,
    /// What we take of it.
    pub ours: u32,
}

impl Allowance {
    /// Our part of what a vendor allows; one at least.
    #[must_use]
    pub fn of(unit: Unit, shared: Shared, (vendor, window_seconds): (u32, u64), part: Headroom) -> Self {
        let ours = u64::from(vendor) * u64::from(part.hundredths()) / 100;
        Self {
            unit,
            shared,
            window_seconds,
            vendor,
            ours: u32::try_from(ours).unwrap_or(vendor).max(1),
        }
    }
    /// The time over which it is counted.
    #[must_use]
    pub const fn window(&self) -> Duration {
        Duration::from_secs(self.window_seconds)
    }
    /// What of ours is kept for cancels and exits: a tenth (PRODUCT BR-21).
    #[must_use]
    pub const fn kept(&self) -> u32 {
        self.ours / 10
    }
}

/// A connection uses four fifths of an allowance or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strain {
    /// Whose requests they are.
    pub connection: ConnectionId,
    /// Name of the venue.
    pub venue: String,
    /// What is used.
    pub used: u32,
    /// Of how many.
    pub ours: u32,
    /// Over which time.
    pub window: Duration,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ours_is_a_part_of_the_vendors() {
        for (vendor, percent, ours, kept) in [
            (200, 50, 100, 10),
            (200, 90, 180, 18),
            (200, 10, 20, 2),
            (6_000, 50, 3_000, 300),
            (3, 10, 1, 0),
        ] {
            let part = Headroom::percent(percent).unwrap();
            let allowance = Allowance::of(Unit::Request, Shared::Account, (vendor, 60), part);
            assert_eq!(
                (allowance.ours, allowance.kept()),
                (ours, kept),
                "{vendor} {percent}"
            );
        }
        assert!(Headroom::percent(9).is_none() && Headroom::percent(91).is_none());
    }
}

//! A user's trading windows (PRODUCT RK-07): on which days, from when to when, in which zone. Decides whether an instant is
//! in one and when the next one starts. Refuses to know sessions and venues.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Timelike, Utc, Weekday};
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// Days on which a start is looked for: a week, and the day on both sides that another zone may shift it to.
const SEARCH_DAYS: u64 = 9;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Day {
    const fn of(day: Weekday) -> Self {
        match day {
            Weekday::Mon => Self::Mon,
            Weekday::Tue => Self::Tue,
            Weekday::Wed => Self::Wed,
            Weekday::Thu => Self::Thu,
            Weekday::Fri => Self::Fri,
            Weekday::Sat => Self::Sat,
            Weekday::Sun => Self::Sun,
        }
    }
    const fn word(self) -> &'static str {
        match self {
            Self::Mon => "Mon",
            Self::Tue => "Tue",
            Self::Wed => "Wed",
            Self::Thu => "Thu",
            Self::Fri => "Fri",
            Self::Sat => "Sat",
            Self::Sun => "Sun",
        }
    }
}

/// What was expected of a window, and is not so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadWindow(pub String);

/// A time of day to the minute, `00:00` to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Minute(u16);

impl FromStr for Minute {
    type Err = BadWindow;
    fn from_str(text: &str) -> Result<Self, BadWindow> {
        let bad = || BadWindow(format!("expected a time of day such as 09:30, got {text:?}"));
        let (hour, minute) = text.split_once(':').ok_or_else(bad)?;
        let two = |part: &str| (part.len() == 2).then(|| part.parse::<u16>().ok()).flatten();
        let (hour, minute) = two(hour).zip(two(minute)).ok_or_else(bad)?;
        let all = hour * 60 + minute;
        if minute < 60 && all <= DAY {
            Ok(Self(all))
        } else {
            Err(bad())
        }
    }
}
impl TryFrom<String> for Minute {
    type Error = BadWindow;
    fn try_from(text: String) -> Result<Self, BadWindow> {
        text.parse()
    }
}
impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}
impl From<Minute> for String {
    fn from(minute: Minute) -> Self {
        minute.to_string()
    }
}

/// A zone by its name in the IANA database, as `America/New_York`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(chrono_tz::Tz);

impl FromStr for Zone {
    type Err = BadWindow;
    fn from_str(text: &str) -> Result<Self, BadWindow> {
        text.parse()
            .map(Self)
            .map_err(|_| BadWindow(format!("expected a zone such as America/New_York, got {text:?}")))
    }
}
impl TryFrom<String> for Zone {
    type Error = BadWindow;
    fn try_from(text: String) -> Result<Self, BadWindow> {
        text.parse()
    }
}
impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0.name().to_owned()
    }
}

/// Days and hours in which positions may be opened. One that ends at or before its start ends on the day after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Days on which it starts.
    pub days: Vec<Day>,
    /// Its first minute.
    pub from: Minute,
    /// The minute at which it is over.
    pub to: Minute,
    /// Whose days and hours these are.
    pub zone: Zone,
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days: Vec<&str> = self.days.iter().map(|day| day.word()).collect();
        write!(
            f,
            "{} {}-{} {}",
            days.join(" "),
            self.from,
            self.to,
            self.zone.0.name()
        )
    }
}

impl Window {
    /// The window with its days in order.
    ///
    /// # Errors
    /// Without days, or when it would start where it ends.
    pub fn checked(mut self) -> Result<Self, BadWindow> {
        self.days.sort_unstable();
        self.days.dedup();
        if self.days.is_empty() {
            return Err(BadWindow("expected at least one day from mon to sun".to_owned()));
        }
        if self.from == self.to || self.from.0 == DAY {
            return Err(BadWindow(format!(
                "expected a start that is not its end, got {} to {}; 00:00 to 24:00 is a whole day",
                self.from, self.to
            )));
        }
        Ok(self)
    }

    const fn crosses_midnight(&self) -> bool {
        self.to.0 < self.from.0
    }

    /// Whether an instant is in it.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        let local = at.utc().with_timezone(&self.zone.0);
        let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0);
        let today = Day::of(local.weekday());
        let yesterday = Day::of(local.weekday().pred());
        let starts = |day: Day| self.days.contains(&day);
        if self.crosses_midnight() {
            (starts(today) && minute >= self.from.0) || (starts(yesterday) && minute < self.to.0)
        } else {
            starts(today) && (self.from.0..self.to.0).contains(&minute)
        }
    }

    /// When it starts next after an instant.
    fn next_start(&self, after: Timestamp) -> Option<Timestamp> {
        let today = after.utc().with_timezone(&self.zone.0).date_naive();
        (0..SEARCH_DAYS)
            .filter_map(|n| today.checked_add_days(Days::new(n)))
            .filter(|day| self.days.contains(&Day::of(day.weekday())))
            .filter_map(|day| self.start_on(day))
            .find(|start| *start > after)
    }

    /// Its start on a day; where clocks go forward over it, the first instant after.
    fn start_on(&self, day: NaiveDate) -> Option<Timestamp> {
        let first = u32::from(self.from.0);
        (first..first.saturating_add(180)).find_map(|minute| {
            let time = NaiveTime::from_hms_opt((minute / 60) % 24, minute % 60, 0)?;
            let instant: DateTime<Utc> = self
                .zone
                .0
                .from_local_datetime(&day.and_time(time))
                .earliest()?
                .with_timezone(&Utc);
            Some(Timestamp::from_micros(instant.timestamp_micros()))
        })
    }

    /// Whether it lies in another one, by the days and hours of one zone. Two zones are not compared.
    #[must_use]
    pub fn lies_in(&self, other: &Self) -> bool {
        let end = |w: &Self| {
            if w.crosses_midnight() {
                w.to.0 + DAY
            } else {
                w.to.0
            }
        };
        self.zone == other.zone
            && self.days.iter().all(|day| other.days.contains(day))
            && self.from >= other.from
            && end(self) <= end(other)
    }
}

/// Whether an instant is in one of the windows; always, when there are none.
#[must_use]
pub fn holds(windows: &[Window], at: Timestamp) -> bool {
    windows.is_empty() || windows.iter().any(|window| window.holds(at))
}

/// The first instant from one on that is in a window.
#[must_use]
pub fn next(windows: &[Window], from: Timestamp) -> Option<Timestamp> {
    if holds(windows, from) {
        return Some(from);
    }
    windows.iter().filter_map(|window| window.next_start(from)).min()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation fails the test")]
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }
    fn window(days: &[Day], from: &str, to: &str, zone: &str) -> Window {
        Window {
            days: days.to_vec(),
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            zone: zone.parse().unwrap(),
        }
    }
    const WEEK: [Day; 5] = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri];

    #[test]
    fn a_window_holds_its_hours_in_its_zone() {
        let morning = window(&WEEK, "10:00", "12:00", "America/New_York");
        let night = window(&[Day::Fri], "22:00", "02:00", "Europe/Berlin");
        let whole = window(&[Day::Sun], "00:00", "24:00", "UTC");
        for (which, now, inside) in [
            (&morning, "2026-11-30T15:00:00Z", true), // Monday, 10:00 in winter
            (&morning, "2026-11-30T14:59:59Z", false),
            (&morning, "2026-11-30T17:00:00Z", false),
            (&morning, "2026-07-06T14:00:00Z", true), // 10:00 in summer
            (&morning, "2026-11-29T15:00:00Z", false), // Sunday
            (&night, "2026-11-27T21:00:00Z", true),   // Friday, 22:00
            (&night, "2026-11-28T00:59:00Z", true),   // Saturday, 01:59
            (&night, "2026-11-28T01:00:00Z", false),
            (&night, "2026-11-28T21:30:00Z", false), // Saturday evening
            (&night, "2026-11-27T00:30:00Z", false), // Friday, 01:30: Thursday's night
            (&whole, "2026-11-29T23:59:59Z", true),
            (&whole, "2026-11-30T00:00:00Z", false),
        ] {
            assert_eq!(which.holds(at(now)), inside, "{which} at {now}");
        }
    }

    #[test]
    fn the_next_start_is_exact() {
        let morning = window(&WEEK, "10:00", "12:00", "America/New_York");
        let night = window(&[Day::Sun], "02:30", "04:00", "Europe/Berlin");
        for (windows, now, want) in [
            (
                vec![morning.clone()],
                "2026-11-27T17:30:00Z",
                "2026-11-30T15:00:00Z",
            ), // Friday noon
            (
                vec![morning.clone()],
                "2026-11-30T15:30:00Z",
                "2026-11-30T15:30:00Z",
            ), // inside
            (
                vec![morning.clone()],
                "2026-11-30T12:00:00Z",
                "2026-11-30T15:00:00Z",
            ), // the same day
            (vec![], "2026-11-28T03:00:00Z", "2026-11-28T03:00:00Z"),
            // 02:30 does not exist on the night on which clocks go forward.
            (vec![night], "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
            (
                vec![morning, window(&[Day::Sat], "09:00", "10:00", "Asia/Tokyo")],
                "2026-11-27T17:30:00Z",
                "2026-11-28T00:00:00Z",
            ),
        ] {
            assert_eq!(next(&windows, at(now)), Some(at(want)), "{now}");
        }
    }

    #[test]
    fn what_is_no_window_is_refused_in_words() {
        for (text, want) in [
            ("9:30", "expected a time of day such as 09:30, got \"9:30\""),
            ("24:01", "expected a time of day such as 09:30, got \"24:01\""),
            ("10:60", "expected a time of day such as 09:30, got \"10:60\""),
        ] {
            assert_eq!(text.parse::<Minute>().unwrap_err().to_string(), want);
        }
        assert!("Mars/Olympus".parse::<Zone>().is_err());
        let same = window(&WEEK, "10:00", "10:00", "UTC");
        assert!(same.checked().is_err());
        assert!(window(&[], "10:00", "11:00", "UTC").checked().is_err());
        let sorted = window(&[Day::Fri, Day::Mon, Day::Fri], "10:00", "11:00", "UTC").checked();
        assert_eq!(sorted.unwrap().to_string(), "Mon Fri 10:00-11:00 UTC");
    }

    #[test]
    fn a_window_lies_in_another() {
        let outer = window(&WEEK, "22:00", "06:00", "UTC");
        for (inner, inside) in [
            (window(&[Day::Mon], "23:00", "05:00", "UTC"), true),
            (window(&[Day::Mon], "23:00", "23:30", "UTC"), true),
            (window(&[Day::Mon], "21:00", "05:00", "UTC"), false),
            (window(&[Day::Sat], "23:00", "05:00", "UTC"), false),
            (window(&[Day::Mon], "23:00", "05:00", "Europe/London"), false),
        ] {
            assert_eq!(inner.lies_in(&outer), inside, "{inner}");
        }
    }
}

//! Decides when shares and options trade in the United States: the rules of the New York Stock Exchange's published
//! holidays and hours (nyse.com/markets/hours-calendars), in Eastern time with daylight saving. Refuses to know halts.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};

use crate::{instrument::AssetClass, market::Session, time::Timestamp};

/// Days on which the exchange stayed closed by a decision of its own.
const CLOSED_BY_DECISION: [(i32, u32, u32); 6] = [
    (2012, 10, 29), // storm
    (2012, 10, 30), // storm
    (2018, 12, 5),  // day of mourning
    (2007, 1, 2),   // day of mourning
    (2004, 6, 11),  // day of mourning
    (2025, 1, 9),   // day of mourning
];
/// Longest run of days without a session that is looked through.
const SEARCH_DAYS: u64 = 14;

/// Hours of one trading day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// First trade before the open (04:00 ET).
    pub early: Timestamp,
    /// The open (09:30 ET).
    pub open: Timestamp,
    /// The close (16:00 ET, 13:00 ET on half days).
    pub close: Timestamp,
    /// Last trade after the close (20:00 ET, 17:00 ET on half days).
    pub late: Timestamp,
}

/// What part of the day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nothing trades.
    Closed,
    /// Before the open.
    Pre,
    /// The regular session.
    Regular,
    /// After the close.
    Post,
}

/// Hours of a day; none on weekends and holidays.
#[must_use]
pub fn hours(day: NaiveDate) -> Option<Hours> {
    if is_weekend(day) || is_holiday(day) {
        return None;
    }
    let (close, late) = if is_half_day(day) { (13, 17) } else { (16, 20) };
    Some(Hours {
        early: eastern(day, 4, 0)?,
        open: eastern(day, 9, 30)?,
        close: eastern(day, close, 0)?,
        late: eastern(day, late, 0)?,
    })
}

/// What part of the day an instant is in.
#[must_use]
pub fn phase(at: Timestamp) -> Phase {
    match hours(day_of(at)) {
        Some(h) if at >= h.open && at < h.close => Phase::Regular,
        Some(h) if at >= h.early && at < h.open => Phase::Pre,
        Some(h) if at >= h.close && at < h.late => Phase::Post,
        _ => Phase::Closed,
    }
}

/// The regular session at an instant: when it opens next if it is closed, when it closes if it is open.
#[must_use]
pub fn session(at: Timestamp) -> Session {
    let today = day_of(at);
    let mut days = (0..SEARCH_DAYS).filter_map(|n| hours(today.checked_add_days(Days::new(n))?));
    match days.find(|h| at < h.close) {
        Some(h) if at >= h.open => Session {
            open: true,
            next_open: None,
            next_close: Some(h.close),
        },
        next => Session {
            open: false,
            next_open: next.map(|h| h.open),
            next_close: None,
        },
    }
}

/// The end of the regular session that an instant is in; none outside of one. An order that was queued for an open
/// expires then (PRODUCT EX-12).
#[must_use]
pub fn end_of(at: Timestamp) -> Option<Timestamp> {
    let h = hours(day_of(at))?;
    (at >= h.open && at < h.close).then_some(h.close)
}

/// Whether a class trades by this calendar.
#[must_use]
pub const fn governs(class: AssetClass) -> bool {
    matches!(class, AssetClass::Equity | AssetClass::Option)
}

/// Whether a class trades before and after its regular session: shares do, options do not.
#[must_use]
pub const fn has_hours_around(class: AssetClass) -> bool {
    matches!(class, AssetClass::Equity)
}

/// What a venue said of a session, with the exchange's next open where the venue says "closed" and no more. Its word on
/// open and closed stands: it knows halts.
#[must_use]
pub fn complete(said: Session, class: AssetClass, now: Timestamp) -> Session {
    if said.open || said.next_open.is_some() || !governs(class) {
        return said;
    }
    Session {
        next_open: session(now).next_open,
        ..said
    }
}

/// What a venue said of the regular session, with the hours before and after it: 04:00 to 20:00 ET, to 17:00 on half days.
/// Its word stands: a halt in the regular session stays one, and no hour is open around a session that it does not have.
#[must_use]
pub fn around(said: Session, at: Timestamp) -> Session {
    let today = hours(day_of(at));
    let late = today.map(|h| h.late);
    if said.open {
        let next_close = late.filter(|late| said.next_close.is_some_and(|close| close < *late));
        return Session {
            next_close: next_close.or(said.next_close),
            ..said
        };
    }
    let next = said.next_open.or_else(|| session(at).next_open);
    let of_today = today.is_some_and(|h| next == Some(h.open));
    match phase(at) {
        Phase::Regular => said,
        Phase::Pre if of_today => open_until(late),
        Phase::Post => open_until(late),
        Phase::Pre | Phase::Closed => Session {
            next_open: next.map(early_of),
            ..said
        },
    }
}

const fn open_until(close: Option<Timestamp>) -> Session {
    Session {
        open: true,
        next_open: None,
        next_close: close,
    }
}

/// When the day of a regular open begins to trade; the open itself where it is not the exchange's.
fn early_of(open: Timestamp) -> Timestamp {
    let day = hours(day_of(open)).filter(|h| h.open == open);
    day.map_or(open, |h| h.early)
}

/// The end of the trading day, with the hours before and after the session, that an instant is in.
#[must_use]
pub fn late_of(at: Timestamp) -> Option<Timestamp> {
    let h = hours(day_of(at))?;
    (at >= h.early && at < h.late).then_some(h.late)
}

/// Whether the second instant is the regular open of the day that begins to trade with, or before it after, the first.
#[must_use]
pub fn opens_that_day(early: Timestamp, open: Timestamp) -> bool {
    let day = hours(day_of(early));
    day.is_some_and(|h| h.open == open && early >= h.early && early < h.open)
}

fn day_of(at: Timestamp) -> NaiveDate {
    crate::time::SessionZone::NewYork.day_of(at)
}

/// An hour of a day in New York. The hours of trading exist once on every day: clocks change at night.
fn eastern(day: NaiveDate, hour: u32, minute: u32) -> Option<Timestamp> {
    let local = day.and_time(NaiveTime::from_hms_opt(hour, minute, 0)?);
    let utc = chrono_tz::America::New_York
        .from_local_datetime(&local)
        .earliest()?
        .with_timezone(&Utc);
    Some(Timestamp::from_micros(utc.timestamp_micros()))
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Whether a weekday is a holiday, or a holiday is kept on it: one that falls on a Sunday is kept on Monday, one on a
/// Saturday on Friday, but New Year's Day never on the last day of the old year.
fn is_holiday(day: NaiveDate) -> bool {
    let (year, month, date) = (day.year(), day.month(), day.day());
    let nth = |weekday: Weekday, n: u32| day.weekday() == weekday && (date - 1) / 7 + 1 == n;
    let kept = |m: u32, d: u32| {
        NaiveDate::from_ymd_opt(year, m, d).is_some_and(|holiday| {
            day == match holiday.weekday() {
                Weekday::Sat => holiday - Days::new(1),
                Weekday::Sun => holiday + Days::new(1),
                _ => holiday,
            }
        })
    };
    let fixed = kept(1, 1) || (year >= 2022 && kept(6, 19)) || kept(7, 4) || kept(12, 25);
    let moving = match month {
        1 => nth(Weekday::Mon, 3),
        2 => nth(Weekday::Mon, 3),
        5 => day.weekday() == Weekday::Mon && date > 24,
        9 => nth(Weekday::Mon, 1),
        11 => nth(Weekday::Thu, 4),
        _ => false,
    };
    fixed || moving || is_good_friday(day) || CLOSED_BY_DECISION.contains(&(year, month, date))
}

/// Whether the exchange closes at 13:00 ET: the day after Thanksgiving, and the eve of Independence Day and of Christmas
/// where eve and holiday are both weekdays.
fn is_half_day(day: NaiveDate) -> bool {
    let (month, date) = (day.month(), day.day());
    let eve = (month, date) == (7, 3) || (month, date) == (12, 24);
    let holiday_next = day.succ_opt().is_some_and(|next| !is_weekend(next));
    let after_thanksgiving =
        month == 11 && day.weekday() == Weekday::Fri && day.pred_opt().is_some_and(is_holiday);
    (eve && holiday_next) || after_thanksgiving
}

/// Two days before Easter Sunday, which the Gregorian reckoning gives.
fn is_good_friday(day: NaiveDate) -> bool {
    day.checked_add_days(Days::new(2)) == easter(day.year())
}

/// Easter Sunday by the Gregorian reckoning (the golden number, the century's corrections, the moon, the Sunday).
fn easter(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, rest) = (year.div_euclid(100), year.rem_euclid(100));
    let leap = century - century.div_euclid(4);
    let moon = (century * 8 + 13).div_euclid(25);
    let epact = (19 * golden + leap - moon + 15).rem_euclid(30);
    let (quarter, left) = (rest.div_euclid(4), rest.rem_euclid(4));
    let sunday = (32 + 2 * century.rem_euclid(4) + 2 * quarter - epact - left).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * sunday).div_euclid(451);
    let days = epact + sunday - 7 * late + 114;
    let (month, day) = (days.div_euclid(31), days.rem_euclid(31) + 1);
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::too_many_lines, clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// The exchange's own lists of closed weekdays and of early closes.
    const KNOWN: [(i32, &str, &str); 6] = [
        (
            2022,
            "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26",
            "11-25",
        ),
        (
            2023,
            "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25",
            "07-03 11-24",
        ),
        (
            2024,
            "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25",
            "07-03 11-29 12-24",
        ),
        (
            2025,
            "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25",
            "07-03 11-28 12-24",
        ),
        (
            2026,
            "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25",
            "11-27 12-24",
        ),
        (
            2027,
            "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24",
            "11-26",
        ),
    ];

    #[test]
    fn holidays_and_half_days_are_those_that_were_published() {
        for (year, closed, half) in KNOWN {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            let all: Vec<NaiveDate> = first.iter_days().take_while(|d| d.year() == year).collect();
            let texts = |keep: &dyn Fn(NaiveDate) -> bool| {
                let days = all.iter().filter(|d| !is_weekend(**d) && keep(**d));
                let texts: Vec<String> = days.map(|d| d.format("%m-%d").to_string()).collect();
                texts.join(" ")
            };
            assert_eq!(texts(&|d| hours(d).is_none()), closed, "{year}");
            let early = |d: NaiveDate| {
                hours(d).is_some_and(|h| h.close.since(h.open) < std::time::Duration::from_secs(6 * 3_600))
            };
            assert_eq!(texts(&early), half, "{year}");
        }
    }

    #[test]
    fn new_year_on_a_saturday_is_not_kept_and_easter_wanders() {
        assert!(hours(day("2021-12-31")).is_some());
        for (year, sunday) in [
            (2000, "04-23"),
            (2008, "03-23"),
            (2011, "04-24"),
            (2038, "04-25"),
            (2100, "03-28"),
        ] {
            assert_eq!(
                easter(year).unwrap().format("%m-%d").to_string(),
                sunday,
                "{year}"
            );
        }
    }

    #[test]
    fn hours_follow_daylight_saving() {
        for (date, open, close) in [
            ("2026-03-06", "14:30", "21:00"), // before the clocks go forward
            ("2026-03-09", "13:30", "20:00"), // after
            ("2026-10-30", "13:30", "20:00"), // before they go back
            ("2026-11-02", "14:30", "21:00"), // after
            ("2026-11-27", "14:30", "18:00"), // half day
        ] {
            let h = hours(day(date)).unwrap();
            assert_eq!(h.open, at(&format!("{date}T{open}:00Z")), "{date}");
            assert_eq!(h.close, at(&format!("{date}T{close}:00Z")), "{date}");
            assert!(h.early < h.open && h.close < h.late);
        }
    }

    #[test]
    fn the_next_open_is_exact() {
        for (now, want) in [
            ("2026-11-25T21:00:00Z", "2026-11-27T14:30:00Z"), // the close before Thanksgiving
            ("2026-11-27T18:00:00Z", "2026-11-30T14:30:00Z"), // AC-05: half day, then a weekend
            ("2026-12-24T18:00:00Z", "2026-12-28T14:30:00Z"), // Christmas on a Friday
            ("2026-07-02T20:00:00Z", "2026-07-06T13:30:00Z"), // Independence Day kept on Friday
            ("2026-11-30T14:29:59Z", "2026-11-30T14:30:00Z"),
        ] {
            let said = session(at(now));
            assert_eq!((said.open, said.next_open), (false, Some(at(want))), "{now}");
        }
        let open = session(at("2026-11-27T17:59:59Z"));
        assert_eq!(
            (open.open, open.next_close),
            (true, Some(at("2026-11-27T18:00:00Z")))
        );
        assert_eq!(
            end_of(at("2026-11-30T14:30:00Z")),
            Some(at("2026-11-30T21:00:00Z"))
        );
        assert_eq!(end_of(at("2026-11-30T14:29:59Z")), None);
    }

    #[test]
    fn the_day_has_four_parts() {
        for (now, want) in [
            ("2026-11-30T08:59:59Z", Phase::Closed),
            ("2026-11-30T09:00:00Z", Phase::Pre),
            ("2026-11-30T14:30:00Z", Phase::Regular),
            ("2026-11-30T21:00:00Z", Phase::Post),
            ("2026-12-01T01:00:00Z", Phase::Closed),
            ("2026-11-27T21:59:59Z", Phase::Post),
            ("2026-11-27T22:00:00Z", Phase::Closed),
            ("2026-11-26T16:00:00Z", Phase::Closed),
        ] {
            assert_eq!(phase(at(now)), want, "{now}");
        }
    }

    #[test]
    fn around_the_session_are_the_hours_before_and_after_it() {
        let closed = |next: &str| Session {
            open: false,
            next_open: Some(at(next)),
            next_close: None,
        };
        for (now, next, want) in [
            // Before and after daylight saving begins and ends.
            (
                "2026-03-06T08:59:59Z",
                "2026-03-06T14:30:00Z",
                "opens 2026-03-06T09:00:00",
            ),
            (
                "2026-03-06T09:00:00Z",
                "2026-03-06T14:30:00Z",
                "open to 2026-03-07T01:00:00",
            ),
            (
                "2026-03-09T08:00:00Z",
                "2026-03-09T13:30:00Z",
                "open to 2026-03-10T00:00:00",
            ),
            (
                "2026-03-07T01:00:00Z",
                "2026-03-09T13:30:00Z",
                "opens 2026-03-09T08:00:00",
            ),
            (
                "2026-10-30T23:59:59Z",
                "2026-11-02T14:30:00Z",
                "open to 2026-10-31T00:00:00",
            ),
            (
                "2026-11-02T08:59:59Z",
                "2026-11-02T14:30:00Z",
                "opens 2026-11-02T09:00:00",
            ),
            // The eve of Thanksgiving, the holiday, the half day after it, its weekend.
            (
                "2026-11-26T00:30:00Z",
                "2026-11-27T14:30:00Z",
                "open to 2026-11-26T01:00:00",
            ),
            (
                "2026-11-26T15:00:00Z",
                "2026-11-27T14:30:00Z",
                "opens 2026-11-27T09:00:00",
            ),
            (
                "2026-11-27T18:00:00Z",
                "2026-11-30T14:30:00Z",
                "open to 2026-11-27T22:00:00",
            ),
            (
                "2026-11-27T22:00:00Z",
                "2026-11-30T14:30:00Z",
                "opens 2026-11-30T09:00:00",
            ),
            // A day without a session by the venue's word, and one with hours of its own.
            (
                "2026-11-30T10:00:00Z",
                "2026-12-01T14:30:00Z",
                "opens 2026-12-01T09:00:00",
            ),
            (
                "2026-11-30T05:00:00Z",
                "2026-11-30T16:00:00Z",
                "opens 2026-11-30T16:00:00",
            ),
            // A halt stays a halt.
            (
                "2026-11-30T15:00:00Z",
                "2026-11-30T15:05:00Z",
                "opens 2026-11-30T15:05:00",
            ),
        ] {
            let got = around(closed(next), at(now));
            let told = match (got.open, got.next_open, got.next_close) {
                (true, None, Some(close)) => format!("open to {close}"),
                (false, Some(open), None) => format!("opens {open}"),
                other => panic!("{now}: {other:?}"),
            };
            assert!(told.starts_with(want), "{now}: {told}, want {want}");
        }
        let open = Session {
            open: true,
            next_open: None,
            next_close: Some(at("2026-11-30T21:00:00Z")),
        };
        let later = Some(at("2026-12-01T01:00:00Z"));
        assert_eq!(around(open, at("2026-11-30T15:00:00Z")).next_close, later);
        assert_eq!(late_of(at("2026-11-30T09:00:00Z")), later);
        assert_eq!(late_of(at("2026-11-30T08:59:59Z")), None);
    }

    #[test]
    fn a_venue_s_word_stands() {
        let (halted, later) = (at("2026-11-30T15:00:00Z"), at("2026-11-30T15:05:00Z"));
        let closed = |next_open| Session {
            open: false,
            next_open,
            next_close: None,
        };
        let equity = AssetClass::Equity;
        assert_eq!(
            complete(closed(Some(later)), equity, halted).next_open,
            Some(later)
        );
        assert_eq!(
            complete(closed(None), equity, halted).next_open,
            None,
            "a halt has no stated end"
        );
        let night = at("2026-11-30T23:00:00Z");
        let open = at("2026-12-01T14:30:00Z");
        assert_eq!(complete(closed(None), equity, night).next_open, Some(open));
        assert_eq!(complete(closed(None), AssetClass::Crypto, night).next_open, None);
    }
}

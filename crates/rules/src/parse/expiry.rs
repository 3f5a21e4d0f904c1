//! Decides which day an expiry means. Relative words count from the posting day in New York.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use ordercast_model::{
    signal::instruction::WrittenExpiry,
    time::{SessionZone, Timestamp},
};

/// The number of a month by its name or short name.
pub(super) fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    Some(match word {
        "jan" | "january" | "januar" | "enero" | "janvier" => 1,
        "feb" | "february" | "februar" | "febrero" => 2,
        "mar" | "march" | "märz" | "marzo" => 3,
        "apr" | "april" | "abril" => 4,
        "may" | "mai" | "mayo" => 5,
        "jun" | "june" | "juni" | "junio" => 6,
        "jul" | "july" | "juli" | "julio" => 7,
        "aug" | "august" | "agosto" => 8,
        "sep" | "sept" | "september" | "septiembre" => 9,
        "oct" | "october" | "okt" | "oktober" | "octubre" => 10,
        "nov" | "november" | "noviembre" => 11,
        "dec" | "december" | "dez" | "dezember" | "diciembre" => 12,
        _ => return None,
    })
}

/// Month and day, with the year when it is given in two or four digits. None when there is no such day.
pub(super) fn written(month: u32, day: u32, year: Option<i32>) -> Option<WrittenExpiry> {
    match year {
        Some(y) => {
            let y = if y < 100 { y + 2_000 } else { y };
            (2_000..2_100)
                .contains(&y)
                .then(|| NaiveDate::from_ymd_opt(y, month, day))
                .flatten()
                .map(WrittenExpiry::Date)
        }
        None => NaiveDate::from_ymd_opt(2_024, month, day).map(|_| WrittenExpiry::MonthDay { month, day }),
    }
}

/// `8/22` in either order; none when neither order is a day.
pub(super) fn slashed(first: u32, second: u32, year: Option<i32>) -> Option<WrittenExpiry> {
    written(first, second, year).or_else(|| written(second, first, year))
}

/// Six digits, `082225` or `250822`: none unless one order alone is a day.
pub(super) fn six(digits: &str) -> Option<NaiveDate> {
    let part = |from: usize| digits.get(from..from + 2).and_then(|p| p.parse::<u32>().ok());
    let (a, b, c) = (part(0)?, part(2)?, part(4)?);
    let day = |y: u32, m: u32, d: u32| {
        (20..50)
            .contains(&y)
            .then(|| NaiveDate::from_ymd_opt(i32::try_from(2_000 + y).ok()?, m, d))
            .flatten()
    };
    match (day(c, a, b), day(a, b, c)) {
        (Some(date), None) | (None, Some(date)) => Some(date),
        (Some(month_first), Some(year_first)) if month_first == year_first => Some(month_first),
        _ => None,
    }
}

/// Days that a message counts from its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relative {
    /// Trading days ahead: `0DTE`, `today`, `tomorrow`.
    Ahead(u32),
    /// The coming weekday, the posting day included.
    Weekday(Weekday),
    /// The weekday after the coming one.
    NextWeekday(Weekday),
}

/// The day a relative word means; none when the posting time is not known.
pub(super) fn resolve(relative: Relative, posted_at: Timestamp) -> Option<WrittenExpiry> {
    if posted_at.seconds() == 0 {
        return None;
    }
    let today = SessionZone::NewYork.day_of(posted_at);
    let date = match relative {
        Relative::Ahead(days) => (0..days.min(60)).try_fold(today, |day, _| next_weekday(day))?,
        Relative::Weekday(day) => coming(today, day)?,
        Relative::NextWeekday(day) => {
            let week = coming(today, Weekday::Sun)?;
            coming(week, day)?
        }
    };
    Some(WrittenExpiry::Date(date))
}

/// The day of a word that counts from the message's own: `0dte`, `today`, `tomorrow`, a weekday. None for other words.
pub(super) fn relative(word: &str, posted_at: Timestamp) -> Option<WrittenExpiry> {
    let low = word.to_ascii_lowercase();
    let relative = match low.as_str() {
        "0dte" | "odte" | "today" => Relative::Ahead(0),
        "tomorrow" => Relative::Ahead(1),
        other => Relative::Weekday(weekday(other)?),
    };
    resolve(relative, posted_at)
}

fn next_weekday(day: NaiveDate) -> Option<NaiveDate> {
    let mut next = day.checked_add_days(Days::new(1))?;
    while matches!(next.weekday(), Weekday::Sat | Weekday::Sun) {
        next = next.checked_add_days(Days::new(1))?;
    }
    Some(next)
}

fn coming(today: NaiveDate, day: Weekday) -> Option<NaiveDate> {
    let ahead = (7 + day.num_days_from_monday() - today.weekday().num_days_from_monday()) % 7;
    today.checked_add_days(Days::new(u64::from(ahead)))
}

/// The weekday of a word.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" | "monday" => Weekday::Mon,
        "tue" | "tues" | "tuesday" => Weekday::Tue,
        "wed" | "wednesday" => Weekday::Wed,
        "thu" | "thur" | "thurs" | "thursday" => Weekday::Thu,
        "fri" | "friday" | "eow" => Weekday::Fri,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn relative_days_follow_new_york() {
        let late: Timestamp = "2025-08-14T02:00:00Z".parse().unwrap();
        for (relative, expected) in [
            (Relative::Ahead(0), "2025-08-13"),
            (Relative::Ahead(3), "2025-08-18"),
            (Relative::Weekday(Weekday::Fri), "2025-08-15"),
            (Relative::NextWeekday(Weekday::Fri), "2025-08-22"),
        ] {
            assert_eq!(
                resolve(relative, late),
                Some(WrittenExpiry::Date(expected.parse().unwrap()))
            );
        }
        assert_eq!(resolve(Relative::Ahead(0), Timestamp::default()), None);
    }

    #[test]
    fn days_are_real_days() {
        assert!(slashed(13, 45, None).is_none());
        assert_eq!(slashed(22, 8, None), slashed(8, 22, None));
        assert_eq!(six("082225"), NaiveDate::from_ymd_opt(2025, 8, 22));
        assert_eq!(six("251219"), NaiveDate::from_ymd_opt(2025, 12, 19));
        assert_eq!(
            six("111111"),
            NaiveDate::from_ymd_opt(2011, 11, 11).filter(|_| false)
        );
    }
}

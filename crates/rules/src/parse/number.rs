//! Decides what number digits with points and commas mean, by the habits of the whole message.
//! Refuses to guess: what can be read in two ways is called ambiguous.

use rust_decimal::Decimal;

/// How the message writes numbers, learned from those that can be read in one way only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Habit {
    /// Some number has a decimal point.
    pub(super) point: bool,
    /// Some number has a decimal comma.
    pub(super) comma: bool,
    /// The message is written in a language whose thousands carry a point.
    pub(super) continental: bool,
}

/// What digits mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    One(Decimal),
    /// A list without spaces, `3314,3320,3330`.
    Many(Vec<Decimal>),
    Ambiguous,
    /// More digits or a larger exponent than is read.
    Unreadable,
}

struct Shape<'a> {
    whole: &'a str,
    exponent: i32,
    points: usize,
    commas: usize,
}

fn shape(text: &str) -> Option<Shape<'_>> {
    let (whole, exponent) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?.parse().ok()?),
        None => (text, 0),
    };
    let count = |mark: u8| whole.bytes().filter(|b| *b == mark).count();
    Some(Shape {
        whole,
        exponent,
        points: count(b'.'),
        commas: count(b','),
    })
}

/// Whether groups after the first have three digits and the first has one to three.
fn thousands(text: &str, mark: char) -> bool {
    let mut groups = text.split(mark);
    let first = groups.next().unwrap_or("");
    (1..=3).contains(&first.len()) && first != "0" && groups.all(|g| g.len() == 3)
}

impl Habit {
    /// Takes one number into account.
    pub(super) fn learn(&mut self, text: &str) {
        let Some(Shape {
            whole,
            points,
            commas,
            ..
        }) = shape(text)
        else {
            return;
        };
        match (points, commas) {
            (1, 0) => self.point |= !thousands(whole, '.'),
            (0, 1) => self.comma |= !thousands(whole, ',') && !is_list(whole),
            (1.., 1)
                if whole.rfind(',') > whole.rfind('.')
                    && thousands(whole.split(',').next().unwrap_or(""), '.') =>
            {
                self.comma = true;
            }
            (1, 1..) if whole.rfind('.') > whole.rfind(',') => self.point = true,
            _ => {}
        }
    }

    /// Reads one number.
    pub(super) fn read(self, text: &str) -> Meaning {
        let text: String = text.chars().filter(|c| *c != '\'').collect();
        let Some(Shape {
            whole,
            exponent,
            points,
            commas,
        }) = shape(&text)
        else {
            return Meaning::Unreadable;
        };
        if whole.len() > 30 || exponent.abs() > 18 {
            return Meaning::Unreadable;
        }
        match (points, commas) {
            (0, 0) => one(whole, exponent),
            (1, 0) if thousands(whole, '.') && (self.comma || self.continental) => {
                if self.comma && !self.point {
                    one(&whole.replace('.', ""), exponent)
                } else if self.point {
                    one(whole, exponent)
                } else {
                    Meaning::Ambiguous
                }
            }
            (1, 0) => one(whole, exponent),
            (2.., 0) if thousands(whole, '.') => one(&whole.replace('.', ""), exponent),
            (0, 1) if thousands(whole, ',') => match (self.comma, self.point) {
                (true, true) => Meaning::Ambiguous,
                (true, false) => one(&whole.replace(',', "."), exponent),
                (false, _) => one(&whole.replace(',', ""), exponent),
            },
            (0, 1) if is_list(whole) || self.point => many(whole),
            (0, 1) => one(&whole.replace(',', "."), exponent),
            (0, 2..) if thousands(whole, ',') && whole.ends_with("000") => {
                one(&whole.replace(',', ""), exponent)
            }
            (0, 2..) => many(whole),
            (1, 1..)
                if thousands(whole.split('.').next().unwrap_or(""), ',')
                    && whole.rfind('.') > whole.rfind(',') =>
            {
                one(&whole.replace(',', ""), exponent)
            }
            (1.., 1)
                if thousands(whole.split(',').next().unwrap_or(""), '.')
                    && whole.rfind(',') > whole.rfind('.') =>
            {
                one(&whole.replace('.', "").replace(',', "."), exponent)
            }
            (_, 1..) => many(whole),
            _ => Meaning::Unreadable,
        }
    }
}

/// `62000,63500` is two numbers, `1,1650` is one.
fn is_list(whole: &str) -> bool {
    whole
        .split_once(',')
        .is_some_and(|(a, b)| a.len() == b.len() && a.len() >= 4)
}

fn many(whole: &str) -> Meaning {
    let parts: Option<Vec<Decimal>> = whole.split(',').map(|p| plain(p, 0)).collect();
    parts.map_or(Meaning::Unreadable, Meaning::Many)
}
fn one(whole: &str, exponent: i32) -> Meaning {
    plain(whole, exponent).map_or(Meaning::Unreadable, Meaning::One)
}

fn plain(text: &str, exponent: i32) -> Option<Decimal> {
    const MOST_DIGITS: usize = 20;
    let (units, cents) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{units}{cents}");
    let digits = digits.trim_start_matches('0');
    if digits.len() > MOST_DIGITS || cents.contains('.') {
        return None;
    }
    let value: i128 = if digits.is_empty() {
        0
    } else {
        digits.parse().ok()?
    };
    let scale = i32::try_from(cents.len()).ok()?.checked_sub(exponent)?;
    let number = if scale >= 0 {
        Decimal::try_from_i128_with_scale(value, u32::try_from(scale).ok()?).ok()?
    } else {
        let factor = 10_i128.checked_pow(scale.unsigned_abs())?;
        Decimal::try_from_i128_with_scale(value.checked_mul(factor)?, 0).ok()?
    };
    Some(number.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &[&str], expected: &[&str]) {
        let mut habit = Habit::default();
        message.iter().for_each(|t| habit.learn(t));
        let got: Vec<String> = message
            .iter()
            .map(|t| match habit.read(t) {
                Meaning::One(d) => d.to_string(),
                Meaning::Many(all) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(got, expected, "{message:?}");
    }

    #[test]
    fn separators_follow_the_message() {
        check(&["61,250.50", "59,800.00"], &["61250.5", "59800"]);
        check(&["61.250,50", "59.800"], &["61250.5", "59800"]);
        check(&["1,1650", "1,16"], &["1.165", "1.16"]);
        check(&["1,000", "11.42"], &["1000", "11.42"]);
        check(&["171.900"], &["171.9"]);
        check(&["3314,3320,3330"], &["3314|3320|3330"]);
        check(&["24.10,25.40"], &["24.1|25.4"]);
        check(&["25,000,000"], &["25000000"]);
        check(&["1.24e-5", "1e30", ".85"], &["0.0000124", "Unreadable", "0.85"]);
        check(&["61'250.50"], &["61250.5"]);
        check(&["99999999999999999999999999999999999"], &["Unreadable"]);
        check(&["12,5", "60.500"], &["12.5", "60500"]);
    }
}

//! Decides how a reading is shown to a person: the message with its fields marked, then what was understood and why.

use std::fmt::Write as _;

use ordercast_model::signal::{
    instruction::{
        Entry, EntryKind, Instruction, PositionSide, StopLevel, TargetLevel, TrailBy, WrittenExpiry,
    },
    reading::{Reading, Span, Verdict},
};
use rust_decimal::Decimal;

/// The reading as text for a terminal.
#[must_use]
pub fn explain(reading: &Reading) -> String {
    let mut out = String::new();
    let mut start = 0;
    for line in reading.text.split('\n') {
        let end = start + line.len();
        marked(&mut out, line, start, &reading.spans);
        start = end + 1;
    }
    out.push('\n');
    match &reading.verdict {
        Verdict::Trade { instructions } => listed(&mut out, instructions),
        Verdict::NotATrade { reason } => {
            let _ = writeln!(out, "not a trade: {}", reason.code());
        }
        Verdict::Invalid {
            field,
            message,
            instructions,
        } => {
            let _ = writeln!(out, "invalid {field}: {message}");
            listed(&mut out, instructions);
        }
    }
    let _ = writeln!(out, "{}", certainty(reading));
    for reason in &reading.reasons {
        let _ = writeln!(out, "  - {reason}");
    }
    if !reading.ignored.is_empty() {
        let _ = writeln!(out, "not understood: {}", reading.ignored.join(", "));
    }
    visible(&out)
}

/// The text with what a terminal would act on shown as its picture, one character for one: `␛`, `␍`.
/// Line ends and tabs stay.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars().map(picture).collect()
}

fn picture(c: char) -> char {
    const PICTURES: u32 = 0x2400;
    match c {
        '\n' | '\t' => c,
        '\u{7f}' => '\u{2421}',
        _ if c.is_ascii_control() => char::from_u32(PICTURES + u32::from(c)).unwrap_or('\u{fffd}'),
        // The other half of the controls, and what turns the direction of a line.
        _ if c.is_control() => '\u{fffd}',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => c,
    }
}

/// The confidence and what it rests on (PRODUCT SG-18).
fn certainty(reading: &Reading) -> String {
    let why = match (&reading.verdict, reading.confidence.value()) {
        (Verdict::NotATrade { .. } | Verdict::Invalid { .. }, _) => "nothing is done",
        (_, 1_000) => "a structured source",
        (_, 900..) => "nothing had to be inferred",
        (_, 700..) => "one thing had to be inferred",
        _ => "two or more things had to be inferred",
    };
    format!("confidence {}: {why}", reading.confidence)
}

/// One line of the message, carets under its fields, and their names under the carets.
fn marked(out: &mut String, line: &str, start: usize, spans: &[Span]) {
    let end = start + line.len();
    let shown = line.trim_end_matches('\r');
    let _ = writeln!(out, "  {shown}");
    let mut here: Vec<&Span> = spans
        .iter()
        .filter(|s| s.start >= start && s.end <= end && s.start < s.end)
        .collect();
    here.sort_by_key(|s| (s.start, s.end));
    here.dedup_by(|a, b| a.start == b.start && a.field == b.field);
    if here.is_empty() {
        return;
    }
    let column = |byte: usize| {
        line.get(..byte.saturating_sub(start))
            .map_or(0, |t| t.chars().count())
    };
    let width = line.chars().count();
    let mut carets = vec![' '; width];
    let mut rows: Vec<Vec<char>> = Vec::new();
    for span in here {
        let (from, to) = (column(span.start), column(span.end));
        carets.iter_mut().take(to).skip(from).for_each(|c| *c = '^');
        let label: Vec<char> = span.field.chars().collect();
        let row = rows
            .iter()
            .position(|r| r.len() < from || (r.is_empty() && from == 0));
        let row = row.unwrap_or_else(|| {
            rows.push(Vec::new());
            rows.len() - 1
        });
        if let Some(row) = rows.get_mut(row) {
            row.resize(from, ' ');
            row.extend(label);
        }
    }
    for row in std::iter::once(carets).chain(rows) {
        let text: String = row.into_iter().collect();
        let _ = writeln!(out, "  {}", text.trim_end());
    }
}

fn listed(out: &mut String, instructions: &[Instruction]) {
    for (n, one) in instructions.iter().enumerate() {
        let _ = writeln!(out, "{}. {}", n + 1, sentence(one));
    }
}

fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}

/// One instruction in a line of words.
#[must_use]
pub fn sentence(one: &Instruction) -> String {
    let mut words = vec![one.action.code().replace('_', " ")];
    words.extend(one.side.map(|s| {
        if s == PositionSide::Long {
            "long".to_owned()
        } else {
            "short".to_owned()
        }
    }));
    words.extend(one.size.quantity.map(plain));
    words.push(name(one));
    if let Some(kind) = one.kind {
        words.push(match (kind, price(&one.entry)) {
            (EntryKind::Market, None) => "at the market".to_owned(),
            (EntryKind::Market, Some(p)) => format!("at the market (reference {p})"),
            (EntryKind::Limit, p) => format!("at {} or better", p.unwrap_or_default()),
            (EntryKind::ImpliedLimit, p) => format!("at {} (limit implied)", p.unwrap_or_default()),
            (EntryKind::Stop, p) => format!("on a stop at {}", p.unwrap_or_default()),
            (EntryKind::StopLimit, p) => format!("stop, then limit, {}", p.unwrap_or_default()),
        });
    }
    words.extend(one.stop.map(|stop| match stop {
        StopLevel::At(p) => format!("stop {p}"),
        StopLevel::Percent(v) => format!("stop {}% away", plain(v)),
        StopLevel::Offset(v) => format!("stop {} away", plain(v)),
        StopLevel::Pips(v) => format!("stop {} pips away", plain(v)),
        StopLevel::BreakEven => "stop at break-even".to_owned(),
    }));
    words.extend(one.trailing.map(|t| match t.by {
        TrailBy::Percent(v) => format!("trailing {}%", plain(v)),
        TrailBy::Amount(v) => format!("trailing {}", plain(v)),
    }));
    if !one.targets.is_empty() {
        let list: Vec<String> = one
            .targets
            .iter()
            .map(|t| {
                let level = match t.level {
                    TargetLevel::At(p) => p.to_string(),
                    TargetLevel::Percent(v) => format!("+{}%", plain(v)),
                    TargetLevel::Pips(v) => format!("{} pips", plain(v)),
                };
                t.split_pct
                    .map_or(level.clone(), |s| format!("{level} ({}%)", plain(s)))
            })
            .collect();
        words.push(format!("targets {}", list.join(" / ")));
    }
    words.extend(one.size.notional.map(|v| format!("for {}", plain(v))));
    words.extend(
        one.size
            .account_pct
            .map(|v| format!("{}% of the account", plain(v))),
    );
    words.extend(
        one.size
            .position_pct
            .map(|v| format!("{}% of the position", plain(v))),
    );
    words.extend(one.size.risk_pct.map(|v| format!("risking {}%", plain(v))));
    words.extend(one.leverage.map(|v| format!("leverage {}x", plain(v))));
    words.join(", ").replacen(", ", " ", 1)
}

fn name(one: &Instruction) -> String {
    let Some(subject) = &one.subject else {
        return if one.all_lots {
            "everything".to_owned()
        } else {
            "the position replied to".to_owned()
        };
    };
    let Some(option) = &subject.option else {
        return subject.symbol.clone();
    };
    let expiry = match option.expiry {
        Some(WrittenExpiry::Date(day)) => day.to_string(),
        Some(WrittenExpiry::MonthDay { month, day }) => format!("{month:02}/{day:02}"),
        None => "no expiry".to_owned(),
    };
    format!(
        "{} {expiry} {} {}",
        subject.symbol,
        plain(option.strike),
        option.right.letter()
    )
}

fn price(entry: &Entry) -> Option<String> {
    match entry {
        Entry::None => None,
        Entry::At(p) => Some(p.to_string()),
        Entry::Zone(a, b) => Some(format!("{a} to {b}")),
        Entry::StopThenLimit(a, b) => Some(format!("{a} then {b}")),
        Entry::Ladder(steps) => Some(
            steps
                .iter()
                .map(|s| s.price.to_string())
                .collect::<Vec<_>>()
                .join(" / "),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_nothing() {
        for (text, expected) in [
            ("plain é 目\n\tx", "plain é 目\n\tx"),
            ("a\u{1b}[2Jb\rc\u{7}", "a␛[2Jb␍c␇"),
            ("\u{7f}\u{9b}2J\u{202e}", "␡\u{fffd}2J\u{fffd}"),
        ] {
            assert_eq!(visible(text), expected);
            assert_eq!(visible(text).chars().count(), text.chars().count());
        }
    }
}

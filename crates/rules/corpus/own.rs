//! Reads our own lines and writes a reading in the same short form.

use ordercast_model::signal::{
    instruction::{
        Entry, EntryKind, Instruction, PositionSide, StopLevel, TargetLevel, TimeInForce, TrailBy,
        WrittenExpiry,
    },
    reading::{Reading, Verdict},
};
use ordercast_rules::parse::line::{Line, read_line};

pub(crate) const OWN: &str = include_str!("own.txt");
const POSTED: &str = "2026-11-25T15:00:00Z";

/// Every line as (message, expected short form).
pub(crate) fn lines() -> Vec<(String, String)> {
    lines_of(OWN)
}

/// The lines of a text written like our own.
pub(crate) fn lines_of(text: &str) -> Vec<(String, String)> {
    text.lines()
        .filter(|l| !l.starts_with("# ") && !l.trim().is_empty())
        .map(|l| l.rsplit_once(" => ").unwrap_or_else(|| panic!("no => in {l:?}")))
        .map(|(text, short)| (written(text), short.trim().to_owned()))
        .collect()
}

/// The message a line of the list stands for.
pub(crate) fn written(text: &str) -> String {
    if text.starts_with("[embed]") {
        text.to_owned()
    } else {
        unescape(text)
    }
}

fn unescape(text: &str) -> String {
    let mut out = text.replace("\\n", "\n");
    while let Some(at) = out.find("\\u") {
        let c = u32::from_str_radix(&out[at + 2..at + 6], 16)
            .ok()
            .and_then(char::from_u32)
            .expect("a character");
        out.replace_range(at..at + 6, &c.to_string());
    }
    out
}

/// A line may open with its kind or with the message it replies to: `[webhook]`, `[slash]`, `[embed]`, `[reply: text]`.
fn line(text: &str) -> Line {
    let (head, rest) = match text.strip_prefix('[').and_then(|t| t.split_once("] ")) {
        Some((head, rest)) => (head, rest),
        None => ("", text),
    };
    let mut line = Line {
        text: rest.to_owned(),
        ts: Some(POSTED.parse().expect("a time")),
        ..Line::default()
    };
    match head {
        "webhook" => line.kind = "tradingview_json".to_owned(),
        "slash" => line.kind = "slash".to_owned(),
        "embed" => line.kind = "discord_embed".to_owned(),
        _ => match head.strip_prefix("reply: ") {
            Some(before) => line.reply_to = Some(before.to_owned()),
            None => line.text = text.to_owned(),
        },
    }
    line
}

/// Reads a message and writes it in short form; a reason is added only when the expectation names one.
pub(crate) fn short(text: &str, expected: &str) -> (String, Reading) {
    let reading = read_line(&line(text)).expect("a known kind");
    let form = match &reading.verdict {
        Verdict::Trade { instructions } => instructions.iter().map(one).collect::<Vec<_>>().join(" ; "),
        Verdict::NotATrade { reason } if expected.contains(':') => format!("none:{}", reason.code()),
        Verdict::NotATrade { .. } => "none".to_owned(),
        Verdict::Invalid { .. } if expected == "none" => "none".to_owned(),
        Verdict::Invalid { field, .. } => format!("invalid:{field}"),
    };
    (form, reading)
}

fn one(i: &Instruction) -> String {
    let mut words = vec![i.action.code().to_owned()];
    words.extend(
        i.side
            .map(|s| if s == PositionSide::Long { "long" } else { "short" }.to_owned()),
    );
    if i.all_lots {
        words.push("all".to_owned());
    }
    name(i, &mut words);
    prices(i, &mut words);
    words.extend(i.size.quantity.map(|v| format!("q{v}")));
    words.extend(i.size.notional.map(|v| format!("n{v}")));
    words.extend(i.stop.map(|s| match s {
        StopLevel::At(p) => format!("sl{p}"),
        StopLevel::Percent(v) => format!("sl{v}%"),
        StopLevel::Offset(v) => format!("sl{v}o"),
        StopLevel::Pips(v) => format!("sl{v}p"),
        StopLevel::BreakEven => "be".to_owned(),
    }));
    targets(i, &mut words);
    words.extend(i.leverage.map(|v| format!("lev{v}")));
    words.extend(i.size.account_pct.map(|v| format!("acc{v}")));
    words.extend(i.size.position_pct.map(|v| format!("pos{v}")));
    words.extend(i.size.risk_pct.map(|v| format!("risk{v}")));
    words.extend(i.trailing.map(|t| match t.by {
        TrailBy::Percent(v) => format!("trail{v}"),
        TrailBy::Amount(v) => format!("trail{v}a"),
    }));
    if i.time_in_force == Some(TimeInForce::Gtc) {
        words.push("gtc".to_owned());
    }
    words.join(" ")
}

fn name(i: &Instruction, words: &mut Vec<String>) {
    let Some(subject) = &i.subject else { return };
    words.push(subject.symbol.clone());
    if let Some(option) = &subject.option {
        words.push(format!("{}{}", option.strike.normalize(), option.right.letter()));
        words.extend(option.expiry.map(|e| match e {
            WrittenExpiry::Date(day) => day.to_string(),
            WrittenExpiry::MonthDay { month, day } => format!("{month:02}/{day:02}"),
        }));
    }
}

fn prices(i: &Instruction, words: &mut Vec<String>) {
    let kind = match i.kind {
        Some(EntryKind::Market) => "mkt",
        Some(EntryKind::Limit) => "lim",
        Some(EntryKind::Stop) => "stp",
        Some(EntryKind::StopLimit) => "stplmt",
        _ => "",
    };
    let list = match &i.entry {
        Entry::None => String::new(),
        Entry::At(p) => format!("@{p}"),
        Entry::Zone(a, b) => format!("@{a}-{b}"),
        Entry::StopThenLimit(a, b) => format!("@{a}>{b}"),
        Entry::Ladder(steps) => format!(
            "@{}",
            steps
                .iter()
                .map(|s| s.price.to_string())
                .collect::<Vec<_>>()
                .join(",")
        ),
    };
    if !(kind.is_empty() && list.is_empty()) {
        words.push(format!("{kind}{list}"));
    }
}

fn targets(i: &Instruction, words: &mut Vec<String>) {
    if i.targets.is_empty() {
        return;
    }
    let list = i.targets.iter().map(|t| {
        let level = match t.level {
            TargetLevel::At(p) => p.to_string(),
            TargetLevel::Percent(v) => format!("{v}%"),
            TargetLevel::Pips(v) => format!("{v}p"),
        };
        t.split_pct.map_or(level.clone(), |s| format!("{level}({s})"))
    });
    words.push(format!("tp{}", list.collect::<Vec<_>>().join(",")));
}

//! Decides what may hang on a number without a space.

use super::*;

/// `22.08.2025`.
pub(super) fn dotted_date(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split('.').collect();
    let [day, month, year] = parts.as_slice() else {
        return None;
    };
    if day.len() > 2 || month.len() != 2 || !(year.len() == 4 || year.len() == 2) {
        return None;
    }
    let full: i32 = year.parse().ok()?;
    let full = if year.len() == 2 { full + 2_000 } else { full };
    NaiveDate::from_ymd_opt(full, month.parse().ok()?, day.parse().ok()?)
}

pub(super) fn suffix_of(word: &str) -> Option<Suffix> {
    Some(match word {
        "k" => Suffix::Thousand,
        "mm" | "mil" | "mio" | "bn" | "b" => Suffix::Million,
        "x" | "х" => Suffix::Times,
        "c" | "call" | "calls" => Suffix::Call,
        "p" | "put" | "puts" => Suffix::Put,
        "st" | "nd" | "rd" | "th" => Suffix::Ordinal,
        "dte" => Suffix::DaysToExpiry,
        "pip" | "pips" | "pts" | "points" | "ticks" => Suffix::Pips,
        "r" | "rr" => Suffix::RiskMultiple,
        "m" | "min" | "mins" => Suffix::Seconds(60),
        "h" | "hr" | "hrs" => Suffix::Seconds(3_600),
        "d" => Suffix::Seconds(86_400),
        "s" | "sec" => Suffix::Seconds(1),
        _ => return None,
    })
}

/// Words that may hang on a number without being part of a name.
pub(super) fn splits(word: &str) -> bool {
    matches!(
        word,
        "usdt"
            | "usd"
            | "usdc"
            | "eur"
            | "gbp"
            | "btc"
            | "eth"
            | "dollars"
            | "con"
            | "cons"
            | "contracts"
            | "shares"
            | "sh"
            | "shs"
            | "lot"
            | "lots"
            | "coins"
            | "pct"
            | "sl"
            | "tp"
            | "stop"
            | "target"
            | "buy"
            | "sell"
            | "long"
            | "short"
    )
}

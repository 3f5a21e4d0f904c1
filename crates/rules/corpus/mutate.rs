//! Changes labelled lines without changing what they ask for, so that memory does not pass for reading:
//! other tickers and prices, fields in another order, synonyms, emoji, case. The expectation changes alike.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::score::{Case, number};

/// A small generator; the same seed gives the same lines.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }
    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

const SHARES: &[&str] = &[
    "AAPL", "MSFT", "NVDA", "AMD", "TSLA", "META", "QQQ", "SPY", "PLTR", "SHOP", "ROKU", "UBER", "INTC",
    "MRNA", "COIN", "ADBE", "DKNG", "WMT",
];
const COINS: &[&str] = &[
    "BTC", "ETH", "SOL", "ADA", "XRP", "AVAX", "ATOM", "LTC", "DOGE", "AAVE", "INJ", "FIL", "UNI", "XLM",
];
const PAIRS: &[&str] = &[
    "EURUSD", "GBPUSD", "USDJPY", "AUDUSD", "GBPJPY", "USDCAD", "NZDUSD", "EURJPY",
];
const VERBS: &[(&str, &[&str])] = &[
    ("BTO", &["Buy to open", "bto", "BTO:"]),
    ("STC", &["Sell to close", "stc", "STC:"]),
    ("Bought", &["BTO", "bought", "Buying"]),
    ("@", &["at", "@"]),
    ("SL", &["Stop Loss", "STOP", "Stoploss", "S/L"]),
    ("TP", &["Target", "Take Profit", "T/P"]),
    ("Entry", &["ENTRY PRICE", "Entry price", "entry"]),
    ("Target", &["TP", "take profit"]),
    ("Targets", &["TPs", "take profits"]),
    ("Stop Loss", &["SL", "stop"]),
    ("Leverage", &["Lev", "leverage"]),
    ("LONG", &["Long", "long"]),
    ("SHORT", &["Short", "short"]),
    ("close", &["exit", "Close"]),
    ("Taking", &["taking", "Took"]),
    ("Trimming", &["Trim", "Scaling out of"]),
];
const DECORATION: &[&str] = &["🚨", "🔥", "💎", "🚀", "⚡️", "👀", "✨"];

/// One changed line and the name of the change; none when the change does not fit the line.
pub(crate) fn mutate(case: &Case, kind: usize, dice: &mut Dice) -> Option<(Case, &'static str)> {
    let mut case = case.clone();
    if case.line.text.chars().count() > 1_500
        || case
            .tags
            .iter()
            .any(|t| t == "word_like_ticker" || t == "btc_means_etf")
    {
        return None;
    }
    let plain = matches!(case.line.kind.as_str(), "discord_text" | "");
    let name = match kind {
        0 => tickers(&mut case, dice).then_some("tickers")?,
        1 => prices(&mut case, dice).then_some("prices")?,
        2 if plain => order(&mut case).then_some("order")?,
        3 if plain => synonyms(&mut case, dice).then_some("synonyms")?,
        4 if plain => decoration(&mut case, dice).then_some("emoji")?,
        5 if plain => letters(&mut case, dice).then_some("case")?,
        _ => return None,
    };
    Some((case, name))
}

fn boundary(c: Option<char>) -> bool {
    c.is_none_or(|c| !c.is_alphanumeric())
}

/// Replaces whole words.
fn replace_word(text: &str, from: &str, to: &str, tail_ok: &[&str]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(at) = rest.find(from) {
        let end = at + from.len();
        let left = rest[..at].chars().next_back().or(before.filter(|_| at == 0));
        let tail = &rest[end..];
        let right = tail.chars().next();
        let whole = boundary(left) && (boundary(right) || tail_ok.iter().any(|t| tail.starts_with(t)));
        out.push_str(&rest[..at]);
        out.push_str(if whole { to } else { from });
        before = from.chars().next_back();
        rest = tail;
    }
    out + rest
}

fn tickers(case: &mut Case, dice: &mut Dice) -> bool {
    let Some(first) = case.expect.first() else {
        return none_tickers(case, dice);
    };
    let symbol = first["symbol"].as_str().unwrap_or("").to_owned();
    if symbol.len() < 3
        || case.expect.iter().any(|e| e["symbol"] != first["symbol"])
        || case.line.reply_to.is_some()
    {
        return false;
    }
    let asset = first["asset"].as_str().unwrap_or("").to_owned();
    let (from, to, renamed) = match asset.as_str() {
        "equity" | "option" => {
            let to = (*dice.pick(SHARES)).to_owned();
            (symbol.clone(), to.clone(), to)
        }
        "crypto" => {
            let quote = ["USDT", "USDC", "USD", "BTC"]
                .iter()
                .find(|q| symbol.ends_with(**q) && symbol.len() > q.len())
                .copied()
                .unwrap_or("");
            let base = symbol.trim_end_matches(quote).to_owned();
            let to = (*dice.pick(COINS)).to_owned();
            if to == quote || base.len() < 2 {
                return false;
            }
            (base, to.clone(), format!("{to}{quote}"))
        }
        "fx" if PAIRS.contains(&symbol.as_str()) => {
            let to = (*dice.pick(PAIRS)).to_owned();
            (symbol.clone(), to.clone(), to)
        }
        _ => return false,
    };
    let changed = replace_word(&case.line.text, &from, &to, &["USDT", "USDC", "USD", "PERP", "_"]);
    if changed == case.line.text {
        return false;
    }
    case.line.text = changed;
    for expect in &mut case.expect {
        expect["symbol"] = json!(renamed);
    }
    true
}

fn none_tickers(case: &mut Case, dice: &mut Dice) -> bool {
    let to = *dice.pick(SHARES);
    let mut text = case.line.text.clone();
    for from in SHARES.iter().chain(&["GME", "LINK", "TSLA", "COST"]) {
        text = replace_word(&text, from, to, &[]);
    }
    let changed = text != case.line.text;
    case.line.text = text;
    changed
}

/// What makes a number something else than a level.
fn unit(c: char) -> bool {
    matches!(c, 'c' | 'C' | 'p' | 'P' | 'k' | 'e' | '%' | 'x' | 'X')
}

/// Runs of digits and points with the character after each, and the text between.
fn rewrite(text: &str, mut change: impl FnMut(&str, char) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain("\0".chars()) {
        if c.is_ascii_digit() || c == '.' {
            run.push(c);
            continue;
        }
        let bare = run.trim_end_matches('.').to_owned();
        if !bare.is_empty() {
            out.push_str(&change(&bare, c).unwrap_or_else(|| bare.clone()));
        }
        out.push_str(&run[bare.len()..]);
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

/// Every level a label states.
fn stated(case: &Case) -> Vec<Decimal> {
    let lists = case.expect.iter().flat_map(|e| [&e["entry"], &e["take_profits"]]);
    let mut values: Vec<Decimal> = lists
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(number)
        .collect();
    values.extend(case.expect.iter().filter_map(|e| number(&e["stop_loss"])));
    values.sort();
    values.dedup();
    values
}

/// Multiplies every stated level by one factor and rounds it to the digits it had.
fn prices(case: &mut Case, dice: &mut Dice) -> bool {
    const ODD: &[&str] = &[
        "k_suffix",
        "fullwidth",
        "scientific",
        "european_decimal",
        "european_thousands",
        "thousands_sep",
    ];
    let factor = *dice.pick(&[
        Decimal::new(11, 1),
        Decimal::new(125, 2),
        Decimal::new(93, 2),
        Decimal::new(137, 2),
    ]);
    let values = stated(case);
    let other = |v: Option<Decimal>| v.is_some_and(|v| values.contains(&v));
    let shared = case
        .expect
        .iter()
        .any(|e| other(number(&e["option"]["strike"])) || other(number(&e["quantity"])));
    if values.is_empty() || shared || case.tags.iter().any(|t| ODD.contains(&t.as_str())) {
        return false;
    }
    let mut changes: Vec<(Decimal, Decimal)> = Vec::new();
    let text = rewrite(&case.line.text, |digits, after| {
        let value = format!("0{digits}")
            .parse::<Decimal>()
            .ok()
            .filter(|v| values.contains(&v.normalize()) && !unit(after))?;
        let places = value.scale();
        let new = (value * factor).round_dp(places);
        if !changes.iter().any(|(old, _)| *old == value.normalize()) {
            changes.push((value.normalize(), new));
        }
        Some(format!("{new:.*}", places as usize))
    });
    let mut after: Vec<Decimal> = changes.iter().map(|(_, n)| n.normalize()).collect();
    after.sort();
    after.dedup();
    if after.len() < values.len() || after.contains(&Decimal::ZERO) || text == case.line.text {
        return false;
    }
    let find = |v: &Value| {
        let old = number(v);
        changes
            .iter()
            .find(|(o, _)| Some(*o) == old)
            .map_or(v.clone(), |(_, n)| json!(n.to_string()))
    };
    for e in &mut case.expect {
        for key in ["entry", "take_profits"] {
            if let Some(list) = e[key].as_array() {
                e[key] = Value::Array(list.iter().map(find).collect());
            }
        }
        if !e["stop_loss"].is_null() {
            e["stop_loss"] = find(&e["stop_loss"]);
        }
    }
    case.line.text = text;
    true
}

/// Moves the stop line before the targets, or the leverage line to the end.
fn order(case: &mut Case) -> bool {
    let lines: Vec<&str> = case.line.text.split('\n').collect();
    let label = |l: &str, names: &[&str]| {
        let low = l
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        names.iter().any(|n| low.starts_with(n)) && low.chars().any(|c| c.is_ascii_digit())
    };
    let stop = lines
        .iter()
        .position(|l| label(l, &["sl", "stop loss", "stop:", "stop ", "s/l", "s.l"]));
    let target = lines
        .iter()
        .position(|l| label(l, &["tp", "t/p", "target", "take profit"]));
    let (Some(stop), Some(target)) = (stop, target) else {
        return false;
    };
    if target == 0 || stop == 0 {
        return false;
    }
    let mut moved = lines.clone();
    if target < stop {
        let line = moved.remove(stop);
        moved.insert(target, line);
    } else {
        let line = moved.remove(stop);
        moved.push(line);
    }
    let text = moved.join("\n");
    let changed = text != case.line.text;
    case.line.text = text;
    changed
}

fn synonyms(case: &mut Case, dice: &mut Dice) -> bool {
    if case.expect.is_empty() {
        return false;
    }
    let before = case.line.text.clone();
    for (word, others) in VERBS {
        if dice.roll(2) == 0 && case.line.text.contains(word) {
            let other = dice.pick(others);
            let glued = *word == "@";
            if glued {
                let spaced = case.line.text.replace('@', " @ ");
                if spaced.contains("@ everyone") || spaced.contains("@ here") || spaced.contains("<") {
                    continue;
                }
                case.line.text = spaced.replace('@', other);
            } else {
                case.line.text = replace_word(&case.line.text, word, other, &[]);
            }
        }
    }
    case.line.text != before
}

fn decoration(case: &mut Case, dice: &mut Dice) -> bool {
    if case.line.text.starts_with(['/', '`', '#', '>', '-']) || case.line.text.trim().is_empty() {
        return false;
    }
    let (a, b) = (dice.pick(DECORATION), dice.pick(DECORATION));
    case.line.text = match dice.roll(3) {
        0 => format!("{a} {}", case.line.text),
        1 => format!("{} {b}", case.line.text),
        _ => format!("{a}{a} {} {b}", case.line.text),
    };
    true
}

fn letters(case: &mut Case, dice: &mut Dice) -> bool {
    let short = case
        .expect
        .iter()
        .any(|e| e["symbol"].as_str().is_some_and(|s| s.len() < 3));
    if short || case.line.text.contains('<') {
        return false;
    }
    let text = if dice.roll(2) == 0 {
        case.line.text.to_lowercase()
    } else {
        case.line.text.to_uppercase()
    };
    let changed = text != case.line.text;
    case.line.text = text;
    changed
}

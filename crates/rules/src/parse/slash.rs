//! Decides what a slash command as text means: `/buy symbol:AAPL quantity:5`. Questions to the program trade nothing.

use ordercast_model::signal::reading::{NoTrade, Reading, Verdict};

use super::{
    Context, nothing, read_text,
    webhook::{
        self,
        field::{Fields, fold},
    },
};

/// Commands that trade, and the action they stand for; empty when an option or the text says it.
const TRADES: &[(&str, &str)] = &[
    ("buy", "buy"),
    ("sell", "sell"),
    ("long", "long"),
    ("short", "short"),
    ("sh", "short"),
    ("l", "long"),
    ("lo", "long"),
    ("o", "buy"),
    ("bto", "bto"),
    ("sto", "sto"),
    ("stc", "stc"),
    ("btc", "btc"),
    ("close", "close"),
    ("exit", "close"),
    ("closeall", "closeall"),
    ("exitall", "closeall"),
    ("flatten", "closeall"),
    ("trim", "reduce"),
    ("reduce", "reduce"),
    ("partial", "reduce"),
    ("add", "add"),
    ("cancel", "cancel"),
    ("stop", "updatestop"),
    ("sl", "updatestop"),
    ("movestop", "updatestop"),
    ("target", "updatetarget"),
    ("tp", "updatetarget"),
    ("be", "breakeven"),
    ("breakeven", "breakeven"),
    ("signal", ""),
    ("trade", ""),
    ("order", ""),
    ("open", "open"),
    ("entry", "open"),
    ("cover", "cover"),
];
/// Commands that ask or steer; they never trade.
const ASKS: &[&str] = &[
    "help",
    "price",
    "positions",
    "orders",
    "status",
    "follow",
    "unfollow",
    "pause",
    "resume",
    "kill",
    "risk",
    "connect",
    "link",
    "setup",
    "approve",
    "skip",
    "portfolio",
    "balance",
    "pnl",
    "settings",
    "chart",
    "quote",
    "watchlist",
    "alerts",
    "stats",
    "leaderboard",
    "about",
    "ping",
    "subscribe",
    "unsubscribe",
    "news",
    "earnings",
    "flow",
    "start",
    "info",
    "history",
    "journal",
];

fn split(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix('/')?;
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let name = fold(rest.get(..end)?);
    (!name.is_empty()).then(|| (name, rest.get(end..).unwrap_or("").trim()))
}

/// Whether a text is one of the known commands.
pub(super) fn is_command(text: &str) -> bool {
    let Some((name, _)) = split(text.trim()) else {
        return false;
    };
    TRADES.iter().any(|(n, _)| *n == name) || ASKS.contains(&name.as_str())
}

/// Reads one command.
pub(super) fn read(text: &str, context: &Context) -> Reading {
    let Some((name, rest)) = split(text) else {
        return nothing(
            text.to_owned(),
            NoTrade::Other,
            vec!["expected a command such as /buy symbol:AAPL quantity:5".to_owned()],
        );
    };
    let Some((_, action)) = TRADES.iter().find(|(n, _)| *n == name) else {
        return nothing(
            text.to_owned(),
            NoTrade::Other,
            vec![format!("/{name} trades nothing")],
        );
    };
    let options = options(rest);
    if options.is_empty() && !rest.is_empty() {
        return plain(text, action, rest, context);
    }
    let mut fields = Fields::default();
    for (key, value) in &options {
        put(&mut fields, key, value, action);
    }
    if !action.is_empty() {
        fields.set("action", action);
    }
    let mut reading = webhook::fields(text, fields, context);
    if let Verdict::Invalid { .. } = reading.verdict {
        reading.text = text.to_owned();
    }
    reading
}

/// `/trade Buy $100 of ORCL`, `/buy AAPL 5 @ 231`.
fn plain(text: &str, action: &str, rest: &str, context: &Context) -> Reading {
    let shift = text.len() - rest.len();
    if action.is_empty() {
        let mut reading = read_text(rest, context);
        for span in &mut reading.spans {
            span.start += shift;
            span.end += shift;
        }
        reading.text = text.to_owned();
        return reading;
    }
    let sentence = text.trim_start_matches('/').replacen('_', " ", 1);
    let mut reading = read_text(&sentence, context);
    let lead = text.len() - sentence.len();
    for span in &mut reading.spans {
        span.start += lead;
        span.end += lead;
    }
    reading.text = text.to_owned();
    reading
}

/// `key:value` pairs; a value may hold spaces.
fn options(rest: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for word in rest.split_whitespace() {
        let pair = word.split_once(':').filter(|(k, _)| {
            k.len() >= 2
                && k.chars()
                    .all(|c| c.is_ascii_alphabetic() || c == '_' || c == '-' || c.is_ascii_digit())
                && k.starts_with(|c: char| c.is_ascii_alphabetic())
        });
        match (pair, out.last_mut()) {
            (Some((key, value)), _) => out.push((key.to_owned(), value.to_owned())),
            (None, Some((_, value))) => {
                if !value.is_empty() {
                    value.push(' ');
                }
                value.push_str(word);
            }
            (None, None) => {}
        }
    }
    out
}

fn put(fields: &mut Fields, key: &str, value: &str, action: &str) {
    let name = fold(key);
    let value = value.trim();
    match name.as_str() {
        "strike" => {
            let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            fields.set("strike", number.trim());
            if let Some(right) = value.get(number.len()..).filter(|r| !r.is_empty()) {
                fields.set("right", right);
            }
        }
        "type" if matches!(fold(value).as_str(), "call" | "put" | "c" | "p") => fields.set("right", value),
        "action" if action.is_empty() => fields.set("action", value),
        "action" => {}
        "percent" | "pct" => fields.set("percent", value.trim_end_matches('%')),
        "quantity" | "qty" | "shares" | "contracts" | "size" | "amount" => fields.set("quantity", value),
        "stop" | "sl" | "stoploss" => fields.set("stoploss", value),
        "target" | "targets" | "tp" | "takeprofit" | "pt" => fields.set("takeprofit", value),
        "price" | "entry" | "at" if action == "updatestop" => fields.set("stoploss", value),
        "price" | "at" if action == "updatetarget" => fields.set("takeprofit", value),
        "at" => fields.set("price", value),
        _ => fields.set(key, value),
    }
}

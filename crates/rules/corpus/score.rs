//! Scores readings against labelled lines: what counts as fully right is written in `corpus/README.md`.
//! Shared by the example program and the test of the bar.

use std::collections::BTreeMap;

use ordercast_rules::parse::{
    answer::answer,
    line::{Line, read_line},
};
use rust_decimal::Decimal;
use serde_json::Value;

pub(crate) const CORPUS: &str = include_str!("corpus.jsonl");

/// One labelled line.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) line: Line,
    pub(crate) expect: Vec<Value>,
    pub(crate) tags: Vec<String>,
    pub(crate) accept_none: bool,
}

/// How a line was read.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) right: bool,
    /// Something is to be done where the label says nothing.
    pub(crate) false_trade: bool,
    /// Another instrument or number on a line that may be refused.
    pub(crate) wrong_trade: bool,
    pub(crate) action: String,
    /// Fields that differ.
    pub(crate) wrong: Vec<&'static str>,
    pub(crate) got: Value,
    pub(crate) reasons: Vec<String>,
}

pub(crate) fn cases(text: &str) -> Vec<Case> {
    text.lines().filter(|l| !l.trim().is_empty()).map(case).collect()
}

fn case(text: &str) -> Case {
    let value: Value = serde_json::from_str(text).expect("a line of the corpus is JSON");
    let line: Line = serde_json::from_value(value.clone()).expect("a line has the input fields");
    let all = value.get("expect_all").and_then(Value::as_array).cloned();
    let expect = all.unwrap_or_else(|| vec![value["expect"].clone()]);
    let expect = expect.into_iter().filter(|e| e["action"] != "none").collect();
    let tags = value
        .get("tags")
        .and_then(Value::as_array)
        .map(|t| t.iter().filter_map(|t| t.as_str().map(str::to_owned)).collect());
    Case {
        line,
        expect,
        tags: tags.unwrap_or_default(),
        accept_none: value["accept_none"] == Value::Bool(true),
    }
}

pub(crate) fn score(case: &Case) -> Outcome {
    let (got, reasons) = match read_line(&case.line) {
        Ok(reading) => (answer(&reading), reading.reasons.clone()),
        Err(error) => (Value::Array(Vec::new()), vec![error.to_string()]),
    };
    let signals = got.as_array().cloned().unwrap_or_default();
    let action = case
        .expect
        .first()
        .map_or("none", |e| e["action"].as_str().unwrap_or(""))
        .to_owned();
    let explicit = case.tags.iter().any(|t| t == "order_type_explicit");
    let mut wrong = Vec::new();
    if signals.len() == case.expect.len() {
        for (expect, got) in case.expect.iter().zip(&signals) {
            wrong.extend(differing(expect, got, explicit));
        }
    } else {
        wrong.push("count");
    }
    let refused = signals.is_empty() && case.accept_none;
    Outcome {
        right: wrong.is_empty() || refused,
        false_trade: case.expect.is_empty() && !signals.is_empty(),
        wrong_trade: case.accept_none && !signals.is_empty() && !wrong.is_empty(),
        action,
        wrong: if refused { Vec::new() } else { wrong },
        got,
        reasons,
    }
}

pub(crate) fn number(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::Number(n) => n.to_string(),
        Value::String(s) => s.clone(),
        _ => return None,
    };
    let number = if text.contains(['e', 'E']) {
        Decimal::from_scientific(&text)
    } else {
        text.parse()
    };
    number.ok().map(|d| d.normalize())
}

fn numbers(value: &Value) -> Vec<Option<Decimal>> {
    value
        .as_array()
        .map(|list| list.iter().map(number).collect())
        .unwrap_or_default()
}

fn sign(value: &Value) -> i8 {
    match value.as_str() {
        Some("buy" | "long") => 1,
        Some("sell" | "short") => -1,
        _ => 0,
    }
}

/// Month and day; the year when both have one.
fn same_day(expect: &Value, got: &Value) -> bool {
    let parts = |v: &Value| v.as_str().map(|t| t.replace('/', "-"));
    match (parts(expect), parts(got)) {
        (None, None) => true,
        (Some(a), Some(b)) if a.len() == b.len() => a == b,
        (Some(a), Some(b)) => a.len() > 5 && a.ends_with(&b) || b.len() > 5 && b.ends_with(&a),
        _ => false,
    }
}

fn near(a: Option<Decimal>, b: Option<Decimal>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= a.abs() * Decimal::new(3, 2),
        (a, b) => a == b,
    }
}

fn differing(expect: &Value, got: &Value, explicit: bool) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    let mut check = |name, ok: bool| {
        if !ok {
            wrong.push(name);
        }
    };
    check("action", expect["action"] == got["action"]);
    let opens = matches!(expect["action"].as_str(), Some("open" | "add"));
    check(
        "side",
        !opens || expect["side"].is_null() || sign(&expect["side"]) == sign(&got["side"]),
    );
    check("symbol", expect["symbol"] == got["symbol"]);
    check("right", expect["option"]["right"] == got["option"]["right"]);
    check(
        "strike",
        number(&expect["option"]["strike"]) == number(&got["option"]["strike"]),
    );
    check(
        "expiry",
        same_day(&expect["option"]["expiry"], &got["option"]["expiry"]),
    );
    check("entry", numbers(&expect["entry"]) == numbers(&got["entry"]));
    check(
        "stop_loss",
        number(&expect["stop_loss"]) == number(&got["stop_loss"]),
    );
    check(
        "take_profits",
        numbers(&expect["take_profits"]) == numbers(&got["take_profits"]),
    );
    check(
        "quantity",
        number(&expect["quantity"]) == number(&got["quantity"]),
    );
    check(
        "size_pct",
        near(number(&expect["size_pct"]), number(&got["size_pct"])),
    );
    check(
        "leverage",
        number(&expect["leverage"]) == number(&got["leverage"]),
    );
    check(
        "order_type",
        !explicit || !opens || expect["order_type"].is_null() || expect["order_type"] == got["order_type"],
    );
    wrong
}

/// Sums over many lines.
#[derive(Debug, Default, Clone)]
pub(crate) struct Table {
    pub(crate) lines: usize,
    pub(crate) right: usize,
    pub(crate) trade_lines: usize,
    pub(crate) trade_right: usize,
    pub(crate) none_lines: usize,
    pub(crate) false_trades: usize,
    pub(crate) wrong_trades: usize,
    pub(crate) by_action: BTreeMap<String, (usize, usize)>,
    pub(crate) by_field: BTreeMap<&'static str, usize>,
}

impl Table {
    pub(crate) fn add(&mut self, result: &Outcome) {
        self.lines += 1;
        self.right += usize::from(result.right);
        let action = self.by_action.entry(result.action.clone()).or_default();
        action.0 += 1;
        action.1 += usize::from(result.right);
        if result.action == "none" {
            self.none_lines += 1;
            self.false_trades += usize::from(result.false_trade);
        } else {
            self.trade_lines += 1;
            self.trade_right += usize::from(result.right);
            self.wrong_trades += usize::from(result.wrong_trade);
            for field in &result.wrong {
                *self.by_field.entry(field).or_default() += 1;
            }
        }
    }
    /// Lines fully right, in tenths of a per cent.
    pub(crate) fn permille(&self) -> usize {
        (self.right * 1_000).checked_div(self.lines).unwrap_or(1_000)
    }
    pub(crate) fn summary(&self) -> String {
        let share = self.permille();
        format!(
            "{}/{} fully right ({}.{} %)   trade {}/{}   none {}, false trades {}   wrong trades {}",
            self.right,
            self.lines,
            share / 10,
            share % 10,
            self.trade_right,
            self.trade_lines,
            self.none_lines,
            self.false_trades,
            self.wrong_trades
        )
    }
    pub(crate) fn actions(&self) -> String {
        self.by_action
            .iter()
            .map(|(name, (all, right))| format!("{name} {right}/{all}"))
            .collect::<Vec<_>>()
            .join("   ")
    }
    pub(crate) fn fields(&self) -> String {
        if self.by_field.is_empty() {
            return "none".to_owned();
        }
        self.by_field
            .iter()
            .map(|(name, count)| format!("{name} {count}"))
            .collect::<Vec<_>>()
            .join("   ")
    }
}

/// Lines fully right, in tenths of a per cent.
const BAR: usize = 985;
/// Changed lines fully right, in tenths of a per cent.
const MUTATION_BAR: usize = 930;

/// What is not good enough.
pub(crate) fn under_the_bar(lines: &Table, mutations: &Table) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check = |ok: bool, text: String| {
        if !ok {
            faults.push(text);
        }
    };
    check(
        lines.permille() >= BAR,
        format!("{} of 1000 lines right, the bar is {BAR}", lines.permille()),
    );
    check(
        lines.false_trades + lines.wrong_trades == 0,
        format!(
            "{} false and {} wrong trades",
            lines.false_trades, lines.wrong_trades
        ),
    );
    check(
        mutations.permille() >= MUTATION_BAR,
        format!(
            "{} of 1000 changed lines right, the bar is {MUTATION_BAR}",
            mutations.permille()
        ),
    );
    check(
        mutations.false_trades == 0,
        format!("{} false trades among changed lines", mutations.false_trades),
    );
    faults
}

/// Signals without their empty fields.
pub(crate) fn compact(value: &Value) -> String {
    let list = value.as_array().cloned().unwrap_or_default();
    let short = list.into_iter().map(|mut v| {
        if let Some(map) = v.as_object_mut() {
            map.retain(|_, x| !x.is_null() && *x != serde_json::json!([]));
        }
        v.to_string()
    });
    short.collect::<Vec<_>>().join(" ; ")
}

//! Decides how a reading is written in the corpus's `expect` schema. Decimals are text, so nothing is rounded.

use ordercast_model::{
    instrument::AssetClass,
    signal::{
        instruction::{
            Action, Entry, EntryKind, Instruction, PositionSide, StopLevel, Target, TargetLevel, TimeInForce,
            TrailBy, WrittenExpiry,
        },
        reading::{Reading, Verdict},
    },
};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// The instructions to act on, one object each; an empty list when nothing is to be done.
#[must_use]
pub fn answer(reading: &Reading) -> Value {
    Value::Array(reading.instructions().iter().map(one).collect())
}

/// The stable reason: a code when nothing is to be done, the field when it is impossible, else null.
#[must_use]
pub fn reason(reading: &Reading) -> Value {
    match &reading.verdict {
        Verdict::Trade { instructions } => {
            let refused = instructions.iter().any(|i| {
                i.subject
                    .as_ref()
                    .is_some_and(|s| matches!(s.asset, Some(AssetClass::Fx | AssetClass::Future)))
            });
            if refused {
                json!("unsupported_asset")
            } else {
                Value::Null
            }
        }
        Verdict::NotATrade { reason } => json!(reason.code()),
        Verdict::Invalid { field, .. } => json!(format!("invalid:{field}")),
    }
}

fn text(value: Decimal) -> Value {
    Value::String(value.normalize().to_string())
}
fn maybe(value: Option<Decimal>) -> Value {
    value.map_or(Value::Null, text)
}

fn one(i: &Instruction) -> Value {
    let option = i.subject.as_ref().and_then(|s| s.option.as_ref());
    json!({
        "action": i.action.code(),
        "side": side(i),
        "symbol": i.subject.as_ref().map(|s| s.symbol.clone()),
        "asset": i.subject.as_ref().and_then(|s| s.asset).map(AssetClass::code),
        "option": option.map(|o| json!({
            "expiry": o.expiry.map(|e| match e {
                WrittenExpiry::Date(day) => day.to_string(),
                WrittenExpiry::MonthDay { month, day } => format!("{month:02}/{day:02}"),
            }),
            "strike": text(o.strike),
            "right": o.right.letter().to_string(),
        })),
        "order_type": i.kind.map(kind),
        "entry": entry(i),
        "stop_loss": match i.stop { Some(StopLevel::At(p)) => text(p.value()), _ => Value::Null },
        "take_profits": i.targets.iter().filter_map(|t| match t.level { TargetLevel::At(p) => Some(text(p.value())), _ => None }).collect::<Vec<_>>(),
        "quantity": maybe(i.size.quantity),
        "size_pct": maybe(if i.action.opens() { i.size.account_pct } else { i.size.position_pct }),
        "leverage": maybe(i.leverage),
        "trailing": i.trailing.map(|t| match t.by {
            TrailBy::Percent(v) => json!({"type": "percent", "value": text(v)}),
            TrailBy::Amount(v) => json!({"type": "amount", "value": text(v)}),
        }),
        "time_in_force": i.time_in_force.map(|t| match t {
            TimeInForce::Day => "day",
            TimeInForce::Gtc => "gtc",
            TimeInForce::Ioc => "ioc",
            TimeInForce::Fok => "fok",
        }),
        "extra": extra(i),
    })
}

const fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Market => "market",
        EntryKind::Limit | EntryKind::ImpliedLimit => "limit",
        EntryKind::Stop => "stop",
        EntryKind::StopLimit => "stop_limit",
    }
}

fn side(i: &Instruction) -> Value {
    match (i.side, i.action.opens()) {
        (None, _) => Value::Null,
        (Some(PositionSide::Long), true) => json!("buy"),
        (Some(PositionSide::Short), true) => json!("sell"),
        (Some(PositionSide::Long), false) => json!("long"),
        (Some(PositionSide::Short), false) => json!("short"),
    }
}

/// The price of a cancelled order names that order; it is no entry.
fn entry(i: &Instruction) -> Value {
    if i.action == Action::Cancel {
        return json!([]);
    }
    match &i.entry {
        Entry::None => json!([]),
        Entry::At(p) => json!([text(p.value())]),
        Entry::Zone(a, b) | Entry::StopThenLimit(a, b) => json!([text(a.value()), text(b.value())]),
        Entry::Ladder(steps) => Value::Array(steps.iter().map(|s| text(s.price.value())).collect()),
    }
}

fn extra(i: &Instruction) -> Value {
    let order_price = match (i.action, &i.entry) {
        (Action::Cancel, Entry::At(p)) => Some(text(p.value())),
        _ => None,
    };
    let all = [
        ("notional", i.size.notional.map(text)),
        ("risk_pct", i.size.risk_pct.map(text)),
        (
            "breakeven_after_target",
            i.break_even_after_target.map(|n| json!(n)),
        ),
        ("target_index", i.target_index.map(|n| json!(n))),
        ("take_profit_split_pct", listed(i, |t| t.split_pct)),
        ("expires_after_seconds", i.expires_after_seconds.map(|s| json!(s))),
        ("extended_hours", i.extended_hours.then_some(Value::Bool(true))),
        ("scope", i.all_lots.then(|| json!("all"))),
        ("order_price", order_price),
    ];
    let all = all.into_iter().chain(distances(i));
    let out: Map<String, Value> = all
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
    if out.is_empty() {
        Value::Null
    } else {
        Value::Object(out)
    }
}

/// Levels that are no absolute prices.
fn distances(i: &Instruction) -> Vec<(&'static str, Option<Value>)> {
    let stop = match i.stop {
        Some(StopLevel::Percent(v)) => Some(("stop_loss_pct", Some(text(v)))),
        Some(StopLevel::Pips(v)) => Some(("stop_loss_pips", Some(text(v)))),
        Some(StopLevel::Offset(v)) => Some(("stop_loss_offset", Some(text(v)))),
        Some(StopLevel::BreakEven) => Some(("breakeven", Some(Value::Bool(true)))),
        Some(StopLevel::At(_)) | None => None,
    };
    let pips = listed(i, |t| {
        if let TargetLevel::Pips(v) = t.level {
            Some(v)
        } else {
            None
        }
    });
    let percents = listed(i, |t| {
        if let TargetLevel::Percent(v) = t.level {
            Some(v)
        } else {
            None
        }
    });
    stop.into_iter()
        .chain([("take_profit_pips", pips), ("take_profit_pct", percents)])
        .collect()
}

fn listed(i: &Instruction, of: impl Fn(&Target) -> Option<Decimal>) -> Option<Value> {
    let values: Vec<Value> = i.targets.iter().filter_map(of).map(text).collect();
    (!values.is_empty()).then_some(Value::Array(values))
}

//! Decides how a reading is written in the corpus's `expect` schema. Decimals are text, so nothing is rounded.

use ordercast_model::{
    instrument::AssetClass,
    signal::{
        instruction::{
            Action, Entry, EntryKind, Instruction, PositionSide, StopLevel, TargetLevel, TimeInForce,
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
    let mut out = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    put("notional", i.size.notional.map(text));
    put("risk_pct", i.size.risk_pct.map(text));
    put(
        "breakeven",
        (i.stop == Some(StopLevel::BreakEven)).then_some(Value::Bool(true)),
    );
    put(
        "breakeven_after_target",
        i.break_even_after_target.map(|n| json!(n)),
    );
    put("target_index", i.target_index.map(|n| json!(n)));
    put(
        "stop_loss_pct",
        if let Some(StopLevel::Percent(v)) = i.stop {
            Some(text(v))
        } else {
            None
        },
    );
    put(
        "stop_loss_pips",
        if let Some(StopLevel::Pips(v)) = i.stop {
            Some(text(v))
        } else {
            None
        },
    );
    put(
        "stop_loss_offset",
        if let Some(StopLevel::Offset(v)) = i.stop {
            Some(text(v))
        } else {
            None
        },
    );
    let pips: Vec<Value> = i
        .targets
        .iter()
        .filter_map(|t| {
            if let TargetLevel::Pips(v) = t.level {
                Some(text(v))
            } else {
                None
            }
        })
        .collect();
    put(
        "take_profit_pips",
        (!pips.is_empty()).then_some(Value::Array(pips)),
    );
    let percents: Vec<Value> = i
        .targets
        .iter()
        .filter_map(|t| {
            if let TargetLevel::Percent(v) = t.level {
                Some(text(v))
            } else {
                None
            }
        })
        .collect();
    put(
        "take_profit_pct",
        (!percents.is_empty()).then_some(Value::Array(percents)),
    );
    let splits: Vec<Value> = i.targets.iter().filter_map(|t| t.split_pct.map(text)).collect();
    put(
        "take_profit_split_pct",
        (!splits.is_empty()).then_some(Value::Array(splits)),
    );
    put("expires_after_seconds", i.expires_after_seconds.map(|s| json!(s)));
    put("extended_hours", i.extended_hours.then_some(Value::Bool(true)));
    put("scope", i.all_lots.then(|| json!("all")));
    if let (Action::Cancel, Entry::At(p)) = (i.action, &i.entry) {
        put("order_price", Some(text(p.value())));
    }
    if out.is_empty() {
        Value::Null
    } else {
        Value::Object(out)
    }
}

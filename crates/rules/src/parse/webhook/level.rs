//! Reads entry, stop and targets of a structured order, whatever shape the sender gives them.

use ordercast_model::{
    instrument::AssetClass,
    money::Price,
    signal::instruction::{
        Action, Entry, EntryKind, Instruction, LadderStep, StopLevel, Target, TargetLevel, TrailBy, Trailing,
    },
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    action::{self, Replaced, Wish, Worked},
    exact::decimal,
    field::{Fields, fold},
};
use crate::parse::draft::Fault;

pub(super) fn price(field: &'static str, value: Decimal) -> Result<Price, Fault> {
    Price::new(value).map_err(|_| Fault::new(field, format!("must be above 0, got {value}")))
}

/// The prices a body names for the entry.
struct Prices {
    limit: Option<Decimal>,
    trigger: Option<Decimal>,
    stated: Option<Decimal>,
    reference: Option<Decimal>,
}

/// What else a `type` may say: of the instrument, the message or the style, never how an order is worked.
const BESIDE: &[&str] = &[
    "call", "put", "c", "p", "option", "options", "stock", "stocks", "equity", "crypto", "coin", "spot",
    "entry", "signal", "alert", "order", "trade", "swing", "scalp", "day", "daytrade", "intraday",
    "strategy",
];

/// Reads entry levels and how they are worked.
///
/// # Errors
/// A price that is none, or missing for the order type.
pub(super) fn entry(one: &mut Instruction, fields: &Fields, worked: Option<Worked>) -> Result<(), Fault> {
    if let Some(Value::Array(list)) = fields.any("entry", &["entries", "entryprices", "entrylevels"]) {
        one.entry = ladder(list)?;
        one.kind = Some(EntryKind::Limit);
        return Ok(());
    }
    let said = fields.text("order_type", &["ordertype", "type", "entrytype"]);
    let kind = said.as_deref().and_then(action::order_kind);
    let prices = Prices {
        limit: fields.number("entry", &["limitprice", "orderlimitprice", "limit"])?,
        trigger: fields.number(
            "entry",
            &["stopprice", "stoptrigger", "stopentry", "orderstopprice"],
        )?,
        stated: fields.number(
            "entry",
            &["price", "entryprice", "entry", "orderprice", "openprice"],
        )?,
        reference: fields.number(
            "entry",
            &[
                "close",
                "triggerprice",
                "signalprice",
                "currentprice",
                "strategyorderprice",
                "lastprice",
            ],
        )?,
    };
    if kind == Some("stop_limit") {
        let (Some(trigger), Some(limit)) = (prices.trigger, prices.limit.or(prices.stated)) else {
            return Err(Fault::new(
                "price",
                "a stop-limit order needs a stop price and a limit price",
            ));
        };
        one.kind = Some(EntryKind::StopLimit);
        one.entry = Entry::StopThenLimit(price("entry", trigger)?, price("entry", limit)?);
        return Ok(());
    }
    let level = match kind {
        Some("stop") => prices.trigger.or(prices.stated).or(prices.limit),
        _ => prices.limit.or(prices.stated).or(prices.reference),
    };
    one.entry = level.map_or(Ok(Entry::None), |value| price("entry", value).map(Entry::At))?;
    let strategy = fields
        .text("side", &["marketposition", "prevmarketposition"])
        .is_some();
    one.kind = Some(match (kind, worked, level) {
        (Some("limit" | "stop"), _, None) | (_, Some(_), None) => {
            return Err(Fault::new("price", "missing for a limit or stop order"));
        }
        (Some("market"), ..) | (_, _, None) => EntryKind::Market,
        (Some("limit"), ..) | (_, Some(Worked::Limit), _) => EntryKind::Limit,
        (Some("stop"), ..) | (_, Some(Worked::Stop), _) => EntryKind::Stop,
        _ if prices.limit.is_some() => EntryKind::Limit,
        _ if prices.stated.is_none() || strategy => EntryKind::Market,
        _ => EntryKind::ImpliedLimit,
    });
    named(said.as_deref().filter(|_| kind.is_none()), one)
}

/// Refuses a market order by a word that is not known (PRODUCT BR-03).
fn named(said: Option<&str>, one: &Instruction) -> Result<(), Fault> {
    match said {
        Some(said)
            if one.kind == Some(EntryKind::Market)
                && !action::known(said)
                && !BESIDE.contains(&fold(said).as_str()) =>
        {
            let said: String = said.chars().take(40).collect();
            Err(Fault::new(
                "order_type",
                format!("expected market, limit, stop or stop_limit, got {said:?}"),
            ))
        }
        _ => Ok(()),
    }
}

fn ladder(list: &[Value]) -> Result<Entry, Fault> {
    const MOST_STEPS: usize = 5;
    if list.len() > MOST_STEPS {
        return Err(Fault::new(
            "entry",
            format!("at most {MOST_STEPS} entry prices, got {}", list.len()),
        ));
    }
    let steps: Result<Vec<LadderStep>, Fault> = list
        .iter()
        .map(|v| {
            let value = if let Value::Object(map) = v {
                map.get("price").unwrap_or(v)
            } else {
                v
            };
            Ok(LadderStep {
                price: price("entry", decimal("entry", value)?)?,
                split_pct: None,
            })
        })
        .collect();
    Ok(Entry::Ladder(steps?))
}

/// Reads stop and targets.
///
/// # Errors
/// A level that is none, or missing where levels are to be replaced.
pub(super) fn levels(one: &mut Instruction, fields: &Fields, wish: Wish) -> Result<(), Fault> {
    let stop = fields.any("stop", STOPS);
    let targets = fields.any("target", TARGETS);
    if fields.text("note", &["platformname"]).is_some() && (stop.is_some() || targets.is_some()) {
        return Err(Fault::new(
            "stop",
            "this sender writes distances from the entry, which are not read as prices",
        ));
    }
    if wish == Wish::BreakEven {
        one.stop = Some(StopLevel::BreakEven);
    }
    if let Some(stop) = stop {
        stop_value(one, stop)?;
    }
    if let Some(pips) = fields.number("stop", &["slpips", "stoplosspips"])? {
        one.stop = Some(StopLevel::Pips(pips));
    }
    if let Some(pct) = fields.number("stop", &["slpct", "slpercent", "stoplosspercent", "stoplosspct"])? {
        one.stop = Some(StopLevel::Percent(pct));
    }
    if let Some(trail) = fields.any("trailing", TRAILS) {
        trailing(one, trail)?;
    }
    if let Some(targets) = targets {
        target_list(one, targets)?;
    }
    numbered_targets(one, fields)?;
    distances(one)?;
    if let Wish::Levels(_, which) = wish {
        let (wanted, field) = match which {
            Replaced::Stop => (one.stop.is_some() || one.trailing.is_some(), "stop"),
            Replaced::Target => (!one.targets.is_empty(), "target"),
            Replaced::Any => (true, "stop"),
        };
        if !wanted {
            return Err(Fault::new(field, "missing: the action replaces it"));
        }
    }
    if matches!(wish, Wish::Levels(..)) && one.stop.is_none() && one.trailing.is_none() {
        if one.targets.is_empty() {
            let Some(value) = fields.number("stop", &["price"])? else {
                return Err(Fault::new("stop", "missing: expected a new stop or target"));
            };
            one.stop = Some(StopLevel::At(price("stop", value)?));
        } else {
            one.action = Action::UpdateTarget;
        }
    }
    Ok(())
}

/// `sl=20,tp=40` on EURUSD without a price: pips in all likelihood, which the field does not say.
fn distances(one: &Instruction) -> Result<(), Fault> {
    let pair = one.subject.as_ref().is_some_and(|s| {
        s.asset == Some(AssetClass::Fx) && s.symbol.len() == 6 && !s.symbol.starts_with('X')
    });
    let whole = |value: Decimal| value.fract().is_zero() && value < Decimal::from(MOST_PIPS);
    let stop = one.stop.and_then(|s| {
        if let StopLevel::At(p) = s {
            Some(p.value())
        } else {
            None
        }
    });
    let targets = || {
        let goals = one.targets.iter().map(|t| t.level);
        goals.filter_map(|l| {
            if let TargetLevel::At(p) = l {
                Some(p.value())
            } else {
                None
            }
        })
    };
    // A level with a fraction is a price, and the others of the order are of its kind.
    let priced = stop.into_iter().chain(targets()).any(|v| !v.fract().is_zero());
    let (stop, target) = (stop.is_some_and(whole), targets().any(whole));
    if pair && one.entry == Entry::None && !priced && (stop || target) {
        return Err(Fault::new(
            if stop { "stop" } else { "target" },
            "a whole number on a currency pair may be pips; name it sl_pips or tp_pips, or write a price",
        ));
    }
    Ok(())
}

/// A whole number below this on a currency pair is more likely a distance than a price.
const MOST_PIPS: u32 = 1_000;

const STOPS: &[&str] = &[
    "stoploss",
    "sl",
    "slprice",
    "stoplossprice",
    "stop",
    "stoplossstopprice",
    "slp",
];
const TARGETS: &[&str] = &[
    "takeprofit",
    "tp",
    "tpprice",
    "takeprofitprice",
    "target",
    "targets",
    "takeprofits",
    "targetprice",
    "tps",
];
const TRAILS: &[&str] = &[
    "trailing",
    "trailingstop",
    "trailpercent",
    "trailingstoppercent",
    "trailingpercent",
    "trailingpct",
];

/// `tp1`, `takeProfit2`, and targets in pips or per cent.
fn numbered_targets(one: &mut Instruction, fields: &Fields) -> Result<(), Fault> {
    for i in 1..=6_u8 {
        for name in [
            format!("tp{i}"),
            format!("takeprofit{i}"),
            format!("target{i}"),
            format!("tp{i}price"),
        ] {
            if let Some(value) = fields.number("target", &[&name])? {
                push_target(one, value)?;
            }
        }
    }
    if let Some(pips) = fields.number("target", &["tppips", "takeprofitpips"])? {
        one.targets.push(Target {
            level: TargetLevel::Pips(pips),
            split_pct: None,
        });
    }
    if let Some(pct) = fields.number(
        "target",
        &["tppct", "tppercent", "takeprofitpercent", "takeprofitpct"],
    )? {
        one.targets.push(Target {
            level: TargetLevel::Percent(pct),
            split_pct: None,
        });
    }
    Ok(())
}

pub(super) fn push_target(one: &mut Instruction, value: Decimal) -> Result<(), Fault> {
    if one.targets.len() >= 6 {
        return Err(Fault::new("target", "at most 6 targets"));
    }
    one.targets.push(Target {
        level: TargetLevel::At(price("target", value)?),
        split_pct: None,
    });
    Ok(())
}

pub(super) fn stop_value(one: &mut Instruction, value: &Value) -> Result<(), Fault> {
    match value {
        Value::Object(map) => {
            let get = |names: &[&str]| {
                map.iter()
                    .find(|(k, _)| names.contains(&fold(k).as_str()))
                    .map(|(_, v)| v)
            };
            if let Some(v) = get(&["trailpercent", "trailingpercent", "callbackrate"]) {
                one.trailing = Some(Trailing {
                    by: TrailBy::Percent(decimal("trailing", v)?),
                    from: None,
                });
            } else if let Some(v) = get(&["trailprice", "trailamount", "trailingamount"]) {
                one.trailing = Some(Trailing {
                    by: TrailBy::Amount(decimal("trailing", v)?),
                    from: None,
                });
            }
            if let Some(v) = get(&["price", "stopprice", "stoplossprice", "value"]) {
                one.stop = Some(StopLevel::At(price("stop", decimal("stop", v)?)?));
            } else if let Some(v) = get(&["percent", "pct", "percentage"]) {
                one.stop = Some(StopLevel::Percent(decimal("stop", v)?));
            } else if let Some(v) = get(&["amount", "offset", "distance"]) {
                one.stop = Some(StopLevel::Offset(decimal("stop", v)?));
            }
        }
        Value::String(text) if text.trim().ends_with('%') => {
            one.stop = Some(StopLevel::Percent(decimal(
                "stop",
                &Value::from(text.trim().trim_end_matches('%').trim()),
            )?));
        }
        Value::String(text) if matches!(fold(text).as_str(), "be" | "breakeven") => {
            one.stop = Some(StopLevel::BreakEven)
        }
        Value::String(text) if text.trim().is_empty() => {}
        other => one.stop = Some(StopLevel::At(price("stop", decimal("stop", other)?)?)),
    }
    Ok(())
}

pub(super) fn trailing(one: &mut Instruction, value: &Value) -> Result<(), Fault> {
    let by = match value {
        Value::Bool(_) | Value::Null => return Ok(()),
        Value::Object(map) => match (map.get("percent"), map.get("amount")) {
            (Some(v), _) => TrailBy::Percent(decimal("trailing", v)?),
            (_, Some(v)) => TrailBy::Amount(decimal("trailing", v)?),
            _ => return Err(Fault::new("trailing", "expected percent or amount")),
        },
        Value::String(text) => TrailBy::Percent(decimal(
            "trailing",
            &Value::from(text.trim().trim_end_matches('%').trim()),
        )?),
        other => TrailBy::Percent(decimal("trailing", other)?),
    };
    one.trailing = Some(Trailing { by, from: None });
    Ok(())
}

pub(super) fn target_list(one: &mut Instruction, value: &Value) -> Result<(), Fault> {
    match value {
        Value::Array(list) => {
            if list.len() > 6 {
                return Err(Fault::new(
                    "target",
                    format!("at most 6 targets, got {}", list.len()),
                ));
            }
            list.iter().try_for_each(|v| target_list(one, v))
        }
        Value::Object(map) => {
            let get = |names: &[&str]| {
                map.iter()
                    .find(|(k, _)| names.contains(&fold(k).as_str()))
                    .map(|(_, v)| v)
            };
            let split = match get(&[
                "portfolio",
                "quantitypercent",
                "split",
                "closepercent",
                "sizepercent",
            ]) {
                Some(v) => {
                    let share = decimal("target", v)?;
                    Some(if share <= Decimal::ONE {
                        share
                            .checked_mul(Decimal::ONE_HUNDRED)
                            .unwrap_or(share)
                            .normalize()
                    } else {
                        share
                    })
                }
                None => None,
            };
            let level = if let Some(v) = get(&["price", "limitprice", "takeprofitprice", "value"]) {
                TargetLevel::At(price("target", decimal("target", v)?)?)
            } else if let Some(v) = get(&["percent", "pct", "percentage"]) {
                TargetLevel::Percent(decimal("target", v)?)
            } else {
                return Err(Fault::new("target", "expected a price or a percentage"));
            };
            one.targets.push(Target {
                level,
                split_pct: split,
            });
            Ok(())
        }
        Value::String(text) if text.contains([',', '/', '|', ';']) => text
            .split([',', '/', '|', ';'])
            .filter(|t| !t.trim().is_empty())
            .try_for_each(|t| target_list(one, &Value::from(t.trim()))),
        Value::String(text) if text.trim().ends_with('%') => {
            let pct = decimal("target", &Value::from(text.trim().trim_end_matches('%').trim()))?;
            one.targets.push(Target {
                level: TargetLevel::Percent(pct),
                split_pct: None,
            });
            Ok(())
        }
        Value::String(text) if text.trim().is_empty() => Ok(()),
        other => push_target(one, decimal("target", other)?),
    }
}

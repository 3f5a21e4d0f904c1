//! Builds instructions from the fields of a structured source. Refuses contradictions and unknown units by name.

use ordercast_model::{
    instrument::AssetClass,
    money::Price,
    signal::instruction::{
        Action, Entry, EntryKind, Instruction, LadderStep, PositionSide, StopLevel, Subject, Target,
        TargetLevel, TimeInForce, TrailBy, Trailing, WrittenOption,
    },
};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{
    action::{self, Wish, Worked},
    field::{Fields, decimal, fold},
    size,
};
use crate::parse::{
    Context, contract, draft::Fault, hygiene, item::Kind, lexer, number::Habit, scan, symbol,
};

const SYMBOL: &[&str] = &[
    "symbol",
    "ticker",
    "tvinstrument",
    "paircode",
    "pair",
    "instrument",
    "coin",
    "contract",
    "tradingsymbol",
    "productid",
    "epic",
    "market",
    "asset",
    "tickerid",
    "orderticker",
    "s",
    "underlying",
    "stock",
];

/// Reads one order. None when it only switches the sender's own program.
pub(super) fn instructions(fields: &Fields, context: &Context) -> Result<Option<Vec<Instruction>>, Fault> {
    let (wish, worked) = action::wish(fields, context)?;
    if wish == Wish::Control {
        return Ok(None);
    }
    let all = fields
        .text("symbol", SYMBOL)
        .is_none_or(|s| s.eq_ignore_ascii_case("all"));
    let mut one = match wish {
        Wish::Do(action, side) => with_side(Instruction::new(action), side),
        Wish::Buy => with_side(Instruction::new(Action::Open), Some(PositionSide::Long)),
        Wish::Sell => with_side(Instruction::new(Action::Close), None),
        Wish::Turn(side) => with_side(Instruction::new(Action::Open), Some(side)),
        Wish::BreakEven => Instruction::new(Action::UpdateStop),
        Wish::Levels(side) => with_side(Instruction::new(Action::UpdateStop), side),
        Wish::Control => return Ok(None),
    };
    one.all_lots = all && one.action == Action::Close;
    if !one.all_lots {
        one.subject = Some(subject(fields)?);
    }
    levels(&mut one, fields, wish)?;
    if wish == Wish::Sell && (one.stop.is_some() || !one.targets.is_empty() || fields.comma_list) {
        one.action = Action::Open;
        one.side = Some(PositionSide::Short);
    }
    one.size = size::size(fields, one.action)?;
    if one.action == Action::Close && one.size.position_pct.is_some_and(|p| p < Decimal::ONE_HUNDRED) {
        one.action = Action::Reduce;
    }
    if matches!(
        one.action,
        Action::Open | Action::Add | Action::Close | Action::Reduce
    ) {
        entry(&mut one, fields, worked)?;
    }
    extras(&mut one, fields)?;
    if matches!(one.action, Action::Open) && one.side.is_none() {
        return Err(Fault::new("side", "missing: expected long or short"));
    }
    if let Wish::Turn(side) = wish {
        let mut close = Instruction::new(Action::Close);
        close.side = Some(if side == PositionSide::Long {
            PositionSide::Short
        } else {
            PositionSide::Long
        });
        close.subject.clone_from(&one.subject);
        close.kind = Some(EntryKind::Market);
        return Ok(Some(vec![close, one]));
    }
    Ok(Some(vec![one]))
}

fn with_side(mut one: Instruction, side: Option<PositionSide>) -> Instruction {
    one.side = side;
    one
}

/// Reads a symbol field in any of the spellings senders use.
pub(in crate::parse) fn written(text: &str) -> Option<Subject> {
    let text = text.trim().trim_start_matches('$').trim_start_matches('#');
    let parts: Vec<&str> = text.split('_').collect();
    let joined;
    let text = match parts.as_slice() {
        // exchange, quote, base
        [_, quote, base] if symbol::quote(quote) => {
            joined = format!("{base}/{quote}");
            joined.as_str()
        }
        _ => text,
    };
    let page = hygiene::clean(text);
    let tokens = lexer::lex(&page.glyphs);
    if tokens.is_empty() {
        return None;
    }
    let mut subject = None;
    let mut option = None;
    if contract::follows(&tokens, 1) || tokens.len() > 1 {
        let mut work = 0;
        let items = scan::scan(&tokens, Habit::default(), &mut work);
        for item in &items {
            match &item.kind {
                Kind::Symbol(t) => subject = subject.or_else(|| Some(t.clone())),
                Kind::Contract(c) => {
                    subject = subject.or_else(|| c.ticker.clone());
                    option = Some(WrittenOption {
                        expiry: c.expiry,
                        strike: c.strike,
                        right: c.right,
                    });
                }
                Kind::Strike(strike, right) => {
                    option = Some(WrittenOption {
                        expiry: None,
                        strike: *strike,
                        right: *right,
                    })
                }
                Kind::Expiry(day) => {
                    if let Some(o) = &mut option {
                        o.expiry = Some(*day);
                    }
                }
                _ => {}
            }
        }
    }
    if subject.is_none()
        && let lexer::Tok::Word { text, .. } = &tokens.first()?.tok
    {
        let mut work = 0;
        if let Some(Kind::Contract(c)) = scan::scan(&tokens, Habit::default(), &mut work)
            .first()
            .map(|i| i.kind.clone())
        {
            subject = c.ticker;
            option = Some(WrittenOption {
                expiry: c.expiry,
                strike: c.strike,
                right: c.right,
            });
        } else if tokens.len() <= 2 {
            subject = symbol::strong(&tokens)
                .map(|(t, _)| t)
                .or_else(|| symbol::candidate(&text.to_ascii_uppercase(), false))
                .or_else(|| symbol::stated(text));
        }
    }
    let ticker = subject?;
    let asset = if option.is_some() {
        Some(AssetClass::Option)
    } else {
        ticker.asset
    };
    Some(Subject {
        symbol: ticker.symbol,
        asset,
        option,
        perpetual: ticker.perpetual,
    })
}

fn subject(fields: &Fields) -> Result<Subject, Fault> {
    let Some(text) = fields.text("symbol", SYMBOL) else {
        return Err(Fault::new("symbol", "missing"));
    };
    if text.chars().any(|c| c.is_alphabetic() && !c.is_ascii()) {
        return Err(Fault::new(
            "symbol",
            "letters of another alphabet (lookalike_symbol)",
        ));
    }
    let mut subject = written(&text).ok_or_else(|| {
        Fault::new(
            "symbol",
            format!(
                "expected a symbol such as AAPL or BTCUSDT, got {:?}",
                text.chars().take(40).collect::<String>()
            ),
        )
    })?;
    if let (None, Some(strike), Some(right)) = (
        &subject.option,
        fields.number("strike", &["strike", "strikeprice"])?,
        fields.text("right", &["right", "optiontype", "callput", "putcall"]),
    ) {
        let right = match fold(&right).as_str() {
            "c" | "call" | "calls" => ordercast_model::instrument::Right::Call,
            "p" | "put" | "puts" => ordercast_model::instrument::Right::Put,
            _ => return Err(Fault::new("right", "expected call or put")),
        };
        let expiry = match fields.text(
            "expiry",
            &["expiry", "expiration", "exp", "expirationdate", "expirydate"],
        ) {
            Some(text) => Some(
                day(&text).ok_or_else(|| Fault::new("expiry", format!("expected a day, got {text:?}")))?,
            ),
            None => None,
        };
        subject.option = Some(WrittenOption {
            expiry,
            strike,
            right,
        });
        subject.asset = Some(AssetClass::Option);
    }
    Ok(subject)
}

/// A day in any spelling.
pub(in crate::parse) fn day(text: &str) -> Option<ordercast_model::signal::instruction::WrittenExpiry> {
    let page = hygiene::clean(text);
    let mut work = 0;
    let items = scan::scan(&lexer::lex(&page.glyphs), Habit::default(), &mut work);
    items.iter().find_map(|i| match i.kind {
        Kind::Expiry(day) => Some(day),
        Kind::Slashed(a, b) => crate::parse::expiry::slashed(a, b, None),
        Kind::Figure(f) if f.whole && text.trim().len() == 6 => crate::parse::expiry::six(text.trim())
            .map(ordercast_model::signal::instruction::WrittenExpiry::Date),
        _ => None,
    })
}

fn price(field: &'static str, value: Decimal) -> Result<Price, Fault> {
    Price::new(value).map_err(|_| Fault::new(field, format!("must be above 0, got {value}")))
}

fn entry(one: &mut Instruction, fields: &Fields, worked: Option<Worked>) -> Result<(), Fault> {
    let kind = fields
        .text("order_type", &["ordertype", "type", "entrytype"])
        .and_then(|t| action::order_kind(&t));
    let limit = fields.number("entry", &["limitprice", "orderlimitprice", "limit"])?;
    let trigger = fields.number(
        "entry",
        &["stopprice", "stoptrigger", "stopentry", "orderstopprice"],
    )?;
    if let Some(Value::Array(list)) = fields.any("entry", &["entries", "entryprices", "entrylevels"]) {
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
        one.entry = Entry::Ladder(steps?);
        one.kind = Some(EntryKind::Limit);
        return Ok(());
    }
    let stated = fields.number(
        "entry",
        &["price", "entryprice", "entry", "orderprice", "openprice"],
    )?;
    let reference = fields.number(
        "entry",
        &[
            "close",
            "triggerprice",
            "signalprice",
            "currentprice",
            "strategyorderprice",
            "lastprice",
        ],
    )?;
    let strategy = fields
        .text("side", &["marketposition", "prevmarketposition"])
        .is_some();
    if kind == Some("stop_limit")
        && let (Some(trigger), Some(limit)) = (trigger, limit.or(stated))
    {
        one.kind = Some(EntryKind::StopLimit);
        one.entry = Entry::StopThenLimit(price("entry", trigger)?, price("entry", limit)?);
        return Ok(());
    }
    let level = match kind {
        Some("stop") => trigger.or(stated).or(limit),
        _ => limit.or(stated).or(reference),
    };
    one.entry = match level {
        Some(value) => Entry::At(price("entry", value)?),
        None => Entry::None,
    };
    one.kind = Some(match (kind, worked, level) {
        (Some("stop_limit"), ..) => {
            return Err(Fault::new(
                "price",
                "a stop-limit order needs a stop price and a limit price",
            ));
        }
        (Some("limit" | "stop"), _, None) | (_, Some(_), None) => {
            return Err(Fault::new("price", "missing for a limit or stop order"));
        }
        (Some("market"), ..) => EntryKind::Market,
        (Some("limit"), ..) | (_, Some(Worked::Limit), _) => EntryKind::Limit,
        (Some("stop"), ..) | (_, Some(Worked::Stop), _) => EntryKind::Stop,
        (_, _, None) => EntryKind::Market,
        _ if limit.is_some() => EntryKind::Limit,
        _ if stated.is_none() || strategy => EntryKind::Market,
        _ => EntryKind::ImpliedLimit,
    });
    Ok(())
}

fn levels(one: &mut Instruction, fields: &Fields, wish: Wish) -> Result<(), Fault> {
    let stop = fields.any(
        "stop",
        &[
            "stoploss",
            "sl",
            "slprice",
            "stoplossprice",
            "stop",
            "stopprice2",
            "stoplossstopprice",
            "slp",
        ],
    );
    let targets = fields.any(
        "target",
        &[
            "takeprofit",
            "tp",
            "tpprice",
            "takeprofitprice",
            "target",
            "targets",
            "takeprofits",
            "targetprice",
            "tps",
        ],
    );
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
    if let Some(trail) = fields.any(
        "trailing",
        &[
            "trailing",
            "trailingstop",
            "trailpercent",
            "trailingstoppercent",
            "trailingpercent",
            "trailingpct",
        ],
    ) {
        trailing(one, trail)?;
    }
    if let Some(targets) = targets {
        target_list(one, targets)?;
    }
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
    if matches!(wish, Wish::Levels(_)) && one.stop.is_none() && one.trailing.is_none() {
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

fn push_target(one: &mut Instruction, value: Decimal) -> Result<(), Fault> {
    if one.targets.len() >= 6 {
        return Err(Fault::new("target", "at most 6 targets"));
    }
    one.targets.push(Target {
        level: TargetLevel::At(price("target", value)?),
        split_pct: None,
    });
    Ok(())
}

fn stop_value(one: &mut Instruction, value: &Value) -> Result<(), Fault> {
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

fn trailing(one: &mut Instruction, value: &Value) -> Result<(), Fault> {
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

fn target_list(one: &mut Instruction, value: &Value) -> Result<(), Fault> {
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

fn extras(one: &mut Instruction, fields: &Fields) -> Result<(), Fault> {
    let leverage = fields
        .text("leverage", &["leverage", "lev", "orderleverage"])
        .map(|t| t.trim_end_matches(['x', 'X']).to_owned());
    one.leverage = leverage
        .map(|t| decimal("leverage", &Value::from(t)))
        .transpose()?;
    one.extended_hours =
        fields.any("extended_hours", &["extendedhours", "outsiderth"]) == Some(&Value::Bool(true));
    one.time_in_force = match fields
        .text("time_in_force", &["timeinforce", "tif", "duration"])
        .map(|t| fold(&t))
        .as_deref()
    {
        Some("gtc") => Some(TimeInForce::Gtc),
        Some("day") => Some(TimeInForce::Day),
        Some("ioc") => Some(TimeInForce::Ioc),
        Some("fok") => Some(TimeInForce::Fok),
        _ => None,
    };
    let seconds = fields.number("expires_in", &["expiresin", "ttl"])?;
    let minutes = fields
        .number("expires_in", &["timetolive"])?
        .and_then(|m| m.checked_mul(Decimal::from(60)));
    one.expires_after_seconds = seconds
        .or(minutes)
        .and_then(|s| u64::try_from(s.trunc().mantissa()).ok());
    Ok(())
}

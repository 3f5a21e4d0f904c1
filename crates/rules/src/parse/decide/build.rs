//! Builds the instruction: levels, sizes and the order type, each refused by name when it cannot be.

use super::*;

pub(super) fn price(value: Decimal, field: &'static str) -> Result<Price, Fault> {
    Price::new(value).map_err(|_| Fault::new(field, format!("must be above 0, got {value}")))
}

pub(super) fn fill(one: &mut Instruction, draft: &Draft, intent: Intent) -> Result<(), Fault> {
    let trades = !matches!(intent.action, Action::UpdateStop | Action::UpdateTarget);
    one.extended_hours = draft.extended;
    one.time_in_force = draft.force;
    one.expires_after_seconds = draft.life_seconds;
    one.all_lots = draft.all && one.subject.is_none();
    // A contract has no leverage of its own: "x10" counts contracts.
    let share = one
        .subject
        .as_ref()
        .is_some_and(|s| s.asset == Some(AssetClass::Equity));
    one.leverage = draft
        .leverage
        .or(draft.times.filter(|_| !draft.is_option() && !share));
    one.size = size(draft, intent)?;
    if share && one.action.opens() && one.size.quantity.is_none() {
        // "BUY AAPL 180 x10"
        one.size.quantity = draft.times;
    }
    if trades {
        // "Fed at 2, close every open position": no price holds for all of them.
        one.entry = if one.all_lots {
            Entry::None
        } else {
            entry(&draft.entries)?
        };
        let leaves = matches!(intent.action, Action::Close | Action::Reduce);
        if let (
            true,
            Entry::None,
            false,
            [
                Goal {
                    level: Distance::At(value),
                    ..
                },
            ],
        ) = (leaves, &one.entry, draft.market, draft.targets.as_slice())
        {
            // "take profit on HIMS at 41, all out"
            one.entry = Entry::At(price(*value, "price")?);
        }
        if intent.action != Action::Cancel {
            one.kind = Some(kind(draft, intent, &one.entry));
        }
        if let (Some(EntryKind::StopLimit), Entry::Zone(..) | Entry::Ladder(_)) = (one.kind, &one.entry)
            && let [a, b] = draft.entries.as_slice()
        {
            one.entry = Entry::StopThenLimit(price(a.value, "entry")?, price(b.value, "entry")?);
        }
    }
    if intent.action.opens() && draft.market && draft.limit && !draft.entries.is_empty() {
        return Err(Fault::new(
            "order_type",
            "both a market and a limit order are named",
        ));
    }
    if intent.action == Action::UpdateTarget {
        one.target_index = draft
            .target_index
            .map(u32::from)
            .filter(|_| draft.targets.len() == 1);
    }
    one.targets = targets(&draft.targets)?;
    stops(one, draft, intent)
}

pub(super) fn stops(one: &mut Instruction, draft: &Draft, intent: Intent) -> Result<(), Fault> {
    let leaves = matches!(intent.action, Action::Close | Action::Reduce | Action::Cancel);
    if leaves {
        one.targets.clear();
        return Ok(());
    }
    if draft.stops > 0 && intent.action.opens() {
        return Err(Fault::new("stop", "more than one stop is named"));
    }
    one.stop = match draft.stop {
        Some(Distance::At(value)) => Some(StopLevel::At(price(value, "stop")?)),
        Some(Distance::Percent(value)) => Some(StopLevel::Percent(value)),
        // "SL 2 points" of a share is an amount of its price.
        Some(Distance::Pips(value)) if priced_in_points(one) => Some(StopLevel::Offset(value)),
        Some(Distance::Pips(value)) => Some(StopLevel::Pips(value)),
        None if draft.break_even && !intent.action.opens() => Some(StopLevel::BreakEven),
        None => None,
    };
    if draft.break_even && intent.action.opens() {
        one.break_even_after_target = Some(draft.break_even_after.map_or(1, u32::from));
    }
    if let Some(by) = draft
        .trail_percent
        .map(TrailBy::Percent)
        .or(draft.trail_amount.map(TrailBy::Amount))
    {
        let from = draft
            .trail_from
            .map(|value| price(value, "trailing"))
            .transpose()?;
        one.trailing = Some(Trailing { by, from });
    }
    Ok(())
}

pub(super) fn size(draft: &Draft, intent: Intent) -> Result<SizeHint, Fault> {
    let mut size = SizeHint {
        quantity: draft.quantity.or(draft.times.filter(|_| draft.is_option())),
        notional: draft.notional,
        risk_pct: draft.risk_pct,
        ..SizeHint::default()
    };
    if draft.quantity.is_some_and(|q| q <= Decimal::ZERO) {
        return Err(Fault::new("quantity", "must be above 0"));
    }
    match intent.action {
        Action::Open | Action::Add => size.account_pct = draft.account_pct,
        Action::Reduce => {
            let part = draft.share.or_else(|| portion(draft)).or(draft.account_pct);
            size.position_pct = part.map(|p| p.normalize());
        }
        _ => {}
    }
    for (field, value) in [
        ("size", size.account_pct),
        ("size", size.position_pct),
        ("risk", size.risk_pct),
    ] {
        if value.is_some_and(|v| v <= Decimal::ZERO || v > Decimal::ONE_HUNDRED) {
            return Err(Fault::new(field, "must be above 0 and at most 100 per cent"));
        }
    }
    Ok(size)
}

pub(super) fn entry(levels: &[Level]) -> Result<Entry, Fault> {
    const MOST_STEPS: usize = 5;
    let mut prices = Vec::with_capacity(levels.len());
    let twice = levels.len() > 1
        && levels
            .iter()
            .all(|l| Some(l.value) == levels.first().map(|f| f.value));
    for level in levels.iter().take(if twice { 1 } else { levels.len() }) {
        prices.push(price(level.value, "entry")?);
    }
    Ok(match prices.as_slice() {
        [] => Entry::None,
        [one] => Entry::At(*one),
        [a, b] if levels.get(1).is_some_and(|l| l.ranged) => Entry::Zone(*a.min(b), *a.max(b)),
        many if many.len() > MOST_STEPS => {
            return Err(Fault::new(
                "entry",
                format!("at most {MOST_STEPS} entry prices, got {}", many.len()),
            ));
        }
        many => Entry::Ladder(
            many.iter()
                .zip(levels)
                .map(|(price, l)| LadderStep {
                    price: *price,
                    split_pct: l.split,
                })
                .collect(),
        ),
    })
}

pub(super) fn targets(goals: &[Goal]) -> Result<Vec<Target>, Fault> {
    const MOST_TARGETS: usize = 6;
    if goals.len() > MOST_TARGETS {
        return Err(Fault::new(
            "target",
            format!("at most {MOST_TARGETS} targets, got {}", goals.len()),
        ));
    }
    goals
        .iter()
        .map(|goal| {
            let level = match goal.level {
                Distance::At(value) => TargetLevel::At(price(value, "target")?),
                Distance::Percent(value) => TargetLevel::Percent(value),
                Distance::Pips(value) => TargetLevel::Pips(value),
            };
            Ok(Target {
                level,
                split_pct: goal.split,
            })
        })
        .collect()
}

pub(super) fn kind(draft: &Draft, intent: Intent, entry: &Entry) -> EntryKind {
    let crosses = match intent.side {
        Some(PositionSide::Long) => draft.above,
        Some(PositionSide::Short) => draft.below,
        None => false,
    };
    match entry {
        _ if draft.stop_limit => EntryKind::StopLimit,
        Entry::None => EntryKind::Market,
        _ if intent.action.opens() && (draft.stop_entry || crosses) && draft.limit => EntryKind::StopLimit,
        _ if intent.action.opens() && (draft.stop_entry || crosses) => EntryKind::Stop,
        _ if draft.limit => EntryKind::Limit,
        _ if draft.market => EntryKind::Market,
        _ => EntryKind::ImpliedLimit,
    }
}

/// "took half, stop to entry": the stop moves in a second instruction.
pub(super) fn companion(draft: &Draft, one: &Instruction) -> Option<Instruction> {
    if one.action != Action::Reduce {
        return None;
    }
    let stop = match draft.stop {
        Some(Distance::At(value)) => StopLevel::At(Price::new(value).ok()?),
        _ if draft.break_even => StopLevel::BreakEven,
        _ => return None,
    };
    let mut second = Instruction::new(Action::UpdateStop);
    second.side = one.side;
    second.subject.clone_from(&one.subject);
    second.stop = Some(stop);
    Some(second)
}

fn priced_in_points(one: &Instruction) -> bool {
    let asset = one.subject.as_ref().and_then(|s| s.asset);
    matches!(asset, Some(AssetClass::Equity | AssetClass::Option))
}

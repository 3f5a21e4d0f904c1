//! Decides whether the levels of an instruction can be true together (PRODUCT SG-10). Refuses to know the market.

use ordercast_model::signal::instruction::{
    Action, Entry, EntryKind, Instruction, PositionSide, StopLevel, TargetLevel, WrittenExpiry,
};
use rust_decimal::Decimal;

use super::draft::Fault;

/// The first impossible field, if any.
pub(super) fn check(one: &Instruction) -> Option<Fault> {
    splits(one)
        .or_else(|| sizes(one))
        .or_else(|| ordered(one))
        .or_else(|| far(one))
}

/// Past expiries are refused when the whole date is known.
pub(super) fn expired(one: &Instruction, today: chrono::NaiveDate) -> Option<Fault> {
    let option = one.subject.as_ref()?.option.as_ref()?;
    match option.expiry {
        Some(WrittenExpiry::Date(date)) if date < today && one.action.opens() => {
            Some(Fault::new("expiry", format!("{date} is past")))
        }
        _ => None,
    }
}

fn splits(one: &Instruction) -> Option<Fault> {
    let near = |sum: Decimal| (sum - Decimal::ONE_HUNDRED).abs() <= Decimal::ONE;
    let shares: Vec<Decimal> = one.targets.iter().filter_map(|t| t.split_pct).collect();
    if !shares.is_empty() && shares.len() == one.targets.len() && !near(shares.iter().copied().sum()) {
        return Some(Fault::new(
            "target",
            "the shares of the targets must add up to 100 per cent",
        ));
    }
    if let Entry::Ladder(steps) = &one.entry {
        let shares: Vec<Decimal> = steps.iter().filter_map(|s| s.split_pct).collect();
        if !shares.is_empty() && shares.len() == steps.len() && !near(shares.iter().copied().sum()) {
            return Some(Fault::new(
                "entry",
                "the shares of the entries must add up to 100 per cent",
            ));
        }
    }
    None
}

fn sizes(one: &Instruction) -> Option<Fault> {
    let positive = |value: Option<Decimal>| value.is_none_or(|v| v > Decimal::ZERO);
    if !positive(one.size.quantity) {
        return Some(Fault::new("quantity", "must be above 0"));
    }
    if !positive(one.size.notional) {
        return Some(Fault::new("notional", "must be above 0"));
    }
    let (stop, goals) = (one.stop, one.targets.as_slice());
    let long = one.side != Some(PositionSide::Short);
    if let (true, Some(StopLevel::Percent(p))) = (long && one.action.opens(), stop)
        && p >= Decimal::ONE_HUNDRED
    {
        return Some(Fault::new(
            "stop",
            format!("{p} per cent below the entry is no price"),
        ));
    }
    let beyond = |t: &ordercast_model::signal::instruction::Target| matches!(t.level, TargetLevel::Percent(p) if p >= Decimal::ONE_HUNDRED);
    if !long && one.action.opens() && goals.iter().any(beyond) {
        return Some(Fault::new("target", "a short cannot make more than 100 per cent"));
    }
    if one
        .leverage
        .is_some_and(|l| l <= Decimal::ZERO || l > Decimal::from(1_000))
    {
        return Some(Fault::new("leverage", "must be above 0 and at most 1000"));
    }
    None
}

/// How many times the entry a stop or a target of a short may be away, for a share or a coin, and one entry from another
/// for all.
const FARTHEST: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

/// "SL 3" beside an entry of 343.90 is an offset and no price, "180 $5k" no ladder.
fn far(one: &Instruction) -> Option<Fault> {
    let entry: Vec<Decimal> = match &one.entry {
        Entry::At(p) => vec![p.value()],
        Entry::Zone(a, b) | Entry::StopThenLimit(a, b) => vec![a.value(), b.value()],
        Entry::Ladder(steps) => steps.iter().map(|s| s.price.value()).collect(),
        Entry::None => return None,
    };
    let (low, high) = (*entry.iter().min()?, *entry.iter().max()?);
    let times = |v: Decimal| v.checked_mul(FARTHEST).unwrap_or(Decimal::MAX);
    if times(low) < high {
        return Some(Fault::new(
            "entry",
            format!("{low} and {high} are too far apart for two prices of one entry"),
        ));
    }
    if !one.action.opens() || one.subject.as_ref()?.option.is_some() {
        return None;
    }
    let away = |v: Decimal| times(v) < low || v > times(high);
    if let Some(StopLevel::At(p)) = one.stop
        && away(p.value())
    {
        return Some(Fault::new(
            "stop",
            format!(
                "{} is no price beside the entry {low}; write the level",
                p.value()
            ),
        ));
    }
    one.targets.iter().find_map(|t| match t.level {
        TargetLevel::At(p) if times(p.value()) < low => Some(Fault::new(
            "target",
            format!(
                "{} is no price beside the entry {low}; write the level",
                p.value()
            ),
        )),
        _ => None,
    })
}

/// Stop below entry below targets for a long, the mirror for a short.
fn ordered(one: &Instruction) -> Option<Fault> {
    if !matches!(one.action, Action::Open | Action::Add) {
        return None;
    }
    let long = one.side? == PositionSide::Long;
    let entry: Vec<Decimal> = match &one.entry {
        Entry::None => Vec::new(),
        Entry::At(p) => vec![p.value()],
        Entry::Zone(a, b) | Entry::StopThenLimit(a, b) => vec![a.value(), b.value()],
        Entry::Ladder(steps) => steps.iter().map(|s| s.price.value()).collect(),
    };
    let stop = match one.stop {
        Some(StopLevel::At(p)) => Some(p.value()),
        _ => None,
    };
    let targets: Vec<Decimal> = one
        .targets
        .iter()
        .filter_map(|t| {
            if let TargetLevel::At(p) = t.level {
                Some(p.value())
            } else {
                None
            }
        })
        .collect();
    let below = |a: Decimal, b: Decimal| if long { a < b } else { a > b };
    let worst = if long {
        entry.iter().min()
    } else {
        entry.iter().max()
    };
    let (low, high) = if long {
        ("below", "above")
    } else {
        ("above", "below")
    };
    if let (Some(stop), Some(worst)) = (stop, worst)
        && !below(stop, *worst)
    {
        return Some(Fault::new(
            "stop",
            format!("{stop} must be {low} the entry {worst}"),
        ));
    }
    for target in &targets {
        let reach = if one.kind == Some(EntryKind::StopLimit) {
            entry.first()
        } else {
            worst
        };
        if let Some(worst) = reach
            && !below(*worst, *target)
        {
            return Some(Fault::new(
                "target",
                format!("{target} must be {high} the entry {worst}"),
            ));
        }
        if let Some(stop) = stop
            && !below(stop, *target)
        {
            return Some(Fault::new(
                "target",
                format!("{target} must be {high} the stop {stop}"),
            ));
        }
    }
    None
}

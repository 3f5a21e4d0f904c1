//! Decides which words of a clause leave a doubt that has to be asked about instead of being traded.
//! Refuses to look at whether the levels fit each other.

use super::*;

/// The first such doubt.
pub(super) fn fault(draft: &Draft, intent: Intent) -> Option<Fault> {
    let mut fault = draft.faults.first().cloned();
    if draft.shares > 1 && draft.others > 0 {
        fault.get_or_insert(Fault::new(
            "size",
            "two parts and two names stand in one instruction",
        ));
    }
    if draft.listed {
        fault.get_or_insert(Fault::new(
            "symbol",
            "several names stand in one instruction; write each on its own line",
        ));
    }
    if draft.target_multiple && draft.targets.is_empty() && intent.action.opens() {
        fault.get_or_insert(Fault::new(
            "target",
            "a multiple of the risk is not read; write a price or a per cent",
        ));
    }
    if intent.action.opens() && draft.stop_unread && !stopped(draft) {
        fault.get_or_insert(Fault::new(
            "stop",
            "a stop is named and what stands behind it is no level",
        ));
    }
    let sells = draft.verbs.first().is_some_and(|d| d.verb == Verb::Sell);
    let levels = draft.stop.is_some() || !draft.targets.is_empty();
    if intent.action.opens() && sells && draft.stop_entry && !levels && !draft.has(Verb::Short) {
        fault.get_or_insert(Fault::new(
            "side",
            "a sell stop without levels of its own may close a long or open a short; write \"short\" or its stop",
        ));
    }
    if intent.action.opens() && strayed(draft) {
        fault.get_or_insert(Fault::new(
            "entry",
            "a line with a price is not understood, and no entry is named",
        ));
    }
    fault
}

/// Whether the stop that is named is also read.
pub(super) fn stopped(draft: &Draft) -> bool {
    let trails = draft.trail_percent.is_some() || draft.trail_amount.is_some();
    draft.stop.is_some() || trails || draft.break_even
}

/// "LONG RUNEUSDT\nAnkunft : 1.205\nSL : 1.152": a price behind words nobody knows where the entry is missing.
fn strayed(draft: &Draft) -> bool {
    let stop = draft.stop.and_then(intent::price_of);
    let goals = draft.targets.iter().filter_map(|g| intent::price_of(g.level));
    let levels: Vec<Decimal> = stop.into_iter().chain(goals).collect();
    let near = |price: &Decimal| {
        let twice = |v: Decimal| v.checked_add(v).unwrap_or(Decimal::MAX);
        levels.is_empty() && !price.fract().is_zero()
            || levels.iter().any(|l| *price < twice(*l) && *l < twice(*price))
    };
    draft.entries.is_empty() && !draft.market && !draft.is_option() && draft.strayed.iter().any(near)
}

//! Decides whether an order without price, level and size is one: "long SOL", and not "SOL long, stop hit".
//! Refuses to look at orders that state any of these.

use super::*;

/// Whether nothing but the side and the name is stated.
pub(super) fn bare(draft: &Draft) -> bool {
    let levels = draft.stop.is_some() || !draft.targets.is_empty() || !draft.entries.is_empty();
    let sized = draft.quantity.is_some()
        || draft.notional.is_some()
        || draft.account_pct.is_some()
        || draft.risk_pct.is_some()
        || draft.share.is_some();
    !levels && !sized && !draft.market && !draft.is_option()
}

/// "Long ✅ Target 1": the number of a target, and no price of the order that says otherwise.
fn numbered(draft: &Draft) -> bool {
    const MOST: Decimal = Decimal::from_parts(6, 0, 0, false, 0);
    let index = |g: &Goal| matches!(g.level, Distance::At(v) if v.fract().is_zero() && v <= MOST);
    let priced = !draft.entries.is_empty() || draft.stop.is_some() || draft.market || draft.is_option();
    !priced && !draft.targets.is_empty() && draft.targets.iter().all(index)
}

/// "GOLD BUY 2630 ✅✅ TP2": a mark of what is done, and a target without a price.
pub(super) fn reached(draft: &Draft) -> bool {
    let announced = draft.target_named && draft.targets.is_empty() && draft.stop.is_none();
    draft.done && announced || numbered(draft)
}

/// Why such an order is none: something is told of the position beside it.
pub(super) fn position(draft: &Draft, around: Around) -> Option<NoTrade> {
    if !bare(draft) || !draft.faults.is_empty() {
        return None;
    }
    // "TP1 ✅", "SL hit": a level is spoken of and none is stated.
    let spoken = draft.stop_named && !draft.stop_denied || draft.target_named;
    if around.reported || draft.outcome || draft.done || draft.break_even || spoken {
        return Some(NoTrade::Recap);
    }
    // "SOL long, waiting": the side behind the name tells of a position where anything else is said of it.
    let enters = |d: &Deed| matches!(d.verb, Verb::Long | Verb::Short | Verb::Buy | Verb::Enter);
    let talk = draft.strangers > 0 || around.parted || !draft.verbs.iter().all(enters);
    (draft.behind && talk).then_some(NoTrade::Chatter)
}

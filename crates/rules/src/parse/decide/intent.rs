//! Decides what a clause wants done and on which side, before its levels are looked at.

use super::*;

/// Whether a verb only names the side here: after a closing or moving verb.
pub(super) fn named_side(draft: &Draft) -> Option<PositionSide> {
    let word = draft.verbs.iter().find_map(|d| match d.verb {
        Verb::Long | Verb::SellClose => Some(PositionSide::Long),
        Verb::Short | Verb::BuyClose => Some(PositionSide::Short),
        _ => None,
    });
    word.or_else(|| {
        draft.bullish.map(|up| {
            if up {
                PositionSide::Long
            } else {
                PositionSide::Short
            }
        })
    })
}

pub(super) fn order_side(draft: &Draft) -> Option<PositionSide> {
    draft.verbs.iter().find_map(|d| match d.verb {
        Verb::Long | Verb::Buy | Verb::BuyOpen => LONG,
        Verb::Short | Verb::Sell | Verb::SellOpen => SHORT,
        _ => None,
    })
}

/// What the verbs and levels of a clause amount to, before they are weighed.
struct Signs {
    first: Option<Deed>,
    opening: bool,
    closing: bool,
    part: bool,
    /// A stop, a trail or break-even is stated.
    levels: bool,
    /// Words say that levels are replaced, and nothing says that something is traded.
    pulls: bool,
}

fn signs(draft: &Draft) -> Signs {
    let has = |verb: Verb| draft.has(verb);
    let first = draft.verbs.first().copied();
    let trails = draft.trail_percent.is_some() || draft.trail_amount.is_some();
    let opening = first.is_some_and(|d| {
        matches!(
            d.verb,
            Verb::BuyOpen | Verb::SellOpen | Verb::Buy | Verb::Sell | Verb::Long | Verb::Short | Verb::Enter
        )
    });
    // "STO 1 KO 75c (covered)": an order to open stays one.
    let placed = first.is_some_and(|d| matches!(d.verb, Verb::BuyOpen | Verb::SellOpen));
    let closes =
        |d: &Deed| matches!(d.verb, Verb::Close | Verb::SellClose | Verb::BuyClose) && !(placed && d.past);
    let closing = draft.verbs.iter().any(closes);
    let whole = draft.share.or_else(|| portion(draft)) == Some(Decimal::ONE_HUNDRED);
    let sized = !whole && (draft.share.is_some() || portion(draft).is_some());
    // "TRX long: SL up to 0.2610" names the side of what is held.
    let sided = first.is_some_and(|d| matches!(d.verb, Verb::Long | Verb::Short) && !d.past);
    let moved = draft.verbs.len() == 1
        && draft.toward
        && draft.stop.is_some()
        && draft.entries.is_empty()
        && !draft.market;
    // "SOL short: took 40% off at 144.5"
    let taken = draft
        .verbs
        .iter()
        .any(|d| matches!(d.verb, Verb::Take | Verb::Reduce) && !d.priced)
        && (draft.share.is_some() || portion(draft).is_some());
    let noun = sided && (moved || taken);
    let opening = opening && !noun;
    let silent = first.is_none() && (trails || draft.break_even);
    let moves = has(Verb::Move) || draft.toward || silent;
    let states_entry = !draft.entries.is_empty() || (draft.market && opening);
    // "part banked" in a report of the past does not ask for another part.
    let reported = !sized && draft.verbs.iter().all(|d| d.verb != Verb::Reduce || d.past);
    let part = sized || draft.part_of || draft.keeps || has(Verb::Reduce) && !whole;
    let pulls = moves && !states_entry && (!part || reported) && !closing && (!opening || has(Verb::Move));
    Signs {
        first,
        opening,
        closing,
        part,
        levels: draft.stop.is_some() || draft.break_even || trails,
        pulls,
    }
}

pub(super) fn intent(draft: &Draft, inferred: &mut Vec<&'static str>) -> Option<Intent> {
    let Signs {
        first,
        opening,
        closing,
        part,
        levels,
        pulls,
    } = signs(draft);
    let make = |action, side| {
        Some(Intent {
            action,
            side,
            sell: false,
        })
    };
    let priced = !draft.entries.is_empty() || draft.stop.is_some() || !draft.targets.is_empty();
    let placed = draft
        .verbs
        .iter()
        .any(|d| matches!(d.verb, Verb::BuyOpen | Verb::SellOpen));
    if first.is_some_and(|d| d.verb == Verb::Cancel && d.past) && placed && priced {
        // "(deleted) BTO SPY 680c @ 1.05": an order that is no longer meant.
        return None;
    }
    let level = (draft.stop_named || draft.target_named) && order_side(draft).is_none();
    if first.is_some_and(|d| d.verb == Verb::Cancel) && level && !priced && draft.strangers == 0 {
        // "remove the stop on TIA": a position without its protection is not asked for in words alone.
        return None;
    }
    if first.is_some_and(|d| d.verb == Verb::Cancel) || (draft.has(Verb::Cancel) && !priced) {
        return make(Action::Cancel, order_side(draft));
    }
    if pulls && levels {
        return make(Action::UpdateStop, named_side(draft));
    }
    if pulls && !draft.targets.is_empty() {
        return make(Action::UpdateTarget, named_side(draft));
    }
    let quiet = !part && !closing && !opening && draft.entries.is_empty();
    if draft.has(Verb::Take) && levels && quiet {
        return make(Action::UpdateStop, named_side(draft));
    }
    // "long 61000 stop 59000, close at 64000" stays an entry.
    let setup = opening && !draft.entries.is_empty() && draft.stop.is_some();
    if closing && !setup {
        let action = if part && !draft.all {
            Action::Reduce
        } else {
            Action::Close
        };
        return make(action, named_side(draft));
    }
    if draft.has(Verb::Reduce) && !opening {
        return make(Action::Reduce, named_side(draft));
    }
    if draft.has(Verb::Take) && !opening {
        return take(draft, inferred);
    }
    // "DCA long": a ladder with stop and targets is a setup, not an addition.
    let staged = draft.entries.len() > 1
        && draft.stop.is_some()
        && !draft.targets.is_empty()
        && order_side(draft).is_some()
        && first.is_some_and(|d| d.verb == Verb::Add);
    if staged {
        return make(Action::Open, order_side(draft));
    }
    if draft.has(Verb::Add)
        || (draft.average && opening)
        || (draft.more && opening && first.is_some_and(|d| d.verb != Verb::Sell))
    {
        return make(Action::Add, order_side(draft).or(LONG));
    }
    opens(draft, first, part, inferred)
}

pub(super) fn take(draft: &Draft, inferred: &mut Vec<&'static str>) -> Option<Intent> {
    if draft.share.is_some() || portion(draft).is_some() {
        return Some(Intent {
            action: Action::Reduce,
            side: named_side(draft),
            sell: false,
        });
    }
    if draft.rest {
        return Some(Intent {
            action: Action::Close,
            side: named_side(draft),
            sell: false,
        });
    }
    if draft.is_option() && !draft.entries.is_empty() {
        inferred.push("\"take\" is read as an entry");
        return Some(Intent {
            action: Action::Open,
            side: LONG,
            sell: false,
        });
    }
    None
}

pub(super) fn opens(
    draft: &Draft,
    first: Option<Deed>,
    part: bool,
    inferred: &mut Vec<&'static str>,
) -> Option<Intent> {
    let open = |side| {
        Some(Intent {
            action: Action::Open,
            side,
            sell: false,
        })
    };
    match first.map(|d| d.verb) {
        // "move SL to 195 and sell 1/3 here"
        Some(Verb::Move) if part && draft.has(Verb::Sell) => Some(Intent {
            action: Action::Reduce,
            side: None,
            sell: false,
        }),
        Some(Verb::Sell) if draft.has(Verb::Short) => open(SHORT),
        Some(Verb::Sell) if part => Some(Intent {
            action: Action::Reduce,
            side: None,
            sell: false,
        }),
        Some(Verb::Sell) => Some(Intent {
            action: Action::Close,
            side: None,
            sell: true,
        }),
        Some(Verb::Short | Verb::SellOpen) => open(SHORT),
        Some(Verb::Buy | Verb::Long | Verb::BuyOpen) => open(LONG),
        Some(Verb::Enter) => {
            let side = draft.verbs.iter().find_map(|d| match d.verb {
                Verb::Long | Verb::Buy => LONG,
                Verb::Short | Verb::Sell => SHORT,
                _ => None,
            });
            let side = side.or_else(|| side_of_levels(draft));
            if side.is_none() {
                inferred.push("no side is stated; an entry is read as long");
            }
            open(side.or(LONG))
        }
        None if draft.is_option() && grown(draft) => None,
        None if draft.is_option() && !draft.entries.is_empty() && !draft.above && !draft.below => {
            inferred.push("no verb; a contract with a price is read as an entry");
            if !draft.entry_labelled {
                inferred.push("the price carries no label");
            }
            open(LONG)
        }
        None if !draft.entries.is_empty() && draft.stop.is_some() && !draft.targets.is_empty() => {
            let side = side_of_levels(draft)?;
            inferred.push("no verb; entry, stop and targets are read as a setup");
            inferred.push("the side follows from the levels");
            open(Some(side))
        }
        _ => None,
    }
}

/// "225c 3.40 to 5.10", "entry 3.40, now 5.10": what a contract cost and costs, and no order.
fn grown(draft: &Draft) -> bool {
    let Some(first) = draft.entries.first() else {
        return false;
    };
    let far = |other: Decimal| {
        let (low, high) = (first.value.min(other), first.value.max(other));
        let most = low.checked_mul(Decimal::new(125, 2));
        most.is_some_and(|most| high > most)
    };
    draft.entries.iter().skip(1).any(|l| l.ranged && far(l.value)) || draft.references.iter().any(|v| far(*v))
}

pub(super) fn side_of_levels(draft: &Draft) -> Option<PositionSide> {
    if let Some(up) = draft.bullish {
        return if up { LONG } else { SHORT };
    }
    let goals: Vec<Decimal> = draft.targets.iter().filter_map(|g| price_of(g.level)).collect();
    let stop = draft.stop.and_then(price_of);
    let entry = draft.entries.first().map(|e| e.value);
    let high = goals.first().copied();
    let base = entry.or(stop)?;
    match (stop, high) {
        (Some(s), Some(t)) if s < t && s <= base && base <= t => LONG,
        (Some(s), Some(t)) if s > t && s >= base && base >= t => SHORT,
        (None, Some(t)) if t != base => {
            if t > base {
                LONG
            } else {
                SHORT
            }
        }
        (Some(s), None) if s != base => {
            if s < base {
                LONG
            } else {
                SHORT
            }
        }
        _ if draft.above => LONG,
        _ if draft.below => SHORT,
        _ => None,
    }
}

pub(super) fn price_of(distance: Distance) -> Option<Decimal> {
    if let Distance::At(value) = distance {
        Some(value)
    } else {
        None
    }
}

/// A per cent that speaks of the position: right after the verb, or with "of", "off", a reducing verb.
pub(super) fn portion(draft: &Draft) -> Option<Decimal> {
    let reduces = draft
        .verbs
        .iter()
        .any(|d| matches!(d.verb, Verb::Reduce | Verb::Take));
    draft
        .percent
        .iter()
        .find(|(_, at)| {
            let close = draft.verbs.iter().any(|d| {
                d.at < *at
                    && at - d.at <= 2
                    && !matches!(
                        d.verb,
                        Verb::Buy | Verb::BuyOpen | Verb::Long | Verb::Short | Verb::Enter | Verb::Add
                    )
            });
            let left = draft
                .verbs
                .iter()
                .any(|d| d.at > *at && d.at - at <= 3 && matches!(d.verb, Verb::Close | Verb::Reduce));
            reduces || close || left
        })
        .map(|(value, _)| *value)
}

/// A sell with levels of its own is a short setup; a bare one does what the provider says.
pub(super) fn settle(
    draft: &Draft,
    intent: Intent,
    around: Around,
    inferred: &mut Vec<&'static str>,
) -> Intent {
    if !intent.sell {
        return intent;
    }
    let levels = draft.stop.is_some() || !draft.targets.is_empty();
    if draft.stop_entry && !levels {
        inferred.push("a sell stop without levels may close a long or open a short");
    }
    if levels || draft.stop_entry {
        return Intent {
            action: Action::Open,
            side: SHORT,
            sell: false,
        };
    }
    if around.sell_means == SellMeans::OpenShort && !draft.verbs.iter().any(|d| d.past) {
        inferred.push("a bare sell opens a short for this provider");
        return Intent {
            action: Action::Open,
            side: SHORT,
            sell: false,
        };
    }
    Intent {
        action: Action::Close,
        side: None,
        sell: true,
    }
}

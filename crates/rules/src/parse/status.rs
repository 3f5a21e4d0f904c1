//! Decides what a report of what happened leaves of its sentence: "TP1 hit", "filled", "gm team".
//! Refuses to look at other guards.

use ordercast_model::signal::reading::NoTrade;

use super::{
    guard::{Watched, bury, cut},
    item::{Item, Kind},
    vocabulary::{Cue, Guard, Label, Verb},
};

/// What happened: "TP1 hit", "filled", "running".
pub(super) fn status(range: &mut [Item], at: usize, (from, to): (usize, usize), found: &mut Watched) {
    let inside = range.get(from..to).unwrap_or(&[]);
    let before = range.get(from..at).unwrap_or(&[]);
    let verb = before.iter().any(|i| i.verb().is_some());
    let price = before.iter().any(|i| i.figure().is_some());
    let gain = inside.iter().any(|i| matches!(i.kind, Kind::Percent(_)));
    let plain = before.iter().any(|i| i.verb().is_some_and(Verb::is_plain));
    let ordering = before.iter().any(|i| i.verb().is_some() && !i.past());
    if !verb || !price || (gain && !plain) {
        // "TP1 hit set breakeven": the report ends where the instruction begins.
        let sized = |i: Option<&Item>| {
            i.is_some_and(|i| {
                matches!(
                    i.kind,
                    Kind::Percent(_) | Kind::Cue(Cue::Share(_) | Cue::All | Cue::Rest)
                )
            })
        };
        let moved = |p: usize, i: &Item| {
            matches!(i.verb(), Some(Verb::Move | Verb::Reduce))
                || matches!(i.kind, Kind::Cue(Cue::CloseAll(false)))
                || i.label() == Some(Label::Stop)
                    && inside
                        .get(p + 1)
                        .is_some_and(|n| matches!(n.kind, Kind::Cue(Cue::To | Cue::BreakEven)))
                || ordering
                    && i.verb().is_some_and(Verb::is_plain)
                    && !i.past()
                    && p > 0
                    && inside.get(p - 1).is_some_and(|b| b.is(':'))
                || matches!(i.verb(), Some(Verb::Close | Verb::Sell | Verb::Take))
                    && !i.past()
                    && sized(inside.get(p + 1))
        };
        let end = inside
            .iter()
            .enumerate()
            .skip(at - from)
            .find(|(p, i)| moved(*p, i))
            .map_or(to, |(p, _)| from + p);
        cut(range, from, end, found, NoTrade::Recap);
    }
}

/// "So far my trade was BTO PLTR 80c @ 1.05, STC @ 4.90": both sides of a trade that is over.
pub(super) fn round_trip(range: &[Item], at: usize) -> bool {
    let mut after = range
        .iter()
        .skip(at + 1)
        .filter(|i| !i.dead)
        .filter_map(Item::verb);
    let entered = |v: Verb| {
        matches!(
            v,
            Verb::BuyOpen | Verb::SellOpen | Verb::Buy | Verb::Long | Verb::Short
        )
    };
    after.any(entered) && after.any(|v| matches!(v, Verb::SellClose | Verb::BuyClose | Verb::Close))
}

/// "Cancel APT, entry not reached": the report is the reason of the cancellation.
pub(super) fn withdraws(range: &[Item], at: usize) -> bool {
    let first = range.get(..at).unwrap_or(&[]).iter().find(|i| !i.dead);
    // "Exit Alert volume drying up on TGT at 2025-10-02T14:10:09Z": a program names its reason.
    let written = || range.iter().any(|i| i.kind == Kind::Moment);
    first.is_some_and(|i| match i.verb() {
        Some(Verb::Cancel) => !i.past(),
        Some(Verb::Close) => !i.past() && written(),
        _ => false,
    })
}

/// "gm team ☕ BTO 3 PLTR": talk ends at a picture with an order word behind it.
pub(super) fn greeted(range: &[Item], at: usize, to: usize) -> usize {
    let ordered = |i: &Item| i.verb().is_some_and(Verb::is_plain);
    let mut ahead = range.iter().enumerate().take(to).skip(at + 1);
    ahead
        .find(|(i, item)| matches!(item.kind, Kind::Emoji(_)) && range.get(i + 1).is_some_and(ordered))
        .map_or(to, |(i, _)| i)
}

/// "out AMZN 225p 2.71 🤝 thanks mr market": talk behind a picture does not touch the order before it.
pub(super) fn ordered_to(range: &[Item], from: usize, at: usize) -> usize {
    let before = range.get(from..at).unwrap_or(&[]);
    let Some(picture) = before.iter().position(|i| matches!(i.kind, Kind::Emoji(_))) else {
        return from;
    };
    let order = before.get(..picture).unwrap_or(&[]);
    let acts = order.iter().any(|i| !i.dead && i.verb().is_some());
    let priced = order.iter().any(|i| i.figure().is_some());
    if acts && priced { from + picture } else { from }
}

/// The colon behind a view of the market with an order after it: "Chart looks clean, taking it: BTO 2 HOOD".
pub(super) fn led(range: &[Item], at: usize) -> Option<usize> {
    let colon = at + range.iter().skip(at).position(|i| i.is(':'))?;
    let told = range.iter().take(colon).enumerate().any(|(i, item)| {
        let guarded = match item.guard() {
            None | Some(Guard::View | Guard::Chat | Guard::Legal | Guard::Disclaimer) => false,
            // "looks like Mike is in"
            Some(Guard::Ask) => i > at,
            Some(_) => true,
        };
        guarded
            || item.figure().is_some()
            || item.optional()
            || item.is_cue(Cue::Negation)
            || item.verb().is_some_and(Verb::is_plain)
    });
    let first = range
        .iter()
        .skip(colon + 1)
        .find(|i| !matches!(i.kind, Kind::Emoji(_) | Kind::Cue(Cue::Filler)));
    let orders = first.is_some_and(|i| i.verb().is_some() && !i.past());
    (orders && !told).then_some(colon + 1)
}

/// "Last week I was short COIN, now BTO ...": where an order of today begins behind what is told of another day.
fn anew(range: &[Item], from: usize) -> Option<usize> {
    let rest = range.get(from..).unwrap_or(&[]).windows(2);
    let now = rest.enumerate().find(|(_, pair)| {
        let [now, verb] = pair else { return false };
        now.is_cue(Cue::Market) && verb.verb().is_some_and(Verb::is_plain) && !verb.past()
    });
    now.map(|(at, _)| from + at + 1)
}

/// Words of another day: what they tell of is left out, and an order before or behind them stays.
pub(super) fn other_day(range: &mut [Item], at: usize, (from, to): (usize, usize), found: &mut Watched) {
    let ordered = range
        .iter()
        .take(at)
        .any(|i| !i.dead && (i.verb().is_some() || i.optional()));
    let whole = range
        .iter()
        .take(from)
        .any(|i| i.figure().is_some() || i.optional());
    let verbs = || range.iter().take(at).filter_map(Item::verb);
    let again = range.iter().take(at).skip(from).find_map(Item::verb);
    // "Cut AMD at 2.10, cut ROKU at 3.10, cut everything by noon yesterday": one list, one day.
    let listed = again.is_some() && verbs().next() == again && verbs().count() > 2;
    if ordered && whole && !listed {
        cut(range, from, usize::MAX, found, NoTrade::Recap);
    } else if let Some(end) = anew(range, to) {
        cut(range, 0, end, found, NoTrade::Recap);
        let told = range.iter_mut().take(end);
        told.for_each(|i| (i.dead, i.told) = (!i.newline(), false));
    } else {
        bury(range, found, NoTrade::Recap);
    }
}

/// "Buffett bought", "an insider sold": somebody else's trade.
pub(super) fn third_person(range: &[Item]) -> bool {
    range.windows(2).enumerate().any(|(at, pair)| {
        let [before, verb] = pair else { return false };
        let told = verb.past() && !matches!(verb.verb(), Some(Verb::Move | Verb::Reduce));
        let other = match before.kind {
            Kind::Word | Kind::Cue(Cue::Guard(Guard::Person | Guard::Legal)) => true,
            Kind::Symbol(_) => {
                verb.verb() == Some(Verb::Buy)
                    && range
                        .get(at + 2..)
                        .is_some_and(|r| r.iter().any(|i| i.symbol().is_some()))
            }
            _ => false,
        };
        told && other && verb.gap
    })
}

/// "buy if it breaks above 190" names its level: the order waits there, the "if" adds nothing.
pub(super) fn conditional_levels(range: &mut [Item]) {
    for i in 0..range.len() {
        if range.get(i).and_then(Item::guard) != Some(Guard::Hypothetical) {
            continue;
        }
        let after: Vec<&Item> = range.iter().skip(i + 1).take(4).collect();
        let level = after
            .iter()
            .position(|n| matches!(n.kind, Kind::Cue(Cue::Above | Cue::Below)));
        let stated = level.is_some_and(|l| l <= 2 && after.get(l + 1).is_some_and(|n| n.figure().is_some()));
        let ordered = range.iter().take(i).any(|p| {
            matches!(
                p.verb(),
                Some(Verb::Buy | Verb::Long | Verb::Short | Verb::Enter | Verb::BuyOpen)
            )
        });
        if stated
            && ordered
            && let Some(item) = range.get_mut(i)
        {
            item.dead = true;
        }
    }
}

//! Decides which orders of a message are told as over: "BUY KO 72.08 SL 69.92 hit", "[CLOSED] BUY AAPL 180".
//! Refuses to leave them out: what is over names what a follow-up is about, and opens nothing.

use super::{
    emoji::Emoji,
    item::{Item, Kind},
    vocabulary::{Cue, Guard, Label, Verb},
};

/// How far a line is looked at, so that the work stays linear.
const REACH: usize = 60;

/// Marks the names of orders that are over.
pub(super) fn mark(items: &mut [Item]) {
    let mut last = 0;
    for at in 0..items.len() {
        let Some(item) = items.get(at) else { continue };
        let over = match &item.kind {
            Kind::Cue(Cue::Guard(Guard::Over | Guard::Stopped)) if !item.dead => {
                ended(items, at).or_else(|| stamped(items, at))
            }
            Kind::Emoji(Emoji::Failed) => failed(items, at).or_else(|| crossed(items, at)),
            Kind::Mark('(' | '[') => bracketed(items, at),
            Kind::Cue(Cue::Verb(Verb::Close | Verb::Cancel, true)) if !item.dead => stamped(items, at),
            _ => None,
        };
        let Some((from, to)) = over else { continue };
        let from = from.max(last);
        if let Some(part) = items.get_mut(from..to.max(from)) {
            for item in part {
                item.told |= item.symbol().is_some() || item.optional();
            }
            last = to;
        }
        let marked = items.get(at).is_some_and(|i| matches!(i.kind, Kind::Mark(_)));
        if let Some(word) = items
            .get_mut(at + usize::from(marked))
            .filter(|w| marked || w.verb().is_some())
        {
            word.dead = true;
        }
    }
}

fn opens(item: &Item) -> bool {
    let entered = matches!(
        item.verb(),
        Some(Verb::Buy | Verb::BuyOpen | Verb::SellOpen | Verb::Long | Verb::Short | Verb::Enter)
    );
    entered || item.verb() == Some(Verb::Sell) && !item.past()
}

/// The line around an item.
fn line(items: &[Item], at: usize) -> (usize, usize) {
    let inside = |i: &&Item| !i.newline();
    let back = items.iter().take(at).rev().take(REACH).take_while(inside).count();
    let ahead = items.iter().skip(at).take(REACH).take_while(inside).count();
    (at - back, at + ahead)
}

/// A report word behind an order with its prices.
fn ended(items: &[Item], at: usize) -> Option<(usize, usize)> {
    let finished = items.get(at + 1).is_none_or(|n| {
        n.figure().is_some()
            || matches!(
                n.kind,
                Kind::Newline | Kind::Mark(_) | Kind::Emoji(_) | Kind::Percent(_) | Kind::Cue(Cue::At)
            )
    });
    if !finished {
        return None;
    }
    let (from, _) = line(items, at);
    let before = items.get(from..at).unwrap_or(&[]);
    let verb = before.iter().position(opens);
    let walked = before.iter().rev().take_while(|i| {
        i.figure().is_some()
            || i.label().is_some()
            || matches!(
                i.kind,
                Kind::Ordinal(_) | Kind::Mark(_) | Kind::Emoji(_) | Kind::Percent(_) | Kind::Ratio
            )
    });
    let walked = walked.count();
    let levels = |part: &[Item]| {
        part.iter()
            .any(|i| matches!(i.label(), Some(Label::Stop | Label::Target)))
    };
    let stopped = items.get(at).and_then(Item::guard) == Some(Guard::Stopped);
    if let Some(verb) = verb {
        let order = before.get(verb..).unwrap_or(&[]);
        let priced = order.iter().any(|i| i.figure().is_some());
        let past = order.first().is_some_and(Item::past);
        let beside = before.len().checked_sub(walked + 1).and_then(|i| before.get(i));
        let clear = beside.is_none_or(|i| {
            i.symbol().is_some()
                || i.verb().is_some()
                || i.optional()
                || matches!(i.kind, Kind::Expiry(_) | Kind::Slashed(..) | Kind::Cue(Cue::At))
        });
        let said = stopped || levels(before.get(before.len() - walked..).unwrap_or(&[]));
        return (priced && (past && stopped || clear && said)).then_some((from, at));
    }
    // A line of its own below the order: "TP 190 hit".
    let whole = walked == before.len() && levels(before) && before.iter().any(|i| i.figure().is_some());
    if !whole {
        return None;
    }
    let above = items.get(from.saturating_sub(REACH)..from).unwrap_or(&[]);
    let verb = above.iter().rposition(opens)? + from.saturating_sub(REACH);
    let blank = items
        .get(verb..from)
        .unwrap_or(&[])
        .windows(2)
        .any(|w| w.iter().all(|i| i.newline()));
    (!blank).then(|| (line(items, verb).0, at))
}

/// A cross before an order with its price.
fn failed(items: &[Item], at: usize) -> Option<(usize, usize)> {
    let (from, to) = line(items, at);
    let order = items.get(at..to).unwrap_or(&[]);
    let first = order.iter().skip(1).find(|i| !matches!(i.kind, Kind::Emoji(_)))?;
    let priced = order.iter().any(|i| i.figure().is_some());
    (from == at && opens(first) && priced).then_some((from, to))
}

/// `(closed)` or `[STOPPED]` beside an order.
fn bracketed(items: &[Item], at: usize) -> Option<(usize, usize)> {
    let word = items.get(at + 1)?;
    let closed = word.verb() == Some(Verb::Close) && word.past();
    let stopped = matches!(word.guard(), Some(Guard::Over | Guard::Stopped));
    let shut = items.get(at + 2).is_some_and(|i| i.is(')') || i.is(']'));
    let (from, to) = line(items, at);
    let order = items.get(from..to).unwrap_or(&[]);
    let (verb, priced) = (
        order.iter().any(opens),
        order.iter().any(|i| i.figure().is_some()),
    );
    (shut && (closed || stopped) && verb && priced).then_some((from, to))
}

/// `... - CLOSED`, `CLOSED - ...`, and `CLOSED` on a line of its own below an order with its price.
fn stamped(items: &[Item], at: usize) -> Option<(usize, usize)> {
    let ends = |i: Option<&Item>| {
        i.is_none_or(|i| {
            matches!(
                i.kind,
                Kind::Newline | Kind::Emoji(_) | Kind::Mark('!' | '.' | ')' | ']')
            )
        })
    };
    let before = at.checked_sub(1).and_then(|b| items.get(b));
    let next = items.get(at + 1);
    let (from, to) = line(items, at);
    let order = |part: &[Item]| part.iter().any(opens) && part.iter().any(|i| i.figure().is_some());
    let dashed = |i: Option<&Item>| i.is_some_and(|i| i.is('-') && i.gap || i.is('|'));
    if dashed(before) && ends(next) {
        let part = items.get(from..at).unwrap_or(&[]);
        return order(part).then_some((from, at));
    }
    let heads = before.is_none_or(|i| matches!(i.kind, Kind::Newline | Kind::Emoji(_)));
    if heads && (dashed(next) || next.is_some_and(|i| i.is(':'))) {
        let part = items.get(at + 1..to).unwrap_or(&[]);
        return order(part).then_some((from, to));
    }
    if !(heads && ends(next) && from > 0) {
        return None;
    }
    let floor = from.saturating_sub(REACH);
    let above = items.get(floor..from).unwrap_or(&[]);
    let verb = above.iter().rposition(opens)? + floor;
    let part = items.get(verb..from).unwrap_or(&[]);
    let blank = part.windows(2).any(|w| w.iter().all(|i| i.newline()));
    (!blank && order(part)).then(|| (line(items, verb).0, from))
}

/// A cross behind an order with its price; behind a stop it only says which level that is, and so beside other pictures.
fn crossed(items: &[Item], at: usize) -> Option<(usize, usize)> {
    let (from, to) = line(items, at);
    let part = items.get(from..at).unwrap_or(&[]);
    let picture = |i: &Item| matches!(i.kind, Kind::Emoji(_));
    let last = items
        .get(at..to)
        .unwrap_or(&[])
        .iter()
        .all(|i| matches!(i.kind, Kind::Emoji(Emoji::Failed)));
    let decorated = items
        .iter()
        .skip(from)
        .take(REACH)
        .any(|i| picture(i) && !matches!(i.kind, Kind::Emoji(Emoji::Failed)));
    let stop = part.iter().rev().take(3).any(|i| i.label() == Some(Label::Stop));
    let order = part.iter().any(opens) && part.iter().any(|i| i.figure().is_some());
    let crosses = part.iter().any(|i| matches!(i.kind, Kind::Emoji(Emoji::Failed)));
    (last
        && order
        && !decorated
        && !stop
        && (!crosses || part.iter().rev().take_while(|i| picture(i)).count() > 0))
        .then_some((from, to))
}

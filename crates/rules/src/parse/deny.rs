//! Decides what a message takes out of an order: a stop that is not to be moved, a name that is not to be closed, a market
//! order that is not wanted. Refuses to look for orders.

use ordercast_model::signal::reading::NoTrade;

use rust_decimal::Decimal;

use super::{
    guard::Watched,
    item::{Item, Kind},
    vocabulary::{Cue, Guard, Label, Verb},
};

/// How far the words of one such phrase stand apart.
const REACH: usize = 6;
/// The longest part that is left out.
const PART: usize = 40;
/// Glyphs of "market", which is also what people talk about.
const MARKET: usize = 6;
/// Glyphs of "but", which alone of its kind takes out.
const BUT: usize = 3;

/// Marks what is denied.
pub(super) fn mark(items: &mut [Item], found: &mut Watched) {
    for at in 0..items.len() {
        let Some(item) = items.get(at).filter(|i| !i.dead) else {
            continue;
        };
        match item.kind {
            Kind::Cue(Cue::Negation) if keeps_stop(items, at) => bury(items, at, found),
            Kind::Cue(Cue::Except | Cue::But) if excludes(items, at) => {
                found.kill.get_or_insert((
                    NoTrade::Other,
                    "something is left out of what is closed; one instruction cannot say that, so name each position"
                        .to_owned(),
                ));
            }
            Kind::Cue(Cue::Guard(Guard::Laugh)) if jests(items, at) => {
                let why = "everything is closed in jest";
                found.kill.get_or_insert((NoTrade::Chatter, why.to_owned()));
            }
            Kind::Symbol(_) if apart(items, at) => {
                let why = "a name stands beside \"close all\", and no word says whether it is closed or kept";
                found.kill.get_or_insert((NoTrade::Other, why.to_owned()));
            }
            Kind::Cue(Cue::Negation | Cue::Keep | Cue::Guard(Guard::Status)) if spares(items, at) => {
                found
                    .kill
                    .get_or_insert((NoTrade::Negation, "the message says not to".to_owned()));
            }
            Kind::Cue(Cue::Market) => market(items, at),
            Kind::Cue(Cue::Verb(Verb::Close, true)) if candle(items, at) => {
                let why = "tells where the price closed";
                found.kill.get_or_insert((NoTrade::Recap, why.to_owned()));
            }
            Kind::Mark('{') if hole(items, at) => {
                let why = "a template whose fields were not filled in";
                found.kill.get_or_insert((NoTrade::Other, why.to_owned()));
            }
            Kind::Cue(Cue::Verb(Verb::Buy, false)) if cheers(items, at) => {
                let why = "a wish about the price, no order";
                found.kill.get_or_insert((NoTrade::Chatter, why.to_owned()));
            }
            _ => {}
        }
    }
}

fn stops(item: &Item) -> bool {
    matches!(
        item.kind,
        Kind::Newline | Kind::Mark('.' | '!' | '?' | ';' | '→') | Kind::Cue(Cue::But)
    )
}

fn filler(item: &Item) -> bool {
    matches!(item.kind, Kind::Cue(Cue::Filler | Cue::And | Cue::At))
}

/// "don't move your stop", "not moving SL on AMD to 235", "no SL to BE yet".
fn keeps_stop(items: &[Item], at: usize) -> bool {
    let ahead = || {
        let rest = items.iter().skip(at + 1).take(2 * REACH);
        rest.take_while(|i| !stops(i) && !i.is(','))
    };
    let stop = |i: &Item| {
        i.label() == Some(Label::Stop)
            || matches!(
                i.kind,
                Kind::Cue(Cue::BreakEven | Cue::Trail | Cue::Changed(Label::Stop))
            )
    };
    let moved = ahead()
        .take(3)
        .position(|i| i.verb() == Some(Verb::Move) || i.is_cue(Cue::Trail));
    if let Some(verb) = moved {
        let between = ahead().take(verb).any(|i| i.verb().is_some() || stop(i));
        return !between && ahead().skip(verb).any(stop);
    }
    let first = ahead().find(|i| !filler(i));
    let leveled = || {
        ahead()
            .skip_while(|i| !i.is_cue(Cue::To))
            .nth(1)
            .is_some_and(|i| i.figure().is_some() || i.is_cue(Cue::BreakEven))
    };
    first.is_some_and(|i| i.label() == Some(Label::Stop)) && ahead().all(|i| i.verb().is_none()) && leveled()
}

/// Leaves out the part of the sentence from `at`; behind a comma only what says something of its own goes on.
fn bury(items: &mut [Item], at: usize, found: &mut Watched) {
    let own = |i: &Item| {
        i.verb().is_some()
            || i.label().is_some()
            || matches!(i.kind, Kind::Cue(Cue::Negation | Cue::Guard(_)))
    };
    let ends = |i: usize| {
        let follows = || items.iter().skip(i + 1).find(|n| !filler(n));
        items
            .get(i)
            .is_none_or(|x| stops(x) || x.is(',') && follows().is_some_and(own))
    };
    let end = (at + 1..items.len())
        .take(PART)
        .find(|i| ends(*i))
        .unwrap_or(items.len().min(at + PART));
    if let Some(part) = items.get_mut(at..end) {
        part.iter_mut().for_each(|i| i.dead = true);
    }
    found.dropped.push(NoTrade::Negation);
}

fn wide(item: &Item) -> bool {
    matches!(item.kind, Kind::Cue(Cue::All | Cue::CloseAll(_) | Cue::Rest))
}

/// "close everything except NKE", "all but one".
fn excludes(items: &[Item], at: usize) -> bool {
    let but = items.get(at).filter(|i| i.is_cue(Cue::But));
    if but.is_some_and(|i| i.to - i.from != BUT) {
        return false;
    }
    let reach = if but.is_some() { 4 } else { 2 * REACH };
    let before = items.iter().take(at).rev().take(reach);
    let mut before =
        before.take_while(|i| !(stops(i) || but.is_some() && (i.figure().is_some() || i.symbol().is_some())));
    let whole = before.any(wide);
    let after = || {
        items
            .iter()
            .skip(at + 1)
            .take(2 * REACH)
            .take_while(|i| !stops(i))
    };
    let apart = after().any(|i| {
        i.symbol().is_some()
            || i.figure().is_some()
            || matches!(i.kind, Kind::Word | Kind::Cue(Cue::Pronoun | Cue::Right(_)))
    });
    whole && apart || but.is_none() && after().any(wide)
}

/// "close everything. Not NKE", "close all, keep NKE".
fn spares(items: &[Item], at: usize) -> bool {
    let mut before =
        items.iter().take(at).rev().skip_while(|i| {
            filler(i) || matches!(i.kind, Kind::Mark(_) | Kind::Newline | Kind::Cue(Cue::But))
        });
    let named = items
        .iter()
        .skip(at + 1)
        .find(|i| !filler(i))
        .is_some_and(|i| i.symbol().is_some());
    named && before.next().is_some_and(wide)
}

/// "not at market", "market order not allowed", "- market is choppy today": no order at the market.
fn market(items: &mut [Item], at: usize) {
    let cut = |i: &Item| stops(i) || matches!(i.kind, Kind::Mark(_));
    let denied = items
        .iter()
        .take(at)
        .rposition(|i| !(filler(i) || i.word() || i.verb().is_some()))
        .filter(|b| items.get(*b).is_some_and(|i| i.is_cue(Cue::Negation)) && at - b <= 3);
    let talks = |i: &Item| matches!(i.kind, Kind::Word | Kind::Cue(Cue::Guard(_) | Cue::Negation));
    let end = (at + 1..items.len())
        .take(PART)
        .find(|i| items.get(*i).is_none_or(cut))
        .unwrap_or(items.len().min(at + PART));
    let rest = items.get(at + 1..end).unwrap_or(&[]);
    let refused = rest
        .iter()
        .take(3)
        .take_while(|i| i.label().is_none() && i.figure().is_none())
        .any(|i| i.is_cue(Cue::Negation));
    let alone = items
        .iter()
        .take(at)
        .rfind(|i| !filler(i))
        .is_none_or(|i| cut(i) && !matches!(i.kind, Kind::Mark('@' | ':' | '=')));
    let long = items.get(at).is_some_and(|i| i.to - i.from == MARKET);
    // "market execution" is a kind of order, "market is choppy" is talk.
    let talk = rest.first().is_some_and(talks) && rest.iter().filter(|i| talks(i)).count() > 1;
    let said = alone && long && talk && !rest.iter().any(|i| i.label().is_some());
    if denied.is_none() && !refused && !said {
        return;
    }
    let from = denied.unwrap_or(at);
    let end = if refused || said { end } else { at + 1 };
    if let Some(part) = items.get_mut(from..end) {
        part.iter_mut().for_each(|i| i.dead = true);
    }
    if let Some(item) = items.get_mut(at).filter(|_| !said || refused) {
        item.dead = false;
        item.kind = Kind::Cue(Cue::MarketDenied);
    }
}

/// `{price}`, `{{close}}`: what a program should have filled in.
fn hole(items: &[Item], at: usize) -> bool {
    let inner = items.iter().skip(at + 1).find(|i| !i.is('{'));
    inner.is_some_and(|i| i.word() || i.cue().is_some())
        && items.iter().skip(at + 2).take(4).any(|i| i.is('}'))
}

/// "AMD to 243! buy buy buy".
fn cheers(items: &[Item], at: usize) -> bool {
    let buys = |i: &Item| i.verb() == Some(Verb::Buy);
    let again = (at + 1..at + 3).all(|i| items.get(i).is_some_and(buys));
    let aimed = items.windows(3).take(at).any(|w| {
        matches!(w, [name, to, level] if name.symbol().is_some() && to.is_cue(Cue::To) && level.figure().is_some())
    });
    again && aimed
}

/// "WMT closed +5%", "AMD closed 3% higher": less than a tenth and a name right before it is how a day ended.
fn candle(items: &[Item], at: usize) -> bool {
    let named = at
        .checked_sub(1)
        .and_then(|b| items.get(b))
        .is_some_and(|i| i.symbol().is_some());
    let signed = items.get(at + 1).is_some_and(|i| i.is('+') || i.is('-'));
    let small = items
        .get(at + 1 + usize::from(signed))
        .is_some_and(|i| matches!(i.kind, Kind::Percent(p) if p < Decimal::TEN));
    named && small
}

/// "close everything and go outside lol": nothing is named, and the sentence laughs.
fn jests(items: &[Item], at: usize) -> bool {
    let back = || {
        items
            .iter()
            .take(at)
            .rev()
            .take(PART)
            .take_while(|i| !i.newline())
    };
    let all = back().any(|i| i.is_cue(Cue::CloseAll(false)) || i.is_cue(Cue::All) || i.is_cue(Cue::Rest));
    let leaves = back().any(|i| matches!(i.verb(), Some(Verb::Close | Verb::Sell)) && !i.past());
    all && leaves && back().all(|i| i.symbol().is_none())
}

/// "close all, NKE stays": the name stands apart from what is closed, and no price says that it is part of it.
fn apart(items: &[Item], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|b| items.get(b));
    let comma = before.is_some_and(|i| i.is(','));
    let all = at
        .checked_sub(2)
        .and_then(|b| items.get(b))
        .is_some_and(|i| i.is_cue(Cue::CloseAll(false)));
    let next = items.get(at + 1);
    let priced = next.is_some_and(|i| i.figure().is_some() || i.is_cue(Cue::At) || i.is(',') || i.optional());
    comma && all && !priced
}

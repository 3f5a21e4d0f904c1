//! Decides which words of a message may not become a trade, and why: negations, questions, plans, reports, other people's words.
//! Refuses to look for orders. What it leaves alive is what the grammar reads.

use ordercast_model::signal::reading::NoTrade;

use super::{
    copied, deny,
    item::{Item, Kind},
    legal, over,
    report::{Told, reports},
    scan::kills,
    status::{
        conditional_levels, greeted, led, ordered_to, other_day, round_trip, status, third_person, withdraws,
    },
    vocabulary::{Cue, Guard, Label, Verb},
};

/// What the guards found.
#[derive(Debug, Default)]
pub(super) struct Watched {
    /// Set when no part of the message may trade.
    pub(super) kill: Option<(NoTrade, String)>,
    /// Why parts were left out, in order.
    pub(super) dropped: Vec<NoTrade>,
}

/// A sentence as a range of items, and what ends it.
struct Sentence {
    from: usize,
    to: usize,
    question: bool,
    /// Ends with a line break or stands before a colon: what follows is under it.
    heading: bool,
}

fn ends(item: &Item, next: Option<&Item>) -> bool {
    match item.kind {
        Kind::Newline | Kind::Cue(Cue::But) | Kind::Mark('!' | '?' | ';' | '→') => true,
        Kind::Mark('.') => next.is_none_or(|n| n.gap),
        _ => false,
    }
}

/// A longer run without a stop is cut, so that the work stays linear.
const LONGEST_SENTENCE: usize = 250;

fn sentences(items: &[Item]) -> Vec<Sentence> {
    let mut out = Vec::new();
    let mut from = 0;
    for (i, item) in items.iter().enumerate() {
        let last = i + 1 == items.len();
        if ends(item, items.get(i + 1)) || last || i - from >= LONGEST_SENTENCE {
            let question = (i..items.len().min(i + 3)).any(|k| items.get(k).is_some_and(|x| x.is('?')));
            let heading = item.newline() || items.get(i.wrapping_sub(1)).is_some_and(|p| p.is(':'));
            out.push(Sentence {
                from,
                to: i + 1,
                question,
                heading,
            });
            from = i + 1;
        }
    }
    out
}

fn reason(guard: Guard) -> NoTrade {
    match guard {
        Guard::Test | Guard::Unfilled | Guard::Teach | Guard::Legs => NoTrade::Other,
        Guard::Undo => NoTrade::Negation,
        Guard::Recap
        | Guard::OtherDay
        | Guard::Status
        | Guard::Over
        | Guard::Stopped
        | Guard::Stands
        | Guard::View => NoTrade::Recap,
        Guard::News => NoTrade::News,
        Guard::Promo => NoTrade::Promo,
        Guard::Quote => NoTrade::Quote,
        Guard::Hypothetical => NoTrade::Hypothetical,
        Guard::Watch => NoTrade::Watchlist,
        Guard::Chat | Guard::Laugh | Guard::Disclaimer | Guard::Legal => NoTrade::Chatter,
        Guard::Ask => NoTrade::Question,
        Guard::Person => NoTrade::Quote,
    }
}

/// Marks what may not be read.
pub(super) fn watch(items: &mut [Item], authors: &[(usize, usize)]) -> Watched {
    let mut found = Watched::default();
    if copied::conversation(items, authors) {
        found.kill = Some((NoTrade::Quote, "a copied conversation".to_owned()));
        return found;
    }
    for item in items.iter_mut() {
        item.dead |= item.guard() == Some(Guard::Disclaimer);
    }
    for i in 1..items.len() {
        // "don't chase above 22.5"
        let after = items.get(i - 1).is_some_and(|b| b.dead);
        if let Some(item) = items.get_mut(i)
            && after
            && matches!(
                item.kind,
                Kind::Cue(Cue::Above | Cue::Below | Cue::At) | Kind::Figure(_)
            )
        {
            item.dead = true;
        }
    }
    let parts = sentences(items);
    disclaimed(items, &parts);
    deny::mark(items, &mut found);
    negations(items, &mut found);
    told(items, &mut found);
    over::mark(items);
    for (index, part) in parts.iter().enumerate() {
        let Some(range) = items.get_mut(part.from..part.to) else {
            continue;
        };
        let author = range
            .first()
            .is_some_and(|i| authors.iter().any(|(a, b)| (*a..*b).contains(&i.from)));
        sentence(range, part, author, parts.len() == index + 1, &mut found);
    }
    if let Some(item) = items.iter().find(|i| !i.dead && i.kind == Kind::Lookalike) {
        let _ = item;
        found.kill.get_or_insert((
            NoTrade::Other,
            "letters of two alphabets are mixed in one word (lookalike_symbol)".to_owned(),
        ));
    }
    found
}

/// Leaves out what stands beside an order for the law's sake.
fn disclaimed(items: &mut [Item], parts: &[Sentence]) {
    let mut below = false;
    for part in parts {
        let Some(range) = items.get_mut(part.from..part.to) else {
            continue;
        };
        if !part.question && legal::boilerplate(range, below) {
            range
                .iter_mut()
                .filter(|i| !i.newline())
                .for_each(|i| i.dead = true);
        } else {
            below |= legal::ordered(range);
        }
    }
}

/// Leaves out what only tells of trades.
fn told(items: &mut [Item], found: &mut Watched) {
    for report in reports(items) {
        match report {
            Told::Part(from, to, why) => {
                if let Some(part) = items.get_mut(from..to) {
                    bury(part, found, why);
                }
            }
            Told::Whole(why) => {
                found
                    .kill
                    .get_or_insert((why, format!("the message reads as {}", why.code())));
            }
        }
    }
}

/// "do not buy", "not a signal", "no entry yet", "kaufe nicht".
fn negations(items: &mut [Item], found: &mut Watched) {
    const REACH: usize = 5;
    for i in 0..items.len() {
        if items.get(i).is_none_or(|x| x.dead || !x.is_cue(Cue::Negation)) {
            continue;
        }
        if let Some(other) = items.get_mut(i + 1)
            && matches!(other.kind, Kind::Strike(..) | Kind::Figure(_))
        {
            // "190c (not 185c)": the value that does not hold.
            other.dead = true;
            continue;
        }
        let none = items.get(i).is_some_and(|x| x.to - x.from == 2);
        let ahead = items.get(i + 1..).unwrap_or(&[]).iter().take(REACH);
        let forbidden = ahead
            .take_while(|n| !matches!(n.kind, Kind::Newline | Kind::Mark('.' | ',' | ';' | '!')))
            .find_map(|n| match n.kind {
                Kind::Cue(Cue::Verb(Verb::Move, _)) => None,
                Kind::Cue(Cue::Verb(..) | Cue::Noun) => Some(true),
                Kind::Cue(Cue::Label(Label::Entry)) => Some(true),
                // "no leverage kids: buy ADA" says something of the order.
                Kind::Cue(Cue::Label(Label::Leverage)) if none => Some(false),
                Kind::Cue(Cue::Label(Label::Stop | Label::Target)) | Kind::Figure(_) | Kind::Strike(..) => {
                    Some(false)
                }
                _ => None,
            });
        let withdrawn = items
            .iter()
            .take(i)
            .rev()
            .take(2 * REACH)
            .take_while(|p| !p.newline())
            .any(|p| p.verb() == Some(Verb::Cancel));
        let parted = i > 0
            && items.get(i - 1).is_some_and(|p| {
                matches!(
                    p.kind,
                    Kind::Mark(',' | '-' | '(' | '.' | ':') | Kind::Cue(Cue::But)
                )
            });
        if withdrawn && parted {
            // "pull the DUOL buy stop, not taking it into earnings": the reason.
            let rest = items.iter_mut().skip(i).take(LONGEST_SENTENCE);
            rest.take_while(|r| !ends(r, None)).for_each(|r| r.dead = true);
            continue;
        }
        let after_verb = i > 0 && !withdrawn && items.get(i - 1).is_some_and(|p| p.verb().is_some());
        if forbidden == Some(true) || after_verb {
            found
                .kill
                .get_or_insert((NoTrade::Negation, "the message says not to".to_owned()));
            return;
        }
    }
}

fn sentence(range: &mut [Item], part: &Sentence, author: bool, last: bool, found: &mut Watched) {
    let first_live = range.iter().position(|i| {
        !i.dead
            && !matches!(
                i.kind,
                Kind::Emoji(_) | Kind::Mark(_) | Kind::Newline | Kind::Cue(Cue::Filler | Cue::And)
            )
    });
    let asks = first_live
        .and_then(|i| range.get(i))
        .is_some_and(|i| i.guard() == Some(Guard::Ask));
    if part.question || asks {
        let opinion = range.iter().any(|i| i.guard() == Some(Guard::Ask));
        let matter = range
            .iter()
            .any(|i| i.symbol().is_some() || i.verb().is_some() || i.optional());
        bury(range, found, NoTrade::Question);
        if part.question && (opinion && !matter && last) {
            found
                .kill
                .get_or_insert((NoTrade::Question, "the message asks for an opinion".to_owned()));
        }
        return;
    }
    if !author && third_person(range) {
        bury(range, found, NoTrade::News);
        return;
    }
    // A word that ends the whole message counts even where another would leave its part out.
    let ends = |i: &&Item| {
        !i.dead
            && matches!(
                i.guard(),
                Some(
                    Guard::Test
                        | Guard::Unfilled
                        | Guard::Teach
                        | Guard::Legs
                        | Guard::Undo
                        | Guard::Recap
                        | Guard::Promo
                )
            )
    };
    if let Some(why) = range.iter().find(ends).and_then(Item::guard).map(reason) {
        let any = |guard: Guard| range.iter().filter(ends).any(|i| i.guard() == Some(guard));
        let words = if any(Guard::Unfilled) {
            "a value was not filled in where a number belongs".to_owned()
        } else if any(Guard::Legs) {
            "an order of several options at once is not traded (unsupported_order)".to_owned()
        } else {
            format!("the message reads as {}", why.code())
        };
        found.kill.get_or_insert((why, words));
    }
    conditional_levels(range);
    let mut i = 0;
    while let Some(item) = range.get(i) {
        if let Some(guard) = item.guard().filter(|_| !item.dead) {
            judge(range, i, guard, part, found);
        }
        i += 1;
    }
}

pub(super) fn bury(range: &mut [Item], found: &mut Watched, why: NoTrade) {
    range
        .iter_mut()
        .filter(|i| !i.newline())
        .for_each(|i| i.dead = true);
    found.dropped.push(why);
}

fn segment_of(range: &[Item], at: usize) -> (usize, usize) {
    let cut = |i: &Item| {
        matches!(
            i.kind,
            Kind::Mark(',' | '|' | '(' | ')') | Kind::Cue(Cue::And) | Kind::Newline
        ) || (i.is('-') && i.gap)
    };
    let from = range.iter().take(at).rposition(cut).map_or(0, |p| p + 1);
    let to = range
        .iter()
        .skip(at)
        .position(cut)
        .map_or(range.len(), |p| at + p);
    (from, to)
}

fn judge(range: &mut [Item], at: usize, guard: Guard, part: &Sentence, found: &mut Watched) {
    let order_before = range
        .iter()
        .take(at)
        .any(|i| !i.dead && (i.verb().is_some() || i.optional()));
    let order_anywhere = range
        .iter()
        .any(|i| !i.dead && (i.verb().is_some() || i.optional()));
    let (from, to) = segment_of(range, at);
    let told = |kill: NoTrade| (kill, format!("the message reads as {}", kill.code()));
    match guard {
        Guard::News | Guard::Quote | Guard::Watch
            if !order_anywhere && part.heading && !kills_softly(guard) =>
        {
            found.kill.get_or_insert(told(reason(guard)));
        }
        Guard::Hypothetical if !order_anywhere && titles(range) => {
            // "two I missed:" above a list.
            found.kill.get_or_insert(told(reason(guard)));
        }
        Guard::News | Guard::Quote => bury(range, found, reason(guard)),
        Guard::Hypothetical | Guard::Watch => {
            let same_breath = range
                .iter()
                .take(at)
                .skip(from)
                .any(|i| i.verb().is_some() || i.symbol().is_some());
            if order_before && !same_breath {
                cut(range, from, usize::MAX, found, reason(guard));
            } else {
                bury(range, found, reason(guard));
            }
        }
        Guard::OtherDay => other_day(range, at, (from, to), found),
        Guard::Stands => bury(range, found, NoTrade::Recap),
        Guard::Status | Guard::Over | Guard::Stopped | Guard::View if withdraws(range, at) => {}
        Guard::Status | Guard::Over | Guard::Stopped | Guard::View if round_trip(range, at) => {
            bury(range, found, NoTrade::Recap)
        }
        Guard::View if led(range, at).is_some() => {
            // "Flow looks great so I followed: BTO ...": the view ends where the order begins.
            let end = led(range, at).unwrap_or(to);
            let named = |i: &Item| i.symbol().is_some();
            // "NVDA looks good: long 184.20" names the subject before the view.
            let before = !range.get(end..).unwrap_or(&[]).iter().any(named);
            let view = range.iter_mut().take(end).skip(from);
            view.filter(|i| !(i.newline() || before && named(i)))
                .for_each(|i| i.dead = true);
            found.dropped.push(NoTrade::Chatter);
        }
        Guard::Status | Guard::Over | Guard::Stopped | Guard::View => status(range, at, (from, to), found),
        Guard::Chat | Guard::Laugh if withdraws(range, at) => {}
        Guard::Chat | Guard::Laugh => {
            let end = greeted(range, at, to);
            cut(range, ordered_to(range, from, at), end, found, NoTrade::Chatter);
        }
        Guard::Ask | Guard::Disclaimer | Guard::Legal | Guard::Person => {}
        // What ends the whole message was told before its parts were judged.
        Guard::Test
        | Guard::Unfilled
        | Guard::Teach
        | Guard::Legs
        | Guard::Undo
        | Guard::Recap
        | Guard::Promo => {}
    }
}

/// A line that ends with a colon and holds nothing to trade: what stands below is under it.
fn titles(range: &[Item]) -> bool {
    let mut back = range.iter().rev();
    let ends = back.next().is_some_and(|i| i.newline()) && back.next().is_some_and(|i| i.is(':'));
    ends && !range.iter().any(|i| i.figure().is_some() || i.symbol().is_some())
}

const fn kills_softly(guard: Guard) -> bool {
    kills(guard) && !matches!(guard, Guard::News)
}

pub(super) fn cut(range: &mut [Item], from: usize, to: usize, found: &mut Watched, why: NoTrade) {
    let end = to.min(range.len());
    // A report still says what it is about: "TP1 hit on BTC, stop to entry".
    let named = |i: &Item| {
        let part = matches!(
            i.kind,
            Kind::Symbol(_) | Kind::Contract(_) | Kind::Strike(..) | Kind::Expiry(_) | Kind::Slashed(..)
        );
        why == NoTrade::Recap && to != usize::MAX && part
    };
    if let Some(part) = range.get_mut(from..end) {
        for item in part.iter_mut().filter(|i| !i.newline()) {
            item.told |= named(item);
            item.dead |= !named(item);
        }
    }
    found.dropped.push(why);
}

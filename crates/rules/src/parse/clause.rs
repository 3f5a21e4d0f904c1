//! Decides where one instruction ends and the next begins.
//! Refuses to read values: it only looks for a verb with a subject of its own.

mod list;

use rust_decimal::Decimal;

use super::{
    item::{Item, Kind},
    symbol::{Grade, Ticker},
    vocabulary::{Cue, Label, Verb},
};

use list::{another, levelled, listed, next_order, number_start, turns};

/// A run of items that makes one instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The clause whose verb this one shares ("close TSLA and NVDA").
    pub(super) shares_verb_of: Option<usize>,
    /// Refers to the subject of the clause before ("short it").
    pub(super) same_subject: bool,
}

/// What has been seen of the clause so far.
#[derive(Debug, Default, Clone)]
struct Seen {
    verb: Option<Verb>,
    symbol: Option<String>,
    strike: bool,
    figures: usize,
    labels: usize,
    /// A stop or break-even was named.
    level: bool,
}

fn breaks(item: &Item) -> bool {
    matches!(
        item.kind,
        Kind::Newline | Kind::Mark('.' | '!' | '?' | ';' | '→') | Kind::Cue(Cue::But)
    )
}

fn opens(verb: Verb) -> bool {
    matches!(
        verb,
        Verb::BuyOpen | Verb::SellOpen | Verb::Buy | Verb::Long | Verb::Short | Verb::Enter | Verb::Add
    )
}
fn buys(verb: Verb) -> bool {
    matches!(
        verb,
        Verb::BuyOpen | Verb::Buy | Verb::Long | Verb::Enter | Verb::Add
    )
}

/// What a verb acts on, when it stands before the next verb, label or break.
enum Own<'a> {
    Symbol(&'a Ticker, bool),
    Pronoun,
    Nothing,
}

fn own(items: &[Item], at: usize) -> Own<'_> {
    const REACH: usize = 12;
    let mut lines = 0;
    for (i, item) in items.iter().enumerate().skip(at + 1).take(REACH) {
        match &item.kind {
            Kind::Cue(Cue::Verb(..)) => return Own::Nothing,
            Kind::Cue(Cue::Label(Label::Symbol)) => {}
            Kind::Cue(Cue::Label(Label::Stop)) if i == at + 1 => {}
            Kind::Cue(Cue::Label(_)) => return Own::Nothing,
            Kind::Cue(Cue::Pronoun) => return Own::Pronoun,
            Kind::Newline if lines == 0 && i == at + 1 => lines += 1,
            _ if breaks(item) || item.is(',') => return Own::Nothing,
            Kind::Symbol(t)
                if t.grade == Grade::Doubtful && !items.get(i + 1).is_some_and(Item::optional) => {}
            Kind::Symbol(t) => {
                let strike = items
                    .iter()
                    .skip(i + 1)
                    .take(3)
                    .any(|x| matches!(x.kind, Kind::Strike(..)))
                    || items
                        .get(at + 1..i)
                        .is_some_and(|b| b.iter().any(|x| matches!(x.kind, Kind::Strike(..))));
                return Own::Symbol(t, strike);
            }
            Kind::Contract(c) => return c.ticker.as_ref().map_or(Own::Nothing, |t| Own::Symbol(t, true)),
            _ => {}
        }
    }
    Own::Nothing
}

/// The highest number of a list, `2) GBPUSD buy 1.3470`.
const LAST_NUMBER: Decimal = Decimal::TEN;

/// More instructions than this are refused anyway.
const MOST_CLAUSES: usize = 40;

/// Cuts the living items into clauses.
pub(super) fn split(items: &[Item], work: &mut usize) -> Vec<Clause> {
    let mut out = vec![Clause {
        from: 0,
        to: items.len(),
        shares_verb_of: None,
        same_subject: false,
    }];
    let mut seen = Seen::default();
    for (i, item) in items.iter().enumerate() {
        *work += 1;
        if out.len() < MOST_CLAUSES
            && let Some((start, clause)) = head(items, i, &seen, out.len() - 1)
        {
            let floor = out.last().map_or(0, |c| c.from);
            let start = start.max(floor);
            if let Some(last) = out.last_mut() {
                last.to = start;
            }
            out.push(Clause {
                from: start,
                to: items.len(),
                ..clause
            });
            seen = Seen {
                verb: if clause.shares_verb_of.is_some() {
                    seen.verb
                } else {
                    None
                },
                level: clause.shares_verb_of.is_some() && seen.level,
                ..Seen::default()
            };
        }
        note(&mut seen, items, i, item);
    }
    out
}

fn note(seen: &mut Seen, items: &[Item], at: usize, item: &Item) {
    seen.level |= matches!(item.kind, Kind::Cue(Cue::Label(Label::Stop) | Cue::BreakEven));
    match &item.kind {
        Kind::Cue(Cue::Verb(verb, _)) => {
            seen.verb.get_or_insert(*verb);
        }
        Kind::Cue(Cue::Label(Label::Entry | Label::Stop | Label::Target)) => seen.labels += 1,
        Kind::Symbol(t) if t.grade != Grade::Doubtful || items.get(at + 1).is_some_and(Item::optional) => {
            seen.symbol.get_or_insert_with(|| t.symbol.clone());
        }
        Kind::Contract(c) => {
            seen.strike = true;
            if let Some(t) = &c.ticker {
                seen.symbol.get_or_insert_with(|| t.symbol.clone());
            }
        }
        Kind::Strike(..) => seen.strike = true,
        Kind::Figure(_) => seen.figures += 1,
        _ => {}
    }
}

/// Where a new clause starts when the item at `at` begins one.
fn head(items: &[Item], at: usize, seen: &Seen, clause: usize) -> Option<(usize, Clause)> {
    let fresh = Clause {
        from: at,
        to: 0,
        shares_verb_of: None,
        same_subject: false,
    };
    let item = items.get(at)?;
    match &item.kind {
        Kind::Cue(Cue::Verb(verb, past)) => verb_head(items, at, *verb, *past, seen).map(|same| {
            let start = if same {
                at
            } else {
                number_start(items, line_start(items, at))
            };
            (
                start,
                Clause {
                    same_subject: same,
                    ..fresh
                },
            )
        }),
        Kind::Cue(Cue::Label(Label::Symbol))
            if seen.symbol.is_some() && seen.figures > 0 && field(items, at) =>
        {
            Some((at, fresh))
        }
        Kind::Cue(Cue::Label(Label::Stop | Label::Target)) if levelled(items, at, seen) => Some((at, fresh)),
        Kind::Symbol(t) | Kind::Contract(super::item::Contract { ticker: Some(t), .. }) => {
            let other = seen.symbol.as_ref().is_some_and(|s| *s != t.symbol);
            let verb_follows = sentence_verb(items, at);
            if starts_line(items, at)
                && other
                && seen.verb.is_some()
                && verb_follows
                && t.grade <= Grade::Plausible
            {
                return Some((at, fresh));
            }
            if other && next_order(items, at, t, seen) {
                return Some((at, fresh));
            }
            listed(items, at, t, seen).then_some((
                at,
                Clause {
                    shares_verb_of: Some(clause),
                    ..fresh
                },
            ))
        }
        _ => None,
    }
}

/// A line such as `Ticker: TSLA`.
fn field(items: &[Item], at: usize) -> bool {
    starts_line(items, at) && items.iter().skip(at + 1).take(3).any(|i| i.symbol().is_some())
}

fn starts_line(items: &[Item], at: usize) -> bool {
    let numbered = |at: usize, i: &Item| {
        let small = i
            .figure()
            .is_some_and(|f| f.whole && !f.money && f.value <= LAST_NUMBER);
        small && items.get(at + 1).is_some_and(|n| n.is(')'))
    };
    let marks = |at: usize, i: &Item| {
        let decorates = matches!(
            i.kind,
            Kind::Emoji(_) | Kind::Mark('#' | '[' | '(' | '•' | '-' | '*') | Kind::Ordinal(_)
        );
        let lists = i.is(')')
            && at
                .checked_sub(1)
                .and_then(|b| items.get(b))
                .is_some_and(|n| numbered(at - 1, n));
        decorates || lists || numbered(at, i)
    };
    let mut back = items.iter().enumerate().take(at).rev().take(20);
    let before = back.find(|(at, i)| !marks(*at, i));
    before.is_none_or(|(_, i)| breaks(i))
}

/// The start of the line when only its symbol stands before the verb.
fn line_start(items: &[Item], at: usize) -> usize {
    let start = at
        - items
            .iter()
            .take(at)
            .rev()
            .take(60)
            .take_while(|i| !breaks(i))
            .count();
    let lead = items.get(start..at).unwrap_or(&[]);
    let named = lead.iter().any(|i| i.symbol().is_some());
    let clean = lead.iter().all(|i| {
        !matches!(i.kind, Kind::Figure(_) | Kind::Strike(..) | Kind::Word)
            && i.verb().is_none()
            && i.label().is_none()
    });
    if named && clean { start } else { at }
}

fn sentence_verb(items: &[Item], at: usize) -> bool {
    items
        .iter()
        .skip(at + 1)
        .take(8)
        .take_while(|i| !breaks(i))
        .any(|i| i.verb().is_some())
}

/// Whether a verb opens a new clause; the answer says whether it acts on the same subject.
fn verb_head(items: &[Item], at: usize, verb: Verb, past: bool, seen: &Seen) -> Option<bool> {
    let subject = seen.symbol.as_ref();
    let Some(first) = seen.verb else {
        // "SL to BE on SOL, and trim half of AVAX"
        let named = |s: &String| matches!(own(items, at), Own::Symbol(t, _) if t.symbol != *s);
        return (seen.level && subject.is_some_and(named)).then_some(false);
    };
    match own(items, at) {
        Own::Pronoun => {
            (subject.is_some() && opens(verb) && (!opens(first) || buys(first) != buys(verb))).then_some(true)
        }
        // "STC 9/12 345c at 5.20, BTO 9/26 355c at 7.85": another contract of the same name.
        Own::Nothing if verb.is_plain() && !past && seen.strike && subject.is_some() => {
            let reach = items
                .iter()
                .skip(at + 1)
                .take(6)
                .take_while(|i| !breaks(i) && i.verb().is_none());
            let contract = reach.into_iter().any(|i| matches!(i.kind, Kind::Strike(..)));
            (contract && buys(first) != buys(verb)).then_some(true)
        }
        // "close the SOLUSDT short, go long here 219, SL 213.5"
        Own::Nothing if subject.is_some() && turns(items, at, first, verb) && !past => Some(true),
        Own::Nothing => {
            let after = items.iter().skip(at + 1).take(8).take_while(|i| !breaks(i));
            let valued =
                after.clone().any(|i| i.figure().is_some()) && after.clone().any(|i| i.is_cue(Cue::At));
            let line = starts_line(items, at);
            (line && subject.is_some() && seen.figures > 0 && opens(first) && verb == Verb::Move && !valued)
                .then_some(true)
                .filter(|_| false)
        }
        Own::Symbol(ticker, strike) => {
            let Some(subject) = subject else {
                // A verb without a subject before: a heading, unless its own values came already.
                return None;
            };
            let line_symbol = line_symbol_before(items, at);
            let same = ticker.symbol == *subject || line_symbol.is_some_and(|s| s == subject && !strike);
            // "LONG: ETH 3010"
            let colon = usize::from(items.get(at + 1).is_some_and(|i| i.is(':')));
            let beside = items
                .get(at + 1 + colon)
                .and_then(Item::symbol)
                .is_some_and(|t| t.symbol == ticker.symbol);
            // "Close APT and close IMX"
            let joined = at
                .checked_sub(1)
                .and_then(|p| items.get(p))
                .is_some_and(|p| p.is_cue(Cue::And) || matches!(p.kind, Kind::Mark('&' | ',' | ';' | '|')));
            if beside
                && !past
                && ticker.symbol != *subject
                && ticker.grade <= Grade::Known
                && (buys(first) != buys(verb) || joined)
            {
                // "Sell AAPL, buy MSFT 515"
                return Some(false);
            }
            let leaves = matches!(first, Verb::Close | Verb::BuyClose | Verb::SellClose);
            // "close ETH short, go long ETH 3010"
            let flipped = beside && joined && !past && leaves && opens(verb) && !strike;
            let whole = !past && seen.figures > 0 && (seen.level || joined) && opens(first) && opens(verb);
            if flipped || whole && another(items, at, ticker, subject) {
                return Some(false);
            }
            let turned = buys(first) != buys(verb) || (seen.strike && strike);
            if same && past && !strike {
                // "Sold AAPL 231.2 and bought MSFT 521"
                let other = ticker.symbol != *subject && ticker.grade <= Grade::Known && seen.figures > 0;
                return other.then_some(false);
            }
            if same {
                (turned && (seen.figures > 0 || strike)).then_some(false)
            } else {
                Some(false)
            }
        }
    }
}

fn line_symbol_before(items: &[Item], at: usize) -> Option<&String> {
    items
        .iter()
        .take(at)
        .rev()
        .take(60)
        .take_while(|i| !breaks(i))
        .find_map(|i| i.symbol())
        .map(|t| &t.symbol)
}

//! Decides where one instruction ends and the next begins.
//! Refuses to read values: it only looks for a verb with a subject of its own.

use rust_decimal::Decimal;

use super::{
    item::{Item, Kind},
    symbol::{Grade, Ticker},
    vocabulary::{Cue, Label, Verb},
};

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
            let start = if same { at } else { number_start(items, line_start(items, at)) };
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

/// "SL on DKNG 45c 12/18 to 1.15": the level of another name than the one before.
fn levelled(items: &[Item], at: usize, seen: &Seen) -> bool {
    const REACH: usize = 8;
    let linked = usize::from(
        items
            .get(at + 1)
            .is_some_and(|i| matches!(i.kind, Kind::Cue(Cue::Filler | Cue::At))),
    );
    let named = items.get(at + 1 + linked).and_then(Item::symbol);
    let other = named.is_some_and(|t| seen.symbol.as_ref().is_some_and(|s| *s != t.symbol));
    let after = items.get(at + 1..).unwrap_or(&[]);
    let moved = after.windows(2).take(REACH).any(|pair| {
        let [to, level] = pair else { return false };
        to.is_cue(Cue::To) && (level.figure().is_some() || level.is_cue(Cue::BreakEven))
    });
    other && moved
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

/// The number of the list before a clause: `2) BUY NVDA`, `2. BUY NVDA`.
fn number_start(items: &[Item], at: usize) -> usize {
    let Some([number, mark]) = at.checked_sub(2).and_then(|from| items.get(from..at)) else {
        return at;
    };
    let small = number
        .figure()
        .is_some_and(|f| f.whole && !f.money && f.value <= LAST_NUMBER);
    let line = at < 3 || items.get(at - 3).is_some_and(|i| i.newline());
    if small && number.gap | line && (mark.is(')') || mark.is('.') && line) && !mark.gap {
        at - 2
    } else {
        at
    }
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
            if beside && joined && !past && leaves && opens(verb) && !strike {
                // "close ETH short, go long ETH 3010"
                return Some(false);
            }
            // "BUY AAPL 250 SL 245 BUY MSFT 500 SL 490": an order with its stop is whole, the next name is another.
            let whole = seen.figures > 0 && (seen.level || joined) && opens(first) && opens(verb);
            if whole && !past && ticker.symbol != *subject && ticker.grade <= Grade::Plausible && counted(items, at, &ticker.symbol) {
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

/// A position is left, and behind a mark the other side of the same name is taken at a price with a stop of its own.
fn turns(items: &[Item], at: usize, first: Verb, verb: Verb) -> bool {
    const REACH: usize = 5;
    let leaves = matches!(first, Verb::Close | Verb::BuyClose | Verb::SellClose);
    let lead = at.checked_sub(1).and_then(|b| items.get(b)).is_some_and(|i| {
        i.is_cue(Cue::And) || matches!(i.kind, Kind::Mark(',' | ';' | '.' | '&') | Kind::Newline)
    });
    let ahead = || items.iter().skip(at + 1);
    let price = ahead()
        .take(REACH)
        .take_while(|i| i.label().is_none() && !i.is(','))
        .position(|i| i.figure().is_some() || i.is_cue(Cue::Market));
    let stopped = ahead()
        .take(3 * REACH)
        .take_while(|i| i.verb().is_none())
        .any(|i| i.label() == Some(Label::Stop));
    leaves && lead && matches!(verb, Verb::Long | Verb::Short) && price.is_some() && stopped
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

/// `close TSLA, NVDA and AMD`; `BTO AAPL 190c @ 3.10, SPY 500p @ 1.20`.
fn listed(items: &[Item], at: usize, ticker: &Ticker, seen: &Seen) -> bool {
    let verb = seen.verb;
    if verb.is_none() && !seen.level {
        return false;
    }
    let other = seen.symbol.as_ref().is_some_and(|s| *s != ticker.symbol);
    if !other || ticker.grade > Grade::Plausible {
        return false;
    }
    let joint = at
        .checked_sub(1)
        .and_then(|p| items.get(p))
        .is_some_and(|p| p.is(',') || p.is_cue(Cue::And) || p.is('&') || p.is('+'));
    let joint_line = starts_line(items, at);
    let strike = items
        .iter()
        .skip(at + 1)
        .take(3)
        .any(|i| matches!(i.kind, Kind::Strike(..)))
        || matches!(items.get(at).map(|i| &i.kind), Some(Kind::Contract(_)));
    if strike && seen.strike {
        return joint || joint_line;
    }
    // "BUY AMD 235 SL 230, NVDA 184 SL 180": a price and a stop of its own behind the name.
    let stopped = || {
        let ahead = items.iter().skip(at + 1).take(6).take_while(|i| !breaks(i) && i.verb().is_none());
        ahead.into_iter().any(|i| i.label() == Some(Label::Stop))
    };
    let at_price = usize::from(items.get(at + 1).is_some_and(|i| i.is_cue(Cue::At)));
    let own = items.get(at + 1 + at_price).is_some_and(|i| i.figure().is_some());
    if joint && own && seen.level && seen.figures > 1 && verb.is_some_and(opens) && stopped() {
        return true;
    }
    let symbol_before = at >= 2 && items.get(at - 2).is_some_and(|i| i.symbol().is_some());
    // "SL to BE on TIA, SEI and STRK" has no verb and one level for all.
    let plain = verb.is_none_or(|v| {
        matches!(
            v,
            Verb::Close | Verb::Cancel | Verb::SellClose | Verb::Sell | Verb::BuyClose | Verb::Reduce
        )
    });
    joint && symbol_before && plain && !seen.strike && seen.figures == 0
}

/// The name right behind a verb, or behind a count: "BUY MSFT", "BUY 20 MSFT".
fn counted(items: &[Item], at: usize, name: &str) -> bool {
    let count = usize::from(items.get(at + 1).is_some_and(|i| i.figure().is_some_and(|f| f.whole)));
    let named = items.get(at + 1 + count).and_then(Item::symbol);
    named.is_some_and(|t| t.symbol == name)
}

/// "BTC long 87000 sl 85500, ETH long 3100 sl 3000": behind a whole order another name with its own side and number.
fn next_order(items: &[Item], at: usize, ticker: &Ticker, seen: &Seen) -> bool {
    let opened = seen.verb.is_some_and(opens) && seen.level && seen.figures > 1;
    let verb = items.get(at + 1).filter(|i| !i.past()).and_then(Item::verb);
    let sided = verb.is_some_and(|v| matches!(v, Verb::Long | Verb::Short | Verb::Buy | Verb::Sell));
    let priced = items
        .iter()
        .skip(at + 2)
        .take(2)
        .any(|i| i.figure().is_some() || i.is_cue(Cue::Market));
    opened && sided && priced && ticker.grade <= Grade::Known
}

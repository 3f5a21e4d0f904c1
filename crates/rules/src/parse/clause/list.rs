//! Decides when a name, a number or a level begins another instruction: lists, whole orders side by side, turned positions.
//! Refuses to read values.

use super::*;

/// The number of the list before a clause: `2) BUY NVDA`, `2. BUY NVDA`.
pub(super) fn number_start(items: &[Item], at: usize) -> usize {
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

/// `close TSLA, NVDA and AMD`; `BTO AAPL 190c @ 3.10, SPY 500p @ 1.20`.
pub(super) fn listed(items: &[Item], at: usize, ticker: &Ticker, seen: &Seen) -> bool {
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
        let ahead = items
            .iter()
            .skip(at + 1)
            .take(6)
            .take_while(|i| !breaks(i) && i.verb().is_none());
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
    let count = usize::from(
        items
            .get(at + 1)
            .is_some_and(|i| i.figure().is_some_and(|f| f.whole)),
    );
    let named = items.get(at + 1 + count).and_then(Item::symbol);
    named.is_some_and(|t| t.symbol == name)
}

/// "BTC long 87000 sl 85500, ETH long 3100 sl 3000": behind a whole order another name with its own side and number.
pub(super) fn next_order(items: &[Item], at: usize, ticker: &Ticker, seen: &Seen) -> bool {
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

/// A position is left, and behind a mark the other side of the same name is taken at a price with a stop of its own.
pub(super) fn turns(items: &[Item], at: usize, first: Verb, verb: Verb) -> bool {
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

/// "SL on DKNG 45c 12/18 to 1.15": the level of another name than the one before.
pub(super) fn levelled(items: &[Item], at: usize, seen: &Seen) -> bool {
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

/// "BUY AAPL 250 SL 245 BUY MSFT 500 SL 490": behind a whole order the name of another stands right behind its verb.
pub(super) fn another(items: &[Item], at: usize, ticker: &Ticker, subject: &str) -> bool {
    ticker.symbol != subject && ticker.grade <= Grade::Plausible && counted(items, at, &ticker.symbol)
}

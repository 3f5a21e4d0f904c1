//! Decides which words tell of a trade instead of ordering one: price arrows, other people, adjectives, headings of another day.
//! Refuses to weigh single cues: the guards do that.

use ordercast_model::signal::reading::NoTrade;

use super::{
    emoji::Emoji,
    item::{Item, Kind},
    vocabulary::{Cue, Guard, Label, Verb},
};

/// The longest line that is looked back over, so that the work stays linear.
const REACH: usize = 60;

/// What is told, and why nothing of it is done.
pub(super) enum Told {
    /// The items of a range are left out.
    Part(usize, usize, NoTrade),
    /// No part of the message may trade.
    Whole(NoTrade),
}

/// "400c OI 5000 sold at 3.10": what the tape shows of a contract, by its open interest or volume.
fn printed(items: &[Item], at: usize) -> bool {
    const NEAR: usize = 4;
    let sold = |i: &Item| i.past() && matches!(i.verb(), Some(Verb::Buy | Verb::Sell));
    let mut back = items.iter().take(at).rev();
    let count = back
        .next()
        .is_some_and(|i| i.figure().is_some_and(|f| f.whole && !f.money));
    let named = back.find(|i| !i.is(':')).and_then(Item::label) == Some(Label::Note);
    let contract = || items.iter().take(at).rev().skip(2).take(NEAR).any(Item::optional);
    items.get(at).is_some_and(sold) && count && named && contract()
}

/// "CRWD PT raised to $370 at Wedbush": a bank's opinion.
fn graded(items: &[Item], at: usize) -> bool {
    let moved = items
        .get(at)
        .is_some_and(|i| i.verb() == Some(Verb::Move) && i.past() || i.verb() == Some(Verb::Close));
    let level = at.checked_sub(1).and_then(|b| items.get(b)).and_then(Item::label) == Some(Label::Target);
    let rest = items.get(at + 1..).unwrap_or(&[]);
    let whose = rest
        .iter()
        .take(8)
        .position(|i| i.figure().is_some())
        .map(|p| p + 1);
    let named = whose.and_then(|p| Some((rest.get(p)?, rest.get(p + 1)?)));
    moved
        && level
        && named.is_some_and(|(link, who)| {
            (link.is_cue(Cue::At) || link.is_cue(Cue::By)) && matches!(who.kind, Kind::Word | Kind::Symbol(_))
        })
}

/// Finds the reports of a message, in order.
pub(super) fn reports(items: &[Item]) -> Vec<Told> {
    let mut out = Vec::new();
    if results(items) {
        out.push(Told::Whole(NoTrade::Recap));
    }
    for (i, item) in items.iter().enumerate() {
        if item.dead {
            continue;
        }
        if item.is('→') && between_prices(items, i) {
            let (from, to) = line(items, i);
            out.push(Told::Part(from, to, NoTrade::Recap));
        }
        if item.is('→') && ended(items, i) {
            let (from, to) = line(items, i);
            out.push(Told::Part(from, to, NoTrade::Recap));
        }
        if item.is_cue(Cue::From) && items.get(i + 1).is_some_and(|n| n.kind == Kind::Ratio) {
            // "alert from 9:45"
            let (from, to) = line(items, i);
            out.push(Told::Part(from, to, NoTrade::Recap));
        }
        if item.guard() == Some(Guard::OtherDay) && heads(items, i) {
            out.push(Told::Whole(NoTrade::Recap));
        }
        if item.guard() == Some(Guard::Person) && items.get(i + 1).is_some_and(|n| n.verb().is_some()) {
            let (from, to) = line(items, i);
            out.push(Told::Part(from, to, NoTrade::Quote));
        }
        if traded_by(items, i) || printed(items, i) || graded(items, i) || regarded(items, i) {
            let (from, to) = line(items, i);
            out.push(Told::Part(from, to, NoTrade::News));
        }
        if printed_close(items, i) || counts_things(items, i) {
            let (from, to) = line(items, i);
            out.push(Told::Part(from, to, NoTrade::News));
        }
        if defines(items, i) {
            out.push(Told::Whole(NoTrade::Other));
        }
        if announces(items, i) {
            let (from, to) = line(items, i);
            out.push(Told::Part(from, to, NoTrade::News));
        }
        if open_field(items, i) {
            out.push(Told::Whole(NoTrade::Question));
        }
        if rated_by(items, i) {
            let (from, to) = line(items, i);
            out.push(Told::Part(from, to, NoTrade::News));
        }
        if flows(items, i) {
            let (from, to) = line(items, i);
            out.push(Told::Part(from, to, NoTrade::News));
        }
        if qualifies(items, i) {
            out.push(Told::Part(i, i + 1, NoTrade::Chatter));
        }
    }
    out
}

/// The line around an item.
fn line(items: &[Item], at: usize) -> (usize, usize) {
    let ends = |i: &&Item| !i.newline();
    let back = items.iter().take(at).rev().take(REACH).take_while(ends).count();
    let ahead = items.iter().skip(at).take(REACH).take_while(ends).count();
    (at - back, at + ahead)
}

/// `3.40 → 4.80` is what became of a trade, unless a level is moved or targets are listed.
fn between_prices(items: &[Item], at: usize) -> bool {
    let price = |i: Option<&Item>| i.is_some_and(|i| i.figure().is_some());
    if !(at > 0 && price(items.get(at - 1)) && price(items.get(at + 1))) {
        return false;
    }
    let (from, _) = line(items, at);
    !items.get(from..at).unwrap_or(&[]).iter().any(|i| {
        matches!(i.label(), Some(Label::Stop | Label::Target))
            || i.verb() == Some(Verb::Move)
            || matches!(i.kind, Kind::Cue(Cue::Changed(_)) | Kind::Emoji(_))
    })
}

/// `LONG BTC 87000 → closed in profit`.
fn ended(items: &[Item], at: usize) -> bool {
    let (from, _) = line(items, at);
    let opened = items.get(from..at).unwrap_or(&[]).iter().any(|i| {
        matches!(
            i.verb(),
            Some(Verb::Buy | Verb::BuyOpen | Verb::Long | Verb::Short | Verb::SellOpen)
        )
    });
    let leaves = items.iter().skip(at + 1).take(2).any(|i| {
        matches!(
            i.verb(),
            Some(Verb::Close | Verb::SellClose | Verb::Sell | Verb::BuyClose)
        )
    });
    opened && leaves
}

/// `Last month:` and nothing ordered before it.
fn heads(items: &[Item], at: usize) -> bool {
    let (from, _) = line(items, at);
    // "Yesterday's orders:"
    let ahead = items
        .iter()
        .skip(at + 1)
        .take(3)
        .find(|i| !(i.word() || matches!(i.cue(), Some(Cue::Filler | Cue::Noun))));
    ahead.is_some_and(|n| n.is(':'))
        && !items
            .get(from..at)
            .unwrap_or(&[])
            .iter()
            .any(|i| i.verb().is_some() || i.optional())
}

/// `ARK sold 120,000 COIN`: a name does something to another name.
fn traded_by(items: &[Item], at: usize) -> bool {
    let Some([who, verb, rest @ ..]) = items.get(at..) else {
        return false;
    };
    let told = verb.past() && matches!(verb.verb(), Some(Verb::Buy | Verb::Sell));
    let Kind::Symbol(who) = &who.kind else {
        return false;
    };
    let object = rest.iter().take(5).find(|i| {
        !matches!(
            i.kind,
            Kind::Figure(_) | Kind::Cue(Cue::Filler | Cue::Of | Cue::Unit)
        )
    });
    told && object.is_some_and(|i| i.symbol().is_some_and(|o| o.symbol != who.symbol))
}

/// `BTO = buy to open`: a word is explained.
fn defines(items: &[Item], at: usize) -> bool {
    let Some([word, equals, meaning, ..]) = items.get(at..) else {
        return false;
    };
    word.verb().is_some() && equals.is('=') && meaning.verb().is_some()
}

/// `BA to sell its navigation unit`: a name is about to do something.
fn announces(items: &[Item], at: usize) -> bool {
    let Some([who, to, verb, ..]) = items.get(at..) else {
        return false;
    };
    let starts = at == 0
        || items
            .get(at - 1)
            .is_some_and(|i| matches!(i.kind, Kind::Newline | Kind::Mark(_) | Kind::Emoji(_)));
    starts && who.symbol().is_some() && to.is_cue(Cue::To) && verb.verb().is_some()
}

/// Two lines or more that each name something and what it made: `NVDA 190C: in 3.40, out 5.10 (+50%)`.
fn results(items: &[Item]) -> bool {
    let made = |line: &&[Item]| {
        let named = line.iter().any(|i| i.symbol().is_some());
        let signed = line.windows(3).any(|three| {
            let [before, sign, share] = three else {
                return false;
            };
            let apart = sign.gap || before.is('(') || before.is('|') || before.is(':');
            let percent = matches!(share.kind, Kind::Percent(_) | Kind::Pips(_) | Kind::Ratio) && !share.gap;
            percent && apart && matches!(sign.kind, Kind::Mark('+' | '-'))
        });
        named && signed
    };
    items.split(|i| i.newline()).filter(made).take(2).count() == 2 || marked(items)
}

/// Two lines or more that each name something with a price and end with a mark of success or failure, one with a cross.
fn marked(items: &[Item]) -> bool {
    let mark = |line: &[Item]| match line.last().map(|i| &i.kind) {
        Some(Kind::Emoji(mark @ (Emoji::Done | Emoji::Failed))) => {
            let named = line.iter().any(|i| i.symbol().is_some());
            (named && line.iter().any(|i| i.figure().is_some())).then_some(*mark)
        }
        _ => None,
    };
    let (mut lines, mut failed) = (0_usize, false);
    for found in items.split(|i| i.newline()).filter_map(mark) {
        lines += 1;
        failed |= found == Emoji::Failed;
    }
    failed && lines > 1
}

/// `Entry: ?`
fn open_field(items: &[Item], at: usize) -> bool {
    let field = items
        .get(at)
        .is_some_and(|i| matches!(i.label(), Some(Label::Entry | Label::Stop | Label::Target)));
    let colon = items.get(at + 1).is_some_and(|i| i.is(':'));
    field && colon && items.get(at + 2).is_some_and(|i| i.is('?'))
}

/// `UBS: NVDA buy, PT 235`: a name speaks about another.
fn rated_by(items: &[Item], at: usize) -> bool {
    let starts = at == 0 || items.get(at - 1).is_some_and(|i| i.newline());
    let Some([who, colon, what, ..]) = items.get(at..) else {
        return false;
    };
    let other = |a: &Item, b: &Item| match (a.symbol(), b.symbol()) {
        (Some(a), Some(b)) => a.symbol != b.symbol,
        _ => false,
    };
    starts && colon.is(':') && other(who, what)
}

/// `volume 10000 bought at 2.10`: what others traded in a contract.
fn flows(items: &[Item], at: usize) -> bool {
    let Some([label, count, verb, ..]) = items.get(at..) else {
        return false;
    };
    let many = |f: super::item::Figure| f.whole && f.value >= rust_decimal::Decimal::ONE_THOUSAND;
    let interest = label.word() || label.symbol().is_some_and(|t| t.symbol == "OI");
    (interest || label.label() == Some(Label::Quantity))
        && count.figure().is_some_and(many)
        && verb.past()
        && matches!(verb.verb(), Some(Verb::Buy | Verb::Sell))
}

/// `long wicks`, `short thesis`: the verb only describes the unknown word after it.
fn qualifies(items: &[Item], at: usize) -> bool {
    let sided = items.get(at).is_some_and(|i| {
        matches!(
            i.kind,
            Kind::Cue(Cue::Verb(Verb::Long | Verb::Short | Verb::Cancel, false))
        )
    });
    sided && items.get(at + 1).is_some_and(|n| n.word() && n.gap)
}

/// "AAPL close 251.20": where a day ended; "close AAPL 251.20" and "AAPL close at 251.20" are orders.
fn printed_close(items: &[Item], at: usize) -> bool {
    const CLOSE: usize = 5;
    let Some([name, close, rest @ ..]) = items.get(at..) else {
        return false;
    };
    let bare = close.is_cue(Cue::Verb(Verb::Close, false)) && close.to - close.from == CLOSE;
    let colon = usize::from(rest.first().is_some_and(|i| i.is(':')));
    let leads = at.checked_sub(1).and_then(|b| items.get(b)).is_none_or(|i| {
        matches!(
            i.kind,
            Kind::Newline | Kind::Mark('.' | ',' | '|' | ';') | Kind::Emoji(_)
        )
    });
    let ends = rest.get(colon + 1).is_none_or(|i| {
        matches!(
            i.kind,
            Kind::Newline | Kind::Mark('.' | ',' | '|' | ';' | '(') | Kind::Emoji(_)
        )
    });
    let priced = rest
        .get(colon)
        .is_some_and(|i| i.figure().is_some_and(|f| !f.signed));
    name.symbol().is_some() && leads && bare && priced && ends
}

/// "KSS closing 27 stores", "DIS adds 2 million subscribers", "BA cut 10% of staff": a company and what it counts.
fn counts_things(items: &[Item], at: usize) -> bool {
    let Some([name, verb, count, rest @ ..]) = items.get(at..) else {
        return false;
    };
    let leads = at.checked_sub(1).and_then(|b| items.get(b)).is_none_or(|i| {
        matches!(
            i.kind,
            Kind::Newline | Kind::Mark('.' | '!' | ':') | Kind::Emoji(_)
        )
    });
    let acts = matches!(
        verb.verb(),
        Some(Verb::Close | Verb::Reduce | Verb::Add | Verb::Buy | Verb::Enter | Verb::Move | Verb::Cancel)
    );
    let word = |i: Option<&Item>| i.is_some_and(|i| i.word() && i.gap);
    let counted = match count.kind {
        Kind::Figure(f) => f.whole && word(rest.first()),
        Kind::Percent(_) => rest.first().is_some_and(|i| i.is_cue(Cue::Of)) && word(rest.get(1)),
        Kind::Unreadable => word(rest.first()),
        _ => false,
    };
    leads
        && name
            .symbol()
            .is_some_and(|t| t.grade <= super::symbol::Grade::Plausible)
        && acts
        && counted
}

/// "Goldman raised AMD to buy, PT 270", "MS lowered TSLA target to 350": an unknown name moves what belongs to another.
fn regarded(items: &[Item], at: usize) -> bool {
    let Some([who, verb, name, rest @ ..]) = items.get(at..) else {
        return false;
    };
    let moved = verb.verb() == Some(Verb::Move) && verb.past();
    let other = who.word() && verb.gap;
    let rated = match rest {
        [to, what, ..] => {
            to.is_cue(Cue::To) && matches!(what.verb(), Some(Verb::Buy | Verb::Sell))
                || to.label() == Some(Label::Target)
        }
        [label] => label.label() == Some(Label::Target),
        [] => false,
    };
    other && moved && name.symbol().is_some() && rated
}

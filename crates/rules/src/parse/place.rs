//! Decides what the numbers mean that no label claimed: quantity, notional, entry, or entry/stop/target in one.
//! Refuses to guess where two readings are equally good.

use rust_decimal::Decimal;

mod count;
mod price;

use super::{
    draft::{Distance, Draft, Goal, Level, Loose},
    item::{Item, Kind},
    symbol::{Grade, Ticker},
    vocabulary::{Cue, Label, Verb},
};

use price::{compact, elsewhere, first_step, paid, risked};

use count::{apart, counts, counts_behind, spends, straight_after, worded};

/// How far back the word before a name may stand.
const REACH: usize = 12;

/// The name behind the label of one.
fn field(items: &[Item]) -> Option<usize> {
    items.iter().enumerate().find_map(|(i, item)| {
        item.symbol()?;
        let mut back = items.iter().take(i).rev().take(REACH);
        let before = back.find(|x| !matches!(x.kind, Kind::Mark(_) | Kind::Emoji(_) | Kind::Cue(Cue::At)));
        before
            .is_some_and(|x| x.label() == Some(Label::Symbol))
            .then_some(i)
    })
}

/// "AAPL buy 228, SL 224\nTSLA room": what stands in another part belongs to something else.
fn parted(items: &[Item], verb: usize, place: usize) -> bool {
    let between = items.get(verb..place).unwrap_or(&[]);
    between.iter().any(|i| {
        i.label().is_some()
            || matches!(
                i.kind,
                Kind::Newline | Kind::Mark(',' | '.' | ';' | '|' | '!') | Kind::Cue(Cue::At)
            )
    })
}

/// Chooses the subject of a clause and says where it stands.
pub(super) fn subject(items: &[Item], draft: &mut Draft) -> Option<usize> {
    let field = field(items);
    let verb = draft.verbs.first().map_or(0, |d| d.at);
    let usable = |i: usize| {
        let paid = i > 0 && items.get(i - 1).is_some_and(|b| b.figure().is_some());
        let cash = |t: &Ticker| {
            let coin = matches!(
                t.symbol.as_str(),
                "USDT" | "USDC" | "BUSD" | "FDUSD" | "TUSD" | "DAI"
            );
            coin && (paid || t.grade > Grade::Marked)
        };
        items
            .get(i)
            .and_then(Item::symbol)
            .is_some_and(|t| !cash(t) && admitted(items, i, t, draft))
    };
    let place = field
        .or_else(|| (verb..items.len()).find(|i| usable(*i)))
        .or_else(|| (0..verb).rev().find(|i| usable(*i)))?;
    // "SOL long 138 (SOL/USDT)", "ETHUSDT buy 3010 ... the ETH room": the name beside the verb is where the order starts.
    let beside = verb.checked_sub(1).filter(|b| {
        let named = |at: usize| items.get(at).filter(|i| !i.told).and_then(Item::symbol);
        let longer = |(a, b): (&Ticker, &Ticker)| {
            a.symbol != b.symbol && (parted(items, verb, place) || related(&a.symbol, &b.symbol))
        };
        field.is_none() && named(*b).zip(named(place)).is_some_and(longer) && usable(*b)
    });
    let place = beside.unwrap_or(place);
    let fuller = pair(items, place, &usable).unwrap_or(place);
    let ticker = items.get(fuller)?.symbol()?.clone();
    let other = |t: &Ticker| !related(&t.symbol, &ticker.symbol);
    let named = |i: &usize| items.get(*i).and_then(Item::symbol).is_some_and(other);
    let others = (0..items.len()).filter(|i| usable(*i) && named(i)).count();
    let listed = others > 0 && joined(items, place, &usable);
    (draft.others, draft.listed) = (others, listed);
    let side = draft.verbs.first().map(|d| d.verb);
    draft.behind = place < verb && matches!(side, Some(Verb::Long | Verb::Short));
    if let Some(item) = items.get(place) {
        draft.mark("symbol", item.from, item.to);
        draft.told = item.told;
    }
    lead(items, draft);
    draft.between = items
        .get(verb..place)
        .unwrap_or(&[])
        .iter()
        .take_while(|i| !i.newline())
        .filter(|i| i.word())
        .count();
    // "short the bounce: AVAXUSDT limit 35.60, SL 36.85": what is traded stands behind the colon, with its levels.
    let headed = place > 0 && items.get(place - 1).is_some_and(|i| i.is(':'));
    if headed && draft.between <= 2 && draft.stop.is_some() && !draft.targets.is_empty() {
        draft.between = 0;
    }
    let sentence = items.get(verb..place).unwrap_or(&[]);
    draft.parted = draft.between > 0 && sentence.iter().any(|i| i.is(','));
    let ended = sentence
        .iter()
        .position(|i| matches!(i.kind, Kind::Mark('.' | '!' | '?' | ';')));
    // "to add 137k bpd; CL at 58.20": the number of another sentence.
    draft.between +=
        usize::from(ended.is_some_and(|e| sentence.iter().take(e).any(|i| i.figure().is_some())));
    draft.subject = Some(ticker);
    Some(place)
}

/// Counts the unknown words that lead to the first verb.
fn lead(items: &[Item], draft: &mut Draft) {
    let Some(verb) = draft.verbs.first().map(|d| d.at) else {
        return;
    };
    let ahead = items.iter().skip(verb).take(60).take_while(|i| !i.newline());
    let behind = items
        .iter()
        .take(verb)
        .rev()
        .take(60)
        .take_while(|i| !i.newline());
    let told = ahead
        .chain(behind)
        .any(|i| i.symbol().is_some() || i.figure().is_some() || i.optional());
    if !told {
        // A heading or the name of who writes.
        return;
    }
    let mut near = true;
    let mut first = None;
    for (i, item) in items.iter().enumerate().take(verb).rev().take(60) {
        match item.kind {
            Kind::Newline | Kind::Mark('.' | '!' | '?' | ';' | '→') | Kind::Cue(Cue::But) => break,
            Kind::Mark(',' | ':' | '|' | '-') | Kind::Emoji(_) => near = false,
            Kind::Word | Kind::Cue(Cue::Guard(_)) => {
                draft.lead += 1;
                draft.near_lead += usize::from(near);
                first = Some(i);
            }
            _ => {}
        }
    }
    draft.signed = draft.lead == 1 && first.is_some_and(|f| items.get(f + 1).is_some_and(|i| i.is(':')));
}

/// "SOL accumulation" above "SOL/USDC": the pair is the fuller name of the coin.
fn pair(items: &[Item], place: usize, usable: &dyn Fn(usize) -> bool) -> Option<usize> {
    const QUOTES: [&str; 4] = ["USDT", "USDC", "USD", "FDUSD"];
    let coin = items.get(place)?.symbol()?;
    let fuller = |t: &Ticker| {
        let quote = t.symbol.strip_prefix(coin.symbol.as_str());
        quote.is_some_and(|q| QUOTES.contains(&q))
    };
    let named = |i: &usize| items.get(*i).and_then(Item::symbol).is_some_and(&fuller) && usable(*i);
    (place + 1..items.len()).take(REACH).find(named)
}

/// Whether only a link stands between the subject and the next name: "AAPL, MSFT and NVDA".
fn joined(items: &[Item], place: usize, usable: &dyn Fn(usize) -> bool) -> bool {
    let linked = items.iter().skip(place + 1).take(REACH).take_while(|i| {
        matches!(
            i.kind,
            Kind::Mark(',' | '&' | '+') | Kind::Cue(Cue::And | Cue::All | Cue::Of | Cue::Filler)
        )
    });
    let links = linked.count();
    let next = place + 1 + links;
    let between = items.get(place + 1..next).unwrap_or(&[]);
    let tied = |i: &Item| i.is_cue(Cue::And) || i.is('&') || i.is('+');
    let further = |at: usize| items.iter().skip(at + 1).take(3).any(tied);
    links > 0
        && usable(next)
        && items.get(next).is_some_and(|i| !i.told)
        && (between.iter().any(tied) || between.iter().any(|i| i.is(',')) && further(next))
}

/// BTC beside BTCUSDT is the same thing.
fn related(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// Whether the grammar leaves no doubt that the word is a name.
fn admitted(items: &[Item], at: usize, ticker: &Ticker, draft: &Draft) -> bool {
    let beside = |i: Option<usize>| i.and_then(|i| items.get(i));
    let contract_beside = items
        .iter()
        .skip(at + 1)
        .take(3)
        .chain(items.iter().take(at).rev().take(3))
        .any(Item::optional)
        && draft.is_option();
    match ticker.grade {
        Grade::Marked | Grade::Known => true,
        Grade::Plausible => !draft.verbs.is_empty() || contract_beside,
        Grade::Small => {
            let near = items
                .iter()
                .take(at)
                .rev()
                .take(4)
                .chain(items.iter().skip(at + 1).take(2));
            contract_beside || near.clone().any(|i| i.verb().is_some())
        }
        Grade::Doubtful => {
            let before = items.iter().take(at).rev().take(REACH).find(|i| {
                !matches!(
                    i.kind,
                    Kind::Figure(_)
                        | Kind::Mark('+')
                        | Kind::Cue(Cue::Filler | Cue::Limit | Cue::Unit | Cue::Of | Cue::Label(Label::Stop))
                )
            });
            // "BUY STOP 150 CAT 386.25", "Long 100 CAT 560 stop 548": a count before the name and a price behind it.
            let levels = items
                .iter()
                .skip(at + 2)
                .take(2)
                .find(|i| !matches!(i.kind, Kind::Mark(_) | Kind::Newline))
                .is_some_and(|i| matches!(i.label(), Some(Label::Stop | Label::Target)));
            let counted = beside(at.checked_sub(1))
                .is_some_and(|i| i.figure().is_some_and(|f| f.whole && !f.money))
                && beside(at.checked_add(1))
                    // "Buying 40 MU at market"
                    .is_some_and(|i| {
                        i.is_cue(Cue::Market) || i.figure().is_some_and(|f| levels || !f.whole || f.money)
                    });
            let ordered = before.is_some_and(|i| i.verb().is_some());
            let kinds = |i: &&Item| matches!(i.kind, Kind::Cue(Cue::Limit | Cue::Market | Cue::Unit));
            let skip = items.iter().skip(at + 1).take(2).take_while(kinds).count();
            let counted = counted
                || beside(at.checked_sub(1)).is_some_and(|i| i.figure().is_some_and(|f| f.whole && !f.money))
                    && beside(at.checked_add(1)).is_some_and(|i| i.is_cue(Cue::At))
                    && beside(at.checked_add(2)).is_some_and(|i| i.is_cue(Cue::Market));
            let priced = beside(at.checked_add(1 + skip))
                .is_some_and(|i| matches!(i.kind, Kind::Cue(Cue::At | Cue::Above | Cue::Below)))
                && beside(at.checked_add(2 + skip)).is_some_and(|i| i.figure().is_some());
            // "putting $2,500 into NET long"
            let sided = beside(at.checked_add(1))
                .is_some_and(|i| matches!(i.verb(), Some(Verb::Long | Verb::Short)))
                && items
                    .iter()
                    .take(at)
                    .rev()
                    .take(2)
                    .any(|i| i.figure().is_some_and(|f| f.money));
            contract_beside || (ordered && (priced || sided || counted))
        }
    }
}

/// Gives every loose number its place.
pub(super) fn place(items: &[Item], draft: &mut Draft, subject: Option<usize>) {
    let verb = draft.verbs.first().map(|d| d.at);
    lone_strike(draft, subject);
    let mut rest: Vec<Loose> = Vec::new();
    for loose in std::mem::take(&mut draft.loose) {
        if loose.after_from && !loose.after_at {
            draft.from_price.get_or_insert(loose.value);
            continue;
        }
        if loose.of || spends(items, draft, &loose, verb, subject) {
            draft.notional = Some(loose.value);
            mark(items, draft, "notional", loose.at);
        } else if counts(items, draft, &loose, verb, subject) || counts_behind(items, draft, &loose) {
            draft.quantity = Some(loose.value);
            mark(items, draft, "quantity", loose.at);
        } else if loose.in_header || loose.after_at {
            rest.push(loose);
        } else if loose.stray {
            draft.strayed.push(loose.value);
        }
    }
    partly_left(items, draft, &mut rest);
    if let [count, tail @ ..] = rest.as_slice()
        && draft.quantity.is_none()
        && !count.after_at
        && count.whole
        && !count.money
        && (subject.is_some_and(|s| s < count.at) || straight_after(verb, subject, count))
        && (draft.entry_labelled && tail.is_empty()
            || tail
                .first()
                .is_some_and(|t| t.after_at && !worded(items, count, t))
                && (!draft.is_option() || draft.verbs.iter().any(|d| d.at + 1 == count.at))
            || straight_after(verb, subject, count) && apart(items, count, tail))
        && verb.is_some()
        && !draft.has(Verb::Move)
    {
        draft.quantity = Some(count.value);
        let at = count.at;
        rest.remove(0);
        mark(items, draft, "quantity", at);
    }
    let leaves = draft
        .verbs
        .first()
        .filter(|d| matches!(d.verb, Verb::Close | Verb::Sell | Verb::SellClose))
        .map(|d| d.at);
    if let Some(verb) = leaves {
        // "in 2.35 out 3.60": both prices of a trade that is over.
        let after = rest.iter().any(|l| l.at > verb);
        draft.round |= after && rest.iter().any(|l| l.at < verb && !l.whole);
    }
    entries(items, draft, &rest);
    paid(draft);
    risked(draft);
}

/// `BUY CALL ROKU 110 12/18 @ 4.05`: call or put is said, the number beside the name is the strike, another is the price.
fn lone_strike(draft: &mut Draft, subject: Option<usize>) {
    if draft.right.is_none() || draft.strike.is_some() {
        return;
    }
    let priced = !draft.entries.is_empty() || draft.loose.iter().any(|l| l.after_at);
    let beside = draft
        .loose
        .iter()
        .position(|l| subject.is_some_and(|s| s + 1 == l.at) && !l.after_at);
    if let Some(place) = beside.filter(|_| priced) {
        draft.strike = Some(draft.loose.remove(place).value);
    }
}

/// "BUY AAPL 180 SL 175, close half at 185": the price of a later exit is no entry; it is named as unread.
fn partly_left(items: &[Item], draft: &mut Draft, rest: &mut Vec<Loose>) {
    let opening = draft
        .verbs
        .first()
        .is_some_and(|d| matches!(d.verb, Verb::Buy | Verb::BuyOpen | Verb::Long | Verb::Short));
    let leaves = |l: &Loose| {
        let back = items.get(l.at.saturating_sub(4)..l.at).unwrap_or(&[]);
        let verb = back
            .iter()
            .position(|i| matches!(i.verb(), Some(Verb::Close | Verb::Reduce)) && !i.past());
        verb.is_some_and(|v| {
            back.iter()
                .skip(v)
                .any(|i| matches!(i.kind, Kind::Cue(Cue::Share(_)) | Kind::Percent(_)))
        })
    };
    if opening && rest.len() > 1 && rest.first().is_some_and(|l| !leaves(l)) {
        let (gone, kept) = rest.iter().copied().partition(|l| l.after_at && leaves(l));
        *rest = kept;
        let gone: Vec<Loose> = gone;
        draft.unread.extend(gone.iter().map(|l| l.value));
    }
}

fn mark(items: &[Item], draft: &mut Draft, field: &'static str, at: usize) {
    if let Some(item) = items.get(at) {
        draft.mark(field, item.from, item.to);
    }
}

fn entries(items: &[Item], draft: &mut Draft, rest: &[Loose]) {
    if draft.entry_labelled {
        first_step(items, draft, rest);
        return;
    }
    if compact(items, draft, rest) {
        return;
    }
    // Numbers after "@" outrank bare ones; a list goes on only without words between.
    let first = rest
        .iter()
        .position(|l| l.after_at && !elsewhere(items, rest, l))
        .unwrap_or(0);
    let mut last: Option<usize> = None;
    for loose in rest.iter().skip(first) {
        if let Some(last) = last {
            let joined = items.get(last + 1..loose.at).unwrap_or(&[]).iter().all(|i| {
                matches!(
                    i.kind,
                    Kind::Mark('-' | '_' | '/' | ',' | '~' | '&')
                        | Kind::Cue(Cue::To | Cue::And)
                        | Kind::Figure(_)
                )
            });
            if !joined && loose.split.is_none() {
                if draft.entries.first().is_some_and(|e| e.value != loose.value)
                    && loose.after_at
                    && !elsewhere(items, rest, loose)
                {
                    draft.fault(
                        "entry",
                        format!("{} and {} both stand as the price", shown(draft), loose.value),
                    );
                }
                if draft.entries.iter().all(|e| e.value != loose.value) {
                    draft.unread.push(loose.value);
                }
                break;
            }
        }
        draft.entries.push(Level {
            value: loose.value,
            split: loose.split,
            // "BUY NOW: 3655 3651": two prices side by side for an order at the market are a zone.
            ranged: last.is_some()
                && (loose.ranged || draft.market && last.is_some_and(|l| l + 1 == loose.at)),
        });
        mark(items, draft, "entry", loose.at);
        last = Some(loose.at);
    }
}

fn shown(draft: &Draft) -> Decimal {
    draft.entries.first().map_or(Decimal::ZERO, |e| e.value)
}

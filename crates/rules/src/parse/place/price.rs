//! Decides which loose prices are entries of another kind: paid before, risked to, steps of a ladder, one of three levels.
//! Refuses to look at counts.

use super::*;

/// The price a position was taken at, when no other is named.
pub(super) fn paid(draft: &mut Draft) {
    let enters = draft.verbs.first().is_some_and(|d| {
        matches!(
            d.verb,
            Verb::Buy | Verb::BuyOpen | Verb::Long | Verb::Short | Verb::Enter
        )
    });
    if let Some(price) = draft.from_price
        && enters
        && draft.entries.is_empty()
        && !draft.market
    {
        if draft.stop.is_some() {
            draft.entries.push(Level {
                value: price,
                split: None,
                ranged: false,
            });
        } else {
            // "long from 86k" without a level tells of a position.
            draft.told = true;
        }
    }
    if let Some(price) = draft.average_price
        && enters
        && draft.entries.is_empty()
        && !draft.market
    {
        // "Loading AMZN 235c avg 3.15": the only price is what was paid.
        draft.entries.push(Level {
            value: price,
            split: None,
            ranged: false,
        });
        draft.average = false;
    }
}

/// "short NFLX at 1105, risk 1122": a number close to the price, on the side where the order is wrong, is the stop.
pub(super) fn risked(draft: &mut Draft) {
    let Some((risk, entry)) = draft.risk_level.zip(draft.entries.first().map(|e| e.value)) else {
        return;
    };
    let long = draft.verbs.iter().find_map(|d| match d.verb {
        Verb::Buy | Verb::BuyOpen | Verb::Long => Some(true),
        Verb::Short | Verb::SellOpen => Some(false),
        _ => None,
    });
    // "Starter in RKLB 46.85, risk to 44.9"
    let long = long.or_else(|| draft.has(Verb::Enter).then_some(true));
    let wrong = long.is_some_and(|long| if long { risk < entry } else { risk > entry });
    let twentieth = entry.checked_div(Decimal::from(20)).unwrap_or_default();
    if wrong && draft.stop.is_none() && (risk - entry).abs() <= twentieth {
        draft.stop = Some(Distance::At(risk));
    }
}

/// "Long EURJPY 181.20, first trouble at 182.40": a price behind other words in another part of the message is no entry
/// when one of its kind stands where an entry stands.
pub(super) fn elsewhere(items: &[Item], rest: &[Loose], price: &Loose) -> bool {
    let Some(first) = rest.first().filter(|f| f.at + 1 < price.at && !f.after_at) else {
        return false;
    };
    let led = first
        .at
        .checked_sub(1)
        .and_then(|b| items.get(b))
        .is_some_and(|b| b.symbol().is_some() || b.verb().is_some());
    let (low, high) = (first.value.min(price.value), first.value.max(price.value));
    let near = low > Decimal::ZERO && low.checked_add(low).is_some_and(|twice| high < twice);
    let between = items.get(first.at + 1..price.at).unwrap_or(&[]);
    let part = |i: &Item| matches!(i.kind, Kind::Mark(',' | '.' | ';' | '-') | Kind::Newline);
    let apart = between.iter().rposition(part);
    let worded = apart.is_some_and(|p| between.iter().skip(p).any(|i| i.word()));
    led && near && worded
}

/// `1.62/1.70/1.48`: entry, stop and target in one.
pub(super) fn compact(items: &[Item], draft: &mut Draft, rest: &[Loose]) -> bool {
    let piped = |l: &Loose| items.get(l.at.wrapping_sub(1)).is_some_and(|i| i.is('|'));
    if let [a, b, c] = rest
        && (!draft.verbs.is_empty() || !piped(b))
        && b.slashed
        && c.slashed
        && draft.stop.is_none()
        && draft.targets.is_empty()
    {
        let rising = b.value < a.value && a.value < c.value;
        let falling = c.value < a.value && a.value < b.value;
        if rising || falling {
            draft.entries.push(Level {
                value: a.value,
                split: None,
                ranged: false,
            });
            draft.stop = Some(Distance::At(b.value));
            draft.targets.push(Goal {
                level: Distance::At(c.value),
                split: None,
            });
            for (field, loose) in [("entry", a), ("stop", b), ("target", c)] {
                mark(items, draft, field, loose.at);
            }
            return true;
        }
    }
    false
}

/// "Buy: 1.02, DCA 1: 0.98": the number after the verb is the first step of the ladder.
pub(super) fn first_step(items: &[Item], draft: &mut Draft, rest: &[Loose]) {
    let stated = |at: usize| {
        let colon = items.get(at.wrapping_sub(1)).is_some_and(|i| i.is(':'));
        colon && draft.verbs.iter().any(|d| d.at + 2 == at)
    };
    if let [first] = rest
        && stated(first.at)
        && draft.entries.iter().all(|e| e.value != first.value)
    {
        // "Buy: 1.02, DCA 1: 0.98": the first step of the ladder.
        let (value, at) = (first.value, first.at);
        draft.entries.insert(
            0,
            Level {
                value,
                split: None,
                ranged: false,
            },
        );
        mark(items, draft, "entry", at);
    }
}

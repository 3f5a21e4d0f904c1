//! Decides which loose numbers count what is traded: before its name, behind its price, or in money.
//! Refuses to look at prices.

use super::*;

/// "added 2 more 2.05": words part the count from the one price.
pub(super) fn apart(items: &[Item], count: &Loose, tail: &[Loose]) -> bool {
    let [price] = tail else { return false };
    let between = items.get(count.at + 1..price.at).unwrap_or(&[]);
    !between.is_empty() && between.iter().all(|i| i.is_cue(Cue::Filler))
}

/// "Long TSLA 430, would leave at 420": other words part the two, so the first counts nothing.
pub(super) fn worded(items: &[Item], count: &Loose, price: &Loose) -> bool {
    let between = items.get(count.at + 1..price.at).unwrap_or(&[]);
    between.iter().any(|i| i.word())
}

/// "trim 1 @ 3.80" in a reply: the number counts, its subject is the message replied to.
pub(super) fn straight_after(verb: Option<usize>, subject: Option<usize>, count: &Loose) -> bool {
    subject.is_none() && verb.is_some_and(|v| v + 1 == count.at)
}

/// `Buy $100 ORCL`.
pub(super) fn spends(
    items: &[Item],
    draft: &Draft,
    loose: &Loose,
    verb: Option<usize>,
    subject: Option<usize>,
) -> bool {
    let between = verb.is_some_and(|v| v < loose.at) && subject.is_some_and(|s| loose.at < s);
    let straight = items
        .iter()
        .skip(loose.at + 1)
        .take(2)
        .any(|i| i.symbol().is_some());
    loose.money && between && straight && !loose.after_at && !draft.touches_option()
}

/// A plain number between the verb and its subject counts shares, contracts or coins.
pub(super) fn counts(
    items: &[Item],
    draft: &Draft,
    loose: &Loose,
    verb: Option<usize>,
    subject: Option<usize>,
) -> bool {
    let leads =
        draft.is_option() && draft.quantity.is_none() && loose.whole && !loose.money && !loose.after_at;
    // The nearest verb before the number: a heading may carry another.
    let verb = draft
        .verbs
        .iter()
        .rev()
        .map(|d| d.at)
        .find(|at| *at < loose.at)
        .or(verb);
    let Some(verb) = verb else {
        // `5 NKE 12/18 70 calls @ 1.40`
        return leads && subject.is_some_and(|s| loose.at + 1 == s);
    };
    if leads && verb > loose.at && subject.is_some_and(|s| loose.at + 1 == s) {
        // `10 AAPL 12/19 270p bought for 3.10`
        return true;
    }
    let subject = subject.or_else(|| items.iter().position(Item::optional));
    let between = verb < loose.at && subject.is_some_and(|s| loose.at < s);
    let straight = items
        .iter()
        .take(loose.at)
        .skip(verb + 1)
        .all(|i| !matches!(i.kind, Kind::Newline | Kind::Figure(_)));
    // "XAUUSD buy now 3640", and a name again in a later line.
    let after = |at: usize| items.get(at).and_then(Item::symbol).is_some();
    let headed = verb.checked_sub(1).is_some_and(after)
        && subject.is_some_and(|s| {
            items
                .get(loose.at..s)
                .is_some_and(|b| b.iter().any(Item::newline))
        });
    // "delete the 0.83 ADA buy limit": the price of the order.
    let priced = draft.verbs.first().is_some_and(|d| d.verb == Verb::Cancel) && !loose.whole;
    between
        && straight
        && !headed
        && !priced
        && !loose.money
        && !loose.after_at
        && draft.quantity.is_none()
        && !draft.has(Verb::Move)
        && (!(draft.limit || draft.stop_entry || draft.stop_limit)
            || items.get(loose.at + 1).is_some_and(|i| i.symbol().is_some()))
        && !items
            .get(loose.at.wrapping_sub(1))
            .is_some_and(|i| matches!(i.kind, Kind::Cue(Cue::Above | Cue::Below)))
}

/// `610P @ .72 bto 4`: the contract and its price came first, the number behind the action counts.
pub(super) fn counts_behind(items: &[Item], draft: &Draft, loose: &Loose) -> bool {
    let Some(verb) = loose.at.checked_sub(1) else {
        return false;
    };
    let enters = |v: Verb| matches!(v, Verb::Buy | Verb::Sell | Verb::Enter);
    let (plain, other) = items
        .get(verb)
        .and_then(Item::verb)
        .map_or((false, false), |v| (v.is_plain(), enters(v)));
    let before = items.get(..verb).unwrap_or(&[]);
    let point = |i: &Item| i.figure().is_some_and(|f| !f.whole || f.money);
    let stated = before.windows(2).any(|pair| {
        let [at, price] = pair else { return false };
        at.is_cue(Cue::At) && price.figure().is_some()
    });
    let priced = before.iter().any(point) || plain && stated;
    let named = before.iter().any(|i| i.symbol().is_some()) && before.iter().any(Item::optional);
    loose.whole
        && !loose.money
        && !loose.after_at
        && draft.is_option()
        && draft.quantity.is_none()
        && named
        && priced
        && (plain || other)
}

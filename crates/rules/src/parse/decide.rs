//! Decides what one filled clause asks for: the action, the side, the instruction itself.
//! Refuses to act when the words do not add up.

use ordercast_model::{
    instrument::AssetClass,
    money::Price,
    signal::{
        instruction::{
            Action, Entry, EntryKind, Instruction, LadderStep, PositionSide, SizeHint, StopLevel, Subject,
            Target, TargetLevel, TrailBy, Trailing, WrittenOption,
        },
        reading::NoTrade,
    },
};
use rust_decimal::Decimal;

use super::{
    SellMeans,
    draft::{Deed, Distance, Draft, Fault, Goal, Level},
    level,
    vocabulary::Verb,
};

/// What a clause came to.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Instructions, how many things were inferred, and which.
    Act {
        instructions: Vec<Instruction>,
        inferred: Vec<&'static str>,
        fault: Option<Fault>,
    },
    /// Nothing, and why.
    Nothing(NoTrade),
}

/// What is known beside the words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) sell_means: SellMeans,
    /// The subject of the replied-to message.
    pub(super) reply: Option<&'a Subject>,
    /// Whether there is a replied-to message.
    pub(super) replied: bool,
}

/// The intention of a clause before its levels are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Intent {
    action: Action,
    side: Option<PositionSide>,
    /// A bare sell: opens a short when its levels say so.
    sell: bool,
}

const LONG: Option<PositionSide> = Some(PositionSide::Long);
const SHORT: Option<PositionSide> = Some(PositionSide::Short);

/// Turns a draft into instructions.
pub(super) fn decide(draft: &Draft, around: Around) -> Outcome {
    let mut inferred = Vec::new();
    let Some(intent) = intent(draft, &mut inferred) else {
        return Outcome::Nothing(quiet(draft));
    };
    let intent = settle(draft, intent, around, &mut inferred);
    if let Some(no) = unfit(draft, intent, around) {
        return Outcome::Nothing(no);
    }
    let mut fault = draft.faults.first().cloned();
    let subject = match subject(draft, intent, around) {
        Ok(subject) => subject,
        Err(found) => {
            fault.get_or_insert(found);
            None
        }
    };
    let mut one = Instruction::new(intent.action);
    one.side = intent.side;
    one.subject = subject;
    if let Err(found) = fill(&mut one, draft, intent) {
        fault.get_or_insert(found);
    }
    judge_words(draft, &one, around, &mut inferred);
    let mut instructions = Vec::with_capacity(2);
    let second = companion(draft, &one);
    instructions.push(one);
    instructions.extend(second);
    if fault.is_none() {
        fault = instructions.iter().find_map(level::check);
    }
    Outcome::Act {
        instructions,
        inferred,
        fault,
    }
}

fn quiet(draft: &Draft) -> NoTrade {
    if draft.verbs.iter().any(|d| d.past) {
        NoTrade::Recap
    } else {
        NoTrade::Chatter
    }
}

/// Whether a verb only names the side here: after a closing or moving verb.
fn named_side(draft: &Draft) -> Option<PositionSide> {
    let word = draft.verbs.iter().find_map(|d| match d.verb {
        Verb::Long | Verb::SellClose => Some(PositionSide::Long),
        Verb::Short | Verb::BuyClose => Some(PositionSide::Short),
        _ => None,
    });
    word.or_else(|| {
        draft.bullish.map(|up| {
            if up {
                PositionSide::Long
            } else {
                PositionSide::Short
            }
        })
    })
}

fn order_side(draft: &Draft) -> Option<PositionSide> {
    draft.verbs.iter().find_map(|d| match d.verb {
        Verb::Long | Verb::Buy | Verb::BuyOpen => LONG,
        Verb::Short | Verb::Sell | Verb::SellOpen => SHORT,
        _ => None,
    })
}

fn intent(draft: &Draft, inferred: &mut Vec<&'static str>) -> Option<Intent> {
    let has = |verb: Verb| draft.has(verb);
    let first = draft.verbs.first().copied();
    let levels = draft.stop.is_some()
        || draft.break_even
        || draft.trail_percent.is_some()
        || draft.trail_amount.is_some();
    let make = |action, side| {
        Some(Intent {
            action,
            side,
            sell: false,
        })
    };
    if first.is_some_and(|d| d.verb == Verb::Cancel) {
        return make(Action::Cancel, order_side(draft));
    }
    let opening = first.is_some_and(|d| {
        matches!(
            d.verb,
            Verb::BuyOpen | Verb::SellOpen | Verb::Buy | Verb::Sell | Verb::Long | Verb::Short | Verb::Enter
        )
    });
    let closing = has(Verb::Close) || has(Verb::SellClose) || has(Verb::BuyClose);
    let part = has(Verb::Reduce) || draft.share.is_some() || portion(draft).is_some();
    let trails = draft.trail_percent.is_some() || draft.trail_amount.is_some();
    let moves = has(Verb::Move)
        || (trails && first.is_none())
        || draft.toward
        || (draft.break_even && first.is_none());
    let states_entry = !draft.entries.is_empty() || draft.market && opening;
    let reports = draft.verbs.iter().all(|d| d.verb != Verb::Reduce || d.past)
        && portion(draft).is_none()
        && draft.share.is_none();
    let pulls_levels = moves && !states_entry && (!part || reports) && !closing;
    if pulls_levels && (levels || !draft.targets.is_empty()) && !(opening && !has(Verb::Move)) {
        let action = if levels {
            Action::UpdateStop
        } else {
            Action::UpdateTarget
        };
        return make(action, named_side(draft));
    }
    if has(Verb::Take) && levels && !part && !closing && draft.entries.is_empty() && !opening {
        return make(Action::UpdateStop, named_side(draft));
    }
    let late_close = closing
        && opening
        && first.is_some_and(|f| {
            draft
                .verbs
                .iter()
                .any(|d| is_close(*d) && priced_between(draft, f.at, d.at))
        });
    if closing && !late_close {
        let action = if part && !draft.all {
            Action::Reduce
        } else {
            Action::Close
        };
        return make(action, named_side(draft));
    }
    if first.is_some_and(|d| d.verb == Verb::Reduce) || (has(Verb::Reduce) && !opening) {
        return make(Action::Reduce, named_side(draft));
    }
    if has(Verb::Take) && !opening {
        return take(draft, inferred);
    }
    if has(Verb::Add) || (draft.average && opening) {
        let side = order_side(draft).or(LONG.filter(|_| draft.verbs.iter().any(|d| d.verb == Verb::Add)));
        return make(Action::Add, side.or(LONG));
    }
    opens(draft, first, part, inferred)
}

fn is_close(deed: Deed) -> bool {
    matches!(deed.verb, Verb::Close | Verb::SellClose | Verb::BuyClose)
}
fn priced_between(draft: &Draft, _from: usize, _to: usize) -> bool {
    !draft.entries.is_empty() && draft.stop.is_some()
}

fn take(draft: &Draft, inferred: &mut Vec<&'static str>) -> Option<Intent> {
    if draft.share.is_some() || portion(draft).is_some() {
        return Some(Intent {
            action: Action::Reduce,
            side: named_side(draft),
            sell: false,
        });
    }
    if draft.is_option() && !draft.entries.is_empty() {
        inferred.push("\"take\" is read as an entry");
        return Some(Intent {
            action: Action::Open,
            side: LONG,
            sell: false,
        });
    }
    None
}

fn opens(draft: &Draft, first: Option<Deed>, part: bool, inferred: &mut Vec<&'static str>) -> Option<Intent> {
    let open = |side| {
        Some(Intent {
            action: Action::Open,
            side,
            sell: false,
        })
    };
    match first.map(|d| d.verb) {
        Some(Verb::Sell) if draft.has(Verb::Short) => open(SHORT),
        Some(Verb::Sell) if part => Some(Intent {
            action: Action::Reduce,
            side: None,
            sell: false,
        }),
        Some(Verb::Sell) => Some(Intent {
            action: Action::Close,
            side: None,
            sell: true,
        }),
        Some(Verb::Short | Verb::SellOpen) => open(SHORT),
        Some(Verb::Buy | Verb::Long | Verb::BuyOpen) => open(LONG),
        Some(Verb::Enter) => {
            let side = draft.verbs.iter().find_map(|d| match d.verb {
                Verb::Long | Verb::Buy => LONG,
                Verb::Short | Verb::Sell => SHORT,
                _ => None,
            });
            let side = side.or_else(|| side_of_levels(draft));
            if side.is_none() {
                inferred.push("no side is stated; an entry is read as long");
            }
            open(side.or(LONG))
        }
        None if draft.is_option() && !draft.entries.is_empty() => {
            inferred.push("no verb; a contract with a price is read as an entry");
            if !draft.entry_labelled {
                inferred.push("the price carries no label");
            }
            open(LONG)
        }
        None if !draft.entries.is_empty() && draft.stop.is_some() && !draft.targets.is_empty() => {
            let side = side_of_levels(draft)?;
            inferred.push("no verb; entry, stop and targets are read as a setup");
            inferred.push("the side follows from the levels");
            open(Some(side))
        }
        _ => None,
    }
}

fn side_of_levels(draft: &Draft) -> Option<PositionSide> {
    if let Some(up) = draft.bullish {
        return if up { LONG } else { SHORT };
    }
    let goals: Vec<Decimal> = draft.targets.iter().filter_map(|g| price_of(g.level)).collect();
    let stop = draft.stop.and_then(price_of);
    let entry = draft.entries.first().map(|e| e.value);
    let high = goals.first().copied();
    let base = entry.or(stop)?;
    match (stop, high) {
        (Some(s), Some(t)) if s < t && s <= base && base <= t => LONG,
        (Some(s), Some(t)) if s > t && s >= base && base >= t => SHORT,
        (None, Some(t)) if t != base => {
            if t > base {
                LONG
            } else {
                SHORT
            }
        }
        (Some(s), None) if s != base => {
            if s < base {
                LONG
            } else {
                SHORT
            }
        }
        _ if draft.above => LONG,
        _ if draft.below => SHORT,
        _ => None,
    }
}

fn price_of(distance: Distance) -> Option<Decimal> {
    if let Distance::At(value) = distance {
        Some(value)
    } else {
        None
    }
}

/// A per cent that speaks of the position: right after the verb, or with "of", "off", a reducing verb.
fn portion(draft: &Draft) -> Option<Decimal> {
    let reduces = draft
        .verbs
        .iter()
        .any(|d| matches!(d.verb, Verb::Reduce | Verb::Take));
    draft
        .percent
        .iter()
        .find(|(_, at)| {
            let close = draft.verbs.iter().any(|d| {
                d.at < *at
                    && at - d.at <= 2
                    && !matches!(
                        d.verb,
                        Verb::Buy | Verb::BuyOpen | Verb::Long | Verb::Short | Verb::Enter | Verb::Add
                    )
            });
            let left = draft
                .verbs
                .iter()
                .any(|d| d.at > *at && d.at - at <= 3 && matches!(d.verb, Verb::Close | Verb::Reduce));
            reduces || close || left
        })
        .map(|(value, _)| *value)
}

/// A sell with levels of its own is a short setup; a bare one does what the provider says.
fn settle(draft: &Draft, intent: Intent, around: Around, inferred: &mut Vec<&'static str>) -> Intent {
    if !intent.sell {
        return intent;
    }
    let levels = draft.stop.is_some() || !draft.targets.is_empty();
    if levels || draft.stop_entry {
        return Intent {
            action: Action::Open,
            side: SHORT,
            sell: false,
        };
    }
    if around.sell_means == SellMeans::OpenShort && !draft.verbs.iter().any(|d| d.past) {
        inferred.push("a bare sell opens a short for this provider");
        return Intent {
            action: Action::Open,
            side: SHORT,
            sell: false,
        };
    }
    Intent {
        action: Action::Close,
        side: None,
        sell: true,
    }
}

/// Words that sound like an order and are none.
fn unfit(draft: &Draft, intent: Intent, around: Around) -> Option<NoTrade> {
    if draft.above && draft.below {
        return Some(NoTrade::Watchlist);
    }
    let follows = matches!(
        intent.action,
        Action::Close
            | Action::Reduce
            | Action::UpdateStop
            | Action::UpdateTarget
            | Action::Cancel
            | Action::Add
    );
    let named = draft.subject.is_some();
    if !named && !(follows && (around.reply.is_some() || (draft.all && intent.action == Action::Close))) {
        return Some(if draft.verbs.is_empty() {
            NoTrade::Chatter
        } else {
            quiet(draft)
        });
    }
    let past = !draft.verbs.is_empty() && draft.verbs.iter().all(|d| d.past);
    let measured = !draft.entries.is_empty()
        || draft.share.is_some()
        || portion(draft).is_some()
        || draft.market
        || draft.all
        || draft.rest
        || draft.quantity.is_some();
    if past
        && !measured
        && !matches!(
            intent.action,
            Action::UpdateStop | Action::UpdateTarget | Action::Cancel
        )
    {
        return Some(NoTrade::Recap);
    }
    let levels = draft.stop.is_some() || !draft.targets.is_empty();
    if intent.action.opens() && !draft.percent.is_empty() && draft.entries.is_empty() && !levels {
        return Some(NoTrade::Recap);
    }
    let bare = !measured && !levels && draft.notional.is_none() && draft.account_pct.is_none();
    let most = if intent.action.opens() || intent.sell {
        1
    } else {
        3
    };
    if bare && draft.strangers > most {
        return Some(NoTrade::Chatter);
    }
    if !measured && draft.strangers > 8 && intent.action != Action::UpdateStop {
        return Some(NoTrade::Chatter);
    }
    if draft.verbs.is_empty() && intent.action.opens() && (draft.strangers > 2 || !draft.percent.is_empty()) {
        return Some(NoTrade::Chatter);
    }
    if intent.action == Action::UpdateStop
        && draft.stop.is_none()
        && !draft.break_even
        && draft.trail_percent.is_none()
        && draft.trail_amount.is_none()
    {
        return Some(NoTrade::Chatter);
    }
    None
}

fn subject(draft: &Draft, intent: Intent, around: Around) -> Result<Option<Subject>, Fault> {
    let Some(ticker) = &draft.subject else {
        return Ok(around.reply.cloned());
    };
    let mut subject = Subject {
        symbol: ticker.symbol.clone(),
        asset: ticker.asset,
        option: None,
        perpetual: ticker.perpetual,
    };
    let options_verb = draft.has(Verb::BuyOpen)
        || draft.has(Verb::SellOpen)
        || draft.has(Verb::SellClose)
        || draft.has(Verb::BuyClose);
    if draft.fund {
        subject.asset = Some(AssetClass::Equity);
    } else if options_verb && ticker.asset == Some(AssetClass::Crypto) && !subject.symbol.contains("USD") {
        subject.asset = None;
    }
    match (draft.strike, draft.right) {
        (Some(strike), Some(right)) => {
            if draft.contracts > 0 {
                return Err(Fault::new("strike", "two strikes are named in one instruction"));
            }
            subject.asset = Some(AssetClass::Option);
            subject.option = Some(WrittenOption {
                expiry: draft.expiry,
                strike,
                right,
            });
        }
        (None, Some(_)) => {
            subject.asset = Some(AssetClass::Option);
            if intent.action.opens() {
                return Err(Fault::new("strike", "an option is named without its strike"));
            }
        }
        (Some(_), None) => return Err(Fault::new("right", "a strike is named without call or put")),
        (None, None) => {
            if intent.action.opens() && draft.expiry.is_some() {
                return Err(Fault::new("strike", "an expiry is named without a strike"));
            }
        }
    }
    // A follow-up in the same name means the contract of the message it replies to.
    if subject.option.is_none()
        && let Some(reply) = around.reply
        && reply.symbol == subject.symbol
        && !intent.action.opens()
    {
        return Ok(Some(reply.clone()));
    }
    Ok(Some(subject))
}

fn price(value: Decimal, field: &'static str) -> Result<Price, Fault> {
    Price::new(value).map_err(|_| Fault::new(field, format!("must be above 0, got {value}")))
}

fn fill(one: &mut Instruction, draft: &Draft, intent: Intent) -> Result<(), Fault> {
    let trades = !matches!(intent.action, Action::UpdateStop | Action::UpdateTarget);
    one.extended_hours = draft.extended;
    one.time_in_force = draft.force;
    one.expires_after_seconds = draft.life_seconds;
    one.all_lots = draft.all && one.subject.is_none();
    one.leverage = draft.leverage.or(draft.times);
    one.size = size(draft, intent)?;
    if trades {
        one.entry = entry(&draft.entries)?;
        if intent.action != Action::Cancel {
            one.kind = Some(kind(draft, intent, &one.entry));
        }
        if let (Some(EntryKind::StopLimit), Entry::Zone(..) | Entry::Ladder(_)) = (one.kind, &one.entry)
            && let [a, b] = draft.entries.as_slice()
        {
            one.entry = Entry::StopThenLimit(price(a.value, "entry")?, price(b.value, "entry")?);
        }
    }
    if intent.action == Action::UpdateTarget {
        one.target_index = draft
            .target_index
            .map(u32::from)
            .filter(|_| draft.targets.len() == 1);
    }
    one.targets = targets(&draft.targets)?;
    stops(one, draft, intent)
}

fn stops(one: &mut Instruction, draft: &Draft, intent: Intent) -> Result<(), Fault> {
    let leaves = matches!(intent.action, Action::Close | Action::Reduce | Action::Cancel);
    if leaves {
        one.targets.clear();
        return Ok(());
    }
    if draft.stops > 0 && intent.action.opens() {
        return Err(Fault::new("stop", "more than one stop is named"));
    }
    one.stop = match draft.stop {
        Some(Distance::At(value)) => Some(StopLevel::At(price(value, "stop")?)),
        Some(Distance::Percent(value)) => Some(StopLevel::Percent(value)),
        Some(Distance::Pips(value)) => Some(StopLevel::Pips(value)),
        None if draft.break_even && !intent.action.opens() => Some(StopLevel::BreakEven),
        None => None,
    };
    if draft.break_even && intent.action.opens() {
        one.break_even_after_target = Some(draft.break_even_after.map_or(1, u32::from));
    }
    if let Some(by) = draft
        .trail_percent
        .map(TrailBy::Percent)
        .or(draft.trail_amount.map(TrailBy::Amount))
    {
        one.trailing = Some(Trailing { by, from: None });
    }
    Ok(())
}

fn size(draft: &Draft, intent: Intent) -> Result<SizeHint, Fault> {
    let mut size = SizeHint {
        quantity: draft.quantity,
        notional: draft.notional,
        risk_pct: draft.risk_pct,
        ..SizeHint::default()
    };
    if draft.quantity.is_some_and(|q| q <= Decimal::ZERO) {
        return Err(Fault::new("quantity", "must be above 0"));
    }
    match intent.action {
        Action::Open | Action::Add => size.account_pct = draft.account_pct,
        Action::Reduce => {
            let part = draft.share.or_else(|| portion(draft)).or(draft.account_pct);
            size.position_pct = part.map(|p| p.normalize());
        }
        _ => {}
    }
    for (field, value) in [
        ("size", size.account_pct),
        ("size", size.position_pct),
        ("risk", size.risk_pct),
    ] {
        if value.is_some_and(|v| v <= Decimal::ZERO || v > Decimal::ONE_HUNDRED) {
            return Err(Fault::new(field, "must be above 0 and at most 100 per cent"));
        }
    }
    Ok(size)
}

fn entry(levels: &[Level]) -> Result<Entry, Fault> {
    const MOST_STEPS: usize = 5;
    let mut prices = Vec::with_capacity(levels.len());
    for level in levels {
        prices.push(price(level.value, "entry")?);
    }
    Ok(match prices.as_slice() {
        [] => Entry::None,
        [one] => Entry::At(*one),
        [a, b] if levels.get(1).is_some_and(|l| l.ranged) => Entry::Zone(*a.min(b), *a.max(b)),
        many if many.len() > MOST_STEPS => {
            return Err(Fault::new(
                "entry",
                format!("at most {MOST_STEPS} entry prices, got {}", many.len()),
            ));
        }
        many => Entry::Ladder(
            many.iter()
                .zip(levels)
                .map(|(price, l)| LadderStep {
                    price: *price,
                    split_pct: l.split,
                })
                .collect(),
        ),
    })
}

fn targets(goals: &[Goal]) -> Result<Vec<Target>, Fault> {
    const MOST_TARGETS: usize = 6;
    if goals.len() > MOST_TARGETS {
        return Err(Fault::new(
            "target",
            format!("at most {MOST_TARGETS} targets, got {}", goals.len()),
        ));
    }
    goals
        .iter()
        .map(|goal| {
            let level = match goal.level {
                Distance::At(value) => TargetLevel::At(price(value, "target")?),
                Distance::Percent(value) => TargetLevel::Percent(value),
                Distance::Pips(value) => TargetLevel::Pips(value),
            };
            Ok(Target {
                level,
                split_pct: goal.split,
            })
        })
        .collect()
}

fn kind(draft: &Draft, intent: Intent, entry: &Entry) -> EntryKind {
    let crosses = match intent.side {
        Some(PositionSide::Long) => draft.above,
        Some(PositionSide::Short) => draft.below,
        None => false,
    };
    match entry {
        _ if draft.stop_limit => EntryKind::StopLimit,
        Entry::None => EntryKind::Market,
        _ if intent.action.opens() && (draft.stop_entry || crosses) && draft.limit => EntryKind::StopLimit,
        _ if intent.action.opens() && (draft.stop_entry || crosses) => EntryKind::Stop,
        _ if draft.limit => EntryKind::Limit,
        _ if draft.market => EntryKind::Market,
        _ => EntryKind::ImpliedLimit,
    }
}

/// "took half, stop to entry": the stop moves in a second instruction.
fn companion(draft: &Draft, one: &Instruction) -> Option<Instruction> {
    if one.action != Action::Reduce {
        return None;
    }
    let stop = match draft.stop {
        Some(Distance::At(value)) => StopLevel::At(Price::new(value).ok()?),
        _ if draft.break_even => StopLevel::BreakEven,
        _ => return None,
    };
    let mut second = Instruction::new(Action::UpdateStop);
    second.side = one.side;
    second.subject.clone_from(&one.subject);
    second.stop = Some(stop);
    Some(second)
}

/// What had to be inferred; each costs confidence.
fn judge_words(draft: &Draft, one: &Instruction, around: Around, inferred: &mut Vec<&'static str>) {
    let opens = one.action.opens();
    if opens && one.entry == Entry::None && !draft.market {
        inferred.push("no price and no \"market\"; the market is assumed");
    }
    if opens && draft.is_option() {
        match draft.expiry {
            None => inferred.extend(["no expiry is named", "the expiry stays open"]),
            Some(ordercast_model::signal::instruction::WrittenExpiry::MonthDay { .. }) => {
                inferred.push("the year of the expiry is inferred")
            }
            Some(_) => {}
        }
    }
    if draft.others > 0 {
        inferred.push("another name stands in the same words");
    }
    if draft.subject.is_none() && around.replied {
        inferred.push("the instrument comes from the replied-to message");
    }
    if draft
        .subject
        .as_ref()
        .is_some_and(|t| t.grade > super::symbol::Grade::Known)
    {
        inferred.push("the name is judged by its place");
    }
    if draft.strangers > 6 {
        inferred.push("many words beside the order");
    }
    if one.action == Action::Reduce && one.size.position_pct.is_none() && one.size.quantity.is_none() {
        inferred.push("no size is stated");
    }
    if opens && !draft.percent.is_empty() {
        inferred.push("a percentage has no clear meaning");
    }
}

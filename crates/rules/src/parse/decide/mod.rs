//! Decides what one filled clause asks for: the action, the side, the instruction itself.
//! Refuses to act when the words do not add up.

mod bare;
mod build;
mod doubt;
mod intent;

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

use build::{companion, fill};
use doubt::stopped;
use intent::{intent, portion, settle};

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
    /// The side the replied-to message opened.
    pub(super) side_before: Option<PositionSide>,
    /// Whether there is a replied-to message.
    pub(super) replied: bool,
    /// A part of the message was left out because it reports something.
    pub(super) reported: bool,
    /// Whether any part of it was left out.
    pub(super) parted: bool,
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
    let mut intent = settle(draft, intent, around, &mut inferred);
    if intent.action == Action::Add && draft.subject.is_none() && intent::order_side(draft).is_none() {
        // "adding at 88,900" below a short adds to the short.
        intent.side = around.side_before.or(intent.side);
    }
    if draft.market_denied && (draft.market || draft.entries.is_empty()) {
        return Outcome::Nothing(NoTrade::Negation);
    }
    if let Some(no) = unfit(draft, intent, around) {
        return Outcome::Nothing(no);
    }
    let mut fault = doubt::fault(draft, intent);
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
    let moves = draft.verbs.first().is_some_and(|d| d.verb == Verb::Move);
    let sells = draft
        .verbs
        .iter()
        .skip(1)
        .any(|d| matches!(d.verb, Verb::Sell | Verb::Take | Verb::Reduce));
    if moves && sells {
        // In message order: "move SL to 195 and sell 1/3".
        instructions.reverse();
    }
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
    if intent.action.opens() && draft.entry_blank && draft.entries.is_empty() && !draft.market {
        return Some(NoTrade::Hypothetical);
    }
    if !named && let Some(no) = unscoped(draft) {
        return Some(no);
    }
    // "SOL long closed": the side is a noun beside the deed.
    let noun = |d: &&Deed| matches!(d.verb, Verb::Long | Verb::Short) && !d.past && draft.behind;
    let mut deeds = draft.verbs.iter().filter(|d| !noun(d)).peekable();
    let past = deeds.peek().is_some() && deeds.all(|d| d.past);
    if past && !named && around.reply.is_none() {
        // "everything closed for today": a report without an instrument.
        return Some(NoTrade::Recap);
    }
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
    let position = || bare::position(draft, around).filter(|_| intent.action == Action::Open);
    if let Some(no) = told(draft, intent, levels).or_else(position) {
        return Some(no);
    }
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
    idle(draft, intent).then_some(NoTrade::Chatter)
}

/// "all" of something that no name says.
fn unscoped(draft: &Draft) -> Option<NoTrade> {
    let part = draft.share.or_else(|| draft.percent.first().map(|(p, _)| *p));
    if draft.all && part.is_some_and(|p| p < Decimal::ONE_HUNDRED) {
        // "close half of everything": a part of every position is no one instruction.
        return Some(NoTrade::Other);
    }
    if draft.all && (draft.scoped || draft.right.is_some()) {
        // "close all crypto positions": only some of what is open.
        return Some(NoTrade::Other);
    }
    // "dumping all my TGT" is not "dumping all".
    (draft.all && (draft.stop_named || draft.target_named)).then_some(NoTrade::Chatter)
}

/// A contract beside talk, or a move without a level.
fn idle(draft: &Draft, intent: Intent) -> bool {
    // A bare contract and a number are an order only when nothing else is said.
    let patience = if draft.entry_labelled || draft.stop.is_some() {
        2
    } else {
        0
    };
    let talk = draft.verbs.is_empty()
        && intent.action.opens()
        && (draft.strangers > patience || !draft.percent.is_empty());
    let empty = intent.action == Action::UpdateStop
        && draft.stop.is_none()
        && !draft.break_even
        && draft.trail_percent.is_none()
        && draft.trail_amount.is_none();
    talk || empty
}

/// Words that tell of a trade, or whose object is something else.
fn told(draft: &Draft, intent: Intent, levels: bool) -> Option<NoTrade> {
    let opens = intent.action == Action::Open;
    let explicit = plain(draft);
    let acts = opens || intent.action == Action::Add || intent.sell;
    if opens && bare::reached(draft) {
        return Some(NoTrade::Recap);
    }
    if draft.round || (opens && draft.told) || (opens && draft.gain && !levels) {
        return Some(NoTrade::Recap);
    }
    let bare = draft.entries.is_empty() && draft.share.is_none() && portion(draft).is_none();
    let leaves = matches!(intent.action, Action::Close | Action::Reduce);
    if leaves && !explicit && (draft.above || draft.below) {
        // "a close above 682" is a candle.
        return Some(NoTrade::Watchlist);
    }
    if leaves && !explicit && draft.parted {
        // "Out under the stars tonight, LINK 13"
        return Some(NoTrade::Chatter);
    }
    // "Flip: exit the XRPUSDT short": a heading, and the position is named by its side.
    let headed = draft.signed && draft.subject.is_some() && (draft.has(Verb::Long) || draft.has(Verb::Short));
    if leaves
        && bare
        && !headed
        && (!explicit && draft.lead > 0 || draft.subject.is_none() && draft.all && draft.strangers > 0)
    {
        return Some(NoTrade::Chatter);
    }
    let named = draft.signed && (draft.is_option() || draft.stop.is_some());
    if acts
        && !named
        && (draft.near_lead > 2
            || !explicit && (draft.near_lead > 0 || draft.lead > 0 && draft.stop.is_none()))
    {
        return Some(NoTrade::Chatter);
    }
    if opens && draft.has(Verb::Long) && draft.has(Verb::Short) {
        return Some(NoTrade::Watchlist);
    }
    if acts && draft.has(Verb::Cancel) {
        return Some(NoTrade::Negation);
    }
    if acts && !explicit && draft.between > 0 {
        return Some(NoTrade::Chatter);
    }
    None
}

/// Whether an order word of the trade stands here that nothing else means.
pub(super) fn plain(draft: &Draft) -> bool {
    draft.verbs.iter().any(|d| d.verb.is_plain())
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
    if draft.fund {
        subject.asset = Some(AssetClass::Equity);
    } else if plain(draft) && ticker.asset == Some(AssetClass::Crypto) && !subject.symbol.contains("USD") {
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
            if intent.action.opens() && draft.dated {
                return Err(Fault::new(
                    "right",
                    "a day and a number are named without call or put",
                ));
            }
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
        inferred.push("the name is on no list or is an everyday word; it is judged by its place");
    }
    if draft.strangers > 6 {
        inferred.push("many words beside the order");
    }
    if one.action == Action::Reduce && one.size.position_pct.is_none() && one.size.quantity.is_none() {
        inferred.push("no size is stated");
    }
    if draft.is_option()
        && !opens
        && one.action != Action::UpdateStop
        && let Some(ordercast_model::signal::instruction::WrittenExpiry::MonthDay { .. }) = draft.expiry
    {
        inferred.push("the year of the expiry is inferred");
    }
    if draft.writes && !opens {
        inferred.extend([
            "\"selling puts\" may open a short; it is read as a close",
            "no word says that something is held",
        ]);
    }
    if !draft.unread.is_empty() {
        inferred.push("a number has no clear meaning");
    }
    if opens && !draft.percent.is_empty() {
        inferred.push("a percentage has no clear meaning");
    }
    if opens && draft.stop_named && !draft.stop_denied && !stopped(draft) && inferred.len() < 3 {
        // Somebody has to be asked, and the order stays to be seen.
        let bare = inferred.is_empty();
        inferred.push("a stop is named and its level is not read");
        if bare {
            inferred.push("the order would have no stop");
        }
    }
}

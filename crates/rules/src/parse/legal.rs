//! Decides which sentences are only there for the law's sake: "no recommendation to buy or sell any security".
//! Refuses to leave out anything that names an instrument or a number, or that tells somebody what to do.

use super::{
    item::{Item, Kind},
    symbol::Grade,
    vocabulary::{Cue, Guard, Verb},
};

/// How many items back decide whether a verb is an instruction.
const REACH: usize = 4;

/// Whether a sentence speaks of advice and liability alone. `below` says that an order stands before it.
pub(super) fn boilerplate(range: &[Item], below: bool) -> bool {
    let (mut said, mut denied) = (false, false);
    for (at, item) in range.iter().enumerate() {
        match &item.kind {
            Kind::Cue(Cue::Guard(Guard::Legal)) => said = true,
            Kind::Cue(Cue::Guard(Guard::Disclaimer)) => (said, denied) = (true, true),
            Kind::Cue(Cue::Guard(Guard::Teach)) if below => (said, denied) = (true, true),
            Kind::Cue(Cue::Guard(
                Guard::Teach
                | Guard::Test
                | Guard::Legs
                | Guard::Undo
                | Guard::Recap
                | Guard::Promo
                | Guard::OtherDay
                | Guard::News
                | Guard::Quote
                | Guard::Watch,
            ))
            | Kind::Figure(_)
            | Kind::Strike(..)
            | Kind::Contract(_)
            | Kind::Expiry(_)
            | Kind::Slashed(..)
            | Kind::Cue(Cue::Share(_) | Cue::CloseAll(_) | Cue::BreakEven) => return false,
            Kind::Symbol(ticker) if ticker.grade <= Grade::Known => return false,
            Kind::Cue(Cue::Negation) => denied = true,
            Kind::Cue(Cue::Verb(..) | Cue::Noun) if orders(range, at) => return false,
            _ => {}
        }
    }
    said && denied
}

/// Whether a verb tells somebody what to do: it opens its part of the sentence, or a negation stands before it.
/// "to buy or sell", "when you short" and "the purchase or sale" do not.
fn orders(range: &[Item], at: usize) -> bool {
    let item = range.get(at);
    if item.is_some_and(|i| i.verb() == Some(Verb::Move)) {
        return false;
    }
    let noun = item.is_some_and(|i| i.is_cue(Cue::Noun));
    let mut back = range.iter().take(at).rev().take(REACH);
    let before = back.find(|i| !matches!(i.kind, Kind::Emoji(_) | Kind::Cue(Cue::Filler)));
    match before.map(|i| &i.kind) {
        // "never trade with money you need"; "do not trade this" forbids.
        Some(Kind::Cue(Cue::Negation)) if noun => !range
            .iter()
            .skip(at + 1)
            .take(2)
            .any(|i| matches!(i.kind, Kind::Word | Kind::Cue(Cue::Guard(Guard::Legal)))),
        Some(Kind::Cue(Cue::Negation)) => true,
        None | Some(Kind::Mark(_) | Kind::Newline | Kind::Cue(Cue::And | Cue::But)) => !noun,
        _ => false,
    }
}

/// Whether an order has been written so far: a verb or a contract, and a number.
pub(super) fn ordered(range: &[Item]) -> bool {
    range.iter().any(|i| i.verb().is_some() || i.optional())
        && range
            .iter()
            .any(|i| i.figure().is_some() || matches!(i.kind, Kind::Strike(..) | Kind::Contract(_)))
}

//! What providers do with trades they have called: trim, protect, tighten, cancel, edit, delete, close.

use super::call::Call;
use super::quote::Quotes;
use super::script::{Beat, Deed, Script};
use super::stage::{Manner, PROVIDERS};
use super::{level, phrase, write};
use crate::discord::{MessageDraft, MessageEdit};
use ordercast_model::instrument::Instrument;
use rand::Rng;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Turns a call is left alone before anything is done with it.
const SETTLE: u64 = 3;
/// Basis points under the bid to which a close stop is moved.
const CLOSER: i64 = 5;

/// A step on any call that has settled.
pub(super) fn any(script: &mut Script, quotes: &dyn Quotes) -> Option<Beat> {
    let turn = script.turn;
    let settled: Vec<usize> = indices(script, |call| call.turn + SETTLE <= turn);
    let at = settled.get(script.random.random_range(0..settled.len().max(1)))?;
    step(script, *at, quotes)
}

/// A step on a call of one provider.
pub(super) fn of(script: &mut Script, provider: usize, quotes: &dyn Quotes) -> Option<Beat> {
    let turn = script.turn;
    let own = indices(script, |call| {
        call.provider == provider && call.turn + SETTLE <= turn
    });
    step(script, *own.first()?, quotes)
}

fn indices(script: &Script, fits: impl Fn(&Call) -> bool) -> Vec<usize> {
    let calls = script.calls.iter().enumerate();
    calls.filter(|(_, call)| fits(call)).map(|(at, _)| at).collect()
}

fn step(script: &mut Script, at: usize, quotes: &dyn Quotes) -> Option<Beat> {
    let call = script.calls.get(at)?.clone();
    let (bid, _) = quotes.quote(&call.instrument)?;
    if call.waiting {
        return match script.random.random_range(0..4) {
            0 => cancel(script, at),
            1 => remove_at(script, at),
            2 => amend_at(script, at, quotes),
            _ => None,
        };
    }
    if bid <= call.stop {
        // Stopped out: nothing is left to follow.
        script.calls.remove(at);
        return None;
    }
    if call.provider == Manner::Embeds as usize {
        // The bot knows two words only.
        return if call.trimmed {
            close(script, at, bid)
        } else {
            trim(script, at, bid)
        };
    }
    let gains = bid > call.entry;
    match script.random.random_range(0..6) {
        0 | 1 if !call.trimmed && gains => trim_to_entry(script, at, bid),
        0..=2 if !call.trimmed => trim(script, at, bid),
        3 if gains && !call.at_entry => stop_to_entry(script, at),
        3 | 4 if gains => raise_stop(script, at, bid, room(&call)),
        4 if bid < call.targets[0] => raise_target(script, at),
        _ => close(script, at, bid),
    }
}

/// Ends a call that has had its time.
pub(super) fn end(script: &mut Script, at: usize, quotes: &dyn Quotes) -> Option<Beat> {
    let call = script.calls.get(at)?.clone();
    if call.waiting {
        return cancel(script, at);
    }
    match quotes.quote(&call.instrument) {
        Some((bid, _)) if bid > call.stop => close(script, at, bid),
        _ => {
            script.calls.remove(at);
            None
        }
    }
}

/// Says something in answer to the call's opening message.
fn reply(
    script: &mut Script,
    at: usize,
    list: &'static [&'static str],
    more: &[(&'static str, Decimal)],
) -> Option<Beat> {
    let call = script.calls.get(at)?.clone();
    let mut words: BTreeMap<&'static str, String> = call.words();
    for (name, price) in more {
        let price = level::below(*price, &call.instrument);
        words.insert(name, level::text(price, &call.instrument));
    }
    let text = script.fill(call.provider, list, &words)?;
    let draft = MessageDraft::text(text).reply_to(call.message?);
    Script::say(call.provider, draft)
}

fn trim_to_entry(script: &mut Script, at: usize, bid: Decimal) -> Option<Beat> {
    if let Some(call) = script.calls.get_mut(at) {
        call.trimmed = true;
        call.at_entry = true;
        call.stop = call.entry;
    }
    reply(script, at, phrase::TRIMS_TO_ENTRY, &[("bid", bid)])
}

fn trim(script: &mut Script, at: usize, bid: Decimal) -> Option<Beat> {
    let call = script.calls.get_mut(at)?;
    call.trimmed = true;
    if call.provider == Manner::Embeds as usize {
        let draft = write::close_embed(call, &level::text(bid, &call.instrument), false);
        return Script::say(call.provider, draft);
    }
    reply(script, at, phrase::TRIMS, &[("bid", bid)])
}

fn stop_to_entry(script: &mut Script, at: usize) -> Option<Beat> {
    if let Some(call) = script.calls.get_mut(at) {
        call.at_entry = true;
        call.stop = call.entry;
    }
    reply(script, at, phrase::STOPS_TO_ENTRY, &[])
}

fn raise_stop(script: &mut Script, at: usize, bid: Decimal, distance: i64) -> Option<Beat> {
    let call = script.calls.get_mut(at)?;
    let new = level::below(level::shift(bid, -distance), &call.instrument);
    if new <= call.stop {
        return None;
    }
    call.stop = new;
    reply(script, at, phrase::STOP_RAISES, &[("new", new)])
}

/// Basis points a raised stop leaves to the bid.
const fn room(call: &Call) -> i64 {
    match call.instrument {
        Instrument::Option { .. } => 1_500,
        _ => 120,
    }
}

fn raise_target(script: &mut Script, at: usize) -> Option<Beat> {
    reply(script, at, phrase::TARGET_RAISES, &[])
}

fn close(script: &mut Script, at: usize, bid: Decimal) -> Option<Beat> {
    let call = script.calls.get(at)?.clone();
    let beat = if call.provider == Manner::Embeds as usize {
        let draft = write::close_embed(&call, &level::text(bid, &call.instrument), true);
        Script::say(call.provider, draft)
    } else {
        reply(script, at, phrase::CLOSES, &[("bid", bid)])
    };
    script.calls.remove(at);
    beat
}

fn cancel(script: &mut Script, at: usize) -> Option<Beat> {
    let beat = reply(script, at, phrase::CANCELS, &[]);
    script.calls.remove(at);
    beat
}

/// Moves a stop that is meant to be hit closer to the market: the one that lags furthest behind.
pub(super) fn tighten(script: &mut Script, quotes: &dyn Quotes) -> Option<Beat> {
    let mut furthest: Option<(usize, Decimal, Decimal)> = None;
    for at in indices(script, |call| call.tight) {
        let Some(call) = script.calls.get(at) else {
            continue;
        };
        let Some((bid, _)) = quotes.quote(&call.instrument) else {
            continue;
        };
        let Some(behind) = bid
            .checked_sub(call.stop)
            .and_then(|room| room.checked_div(bid))
            .filter(|behind| *behind > Decimal::ZERO)
        else {
            continue;
        };
        if furthest.is_none_or(|(_, _, most)| behind > most) {
            furthest = Some((at, bid, behind));
        }
    }
    if let Some((at, bid, _)) = furthest
        && let Some(beat) = raise_stop(script, at, bid, CLOSER)
    {
        return Some(beat);
    }
    any(script, quotes)
}

/// A follow-up to the oldest call that is in the market: half out, and the stop to entry when it gains.
pub(super) fn first_reply(script: &mut Script, quotes: &dyn Quotes) -> Option<Beat> {
    for at in indices(script, |call| {
        !call.waiting && !call.tight && call.message.is_some()
    }) {
        let Some(call) = script.calls.get(at) else {
            continue;
        };
        let Some((bid, _)) = quotes.quote(&call.instrument) else {
            continue;
        };
        if bid > call.stop {
            let gains = bid > call.entry;
            return if gains {
                trim_to_entry(script, at, bid)
            } else {
                trim(script, at, bid)
            };
        }
    }
    None
}

/// Edits the price of the newest waiting limit.
pub(super) fn amend(script: &mut Script, quotes: &dyn Quotes) -> Option<Beat> {
    let at = *indices(script, |call| call.waiting).last()?;
    amend_at(script, at, quotes)
}

fn amend_at(script: &mut Script, at: usize, quotes: &dyn Quotes) -> Option<Beat> {
    let call = script.calls.get_mut(at)?;
    let (_, ask) = quotes.quote(&call.instrument)?;
    let entry = level::above(level::shift(ask, -360), &call.instrument);
    if entry == call.entry || entry <= call.stop {
        return None;
    }
    call.entry = entry;
    let edit = MessageEdit::text(write::text(call));
    let (message, speaker) = (call.message?, PROVIDERS.get(call.provider)?);
    let deed = Deed::Amend { message, edit };
    Some(Beat {
        author: speaker.user,
        channel: speaker.channel,
        deed,
    })
}

/// Deletes the message of the newest waiting limit.
pub(super) fn remove(script: &mut Script) -> Option<Beat> {
    let at = *indices(script, |call| call.waiting).last()?;
    remove_at(script, at)
}

fn remove_at(script: &mut Script, at: usize) -> Option<Beat> {
    let call = script.calls.get(at)?.clone();
    script.calls.remove(at);
    let (message, speaker) = (call.message?, PROVIDERS.get(call.provider)?);
    let deed = Deed::Remove { message };
    Some(Beat {
        author: speaker.user,
        channel: speaker.channel,
        deed,
    })
}

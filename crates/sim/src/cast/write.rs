//! Turns a call into the message that opens it.

use super::call::Call;
use super::phrase;
use crate::discord::MessageDraft;
use serde_json::json;

/// Colours of the embed bot's messages.
const GREEN: u32 = 0x2e_cc71;
const ORANGE: u32 = 0xe6_7e22;

/// An opening message in words.
pub(super) fn open(call: &Call) -> MessageDraft {
    MessageDraft::text(text(call))
}

/// The text of an opening message, by the call's template.
pub(super) fn text(call: &Call) -> String {
    let mut words = call.words();
    let trigger = super::level::above(super::level::shift(call.entry, 15), &call.instrument);
    words.insert("trigger", super::level::text(trigger, &call.instrument));
    phrase::fill(call.template, &words)
}

/// An opening message as the embed bot posts it.
pub(super) fn open_embed(call: &Call) -> MessageDraft {
    let words = call.words();
    let line = |template: &str| phrase::fill(template, &words);
    MessageDraft::embed(json!({
        "title": "Open",
        "description": line("BTO {what} @ {entry}"),
        "color": GREEN,
        "fields": [
            {"name": "Stop", "value": line("{stop}"), "inline": true},
            {"name": "Target", "value": line("{t1}"), "inline": true},
        ],
        "footer": {"text": "Automatic alert. Not advice."},
    }))
}

/// A close or trim as the embed bot posts it.
pub(super) fn close_embed(call: &Call, bid: &str, all: bool) -> MessageDraft {
    let (title, rest) = if all {
        ("Close", "all out")
    } else {
        ("Trim", "trimming half")
    };
    MessageDraft::embed(json!({
        "title": title,
        "description": format!("STC {} @ {bid} {rest}", call.name()),
        "color": ORANGE,
        "footer": {"text": "Automatic alert. Not advice."},
    }))
}

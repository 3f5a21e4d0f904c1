//! Decides what a webhook body means: JSON, `key=value`, a command line, or plain text. Refuses to trade what it cannot name.

mod action;
mod build;
pub(super) mod envelope;
mod exact;
pub(super) mod field;
mod level;
mod once;
pub(super) mod redact;
mod report;
mod size;
mod subject;

use ordercast_model::signal::reading::{Confidence, NoTrade, Reading, Span, Verdict};
use serde_json::Value;

use super::{Context, MOST_INSTRUCTIONS, draft::Fault, nothing, read_text};
use exact::exact;
use field::Fields;
use once::Once;

/// The largest body that is read, in bytes (PRODUCT SG-05).
const MOST_BYTES: usize = 64 * 1024;

/// Reads one body.
pub(super) fn read(body: &str, context: &Context) -> Reading {
    if body.len() > MOST_BYTES {
        let cut: String = body.chars().take(200).collect();
        return nothing(
            cut,
            NoTrade::Other,
            vec![format!("larger than {MOST_BYTES} bytes; not read")],
        );
    }
    let text = body.trim().trim_start_matches('\u{feff}');
    if text.is_empty() {
        return nothing(body.to_owned(), NoTrade::Empty, Vec::new());
    }
    if text.starts_with('{') || text.starts_with('[') {
        return match serde_json::from_str::<Once>(&exact(text)) {
            Ok(Once(value)) => json(body, &value, context),
            Err(error) => refused(
                body,
                &Fault::new("body", format!("expected JSON: {error}")),
                Vec::new(),
            ),
        };
    }
    match field::command(text) {
        Some(Ok(fields)) => whole(body, &[fields], context),
        Some(Err(fault)) => refused(body, &fault, Vec::new()),
        None => read_text(text, context),
    }
}

/// Reads the sentence a strategy reports its orders with, wherever it is posted; none for any other text.
pub(super) fn strategy(text: &str, context: &Context) -> Option<Reading> {
    report::report(text).map(|fields| whole(text, &[fields], context))
}

fn json(body: &str, value: &Value, context: &Context) -> Reading {
    let objects: Vec<&Value> = match value {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    };
    if objects.len() > MOST_INSTRUCTIONS {
        return refused(
            body,
            &Fault::new("body", format!("at most {MOST_INSTRUCTIONS} orders in one body")),
            Vec::new(),
        );
    }
    let mut all = Vec::with_capacity(objects.len());
    for object in objects {
        match field::object(object) {
            Ok(fields) => all.push(fields),
            Err(fault) => return refused(body, &fault, Vec::new()),
        }
    }
    if let [only] = all.as_slice() {
        if only.is_empty() {
            return nothing(body.to_owned(), NoTrade::Empty, Vec::new());
        }
        if let Some(text) = only.message() {
            return read_text(&text, context);
        }
    }
    whole(body, &all, context)
}

/// Whether a word says what is to be done with an order.
pub(super) fn action_word(text: &str) -> bool {
    action::known(text)
}

/// Reads fields that another grammar collected.
pub(super) fn fields(text: &str, fields: Fields, context: &Context) -> Reading {
    whole(text, &[fields], context)
}

fn whole(body: &str, all: &[Fields], context: &Context) -> Reading {
    let mut instructions = Vec::new();
    let mut ignored = Vec::new();
    let mut confidence = Confidence::CERTAIN;
    for fields in all {
        if fields.flag(&["test", "istest", "testmode"]) {
            return nothing(
                body.to_owned(),
                NoTrade::Other,
                vec!["marked as a test".to_owned()],
            );
        }
        match envelope::confidence(fields) {
            Ok(stated) => confidence = confidence.min(stated.unwrap_or(Confidence::CERTAIN)),
            Err(fault) => return refused(body, &fault, Vec::new()),
        }
        match build::instructions(fields, context) {
            Ok(Some(made)) => instructions.extend(made),
            Ok(None) => {
                return nothing(
                    body.to_owned(),
                    NoTrade::Other,
                    vec!["a command to the sender's own program".to_owned()],
                );
            }
            Err(fault) => return refused(body, &fault, fields.unknown()),
        }
        ignored.extend(fields.unknown());
    }
    if instructions.is_empty() {
        return nothing(body.to_owned(), NoTrade::Empty, Vec::new());
    }
    if let Some(fault) = instructions.iter().find_map(super::level::check) {
        let mut reading = refused(body, &fault, ignored);
        if let Verdict::Invalid {
            instructions: shown, ..
        } = &mut reading.verdict
        {
            *shown = instructions;
        }
        return reading;
    }
    let spans = all
        .iter()
        .enumerate()
        .flat_map(|(i, f)| spans(body, f, i))
        .collect();
    Reading {
        text: body.to_owned(),
        verdict: Verdict::Trade { instructions },
        confidence,
        reasons: vec!["a structured source states every field".to_owned()],
        spans,
        ignored,
    }
}

/// Where the used values stand in the body.
fn spans(body: &str, fields: &Fields, instruction: usize) -> Vec<Span> {
    fields
        .used()
        .into_iter()
        .filter_map(|(field, key, value)| {
            let from = body.find(&key).unwrap_or(0);
            let start = from + body.get(from..)?.find(&value)?;
            Some(Span {
                instruction,
                field,
                start,
                end: start + value.len(),
            })
        })
        .collect()
}

pub(super) fn refused(body: &str, fault: &Fault, ignored: Vec<String>) -> Reading {
    let message = fault.message.clone();
    Reading {
        text: body.to_owned(),
        reasons: vec![format!("{}: {message}", fault.field)],
        verdict: Verdict::Invalid {
            field: fault.field.to_owned(),
            message,
            instructions: Vec::new(),
        },
        confidence: Confidence::thousandths(0),
        spans: Vec::new(),
        ignored,
    }
}

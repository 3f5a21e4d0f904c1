//! Decides what a message means: text in, a reading with reasons and spans out.
//! Refuses to know the time, the network, and which venue lists an instrument.

pub mod answer;
mod clause;
mod contract;
mod copied;
mod decide;
mod deny;
mod draft;
mod emoji;
mod expiry;
pub mod explain;
mod fill;
mod flatten;
mod guard;
mod hygiene;
mod index;
mod item;
mod legal;
mod level;
mod lexer;
pub mod line;
mod number;
mod over;
mod place;
mod range;
mod report;
mod scan;
mod slash;
mod status;
mod symbol;
mod table;
pub mod template;
mod unit;
mod vocabulary;
mod webhook;

use ordercast_model::{
    signal::{
        instruction::{Action, Entry, Instruction},
        raw::Content,
        reading::{Confidence, NoTrade, Reading, Verdict},
    },
    time::Timestamp,
};

pub use symbol::Symbols;
pub use webhook::{
    envelope::{Envelope, envelope},
    redact::without_secrets,
};

/// The most instructions one message may hold.
pub const MOST_INSTRUCTIONS: usize = 10;

/// What a bare "sell" without levels does (PRODUCT SG-09).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SellMeans {
    /// Closes what is held.
    #[default]
    CloseLong,
    /// Opens a short.
    OpenShort,
}

/// What the reader is told beside the message.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// When the message was first posted; resolves "Friday" and "0DTE". The epoch means unknown.
    pub posted_at: Timestamp,
    /// The message this one replies to, or the first message of its thread.
    pub reply_to: Option<&'a Content>,
    /// The provider's meaning of a bare "sell".
    pub sell_means: SellMeans,
    /// What the provider taught of its own way of writing.
    pub taught: Option<&'a template::Taught>,
    /// The names that are known to be listed.
    pub symbols: &'a Symbols,
}

impl Context<'_> {
    /// A message that stands alone, read with the names the program ships.
    #[must_use]
    pub fn at(posted_at: Timestamp) -> Self {
        Self {
            posted_at,
            reply_to: None,
            sell_means: SellMeans::CloseLong,
            taught: None,
            symbols: Symbols::shipped(),
        }
    }
}

/// Reads a Discord message: text, embeds and forwarded texts. Never panics; linear in the length.
#[must_use]
pub fn read(content: &Content, context: &Context) -> Reading {
    measured(content, context).0
}

/// Reads a message and counts the tokens looked at, which grow with the text and not faster.
#[must_use]
pub fn measured(content: &Content, context: &Context) -> (Reading, usize) {
    if content.embeds.is_empty() && content.forwarded.is_empty() && slash::is_command(&content.text) {
        return (slash::read(content.text.trim(), context), content.text.len());
    }
    let flat = flatten::flatten(content);
    if flat.text.chars().count() > flatten::MOST_CHARACTERS {
        let why = format!("longer than {} characters; not read", flatten::MOST_CHARACTERS);
        return (nothing(flat.text, NoTrade::Other, vec![why]), 0);
    }
    if let Some(reading) = webhook::strategy(flat.text.trim(), context) {
        let work = reading.text.len();
        return (reading, work);
    }
    if let Some(reading) = context.taught.and_then(|taught| taught.read(&flat, context)) {
        let work = reading.text.len();
        return (reading, work);
    }
    read_general(&flat, context)
}

/// Reads by the general grammar, whatever was taught.
fn read_general(flat: &flatten::Flat, context: &Context) -> (Reading, usize) {
    let reply = context.reply_to.and_then(|content| subject_of(content, context));
    let mut findings = Vec::with_capacity(flat.units.len());
    for (from, to) in &flat.units {
        let text = flat.text.get(*from..*to).unwrap_or("");
        findings.push(unit::read(text, *from, &flat.authors, context, reply.as_ref()));
    }
    let work = findings.iter().map(|f| f.work).sum();
    (join(flat.text.clone(), findings), work)
}

/// The subject a reply refers to: the one of the replied-to message's instructions, or its only name.
fn subject_of(content: &Content, context: &Context) -> Option<unit::Before> {
    let alone = Context {
        reply_to: None,
        ..*context
    };
    let flat = flatten::flatten(content);
    if flat.text.chars().count() > flatten::MOST_CHARACTERS {
        return None;
    }
    let before = read(content, &alone);
    let instructions = match &before.verdict {
        Verdict::Trade { instructions } | Verdict::Invalid { instructions, .. } => instructions.as_slice(),
        Verdict::NotATrade { .. } => &[],
    };
    let mut subjects = instructions.iter().filter_map(|i| i.subject.as_ref());
    let subject = match subjects.next() {
        Some(first) => subjects.all(|s| s == first).then(|| first.clone()),
        None => unit::lone_symbol(&flat.text, context.symbols),
    }?;
    let opened = instructions.iter().find(|i| i.action.opens());
    Some(unit::Before {
        subject,
        side: opened.and_then(|i| i.side),
    })
}

fn join(text: String, findings: Vec<unit::Finding>) -> Reading {
    let mut whole = unit::Finding::default();
    let mut nothing_found = None;
    for finding in findings {
        let first = whole.instructions.len();
        whole.spans.extend(finding.spans.into_iter().map(|mut s| {
            s.instruction += first;
            s
        }));
        whole.instructions.extend(finding.instructions);
        whole.fault = whole.fault.or(finding.fault);
        whole.reasons.extend(finding.reasons);
        whole.unread.extend(finding.unread);
        if finding.inferred.len() > whole.inferred.len() {
            whole.inferred = finding.inferred;
        }
        if let Some(reason) = finding.nothing.filter(|r| *r != NoTrade::Empty) {
            nothing_found.get_or_insert(reason);
        }
    }
    if let Some(fault) = whole.fault.take() {
        return invalid(text, &fault, whole);
    }
    if whole.instructions.len() > MOST_INSTRUCTIONS {
        let count = whole.instructions.len();
        let fault = draft::Fault::new(
            "instructions",
            format!("at most {MOST_INSTRUCTIONS} in one message, got {count}"),
        );
        return invalid(text, &fault, whole);
    }
    if whole.instructions.is_empty() {
        let reason = nothing_found.unwrap_or(NoTrade::Empty);
        return nothing(text, reason, whole.reasons);
    }
    let confidence = unit::confidence(whole.inferred.len());
    if confidence < Confidence::FLOOR {
        let mut reasons: Vec<String> = whole.inferred.iter().map(|r| (*r).to_owned()).collect();
        reasons.insert(0, "too much had to be inferred".to_owned());
        return nothing(text, nothing_found.unwrap_or(NoTrade::Other), reasons);
    }
    let mut reasons: Vec<String> = whole.inferred.iter().map(|r| (*r).to_owned()).collect();
    if reasons.is_empty() {
        reasons.push(stated(&whole.instructions).to_owned());
    }
    Reading {
        text,
        verdict: Verdict::Trade {
            instructions: whole.instructions,
        },
        confidence,
        reasons,
        spans: whole.spans,
        ignored: whole.unread,
    }
}

/// What a message says that leaves nothing to infer.
fn stated(instructions: &[Instruction]) -> &'static str {
    let named = instructions.iter().all(|i| i.subject.is_some());
    let priced = instructions.iter().all(|i| i.entry != Entry::None);
    let levels = instructions
        .iter()
        .all(|i| matches!(i.action, Action::UpdateStop | Action::UpdateTarget));
    let trades = instructions.iter().all(|i| {
        matches!(
            i.action,
            Action::Close | Action::Reduce | Action::Open | Action::Add
        )
    });
    match (named, levels, priced) {
        (false, ..) => "the action is stated, for all lots of this provider",
        (true, true, _) => "the name and the new level are stated",
        (true, false, true) => "the action, the name and the price are stated",
        (true, false, false) if trades => {
            "the action and the name are stated; what has no price is done at the market"
        }
        (true, false, false) => "the action and the name are stated",
    }
}

fn invalid(text: String, fault: &draft::Fault, whole: unit::Finding) -> Reading {
    let message = fault.message.clone();
    Reading {
        text,
        reasons: vec![format!("{}: {message}", fault.field)],
        verdict: Verdict::Invalid {
            field: fault.field.to_owned(),
            message,
            instructions: whole.instructions,
        },
        confidence: Confidence::thousandths(0),
        spans: whole.spans,
        ignored: Vec::new(),
    }
}

fn nothing(text: String, reason: NoTrade, mut reasons: Vec<String>) -> Reading {
    if reasons.is_empty() {
        reasons.push(plain(reason).to_owned());
    }
    Reading {
        text,
        verdict: Verdict::NotATrade { reason },
        confidence: Confidence::thousandths(0),
        reasons,
        spans: Vec::new(),
        ignored: Vec::new(),
    }
}

/// A reason in plain words.
const fn plain(reason: NoTrade) -> &'static str {
    match reason {
        NoTrade::Chatter => "no order: talk",
        NoTrade::Negation => "the message says not to",
        NoTrade::Question => "a question",
        NoTrade::Hypothetical => "a plan or a condition without a level",
        NoTrade::Recap => "a report of what is over",
        NoTrade::Watchlist => "levels to watch, no order",
        NoTrade::News => "news about somebody else",
        NoTrade::Quote => "somebody else's words",
        NoTrade::Promo => "advertising",
        NoTrade::Empty => "no text",
        NoTrade::Other => "no order",
    }
}

/// Reads plain text. Never panics; linear in the length.
#[must_use]
pub fn read_text(text: &str, context: &Context) -> Reading {
    read(
        &Content {
            text: text.to_owned(),
            ..Content::default()
        },
        context,
    )
}

/// Reads a webhook body: JSON, `key=value` or a command line. Never panics.
#[must_use]
pub fn read_webhook(body: &str, context: &Context) -> Reading {
    webhook::read(body, context)
}

/// Reads a slash command as text (`/buy symbol:AAPL quantity:5`). Never panics.
#[must_use]
pub fn read_slash(command: &str, context: &Context) -> Reading {
    slash::read(command.trim(), context)
}

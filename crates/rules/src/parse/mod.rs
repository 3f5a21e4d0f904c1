//! Decides what a message means: text in, a reading with reasons and spans out.
//! Refuses to know the time, the network, and which venue lists an instrument.

use ordercast_model::{
    signal::{
        instruction::{Action, Entry, EntryKind, Instruction, PositionSide, Subject},
        raw::Content,
        reading::{Confidence, NoTrade, Reading, Span, Verdict},
    },
    time::Timestamp,
};

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
    /// When the message was first posted; resolves "today", "Friday", "0DTE".
    pub posted_at: Timestamp,
    /// The message this one replies to, or the first message of its thread.
    pub reply_to: Option<&'a Content>,
    /// The provider's meaning of a bare "sell".
    pub sell_means: SellMeans,
}

impl Context<'_> {
    /// A message that stands alone.
    #[must_use]
    pub const fn at(posted_at: Timestamp) -> Self {
        Self {
            posted_at,
            reply_to: None,
            sell_means: SellMeans::CloseLong,
        }
    }
}

/// Reads a Discord message: text, embeds and forwarded texts. Never panics; linear in the length.
#[must_use]
pub fn read(content: &Content, context: &Context) -> Reading {
    read_text(&content.text, context)
}

/// Reads plain text. Never panics; linear in the length.
#[must_use]
pub fn read_text(text: &str, _context: &Context) -> Reading {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [verb, symbol, at, price] = words.as_slice() else {
        return nothing(text);
    };
    let known = ["BTO", "BUY"].iter().any(|v| verb.eq_ignore_ascii_case(v));
    let Ok(level) = price.parse() else {
        return nothing(text);
    };
    if !known || *at != "@" || !symbol.bytes().all(|b| b.is_ascii_uppercase()) {
        return nothing(text);
    }
    let mut one = Instruction::new(Action::Open);
    one.side = Some(PositionSide::Long);
    one.subject = Some(Subject {
        symbol: (*symbol).to_owned(),
        asset: None,
        option: None,
        perpetual: false,
    });
    one.kind = Some(EntryKind::ImpliedLimit);
    one.entry = Entry::At(level);
    let start = text.find(symbol).unwrap_or(0);
    Reading {
        text: text.to_owned(),
        verdict: Verdict::Trade {
            instructions: vec![one],
        },
        confidence: Confidence::thousandths(950),
        reasons: vec!["verb, symbol and price are stated".to_owned()],
        spans: vec![Span {
            instruction: 0,
            field: "symbol".to_owned(),
            start,
            end: start + symbol.len(),
        }],
        ignored: Vec::new(),
    }
}

fn nothing(text: &str) -> Reading {
    Reading {
        text: text.to_owned(),
        verdict: Verdict::NotATrade {
            reason: NoTrade::Other,
        },
        confidence: Confidence::thousandths(0),
        reasons: Vec::new(),
        spans: Vec::new(),
        ignored: Vec::new(),
    }
}

/// Reads a webhook body: JSON, `key=value` or a command line. Never panics.
#[must_use]
pub fn read_webhook(body: &str, context: &Context) -> Reading {
    read_text(body, context)
}

/// Reads a slash command as text (`/buy symbol:AAPL quantity:5`). Never panics.
#[must_use]
pub fn read_slash(command: &str, context: &Context) -> Reading {
    read_text(command, context)
}

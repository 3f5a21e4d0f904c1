//! The verdict on a message: what it means, how sure we are, and which words say so.

use serde::{Deserialize, Serialize};

use super::instruction::Instruction;

/// Certainty in thousandths, 0 to 1000 (PRODUCT SG-18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Confidence(u16);

impl Confidence {
    /// A structured source.
    pub const CERTAIN: Self = Self(1_000);
    /// Below this it is not a signal.
    pub const FLOOR: Self = Self(400);
    /// From thousandths; more than 1000 counts as 1000.
    #[must_use]
    pub const fn thousandths(value: u16) -> Self {
        if value > 1_000 { Self(1_000) } else { Self(value) }
    }
    /// In thousandths.
    #[must_use]
    pub const fn value(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for Confidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1_000, self.0 % 1_000)
    }
}

/// Why a message is not a trade (PRODUCT SG-19, stable codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoTrade {
    /// Talk.
    Chatter,
    /// "do not", "not yet", "avoid".
    Negation,
    /// A question.
    Question,
    /// "might", "if I had".
    Hypothetical,
    /// A report of what is over.
    Recap,
    /// Levels to watch.
    Watchlist,
    /// News, upgrades, flow.
    News,
    /// Somebody else's words.
    Quote,
    /// Advertising, giveaways.
    Promo,
    /// No text.
    Empty,
    /// Over the size limit, unreadable, or none of the above.
    Other,
}

impl NoTrade {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Chatter => "chatter",
            Self::Negation => "negation",
            Self::Question => "question",
            Self::Hypothetical => "hypothetical",
            Self::Recap => "recap",
            Self::Watchlist => "watchlist",
            Self::News => "news",
            Self::Quote => "quote",
            Self::Promo => "promo",
            Self::Empty => "empty",
            Self::Other => "other",
        }
    }
}

/// What a message means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// One to ten instructions in message order.
    Trade {
        /// What to do.
        instructions: Vec<Instruction>,
    },
    /// Nothing is to be done.
    NotATrade {
        /// Why.
        reason: NoTrade,
    },
    /// Meant as a trade, but a field is impossible or contradictory (PRODUCT SG-10); nothing is traded.
    Invalid {
        /// The field at fault.
        field: String,
        /// What is wrong with it and what was expected.
        message: String,
        /// What was read all the same, for display.
        instructions: Vec<Instruction>,
    },
}

/// The part of the text a field was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Index of the instruction.
    pub instruction: usize,
    /// Name of the field (`action`, `symbol`, `strike`, `expiry`, `entry`, `stop`, `target`, `quantity` ...).
    pub field: String,
    /// First byte in `Reading::text`.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// The whole result of reading one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The text that was read (content and embeds flattened), to which the spans point.
    pub text: String,
    /// What it means.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// How sure.
    pub confidence: Confidence,
    /// Why, in plain words, most important first.
    pub reasons: Vec<String>,
    /// Which words led to which field.
    pub spans: Vec<Span>,
    /// Names of structured fields that were given and not understood.
    pub ignored: Vec<String>,
}

impl Reading {
    /// The instructions to act on; none unless the verdict is a trade.
    #[must_use]
    pub fn instructions(&self) -> &[Instruction] {
        match &self.verdict {
            Verdict::Trade { instructions } => instructions,
            Verdict::NotATrade { .. } | Verdict::Invalid { .. } => &[],
        }
    }
}

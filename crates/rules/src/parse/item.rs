//! Names the pieces the grammar works on: cues, symbols, numbers with their kind, dates, marks.

use ordercast_model::{instrument::Right, signal::instruction::WrittenExpiry};
use rust_decimal::Decimal;

use super::{
    emoji::Emoji,
    expiry::Relative,
    symbol::Ticker,
    vocabulary::{Cue, Guard, Label, Verb},
};

/// A plain number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) value: Decimal,
    /// With a currency sign.
    pub(super) money: bool,
    /// With a sign: a note such as `+70`, or a negative amount.
    pub(super) signed: bool,
    /// Without a point.
    pub(super) whole: bool,
}

/// An option contract in one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contract {
    pub(super) ticker: Option<Ticker>,
    pub(super) expiry: Option<WrittenExpiry>,
    pub(super) strike: Decimal,
    pub(super) right: Right,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Cue(Cue),
    Symbol(Ticker),
    Figure(Figure),
    /// `10x`.
    Times(Decimal),
    Percent(Decimal),
    Pips(Decimal),
    /// `2R`, `1:2`, `8:30`: never a price.
    Ratio,
    /// A list mark or an ordinal: `1)`, `2nd`.
    Ordinal(u8),
    Seconds(u64),
    Expiry(WrittenExpiry),
    /// `8/22` or `1/4`: a day or a fraction.
    Slashed(u32, u32),
    Relative(Relative),
    Strike(Decimal, Right),
    Contract(Contract),
    Moment,
    /// A number that can be read in two ways.
    Ambiguous,
    Unreadable,
    Lookalike,
    Mark(char),
    Newline,
    Emoji(Emoji),
    Word,
}

/// A piece and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// First glyph.
    pub(super) from: usize,
    /// Glyph after the last.
    pub(super) to: usize,
    pub(super) gap: bool,
    /// Left out by a guard.
    pub(super) dead: bool,
    /// Stands in a report: names what a follow-up is about, opens nothing.
    pub(super) told: bool,
}

impl Item {
    pub(super) fn cue(&self) -> Option<Cue> {
        if let Kind::Cue(cue) = &self.kind {
            Some(*cue)
        } else {
            None
        }
    }
    pub(super) fn verb(&self) -> Option<Verb> {
        match &self.kind {
            Kind::Cue(Cue::Verb(verb, _) | Cue::Priced(verb)) => Some(*verb),
            Kind::Cue(Cue::CloseAll(_)) => Some(Verb::Close),
            _ => None,
        }
    }
    pub(super) fn past(&self) -> bool {
        matches!(self.kind, Kind::Cue(Cue::Verb(_, true) | Cue::CloseAll(true)))
    }
    pub(super) fn label(&self) -> Option<Label> {
        if let Kind::Cue(Cue::Label(label)) = &self.kind {
            Some(*label)
        } else {
            None
        }
    }
    pub(super) fn guard(&self) -> Option<Guard> {
        if let Kind::Cue(Cue::Guard(guard)) = &self.kind {
            Some(*guard)
        } else {
            None
        }
    }
    pub(super) fn figure(&self) -> Option<Figure> {
        if let Kind::Figure(figure) = &self.kind {
            Some(*figure)
        } else {
            None
        }
    }
    pub(super) fn symbol(&self) -> Option<&Ticker> {
        match &self.kind {
            Kind::Symbol(ticker) => Some(ticker),
            Kind::Contract(contract) => contract.ticker.as_ref(),
            _ => None,
        }
    }
    pub(super) fn is(&self, mark: char) -> bool {
        matches!(self.kind, Kind::Mark(m) if m == mark)
    }
    pub(super) const fn newline(&self) -> bool {
        matches!(self.kind, Kind::Newline)
    }
    /// A word that nobody knows.
    pub(super) const fn word(&self) -> bool {
        matches!(self.kind, Kind::Word)
    }
    pub(super) fn is_cue(&self, cue: Cue) -> bool {
        self.cue() == Some(cue)
    }
    /// Part of an option contract.
    pub(super) fn optional(&self) -> bool {
        matches!(
            self.kind,
            Kind::Strike(..) | Kind::Contract(_) | Kind::Cue(Cue::Right(_))
        )
    }
}

//! Decides what a phrase can mean in a trading message, in several languages.
//! Refuses to look at its neighbours: the grammar does that.

mod guard;
mod trade;

use std::{borrow::Cow, collections::BTreeMap, sync::OnceLock};

use ordercast_model::{
    instrument::Right,
    signal::instruction::{PositionSide, TimeInForce},
};

use super::{
    index::Index,
    lexer::{Token, ideograph},
};

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Buy to open.
    BuyOpen,
    /// Sell to open.
    SellOpen,
    /// Sell to close.
    SellClose,
    /// Buy to close, cover.
    BuyClose,
    Buy,
    Sell,
    Long,
    Short,
    /// Enter, open: the side is said elsewhere or is long.
    Enter,
    Close,
    Reduce,
    /// Take: off means reduce, else enter.
    Take,
    Add,
    /// Move, set, raise: a level is changed.
    Move,
    Cancel,
}

impl Verb {
    /// An order word of the trade that nothing else means.
    pub(super) const fn is_plain(self) -> bool {
        matches!(
            self,
            Self::BuyOpen | Self::SellOpen | Self::SellClose | Self::BuyClose
        )
    }
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Symbol,
    Side,
    Entry,
    Stop,
    Target,
    Quantity,
    Size,
    Risk,
    Leverage,
    Strike,
    Expiry,
    Right,
    /// The price now; not an entry.
    Reference,
    /// An average after adding; not an entry.
    Average,
    /// Worth nothing for the order: reward ratio, time frame, signal number.
    Note,
}

/// Why words forbid a trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// Kills the message.
    Test,
    /// A field of a template that no program filled in: kills the message.
    Unfilled,
    /// An order of several options at once: "call debit spread".
    Legs,
    /// Takes an order back: "scratch that".
    Undo,
    Recap,
    News,
    Promo,
    Quote,
    /// Kills what follows in its sentence, or all of it when it comes first.
    Hypothetical,
    Watch,
    OtherDay,
    Status,
    /// A level was reached: with the order before it, the trade is over.
    Over,
    /// The trade is over, or what has become of it.
    Stopped,
    /// Where the price of an order stands by now: its whole line tells of it.
    Stands,
    Chat,
    Disclaimer,
    /// What the law wants said: a sentence of it says nothing about the order.
    Legal,
    /// The same, and the order itself is an example where both stand together.
    Teach,
    /// Talk that takes nothing seriously: nobody closes everything and laughs.
    Laugh,
    /// How the market looks: leads to an order behind a colon.
    View,
    Ask,
    /// Somebody who is not the author: before a verb it is their trade.
    Person,
}

/// The meaning of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// An action; the flag says past tense.
    Verb(Verb, bool),
    Label(Label),
    Bullish(PositionSide),
    Market,
    /// "not at market".
    MarketDenied,
    Limit,
    StopLimit,
    Above,
    Below,
    BreakEven,
    /// Closes all of it; the flag says past tense.
    CloseAll(bool),
    /// A price that names its own side: "buy zone".
    Priced(Verb),
    /// A level that replaces another: "new stop".
    Changed(Label),
    /// Hundredths of a per cent of the position.
    Share(u32),
    All,
    Rest,
    /// Something is kept beside what is sold: "keeping 2 runners".
    Keep,
    Unit,
    Lots,
    Right(Right),
    Negation,
    /// What a negation forbids beside verbs: "not a signal".
    Noun,
    Guard(Guard),
    Filler,
    /// What became of a trade: "for a small loss". Says nothing of a close, and that an entry is over.
    Outcome,
    And,
    But,
    /// Takes out of what is closed: "everything except NKE".
    Except,
    At,
    From,
    /// What stands behind it no longer holds: "instead of 6690".
    Former,
    To,
    By,
    Per,
    Percent,
    Pips,
    Trail,
    Force(TimeInForce),
    Extended,
    Pronoun,
    Fund,
    Of,
    /// "4 more": beside what is held.
    More,
    /// A time of the day until which an order works.
    Until,
    /// "between 228 and 231".
    Between,
    /// Stands where a level belongs and is none: "SL TBD".
    Hollow,
    /// "trail 2% after 255".
    After,
}

/// The phrases by their first word; each with the words after it.
type Phrases = Vec<(Vec<String>, Cue)>;

fn table() -> &'static Index<Phrases> {
    static TABLE: OnceLock<Index<Phrases>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = BTreeMap::new();
        for (cue, phrases) in trade::PHRASES.iter().chain(guard::PHRASES) {
            for phrase in phrases.split(',').map(str::trim).filter(|p| !p.is_empty()) {
                insert(&mut table, phrase, *cue);
            }
        }
        for list in table.values_mut() {
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Index::new(table)
    })
}

/// Ideographs are written without spaces, so each is a word.
fn insert(table: &mut BTreeMap<Cow<'static, str>, Phrases>, phrase: &'static str, cue: Cue) {
    let mut words: Vec<&'static str> = Vec::new();
    for word in phrase.split(' ') {
        if word.chars().any(ideograph) {
            words.extend(
                word.char_indices()
                    .filter_map(|(i, c)| word.get(i..i + c.len_utf8())),
            );
        } else {
            words.push(word);
        }
    }
    if let Some((first, rest)) = words.split_first() {
        let rest = rest.iter().map(|w| (*w).to_owned()).collect();
        table.entry(Cow::Borrowed(*first)).or_default().push((rest, cue));
    }
}

/// Whether some phrase begins with the word.
pub(super) fn begins(word: &str) -> bool {
    table().get(word).is_some()
}

/// The longest phrase that starts at the first token, with the tokens it takes.
/// Words of a phrase may be joined by `-`, `/` or a space.
pub(super) fn phrase(tokens: &[Token]) -> Option<(Cue, usize)> {
    let first = tokens.first()?;
    let candidates = table().get(first.low())?;
    candidates
        .iter()
        .find_map(|(rest, cue)| fits(tokens, rest).map(|taken| (*cue, taken)))
}

fn fits(tokens: &[Token], rest: &[String]) -> Option<usize> {
    let mut at = 1;
    for word in rest {
        if tokens.get(at).is_some_and(|t| (t.is('-') || t.is('/')) && !t.gap) {
            at += 1;
        }
        if tokens.get(at)?.low() != word {
            return None;
        }
        at += 1;
    }
    Some(at)
}

//! Decides on words that mean something else beside certain neighbours: `DCA1`, `BOT +5`, `225 put`, `On 11/20`, `Premium:`.

use super::*;

/// Marks of venues outside America behind a share: `GARAN.IS`, `SAP.DE`.
const VENUES: [&str; 26] = [
    "IS", "DE", "PA", "MI", "AS", "SW", "TO", "HK", "NS", "BO", "AX", "SA", "MC", "LS", "ST", "OL", "CO",
    "HE", "VI", "BR", "TW", "KS", "SS", "SZ", "LN", "NZ",
];

impl Scanner<'_> {
    /// Gives such a word its meaning; says whether it did.
    pub(super) fn singled(&mut self, low: &str) -> bool {
        let next = self.token(1);
        let number = |t: Option<&Token>| t.is_some_and(|t| matches!(t.tok, Tok::Number(_)));
        let colon = next.is_some_and(|t| t.is(':'));
        let cue = match low {
            "dca" => {
                let step = next.is_some_and(|t| matches!(t.tok, Tok::Ordinal(_)))
                    || number(next) && self.token(2).is_some_and(|t| t.is(':') || t.is(')'));
                step.then_some(Cue::Label(Label::Entry))
            }
            "bot" => {
                let signed = next.is_some_and(|t| t.is('+')) && number(self.token(2));
                signed.then_some(Cue::Verb(Verb::Buy, true))
            }
            "put" => self.put_option().then_some(Cue::Right(Right::Put)),
            "premium" | "debit" if colon => Some(Cue::Label(Label::Entry)),
            "filled" => self.filled_at().then_some(Cue::Label(Label::Entry)),
            "system" | "prompt" | "instruction" | "instructions" | "assistant" if colon => {
                self.out.is_empty().then_some(Cue::Guard(Guard::Test))
            }
            "on" => self.past_day().then_some(Cue::Guard(Guard::OtherDay)),
            _ => None,
        };
        if let Some(cue) = cue {
            self.push(Kind::Cue(cue), 1);
        }
        cue.is_some()
    }

    /// `TSLA put 400`, `BUY PUT TSLA`; "put stop at 190" is a move.
    fn put_option(&self) -> bool {
        let moved = self.token(1).is_none_or(|t| {
            matches!(
                t.low(),
                "stop" | "stops" | "sl" | "the" | "your" | "my" | "a" | "in" | "on"
            )
        });
        let beside = self
            .out
            .last()
            .is_some_and(|i| i.verb().is_some() || matches!(i.kind, Kind::Symbol(_)));
        beside && !moved
    }

    /// "filled 7.15" states a price; "TP1 filled" and "entry filled" report.
    fn filled_at(&self) -> bool {
        let price = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Number(d)) if d.text.contains('.') && d.suffix == Suffix::None);
        let report = self
            .out
            .last()
            .is_none_or(|i| i.label().is_some() || matches!(i.kind, Kind::Ordinal(_) | Kind::Figure(_)));
        price && !report
    }

    /// "On 11/20 I sold": the sentence is about that day.
    fn past_day(&self) -> bool {
        let starts = self
            .out
            .last()
            .is_none_or(|i| matches!(i.kind, Kind::Newline | Kind::Mark('.' | '!')));
        let day = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Number(_)))
            && self.token(2).is_some_and(|t| t.is('/') && !t.gap)
            || matches!(self.token(1).map(|t| &t.tok), Some(Tok::Date(_)))
            || self.token(1).is_some_and(|t| expiry::month(t.low()).is_some());
        starts && day
    }

    /// `GARAN.IS` is not GARAN: the name keeps its venue.
    pub(super) fn listed_abroad(&self, ticker: symbol::Ticker) -> (symbol::Ticker, usize) {
        let tight = |i: usize| self.token(i).filter(|t| !t.gap);
        let point = tight(1).is_some_and(|t| t.is('.'));
        let Some(Tok::Word { text, .. }) = tight(2).map(|t| &t.tok).filter(|_| point) else {
            return (ticker, 1);
        };
        if !VENUES.contains(&text.as_str()) {
            return (ticker, 1);
        }
        let symbol = format!("{}.{text}", ticker.symbol);
        (symbol::Ticker { symbol, ..ticker }, 3)
    }
}

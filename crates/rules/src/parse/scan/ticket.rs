//! Decides on what a trading program writes into an order: a multiplier, `(Weeklys)`, `[TO OPEN]`, and on times of day beside it.
//! Refuses to read them as prices or strikes.

use super::*;

impl Scanner<'_> {
    /// `SELL -2 IWM 100 (Weeklys) 3 OCT 25 238 PUT`: the shares of one contract stand before its day.
    pub(super) fn multiplier(&mut self, digits: &Digits) -> bool {
        let named = self.out.last().is_some_and(|i| i.symbol().is_some());
        if !(named && matches!(digits.text.as_str(), "100" | "10") && digits.suffix == Suffix::None) {
            return false;
        }
        let bracket = match (self.token(1), self.token(3)) {
            (Some(open), Some(shut)) if open.is('(') && shut.is(')') => 3,
            _ => 0,
        };
        let number = |ahead: usize| matches!(self.token(ahead).map(|t| &t.tok), Some(Tok::Number(d)) if d.suffix == Suffix::None);
        let month = self
            .token(2 + bracket)
            .is_some_and(|t| expiry::month(t.low()).is_some());
        let dated = number(1 + bracket) && month && number(3 + bracket) && number(4 + bracket);
        let right = self
            .token(5 + bracket)
            .is_some_and(|t| matches!(t.low(), "call" | "put" | "c" | "p"));
        if !(dated && right) {
            return false;
        }
        self.push(Kind::Cue(Cue::Filler), 1 + bracket);
        true
    }

    /// `[TO OPEN]` behind an order: says what its verb means.
    pub(super) fn opening_mark(&mut self) -> bool {
        let word = |ahead: usize| self.token(ahead).map_or("", Token::low);
        let opens = match (word(1), word(2)) {
            ("to", "open") => true,
            ("to", "close") => false,
            _ => return false,
        };
        if !self.token(3).is_some_and(|t| t.is(']') || t.is(')')) {
            return false;
        }
        let back = self.out.iter_mut().rev().take(40);
        let mut back = back.take_while(|i| !i.newline());
        let Some(item) = back.find(|i| i.verb().is_some()) else {
            return false;
        };
        let Kind::Cue(Cue::Verb(verb @ (Verb::Buy | Verb::Sell), past)) = item.kind else {
            return false;
        };
        let verb = match (verb, opens) {
            (Verb::Buy, true) => Verb::BuyOpen,
            (Verb::Buy, false) => Verb::BuyClose,
            (_, true) => Verb::SellOpen,
            (_, false) => Verb::SellClose,
        };
        item.kind = Kind::Cue(Cue::Verb(verb, past));
        self.push(Kind::Cue(Cue::Filler), 4);
        true
    }

    /// "news in 5", "Powell at 2pm": when something happens, not at which price.
    pub(super) fn happens(&mut self, low: &str) -> bool {
        const EVENTS: [&str; 23] = [
            "news", "cpi", "ppi", "pce", "fomc", "fed", "nfp", "powell", "jobs", "earnings", "meeting",
            "data", "minutes", "ecb", "boj", "boe", "rba", "pmi", "ism", "gdp", "payrolls", "auction",
            "presser",
        ];
        let lead = usize::from(matches!(low, "before" | "into" | "after" | "of"));
        let event = if lead == 1 {
            self.token(1).map_or("", Token::low)
        } else {
            low
        };
        if !EVENTS.contains(&event)
            || !self
                .token(1 + lead)
                .is_some_and(|t| matches!(t.low(), "in" | "at"))
        {
            return false;
        }
        let clock = match self.token(2 + lead).map(|t| &t.tok) {
            Some(Tok::Number(d)) => {
                let timed = matches!(d.suffix, Suffix::Seconds(_));
                d.text.len() <= 2 && !d.money && !d.text.contains('.') && (timed || d.suffix == Suffix::None)
            }
            _ => false,
        };
        if !clock {
            return false;
        }
        let minute = self.token(3 + lead).is_some_and(|t| t.is(':') && !t.gap)
            && matches!(self.token(4 + lead).map(|t| &t.tok), Some(Tok::Number(_)));
        let after = 3 + lead + 2 * usize::from(minute);
        const UNITS: [&str; 13] = [
            "min", "mins", "minutes", "pm", "am", "et", "est", "m", "hours", "hour", "minute", "h", "utc",
        ];
        let unit = usize::from(self.token(after).is_some_and(|t| UNITS.contains(&t.low())));
        let ends = self.token(after + unit).is_none_or(|t| {
            matches!(
                t.tok,
                Tok::Newline | Tok::Emoji(_) | Tok::Mark(',' | '.' | '!' | ';' | ')' | '-')
            )
        });
        if !ends {
            return false;
        }
        self.push(Kind::Cue(Cue::Filler), after + unit);
        true
    }

    /// "NVDA calls: 10/3 180s": the plural of a strike beside the word that says which kind.
    pub(super) fn plural_strike(&mut self, value: Decimal, digits: &Digits) -> bool {
        let plural = digits.suffix == Suffix::Seconds(1)
            && self
                .token(0)
                .is_some_and(|t| t.to - t.from == digits.text.len() + 1 + usize::from(digits.money));
        if !plural {
            return false;
        }
        let side = |low: &str| match low {
            "call" | "calls" => Some(Right::Call),
            "put" | "puts" => Some(Right::Put),
            _ => None,
        };
        let after = self.token(1).and_then(|t| side(t.low()));
        let line = self.out.iter().rev().take(12);
        let mut line = line.take_while(|i| !i.newline());
        let before = line.find_map(|i| match i.kind {
            Kind::Cue(Cue::Right(right)) => Some(Some(right)),
            Kind::Strike(..) | Kind::Contract(_) => Some(None),
            _ => None,
        });
        let Some(right) = after.or(before.flatten()) else {
            return false;
        };
        self.push(Kind::Strike(value, right), 1 + usize::from(after.is_some()));
        true
    }
}

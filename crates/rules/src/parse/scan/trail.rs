//! Decides on stops that wait for a price: "trail $2 after 255", "SL to BE after TP1".
//! Refuses them without a trail before, and in a message that opens the position.

use super::{when::REACH, *};

impl Scanner<'_> {
    /// "trail $2 after 255", "trailing 3% once above 91,000": the price from which a stop trails.
    pub(super) fn trails_from(&mut self, low: &str) -> bool {
        if !matches!(
            low,
            "after"
                | "once"
                | "above"
                | "over"
                | "past"
                | "below"
                | "under"
                | "from"
                | "activate"
                | "activated"
                | "activation"
                | "active"
                | "starting"
                | "when"
                | "ab"
                | "desde"
                | "à"
        ) {
            return false;
        }
        const LINKS: [&str; 26] = [
            "it", "price", "hits", "above", "over", "reaches", "crosses", "breaks", "at", "past", "below",
            "under", "is", "trades", "hit", "we", "reach", "clear", "clears", "from", "after", "tags", "get",
            "to", "gets", "hitting",
        ];
        let mut at = 1;
        while at < 5
            && self
                .token(at)
                .is_some_and(|t| LINKS.contains(&t.low()) || t.is(':') || t.is('@'))
        {
            at += 1;
        }
        let mut line = self.out.iter().rev().take(8).take_while(|i| !i.newline());
        let trails = line.any(|i| i.is_cue(Cue::Trail));
        let valued = self
            .out
            .iter()
            .rev()
            .take(8)
            .take_while(|i| !i.is_cue(Cue::Trail))
            .any(|i| i.figure().is_some() || matches!(i.kind, Kind::Percent(_)))
            || self
                .out
                .iter()
                .rev()
                .take(4)
                .any(|i| matches!(i.kind, Kind::Percent(_)));
        if !(trails && valued && self.level(at)) {
            return false;
        }
        self.push(Kind::Cue(Cue::After), at);
        true
    }

    /// "SL to BE after TP1", "stop to entry at TP1": a rule for later, in a message that opens nothing.
    pub(super) fn after_target(&self, low: &str) -> bool {
        if !matches!(
            low,
            "after" | "at" | "nach" | "después" | "despues" | "après" | "dopo" | "после" | "depois"
        ) {
            return false;
        }
        let mut at = 1;
        while at < 4
            && (self.article(at) == 1
                || matches!(
                    self.says(at),
                    "first" | "1st" | "second" | "dem" | "le" | "il" | "o"
                ))
        {
            at += 1;
        }
        let ahead = |at: usize| vocabulary::phrase(self.tokens.get(self.at + at..).unwrap_or(&[]));
        let target = matches!(ahead(at), Some((Cue::Label(Label::Target), _)))
            || matches!(ahead(1), Some((Cue::Label(Label::Target), _)));
        if !target {
            return false;
        }
        let stop = |i: &Item| {
            i.label() == Some(Label::Stop)
                || matches!(i.kind, Kind::Cue(Cue::BreakEven | Cue::Changed(Label::Stop)))
        };
        let before = self.line().any(stop);
        let coming = self.tokens.iter().skip(self.at + at + 1).take(12);
        let mut coming = coming.take_while(|t| t.tok != Tok::Newline);
        let moved = before
            || coming.any(|t| matches!(t.low(), "sl" | "stop" | "stops" | "be" | "breakeven" | "стоп"));
        let mut opened = self.out.iter().rev().take(4 * REACH).filter_map(Item::verb);
        let opens = opened.any(|v| {
            matches!(
                v,
                Verb::Buy
                    | Verb::BuyOpen
                    | Verb::SellOpen
                    | Verb::Long
                    | Verb::Short
                    | Verb::Sell
                    | Verb::Enter
            )
        });
        let priced = self
            .out
            .iter()
            .rev()
            .take(4 * REACH)
            .any(|i| i.figure().is_some());
        moved && !(opens && priced)
    }
}

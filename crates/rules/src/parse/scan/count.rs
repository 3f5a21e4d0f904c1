//! Decides on words that count or order: "bought five META 780 calls", "one contract", "second 2.55", "limit 7.40 day".
//! Refuses to decide what is counted.

use ordercast_model::instrument::AssetClass;

use super::*;

/// Words and marks that may stand between a number and what counts it.
const FEW: usize = 6;

impl Scanner<'_> {
    /// Numbers in words: "bought five META 780 calls", "first target 2.42, second 2.55".
    pub(super) fn spelled(&mut self, low: &str, text: &str) -> bool {
        let order = match low {
            "first" => 1,
            "second" => 2,
            "third" => 3,
            "fourth" => 4,
            "fifth" => 5,
            "final" | "last" => 6,
            _ => 0,
        };
        if order > 0 {
            return self.ordered(order) || self.stepped();
        }
        const COUNTS: [&str; 12] = [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        ];
        let word = if low == "single" { "one" } else { low };
        let Some(place) = COUNTS.iter().position(|w| *w == word) else {
            return false;
        };
        let mut back = self.out.iter().rev();
        let after_verb = back
            .next()
            .is_some_and(|i| i.verb().is_some() || i.is_cue(Cue::Filler))
            && (self.out.last().is_some_and(|i| i.verb().is_some())
                || back.next().is_some_and(|i| i.verb().is_some()));
        let code = text.len() > 1 && text.chars().all(|c| !c.is_lowercase());
        let counts = (after_verb || self.whole() || self.them())
            && !(code && self.symbols.share(text))
            && self.counted();
        if !counts && !self.united() {
            return false;
        }
        let value = Decimal::from(u32::try_from(place).unwrap_or(0) + 1);
        self.push(
            Kind::Figure(Figure {
                value,
                money: false,
                signed: false,
                whole: true,
            }),
            1,
        );
        true
    }

    /// "one contract", "two lots": the unit says what is counted.
    fn united(&self) -> bool {
        const UNITS: [&str; 11] = [
            "contract",
            "contracts",
            "con",
            "cons",
            "ct",
            "cts",
            "lot",
            "lots",
            "share",
            "shares",
            "coins",
        ];
        // "one runner left" is what is kept.
        const KEPT: [&str; 4] = ["runner", "runners", "left", "remaining"];
        let more = usize::from(self.token(1).is_some_and(|t| t.low() == "more"));
        let unit = self.token(1 + more).is_some_and(|t| UNITS.contains(&t.low()));
        let kept = self.token(1).is_some_and(|t| KEPT.contains(&t.low()));
        kept || unit && self.token(2 + more).is_none_or(|t| !t.is(':') && t.low() != "of")
    }

    /// "1.15 limit, ten of them".
    fn them(&self) -> bool {
        let parted = self
            .out
            .last()
            .is_none_or(|i| matches!(i.kind, Kind::Mark(',' | '.' | '-') | Kind::Newline));
        let of = self.token(1).is_some_and(|t| t.low() == "of");
        parted
            && of
            && self
                .token(2)
                .is_some_and(|t| matches!(t.low(), "them" | "these" | "those"))
            && self.token(3).is_none_or(|t| !matches!(t.tok, Tok::Word { .. }))
    }

    /// "one of my three NVDA 195c": the whole that a part is sold of.
    fn whole(&self) -> bool {
        let back = self
            .out
            .iter()
            .rev()
            .take(FEW)
            .skip_while(|i| i.is_cue(Cue::Filler));
        let mut back = back.take(2);
        back.next().is_some_and(|i| i.is_cue(Cue::Of)) && back.next().is_some_and(|i| i.figure().is_some())
    }

    /// Whether what follows can be counted: a name, a contract, shares, "of mine".
    fn counted(&self) -> bool {
        let more = usize::from(self.token(1).is_some_and(|t| t.low() == "more"));
        let next = self.tokens.get(self.at + 1 + more..).unwrap_or(&[]);
        let named = match next.first().map(|t| &t.tok) {
            Some(Tok::Word { text, dollar, .. }) => {
                *dollar
                    || symbol::candidate(self.symbols, text, false)
                        .is_some_and(|t| t.grade <= Grade::Plausible)
            }
            Some(Tok::Number(_)) => contract::follows(self.tokens, self.at + 1 + more),
            _ => false,
        };
        named
            || matches!(
                vocabulary::phrase(next),
                Some((Cue::Unit | Cue::Of | Cue::Lots, _))
            )
    }

    /// "second 2.55" in a list of targets or entries.
    fn ordered(&mut self, order: u8) -> bool {
        let listed = self
            .out
            .iter()
            .rev()
            .take(8)
            .take_while(|i| !i.newline() && !i.is('.'))
            .find_map(Item::label);
        let linked = usize::from(self.token(1).is_some_and(|t| {
            matches!(t.low(), "at" | "is" | "one" | "target" | "tp") || t.is(':') || t.is('@') || t.is('-')
        }));
        let valued = self
            .token(1 + linked)
            .is_some_and(|t| matches!(&t.tok, Tok::Number(d) if d.suffix == Suffix::None));
        if !(matches!(listed, Some(Label::Target | Label::Entry)) && valued) {
            return false;
        }
        self.push(Kind::Ordinal(order), 1 + linked);
        true
    }

    /// "first bid 2,910, second bid 2,860": the steps of an order that has a side or a stop.
    fn stepped(&mut self) -> bool {
        const STEPS: [&str; 8] = [
            "bid", "limit", "order", "entry", "buy", "tranche", "fill", "scale",
        ];
        let linked = usize::from(
            self.token(2)
                .is_some_and(|t| matches!(t.low(), "at" | "is") || t.is(':') || t.is('@')),
        );
        let step = self.token(1).is_some_and(|t| STEPS.contains(&t.low())) && self.level(2 + linked);
        let sided = |i: &Item| matches!(i.verb(), Some(Verb::Buy | Verb::Long | Verb::Short)) && !i.past();
        let ordered = self.line().any(sided) || self.stops_ahead();
        if step && ordered {
            self.push(Kind::Cue(Cue::Label(Label::Entry)), 2);
        }
        step && ordered
    }

    /// `x 3`, `Lots: 0.30`, "1 contract": what these words make of the number beside them.
    pub(super) fn tallied(&self, low: &str) -> Option<(Kind, usize)> {
        let next = self.token(1);
        let field = next.is_some_and(|t| t.is(':') || t.is('='));
        match low {
            "x" if self.factor() => match next.map(|t| &t.tok) {
                Some(Tok::Number(d)) => Some((Kind::Times(d.text.parse().ok()?), 2)),
                _ => None,
            },
            "contracts" | "shares" | "lots" | "lot" if field => {
                Some((Kind::Cue(Cue::Label(Label::Quantity)), 1))
            }
            "contract" if !field => {
                let mut back = self
                    .out
                    .iter()
                    .rev()
                    .take(FEW)
                    .skip_while(|i| i.is_cue(Cue::Filler));
                let counted = back.next().and_then(Item::figure).is_some_and(|f| f.whole);
                counted.then_some((Kind::Cue(Cue::Unit), 1))
            }
            _ => None,
        }
    }

    /// `BTO SPY 680c 12/5 x 3 @ 1.20`, `LONG SOLUSDT x 10`: so many of the contract, or so much leverage.
    fn factor(&self) -> bool {
        let contract = self.out.last().is_some_and(|i| {
            let coin = |t: &symbol::Ticker| t.asset == Some(AssetClass::Crypto);
            i.optional()
                || matches!(i.kind, Kind::Expiry(_) | Kind::Slashed(..) | Kind::Relative(_))
                || i.symbol().is_some_and(coin)
        });
        contract
            && matches!(self.token(1).map(|t| &t.tok), Some(Tok::Number(d)) if d.suffix == Suffix::None
                && !d.money && d.text.len() <= 3 && !d.text.contains('.'))
    }

    /// "limit 7.40 day", "limit, DAY": how long the order works.
    pub(super) fn works_today(&self) -> bool {
        let back = self.out.iter().rev().take(FEW);
        let mut back = back.filter(|i| !matches!(i.kind, Kind::Mark(_)));
        let order = back
            .next()
            .is_some_and(|i| i.is_cue(Cue::Limit) || i.figure().is_some_and(|f| !f.whole));
        order
            && self
                .token(1)
                .is_none_or(|t| matches!(t.tok, Tok::Newline | Tok::Mark(',' | '.' | '|' | ')' | ';')))
    }
}

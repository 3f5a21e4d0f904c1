//! Decides which words can only be names where they stand: in a symbol field, in a contract, between verb, quantity and price.
//! Refuses to look them up at a venue.

use super::*;

impl Scanner<'_> {
    /// "bto 1 meli 2400c 12/19": a listed name in small letters between an order word of the trade and its contract.
    pub(super) fn ordered_small(&mut self, text: &str, low: &str) -> bool {
        const FEWEST: usize = 3;
        let counted = usize::from(
            self.out
                .last()
                .is_some_and(|i| i.figure().is_some_and(|f| f.whole && !f.money)),
        );
        let ordered = self
            .out
            .iter()
            .rev()
            .nth(counted)
            .is_some_and(|i| i.verb().is_some_and(Verb::is_plain) && !i.past());
        let small = text == low && low.len() >= FEWEST && low.bytes().all(|b| b.is_ascii_lowercase());
        if !(ordered && small && contract::follows(self.tokens, self.at + 1)) {
            return false;
        }
        let upper = low.to_ascii_uppercase();
        let free = !vocabulary::begins(low) && self.symbols.lists(&upper) && !self.symbols.everyday(&upper);
        if let Some(ticker) = symbol::stated(self.symbols, &upper).filter(|_| free) {
            let grade = Grade::Plausible;
            self.push(Kind::Symbol(symbol::Ticker { grade, ..ticker }), 1);
        }
        free
    }

    /// "Buy F", "BUY LIMIT F": a verb stands before, perhaps with the word for its kind of order between.
    fn led_by_order(&self) -> bool {
        let mut back = self.out.iter().rev();
        let before = back.next();
        let limit = before.is_some_and(|i| i.is_cue(Cue::Limit));
        let verb = if limit { back.next() } else { before };
        verb.is_some_and(|i| i.verb().is_some())
    }

    /// "F @ 11.42", "KO limit 70.07": the mark of a price, or the word for an order with one, and a number.
    fn priced(&self) -> bool {
        let mark = |t: &Token| t.is('@') || matches!(t.low(), "at" | "for");
        let limit = self.token(1).is_some_and(|t| matches!(t.low(), "limit" | "lmt"));
        let linked = limit && self.token(2).is_some_and(|t| mark(t) || t.is(':'));
        let led = limit || self.token(1).is_some_and(mark);
        led && self
            .token(2 + usize::from(linked))
            .is_some_and(|t| matches!(t.tok, Tok::Number(_)))
    }

    /// A count and its verb stand before: "buy 100", "Bought 40 shs".
    fn count_before(&self) -> bool {
        let unit = usize::from(self.out.last().is_some_and(|i| i.is_cue(Cue::Unit)));
        self.out
            .iter()
            .rev()
            .nth(unit)
            .is_some_and(|i| i.figure().is_some_and(|f| !f.money))
            && self
                .out
                .iter()
                .rev()
                .skip(1 + unit)
                .take(3)
                .find(|i| !matches!(i.kind, Kind::Mark(':') | Kind::Cue(Cue::Limit)))
                .is_some_and(|i| i.verb().is_some())
    }

    /// A word that can only be a name here: after a symbol field, inside an option contract,
    /// between verb, quantity and price.
    pub(super) fn forced(&mut self, text: &str, dollar: bool) -> bool {
        if dollar {
            return false;
        }
        let upper = text.chars().all(|c| !c.is_lowercase());
        let field = self.symbol_field();
        let option = contract::follows(self.tokens, self.at + 1);
        if !(upper || field || option) {
            return false;
        }
        let Some(ticker) = symbol::stated(self.symbols, text) else {
            return false;
        };
        let cue = vocabulary::phrase(self.rest()).map(|(cue, _)| cue);
        let name = self.symbols.known(&ticker.symbol)
            || (upper && text.len() <= 5 && !self.symbols.everyday(&ticker.symbol));
        let verb_before = self.led_by_order();
        let quantity_before = self.count_before();
        let price_after = self.priced();
        let known = upper && self.symbols.known(&ticker.symbol);
        let blank = matches!(
            cue,
            None | Some(Cue::Filler | Cue::At | Cue::Noun | Cue::Fund | Cue::And)
        );
        let guard = matches!(cue, Some(Cue::Guard(_)));
        let valued = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Number(d)) if d.text.len() > 1 && d.suffix == Suffix::None);
        // `COIN`, `COST` and `TGT` are shares as well as labels.
        let label = match cue {
            Some(Cue::Label(Label::Symbol)) => known && (price_after || valued || self.stands_free()),
            Some(Cue::Label(_)) if known && valued && verb_before && self.begins_order() => true,
            Some(Cue::Label(_)) => {
                known
                    && ((verb_before || quantity_before) && price_after
                        || !valued && !price_after && self.stands_free())
            }
            _ => false,
        };
        let allowed = label
            || field && !matches!(cue, Some(Cue::Verb(..) | Cue::Market | Cue::Label(_)))
            || option
                && (cue.is_none() || upper)
                && (upper && cue.is_none() || self.symbols.share(&ticker.symbol))
            || upper && name && price_after && (quantity_before || verb_before && blank)
            || known && (blank || guard) && verb_before && (price_after || self.number_soon())
            || known && blank && cue.is_some() && self.verb_next() && !self.shouting
            || known && blank && !self.shouting && (self.ordered_on(&ticker.symbol) || self.sided_at());
        if !allowed {
            return false;
        }
        let taken = symbol::strong(self.symbols, self.rest()).unwrap_or((ticker, 1));
        // A name on no list may stand here, but it is not certain.
        let listed = taken.0.asset != Some(ordercast_model::instrument::AssetClass::Equity)
            || self.symbols.lists(&taken.0.symbol);
        self.push(
            Kind::Symbol(symbol::Ticker {
                grade: if listed { Grade::Marked } else { Grade::Plausible },
                ..taken.0
            }),
            taken.1,
        );
        true
    }

    pub(super) fn number_soon(&self) -> bool {
        self.token(1)
            .is_some_and(|t| matches!(t.tok, Tok::Number(_)) || t.is('@'))
    }

    /// "Stop limit buy on TEAM: trigger 168": a verb, a link, and a price or a field of the order behind the name.
    fn ordered_on(&self, name: &str) -> bool {
        let linked = self
            .at
            .checked_sub(1)
            .and_then(|b| self.tokens.get(b))
            .is_some_and(|t| matches!(t.low(), "on" | "in" | "into"));
        let led = self.out.iter().rev().nth(1).is_some_and(|i| i.verb().is_some());
        let field = matches!(
            vocabulary::phrase(self.tokens.get(self.at + 2..).unwrap_or(&[])),
            Some((
                Cue::Limit | Cue::Label(Label::Entry | Label::Stop | Label::Target),
                _
            ))
        );
        let fields = self.token(1).is_some_and(|t| t.is(':')) && field;
        linked && led && (fields || self.number_soon() && !self.symbols.everyday(name))
    }

    /// "..., buy COST 905": the verb begins its part of a sentence that is not written in capitals.
    fn begins_order(&self) -> bool {
        let mut back = self.out.iter().rev().skip(1);
        let begins = back
            .next()
            .is_none_or(|i| matches!(i.kind, Kind::Newline | Kind::Mark(',' | '.' | ';' | '!')));
        begins && self.calm()
    }

    /// "CAT long at 395": a side and a price follow.
    fn sided_at(&self) -> bool {
        let side = self.token(1).is_some_and(|t| matches!(t.low(), "long" | "short"));
        let linked = usize::from(
            self.token(2)
                .is_some_and(|t| t.is('@') || matches!(t.low(), "at" | "from")),
        );
        side && self.level(2 + linked)
    }

    fn verb_next(&self) -> bool {
        let next = self.tokens.get(self.at + 1..).unwrap_or(&[]);
        matches!(vocabulary::phrase(next), Some((Cue::Verb(..), _)))
    }

    /// Whether the last items are `Ticker:`, `Pair -`, `Coin`.
    fn symbol_field(&self) -> bool {
        let mut back = self.out.iter().rev().take(12);
        let mut marked = false;
        loop {
            match back.next().map(|i| &i.kind) {
                Some(
                    Kind::Mark(':' | '=' | '-' | '#' | '|' | '>' | ']' | '[' | '→') | Kind::Cue(Cue::At),
                ) => marked = true,
                Some(Kind::Emoji(_)) => {}
                Some(Kind::Cue(Cue::Label(Label::Symbol))) => return marked,
                _ => return false,
            }
        }
    }
}

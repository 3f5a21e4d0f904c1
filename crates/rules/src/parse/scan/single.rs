//! Decides on words that mean something else beside certain neighbours: `DCA1`, `BOT +5`, `225 put`, `On 11/20`, `Premium:`.

use ordercast_model::signal::instruction::TimeInForce;

use super::*;

/// Marks of venues outside America behind a share: `GARAN.IS`, `SAP.DE`.
const VENUES: [&str; 26] = [
    "IS", "DE", "PA", "MI", "AS", "SW", "TO", "HK", "NS", "BO", "AX", "SA", "MC", "LS", "ST", "OL", "CO",
    "HE", "VI", "BR", "TW", "KS", "SS", "SZ", "LN", "NZ",
];

/// `E:`, `S:` and `T:` at the head of a line.
fn initial(low: &str) -> Option<Cue> {
    Some(Cue::Label(match low {
        "e" => Label::Entry,
        "s" => Label::Stop,
        _ => Label::Target,
    }))
}

impl Scanner<'_> {
    /// `COIN` as a share and not as the label of a field: "my COIN short at 310".
    pub(super) fn stands_free(&self) -> bool {
        let field = self
            .token(1)
            .is_some_and(|t| [':', '=', '-', '#', '/', '|', '>'].into_iter().any(|c| t.is(c)));
        let names = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Word { text, dollar, .. }) if *dollar || symbol::candidate(self.symbols, text, false).is_some());
        let led = self
            .out
            .iter()
            .rev()
            .take(4)
            .take_while(|i| !i.newline() && i.symbol().is_none())
            .any(|i| i.verb().is_some());
        led && !field && !names && self.calm()
    }

    /// Some word is written in small letters.
    pub(super) fn calm(&self) -> bool {
        self.tokens.iter().take(40).any(|t| {
            matches!(&t.tok, Tok::Word { text, .. } if text.len() > 2 && text.chars().all(char::is_lowercase))
        })
    }

    /// Gives such a word its meaning; says whether it did.
    pub(super) fn singled(&mut self, low: &str) -> bool {
        if self.spoken(low) {
            return true;
        }
        if let Some((cue, taken)) = self.aimed(low) {
            self.push(Kind::Cue(cue), taken);
            return true;
        }
        if let Some((kind, taken)) = self.tallied(low) {
            self.push(kind, taken);
            return true;
        }
        let next = self.token(1);
        let number = |t: Option<&Token>| t.is_some_and(|t| matches!(t.tok, Tok::Number(_)));
        let colon = next.is_some_and(|t| t.is(':'));
        let cue = match low {
            "dca" | "limit" => {
                let step = low == "dca" && colon
                    || next.is_some_and(|t| matches!(t.tok, Tok::Ordinal(_)))
                    || number(next) && self.token(2).is_some_and(|t| t.is(':') || t.is(')'));
                step.then_some(Cue::Label(Label::Entry))
            }
            "day" if self.works_today() => Some(Cue::Force(TimeInForce::Day)),
            "take" => {
                let listed = matches!(next.map(|t| &t.tok), Some(Tok::Number(d)) if d.text.len() == 1 && d.suffix == Suffix::None)
                    && number(self.token(2));
                listed.then_some(Cue::Label(Label::Target))
            }
            "bot" if self.out.is_empty() && next.is_some_and(|t| t.is(',')) => Some(Cue::Guard(Guard::Test)),
            "bot" => {
                let signed = next.is_some_and(|t| t.is('+')) && number(self.token(2));
                (signed || number(next) && self.named(2)).then_some(Cue::Verb(Verb::Buy, true))
            }
            "e" | "s" | "t" if colon && self.out.last().is_some_and(Item::newline) => initial(low),
            "in" if self.enters() => Some(Cue::Verb(Verb::Enter, false)),
            "in" if self.heads_numbers() => Some(Cue::Label(Label::Entry)),
            "out" if self.heads_numbers() && self.listed_entry() => Some(Cue::Label(Label::Target)),
            "up" | "down" if self.moves_level() || self.rolled() => Some(Cue::Filler),
            _ => self.phrased(low, colon),
        };
        if let Some(cue) = cue {
            self.push(Kind::Cue(cue), 1);
        }
        cue.is_some()
    }

    /// The meaning such a word has by the words of its line.
    fn phrased(&self, low: &str, colon: bool) -> Option<Cue> {
        match low {
            "buy" | "sell" if self.numbered() => {
                Some(Cue::Priced(if low == "buy" { Verb::Buy } else { Verb::Sell }))
            }
            "roll" | "rolling" | "rolled" if self.rolls() => Some(Cue::Verb(Verb::Move, low == "rolled")),
            "off" => self.taken_off().then_some(Cue::Verb(Verb::Reduce, false)),
            "open" => self.quotes_day().then_some(Cue::Guard(Guard::News)),
            "position" | "pos" | "allocation" => self.sizes().then_some(Cue::Label(Label::Size)),
            "your" | "his" | "her" | "their" => self.theirs().then_some(Cue::Guard(Guard::Quote)),
            "from" => {
                // "use a 3% trailing stop from here"
                let trails = self.line().any(|i| i.is_cue(Cue::Trail));
                (trails && self.token(1).is_some_and(|t| t.low() == "here")).then_some(Cue::Filler)
            }
            "or" => self.alternative().then_some(Cue::Guard(Guard::Hypothetical)),
            "closed" if self.period_heads() || self.counted_trades() => Some(Cue::Guard(Guard::Recap)),
            "closed" => (self.part_closed() || self.side_closed()).then_some(Cue::Verb(Verb::Close, true)),
            "profits" | "profit" => self.profits_taken().then_some(Cue::Filler),
            _ if low.ends_with("'s") => self.owned(low).then_some(Cue::Guard(Guard::Quote)),
            "keeping" | "leaving" | "holding" | "keep" | "leave" | "hold" | "letting" => {
                self.keeps().then_some(Cue::Keep)
            }
            "putting" | "put" | "throwing" | "deploying" | "allocating" if self.spends() => {
                Some(Cue::Verb(Verb::Enter, false))
            }
            "put" => self.put_option().then_some(Cue::Right(Right::Put)),
            "was" | "were" | "been" | "stop" | "quit" => self.continued(low),
            "paying" if self.pays() => Some(Cue::Label(Label::Entry)),
            "top" | "bottom" | "peak" => self.tops().then_some(Cue::Guard(Guard::Watch)),
            "covered" if self.writes_calls() => Some(Cue::Guard(Guard::Chat)),
            "premium" | "debit" if colon => Some(Cue::Label(Label::Entry)),
            "filled" => self.filled_at().then_some(Cue::Label(Label::Entry)),
            "system" | "prompt" | "instruction" | "instructions" | "assistant" | "ai" if colon => {
                self.out.is_empty().then_some(Cue::Guard(Guard::Test))
            }
            "on" => self.past_day().then_some(Cue::Guard(Guard::OtherDay)),
            _ => None,
        }
    }

    /// `open 229.1 high 231.4`: the prices of a day.
    fn quotes_day(&self) -> bool {
        let colon = usize::from(self.token(1).is_some_and(|t| t.is(':')));
        let number = self
            .token(1 + colon)
            .is_some_and(|t| matches!(t.tok, Tok::Number(_)));
        let mark = usize::from(
            self.token(2 + colon)
                .is_some_and(|t| matches!(t.tok, Tok::Mark(_))),
        );
        number
            && self
                .token(2 + colon + mark)
                .is_some_and(|t| matches!(t.low(), "high" | "hi" | "h"))
    }

    /// "paying 7.20" names the price where no other does; "paying 0.65 in fees" does not.
    fn pays(&self) -> bool {
        let price = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Number(d)) if d.suffix == Suffix::None);
        let other = self.token(2).is_some_and(|t| {
            t.is('%')
                || matches!(
                    t.low(),
                    "in" | "fee"
                        | "fees"
                        | "commission"
                        | "interest"
                        | "rent"
                        | "tax"
                        | "taxes"
                        | "a"
                        | "per"
                )
        });
        let line = self.out.iter().rev().take(40);
        let mut line = line.take_while(|i| !i.newline());
        price && !other && !line.any(|i| i.is_cue(Cue::At))
    }

    /// "buy UNH 271-274, 5% position": a share of the account.
    fn sizes(&self) -> bool {
        let line = self.out.iter().rev().take(40).take_while(|i| !i.newline());
        let mut verbs = line.filter_map(Item::verb);
        let share = self
            .out
            .last()
            .is_some_and(|i| matches!(i.kind, Kind::Percent(_)));
        let entered = |v: Verb| {
            matches!(
                v,
                Verb::Buy | Verb::BuyOpen | Verb::Long | Verb::Short | Verb::Enter
            )
        };
        // "3% position: long ZETA"
        let heads = self
            .out
            .iter()
            .rev()
            .nth(1)
            .is_none_or(|i| matches!(i.kind, Kind::Newline | Kind::Emoji(_)))
            && self.token(1).is_some_and(|t| t.is(':') || t.is(','));
        share && (heads || verbs.next().is_some_and(entered) && verbs.all(entered))
    }

    /// "Mike's alert: ...": somebody else's.
    fn owned(&self, low: &str) -> bool {
        const OWN: [&str; 14] = [
            "it's",
            "that's",
            "here's",
            "there's",
            "let's",
            "he's",
            "she's",
            "what's",
            "who's",
            "today's",
            "tonight's",
            "week's",
            "how's",
            "where's",
        ];
        const THINGS: [&str; 9] = [
            "alert", "call", "trade", "signal", "entry", "play", "pick", "setup", "position",
        ];
        !OWN.contains(&low) && self.token(1).is_some_and(|t| THINGS.contains(&t.low()))
    }

    /// "@chris your UAL long at 92": somebody else's position, where no order comes before.
    fn theirs(&self) -> bool {
        const HELD: [&str; 12] = [
            "long", "short", "call", "calls", "put", "puts", "alert", "entry", "trade", "play", "pick",
            "setup",
        ];
        let named = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Word { text, dollar, .. }) if *dollar
            || symbol::candidate(self.symbols, text, false).is_some_and(|t| t.grade <= Grade::Plausible));
        let held = self.token(2).is_some_and(|t| HELD.contains(&t.low()));
        named && held && !self.line().any(|i| i.verb().is_some())
    }

    /// A name stands there, with its mark or as one that everybody knows.
    pub(super) fn named(&self, ahead: usize) -> bool {
        matches!(self.token(ahead).map(|t| &t.tok), Some(Tok::Word { text, dollar, .. }) if *dollar
            || symbol::candidate(self.symbols, text, false).is_some_and(|t| t.grade <= Grade::Known))
    }

    /// "in $PLTR 141.20 stop 139.8": a sentence that opens with the word, a name and a price.
    fn enters(&self) -> bool {
        let starts = self.out.last().is_none_or(|i| {
            matches!(
                i.kind,
                Kind::Newline | Kind::Mark('.' | '!' | ':') | Kind::Emoji(_)
            )
        });
        let price = |ahead: usize| matches!(self.token(ahead).map(|t| &t.tok), Some(Tok::Number(d)) if d.suffix == Suffix::None);
        let at = usize::from(self.token(2).is_some_and(|t| t.is('@') || t.low() == "at"));
        // "In 200 $ACHR @ 9.41"
        let counted = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Number(d)) if d.suffix == Suffix::None && !d.money && !d.text.contains('.'))
            && self.named(2)
            && self.token(3).is_some_and(|t| t.is('@') || t.low() == "at")
            && price(4);
        starts && (counted || self.named(1) && (price(2 + at) || self.contract_priced()))
    }

    /// "in NFLX 1100p 12/11 at 9.80": a contract and its price.
    fn contract_priced(&self) -> bool {
        let line = self.tokens.iter().skip(self.at + 2).take(12);
        let mut line = line.take_while(|t| !matches!(t.tok, Tok::Newline));
        contract::follows(self.tokens, self.at + 2)
            && line.any(|t| t.is('@') || matches!(t.low(), "at" | "for"))
    }

    /// `IN 141.5 / 139.2`: the word opens its line and prices follow.
    fn heads_numbers(&self) -> bool {
        let starts = self.out.last().is_some_and(|i| i.newline());
        let colon = usize::from(self.token(1).is_some_and(|t| t.is(':')));
        let price =
            matches!(self.token(1 + colon).map(|t| &t.tok), Some(Tok::Number(d)) if d.suffix == Suffix::None);
        let ends = |t: &Token| matches!(t.tok, Tok::Newline | Tok::Mark('/' | ',' | '-' | '|'));
        starts && price && self.token(2 + colon).is_none_or(ends)
    }

    /// The line above gave the entries.
    fn listed_entry(&self) -> bool {
        let back = self.out.iter().rev().take(40);
        back.into_iter()
            .any(|i| i.label() == Some(Label::Entry) && i.to - i.from == 2)
    }

    /// "roll stop up on WFC", "stop up to 1.85".
    fn moves_level(&self) -> bool {
        let level = |i: &Item| i.label() == Some(Label::Stop) || i.verb() == Some(Verb::Move);
        self.out.last().is_some_and(level)
            && self
                .token(1)
                .is_some_and(|t| matches!(t.low(), "on" | "to" | "for" | "in"))
    }
    /// `Buy 1: 0.8450` at the head of its line: a step of a ladder.
    fn numbered(&self) -> bool {
        let starts = self
            .out
            .last()
            .is_none_or(|i| matches!(i.kind, Kind::Newline | Kind::Emoji(_)));
        let index = match self.token(1).map(|t| &t.tok) {
            Some(Tok::Ordinal(_)) => true,
            Some(Tok::Number(d)) => d.text.len() == 1 && d.suffix == Suffix::None && !d.money,
            _ => false,
        };
        starts && index && self.token(2).is_some_and(|t| t.is(':')) && self.level(3)
    }

    /// "Rolling up: STC ..., BTO ...".
    fn rolled(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|b| self.tokens.get(b));
        before.is_some_and(|t| matches!(t.low(), "roll" | "rolling" | "rolled"))
            && self.token(1).is_some_and(|t| t.is(':'))
    }
    fn rolls(&self) -> bool {
        let word = |ahead: usize| self.token(ahead).map_or("", Token::low);
        let skip = usize::from(matches!(word(1), "the" | "my" | "our" | "up"));
        matches!(word(1 + skip), "stop" | "stops" | "sl")
    }

    /// "putting $2,500 into NET".
    fn spends(&self) -> bool {
        let money = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Number(d)) if d.money);
        money
            && self
                .token(2)
                .is_some_and(|t| matches!(t.low(), "into" | "in" | "to" | "on" | "of"))
    }

    /// `TSLA put 400`, `BUY PUT TSLA`; "put stop at 190" is a move.
    fn put_option(&self) -> bool {
        let moved = self.token(1).is_some_and(|t| {
            matches!(
                t.low(),
                "stop" | "stops" | "sl" | "the" | "your" | "my" | "a" | "in" | "on"
            )
        });
        let beside = self
            .out
            .last()
            .is_some_and(|i| i.verb().is_some() || matches!(i.kind, Kind::Symbol(_) | Kind::Mark(':' | '|')));
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

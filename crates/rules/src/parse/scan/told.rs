//! Decides on words that tell of another time or of no order at all: "closed Monday", "was bidding", "On 11/20".
//! Refuses to decide what they leave of the sentence.

use super::{turn::Turn, *};

impl Scanner<'_> {
    /// "closed Monday at 1.85" tells of another day.
    pub(super) fn told_day(&mut self, low: &str) -> bool {
        let period = low == "this" && self.token(1).is_some_and(|t| matches!(t.low(), "week" | "month"));
        if expiry::weekday(low).is_none() && !period {
            return false;
        }
        const OPTION: [&str; 8] = [
            "call",
            "calls",
            "put",
            "puts",
            "expiry",
            "exp",
            "expiration",
            "weekly",
        ];
        // "sold the Friday calls" names what was sold.
        let dated = self
            .token(1 + usize::from(period))
            .is_some_and(|t| OPTION.contains(&t.low()));
        let sentence = self.out.iter().rev().take(30);
        let mut sentence =
            sentence.take_while(|i| !matches!(i.kind, Kind::Newline | Kind::Mark('.' | '!' | ';')));
        let past = sentence.find_map(|i| match i.verb() {
            // "closed my TSLA short Friday": the side is no other deed.
            None => None,
            Some(Verb::Long | Verb::Short) if !i.past() => None,
            Some(_) => Some(i.past()),
        });
        if dated || past != Some(true) {
            return false;
        }
        self.push(Kind::Cue(Cue::Guard(Guard::OtherDay)), 1 + usize::from(period));
        true
    }

    /// "I was bidding SOL at 136", "stop bidding SOL": what was done, or is not to be.
    pub(super) fn continued(&self, low: &str) -> Option<Cue> {
        let continues = self.token(1).is_some_and(|t| t.low().ends_with("ing"));
        let acts = || {
            matches!(
                vocabulary::phrase(self.tokens.get(self.at + 1..).unwrap_or(&[])),
                Some((
                    Cue::Verb(
                        Verb::Buy
                            | Verb::Sell
                            | Verb::Long
                            | Verb::Short
                            | Verb::Enter
                            | Verb::Add
                            | Verb::Close,
                        _
                    ),
                    _
                ))
            )
        };
        if !(continues && acts()) {
            return None;
        }
        let was = matches!(low, "was" | "were" | "been" | "wasn't");
        Some(Cue::Guard(if was { Guard::OtherDay } else { Guard::Chat }))
    }

    /// "Writing covered calls again 😄 STO 4 KO 70c": talk before the one order of the message.
    pub(super) fn writes_calls(&self) -> bool {
        let calls = self.token(1).is_some_and(|t| matches!(t.low(), "call" | "calls"));
        let ahead = || self.tokens.iter().skip(self.at + 2).take(40);
        let parted = |t: &Token| matches!(t.tok, Tok::Emoji(_) | Tok::Newline | Tok::Mark('.' | ',' | '!'));
        let sells = ahead().skip_while(|t| !parted(t)).any(|t| t.low() == "sto");
        let buys = |t: &Token| matches!(t.low(), "buy" | "bto" | "bought" | "long" | "buying" | "means");
        calls && sells && !self.tokens.iter().take(80).any(buys)
    }

    /// "taking a shot at the BTC top": a guess about the market, unless a stop makes it an order.
    pub(super) fn tops(&self) -> bool {
        self.out.last().is_some_and(|i| i.symbol().is_some()) && !self.stops_ahead()
    }

    /// "On 11/20 I sold": the sentence is about that day.
    pub(super) fn past_day(&self) -> bool {
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
}

impl Scanner<'_> {
    /// Words that mean something else by what was said before them.
    pub(super) fn situated(&mut self, low: &str) -> bool {
        match turn::turn(low) {
            Some(Turn::Stamp) => self.stamped(low) || self.praised(low),
            Some(Turn::Outcome | Turn::Denied | Turn::Pay | Turn::Ride) => self.praised(low),
            Some(Turn::Later | Turn::Event | Turn::In) => self.trails_from(low) || self.put_off(low),
            Some(Turn::Near) => self.beside(low),
            Some(Turn::Third) if self.headline(low) => {
                self.push(Kind::Cue(Cue::Guard(Guard::News)), 1);
                true
            }
            _ => false,
        }
    }

    fn beside(&mut self, low: &str) -> bool {
        let cue = match low {
            "its" | "their" => self.things().then_some(Cue::Guard(Guard::News)),
            "that" | "those" => self.recalled().then_some(Cue::Guard(Guard::Chat)),
            "now" | "currently" => self.drifted().then_some(Cue::Guard(Guard::Stands)),
            _ => self.romance(low),
        };
        if let Some(cue) = cue {
            self.push(Kind::Cue(cue), 1);
        }
        cue.is_some()
    }

    /// "a 235 con stop en 230": "with" and "at" of a sentence, and no contracts, no field.
    fn romance(&self, low: &str) -> Option<Cue> {
        let ahead = || vocabulary::phrase(self.tokens.get(self.at + 1..).unwrap_or(&[]));
        let small = matches!(self.token(0).map(|t| &t.tok), Some(Tok::Word { text, .. }) if text == low);
        let level = |t: Option<&Token>| matches!(t.map(|t| &t.tok), Some(Tok::Number(_)));
        match low {
            "con" if small && matches!(ahead(), Some((Cue::Label(_) | Cue::Trail, _))) => Some(Cue::Filler),
            "en" if small && level(self.token(1)) => Some(Cue::At),
            _ => None,
        }
    }

    /// "AAPL trims production target", "Morgan Stanley cuts TSLA target to 350": somebody else, told in the third person.
    fn headline(&self, low: &str) -> bool {
        const DEEDS: [&str; 21] = [
            "trims", "cuts", "adds", "closes", "exits", "raises", "lowers", "lifts", "hikes", "boosts",
            "sells", "buys", "opens", "reduces", "slashes", "drops", "expands", "ups", "keeps", "sets",
            "upgrades",
        ];
        if !DEEDS.contains(&low) {
            return false;
        }
        let line = || self.out.iter().rev().take(30).take_while(|i| !i.newline());
        let silent = line().all(|i| i.verb().is_none() && i.figure().is_none() && i.label().is_none());
        let named = self.out.last().is_some_and(|i| i.symbol().is_some());
        let thing = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Word { text, dollar: false, .. })
            if vocabulary::phrase(self.tokens.get(self.at + 1..).unwrap_or(&[])).is_none()
                && symbol::candidate(self.symbols, text, false).is_none());
        if silent && named && thing {
            return true;
        }
        // A bank speaks of another name's target.
        let who = line().any(|i| i.word() || i.symbol().is_some());
        let target = self
            .tokens
            .iter()
            .skip(self.at + 2)
            .take(3)
            .any(|t| matches!(t.low(), "target" | "pt" | "tp"));
        silent && who && self.named(1) && target
    }

    /// "That NVDA long at 176": a trade everybody knows of, where no order comes before it.
    fn recalled(&self) -> bool {
        let held = self.token(2).is_some_and(|t| {
            matches!(
                t.low(),
                "long"
                    | "short"
                    | "trade"
                    | "call"
                    | "calls"
                    | "put"
                    | "puts"
                    | "alert"
                    | "entry"
                    | "play"
                    | "position"
                    | "swing"
                    | "scalp"
            )
        });
        held && self.named(1) && !self.line().any(|i| i.verb().is_some())
    }

    /// "AMD cut its forecast", "COIN sold 5% of its BTC": a company does something to what it owns.
    fn things(&self) -> bool {
        const OWN: [&str; 9] = [
            "stop", "stops", "sl", "position", "target", "targets", "tp", "limit", "size",
        ];
        let acts = |i: &Item| {
            matches!(
                i.verb(),
                Some(
                    Verb::Close
                        | Verb::Reduce
                        | Verb::Sell
                        | Verb::Buy
                        | Verb::Add
                        | Verb::Move
                        | Verb::Enter
                        | Verb::Cancel
                )
            )
        };
        let between = |i: &Item| {
            i.figure().is_some()
                || matches!(
                    i.kind,
                    Kind::Percent(_) | Kind::Cue(Cue::Of | Cue::Share(_) | Cue::Filler | Cue::All)
                )
        };
        let mut back = self.out.iter().rev().skip_while(|i| between(i));
        let acted = back.next().is_some_and(acts);
        // COIN is the word of a field as well.
        let named = back
            .next()
            .is_some_and(|i| i.symbol().is_some() || i.label() == Some(Label::Symbol));
        let word = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Word { .. }));
        acted && named && word && self.token(1).is_some_and(|t| !OWN.contains(&t.low()))
    }

    /// "TSLA short from 412 now at 400", "short TSLA 412, now 400": the price of an order and where it stands now.
    fn drifted(&self) -> bool {
        let mut back = self.out.iter().rev();
        let mut last = back.next();
        if last.is_some_and(|i| i.is(',') || i.is('-') || i.is('(')) {
            last = back.next();
        }
        let Some(before) = last.and_then(Item::figure).filter(|f| !f.signed) else {
            return false;
        };
        let link = usize::from(
            self.token(1)
                .is_some_and(|t| t.is('@') || matches!(t.low(), "at" | "around" | "trading" | "near")),
        );
        let sided = self
            .line()
            .any(|i| matches!(i.verb(), Some(Verb::Long | Verb::Short | Verb::Buy)));
        let named = self.line().any(|i| i.symbol().is_some() && !i.optional());
        let near = |now: Decimal| {
            let (low, high) = (before.value.min(now), before.value.max(now));
            low > Decimal::ZERO && low != high && low.checked_add(low).is_some_and(|twice| high < twice)
        };
        let stopped = self
            .line()
            .any(|i| matches!(i.label(), Some(Label::Stop | Label::Target)));
        let rest = self.tokens.iter().skip(self.at + 2 + link).take(12);
        let mut rest = rest.take_while(|t| t.tok != Tok::Newline);
        let goes_on = rest.any(|t| matches!(t.low(), "sl" | "stop" | "tp" | "target" | "targets" | "pt"));
        sided && named && !stopped && !goes_on && self.written(1 + link).is_some_and(near)
    }
}

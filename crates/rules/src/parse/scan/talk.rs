//! Decides on levels and counts said in plain speech: "I'll sell into 360", "hold for 1.05", "wrong if we lose 62", "in 8 of them".
//! Refuses them where no order stands before that they can belong to.

use super::*;

/// How far back the order may stand.
const REACH: usize = 40;

/// Words that lead to a level at which something is sold: "into 360".
const LINKS: [&str; 8] = ["into", "at", "around", "near", "above", "over", "below", "under"];

impl Scanner<'_> {
    /// The cue such words amount to, and the tokens they take.
    pub(super) fn spoken(&self, low: &str) -> Option<(Cue, usize)> {
        match low {
            "took" | "taking" | "take" if self.takes_down() => Some((Cue::Verb(Verb::Cancel, false), 1)),
            "i'll" | "ill" | "we'll" | "taking" | "takin" | "take" | "scaling" | "scale" | "trimming"
            | "trim" | "booking" | "book" | "banking" | "bank" | "unloading" | "selling" | "covering"
            | "profits" | "paying" => self.leaves(),
            "hold" | "holding" | "ride" | "riding" | "gunning" | "shooting" | "playing" | "play" => {
                self.rides()
            }
            "paid" if self.spent() => Some((Cue::Guard(Guard::Chat), 2)),
            "paid" | "get" | "getting" | "gets" => self.paid(low),
            "i'm" | "im" | "we're" => {
                if self.given_up() {
                    return Some((Cue::Filler, 2));
                }
                let gone = self
                    .token(1)
                    .is_some_and(|t| matches!(t.low(), "out" | "wrong" | "gone"));
                let (cue, taken) = if gone { self.away(1)? } else { return None };
                Some((cue, taken))
            }
            "out" | "exit" | "wrong" | "done" | "bail" | "cut" | "cutting" | "gone" | "bailing" | "dead" => {
                self.away(0)
            }
            "in" => self.enters_some(),
            "more" => self.adds().then_some((Cue::More, 1)),
            "another" => {
                let led = self.out.last().is_some_and(|i| i.verb().is_some());
                (led && self.level(1) && self.adds()).then_some((Cue::More, 1))
            }
            "goal" | "goals" => {
                let field = self.token(1).is_some_and(|t| t.is(':') || t.is('='));
                (field || self.level(1)).then_some((Cue::Label(Label::Target), 1))
            }
            "fading" | "fade" => {
                let named = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Word { text, dollar, .. }) if *dollar
                    || symbol::candidate(self.symbols, text, false).is_some_and(|t| t.grade <= Grade::Known));
                (named && self.stops_ahead()).then_some((Cue::Verb(Verb::Enter, false), 1))
            }
            "put" | "putting" => self
                .puts_on()
                .then_some((Cue::Verb(Verb::Enter, low == "put"), 2)),
            "if" => self.given(),
            "a" | "an" => self.bought_thing().then_some((Cue::Guard(Guard::Chat), 1)),
            "follow" => {
                let forbidden = self.out.last().is_some_and(|i| i.is_cue(Cue::Negation));
                forbidden.then_some((Cue::Noun, 1))
            }
            "kill" | "killing" | "killed" | "nuke" | "nuking" | "yank" | "yanking" | "yanked" | "axe"
            | "nix" | "nixing" | "nixed" | "axing" | "drop" | "dropping" | "dropped" => self
                .withdraws()
                .then_some((Cue::Verb(Verb::Cancel, low.ends_with("ed")), 1)),
            _ => None,
        }
    }

    fn level(&self, ahead: usize) -> bool {
        matches!(self.token(ahead).map(|t| &t.tok), Some(Tok::Number(d)) if matches!(d.suffix, Suffix::None | Suffix::Thousand))
    }

    /// One level or a list of them starts there, and no unit makes them something else: "hold for 3-5 days".
    fn levels(&self, from: usize) -> bool {
        const MOST: usize = 6;
        let mut at = from;
        for _ in 0..MOST {
            if !self.level(at) {
                return false;
            }
            let joined = self.token(at + 1).is_some_and(|t| {
                matches!(t.tok, Tok::Mark('/' | '-' | '&' | ',' | '+'))
                    || matches!(t.low(), "and" | "then" | "to")
            });
            if !joined || !self.level(at + 2) {
                break;
            }
            at += 2;
        }
        self.token(at + 1).is_none_or(|t| {
            matches!(t.tok, Tok::Newline | Tok::Emoji(_))
                || matches!(t.tok, Tok::Mark(m) if !matches!(m, '?' | '%' | ':'))
                || matches!(
                    t.low(),
                    "and" | "with" | "stop" | "sl" | "or" | "but" | "cut" | "then"
                )
        })
    }

    /// The side of the order before and its last price that no label claims: an opening verb with a number behind it,
    /// and no word that leaves or moves.
    fn order(&self) -> Option<(bool, Option<Decimal>)> {
        let mut price: Option<(Decimal, bool)> = None;
        let (mut seen, mut long) = (false, None);
        let (mut sided, mut behind): (Option<bool>, Option<&Item>) = (None, None);
        for (back, item) in self.out.iter().rev().take(REACH).enumerate() {
            if let Some(figure) = item.figure() {
                seen = true;
                let before = self.out.iter().rev().nth(back + 1);
                let labelled = before.and_then(Item::label).is_some_and(|l| l != Label::Entry);
                let counts = behind.is_some_and(|b| b.symbol().is_some() || b.is_cue(Cue::Unit));
                let stated = before.is_some_and(|b| b.is_cue(Cue::At));
                if !labelled && !counts && price.is_none_or(|(_, sure)| stated && !sure) {
                    price = Some((figure.value, stated));
                }
            }
            match item.verb() {
                Some(Verb::Short | Verb::SellOpen) if seen => long = Some(false),
                Some(Verb::Long) if seen => (long, sided) = (Some(true), Some(true)),
                Some(Verb::Buy | Verb::BuyOpen | Verb::Enter | Verb::Add) if seen => {
                    long = Some(long.unwrap_or(true));
                }
                Some(_) => return None,
                None => {}
            }
            behind = Some(item);
        }
        Some((sided.or(long)?, price.map(|(p, _)| p)))
    }

    /// "I'll sell into 360", "takin profits into 190 and 196", "take it off at 118,400".
    fn leaves(&self) -> Option<(Cue, usize)> {
        const VERBS: [&str; 27] = [
            "sell",
            "selling",
            "trim",
            "trimming",
            "take",
            "taking",
            "takin",
            "scale",
            "scaling",
            "book",
            "booking",
            "bank",
            "banking",
            "unload",
            "unloading",
            "cover",
            "covering",
            "exit",
            "lighten",
            "sellin",
            "dump",
            "close",
            "be",
            "peel",
            "start",
            "profits",
            "paying",
        ];
        const PARTS: [&str; 17] = [
            "profit",
            "profits",
            "gains",
            "some",
            "it",
            "them",
            "off",
            "out",
            "up",
            "money",
            "the",
            "my",
            "trimming",
            "selling",
            "taking",
            "myself",
            "ourselves",
        ];
        let mut at = usize::from(matches!(self.token(0)?.low(), "i'll" | "ill" | "we'll"));
        at += usize::from(
            at == 1
                && self
                    .token(1)
                    .is_some_and(|t| matches!(t.low(), "then" | "probably")),
        );
        if !VERBS.contains(&self.token(at)?.low()) {
            return None;
        }
        at += 1;
        let first = at;
        while at < first + 4 && self.token(at).is_some_and(|t| PARTS.contains(&t.low())) {
            at += 1;
        }
        let link = self.token(at)?;
        if !(link.is('@') || LINKS.contains(&link.low())) || !self.levels(at + 1) {
            return None;
        }
        self.order()?;
        Some((Cue::Label(Label::Target), at + 1))
    }

    /// "hold for 1.05 & 1.30", "riding it to 96".
    fn rides(&self) -> Option<(Cue, usize)> {
        let object = usize::from(
            self.token(1)
                .is_some_and(|t| matches!(t.low(), "it" | "them" | "this" | "these")),
        );
        let link = self.token(1 + object)?.low();
        let led = matches!(link, "for" | "to" | "till" | "til" | "until" | "into");
        (led && self.levels(2 + object) && self.order().is_some())
            .then_some((Cue::Label(Label::Target), 2 + object))
    }

    /// "paid myself 500 from the gains": money, not a count.
    fn spent(&self) -> bool {
        let own = self
            .token(1)
            .is_some_and(|t| matches!(t.low(), "myself" | "ourselves"));
        let counted = self.token(3).is_some_and(|t| {
            t.is('%')
                || t.is('/')
                || matches!(
                    t.low(),
                    "of" | "percent" | "pct" | "shares" | "contracts" | "cons"
                )
        });
        own && matches!(self.token(2).map(|t| &t.tok), Some(Tok::Number(_))) && !counted
    }

    /// "wrong below 0.6580, paid at 0.6675": beside a stop the words name the target.
    fn paid(&self, low: &str) -> Option<(Cue, usize)> {
        let lead = usize::from(low != "paid");
        if lead == 1 && self.token(1)?.low() != "paid" {
            return None;
        }
        let link = self.token(1 + lead)?;
        let led = link.is('@') || LINKS.contains(&link.low());
        let back = self.out.iter().rev().take(12);
        let stopped = back.into_iter().any(|i| i.label() == Some(Label::Stop));
        (led && stopped && self.levels(2 + lead) && self.order().is_some())
            .then_some((Cue::Label(Label::Target), 2 + lead))
    }

    /// "out if we see 1.30", "wrong if we lose 62", "cut below 0.70": where the order is wrong, or reaches what it was for.
    fn away(&self, lead: usize) -> Option<(Cue, usize)> {
        const WORDS: [&str; 39] = [
            "if", "on", "once", "when", "it", "we", "price", "closes", "breaks", "drops", "goes", "trades",
            "a", "is", "close", "break", "daily", "any", "see", "sees", "hits", "hit", "touches", "touch",
            "prints", "tags", "tag", "gets", "back", "to", "through", "this", "them", "the", "falls", "they",
            "anything", "for", "out",
        ];
        const LONGEST: usize = 6;
        let (mut below, mut bound) = (None, false);
        let mut at = 1 + lead;
        while at <= LONGEST + lead {
            match self.token(at)?.low() {
                "under" | "below" | "loses" | "lost" | "lose" => below = Some(true),
                "over" | "above" => below = Some(false),
                link if WORDS.contains(&link) => bound |= matches!(link, "if" | "when" | "once"),
                _ => break,
            }
            at += 1;
        }
        // "bail at 1.90"
        let cuts = matches!(
            self.token(lead).map_or("", Token::low),
            "cut" | "cutting" | "bail" | "bailing"
        );
        let stated = cuts && self.token(at).is_some_and(|t| t.low() == "at" || t.is('@'));
        at += usize::from(stated);
        // "out if 3.00 prints"
        let met = bound
            && self.token(at + 1).is_some_and(|t| {
                matches!(
                    t.low(),
                    "prints" | "breaks" | "goes" | "trades" | "hits" | "gives" | "fails" | "is"
                )
            });
        if !(below.is_some() || bound || stated) || !self.level(at) || !(met || self.levels(at)) {
            return None;
        }
        let (long, price) = self.order()?;
        let below = match below {
            Some(below) => below,
            None => self.written(at)? < price?,
        };
        let label = if below == long { Label::Stop } else { Label::Target };
        Some((Cue::Label(label), at))
    }

    fn written(&self, ahead: usize) -> Option<Decimal> {
        match &self.token(ahead)?.tok {
            Tok::Number(digits) => match (self.habit.read(&digits.text), digits.suffix) {
                (Meaning::One(value), Suffix::Thousand) => value.checked_mul(Decimal::ONE_THOUSAND),
                (Meaning::One(value), _) => Some(value),
                _ => None,
            },
            _ => None,
        }
    }

    fn line(&self) -> impl Iterator<Item = &Item> {
        let back = self.out.iter().rev().take(REACH);
        back.take_while(|i| i.kind != Kind::Newline)
    }

    /// "200 shares of $T in at 28.75": something counted, marked or with a stop, at its price and without another verb.
    /// "TSLA 12/18 400s at 7.10, in 3 of these": so many of the contract that was named.
    fn enters_some(&self) -> Option<(Cue, usize)> {
        const THEM: [&str; 5] = ["them", "these", "those", "em", "'em"];
        if self.line().any(|i| i.verb().is_some()) {
            return None;
        }
        let counted = self.level(1)
            && self.token(2).is_some_and(|t| t.low() == "of")
            && self.token(3).is_some_and(|t| THEM.contains(&t.low()));
        if counted {
            return self
                .line()
                .any(Item::optional)
                .then_some((Cue::Verb(Verb::Enter, false), 1));
        }
        if !(self.token(1).is_some_and(|t| t.low() == "at" || t.is('@')) && self.level(2)) {
            return None;
        }
        let mut beside = self
            .out
            .iter()
            .rev()
            .skip_while(|i| i.is(',') || i.is('|') || i.is('-'));
        let named = beside.next().is_some_and(|i| {
            i.symbol().is_some()
                || i.optional()
                || matches!(i.kind, Kind::Expiry(_) | Kind::Slashed(..) | Kind::Cue(Cue::Unit))
        });
        let certain = self.line().any(|i| {
            i.optional() || i.is_cue(Cue::Unit) || i.symbol().is_some_and(|t| t.grade == Grade::Marked)
        }) || self.stops_ahead();
        (named && certain).then_some((Cue::Priced(Verb::Enter), 2))
    }

    /// "BTO 4 more UBER": a count or nothing stands between an opening verb and the word.
    fn adds(&self) -> bool {
        let mut back = self
            .out
            .iter()
            .rev()
            .take(4)
            .skip_while(|i| i.is_cue(Cue::Filler) || i.figure().is_some_and(|f| f.whole && !f.money));
        let opens = back.next().is_some_and(|i| {
            matches!(
                i.verb(),
                Some(Verb::BuyOpen | Verb::SellOpen | Verb::Buy | Verb::Long | Verb::Short | Verb::Enter)
            )
        });
        opens && self.token(1).is_some_and(|t| !matches!(t.tok, Tok::Newline))
    }

    /// "took my INTC buy order down".
    fn takes_down(&self) -> bool {
        const ORDERS: [&str; 6] = ["order", "orders", "bid", "bids", "limit", "offer"];
        let ahead = self.tokens.iter().skip(self.at + 1).take(6);
        let words: Vec<&str> = ahead.map(Token::low).take_while(|w| !w.is_empty()).collect();
        let order = words.iter().position(|w| ORDERS.contains(w));
        order.is_some_and(|o| {
            words
                .get(o + 1)
                .is_some_and(|w| matches!(*w, "down" | "off" | "away"))
        })
    }

    /// "put on a small short in COIN": the side follows.
    fn puts_on(&self) -> bool {
        let on = self.token(1).is_some_and(|t| t.low() == "on");
        let ahead = self.tokens.iter().skip(self.at + 2).take(4);
        let mut ahead = ahead.take_while(|t| matches!(t.tok, Tok::Word { .. }));
        on && ahead.any(|t| matches!(t.low(), "long" | "short"))
    }

    /// "If it closes below 194 I'm out": the way out comes before its words.
    fn given(&self) -> Option<(Cue, usize)> {
        const LINKS: [&str; 12] = [
            "it", "we", "price", "this", "closes", "breaks", "drops", "goes", "trades", "close", "break",
            "falls",
        ];
        let mut at = 1;
        while at <= 4 && self.token(at).is_some_and(|t| LINKS.contains(&t.low())) {
            at += 1;
        }
        let below = match self.token(at)?.low() {
            "below" | "under" => true,
            "above" | "over" => false,
            _ => return None,
        };
        let comma = usize::from(self.token(at + 2).is_some_and(|t| t.is(',')));
        let who = self.token(at + 2 + comma)?.low();
        let gone = self.token(at + 3 + comma)?.low();
        let leaves =
            matches!(who, "i'm" | "im" | "we're") && matches!(gone, "out" | "wrong" | "done" | "gone");
        if !(leaves && self.level(at + 1)) {
            return None;
        }
        let (long, _) = self.order()?;
        (long == below).then_some((Cue::Label(Label::Stop), at + 1))
    }

    /// The words behind such a level.
    fn given_up(&self) -> bool {
        let gone = self
            .token(1)
            .is_some_and(|t| matches!(t.low(), "out" | "wrong" | "done" | "gone"));
        let back = self.out.iter().rev().skip_while(|i| i.is(','));
        let mut back = back.take(2);
        gone && back.next().is_some_and(|i| i.figure().is_some())
            && back.next().is_some_and(|i| i.label() == Some(Label::Stop))
            && self.token(2).is_none_or(|t| !matches!(t.low(), "of" | "at"))
    }

    /// "got myself a TSLA for 41,000": a thing, and not a share.
    fn bought_thing(&self) -> bool {
        let led = self
            .out
            .last()
            .is_some_and(|i| matches!(i.verb(), Some(Verb::Buy | Verb::Sell)));
        let share = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Word { text, .. })
            if symbol::candidate(self.symbols, text, false)
                .is_some_and(|t| t.asset != Some(ordercast_model::instrument::AssetClass::Crypto)));
        let paid = self.token(2).is_some_and(|t| matches!(t.low(), "for" | "at"));
        led && share && paid && self.level(3)
    }

    /// "kill my buy order on DAL", "yank the bid".
    fn withdraws(&self) -> bool {
        const ORDERS: [&str; 7] = ["order", "orders", "bid", "bids", "limit", "limits", "offer"];
        let ahead = self.tokens.iter().skip(self.at + 1).take(5);
        let mut ahead = ahead.take_while(|t| matches!(t.tok, Tok::Word { .. }));
        ahead.any(|t| ORDERS.contains(&t.low()))
    }
}

//! Decides on levels and counts said in plain speech: "I'll sell into 360", "hold for 1.05", "wrong if we lose 62", "in 8 of them".
//! Refuses them where no order stands before that they can belong to.

use super::*;

/// How far back the order may stand.
const REACH: usize = 40;

/// Words that lead to a level at which something is sold: "into 360".
const LINKS: [&str; 8] = ["into", "at", "around", "near", "above", "over", "below", "under"];

impl Scanner<'_> {
    pub(super) fn level(&self, ahead: usize) -> bool {
        matches!(self.token(ahead).map(|t| &t.tok), Some(Tok::Number(d)) if matches!(d.suffix, Suffix::None | Suffix::Thousand))
    }

    /// One level or a list of them starts there, and no unit makes them something else: "hold for 3-5 days".
    pub(super) fn levels(&self, from: usize) -> bool {
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
    pub(super) fn order(&self) -> Option<(bool, Option<Decimal>)> {
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
                // "AAPL short from 236.2. Cover at 230.5, ...": the level it is for.
                Some(Verb::BuyClose | Verb::SellClose | Verb::Close)
                    if seen && !item.past() && long.is_none() =>
                {
                    (seen, price) = (false, None);
                }
                Some(_) => return None,
                None => {}
            }
            behind = Some(item);
        }
        Some((sided.or(long)?, price.map(|(p, _)| p)))
    }

    /// "I'll sell into 360", "takin profits into 190 and 196", "take it off at 118,400".
    pub(super) fn leaves(&self) -> Option<(Cue, usize)> {
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
    pub(super) fn rides(&self) -> Option<(Cue, usize)> {
        let object = usize::from(
            self.token(1)
                .is_some_and(|t| matches!(t.low(), "it" | "them" | "this" | "these")),
        );
        let link = self.token(1 + object)?.low();
        let led = matches!(link, "for" | "to" | "till" | "til" | "until" | "into");
        (led && self.levels(2 + object) && self.order().is_some())
            .then_some((Cue::Label(Label::Target), 2 + object))
    }

    /// "wrong below 0.6580, paid at 0.6675": beside a stop the words name the target.
    pub(super) fn paid(&self, low: &str) -> Option<(Cue, usize)> {
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
    pub(super) fn away(&self, lead: usize) -> Option<(Cue, usize)> {
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

    pub(super) fn written(&self, ahead: usize) -> Option<Decimal> {
        match &self.token(ahead)?.tok {
            Tok::Number(digits) => match (self.habit.read(&digits.text), digits.suffix) {
                (Meaning::One(value), Suffix::Thousand) => value.checked_mul(Decimal::ONE_THOUSAND),
                (Meaning::One(value), _) => Some(value),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn line(&self) -> impl Iterator<Item = &Item> {
        let back = self.out.iter().rev().take(REACH);
        back.take_while(|i| !i.newline())
    }

    /// "If it closes below 194 I'm out": the way out comes before its words.
    pub(super) fn given(&self) -> Option<(Cue, usize)> {
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
    pub(super) fn given_up(&self) -> bool {
        let gone = self
            .token(1)
            .is_some_and(|t| matches!(t.low(), "out" | "wrong" | "done" | "gone"));
        let back = self.out.iter().rev().skip_while(|i| i.is(','));
        let mut back = back.take(2);
        gone && back.next().is_some_and(|i| i.figure().is_some())
            && back.next().is_some_and(|i| i.label() == Some(Label::Stop))
            && self.token(2).is_none_or(|t| !matches!(t.low(), "of" | "at"))
    }
}

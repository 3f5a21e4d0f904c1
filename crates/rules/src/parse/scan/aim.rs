//! Decides on words that name a level by what it is for: "looking for 143.5", "out under 12.40", "take 85,200", "ladder buys 1.95".
//! Refuses them without an order before that they can belong to.

use super::*;

/// How far back the order may stand.
const REACH: usize = 40;

impl Scanner<'_> {
    /// The cue such words amount to, and the tokens they take.
    pub(super) fn aimed(&self, low: &str) -> Option<(Cue, usize)> {
        let target = Cue::Label(Label::Target);
        match low {
            "looking" | "aiming" => self.aims().then_some((target, 2)),
            "take" if self.takes() => Some((target, 1)),
            "take" | "taking" | "took" if self.takes_off() => {
                Some((Cue::Verb(Verb::Reduce, low == "took"), 1))
            }
            "raises" | "lifts" | "hikes" | "boosts" | "lowers" | "cuts" | "trims" | "ups" if self.rates() => {
                Some((Cue::Guard(Guard::News), 1))
            }
            "accumulating" if self.named(1) => Some((Cue::Verb(Verb::Buy, false), 1)),
            "is" if self.levelled() => Some((Cue::To, 2)),
            "close" | "closes" | "closing" if self.candle() => Some((Cue::Filler, 1)),
            "take" if self.part_taken() => Some((Cue::Verb(Verb::Reduce, false), 3)),
            "out" | "exit" | "wrong" | "done" | "bail" => self.way_out(),
            "ladder" | "laddered" | "scaled" | "staggered" | "layered" | "stacked" | "dca" | "bid"
            | "buy" | "sell" | "bids" | "buys" => self.several(low),
            _ => None,
        }
    }

    fn price(&self, ahead: usize) -> bool {
        matches!(self.token(ahead).map(|t| &t.tok), Some(Tok::Number(d)) if matches!(d.suffix, Suffix::None | Suffix::Thousand))
    }

    /// Nothing follows that would make the number a part of a longer saying.
    fn ends(&self, ahead: usize) -> bool {
        self.token(ahead).is_none_or(|t| {
            matches!(t.tok, Tok::Newline | Tok::Emoji(_))
                || matches!(t.tok, Tok::Mark(m) if m != '?' && m != '%')
        })
    }

    /// The side of the order before: an opening verb with a number behind it, and no word that leaves or moves.
    fn opened(&self) -> Option<bool> {
        let (mut priced, mut long) = (false, None);
        for item in self.out.iter().rev().take(REACH) {
            priced |= item.figure().is_some();
            match item.verb() {
                Some(Verb::Buy | Verb::BuyOpen | Verb::Long | Verb::Enter) if priced => long = Some(true),
                Some(Verb::Short | Verb::SellOpen) if priced => long = Some(false),
                Some(_) => return None,
                None => {}
            }
        }
        long
    }

    fn stopped(&self) -> bool {
        let line = self.out.iter().rev().take(12);
        line.into_iter().any(|i| i.label() == Some(Label::Stop))
    }

    /// "stop 139.8, looking for 143.5": beside a stop or under an order the words name the target.
    fn aims(&self) -> bool {
        let line = || {
            let back = self.out.iter().rev().take(12);
            back.take_while(|i| !i.newline())
        };
        let stop = line().any(|i| i.label() == Some(Label::Stop));
        self.token(1).is_some_and(|t| t.low() == "for")
            && self.price(2)
            && (stop || self.ends(3) && self.opened().is_some())
    }

    /// "sell 87,950 stop 89,100 take 85,200", `Take: 0.8130`.
    fn takes(&self) -> bool {
        let colon = usize::from(self.token(1).is_some_and(|t| t.is(':') || t.is('=')));
        let moved = self.out.iter().rev().take(REACH);
        let moved = moved.into_iter().any(|i| i.verb() == Some(Verb::Move));
        let counts =
            matches!(self.token(1 + colon).map(|t| &t.tok), Some(Tok::Number(d)) if d.text.len() == 1);
        self.price(1 + colon)
            && !counts
            && !moved
            && (colon == 1 || (self.ends(2) || self.price(2)) && self.stopped())
    }

    /// "took 2 off at 3.40": so many are sold.
    fn takes_off(&self) -> bool {
        let count = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Number(d)) if d.suffix == Suffix::None
            && !d.money && d.text.len() <= 4 && d.text.bytes().all(|b| b.is_ascii_digit()));
        const AFTER: [&str; 10] = ["at", "here", "the", "my", "our", "of", "for", "on", "now", "and"];
        let goes_on = self.token(3).is_none_or(|t| match &t.tok {
            Tok::Word {
                text, low, dollar, ..
            } => {
                *dollar
                    || AFTER.contains(&low.as_str())
                    || symbol::candidate(self.symbols, text, false).is_some()
            }
            Tok::Mark(_) | Tok::Newline | Tok::Emoji(_) => true,
            _ => false,
        });
        count && goes_on && self.token(2).is_some_and(|t| t.low() == "off")
    }

    /// "invalid on a daily close under 11.40": where a candle ends.
    fn candle(&self) -> bool {
        let ends = self
            .token(1)
            .is_some_and(|t| matches!(t.low(), "below" | "under" | "beneath" | "above" | "over"));
        let back = self.out.iter().rev().take(6);
        let mut back = back.take_while(|i| i.figure().is_none() && !i.newline());
        ends && back.any(|i| i.label() == Some(Label::Stop))
    }

    /// "take profit on half LTC at 91".
    fn part_taken(&self) -> bool {
        let named = self
            .token(1)
            .is_some_and(|t| matches!(t.low(), "profit" | "profits"));
        let on = self.token(2).is_some_and(|t| t.low() == "on");
        let behind = self.tokens.get(self.at + 3..).unwrap_or(&[]);
        let per_cent = self.level(3) && self.token(4).is_some_and(|t| t.is('%'));
        named && on && (per_cent || matches!(vocabulary::phrase(behind), Some((Cue::Share(_), _))))
    }

    /// "TP for NVDA is now 198": a level and where it goes.
    fn levelled(&self) -> bool {
        let line = self.out.iter().rev().take(6);
        let mut line = line.take_while(|i| !i.newline());
        let behind = self.tokens.get(self.at + 2..).unwrap_or(&[]);
        self.token(1).is_some_and(|t| t.low() == "now")
            && !self.rated()
            && (self.price(2) && self.ends(3)
                || matches!(vocabulary::phrase(behind), Some((Cue::BreakEven, _))))
            && line.any(|i| matches!(i.label(), Some(Label::Stop | Label::Target)))
    }

    /// "NVDA PT is now 210": banks speak of price targets.
    fn rated(&self) -> bool {
        let back = self.tokens.iter().take(self.at).rev().take(6);
        back.into_iter()
            .any(|t| matches!(t.low(), "pt" | "pts" | "price"))
    }

    /// "MS raises NVDA PT to 210".
    fn rates(&self) -> bool {
        let ahead = self.tokens.iter().skip(self.at + 1).take(4);
        ahead.into_iter().any(|t| matches!(t.low(), "pt" | "price"))
    }

    /// "out under 12.40", "exit if it loses 86": where a long is wrong, or reaches what it was for.
    fn way_out(&self) -> Option<(Cue, usize)> {
        const LINKS: [&str; 18] = [
            "if", "on", "once", "when", "it", "we", "price", "closes", "breaks", "drops", "goes", "trades",
            "a", "is", "close", "break", "daily", "any",
        ];
        const LONGEST: usize = 6;
        let long = self.opened()?;
        let mut below = None;
        let mut at = 1;
        while at <= LONGEST {
            let token = self.token(at)?;
            match token.low() {
                "under" | "below" | "loses" | "lost" => below = Some(true),
                "over" | "above" => below = Some(false),
                link if LINKS.contains(&link) => {}
                _ => break,
            }
            at += 1;
        }
        let below = below?;
        (self.price(at) && self.ends(at + 1)).then_some((
            Cue::Label(if below == long { Label::Stop } else { Label::Target }),
            at,
        ))
    }

    /// `ladder buys 1.95 / 1.88`, `Buy orders: 12.40, 11.90`: several orders as a noun, at the head of its part.
    fn several(&self, low: &str) -> Option<(Cue, usize)> {
        let on = self.token(1).is_some_and(|t| matches!(t.low(), "on" | "in"));
        let starts = self.out.last().is_none_or(|i| {
            matches!(
                i.kind,
                Kind::Newline | Kind::Mark('.' | '!' | ':') | Kind::Emoji(_) | Kind::Cue(Cue::Filler)
            )
        });
        if matches!(low, "bids" | "buys") && on && starts && self.stops_ahead() {
            // "Bids on ADA at .412 and .398, stop under .38"
            return Some((Cue::Verb(Verb::Buy, false), 2));
        }
        let alone = usize::from(!matches!(low, "bids" | "buys"));
        let noun = self.token(1).map_or("", Token::low);
        let verb = match (low, noun) {
            ("buy", "orders" | "ladder" | "limits" | "bids") | ("bid", "ladder") => Verb::Buy,
            ("sell", "orders" | "ladder" | "limits") => Verb::Sell,
            ("bids" | "buys", "") if self.token(1).is_some_and(|t| t.is(':')) => Verb::Buy,
            ("buy" | "sell" | "bid" | "bids" | "buys", _) => return None,
            (_, "buys" | "bids" | "longs") => Verb::Buy,
            (_, "sells" | "offers" | "shorts") => Verb::Sell,
            _ => return None,
        };
        let linked = usize::from(
            self.token(1 + alone)
                .is_some_and(|t| t.is(':') || t.is('-') || t.is('@') || t.low() == "at"),
        );
        let free = self.out.last().is_none_or(|i| {
            matches!(
                i.kind,
                Kind::Newline | Kind::Symbol(_) | Kind::Mark(_) | Kind::Emoji(_) | Kind::Cue(Cue::Filler)
            )
        });
        // What others bid in a book has no stop.
        let book = matches!(low, "buy" | "sell" | "bid" | "bids" | "buys");
        (free && self.price(1 + alone + linked) && (!book || self.stopped() || self.stops_ahead()))
            .then_some((Cue::Priced(verb), 1 + alone))
    }

    /// A stop is named further on.
    pub(super) fn stops_ahead(&self) -> bool {
        const REACH: usize = 40;
        let ahead = self.tokens.get(self.at..).unwrap_or(&[]).windows(2).take(REACH);
        ahead.into_iter().any(|pair| {
            let [stop, next] = pair else { return false };
            let field = matches!(next.tok, Tok::Number(_) | Tok::Mark(':' | '=' | '-'))
                || matches!(next.low(), "loss" | "under" | "below");
            field
                && matches!(
                    stop.low(),
                    "stop" | "sl" | "stoploss" | "stops" | "invalidation" | "s.l" | "стоп"
                )
        })
    }
}

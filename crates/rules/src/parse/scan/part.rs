//! Decides on words that take off, keep or close a part: "half off at 71.2", "60% of LINK closed", "keeping 2 runners".
//! Refuses to weigh how large the part is.

use super::*;

impl Scanner<'_> {
    /// "Closed 3 trades today": a count of trades, and none of them.
    pub(super) fn counted_trades(&self) -> bool {
        let count = self.token(1).is_some_and(|t| {
            matches!(t.tok, Tok::Number(_))
                || matches!(t.low(), "two" | "three" | "four" | "five" | "several")
        });
        let word = |ahead: usize| {
            self.token(ahead).is_some_and(|t| {
                matches!(
                    t.low(),
                    "trades" | "winners" | "losers" | "signals" | "setups" | "positions"
                )
            })
        };
        let told = |ahead: usize| {
            self.token(ahead)
                .is_some_and(|t| matches!(t.low(), "today" | "this" | "so"))
        };
        count && word(2) && told(3)
    }

    /// "LONG ADA 0.86 or SHORT DOT 3.98": a choice and no order.
    pub(super) fn alternative(&self) -> bool {
        let sided = self
            .token(1)
            .is_some_and(|t| matches!(t.low(), "long" | "short" | "buy" | "sell" | "bto"));
        sided && self.named(2)
    }

    /// `Closed this week` in a line of its own above what it lists.
    pub(super) fn period_heads(&self) -> bool {
        const PERIODS: [&str; 9] = [
            "this",
            "week",
            "today",
            "yesterday",
            "month",
            "last",
            "so",
            "far",
            "the",
        ];
        let starts = self.out.iter().rev().take_while(|i| !i.newline());
        let bare = starts
            .into_iter()
            .all(|i| matches!(i.kind, Kind::Emoji(_) | Kind::Mark(_)));
        let words = self.tokens.iter().skip(self.at + 1).take(PERIODS.len());
        let words = words.take_while(|t| PERIODS.contains(&t.low())).count();
        let after = self.token(1 + words);
        let below = usize::from(after.is_some_and(|t| t.is(':')));
        let listed = self.token(2 + words + below).is_some();
        bare && words > 0 && (below == 1 || after.is_some_and(|t| t.tok == Tok::Newline)) && listed
    }

    /// "half off at 71.2": a part named first and nothing but marks or an order's words after it.
    pub(super) fn taken_off(&self) -> bool {
        // "half of the TAO long off at 348": the name stands between.
        let named = |i: &Item| {
            i.symbol().is_some()
                || i.optional()
                || matches!(
                    i.kind,
                    Kind::Expiry(_)
                        | Kind::Slashed(..)
                        | Kind::Relative(_)
                        | Kind::Cue(Cue::Of | Cue::Filler | Cue::Verb(Verb::Long | Verb::Short, false))
                )
        };
        let mut name = self.out.iter().rev().take(8).take_while(|i| named(i)).count();
        let back = |n: usize| self.out.iter().rev().nth(n);
        let share = back(name).is_some_and(|i| matches!(i.kind, Kind::Cue(Cue::Share(_)) | Kind::Percent(_)));
        let fraction = |i: &Item| matches!(i.kind, Kind::Slashed(a, b) if a < b && b <= 10);
        let of = name > 1 && back(name - 2).is_some_and(|i| i.is_cue(Cue::Of));
        let parted = !share && of && back(name - 1).is_some_and(fraction);
        name -= usize::from(parted);
        let whose = || self.out.iter().rev().take(name);
        let owned =
            whose().any(|i| i.symbol().is_some()) && whose().next_back().is_some_and(|i| i.verb().is_none());
        let bare = name == 0 && back(0).is_some_and(|i| matches!(i.kind, Kind::Cue(Cue::Share(_))));
        let line = self.out.iter().rev().skip(1 + name).take(40);
        let mut line = line.take_while(|i| !i.newline());
        let ended = |ahead: usize| {
            self.token(ahead).is_none_or(|t| {
                matches!(t.tok, Tok::Newline | Tok::Mark(_) | Tok::Emoji(_))
                    || matches!(t.low(), "here" | "now" | "and")
            })
        };
        // "half off LINK 14.1", and not "half off TSLA 2024 models"
        let link = usize::from(self.token(2).is_some_and(|t| t.is('@') || t.low() == "at"));
        let paid = if self.level(2 + link) {
            ended(3 + link)
        } else {
            ended(2) && link == 0
        };
        // "30% off COIN here, 318.5"
        let off = name == 0 && back(0).is_some_and(|i| matches!(i.kind, Kind::Percent(_)));
        let told = self
            .token(2)
            .is_some_and(|t| matches!(t.low(), "here" | "now") || t.is('@') || t.low() == "at");
        let point = 3 + usize::from(
            self.token(3)
                .is_some_and(|t| t.is(',') || t.is('@') || t.low() == "at"),
        );
        let opens =
            back(1).is_none_or(|i| matches!(i.kind, Kind::Newline | Kind::Mark('.' | '!') | Kind::Emoji(_)));
        let coin = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Word { text, .. }) if text == "COIN");
        if off && opens && told && (coin || self.named(1)) && self.level(point) && ended(point + 1) {
            return true;
        }
        let priced = bare && self.named(1) && paid && self.token(2).is_some();
        let ends = priced
            || self.token(1).is_none_or(|t| {
                matches!(t.tok, Tok::Newline | Tok::Mark(_) | Tok::Emoji(_))
                    || matches!(t.low(), "at" | "here" | "now" | "and")
            });
        (bare || owned && (share || parted)) && ends && !line.any(|i| i.verb().is_some())
    }

    /// "60% of LINK closed at 14.1": a share of what is named.
    pub(super) fn part_closed(&self) -> bool {
        let stated = self.token(1).is_none_or(|t| {
            matches!(t.tok, Tok::Newline | Tok::Number(_)) || t.is('@') || matches!(t.low(), "at" | "here")
        });
        let mut back = self.out.iter().rev();
        let named = stated && back.next().is_some_and(|i| i.symbol().is_some());
        let mut back = back.skip_while(|i| i.is_cue(Cue::Of) || i.is_cue(Cue::Filler));
        named
            && back
                .next()
                .is_some_and(|i| matches!(i.kind, Kind::Percent(_) | Kind::Cue(Cue::Share(_))))
    }

    /// "BTC short closed at 86,200": the side is a noun, and the price says that it is done.
    pub(super) fn side_closed(&self) -> bool {
        let link = usize::from(
            self.token(1)
                .is_some_and(|t| t.is('@') || matches!(t.low(), "at" | "for")),
        );
        let mut back = self.out.iter().rev();
        let sided = back
            .next()
            .is_some_and(|i| matches!(i.verb(), Some(Verb::Long | Verb::Short)) && !i.past());
        let named = back.next().is_some_and(|i| i.symbol().is_some());
        // "ETH/USDT long closed at 3,120 (+4.2%)" tells of the result.
        let result = (3..9).any(|n| self.token(n).is_some_and(|t| t.is('%') || t.is('+')));
        link == 1 && sided && named && self.level(2) && !result
    }

    /// "took LINK profits": the name stands inside the words.
    pub(super) fn profits_taken(&self) -> bool {
        let mut back = self.out.iter().rev();
        let named = back.next().is_some_and(|i| i.symbol().is_some());
        named && back.next().is_some_and(|i| i.verb() == Some(Verb::Take))
    }

    /// Whether words after a sale say that a part is kept: "keeping 2 runners", "holding the rest".
    pub(super) fn keeps(&self) -> bool {
        const PARTS: [&str; 14] = [
            "rest",
            "other",
            "others",
            "runner",
            "runners",
            "remaining",
            "remainder",
            "last",
            "half",
            "few",
            "some",
            "one",
            "two",
            "three",
        ];
        let sold = self
            .out
            .iter()
            .rev()
            .take(30)
            .take_while(|i| !i.newline())
            .any(|i| {
                matches!(
                    i.verb(),
                    Some(
                        Verb::Sell
                            | Verb::SellClose
                            | Verb::BuyClose
                            | Verb::Close
                            | Verb::Reduce
                            | Verb::Take
                    )
                )
            });
        const SOLD: [&str; 6] = ["sold", "closed", "stc", "selling", "closing", "trimmed"];
        // "leaving 10% runner on LINK, sold the rest"
        let line = self.tokens.iter().skip(self.at + 1).take(12);
        let mut line = line.take_while(|t| t.tok != Tok::Newline);
        let sold = sold || line.any(|t| SOLD.contains(&t.low()));
        let small = matches!(self.token(1).map(|t| &t.tok), Some(Tok::Number(d)) if d.text.len() <= 3 && d.suffix == Suffix::None && !d.money && !d.text.contains('.'));
        let word = self.token(1).map_or("", Token::low);
        let skip = usize::from(matches!(word, "the" | "my" | "a" | "on"));
        let part = PARTS.contains(&self.token(1 + skip).map_or("", Token::low));
        sold && (small || part)
    }
}

//! Decides what a number is beside its value: the index of a target, a list mark, a count, a day or a fraction, a range.

use super::*;

/// "1/3 at 142, 1/3 at 138.50" or "half at 410, half at 402": two prices or more with a share before each, and nothing
/// that is sold.
pub(super) fn stepped(items: &[Item]) -> bool {
    let leaves = items.iter().any(|i| {
        matches!(
            i.verb(),
            Some(
                Verb::Sell
                    | Verb::SellClose
                    | Verb::BuyClose
                    | Verb::Close
                    | Verb::Reduce
                    | Verb::Take
                    | Verb::Move
            )
        )
    });
    let steps = items.windows(3).filter(|w| {
        let [share, next, price] = w else { return false };
        matches!(
            share.kind,
            Kind::Slashed(..) | Kind::Percent(_) | Kind::Cue(Cue::Share(_))
        ) && (next.figure().is_some() || next.is_cue(Cue::At) && price.figure().is_some())
    });
    !leaves && steps.take(2).count() == 2
}

impl Filler<'_> {
    /// Whether the share here belongs to the price behind it, as one of several; keeps it for that price.
    pub(super) fn divides(&mut self, share: Decimal) -> bool {
        let item = |ahead: usize| self.items.get(self.at + ahead);
        let linked = usize::from(item(1).is_some_and(|i| i.is_cue(Cue::At)));
        let priced = self.stepped && item(1 + linked).is_some_and(|i| i.figure().is_some());
        if priced {
            self.step = Some(share);
        }
        priced
    }

    /// Whether the per cent is the share of the order that a price gets.
    pub(super) fn shared(&mut self, share: Decimal) -> bool {
        let entry = self.open.is_none_or(|o| o.label == Label::Entry);
        entry && self.divides(share) || self.open.is_none() && self.weighs(share)
    }

    /// `1.95 (40%), 1.88 (30%)`: a share in brackets behind each of several bare prices.
    fn weighs(&mut self, share: Decimal) -> bool {
        let at = self.at;
        let bracketed =
            self.before().is_some_and(|b| b.is('(')) && self.item(at + 1).is_some_and(|i| i.is(')'));
        let goes_on = matches!(self.items.get(at + 2..), Some([mark, price, open, next, ..])
            if matches!(mark.kind, Kind::Mark(',' | '/' | '-' | '|') | Kind::Newline | Kind::Cue(Cue::And))
                && price.figure().is_some() && open.is('(') && matches!(next.kind, Kind::Percent(_)));
        let [before @ .., last] = self.draft.loose.as_mut_slice() else {
            return false;
        };
        let listed = goes_on || before.last().is_some_and(|l| l.split.is_some());
        let priced = last.at + 2 == at && last.split.is_none();
        if bracketed && listed && priced {
            last.split = Some(share);
        }
        bracketed && listed && priced
    }

    /// "BTC long 3/3" counts its targets, "STC 1/2 AMZN 225c" is a share: neither is a price or a day.
    fn part_sold(&mut self, a: u32, b: u32) -> bool {
        let dated =
            self.option || self.draft.touches_option() || self.open.is_some_and(|o| o.label == Label::Expiry);
        if a == b && b <= 10 && !dated {
            self.draft.done |= !self.draft.verbs.is_empty();
            self.word();
            return true;
        }
        let sold = self.before().and_then(Item::verb);
        let leaves = matches!(
            sold,
            Some(Verb::SellClose | Verb::BuyClose | Verb::Sell | Verb::Close | Verb::Reduce)
        );
        let named = self.item(self.at + 1).is_some_and(|i| i.symbol().is_some());
        let part = leaves && named && a == 1 && (2..=4).contains(&b);
        if part && let Some(share) = Decimal::ONE_HUNDRED.checked_div(Decimal::from(b)) {
            self.draft.share.get_or_insert(share.round_dp(2));
            self.mark("size");
        }
        part
    }

    /// `8/22` beside a contract is a day; `1/4` with something to sell is a fraction.
    pub(super) fn slashed(&mut self, a: u32, b: u32) {
        let share = Decimal::from(a.saturating_mul(100)).checked_div(Decimal::from(b));
        if share.is_some_and(|share| a < b && self.divides(share.round_dp(2))) {
            return;
        }
        if self.part_sold(a, b) {
            return;
        }
        let option = self.option || self.open.is_some_and(|o| o.label == Label::Expiry);
        let dated = self.draft.expiry.is_some()
            || self.dated
            || option
                && a < b
                && b <= 5
                && self
                    .items
                    .iter()
                    .skip(self.at + 1)
                    .take(REACH)
                    .any(|x| matches!(x.kind, Kind::Slashed(..)));
        let reducing = self.draft.verbs.iter().any(|d| {
            !matches!(
                d.verb,
                Verb::BuyOpen | Verb::SellOpen | Verb::Buy | Verb::Enter | Verb::Long
            )
        });
        let after = self.item(self.at + 1);
        let portion = after.is_some_and(|i| {
            matches!(
                i.kind,
                Kind::Cue(Cue::Of | Cue::Noun | Cue::Label(Label::Size | Label::Side))
            )
        }) || after.is_some_and(|i| i.word());
        let fraction =
            a < b && b <= 10 && a > 0 && (dated || !option || (portion && reducing && a == 1 && b <= 4));
        if fraction && (dated || reducing || portion) {
            let pct = Decimal::from(a * 100)
                .checked_div(Decimal::from(b))
                .unwrap_or_default();
            self.draft.share.get_or_insert(pct.round_dp(2));
            self.mark("size");
            return;
        }
        if option && !dated {
            match expiry::slashed(a, b, None) {
                Some(day) => self.expiry(Some(day), false),
                None => self.draft.fault("expiry", format!("{a}/{b} is no day of a year")),
            }
            return;
        }
        let numbered = after.is_some_and(|i| i.figure().is_some());
        let free = self.open.is_none_or(|o| o.got > 0);
        self.draft.dated |= free && numbered && (1..=12).contains(&a) && (1..=31).contains(&b);
        for value in [a, b] {
            self.figure(Figure {
                value: Decimal::from(value),
                money: false,
                signed: false,
                whole: true,
            });
        }
    }

    /// A label's own number, `TP 1: 190`: small, expected next, and followed by the value.
    pub(super) fn numbers_label(&self, figure: Figure, open: Open) -> bool {
        let expected = open.index.map_or(1, |n| u32::from(n) + 1);
        let value = figure.value;
        let small = figure.whole && !figure.money && value > Decimal::ZERO && value <= Decimal::from(12);
        let next = self.next_index(open.label);
        let wanted = value == Decimal::ONE || value == Decimal::from(expected) || value == next;
        let colon = self.item(self.at + 1).is_some_and(|i| {
            matches!(
                i.kind,
                Kind::Mark(':' | ')' | '-' | '=' | '.') | Kind::Newline | Kind::Cue(Cue::At)
            )
        });
        let after = self.items.iter().skip(self.at + 1).take(4).find(|i| {
            !matches!(
                i.kind,
                Kind::Mark(_) | Kind::Newline | Kind::Emoji(_) | Kind::Cue(Cue::At)
            )
        });
        let valued = after.is_some_and(|i| {
            i.figure()
                .is_some_and(|f| colon || !f.whole || f.value > Decimal::from(12))
                || matches!(i.kind, Kind::Pips(_))
                || colon && matches!(i.kind, Kind::Word | Kind::Cue(Cue::Verb(Verb::Enter, _)))
        });
        // "raise target 2 on DKNG to 49"
        let led = self.draft.verbs.last().is_some_and(|d| d.verb == Verb::Move);
        let moved = led
            && open.label == Label::Target
            && self
                .items
                .iter()
                .skip(self.at + 2)
                .take(4)
                .position(|i| i.is_cue(Cue::To))
                .is_some_and(|p| self.item(self.at + 3 + p).is_some_and(|i| i.figure().is_some()));
        open.got == 0 && small && (wanted && valued || moved)
    }

    /// The number the next value of a list would carry.
    pub(super) fn next_index(&self, label: Label) -> Decimal {
        let count = if label == Label::Entry {
            self.draft.entries.len()
        } else {
            self.draft.targets.len()
        };
        Decimal::from(count + 1)
    }

    /// `1) 14.20` at the start of a line.
    pub(super) fn list_mark(&self, figure: Figure) -> bool {
        let small = figure.whole
            && !figure.money
            && figure.value <= Decimal::from(20)
            && figure.value > Decimal::ZERO;
        let after = self.kind(self.at + 1);
        let starts = self.before().is_none_or(|b| {
            matches!(
                b.kind,
                Kind::Newline | Kind::Mark('(' | '•' | '-') | Kind::Emoji(_)
            )
        });
        let counted = self
            .at
            .checked_sub(2)
            .and_then(|b| self.item(b))
            .is_some_and(|b| b.verb().is_some());
        if counted {
            // "BTO (3) QQQ"
            return false;
        }
        let bracket = matches!(after, Some(Kind::Mark(')')));
        let labelled = self.before().is_some_and(|b| {
            matches!(b.label(), Some(Label::Target | Label::Entry | Label::Stop)) || b.is('(')
        });
        let next = bracket
            && self
                .open
                .is_some_and(|o| o.got > 0 && figure.value == self.next_index(o.label));
        if next {
            return true;
        }
        let point = matches!(after, Some(Kind::Mark('.' | ':')))
            && self
                .next_value(self.at + 2)
                .is_some_and(|(_, i)| i.figure().is_some() || i.label().is_some() || i.verb().is_some());
        small && ((bracket && (starts || labelled)) || (starts && point))
    }

    /// `2 of 5`, with something to sell: so many, and not all.
    pub(super) fn part_of(&mut self, figure: Figure) -> bool {
        let mine = usize::from(self.kind(self.at + 2) == Some(&Kind::Cue(Cue::Filler)));
        let whole = self.kind(self.at + 1) == Some(&Kind::Cue(Cue::Of))
            && self
                .item(self.at + 2 + mine)
                .and_then(Item::figure)
                .is_some_and(|f| f.whole && !f.money && f.value > figure.value);
        let leaves = self.draft.verbs.iter().any(|d| {
            matches!(
                d.verb,
                Verb::Sell | Verb::SellClose | Verb::BuyClose | Verb::Close | Verb::Reduce | Verb::Take
            )
        });
        if !(whole && leaves && figure.whole && !figure.money) {
            return false;
        }
        self.draft.quantity = Some(figure.value);
        self.draft.part_of = true;
        self.mark("quantity");
        self.at += 2 + mine;
        if self.kind(self.at + 1) == Some(&Kind::Cue(Cue::Unit)) {
            self.at += 1;
        }
        true
    }

    /// "2 left": what is kept of a sale.
    fn remains_after(&self) -> bool {
        self.draft.verbs.last().is_some_and(|d| {
            d.at + 1 < self.at
                && matches!(
                    d.verb,
                    Verb::Sell | Verb::SellClose | Verb::BuyClose | Verb::Close | Verb::Reduce | Verb::Take
                )
        })
    }
    pub(super) fn remains(&mut self, figure: Figure) -> bool {
        let rest = self.kind(self.at + 1) == Some(&Kind::Cue(Cue::Rest));
        let parted = self
            .before()
            .is_some_and(|b| matches!(b.kind, Kind::Mark(_) | Kind::Cue(Cue::And | Cue::Filler)));
        let keeps = rest && parted && figure.whole && !figure.money && self.remains_after();
        self.draft.keeps |= keeps;
        keeps
    }

    /// `(30/30/40)` behind as many targets: their shares.
    pub(super) fn shares(&mut self) -> bool {
        let count = self.draft.targets.len();
        if count < 2 || self.open.is_none_or(|o| o.label != Label::Target) {
            return false;
        }
        let inside: Vec<&Item> = self
            .items
            .iter()
            .skip(self.at + 1)
            .take(2 * count)
            .take_while(|i| !i.is(')'))
            .collect();
        let mut shares: Vec<Decimal> = Vec::with_capacity(count);
        for item in &inside {
            match item.kind {
                Kind::Figure(f) => shares.push(f.value),
                Kind::Percent(value) => shares.push(value),
                Kind::Slashed(a, b) => shares.extend([Decimal::from(a), Decimal::from(b)]),
                Kind::Mark('/' | ',' | '-' | '|') => {}
                _ => return false,
            }
        }
        let sum: Decimal = shares.iter().copied().sum();
        if shares.len() != count || (sum - Decimal::ONE_HUNDRED).abs() > Decimal::ONE {
            return false;
        }
        for (goal, share) in self.draft.targets.iter_mut().zip(shares) {
            goal.split = Some(share);
        }
        self.at += inside.len();
        true
    }

    /// `3 contracts`, `0.5 lots`, `100 shares`.
    pub(super) fn unit(&mut self) -> bool {
        let next = self.kind(self.at + 1);
        let counted = match next {
            Some(Kind::Cue(Cue::Unit)) => true,
            // "3 more at 1.45"
            Some(Kind::Cue(Cue::More)) => self.prices_after_more(),
            Some(Kind::Cue(Cue::Lots)) => !self
                .items
                .iter()
                .skip(self.at + 2)
                .take(1)
                .any(|i| i.is_cue(Cue::Per)),
            _ => false,
        };
        let taken = self
            .open
            .is_some_and(|o| o.got == 0 && matches!(o.label, Label::Stop | Label::Target | Label::Note));
        if !counted || taken {
            return false;
        }
        let behind = self.items.get(self.at + 2..).unwrap_or(&[]);
        if matches!(behind, [per, each, ..] if per.is_cue(Cue::Per) && each.figure().is_some()) {
            // "one contract per 5k": a rule for everybody, no count.
            self.at += 3;
            return true;
        }
        if matches!(behind, [rest, ..] if rest.is_cue(Cue::Rest)) && self.remains_after() {
            // "sold 2 at 7.10, 1 contract left"
            self.draft.keeps = true;
            self.at += 2;
            return true;
        }
        if let Some(Kind::Figure(figure)) = self.kind(self.at).cloned() {
            self.draft.quantity = Some(figure.value);
            self.mark("quantity");
            self.at += 1;
        }
        true
    }

    /// "adding to UBER 100c 10/17, 3 more at 1.45": a whole number, the word and the mark of a price.
    fn prices_after_more(&self) -> bool {
        let count = self.item(self.at).and_then(Item::figure);
        let marked = self.item(self.at + 2).is_some_and(|i| i.is_cue(Cue::At))
            && self.item(self.at + 3).is_some_and(|i| i.figure().is_some());
        count.is_some_and(|f| f.whole && !f.money) && marked
    }

    /// Whether a dash or "to" joins this number with the one before.
    pub(super) fn ranged(&self) -> bool {
        let back = || self.items.iter().take(self.at).rev();
        let dash = back().take(3).take_while(|i| i.figure().is_none());
        let between = back().take(4).any(|i| i.is_cue(Cue::Between));
        let mut dash = dash.map(|i| &i.kind);
        dash.any(|k| {
            matches!(k, Kind::Mark('-' | '_' | '~') | Kind::Cue(Cue::To))
                || (between && *k == Kind::Cue(Cue::And))
        })
    }
}

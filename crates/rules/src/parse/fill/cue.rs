//! Decides what a word changes for the numbers around it: it opens a label, says the order type, names an action.

use super::*;

impl Filler<'_> {
    /// Starts a label, unless its value stands before it: `$.85 Entry`.
    pub(super) fn begin(&mut self, label: Label) {
        self.open = Some(Open {
            label,
            got: 0,
            block: false,
            lines: 0,
            index: None,
            strangers: 0,
        });
        match label {
            Label::Stop => {
                self.draft.stop_named = true;
                self.draft.stop_denied |= self.before().is_some_and(|b| b.is_cue(Cue::Negation));
                self.draft.stop_unread |= self.odd_value();
            }
            Label::Target => self.draft.target_named = true,
            Label::Entry => self.draft.entry_blank |= self.blank(),
            _ => {}
        }
        if label == Label::Leverage && self.before().is_some_and(|b| matches!(b.kind, Kind::Times(_))) {
            // "50x leverage at 60000": the factor stands before its label.
            self.open = None;
            return;
        }
        if matches!(label, Label::Entry | Label::Stop | Label::Target)
            && self.value_stands_before()
            && let Some(loose) = self.draft.loose.pop()
        {
            let figure = Figure {
                value: loose.value,
                money: loose.money,
                signed: false,
                whole: loose.whole,
            };
            self.labelled(figure);
            self.open = None;
        }
    }

    /// "SL x175", "SL 17m": what stands where the level belongs is a number of another kind.
    fn odd_value(&self) -> bool {
        let marked = usize::from(self.item(self.at + 1).is_some_and(|i| i.is(':') || i.is('=')));
        let value = self.item(self.at + 1 + marked).map(|i| &i.kind);
        matches!(
            value,
            Some(Kind::Seconds(_) | Kind::Times(_) | Kind::Relative(_) | Kind::Cue(Cue::Hollow))
        )
    }

    /// "Entry: TBD", "Entry X.XX".
    fn blank(&self) -> bool {
        let marked = usize::from(self.item(self.at + 1).is_some_and(|i| i.is(':') || i.is('=')));
        let hollow = self
            .item(self.at + 1 + marked)
            .is_some_and(|i| i.is_cue(Cue::Hollow));
        hollow || self.next_value(self.at + 1).is_some_and(|(at, i)| {
            let cross = matches!(&i.kind, Kind::Symbol(t) if t.symbol.bytes().all(|b| b == b'X') || matches!(t.symbol.as_str(), "TBD" | "TBA" | "TBC" | "NA"));
            let close = self.items.get(self.at + 1..at).is_some_and(|b| b.iter().all(|i| !i.newline()));
            close && (cross || i.word() && self.before().is_none_or(|b| b.newline()))
        })
    }

    /// "43.5 stop, 49 target": one number and nothing else leads to the label in its part of the line.
    pub(super) fn value_stands_before(&self) -> bool {
        let parts = |i: &Item| matches!(i.kind, Kind::Newline | Kind::Mark(',' | ';' | '|'));
        let mut lead = self
            .items
            .iter()
            .enumerate()
            .take(self.at)
            .rev()
            .take(REACH)
            .take_while(|(_, i)| !parts(i))
            .filter(|(_, i)| !matches!(i.kind, Kind::Mark(_) | Kind::Emoji(_)));
        let mut tail = self
            .items
            .iter()
            .skip(self.at + 1)
            .take(REACH)
            .take_while(|i| !parts(i));
        let (Some((at, only)), None) = (lead.next(), lead.next()) else {
            return false;
        };
        let loose = self.draft.loose.last().is_some_and(|l| l.at == at);
        only.figure().is_some() && loose && !tail.any(|i| i.figure().is_some())
    }

    pub(super) fn cue(&mut self, cue: Cue) {
        match cue {
            Cue::Verb(verb, past) => self.verb(verb, past),
            Cue::Label(label) => {
                self.draft.scoped |= label == Label::Symbol && !self.draft.verbs.is_empty();
                self.label(label);
            }
            Cue::Lots => {
                if matches!(self.kind(self.at + 1), Some(Kind::Figure(_))) {
                    self.begin(Label::Quantity);
                }
            }
            Cue::CloseAll(past) => {
                self.verb(Verb::Close, past);
                self.draft.all = true;
            }
            Cue::Priced(verb) => {
                self.verb(verb, false);
                if self.open.is_none() {
                    self.begin(Label::Entry);
                }
            }
            Cue::Changed(label) => {
                self.draft.toward = true;
                self.label(label);
            }
            Cue::Market => self.market(),
            Cue::MarketDenied => self.draft.market_denied = true,
            Cue::Limit => self.limit(),
            Cue::StopLimit => self.draft.stop_limit = true,
            Cue::Above => self.draft.above |= self.triggers(),
            Cue::Below => self.draft.below |= self.triggers(),
            Cue::BreakEven => self.break_even(),
            Cue::Share(hundredths) => self.part(Decimal::new(i64::from(hundredths), 2)),
            Cue::All => self.draft.all = true,
            Cue::Rest
                if self.draft.targets.last().is_some_and(|t| t.split.is_some()) && self.prices_next() =>
            {
                self.begin(Label::Target);
            }
            Cue::Rest => self.draft.rest = true,
            Cue::Keep => {
                self.draft.keeps = true;
                self.begin(Label::Note);
            }
            Cue::Right(right) => self.right(right),
            Cue::Trail => {
                self.draft.trail = true;
                self.begin(Label::Stop);
            }
            Cue::Force(force) => self.draft.force = Some(force),
            Cue::Extended => self.draft.extended = true,
            Cue::Fund => self.draft.fund = true,
            Cue::Outcome => self.draft.outcome = true,
            Cue::Bullish(side) => {
                self.draft.bullish = Some(side == ordercast_model::signal::instruction::PositionSide::Long)
            }
            Cue::To if self.open.is_some_and(|o| o.got == 0) => self.draft.toward = true,
            Cue::Former => self.former(),
            Cue::More => self.draft.more = true,
            Cue::After => self.trails_from(),
            Cue::Until => self.draft.fault(
                "expires_at",
                "a time of the day is not read; name the order good for the day",
            ),
            Cue::Guard(_) | Cue::Negation | Cue::Except => self.word(),
            _ => {}
        }
    }

    /// "half", unless it is the share of a price or the size of the order.
    fn part(&mut self, share: Decimal) {
        let next = self.item(self.at + 1);
        let sized = next.is_some_and(|i| i.label() == Some(Label::Size));
        if self.divides(share) || sized {
            return;
        }
        self.draft.shares += 1;
        self.draft.share.get_or_insert(share);
        self.mark("size");
    }

    /// "stop-limit: trigger 148.10, limit 148.60": the word names the second price.
    fn limit(&mut self) {
        self.draft.limit = true;
        let second = self.draft.stop_limit
            && self.draft.entries.len() + self.draft.loose.len() - usize::from(self.counted()) == 1
            && self
                .next_value(self.at + 1)
                .is_some_and(|(_, i)| i.figure().is_some());
        if second {
            self.begin(Label::Entry);
            if self.draft.entries.is_empty()
                && let Some(trigger) = self.draft.loose.pop()
            {
                // "buy stop limit DIS 110 limit 111": the number before it is the trigger.
                self.draft.entries.push(Level {
                    value: trigger.value,
                    split: None,
                    ranged: false,
                });
            }
        }
    }

    /// "BUY STOP-LIMIT 100 DKNG": the first loose number counts what the name behind it is.
    pub(super) fn counted(&self) -> bool {
        self.draft.loose.first().is_some_and(|l| {
            l.whole && !l.money && !l.after_at && self.item(l.at + 1).is_some_and(|i| i.symbol().is_some())
        })
    }

    /// "above 190" opens an order unless it speaks of the stop or a target.
    pub(super) fn triggers(&self) -> bool {
        let entry = self.open.is_none_or(|o| o.label == Label::Entry || o.got > 0);
        entry
            && self
                .next_value(self.at + 1)
                .is_some_and(|(_, i)| i.figure().is_some())
    }

    pub(super) fn right(&mut self, right: Right) {
        self.draft.writes |= self
            .before()
            .is_some_and(|b| matches!(b.kind, Kind::Cue(Cue::Verb(Verb::Sell, _))));
        self.contract_part(None, Some(right), None);
        let piped = self.before().is_some_and(|b| b.is('|')) && self.draft.strike.is_none();
        let at = self.at;
        if piped && let Some(loose) = self.draft.loose.pop_if(|l| l.at + 2 == at) {
            // `NVDA | 185 | C`
            return self.contract_part(Some(loose.value), None, None);
        }
        if self.draft.strike.is_none()
            && let Some(Kind::Figure(figure)) = self.kind(self.at + 1).cloned()
            && !figure.signed
        {
            self.at += 1;
            self.contract_part(Some(figure.value), None, None);
        }
    }

    pub(super) fn break_even(&mut self) {
        let valued = self
            .items
            .iter()
            .skip(self.at + 1)
            .find(|i| !matches!(i.kind, Kind::Mark(':' | '=' | '@') | Kind::Cue(Cue::At)));
        let entry = self.items.get(self.at).is_some_and(|i| i.to - i.from > 4);
        if entry && valued.is_some_and(|i| i.figure().is_some()) && self.open.is_none() {
            return self.begin(Label::Entry);
        }
        self.draft.break_even = true;
        self.mark("stop");
        if self.open.is_some_and(|o| o.label == Label::Stop) {
            self.open = None;
        }
    }

    pub(super) fn market(&mut self) {
        let current = self.items.get(self.at).is_some_and(|i| i.to - i.from == 3)
            && self.draft.loose.iter().any(|l| l.after_at);
        let labelled = self.item(self.at + 1).is_some_and(|i| i.is(':') || i.is('='));
        let priced =
            self.draft.entry_labelled && self.item(self.at + 1).is_some_and(|i| i.figure().is_some());
        if current && labelled || priced && self.open.is_none_or(|o| o.got > 0) {
            // "entry 3.40, now 5.10"
            return self.begin(Label::Reference);
        }
        if self.open.is_some_and(|o| o.got == 0 && o.label == Label::Average) {
            // "avg now 7.80"
            return;
        }
        let level = self
            .open
            .is_some_and(|o| o.got == 0 && matches!(o.label, Label::Stop | Label::Target));
        if level
            && self
                .next_value(self.at + 1)
                .is_some_and(|(_, i)| i.figure().is_some())
        {
            // "stop for AAPL now 226"
            self.draft.toward = true;
            return;
        }
        self.draft.market = true;
        self.mark("order_type");
        if self.open.is_some_and(|o| o.label == Label::Entry)
            && self
                .next_value(self.at + 1)
                .is_none_or(|(_, i)| i.figure().is_none())
        {
            self.open = None;
        }
    }

    pub(super) fn label(&mut self, label: Label) {
        let glued = self
            .before()
            .filter(|b| b.is('-'))
            .and_then(|_| self.item(self.at.wrapping_sub(2)));
        let before = glued.or_else(|| self.before()).and_then(Item::verb);
        let ordered = matches!(
            before,
            Some(Verb::Buy | Verb::Sell | Verb::BuyOpen | Verb::SellOpen)
        );
        if label == Label::Stop
            && (ordered
                || self.before().is_some_and(|b| {
                    b.label() == Some(Label::Entry) && self.open.is_some_and(|o| o.got == 0)
                }))
        {
            self.draft.stop_entry = true;
            return self.mark("order_type");
        }
        if self
            .open
            .is_some_and(|o| o.got == 0 && o.label == Label::Stop && o.lines == 0)
            && label == Label::Stop
        {
            return;
        }
        let stacked = self
            .before()
            .is_some_and(|b| matches!(b.label(), Some(Label::Entry | Label::Stop)));
        if label == Label::Target && stacked && self.open.is_some_and(|o| o.got == 0) {
            return;
        }
        let after_ordinal = self.before().is_some_and(|b| matches!(b.kind, Kind::Ordinal(_)));
        let index = if after_ordinal && let Some(Kind::Ordinal(n)) = self.before().map(|b| b.kind.clone()) {
            Some(n)
        } else {
            None
        };
        if matches!(label, Label::Symbol | Label::Right | Label::Side | Label::Expiry)
            && self
                .open
                .is_some_and(|o| o.got == 0 && matches!(o.label, Label::Stop | Label::Target))
        {
            return;
        }
        if self.said(label) {
            return;
        }
        if label == Label::Entry && self.goes_to_entry() {
            return self.break_even();
        }
        if label == Label::Stop && (self.triggered() || self.trigger_of_two()) {
            self.draft.stop_limit = true;
            return self.begin(Label::Entry);
        }
        self.begin(label);
        if let Some(open) = &mut self.open {
            open.index = index;
        }
    }

    /// "long 86,900 / add 85,800": the price behind the word is the next step of the same order.
    fn steps(&mut self) -> bool {
        // "adding at 490", "adding lower at 174"
        let lower = usize::from(
            self.item(self.at + 1)
                .is_some_and(|i| i.verb() == Some(Verb::Move) && !i.past()),
        );
        let linked = lower + usize::from(self.item(self.at + 1 + lower).is_some_and(|i| i.is_cue(Cue::At)));
        let Some(next) = self.item(self.at + 1 + linked).and_then(Item::figure) else {
            return false;
        };
        let ends = self.item(self.at + 2 + linked).is_none_or(|i| {
            matches!(
                i.kind,
                Kind::Newline | Kind::Mark(_) | Kind::Emoji(_) | Kind::Cue(Cue::Label(_))
            )
        });
        let near = |price: Decimal| {
            let (low, high) = (price.min(next.value), price.max(next.value));
            low > Decimal::ZERO && low.checked_add(low).is_some_and(|twice| high < twice)
        };
        let first = self.draft.loose.last().filter(|l| near(l.value)).copied();
        let listed = self.draft.entries.last().is_some_and(|e| near(e.value));
        if !ends || (first.is_none() && !listed) {
            return false;
        }
        self.begin(Label::Entry);
        self.at += lower;
        if let Some(first) = first.filter(|_| !listed) {
            self.draft.loose.pop();
            self.labelled(Figure {
                value: first.value,
                money: first.money,
                signed: false,
                whole: first.whole,
            });
        }
        true
    }

    /// A verb without a subject after an opening one is a label: "Sell 63000", "cover 335".
    pub(super) fn verb(&mut self, verb: Verb, past: bool) {
        let first = self.draft.verbs.first().map(|d| d.verb);
        let valued = self
            .next_value(self.at + 1)
            .is_some_and(|(_, i)| i.figure().is_some());
        let long = matches!(first, Some(Verb::Buy | Verb::Long | Verb::BuyOpen | Verb::Enter));
        let short = matches!(first, Some(Verb::Short | Verb::SellOpen))
            || (first == Some(Verb::Sell) && verb != Verb::Sell);
        let priced = !self.draft.loose.is_empty() || !self.draft.entries.is_empty() || self.draft.market;
        let leaves = matches!(verb, Verb::Sell | Verb::SellClose | Verb::Close) && long
            || matches!(verb, Verb::Buy | Verb::BuyClose | Verb::Close) && short;
        if leaves && valued && priced {
            // "BTO PLTR 80c @ 1.05, STC @ 4.90": both words of the trade, so it is over.
            let plain = matches!(
                (first, verb),
                (Some(Verb::BuyOpen), Verb::SellClose) | (Some(Verb::SellOpen), Verb::BuyClose)
            );
            if !past && !plain {
                return self.begin(Label::Target);
            }
            self.draft.round = true;
        }
        if verb == Verb::Add && !past && (long || short) && self.steps() {
            return;
        }
        let over = matches!(verb, Verb::Close | Verb::SellClose | Verb::Sell | Verb::BuyClose)
            && first.is_none()
            && !self.draft.entries.is_empty();
        self.draft.round |= over && valued;
        let part = self.item(self.at + 1).is_some_and(|i| {
            matches!(
                i.kind,
                Kind::Percent(_) | Kind::Cue(Cue::Share(_) | Cue::All | Cue::Rest)
            )
        });
        // "TP1 ✅ close 40%": the target is reached, the share is what is closed.
        let reached = part && matches!(verb, Verb::Close | Verb::Sell | Verb::Take | Verb::Reduce);
        if reached
            || self.open.is_some_and(|o| o.label == Label::Side)
            || self
                .open
                .is_none_or(|o| o.got > 0 || !matches!(o.label, Label::Stop | Label::Target))
        {
            self.open = None;
        }
        if self.draft.verbs.len() >= MOST_VALUES {
            return;
        }
        self.draft.verbs.push(Deed {
            verb,
            past,
            at: self.at,
            priced: priced || self.draft.stop.is_some() || !self.draft.targets.is_empty(),
        });
        self.mark("action");
    }
}

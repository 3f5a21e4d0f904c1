//! Decides which field a number, a per cent, a day or a strike goes to, by the label that is open.

use super::*;

impl Filler<'_> {
    pub(super) fn contract_part(
        &mut self,
        strike: Option<Decimal>,
        right: Option<Right>,
        expiry: Option<WrittenExpiry>,
    ) {
        let glued = self.item(self.at).is_some_and(|i| !i.gap);
        let negative = glued && self.before().is_some_and(|b| b.is('-') && b.gap);
        if strike.is_some_and(|s| s <= Decimal::ZERO) || negative {
            self.draft.fault("strike", "must be above 0");
        }
        if let Some(strike) = strike {
            if self.draft.strike.is_some_and(|s| s != strike) {
                self.draft.contracts += 1;
            }
            if self.draft.strike.is_none() {
                self.draft.strike = Some(strike);
                self.mark("strike");
            }
        }
        if let Some(right) = right
            && self.draft.right.is_none()
        {
            self.draft.right = Some(right);
            self.mark("right");
        }
        if expiry.is_some() {
            self.expiry(expiry, false);
        }
    }

    pub(super) fn expiry(&mut self, expiry: Option<WrittenExpiry>, relative: bool) {
        let Some(expiry) = expiry else { return };
        if self.draft.expiry.is_none() || (self.draft.relative_expiry && !relative) {
            self.draft.expiry = Some(expiry);
            self.mark("expiry");
        }
        self.close();
        if self.open.is_some_and(|o| o.label == Label::Expiry) {
            self.open = None;
        }
    }

    pub(super) fn times(&mut self, factor: Decimal) {
        let counted = self
            .before()
            .is_some_and(|b| b.verb().is_some_and(Verb::is_plain));
        if counted {
            self.draft.quantity = Some(factor);
            self.mark("quantity");
            return;
        }
        let named = self
            .open
            .is_some_and(|o| o.label == Label::Leverage && o.got == 0)
            || self
                .item(self.at + 1)
                .is_some_and(|i| i.label() == Some(Label::Leverage));
        let dashed = self.before().is_some_and(|b| b.is('-'));
        let at = self.at;
        let lower = self
            .draft
            .loose
            .pop_if(|l| dashed && l.at + 2 == at)
            .map(|l| l.value);
        // `3-5x`: the lower of the two.
        let ranged = dashed && self.draft.times.is_some_and(|t| t < factor);
        if ranged {
            return;
        }
        let factor = lower.unwrap_or(factor);
        if named && !self.draft.touches_option() {
            self.draft.leverage.get_or_insert(factor);
            return self.mark("leverage");
        }
        if self.open.is_some_and(|o| o.label == Label::Leverage) || self.draft.times.is_none() {
            self.draft.times = Some(factor);
            self.mark("leverage");
        }
    }

    pub(super) fn pips(&mut self, value: Decimal) {
        let gained = self.before().is_some_and(|b| b.is('+'));
        let Some(open) = &mut self.open else {
            // "EURUSD short +25 pips"
            self.draft.gain |= gained;
            return;
        };
        open.got += 1;
        // "TP 155.60 (120 pips)" says the same twice.
        let noted = matches!(self.draft.targets.last(), Some(goal) if matches!(goal.level, Distance::At(_)));
        match open.label {
            Label::Target if open.got > 1 && noted => {}
            Label::Stop if self.draft.stop.is_none() => {
                self.draft.stop = Some(Distance::Pips(value));
                self.mark("stop");
            }
            Label::Target => {
                self.draft.targets.push(Goal {
                    level: Distance::Pips(value),
                    split: None,
                });
                self.mark("target");
            }
            _ => {}
        }
    }

    /// "SL -5%": the sign says that a stop is away from the entry.
    fn below(&self, value: Decimal) -> Decimal {
        let stop = self.open.is_some_and(|o| o.label == Label::Stop && o.got == 0);
        if stop { value.abs() } else { value }
    }

    /// The words behind the per cent say what it is: "50% at 2.25" of a target, "3% trailing stop".
    fn led(&mut self, value: Decimal) -> bool {
        let by = self.before().is_some_and(|b| b.is_cue(Cue::By));
        if by && self.open.is_none() && self.draft.strangers == 0 && self.draft.has(Verb::Close) {
            // "cut AMD by 50%"
            self.draft.share.get_or_insert(value);
            self.mark("size");
            return true;
        }
        if self.open.is_some_and(|o| o.label == Label::Target) && self.prices_next() {
            // "TP 50% at 2.25, rest at 2.40"
            self.step = Some(value);
            return true;
        }
        let trails = self.item(self.at + 1).is_some_and(|i| i.is_cue(Cue::Trail));
        if trails && self.draft.trail_percent.is_none() {
            self.draft.trail_percent = Some(value);
            self.mark("trailing");
            return true;
        }
        false
    }

    pub(super) fn percent(&mut self, value: Decimal) {
        let value = self.below(value);
        if value <= Decimal::ZERO {
            return;
        }
        if self.shared(value) {
            return;
        }
        if self.led(value) {
            return;
        }
        let following = self.item(self.at + 1);
        let risked = self.open.is_some_and(|o| o.label == Label::Risk && o.got == 0);
        let next = following
            .and_then(Item::label)
            .filter(|n| !(risked && *n == Label::Size));
        if next == Some(Label::Note) && self.open.is_some_and(|o| o.label == Label::Target && o.got > 0) {
            // "(40% of profit)" is no share of the position.
            self.at += 1;
            return;
        }
        match next {
            Some(Label::Size) => {
                // "(2% of portfolio) at 346": the label has its value, what stands behind is none of it.
                self.account(value);
                return self.at += 1;
            }
            Some(Label::Risk) => {
                self.draft.risk_pct = Some(value);
                return self.mark("risk");
            }
            _ => {}
        }
        let trailing = self.draft.trail && self.draft.trail_percent.is_none();
        match self.open.map(|o| (o.label, o.got)) {
            Some((Label::Stop, _)) | None if trailing => {
                self.draft.trail_percent = Some(value);
                self.mark("trailing");
            }
            Some((Label::Target, 0)) => self.goal(Distance::Percent(value)),
            Some((Label::Target, _)) if self.another_goal() => self.goal(Distance::Percent(value)),
            Some((Label::Target, _)) => {
                if let Some(goal) = self.draft.targets.last_mut()
                    && !matches!(goal.level, Distance::Percent(_))
                {
                    goal.split.get_or_insert(value);
                }
            }
            Some((Label::Entry, 1..)) => {
                if let Some(level) = self.draft.entries.last_mut() {
                    level.split.get_or_insert(value);
                }
            }
            Some((Label::Stop, 0)) => {
                self.draft.stop = Some(Distance::Percent(value));
                self.mark("stop");
                self.open = None;
            }
            Some((Label::Size | Label::Quantity, _)) => self.account(value),
            Some((Label::Risk, _)) => {
                self.draft.risk_pct = Some(value);
                self.mark("risk");
            }
            Some((Label::Note | Label::Reference | Label::Average | Label::Leverage, _)) => {}
            _ => {
                if self.draft.percent.len() >= MOST_VALUES {
                    return;
                }
                self.draft.gain |= self.before().is_some_and(|b| b.is('+'));
                self.draft.percent.push((value, self.at));
                self.mark("size");
            }
        }
    }

    /// The mark of a price and its number follow.
    pub(super) fn prices_next(&self) -> bool {
        self.item(self.at + 1).is_some_and(|i| i.is_cue(Cue::At))
            && self.item(self.at + 2).is_some_and(|i| i.figure().is_some())
    }

    /// "targets +4% +8%", "TP 4% / 8% / 12%": each per cent is a target, not the share of the one before.
    fn another_goal(&self) -> bool {
        let per_cent = matches!(
            self.draft.targets.last(),
            Some(Goal {
                level: Distance::Percent(_),
                split: None
            })
        );
        let listed = self.before().is_some_and(|b| {
            matches!(
                b.kind,
                Kind::Mark('+' | ',' | '/' | '-' | '&' | '|')
                    | Kind::Cue(Cue::And)
                    | Kind::Ordinal(_)
                    | Kind::Percent(_)
            )
        });
        per_cent && listed
    }

    pub(super) fn account(&mut self, value: Decimal) {
        self.draft.account_pct = Some(value);
        self.mark("size");
    }

    pub(super) fn goal(&mut self, level: Distance) {
        let split = self.step.take();
        self.draft.targets.push(Goal { level, split });
        if let Some(open) = &mut self.open {
            open.got += 1;
            if self.draft.target_index.is_none() {
                self.draft.target_index = open.index;
            }
        }
        self.mark("target");
    }

    pub(super) fn figure(&mut self, figure: Figure) {
        if let Some(open) = self.open
            && (self.numbers_label(figure, open) || self.list_mark(figure))
        {
            if let Some(open) = &mut self.open {
                open.index = u8::try_from(figure.value.trunc().mantissa()).ok();
            }
            return;
        }
        if self.list_mark(figure) {
            return;
        }
        if figure.signed {
            let noted = self.open.is_some_and(|o| o.got > 0 || o.label == Label::Note)
                || figure.value > Decimal::ZERO;
            if !noted {
                let field = if self.items.get(self.at + 1).is_some_and(Item::optional) {
                    "strike"
                } else {
                    "price"
                };
                self.draft.fault(field, format!("{} is below 0", figure.value));
            }
            return;
        }
        if self.part_of(figure) || self.unit() || self.remains(figure) || self.bought_for(figure) {
            return;
        }
        if self.outdated() {
            return;
        }
        if self.open.is_some() {
            self.labelled(figure);
        } else {
            self.loosen(figure);
        }
    }

    /// "paying 2.15 for 3 AMD 220c": the price came first, the number before the name counts.
    fn bought_for(&mut self, figure: Figure) -> bool {
        let priced = self.open.is_some_and(|o| o.got > 0 && o.label == Label::Entry);
        let led = self.before().is_some_and(|b| b.is_cue(Cue::At));
        let named = self
            .item(self.at + 1)
            .is_some_and(|i| i.symbol().is_some() || i.optional());
        if !(priced && led && named && figure.whole && !figure.money && self.draft.quantity.is_none()) {
            return false;
        }
        self.draft.quantity = Some(figure.value);
        self.mark("quantity");
        self.open = None;
        true
    }

    /// "raise stop from 198 to 204.60" and "TP 6720 instead of 6690": the level that no longer holds.
    fn outdated(&self) -> bool {
        let replaced = self
            .open
            .is_some_and(|o| o.got > 0 && matches!(o.label, Label::Stop | Label::Target | Label::Entry));
        if replaced && self.before().is_some_and(|b| b.is_cue(Cue::From)) {
            return true;
        }
        let level = self
            .open
            .is_some_and(|o| o.got == 0 && matches!(o.label, Label::Stop | Label::Target));
        let goes = |i: &Item| i.is_cue(Cue::To) || i.is('→');
        level
            && self.before().is_some_and(|b| b.is_cue(Cue::From))
            && self.item(self.at + 1).is_some_and(goes)
            && self.item(self.at + 2).is_some_and(|i| i.figure().is_some())
    }

    pub(super) fn labelled(&mut self, figure: Figure) {
        let Some(open) = &mut self.open else { return };
        let value = figure.value;
        if open.got == 0 && open.lines > 0 {
            open.block = true;
        }
        let (label, got, strangers) = (open.label, open.got, open.strangers);
        open.got += 1;
        match label {
            Label::Entry => {
                let ranged = got > 0 && self.ranged();
                self.draft.entry_labelled = true;
                let split = self.step.take();
                self.draft.entries.push(Level { value, split, ranged });
                self.mark("entry");
            }
            Label::Stop => self.stop(value, got),
            Label::Target => self.goal(Distance::At(value)),
            Label::Quantity => {
                let per = self
                    .items
                    .iter()
                    .skip(self.at + 1)
                    .take(1)
                    .any(|i| i.is_cue(Cue::Per));
                if got == 0 && !per {
                    self.draft.quantity = Some(value);
                    self.mark("quantity");
                }
            }
            Label::Leverage if got == 0 => {
                self.draft.leverage = Some(value);
                self.mark("leverage");
            }
            Label::Strike if got == 0 => self.contract_part(Some(value), None, None),
            Label::Reference => self.draft.references.push(value),
            Label::Average if got == 0 => {
                self.draft.average = true;
                self.draft.average_price = Some(value);
            }
            Label::Size | Label::Risk if figure.money => {
                self.draft.notional = if label == Label::Size {
                    Some(value)
                } else {
                    self.draft.notional
                };
            }
            Label::Risk if got == 0 && strangers == 0 => self.draft.risk_level = Some(value),
            Label::Symbol | Label::Side | Label::Right if strangers <= 5 => {
                self.open = None;
                self.loosen(figure);
            }
            _ => {}
        }
    }

    /// "trail stop $3": an amount, beside a price or by its currency sign; "trail stop to $185" is a level.
    fn trails_by(&self, value: Decimal) -> bool {
        if !self.draft.trail
            || self
                .before()
                .is_some_and(|b| matches!(b.kind, Kind::Cue(Cue::To | Cue::At)))
        {
            return false;
        }
        let loose = self.draft.loose.iter().map(|l| l.value);
        let priced = self.draft.entries.iter().map(|e| e.value).chain(loose).max();
        let money = self
            .item(self.at)
            .is_some_and(|i| i.figure().is_some_and(|f| f.money));
        priced.map_or(money, |p| {
            value.checked_mul(Decimal::from(5)).is_some_and(|v| v < p)
        })
    }

    pub(super) fn stop(&mut self, value: Decimal, got: usize) {
        if self.draft.trail && self.before().is_some_and(|b| b.is_cue(Cue::By)) {
            self.draft.trail_amount = Some(value);
            return self.mark("trailing");
        }
        if got == 0 && self.trails_by(value) {
            self.draft.trail_amount = Some(value);
            self.open = None;
            return self.mark("trailing");
        }
        if got > 0 {
            self.draft.stops += 1;
            return;
        }
        match self.draft.stop {
            Some(Distance::At(old)) if old != value => self.draft.stops += 1,
            _ => {}
        }
        self.draft.stop = Some(Distance::At(value));
        self.mark("stop");
        let listed = self.open.is_some_and(|o| o.block);
        if !listed {
            self.open = None;
        }
    }
}

//! Decides which value belongs to which field of one clause: labelled values first, the rest is left loose.
//! Refuses to decide what the clause wants.

use ordercast_model::{instrument::Right, signal::instruction::WrittenExpiry, time::Timestamp};
use rust_decimal::Decimal;

use super::{
    draft::{Deed, Distance, Draft, Goal, Level, Loose},
    emoji::Emoji,
    expiry,
    item::{Figure, Item, Kind},
    vocabulary::{Cue, Label, Verb},
};

/// The label whose values are being read.
#[derive(Debug, Clone, Copy)]
struct Open {
    label: Label,
    got: usize,
    /// The first value stood on a line below: the list goes on line by line.
    block: bool,
    lines: usize,
    index: Option<u8>,
    /// Its line: values after other words do not count.
    strangers: usize,
}

/// How far the grammar looks along a line, so that the work stays linear.
const REACH: usize = 120;
/// The most values of one kind that are kept; more are refused later all the same.
const MOST_VALUES: usize = 64;

pub(super) struct Filler<'a> {
    items: &'a [Item],
    at: usize,
    posted_at: Timestamp,
    open: Option<Open>,
    /// Whether the clause names a part of a contract, and a full day.
    option: bool,
    dated: bool,
    pub(super) draft: Draft,
}

/// Reads the items of one clause.
pub(super) fn fill(items: &[Item], posted_at: Timestamp, work: &mut usize) -> Draft {
    let mut filler = Filler {
        items,
        at: 0,
        posted_at,
        open: None,
        option: items.iter().any(Item::optional),
        dated: items.iter().any(|i| matches!(i.kind, Kind::Expiry(_))),
        draft: Draft::default(),
    };
    while filler.at < items.len() {
        *work += 1;
        filler.step();
        filler.at += 1;
    }
    filler.draft
}

impl Filler<'_> {
    fn item(&self, at: usize) -> Option<&Item> {
        self.items.get(at)
    }
    fn kind(&self, at: usize) -> Option<&Kind> {
        self.item(at).map(|i| &i.kind)
    }
    fn before(&self) -> Option<&Item> {
        self.at.checked_sub(1).and_then(|b| self.item(b))
    }
    /// The next item that is no mark, emoji or ordinal, and its place.
    fn next_value(&self, from: usize) -> Option<(usize, &Item)> {
        self.items.iter().enumerate().skip(from).take(8).find(|(_, i)| {
            !matches!(
                i.kind,
                Kind::Mark(_)
                    | Kind::Emoji(_)
                    | Kind::Ordinal(_)
                    | Kind::Cue(Cue::At | Cue::Filler | Cue::To)
            )
        })
    }
    /// The first item of this line, not further back than a line can reasonably be long.
    fn line_start(&self) -> usize {
        let back = self.items.iter().take(self.at).rev().take(REACH);
        self.at - back.take_while(|i| i.kind != Kind::Newline).count()
    }
    fn mark(&mut self, field: &'static str) {
        if let Some(item) = self.items.get(self.at) {
            self.draft.mark(field, item.from, item.to);
        }
    }

    fn step(&mut self) {
        let Some(item) = self.item(self.at) else { return };
        match item.kind.clone() {
            Kind::Newline => self.newline(),
            Kind::Cue(cue) => self.cue(cue),
            Kind::Symbol(_) => self.symbol(),
            Kind::Contract(c) => {
                self.contract_part(Some(c.strike), Some(c.right), c.expiry);
                self.symbol();
            }
            Kind::Strike(strike, right) => {
                self.contract_part(Some(strike), Some(right), None);
                self.close();
            }
            Kind::Figure(figure) => self.figure(figure),
            Kind::Times(factor) => self.times(factor),
            Kind::Percent(value) => self.percent(value),
            Kind::Pips(value) => self.pips(value),
            Kind::Ordinal(n) => {
                if let Some(open) = &mut self.open {
                    open.index = Some(n);
                    if matches!(open.label, Label::Target) && self.draft.break_even {
                        self.draft.break_even_after = Some(n);
                    }
                }
            }
            Kind::Expiry(expiry) => self.expiry(Some(expiry), false),
            Kind::Relative(relative) => {
                let day = expiry::resolve(relative, self.posted_at);
                if self.draft.expiry.is_none() {
                    self.draft.relative_expiry = day.is_some();
                    self.expiry(day, true);
                }
            }
            Kind::Slashed(a, b) => self.slashed(a, b),
            Kind::Seconds(seconds) => {
                let stated = self.before().is_some_and(|b| {
                    matches!(
                        b.kind,
                        Kind::Cue(Cue::Filler | Cue::Label(Label::Expiry) | Cue::At)
                    )
                });
                if stated && seconds >= 60 {
                    self.draft.life_seconds = Some(seconds);
                }
            }
            Kind::Emoji(class) => self.emoji(class),
            Kind::Word => self.word(),
            Kind::Ambiguous => {
                self.unclear("can be read as a decimal or as thousands; write it without separators")
            }
            Kind::Unreadable => self.unclear("is too long or not a plain number"),
            Kind::Mark(mark) => self.separator(mark),
            Kind::Moment | Kind::Ratio | Kind::Lookalike => {}
        }
    }

    fn unclear(&mut self, what: &str) {
        let field = match self.open.map(|o| o.label) {
            Some(Label::Stop) => "stop",
            Some(Label::Target) => "target",
            Some(Label::Note | Label::Reference | Label::Average) => return,
            _ => "entry",
        };
        self.draft.fault(field, format!("the number {what}"));
    }

    fn close(&mut self) {
        if self.open.is_some_and(|o| o.got > 0 || o.label == Label::Side) {
            self.open = None;
        }
    }

    fn newline(&mut self) {
        let Some(open) = &mut self.open else { return };
        open.lines += 1;
        let keeps = (open.got == 0 && open.lines <= 2) || (open.block && open.lines <= 12);
        let next_is_value = {
            let ahead = self
                .items
                .iter()
                .skip(self.at + 1)
                .find(|i| !matches!(i.kind, Kind::Newline | Kind::Mark(_) | Kind::Emoji(_)));
            ahead.is_some_and(|i| {
                matches!(
                    i.kind,
                    Kind::Figure(_)
                        | Kind::Ordinal(_)
                        | Kind::Percent(_)
                        | Kind::Cue(Cue::Market | Cue::At | Cue::BreakEven)
                )
            })
        };
        if !keeps || !next_is_value || open.label == Label::Note {
            self.open = None;
        }
    }

    fn separator(&mut self, mark: char) {
        let Some(open) = self.open else { return };
        if open.got == 0
            || matches!(
                mark,
                '(' | ')' | '[' | ']' | '/' | '-' | '_' | '~' | '@' | ':' | '=' | '%' | '"' | '#' | '*'
            )
        {
            if mark == ',' && matches!(open.label, Label::Note | Label::Side) {
                self.open = None;
            }
            return;
        }
        let goes_on = mark == ','
            && self
                .next_value(self.at + 1)
                .is_some_and(|(_, i)| i.figure().is_some())
            && matches!(open.label, Label::Target | Label::Entry)
            || matches!(mark, '&' | '+' | '•' | '→');
        if !goes_on {
            self.open = None;
        }
    }

    fn word(&mut self) {
        const PATIENCE: usize = 5;
        if let Some(open) = &mut self.open {
            open.strangers += 1;
            if open.got > 0 || open.strangers > PATIENCE {
                self.open = None;
            }
        }
        self.draft.strangers += 1;
    }

    fn emoji(&mut self, class: Emoji) {
        let valued = self
            .next_value(self.at + 1)
            .is_some_and(|(_, i)| i.figure().is_some());
        let label = match class {
            Emoji::Target => Label::Target,
            Emoji::Stop => Label::Stop,
            Emoji::Entry => Label::Entry,
            _ => return,
        };
        if valued && self.open.is_none_or(|o| o.got > 0 || o.label != label) {
            self.begin(label);
        }
    }

    fn symbol(&mut self) {
        self.close();
        if self.open.is_some_and(|o| {
            !matches!(
                o.label,
                Label::Stop | Label::Target | Label::Entry | Label::Symbol
            )
        }) {
            self.open = None;
        }
        if self.open.is_some_and(|o| o.label == Label::Symbol) {
            self.open = None;
        }
    }

    fn contract_part(
        &mut self,
        strike: Option<Decimal>,
        right: Option<Right>,
        expiry: Option<WrittenExpiry>,
    ) {
        let negative = self.before().is_some_and(|b| b.is('-') && b.gap);
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

    fn expiry(&mut self, expiry: Option<WrittenExpiry>, relative: bool) {
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

    /// `8/22` beside a contract is a day; `1/4` with something to sell is a fraction.
    fn slashed(&mut self, a: u32, b: u32) {
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
        }) || after.is_some_and(|i| i.kind == Kind::Word);
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
        for value in [a, b] {
            self.figure(Figure {
                value: Decimal::from(value),
                money: false,
                signed: false,
                whole: true,
            });
        }
    }

    fn times(&mut self, factor: Decimal) {
        let counted = self.before().is_some_and(|b| {
            matches!(
                b.verb(),
                Some(Verb::BuyOpen | Verb::SellClose | Verb::SellOpen | Verb::BuyClose)
            )
        });
        if counted {
            self.draft.quantity = Some(factor);
            self.mark("quantity");
            return;
        }
        if self.open.is_some_and(|o| o.label == Label::Leverage) || self.draft.times.is_none() {
            self.draft.times = Some(factor);
            self.mark("leverage");
        }
    }

    fn pips(&mut self, value: Decimal) {
        let Some(open) = &mut self.open else { return };
        open.got += 1;
        match open.label {
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

    fn percent(&mut self, value: Decimal) {
        if value <= Decimal::ZERO {
            return;
        }
        let next = self.item(self.at + 1).and_then(Item::label);
        match next {
            Some(Label::Size) => return self.account(value),
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
                self.draft.percent.push((value, self.at));
                self.mark("size");
            }
        }
    }

    fn account(&mut self, value: Decimal) {
        self.draft.account_pct = Some(value);
        self.mark("size");
    }

    fn goal(&mut self, level: Distance) {
        self.draft.targets.push(Goal { level, split: None });
        if let Some(open) = &mut self.open {
            open.got += 1;
            if self.draft.target_index.is_none() {
                self.draft.target_index = open.index;
            }
        }
        self.mark("target");
    }

    /// Starts a label, unless its value stands before it: `$.85 Entry`.
    fn begin(&mut self, label: Label) {
        self.open = Some(Open {
            label,
            got: 0,
            block: false,
            lines: 0,
            index: None,
            strangers: 0,
        });
        match label {
            Label::Stop => self.draft.stop_named = true,
            Label::Target => self.draft.target_named = true,
            Label::Average => self.draft.average = true,
            _ => {}
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

    fn value_stands_before(&self) -> bool {
        let own_line = |i: &Item| matches!(i.kind, Kind::Newline);
        let start = self.line_start();
        let lead: Vec<&Item> = self
            .items
            .get(start..self.at)
            .unwrap_or(&[])
            .iter()
            .filter(|i| !matches!(i.kind, Kind::Mark(_) | Kind::Emoji(_)))
            .collect();
        let tail = self
            .items
            .iter()
            .skip(self.at + 1)
            .take(REACH)
            .take_while(|i| !own_line(i));
        let [only] = lead.as_slice() else { return false };
        only.figure().is_some() && !tail.clone().any(|i| i.figure().is_some()) && !self.draft.loose.is_empty()
    }

    /// A label's own number, `TP 1: 190`: small, expected next, and followed by the value.
    fn numbers_label(&self, figure: Figure, open: Open) -> bool {
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
        });
        open.got == 0 && small && wanted && valued
    }

    /// The number the next value of a list would carry.
    fn next_index(&self, label: Label) -> Decimal {
        let count = if label == Label::Entry {
            self.draft.entries.len()
        } else {
            self.draft.targets.len()
        };
        Decimal::from(count + 1)
    }

    /// `1) 14.20` at the start of a line.
    fn list_mark(&self, figure: Figure) -> bool {
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
                .is_some_and(|(_, i)| i.figure().is_some() || i.label().is_some());
        small && ((bracket && (starts || labelled)) || (starts && point))
    }

    fn figure(&mut self, figure: Figure) {
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
        if self.unit() {
            return;
        }
        if self.open.is_some() {
            self.labelled(figure);
        } else {
            self.loosen(figure);
        }
    }

    /// `3 contracts`, `0.5 lots`, `100 shares`.
    fn unit(&mut self) -> bool {
        let next = self.kind(self.at + 1);
        let counted = match next {
            Some(Kind::Cue(Cue::Unit)) => true,
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
        if let Some(Kind::Figure(figure)) = self.kind(self.at).cloned() {
            self.draft.quantity = Some(figure.value);
            self.mark("quantity");
            self.at += 1;
        }
        true
    }

    fn labelled(&mut self, figure: Figure) {
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
                self.draft.entries.push(Level {
                    value,
                    split: None,
                    ranged,
                });
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
            Label::Size | Label::Risk if figure.money => {
                self.draft.notional = if label == Label::Size {
                    Some(value)
                } else {
                    self.draft.notional
                };
            }
            Label::Symbol | Label::Side | Label::Right if strangers <= 5 => {
                self.open = None;
                self.loosen(figure);
            }
            _ => {}
        }
    }

    fn stop(&mut self, value: Decimal, got: usize) {
        if self.draft.trail && self.before().is_some_and(|b| b.is_cue(Cue::By)) {
            self.draft.trail_amount = Some(value);
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

    /// Whether a dash or "to" joins this number with the one before.
    fn ranged(&self) -> bool {
        let back = || self.items.iter().take(self.at).rev();
        let dash = back().take(3).take_while(|i| i.figure().is_none());
        let between = back().take(4).any(|i| i.is_cue(Cue::Between));
        let mut dash = dash.map(|i| &i.kind);
        dash.any(|k| {
            matches!(k, Kind::Mark('-' | '_' | '~') | Kind::Cue(Cue::To))
                || (between && *k == Kind::Cue(Cue::And))
        })
    }

    fn loosen(&mut self, figure: Figure) {
        let currency = self.item(self.at + 1).is_some_and(|i| {
            i.symbol()
                .is_some_and(|t| matches!(t.symbol.as_str(), "USDT" | "USDC"))
        });
        let behind = self.at + 1 + usize::from(currency);
        let of = self.item(behind).is_some_and(|i| i.is_cue(Cue::Of)) && (figure.money || currency);
        let back = |cue: Cue| {
            self.items
                .iter()
                .take(self.at)
                .rev()
                .take(2)
                .any(|i| i.is_cue(cue))
        };
        let line_from = self.line_start();
        let line = self
            .items
            .iter()
            .skip(line_from)
            .take(2 * REACH)
            .take_while(|i| i.kind != Kind::Newline);
        let (mut carries, mut strangers, mut worded) = (false, 0_usize, false);
        for item in line {
            carries |= item.verb().is_some() || item.symbol().is_some() || item.optional();
            strangers += usize::from(item.kind == Kind::Word);
            worded |= item.kind == Kind::Word
                || matches!(
                    item.kind,
                    Kind::Cue(Cue::Label(_) | Cue::Noun | Cue::Filler | Cue::Guard(_))
                );
        }
        if self.draft.loose.len() >= MOST_VALUES {
            return;
        }
        let slashed = self.before().is_some_and(|b| b.is('/'));
        self.draft.loose.push(Loose {
            value: figure.value,
            at: self.at,
            money: figure.money || currency,
            whole: figure.whole,
            after_at: self.before().is_some_and(|b| b.is_cue(Cue::At))
                || (self.before().is_some_and(|b| matches!(b.kind, Kind::Mark(_))) && back(Cue::At)),
            after_from: back(Cue::From),
            ranged: self.ranged(),
            slashed,
            in_header: (carries && strangers < 12) || !worded,
            of,
        });
        if currency {
            self.at += 1;
        }
    }

    fn cue(&mut self, cue: Cue) {
        match cue {
            Cue::Verb(verb, past) => self.verb(verb, past),
            Cue::Label(label) => self.label(label),
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
            Cue::Limit => self.draft.limit = true,
            Cue::StopLimit => self.draft.stop_limit = true,
            Cue::Above => self.draft.above |= self.triggers(),
            Cue::Below => self.draft.below |= self.triggers(),
            Cue::BreakEven => self.break_even(),
            Cue::Share(hundredths) => {
                let sized = self
                    .item(self.at + 1)
                    .is_some_and(|i| i.label() == Some(Label::Size));
                if !sized {
                    self.draft
                        .share
                        .get_or_insert(Decimal::new(i64::from(hundredths), 2));
                    self.mark("size");
                }
            }
            Cue::All => self.draft.all = true,
            Cue::Rest => self.draft.rest = true,
            Cue::Right(right) => self.right(right),
            Cue::Trail => {
                self.draft.trail = true;
                self.begin(Label::Stop);
            }
            Cue::Force(force) => self.draft.force = Some(force),
            Cue::Extended => self.draft.extended = true,
            Cue::Fund => self.draft.fund = true,
            Cue::Bullish(side) => {
                self.draft.bullish = Some(side == ordercast_model::signal::instruction::PositionSide::Long)
            }
            Cue::To => {
                if self.open.is_some_and(|o| o.got == 0) {
                    self.draft.toward = true;
                }
            }
            Cue::Guard(_) | Cue::Negation => self.word(),
            _ => {}
        }
    }

    /// "above 190" opens an order unless it speaks of the stop or a target.
    fn triggers(&self) -> bool {
        let entry = self.open.is_none_or(|o| o.label == Label::Entry || o.got > 0);
        entry
            && self
                .next_value(self.at + 1)
                .is_some_and(|(_, i)| i.figure().is_some())
    }

    fn right(&mut self, right: Right) {
        self.contract_part(None, Some(right), None);
        if self.draft.strike.is_none()
            && let Some(Kind::Figure(figure)) = self.kind(self.at + 1).cloned()
            && !figure.signed
        {
            self.at += 1;
            self.contract_part(Some(figure.value), None, None);
        }
    }

    fn break_even(&mut self) {
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

    fn market(&mut self) {
        let current = self.items.get(self.at).is_some_and(|i| i.to - i.from == 3)
            && self.draft.loose.iter().any(|l| l.after_at);
        let labelled = self.item(self.at + 1).is_some_and(|i| i.is(':') || i.is('='));
        if current && labelled {
            return self.begin(Label::Reference);
        }
        self.draft.market = true;
        self.mark("order_type");
        if self.open.is_some_and(|o| o.label == Label::Entry)
            && !self
                .next_value(self.at + 1)
                .is_some_and(|(_, i)| i.figure().is_some())
        {
            self.open = None;
        }
    }

    fn label(&mut self, label: Label) {
        let before = self.before().and_then(Item::verb);
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
        self.begin(label);
        if let Some(open) = &mut self.open {
            open.index = index;
        }
    }

    /// A verb without a subject after an opening one is a label: "Sell 63000", "cover 335".
    fn verb(&mut self, verb: Verb, past: bool) {
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
        if leaves && valued && priced && !past {
            return self.begin(Label::Target);
        }
        if self.open.is_some_and(|o| o.label == Label::Side)
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
        });
        self.mark("action");
    }
}

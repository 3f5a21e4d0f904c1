//! Decides which value belongs to which field of one clause: labelled values first, the rest is left loose.
//! Refuses to decide what the clause wants.

mod cue;
mod list;
mod loose;
mod stop;
mod value;

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
    /// Several prices carry a share of the order: "1/3 at 142, 1/3 at 138.50".
    stepped: bool,
    /// The share the next price gets.
    step: Option<Decimal>,
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
        stepped: list::stepped(items),
        step: None,
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
        self.at - back.take_while(|i| !i.newline()).count()
    }

    fn mark(&mut self, field: &'static str) {
        if let Some(item) = self.items.get(self.at) {
            self.draft.mark(field, item.from, item.to);
        }
    }

    fn step(&mut self) {
        let Some(item) = self.item(self.at) else { return };
        if matches!(item.kind, Kind::Symbol(_)) {
            return self.symbol();
        }
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
            Kind::Ratio => {
                let target = |o: Open| o.label == Label::Target && o.got == 0;
                self.draft.target_multiple |= self.open.is_some_and(target);
            }
            Kind::Moment | Kind::Lookalike => {}
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
        let alone = open.label == Label::Target
            && matches!(
                self.items.get(self.at + 1).map(|i| &i.kind),
                Some(Kind::Figure(_))
            )
            && self.items.get(self.at + 2).is_none_or(|i| i.newline());
        // "stop complaining" is no field that goes on below.
        let keeps = alone
            || (open.got == 0 && open.lines <= 2 && open.strangers == 0)
            || (open.block && open.lines <= 12);
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

    /// "TP raised 116 → 119": the first of the two no longer holds.
    fn replaced(&mut self) {
        // "NVDA SL 176 → 180"
        let levels = self.draft.targets.len() + usize::from(self.draft.stop.is_some()) == 1;
        let silent =
            self.draft.verbs.is_empty() && self.draft.entries.is_empty() && self.draft.loose.is_empty();
        let follows = self.item(self.at + 1).is_some_and(|i| i.figure().is_some());
        self.draft.toward |= levels && silent && follows;
        let moved = self.draft.toward || self.draft.has(Verb::Move);
        if !moved || self.before().is_none_or(|b| b.figure().is_none()) {
            return;
        }
        match self.open.map(|o| o.label) {
            Some(Label::Target) if self.draft.targets.len() == 1 => {
                self.draft.targets.clear();
                self.begin(Label::Target);
            }
            None if self.draft.stop.is_some() && self.draft.targets.is_empty() => {
                self.draft.stop = None;
                self.begin(Label::Stop);
            }
            _ => {}
        }
    }

    /// "VIX under 16, SPY over 664 → BTO 3 SPY ...": two states of the market that led to the order.
    fn observed(&mut self) {
        let plain = |i: &Item| i.verb().is_some_and(Verb::is_plain) && !i.past();
        let both = self.draft.above && self.draft.below && self.draft.verbs.is_empty();
        if both && self.item(self.at + 1).is_some_and(plain) {
            (self.draft.above, self.draft.below) = (false, false);
            self.draft.loose.clear();
        }
    }

    fn separator(&mut self, mark: char) {
        if mark == '→' {
            self.replaced();
            self.observed();
        }
        if mark == '(' && self.shares() {
            return;
        }
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
        let per_cent = matches!(
            self.draft.targets.last(),
            Some(Goal {
                level: Distance::Percent(_),
                ..
            })
        ) && self.before().is_some_and(|b| matches!(b.kind, Kind::Percent(_)));
        let goes_on = matches!(mark, ',' | '|' | ';')
            && self
                .next_value(self.at + 1)
                .is_some_and(|(_, i)| i.figure().is_some() || per_cent && matches!(i.kind, Kind::Percent(_)))
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
        self.draft.done |=
            matches!(class, Emoji::Done | Emoji::Failed | Emoji::Stop) && !self.draft.verbs.is_empty();
        let label = match class {
            Emoji::Target => Label::Target,
            Emoji::Stop => Label::Stop,
            Emoji::Entry => Label::Entry,
            Emoji::Failed
                if !self.draft.targets.is_empty()
                    && self.draft.stop.is_none()
                    && self.before().is_some_and(|b| b.newline()) =>
            {
                Label::Stop
            }
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
}

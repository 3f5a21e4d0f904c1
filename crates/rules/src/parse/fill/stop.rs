//! Decides when the word of a label is no label: a stop that goes to the entry, the trigger of a stop-limit order, a day's own word.
//! Refuses to read values.

use super::*;

impl Filler<'_> {
    /// "stop goes to entry", "rest stop at entry": no price follows, so the entry itself is the level.
    pub(super) fn goes_to_entry(&self) -> bool {
        let stop = self
            .open
            .is_some_and(|o| o.got == 0 && o.lines == 0 && o.label == Label::Stop);
        let after = self.item(self.at + 1);
        stop && self
            .next_value(self.at + 1)
            .is_none_or(|(_, i)| i.figure().is_none())
            && !after.is_some_and(|i| i.is(':') || i.is('=') || i.is('|'))
    }

    /// "for tomorrow's expiry" and "Strike/Exp: 150 / Dec 18": the word adds nothing to what stands beside it.
    pub(super) fn said(&self, label: Label) -> bool {
        let before = self.before().map(|b| &b.kind);
        let dated = matches!(
            before,
            Some(Kind::Relative(_) | Kind::Expiry(_) | Kind::Slashed(..))
        ) && !self.item(self.at + 1).is_some_and(|i| i.is(':'));
        let joint = matches!(before, Some(Kind::Mark('/')))
            && self.open.is_some_and(|o| o.got == 0 && o.label == Label::Strike);
        label == Label::Expiry && (dated || joint)
    }

    /// "stop-limit: stop 262, limit 263.5": the first of the order's own two prices.
    pub(super) fn triggered(&self) -> bool {
        let limit = |pair: &[Item]| matches!(pair, [limit, price] if limit.is_cue(Cue::Limit) && price.figure().is_some());
        self.draft.stop_limit
            && self.draft.entries.is_empty()
            && self.draft.loose.len() == usize::from(self.counted())
            && self.items.windows(2).skip(self.at + 1).take(REACH).any(limit)
    }

    /// "BUY 100 DKNG STOP 34.50 LIMIT 34.70, protective stop 33.20": with a stop of its own the order's is its trigger.
    pub(super) fn trigger_of_two(&self) -> bool {
        let rest = self.items.get(self.at + 1..).unwrap_or(&[]);
        let ([
            trigger,
            Item {
                kind: Kind::Mark(_), ..
            },
            limit,
            price,
            tail @ ..,
        ]
        | [trigger, limit, price, tail @ ..]) = rest
        else {
            return false;
        };
        let priced = trigger.figure().is_some() && limit.is_cue(Cue::Limit) && price.figure().is_some();
        let opens = self.draft.verbs.first().is_some_and(|d| {
            matches!(
                d.verb,
                Verb::Buy | Verb::Sell | Verb::BuyOpen | Verb::Long | Verb::Short
            )
        });
        let bare = self.draft.entries.is_empty() && self.draft.loose.len() == usize::from(self.counted());
        priced && opens && bare && tail.windows(2).take(REACH).any(|pair| {
            matches!(pair, [stop, level] if stop.label() == Some(Label::Stop) && level.figure().is_some())
        })
    }

    /// "trail $2 after 255"
    pub(super) fn trails_from(&mut self) {
        let Some(figure) = self.item(self.at + 1).and_then(Item::figure) else {
            return self.word();
        };
        self.draft.trail_from = Some(figure.value);
        self.open = None;
        self.at += 1;
        self.mark("trailing");
    }

    /// "TP 6720 instead of 6690": what stands behind the words is left out, and the level before them is new.
    pub(super) fn former(&mut self) {
        let values = self.item(self.at + 1).is_some_and(|i| i.figure().is_some());
        if !values {
            return self.word();
        }
        let level = self.draft.stop.is_some() || !self.draft.targets.is_empty();
        let stated = self.before().is_some_and(|b| b.figure().is_some());
        self.draft.toward |= level && stated && self.draft.loose.is_empty() && self.draft.entries.is_empty();
        self.begin(Label::Note);
    }
}

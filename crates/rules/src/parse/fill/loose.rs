//! Keeps the numbers that no label claims, with what stands around each of them.
//! Refuses to decide what they mean.

use super::*;

impl Filler<'_> {
    /// Whether the line is nothing but a few unknown words, perhaps a colon, and this number.
    fn stray(&self, line_from: usize) -> bool {
        const MOST: usize = 4;
        let head = self.items.get(line_from..self.at).unwrap_or(&[]);
        let words = head.iter().filter(|i| i.word()).count();
        let plain = head.iter().all(|i| {
            matches!(
                i.kind,
                Kind::Word | Kind::Mark(_) | Kind::Emoji(_) | Kind::Cue(Cue::Filler | Cue::At | Cue::Of)
            )
        });
        let after = self.items.iter().skip(self.at + 1);
        let alone = after
            .take_while(|i| !i.newline())
            .all(|i| matches!(i.kind, Kind::Mark(_) | Kind::Emoji(_)) || i.figure().is_some());
        line_from > 0 && plain && alone && (1..=MOST).contains(&words)
    }

    pub(super) fn loosen(&mut self, figure: Figure) {
        let currency = self.item(self.at + 1).is_some_and(|i| {
            i.symbol()
                .is_some_and(|t| matches!(t.symbol.as_str(), "USDT" | "USDC"))
        });
        let behind = self.at + 1 + usize::from(currency);
        let of = self.item(behind).is_some_and(|i| i.is_cue(Cue::Of)) && (figure.money || currency)
            // "at market: buy ADA for 250 USDT"
            || currency && self.draft.market;
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
            .take_while(|i| !i.newline());
        let (mut carries, mut strangers, mut worded) = (false, 0_usize, false);
        for item in line {
            carries |= item.verb().is_some() || item.symbol().is_some() || item.optional();
            strangers += usize::from(item.word());
            worded |= item.word()
                || matches!(
                    item.kind,
                    Kind::Cue(Cue::Label(_) | Cue::Noun | Cue::Filler | Cue::Guard(_))
                );
        }
        if self.draft.loose.len() >= MOST_VALUES {
            return;
        }
        let slashed = self.before().is_some_and(|b| b.is('/') || b.is('|'));
        self.draft.loose.push(Loose {
            value: figure.value,
            at: self.at,
            money: figure.money || currency,
            whole: figure.whole,
            after_at: self.before().is_some_and(|b| b.is_cue(Cue::At))
                || (self.before().is_some_and(|b| matches!(b.kind, Kind::Mark(_))) && back(Cue::At)),
            after_from: back(Cue::From),
            ranged: self.ranged(),
            split: self.step.take(),
            slashed,
            stray: self.stray(line_from),
            in_header: (carries && strangers < 12) || !worded,
            of,
        });
        if currency {
            self.at += 1;
        }
    }
}

//! Decides what is written on an order instead of in it: "DRAFT -", "(joke)", "- FINISHED", `%PRICE%`, "SL TBD".
//! Refuses such words anywhere but where a stamp or a value belongs.

use super::*;

/// Words that say that nothing is meant.
const DRAFTS: [&str; 29] = [
    "draft",
    "wip",
    "joke",
    "joking",
    "sarcasm",
    "sarcastic",
    "satire",
    "parody",
    "irony",
    "ironic",
    "fake",
    "old",
    "outdated",
    "unconfirmed",
    "trolling",
    "troll",
    "entwurf",
    "borrador",
    "brouillon",
    "bozza",
    "rascunho",
    "черновик",
    "scherz",
    "broma",
    "blague",
    "scherzo",
    "piada",
    "шутка",
    "meme",
];

/// Words that say that the order is over.
const ENDINGS: [&str; 17] = [
    "finished",
    "completed",
    "ended",
    "void",
    "voided",
    "invalid",
    "invalidated",
    "inactive",
    "archived",
    "cancelled",
    "canceled",
    "annulled",
    "storniert",
    "beendet",
    "cancelado",
    "annulé",
    "отменён",
];

/// What a program writes where it has no value.
const EMPTY: [&str; 6] = ["null", "nan", "undefined", "nil", "inf", "infinity"];

/// What people write where they have no value yet.
const OPEN: [&str; 6] = ["tbd", "tba", "tbc", "na", "n/a", "pending"];

/// Names of fields, as templates write them.
const FIELDS: [&str; 18] = [
    "price",
    "close",
    "entry",
    "sl",
    "tp",
    "stop",
    "stoploss",
    "stop_loss",
    "target",
    "ticker",
    "symbol",
    "qty",
    "quantity",
    "tp1",
    "entry_price",
    "amount",
    "level",
    "strike",
];

impl Scanner<'_> {
    fn ends_here(&self, ahead: usize) -> bool {
        self.token(ahead).is_none_or(|t| {
            matches!(
                t.tok,
                Tok::Newline | Tok::Emoji(_) | Tok::Mark('.' | '!' | ')' | ']')
            )
        })
    }

    fn begins_here(&self) -> bool {
        self.out
            .last()
            .is_none_or(|i| matches!(i.kind, Kind::Newline | Kind::Emoji(_)))
    }

    /// `[DRAFT] ...`, `DRAFT - ...`, `... - DRAFT`, `(joke)`.
    pub(super) fn stamped(&mut self, low: &str) -> bool {
        let (draft, ending) = (DRAFTS.contains(&low), ENDINGS.contains(&low));
        if !(draft || ending) {
            return false;
        }
        let last = self.out.last();
        let boxed = last.is_some_and(|i| i.is('(') || i.is('['))
            && self.token(1).is_some_and(|t| t.is(')') || t.is(']'));
        let headed = self.begins_here()
            && self
                .token(1)
                .is_some_and(|t| t.is(':') || t.is('|') || (t.is('-') && t.gap) || t.is('!'))
            || low == "wip" && self.begins_here() && self.token(1).is_some();
        let behind = last.is_some_and(|i| i.is('-') && i.gap || i.is('|') || draft && i.is(','));
        let closes = behind && self.ends_here(1);
        let alone = ending && last.is_some_and(Item::newline) && self.ends_here(1);
        // "BUY AMC @ 3, just joking"
        let said = draft
            && matches!(low, "joking" | "sarcasm" | "sarcastic" | "trolling")
            && self.ends_here(1)
            && !self.out.is_empty();
        if !(boxed || headed || closes || alone || said) || low == "old" && !(boxed || headed) {
            return false;
        }
        if low == "joke" && headed {
            return false;
        }
        let guard = if draft {
            Guard::Test
        } else if headed || boxed && self.out.len() == 1 {
            // "[VOID] BUY AMD": what stands behind it is over.
            if !self.orders_ahead() {
                return false;
            }
            Guard::Recap
        } else {
            Guard::Over
        };
        self.push(Kind::Cue(Cue::Guard(guard)), 1);
        true
    }

    /// An order with a number stands in the rest of the line.
    pub(super) fn orders_ahead(&self) -> bool {
        const REACH: usize = 30;
        let line = || {
            let rest = self.tokens.iter().skip(self.at + 1).take(REACH);
            rest.take_while(|t| t.tok != Tok::Newline)
        };
        line().any(|t| matches!(t.low(), "buy" | "bto" | "sto" | "long" | "short" | "sell"))
            && line().any(|t| matches!(t.tok, Tok::Number(_)))
    }

    /// The field whose value would stand here, and whether the mark of a price does.
    fn valued(&self) -> (Option<Label>, bool) {
        let mut back = self.out.iter().rev();
        let mut last = back.next();
        while last.is_some_and(|i| i.is(':') || i.is('=') || i.is('$')) {
            last = back.next();
        }
        let label = last.and_then(Item::label);
        (label, last.is_some_and(|i| i.is_cue(Cue::At)))
    }

    /// "BUY AMD @ null", "SL TBD", "@ $PRICE", "@ XXX": no value where one belongs.
    pub(super) fn unfilled(&mut self, text: &str, low: &str, dollar: bool) -> bool {
        const LONGEST: usize = 9;
        if low.len() > LONGEST && !dollar {
            return false;
        }
        let empty = EMPTY.contains(&low);
        let field = dollar && FIELDS.contains(&low);
        let crossed = text.len() > 1 && text.bytes().all(|b| b == b'X');
        let slashed = low == "n" && self.token(1).is_some_and(|t| t.is('/') && !t.gap) && self.says_a(2);
        let open = OPEN.contains(&low) || slashed;
        if !(empty || field || crossed || open) {
            return false;
        }
        let (label, priced) = self.valued();
        let level = matches!(
            label,
            Some(Label::Stop | Label::Target | Label::Entry | Label::Quantity | Label::Strike)
        );
        let bought = self.out.last().is_some_and(|i| i.verb().is_some())
            && matches!(low, "null" | "undefined" | "nil");
        if (empty || field) && (level || priced || bought)
            || crossed && (priced || label == Some(Label::Stop))
        {
            self.push(Kind::Cue(Cue::Guard(Guard::Unfilled)), 1);
            return true;
        }
        if open && priced {
            // "BUY AMD @ TBD"
            self.push(Kind::Cue(Cue::Guard(Guard::Hypothetical)), 1);
            return true;
        }
        if (open || crossed) && label == Some(Label::Stop) {
            self.push(Kind::Cue(Cue::Hollow), if slashed { 3 } else { 1 });
            return true;
        }
        false
    }

    fn says_a(&self, ahead: usize) -> bool {
        self.token(ahead).is_some_and(|t| t.low() == "a")
    }

    /// `%PRICE%`, `@ [price]`, and `SL: -`.
    pub(super) fn unfilled_mark(&mut self, mark: char) -> bool {
        let tight = |ahead: usize| self.token(ahead).filter(|t| !t.gap);
        let word = tight(1).map_or("", Token::low);
        let (label, priced) = self.valued();
        let field = label.is_some() || priced;
        match mark {
            '%' if !word.is_empty() && tight(2).is_some_and(|t| t.is('%')) => {}
            '[' if field && FIELDS.contains(&word) && tight(2).is_some_and(|t| t.is(']')) => {}
            '-' => {
                let dashes = (1..6)
                    .take_while(|n| self.token(*n).is_some_and(|t| t.is('-')))
                    .count();
                let ends = self.token(1 + dashes).is_none_or(|t| {
                    t.tok == Tok::Newline
                        || t.gap
                            && matches!(
                                vocabulary::phrase(self.tokens.get(self.at + 1 + dashes..).unwrap_or(&[])),
                                Some((Cue::Label(_), _))
                            )
                });
                let colon = self.out.last().is_some_and(|i| i.is(':') || i.is('='));
                if !(colon && ends && matches!(label, Some(Label::Stop | Label::Entry))) {
                    return false;
                }
                self.push(Kind::Cue(Cue::Hollow), 1 + dashes);
                return true;
            }
            _ => return false,
        }
        self.push(Kind::Cue(Cue::Guard(Guard::Unfilled)), 3);
        true
    }
}

//! Decides what each token is: a cue, a name, a kind of number, a day. Looks a few tokens ahead, never back over the message.
//! Refuses to decide what the message wants.

mod aim;
mod count;
mod mark;
mod name;
mod number;
mod part;
mod praise;
mod single;
mod speaker;
mod spell;
mod split;
mod stamp;
mod talk;
mod ticket;
mod told;
mod trail;
mod turn;
mod when;

use ordercast_model::{instrument::Right, signal::instruction::WrittenExpiry};
use rust_decimal::Decimal;

use super::{
    contract,
    expiry::{self, Relative},
    item::{Figure, Item, Kind},
    lexer::{Digits, Suffix, Tok, Token},
    number::{Habit, Meaning},
    symbol::{self, Grade, Symbols},
    vocabulary::{self, Cue, Guard, Label, Verb},
};

use split::{join_thousands, split_words};

/// Names every token. `work` grows by one for each token looked at.
pub(super) fn scan(mut tokens: Vec<Token>, habit: Habit, symbols: &Symbols, work: &mut usize) -> Vec<Item> {
    spell::mend(&mut tokens, symbols);
    let tokens = split_words(if habit.continental {
        join_thousands(&tokens)
    } else {
        tokens
    });
    let letters = tokens.iter().filter_map(|t| {
        if let Tok::Word { text, .. } = &t.tok {
            Some(text)
        } else {
            None
        }
    });
    let (mut upper, mut lower) = (0_usize, 0_usize);
    for c in letters.flat_map(|t| t.chars()) {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
    }
    let shouting = upper > 40 && lower * 8 < upper;
    let mut scanner = Scanner {
        tokens: &tokens,
        at: 0,
        habit,
        symbols,
        shouting,
        out: Vec::with_capacity(tokens.len()),
    };
    while scanner.at < tokens.len() {
        *work += 1;
        scanner.step();
    }
    scanner.out
}

pub(super) struct Scanner<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    pub(super) habit: Habit,
    pub(super) symbols: &'a Symbols,
    shouting: bool,
    pub(super) out: Vec<Item>,
}

impl Scanner<'_> {
    pub(super) fn rest(&self) -> &[Token] {
        self.tokens.get(self.at..).unwrap_or(&[])
    }

    pub(super) fn token(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    pub(super) fn push(&mut self, kind: Kind, taken: usize) {
        let Some(first) = self.token(0) else { return };
        let (from, gap) = (first.from, first.gap);
        let to = self.token(taken.max(1) - 1).map_or(first.to, |t| t.to);
        self.out.push(Item {
            kind,
            from,
            to,
            gap,
            dead: false,
            told: false,
        });
        self.at += taken.max(1);
    }

    fn step(&mut self) {
        let tokens = self.tokens;
        let Some(token) = tokens.get(self.at) else { return };
        match &token.tok {
            Tok::Newline => self.push(Kind::Newline, 1),
            Tok::Emoji(class) => self.push(Kind::Emoji(*class), 1),
            Tok::Ordinal(n) => self.push(Kind::Ordinal(*n), 1),
            Tok::Moment => self.push(Kind::Moment, 1),
            Tok::Date(date) => self.push(Kind::Expiry(WrittenExpiry::Date(*date)), 1),
            Tok::Number(digits) => self.number(digits),
            Tok::Mark(mark) => self.mark(*mark),
            Tok::Word {
                text, low, dollar, ..
            } => self.word(text, low, *dollar),
        }
    }

    fn word(&mut self, text: &str, low: &str, dollar: bool) {
        if symbol::lookalike(text) {
            self.push(Kind::Lookalike, 1);
            return;
        }
        if contract::joined(self)
            || self.date_word(low)
            || self.year(low)
            || self.buys_to_close(low, dollar)
            || self.told_day(low)
            || self.unfilled(text, low, dollar)
            || self.unsure(text)
        {
            return;
        }
        if self.token(1).is_some_and(|t| t.is(':') && !t.gap) && self.speaker(text) {
            return;
        }
        if turn::opens(low) && (self.situated(low) || self.spelled(low, text) || self.singled(low))
            || self.forced(text, dollar)
        {
            return;
        }
        if self.ordered_small(text, low) {
            return;
        }
        if let Some((ticker, taken)) = symbol::strong(self.symbols, self.rest()) {
            self.push(Kind::Symbol(ticker), taken);
            return;
        }
        if let Some((cue, taken)) = vocabulary::phrase(self.rest())
            && self.wanted(cue, (text, low), taken)
        {
            self.push(Kind::Cue(self.renewed(cue, taken)), taken);
            return;
        }
        match symbol::candidate(self.symbols, text, self.shouting) {
            Some(ticker) => {
                let (ticker, taken) = self.listed_abroad(ticker);
                self.push(Kind::Symbol(ticker), taken);
            }
            None => self.push(Kind::Word, 1),
        }
    }

    /// "in 2022", "back in 1992": another day.
    fn year(&mut self, low: &str) -> bool {
        let Some(Tok::Number(d)) = self.token(1).map(|t| &t.tok) else {
            return false;
        };
        let year = d.text.len() == 4
            && !d.money
            && d.suffix == Suffix::None
            && (d.text.starts_with("19") || d.text.starts_with("20"));
        let ends = self.token(2).is_none_or(|t| !matches!(t.tok, Tok::Number(_)));
        let told = matches!(low, "in" | "since" | "im" | "en" | "em" | "nel" | "в");
        if !(told && year && ends) {
            return false;
        }
        self.push(Kind::Cue(Cue::Guard(Guard::OtherDay)), 2);
        true
    }

    /// "BTC 100 GME @ 22.1", "BTC SPY 640c 8/15 @ 1.2": buy to close, not the coin.
    fn buys_to_close(&mut self, low: &str, dollar: bool) -> bool {
        if low != "btc"
            || dollar
            || self
                .out
                .last()
                .is_some_and(|i| i.verb().is_some() || i.label().is_some())
        {
            return false;
        }
        let counted = usize::from(
            matches!(self.token(1).map(|t| &t.tok), Some(Tok::Number(d)) if d.suffix == Suffix::None && !d.money && !d.text.contains('.')),
        );
        let Some(Tok::Word { text, .. }) = self.token(1 + counted).map(|t| &t.tok) else {
            return false;
        };
        let spaced = self.token(1 + counted).is_some_and(|t| t.gap);
        let named = symbol::candidate(self.symbols, text, false).is_some()
            && vocabulary::phrase(self.tokens.get(self.at + 1 + counted..).unwrap_or(&[])).is_none()
            || self
                .token(1 + counted)
                .is_some_and(|t| matches!(&t.tok, Tok::Word { dollar: true, .. }));
        let next = self.token(2 + counted);
        let priced = next.is_some_and(|t| t.is('@') || t.low() == "at");
        let contract = contract::follows(self.tokens, self.at + 2 + counted);
        if !(spaced && named && (contract || priced || counted == 1)) {
            return false;
        }
        self.push(Kind::Cue(Cue::Verb(Verb::BuyClose, false)), 1);
        true
    }

    /// "New BNB targets: 1050": the name stands between the word and the field it renews.
    fn renewed(&self, cue: Cue, taken: usize) -> Cue {
        let Cue::Label(label @ (Label::Target | Label::Stop)) = cue else {
            return cue;
        };
        let named = self.out.last().is_some_and(|i| i.symbol().is_some() && i.gap);
        let before = self.at.checked_sub(2).and_then(|b| self.tokens.get(b));
        let new = before.is_some_and(|t| matches!(t.low(), "new" | "updated" | "revised"));
        let starts = self
            .out
            .iter()
            .rev()
            .nth(2)
            .is_none_or(|i| matches!(i.kind, Kind::Newline | Kind::Emoji(_)));
        let field = self.token(taken).is_some_and(|t| t.is(':') || t.is('='));
        if named && new && starts && field {
            Cue::Changed(label)
        } else {
            cue
        }
    }

    /// Single letters are cues only beside what they qualify.
    fn wanted(&self, cue: Cue, (text, low): (&str, &str), taken: usize) -> bool {
        if low == "be" && taken == 1 && cue == Cue::BreakEven {
            return self.level_goes(text);
        }
        if taken > 1 {
            return true;
        }
        if low == "out" {
            // "chickened out": only a name, a mark or nothing stands before an order to leave.
            return self
                .out
                .last()
                .is_none_or(|i| !i.word() || !self.token(0).is_some_and(|t| t.gap));
        }
        let piped = self.out.last().is_some_and(|i| i.is('|'));
        let after_number = matches!(
            self.out.iter().rev().nth(usize::from(piped)).map(|i| &i.kind),
            Some(Kind::Figure(_) | Kind::Symbol(_) | Kind::Expiry(_))
        );
        if matches!(cue, Cue::Market) && low == "m" {
            return self.out.last().is_some_and(|i| i.is_cue(Cue::At));
        }
        if cue == Cue::Limit && text == "LMT" && self.out.last().is_some_and(|i| i.is_cue(Cue::Of)) {
            // "$750 of LMT": the share.
            return false;
        }
        let single = low.chars().count() == 1 && low.is_ascii();
        match cue {
            Cue::Right(_) if single => after_number,
            Cue::Right(_) if low == "put" => {
                after_number || self.token(1).is_none_or(|t| t.low() != "stop" && t.low() != "sl")
            }
            Cue::Label(Label::Quantity) if single => self.token(1).is_some_and(|t| t.is('=') || t.is(':')),
            _ if single && low != "à" && low != "a" => matches!(cue, Cue::Filler | Cue::And),
            _ => true,
        }
    }

    /// "stop to be" and "SL BE" speak of a level, "be patient" does not.
    fn level_goes(&self, text: &str) -> bool {
        let led = self.out.last().is_some_and(|i| {
            matches!(
                i.kind,
                Kind::Cue(
                    Cue::To
                        | Cue::At
                        | Cue::Market
                        | Cue::Label(Label::Stop)
                        | Cue::Changed(_)
                        | Cue::Verb(Verb::Move, _)
                ) | Kind::Mark(':' | '=' | '→')
            )
        });
        let ends = self
            .token(1)
            .is_none_or(|t| matches!(t.tok, Tok::Newline | Tok::Mark(_) | Tok::Emoji(_)));
        let moved = self.out.iter().rev().take(8).take_while(|i| !i.newline());
        let level = moved.into_iter().any(|i| {
            i.label() == Some(Label::Stop) || i.verb() == Some(Verb::Move) || i.verb() == Some(Verb::Take)
        });
        let next = self.token(1).map_or("", Token::low);
        let goes_on = matches!(
            next,
            "now" | "on" | "at" | "for" | "and" | "the" | "stop" | "sl" | "please" | "pls"
        );
        let capital = text == "BE" && (ends || level || goes_on);
        led && (ends || level || text == "BE") || capital
    }

    fn date_word(&mut self, low: &str) -> bool {
        if let Some((relative, taken)) = self.relative(low) {
            self.push(Kind::Relative(relative), taken);
            return true;
        }
        contract::month_first(self, low)
    }

    fn relative(&self, low: &str) -> Option<(Relative, usize)> {
        let low = low.strip_suffix("'s").unwrap_or(low);
        let next = self.token(1).map_or("", Token::low);
        let dated = |t: &str| {
            matches!(
                t,
                "exp" | "expiry" | "expiration" | "expiring" | "exp." | "expires"
            )
        };
        let labelled = self
            .out
            .iter()
            .rev()
            .take(6)
            .find(|i| !matches!(i.kind, Kind::Mark(_)))
            .is_some_and(|i| i.label() == Some(Label::Expiry));
        if let Some(day) = expiry::weekday(low) {
            let option_after = contract::follows(self.tokens, self.at + 1);
            let option_before = self.out.iter().rev().take(2).any(Item::optional);
            return (labelled || dated(next) || option_after || option_before)
                .then_some((Relative::Weekday(day), 1));
        }
        match low {
            "next" => expiry::weekday(next).map(|day| (Relative::NextWeekday(day), 2)),
            "this" => expiry::weekday(next).map(|day| (Relative::Weekday(day), 2)),
            "weekly" | "weeklies" | "weeklys" if self.out.iter().rev().take(2).any(Item::optional) => {
                Some((Relative::Weekday(chrono::Weekday::Fri), 1))
            }
            "today" if labelled || dated(next) => Some((Relative::Ahead(0), 1)),
            "tomorrow" if labelled || dated(next) => Some((Relative::Ahead(1), 1)),
            "odte" => Some((Relative::Ahead(0), 1)),
            _ => None,
        }
    }
}

/// Whether a guard cue may be overlooked as decoration in a header such as `FREE SIGNAL`.
pub(super) const fn kills(guard: Guard) -> bool {
    matches!(
        guard,
        Guard::Test | Guard::Unfilled | Guard::Legs | Guard::Undo | Guard::Recap | Guard::News | Guard::Promo
    )
}

//! Decides what kind of number stands here: a price, a per cent, a strike, a factor, a span of time, a ratio.

use super::*;

impl Scanner<'_> {
    pub(super) fn number(&mut self, digits: &Digits) {
        if self.year_heading(digits)
            || contract::slashed(self, digits)
            || contract::month_second(self, digits)
            || self.ratio(digits)
            || self.multiplier(digits)
        {
            return;
        }
        let negative = self.sign();
        match digits.suffix {
            Suffix::Ordinal => return self.push(Kind::Ordinal(digits.text.parse().unwrap_or(0)), 1),
            Suffix::DaysToExpiry => {
                return self.push(
                    Kind::Relative(Relative::Ahead(digits.text.parse().unwrap_or(99))),
                    1,
                );
            }
            Suffix::Million => return self.push(Kind::Unreadable, 1),
            Suffix::Seconds(1) if self.at_level() => return self.push(Kind::Unreadable, 1),
            Suffix::Seconds(unit) => {
                if let Ok(value) = digits.text.parse()
                    && self.plural_strike(value, digits)
                {
                    return;
                }
                let count: u64 = digits.text.parse().unwrap_or(0);
                return self.push(Kind::Seconds(count.saturating_mul(unit)), 1);
            }
            Suffix::RiskMultiple => return self.push(Kind::Ratio, 1),
            _ => {}
        }
        match self.habit.read(&digits.text) {
            Meaning::One(_) if self.maybe_thousands(digits) => self.push(Kind::Ambiguous, 1),
            Meaning::Many(all) => self.list(&all),
            Meaning::Ambiguous => self.push(Kind::Ambiguous, 1),
            Meaning::Unreadable => self.push(Kind::Unreadable, 1),
            Meaning::One(value) => {
                let value = if negative == Some('-') { -value } else { value };
                self.value(value, digits, negative.is_some());
            }
        }
    }

    /// `BTC Entry: 60.000 - 60.500`: nothing in the message says that the point is a decimal one.
    fn maybe_thousands(&self, digits: &Digits) -> bool {
        let round = digits.text.len() >= 6
            && digits.text.ends_with("00")
            && digits
                .text
                .split_once('.')
                .is_some_and(|(a, b)| b.len() == 3 && a != "0");
        let coin = |i: &Item| {
            i.symbol()
                .is_some_and(|t| t.asset == Some(ordercast_model::instrument::AssetClass::Crypto))
        };
        round && !self.habit.point && self.out.iter().rev().take(20).any(coin)
    }

    /// `18O`, and `@ 18x5`: behind the mark of a price stands what begins like a number and is none.
    pub(super) fn unsure(&mut self, text: &str) -> bool {
        let digit = text.starts_with(|c: char| c.is_ascii_digit());
        let unsure = garbled(text) || digit && self.at_level();
        if unsure {
            self.push(Kind::Unreadable, 1);
        }
        unsure
    }

    /// Behind the mark of a price, or the word for a level.
    fn at_level(&self) -> bool {
        let marked = self
            .at
            .checked_sub(1)
            .and_then(|b| self.tokens.get(b))
            .is_some_and(|t| t.is('@'));
        let level = |i: &Item| matches!(i.label(), Some(Label::Stop | Label::Target | Label::Entry));
        let colon = usize::from(self.out.last().is_some_and(|i| i.is(':')));
        marked || self.out.iter().rev().nth(colon).is_some_and(level)
    }

    /// "pts" behind a level, with no value of its own behind it.
    fn points(&self, taken: usize) -> bool {
        let named = self.token(1).is_some_and(|t| t.low() == "pts");
        let ends = self
            .token(1 + taken)
            .is_none_or(|t| !matches!(t.tok, Tok::Number(_)) && !t.is(':') && !t.is('='));
        named && ends
    }

    /// `2021 me: LONG DOGE 0.68`: a line about another year.
    fn year_heading(&mut self, digits: &Digits) -> bool {
        let starts = self.out.last().is_none_or(|i| i.newline());
        let year = digits.text.len() == 4
            && !digits.money
            && digits.suffix == Suffix::None
            && (digits.text.starts_with("19") || digits.text.starts_with("20"));
        if !(starts && year) {
            return false;
        }
        let words = self
            .tokens
            .iter()
            .skip(self.at + 1)
            .take(2)
            .take_while(|t| matches!(t.tok, Tok::Word { .. }))
            .count();
        if !self.token(1 + words).is_some_and(|t| t.is(':')) {
            return false;
        }
        self.push(Kind::Cue(Cue::Guard(Guard::OtherDay)), 1 + words);
        true
    }

    /// A sign that stands free before a number and is glued to it.
    pub(super) fn sign(&mut self) -> Option<char> {
        let glued = self.token(0).is_some_and(|t| !t.gap);
        let [.., before, last] = self.out.as_slice() else {
            return self.out.last().filter(|i| glued && i.is('-')).map(|_| '-');
        };
        let mark = match last.kind {
            Kind::Mark(c @ ('-' | '+')) if glued => c,
            _ => return None,
        };
        let counted = mark == '+' && last.gap && before.verb().is_some();
        // `SELL -2 IWM`: an order as a program writes it.
        let written = mark == '-' && before.verb() == Some(Verb::Sell) && self.counts_name();
        if counted || written || before.past() && matches!(before.verb(), Some(Verb::Buy | Verb::Sell)) {
            // `BOT +5`, `SOLD -5`: the sign says the side again.
            return None;
        }
        let range = matches!(before.kind, Kind::Figure(_) | Kind::Strike(..));
        let free = last.gap || matches!(before.kind, Kind::Mark(_) | Kind::Cue(Cue::At));
        ((mark == '+' && (last.gap || !range)) || (free && !range)).then_some(mark)
    }

    /// A whole number and a name behind it.
    fn counts_name(&self) -> bool {
        let whole = matches!(self.token(0).map(|t| &t.tok), Some(Tok::Number(d)) if d.suffix == Suffix::None && !d.text.contains('.'));
        whole
            && matches!(self.token(1).map(|t| &t.tok), Some(Tok::Word { text, dollar, .. }) if *dollar
                || symbol::candidate(self.symbols, text, false).is_some_and(|t| t.grade <= Grade::Plausible))
    }

    pub(super) fn list(&mut self, all: &[Decimal]) {
        let Some(token) = self.token(0) else { return };
        let (from, to, gap) = (token.from, token.to, token.gap);
        for (i, value) in all.iter().enumerate() {
            let figure = Figure {
                value: *value,
                money: false,
                signed: false,
                whole: value.scale() == 0,
            };
            if i > 0 {
                self.out.push(Item {
                    kind: Kind::Mark(','),
                    from,
                    to,
                    gap: false,
                    dead: false,
                    told: false,
                });
            }
            self.out.push(Item {
                kind: Kind::Figure(figure),
                from,
                to,
                gap,
                dead: false,
                told: false,
            });
        }
        self.at += 1;
    }

    pub(super) fn value(&mut self, value: Decimal, digits: &Digits, signed: bool) {
        if self.token(1).is_some_and(|t| t.is('%')) {
            return self.push(Kind::Percent(value), 2);
        }
        if self.suffixed(value, digits, signed) {
            return;
        }
        let next = self.token(1);
        let following = self.tokens.get(self.at + 1..).unwrap_or(&[]);
        let cue = match vocabulary::phrase(following) {
            Some((Cue::Verb(Verb::Move, _), _)) if next.is_some_and(|t| t.low() == "put") => {
                Some((Cue::Right(Right::Put), 1))
            }
            other => other,
        };
        match cue {
            Some((Cue::Percent, n)) => self.push(Kind::Percent(value), 1 + n),
            Some((Cue::Pips, n)) => self.push(Kind::Pips(value), 1 + n),
            // "SL 2 pts"
            Some((Cue::Label(Label::Target), n)) if self.at_level() && self.points(n) => {
                self.push(Kind::Pips(value), 1 + n);
            }
            Some((Cue::Right(right), n)) if self.strike_here(digits, next) => {
                self.push(Kind::Strike(value, right), 1 + n)
            }
            _ if next.is_some_and(|t| t.low() == "x" && t.gap) && self.priced_count(digits) => {
                self.price_and_count(value, digits);
            }
            _ if next.is_some_and(|t| t.low() == "x" && t.gap) && self.two_whole(digits) => {
                self.count_or_price(value, digits);
            }
            _ if next.is_some_and(|t| t.low() == "x" && t.gap) && !digits.money => {
                self.push(Kind::Times(value), 2)
            }
            _ if lasts(cue, digits, next) => {
                let count = u64::try_from(value.trunc().mantissa()).unwrap_or(0);
                let unit = seconds(next.map_or("", Token::low));
                self.push(Kind::Seconds(count.saturating_mul(unit)), 2);
            }
            None | Some((Cue::Filler, _))
                if next.is_some_and(|t| t.gap && matches!(t.low(), "usd" | "dollars" | "bucks")) =>
            {
                let figure = Figure {
                    value,
                    money: true,
                    signed,
                    whole: false,
                };
                self.push(Kind::Figure(figure), 2);
            }
            _ => {
                // "1k worth of CRWD" is money.
                let money = digits.money || next.is_some_and(|t| t.low() == "worth");
                let whole =
                    !digits.text.contains(['.', ',']) || value.scale() == 0 && !digits.text.contains('.');
                self.push(
                    Kind::Figure(Figure {
                        value,
                        money,
                        signed,
                        whole,
                    }),
                    1,
                );
            }
        }
    }

    /// What the letters glued to the number make of it.
    fn suffixed(&mut self, value: Decimal, digits: &Digits, signed: bool) -> bool {
        match digits.suffix {
            Suffix::None if self.shares_thousand(value) => {
                self.thousands(value, digits, signed);
            }
            Suffix::Thousand => {
                self.thousands(value, digits, signed);
            }
            Suffix::Times => self.push(Kind::Times(value), 1),
            Suffix::Pips => self.push(Kind::Pips(value), 1),
            Suffix::Call => self.push(Kind::Strike(value, Right::Call), 1),
            Suffix::Put => self.push(Kind::Strike(value, Right::Put), 1),
            _ => return false,
        }
        true
    }

    /// `96-97k`, `98/102k`: the letter behind the second number counts for both.
    fn shares_thousand(&self, value: Decimal) -> bool {
        let joined = self
            .token(1)
            .is_some_and(|t| t.is('-') || t.is('/') || t.low() == "to");
        let Some(Tok::Number(other)) = self.token(2).map(|t| &t.tok) else {
            return false;
        };
        let Meaning::One(second) = self.habit.read(&other.text) else {
            return false;
        };
        let (low, high) = (value.min(second), value.max(second));
        let near = low > Decimal::ZERO && low.checked_add(low).is_some_and(|twice| high < twice);
        joined && other.suffix == Suffix::Thousand && near
    }

    fn thousands(&mut self, value: Decimal, digits: &Digits, signed: bool) {
        let value = value
            .checked_mul(Decimal::ONE_THOUSAND)
            .unwrap_or(value)
            .normalize();
        // "1k worth of CRWD"
        let money = digits.money || self.token(1).is_some_and(|t| t.low() == "worth");
        let figure = Figure {
            value,
            money,
            signed,
            whole: false,
        };
        self.push(Kind::Figure(figure), 1);
    }

    /// `11.20 x 500` or `500 x 11.20`: a price and a count.
    fn priced_count(&self, digits: &Digits) -> bool {
        let Some(Tok::Number(other)) = self.token(2).map(|t| &t.tok) else {
            return false;
        };
        let plain = other.suffix == Suffix::None && digits.suffix == Suffix::None;
        plain && digits.text.contains('.') != other.text.contains('.')
    }

    /// `180 x 10` behind the name of a share.
    fn two_whole(&self, digits: &Digits) -> bool {
        let share = |i: &Item| {
            i.symbol()
                .is_some_and(|t| t.asset == Some(ordercast_model::instrument::AssetClass::Equity))
        };
        let plain = |d: &Digits| d.suffix == Suffix::None && !d.text.contains(['.', ',']);
        plain(digits)
            && matches!(self.token(2).map(|t| &t.tok), Some(Tok::Number(d)) if plain(d))
            && self.out.iter().rev().take(8).any(share)
    }

    /// A handful beside a far larger number is the count; two numbers alike are not told apart.
    fn count_or_price(&mut self, value: Decimal, digits: &Digits) {
        let Some(Tok::Number(other)) = self.token(2).map(|t| &t.tok) else {
            return;
        };
        let Meaning::One(other) = self.habit.read(&other.text) else {
            return self.push(Kind::Ambiguous, 3);
        };
        let (few, many) = (value.min(other), value.max(other));
        if few > Decimal::TEN || few.checked_mul(Decimal::TEN).is_none_or(|f| f > many) {
            return self.push(Kind::Ambiguous, 3);
        }
        self.factors(value, digits, value < other);
    }

    fn price_and_count(&mut self, value: Decimal, digits: &Digits) {
        self.factors(value, digits, !digits.text.contains('.'));
    }

    fn factors(&mut self, value: Decimal, digits: &Digits, counts: bool) {
        let figure = Figure {
            value,
            money: digits.money,
            signed: false,
            whole: counts,
        };
        self.push(Kind::Figure(figure), 1);
        self.push(
            Kind::Cue(if counts {
                Cue::Unit
            } else {
                Cue::Label(Label::Quantity)
            }),
            1,
        );
    }

    /// `225 PUTS` is a strike unless it counts contracts straight after a verb.
    pub(super) fn strike_here(&self, digits: &Digits, next: Option<&Token>) -> bool {
        let after_verb = self.out.last().is_some_and(|i| i.verb().is_some());
        let plural = next.is_some_and(|t| matches!(t.low(), "calls" | "puts"));
        let small = digits.text.len() <= 2 && !digits.money;
        !(after_verb && plural && small)
    }

    /// `1:2`, `8:30`, `13:35:01`.
    pub(super) fn ratio(&mut self, digits: &Digits) -> bool {
        let short = digits.text.len() <= 2 && !digits.money && digits.suffix == Suffix::None;
        let colon = self.token(1).is_some_and(|t| t.is(':') && !t.gap);
        let Some(Token {
            tok: Tok::Number(after),
            gap: false,
            ..
        }) = self.token(2)
        else {
            return false;
        };
        let listed = self
            .out
            .last()
            .is_some_and(|i| matches!(i.label(), Some(Label::Target | Label::Entry)));
        if !short || !colon || listed || after.text.len() > 3 || after.money {
            return false;
        }
        self.push(Kind::Ratio, 3);
        while self.token(0).is_some_and(|t| t.is(':') && !t.gap) && self.token(1).is_some_and(|t| !t.gap) {
            self.at += 2;
        }
        true
    }
}

/// `18O`, `1O0`, `l80`, `180ish`: a number with a letter in it, which nobody can be sure of.
fn garbled(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let ends = text.starts_with(digit) || text.ends_with(digit);
    let body = text
        .strip_suffix("ish")
        .filter(|b| b.starts_with(digit))
        .unwrap_or(text);
    ends && body
        .chars()
        .all(|c| digit(c) || matches!(c, 'O' | 'o' | 'l' | 'I' | '.' | ','))
}

/// Whether a unit of time follows; "limit 7.40 day order" says how long the order works.
fn lasts(cue: Option<(Cue, usize)>, digits: &Digits, next: Option<&Token>) -> bool {
    let works = matches!(cue, Some((Cue::Force(_), _)));
    match next.map_or("", Token::low) {
        "day" => !works && !digits.text.contains('.'),
        unit => {
            !works
                && matches!(
                    unit,
                    "hours" | "hour" | "minutes" | "days" | "min" | "mins" | "часов"
                )
        }
    }
}

/// Seconds of a unit of time.
fn seconds(unit: &str) -> u64 {
    match unit {
        "hours" | "hour" | "часов" => 3_600,
        "days" | "day" => 86_400,
        _ => 60,
    }
}

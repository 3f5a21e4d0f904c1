//! Decides where words, numbers, dates and marks begin and end, in one pass.
//! Refuses to know what any word means.

mod mention;
mod suffix;

use chrono::NaiveDate;

use super::{
    emoji::{self, Emoji},
    hygiene::{Glyph, ordinal},
};

use suffix::{dotted_date, splits, suffix_of};

/// What is glued to the end of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suffix {
    None,
    Thousand,
    Million,
    Times,
    Call,
    Put,
    Ordinal,
    DaysToExpiry,
    Pips,
    RiskMultiple,
    Seconds(u64),
}

/// A number as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digits {
    /// Digits, points, commas, apostrophes, exponent.
    pub(super) text: String,
    /// A currency sign stands before or after it.
    pub(super) money: bool,
    /// What follows without a space.
    pub(super) suffix: Suffix,
}

/// One piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tok {
    Word {
        text: String,
        low: String,
        dollar: bool,
        hash: bool,
    },
    Number(Digits),
    Date(NaiveDate),
    Moment,
    Mark(char),
    Newline,
    Emoji(Emoji),
    Ordinal(u8),
}

/// A piece and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) tok: Tok,
    /// First glyph.
    pub(super) from: usize,
    /// Glyph after the last.
    pub(super) to: usize,
    /// Whether a space (or the start) stands before it.
    pub(super) gap: bool,
}

impl Token {
    /// The lower-case word, or nothing.
    pub(super) fn low(&self) -> &str {
        if let Tok::Word { low, .. } = &self.tok {
            low
        } else {
            ""
        }
    }
    /// Whether it is this mark.
    pub(super) fn is(&self, mark: char) -> bool {
        matches!(self.tok, Tok::Mark(m) if m == mark)
    }
}

/// Cuts the glyphs into tokens.
pub(super) fn lex(glyphs: &[Glyph]) -> Vec<Token> {
    let mut lexer = Lexer {
        glyphs,
        at: 0,
        gap: true,
        out: Vec::with_capacity(glyphs.len() / 3),
    };
    while lexer.at < glyphs.len() {
        lexer.step();
    }
    lexer.out
}

struct Lexer<'a> {
    glyphs: &'a [Glyph],
    at: usize,
    gap: bool,
    out: Vec<Token>,
}

pub(super) fn ideograph(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF)
}
/// "callls": a letter held down counts twice.
fn stretched(low: String) -> String {
    let mut last = ('\0', 0_usize);
    let mut longest = 0;
    for c in low.chars() {
        last = if c == last.0 { (c, last.1 + 1) } else { (c, 1) };
        longest = longest.max(if c.is_alphabetic() { last.1 } else { 0 });
    }
    if longest < 3 {
        return low;
    }
    let mut out = String::with_capacity(low.len());
    let mut run = ('\0', 0_usize);
    for c in low.chars() {
        run = if c == run.0 { (c, run.1 + 1) } else { (c, 1) };
        if run.1 < 3 || !c.is_alphabetic() {
            out.push(c);
        }
    }
    out
}

fn currency(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₿')
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> char {
        self.glyphs.get(self.at + ahead).map_or('\0', |g| g.c)
    }
    fn push(&mut self, tok: Tok, length: usize) {
        self.out.push(Token {
            tok,
            from: self.at,
            to: self.at + length,
            gap: self.gap,
        });
        self.at += length;
        self.gap = false;
    }
    fn run(&self, from: usize, test: impl Fn(char) -> bool) -> usize {
        self.glyphs
            .iter()
            .skip(self.at + from)
            .take_while(|g| test(g.c))
            .count()
    }
    fn text(&self, from: usize, length: usize) -> String {
        self.glyphs
            .iter()
            .skip(self.at + from)
            .take(length)
            .map(|g| g.c)
            .collect()
    }

    fn step(&mut self) {
        let c = self.peek(0);
        match c {
            '\n' => {
                self.push(Tok::Newline, 1);
                self.gap = true;
            }
            _ if c.is_whitespace() => {
                self.at += 1;
                self.gap = true;
            }
            _ if ordinal(c).is_some() => self.push(Tok::Ordinal(ordinal(c).unwrap_or(0)), 1),
            _ if currency(c) => self.money(),
            '.' if self.peek(1).is_ascii_digit() => self.number(0, false),
            _ if c.is_ascii_digit() => self.number(0, false),
            '@' if self.peek(1).is_alphabetic() => self.mention(),
            ':' if self.shortcode() => {}
            '#' if self.peek(1).is_alphabetic() => {
                self.at += 1;
                self.gap = true;
                self.word(false, true);
            }
            _ if ideograph(c) => self.word_of(1, false, false),
            _ if c.is_alphabetic() => self.word(false, false),
            _ if c.is_ascii_punctuation() || matches!(c, '•' | '→') => self.push(Tok::Mark(c), 1),
            _ => match emoji::class(c) {
                Some(class) => self.push(Tok::Emoji(class), 1),
                None => {
                    self.at += 1;
                    self.gap = true;
                }
            },
        }
    }

    fn money(&mut self) {
        let next = self.peek(1);
        let spaced = usize::from(next == ' ' && self.peek(2).is_ascii_digit());
        let digit = self.peek(1 + spaced);
        if next.is_ascii_digit() || spaced == 1 || (next == '.' && self.peek(2).is_ascii_digit()) {
            let _ = digit;
            self.number(1 + spaced, true);
        } else if next.is_ascii_alphabetic() && self.peek(0) == '$' {
            self.at += 1;
            self.word(true, false);
        } else {
            let mark = self.peek(0);
            self.push(Tok::Mark(mark), 1);
        }
    }

    /// `:rotating_light:`.
    fn shortcode(&mut self) -> bool {
        const LONGEST: usize = 40;
        if !self.peek(1).is_ascii_alphabetic()
            || self.out.last().is_some_and(|_| !self.gap && self.glued_word())
        {
            return false;
        }
        let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-');
        let length = self
            .glyphs
            .iter()
            .skip(self.at + 1)
            .take(LONGEST)
            .take_while(|g| inner(g.c))
            .count();
        if length < 2 || self.peek(length + 1) != ':' {
            return false;
        }
        let name = self.text(1, length).to_lowercase();
        self.push(Tok::Emoji(emoji::named(&name)), length + 2);
        self.gap = true;
        true
    }
    fn glued_word(&self) -> bool {
        matches!(
            self.out.last().map(|t| &t.tok),
            Some(Tok::Word { .. } | Tok::Number(_))
        )
    }

    fn word(&mut self, dollar: bool, hash: bool) {
        let mut length = 0;
        loop {
            length += self.run(length, |c| c.is_alphanumeric() && !ideograph(c));
            let (mark, next) = (self.peek(length), self.peek(length + 1));
            let inner = match mark {
                '\'' => next.is_alphabetic(),
                '&' => next.is_ascii_alphanumeric() && length <= 3,
                '.' => next.is_ascii_alphabetic() && self.short_tail(length + 1),
                _ => false,
            };
            if !inner {
                break;
            }
            length += 1;
        }
        self.word_of(length.max(1), dollar, hash);
    }

    /// `BRK.B`, `ETHUSDT.P`, `T.P`: one letter after the point, perhaps with a digit, and nothing more.
    fn short_tail(&self, from: usize) -> bool {
        let tail = self.run(from, |c| c.is_ascii_alphabetic());
        let digits = self.run(from + tail, |c| c.is_ascii_digit());
        let after = self.peek(from + tail + digits);
        tail == 1
            && digits <= 2
            && !after.is_alphabetic()
            && !(after == '.' && self.peek(from + 2).is_alphabetic())
    }

    fn word_of(&mut self, length: usize, dollar: bool, hash: bool) {
        let text = self.text(0, length);
        let low = stretched(if text.is_ascii() {
            text.to_ascii_lowercase()
        } else {
            text.to_lowercase()
        });
        self.push(
            Tok::Word {
                text,
                low,
                dollar,
                hash,
            },
            length,
        );
    }

    fn number(&mut self, lead: usize, money: bool) {
        if lead == 0 && self.moment() {
            return;
        }
        let length = self.digits(lead);
        let text = self.text(lead, length);
        let end = lead + length;
        if let Some(date) = dotted_date(&text) {
            self.push(Tok::Date(date), end);
            return;
        }
        let letters = self.run(end, char::is_alphabetic);
        let word = self.text(end, letters).to_lowercase();
        let more = self.run(end + letters, |c| c.is_ascii_digit());
        if let Some((date, extra)) = self.glued_date(&text, &word, end + letters) {
            self.push(Tok::Date(date), end + letters + extra);
            return;
        }
        let (suffix, taken) = match suffix_of(&word) {
            Some(suffix) if more == 0 => (suffix, letters),
            _ if letters > 0 && (word == "ish" || word.bytes().all(|b| matches!(b, b'o' | b'l' | b'i'))) => {
                let whole = end + letters + self.run(end + letters, |c| c.is_ascii_digit());
                let text = self.text(lead, whole - lead);
                let low = text.to_lowercase();
                let tok = Tok::Word {
                    text,
                    low,
                    dollar: false,
                    hash: false,
                };
                self.push(tok, whole);
                return;
            }
            // `21Nov` without a year
            _ if more == 0 && text.len() <= 2 && super::expiry::month(&word).is_some() => (Suffix::None, 0),
            _ if letters > 0
                && (more > 0 || !splits(&word))
                && !money
                && text.bytes().all(|b| b.is_ascii_digit()) =>
            {
                let whole = self.run(0, char::is_alphanumeric);
                self.word_of(whole, false, false);
                return;
            }
            _ => (Suffix::None, 0),
        };
        let sign = usize::from(
            currency(self.peek(end + taken)) && !self.peek(end + taken + 1).is_ascii_alphanumeric(),
        );
        self.push(
            Tok::Number(Digits {
                text,
                money: money || sign == 1,
                suffix,
            }),
            end + taken + sign,
        );
    }

    /// Digits with separators inside, and an exponent.
    fn digits(&self, lead: usize) -> usize {
        let mut length = 0;
        loop {
            length += self.run(lead + length, |c| c.is_ascii_digit());
            let (mark, next) = (self.peek(lead + length), self.peek(lead + length + 1));
            let apostrophe = mark == '\'' && self.run(lead + length + 1, |c| c.is_ascii_digit()) == 3;
            if next.is_ascii_digit() && (matches!(mark, '.' | ',') || apostrophe) {
                length += 1;
            } else {
                break;
            }
        }
        if matches!(self.peek(lead + length), 'e' | 'E') {
            let sign = usize::from(matches!(self.peek(lead + length + 1), '-' | '+'));
            let exponent = self.run(lead + length + 1 + sign, |c| c.is_ascii_digit());
            let ends = !self.peek(lead + length + 1 + sign + exponent).is_alphabetic();
            if (1..=3).contains(&exponent) && ends {
                length += 1 + sign + exponent;
            }
        }
        length
    }

    /// `2025-09-18` and `2025-09-18T13:35:01Z`.
    fn moment(&mut self) -> bool {
        let shape = "dddd-dd-dd";
        let fits = shape.chars().enumerate().all(|(i, s)| {
            let c = self.peek(i);
            if s == 'd' { c.is_ascii_digit() } else { c == s }
        });
        if !fits || self.peek(10).is_ascii_digit() {
            return false;
        }
        let clock = self.run(10, |c| {
            c.is_ascii_digit() || matches!(c, 'T' | 't' | ':' | '.' | 'Z' | 'z' | '+')
        });
        if matches!(self.peek(10), 'T' | 't') && clock > 3 {
            self.push(Tok::Moment, 10 + clock);
            return true;
        }
        match self.text(0, 10).parse() {
            Ok(date) => self.push(Tok::Date(date), 10),
            Err(_) => return false,
        }
        true
    }

    /// `22AUG25`.
    fn glued_date(&self, day: &str, month: &str, from: usize) -> Option<(NaiveDate, usize)> {
        let month = super::expiry::month(month)?;
        let digits = self.run(from, |c| c.is_ascii_digit());
        let year: i32 = self.text(from, digits).parse().ok()?;
        let year = match digits {
            2 => 2_000 + year,
            4 => year,
            _ => return None,
        };
        Some((NaiveDate::from_ymd_opt(year, month, day.parse().ok()?)?, digits))
    }
}

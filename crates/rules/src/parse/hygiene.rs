//! Decides which characters of a message are read: Unicode folding, markup, quotes, links and mentions.
//! Refuses to know words; every kept character remembers the bytes it came from.

use unicode_normalization::{
    UnicodeNormalization,
    char::{compose, is_combining_mark},
};

/// First of sixteen private characters that stand for list marks such as a keycap 1.
const ORDINAL: u32 = 0xE000;

/// One character to read and where it stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glyph {
    /// The folded character.
    pub(super) c: char,
    /// First byte of its source.
    pub(super) at: u32,
    /// Bytes of its source.
    pub(super) len: u8,
}

/// A message ready to be cut into words.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// What is read.
    pub(super) glyphs: Vec<Glyph>,
    /// Whether words in quotation marks or quote lines were left out.
    pub(super) quoted: bool,
}

/// `Ticker » UBER`: such a mark leads to a value where nothing is quoted with it.
fn points(text: &str) -> bool {
    text.contains(" » ") && !text.contains('«') || text.contains(" › ") && !text.contains('‹')
}

/// Whether a space stands behind the first character.
fn spaced(rest: &str) -> bool {
    rest.chars().nth(1) == Some(' ')
}

/// The number of a list mark, if the character is one.
pub(super) fn ordinal(c: char) -> Option<u8> {
    u32::from(c)
        .checked_sub(ORDINAL)
        .filter(|n| *n < 21)
        .and_then(|n| u8::try_from(n).ok())
}

/// Folds and strips `text`.
pub(super) fn clean(text: &str) -> Page {
    let folded = fold(text);
    let (lines, quoted_line) = strip_line_marks(&folded);
    let mut page = strip_inline(&lines);
    page.quoted |= quoted_line;
    page
}

fn fold(text: &str) -> Vec<Glyph> {
    let mut out: Vec<Glyph> = Vec::with_capacity(text.len());
    let pointed = !text.is_ascii() && points(text);
    for (start, c) in text.char_indices() {
        let at = u32::try_from(start).unwrap_or(u32::MAX);
        let len = u8::try_from(c.len_utf8()).unwrap_or(4);
        if c.is_ascii() {
            match c {
                '\r' => {}
                '\n' => out.push(Glyph { c, at, len }),
                _ if c.is_ascii_control() => out.push(Glyph { c: ' ', at, len }),
                _ => out.push(Glyph { c, at, len }),
            }
        } else if let Some(zeros) = zeros(c, &out) {
            out.extend((1..zeros).map(|_| Glyph { c: '0', at, len }));
        } else if c == '\u{20E3}' {
            keycap(&mut out);
        } else if pointed && matches!(c, '»' | '›') && text.get(start..).is_some_and(spaced) {
            out.push(Glyph { c: ':', at, len });
        } else if !invisible(c) {
            fold_wide(&mut out, c, at, len);
        }
    }
    out
}

/// `0.0₅24`: the small digit says how many zeros the one before it stands for.
fn zeros(c: char, out: &[Glyph]) -> Option<u32> {
    let count = u32::from(c).checked_sub(0x2080).filter(|n| (1..=9).contains(n))?;
    let [.., point, zero] = out else { return None };
    (point.c == '.' && zero.c == '0').then_some(count)
}

fn fold_wide(out: &mut Vec<Glyph>, c: char, at: u32, len: u8) {
    if let Some(folded) = one_for_one(c) {
        out.push(Glyph { c: folded, at, len });
        return;
    }
    for part in std::iter::once(c).nfkc().take(8) {
        if is_combining_mark(part) {
            if let Some(last) = out.last_mut()
                && let Some(joined) = compose(last.c, part)
            {
                last.c = joined;
            }
            continue;
        }
        let part = one_for_one(part).unwrap_or(part);
        if !invisible(part) {
            out.push(Glyph {
                c: if part.is_control() { ' ' } else { part },
                at,
                len,
            });
        }
    }
}

fn keycap(out: &mut [Glyph]) {
    if let Some(last) = out.last_mut()
        && let Some(digit) = last.c.to_digit(10)
        && let Some(mark) = char::from_u32(ORDINAL + digit)
    {
        last.c = mark;
    }
}

/// Zero-width, bidi, variation and other format characters that a reader cannot see.
fn invisible(c: char) -> bool {
    matches!(u32::from(c),
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
        | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF9..=0xFFFB
        | 0x1F3FB..=0x1F3FF | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}

fn one_for_one(c: char) -> Option<char> {
    let mark = |n: u32| char::from_u32(ORDINAL + n);
    Some(match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' => '-',
        '‘' | '’' | '‚' | '‛' | '′' | '´' => '\'',
        '“' | '”' | '„' | '«' | '»' | '″' => '"',
        '⁄' | '∕' => '/',
        '、' => ',',
        '。' | '\u{2028}' | '\u{2029}' | '\u{85}' => '\n',
        '【' | '「' | '『' => '[',
        '】' | '」' | '』' => ']',
        '•' | '·' | '●' | '▪' | '◦' | '‣' | '∙' => '•',
        '→' | '➡' | '➜' | '➔' | '⇒' | '➤' | '►' | '▶' | '⟶' => '→',
        '\u{2460}'..='\u{2468}' => return mark(u32::from(c) - 0x245F),
        '\u{2776}'..='\u{277E}' => return mark(u32::from(c) - 0x2775),
        '\u{2780}'..='\u{2788}' => return mark(u32::from(c) - 0x277F),
        '\u{278A}'..='\u{2792}' => return mark(u32::from(c) - 0x2789),
        '🔟' => return mark(10),
        _ => return None,
    })
}

/// Quote lines go; marks of headings, small print and fences go, their text stays.
fn strip_line_marks(glyphs: &[Glyph]) -> (Vec<Glyph>, bool) {
    let mut out = Vec::with_capacity(glyphs.len());
    let (mut quoted, mut rest_quoted) = (false, false);
    for line in glyphs.split_inclusive(|g| g.c == '\n') {
        let lead = line.iter().take_while(|g| g.c == ' ').count();
        let body = line.get(lead..).unwrap_or(&[]);
        let starts =
            |mark: &str| body.len() >= mark.len() && body.iter().zip(mark.chars()).all(|(g, m)| g.c == m);
        if rest_quoted || starts("> ") || starts(">>> ") {
            quoted = true;
            rest_quoted |= starts(">>> ");
            out.extend(line.iter().filter(|g| g.c == '\n'));
            continue;
        }
        let skip = if starts("-# ") {
            3
        } else {
            let hashes = body.iter().take_while(|g| g.c == '#').count();
            if (1..=3).contains(&hashes) && body.get(hashes).is_some_and(|g| g.c == ' ') {
                hashes
            } else {
                0
            }
        };
        out.extend_from_slice(body.get(skip..).unwrap_or(&[]));
    }
    (out, quoted)
}

/// Walks the characters once; a closing mark that was not found is not looked for again.
struct Inline<'a> {
    glyphs: &'a [Glyph],
    at: usize,
    page: Page,
    unclosed: [bool; 3],
}

fn strip_inline(glyphs: &[Glyph]) -> Page {
    let mut walk = Inline {
        glyphs,
        at: 0,
        page: Page {
            glyphs: Vec::with_capacity(glyphs.len()),
            quoted: false,
        },
        unclosed: [false; 3],
    };
    while let Some(glyph) = glyphs.get(walk.at).copied() {
        walk.step(glyph);
    }
    walk.page
}

impl Inline<'_> {
    fn peek(&self, ahead: usize) -> char {
        self.glyphs.get(self.at + ahead).map_or('\0', |g| g.c)
    }
    fn before(&self) -> char {
        self.page.glyphs.last().map_or(' ', |g| g.c)
    }
    fn starts(&self, mark: &str) -> bool {
        mark.chars()
            .enumerate()
            .all(|(i, m)| self.peek(i).eq_ignore_ascii_case(&m))
    }
    fn space(&mut self, like: Glyph) {
        self.page.glyphs.push(Glyph { c: ' ', ..like });
    }

    fn step(&mut self, glyph: Glyph) {
        match glyph.c {
            '<' if self.tag(glyph) => {}
            '~' if self.starts("~~") => self.struck(glyph),
            '|' if self.peek(1) == '|' => {
                self.page.glyphs.push(glyph);
                self.at += 2;
            }
            '*' => self.emphasis(glyph, 1),
            '_' if self.peek(1) == '_' => self.emphasis(glyph, 2),
            '`' => self.fence(),
            '\\' if self.peek(1).is_ascii_punctuation() => self.at += 1,
            '"' if self.quote(glyph, 1) => {}
            '\'' if self.quote(glyph, 2) => {}
            'h' | 'H' | 'w' | 'W' | 'd' | 'D' | 't' | 'T' if self.link(glyph) => {}
            _ => {
                self.page.glyphs.push(glyph);
                self.at += 1;
            }
        }
    }

    /// Mentions, timestamps and HTML tags go; a custom emoji stays as its name.
    fn tag(&mut self, glyph: Glyph) -> bool {
        const LONGEST: usize = 100;
        let rest = self.glyphs.get(self.at + 1..).unwrap_or(&[]);
        let Some(end) = rest.iter().take(LONGEST).position(|g| g.c == '>' || g.c == '\n') else {
            return false;
        };
        let Some(inner) = rest
            .get(..end)
            .filter(|_| rest.get(end).is_some_and(|g| g.c == '>'))
        else {
            return false;
        };
        let first = inner.first().map_or(' ', |g| g.c);
        if !(matches!(first, '@' | '#' | ':' | '/' | '!') || first.is_ascii_alphabetic()) {
            return false;
        }
        const MARKUP: [&str; 16] = [
            "b", "i", "u", "s", "em", "strong", "code", "pre", "br", "p", "a", "span", "div", "h1", "h2",
            "li",
        ];
        let name: String = inner
            .iter()
            .map(|g| g.c.to_ascii_lowercase())
            .take_while(char::is_ascii_alphanumeric)
            .take(8)
            .collect();
        if first.is_ascii_alphabetic()
            && !MARKUP.contains(&name.as_str())
            && !inner.iter().any(|g| matches!(g.c, ':' | '/'))
        {
            // A command for a program stays, so that it can be refused.
            return false;
        }
        self.space(glyph);
        let person = first == '@' && inner.iter().skip(1).all(|g| g.c.is_ascii_digit() || g.c == '!');
        if person && rest.get(end + 1).is_some_and(|g| g.c == ':') {
            // "<@123>: BTO ...": what somebody said.
            let word = "@speaker".chars();
            self.page.glyphs.extend(word.map(|c| Glyph { c, ..glyph }));
        }
        let from = inner.iter().position(|g| g.c == ':').filter(|p| *p <= 1);
        if let Some(from) = from.filter(|_| first == ':' || first == 'a')
            && let Some(to) = inner.iter().skip(from + 1).position(|g| g.c == ':')
        {
            self.page
                .glyphs
                .extend_from_slice(inner.get(from..=from + 1 + to).unwrap_or(&[]));
            self.space(glyph);
        }
        self.at += end + 2;
        true
    }

    fn struck(&mut self, glyph: Glyph) {
        let rest = self.glyphs.get(self.at + 2..).unwrap_or(&[]);
        let end = if self.unclosed[0] {
            None
        } else {
            rest.windows(2).position(|w| w.iter().all(|g| g.c == '~'))
        };
        self.space(glyph);
        match end {
            Some(end) => {
                self.page.quoted = true;
                self.at += end + 4;
            }
            None => {
                self.unclosed[0] = true;
                self.at += 2;
            }
        }
    }

    fn emphasis(&mut self, glyph: Glyph, least: usize) {
        let run = self
            .glyphs
            .iter()
            .skip(self.at)
            .take_while(|g| g.c == glyph.c)
            .count()
            .max(least);
        let after = self.peek(run);
        if self.before().is_alphanumeric() && after.is_alphanumeric() {
            self.space(glyph);
        }
        self.at += run;
    }

    fn fence(&mut self) {
        let run = self
            .glyphs
            .iter()
            .skip(self.at)
            .take_while(|g| g.c == '`')
            .count();
        self.at += run;
        if run >= 3 {
            let language = self
                .glyphs
                .iter()
                .skip(self.at)
                .take(13)
                .take_while(|g| g.c.is_ascii_lowercase())
                .count();
            if (1..=12).contains(&language) && self.peek(language) == '\n' {
                self.at += language;
            }
        }
    }

    /// Somebody else's words: two words or more in quotation marks.
    fn quote(&mut self, glyph: Glyph, slot: usize) -> bool {
        let single = slot == 2;
        if self.unclosed.get(slot).copied().unwrap_or(true)
            || (single && (self.before().is_alphanumeric() || !self.peek(1).is_alphanumeric()))
        {
            return false;
        }
        let rest = self.glyphs.get(self.at + 1..).unwrap_or(&[]);
        let closes = |i: usize| {
            let next = rest.get(i + 1).map_or(' ', |g| g.c);
            !single || (!next.is_alphanumeric() && i > 0 && rest.get(i - 1).is_some_and(|g| g.c != ' '))
        };
        let Some(end) = rest
            .iter()
            .enumerate()
            .position(|(i, g)| g.c == glyph.c && closes(i))
        else {
            if let Some(flag) = self.unclosed.get_mut(slot) {
                *flag = true;
            }
            return false;
        };
        let inner = rest.get(..end).unwrap_or(&[]);
        let spaced = inner
            .iter()
            .skip_while(|g| g.c == ' ')
            .any(|g| g.c == ' ' || g.c == '\n');
        self.space(glyph);
        if spaced {
            self.page.quoted = true;
        } else {
            self.page.glyphs.extend_from_slice(inner);
        }
        self.space(glyph);
        self.at += end + 2;
        true
    }

    fn link(&mut self, glyph: Glyph) -> bool {
        if self.before().is_alphanumeric() || self.before() == '$' {
            return false;
        }
        let known = [
            "http://",
            "https://",
            "www.",
            "discord.gg/",
            "discord.com/",
            "t.me/",
        ];
        if !known.iter().any(|k| self.starts(k)) {
            return false;
        }
        let rest = self.glyphs.iter().skip(self.at);
        self.at += rest
            .take_while(|g| !g.c.is_whitespace() && !matches!(g.c, ')' | '>'))
            .count();
        self.space(glyph);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let got: String = clean(text).glyphs.iter().map(|g| g.c).collect();
        assert_eq!(
            got.split_whitespace().collect::<Vec<_>>().join(" "),
            expected,
            "{text:?}"
        );
    }

    #[test]
    fn folds_and_strips() {
        for (text, expected) in [
            ("B\u{200B}T\u{200B}O ５ ＡＡＰＬ", "BTO 5 AAPL"),
            ("**237.5c** and __x__ ||hidden||", "237.5c and x |hidden|"),
            ("~~SL: 3.05~~ SL: 2.98", "SL: 2.98"),
            ("> old\nnew", "new"),
            (">>> a\nb", ""),
            ("```json\nBTO 4\n```", "BTO 4"),
            ("he said \"sell it all\" ok", "he said ok"),
            ("'BTO 5 NVDA' - did", "- did"),
            ("don't and \"one\"", "don't and one"),
            ("[TSLA](https://x.y/z) <@&12> <:up:33> a", "[TSLA]( ) :up: a"),
            ("# Title\n-# small", "Title small"),
            ("\u{2066}𝐁𝐔𝐘\u{2069}", "BUY"),
            ("a**b 1.5**2", "a b 1.5 2"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn folding_twice_changes_nothing() {
        let odd = "\u{200B}Ａ\u{FB01}½１\u{20E3}e\u{301}‘x’→➡𝐁 \u{85}·…㎏ﷺ\r\n①";
        let lines = include_str!("../../corpus/corpus.jsonl");
        for text in lines.lines().chain([odd]) {
            let once: String = fold(text).iter().map(|g| g.c).collect();
            let twice: String = fold(&once).iter().map(|g| g.c).collect();
            assert_eq!(once, twice, "{text:?}");
        }
    }

    #[test]
    fn glyphs_point_home() {
        let text = "x ６１ y";
        let page = clean(text);
        let glyph = page.glyphs.iter().find(|g| g.c == '6').copied();
        let glyph = glyph.unwrap_or(Glyph {
            c: ' ',
            at: 0,
            len: 0,
        });
        let (start, end) = (glyph.at as usize, glyph.at as usize + usize::from(glyph.len));
        assert_eq!(text.get(start..end), Some("６"));
    }
}

//! Just enough of Rust's grammar to tell code from comments, literals and test parts. Line numbers stay as they are.

/// The text with comments and literals blanked out.
pub fn code(text: &str) -> String {
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
        out: Vec::with_capacity(text.len()),
    };
    while reader.at < reader.text.len() {
        reader.step();
    }
    String::from_utf8_lossy(&reader.out).into_owned()
}

/// The code that ships: comments, literals and items under `#[cfg(test)]` blanked out.
pub fn shipped(text: &str) -> String {
    let mut code = code(text).into_bytes();
    while let Some(start) = find(&code, b"#[cfg(test)]", 0) {
        let end = item_end(&code, start);
        for byte in &mut code[start..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8_lossy(&code).into_owned()
}

/// The lines that ship, of the text as written: from the first to the last that is not part of a test.
pub fn shipped_line_count(text: &str) -> usize {
    let whole = code(text);
    let shipped = shipped(text);
    // A line counts unless blanking the test parts emptied it.
    whole
        .lines()
        .zip(shipped.lines())
        .filter(|(before, after)| before == after)
        .count()
}

/// The line a byte of the text stands on, counted from 1.
pub fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

/// Where the word stands as a word of its own, not as a part of a longer one.
pub fn word_positions(text: &str, word: &str) -> Vec<usize> {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    text.match_indices(word)
        .map(|(at, _)| at)
        .filter(|at| {
            let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
            let opens_as_word = word.as_bytes().first().is_some_and(|byte| is_part(Some(byte)));
            let closes_as_word = word.as_bytes().last().is_some_and(|byte| is_part(Some(byte)));
            let after = text.as_bytes().get(at + word.len());
            let runs_on = (opens_as_word && is_part(before)) || (closes_as_word && is_part(after));
            !runs_on
        })
        .collect()
}

fn find(text: &[u8], part: &[u8], from: usize) -> Option<usize> {
    text[from..]
        .windows(part.len())
        .position(|window| window == part)
        .map(|at| from + at)
}

/// The end of the item that starts at an attribute: its closing brace, or its semicolon when it has no body.
fn item_end(code: &[u8], start: usize) -> usize {
    let (mut braces, mut brackets) = (0_usize, 0_usize);
    for (offset, byte) in code[start..].iter().enumerate() {
        match byte {
            b'[' | b'(' => brackets += 1,
            b']' | b')' => brackets = brackets.saturating_sub(1),
            b'{' => braces += 1,
            b'}' if braces <= 1 => return start + offset + 1,
            b'}' => braces -= 1,
            b';' if braces == 0 && brackets == 0 => return start + offset + 1,
            _ => {}
        }
    }
    code.len()
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    out: Vec<u8>,
}

impl Reader<'_> {
    fn step(&mut self) {
        let rest = &self.text[self.at..];
        match rest {
            [b'/', b'/', ..] => {
                let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                self.blank(length);
            }
            [b'/', b'*', ..] => self.blank(block_comment(rest)),
            [b'"', ..] => self.blank(plain_string(rest)),
            [b'r' | b'b' | b'c', ..] if !self.follows_word() => match raw_string(rest) {
                Some(length) => self.blank(length),
                None => self.keep(1),
            },
            [b'\'', ..] => match character(rest) {
                Some(length) => self.blank(length),
                None => self.keep(1),
            },
            _ => self.keep(1),
        }
    }

    fn follows_word(&self) -> bool {
        self.out
            .last()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    }

    fn keep(&mut self, length: usize) {
        self.out.extend_from_slice(&self.text[self.at..self.at + length]);
        self.at += length;
    }

    fn blank(&mut self, length: usize) {
        let blanked = self.text[self.at..self.at + length].iter();
        self.out
            .extend(blanked.map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }));
        self.at += length;
    }
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    rest.len()
}

fn plain_string(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, `br"…"`, `cr"…"`; `None` when it is a word instead.
fn raw_string(rest: &[u8]) -> Option<usize> {
    let mut at = usize::from(matches!(rest[0], b'b' | b'c'));
    if rest.get(at) != Some(&b'r') {
        return None;
    }
    at += 1;
    let hashes = rest[at..].iter().take_while(|byte| **byte == b'#').count();
    at += hashes;
    if rest.get(at) != Some(&b'"') {
        return None;
    }
    let close = [&b"\""[..], &vec![b'#'; hashes]].concat();
    Some(find(rest, &close, at + 1).map_or(rest.len(), |end| end + close.len()))
}

/// `'x'`, `'\n'`, `'\u{1F600}'`, `'é'`; `None` when it is a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    if rest.get(1) == Some(&b'\\') {
        return find(rest, b"'", 3).map(|end| end + 1);
    }
    let text = std::str::from_utf8(&rest[1..rest.len().min(6)]);
    let length = match text {
        Ok(text) => text.chars().next()?.len_utf8(),
        Err(error) if error.valid_up_to() > 0 => std::str::from_utf8(&rest[1..=error.valid_up_to()])
            .ok()?
            .chars()
            .next()?
            .len_utf8(),
        Err(_) => return None,
    };
    (rest.get(1 + length) == Some(&b'\'')).then_some(length + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, words: &str) {
        let blanked = shipped(text);
        assert_eq!(
            blanked.split_whitespace().collect::<Vec<_>>().join(" "),
            words,
            "{text}"
        );
        assert_eq!(blanked.lines().count(), text.lines().count(), "{text}");
    }

    #[test]
    fn comments_literals_and_tests_are_blanked() {
        check("let a = 1; // tokio::spawn", "let a = 1;");
        check("/* a /* b */ c */ d", "d");
        check("f(\"a // \\\" b\") + c", "f( ) + c");
        check("f(r#\"a \" b\"#, br\"x\", b\"y\")", "f( , , b )");
        check(
            "let c = '\"'; let d = '\\''; let e = 'é'; fn f<'a>(x: &'a str)",
            "let c = ; let d = ; let e = ; fn f<'a>(x: &'a str)",
        );
        check("a\n#[cfg(test)]\nmod tests {\n  fn b() { {} }\n}\nc", "a c");
        check("a\n#[cfg(test)]\n#[allow(x)]\nmod tests;\nc", "a c");
        check("for_r = bar\"x\"", "for_r = bar");
    }

    #[test]
    fn lines_of_tests_do_not_count() {
        assert_eq!(
            shipped_line_count("a\n\n// b\n#[cfg(test)]\nmod tests {\n    x\n}\n"),
            3
        );
    }

    #[test]
    fn a_word_is_not_found_inside_a_longer_one() {
        assert_eq!(word_positions("HashMap MyHashMap HashMapper", "HashMap"), [0]);
        assert_eq!(
            word_positions("tokio::spawn(x) tokio::spawn_local(x)", "tokio::spawn"),
            [0]
        );
    }
}

//! Reads numbers of a body exactly: what a binary float cannot hold is kept as a text, what cannot be held at all is refused.
//! Refuses to know which field a number belongs to.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::parse::{
    draft::Fault,
    number::{Habit, Meaning},
};

/// Digits that every binary float of 64 bits gives back as they were written.
const DIGITS_KEPT: usize = 15;

/// The same JSON with each number of more digits in quotation marks. Linear in its length; never panics.
pub(super) fn exact(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut from, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at),
            b'-' | b'0'..=b'9' => {
                let end = number_end(bytes, at);
                let number = text.get(at..end).unwrap_or("");
                if digits(number) > DIGITS_KEPT {
                    out.push_str(text.get(from..at).unwrap_or(""));
                    out.push('"');
                    out.push_str(number);
                    out.push('"');
                    from = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(from..).unwrap_or(""));
    Cow::Owned(out)
}

/// The place behind the text that opens at `at`.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut next = at + 1;
    while let Some(byte) = bytes.get(next) {
        match byte {
            b'"' => return next + 1,
            b'\\' => next += 2,
            _ => next += 1,
        }
    }
    bytes.len()
}

/// The place behind the number that starts at `at`.
fn number_end(bytes: &[u8], at: usize) -> usize {
    let part = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-');
    at + bytes.iter().skip(at).take_while(|b| part(b)).count().max(1)
}

/// Digits that count: without leading zeros and without the exponent.
fn digits(number: &str) -> usize {
    let body = number.split(['e', 'E']).next().unwrap_or("");
    let mut all = body.bytes().filter(u8::is_ascii_digit).skip_while(|b| *b == b'0');
    all.by_ref().count()
}

/// More digits would be rounded.
const MOST_DIGITS: usize = 28;

/// A JSON number or a numeric text, exact; a decimal comma is read where it can be nothing else.
pub(super) fn decimal(field: &'static str, value: &Value) -> Result<Decimal, Fault> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => {
            let text = text.trim().trim_start_matches('$');
            match text.contains(',').then(|| Habit::default().read(text)) {
                Some(Meaning::One(number)) => number.to_string(),
                _ => text.to_owned(),
            }
        }
        _ => return Err(Fault::new(field, "expected a number")),
    };
    let wrong = || {
        Fault::new(
            field,
            format!(
                "expected a number, got {:?}",
                text.chars().take(40).collect::<String>()
            ),
        )
    };
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !plain || text.is_empty() || text.len() > 40 || digits > MOST_DIGITS {
        return Err(wrong());
    }
    let number = if text.contains(['e', 'E']) {
        Decimal::from_scientific(&text)
    } else {
        Decimal::from_str_exact(&text)
    };
    number.map(|d| d.normalize()).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_become_texts_and_nothing_else_changes() {
        for (text, expected) in [
            (r#"{"a":1.5,"b":"123456789012345678"}"#, None),
            (r#"{"a":123456789012345}"#, None),
            (r#"{"a":0.00000000000000012}"#, None),
            (
                r#"{"a":1234567890123456.5,"b":[1]}"#,
                Some(r#"{"a":"1234567890123456.5","b":[1]}"#),
            ),
            (
                r#"{"s":"x\"1234567890123456","n":-0.12345678901234567e1}"#,
                Some(r#"{"s":"x\"1234567890123456","n":"-0.12345678901234567e1"}"#),
            ),
            (r#"{"open": "no end 1234567890123456789"#, None),
        ] {
            assert_eq!(exact(text), expected.unwrap_or(text), "{text}");
        }
    }
}

//! Decides which parts of a body are nobody else's business: pass phrases and the keys of other services. Refuses to
//! change anything else, so that what is kept reads as it was sent.

use serde_json::Value;

use super::{exact::exact, field::fold};

/// Names whose values are secrets.
const SECRET: &[&str] = &[
    "passphrase",
    "password",
    "secret",
    "token",
    "key",
    "apikey",
    "apisecret",
    "authkey",
    "auth",
    "emailtoken",
];
/// What stands in their place.
const STARS: &str = "***";

fn is_secret(name: &str) -> bool {
    SECRET.contains(&fold(name).as_str())
}

/// The body without secrets. Linear in its length; never panics.
#[must_use]
pub fn without_secrets(body: &str) -> String {
    let text = body.trim().trim_start_matches('\u{feff}');
    if !text.starts_with(['{', '[']) {
        return pairs(body);
    }
    let starred = literals(body);
    let read = exact(starred.trim().trim_start_matches('\u{feff}'));
    let Ok(mut value) = serde_json::from_str::<Value>(&read) else {
        return starred;
    };
    // A secret that is a list or an object: the body is written anew.
    let rewritten = star(&mut value).then(|| value.to_string());
    drop(read);
    rewritten.unwrap_or(starred)
}

/// Puts stars in every secret of a value; tells whether one had none yet.
fn star(value: &mut Value) -> bool {
    match value {
        Value::Object(map) => map.iter_mut().fold(false, |found, (name, inner)| {
            let secret = is_secret(name) && !inner.is_null() && inner.as_str() != Some(STARS);
            if secret {
                *inner = Value::from(STARS);
            }
            secret | (!secret && star(inner)) | found
        }),
        Value::Array(list) => list.iter_mut().fold(false, |found, inner| star(inner) | found),
        _ => false,
    }
}

/// `name=value` parts, apart by whatever keeps them apart.
fn pairs(body: &str) -> String {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&');
    body.split_inclusive(apart)
        .map(|part| {
            let end = part.trim_end_matches(apart);
            match end.split_once('=') {
                Some((name, value)) if is_secret(name) && !value.is_empty() => {
                    let rest = part.get(end.len()..).unwrap_or("");
                    format!("{name}={STARS}{rest}")
                }
                _ => part.to_owned(),
            }
        })
        .collect()
}

/// JSON with stars in the strings, numbers and words that follow a secret's name; the rest stands as it was.
fn literals(body: &str) -> String {
    let bytes = body.as_bytes();
    let mut out = String::with_capacity(body.len());
    let (mut done, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        if *byte != b'"' {
            at += 1;
            continue;
        }
        let end = string_end(bytes, at);
        let name = body.get(at..end).unwrap_or("");
        at = end;
        let colon = skip_blank(bytes, end);
        if bytes.get(colon) != Some(&b':') || !names_secret(name) {
            continue;
        }
        let from = skip_blank(bytes, colon + 1);
        let to = match bytes.get(from) {
            Some(b'"') => string_end(bytes, from),
            Some(b'{' | b'[') | None => continue,
            Some(_) => word_end(bytes, from),
        };
        out.push_str(body.get(done..from).unwrap_or(""));
        out.push_str("\"***\"");
        (done, at) = (to, to);
    }
    out.push_str(body.get(done..).unwrap_or(""));
    out
}

fn names_secret(literal: &str) -> bool {
    // A name may be written with escapes.
    serde_json::from_str::<String>(literal).is_ok_and(|name| is_secret(&name))
}

/// Behind the string that begins here.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn word_end(bytes: &[u8], start: usize) -> usize {
    let ends = |b: &u8| matches!(b, b',' | b'}' | b']') || b.is_ascii_whitespace();
    let rest = bytes.get(start..).unwrap_or(&[]);
    start + rest.iter().position(ends).unwrap_or(rest.len())
}

fn skip_blank(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or(&[]);
    start + rest.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn secrets_are_starred_and_the_rest_stands() {
        for (body, kept) in [
            (
                r#"{"symbol": "AAPL",  "passphrase" : "swordfish", "price": 1.10}"#,
                r#"{"symbol": "AAPL",  "passphrase" : "***", "price": 1.10}"#,
            ),
            (
                r#"{"Pass_Phrase":"a\"b","x":1}"#,
                r#"{"Pass_Phrase":"***","x":1}"#,
            ),
            (
                r#"{"p\u0061ssphrase":"swordfish"}"#,
                r#"{"p\u0061ssphrase":"***"}"#,
            ),
            (r#"{"secret":12345678,"x":null}"#, r#"{"secret":"***","x":null}"#),
            (
                r#"{"a":{"token":"t"},"note":"the token: x"}"#,
                r#"{"a":{"token":"***"},"note":"the token: x"}"#,
            ),
            (r#"{"secret":["a","b"]}"#, r#"{"secret":"***"}"#),
            (r#"[{"key":"k","qty":1}]"#, r#"[{"key":"***","qty":1}]"#),
            (
                "action=buy,symbol=AAPL,passphrase=swordfish",
                "action=buy,symbol=AAPL,passphrase=***",
            ),
            ("secret=x\nsymbol=AAPL", "secret=***\nsymbol=AAPL"),
            (
                "BUY AAPL @ 180, keep the key levels",
                "BUY AAPL @ 180, keep the key levels",
            ),
            (r#"{"passphrase":"cut off"#, r#"{"passphrase":"***""#),
            ("", ""),
        ] {
            assert_eq!(without_secrets(body), kept, "{body}");
        }
    }
}

//! Takes labels and their numbers apart: `TP1`, `SL59000`, `x10`.

use super::*;

/// Copies the tokens, with such words cut in two.
pub(super) fn split_words(tokens: &[Token]) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut skip = false;
    for (i, token) in tokens.iter().enumerate() {
        if std::mem::take(&mut skip) {
            continue;
        }
        let slashed = out.last().is_some_and(|t| t.is('/')) && !token.gap;
        let Some((head, tail)) = label_and_digits(token, slashed) else {
            out.push(token.clone());
            continue;
        };
        let fraction = tokens.get(i + 1).filter(|t| !t.gap).and_then(|t| match &t.tok {
            Tok::Number(d) if d.text.starts_with('.') => Some((d, t.to)),
            _ => None,
        });
        skip = fraction.is_some();
        cut(&mut out, token, head, tail, slashed, fraction);
    }
    out
}

/// Pushes the label and its number.
fn cut(
    out: &mut Vec<Token>,
    token: &Token,
    head: String,
    tail: String,
    slashed: bool,
    fraction: Option<(&Digits, usize)>,
) {
    let middle = token.from + head.chars().count();
    let factor = head == "x";
    let low = if head == "t" || (head == "p" && !slashed) {
        "tp".to_owned()
    } else {
        head.clone()
    };
    if !factor {
        let tok = Tok::Word {
            text: head,
            low,
            dollar: false,
            hash: false,
        };
        out.push(Token {
            tok,
            from: token.from,
            to: middle,
            gap: token.gap,
        });
    }
    let index = tail
        .parse::<u8>()
        .ok()
        .filter(|n| (1..=12).contains(n) && !factor);
    let plain = |text, suffix| {
        Tok::Number(Digits {
            text,
            money: false,
            suffix,
        })
    };
    let (tok, to) = match (fraction, index) {
        (Some((d, to)), _) => (
            Tok::Number(Digits {
                text: format!("{tail}{}", d.text),
                ..d.clone()
            }),
            to,
        ),
        (None, Some(n)) => (Tok::Ordinal(n), token.to),
        (None, None) => (
            plain(tail, if factor { Suffix::Times } else { Suffix::None }),
            token.to,
        ),
    };
    out.push(Token {
        tok,
        from: middle,
        to,
        gap: factor && token.gap,
    });
}

pub(super) fn label_and_digits(token: &Token, slashed: bool) -> Option<(String, String)> {
    const LABELS: [&str; 31] = [
        "dca",
        "tp",
        "sl",
        "pt",
        "t.p",
        "s.l",
        "p.t",
        "target",
        "targets",
        "tgt",
        "tg",
        "entry",
        "en",
        "ep",
        "e",
        "stop",
        "lev",
        "x",
        "buy",
        "sell",
        "tps",
        "exit",
        "limit",
        "ziel",
        "цель",
        "тп",
        "вход",
        "entrada",
        "objetivo",
        "takeprofit",
        "t",
    ];
    let Tok::Word {
        low, dollar: false, ..
    } = &token.tok
    else {
        return None;
    };
    let head = low.trim_end_matches(|c: char| c.is_ascii_digit());
    let tail = low.get(head.len()..).filter(|t| !t.is_empty() && t.len() <= 9)?;
    let known = LABELS.contains(&head) || (slashed && matches!(head, "p" | "l"));
    let single = matches!(head, "t" | "e" | "x") && tail.len() > if head == "x" { 3 } else { 1 };
    (known && !single).then(|| (head.to_owned(), tail.to_owned()))
}

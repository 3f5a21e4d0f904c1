//! Takes labels and their numbers apart: `TP1`, `SL59000`, `x10`.

use super::*;

/// Joins `60 200` to one number where the language writes thousands so and every number of the message agrees.
pub(super) fn join_thousands(tokens: &[Token]) -> Vec<Token> {
    let number = |i: usize| match tokens.get(i).map(|t| &t.tok) {
        Some(Tok::Number(d)) if d.suffix == Suffix::None && !d.money => Some(d.text.as_str()),
        _ => None,
    };
    let joins = |i: usize| {
        let (Some(a), Some(b)) = (number(i), number(i + 1)) else {
            return false;
        };
        let whole = b.split([',', '.']).next().unwrap_or("");
        let lead = (1..=3).contains(&a.len()) && a.bytes().all(|c| c.is_ascii_digit()) && !a.starts_with('0');
        let spaced = tokens
            .get(i + 1)
            .is_some_and(|t| t.gap && tokens.get(i).is_some_and(|p| t.from == p.to + 1));
        lead && spaced && whole.len() == 3
    };
    let mut sizes: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let joined = joins(at);
        match number(at) {
            Some(a) if joined => sizes.push(a.len()),
            Some(_) => return tokens.to_vec(),
            None => {}
        }
        at += 1 + usize::from(joined);
    }
    let (least, most) = (sizes.iter().min(), sizes.iter().max());
    if sizes.len() < 2 || most > least.map(|l| l + 1).as_ref() {
        return tokens.to_vec();
    }
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut skip = false;
    for (i, token) in tokens.iter().enumerate() {
        if std::mem::take(&mut skip) {
            continue;
        }
        if joins(i)
            && let (Some(a), Some(b)) = (number(i), number(i + 1))
        {
            let text = format!("{a}{b}").replace(',', ".");
            let to = tokens.get(i + 1).map_or(token.to, |t| t.to);
            out.push(Token {
                tok: Tok::Number(Digits {
                    text,
                    money: false,
                    suffix: Suffix::None,
                }),
                to,
                ..token.clone()
            });
            skip = true;
        } else {
            out.push(token.clone());
        }
    }
    out
}

/// The same tokens, with such words cut in two.
pub(super) fn split_words(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        let slashed = out.last().is_some_and(|t| t.is('/')) && !token.gap;
        let Some((head, tail)) = label_and_digits(&token, slashed) else {
            out.push(token);
            continue;
        };
        let point = |t: &Token| matches!(&t.tok, Tok::Number(d) if !t.gap && d.text.starts_with('.'));
        let fraction = match rest.next_if(point) {
            Some(Token {
                tok: Tok::Number(digits),
                to,
                ..
            }) => Some((digits, to)),
            _ => None,
        };
        let fraction = fraction.as_ref().map(|(digits, to)| (digits, *to));
        cut(&mut out, &token, head, tail, slashed, fraction);
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

//! Decides which misspelt words are meant as the label of a field: `Entery :`, `Take-Proft Tagrets:`, `Tagret: 3659`.
//! Refuses words that mean something as they stand, and words that lead to no value.

use super::*;

/// The words of labels that are long enough to be told from any other.
const LABELS: [&str; 17] = [
    "entry",
    "entries",
    "target",
    "targets",
    "profit",
    "profits",
    "takeprofit",
    "takeprofits",
    "stoploss",
    "leverage",
    "symbol",
    "direction",
    "quantity",
    "expiry",
    "expiration",
    "allocation",
    "invalidation",
];

/// From so many letters on two faults are told apart as well.
const LONG: usize = 8;

/// Words, brackets and pictures that may stand between a label and its value.
const NEAR: usize = 6;

/// Writes such words as they were meant.
pub(super) fn mend(tokens: &mut [Token], symbols: &Symbols) {
    let mut line = 0;
    for at in 0..tokens.len() {
        if tokens.get(at).is_some_and(|t| t.tok == Tok::Newline) {
            line = at + 1;
            continue;
        }
        let Some(meant) = meant(tokens, at, symbols) else {
            continue;
        };
        if leads(tokens, at, line)
            && let Some(Token {
                tok: Tok::Word { text, low, .. },
                ..
            }) = tokens.get_mut(at)
        {
            text.clone_from(&meant);
            *low = meant;
        }
    }
}

/// The label that is one slip away, with the number that hangs on the word: `tagret1`.
fn meant(tokens: &[Token], at: usize, symbols: &Symbols) -> Option<String> {
    let Tok::Word {
        text,
        low,
        dollar: false,
        hash: false,
    } = &tokens.get(at)?.tok
    else {
        return None;
    };
    let stem = low.trim_end_matches(|c: char| c.is_ascii_digit());
    let index = low.get(stem.len()..)?;
    if stem.len() < 5 || !stem.is_ascii() || index.len() > 2 || LABELS.contains(&stem) {
        return None;
    }
    let label = LABELS.into_iter().find(|label| near(stem, label))?;
    let listed = text.chars().all(char::is_uppercase)
        && symbol::candidate(symbols, text, false).is_some_and(|t| t.grade <= Grade::Known);
    let known = vocabulary::begins(stem) || listed;
    (!known).then(|| format!("{label}{index}"))
}

/// A value follows: a number, or the colon of a field, or the word stands in a line of few words above its values.
fn leads(tokens: &[Token], at: usize, line: usize) -> bool {
    let head = tokens.get(line..at).unwrap_or(&[]);
    let field = head.len() <= NEAR && !head.iter().any(|t| matches!(t.tok, Tok::Number(_)));
    for (ahead, token) in tokens.iter().skip(at + 1).take(NEAR).enumerate() {
        match &token.tok {
            Tok::Number(_) => return true,
            Tok::Mark(':' | '=') => return true,
            Tok::Newline => return field,
            Tok::Word { .. } if field && ahead < 2 => {}
            Tok::Mark(_) | Tok::Emoji(_) | Tok::Ordinal(_) => {}
            _ => return false,
        }
    }
    field && tokens.len() <= at + 1 + NEAR
}

/// Whether one slip makes one word of the other, or two slips in a long one. The first letter is nearly always right.
fn near(word: &str, label: &str) -> bool {
    let (a, b) = (word.as_bytes(), label.as_bytes());
    let most = if b.len() >= LONG { 2 } else { 1 };
    if a.len().abs_diff(b.len()) > most {
        return false;
    }
    let swapped = a.first() == b.get(1) && a.get(1) == b.first();
    (a.first() == b.first() || swapped) && (slips(a, b) <= most || mixed(a, b))
}

/// The same letters in another order: "tagerts".
fn mixed(a: &[u8], b: &[u8]) -> bool {
    let sorted = |word: &[u8]| {
        let mut letters = word.to_vec();
        letters.sort_unstable();
        letters
    };
    a.len() == b.len() && sorted(a) == sorted(b)
}

/// Letters left out, put in, changed or swapped with their neighbour.
fn slips(a: &[u8], b: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut least = (cell(&row, j) + usize::from(x != y))
                .min(cell(&row, j + 1) + 1)
                .min(cell(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(cell(&before, j - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn one_slip_is_forgiven_and_another_word_is_not() {
        for (word, label) in [
            ("entery", "entry"),
            ("etnry", "entry"),
            ("tagret", "target"),
            ("tragets", "targets"),
            ("tagerts", "targets"),
            ("proft", "profit"),
            ("stoplos", "stoploss"),
            ("levrege", "leverage"),
        ] {
            assert!(near(word, label), "{word}");
        }
        for (word, label) in [
            ("sentry", "entry"),
            ("beverage", "leverage"),
            ("entity", "entry"),
            ("budget", "target"),
        ] {
            assert!(!near(word, label), "{word}");
        }
    }
}

//! Decides where an option contract or a day is written: OCC symbols, joined contracts, months, slashed dates.
//! Refuses to choose between a day and a fraction: the grammar does that.

use ordercast_model::{instrument::Right, signal::instruction::WrittenExpiry};
use rust_decimal::Decimal;

use super::{
    expiry,
    item::{Contract, Kind},
    lexer::{Digits, Suffix, Tok, Token},
    scan::Scanner,
    symbol,
    vocabulary::Label,
};

fn right(letter: &str) -> Option<Right> {
    match letter {
        "C" | "c" => Some(Right::Call),
        "P" | "p" => Some(Right::Put),
        _ => None,
    }
}

/// Whether an option contract follows a ticker: `900c`, `9/19 900c`, `$310 Call`, `19 sep 25 112.5c`.
pub(super) fn follows(tokens: &[Token], at: usize) -> bool {
    let ahead = tokens.get(at..).unwrap_or(&[]);
    for (i, token) in ahead.iter().take(8).enumerate() {
        match &token.tok {
            Tok::Number(d) if matches!(d.suffix, Suffix::Call | Suffix::Put) => return true,
            Tok::Number(_) => {
                let next = ahead.get(i + 1);
                let word = next.map_or("", Token::low);
                if matches!(word, "call" | "calls" | "put" | "puts")
                    || (matches!(word, "c" | "p") && d_like(next))
                {
                    return true;
                }
            }
            Tok::Mark('/' | '-') | Tok::Date(_) | Tok::Ordinal(_) => {}
            Tok::Word { low, .. } if expiry::month(low).is_some() => {}
            _ => return false,
        }
    }
    false
}
fn d_like(token: Option<&Token>) -> bool {
    token.is_some_and(|t| t.to - t.from == 1)
}

/// `SPY251219P00640000`, `251219C650`, `GOOGL_082225_205_C`, `GOOGL_082225C205`.
pub(super) fn joined(scanner: &mut Scanner) -> bool {
    let tokens = scanner.tokens;
    let Some(Tok::Word { text, .. }) = tokens.get(scanner.at).map(|t| &t.tok) else {
        return false;
    };
    if text.bytes().any(|b| b.is_ascii_digit())
        && let Some(contract) = occ(&text.to_ascii_uppercase(), scanner)
    {
        let (contract, taken) = contract;
        scanner.push(Kind::Contract(contract), taken);
        return true;
    }
    underscored(scanner, text)
}

fn occ(code: &str, scanner: &Scanner) -> Option<(Contract, usize)> {
    if !code.is_ascii() {
        return None;
    }
    let root = code.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let root_len = code.len() - root.len();
    let (date, tail) = (root.get(..6)?, root.get(6..)?);
    let (letter, strike) = (right(tail.get(..1)?)?, tail.get(1..)?);
    if root_len > 6 || strike.is_empty() || !date.bytes().chain(strike.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let expiry = WrittenExpiry::Date(expiry::six(date)?);
    let mut strike_text = strike.to_owned();
    let mut taken = 1;
    if let Some(Token {
        tok: Tok::Number(d),
        gap: false,
        ..
    }) = scanner.token(1)
        && d.text.starts_with('.')
    {
        strike_text.push_str(&d.text);
        taken = 2;
    }
    let mut value: Decimal = strike_text.parse().ok()?;
    if strike.len() == 8 && taken == 1 {
        value = value.checked_div(Decimal::ONE_THOUSAND)?;
    }
    let name = code.get(..root_len).filter(|n| !n.is_empty());
    let ticker = name.and_then(|n| symbol::stated(scanner.symbols, n));
    Some((
        Contract {
            ticker,
            expiry: Some(expiry),
            strike: value.normalize(),
            right: letter,
        },
        taken,
    ))
}

fn underscored(scanner: &mut Scanner, name: &str) -> bool {
    let tight = |i: usize| scanner.token(i).filter(|t| !t.gap);
    let bar = |i: usize| tight(i).is_some_and(|t| t.is('_'));
    if !bar(1) {
        return false;
    }
    let Some(ticker) = symbol::stated(scanner.symbols, name) else {
        return false;
    };
    let digits = |i: usize| match tight(i).map(|t| &t.tok) {
        Some(Tok::Number(Digits { text, suffix, .. })) => Some((text.clone(), *suffix)),
        _ => None,
    };
    if let Some(Tok::Word { text, .. }) = tight(2).map(|t| t.tok.clone())
        && let Some((contract, _)) = occ(&text.to_ascii_uppercase(), scanner)
        && contract.ticker.is_none()
    {
        scanner.push(
            Kind::Contract(Contract {
                ticker: Some(ticker),
                ..contract
            }),
            3,
        );
        return true;
    }
    let Some(date) = digits(2).and_then(|(d, _)| expiry::six(&d)) else {
        return false;
    };
    if !bar(3) {
        return false;
    }
    let Some((strike, suffix)) = digits(4) else {
        return false;
    };
    let (letter, taken) = match suffix {
        Suffix::Call => (Some(Right::Call), 5),
        Suffix::Put => (Some(Right::Put), 5),
        _ => (
            if bar(5) {
                tight(6).and_then(|t| right(t.low()))
            } else {
                None
            },
            7,
        ),
    };
    let (Some(letter), Ok(strike)) = (letter, strike.parse::<Decimal>()) else {
        return false;
    };
    let contract = Contract {
        ticker: Some(ticker),
        expiry: Some(WrittenExpiry::Date(date)),
        strike: strike.normalize(),
        right: letter,
    };
    scanner.push(Kind::Contract(contract), taken);
    true
}

fn small(token: Option<&Token>) -> Option<u32> {
    match &token?.tok {
        Tok::Number(Digits {
            text,
            money: false,
            suffix: Suffix::None | Suffix::Ordinal,
        }) if text.len() <= 2 => text.parse().ok(),
        _ => None,
    }
}

/// The year after a day: `2025`, `'25`, `25`. Gives the tokens taken.
fn year(scanner: &Scanner, at: usize) -> Option<(i32, usize)> {
    let mut skip = usize::from(scanner.token(at).is_some_and(|t| t.is(',')));
    let quote = scanner.token(at + skip).is_some_and(|t| t.is('\''));
    skip += usize::from(quote);
    let Tok::Number(Digits {
        text,
        money: false,
        suffix: Suffix::None,
    }) = &scanner.token(at + skip)?.tok
    else {
        return None;
    };
    let value: i32 = text.parse().ok()?;
    let ok = match text.len() {
        4 => (2_015..2_060).contains(&value),
        2 => quote || (24..=35).contains(&value),
        _ => false,
    };
    let right_after = scanner.token(at + skip + 1).map_or("", Token::low);
    let strike = matches!(right_after, "c" | "p" | "call" | "calls" | "put" | "puts");
    (ok && !strike && (skip == 0 || quote || text.len() == 4)).then_some((value, skip + 1))
}

/// `AUG 22`, `Aug 22nd 2025`, `SEP19`.
pub(super) fn month_first(scanner: &mut Scanner, low: &str) -> bool {
    let letters = low.trim_end_matches(|c: char| c.is_ascii_digit());
    let Some(month) = expiry::month(letters) else {
        return false;
    };
    let (day, mut taken) = if letters.len() < low.len() {
        (
            low.get(letters.len()..)
                .filter(|d| d.len() <= 2)
                .and_then(|d| d.parse().ok()),
            1,
        )
    } else {
        (small(scanner.token(1)), 2)
    };
    let Some(day) = day else { return false };
    let full = year(scanner, taken);
    taken += full.map_or(0, |(_, n)| n);
    match expiry::written(month, day, full.map(|(y, _)| y)) {
        Some(expiry) => {
            scanner.push(Kind::Expiry(expiry), taken);
            true
        }
        None => false,
    }
}

/// `19 sep 25`, `22 Aug`.
pub(super) fn month_second(scanner: &mut Scanner, digits: &Digits) -> bool {
    if digits.money || digits.text.len() > 2 {
        return false;
    }
    let Some(month) = scanner.token(1).and_then(|t| expiry::month(t.low())) else {
        return false;
    };
    let Some(day) = small(scanner.token(0)) else {
        return false;
    };
    // "BTO 2 SEP 19 ...": the number after the month is the day.
    if small(scanner.token(2)).is_some_and(|d| d <= 31 && year(scanner, 2).is_none()) {
        return false;
    }
    let full = year(scanner, 2);
    let Some(expiry) = expiry::written(month, day, full.map(|(y, _)| y)) else {
        return false;
    };
    scanner.push(Kind::Expiry(expiry), 2 + full.map_or(0, |(_, n)| n));
    true
}

/// `8/22`, `1/16/26`, `1/4`, and six digits before a strike.
pub(super) fn slashed(scanner: &mut Scanner, digits: &Digits) -> bool {
    let tight = |i: usize| scanner.token(i).filter(|t| !t.gap);
    if digits.text.len() == 6
        && digits.suffix == Suffix::None
        && !digits.money
        && digits.text.bytes().all(|b| b.is_ascii_digit())
    {
        let strike = scanner.token(1).is_some_and(
            |t| matches!(&t.tok, Tok::Number(d) if matches!(d.suffix, Suffix::Call | Suffix::Put)),
        );
        if let Some(date) = expiry::six(&digits.text).filter(|_| strike) {
            scanner.push(Kind::Expiry(WrittenExpiry::Date(date)), 1);
            return true;
        }
    }
    let mut back = scanner.out.iter().rev().take(14);
    let listed = scanner.out.last().is_some_and(|i| i.is('/'));
    let label = back.find(|i| {
        !(matches!(i.kind, Kind::Mark(':' | '=') | Kind::Ordinal(_))
            || listed && matches!(i.kind, Kind::Mark('/' | ',') | Kind::Figure(_)))
    });
    if label.is_some_and(|i| i.label() == Some(Label::Target)) {
        // "TP 6/8/10": levels, whatever else they look like.
        return false;
    }
    let Some(mark @ ('/' | '-')) =
        tight(1).and_then(|t| if let Tok::Mark(c) = t.tok { Some(c) } else { None })
    else {
        return false;
    };
    let (Some(first), Some(second)) = (small(scanner.token(0)), small(tight(2))) else {
        return false;
    };
    if digits.suffix != Suffix::None {
        return false;
    }
    let third = tight(3)
        .filter(|t| t.is(mark))
        .and_then(|_| tight(4))
        .and_then(|t| match &t.tok {
            Tok::Number(d) if !d.money && d.suffix == Suffix::None => Some(d.text.clone()),
            _ => None,
        });
    if let Some(third) = third {
        let full = third
            .parse()
            .ok()
            .filter(|_| third.len() == 2 || third.len() == 4);
        if let Some(expiry) = full.and_then(|y| expiry::slashed(first, second, Some(y))) {
            scanner.push(Kind::Expiry(expiry), 5);
            return true;
        }
        return false;
    }
    if mark == '-' || tight(3).is_some_and(|t| t.is('/')) {
        return false;
    }
    scanner.push(Kind::Slashed(first, second), 3);
    true
}

//! Decides whether a word names an instrument, which one, and how sure that is.
//! Refuses to know which venue lists it.

mod known;
mod table;

use ordercast_model::instrument::AssetClass;

pub use known::Symbols;

use super::lexer::{Tok, Token};

/// How sure it is that a word names something to trade, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// A `$`, a pair, an explicit field.
    Marked,
    /// A code everybody knows.
    Known,
    /// Capitals that look like a ticker.
    Plausible,
    /// A known ticker in small letters.
    Small,
    /// One or two letters, or an everyday word: only where the grammar leaves no doubt.
    Doubtful,
}

/// What a word names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ticker {
    pub(super) symbol: String,
    pub(super) asset: Option<AssetClass>,
    pub(super) perpetual: bool,
    pub(super) grade: Grade,
}

fn ticker(symbol: &str, asset: Option<AssetClass>, grade: Grade) -> Ticker {
    Ticker {
        symbol: symbol.to_owned(),
        asset,
        perpetual: false,
        grade,
    }
}

/// Names that mean one thing wherever they stand: pairs, currencies, indices, `$` and coins.
/// Gives the tokens taken.
pub(super) fn strong(n: &Symbols, tokens: &[Token]) -> Option<(Ticker, usize)> {
    if let Some(found) = exchange_prefix(n, tokens) {
        return Some(found);
    }
    if let Some(found) = joined_pair(n, tokens).or_else(|| spaced_currencies(n, tokens)) {
        return Some(found);
    }
    let Tok::Word {
        text, dollar, hash, ..
    } = &tokens.first()?.tok
    else {
        return None;
    };
    let (code, perpetual) = plain(text)?;
    let mut found = compound(n, &code)
        .or_else(|| future(n, &code, tokens))
        .or_else(|| if *dollar { marked(n, &code) } else { None })?;
    found.perpetual |= perpetual;
    if *dollar || *hash {
        found.grade = Grade::Marked;
    }
    let bang = usize::from(
        found.asset == Some(AssetClass::Future) && tokens.get(1).is_some_and(|t| t.is('!') && !t.gap),
    );
    Some((found, 1 + bang))
}

/// Upper case with the marks of perpetuals and of quotation services taken off.
fn plain(text: &str) -> Option<(String, bool)> {
    if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.') {
        return None;
    }
    let upper = text.to_ascii_uppercase();
    for mark in [".P", ".PERP", "USDT.P"] {
        if mark.starts_with('.')
            && let Some(base) = upper.strip_suffix(mark)
        {
            return Some((base.to_owned(), true));
        }
    }
    Some((upper, false))
}

/// `BTCUSDT`, `EURUSD`, `XAUUSDm`, `US30`, `GOLD`.
fn compound(n: &Symbols, code: &str) -> Option<Ticker> {
    if let Some((_, name)) = table::ALIAS.iter().find(|(alias, _)| *alias == code) {
        let asset = if n.coins.contains(name) {
            AssetClass::Crypto
        } else {
            AssetClass::Fx
        };
        return Some(ticker(name, Some(asset), Grade::Known));
    }
    if n.cfd.contains(code) {
        return Some(ticker(code, Some(AssetClass::Fx), Grade::Known));
    }
    for length in [6, 7] {
        let tail = code.get(6..).unwrap_or("");
        if code.len() == length
            && matches!(tail, "" | "M" | "C" | "Z" | "R" | "X" | "I" | "." | "+")
            && n.money.contains(code.get(..3)?)
            && n.money.contains(code.get(3..6)?)
        {
            return Some(ticker(code.get(..6)?, Some(AssetClass::Fx), Grade::Marked));
        }
    }
    coin_pair(n, code)
}

fn coin_pair(n: &Symbols, code: &str) -> Option<Ticker> {
    let stable = [
        "USDTPERP", "USDCPERP", "USDTP", "USDT", "USDC", "FDUSD", "BUSD", "TUSD", "PERP",
    ];
    for quote in stable {
        let blank = |b: &str| b.len() > 2 && b.bytes().all(|c| c == b'X');
        let Some(base) = code
            .strip_suffix(quote)
            .filter(|b| (2..=12).contains(&b.len()) && !blank(b))
        else {
            continue;
        };
        let perpetual = quote.ends_with("PERP") || quote == "USDTP";
        let symbol = match quote {
            "PERP" => base.to_owned(),
            "USDTPERP" | "USDTP" => format!("{base}USDT"),
            "USDCPERP" => format!("{base}USDC"),
            plain => format!("{base}{plain}"),
        };
        return Some(Ticker {
            symbol,
            asset: Some(AssetClass::Crypto),
            perpetual,
            grade: Grade::Marked,
        });
    }
    for quote in ["USD", "EUR", "GBP", "TRY", "BRL", "BTC", "ETH", "BNB"] {
        if let Some(base) = code.strip_suffix(quote)
            && n.coins.contains(base)
            && base != quote
        {
            return Some(ticker(code, Some(AssetClass::Crypto), Grade::Marked));
        }
    }
    None
}

/// `ES1!`, `MNQU2025`, `ESZ5`.
fn future(n: &Symbols, code: &str, tokens: &[Token]) -> Option<Ticker> {
    let make = |symbol: &str| Some(ticker(symbol, Some(AssetClass::Future), Grade::Marked));
    if let Some(root) = code.strip_suffix(['1', '2'])
        && n.futures.contains(root)
        && tokens.get(1).is_some_and(|t| t.is('!') && !t.gap)
    {
        return make(root);
    }
    let letters = code.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = code.len() - letters.len();
    let root = letters.get(..letters.len().checked_sub(1)?)?;
    let month = letters.bytes().last()?;
    if (digits == 1 || digits == 2 || digits == 4)
        && b"FGHJKMNQUVXZ".contains(&month)
        && n.futures.contains(root)
    {
        return make(code);
    }
    None
}

fn marked(n: &Symbols, code: &str) -> Option<Ticker> {
    let letters = code.bytes().filter(u8::is_ascii_alphabetic).count();
    if letters == 0 || code.len() > 10 || !code.bytes().next()?.is_ascii_alphanumeric() {
        return None;
    }
    let asset = match (n.coins.contains(code), n.lists(code)) {
        (true, false) => Some(AssetClass::Crypto),
        (true, true) => None,
        (false, false) if n.listed_coins.contains(code) => Some(AssetClass::Crypto),
        _ => Some(AssetClass::Equity),
    };
    Some(ticker(code, asset, Grade::Marked))
}

/// `BINANCE:ETHUSDT.P`.
fn exchange_prefix(n: &Symbols, tokens: &[Token]) -> Option<(Ticker, usize)> {
    const EXCHANGES: [&str; 22] = [
        "binance",
        "bybit",
        "okx",
        "kucoin",
        "kraken",
        "coinbase",
        "bitget",
        "mexc",
        "bitfinex",
        "bitstamp",
        "nasdaq",
        "nyse",
        "amex",
        "arca",
        "oanda",
        "fx",
        "fx_idc",
        "forexcom",
        "capitalcom",
        "tvc",
        "cme",
        "cme_mini",
    ];
    let [first, colon, rest @ ..] = tokens else {
        return None;
    };
    if !colon.is(':') || colon.gap || rest.first().is_none_or(|t| t.gap) || !EXCHANGES.contains(&first.low())
    {
        return None;
    }
    let (mut found, taken) = strong(n, rest).or_else(|| {
        let Tok::Word { text, .. } = &rest.first()?.tok else {
            return None;
        };
        Some((marked(n, &text.to_ascii_uppercase())?, 1))
    })?;
    found.grade = Grade::Marked;
    Some((found, taken + 2))
}

/// `BTC/USDT`, `OP-USDT`, `USDT_BTC`, `WIF/ USDT`, `ETH-PERP`.
fn joined_pair(n: &Symbols, tokens: &[Token]) -> Option<(Ticker, usize)> {
    let [first, mark, second, ..] = tokens else {
        return None;
    };
    let (Tok::Word { text: a, hash, .. }, Tok::Mark(mark_char), Tok::Word { text: b, .. }) =
        (&first.tok, &mark.tok, &second.tok)
    else {
        return None;
    };
    let tight = !mark.gap && !second.gap;
    let stable = matches!(b.to_ascii_uppercase().as_str(), "USDT" | "USDC" | "BUSD");
    let loose = *mark_char == '/'
        && (stable || *hash || a.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()));
    if !(matches!(mark_char, '/' | '-' | '_') && (tight || loose)) {
        return None;
    }
    let ((base, _), (quote, perpetual)) = (plain(a)?, plain(b)?);
    if quote == "PERP" && n.coins.contains(base.as_str()) {
        return Some((
            Ticker {
                perpetual: true,
                ..ticker(&base, Some(AssetClass::Crypto), Grade::Marked)
            },
            3,
        ));
    }
    let pair = |base: &str, quote: &str| {
        let fx = n.money.contains(base) && n.money.contains(quote);
        let asset = if fx { AssetClass::Fx } else { AssetClass::Crypto };
        Ticker {
            perpetual,
            ..ticker(&format!("{base}{quote}"), Some(asset), Grade::Marked)
        }
    };
    if n.money.contains(base.as_str()) && n.money.contains(quote.as_str()) {
        return Some((pair(&base, &quote), 3));
    }
    if *mark_char == '_' && n.quotes.contains(base.as_str()) && n.coins.contains(quote.as_str()) {
        return Some((pair(&quote, &base), 3));
    }
    let named =
        (1..=12).contains(&base.len()) && !n.words.contains(base.as_str()) || n.coins.contains(base.as_str());
    (n.quotes.contains(quote.as_str()) && quote != "PERP" && named).then(|| (pair(&base, &quote), 3))
}

/// `GBP NZD`, `Gbp cad`, `XAU USD`.
fn spaced_currencies(n: &Symbols, tokens: &[Token]) -> Option<(Ticker, usize)> {
    let [first, second, ..] = tokens else { return None };
    let (Tok::Word { text: a, .. }, Tok::Word { text: b, .. }) = (&first.tok, &second.tok) else {
        return None;
    };
    // Every code of a currency has three letters.
    if a.len() != 3 || b.len() != 3 {
        return None;
    }
    let (a, b) = (a.to_ascii_uppercase(), b.to_ascii_uppercase());
    (a != b && n.money.contains(a.as_str()) && n.money.contains(b.as_str()))
        .then(|| (ticker(&format!("{a}{b}"), Some(AssetClass::Fx), Grade::Marked), 2))
}

/// A word that may name a coin, a future or a share.
pub(super) fn candidate(n: &Symbols, text: &str, shouting: bool) -> Option<Ticker> {
    let (code, perpetual) = plain(text)?;
    let upper = text == code || perpetual;
    if !upper {
        return small(n, &code);
    }
    let everyday = n.words.contains(code.as_str());
    if n.coins.contains(code.as_str()) {
        let short = code.len() < 2 || (everyday && shouting);
        let grade = if short { Grade::Doubtful } else { Grade::Known };
        return Some(Ticker {
            perpetual,
            ..ticker(&code, Some(AssetClass::Crypto), grade)
        });
    }
    if n.futures.contains(code.as_str()) {
        let famous = matches!(code.as_str(), "ES" | "NQ" | "YM" | "GC" | "CL");
        let grade = match code.len() {
            0..=2 if !famous || shouting => Grade::Doubtful,
            0..=2 => Grade::Plausible,
            _ => Grade::Known,
        };
        return Some(ticker(&code, Some(AssetClass::Future), grade));
    }
    let class = code.split_once('.');
    let body = class.map_or(code.as_str(), |(b, _)| b);
    if body.len() > 5 && !shouting && !everyday && n.listed_coins.contains(code.as_str()) {
        return Some(Ticker {
            perpetual,
            ..ticker(&code, Some(AssetClass::Crypto), Grade::Plausible)
        });
    }
    if body.is_empty() || body.len() > 5 || !body.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let share = n.shares.contains(code.as_str());
    let listed = n.lists(&code);
    let grade = match (share, everyday) {
        (_, true) => Grade::Doubtful,
        _ if body.len() < 3 => Grade::Doubtful,
        (true, false) => Grade::Known,
        // In capitals throughout, a rare name looks like any other word.
        (false, false) if shouting => {
            return listed.then(|| ticker(&code, Some(AssetClass::Equity), Grade::Doubtful));
        }
        (false, false) if listed => Grade::Known,
        (false, false) => Grade::Plausible,
    };
    let coin = !listed && n.listed_coins.contains(code.as_str());
    let asset = if coin {
        AssetClass::Crypto
    } else {
        AssetClass::Equity
    };
    Some(ticker(&code, Some(asset), grade))
}

/// A word in small letters: only a coin or a share everybody knows.
fn small(n: &Symbols, code: &str) -> Option<Ticker> {
    let everyday = || n.words.contains(code);
    if code.len() >= 3 && n.coins.contains(code) && !everyday() {
        return Some(ticker(code, Some(AssetClass::Crypto), Grade::Known));
    }
    let body = code.split_once('.').map_or(code, |(b, _)| b);
    let letters = (1..=5).contains(&body.len()) && body.bytes().all(|b| b.is_ascii_uppercase());
    let grade = if body.len() >= 3 {
        Grade::Small
    } else {
        Grade::Doubtful
    };
    (letters && n.shares.contains(code) && !everyday()).then(|| ticker(code, Some(AssetClass::Equity), grade))
}

/// A word in a place where only a name can stand: a symbol field or an option contract.
pub(super) fn stated(n: &Symbols, text: &str) -> Option<Ticker> {
    let (code, perpetual) = plain(text)?;
    let mut found = compound(n, &code).or_else(|| marked(n, &code))?;
    found.perpetual |= perpetual;
    Some(found)
}

/// Letters of two scripts in one word, made to look alike.
pub(super) fn lookalike(text: &str) -> bool {
    let latin = text.chars().any(|c| c.is_ascii_alphabetic());
    let other = text
        .chars()
        .any(|c| matches!(u32::from(c), 0x370..=0x3FF | 0x400..=0x52F | 0x530..=0x58F | 0x13A0..=0x13FF));
    latin && other
}

/// Whether coins are counted in it.
pub(super) fn quote(n: &Symbols, text: &str) -> bool {
    n.quotes.contains(text.to_ascii_uppercase().as_str())
}

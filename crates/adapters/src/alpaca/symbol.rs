//! Decides how an instrument is spelt at Alpaca, and what a spelling of theirs or of a message means. Refuses to know
//! whether it can be traded.

use chrono::NaiveDate;
use ordercast_model::instrument::{AssetClass, Instrument, Right};
use rust_decimal::Decimal;

/// Share classes whose dot an option's root leaves out.
const DOTTED: [(&str, &str); 6] = [
    ("BRKA", "BRK.A"),
    ("BRKB", "BRK.B"),
    ("BFA", "BF.A"),
    ("BFB", "BF.B"),
    ("LENB", "LEN.B"),
    ("HEIA", "HEI.A"),
];
/// What coins are paid in, the longest first.
const PAID_IN: [&str; 4] = ["USDT", "USDC", "USD", "BTC"];
/// Dollar coins: an account at Alpaca holds dollars.
const DOLLARS: [&str; 2] = ["USDT", "USDC"];
/// Coins by their other names.
const RENAMED: [(&str, &str); 1] = [("XBT", "BTC")];
/// Coins that a message names without what they are paid in. Whether Alpaca lists one is asked of Alpaca.
const COINS: [&str; 22] = [
    "AAVE", "AVAX", "BAT", "BCH", "BTC", "CRV", "DOGE", "DOT", "ETH", "GRT", "LINK", "LTC", "MKR", "PEPE",
    "SHIB", "SOL", "SUSHI", "TRUMP", "UNI", "XRP", "XTZ", "YFI",
];

/// As Alpaca's orders spell it.
pub(super) fn theirs(instrument: &Instrument) -> String {
    match instrument {
        Instrument::Option { .. } => instrument.occ().unwrap_or_else(|| instrument.to_string()),
        Instrument::Equity { .. } | Instrument::Crypto { .. } => instrument.to_string(),
    }
}

/// The class as Alpaca names it.
pub(super) fn class(text: &str) -> Option<AssetClass> {
    Some(match text {
        "us_equity" => AssetClass::Equity,
        "us_option" => AssetClass::Option,
        "crypto" => AssetClass::Crypto,
        _ => return None,
    })
}

/// What Alpaca means by a symbol; without a class it is told by its shape.
pub(super) fn ours(symbol: &str, class: Option<AssetClass>) -> Option<Instrument> {
    match class {
        Some(AssetClass::Option) => occ(symbol),
        Some(AssetClass::Crypto) => pair(symbol),
        Some(_) => symbol
            .parse()
            .ok()
            .filter(|i: &Instrument| i.class() == AssetClass::Equity),
        None => occ(symbol)
            .or_else(|| symbol.contains('/').then(|| pair(symbol)).flatten())
            .or_else(|| symbol.parse().ok()),
    }
}

/// `BTC/USD` and `BTCUSD`.
fn pair(symbol: &str) -> Option<Instrument> {
    if symbol.contains('/') {
        return symbol.parse().ok();
    }
    let quote = PAID_IN
        .iter()
        .find(|q| symbol.len() > q.len() && symbol.ends_with(**q))?;
    let base = symbol.strip_suffix(quote)?;
    format!("{base}/{quote}").parse().ok()
}

/// `AAPL261218C00150000`.
fn occ(symbol: &str) -> Option<Instrument> {
    let (root, rest) = symbol.split_at_checked(symbol.len().checked_sub(15)?)?;
    let (date, rest) = rest.split_at_checked(6)?;
    let (right, strike) = rest.split_at_checked(1)?;
    let right = match right {
        "C" => Right::Call,
        "P" => Right::Put,
        _ => return None,
    };
    if root.is_empty() || !root.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        return None;
    }
    let strike: i64 = strike.parse().ok()?;
    let underlying = DOTTED.iter().find(|(plain, _)| *plain == root);
    Some(Instrument::Option {
        underlying: underlying.map_or(root, |(_, dotted)| dotted).to_owned(),
        expiry: NaiveDate::parse_from_str(date, "%y%m%d").ok()?,
        strike: Decimal::new(strike, 3).normalize(),
        right,
    })
}

/// What somebody who writes a message may mean, the likeliest first: `$AAPL`, `brk/b`, `BTC`, `BTCUSDT`, `btc-usd`.
/// Dollar coins mean dollars: `BTCUSDT` is traded as `BTC/USD`.
pub(super) fn meant(text: &str) -> Vec<Instrument> {
    let text = text.trim().trim_start_matches('$').to_ascii_uppercase();
    if let Ok(option @ Instrument::Option { .. }) = text.parse() {
        return vec![option];
    }
    if let Some(option) = occ(&text) {
        return vec![option];
    }
    let joined = text.replace('-', "/");
    if let Some((base, quote)) = joined.split_once('/') {
        let mut found = Vec::new();
        if PAID_IN.contains(&quote) {
            found.extend(coin(base, quote));
        } else {
            found.extend(format!("{base}.{quote}").parse());
        }
        return found;
    }
    let mut found = Vec::new();
    if COINS.contains(&text.as_str()) || RENAMED.iter().any(|(other, _)| *other == text) {
        found.extend(coin(&text, "USD"));
    }
    if let Some(Instrument::Crypto { base, quote }) = pair(&text) {
        found.extend(coin(&base, &quote));
    }
    found.extend(text.parse());
    found
}

fn coin(base: &str, quote: &str) -> Option<Instrument> {
    let base = RENAMED
        .iter()
        .find(|(other, _)| *other == base)
        .map_or(base, |(_, name)| name);
    let quote = if DOLLARS.contains(&quote) { "USD" } else { quote };
    format!("{base}/{quote}").parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn symbols_go_there_and_back() {
        for (text, class, theirs_) in [
            ("AAPL", "us_equity", "AAPL"),
            ("BRK.B", "us_equity", "BRK.B"),
            ("BTC/USD", "crypto", "BTC/USD"),
            ("AAPL 2026-12-18 287.5 C", "us_option", "AAPL261218C00287500"),
            ("BRK.B 2026-12-18 500 P", "us_option", "BRKB261218P00500000"),
        ] {
            let instrument: Instrument = text.parse().unwrap();
            assert_eq!(theirs(&instrument), theirs_);
            assert_eq!(ours(theirs_, super::class(class)), Some(instrument));
        }
        assert_eq!(
            ours("ETHUSD", Some(AssetClass::Crypto)).unwrap().to_string(),
            "ETH/USD"
        );
        assert_eq!(
            ours("SHIBUSDT", Some(AssetClass::Crypto)).unwrap().to_string(),
            "SHIB/USDT"
        );
        assert_eq!(
            ours("AAPL261218C00287500", None).unwrap().class(),
            AssetClass::Option
        );
        assert_eq!(ours("A", None).unwrap().class(), AssetClass::Equity);
    }

    #[test]
    fn what_a_message_means_is_asked_in_order() {
        for (text, want) in [
            ("$aapl", vec!["AAPL"]),
            ("BTC", vec!["BTC/USD", "BTC"]),
            ("BTCUSDT", vec!["BTC/USD", "BTCUSDT"]),
            ("xbt-usd", vec!["BTC/USD"]),
            ("BRK/B", vec!["BRK.B"]),
            ("AAPL 2026-12-18 150 C", vec!["AAPL 2026-12-18 150 C"]),
            ("AAPL261218C00150000", vec!["AAPL 2026-12-18 150 C"]),
            ("", vec![]),
        ] {
            let got: Vec<String> = meant(text).iter().map(Instrument::to_string).collect();
            assert_eq!(got, want, "{text}");
        }
    }
}

//! Decides how an instrument is spelt at Binance, and what a spelling of theirs or of a message means. Coins are paid in the
//! account's dollar coin; a message that names another dollar means it. Refuses to know whether it can be traded.

use ordercast_model::instrument::Instrument;

/// Dollar coins that an account may be kept in.
pub const DOLLARS: [&str; 4] = ["USDT", "USDC", "FDUSD", "TUSD"];
/// What a message calls dollars, the longest first.
const MEANT: [&str; 6] = ["FDUSD", "USDT", "USDC", "TUSD", "USD", "PERP"];
/// Coins by their other names.
const RENAMED: [(&str, &str); 2] = [("XBT", "BTC"), ("MATIC", "POL")];

/// As Binance's orders spell it; none for what is no coin.
pub(super) fn theirs(instrument: &Instrument) -> Option<String> {
    match instrument {
        Instrument::Crypto { base, quote } => Some(format!("{base}{quote}")),
        Instrument::Equity { .. } | Instrument::Option { .. } => None,
    }
}

/// A pair of a base and the account's dollar coin.
pub(super) fn pair(base: &str, quote: &str) -> Option<Instrument> {
    if base == quote {
        return None;
    }
    format!("{base}/{quote}").parse().ok()
}

/// What Binance means by a symbol that is paid in `quote`; none for any other.
pub(super) fn ours(symbol: &str, quote: &str) -> Option<Instrument> {
    pair(symbol.strip_suffix(quote).filter(|b| !b.is_empty())?, quote)
}

/// What somebody who writes a message may mean, the likeliest first: `BTC`, `$btc`, `BTCUSDT`, `btc-usd`, `BTC/USDC`.
pub(super) fn meant(text: &str, quote: &str) -> Vec<Instrument> {
    let text = text.trim().trim_start_matches('$').to_ascii_uppercase();
    let joined = text.replace(['-', '_'], "/");
    let mut bases: Vec<&str> = Vec::new();
    match joined.split_once('/') {
        Some((base, paid)) if MEANT.contains(&paid) => bases.push(base),
        Some(_) => {}
        None => {
            let whole = joined.as_str();
            let cut = MEANT.iter().find_map(|m| whole.strip_suffix(m));
            bases.extend(cut.filter(|b| !b.is_empty()));
            bases.push(whole);
        }
    }
    let mut found = Vec::new();
    for base in bases {
        let renamed = RENAMED.iter().find(|(other, _)| *other == base);
        found.extend(pair(renamed.map_or(base, |(_, name)| name), quote));
        if renamed.is_some() {
            found.extend(pair(base, quote));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn symbols_go_there_and_back() {
        for (text, symbol) in [("BTC/USDT", "BTCUSDT"), ("1INCH/USDT", "1INCHUSDT")] {
            let instrument: Instrument = text.parse().unwrap();
            assert_eq!(theirs(&instrument).unwrap(), symbol);
            assert_eq!(ours(symbol, "USDT"), Some(instrument));
        }
        for symbol in ["BTCUSDC", "ETHBTC", "USDT", ""] {
            assert_eq!(ours(symbol, "USDT"), None, "{symbol}");
        }
        assert_eq!(theirs(&"AAPL".parse().unwrap()), None);
    }

    #[test]
    fn what_a_message_means_is_paid_in_the_accounts_dollar_coin() {
        for (text, want) in [
            ("$btc", vec!["BTC/USDT"]),
            ("BTCUSDT", vec!["BTC/USDT", "BTCUSDT/USDT"]),
            ("btc-usd", vec!["BTC/USDT"]),
            ("BTC/USDC", vec!["BTC/USDT"]),
            ("xbt", vec!["BTC/USDT", "XBT/USDT"]),
            ("ETH/BTC", vec![]),
            ("BRK.B", vec!["BRK.B/USDT"]),
            ("", vec![]),
        ] {
            let got: Vec<String> = meant(text, "USDT").iter().map(Instrument::to_string).collect();
            assert_eq!(got, want, "{text}");
        }
    }
}

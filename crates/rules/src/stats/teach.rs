//! Which messages look like signals although they were not read as one: worth a look, and perhaps a template. Decides
//! nothing about trading.

/// Words that belong to orders, in lower case.
const WORDS: [&str; 34] = [
    "buy", "bought", "buying", "sell", "sold", "selling", "long", "short", "bto", "btc", "stc", "sto",
    "entry", "enter", "entering", "stop", "sl", "tp", "target", "targets", "pt", "calls", "call", "puts",
    "put", "limit", "trim", "scalp", "swing", "position", "adding", "leaps", "strike", "zone",
];

/// Whether a text has what signals are made of: something named, a price, and a word of trading.
#[must_use]
pub fn looks_like_a_signal(text: &str) -> bool {
    let (mut named, mut priced, mut traded) = (false, false, false);
    for token in text.split(|c: char| c.is_whitespace() || ",;:()[]|*_`".contains(c)) {
        let token = token.trim_matches(|c: char| "!?.-\"'".contains(c));
        if token.is_empty() {
            continue;
        }
        let bare = token.trim_start_matches(['$', '#', '@']);
        let lower = bare.to_lowercase();
        if WORDS.contains(&lower.as_str()) {
            traded = true;
        } else if is_name(token, bare) {
            named = true;
        }
        priced |=
            is_price(bare) || (token.starts_with('$') && bare.starts_with(|c: char| c.is_ascii_digit()));
    }
    named && priced && traded
}

/// `$tsla`, `TSLA`, `BTCUSDT`, `BTC/USD`.
fn is_name(token: &str, bare: &str) -> bool {
    let letters = bare.chars().filter(char::is_ascii_alphabetic).count();
    let plain = bare.chars().all(|c| c.is_ascii_alphabetic() || "/.-".contains(c));
    let marked = token.starts_with(['$', '#']) && letters > 0;
    plain
        && (1..=10).contains(&letters)
        && (marked || (letters >= 2 && bare.chars().all(|c| !c.is_ascii_lowercase())))
}

/// A number with or without a fraction, `190c`, `2.5k`.
fn is_price(bare: &str) -> bool {
    let digits = bare.trim_end_matches(['c', 'p', 'C', 'P', 'k', 'K', '+', '%']);
    let count = digits.chars().filter(char::is_ascii_digit).count();
    count > 0 && count <= 9 && digits.chars().all(|c| c.is_ascii_digit() || ".,/".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_name_a_price_and_a_word_looks_like_one() {
        for (text, expected) in [
            ("TSLA looking for entry around 240, sl 232", true),
            ("grabbing some $nvda here, stop 118.50", true),
            ("ETH zone 2400 - 2450", true),
            ("good morning everybody", false),
            ("I bought a house in 2019", false),
            ("TSLA to the moon", false),
            ("stop it", false),
            ("", false),
        ] {
            assert_eq!(looks_like_a_signal(text), expected, "{text}");
        }
    }
}

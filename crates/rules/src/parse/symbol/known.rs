//! Holds the names that are known: those the program ships, and those a venue lists on top of them.
//! Refuses to say what a word means: the grammar does that.

use std::{borrow::Cow, sync::OnceLock};

use super::{super::index::Set, table};

/// Written by `cargo xtask symbols`, with its sources in its head.
const LISTED: &str = include_str!("../../../data/symbols.txt");

/// The names the reader knows. A name that is not among them can still be read; it is then less certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbols {
    pub(super) coins: Set,
    pub(super) quotes: Set,
    pub(super) money: Set,
    pub(super) cfd: Set,
    pub(super) futures: Set,
    /// Names everybody writes, also in small letters.
    pub(super) shares: Set,
    /// Every share and fund on a list.
    pub(super) listed: Set,
    /// Every coin on a list.
    pub(super) listed_coins: Set,
    pub(super) words: Set,
}

impl Symbols {
    /// The names that come with the program.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Symbols> = OnceLock::new();
        let words = |text: &'static str| text.split_whitespace().map(Cow::Borrowed);
        let set = |text: &'static str| Set::of(words(text));
        SHIPPED.get_or_init(|| {
            let listed = Set::of(words(section("shares")).chain(words(section("funds"))));
            Self {
                coins: set(table::COINS),
                quotes: set(table::QUOTES),
                money: set(table::MONEY),
                cfd: set(table::CFD),
                futures: set(table::FUTURES),
                shares: set(table::SHARES),
                listed,
                listed_coins: set(section("coins")),
                words: set(table::WORDS),
            }
        })
    }

    /// The same names and those a venue lists: `shares` as `AAPL` or `BRK.B`, `coins` as `BTC`. Other spellings are
    /// left out; giving a name twice changes nothing.
    #[must_use]
    pub fn with(
        mut self,
        shares: impl IntoIterator<Item = String>,
        coins: impl IntoIterator<Item = String>,
    ) -> Self {
        const LONGEST: usize = 12;
        let code = |name: &String| {
            (1..=LONGEST).contains(&name.len())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'.')
        };
        self.listed
            .extend(shares.into_iter().filter(code).map(Cow::Owned));
        self.listed_coins
            .extend(coins.into_iter().filter(code).map(Cow::Owned));
        self
    }

    /// Whether an upper-case word is a well known coin or share.
    pub(in crate::parse) fn known(&self, upper: &str) -> bool {
        self.coins.contains(upper) || self.shares.contains(upper)
    }
    /// Whether an upper-case word is a share everybody knows: it may stand where words of an order usually stand.
    pub(in crate::parse) fn share(&self, upper: &str) -> bool {
        self.shares.contains(upper)
    }
    /// Whether an upper-case word is a share or a fund on any list, such as `STC`.
    pub(in crate::parse) fn lists(&self, upper: &str) -> bool {
        self.shares.contains(upper) || self.listed.contains(upper)
    }
    /// Whether an upper-case word is an everyday word.
    pub(in crate::parse) fn everyday(&self, upper: &str) -> bool {
        self.words.contains(upper)
    }
}

/// The names of a section of the table.
fn section(name: &str) -> &'static str {
    let head = format!("[{name}]\n");
    let body = LISTED.split_once(head.as_str()).map_or("", |(_, rest)| rest);
    body.split('[').next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_says_its_sources() {
        let names = Symbols::shipped();
        for name in ["AAPL", "BRK.B", "SPY", "F", "BURL", "ZYME"] {
            assert!(names.lists(name), "{name}");
        }
        let count = |names: &[&str]| {
            let all = names.iter().flat_map(|name| section(name).split_whitespace());
            all.collect::<std::collections::BTreeSet<_>>().len()
        };
        assert!(count(&["shares", "funds"]) > 6_000 && count(&["coins"]) > 9_000);
        assert!(
            names.listed.contains("AAPL")
                && names.listed.contains("SPY")
                && names.listed_coins.contains("BTC")
        );
        assert!(LISTED.len() < 1_000_000);
        for word in ["released", "MIT", "cargo xtask symbols"] {
            assert!(LISTED.contains(word), "{word}");
        }
    }

    #[test]
    fn a_venue_adds_names_and_nothing_else() {
        let more = Symbols::shipped().clone().with(
            ["QZQZQ".to_owned(), "no name".to_owned(), "low".to_owned()],
            ["ZZCOIN".to_owned()],
        );
        assert!(more.lists("QZQZQ") && !more.lists("no name") && !more.lists("low"));
        assert!(more.listed_coins.contains("ZZCOIN"));
        assert!(!Symbols::shipped().lists("QZQZQ"));
    }
}

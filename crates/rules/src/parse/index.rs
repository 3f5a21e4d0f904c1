//! Finds what is filed under a word. Short words are compared as one number, which is what most words of a message are.
//! Refuses to keep an order of insertion: the words are sorted.

use std::{borrow::Cow, collections::BTreeMap};

/// Bytes of a word that fit beside its length in one number.
const SHORT: usize = 15;

/// Values by word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Index<T> {
    short: Vec<(u128, T)>,
    long: BTreeMap<Cow<'static, str>, T>,
}

/// A word of at most [`SHORT`] bytes as a number: its bytes, then its length.
fn packed(word: &str) -> Option<u128> {
    let bytes = word.as_bytes();
    let mut all = [0_u8; 16];
    all.get_mut(..bytes.len())
        .filter(|_| bytes.len() <= SHORT)?
        .copy_from_slice(bytes);
    all[SHORT] = u8::try_from(bytes.len()).ok()?;
    Some(u128::from_be_bytes(all))
}

impl<T> Index<T> {
    /// Files each value under its word; of two under one word the later stays.
    pub(super) fn new(entries: BTreeMap<Cow<'static, str>, T>) -> Self {
        let (mut short, mut long) = (Vec::with_capacity(entries.len()), BTreeMap::new());
        for (word, value) in entries {
            match packed(&word) {
                Some(key) => short.push((key, value)),
                None => {
                    long.insert(word, value);
                }
            }
        }
        short.sort_unstable_by_key(|(key, _)| *key);
        Self { short, long }
    }

    /// What is filed under a word.
    pub(super) fn get(&self, word: &str) -> Option<&T> {
        match packed(word) {
            Some(key) => {
                let at = self.short.binary_search_by_key(&key, |(key, _)| *key).ok()?;
                self.short.get(at).map(|(_, value)| value)
            }
            None => self.long.get(word),
        }
    }
}

/// Words without values.
pub(super) type Set = Index<()>;

impl Set {
    /// Collects words.
    pub(super) fn of(words: impl IntoIterator<Item = Cow<'static, str>>) -> Self {
        Self::new(words.into_iter().map(|word| (word, ())).collect())
    }

    /// Whether the word is one of them.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.get(word).is_some()
    }

    /// The same words and more.
    pub(super) fn extend(&mut self, words: impl IntoIterator<Item = Cow<'static, str>>) {
        for word in words {
            match packed(&word) {
                Some(key) => self.short.push((key, ())),
                None => {
                    self.long.insert(word, ());
                }
            }
        }
        self.short.sort_unstable();
        self.short.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_all_their_bytes() {
        let words = [
            "A",
            "AA",
            "AAPL",
            "стоп лосс",
            "exactly15bytes!",
            "sixteen bytes ok",
            "a\0",
            "a",
        ];
        let index = Index::new(
            words
                .iter()
                .enumerate()
                .map(|(i, w)| (Cow::Borrowed(*w), i))
                .collect(),
        );
        for (i, word) in words.iter().enumerate() {
            assert_eq!(index.get(word), Some(&i), "{word}");
        }
        for absent in ["", "AAP", "AAPLE", "exactly15bytes", "sixteen bytes o", "B"] {
            assert_eq!(index.get(absent), None, "{absent}");
        }
    }

    #[test]
    fn a_set_grows_and_counts_each_word_once() {
        let mut set = Set::of([Cow::Borrowed("BTC")]);
        set.extend([
            Cow::Borrowed("ETH"),
            Cow::Borrowed("BTC"),
            Cow::Borrowed("a word of many bytes"),
        ]);
        assert!(set.contains("ETH") && set.contains("BTC") && set.contains("a word of many bytes"));
        assert!(!set.contains("SOL"));
        assert_eq!(
            set,
            Set::of(["a word of many bytes", "BTC", "ETH"].map(Cow::Borrowed))
        );
    }
}

//! Decides how things are numbered outside: UUIDs that follow from the seed. Refuses to be unguessable.

use sha2::{Digest, Sha256};

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |hex, b| format!("{hex}{b:02x}"))
}

/// The UUID that belongs to a text, in the shape of version 4.
#[must_use]
pub fn uuid(text: &str) -> String {
    shaped(&digest(text))
}

/// A UUID that sorts by its number, for things that are listed in the order of their ids.
#[must_use]
pub fn rising(number: u64, text: &str) -> String {
    shaped(&format!("{:08x}{}", number & 0xffff_ffff, digest(text)))
}

fn shaped(hex: &str) -> String {
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-4{}-a{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}

/// Letters and digits that belong to a text: tokens and codes.
#[must_use]
pub fn token(text: &str) -> String {
    digest(text)
}

/// The id of an asset, by its canonical name.
#[must_use]
pub fn asset(symbol: &str) -> String {
    uuid(&format!("asset/{symbol}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ids_have_the_shape_and_rising_ones_sort() {
        let id = uuid("a");
        let lengths: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(id.as_bytes()[14], b'4');
        assert!(rising(1, "x") < rising(2, "a") && rising(255, "x") < rising(256, "a"));
    }
}

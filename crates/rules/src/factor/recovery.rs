//! Recovery codes: how they are written, and the one plain form in which they are both kept and compared (PRODUCT TR-22).
//! Refuses to know how a digest is made.

/// Codes of a set.
pub const CODES: usize = 10;
/// Bytes of chance in a code; five bits of each are used.
pub const CODE_BYTES: usize = 10;
/// Letters after which a code is broken by a dash.
const HALF: usize = 5;
/// Letters and digits nobody takes for another: no I, L, O, U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code as it is shown: ten letters and digits (50 bit), a dash in the middle.
#[must_use]
pub fn shown(chance: [u8; CODE_BYTES]) -> String {
    let mut text = String::with_capacity(CODE_BYTES + 1);
    for (place, byte) in chance.iter().enumerate() {
        if place == HALF {
            text.push('-');
        }
        let letter = LETTERS.get(usize::from(byte & 31)).copied().unwrap_or(b'0');
        text.push(char::from(letter));
    }
    text
}

/// A code in its plain form: without dashes and spaces, in capitals, with what looks like a digit read as one. None when
/// it cannot be one.
#[must_use]
pub fn plain(typed: &str) -> Option<String> {
    let mut text = String::with_capacity(CODE_BYTES);
    for c in typed.chars() {
        if c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}') {
            continue;
        }
        let letter = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if !LETTERS.iter().any(|known| char::from(*known) == letter) {
            return None;
        }
        text.push(letter);
        if text.len() > CODE_BYTES {
            return None;
        }
    }
    (text.len() == CODE_BYTES).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tr_22_however_it_is_typed_it_is_the_code_that_was_shown() {
        let code = shown([0, 1, 31, 40, 63, 20, 9, 17, 250, 128]);
        assert_eq!(code, "01Z8Z-M9HT0");
        for typed in [
            "01Z8Z-M9HT0",
            "01z8zm9ht0",
            " o1z8z m9hto ",
            "0lz8z\u{2013}m9ht0",
            "0-1-Z-8-Z-M-9-H-T-0",
        ] {
            assert_eq!(plain(typed), plain(&code), "{typed}");
            assert!(plain(typed).is_some(), "{typed}");
        }
        for wrong in ["", "01Z8Z", "01Z8Z-M9HT01", "01Z8Z-M9HT!", "123456"] {
            assert_eq!(plain(wrong), None, "{wrong}");
        }
    }
}

//! Time-based one-time codes (RFC 6238 with HMAC-SHA-1, six digits, steps of 30 s, as every authenticator makes them).
//! Decides whether a code fits; refuses to know the time.

use hmac::{Hmac, KeyInit, Mac};
use ordercast_model::time::Timestamp;
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// Bytes of a secret: 160 bit.
pub const SECRET_BYTES: usize = 20;
/// Seconds of a step.
pub const STEP_SECONDS: u64 = 30;
/// Digits of a code.
const DIGITS: usize = 6;
/// Letters of RFC 4648 base 32.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step an instant lies in.
#[must_use]
pub fn step_of(at: Timestamp) -> u64 {
    u64::try_from(at.seconds()).unwrap_or(0) / STEP_SECONDS
}

/// The code of a step.
#[must_use]
pub fn code(secret: &[u8], step: u64) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else {
        return String::new();
    };
    mac.update(&step.to_be_bytes());
    let bytes = mac.finalize().into_bytes();
    let offset = usize::from(bytes.last().copied().unwrap_or(0) & 0x0f);
    let four = bytes.iter().skip(offset).take(4);
    let number = four.fold(0_u32, |all, byte| (all << 8) | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:0DIGITS$}", number % 1_000_000)
}

/// Whether a text has the form of a code: six digits, spaces ignored. Gives the digits.
#[must_use]
pub fn digits(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    (plain.len() == DIGITS && plain.bytes().all(|b| b.is_ascii_digit())).then_some(plain)
}

/// The step whose code this is: the present one, the one before or the one after, and later than the last one used. Every
/// candidate is compared in full.
#[must_use]
pub fn fitting(secret: &[u8], now: Timestamp, last_step: u64, digits: &str) -> Option<u64> {
    let present = step_of(now);
    let mut found = None;
    for step in present.saturating_sub(1)..=present.saturating_add(1) {
        let fits = bool::from(code(secret, step).as_bytes().ct_eq(digits.as_bytes()));
        if fits && step > last_step {
            found = found.or(Some(step));
        }
    }
    found
}

/// The secret in base 32 without padding, as people type it into an authenticator.
#[must_use]
pub fn base32(secret: &[u8]) -> String {
    let mut text = String::with_capacity(secret.len().div_ceil(5) * 8);
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for byte in secret {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(letter(buffer >> bits));
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(letter(buffer << (5 - bits)));
    }
    text
}

fn letter(value: u32) -> char {
    let place = usize::try_from(value & 31).unwrap_or(0);
    LETTERS.get(place).map_or('A', |b| char::from(*b))
}

/// The address an authenticator reads from the picture.
#[must_use]
pub fn address(issuer: &str, account: &str, secret: &[u8]) -> String {
    let (issuer, account) = (escaped(issuer), escaped(account));
    let secret = base32(secret);
    format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    )
}

fn escaped(text: &str) -> String {
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut all, byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                all.push(char::from(byte));
            } else {
                all.push_str(&format!("%{byte:02X}"));
            }
            all
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the vectors of RFC 6238.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        for (seconds, eight_digits) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = step_of(Timestamp::from_seconds(seconds));
            assert_eq!(
                Some(code(SECRET, step).as_str()),
                eight_digits.get(2..),
                "{seconds}"
            );
        }
    }

    #[test]
    fn a_code_fits_one_step_around_and_once() {
        let now = Timestamp::from_seconds(3_000);
        for (step, last, fits) in [
            (98, 0, false),
            (99, 0, true),
            (100, 0, true),
            (101, 0, true),
            (102, 0, false),
            (100, 100, false),
            (99, 100, false),
            (101, 100, true),
        ] {
            let found = fitting(SECRET, now, last, &code(SECRET, step));
            assert_eq!(found, fits.then_some(step), "{step} after {last}");
        }
        assert_eq!(fitting(SECRET, now, 0, "12345"), None);
    }

    #[test]
    fn texts_of_codes_and_secrets() {
        for (text, read) in [
            ("123456", Some("123456")),
            (" 123 456 ", Some("123456")),
            ("12345", None),
            ("12345a", None),
            ("1234567", None),
            ("\u{663}\u{663}\u{663}\u{663}\u{663}\u{663}", None),
        ] {
            assert_eq!(digits(text).as_deref(), read, "{text}");
        }
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(
            address("Ordercast", "Dana Whitfield", b"foobar"),
            "otpauth://totp/Ordercast:Dana%20Whitfield?secret=MZXW6YTBOI&issuer=Ordercast&algorithm=SHA1&digits=6&period=30"
        );
    }
}

//! Decides whether a body was signed by who holds the key, and not long ago: HMAC-SHA256 over `t.body`, compared in
//! constant time.

use hmac::{Hmac, KeyInit, Mac};
use ordercast_model::{hook::SIGNATURE_TOLERANCE, secret::Secret, time::Timestamp};
use sha2::Sha256;

/// Signatures of one header that are looked at.
const SIGNATURES_MAX: usize = 5;

/// What is wrong with a signature, for the owner's eyes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Wrong {
    #[error("no X-Ordercast-Signature was sent")]
    Missing,
    #[error("X-Ordercast-Signature: expected t=<unix seconds>,v1=<64 hex digits>")]
    Malformed,
    #[error("the signature is {0} s old; at most {max} s are taken", max = SIGNATURE_TOLERANCE.as_secs())]
    Old(u64),
    #[error("the signature is dated {0} s in the future; at most {max} s are taken", max = SIGNATURE_TOLERANCE.as_secs())]
    Early(u64),
    #[error("the signature does not fit the body and the key")]
    Forged,
}

/// Checks a header against the raw body.
pub(super) fn check(
    header: Option<&str>,
    key: &Secret<String>,
    body: &[u8],
    now: Timestamp,
) -> Result<(), Wrong> {
    let (stamp, given) = read(header.ok_or(Wrong::Missing)?)?;
    let seconds: i64 = stamp.parse().map_err(|_| Wrong::Malformed)?;
    let at = now.seconds().saturating_sub(seconds);
    let tolerance = SIGNATURE_TOLERANCE.as_secs();
    match at {
        late if late > 0 && late.unsigned_abs() > tolerance => return Err(Wrong::Old(late.unsigned_abs())),
        early if early < 0 && early.unsigned_abs() > tolerance => {
            return Err(Wrong::Early(early.unsigned_abs()));
        }
        _ => {}
    }
    let mut fits = false;
    for signature in &given {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes()).map_err(|_| Wrong::Forged)?;
        mac.update(stamp.as_bytes());
        mac.update(b".");
        mac.update(body);
        fits |= mac.verify_slice(signature).is_ok();
    }
    if fits { Ok(()) } else { Err(Wrong::Forged) }
}

/// The time as it was written, and every `v1`.
fn read(header: &str) -> Result<(&str, Vec<Vec<u8>>), Wrong> {
    let (mut stamp, mut given) = (None, Vec::new());
    for part in header.split(',') {
        let (name, value) = part.trim().split_once('=').ok_or(Wrong::Malformed)?;
        match name {
            "t" if stamp.is_none() => stamp = Some(value),
            "v1" if given.len() < SIGNATURES_MAX => {
                given.push(hex::decode(value).map_err(|_| Wrong::Malformed)?);
            }
            "t" | "v1" => return Err(Wrong::Malformed),
            // Later schemes may stand beside ours.
            _ => {}
        }
    }
    let stamp = stamp.filter(|s| s.len() <= 12 && s.bytes().all(|b| b.is_ascii_digit()));
    match stamp {
        Some(stamp) if !given.is_empty() => Ok((stamp, given)),
        _ => Err(Wrong::Malformed),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sign(key: &str, stamp: &str, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(format!("{stamp}.{body}").as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    #[test]
    fn a_known_vector_fits() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key
        let expected = sign("key", "1700000000", r#"{"a":1}"#);
        assert_eq!(expected.len(), 64);
        let header = format!("t=1700000000,v1={expected}");
        let key = Secret::new("key".to_owned());
        let now = Timestamp::from_seconds(1_700_000_000);
        assert_eq!(check(Some(&header), &key, br#"{"a":1}"#, now), Ok(()));
    }

    #[test]
    fn only_the_right_key_body_and_time_pass() {
        let key = Secret::new("k".repeat(64));
        let now = Timestamp::from_seconds(1_700_000_000);
        let good = |stamp: i64, body: &str| {
            format!("t={stamp},v1={}", sign(&"k".repeat(64), &stamp.to_string(), body))
        };
        let at = now.seconds();
        for (header, expected) in [
            (Some(good(at, "body")), Ok(())),
            (Some(good(at - 300, "body")), Ok(())),
            (Some(good(at + 300, "body")), Ok(())),
            (Some(good(at - 301, "body")), Err(Wrong::Old(301))),
            (Some(good(at + 301, "body")), Err(Wrong::Early(301))),
            (Some(good(at, "other")), Err(Wrong::Forged)),
            (
                Some(format!(
                    "{},v1={}",
                    good(at, "other"),
                    sign(&"k".repeat(64), &at.to_string(), "body")
                )),
                Ok(()),
            ),
            (
                Some(good(at, "body").replace("t=1", "t=2")),
                Err(Wrong::Early(1_000_000_000)),
            ),
            (
                Some(format!("t={at},v1={}", sign("wrong", &at.to_string(), "body"))),
                Err(Wrong::Forged),
            ),
            (Some(format!("t={at},v1=zz")), Err(Wrong::Malformed)),
            (Some(format!("t={at}")), Err(Wrong::Malformed)),
            (Some(format!("v1={}", "00".repeat(32))), Err(Wrong::Malformed)),
            (
                Some(format!("t=-5,v1={}", "00".repeat(32))),
                Err(Wrong::Malformed),
            ),
            (
                Some(format!("t=9999999999999999999,v1={}", "00".repeat(32))),
                Err(Wrong::Malformed),
            ),
            (Some(format!("t={at},t={at},v1=00")), Err(Wrong::Malformed)),
            (Some(vec!["v1=00"; 99].join(",")), Err(Wrong::Malformed)),
            (Some(String::new()), Err(Wrong::Malformed)),
            (None, Err(Wrong::Missing)),
        ] {
            assert_eq!(
                check(header.as_deref(), &key, b"body", now),
                expected,
                "{header:?}"
            );
        }
    }
}

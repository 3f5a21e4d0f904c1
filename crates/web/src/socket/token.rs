//! The token of the live connection: a JWT signed with HS256 and nothing else, bound to one session. The header is
//! fixed apart from the key id, so there is no algorithm to choose.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use ordercast_model::{
    ids::{SessionId, UserId},
    secret::Secret,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// Clocks may differ this much.
const LEEWAY: Duration = Duration::from_secs(10);
/// Longest token that is looked at.
const LENGTH_MAX: usize = 2_048;

/// Keys by id, newest first.
pub type Keys = [(String, Secret<Vec<u8>>)];

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

/// What the token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// User.
    pub sub: UserId,
    /// Session.
    pub sid: SessionId,
    /// Issued, seconds since 1970.
    pub iat: i64,
    /// End, seconds since 1970.
    pub exp: i64,
    /// `socket`.
    pub aud: String,
}

impl Claims {
    /// Claims of a fresh token.
    #[must_use]
    pub fn new(sub: UserId, sid: SessionId, now: Timestamp, expires_at: Timestamp) -> Self {
        Self {
            sub,
            sid,
            iat: now.seconds(),
            exp: expires_at.seconds(),
            aud: "socket".to_owned(),
        }
    }
    /// When it ends.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.exp)
    }
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not one of ours, or altered.
    #[error("the token is not valid")]
    Invalid,
    /// Too old.
    #[error("the token has expired")]
    Expired,
}

fn mac(key: &Secret<Vec<u8>>, signed: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).ok()?;
    mac.update(signed.as_bytes());
    Some(mac)
}

/// Signs claims with the newest key; none when no key is configured.
#[must_use]
pub fn sign(keys: &Keys, claims: &Claims) -> Option<String> {
    let (kid, key) = keys.first()?;
    let header = Header {
        alg: "HS256".to_owned(),
        kid: kid.clone(),
        typ: "JWT".to_owned(),
    };
    let part = |json: Vec<u8>| BASE64_URL_SAFE_NO_PAD.encode(json);
    let signed = format!(
        "{}.{}",
        part(serde_json::to_vec(&header).ok()?),
        part(serde_json::to_vec(claims).ok()?)
    );
    let signature = BASE64_URL_SAFE_NO_PAD.encode(mac(key, &signed)?.finalize().into_bytes());
    Some(format!("{signed}.{signature}"))
}

/// Reads a token that is signed by one of the keys, meant for sockets, and not over.
///
/// # Errors
/// `Invalid` or `Expired`; never says which part was wrong.
pub fn verify(keys: &Keys, token: &str, now: Timestamp) -> Result<Claims, TokenError> {
    let claims = read(keys, token).ok_or(TokenError::Invalid)?;
    let issued = Timestamp::from_seconds(claims.iat);
    if claims.aud != "socket" || issued > now.plus(LEEWAY) {
        return Err(TokenError::Invalid);
    }
    if now >= claims.expires_at().plus(LEEWAY) {
        return Err(TokenError::Expired);
    }
    Ok(claims)
}

fn read(keys: &Keys, token: &str) -> Option<Claims> {
    if token.len() > LENGTH_MAX {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header: Header = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    if header.alg != "HS256" {
        return None;
    }
    let (_, key) = keys.iter().find(|(kid, _)| *kid == header.kid)?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
    mac(key, signed)?.verify_slice(&signature).ok()?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ordercast_model::ids::Id;

    use super::*;

    fn keys() -> Vec<(String, Secret<Vec<u8>>)> {
        vec![
            ("k2".to_owned(), Secret::new(vec![2; 32])),
            ("k1".to_owned(), Secret::new(vec![1; 32])),
        ]
    }

    fn claims() -> Claims {
        let now = Timestamp::from_seconds(1_000_000);
        Claims::new(
            UserId::new(now, [1; 10]),
            SessionId::new(now, [2; 10]),
            now,
            now.plus(Duration::from_secs(600)),
        )
    }

    #[test]
    fn a_token_is_believed_until_it_ends() {
        let token = sign(&keys(), &claims()).unwrap();
        for (second, answer) in [
            (0, Ok(claims())),
            (609, Ok(claims())),
            (610, Err(TokenError::Expired)),
            (-11, Err(TokenError::Invalid)),
        ] {
            let now = Timestamp::from_seconds(1_000_000 + second);
            assert_eq!(verify(&keys(), &token, now), answer, "{second}");
        }
    }

    #[test]
    fn an_older_key_still_opens_and_a_dropped_one_does_not() {
        let now = Timestamp::from_seconds(1_000_000);
        let old = sign(&keys()[1..], &claims()).unwrap();
        assert!(verify(&keys(), &old, now).is_ok());
        assert_eq!(verify(&keys()[..1], &old, now), Err(TokenError::Invalid));
    }

    #[test]
    fn tampering_and_other_algorithms_are_refused() {
        let now = Timestamp::from_seconds(1_000_000);
        let token = sign(&keys(), &claims()).unwrap();
        let none = BASE64_URL_SAFE_NO_PAD.encode(br#"{"alg":"none","kid":"k2","typ":"JWT"}"#);
        let body = token.split('.').nth(1).unwrap();
        let mut flipped = token.clone().into_bytes();
        flipped[60] ^= 1;
        for bad in [
            String::new(),
            "a.b.c".to_owned(),
            format!("{none}.{body}."),
            String::from_utf8(flipped).unwrap(),
            token[..token.len() - 2].to_owned(),
        ] {
            assert_eq!(verify(&keys(), &bad, now), Err(TokenError::Invalid), "{bad}");
        }
    }
}

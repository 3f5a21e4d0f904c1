//! Decides by which kind of key a request is signed, told by the secret itself, and signs it: Ed25519 for a private key in
//! PKCS#8 (RFC 8410), else HMAC-SHA256. Refuses to know what is signed.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use ordercast_model::secret::Secret;
use sha2::Sha256;
use zeroize::Zeroizing;

/// What an Ed25519 key in PKCS#8 begins with, up to the 32 bytes of the key: version 1 and version 2 (with the public key).
const HEAD: [[u8; 16]; 3] = [
    [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ],
    [
        0x30, 0x51, 0x02, 0x01, 0x01, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ],
    [
        0x30, 0x53, 0x02, 0x01, 0x01, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ],
];
const LABEL: &str = "PRIVATE KEY";

/// Why nothing can be signed. Never quotes the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadKey {
    #[error("the private key is no Ed25519 key in PKCS#8 (BEGIN PRIVATE KEY); RSA keys are not taken")]
    NotEd25519,
    #[error("the secret is empty")]
    Empty,
}

/// A key that signs.
pub(super) enum Key {
    Ed25519(Box<SigningKey>),
    Hmac(Zeroizing<Vec<u8>>),
}

impl Key {
    /// The key in a secret: PEM on several lines or on one, its base64 alone, or an HMAC secret.
    pub(super) fn read(secret: &Secret<String>) -> Result<Self, BadKey> {
        let text = secret.expose().trim();
        if text.is_empty() {
            return Err(BadKey::Empty);
        }
        let armoured = text.starts_with("-----BEGIN");
        let body = Zeroizing::new(if armoured { inner(text)? } else { text.to_owned() });
        match (ed25519(&body), armoured) {
            (Some(key), _) => Ok(Self::Ed25519(Box::new(key))),
            (None, true) => Err(BadKey::NotEd25519),
            (None, false) => Ok(Self::Hmac(Zeroizing::new(text.as_bytes().to_vec()))),
        }
    }

    /// The signature as Binance reads it: base64 of Ed25519, hexadecimal of HMAC.
    pub(super) fn sign(&self, payload: &str) -> Option<String> {
        match self {
            Self::Ed25519(key) => Some(STANDARD.encode(key.sign(payload.as_bytes()).to_bytes())),
            Self::Hmac(key) => {
                let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
                mac.update(payload.as_bytes());
                Some(hex::encode(mac.finalize().into_bytes()))
            }
        }
    }
}

/// What stands between the lines of a PEM, without white space.
fn inner(text: &str) -> Result<String, BadKey> {
    let (begin, end) = (
        format!("-----BEGIN {LABEL}-----"),
        format!("-----END {LABEL}-----"),
    );
    let body = text
        .strip_prefix(&begin)
        .and_then(|rest| rest.strip_suffix(&end))
        .ok_or(BadKey::NotEd25519)?;
    Ok(body.chars().filter(|c| !c.is_whitespace()).collect())
}

fn ed25519(body: &str) -> Option<SigningKey> {
    let der = Zeroizing::new(STANDARD.decode(body).ok()?);
    let (head, rest) = der.split_at_checked(16)?;
    let (seed, _) = rest.split_at_checked(32)?;
    if !HEAD.iter().any(|known| known == head) {
        return None;
    }
    let seed: Zeroizing<[u8; 32]> = Zeroizing::new(seed.try_into().ok()?);
    Some(SigningKey::from_bytes(&seed))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use ed25519_dalek::{Verifier, VerifyingKey};

    use super::*;

    const PAYLOAD: &str = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559";
    /// The key of RFC 8410, section 10.3, and its public half of section 10.1.
    const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
    const PUBLIC: &str = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";

    fn key(text: &str) -> Key {
        Key::read(&Secret::new(text.to_owned())).unwrap()
    }

    /// The example of the vendor's page on signed requests ("SIGNED Endpoint Examples for POST /api/v3/order").
    #[test]
    fn the_documented_example_signs_as_documented() {
        let secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
        assert_eq!(
            key(secret).sign(PAYLOAD).unwrap(),
            "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
        );
    }

    #[test]
    fn an_ed25519_key_is_read_in_every_dress_and_its_signature_verifies() {
        let line = PEM.replace('\n', " ");
        let bare = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";
        let public = VerifyingKey::from_bytes(&hex::decode(PUBLIC).unwrap().try_into().unwrap()).unwrap();
        for text in [PEM, line.as_str(), bare] {
            let Key::Ed25519(_) = key(text) else {
                panic!("{text}")
            };
            let signature = STANDARD.decode(key(text).sign(PAYLOAD).unwrap()).unwrap();
            let signature = ed25519_dalek::Signature::from_slice(&signature).unwrap();
            public.verify(PAYLOAD.as_bytes(), &signature).unwrap();
        }
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_quoted() {
        for text in [
            "",
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        ] {
            let why = Key::read(&Secret::new(text.to_owned()))
                .err()
                .unwrap()
                .to_string();
            assert!(!why.contains("AAAA"), "{why}");
        }
        assert!(matches!(key("c2hvcnQ="), Key::Hmac(_)));
    }
}

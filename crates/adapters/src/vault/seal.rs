//! Seals bytes with AES-256-GCM and binds them to what they belong to. Refuses to know keys beyond the one given.

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use ordercast_model::{
    ports::{clock::Random, vault::KEY_LEN},
    secret::Secret,
};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Bytes of a nonce, random for each seal. With 2^32 seals under one key a repeat stays improbable.
const NONCE_LEN: usize = 12;

/// The ciphertext does not belong here, was altered, or another key sealed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken;

/// What a ciphertext is bound to: each part with its length before it, so that no two lists of parts look alike.
pub(super) fn bind(parts: &[&str]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(&(part.len() as u64).to_be_bytes());
        out.extend_from_slice(part.as_bytes());
    }
    out
}

/// HMAC-SHA256 over parts, each with its length before it; none never happens, since any length of key will do.
pub(super) fn digest(key: &Secret<[u8; KEY_LEN]>, parts: &[&str]) -> Option<Secret<[u8; KEY_LEN]>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).ok()?;
    mac.update(&bind(parts));
    Some(Secret::new(mac.finalize().into_bytes().into()))
}

/// Seals under a key: base64 of nonce and ciphertext.
pub(super) fn seal(
    key: &Secret<[u8; KEY_LEN]>,
    bound_to: &[u8],
    clear: &[u8],
    random: &dyn Random,
) -> Result<String, Broken> {
    let mut nonce = [0_u8; NONCE_LEN];
    random.fill(&mut nonce);
    let payload = Payload {
        msg: clear,
        aad: bound_to,
    };
    let sealed = cipher(key)?
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|_| Broken)?;
    let mut out = nonce.to_vec();
    out.extend_from_slice(&sealed);
    Ok(STANDARD.encode(out))
}

/// Opens what [`seal`] made under the same key for the same purpose.
pub(super) fn open(
    key: &Secret<[u8; KEY_LEN]>,
    bound_to: &[u8],
    sealed: &str,
) -> Result<Zeroizing<Vec<u8>>, Broken> {
    let bytes = STANDARD.decode(sealed).map_err(|_| Broken)?;
    let (nonce, msg) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(Broken)?;
    let payload = Payload { msg, aad: bound_to };
    let clear = cipher(key)?
        .decrypt(&Nonce::from(*nonce), payload)
        .map_err(|_| Broken)?;
    Ok(Zeroizing::new(clear))
}

fn cipher(key: &Secret<[u8; KEY_LEN]>) -> Result<Aes256Gcm, Broken> {
    Aes256Gcm::new_from_slice(key.expose()).map_err(|_| Broken)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    struct Steps(std::sync::atomic::AtomicU8);
    impl Random for Steps {
        fn fill(&self, out: &mut [u8]) {
            out.fill(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
    }

    #[test]
    fn opens_only_unchanged_and_in_its_place() {
        let random = Steps(1.into());
        let key = Secret::new([3; KEY_LEN]);
        let here = bind(&["user", "field"]);
        let sealed = seal(&key, &here, b"canary", &random).unwrap();
        assert_eq!(open(&key, &here, &sealed).unwrap().as_slice(), b"canary");
        assert_ne!(
            sealed,
            seal(&key, &here, b"canary", &random).unwrap(),
            "a new nonce each time"
        );
        assert!(
            open(&key, &bind(&["userf", "ield"]), &sealed).is_err(),
            "lengths are bound"
        );
        assert!(
            open(&Secret::new([4; KEY_LEN]), &here, &sealed).is_err(),
            "another key"
        );
        let mut bytes = STANDARD.decode(&sealed).unwrap();
        for i in 0..bytes.len() {
            bytes[i] ^= 1;
            assert!(open(&key, &here, &STANDARD.encode(&bytes)).is_err(), "byte {i}");
            bytes[i] ^= 1;
        }
        for text in ["", "AAAA", "no base64!"] {
            assert!(open(&key, &here, text).is_err());
        }
    }
}

//! Decides which master keys are usable and which one seals. Refuses to know where they come from.

use std::{collections::BTreeMap, fmt};

use base64::{Engine, engine::general_purpose::STANDARD};
use ordercast_model::secret::Secret;
use zeroize::{Zeroize, Zeroizing};

/// Bytes of a key.
pub(super) const KEY_LEN: usize = 32;
/// How far behind the newest version a key may be and still open (PRODUCT SEC-04).
const REACH: u32 = 2;

/// Why the configured text holds no usable keys. Never quotes a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MasterKeyError {
    /// Nothing given.
    #[error("no master key: expected version:base64 of 32 bytes, separated by commas, newest first")]
    Empty,
    /// An entry has no version.
    #[error("master key {0}: expected version:base64, with a version from 1 up")]
    Version(usize),
    /// A key is not base64.
    #[error("master key of version {0}: not base64")]
    Base64(u32),
    /// A key has another length.
    #[error("master key of version {version}: expected 32 bytes, got {got}")]
    Length {
        /// Its version.
        version: u32,
        /// Bytes it has.
        got: usize,
    },
    /// A key of zeros or of one repeated byte.
    #[error("master key of version {0}: all bytes are the same")]
    Weak(u32),
    /// A version stands twice, or an older one before a newer one.
    #[error("master key of version {0}: versions must fall from left to right, newest first")]
    Order(u32),
    /// The same key under two versions.
    #[error("master key of version {0}: the same key stands under another version")]
    Repeated(u32),
}

/// Master keys by version, at least one.
#[derive(Clone)]
pub struct MasterKeys {
    newest: u32,
    keys: BTreeMap<u32, Secret<[u8; KEY_LEN]>>,
}

impl fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MasterKeys")
            .field(&self.keys.keys().collect::<Vec<_>>())
            .finish()
    }
}

impl MasterKeys {
    /// Reads `version:base64,version:base64,...`, newest first.
    ///
    /// # Errors
    /// Names the entry and what was expected of it.
    pub fn parse(text: &Secret<String>) -> Result<Self, MasterKeyError> {
        let mut keys: BTreeMap<u32, Secret<[u8; KEY_LEN]>> = BTreeMap::new();
        let mut newest = None;
        let entries = text
            .expose()
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty());
        for (i, entry) in entries.enumerate() {
            let (version, key) = entry.split_once(':').ok_or(MasterKeyError::Version(i + 1))?;
            let version: u32 = version
                .trim()
                .parse()
                .map_err(|_| MasterKeyError::Version(i + 1))?;
            if version == 0 {
                return Err(MasterKeyError::Version(i + 1));
            }
            if keys
                .first_key_value()
                .is_some_and(|(lowest, _)| version >= *lowest)
            {
                return Err(MasterKeyError::Order(version));
            }
            let key = decode(version, key.trim())?;
            if keys.values().any(|known| known.expose() == key.expose()) {
                return Err(MasterKeyError::Repeated(version));
            }
            newest = newest.or(Some(version));
            keys.insert(version, key);
        }
        let newest = newest.ok_or(MasterKeyError::Empty)?;
        Ok(Self { newest, keys })
    }

    /// One key of version 1.
    #[must_use]
    pub fn single(key: Secret<[u8; KEY_LEN]>) -> Self {
        Self {
            newest: 1,
            keys: BTreeMap::from([(1, key)]),
        }
    }

    /// The version that wraps new data keys.
    #[must_use]
    pub const fn newest(&self) -> u32 {
        self.newest
    }

    /// Every version given, oldest first.
    pub fn versions(&self) -> impl Iterator<Item = u32> + '_ {
        self.keys.keys().copied()
    }

    /// A key, when it is given and not too far behind the newest.
    pub(super) fn get(&self, version: u32) -> Option<&Secret<[u8; KEY_LEN]>> {
        let reached = version.saturating_add(REACH) >= self.newest;
        self.keys.get(&version).filter(|_| reached)
    }
}

fn decode(version: u32, text: &str) -> Result<Secret<[u8; KEY_LEN]>, MasterKeyError> {
    let bytes = Zeroizing::new(
        STANDARD
            .decode(text)
            .map_err(|_| MasterKeyError::Base64(version))?,
    );
    let mut key: [u8; KEY_LEN] = bytes.as_slice().try_into().map_err(|_| MasterKeyError::Length {
        version,
        got: bytes.len(),
    })?;
    let weak = key.iter().all(|byte| Some(byte) == key.first());
    let secret = Secret::new(key);
    key.zeroize();
    if weak {
        return Err(MasterKeyError::Weak(version));
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn key(seed: u8, len: u8) -> String {
        STANDARD.encode((0..len).map(|i| i.wrapping_mul(7) ^ seed).collect::<Vec<_>>())
    }

    fn read(text: &str) -> Result<MasterKeys, MasterKeyError> {
        MasterKeys::parse(&Secret::new(text.to_owned()))
    }

    #[test]
    fn newest_first_and_two_versions_within_reach() {
        let text = format!(
            "4:{}, 3:{},2:{},1:{}",
            key(4, 32),
            key(3, 32),
            key(2, 32),
            key(1, 32)
        );
        let keys = read(&text).unwrap();
        assert_eq!(keys.newest(), 4);
        let open: Vec<bool> = (1..=5).map(|v| keys.get(v).is_some()).collect();
        assert_eq!(open, [false, true, true, true, false]);
        assert!(!format!("{keys:?}").contains(&key(4, 32)));
    }

    #[test]
    fn each_fault_is_named_without_the_key() {
        let good = key(9, 32);
        let cases = [
            (String::new(), MasterKeyError::Empty),
            (" , ".into(), MasterKeyError::Empty),
            (good.clone(), MasterKeyError::Version(1)),
            (format!("0:{good}"), MasterKeyError::Version(1)),
            (format!("2:{good},x:{good}"), MasterKeyError::Version(2)),
            ("1:%%%".into(), MasterKeyError::Base64(1)),
            (
                format!("1:{}", key(1, 31)),
                MasterKeyError::Length { version: 1, got: 31 },
            ),
            (format!("1:{}", STANDARD.encode([7; 32])), MasterKeyError::Weak(1)),
            (format!("1:{good},2:{}", key(2, 32)), MasterKeyError::Order(2)),
            (format!("1:{good},1:{}", key(2, 32)), MasterKeyError::Order(1)),
            (format!("2:{good},1:{good}"), MasterKeyError::Repeated(1)),
        ];
        for (text, want) in cases {
            let got = read(&text).unwrap_err();
            assert_eq!(got, want, "{text}");
            assert!(!got.to_string().contains(&good));
        }
    }
}

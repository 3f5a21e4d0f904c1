//! Decides which master keys are usable, makes new ones, and wraps keys with them in this process. Refuses to know where
//! they come from and which version is in force.

use std::{collections::BTreeMap, fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use ordercast_model::{
    ports::{
        BoxFuture,
        clock::Random,
        vault::{KEY_LEN, MasterHolder, VaultError},
    },
    secret::Secret,
};
use zeroize::{Zeroize, Zeroizing};

use super::seal;

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
    /// Reads `version:base64,version:base64,...`, newest first; a new line separates as a comma does.
    ///
    /// # Errors
    /// Names the entry and what was expected of it.
    pub fn parse(text: &Secret<String>) -> Result<Self, MasterKeyError> {
        let mut keys: BTreeMap<u32, Secret<[u8; KEY_LEN]>> = BTreeMap::new();
        let mut newest = None;
        let entries = text
            .expose()
            .split([',', '\n'])
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

    /// Whether every key of the others is among these, under the same version.
    #[must_use]
    pub fn covers(&self, others: &Self) -> bool {
        let same = |(version, key): (&u32, &Secret<[u8; KEY_LEN]>)| {
            self.keys
                .get(version)
                .is_some_and(|own| own.expose() == key.expose())
        };
        others.keys.iter().all(same)
    }

    fn get(&self, version: u32) -> Result<&Secret<[u8; KEY_LEN]>, VaultError> {
        self.keys.get(&version).ok_or(VaultError::NoKey(version))
    }

    /// These keys in this process.
    #[must_use]
    pub fn held(self, random: Arc<dyn Random>) -> Arc<dyn MasterHolder> {
        Arc::new(Held { keys: self, random })
    }
}

/// A new key of a version, as it is written into the setting.
#[must_use]
pub fn fresh(version: u32, random: &dyn Random) -> Secret<String> {
    let mut bytes = Zeroizing::new([0_u8; KEY_LEN]);
    random.fill(bytes.as_mut_slice());
    let text = Zeroizing::new(STANDARD.encode(bytes.as_slice()));
    Secret::new(format!("{version}:{}", text.as_str()))
}

/// Master keys in the memory of this process.
struct Held {
    keys: MasterKeys,
    random: Arc<dyn Random>,
}

impl MasterHolder for Held {
    fn versions(&self) -> Vec<u32> {
        self.keys.versions().collect()
    }
    fn wrap<'a>(
        &'a self,
        version: u32,
        bound_to: &'a [u8],
        key: &'a Secret<[u8; KEY_LEN]>,
    ) -> BoxFuture<'a, Result<String, VaultError>> {
        let wrapped = self.keys.get(version).and_then(|master| {
            seal::seal(master, bound_to, key.expose(), self.random.as_ref())
                .map_err(|_| VaultError::Sealed("a key that was to be wrapped".to_owned()))
        });
        Box::pin(std::future::ready(wrapped))
    }
    fn unwrap<'a>(
        &'a self,
        version: u32,
        bound_to: &'a [u8],
        wrapped: &'a str,
    ) -> BoxFuture<'a, Result<Secret<[u8; KEY_LEN]>, VaultError>> {
        let opened = self.keys.get(version).and_then(|master| {
            let broken = || VaultError::Sealed(format!("a key wrapped under version {version}"));
            let bytes = seal::open(master, bound_to, wrapped).map_err(|_| broken())?;
            let mut key: [u8; KEY_LEN] = bytes.as_slice().try_into().map_err(|_| broken())?;
            let secret = Secret::new(key);
            key.zeroize();
            Ok(secret)
        });
        Box::pin(std::future::ready(opened))
    }
    fn derive(&self, version: u32, purpose: &str) -> Result<Secret<[u8; KEY_LEN]>, VaultError> {
        let master = self.keys.get(version)?;
        seal::digest(master, &["ordercast digest key v1", purpose]).ok_or(VaultError::NoKey(version))
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
    fn newest_first() {
        let text = format!(
            "4:{}, 3:{},2:{},1:{}",
            key(4, 32),
            key(3, 32),
            key(2, 32),
            key(1, 32)
        );
        let keys = read(&text).unwrap();
        assert_eq!(keys.newest(), 4);
        assert_eq!(keys.versions().collect::<Vec<_>>(), [1, 2, 3, 4]);
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

//! Sealing and opening: the only place a credential is readable is inside a broker call.

use super::BoxFuture;
use crate::{
    connection::{Connection, SealedField},
    ids::{ConnectionId, UserId},
    keyring::{DigestKey, Keyring},
    ports::broker::Access,
    secret::Secret,
    user::DataKey,
};

/// Bytes of a key.
pub const KEY_LEN: usize = 32;

/// Why the vault could not help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// No usable master key.
    #[error("no usable master key of version {0}")]
    NoKey(u32),
    /// The ciphertext was altered, moved to another row, or sealed under a lost key.
    #[error("a sealed field of {0} does not open")]
    Sealed(String),
    /// The connection is switched off: its credential is not opened for anybody.
    #[error("connection {0} is disabled: its credential is not opened")]
    Disabled(ConnectionId),
    /// Whoever holds the master keys does not answer.
    #[error("master key unavailable: {0}")]
    Holder(String),
    /// The data key could not be read or stored.
    #[error("data key unavailable: {0}")]
    Store(String),
}

/// A digest under a key of the deployment.
#[derive(Debug, Clone)]
pub struct Digest {
    /// Version of the master key the digest's key was made from.
    pub key_version: u32,
    /// HMAC-SHA256.
    pub bytes: Secret<[u8; 32]>,
}

/// Seals and opens under a per-user data key wrapped by a versioned master key.
pub trait Vault: Send + Sync {
    /// Seals one credential field; bound to user, connection, venue, field name and key version. Safe to repeat, with a new nonce.
    fn seal<'a>(
        &'a self,
        user: UserId,
        connection: ConnectionId,
        broker: &'a str,
        field: &'a str,
        value: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<SealedField, VaultError>>;
    /// Opens the credential of a connection for one broker call.
    fn open<'a>(&'a self, connection: &'a Connection) -> BoxFuture<'a, Result<Access, VaultError>>;
    /// Seals a personal field of the journal (address, agent).
    fn seal_personal<'a>(
        &'a self,
        user: UserId,
        field: &'a str,
        value: &'a str,
    ) -> BoxFuture<'a, Result<String, VaultError>>;
    /// Seals a secret of the user for one purpose, such as that of an authenticator; bound to both. Safe to repeat, with a
    /// new nonce.
    fn seal_secret<'a>(
        &'a self,
        user: UserId,
        purpose: &'a str,
        value: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<String, VaultError>>;
    /// Opens what `seal_secret` sealed for this user and purpose. Safe to repeat.
    fn open_secret<'a>(
        &'a self,
        user: UserId,
        purpose: &'a str,
        sealed: &'a str,
    ) -> BoxFuture<'a, Result<Secret<String>, VaultError>>;
    /// A digest of parts under a key that serves this purpose alone: for what is kept of a secret that is only ever
    /// compared, and for keys that are made again instead of kept. The same arguments always give the same. With no
    /// version the newest key is taken.
    ///
    /// # Errors
    /// `NoKey` when the version is not held any more.
    fn digest(&self, purpose: &str, key_version: Option<u32>, parts: &[&str]) -> Result<Digest, VaultError>;
}

/// Who holds the master keys: this process, or a service that wraps and unwraps without giving a key away.
pub trait MasterHolder: Send + Sync {
    /// Every version that can be used, oldest first; at least one.
    fn versions(&self) -> Vec<u32>;
    /// Wraps a key under a version; what it is bound to is needed to unwrap it. Safe to repeat, with a new nonce.
    ///
    /// # Errors
    /// `NoKey` without that version, `Holder` when the holder is away.
    fn wrap<'a>(
        &'a self,
        version: u32,
        bound_to: &'a [u8],
        key: &'a Secret<[u8; KEY_LEN]>,
    ) -> BoxFuture<'a, Result<String, VaultError>>;
    /// Unwraps what [`MasterHolder::wrap`] wrapped under the same version, bound to the same. Safe to repeat.
    ///
    /// # Errors
    /// `NoKey`, `Holder`; `Sealed` when it does not open.
    fn unwrap<'a>(
        &'a self,
        version: u32,
        bound_to: &'a [u8],
        wrapped: &'a str,
    ) -> BoxFuture<'a, Result<Secret<[u8; KEY_LEN]>, VaultError>>;
    /// A key for one purpose, always the same for the same version and purpose, from which the master key cannot be
    /// found out. Safe to repeat.
    ///
    /// # Errors
    /// `NoKey` without that version.
    fn derive(&self, version: u32, purpose: &str) -> Result<Secret<[u8; KEY_LEN]>, VaultError>;
}

/// Changes master keys under what is sealed. No secret passes through here in the clear.
pub trait Keeper: Send + Sync {
    /// Every version this process was given, oldest first.
    fn versions(&self) -> Vec<u32>;
    /// The version it seals with.
    fn active(&self) -> u32;
    /// Takes over what the keyring says: the version in force and the digest keys of older ones. Safe to repeat.
    ///
    /// # Errors
    /// `NoKey` without the version in force; nothing changes then.
    fn adopt<'a>(&'a self, ring: &'a Keyring) -> BoxFuture<'a, Result<(), VaultError>>;
    /// The data key wrapped by the version in force, with its next row version; none when it is already.
    ///
    /// # Errors
    /// `NoKey` when the version that wraps it is not held or out of reach.
    fn rewrapped<'a>(&'a self, row: &'a DataKey) -> BoxFuture<'a, Result<Option<DataKey>, VaultError>>;
    /// The credential sealed anew, bound to the version in force, in the connection's next row version; none when every
    /// field is already.
    ///
    /// # Errors
    /// As [`Vault::open`].
    fn resealed<'a>(
        &'a self,
        connection: &'a Connection,
    ) -> BoxFuture<'a, Result<Option<Connection>, VaultError>>;
    /// The digest keys of every version before `to`, wrapped under `to`: those the keyring keeps and those this process
    /// can make, for each purpose.
    ///
    /// # Errors
    /// `NoKey` without `to`, or when one that is kept does not open.
    fn digest_keys<'a>(
        &'a self,
        ring: &'a Keyring,
        to: u32,
        purposes: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Vec<DigestKey>, VaultError>>;
}

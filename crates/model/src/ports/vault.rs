//! Sealing and opening: the only place a credential is readable is inside a broker call.

use super::BoxFuture;
use crate::{
    connection::{Connection, SealedField},
    ids::{ConnectionId, UserId},
    ports::broker::Access,
    secret::Secret,
};

/// Why the vault could not help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// No usable master key.
    #[error("no usable master key of version {0}")]
    NoKey(u32),
    /// The ciphertext was altered, moved to another row, or sealed under a lost key.
    #[error("a sealed field of {0} does not open")]
    Sealed(String),
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

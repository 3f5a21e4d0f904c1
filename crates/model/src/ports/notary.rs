//! Who signs checkpoints of the journal, and keeps the newest one apart from the database.

use crate::journal::checkpoint::Checkpoint;

/// Signs and keeps. Both are quick and safe to repeat.
pub trait Notary: Send + Sync {
    /// The public key, hex; entry 0 of the journal names it.
    fn key(&self) -> String;
    /// Signature of some bytes, hex.
    fn sign(&self, bytes: &[u8]) -> String;
    /// Keeps a checkpoint where a change of the database does not reach it; an older one may go.
    ///
    /// # Errors
    /// Why it could not be kept.
    fn keep(&self, checkpoint: &Checkpoint) -> Result<(), String>;
    /// What was kept last.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn kept(&self) -> Result<Option<Checkpoint>, String>;
}

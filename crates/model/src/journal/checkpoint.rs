//! What the journal was at an instant: how many entries, the root of the tree over their hashes, signed (PRODUCT AU-04).
//! Refuses to know who signs.

use serde::{Deserialize, Serialize};

use crate::{ids::CheckpointId, time::Timestamp};

/// Begins what is signed, so that a signature says nothing about anything else.
const DOMAIN: &str = "ordercast checkpoint v1";

/// What the journal was at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Its id.
    pub id: CheckpointId,
    /// Entries it counts: those at the places 0 to `size - 1`.
    pub size: u64,
    /// Root of the tree over the entries' hashes (RFC 6962), hex.
    pub root: String,
    /// When.
    pub at: Timestamp,
    /// Ed25519 key that signs, hex; the one that entry 0 names.
    pub key: String,
    /// Signature of `signed`, hex.
    pub signature: String,
    /// Roots of the full subtrees from the left, hex: from them the tree grows on. They give `root`.
    pub peaks: Vec<String>,
}

impl Checkpoint {
    /// What is signed: domain, size, root and time in microseconds since 1970, a line each.
    #[must_use]
    pub fn signed(size: u64, root: &str, at: Timestamp) -> Vec<u8> {
        format!("{DOMAIN}\n{size}\n{root}\n{}\n", at.micros()).into_bytes()
    }
}

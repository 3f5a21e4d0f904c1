//! What shows somebody who holds nothing but a signed root that an entry is counted by it, or that a later root counts
//! all that an earlier one did (RFC 6962).

use serde::{Deserialize, Serialize};

use super::{checkpoint::Checkpoint, entry::Chained};

/// An entry, a checkpoint that counts it, and the way from one to the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inclusion {
    /// The entry at its place, with its hashes.
    pub entry: Chained,
    /// Who counts it.
    pub checkpoint: Checkpoint,
    /// Roots of the subtrees beside the way from the entry up, hex.
    pub path: Vec<String>,
}

/// Two checkpoints, and that the later one counts all that the earlier one did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consistency {
    /// The earlier one.
    pub first: Checkpoint,
    /// The later one.
    pub second: Checkpoint,
    /// Roots of subtrees that give both roots, hex.
    pub path: Vec<String>,
}

//! Decides the links of new entries: the next places without a gap, each hash over the one before.
#![deny(clippy::arithmetic_side_effects)]

use ordercast_model::journal::{
    canonical::{self, CanonicalError},
    entry::{Entry, Link},
};

/// Hash before entry 0.
pub(super) const NOTHING: [u8; 32] = [0; 32];

/// The links of `entries` behind `head` (none: the journal is empty), in the given order.
///
/// # Errors
/// When the head's hash is no hash, or an entry has no canonical form; nothing may be chained then.
pub fn next(head: Option<&Link>, entries: &[Entry]) -> Result<Vec<Link>, CanonicalError> {
    let mut previous = match head {
        Some(link) => read(&link.hash).ok_or(CanonicalError::Hash(link.seq))?,
        None => NOTHING,
    };
    let first = head.map_or(0, |link| link.seq.saturating_add(1));
    let mut links = Vec::with_capacity(entries.len());
    for (seq, entry) in (first..).zip(entries) {
        let hash = canonical::hash(&previous, seq, entry)?;
        links.push(Link {
            seq,
            id: entry.id,
            prev_hash: hex::encode(previous),
            hash: hex::encode(hash),
        });
        previous = hash;
    }
    Ok(links)
}

/// A hash as stored: exactly 64 lower-case hexadecimal digits.
pub(super) fn read(text: &str) -> Option<[u8; 32]> {
    let mut out = NOTHING;
    hex::decode_to_slice(text, &mut out).ok()?;
    (hex::encode(out) == text).then_some(out)
}

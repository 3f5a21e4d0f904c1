//! Decides the root of the tree over the journal's hashes (RFC 6962): one hash that stands for all entries so far.
//! Grows entry by entry and holds only the roots of its full subtrees.
#![deny(clippy::arithmetic_side_effects)]

use sha2::{Digest, Sha256};

use super::link::read;

/// Before the data of a leaf, and before the two halves of a node.
const LEAF: u8 = 0;
const NODE: u8 = 1;

/// The tree over the first entries of a journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// Roots of the full subtrees, the largest first: one for each bit of the size.
    peaks: Vec<[u8; 32]>,
}

/// The hash of a leaf.
pub(super) fn leaf(hash: &[u8; 32]) -> [u8; 32] {
    Sha256::new_with_prefix([LEAF])
        .chain_update(hash)
        .finalize()
        .into()
}

/// The hash of two halves.
pub(super) fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let hash = Sha256::new_with_prefix([NODE]);
    hash.chain_update(left).chain_update(right).finalize().into()
}

impl Tree {
    /// A tree from what was kept of it.
    #[must_use]
    pub fn resume(size: u64, peaks: &[String]) -> Option<Self> {
        let peaks: Option<Vec<_>> = peaks.iter().map(|peak| read(peak)).collect();
        let peaks = peaks.filter(|peaks| u32::try_from(peaks.len()) == Ok(size.count_ones()))?;
        Some(Self { size, peaks })
    }
    /// Entries counted.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }
    /// Roots of the full subtrees, hex.
    #[must_use]
    pub fn peaks(&self) -> Vec<String> {
        self.peaks.iter().map(hex::encode).collect()
    }
    /// Adds the next entry by its hash, hex; false when that is no hash.
    #[must_use]
    pub fn add(&mut self, hash: &str) -> bool {
        let Some(hash) = read(hash) else {
            return false;
        };
        let mut top = leaf(&hash);
        // Each full subtree of the same height is half of the next one.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                top = node(&left, &top);
            }
        }
        self.peaks.push(top);
        self.size = self.size.saturating_add(1);
        true
    }
    /// The root, hex; that of nothing is the hash of nothing.
    #[must_use]
    pub fn root(&self) -> String {
        let mut peaks = self.peaks.iter().rev().copied();
        let Some(last) = peaks.next() else {
            return hex::encode(Sha256::digest([]));
        };
        hex::encode(peaks.fold(last, |right, left| node(&left, &right)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
    use super::*;

    fn hash(n: u64) -> String {
        hex::encode(Sha256::digest(n.to_be_bytes()))
    }

    /// The definition of RFC 6962, written down as it stands there.
    fn defined(leaves: &[String]) -> [u8; 32] {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => Sha256::new_with_prefix([0])
                .chain_update(hex::decode(one).unwrap())
                .finalize()
                .into(),
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(split);
                node(&defined(left), &defined(right))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_definition_at_every_size() {
        let (mut tree, mut leaves) = (Tree::default(), Vec::new());
        for n in 0..130 {
            assert_eq!(tree.root(), hex::encode(defined(&leaves)), "{n}");
            assert_eq!(Tree::resume(tree.size(), &tree.peaks()), Some(tree.clone()));
            leaves.push(hash(n));
            assert!(tree.add(&hash(n)));
        }
        assert_eq!(tree.size(), 130);
        assert!(!tree.add("no hash"));
        assert_eq!(Tree::resume(3, &[hash(1)]), None);
    }
}

//! Decides the proofs over the journal's tree (RFC 6962, 2.1.1 and 2.1.2): that an entry is one of those a root counts,
//! and that a later root counts all that an earlier one did. Takes the hashes one by one and never holds the tree.
#![deny(clippy::arithmetic_side_effects)]

use std::{collections::BTreeMap, ops::Range};

use super::{
    link::read,
    merkle::{Tree, leaf, node},
};

/// A proof that is being made: the subtrees whose roots it consists of.
#[derive(Debug, Clone)]
pub struct Proving {
    /// Entries of the later tree.
    size: u64,
    /// Hashes taken.
    taken: u64,
    /// The places of each subtree, in the order of the proof.
    order: Vec<Range<u64>>,
    /// What was taken of each, by its first place.
    trees: BTreeMap<u64, Tree>,
}

/// The entries of the left half of a tree of more than one: the largest power of two that leaves something.
const fn split(size: u64) -> u64 {
    match size.saturating_sub(1).checked_ilog2() {
        Some(log) => 1 << log,
        None => 0,
    }
}

impl Proving {
    fn of(size: u64, mut order: Vec<Range<u64>>) -> Self {
        // Found from the root down; a proof is read from the leaf up.
        order.reverse();
        let trees = order.iter().map(|part| (part.start, Tree::default())).collect();
        Self {
            size,
            taken: 0,
            order,
            trees,
        }
    }

    /// That the entry at a place is one of the first `size`; none when it is not.
    #[must_use]
    pub fn inclusion(seq: u64, size: u64) -> Option<Self> {
        let (mut part, mut order) = (0..size, Vec::new());
        if !part.contains(&seq) {
            return None;
        }
        while part.end.saturating_sub(part.start) > 1 {
            let middle = part
                .start
                .saturating_add(split(part.end.saturating_sub(part.start)));
            let (left, right) = (part.start..middle, middle..part.end);
            let (own, other) = if seq < middle {
                (left, right)
            } else {
                (right, left)
            };
            order.push(other);
            part = own;
        }
        Some(Self::of(size, order))
    }

    /// That the first `second` entries begin with the first `first`; none unless 1 ≤ `first` ≤ `second`.
    #[must_use]
    pub fn consistency(first: u64, second: u64) -> Option<Self> {
        if first == 0 || first > second {
            return None;
        }
        let (mut part, mut order) = (0..second, Vec::new());
        while part.end != first {
            let middle = part
                .start
                .saturating_add(split(part.end.saturating_sub(part.start)));
            let (left, right) = (part.start..middle, middle..part.end);
            let (own, other) = if first <= middle {
                (left, right)
            } else {
                (right, left)
            };
            order.push(other);
            part = own;
        }
        // The first root itself is known to whoever asks.
        if part.start > 0 {
            order.push(part);
        }
        Some(Self::of(second, order))
    }

    /// The place whose hash is taken next; none when there is all the proof needs.
    #[must_use]
    pub fn next(&self) -> Option<u64> {
        (self.taken < self.size).then_some(self.taken)
    }

    /// Takes the hash at the next place; false when it is no hash.
    #[must_use]
    pub fn take(&mut self, hash: &str) -> bool {
        let last = self.trees.range_mut(..=self.taken).next_back();
        let part = last.and_then(|(start, tree)| {
            let part = self.order.iter().find(|part| part.start == *start)?;
            part.contains(&self.taken).then_some(tree)
        });
        let good = match part {
            Some(tree) => tree.add(hash),
            None => read(hash).is_some(),
        };
        self.taken = self.taken.saturating_add(1);
        good
    }

    /// The roots of the subtrees, hex, from the leaf up.
    #[must_use]
    pub fn path(&self) -> Vec<String> {
        let root = |part: &Range<u64>| Some(self.trees.get(&part.start)?.root());
        self.order.iter().filter_map(root).collect()
    }
}

fn all(path: &[String]) -> Option<Vec<[u8; 32]>> {
    path.iter().map(|hash| read(hash)).collect()
}

/// Whether the entry with this hash stands at this place in the tree of this size and root (RFC 9162, 2.1.3.2).
#[must_use]
pub fn includes((seq, hash): (u64, &str), (size, root): (u64, &str), path: &[String]) -> bool {
    let (Some(hash), Some(path)) = (read(hash), all(path)) else {
        return false;
    };
    if seq >= size {
        return false;
    }
    let (mut place, mut last, mut top) = (seq, size.saturating_sub(1), leaf(&hash));
    for other in path {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            top = node(&other, &top);
            while place & 1 == 0 && place > 0 {
                (place, last) = (place >> 1, last >> 1);
            }
        } else {
            top = node(&top, &other);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    last == 0 && hex::encode(top) == root
}

/// Whether the tree of the second size and root begins with that of the first (RFC 9162, 2.1.4.2).
#[must_use]
pub fn extends(
    (first, first_root): (u64, &str),
    (second, second_root): (u64, &str),
    path: &[String],
) -> bool {
    let (Some(root), Some(path)) = (read(first_root), all(path)) else {
        return false;
    };
    if first == 0 || first > second {
        return false;
    }
    if first == second {
        return path.is_empty() && first_root == second_root;
    }
    let mut path = path.into_iter();
    let begun = if first.is_power_of_two() {
        Some(root)
    } else {
        path.next()
    };
    let Some(begun) = begun else { return false };
    let (mut place, mut last) = (first.saturating_sub(1), second.saturating_sub(1));
    while place & 1 == 1 {
        (place, last) = (place >> 1, last >> 1);
    }
    let (mut earlier, mut later) = (begun, begun);
    for other in path {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            (earlier, later) = (node(&other, &earlier), node(&other, &later));
            while place & 1 == 0 && place > 0 {
                (place, last) = (place >> 1, last >> 1);
            }
        } else {
            later = node(&later, &other);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    last == 0 && hex::encode(earlier) == first_root && hex::encode(later) == second_root
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::arithmetic_side_effects,
        clippy::indexing_slicing
    )]
    use sha2::{Digest, Sha256};

    use super::*;

    const MAX: u64 = 33;

    fn hash(n: u64) -> String {
        hex::encode(Sha256::digest(n.to_be_bytes()))
    }

    fn root(size: u64) -> String {
        let mut tree = Tree::default();
        (0..size).for_each(|n| assert!(tree.add(&hash(n))));
        tree.root()
    }

    fn made(mut proving: Proving) -> Vec<String> {
        while let Some(seq) = proving.next() {
            assert!(proving.take(&hash(seq)));
        }
        proving.path()
    }

    /// The definition of RFC 6962, 2.1.1, as it stands there.
    fn path(m: usize, leaves: &[[u8; 32]]) -> Vec<String> {
        if leaves.len() <= 1 {
            return Vec::new();
        }
        let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
        let (mut path, other) = if m < left.len() {
            (path(m, left), right)
        } else {
            (path(m - left.len(), right), left)
        };
        path.push(hex::encode(defined(other)));
        path
    }

    fn defined(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves {
            [one] => leaf(one),
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node(&defined(left), &defined(right))
            }
        }
    }

    #[test]
    fn an_entry_is_proven_at_every_place_of_every_size() {
        for size in 1..=MAX {
            let (own, next) = (root(size), root(size + 1));
            let leaves: Vec<_> = (0..size).map(|n| read(&hash(n)).unwrap()).collect();
            for seq in 0..size {
                let proof = made(Proving::inclusion(seq, size).unwrap());
                assert_eq!(
                    proof,
                    path(usize::try_from(seq).unwrap(), &leaves),
                    "{seq} of {size}"
                );
                assert!(includes((seq, &hash(seq)), (size, &own), &proof));
                assert!(!includes((seq, &hash(seq + 1)), (size, &own), &proof));
                assert!(!includes((seq, &hash(seq)), (size, &next), &proof));
                for other in (0..=size).filter(|other| *other != seq) {
                    assert!(!includes((other, &hash(seq)), (size, &own), &proof));
                }
            }
            assert!(Proving::inclusion(size, size).is_none());
        }
    }

    #[test]
    fn a_later_root_is_proven_to_count_what_an_earlier_one_did() {
        for second in 1..=MAX {
            let after = root(second);
            for first in 1..=second {
                let proof = made(Proving::consistency(first, second).unwrap());
                let before = root(first);
                assert!(
                    extends((first, &before), (second, &after), &proof),
                    "{first} {second}"
                );
                for at in 0..proof.len() {
                    let mut bent = proof.clone();
                    bent[at] = hash(999);
                    assert!(!extends((first, &before), (second, &after), &bent));
                    bent.remove(at);
                    assert!(!extends((first, &before), (second, &after), &bent));
                }
                assert!(!extends((first, &hash(1)), (second, &after), &proof));
                assert!(!extends((first, &before), (second, &hash(1)), &proof));
            }
            assert!(Proving::consistency(second + 1, second).is_none());
            assert!(Proving::consistency(0, second).is_none());
        }
    }

    /// The example trees of RFC 6962, 2.1.3, of seven leaves: PATH(0), PATH(3), PATH(4), PATH(6) and PROOF(3), (4), (6).
    #[test]
    fn the_examples_of_the_standard_have_their_lengths() {
        let lengths = |seq| made(Proving::inclusion(seq, 7).unwrap()).len();
        assert_eq!([0, 3, 4, 6].map(lengths), [3, 3, 3, 2]);
        let lengths = |first| made(Proving::consistency(first, 7).unwrap()).len();
        assert_eq!([3, 4, 6].map(lengths), [4, 1, 3]);
    }
}

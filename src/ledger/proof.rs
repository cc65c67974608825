//! A proof and two ends in; whether it joins them out.
//!
//! Needs no ledger: this is what the recipient of a package runs.
//!
//! Source: RFC 9162 sections 2.1.3.2 and 2.1.4.2, for the same tree as that
//! of RFC 6962.
//!
//! Not here: making proofs (`tree`).

use super::tree::{Hash, node_hash};

/// A proof that does not show what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf lies outside the tree.
    #[error("leaf {index}: not in the tree, size is {size}")]
    Index {
        /// Leaf index, from 0.
        index: u64,
        /// Leaves in the tree.
        size: u64,
    },
    /// The tree to compare with is larger than the tree itself.
    #[error("tree of size {new}: smaller than the one it should continue, {old}")]
    Shrinks {
        /// Leaves in the earlier tree.
        old: u64,
        /// Leaves in the later tree.
        new: u64,
    },
    /// The earlier tree is empty. Every tree continues it, so nothing would
    /// be shown; this is neither a pass nor a mismatch.
    #[error("earlier tree: size is 0, nothing to compare")]
    NothingToCompare,
    /// The proof has too many or too few hashes for these sizes.
    #[error("proof: {found} hashes do not fit the size of the tree")]
    Length {
        /// Hashes in the proof.
        found: usize,
    },
    /// The proof leads to another root.
    #[error("proof: leads to root {found}, expected {expected}")]
    Root {
        /// What the proof leads to.
        found: Hash,
        /// What it should lead to.
        expected: Hash,
    },
}

/// Checks that `leaf` is the leaf with this index in the tree with this size
/// and root.
///
/// # Errors
///
/// [`ProofError::Index`] unless `index < size`; [`ProofError::Length`] or
/// [`ProofError::Root`] if the proof is not one for it.
pub fn verify_inclusion(
    leaf: Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    let mut walk = Walk { node: index, last: size - 1 };
    let mut hash = leaf;
    for sibling in proof {
        hash = match walk.up().ok_or(ProofError::Length { found: proof.len() })? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    if walk.last != 0 {
        return Err(ProofError::Length { found: proof.len() });
    }
    expect(hash, root)
}

/// Checks that the tree with size `new` and root `new_root` begins with the
/// tree with size `old` and root `old_root`.
///
/// # Errors
///
/// [`ProofError::NothingToCompare`] if `old` is 0: never a pass.
/// [`ProofError::Shrinks`] if `old > new`; [`ProofError::Length`] or
/// [`ProofError::Root`] if the proof is not one for it.
pub fn verify_consistency(
    old: u64,
    new: u64,
    proof: &[Hash],
    old_root: Hash,
    new_root: Hash,
) -> Result<(), ProofError> {
    let length = ProofError::Length { found: proof.len() };
    if old == 0 {
        return Err(ProofError::NothingToCompare);
    }
    if old > new {
        return Err(ProofError::Shrinks { old, new });
    }
    if old == new {
        return if proof.is_empty() { expect(old_root, new_root) } else { Err(length) };
    }
    let (first, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(length)?;
        (*first, rest)
    };
    let complete = old.trailing_zeros();
    let mut walk = Walk { node: (old - 1) >> complete, last: (new - 1) >> complete };
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in rest {
        match walk.up().ok_or(length)? {
            Side::Left => {
                old_hash = node_hash(sibling, &old_hash);
                new_hash = node_hash(sibling, &new_hash);
            }
            Side::Right => new_hash = node_hash(&new_hash, sibling),
        }
    }
    if walk.last != 0 {
        return Err(length);
    }
    expect(old_hash, old_root)?;
    expect(new_hash, new_root)
}

fn expect(found: Hash, expected: Hash) -> Result<(), ProofError> {
    if found == expected { Ok(()) } else { Err(ProofError::Root { found, expected }) }
}

/// A way from a node to the root: its number on its level, and the number of
/// the last node on that level.
struct Walk {
    node: u64,
    last: u64,
}

/// On which side the next hash of a proof stands.
enum Side {
    Left,
    Right,
}

impl Walk {
    /// Goes up past one hash of the proof; `None` if this is the root already.
    fn up(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let is_right_child = self.node % 2 == 1;
        if !is_right_child && self.node == self.last {
            // A last node without a sibling is carried up until it is a right
            // child; levels without a sibling have no hash in the proof.
            let skipped = self.node.trailing_zeros();
            self.node >>= skipped;
            self.last >>= skipped;
        }
        let side = if self.node % 2 == 1 { Side::Left } else { Side::Right };
        self.node >>= 1;
        self.last >>= 1;
        Some(side)
    }
}

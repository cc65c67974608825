//! Leaf hashes in; root hashes and proofs out.
//!
//! ```text
//! leaf = SHA-256(0x00 ‖ line)        node = SHA-256(0x01 ‖ left ‖ right)
//! ```
//!
//! A tree of `n` leaves is the node over its first `k` leaves and the rest,
//! `k` being the largest power of two below `n`. A complete part of the tree
//! therefore never changes again, and is hashed once.
//!
//! Source: RFC 6962 section 2.1.
//!
//! Not here: the check of a proof (`proof`), what a leaf stands for
//! (`record`), who vouches for a root (`checkpoint`).

use std::fmt;
use std::ops::Range;

use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest as _, Sha256};

use super::base64;
use super::proof::ProofError;
use crate::sha256::{self, Message};

/// A SHA-256 value: of a leaf, a node or a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash([u8; 32]);

/// Hashes the exact bytes of a record, without its line feed.
///
/// # Examples
///
/// ```
/// use gamyeong::ledger::tree::leaf_hash;
///
/// let hash = leaf_hash(b"");
/// assert!(hash.to_hex().starts_with("6e340b9cffb37a98"));
/// ```
#[must_use]
pub fn leaf_hash(line: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(line).finalize().into())
}

/// As [`leaf_hash`], while as much of `beside` is hashed.
pub(super) fn leaf_hash_beside(line: &[u8], beside: &mut Message<'_>) -> Hash {
    Hash(Message::prefixed(0, line).beside(beside))
}

pub(super) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(&left.0);
    bytes[33..].copy_from_slice(&right.0);
    Hash(Sha256::digest(bytes).into())
}

/// An append-only tree, kept in memory: 64 bytes per leaf.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// `levels[l][i]` covers the leaves `i << l .. (i + 1) << l`; only
    /// complete parts are stored.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Appends a leaf. Hashes one node per part that it completes.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[level];
            row.push(hash);
            if row.len() % 2 == 1 {
                break;
            }
            hash = node_hash(&row[row.len() - 2], &hash);
        }
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.leaves().len() as u64
    }

    /// The leaf hashes, in order.
    #[must_use]
    pub fn leaves(&self) -> &[Hash] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// Root over all leaves; the SHA-256 of nothing if there are none.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.part(0, self.leaves().len())
    }

    /// Root over the first `size` leaves, or `None` if there are fewer.
    #[must_use]
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        let size = usize::try_from(size).ok().filter(|&size| size <= self.leaves().len())?;
        Some(self.part(0, size))
    }

    /// Roots over the first so many leaves each, as far as there are so many.
    pub(super) fn roots(&self, sizes: Range<u64>) -> Vec<Hash> {
        let known = sizes.filter_map(|size| usize::try_from(size).ok());
        let known = known.take_while(|size| *size <= self.leaves().len());
        let mut folds: Vec<Fold> = known.map(|size| Fold::of(self, size)).collect();
        // An odd size has the parts of the even one before it and one more: those two go in step,
        // and an odd one and the next do not.
        let odd = folds.first().is_some_and(|fold| fold.size % 2 == 1);
        for [one, other] in folds[usize::from(odd)..].as_chunks_mut().0 {
            while one.rest > 0 && other.rest > 0 {
                let [first, second] = [one.left(self), other.left(self)];
                let nodes = [[&first.0, &one.hash.0], [&second.0, &other.hash.0]];
                [one.hash, other.hash] = sha256::two_nodes(1, nodes).map(Hash);
            }
        }
        folds.into_iter().map(|fold| fold.root(self)).collect()
    }

    /// The audit path of a leaf in the tree of the first `size` leaves, lowest
    /// sibling first.
    ///
    /// Source: RFC 6962 section 2.1.1.
    ///
    /// # Errors
    ///
    /// [`ProofError::Index`] unless `index < size`; [`ProofError::Shrinks`] if
    /// the tree has fewer than `size` leaves.
    pub fn prove_inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, ProofError> {
        let end = self.end(size)?;
        let leaf = usize::try_from(index)
            .ok()
            .filter(|&leaf| leaf < end)
            .ok_or(ProofError::Index { index, size })?;
        let (mut start, mut end, mut path) = (0, end, Vec::new());
        while end - start > 1 {
            let middle = start + split(end - start);
            if leaf < middle {
                path.push(self.part(middle, end));
                end = middle;
            } else {
                path.push(self.part(start, middle));
                start = middle;
            }
        }
        path.reverse();
        Ok(path)
    }

    /// The hashes that show the tree of `new` leaves to begin with the tree
    /// of `old` leaves.
    ///
    /// Source: RFC 6962 section 2.1.2.
    ///
    /// # Errors
    ///
    /// [`ProofError::NothingToCompare`] if `old` is 0, [`ProofError::Shrinks`]
    /// unless `old <= new` and `new` is at most the size of the tree.
    pub fn prove_consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, ProofError> {
        if old == 0 {
            return Err(ProofError::NothingToCompare);
        }
        let mut end = self.end(new)?;
        let cut = self.end(old)?;
        if cut > end {
            return Err(ProofError::Shrinks { old, new });
        }
        let (mut start, mut path) = (0, Vec::new());
        while cut < end {
            let middle = start + split(end - start);
            if cut <= middle {
                path.push(self.part(middle, end));
                end = middle;
            } else {
                path.push(self.part(start, middle));
                start = middle;
            }
        }
        // The verifier knows the part that is the whole earlier tree.
        if start > 0 {
            path.push(self.part(start, end));
        }
        path.reverse();
        Ok(path)
    }

    fn end(&self, size: u64) -> Result<usize, ProofError> {
        usize::try_from(size)
            .ok()
            .filter(|&end| end <= self.leaves().len())
            .ok_or(ProofError::Shrinks { old: size, new: self.size() })
    }

    /// Hash over the leaves `start..end`. `start` is a multiple of the
    /// smallest power of two that is not below `end - start`, as it is for
    /// every part that the definition splits off.
    fn part(&self, start: usize, end: usize) -> Hash {
        let size = end - start;
        if size == 0 {
            return Hash(Sha256::digest([]).into());
        }
        if size.is_power_of_two() {
            let level = size.trailing_zeros() as usize;
            return self.levels[level][start >> level];
        }
        let middle = start + split(size);
        node_hash(&self.part(start, middle), &self.part(middle, end))
    }
}

/// A root while it is computed.
struct Fold {
    size: usize,
    /// Leaves that are still to be taken in: those from here on to `size` have this hash.
    rest: usize,
    hash: Hash,
}

impl Fold {
    /// The smallest part, which is the last.
    fn of(tree: &Tree, size: usize) -> Self {
        let rest = size & size.saturating_sub(1);
        Self { size, rest, hash: tree.part(rest, size) }
    }

    /// The part before, of which there is one, to be taken in.
    fn left(&mut self, tree: &Tree) -> Hash {
        let end = self.rest;
        self.rest &= end - 1;
        tree.part(self.rest, end)
    }

    /// Takes in all that is left.
    fn root(mut self, tree: &Tree) -> Hash {
        while self.rest > 0 {
            self.hash = node_hash(&self.left(tree), &self.hash);
        }
        self.hash
    }
}

/// The largest power of two below `size`, which is 2 or more.
fn split(size: usize) -> usize {
    size.next_power_of_two() / 2
}

impl Hash {
    /// SHA-256 of plain bytes, such as a file that is named after it.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// Reads what [`Hash::to_hex`] wrote; upper case is refused.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let is_whole = HEXLOWER.decode_len(text.len()) == Ok(bytes.len());
        (is_whole && HEXLOWER.decode_mut(text.as_bytes(), &mut bytes).is_ok())
            .then_some(Self(bytes))
    }

    /// Standard base64 with padding, as in checkpoints.
    #[must_use]
    pub fn to_base64(&self) -> String {
        BASE64.encode(&self.0)
    }

    /// Reads what [`Hash::to_base64`] wrote.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        base64::decode(text)?.try_into().ok().map(Self)
    }
}

impl From<[u8; 32]> for Hash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

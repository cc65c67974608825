//! A record and a tree in; a text that whoever holds the ledger's public keys can check
//! without the ledger, out, and the check of one.
//!
//! ```text
//! c2sp.org/tlog-proof@v1            old 12
//! index 41                          base64(hash) …
//! base64(hash) …
//!                                   checkpoint
//! checkpoint
//! ```
//!
//! The first shows that a record is in a ledger, the second that a ledger continues an
//! earlier checkpoint of 12 records. A checkpoint is a note with both signatures.
//!
//! Source: C2SP tlog-proof; C2SP tlog-witness v1.0.0, body of add-checkpoint. The extra
//! data of a proof, if there is any, is the record itself: whoever has the proof then needs
//! nothing else of the ledger (`side_car`).
//!
//! Not here: making the hashes (`tree`), and what they lead to (`proof`).

use std::fmt;
use std::path::Path;

use data_encoding::BASE64;

use super::base64;
use super::checkpoint::{Checkpoint, Unacceptable};
use super::fault::Fault;
use super::files::Layout;
use super::json::INTEGER_LIMIT;
use super::note::VerifierKey;
use super::proof::{ProofError, verify_consistency, verify_inclusion};
use super::recover;
use super::tree::{Hash, leaf_hash};

/// The first line of a proof of inclusion.
const MAGIC: &str = "c2sp.org/tlog-proof@v1";

/// Hashes of a proof, at most: a ledger has fewer than 2^63 records.
const MAX_HASHES: usize = 63;

/// That a record is in a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// Extra data: nothing vouches for it but that it leads to the root.
    pub extra: Option<Vec<u8>>,
    /// Its leaf index.
    pub index: u64,
    /// Its audit path, lowest sibling first.
    pub path: Vec<Hash>,
    /// The checkpoint with its signatures: UTF-8 text.
    pub checkpoint: String,
}

/// That a ledger continues an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation {
    /// Records of the earlier one.
    pub old: u64,
    /// What shows it.
    pub path: Vec<Hash>,
    /// The later checkpoint with its signatures: UTF-8 text.
    pub checkpoint: String,
}

/// Why a proof shows nothing. Names no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// The text is none of a proof.
    #[error("proof: not in the form of one")]
    Form,
    /// The checkpoint does not count.
    #[error(transparent)]
    Checkpoint(#[from] Unacceptable),
    /// It is of another ledger than the reader's keys.
    #[error("proof: checkpoint of another ledger")]
    Origin,
    /// The hashes lead elsewhere.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl Inclusion {
    /// Shows that a record is in a ledger, by its newest checkpoint. Needs no keys, and checks
    /// nothing: whoever gets the proof does.
    ///
    /// # Errors
    ///
    /// [`Fault::Unproven`] if there is no such record; if the ledger cannot be read.
    pub fn of(dir: &Path, seq: u64) -> Result<Self, Fault> {
        let (tree, size, checkpoint) = recover::tree(&Layout::new(dir))?;
        let path = tree.prove_inclusion(seq, size).map_err(Fault::Unproven)?;
        Ok(Self { extra: None, index: seq, path, checkpoint })
    }

    /// Reads a proof.
    ///
    /// # Errors
    ///
    /// [`Unproven::Form`] unless it is a first line, extra data in base64 if there is any, an
    /// index, up to 63 hashes, an empty line and a note.
    pub fn parse(text: &str) -> Result<Self, Unproven> {
        let rest = text.strip_prefix(MAGIC).and_then(|rest| rest.strip_prefix('\n'));
        let mut rest = rest.ok_or(Unproven::Form)?;
        let mut extra = None;
        if let Some(encoded) = rest.strip_prefix("extra ") {
            let (encoded, behind) = encoded.split_once('\n').ok_or(Unproven::Form)?;
            extra = Some(base64::decode(encoded).ok_or(Unproven::Form)?);
            rest = behind;
        }
        let (index, path, checkpoint) = parts(rest, "index ")?;
        Ok(Self { extra, index, path, checkpoint })
    }

    /// Checks that a line, without its line feed, is the record at this index.
    ///
    /// # Errors
    ///
    /// [`Unproven`] if the checkpoint has not both signatures of the `keys`, or the record
    /// does not lead to its root.
    pub fn verify(&self, line: &[u8], keys: &[VerifierKey]) -> Result<Checkpoint, Unproven> {
        let checkpoint = open(&self.checkpoint, keys)?;
        let (size, root) = (checkpoint.size, checkpoint.root);
        verify_inclusion(leaf_hash(line), self.index, size, &self.path, root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for Inclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{MAGIC}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", BASE64.encode(extra))?;
        }
        write(f, "index", self.index, &self.path, &self.checkpoint)
    }
}

impl Continuation {
    /// Shows that a ledger, at its newest checkpoint, continues an earlier one of so many
    /// records.
    ///
    /// # Errors
    ///
    /// [`Fault::Unproven`] if it has fewer records, or `old` is 0; if it cannot be read.
    pub fn of(dir: &Path, old: u64) -> Result<Self, Fault> {
        let (tree, size, checkpoint) = recover::tree(&Layout::new(dir))?;
        let path = tree.prove_consistency(old, size).map_err(Fault::Unproven)?;
        Ok(Self { old, path, checkpoint })
    }

    /// The newest checkpoint, for whoever has none yet: nothing is shown by it.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub fn first(dir: &Path) -> Result<Self, Fault> {
        let (_, _, checkpoint) = recover::tree(&Layout::new(dir))?;
        Ok(Self { old: 0, path: Vec::new(), checkpoint })
    }

    /// Reads a proof.
    ///
    /// # Errors
    ///
    /// [`Unproven::Form`] unless it is an earlier size, up to 63 hashes, an empty line and a
    /// note.
    pub fn parse(text: &str) -> Result<Self, Unproven> {
        let (old, path, checkpoint) = parts(text, "old ")?;
        Ok(Self { old, path, checkpoint })
    }

    /// Checks that the later checkpoint continues an earlier one.
    ///
    /// # Errors
    ///
    /// [`Unproven`] if the later checkpoint has not both signatures of the `keys`, is of
    /// another ledger, or does not continue the earlier one. An earlier one of no record is
    /// [`ProofError::NothingToCompare`]: never a pass.
    pub fn verify(
        &self,
        earlier: &Checkpoint,
        keys: &[VerifierKey],
    ) -> Result<Checkpoint, Unproven> {
        let later = open(&self.checkpoint, keys)?;
        if later.origin != earlier.origin {
            return Err(Unproven::Origin);
        }
        if self.old != earlier.size {
            return Err(ProofError::Shrinks { old: earlier.size, new: self.old }.into());
        }
        verify_consistency(self.old, later.size, &self.path, earlier.root, later.root)?;
        Ok(later)
    }
}

impl fmt::Display for Continuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, "old", self.old, &self.path, &self.checkpoint)
    }
}

/// The checkpoint in a file, which is one or a proof that ends with one. Whether it counts is
/// for its reader.
#[must_use]
pub fn checkpoint_in(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let of_record = Inclusion::parse(&text).map(|proof| proof.checkpoint);
    let found = of_record.or_else(|_| Continuation::parse(&text).map(|proof| proof.checkpoint));
    found.map_or_else(|_| bytes.to_vec(), String::into_bytes)
}

fn open(checkpoint: &str, keys: &[VerifierKey]) -> Result<Checkpoint, Unproven> {
    let opened = Checkpoint::open(checkpoint.as_bytes(), keys)?;
    let is_known = keys.iter().any(|key| key.name() == opened.origin);
    is_known.then_some(opened).ok_or(Unproven::Origin)
}

/// A number behind a word, hashes, and a note behind an empty line.
fn parts(text: &str, word: &str) -> Result<(u64, Vec<Hash>, String), Unproven> {
    let (head, checkpoint) = text.split_once("\n\n").ok_or(Unproven::Form)?;
    let mut lines = head.split('\n');
    let number = lines.next().and_then(|line| line.strip_prefix(word)).ok_or(Unproven::Form)?;
    let parsed = number.parse().ok().filter(|number: &u64| *number < INTEGER_LIMIT);
    let parsed = parsed.filter(|parsed| parsed.to_string() == number).ok_or(Unproven::Form)?;
    let path: Vec<Hash> =
        lines.map(Hash::from_base64).collect::<Option<_>>().ok_or(Unproven::Form)?;
    if path.len() > MAX_HASHES {
        return Err(Unproven::Form);
    }
    Ok((parsed, path, checkpoint.to_owned()))
}

fn write(
    f: &mut fmt::Formatter<'_>,
    word: &str,
    number: u64,
    path: &[Hash],
    checkpoint: &str,
) -> fmt::Result {
    writeln!(f, "{word} {number}")?;
    for hash in path {
        writeln!(f, "{}", hash.to_base64())?;
    }
    write!(f, "\n{checkpoint}")
}

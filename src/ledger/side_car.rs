//! A table's digest and the file beside it in; the record that vouches for the table out.
//!
//! ```text
//! part-0.parquet
//! part-0.parquet.tlog-proof    c2sp.org/tlog-proof@v1
//!                              extra base64(the record `run.commit`, byte for byte)
//!                              index, hashes, checkpoint
//! ```
//!
//! Whoever has a table, its side-car and the ledger's public keys from elsewhere can check
//! that it is what a night recorded, without the ledger. It is no part of the table: the
//! bytes of a table depend on input, key and pipeline alone.
//!
//! What it cannot show: whether a later night put another table in the place of this one.
//!
//! Source: C2SP tlog-proof, `extra`: data that is necessary to compute the hash of the record.
//!
//! Not here: hashing the table (`source`), where it lies (`pipeline`).

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::checkpoint::{Checkpoint, Unacceptable};
use super::fault::Fault;
use super::files::Layout;
use super::note::{Rejected, VerifierKey};
use super::record::{Kind, Record};
use super::recover;
use super::store::Ledger;
use super::tlog_proof::{Inclusion, Unproven};
use super::tree::{Tree, leaf_hash};
use crate::fs;

/// What follows the name of a table.
pub const ENDING: &str = ".tlog-proof";

/// The side-car of a table: beside it, under its whole name.
#[must_use]
pub fn beside(table: &Path) -> PathBuf {
    let mut name: OsString = table.file_name().unwrap_or_default().to_owned();
    name.push(ENDING);
    table.with_file_name(name)
}

/// What vouches for a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Vouched {
    /// The `run.commit` that names it.
    pub record: Record,
    /// The checkpoint that covers the record.
    pub checkpoint: Checkpoint,
    /// Where the record says that the table lies in the store.
    pub path: String,
}

/// Why a side-car vouches for nothing. Names no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unvouched {
    /// It is no proof, or one that was changed.
    #[error("side-car: not a proof, or changed")]
    Altered(#[source] Unproven),
    /// It is of a ledger with other keys, or another name.
    #[error("side-car: of another ledger, or the keys are not those of this one")]
    OtherLedger,
    /// Its record names no table with this digest.
    #[error("side-car: its record names another table")]
    OtherTable,
}

/// The proof that is written beside a table: of the record with this number, under the newest
/// checkpoint. What is proven is checked first.
///
/// # Errors
///
/// [`Fault::Unproven`] if there is no such record; [`Fault::Unwritten`] if the proof does not
/// prove it, which a fault of memory would cause.
pub fn of(ledger: &Ledger, seq: u64) -> Result<Inclusion, Fault> {
    let path = ledger.prove_inclusion(seq).map_err(Fault::Unproven)?;
    let record = usize::try_from(seq).ok().and_then(|place| ledger.records().get(place));
    let line = record.and_then(Record::line).unwrap_or_default();
    if ledger.leaf(seq) != Some(leaf_hash(&line)) {
        return Err(Fault::Unwritten { seq });
    }
    let checkpoint = String::from_utf8_lossy(ledger.checkpoint()).into_owned();
    let proof = Inclusion { extra: Some(line.clone()), index: seq, path, checkpoint };
    proof.verify(&line, ledger.keys()).map_err(|_| Fault::Unwritten { seq })?;
    Ok(proof)
}

/// Checks that the text of a side-car vouches for the table with this SHA-256, in 64
/// hexadecimal digits: both signatures, that the record is in the ledger, and that it names the
/// table.
///
/// # Errors
///
/// [`Unvouched`], as far as can be told.
///
/// # Examples
///
/// ```
/// use gamyeong::ledger::side_car::{Unvouched, vouch};
///
/// let nothing = vouch("", &"0".repeat(64), &[]);
/// assert!(matches!(nothing, Err(Unvouched::Altered(_))));
/// ```
pub fn vouch(text: &str, sha256: &str, keys: &[VerifierKey]) -> Result<Vouched, Unvouched> {
    let proof = Inclusion::parse(text).map_err(Unvouched::Altered)?;
    let line = proof.extra.as_deref().ok_or(Unvouched::Altered(Unproven::Form))?;
    let checkpoint = proof.verify(line, keys).map_err(|unproven| match unproven {
        Unproven::Origin | Unproven::Checkpoint(Unacceptable::Note(Rejected::Missing { .. })) => {
            Unvouched::OtherLedger
        }
        Unproven::Form | Unproven::Checkpoint(_) | Unproven::Proof(_) => {
            Unvouched::Altered(unproven)
        }
    })?;
    let record = Record::parse(line).map_err(|_| Unvouched::Altered(Unproven::Form))?;
    let path = named(&record, sha256).ok_or(Unvouched::OtherTable)?;
    Ok(Vouched { record, checkpoint, path })
}

/// What side-cars are compared with: the stored records of a ledger that was found to be intact.
#[derive(Debug)]
pub struct Recorded {
    /// The records.
    pub records: Vec<Record>,
    /// The tree over them.
    pub tree: Tree,
    /// The keys that side-cars must be signed with.
    pub keys: Vec<VerifierKey>,
}

impl Recorded {
    /// Reads the ledger in `dir`. The keys are those that are trusted, else the ledger's own.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or a record does not follow the one before it.
    pub fn read(dir: &Path, trusted: Option<&[VerifierKey]>) -> Result<Self, Fault> {
        let layout = Layout::new(dir);
        let (records, tree) = recover::stored_records(&layout)?;
        let keys = if let Some(trusted) = trusted {
            trusted.to_vec()
        } else {
            let text = fs::read_regular(&layout.keys())?;
            let text = String::from_utf8_lossy(&text);
            text.lines().filter_map(|line| line.parse().ok()).collect()
        };
        Ok(Self { records, tree, keys })
    }

    /// True if the ledger continues this checkpoint.
    #[must_use]
    pub fn continues(&self, checkpoint: &Checkpoint) -> bool {
        self.tree.root_at(checkpoint.size) == Some(checkpoint.root)
    }
}

/// The path under which a record names a table of this digest.
fn named(record: &Record, sha256: &str) -> Option<String> {
    if record.kind() != Some(Kind::RunCommit) {
        return None;
    }
    let outputs = record.body.get("outputs").and_then(Value::as_array)?;
    let output = outputs.iter().find(|output| output["sha256"].as_str() == Some(sha256))?;
    Some(output["path"].as_str()?.to_owned())
}

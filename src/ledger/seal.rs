//! A file of records that is full, and its checkpoints, in; one file of checkpoints, and the
//! facts that the next record tells of both, out.
//!
//! ```text
//! records/000000.jsonl                         ─► SHA-256 ─┐
//! checkpoints/0000000001.note … 0000000812.note            ├─► segment.sealed, the first record
//!        └─► checkpoints/000000.notes          ─► SHA-256 ─┘   of records/000001.jsonl
//! ```
//!
//! Checking two signatures for every record there ever was takes longer each year. When a file
//! is sealed they are checked for the last time: its digest stands in a record that all
//! later signatures cover.
//!
//! A file is sealed by month, so that what a month has to be kept for is a file of its own.
//!
//! Not here: when a file is full (`store`), what a check finds (`verify`).

use bumpalo::Bump;
use serde_json::{Value, json};

use super::checkpoint::Checkpoint;
use super::fault::Fault;
use super::files::{Layout, Segment};
use super::json::Table;
use super::note::VerifierKey;
use super::record::Record;
use super::tree::{Hash, Tree, leaf_hash};
use crate::fs;

/// Lines of a checkpoint with both signatures: three, an empty one, two.
const NOTE_LINES: usize = 6;

/// What is told of a sealed file of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seal {
    /// Number of the file.
    pub(super) segment: u64,
    /// Leaf index of its first record.
    pub(super) first: u64,
    /// How many records it has.
    pub(super) records: u64,
    pub(super) records_sha256: Hash,
    pub(super) checkpoints_sha256: Hash,
}

impl Seal {
    /// The body of its record.
    pub(super) fn body(&self) -> Value {
        json!({
            "segment": self.segment,
            "first": self.first,
            "records": self.records,
            "records_sha256": self.records_sha256.to_hex(),
            "checkpoints_sha256": self.checkpoints_sha256.to_hex(),
        })
    }

    /// What a record tells; `None` if it is none of a seal.
    pub(super) fn of(record: &Record) -> Option<Self> {
        Self::read(Table::of(&record.body, &Bump::new()))
    }

    /// Reads a body; `None` if it is none of a seal.
    pub(super) fn read(body: Table<'_>) -> Option<Self> {
        let number = |key: &str| body.get(key)?.as_u64();
        let hash = |key: &str| Hash::from_hex(body.get(key)?.as_str()?);
        Some(Self {
            segment: number("segment")?,
            first: number("first")?,
            records: number("records")?,
            records_sha256: hash("records_sha256")?,
            checkpoints_sha256: hash("checkpoints_sha256")?,
        })
    }
}

/// Checks a file of records and its checkpoints for the last time, and puts these into one
/// file. The single ones are still there: see [`clear`].
///
/// # Errors
///
/// [`Fault::Root`], [`Fault::Checkpoint`] or [`Fault::SplitView`] if they are not those of
/// `tree`; if a file cannot be read or written.
pub(super) fn seal(
    layout: &Layout,
    keys: &[VerifierKey; 2],
    tree: &Tree,
    segment: usize,
    first: u64,
) -> Result<Seal, Fault> {
    let path = layout.segment(segment);
    let stored = Segment { bytes: fs::read_regular(&path)?, path };
    let at = usize::try_from(first).unwrap_or(usize::MAX);
    let leaves = tree.leaves().get(at..).unwrap_or_default();
    let found = stored.lines().map(|line| leaf_hash(line.bytes));
    if !found.eq(leaves.iter().copied()) {
        return Err(Fault::ReadBack { path: stored.path, offset: 0 });
    }
    let mut notes = Vec::new();
    for size in first + 1..=tree.size() {
        let path = layout.checkpoint(size);
        let note = fs::read_regular(&path)?;
        let found = Checkpoint::open(&note, keys)
            .map_err(|source| Fault::Checkpoint { path: path.clone(), source })?;
        let is_one = found.origin == keys[0].name() && found.size == size;
        if !is_one || tree.root_at(size) != Some(found.root) || !is_whole(&note) {
            return Err(Fault::SplitView { path });
        }
        notes.extend_from_slice(&note);
    }
    write_once(layout, segment, &notes)?;
    Ok(Seal {
        segment: segment as u64,
        first,
        records: tree.size() - first,
        records_sha256: Hash::of(&stored.bytes),
        checkpoints_sha256: Hash::of(&notes),
    })
}

/// The same bytes may be there already: a crash came before they were told of. Or the first of
/// them: after it the clock was put back into the month, and the file of records went on.
fn write_once(layout: &Layout, segment: usize, notes: &[u8]) -> Result<(), Fault> {
    let path = layout.bundle(segment);
    match fs::read_regular(&path) {
        Ok(found) if found == notes => Ok(fs::sync_dir(&layout.checkpoints())?),
        Ok(found) if notes.starts_with(&found) && found.ends_with(b"\n") => {
            Ok(fs::write_durably(&path, notes, fs::SHARED_FILE)?)
        }
        Ok(_) => Err(Fault::SplitView { path }),
        Err(failure) if failure.is_not_found() => {
            Ok(fs::write_new_durably(&path, notes, fs::SHARED_FILE)?)
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Removes the single checkpoints of a file of records that is sealed. Those that a crash
/// left go now.
///
/// # Errors
///
/// [`Fault::SplitView`] if one is not that of the file of checkpoints, and stays.
pub(super) fn clear(layout: &Layout, seal: &Seal) -> Result<(), Fault> {
    let sealed = seal.first + 1..=seal.first + seal.records;
    let left = left(layout, seal)?;
    if left.is_empty() {
        return Ok(());
    }
    let bundle = layout.bundle(usize::try_from(seal.segment).unwrap_or(usize::MAX));
    let notes = fs::read_regular(&bundle)?;
    let notes: Vec<&[u8]> = split(&notes).collect();
    for size in left {
        let path = layout.checkpoint(size);
        let note = usize::try_from(size - sealed.start()).ok().and_then(|at| notes.get(at));
        if note.is_none_or(|note| fs::read_regular(&path).is_ok_and(|found| found != *note)) {
            return Err(Fault::SplitView { path });
        }
        fs::remove_if_there(&path)?;
    }
    fs::sync_dir(&layout.checkpoints())?;
    Ok(())
}

/// True if nothing is left of what a seal makes superfluous.
///
/// # Errors
///
/// If the checkpoints cannot be listed.
pub(super) fn is_cleared(layout: &Layout, seal: &Seal) -> Result<bool, Fault> {
    Ok(left(layout, seal)?.is_empty())
}

/// The sizes of the checkpoints of a sealed file that have a file each still.
fn left(layout: &Layout, seal: &Seal) -> Result<Vec<u64>, Fault> {
    let (sizes, _) = layout.checkpoint_sizes()?;
    let sealed = seal.first + 1..=seal.first + seal.records;
    Ok(sizes.into_iter().filter(|size| sealed.contains(size)).collect())
}

/// The notes of a file of checkpoints. What is behind the last whole one is one as well.
pub(super) fn split(notes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = notes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr_iter(b'\n', rest).nth(NOTE_LINES - 1);
        let (note, behind) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
        rest = behind;
        Some(note)
    })
}

/// True if a note is one that [`split`] gives back.
fn is_whole(note: &[u8]) -> bool {
    memchr::memchr_iter(b'\n', note).count() == NOTE_LINES && note.ends_with(b"\n")
}

//! A stored ledger in; an open one out, and what a crash left put right.
//!
//! A crash can leave one line behind the last that was signed for. If it is a
//! whole record, it is signed for; if not, it goes to the quarantine. All else
//! is a fault, also what would look like several crashes in a row: a writer
//! signs for each record before the next, so records that nobody signed for
//! are not this program's.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::path::Path;

use super::checkpoint::Checkpoint;
use super::fault::Fault;
use super::files::{Layout, Line, Segment, is_quarantined};
use super::note::{Note, Signer, VerifierKey};
use super::record::{Kind, Record};
use super::seal::{self, Seal};
use super::store::{self, End, Ledger, Quarantined, Recovery};
use super::tree::{Hash, Tree, leaf_hash};
use super::verify::MOST_BYTES;
use super::voucher;
use crate::fs::{self, Action, Failure};

/// See [`Ledger::open`].
pub(super) fn open(layout: Layout, signer: &dyn Signer) -> Result<(Ledger, Recovery), Fault> {
    let Found { keys, note, head, segments, stored } = examine(&layout, signer)?;
    // From here on the disk is changed.
    voucher::clear(&layout)?;
    let mut recovery = Recovery::default();
    if let Some((index, offset)) = stored.torn {
        set_aside(&layout, &segments, index, offset)?;
    }
    let mut end = stored.end;
    if end.records == 0 && end.segment > 0 {
        // The record that should have begun this file, that the one before is sealed, never
        // came to be.
        fs::remove_if_there(&layout.segment(end.segment))?;
        fs::sync_dir(&layout.records())?;
        end = stored.before;
    }
    let mut ledger = Ledger {
        layout,
        keys,
        tree: stored.tree,
        records: stored.records,
        end,
        head: note,
        is_broken: false,
    };
    if ledger.size() > head.size {
        adopt(&mut ledger, signer, &stored.last)?;
        recovery.adopted = Some(head.size);
    }
    // A crash may have come between a seal and what it makes superfluous.
    let first = usize::try_from(ledger.size() - ledger.end.records).unwrap_or(usize::MAX);
    let sealed = ledger.records.get(first).and_then(Seal::of);
    if let Some(seal) = sealed.filter(|seal| seal.segment + 1 == ledger.end.segment as u64) {
        seal::clear(&ledger.layout, &seal)?;
    }
    recovery.quarantined = unrecorded(&ledger.layout, &ledger.records)?;
    Ok((ledger, recovery))
}

/// What lies in the quarantine and no record tells of: a crash came between the one and the
/// other, or before there was a first record.
fn unrecorded(layout: &Layout, records: &[Record]) -> Result<Vec<Quarantined>, Fault> {
    let recoveries = records.iter().filter(|record| record.kind() == Some(Kind::Recovery));
    let told = recoveries.filter_map(|record| record.body.get("quarantined")?.as_array());
    let told: BTreeSet<&str> = told.flatten().filter_map(|file| file["file"].as_str()).collect();
    let is_told = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| told.contains(name))
    };
    let mut found = Vec::new();
    for path in fs::list(&layout.quarantine())?.into_iter().filter(|path| !is_told(path)) {
        let mut bytes = Vec::new();
        // What else lies there is for the check to tell.
        if !fs::read_own(&path, MOST_BYTES, &mut bytes)? {
            continue;
        }
        let sha256 = Hash::of(&bytes);
        if is_quarantined(&path, &sha256.to_hex()) {
            found.push(Quarantined { path, bytes: bytes.len() as u64, sha256 });
        }
    }
    Ok(found)
}

impl Ledger {
    /// As [`Ledger::open`], of a ledger that no crash left anything in: `None` if one did.
    /// Changes nothing.
    ///
    /// # Errors
    ///
    /// As [`Ledger::open`].
    pub fn open_settled(dir: &Path, signer: &dyn Signer) -> Result<Option<Self>, Fault> {
        let layout = Layout::new(dir);
        let Found { keys, note, head, stored, .. } = examine(&layout, signer)?;
        let Stored { tree, records, end, torn, .. } = stored;
        let is_begun = end.records == 0 && end.segment > 0;
        if torn.is_some() || is_begun || tree.size() != head.size || voucher::is_partial(&layout)? {
            return Ok(None);
        }
        if !unrecorded(&layout, &records)?.is_empty() {
            return Ok(None);
        }
        let first = usize::try_from(tree.size() - end.records).unwrap_or(usize::MAX);
        let sealed = records.get(first).and_then(Seal::of);
        if let Some(seal) = sealed.filter(|seal| seal.segment + 1 == end.segment as u64)
            && !seal::is_cleared(&layout, &seal)?
        {
            return Ok(None);
        }
        Ok(Some(Ledger { layout, keys, tree, records, end, head: note, is_broken: false }))
    }
}

/// See [`store::examine`].
pub(super) fn records(layout: &Layout, signer: &dyn Signer) -> Result<Vec<Record>, Fault> {
    Ok(examine(layout, signer)?.stored.records)
}

/// A ledger that may be opened.
struct Found {
    keys: [VerifierKey; 2],
    note: Vec<u8>,
    head: Checkpoint,
    segments: Vec<Segment>,
    stored: Stored,
}

/// Everything that speaks against opening a ledger. Changes nothing.
fn examine(layout: &Layout, signer: &dyn Signer) -> Result<Found, Fault> {
    let keys = VerifierKey::of(signer)?;
    if fs::read_regular(&layout.keys())? != store::keys_text(&keys).as_bytes() {
        return Err(Fault::OtherKeys { path: layout.keys() });
    }
    let (note, head) = read_head(layout, &keys)?;
    let has_next = has_checkpoint_beyond(layout, head.size)?;
    let (segments, foreign) = layout.segments()?;
    if let Some(path) = foreign {
        return Err(Fault::Foreign { path });
    }
    let stored = Stored::read(&segments, head.size)?;
    stored.compare(layout, &head, has_next)?;
    Ok(Found { keys, note, head, segments, stored })
}

/// Moves the bytes of a file of records from `offset` on to the quarantine.
pub(super) fn set_aside(
    layout: &Layout,
    segments: &[Segment],
    index: usize,
    offset: u64,
) -> Result<(), Fault> {
    let Segment { path, bytes } = &segments[index];
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let tail = bytes.get(start..).unwrap_or_default();
    let target = layout.quarantined(index, offset, tail);
    fs::create_dir(&layout.quarantine(), fs::SHARED_DIR)?;
    // The same bytes at the same place are there already if the crash came
    // between this step and the next.
    fs::write_durably(&target, tail, fs::SHARED_FILE)?;
    fs::kill_point("ledger-after-quarantine");
    let file =
        OpenOptions::new().write(true).open(path).map_err(Failure::of(Action::Open, path))?;
    file.set_len(offset).map_err(Failure::of(Action::Write, path))?;
    Ok(fs::sync(&file, path)?)
}

/// The records as they are stored, whatever is signed for, and the tree over them. A torn
/// line at the end is passed over.
pub(super) fn stored_records(layout: &Layout) -> Result<(Vec<Record>, Tree), Fault> {
    let (segments, foreign) = layout.segments()?;
    if let Some(path) = foreign {
        return Err(Fault::Foreign { path });
    }
    let stored = Stored::read(&segments, u64::MAX)?;
    Ok((stored.records, stored.tree))
}

/// The tree of the records as they are stored, with size and text of the newest checkpoint,
/// whoever signed it.
pub(super) fn tree(layout: &Layout) -> Result<(Tree, u64, String), Fault> {
    let (segments, foreign) = layout.segments()?;
    if let Some(path) = foreign {
        return Err(Fault::Foreign { path });
    }
    let path = layout.head();
    let unreadable = |source| Fault::Checkpoint { path: path.clone(), source };
    let note = fs::read_regular(&path)?;
    let text = Note::parse(&note).map_err(|rejected| unreadable(rejected.into()))?.text();
    let size = Checkpoint::parse(text).map_err(unreadable)?.size;
    let tree = Stored::read(&segments, size)?.tree;
    Ok((tree, size, String::from_utf8_lossy(&note).into_owned()))
}

/// Signs for the last record, which was stored and not signed for. It may
/// have been in the page cache only, so it is synced and read back as if it
/// had just been written.
fn adopt(ledger: &mut Ledger, signer: &dyn Signer, last: &Last) -> Result<(), Fault> {
    let path = ledger.layout.segment(last.segment);
    let file =
        OpenOptions::new().write(true).open(&path).map_err(Failure::of(Action::Open, &path))?;
    fs::sync(&file, &path)?;
    fs::sync_dir(&ledger.layout.records())?;
    store::read_back(&path, last.offset, &last.stored)?;
    ledger.head = store::publish(&ledger.layout, signer, &ledger.keys, &ledger.tree)?;
    Ok(())
}

fn read_head(layout: &Layout, keys: &[VerifierKey]) -> Result<(Vec<u8>, Checkpoint), Fault> {
    let path = layout.head();
    let note = fs::read_regular(&path)?;
    let head = Checkpoint::open(&note, keys)
        .map_err(|source| Fault::Checkpoint { path: path.clone(), source })?;
    // The tree of nothing has never been signed for.
    if Some(head.origin.as_str()) != keys.first().map(VerifierKey::name) || head.size == 0 {
        return Err(Fault::SplitView { path });
    }
    let kept = layout.checkpoint(head.size);
    if fs::read_regular(&kept)? != note {
        return Err(Fault::SplitView { path: kept });
    }
    Ok((note, head))
}

/// True if the next checkpoint is there: the head was not yet replaced. More
/// than that one means that an old head was put back.
fn has_checkpoint_beyond(layout: &Layout, size: u64) -> Result<bool, Fault> {
    let (sizes, _) = layout.checkpoint_sizes()?;
    match sizes.iter().find(|&&other| other > size + 1) {
        Some(&other) => Err(Fault::Ahead { path: layout.checkpoint(other), size }),
        None => Ok(sizes.contains(&(size + 1))),
    }
}

/// The last whole line, with its line feed.
#[derive(Default)]
struct Last {
    segment: usize,
    offset: u64,
    stored: Vec<u8>,
}

/// What the record files hold.
#[derive(Default)]
struct Stored {
    tree: Tree,
    records: Vec<Record>,
    end: End,
    /// The end of the file before.
    before: End,
    last: Last,
    /// File and position of the first bytes that are no record.
    torn: Option<(usize, u64)>,
}

impl Stored {
    /// Reads all lines. The first `signed` must be records; behind them, the
    /// first that is none ends the ledger.
    fn read(segments: &[Segment], signed: u64) -> Result<Self, Fault> {
        let mut stored = Self::default();
        for (index, segment) in segments.iter().enumerate() {
            if stored.torn.is_some() {
                return Err(Fault::Foreign { path: segment.path.clone() });
            }
            stored.before = stored.end;
            stored.end = End { segment: index, ..End::default() };
            for line in segment.lines() {
                match (line.is_whole, Record::parse(line.bytes)) {
                    (true, Ok(record)) => stored.push(segment, line, record)?,
                    (true, Err(source)) if stored.tree.size() < signed => {
                        return Err(Fault::Record {
                            path: segment.path.clone(),
                            offset: line.offset,
                            seq: stored.tree.size(),
                            source,
                        });
                    }
                    (true, Err(_)) | (false, _) => {
                        stored.torn = Some((index, line.offset));
                        break;
                    }
                }
            }
        }
        Ok(stored)
    }

    fn push(&mut self, segment: &Segment, line: Line<'_>, record: Record) -> Result<(), Fault> {
        let seq = self.tree.size();
        if record.seq != seq || record.prev != self.tree.leaves().last().copied() {
            return Err(Fault::Chain { path: segment.path.clone(), offset: line.offset, seq });
        }
        self.tree.push(leaf_hash(line.bytes));
        self.records.push(record);
        let stored = [line.bytes, b"\n"].concat();
        self.end.records += 1;
        self.end.bytes = line.offset + stored.len() as u64;
        self.last = Last { segment: self.end.segment, offset: line.offset, stored };
        Ok(())
    }

    fn compare(&self, layout: &Layout, head: &Checkpoint, has_next: bool) -> Result<(), Fault> {
        let (dir, found) = (layout.dir().to_owned(), self.tree.size());
        let expected = if has_next { head.size + 1 } else { head.size };
        if found < expected {
            return Err(Fault::Short { dir, found, expected });
        }
        let root = self.tree.root_at(head.size);
        if let Some(root) = root.filter(|&root| root != head.root) {
            let (size, expected) = (head.size, head.root);
            return Err(Fault::Root { dir, size, found: root, expected });
        }
        if found > head.size + 1 {
            return Err(Fault::Unsigned { dir, found: found - head.size });
        }
        Ok(())
    }
}

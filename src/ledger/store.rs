//! A directory and entries in; signed records out.
//!
//! ```text
//! write ─► fdatasync ─► read back, compare ─► sign ─► checkpoint ─► head
//! ```
//!
//! A crash leaves at most one line that is not signed for, whole or torn, and
//! the next [`Ledger::open`] signs for it or moves it aside. A failure that is
//! no crash leaves the same on the disk, and a value that refuses to go on.
//!
//! Not here: the lock against a second writer, which the caller holds.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::checkpoint::Checkpoint;
use super::fault::Fault;
use super::files::{Layout, SEGMENT_BYTES, SEGMENT_RECORDS};
use super::items;
use super::note::{self, Signer, VerifierKey};
use super::proof::ProofError;
use super::record::{Entry, Field, Kind, MAX_BYTES, Malformed, Record};
use super::recover;
use super::seal;
use super::tree::{self, Hash, Tree};
use crate::fs::{self, Action, Failure};

/// By how much a clock that goes wrong is put right without anybody having to know.
const PUT_RIGHT: SignedDuration = SignedDuration::from_mins(5);

/// An open ledger. All of its records are in memory: there are tens a night.
#[derive(Debug)]
pub struct Ledger {
    pub(super) layout: Layout,
    pub(super) keys: [VerifierKey; 2],
    pub(super) tree: Tree,
    pub(super) records: Vec<Record>,
    pub(super) end: End,
    pub(super) head: Vec<u8>,
    /// An append failed half-way: memory and disk may differ.
    pub(super) is_broken: bool,
}

/// Where the next line goes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct End {
    pub(super) segment: usize,
    pub(super) records: u64,
    pub(super) bytes: u64,
}

/// A record that is stored and signed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Its leaf index.
    pub seq: u64,
    /// Records in the ledger, this one included.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
}

/// What had to be put right when a ledger was opened. The caller records it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// A record that was stored and not yet signed for, which is done now: its leaf index.
    pub adopted: Option<u64>,
    /// Bytes of a line that was not wholly written, which are out of the way now, and what an
    /// earlier start moved there and did not come to record.
    pub quarantined: Vec<Quarantined>,
}

/// Bytes that were moved aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Where they are now.
    pub path: PathBuf,
    /// How many.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: Hash,
}

impl Recovery {
    /// True if there was nothing to put right.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        *self == Self::default()
    }
}

impl Ledger {
    /// Creates a ledger with its first record. Its origin is the signer's name.
    ///
    /// What a crash of an earlier call left is completed: an unsigned record
    /// goes to the quarantine; a signed one stays and is the first record, and
    /// `first` is not recorded a second time.
    ///
    /// # Errors
    ///
    /// [`Fault::Exists`] if there is a ledger; [`Fault::HeadMissing`] if there
    /// is one without its head; [`Fault::Key`] and those of [`Ledger::append`].
    pub fn create(dir: &Path, signer: &dyn Signer, first: &Entry<'_>) -> Result<Self, Fault> {
        let layout = Layout::new(dir);
        let keys = VerifierKey::of(signer)?;
        if fs::list(dir)?.contains(&layout.head()) {
            return Err(Fault::Exists { dir: dir.to_owned() });
        }
        let (sizes, _) = layout.checkpoint_sizes()?;
        if !sizes.is_empty() {
            return Self::complete(&layout, signer, &keys, &sizes);
        }
        for part in [dir, &layout.records(), &layout.checkpoints(), &layout.quarantine()] {
            fs::create_dir(part, fs::SHARED_DIR)?;
        }
        let (segments, foreign) = layout.segments()?;
        if let Some(path) = foreign {
            return Err(Fault::Foreign { path });
        }
        for index in 0..segments.len() {
            recover::set_aside(&layout, &segments, index, 0)?;
        }
        fs::write_durably(&layout.keys(), keys_text(&keys).as_bytes(), fs::SHARED_FILE)?;
        let mut ledger = Self {
            layout,
            keys,
            tree: Tree::default(),
            records: Vec::new(),
            end: End::default(),
            head: Vec::new(),
            is_broken: false,
        };
        ledger.append(signer, first)?;
        Ok(ledger)
    }

    /// Gives a ledger its head that got its first checkpoint and no further.
    fn complete(
        layout: &Layout,
        signer: &dyn Signer,
        keys: &[VerifierKey],
        sizes: &[u64],
    ) -> Result<Self, Fault> {
        let missing = || Fault::HeadMissing { dir: layout.dir().to_owned() };
        if sizes != [1] {
            return Err(missing());
        }
        let path = layout.checkpoint(1);
        let note = fs::read_regular(&path)?;
        Checkpoint::open(&note, keys).map_err(|source| Fault::Checkpoint { path, source })?;
        fs::write_durably(&layout.head(), &note, fs::SHARED_FILE)?;
        let (ledger, recovery) = Self::open(layout.dir(), signer)?;
        if recovery.is_clean() { Ok(ledger) } else { Err(missing()) }
    }

    /// Opens a ledger: checks its head, hashes every record anew, and puts
    /// right what a crash can have left. Reads the whole ledger once.
    ///
    /// # Errors
    ///
    /// [`Fault`] if anything is missing, changed, or not signed for by this
    /// signer, except for one last line. Nothing is changed then.
    pub fn open(dir: &Path, signer: &dyn Signer) -> Result<(Self, Recovery), Fault> {
        recover::open(Layout::new(dir), signer)
    }

    /// Appends a record, and signs for the ledger with it. If its file is full, or of another
    /// month, it is sealed first, which is a record of its own.
    ///
    /// # Errors
    ///
    /// [`Fault::Entry`], [`Fault::Items`], [`Fault::Clock`] and [`Fault::OtherKeys`] leave
    /// everything as it was.
    /// After any other, the record may or may not be stored; this value then
    /// answers [`Fault::Broken`], and [`Ledger::open`] finds out.
    pub fn append(&mut self, signer: &dyn Signer, entry: &Entry<'_>) -> Result<Appended, Fault> {
        if self.is_broken {
            return Err(Fault::Broken);
        }
        if VerifierKey::of(signer)? != self.keys {
            return Err(Fault::OtherKeys { path: self.layout.keys() });
        }
        let time = self.time_of(entry)?;
        let entry = &Entry { time: &time, ..*entry };
        // Before anything is written: what cannot be recorded changes nothing.
        self.line(entry)?;
        if self.is_full(&time) {
            self.seal(signer, entry)?;
        }
        self.add(signer, entry)
    }

    /// The line of an entry as the next record, without its line feed.
    fn line(&self, entry: &Entry<'_>) -> Result<(Vec<u8>, Record), Fault> {
        let prev = self.tree.leaves().last().copied();
        let (line, record) = entry.line(self.size(), prev).map_err(Fault::Entry)?;
        items::check(entry.kind, &record.body).map_err(Fault::Items)?;
        Ok((line, record))
    }

    /// When an entry happened, and never before the newest record: a clock that was put
    /// right by some minutes is no reason to stop.
    fn time_of(&self, entry: &Entry<'_>) -> Result<String, Fault> {
        let Some(newest) = self.records.last().filter(|newest| *entry.time < *newest.time) else {
            return Ok(entry.time.to_owned());
        };
        let moments = newest.time.parse::<Timestamp>().ok().zip(entry.time.parse().ok());
        match moments {
            Some((newest_at, at)) if newest_at.duration_since(at) <= PUT_RIGHT => {
                Ok(newest.time.clone())
            }
            Some(_) => {
                let found = entry.time.to_owned();
                Err(Fault::Clock { found, newest: newest.time.clone() })
            }
            None => Err(Fault::Entry(Malformed::Field(Field::Time))),
        }
    }

    /// True if a record of this time belongs into the next file.
    fn is_full(&self, time: &str) -> bool {
        let first = usize::try_from(self.size() - self.end.records).unwrap_or(usize::MAX);
        let Some(first) = self.records.get(first) else { return false };
        self.end.records >= SEGMENT_RECORDS
            || self.end.bytes + MAX_BYTES as u64 >= SEGMENT_BYTES
            || month(time) != month(&first.time)
    }

    /// Seals the file of records and begins the next one.
    fn seal(&mut self, signer: &dyn Signer, entry: &Entry<'_>) -> Result<(), Fault> {
        self.is_broken = true;
        let first = self.size() - self.end.records;
        let seal = seal::seal(&self.layout, &self.keys, &self.tree, self.end.segment, first)?;
        self.end = End { segment: self.end.segment + 1, ..End::default() };
        let body = seal.body();
        let told = Entry { kind: Kind::SegmentSealed, run: None, body: &body, ..*entry };
        self.add(signer, &told)?;
        self.is_broken = true;
        seal::clear(&self.layout, &seal)?;
        self.is_broken = false;
        Ok(())
    }

    fn add(&mut self, signer: &dyn Signer, entry: &Entry<'_>) -> Result<Appended, Fault> {
        let (mut line, record) = self.line(entry)?;
        line.push(b'\n');
        self.is_broken = true;
        let appended = self.store(signer, &line, record)?;
        self.is_broken = false;
        Ok(appended)
    }

    fn store(
        &mut self,
        signer: &dyn Signer,
        stored: &[u8],
        record: Record,
    ) -> Result<Appended, Fault> {
        let (end, length) = (self.end, stored.len() as u64);
        let path = self.layout.segment(end.segment);
        fs::kill_point("ledger-before-write");
        write_line(&path, end.bytes, stored)?;
        if end.bytes == 0 {
            fs::sync_dir(&self.layout.records())?;
        }
        fs::kill_point("ledger-after-sync");
        let leaf = read_back(&path, end.bytes, stored)?;
        fs::kill_point("ledger-after-readback");

        self.tree.push(leaf);
        self.head = publish(&self.layout, signer, &self.keys, &self.tree)?;
        self.records.push(record);
        self.end = End { records: end.records + 1, bytes: end.bytes + length, ..end };
        Ok(Appended { seq: self.size() - 1, size: self.size(), root: self.root() })
    }

    /// The records, in order.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Number of records.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Root over all records.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.tree.root()
    }

    /// Root over the first so many records, if there are as many.
    #[must_use]
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        self.tree.root_at(size)
    }

    /// Which ledger this is: the name that its keys sign under.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.keys[0].name()
    }

    /// The two public keys, Ed25519 first. Whoever is to check this ledger
    /// gets a copy of them some other way.
    #[must_use]
    pub fn keys(&self) -> &[VerifierKey; 2] {
        &self.keys
    }

    /// The newest checkpoint with its signatures, as stored: UTF-8 text.
    #[must_use]
    pub fn checkpoint(&self) -> &[u8] {
        &self.head
    }

    /// Leaf hash of a record.
    #[must_use]
    pub fn leaf(&self, seq: u64) -> Option<Hash> {
        self.tree.leaves().get(usize::try_from(seq).ok()?).copied()
    }

    /// Shows that the newest checkpoint covers a record.
    ///
    /// # Errors
    ///
    /// [`ProofError::Index`] if there is no such record.
    pub fn prove_inclusion(&self, seq: u64) -> Result<Vec<Hash>, ProofError> {
        self.tree.prove_inclusion(seq, self.size())
    }

    /// Shows that the newest checkpoint continues an older one.
    ///
    /// # Errors
    ///
    /// As [`Tree::prove_consistency`].
    pub fn prove_consistency(&self, old_size: u64) -> Result<Vec<Hash>, ProofError> {
        self.tree.prove_consistency(old_size, self.size())
    }
}

/// Year and month of a record's time, in UTC.
pub(super) fn month(time: &str) -> &str {
    time.get(..7).unwrap_or(time)
}

/// Reads the records of a ledger that could be opened, and changes nothing: a
/// line that a crash left stays as it is.
///
/// # Errors
///
/// As [`Ledger::open`].
pub fn examine(dir: &Path, signer: &dyn Signer) -> Result<Vec<Record>, Fault> {
    recover::records(&Layout::new(dir), signer)
}

/// Reads the records of a ledger without its keys and without checking a
/// signature: for showing them, and for nothing that trusts them.
///
/// # Errors
///
/// If a record cannot be read or does not follow the one before it.
pub fn read(dir: &Path) -> Result<Vec<Record>, Fault> {
    Ok(recover::stored_records(&Layout::new(dir))?.0)
}

/// Signs for a tree, keeps the checkpoint, and makes it the head. Gives the
/// note.
///
/// A checkpoint that is there already is one that a crash kept from becoming
/// the head. It stays as it is, byte for byte: two notes for one size would
/// have to be explained.
pub(super) fn publish(
    layout: &Layout,
    signer: &dyn Signer,
    keys: &[VerifierKey; 2],
    tree: &Tree,
) -> Result<Vec<u8>, Fault> {
    let origin = keys[0].name().to_owned();
    let checkpoint = Checkpoint { origin, size: tree.size(), root: tree.root() };
    let path = layout.checkpoint(checkpoint.size);
    let note = match fs::read_regular(&path) {
        Ok(note) => {
            match Checkpoint::open(&note, keys) {
                Ok(stored) if stored == checkpoint => fs::sync_dir(&layout.checkpoints())?,
                Ok(_) => return Err(Fault::SplitView { path }),
                Err(source) => return Err(Fault::Checkpoint { path, source }),
            }
            note
        }
        Err(failure) if failure.is_not_found() => {
            let note =
                note::sign(&checkpoint.to_string(), signer, keys).map_err(Fault::Signature)?;
            fs::kill_point("ledger-after-sign");
            fs::write_new_durably(&path, &note, fs::SHARED_FILE)?;
            note
        }
        Err(failure) => return Err(failure.into()),
    };
    fs::kill_point("ledger-after-checkpoint");
    fs::write_durably(&layout.head(), &note, fs::SHARED_FILE)?;
    fs::kill_point("ledger-after-head");
    Ok(note)
}

/// Writes at a known place, not wherever the file ends: if somebody else has
/// written there, this must be an error and not a longer file.
fn write_line(path: &Path, offset: u64, stored: &[u8]) -> Result<(), Fault> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(fs::SHARED_FILE)
        .open(path)
        .map_err(Failure::of(Action::Open, path))?;
    let found = file.metadata().map_err(Failure::of(Action::Inspect, path))?.len();
    if found != offset {
        return Err(Fault::Length { path: path.to_owned(), found, expected: offset });
    }
    file.write_all_at(stored, offset).map_err(Failure::of(Action::Write, path))?;
    fs::kill_point("ledger-after-write");
    file.sync_data().map_err(Failure::of(Action::Sync, path))?;
    Ok(())
}

/// Reads a stored line through a file handle of its own, and hashes what came
/// back.
pub(super) fn read_back(path: &Path, offset: u64, stored: &[u8]) -> Result<Hash, Fault> {
    let file = File::open(path).map_err(Failure::of(Action::Open, path))?;
    // Asks for the bytes of the disk and not those of the page cache. Where a
    // file system does not follow, the comparison is weaker, not wrong.
    let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
    let mut bytes = vec![0; stored.len()];
    file.read_exact_at(&mut bytes, offset).map_err(Failure::of(Action::Read, path))?;
    match bytes.strip_suffix(b"\n") {
        Some(line) if bytes == stored => Ok(tree::leaf_hash(line)),
        _ => Err(Fault::ReadBack { path: path.to_owned(), offset }),
    }
}

/// The file of public keys: one per line.
pub(super) fn keys_text(keys: &[VerifierKey]) -> String {
    keys.iter().flat_map(|key| [key.to_string(), "\n".to_owned()]).collect()
}

//! A table that is no text in; the same table as CSV text out.
//!
//! ```text
//! Parquet, workbook ─► a thread that reads it ─► Sink: rows ─► blocks ─► Text
//! ```
//!
//! What comes out is a table as RFC 4180 has it: UTF-8, the names of the columns
//! first, empty for what is null. So everything behind it, from the cut of
//! records to rejects and counts, is that of every other table. Columns that
//! nobody wants are there by name and hold nothing.
//!
//! The libraries that read such files lend from what they have open, and some of
//! them stop at damage by a panic. On a thread of its own both do no harm: a
//! panic is a file that cannot be read.
//!
//! Source: RFC 4180.
//!
//! Not here: cutting the text into chunks (`reading`), what a value means.

mod cell;
mod columnar;
mod fault;
mod package;
mod sink;
mod workbook;

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

use sha2::{Digest as _, Sha256};

use crate::fs;

use super::{Error, Input, Seen};
pub use fault::Fault;
use sink::{Sink, Stop};

/// Threads that read tables have this name. What a panic says there may be data:
/// whoever reports panics leaves it out.
pub const THREAD: &str = "table";

/// How much text a table may give whatever its stored size, before
/// [`super::EXPANSION_RATIO`] applies: columns of equal values take no room at all.
pub const TEXT_FREE_BYTES: u64 = 1 << 30;

/// Blocks that wait to be taken.
const BLOCKS: usize = 2;

/// What holds a table that is no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Medium {
    /// A file of Apache Parquet.
    Parquet,
    /// A sheet of a workbook, `.xlsx`.
    Workbook(Sheet),
}

/// Where in a workbook a table stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// The name of the sheet; the first that is not hidden if absent.
    pub name: Option<String>,
    /// The row with the names of the columns, from 1; the first with something in
    /// it if absent.
    pub header_row: Option<u32>,
}

/// A table that is no text, and what is wanted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What holds it.
    pub medium: Medium,
    /// The columns that are read. A wanted one that is no text, number, time or
    /// truth value is a fault. If absent, all that can be read are.
    pub wanted: Option<Vec<String>>,
}

impl Table {
    /// Whether a column is read, and whether it must be possible to.
    fn wants(&self, name: &str) -> Wanted {
        match &self.wanted {
            None => Wanted::IfPossible,
            Some(names) if names.iter().any(|wanted| wanted == name) => Wanted::Yes,
            Some(_) => Wanted::No,
        }
    }
}

/// Whether a column is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Yes,
    IfPossible,
    No,
}

/// What the first bytes of a file say that it is; `None` for text.
///
/// # Errors
///
/// If it cannot be opened or read.
pub fn medium(file: &Input) -> Result<Option<Medium>, Error> {
    let (mut opened, _) = file.open()?;
    let mut start = Vec::new();
    let failed = fs::Failure::of(fs::Action::Read, file.path());
    opened.by_ref().take(4).read_to_end(&mut start).map_err(failed)?;
    Ok(match start.as_slice() {
        b"PAR1" => Some(Medium::Parquet),
        b"PK\x03\x04" => Some(Medium::Workbook(Sheet::default())),
        _ => None,
    })
}

/// The text of a table.
pub(super) struct Text {
    input: Input,
    /// The file, for its digest, as it was when it was opened.
    file: File,
    state: State,
    blocks: Option<Receiver<Vec<u8>>>,
    block: Vec<u8>,
    at: usize,
    reader: Option<JoinHandle<Result<(), Stop>>>,
}

/// What tells whether a file was written to.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl State {
    fn of(file: &File) -> io::Result<State> {
        let found = file.metadata()?;
        Ok(State {
            bytes: found.len(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        })
    }
}

impl Text {
    /// Begins to read a table. `is_head` if the names of its columns are all that
    /// is wanted.
    pub(super) fn open(input: &Input, table: &Arc<Table>, is_head: bool) -> Result<Text, Error> {
        let (file, _) = input.open()?;
        let inspected = || fs::Failure::of(fs::Action::Inspect, input.path());
        let state = State::of(&file).map_err(inspected())?;
        let own = file.try_clone().map_err(fs::Failure::of(fs::Action::Open, input.path()))?;
        let (sender, blocks) = sync_channel(BLOCKS);
        let table = Arc::clone(table);
        let work = move || {
            let mut sink = Sink::new(sender, is_head);
            match &table.medium {
                Medium::Parquet => columnar::read(own, &table, &mut sink)?,
                Medium::Workbook(sheet) => workbook::read(own, sheet, &table, &mut sink)?,
            }
            sink.end()
        };
        let started = thread::Builder::new().name(THREAD.to_owned()).spawn(work);
        let reader = started.map_err(fs::Failure::of(fs::Action::Read, input.path()))?;
        let (blocks, reader) = (Some(blocks), Some(reader));
        let (input, block) = (input.clone(), Vec::new());
        Ok(Text { input, file, state, blocks, block, at: 0, reader })
    }

    /// Its length on the disk.
    pub(super) fn stored(&self) -> u64 {
        self.state.bytes
    }

    /// Where it is.
    pub(super) fn input(&self) -> &Input {
        &self.input
    }

    /// The next bytes; none at the end.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        if self.at == self.block.len() {
            let Some(blocks) = &self.blocks else { return Ok(0) };
            let Ok(block) = blocks.recv() else {
                self.blocks = None;
                self.ended()?;
                return Ok(0);
            };
            (self.block, self.at) = (block, 0);
        }
        let read = buffer.len().min(self.block.len() - self.at);
        buffer[..read].copy_from_slice(&self.block[self.at..self.at + read]);
        self.at += read;
        Ok(read)
    }

    /// Whether the reader came to its end.
    fn ended(&mut self) -> Result<(), Error> {
        let ended = self.reader.take().map_or(Ok(Ok(())), JoinHandle::join);
        let fault = match ended {
            Ok(Ok(()) | Err(Stop::Enough)) => return Ok(()),
            Ok(Err(Stop::Fault(fault))) => fault,
            // Of a panic nothing is told: it may say what was read.
            Err(_) => Fault::Damaged { place: "where the reader gave up".to_owned() },
        };
        // What is damaged may be what was written in the meantime.
        self.unchanged()?;
        Err(Error::Table { path: self.input.path().to_owned(), fault })
    }

    /// Refuses a file that was written to since it was opened.
    fn unchanged(&self) -> Result<(), Error> {
        let failed = fs::Failure::of(fs::Action::Inspect, self.input.path());
        if State::of(&self.file).map_err(failed)? == self.state {
            return Ok(());
        }
        Err(Error::Changed { path: self.input.path().to_owned() })
    }

    /// The digest of the file, once [`Text::read`] has come to the end.
    pub(super) fn finish(mut self) -> Result<Seen, Error> {
        let failed = || fs::Failure::of(fs::Action::Read, self.input.path());
        let mut digest = Sha256::new();
        let mut piece = vec![0; super::LINE_BYTES];
        self.file.rewind().map_err(failed())?;
        loop {
            match self.file.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => digest.update(&piece[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed()(error).into()),
            }
        }
        self.unchanged()?;
        let sha256 = digest.finalize().into();
        Ok(Seen { path: self.input.path().to_owned(), sha256, bytes: self.state.bytes })
    }
}

impl Drop for Text {
    /// Waits for the reader: it has the file open.
    fn drop(&mut self) {
        self.blocks = None;
        if let Some(reader) = self.reader.take() {
            // Its fault, if it had one, is nobody's concern any more.
            let _ = reader.join();
        }
    }
}

//! A table that is no text in; the same table as CSV text out.
//!
//! ```text
//! Parquet, workbook, query ─► a thread that reads it ─► Sink: rows ─► blocks ─► Text
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
mod database;
mod fault;
mod mariadb;
mod package;
mod postgresql;
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
pub use database::{Address, Engine, Query, Unfit};
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
    /// The rows of a query.
    Query(Query),
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

/// Whether a column of this name is read that nobody wants.
#[derive(Debug, Clone, Copy)]
pub struct Also(pub fn(&str) -> bool);

impl PartialEq for Also {
    fn eq(&self, other: &Also) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }
}

impl Eq for Also {}

/// A table that is no text, and what is wanted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What holds it.
    pub medium: Medium,
    /// The columns that are read. A wanted one that is no text, number, time or
    /// truth value is a fault. If absent, all that can be read are.
    pub wanted: Option<Vec<String>>,
    /// Columns that are read besides, if that is possible.
    pub also: Option<Also>,
    /// Whom a query is put to. Without it there is nobody.
    pub address: Option<Address>,
}

impl Table {
    pub(super) fn is_query(&self) -> bool {
        matches!(self.medium, Medium::Query(_))
    }

    /// Whether a column is read, and whether it must be possible to.
    fn wants(&self, name: &str) -> Wanted {
        match &self.wanted {
            None => Wanted::IfPossible,
            Some(names) if names.iter().any(|wanted| wanted == name) => Wanted::Yes,
            Some(_) if self.also.is_some_and(|Also(is_read)| is_read(name)) => Wanted::IfPossible,
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
    origin: Origin,
    blocks: Option<Receiver<Vec<u8>>>,
    block: Vec<u8>,
    at: usize,
    reader: Option<JoinHandle<Result<(), Stop>>>,
}

/// Where the rows come from.
enum Origin {
    /// The file, for its digest, as it was when it was opened.
    File(File, State),
    /// The digest of the text so far, and its length.
    Query(Sha256, u64),
}

/// What tells whether a file was written to. A new name tells the same.
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
        let (origin, file) = match &table.medium {
            Medium::Query(_) => (Origin::Query(Sha256::new(), 0), None),
            Medium::Parquet | Medium::Workbook(_) => {
                let (file, _) = input.open()?;
                let failed = |action| fs::Failure::of(action, input.path());
                let state = State::of(&file).map_err(failed(fs::Action::Inspect))?;
                let own = file.try_clone().map_err(failed(fs::Action::Open))?;
                (Origin::File(file, state), Some(own))
            }
        };
        let (sender, blocks) = sync_channel(BLOCKS);
        let table = Arc::clone(table);
        let work = move || read(&table, file, Sink::new(sender, is_head));
        let started = thread::Builder::new().name(THREAD.to_owned()).spawn(work);
        let reader = started.map_err(fs::Failure::of(fs::Action::Read, input.path()))?;
        let (blocks, reader) = (Some(blocks), Some(reader));
        let (input, block) = (input.clone(), Vec::new());
        Ok(Text { input, origin, blocks, block, at: 0, reader })
    }

    /// The length of a file on the disk.
    pub(super) fn stored(&self) -> Option<u64> {
        match &self.origin {
            Origin::File(_, state) => Some(state.bytes),
            Origin::Query(..) => None,
        }
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
        if let Origin::Query(digest, bytes) = &mut self.origin {
            digest.update(&buffer[..read]);
            *bytes += read as u64;
        }
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
        let Origin::File(file, state) = &self.origin else { return Ok(()) };
        let failed = fs::Failure::of(fs::Action::Inspect, self.input.path());
        if State::of(file).map_err(failed)? == *state {
            return Ok(());
        }
        Err(Error::Changed { path: self.input.path().to_owned() })
    }

    /// The digest of the file, or of the text of a query, once [`Text::read`] has
    /// come to the end.
    pub(super) fn finish(mut self) -> Result<Seen, Error> {
        let path = self.input.path().to_owned();
        let (sha256, bytes) = match &mut self.origin {
            Origin::Query(digest, bytes) => (digest.finalize_reset(), *bytes),
            Origin::File(file, state) => {
                let failed = fs::Failure::of(fs::Action::Read, &path);
                (sha256(file).map_err(failed)?, state.bytes)
            }
        };
        self.unchanged()?;
        Ok(Seen { path, sha256: sha256.into(), bytes })
    }
}

/// Puts a query only to digest its rows.
pub(super) fn digest(input: &Input, table: &Arc<Table>) -> Result<Seen, Error> {
    let mut text = Text::open(input, table, false)?;
    let mut piece = vec![0; super::LINE_BYTES];
    while text.read(&mut piece)? > 0 {}
    text.finish()
}

/// Reads a table to its end.
fn read(table: &Table, file: Option<File>, mut sink: Sink) -> Result<(), Stop> {
    match (&table.medium, file, &table.address) {
        (Medium::Parquet, Some(file), _) => columnar::read(file, table, &mut sink)?,
        (Medium::Workbook(sheet), Some(file), _) => {
            workbook::read(file, sheet, table, &mut sink)?;
        }
        (Medium::Query(Query { engine, text }), _, Some(address)) => match engine {
            Engine::PostgreSql => postgresql::read(address, text, table, &mut sink)?,
            Engine::MySql => mariadb::read(address, text, table, &mut sink)?,
        },
        // `Text::open` has opened every file.
        (Medium::Query(_) | Medium::Parquet | Medium::Workbook(_), ..) => {
            return Err(Fault::Connection { code: None }.into());
        }
    }
    sink.end()
}

/// The digest of a whole file, wherever it was read to.
fn sha256(file: &mut File) -> io::Result<sha2::digest::Output<Sha256>> {
    let mut digest = Sha256::new();
    let mut piece = vec![0; super::LINE_BYTES];
    file.rewind()?;
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(digest.finalize()),
            Ok(read) => digest.update(&piece[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
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

//! Files in; chunks of whole lines and the digest of each file out.
//!
//! ```text
//! pattern ─► resolve ─► inputs ─► open ─► Reader ─► Chunk, Chunk, …
//!                                            └────► Seen: path, SHA-256, bytes
//! ```
//!
//! Where a chunk ends depends on the decompressed bytes and the chunk size
//! alone: not on the sizes of reads, on how the file is stored, on threads.
//! Memory is one chunk, what the reader was given back, what is due to be
//! digested, and what a decoder needs.
//!
//! Logs are written and rotated while they are read. Each line that was there
//! when its file was opened is read once, or the run is refused: see [`Input`].
//!
//! Not here: what a line says (`parse`), which thread does what (`pipeline`).

mod compression;
mod digest;
mod error;
mod head;
mod input;
mod pattern;
mod reading;
mod records;
mod resolve;
mod stored;
mod table;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::path::PathBuf;

use arrow::buffer::Buffer;

pub use compression::{Compression, XZ_MEMORY_BYTES, ZSTD_WINDOW_LOG};
pub use digest::Digest;
pub use error::Error;
pub use input::{Input, Kind};
pub use records::{Cut, LINE_BYTES};
pub use resolve::resolve;
pub use stored::{DECOMPRESSED_BYTES, EXPANSION_FREE_BYTES, EXPANSION_RATIO};
pub use table::{
    Address, Also, Engine, Fault, Medium, Query, Sheet, TEXT_FREE_BYTES, THREAD, Table, Unfit,
    medium,
};

use reading::Reading;
use stored::{Stored, Stream};

/// The usual size of a chunk: large enough that work per chunk does not show,
/// small enough that one per thread stays in the cache.
pub const CHUNK_BYTES: usize = 512 << 10;

/// Offsets within a chunk are 32-bit, and a chunk may hold [`LINE_BYTES`] more
/// than it was asked to.
const MOST_CHUNK_BYTES: usize = 1 << 30;

/// Buffers that are kept for the next chunks: those that are due to be
/// digested, which would be there anyway, and as many as a machine of usual size
/// has threads.
const MOST_USED: usize = digest::MOST_DUE + 32;

/// A piece of one input file: whole lines, the last one with or without its
/// line ending. Chunks of a file follow each other without a gap.
///
/// Holds raw lines, so there is no `Debug`.
#[derive(Clone)]
pub struct Chunk {
    /// Index of the file in the order in which the source reads its files.
    pub file: usize,
    /// True for the first chunk of its file.
    pub is_first: bool,
    /// The bytes, shared with the columns that are cut from them.
    pub bytes: Buffer,
    /// What holds for the chunk and stands before it. For [`Cut::Records`] the
    /// first record of the file with its LF: the names of the columns; empty if
    /// it is longer than [`LINE_BYTES`]. For [`Cut::Directives`] those before
    /// the chunk, the last of each name. For [`Cut::Headed`] the last line before
    /// the chunk that names columns. Empty for all others.
    pub head: Buffer,
    /// `Some` if the chunk is one single line that is longer than
    /// [`LINE_BYTES`] and fits into no chunk: the length of the line without
    /// its LF. `bytes` are its first [`LINE_BYTES`] then; the rest is dropped
    /// unread.
    pub overlong: Option<u64>,
}

/// What was read of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The file, as it was given.
    pub path: PathBuf,
    /// SHA-256 of the file as it lies on the disk: of a compressed file, its
    /// compressed bytes; of a query, the text that its rows become. Of one that was written to while it was read: of what
    /// was read.
    pub sha256: [u8; 32],
    /// How many bytes that are.
    pub bytes: u64,
}

/// Starts to read files, in the order given: those that were found, or paths
/// to whatever is there when they are opened. The first file is opened by the
/// first [`Reader::next`].
///
/// A file that is not compressed is read up to the length that it has then. If
/// more is written to it before that is reached, its last line may be half a
/// line, so what stands behind the last LF is left for the next run.
///
/// `chunk_bytes` is usually [`CHUNK_BYTES`] and at most 1 GiB: a chunk holds
/// that many bytes or fewer, and more only for a line that does not fit.
#[must_use]
pub fn open<F: Clone + Into<Input>>(files: &[F], cut: Cut, chunk_bytes: usize) -> Reader {
    Reader {
        files: files.iter().cloned().map(Into::into).collect(),
        most_bytes: DECOMPRESSED_BYTES,
        cut,
        chunk_bytes: chunk_bytes.clamp(1, MOST_CHUNK_BYTES),
        current: None,
        at: 0,
        digest: Digest::default(),
        seen: Vec::with_capacity(files.len()),
        used: VecDeque::new(),
    }
}

/// Reads files one after the other. See [`open`].
pub struct Reader {
    files: Vec<Input>,
    most_bytes: u64,
    cut: Cut,
    chunk_bytes: usize,
    current: Option<Reading>,
    at: usize,
    digest: Digest,
    seen: Vec<Seen>,
    used: VecDeque<Buffer>,
}

impl Reader {
    /// Refuses files that decompress to more than this, in place of
    /// [`DECOMPRESSED_BYTES`].
    #[must_use]
    pub fn at_most(mut self, bytes: u64) -> Reader {
        self.most_bytes = bytes;
        self
    }

    /// The next chunk, `None` after the last file.
    ///
    /// Not an `Iterator`: chunks are given back with [`Reader::recycle`]
    /// while more are read.
    ///
    /// # Errors
    ///
    /// - [`Error::File`]: the current file cannot be opened or read.
    /// - [`Error::Special`]: it is no regular file.
    /// - [`Error::Replaced`], [`Error::Shrunk`]: it is not the one that was found,
    ///   or has lost bytes.
    /// - [`Error::Empty`], [`Error::Damaged`]: no compressed file that is whole.
    /// - [`Error::Expands`], [`Error::TooLarge`]: decompresses beyond
    ///   [`EXPANSION_RATIO`] or [`DECOMPRESSED_BYTES`].
    /// - [`Error::Table`], [`Error::Changed`]: a table that is no text cannot be
    ///   read, or was written to.
    ///
    /// Chunks of the file may have been given before, and it has no [`Seen`].
    /// The reader gives nothing more then.
    #[expect(clippy::should_implement_trait, reason = "it lends nothing, yet takes buffers back")]
    pub fn next(&mut self) -> Result<Option<Chunk>, Error> {
        let chunk = self.advance();
        if chunk.is_err() {
            self.current = None;
            self.at = self.files.len();
        }
        chunk
    }

    /// What was read of the files that are read to their end, in order.
    #[must_use]
    pub fn seen(&self) -> &[Seen] {
        &self.seen
    }

    /// What is due to be digested of the files that are not compressed. Nobody
    /// has to see to it: [`Reader::next`] does at the end of a file.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Takes the memory of a chunk for one of the next, once nothing else holds
    /// it any more, nor [`Digest`]: the first touch of fresh memory costs more
    /// than parsing.
    pub fn recycle(&mut self, chunk: Chunk) {
        if self.used.len() < MOST_USED {
            self.used.push_back(chunk.bytes);
        }
    }

    /// The memory of a chunk that nobody holds any more, mostly of the one that
    /// was used longest ago.
    fn free(&mut self) -> Vec<u8> {
        for _ in 0..self.used.len() {
            match self.used.pop_front().map(Buffer::into_vec) {
                Some(Ok(free)) => return free,
                Some(Err(held)) => self.used.push_back(held),
                None => {}
            }
        }
        Vec::new()
    }

    fn advance(&mut self) -> Result<Option<Chunk>, Error> {
        let mut buffer = self.free();
        while let Some(file) = self.files.get(self.at) {
            let mut reading = match self.current.take() {
                Some(reading) => reading,
                None => Reading::open(file, self.most_bytes, self.digest.clone())?,
            };
            let buffer = std::mem::take(&mut buffer);
            if let Some(mut chunk) = reading.chunk(self.cut, self.chunk_bytes, buffer)? {
                chunk.file = self.at;
                self.current = Some(reading);
                return Ok(Some(chunk));
            }
            self.seen.push(reading.stream.finish(&self.digest)?);
            self.at += 1;
        }
        Ok(None)
    }
}

/// Reads a file only to digest it, as what it is on the disk; of a query, the text
/// that its rows become.
///
/// # Errors
///
/// If it cannot be opened or read, is not the file that was found, or became
/// shorter. A damaged compressed file is not noticed: it is not decompressed.
pub fn digest(file: &Input) -> Result<Seen, Error> {
    match file.table() {
        Some(table) if table.is_query() => table::digest(file, table),
        _ => Stored::open(file)?.finish(),
    }
}

/// What holds behind a record or a chunk, if that says something else of the
/// columns than `head`, which holds before it. See [`Chunk::head`].
#[must_use]
pub fn behind(bytes: &[u8], cut: Cut, head: &[u8]) -> Option<Buffer> {
    head::behind(bytes, cut, head)
}

/// What a file says of its columns before its first row, decompressed: the
/// first record of a table with its LF; the directives at the start of a log
/// that has such. Empty if the file is, or if that is longer than
/// [`LINE_BYTES`].
///
/// # Errors
///
/// As [`Reader::next`], as far as the beginning of the file shows it.
pub fn head(file: &Input, cut: Cut) -> Result<Buffer, Error> {
    let mut bytes = vec![0; LINE_BYTES + 1];
    let filled = Stream::head(file)?.fill(&mut bytes)?;
    Ok(head::at_start(&bytes[..filled], cut))
}

//! Files in; chunks of whole lines and the digest of each file out.
//!
//! ```text
//! pattern ─► resolve ─► files ─► open ─► Reader ─► Chunk, Chunk, …
//!                                           └────► Seen: path, SHA-256, bytes
//! ```
//!
//! Where a chunk ends depends on the decompressed bytes and the chunk size
//! alone: not on the sizes of reads, on how the file is stored, on threads.
//! Memory is one chunk, what the reader was given back, and what is due to be
//! digested.
//!
//! Not here: what a line says (`parse`), which thread does what (`pipeline`).

mod digest;
mod error;
mod records;
mod resolve;
mod stored;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use arrow::buffer::Buffer;

pub use digest::Digest;
pub use error::Error;
pub use records::{Cut, LINE_BYTES};
pub use resolve::resolve;
pub use stored::{Compression, EXPANSION_FREE_BYTES, EXPANSION_RATIO, ZSTD_WINDOW_LOG};

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
    /// compressed bytes.
    pub sha256: [u8; 32],
    /// Length of the file as it lies on the disk.
    pub bytes: u64,
}

/// Starts to read files, in the order given. The first file is opened by the
/// first [`Reader::next`].
///
/// `chunk_bytes` is usually [`CHUNK_BYTES`] and at most 1 GiB: a chunk holds
/// that many bytes or fewer, and more only for a line that does not fit.
#[must_use]
pub fn open(files: &[PathBuf], cut: Cut, chunk_bytes: usize) -> Reader {
    Reader {
        files: files.to_vec(),
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
    files: Vec<PathBuf>,
    cut: Cut,
    chunk_bytes: usize,
    current: Option<Reading>,
    at: usize,
    digest: Digest,
    seen: Vec<Seen>,
    used: VecDeque<Buffer>,
}

/// The file that is being read.
struct Reading {
    stream: Stream,
    digest: Digest,
    /// Bytes behind the last chunk: the beginning of a line.
    rest: Vec<u8>,
    is_first: bool,
    is_at_end: bool,
    head: Buffer,
}

impl Reader {
    /// The next chunk, `None` after the last file.
    ///
    /// Not an `Iterator`: chunks are given back with [`Reader::recycle`]
    /// while more are read.
    ///
    /// # Errors
    ///
    /// If the current file cannot be opened or read, is a damaged or empty
    /// compressed file, or decompresses beyond [`EXPANSION_RATIO`]. Chunks of
    /// the file may have been given before, and it has no [`Seen`]. The
    /// reader gives nothing more then.
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
        while let Some(path) = self.files.get(self.at) {
            let mut reading = match self.current.take() {
                Some(reading) => reading,
                None => Reading::open(path, self.digest.clone())?,
            };
            let buffer = std::mem::take(&mut buffer);
            if let Some(mut chunk) = reading.chunk(path, self.cut, self.chunk_bytes, buffer)? {
                chunk.file = self.at;
                self.current = Some(reading);
                return Ok(Some(chunk));
            }
            self.seen.push(reading.stream.finish(path, &self.digest)?);
            self.at += 1;
        }
        Ok(None)
    }
}

impl Reading {
    fn open(path: &Path, digest: Digest) -> Result<Reading, Error> {
        let stream = Stream::open(path)?;
        let head = Buffer::from_vec(Vec::<u8>::new());
        Ok(Reading { stream, digest, rest: Vec::new(), is_first: true, is_at_end: false, head })
    }

    fn chunk(
        &mut self,
        path: &Path,
        cut: Cut,
        chunk_bytes: usize,
        mut bytes: Vec<u8>,
    ) -> Result<Option<Chunk>, Error> {
        // The length before is kept: those bytes need not be cleared again.
        let carried = self.rest.len();
        if bytes.len() < carried {
            bytes.resize(carried, 0);
        }
        bytes[..carried].copy_from_slice(&self.rest);
        self.rest.clear();

        let mut filled = carried;
        let mut end = None;
        for wanted in [chunk_bytes, LINE_BYTES + 1] {
            filled = self.fill(path, &mut bytes, filled, wanted)?;
            end = cut.last(&bytes[..filled]);
            if end.is_some() || self.is_at_end {
                break;
            }
        }
        if filled == 0 {
            return Ok(None);
        }

        let mut overlong = None;
        if !self.is_at_end {
            if let Some(end) = end {
                self.rest.extend_from_slice(&bytes[end..filled]);
                filled = end;
            } else {
                self.pass_over(&bytes[..filled]);
                overlong = Some(self.skip_line(path, filled as u64)?);
                filled = LINE_BYTES;
            }
        }
        bytes.truncate(filled);
        let chunk = self.chunk_of(cut, bytes, overlong);
        if self.stream.is_plain() && overlong.is_none() {
            self.digest.later(chunk.bytes.clone());
        }
        Ok(Some(chunk))
    }

    fn chunk_of(&mut self, cut: Cut, bytes: Vec<u8>, overlong: Option<u64>) -> Chunk {
        let is_first = std::mem::take(&mut self.is_first);
        if is_first && matches!(cut, Cut::Records { .. }) && overlong.is_none() {
            self.head = Buffer::from_slice_ref(first_record(&bytes, cut));
        }
        let head = self.head.clone();
        if overlong.is_none() {
            match cut {
                Cut::Directives => self.directives(&bytes),
                Cut::Headed(prefix) => {
                    if let Some(names) = records::headers(&bytes, prefix).last() {
                        self.head = Buffer::from_slice_ref(names);
                    }
                }
                Cut::Lines | Cut::Records { .. } | Cut::Leases | Cut::Indented => {}
            }
        }
        Chunk { file: 0, is_first, bytes: Buffer::from_vec(bytes), head, overlong }
    }

    /// Puts the directives of a chunk in the place of those that they replace.
    fn directives(&mut self, bytes: &[u8]) {
        let mut found = records::directives(bytes).peekable();
        if found.peek().is_none() {
            return;
        }
        let name = |line: &[u8]| line[..memchr::memchr(b':', line).unwrap_or(line.len())].to_vec();
        let mut held = BTreeMap::new();
        for line in records::directives(&self.head).chain(found) {
            held.insert(name(line), line);
        }
        let total: usize = held.values().map(|line| line.len()).sum();
        // Nothing that a server writes: it is left to the parser to say so.
        if total <= LINE_BYTES {
            let text: Vec<u8> = held.into_values().flatten().copied().collect();
            self.head = Buffer::from_vec(text);
        }
    }

    /// Fills `bytes` from `filled` up to `wanted`; gives how far it came.
    fn fill(
        &mut self,
        path: &Path,
        bytes: &mut Vec<u8>,
        filled: usize,
        wanted: usize,
    ) -> Result<usize, Error> {
        if wanted <= filled || self.is_at_end {
            return Ok(filled);
        }
        if bytes.len() < wanted {
            bytes.resize(wanted, 0);
        }
        let filled = filled + self.stream.fill(path, &mut bytes[filled..wanted])?;
        self.is_at_end = filled < wanted;
        Ok(filled)
    }

    /// Digests bytes that go into no chunk.
    fn pass_over(&self, bytes: &[u8]) {
        if self.stream.is_plain() {
            self.digest.now(bytes);
        }
    }

    /// Reads on to the next LF and gives the length of the line, of which
    /// `length` bytes are read already.
    fn skip_line(&mut self, path: &Path, mut length: u64) -> Result<u64, Error> {
        let mut piece = vec![0; LINE_BYTES];
        loop {
            let filled = self.stream.fill(path, &mut piece)?;
            self.is_at_end = filled < piece.len();
            let feed = memchr::memchr(b'\n', &piece[..filled]);
            let end = feed.map_or(filled, |at| at + 1);
            self.pass_over(&piece[..end]);
            if let Some(at) = feed {
                self.rest.extend_from_slice(&piece[end..filled]);
                return Ok(length + at as u64);
            }
            length += filled as u64;
            if self.is_at_end {
                return Ok(length);
            }
        }
    }
}

/// Reads a file only to digest it.
///
/// # Errors
///
/// If it cannot be opened or read. A damaged compressed file is not noticed:
/// it is not decompressed.
pub fn digest(path: &Path) -> Result<Seen, Error> {
    Stored::open(path)?.finish(path)
}

/// What a file says of its columns before its first row, decompressed: the
/// first record of a table with its LF; the directives at the start of a log
/// that has such. Empty if the file is, or if that is longer than
/// [`LINE_BYTES`].
///
/// # Errors
///
/// As [`Reader::next`], as far as the beginning of the file shows it.
pub fn head(path: &Path, cut: Cut) -> Result<Buffer, Error> {
    let mut bytes = vec![0; LINE_BYTES + 1];
    let filled = Stream::open(path)?.fill(path, &mut bytes)?;
    bytes.truncate(filled);
    Ok(match cut {
        Cut::Lines | Cut::Leases | Cut::Indented => Buffer::from_vec(Vec::<u8>::new()),
        Cut::Headed(prefix) => {
            Buffer::from_slice_ref(records::headers(&bytes, prefix).next().unwrap_or_default())
        }
        Cut::Records { .. } => Buffer::from_slice_ref(first_record(&bytes, cut)),
        Cut::Directives => {
            let is_before = |line: &&[u8]| matches!(line, [b'#' | b'\n' | b'\r', ..]);
            let lines = bytes.split_inclusive(|&byte| byte == b'\n').take_while(is_before);
            Buffer::from_vec(lines.flatten().copied().collect::<Vec<u8>>())
        }
    })
}

/// The record at the start of `bytes`, nothing of it if it is too long.
fn first_record(bytes: &[u8], cut: Cut) -> &[u8] {
    let length = cut.first(bytes).unwrap_or(bytes.len());
    let record = &bytes[..length];
    let content = record.strip_suffix(b"\n").unwrap_or(record);
    if content.len() > LINE_BYTES { &[] } else { record }
}

//! One file in; its chunks out.
//!
//! ```text
//! rest of the chunk before ─► fill ─► cut behind the last record ─► Chunk
//!                                                └─► rest
//! ```
//!
//! Not here: the order of files (`Reader`), how they are stored (`stored`).

use arrow::buffer::Buffer;

use super::head;
use super::records::{Cut, LINE_BYTES};
use super::stored::Stream;
use super::{Chunk, Digest, Error, Input};

/// The file that is being read.
pub(super) struct Reading {
    pub(super) stream: Stream,
    digest: Digest,
    /// Bytes behind the last chunk: the beginning of a line.
    rest: Vec<u8>,
    is_first: bool,
    is_at_end: bool,
    head: Buffer,
}

impl Reading {
    pub(super) fn open(file: &Input, most_bytes: u64, digest: Digest) -> Result<Reading, Error> {
        let stream = Stream::open(file, most_bytes)?;
        let head = Buffer::from_vec(Vec::<u8>::new());
        Ok(Reading { stream, digest, rest: Vec::new(), is_first: true, is_at_end: false, head })
    }

    /// The next chunk, `None` at the end. `bytes` is memory for it.
    pub(super) fn chunk(
        &mut self,
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
            filled = self.fill(&mut bytes, filled, wanted)?;
            end = cut.last(&bytes[..filled]);
            if end.is_some() || self.is_at_end {
                break;
            }
        }
        if self.stream.has_grown() {
            let whole = end.unwrap_or(0);
            self.stream.leave((filled - whole) as u64);
            filled = whole;
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
                overlong = self.overlong(&bytes[..filled])?;
                if overlong.is_none() {
                    return Ok(None);
                }
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
            self.head = head::at_start(&bytes, cut);
        }
        let head = self.head.clone();
        if overlong.is_none()
            && let Some(behind) = head::behind(&bytes, cut, &head)
        {
            self.head = behind;
        }
        Chunk { file: 0, is_first, bytes: Buffer::from_vec(bytes), head, overlong }
    }

    /// Fills `bytes` from `filled` up to `wanted`; gives how far it came.
    fn fill(&mut self, bytes: &mut Vec<u8>, filled: usize, wanted: usize) -> Result<usize, Error> {
        if wanted <= filled || self.is_at_end {
            return Ok(filled);
        }
        if bytes.len() < wanted {
            bytes.resize(wanted, 0);
        }
        let filled = filled + self.stream.fill(&mut bytes[filled..wanted])?;
        self.is_at_end = filled < wanted;
        Ok(filled)
    }

    /// Digests bytes that go into no chunk.
    fn pass_over(&self, bytes: &[u8]) {
        if self.stream.is_plain() {
            self.digest.now(bytes);
        }
    }

    /// The length of a line that is too long for a chunk, of which `start` is
    /// read already. `None` if it was still being written when its file was
    /// opened: it is left for the next run.
    fn overlong(&mut self, start: &[u8]) -> Result<Option<u64>, Error> {
        let before = self.stream.is_plain().then(|| self.digest.so_far());
        self.pass_over(start);
        let (length, is_whole) = self.skip_line(start.len() as u64)?;
        if is_whole || !self.stream.has_grown() {
            return Ok(Some(length));
        }
        if let Some(before) = before {
            self.digest.back_to(before);
        }
        self.stream.leave(length);
        Ok(None)
    }

    /// Reads on to the next LF, if there is one, and gives the length of the
    /// line, of which `length` bytes are read already.
    fn skip_line(&mut self, mut length: u64) -> Result<(u64, bool), Error> {
        let mut piece = vec![0; LINE_BYTES];
        loop {
            let filled = self.stream.fill(&mut piece)?;
            self.is_at_end = filled < piece.len();
            let feed = memchr::memchr(b'\n', &piece[..filled]);
            let end = feed.map_or(filled, |at| at + 1);
            self.pass_over(&piece[..end]);
            if let Some(at) = feed {
                self.rest.extend_from_slice(&piece[end..filled]);
                return Ok((length + at as u64, true));
            }
            length += filled as u64;
            if self.is_at_end {
                return Ok((length, false));
            }
        }
    }
}

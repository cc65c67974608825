//! A file as it lies on the disk in; its decompressed bytes and the digest of
//! its stored bytes out.
//!
//! ```text
//! file ─► Stored (SHA-256, count) ─► Decoder ─► Stream: is it too much?
//! ```
//!
//! A file that is not compressed is read up to the length that it had when it
//! was opened. What is written behind that, while it is read, is left for the
//! next run; what is taken away from it stops this one.
//!
//! Source: FIPS 180-4 (SHA-256).
//!
//! Not here: lines, formats of compression.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use sha2::{Digest as _, Sha256};

use crate::fs;

use super::compression::{Compression, Decoder};
use super::input::Kind;
use super::table::{TEXT_FREE_BYTES, Text};
use super::{Digest, Error, Input, Seen};

/// How much more than its stored size a file may decompress to. Access logs
/// reach 10 to 40.
pub const EXPANSION_RATIO: u64 = 200;

/// Up to this many decompressed bytes [`EXPANSION_RATIO`] does not apply: a
/// short file of equal lines may be packed more tightly.
pub const EXPANSION_FREE_BYTES: u64 = 1024 * 1024;

/// The most that a file may decompress to, whatever its stored size: 1 TiB, a
/// thousand times what a busy server writes in a day. A run over more would not
/// end in its night.
pub const DECOMPRESSED_BYTES: u64 = 1 << 40;

/// What a decompressor is given at a time. Reads that are larger, as those of
/// a file that is not compressed, do without this buffer.
const READ_BYTES: usize = 128 * 1024;

/// The bytes on the disk, counted and digested as they are used.
pub(super) struct Stored {
    input: Input,
    file: BufReader<File>,
    digest: Sha256,
    /// Bytes that were used.
    bytes: u64,
    /// Length when it was opened.
    length: u64,
    /// Length when it was last looked at.
    last_length: u64,
}

impl Stored {
    pub(super) fn open(input: &Input) -> Result<Stored, Error> {
        let (file, length) = input.open()?;
        let file = BufReader::with_capacity(READ_BYTES, file);
        let (digest, last_length) = (Sha256::new(), length);
        Ok(Stored { input: input.clone(), file, digest, bytes: 0, length, last_length })
    }

    /// Reads without digesting: whoever asks for it has that done, and must not
    /// ask for [`Stored::finish`]. Nothing beyond the length when it was opened.
    pub(super) fn read_plain(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.length - self.bytes).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(room);
        let read = self.file.read(&mut buffer[..wanted])?;
        self.bytes += read as u64;
        Ok(read)
    }

    /// Reads what no decoder has asked for and gives the digest.
    pub(super) fn finish(mut self) -> Result<Seen, Error> {
        loop {
            let rest = self.start()?.len();
            if rest == 0 {
                break;
            }
            self.consume(rest);
        }
        self.input.no_shorter(self.bytes, self.length)?;
        let sha256 = self.digest.finalize().into();
        Ok(Seen { path: self.input.path().to_owned(), sha256, bytes: self.bytes })
    }

    /// The next bytes, none at the end of the file.
    fn start(&mut self) -> Result<&[u8], Error> {
        let failed = fs::Failure::of(fs::Action::Read, self.input.path());
        Ok(self.file.fill_buf().map_err(failed)?)
    }

    /// Looks how long it is now, and refuses it if it was cut: that may be when
    /// its lines have been copied to a file that nobody reads.
    fn look(&mut self) -> Result<(), Error> {
        let failed = fs::Failure::of(fs::Action::Inspect, self.input.path());
        let length = self.file.get_ref().metadata().map_err(failed)?.len();
        self.input.no_shorter(length, self.last_length)?;
        self.last_length = length;
        Ok(())
    }

    /// Looks what became of it, once [`Stored::read_plain`] has nothing more.
    /// True if it was written to in the meantime.
    fn has_grown(&mut self) -> Result<bool, Error> {
        let is_more = !self.start()?.is_empty();
        self.look()?;
        self.input.no_shorter(self.bytes, self.length)?;
        let has_grown = self.last_length > self.length;
        if is_more && !has_grown {
            let (path, found) = (self.input.path().to_owned(), Kind::Lengthless);
            return Err(Error::Special { path, found });
        }
        Ok(has_grown)
    }
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.digest.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

impl BufRead for Stored {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.file.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.digest.update(&self.file.buffer()[..amount]);
        self.bytes += amount as u64;
        self.file.consume(amount);
    }
}

/// The decompressed bytes of one file, or the text of a table.
pub(super) struct Stream {
    origin: Origin,
    given: u64,
    /// The most that may be given.
    most: u64,
    /// Bytes that were given and are not of this run.
    left: u64,
    has_grown: bool,
}

/// Where the bytes come from.
enum Origin {
    File(Decoder),
    // Boxed for its size.
    Table(Box<Text>),
}

impl Stream {
    /// Opens a file and recognises how it is stored.
    pub(super) fn open(input: &Input, most: u64) -> Result<Stream, Error> {
        match input.table() {
            None => Stream::file(input, most),
            Some(table) => {
                let text = Text::open(input, table, false)?;
                Ok(Stream::of(Origin::Table(Box::new(text)), most))
            }
        }
    }

    /// Opens a file for what it says of its columns alone: of a table no rows are
    /// read.
    pub(super) fn head(input: &Input) -> Result<Stream, Error> {
        match input.table() {
            None => Stream::file(input, DECOMPRESSED_BYTES),
            Some(table) => {
                let text = Text::open(input, table, true)?;
                Ok(Stream::of(Origin::Table(Box::new(text)), DECOMPRESSED_BYTES))
            }
        }
    }

    fn of(origin: Origin, most: u64) -> Stream {
        Stream { origin, given: 0, most, left: 0, has_grown: false }
    }

    fn file(input: &Input, most: u64) -> Result<Stream, Error> {
        let mut stored = Stored::open(input)?;
        let start = stored.start()?;
        let compression = Compression::of(start);
        if start.is_empty() {
            // No compressor writes an empty file, so under such a name it is
            // the rest of a failed copy.
            let compression = Compression::promised(input.path());
            if compression != Compression::None {
                return Err(Error::Empty { path: input.path().to_owned(), compression });
            }
        }
        let decoder = Decoder::new(compression, stored).map_err(|source| Error::Damaged {
            path: input.path().to_owned(),
            compression,
            stored: 0,
            source,
        })?;
        Ok(Stream::of(Origin::File(decoder), most))
    }

    /// Fills `buffer` unless the file ends before, and gives how much of it
    /// was filled: whatever the sizes of the reads below, the same bytes.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        let mut filled = 0;
        while filled < buffer.len() {
            let read = match &mut self.origin {
                Origin::Table(text) => text.read(&mut buffer[filled..])?,
                Origin::File(decoder) => match decoder.read(&mut buffer[filled..]) {
                    Ok(read) => read,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(failure(decoder, error)),
                },
            };
            if read == 0 {
                break;
            }
            filled += read;
            self.given += read as u64;
            self.check_expansion()?;
        }
        if let Origin::File(Decoder::Plain(stored)) = &mut self.origin {
            if filled < buffer.len() {
                self.has_grown = stored.has_grown()?;
            } else {
                // A log that was cut and grew again is as long as before.
                stored.look()?;
            }
        }
        Ok(filled)
    }

    /// True if the bytes that it gives are those of the file. They are digested
    /// by whoever has them then, and otherwise here.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.origin, Origin::File(Decoder::Plain(_)))
    }

    /// True if [`Stream::fill`] has come to an end behind which more was written
    /// in the meantime: the last line may not be whole.
    pub(super) fn has_grown(&self) -> bool {
        self.has_grown
    }

    /// Leaves the last bytes for the next run.
    pub(super) fn leave(&mut self, bytes: u64) {
        self.left += bytes;
    }

    /// The digest, once [`Stream::fill`] has come to the end; `plain` is that of
    /// the bytes it gave and that were not left.
    pub(super) fn finish(self, plain: &Digest) -> Result<Seen, Error> {
        let is_plain = self.is_plain();
        let stored = match self.origin {
            Origin::Table(text) => return text.finish(),
            Origin::File(decoder) => decoder.into_stored(),
        };
        if !is_plain {
            return stored.finish();
        }
        let Stored { input, bytes, .. } = stored;
        let path = input.path().to_owned();
        Ok(Seen { path, sha256: plain.finish(), bytes: bytes - self.left })
    }

    fn check_expansion(&self) -> Result<(), Error> {
        let (input, stored, free) = match &self.origin {
            Origin::File(Decoder::Plain(_)) => return Ok(()),
            Origin::File(decoder) => {
                let Stored { input, bytes, .. } = decoder.stored();
                (input, Some(*bytes), EXPANSION_FREE_BYTES)
            }
            Origin::Table(text) => (text.input(), text.stored(), TEXT_FREE_BYTES),
        };
        let (path, given) = (|| input.path().to_owned(), self.given);
        // How much room a database takes is not known.
        let is_beyond = stored.is_some_and(|stored| given > stored.saturating_mul(EXPANSION_RATIO));
        let stored = stored.unwrap_or(0);
        if is_beyond && given > free {
            return Err(Error::Expands { path: path(), stored, given });
        }
        if given > self.most {
            return Err(Error::TooLarge { path: path(), stored, limit: self.most });
        }
        Ok(())
    }
}

/// A failed read of the disk has a number of the operating system; what a
/// decoder has to say has none.
fn failure(decoder: &Decoder, source: io::Error) -> Error {
    let compression = decoder.compression();
    let Stored { input, bytes: stored, .. } = decoder.stored();
    let path = input.path().to_owned();
    if compression == Compression::None || source.raw_os_error().is_some() {
        fs::Failure { action: fs::Action::Read, path, source }.into()
    } else {
        Error::Damaged { path, compression, stored: *stored, source }
    }
}

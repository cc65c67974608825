//! A file as it lies on the disk in; its decompressed bytes and the digest of
//! its stored bytes out.
//!
//! ```text
//! file ─► Stored (SHA-256, count) ─► gzip | zstd | as it is ─► Stream
//! ```
//!
//! Source: RFC 1952 (gzip, several members in a row), RFC 8878 (Zstandard),
//! FIPS 180-4 (SHA-256).
//!
//! Not here: lines.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest as _, Sha256};
use zstd::stream::read::Decoder;

use crate::fs;

use super::{Digest, Error, Seen};

/// How much more than its stored size a file may decompress to. Access logs
/// reach 10 to 40.
pub const EXPANSION_RATIO: u64 = 200;

/// Up to this many decompressed bytes [`EXPANSION_RATIO`] does not apply: a
/// short file of equal lines may be packed more tightly.
pub const EXPANSION_FREE_BYTES: u64 = 1024 * 1024;

/// Zstandard's window, as a power of two: 128 MiB of memory. Files made with
/// `--long=28` or more are refused.
pub const ZSTD_WINDOW_LOG: u32 = 27;

/// What a decompressor is given at a time. Reads that are larger, as those of
/// a file that is not compressed, do without this buffer.
const READ_BYTES: usize = 128 * 1024;

/// How a file is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    /// Recognises a file by its first bytes.
    fn of(start: &[u8]) -> Compression {
        match start {
            [0x1f, 0x8b, ..] => Compression::Gzip,
            // The second is a skippable frame, with which parallel
            // compressors begin their files.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
            _ => Compression::None,
        }
    }

    /// What the name promises. Only asked for empty files: no compressor
    /// writes one, so under such a name it is the rest of a failed copy.
    fn promised(path: &Path) -> Compression {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => Compression::Gzip,
            Some("zst") => Compression::Zstd,
            _ => Compression::None,
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Compression::None => "plain",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        })
    }
}

/// The bytes on the disk, counted and digested as they are used.
pub(super) struct Stored {
    file: BufReader<File>,
    digest: Sha256,
    bytes: u64,
}

impl Stored {
    pub(super) fn open(path: &Path) -> Result<Stored, Error> {
        let file = File::open(path).map_err(fs::Failure::of(fs::Action::Open, path))?;
        let file = BufReader::with_capacity(READ_BYTES, file);
        Ok(Stored { file, digest: Sha256::new(), bytes: 0 })
    }

    fn count(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
    }

    /// Reads without digesting: whoever asks for it has that done, and must not
    /// ask for [`Stored::finish`].
    fn read_plain(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.count(read);
        Ok(read)
    }

    /// Reads what no decoder has asked for and gives the digest.
    pub(super) fn finish(mut self, path: &Path) -> Result<Seen, Error> {
        loop {
            let rest = self.fill_buf().map_err(fs::Failure::of(fs::Action::Read, path))?.len();
            if rest == 0 {
                break;
            }
            self.consume(rest);
        }
        let sha256 = self.digest.finalize().into();
        Ok(Seen { path: path.to_owned(), sha256, bytes: self.bytes })
    }
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.digest.update(&buffer[..read]);
        self.count(read);
        Ok(read)
    }
}

impl BufRead for Stored {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.file.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.digest.update(&self.file.buffer()[..amount]);
        self.count(amount);
        self.file.consume(amount);
    }
}

/// The decompressed bytes of one file.
pub(super) struct Stream {
    decoder: Decoding,
    given: u64,
}

enum Decoding {
    Plain(Stored),
    // Boxed for their size: the decoders keep their tables in place.
    Gzip(Box<MultiGzDecoder<Stored>>),
    Zstd(Box<Decoder<'static, Stored>>),
}

impl Stream {
    /// Opens a file and recognises how it is stored.
    pub(super) fn open(path: &Path) -> Result<Stream, Error> {
        let mut stored = Stored::open(path)?;
        let start = stored.fill_buf().map_err(fs::Failure::of(fs::Action::Read, path))?;
        let compression = Compression::of(start);
        if start.is_empty() && Compression::promised(path) != Compression::None {
            let compression = Compression::promised(path);
            return Err(Error::Empty { path: path.to_owned(), compression });
        }
        let decoder = match compression {
            Compression::None => Decoding::Plain(stored),
            Compression::Gzip => Decoding::Gzip(Box::new(MultiGzDecoder::new(stored))),
            Compression::Zstd => Decoding::Zstd(Box::new(zstd_decoder(stored, path)?)),
        };
        Ok(Stream { decoder, given: 0 })
    }

    /// Fills `buffer` unless the file ends before, and gives how much of it
    /// was filled: whatever the sizes of the reads below, the same bytes.
    pub(super) fn fill(&mut self, path: &Path, buffer: &mut [u8]) -> Result<usize, Error> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(read) => {
                    filled += read;
                    self.given += read as u64;
                    self.check_expansion(path)?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failure(path, error)),
            }
        }
        Ok(filled)
    }

    /// True if the bytes that it gives are those of the file. They are digested
    /// by whoever has them then, and otherwise here.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.decoder, Decoding::Plain(_))
    }

    /// The digest, once [`Stream::fill`] has come to the end; `plain` is that of
    /// the bytes it gave.
    pub(super) fn finish(self, path: &Path, plain: &Digest) -> Result<Seen, Error> {
        match self.decoder {
            Decoding::Plain(stored) => {
                Ok(Seen { path: path.to_owned(), sha256: plain.finish(), bytes: stored.bytes })
            }
            Decoding::Gzip(decoder) => decoder.into_inner().finish(path),
            Decoding::Zstd(decoder) => decoder.finish().finish(path),
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.decoder {
            Decoding::Plain(stored) => stored.read_plain(buffer),
            Decoding::Gzip(decoder) => decoder.read(buffer),
            Decoding::Zstd(decoder) => decoder.read(buffer),
        }
    }

    fn check_expansion(&self, path: &Path) -> Result<(), Error> {
        let stored = match &self.decoder {
            Decoding::Plain(_) => return Ok(()),
            Decoding::Gzip(decoder) => decoder.get_ref().bytes,
            Decoding::Zstd(decoder) => decoder.get_ref().bytes,
        };
        if self.given <= EXPANSION_FREE_BYTES
            || self.given <= stored.saturating_mul(EXPANSION_RATIO)
        {
            return Ok(());
        }
        Err(Error::Expands { path: path.to_owned(), stored, given: self.given })
    }

    /// A failed read of the disk has a number of the operating system; what a
    /// decoder has to say has none.
    fn failure(&self, path: &Path, source: io::Error) -> Error {
        let path = path.to_owned();
        let (compression, stored) = match &self.decoder {
            Decoding::Gzip(decoder) => (Compression::Gzip, decoder.get_ref().bytes),
            Decoding::Zstd(decoder) => (Compression::Zstd, decoder.get_ref().bytes),
            Decoding::Plain(stored) => (Compression::None, stored.bytes),
        };
        if compression == Compression::None || source.raw_os_error().is_some() {
            fs::Failure { action: fs::Action::Read, path, source }.into()
        } else {
            Error::Damaged { path, compression, stored, source }
        }
    }
}

fn zstd_decoder(stored: Stored, path: &Path) -> Result<Decoder<'static, Stored>, Error> {
    let damaged = |source| Error::Damaged {
        path: path.to_owned(),
        compression: Compression::Zstd,
        stored: 0,
        source,
    };
    let mut decoder = Decoder::with_buffer(stored).map_err(damaged)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG).map_err(damaged)?;
    Ok(decoder)
}

//! Stored bytes in; the bytes that were compressed out.
//!
//! | | starts with | several in a row | memory |
//! |---|---|---|---|
//! | gzip | `1f 8b` | members | 32 KiB window |
//! | Zstandard | `28 b5 2f fd`, or a skippable frame | frames | window of [`ZSTD_WINDOW_LOG`] |
//! | bzip2 | `BZh1` to `BZh9` | streams | 4 bytes for each of 900,000 |
//! | xz | `fd` `7zX` | streams, with padding | [`XZ_MEMORY_BYTES`] |
//!
//! Whatever a decoder finds, it gives no more at a time than it was asked for,
//! so that a bomb is noticed when it has given little (`stored`).
//!
//! Source: RFC 1952 (gzip), RFC 8878 (Zstandard), bzip2 1.0 (its format has no
//! other description), The .xz File Format 1.2.1.
//!
//! Not here: where the bytes come from, how many are too many (`stored`).

use std::fmt;
use std::io::{self, Read};
use std::path::Path;

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream as XzStream};
use zstd::stream::read::Decoder as ZstdDecoder;

use super::stored::Stored;

/// Zstandard's window, as a power of two: 128 MiB of memory. Files made with
/// `--long=28` or more are refused.
pub const ZSTD_WINDOW_LOG: u32 = 27;

/// What an xz decoder may hold. `xz -9` needs 65 MiB; files made with a larger
/// dictionary than fits, such as `--lzma2=dict=128MiB`, are refused.
pub const XZ_MEMORY_BYTES: u64 = 128 << 20;

/// How a file is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Compression {
    None,
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

impl Compression {
    /// Recognises a file by its first bytes. No log starts with these.
    pub(super) fn of(start: &[u8]) -> Compression {
        match start {
            [0x1f, 0x8b, ..] => Compression::Gzip,
            // The second is a skippable frame, with which parallel
            // compressors begin their files.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Compression::Bzip2,
            // Four of its six bytes, so that less of a file that was cut off is
            // taken for a line.
            [0xfd, b'7', b'z', b'X', ..] => Compression::Xz,
            _ => Compression::None,
        }
    }

    /// What the name of a file promises, by its suffix.
    #[must_use]
    pub fn promised(path: &Path) -> Compression {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => Compression::Gzip,
            Some("zst") => Compression::Zstd,
            Some("bz2") => Compression::Bzip2,
            Some("xz") => Compression::Xz,
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
            Compression::Bzip2 => "bzip2",
            Compression::Xz => "xz",
        })
    }
}

/// A decoder and the bytes that it takes.
pub(super) enum Decoder {
    // Boxed for their size: the decoders keep their tables in place.
    Plain(Box<Stored>),
    Gzip(Box<MultiGzDecoder<Stored>>),
    Zstd(Box<ZstdDecoder<'static, Stored>>),
    Bzip2(Box<MultiBzDecoder<Stored>>),
    Xz(Box<XzDecoder<Stored>>),
}

impl Decoder {
    /// A decoder within its bounds of memory.
    pub(super) fn new(compression: Compression, stored: Stored) -> io::Result<Decoder> {
        Ok(match compression {
            Compression::None => Decoder::Plain(Box::new(stored)),
            Compression::Gzip => Decoder::Gzip(Box::new(MultiGzDecoder::new(stored))),
            Compression::Zstd => {
                let mut decoder = ZstdDecoder::with_buffer(stored)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                Decoder::Zstd(Box::new(decoder))
            }
            Compression::Bzip2 => Decoder::Bzip2(Box::new(MultiBzDecoder::new(stored))),
            Compression::Xz => {
                let stream = XzStream::new_stream_decoder(XZ_MEMORY_BYTES, CONCATENATED)?;
                Decoder::Xz(Box::new(XzDecoder::new_stream(stored, stream)))
            }
        })
    }

    /// Reads on. 0 only at the end of the last member, frame or stream.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Decoder::Plain(stored) => stored.read_plain(buffer),
            Decoder::Gzip(decoder) => decoder.read(buffer),
            Decoder::Zstd(decoder) => decoder.read(buffer),
            Decoder::Bzip2(decoder) => decoder.read(buffer),
            Decoder::Xz(decoder) => decoder.read(buffer),
        }
    }

    pub(super) fn compression(&self) -> Compression {
        match self {
            Decoder::Plain(_) => Compression::None,
            Decoder::Gzip(_) => Compression::Gzip,
            Decoder::Zstd(_) => Compression::Zstd,
            Decoder::Bzip2(_) => Compression::Bzip2,
            Decoder::Xz(_) => Compression::Xz,
        }
    }

    pub(super) fn stored(&self) -> &Stored {
        match self {
            Decoder::Plain(stored) => stored,
            Decoder::Gzip(decoder) => decoder.get_ref(),
            Decoder::Zstd(decoder) => decoder.get_ref(),
            Decoder::Bzip2(decoder) => decoder.get_ref(),
            Decoder::Xz(decoder) => decoder.get_ref(),
        }
    }

    pub(super) fn into_stored(self) -> Stored {
        match self {
            Decoder::Plain(stored) => *stored,
            Decoder::Gzip(decoder) => decoder.into_inner(),
            Decoder::Zstd(decoder) => decoder.finish(),
            Decoder::Bzip2(decoder) => decoder.into_inner(),
            Decoder::Xz(decoder) => decoder.into_inner(),
        }
    }
}

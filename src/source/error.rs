//! Why a file cannot be read, out.
//!
//! Not here: lines that are not in the format (`parse`): they stop nothing.

use std::io;
use std::path::PathBuf;

use crate::fs;

use super::{Compression, EXPANSION_RATIO, Fault, Kind};

/// A file that cannot be read, or a pattern that stands for no files.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error(transparent)]
    File(#[from] fs::Failure),

    /// A compressed file is truncated or damaged, has something else behind
    /// it, or asks for more memory than [`super::ZSTD_WINDOW_LOG`] or
    /// [`super::XZ_MEMORY_BYTES`] allows.
    #[error("{}: {compression} data not usable after {stored} stored bytes", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// How it is stored.
        compression: Compression,
        /// Bytes that the decoder had used up.
        stored: u64,
        /// What the decoder found.
        source: io::Error,
    },

    /// An empty file under the name of a compressed one: no compressor writes
    /// that, so its lines are lost.
    #[error("{}: file is empty, its name promises {compression} data", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// What the name promises.
        compression: Compression,
    },

    /// A compressed file grows beyond [`EXPANSION_RATIO`].
    #[error(
        "{}: decompresses beyond reason, {stored} stored bytes gave {given}, limit is {EXPANSION_RATIO} times as many",
        path.display()
    )]
    Expands {
        /// The file.
        path: PathBuf,
        /// Bytes on the disk that were used up.
        stored: u64,
        /// Bytes that they gave.
        given: u64,
    },

    /// A compressed file grows beyond [`super::DECOMPRESSED_BYTES`].
    #[error(
        "{}: too large, {stored} stored bytes gave more than {limit} bytes, which is the limit",
        path.display()
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Bytes on the disk that were used up.
        stored: u64,
        /// The most that they may give.
        limit: u64,
    },

    /// Something that has no end, or waits for somebody.
    #[error("{}: is {found}, expected a regular file", path.display())]
    Special {
        /// Where it lies.
        path: PathBuf,
        /// What it is.
        found: Kind,
    },

    /// When a file was to be read, its name led to another one, or to none.
    #[error("{}: replaced while it was being read, its name leads to another file or to none", path.display())]
    Replaced {
        /// The name.
        path: PathBuf,
    },

    /// A file lost bytes between listing and end, as by `copytruncate`.
    #[error(
        "{}: became shorter while it was read, found {found} bytes, expected {expected}",
        path.display()
    )]
    Shrunk {
        /// The file.
        path: PathBuf,
        /// Bytes that it has now, or that could be read.
        found: u64,
        /// Bytes that it had before.
        expected: u64,
    },

    /// A file that is read from several places was written to or moved in between.
    #[error("{}: was changed while it was read", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },

    /// A table that is no text cannot be read.
    #[error("{}: {fault}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: Fault,
    },

    /// The files of a pattern were others each time they were listed.
    #[error("`{pattern}`: files appear and disappear while they are listed")]
    Unsteady {
        /// The pattern as written in the pipeline file.
        pattern: String,
    },

    /// A `{date…}` in a path that a calendar date cannot fill.
    #[error("`{pattern}`: date placeholder not usable, expected `{{date}}` or `{{date:%Y%m%d}}`")]
    Placeholder {
        /// The pattern as written in the pipeline file.
        pattern: String,
        /// What strftime does not accept; absent if the form is not one of the
        /// two.
        source: Option<jiff::Error>,
    },

    /// A path that is not a glob.
    #[error("`{pattern}`: not a path pattern")]
    Pattern {
        /// The pattern as written in the pipeline file.
        pattern: String,
        /// Position and reason.
        source: glob::PatternError,
    },
}

impl Error {
    /// What to try next, if there is one thing to try.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Error::Special { .. } => {
                Some("name a regular file, or make `path` narrower, such as `*.log`")
            }
            Error::Replaced { .. }
            | Error::Shrunk { .. }
            | Error::Changed { .. }
            | Error::Unsteady { .. } => Some(
                "run again once the logs are rotated: this run published nothing and can be repeated",
            ),
            Error::Expands { .. } | Error::TooLarge { .. } => Some(
                "find out who made the file; if it is a log, store it as it is or in several files",
            ),
            Error::Table { fault, .. } => fault.hint(),
            Error::Empty { .. } => Some("copy the file again from where it was made"),
            Error::File(_)
            | Error::Damaged { .. }
            | Error::Placeholder { .. }
            | Error::Pattern { .. } => None,
        }
    }
}

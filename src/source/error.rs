//! Why a file cannot be read, out.
//!
//! Not here: lines that are not in the format (`parse`): they stop nothing.

use std::io;
use std::path::PathBuf;

use crate::fs;

use super::{Compression, EXPANSION_RATIO};

/// A file that cannot be read, or a pattern that stands for no files.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error(transparent)]
    File(#[from] fs::Failure),

    /// A compressed file is truncated or damaged, has something else behind
    /// it, or asks for more memory than [`super::ZSTD_WINDOW_LOG`] allows.
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

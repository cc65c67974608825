//! Institution and pipeline files in; a plan of what will happen, or all that
//! is wrong, out. Nobody after this looks at a default again.
//!
//! Not here: reading input, keys or records.

pub mod check;
pub mod document;
mod fields;
mod tables;
pub mod house;
pub mod institution;
mod lists;
pub mod pipeline_file;
pub mod plan;
pub mod problem;
mod rows;
mod sessions;
pub mod suggest;
mod techniques;
mod unfit;

use std::path::PathBuf;

use crate::fs;
use problem::Problem;

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No directory above has an institution file.
    #[error("{}: no house found, expected `institution.toml` here or in a directory above", start.display())]
    NoHouse {
        /// Where the search began.
        start: PathBuf,
    },
    /// Files say what cannot be done. All faults that were found.
    #[error("{} {} in the configuration", problems.len(), if problems.len() == 1 { "fault" } else { "faults" })]
    Problems {
        /// In the order of their places.
        problems: Vec<Problem>,
    },
    /// Two stores lie in one another.
    #[error("stores overlap: {inner} lies in {outer}", inner = inner.display(), outer = outer.display())]
    Overlap {
        /// The store that lies in the other.
        inner: PathBuf,
        /// The other.
        outer: PathBuf,
    },
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] fs::Failure),
}

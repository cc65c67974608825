//! Rows that may be released in; the files that hold them out.
//!
//! Not here: whether they may be released (`assess`), what a file is called in
//! the end (`pipeline`).

pub mod table;

use std::path::Path;

use crate::assess;
use crate::assess::gate::Cleared;
use table::{Stopped, Table, Written};

/// Why there is no whole file.
pub type Error = Stopped<assess::Error>;

/// Writes a cleared table to a new Parquet file.
///
/// [`Cleared`] can only be made by the gate: a table that was not assessed, or
/// another one than was, cannot be given to this function.
///
/// # Errors
///
/// If row groups cannot be read back, or the file cannot be written.
pub fn write(path: &Path, table: &Table, cleared: &mut Cleared<'_>) -> Result<Written, Error> {
    table::write(path, table, cleared)
}

//! Columns in; columns that are known to be identifiers or not, and rejects
//! for the vault, out.
//!
//! ```text
//! Columns ─┬─► Divided: rows to protect
//!          └─► rejected lines, whole, to be sealed
//! ```
//!
//! Not here: what becomes of an identifier (`protect`), sealing (`vault`).

use std::ops::Range;

use arrow::buffer::Buffer;

pub use crate::parse::Values;
use crate::parse::{Columns, Reason};

mod compose;
pub mod dictionary;
mod header;
mod named;
pub mod person;
pub mod unknown;
mod words;

/// The rows of one chunk.
pub struct Divided {
    fields: Vec<Values>,
    rows: usize,
}

/// The lines of one chunk that did not become rows.
pub struct Rejected {
    bytes: Buffer,
    lines: Vec<RejectedLine>,
}

/// A line that is not in the format: additional information, for the vault.
pub struct RejectedLine {
    /// Line within the chunk, from 0.
    pub line: u64,
    /// Why it was rejected.
    pub reason: Reason,
    span: Range<usize>,
}

/// Splits what a chunk gave into rows and rejected lines.
#[must_use]
pub fn columns(columns: Columns, bytes: Buffer) -> (Divided, Rejected) {
    let lines = columns
        .rejects
        .into_iter()
        .map(|reject| RejectedLine { line: reject.line, reason: reject.reason, span: reject.span })
        .collect();
    (Divided { fields: columns.fields, rows: columns.rows }, Rejected { bytes, lines })
}

impl Divided {
    /// The values of a field, by its index among the wanted ones.
    ///
    /// # Panics
    ///
    /// If there is no such field: the parser gives as many as were asked for.
    #[must_use]
    pub fn field(&self, index: usize) -> &Values {
        &self.fields[index]
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }
}

impl Rejected {
    /// The lines with their bytes.
    pub fn lines(&self) -> impl Iterator<Item = (&RejectedLine, &[u8])> {
        self.lines.iter().map(|line| (line, &self.bytes[line.span.clone()]))
    }

    /// True if every line became a row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

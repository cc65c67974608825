//! Chunk in; one column of views per wanted field, and rejects, out.

use std::ops::Range;

use arrow::array::BinaryViewArray;

/// What one chunk holds. `lines = rows + rejects.len() + blank`.
pub struct Columns {
    /// Lines in the chunk.
    pub lines: u64,
    /// Lines that became a row: the length of every column.
    pub rows: usize,
    /// Empty lines (and, for tables, the header line).
    pub blank: u64,
    /// One column per wanted field, in the order asked for.
    pub fields: Vec<BinaryViewArray>,
    /// Lines that are not in the format, in order.
    pub rejects: Vec<Reject>,
}

/// A line that is not in the format. Where it is, not what it says.
pub struct Reject {
    /// Line within the chunk, from 0.
    pub line: u64,
    /// Its bytes within the chunk, without the line ending.
    pub span: Range<usize>,
    /// Why it was rejected.
    pub reason: Reason,
}

/// Why a line is not in the format. Names the field, never its contents.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {}

//! Files in; chunks of whole lines and the digest of each file out.

use arrow::buffer::Buffer;

/// A piece of one input file: whole lines, the last one with or without its
/// line ending. Chunks of a file follow each other without a gap.
#[derive(Clone)]
pub struct Chunk {
    /// Index of the file in the order in which the source reads its files.
    pub file: usize,
    /// The bytes, shared with the columns that are cut from them.
    pub bytes: Buffer,
}

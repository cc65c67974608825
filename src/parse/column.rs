//! Places within a chunk in; an Arrow view array over the chunk out.
//!
//! Source: Apache Arrow columnar format, "Variable-size Binary View Layout":
//! a value of up to 12 bytes stands in its view, a longer one in the chunk.

use arrow::array::{BinaryViewArray, BinaryViewBuilder};
use arrow::buffer::Buffer;

use super::line::Span;

/// One column while it grows.
pub(super) struct Column {
    values: BinaryViewBuilder,
    chunk: u32,
}

impl Column {
    pub(super) fn new(rows: usize, chunk: &Buffer) -> Column {
        let mut values = BinaryViewBuilder::with_capacity(rows);
        let chunk = values.append_block(chunk.clone());
        Column { values, chunk }
    }

    /// Appends what stands at a place in the chunk.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a chunk is shorter than 2 GiB")]
    #[expect(clippy::expect_used, reason = "a row that is missing in one column shifts all below")]
    pub(super) fn push(&mut self, Span { start, end }: Span) {
        self.values
            .try_append_view(self.chunk, start as u32, (end - start) as u32)
            .expect("the place was found in the chunk");
    }

    /// Appends a value that does not stand in the chunk as it is.
    pub(super) fn push_copy(&mut self, value: &[u8]) {
        self.values.append_value(value);
    }

    #[inline]
    pub(super) fn push_null(&mut self) {
        self.values.append_null();
    }

    pub(super) fn finish(mut self) -> BinaryViewArray {
        self.values.finish()
    }
}

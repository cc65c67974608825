//! Places within a chunk in; an Arrow view array over the chunk out.
//!
//! ```text
//! view of up to 12 bytes    length ⎪ the bytes, then zeros
//! view of more              length ⎪ first 4 bytes ⎪ buffer (0 chunk, 1 copies) ⎪ offset
//!                           4 bytes, 4, 4, 4: one little-endian u128
//! ```
//!
//! Source: Apache Arrow columnar format, "Variable-size Binary View Layout".

use arrow::array::{BinaryViewArray, NullBufferBuilder};
use arrow::buffer::{Buffer, ScalarBuffer};

use super::line::Span;

/// Values up to this length stand in the view itself.
const INLINE_BYTES: usize = 12;

/// One column while it grows.
pub(super) struct Column {
    views: Vec<u128>,
    nulls: NullBufferBuilder,
    /// Values that do not stand in the chunk as they are, one after another.
    copies: Vec<u8>,
}

impl Column {
    pub(super) fn with_capacity(rows: usize) -> Column {
        Column {
            views: Vec::with_capacity(rows),
            nulls: NullBufferBuilder::new(rows),
            copies: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn push(&mut self, bytes: &[u8], span: Span) {
        self.views.push(view(bytes, span, 0));
        self.nulls.append_non_null();
    }

    /// Appends a value that is not in the chunk.
    pub(super) fn push_copy(&mut self, value: &[u8]) {
        let start = self.copies.len();
        self.copies.extend_from_slice(value);
        self.views.push(view(&self.copies, Span { start, end: self.copies.len() }, 1));
        self.nulls.append_non_null();
    }

    #[inline]
    pub(super) fn push_null(&mut self) {
        self.views.push(0);
        self.nulls.append_null();
    }

    /// The column, over the buffer that all its places were in.
    #[expect(clippy::expect_used, reason = "a view is made from a slice of its buffer")]
    pub(super) fn finish(mut self, buffer: &Buffer) -> BinaryViewArray {
        let views = ScalarBuffer::from(self.views);
        let copies = Buffer::from_vec(self.copies);
        BinaryViewArray::try_new(views, [buffer.clone(), copies], self.nulls.finish())
            .expect("every view lies within its buffer")
    }
}

/// Panics only if `span` is not within `bytes`.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "a chunk is shorter than 2 GiB")]
fn view(bytes: &[u8], Span { start, end }: Span, buffer: u32) -> u128 {
    let value = &bytes[start..end];
    let length = value.len();
    // Sixteen bytes at once where the chunk has as many, and what is too
    // much shifted out: faster than a copy of so many different lengths.
    let front = match bytes.get(start..start + 16).and_then(|bytes| bytes.try_into().ok()) {
        Some(front) => u128::from_le_bytes(front),
        None => {
            let mut front = [0; 16];
            let kept = length.min(INLINE_BYTES);
            front[..kept].copy_from_slice(&value[..kept]);
            u128::from_le_bytes(front)
        }
    };
    let kept = if length <= INLINE_BYTES {
        if length == 0 { 0 } else { front << (128 - 8 * length) >> (128 - 8 * length) << 32 }
    } else {
        u128::from(front as u32) << 32 | u128::from(buffer) << 64 | (start as u128) << 96
    };
    length as u128 | kept
}

//! Places within a chunk in; the values that stand there out.
//!
//! Not here: what a value means.

use arrow::buffer::Buffer;

use super::span::Span;

/// One field of all rows of a chunk.
///
/// A value is a place in the chunk; nothing is copied but what does not stand
/// there as it is. Holds raw values, so there is no `Debug`.
pub struct Values {
    chunk: Buffer,
    /// Values that do not stand in the chunk, one after the other. Their
    /// places are counted on from its end.
    copies: Vec<u8>,
    places: Vec<Place>,
}

/// Where a value begins, and its length or [`ABSENT`].
#[derive(Clone, Copy)]
struct Place {
    start: u32,
    len: u32,
}

/// A chunk is shorter than 2 GiB, and so are copies from it.
const ABSENT: u32 = u32::MAX;

impl Place {
    const NONE: Place = Place { start: 0, len: ABSENT };

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a chunk is shorter than 2 GiB")]
    fn of(Span { start, end }: Span) -> Place {
        Place { start: start as u32, len: (end - start) as u32 }
    }
}

impl Values {
    /// Room for the values of so many rows.
    pub(super) fn new(rows: usize, chunk: &Buffer) -> Values {
        Values { chunk: chunk.clone(), copies: Vec::new(), places: Vec::with_capacity(rows) }
    }

    /// Another column of the same chunk, with room for as many values.
    #[must_use]
    pub fn beside(&self) -> Values {
        Values::new(self.len(), &self.chunk)
    }

    /// How many there are, absent ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The values in the order of the rows; `None` where a row has none.
    #[inline]
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<&[u8]>> {
        let (chunk, copies) = (self.chunk.as_slice(), self.copies.as_slice());
        self.places.iter().map(move |&Place { start, len }| {
            if len == ABSENT {
                return None;
            }
            let (start, len) = (start as usize, len as usize);
            Some(match start.checked_sub(chunk.len()) {
                None => &chunk[start..start + len],
                Some(start) => &copies[start..start + len],
            })
        })
    }

    /// Appends what stands at a place in the chunk.
    #[inline]
    pub(super) fn push(&mut self, span: Span) {
        self.places.push(Place::of(span));
    }

    /// Appends a row each: what stands at a place in the chunk, or none.
    #[inline]
    pub(super) fn extend(&mut self, spans: impl Iterator<Item = Option<Span>>) {
        self.places.extend(spans.map(|span| span.map_or(Place::NONE, Place::of)));
    }

    /// Appends a value that does not stand in the chunk as it is.
    #[expect(clippy::cast_possible_truncation, reason = "a chunk is shorter than 2 GiB")]
    pub(super) fn push_copy(&mut self, value: &[u8]) {
        let start = self.chunk.len() + self.copies.len();
        self.copies.extend_from_slice(value);
        self.places.push(Place { start: start as u32, len: value.len() as u32 });
    }

    /// Appends what `write` adds to the end of a buffer: without one of its own for
    /// each value.
    #[expect(clippy::cast_possible_truncation, reason = "a chunk is shorter than 2 GiB")]
    pub fn push_written(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let before = self.copies.len();
        write(&mut self.copies);
        let (start, len) = (self.chunk.len() + before, self.copies.len() - before);
        self.places.push(Place { start: start as u32, len: len as u32 });
    }

    /// Appends a row that has none.
    #[inline]
    pub fn push_null(&mut self) {
        self.places.push(Place::NONE);
    }
}

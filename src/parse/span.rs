//! Places.

/// Where something stands, `start..end`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    /// The same place counted from `offset` bytes further ahead.
    #[inline]
    pub(super) fn moved(self, offset: usize) -> Span {
        Span { start: self.start + offset, end: self.end + offset }
    }
}

//! A chunk in; its lines out.
//!
//! Not here: what they say.

/// The lines of a chunk, without LF, and where each begins.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= bytes.len() {
            return None;
        }
        let rest = &bytes[start..];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = (start, &rest[..length]);
        start += length + 1;
        Some(line)
    })
}

/// A line without the CR of its ending.
pub(super) fn content(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// About as many lines as the chunk has, from its beginning: columns that
/// grow are copied, and columns too large cost fresh memory.
pub(super) fn estimate(bytes: &[u8]) -> usize {
    const SAMPLE_BYTES: usize = 16 * 1024;
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    let lines = memchr::memchr_iter(b'\n', sample).count() + 1;
    let share = bytes.len().div_ceil(sample.len().max(1));
    lines * share + lines * share / 16
}

/// The length of the byte-order mark that editors of Windows write before UTF-8,
/// if the bytes begin with it.
pub(super) fn mark_length(bytes: &[u8]) -> usize {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    if bytes.starts_with(MARK) { MARK.len() } else { 0 }
}

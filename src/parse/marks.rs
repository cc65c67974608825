//! Bytes in; lines, and where the marks in them stand, out.
//!
//! Marks are what a line is cut at: its quotes, or its blanks. A search for each
//! costs more than one pass for all: 64 bytes become 64 bits, and each bit that is
//! set a place. Whether a line has a byte that makes it an unusual one is found in
//! the same pass.
//!
//! Source: Langdale and Lemire, "Parsing Gigabytes of JSON per
//! Second", VLDB Journal 28, 2019, section 3.1.
//!
//! Not here: what stands between marks.

use std::marker::PhantomData;

use wide::u8x16;

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// Bytes that are looked at before lines are cut from them: both passes find
/// them in the first-level cache.
const WINDOW: usize = 4 * 1024;

/// Which bytes are found.
pub(super) trait Sought {
    /// Marks, and what makes a line an unusual one: 0xff where there is one, 0 at
    /// others. Line feeds may be among them.
    fn any(bytes: u8x16) -> u8x16;

    /// Whether one of those is a mark.
    fn is_mark(byte: u8) -> bool;
}

/// Quotes; a line is unusual with a backslash.
pub(super) struct Quotes;

impl Sought for Quotes {
    #[inline]
    fn any(bytes: u8x16) -> u8x16 {
        bytes.simd_eq(u8x16::splat(b'"')) | bytes.simd_eq(u8x16::splat(b'\\'))
    }

    #[inline]
    fn is_mark(byte: u8) -> bool {
        byte == b'"'
    }
}

/// Quotes; a line is unusual with a backslash, a control character, or a byte that
/// is not ASCII.
pub(super) struct Strings;

impl Sought for Strings {
    #[inline]
    fn any(bytes: u8x16) -> u8x16 {
        // Control characters are moved behind the others that are not ASCII.
        let moved = bytes - u8x16::splat(b' ');
        let is_behind = moved.max(u8x16::splat(0x80 - b' ')).simd_eq(moved);
        is_behind | Quotes::any(bytes)
    }

    #[inline]
    fn is_mark(byte: u8) -> bool {
        Quotes::is_mark(byte)
    }
}

/// Blanks, tabs too; a line is unusual with a quote.
pub(super) struct Blanks;

impl Sought for Blanks {
    #[inline]
    fn any(bytes: u8x16) -> u8x16 {
        let [blank, tab, quote] = [b' ', b'\t', b'"'].map(|byte| bytes.simd_eq(u8x16::splat(byte)));
        blank | tab | quote
    }

    #[inline]
    fn is_mark(byte: u8) -> bool {
        byte != b'"'
    }
}

/// One line, and what was found in it.
pub(super) struct Line<'a> {
    pub(super) start: usize,
    /// Where its line feed stands, or the bytes end.
    pub(super) end: usize,
    /// The places of its marks, from the start of the bytes.
    pub(super) marks: &'a [u32],
    /// There is nothing in it that makes it an unusual one.
    pub(super) is_plain: bool,
}

/// The lines of some bytes, found a few at a time.
pub(super) struct Marks<'a, S> {
    bytes: &'a [u8],
    /// Bytes that were looked at.
    seen: usize,
    /// Where marks stand, and behind the last one whatever.
    places: Vec<u32>,
    /// Marks that are known.
    count: usize,
    lines: Vec<Known>,
    /// Where the next line begins that is given, and its first mark.
    start: usize,
    first: usize,
    /// Lines that were given.
    given: usize,
    /// Whether the line whose end is not known yet is plain so far.
    is_plain: bool,
    sought: PhantomData<S>,
}

/// A line whose end is known.
struct Known {
    end: u32,
    /// Marks that are known up to its end.
    count: u32,
    is_plain: bool,
}

impl<'a, S: Sought> Marks<'a, S> {
    /// The lines of `bytes`, of which there are fewer than 2³², from `start` on,
    /// where one begins.
    pub(super) fn new(bytes: &'a [u8], start: usize) -> Self {
        Self {
            bytes,
            seen: 0,
            places: Vec::new(),
            count: 0,
            lines: Vec::with_capacity(WINDOW / BLOCK),
            start,
            first: 0,
            given: 0,
            is_plain: true,
            sought: PhantomData,
        }
    }

    /// The next line, if there is one.
    #[inline]
    pub(super) fn line(&mut self) -> Option<Line<'_>> {
        while self.given == self.lines.len() {
            if self.seen == self.bytes.len() {
                return None;
            }
            self.look_on();
        }
        let &Known { end, count, is_plain } = &self.lines[self.given];
        let (end, count) = (end as usize, count as usize);
        let line =
            Line { start: self.start, end, marks: &self.places[self.first..count], is_plain };
        self.start = end + 1;
        self.first = count;
        self.given += 1;
        Some(line)
    }

    /// Finds the marks of the next bytes.
    fn look_on(&mut self) {
        self.forget();
        let end = self.bytes.len().min(self.seen + WINDOW);
        let (blocks, rest) = self.bytes[self.seen..end].as_chunks::<BLOCK>();
        // No format divides lines at letters.
        let mut last = [b'a'; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        let last = if rest.is_empty() { &[][..] } else { std::slice::from_ref(&last) };
        let mut start = self.seen;
        for blocks in [blocks, last] {
            for block in blocks {
                self.block(block, start);
                start += BLOCK;
            }
        }
        self.seen = end;
        let next = self.lines.last().map_or(self.start, |line| line.end as usize + 1);
        if end == self.bytes.len() && next < end {
            self.end(end);
        }
    }

    /// Makes room for a window, in place of what was given.
    fn forget(&mut self) {
        self.lines.clear();
        self.given = 0;
        self.places.copy_within(self.first..self.count, 0);
        self.count -= self.first;
        self.first = 0;
        // Every byte may be a mark.
        self.places.resize(self.places.len().max(self.count + WINDOW), 0);
    }

    /// Notes what is in a block, which begins at `start`. What a byte is that was
    /// found is asked of the byte, so that one loop is left at a time that cannot be
    /// foretold, and not two.
    #[inline]
    fn block(&mut self, block: &[u8; BLOCK], start: usize) {
        let mut bits = bits::<S>(block);
        while bits != 0 {
            let at = bits.trailing_zeros() as usize;
            bits &= bits - 1;
            let byte = block[at];
            if byte == b'\n' {
                self.end(start + at);
            } else if S::is_mark(byte) {
                self.places[self.count] = place(start + at);
                self.count += 1;
            } else {
                self.is_plain = false;
            }
        }
    }

    /// Notes where a line ends.
    #[inline]
    fn end(&mut self, end: usize) {
        let (end, count) = (place(end), place(self.count));
        self.lines.push(Known { end, count, is_plain: self.is_plain });
        self.is_plain = true;
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "there are fewer than 2^32 bytes")]
fn place(at: usize) -> u32 {
    at as u32
}

/// The bytes of a block that are sought or line feeds, the first one in the lowest
/// bit.
#[inline]
fn bits<S: Sought>(block: &[u8; BLOCK]) -> u64 {
    let (parts, _) = block.as_chunks::<16>();
    let part = |at: usize| {
        let bytes = u8x16::new(parts[at]);
        u64::from((S::any(bytes) | bytes.simd_eq(u8x16::splat(b'\n'))).to_bitmask())
    };
    part(0) | part(1) << 16 | part(2) << 32 | part(3) << 48
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is found in each line of a text by definition: where it begins and
    /// ends, its marks, whether it is plain.
    fn by_definition(
        text: &str,
        is_mark: fn(char) -> bool,
        is_other: fn(char) -> bool,
    ) -> Vec<(usize, usize, Vec<usize>, bool)> {
        let mut start = 0;
        let lines = text.strip_suffix('\n').unwrap_or(text).split('\n').map(|line| {
            let marks = line.match_indices(is_mark).map(|(at, _)| start + at).collect();
            let found = (start, start + line.len(), marks, !line.contains(is_other));
            start += line.len() + 1;
            found
        });
        if text.is_empty() { Vec::new() } else { lines.collect() }
    }

    fn found<S: Sought>(text: &str) -> Vec<(usize, usize, Vec<usize>, bool)> {
        let mut marks = Marks::<S>::new(text.as_bytes(), 0);
        let mut lines = Vec::new();
        while let Some(Line { start, end, marks, is_plain }) = marks.line() {
            lines.push((start, end, marks.iter().map(|&at| at as usize).collect(), is_plain));
        }
        lines
    }

    proptest! {
        /// Lines of every length up to several windows.
        #[test]
        fn lines_and_marks_are_those_of_the_definition(
            lines in prop::collection::vec(("[ab\"\\\\\t é\r\0]{0,12}", 0usize..9_000, any::<bool>()), 0..8),
            short in "[ab\"\\\\\t \n]{0,300}",
            ends in any::<bool>(),
        ) {
            let fill = |(text, more, is_mark): &(String, usize, bool)| {
                format!("{text}{}", if *is_mark { " \"" } else { "--" }.repeat(more / 2))
            };
            let lines: Vec<String> = lines.iter().map(fill).collect();
            let end = if ends { "\n" } else { "" };
            let text = format!("{}{short}{end}", lines.join("\n"));
            prop_assert_eq!(found::<Quotes>(&text), by_definition(&text, |at| at == '"', |at| at == '\\'));
            prop_assert_eq!(found::<Blanks>(&text), by_definition(&text, |at| matches!(at, ' ' | '\t'), |at| at == '"'));
            let is_other = |at: char| at == '\\' || at < ' ' || !at.is_ascii();
            prop_assert_eq!(found::<Strings>(&text), by_definition(&text, |at| at == '"', is_other));
        }
    }

    #[test]
    fn lines_before_the_start_are_not_given() {
        let mut marks = Marks::<Quotes>::new(b"\xef\xbb\xbf", 3);
        assert!(marks.line().is_none());
        let mut marks = Marks::<Quotes>::new(b"\xef\xbb\xbfa\"\n", 3);
        assert!(
            marks.line().is_some_and(|line| (line.start, line.end, line.marks) == (3, 5, &[4]))
        );
        assert!(marks.line().is_none());
    }
}

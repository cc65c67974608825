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

/// Which bytes are found. Bytes that are are 0xff, others 0.
pub(super) trait Sought {
    /// Those that are marks.
    fn marks(bytes: u8x16) -> u8x16;

    /// Those that make a line an unusual one. Line feeds do not count.
    fn others(bytes: u8x16) -> u8x16;
}

/// Quotes; a line is unusual with a backslash.
pub(super) struct Quotes;

impl Sought for Quotes {
    #[inline]
    fn marks(bytes: u8x16) -> u8x16 {
        bytes.simd_eq(u8x16::splat(b'"'))
    }

    #[inline]
    fn others(bytes: u8x16) -> u8x16 {
        bytes.simd_eq(u8x16::splat(b'\\'))
    }
}

/// Quotes; a line is unusual with a backslash, a control character, or a byte that
/// is not ASCII.
pub(super) struct Strings;

impl Sought for Strings {
    #[inline]
    fn marks(bytes: u8x16) -> u8x16 {
        Quotes::marks(bytes)
    }

    #[inline]
    fn others(bytes: u8x16) -> u8x16 {
        // Control characters are moved behind the others that are not ASCII.
        let moved = bytes - u8x16::splat(b' ');
        let is_behind = moved.max(u8x16::splat(0x80 - b' ')).simd_eq(moved);
        is_behind | Quotes::others(bytes)
    }
}

/// Blanks, tabs too; a line is unusual with a quote.
pub(super) struct Blanks;

impl Sought for Blanks {
    #[inline]
    fn marks(bytes: u8x16) -> u8x16 {
        bytes.simd_eq(u8x16::splat(b' ')) | bytes.simd_eq(u8x16::splat(b'\t'))
    }

    #[inline]
    fn others(bytes: u8x16) -> u8x16 {
        bytes.simd_eq(u8x16::splat(b'"'))
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

/// The bytes of a block that are this or that, the first one in the lowest bit.
struct Bits {
    marks: u64,
    feeds: u64,
    others: u64,
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
        let (mut start, mut count) = (self.seen, self.count);
        for blocks in [blocks, last] {
            for block in blocks {
                let bits = bits::<S>(block);
                let before = count;
                count += push(&mut self.places[before..], start, bits.marks);
                if bits.feeds | bits.others != 0 {
                    self.end_lines(start, before, &bits);
                }
                start += BLOCK;
            }
        }
        self.count = count;
        self.seen = end;
        let next = self.lines.last().map_or(self.start, |line| line.end as usize + 1);
        if end == self.bytes.len() && next < end {
            self.end(end, self.count, self.is_plain);
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

    /// Notes the lines that end in a block, which begins at `start` and has
    /// `before` marks before it.
    fn end_lines(&mut self, start: usize, before: usize, bits: &Bits) {
        let (mut feeds, mut others) = (bits.feeds, bits.others);
        while feeds != 0 {
            let at = feeds.trailing_zeros();
            let up_to = (1 << at) - 1;
            let count = before + (bits.marks & up_to).count_ones() as usize;
            self.end(start + at as usize, count, self.is_plain && others & up_to == 0);
            self.is_plain = true;
            others &= !up_to;
            feeds &= feeds - 1;
        }
        self.is_plain &= others == 0;
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "there are fewer than 2^32 bytes")]
    fn end(&mut self, end: usize, count: usize, is_plain: bool) {
        self.lines.push(Known { end: end as u32, count: count as u32, is_plain });
    }
}

/// Writes the places of the bits that are set, and gives how many there are.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "there are fewer than 2^32 bytes")]
fn push(places: &mut [u32], start: usize, mut bits: u64) -> usize {
    let mut count = 0;
    for place in places {
        if bits == 0 {
            break;
        }
        *place = start as u32 + bits.trailing_zeros();
        bits &= bits - 1;
        count += 1;
    }
    count
}

#[inline]
fn bits<S: Sought>(block: &[u8; BLOCK]) -> Bits {
    let (parts, _) = block.as_chunks::<16>();
    let parts = [parts[0], parts[1], parts[2], parts[3]].map(u8x16::new);
    let feeds = parts.map(|part| part.simd_eq(u8x16::splat(b'\n')));
    let others = parts.map(S::others);
    let marks = join(parts.map(S::marks));
    // In most blocks there is neither, which is found with one look.
    let [a, b, c, d] = [0, 1, 2, 3].map(|at| feeds[at] | others[at]);
    if (a | b | c | d).to_bitmask() == 0 {
        return Bits { marks, feeds: 0, others: 0 };
    }
    let feeds = join(feeds);
    Bits { marks, feeds, others: join(others) & !feeds }
}

/// The bytes that are set, as bits.
#[inline]
fn join(parts: [u8x16; 4]) -> u64 {
    let [a, b, c, d] = parts.map(|part| u64::from(part.to_bitmask()));
    a | b << 16 | c << 32 | d << 48
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

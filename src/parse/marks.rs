//! Bytes in; where quotes, backslashes and line feeds stand, out.
//!
//! These are what a line of an access log is cut at, and a search for each of
//! them costs more than one pass for all: 64 bytes become 64 bits, and each bit
//! that is set a place.
//!
//! Source: Langdale and Lemire, "Parsing Gigabytes of JSON per
//! Second", VLDB Journal 28, 2019, section 3.1.
//!
//! Not here: what stands between them (`line`).

use wide::u8x16;

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// Bytes that are looked at before lines are cut from them: both passes find
/// them in the first-level cache.
const WINDOW: usize = 4 * 1024;

/// The marks of some bytes, a few lines at a time.
pub(super) struct Marks<'a> {
    bytes: &'a [u8],
    /// Bytes whose marks are known.
    seen: usize,
    places: Vec<u32>,
    /// Places that were given.
    given: usize,
}

impl<'a> Marks<'a> {
    /// The marks of `bytes`, of which there are fewer than 2³².
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, seen: 0, places: Vec::with_capacity(WINDOW / 8), given: 0 }
    }

    /// Where the line ends whose first marks are the next ones, at its line
    /// feed or with the bytes, and the places of those marks, as many as
    /// `quotes`, if they are quotes and no other mark is in the line.
    #[inline]
    pub(super) fn line(&mut self, quotes: usize) -> (usize, Option<&[u32]>) {
        loop {
            let next = &self.places[self.given..];
            if let Some((&feed, before)) = next.get(..=quotes).and_then(<[u32]>::split_last)
                && self.bytes[feed as usize] == b'\n'
                && before.iter().all(|&place| self.bytes[place as usize] == b'"')
            {
                let given = self.given;
                self.given += quotes + 1;
                return (feed as usize, Some(&self.places[given..given + quotes]));
            }
            let feed = next.iter().position(|&place| self.bytes[place as usize] == b'\n');
            if let Some(at) = feed {
                let end = next[at] as usize;
                self.given += at + 1;
                return (end, None);
            }
            if self.seen == self.bytes.len() {
                self.given = self.places.len();
                return (self.bytes.len(), None);
            }
            self.look_on();
        }
    }

    /// Where the line ends whose first marks are the next ones, and the places of
    /// its quotes, however many, if no other mark is in it.
    #[inline]
    pub(super) fn strings(&mut self) -> (usize, Option<&[u32]>) {
        loop {
            let next = &self.places[self.given..];
            let mut is_plain = true;
            let feed = next.iter().position(|&place| {
                let byte = self.bytes[place as usize];
                is_plain &= byte != b'\\';
                byte == b'\n'
            });
            let is_end = feed.is_none() && self.seen == self.bytes.len();
            if feed.is_none() && !is_end {
                self.look_on();
                continue;
            }
            let given = self.given;
            let count = feed.unwrap_or(next.len());
            let end = feed.map_or(self.bytes.len(), |at| next[at] as usize);
            self.given = (given + count + 1).min(self.places.len());
            let quotes = &self.places[given..given + count];
            return (end, is_plain.then_some(quotes));
        }
    }

    /// Finds the marks of the next bytes.
    fn look_on(&mut self) {
        self.places.drain(..self.given);
        self.given = 0;
        // A line that goes on is searched from its beginning each time, so there
        // must not be many times.
        let window = WINDOW.max(self.places.len());
        let end = self.bytes.len().min(self.seen + window);
        let (blocks, rest) = self.bytes[self.seen..end].as_chunks::<BLOCK>();
        for block in blocks {
            push(&mut self.places, self.seen, bits(block));
            self.seen += BLOCK;
        }
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            push(&mut self.places, self.seen, bits(&block));
            self.seen += rest.len();
        }
    }
}

/// Appends the places of the bits that are set.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "there are fewer than 2^32 bytes")]
fn push(places: &mut Vec<u32>, start: usize, mut bits: u64) {
    while bits != 0 {
        places.push(start as u32 + bits.trailing_zeros());
        bits &= bits - 1;
    }
}

/// The bytes of a block that are marks, the first one in the lowest bit.
#[inline]
fn bits(block: &[u8; BLOCK]) -> u64 {
    let [quote, escape, feed] = [b'"', b'\\', b'\n'].map(u8x16::splat);
    block.as_chunks::<16>().0.iter().rev().fold(0, |bits, &part| {
        let part = u8x16::new(part);
        let is_mark = part.simd_eq(quote) | part.simd_eq(escape) | part.simd_eq(feed);
        bits << 16 | u64::from(is_mark.to_bitmask())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bits_by_definition(block: &[u8; BLOCK]) -> u64 {
        let is_mark = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n');
        block.iter().rev().fold(0, |bits, byte| bits << 1 | u64::from(is_mark(byte)))
    }

    proptest! {
        #[test]
        fn bits_are_those_of_the_definition(block in prop::array::uniform32(any::<u8>()), marks in "[\"\\\\\n!#\\[\\]]{32}") {
            let mut both = [0; BLOCK];
            both[..32].copy_from_slice(&block);
            both[32..].copy_from_slice(marks.as_bytes());
            prop_assert_eq!(bits(&both), bits_by_definition(&both));
        }

        /// Lines of every length up to several windows, cut as `split` cuts them.
        #[test]
        fn lines_end_at_line_feeds_and_their_quotes_are_given(
            lines in prop::collection::vec(("[ab\"\\\\]{0,12}", 0usize..9_000), 0..8),
            quotes in 0usize..5,
        ) {
            let lines: Vec<String> =
                lines.iter().map(|(text, blanks)| format!("{text}{}", " ".repeat(*blanks))).collect();
            let text = lines.join("\n");
            let mut marks = Marks::new(text.as_bytes());
            let mut start = 0;
            for line in &lines {
                let (end, found) = marks.line(quotes);
                prop_assert_eq!(end, start + line.len());
                let places: Vec<usize> = line.match_indices(['"', '\\']).map(|(at, _)| start + at).collect();
                let is_usual = places.len() == quotes && !line.contains('\\') && end < text.len();
                let found = found.map(|found| found.iter().map(|&place| place as usize).collect::<Vec<_>>());
                prop_assert_eq!(found, is_usual.then_some(places));
                start = end + 1;
            }
        }
    }
}

//! Bytes in; the few places where personal data could begin or be divided out.
//!
//! ```text
//! `@` `=` `:` `%`, the first byte of full-width forms,
//! the first digit of a run, if seven digits stand in the 24 bytes from there
//! ```
//!
//! Every kind that is made of digits has seven in its first 24 bytes. Where full-width
//! forms are near, all runs count: what is no ASCII digit could be one.
//!
//! Not here: what is at these places.

use wide::u8x16;

/// Bytes of a block: one bit each of a word.
const BLOCK: usize = 64;

/// Highest bit of that word.
const LAST_BIT: u32 = u64::BITS - 1;

/// Bytes from its start in which a number has its digits.
const WINDOW: u64 = (1 << 24) - 1;

/// Fewest digits of any kind.
const FEWEST: u32 = 7;

/// The places of a text, in order.
#[derive(Debug)]
pub(super) struct Marks<'a> {
    bytes: &'a [u8],
    /// Where the block begins that is gone through.
    start: usize,
    /// Its places that are still to come.
    places: u64,
    /// Its classes, and those of the next block.
    here: Classes,
    next: Classes,
}

/// Which bytes of a block are of a class.
#[derive(Debug, Clone, Copy, Default)]
struct Classes {
    digits: u64,
    /// Marks that divide.
    marks: u64,
    /// First bytes of U+F000 and up: full-width forms.
    wide: u64,
}

impl<'a> Marks<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let here = Classes::of(bytes, 0);
        let next = Classes::of(bytes, BLOCK);
        let mut marks = Self { bytes, start: 0, places: 0, here, next };
        marks.places = marks.places_of_block(false);
        marks
    }

    /// Marks, and the first digit of each run.
    fn places_of_block(&self, is_digit_before: bool) -> u64 {
        let Classes { digits, marks, wide } = self.here;
        let is_sparse = self.next.wide | wide == 0
            && digits.count_ones() + self.next.digits.count_ones() < FEWEST;
        let runs = if is_sparse { 0 } else { digits & !(digits << 1 | u64::from(is_digit_before)) };
        runs | marks | wide
    }

    /// ASCII digits in a row from a place on that was given last; 64 are 64 or more.
    #[inline]
    pub(super) fn run(&self, place: usize) -> usize {
        let bit = place - self.start;
        let next = (self.next.digits << 1) << (BLOCK - 1 - bit);
        (self.here.digits >> bit | next).trailing_ones() as usize
    }

    /// True if a number could begin with the digit of this bit.
    fn is_dense(&self, bit: u32) -> bool {
        let window = |here: u64, next: u64| {
            // Twice, as a word cannot be shifted by all of its 64 bits.
            (here >> bit | (next << 1) << (LAST_BIT - bit)) & WINDOW
        };
        window(self.here.digits, self.next.digits).count_ones() >= FEWEST
            || window(self.here.wide, self.next.wide) != 0
    }
}

impl Iterator for Marks<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        loop {
            while self.places != 0 {
                let bit = self.places.trailing_zeros();
                self.places &= self.places - 1;
                let is_run = self.here.digits >> bit & 1 != 0;
                if !is_run || self.is_dense(bit) {
                    return Some(self.start + bit as usize);
                }
            }
            self.start += BLOCK;
            if self.start >= self.bytes.len() {
                return None;
            }
            let is_digit_before = self.here.digits >> (BLOCK - 1) != 0;
            self.here = self.next;
            self.next = Classes::of(self.bytes, self.start + BLOCK);
            self.places = self.places_of_block(is_digit_before);
        }
    }
}

impl Classes {
    /// The classes of the block from `start` on; of nothing behind the end.
    #[inline]
    fn of(bytes: &[u8], start: usize) -> Self {
        let rest = bytes.get(start..).unwrap_or_default();
        if let Some(block) = rest.first_chunk::<BLOCK>() {
            return Self::of_block(block);
        }
        if rest.is_empty() {
            return Self::default();
        }
        let mut block = [0; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        Self::of_block(&block)
    }

    #[inline]
    fn of_block(block: &[u8; BLOCK]) -> Self {
        let [at, equals, colon, percent, full] = [b'@', b'=', b':', b'%', 0xef].map(u8x16::splat);
        let (zero, nine) = (u8x16::splat(b'0'), u8x16::splat(9));
        let mut classes = Self::default();
        for (index, part) in block.as_chunks::<16>().0.iter().enumerate() {
            let part = u8x16::new(*part);
            let shift = index * 16;
            let bits = |mask: u8x16| u64::from(mask.to_bitmask()) << shift;
            let digit = part - zero;
            classes.digits |= bits(digit.min(nine).simd_eq(digit));
            classes.marks |= bits(
                part.simd_eq(at)
                    | part.simd_eq(equals)
                    | part.simd_eq(colon)
                    | part.simd_eq(percent),
            );
            classes.wide |= bits(part.simd_eq(full));
        }
        classes
    }
}

//! Small numbers in; runs of Parquet's hybrid of RLE and bit-packing out.
//!
//! ```text
//! repeated   varint(count << 1)        the value, in as few bytes as its width needs
//! packed     varint(groups << 1 | 1)   groups of 8 values, `width` bytes each, lowest bit first
//! ```
//!
//! Source: Apache Parquet format, Encodings, "Run Length Encoding /
//! Bit-Packing Hybrid (RLE = 3)".
//!
//! Not here: what the numbers stand for, how long a page is.

/// Bits that every number up to `largest` fits into, `1..=32`.
///
/// Not 0 for the number 0: not every reader knows values without bits.
pub(super) fn width(largest: u32) -> u8 {
    match largest.checked_ilog2() {
        // An `ilog2` of 32 bits is at most 31.
        Some(log) => u8::try_from(log + 1).unwrap_or(32),
        None => 1,
    }
}

/// Appends a run of `count` times the same value.
pub(super) fn repeated(value: u32, count: usize, width: u8, out: &mut Vec<u8>) {
    varint((count as u64) << 1, out);
    out.extend_from_slice(&value.to_le_bytes()[..usize::from(width).div_ceil(8)]);
}

/// Appends numbers, each of at most `width` bits, as one run: a repeated one
/// if they are all the same, else a packed one.
pub(super) fn run(values: &[u32], width: u8, out: &mut Vec<u8>) {
    match values {
        [] => {}
        [first, rest @ ..] if rest.iter().all(|value| value == first) => {
            repeated(*first, values.len(), width, out);
        }
        _ => {
            packed_header(values.len(), out);
            bits(values, width, out);
        }
    }
}

/// Appends the header of a packed run of `count` values.
pub(super) fn packed_header(count: usize, out: &mut Vec<u8>) {
    varint((count.div_ceil(8) as u64) << 1 | 1, out);
}

/// Appends numbers of `width` bits without a header, filled up with zeros to
/// a multiple of 8 numbers.
pub(super) fn bits(values: &[u32], width: u8, out: &mut Vec<u8>) {
    let start = out.len();
    let end = start + values.len().div_ceil(8) * usize::from(width);
    // Each step stores 8 bytes, of which those that are not full yet are
    // stored again by the next step.
    out.resize(end + 8, 0);
    // As many numbers a step as fit into 64 bits beside 7 left over.
    match width {
        ..=7 => steps::<8>(values, width, &mut out[start..]),
        8..=14 => steps::<4>(values, width, &mut out[start..]),
        15..=28 => steps::<2>(values, width, &mut out[start..]),
        29.. => steps::<1>(values, width, &mut out[start..]),
    }
    out.truncate(end);
}

fn steps<const STEP: usize>(values: &[u32], width: u8, out: &mut [u8]) {
    let (whole, rest) = values.as_chunks::<STEP>();
    let mut packer = Packer { out, at: 0, pending: 0, filled: 0 };
    for step in whole {
        let (mut joined, mut filled) = (0, 0);
        for value in step {
            joined |= u64::from(*value) << filled;
            filled += u32::from(width);
        }
        packer.push(joined, filled);
    }
    for value in rest {
        packer.push(u64::from(*value), u32::from(width));
    }
}

/// Bits on their way to bytes.
struct Packer<'a> {
    out: &'a mut [u8],
    /// Full bytes so far.
    at: usize,
    /// Bits that do not fill a byte yet, lowest first.
    pending: u64,
    /// How many those are, `0..=7`.
    filled: u32,
}

impl Packer<'_> {
    /// Takes the lowest `width` bits, at most 57, of which the others are zero.
    fn push(&mut self, bits: u64, width: u32) {
        self.pending |= bits << self.filled;
        self.filled += width;
        self.out[self.at..self.at + 8].copy_from_slice(&self.pending.to_le_bytes());
        let full = self.filled / 8;
        self.at += full as usize;
        // 64 bits cannot be full: 7 + 56 is the most.
        self.pending >>= full * 8;
        self.filled %= 8;
    }
}

/// Appends a number in groups of 7 bits, lowest first (ULEB128).
pub(super) fn varint(mut number: u64, out: &mut Vec<u8>) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition: bit `i` of value `n` is bit `n * width + i` of the bytes.
    fn unpacked(bytes: &[u8], width: usize, count: usize) -> Vec<u32> {
        let bit = |at: usize| u32::from(bytes[at / 8] >> (at % 8) & 1);
        (0..count).map(|n| (0..width).map(|i| bit(n * width + i) << i).sum()).collect()
    }

    #[test]
    fn width_is_the_number_of_bits_and_never_zero() {
        let widths = [0, 1, 2, 3, 4, 255, 256, u32::MAX].map(width);
        assert_eq!(widths, [1, 1, 2, 2, 3, 8, 9, 32]);
    }

    /// The example of the format's own description.
    #[test]
    fn numbers_0_to_7_in_three_bits_are_88_c6_fa() {
        let mut out = Vec::new();
        bits(&[0, 1, 2, 3, 4, 5, 6, 7], 3, &mut out);
        assert_eq!(out, [0b1000_1000, 0b1100_0110, 0b1111_1010]);
    }

    #[test]
    fn equal_numbers_become_a_repeated_run() {
        let mut out = Vec::new();
        run(&[300; 100], 9, &mut out);
        assert_eq!(out, [0xc8, 0x01, 0x2c, 0x01]);
    }

    proptest! {
        #[test]
        fn every_width_unpacks_to_what_was_packed(
            width in 1u8..=32,
            values in prop::collection::vec(any::<u32>(), 0..70),
            before in 0usize..3,
        ) {
            let values: Vec<u32> = values.iter().map(|value| value >> (32 - width)).collect();
            let mut out = vec![0xff; before];
            bits(&values, width, &mut out);
            prop_assert_eq!(out.len() - before, values.len().div_ceil(8) * usize::from(width));
            prop_assert_eq!(unpacked(&out[before..], width.into(), values.len()), values);
        }
    }
}

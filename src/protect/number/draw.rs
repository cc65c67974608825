//! A keyed draw in; numbers that are as good as random out.

use sha2::{Digest as _, Sha256};

/// A number from 0 up to, and not including, `options`; 0 if there are none.
///
/// It is the remainder of the first 16 bytes, big-endian. No number is likelier
/// than another by more than a part in 2^64.
#[must_use]
pub fn below(draw: &[u8; 32], options: u64) -> u64 {
    let number = draw.iter().take(16).fold(0, |number, &byte| number << 8 | u128::from(byte));
    // A remainder is smaller than what it is of.
    u64::try_from(number % u128::from(options.max(1))).unwrap_or(0)
}

/// Another draw, for one of several things that share `draw`: SHA-256 of the
/// draw and the number in eight bytes, big-endian.
#[must_use]
pub fn derived(draw: &[u8; 32], number: i64) -> [u8; 32] {
    Sha256::new().chain_update(draw).chain_update(number.to_be_bytes()).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_decide() {
        let mut draw = [0; 32];
        draw[15] = 7;
        draw[31] = 1;
        assert_eq!(below(&draw, 10), 7);
        assert_eq!(below(&draw, 7), 0);
        assert_eq!(below(&draw, 1), 0);
        assert_eq!(below(&draw, 0), 0);
        assert_eq!(below(&[0xff; 32], u64::MAX), 0);
        // 2^128 - 1 = 5 · 68056473384187692692674921486353642291
        assert_eq!(below(&[0xff; 32], 5), 0);
    }

    #[test]
    fn what_is_derived_differs() {
        let draw = [9; 32];
        assert_ne!(derived(&draw, 1), derived(&draw, -1));
        assert_ne!(derived(&draw, 1), draw);
        assert_eq!(derived(&draw, 1), derived(&draw, 1));
    }

    #[test]
    fn every_number_is_about_equally_often_drawn() {
        let mut counts = [0u32; 7];
        for number in 0..7_000 {
            let drawn = usize::try_from(below(&derived(&[1; 32], number), 7)).unwrap();
            counts[drawn] += 1;
        }
        assert!(counts.iter().all(|count| (900..1_100).contains(count)), "{counts:?}");
    }
}

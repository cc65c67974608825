//! Numbers of 256 bits: sums of squares of 64-bit numbers fit in them, however
//! many rows there are.
//!
//! Not here: what they are needed for (`outlier`, `microaggregate`).

/// A whole number from 0 up to, and not including, 2^256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Wide {
    // Compared in this order.
    high: u128,
    low: u128,
}

const HALF: u32 = 64;
const LOW_HALF: u128 = u64::MAX as u128;

impl Wide {
    pub(super) const MAX: Self = Self { high: u128::MAX, low: u128::MAX };

    /// The product of two numbers, without loss.
    pub(super) fn product(left: u128, right: u128) -> Self {
        let (left_high, left_low) = (left >> HALF, left & LOW_HALF);
        let (right_high, right_low) = (right >> HALF, right & LOW_HALF);
        let lowest = left_low * right_low;
        // A product of halves is at most (2^64 - 1)², which leaves room for two more.
        let middle = left_high * right_low + (lowest >> HALF);
        let other = left_low * right_high + (middle & LOW_HALF);
        let high = left_high * right_high + (middle >> HALF) + (other >> HALF);
        Self { high, low: other << HALF | lowest & LOW_HALF }
    }

    /// The sum, or the largest number if that is less.
    pub(super) fn plus(self, other: Self) -> Self {
        let (low, carry) = self.low.overflowing_add(other.low);
        let high = self.high.checked_add(other.high);
        match high.and_then(|high| high.checked_add(u128::from(carry))) {
            Some(high) => Self { high, low },
            None => Self::MAX,
        }
    }

    /// The difference, or 0 if `other` is larger.
    pub(super) fn minus(self, other: Self) -> Self {
        let (low, borrow) = self.low.overflowing_sub(other.low);
        let high = self.high.checked_sub(other.high);
        match high.and_then(|high| high.checked_sub(u128::from(borrow))) {
            Some(high) => Self { high, low },
            None => Self::default(),
        }
    }

    /// The product, or the largest number if that is less.
    pub(super) fn times(self, factor: u64) -> Self {
        let factor = u128::from(factor);
        let (low, high) = (Self::product(self.low, factor), Self::product(self.high, factor));
        if high.high != 0 {
            return Self::MAX;
        }
        low.plus(Self { high: high.low, low: 0 })
    }

    /// The largest number whose square is not larger, bit by bit.
    pub(super) fn root(self) -> u128 {
        (0..u128::BITS).rev().fold(0, |root, bit| {
            let longer = root | 1 << bit;
            if Self::product(longer, longer) <= self { longer } else { root }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn small(number: u128) -> Wide {
        Wide { high: 0, low: number }
    }

    #[test]
    fn edges() {
        let largest = Wide::product(u128::MAX, u128::MAX);
        // (2^128 - 1)² = (2^128 - 2) · 2^128 + 1
        assert_eq!(largest, Wide { high: u128::MAX - 1, low: 1 });
        assert_eq!(largest.root(), u128::MAX);
        assert_eq!(largest.minus(small(1)).root(), u128::MAX - 1);
        assert_eq!(Wide::MAX.root(), u128::MAX);
        assert_eq!(Wide::MAX.plus(small(1)), Wide::MAX);
        assert_eq!(largest.times(2), Wide::MAX);
        assert_eq!(small(1).minus(small(2)), Wide::default());
        assert_eq!(small(u128::MAX).plus(small(1)), Wide { high: 1, low: 0 });
        assert_eq!(Wide { high: 1, low: 0 }.minus(small(1)), small(u128::MAX));
    }

    proptest! {
        #[test]
        fn agrees_with_arithmetic_of_128_bits(a: u64, b: u64, c: u64) {
            let (a, b) = (u128::from(a), u128::from(b));
            prop_assert_eq!(Wide::product(a, b), small(a * b));
            prop_assert_eq!(small(a).plus(small(b)), small(a + b));
            prop_assert_eq!(small(a).minus(small(b)), small(a.saturating_sub(b)));
            prop_assert_eq!(small(a).times(c), small(a * u128::from(c)));
            prop_assert_eq!(small(a * b).root(), (a * b).isqrt());
        }

        #[test]
        fn multiplication_distributes(a: u128, b: u128, c: u64) {
            let parts = Wide::product(a, b).plus(Wide::product(a, u128::from(c)));
            if let Some(sum) = b.checked_add(u128::from(c)) {
                prop_assert_eq!(Wide::product(a, sum), parts);
            }
            prop_assert_eq!(Wide::product(a, b), Wide::product(b, a));
            prop_assert_eq!(parts.minus(Wide::product(a, b)), Wide::product(a, u128::from(c)));
            let by_times = Wide::product(a, u128::from(c) >> 1).times(2);
            prop_assert_eq!(by_times, Wide::product(a, u128::from(c) >> 1 << 1));
        }

        #[test]
        fn a_root_is_the_largest(a: u128, below: u64) {
            let square = Wide::product(a, a);
            prop_assert_eq!(square.root(), a);
            if a > u128::from(u64::MAX) {
                prop_assert_eq!(square.plus(small(u128::from(below))).root(), a);
                prop_assert_eq!(square.minus(small(1)).root(), a - 1);
            }
        }
    }
}

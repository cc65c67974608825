//! A seed in; numbers that look random and are the same on every machine out.
//!
//! Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
//! Generators", OOPSLA 2014 (`SplitMix64`, with the constants of its `mix64`).
//! Chosen because its state is one number and its output is laid down outside
//! this program, so that a seed gives the same day with every version.
//!
//! Not here: keys and secrets. Nothing of this module is fit for them.

/// Distance between two states, from the paper: 2^64 divided by the golden
/// ratio, as an odd number.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// A sequence of numbers.
pub(super) struct Random {
    state: u64,
}

impl Random {
    /// Starts the sequence of a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next number, each of the 2^64 equally often.
    pub(super) fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GAMMA);
        scatter(self.state)
    }

    /// A number from 0 to `end`, without `end`; 0 if `end` is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.number()) * u128::from(end);
        // The upper half of a product of two 64-bit numbers fits.
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// A number as [`Random::below`], small ones much more often: half of all
    /// lie in the first fifth. A few persons, books and words make up most of
    /// a day.
    pub(super) fn skewed(&mut self, end: u64) -> u64 {
        let limit = self.below(end).saturating_add(1);
        self.below(limit)
    }

    /// True in one of `of` cases.
    pub(super) fn one_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    /// One of the values, each equally often.
    pub(super) fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[index(self.below(length(values)))]
    }

    /// One of the values, the first ones more often.
    pub(super) fn pick_skewed<T: Copy>(&mut self, values: &[T]) -> T {
        values[index(self.skewed(length(values)))]
    }

    /// One of the values, as often as its weight says.
    pub(super) fn weighted<T: Copy>(&mut self, values: &[(u64, T)]) -> T {
        let total = values.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(total);
        let mut at = 0;
        while left >= values[at].0 {
            left -= values[at].0;
            at += 1;
        }
        values[at].1
    }
}

/// A number for two numbers, so that persons, days and files each have a
/// sequence of their own.
pub(super) fn mix(seed: u64, with: u64) -> u64 {
    scatter(seed ^ scatter(with.wrapping_add(GAMMA)))
}

/// The paper's `mix64`: one to one, so no two states give the same number.
fn scatter(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn length<T>(values: &[T]) -> u64 {
    u64::try_from(values.len()).unwrap_or(u64::MAX)
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

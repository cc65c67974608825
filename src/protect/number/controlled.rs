//! Numbers, their groups and the sums of those in; multiples of a unit out, so
//! that sums stay close.
//!
//! Technique 제어 라운딩. Within each group numbers are laid end to end, the
//! groups one after the other, all behind an offset that a keyed draw makes. A
//! number becomes what its end is past the beginning, both rounded down:
//!
//! ```text
//! released = ⌊end⌋ − ⌊beginning⌋      offset, sums of the groups before and
//!                                     numbers of the group before = beginning
//! ```
//!
//! What is guaranteed, for any numbers, also negative ones, in any order of rows:
//!
//! - each number becomes a multiple of the unit beside it, or stays if it is one;
//! - so does the sum of each group, and so does the sum of all groups;
//! - released sums are the sums of what is released;
//! - over all offsets the mean of what a number becomes is the number.
//!
//! That is a tree of margins: all, group, row. Two margins that cross, such as
//! branch by month, are not kept together; that takes the methods of the first
//! two papers. The sum of a group does not depend on the order of rows, which
//! rows go up does.
//!
//! Source: Causey, Cox and Ernst (1985), "Applications of Transportation Theory
//! to Statistical Problems", JASA 80(392); Cox (1987), "A Constructive Procedure
//! for Unbiased Controlled Rounding", JASA 82(398): what a controlled rounding is,
//! zero-restricted and unbiased. Fellegi (1975), "Controlled Random Rounding",
//! Survey Methodology 1(2): rounding running totals behind a random offset.

use super::draw;
use crate::protect::settings::number::Step;

/// Rounds the rows of a column, group by group or mixed.
///
/// Holds eight bytes for each group.
#[derive(Debug, Clone)]
pub struct Controlled {
    unit: i64,
    /// Of each group: how far its end so far lies past a multiple of the unit.
    ends: Vec<i64>,
}

impl Controlled {
    /// Before the first row. `sums` are the true sums of the groups, in an order
    /// that does not depend on the order of rows, such as that of their names.
    /// `draw` is one of the column.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::protect::number::controlled::Controlled;
    /// use gamyeong::protect::settings::number::Step;
    ///
    /// let unit = Step::try_from(10).unwrap();
    /// // Two branches: 4 + 4 + 4 and 5 + 13.
    /// let mut rounding = Controlled::new(unit, &[0; 32], &[12, 18]);
    /// let first: Vec<_> = [4, 4, 4].map(|value| rounding.next(0, value)).into();
    /// assert_eq!(first, [Some(0), Some(0), Some(10)]); // 12 becomes 10
    /// let second: Vec<_> = [5, 13].map(|value| rounding.next(1, value)).into();
    /// assert_eq!(second, [Some(0), Some(20)]); // 18 becomes 20, and 30 stays
    /// ```
    #[must_use]
    pub fn new(unit: Step, draw: &[u8; 32], sums: &[i128]) -> Self {
        let unit = unit.size();
        let offset = draw::below(draw, unit.unsigned_abs()).cast_signed();
        let mut end = offset;
        let ends = sums
            .iter()
            .map(|&sum| {
                let beginning = end;
                end = past(unit, i128::from(beginning) + sum.rem_euclid(i128::from(unit)));
                beginning
            })
            .collect();
        Self { unit, ends }
    }

    /// What the next row of a group becomes. `None` if there is no such group, or
    /// if the multiple is no `i64`: sums then miss this row.
    #[must_use = "each row is rounded once"]
    pub fn next(&mut self, group: usize, value: i64) -> Option<i64> {
        let end = self.ends.get_mut(group)?;
        let sum = i128::from(*end) + i128::from(value);
        *end = past(self.unit, sum);
        i64::try_from(sum - i128::from(*end)).ok()
    }
}

/// How far a number lies past the multiple below.
fn past(unit: i64, number: i128) -> i64 {
    // A rest is smaller than the unit.
    i64::try_from(number.rem_euclid(i128::from(unit))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GROUPS: usize = 4;

    fn step(unit: i64) -> Step {
        Step::try_from(unit).unwrap()
    }

    fn drawn(number: i64) -> [u8; 32] {
        let mut draw = [0; 32];
        draw[8..16].copy_from_slice(&number.to_be_bytes());
        draw
    }

    fn sums(rows: &[(usize, i64)]) -> [i128; GROUPS] {
        let mut sums = [0; GROUPS];
        for &(group, value) in rows {
            sums[group] += i128::from(value);
        }
        sums
    }

    fn rounded(unit: i64, draw: &[u8; 32], rows: &[(usize, i64)]) -> Vec<(usize, i64)> {
        let mut rounding = Controlled::new(step(unit), draw, &sums(rows));
        rows.iter().map(|&(group, value)| (group, rounding.next(group, value).unwrap())).collect()
    }

    fn is_beside(unit: i64, exact: i128, multiple: i128) -> bool {
        multiple % i128::from(unit) == 0 && (multiple - exact).abs() < i128::from(unit)
    }

    fn rows() -> impl Strategy<Value = Vec<(usize, i64)>> {
        let value = prop_oneof![-50i64..50, -1_000_000_000_000i64..1_000_000_000_000];
        prop::collection::vec((0..GROUPS, value), 0..60)
    }

    #[test]
    fn ends_of_the_range_are_no_panic() {
        let mut rounding = Controlled::new(step(10), &[0xff; 32], &[i128::MAX, i128::MIN]);
        for value in [i64::MIN, i64::MAX, i64::MIN, 0] {
            let _ = rounding.next(0, value);
            let _ = rounding.next(1, value);
        }
        assert_eq!(rounding.next(2, 5), None);
        let mut rounding = Controlled::new(step(10), &drawn(9), &[i128::from(i64::MAX)]);
        assert_eq!(rounding.next(0, i64::MAX), None);
    }

    proptest! {
        /// The law, for rows in the order in which they come.
        #[test]
        fn rows_groups_and_all_become_multiples_beside(rows in rows(), unit in 2i64..2_000, draw: [u8; 32]) {
            let released = rounded(unit, &draw, &rows);
            for (&(_, exact), &(_, multiple)) in rows.iter().zip(&released) {
                prop_assert!(is_beside(unit, exact.into(), multiple.into()));
            }
            let (exact, multiples) = (sums(&rows), sums(&released));
            for (&exact, &multiple) in exact.iter().zip(&multiples) {
                prop_assert!(is_beside(unit, exact, multiple));
            }
            prop_assert!(is_beside(unit, exact.iter().sum(), multiples.iter().sum()));
        }

        #[test]
        fn sums_of_groups_do_not_depend_on_the_order_of_rows(
            (rows, shuffled) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
            unit in 2i64..2_000,
            draw: [u8; 32],
        ) {
            let left = sums(&rounded(unit, &draw, &rows));
            prop_assert_eq!(left, sums(&rounded(unit, &draw, &shuffled)));
        }

        #[test]
        fn over_all_offsets_the_mean_is_the_number(rows in rows(), unit in 2i64..20) {
            let mut totals = vec![0i128; rows.len()];
            for offset in 0..unit {
                let released = rounded(unit, &drawn(offset), &rows);
                for (total, (_, multiple)) in totals.iter_mut().zip(released) {
                    *total += i128::from(multiple);
                }
            }
            for (total, (_, exact)) in totals.into_iter().zip(rows) {
                prop_assert_eq!(total, i128::from(exact) * i128::from(unit));
            }
        }
    }
}

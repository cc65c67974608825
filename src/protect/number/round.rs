//! A number in; the multiple of a unit below it, above it, or nearer to it, out.
//!
//! Technique 일반 라운딩 (`down` 내림, `up` 올림, `half` 반올림) and 랜덤 라운딩
//! (`random`). A multiple stays as it is.
//!
//! `None` where the multiple is no `i64`, which happens only within a unit of
//! its ends.
//!
//! Source: ISO 80000-1:2009, annex B, rule A (of two multiples equally near, the
//! even one: halves in equal number go up and down, so that sums do not drift);
//! Fellegi (1975), "Controlled Random Rounding", Survey Methodology 1(2)
//! (unbiased: up with the probability of the remainder).
//!
//! Not here: rounding that keeps sums (`controlled`), rounding of times
//! (`protect::moment`).

use super::draw;
use crate::protect::settings::number::Step;

/// The multiple of `unit` that is not above the number: -1 becomes -10.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::number::round;
/// use gamyeong::protect::settings::number::Step;
///
/// let unit = Step::try_from(10_000).unwrap();
/// assert_eq!(round::down(984_450, unit), Some(980_000));
/// assert_eq!(round::down(-1, unit), Some(-10_000));
/// assert_eq!(round::down(i64::MIN, unit), None);
/// ```
#[must_use]
pub fn down(value: i64, unit: Step) -> Option<i64> {
    value.checked_sub(value.rem_euclid(unit.size()))
}

/// The multiple of `unit` that is not below the number: -9 becomes 0.
#[must_use]
pub fn up(value: i64, unit: Step) -> Option<i64> {
    match value.rem_euclid(unit.size()) {
        0 => Some(value),
        rest => value.checked_add(unit.size() - rest),
    }
}

/// The nearer multiple; of two that are equally near, the even one: of the unit
/// 10, both 15 and 25 become 20.
#[must_use]
pub fn half(value: i64, unit: Step) -> Option<i64> {
    let unit_size = unit.size();
    let rest = value.rem_euclid(unit_size);
    // A unit is at most 10^15, so that twice the rest fits.
    let is_even_below = value.div_euclid(unit_size) % 2 == 0;
    if 2 * rest < unit_size || 2 * rest == unit_size && is_even_below {
        down(value, unit)
    } else {
        up(value, unit)
    }
}

/// The multiple above with the probability rest / unit, else the one below: over
/// many draws the mean is the number itself, to a part in 2^64.
///
/// `draw` should be one of the subject and the value together. With one of the
/// subject alone, all values of a subject go up or down by one threshold, and
/// stay in order; with one of the value alone, equal values stay equal, and the
/// sum is only right on average over keys.
#[must_use]
pub fn random(value: i64, unit: Step, draw: &[u8; 32]) -> Option<i64> {
    let rest = value.rem_euclid(unit.size()).unsigned_abs();
    if draw::below(draw, unit.size().unsigned_abs()) < rest {
        up(value, unit)
    } else {
        down(value, unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn step(unit: i64) -> Step {
        Step::try_from(unit).unwrap()
    }

    /// A draw of which `below` makes this number.
    fn drawn(number: u64) -> [u8; 32] {
        let mut draw = [0; 32];
        draw[8..16].copy_from_slice(&number.to_be_bytes());
        draw
    }

    #[test]
    fn examples() {
        for (value, below, above, near) in [
            (984_450, 984_450, 984_450, 984_450),
            (984_454, 984_450, 984_460, 984_450),
            (0, 0, 0, 0),
            (5, 0, 10, 0),
            (15, 10, 20, 20),
            (25, 20, 30, 20),
            (26, 20, 30, 30),
            (-1, -10, 0, 0),
            (-5, -10, 0, 0),
            (-15, -20, -10, -20),
            (-9, -10, 0, -10),
        ] {
            assert_eq!(down(value, step(10)), Some(below), "{value}");
            assert_eq!(up(value, step(10)), Some(above), "{value}");
            assert_eq!(half(value, step(10)), Some(near), "{value}");
        }
        // An odd unit has no halves.
        assert_eq!(half(4, step(3)), Some(3));
        assert_eq!(half(5, step(3)), Some(6));
        assert_eq!(up(i64::MAX, step(10)), None);
        assert_eq!(up(i64::MIN, step(10)), Some(i64::MIN + 8));
        assert_eq!(down(i64::MAX, step(10)), Some(i64::MAX - 7));
    }

    proptest! {
        #[test]
        fn results_are_the_multiples_beside(value: i64, unit in 2i64..=1_000_000, draw: [u8; 32]) {
            let unit = step(unit);
            let (below, above) = (down(value, unit), up(value, unit));
            for result in [below, above, half(value, unit), random(value, unit, &draw)] {
                prop_assert!(result == below || result == above);
                let Some(result) = result else { continue };
                prop_assert_eq!(result % unit.size(), 0);
                prop_assert!((i128::from(result) - i128::from(value)).abs() < i128::from(unit.size()));
            }
            if value % unit.size() == 0 {
                prop_assert_eq!((below, above), (Some(value), Some(value)));
            }
        }

        /// Half of the definition: no other multiple is nearer.
        #[test]
        fn half_is_nearest(value in -1_000i64..1_000, unit in 2i64..50) {
            let found = half(value, step(unit)).unwrap();
            let nearest = (-1_100 / unit..=1_100 / unit).map(|n| n * unit)
                .min_by_key(|multiple| ((multiple - value).abs(), multiple / unit % 2 != 0));
            prop_assert_eq!(Some(found), nearest);
        }

        #[test]
        fn order_stays(a in -10_000i64..10_000, b in -10_000i64..10_000, unit in 2i64..500, draw: [u8; 32]) {
            let (low, high, unit) = (a.min(b), a.max(b), step(unit));
            prop_assert!(down(low, unit) <= down(high, unit));
            prop_assert!(up(low, unit) <= up(high, unit));
            prop_assert!(half(low, unit) <= half(high, unit));
            prop_assert!(random(low, unit, &draw) <= random(high, unit, &draw));
        }

        /// Over all draws that differ, the sum is exactly that of the number.
        #[test]
        fn random_is_unbiased(value in -10_000i64..10_000, unit in 2i64..300) {
            let sum: i64 = (0..unit)
                .map(|number| random(value, step(unit), &drawn(number.unsigned_abs())).unwrap())
                .sum();
            prop_assert_eq!(sum, value * unit);
        }
    }
}

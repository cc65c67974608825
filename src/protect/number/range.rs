//! A number in; the interval it lies in, as ASCII text, out.
//!
//! Technique 범위 방법. One notation for all, that of ISO 80000-2: the bound
//! behind `[` belongs to the interval, the bound before `)` does not. It reads the
//! same with negative numbers, where `-10--1` would not.
//!
//! ```text
//! width = 10, origin = 0        38 → [30,40)     -1 → [-10,0)
//! bounds = [0, 20, 80]          38 → [20,80)     -1 → <0          80 → >=80
//! ```
//!
//! Not here: intervals that are chosen so that each has enough rows
//! (`microaggregate` does that for means).

use std::io::Write as _;

use crate::protect::settings::number::Range;

/// Writes the interval of a number behind what `out` has.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::number::range;
/// use gamyeong::protect::settings::number::{Range, Step};
///
/// let decades = Range::Width { width: Step::try_from(10).unwrap(), origin: 0 };
/// let mut out = Vec::new();
/// range::write(&decades, 38, &mut out);
/// assert_eq!(out, b"[30,40)");
/// ```
pub fn write(range: &Range, value: i64, out: &mut Vec<u8>) {
    let written = match range {
        Range::Width { width, origin } => {
            // Bounds of numbers at the ends of `i64` lie beyond them.
            let (value, width) = (i128::from(value), i128::from(width.size()));
            let low = value - (value - i128::from(*origin)).rem_euclid(width);
            write!(out, "[{low},{})", low + width)
        }
        Range::Bounds(bounds) => {
            let bounds = bounds.numbers();
            let (below, above) = bounds.split_at(bounds.partition_point(|&bound| bound <= value));
            match (below.last(), above.first()) {
                (Some(low), Some(high)) => write!(out, "[{low},{high})"),
                (Some(low), None) => write!(out, ">={low}"),
                (None, Some(high)) => write!(out, "<{high}"),
                // There is a bound.
                (None, None) => Ok(()),
            }
        }
    };
    debug_assert!(written.is_ok(), "a vector takes every byte");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protect::settings::number::{Bounds, Step};
    use proptest::prelude::*;

    fn width(width: i64, origin: i64) -> Range {
        Range::Width { width: Step::try_from(width).unwrap(), origin }
    }

    fn bounds(bounds: &[i64]) -> Range {
        Range::Bounds(Bounds::try_from(bounds.to_vec()).unwrap())
    }

    fn text(range: &Range, value: i64) -> String {
        let mut out = Vec::new();
        write(range, value, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn examples() {
        for (value, expected) in
            [(38, "[30,40)"), (30, "[30,40)"), (40, "[40,50)"), (-1, "[-10,0)"), (-10, "[-10,0)")]
        {
            assert_eq!(text(&width(10, 0), value), expected);
        }
        assert_eq!(text(&width(10, 5), 38), "[35,45)");
        assert_eq!(text(&width(10, -32), 38), "[38,48)");
        let ages = bounds(&[0, 20, 40, 60, 80]);
        for (value, expected) in [
            (-1, "<0"),
            (0, "[0,20)"),
            (38, "[20,40)"),
            (79, "[60,80)"),
            (80, ">=80"),
            (101, ">=80"),
        ] {
            assert_eq!(text(&ages, value), expected);
        }
        assert_eq!(text(&bounds(&[7]), 6), "<7");
        assert_eq!(text(&bounds(&[7]), 7), ">=7");
        let lowest = "[-9223372036854775810,-9223372036854775800)";
        assert_eq!(text(&width(10, 0), i64::MIN), lowest);
        assert_eq!(
            text(&width(10, i64::MIN), i64::MAX),
            "[9223372036854775802,9223372036854775812)"
        );
    }

    /// What a label says, read back.
    fn is_inside(label: &str, value: i64) -> bool {
        let number = |text: &str| text.parse::<i128>().unwrap();
        let value = i128::from(value);
        if let Some(high) = label.strip_prefix('<') {
            return value < number(high);
        }
        if let Some(low) = label.strip_prefix(">=") {
            return value >= number(low);
        }
        let inside = label.strip_prefix('[').and_then(|label| label.strip_suffix(')')).unwrap();
        let (low, high) = inside.split_once(',').unwrap();
        number(low) <= value && value < number(high)
    }

    fn ranges() -> impl Strategy<Value = Range> {
        let of_bounds = prop::collection::btree_set(-500i64..500, 1..20)
            .prop_map(|set| bounds(&set.into_iter().collect::<Vec<_>>()));
        let of_width = (2i64..300, any::<i64>()).prop_map(|(size, origin)| width(size, origin));
        prop_oneof![of_width, of_bounds]
    }

    proptest! {
        #[test]
        fn a_number_lies_in_its_interval(range in ranges(), value: i64, near in -600i64..600) {
            prop_assert!(is_inside(&text(&range, value), value));
            prop_assert!(is_inside(&text(&range, near), near));
        }

        /// Two numbers share a label, or neither lies in the other's interval; and
        /// what lies between two that share one shares it too.
        #[test]
        fn intervals_do_not_overlap(range in ranges(), a in -600i64..600, b in -600i64..600) {
            let (of_a, of_b) = (text(&range, a), text(&range, b));
            prop_assert_eq!(of_a == of_b, is_inside(&of_a, b));
            if of_a == of_b {
                prop_assert_eq!(text(&range, i64::midpoint(a, b)), of_a);
            }
        }
    }
}

use super::*;
use proptest::prelude::*;

fn rows(k: u32) -> Rows {
    Rows::try_from(k).unwrap()
}

fn distributions(values: usize) -> impl Strategy<Value = Vec<(i64, u64)>> {
    prop::collection::btree_map(-60i64..60, 1u64..5, 0..values)
        .prop_map(|values| values.into_iter().collect())
}

/// The whole number nearest to the mean, half to even, by trying all.
fn mean(part: &[(i64, u64)]) -> i64 {
    let n: i64 = part.iter().map(|&(_, rows)| rows.cast_signed()).sum();
    let sum: i64 = part.iter().map(|&(value, rows)| value * rows.cast_signed()).sum();
    (-60..60).min_by_key(|mean| ((mean * n - sum).abs(), mean % 2 != 0)).unwrap()
}

fn cost(part: &[(i64, u64)], mean: i64) -> i64 {
    part.iter().map(|&(value, rows)| (value - mean).pow(2) * rows.cast_signed()).sum()
}

/// The least cost of all partitions into runs of at least `k` rows, by trying all.
fn least_cost(k: u64, distribution: &[(i64, u64)]) -> Option<i64> {
    let n = distribution.len();
    (0..1u32 << n.saturating_sub(1))
        .filter_map(|cuts| {
            let mut total = 0;
            let mut begin = 0;
            for end in 1..=n {
                if end == n || cuts >> (end - 1) & 1 == 1 {
                    let part = &distribution[begin..end];
                    if part.iter().map(|(_, rows)| rows).sum::<u64>() < k {
                        return None;
                    }
                    total += cost(part, mean(part));
                    begin = end;
                }
            }
            Some(total)
        })
        .min()
}

#[test]
fn examples() {
    let fitted = fit(rows(2), &[(1, 1), (2, 1), (10, 1), (11, 1), (12, 1)]);
    let means: Vec<_> = [1, 2, 10, 11, 12].map(|value| fitted.apply(value)).into();
    // 1.5 becomes 2, the even one.
    assert_eq!(means, [Some(2), Some(2), Some(11), Some(11), Some(11)]);
    // Neither below, between nor above groups.
    for value in [i64::MIN, 0, 5, 13, i64::MAX] {
        assert_eq!(fitted.apply(value), None);
    }
    // −2.5 and −1.5 become −2.
    assert_eq!(fit(rows(2), &[(-3, 1), (-2, 1)]).apply(-3), Some(-2));
    assert_eq!(fit(rows(2), &[(-2, 1), (-1, 1)]).apply(-1), Some(-2));
    // A value that enough rows have is a group by itself.
    assert_eq!(fit(rows(3), &[(5, 3), (6, 3)]).groups().len(), 2);
}

#[test]
fn of_equally_good_groups_the_last_are_the_smallest() {
    // {0, 2, 4}, {6, 8} and {0, 2}, {4, 6, 8} both cost 10.
    let fitted = fit(rows(2), &[(0, 1), (2, 1), (4, 1), (6, 1), (8, 1)]);
    assert_eq!((fitted.apply(4), fitted.apply(6)), (Some(2), Some(7)));
}

#[test]
fn values_without_rows_are_in_no_group() {
    let fitted = fit(rows(2), &[(1, 0), (5, 2), (9, 0)]);
    assert_eq!([1, 5, 9].map(|value| fitted.apply(value)), [None, Some(5), None]);
}

#[test]
fn fewer_rows_than_k_have_no_group() {
    let fitted = fit(rows(5), &[(1, 2), (2, 2)]);
    assert_eq!((fitted.apply(1), fitted.groups().len()), (None, 0));
    assert_eq!(fit(rows(5), &[]).apply(0), None);
    assert_eq!(fit(rows(2), &[(1, 0), (2, 0)]).groups().len(), 0);
}

#[test]
fn ends_of_the_range_are_no_panic() {
    let ends = [(i64::MIN, 1 << 60), (i64::MIN + 1, 1), (0, 1), (i64::MAX, 1 << 60)];
    let fitted = fit(rows(3), &ends);
    // 0 weighs one part in 2^60 there.
    assert_eq!(fitted.apply(i64::MAX), Some(i64::MAX - 8));
    assert_eq!(fitted.groups().len(), 2);
    let both = fit(rows(2), &[(i64::MIN, 1), (i64::MAX, 1)]);
    assert_eq!(both.apply(i64::MIN), Some(0));
}

proptest! {
    #[test]
    fn no_partition_is_better(distribution in distributions(12), k in 2u32..9) {
        let fitted = fit(rows(k), &distribution);
        let found = fitted.groups().iter().map(|group| {
            let of_group = |value: i64| group.first <= value && value <= group.last;
            let part: Vec<_> =
                distribution.iter().copied().filter(|(value, _)| of_group(*value)).collect();
            assert_eq!(group.mean, mean(&part));
            cost(&part, group.mean)
        });
        let found = (!fitted.groups().is_empty()).then(|| found.sum());
        let expected = least_cost(k.into(), &distribution).filter(|_| !distribution.is_empty());
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn every_released_value_has_k_rows_and_the_sum_stays(distribution in distributions(60), k in 2u32..20) {
        let fitted = fit(rows(k), &distribution);
        let all: u64 = distribution.iter().map(|(_, rows)| rows).sum();
        if all < u64::from(k) {
            prop_assert!(distribution.iter().all(|(value, _)| fitted.apply(*value).is_none()));
            return Ok(());
        }
        let mut released = std::collections::BTreeMap::new();
        let (mut before, mut after) = (0, 0);
        for &(value, rows) in &distribution {
            let mean = fitted.apply(value).unwrap();
            *released.entry(mean).or_insert(0) += rows;
            before += value * rows.cast_signed();
            after += mean * rows.cast_signed();
        }
        prop_assert!(released.values().all(|&rows| rows >= u64::from(k)));
        prop_assert!(2 * (before - after).abs() <= all.cast_signed());
        let means: Vec<_> = distribution.iter().map(|(value, _)| fitted.apply(*value)).collect();
        prop_assert!(means.is_sorted());
    }

    /// Far from zero the groups are the same.
    #[test]
    fn groups_do_not_depend_on_where_zero_is(distribution in distributions(20), k in 2u32..9, far: i32) {
        let offset = i64::from(far) * 2_000_000_000;
        let moved: Vec<_> =
            distribution.iter().map(|&(value, rows)| (value + offset, rows)).collect();
        let (near, far) = (fit(rows(k), &distribution), fit(rows(k), &moved));
        for (value, _) in distribution {
            prop_assert_eq!(far.apply(value + offset), near.apply(value).map(|mean| mean + offset));
        }
    }
}

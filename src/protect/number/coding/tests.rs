use super::*;
use crate::protect::settings::coding::Sigma;
use proptest::prelude::*;

fn settings(text: &str) -> Coding {
    toml::from_str(text).unwrap()
}

/// One row for each of the numbers from 1 to 100.
fn hundred() -> Vec<(i64, u64)> {
    (1..=100).map(|value| (value, 1)).collect()
}

/// A small distribution, ascending.
fn distributions() -> impl Strategy<Value = Vec<(i64, u64)>> {
    prop::collection::btree_map(-40i64..40, 1u64..6, 0..20)
        .prop_map(|values| values.into_iter().collect())
}

#[test]
fn ages_of_the_guideline() {
    let ages = [(7, 2), (19, 1), (20, 5), (38, 9), (79, 1), (80, 2), (93, 1)];
    let fitted =
        fit(&settings("bottom = { value = 20, outside = 'blank' }\ntop = { value = 80 }"), &ages);
    let fitted = fitted.unwrap();
    for (age, expected) in
        [(7, None), (19, None), (20, Some(20)), (38, Some(38)), (80, Some(80)), (93, Some(80))]
    {
        assert_eq!(fitted.apply(age), expected, "{age}");
    }
}

#[test]
fn percentiles_are_of_nearest_rank() {
    let coded = |text: &str| {
        let fitted = fit(&settings(text), &hundred()).unwrap();
        (fitted.apply(i64::MIN), fitted.apply(i64::MAX))
    };
    assert_eq!(coded("top = { percentile = 99 }"), (Some(i64::MIN), Some(99)));
    assert_eq!(coded("top = { percentile = 98.5 }").1, Some(99));
    assert_eq!(coded("top = { percentile = 99.1 }").1, Some(100));
    assert_eq!(coded("bottom = { percentile = 5 }"), (Some(5), Some(i64::MAX)));
    assert_eq!(coded("bottom = { percentile = 0.1 }\ntop = { sigma = 1 }"), (Some(1), Some(79)));
    // μ = 50.5, σ = 28.86…
    let fitted = fit(&settings("bottom = { sigma = 1 }\ntop = { sigma = 1 }"), &hundred()).unwrap();
    assert_eq!((fitted.apply(1), fitted.apply(100)), (Some(22), Some(79)));
    assert_eq!((fitted.apply(22), fitted.apply(79)), (Some(22), Some(79)));
}

#[test]
fn a_limit_moves_inwards_until_enough_rows_have_it() {
    let ages = [(20, 9), (70, 1), (75, 3), (80, 1), (90, 1)];
    let top = |text: &str| fit(&settings(text), &ages).map(|fitted| fitted.apply(90));
    assert_eq!(top("top = { value = 80 }"), Ok(Some(80)));
    assert_eq!(top("top = { value = 80, least = 2 }"), Ok(Some(80)));
    assert_eq!(top("top = { value = 80, least = 5 }"), Ok(Some(75)));
    assert_eq!(top("top = { value = 80, least = 6 }"), Ok(Some(70)));
    assert_eq!(top("top = { value = 80, least = 15 }"), Ok(Some(20)));
    assert_eq!(top("top = { value = 80, least = 16 }"), Err(Misfit::TooFew));
    // Nobody is that old, so nobody is told by it.
    assert_eq!(top("top = { value = 91, least = 16 }"), Ok(Some(90)));
    assert_eq!(
        top("bottom = { value = 75 }\ntop = { value = 80, least = 6 }"),
        Err(Misfit::Crossed)
    );
}

#[test]
fn a_column_of_one_value_stays() {
    let text = "bottom = { percentile = 1, least = 5 }\ntop = { sigma = 3, least = 5 }";
    let fitted = fit(&settings(text), &[(7, 9)]).unwrap();
    assert_eq!(fitted.apply(7), Some(7));
}

#[test]
fn a_column_without_rows_is_as_it_is() {
    for text in ["top = { sigma = 3, least = 5 }", "bottom = { percentile = 5 }"] {
        let fitted = fit(&settings(text), &[]).unwrap();
        assert_eq!(fitted.apply(i64::MIN), Some(i64::MIN));
        assert_eq!(fitted.apply(i64::MAX), Some(i64::MAX));
    }
}

proptest! {
    /// The definition of nearest rank, on the rows written out.
    #[test]
    fn percentiles_agree_with_the_definition(distribution in distributions(), tenths in 1usize..1_000) {
        let text = format!("top = {{ percentile = {}.{} }}", tenths / 10, tenths % 10);
        let fitted = fit(&settings(&text), &distribution).unwrap();
        let rows: Vec<i64> = distribution.iter()
            .flat_map(|&(value, rows)| (0..rows).map(move |_| value))
            .collect();
        let rank = (rows.len() * tenths).div_ceil(1_000);
        let expected = rank.checked_sub(1).map_or(i64::MAX, |index| rows[index]);
        prop_assert_eq!(fitted.apply(i64::MAX), Some(expected));
    }

    /// The definition, word by word, in floating point with small numbers.
    #[test]
    fn sigma_agrees_with_the_definition(distribution in distributions(), sigma in 1u32..4) {
        let rows: Vec<i64> = distribution.iter()
            .flat_map(|&(value, rows)| (0..rows).map(move |_| value))
            .collect();
        let (low, high) = outlier::bounds(&distribution, Sigma::try_from(sigma).unwrap());
        let n = i64::try_from(rows.len()).unwrap();
        let sum: i64 = rows.iter().sum();
        let spread: i64 = rows.iter().map(|x| (n * x - sum).pow(2)).sum::<i64>();
        for value in (-300..300).filter(|_| n > 0) {
            // N²σ² = Σ(Nx − S)² / N
            let is_inside = n * (n * value - sum).pow(2) <= i64::from(sigma * sigma) * spread;
            prop_assert_eq!(is_inside, (low..=high).contains(&value), "{}", value);
        }
        prop_assert!(low <= high);
    }

    /// Numbers of 62 bits and 2^40 times the rows: of the bounds in this unit, the
    /// whole part is the same.
    #[test]
    fn sigma_is_exact_for_large_numbers(distribution in distributions(), sigma in 1u32..=10) {
        const UNIT: i64 = 1 << 56;
        let large: Vec<_> =
            distribution.iter().map(|&(value, rows)| (value * UNIT, rows << 40)).collect();
        let sigma = Sigma::try_from(sigma).unwrap();
        let (low, high) = outlier::bounds(&large, sigma);
        let expected = outlier::bounds(&distribution, sigma);
        if low != i64::MIN {
            prop_assert_eq!(-(-low).div_euclid(UNIT), expected.0);
        }
        if high != i64::MAX {
            prop_assert_eq!(high.div_euclid(UNIT), expected.1);
        }
    }

    #[test]
    fn any_numbers_are_bounded(
        mut values in prop::collection::vec((any::<i64>(), 1u64..1 << 50), 0..20),
        sigma in 1u32..=10,
    ) {
        values.sort_unstable();
        values.dedup_by_key(|(value, _)| *value);
        let (low, high) = outlier::bounds(&values, Sigma::try_from(sigma).unwrap());
        prop_assert!(low <= high);
        // Chebyshev: at most 1/n² of the rows lie outside.
        let rows = |is_counted: &dyn Fn(i64) -> bool| -> u128 {
            values.iter().filter(|(value, _)| is_counted(*value)).map(|&(_, n)| u128::from(n)).sum()
        };
        let outside = rows(&|value| value < low || value > high);
        prop_assert!(outside * u128::from(sigma * sigma) <= rows(&|_| true));
        // Moved by a constant, the bounds move with the values.
        let halved: Vec<_> = values.iter().map(|&(value, n)| (value / 2, n)).collect();
        let moved: Vec<_> = halved.iter().map(|&(value, n)| (value + 1_000, n)).collect();
        let (halved, moved) = (
            outlier::bounds(&halved, Sigma::try_from(sigma).unwrap()),
            outlier::bounds(&moved, Sigma::try_from(sigma).unwrap()),
        );
        let shifted = |bound: i64| bound == i64::MIN || bound == i64::MAX;
        prop_assert!(shifted(halved.0) || shifted(moved.0) || moved.0 - halved.0 == 1_000);
        prop_assert!(shifted(halved.1) || shifted(moved.1) || moved.1 - halved.1 == 1_000);
    }

    /// Order stays, the limits have enough rows, and the count is right.
    #[test]
    fn coding_keeps_order_and_least(
        distribution in distributions(),
        bottom in 1u32..50,
        top in 50u32..100,
        least in 2u64..12,
    ) {
        let text = format!(
            "bottom = {{ percentile = {bottom}, least = {least} }}\n\
             top = {{ percentile = {top}, least = {least} }}"
        );
        let text = if bottom == top { "top = { value = 0 }".to_owned() } else { text };
        let Ok(fitted) = fit(&settings(&text), &distribution) else { return Ok(()) };
        let coded: Vec<i64> =
            distribution.iter().map(|&(value, _)| fitted.apply(value).unwrap()).collect();
        prop_assert!(coded.is_sorted());
        let with = |wanted: i64| -> u64 {
            let same = coded.iter().zip(&distribution).filter(|(coded, _)| **coded == wanted);
            same.map(|(_, (_, rows))| rows).sum()
        };
        for end in [coded.first(), coded.last()].into_iter().flatten() {
            prop_assert!(text.contains("value") || with(*end) >= least);
        }
    }
}

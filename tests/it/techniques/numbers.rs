//! Techniques on whole numbers that look at a column as a whole, against their
//! definitions.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "numbers of a test are small"
)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Night, Row, Rules, loans};
use crate::protect::{ring, secret};

/// The numbers of a field.
fn given(rows: &[Row], name: &str) -> Vec<i64> {
    rows.iter().map(|row| row[name].parse().unwrap()).collect()
}

fn is_beside(exact: i64, made: i64, unit: i64) -> bool {
    made % unit == 0 && (made - exact).abs() < unit
}

#[test]
fn controlled_rounding_keeps_the_margins() {
    let fields = r#"
row = { keep = "integer" }
fee = { round_number = { unit = 100, how = "controlled", margins = "branch" } }
age = { round_number = { unit = 7, how = "controlled", margins = "row" } }
"#;
    let rules = Rules::new("", fields);
    let secret = secret("loans", 7);
    let values = prop::collection::vec((-2_000i64..2_000, 0usize..4), 1..80);
    proptest!(ProptestConfig::with_cases(64), |(values in values, size in 1usize..30)| {
        let rows: Vec<Row> = values.iter().zip(loans(80, 20)).map(|((fee, branch), mut row)| {
            row.insert("fee", fee.to_string());
            // One branch has no name: its rows are a group as well.
            row.insert("branch", ["중앙", "분당", "판교", ""][*branch].to_owned());
            row
        }).collect();
        let cells = rules.protect(&ring(&secret), &rows, size);
        let made = cells.numbers("fee");
        let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for (row, (exact, made)) in rows.iter().zip(given(&rows, "fee").into_iter().zip(&made)) {
            prop_assert!(is_beside(exact, *made, 100));
            for group in [row["branch"].as_str(), "all"] {
                let sums = sums.entry(group).or_default();
                *sums = (sums.0 + exact, sums.1 + made);
            }
        }
        for (group, (exact, made)) in sums {
            prop_assert!(is_beside(exact, made, 100), "{}: {} {}", group, exact, made);
        }
        // Every row is a group: the total still is beside its own.
        let (exact, made) = (given(&rows, "age"), cells.numbers("age"));
        prop_assert!(is_beside(exact.iter().sum(), made.iter().sum(), 7));
    });
}

/// The sums of groups do not depend on the order of rows, though its rows do.
#[test]
fn margins_are_the_same_in_any_order_of_rows() {
    let fields =
        "fee = { round_number = { unit = 100, how = \"controlled\", margins = \"branch\" } }";
    let rules = Rules::new("", fields);
    let secret = secret("loans", 7);
    let rows = Just(loans(60, 20)).prop_shuffle();
    let sums = |rows: &[Row], size| {
        let cells = rules.protect(&ring(&secret), rows, size);
        let mut sums: BTreeMap<Option<String>, i64> = BTreeMap::new();
        for (branch, fee) in cells.of("branch").iter().zip(cells.numbers("fee")) {
            *sums.entry(branch.clone()).or_default() += fee;
        }
        sums
    };
    let expected = sums(&loans(60, 20), 60);
    proptest!(ProptestConfig::with_cases(24), |(rows in rows, size in 1usize..30)| {
        prop_assert_eq!(&sums(&rows, size), &expected);
    });
}

/// Found by a review: all flags had been one group.
#[test]
fn flags_are_groups_of_their_own() {
    let fields = r#"
mac = { as = "made_up", mac = "randomised" }
fee = { round_number = { unit = 100, how = "controlled", margins = "made_up" } }
"#;
    let rules = Rules::new("", fields);
    let secret = secret("loans", 7);
    let rows = loans(60, 20);
    let cells = rules.protect(&ring(&secret), &rows, 7);
    let mut sums: BTreeMap<Option<String>, (i64, i64)> = BTreeMap::new();
    let fees = given(&rows, "fee").into_iter().zip(cells.numbers("fee"));
    for (flag, (exact, made)) in cells.of("made_up").iter().zip(fees) {
        let sums = sums.entry(flag.clone()).or_default();
        *sums = (sums.0 + exact, sums.1 + made);
    }
    assert!(sums.len() == 2, "{sums:?}");
    for (group, (exact, made)) in sums {
        assert!(is_beside(exact, made, 100), "{group:?}: {exact} {made}");
    }
}

/// Found by a review: they became null and were counted nowhere.
#[test]
fn numbers_whose_multiples_do_not_fit_are_counted_as_unread() {
    let mut rows = loans(60, 20);
    rows[3].insert("fee", i64::MAX.to_string());
    rows[4].insert("fee", i64::MIN.to_string());
    let fields = r#"
fee = [
    { as = "exact", keep = "integer" },
    { as = "drawn", round_number = { unit = 1000, how = "random" } },
    { as = "sums", round_number = { unit = 1000, how = "controlled", margins = "branch" } },
]
"#;
    let night = Night::new("", fields).publish(&rows);
    assert_eq!(night.numbers("exact")[3..5], [Some(i64::MAX), Some(i64::MIN)]);
    for column in ["drawn", "sums"] {
        assert_eq!(night.numbers(column)[3..5], [None, None]);
        assert_eq!(night.source()["unread"][column], 2, "{}", night.source());
    }
}

/// The smallest value that at least so many of a thousand rows do not exceed.
fn percentile(sorted: &[i64], thousandths: usize) -> i64 {
    let exceeds = |value: &&i64| {
        let within = sorted.iter().filter(|of| of <= value).count();
        within * 1_000 >= thousandths * sorted.len()
    };
    **sorted.iter().filter(exceeds).collect::<Vec<_>>().first().unwrap()
}

/// Mean and standard deviation.
fn moments(all: &[i64]) -> (f64, f64) {
    let n = all.len() as f64;
    let mean = all.iter().map(|of| *of as f64).sum::<f64>() / n;
    let variance = all.iter().map(|of| (*of as f64 - mean).powi(2)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

const CODINGS: &str = r#"
row = { keep = "integer" }
fee = [
    { as = "fee", keep = "integer" },
    { as = "by_value", coding = { bottom = { value = 500, outside = "blank" }, top = { value = 8_000 } } },
    { as = "by_share", coding = { bottom = { percentile = 5 }, top = { percentile = 99.5, outside = "blank" } } },
    { as = "by_sigma", coding = { top = { sigma = 2, outside = "blank" }, bottom = { sigma = 1 } } },
    { as = "least", coding = { top = { value = 9_700, least = 12 } } },
]
"#;

#[test]
fn coding_is_that_of_its_definition() {
    let mut rows = loans(400, 40);
    // Ties, an outlier at each end, and one that is no number.
    for (row, fee) in [(3, "98000"), (5, "-70000"), (7, "-70000"), (9, "many"), (11, "9,650")] {
        rows[row].insert("fee", fee.to_owned());
    }
    let night = Night::new("", CODINGS).publish(&rows);
    let fee = night.numbers("fee");
    assert_eq!(fee.iter().filter(|fee| fee.is_none()).count(), 1);
    let all: Vec<i64> = fee.iter().flatten().copied().collect();
    let mut sorted = all.clone();
    sorted.sort_unstable();
    let (low, high) = (percentile(&sorted, 50), percentile(&sorted, 995));
    let (mean, deviation) = moments(&all);
    let bottom = (mean - deviation).ceil() as i64;
    let is_high = |fee: &i64| *fee as f64 > mean + 2.0 * deviation;
    // Of `least`: so many rows have the cap, or come to have it.
    let least = sorted[sorted.len() - 12].min(9_700);
    let each = |make: &dyn Fn(i64) -> Option<i64>| -> Vec<Option<i64>> {
        fee.iter().map(|fee| fee.and_then(make)).collect()
    };
    let expected = [
        ("by_value", each(&|fee| (fee >= 500).then_some(fee.min(8_000)))),
        ("by_share", each(&|fee| (fee <= high).then_some(fee.max(low)))),
        ("by_sigma", each(&|fee| (!is_high(&fee)).then_some(fee.max(bottom)))),
        ("least", each(&|fee| Some(fee.min(least)))),
    ];
    let source = night.source();
    for (name, expected) in expected {
        assert_eq!(night.numbers(name), expected, "{name}");
        let changed = fee.iter().zip(&expected).filter(|(fee, made)| fee != made).count();
        let recorded = source["changed"].as_array().unwrap();
        let of = recorded.iter().filter(|change| change["column"] == name);
        let rows: u64 = of.clone().map(|change| change["rows"].as_u64().unwrap()).sum();
        assert_eq!(rows, changed as u64, "{name}");
        // What is blanked is called so.
        let blanked = fee.iter().zip(&expected).filter(|(fee, made)| fee != made && made.is_none());
        let mut of = of.filter(|change| change["technique_ko"] == "로컬 삭제");
        let rows = of.next().map_or(0, |change| change["rows"].as_u64().unwrap());
        assert_eq!(rows, blanked.count() as u64, "{name}");
        assert!(changed > 0, "{name}");
    }
    assert_eq!(source["unread"]["fee"], 1);
}

/// The least sum of squared distances that any grouping of neighbours has, by trying
/// all of them: `rows` sorted, groups of `k` rows or more, equal values together.
fn least_cost(rows: &[i64], k: usize) -> Option<i64> {
    let mut best = vec![None; rows.len() + 1];
    best[0] = Some(0);
    for end in k..=rows.len() {
        if end < rows.len() && rows[end] == rows[end - 1] {
            continue;
        }
        let costs = (0..=end - k).filter_map(|begin| {
            let group = &rows[begin..end];
            let mean = (group.iter().sum::<i64>() as f64 / group.len() as f64).round_ties_even();
            Some(best[begin]? + distance(group, mean as i64))
        });
        best[end] = costs.min();
    }
    best[rows.len()]
}

fn distance(group: &[i64], mean: i64) -> i64 {
    group.iter().map(|value| (value - mean).pow(2)).sum()
}

#[test]
fn microaggregates_are_means_of_enough_rows_and_the_nearest_there_are() {
    let fields = "fee = [{ as = \"fee\", keep = \"integer\" }, { as = \"means\", microaggregate = { k = 5 } }]";
    let rules = Rules::new("", fields);
    let secret = secret("loans", 7);
    let fees = prop::collection::vec(-50i64..200, 5..70);
    proptest!(ProptestConfig::with_cases(48), |(fees in fees, size in 1usize..30)| {
        let rows: Vec<Row> = fees.iter().zip(loans(70, 20)).map(|(fee, mut row)| {
            row.insert("fee", (fee / 3 * 30).to_string());
            row
        }).collect();
        let cells = rules.protect(&ring(&secret), &rows, size);
        let mut groups: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (fee, mean) in cells.numbers("fee").into_iter().zip(cells.numbers("means")) {
            groups.entry(mean).or_default().push(fee);
        }
        let mut all = Vec::new();
        let mut made = 0;
        for (mean, mut group) in groups {
            prop_assert!(group.len() >= 5);
            group.sort_unstable();
            made += distance(&group, mean);
            all.append(&mut group);
        }
        // Groups are of neighbours.
        prop_assert!(all.is_sorted());
        prop_assert_eq!(Some(made), least_cost(&all, 5));
    });
}

#[test]
fn random_rounding_is_beside_and_right_on_average() {
    let fields = "fee = [{ as = \"fee\", keep = \"integer\" }, { as = \"tens\", round_number = { unit = 100, how = \"random\" } }]";
    let rules = Rules::new("", fields);
    let secret = secret("loans", 7);
    let rows = loans(3_000, 900);
    let cells = rules.protect(&ring(&secret), &rows, 700);
    let (fee, made) = (cells.numbers("fee"), cells.numbers("tens"));
    assert!(fee.iter().zip(&made).all(|(exact, made)| is_beside(*exact, *made, 100)));
    // The sum of 3,000 roundings has a standard deviation of at most 50 × √3000.
    let difference: i64 = made.iter().sum::<i64>() - fee.iter().sum::<i64>();
    assert!(difference.abs() < 4 * 2_739, "{difference}");
}

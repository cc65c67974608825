//! A table of several row groups: what needs all values first decides over all of them,
//! and gives the same as over one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Row, Rules, loans};
use crate::protect::{ring, secret};

/// A technique of every kind of column that is laid aside.
const FIELDS: &str = r#"
row = { keep = "integer" }
mac = { as = "vendor", mac = { vendor = { devices_min = 6 } } }
ip = { as = "number", serial = { domain = "ip" } }
genre = { keep = "text", rare = { persons_min = 8, other = "그 밖" } }
fee = [
    { as = "means", microaggregate = { k = 40 } },
    { as = "half", coding = { top = { percentile = 50 } } },
    { as = "sums", round_number = { unit = 1000, how = "controlled", margins = "branch" } },
    { as = "moved", keep = "integer", permute = true },
    { as = "fee", keep = "integer" },
]
when = { shift = { weeks = 8, keep = "term", terms = ["03-01", "09-01"] } }
page = { path = { learn = { persons_min = 9 } } }
words = { keep = "text" }
"#;

const ORDERED: [&str; 9] =
    ["row", "vendor", "number", "genre", "means", "half", "when", "page", "words"];

#[test]
fn values_are_decided_on_over_all_row_groups() {
    let rules = Rules::new("", FIELDS);
    let secret = secret("loans", 7);
    let rows = loans(500, 70);
    let one = rules.protect(&ring(&secret), &rows, usize::MAX);
    for size in [1, 7, 100, 499, 500] {
        let several = rules.protect(&ring(&secret), &rows, size);
        for column in ORDERED {
            assert_eq!(one.of(column), several.of(column), "{column} in row groups of {size}");
        }
        // The running totals of controlled rounding go on from one to the next.
        assert_eq!(one.of("sums"), several.of("sums"));
        // Values change places within a row group, the last two together.
        let all = |column| {
            let mut all = several.numbers(column);
            all.sort_unstable();
            all
        };
        assert_eq!(all("moved"), all("fee"));
        let (moved, fee) = (several.numbers("moved"), several.numbers("fee"));
        let groups = 500usize.div_ceil(size);
        for group in 0..groups.saturating_sub(2) {
            let within = group * size..(group + 1) * size;
            let set =
                |numbers: &[i64]| numbers[within.clone()].iter().copied().collect::<BTreeSet<_>>();
            assert_eq!(set(&moved), set(&fee));
        }
    }
}

/// The last row group may be a single row, which must not keep its value.
#[test]
fn a_last_row_alone_changes_places_with_others() {
    let rules = Rules::new("", "fee = [{ as = \"moved\", keep = \"integer\", permute = true }]");
    let rows = loans(101, 30);
    let fee: i64 = rows[100]["fee"].parse().unwrap();
    let kept = (0u8..20).filter(|key| {
        let secret = secret("loans", *key);
        rules.protect(&ring(&secret), &rows, 50).numbers("moved")[100] == fee
    });
    // One in fifty, by chance.
    assert!(kept.count() < 4);
}

#[test]
fn samples_and_dropped_rows_are_the_same_over_row_groups() {
    let source = "sample = { one_in = 3 }\ndrop_rows = { fee = { sigma = 1 }, genre = { values = [\"시\"] } }";
    let fields = "row = { keep = \"integer\" }\nfee = { keep = \"integer\" }\ngenre = \"keep\"\nmac = { as = \"number\", serial = { domain = \"mac\" } }";
    let rules = Rules::new(source, fields);
    let secret = secret("loans", 7);
    let rows = loans(500, 70);
    let one = rules.protect(&ring(&secret), &rows, usize::MAX);
    assert!(one.of("row").len() > 30 && one.of("row").len() < 300);
    for size in [1, 7, 100, 499] {
        assert_eq!(one, rules.protect(&ring(&secret), &rows, size), "row groups of {size}");
    }
    // Numbers are those of who stays.
    let numbers: BTreeSet<i64> = one.numbers("number").into_iter().collect();
    let last = i64::try_from(numbers.len()).unwrap();
    assert_eq!(numbers, (1..=last).collect());
}

/// A row of nobody has no person to draw for: what it gets goes by its place.
#[test]
fn rows_of_nobody_have_noise_of_their_own() {
    let fields = "row = { keep = \"integer\" }\nfee = [{ as = \"fee\", keep = \"integer\" }, { as = \"noisy\", noise = { spread = 1000, shape = \"uniform\" } }]";
    let rules = Rules::new("", fields);
    let secret = secret("loans", 7);
    let mut rows: Vec<Row> = loans(200, 10);
    rows.iter_mut().take(100).for_each(|row| drop(row.remove("card")));
    let cells = rules.protect(&ring(&secret), &rows, 64);
    let noise: Vec<i64> = cells
        .numbers("noisy")
        .iter()
        .zip(cells.numbers("fee"))
        .map(|(made, fee)| made - fee)
        .collect();
    let of_nobody: BTreeSet<i64> = noise[..100].iter().copied().collect();
    assert!(of_nobody.len() > 80, "{of_nobody:?}");
    let mut of_persons: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for (row, noise) in rows.iter().zip(&noise).skip(100) {
        of_persons.entry(&row["card"]).or_default().insert(*noise);
    }
    assert!(of_persons.values().all(|noise| noise.len() == 1));
}

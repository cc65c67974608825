//! Laws that hold for all rows: what a value becomes depends on the value, the person
//! and the key, and on nothing else.

use std::collections::{BTreeMap, BTreeSet};

use gamyeong::vault::keys::Keys;
use gamyeong::vault::pseudonym::Label;
use proptest::prelude::*;

use super::{Cells, Row, Rules, loans, ring_of};
use crate::protect::{LABEL, OTHERS, Same, ring, secret};

/// Every technique that promises not to look at the order of rows.
///
/// Not among them: `permute` gives other rows other values by intent; controlled
/// rounding keeps the sums of groups, and which of their rows go up depends on their
/// order; and what is drawn for a row of nobody goes by its place.
const UNORDERED: &str = r#"
row = { keep = "integer" }
mac = [
    { as = "vendor", mac = { vendor = { devices_min = 2 } } },
    { as = "made_up", mac = "randomised" },
    { as = "phone", serial = { domain = "mac" } },
]
ip = [
    { as = "visitor", pseudonym = { domain = "ip", bytes = 32, encoding = "hex" } },
    { as = "subnet", preserve = { domain = "ip" } },
    { as = "sealed", seal = { domain = "ip" }, reason = "장애 신고 시 역추적" },
    { as = "net", prefix = { v4 = 16, v6 = 32 } },
    { as = "site", class = { networks = { "본관" = ["10.1.0.0/16"] } }, rare = { persons_min = 2 } },
]
when = [
    { as = "moved", shift = { weeks = 8, keep = "term", terms = ["03-01", "09-01"] } },
    { as = "far", shift = { weeks = 52 } },
    { as = "day", weekday = "name" },
    { as = "band", hour_band = { bounds = [0, 9, 12, 18] } },
    { as = "month", round = "month" },
]
genre = [
    { as = "shelf", keep = "text", rare = { persons_min = 3, other = "기타" } },
    { as = "kind", category = { map = { "소설" = "문학", "시" = "문학" }, other = "그 밖" } },
    { as = "genre_number", serial = { domain = "genre" } },
]
fee = [
    { as = "tens", round_number = { unit = 100, how = "random" } },
    { as = "halves", round_number = { unit = 100, how = "half" } },
    { as = "noisy", noise = { spread = 50, shape = "uniform" } },
    { as = "laplace", noise = { spread = 9, shape = "laplace" } },
    { as = "means", microaggregate = { k = 3 } },
    { as = "capped", coding = { bottom = { percentile = 10 }, top = { sigma = 1, outside = "blank" } } },
    { as = "interval", range = { width = 500 } },
]
page = { as = "template", path = { learn = { persons_min = 2 } } }
words = { as = "beginning", partial = { first = 3 } }
"#;

/// Rows of a few readers, with a number each.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let picked = prop::collection::vec((0usize..300, 0usize..300), 3..60);
    picked.prop_map(|picked| {
        let all = loans(300, 13);
        let row = |(number, (person, what)): (usize, &(usize, usize))| {
            let mut row = all[*what].clone();
            for name in ["card", "mac", "ip"] {
                row.insert(name, all[*person][name].clone());
            }
            row.insert("row", number.to_string());
            row
        };
        picked.iter().enumerate().map(row).collect()
    })
}

fn shuffled() -> impl Strategy<Value = (Vec<Row>, Vec<Row>)> {
    rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
}

#[test]
fn order_of_rows_and_row_groups_do_not_matter() {
    let rules = Rules::new("sample = { one_in = 2 }", UNORDERED);
    let dropped = "drop_rows = { interval = { values = ['[0,500)'] }, capped = { sigma = 2 } }";
    let dropping = Rules::new(dropped, UNORDERED);
    let secret = secret("loans", 7);
    let keys = ring(&secret);
    proptest!(ProptestConfig::with_cases(48), |((one, other) in shuffled(), size in 1usize..40)| {
        for rules in [&rules, &dropping] {
            let whole = rules.protect(&keys, &one, usize::MAX).sorted();
            prop_assert_eq!(&whole, &rules.protect(&keys, &other, size).sorted());
        }
    });
}

/// Columns in which equal values of a person must be equal.
const SAME: [&str; 9] =
    ["visitor", "subnet", "sealed", "phone", "genre_number", "tens", "noisy", "laplace", "moved"];

/// Of each column, what its value was made from.
fn made_from(column: &str) -> [&str; 2] {
    match column {
        "visitor" | "subnet" | "sealed" => ["ip", "ip"],
        "phone" => ["mac", "mac"],
        "genre_number" => ["genre", "genre"],
        "moved" => ["card", "when"],
        _ => ["card", "fee"],
    }
}

#[test]
fn the_same_key_person_and_value_give_the_same() {
    let rules = Rules::new("", UNORDERED);
    let secret = secret("loans", 7);
    proptest!(ProptestConfig::with_cases(32), |(rows in rows(), size in 1usize..40)| {
        let cells = rules.protect(&ring(&secret), &rows, size);
        for column in SAME {
            let mut first: BTreeMap<[&String; 2], &Option<String>> = BTreeMap::new();
            for (row, cell) in rows.iter().zip(cells.of(column)) {
                let from = made_from(column).map(|name| &row[name]);
                prop_assert!(cell.is_some());
                prop_assert_eq!(*first.entry(from).or_insert(cell), cell, "{}", column);
            }
            // What tells persons apart still does.
            if matches!(column, "visitor" | "subnet" | "sealed" | "phone" | "genre_number") {
                let distinct: BTreeSet<_> = first.values().collect();
                prop_assert_eq!(distinct.len(), first.len(), "{}", column);
            }
        }
    });
}

/// Columns that come from a key.
const KEYED: [&str; 10] =
    ["reader", "visitor", "subnet", "sealed", "phone", "tens", "noisy", "laplace", "moved", "far"];

#[track_caller]
fn unlinkable(one: &Cells, other: &Cells, why: &str) {
    for column in KEYED {
        let (one, other) = (one.of(column), other.of(column));
        assert_eq!(one.len(), other.len());
        assert_ne!(one, other, "{why}: {column}");
        if !matches!(column, "reader" | "visitor" | "subnet" | "sealed") {
            continue;
        }
        // No value of one stands anywhere in the other.
        let of_one: BTreeSet<_> = one.iter().collect();
        assert!(other.iter().all(|value| !of_one.contains(value)), "{why}: {column}");
    }
}

#[test]
fn another_purpose_recipient_pipeline_or_secret_is_unlinkable() {
    let rules = Rules::new("", UNORDERED);
    let rows = loans(200, 50);
    let this = secret("loans", 7);
    let made = rules.protect(&ring(&this), &rows, 64);
    // Those that differ in the domain alone are another column here.
    let others =
        OTHERS.into_iter().filter(|other| Label { domain: LABEL.domain, ..*other } != LABEL);
    let mut count = 0;
    for label in others {
        let other = rules.protect(&ring_of(&this, &label), &rows, 64);
        unlinkable(&made, &other, &format!("{label:?}"));
        count += 1;
    }
    assert_eq!(count, 5);
    for other in [secret("visits", 7), secret("loans", 8)] {
        unlinkable(&made, &rules.protect(&ring(&other), &rows, 64), "secret");
    }
}

#[test]
fn another_epoch_is_unlinkable_even_of_the_same_bytes() {
    let rules = Rules::new("", UNORDERED);
    let rows = loans(200, 50);
    let dir = tempfile::tempdir().unwrap();
    let keys = Keys::create(&dir.path().join("keys"), "library").unwrap();
    let [this, next] = ["2026-11", "2026-12"].map(|epoch| {
        let secret = keys.create_epoch_secret("loans", epoch, &mut Same(7)).unwrap();
        rules.protect(&ring(&secret), &rows, 64)
    });
    unlinkable(&this, &next, "epoch");
}

/// Two columns of one field, of two domains: nothing but the row joins them.
#[test]
fn another_domain_is_unlinkable() {
    let fields = |domain: &str| {
        format!(
            r#"ip = [
    {{ as = "visitor", pseudonym = {{ domain = "{domain}" }} }},
    {{ as = "subnet", preserve = {{ domain = "{domain}" }} }},
    {{ as = "sealed", seal = {{ domain = "{domain}" }}, reason = "장애 신고" }},
    {{ as = "number", serial = {{ domain = "{domain}" }} }},
]"#
        )
    };
    let rows = loans(200, 50);
    let secret = secret("loans", 7);
    let [one, other] = ["ip", "addr"]
        .map(|domain| Rules::new("", &fields(domain)).protect(&ring(&secret), &rows, 64));
    assert_eq!(one.of("reader"), other.of("reader"));
    for column in ["visitor", "subnet", "sealed"] {
        let of_one: BTreeSet<_> = one.of(column).iter().collect();
        assert!(other.of(column).iter().all(|value| !of_one.contains(value)), "{column}");
    }
    assert_ne!(one.of("number"), other.of("number"));
}

/// Noise and shifts are the person's: differences within a person stay, those between
/// persons do not.
#[test]
fn noise_and_shifts_are_of_the_person() {
    let rules = Rules::new("", UNORDERED);
    let secret = secret("loans", 7);
    let rows = loans(400, 40);
    let cells = rules.protect(&ring(&secret), &rows, 90);
    for (column, most) in [("noisy", 50), ("laplace", 90)] {
        let mut of_person: BTreeMap<&str, i64> = BTreeMap::new();
        for (row, made) in rows.iter().zip(cells.numbers(column)) {
            let noise = made - row["fee"].parse::<i64>().unwrap();
            assert!(noise.abs() <= most, "{noise}");
            assert_eq!(*of_person.entry(&row["card"]).or_insert(noise), noise, "{column}");
        }
        let distinct: BTreeSet<_> = of_person.values().collect();
        assert!(distinct.len() > 10, "{column}: {distinct:?}");
    }
    let moment = |text: &str| text.parse::<jiff::civil::DateTime>().unwrap();
    for (column, most) in [("moved", 8), ("far", 52)] {
        let mut of_person: BTreeMap<&str, i32> = BTreeMap::new();
        for (row, made) in rows.iter().zip(cells.of(column)) {
            let was = moment(&row["when"].replace(' ', "T"));
            // The table is in UTC, the input in Seoul.
            let is = moment(made.as_ref().unwrap()) + jiff::Span::new().hours(9);
            assert_eq!(was.time(), is.time());
            let days = was.date().until(is.date()).unwrap().get_days();
            assert_eq!(days % 7, 0, "{column}");
            assert!(days.abs() <= 7 * most, "{column}: {days}");
            assert_eq!(*of_person.entry(&row["card"]).or_insert(days), days, "{column}");
            let in_term = (9..=12).contains(&is.month()) || (1..=2).contains(&is.month());
            assert!(in_term || column == "far", "{is}");
        }
        let distinct: BTreeSet<_> = of_person.values().collect();
        assert!(distinct.len() > 5, "{column}: {distinct:?}");
    }
}

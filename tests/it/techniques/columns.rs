//! Techniques that need a column as a whole, and rules about whole rows, against their
//! definitions on some hundred invented rows.

use std::collections::{BTreeMap, BTreeSet};

use gamyeong::protect::device;

use super::{Night, Row, csv, loans, mac};

/// Distinct readers of each value of a field.
fn readers<'r>(rows: &'r [Row], value: impl Fn(&'r Row) -> &'r str) -> BTreeMap<&'r str, usize> {
    let mut of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        of.entry(value(row)).or_default().insert(&row["card"]);
    }
    of.into_iter().map(|(value, readers)| (value, readers.len())).collect()
}

fn change<'s>(source: &'s serde_json::Value, column: &str) -> Vec<(&'s str, u64, u64)> {
    let changes = source["changed"].as_array().unwrap().iter();
    let of = changes.filter(|change| change["column"] == column);
    of.map(|of| {
        let number = |key: &str| of[key].as_u64().unwrap();
        (of["technique_ko"].as_str().unwrap(), number("values"), number("rows"))
    })
    .collect()
}

#[test]
fn serial_numbers_are_a_permutation_that_says_nothing_of_values() {
    let fields = "ip = [{ as = \"number\", serial = { domain = \"ip\" } }]";
    let mut rows = loans(300, 120);
    // One address, in two notations; one that is none.
    let mapped = format!("::ffff:{}", rows[8]["ip"]);
    rows[8].insert("ip", mapped);
    rows[9].insert("ip", "localhost".to_owned());
    let night = Night::new("", fields).publish(&rows);
    let numbers = night.numbers("number");
    let mut of: BTreeMap<&str, i64> = BTreeMap::new();
    for (row, number) in rows.iter().zip(&numbers) {
        let address = row["ip"].trim_start_matches("::ffff:");
        match number {
            Some(number) => assert_eq!(*of.entry(address).or_insert(*number), *number),
            None => assert_eq!(address, "localhost"),
        }
    }
    let all: BTreeSet<i64> = of.values().copied().collect();
    assert_eq!(all, (1..=i64::try_from(of.len()).unwrap()).collect());
    // Neither in the order of values nor in that of rows.
    let by_value: Vec<i64> = of.values().copied().collect();
    let mut by_row: Vec<i64> = Vec::new();
    for number in numbers.into_iter().flatten() {
        if !by_row.contains(&number) {
            by_row.push(number);
        }
    }
    assert!(!by_value.is_sorted() && !by_row.is_sorted());
    assert_eq!(night.source()["unread"]["number"], 1);
}

#[test]
fn vendors_of_few_devices_are_nobodys() {
    let fields = "mac = { as = \"vendor\", mac = { vendor = { devices_min = 6 } } }";
    let rows = loans(200, 37);
    let night = Night::new("", fields).publish(&rows);
    let vendor = |row: &Row| {
        let digits = row["mac"].split(':').map(|byte| u8::from_str_radix(byte, 16).unwrap());
        device::vendor(&digits.collect::<Vec<u8>>())
    };
    let mut devices: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for row in &rows {
        if let Some(vendor) = vendor(row) {
            devices.entry(vendor).or_default().insert(&row["mac"]);
        }
    }
    let is_kept = |vendor: &String| devices[vendor].len() >= 6;
    let expected: Vec<_> = rows.iter().map(|row| vendor(row).filter(is_kept)).collect();
    assert_eq!(night.column("vendor"), expected);
    let few = devices.keys().filter(|vendor| !is_kept(vendor)).count() as u64;
    let rows_of_few = rows.iter().filter(|row| vendor(row).is_some_and(|of| !is_kept(&of)));
    let expected = ("로컬 삭제(제조사별 단말 수 미달)", few, rows_of_few.count() as u64);
    assert_eq!(change(&night.source(), "vendor"), [expected]);
    assert!(few > 0 && devices.len() as u64 > few);
    assert!(rows.iter().any(|row| row["mac"].starts_with("da") && vendor(row).is_none()));
    assert_ne!(mac(1), mac(12));
}

/// Loans of which some genres are of few readers.
fn uneven() -> Vec<Row> {
    let mut rows = loans(200, 25);
    for (number, row) in rows.iter_mut().enumerate() {
        let genre = ["소설", "사진", "회화", "시", "건축", "요리"][number * number % 29 % 6];
        row.insert("genre", genre.to_owned());
    }
    // Of one reader, of two, and nothing.
    for (row, card, genre) in [
        (3, "L40001", "천문"),
        (5, "L40001", "천문"),
        (7, "L40002", "물리"),
        (8, "L40003", "물리"),
        (10, "L40004", ""),
    ] {
        rows[row].insert("card", card.to_owned());
        rows[row].insert("genre", genre.to_owned());
    }
    rows
}

#[test]
fn rare_values_become_others_where_enough_persons_have_one() {
    let fields = "genre = [
        { as = \"genre\", keep = \"text\", rare = { persons_min = 4, other = \"그 밖\" } },
        { as = \"bare\", keep = \"text\", rare = { persons_min = 4 } },
        { as = \"many\", keep = \"text\", rare = { persons_min = 3, other = \"그 밖\" } },
    ]";
    let rows = uneven();
    let night = Night::new("", fields).publish(&rows);
    let persons = readers(&rows, |row| &row["genre"]);
    assert_eq!((persons["천문"], persons["물리"]), (1, 2));
    let expected = |persons_min: usize, other: Option<&str>| -> Vec<Option<String>> {
        let is_rare = |row: &&Row| persons[row["genre"].as_str()] < persons_min;
        let others = rows.iter().filter(is_rare).filter(|row| !row["genre"].is_empty());
        let others: BTreeSet<&str> = others.map(|row| row["card"].as_str()).collect();
        let other = other.filter(|_| others.len() >= persons_min).map(str::to_owned);
        let value = |row: &Row| match row["genre"].as_str() {
            "" => None,
            genre if persons[genre] < persons_min => other.clone(),
            genre => Some(genre.to_owned()),
        };
        rows.iter().map(value).collect()
    };
    // Three persons have one of the rare ones: too few for four, enough for three.
    assert_eq!(night.column("genre"), expected(4, Some("그 밖")));
    assert_eq!(night.column("bare"), expected(4, None));
    assert_eq!(night.column("many"), expected(3, Some("그 밖")));
    assert!(night.column("many").contains(&Some("그 밖".to_owned())));
    let source = night.source();
    assert_eq!(change(&source, "genre"), [("로컬 일반화", 0, 0), ("로컬 삭제", 2, 4)]);
    assert_eq!(change(&source, "many"), [("로컬 일반화", 2, 4), ("로컬 삭제", 0, 0)]);
}

#[test]
fn rare_categories_go_up_their_hierarchy_first() {
    let list = "소설;소설;문학;*\n시;시;문학;*\n사진;사진;예술;*\n회화;회화;예술;*\n건축;건축;예술;*\n요리;요리;생활;*\n천문;천문;과학;*\n물리;물리;과학;*\n";
    let fields = "genre = { category = { hierarchy = \"lists/genre.csv\", level = 1 }, rare = { persons_min = 3 } }";
    let night = Night::new("", fields);
    night.house.put("lists/genre.csv", list);
    let rows = uneven();
    let night = night.publish(&rows);
    let persons = readers(&rows, |row| &row["genre"]);
    let made = night.column("genre");
    for (row, made) in rows.iter().zip(&made) {
        let expected = match row["genre"].as_str() {
            "" => None,
            // Together three persons, of whom none has both.
            "천문" | "물리" => Some("과학"),
            genre => Some(genre),
        };
        assert_eq!(made.as_deref(), expected);
    }
    assert!(
        persons.iter().all(|(genre, persons)| {
            *persons >= 3 || matches!(*genre, "" | "천문" | "물리")
        })
    );
    assert_eq!(change(&night.source(), "genre"), [("로컬 일반화", 2, 4), ("로컬 삭제", 0, 0)]);
}

#[test]
fn permuted_values_are_all_there_and_elsewhere() {
    let fields = "row = { keep = \"integer\" }
        genre = [{ as = \"genre\", keep = \"text\" }, { as = \"moved\", keep = \"text\", permute = true }]
        fee = [{ as = \"fee\", keep = \"integer\" }, { as = \"shuffled\", keep = \"integer\", permute = true }]
        when = [{ as = \"hour\", round = \"1h\" }, { as = \"other_hour\", round = \"1h\", permute = true }]";
    let mut rows = loans(300, 40);
    rows[5].remove("fee");
    let night = Night::new("", fields).publish(&rows);
    for (kept, moved) in [("genre", "moved"), ("fee", "shuffled"), ("hour", "other_hour")] {
        let (mut kept, mut moved) = (night.column(kept), night.column(moved));
        let same = kept.iter().zip(&moved).filter(|(kept, moved)| kept == moved).count();
        // By chance one in nine, as there are nine genres, and fewer of the others.
        assert!(same < 75, "{same}");
        kept.sort();
        moved.sort();
        assert_eq!(kept, moved);
    }
    // Two columns do not move alike.
    assert_ne!(night.column("moved"), night.column("genre"));
}

#[test]
fn a_sample_has_persons_whole_or_not_at_all() {
    let rows = loans(400, 80);
    let all = Night::new("", "row = { keep = \"integer\" }").publish(&rows);
    let text = csv(&rows);
    let source = "sample = { one_in = 4 }\nmax_rejects = 0.1";
    let sampled = Night::new(source, "row = { keep = \"integer\" }");
    // A line of too few fields, and an empty one.
    sampled.put(format!("{text}L40001,중앙\n\n"));
    let report = sampled.run(&[]).exits(0).json().pop().unwrap();
    let [lines, kept, rejected, suppressed, excluded, blank] = crate::house::conserved(&report);
    assert_eq!((lines, rejected, suppressed, blank), (403, 1, 0, 2));
    assert_eq!(kept + excluded, 400);
    let readers: BTreeSet<_> = sampled.numbers("row").into_iter().flatten().collect();
    let card = |row: &i64| rows[usize::try_from(*row).unwrap()]["card"].as_str();
    let taken: BTreeSet<&str> = readers.iter().map(card).collect();
    let expected: Vec<i64> = (0..400).filter(|row| taken.contains(card(row))).collect();
    assert_eq!(readers.into_iter().collect::<Vec<_>>(), expected);
    // A quarter of eighty, by chance.
    assert!((8..=34).contains(&taken.len()), "{}", taken.len());
    assert_eq!(all.numbers("row").len(), 400);
    let source = sampled.source();
    assert_eq!(source["excluded_by"]["sample"], excluded);
    assert_eq!(source["sample"], serde_json::json!({"one_in": 4, "technique_ko": "표본추출"}));
    sampled.house.verify();
}

#[test]
fn rows_go_by_bounds_deviations_and_values() {
    let mut rows = loans(400, 80);
    rows[3].insert("fee", "99999".to_owned());
    rows[4].remove("fee");
    let fields = "row = { keep = \"integer\" }\nfee = [{ as = \"fee\", keep = \"integer\" }, { as = \"late\", keep = \"integer\" }]\ngenre = \"keep\"\nage = { as = \"life\", category = { ready = \"age\", level = 3 } }";
    let drops = "drop_rows = { fee = { below = 100, above = 9_000 }, late = { sigma = 2 }, genre = { values = [\"시\", \"없음\"] }, life = { values = [\"청소년(10~19세)\"] } }";
    let night = Night::new(drops, fields).publish(&rows);
    let fees: Vec<Option<f64>> =
        rows.iter().map(|row| row.get("fee").map(|fee| fee.parse().unwrap())).collect();
    // All but one of 400 rows have one.
    let sum = |of: &dyn Fn(f64) -> f64| fees.iter().flatten().map(|fee| of(*fee)).sum::<f64>();
    let mean = sum(&|fee| fee) / 399.0;
    let deviation = (sum(&|fee| (fee - mean).powi(2)) / 399.0).sqrt();
    let stays = |row: &usize| {
        let is_out =
            |fee: f64| !(100.0..=9_000.0).contains(&fee) || (fee - mean).abs() > 2.0 * deviation;
        let age: u32 = rows[*row]["age"].parse().unwrap();
        !fees[*row].is_some_and(is_out) && rows[*row]["genre"] != "시" && !(10..20).contains(&age)
    };
    let expected: Vec<Option<i64>> =
        (0..400).filter(stays).map(|row| Some(i64::try_from(row).unwrap())).collect();
    assert_eq!(night.numbers("row"), expected);
    assert!(expected.len() > 200 && expected.len() < 390);
    let source = night.source();
    assert_eq!(source["excluded_by"]["drop_rows"], 400 - expected.len());
    assert_eq!(source["rows"], expected.len());
    let drop = |column: &str, parameters: &str| {
        serde_json::json!({
            "column": column, "parameters": parameters, "technique_ko": "행 항목 삭제",
        })
    };
    let expected = serde_json::json!([
        drop("fee", "below=100 above=9000"),
        drop("genre", "values=시,없음"),
        drop("late", "sigma=2"),
        drop("life", "values=청소년(10~19세)"),
    ]);
    assert_eq!(source["drop_rows"], expected);
}

/// Found by a review: what was compared was the text before it was cut.
#[test]
fn rows_go_by_the_texts_that_a_technique_makes() {
    let rows = loans(400, 80);
    let fields = "genre = [{ as = \"first\", partial = { first = 1 } }, { as = \"hidden\", mask = { from = 2, to = 2 } }, { as = \"whole\", keep = \"text\" }]";
    let drops = "drop_rows = { first = { values = [\"소\", \"회화\"] }, hidden = { values = [\"수*\", \"사진\"] } }";
    let night = Night::new(drops, fields).publish(&rows);
    let expected = rows.iter().map(|row| row["genre"].as_str());
    let expected = expected.filter(|genre| !["소설", "수필"].contains(genre));
    let expected: Vec<_> = expected.map(|genre| Some(genre.to_owned())).collect();
    assert_eq!(night.column("whole"), expected);
    assert!(expected.len() < 400);
}

//! Resident numbers that a review got through: in whatever is made of identifiers and of
//! numbers, however they are written, and how many rows have them.

use super::personal::holds_none;
use super::{Night, csv, loans};
use crate::house::DATE;

/// Of nobody, with their check digit.
const NUMBER: &str = "9001011234568";

/// Loans of which so many have this in a column.
fn with(column: &'static str, cell: &str, rows: usize) -> String {
    let mut loans = loans(60, 20);
    loans.iter_mut().take(rows).for_each(|row| {
        row.insert(column, cell.to_owned());
    });
    csv(&loans)
}

/// Stops, and says how many rows of the column have them.
#[track_caller]
fn stops(fields: &str, column: &'static str, cell: &str, rows: usize) {
    let night = Night::new("", fields);
    night.put(with(column, cell, rows));
    let said = night.stops();
    assert!(said.contains(&format!("resident numbers in column `made` ({rows} rows)")), "{said}");
    let reason = night.record("run.refused")["reason"].clone();
    assert_eq!(reason, format!("resident numbers in 1 columns, {rows} rows"));
    holds_none(&night, &[cell, "1234568"], &said);
}

/// Found by a review: numbers near them, or they themselves, were published.
#[test]
fn a_resident_number_stops_every_technique_on_numbers() {
    for technique in [
        "keep = \"integer\"",
        "keep = \"integer\", permute = true",
        "round_number = { unit = 2, how = \"down\" }",
        "round_number = { unit = 2, how = \"up\" }",
        "round_number = { unit = 2, how = \"half\" }",
        "round_number = { unit = 2, how = \"random\" }",
        "round_number = { unit = 2, how = \"controlled\", margins = \"branch\" }",
        "noise = { spread = 1, shape = \"uniform\" }",
        "microaggregate = { k = 2 }",
        "range = { width = 2 }",
        "range = { bounds = [9001011234000] }",
        "coding = { top = { value = 9900000000000 } }",
    ] {
        let fields = format!("words = {{ as = \"made\", {technique} }}");
        stops(&fields, "words", NUMBER, 1);
        stops(&fields, "words", &format!("-{NUMBER}"), 6);
    }
    let keep = "words = { as = \"made\", keep = \"integer\" }";
    stops(keep, "words", "9,001,011,234,568", 3);
}

/// Found by a review: those who plan saw the smallest and the largest.
#[test]
fn a_plan_shows_no_resident_number_as_the_smallest() {
    for technique in ["round_number = { unit = 1_000, how = \"down\" }", "range = { width = 100 }"]
    {
        let night = Night::new("", &format!("words = {{ as = \"made\", {technique} }}"));
        night.put(with("words", NUMBER, 60));
        let path = night.house.path("pipelines/loans.toml");
        let plan = ["plan", path.to_str().unwrap(), "--date", DATE, "--json"];
        let said = night.house.say(&plan).exits(1);
        assert!(said.err.contains("resident numbers in column `made` (60 rows)"), "{}", said.err);
        assert!(!said.out.contains("900101") && !said.err.contains("900101"), "{}", said.out);
    }
}

/// What is in the pipeline file is nobody's: bounds may look like one.
#[test]
fn bounds_that_look_like_a_resident_number_stop_nothing() {
    let fields = "fee = { as = \"made\", range = { bounds = [0, 9001011234568] } }";
    let night = Night::new("", fields).publish(&loans(60, 20));
    assert_eq!(night.column("made")[0].as_deref(), Some("[0,9001011234568)"));
}

/// Milliseconds are in most logs, and telephones without their zero.
#[test]
fn milliseconds_stop_nothing() {
    for (number, cell) in [1_710_123_123_459, 1_012_345_678_i64].into_iter().zip(0..) {
        let night = Night::new("", "words = { as = \"made\", keep = \"integer\" }");
        night.put(with("words", &number.to_string(), 60));
        night.run(&[]).exits(0);
        assert_eq!(night.numbers("made")[cell], Some(number));
    }
}

/// Found by a review: only pseudonyms were looked at, and of them only digits of ASCII.
#[test]
fn a_resident_number_stops_whatever_is_made_of_it() {
    for technique in [
        "pseudonym = { domain = \"w\" }",
        "serial = { domain = \"w\" }",
        "seal = { domain = \"w\" }, reason = \"나중에 열어 보아야 하는 연구이다\"",
    ] {
        let fields = format!("words = {{ as = \"made\", {technique} }}");
        for cell in [
            "900101-1234568",
            "９００１０１－１２３４５６７",
            "%39%30%30%31%30%31-1234568",
            "900101%2D1234568",
            "주민 9001011234568",
        ] {
            stops(&fields, "words", cell, 6);
        }
    }
}

/// Found by a review: six rows of one number were one row, and seven where they had been
/// masked as well.
#[test]
fn rows_are_counted_and_each_once() {
    for technique in [
        "serial = { domain = \"w\" }",
        "partial = { first = 3 }",
        "mask = { from = 2, to = 9 }",
        "mask = { from = 2, to = 9 }, rare = { persons_min = 2 }",
    ] {
        let fields = format!("mac = {{ as = \"made\", {technique} }}");
        // A column that tells who somebody is.
        let night = Night::new("", &fields.replace("mac", "\"회원번호\""));
        let mut lines = String::new();
        for (number, line) in csv(&loans(60, 20)).lines().enumerate() {
            let cell = match number {
                0 => "회원번호".to_owned(),
                3..=8 => "900101-1234568".to_owned(),
                // Another one.
                9 => "900102-1234568".to_owned(),
                _ => format!("M{number}"),
            };
            lines += &[line, ",", &cell, "\n"].concat();
        }
        night.put(lines);
        let said = night.stops();
        assert!(said.contains("column `made` (7 rows)"), "{technique}\n{said}");
    }
}

/// Found by a new user: those of persons born from 2000 to 2009 lose their first zeros where
/// a program takes them for numbers.
#[test]
fn a_column_of_those_without_their_zeros_stops_the_source() {
    let mut rows = loans(60, 20);
    for (number, row) in rows.iter_mut().enumerate() {
        // 2005-05-05, with the check digit.
        let digits = format!("0505053{:05}", 12_345 + number * 7);
        let weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
        let sum: usize = digits
            .bytes()
            .zip(weights)
            .map(|(digit, weight)| usize::from(digit - b'0') * weight)
            .sum();
        let whole = format!("{digits}{}", (11 - sum % 11) % 10);
        row.insert("fee", whole[1..].to_owned());
    }
    for rule in [
        "round_number = { unit = 2, how = \"down\" }",
        "noise = { spread = 1, shape = \"uniform\" }",
        "microaggregate = { k = 2 }",
        "range = { width = 2 }",
        "keep = \"integer\"",
        "keep = \"text\"",
        "pseudonym = { domain = \"x\" }",
        "serial = { domain = \"x\" }",
        "partial = { first = 9 }",
    ] {
        let night = Night::new("", &format!("fee = {{ as = \"made\", {rule} }}"));
        night.put(csv(&rows));
        let said = night.stops();
        assert!(said.contains("resident"), "{rule}: {said}");
    }
    // A few that look so are chance.
    let mut few = loans(60, 20);
    few[3].insert("fee", rows[3]["fee"].clone());
    let night =
        Night::new("", "fee = { as = \"made\", noise = { spread = 1, shape = \"uniform\" } }");
    night.publish(&few);
}

//! Tables of text.

use std::fmt::Write as _;

use serde_json::Value;

use super::*;

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn record((card, branch, hour, books, remark): Loan) -> String {
    let (branch, remark) = (quoted(branch), quoted(remark));
    format!("{card},{branch},2026-11-20 {hour:02}:30:00,{books},{remark}\n")
}

fn records() -> String {
    loans().into_iter().map(record).collect()
}

const PATH: &str = "tables/loans-2026-11-20.csv";
const SOURCE: &str = "path = \"tables/loans-{date}.csv\"\nformat = \"csv\"";

#[test]
fn a_table_with_a_header_line() {
    let house = house(SOURCE);
    house.put(PATH, format!("{}\n{}", NAMES.join(","), records()));
    assert_eq!(published(&house), expected());
    holds_no_remark(&house, PATH);
}

/// Its first record is data, also behind a byte-order mark; one of another number
/// of fields is a reject.
#[test]
fn a_table_without_a_header_line() {
    let names = format!("{SOURCE}\nnames = {NAMES:?}\nmax_rejects = 0.1");
    for mark in ["", "\u{feff}"] {
        let house = house(&names);
        house.put(PATH, format!("{mark}{}90001,중앙,kanari\n", records()));
        assert_eq!(published(&house), expected());
        let report = run(&house, &[]).exits(0).json().pop().unwrap();
        assert_eq!(conserved(&report)[..3], [41, 40, 1]);
    }
}

#[test]
fn a_table_with_marks_of_its_own() {
    let house = house(&format!("{SOURCE}\ndelimiter = \";\"\nquote = \"'\""));
    let text = format!("{}\n{}", NAMES.join(","), records());
    let swap = |mark| match mark {
        ',' => ';',
        '"' => '\'',
        _ => mark,
    };
    // The marks of the one are text in the other.
    house.put(PATH, text.chars().map(swap).collect::<String>().replace("분당; 정자", "분당, 정자"));
    assert_eq!(published(&house), expected());
}

/// Of a table, not of a log; other groups are counted as not read.
#[test]
fn thousands_may_have_commas() {
    let house = house(SOURCE);
    let mut text = format!("{}\n", NAMES.join(","));
    for (row, (card, ..)) in loans().into_iter().enumerate() {
        let books = ["1,234,567", "-12,345", "7", "1,23"][row % 4];
        let _ = writeln!(text, "{card},중앙,2026-11-20 09:00,\"{books}\",");
    }
    house.put(PATH, text);
    let books = &published(&house)[3];
    let tenth: Vec<_> = books.iter().step_by(10).map(Option::as_deref).collect();
    assert_eq!(tenth, [None, Some("-12345"), Some("7"), Some("1234567")]);
    let is_counted = |record: &Value| record.to_string().contains(r#""unread":{"books":10}"#);
    assert!(house.records().iter().any(is_counted));
}

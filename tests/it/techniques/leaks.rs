//! The leak test: what the run read of people must not stand in what it wrote, whatever
//! technique let it through.

use serde_json::json;

use super::personal::holds_none;
use super::{Night, Row, csv, loans};
use crate::house::{DATE, House, log};

/// Checks that the run is refused for cells of a column, and that nobody is named.
#[track_caller]
fn leaks(night: &Night, column: &str, cells: u64, secrets: &[&str]) {
    let said = night.stops();
    let what = format!("column `{column}`: identifier of the input in {cells} cells");
    assert!(said.contains(&format!("error: {what}")) || said.contains(&what), "{what}\n{said}");
    assert!(said.contains("\nhint: drop the column, or choose a technique"), "{said}");
    let refused = night.record("run.refused");
    assert_eq!((&refused["reason"], &refused["date"]), (&json!(what), &json!(DATE)));
    holds_none(night, secrets, &said);
}

/// A cell of a row becomes another.
fn with(cells: &[(usize, &'static str, String)]) -> Vec<Row> {
    let mut rows = loans(60, 20);
    for (row, name, cell) in cells {
        rows[*row].insert(name, cell.clone());
    }
    rows
}

#[test]
fn a_card_number_in_a_text_refuses_the_run() {
    for fields in [
        "words = \"keep\"",
        "words = { keep = \"text\", permute = true }",
        "words = { keep = \"text\", rare = { persons_min = 2 } }",
        "words = { partial = { first = 40 } }",
    ] {
        let rows = with(&[
            (3, "words", "카드 L40001 분실".to_owned()),
            (7, "words", "카드 L40001 분실".to_owned()),
            // In other letters, between other marks.
            (9, "words", "(l40002)".to_owned()),
            (11, "words", "(l40002)".to_owned()),
        ]);
        let night = Night::new("", fields);
        night.put(csv(&rows));
        leaks(&night, "words", 4, &["L40001", "l40002", "L40002", "분실"]);
    }
}

#[test]
fn an_address_in_a_path_refuses_the_run_in_any_notation() {
    let fields =
        "ip = { as = \"visitor\", pseudonym = { domain = \"ip\" } }\npage = { path = \"plain\" }";
    for spelt in ["10.1.2.8", "::ffff:10.1.2.8", "http://10.1.2.8:8080/x", "/from/10.1.2.8/a"] {
        let rows = with(&[(3, "ip", "10.1.2.8".to_owned()), (30, "page", format!("/go/{spelt}"))]);
        let night = Night::new("", fields);
        night.put(csv(&rows));
        leaks(&night, "page", 1, &["10.1.2.8"]);
    }
}

#[test]
fn a_device_in_a_text_refuses_the_run_in_any_notation() {
    let fields = "mac = { as = \"vendor\", mac = \"vendor\" }\nwords = \"keep\"";
    for spelt in ["64:1b:2f:00:00:77", "641B2F000077", "641b.2f00.0077", "64-1B-2F-00-00-77"] {
        let rows = with(&[
            (3, "mac", "64:1b:2f:00:00:77".to_owned()),
            (30, "words", format!("단말 {spelt} 분실")),
        ]);
        let night = Night::new("", fields);
        night.put(csv(&rows));
        leaks(&night, "words", 1, &[spelt, "분실"]);
    }
}

/// Also that of a column nobody listed: it is read for this alone.
#[test]
fn a_name_of_a_column_that_is_dropped_refuses_the_run() {
    for (fields, is_listed) in
        [("\"성명\" = \"drop\"\nwords = \"keep\"", true), ("words = \"keep\"", false)]
    {
        let rows = with(&[(30, "words", "도서관 독서회 강감찬 회원 추천".to_owned())]);
        let text = csv(&rows);
        let mut lines = text.lines();
        let mut named = format!("{},성명\n", lines.next().unwrap());
        for (number, line) in lines.enumerate() {
            let name = ["강감찬", "을지문덕", "이순신"][number % 3];
            named += &[line, ",", name, "\n"].concat();
        }
        let night = Night::new("", fields);
        night.put(named);
        leaks(&night, "words", 1, &["강감찬", "독서회"]);
        assert_eq!(is_listed, night.plan().sources[0].listed.contains(&"성명".to_owned()));
    }
}

#[test]
fn a_long_number_among_numbers_refuses_the_run() {
    let fields = "words = { as = \"amount\", keep = \"integer\" }";
    for (card, amount, is_found) in [
        ("20411377", "20411377", true),
        ("20411377", "20,411,377", true),
        ("20411377", "20411378", false),
        // Of fewer digits: the number of anything.
        ("2041137", "2041137", false),
    ] {
        let rows = with(&[(3, "card", card.to_owned()), (30, "words", amount.to_owned())]);
        let night = Night::new("", fields);
        night.put(csv(&rows));
        if is_found {
            leaks(&night, "amount", 1, &[card]);
        } else {
            night.run(&[]).exits(0);
            assert!(night.numbers("amount").contains(&amount.parse().ok()));
        }
    }
}

#[test]
fn identifiers_of_fewer_than_six_bytes_refuse_nothing() {
    let fields = "\"성명\" = \"drop\"\nwords = \"keep\"\npage = { path = \"plain\" }\nage = { keep = \"integer\" }";
    let mut rows = loans(60, 20);
    for (number, row) in rows.iter_mut().enumerate() {
        row.insert("card", format!("{:05}", 10 + number % 20));
        row.insert("page", format!("/page/{:05}", 10 + number % 20));
        row.insert("words", format!("kim {:05}", 10 + number % 20));
    }
    let mut text = String::new();
    for (number, line) in csv(&rows).lines().enumerate() {
        text += &[line, ",", if number == 0 { "성명" } else { "kim" }, "\n"].concat();
    }
    let night = Night::new("", fields);
    night.put(text);
    night.run(&[]).exits(0);
    assert_eq!(night.column("words")[0].as_deref(), Some("kim 00010"));
}

/// A longer word that has one in it is another word.
#[test]
fn a_word_that_contains_an_identifier_is_another() {
    let rows = with(&[(3, "words", "L400011".to_owned()), (4, "words", "XL40001".to_owned())]);
    let night = Night::new("", "words = \"keep\"").publish(&rows);
    assert_eq!(night.column("words")[3].as_deref(), Some("L400011"));
}

/// What comes from a list or a key has no piece of the input.
#[test]
fn what_is_computed_is_not_looked_through() {
    // The network that addresses are in is also the address of somebody.
    let fields = "ip = [{ as = \"visitor\", pseudonym = { domain = \"ip\" } }, { as = \"net\", prefix = { v4 = 24, v6 = 64 } }]";
    let rows = with(&[(3, "ip", "10.1.2.0".to_owned()), (4, "ip", "10.1.2.7".to_owned())]);
    let night = Night::new("", fields).publish(&rows);
    assert_eq!(night.column("net")[3].as_deref(), Some("10.1.2.0/24"));
}

/// In a web log: the account of one person in the referer of another.
#[test]
fn an_account_in_a_referer_refuses_the_run() {
    let house = House::new();
    let text = log(20, 200).replacen("192.0.2.2 - - ", "192.0.2.2 - kim.minsu ", 1).replacen(
        "https://www.example.kr/\"",
        "https://www.example.kr/my/kim.minsu/loans\"",
        3,
    );
    // Three lines, so that the value is not blanked for being rare.
    house.put("logs/access-2026-11-20.log", text);
    let said = house.run(&[]).exits(1);
    assert!(
        said.err.contains("column `referer`: identifier of the input in 3 cells"),
        "{}",
        said.err
    );
    assert!(!said.err.contains("kim.minsu"));
    house.holds_no_output();
    house.verify();
    let refused = house.records().pop().unwrap();
    assert_eq!(refused["type"], "run.refused");
    assert_eq!(refused["body"]["reason"], "column `referer`: identifier of the input in 3 cells");
}

/// A value that is blanked or suppressed is not released, and refuses nothing.
#[test]
fn what_is_not_released_is_not_looked_at() {
    let rows = with(&[(30, "words", "카드 L40001".to_owned())]);
    let night = Night::new("", "words = \"keep\"");
    let assess = "[assess.value_persons_min]\nwords = 2\n";
    let path = "pipelines/loans.toml";
    let text = std::fs::read_to_string(night.house.path(path)).unwrap();
    night.house.put(path, format!("{text}\n{assess}"));
    let night = night.publish(&rows);
    assert_eq!(night.column("words")[30], None);
}

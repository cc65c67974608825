//! What a review found of identifiers that passed the leak test: in parts of texts, in
//! values that change places, behind blanks, and as numbers.

use super::personal::holds_none;
use super::{Night, csv, loans};

/// A table with more columns, of which each has its cells by row.
fn with(columns: &[(&str, &dyn Fn(usize) -> String)]) -> String {
    let mut text = String::new();
    for (number, line) in csv(&loans(60, 20)).lines().enumerate() {
        text += line;
        for (name, cell) in columns {
            text += ",";
            text += &if number == 0 { (*name).to_owned() } else { cell(number - 1) };
        }
        text += "\n";
    }
    text
}

#[track_caller]
fn is_refused(fields: &str, table: &str, column: &str, secrets: &[&str]) {
    let night = Night::new("", fields);
    night.put(table);
    let said = night.stops();
    assert!(said.contains(&format!("column `{column}`: identifier of the input in")), "{said}");
    holds_none(&night, secrets, &said);
}

fn name(row: usize) -> String {
    format!("이름{row}가")
}

/// What somebody wrote is no identifier of which a part is one by design.
#[test]
fn a_part_of_a_remark_is_looked_through() {
    let remark = |row: usize| match row {
        3 => "이름3가 회원 L40001 연체로 정지".to_owned(),
        _ => format!("연체 안내 {}", row % 2),
    };
    let table = with(&[("비고", &remark), ("성명", &name)]);
    for technique in [
        "partial = { first = 20 }",
        "partial = { first = 20 }, permute = true",
        "mask = { from = 21, to = 30 }",
    ] {
        let fields = format!("\"비고\" = {{ as = \"note\", {technique} }}\n\"성명\" = \"drop\"");
        is_refused(&fields, &table, "note", &["이름3가", "L40001 연체"]);
    }
}

/// A part of an account may be another account, which nobody can help; one that is a
/// whole member is that member.
#[test]
fn a_part_of_an_identifier_is_tested_for_those_of_other_fields() {
    let account = |row: usize| format!("member{}.kim", 10 + row % 20);
    let fields =
        "\"계정\" = { as = \"account\", partial = { first = 8 } }\n\"회원번호\" = \"drop\"";
    let own = |row: usize| if row == 5 { "member15".to_owned() } else { account(row) };
    let other = |row: usize| format!("no-{row:05}");
    let night = Night::new("", fields);
    night.put(with(&[("계정", &own), ("회원번호", &other)]));
    night.run(&[]).exits(0);
    assert_eq!(night.column("account")[25].as_deref(), Some("member15"));
    let member = |row: usize| format!("MEMBER{}", 10 + row % 20);
    is_refused(
        fields,
        &with(&[("계정", &account), ("회원번호", &member)]),
        "account",
        &["member15"],
    );
}

/// Whose a value is that changed places is not known, so that no five persons have it.
#[test]
fn a_name_that_changes_places_is_no_common_word() {
    // Of two cards, six times: moved, they may stand beside six.
    let many = |row: usize| if row % 10 == 3 { name(3) } else { format!("책 {}", row % 3) };
    let table = with(&[("title", &many), ("성명", &name)]);
    let fields = "title = { keep = \"text\", permute = true }\n\"성명\" = \"drop\"";
    is_refused(fields, &table, "title", &["이름3가"]);
}

/// It would count the persons beside whom the values stand after they moved.
#[test]
fn persons_of_values_that_change_places_are_not_counted() {
    let night = Night::new("", "genre = { keep = \"text\", permute = true }");
    let path = "pipelines/loans.toml";
    let text = std::fs::read_to_string(night.house.path(path)).unwrap();
    night.house.put(path, format!("{text}\n[assess.value_persons_min]\ngenre = 5\n"));
    let line = text.lines().count() + 3;
    night.refused_for(&[
        format!("loans.toml:{line}:9: values of column `genre` change places"),
        "hint: use `rare = { persons_min = … }` beside `permute`".to_owned(),
    ]);
}

/// A blank that is cut off, or a mark behind the end, hides nothing.
#[test]
fn a_number_with_blanks_behind_it_does_not_stay_whole() {
    for behind in ["", " ", "   ", "\u{200b}", "\u{feff}", "."] {
        for part in ["partial = { first = 8 }", "mask = { from = 9, to = 20 }"] {
            let member = |row: usize| format!("M{:07}{behind}", row % 20);
            let night = Night::new("", &format!("\"회원번호\" = {{ as = \"member\", {part} }}"));
            night.put(with(&[("회원번호", &member)]));
            night.run(&[]).exits(0);
            assert!(night.column("member").iter().all(Option::is_none), "{part} {behind:?}");
        }
    }
}

/// A column of numbers has neither the marks of a telephone nor the zero before it.
#[test]
fn a_telephone_among_numbers_refuses_the_run() {
    let digits = |row: usize| format!("0101234{}", 5000 + row);
    let marked = |row: usize| format!("010-1234-{}", 5000 + row);
    let abroad = |row: usize| format!("+82 10-1234-{}", 5000 + row);
    let account = |row: usize| (11_012_345_678_900 + row).to_string();
    let with_marks = |row: usize| format!("110-123-{}", 45_678_900 + row);
    let fields = "v = { keep = \"integer\" }\n\"연락처\" = \"drop\"";
    let table = |v: &dyn Fn(usize) -> String, of: &dyn Fn(usize) -> String| {
        with(&[("v", v), ("연락처", of)])
    };
    is_refused(fields, &table(&digits, &digits), "v", &["1012345003"]);
    is_refused(fields, &table(&digits, &marked), "v", &["1012345003"]);
    is_refused(fields, &table(&digits, &abroad), "v", &["1012345003"]);
    is_refused(fields, &table(&account, &with_marks), "v", &["11012345678903"]);
}

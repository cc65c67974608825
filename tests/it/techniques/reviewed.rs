//! What a review and a new user found, so that it is not lost again.

use super::personal::holds_none;
use super::{Night, csv, loans};
use crate::house::DATE;

/// A table in which one cell of `words` is this.
fn with(row: usize, column: &'static str, cell: &str) -> String {
    let mut rows = loans(60, 20);
    rows[row].insert(column, cell.to_owned());
    csv(&rows)
}

/// Found by a new user: what was cut first could no longer be told.
#[test]
fn a_text_is_scanned_before_a_part_of_it_is_cut() {
    for part in ["partial = { first = 19 }", "mask = { from = 19, to = 19 }"] {
        let night = Night::new("", &format!("words = {{ {part} }}"));
        night.put(with(3, "words", "주민번호 900131-1234567 확인"));
        holds_none(&night, &["900131-123456"], &night.stops());
    }
    let night = Night::new("", "words = { partial = { first = 14 } }");
    night.put(with(3, "words", "연락처 010-2345-6789 로"));
    night.run(&[]).exits(0);
    assert_eq!(night.column("words")[3].as_deref(), Some("연락처 [mobile] 로"));
}

/// Found by a review: one byte in no encoding hid everything beside it.
#[test]
fn a_byte_in_no_encoding_hides_nothing() {
    let fields = "words = { as = \"path\", path = \"plain\" }\n\"성명\" = \"drop\"";
    let table = |cell: &str| {
        let mut text = String::new();
        for (number, line) in with(3, "words", cell).lines().enumerate() {
            text += &[line, ",", if number == 0 { "성명" } else { "홍길동수" }, "\n"].concat();
        }
        text
    };
    for cell in ["/a/%39%30%30%31%33%31-1234567%FF", "/my/%ED%99%8D%EA%B8%B8%EB%8F%99%EC%88%98/%FF"]
    {
        let night = Night::new("", fields);
        night.put(table(cell));
        holds_none(&night, &[cell, "홍길동수", "900131-1234567"], &night.stops());
    }
}

/// Found by a review: whatever is made of them, they may not be processed.
#[test]
fn resident_numbers_stop_a_source_that_only_makes_pseudonyms_of_them() {
    let night = Night::new("", "");
    night.put(with(3, "card", "900131-1234567"));
    holds_none(&night, &["900131"], &night.stops());
}

/// Found by a review: it never ended, and would have shown what it refused.
#[test]
fn a_plan_of_what_would_leak_ends_and_shows_nothing() {
    let night = Night::new("", "words = \"keep\"");
    night.put(with(3, "words", "카드 L40001 분실"));
    let path = night.house.path("pipelines/loans.toml");
    for more in [&[][..], &["--json"][..]] {
        let plan = ["plan", path.to_str().unwrap(), "--date", DATE];
        let said = night.house.say(&[&plan, more].concat()).exits(1);
        assert!(said.err.contains("identifier of the input in 1 cells"), "{}", said.err);
        assert!(!said.out.contains("L40001") && !said.out.contains("분실"), "{}", said.out);
    }
}

/// Found by a review: a faster look had left them out.
#[test]
fn identifiers_are_found_between_any_marks_and_in_lists() {
    for (card, cell) in [
        ("M00000001", "M00000001-분실"),
        ("M00000001", "M00000001_3층"),
        ("L00012345", "kim.minsu@L00012345"),
        ("Kim Minsu", "회원 Kim Minsu 추천"),
        ("홍길동수   ", "회원 홍길동수 추천"),
    ] {
        let mut rows = loans(60, 20);
        rows[3].insert("card", card.to_owned());
        rows[30].insert("words", cell.to_owned());
        let night = Night::new("", "words = \"keep\"");
        night.put(csv(&rows));
        holds_none(&night, &[cell], &night.stops());
    }
    let fields = "ip = { as = \"net\", prefix = { v4 = 8, v6 = 32 } }\nwords = \"keep\"";
    for cell in ["kim 10.9.9.9.html", "log_10.9.9.9.txt", "backup-10.9.9.9.zip"] {
        let mut rows = loans(60, 20);
        rows[3].insert("ip", "192.0.2.1, 10.9.9.9".to_owned());
        rows[30].insert("words", cell.to_owned());
        let night = Night::new("", fields);
        night.put(csv(&rows));
        holds_none(&night, &[cell], &night.stops());
    }
}

/// Found by a review: nights that never published, for a word that a branch or a state
/// is called too.
#[test]
fn a_value_that_many_have_leads_back_to_nobody() {
    let mut rows = loans(60, 20);
    rows[3].insert("card", "중앙".to_owned());
    for (number, row) in rows.iter_mut().enumerate() {
        row.insert("words", ["상호대차", "대출"][number % 2].to_owned());
    }
    rows[5].insert("card", "상호대차".to_owned());
    Night::new("", "words = \"keep\"").publish(&rows);
}

/// Found by a review: the same order for every night undoes it.
#[test]
fn values_change_places_otherwise_every_night() {
    let night = Night::new("", "row = { as = \"moved\", keep = \"integer\", permute = true }");
    let mut orders = Vec::new();
    for date in [DATE, "2026-11-21"] {
        night.house.put(&format!("tables/loans-{date}.csv"), csv(&loans(60, 20)));
        night.run_on(date, &[]).exits(0);
        let table = format!("store/loans/loans/date={date}/part-0.parquet");
        orders.push(crate::house::column(&night.house.path(&table), "moved"));
    }
    assert_ne!(orders[0], orders[1]);
}

/// Found by a review: a telephone rounded to two is a telephone.
#[test]
fn numbers_that_tell_somebody_are_not_rounded() {
    for fields in [
        "card = { as = \"rounded\", round_number = { unit = 2, how = \"down\" } }",
        "card = { as = \"range\", range = { width = 2 } }",
    ] {
        let fields = format!("{fields}\nwords = \"keep\"");
        let night = Night::new("", "words = \"keep\"");
        let card = "card = { as = \"reader\", pseudonym = { domain = \"card\" } }\n";
        night.house.edit(
            "pipelines/loans.toml",
            card,
            "ip = { as = \"reader\", pseudonym = { domain = \"ip\" } }\n",
        );
        night.house.edit("pipelines/loans.toml", "words = \"keep\"", &fields);
        night.refused("which is no number that says how much");
    }
    let night = Night::new("", "page = { query = [\"query\"] }");
    night.refused("identifies a person and cannot be kept");
}

/// Found by a review: it was told to use `pseudonym`, which no parameter can be given; and
/// how a search is made was taken for what was looked for.
#[test]
fn a_parameter_that_may_not_leave_is_told_what_can_be_done() {
    let night = Night::new("", "page = { query = [\"page\", \"searchWord\"] }");
    night.refused_for(&[
        "`page?searchWord` identifies a person and cannot be kept: no technique is for one",
        "hint: take it out of the list of `query`; `\"FIELD?NAME\" = \"drop\"` says",
    ]);
    let fields = "page = { query = [\"searchType\", \"searchOption\", \"sort\", \"order\"] }\n\
        \"page?searchWord\" = \"drop\"";
    let mut rows = loans(60, 20);
    for row in &mut rows {
        row.insert("page", "/list?searchType=SIMPLE&sort=title&searchWord=소설".to_owned());
    }
    let night = Night::new("", fields).publish(&rows);
    assert_eq!(night.column("page")[0].as_deref(), Some("searchType=SIMPLE&sort=title"));
}

//! Personal data in text: a resident number stops the source, everything else is masked
//! and counted by kind, and a clean text is what it was.

use std::fs;

use data_encoding::HEXUPPER;
use encoding_rs::EUC_KR;
use gamyeong::scan;
use serde_json::{Value, json};

use super::{Night, Row, csv, loans};
use crate::house::files;

/// Numbers of nobody: of those who were born then the last digit is a check digit, and
/// this one is wrong.
const RESIDENT: [&str; 3] = ["900131-1234567", "9001311234567", "９００１３１－１２３４５６７"];

/// Loans with these words in the first rows.
fn with_words(words: &[&str]) -> Vec<Row> {
    let mut rows = loans(60, 20);
    for (row, words) in rows.iter_mut().zip(words) {
        row.insert("words", (*words).to_owned());
    }
    rows
}

/// Checks that nothing but the input holds one of the words, also in no message.
#[track_caller]
pub(super) fn holds_none(night: &Night, words: &[&str], said: &str) {
    for path in files(&night.house.root) {
        let relative = path.strip_prefix(&night.house.root).unwrap();
        if relative.starts_with("tables") {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        for word in words {
            let is_there = memchr::memmem::find(&bytes, word.as_bytes()).is_some();
            assert!(!is_there, "{word} in {}", path.display());
        }
    }
    for word in words {
        assert!(!said.contains(word), "{word} in {said}");
    }
}

#[test]
fn a_resident_number_stops_the_source() {
    // Kept, kept until all values are known, beginnings, parts of URLs.
    for (fields, column, cell) in [
        ("words = \"keep\"", "words", "민원 900131-1234567 접수"),
        ("words = \"keep\"", "words", "９００１３１－１２３４５６７"),
        ("words = \"keep\"", "words", "jumin1=900131&jumin2=1234567"),
        (
            "words = { as = \"reason\", keep = \"text\", rare = { persons_min = 2 } }",
            "reason",
            "900131-1234567",
        ),
        (
            "words = { as = \"reason\", keep = \"text\", permute = true }",
            "reason",
            "900131-1234567",
        ),
        ("words = { partial = { first = 20 } }", "words", "주민번호 900131-1234567"),
        ("words = { as = \"path\", path = \"plain\" }", "path", "/a/900131%2D1234567/b?c=1"),
        (
            "words = { as = \"path\", path = { learn = { persons_min = 2 } } }",
            "path",
            "/a/900131-1234567",
        ),
        ("words = { as = \"query\", query = [\"n\"] }", "query", "/a?n=900131-1234567"),
    ] {
        let night = Night::new("", fields);
        night.put(csv(&with_words(&["가", cell, "나", cell])));
        let said = night.stops();
        let message =
            format!("error: source `loans`: resident numbers in column `{column}` (2 rows)");
        assert!(said.contains(&message), "{fields}\n{said}");
        assert!(said.contains("\nhint: no statute, no processing (article 24-2)"), "{said}");
        let reason = night.record("run.refused")["reason"].clone();
        assert_eq!(reason, "resident numbers in 1 columns, 2 rows");
        holds_none(&night, &[&RESIDENT[..], &["1234567", cell]].concat(), &said);
    }
}

/// In a column of whole numbers it has no marks.
#[test]
fn a_resident_number_among_numbers_refuses_the_run() {
    let night = Night::new("", "words = { as = \"amount\", keep = \"integer\" }");
    // Its check digit is right: of digits alone the date says too little.
    night.put(csv(&with_words(&["9001011234568", "12", "9001011234568"])));
    let said = night.stops();
    assert!(said.contains("resident numbers in column `amount` (2 rows)"), "{said}");
    holds_none(&night, &["9001011234568"], &said);
}

/// It is in the input of most systems: what is no column stops nothing.
#[test]
fn a_resident_number_that_no_column_has_stops_nothing() {
    let night = Night::new(
        "",
        "words = { as = \"length\", category = { map = { \"가\" = \"짧음\" }, other = \"김\" } }",
    );
    let night = night.publish(&with_words(&["가", "900131-1234567"]));
    assert_eq!(night.column("length")[..2], [Some("짧음".to_owned()), Some("김".to_owned())]);
    holds_none(&night, &RESIDENT, "");
}

/// Text, and what it becomes, with the kinds that are counted.
const TEXTS: [(&str, &str, &[&str]); 12] = [
    ("010-1234-5678로 연락", "[mobile]로 연락", &["mobile"]),
    ("031-223-4567, 010 2345 6789", "[landline], [mobile]", &["landline", "mobile"]),
    ("kim@example.kr 및 lee@example.kr", "[email] 및 [email]", &["email"]),
    ("카드 4111-1111-1111-1111", "카드 [card]", &["card"]),
    ("여권 M12345678", "여권 [passport]", &["passport"]),
    ("11-90-123456-78", "[licence]", &["licence"]),
    ("국민은행 123456-04-123456", "국민은행 [account]", &["account"]),
    ("사업자 120-81-47521", "사업자 [business]", &["business"]),
    ("성명: 홍길동", "성명: [name]", &["name"]),
    // Clean, and left alone.
    ("홍길동전 813.5", "홍길동전 813.5", &[]),
    ("9788936433673", "9788936433673", &[]),
    ("1588-1234", "1588-1234", &[]),
];

fn masked(column: &str, kinds: &[(&str, u64)]) -> Value {
    let entry = |(kind, rows): &(&str, u64)| {
        let of = scan::Kind::ALL.into_iter().find(|of| of.name() == *kind).unwrap();
        json!({
            "column": column, "kind": kind, "kind_ko": of.korean(), "rows": rows,
            "technique_ko": "마스킹",
        })
    };
    kinds.iter().map(entry).collect()
}

#[test]
fn other_personal_data_is_masked_and_counted_by_kind() {
    // Of values held and of others, twice each.
    let fields = "words = [{ as = \"words\", keep = \"text\" }, { as = \"rare\", keep = \"text\", rare = { persons_min = 2 } }]";
    let words: Vec<&str> = TEXTS.iter().chain(&TEXTS).map(|(text, ..)| *text).collect();
    let rows = with_words(&words);
    let night = Night::new("", fields).publish(&rows);
    let expected: Vec<_> = TEXTS.iter().map(|(_, masked, _)| Some((*masked).to_owned())).collect();
    for column in ["words", "rare"] {
        assert_eq!(night.column(column)[..12], expected, "{column}");
        assert_eq!(night.column(column)[12..24], expected, "{column}");
        assert_eq!(night.column(column)[30], Some("책 0".to_owned()));
    }
    let mut kinds = Vec::new();
    for kind in scan::Kind::ALL.map(scan::Kind::name) {
        let rows = TEXTS.iter().filter(|(_, _, kinds)| kinds.contains(&kind)).count() as u64;
        if rows > 0 {
            kinds.push((kind, rows * 2));
        }
    }
    assert_eq!(kinds.len(), 9);
    let recorded = night.source()["masked"].clone();
    let both =
        [masked("rare", &kinds), masked("words", &kinds)].map(|of| of.as_array().unwrap().clone());
    assert_eq!(recorded, json!(both.concat()));
    holds_none(&night, &["1234-5678", "kim@example", "4111-1111", "M12345678", "홍길동\n"], "");
}

/// Two texts that masking makes equal are one value of the table, and together enough.
#[test]
fn texts_that_masking_makes_equal_are_one() {
    let mut rows = loans(60, 20);
    for (number, row) in rows.iter_mut().enumerate() {
        row.insert("words", format!("전화 010-1234-{:04}", 5_000 + number));
    }
    let fields = "words = [{ as = \"words\", keep = \"text\" }, { as = \"rare\", keep = \"text\", rare = { persons_min = 15 } }]";
    let night = Night::new("", fields).publish(&rows);
    for column in ["words", "rare"] {
        assert_eq!(night.column(column), vec![Some("전화 [mobile]".to_owned()); 60]);
    }
}

/// Percent-encoded as UTF-8 and as code page 949, with marks escaped.
#[test]
fn it_is_found_however_it_is_encoded() {
    let escape = |bytes: &[u8]| -> String {
        let digits = HEXUPPER.encode(bytes);
        let pairs = digits.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap());
        pairs.flat_map(|pair| ["%", pair]).collect()
    };
    let word = "성명:홍길동";
    let (cp949, _, _) = EUC_KR.encode(word);
    let cells = [
        ("/a/010%2D1234%2D5678", Some("/a/[mobile]"), None),
        ("/search?w=010-1234-5678&page=2", Some("/search"), Some("w=[mobile]")),
        ("/search?w=kim%40example.kr", Some("/search"), Some("w=[email]")),
        ("/search?w=+82+10+1234+5678", Some("/search"), Some("w=[mobile]")),
    ];
    let mut rows = loans(60, 20);
    for (row, (cell, ..)) in rows.iter_mut().zip(cells) {
        row.insert("page", cell.to_owned());
    }
    rows[4].insert("page", format!("/{}", escape(word.as_bytes())));
    rows[5].insert("page", format!("/?w={}", escape(&cp949)));
    let fields =
        "page = [{ as = \"path\", path = \"plain\" }, { as = \"query\", query = [\"w\"] }]";
    let night = Night::new("", fields).publish(&rows);
    let [paths, queries] = ["path", "query"].map(|name| night.column(name));
    for (row, (cell, path, query)) in cells.iter().enumerate() {
        assert_eq!(paths[row].as_deref(), *path, "{cell}");
        let found = queries[row].as_deref().map(|query| query.replace(' ', ""));
        assert_eq!(found.as_deref(), *query, "{cell}");
    }
    assert_eq!(paths[4].as_deref(), Some("/성명:[name]"));
    assert_eq!(queries[5].as_deref(), Some("w=성명:[name]"));
    holds_none(&night, &["1234-5678", "1234%2D", "홍길동", "kim@"], "");
}

/// The same table in the encoding that spreadsheets write.
#[test]
fn a_table_in_code_page_949_is_masked_alike() {
    let words: Vec<&str> = TEXTS.iter().map(|(text, ..)| *text).collect();
    let rows = with_words(&words);
    let plain = Night::new("", "words = \"keep\"").publish(&rows);
    let night = Night::new("encoding = \"cp949\"", "words = \"keep\"");
    let text = csv(&rows);
    let (bytes, _, is_lost) = EUC_KR.encode(&text);
    assert!(!is_lost && bytes.len() < text.len());
    night.put(bytes);
    night.run(&[]).exits(0);
    assert_eq!(night.column("words"), plain.column("words"));
    assert_eq!(night.source()["masked"], plain.source()["masked"]);
}

//! What a review hid from the scanner and from the leak test.

use super::personal::holds_none;
use super::{Night, csv, loans};

/// Loans of which one has this page.
fn paged(page: &str) -> String {
    let mut rows = loans(60, 20);
    rows[3].insert("page", page.to_owned());
    csv(&rows)
}

const FIELDS: &str =
    "page = [{ as = \"path\", path = \"plain\" }, { as = \"query\", query = [\"x\"] }]";

/// Found by a review: what was escaped twice went through.
#[test]
fn escapes_of_escapes_hide_no_resident_number() {
    for page in [
        "/a?x=%2539%2530%2530%2531%2530%2531-1234567",
        "/a?x=%252539%252530%252530%252531%252530%252531-1234567",
        "/a/%2539%2530%2530%2531%2530%2531-1234567",
        "/a?x=%25EF%25BC%2599%25EF%25BC%2590%25EF%25BC%2590%25EF%25BC%2591%25EF%25BC%2590%25EF%25BC%2591-1234567",
        "/a?x=%u0039%u0030%u0030%u0031%u0030%u0031-1234567",
        "/a?x=900101%26%2345;1234567",
        // Beside something that is masked.
        "/a?x=010-1234-5678+%2539%2530%2530%2531%2530%2531-1234567",
    ] {
        let night = Night::new("", FIELDS);
        night.put(paged(page));
        let said = night.stops();
        assert!(said.contains("resident numbers in column `"), "{page}\n{said}");
        holds_none(&night, &[page, "1234567"], &said);
    }
}

/// Found by a review: as above; nothing of such a text stays.
#[test]
fn escapes_of_escapes_hide_no_telephone() {
    let night = Night::new("", FIELDS);
    night.put(paged("/a?x=%2530%2531%2530-1234-5678+and+more"));
    night.run(&[]).exits(0);
    assert_eq!(night.column("query")[3].as_deref(), Some("[mobile]"));
}

/// Found by a review: the leak test undid escapes once.
#[test]
fn escapes_of_escapes_hide_no_identifier_of_the_input() {
    for page in ["/a?x=%254c40001", "/a/%25254c40001", "/a?x=L4%25E2%2580%258B0001"] {
        let night = Night::new("", FIELDS);
        night.put(paged(page));
        let said = night.stops();
        assert!(said.contains("identifier of the input in 1 cells"), "{page}\n{said}");
        holds_none(&night, &[page], &said);
    }
}

/// What is escaped more often than anybody would is not read: nothing of it stays.
#[test]
fn what_is_escaped_too_often_does_not_stay() {
    let page = format!("/a?x=%{}39and", "25".repeat(6));
    let fields = format!("{FIELDS}\nwords = \"keep\"");
    let night = Night::new("", &fields);
    night.put(paged(&page));
    night.run(&[]).exits(0);
    assert_eq!(night.column("query")[3].as_deref(), Some("[escaped]"));
    assert_eq!(night.source()["undecoded"], serde_json::json!({"query": 1}));
}

/// Found by a review: a session behind an escaped `;`, and passwords in addresses.
#[test]
fn paths_and_templates_end_at_escaped_marks_and_have_no_user_information() {
    let fields = "page = [{ as = \"path\", path = \"plain\" }, { as = \"listed\", path = { templates = [\"/view\"], unlisted = \"null\" } }, { as = \"learned\", path = { learn = { persons_min = 2 } } }]";
    let mut rows = loans(60, 20);
    for (row, page) in rows.iter_mut().zip(
        ["/view%3Bjsessionid=F00DBABE12345678", "/view%3Fq=1&name%3Dx", "/view%253Bid=7", "/view"]
            .into_iter()
            .cycle(),
    ) {
        row.insert("page", page.to_owned());
    }
    rows[8].insert("page", "//kim:pass1234@host/a".to_owned());
    rows[9].insert("page", "https://kim:pass1234@example.kr/a".to_owned());
    let night = Night::new("", fields).publish(&rows);
    for column in ["path", "listed", "learned"] {
        assert_eq!(night.column(column)[..8], vec![Some("/view".to_owned()); 8], "{column}");
    }
    let paths = night.column("path");
    assert_eq!(paths[8].as_deref(), Some("//host/a"));
    assert_eq!(paths[9].as_deref(), Some("https://example.kr/a"));
    holds_none(&night, &["F00DBABE", "pass1234"], "");
}

/// Found by a review: resident numbers in writings that the scanner did not read.
#[test]
fn no_writing_hides_a_resident_number() {
    let (escaped_blank, escaped_zero) = ("%E2%80%83", "%D9%A0");
    for words in [
        // Without width, and marks over digits.
        "9001\u{200b}01-1234567",
        "900101\u{feff}-\u{2060}1234567",
        "9\u{336}0\u{336}0101-1234567",
        // Blanks.
        "900101\u{2003}1234567",
        "900101\u{2009}-\u{202f}1234567",
        "900101\u{1680}1234567",
        "900101\u{2028}1234568",
        // Digits of other scripts.
        "٩٠٠١٠١-١٢٣٤٥٦٧",
        "९००१०१-1234567",
        "𝟵𝟬𝟬𝟭𝟬𝟭-𝟭𝟮𝟯𝟰𝟱𝟲𝟳",
        // Other gaps, and none that is one.
        "900101--1234567",
        "900101~1234567",
        "900101,1234568",
        "900101/1234568",
        "900101\n1234568",
        "900101-\r\n1234567",
        "900101&comma;1234568",
        "앞자리 900101 뒷자리 1234567",
        "앞자리\u{200b} 900101, 뒷자리:\u{3000}1234567",
        "19900101-1234567",
        // As they are escaped.
        &format!("900101{escaped_blank}1234567"),
        &format!("9{escaped_zero}{escaped_zero}101-1234567"),
        "900101%0A1234568",
        "%EC%95%9E%EC%9E%90%EB%A6%AC%20900101%20%EB%92%B7%EC%9E%90%EB%A6%AC%201234567",
    ] {
        let night = Night::new("", "words = \"keep\"");
        let mut rows = loans(60, 20);
        rows[3].insert("words", words.to_owned());
        night.put(csv(&rows));
        let said = night.stops();
        assert!(said.contains("resident numbers in column `words`"), "{words}\n{said}");
        holds_none(&night, &[words], &said);
    }
}

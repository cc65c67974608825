//! Each kind has a table of texts in which it is, between `«` and `»`, and one of
//! texts in which it is not. All numbers, names and addresses are made up.

mod account;
mod business;
mod card;
mod email;
mod glance;
mod landline;
mod laws;
mod licence;
mod mobile;
mod name;
mod passport;
mod resident;
mod token;

use super::{Hit, Kind, find, is_clean, mask};

/// Contexts of a value. `{}` is its place.
const AROUND: [&str; 6] = [
    "{}",
    "/search?q={}&page=2",
    "검색어 {} 입니다",
    "(그){}, 그리고",
    "a=1984;b=\"{}\"",
    "제목\n{}\n1Q84",
];

fn hits(text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    find(text, &mut hits);
    hits
}

/// Text with `«` and `»` around its hits.
fn marked(text: &str, hits: &[Hit]) -> String {
    let (mut out, mut end) = (String::new(), 0);
    for hit in hits {
        out += &text[end..hit.span.start];
        out += "«";
        out += &text[hit.span.clone()];
        out += "»";
        end = hit.span.end;
    }
    out + &text[end..]
}

/// Asserts that exactly what is marked is found, and is of the kind.
#[track_caller]
fn finds(kind: Kind, row: &str) {
    let text = row.replace(['«', '»'], "");
    let hits = hits(&text);
    assert_eq!(marked(&text, &hits), row);
    assert!(hits.iter().all(|hit| hit.kind == kind), "{row}: {hits:?}");
    assert!(!is_clean(&text));
    masked_is_clean(&text);
}

/// Asserts that the kind is not found.
#[track_caller]
fn finds_none(kind: Kind, text: &str) {
    let hits = hits(text);
    assert!(hits.iter().all(|hit| hit.kind != kind), "{}", marked(text, &hits));
    masked_is_clean(text);
}

/// Asserts that one masking is enough.
#[track_caller]
fn masked_is_clean(text: &str) {
    let first = hits(text);
    let mut masked = String::new();
    super::write_masked(text, &first, &mut masked);
    assert!(is_clean(&masked), "{text} gives {}", marked(&masked, &hits(&masked)));
    let mut again = String::new();
    mask(text, &first, &mut again);
    assert_eq!(masked, again);
}

/// Each row, and each value in each context; at least 60 in all.
#[track_caller]
fn all_found(kind: Kind, rows: &[&str], values: &[&str]) {
    for row in rows {
        finds(kind, row);
    }
    for value in values {
        for around in AROUND {
            finds(kind, &around.replace("{}", &format!("«{value}»")));
        }
    }
    assert!(rows.len() + values.len() >= 60, "{}", rows.len() + values.len());
}

/// The same for what is not of the kind.
#[track_caller]
fn none_found(kind: Kind, values: &[&str]) {
    for value in values {
        for around in AROUND {
            finds_none(kind, &around.replace("{}", value));
        }
    }
    assert!(values.len() >= 60, "{}", values.len());
}

#[test]
fn the_more_dangerous_of_two_is_taken() {
    for (text, expected) in [
        ("900101-1234567@example.kr", "[resident]@example.kr"),
        ("010-1234-5678@example.kr", "[mobile]@example.kr"),
        ("kim01012345678@example.kr", "[email]"),
        ("kim-900101-1234567", "kim-[resident]"),
        ("kim@900101-1234567.kr", "kim@[resident].kr"),
        ("계좌 900101-1234567", "계좌 [resident]"),
        ("계좌 1-900101-1234567", "계좌 1-[resident]"),
        ("userName=kim@example.kr", "userName=[email]"),
        ("성명:홍길동900101-1234567", "성명:[name][resident]"),
        ("성명: 홍길동 (010-1234-5678, kim@example.kr)", "성명: [name] ([mobile], [email])"),
        ("계좌 4111-1111-1111-1111", "계좌 [card]"),
        ("010-1234-5678-900101-1234567", "[mobile]-[resident]"),
    ] {
        let mut masked = String::new();
        mask(text, &hits(text), &mut masked);
        assert_eq!(masked, expected);
        masked_is_clean(text);
    }
}

/// Found by `laws` and by fuzzing: each came to light when what stood beside it was masked.
#[test]
fn nothing_comes_to_light_by_masking() {
    for text in [
        "kim@example.kr010-1234-5678userName=kim",
        "account=1101234567(900101-1234567",
        "은행0000000０１０M12345678@",
        "은행１２３４５６７８９０kim@example.kr",
        "계좌 110-123-456789-1a@example.kr",
        "kim@example.com-900101-1234567.kr",
        "kim@example.js010-1234-5678",
        "acct4111-1111-1111-1111: 1101234567",
        "성명：홍길동=Kim Minsu",
        "name=%20홍길동=Kim Minsu",
        "name=Kim Min sua%mex@40ple.kr",
        "name=Kim A B C D%x@example.kr",
        "=151105412０２３４3434ry@example.kr",
    ] {
        masked_is_clean(text);
    }
}

#[test]
fn hits_that_do_not_fit_are_left_out() {
    let hit = |span| Hit { kind: Kind::Email, span };
    let mut masked = String::from("old");
    mask("가나다", &[hit(0..3), hit(1..4), hit(3..5), hit(6..99)], &mut masked);
    assert_eq!(masked, "[email]나다");
    mask("", &[], &mut masked);
    assert_eq!(masked, "");
}

#[test]
fn kinds_are_listed_once_and_in_order() {
    assert!(Kind::ALL.is_sorted_by(|one, next| one < next));
    let mut names = Kind::ALL.map(Kind::name);
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    assert!(Kind::ALL.iter().all(|kind| !kind.korean().is_ascii()));
}

//! A seed in; queries with and without personal data out.
//!
//! All values are made up. Check digits are right where the kind has them and
//! the number is old enough.

use gamyeong::scan::{Hit, Kind};

use crate::values::{self, grouped, isbn10, isbn13};

/// Draws from a seed: the same numbers everywhere (`SplitMix64`).
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        let word = (word ^ word >> 31) >> 32;
        usize::try_from((word * u64::try_from(limit).unwrap_or(1)) >> 32).unwrap_or_default()
    }

    pub(crate) fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// A pattern with `#` drawn as a digit and `$` as a digit from 2 to 9.
    pub(crate) fn pattern(&mut self, pattern: &str) -> String {
        let digit = |value| char::from_digit(u32::try_from(value).unwrap_or_default(), 10);
        let drawn = pattern.chars().filter_map(|mark| match mark {
            '#' => digit(self.below(10)),
            '$' => digit(2 + self.below(8)),
            mark => Some(mark),
        });
        drawn.collect()
    }

    pub(crate) fn pattern_of(&mut self, patterns: &[&str]) -> String {
        let pattern = self.of(patterns);
        self.pattern(pattern)
    }

    pub(crate) fn base64(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        (0..length).map(|_| char::from(LETTERS[self.below(64)])).collect()
    }
}

/// What a query holds.
pub(crate) struct Sample {
    pub(crate) text: String,
    /// Kind and place of the value, or none.
    pub(crate) value: Option<Hit>,
    /// What it is, for the list of what was missed.
    pub(crate) form: &'static str,
}

/// A query: clean in two of four, with a value in one, with something that looks like one in one.
pub(crate) fn sample(draw: &mut Draw) -> Sample {
    match draw.below(4) {
        0 => with_value(draw),
        1 => {
            let (form, value) = look_alike(draw);
            let (before, after) = around(draw);
            Sample { text: format!("{before}{value}{after}"), value: None, form }
        }
        _ => Sample { text: clean(draw), value: None, form: "clean" },
    }
}

fn with_value(draw: &mut Draw) -> Sample {
    let kind = Kind::ALL[draw.below(Kind::ALL.len())];
    let (form, lead, value, trail) = values::of(draw, kind);
    // A key stands in no path.
    let is_keyed = lead.ends_with('=');
    let (before, after) = if is_keyed { around_key(draw) } else { around(draw) };
    let start = before.len() + lead.len();
    let span = start..start + value.len();
    let text = format!("{before}{lead}{value}{trail}{after}");
    Sample { text, value: Some(Hit { kind, span }), form }
}

/// What stands before and after `key=value`.
fn around_key(draw: &mut Draw) -> (String, &'static str) {
    match draw.below(3) {
        0 => (String::new(), ""),
        1 => ("/lib/member/save?".to_owned(), "&page=2"),
        _ => (format!("menuNo=200{}&", draw.below(100)), ""),
    }
}

/// What stands before and after a value in a path, a query, or search words.
fn around(draw: &mut Draw) -> (String, &'static str) {
    const KEYS: &[&str] = &[
        "q",
        "query",
        "searchKeyword",
        "kwd",
        "keyword",
        "text",
        "memo",
        "msg",
        "content",
        "search_txt",
    ];
    match draw.below(6) {
        0 => (String::new(), ""),
        1 => (format!("/lib/search?{}=", draw.of(KEYS)), "&page=2"),
        2 => (format!("menuNo=200{}&{}=", draw.below(100), draw.of(KEYS)), ""),
        3 => (format!("{} ", draw.of(WORDS)), ""),
        4 => (format!("{} ", draw.of(WORDS)), " 문의드립니다"),
        _ => (format!("/board/view/{}/", draw.below(90_000)), "/list.do"),
    }
}

pub(crate) const WORDS: &[&str] = &[
    "엄마를 부탁해",
    "해리포터와 혼혈왕자",
    "1Q84",
    "1984",
    "채식주의자",
    "태백산맥",
    "성남시 도서관",
    "어린 왕자",
    "총 균 쇠",
    "82년생 김지영",
    "코스모스",
    "한국사 편지",
    "파친코",
    "아몬드",
    "불편한 편의점",
    "데미안",
    "82 2",
    "신청",
    "예약 확인",
    "C++ 프로그래밍",
    "813.7 한국소설",
    "토지 16권",
    "7년의 밤",
    "28",
    "2026년 달력",
    "100세 인생",
];

const KEYS_OF_PAGES: &[&str] =
    &["page", "pageNo", "size", "sort", "menuNo", "kdc", "branch", "seq", "year", "from", "to"];

fn clean(draw: &mut Draw) -> String {
    match draw.below(5) {
        0 => draw.pattern("/lib/book/detail/##### "),
        1 => format!("{}={}&q={}", draw.of(KEYS_OF_PAGES), draw.below(3000), draw.of(WORDS)),
        2 => format!("{} {}", draw.of(WORDS), draw.of(WORDS)),
        3 => format!(
            "/intro/plusSearchResultList.do?searchType=SIMPLE&searchKey=ALL&searchKeyword={}",
            draw.of(WORDS)
        ),
        _ => format!(
            "https://www.example.go.kr/lib/{}.do?{}={}",
            draw.below(99),
            draw.of(KEYS_OF_PAGES),
            draw.below(99)
        ),
    }
}

/// What looks like a kind, and is none.
fn look_alike(draw: &mut Draw) -> (&'static str, String) {
    match draw.below(26) {
        0 => ("ISBN-13", isbn13(draw)),
        1 => ("ISBN-13 apart", grouped(&isbn13(draw), &[3, 2, 3, 4, 1], "-")),
        2 => ("ISBN-10", isbn10(draw)),
        3 => ("milliseconds", draw.pattern("17###########")),
        4 => ("milliseconds of a cache", draw.pattern("_=17###########")),
        5 => ("seconds", draw.pattern("17########")),
        6 => (
            "date",
            format!(
                "20{}-{:02}-{:02}",
                10 + draw.below(20),
                1 + draw.below(12),
                1 + draw.below(28)
            ),
        ),
        7 => (
            "date together",
            format!("20{}{:02}{:02}", 10 + draw.below(20), 1 + draw.below(12), 1 + draw.below(28)),
        ),
        8 => ("date and time", draw.pattern("2026112013####")),
        9 => ("KDC", draw.pattern("8##.#-김##ㅎ")),
        10 => ("registration number", draw.pattern("EM0000######")),
        11 => ("day and page", format!("{}/{}", day(draw), draw.pattern("$######"))),
        12 => ("day and sum", format!("{}, {}", day(draw), draw.pattern("$######"))),
        13 => ("number of an order", format!("20{}-{}", day(draw), draw.pattern("#######"))),
        14 => ("two numbers", draw.pattern_of(&["######,#######", "######/#######"])),
        _ => look_alike_of_words(draw),
    }
}

/// A day of these years in six digits.
fn day(draw: &mut Draw) -> String {
    format!("{}{:02}{:02}", 14 + draw.below(13), 1 + draw.below(12), 1 + draw.below(28))
}

/// The same, of letters and digits.
fn look_alike_of_words(draw: &mut Draw) -> (&'static str, String) {
    match draw.below(11) {
        0 => ("session", format!("JSESSIONID={}.node1", draw.base64(32).replace(['+', '/'], "A"))),
        1 => (
            "digest",
            format!(
                "v={}",
                draw.pattern("a#b#c#d#e#f#########0##f##a##b##c##d##e##f######a###############")
            ),
        ),
        2 => ("UUID", draw.pattern("550e8400-e29b-41d4-a716-44665544####")),
        3 => ("representative", draw.pattern("15##-####")),
        4 => ("hidden", draw.pattern("900101-1****** 010-****-####")),
        5 => (
            "file",
            draw.of(&["icon@2x.png", "vue@3.2.1/dist/vue.js", "@scope/core@7.1.0", "logo@3x.webp"])
                .into(),
        ),
        6 => (
            "name of a thing",
            format!(
                "name={}",
                draw.of(&[
                    "도서관",
                    "전체",
                    "자료실",
                    "소설",
                    "서울",
                    "이용안내",
                    "main",
                    "Seoul Library",
                    "엄마를 부탁해"
                ])
            ),
        ),
        7 => (
            "title",
            format!(
                "bookName={}",
                draw.of(&["홍길동전", "김약국의 딸들", "이방인", "안나 카레니나", "한강"])
            ),
        ),
        8 => ("coordinates", draw.pattern("37.3######,127.1######")),
        9 => ("price", draw.pattern("#,###,###원")),
        _ => ("number of a record", draw.pattern("CNTS-000########")),
    }
}

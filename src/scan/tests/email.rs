use super::super::Kind;
use super::{all_found, finds, finds_none, none_found};

/// Found, between `«` and `»`.
const IN_CONTEXT: &[&str] = &[
    "%20«kim@example.kr»",
    "%3A«kim@example.kr»",
    "mailto:«kim@example.kr»",
    "<«kim@example.kr»>",
    "email=«kim@example.kr»&x=1",
    "메일«kim@example.kr»로",
    "kim <«kim@example.kr»>;«lee@example.kr»",
    "«kim@example.kr».",
    "«kim@example.kr»,",
    "«kim@example.kr»/path",
    "https://user:«secret@example.kr»/a",
    "«kim@example.kr»-«lee@example.kr»",
    ".«kim@example.kr»",
    "..«kim@example.kr»",
    "-«kim@example.kr»",
    "\"«kim@example.kr»\"",
    "«kim@example.kr»'",
    "a@«b@example.kr»",
    "@«kim@example.kr»",
    "«kim@example.kr»@",
    "/user/«kim@example.kr»/edit",
    "«kim@example.kr»?subject=1",
    "«kim@example.com»-2",
    "«kim@example.com».1",
    "«kim@example.com».a1",
    "id=«kim@example.kr»|pw",
    "q=«kim%40example.kr»+책",
    "«kim%40example.kr»%20",
    "1984 «kim@example.kr» 1Q84",
    "{\"email\":\"«kim@example.kr»\"}",
    "가«kim@example.kr»나",
    "«kim@example.kr»입니다",
    "(«kim@example.kr»)",
    "[«kim@example.kr»]",
];

/// Found whole in every context.
const BY_THEMSELVES: &[&str] = &[
    "kim@example.kr",
    "kim@example.com",
    "kim.minsu@example.co.kr",
    "kim+tag@example.org",
    "k@example.net",
    "kim_minsu@example.go.kr",
    "kim-minsu@mail.example.ac.kr",
    "KIM@EXAMPLE.KR",
    "20241234@example.ac.kr",
    "900101@example.kr",
    "kim900101@example.kr",
    "o'neil@example.ie",
    "kim%40example.kr",
    "kim＠example.kr",
    "kim@example.museum",
    "kim@xn--hq1bm8jm9l.kr",
    "kim@163.com",
    "kim@a.b.c.d.example.kr",
    "a.b.c@d.io",
    "kim@example-site.kr",
    "1@2.kr",
    "kim@example.app",
    "user123@sub-domain.example.info",
    "x@y.zw",
    "first.last%2Btag@example.kr",
    "kim@1004.kr",
    "_kim@example.kr",
];

/// Not of the kind in any context.
const NOT: &[&str] = &[
    // Half of one.
    "@",
    "@kim",
    "kim@",
    "kim@example",
    "@example.kr",
    "kim@.kr",
    "kim@example.",
    "kim.@example.kr",
    "kim @example.kr",
    "kim@ example.kr",
    "kim(at)example.kr",
    "kim골뱅이example.kr",
    "kim@@example",
    "kim@example.k",
    "kim@example.1",
    "kim@example.k1",
    "kim@example.123",
    "kim@-",
    "kim@example..kr",
    "@@@@",
    "kim@example,kr",
    "kim@example_kr",
    "한글@한글.한국",
    "kim@한글.한국",
    // Files and packages.
    "icon@2x.png",
    "logo@3x.webp",
    "sprite@2x.css",
    "vue@3.2.1",
    "vue@3.2.1/dist/vue.js",
    "jquery@3.6.0.min.js",
    "@babel/core@7.1.0",
    "react@18.2.0.json",
    "bg@1.5x.jpg",
    "image@large.jpeg",
    "a@b.svg",
    "font@1.woff",
    "page@1.html",
    "code@main.js",
    "doc@v1.pdf",
    "file@home.hwp",
    "data@old.csv",
    "x@y.xml",
    "lib@4.17.21",
    "bundle@a.map",
    "code@latest.ts",
    "archive@2.tgz",
    // Places and hosts without a name.
    "/@37.5665,126.9780,15z",
    "/@user/title",
    "user@192.0.2.1",
    "root@localhost",
    "git@github",
    "ssh://user@host:22/",
    "a@1.2.3.4",
    "x@2001:db8::1",
    // Hosts that could hide a number.
    "kim@123456.kr",
    "kim@12345678.com",
    "kim@a1234567890.kr",
    "kim@900101-1234567.kr",
    // Others.
    "5@1000",
    "책 @ 1984",
    "R@D",
    "100@",
    "@2026.11.20",
    "a@b",
    "q=@&x=1",
    "%40",
    "＠",
    "kim%40",
    "%40example.kr",
];

#[test]
fn addresses() {
    all_found(Kind::Email, IN_CONTEXT, BY_THEMSELVES);
}

#[test]
fn what_is_none() {
    none_found(Kind::Email, NOT);
}

#[test]
fn a_local_part_has_64_bytes_at_most() {
    finds(Kind::Email, &format!("«{}@example.kr»", "a".repeat(64)));
    finds_none(Kind::Email, &format!("{}@example.kr", "a".repeat(65)));
}

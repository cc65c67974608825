//! Who looks at a web site; which address is asked for next.
//!
//! Some of the addresses hold what must not get into a table: a telephone
//! number typed into the search field, a form that was sent with GET, a login
//! name in the path, a session number behind `;`.
//!
//! Source: the shapes of library catalogues and of sites on Java servlets
//! (`;jsessionid=`: Jakarta Servlet 6.0, section 7.1.3).
//!
//! Not here: the rest of the line (`web`).

use super::lines::{push_encoded, push_hex, push_number};
use super::person::Person;
use super::random::Random;

/// A web site.
pub(super) struct Site {
    /// Scheme and host, as a referer has them.
    pub(super) host: &'static str,
    /// Its pages, and how often each is asked for.
    pages: &'static [(u64, Page)],
    /// What its pages load.
    files: &'static [&'static str],
    /// What people search for, the most popular first.
    words: &'static [&'static str],
}

/// A page and what its address holds.
#[derive(Clone, Copy)]
enum Page {
    /// Always the same.
    Fixed(&'static str),
    /// Words in a query, with a subject class if there are such.
    Search(&'static str, bool),
    /// A list of which people turn the pages.
    Listed(&'static str),
    /// One of so many things.
    Numbered(&'static str, u64),
    /// A person's own page: the login name is in the path.
    Own(&'static str),
    /// A form: name and telephone number are in the query.
    Form(&'static str),
    /// The login page: the session's number is in the path.
    Login(&'static str),
}

/// Classes of the Korean Decimal Classification (한국십진분류법, KDC) that a
/// search can be narrowed to, popular ones first.
const CLASSES: [u64; 18] =
    [810, 800, 300, 813, 370, 400, 900, 320, 500, 590, 600, 180, 100, 700, 740, 0, 200, 650];

/// The library office's site.
pub(super) const LIBRARY: Site = Site {
    host: "https://lib.example.kr",
    pages: &[
        (20, Page::Fixed("/index.do")),
        (34, Page::Search("/search?q=", true)),
        (22, Page::Numbered("/book/", 4_000)),
        (5, Page::Fixed("/seat/status.do")),
        (4, Page::Fixed("/branch/bundang/hours.do")),
        (3, Page::Fixed("/branch/jungang/hours.do")),
        (4, Page::Listed("/notice/list.do")),
        (4, Page::Numbered("/notice/", 60)),
        (3, Page::Listed("/program/list.do")),
        (4, Page::Login("/login.do")),
        (3, Page::Fixed("/my/loans.do")),
        (2, Page::Own("/my/wishlist/")),
        (1, Page::Form("/program/apply.do")),
    ],
    files: &["/static/css/site.css", "/static/js/app.js", "/static/img/logo.png", "/favicon.ico"],
    words: &[
        "한국사",
        "소설",
        "그림책",
        "파이썬",
        "세계 문학",
        "우주",
        "수학",
        "경제",
        "여행",
        "심리학",
        "공무원 시험",
        "요리",
        "육아",
        "인공지능",
        "만화",
        "기후 변화",
        "철학",
        "글쓰기",
        "토익",
        "고양이",
        "정원",
        "시집",
        "클래식 음악",
        "우울증",
        "이혼 소송",
        "당뇨 식단",
        "불교",
        "성경",
        "노동법",
        "치매 돌봄",
    ],
};

/// The welfare centre's site.
pub(super) const WELFARE: Site = Site {
    host: "https://welfare.example.kr",
    pages: &[
        (24, Page::Fixed("/ko/main.do")),
        (10, Page::Fixed("/vi/main.do")),
        (9, Page::Fixed("/zh/main.do")),
        (6, Page::Fixed("/en/main.do")),
        (1, Page::Fixed("/ur/main.do")),
        (10, Page::Search("/ko/search.do?keyword=", false)),
        (12, Page::Listed("/ko/notice/list.do")),
        (9, Page::Numbered("/ko/notice/", 80)),
        (12, Page::Listed("/ko/program/list.do")),
        (8, Page::Numbered("/ko/program/", 120)),
        (4, Page::Fixed("/ko/counsel/guide.do")),
        (3, Page::Login("/login.do")),
        (2, Page::Own("/my/reservation/")),
        (1, Page::Form("/ko/counsel/apply.do")),
    ],
    files: &["/css/common.css", "/js/common.js", "/img/main.jpg", "/favicon.ico"],
    words: &[
        "한국어 교실",
        "비자 연장",
        "무료 진료",
        "퇴직금",
        "임금 체불",
        "통역",
        "운전면허",
        "어린이집",
        "국적 취득",
        "기숙사",
        "산업재해",
        "가정폭력 상담",
        "난민 신청",
    ],
};

/// What strangers try on every site.
const PROBES: [&str; 4] = ["/wp-login.php", "/.env", "/phpmyadmin/", "/robots.txt"];

impl Site {
    /// Adds the next page somebody asks for; true if it is the login page.
    pub(super) fn push_page(&self, person: Person, random: &mut Random, text: &mut String) -> bool {
        let page = random.weighted(self.pages);
        match page {
            Page::Fixed(path) => text.push_str(path),
            Page::Search(path, has_classes) => {
                text.push_str(path);
                self.push_words(person, random, text);
                if has_classes && random.one_in(2) {
                    text.push_str("&kdc=");
                    push_number(text, random.pick_skewed(&CLASSES), 3);
                }
                if random.one_in(3) {
                    text.push_str("&page=");
                    push_number(text, 2 + random.skewed(4), 1);
                }
            }
            Page::Listed(path) => {
                text.push_str(path);
                text.push_str("?page=");
                push_number(text, 1 + random.skewed(5), 1);
            }
            Page::Numbered(path, count) => {
                text.push_str(path);
                push_number(text, 1 + random.skewed(count), 1);
            }
            Page::Own(path) => {
                text.push_str(path);
                person.push_login(text);
            }
            Page::Form(path) => {
                text.push_str(path);
                person.push_form(text);
            }
            Page::Login(path) => {
                text.push_str(path);
                if random.one_in(4) {
                    text.push_str(";jsessionid=");
                    push_hex(text, random.number(), 16);
                    push_hex(text, random.number(), 16);
                }
            }
        }
        matches!(page, Page::Login(_))
    }

    /// Adds what somebody typed: now and then a number instead of words.
    fn push_words(&self, person: Person, random: &mut Random, text: &mut String) {
        if random.one_in(200) {
            person.push_telephone(text);
        } else {
            push_encoded(text, random.pick_skewed(self.words));
        }
    }

    /// Adds something that a page loads: style, script, image.
    pub(super) fn push_file(&self, random: &mut Random, text: &mut String) {
        text.push_str(random.pick_skewed(self.files));
    }

    /// Adds the address of a search engine's result page that led here.
    pub(super) fn push_engine(&self, random: &mut Random, text: &mut String) {
        text.push_str("https://search.example.com/search?query=");
        push_encoded(text, random.pick_skewed(self.words));
    }
}

/// Adds an address that only attackers ask for.
pub(super) fn push_probe(random: &mut Random, text: &mut String) {
    text.push_str(random.pick(&PROBES));
}

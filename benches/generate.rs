//! A number of lines and a seed in; one day of an invented access log out.
//!
//! ```text
//! cargo bench --bench generate -- --lines 10000000 --out FILE [--seed N]
//! rustc -O --edition 2024 -o generate benches/generate.rs && ./generate --lines … --out …
//!
//! 10.3.7.9 - kim.minji17 [01/Jun/2026:00:00:00 +0900] "GET /a?q=%EC%B1%85 HTTP/1.1" 200 2326 "-" "Mozilla/5.0 …" "_ga=…; JSESSIONID=…; lang=ko"
//! ```
//!
//! The same seed and number give the same bytes. The populations do not grow
//! with the number of lines, so that 1 M, 10 M and 30 M lines differ in length
//! alone: 300,000 addresses (3 % IPv6), 60,000 users on 40 % of the lines,
//! 981,000 sessions, 20,000 paths, 2,000 agents. A line's session is drawn
//! evenly from all of them, which is the hard case for a memo of pseudonyms:
//! no line is near another of its session. Address, user and agent follow from
//! the session. One line in 5,000 is malformed: cut off, or a quote is missing.
//! One in 50 has no cookie. No field holds an escaped quote.
//!
//! Source: splitmix64, Steele, Lea and Flood, "Fast Splittable Pseudorandom
//! Number Generators", OOPSLA 2014, figure 17, with the constants of Stafford's
//! variant 13. Addresses lie in 10.0.0.0/8 (RFC 1918) and `2001:db8::/32`
//! (RFC 3849), names under example.kr.
//!
//! Not here: what is measured with the log (`peer.py`).

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "every number is drawn from a range that fits"
)]

use std::fs::File;
use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::process::ExitCode;

const ADDRESSES: u64 = 300_000;
const USERS: u64 = 60_000;
const SESSIONS: u64 = 981_000;
const PATHS: u64 = 20_000;
const AGENTS: u64 = 2_000;

/// One line in so many is malformed: 0.02 %.
const MALFORMED_ONE_IN: u64 = 5_000;
/// One line in so many has `-` for its cookies.
const WITHOUT_COOKIE_ONE_IN: u64 = 50;

/// Requests per hour of the day, in shares: a town that sleeps at four, works
/// at ten and reads at nine in the evening.
const DAY: [u64; 24] =
    [18, 11, 7, 5, 4, 6, 12, 25, 52, 78, 88, 84, 66, 76, 86, 88, 80, 70, 56, 52, 58, 62, 50, 32];

const SURNAMES: [&str; 12] =
    ["kim", "lee", "park", "choi", "jung", "kang", "cho", "yoon", "jang", "lim", "han", "oh"];
const GIVEN: [&str; 16] = [
    "minji", "seojun", "jiwoo", "hayoon", "dohyun", "sua", "eunwoo", "yuna", "taeyang", "sora",
    "hyunwoo", "nari", "jihun", "boram", "gaeul", "sejin",
];
const SECTIONS: [&str; 10] = [
    "/library/book/detail",
    "/library/search/list",
    "/library/reserve/view",
    "/welfare/notice/view",
    "/welfare/counsel/apply",
    "/board/read",
    "/ebook/reader/page",
    "/static/img/cover",
    "/program/lecture",
    "/api/v1/loan/status",
];
const WORDS: [&str; 24] = [
    "도서관",
    "한국사",
    "어린이 그림책",
    "소설",
    "외국인 상담",
    "비자 연장",
    "한국어 교실",
    "여행",
    "요리",
    "경제",
    "주식 투자",
    "철학",
    "수학 문제집",
    "기후 변화",
    "반려동물",
    "육아",
    "시집",
    "역사 만화",
    "인공지능",
    "파이썬",
    "토픽 시험",
    "노무 상담",
    "건강보험",
    "다문화 가정",
];
const SYSTEMS: [&str; 10] = [
    "Windows NT 10.0; Win64; x64",
    "Linux; Android 14; SM-S921N",
    "Linux; Android 13; SM-A546S",
    "iPhone; CPU iPhone OS 17_5 like Mac OS X",
    "Macintosh; Intel Mac OS X 10_15_7",
    "Linux; Android 15; SM-F956N",
    "X11; Linux x86_64",
    "Windows NT 6.1; Win64; x64",
    "iPad; CPU OS 17_4 like Mac OS X",
    "Linux; Android 12; LM-V500N",
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match wish(&arguments) {
        // Reached by `cargo bench` and `cargo test --benches`, which name no file.
        None => writeln!(io::stdout(), "usage: generate --lines N --out FILE [--seed N]"),
        Some(Wish { lines, out, seed }) => {
            File::create(out).and_then(|file| Generator::new(seed).write(lines, file))
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if stderr is gone too.
            let _ = writeln!(io::stderr(), "generate: could not write, {error}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line asks for.
struct Wish<'a> {
    lines: u64,
    out: &'a str,
    seed: u64,
}

/// `None` if a value is missing or is not a number.
fn wish(arguments: &[String]) -> Option<Wish<'_>> {
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(String::as_str)
    };
    let seed = value("--seed").map_or(Some(1), |text| text.parse().ok())?;
    Some(Wish { lines: value("--lines")?.parse().ok()?, out: value("--out")?, seed })
}

/// The populations, rendered once, and the stream of random numbers.
struct Generator {
    random: Random,
    addresses: Texts,
    users: Texts,
    paths: Texts,
    agents: Texts,
    words: Vec<String>,
}

impl Generator {
    fn new(seed: u64) -> Self {
        Generator {
            random: Random { state: seed },
            addresses: Texts::render(ADDRESSES, address),
            users: Texts::render(USERS, user),
            paths: Texts::render(PATHS, path),
            agents: Texts::render(AGENTS, agent),
            words: WORDS.iter().map(|word| percent_encoded(word)).collect(),
        }
    }

    fn write(mut self, lines: u64, mut out: File) -> io::Result<()> {
        let mut block = Vec::with_capacity(2 << 20);
        let shares: u64 = DAY.iter().sum();
        let mut before = 0;
        let mut done = 0;
        for (hour, share) in DAY.iter().enumerate() {
            before += share;
            let until = lines * before / shares;
            let count = until - done;
            for at in 0..count {
                let second = at * 3600 / count;
                self.line(&mut block, hour as u64, second)?;
                if block.len() > 1 << 20 {
                    out.write_all(&block)?;
                    block.clear();
                }
            }
            done = until;
        }
        out.write_all(&block)
    }

    /// Appends one line.
    fn line(&mut self, out: &mut Vec<u8>, hour: u64, second: u64) -> io::Result<()> {
        let start = out.len();
        let session = self.random.below(SESSIONS);
        let person = Person::of(session);

        out.extend_from_slice(self.addresses.get(person.address));
        out.extend_from_slice(b" - ");
        out.extend_from_slice(person.user.map_or(b"-", |user| self.users.get(user)));
        let (minute, second) = (second / 60, second % 60);
        write!(out, " [01/Jun/2026:{hour:02}:{minute:02}:{second:02} +0900] ")?;
        let request = out.len();
        self.request(out)?;
        self.referer(out)?;
        out.extend_from_slice(b" \"");
        out.extend_from_slice(self.agents.get(person.agent));
        out.extend_from_slice(b"\" \"");
        if self.random.below(WITHOUT_COOKIE_ONE_IN) == 0 {
            out.push(b'-');
        } else {
            cookies(out, session)?;
        }
        out.push(b'"');

        if self.random.below(MALFORMED_ONE_IN) == 0 {
            self.damage(out, start, request);
        }
        out.push(b'\n');
        Ok(())
    }

    /// Appends request, status and size.
    fn request(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let method: &[u8] = match self.random.below(100) {
            0..93 => b"\"GET ",
            93..99 => b"\"POST ",
            _ => b"\"HEAD ",
        };
        out.extend_from_slice(method);
        self.target(out)?;
        out.extend_from_slice(b" HTTP/1.1\" ");
        match self.random.below(100) {
            0..6 => return write!(out, "304 - "),
            6..10 => write!(out, "302 ")?,
            10..13 => write!(out, "404 ")?,
            13 => write!(out, "500 ")?,
            _ => write!(out, "200 ")?,
        }
        // Between 100 bytes and 400 kB, small ones as often as large ones.
        write!(out, "{} ", 100 * self.random.rank(4_000) + self.random.below(100))
    }

    /// Appends a path, one in four with a query.
    fn target(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let path = self.random.rank(PATHS) - 1;
        out.extend_from_slice(self.paths.get(path));
        if path.is_multiple_of(4) {
            let word = &self.words[self.random.below(WORDS.len() as u64) as usize];
            write!(out, "?q={word}&page={}", self.random.rank(40))?;
        }
        Ok(())
    }

    fn referer(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        match self.random.below(20) {
            0..6 => write!(out, "\"-\"")?,
            6..8 => {
                let word = &self.words[self.random.below(WORDS.len() as u64) as usize];
                write!(out, "\"https://search.example.kr/search?query={word}\"")?;
            }
            _ => {
                write!(out, "\"https://city.example.kr")?;
                self.target(out)?;
                out.push(b'"');
            }
        }
        Ok(())
    }

    /// Makes the line that begins at `start` one that no parser accepts.
    fn damage(&mut self, out: &mut Vec<u8>, start: usize, request: usize) {
        let quote =
            |from: usize| out[from..].iter().position(|&byte| byte == b'"').map(|at| from + at);
        match self.random.below(4) {
            0 => {
                out.remove(request);
            }
            1 => {
                if let Some(closing) = quote(request + 1) {
                    out.remove(closing);
                }
            }
            // Somewhere after the address and before the last quote.
            _ => {
                let room = (out.len() - 1 - (start + 20)) as u64;
                out.truncate(start + 20 + self.random.below(room) as usize);
            }
        }
    }
}

/// Who a session belongs to. The first sessions go round every address, user
/// and agent, so that all of them occur; the others favour the low numbers.
struct Person {
    address: u64,
    user: Option<u64>,
    agent: u64,
}

impl Person {
    fn of(session: u64) -> Self {
        let mut random = Random { state: session ^ 0x5e55_1012 };
        let address = if session < ADDRESSES { session } else { random.rank(ADDRESSES) - 1 };
        let user = if session < USERS {
            Some(session)
        } else {
            // With the first 60,000 these make 40 % of the sessions.
            let last = random.below(USERS);
            (random.below(1000) < 361).then(|| random.below(last + 1))
        };
        let agent = if session < AGENTS { session } else { random.rank(AGENTS) - 1 };
        Person { address, user, agent }
    }
}

fn cookies(out: &mut Vec<u8>, session: u64) -> io::Result<()> {
    let mut random = Random { state: session ^ 0xc0_0c1e };
    let (client, since) = (random.below(1 << 31), 1_748_000_000 + random.below(30_000_000));
    let language = if random.below(12) == 0 { "en" } else { "ko" };
    // Two draws make 128 bits: no two sessions share them.
    let (high, low) = (random.next(), random.next());
    if random.below(3) == 0 {
        write!(out, "JSESSIONID={high:016X}{low:016X}; _ga=GA1.2.{client}.{since}; lang={language}")
    } else {
        write!(out, "_ga=GA1.2.{client}.{since}; JSESSIONID={high:016X}{low:016X}; lang={language}")
    }
}

fn address(index: u64) -> String {
    // An odd factor permutes the numbers below 2^24 and 2^32: no two are alike.
    if (Random { state: index ^ 0x1b }).below(100) < 3 {
        let host = (index as u32).wrapping_mul(0x9e37_79b1);
        Ipv6Addr::from((0x2001_0db8_u128 << 96) | (u128::from(host) << 48) | u128::from(index + 1))
            .to_string()
    } else {
        Ipv4Addr::from((10 << 24) | ((index as u32).wrapping_mul(0x9e_3779) & 0x00ff_ffff))
            .to_string()
    }
}

fn user(index: u64) -> String {
    let (surname, rest) = (index % 12, index / 12);
    format!("{}.{}{}", SURNAMES[surname as usize], GIVEN[(rest % 16) as usize], rest / 16 + 1)
}

fn path(index: u64) -> String {
    let section = SECTIONS[(index % 10) as usize];
    match index % 10 {
        7 => format!("{section}/{:05}.jpg", index / 10),
        5 => format!("{section}.do/{}", index / 10),
        _ => format!("{section}/{:06}", index / 10 * 37 + 1000),
    }
}

fn agent(index: u64) -> String {
    let system = SYSTEMS[(index % 10) as usize];
    let (major, build) = (128 - index / 10 % 40, index / 400);
    match index % 10 {
        3 | 8 => format!(
            "Mozilla/5.0 ({system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.{build} Mobile/15E{major} Safari/604.1"
        ),
        6 if index.is_multiple_of(4) => {
            format!(
                "Mozilla/5.0 (compatible; bot{major}.{build}.{index}; +https://bot.example.kr/about)"
            )
        }
        4 => format!(
            "Mozilla/5.0 ({system}; rv:{major}.{build}) Gecko/20100101 Firefox/{major}.{build}"
        ),
        _ => format!(
            "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.{build}.0 Safari/537.36"
        ),
    }
}

/// RFC 3986, section 2.1, of everything that is not an ASCII letter.
fn percent_encoded(text: &str) -> String {
    let digit = |nibble: u8| char::from(b"0123456789ABCDEF"[usize::from(nibble)]);
    text.bytes().flat_map(|byte| ['%', digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Many texts end to end in one allocation.
struct Texts {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Texts {
    fn render(count: u64, text: impl Fn(u64) -> String) -> Self {
        let mut texts = Texts { bytes: Vec::new(), ends: vec![0] };
        for index in 0..count {
            texts.bytes.extend_from_slice(text(index).as_bytes());
            texts.ends.push(texts.bytes.len() as u32);
        }
        texts
    }

    fn get(&self, index: u64) -> &[u8] {
        let at = index as usize;
        &self.bytes[self.ends[at] as usize..self.ends[at + 1] as usize]
    }
}

/// splitmix64.
struct Random {
    state: u64,
}

impl Random {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Even over `0..bound`, up to a bias of `bound / 2^64`.
    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// A rank of `1..=last`, the n-th about 1/n as often as the first: Zipf's
    /// law with exponent 1, by inversion of its continuous form.
    fn rank(&mut self, last: u64) -> u64 {
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((((last + 1) as f64).ln() * share).exp() as u64).clamp(1, last)
    }
}

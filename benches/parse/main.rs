//! Lines in memory in; nanoseconds per line and megabytes per second of one
//! thread's own time, and what they are as multiples of the parser that is
//! written by hand, out.
//!
//! `cargo bench --bench parse`. The lines are invented from a fixed seed, of
//! 300,000 addresses and 60,000 users; one in 5,000 is not in the format. All
//! formats say the same of the same visits. Parsers take turns, so that what
//! the machine does meanwhile meets all of them.

#![expect(clippy::print_stdout, reason = "the figures")]
#![expect(clippy::expect_used, reason = "a bench that cannot run has nothing to report")]
#![expect(clippy::cast_precision_loss, reason = "nanoseconds and bytes of one run are below 2^52")]
#![expect(clippy::cast_possible_truncation, reason = "a chunk is shorter than 2 GiB")]

mod by_hand;

use std::fmt::Write as _;

use arrow::buffer::Buffer;
use gamyeong::parse::{Format, Parser};
use gamyeong::source::{CHUNK_BYTES, Chunk, Cut};

const LINES: usize = 500_000;
const ROUNDS: usize = 9;

/// The format string of `combined`, and so that no name is found for it.
const COMBINED: &str = r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i""#;
const NGINX: &str = r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#;
const FIELDS: [&str; 9] =
    ["host", "ident", "user", "time", "request", "status", "size", "referer", "agent"];
const PARTS: [&str; 8] =
    ["host", "user", "time", "request.method", "request.target", "status", "size", "referer"];
const W3C: [&str; 9] = [
    "c-ip",
    "cs-username",
    "time",
    "cs-method",
    "cs-uri-stem",
    "cs-uri-query",
    "sc-status",
    "cs(Referer)",
    "cs(User-Agent)",
];
const JSON: [&str; 9] = [
    "remote_addr",
    "remote_user",
    "time",
    "method",
    "uri",
    "status",
    "size",
    "headers.Referer",
    "headers.User-Agent",
];

/// Cuts a chunk, and gives how many rows and rejects it has.
type Work<'a> = Box<dyn Fn(&Chunk) -> (usize, usize) + 'a>;

/// One parser, and what it has measured.
struct Contestant<'a> {
    name: &'static str,
    chunks: Vec<Chunk>,
    work: Work<'a>,
    seconds: Vec<f64>,
    lines: usize,
    bytes: usize,
}

fn main() {
    let visits = visits(LINES);
    let combined = chunks(&combined(&visits));
    let mut all = vec![
        Contestant::new("combined by hand", combined.clone(), |chunk| {
            let (columns, rejects) = by_hand::columns(&chunk.bytes, &[0, 1, 2, 3, 4, 5, 6, 7, 8]);
            (columns[0].len(), rejects.len())
        }),
        Contestant::new("combined by hand, one", combined.clone(), |chunk| {
            let (columns, rejects) = by_hand::columns(&chunk.bytes, &[0]);
            (columns[0].len(), rejects.len())
        }),
        parser("combined, compiled", &combined, COMBINED, &FIELDS),
        parser("combined, compiled, parts", &combined, COMBINED, &PARTS),
        parser("combined, compiled, one", &combined, COMBINED, &["host"]),
        parser("combined as nginx has it", &combined, NGINX, &FIELDS[2..]),
        parser("W3C extended", &chunks(&w3c(&visits)), "w3c", &W3C),
        parser("JSON lines", &chunks(&json(&visits)), "json", &JSON),
    ];
    for _ in 0..ROUNDS {
        all.iter_mut().for_each(Contestant::take_turn);
    }
    let rate = |one: &Contestant<'_>| one.bytes as f64 / one.median();
    let hand = (rate(&all[0]), all[0].median() / all[0].lines as f64);
    for one in &all {
        let by_line = one.median() / one.lines as f64;
        println!(
            "{:26} {:6.1} ns/line, {:5.0} MB/s; by hand = 1: {:.2} by bytes, {:.2} by lines",
            one.name,
            by_line * 1e9,
            rate(one) / 1e6,
            rate(one) / hand.0,
            hand.1 / by_line,
        );
    }
}

fn parser<'a>(
    name: &'static str,
    chunks: &[Chunk],
    format: &str,
    wanted: &[&str],
) -> Contestant<'a> {
    let format = Format::new(format).expect("a format").expect("that compiles");
    let parser = Parser::new(&format, wanted).expect("the format has the fields");
    Contestant::new(name, chunks.to_vec(), move |chunk| {
        let columns = parser.chunk(chunk).expect("the header has the fields");
        (columns.rows, columns.rejects.len())
    })
}

impl<'a> Contestant<'a> {
    fn new(
        name: &'static str,
        chunks: Vec<Chunk>,
        work: impl Fn(&Chunk) -> (usize, usize) + 'a,
    ) -> Self {
        let bytes = chunks.iter().map(|chunk| chunk.bytes.len()).sum();
        let work = Box::new(work);
        Contestant { name, chunks, work, seconds: Vec::new(), lines: LINES, bytes }
    }

    fn take_turn(&mut self) {
        let start = on_cpu();
        let (mut rows, mut rejects) = (0, 0);
        for chunk in &self.chunks {
            let (more, bad) = (self.work)(chunk);
            rows += more;
            rejects += bad;
        }
        self.seconds.push((on_cpu() - start) as f64 / 1e9);
        assert_eq!(rows + rejects, LINES, "{}", self.name);
        assert!(rejects > LINES / 10_000 && rejects < LINES / 1_000, "{}: {rejects}", self.name);
    }

    fn median(&self) -> f64 {
        let mut sorted = self.seconds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }
}

/// Nanoseconds that this thread has run: others on the machine do not count.
fn on_cpu() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let nanoseconds = i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec);
    u64::try_from(nanoseconds).expect("after the start of the thread")
}

fn chunks(bytes: &[u8]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let most = bytes.len().min(start + CHUNK_BYTES);
        let length = Cut::Lines.last(&bytes[start..most]).expect("lines are shorter than a chunk");
        chunks.push(Chunk {
            file: 0,
            is_first: start == 0,
            bytes: Buffer::from_slice_ref(&bytes[start..start + length]),
            head: Buffer::from_slice_ref(W3C_FIELDS),
            overlong: None,
        });
        start += length;
    }
    chunks
}

/// A splitmix64 sequence: the same lines on every machine.
struct Seed(u64);

impl Seed {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        let place = self.below(values.len() as u64);
        values[usize::try_from(place).expect("less than the length")]
    }
}

/// One visit, as all formats say it.
struct Visit {
    host: String,
    user: Option<String>,
    clock: String,
    path: String,
    query: String,
    status: u64,
    size: u64,
    referer: String,
    agent: &'static str,
    is_broken: bool,
}

fn visits(count: usize) -> Vec<Visit> {
    const AGENTS: [&str; 4] = [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148",
        "Mozilla/5.0 (Linux; Android 15; SM-S938N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0 Mobile",
        "Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example.kr/about)",
    ];
    let mut seed = Seed(20_251_010);
    let visit = |line: usize| {
        let host = seed.below(300_000);
        let [a, b, c] = [host >> 16, host >> 8 & 255, host & 255];
        let user = (seed.below(4) == 0).then(|| format!("user{:05}", seed.below(60_000)));
        let [hour, minute, second] = [line / 41_667, line / 700 % 60, line / 12 % 60];
        let path = seed.below(20_000);
        Visit {
            host: format!("198.{}.{b}.{c}", 18 + a % 2),
            user,
            clock: format!("{hour:02}:{minute:02}:{second:02}"),
            path: format!("/book/{path}/detail"),
            query: format!("kdc={}&page={}", path % 1000, path % 37),
            status: seed.one_of(&[200, 200, 200, 304, 404]),
            size: seed.below(90_000),
            referer: format!(
                "https://www.library.example.kr/search?q={}&from=main",
                seed.below(5_000)
            ),
            agent: seed.one_of(&AGENTS),
            is_broken: seed.below(5_000) == 0,
        }
    };
    (0..count).map(visit).collect()
}

fn combined(visits: &[Visit]) -> Vec<u8> {
    let mut text = String::new();
    for Visit { host, user, clock, path, query, status, size, referer, agent, is_broken } in visits
    {
        let user = user.as_deref().unwrap_or("-");
        let _ = write!(text, "{host} - {user} [10/Oct/2025:{clock} +0900] \"GET {path}?{query}");
        if *is_broken {
            text.push('\n');
            continue;
        }
        let _ = writeln!(text, " HTTP/1.1\" {status} {size} \"{referer}\" \"{agent}\"");
    }
    text.into_bytes()
}

fn w3c(visits: &[Visit]) -> Vec<u8> {
    let mut text = String::new();
    for Visit { host, user, clock, path, query, status, size, referer, agent, is_broken } in visits
    {
        let user = user.as_deref().unwrap_or("-");
        let _ = write!(text, "2025-10-10 {clock} 10.0.0.5 GET {path} {query} 443 {user} {host}");
        if *is_broken {
            text.push('\n');
            continue;
        }
        let agent = agent.replace(' ', "+");
        let _ = writeln!(text, " {agent} {referer} {status} 0 0 {size} 812 15");
    }
    text.into_bytes()
}

const W3C_FIELDS: &str = "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken\n";

fn json(visits: &[Visit]) -> Vec<u8> {
    let mut text = String::new();
    for Visit { host, user, clock, path, query, status, size, referer, agent, is_broken } in visits
    {
        let user = user.as_deref().unwrap_or_default();
        let _ = write!(
            text,
            r#"{{"time":"2025-10-10T{clock}+09:00","remote_addr":"{host}","remote_user":"{user}","method":"GET","uri":"{path}?{query}","protocol":"HTTP/1.1""#
        );
        if *is_broken {
            text.push('\n');
            continue;
        }
        let _ = writeln!(
            text,
            r#","status":{status},"size":{size},"duration":0.015,"headers":{{"Referer":["{referer}"],"User-Agent":["{agent}"]}}}}"#
        );
    }
    text.into_bytes()
}

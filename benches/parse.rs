//! Access-log lines in memory, in; nanoseconds per line and megabytes per
//! second of one thread's own time, out.
//!
//! `cargo bench --bench parse`. The lines are invented from a
//! fixed seed: 356 bytes long on average, with a cookie field, of 300,000
//! addresses and 60,000 users; one in 5,000 is not in the format.

#![expect(clippy::print_stdout, reason = "the figures")]
#![expect(clippy::expect_used, reason = "a bench that cannot run has nothing to report")]
#![expect(clippy::cast_precision_loss, reason = "nanoseconds and bytes of one run are below 2^52")]

use std::fmt::Write as _;
use std::fs;

use arrow::buffer::Buffer;
use gamyeong::parse::{Format, Parser};
use gamyeong::source::{CHUNK_BYTES, Chunk, Cut};

const LINES: usize = 1_000_000;
const ROUNDS: usize = 7;
const WANTED: [&str; 9] = [
    "host",
    "user",
    "time",
    "request.method",
    "request.target",
    "status",
    "size",
    "referer",
    "cookie.JSESSIONID",
];

fn main() {
    let bytes = lines(LINES);
    println!("{LINES} lines, {} bytes, {} a line", bytes.len(), bytes.len() / LINES);
    let chunks = chunks(&bytes);
    measure("combined+cookie, 9 fields", &chunks, bytes.len(), &WANTED);
    measure(
        "combined+cookie, 9 whole fields",
        &chunks,
        bytes.len(),
        &["host", "user", "time", "request", "status", "size", "referer", "agent", "cookie"],
    );
    measure("combined+cookie, 1 field", &chunks, bytes.len(), &["host"]);
}

fn measure(name: &str, chunks: &[Chunk], bytes: usize, wanted: &[&str]) {
    let parser = Parser::new(Format::CombinedCookie, wanted).expect("the format has the fields");
    let mut seconds = Vec::new();
    let mut rows = 0;
    let mut rejects = 0;
    for _ in 0..ROUNDS {
        (rows, rejects) = (0, 0);
        let start = on_cpu();
        for chunk in chunks {
            let columns = parser.chunk(chunk).expect("a log has no header line");
            rows += columns.rows;
            rejects += columns.rejects.len();
            assert_eq!(columns.fields.len(), wanted.len());
        }
        seconds.push((on_cpu() - start) as f64 / 1e9);
    }
    assert_eq!(rows + rejects, LINES);
    seconds.sort_by(f64::total_cmp);
    let [best, median] = [seconds[0], seconds[ROUNDS / 2]];
    println!(
        "{name}: best {:.1} ns/line, median {:.1}, {:.0} MB/s per core; {rows} rows, {rejects} rejects",
        best * 1e9 / LINES as f64,
        median * 1e9 / LINES as f64,
        bytes as f64 / best / 1e6,
    );
}

/// Nanoseconds that this thread has run: others on the machine do not count.
fn on_cpu() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    text.split(' ').next().and_then(|first| first.parse().ok()).expect("three numbers")
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
            head: Buffer::from_vec(Vec::<u8>::new()),
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

fn lines(count: usize) -> Vec<u8> {
    const AGENTS: [&str; 4] = [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148",
        "Mozilla/5.0 (Linux; Android 15; SM-S938N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0 Mobile",
        "Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example.kr/about)",
    ];
    let mut seed = Seed(20_251_010);
    let mut text = String::with_capacity(count * 370);
    for line in 0..count {
        let host = seed.below(300_000);
        let [a, b, c] = [host >> 16, host >> 8 & 255, host & 255];
        let _ = write!(text, "198.{}.{b}.{c} - ", 18 + a % 2);
        if seed.below(4) == 0 {
            let _ = write!(text, "user{:05}", seed.below(60_000));
        } else {
            text.push('-');
        }
        let [hour, minute, second] = [line / 41_667, line / 700 % 60, line / 12 % 60];
        let _ = write!(text, " [10/Oct/2025:{hour:02}:{minute:02}:{second:02} +0900] ");
        if seed.below(5_000) == 0 {
            text.push_str("\"GET /cut-off\n");
            continue;
        }
        let path = seed.below(20_000);
        let _ = write!(
            text,
            "\"GET /book/{path}/detail?kdc={}&page={} HTTP/1.1\" ",
            path % 1000,
            path % 37
        );
        let _ = write!(text, "{} {} ", seed.one_of(&[200, 200, 200, 304, 404]), seed.below(90_000));
        let _ = write!(
            text,
            "\"https://www.library.example.kr/search?q={}&from=main\" ",
            seed.below(5_000)
        );
        let _ = write!(text, "\"{}\" ", seed.one_of(&AGENTS));
        let session = seed.below(981_000) * 0x9e37_79b9;
        let _ = writeln!(
            text,
            "\"PCID={}; JSESSIONID={session:032X}; lang=ko\"",
            1_700_000_000_000 + host
        );
    }
    text.into_bytes()
}

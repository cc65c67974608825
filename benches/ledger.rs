//! Ledgers of many records in; how long it takes to append to one, to open it and to check
//! it, out.
//!
//! ```text
//! cargo bench --bench ledger [-- RECORDS]          100,000 unless told
//! cargo bench --bench ledger -- LEDGER             only checks one that is there
//! ```
//!
//! Records are as long as those of a night, on average, and as many a month as ten pipelines
//! leave. The ledger lies on the disk of the working directory. Appending is timed with the
//! disk, and the disk by itself: bytes as many written and synced as often.

#![expect(clippy::print_stdout, reason = "it is what a bench is for")]
#![expect(clippy::cast_precision_loss, reason = "seconds and counts of a bench are small")]

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use gamyeong::ledger::items;
use gamyeong::ledger::record::{Entry, Kind};
use gamyeong::ledger::report::Status;
use gamyeong::ledger::store::Ledger;
use gamyeong::ledger::verify::verify;
use gamyeong::pipeline::signer::HouseSigner;
use gamyeong::vault::keys::Keys;
use gamyeong::vault::random::Os;
use gamyeong::vault::signing::SigningKeys;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

/// Records of a month.
const MONTH: i32 = 900;
/// Columns of a table: with so many the mean record is as long as in the demo.
const COLUMNS: usize = 9;
/// Bytes of such a record.
const LINE: usize = 1_300;

fn main() -> Result<(), Failure> {
    // `cargo bench` adds an option of its own, `cargo test --benches` too.
    let asked = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let is_bench = std::env::args().any(|word| word == "--bench");
    let there = asked.as_deref().map(Path::new).filter(|asked| asked.join("records").is_dir());
    if let Some(ledger) = there {
        return checked(ledger);
    }
    let records: u64 = match asked {
        Some(asked) => asked.parse()?,
        None if is_bench => 100_000,
        None => 20,
    };
    let dir = tempfile::tempdir_in(".")?;
    let keys = Keys::create(&dir.path().join("keys"), "bench")?;
    let signing = SigningKeys::generate(&keys, &mut Os)?;
    let signer = HouseSigner::new("bench", signing);
    let ledger = dir.path().join("ledger");

    let start = Instant::now();
    let mut open = fill(&ledger, &signer, records)?;
    let filled = start.elapsed();
    let bytes = bytes(&ledger.join("records"))?;
    let mean = bytes / open.size();
    println!("{records} records of {mean} bytes, {:.0} s to append them all", filled.as_secs_f64());
    let body = body(Kind::Heartbeat);
    let each = few(|_| {
        let newest = open.records().last().map(|record| record.time.clone()).unwrap_or_default();
        let kind = Kind::Heartbeat;
        let entry = Entry { kind, time: &newest, run: None, actor: "bench", body: &body };
        open.append(&signer, &entry).map(drop).map_err(Into::into)
    })?;
    let disk = few(|number| synced(dir.path(), number))?;
    println!("append: {:.2} ms, of which the disk {:.2} ms", ms(each), ms(disk));
    drop(open);

    timed("open", || Ok(Ledger::open(&ledger, &signer)?.0), Ledger::size)?;
    checked(&ledger)
}

/// Checks a ledger with the keys that stand in it, a few times.
fn checked(ledger: &Path) -> Result<(), Failure> {
    let known: Vec<_> = std::fs::read_to_string(ledger.join("keys.txt"))?
        .lines()
        .map(|line| line.parse().map_err(|_| "no key"))
        .collect::<Result<_, _>>()?;
    for _ in 0..5 {
        let report = timed("verify", || Ok(verify(ledger, Some(&known))?), |report| report.size)?;
        if report.status() != Status::Pass {
            return Err(format!("not sound: {}", report.to_value()).into());
        }
    }
    Ok(())
}

/// The records of one run, in their order.
const RUN: [Kind; 4] = [Kind::RunBegin, Kind::RunInput, Kind::RunCommit, Kind::RunPublished];

fn fill(dir: &Path, signer: &HouseSigner, records: u64) -> Result<Ledger, Failure> {
    let bodies = RUN.map(body);
    let mut time = "2020-01-01T00:00:00.000Z".parse::<Timestamp>()?;
    let step = SignedDuration::from_hours(24 * 30) / MONTH;
    let text = |time: Timestamp| format!("{time:.3}");
    let begins = text(time);
    let kind = Kind::LedgerInit;
    let first = body(kind);
    let first = Entry { kind, time: &begins, run: None, actor: "bench", body: &first };
    let mut ledger = Ledger::create(dir, signer, &first)?;
    for number in 0.. {
        let run = format!("visits-{number}");
        for (kind, body) in RUN.into_iter().zip(&bodies) {
            if ledger.size() >= records {
                return Ok(ledger);
            }
            time += step;
            let time = text(time);
            let entry = Entry { kind, time: &time, run: Some(&run), actor: "bench", body };
            ledger.append(signer, &entry)?;
        }
    }
    Ok(ledger)
}

/// A body with all items of its kind, as long as those of the demo: a commit has several
/// columns, the rest is short.
fn body(kind: Kind) -> Value {
    let mut body = Value::Object(items::example::body(kind));
    if kind == Kind::RunInput {
        body["source"] = json!("web");
    }
    if kind == Kind::RunCommit {
        body["sources"][0]["name"] = json!("web");
        body["items"] = Value::Array(vec![body["items"][0].clone(); COLUMNS]);
    }
    body
}

fn bytes(dir: &Path) -> Result<u64, Failure> {
    let files = std::fs::read_dir(dir)?;
    files.map(|file| Ok(file?.metadata()?.len())).sum()
}

/// The mean of a hundred.
fn few(mut one: impl FnMut(u32) -> Result<(), Failure>) -> Result<Duration, Failure> {
    const TIMES: u32 = 100;
    let start = Instant::now();
    (0..TIMES).try_for_each(&mut one)?;
    Ok(start.elapsed() / TIMES)
}

/// What an append writes and syncs, with nothing else: a line, a checkpoint and a head, and
/// the directories of the last two.
fn synced(dir: &Path, number: u32) -> Result<(), Failure> {
    let line = vec![b'x'; LINE];
    for name in ["line".to_owned(), format!("checkpoint-{number}"), "head".to_owned()] {
        let mut file = File::create(dir.join(&name))?;
        file.write_all(&line)?;
        file.sync_data()?;
        if name != "line" {
            File::open(dir)?.sync_all()?;
        }
    }
    Ok(())
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn timed<T>(
    what: &str,
    work: impl FnOnce() -> Result<T, Failure>,
    records: impl FnOnce(&T) -> u64,
) -> Result<T, Failure> {
    let start = Instant::now();
    let done = work()?;
    let seconds = start.elapsed().as_secs_f64();
    let speed = records(&done) as f64 / seconds;
    println!("{what}: {seconds:.3} s, {speed:.0} records a second");
    Ok(done)
}

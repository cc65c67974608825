//! A log in; what each stage takes of one night by itself, out.
//!
//! ```sh
//! cargo bench --bench shares -- target/bench/web-10m.log
//! ```
//!
//! The log and the job are those of `peer.py`. One thread takes every chunk
//! from stage to stage, and each stage is timed alone: CPU seconds of the
//! whole process, in hundredths, and wall seconds, which for vault and ledger
//! are mostly the disk's. The gate's three steps are its own row groups laid
//! aside and read back; writing the table is not in them.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::datatypes::{Field, Schema, SchemaRef};
use gamyeong::aside::Aside;
use gamyeong::assess::gate::Gate;
use gamyeong::assess::leak::{LeakTest, Sought};
use gamyeong::assess::measure::Measure;
use gamyeong::assess::settings::Settings;
use gamyeong::ledger::items;
use gamyeong::ledger::record::{Entry, Kind};
use gamyeong::ledger::store::Ledger;
use gamyeong::notation::time::Written;
use gamyeong::parse::{Format, Parser};
use gamyeong::pipeline::signer::HouseSigner;
use gamyeong::protect::identifiers::Identifiers;
use gamyeong::protect::keys::KeyRing;
use gamyeong::protect::settings::time::Unit;
use gamyeong::protect::settings::{Encoding, Kind as Canonical, Pseudonym, Width};
use gamyeong::protect::technique::{
    Clock, Digits, OfIdentifier, OfNumber, OfTime, OfUrl, Technique,
};
use gamyeong::protect::{Output, Protected, Rule};
use gamyeong::vault::ephemeral::Ephemeral;
use gamyeong::vault::keys::Keys;
use gamyeong::vault::pseudonym::EpochSecret;
use gamyeong::vault::random::Os;
use gamyeong::vault::signing::SigningKeys;
use gamyeong::vault::{custodian, sealed};
use gamyeong::{fs as files, source, split};

/// Fields in the order of the rules below.
const WANTED: [&str; 10] = [
    "time",
    "host",
    "user",
    "cookie.JSESSIONID",
    "request.method",
    "request.target",
    "status",
    "size",
    "referer",
    "agent",
];
const NAMES: [&str; 10] = [
    "hour", "visitor", "member", "session", "method", "path", "status", "bytes", "referer", "agent",
];

/// As large as those of a night.
const ROW_GROUP_ROWS: usize = 1 << 19;

/// Any: they change no output.
const SEEDS: [u64; 4] = [1, 2, 3, 4];

/// Records of a night with one source: begin, input, commit, published.
const RECORDS: [Kind; 4] = [Kind::RunBegin, Kind::RunInput, Kind::RunCommit, Kind::RunPublished];

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    // `cargo bench` adds an option of its own, `cargo test --benches` too.
    let Some(log) = env::args().skip(1).find(|word| !word.starts_with('-')) else {
        writeln!(io::stdout(), "shares: no log named, nothing measured")?;
        return Ok(());
    };
    let dir = tempfile::tempdir_in(Path::new(&log).parent().unwrap_or(Path::new(".")))?;
    let mut shares = Shares::default();
    night(&mut shares, Path::new(&log), dir.path())?;
    shares.print()?;
    Ok(())
}

/// One night, stage by stage.
fn night(shares: &mut Shares, log: &Path, dir: &Path) -> Result<(), Failure> {
    let (keys, recipient, secret) = shares.time("vault: keys", || {
        let keys = Keys::create(&dir.join("keys"), "bench")?;
        let signing = SigningKeys::generate(&keys, &mut Os)?;
        let secret = EpochSecret::in_memory("bench", &mut Os)?;
        let (_, recipient) = custodian::generate();
        Ok::<_, Failure>((signing, recipient, secret))
    })?;
    let rules = rules();
    let measure = measure(schema(&rules))?;
    let subject = measure.subject;
    let ring =
        KeyRing { secret: &secret, controller: "bench", purpose: "p", recipient: "r", table: "" };
    let mut outputs: Vec<_> =
        rules.into_iter().map(|rule| Output::new(rule, &ring, SEEDS, false)).collect();
    let cover = Ephemeral::draw(&mut Os)?.cover();
    let aside = Aside::new(files::create_unnamed(dir)?, cover);
    let mut gate = Gate::new(measure, aside, ring.order_of_rows(), SEEDS);
    let format = Format::new("combined+cookie").ok_or("no such format")??;
    let parser = Parser::new(&format, &WANTED)?;
    let input = PathBuf::from(log);
    let mut reader = source::open(&[input], format.cut(), source::CHUNK_BYTES);
    let mut rejects = Vec::new();
    let mut group = 0;
    let mut rows = 0;
    while let Some(chunk) = shares.time("read, digest", || reader.next())? {
        let columns = shares.time("parse", || parser.chunk(&chunk))?;
        let (divided, rejected) = split::columns(columns, chunk.bytes.clone());
        rejects.extend(rejected.lines().map(|(_, line)| line.to_vec()));
        shares.time("protect", || outputs.iter_mut().for_each(|output| output.push(&divided)));
        group += divided.rows();
        rows += divided.rows() as u64;
        drop((divided, rejected));
        shares.time("read, digest", || reader.digest().relieve(0));
        reader.recycle(chunk);
        if group >= ROW_GROUP_ROWS {
            let rows = std::mem::take(&mut group);
            let arrays = shares.time("protect", || outputs.iter_mut().map(Output::take).collect());
            shares.time("gate: count, lay aside", || gate.add(Protected { arrays, rows }))?;
        }
    }
    if group > 0 {
        let arrays = shares.time("protect", || outputs.iter_mut().map(Output::take).collect());
        shares.time("gate: count, lay aside", || gate.add(Protected { arrays, rows: group }))?;
    }
    drop(outputs);
    let sink = Box::new(|_: &_| Ok(()));
    let leak_test =
        LeakTest::new(Identifiers::new(SEEDS), Vec::new(), vec![Sought::ALL; NAMES.len()], subject);
    let mut cleared = shares.time("gate: decide", || gate.clear(vec![rows], sink, leak_test))?;
    shares.time("gate: read back, take out", || cleared.try_for_each(|rows| rows.map(drop)))?;

    shares.time("vault: seal rejected lines", || {
        let mut sealed = sealed::seal(&dir.join("rejects.age"), &recipient)?;
        rejects.iter().try_for_each(|line| sealed.write_all(line))?;
        sealed.finish()?;
        Ok::<_, Failure>(())
    })?;
    shares.time("ledger: one night's records", || ledger(&dir.join("ledger"), keys))
}

/// A ledger's first record and those of one night, each synced and signed.
fn ledger(dir: &Path, keys: SigningKeys) -> Result<(), Failure> {
    let signer = HouseSigner::new("bench", keys);
    let body = |kind| {
        let mut body = items::example::body(kind);
        body.insert("filled_up".to_owned(), "x".repeat(6_000).into());
        serde_json::Value::Object(body)
    };
    let (time, actor) = ("2026-06-01T18:00:00.000Z", "bench");
    let first = body(Kind::LedgerInit);
    let first = Entry { kind: Kind::LedgerInit, time, run: None, actor, body: &first };
    let mut ledger = Ledger::create(dir, &signer, &first)?;
    for kind in RECORDS {
        let body = body(kind);
        ledger.append(&signer, &Entry { kind, time, run: Some("bench-1"), actor, body: &body })?;
    }
    Ok(())
}

fn rules() -> Vec<Rule> {
    let pseudonym = |domain: &str, kind| {
        let settings = Pseudonym {
            domain: domain.into(),
            kind: None,
            encoding: Encoding::Base32,
            bytes: Width::default(),
            randomised: None,
            device_domain: None,
            address_domain: None,
        };
        Technique::Identifier(OfIdentifier::Pseudonym(settings), kind)
    };
    let techniques = [
        Technique::Time(OfTime::Round(Unit::Hour), Clock { written: Written::Offset, zone: None }),
        pseudonym("ip", Canonical::Ip),
        pseudonym("user", Canonical::Text),
        pseudonym("session", Canonical::Text),
        Technique::KeepText,
        Technique::Url(OfUrl::Path),
        Technique::Number(OfNumber::Keep, Digits::Plain),
        Technique::Number(OfNumber::Keep, Digits::Plain),
        Technique::Url(OfUrl::Path),
        Technique::KeepText,
    ];
    let named = NAMES.iter().zip(WANTED).zip(techniques).enumerate();
    named
        .map(|(input, ((name, field), technique))| Rule::new(name, field, input, technique))
        .collect()
}

fn schema(rules: &[Rule]) -> SchemaRef {
    let fields = rules.iter().map(|rule| Field::new(&rule.name, rule.form().data_type(), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The `[assess]` of `web-bench.toml`.
fn measure(schema: SchemaRef) -> Result<Measure, Failure> {
    #[derive(serde::Deserialize)]
    struct Bench {
        assess: Settings,
    }
    let Bench { assess: settings } = toml::from_str(include_str!("web-bench.toml"))?;
    let quasi_identifiers = settings.quasi_identifiers.names();
    let quasi_identifiers =
        quasi_identifiers.iter().map(|name| schema.index_of(name)).collect::<Result<_, _>>()?;
    let subject = schema.index_of(&settings.subject)?;
    Ok(Measure { settings, schema, subject, quasi_identifiers, value_persons_min: Vec::new() })
}

/// What each stage took so far, in the order of their first mention.
#[derive(Default)]
struct Shares {
    stages: Vec<Stage>,
}

struct Stage {
    name: &'static str,
    wall: Duration,
    cpu: Duration,
}

impl Shares {
    fn time<R>(&mut self, name: &'static str, work: impl FnOnce() -> R) -> R {
        let (start, cpu) = (Instant::now(), on_cpu());
        let done = work();
        let (wall, cpu) = (start.elapsed(), on_cpu().saturating_sub(cpu));
        match self.stages.iter_mut().find(|stage| stage.name == name) {
            Some(stage) => {
                stage.wall += wall;
                stage.cpu += cpu;
            }
            None => self.stages.push(Stage { name, wall, cpu }),
        }
        done
    }

    fn print(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let all: Duration = self.stages.iter().map(|stage| stage.cpu).sum();
        writeln!(out, "| stage | CPU s | wall s | share of this CPU |\n|---|--:|--:|--:|")?;
        for Stage { name, wall, cpu } in &self.stages {
            let share = cpu.as_secs_f64() / all.as_secs_f64() * 100.0;
            let (cpu, wall) = (cpu.as_secs_f64(), wall.as_secs_f64());
            writeln!(out, "| {name} | {cpu:.2} | {wall:.2} | {share:.1} % |")?;
        }
        Ok(())
    }
}

/// CPU time of all threads, ended ones too. It counts in hundredths of a
/// second: over thousands of chunks, what is cut off evens out.
fn on_cpu() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in brackets, may hold spaces.
    let after_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after_name.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

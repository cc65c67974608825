//! Houses in every state that a night can begin in.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use gamyeong::ledger::record::{Entry, Record};
use gamyeong::ledger::store::Ledger;
use gamyeong::pipeline::signer::HouseSigner;
use gamyeong::vault::keys::Keys;
use gamyeong::vault::signing::SigningKeys;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tempfile::TempDir;

use super::tree::{copy, files, is_left_over, write};

pub(crate) const DATE: &str = "2026-11-20";
const PIPELINE: &str = "pipelines/visits.toml";
const SECRETS: &str = "keys/visits";
const SIGKILL: i32 = 9;

/// A source with rows to publish, to suppress and to reject.
const ROWS: &str =
    "card,branch\nkim,east\nlee,east\npark,west\nchoi,west\njung,north\nbroken\nshin,east\n";

const VISITS: &str = include_str!("../../data/crash/visits.toml");

/// What a night finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// A house that was just made: there is no secret either.
    New,
    /// The epoch has its secret, which is not recorded.
    Secret,
    /// A published night whose input was changed: one table is replaced, the
    /// other one has no rows any more.
    Changed,
    /// As `Changed`, and the published night was one of another month: the file of its
    /// records is full.
    Month,
    /// A night that was killed after its commit.
    Committed,
    /// A replacing night that was killed between its two renames of a table.
    Halfway,
    /// A night that was killed after its commit, and whose input was changed
    /// since.
    Late,
    /// A night that was killed before its commit.
    Begun,
    /// A record that was written in part.
    Torn,
}

impl State {
    pub(crate) const ALL: [Self; 9] = [
        Self::New,
        Self::Secret,
        Self::Changed,
        Self::Month,
        Self::Committed,
        Self::Halfway,
        Self::Late,
        Self::Begun,
        Self::Torn,
    ];

    /// Makes a house in this state, once.
    fn made(self) -> &'static Made {
        static MADE: [OnceLock<Made>; 9] = [const { OnceLock::new() }; 9];
        MADE[self as usize].get_or_init(|| Made::new(self))
    }
}

/// A house that is only copied, and what it has to become.
struct Made {
    house: House,
    expected: Expected,
}

/// What is to be there in the end.
#[derive(Debug, PartialEq, Eq)]
struct Expected {
    /// Every file of the store with its bytes; of side-cars, which hold the time of the night,
    /// the names: `ledger verify --data` reads them.
    store: BTreeMap<PathBuf, Vec<u8>>,
    /// Every file of the vault, without the number of its run.
    vault: Vec<String>,
    /// Published runs: number of their lines.
    published: Vec<u64>,
}

impl Made {
    fn new(state: State) -> Self {
        let house = match state {
            State::New => House::init(),
            State::Secret => {
                let house = State::New.made().house.copy();
                let other = State::New.made().house.copy();
                other.runs().unwrap();
                copy(&other.root().join(SECRETS), &house.root().join(SECRETS));
                house
            }
            State::Changed => {
                let house = House::of(State::Secret);
                house.runs().unwrap();
                house.change();
                house
            }
            State::Month => {
                let house = House::of(State::Changed);
                house.put_back();
                house
            }
            State::Late => {
                let house = House::of(State::Committed);
                house.change();
                house
            }
            State::Committed => House::killed(State::Secret, "after-commit"),
            State::Begun => House::killed(State::Secret, "before-commit"),
            State::Halfway => House::killed(State::Changed, "publish-after-aside"),
            State::Torn => {
                let house = House::of(State::Secret);
                let path = house.root().join("ledger/records/000000.jsonl");
                let mut records = fs::read(&path).unwrap();
                records.extend(br#"{"seq":1,"type":"key.cr"#);
                write(&path, &records);
                house
            }
        };
        let undisturbed = match state {
            State::New | State::Secret | State::Changed | State::Month => house.copy(),
            State::Committed | State::Begun | State::Torn => House::of(State::Secret),
            State::Halfway | State::Late => House::of(State::Changed),
        };
        undisturbed.runs().unwrap();
        let expected = undisturbed.found();
        Self { house, expected }
    }
}

/// A house that a case may break.
pub(crate) struct House {
    dir: TempDir,
}

impl House {
    /// A copy of the house in this state.
    pub(crate) fn of(state: State) -> Self {
        state.made().house.copy()
    }

    fn init() -> Self {
        let house = Self::empty();
        let made = gamyeong().arg("init").arg(house.root()).output().unwrap();
        assert!(made.status.success(), "{}", said(&made));
        write(&house.root().join(PIPELINE), VISITS.as_bytes());
        house.write_rows("gate", ROWS);
        house.write_rows("wifi", ROWS);
        house
    }

    /// Memory is enough: a process that dies takes nothing of it along.
    fn empty() -> Self {
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        Self { dir: dir.unwrap() }
    }

    fn killed(state: State, point: &str) -> Self {
        let house = Self::of(state);
        let output = house.run_to(point);
        assert!(was_killed(&output), "{point}: {}", said(&output));
        house
    }

    fn copy(&self) -> Self {
        let house = Self::empty();
        copy(&self.root(), &house.root());
        house
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().join("house")
    }

    /// One row more for a table, none at all for the other.
    fn change(&self) {
        self.write_rows("gate", &format!("{ROWS}yoon,east\n"));
        self.write_rows("wifi", "card,branch\n");
    }

    /// The same records, each more than a month before.
    fn put_back(&self) {
        let dir = self.root().join("ledger");
        let stored = fs::read_to_string(dir.join("records/000000.jsonl")).unwrap();
        let known = fs::read_to_string(dir.join("keys.txt")).unwrap();
        let origin = known.split('+').next().unwrap();
        let controller = origin.strip_prefix("gamyeong/").unwrap();
        let keys = Keys::open(&self.root().join("keys"), controller).unwrap();
        let signer = HouseSigner::new(controller, SigningKeys::load(&keys).unwrap());
        fs::remove_dir_all(&dir).unwrap();
        // Proofs of the ledger that was; the night makes those of this one.
        let store = self.root().join("store");
        for path in files(&store).into_keys().filter(|path| is_proof(path)) {
            fs::remove_file(store.join(path)).unwrap();
        }
        let mut ledger = None;
        for line in stored.lines() {
            let Record { time, run, actor, body, type_name, .. } =
                Record::parse(line.as_bytes()).unwrap();
            let time: Timestamp = time.parse().unwrap();
            let time = format!("{:.3}", time - SignedDuration::from_hours(31 * 24));
            let (kind, body) = (type_name.parse().unwrap(), Value::Object(body));
            let entry =
                Entry { kind, time: &time, run: run.as_deref(), actor: &actor, body: &body };
            match &mut ledger {
                None => ledger = Some(Ledger::create(&dir, &signer, &entry).unwrap()),
                Some(ledger) => drop(ledger.append(&signer, &entry).unwrap()),
            }
        }
    }

    pub(crate) fn write_rows(&self, source: &str, rows: &str) {
        write(&self.root().join(format!("tables/{source}-{DATE}.csv")), rows.as_bytes());
    }

    /// The arguments of a night. Of one whose input was changed, a table is empty.
    pub(crate) fn night(&self) -> Vec<String> {
        let pipeline = self.root().join(PIPELINE).display().to_string();
        let reason = ["--accept-change", "the other table was emptied"];
        let night = ["run", &pipeline, "--date", DATE, "--json"];
        night.into_iter().chain(reason).map(str::to_owned).collect()
    }

    /// A night that kills itself at a point.
    pub(crate) fn run_to(&self, point: &str) -> Output {
        gamyeong().args(self.night()).env("GAMYEONG_KILL_AT", point).output().unwrap()
    }

    /// A night that has to succeed. Gives its outcome.
    pub(crate) fn runs(&self) -> Result<String, String> {
        outcome(&gamyeong().args(self.night()).output().unwrap())
    }

    /// Everything is as if this house's night had not been disturbed, and
    /// another night changes nothing.
    pub(crate) fn is_settled(&self, state: State) -> Result<(), String> {
        let ledger = fs::read(self.root().join("ledger/head.note")).unwrap();
        self.is_verified()?;
        let found = self.found();
        let own = if state == State::New { Some(self.undisturbed()?) } else { None };
        let expected = own.as_ref().unwrap_or(&state.made().expected);
        if found.store != expected.store {
            let names = |found: &Expected| found.store.keys().cloned().collect::<Vec<_>>();
            return Err(format!(
                "tables differ: {:?}, expected {:?}",
                names(&found),
                names(expected)
            ));
        }
        if found != *expected {
            let sealed_and_lines =
                |found: &Expected| (found.vault.clone(), found.published.clone());
            let (found, expected) = (sealed_and_lines(&found), sealed_and_lines(expected));
            return Err(format!("found {found:?}, expected {expected:?}"));
        }
        let left: Vec<_> =
            files(&self.root()).into_keys().filter(|path| is_left_over(path)).collect();
        if !left.is_empty() {
            return Err(format!("left over: {left:?}"));
        }
        match self.runs()?.as_str() {
            "unchanged" if fs::read(self.root().join("ledger/head.note")).unwrap() == ledger => {
                Ok(())
            }
            outcome => Err(format!("another night: {outcome}, expected nothing")),
        }
    }

    /// What a new house becomes with the secret that this one made.
    fn undisturbed(&self) -> Result<Expected, String> {
        let other = House::of(State::New);
        copy(&self.root().join(SECRETS), &other.root().join(SECRETS));
        other.runs()?;
        Ok(other.found())
    }

    pub(crate) fn is_verified(&self) -> Result<(), String> {
        let mut verify = gamyeong();
        verify.arg("--house").arg(self.root()).args(["ledger", "verify", "--data", "--json"]);
        let output = verify.output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let checks = report["checks"].as_array().into_iter().flatten();
        let failed: Vec<_> = checks.filter(|check| check["outcome"] == "fail").collect();
        let examined = report["data"].as_array().map_or(0, Vec::len);
        if output.status.success() && failed.is_empty() && examined > 0 {
            Ok(())
        } else {
            Err(format!("verify: {failed:?}, {}", said(&output)))
        }
    }

    fn found(&self) -> Expected {
        let vault = files(&self.root().join("vault")).into_keys().map(|path| {
            let path = path.display().to_string();
            path.rsplit_once("visits-").map_or(path.clone(), |(kind, _)| kind.to_owned())
        });
        let records: Vec<Value> = files(&self.root().join("ledger/records"))
            .into_values()
            .flat_map(|bytes| {
                String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
            })
            .filter_map(|line| serde_json::from_str(&line).ok())
            .collect();
        let published =
            records.iter().filter(|record| record["type"] == "run.published").map(|run| {
                let is_commit =
                    |other: &&Value| other["type"] == "run.commit" && other["run"] == run["run"];
                let sources =
                    records.iter().find(is_commit).map(|commit| &commit["body"]["sources"]);
                let sources = sources.and_then(Value::as_array).into_iter().flatten();
                sources.filter_map(|source| source["lines"].as_u64()).sum()
            });
        let published = published.collect();
        let mut store = files(&self.root().join("store"));
        for (path, bytes) in &mut store {
            if path.extension().is_some_and(|ending| ending == "tlog-proof") {
                bytes.clear();
            }
        }
        Expected { store, vault: vault.collect(), published }
    }
}

fn is_proof(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "tlog-proof")
}

pub(crate) fn gamyeong() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gamyeong"));
    one_thread(&mut command);
    command
}

/// As few orders of the calls as there can be: writing has a thread of its own.
pub(crate) fn one_thread(command: &mut Command) {
    command.env_remove("GAMYEONG_KILL_AT");
    command.envs([("RAYON_NUM_THREADS", "1"), ("POLARS_MAX_THREADS", "1"), ("LC_ALL", "C")]);
}

/// The outcome that a night reports, if it succeeded.
pub(crate) fn outcome(output: &Output) -> Result<String, String> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    match report["outcome"].as_str() {
        Some(outcome) if output.status.success() => Ok(outcome.to_owned()),
        _ => Err(format!("night failed: {}", said(output))),
    }
}

pub(crate) fn was_killed(output: &Output) -> bool {
    output.status.signal() == Some(SIGKILL)
}

pub(crate) fn said(output: &Output) -> String {
    format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim_end())
}

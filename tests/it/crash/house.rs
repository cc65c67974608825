//! Houses in every state that a night can begin in.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

pub(super) const DATE: &str = "2026-11-20";
const PIPELINE: &str = "pipelines/visits.toml";
const SECRETS: &str = "keys/visits";
const SIGKILL: i32 = 9;

/// A source with rows to publish, to suppress and to reject.
const ROWS: &str = "card,branch\nkim,east\nlee,east\npark,west\nchoi,west\njung,north\nbroken\nshin,east\n";

const HEAD: &str = r#"
name = "visits"
controller = "seongnam-library"
purpose = { category = "과학적 연구", detail = "도서관 출입과 무선인터넷 이용의 시간대별 흐름을 분석하여 개관 시간 조정의 효과를 검증한다", period = "2026-01-01/2027-12-31" }
basis = "28-2"
environment = "내부 활용"
risk = { grade = "저위험", reason = "지어낸 자료" }

[linkage]
window = "month"
reason = "한 달 안의 방문 횟수 분포를 본다"

[vault]
mapping = "승인 문서 2026-000"

[assess]
subject = "card"
quasi_identifiers = ["branch"]
sensitive = []
k_min = 2
k_persons_min = 2
max_suppressed = 0.5
"#;

const SOURCE: &str = r#"
[[source]]
name = "NAME"
path = "tables/NAME-{date}.csv"
format = "csv"
item = "방문기록"
max_rejects = 0.5

[source.fields]
card = { as = "card", pseudonym = { domain = "card" }, label = "회원" }
branch = { as = "branch", keep = "text", label = "도서관" }
"#;

/// What a night finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// A house that was just made: there is no secret either.
    New,
    /// The epoch has its secret, which is not recorded.
    Secret,
    /// A published night whose input was changed: one table is replaced, the
    /// other one has no rows any more.
    Changed,
    /// A night that was killed after its commit.
    Committed,
    /// A replacing night that was killed between its two renames of a table.
    Halfway,
    /// A night that was killed before its commit.
    Begun,
    /// A record that was written in part.
    Torn,
}

impl State {
    pub(super) const ALL: [Self; 7] = [
        Self::New,
        Self::Secret,
        Self::Changed,
        Self::Committed,
        Self::Halfway,
        Self::Begun,
        Self::Torn,
    ];

    /// Makes a house in this state, once.
    fn made(self) -> &'static Made {
        static MADE: [OnceLock<Made>; 7] = [const { OnceLock::new() }; 7];
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
    /// Every file of the store with its bytes.
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
                house.write_rows("gate", &format!("{ROWS}yoon,east\n"));
                house.write_rows("wifi", "card,branch\n");
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
            State::New | State::Secret | State::Changed => house.copy(),
            State::Committed | State::Begun | State::Torn => House::of(State::Secret),
            State::Halfway => House::of(State::Changed),
        };
        undisturbed.runs().unwrap();
        let expected = undisturbed.found();
        Self { house, expected }
    }
}

/// A house that a case may break.
pub(super) struct House {
    dir: TempDir,
}

impl House {
    /// A copy of the house in this state.
    pub(super) fn of(state: State) -> Self {
        state.made().house.copy()
    }

    fn init() -> Self {
        let house = Self::empty();
        let made = gamyeong().arg("init").arg(house.root()).output().unwrap();
        assert!(made.status.success(), "{}", said(&made));
        let sources = ["gate", "wifi"].map(|name| SOURCE.replace("NAME", name)).concat();
        write(&house.root().join(PIPELINE), format!("{HEAD}{sources}").as_bytes());
        house.write_rows("gate", ROWS);
        house.write_rows("wifi", ROWS);
        house
    }

    /// Memory is enough: a process that dies takes nothing of it along.
    fn empty() -> Self {
        let memory = Path::new("/dev/shm");
        let dir = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
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

    pub(super) fn root(&self) -> PathBuf {
        self.dir.path().join("house")
    }

    fn write_rows(&self, source: &str, rows: &str) {
        write(&self.root().join(format!("tables/{source}-{DATE}.csv")), rows.as_bytes());
    }

    /// The arguments of a night.
    pub(super) fn night(&self) -> Vec<String> {
        let pipeline = self.root().join(PIPELINE).display().to_string();
        ["run", &pipeline, "--date", DATE, "--json"].map(str::to_owned).to_vec()
    }

    /// A night that kills itself at a point.
    pub(super) fn run_to(&self, point: &str) -> Output {
        gamyeong().args(self.night()).env("GAMYEONG_KILL_AT", point).output().unwrap()
    }

    /// A night that has to succeed. Gives its outcome.
    pub(super) fn runs(&self) -> Result<String, String> {
        outcome(&gamyeong().args(self.night()).output().unwrap())
    }

    /// Everything is as if this house's night had not been disturbed, and
    /// another night changes nothing.
    pub(super) fn is_settled(&self, state: State) -> Result<(), String> {
        let ledger = fs::read(self.root().join("ledger/head.note")).unwrap();
        self.is_verified()?;
        let found = self.found();
        let expected = match state {
            // Its secret is its own.
            State::New => {
                let other = House::of(State::New);
                copy(&self.root().join(SECRETS), &other.root().join(SECRETS));
                other.runs()?;
                &other.found()
            }
            _ => &state.made().expected,
        };
        if found.store != expected.store {
            let names = |found: &Expected| found.store.keys().cloned().collect::<Vec<_>>();
            return Err(format!("tables differ: {:?}, expected {:?}", names(&found), names(expected)));
        }
        if found != *expected {
            let (vault, published) = (&found.vault, &found.published);
            return Err(format!("found {vault:?} {published:?}, expected {expected:?}"));
        }
        let left: Vec<_> = files(&self.root()).into_keys().filter(|path| is_left_over(path)).collect();
        if !left.is_empty() {
            return Err(format!("left over: {left:?}"));
        }
        match self.runs()?.as_str() {
            "unchanged" if fs::read(self.root().join("ledger/head.note")).unwrap() == ledger => Ok(()),
            outcome => Err(format!("another night: {outcome}, expected nothing")),
        }
    }

    fn is_verified(&self) -> Result<(), String> {
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
        let records = fs::read_to_string(self.root().join("ledger/records/000000.jsonl")).unwrap();
        let records: Vec<Value> =
            records.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let published = records.iter().filter(|record| record["type"] == "run.published").map(|run| {
            let is_commit =
                |other: &&Value| other["type"] == "run.commit" && other["run"] == run["run"];
            let sources = records.iter().find(is_commit).map(|commit| &commit["body"]["sources"]);
            let sources = sources.and_then(Value::as_array).into_iter().flatten();
            sources.filter_map(|source| source["lines"].as_u64()).sum()
        });
        let published = published.collect();
        Expected { store: files(&self.root().join("store")), vault: vault.collect(), published }
    }
}

/// A name that only a night under way may use.
fn is_left_over(path: &Path) -> bool {
    path.components().any(|part| {
        let part = part.as_os_str().to_string_lossy();
        part.starts_with(".partial-") || part.ends_with(".partial")
    })
}

pub(super) fn gamyeong() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gamyeong"));
    one_thread(&mut command);
    command
}

/// One thread makes the same calls in the same order every time.
pub(super) fn one_thread(command: &mut Command) {
    command.env_remove("GAMYEONG_KILL_AT");
    command.envs([("RAYON_NUM_THREADS", "1"), ("POLARS_MAX_THREADS", "1"), ("LC_ALL", "C")]);
}

/// The outcome that a night reports, if it succeeded.
pub(super) fn outcome(output: &Output) -> Result<String, String> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    match report["outcome"].as_str() {
        Some(outcome) if output.status.success() => Ok(outcome.to_owned()),
        _ => Err(format!("night failed: {}", said(output))),
    }
}

pub(super) fn was_killed(output: &Output) -> bool {
    output.status.signal() == Some(SIGKILL)
}

pub(super) fn said(output: &Output) -> String {
    format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim_end())
}

/// Every file below a directory with its bytes, and every empty directory.
pub(super) fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_owned();
            if path.is_dir() {
                if fs::read_dir(&path).unwrap().next().is_none() {
                    found.insert(name, Vec::new());
                }
                open.push(path);
            } else {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Copies a directory, permissions included.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        if !to.is_dir() {
            fs::create_dir(to).unwrap();
        }
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
        fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    } else {
        fs::copy(from, to).unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's own files need not survive")]
fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
}

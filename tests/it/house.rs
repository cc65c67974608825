//! A house for a test: made by `gamyeong init`, gone with the value.
//!
//! Everything goes through the command line, as a user would do it. The lines
//! are invented: addresses of RFC 5737 and RFC 3849, `kim`, `example.kr`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use arrow::array::{Array, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use data_encoding::HEXLOWER;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// The night that tests run.
pub(crate) const DATE: &str = "2026-11-20";

/// A pipeline over [`log`] that may run. Tests break one line of it.
pub(crate) const PIPELINE: &str = r#"name = "visits"
controller = "seongnam-library"
purpose = { category = "과학적 연구", detail = "야간 시간대 홈페이지 이용과 대출의 관계를 분석한다", period = "2026-01-01/2099-12-31" }
basis = "28-2"
management_no = "26-01"
environment = "내부 활용"

[linkage]
window = "month"
reason = "한 달 안의 재방문율을 본다"

[[source]]
name = "web"
path = "logs/access-{date}*.log*"
format = "combined"
item = "서비스 이용기록"
max_rejects = 0.2

[source.fields]
host = [{ as = "visitor", pseudonym = { domain = "ip" } }, { as = "net", prefix = { v4 = 16, v6 = 32 } }]
user = "drop"
time = { as = "hour", round = "1h" }
request = [{ as = "path", path = "plain" }, { as = "query", query = ["kdc"] }]
"request.method" = { as = "method", keep = "text" }
status = { as = "status", keep = "integer" }
referer = { as = "referer", path = "plain" }
agent = { as = "browser", agent = "family" }

[assess]
subject = "visitor"
quasi_identifiers = ["net", "hour"]
sensitive = ["path"]
k_min = 3
k_persons_min = 2
max_suppressed = 0.5

[assess.value_persons_min]
path = 2
referer = 2
"#;

/// What a command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Said {
    /// Checks the exit code; shows everything if it is another.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\nout: {}\nerr: {}", self.out, self.err);
        self
    }

    /// The objects that `--json` printed, one a line.
    #[track_caller]
    pub(crate) fn json(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// The program, in English and without what the surroundings have set.
pub(crate) fn gamyeong() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gamyeong"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "GAMYEONG_KILL_AT", "RAYON_NUM_THREADS"] {
        command.env_remove(name);
    }
    command
}

/// A house in a directory of its own.
pub(crate) struct House {
    _dir: TempDir,
    pub(crate) root: PathBuf,
}

impl House {
    /// A new house of `library` or `welfare`.
    #[track_caller]
    pub(crate) fn of(example: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("house");
        let mut command = gamyeong();
        command.arg("init").arg(&root).args(["--institution", example]);
        Said::from(command.output().unwrap()).exits(0);
        Self { _dir: dir, root }
    }

    /// A house of the library with [`PIPELINE`] and nothing to read.
    #[track_caller]
    pub(crate) fn new() -> Self {
        let house = Self::of("library");
        house.put("pipelines/visits.toml", PIPELINE);
        house
    }

    /// Another house with the same bytes, the same keys among them.
    #[track_caller]
    pub(crate) fn copied(&self) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("house");
        copy(&self.root, &root);
        Self { _dir: dir, root }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Writes a file of the house.
    #[track_caller]
    pub(crate) fn put(&self, relative: &str, bytes: impl AsRef<[u8]>) {
        put(&self.path(relative), bytes.as_ref());
    }

    /// Replaces a text that stands once in a file of the house.
    #[track_caller]
    pub(crate) fn edit(&self, relative: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(relative)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{from}");
        self.put(relative, text.replace(from, to));
    }

    /// Runs the program on this house.
    #[track_caller]
    pub(crate) fn say(&self, args: &[&str]) -> Said {
        self.command(args).output().unwrap().into()
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = gamyeong();
        command.arg("--house").arg(&self.root).args(args);
        command
    }

    /// The command that runs [`PIPELINE`] for a date.
    pub(crate) fn night(&self, date: &str, more: &[&str]) -> Command {
        let mut command = self.command(&["run"]);
        command.arg(self.path("pipelines/visits.toml")).args(["--date", date]).args(more);
        command
    }

    /// Runs [`PIPELINE`] for [`DATE`].
    #[track_caller]
    pub(crate) fn run(&self, more: &[&str]) -> Said {
        self.night(DATE, more).output().unwrap().into()
    }

    /// Runs it and gives the one object of `--json`.
    #[track_caller]
    pub(crate) fn run_json(&self, more: &[&str]) -> Value {
        let said = self.run(&[&["--json"], more].concat()).exits(0);
        said.json().pop().unwrap()
    }

    /// Enters an approval of a pipeline of this digest.
    #[track_caller]
    pub(crate) fn approve(&self, pipeline: &str, sha256: &str, reason: &str) {
        let text = format!(
            "management_no = \"26-01\"\npipeline = \"{pipeline}\"\n\
             pipeline_sha256 = \"{sha256}\"\nreason = \"{reason}\"\nresult = \"적정\"\n\
             approved_on = \"2026-11-20\"\n[approver]\npost = \"심의위원회\"\n"
        );
        self.enter("plan.approved", &text).exits(0);
    }

    /// Enters a record from a file.
    #[track_caller]
    pub(crate) fn enter(&self, kind: &str, text: &str) -> Said {
        // Beside the house: tests compare what is in it.
        let path = self.root.with_file_name("entry.toml");
        put(&path, text.as_bytes());
        self.say(&["ledger", "enter", kind, "--file", path.to_str().unwrap()])
    }

    /// The digest that an unapproved change is refused with.
    #[track_caller]
    pub(crate) fn unapproved(said: &Said) -> String {
        let digest = said.err.split("has no approval: digest ").nth(1);
        assert!(digest.is_some(), "{}", said.err);
        digest.unwrap_or_default().chars().take(64).collect()
    }

    /// The table of [`PIPELINE`] for a date.
    pub(crate) fn table(&self, date: &str) -> PathBuf {
        self.path(&format!("store/visits/web/date={date}/part-0.parquet"))
    }

    /// Every file and directory below the house: mode and digest.
    #[track_caller]
    pub(crate) fn tree(&self) -> BTreeMap<PathBuf, (u32, String)> {
        let is_lock = |path: &PathBuf| path.file_name().is_some_and(|name| name == ".lock");
        files(&self.root)
            .into_iter()
            .filter(|path| !is_lock(path))
            .map(|path| {
                let mode = fs::metadata(&path).unwrap().permissions().mode();
                let digest = HEXLOWER.encode(&Sha256::digest(fs::read(&path).unwrap()));
                (path, (mode, digest))
            })
            .collect()
    }

    /// The same without the ledger.
    #[track_caller]
    pub(crate) fn tree_beside_the_ledger(&self) -> BTreeMap<PathBuf, (u32, String)> {
        let mut tree = self.tree();
        tree.retain(|path, _| !path.starts_with(self.path("ledger")));
        tree
    }

    /// Checks that the records and all tables are intact.
    #[track_caller]
    pub(crate) fn verify(&self) {
        self.say(&["ledger", "verify", "--data"]).exits(0);
    }

    /// The records, from the first.
    #[track_caller]
    pub(crate) fn records(&self) -> Vec<Value> {
        self.say(&["ledger", "list", "--json"]).exits(0).json()
    }

    /// Checks that no run left anything: no table, no sealed file, nothing
    /// half-done.
    #[track_caller]
    pub(crate) fn holds_no_output(&self) {
        for store in ["store", "vault", "releases"] {
            assert_eq!(files(&self.path(store)), Vec::<PathBuf>::new(), "{store}");
            let left: Vec<_> = fs::read_dir(self.path(store)).unwrap().collect();
            assert!(left.is_empty(), "{left:?}");
        }
    }
}

/// Writes a file and the directories above it.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "input of a test need not outlive a power cut")]
pub(crate) fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Copies a directory with its permissions.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
}

/// All files below a directory, sorted.
#[track_caller]
pub(crate) fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.append(&mut files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

/// True for a table of the store, a superseded one too; not for what lies beside it.
pub(crate) fn is_table(path: &Path) -> bool {
    let name = path.to_string_lossy();
    name.contains(".parquet") && !name.ends_with(".tlog-proof")
}

/// `lines` lines of a web log in `combined`: every person of `persons` in
/// turn, in two networks, over four hours.
pub(crate) fn log(persons: u32, lines: u32) -> String {
    let mut text = String::new();
    for line in 0..lines {
        let person = line % persons;
        let host = match person % 2 {
            0 => format!("192.0.2.{}", person % 256),
            _ => format!("2001:db8::{person:x}"),
        };
        let hour = 19 + line * 4 / lines;
        let (minute, second) = (line / 60 % 60, line % 60);
        let page = ["/", "/search", "/notice", "/books/new"][line as usize / 7 % 4];
        let _ = writeln!(
            text,
            "{host} - - [20/Nov/2026:{hour}:{minute:02}:{second:02} +0900] \"GET {page}?kdc={kdc}00 HTTP/1.1\" 200 {size} \"https://www.example.kr/\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\"",
            kdc = line % 10,
            size = 1000 + line % 997,
        );
    }
    text
}

/// The rows of a Parquet file.
#[track_caller]
pub(crate) fn rows(path: &Path) -> Vec<RecordBatch> {
    let file = fs::File::open(path).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

/// The values of an array as text, `None` for null.
#[track_caller]
pub(crate) fn texts(array: &dyn Array) -> Vec<Option<String>> {
    // Formatting a time of a named zone would need a table of zones.
    let local = DataType::Timestamp(TimeUnit::Microsecond, None);
    let is_zoned = matches!(array.data_type(), DataType::Timestamp(_, Some(_)));
    let array = if is_zoned { cast(array, &local).unwrap() } else { array.slice(0, array.len()) };
    let format = ArrayFormatter::try_new(&array, &FormatOptions::default()).unwrap();
    let text = |row| array.is_valid(row).then(|| format.value(row).to_string());
    (0..array.len()).map(text).collect()
}

/// One column of a Parquet file as text.
#[track_caller]
pub(crate) fn column(path: &Path, name: &str) -> Vec<Option<String>> {
    rows(path).iter().flat_map(|batch| texts(batch.column_by_name(name).unwrap())).collect()
}

/// Checks `lines = rows + rejected + suppressed + excluded + blank` for every
/// source of a report and gives the sums in that order.
#[track_caller]
pub(crate) fn conserved(report: &Value) -> [u64; 6] {
    let mut sums = [0; 6];
    for source in report["sources"].as_array().unwrap() {
        let names = ["lines", "rows", "rejected", "suppressed", "excluded", "blank"];
        let counts = names.map(|name| source[name].as_u64().unwrap());
        assert_eq!(counts[0], counts[1..].iter().sum::<u64>(), "{source}");
        let in_files = source["files"].as_array().unwrap().iter();
        assert_eq!(counts[0], in_files.map(|file| file["lines"].as_u64().unwrap()).sum::<u64>());
        sums = std::array::from_fn(|index| sums[index] + counts[index]);
    }
    sums
}

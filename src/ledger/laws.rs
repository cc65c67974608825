//! Records of runs in; the ones that contradict each other out.
//!
//! ```text
//! run.begin ─► run.input … ─► run.commit ─► run.published
//!     └────────────┴──► run.refused   └──► run.undone
//!     └────────────┴──► run.undone
//!
//! lines = rows + rejected + suppressed + excluded + blank
//! ```
//!
//! A line that came in either is in the output or is counted among those that
//! are not: the second law holds for every file and every source of a run, and
//! a source's lines are those of the files that were read for it.
//!
//! ```json
//! run.input   {"source": "web", "files": [{"sha256": "…", "bytes": 9, "lines": 1,
//!              "rows": 1, "rejected": 0, "suppressed": 0, "excluded": 0, "blank": 0}]}
//! run.commit  {"sources": [{"name": "web", "lines": 1, "rows": 1, "rejected": 0,
//!              "suppressed": 0, "excluded": 0, "blank": 0}], "outputs": […]}
//! ```
//!
//! Not here: whether a record is the one that was signed for (`verify`).

use std::collections::BTreeMap;
use std::fmt;

use super::json::{Node, Table};
use super::record::Kind;

/// A record that breaks a law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Its leaf index: what it says of its own place may be what is wrong.
    pub seq: u64,
    /// What is wrong with it.
    pub breach: Breach,
}

/// How a record breaks a law. Numbers are counts of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// The record names no run.
    NoRun,
    /// The run was not at a point where this may follow.
    Order {
        /// Where the run stood.
        after: Stage,
    },
    /// The body is not in its form.
    Shape,
    /// Lines of a source are unaccounted for.
    Unbalanced {
        /// Lines that came in.
        lines: u64,
        /// Lines that are accounted for.
        accounted: u64,
    },
    /// A source has other lines than the files that were read for it.
    Input {
        /// Lines in the files.
        files: u64,
        /// Lines of the source.
        lines: u64,
    },
    /// Files were read for a source that the commit does not name.
    Forgotten {
        /// Lines in the files.
        files: u64,
    },
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// No record names it.
    #[default]
    Unknown,
    /// It has begun, and perhaps read inputs.
    Begun,
    /// Its outputs are written.
    Committed,
    /// Its outputs have their name.
    Published,
    /// It was refused.
    Refused,
    /// Its outputs were removed.
    Undone,
}

/// What the records of runs say about each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Runs {
    /// Runs in all.
    pub runs: u64,
    /// Records that come at the wrong point of a run.
    pub order: Vec<Violation>,
    /// Sources in all commits.
    pub sources: u64,
    /// Commits whose lines do not add up.
    pub conservation: Vec<Violation>,
    /// Runs that neither ended nor were undone, in the order of their names.
    pub unfinished: Vec<String>,
}

/// One run so far.
#[derive(Default)]
struct Run<'a> {
    stage: Stage,
    /// Lines in the files read, of each source. There are few.
    inputs: Vec<(&'a str, u64)>,
}

/// What a record says that the laws are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    kind: Kind,
    run: Option<String>,
    told: Told,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Told {
    /// Of another kind.
    Nothing,
    /// The body is not in its form.
    Shapeless,
    /// Files that were read for a source.
    Input { source: String, files: Vec<Option<Account>> },
    /// Sources of a commit, those with a name and counts.
    Commit(Vec<Option<(String, Account)>>),
}

/// Lines that came in, and lines accounted for, of a source or file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Account {
    lines: u64,
    accounted: u64,
}

impl Step {
    /// Of a record; `None` if it is of no run.
    pub(super) fn of(kind: Kind, run: Option<&str>, body: Table<'_>) -> Option<Self> {
        if !kind.is_of_run() {
            return None;
        }
        let told = if kind == Kind::RunInput {
            Told::input(body)
        } else if kind == Kind::RunCommit {
            Told::commit(body)
        } else {
            Some(Told::Nothing)
        };
        let told = told.unwrap_or(Told::Shapeless);
        Some(Self { kind, run: run.map(str::to_owned), told })
    }
}

impl Told {
    fn input(body: Table<'_>) -> Option<Self> {
        let source = body.get("source")?.as_str()?.to_owned();
        let files = body.get("files")?.as_list()?.iter().map(Account::of).collect();
        Some(Told::Input { source, files })
    }

    fn commit(body: Table<'_>) -> Option<Self> {
        let source = |node: &Node<'_>| {
            let name = node.as_table()?.get("name")?.as_str()?.to_owned();
            Some((name, Account::of(node)?))
        };
        Some(Told::Commit(body.get("sources")?.as_list()?.iter().map(source).collect()))
    }
}

impl Account {
    fn of(node: &Node<'_>) -> Option<Self> {
        let table = node.as_table()?;
        let count = |key: &str| table.get(key)?.as_u64();
        let accounted = ["rows", "rejected", "suppressed", "excluded", "blank"]
            .into_iter()
            .try_fold(0u64, |sum, key| sum.checked_add(count(key)?))?;
        Some(Self { lines: count("lines")?, accounted })
    }

    fn breach(self) -> Option<Breach> {
        let Self { lines, accounted } = self;
        (lines != accounted).then_some(Breach::Unbalanced { lines, accounted })
    }
}

/// Checks both laws over all records of runs, which stand in order, each with its leaf index.
#[must_use]
pub(super) fn check(steps: &[(u64, Step)]) -> Runs {
    let mut found = Runs::default();
    let mut runs: BTreeMap<&str, Run<'_>> = BTreeMap::new();
    for (seq, Step { kind, run, told }) in steps {
        let Some(name) = run.as_deref() else {
            found.order.push(Violation { seq: *seq, breach: Breach::NoRun });
            continue;
        };
        let run = runs.entry(name).or_default();
        if let Some(stage) = next(run.stage, *kind) {
            run.stage = stage;
        } else {
            let breach = Breach::Order { after: run.stage };
            found.order.push(Violation { seq: *seq, breach });
        }
        let breaches = match told {
            Told::Nothing => Vec::new(),
            Told::Shapeless => vec![Breach::Shape],
            Told::Input { source, files } => add_input(source, files, &mut run.inputs),
            Told::Commit(sources) => {
                found.sources += sources.len() as u64;
                balance(sources, &run.inputs)
            }
        };
        let violations = breaches.into_iter().map(|breach| Violation { seq: *seq, breach });
        found.conservation.extend(violations);
    }
    found.runs = runs.len() as u64;
    let is_open = |run: &Run<'_>| matches!(run.stage, Stage::Begun | Stage::Committed);
    let open = runs.iter().filter(|(_, run)| is_open(run));
    found.unfinished = open.map(|(name, _)| (*name).to_owned()).collect();
    found
}

/// Where a run stands after a record of this kind; `None` if it may not come
/// here.
fn next(stage: Stage, kind: Kind) -> Option<Stage> {
    match (stage, kind) {
        (Stage::Unknown, Kind::RunBegin) | (Stage::Begun, Kind::RunInput) => Some(Stage::Begun),
        (Stage::Begun, Kind::RunCommit) => Some(Stage::Committed),
        (Stage::Begun, Kind::RunRefused) => Some(Stage::Refused),
        (Stage::Begun | Stage::Committed, Kind::RunUndone) => Some(Stage::Undone),
        (Stage::Committed, Kind::RunPublished) => Some(Stage::Published),
        _ => None,
    }
}

fn add_input<'a>(
    source: &'a str,
    files: &[Option<Account>],
    inputs: &mut Vec<(&'a str, u64)>,
) -> Vec<Breach> {
    let (mut sum, mut breaches) = (0u64, Vec::new());
    for file in files {
        let Some(account) = file else {
            breaches.push(Breach::Shape);
            continue;
        };
        breaches.extend(account.breach());
        sum = sum.saturating_add(account.lines);
    }
    match inputs.iter_mut().find(|(known, _)| *known == source) {
        Some((_, lines)) => *lines = lines.saturating_add(sum),
        None => inputs.push((source, sum)),
    }
    breaches
}

fn balance(sources: &[Option<(String, Account)>], inputs: &[(&str, u64)]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut rest = inputs.to_vec();
    rest.sort_unstable();
    for source in sources {
        let Some((name, account)) = source else {
            breaches.push(Breach::Shape);
            continue;
        };
        breaches.extend(account.breach());
        // A source that is listed twice finds no files the second time.
        let place = rest.iter().position(|(source, _)| source == name);
        let files = place.map_or(0, |place| rest.remove(place).1);
        let lines = account.lines;
        if files != lines {
            breaches.push(Breach::Input { files, lines });
        }
    }
    breaches.extend(rest.into_iter().map(|(_, files)| Breach::Forgotten { files }));
    breaches
}

impl Breach {
    /// What the law asks for, in words and counts.
    #[must_use]
    pub fn expected(&self) -> String {
        match self {
            Breach::NoRun => "the name of a run".to_owned(),
            Breach::Order { after } => format!("a record that may follow `{after}`"),
            Breach::Shape => "the body of its type".to_owned(),
            Breach::Unbalanced { lines, .. } => format!("{lines} lines accounted for"),
            Breach::Input { files, .. } => format!("{files} lines, as in the files read"),
            Breach::Forgotten { files } => format!("a source with {files} lines"),
        }
    }

    /// What the record has instead.
    #[must_use]
    pub fn found(&self) -> String {
        match self {
            Breach::NoRun | Breach::Forgotten { .. } => "none".to_owned(),
            Breach::Order { .. } | Breach::Shape => "another".to_owned(),
            Breach::Unbalanced { accounted, .. } => format!("{accounted} lines accounted for"),
            Breach::Input { lines, .. } => format!("{lines} lines"),
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Unknown => "nothing",
            Stage::Begun => "begun",
            Stage::Committed => "committed",
            Stage::Published => "published",
            Stage::Refused => "refused",
            Stage::Undone => "undone",
        })
    }
}

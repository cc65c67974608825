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

use serde_json::{Map, Value};

use super::record::{Kind, Record};

/// A record that breaks a law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Its place among the records that were given: what it says of its own place may be
    /// what is wrong.
    pub index: usize,
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
struct Run {
    stage: Stage,
    /// Lines in the files read, by source.
    inputs: BTreeMap<String, u64>,
}

/// Checks both laws over all records, which stand in order. Records of other
/// kinds are passed over.
#[must_use]
pub fn check(records: &[Record]) -> Runs {
    let mut found = Runs::default();
    let mut runs: BTreeMap<&str, Run> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        let Some(kind) = record.kind().filter(|kind| kind.is_of_run()) else { continue };
        let Some(name) = record.run.as_deref() else {
            found.order.push(Violation { index, breach: Breach::NoRun });
            continue;
        };
        let run = runs.entry(name).or_default();
        if let Some(stage) = next(run.stage, kind) {
            run.stage = stage;
        } else {
            let breach = Breach::Order { after: run.stage };
            found.order.push(Violation { index, breach });
        }
        let breaches = if kind == Kind::RunInput {
            add_input(&record.body, &mut run.inputs)
        } else if kind == Kind::RunCommit {
            balance(&record.body, &run.inputs, &mut found.sources)
        } else {
            Vec::new()
        };
        let violations = breaches.into_iter().map(|breach| Violation { index, breach });
        found.conservation.extend(violations);
    }
    found.runs = runs.len() as u64;
    let is_open = |run: &Run| matches!(run.stage, Stage::Begun | Stage::Committed);
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

fn add_input(body: &Map<String, Value>, inputs: &mut BTreeMap<String, u64>) -> Vec<Breach> {
    let source = body.get("source").and_then(Value::as_str);
    let files = body.get("files").and_then(Value::as_array);
    let (Some(source), Some(files)) = (source, files) else { return vec![Breach::Shape] };
    let sum = inputs.entry(source.to_owned()).or_default();
    let mut breaches = Vec::new();
    for file in files {
        match account(file) {
            None => breaches.push(Breach::Shape),
            Some((lines, accounted)) => {
                if lines != accounted {
                    breaches.push(Breach::Unbalanced { lines, accounted });
                }
                *sum = sum.saturating_add(lines);
            }
        }
    }
    breaches
}

fn balance(
    body: &Map<String, Value>,
    inputs: &BTreeMap<String, u64>,
    sources: &mut u64,
) -> Vec<Breach> {
    let Some(listed) = body.get("sources").and_then(Value::as_array) else {
        return vec![Breach::Shape];
    };
    let mut breaches = Vec::new();
    let mut rest = inputs.clone();
    for source in listed {
        *sources += 1;
        let name = source.get("name").and_then(Value::as_str);
        let (Some(name), Some((lines, accounted))) = (name, account(source)) else {
            breaches.push(Breach::Shape);
            continue;
        };
        if lines != accounted {
            breaches.push(Breach::Unbalanced { lines, accounted });
        }
        // A source that is listed twice finds no files the second time.
        let files = rest.remove(name).unwrap_or_default();
        if files != lines {
            breaches.push(Breach::Input { files, lines });
        }
    }
    breaches.extend(rest.into_values().map(|files| Breach::Forgotten { files }));
    breaches
}

/// Lines that came in, and lines accounted for, of a source or file.
fn account(entry: &Value) -> Option<(u64, u64)> {
    let count = |key: &str| entry.get(key)?.as_u64();
    let accounted = ["rows", "rejected", "suppressed", "excluded", "blank"]
        .into_iter()
        .try_fold(0u64, |sum, key| sum.checked_add(count(key)?))?;
    Some((count("lines")?, accounted))
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

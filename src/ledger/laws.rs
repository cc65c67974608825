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
    /// Its leaf index.
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
    for record in records {
        let Some(kind) = record.kind().filter(|&kind| is_of_run(kind)) else { continue };
        let Some(name) = record.run.as_deref() else {
            found.order.push(Violation { seq: record.seq, breach: Breach::NoRun });
            continue;
        };
        let run = runs.entry(name).or_default();
        match next(run.stage, kind) {
            Some(stage) => run.stage = stage,
            None => {
                let breach = Breach::Order { after: run.stage };
                found.order.push(Violation { seq: record.seq, breach });
            }
        }
        let breaches = match kind {
            Kind::RunInput => add_input(&record.body, &mut run.inputs),
            Kind::RunCommit => balance(&record.body, &run.inputs, &mut found.sources),
            Kind::LedgerInit
            | Kind::KeyCreate
            | Kind::RunBegin
            | Kind::RunPublished
            | Kind::RunRefused
            | Kind::RunUndone
            | Kind::ConfigChange
            | Kind::Recovery
            | Kind::Heartbeat => Vec::new(),
        };
        let violations = breaches.into_iter().map(|breach| Violation { seq: record.seq, breach });
        found.conservation.extend(violations);
    }
    found.runs = runs.len() as u64;
    let is_open = |run: &Run| matches!(run.stage, Stage::Begun | Stage::Committed);
    let open = runs.iter().filter(|(_, run)| is_open(run));
    found.unfinished = open.map(|(name, _)| (*name).to_owned()).collect();
    found
}

fn is_of_run(kind: Kind) -> bool {
    match kind {
        Kind::RunBegin
        | Kind::RunInput
        | Kind::RunCommit
        | Kind::RunPublished
        | Kind::RunRefused
        | Kind::RunUndone => true,
        Kind::LedgerInit
        | Kind::KeyCreate
        | Kind::ConfigChange
        | Kind::Recovery
        | Kind::Heartbeat => false,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn records(list: &[(&str, Value)]) -> Vec<Record> {
        let record = |(seq, (name, body)): (usize, &(&str, Value))| Record {
            seq: seq as u64,
            type_name: format!("run.{name}"),
            time: "2026-11-22T18:00:00.000Z".to_owned(),
            run: Some("r-1".to_owned()),
            actor: "operator".to_owned(),
            prev: None,
            body: body.as_object().cloned().unwrap_or_default(),
        };
        list.iter().enumerate().map(record).collect()
    }

    /// Runs with these types in this order: which of them come too early or
    /// too late.
    #[track_caller]
    fn order(types: &str, wrong: &[u64]) {
        let list: Vec<_> = types.split(' ').map(|name| (name, json!({}))).collect();
        let found: Vec<u64> = check(&records(&list)).order.iter().map(|v| v.seq).collect();
        assert_eq!(found, wrong, "{types}");
    }

    fn input(source: &str, lines: &[u64]) -> (&'static str, Value) {
        let files: Vec<Value> = lines.iter().map(|n| file(*n, [*n, 0, 0, 0, 0])).collect();
        ("input", json!({"source": source, "files": files}))
    }

    fn file(lines: u64, [rows, rejected, suppressed, excluded, blank]: [u64; 5]) -> Value {
        json!({
            "sha256": "00", "bytes": 9, "lines": lines, "rows": rows, "rejected": rejected,
            "suppressed": suppressed, "excluded": excluded, "blank": blank,
        })
    }

    fn source(name: &str, lines: u64, counts: [u64; 5]) -> Value {
        let [rows, rejected, suppressed, excluded, blank] = counts;
        json!({
            "name": name, "lines": lines, "rows": rows, "rejected": rejected,
            "suppressed": suppressed, "excluded": excluded, "blank": blank,
        })
    }

    fn conserved(inputs: &[(&'static str, Value)], sources: &Value) -> Vec<Breach> {
        let mut list = vec![("begin", json!({}))];
        list.extend_from_slice(inputs);
        list.push(("commit", json!({"sources": sources, "outputs": []})));
        check(&records(&list)).conservation.into_iter().map(|v| v.breach).collect()
    }

    #[test]
    fn runs_go_through_their_stages_in_order() {
        order("begin input input commit published", &[]);
        order("begin commit published", &[]);
        order("begin input refused", &[]);
        order("begin undone", &[]);
        order("begin input commit undone", &[]);
    }

    #[test]
    fn every_other_order_is_found() {
        order("input", &[0]);
        order("published", &[0]);
        order("begin begin", &[1]);
        order("begin published", &[1]);
        order("begin commit input published", &[2]);
        order("begin commit refused", &[2]);
        order("begin commit commit", &[2]);
        order("begin refused commit", &[2]);
        order("begin commit published undone", &[3]);
        order("begin commit undone published", &[3]);
    }

    #[test]
    fn runs_without_end_are_named() {
        let open = check(&records(&[("begin", json!({}))]));
        assert_eq!(open.unfinished, ["r-1"]);
        let ended = check(&records(&[("begin", json!({})), ("undone", json!({}))]));
        assert!(ended.unfinished.is_empty());
    }

    #[test]
    fn a_record_of_a_run_names_it() {
        let mut list = records(&[("begin", json!({}))]);
        list[0].run = None;
        assert_eq!(check(&list).order, [Violation { seq: 0, breach: Breach::NoRun }]);
    }

    #[test]
    fn lines_that_add_up_are_conserved() {
        let inputs = [input("web", &[5, 0]), input("wifi", &[3]), input("web", &[4])];
        let sources = [source("web", 9, [5, 1, 1, 1, 1]), source("wifi", 3, [3, 0, 0, 0, 0])];
        assert_eq!(conserved(&inputs, &json!(sources)), []);
    }

    #[test]
    fn a_lost_line_is_found_wherever_it_was_lost() {
        let sources = json!([source("web", 9, [5, 1, 1, 1, 0])]);
        let expected = [Breach::Unbalanced { lines: 9, accounted: 8 }];
        assert_eq!(conserved(&[input("web", &[9])], &sources), expected);

        let sources = json!([source("web", 8, [8, 0, 0, 0, 0])]);
        let expected = [Breach::Input { files: 9, lines: 8 }];
        assert_eq!(conserved(&[input("web", &[9])], &sources), expected);

        let expected = [Breach::Forgotten { files: 9 }];
        assert_eq!(conserved(&[input("web", &[9])], &json!([])), expected);
    }

    #[test]
    fn a_lost_line_is_found_in_its_file_too() {
        let sources = json!([source("web", 9, [5, 1, 1, 1, 1])]);
        let files = json!({"source": "web", "files": [file(4, [4, 0, 0, 0, 0]), file(5, [1, 1, 1, 1, 0])]});
        let expected = [Breach::Unbalanced { lines: 5, accounted: 4 }];
        assert_eq!(conserved(&[("input", files)], &sources), expected);
    }

    #[test]
    fn a_source_is_counted_once() {
        let web = source("web", 2, [2, 0, 0, 0, 0]);
        let expected = [Breach::Input { files: 0, lines: 2 }];
        assert_eq!(conserved(&[input("web", &[2])], &json!([web, web])), expected);
    }

    #[test]
    fn bodies_out_of_form_and_sums_too_large_are_found() {
        assert_eq!(conserved(&[], &json!(null)), [Breach::Shape]);
        assert_eq!(conserved(&[("input", json!({}))], &json!([])), [Breach::Shape]);
        assert_eq!(conserved(&[], &json!([{"name": "web"}])), [Breach::Shape]);
        let large = source("web", 0, [u64::MAX, 1, 0, 0, 0]);
        assert_eq!(conserved(&[], &json!([large])), [Breach::Shape]);
    }
}

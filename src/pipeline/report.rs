//! The records of a run in; what `run` tells its caller out.
//!
//! A report is made from the records and not beside them: what is printed
//! tonight is what an auditor reads later.

use serde_json::{Value, json};

use super::cause;
use super::count::BY_RULE;
use super::history::{Run, text};
use crate::assess;
use crate::config::plan::Plan;
use crate::error::Error;
use crate::ledger::store::Ledger;
use crate::protect;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Tables were published.
    Published,
    /// The same input was published before; nothing was changed.
    Unchanged,
    /// There was no input; a heartbeat was recorded.
    Heartbeat,
    /// The answer was no: nothing was published.
    Refused,
    /// Something went wrong: nothing was published.
    Failed,
}

impl Outcome {
    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Unchanged => "unchanged",
            Self::Heartbeat => "heartbeat",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// What one run did. [`Report::to_json`] is the stable form.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// How it ended.
    pub outcome: Outcome,
    /// Name of the pipeline.
    pub pipeline: String,
    /// The date whose logs were read.
    pub date: String,
    /// The run, if there was one.
    pub run: Option<String>,
    /// Sources with their files and counts, and values that could not be read, by column.
    pub sources: Vec<Value>,
    /// Where input was looked for, if there was none: paths and patterns.
    pub looked_for: Vec<String>,
    /// Tables: path in the store, rows, digest.
    pub outputs: Vec<Value>,
    /// Smallest class in rows and in persons.
    pub risk: Value,
    /// Size and root of the ledger afterwards.
    pub ledger: Value,
    /// What the pipeline does not name, with the line that would let it in: see
    /// `unknown`. Not in the records, because strangers choose such names; empty for
    /// a run that was published before.
    pub unknown: Vec<Value>,
    /// The commit's body, for those who want to say more.
    pub commit: Value,
    /// Its exit code: 0 but for a run that came to nothing.
    pub exit_code: u8,
    /// Why it came to nothing, as its record has it.
    pub reason: Option<String>,
}

/// Counts of a source or file, in the order of the conservation law.
pub const COUNTS: [&str; 6] = ["lines", "rows", "rejected", "suppressed", "excluded", "blank"];

impl Report {
    pub(super) fn of_run(run: &Run<'_>, outcome: Outcome, ledger: &Ledger) -> Self {
        let commit = run.commit.map_or(Value::Null, |record| Value::Object(record.body.clone()));
        let list = |key: &str| commit[key].as_array().cloned().unwrap_or_default();
        let sources = list("sources").into_iter().map(|source| {
            let name = &source["name"];
            let mut entry = serde_json::Map::new();
            entry.insert("name".into(), name.clone());
            entry.insert("files".into(), Value::Array(files(run, name)));
            for key in COUNTS {
                entry.insert(key.into(), source[key].clone());
            }
            entry.insert("unread".into(), source["unread"].clone());
            Value::Object(entry)
        });
        let outputs = list("outputs").into_iter().map(
            |output| json!({"path": output["path"], "rows": output["rows"], "sha256": output["sha256"]}),
        );
        Self {
            outcome,
            pipeline: text(run.begin, "pipeline").unwrap_or_default().to_owned(),
            date: text(run.begin, "date").unwrap_or_default().to_owned(),
            run: Some(run.id.to_owned()),
            sources: sources.collect(),
            looked_for: Vec::new(),
            outputs: outputs.collect(),
            risk: json!({"k": commit["risk"]["k"], "k_persons": commit["risk"]["k_persons"]}),
            ledger: head(ledger),
            unknown: Vec::new(),
            commit,
            exit_code: 0,
            reason: None,
        }
    }

    /// Of a run that read nothing.
    pub(super) fn empty(plan: &Plan, date: &str, outcome: Outcome, ledger: &Ledger) -> Self {
        let sources = plan.sources.iter().map(|source| {
            json!({
                "name": source.name, "files": [], "lines": 0, "rows": 0, "rejected": 0,
                "suppressed": 0, "excluded": 0, "blank": 0, "unread": {},
            })
        });
        Self { sources: sources.collect(), ..Self::unread(plan.name(), date, outcome, ledger) }
    }

    /// Of a pipeline whose file cannot be used: nobody knows its sources.
    pub(super) fn unread(name: &str, date: &str, outcome: Outcome, ledger: &Ledger) -> Self {
        Self {
            outcome,
            pipeline: name.to_owned(),
            date: date.to_owned(),
            run: None,
            sources: Vec::new(),
            looked_for: Vec::new(),
            outputs: Vec::new(),
            risk: json!({"k": null, "k_persons": null}),
            ledger: head(ledger),
            unknown: Vec::new(),
            commit: Value::Null,
            exit_code: 0,
            reason: None,
        }
    }

    /// The same with what it came to nothing for.
    pub(super) fn because(self, error: &Error) -> Self {
        Self { exit_code: error.number(), reason: Some(reason(error)), ..self }
    }

    /// The stable form: one object for each pipeline.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "run": self.run,
            "pipeline": self.pipeline,
            "date": self.date,
            "outcome": self.outcome.name(),
            "exit_code": self.exit_code,
            "reason": self.reason,
            "sources": self.sources,
            "looked_for": self.looked_for,
            "outputs": self.outputs,
            "risk": self.risk,
            "unknown": self.unknown,
            "ledger": self.ledger,
        })
    }
}

fn head(ledger: &Ledger) -> Value {
    json!({"size": ledger.size(), "root": ledger.root().to_string()})
}

fn files(run: &Run<'_>, source: &Value) -> Vec<Value> {
    let of_source = run.inputs.iter().filter(|record| record.body.get("source") == Some(source));
    let files = of_source.filter_map(|record| record.body.get("files").and_then(Value::as_array));
    files
        .flatten()
        .map(|file| json!({"sha256": file["sha256"], "bytes": file["bytes"], "lines": file["lines"]}))
        .collect()
}

/// Source and digest of every input file of a run, in order.
pub(super) fn digests(run: &Run<'_>) -> Vec<(String, String)> {
    let mut digests = Vec::new();
    for record in &run.inputs {
        let source = text(record, "source").unwrap_or_default();
        let files = record.body.get("files").and_then(Value::as_array);
        for file in files.into_iter().flatten() {
            let sha256 = file["sha256"].as_str().unwrap_or_default();
            digests.push((source.to_owned(), sha256.to_owned()));
        }
    }
    digests
}

/// Rows of a source that a run read, with those that were suppressed or that rules about
/// rows took out.
pub(super) fn rows(run: &Run<'_>, source: &str) -> u64 {
    let of_source = run.inputs.iter().filter(|record| text(record, "source") == Some(source));
    let files = of_source.filter_map(|record| record.body.get("files")?.as_array()).flatten();
    let of_file = |file: &Value| file["rows"].as_u64().zip(file["suppressed"].as_u64());
    let of_files: u64 = files.filter_map(of_file).map(|(rows, suppressed)| rows + suppressed).sum();
    let sources = run.commit.and_then(|commit| commit.body.get("sources")?.as_array());
    let mut sources = sources.into_iter().flatten();
    let committed = sources.find(|one| one["name"] == source);
    let by_rule = BY_RULE.iter().filter_map(|reason| committed?["excluded_by"][reason].as_u64());
    of_files + by_rule.sum::<u64>()
}

/// Paths of the tables of a run.
pub(super) fn output_paths(run: &Run<'_>) -> Vec<String> {
    let outputs = run.commit.and_then(|commit| commit.body.get("outputs")?.as_array());
    let paths = outputs.into_iter().flatten().filter_map(|output| output["path"].as_str());
    paths.map(str::to_owned).collect()
}

/// Why a run came to nothing, for its record: which check, and counts. Never
/// the text of an error that comes from elsewhere, which could hold a path.
pub(super) fn reason(error: &Error) -> String {
    match error {
        Error::Assess { source: assess::Error::Shortfall(shortfall), .. } => shortfall.to_string(),
        Error::Assess { source: assess::Error::Leak(leak), .. } => leak.to_string(),
        Error::Protect { source: protect::whole::Error::Misfit { column, source }, .. } => {
            format!("column {column}: {source}")
        }
        Error::Resident { columns, .. } => {
            let count: u64 = columns.iter().map(|(_, rows)| rows).sum();
            // Several columns may have them in the same rows.
            let what = if columns.len() == 1 { "rows" } else { "cells" };
            format!("resident numbers in {} columns, {count} {what}", columns.len())
        }
        Error::Rejects { rejected, lines, reason, .. } => {
            format!("{rejected} of {lines} lines rejected, most often {reason}")
        }
        Error::Fields { .. } => "fields of the pipeline not found in the input".to_owned(),
        Error::Ledger { .. } => "records cannot be read or written".to_owned(),
        Error::Record { .. } => "processing record cannot be written".to_owned(),
        Error::Config(error) => format!("pipeline not usable: {}", cause::of_config(error)),
        Error::Input(error) => format!("input not readable: {}", cause::of_input(error)),
        Error::FewerRows { found, published, .. } => {
            format!("{found} rows read, {published} in what was published before")
        }
        Error::Unknown { .. } => "input has what the pipeline does not name".to_owned(),
        Error::NoSessions { .. } => "records of sessions not there".to_owned(),
        Error::Lookup { .. } => "more sessions than are kept".to_owned(),
        Error::SameInput { .. } => "an input file was there twice".to_owned(),
        Error::Vault(error) => format!("keys or vault not usable: {}", cause::of_vault(error)),
        Error::Address { .. } => "keys not usable: no address of a database".to_owned(),
        Error::SecretLost { .. } => "keys not usable: a secret that was made is lost".to_owned(),
        Error::Assess { .. }
        | Error::Protect { .. }
        | Error::Release(_)
        | Error::File(_)
        | Error::Output(_) => "output not written".to_owned(),
        Error::OutputLost { .. } => "committed output not there".to_owned(),
        Error::Items { source } => source.to_string(),
        Error::Drift { .. } => "pipeline changed since its last record, and no reason given".into(),
        Error::Unapproved { changed, .. } => {
            format!("changed in {} since the baseline, and not approved", changed.join(", "))
        }
        Error::OtherHouse { .. } => "input of another controller".to_owned(),
        Error::Entered { .. } => "a text holds what must not be recorded".to_owned(),
        Error::Approval { .. }
        | Error::NotVerified { .. }
        | Error::Unrecorded { .. }
        | Error::Outside(_)
        | Error::Usage(_)
        | Error::LedgerBroken { .. }
        | Error::OtherLedger { .. }
        | Error::Busy { .. }
        | Error::Unfinished { .. } => "not begun".to_owned(),
    }
}

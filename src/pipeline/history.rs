//! The ledger's records in; what is known about pipelines, runs and secrets out.
//!
//! Not here: whether the records are intact (`ledger`).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ledger::record::{Kind, Record};

/// How far a run got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Begun: whatever it wrote is not to be seen.
    Begun,
    /// Committed: whatever it wrote is to be published.
    Committed,
    /// Published, refused or undone.
    Ended,
}

/// The records of one run.
pub(super) struct Run<'r> {
    pub(super) id: &'r str,
    pub(super) state: State,
    pub(super) begin: &'r Record,
    pub(super) inputs: Vec<&'r Record>,
    pub(super) commit: Option<&'r Record>,
    pub(super) is_published: bool,
}

/// All runs, in the order in which they began.
pub(super) fn runs(records: &[Record]) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records {
        let (Some(id), Some(kind)) = (record.run.as_deref(), record.kind()) else { continue };
        if kind == Kind::RunBegin {
            places.insert(id, runs.len());
            runs.push(Run {
                id,
                state: State::Begun,
                begin: record,
                inputs: Vec::new(),
                commit: None,
                is_published: false,
            });
        }
        let Some(run) = places.get(id).and_then(|&place| runs.get_mut(place)) else { continue };
        if kind == Kind::RunInput {
            run.inputs.push(record);
        } else if kind == Kind::RunCommit {
            run.commit = Some(record);
            run.state = State::Committed;
        } else if kind == Kind::RunPublished {
            run.is_published = true;
            run.state = State::Ended;
        } else if matches!(kind, Kind::RunRefused | Kind::RunUndone) {
            run.state = State::Ended;
        }
    }
    runs
}

/// Names of the runs whose tables another published run has replaced.
pub(super) fn superseded<'r>(runs: &[Run<'r>]) -> BTreeSet<&'r str> {
    let published = runs.iter().filter(|run| run.is_published);
    published.filter_map(|run| text(run.commit?, "supersedes")).collect()
}

/// The newest published run of a pipeline for a date.
pub(super) fn published<'r>(records: &'r [Record], pipeline: &str, date: &str) -> Option<Run<'r>> {
    runs(records).into_iter().rfind(|run| {
        run.is_published
            && text(run.begin, "pipeline") == Some(pipeline)
            && text(run.begin, "date") == Some(date)
    })
}

/// True if a run of a pipeline has not ended.
pub(super) fn has_open(records: &[Record], pipeline: &str) -> bool {
    let is_open =
        |run: &Run<'_>| run.state != State::Ended && text(run.begin, "pipeline") == Some(pipeline);
    runs(records).iter().any(is_open)
}

/// Digest of the pipeline file as it was recorded last, by a run that came to
/// something, a heartbeat or an accepted change.
fn baseline<'r>(records: &'r [Record], pipeline: &str) -> Option<&'r str> {
    let names_it = |record: &&Record| {
        matches!(record.kind(), Some(Kind::RunCommit | Kind::Heartbeat | Kind::ConfigChange))
            && text(record, "pipeline") == Some(pipeline)
    };
    records.iter().rfind(names_it).and_then(|record| text(record, "pipeline_sha256"))
}

/// Digest of the pipeline file as it was recorded last, if that is not `found`.
pub(super) fn drift<'r>(records: &'r [Record], pipeline: &str, found: &str) -> Option<&'r str> {
    baseline(records, pipeline).filter(|expected| *expected != found)
}

/// True if the secret of an epoch was made once.
pub(super) fn has_secret(records: &[Record], pipeline: &str, epoch: &str) -> bool {
    records.iter().any(|record| {
        record.kind() == Some(Kind::KeyCreate)
            && text(record, "pipeline") == Some(pipeline)
            && text(record, "epoch") == Some(epoch)
    })
}

/// True if there is a heartbeat of a pipeline for a date.
pub(super) fn has_heartbeat(records: &[Record], pipeline: &str, date: &str) -> bool {
    records.iter().any(|record| {
        record.kind() == Some(Kind::Heartbeat)
            && text(record, "pipeline") == Some(pipeline)
            && text(record, "date") == Some(date)
    })
}

/// True if the newest record that names a pipeline is of this kind and says just this.
pub(super) fn is_last(records: &[Record], pipeline: &str, kind: Kind, body: &Value) -> bool {
    let names_it = |record: &&Record| text(record, "pipeline") == Some(pipeline);
    records
        .iter()
        .rfind(names_it)
        .is_some_and(|record| record.kind() == Some(kind) && Some(&record.body) == body.as_object())
}

/// The number under which a pipeline was recorded last (관리번호), `None` if it never was. A night
/// that was blocked may have been so because nobody had accepted its number: it counts where there
/// is nothing else.
pub(super) fn management_no<'r>(records: &'r [Record], pipeline: &str) -> Option<&'r str> {
    let last = |kinds: &[Kind]| {
        let is_of = |record: &&Record| {
            record.kind().is_some_and(|kind| kinds.contains(&kind))
                && text(record, "pipeline") == Some(pipeline)
        };
        records.iter().rev().filter(is_of).find_map(|record| text(record, "management_no"))
    };
    last(&[Kind::RunBegin, Kind::Heartbeat, Kind::ConfigChange])
        .or_else(|| last(&[Kind::NightBlocked]))
}

/// The controller that the ledger was made for.
pub(super) fn controller(records: &[Record]) -> Option<&str> {
    let first = records.first().filter(|record| record.kind() == Some(Kind::LedgerInit))?;
    text(first, "controller")
}

/// A text of a record's body.
pub(super) fn text<'r>(record: &'r Record, key: &str) -> Option<&'r str> {
    record.body.get(key).and_then(Value::as_str)
}

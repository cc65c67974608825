//! A verified ledger and a day in; which records need not be kept any longer, out.
//!
//! Records of a pipeline may go three years after the last of what it made was destroyed,
//! and not before. Whatever is not known keeps them: a table or a key of which no record says
//! that it was destroyed, and what was handed to somebody else. A file of records can go as a
//! whole alone, or the chain breaks.
//!
//! It proposes and removes nothing: what becomes of a public body's records is decided by
//! its records management (공공기록물 관리에 관한 법률).
//!
//! Source: 개인정보 보호법 제28조의4제3항; 시행령 제29조의5제2항.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use serde::Serialize;
use serde_json::Value;

use super::history::{Entry, History};
use super::table::moment;
use crate::ledger::destroyed::{aside, covering};
use crate::ledger::record::Kind;

/// What becomes of the records of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfPipeline {
    /// Its name.
    pub pipeline: String,
    /// How many records it has.
    pub records: usize,
    /// What can be said of them.
    #[serde(flatten)]
    pub finding: Finding,
}

/// What can be said of the records of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "finding")]
pub enum Finding {
    /// They need not be kept any longer.
    Free {
        /// First day on which they may go.
        from: Date,
    },
    /// Everything was destroyed, and not long enough ago.
    Waiting {
        /// First day on which they may go.
        from: Date,
    },
    /// Of some files no record says that they were destroyed.
    NotDestroyed {
        /// How many.
        files: usize,
    },
    /// Of some keys no record says that they were destroyed.
    KeysHeld {
        /// How many.
        keys: usize,
    },
    /// Something was handed over: that the recipient destroyed it is not known.
    HandedOver,
}

/// A file of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfSegment {
    /// Its number.
    pub segment: u64,
    /// Its records.
    pub records: u64,
    /// Those that need not be kept.
    pub free: u64,
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The day that was asked about.
    pub on: Date,
    /// By pipeline.
    pub pipelines: Vec<OfPipeline>,
    /// By sealed file.
    pub segments: Vec<OfSegment>,
}

/// How long records are kept after the destruction.
fn kept_for() -> Span {
    3.years()
}

/// Looks at every pipeline and every sealed file.
#[must_use]
pub fn propose(history: &History, on: Date) -> Proposal {
    let mut by_pipeline: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    let mut of_run: BTreeMap<&str, String> = BTreeMap::new();
    for entry in &history.entries {
        let run = entry.run.as_deref();
        let mut pipeline = entry.text("pipeline");
        if pipeline.is_empty() {
            pipeline = run.and_then(|run| of_run.get(run)).cloned().unwrap_or_default();
        }
        if pipeline.is_empty() {
            continue;
        }
        if let Some(run) = run {
            of_run.entry(run).or_insert_with(|| pipeline.clone());
        }
        by_pipeline.entry(pipeline).or_default().push(entry);
    }
    let mut free: BTreeSet<u64> = BTreeSet::new();
    let mut pipelines = Vec::new();
    for (pipeline, entries) in by_pipeline {
        let finding = finding(history, &entries, on);
        if matches!(finding, Finding::Free { .. }) {
            free.extend(entries.iter().map(|entry| entry.seq));
        }
        pipelines.push(OfPipeline { pipeline, records: entries.len(), finding });
    }
    Proposal { on, pipelines, segments: segments(history, &free) }
}

fn finding(history: &History, entries: &[&Entry], on: Date) -> Finding {
    let is_of = |kinds: &[Kind]| {
        entries.iter().any(|entry| entry.kind.is_some_and(|kind| kinds.contains(&kind)))
    };
    if is_of(&[Kind::Provision, Kind::CombinationFiles]) {
        return Finding::HandedOver;
    }
    let (mut alive, mut keys) = (BTreeSet::new(), BTreeSet::new());
    // Where nothing was destroyed nothing was made: then the last record counts.
    let mut last = entries.iter().filter_map(|entry| entry.day()).max();
    for entry in entries {
        match entry.kind {
            Some(Kind::RunCommit) if history.last_of(entry) != Some(Kind::RunUndone) => {
                let older = entry.text("supersedes");
                for path in listed(entry, "retired") {
                    // What was destroyed before was not laid aside.
                    if alive.remove(&path) {
                        alive.insert(aside(&path, &older));
                    }
                }
                alive.extend(entry.each("outputs", "path"));
            }
            Some(Kind::KeyCreate) => {
                keys.insert(entry.text("epoch"));
            }
            Some(Kind::KeyDestroyed) => {
                keys.remove(&entry.text("epoch"));
            }
            Some(Kind::DataDestroyed) => {
                let gone = listed(entry, "paths");
                let gone: BTreeSet<&Path> = gone.iter().map(Path::new).collect();
                alive.retain(|path: &String| !covering(path).any(|path| gone.contains(path)));
                let at = moment(&entry.text("destroyed_at"), &history.zone);
                last = last.max(at.map(jiff::civil::DateTime::date));
            }
            _ => {}
        }
    }
    if !alive.is_empty() {
        return Finding::NotDestroyed { files: alive.len() };
    }
    if !keys.is_empty() {
        return Finding::KeysHeld { keys: keys.len() };
    }
    let from = last.and_then(|day| day.checked_add(kept_for()).ok()?.tomorrow().ok());
    match from {
        Some(from) if from <= on => Finding::Free { from },
        Some(from) => Finding::Waiting { from },
        None => Finding::NotDestroyed { files: 0 },
    }
}

fn listed(entry: &Entry, key: &str) -> Vec<String> {
    let values = entry.get(key).and_then(Value::as_array).into_iter().flatten();
    values.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn segments(history: &History, free: &BTreeSet<u64>) -> Vec<OfSegment> {
    let sealed = history.entries.iter().filter(|entry| entry.kind == Some(Kind::SegmentSealed));
    let of = |entry: &Entry| {
        let number = |key: &str| entry.get(key).and_then(Value::as_u64);
        let (first, records) = (number("first")?, number("records")?);
        let free = free.range(first..first.saturating_add(records)).count() as u64;
        Some(OfSegment { segment: number("segment")?, records, free })
    };
    sealed.filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::*;
    use crate::ledger::record::Record;

    fn record(seq: u64, kind: Kind, time: &str, run: Option<&str>, body: &Value) -> Record {
        Record {
            seq,
            type_name: kind.as_str().to_owned(),
            time: time.to_owned(),
            run: run.map(str::to_owned),
            actor: "uid 0".to_owned(),
            prev: None,
            body: body.as_object().unwrap().clone(),
        }
    }

    const EARLY: &str = "2021-01-02T00:00:00.000Z";

    /// A night of 2021, and what became of it.
    fn history(more: Vec<(Kind, Value)>) -> History {
        let run = Some("r-1");
        let made = json!({"pipeline": "a", "outputs": [{"path": "a/web/part-0.parquet"}]});
        let again = json!({"pipeline": "a", "outputs": [{"path": "a/web/part-0.parquet"}],
            "supersedes": "r-1", "retired": ["a/web/part-0.parquet"]});
        let mut records = vec![
            record(0, Kind::LedgerInit, EARLY, None, &json!({})),
            record(1, Kind::RunBegin, EARLY, run, &json!({"pipeline": "a"})),
            record(2, Kind::RunInput, EARLY, run, &json!({"source": "web"})),
            record(3, Kind::RunCommit, EARLY, run, &made),
            record(4, Kind::RunPublished, EARLY, run, &json!({"pipeline": "a"})),
            record(5, Kind::RunCommit, EARLY, Some("r-2"), &again),
        ];
        for (kind, body) in more {
            records.push(record(records.len() as u64, kind, EARLY, None, &body));
        }
        let seal = json!({"segment": 0, "first": 0, "records": 7});
        records.push(record(records.len() as u64, Kind::SegmentSealed, EARLY, None, &seal));
        History::of(records, &TimeZone::get("Asia/Seoul").unwrap())
    }

    fn destroyed(paths: &[&str]) -> (Kind, Value) {
        let body = json!({"pipeline": "a", "paths": paths, "destroyed_at": "2022-02-28T15:00:00Z"});
        (Kind::DataDestroyed, body)
    }

    #[test]
    fn records_are_free_three_years_after_all_was_destroyed_and_no_day_earlier() {
        let history = history(vec![destroyed(&["a"])]);
        // Destroyed on the first of March by the clock of Korea.
        let waiting = propose(&history, date(2025, 3, 1));
        let from = date(2025, 3, 2);
        assert_eq!(waiting.pipelines[0].finding, Finding::Waiting { from });
        assert_eq!(waiting.segments[0].free, 0);
        let free = propose(&history, from);
        assert_eq!(free.pipelines[0].finding, Finding::Free { from });
        // Six of the pipeline; that the ledger was opened is kept.
        assert_eq!(free.segments, [OfSegment { segment: 0, records: 7, free: 6 }]);
    }

    #[test]
    fn what_nobody_says_was_destroyed_is_kept_for_ever() {
        let far = date(2999, 1, 1);
        let of = |more| propose(&history(more), far).pipelines[0].finding;
        assert_eq!(of(vec![]), Finding::NotDestroyed { files: 2 });
        assert_eq!(of(vec![destroyed(&[])]), Finding::NotDestroyed { files: 2 });
        let one = destroyed(&["a/web/part-0.parquet"]);
        assert_eq!(of(vec![one]), Finding::NotDestroyed { files: 1 });
        // A name that begins alike is another directory.
        assert_eq!(of(vec![destroyed(&["a/we"])]), Finding::NotDestroyed { files: 2 });
        // The store is none of its own folders.
        assert_eq!(of(vec![destroyed(&["", "store/a"])]), Finding::NotDestroyed { files: 2 });
        let aside = "a/web/part-0.parquet.superseded-r-1";
        let both = destroyed(&["a//web/part-0.parquet", aside]);
        assert!(matches!(of(vec![both]), Finding::Free { .. }));
        let key = |kind| (kind, json!({"pipeline": "a", "epoch": "2021-01"}));
        let held = vec![key(Kind::KeyCreate), destroyed(&["a"])];
        assert_eq!(of(held), Finding::KeysHeld { keys: 1 });
        let gone = vec![key(Kind::KeyCreate), destroyed(&["a"]), key(Kind::KeyDestroyed)];
        assert!(matches!(of(gone), Finding::Free { .. }));
        let given = (Kind::Provision, json!({"pipeline": "a"}));
        assert_eq!(of(vec![given, destroyed(&["a"])]), Finding::HandedOver);
    }
}

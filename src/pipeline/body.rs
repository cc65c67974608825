//! What a run did in; the bodies of its processing records out.
//!
//! No personal data, no pseudonym, no path of an input file but the pattern that the
//! pipeline has, no float. Shares are in parts per million.
//!
//! Source: 개인정보 보호법 제28조의4제3항; 같은 법 시행령 제29조의5제2항
//! (items of the record). The Korean strings are those of the statutory forms.

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

use super::additional::Finished;
use super::bind;
use super::count::{File, Lines, Tally};
use super::drift::Turn;
use super::report;
use super::said::{self, item, thresholds};
use super::separation::Separation;
use super::table::Made;
use super::transaction::{sealed_path, table_path};
use super::unknown;
use super::{Begun, Night};
use crate::assess::Assessment;
use crate::assess::settings::Settings;
use crate::config::plan::{Plan, Source};
use crate::error::Error;
use crate::protect::Rule;
use crate::vault::window::Window;

/// Which state of the law and guideline the records follow.
pub const RULESET: &str = "개인정보 보호법 법률 제21445호(시행 2026-09-11) · 시행령 대통령령 제36671호(시행 2026-09-11) · 가명정보 처리 가이드라인(2026.3)";

/// Program and version that made a record.
#[must_use]
pub fn tool() -> String {
    format!("gamyeong {}", env!("CARGO_PKG_VERSION"))
}

/// Files that one `run.input` record lists at most: it must stay below 64 KiB.
const FILES_PER_RECORD: usize = 128;

/// `run.begin`.
pub(super) fn begin(
    plan: &Plan,
    night: &Night<'_>,
    begun: &Begun<'_>,
    files: &[(usize, u64)],
) -> Value {
    let sources = plan.sources.iter().zip(files).map(
        |(source, (files, bytes))| json!({"name": source.name, "files": files, "bytes": bytes}),
    );
    json!({
        "pipeline": plan.name(),
        "pipeline_sha256": begun.pipeline_sha256,
        "date": begun.date,
        "management_no": plan.file.management_no,
        "policy": plan.policy,
        "sources": sources.collect::<Vec<_>>(),
        "supersedes": begun.supersedes,
        // Where a night is refused or undone no other record of it says from where.
        "from": night.from,
        "tool_version": tool(),
    })
}

/// `heartbeat`: the night came and there was nothing to do.
pub(super) fn heartbeat(plan: &Plan, begun: &Begun<'_>) -> Value {
    json!({
        "pipeline": plan.name(),
        "pipeline_sha256": begun.pipeline_sha256,
        "date": begun.date,
        "management_no": plan.file.management_no,
        "policy": plan.policy,
        "sources": plan.sources.iter().map(|source| json!({"name": source.name, "files": 0})).collect::<Vec<_>>(),
        "tool_version": tool(),
    })
}

/// What a record has of a pipeline that was blocked.
pub(super) struct Blocked<'a> {
    pub(super) pipeline: &'a str,
    pub(super) management_no: &'a str,
    /// Digest of the pipeline, if it is one.
    pub(super) pipeline_sha256: Option<&'a str>,
    /// Digest of its file otherwise.
    pub(super) file_sha256: Option<&'a str>,
}

/// `night.blocked`: a run was due, and what stands in its way.
pub(super) fn blocked(of: &Blocked<'_>, night: &Night<'_>, error: &Error) -> Value {
    json!({
        "pipeline": of.pipeline,
        "pipeline_sha256": of.pipeline_sha256,
        "file_sha256": of.file_sha256,
        "management_no": of.management_no,
        "date": night.date.to_string(),
        "exit_code": error.number(),
        "reason": report::reason(error),
        "from": night.from,
        "tool_version": tool(),
    })
}

/// `run.input`, one or more for each source.
pub(super) fn inputs(source: &Source, files: &[File]) -> Vec<Value> {
    let record = |files: &[File]| {
        let files: Vec<Value> = files
            .iter()
            .map(|file| {
                let mut entry = Map::new();
                entry.insert("sha256".into(), json!(file.sha256));
                entry.insert("bytes".into(), json!(file.bytes));
                put_lines(&mut entry, &file.lines);
                Value::Object(entry)
            })
            .collect();
        json!({"source": source.name, "files": files})
    };
    files.chunks(FILES_PER_RECORD).map(record).collect()
}

/// `run.commit`: the processing record (처리 기록).
pub(super) fn commit(
    (plan, night): (&Plan, &Night<'_>),
    begun: &Begun<'_>,
    made: &[Made],
    turn: &Turn,
    separation: &Separation,
) -> Value {
    let rules: Vec<Vec<Rule>> = plan.sources.iter().map(|source| bind::rules(source, 0)).collect();
    let outputs = outputs(plan, begun, made);
    let named = plan.sources.iter().zip(made);
    let sources: Vec<Value> =
        named.map(|(source, made)| self::source(plan, source, made)).collect();
    let items: Vec<Value> = plan
        .sources
        .iter()
        .zip(&rules)
        .flat_map(|(source, rules)| rules.iter().map(|rule| item(source, rule)))
        .collect();
    let institution = &plan.house.institution;
    let mut body = Map::new();
    let mut put = |of: Value| body.extend(of.as_object().cloned().unwrap_or_default());
    put(json!({
        "pipeline": plan.name(),
        "pipeline_sha256": begun.pipeline_sha256,
        "date": begun.date,
        "management_no": plan.file.management_no,
        "info_kind": "가명정보",
        "act": "생성",
        "controller": institution.controller,
        "operator": institution.operator,
        "supervisor": institution.supervisor,
        "processor": institution.processor,
        "cpo": institution.cpo,
        "destruction_approver": institution.destruction_approver,
    }));
    put(Value::Object(said::of_processing(plan)));
    put(json!({
        "items": items,
        "usage": [usage(night, begun, made)],
        "turn": turn.word,
        "baseline": turn.baseline,
        "approval": turn.approval,
        "sources": sources,
        "outputs": outputs,
        "sealed": sealed(plan, begun, made),
        "supersedes": begun.supersedes,
        "retired": begun.retired,
        "risk": risk(plan, made),
        "additional_info": additional(plan, begun, made),
        "separation": separation.body(),
        "policy": plan.policy,
        "ruleset_version": RULESET,
        "tool_version": tool(),
    }));
    Value::Object(body)
}

/// The nightly job's own use, with the five fields of an access record (접속기록): it begins
/// to read when the run begins. Who stands in several tables is counted in each.
fn usage(night: &Night<'_>, begun: &Begun<'_>, made: &[Made]) -> Value {
    let persons = made.iter().filter_map(|made| Some(made.output.as_ref()?.assessment.persons));
    json!({
        "account": night.actor,
        "at": begun.at,
        "from": night.from,
        "subjects": persons.sum::<u64>(),
        "task": "가명처리",
    })
}

fn put_lines(entry: &mut Map<String, Value>, lines: &Lines) {
    let counts = [
        ("lines", lines.lines),
        ("rows", lines.rows),
        ("rejected", lines.rejected),
        ("suppressed", lines.suppressed),
        ("excluded", lines.excluded),
        ("blank", lines.blank),
    ];
    for (name, count) in counts {
        entry.insert(name.into(), json!(count));
    }
}

fn source(plan: &Plan, source: &Source, made: &Made) -> Value {
    let mut entry = Map::new();
    entry.extend(said::of_source(plan, source));
    entry.insert("policy".into(), json!(plan.policy));
    entry.insert("files".into(), json!(made.tally.files.len()));
    put_lines(&mut entry, &made.tally.total());
    entry.insert("unlisted".into(), json!(made.tally.unlisted.fields));
    entry.insert("unlisted_columns".into(), json!(made.tally.unlisted.columns));
    entry.insert("unknown".into(), json!(unknown::counts(&made.tally)));
    entry.insert("absent".into(), json!(made.tally.found.absent(source)));
    entry.insert("rejected_by".into(), json!(made.tally.rejected_by));
    entry.insert("excluded_by".into(), json!(made.tally.excluded_by));
    entry.insert("unread".into(), json!(made.tally.unread));
    entry.insert("undecoded".into(), json!(made.tally.undecoded));
    entry.insert("randomised".into(), json!(made.tally.randomised));
    entry.insert("masked".into(), masked(&made.tally));
    entry.insert("masked_rows".into(), json!(made.tally.masked_rows));
    entry.insert("changed".into(), changed(&made.tally));
    if let Some((sessions, silent)) = made.tally.sessions {
        entry.insert("sessions".into(), json!({"found": sessions, "records_of_nobody": silent}));
    }
    if let (Some(subject), Some(counts)) = (&source.subject, made.tally.subjects) {
        let mut subject = said::of_subject(subject);
        subject["users"] = json!(counts.users);
        subject["devices"] = json!(counts.devices);
        subject["addresses"] = json!(counts.addresses);
        entry.insert("subject".into(), subject);
    }
    if let (Some(output), Some(assess)) = (&made.output, &source.assess) {
        entry.insert("gate".into(), gate(assess, &output.assessment));
    }
    Value::Object(entry)
}

/// Rows in whose text personal data was masked.
fn masked(tally: &Tally) -> Value {
    let columns = tally.masked.iter().flat_map(|(column, masked)| {
        masked.iter().map(move |(kind, rows)| {
            json!({
                "column": column,
                "kind": kind.name(),
                "kind_ko": kind.korean(),
                "rows": rows,
                "technique_ko": "마스킹",
            })
        })
    });
    columns.collect()
}

/// What techniques that need all values did to them.
fn changed(tally: &Tally) -> Value {
    let changes = tally.changes.iter().map(|change| {
        json!({
            "column": change.column,
            "technique": change.technique,
            "technique_ko": change.technique_ko,
            "effect": change.effect.name(),
            "values": change.values,
            "rows": change.rows,
        })
    });
    changes.collect()
}

fn gate(set: &Settings, found: &Assessment) -> Value {
    let blanked: Vec<Value> = found
        .blanked
        .iter()
        .map(|blanked| {
            json!({
                "column": blanked.column,
                "persons_min": blanked.persons_min,
                "values": blanked.values,
                "cells": blanked.cells,
                "technique_ko": "로컬 삭제",
                "reason": "특이정보: 값을 가진 정보주체가 persons_min명 미만",
            })
        })
        .collect();
    let found = json!({
        "rows_before": found.rows,
        "persons_before": found.persons,
        "k": found.k,
        "k_persons": found.k_persons,
        "classes": found.classes,
        "suppressed_rows": found.suppressed,
        "suppressed_classes": found.suppressed_classes,
        "suppressed_technique_ko": "행 항목 삭제",
        "suppressed_reason": "동질집합이 k_min행 또는 k_persons_min명 미만",
        "blanked": blanked,
    });
    let mut gate = thresholds(set);
    if let (Some(gate), Value::Object(found)) = (gate.as_object_mut(), found) {
        gate.extend(found);
    }
    gate
}

fn outputs(plan: &Plan, begun: &Begun<'_>, made: &[Made]) -> Vec<Value> {
    let named = plan.sources.iter().zip(made);
    let outputs = named.filter_map(|(source, made)| Some((source, made.output.as_ref()?)));
    let entry = |(source, output): (&Source, &super::table::Output)| {
        json!({
            "source": source.name,
            "path": table_path(plan.name(), &source.name, &begun.date),
            "partial": file_name(&output.path),
            "rows": output.written.rows,
            "bytes": output.written.bytes,
            "sha256": HEXLOWER.encode(&output.written.sha256),
        })
    };
    outputs.map(entry).collect()
}

fn sealed(plan: &Plan, begun: &Begun<'_>, made: &[Made]) -> Vec<Value> {
    let named = plan.sources.iter().zip(made);
    let sealed = named.flat_map(|(source, made)| {
        made.sealed.iter().map(move |(kind, finished)| (source, *kind, finished))
    });
    let entry = |(source, kind, finished): (&Source, &str, &Finished)| {
        json!({
            "source": source.name,
            "kind": kind,
            "path": sealed_path(plan.name(), &source.name, &begun.date, kind, begun.run),
            "partial": file_name(&finished.path),
            "entries": finished.entries,
            "bytes": finished.bytes,
            "sha256": HEXLOWER.encode(&finished.sha256),
        })
    };
    sealed.map(entry).collect()
}

fn file_name(path: &std::path::Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn risk(plan: &Plan, made: &[Made]) -> Value {
    let assessments = || made.iter().filter_map(|made| Some(&made.output.as_ref()?.assessment));
    let mut risk = Map::new();
    risk.insert("k".into(), json!(assessments().map(|found| found.k).min()));
    risk.insert("k_persons".into(), json!(assessments().map(|found| found.k_persons).min()));
    risk.extend(said::of_risk(plan));
    Value::Object(risk)
}

/// Sealed files of rows, and what they are called as additional information.
const SEALED_ROWS: [(&str, &str); 2] =
    [("rejects", "해석하지 못한 행(봉인)"), ("suppressed", "삭제한 행(봉인)")];

/// Kind, place and fate of the additional information. Never the key itself,
/// nor anything computed from it.
fn additional(plan: &Plan, begun: &Begun<'_>, made: &[Made]) -> Value {
    let window = plan.file.linkage.window;
    let has_pseudonyms = plan
        .sources
        .iter()
        .flat_map(|source| &source.columns)
        .any(|column| column.technique.has_key());
    let keeps_mapping = plan.file.vault.as_ref().is_some_and(|vault| vault.mapping.is_some());
    let is_run = window == Window::Run;
    let mut kinds = Vec::new();
    // A secret of an epoch is made and kept whether or not a column needs it.
    if has_pseudonyms || !is_run {
        kinds.push(if is_run { "비밀키(실행)" } else { "비밀키(에포크)" });
    }
    if keeps_mapping {
        kinds.push("매핑테이블(봉인)");
    }
    let found: Vec<&str> = made.iter().flat_map(|made| &made.sealed).map(|found| found.0).collect();
    for (kind, korean) in SEALED_ROWS {
        if found.contains(&kind) {
            kinds.push(korean);
        }
    }
    let is_kept = !is_run || keeps_mapping || !found.is_empty();
    let mut additional = Map::new();
    additional.insert("kinds".into(), json!(kinds));
    additional.insert("epoch".into(), json!(begun.epoch));
    additional.insert("kept".into(), json!(is_kept));
    additional.extend(said::of_linkage(plan));
    let destruction = is_run.then_some("비밀키: 실행 종료 시 소멸(메모리에만 있음)");
    additional.insert("destruction".into(), json!(destruction));
    Value::Object(additional)
}

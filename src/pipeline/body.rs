//! What a run did in; the bodies of its processing records out.
//!
//! No personal data, no pseudonym, no path of an input file, no float. Shares
//! are in parts per million.
//!
//! Source: 개인정보 보호법 제28조의4제3항; 같은 법 시행령 제29조의5제2항
//! (items of the record). The Korean strings are those of the statutory forms.

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

use super::Begun;
use super::additional::Finished;
use super::count::{File, Lines, Tally};
use super::separation::Separation;
use super::table::Made;
use super::transaction::{sealed_path, table_path};
use super::unknown;
use crate::assess::Assessment;
use crate::assess::settings::Settings;
use crate::config::plan::{Plan, Source};
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
pub(super) fn begin(plan: &Plan, begun: &Begun<'_>, files: &[(usize, u64)]) -> Value {
    let sources = plan.sources.iter().zip(files).map(
        |(source, (files, bytes))| json!({"name": source.name, "files": files, "bytes": bytes}),
    );
    json!({
        "pipeline": plan.name(),
        "pipeline_sha256": begun.pipeline_sha256,
        "date": begun.date,
        "policy": plan.policy,
        "sources": sources.collect::<Vec<_>>(),
        "supersedes": begun.supersedes,
        "tool_version": tool(),
    })
}

/// `heartbeat`: the night came and there was nothing to do.
pub(super) fn heartbeat(plan: &Plan, begun: &Begun<'_>) -> Value {
    json!({
        "pipeline": plan.name(),
        "pipeline_sha256": begun.pipeline_sha256,
        "date": begun.date,
        "policy": plan.policy,
        "sources": plan.sources.iter().map(|source| json!({"name": source.name, "files": 0})).collect::<Vec<_>>(),
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
    plan: &Plan,
    begun: &Begun<'_>,
    made: &[Made],
    rules: &[Vec<Rule>],
    separation: &Separation,
) -> Value {
    let outputs = outputs(plan, begun, made);
    let named = plan.sources.iter().zip(made);
    let sources: Vec<Value> =
        named.map(|(source, made)| self::source(plan, source, made)).collect();
    let items: Vec<Value> = plan
        .sources
        .iter()
        .zip(rules)
        .flat_map(|(source, rules)| rules.iter().map(|rule| item(source, rule)))
        .collect();
    let institution = &plan.house.institution;
    let file = &plan.file;
    json!({
        "pipeline": plan.name(),
        "pipeline_sha256": begun.pipeline_sha256,
        "date": begun.date,
        "info_kind": "가명정보",
        "act": "생성",
        "controller": institution.controller,
        "processor": institution.processor,
        "cpo": institution.cpo,
        "destruction_approver": institution.destruction_approver,
        "purpose_category": file.purpose.category.korean(),
        "purpose_detail": file.purpose.detail,
        "legal_basis": file.basis.korean(),
        "environment": file.environment.korean(),
        "recipient": file.recipient,
        "period_start": file.purpose.period.first.to_string(),
        "period_end": file.purpose.period.last.to_string(),
        "items": items,
        "usage": [],
        "sources": sources,
        "outputs": outputs,
        "sealed": sealed(plan, begun, made),
        "supersedes": begun.supersedes,
        "retired": begun.retired,
        "risk": risk(plan, made),
        "additional_info": additional(plan, begun),
        "separation": separation.body(),
        "policy": plan.policy,
        "ruleset_version": RULESET,
        "tool_version": tool(),
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
    entry.insert("name".into(), json!(source.name));
    entry.insert("format".into(), json!(source.format_name));
    entry.insert("item".into(), json!(source.item.name));
    entry.insert("collected_for".into(), json!(source.item.collected_for));
    entry.insert("retention".into(), json!(source.item.retention));
    entry.insert("retention_basis".into(), json!(source.item.basis));
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
    entry.insert("changed".into(), changed(&made.tally));
    entry.extend(row_rules(source));
    if let Some((sessions, silent)) = made.tally.sessions {
        entry.insert("sessions".into(), json!({"found": sessions, "records_of_nobody": silent}));
    }
    if let (Some(subject), Some(counts)) = (&source.subject, made.tally.subjects) {
        let subject = json!({
            "sessions": subject.sessions,
            "address": subject.address,
            "time": subject.time,
            "randomised_kept": subject.keeps_randomised,
            "users": counts.users,
            "devices": counts.devices,
            "addresses": counts.addresses,
        });
        entry.insert("subject".into(), subject);
    }
    if let (Some(output), Some(assess)) = (&made.output, &source.assess) {
        entry.insert("gate".into(), gate(assess, &output.assessment));
    }
    Value::Object(entry)
}

/// Rules about whole rows, if a source has any.
pub(super) fn row_rules(source: &Source) -> Map<String, Value> {
    let mut entry = Map::new();
    if let Some(sample) = source.sample {
        let rule = json!({"one_in": sample.one_in(), "technique_ko": "표본추출"});
        entry.insert("sample".into(), rule);
    }
    if !source.drop_rows.is_empty() {
        let drops = source.drop_rows.iter().map(|(column, when)| {
            json!({"column": column, "parameters": when.parameters(), "technique_ko": "행 항목 삭제"})
        });
        entry.insert("drop_rows".into(), drops.collect());
    }
    entry
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

/// The thresholds that a release must meet.
pub(super) fn thresholds(set: &Settings) -> Value {
    json!({
        "subject": set.subject,
        "quasi_identifiers": set.quasi_identifiers.names(),
        "k_min": set.k_min.count(),
        "k_persons_min": set.k_persons_min.count(),
        "max_suppressed_ppm": set.max_suppressed.parts_per_million(),
    })
}

/// One column, as the processing record has it.
pub(super) fn item(source: &Source, rule: &Rule) -> Value {
    json!({
        "source": source.name,
        "name": rule.name,
        "label": rule.label,
        "field": rule.field,
        "technique": rule.technique.name(),
        "technique_ko": rule.korean(),
        "parameters": rule.parameters(),
        "role": source.role(&rule.name).korean(),
        "reason": source.columns.iter().find(|column| column.name == rule.name).and_then(|column| column.reason.as_ref()),
    })
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
    json!({
        "k": assessments().map(|found| found.k).min(),
        "k_persons": assessments().map(|found| found.k_persons).min(),
        "grade": plan.file.risk.as_ref().map(|risk| risk.grade.korean()),
        "reason": plan.file.risk.as_ref().map(|risk| &risk.reason),
    })
}

/// Kind, place and fate of the additional information. Never the key itself,
/// nor anything computed from it.
fn additional(plan: &Plan, begun: &Begun<'_>) -> Value {
    let window = plan.file.linkage.window;
    let has_pseudonyms = plan
        .sources
        .iter()
        .flat_map(|source| &source.columns)
        .any(|column| column.technique.has_key());
    let keeps_mapping = plan.file.vault.as_ref().is_some_and(|vault| vault.mapping.is_some());
    let mut kinds = Vec::new();
    if has_pseudonyms {
        kinds.push(if window == Window::Run {
            "비밀키(실행)"
        } else {
            "비밀키(에포크)"
        });
    }
    if keeps_mapping {
        kinds.push("매핑테이블(봉인)");
    }
    json!({
        "kinds": kinds,
        "window": window.to_string(),
        "epoch": begun.epoch,
        "kept": window != Window::Run,
        "reason": plan.file.linkage.reason,
        "mapping_kept": keeps_mapping,
        "mapping_reason": plan.file.vault.as_ref().and_then(|vault| vault.mapping.as_ref()),
        "destruction": (window == Window::Run).then_some("실행 종료 시 소멸(메모리에만 있음)"),
    })
}

//! A pipeline in; what it says, as its processing records have it, out.
//!
//! What a run records of its pipeline and what a plan compares with it are made here, so
//! that they are the same. Nothing of it depends on the input.

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::assess::settings::Settings;
use crate::config::pipeline_file::{OnUnknown, Source as File};
use crate::config::plan::{Plan, Source, Subject};
use crate::protect::Rule;

/// Purpose, basis, form and period of the processing.
pub(super) fn of_processing(plan: &Plan) -> Map<String, Value> {
    let file = &plan.file;
    let pairs = [
        ("purpose_category", json!(file.purpose.category.korean())),
        ("purpose_detail", json!(file.purpose.detail)),
        ("legal_basis", json!(file.basis.korean())),
        ("environment", json!(file.environment.korean())),
        ("recipient", json!(file.recipient)),
        ("period_start", json!(file.purpose.period.first.to_string())),
        ("period_end", json!(file.purpose.period.last.to_string())),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The grade of risk, if one is given.
pub(super) fn of_risk(plan: &Plan) -> Map<String, Value> {
    let risk = plan.file.risk.as_ref();
    let grade = json!(risk.map(|risk| risk.grade.korean()));
    let reason = json!(risk.map(|risk| &risk.reason));
    [("grade".to_owned(), grade), ("reason".to_owned(), reason)].into_iter().collect()
}

/// How long pseudonyms stay the same, and whether a table leads back from them.
pub(super) fn of_linkage(plan: &Plan) -> Map<String, Value> {
    let mapping = plan.file.vault.as_ref().and_then(|vault| vault.mapping.as_ref());
    let pairs = [
        ("window", json!(plan.file.linkage.window.to_string())),
        ("reason", json!(plan.file.linkage.reason)),
        ("mapping_kept", json!(mapping.is_some())),
        ("mapping_reason", json!(mapping)),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What a pipeline says of a source and of how it is read.
pub(super) fn of_source(plan: &Plan, source: &Source) -> Map<String, Value> {
    let mut entry = Map::new();
    let mut put = |key: &str, value: Value| entry.insert(key.to_owned(), value);
    put("name", json!(source.name));
    put("format", json!(source.format_name));
    put("item", json!(source.item.name));
    put("collected_for", json!(source.item.collected_for));
    put("retention", json!(source.item.retention));
    put("retention_basis", json!(source.item.basis));
    put("max_rejects_ppm", json!(source.max_rejects.parts_per_million()));
    let on_unknown = match source.on_unknown {
        OnUnknown::Report => "report",
        OnUnknown::Refuse => "refuse",
    };
    put("on_unknown", json!(on_unknown));
    if let Some(file) = plan.file.source.iter().find(|file| file.name == source.name) {
        put("path", json!(file.path));
        put("dropped", json!(file.dropped()));
        put("reading", reading(file));
        put("sessions_from", json!(file.sessions));
    }
    if let Some(set) = &source.assess {
        let mut asked = thresholds(set);
        let values = set.value_persons_min.iter();
        asked["value_persons_min"] =
            values.map(|(column, persons)| (column.clone(), json!(persons.count()))).collect();
        entry.insert("assess".into(), asked);
    }
    entry.extend(row_rules(source));
    entry
}

/// How the files of a source, or what a database answers, are read.
fn reading(file: &File) -> Value {
    let query = file.query.as_ref().map(|query| HEXLOWER.encode(&Sha256::digest(query)));
    json!({
        "zone": file.zone,
        "encoding": file.encoding,
        "delimiter": file.delimiter,
        "quote": file.quote,
        "names": file.names,
        "sheet": file.sheet,
        "header_row": file.header_row,
        "database": file.database,
        "query_sha256": query,
    })
}

/// How whom a line is about is looked up.
pub(super) fn of_subject(subject: &Subject) -> Value {
    json!({
        "sessions": subject.sessions,
        "address": subject.address,
        "time": subject.time,
        "randomised_kept": subject.keeps_randomised,
    })
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

/// What must be known of the parameters of a rule, for people.
fn korean(rule: &Rule) -> String {
    let brief: Vec<String> = rule.brief().into_iter().map(|words| words.korean).collect();
    brief.join("; ")
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
        "parameters_ko": korean(rule),
        "role": source.role(&rule.name).korean(),
        "reason": source.columns.iter().find(|column| column.name == rule.name).and_then(|column| column.reason.as_ref()),
    })
}

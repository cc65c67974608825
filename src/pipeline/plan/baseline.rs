//! A plan and the records in; what was changed since the plan that was recorded last,
//! out.
//!
//! A nightly run is a repeated use: only what was changed since must be reviewed again.
//!
//! Source: 가명정보 처리 가이드라인 (2026.3), on repeated use (목적, 항목, 제공받는 자,
//! 방법, 범위).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::config::plan::Plan;
use crate::ledger::record::{Kind, Record};
use crate::pipeline::{bind, body, digest};

/// What was recorded last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// Number of the record.
    pub record: u64,
    /// When it was made.
    pub time: String,
    /// True if the file is, byte by byte, the one that was recorded.
    pub is_same: bool,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What: `purpose`, `column web.hour`, `gate web`.
    pub what: String,
    /// How it was recorded; `None` if it was not there.
    pub was: Option<String>,
    /// How it is; `None` if it is gone.
    pub is: Option<String>,
}

impl Baseline {
    /// What a plan differs in from the last run of its pipeline that was committed.
    pub(super) fn of(records: &[Record], plan: &Plan) -> Option<Self> {
        let is_of = |record: &&Record| {
            record.kind() == Some(Kind::RunCommit)
                && record.body.get("pipeline").and_then(Value::as_str) == Some(plan.name())
        };
        let record = records.iter().rfind(is_of)?;
        let recorded = Value::Object(record.body.clone());
        let was = facts(&recorded);
        let is = facts(&current(plan));
        let names = was.keys().chain(is.keys()).collect::<std::collections::BTreeSet<_>>();
        let differences =
            names.into_iter().filter(|name| was.get(*name) != is.get(*name)).map(|name| {
                Difference {
                    what: name.clone(),
                    was: was.get(name).cloned(),
                    is: is.get(name).cloned(),
                }
            });
        Some(Self {
            record: record.seq,
            time: record.time.clone(),
            is_same: recorded["pipeline_sha256"] == digest(plan),
            differences: differences.collect(),
        })
    }

    pub(super) fn to_json(&self) -> Value {
        let differences = self.differences.iter();
        let differences: Vec<Value> =
            differences.map(|of| json!({"what": of.what, "was": of.was, "is": of.is})).collect();
        json!({
            "record": self.record,
            "time": self.time,
            "is_same": self.is_same,
            "differences": differences,
        })
    }
}

/// A plan as its processing record would have it, as far as a review is about it.
fn current(plan: &Plan) -> Value {
    let items: Vec<Value> = plan
        .sources
        .iter()
        .flat_map(|source| bind::rules(source, 0).into_iter().map(|rule| body::item(source, &rule)))
        .collect();
    let sources: Vec<Value> =
        plan.sources
            .iter()
            .filter_map(|source| {
                let set = source.assess.as_ref()?;
                let blanked = set.value_persons_min.iter().map(
                    |(column, persons)| json!({"column": column, "persons_min": persons.count()}),
                );
                let mut gate = body::thresholds(set);
                gate["blanked"] = blanked.collect();
                let mut entry = body::row_rules(source);
                entry.insert("name".into(), json!(source.name));
                entry.insert("gate".into(), gate);
                Some(Value::Object(entry))
            })
            .collect();
    let file = &plan.file;
    json!({
        "purpose_category": file.purpose.category.korean(),
        "purpose_detail": file.purpose.detail,
        "environment": file.environment.korean(),
        "recipient": file.recipient,
        "period_start": file.purpose.period.first.to_string(),
        "period_end": file.purpose.period.last.to_string(),
        "items": items,
        "sources": sources,
        "additional_info": {"window": file.linkage.window.to_string()},
    })
}

/// What a review is about, by name.
fn facts(record: &Value) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    let mut put = |name: &str, value: &Value| {
        if !value.is_null() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            facts.insert(name.to_owned(), text);
        }
    };
    for (name, key) in [
        ("purpose", "purpose_category"),
        ("purpose detail", "purpose_detail"),
        ("environment", "environment"),
        ("recipient", "recipient"),
        ("period start", "period_start"),
        ("period end", "period_end"),
    ] {
        put(name, &record[key]);
    }
    put("linkage window", &record["additional_info"]["window"]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for item in record["items"].as_array().into_iter().flatten() {
        let name = format!("column {}.{}", text(&item["source"]), text(&item["name"]));
        let of = ["field", "technique", "parameters", "role"].map(|key| text(&item[key]));
        put(&name, &Value::String(of.join(" · ")));
    }
    for source in record["sources"].as_array().into_iter().flatten() {
        let name = text(&source["name"]);
        put(&format!("sample {name}: one_in"), &source["sample"]["one_in"]);
        for drop in source["drop_rows"].as_array().into_iter().flatten() {
            put(&format!("drop_rows {name}.{}", text(&drop["column"])), &drop["parameters"]);
        }
        for blanked in source["gate"]["blanked"].as_array().into_iter().flatten() {
            let what = format!("value_persons_min {name}.{}", text(&blanked["column"]));
            // A quasi-identifier without a threshold is not blanked.
            if blanked["persons_min"] != 0 {
                put(&what, &blanked["persons_min"]);
            }
        }
        for (key, value) in source["gate"].as_object().into_iter().flatten() {
            let name = text(&source["name"]);
            let is_threshold = matches!(
                key.as_str(),
                "subject" | "quasi_identifiers" | "k_min" | "k_persons_min" | "max_suppressed_ppm"
            );
            if is_threshold {
                put(&format!("gate {name}: {key}"), value);
            }
        }
    }
    facts
}

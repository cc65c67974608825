//! A plan and the records in; what was changed since the plan that was recorded last,
//! out.
//!
//! A nightly run is a repeated use: only what was changed since must be reviewed again.
//!
//! Source: 가명정보 처리 가이드라인 (2026.3), on repeated use (목적, 항목, 제공받는 자,
//! 방법, 범위).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::aspect;
use super::facts::{self, Fact, Said};
use crate::config::plan::{Plan, Source};
use crate::ledger::items::constants::REVIEWED;
use crate::ledger::record::{Kind, Record};
use crate::pipeline::{bind, digest, history, said};
use crate::protect::brief::Words;

/// What was recorded last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// Number of the record.
    pub record: u64,
    /// When it was made.
    pub time: String,
    /// True if the file is, byte by byte, the one that was recorded.
    pub is_same: bool,
    /// What differs, in the order in which it is reviewed.
    pub differences: Vec<Difference>,
    /// What the record is too old to tell.
    pub not_recorded: Vec<Words>,
    /// Where the file was accepted as it is now, though no run of it came to an end.
    pub accepted: Option<Accepted>,
}

/// A change for which somebody gave a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Number of the record.
    pub record: u64,
    /// When it was made.
    pub time: String,
    /// The reason.
    pub reason: String,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What: `purpose`, `column web.hour`, `table web: input path`.
    pub what: Words,
    /// Which of purpose, items, recipient, method and scope it belongs to, in Korean;
    /// `None` if a review is not about it.
    pub aspect: Option<&'static str>,
    /// How it was recorded; `None` if it was not there.
    pub was: Option<Words>,
    /// How it is; `None` if it is gone.
    pub is: Option<Words>,
    /// True if the words are the same, and a list that they do not spell out is not.
    pub is_of_list: bool,
    /// True for the table that leads back to people.
    pub is_grave: bool,
}

impl Baseline {
    /// What a plan differs in from the last run of its pipeline that was committed.
    pub(super) fn of(records: &[Record], plan: &Plan) -> Option<Self> {
        let is_of = |record: &Record, kind| {
            record.kind() == Some(kind) && history::text(record, "pipeline") == Some(plan.name())
        };
        let record = records.iter().rfind(|record| is_of(record, Kind::RunCommit))?;
        let recorded = Value::Object(record.body.clone());
        let digest = digest(plan);
        let is_same = recorded["pipeline_sha256"] == digest;
        // Of several changes the last alone counts.
        let is_later = |of: &Record| of.seq > record.seq && is_of(of, Kind::ConfigChange);
        let accepted = records.iter().rfind(|of| is_later(of));
        let accepted =
            accepted.filter(|of| history::text(of, "pipeline_sha256") == Some(digest.as_str()));
        let (was, is) = (facts::facts(&recorded), facts::facts(&current(plan)));
        let (differences, not_recorded) = compare(&was, &is);
        Some(Self {
            record: record.seq,
            time: record.time.clone(),
            is_same,
            differences,
            // What the same file says is the same, recorded or not.
            not_recorded: if is_same { Vec::new() } else { not_recorded },
            accepted: accepted.map(|record| Accepted {
                record: record.seq,
                time: record.time.clone(),
                reason: history::text(record, "reason").unwrap_or_default().to_owned(),
            }),
        })
    }

    pub(super) fn to_json(&self) -> Value {
        let differences: Vec<Value> = self.differences.iter().map(Difference::to_json).collect();
        let not_recorded = self.not_recorded.iter().map(|what| &what.english);
        json!({
            "record": self.record,
            "time": self.time,
            "is_same": self.is_same,
            "differences": differences,
            "not_recorded": not_recorded.collect::<Vec<_>>(),
            "accepted": self.accepted.as_ref().map(|accepted| json!({
                "record": accepted.record,
                "time": accepted.time,
                "reason": accepted.reason,
            })),
        })
    }
}

impl Difference {
    fn to_json(&self) -> Value {
        let english = |words: &Option<Words>| words.as_ref().map(|words| words.english.clone());
        let korean = |words: &Option<Words>| words.as_ref().map(|words| words.korean.clone());
        json!({
            "what": self.what.english,
            "what_ko": self.what.korean,
            "aspect": self.aspect,
            "was": english(&self.was),
            "was_ko": korean(&self.was),
            "is": english(&self.is),
            "is_ko": korean(&self.is),
            "is_of_list": self.is_of_list,
            "is_grave": self.is_grave,
        })
    }
}

/// Which of what a review is about a plan differs in from the last run of its pipeline
/// that was committed, in the order of the guideline.
pub(in crate::pipeline) fn changed(records: &[Record], plan: &Plan) -> Vec<&'static str> {
    let differences = Baseline::of(records, plan).map(|baseline| baseline.differences);
    let differences = differences.unwrap_or_default();
    let is_changed = |word: &&str| differences.iter().any(|of| of.aspect == Some(*word));
    REVIEWED.iter().copied().filter(is_changed).collect()
}

/// What differs, and what cannot be compared.
fn compare(was: &[Fact], is: &[Fact]) -> (Vec<Difference>, Vec<Words>) {
    let find = |facts: &'_ [Fact], name: &str| {
        facts.iter().find(|fact| fact.name.english == name).map(|fact| fact.said.clone())
    };
    let (mut differences, mut not_recorded) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for fact in is.iter().chain(was) {
        let name = fact.name.english.as_str();
        let is_whole =
            fact.of.as_ref().is_none_or(|of| find(was, of).is_some() == find(is, of).is_some());
        if !seen.insert(name) || !is_whole {
            continue;
        }
        let nothing = |said: Option<Said>| said.unwrap_or(Said::Nothing);
        let (was, is) = (nothing(find(was, name)), nothing(find(is, name)));
        if was == Said::NotRecorded {
            not_recorded.push(fact.name.clone());
        } else if !is_alike(&was, &is) {
            differences.push(difference(fact, was, is));
        }
    }
    (differences, not_recorded)
}

fn is_alike(was: &Said, is: &Said) -> bool {
    match (was, is) {
        (Said::Something(was, _), Said::Something(is, _)) => was == is,
        _ => was == is,
    }
}

fn difference(fact: &Fact, was: Said, is: Said) -> Difference {
    let what = fact.name.clone();
    let parts = |said| match said {
        Said::Something(compared, words) => (Some(words), compared),
        Said::Nothing | Said::NotRecorded => (None, String::new()),
    };
    let ((mut was, was_compared), (mut is, is_compared)) = (parts(was), parts(is));
    let is_of_list = was.is_some() && was == is;
    if let (Some(was), Some(is), false) = (&mut was, &mut is, is_of_list) {
        // Short words leave out what one of the languages does not need: here it is all.
        let tell_apart = |was: &mut String, is: &mut String| {
            if was == is {
                *was = format!("{was} ({was_compared})");
                *is = format!("{is} ({is_compared})");
            }
        };
        tell_apart(&mut was.english, &mut is.english);
        tell_apart(&mut was.korean, &mut is.korean);
    }
    let is_grave = what.english == facts::MAPPING.1;
    // A column that stays is made in another way.
    let is_whole = fact.of.is_none() && fact.aspect == Some(aspect::ITEMS);
    let is_made_otherwise = is_whole && was.is_some() && is.is_some();
    let aspect = if is_made_otherwise { Some(aspect::METHOD) } else { fact.aspect };
    Difference { what, aspect, was, is, is_of_list, is_grave }
}

/// A plan as its processing record would have it, as far as a review is about it.
pub(super) fn current(plan: &Plan) -> Value {
    let of_source = |source: &Source| {
        let rules = bind::rules(source, 0);
        rules.into_iter().map(|rule| said::item(source, &rule)).collect::<Vec<Value>>()
    };
    let items: Vec<Value> = plan.sources.iter().flat_map(of_source).collect();
    let sources = plan.sources.iter().map(|source| {
        let mut entry = said::of_source(plan, source);
        if let Some(subject) = &source.subject {
            entry.insert("subject".into(), said::of_subject(subject));
        }
        Value::Object(entry)
    });
    let mut record = said::of_processing(plan);
    record.insert("risk".into(), Value::Object(said::of_risk(plan)));
    record.insert("additional_info".into(), Value::Object(said::of_linkage(plan)));
    record.insert("policy".into(), json!(plan.policy));
    record.insert("processor".into(), json!(plan.house.institution.processor));
    record.insert("sources".into(), sources.collect());
    record.insert("items".into(), Value::Array(items));
    Value::Object(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of before runs recorded paths, dropped fields and how input is read.
    #[test]
    fn what_an_older_record_does_not_have_is_not_called_changed() {
        let table = json!({"name": "web", "item": "IP주소", "gate": {"k_min": 3}});
        let was = json!({"purpose_category": "통계작성", "sources": [table]});
        let mut is = was.clone();
        is["purpose_category"] = json!("과학적 연구");
        is["sources"][0]["path"] = json!("logs/*.log");
        is["sources"][0]["dropped"] = json!([]);
        let (differences, not_recorded) = compare(&facts::facts(&was), &facts::facts(&is));
        let told = |words: &[Words]| -> Vec<String> {
            words.iter().map(|words| words.english.clone()).collect()
        };
        let different: Vec<Words> = differences.into_iter().map(|of| of.what).collect();
        assert_eq!(told(&different), ["purpose"]);
        let not_recorded = told(&not_recorded);
        for fact in ["table web: input path", "table web: dropped fields"] {
            assert!(not_recorded.iter().any(|name| name == fact), "{fact}: {not_recorded:?}");
        }
        assert!(!not_recorded.iter().any(|name| name == "table web: collected item"));
    }

    /// Keys of the pipeline file are nothing that reviewers know.
    #[test]
    fn how_sessions_are_read_is_told_in_words() {
        let of = |longest: &str| {
            let read = json!({"address": null, "longest": longest, "days_before": 0});
            json!({"sources": [{"name": "accounts", "sessions_from": read}]})
        };
        let (differences, _) = compare(&facts::facts(&of("12h")), &facts::facts(&of("8h")));
        let [difference] = differences.as_slice() else { panic!("{differences:?}") };
        let was = difference.was.clone().unwrap();
        assert_eq!(was.english, "longest 12h, days_before 0");
        assert_eq!(was.korean, "끝이 없을 때의 길이 12h, 며칠 전 기록까지 0");
    }

    /// What is new or gone as a whole is said once.
    #[test]
    fn of_a_new_column_it_is_said_that_it_is_new() {
        let column = |name: &str| json!({"source": "web", "name": name, "label": name, "technique": "keep", "technique_ko": "미적용", "parameters": "text"});
        let was = json!({"items": [column("a")]});
        let is = json!({"items": [column("a"), column("b")]});
        let (differences, _) = compare(&facts::facts(&was), &facts::facts(&is));
        let [difference] = differences.as_slice() else { panic!("{differences:?}") };
        assert_eq!(difference.what.english, "column web.b");
        assert_eq!(difference.was, None);
    }
}

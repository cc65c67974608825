//! What an institution file and a pipeline file say in; which of it looks like personal data or
//! a secret, by its place and kind, out.
//!
//! Nearly every text of these files stands in records, and a ledger is never rewritten. So all
//! of them are asked, and keys too: what is recorded tomorrow is asked today. Queries are not,
//! of which the records have the digest alone, nor numbers: they are bounds and thresholds, and
//! look like a resident number by chance.
//!
//! Not here: what personal data look like (`personal`), everything else about these files
//! (`config::check`).

use serde_json::Value;

use super::personal::{Asked, entry, kinds, leaf};
use crate::config::Error;
use crate::config::document::Document;
use crate::config::house::House;
use crate::config::plan::Plan;
use crate::config::problem::{Problem, What};

/// What of the institution file of a house looks like personal data or a secret.
#[must_use]
pub fn of_house(house: &House) -> Vec<Problem> {
    problems(&house.document)
}

/// What of a pipeline file does.
#[must_use]
pub fn of_plan(plan: &Plan) -> Vec<Problem> {
    problems(&plan.document)
}

/// That nothing of a plan and its house looks so: what a night asks before anything else.
///
/// # Errors
///
/// [`Error::Problems`] with all places if something does.
pub(super) fn refuse(plan: &Plan) -> Result<(), Error> {
    let problems = [of_house(&plan.house), of_plan(plan)].concat();
    if problems.is_empty() { Ok(()) } else { Err(Error::Problems { problems }) }
}

/// Faults of these files without the content that some of them show, where that looks like
/// personal data or a secret itself.
#[must_use]
pub fn without_content(problems: Vec<Problem>) -> Vec<Problem> {
    let told = |problem: Problem| {
        let found = kinds(&problem.what.to_string());
        if found.is_empty() {
            return problem;
        }
        let kinds = found.into_iter().collect::<Vec<_>>().join(", ");
        Problem { what: What::Personal { key: None, kinds }, ..problem }
    };
    problems.into_iter().map(told).collect()
}

fn problems(document: &Document) -> Vec<Problem> {
    let mut found = Vec::new();
    match toml::from_str(&document.text) {
        Ok(Value::Object(mut table)) => {
            without_queries(&mut table);
            table.values_mut().for_each(without_numbers);
            table.iter().for_each(|(key, value)| entry("", key, value, &mut found));
        }
        // It was read before. What it says stays unknown otherwise.
        Ok(_) | Err(_) => leaf("", &Value::String(document.text.clone()), &mut found),
    }
    let problem = |asked: Asked| {
        let kinds = asked.kinds();
        let key = (!asked.key.is_empty()).then_some(asked.key);
        document.problem(&asked.place, What::Personal { key, kinds })
    };
    let mut problems: Vec<Problem> = found.into_iter().map(problem).collect();
    problems.sort_by_key(|problem| (problem.line, problem.column));
    problems
}

fn without_queries(table: &mut serde_json::Map<String, Value>) {
    let sources = table.get_mut("source").and_then(Value::as_array_mut);
    let tables = sources.into_iter().flatten().filter_map(Value::as_object_mut);
    tables.for_each(|source| {
        source.remove("query");
    });
}

fn without_numbers(value: &mut Value) {
    match value {
        Value::Number(_) => *value = Value::Null,
        Value::Array(values) => values.iter_mut().for_each(without_numbers),
        Value::Object(table) => table.values_mut().for_each(without_numbers),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

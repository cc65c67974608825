//! The kinds of records and their items in; the names and tables of the page out.
//!
//! ```js
//! const ITEM_TABLES = {"run.published": [{"key": "date", "name": "date (처리일)", "form": "day",
//!                      "need": ["always"]}, …], …};
//! const KIND_WORDS = {"run.published": ["가명정보 생성", "run published"], …};
//! const GRADES = ["저위험", "중위험", "고위험"];
//! ```
//!
//! What the law asks for, and what a kind is called, is laid down once, in `ledger::items`; what
//! the tables mean is written a second time, in `verify/items.js`.

use serde_json::{Map, Value, json};

use super::json;
use crate::ledger::items::constants::GRADES;
use crate::ledger::items::{self, Form, Item, Kept, Need};
use crate::ledger::record::KINDS;

/// Gives the tables as a piece of script.
pub(super) fn script() -> String {
    let tables: Map<String, Value> = KINDS
        .iter()
        .map(|kind| (kind.as_str().to_owned(), table(items::of(*kind).items)))
        .collect();
    let names: Map<String, Value> =
        KINDS.iter().map(|kind| (kind.as_str().to_owned(), names(items::of(*kind)))).collect();
    let [tables, names, grades] = [json(&tables), json(&names), json(&GRADES)];
    format!(
        "const ITEM_TABLES = {tables};\nconst KIND_WORDS = {names};\nconst GRADES = {grades};\n"
    )
}

fn names(kept: Kept) -> Value {
    json!([kept.korean, kept.english])
}

fn table(items: &[Item]) -> Value {
    items.iter().map(item).collect()
}

fn item(item: &Item) -> Value {
    let mut told = json!({
        "key": item.key,
        "name": format!("{} ({})", item.english, item.korean),
        "form": form(&item.form),
        "expected": item.form.expected(),
        "need": need(item.need),
    });
    if let Some(words) = item.form.words() {
        told["words"] = json!(words);
    }
    if let Some(items) = item.form.items() {
        told["items"] = table(items);
    }
    told
}

fn form(form: &Form) -> &'static str {
    match form {
        Form::Text => "text",
        Form::Number => "number",
        Form::Flag => "flag",
        Form::Day => "day",
        Form::Instant => "instant",
        Form::Digest => "digest",
        Form::One(_) => "one",
        Form::Some(_) => "some",
        Form::Texts => "texts",
        Form::Table(_) => "table",
        Form::Tables(_) => "tables",
        Form::Found => "found",
    }
}

fn need(need: Need) -> Value {
    match need {
        Need::Always => json!(["always"]),
        Need::Never => json!(["never"]),
        Need::If(key, word) => json!(["if", key, word]),
        Need::Without(key) => json!(["without", key]),
        Need::With(key) => json!(["with", key]),
    }
}

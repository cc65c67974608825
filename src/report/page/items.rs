//! The items of every kind of record in; the tables that the page checks them by out.
//!
//! ```js
//! const ITEM_TABLES = {"run.published": [{"key": "date", "name": "date (처리일)", "form": "day",
//!                      "need": ["always"]}, …], …};
//! const GRADES = ["저위험", "중위험", "고위험"];
//! ```
//!
//! What the law asks for is laid down once, in `ledger::items`; what the tables mean is written
//! a second time, in `verify/items.js`.

use serde_json::{Map, Value, json};

use super::json;
use crate::ledger::items::constants::GRADES;
use crate::ledger::items::{self, Form, Item, Need};
use crate::ledger::record::KINDS;

/// Gives the tables as a piece of script.
pub(super) fn script() -> String {
    let tables: Map<String, Value> = KINDS
        .iter()
        .map(|kind| (kind.as_str().to_owned(), table(items::of(*kind).items)))
        .collect();
    format!("const ITEM_TABLES = {};\nconst GRADES = {};\n", json(&tables), json(&GRADES))
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

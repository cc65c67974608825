//! What somebody typed for a record in; which of it looks like personal data or a secret, by its
//! place and kind, out.
//!
//! A ledger is never rewritten: what got into it stays.
//!
//! Not here: what personal data look like (`scan`), and keys (`vault::recognise`).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::ledger::items::{self, Form};
use crate::ledger::record::Kind;
use crate::protect::layers;
use crate::scan;
use crate::vault::recognise::text_holds_secret;

/// What is no text that somebody puts into words: keys, signatures and what they are of (made
/// of the other items), addresses of accounts.
const APART: [&str; 5] = ["public_key", "text", "signatures", "holder_ip", "from"];

/// Names of the kinds that a text looks like, in two languages: `mobile (휴대전화번호)`. Empty
/// if there is none.
#[must_use]
pub fn kinds(text: &str) -> BTreeSet<String> {
    let mut hits = Vec::new();
    scan::find(text, &mut hits);
    let below = layers(text);
    below.texts.iter().for_each(|layer| scan::find(layer, &mut hits));
    let names = hits.iter().map(|hit| format!("{} ({})", hit.kind.name(), hit.kind.korean()));
    // Nobody escapes so often but to hide.
    let names = names.chain(below.is_deeper.then(|| "escaped text (이스케이프된 글)".to_owned()));
    let is_secret = text_holds_secret(text) || below.texts.iter().any(|t| text_holds_secret(t));
    names.chain(is_secret.then(|| "key or password (비밀키·비밀번호)".to_owned())).collect()
}

/// Places in the body of a record that look like personal data or a secret, such as
/// `operator.post`, with their kinds.
#[must_use]
pub fn places(kind: Kind, body: &Map<String, Value>) -> Vec<(String, String)> {
    let is_digest = |key: &str| {
        let mut items = items::of(kind).items.iter();
        items.any(|item| item.key == key && matches!(item.form, Form::Digest))
    };
    let mut found = Vec::new();
    for (key, value) in body {
        if !APART.contains(&key.as_str()) && !is_digest(key) {
            entry("", key, value, &mut found);
        }
    }
    found
}

/// Looks at a key and what stands under it. A key that looks like data is not named.
fn entry(table: &str, key: &str, value: &Value, found: &mut Vec<(String, String)>) {
    let names = kinds(key);
    if names.is_empty() {
        let path = if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") };
        leaf(&path, value, found);
    } else {
        found.push((table.to_owned(), joined(names)));
    }
}

fn leaf(path: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => {
            let names = kinds(text);
            // A digest in a list, such as that of a file.
            let is_digest = path.ends_with(".sha256")
                && text.len() == 64
                && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !names.is_empty() && !is_digest {
                found.push((path.to_owned(), joined(names)));
            }
        }
        Value::Number(number) => {
            let names = kinds(&number.to_string());
            if !names.is_empty() {
                found.push((path.to_owned(), joined(names)));
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                leaf(&format!("{path}[{index}]"), value, found);
            }
        }
        Value::Object(table) => {
            for (key, value) in table {
                entry(path, key, value, found);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

fn joined(names: BTreeSet<String>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}

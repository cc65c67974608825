//! A kind of record in; a body that has all of its items, or a file to fill in, out.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::form::{Form, Item, Need};
use super::people::{CORRECTS, HOLDER_IP};
use super::{Kept, of};
use crate::ledger::record::Kind;

/// A body that has every item of its kind but signatures and what it corrects, all of them
/// invented: the texts are the names of the items, the numbers are 0.
#[must_use]
pub fn body(kind: Kind) -> Map<String, Value> {
    table(of(kind).items)
}

fn table(items: &[Item]) -> Map<String, Value> {
    let items = items.iter().filter(|item| !is_signature(item) && item.key != CORRECTS.key);
    items.map(|item| (item.key.to_owned(), value(item))).collect()
}

/// What somebody signed cannot be invented.
fn is_signature(item: &Item) -> bool {
    matches!(item.need, Need::With("text" | "signatures"))
}

fn value(item: &Item) -> Value {
    let first = |words: &'static [&'static str]| words.first().copied().unwrap_or_default();
    match item.form {
        Form::Text if item.key == HOLDER_IP.key => json!("192.0.2.7"),
        Form::Text => json!(item.korean),
        Form::Number => json!(0),
        Form::Flag => json!(false),
        // By the clock of Korea the instants are of the next day, and what is confirmed was before.
        Form::Day if item.key == "confirmed_on" => json!("2026-11-23"),
        Form::Day => json!("2026-11-22"),
        Form::Instant => json!("2026-11-22T18:00:00Z"),
        Form::Digest => json!("0".repeat(64)),
        Form::One(words) => json!(first(words)),
        Form::Some(words) => json!([first(words)]),
        Form::Texts => json!([item.korean]),
        Form::Table(items) => Value::Object(table(items)),
        Form::Tables(items) => json!([table(items)]),
        Form::Found => json!({"example": true}),
    }
}

/// A TOML file with all items of a kind, to be filled in: what is always needed stands
/// there empty, the rest is commented out.
#[must_use]
pub fn toml(kind: Kind) -> String {
    let Kept { korean, english, form, items, .. } = of(kind);
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(text, "# {korean} ({english}): {}, {form}", kind.as_str());
    let _ = writeln!(
        text,
        "# 성명·전화번호는 적지 않습니다. 직위와 계정만 적습니다. (Posts and accounts, no names.)"
    );
    // Tables stand last: in TOML a key behind a table's head belongs to it.
    let (tables, keys): (Vec<&Item>, Vec<&Item>) =
        items.iter().partition(|item| item.form.items().is_some());
    for item in keys {
        line(&mut text, item, item.need != Need::Always);
    }
    for item in tables {
        let is_off = item.need != Need::Always;
        let inner = item.form.items().unwrap_or_default();
        let head = if item.form.is_list() {
            format!("[[{}]]", item.key)
        } else {
            format!("[{}]", item.key)
        };
        let _ = write!(text, "\n{}{}{head}\n", told(item), if is_off { "# " } else { "" });
        for item in inner {
            line(&mut text, item, is_off || item.need != Need::Always);
        }
    }
    text
}

fn line(text: &mut String, item: &Item, is_off: bool) {
    let value = match item.form {
        Form::Number => "0",
        Form::Flag => "false",
        Form::Some(_) | Form::Texts | Form::Tables(_) => "[]",
        Form::Table(_) | Form::Found => "{}",
        Form::Text | Form::Day | Form::Instant | Form::Digest | Form::One(_) => "\"\"",
    };
    let mark = if is_off { "# " } else { "" };
    let _ = writeln!(text, "{}{mark}{} = {value}", told(item), item.key);
}

/// What an item is called, where it is asked for, when it is needed and what it may be.
fn told(item: &Item) -> String {
    let law = if item.law == super::form::OWN { String::new() } else { format!(", {}", item.law) };
    let need = match item.need {
        Need::Always => String::new(),
        Need::Never => " — 있을 때만 (if there is one)".to_owned(),
        Need::If(key, word) => format!(" — {key} = \"{word}\"이면 필요 (needed then)"),
        Need::Without(key) => format!(" — {key}이(가) 없으면 필요 (needed without it)"),
        Need::With(key) => format!(" — {key}이(가) 있으면 필요 (needed with it)"),
    };
    let words = item.form.words().unwrap_or_default();
    let words = match item.form {
        Form::Text if item.key == HOLDER_IP.key => {
            ": 192.0.2.7 | 192.0.2.0/24 | 192.0.2.7, 192.0.2.9".to_owned()
        }
        Form::Day => ": 2026-11-22".to_owned(),
        Form::Instant => ": 2026-11-22T18:00:00+09:00".to_owned(),
        Form::One(_) => format!(": {}", words.join(" | ")),
        Form::Some(_) => format!(": [{}]", words.join(", ")),
        Form::Text
        | Form::Number
        | Form::Flag
        | Form::Digest
        | Form::Texts
        | Form::Table(_)
        | Form::Tables(_)
        | Form::Found => String::new(),
    };
    format!("# {} ({}{law}){words}{need}\n", item.korean, item.english)
}

//! An item and a value in; what is wrong with it out.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{Lack, Wrong};
use crate::ledger::json::{Node, Table};

/// Asked for by nobody but this program.
pub(super) const OWN: &str = "-";

/// One item of a record (기재 항목).
#[derive(Debug, Clone, Copy)]
pub struct Item {
    /// Its key in the table it stands in.
    pub key: &'static str,
    /// Its name in Korean, as in the forms.
    pub korean: &'static str,
    /// Its name in English.
    pub english: &'static str,
    /// Where the law or a form asks for it; `-` if neither does.
    pub law: &'static str,
    /// What it is.
    pub form: Form,
    /// When it is needed.
    pub need: Need,
}

/// What an item is.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// A text.
    Text,
    /// A whole number from 0.
    Number,
    /// Yes or no.
    Flag,
    /// A day, as `2026-11-22`.
    Day,
    /// An instant with its offset, as `2026-11-22T18:00:00Z` (RFC 3339).
    Instant,
    /// A SHA-256 in lower-case hexadecimal digits.
    Digest,
    /// One of these words.
    One(&'static [&'static str]),
    /// Some of these words.
    Some(&'static [&'static str]),
    /// Texts.
    Texts,
    /// A table.
    Table(&'static [Item]),
    /// Tables.
    Tables(&'static [Item]),
    /// Whatever was found: it is recorded as it is.
    Found,
}

/// When an item is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Always,
    /// Never: null and empty if there is nothing to say.
    Never,
    /// If another item of the same table says this.
    If(&'static str, &'static str),
    /// If another item of the same table is not there.
    Without(&'static str),
    /// If another item of the same table is there.
    With(&'static str),
}

impl Item {
    pub(super) const fn new(
        key: &'static str,
        korean: &'static str,
        english: &'static str,
        form: Form,
    ) -> Self {
        Self { key, korean, english, law: OWN, form, need: Need::Always }
    }

    pub(super) const fn law(self, law: &'static str) -> Self {
        Self { law, ..self }
    }

    pub(super) const fn need(self, need: Need) -> Self {
        Self { need, ..self }
    }

    pub(super) const fn optional(self) -> Self {
        self.need(Need::Never)
    }

    pub(super) fn lack(&self, path: String, what: Wrong) -> Lack {
        let Self { korean, english, law, .. } = *self;
        Lack { path, korean, english, law, what }
    }

    fn is_needed(&self, table: Table<'_>) -> bool {
        let is_there = |key: &str| table.get(key).is_some_and(|value| !is_empty(value));
        match self.need {
            Need::Always => true,
            Need::Never => false,
            Need::If(key, word) => table.get(key).and_then(Node::as_str) == Some(word),
            Need::Without(key) => !is_there(key),
            Need::With(key) => is_there(key),
        }
    }
}

impl Form {
    /// The words that it is one or some of.
    #[must_use]
    pub fn words(&self) -> Option<&'static [&'static str]> {
        if let Form::One(words) | Form::Some(words) = self { Some(words) } else { None }
    }

    /// The items of its table, or of each of its tables.
    #[must_use]
    pub fn items(&self) -> Option<&'static [Item]> {
        if let Form::Table(items) | Form::Tables(items) = self { Some(items) } else { None }
    }

    /// True if it is a list of tables.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self, Form::Tables(_))
    }

    /// What is expected, in words.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        match self {
            Form::Text => "a text",
            Form::Number => "a whole number",
            Form::Flag => "true or false",
            Form::Day => "a day as 2026-11-22",
            Form::Instant => "an instant as 2026-11-22T18:00:00Z",
            Form::Digest => "a SHA-256 in 64 hexadecimal digits",
            Form::One(_) => "one of its words",
            Form::Some(_) => "a list of some of its words",
            Form::Texts => "a list of texts",
            Form::Table(_) => "a table",
            Form::Tables(_) => "a list of tables",
            Form::Found => "anything",
        }
    }

    /// Looks at a value that is there and not empty.
    fn check(&self, item: &Item, node: &Node<'_>, path: Path<'_>, lacks: &mut Vec<Lack>) {
        let is_one = |words: &[&str], node: &Node<'_>| {
            node.as_str().is_some_and(|text| words.contains(&text))
        };
        let all = |is_good: &dyn Fn(&Node<'_>) -> bool| {
            node.as_list().is_some_and(|list| list.iter().all(is_good))
        };
        let text = node.as_str();
        let is_good = match self {
            Form::Text => text.is_some(),
            Form::Number => node.as_u64().is_some(),
            Form::Flag => matches!(node, Node::Flag(_)),
            Form::Day => text.is_some_and(is_day),
            Form::Instant => text.is_some_and(is_instant),
            Form::Digest => text.is_some_and(is_digest),
            Form::One(words) => is_one(words, node),
            Form::Some(words) => all(&|node| is_one(words, node)),
            Form::Texts => all(&|node| node.as_str().is_some() && !is_empty(node)),
            Form::Table(items) => {
                if let Node::Table(inner) = node {
                    table(items, *inner, Some(&path), lacks);
                }
                node.as_table().is_some()
            }
            Form::Tables(items) => {
                for (index, inner) in node.as_list().unwrap_or_default().iter().enumerate() {
                    let path = Path { index: Some(index), ..path };
                    if let Node::Table(inner) = inner {
                        table(items, *inner, Some(&path), lacks);
                    } else {
                        lacks.push(item.lack(path.to_string(), Wrong::Form("a table")));
                    }
                }
                node.as_list().is_some()
            }
            Form::Found => true,
        };
        if !is_good {
            lacks.push(item.lack(path.to_string(), Wrong::Form(self.expected())));
        }
    }

    fn schema(&self) -> Value {
        match self {
            Form::Text | Form::Day | Form::Instant | Form::Digest => json!({"type": "string"}),
            Form::Number => json!({"type": "integer"}),
            Form::Flag => json!({"type": "boolean"}),
            Form::One(words) => json!({"type": "string", "enum": words}),
            Form::Some(words) => {
                json!({"type": "array", "items": {"type": "string", "enum": words}})
            }
            Form::Texts => json!({"type": "array", "items": {"type": "string"}}),
            Form::Table(items) => schema_of(items),
            Form::Tables(items) => json!({"type": "array", "items": schema_of(items)}),
            Form::Found => json!({}),
        }
    }
}

/// Where a value stands. It is spelled out for what is wrong alone: nearly nothing is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path<'a> {
    above: Option<&'a Path<'a>>,
    key: &'static str,
    index: Option<usize>,
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            write!(f, "{above}.")?;
        }
        f.write_str(self.key)?;
        self.index.map_or(Ok(()), |index| write!(f, "[{index}]"))
    }
}

/// Looks at every item of a table.
pub(super) fn table(
    items: &[Item],
    table: Table<'_>,
    above: Option<&Path<'_>>,
    lacks: &mut Vec<Lack>,
) {
    // Records are written in the order of the items.
    let mut place = 0;
    for item in items {
        let path = Path { above, key: item.key, index: None };
        match table.get_behind(item.key, &mut place) {
            Some(node) if !is_empty(node) => item.form.check(item, node, path, lacks),
            _ if item.is_needed(table) => lacks.push(item.lack(path.to_string(), Wrong::Missing)),
            _ => {}
        }
    }
}

/// The structure of a table. What is needed only at times is not asked for by it.
pub(super) fn schema_of(items: &[Item]) -> Value {
    let properties: Map<String, Value> =
        items.iter().map(|item| (item.key.to_owned(), item.form.schema())).collect();
    let required = items.iter().filter(|item| item.need == Need::Always).map(|item| item.key);
    json!({
        "type": "object",
        "properties": properties,
        "required": required.collect::<Vec<_>>(),
        "additionalProperties": false,
    })
}

fn is_empty(node: &Node<'_>) -> bool {
    match node {
        Node::Null => true,
        Node::Text(text) => text.chars().all(char::is_whitespace),
        Node::List(list) => list.is_empty(),
        Node::Table(table) => table.len() == 0,
        Node::Flag(_) | Node::Number(_) => false,
    }
}

/// True for one spelling of each day only, of the years 0 to 9999.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok_and(|day| day.to_string() == text)
}

/// True for an instant as RFC 3339 writes it, with capital letters: other spellings that this
/// program's library reads are unknown to other readers.
fn is_instant(text: &str) -> bool {
    const SHAPE: &str = "0000-00-00T00:00:00";
    let is_like = |shape: &str, text: &str| {
        let is_one = |(shape, byte): (u8, u8)| {
            if shape == b'0' { byte.is_ascii_digit() } else { byte == shape }
        };
        shape.len() == text.len() && shape.bytes().zip(text.bytes()).all(is_one)
    };
    let Some((day, rest)) = text.split_at_checked(SHAPE.len()) else { return false };
    let zone = rest.find(['Z', '+', '-']).unwrap_or_default();
    let (fraction, zone) = rest.split_at(zone);
    let digits = fraction.strip_prefix('.').unwrap_or_default();
    let is_fraction = fraction.is_empty()
        || (1..=9).contains(&digits.len()) && is_like(&"0".repeat(digits.len()), digits);
    let is_zone = match zone.as_bytes().first() {
        Some(b'Z') => zone == "Z",
        Some(_) => is_like("00:00", &zone[1..]) && &zone[1..] < "24:00",
        None => false,
    };
    // No leap second, of which clocks know nothing.
    let is_second = !day.ends_with(":60");
    is_like(SHAPE, day) && is_fraction && is_zone && is_second && text.parse::<Timestamp>().is_ok()
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

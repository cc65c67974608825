//! Values in which others have put names (queries, cookies), in; the names that a
//! pipeline does not name, out.
//!
//! ```text
//! /search?q=…&utm_source=…    known: q     found: parameter `utm_source`, 1 row
//! ```
//!
//! Whoever asks for a page chooses such names, so what may be data is counted and
//! forgotten: see [`dictionary::is_data`].
//!
//! Not here: which of them are to be let in.

use std::collections::BTreeMap;

use super::dictionary;
use crate::parse::Columns;

/// Names that are kept. Of more it is only known that there are.
const NAMES: usize = 1_000;

/// Bytes of the longest name that is kept.
const NAME_BYTES: usize = 60;

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A field of a log whose lines say which it has.
    Field,
    /// A column of a table. The header line may be none, but somebody's data: one
    /// that the dictionary does not know is not shown.
    Column,
    /// A path of JSON.
    Key,
    /// A cookie.
    Cookie,
    /// A parameter of a query.
    Parameter,
}

/// A field in which names are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Parameters or cookies.
    pub kind: Kind,
    /// Its name in the pipeline file.
    pub field: String,
    /// Its index among the fields that the parser gives.
    pub column: usize,
    /// Names that the pipeline names.
    pub known: Vec<String>,
}

/// A name, and of what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// What it is of.
    pub kind: Kind,
    /// The field in which it stood; empty if it is a field itself.
    pub field: String,
    /// The name.
    pub name: String,
}

/// Names that were met and are not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknown {
    names: BTreeMap<Name, u64>,
    others: u64,
}

impl Watched {
    /// Adds the names in the rows of a chunk.
    pub fn look(&self, columns: &Columns, unknown: &mut Unknown) {
        let mut found: BTreeMap<&[u8], u64> = BTreeMap::new();
        for value in columns.fields[self.column].iter().flatten() {
            let (pairs, between) = match self.kind {
                Kind::Cookie => (value, b';'),
                Kind::Parameter | Kind::Field | Kind::Column | Kind::Key => (query(value), b'&'),
            };
            let mut rest = pairs;
            while !rest.is_empty() {
                let end = memchr::memchr2(b'=', between, rest).unwrap_or(rest.len());
                let name = rest[..end].trim_ascii_start();
                let is_named = rest.get(end) == Some(&b'=');
                if is_named && !self.known.iter().any(|known| known.as_bytes() == name) {
                    *found.entry(name).or_default() += 1;
                }
                let behind = &rest[end..];
                let next = memchr::memchr(between, behind).map_or(behind.len(), |at| at + 1);
                rest = &behind[next..];
            }
        }
        for (name, rows) in found {
            unknown.add(self.kind, &self.field, &String::from_utf8_lossy(name), rows);
        }
    }
}

impl Unknown {
    /// Adds a name that was met in so many rows.
    pub fn add(&mut self, kind: Kind, field: &str, name: &str, rows: u64) {
        if name.len() > NAME_BYTES || !is_name(kind, name) {
            // Columns are counted where the header line is read.
            self.others += if kind == Kind::Column { 0 } else { rows };
            return;
        }
        let name = Name { kind, field: field.to_owned(), name: name.to_owned() };
        self.count(name, rows);
    }

    /// Adds those of the chunk behind.
    pub fn merge(&mut self, other: Unknown) {
        self.others += other.others;
        for (name, rows) in other.names {
            self.count(name, rows);
        }
    }

    fn count(&mut self, name: Name, rows: u64) {
        if self.names.len() >= NAMES && !self.names.contains_key(&name) {
            self.others += rows;
        } else {
            *self.names.entry(name).or_default() += rows;
        }
    }

    /// The names, and in how many rows each stood.
    pub fn names(&self) -> impl Iterator<Item = (&Name, u64)> {
        self.names.iter().map(|(name, rows)| (name, *rows))
    }

    /// How often there was another one, which may be data or is one too many.
    #[must_use]
    pub fn others(&self) -> u64 {
        self.others
    }

    /// True if every name is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.others == 0
    }
}

/// True for what programs call something.
fn is_name(kind: Kind, name: &str) -> bool {
    if kind == Kind::Column {
        return !dictionary::is_data(name) && dictionary::is_known(name);
    }
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.$[]@:()".contains(&byte);
    name.bytes().all(is_word) && !dictionary::is_data(name)
}

/// The query of a target; the value itself if it is one.
fn query(value: &[u8]) -> &[u8] {
    let query = match memchr::memchr(b'?', value) {
        Some(start) => &value[start + 1..],
        None if value.starts_with(b"/") || value.starts_with(b"http") => &[],
        None => value,
    };
    &query[..memchr::memchr(b'#', query).unwrap_or(query.len())]
}

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

use wide::u8x16;

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
        let mut met = Met { known: &self.known, found: Vec::new(), others: BTreeMap::new() };
        let is_cookie = self.kind == Kind::Cookie;
        let between = if is_cookie { b';' } else { b'&' };
        for value in columns.fields[self.column].iter().flatten() {
            let pairs = if is_cookie { value } else { query(value) };
            let mut start = 0;
            each(between, pairs, |end| {
                met.pair(&pairs[start..end]);
                start = end + 1;
            });
            met.pair(&pairs[start..]);
        }
        for (name, rows) in met.found.into_iter().chain(met.others) {
            unknown.add(self.kind, &self.field, &String::from_utf8_lossy(name), rows);
        }
    }
}

/// Unknown names that are compared one by one, before a table is asked. A site has
/// a few, and in nearly every line the same.
const FEW: usize = 16;

/// The names of a chunk.
struct Met<'k, 'c> {
    known: &'k [String],
    /// The first unknown names that were met.
    found: Vec<(&'c [u8], u64)>,
    others: BTreeMap<&'c [u8], u64>,
}

impl<'c> Met<'_, 'c> {
    /// Counts the name of a pair, unless it is known. What has no `=` has none.
    #[inline]
    fn pair(&mut self, pair: &'c [u8]) {
        let pair = match pair {
            [] => return,
            [b' ', rest @ ..] => rest,
            _ => pair,
        };
        let is_it = |name: &[u8]| pair.get(name.len()) == Some(&b'=') && pair.starts_with(name);
        if self.known.iter().any(|known| is_it(known.as_bytes())) {
            return;
        }
        if let Some((_, rows)) = self.found.iter_mut().find(|(name, _)| is_it(name)) {
            *rows += 1;
            return;
        }
        let Some(end) = memchr::memchr(b'=', pair) else { return };
        let name = &pair[..end];
        if self.found.len() < FEW {
            self.found.push((name, 1));
        } else {
            *self.others.entry(name).or_default() += 1;
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

    /// Adds names that nobody could read, or keep.
    pub fn add_others(&mut self, rows: u64) {
        self.others += rows;
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
    let has_number = name.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    name.bytes().all(is_word) && !has_number && !dictionary::is_data(name)
}

/// The query of a target; the value itself if it is one.
#[inline]
fn query(value: &[u8]) -> &[u8] {
    let Some(start) = first(b'?', value) else {
        let is_one = !value.starts_with(b"/") && !value.starts_with(b"http");
        return if is_one { value } else { &[] };
    };
    let query = &value[start + 1..];
    &query[..first(b'#', query).unwrap_or(query.len())]
}

/// The place of the first byte that is the wanted one.
#[inline]
fn first(wanted: u8, bytes: &[u8]) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks::<16>();
    for (number, block) in blocks.iter().enumerate() {
        let hits = hits(wanted, *block);
        if hits != 0 {
            return Some(number * 16 + hits.trailing_zeros() as usize);
        }
    }
    match bytes.last_chunk() {
        // What it has in common with the blocks has no hit.
        Some(last) => match hits(wanted, *last) {
            0 => None,
            hits => Some(bytes.len() - 16 + hits.trailing_zeros() as usize),
        },
        None => rest.iter().position(|byte| *byte == wanted),
    }
}

/// Gives the place of every byte that is the wanted one. Sixteen at a time, in
/// line: values are short, and a call costs as much as the search.
#[inline]
fn each(wanted: u8, bytes: &[u8], mut place: impl FnMut(usize)) {
    let mut all = |start: usize, mut hits: u32| {
        while hits != 0 {
            place(start + hits.trailing_zeros() as usize);
            hits &= hits - 1;
        }
    };
    let (blocks, rest) = bytes.as_chunks::<16>();
    for (number, block) in blocks.iter().enumerate() {
        all(number * 16, hits(wanted, *block));
    }
    if let Some(last) = bytes.last_chunk() {
        // Without what it has in common with the blocks.
        all(bytes.len() - rest.len(), hits(wanted, *last) >> (16 - rest.len()));
    } else {
        let hits = (0..).zip(rest).map(|(at, byte)| u32::from(*byte == wanted) << at);
        all(0, hits.sum());
    }
}

/// A bit for each byte that is the wanted one.
#[inline]
fn hits(wanted: u8, block: [u8; 16]) -> u32 {
    u8x16::new(block).simd_eq(u8x16::splat(wanted)).to_bitmask()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn blocks_find_what_a_look_at_each_byte_finds(bytes in "[?&;a]{0,70}") {
            let bytes = bytes.as_bytes();
            let all: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b'&').collect();
            let mut found = Vec::new();
            each(b'&', bytes, |at| found.push(at));
            prop_assert_eq!(first(b'&', bytes), all.first().copied());
            prop_assert_eq!(found, all);
        }
    }
}

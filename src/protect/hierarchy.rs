//! A table of ever coarser categories in; the category of a value at a level
//! out.
//!
//! ```text
//! value   ;level 1     ;level 2;level 3
//! 어린이실;자료실      ;도서관 ;*
//! ```
//!
//! The form is that of ARX: one line per value, no heading, divided by `;`, or by
//! `,` if the first line has no `;`. A field may stand in `"`, in which `""` is
//! one `"`.
//!
//! Source: Sweeney 2002 (Achieving k-anonymity privacy protection using
//! generalization and suppression), section 2: domain and value generalisation
//! hierarchies; RFC 4180, section 2, for quotes.
//!
//! Not here: the hierarchies that come with the program ([`ready`]).

use std::borrow::Cow;
use std::collections::BTreeMap;

use encoding_rs::EUC_KR;

pub mod ready;
pub mod region;

/// Bytes of a file, at most.
pub const BYTES_MAX: usize = 64 << 20;

/// Levels above the values, at most.
pub const LEVELS_MAX: usize = 32;

/// Values and their categories. Equal categories at one level are equal at every
/// level above, so that going up never splits a class.
#[derive(Debug, Clone)]
pub struct Hierarchy {
    texts: Vec<Box<str>>,
    /// Value → place in `texts` of its category at each level, from 1.
    rows: BTreeMap<Box<str>, Box<[u32]>>,
    levels: usize,
}

/// Why a table is no hierarchy. Lines and levels are numbered from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum HierarchyError {
    #[error("{found} bytes, must be at most {BYTES_MAX}")]
    TooLong { found: usize },
    #[error("neither UTF-8 nor code page 949")]
    Encoding,
    #[error("no line, must have one per value")]
    Empty,
    #[error("line {line} has {found} levels, must have 1 to {LEVELS_MAX}")]
    Levels { line: usize, found: usize },
    #[error("line {line} has {found} fields, must have {expected} like the first")]
    Ragged { line: usize, found: usize, expected: usize },
    #[error("line {line} has a quote that is not closed, or something behind it")]
    Quote { line: usize },
    #[error("line {line} has an empty field, or blanks beside one")]
    Blank { line: usize },
    #[error("line {line} has the value of line {first}")]
    Duplicate { line: usize, first: usize },
    #[error("line {line} has the category of line {first} at level {level}, another above it")]
    Splits { line: usize, first: usize, level: usize },
    #[error("level is {found}, must be 1 to {levels}")]
    Level { found: usize, levels: usize },
}

impl Hierarchy {
    /// Reads a table, in UTF-8 or else code page 949. Empty lines are passed over.
    ///
    /// # Errors
    ///
    /// More than [`BYTES_MAX`] bytes; in neither encoding; no line; no level, or
    /// more than [`LEVELS_MAX`]; a line with another number of fields than the
    /// first; a quote that does not end its field; an empty field, or one with blanks at
    /// its ends, which would match nothing; a value that stands twice; two
    /// lines that are equal at one level and not at the next.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::protect::hierarchy::{Hierarchy, HierarchyError};
    ///
    /// let branches = Hierarchy::read("중앙;시내;*\n강변;시내;*\n산골;시외;*\n".as_bytes())?;
    /// assert_eq!(branches.levels(), 2);
    /// assert_eq!(branches.at("강변", 1), Some("시내"));
    /// assert_eq!(branches.at("바다", 1), None);
    ///
    /// let refused = Hierarchy::read(b"a;x;1\nb;x;2\n").unwrap_err();
    /// assert_eq!(refused, HierarchyError::Splits { line: 2, first: 1, level: 1 });
    /// # Ok::<(), HierarchyError>(())
    /// ```
    pub fn read(bytes: &[u8]) -> Result<Self, HierarchyError> {
        if bytes.len() > BYTES_MAX {
            return Err(HierarchyError::TooLong { found: bytes.len() });
        }
        let text = decode(bytes).ok_or(HierarchyError::Encoding)?;
        let mut reading = Reading::default();
        let mut separator = None;
        for (line, text) in (1..).zip(text.lines()) {
            if text.is_empty() {
                continue;
            }
            let separator =
                *separator.get_or_insert_with(|| if text.contains(';') { b';' } else { b',' });
            let fields = fields(text, separator).ok_or(HierarchyError::Quote { line })?;
            reading.add(line, &fields)?;
        }
        reading.end()
    }

    /// Levels above the values.
    #[must_use]
    pub fn levels(&self) -> usize {
        self.levels
    }

    /// Values that have categories.
    #[must_use]
    pub fn values(&self) -> usize {
        self.rows.len()
    }

    /// Says whether there is such a level above the values.
    ///
    /// # Errors
    ///
    /// It is 0, which would change nothing, or above the last.
    pub fn check_level(&self, level: usize) -> Result<(), HierarchyError> {
        match level {
            1.. if level <= self.levels => Ok(()),
            found => Err(HierarchyError::Level { found, levels: self.levels }),
        }
    }

    /// The category of a value at a level; the value itself at level 0. `None` if
    /// the table has no such value or level.
    #[must_use]
    pub fn at(&self, value: &str, level: usize) -> Option<&str> {
        let (value, row) = self.rows.get_key_value(value)?;
        match level.checked_sub(1) {
            None => Some(value),
            Some(place) => self.texts.get(*row.get(place)? as usize).map(|text| &**text),
        }
    }

    /// All values, sorted by their bytes.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(|value| &**value)
    }
}

/// A table of which some lines have been read.
#[derive(Default)]
struct Reading {
    numbers: BTreeMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
    /// Value → its line and categories.
    rows: BTreeMap<Box<str>, (usize, Box<[u32]>)>,
    /// For each level but the last: category → the one above it, and the line
    /// where that was seen first.
    above: Vec<BTreeMap<u32, (u32, usize)>>,
    /// Fields of the first line.
    fields: usize,
}

impl Reading {
    fn add(&mut self, line: usize, fields: &[Cow<'_, str>]) -> Result<(), HierarchyError> {
        let found = fields.len();
        if self.rows.is_empty() {
            if !(2..=LEVELS_MAX + 1).contains(&found) {
                return Err(HierarchyError::Levels { line, found: found.saturating_sub(1) });
            }
            self.fields = found;
            self.above.resize(found - 2, BTreeMap::new());
        }
        if found != self.fields {
            return Err(HierarchyError::Ragged { line, found, expected: self.fields });
        }
        if fields.iter().any(|field| field.is_empty() || field.trim() != field.as_ref()) {
            return Err(HierarchyError::Blank { line });
        }
        let row: Box<[u32]> = fields[1..].iter().map(|text| self.number(text)).collect();
        for (level, (above, pair)) in (1..).zip(self.above.iter_mut().zip(row.windows(2))) {
            let (next, first) = *above.entry(pair[0]).or_insert((pair[1], line));
            if next != pair[1] {
                return Err(HierarchyError::Splits { line, first, level });
            }
        }
        match self.rows.insert(fields[0].as_ref().into(), (line, row)) {
            Some((first, _)) => Err(HierarchyError::Duplicate { line, first }),
            None => Ok(()),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a file has fewer than 2^32 fields: each takes a byte of it"
    )]
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    fn end(self) -> Result<Hierarchy, HierarchyError> {
        if self.rows.is_empty() {
            return Err(HierarchyError::Empty);
        }
        let rows = self.rows.into_iter().map(|(value, (_, row))| (value, row)).collect();
        Ok(Hierarchy { texts: self.texts, rows, levels: self.fields - 1 })
    }
}

fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match str::from_utf8(bytes) {
        Ok(text) => Some(text.into()),
        Err(_) => EUC_KR.decode_without_bom_handling_and_without_replacement(bytes),
    }
}

/// The fields of a line; `None` if a quote is not closed or does not end its
/// field.
fn fields(line: &str, separator: u8) -> Option<Vec<Cow<'_, str>>> {
    let separator = char::from(separator);
    let mut found = Vec::new();
    let mut rest = line;
    loop {
        let (field, behind) = if let Some(inner) = rest.strip_prefix('"') {
            quoted(inner)?
        } else {
            let end = rest.find(separator).unwrap_or(rest.len());
            (rest[..end].into(), &rest[end..])
        };
        found.push(field);
        if behind.is_empty() {
            return Some(found);
        }
        rest = behind.strip_prefix(separator)?;
    }
}

/// A field behind its first quote, and what stands behind the last.
fn quoted(inner: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut text = Cow::Borrowed("");
    let mut rest = inner;
    loop {
        let (part, behind) = rest.split_once('"')?;
        text += part;
        match behind.strip_prefix('"') {
            Some(after) => {
                text += "\"";
                rest = after;
            }
            None => return Some((text, behind)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn rejects(table: &str, expected: HierarchyError) {
        assert_eq!(Hierarchy::read(table.as_bytes()).unwrap_err(), expected, "{table:?}");
    }

    #[test]
    fn categories_are_found_by_value_and_level() {
        let found =
            Hierarchy::read(b"1;\"a;b\";*\r\n\r\n2;\"a;b\";*\n3;\"say \"\"x\"\"\";*").unwrap();
        assert_eq!((found.levels(), found.values()), (2, 3));
        assert_eq!(found.at("1", 0), Some("1"));
        assert_eq!(found.at("1", 1), Some("a;b"));
        assert_eq!(found.at("3", 1), Some("say \"x\""));
        assert_eq!(found.at("3", 2), Some("*"));
        assert_eq!(found.at("3", 3), None);
        assert_eq!(found.at("4", 0), None);
        assert_eq!(found.iter().collect::<Vec<_>>(), ["1", "2", "3"]);
        assert_eq!(Hierarchy::read(b"a,b;c\nd,e;f").unwrap().at("a,b", 1), Some("c"));
        assert_eq!(Hierarchy::read(b"a,b\nc,b").unwrap().at("c", 1), Some("b"));
    }

    #[test]
    fn both_encodings_are_read() {
        let table = "중앙;시내\n";
        let (cp949, _, _) = EUC_KR.encode(table);
        for bytes in [table.as_bytes(), &cp949, &[b"\xef\xbb\xbf", table.as_bytes()].concat()] {
            assert_eq!(Hierarchy::read(bytes).unwrap().at("중앙", 1), Some("시내"));
        }
        assert_eq!(Hierarchy::read(b"\xff\xff;a").unwrap_err(), HierarchyError::Encoding);
    }

    #[test]
    fn faults_name_their_line() {
        use HierarchyError as E;
        rejects("", E::Empty);
        rejects("\n\n", E::Empty);
        rejects("a\n", E::Levels { line: 1, found: 0 });
        rejects(&"a;".repeat(40), E::Levels { line: 1, found: 40 });
        rejects("a;b;*\n\nc;d\n", E::Ragged { line: 3, found: 2, expected: 3 });
        rejects("a;b;*\nc;d;*;\n", E::Ragged { line: 2, found: 4, expected: 3 });
        rejects("a;\"b\n", E::Quote { line: 1 });
        rejects("a;\"b\"c\n", E::Quote { line: 1 });
        rejects("a;b\nc;b\na;b\n", E::Duplicate { line: 3, first: 1 });
        rejects("a;b;x\nc;d;x\ne;b;y\n", E::Splits { line: 3, first: 1, level: 1 });
        rejects("a;b;x;1\nc;d;x;2\n", E::Splits { line: 2, first: 1, level: 2 });
        let found = Hierarchy::read(b"a;b;*").unwrap();
        assert_eq!(found.check_level(0), Err(E::Level { found: 0, levels: 2 }));
        assert_eq!(found.check_level(3), Err(E::Level { found: 3, levels: 2 }));
        assert_eq!(found.check_level(2), Ok(()));
    }

    #[test]
    fn hostile_files_are_linear() {
        assert!(Hierarchy::read(&b"\"".repeat(1_000_001)).is_err());
        let mut line = b"a;\"".to_vec();
        line.extend(b"\"\"".repeat(1_000_000));
        line.extend(b"\"");
        assert_eq!(Hierarchy::read(&line).unwrap().at("a", 1).unwrap().len(), 1_000_000);
        assert!(Hierarchy::read(&b"a;".repeat(1_000_000)).is_err());
    }

    proptest! {
        #[test]
        fn what_is_read_never_splits_a_class(
            table in prop::collection::vec(prop::collection::vec("[ab\";,é]{0,2}", 3), 1..8),
        ) {
            let text: Vec<String> = table.iter().map(|row| row.join(";")).collect();
            let Ok(found) = Hierarchy::read(text.join("\n").as_bytes()) else { return Ok(()) };
            for one in found.iter() {
                for other in found.iter() {
                    for level in 1..found.levels() {
                        if found.at(one, level) == found.at(other, level) {
                            prop_assert_eq!(found.at(one, level + 1), found.at(other, level + 1));
                        }
                    }
                }
            }
        }

        #[test]
        fn quoted_fields_come_back(value in "[^\r\n]{1,12}", category in "[^\r\n]{0,12}") {
            let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let table = format!("{};{}", quote(&value), quote(&category));
            let is_blank = |text: &str| text.is_empty() || text.trim() != text;
            let found = Hierarchy::read(table.as_bytes());
            if is_blank(&value) || is_blank(&category) {
                prop_assert_eq!(found.unwrap_err(), HierarchyError::Blank { line: 1 });
            } else {
                let found = found.unwrap();
                prop_assert_eq!(found.at(&value, 1), Some(category.as_str()));
            }
        }

        #[test]
        fn any_bytes_have_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = Hierarchy::read(&bytes);
        }
    }
}

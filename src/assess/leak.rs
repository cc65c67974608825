//! The row groups that would be released in; what in them leads back to people, out.
//!
//! The last look before anything is published, at the output alone and whatever
//! technique made it: no identifier of the run's own input may stand in it, and nothing
//! that looks like one.
//!
//! A text that is an identifier as a whole, and that [`COMMON`] persons or more have, leads
//! back to none of them: a branch that borrows books has the name of a branch. One that
//! stands amid other words is one however many have it.
//!
//! Not here: masking (`protect`), which should have left nothing to be found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch, StringArray, UInt32Array};
use arrow::datatypes::{Int64Type, UInt32Type};
use hashbrown::HashTable;

use crate::protect::codes::member;
use crate::protect::identifiers::{Identifiers, Known, LEAST_NUMBER};
use crate::protect::layers;
use crate::scan;

/// So many persons have an identifier as a value of theirs that leads back to none.
pub const COMMON: usize = 5;

/// Texts that are known to be clean, at most.
const MOST_CLEAN: usize = 1 << 20;

/// What an identifier of the input is called.
const IDENTIFIER: &str = "identifier of the input";

/// The smallest number of thirteen digits: smaller ones may be resident numbers without
/// the zeros that they begin with, and are mostly something else.
const THIRTEEN_DIGITS: i64 = 1_000_000_000_000;

/// Looks for what leads back to people.
pub struct LeakTest {
    identifiers: Known,
    /// Columns in which pieces of the input stand as they were: in the others an
    /// identifier would be there by chance, as an address that another became.
    carried: Vec<bool>,
    /// Columns of intervals. Their bounds are numbers of the pipeline file, and may look like
    /// resident numbers by chance; what lies in them was looked at when it was read.
    intervals: Vec<bool>,
    /// The column that tells persons apart.
    subject: usize,
    /// Cells, by column and what stands in them.
    found: BTreeMap<(usize, &'static str), u64>,
    /// Texts that are an identifier, by column: cells and, up to [`COMMON`], persons.
    held: BTreeMap<(usize, u64), Held>,
    /// Columns of numbers: cells, and those that may be resident numbers.
    short: BTreeMap<usize, (u64, u64)>,
    hits: Vec<scan::Hit>,
    /// Texts in which nothing was found: they come again with every row group.
    clean: HashTable<u64>,
}

/// Cells that have a text, and some of the persons they are of.
#[derive(Default)]
struct Held {
    cells: u64,
    persons: BTreeSet<Vec<u8>>,
}

/// What stands in an output that must not. Columns and counts, no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// Column, what stands in it, and in how many cells.
    pub found: Vec<(String, &'static str, u64)>,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (column, what, cells)) in self.found.iter().enumerate() {
            let between = if index == 0 { "" } else { "; " };
            write!(f, "{between}column `{column}`: {what} in {cells} cells")?;
        }
        Ok(())
    }
}

/// A dictionary with the person of each row.
struct Texts<'a> {
    column: usize,
    keys: &'a UInt32Array,
    values: &'a StringArray,
    subject: &'a ArrayRef,
}

impl LeakTest {
    /// `carried` says for each column whether pieces of the input stand in it; `subject`
    /// is the index of the one that tells persons apart.
    #[must_use]
    pub fn new(identifiers: Identifiers, carried: Vec<bool>, subject: usize) -> Self {
        Self {
            identifiers: identifiers.known(),
            carried,
            intervals: Vec::new(),
            subject,
            found: BTreeMap::new(),
            held: BTreeMap::new(),
            short: BTreeMap::new(),
            hits: Vec::new(),
            clean: HashTable::new(),
        }
    }

    /// Says for each column whether it gives intervals of numbers: no resident numbers are
    /// looked for in their bounds.
    #[must_use]
    pub fn with_intervals(self, intervals: Vec<bool>) -> Self {
        Self { intervals, ..self }
    }

    /// Looks at a row group.
    pub(super) fn look(&mut self, row_group: &RecordBatch) {
        let subject = row_group.column(self.subject);
        for (column, array) in row_group.columns().iter().enumerate() {
            let is_carried = self.carried.get(column).copied().unwrap_or(true);
            if let Some(dictionary) = array.as_dictionary_opt::<UInt32Type>() {
                if let Some(texts) = dictionary.values().as_string_opt::<i32>() {
                    let keys = dictionary.keys();
                    self.texts(&Texts { column, keys, values: texts, subject }, is_carried);
                }
            } else if is_carried {
                self.numbers(column, array);
            }
        }
    }

    fn texts(&mut self, of: &Texts<'_>, is_carried: bool) {
        let (mut looks, mut identified) = (BTreeMap::new(), BTreeMap::new());
        let is_interval = self.intervals.get(of.column).copied().unwrap_or(false);
        for (value, text) in of.values.iter().enumerate() {
            let Some(text) = text else { continue };
            let look = u64::from(is_carried) | u64::from(is_interval) << 1;
            let mark = self.identifiers.mark(text) ^ look;
            if self.clean.find(mark, |known| *known == mark).is_some() {
                continue;
            }
            let found = self.inside(text, (is_carried, is_interval));
            let has_identifier = found.is_some();
            if let Some(is_whole) = found {
                identified.insert(value, (mark, is_whole));
            }
            if !self.hits.is_empty() {
                let kinds: BTreeSet<_> = self.hits.iter().map(|hit| hit.kind.name()).collect();
                looks.insert(value, kinds);
            } else if !has_identifier && self.clean.len() < MOST_CLEAN {
                self.clean.insert_unique(mark, mark, |known| *known);
            }
        }
        if looks.is_empty() && identified.is_empty() {
            return;
        }
        let persons = of.subject.as_dictionary_opt::<UInt32Type>();
        for (row, value) in of.keys.iter().enumerate() {
            let Some(value) = value.map(|value| value as usize) else { continue };
            for kind in looks.get(&value).into_iter().flatten() {
                *self.found.entry((of.column, kind)).or_default() += 1;
            }
            let Some((mark, is_whole)) = identified.get(&value) else { continue };
            if !is_whole {
                *self.found.entry((of.column, IDENTIFIER)).or_default() += 1;
                continue;
            }
            let held = self.held.entry((of.column, *mark)).or_default();
            held.cells += 1;
            let person = persons.filter(|persons| persons.keys().is_valid(row));
            if let Some(persons) = person.filter(|_| held.persons.len() < COMMON) {
                let person = member(persons.values(), persons.keys().value(row) as usize);
                held.persons.insert(person.to_vec());
            }
        }
    }

    /// Puts what a text has in it, and what stands under its escapes, into `hits`. If an
    /// identifier does: is it all of the text?
    fn inside(&mut self, text: &str, (is_carried, is_interval): (bool, bool)) -> Option<bool> {
        self.hits.clear();
        let hidden = layers(text);
        let mut found = None;
        for layer in std::iter::once(text).chain(hidden.texts.iter().map(String::as_str)) {
            scan::find(layer, &mut self.hits);
            if is_carried && self.identifiers.are_in(layer) {
                found = Some(found.unwrap_or(true) && self.identifiers.have(layer));
            }
        }
        self.hits.retain(|hit| !(is_interval && hit.kind == scan::Kind::Resident));
        found
    }

    fn numbers(&mut self, column: usize, array: &ArrayRef) {
        let Some(numbers) = array.as_primitive_opt::<Int64Type>() else { return };
        let (cells, may_be) = self.short.entry(column).or_default();
        *cells += (numbers.len() - numbers.null_count()) as u64;
        // Smaller ones are neither: most numbers count something.
        let is_large = |number: &i64| number.unsigned_abs() >= LEAST_NUMBER.unsigned_abs();
        for number in numbers.iter().flatten().filter(is_large) {
            // A sign hides nothing.
            let digits = number.checked_abs().unwrap_or(i64::MAX);
            if scan::is_resident_number(digits) {
                if digits >= THIRTEEN_DIGITS {
                    *self.found.entry((column, scan::Kind::Resident.name())).or_default() += 1;
                } else {
                    *may_be += 1;
                }
            } else if self.identifiers.have_number(number) {
                *self.found.entry((column, IDENTIFIER)).or_default() += 1;
            }
        }
    }

    /// After the last row group, and once: everything that was found, if anything was.
    pub(super) fn take(&mut self, names: impl Fn(usize) -> String) -> Option<Leak> {
        let mut found = std::mem::take(&mut self.found);
        for ((column, _), held) in std::mem::take(&mut self.held) {
            if held.persons.len() < COMMON {
                *found.entry((column, IDENTIFIER)).or_default() += held.cells;
            }
        }
        // About one number of a hundred of ten digits could be one: a column of them is
        // not chance any more.
        for (column, (cells, may_be)) in std::mem::take(&mut self.short) {
            if may_be * 2 > cells {
                *found.entry((column, scan::Kind::Resident.name())).or_default() += may_be;
            }
        }
        let found = found.into_iter();
        let found: Vec<_> =
            found.map(|((column, what), cells)| (names(column), what, cells)).collect();
        (!found.is_empty()).then_some(Leak { found })
    }
}

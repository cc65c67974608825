//! The row groups that would be released in; what in them leads back to people, out.
//!
//! The last look before anything is published, at the output alone and whatever
//! technique made it: no identifier of the run's own input may stand in it, and nothing
//! that looks like one.
//!
//! A text that is an identifier as a whole, and that [`COMMON`] persons or more have, leads
//! back to none of them: a branch that borrows books has the name of a branch. One that
//! stands amid other words is one however many have it; so is one whose column had its
//! values moved, since they are not of the persons beside them.
//!
//! A part of an identifier may happen to be another one of its field, and is meant to be
//! there. It may be none of another field.
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
    /// Those of fields of which a column has parts, field by field.
    parted: Vec<Known>,
    columns: Vec<Sought>,
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

/// What is looked for in a column besides what looks like an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sought {
    /// Pieces of the input stand in it as they were: in the others an identifier would be
    /// there by chance, as an address that another became.
    pub is_carried: bool,
    /// It has intervals of numbers. Their bounds are numbers of the pipeline file, and may look
    /// like resident numbers by chance; what lies in them was looked at when it was read.
    pub is_interval: bool,
    /// Its values changed places, so that nobody knows whose they are.
    pub is_permuted: bool,
    /// The identifiers of which it has parts, by the place of their field among those.
    pub parts_of: Option<usize>,
}

impl Sought {
    /// Everything, in a column whose values are those of their rows.
    pub const ALL: Self =
        Self { is_carried: true, is_interval: false, is_permuted: false, parts_of: None };

    /// What tells two columns apart in which not the same is looked for.
    fn mark(self) -> u64 {
        let parts = self.parts_of.map_or(0, |place| place as u64 + 1);
        parts << 2 | u64::from(self.is_interval) << 1 | u64::from(self.is_carried)
    }
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

impl Leak {
    /// What stands there, in Korean.
    #[must_use]
    pub fn korean(what: &'static str) -> &'static str {
        let kind = scan::Kind::ALL.into_iter().find(|kind| kind.name() == what);
        kind.map_or("입력의 식별자", scan::Kind::korean)
    }
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
    sought: Sought,
    keys: &'a UInt32Array,
    values: &'a StringArray,
    subject: &'a ArrayRef,
}

impl LeakTest {
    /// `parted` are the identifiers of each field of which a column has parts,
    /// `identifiers` all others. `columns` says what is looked for in each; `subject` is
    /// the index of the one that tells persons apart.
    #[must_use]
    pub fn new(
        identifiers: Identifiers,
        parted: Vec<Identifiers>,
        columns: Vec<Sought>,
        subject: usize,
    ) -> Self {
        Self {
            identifiers: identifiers.known(),
            parted: parted.into_iter().map(Identifiers::known).collect(),
            columns,
            subject,
            found: BTreeMap::new(),
            held: BTreeMap::new(),
            short: BTreeMap::new(),
            hits: Vec::new(),
            clean: HashTable::new(),
        }
    }

    /// Looks at a row group.
    pub(super) fn look(&mut self, row_group: &RecordBatch) {
        let subject = row_group.column(self.subject);
        for (column, array) in row_group.columns().iter().enumerate() {
            let sought = self.columns.get(column).copied().unwrap_or(Sought::ALL);
            if let Some(dictionary) = array.as_dictionary_opt::<UInt32Type>() {
                if let Some(texts) = dictionary.values().as_string_opt::<i32>() {
                    let keys = dictionary.keys();
                    self.texts(&Texts { column, sought, keys, values: texts, subject });
                }
            } else if sought.is_carried {
                self.numbers(column, array);
            }
        }
    }

    /// True if it is so of any identifiers that are looked for.
    fn any(&self, sought: Sought, is_so: impl Fn(&Known) -> bool) -> bool {
        let is_sought = |(place, _): &(usize, &Known)| sought.parts_of != Some(*place);
        let mut parted = self.parted.iter().enumerate().filter(is_sought);
        sought.is_carried && (is_so(&self.identifiers) || parted.any(|(_, known)| is_so(known)))
    }

    fn texts(&mut self, of: &Texts<'_>) {
        let (mut looks, mut identified) = (BTreeMap::new(), BTreeMap::new());
        for (value, text) in of.values.iter().enumerate() {
            let Some(text) = text else { continue };
            let mark = self.identifiers.mark(text) ^ of.sought.mark();
            if self.clean.find(mark, |known| *known == mark).is_some() {
                continue;
            }
            let found = self.inside(text, of.sought);
            let has_identifier = found.is_some();
            if let Some(is_whole) = found {
                identified.insert(value, (mark, is_whole && !of.sought.is_permuted));
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
            let Some((mark, may_be_common)) = identified.get(&value) else { continue };
            if !may_be_common {
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
    fn inside(&mut self, text: &str, sought: Sought) -> Option<bool> {
        self.hits.clear();
        let hidden = layers(text);
        let mut found = None;
        for layer in std::iter::once(text).chain(hidden.texts.iter().map(String::as_str)) {
            scan::find(layer, &mut self.hits);
            if self.any(sought, |known| known.are_in(layer)) {
                let is_whole = self.any(sought, |known| known.have(layer));
                found = Some(found.unwrap_or(true) && is_whole);
            }
        }
        self.hits.retain(|hit| !(sought.is_interval && hit.kind == scan::Kind::Resident));
        found
    }

    fn numbers(&mut self, column: usize, array: &ArrayRef) {
        let Some(numbers) = array.as_primitive_opt::<Int64Type>() else { return };
        let (mut residents, mut may_be, mut identified) = (0, 0, 0);
        // Smaller ones are neither: most numbers count something.
        let is_large = |number: &i64| number.unsigned_abs() >= LEAST_NUMBER.unsigned_abs();
        for number in numbers.iter().flatten().filter(is_large) {
            // A sign hides nothing.
            let digits = number.checked_abs().unwrap_or(i64::MAX);
            if scan::is_resident_number(digits) {
                let is_long = digits >= THIRTEEN_DIGITS;
                *(if is_long { &mut residents } else { &mut may_be }) += 1;
            } else if self.any(Sought::ALL, |known| known.have_number(number)) {
                identified += 1;
            }
        }
        let short = self.short.entry(column).or_default();
        short.0 += (numbers.len() - numbers.null_count()) as u64;
        short.1 += may_be;
        for (what, cells) in [(scan::Kind::Resident.name(), residents), (IDENTIFIER, identified)] {
            if cells > 0 {
                *self.found.entry((column, what)).or_default() += cells;
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

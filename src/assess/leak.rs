//! The row groups that would be released in; what in them leads back to people, out.
//!
//! The last look before anything is published, at the output alone and whatever
//! technique made it: no identifier of the run's own input may stand in it, and nothing
//! that looks like one.
//!
//! Not here: masking (`protect`), which should have left nothing to be found.

use std::collections::BTreeMap;
use std::fmt;

use arrow::array::{ArrayRef, AsArray as _, RecordBatch, StringArray, UInt32Array};
use arrow::datatypes::{Int64Type, UInt32Type};

use hashbrown::HashTable;

use crate::protect::identifiers::{Identifiers, Known, LEAST_NUMBER};
use crate::scan;

/// Looks for what leads back to people.
pub struct LeakTest {
    identifiers: Known,
    /// Columns in which pieces of the input stand as they were: in the others an
    /// identifier would be there by chance, as an address that another became.
    carried: Vec<bool>,
    /// Cells, by column and what stands in them.
    found: BTreeMap<(usize, &'static str), u64>,
    hits: Vec<scan::Hit>,
    /// Texts in which nothing was found: they come again with every row group.
    clean: HashTable<u64>,
}

/// Texts that are known to be clean, at most.
const MOST_CLEAN: usize = 1 << 20;

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

/// What an identifier of the input is called.
const IDENTIFIER: &str = "identifier of the input";

impl LeakTest {
    /// `carried` says for each column whether pieces of the input stand in it.
    #[must_use]
    pub fn new(identifiers: Identifiers, carried: Vec<bool>) -> Self {
        let (found, hits, clean) = (BTreeMap::new(), Vec::new(), HashTable::new());
        let identifiers = identifiers.known();
        Self { identifiers, carried, found, hits, clean }
    }

    /// Looks at a row group.
    pub(super) fn look(&mut self, row_group: &RecordBatch) {
        for (column, array) in row_group.columns().iter().enumerate() {
            let is_carried = self.carried.get(column).copied().unwrap_or(true);
            if let Some(dictionary) = array.as_dictionary_opt::<UInt32Type>() {
                if let Some(texts) = dictionary.values().as_string_opt::<i32>() {
                    self.texts(column, is_carried, dictionary.keys(), texts);
                }
            } else if is_carried {
                self.numbers(column, array);
            }
        }
    }

    fn texts(&mut self, column: usize, is_carried: bool, keys: &UInt32Array, texts: &StringArray) {
        let mut hit: BTreeMap<usize, Vec<&'static str>> = BTreeMap::new();
        for (value, text) in texts.iter().enumerate() {
            let Some(text) = text else { continue };
            let mark = self.identifiers.mark(text) ^ u64::from(is_carried);
            if self.clean.find(mark, |known| *known == mark).is_some() {
                continue;
            }
            self.hits.clear();
            scan::find(text, &mut self.hits);
            let mut found: Vec<&'static str> =
                self.hits.iter().map(|hit| hit.kind.name()).collect();
            if is_carried && self.identifiers.are_in(text) {
                found.push(IDENTIFIER);
            }
            found.sort_unstable();
            found.dedup();
            if !found.is_empty() {
                hit.insert(value, found);
            } else if self.clean.len() < MOST_CLEAN {
                self.clean.insert_unique(mark, mark, |known| *known);
            }
        }
        if hit.is_empty() {
            return;
        }
        let mut cells: BTreeMap<usize, u64> = BTreeMap::new();
        for value in keys.iter().flatten() {
            *cells.entry(value as usize).or_default() += 1;
        }
        for (value, found) in hit {
            // One that no row has any more is not released.
            let Some(cells) = cells.get(&value) else { continue };
            for what in found {
                *self.found.entry((column, what)).or_default() += cells;
            }
        }
    }

    fn numbers(&mut self, column: usize, array: &ArrayRef) {
        let Some(numbers) = array.as_primitive_opt::<Int64Type>() else { return };
        // Smaller ones are neither: most numbers count something.
        for number in numbers
            .iter()
            .flatten()
            .filter(|number| number.unsigned_abs() >= LEAST_NUMBER.unsigned_abs())
        {
            let resident = scan::Kind::Resident.name();
            let what = if scan::is_resident_number(number) {
                resident
            } else if self.identifiers.have_number(number) {
                IDENTIFIER
            } else {
                continue;
            };
            *self.found.entry((column, what)).or_default() += 1;
        }
    }

    /// After the last row group: everything that was found, if anything was.
    pub(super) fn leak(&self, names: impl Fn(usize) -> String) -> Option<Leak> {
        let found = self.found.iter();
        let found: Vec<_> =
            found.map(|((column, what), cells)| (names(*column), *what, *cells)).collect();
        (!found.is_empty()).then_some(Leak { found })
    }
}

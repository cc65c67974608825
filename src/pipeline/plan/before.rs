//! Fields as they were logged in; how often each of their values stands there, out.
//!
//! For plans alone: a night has no use for it. Nothing of it leaves but counts, and
//! the smallest and largest number and time of a field, for which the guideline's form
//! of the result asks (가명처리 결과서, 4).

use std::collections::BTreeMap;

use super::Extremes;
use crate::parse::Columns;
use crate::protect::distinct::{Distinct, HashSeeds};

/// Values of one field that are told apart at most: more are counted together.
const MOST_VALUES: usize = 4_000_000;

/// Counts the values of fields.
pub(in crate::pipeline) struct Before {
    fields: BTreeMap<usize, Counted>,
}

/// The values of a field, each with its rows.
pub(super) struct Counted {
    values: Distinct<u64>,
    /// Rows of values that are not told apart.
    others: u64,
    nulls: u64,
    rows: u64,
}

impl Before {
    /// For the fields with these numbers among those that the parser gives.
    pub(super) fn new(fields: impl Iterator<Item = usize>, seeds: HashSeeds) -> Self {
        let counted = || Counted { values: Distinct::new(seeds), others: 0, nulls: 0, rows: 0 };
        Self { fields: fields.map(|field| (field, counted())).collect() }
    }

    /// Counts what stands in a chunk.
    pub(in crate::pipeline) fn see(&mut self, columns: &Columns) {
        for (field, counted) in &mut self.fields {
            let Some(values) = columns.fields.get(*field) else { continue };
            counted.rows += values.len() as u64;
            for value in values.iter() {
                let Some(value) = value else {
                    counted.nulls += 1;
                    continue;
                };
                if counted.values.len() < MOST_VALUES {
                    let (number, _) = counted.values.number(value);
                    *counted.values.with_mut(number) += 1;
                } else if let Some(number) = counted.values.find(value) {
                    *counted.values.with_mut(number) += 1;
                } else {
                    counted.others += 1;
                }
            }
        }
    }

    /// What was counted of a field.
    pub(super) fn of(&self, field: usize) -> Option<&Counted> {
        self.fields.get(&field)
    }
}

impl Counted {
    /// How many different values there are, at least.
    pub(super) fn distinct(&self) -> u64 {
        self.values.len() as u64 + u64::from(self.others > 0)
    }

    /// All rows.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Rows without a value.
    pub(super) fn nulls(&self) -> u64 {
        self.nulls
    }

    /// The smallest and the largest number that `read` makes of the values, each with
    /// its rows.
    pub(super) fn extremes(&self, read: impl Fn(&[u8]) -> Option<i64>) -> Option<Extremes> {
        let numbers = (0u32..).zip(self.values.members());
        let numbers =
            numbers.filter_map(|(number, value)| Some((read(value)?, *self.values.with(number))));
        Extremes::of(numbers)
    }
}

//! Row groups that were laid aside in; of each held value, how many rows and which
//! persons, out.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array as _, AsArray as _};
use arrow::datatypes::UInt32Type;

use super::rows::{Gone, RowRules};
use crate::aside::{Error, Spilled};
use crate::protect::Output;
use crate::protect::codes::codes;
use crate::protect::distinct::{ABSENT, Distinct, HashSeeds};

/// Looks through the row groups.
pub(super) struct Survey<'a> {
    pub(super) spilled: &'a Spilled,
    pub(super) subject: usize,
    pub(super) seeds: HashSeeds,
}

/// The distributions of columns, by their index.
#[derive(Default)]
pub(super) struct Surveyed {
    pub(super) columns: BTreeMap<usize, Distribution>,
}

/// What is known of each value of a column, by its number.
#[derive(Default)]
pub(in crate::protect) struct Distribution {
    /// Rows that have it.
    pub(in crate::protect) rows: Vec<u64>,
    /// Persons that have it, as many as were asked for: if there are fewer, all.
    pub(in crate::protect) persons: Vec<BTreeSet<u32>>,
}

impl Survey<'_> {
    /// The columns for which `wanted` gives how many persons of each value are asked
    /// for, over the rows that stay.
    pub(super) fn of(
        &self,
        outputs: &[Output],
        rules: &RowRules,
        wanted: impl Fn(usize) -> Option<u64>,
    ) -> Result<Surveyed, Error> {
        let mut columns = BTreeMap::new();
        let mut asked = BTreeMap::new();
        for (index, output) in outputs.iter().enumerate() {
            if let Some(persons) = wanted(index) {
                let values = output.values_held();
                let persons_of = if persons > 0 { values } else { 0 };
                let rows = vec![0; values];
                let distribution =
                    Distribution { rows, persons: vec![BTreeSet::new(); persons_of] };
                columns.insert(index, distribution);
                asked.insert(index, persons);
            }
        }
        let mut persons = Distinct::new(self.seeds);
        let mut first_row = 0;
        let mut gone = Gone::default();
        for row_group in self.spilled.read() {
            let row_group = row_group?;
            let stays = rules.stays(&row_group, self.subject, first_row, &mut gone);
            first_row += row_group.num_rows() as u64;
            let subjects = codes(row_group.column(self.subject), &mut persons);
            for (index, distribution) in &mut columns {
                let Some(numbers) = row_group.column(*index).as_primitive_opt::<UInt32Type>()
                else {
                    continue;
                };
                let asked = asked.get(index).copied().unwrap_or(0);
                for row in stays.set_indices() {
                    if numbers.is_null(row) {
                        continue;
                    }
                    let value = numbers.value(row) as usize;
                    distribution.rows[value] += 1;
                    let Some(of_value) = distribution.persons.get_mut(value) else { continue };
                    let person = subjects.global[subjects.rows[row] as usize];
                    if person != ABSENT && (of_value.len() as u64) < asked {
                        of_value.insert(person);
                    }
                }
            }
        }
        Ok(Surveyed { columns })
    }
}

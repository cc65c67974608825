//! Row groups that were laid aside in; of each held value, how many rows and which
//! persons, out.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array as _, AsArray as _, RecordBatch};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::UInt32Type;

use super::finish::group_keys;
use super::rows::{Gone, RowRules};
use crate::aside::{Error, Spilled};
use crate::protect::codes::codes;
use crate::protect::column::make::to_local;
use crate::protect::distinct::{ABSENT, Distinct, HashSeeds};
use crate::protect::moment::{Extent, Shift, Term};
use crate::protect::{Output, number_of};

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

/// From when to when each person is there in each term.
#[derive(Default)]
pub(in crate::protect) struct Extents {
    persons: Option<Distinct>,
    of: BTreeMap<(u32, Term), Extent>,
}

impl Extents {
    /// That of the person with this pseudonym.
    pub(in crate::protect) fn of(&self, person: &[u8], term: Term) -> Option<Extent> {
        let number = self.persons.as_ref()?.find(person)?;
        self.of.get(&(number, term)).copied()
    }
}

impl Survey<'_> {
    /// Calls `each` with every row group, and which of its rows stay.
    fn row_groups(
        &self,
        rules: &RowRules,
        mut each: impl FnMut(&RecordBatch, &BooleanBuffer),
    ) -> Result<(), Error> {
        let mut first_row = 0;
        let mut gone = Gone::default();
        for row_group in self.spilled.read() {
            let row_group = row_group?;
            let stays = rules.stays(&row_group, self.subject, first_row, &mut gone);
            first_row += row_group.num_rows() as u64;
            each(&row_group, &stays);
        }
        Ok(())
    }

    /// The sum of the numbers of a column in each group of another one.
    pub(super) fn sums(
        &self,
        output: &Output,
        (column, margins): (usize, usize),
        rules: &RowRules,
    ) -> Result<BTreeMap<Option<Vec<u8>>, i128>, Error> {
        let numbers: Vec<i64> = output.bytes_held().map(number_of).collect();
        let mut sums = BTreeMap::new();
        self.row_groups(rules, |row_group, stays| {
            let groups = group_keys(row_group.column(margins));
            let values = row_group.column(column).as_primitive_opt::<UInt32Type>();
            let rows = values.into_iter().flatten().zip(groups).zip(stays);
            for ((value, group), stays) in rows {
                let number = value.and_then(|value| numbers.get(value as usize));
                if let Some(number) = number.filter(|_| stays) {
                    *sums.entry(group).or_default() += i128::from(*number);
                }
            }
        })?;
        Ok(sums)
    }

    /// From when to when each person is there in each term, by the times of a column.
    pub(super) fn extents(
        &self,
        output: &Output,
        (column, shift): (usize, &Shift),
        rules: &RowRules,
    ) -> Result<Extents, Error> {
        let times: Vec<_> = output
            .bytes_held()
            .map(|bytes| to_local(bytes).and_then(|time| Some((time, shift.term(time)?))))
            .collect();
        let mut persons = Distinct::new(self.seeds);
        let mut of = BTreeMap::new();
        self.row_groups(rules, |row_group, stays| {
            let subjects = codes(row_group.column(self.subject), &mut persons);
            let values = row_group.column(column).as_primitive_opt::<UInt32Type>();
            for ((row, value), stays) in values.into_iter().flatten().enumerate().zip(stays) {
                let time = value.and_then(|value| *times.get(value as usize)?);
                let person = subjects.global[subjects.rows[row] as usize];
                let Some((time, term)) = time.filter(|_| stays && person != ABSENT) else {
                    continue;
                };
                of.entry((person, term))
                    .and_modify(|extent: &mut Extent| *extent = extent.with(time))
                    .or_insert_with(|| Extent::of(time));
            }
        })?;
        Ok(Extents { persons: Some(persons), of })
    }

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
        self.row_groups(rules, |row_group, stays| {
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
        })?;
        Ok(Surveyed { columns })
    }
}

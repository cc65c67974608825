//! Values that too few persons have in; their cells made null out (로컬 삭제).
//!
//! Not here: values that go with their rows (`classes`).

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, DictionaryArray, UInt32Array};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::UInt32Type;

use super::Error;
use super::measure::{Measure, class_of};
use crate::aside::Spilled;
use crate::protect::codes::{codes, member};
use crate::protect::distinct::{ABSENT, Distinct, HashSeeds};

/// Values to blank, by column index: the distinct values, and which are rare.
pub(super) type Rare = Vec<(usize, Distinct, Vec<bool>)>;

/// Columns that are no quasi-identifiers: their values among the rows that
/// stay, and which of them too few persons have.
pub(super) fn rare_observations(
    measure: &Measure,
    spilled: &Spilled,
    is_suppressed: &[bool],
    seeds: HashSeeds,
) -> Result<Rare, Error> {
    let columns: Vec<(usize, u64)> = measure
        .value_persons_min
        .iter()
        .copied()
        .filter(|(column, _)| !measure.quasi_identifiers.contains(column))
        .collect();
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let mut counted: Vec<(Distinct, Vec<BTreeSet<u32>>)> =
        columns.iter().map(|_| (Distinct::new(seeds), Vec::new())).collect();
    let mut persons = Distinct::new(seeds);
    for row_group in spilled.read() {
        let row_group = row_group?;
        let class = class_of(&row_group);
        let persons = codes(row_group.column(measure.subject), &mut persons);
        for ((column, min), (values, seen)) in columns.iter().zip(&mut counted) {
            let coded = codes(row_group.column(*column), values);
            seen.resize_with(values.len(), BTreeSet::new);
            let mut is_enough: Vec<bool> = coded
                .global
                .iter()
                .map(|&value| value == ABSENT || seen[value as usize].len() as u64 >= *min)
                .collect();
            for (row, &code) in coded.rows.iter().enumerate() {
                let person = persons.global[persons.rows[row] as usize];
                if is_enough[code as usize]
                    || person == ABSENT
                    || is_suppressed[class[row] as usize]
                {
                    continue;
                }
                let seen = &mut seen[coded.global[code as usize] as usize];
                seen.insert(person);
                is_enough[code as usize] = seen.len() as u64 >= *min;
            }
        }
    }
    let rare = columns.into_iter().zip(counted).map(|((column, min), (values, seen))| {
        let is_rare = seen.iter().map(|persons| (persons.len() as u64) < min).collect();
        (column, values, is_rare)
    });
    Ok(rare.collect())
}

/// Makes cells with a rare value null. Gives the values of which some went, by
/// number, and how many cells.
pub(super) fn blank(
    array: &ArrayRef,
    values: &mut Distinct,
    is_rare: &[bool],
) -> (ArrayRef, Vec<(u32, u64)>) {
    let Some(array) = array.as_dictionary_opt::<UInt32Type>() else {
        return (Arc::clone(array), Vec::new());
    };
    let members = array.values();
    let numbers: Vec<u32> =
        (0..members.len()).map(|index| values.number(member(members, index)).0).collect();
    let is_blank = |key: u32| is_rare.get(numbers[key as usize] as usize).copied().unwrap_or(false);
    if !(0..numbers.len()).any(|key| u32::try_from(key).is_ok_and(is_blank)) {
        return (Arc::new(array.clone()), Vec::new());
    }
    let keys = array.keys();
    let mut cells = vec![0u64; numbers.len()];
    let stays = BooleanBuffer::collect_bool(keys.len(), |row| {
        let stays = keys.is_valid(row) && !is_blank(keys.value(row));
        if !stays && keys.is_valid(row) {
            cells[keys.value(row) as usize] += 1;
        }
        stays
    });
    let gone = numbers.iter().zip(cells).filter(|(_, cells)| *cells > 0);
    let gone = gone.map(|(number, cells)| (*number, cells)).collect();
    let keys = UInt32Array::new(keys.values().clone(), Some(NullBuffer::new(stays)));
    (Arc::new(DictionaryArray::new(keys, Arc::clone(members))), gone)
}

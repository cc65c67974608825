//! Numbers of held values of a row group in; the protected array out.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, DictionaryArray, StringArray, UInt32Array};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType, UInt32Type};
use jiff::tz::TimeZone;

use super::distribution::Extents;
use crate::notation::time::Local;
use crate::protect::codes::member;
use crate::protect::column::numbers;
use crate::protect::moment::{self, Extent, Shift};
use crate::protect::number::controlled::Controlled;
use crate::protect::technique::Form;
use crate::vault::pseudonym::PseudonymKey;

/// What becomes of each row of a held column.
pub(super) enum Finish {
    /// Value → text, as one of a list; `None` for null.
    Texts { texts: Vec<String>, of: Vec<Option<u32>> },
    /// Value → number.
    Numbers { form: Form, numbers: Vec<Option<i64>> },
    /// Value and what is drawn for its person → number.
    Drawn { key: Arc<PseudonymKey>, numbers: Vec<i64>, make: Draw, row: u64 },
    /// Value, and the group it is in → number.
    Controlled { rounding: Controlled, groups: Vec<Option<Vec<u8>>>, numbers: Vec<i64> },
    /// Time, and what is drawn for its person → time.
    Shifted { key: Arc<PseudonymKey>, shifted: Shifted, row: u64 },
}

/// Times that move.
pub(super) struct Shifted {
    pub(super) shift: Shift,
    pub(super) zone: Option<TimeZone>,
    /// By the number of the value.
    pub(super) times: Vec<Option<Local>>,
    pub(super) extents: Extents,
}

impl Default for Finish {
    fn default() -> Self {
        Self::Numbers { form: Form::Integer, numbers: Vec::new() }
    }
}

/// A number of a number and of 32 random bytes.
pub(super) type Draw = Box<dyn Fn(i64, &[u8; 32]) -> Option<i64> + Send>;

/// What stands beside a held column in a row group.
pub(super) struct Beside<'a> {
    /// Whose each row is.
    pub(super) subject: &'a ArrayRef,
    /// The groups of controlled rounding.
    pub(super) margins: Option<&'a ArrayRef>,
}

impl Finish {
    /// For the text of each value.
    pub(super) fn texts(texts: Vec<Option<String>>) -> Self {
        let mut listed = Vec::new();
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        let of = texts.into_iter().map(|text| {
            let text = text?;
            let number = *numbers.entry(text).or_insert_with_key(|text| {
                listed.push(text.clone());
                u32::try_from(listed.len() - 1).unwrap_or(u32::MAX)
            });
            Some(number)
        });
        let of = of.collect();
        Self::Texts { texts: listed, of }
    }

    pub(super) fn drawn(key: &Arc<PseudonymKey>, numbers: Vec<i64>, make: Draw) -> Self {
        Self::Drawn { key: Arc::clone(key), numbers, make, row: 0 }
    }

    pub(super) fn controlled(
        rounding: Controlled,
        groups: Vec<Option<Vec<u8>>>,
        numbers: Vec<i64>,
    ) -> Self {
        Self::Controlled { rounding, groups, numbers }
    }

    pub(super) fn shifted(key: &Arc<PseudonymKey>, shifted: Shifted) -> Self {
        Self::Shifted { key: Arc::clone(key), shifted, row: 0 }
    }

    /// The array of a row group.
    pub(super) fn array(&mut self, values: &UInt32Array, beside: &Beside<'_>) -> ArrayRef {
        match self {
            Self::Texts { texts, of } => dictionary(texts, of, values),
            Self::Numbers { form, numbers } => {
                let rows = values.iter().map(|value| *numbers.get(value? as usize)?);
                numbers_array(*form, rows)
            }
            Self::Drawn { key, numbers, make, row } => {
                let draws = draws(key, beside.subject, row);
                let rows = values.iter().zip(&draws);
                let rows = rows.map(|(value, draw)| make(*numbers.get(value? as usize)?, draw));
                numbers_array(Form::Integer, rows)
            }
            Self::Controlled { rounding, groups, numbers } => {
                let of_rows = beside.margins.map(group_keys).unwrap_or_default();
                let rows = values.iter().zip(of_rows).map(|(value, group)| {
                    let group = groups.binary_search(&group).ok()?;
                    rounding.next(group, *numbers.get(value? as usize)?)
                });
                numbers_array(Form::Integer, rows)
            }
            Self::Shifted { key, shifted, row } => {
                let draws = draws(key, beside.subject, row);
                let persons = persons(beside.subject);
                let rows = values.iter().zip(&draws).zip(persons);
                let rows = rows.map(|((value, draw), person)| {
                    shifted.moved(*shifted.times.get(value? as usize)?, draw, person)
                });
                numbers_array(Form::Time, rows)
            }
        }
    }
}

impl Shifted {
    fn moved(&self, time: Option<Local>, draw: &[u8; 32], person: Option<&[u8]>) -> Option<i64> {
        let time = time?;
        let term = self.shift.term(time)?;
        let extent = person.and_then(|person| self.extents.of(person, term));
        let weeks = self.shift.weeks(draw, term, extent.unwrap_or_else(|| Extent::of(time)));
        moment::utc(moment::moved(time, weeks, self.zone.as_ref())?)
    }
}

/// The group of each row: the bytes of its value.
pub(super) fn group_keys(array: &ArrayRef) -> Vec<Option<Vec<u8>>> {
    if let Some(dictionary) = array.as_dictionary_opt::<UInt32Type>() {
        let value = |key: u32| member(dictionary.values(), key as usize).to_vec();
        return dictionary.keys().iter().map(|key| key.map(value)).collect();
    }
    let bytes = |number: Option<i64>| number.map(|number| number.to_le_bytes().to_vec());
    if let Some(numbers) = array.as_primitive_opt::<Int64Type>() {
        numbers.iter().map(bytes).collect()
    } else if let Some(times) = array.as_primitive_opt::<TimestampMicrosecondType>() {
        times.iter().map(bytes).collect()
    } else if let Some(flags) = array.as_boolean_opt() {
        flags.iter().map(|flag| flag.map(|flag| vec![u8::from(flag)])).collect()
    } else {
        vec![None; array.len()]
    }
}

/// The pseudonym of the person of each row.
fn persons(subject: &ArrayRef) -> Vec<Option<&[u8]>> {
    let Some(dictionary) = subject.as_dictionary_opt::<UInt32Type>() else { return Vec::new() };
    let person = |key: u32| member(dictionary.values(), key as usize);
    dictionary.keys().iter().map(|key| key.map(person)).collect()
}

/// What is drawn for the person of each row; for rows of nobody by their place in the
/// table, which `row` counts.
fn draws(key: &PseudonymKey, subject: &ArrayRef, row: &mut u64) -> Vec<[u8; 32]> {
    let Some(dictionary) = subject.as_dictionary_opt::<UInt32Type>() else { return Vec::new() };
    let persons: Vec<[u8; 32]> = (0..dictionary.values().len())
        .map(|index| key.pseudonym(member(dictionary.values(), index)))
        .collect();
    let drawn = dictionary.keys().iter().map(|person| {
        *row += 1;
        match person {
            Some(person) => persons[person as usize],
            None => key.pseudonym(&row.to_le_bytes()),
        }
    });
    drawn.collect()
}

fn numbers_array(form: Form, rows: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    let mut is_valid = Vec::new();
    let numbers: Vec<i64> = rows
        .map(|number| {
            is_valid.push(number.is_some());
            number.unwrap_or(0)
        })
        .collect();
    let nulls = is_valid.contains(&false).then(|| NullBuffer::from(is_valid));
    numbers::array(form, ScalarBuffer::from(numbers), nulls)
}

/// Only texts that a row has: the others may be of rows that went.
fn dictionary(texts: &[String], of: &[Option<u32>], values: &UInt32Array) -> ArrayRef {
    let mut here: Vec<Option<u32>> = vec![None; texts.len()];
    let mut used: Vec<&str> = Vec::new();
    let keys: UInt32Array = values
        .iter()
        .map(|value| {
            let text = (*of.get(value? as usize)?)? as usize;
            Some(*here[text].get_or_insert_with(|| {
                used.push(&texts[text]);
                u32::try_from(used.len() - 1).unwrap_or(u32::MAX)
            }))
        })
        .collect();
    let keys = match keys.nulls().filter(|nulls| nulls.null_count() == 0) {
        Some(_) => UInt32Array::new(keys.values().clone(), None),
        None => keys,
    };
    // A null row still needs a key, and one must have a value.
    if used.is_empty() {
        used.push("");
    }
    Arc::new(DictionaryArray::<UInt32Type>::new(keys, Arc::new(StringArray::from(used))))
}

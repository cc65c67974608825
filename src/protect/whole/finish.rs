//! Numbers of held values of a row group in; the protected array out.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, DictionaryArray, StringArray, UInt32Array};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::datatypes::UInt32Type;

use crate::protect::codes::member;
use crate::protect::column::numbers;
use crate::protect::technique::Form;
use crate::vault::pseudonym::PseudonymKey;

/// What becomes of each row of a held column.
pub(super) enum Finish {
    /// Value → text, as one of a list; `None` for null.
    Texts { texts: Vec<String>, of: Vec<Option<u32>> },
    /// Value → number.
    Numbers { form: Form, numbers: Vec<Option<i64>> },
    /// Value and what is drawn for its person → number.
    Drawn { form: Form, key: PseudonymKey, values: Vec<Vec<u8>>, make: Draw, row: u64 },
}

/// A number of a value and of 32 random bytes.
pub(super) type Draw = Box<dyn Fn(&[u8], &[u8; 32]) -> Option<i64> + Send>;

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

    /// The array of a row group, whose persons are `subject`.
    pub(super) fn array(&mut self, values: &UInt32Array, subject: &ArrayRef) -> ArrayRef {
        match self {
            Self::Texts { texts, of } => dictionary(texts, of, values),
            Self::Numbers { form, numbers } => {
                let rows = values.iter().map(|value| *numbers.get(value? as usize)?);
                numbers_array(*form, rows)
            }
            Self::Drawn { form, key, values: held, make, row } => {
                let draws = draws(key, subject, row);
                let rows = values.iter().zip(&draws).map(|(value, draw)| {
                    let value = held.get(value? as usize)?;
                    make(value, draw)
                });
                numbers_array(*form, rows)
            }
        }
    }
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

//! An array in; a small number per row, the same for equal values, out.

use arrow::array::{Array, ArrayRef, AsArray as _, BooleanArray, DictionaryArray, PrimitiveArray};
use arrow::datatypes::{ArrowPrimitiveType, Int64Type, TimestampMicrosecondType, UInt32Type};

use super::distinct::{ABSENT, BLOCK, Distinct};

/// One column of a row group, coded.
pub struct Codes {
    /// A code for each row, below `global.len()`.
    pub rows: Vec<u32>,
    /// Code → number of the value among all row groups, or [`ABSENT`].
    pub global: Vec<u32>,
}

/// Codes `array`; values get their global numbers from `values`.
///
/// Arrays are those that `protect` makes; of any other kind every row counts
/// as absent.
#[must_use]
pub fn codes(array: &ArrayRef, values: &mut Distinct) -> Codes {
    if let Some(array) = array.as_dictionary_opt::<UInt32Type>() {
        dictionary(array, values)
    } else if let Some(array) = array.as_primitive_opt::<Int64Type>() {
        numbers(array, values)
    } else if let Some(array) = array.as_primitive_opt::<TimestampMicrosecondType>() {
        numbers(array, values)
    } else if let Some(array) = array.as_boolean_opt() {
        flags(array, values)
    } else {
        Codes { rows: vec![0; array.len()], global: vec![ABSENT] }
    }
}

/// The bytes of value `index` of a dictionary of text or pseudonyms.
///
/// # Panics
///
/// If there are not as many, or values of another kind.
#[must_use]
pub fn member(values: &ArrayRef, index: usize) -> &[u8] {
    match values.as_string_opt::<i32>() {
        Some(texts) => texts.value(index).as_bytes(),
        None => values.as_fixed_size_binary().value(index),
    }
}

fn dictionary(array: &DictionaryArray<UInt32Type>, values: &mut Distinct) -> Codes {
    let members = array.values();
    let mut global = Vec::with_capacity(members.len() + 1);
    let mut block = [None; BLOCK];
    for start in (0..members.len()).step_by(BLOCK) {
        let count = BLOCK.min(members.len() - start);
        for (index, value) in block[..count].iter_mut().enumerate() {
            *value = Some(member(members, start + index));
        }
        let mut numbers = [ABSENT; BLOCK];
        values.number_block(&block[..count], &mut numbers);
        global.extend_from_slice(&numbers[..count]);
    }
    let keys = array.keys();
    let mut rows = keys.values().to_vec();
    if let Some(nulls) = keys.nulls() {
        let absent = code(global.len());
        global.push(ABSENT);
        for (row, is_valid) in rows.iter_mut().zip(nulls) {
            if !is_valid {
                *row = absent;
            }
        }
    }
    Codes { rows, global }
}

fn numbers<T>(array: &PrimitiveArray<T>, values: &mut Distinct) -> Codes
where
    T: ArrowPrimitiveType<Native = i64>,
{
    let mut coder = Coder::new(values);
    // Rounded times come in long runs.
    let mut last = None;
    let rows = array
        .iter()
        .map(|value| match last {
            Some((seen, code)) if seen == value => code,
            _ => {
                let code =
                    coder.code(value.map(i64::to_le_bytes).as_ref().map(<[u8; 8]>::as_slice));
                last = Some((value, code));
                code
            }
        })
        .collect();
    Codes { rows, global: coder.global }
}

fn flags(array: &BooleanArray, values: &mut Distinct) -> Codes {
    let mut coder = Coder::new(values);
    let rows = array
        .iter()
        .map(|value| coder.code(value.map(|flag| if flag { &[1u8][..] } else { &[0u8][..] })))
        .collect();
    Codes { rows, global: coder.global }
}

/// Gives codes to values as they come.
struct Coder<'a> {
    values: &'a mut Distinct,
    global: Vec<u32>,
    /// Global number → code, [`ABSENT`] if it has none yet.
    codes: Vec<u32>,
    absent: Option<u32>,
}

impl<'a> Coder<'a> {
    fn new(values: &'a mut Distinct) -> Self {
        let codes = vec![ABSENT; values.len()];
        Self { values, global: Vec::new(), codes, absent: None }
    }

    fn code(&mut self, value: Option<&[u8]>) -> u32 {
        let next = code(self.global.len());
        let Some(value) = value else {
            return *self.absent.get_or_insert_with(|| {
                self.global.push(ABSENT);
                next
            });
        };
        let (number, is_new) = self.values.number(value);
        if is_new {
            self.codes.push(ABSENT);
        }
        let code = &mut self.codes[number as usize];
        if *code == ABSENT {
            *code = next;
            self.global.push(number);
        }
        *code
    }
}

/// A row group has far fewer than 2³² values.
fn code(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(ABSENT)
}

//! Values of one field, chunk by chunk, in; one array per row group out.
//!
//! A text column numbers its values within the row group. A column of
//! pseudonyms numbers identifiers for as long as memory allows, because each
//! costs an HMAC, and numbers pseudonyms within the row group. What needs all
//! values holds them, and gives their numbers until the last row is there.
//!
//! Not here: which technique belongs to which field; what becomes of values that
//! are held (`whole`).

mod held;
pub(super) mod make;
pub(super) mod numbers;
pub(super) mod texts;

use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, UInt32Array};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::UInt32Type;

use super::Missed;
use super::collected::Collected;
use super::distinct::{ABSENT, BLOCK};
use super::pseudonyms::Pseudonyms;
use super::screen::Masked;
use crate::split::Values;
pub(super) use held::Held;
pub(super) use numbers::Numbers;
pub(super) use texts::Text;

/// Key of a row without a value, before the null buffer is made.
pub(super) const NULL: u32 = ABSENT;

/// Collects one output column.
pub(super) enum Column {
    /// Texts.
    Text(Box<Text>),
    /// Pseudonyms.
    Pseudonym(Box<Pseudonyms>),
    /// Whole numbers, times or flags.
    Number(Box<Numbers>),
    /// Anything but texts, held until the last row.
    Held(Box<Held>),
}

/// What became of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Something was made of it.
    Made,
    /// The technique gives nothing for it: a randomised address has no vendor.
    Nothing,
    /// It is not what it should be.
    Unread,
}

impl Column {
    /// Appends what is made of each value. Counts values that are there and of which
    /// nothing was made.
    pub(super) fn push(&mut self, raw: &Values) -> Missed {
        let unread = match self {
            Self::Text(text) => text.push(raw),
            Self::Pseudonym(pseudonyms) => return pseudonyms.push(raw),
            Self::Number(numbers) => numbers.push(raw),
            Self::Held(held) => held.push(raw),
        };
        Missed { unread, ..Missed::default() }
    }

    /// Values as logged that were not seen in the row group before, from the one with
    /// this number on, if the column tells them apart.
    pub(super) fn seen(&self, from: usize) -> impl Iterator<Item = &[u8]> {
        let (text, pseudonyms, numbers) = match self {
            Self::Text(text) => (Some(text.seen(from)), None, None),
            Self::Pseudonym(pseudonyms) => (None, Some(pseudonyms.seen(from)), None),
            Self::Number(numbers) => (None, None, numbers.seen(from)),
            Self::Held(_) => (None, None, None),
        };
        let made = text.into_iter().flatten().chain(pseudonyms.into_iter().flatten());
        made.chain(numbers.into_iter().flatten())
    }

    /// True if it tells values apart as they were logged: [`Column::seen`] has them all.
    pub(super) fn tells_apart(&self) -> bool {
        match self {
            Self::Text(_) | Self::Pseudonym(_) => true,
            Self::Number(numbers) => numbers.seen(0).is_some(),
            Self::Held(_) => false,
        }
    }

    /// How many values it tells apart.
    pub(super) fn seen_len(&self) -> usize {
        match self {
            Self::Text(text) => text.seen_len(),
            Self::Pseudonym(pseudonyms) => pseudonyms.seen_len(),
            Self::Number(numbers) => numbers.seen_len(),
            Self::Held(_) => 0,
        }
    }

    /// Rows of the row groups so far whose text is in no encoding that is known.
    pub(super) fn undecoded(&self) -> u64 {
        match self {
            Self::Text(text) => text.undecoded,
            Self::Pseudonym(_) | Self::Number(_) | Self::Held(_) => 0,
        }
    }

    /// Rows of the row groups so far whose text had personal data in it.
    pub(super) fn masked(&self) -> Masked {
        match self {
            Self::Text(text) => text.screen.masked().clone(),
            Self::Pseudonym(_) | Self::Number(_) | Self::Held(_) => Masked::new(),
        }
    }

    /// The same rows, each once, whatever was in it.
    pub(super) fn masked_rows(&self) -> u64 {
        match self {
            Self::Text(text) => text.screen.rows(),
            Self::Pseudonym(_) | Self::Number(_) | Self::Held(_) => 0,
        }
    }

    /// Ends the row group: gives its array and begins the next one.
    /// `keeps_pairs` says that [`Pseudonyms::pairs`] will be wanted.
    pub(super) fn take(&mut self, keeps_pairs: bool) -> ArrayRef {
        match self {
            Self::Text(text) => text.take(),
            Self::Pseudonym(pseudonyms) => pseudonyms.take(keeps_pairs),
            Self::Number(numbers) => numbers.take(),
            Self::Held(held) => held.take(),
        }
    }
}

/// Gives the values to `each` in blocks, each cut to its `part`.
#[inline]
pub(super) fn blocks<'a>(
    raw: &'a Values,
    part: impl Fn(&'a [u8]) -> &'a [u8],
    mut each: impl FnMut(&[Option<&'a [u8]>]),
) {
    let mut values = [None; BLOCK];
    let mut rows = raw.iter();
    loop {
        let mut count = 0;
        for (value, row) in values.iter_mut().zip(rows.by_ref()) {
            *value = row.map(&part);
            count += 1;
        }
        if count == 0 {
            return;
        }
        each(&values[..count]);
    }
}

/// A row group has far fewer than 2³² values.
pub(super) fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NULL)
}

/// Puts keys and values together; [`NULL`] keys become nulls.
pub(super) fn dictionary(keys: &mut Collected<u32>, values: ArrayRef) -> ArrayRef {
    Arc::new(DictionaryArray::<UInt32Type>::new(nulled(keys), values))
}

/// The numbers of values that are held; [`NULL`] becomes null.
fn numbered(keys: &mut Collected<u32>) -> ArrayRef {
    Arc::new(nulled(keys))
}

fn nulled(keys: &mut Collected<u32>) -> UInt32Array {
    let rows = &mut keys.values;
    let nulls = rows
        .contains(&NULL)
        .then(|| NullBuffer::new(BooleanBuffer::collect_bool(rows.len(), |row| rows[row] != NULL)));
    if nulls.is_some() {
        // A null row still needs a key, and any will do.
        rows.iter_mut().filter(|key| **key == NULL).for_each(|key| *key = 0);
    }
    UInt32Array::new(keys.take(), nulls)
}

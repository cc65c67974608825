//! The values of a record in; a row of the columns out.
//!
//! Not here: what a value means.

use std::ops::Range;

use super::Field;
use super::text::{is_plain, words};
use crate::parse::Values;
use crate::parse::span::Span;

/// The columns, and the row that is added next.
pub(super) struct Rows<'w, 'a> {
    bytes: &'a [u8],
    wanted: &'w [usize],
    columns: Vec<Values>,
    values: Vec<Value<'a>>,
    /// Values that do not stand in the chunk.
    made: Vec<u8>,
}

/// One value of a row.
#[derive(Clone)]
enum Value<'a> {
    None,
    /// A piece of the chunk.
    Raw(&'a [u8]),
    /// A piece of what was made.
    Made(Range<usize>),
}

impl<'w, 'a> Rows<'w, 'a> {
    /// No row, and the columns of those that will be added. A row has `width`
    /// values.
    pub(super) fn new(
        bytes: &'a [u8],
        wanted: &'w [usize],
        columns: Vec<Values>,
        width: usize,
    ) -> Rows<'w, 'a> {
        Rows { bytes, wanted, columns, values: vec![Value::None; width], made: Vec::new() }
    }

    /// The columns of all rows that were added.
    pub(super) fn into_columns(self) -> Vec<Values> {
        self.columns
    }

    /// Sets a field to a piece of the chunk.
    pub(super) fn set(&mut self, field: Field, value: &'a [u8]) {
        self.put(field as usize, value);
    }

    /// Sets a field, if there is a value.
    pub(super) fn set_some(&mut self, field: Field, value: Option<&'a [u8]>) {
        if let Some(value) = value {
            self.set(field, value);
        }
    }

    /// Sets a field to a sentence of a server, without what it says of one client:
    /// words with a digit, a quote or an at sign, such as an address.
    pub(super) fn set_sentence(&mut self, field: Field, sentence: &'a [u8]) {
        if words(sentence).all(is_plain) {
            return self.set(field, sentence);
        }
        self.make(field, |out| {
            for (at, word) in words(sentence).filter(|word| is_plain(word)).enumerate() {
                if at > 0 {
                    out.push(b' ');
                }
                out.extend_from_slice(word);
            }
        });
    }

    pub(super) fn put(&mut self, place: usize, value: &'a [u8]) {
        self.values[place] =
            if matches!(value, b"" | b"-") { Value::None } else { Value::Raw(value) };
    }

    /// Sets a field to what `make` writes.
    pub(super) fn make(&mut self, field: Field, make: impl FnOnce(&mut Vec<u8>)) {
        self.put_made(field as usize, make);
    }

    pub(super) fn put_made(&mut self, place: usize, make: impl FnOnce(&mut Vec<u8>)) {
        let start = self.made.len();
        make(&mut self.made);
        let is_empty = matches!(&self.made[start..], b"" | b"-");
        self.values[place] =
            if is_empty { Value::None } else { Value::Made(start..self.made.len()) };
    }

    /// Sets a field to what another one is.
    pub(super) fn copy(&mut self, from: Field, to: Field) {
        self.values[to as usize] = self.values[from as usize].clone();
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.has_at(field as usize)
    }

    pub(super) fn has_at(&self, place: usize) -> bool {
        !matches!(self.values[place], Value::None)
    }

    /// Takes all values away.
    pub(super) fn clear(&mut self) {
        self.values.fill(Value::None);
        self.made.clear();
    }

    /// Adds the row to the columns.
    pub(super) fn add(&mut self) {
        for (column, &place) in self.columns.iter_mut().zip(self.wanted) {
            match &self.values[place] {
                Value::None => column.push_null(),
                Value::Raw(value) => {
                    let start = value.as_ptr().addr() - self.bytes.as_ptr().addr();
                    column.push(Span { start, end: start + value.len() });
                }
                Value::Made(range) => column.push_copy(&self.made[range.clone()]),
            }
        }
    }
}

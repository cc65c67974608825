//! Whole numbers, times and flags: values in; an array per row group out.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, TimestampMicrosecondArray};
use arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};

use crate::protect::collected::Collected;
use crate::protect::distinct::{Distinct, is_same};
use crate::protect::technique::{Digits, Form};
use crate::split::Values;

/// A column of numbers, times or flags.
pub(crate) struct Numbers {
    read: Read,
    form: Form,
    /// Zero where there is none.
    collected: Collected<i64>,
    /// Rows without a number, few as a rule.
    nulls: Vec<usize>,
}

/// How a number is read.
pub(crate) enum Read {
    /// A whole number as it is. One for each row, so there is no call for it.
    Integer(Digits),
    /// Anything else.
    With(ReadWith),
    /// What takes long: once for each value that is seen in a row group.
    Once(ReadWith, Box<Distinct<Option<i64>>>),
}

/// Reads a number.
pub(crate) type ReadWith = Box<dyn Fn(&[u8]) -> Option<i64> + Send>;

impl Numbers {
    pub(super) fn new(read: Read, form: Form) -> Self {
        Self { read, form, collected: Collected::default(), nulls: Vec::new() }
    }

    /// Appends the rows of a chunk. Counts values that are there and not read.
    pub(super) fn push(&mut self, raw: &Values) -> u64 {
        let Self { read, collected: Collected { values, .. }, nulls, .. } = self;
        match read {
            Read::Integer(Digits::Plain) => push(values, nulls, raw, integer),
            Read::Integer(Digits::Grouped) => push(values, nulls, raw, grouped),
            Read::With(read) => {
                let mut last = (Vec::new(), None);
                push(values, nulls, raw, |value| {
                    // Lines of the same second follow each other.
                    if last.0.len() != value.len() || !is_same(&last.0, value) {
                        last = (value.to_vec(), read(value));
                    }
                    last.1
                })
            }
            Read::Once(read, seen) => push(values, nulls, raw, |value| {
                let (number, is_new) = seen.number(value);
                if is_new {
                    *seen.with_mut(number) = read(value);
                }
                *seen.with(number)
            }),
        }
    }

    /// Values as logged, from the one with this number on, if it tells them apart.
    pub(super) fn seen(&self, from: usize) -> Option<impl Iterator<Item = &[u8]>> {
        if let Read::Once(_, seen) = &self.read { Some(seen.members_from(from)) } else { None }
    }

    /// How many it tells apart.
    pub(super) fn seen_len(&self) -> usize {
        if let Read::Once(_, seen) = &self.read { seen.len() } else { 0 }
    }

    /// Ends the row group.
    pub(super) fn take(&mut self) -> ArrayRef {
        if let Read::Once(_, seen) = &mut self.read {
            seen.clear();
        }
        let values = self.collected.take();
        let nulls = (!self.nulls.is_empty()).then(|| {
            let mut is_valid = vec![true; values.len()];
            self.nulls.drain(..).for_each(|row| is_valid[row] = false);
            NullBuffer::from(is_valid)
        });
        array(self.form, values, nulls)
    }
}

fn push(
    values: &mut Vec<i64>,
    nulls: &mut Vec<usize>,
    raw: &Values,
    mut read: impl FnMut(&[u8]) -> Option<i64>,
) -> u64 {
    let mut unread = 0;
    let before = values.len();
    values.extend(raw.iter().enumerate().map(|(row, value)| {
        value.and_then(&mut read).unwrap_or_else(|| {
            unread += u64::from(value.is_some());
            nulls.push(before + row);
            0
        })
    }));
    unread
}

/// The array of a form that is no text and no pseudonym.
pub(crate) fn array(form: Form, values: ScalarBuffer<i64>, nulls: Option<NullBuffer>) -> ArrayRef {
    match form {
        Form::Time => Arc::new(TimestampMicrosecondArray::new(values, nulls).with_timezone("UTC")),
        Form::Flag => {
            let flags = BooleanBuffer::collect_bool(values.len(), |row| values[row] != 0);
            Arc::new(BooleanArray::new(flags, nulls))
        }
        Form::Integer | Form::Text | Form::Pseudonym(..) => {
            Arc::new(Int64Array::new(values, nulls))
        }
    }
}

/// A whole number as it is written.
pub(crate) fn read_integer(digits: Digits, value: &[u8]) -> Option<i64> {
    match digits {
        Digits::Plain => integer(value),
        Digits::Grouped => grouped(value),
    }
}

/// Stricter than `str::parse`, which also takes a leading `+`.
fn integer(value: &[u8]) -> Option<i64> {
    /// As many digits as always fit.
    const SAFE_DIGITS: usize = 18;
    let (is_negative, digits) = match value.split_first() {
        Some((b'-', digits)) => (true, digits),
        _ => (false, value),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |byte: &u8| i64::from(byte - b'0');
    if digits.len() <= SAFE_DIGITS {
        let number = digits.iter().fold(0, |number, byte| number * 10 + digit(byte));
        return Some(if is_negative { -number } else { number });
    }
    // The smallest number is farther from zero than the largest.
    let sign = if is_negative { -1 } else { 1 };
    digits
        .iter()
        .try_fold(0i64, |number, byte| number.checked_mul(10)?.checked_add(sign * digit(byte)))
}

/// As [`integer`], also with a comma before every three digits. Other groups, as
/// `12,34` or `0,123`, may be anything: a decimal comma, two numbers.
fn grouped(value: &[u8]) -> Option<i64> {
    if !value.contains(&b',') {
        return integer(value);
    }
    let mut groups = value.split(|&byte| byte == b',');
    let first = groups.next()?;
    let leading = first.strip_prefix(b"-").unwrap_or(first);
    let is_whole = matches!(leading, [b'1'..=b'9', rest @ ..] if rest.len() < 3);
    let mut digits = first.to_vec();
    for group in groups {
        if !is_whole || group.len() != 3 {
            return None;
        }
        digits.extend_from_slice(group);
    }
    integer(&digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_integer_is_what_the_standard_library_says_without_a_plus(
            text in "[-+]{0,2}[0-9]{0,21}[ x]{0,1}",
        ) {
            let expected = text.parse::<i64>().ok().filter(|_| !text.starts_with('+'));
            prop_assert_eq!(integer(text.as_bytes()), expected);
        }
    }

    proptest! {
        /// As somebody would write them, and in no other way.
        #[test]
        fn a_number_in_groups_is_the_number(number: i64, at in 0_usize..30) {
            let plain = number.to_string();
            let (sign, digits) = plain.split_at(usize::from(number < 0));
            let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
            let text = [sign.as_bytes(), &groups.join(&b","[..])].concat();
            prop_assert_eq!(grouped(&text), Some(number));
            prop_assert_eq!(grouped(plain.as_bytes()), Some(number));
            if let Some(comma) = text.iter().position(|&byte| byte == b',') {
                prop_assert_eq!(integer(&text), None);
                let mut moved = text.clone();
                moved.remove(comma);
                moved.insert(at % text.len(), b',');
                prop_assert!(moved == text || grouped(&moved).is_none());
            }
        }
    }

    #[test]
    fn other_groups_are_no_number() {
        let texts =
            ["0,123", "12,34", "1,2345", "1234,567", ",123", "1,", "-,123", "1,,234", "1.234,567"];
        for text in texts.into_iter().chain(["1, 234", "1,23a", "9,223,372,036,854,775,808"]) {
            assert_eq!(grouped(text.as_bytes()), None, "{text}");
        }
    }

    /// Around the digits that are read without a check, and the bounds.
    #[test]
    fn integers_end_where_they_no_longer_fit() {
        let ends = ["9223372036854775807", "-9223372036854775807", "-9223372036854775808"];
        for text in ["999999999999999999", "007"].into_iter().chain(ends) {
            assert_eq!(integer(text.as_bytes()), text.parse().ok(), "{text}");
        }
        for text in ["9223372036854775808", "-9223372036854775809", "-", "", "1e3"] {
            assert_eq!(integer(text.as_bytes()), None, "{text}");
        }
    }
}

//! Values of one field, chunk by chunk, in; one array per row group out.
//!
//! A text column numbers its values within the row group. A column of
//! pseudonyms numbers identifiers for as long as memory allows, because each
//! costs an HMAC, and numbers pseudonyms within the row group.
//!
//! Not here: which technique belongs to which field.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, DictionaryArray, Int64Array, StringArray, TimestampMicrosecondArray,
    UInt32Array,
};
use arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow::datatypes::UInt32Type;

use super::collected::Collected;
use super::distinct::{ABSENT, BLOCK, Distinct, HashSeeds, is_same};
use super::pseudonyms::Pseudonyms;
use super::technique::{Digits, Technique};
use super::text::{self, Written};
use super::{Missed, address, device, url};
use crate::notation::mac::{is_randomised, mac};
use crate::notation::time;
use crate::split::Values;

/// Key of a row without a value, before the null buffer is made.
pub(super) const NULL: u32 = ABSENT;

/// Collects one output column.
pub(super) enum Column {
    Text(Box<Text>),
    Pseudonym(Box<Pseudonyms>),
    Integer(Numbers),
    Time(Numbers),
    Flag(Numbers),
}

impl Column {
    pub(super) fn new(technique: &Technique, seeds: HashSeeds) -> Self {
        match technique {
            Technique::Pseudonym(how) => {
                Self::Pseudonym(Box::new(Pseudonyms::new(how.width, seeds)))
            }
            Technique::KeepInteger(_) => Self::Integer(Numbers::default()),
            Technique::Round { .. } => Self::Time(Numbers::default()),
            Technique::Randomised => Self::Flag(Numbers::default()),
            Technique::KeepText
            | Technique::Prefix { .. }
            | Technique::Vendor
            | Technique::Path
            | Technique::Query(_)
            | Technique::Family
            | Technique::Category { .. } => Self::Text(Box::new(Text::new(seeds))),
        }
    }

    /// Appends what `technique` makes of each value. Counts values that are
    /// there and of which nothing was made.
    pub(super) fn push(&mut self, technique: &Technique, raw: &Values) -> Missed {
        let unread = match (self, technique) {
            (Self::Text(text), technique) => text.push(technique, raw),
            (Self::Pseudonym(pseudonyms), Technique::Pseudonym(how)) => {
                return pseudonyms.push(how, raw);
            }
            (Self::Integer(numbers), Technique::KeepInteger(Digits::Grouped)) => {
                numbers.push(raw, grouped)
            }
            (Self::Integer(numbers), _) => numbers.push(raw, integer),
            (Self::Time(numbers), Technique::Round { unit, written, zone }) => {
                let mut last = (Vec::new(), None);
                numbers.push(raw, |value| {
                    // Lines of the same second follow each other.
                    if last.0.len() != value.len() || !is_same(&last.0, value) {
                        let moment = time::read(value, *written, zone.as_ref());
                        last = (value.to_vec(), moment.map(|local| local.floor(unit.seconds())));
                    }
                    last.1
                })
            }
            (Self::Flag(numbers), _) => {
                numbers.push(raw, |value| mac(value).map(|mac| i64::from(is_randomised(mac))))
            }
            // `Column::new` chose the variant by the same technique.
            (Self::Pseudonym(_) | Self::Time(_), _) => 0,
        };
        Missed { unread, ..Missed::default() }
    }

    /// Rows of the row groups so far whose text is in no encoding that is known.
    pub(super) fn undecoded(&self) -> u64 {
        match self {
            Self::Text(text) => text.undecoded,
            Self::Pseudonym(_) | Self::Integer(_) | Self::Time(_) | Self::Flag(_) => 0,
        }
    }

    /// Ends the row group: gives its array and begins the next one.
    /// `keeps_pairs` says that [`Pseudonyms::pairs`] will be wanted.
    pub(super) fn take(&mut self, technique: &Technique, keeps_pairs: bool) -> ArrayRef {
        match (self, technique) {
            (Self::Text(text), technique) => text.take(technique),
            (Self::Pseudonym(pseudonyms), _) => pseudonyms.take(keeps_pairs),
            (Self::Integer(numbers), _) => {
                let (values, nulls) = numbers.take();
                Arc::new(Int64Array::new(values, nulls))
            }
            (Self::Time(numbers), _) => {
                let (values, nulls) = numbers.take();
                Arc::new(TimestampMicrosecondArray::new(values, nulls).with_timezone("UTC"))
            }
            (Self::Flag(numbers), _) => {
                let (values, nulls) = numbers.take();
                let flags = BooleanBuffer::collect_bool(values.len(), |row| values[row] != 0);
                Arc::new(BooleanArray::new(flags, nulls))
            }
        }
    }
}

/// A column of text.
pub(super) struct Text {
    /// Values of the row group, each once.
    values: Distinct,
    /// Row → value.
    keys: Collected<u32>,
    /// For techniques that cost more than a look-up: what was seen → value.
    seen: Distinct<Made>,
    scratch: Vec<u8>,
    /// Rows whose value is in no encoding that is known.
    undecoded: u64,
}

impl Text {
    fn new(seeds: HashSeeds) -> Self {
        Self {
            values: Distinct::new(seeds),
            keys: Collected::default(),
            seen: Distinct::new(seeds),
            scratch: Vec::new(),
            undecoded: 0,
        }
    }

    fn push(&mut self, technique: &Technique, raw: &Values) -> u64 {
        match technique {
            Technique::KeepText => self.push_parts(raw, |value| value),
            Technique::Path => self.push_parts(raw, url::path),
            Technique::Query(allowed) => self.push_query(raw, allowed),
            Technique::Family => self.push_made(raw, |value, out| {
                device::agent_family(value, out);
                Outcome::Made
            }),
            Technique::Prefix { v4, v6 } => self.push_made(raw, |value, out| {
                let is_address = address::network(value, v4.bits(), v6.bits(), out);
                if is_address { Outcome::Made } else { Outcome::Unread }
            }),
            Technique::Vendor => self.push_made(raw, |value, out| match mac(value) {
                Some(mac) if device::vendor(mac, out) => Outcome::Made,
                Some(_) => Outcome::Nothing,
                None => Outcome::Unread,
            }),
            Technique::Category { map, other } => self.push_made(raw, |value, out| {
                let value = text::read(value, Written::Plain);
                let category = map.get(value.text.as_ref());
                let Some(category) = category.or(other.as_ref()) else { return Outcome::Nothing };
                out.extend_from_slice(category.as_bytes());
                Outcome::Made
            }),
            Technique::KeepInteger(_)
            | Technique::Pseudonym(_)
            | Technique::Randomised
            | Technique::Round { .. } => 0,
        }
    }

    /// For techniques that keep a part of the value: cheaper than a look-up.
    fn push_parts(&mut self, raw: &Values, part: impl Fn(&[u8]) -> &[u8]) -> u64 {
        blocks(raw, part, |values| {
            let mut numbers = [NULL; BLOCK];
            self.values.number_block(values, &mut numbers);
            self.keys.values.extend_from_slice(&numbers[..values.len()]);
        });
        0
    }

    fn push_query(&mut self, raw: &Values, allowed: &[String]) -> u64 {
        for value in raw.iter() {
            let key = value.map_or(NULL, |value| {
                url::query(value, allowed, &mut self.scratch);
                if self.scratch.is_empty() { NULL } else { self.values.number(&self.scratch).0 }
            });
            self.keys.values.push(key);
        }
        0
    }

    /// For techniques that make something new of the value: once for each.
    /// `make` writes it or says why it did not.
    fn push_made(&mut self, raw: &Values, make: impl Fn(&[u8], &mut Vec<u8>) -> Outcome) -> u64 {
        let mut unread = 0;
        let Self { values: members, keys, seen, scratch, .. } = self;
        blocks(
            raw,
            |value| value,
            |values| {
                let mut numbers = [NULL; BLOCK];
                let before = seen.len();
                seen.number_block(values, &mut numbers);
                for new in before..seen.len() {
                    let new = number(new);
                    scratch.clear();
                    let outcome = make(seen.member(new), scratch);
                    let is_made = outcome == Outcome::Made;
                    let key = if is_made { members.number(scratch).0 } else { NULL };
                    *seen.with_mut(new) = Made { key, is_unread: outcome == Outcome::Unread };
                }
                for &id in &numbers[..values.len()] {
                    let of_value = if id == NULL { Made::default() } else { *seen.with(id) };
                    unread += u64::from(of_value.is_unread);
                    keys.values.push(of_value.key);
                }
            },
        );
        unread
    }

    fn take(&mut self, technique: &Technique) -> ArrayRef {
        let written = match technique {
            Technique::Path => Written::Path,
            Technique::Query(_) => Written::Query,
            Technique::KeepText
            | Technique::KeepInteger(_)
            | Technique::Pseudonym(_)
            | Technique::Prefix { .. }
            | Technique::Vendor
            | Technique::Randomised
            | Technique::Round { .. }
            | Technique::Family
            | Technique::Category { .. } => Written::Plain,
        };
        let array = if self.values.members().all(|value| text::is_text(value, written)) {
            self.values.members().map(|value| str::from_utf8(value).ok()).collect()
        } else {
            self.read(written)
        };
        self.values.clear();
        self.seen.clear();
        dictionary(&mut self.keys, Arc::new(array))
    }

    /// Reads the values as text, and joins those that this makes equal, so that a
    /// dictionary never names one value twice.
    fn read(&mut self, written: Written) -> StringArray {
        let mut texts: Vec<String> = Vec::new();
        let mut numbers = std::collections::BTreeMap::new();
        let mut undecoded = Vec::new();
        let renumbered: Vec<u32> = (0..self.values.len())
            .map(number)
            .map(|id| {
                let read = text::read(self.values.member(id), written);
                undecoded.push(read.is_undecoded);
                let text = read.text.into_owned();
                *numbers.entry(text.clone()).or_insert_with(|| {
                    texts.push(text);
                    number(texts.len() - 1)
                })
            })
            .collect();
        for key in self.keys.values.iter_mut().filter(|key| **key != NULL) {
            self.undecoded += u64::from(undecoded[*key as usize]);
            *key = renumbered[*key as usize];
        }
        StringArray::from(texts)
    }
}

/// The value that was made of what was seen.
#[derive(Clone, Copy)]
struct Made {
    key: u32,
    is_unread: bool,
}

impl Default for Made {
    fn default() -> Self {
        Self { key: NULL, is_unread: false }
    }
}

/// What became of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Something was made of it.
    Made,
    /// The technique gives nothing for it: a randomised address has no vendor.
    Nothing,
    /// It is not what it should be.
    Unread,
}

/// A column of numbers, times or flags.
#[derive(Default)]
pub(super) struct Numbers {
    /// Zero where there is none.
    collected: Collected<i64>,
    /// Rows without a number, few as a rule.
    nulls: Vec<usize>,
}

impl Numbers {
    fn push(&mut self, raw: &Values, mut read: impl FnMut(&[u8]) -> Option<i64>) -> u64 {
        let Self { collected: Collected { values, .. }, nulls } = self;
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

    fn take(&mut self) -> (ScalarBuffer<i64>, Option<NullBuffer>) {
        let values = self.collected.take();
        let nulls = (!self.nulls.is_empty()).then(|| {
            let mut is_valid = vec![true; values.len()];
            self.nulls.drain(..).for_each(|row| is_valid[row] = false);
            NullBuffer::from(is_valid)
        });
        (values, nulls)
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
    let number = if digits.len() <= SAFE_DIGITS {
        digits.iter().fold(0, |number, byte| number * 10 + digit(byte))
    } else {
        digits
            .iter()
            .try_fold(0i64, |number, byte| number.checked_mul(10)?.checked_add(digit(byte)))?
    };
    Some(if is_negative { -number } else { number })
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

/// Puts keys and values together; [`NULL`] keys become nulls.
pub(super) fn dictionary(keys: &mut Collected<u32>, values: ArrayRef) -> ArrayRef {
    let rows = &mut keys.values;
    let nulls = rows
        .contains(&NULL)
        .then(|| NullBuffer::new(BooleanBuffer::collect_bool(rows.len(), |row| rows[row] != NULL)));
    if nulls.is_some() {
        // A null row still needs a key, and any will do.
        rows.iter_mut().filter(|key| **key == NULL).for_each(|key| *key = 0);
    }
    let keys = UInt32Array::new(keys.take(), nulls);
    Arc::new(DictionaryArray::<UInt32Type>::new(keys, values))
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
        for text in ["999999999999999999", "9223372036854775807", "-9223372036854775807", "007"] {
            assert_eq!(integer(text.as_bytes()), text.parse().ok(), "{text}");
        }
        for text in ["9223372036854775808", "-9223372036854775809", "-", "", "1e3"] {
            assert_eq!(integer(text.as_bytes()), None, "{text}");
        }
    }
}

//! Values of one field, chunk by chunk, in; one array per row group out.
//!
//! A text column numbers its values within the row group. A column of
//! pseudonyms numbers identifiers for as long as memory allows, because each
//! costs an HMAC, and numbers pseudonyms within the row group.
//!
//! Not here: which technique belongs to which field.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryViewArray, BooleanArray, DictionaryArray, FixedSizeBinaryArray,
    Int64Array, StringArray, TimestampMicrosecondArray, UInt32Array,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::UInt32Type;

use super::canonical::{self, canonical};
use super::distinct::{Distinct, HashSeeds};
use super::technique::{Pseudonym, Technique};
use super::{address, device, time, url};

/// Key of a row without a value, before the null buffer is made.
const NULL: u32 = u32::MAX;

/// Memory for identifiers that one column may hold between row groups. Above
/// it they are forgotten, which costs HMACs and changes nothing else.
const IDENTIFIER_BYTES: usize = 256 << 20;

/// Collects one output column.
pub(super) enum Column {
    Text(Text),
    Pseudonym(Box<Pseudonyms>),
    Integer(Numbers),
    Time(Numbers),
    Flag(Numbers),
}

impl Column {
    pub(super) fn new(technique: &Technique, seeds: HashSeeds) -> Self {
        match technique {
            Technique::Pseudonym(_) => Self::Pseudonym(Box::new(Pseudonyms::new(seeds))),
            Technique::KeepInteger => Self::Integer(Numbers::default()),
            Technique::Round { .. } => Self::Time(Numbers::default()),
            Technique::Randomised => Self::Flag(Numbers::default()),
            Technique::KeepText
            | Technique::Prefix { .. }
            | Technique::Vendor
            | Technique::Path
            | Technique::Query(_)
            | Technique::Family
            | Technique::Category { .. } => Self::Text(Text::new(seeds)),
        }
    }

    /// Appends what `technique` makes of each value. Counts values that are
    /// there and cannot be read as what they should be.
    pub(super) fn push(&mut self, technique: &Technique, raw: &BinaryViewArray) -> u64 {
        match (self, technique) {
            (Self::Text(text), technique) => text.push(technique, raw),
            (Self::Pseudonym(pseudonyms), Technique::Pseudonym(how)) => pseudonyms.push(how, raw),
            (Self::Integer(numbers), _) => numbers.push(raw, integer),
            (Self::Time(numbers), Technique::Round { unit, zone }) => {
                let mut last = (Vec::new(), None);
                numbers.push(raw, |value| {
                    // Lines of the same second follow each other.
                    if last.0 != value {
                        let moment = time::read(value, zone.as_ref());
                        last = (value.to_vec(), moment.map(|local| local.floor(unit.seconds())));
                    }
                    last.1
                })
            }
            (Self::Flag(numbers), _) => numbers.push(raw, |value| {
                canonical::mac(value).map(|mac| i64::from(canonical::is_randomised(mac)))
            }),
            // `Column::new` chose the variant by the same technique.
            (Self::Pseudonym(_) | Self::Time(_), _) => 0,
        }
    }

    /// Ends the row group: gives its array and begins the next one.
    pub(super) fn take(&mut self, technique: &Technique) -> ArrayRef {
        match (self, technique) {
            (Self::Text(text), _) => text.take(),
            (Self::Pseudonym(pseudonyms), Technique::Pseudonym(how)) => pseudonyms.take(how.width),
            (Self::Pseudonym(pseudonyms), _) => pseudonyms.take(16),
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
    keys: Vec<u32>,
    /// For techniques that cost more than a look-up: what was seen → value.
    seen: Distinct,
    made: Vec<u32>,
    scratch: Vec<u8>,
}

impl Text {
    fn new(seeds: HashSeeds) -> Self {
        Self {
            values: Distinct::new(seeds),
            keys: Vec::new(),
            seen: Distinct::new(seeds),
            made: Vec::new(),
            scratch: Vec::new(),
        }
    }

    fn push(&mut self, technique: &Technique, raw: &BinaryViewArray) -> u64 {
        match technique {
            Technique::KeepText => self.push_parts(raw, |value| value),
            Technique::Path => self.push_parts(raw, url::path),
            Technique::Query(allowed) => self.push_query(raw, allowed),
            Technique::Family => self.push_made(raw, |value, out| {
                device::agent_family(value, out);
                true
            }),
            Technique::Prefix { v4, v6 } => self.push_made(raw, |value, out| {
                address::network(value, v4.bits(), v6.bits(), out)
            }),
            Technique::Vendor => self.push_made(raw, device::vendor),
            Technique::Category { map, other } => self.push_made(raw, |value, out| {
                let category = std::str::from_utf8(value).ok().and_then(|value| map.get(value));
                match category.or(other.as_ref()) {
                    Some(category) => {
                        out.extend_from_slice(category.as_bytes());
                        true
                    }
                    None => false,
                }
            }),
            Technique::KeepInteger
            | Technique::Pseudonym(_)
            | Technique::Randomised
            | Technique::Round { .. } => 0,
        }
    }

    /// For techniques that keep a part of the value: cheaper than a look-up.
    fn push_parts(&mut self, raw: &BinaryViewArray, part: impl Fn(&[u8]) -> &[u8]) -> u64 {
        for value in raw {
            let key = value.map_or(NULL, |value| self.values.number(part(value)).0);
            self.keys.push(key);
        }
        0
    }

    fn push_query(&mut self, raw: &BinaryViewArray, allowed: &[String]) -> u64 {
        for value in raw {
            let key = value.map_or(NULL, |value| {
                url::query(value, allowed, &mut self.scratch);
                if self.scratch.is_empty() { NULL } else { self.values.number(&self.scratch).0 }
            });
            self.keys.push(key);
        }
        0
    }

    /// For techniques that make something new of the value: once for each.
    /// `make` writes it and answers true, or answers false for a null.
    fn push_made(
        &mut self,
        raw: &BinaryViewArray,
        make: impl Fn(&[u8], &mut Vec<u8>) -> bool,
    ) -> u64 {
        let mut unread = 0;
        for value in raw {
            let Some(value) = value else {
                self.keys.push(NULL);
                continue;
            };
            let (id, is_new) = self.seen.number(value);
            if is_new {
                self.scratch.clear();
                let is_made = make(value, &mut self.scratch);
                self.made.push(if is_made { self.values.number(&self.scratch).0 } else { NULL });
            }
            let key = self.made[id as usize];
            unread += u64::from(key == NULL);
            self.keys.push(key);
        }
        unread
    }

    fn take(&mut self) -> ArrayRef {
        let (bytes, ends) = self.values.parts();
        let mut offsets = Vec::with_capacity(ends.len() + 1);
        offsets.push(0i32);
        let array = match std::str::from_utf8(bytes) {
            Ok(text) if ends.iter().all(|&end| text.is_char_boundary(end)) => {
                // A row group is ended long before 2 GiB of distinct text.
                offsets.extend(ends.iter().map(|&end| i32::try_from(end).unwrap_or(i32::MAX)));
                let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
                StringArray::new(offsets, Buffer::from(bytes), None)
            }
            _ => self.lossy(),
        };
        self.values.clear();
        self.seen.clear();
        self.made.clear();
        dictionary(std::mem::take(&mut self.keys), Arc::new(array))
    }

    /// Replaces what is not UTF-8 by U+FFFD, and joins values that this makes
    /// equal, so that a dictionary never names one value twice.
    fn lossy(&mut self) -> StringArray {
        let mut texts: Vec<String> = Vec::new();
        let mut numbers = std::collections::BTreeMap::new();
        let renumbered: Vec<u32> = (0..self.values.len())
            .map(|id| {
                let id = u32::try_from(id).unwrap_or(NULL);
                let text = String::from_utf8_lossy(self.values.member(id)).into_owned();
                *numbers.entry(text.clone()).or_insert_with(|| {
                    texts.push(text);
                    u32::try_from(texts.len() - 1).unwrap_or(NULL)
                })
            })
            .collect();
        for key in self.keys.iter_mut().filter(|key| **key != NULL) {
            *key = renumbered[*key as usize];
        }
        StringArray::from(texts)
    }
}

/// A column of pseudonyms.
pub(super) struct Pseudonyms {
    /// Identifiers as logged, each once, and the pseudonym of each.
    seen: Distinct,
    made: Vec<u32>,
    /// Pseudonyms, each once.
    pseudonyms: Distinct,
    /// Pseudonym → the row group that used it last, and its key there.
    used: Vec<(u32, u32)>,
    group: u32,
    /// Pseudonyms of the row group in the order of their keys.
    order: Vec<u32>,
    keys: Vec<u32>,
}

impl Pseudonyms {
    fn new(seeds: HashSeeds) -> Self {
        Self {
            seen: Distinct::new(seeds),
            made: Vec::new(),
            pseudonyms: Distinct::new(seeds),
            used: Vec::new(),
            group: 1,
            order: Vec::new(),
            keys: Vec::new(),
        }
    }

    fn push(&mut self, how: &Pseudonym, raw: &BinaryViewArray) -> u64 {
        let mut unread = 0;
        self.keys.reserve(raw.len());
        for value in raw {
            let Some(value) = value else {
                self.keys.push(NULL);
                continue;
            };
            let (id, is_new) = self.seen.number(value);
            if is_new {
                let made = self.make(how, value);
                self.made.push(made);
            }
            let pseudonym = self.made[id as usize];
            if pseudonym == NULL {
                unread += u64::from(!value.is_empty() && value != b"-");
                self.keys.push(NULL);
                continue;
            }
            let used = &mut self.used[pseudonym as usize];
            if used.0 != self.group {
                *used = (self.group, u32::try_from(self.order.len()).unwrap_or(NULL));
                self.order.push(pseudonym);
            }
            self.keys.push(used.1);
        }
        unread
    }

    #[cold]
    fn make(&mut self, how: &Pseudonym, value: &[u8]) -> u32 {
        let Some(canonical) = canonical(how.kind, value) else { return NULL };
        let pseudonym = how.key.pseudonym(canonical.bytes());
        let (id, is_new) = self.pseudonyms.number(&pseudonym[..how.width]);
        if is_new {
            self.used.push((0, 0));
        }
        id
    }

    fn take(&mut self, width: usize) -> ArrayRef {
        let mut values = Vec::with_capacity(self.order.len() * width);
        for &id in &self.order {
            values.extend_from_slice(self.pseudonyms.member(id));
        }
        let width = i32::try_from(width).unwrap_or(32);
        let values = FixedSizeBinaryArray::new(width, Buffer::from(values), None);
        let array = dictionary(std::mem::take(&mut self.keys), Arc::new(values));
        self.order.clear();
        self.group += 1;
        if self.seen.heap_bytes() + self.pseudonyms.heap_bytes() > IDENTIFIER_BYTES {
            self.forget();
        }
        array
    }

    fn forget(&mut self) {
        self.seen.release();
        self.pseudonyms.release();
        self.made = Vec::new();
        self.used = Vec::new();
    }

    /// Identifiers as logged and their pseudonyms, as far as they are held.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.made.iter().enumerate().filter(|(_, made)| **made != NULL).map(|(id, made)| {
            let id = u32::try_from(id).unwrap_or(NULL);
            (self.seen.member(id), self.pseudonyms.member(*made))
        })
    }
}

/// A column of numbers, times or flags.
#[derive(Default)]
pub(super) struct Numbers {
    values: Vec<i64>,
    is_valid: Vec<bool>,
    has_nulls: bool,
}

impl Numbers {
    fn push(&mut self, raw: &BinaryViewArray, mut read: impl FnMut(&[u8]) -> Option<i64>) -> u64 {
        let mut unread = 0;
        for value in raw {
            let number = value.and_then(&mut read);
            unread += u64::from(value.is_some() && number.is_none());
            self.has_nulls |= number.is_none();
            self.values.push(number.unwrap_or(0));
            self.is_valid.push(number.is_some());
        }
        unread
    }

    fn take(&mut self) -> (ScalarBuffer<i64>, Option<NullBuffer>) {
        let values = ScalarBuffer::from(std::mem::take(&mut self.values));
        let is_valid = std::mem::take(&mut self.is_valid);
        let nulls = std::mem::take(&mut self.has_nulls).then(|| NullBuffer::from(is_valid));
        (values, nulls)
    }
}

/// Stricter than `str::parse`, which also takes a leading `+`.
fn integer(value: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match value.split_first() {
        Some((b'-', digits)) => (true, digits),
        _ => (false, value),
    };
    if digits.is_empty() {
        return None;
    }
    let number = digits.iter().try_fold(0i64, |number, byte| match byte {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(i64::from(byte - b'0')),
        _ => None,
    })?;
    Some(if is_negative { -number } else { number })
}

/// Puts keys and values together; [`NULL`] keys become nulls.
fn dictionary(keys: Vec<u32>, values: ArrayRef) -> ArrayRef {
    let nulls = keys
        .contains(&NULL)
        .then(|| NullBuffer::new(BooleanBuffer::collect_bool(keys.len(), |row| keys[row] != NULL)));
    // A null row still needs a key, and any will do.
    let keys = match &nulls {
        Some(_) => keys.into_iter().map(|key| if key == NULL { 0 } else { key }).collect(),
        None => keys,
    };
    let keys = UInt32Array::new(ScalarBuffer::from(keys), nulls);
    Arc::new(DictionaryArray::<UInt32Type>::new(keys, values))
}

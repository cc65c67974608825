//! Identifiers in; pseudonyms, each computed once, out.
//!
//! An identifier keeps its number from row group to row group, because each
//! costs an HMAC; within a row group it has the key of its pseudonym.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, BinaryViewArray, FixedSizeBinaryArray};
use arrow::buffer::Buffer;

use super::canonical::canonical;
use super::column::{NULL, blocks, dictionary, number};
use super::distinct::{BLOCK, Distinct, HashSeeds};
use super::technique::Pseudonym;

/// Memory for identifiers that one column may hold between row groups. Above
/// it they are forgotten, which costs HMACs and changes nothing else.
const IDENTIFIER_BYTES: usize = 256 << 20;

/// A column of pseudonyms.
pub(super) struct Pseudonyms {
    /// Identifiers as logged, each once.
    seen: Distinct<Seen>,
    /// Pseudonyms, each once: several identifiers as logged may be one.
    made: Distinct<Used>,
    /// Number of the row group under way, from 1.
    group: u32,
    /// Pseudonyms of the row group in the order of their keys.
    order: Vec<u32>,
    keys: Vec<u32>,
}

/// The pseudonym of an identifier, and its key in the row group that had it
/// last.
#[derive(Clone, Copy, Default)]
struct Seen {
    pseudonym: u32,
    used: Used,
}

/// A row group, 0 for none, and a key in it.
#[derive(Clone, Copy, Default)]
struct Used {
    group: u32,
    key: u32,
}

impl Pseudonyms {
    pub(super) fn new(seeds: HashSeeds) -> Self {
        Self {
            seen: Distinct::new(seeds),
            made: Distinct::new(seeds),
            group: 1,
            order: Vec::new(),
            keys: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, how: &Pseudonym, raw: &BinaryViewArray) -> u64 {
        let mut unread = 0;
        self.keys.reserve(raw.len());
        blocks(
            raw,
            |value| value,
            |values| {
                let mut numbers = [NULL; BLOCK];
                let before = self.seen.len();
                self.seen.number_block(values, &mut numbers);
                for new in before..self.seen.len() {
                    self.make(how, number(new));
                }
                for &id in &numbers[..values.len()] {
                    let key = if id == NULL { NULL } else { self.key(id) };
                    unread += u64::from(key == NULL && id != NULL);
                    self.keys.push(key);
                }
            },
        );
        unread
    }

    /// The key of an identifier in the row group under way.
    #[inline]
    fn key(&mut self, id: u32) -> u32 {
        let Seen { pseudonym, used } = *self.seen.with(id);
        if used.group == self.group {
            return used.key;
        }
        if pseudonym == NULL {
            return NULL;
        }
        let shared = self.made.with_mut(pseudonym);
        if shared.group != self.group {
            *shared = Used { group: self.group, key: number(self.order.len()) };
            self.order.push(pseudonym);
        }
        let used = *shared;
        self.seen.with_mut(id).used = used;
        used.key
    }

    /// Computes the pseudonym of an identifier that was not seen before.
    #[cold]
    fn make(&mut self, how: &Pseudonym, id: u32) {
        let pseudonym = match canonical(how.kind, self.seen.member(id)) {
            Some(canonical) => {
                let pseudonym = how.key.pseudonym(canonical.bytes());
                self.made.number(&pseudonym[..how.width]).0
            }
            None => NULL,
        };
        self.seen.with_mut(id).pseudonym = pseudonym;
    }

    pub(super) fn take(&mut self, width: usize, keeps_pairs: bool) -> ArrayRef {
        let mut values = Vec::with_capacity(self.order.len() * width);
        for &id in &self.order {
            values.extend_from_slice(self.made.member(id));
        }
        let width = i32::try_from(width).unwrap_or(32);
        let values = FixedSizeBinaryArray::new(width, Buffer::from(values), None);
        let array = dictionary(std::mem::take(&mut self.keys), Arc::new(values));
        self.order.clear();
        self.group += 1;
        let held = self.seen.heap_bytes() + self.made.heap_bytes();
        // A mapping that is to be kept must be whole, whatever memory it takes.
        if held > IDENTIFIER_BYTES && !keeps_pairs {
            self.seen.release();
            self.made.release();
        }
        array
    }

    /// Identifiers as logged and their pseudonyms, as far as they are held.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let ids = (0..self.seen.len()).map(number);
        ids.filter_map(|id| {
            let pseudonym = self.seen.with(id).pseudonym;
            let has_one = pseudonym != NULL;
            has_one.then(|| (self.seen.member(id), self.made.member(pseudonym)))
        })
    }
}

//! Values that are no text in; their numbers out, and the values kept in memory
//! until the last row.

use arrow::array::ArrayRef;

use super::texts::Make;
use super::{NULL, Outcome, numbered};
use crate::protect::collected::Collected;
use crate::protect::distinct::{Distinct, HashSeeds};
use crate::split::Values;

/// A column whose values are decided on when all are known.
pub(crate) struct Held {
    /// Writes the bytes that stand for a value.
    read: Make,
    /// Those bytes, each once.
    pub(super) values: Distinct,
    /// Row → value.
    keys: Collected<u32>,
    scratch: Vec<u8>,
}

impl Held {
    pub(super) fn new(read: Make, seeds: HashSeeds) -> Self {
        let values = Distinct::new(seeds);
        Self { read, values, keys: Collected::default(), scratch: Vec::new() }
    }

    /// Appends the rows of a chunk. Counts values that are there and not read.
    pub(super) fn push(&mut self, raw: &Values) -> u64 {
        let mut unread = 0;
        for value in raw.iter() {
            self.scratch.clear();
            let outcome = value.map(|value| (self.read)(value, &mut self.scratch));
            unread += u64::from(outcome == Some(Outcome::Unread));
            let key = match outcome {
                Some(Outcome::Made) => self.values.number(&self.scratch).0,
                Some(Outcome::Nothing | Outcome::Unread) | None => NULL,
            };
            self.keys.values.push(key);
        }
        unread
    }

    /// Ends the row group.
    pub(super) fn take(&mut self) -> ArrayRef {
        numbered(&mut self.keys)
    }

    /// The bytes of all values, in the order of their numbers.
    pub(crate) fn values(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.values.members()
    }
}

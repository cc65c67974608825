//! Values in; for each row the number of its value, counted from 0 in the
//! order in which values first occur, out.
//!
//! ```text
//! rows     c  a  -  c  b        ids  0 1 0 2        firsts  c a b
//! ```
//!
//! So the numbers, and all bytes made from them, depend on the rows alone and
//! not on the order of a dictionary or on what else lies in it.
//!
//! Not here: how numbers and values become bytes.

use arrow::buffer::NullBuffer;

/// Marks a value that has not occurred, and a slot that is free. No number of
/// a value: there would have to be 2³² − 1 others before it.
const NONE: u32 = u32::MAX;

/// Numbers of the rows of a dictionary column.
#[derive(Default)]
pub(super) struct Keys {
    /// For each row that is not null, the number of its value.
    pub(super) ids: Vec<u32>,
    /// The key of each value, by its number.
    pub(super) firsts: Vec<u32>,
    by_key: Vec<u32>,
}

impl Keys {
    /// Numbers the rows anew. Every key that is not null must be below `keys_end`.
    pub(super) fn number(&mut self, keys: &[u32], validity: Option<&NullBuffer>, keys_end: usize) {
        let Self { ids, firsts, by_key } = self;
        ids.clear();
        firsts.clear();
        by_key.clear();
        by_key.resize(keys_end, NONE);
        let mut next = 0;
        let mut id = |key: u32| {
            let id = &mut by_key[key as usize];
            if *id == NONE {
                *id = next;
                next += 1;
                firsts.push(key);
            }
            *id
        };
        match validity {
            None => ids.extend(keys.iter().map(|&key| id(key))),
            Some(validity) => {
                ids.reserve(keys.len() - validity.null_count());
                for row in validity.valid_indices() {
                    ids.push(id(keys[row]));
                }
            }
        }
    }
}

/// Numbers of the rows of a column of numbers.
#[derive(Default)]
pub(super) struct Numbers {
    /// For each row that is not null, the number of its value.
    pub(super) ids: Vec<u32>,
    /// The values, by their number.
    pub(super) firsts: Vec<i64>,
    /// The number of the value that hashes to a place or just before it.
    slots: Vec<u32>,
}

impl Numbers {
    /// Numbers values anew, or gives up: false if there are more than `most`
    /// different ones, or too many that hash alike.
    ///
    /// The hash has no key, and whoever sends requests may choose the values.
    /// What such a person can reach is that this gives up.
    pub(super) fn number(&mut self, values: &[i64], most: usize) -> bool {
        self.ids.clear();
        self.firsts.clear();
        self.slots.clear();
        self.slots.resize(FEWEST_SLOTS, NONE);
        // Times and states come in runs.
        let mut last = None;
        for &value in values {
            let id = match last {
                Some((same, id)) if same == value => id,
                _ => match self.id(value) {
                    Some(id) if self.firsts.len() <= most => id,
                    _ => return false,
                },
            };
            last = Some((value, id));
            self.ids.push(id);
        }
        true
    }

    fn id(&mut self, value: i64) -> Option<u32> {
        let place = self.place(value)?;
        if self.slots[place] != NONE {
            return Some(self.slots[place]);
        }
        let id = u32::try_from(self.firsts.len()).ok().filter(|id| *id != NONE)?;
        self.slots[place] = id;
        self.firsts.push(value);
        if self.firsts.len() * 2 > self.slots.len() {
            self.grow()?;
        }
        Some(id)
    }

    /// Where a value is, or is to be put. `None` if the neighbourhood is full.
    fn place(&self, value: i64) -> Option<usize> {
        // Multiplicative hashing: the upper bits of the product depend on all
        // bits of the value (Knuth, vol. 3, section 6.4). 2⁶⁴ / golden ratio.
        let product = value.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let start = usize::try_from(product >> (64 - self.slots.len().ilog2())).ok()?;
        (start..start + MOST_STEPS).map(|place| place & (self.slots.len() - 1)).find(|&place| {
            let id = self.slots[place];
            id == NONE || self.firsts[id as usize] == value
        })
    }

    fn grow(&mut self) -> Option<()> {
        let slots = self.slots.len() * 4;
        self.slots.clear();
        self.slots.resize(slots, NONE);
        for (id, &value) in (0..).zip(&self.firsts) {
            let place = self.place(value)?;
            self.slots[place] = id;
        }
        Some(())
    }
}

/// Slots to begin with: a power of two, like all numbers of slots.
const FEWEST_SLOTS: usize = 1024;

/// Steps from where a value hashes to. At most half of the slots are taken, so
/// values that nobody chose need a few.
const MOST_STEPS: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_are_numbered_in_the_order_they_occur() {
        let mut keys = Keys::default();
        let validity = NullBuffer::from(vec![true, true, false, true, true]);
        keys.number(&[7, 2, 9, 7, 5], Some(&validity), 8);
        assert_eq!((keys.ids, keys.firsts), (vec![0, 1, 0, 2], vec![7, 2, 5]));
    }

    #[test]
    fn too_many_different_numbers_are_given_up() {
        let mut numbers = Numbers::default();
        assert!(numbers.number(&[1, 2, 3, 2, 1], 3));
        assert!(!numbers.number(&[1, 2, 3, 4], 3));
    }

    /// The inverse of the factor undoes the hash, so these all start at slot 0.
    #[test]
    fn numbers_chosen_to_collide_are_given_up_and_not_searched_for_long() {
        let inverse = (0..6).fold(0x9e37_79b9_7f4a_7c15_u64, |x, _| {
            x.wrapping_mul(2u64.wrapping_sub(x.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        });
        let chosen: Vec<i64> = (0..200u64).map(|n| n.wrapping_mul(inverse).cast_signed()).collect();
        assert!(!Numbers::default().number(&chosen, 1000));
    }

    proptest! {
        #[test]
        fn numbers_lead_back_to_the_values(values in prop::collection::vec(-3000i64..3000, 0..5000)) {
            let mut numbers = Numbers::default();
            prop_assert!(numbers.number(&values, 6000));
            let back: Vec<i64> = numbers.ids.iter().map(|&id| numbers.firsts[id as usize]).collect();
            prop_assert_eq!(back, values);
        }
    }
}

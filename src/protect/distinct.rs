//! Byte strings in; small numbers in order of first occurrence out.
//!
//! Not here: what the bytes mean; numbers that outlive [`Distinct::clear`].

use ahash::RandomState;
use hashbrown::HashTable;

/// Keys of the table hash. Strangers choose what is hashed, so a fixed key
/// would let them make every look-up slow. The output does not depend on it.
pub type HashSeeds = [u64; 4];

/// A set of byte strings that numbers its members from 0.
pub struct Distinct {
    slots: HashTable<Slot>,
    /// All members, one after the other.
    arena: Vec<u8>,
    /// `ends[id]` is where member `id` ends; it starts where the last one ends.
    ends: Vec<usize>,
    hasher: RandomState,
}

/// The upper half of the hash is kept so that most wrong candidates are told
/// apart without a look into the arena, and so that growing never rehashes it.
#[derive(Clone, Copy)]
struct Slot {
    hash: u64,
    id: u32,
}

impl Distinct {
    /// An empty set.
    #[must_use]
    pub fn new(seeds: HashSeeds) -> Self {
        let [a, b, c, d] = seeds;
        Self {
            slots: HashTable::new(),
            arena: Vec::new(),
            ends: Vec::new(),
            hasher: RandomState::with_seeds(a, b, c, d),
        }
    }

    /// The number of `bytes`, and whether it is new: then it equals the
    /// number of members there were before.
    #[inline]
    pub fn number(&mut self, bytes: &[u8]) -> (u32, bool) {
        let Self { slots, arena, ends, hasher } = self;
        let hash = hasher.hash_one(bytes);
        let same = |slot: &Slot| slot.hash == hash && member(arena, ends, slot.id) == bytes;
        if let Some(slot) = slots.find(hash, same) {
            return (slot.id, false);
        }
        // A row group holds far fewer rows than 2³², and each brings one at most.
        let id = u32::try_from(ends.len()).unwrap_or(u32::MAX);
        arena.extend_from_slice(bytes);
        ends.push(arena.len());
        slots.insert_unique(hash, Slot { hash, id }, |slot| slot.hash);
        (id, true)
    }

    /// The member of a number that [`Distinct::number`] returned.
    #[must_use]
    pub fn member(&self, id: u32) -> &[u8] {
        member(&self.arena, &self.ends, id)
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True if there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Memory held for members and table, in bytes.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.arena.capacity()
            + self.ends.capacity() * size_of::<usize>()
            + self.slots.capacity() * size_of::<Slot>()
    }

    /// All members one after the other, and where each ends.
    #[must_use]
    pub fn parts(&self) -> (&[u8], &[usize]) {
        (&self.arena, &self.ends)
    }

    /// Forgets all members and keeps the memory.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.arena.clear();
        self.ends.clear();
    }

    /// Forgets all members and gives the memory back.
    pub fn release(&mut self) {
        self.slots = HashTable::new();
        self.arena = Vec::new();
        self.ends = Vec::new();
    }
}

#[inline]
fn member<'a>(arena: &'a [u8], ends: &[usize], id: u32) -> &'a [u8] {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends[id - 1] };
    &arena[start..ends[id]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_first_occurrence() {
        let mut distinct = Distinct::new([1, 2, 3, 4]);
        let numbers: Vec<_> =
            ["b", "a", "", "b", "a"].iter().map(|text| distinct.number(text.as_bytes())).collect();
        assert_eq!(numbers, [(0, true), (1, true), (2, true), (0, false), (1, false)]);
        assert_eq!(distinct.member(1), b"a");
        assert_eq!(distinct.member(2), b"");
    }

    #[test]
    fn seeds_do_not_change_the_numbers() {
        let numbers = |seeds| {
            let mut distinct = Distinct::new(seeds);
            (0..10_000u32).map(|i| distinct.number(&(i % 777).to_le_bytes()).0).collect::<Vec<_>>()
        };
        assert_eq!(numbers([1, 2, 3, 4]), numbers([9, 8, 7, 6]));
    }
}

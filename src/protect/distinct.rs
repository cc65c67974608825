//! Byte strings in; small numbers in order of first occurrence out.
//!
//! A member is one cache line: its first bytes stand in it, beside what is
//! held with it. Look-ups are made a block at a time, in passes: hashes, then
//! places of the table, then members, then bytes. With many members the places
//! and the members are not in the cache; within a pass no load waits for
//! another, and no branch that guesses wrong throws away the loads behind it.
//!
//! Not here: what the bytes mean; numbers that outlive [`Distinct::clear`].

use std::hash::{BuildHasher as _, Hasher as _};

use ahash::RandomState;

/// Keys of the table hash. Strangers choose what is hashed, so a fixed key
/// would let them make every look-up slow. The output does not depend on it.
pub type HashSeeds = [u64; 4];

/// Values that are looked up together.
pub const BLOCK: usize = 256;

/// Bytes of the place in the arena.
const START: usize = size_of::<u64>();

/// Number of an absent value.
pub const ABSENT: u32 = u32::MAX;

/// A set of byte strings that numbers its members from 0 and holds a `T` for
/// each.
pub struct Distinct<T = ()> {
    /// Open addressing with linear probing, at most half full, a power of two
    /// long. A place holds the number plus one in as many bits as the length
    /// has, and as much of the hash as there is room for above; 0 is free. (Half
    /// as long as with all of the hash: where a place is not in the cache, that
    /// is what a look-up waits for.)
    places: Vec<u32>,
    members: Vec<Member<T>>,
    /// The bytes of members longer than [`INLINE`], one after the other.
    arena: Vec<u8>,
    hasher: RandomState,
}

/// Bytes that stand in the member itself: what a cache line has left beside
/// the fields and a `T` of 12 bytes.
const INLINE: usize = 40;

/// A cache line, so that one load brings all of it.
#[repr(align(64))]
struct Member<T> {
    /// So that growing need not look at the bytes.
    hash: u64,
    len: u32,
    with: T,
    /// The bytes and zeros, or, of a member longer than this, where in the
    /// arena it begins.
    inline: [u8; INLINE],
}

const _: () = assert!(size_of::<Member<[u32; 3]>>() == 64, "a member is one cache line");

/// How much room more members get when there is none left. They are aligned to
/// a cache line, so that they are copied when they move, and every page of both
/// places is touched; room that is not used yet is not.
const GROWTH: usize = 3;

/// Places of the smallest table.
const FEWEST_PLACES: usize = 1 << 10;

impl<T: Default> Distinct<T> {
    /// An empty set.
    #[must_use]
    pub fn new(seeds: HashSeeds) -> Self {
        let [a, b, c, d] = seeds;
        Self {
            places: vec![0; FEWEST_PLACES],
            members: Vec::new(),
            arena: Vec::new(),
            hasher: RandomState::with_seeds(a, b, c, d),
        }
    }

    /// The number of `bytes`, and whether it is new: then it equals the
    /// number of members there were before.
    pub fn number(&mut self, bytes: &[u8]) -> (u32, bool) {
        let hash = self.hash(bytes);
        let before = self.members.len();
        let number = self.find_or_insert(bytes, hash);
        (number, number as usize == before)
    }

    /// The number of `bytes`, if they are a member.
    #[must_use]
    pub fn find(&self, bytes: &[u8]) -> Option<u32> {
        let hash = self.hash(bytes);
        let cut = Cut::of(&self.places);
        let mut at = cut.home(hash);
        loop {
            let place = self.places[at];
            if place == 0 {
                return None;
            }
            let number = cut.number(place);
            if cut.is_like(place, hash) && self.member(number) == bytes {
                return Some(number);
            }
            at = cut.next(at);
        }
    }

    /// The numbers of up to [`BLOCK`] values, [`ABSENT`] for absent ones. New
    /// members are numbered on from [`Distinct::len`].
    #[inline]
    pub fn number_block(&mut self, values: &[Option<&[u8]>], numbers: &mut [u32; BLOCK]) {
        let mut hashes = [0u64; BLOCK];
        for (hash, value) in hashes.iter_mut().zip(values) {
            if let Some(bytes) = value {
                *hash = self.hash(bytes);
            }
        }
        let cut = Cut::of(&self.places);
        let mut found = [0u32; BLOCK];
        for (found, &hash) in found.iter_mut().zip(&hashes) {
            *found = self.places[cut.home(hash)];
        }
        for (found, &hash) in found.iter_mut().zip(&hashes) {
            let mut at = cut.home(hash);
            while *found != 0 && !cut.is_like(*found, hash) {
                at = cut.next(at);
                *found = self.places[at];
            }
            *found = cut.number(*found);
        }
        let mut lengths = [0u32; BLOCK];
        for (len, found) in lengths.iter_mut().zip(&found) {
            *len = self.members.get(*found as usize).map_or(u32::MAX, |m| m.len);
        }
        for (index, value) in values.iter().enumerate() {
            let Some(bytes) = value else {
                numbers[index] = ABSENT;
                continue;
            };
            let number = found[index];
            let is_found =
                lengths[index] as usize == bytes.len() && is_same(self.member(number), bytes);
            numbers[index] =
                if is_found { number } else { self.find_or_insert(bytes, hashes[index]) };
        }
    }

    #[inline]
    fn hash(&self, bytes: &[u8]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(bytes);
        hasher.finish()
    }

    fn find_or_insert(&mut self, bytes: &[u8], hash: u64) -> u32 {
        let cut = Cut::of(&self.places);
        let mut at = cut.home(hash);
        loop {
            let place = self.places[at];
            if place == 0 {
                return self.insert(bytes, hash, at);
            }
            let number = cut.number(place);
            if cut.is_like(place, hash) && self.member(number) == bytes {
                return number;
            }
            at = cut.next(at);
        }
    }

    #[cold]
    fn insert(&mut self, bytes: &[u8], hash: u64, at: usize) -> u32 {
        // A member takes 64 bytes: 2³² of them are more than any machine here
        // has. A value is as long as a line at most.
        let number = u32::try_from(self.members.len()).unwrap_or(ABSENT);
        let len = u32::try_from(bytes.len()).unwrap_or(ABSENT);
        let mut inline = [0; INLINE];
        if let Some(here) = inline.get_mut(..bytes.len()) {
            here.copy_from_slice(bytes);
        } else {
            let start = self.arena.len() as u64;
            inline[..START].copy_from_slice(&start.to_le_bytes());
            self.arena.extend_from_slice(bytes);
        }
        if self.members.len() == self.members.capacity() {
            self.members.reserve_exact(self.members.len().max(FEWEST_PLACES) * GROWTH);
        }
        self.members.push(Member { hash, len, with: T::default(), inline });
        self.places[at] = Cut::of(&self.places).place(hash, number);
        if self.members.len() * 2 >= self.places.len() {
            self.grow();
        }
        number
    }

    /// Makes the table twice as long. Members are gone through in their order,
    /// one after the other in memory: in that of the places, each would be
    /// waited for.
    #[cold]
    fn grow(&mut self) {
        let longer = self.places.len() * 2;
        self.places.clear();
        self.places.resize(longer, 0);
        let cut = Cut::of(&self.places);
        for (number, member) in (0..).zip(&self.members) {
            let mut at = cut.home(member.hash);
            while self.places[at] != 0 {
                at = cut.next(at);
            }
            self.places[at] = cut.place(member.hash, number);
        }
    }

    /// The member of a number that was given.
    #[must_use]
    #[inline]
    pub fn member(&self, number: u32) -> &[u8] {
        let Member { len, inline, .. } = &self.members[number as usize];
        let len = *len as usize;
        if let Some(bytes) = inline.get(..len) {
            return bytes;
        }
        let start = inline.first_chunk::<START>().copied().map_or(0, u64::from_le_bytes);
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        &self.arena[start..][..len]
    }

    /// What is held with the member of a number that was given.
    #[must_use]
    #[inline]
    pub fn with(&self, number: u32) -> &T {
        &self.members[number as usize].with
    }

    /// As [`Distinct::with`], to be changed.
    #[must_use]
    #[inline]
    pub fn with_mut(&mut self, number: u32) -> &mut T {
        &mut self.members[number as usize].with
    }

    /// All members by number.
    #[must_use]
    pub fn members(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.members_from(0)
    }

    /// The members from a number on, without a look at those before.
    #[must_use]
    pub fn members_from(&self, from: usize) -> impl ExactSizeIterator<Item = &[u8]> {
        let number = |index: usize| u32::try_from(index).unwrap_or(ABSENT);
        let end = number(self.members.len());
        (number(from).min(end)..end).map(|number| self.member(number))
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// True if there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Memory in use, in bytes.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.arena.capacity()
            + self.members.len() * size_of::<Member<T>>()
            + self.places.capacity() * size_of::<u32>()
    }

    /// Forgets all members and keeps the memory.
    pub fn clear(&mut self) {
        self.places.fill(0);
        self.members.clear();
        self.arena.clear();
    }

    /// Forgets all members and gives the memory back.
    pub fn release(&mut self) {
        self.places = vec![0; FEWEST_PLACES];
        self.members = Vec::new();
        self.arena = Vec::new();
    }
}

/// Whether two strings of one length are the same. Most are short, and for
/// those a call of `memcmp` costs more than it saves.
#[inline]
pub(super) fn is_same(left: &[u8], right: &[u8]) -> bool {
    let (Some(left_last), Some(right_last)) = (left.last_chunk::<8>(), right.last_chunk::<8>())
    else {
        return left.iter().eq(right);
    };
    let differs =
        |left: &[u8; 8], right: &[u8; 8]| u64::from_ne_bytes(*left) ^ u64::from_ne_bytes(*right);
    // The last eight overlap the last whole ones.
    let mut difference = differs(left_last, right_last);
    for (left, right) in left.as_chunks().0.iter().zip(right.as_chunks().0) {
        difference |= differs(left, right);
    }
    difference == 0
}

/// How the bits of a place are shared out in a table of one length.
#[derive(Clone, Copy)]
struct Cut {
    /// The length less one: the bits of a number.
    mask: u32,
}

#[expect(clippy::cast_possible_truncation, reason = "each wants one half of the hash")]
impl Cut {
    #[inline]
    fn of(places: &[u32]) -> Self {
        // 2³² places of 4 bytes, half of them with a member of 64: more memory
        // than any machine here has.
        Self { mask: (places.len() - 1) as u32 }
    }

    /// Where a hash belongs.
    #[inline]
    fn home(self, hash: u64) -> usize {
        (hash as u32 & self.mask) as usize
    }

    /// The place behind another.
    #[inline]
    fn next(self, at: usize) -> usize {
        (at + 1) & self.mask as usize
    }

    /// What stands for a member.
    #[inline]
    fn place(self, hash: u64, number: u32) -> u32 {
        ((hash >> 32) as u32 & !self.mask) | number.wrapping_add(1)
    }

    /// Whether a place that is not free may be that of a value with this hash.
    #[inline]
    fn is_like(self, place: u32, hash: u64) -> bool {
        (place ^ (hash >> 32) as u32) & !self.mask == 0
    }

    /// Of a free place, [`ABSENT`].
    #[inline]
    fn number(self, place: u32) -> u32 {
        (place & self.mask).wrapping_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(seeds: HashSeeds) -> Distinct {
        Distinct::new(seeds)
    }

    #[test]
    fn numbers_follow_the_first_occurrence() {
        let mut distinct = set([1, 2, 3, 4]);
        let numbers: Vec<_> =
            ["b", "a", "", "b", "a"].iter().map(|text| distinct.number(text.as_bytes())).collect();
        assert_eq!(numbers, [(0, true), (1, true), (2, true), (0, false), (1, false)]);
        assert_eq!(distinct.member(1), b"a");
        assert_eq!(distinct.member(2), b"");
    }

    /// Blocks, single look-ups and a map must agree, through several growths,
    /// with absent and empty values, and whatever the seeds are.
    #[test]
    fn blocks_agree_with_a_map() {
        let texts: Vec<Option<String>> = (0..40_000u64)
            .map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48)
            .map(|i| match i % 97 {
                0 => None,
                1 => Some(String::new()),
                _ => Some(format!("{}", i % 9_000)),
            })
            .collect();
        let mut map = std::collections::BTreeMap::new();
        let expected: Vec<u32> = texts
            .iter()
            .map(|text| match text {
                None => ABSENT,
                Some(text) => {
                    let next = u32::try_from(map.len()).unwrap();
                    *map.entry(text.clone()).or_insert(next)
                }
            })
            .collect();
        for seeds in [[1, 2, 3, 4], [9, 8, 7, 6]] {
            let mut distinct = set(seeds);
            let mut found = Vec::new();
            for block in texts.chunks(BLOCK) {
                let values: Vec<_> =
                    block.iter().map(|text| text.as_ref().map(String::as_bytes)).collect();
                let mut numbers = [0; BLOCK];
                distinct.number_block(&values, &mut numbers);
                found.extend_from_slice(&numbers[..block.len()]);
            }
            assert_eq!(found, expected);
            for (text, number) in &map {
                assert_eq!(distinct.number(text.as_bytes()), (*number, false));
            }
        }
    }

    /// Around the lengths that stand in a member, that are compared eight at
    /// a time, and a difference in any byte.
    #[test]
    fn long_members_are_told_apart_by_any_byte() {
        let mut distinct = set([1, 2, 3, 4]);
        let mut texts = Vec::new();
        for len in [1, 7, 8, 9, 15, 16, 17, 39, 40, 41, 100, 1_000] {
            let text = vec![b'x'; len];
            texts.extend((0..len).map(|at| {
                let mut text = text.clone();
                text[at] = b'y';
                text
            }));
            texts.push(text);
        }
        for _ in 0..2 {
            for (number, text) in (0..).zip(&texts) {
                assert_eq!(distinct.number(text).0, number);
                assert_eq!(distinct.member(number), text);
            }
        }
        for (block, texts) in texts.chunks(BLOCK).enumerate() {
            let values: Vec<_> = texts.iter().map(|text| Some(text.as_slice())).collect();
            let mut numbers = [0; BLOCK];
            distinct.number_block(&values, &mut numbers);
            let expected = (block * BLOCK..).take(texts.len());
            assert!(
                numbers.iter().map(|number| *number as usize).zip(expected).all(|(a, b)| a == b)
            );
        }
        for (left, right) in texts.iter().flat_map(|a| texts.iter().take(300).map(move |b| (a, b)))
        {
            assert_eq!(left.len() == right.len() && is_same(left, right), left == right);
        }
        distinct.release();
        assert_eq!(distinct.number(&texts[5]), (0, true));
    }

    #[test]
    fn what_was_cleared_is_new_again() {
        let mut distinct = set([1, 2, 3, 4]);
        distinct.number(b"kim");
        distinct.clear();
        assert_eq!(distinct.number(b"lee"), (0, true));
        assert_eq!(distinct.number(b"kim"), (1, true));
        assert_eq!(distinct.members().collect::<Vec<_>>(), [b"lee", b"kim"]);
    }
}

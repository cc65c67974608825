//! Identifiers of the input in; whether a text of the output holds one of them, out.
//!
//! ```text
//! identifier ─► its canonical form, or its text in lower case ─► keyed digest ─► table
//! text ─► words ─► the same                                            ─► is it there?
//! ```
//!
//! The table has digests alone, under keys drawn for the night, and is never written
//! anywhere: whoever reads the memory learns no identifier from it.
//!
//! Identifiers of fewer than [`LEAST`] bytes are not looked for: a member `12` is also
//! a page. Of numbers in columns of numbers, those of fewer than eight digits are not.
//!
//! Not here: what looks like an identifier, whoever has it (`scan`).

use std::hash::{BuildHasher as _, Hasher as _};
use std::net::IpAddr;

use ahash::RandomState;
use hashbrown::HashTable;

use super::distinct::HashSeeds;
use super::text::{self, Written};
use crate::notation::address::address;
use crate::notation::mac::mac;

/// Bytes of the shortest text that is looked for.
pub const LEAST: usize = 6;

/// Digits of the smallest number in a column of numbers that is looked for.
const LEAST_NUMBER: u64 = 10_000_000;

/// Keyed digests of identifiers.
pub struct Identifiers {
    hasher: RandomState,
    digests: HashTable<u64>,
}

/// Kinds of identifiers: equal bytes of two kinds are not the same.
#[derive(Clone, Copy)]
enum Sort {
    Text = 0,
    Address = 1,
    Device = 2,
}

impl Identifiers {
    /// None yet. All tables that are put together need the same seeds.
    #[must_use]
    pub fn new(seeds: HashSeeds) -> Self {
        let [a, b, c, d] = seeds;
        // Not those of the tables that number values.
        let hasher = RandomState::with_seeds(!a, !b, !c, !d);
        Self { hasher, digests: HashTable::new() }
    }

    /// Adds an identifier as it was logged.
    pub fn add(&mut self, raw: &[u8]) {
        if let Some(address) = address(raw) {
            self.add_address(address);
        } else if let Some(mac) = mac(raw) {
            self.insert(self.digest(Sort::Device, &mac));
        }
        if raw.len() >= LEAST {
            let text = text::read(raw, Written::Plain);
            let digest = self.digest(Sort::Text, text.text.to_lowercase().as_bytes());
            self.insert(digest);
        }
    }

    /// Adds one in its canonical form: 4 or 16 bytes of an address, 6 of a device, or as
    /// it was logged.
    pub(super) fn add_canonical(&mut self, bytes: &[u8]) {
        match *bytes {
            [a, b, c, d] => self.add_address([a, b, c, d].into()),
            [_, _, _, _, _, _] => self.insert(self.digest(Sort::Device, bytes)),
            _ => {
                if let Ok(v6) = <[u8; 16]>::try_from(bytes) {
                    self.add_address(v6.into());
                }
            }
        }
        self.add(bytes);
    }

    fn add_address(&mut self, address: IpAddr) {
        let digest = match address {
            IpAddr::V4(v4) => self.digest(Sort::Address, &v4.octets()),
            IpAddr::V6(v6) => self.digest(Sort::Address, &v6.octets()),
        };
        self.insert(digest);
    }

    /// Adds those of another table.
    pub fn merge(&mut self, other: Self) {
        for digest in other.digests {
            self.insert(digest);
        }
    }

    /// True if a word of the text is one of them.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        if self.digests.is_empty() || text.len() < LEAST {
            return false;
        }
        // As a whole, between marks of a URL, and between any marks.
        self.has(text)
            || words(text, is_within_mark).any(|word| self.has(word))
            || words(text, |_| false).any(|word| self.has(word))
    }

    /// True if the number, in digits, is one of them.
    #[must_use]
    pub fn have_number(&self, number: i64) -> bool {
        number.unsigned_abs() >= LEAST_NUMBER && self.has(&number.unsigned_abs().to_string())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.digests.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.digests.is_empty()
    }

    fn has(&self, word: &str) -> bool {
        if word.len() < LEAST {
            return false;
        }
        let bytes = word.as_bytes();
        let is_there = |digest| self.digests.find(digest, |known| *known == digest).is_some();
        let has_marks = bytes.iter().any(|byte| matches!(byte, b'.' | b':' | b'-'));
        let is_address = || match address(bytes) {
            Some(IpAddr::V4(v4)) => is_there(self.digest(Sort::Address, &v4.octets())),
            Some(IpAddr::V6(v6)) => is_there(self.digest(Sort::Address, &v6.octets())),
            None => false,
        };
        let is_device = || mac(bytes).is_some_and(|mac| is_there(self.digest(Sort::Device, &mac)));
        let text = |word: &str| is_there(self.digest(Sort::Text, word.as_bytes()));
        let is_text = if bytes.iter().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
            text(&word.to_lowercase())
        } else {
            text(word)
        };
        is_text || (has_marks && is_address()) || is_device()
    }

    fn digest(&self, sort: Sort, bytes: &[u8]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write_u8(sort as u8);
        hasher.write(bytes);
        hasher.finish()
    }

    fn insert(&mut self, digest: u64) {
        self.digests.entry(digest, |known| *known == digest, |known| *known).or_insert(digest);
    }
}

/// Marks that stand inside addresses, devices, accounts and numbers.
fn is_within_mark(letter: char) -> bool {
    matches!(letter, '.' | '-' | '_' | ':' | '@')
}

/// Runs of letters, digits and marks that may stand within a word, each as it is and
/// without those at its ends.
fn words(text: &str, is_within: fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |letter: char| !letter.is_alphanumeric() && !is_within(letter))
        .flat_map(move |word| {
            let trimmed = word.trim_matches(is_within);
            [Some(word), (trimmed.len() < word.len()).then_some(trimmed)]
        })
        .flatten()
        .filter(move |word| word.len() >= LEAST && word.len() < text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEDS: HashSeeds = [1, 2, 3, 4];

    fn those_of(raw: &[&str]) -> Identifiers {
        let mut identifiers = Identifiers::new(SEEDS);
        for raw in raw {
            identifiers.add(raw.as_bytes());
        }
        identifiers
    }

    #[test]
    fn an_identifier_is_found_in_every_notation_and_place() {
        let known =
            those_of(&["192.0.2.7", "Kim.Minsu", "00-11-22-aa-bb-cc", "L00012345", "김민수"]);
        for text in [
            "192.0.2.7",
            "http://192.0.2.7/x",
            "http://192.0.2.7:8080/x",
            "/from/::ffff:192.0.2.7",
            "/my/kim.minsu/list",
            "/my/KIM.MINSU",
            "q=a&user=kim.minsu",
            "/ap/0011.22aa.bbcc",
            "/card/l00012345.html",
            "/김민수/책",
        ] {
            assert!(known.are_in(text), "{text}");
        }
        for text in ["192.0.2.77", "/my/kim", "/minsu", "/l000123456", "/card", "", "/김민수진"]
        {
            assert!(!known.are_in(text), "{text}");
        }
    }

    #[test]
    fn what_is_short_is_not_looked_for() {
        assert!(!those_of(&["12", "kim"]).are_in("/page/12/kim"));
        let known = those_of(&["20261120", "123456"]);
        assert!(known.have_number(20_261_120) && !known.have_number(123_456));
    }

    #[test]
    fn tables_are_put_together() {
        let mut one = those_of(&["kim.minsu"]);
        one.merge(those_of(&["lee.jiwon", "kim.minsu"]));
        assert!(one.are_in("lee.jiwon") && one.are_in("kim.minsu"));
        assert_eq!(one.len(), 2);
    }
}

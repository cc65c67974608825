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
//! a page. Of numbers in columns of numbers, those of fewer than eight digits are not;
//! there a telephone is known by its digits alone: no number has marks or zeros before it.
//!
//! Not here: what looks like an identifier, whoever has it (`scan`).

mod spans;

use std::hash::{BuildHasher as _, Hasher as _};
use std::net::IpAddr;

use ahash::RandomState;

use spans::{SPAN, runs, usual, without_particle};

use super::distinct::HashSeeds;
use super::layers::layers;
use super::text::{self, Written};
use crate::notation::address::address;
use crate::notation::mac::mac;

/// Bytes of the shortest text that is looked for.
pub const LEAST: usize = 6;

/// The smallest number in a column of numbers that is looked for: one of eight digits.
pub const LEAST_NUMBER: i64 = 10_000_000;

/// Keyed digests of identifiers, while they are collected.
pub struct Identifiers {
    keys: Keys,
    /// Those of which the first so many are sorted, each once.
    digests: Vec<u64>,
    sorted: usize,
    /// Whether some are of several words.
    has_phrases: bool,
    /// The one at hand, in lower case.
    lower: Vec<u8>,
}

/// Keyed digests of all identifiers.
pub struct Known {
    keys: Keys,
    /// Sorted, each once.
    digests: Vec<u64>,
    /// First bits of a digest → where those that begin so begin.
    starts: Vec<u32>,
    /// How many bits that are.
    bits: u32,
    has_phrases: bool,
}

/// Computes digests.
#[derive(Clone)]
struct Keys(RandomState);

/// Digests that are collected before the first are sorted.
const FEW: usize = 1 << 16;

/// Kinds of identifiers: equal bytes of two kinds are not the same.
#[derive(Clone, Copy)]
enum Sort {
    Text = 0,
    Address = 1,
    Device = 2,
    Whole = 3,
    Number = 4,
}

impl Keys {
    fn digest(&self, sort: Sort, bytes: &[u8]) -> u64 {
        let mut hasher = self.0.build_hasher();
        hasher.write_u8(sort as u8);
        hasher.write(bytes);
        hasher.finish()
    }

    fn of_address(&self, address: IpAddr) -> u64 {
        match address {
            IpAddr::V4(v4) => self.digest(Sort::Address, &v4.octets()),
            IpAddr::V6(v6) => self.digest(Sort::Address, &v6.octets()),
        }
    }

    fn of_number(&self, number: u64) -> u64 {
        self.digest(Sort::Number, &number.to_le_bytes())
    }
}

impl Identifiers {
    /// None yet. All that are put together need the same seeds.
    #[must_use]
    pub fn new(seeds: HashSeeds) -> Self {
        let [a, b, c, d] = seeds;
        // Not those of the tables that number values.
        let keys = Keys(RandomState::with_seeds(!a, !b, !c, !d));
        Self { keys, digests: Vec::new(), sorted: 0, has_phrases: false, lower: Vec::new() }
    }

    /// Adds an identifier as it was logged, and what it would be without escapes.
    pub fn add(&mut self, raw: &[u8]) {
        let raw = raw.trim_ascii();
        // Of a list of addresses each is one.
        if memchr::memchr(b',', raw).is_some() && address(raw).is_some() {
            raw.split(|byte| *byte == b',').for_each(|one| self.add_notations(one.trim_ascii()));
        } else {
            self.add_notations(raw);
        }
        if raw.len() >= LEAST {
            self.has_phrases |= raw.contains(&b' ');
            self.add_text(raw);
        }
    }

    /// Adds all that an address, device or number may be written as.
    fn add_notations(&mut self, raw: &[u8]) {
        let has_mark = raw.iter().any(|byte| matches!(byte, b'.' | b':' | b'-'));
        if let Some(address) = Some(raw).filter(|_| has_mark).and_then(address) {
            // That of the machine itself is nobody's.
            if !address.is_loopback() && !address.is_unspecified() {
                self.push(self.keys.of_address(address));
            }
            return;
        }
        if let Some(mac) = Some(raw).filter(|_| has_mark || raw.len() >= 12).and_then(mac) {
            self.push(self.keys.digest(Sort::Device, &mac));
        }
        // Where the code of the country stands, the zero before the number does not.
        let abroad = raw.strip_prefix(b"+82");
        for number in [Some(raw), abroad].into_iter().flatten().filter_map(number) {
            self.push(self.keys.of_number(number));
        }
    }

    fn add_text(&mut self, raw: &[u8]) {
        // An address is found by what it is, and that of the machine itself is nobody's.
        let is_address = raw.iter().all(|byte| byte.is_ascii_hexdigit() || b".:".contains(byte))
            && raw.iter().any(|byte| b".:".contains(byte))
            && address(raw).is_some();
        if is_address {
            return;
        }
        if raw.is_ascii() {
            self.lower.clear();
            self.lower.extend(raw.iter().map(u8::to_ascii_lowercase));
            self.push(self.keys.digest(Sort::Text, &self.lower));
        }
        if !raw.is_ascii() || raw.iter().any(|byte| b"%&\\".contains(byte)) {
            let text = text::read(raw, Written::Plain).text;
            self.push(self.keys.digest(Sort::Text, usual(&text).as_bytes()));
            for under in layers(&text).texts {
                if under.len() >= LEAST {
                    self.push(self.keys.digest(Sort::Text, usual(under.trim()).as_bytes()));
                }
            }
        }
    }

    /// Adds one in its canonical form: 4 or 16 bytes of an address, 6 of a device, or as
    /// it was logged.
    pub(super) fn add_canonical(&mut self, bytes: &[u8]) {
        match *bytes {
            [a, b, c, d] => self.push(self.keys.of_address([a, b, c, d].into())),
            [_, _, _, _, _, _] => self.push(self.keys.digest(Sort::Device, bytes)),
            _ => {
                if let Ok(v6) = <[u8; 16]>::try_from(bytes) {
                    self.push(self.keys.of_address(v6.into()));
                }
            }
        }
        self.add(bytes);
    }

    /// Adds those of another one.
    pub fn merge(&mut self, other: Self) {
        self.has_phrases |= other.has_phrases;
        self.digests.extend(other.digests);
    }

    /// All of them, to be looked for.
    #[must_use]
    pub fn known(mut self) -> Known {
        self.sort();
        let Self { keys, digests, has_phrases, .. } = self;
        // About one digest for each beginning; the last bit is left for the end.
        let bits = usize::BITS - digests.len().leading_zeros();
        let beginning = |digest: u64| digest.checked_shr(u64::BITS - bits).unwrap_or(0);
        let mut starts = Vec::with_capacity((1 << bits) + 1);
        let mut place = 0;
        for start in 0..=1u64 << bits {
            while digests.get(place).is_some_and(|digest| beginning(*digest) < start) {
                place += 1;
            }
            starts.push(u32::try_from(place).unwrap_or(u32::MAX));
        }
        Known { keys, digests, starts, bits, has_phrases }
    }

    /// Beside each other in memory, and sorted now and then: a table would be waited for
    /// with every identifier.
    fn push(&mut self, digest: u64) {
        self.digests.push(digest);
        if self.digests.len() >= (2 * self.sorted).max(FEW) {
            self.sort();
        }
    }

    fn sort(&mut self) {
        self.digests.sort_unstable();
        self.digests.dedup();
        self.sorted = self.digests.len();
    }
}

impl Known {
    /// True if the text is one of them, and nothing else.
    #[must_use]
    pub fn have(&self, text: &str) -> bool {
        self.has(&usual(text.trim()))
    }

    /// True if a word of the text is one of them.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        if self.digests.is_empty() || text.len() < LEAST {
            return false;
        }
        let text = &*usual(text);
        // As a whole, between marks of a URL, and between any marks, with such in them or
        // not; names of several words; addresses with anything around them.
        self.has(text)
            || words(text, is_within_mark).any(|word| self.has(word))
            || self.has_span(text)
            || self.has_phrase(text)
            || self.has_v4(text)
    }

    /// True if some runs of letters and digits, with what stands between them, are one: of
    /// `my_hong_gd.html` also `hong_gd`. Latin and Korean letters are no one run, and a name
    /// may have a particle behind it.
    fn has_span(&self, text: &str) -> bool {
        let runs: Vec<(usize, usize)> = runs(text).collect();
        (0..runs.len()).any(|first| {
            let (start, end) = runs[first];
            without_particle(&text[start..end]).any(|name| self.has(name))
                || runs[first..].iter().take(SPAN).any(|&(_, end)| self.has(&text[start..end]))
        })
    }

    /// True if two or three words of the text, with blanks between them, are one.
    fn has_phrase(&self, text: &str) -> bool {
        if !self.has_phrases || !text.contains(' ') {
            return false;
        }
        let is_edge = |letter: char| !letter.is_alphanumeric();
        let words: Vec<&str> = text.split(' ').map(|word| word.trim_matches(is_edge)).collect();
        (2..=3).any(|count| words.windows(count).any(|phrase| self.has(&phrase.join(" "))))
    }

    /// True if four numbers with dots between them are an address that is known.
    fn has_v4(&self, text: &str) -> bool {
        let runs = text.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
        runs.filter(|run| run.len() >= LEAST).any(|run| {
            let labels: Vec<&str> = run.split('.').collect();
            labels.windows(4).any(|labels| {
                let address = labels.join(".").parse().ok().map(IpAddr::V4);
                address.is_some_and(|address| self.is_there(self.keys.of_address(address)))
            })
        })
    }

    /// True if the number, in digits, is one of them.
    #[must_use]
    pub fn have_number(&self, number: i64) -> bool {
        let number = number.unsigned_abs();
        number >= LEAST_NUMBER.unsigned_abs()
            && (self.is_there(self.keys.of_number(number)) || self.has(&number.to_string()))
    }

    /// A digest of a text, under the same keys: to know again what was looked at.
    #[must_use]
    pub fn mark(&self, text: &str) -> u64 {
        self.keys.digest(Sort::Whole, text.as_bytes())
    }

    /// How many digests there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.digests.len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.digests.is_empty()
    }

    /// True if a word, as it is usually written, is one of them.
    fn has(&self, word: &str) -> bool {
        if word.len() < LEAST {
            return false;
        }
        let bytes = word.as_bytes();
        let is_mark = |byte: &u8| matches!(byte, b'.' | b':' | b'-');
        let is_numeric = bytes.iter().all(|byte| byte.is_ascii_hexdigit() || is_mark(byte));
        let has_marks = bytes.iter().any(is_mark);
        let is_text = self.is_there(self.keys.digest(Sort::Text, bytes));
        let is_address =
            || address(bytes).is_some_and(|address| self.is_there(self.keys.of_address(address)));
        let is_device =
            || mac(bytes).is_some_and(|mac| self.is_there(self.keys.digest(Sort::Device, &mac)));
        is_text || (is_numeric && (is_device() || (has_marks && is_address())))
    }

    fn is_there(&self, digest: u64) -> bool {
        let beginning = digest.checked_shr(u64::BITS - self.bits).unwrap_or(0);
        let at = |start: u64| {
            let start = usize::try_from(start).ok().and_then(|start| self.starts.get(start));
            start.map_or(self.digests.len(), |place| *place as usize)
        };
        let those = self.digests.get(at(beginning)..at(beginning + 1));
        those.is_some_and(|those| those.contains(&digest))
    }
}

/// The number that is left of digits with marks between them, `010-1234-5678` or
/// `(031) 123 4567`, if a column of numbers could have it.
fn number(raw: &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for byte in raw {
        match byte {
            b'0'..=b'9' => number = number.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?,
            b'-' | b' ' | b'.' | b'/' | b'(' | b')' | b'+' | b'_' => {}
            _ => return None,
        }
    }
    (number >= LEAST_NUMBER.unsigned_abs()).then_some(number)
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
mod tests;

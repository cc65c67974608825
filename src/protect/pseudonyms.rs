//! Identifiers in; pseudonyms, each computed once, out.
//!
//! An identifier keeps its number from row group to row group, because each
//! costs an HMAC; within a row group it has the key of its pseudonym.

use std::sync::Arc;

use arrow::array::{ArrayRef, FixedSizeBinaryArray};

use super::Missed;
use super::canonical::{Canonical, canonical};
use super::collected::Collected;
use super::column::{NULL, blocks, dictionary, number};
use super::distinct::{BLOCK, Distinct, HashSeeds};
use super::keys::KeyRing;
use super::settings::{self, Kind, Randomised};
use crate::notation::mac::is_randomised;
use crate::split::Values;
use crate::vault::pseudonym::PseudonymKey;

/// Memory for identifiers that one column may hold between row groups. Above
/// it they are forgotten, which costs HMACs and changes nothing else.
const IDENTIFIER_BYTES: usize = 256 << 20;

/// Bytes of a pseudonym, unless a pipeline says otherwise.
const USUAL_WIDTH: usize = 16;

/// In the place of the first identifier with the same pseudonym: there is none,
/// because a device made the identifier up. A column has fewer identifiers.
const MADE_UP: u32 = NULL - 1;

/// How a column of pseudonyms is made.
pub(super) struct How {
    /// The key of its domain.
    key: PseudonymKey,
    /// The canonical form that they are computed over.
    kind: Kind,
    /// What becomes of randomised MAC addresses.
    randomised: Randomised,
    /// Keys of those that a look-up found to be a device or an address, and of no
    /// account; `None` if nothing was looked up.
    looked_up: Option<Box<(PseudonymKey, PseudonymKey)>>,
}

impl How {
    pub(super) fn new(settings: &settings::Pseudonym, kind: Kind, keys: &KeyRing<'_>) -> Self {
        let looked_up = settings
            .looked_up()
            .map(|(device, address)| Box::new((keys.pseudonyms(device), keys.pseudonyms(address))));
        // Which randomised devices count was decided when they were looked up.
        let randomised = match looked_up {
            Some(_) => Randomised::Keep,
            None => settings.randomised.unwrap_or_default(),
        };
        Self { key: keys.pseudonyms(&settings.domain), kind, randomised, looked_up }
    }

    /// The canonical form of a value, and the key that its pseudonym is made with.
    /// What was looked up has its kind before a colon: see [`crate::lookup`].
    fn read<'a>(&self, raw: &'a [u8]) -> Option<(&PseudonymKey, Canonical<'a>)> {
        let Some(looked_up) = &self.looked_up else {
            return canonical(self.kind, raw).map(|canonical| (&self.key, canonical));
        };
        let (device, address) = looked_up.as_ref();
        let (key, kind, value) = if let Some(name) = raw.strip_prefix(b"user:") {
            (&self.key, Kind::Text, name)
        } else if let Some(mac) = raw.strip_prefix(b"device:") {
            (device, Kind::Mac, mac)
        } else {
            (address, Kind::Ip, raw.strip_prefix(b"address:")?)
        };
        canonical(kind, value).map(|canonical| (key, canonical))
    }
}

/// A column of pseudonyms.
pub(super) struct Pseudonyms {
    how: How,
    /// Identifiers as logged, each once.
    seen: Distinct<Seen>,
    width: usize,
    /// The pseudonym of each, `width` bytes; zeros where it has none of its own.
    made: Vec<u8>,
    /// Pseudonyms of identifiers that can be spelled in several ways, with the
    /// first identifier that had each.
    firsts: Distinct<u32>,
    /// Number of the row group under way, from 1.
    group: u32,
    /// Identifiers with a key in the row group, in the order of their keys.
    order: Vec<u32>,
    keys: Collected<u32>,
    /// Their pseudonyms.
    values: Collected<u8>,
}

/// What is known of an identifier.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// The first identifier with the same pseudonym, mostly itself; [`NULL`]
    /// if it cannot be read, or [`MADE_UP`].
    first: u32,
    /// The row group that had it last, 0 for none, and its key in it.
    group: u32,
    key: u32,
}

impl Pseudonyms {
    /// A column without rows, of pseudonyms of `width` bytes.
    pub(super) fn new(how: How, width: usize, seeds: HashSeeds) -> Self {
        Self {
            how,
            seen: Distinct::new(seeds),
            width,
            made: Vec::new(),
            firsts: Distinct::new(seeds),
            group: 1,
            order: Vec::new(),
            keys: Collected::default(),
            values: Collected::default(),
        }
    }

    pub(super) fn push(&mut self, raw: &Values) -> Missed {
        let mut missed = Missed::default();
        self.keys.values.reserve(raw.len());
        blocks(
            raw,
            |value| value,
            |values| {
                let mut numbers = [NULL; BLOCK];
                let before = self.seen.len();
                self.seen.number_block(values, &mut numbers);
                for new in before..self.seen.len() {
                    self.make(number(new));
                }
                for &id in &numbers[..values.len()] {
                    let key = if id == NULL { NULL } else { self.key(id) };
                    if key == NULL && id != NULL {
                        let is_made_up = self.seen.with(id).first == MADE_UP;
                        missed.randomised += u64::from(is_made_up);
                        missed.unread += u64::from(!is_made_up);
                    }
                    self.keys.values.push(key);
                }
            },
        );
        missed
    }

    /// The key of an identifier in the row group under way.
    #[inline]
    fn key(&mut self, id: u32) -> u32 {
        let Seen { first, group, key } = *self.seen.with(id);
        if group == self.group {
            return key;
        }
        let key = if first == id {
            self.order.push(id);
            number(self.order.len() - 1)
        } else if first >= MADE_UP {
            return NULL;
        } else {
            self.key(first)
        };
        *self.seen.with_mut(id) = Seen { first, group: self.group, key };
        key
    }

    /// Computes the pseudonym of an identifier that was not seen before.
    #[cold]
    fn make(&mut self, id: u32) {
        let how = &self.how;
        let start = self.made.len();
        self.made.resize(start + self.width, 0);
        let Some((key, canonical)) = how.read(self.seen.member(id)) else {
            self.seen.with_mut(id).first = NULL;
            return;
        };
        let is_made_up = matches!(canonical, Canonical::Mac(mac) if is_randomised(mac));
        if is_made_up && how.randomised == Randomised::Null {
            self.seen.with_mut(id).first = MADE_UP;
            return;
        }
        let pseudonym = key.pseudonym(canonical.bytes());
        self.made[start..].copy_from_slice(&pseudonym[..self.width]);
        let mut first = id;
        if how.kind != Kind::Text {
            let (number, is_new) = self.firsts.number(&pseudonym[..self.width]);
            let known = self.firsts.with_mut(number);
            if is_new {
                *known = id;
            }
            first = *known;
        }
        self.seen.with_mut(id).first = first;
    }

    pub(super) fn take(&mut self, keeps_pairs: bool) -> ArrayRef {
        let values = &mut self.values.values;
        values.reserve(self.order.len() * self.width);
        match self.made.as_chunks::<USUAL_WIDTH>() {
            // Without a call for each, the next is fetched while one is copied.
            (made, []) if self.width == USUAL_WIDTH => {
                for &id in &self.order {
                    values.extend_from_slice(&made[id as usize]);
                }
            }
            _ => {
                for &id in &self.order {
                    values.extend_from_slice(&self.made[id as usize * self.width..][..self.width]);
                }
            }
        }
        let size = i32::try_from(self.width).unwrap_or(32);
        let values = FixedSizeBinaryArray::new(size, self.values.take().into_inner(), None);
        let array = dictionary(&mut self.keys, Arc::new(values));
        self.order.clear();
        self.group += 1;
        let held = self.seen.heap_bytes() + self.firsts.heap_bytes() + self.made.capacity();
        // A mapping that is to be kept must be whole, whatever memory it takes.
        if held > IDENTIFIER_BYTES && !keeps_pairs {
            self.seen.release();
            self.firsts.release();
            self.made = Vec::new();
        }
        array
    }

    /// Identifiers as logged, from the one with this number on.
    pub(super) fn seen(&self, from: usize) -> impl Iterator<Item = &[u8]> {
        self.seen.members_from(from)
    }

    /// How many identifiers it tells apart.
    pub(super) fn seen_len(&self) -> usize {
        self.seen.len()
    }

    /// Identifiers as logged and their pseudonyms, as far as they are held.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let ids = (0..self.seen.len()).map(number);
        ids.filter_map(move |id| {
            let first = self.seen.with(id).first;
            let has_one = first < MADE_UP;
            has_one.then(|| (self.seen.member(id), self.pseudonym(first)))
        })
    }

    fn pseudonym(&self, id: u32) -> &[u8] {
        &self.made[id as usize * self.width..][..self.width]
    }
}

//! Texts: values in; a dictionary per row group, or numbers of values that are
//! kept until the last row, out.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};

use super::{NULL, Outcome, blocks, dictionary, number, numbered};
use crate::protect::collected::Collected;
use crate::protect::distinct::{BLOCK, Distinct, HashSeeds};
use crate::protect::screen::{self, Screen, Screened};
use crate::protect::text::{self, Written};
use crate::protect::url;
use crate::split::Values;

/// How a text is made of a value.
pub(crate) enum Maker {
    /// It is the value.
    Whole,
    /// It is the path of a URL.
    Path,
    /// It is some parameters of a query.
    Query(Vec<String>),
    /// Made anew, once for each value that is seen.
    With(Make),
}

/// Makes a text of one without personal data; `None` for null. What is cut first could
/// no longer be told.
pub(crate) type Cut = Box<dyn Fn(&str) -> Option<String> + Send>;

/// Writes a text, or says why it did not.
pub(crate) type Make = Box<dyn Fn(&[u8], &mut Vec<u8>) -> Outcome + Send>;

/// A column of text.
pub(crate) struct Text {
    maker: Maker,
    cut: Option<Cut>,
    /// Values, each once: of the row group, or of all if they are held.
    values: Distinct,
    /// Row → value.
    keys: Collected<u32>,
    /// Rows of each value that is held, also of those that rules about rows take out.
    read_rows: Vec<u64>,
    /// For techniques that cost more than a look-up: what was seen → value.
    seen: Distinct<Made>,
    scratch: Vec<u8>,
    /// Rows whose value is in no encoding that is known.
    pub(super) undecoded: u64,
    pub(super) screen: Screen,
    is_held: bool,
    /// Pieces of the input stand in its texts.
    is_screened: bool,
}

impl Text {
    pub(super) fn new(maker: Maker, seeds: HashSeeds, is_held: bool, is_screened: bool) -> Self {
        Self {
            maker,
            cut: None,
            values: Distinct::new(seeds),
            keys: Collected::default(),
            read_rows: Vec::new(),
            seen: Distinct::new(seeds),
            scratch: Vec::new(),
            undecoded: 0,
            screen: Screen::default(),
            is_held,
            is_screened,
        }
    }

    /// With what is made of each text at last.
    pub(super) fn cut(self, cut: Cut) -> Self {
        Self { cut: Some(cut), ..self }
    }

    /// What becomes of a text without personal data.
    pub(crate) fn finish(&self, text: String) -> Option<String> {
        match &self.cut {
            Some(cut) => cut(&text),
            None => Some(text),
        }
    }

    /// Appends the rows of a chunk. Counts values that are there and of which nothing
    /// was made.
    pub(super) fn push(&mut self, raw: &Values) -> u64 {
        match self.maker {
            Maker::Whole => self.push_whole(raw),
            Maker::Path => self.push_paths(raw),
            Maker::Query(_) => self.push_query(raw),
            Maker::With(_) => self.push_made(raw),
        }
    }

    /// What was seen in the row group so far, from one number on: values as logged, or
    /// parts of them.
    pub(super) fn seen(&self, from: usize) -> impl Iterator<Item = &[u8]> {
        let (of_values, of_seen) = match self.maker {
            Maker::With(_) => (usize::MAX, from),
            Maker::Whole | Maker::Path | Maker::Query(_) => (from, usize::MAX),
        };
        self.values.members_from(of_values).chain(self.seen.members_from(of_seen))
    }

    /// The values as they are: cheaper than a look-up.
    fn push_whole(&mut self, raw: &Values) -> u64 {
        blocks(raw, |value| value, |values| self.push_block(values));
        0
    }

    /// Their paths. Those without user information are parts of the values.
    fn push_paths(&mut self, raw: &Values) -> u64 {
        let mut rows = raw.iter();
        let mut paths = Vec::with_capacity(BLOCK);
        loop {
            paths.clear();
            paths.extend(rows.by_ref().take(BLOCK).map(|value| value.map(url::path)));
            if paths.is_empty() {
                return 0;
            }
            let mut values = [None; BLOCK];
            for (value, path) in values.iter_mut().zip(&paths) {
                *value = path.as_deref();
            }
            self.push_block(&values[..paths.len()]);
        }
    }

    fn push_block(&mut self, values: &[Option<&[u8]>]) {
        let mut numbers = [NULL; BLOCK];
        self.values.number_block(values, &mut numbers);
        self.keys.values.extend_from_slice(&numbers[..values.len()]);
    }

    fn push_query(&mut self, raw: &Values) -> u64 {
        let Maker::Query(allowed) = &self.maker else { return 0 };
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
    fn push_made(&mut self, raw: &Values) -> u64 {
        let mut unread = 0;
        let Self { maker, values: members, keys, seen, scratch, .. } = self;
        let Maker::With(make) = maker else { return 0 };
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

    /// Ends the row group: its dictionary, or, if the values are held, their numbers.
    pub(super) fn take(&mut self) -> ArrayRef {
        self.seen.clear();
        if self.is_held {
            self.read_rows.resize(self.values.len(), 0);
            for key in self.keys.values.iter().filter(|key| **key != NULL) {
                self.read_rows[*key as usize] += 1;
            }
            return numbered(&mut self.keys);
        }
        let array = self.texts();
        self.values.clear();
        dictionary(&mut self.keys, Arc::new(array))
    }

    /// How texts are escaped in the values.
    fn written(&self) -> Written {
        match self.maker {
            Maker::Path => Written::Path,
            Maker::Query(_) => Written::Query,
            Maker::Whole | Maker::With(_) => Written::Plain,
        }
    }

    /// How many values it tells apart, of which [`Text::seen`] tells.
    pub(super) fn seen_len(&self) -> usize {
        match self.maker {
            Maker::With(_) => self.seen.len(),
            Maker::Whole | Maker::Path | Maker::Query(_) => self.values.len(),
        }
    }

    /// Rows of each held value, in the order of their numbers: of all that were read.
    pub(crate) fn read_rows(&self) -> &[u64] {
        &self.read_rows
    }

    /// How many values are held.
    pub(crate) fn values_held(&self) -> usize {
        self.values.len()
    }

    /// Held values as text, in the order of their numbers, and whether each is in an
    /// encoding that is known.
    pub(crate) fn held(&self) -> impl Iterator<Item = text::Text<'_>> {
        let written = self.written();
        self.values.members().map(move |value| text::read(value, written))
    }

    /// The values as texts without personal data in them.
    fn texts(&mut self) -> StringArray {
        let written = self.written();
        let is_same = |value: &[u8]| {
            let is_clean = |text| !self.is_screened || screen::is_clean(text);
            text::is_text(value, written) && str::from_utf8(value).is_ok_and(is_clean)
        };
        if self.cut.is_none() && self.values.members().all(is_same) {
            self.values.members().map(|value| str::from_utf8(value).ok()).collect()
        } else {
            self.read(written)
        }
    }

    /// Reads the values as text, masks what is personal, and joins those that this makes
    /// equal, so that a dictionary never names one value twice.
    fn read(&mut self, written: Written) -> StringArray {
        let mut rows = vec![0u64; self.values.len()];
        for key in self.keys.values.iter().filter(|key| **key != NULL) {
            rows[*key as usize] += 1;
        }
        let mut texts: Vec<String> = Vec::new();
        let mut numbers = BTreeMap::new();
        let mut renumbered = Vec::with_capacity(rows.len());
        for (id, rows) in (0..).zip(rows) {
            let read = text::read(self.values.member(id), written);
            let Screened { text, kinds, is_unread } = if self.is_screened {
                self.screen.mask(read.text)
            } else {
                Screened { text: read.text, kinds: Vec::new(), is_unread: false }
            };
            self.undecoded += if read.is_undecoded || is_unread { rows } else { 0 };
            self.screen.count(&kinds, rows);
            let Some(text) = self.finish(text.into_owned()) else {
                renumbered.push(NULL);
                continue;
            };
            renumbered.push(*numbers.entry(text.clone()).or_insert_with(|| {
                texts.push(text);
                number(texts.len() - 1)
            }));
        }
        for key in self.keys.values.iter_mut().filter(|key| **key != NULL) {
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

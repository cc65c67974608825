//! Texts that would be released in; the same without personal data in them, and how
//! much of it there was, out.
//!
//! Paths, search words and notes are where people leak: names, telephone numbers,
//! resident numbers. What is found becomes `[kind]`. A resident number
//! (주민등록번호) is masked as well, and counted: whoever calls must stop, for nothing
//! may be made of it without a statute (개인정보 보호법 제24조의2).
//!
//! Not here: what counts as personal data (`scan`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::text::unescaped;
use crate::scan::{self, Hit, Kind};

/// Rows in which personal data stood, by kind. A row with two of a kind counts once.
pub type Masked = BTreeMap<Kind, u64>;

/// True if a value as it was logged has a resident number in it, whatever is made of it.
pub(super) fn has_resident(raw: &[u8]) -> bool {
    /// Digits of one.
    const DIGITS: usize = 13;
    if raw.len() < DIGITS || raw.iter().filter(|byte| byte.is_ascii_digit()).count() < DIGITS {
        return false;
    }
    let mut hits = Vec::new();
    scan::find(&String::from_utf8_lossy(raw), &mut hits);
    hits.iter().any(|hit| hit.kind == Kind::Resident)
}

/// Looks at texts, one after the other.
#[derive(Default)]
pub(super) struct Screen {
    hits: Vec<Hit>,
    masked: Masked,
    /// Rows with any kind: a row with two of them counts once.
    rows: u64,
}

impl Screen {
    /// The text without personal data, and what kinds there were.
    pub(super) fn mask<'t>(&mut self, text: Cow<'t, str>) -> (Cow<'t, str>, Vec<Kind>) {
        self.hits.clear();
        scan::find(&text, &mut self.hits);
        if self.hits.is_empty() {
            return self.mask_hidden(text);
        }
        let mut out = String::with_capacity(text.len());
        scan::mask(&text, &self.hits, &mut out);
        let mut kinds: Vec<Kind> = self.hits.iter().map(|hit| hit.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        (out.into(), kinds)
    }

    /// What is in no encoding that is known stands escaped, and what is personal in it
    /// with it. Where it was cannot be told, so nothing of such a text stays.
    fn mask_hidden<'t>(&mut self, text: Cow<'t, str>) -> (Cow<'t, str>, Vec<Kind>) {
        if let Some(hidden) = unescaped(&text) {
            scan::find(&hidden, &mut self.hits);
        }
        if self.hits.is_empty() {
            return (text, Vec::new());
        }
        let mut kinds: Vec<Kind> = self.hits.iter().map(|hit| hit.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let names: Vec<String> = kinds.iter().map(|kind| format!("[{}]", kind.name())).collect();
        (names.concat().into(), kinds)
    }

    /// Counts rows of a text that had these kinds.
    pub(super) fn count(&mut self, kinds: &[Kind], rows: u64) {
        for kind in kinds.iter().filter(|_| rows > 0) {
            *self.masked.entry(*kind).or_default() += rows;
        }
        self.rows += if kinds.is_empty() { 0 } else { rows };
    }

    /// What was counted so far.
    pub(super) fn masked(&self) -> &Masked {
        &self.masked
    }

    /// Rows that were counted, whatever they had.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }
}

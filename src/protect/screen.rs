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

use crate::scan::{self, Hit, Kind};

/// Rows in which personal data stood, by kind. A row with two of a kind counts once.
pub type Masked = BTreeMap<Kind, u64>;

/// Looks at texts, one after the other.
#[derive(Default)]
pub(super) struct Screen {
    hits: Vec<Hit>,
    masked: Masked,
}

impl Screen {
    /// The text without personal data, and what kinds there were.
    pub(super) fn mask<'t>(&mut self, text: Cow<'t, str>) -> (Cow<'t, str>, Vec<Kind>) {
        self.hits.clear();
        scan::find(&text, &mut self.hits);
        if self.hits.is_empty() {
            return (text, Vec::new());
        }
        let mut out = String::with_capacity(text.len());
        scan::mask(&text, &self.hits, &mut out);
        let mut kinds: Vec<Kind> = self.hits.iter().map(|hit| hit.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        (out.into(), kinds)
    }

    /// Counts rows of a text that had these kinds.
    pub(super) fn count(&mut self, kinds: &[Kind], rows: u64) {
        for kind in kinds.iter().filter(|_| rows > 0) {
            *self.masked.entry(*kind).or_default() += rows;
        }
    }

    /// What was counted so far.
    pub(super) fn masked(&self) -> &Masked {
        &self.masked
    }
}

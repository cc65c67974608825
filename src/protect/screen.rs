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

use super::layers::{is_bare, layers};
use super::text::{self, Written};
use crate::scan::{self, Hit, Kind};

/// Rows in which personal data stood, by kind. A row with two of a kind counts once.
pub type Masked = BTreeMap<Kind, u64>;

/// What takes the place of a text that is escaped too often to be read.
const UNREAD: &str = "[escaped]";

/// True if a value as it was logged has a resident number in it, whatever is made of it.
pub(super) fn has_resident(raw: &[u8]) -> bool {
    /// Digits of one.
    const DIGITS: usize = 13;
    if raw.len() < DIGITS {
        return false;
    }
    let text = text::read(raw, Written::Plain).text;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    // Digits may be full-width, or stand under something.
    if digits < DIGITS && text.is_ascii() && is_bare(&text) {
        return false;
    }
    let mut hits = Vec::new();
    scan::find(&text, &mut hits);
    layers(&text).texts.iter().for_each(|layer| scan::find(layer, &mut hits));
    hits.iter().any(|hit| hit.kind == Kind::Resident)
}

/// What is left of a text.
pub(super) struct Screened<'t> {
    /// The text without personal data.
    pub(super) text: Cow<'t, str>,
    /// What kinds there were, each once.
    pub(super) kinds: Vec<Kind>,
    /// It is escaped too often to be read.
    pub(super) is_unread: bool,
}

/// True if a text stays as it is.
pub(super) fn is_clean(text: &str) -> bool {
    is_bare(text) && scan::is_clean(text)
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
    /// The text without personal data.
    pub(super) fn mask<'t>(&mut self, text: Cow<'t, str>) -> Screened<'t> {
        self.hits.clear();
        scan::find(&text, &mut self.hits);
        let mut screened = Screened { text, kinds: self.kinds(), is_unread: false };
        if !self.hits.is_empty() {
            let mut out = String::with_capacity(screened.text.len());
            scan::mask(&screened.text, &self.hits, &mut out);
            screened.text = out.into();
        }
        self.mask_hidden(screened)
    }

    /// What stands under escapes and the like, personal data with it. Where it was cannot be
    /// told, so nothing of such a text stays.
    fn mask_hidden<'t>(&mut self, screened: Screened<'t>) -> Screened<'t> {
        let Screened { text, mut kinds, .. } = screened;
        let hidden = layers(&text);
        self.hits.clear();
        hidden.texts.iter().for_each(|layer| scan::find(layer, &mut self.hits));
        let is_unread = hidden.is_deeper;
        if self.hits.is_empty() && !is_unread {
            return Screened { text, kinds, is_unread };
        }
        kinds.extend(self.kinds());
        kinds.sort_unstable();
        kinds.dedup();
        let mut names: Vec<String> =
            kinds.iter().map(|kind| format!("[{}]", kind.name())).collect();
        names.extend(is_unread.then(|| UNREAD.to_owned()));
        Screened { text: names.concat().into(), kinds, is_unread }
    }

    /// The kinds of the hits at hand.
    fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = self.hits.iter().map(|hit| hit.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
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

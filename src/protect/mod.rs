//! Columns of raw values in; pseudonymised row groups out.
//!
//! ```text
//! Divided ─► one `Output` per rule ─► Protected (a row group)
//! ```
//!
//! Each takes the chunks in the order of the input, so what it gives depends
//! on the input alone and not on which thread brings them.
//!
//! Not here: which rows may be released (`assess`), how they are written
//! (`release`). This is the last module that sees raw values.

use arrow::array::ArrayRef;

use crate::split::Divided;

pub mod address;
pub mod canonical;
mod collected;
mod column;
pub mod device;
pub mod distinct;
mod pseudonyms;
pub mod settings;
pub mod technique;
mod text;
pub mod url;

use column::Column;
use distinct::HashSeeds;
use technique::{Form, Technique};

/// One output column: its name, and what is done to which field.
pub struct Rule {
    /// Name of the output column.
    pub name: String,
    /// Name of the field it is made from.
    pub field: String,
    /// Index of that field among those that the parser gives.
    pub input: usize,
    /// What is done.
    pub technique: Technique,
    /// Korean name, for records and codebooks.
    pub label: String,
}

/// A row group after protection: one array per rule, in the rules' order.
///
/// Text and pseudonyms are dictionary arrays with `u32` keys, in which no
/// value stands twice; everything may be null.
#[derive(Debug, Clone)]
pub struct Protected {
    /// The arrays, all of one length.
    pub arrays: Vec<ArrayRef>,
    /// Their length.
    pub rows: usize,
}

/// One output column while it is collected, row group by row group.
pub struct Output {
    rule: Rule,
    column: Column,
    missed: Missed,
    keeps_pairs: bool,
}

/// Values that were there and of which nothing was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Missed {
    /// They cannot be read as what they should be.
    unread: u64,
    /// MAC addresses that a device made up.
    randomised: u64,
}

impl Output {
    /// A column without rows. `seeds` key the hash tables and change nothing
    /// in the output. With `keeps_pairs`, [`Output::pairs`] has every
    /// identifier at the end, and memory grows with them.
    #[must_use]
    pub fn new(rule: Rule, seeds: HashSeeds, keeps_pairs: bool) -> Self {
        let column = Column::new(&rule.technique, seeds);
        Self { rule, column, missed: Missed::default(), keeps_pairs }
    }

    /// What is done to which field.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Values that were there and could not be read as what they should be, so
    /// far. They are null in the output.
    #[must_use]
    pub fn unread(&self) -> u64 {
        self.missed.unread
    }

    /// Randomised MAC addresses that were given no pseudonym, so far. They are
    /// null in the output.
    #[must_use]
    pub fn randomised(&self) -> u64 {
        self.missed.randomised
    }

    /// Texts that are neither UTF-8 nor code page 949, in the row groups so far.
    /// They stand escaped in the output.
    #[must_use]
    pub fn undecoded(&self) -> u64 {
        self.column.undecoded()
    }

    /// Appends the rows of a chunk. Chunks come in the order of the input.
    pub fn push(&mut self, chunk: &Divided) {
        let missed = self.column.push(&self.rule.technique, chunk.field(self.rule.input));
        self.missed.unread += missed.unread;
        self.missed.randomised += missed.randomised;
    }

    /// Ends the row group and gives its array.
    pub fn take(&mut self) -> ArrayRef {
        self.column.take(&self.rule.technique, self.keeps_pairs)
    }

    /// Identifiers as logged and their pseudonyms: the mapping that leads back
    /// (매핑테이블). For the vault alone.
    pub fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let pairs = match &self.column {
            Column::Pseudonym(pseudonyms) => Some(pseudonyms.pairs()),
            Column::Text(_) | Column::Integer(_) | Column::Time(_) | Column::Flag(_) => None,
        };
        pairs.into_iter().flatten()
    }
}

impl Rule {
    /// The kind of column this rule gives.
    #[must_use]
    pub fn form(&self) -> Form {
        self.technique.form()
    }
}

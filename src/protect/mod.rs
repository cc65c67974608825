//! Columns of raw values in; pseudonymised row groups out.
//!
//! ```text
//! Columns ─► one `Column` per rule, in parallel ─► Protected (a row group)
//! ```
//!
//! Each column takes the chunks in the order of the input, so what it gives
//! depends on the input alone and not on the number of threads.
//!
//! Not here: which rows may be released (`assess`), how they are written
//! (`release`). This is the last module that sees raw values.

use arrow::array::ArrayRef;
use rayon::prelude::*;

use crate::split::Divided;

pub mod address;
pub mod canonical;
mod column;
pub mod device;
pub mod distinct;
mod pseudonyms;
pub mod settings;
pub mod technique;
pub mod time;
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

/// Values that were there and could not be read as what they should be, by
/// column. They are null in the output.
pub type Unread = Vec<u64>;

/// Collects the columns of one table, row group by row group.
pub struct Table {
    rules: Vec<Rule>,
    columns: Vec<Column>,
    unread: Unread,
    rows: usize,
    keeps_pairs: bool,
}

impl Table {
    /// A table without rows. `seeds` key the hash tables and change nothing
    /// in the output. With `keeps_pairs`, [`Table::pairs`] has every identifier
    /// at the end, and memory grows with them.
    #[must_use]
    pub fn new(rules: Vec<Rule>, seeds: HashSeeds, keeps_pairs: bool) -> Self {
        let columns = rules.iter().map(|rule| Column::new(&rule.technique, seeds)).collect();
        let unread = vec![0; rules.len()];
        Self { rules, columns, unread, rows: 0, keeps_pairs }
    }

    /// The rules, in the order of the columns.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What could not be read so far, by column.
    #[must_use]
    pub fn unread(&self) -> &Unread {
        &self.unread
    }

    /// Appends chunks, in the order of the input. Columns work in parallel.
    pub fn push(&mut self, chunks: &[Divided]) {
        let rules = self.rules.par_iter();
        let columns = self.columns.par_iter_mut().zip(self.unread.par_iter_mut());
        rules.zip(columns).with_max_len(1).for_each(|(rule, (column, unread))| {
            for chunk in chunks {
                *unread += column.push(&rule.technique, chunk.field(rule.input));
            }
        });
        self.rows += chunks.iter().map(Divided::rows).sum::<usize>();
    }

    /// Rows since the last row group was taken.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Ends the row group and gives it.
    pub fn take(&mut self) -> Protected {
        let rows = std::mem::take(&mut self.rows);
        let rules = self.rules.par_iter();
        let keeps_pairs = self.keeps_pairs;
        let arrays = rules
            .zip(self.columns.par_iter_mut())
            .map(|(rule, column)| column.take(&rule.technique, keeps_pairs))
            .collect();
        Protected { arrays, rows }
    }

    /// Identifiers as logged and their pseudonyms, by column: the mapping that leads back (매핑테이블). For the vault alone.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &[u8], &[u8])> {
        self.rules.iter().zip(&self.columns).flat_map(|(rule, column)| {
            let pairs = match column {
                Column::Pseudonym(pseudonyms) => Some(pseudonyms.pairs()),
                Column::Text(_) | Column::Integer(_) | Column::Time(_) | Column::Flag(_) => None,
            };
            pairs.into_iter().flatten().map(|(raw, made)| (rule.name.as_str(), raw, made))
        })
    }
}

impl Rule {
    /// The kind of column this rule gives.
    #[must_use]
    pub fn form(&self) -> Form {
        self.technique.form()
    }
}

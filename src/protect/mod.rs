//! Columns of raw values in; pseudonymised row groups out.
//!
//! ```text
//! Divided ─► one `Output` per rule ─► Protected (a row group)
//!                                 └─► Whole: what needs all values first ─► Protected
//! ```
//!
//! Each takes the chunks in the order of the input, so what it gives depends
//! on the input alone and not on which thread brings them.
//!
//! Not here: which rows may be released (`assess`), how they are written
//! (`release`). This is the last module that sees raw values.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;

use crate::scan::Kind;
use crate::split::Divided;
use crate::split::dictionary::{self, Class};
use crate::split::person::is_singular;
use crate::vault::pseudonym::PseudonymKey;

pub mod address;
pub mod agent;
pub mod brief;
pub mod canonical;
pub mod codes;
mod collected;
mod column;
pub mod device;
pub mod distinct;
pub mod files;
pub mod hierarchy;
pub mod identifiers;
pub mod keys;
mod layers;
pub mod list;
pub mod moment;
mod names;
pub mod number;
pub mod order;
pub mod part;
mod pseudonyms;
mod residents;
pub mod screen;
pub mod settings;
pub mod technique;
mod text;
pub mod url;
pub mod whole;

use column::Column;
use distinct::HashSeeds;
use identifiers::Identifiers;
use keys::KeyRing;
pub(crate) use layers::layers;
use order::Order;
use residents::Residents;
use screen::Masked;
use technique::{Form, OfNumber, Refinement, Technique};

/// One output column: its name, and what is done to which field.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Name of the output column.
    pub name: String,
    /// Name of the field it is made from.
    pub field: String,
    /// Index of that field among those that the parser gives.
    pub input: usize,
    /// What is done.
    pub technique: Technique,
    /// What is done besides, once all values are known.
    pub refinement: Refinement,
    /// A rule about whole rows asks for its values.
    pub decides_rows: bool,
    /// Korean name, for records and codebooks.
    pub label: String,
}

/// A row group after protection: one array per rule, in the rules' order.
///
/// Text and pseudonyms are dictionary arrays with `u32` keys, in which no
/// value stands twice; everything may be null. Of columns that need all values
/// first there are the numbers of those, for [`whole::Whole`].
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
    /// Of what is drawn for values or persons.
    draws: Option<Arc<PseudonymKey>>,
    /// Of the places that values change to.
    order: Option<Order>,
    missed: Missed,
    /// Digests of the identifiers it was made from; none if it is made from none.
    identifiers: Option<Identifiers>,
    /// Values of the row group that are among them already.
    noted: usize,
    /// Rows with resident numbers in what it was made from.
    residents: Residents,
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
    pub fn new(rule: Rule, keys: &KeyRing<'_>, seeds: HashSeeds, keeps_pairs: bool) -> Self {
        let column = column::make::column(&rule, keys, seeds);
        let draws = rule.technique.draws(&rule.name).map(|of| Arc::new(keys.draws(&of)));
        let is_permuted = rule.refinement.is_permuted;
        let order = is_permuted.then(|| keys.order_of_values(&rule.name));
        let is_noted = is_singular(&rule.field) || rule.technique.is_pseudonym();
        let identifiers = is_noted.then(|| Identifiers::new(seeds));
        let missed = Missed::default();
        let residents = Residents::new(&rule);
        Self { rule, column, draws, order, missed, identifiers, noted: 0, residents, keeps_pairs }
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

    /// Texts that are neither UTF-8 nor code page 949, in the row groups so far: they stand
    /// escaped in the output. And those that are escaped too often to be read, of which
    /// nothing stays.
    #[must_use]
    pub fn undecoded(&self) -> u64 {
        self.column.undecoded()
    }

    /// Appends the rows of a chunk. Chunks come in the order of the input.
    pub fn push(&mut self, chunk: &Divided) {
        let rows = chunk.field(self.rule.input);
        let missed = self.column.push(rows);
        self.missed.unread += missed.unread;
        self.missed.randomised += missed.randomised;
        let new = self.column.tells_apart().then(|| self.column.seen(self.noted));
        self.residents.see(rows, new);
        if let Some(identifiers) = &mut self.identifiers {
            self.column.seen(self.noted).for_each(|raw| identifiers.add(unlabelled(raw)));
        }
        self.noted = self.column.seen_len();
    }

    /// Ends the row group and gives its array.
    pub fn take(&mut self) -> ArrayRef {
        let array = self.column.take(self.keeps_pairs);
        self.noted = self.column.seen_len();
        array
    }

    /// Digests of the identifiers that it was made from, when all rows are there.
    pub fn take_identifiers(&mut self) -> Option<Identifiers> {
        let mut identifiers = self.identifiers.take()?;
        self.bytes_held().for_each(|bytes| identifiers.add_canonical(bytes));
        Some(identifiers)
    }

    /// Rows, by kind, in which personal data was masked, in the row groups so far.
    #[must_use]
    pub fn masked(&self) -> Masked {
        let mut masked = self.column.masked();
        let residents = self.residents.rows_in_all();
        if residents > 0 {
            // The same rows, if they were masked as well.
            let rows = masked.entry(Kind::Resident).or_default();
            *rows = residents.max(*rows);
        }
        masked
    }

    /// Rows in which personal data of any kind was masked, in the row groups so far.
    #[must_use]
    pub fn masked_rows(&self) -> u64 {
        self.column.masked_rows()
    }

    /// True if resident numbers were found, in the row groups so far and in the one under
    /// way: nothing may be made of it.
    #[must_use]
    pub fn has_residents(&self) -> bool {
        self.residents.rows() > 0 || self.column.masked().contains_key(&Kind::Resident)
    }

    /// Identifiers as logged and their pseudonyms: the mapping that leads back
    /// (매핑테이블). For the vault alone.
    pub fn pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let pairs = match &self.column {
            Column::Pseudonym(pseudonyms) => Some(pseudonyms.pairs()),
            Column::Text(_) | Column::Number(_) | Column::Held(_) => None,
        };
        pairs.into_iter().flatten()
    }

    /// How many values are held.
    fn values_held(&self) -> usize {
        match &self.column {
            Column::Text(text) => text.values_held(),
            Column::Held(held) => held.values().len(),
            Column::Pseudonym(_) | Column::Number(_) => 0,
        }
    }

    /// The bytes that stand for held values that are no texts.
    fn bytes_held(&self) -> impl Iterator<Item = &[u8]> {
        let held = match &self.column {
            Column::Held(held) => Some(held.values()),
            Column::Text(_) | Column::Pseudonym(_) | Column::Number(_) => None,
        };
        held.into_iter().flatten()
    }
}

impl Rule {
    /// A rule for the field with this index, and nothing done besides. Its label is its
    /// name.
    #[must_use]
    pub fn new(name: &str, field: &str, input: usize, technique: Technique) -> Self {
        Self {
            name: name.to_owned(),
            field: field.to_owned(),
            input,
            technique,
            refinement: Refinement::default(),
            decides_rows: false,
            label: name.to_owned(),
        }
    }

    /// The kind of column this rule gives.
    #[must_use]
    pub fn form(&self) -> Form {
        self.technique.form()
    }

    /// Technique and parameters in words, with what is done besides.
    #[must_use]
    pub fn parameters(&self) -> String {
        format!("{}{}", self.technique.parameters(), self.refinement.parameters())
    }

    /// The Korean names of all that is done.
    #[must_use]
    pub fn korean(&self) -> String {
        format!("{}{}", self.technique.korean(), self.refinement.korean())
    }

    /// True if its values are held until the last row.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.technique.needs_all() || !self.refinement.is_none() || self.decides_rows
    }

    /// True if pieces of the input stand in its column that are to be tested for
    /// identifiers.
    #[must_use]
    pub fn carries(&self) -> bool {
        self.technique.passes_on()
    }

    /// True if what it makes of an identifier is a part of that, by design. A remark is no
    /// identifier, and what stands in it is anybody's.
    #[must_use]
    pub fn has_parts(&self) -> bool {
        self.technique.passes_on() && self.is_identifier() && is_singular(&self.field)
    }

    /// True if it gives intervals of numbers, whose bounds the pipeline file chooses.
    #[must_use]
    pub fn is_interval(&self) -> bool {
        matches!(self.technique, Technique::Number(OfNumber::Range(_), _))
    }

    /// The type of its arrays until the last row.
    fn laid_aside(&self) -> DataType {
        let is_held = self.is_held() && !self.technique.is_pseudonym();
        if is_held { DataType::UInt32 } else { self.form().data_type() }
    }

    /// How many persons of each value count.
    fn persons_asked(&self) -> u64 {
        let rare = self.refinement.rare.as_ref().map_or(0, |rare| rare.persons_min.count());
        rare.max(self.technique.persons_asked())
    }

    /// True if it is made from what tells who somebody is.
    fn is_identifier(&self) -> bool {
        matches!(dictionary::class(&self.field), Class::Identifier(_))
    }
}

/// A whole number as it is written; `None` if it is none.
#[must_use]
pub fn read_number(digits: technique::Digits, value: &[u8]) -> Option<i64> {
    column::numbers::read_integer(digits, value)
}

/// A subject that was looked up without its kind: see [`crate::lookup`].
fn unlabelled(raw: &[u8]) -> &[u8] {
    let labels: [&[u8]; 3] = [b"user:", b"device:", b"address:"];
    labels.into_iter().find_map(|label| raw.strip_prefix(label)).unwrap_or(raw)
}

/// The number that stands for a held value.
fn number_of(bytes: &[u8]) -> i64 {
    bytes.first_chunk::<8>().copied().map_or(0, i64::from_le_bytes)
}

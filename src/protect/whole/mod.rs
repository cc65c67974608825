//! Row groups with numbers of held values in; the same rows, protected, out.
//!
//! ```text
//! row group ─► laid aside                     … all row groups …
//!          ─► survey: rows and persons of each value ─► fit: what each value becomes
//!          ─► read back, without the rows that go ─► finish ─► Protected
//! ```
//!
//! Some techniques can decide only when all values are known: what is rare, where the
//! tail begins, in which order serial numbers come. Their columns give numbers of
//! values, which lie with the other columns in a file without a name; the values stay
//! in memory.
//!
//! Memory: the distinct values of the held columns; of each, as many persons as
//! its threshold asks for; one row group, or two where values change places.
//!
//! Source: 가명정보 처리 가이드라인 (2026.3), 특이정보, 표본추출, 순열.
//!
//! Not here: which technique needs this ([`super::technique`]).

mod distribution;
mod finish;
pub(super) mod fit;
mod permute;
mod rare;
pub mod rows;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray as _, BooleanArray, DictionaryArray, RecordBatch, UInt32Array,
};
use arrow::compute::{filter_record_batch, take};
use arrow::datatypes::{Field, Schema, UInt32Type};
use arrow::error::ArrowError;

use super::distinct::HashSeeds;
use super::files::FileRows;
use super::moment::Shift;
use super::number::coding::Misfit;
use super::screen::Masked;
use super::technique::{OfTime, Technique};
use super::{Output, Protected};
use crate::aside::{self, Aside, Spill, Spilled};
use distribution::{Distribution, Extents, Survey, Surveyed};
use finish::{Beside, Finish};
use fit::Facts;
use permute::Permutation;
use rows::{Gone, RowRules};

/// Takes the row groups of one table.
pub struct Whole {
    spill: Spill,
    schema: Arc<Schema>,
    subject: usize,
    rules: RowRules,
    seeds: HashSeeds,
}

impl Whole {
    /// For the columns of `outputs`, of which `subject` tells persons apart. `file`
    /// should be empty and have no name.
    #[must_use]
    pub fn new(
        outputs: &[Output],
        subject: usize,
        rules: RowRules,
        file: Aside,
        seeds: HashSeeds,
    ) -> Self {
        let field = |output: &Output| Field::new(&output.rule.name, output.rule.laid_aside(), true);
        let schema = Arc::new(Schema::new(outputs.iter().map(field).collect::<Vec<_>>()));
        Self { spill: Spill::new(file, Arc::clone(&schema)), schema, subject, rules, seeds }
    }

    /// True if a column or a rule about rows needs this.
    #[must_use]
    pub fn is_needed(outputs: &[Output], rules: &RowRules) -> bool {
        !rules.is_empty() || outputs.iter().any(|output| output.rule.is_held())
    }

    /// Lays a row group aside.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn add(&mut self, protected: Protected) -> Result<(), Error> {
        let row_group = RecordBatch::try_new(Arc::clone(&self.schema), protected.arrays);
        Ok(self.spill.push(&row_group.map_err(aside::Error::Arrow)?)?)
    }

    /// After the last row group: decides what each value becomes. `file_rows` are the
    /// rows of each input file, in the order of the rows.
    ///
    /// # Errors
    ///
    /// [`Error::Aside`] if a row group cannot be read back, [`Error::Misfit`] if the tails
    /// of a column cannot be coded as asked for.
    pub fn settle(self, outputs: &mut [Output], file_rows: Vec<u64>) -> Result<Settled, Error> {
        let Self { spill, subject, mut rules, seeds, .. } = self;
        let spilled = spill.finish();
        let survey = Survey { spilled: &spilled, subject, seeds };
        // Where the tails begin is asked of all rows.
        if rules.needs_distribution() {
            let wanted = |index: usize| rules.is_about(index).then_some(0);
            let all = survey.of(outputs, &RowRules::default(), wanted)?;
            rules.fit(outputs, &all);
        } else {
            rules.fit(outputs, &Surveyed::default());
        }
        let wanted = |index: usize| {
            outputs[index].rule.is_held().then(|| outputs[index].rule.persons_asked())
        };
        let surveyed = survey.of(outputs, &rules, wanted)?;
        let mut finishes = Vec::with_capacity(outputs.len());
        let mut notes = Notes::default();
        for (index, output) in outputs.iter().enumerate() {
            let Some(distribution) = surveyed.columns.get(&index) else {
                finishes.push(None);
                continue;
            };
            let facts = survey.facts(outputs, index, &rules, distribution)?;
            let fitted = fit::fit(output, facts)
                .map_err(|source| Error::Misfit { column: output.rule.name.clone(), source })?;
            notes.changes.extend(fitted.changes);
            if fitted.undecoded > 0 {
                notes.undecoded.insert(output.rule.name.clone(), fitted.undecoded);
            }
            if !fitted.masked.is_empty() {
                notes.masked.insert(output.rule.name.clone(), fitted.masked);
                notes.masked_rows.insert(output.rule.name.clone(), fitted.masked_rows);
            }
            finishes.push(Some(fitted.finish));
        }
        let margins = outputs.iter().map(|output| margins_of(outputs, output)).collect();
        let permutations = outputs.iter_mut().map(Permutation::of).collect();
        let total = spilled.len();
        Ok(Settled {
            spilled,
            subject,
            rules,
            finishes,
            margins,
            permutations,
            next: 0,
            total,
            first_row: 0,
            ready: VecDeque::new(),
            files: FileRows::new(file_rows),
            gone: Gone::default(),
            notes,
        })
    }
}

/// The index of the column whose groups keep their sums, if a column asks for that.
fn margins_of(outputs: &[Output], output: &Output) -> Option<usize> {
    let margins = output.rule.technique.margins()?;
    outputs.iter().position(|output| output.rule.name == margins)
}

impl Survey<'_> {
    /// What a column's technique asks for besides its values.
    fn facts<'d>(
        &self,
        outputs: &[Output],
        column: usize,
        rules: &RowRules,
        distribution: &'d Distribution,
    ) -> Result<Facts<'d>, Error> {
        let output = &outputs[column];
        let sums = match margins_of(outputs, output) {
            Some(margins) => self.sums(output, (column, margins), rules)?,
            None => BTreeMap::new(),
        };
        let mut extents = Extents::default();
        if let Technique::Time(OfTime::Shift(settings), _) = &output.rule.technique {
            let shift = Shift::new(settings);
            if shift.keeps_terms() {
                extents = self.extents(output, (column, &shift), rules)?;
            }
        }
        Ok(Facts { distribution, sums, extents })
    }
}

/// Why values could not be decided on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Row groups could not be laid aside or read back.
    #[error(transparent)]
    Aside(#[from] aside::Error),
    /// The tails of a column cannot be coded as asked for.
    #[error("column `{column}` cannot be made as asked for")]
    Misfit {
        /// The column.
        column: String,
        /// Why.
        source: Misfit,
    },
}

/// The same rows without values that none of them has: whoever is in no row any more is
/// not to be counted.
fn compact(row_group: &RecordBatch) -> Result<RecordBatch, aside::Error> {
    let columns = row_group.columns().iter().map(|array| {
        let Some(dictionary) = array.as_dictionary_opt::<UInt32Type>() else {
            return Ok(Arc::clone(array));
        };
        let mut places = vec![None; dictionary.values().len()];
        let mut used: Vec<u32> = Vec::new();
        let keys = dictionary.keys().iter().map(|key| {
            let key = key?;
            Some(*places.get_mut(key as usize)?.get_or_insert_with(|| {
                used.push(key);
                u32::try_from(used.len() - 1).unwrap_or(u32::MAX)
            }))
        });
        let keys: UInt32Array = keys.collect();
        if used.is_empty() && !dictionary.values().is_empty() {
            // A null row still needs a key, and one must have a value.
            used.push(0);
        }
        let values = take(dictionary.values(), &UInt32Array::from(used), None)?;
        let compacted = DictionaryArray::<UInt32Type>::try_new(keys, values)?;
        Ok(Arc::new(compacted) as ArrayRef)
    });
    let columns = columns.collect::<Result<Vec<_>, ArrowError>>();
    let row_group = columns
        .and_then(|columns| RecordBatch::try_new(Arc::clone(row_group.schema_ref()), columns));
    row_group.map_err(aside::Error::Arrow)
}

/// What a technique did to a column beyond its parameters: how many values and rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The column.
    pub column: String,
    /// What did it, as the pipeline file names it.
    pub technique: &'static str,
    /// What was done.
    pub effect: Effect,
    /// The same in Korean, as records and forms name it.
    pub technique_ko: &'static str,
    /// Distinct values it was done to.
    pub values: u64,
    /// Rows it was done to.
    pub rows: u64,
}

/// What became of values that a technique did not leave alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// They became others.
    Changed,
    /// They became coarser (로컬 일반화).
    Generalised,
    /// They became null (로컬 삭제).
    Blanked,
}

impl Effect {
    /// Its name, as records have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Generalised => "generalised",
            Self::Blanked => "blanked",
        }
    }
}

/// What became of the values of all columns.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    /// What was done beyond the parameters.
    pub changes: Vec<Change>,
    /// Rows whose text is in no encoding that is known, by column.
    pub undecoded: BTreeMap<String, u64>,
    /// Rows in whose text personal data was masked, by column and kind.
    pub masked: BTreeMap<String, Masked>,
    /// The same rows, each once, by column.
    pub masked_rows: BTreeMap<String, u64>,
}

/// The row groups of a table whose values are all decided on.
pub struct Settled {
    spilled: Spilled,
    subject: usize,
    rules: RowRules,
    finishes: Vec<Option<Finish>>,
    /// The column of the groups that keep their sums, of each column that has one.
    margins: Vec<Option<usize>>,
    permutations: Vec<Option<Permutation>>,
    /// The next row group to be read, and how many there are.
    next: usize,
    total: usize,
    first_row: u64,
    ready: VecDeque<RecordBatch>,
    files: FileRows,
    gone: Gone,
    notes: Notes,
}

impl Settled {
    /// Rows that went, of the row groups read.
    #[must_use]
    pub fn gone(&self) -> &Gone {
        &self.gone
    }

    /// Rows of each input file that went, of the row groups read.
    #[must_use]
    pub fn gone_by_file(&self) -> &[u64] {
        self.files.gone()
    }

    /// What became of the values.
    #[must_use]
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// Reads the next row group, and the one after it if that is the last: the last
    /// may be small, and values that change places need others to change with.
    fn read(&mut self) -> Result<(), Error> {
        let is_permuted = self.permutations.iter().any(Option::is_some);
        let count = if is_permuted && self.next + 2 == self.total { 2 } else { 1 };
        let mut kept = Vec::with_capacity(count);
        for _ in 0..count {
            let row_group = self.spilled.row_group(self.next)?;
            self.next += 1;
            let stays = self.rules.stays(&row_group, self.subject, self.first_row, &mut self.gone);
            self.files.pass(self.first_row, &stays);
            self.first_row += row_group.num_rows() as u64;
            if stays.count_set_bits() == stays.len() {
                kept.push(row_group);
                continue;
            }
            let stays = BooleanArray::new(stays, None);
            let filtered = filter_record_batch(&row_group, &stays);
            kept.push(compact(&filtered.map_err(aside::Error::Arrow)?)?);
        }
        for (column, permutation) in self.permutations.iter_mut().enumerate() {
            if let Some(permutation) = permutation {
                permutation.apply(column, &mut kept)?;
            }
        }
        self.ready.extend(kept);
        Ok(())
    }

    fn finish(&mut self, row_group: &RecordBatch) -> Protected {
        let subject = row_group.column(self.subject);
        let columns = row_group.columns().iter().zip(&mut self.finishes).zip(&self.margins);
        let arrays: Vec<ArrayRef> = columns
            .map(|((array, finish), margins)| {
                let margins = margins.map(|margins| row_group.column(margins));
                match (finish, array.as_primitive_opt::<UInt32Type>()) {
                    (Some(finish), Some(numbers)) => {
                        finish.array(numbers, &Beside { subject, margins })
                    }
                    _ => Arc::clone(array),
                }
            })
            .collect();
        Protected { arrays, rows: row_group.num_rows() }
    }
}

impl Iterator for Settled {
    type Item = Result<Protected, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row_group) = self.ready.pop_front() {
                if row_group.num_rows() == 0 {
                    continue;
                }
                return Some(Ok(self.finish(&row_group)));
            }
            if self.next >= self.total {
                return None;
            }
            if let Err(error) = self.read() {
                self.next = self.total;
                return Some(Err(error));
            }
        }
    }
}

//! The one way from a protected table to a table that may be released.
//!
//! Counting happens while row groups come; deciding after the last one, when
//! every class is known; taking out while they are read back for writing.
//!
//! Memory: one row group, the distinct values of the quasi-identifiers, the
//! distinct persons, and two bytes for each pair of class and person.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BooleanArray, DictionaryArray, RecordBatch, UInt32Array,
};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, UInt32Type};
use roaring::RoaringBitmap;

use super::classes::{Class, Decision, Thresholds, decide};
use super::frame::first_rows;
use super::leak::LeakTest;
use super::settings::Settings;
use super::tuples::combine;
use super::{Assessment, Blanked, Error, Shortfall};
use crate::aside::{Aside, Spill, Spilled};
use crate::protect::Protected;
use crate::protect::codes::{Codes, codes, member};
use crate::protect::distinct::{ABSENT, Distinct, HashSeeds};
use crate::protect::files::FileRows;

/// More equivalence classes than this are refused: rows are nearly all
/// different then, and counting them would need memory without bound.
pub const MAX_CLASSES: usize = 4_000_000;

/// The hidden column of a row group that is laid aside: each row's class.
const CLASS: &str = "class";

/// What is measured: columns by name, and their indices.
pub struct Measure {
    /// The thresholds.
    pub settings: Settings,
    /// Columns of the table.
    pub schema: SchemaRef,
    /// Index of `settings.subject`.
    pub subject: usize,
    /// Indices of `settings.quasi_identifiers`.
    pub quasi_identifiers: Vec<usize>,
    /// Indices of the columns of `settings.value_persons_min`, and the number.
    pub value_persons_min: Vec<(usize, u64)>,
}

/// Takes the row groups of one table.
pub struct Gate {
    measure: Measure,
    /// The columns, and the hidden one.
    schema: SchemaRef,
    spill: Spill,
    seeds: HashSeeds,
    persons: Distinct,
    /// Values of each quasi-identifier.
    values: Vec<Distinct>,
    /// Classes, by the numbers of their values.
    numbers: Distinct,
    classes: Vec<Class>,
    rows: u64,
}

/// A table that met the thresholds of its pipeline.
///
/// The fields are private and [`Gate::clear`] is the only function that fills
/// them, so a value of this type is evidence. It is the iterator over the row
/// groups that may be released, and `release::write` takes nothing else.
pub struct Cleared<'a> {
    measure: Measure,
    row_groups: RowGroups,
    is_suppressed: Vec<bool>,
    rare: Rare,
    /// Columns and values of which a cell was blanked.
    blanked: BTreeSet<(usize, u32)>,
    sink: Sink<'a>,
    files: FileRows,
    leak_test: LeakTest,
    assessment: Assessment,
}

type RowGroups = Box<dyn Iterator<Item = Result<RecordBatch, Error>> + Send>;

/// Takes the rows that are suppressed, a batch at a time, with the same
/// columns as the table.
pub type Sink<'a> = Box<dyn FnMut(&RecordBatch) -> io::Result<()> + Send + 'a>;

/// Values to blank, by column index: the distinct values, and which are rare.
type Rare = Vec<(usize, Distinct, Vec<bool>)>;

impl Gate {
    /// A gate that lays row groups aside in `file`, which should be empty and
    /// have no name.
    #[must_use]
    pub fn new(measure: Measure, file: Aside, seeds: HashSeeds) -> Self {
        let mut fields: Vec<Arc<Field>> = measure.schema.fields().iter().cloned().collect();
        fields.push(Arc::new(Field::new(CLASS, DataType::UInt32, false)));
        let schema = Arc::new(Schema::new(fields));
        let spill = Spill::new(file, Arc::clone(&schema));
        let values = measure.quasi_identifiers.iter().map(|_| Distinct::new(seeds)).collect();
        Self {
            measure,
            schema,
            spill,
            seeds,
            persons: Distinct::new(seeds),
            values,
            numbers: Distinct::new(seeds),
            classes: Vec::new(),
            rows: 0,
        }
    }

    /// Counts a row group and lays it aside.
    ///
    /// # Errors
    ///
    /// [`Shortfall::Classes`] if there are more than [`MAX_CLASSES`];
    /// otherwise if it cannot be counted or laid aside.
    pub fn add(&mut self, protected: Protected) -> Result<(), Error> {
        let Protected { mut arrays, rows } = protected;
        let quasi = self.measure.quasi_identifiers.iter().zip(&mut self.values);
        let coded: Vec<Codes> =
            quasi.map(|(&column, values)| codes(&arrays[column], values)).collect();
        let (local, tuples) = combine(&coded, rows);
        let numbers = self.number_classes(&tuples)?;

        let persons = codes(&arrays[self.measure.subject], &mut self.persons);
        for row in first_rows(&local, &persons.rows).map_err(Error::Polars)? {
            let person = persons.global[persons.rows[row as usize] as usize];
            if person != ABSENT {
                let class = numbers[local[row as usize] as usize];
                self.classes[class as usize].persons.insert(person);
            }
        }
        self.rows += rows as u64;

        let class: Vec<u32> = local.into_iter().map(|class| numbers[class as usize]).collect();
        for &class in &class {
            self.classes[class as usize].rows += 1;
        }
        arrays.push(Arc::new(UInt32Array::from(class)));
        let row_group =
            RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(Error::Arrow)?;
        Ok(self.spill.push(&row_group)?)
    }

    /// Numbers among all row groups of the classes of this one.
    fn number_classes(&mut self, tuples: &[Vec<u32>]) -> Result<Vec<u32>, Error> {
        let mut bytes = Vec::new();
        let mut numbers = Vec::with_capacity(tuples.len());
        for values in tuples {
            bytes.clear();
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            let (number, is_new) = self.numbers.number(&bytes);
            if is_new {
                let persons = RoaringBitmap::new();
                self.classes.push(Class { values: values.clone(), rows: 0, persons });
            }
            numbers.push(number);
        }
        if self.classes.len() > MAX_CLASSES {
            return Err(Error::Shortfall(Shortfall::Classes { limit: MAX_CLASSES }));
        }
        Ok(numbers)
    }

    /// Rows that were added.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Decides, and lets the table pass or says by how much it falls short.
    ///
    /// `file_rows` are the rows of each input file, in the order of the rows;
    /// `sink` is given the suppressed rows while the others are read, and these are looked
    /// at by `leak_test`: after the last one comes [`Error::Leak`] if it found anything.
    ///
    /// # Errors
    ///
    /// [`Error::Shortfall`] if too many rows would have to go, or all.
    pub fn clear(
        self,
        file_rows: Vec<u64>,
        sink: Sink<'_>,
        leak_test: LeakTest,
    ) -> Result<Cleared<'_>, Error> {
        let settings = &self.measure.settings;
        let thresholds =
            Thresholds { rows: settings.k_min.count(), persons: settings.k_persons_min.count() };
        let persons_min: Vec<u64> = self
            .measure
            .quasi_identifiers
            .iter()
            .map(|&column| self.measure.persons_min(column))
            .collect();
        let counts: Vec<usize> = self.values.iter().map(Distinct::len).collect();
        let decision = decide(&self.classes, thresholds, &persons_min, &counts);
        let suppressed = sum_suppressed(&self.classes, &decision);
        let (Some(k), Some(k_persons)) = (decision.k, decision.k_persons) else {
            return Err(Error::Shortfall(Shortfall::Nothing { rows: self.rows }));
        };
        if !settings.max_suppressed.allows(suppressed, self.rows) {
            let limit_ppm = settings.max_suppressed.parts_per_million();
            return Err(Error::Shortfall(Shortfall::Suppression {
                suppressed,
                rows: self.rows,
                limit_ppm,
            }));
        }
        let spilled = self.spill.finish();
        let mut rare: Rare = Vec::new();
        for ((&column, values), is_rare) in
            self.measure.quasi_identifiers.iter().zip(self.values).zip(decision.rare)
        {
            if self.measure.persons_min(column) > 0 {
                rare.push((column, values, is_rare));
            }
        }
        rare.extend(rare_observations(
            &self.measure,
            &spilled,
            &decision.is_suppressed,
            self.seeds,
        )?);
        let assessment = Assessment {
            rows: self.rows,
            k,
            k_persons,
            classes: decision.classes,
            persons: self.persons.len() as u64,
            suppressed,
            suppressed_classes: decision.suppressed_classes,
            blanked: rare.iter().map(|rare| self.measure.blanked(rare.0)).collect(),
        };
        Ok(Cleared {
            measure: self.measure,
            row_groups: Box::new(spilled.into_row_groups().map(|group| Ok(group?))),
            is_suppressed: decision.is_suppressed,
            rare,
            blanked: BTreeSet::new(),
            sink,
            files: FileRows::new(file_rows),
            leak_test,
            assessment,
        })
    }
}

impl Measure {
    /// Least number of persons for each value of a column, 0 for none.
    fn persons_min(&self, column: usize) -> u64 {
        let found = self.value_persons_min.iter().find(|(named, _)| *named == column);
        found.map_or(0, |(_, persons)| *persons)
    }

    fn blanked(&self, column: usize) -> Blanked {
        Blanked {
            column: self.schema.field(column).name().clone(),
            persons_min: self.persons_min(column),
            values: 0,
            cells: 0,
        }
    }
}

/// Columns that are no quasi-identifiers: their values among the rows that
/// stay, and which of them too few persons have.
fn rare_observations(
    measure: &Measure,
    spilled: &Spilled,
    is_suppressed: &[bool],
    seeds: HashSeeds,
) -> Result<Rare, Error> {
    let columns: Vec<(usize, u64)> = measure
        .value_persons_min
        .iter()
        .copied()
        .filter(|(column, _)| !measure.quasi_identifiers.contains(column))
        .collect();
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let mut counted: Vec<(Distinct, Vec<BTreeSet<u32>>)> =
        columns.iter().map(|_| (Distinct::new(seeds), Vec::new())).collect();
    let mut persons = Distinct::new(seeds);
    for row_group in spilled.read() {
        let row_group = row_group?;
        let class = class_of(&row_group);
        let persons = codes(row_group.column(measure.subject), &mut persons);
        for ((column, min), (values, seen)) in columns.iter().zip(&mut counted) {
            let coded = codes(row_group.column(*column), values);
            seen.resize_with(values.len(), BTreeSet::new);
            let mut is_enough: Vec<bool> = coded
                .global
                .iter()
                .map(|&value| value == ABSENT || seen[value as usize].len() as u64 >= *min)
                .collect();
            for (row, &code) in coded.rows.iter().enumerate() {
                let person = persons.global[persons.rows[row] as usize];
                if is_enough[code as usize]
                    || person == ABSENT
                    || is_suppressed[class[row] as usize]
                {
                    continue;
                }
                let seen = &mut seen[coded.global[code as usize] as usize];
                seen.insert(person);
                is_enough[code as usize] = seen.len() as u64 >= *min;
            }
        }
    }
    let rare = columns.into_iter().zip(counted).map(|((column, min), (values, seen))| {
        let is_rare = seen.iter().map(|persons| (persons.len() as u64) < min).collect();
        (column, values, is_rare)
    });
    Ok(rare.collect())
}

impl Cleared<'_> {
    /// What was measured. Cells that were blanked are counted as the row
    /// groups are read, so they are complete after the last one.
    #[must_use]
    pub fn assessment(&self) -> &Assessment {
        &self.assessment
    }

    /// Rows of each input file that were suppressed, of the row groups read.
    #[must_use]
    pub fn suppressed_by_file(&self) -> &[u64] {
        self.files.gone()
    }

    fn take_out(&mut self, row_group: &RecordBatch) -> Result<RecordBatch, Error> {
        let class = class_of(row_group);
        let columns: Vec<usize> = (0..row_group.num_columns() - 1).collect();
        let mut kept = row_group.project(&columns).map_err(Error::Arrow)?;
        let stays = BooleanBuffer::collect_bool(class.len(), |row| {
            !self.is_suppressed[class[row] as usize]
        });
        self.files.pass(&stays);
        if stays.count_set_bits() < stays.len() {
            let gone = BooleanArray::new(!&stays, None);
            let gone = filter_record_batch(&kept, &gone).map_err(Error::Arrow)?;
            (self.sink)(&gone).map_err(Error::Sink)?;
            let stays = BooleanArray::new(stays, None);
            kept = filter_record_batch(&kept, &stays).map_err(Error::Arrow)?;
        }
        let mut arrays = kept.columns().to_vec();
        for ((column, values, is_rare), blanked) in
            self.rare.iter_mut().zip(&mut self.assessment.blanked)
        {
            let (array, gone) = blank(&arrays[*column], values, is_rare);
            arrays[*column] = array;
            for (value, cells) in gone {
                blanked.cells += cells;
                // A value counts with its first cell: one that only suppressed
                // rows had was not blanked.
                blanked.values += u64::from(self.blanked.insert((*column, value)));
            }
        }
        RecordBatch::try_new(Arc::clone(&self.measure.schema), arrays).map_err(Error::Arrow)
    }
}

impl Iterator for Cleared<'_> {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.row_groups.next();
        let row_group = next.map(|row_group| row_group.and_then(|rows| self.take_out(&rows)));
        if !matches!(row_group, Some(Ok(_))) {
            // What would be read after an error does not begin where a row group
            // does. At the end the file is given up, which takes its time.
            self.row_groups = Box::new(std::iter::empty());
        }
        match &row_group {
            Some(Ok(rows)) => self.leak_test.look(rows),
            Some(Err(_)) => {}
            None => {
                let schema = &self.measure.schema;
                let leak = self.leak_test.take(|column| schema.field(column).name().clone());
                return leak.map(|leak| Err(Error::Leak(leak)));
            }
        }
        row_group
    }
}

/// The hidden column, which `Gate::add` put last.
fn class_of(row_group: &RecordBatch) -> &[u32] {
    row_group.column(row_group.num_columns() - 1).as_primitive::<UInt32Type>().values()
}

fn sum_suppressed(classes: &[Class], decision: &Decision) -> u64 {
    let classes = classes.iter().zip(&decision.is_suppressed);
    classes.filter(|(_, is_suppressed)| **is_suppressed).map(|(class, _)| class.rows).sum()
}

/// Makes cells with a rare value null. Gives the values of which some went, by
/// number, and how many cells.
fn blank(array: &ArrayRef, values: &mut Distinct, is_rare: &[bool]) -> (ArrayRef, Vec<(u32, u64)>) {
    let Some(array) = array.as_dictionary_opt::<UInt32Type>() else {
        return (Arc::clone(array), Vec::new());
    };
    let members = array.values();
    let numbers: Vec<u32> =
        (0..members.len()).map(|index| values.number(member(members, index)).0).collect();
    let is_blank = |key: u32| is_rare.get(numbers[key as usize] as usize).copied().unwrap_or(false);
    if !(0..numbers.len()).any(|key| u32::try_from(key).is_ok_and(is_blank)) {
        return (Arc::new(array.clone()), Vec::new());
    }
    let keys = array.keys();
    let mut cells = vec![0u64; numbers.len()];
    let stays = BooleanBuffer::collect_bool(keys.len(), |row| {
        let stays = keys.is_valid(row) && !is_blank(keys.value(row));
        if !stays && keys.is_valid(row) {
            cells[keys.value(row) as usize] += 1;
        }
        stays
    });
    let gone = numbers.iter().zip(cells).filter(|(_, cells)| *cells > 0);
    let gone = gone.map(|(number, cells)| (*number, cells)).collect();
    let keys = UInt32Array::new(keys.values().clone(), Some(NullBuffer::new(stays)));
    (Arc::new(DictionaryArray::new(keys, Arc::clone(members))), gone)
}

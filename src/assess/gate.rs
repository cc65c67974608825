//! The one way from a protected table to a table that may be released.
//!
//! Counting happens while row groups come; deciding after the last one, when
//! every class is known; taking out while they are read back for writing.
//!
//! Rows are released in an order that is drawn: in that of the input, a row would tell its
//! time to the second however it was rounded, and two tables of one log, whose pseudonyms
//! cannot be joined, could be laid side by side. So are row groups, each with the rows
//! that it had: of a table of several, which half million rows came together is to be seen.
//!
//! Memory: one row group, the distinct values of the quasi-identifiers, the
//! distinct persons, and two bytes for each pair of class and person.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::sync::Arc;

use arrow::array::{BooleanArray, RecordBatch, UInt32Array};
use arrow::buffer::BooleanBuffer;
use arrow::compute::{concat_batches, filter_record_batch, take_record_batch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use roaring::RoaringBitmap;

use super::blank::{Rare, blank, rare_observations};
use super::classes::{Class, Decision, Thresholds, decide};
use super::frame::first_rows;
use super::leak::LeakTest;
use super::measure::{CLASS, Measure, class_of};
use super::tuples::combine;
use super::{Assessment, Error, Shortfall};
use crate::aside::{Aside, Spill, Spilled};
use crate::protect::Protected;
use crate::protect::codes::{Codes, codes};
use crate::protect::distinct::{ABSENT, Distinct, HashSeeds};
use crate::protect::files::FileRows;
use crate::protect::order::Order;

/// More equivalence classes than this are refused: rows are nearly all
/// different then, and counting them would need memory without bound.
pub const MAX_CLASSES: usize = 4_000_000;

/// Takes the row groups of one table.
pub struct Gate {
    measure: Measure,
    /// The columns, and the hidden one.
    schema: SchemaRef,
    spill: Spill,
    order: Order,
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
    /// Given up after the last row group: that takes its time.
    spilled: Option<Spilled>,
    /// The row groups that are to come, the next one last.
    to_come: Vec<Vec<RowGroup>>,
    /// Those that were read and put in order.
    ready: VecDeque<RecordBatch>,
    order: Order,
    is_suppressed: Vec<bool>,
    rare: Rare,
    /// Columns and values of which a cell was blanked.
    blanked: BTreeSet<(usize, u32)>,
    sink: Sink<'a>,
    files: FileRows,
    leak_test: LeakTest,
    assessment: Assessment,
}

/// One that was laid aside.
#[derive(Clone, Copy)]
struct RowGroup {
    number: usize,
    /// The number of its first row among all of the input.
    first_row: u64,
}

/// Takes the rows that are suppressed, a batch at a time, with the same
/// columns as the table.
pub type Sink<'a> = Box<dyn FnMut(&RecordBatch) -> io::Result<()> + Send + 'a>;

impl Gate {
    /// A gate that lays row groups aside in `file`, which should be empty and
    /// have no name, and releases rows in `order`.
    #[must_use]
    pub fn new(measure: Measure, file: Aside, order: Order, seeds: HashSeeds) -> Self {
        let mut fields: Vec<Arc<Field>> = measure.schema.fields().iter().cloned().collect();
        fields.push(Arc::new(Field::new(CLASS, DataType::UInt32, false)));
        let schema = Arc::new(Schema::new(fields));
        let spill = Spill::new(file, Arc::clone(&schema));
        let values = measure.quasi_identifiers.iter().map(|_| Distinct::new(seeds)).collect();
        Self {
            measure,
            schema,
            spill,
            order,
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
        let (spilled, mut order) = (self.spill.finish(), self.order);
        let counted = self.measure.quasi_identifiers.iter().zip(self.values).zip(decision.rare);
        let counted = counted.filter(|((column, _), _)| self.measure.persons_min(**column) > 0);
        let mut rare: Rare =
            counted.map(|((column, values), is_rare)| (*column, values, is_rare)).collect();
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
            to_come: drawn(&spilled, &mut order),
            ready: VecDeque::new(),
            spilled: Some(spilled),
            order,
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

    fn read(&mut self) -> Option<Result<RecordBatch, Error>> {
        if let Some(ready) = self.ready.pop_front() {
            return Some(Ok(ready));
        }
        let together = self.to_come.pop()?;
        if let Err(error) = self.draw(&together) {
            return Some(Err(error));
        }
        self.ready.pop_front().map(Ok)
    }

    /// Puts the rows of some row groups in an order that is drawn. They make as many of one
    /// size.
    fn draw(&mut self, together: &[RowGroup]) -> Result<(), Error> {
        let mut kept = Vec::with_capacity(together.len());
        for &RowGroup { number, first_row } in together {
            let Some(spilled) = &self.spilled else { return Ok(()) };
            let row_group = spilled.row_group(number)?;
            kept.push(self.take_out(&row_group, first_row)?);
        }
        let rows = concat_batches(&self.measure.schema, &kept).map_err(Error::Arrow)?;
        drop(kept);
        let order = self.order.next(rows.num_rows());
        let rows = take_record_batch(&rows, &order).map_err(Error::Arrow)?;
        let each = rows.num_rows().div_ceil(together.len()).max(1);
        let starts = (0..rows.num_rows().max(1)).step_by(each);
        self.ready.extend(starts.map(|start| rows.slice(start, each.min(rows.num_rows() - start))));
        Ok(())
    }

    fn take_out(&mut self, row_group: &RecordBatch, first_row: u64) -> Result<RecordBatch, Error> {
        let class = class_of(row_group);
        let columns: Vec<usize> = (0..row_group.num_columns() - 1).collect();
        let mut kept = row_group.project(&columns).map_err(Error::Arrow)?;
        let stays = BooleanBuffer::collect_bool(class.len(), |row| {
            !self.is_suppressed[class[row] as usize]
        });
        self.files.pass(first_row, &stays);
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
        let row_group = self.read();
        if !matches!(row_group, Some(Ok(_))) {
            self.to_come.clear();
            self.spilled = None;
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

/// The row groups in an order that is drawn. The last two go together: the last has other
/// rows than all others have, and would be known by that.
fn drawn(spilled: &Spilled, order: &mut Order) -> Vec<Vec<RowGroup>> {
    let firsts = spilled.rows().scan(0, |next, rows| {
        let first_row = *next;
        *next += rows;
        Some(first_row)
    });
    let mut all: Vec<Vec<RowGroup>> = firsts
        .enumerate()
        .map(|(number, first_row)| vec![RowGroup { number, first_row }])
        .collect();
    if all.len() > 1
        && let Some(last) = all.pop()
        && let Some(before) = all.last_mut()
    {
        before.extend(last);
    }
    order.next(all.len()).values().iter().map(|&place| all[place as usize].clone()).collect()
}

fn sum_suppressed(classes: &[Class], decision: &Decision) -> u64 {
    let classes = classes.iter().zip(&decision.is_suppressed);
    classes.filter(|(_, is_suppressed)| **is_suppressed).map(|(class, _)| class.rows).sum()
}

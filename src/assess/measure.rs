//! What is measured of a table, and where.

use arrow::array::{AsArray as _, RecordBatch};
use arrow::datatypes::{SchemaRef, UInt32Type};

use super::Blanked;
use super::settings::Settings;

/// The hidden column of a row group that is laid aside: each row's class.
pub(super) const CLASS: &str = "class";

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

impl Measure {
    /// Least number of persons for each value of a column, 0 for none.
    pub(super) fn persons_min(&self, column: usize) -> u64 {
        let found = self.value_persons_min.iter().find(|(named, _)| *named == column);
        found.map_or(0, |(_, persons)| *persons)
    }

    pub(super) fn blanked(&self, column: usize) -> Blanked {
        Blanked {
            column: self.schema.field(column).name().clone(),
            persons_min: self.persons_min(column),
            values: 0,
            cells: 0,
        }
    }
}

/// The hidden column, which `Gate::add` put last.
pub(super) fn class_of(row_group: &RecordBatch) -> &[u32] {
    row_group.column(row_group.num_columns() - 1).as_primitive::<UInt32Type>().values()
}

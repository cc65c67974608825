//! Which rows stay, row group by row group, in; how many rows of each input file go,
//! out.

use arrow::buffer::BooleanBuffer;

/// Counts the rows that go by the file that they came from.
#[derive(Debug, Clone, Default)]
pub struct FileRows {
    /// The row behind the last one of each file, in the order of the rows.
    ends: Vec<u64>,
    gone: Vec<u64>,
}

impl FileRows {
    /// `rows` are those of each file.
    #[must_use]
    pub fn new(rows: Vec<u64>) -> Self {
        let gone = vec![0; rows.len()];
        let ends = rows.into_iter().scan(0, |end, rows| {
            *end += rows;
            Some(*end)
        });
        Self { ends: ends.collect(), gone }
    }

    /// Rows from the number `first` on, counted over all files: which of them stay?
    pub fn pass(&mut self, first: u64, stays: &BooleanBuffer) {
        let mut file = self.ends.partition_point(|end| *end <= first);
        for (row, stays) in (first..).zip(stays) {
            while self.ends.get(file).is_some_and(|end| *end <= row) {
                file += 1;
            }
            let Some(gone) = self.gone.get_mut(file) else { return };
            *gone += u64::from(!stays);
        }
    }

    /// Rows of each file that went so far.
    #[must_use]
    pub fn gone(&self) -> &[u64] {
        &self.gone
    }
}

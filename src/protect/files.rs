//! Which rows stay, row group by row group, in; how many rows of each input file go,
//! out.

use arrow::buffer::BooleanBuffer;

/// Counts the rows that go by the file that they came from.
#[derive(Debug, Clone, Default)]
pub struct FileRows {
    /// Rows of each file that are still to come, in the order of the rows.
    to_come: Vec<u64>,
    gone: Vec<u64>,
}

impl FileRows {
    /// `rows` are those of each file.
    #[must_use]
    pub fn new(rows: Vec<u64>) -> Self {
        let gone = vec![0; rows.len()];
        Self { to_come: rows, gone }
    }

    /// The next rows, in their order: which of them stay?
    pub fn pass(&mut self, stays: &BooleanBuffer) {
        let mut file = self.to_come.iter().position(|&rows| rows > 0);
        for stays in stays {
            let Some(at) = file else { return };
            self.to_come[at] -= 1;
            self.gone[at] += u64::from(!stays);
            if self.to_come[at] == 0 {
                file = self.to_come.iter().position(|&rows| rows > 0);
            }
        }
    }

    /// Rows of each file that went so far.
    #[must_use]
    pub fn gone(&self) -> &[u64] {
        &self.gone
    }
}

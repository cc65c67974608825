//! What became of every line of every file. Counts only.

use std::collections::BTreeMap;

/// What became of the lines of one file.
///
/// `lines = rows + rejected + suppressed + excluded + blank`, where `rows` are
/// those in the output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// Lines read; records, in tables.
    pub lines: u64,
    /// Rows in the output.
    pub rows: u64,
    /// Lines that are not in the format.
    pub rejected: u64,
    /// Rows that the gate took out.
    pub suppressed: u64,
    /// Rows that a rule of the pipeline takes out. There is no such rule yet.
    pub excluded: u64,
    /// Empty lines and header lines.
    pub blank: u64,
}

/// One input file, as records have it: no name, which may hold one of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// SHA-256 of the file as it lies on the disk.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// What became of its lines.
    pub lines: Lines,
}

/// What became of the lines of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Its files, in the order they were read.
    pub files: Vec<File>,
    /// Rejected lines by reason.
    pub rejected_by: BTreeMap<String, u64>,
    /// Values that were there and could not be read, by column.
    pub unread: BTreeMap<String, u64>,
}

impl Lines {
    /// True if every line is accounted for.
    #[must_use]
    pub fn is_conserved(&self) -> bool {
        self.lines == self.rows + self.rejected + self.suppressed + self.excluded + self.blank
    }

    /// Adds another file's.
    pub fn add(&mut self, other: &Lines) {
        self.lines += other.lines;
        self.rows += other.rows;
        self.rejected += other.rejected;
        self.suppressed += other.suppressed;
        self.excluded += other.excluded;
        self.blank += other.blank;
    }
}

impl Tally {
    /// All files together.
    #[must_use]
    pub fn total(&self) -> Lines {
        let mut total = Lines::default();
        for file in &self.files {
            total.add(&file.lines);
        }
        total
    }

    /// The reason that was counted most often; of several, the first by name.
    #[must_use]
    pub fn main_reason(&self) -> Option<&str> {
        let most = self.rejected_by.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        most.map(|(reason, _)| reason.as_str())
    }
}

//! What became of every line of every file. Counts only.

use std::collections::BTreeMap;

use super::unknown::Found;
use crate::lookup::Counts;
use crate::protect::screen::Masked;
use crate::protect::whole::Change;

/// What became of the lines of one file.
///
/// `lines = rows + rejected + suppressed + excluded + blank`, where `rows` are
/// those in the output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "the names are those of the records")]
pub(super) struct Lines {
    /// Lines read; records, in tables.
    pub(super) lines: u64,
    /// Rows in the output; of sessions, records that are in the format.
    pub(super) rows: u64,
    /// Lines that are not in the format.
    pub(super) rejected: u64,
    /// Rows that the gate took out.
    pub(super) suppressed: u64,
    /// Lines that are as they should be and have nothing that the format is
    /// about.
    pub(super) excluded: u64,
    /// Empty lines, comments and header lines.
    pub(super) blank: u64,
}

/// One input file, as records have it: no name, which may hold one of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// SHA-256 of the file as it lies on the disk.
    pub(super) sha256: String,
    /// Its length.
    pub(super) bytes: u64,
    /// What became of its lines.
    pub(super) lines: Lines,
}

/// What became of the lines of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Its files, in the order they were read.
    pub(super) files: Vec<File>,
    /// Rejected lines by reason.
    pub(super) rejected_by: BTreeMap<String, u64>,
    /// Excluded lines by reason.
    pub(super) excluded_by: BTreeMap<&'static str, u64>,
    /// File, from 0, and line, from 1, of the first line that was rejected for a reason.
    pub(super) first_rejects: BTreeMap<String, (usize, u64)>,
    /// What gave no column.
    pub(super) unlisted: Unlisted,
    /// What stands in the data and gave no column.
    pub(super) found: Found,
    /// What the lines of a table were found to be about, if it was looked up.
    pub(super) subjects: Option<Counts>,
    /// Of a source of sessions: how many it tells of, and how many records that
    /// tell of nobody.
    pub(super) sessions: Option<(u64, u64)>,
    /// Values that were there and could not be read, by column. This and the four
    /// below are of all rows that were read, also of those that rules about rows or the
    /// gate take out.
    pub(super) unread: BTreeMap<String, u64>,
    /// Texts in no encoding that is known, which stand escaped, by column.
    pub(super) undecoded: BTreeMap<String, u64>,
    /// Randomised MAC addresses that were given no pseudonym, by column.
    pub(super) randomised: BTreeMap<String, u64>,
    /// Rows in whose text personal data was masked, by column and kind.
    pub(super) masked: BTreeMap<String, Masked>,
    /// The same rows, each once, by column.
    pub(super) masked_rows: BTreeMap<String, u64>,
    /// What techniques that need all values did to them.
    pub(super) changes: Vec<Change>,
}

/// Why rows are excluded by rules about rows.
pub(super) const BY_RULE: [&str; 2] = ["sample", "drop_rows"];

/// What the pipeline names neither whole nor in part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Unlisted {
    /// Fields of the log format.
    pub(super) fields: Vec<String>,
    /// How many columns of tables. Their names are somebody's words, and may
    /// hold anything.
    pub(super) columns: u64,
}

impl Lines {
    /// Adds another file's.
    pub(super) fn add(&mut self, other: &Lines) {
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
    pub(super) fn total(&self) -> Lines {
        let mut total = Lines::default();
        for file in &self.files {
            total.add(&file.lines);
        }
        total
    }

    /// Rows that rules about rows took out.
    pub(super) fn by_rule(&self) -> u64 {
        BY_RULE.iter().filter_map(|reason| self.excluded_by.get(reason)).sum()
    }

    /// The reason that was counted most often; of several, the first by name.
    pub(super) fn main_reason(&self) -> Option<&str> {
        let most = self.rejected_by.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        most.map(|(reason, _)| reason.as_str())
    }
}

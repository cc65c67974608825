//! Row groups in; one Parquet file, its size and its SHA-256 out.
//!
//! ```text
//! row group ─► column ─► dictionary page + data pages ─┐ one after the other,
//!              column ─► …     (in parallel)          ─┴► hashed, into the file
//! ```
//!
//! Columns of text and of pseudonyms come as dictionaries and stay so: a value
//! is spelled, compared and compressed once, however many rows have it. The
//! stock writer would look every row's value up again, which took most of the
//! time of a night. Readers see plain text; the dictionaries are Parquet's own.
//!
//! The bytes depend on the table, the rows and where row groups begin: not on
//! the number of threads, nor on the order of a dictionary or on values in it
//! that no row has, which are not written. (Two equal values in one dictionary
//! are two entries: the rows are right, the bytes are others.)
//!
//! Source: Apache Parquet format, <https://parquet.apache.org/docs/file-format/>.
//!
//! Not here: which rows may be released (`assess`), where the file goes and
//! what is recorded about it (`pipeline`).

use std::error::Error;
use std::fmt;
use std::io;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use parquet::errors::ParquetError;

use crate::fs;

use self::flow::Flow;
use self::writer::Writer;

mod column;
mod flow;
mod numbering;
mod pack;
mod page;
mod range;
mod schema;
mod sink;
mod spell;
mod writer;

#[cfg(test)]
mod tests;

/// What a file holds, besides rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The columns, at least one, in the order of the row groups' arrays.
    pub columns: Vec<Column>,
    /// Pairs for the file's footer, such as who made it and under which
    /// pipeline. Readers show them as the file's metadata.
    pub metadata: Vec<(String, String)>,
}

/// A column of the file. Every one may have nulls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What readers call it. No other column of the table has this name.
    pub name: String,
    /// What it holds.
    pub form: Form,
    /// What a reader should know of it: technique, role, source field. Goes
    /// to the field's own metadata, and as a JSON object to the footer's key
    /// `gamyeong.column.<name>` for readers that do not know Arrow's.
    pub description: Vec<(String, String)>,
}

/// What a column holds, and so which array a row group must have for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Text: a dictionary with `u32` keys, the values a `StringArray`.
    Text,
    /// Pseudonyms (가명): a dictionary with `u32` keys, the values a
    /// `BinaryArray` or `FixedSizeBinaryArray`. Has no statistics.
    Pseudonym {
        /// How they are written.
        encoding: Encoding,
        /// Bytes of each one before that, `1..=64`.
        length: usize,
    },
    /// An `Int32Array`.
    Integer32,
    /// An `Int64Array`.
    Integer64,
    /// A `TimestampMicrosecondArray`: microseconds since 1970, in UTC.
    Time,
    /// A `BooleanArray`.
    Flag,
}

/// How pseudonyms are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// RFC 4648 base32 in lower case without padding: 26 letters for 16 bytes.
    Base32,
    /// Hexadecimal in lower case: 32 letters for 16 bytes.
    Hex,
    /// The bytes themselves, in a column of fixed length.
    Binary,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Rows in the file.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
}

/// Why there is no whole file.
#[derive(Debug, thiserror::Error)]
pub enum Stopped<E: Error + 'static> {
    /// A row group could not be made.
    #[error(transparent)]
    RowGroup(E),
    /// It could not be written.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No column: such a file could not say how many rows it has.
    #[error("table: no column, at least one expected")]
    NoColumn,
    /// Two columns of the same name: readers would mix them up.
    #[error("column `{column}`: name used twice")]
    NameTwice {
        /// The name.
        column: String,
    },
    /// A row group that is not of this table.
    #[error("row group: {found} columns found, {expected} expected")]
    Columns {
        /// Columns of the row group.
        found: usize,
        /// Columns of the table.
        expected: usize,
    },
    /// A column that could not be encoded.
    #[error("column `{column}`: not encoded")]
    Column {
        /// Its name.
        column: String,
        /// Why.
        source: Trouble,
    },
    /// The file could not be created or synced.
    #[error(transparent)]
    File(#[from] fs::Failure),
    /// The file could not be written to.
    #[error("{}: could not write the table", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// From the Parquet writer, or what the system told it.
        source: ParquetError,
    },
}

/// Why a column could not be encoded.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// An array of another type than the column's form asks for.
    #[error("array of {found}, expected {expected}")]
    Type {
        /// Type of the array.
        found: DataType,
        /// Form of the column.
        expected: Form,
    },
    /// A pseudonym that was not made for this column, or a form that has none.
    #[error("pseudonym of {found} bytes, expected {expected}")]
    Length {
        /// Its bytes.
        found: usize,
        /// Those of the form.
        expected: usize,
    },
    /// A form whose pseudonyms would be empty or longer than any hash.
    #[error("pseudonyms of {length} bytes asked for, expected 1 to 64")]
    Form {
        /// Bytes of each.
        length: usize,
    },
    /// More than Parquet can say the size of.
    #[error("page of {bytes} bytes, expected less than 2147483648")]
    Page {
        /// Size of the page.
        bytes: usize,
    },
    /// The compressor did not work.
    #[error("page not compressed")]
    Compressor(#[source] io::Error),
    /// The description of the chunk was refused.
    #[error("chunk not described")]
    Metadata(#[source] ParquetError),
}

/// Creates a Parquet file, readable by the group, and writes row groups to it.
///
/// Each record batch becomes one row group; of up to 2²⁰ rows is best. One
/// without rows is left out, whatever its columns are. A table without row groups is a file too. When
/// this returns, the bytes are on the disk; the directory is not synced.
///
/// # Errors
///
/// [`Stopped::RowGroup`] if `row_groups` yields an error, after which it is not
/// asked again. It runs on other threads, two row groups ahead.
/// [`Stopped::Fault`] if the table makes no sense, and then no file is made;
/// if `path` exists; if an array does not fit its column; or if the file
/// cannot be written. Whatever was written by then stays.
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
/// use std::sync::Arc;
///
/// use arrow::array::{Int32Array, RecordBatch};
/// use gamyeong::release::table::{Column, Form, Table, write};
///
/// let dir = tempfile::tempdir()?;
/// let table = Table {
///     columns: vec![Column { name: "status".into(), form: Form::Integer32, description: vec![] }],
///     metadata: vec![],
/// };
/// let rows = RecordBatch::try_from_iter([("", Arc::new(Int32Array::from(vec![200, 404])) as _)])?;
///
/// let path = dir.path().join("part-0.parquet");
/// let written = write(&path, &table, [Ok::<_, Infallible>(rows)].into_iter())?;
/// assert_eq!(written.rows, 2);
///
/// // A file that is there is not replaced.
/// assert!(write(&path, &table, std::iter::empty::<Result<_, Infallible>>()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write<E: Error + Send + 'static>(
    path: &Path,
    table: &Table,
    row_groups: impl Iterator<Item = Result<RecordBatch, E>> + Send,
) -> Result<Written, Stopped<E>> {
    let (encoders, writer) = Writer::create(path, table)?;
    let flow = Flow::new(&table.columns, encoders, row_groups);
    let writer = thread::scope(|scope| {
        let writing = scope.spawn(|| flow.write(writer));
        rayon::broadcast(|_| flow.encode());
        // A panic must not leave a file that looks whole.
        writing.join().unwrap_or_else(|panic| resume_unwind(panic))
    });
    flow.into_result()?;
    Ok(writer.close()?)
}

impl Table {
    fn check(&self) -> Result<(), Fault> {
        if self.columns.is_empty() {
            return Err(Fault::NoColumn);
        }
        for (index, column) in self.columns.iter().enumerate() {
            if self.columns[..index].iter().any(|other| other.name == column.name) {
                return Err(Fault::NameTwice { column: column.name.clone() });
            }
            if let Form::Pseudonym { length, .. } = column.form
                && !(1..=64).contains(&length)
            {
                return Err(column.fault(Trouble::Form { length }));
            }
        }
        Ok(())
    }
}

impl Column {
    fn fault(&self, source: Trouble) -> Fault {
        Fault::Column { column: self.name.clone(), source }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Text => "dictionary of text with `u32` keys",
            Form::Pseudonym { .. } => "dictionary of bytes with `u32` keys",
            Form::Integer32 => "32-bit integers",
            Form::Integer64 => "64-bit integers",
            Form::Time => "microseconds",
            Form::Flag => "flags",
        })
    }
}

//! Chunk in; one column of places per wanted field, and rejects, out.
//!
//! ```text
//! Format + wanted names ─► Parser ─┐
//!                          Chunk ──┴─► Columns: fields[0], fields[1], …, rejects
//! ```
//!
//! Nothing is copied: a column holds places in the chunk's own buffer. Fields
//! that are not wanted are passed over. `lines = rows + rejects + excluded +
//! blank`, for any bytes; a reject says where a line is and why, never what it
//! says.
//!
//! Not here: what a value means, escapes, encodings (`protect`); where chunks
//! come from (`source`).

mod csv;
mod device;
mod escape;
mod format;
mod json;
mod layout;
mod lines;
mod marks;
mod reason;
mod request;
mod span;
mod values;
mod w3c;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use crate::source::Chunk;

pub use csv::{Csv, Encoding};
pub use device::sessions::Sessions;
pub use format::{Clock, Format, Listed};
pub use json::members as json_members;
pub use json::texts as json_texts;
pub use layout::FormatError;
pub use reason::{Name, Reason};
pub use values::Values;

/// What one chunk holds. `lines = rows + rejects.len() + excluded + blank`, where
/// `excluded` is the sum of its counts.
///
/// Holds raw values, so there is no `Debug`.
pub struct Columns {
    /// Lines in the chunk; of a table, records.
    pub lines: u64,
    /// Lines that became a row: the length of every column.
    pub rows: usize,
    /// Empty lines, comments, header lines and directives.
    pub blank: u64,
    /// Lines that are as they should be and have nothing that the format is
    /// about, such as those of other programs in a system log, by reason.
    pub excluded: BTreeMap<&'static str, u64>,
    /// One column per wanted field, in the order asked for. Null where a log
    /// has `-` or a table has nothing, and where a part is not there, such as
    /// `request.method` of a request that is none.
    pub fields: Vec<Values>,
    /// Values of [`Sought`] fields of those rows, field after field or row after row.
    pub beside: Vec<Values>,
    /// Lines that are not in the format, in order.
    pub rejects: Vec<Reject>,
}

impl Columns {
    fn empty() -> Columns {
        let (fields, rejects, excluded) = (Vec::new(), Vec::new(), BTreeMap::new());
        Columns { lines: 0, rows: 0, blank: 0, excluded, fields, beside: Vec::new(), rejects }
    }
}

/// Fields that the input names and nobody wants, whose values are given all the same,
/// wherever it has them. JSON gives them by [`Format::each_path`].
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// Whether a field of this name is one.
    pub is_one: Option<fn(&str) -> bool>,
    /// Names of cookies.
    pub cookies: Vec<String>,
}

impl Sought {
    /// Where those stand among the names of the input.
    fn places<'n>(
        &self,
        names: impl Iterator<Item = &'n str>,
        wanted: &[String],
    ) -> Vec<(usize, &'n str)> {
        let Some(is_one) = self.is_one else { return Vec::new() };
        let is_wanted = |name: &str| wanted.iter().any(|wanted| wanted == name);
        names.enumerate().filter(|(_, name)| is_one(name) && !is_wanted(name)).collect()
    }
}

/// A line that is not in the format. Where it is, not what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Line within the chunk, from 0.
    pub line: u64,
    /// Its bytes within the chunk, without the line ending; of a line that is
    /// too long, the first [`crate::source::LINE_BYTES`].
    pub span: Range<usize>,
    /// Why it was rejected.
    pub reason: Reason,
}

/// A pipeline that wants fields which the input does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The format has no such field.
    #[error("`{field}`: no field of format `{format}`, which has {}", known.join(", "))]
    Unknown {
        /// The name as wanted.
        field: String,
        /// The format's name.
        format: String,
        /// What could be wanted.
        known: Vec<String>,
    },
    /// The header of the input has no such name.
    #[error("`{field}`: not among the {columns} names of the header line")]
    Missing {
        /// The name as wanted.
        field: String,
        /// How many names the header line has. They are not listed: it may
        /// not be a header line.
        columns: usize,
    },
    /// The file does not begin with the directives that name its fields.
    #[error("no `#Fields` at the start of the file")]
    NoHeader,
    /// The header line of a table has the name more than once.
    #[error("`{field}`: found more than once in the header line, expected once")]
    Twice {
        /// The name as wanted.
        field: String,
    },
}

/// What a family of formats does with chunks, for the columns that are wanted.
trait Cutter: Send + Sync {
    /// See [`Parser::check_head`].
    fn check_head(&self, _head: &[u8]) -> Result<(), Error> {
        Ok(())
    }

    /// See [`Parser::columns`].
    fn columns(&self, _head: &[u8]) -> Vec<Vec<u8>> {
        Vec::new()
    }

    /// Cuts one chunk, which is not one overlong line.
    fn chunk(&self, chunk: &Chunk) -> Result<Columns, Error>;
}

/// Cuts the wanted fields out of chunks. Shared by the threads that do so.
pub struct Parser {
    cutter: Box<dyn Cutter>,
    wanted: usize,
}

impl Parser {
    /// Prepares for a format and the names of the wanted columns.
    ///
    /// A log has the names of [`Format::fields`] and parts of two of them:
    /// `request.method`, `request.target` and `request.protocol`, null for a
    /// request that is not `METHOD target[ HTTP/x]`, and, where there is a
    /// field `cookie`, `cookie.NAME`, the value of the first cookie of that
    /// name.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`]: a log format has no field of a wanted name. Those
    /// that the input names are only known with a file: see
    /// [`Parser::check_head`].
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::parse::{Format, Parser};
    ///
    /// let format = Format::new("combined+cookie").unwrap()?;
    /// assert!(Parser::new(&format, &["host", "cookie.JSESSIONID"]).is_ok());
    /// assert!(Parser::new(&format, &["lantern"]).is_err());
    /// # Ok::<(), gamyeong::parse::FormatError>(())
    /// ```
    pub fn new(format: &Format, wanted: &[&str]) -> Result<Parser, Error> {
        let cutter = format.cutter(wanted, None, &Sought::default())?;
        Ok(Parser { cutter, wanted: wanted.len() })
    }

    /// As [`Parser::new`], for the logs of `date`: a time that is written
    /// without its year is given the one that puts it nearest to that date,
    /// and not more than a day behind it. Without a date such times are null.
    ///
    /// # Errors
    ///
    /// As [`Parser::new`].
    pub fn dated(format: &Format, wanted: &[&str], date: Date) -> Result<Parser, Error> {
        Parser::seeking(format, wanted, date, &Sought::default())
    }

    /// As [`Parser::dated`], with values of other fields besides: [`Columns::beside`].
    ///
    /// # Errors
    ///
    /// As [`Parser::new`].
    pub fn seeking(
        format: &Format,
        wanted: &[&str],
        date: Date,
        sought: &Sought,
    ) -> Result<Parser, Error> {
        let cutter = format.cutter(wanted, Some(date), sought)?;
        Ok(Parser { cutter, wanted: wanted.len() })
    }

    /// Looks whether a file has the wanted columns, given its
    /// [`crate::source::head`]. Always so for a format that has its own.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] or [`Error::Twice`]: the header does not have a
    /// wanted name exactly once.
    pub fn check_head(&self, head: &[u8]) -> Result<(), Error> {
        self.cutter.check_head(head)
    }

    /// The columns that the input has by its header; none for a format that
    /// has its own. To be asked after [`Parser::check_head`], which knows a
    /// header from somebody's data.
    #[must_use]
    pub fn columns(&self, head: &[u8]) -> Vec<Vec<u8>> {
        self.cutter.columns(head)
    }

    /// Cuts one chunk. The chunk must come from a source that was opened with
    /// [`Format::cut`].
    ///
    /// # Errors
    ///
    /// As [`Parser::check_head`], for the file that the chunk is of. Lines
    /// that are not in the format are no errors but rejects.
    pub fn chunk(&self, chunk: &Chunk) -> Result<Columns, Error> {
        match chunk.overlong {
            Some(_) => Ok(overlong(chunk, self.wanted)),
            None => self.cutter.chunk(chunk),
        }
    }
}

/// A chunk that is the beginning of one line.
fn overlong(chunk: &Chunk, fields: usize) -> Columns {
    let reject = Reject { line: 0, span: 0..chunk.bytes.len(), reason: Reason::TooLong };
    let fields = (0..fields).map(|_| Values::new(0, &chunk.bytes)).collect();
    Columns { lines: 1, fields, rejects: vec![reject], ..Columns::empty() }
}

//! Chunk in; one column of places per wanted field, and rejects, out.
//!
//! ```text
//! Format + wanted names ─► Parser ─┐
//!                          Chunk ──┴─► Columns: fields[0], fields[1], …, rejects
//! ```
//!
//! Nothing is copied: a column holds places in the chunk's own buffer. Fields
//! that are not wanted are passed over. `lines = rows + rejects + blank`, for
//! any bytes; a reject says where a line is and why, never what it says.
//!
//! Not here: what a value means, escapes, encodings (`protect`); where chunks
//! come from (`source`).

mod csv;
mod line;
mod log;
mod marks;
mod reason;
mod request;
mod values;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::source::{Chunk, Cut};

pub use csv::Csv;
pub use reason::{Field, Reason};
pub use values::Values;

use line::{COMMON_FIELDS, EXTRA};
use log::Part;

/// What one chunk holds. `lines = rows + rejects.len() + blank`.
///
/// Holds raw values, so there is no `Debug`.
pub struct Columns {
    /// Lines in the chunk; of a table, records.
    pub lines: u64,
    /// Lines that became a row: the length of every column.
    pub rows: usize,
    /// Empty lines (and, for tables, the header line).
    pub blank: u64,
    /// One column per wanted field, in the order asked for. Null where a log
    /// has `-` or a table has nothing, and where a part is not there, such as
    /// `request.method` of a request that is none.
    pub fields: Vec<Values>,
    /// Lines that are not in the format, in order.
    pub rejects: Vec<Reject>,
}

impl Columns {
    fn empty() -> Columns {
        Columns { lines: 0, rows: 0, blank: 0, fields: Vec::new(), rejects: Vec::new() }
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
        format: &'static str,
        /// What could be wanted.
        known: Vec<&'static str>,
    },
    /// The header line of a table has no such name.
    #[error("`{field}`: not among the {columns} names of the header line")]
    Missing {
        /// The name as wanted.
        field: String,
        /// How many names the header line has. They are not listed: it may
        /// not be a header line.
        columns: usize,
    },
    /// The header line of a table has the name more than once.
    #[error("`{field}`: found more than once in the header line, expected once")]
    Twice {
        /// The name as wanted.
        field: String,
    },
}

/// How the lines of a source are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Common Log Format: host, ident, user, time, request, status, size.
    Common,
    /// Combined Log Format: common, referer, agent.
    Combined,
    /// Combined, and the Cookie header field in quotes.
    CombinedCookie,
    /// Combined, and the X-Forwarded-For header field in quotes.
    CombinedXff,
    /// A table with a header line.
    Csv(Csv),
}

/// The fields of every log format but one: each of the others stops earlier.
static WITH_COOKIE: [&str; EXTRA + 1] = [
    Field::Host.name(),
    Field::Ident.name(),
    Field::User.name(),
    Field::Time.name(),
    Field::Request.name(),
    Field::Status.name(),
    Field::Size.name(),
    Field::Referer.name(),
    Field::Agent.name(),
    Field::Cookie.name(),
];
static WITH_XFF: [&str; EXTRA + 1] = {
    let mut fields = WITH_COOKIE;
    fields[EXTRA] = Field::Xff.name();
    fields
};

impl Format {
    /// The names of all formats.
    pub const NAMES: [&str; 5] = ["common", "combined", "combined+cookie", "combined+xff", "csv"];

    /// The format of that name in a pipeline file: `common`, `combined`,
    /// `combined+cookie`, `combined+xff`, `csv` (with `,` and `"`).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Format> {
        let csv = Format::Csv(Csv::default());
        [Format::Common, Format::Combined, Format::CombinedCookie, Format::CombinedXff, csv]
            .into_iter()
            .find(|format| format.name() == name)
    }

    /// The name in a pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Common => "common",
            Format::Combined => "combined",
            Format::CombinedCookie => "combined+cookie",
            Format::CombinedXff => "combined+xff",
            Format::Csv(_) => "csv",
        }
    }

    /// The names of the fields in the order in which they are written; `None`
    /// for a table, whose header line has them.
    ///
    /// Parts of fields may be wanted too, see [`Parser::new`].
    #[must_use]
    pub fn fields(self) -> Option<&'static [&'static str]> {
        match self {
            Format::Common => Some(&WITH_COOKIE[..COMMON_FIELDS]),
            Format::Combined => Some(&WITH_COOKIE[..EXTRA]),
            Format::CombinedCookie => Some(&WITH_COOKIE),
            Format::CombinedXff => Some(&WITH_XFF),
            Format::Csv(_) => None,
        }
    }

    /// Where the source must cut its chunks.
    #[must_use]
    pub fn cut(self) -> Cut {
        match self {
            Format::Csv(Csv { delimiter, quote }) => Cut::Records { delimiter, quote },
            Format::Common | Format::Combined | Format::CombinedCookie | Format::CombinedXff => {
                Cut::Lines
            }
        }
    }

    /// The fields in quotes behind `size`.
    fn quoted(self) -> &'static [Field] {
        match self {
            Format::Common | Format::Csv(_) => &[],
            Format::Combined => &[Field::Referer, Field::Agent],
            Format::CombinedCookie => &[Field::Referer, Field::Agent, Field::Cookie],
            Format::CombinedXff => &[Field::Referer, Field::Agent, Field::Xff],
        }
    }
}

/// Cuts the wanted fields out of chunks. Shared by the threads that do so.
pub struct Parser {
    plan: Plan,
}

enum Plan {
    Log { quoted: &'static [Field], parts: Vec<Part> },
    Table { csv: Csv, wanted: Vec<String> },
}

impl Parser {
    /// Prepares for a format and the names of the wanted columns.
    ///
    /// A log has the names of [`Format::fields`] and parts of two of them:
    /// `request.method`, `request.target` and `request.protocol`, null for a
    /// request that is not `METHOD target[ HTTP/x]`, and, with
    /// `combined+cookie`, `cookie.NAME`, the value of the first cookie of that
    /// name.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`]: a log format has no field of a wanted name. Those
    /// of a table are only known with a file: see [`Parser::check_head`].
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::parse::{Format, Parser};
    ///
    /// assert!(Parser::new(Format::CombinedCookie, &["host", "cookie.JSESSIONID"]).is_ok());
    /// assert!(Parser::new(Format::Common, &["agent"]).is_err());
    /// ```
    pub fn new(format: Format, wanted: &[&str]) -> Result<Parser, Error> {
        let plan = match (format, format.fields()) {
            (Format::Csv(csv), _) => {
                Plan::Table { csv, wanted: wanted.iter().map(ToString::to_string).collect() }
            }
            (_, fields) => {
                let fields = fields.unwrap_or_default();
                let part = |&name: &&str| {
                    Part::of(name, fields).ok_or_else(|| unknown(name, format, fields))
                };
                let parts = wanted.iter().map(part).collect::<Result<_, _>>()?;
                Plan::Log { quoted: format.quoted(), parts }
            }
        };
        Ok(Parser { plan })
    }

    /// Looks whether a file has the wanted columns, given its
    /// [`crate::source::head`]. Always so for a log.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] or [`Error::Twice`]: the header line does not have a
    /// wanted name exactly once.
    pub fn check_head(&self, head: &[u8]) -> Result<(), Error> {
        match &self.plan {
            Plan::Log { .. } => Ok(()),
            Plan::Table { csv, wanted } => csv.header(head, wanted).map(drop),
        }
    }

    /// The columns that a table has by its first record; none for a log, whose
    /// fields are those of its format. To be asked after [`Parser::check_head`],
    /// which knows a header from somebody's data.
    #[must_use]
    pub fn columns(&self, head: &[u8]) -> Vec<Vec<u8>> {
        match &self.plan {
            Plan::Log { .. } => Vec::new(),
            Plan::Table { csv, .. } => csv.names(head),
        }
    }

    /// Cuts one chunk. The chunk must come from a source that was opened with
    /// [`Format::cut`].
    ///
    /// # Errors
    ///
    /// As [`Parser::check_head`], for the file that the chunk is of. Lines
    /// that are not in the format are no errors but rejects.
    pub fn chunk(&self, chunk: &Chunk) -> Result<Columns, Error> {
        match &self.plan {
            Plan::Log { quoted, parts } => Ok(match chunk.overlong {
                Some(_) => overlong(chunk, parts.len()),
                None => log::chunk(chunk, quoted, parts),
            }),
            Plan::Table { csv, wanted } => {
                let header = csv.header(&chunk.head, wanted)?;
                Ok(match chunk.overlong {
                    Some(_) => overlong(chunk, wanted.len()),
                    None => csv.chunk(chunk, &header),
                })
            }
        }
    }
}

/// A chunk that is the beginning of one line.
fn overlong(chunk: &Chunk, fields: usize) -> Columns {
    let reject = Reject { line: 0, span: 0..chunk.bytes.len(), reason: Reason::TooLong };
    let fields = (0..fields).map(|_| Values::new(0, &chunk.bytes)).collect();
    Columns { lines: 1, rows: 0, blank: 0, fields, rejects: vec![reject] }
}

fn unknown(field: &str, format: Format, fields: &[&'static str]) -> Error {
    let mut known = fields.to_vec();
    known.extend(["request.method", "request.target", "request.protocol"]);
    if fields.contains(&Field::Cookie.name()) {
        known.push("cookie.NAME");
    }
    Error::Unknown { field: field.to_owned(), format: format.name(), known }
}

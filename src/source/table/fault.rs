//! Why a table that is no text cannot be read, out.

use super::package::PART_BYTES;

/// What is wrong with a table. Names sheets and columns that the pipeline names,
/// places and types; never what a cell holds, nor what a library says of it.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The file is not of the format that the pipeline says.
    #[error("not {expected}")]
    NotA {
        /// What it should be.
        expected: &'static str,
    },

    /// It is of the format, and cannot be read.
    #[error("damaged, or not as the format has it: {place}")]
    Damaged {
        /// Where.
        place: String,
    },

    /// A workbook with a password, or one of before 2007.
    #[error("encrypted, or of before 2007 (.xls): expected an open workbook (.xlsx)")]
    Sealed,

    /// The workbook has no such sheet.
    #[error("sheet `{name}`: not among the {sheets} sheets of the workbook")]
    NoSheet {
        /// The name that the pipeline has.
        name: String,
        /// How many sheets there are. Their names may be somebody's.
        sheets: usize,
    },

    /// No sheet is there that could be read.
    #[error("no sheet that is not hidden")]
    NoSheets,

    /// The row that should name the columns has nothing in it.
    #[error("row {row}: empty, expected the names of the columns")]
    NoHeader {
        /// The row, from 1.
        row: u32,
    },

    /// A wanted column holds what cannot be a value of a table of text.
    #[error("column `{column}`: found {found}, expected text, number, time or truth value")]
    Type {
        /// Its name.
        column: String,
        /// Its type.
        found: String,
    },

    /// A value that its type does not have.
    #[error("column `{column}`, row {row}: value out of the range of its type")]
    Range {
        /// Name of the column.
        column: String,
        /// The row, from 1.
        row: u64,
    },

    /// The server of a database cannot be reached, or lets nobody in.
    #[error("server not reached, or refuses the connection{}", said(code.as_ref()))]
    Connection {
        /// The SQLSTATE that it gave.
        code: Option<String>,
    },

    /// The server of a database refuses the query, or stops amid its rows.
    #[error("query refused by the server{}{}", said(code.as_ref()), at(*position))]
    Query {
        /// The SQLSTATE that it gave.
        code: Option<String>,
        /// The character of the query that it names, from 1.
        position: Option<u32>,
    },

    /// A part of a workbook is larger than is read into memory.
    #[error("part {part}: more than {} MiB", PART_BYTES >> 20)]
    Part {
        /// Its number in the ZIP file, from 1.
        part: usize,
    },

    /// The file holds more than its size gives reason for.
    #[error("expands beyond reason, {stored} stored bytes gave {given}")]
    Expands {
        /// Bytes on the disk.
        stored: u64,
        /// Bytes that they gave, when it was enough.
        given: u64,
    },
}

impl Fault {
    /// What to try next, if there is one thing to try.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Fault::NotA { .. } => Some("check `format`: `gamyeong guess FILE` says what it is"),
            Fault::Damaged { .. } => Some("copy the file again from where it was made"),
            Fault::Sealed => Some("save it as .xlsx, without a password"),
            Fault::NoSheet { .. } | Fault::NoSheets => {
                Some("name the sheet in `sheet` as its tab has it")
            }
            Fault::NoHeader { .. } => {
                Some("say in `header_row` which row has the names of the columns")
            }
            Fault::Type { .. } => Some("drop the column, or write it as text where it is made"),
            Fault::Range { .. } => Some("find out who made the value"),
            Fault::Connection { .. } => {
                Some("try the address with the server's own client, as the account that runs this")
            }
            Fault::Query { .. } => {
                Some("try the query with the server's own client: it says more, and may show data")
            }
            Fault::Part { .. } | Fault::Expands { .. } => {
                Some("find out who made the file; split it, or save the table as CSV")
            }
        }
    }
}

/// What a server calls its refusal.
fn said(code: Option<&String>) -> String {
    code.map(|code| format!(" (SQLSTATE {code})")).unwrap_or_default()
}

/// Where in the query.
fn at(position: Option<u32>) -> String {
    position.map(|position| format!(" at character {position}")).unwrap_or_default()
}

//! A file in; the format that its first lines are in, and a class for each of
//! its fields, out: for a person to check.
//!
//! Not here: writing it down (`cli`).

use std::path::Path;

use arrow::buffer::Buffer;

use crate::error::Error;
use crate::parse::{Clock, Encoding, Format, Parser, Values};
use crate::protect::read_number;
use crate::protect::technique::Digits;
use crate::source::{self, CHUNK_BYTES, Chunk, Cut, Input, Medium};
use crate::split::dictionary::{Class, class, is_data, is_known};

/// What a file seems to be.
pub struct Proposal {
    /// The format most of its first lines are in.
    pub format: Format,
    /// Lines that were looked at, and how many of them are rows.
    pub lines: u64,
    /// Those that are rows of the format.
    pub rows: u64,
    /// Its fields.
    pub fields: Vec<Field>,
    /// True if times have no offset.
    pub needs_zone: bool,
}

/// A field of it.
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it is.
    pub class: Class,
    /// True if there are values, and all are whole numbers.
    pub is_number: bool,
}

/// Delimiters that tables are written with.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Looks at the first lines of a file. `None` if they are in no format that has
/// a name; a format string may still fit.
///
/// # Errors
///
/// [`Error::Input`] if the file cannot be read.
pub fn propose(path: &Path) -> Result<Option<Proposal>, Error> {
    let input = Input::from(path);
    if let Some(medium) = source::medium(&input)? {
        let name = match medium {
            Medium::Parquet => "parquet",
            Medium::Workbook(_) => "xlsx",
            // No file is one.
            Medium::Query(_) => return Ok(None),
        };
        let Some(format) = Format::new(name).and_then(Result::ok) else { return Ok(None) };
        let input = input.read_as(format.table(None));
        let chunk = source::open(&[input], format.cut(), CHUNK_BYTES).next()?;
        return Ok(chunk.and_then(|chunk| fit(format, &chunk)));
    }
    let mut reader = source::open(&[input], Cut::Lines, CHUNK_BYTES);
    let Some(chunk) = reader.next()? else { return Ok(None) };
    let named = Format::listed().filter(|listed| listed.name != "csv");
    let named = named.filter_map(|listed| Format::new(listed.name).and_then(Result::ok));
    let named = named.filter(|format| format.table(None).is_none());
    let best = named.filter_map(|format| fit(format, &chunk)).reduce(better);
    Ok(best.or_else(|| tables().filter_map(|format| fit(format, &chunk)).reduce(better)))
}

/// All ways to write a table.
fn tables() -> impl Iterator<Item = Format> {
    let ways = DELIMITERS.iter().flat_map(|&delimiter| {
        [Encoding::Utf8, Encoding::Cp949].map(|encoding| (delimiter, encoding))
    });
    ways.filter_map(|(delimiter, encoding)| {
        let mut format = Format::new("csv").and_then(Result::ok)?;
        let csv = format.csv_mut()?;
        (csv.delimiter, csv.encoding) = (delimiter, encoding);
        Some(format)
    })
}

/// The one with more rows; of two with as many the one with more fields; else
/// the first.
fn better(first: Proposal, second: Proposal) -> Proposal {
    let rank = |one: &Proposal| (one.rows, one.fields.len());
    if rank(&second) > rank(&first) { second } else { first }
}

/// Reads the lines in a format. `None` if fewer than half of them are.
fn fit(format: Format, chunk: &Chunk) -> Option<Proposal> {
    let mut chunk = chunk.clone();
    if let cut @ Cut::Records { .. } = format.cut() {
        let length = cut.first(&chunk.bytes)?;
        chunk.head = chunk.bytes.slice_with_length(0, length);
        // A record may go on in the next chunk.
        let whole = cut.last(&chunk.bytes)?;
        chunk.bytes = Buffer::from_slice_ref(&chunk.bytes[..whole]);
    }
    let mut names = format.named_by(&chunk)?;
    if format.is_named_by_data() && format.cut() == Cut::Lines {
        // Keys of objects may be data where the others are names.
        names.retain(|name| !is_data(name));
    }
    if names.len() < 2 {
        return None;
    }
    // A table without a header line begins with somebody's data, which is not to
    // be shown: one name at least has to be one that such systems use.
    if names.iter().any(|name| is_data(name)) || !names.iter().any(|name| is_known(name)) {
        return None;
    }
    let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
    let columns = Parser::new(&format, &wanted).ok()?.chunk(&chunk).ok()?;
    let needs_zone = names.iter().any(|name| format.clock(name) == Clock::Local);
    let fields = names.into_iter().zip(&columns.fields).map(|(name, values)| Field {
        class: class(&name),
        is_number: are_numbers(values, &format),
        name,
    });
    let fields = fields.collect();
    let (lines, rows) = (columns.lines - columns.blank, columns.rows as u64);
    (rows > 0 && 2 * rows >= lines).then_some(Proposal { format, lines, rows, fields, needs_zone })
}

/// True if there are values, and all are whole numbers.
fn are_numbers(values: &Values, format: &Format) -> bool {
    let digits = if format.is_table() { Digits::Grouped } else { Digits::Plain };
    let mut values = values.iter().flatten().filter(|value| !value.is_empty()).peekable();
    values.peek().is_some() && values.all(|value| read_number(digits, value).is_some())
}

//! A format and a file in; every line with its fields out, to try a format
//! before there is a pipeline.
//!
//! Nothing is protected, recorded or written.
//!
//! Not here: masking, printing (`cli`).

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use crate::error::Error;
use crate::parse::{Columns, Format, Parser, Reason, Values};
use crate::source::{self, CHUNK_BYTES, Chunk, Cut, Input};

/// One line, or record.
pub struct Line<'a> {
    /// Its number in the file, from 1.
    pub number: u64,
    /// What became of it.
    pub content: Content<'a>,
}

/// What became of a line.
pub enum Content<'a> {
    /// It became a row: every field with its raw value, or none.
    Row(Vec<(&'a str, Option<&'a [u8]>)>),
    /// Nothing is in it, or names of fields.
    Blank,
    /// It is in the format and tells of something else: of what.
    Excluded(&'static str),
    /// It is not in the format.
    Rejected(Reason),
}

/// How many lines became what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names are those of the records")]
pub struct Count {
    pub lines: u64,
    pub rows: u64,
    pub blank: u64,
    pub excluded: u64,
    pub rejected: u64,
}

/// SHA-256 of a file as it lies on the disk, as records have it.
///
/// # Errors
///
/// [`Error::Input`] if it cannot be read.
pub fn digest(path: &Path) -> Result<[u8; 32], Error> {
    Ok(source::digest(&path.into())?.sha256)
}

/// Reads a file and gives each line to `each`, with all fields that the format
/// or the file says it has, until that has seen enough. `date` tells the year
/// of times that have none.
///
/// # Errors
///
/// [`Error::Input`] if the file cannot be read, and those of `each`.
pub fn lines(
    format: &Format,
    path: &Path,
    date: Date,
    mut each: impl FnMut(Line<'_>) -> Result<bool, Error>,
) -> Result<Count, Error> {
    let input = Input::from(path).read_as(format.table(None));
    let mut reader = source::open(&[input], format.cut(), CHUNK_BYTES);
    let mut count = Count::default();
    let mut names: Option<Vec<String>> = None;
    let mut parser = None;
    while let Some(chunk) = reader.next()? {
        for record in records(&chunk, format.cut()) {
            if let Some(new) = format.named_by(&record).map(each_once)
                && names.as_ref() != Some(&new)
            {
                names = Some(new);
                parser = None;
            }
            let names = names.get_or_insert_default();
            let failed = |error| Error::Fields { path: path.to_owned(), source: error };
            if parser.is_none() {
                let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
                parser = Some(Parser::dated(format, &wanted, date).map_err(failed)?);
            }
            let Some(parser) = &parser else { continue };
            let columns = parser.chunk(&record).map_err(failed)?;
            count.rows += columns.rows as u64;
            count.blank += columns.blank;
            count.excluded += columns.excluded.values().sum::<u64>();
            count.rejected += columns.rejects.len() as u64;
            for content in contents(&columns, names) {
                count.lines += 1;
                if !each(Line { number: count.lines, content })? {
                    return Ok(count);
                }
            }
        }
    }
    Ok(count)
}

/// Names without those that stand there more than once: which one would be
/// meant?
fn each_once(names: Vec<String>) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in &names {
        *counts.entry(name.clone()).or_default() += 1;
    }
    names.into_iter().filter(|name| counts[name] == 1).collect()
}

/// What the columns of one line hold; of a record that is several rows, each.
fn contents<'a>(columns: &'a Columns, names: &'a [String]) -> Vec<Content<'a>> {
    let mut contents: Vec<Content<'_>> = Vec::new();
    contents.extend((0..columns.blank).map(|_| Content::Blank));
    for (&reason, &count) in &columns.excluded {
        contents.extend((0..count).map(|_| Content::Excluded(reason)));
    }
    contents.extend(columns.rejects.iter().map(|reject| Content::Rejected(reject.reason.clone())));
    let mut fields: Vec<_> = columns.fields.iter().map(Values::iter).collect();
    contents.extend((0..columns.rows).map(|_| {
        let values = fields.iter_mut().map(|field| field.next().flatten());
        Content::Row(names.iter().map(String::as_str).zip(values).collect())
    }));
    contents
}

/// Every record of a chunk as a chunk of its own.
fn records(chunk: &Chunk, cut: Cut) -> impl Iterator<Item = Chunk> {
    let mut start = 0;
    let mut head = chunk.head.clone();
    std::iter::from_fn(move || {
        let rest = chunk.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        let length = match chunk.overlong {
            Some(_) => rest.len(),
            None => cut.first(rest).unwrap_or(rest.len()),
        };
        let record = Chunk {
            bytes: chunk.bytes.slice_with_length(start, length),
            is_first: chunk.is_first && start == 0,
            head: head.clone(),
            ..chunk.clone()
        };
        if let Some(behind) = source::behind(&record.bytes, cut, &head) {
            head = behind;
        }
        start += length;
        Some(record)
    })
}

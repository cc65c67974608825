//! One chunk of a table in; its columns by the names in the header line, or by
//! those that were given for a table without one, out.
//!
//! The header line is the first record of the file, so every file of a source
//! may have its columns in another order. A record that has another number of
//! fields than there are names, a quote that is never closed, or that is not in
//! the encoding, is a reject. Empty values are null.
//!
//! Values are places in the chunk like those of a log line; only one with a
//! doubled quote is copied. That, and that a record must end here exactly
//! where `source` cuts, is why records are not taken from the `csv` crate; the
//! tests hold the two against each other.
//!
//! Source: RFC 4180; the byte-order mark that spreadsheets write before UTF-8
//! is skipped.
//!
//! Not here: where records end (`source::Cut`).

use std::sync::Arc;

use encoding_rs::EUC_KR;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::source::{Chunk, Cut, LINE_BYTES};

use super::lines;
use super::span::Span;
use super::{Columns, Cutter, Error, Reason, Reject, Sought, Values};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Csv {
    /// What separates two fields: `,` by default.
    pub delimiter: u8,
    /// What a field with a delimiter or an LF inside stands in: `"` by default.
    pub quote: u8,
    /// How its text is encoded.
    pub encoding: Encoding,
}

/// Encodings of tables.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    #[default]
    #[serde(rename = "utf-8", alias = "utf8")]
    #[value(name = "utf-8")]
    Utf8,
    /// Windows code page 949, of which EUC-KR is a part: what Korean
    /// spreadsheets write.
    #[serde(alias = "euc-kr")]
    Cp949,
}

impl Default for Csv {
    fn default() -> Csv {
        Csv { delimiter: b',', quote: b'"', encoding: Encoding::Utf8 }
    }
}

/// Cuts the wanted columns out of a table.
pub(super) struct Table {
    csv: Csv,
    /// Names of the columns of a table without a header line.
    names: Option<Arc<[String]>>,
    wanted: Vec<String>,
    sought: Sought,
}

/// Where the wanted columns stand in one file.
struct Header {
    fields: usize,
    wanted: Vec<usize>,
    /// Where those stand that nobody wants, and that are sought.
    beside: Vec<usize>,
}

/// One value of a record.
#[derive(Clone, Copy)]
enum Value {
    /// The bytes there are the value.
    Plain(Span),
    /// The bytes there are the value between quotes, of which some are
    /// doubled or do not stand at the ends.
    Quoted(Span),
}

impl Csv {
    /// Finds the wanted names among those of a file.
    ///
    /// The messages count the names and do not list them: a table without a
    /// header line begins with somebody's data.
    fn header(names: &[Vec<u8>], wanted: &[String]) -> Result<Header, Error> {
        let mut columns = Vec::with_capacity(wanted.len());
        for field in wanted {
            let mut places = (0..names.len()).filter(|&place| names[place] == field.as_bytes());
            match (places.next(), places.next()) {
                (Some(place), None) => columns.push(place),
                (None, _) => {
                    return Err(Error::Missing { field: field.clone(), columns: names.len() });
                }
                (Some(_), Some(_)) => return Err(Error::Twice { field: field.clone() }),
            }
        }
        Ok(Header { fields: names.len(), wanted: columns, beside: Vec::new() })
    }

    /// The names in the first record of a file, in UTF-8.
    fn names(self, head: &[u8]) -> Vec<Vec<u8>> {
        let head = content(&head[lines::mark_length(head)..]);
        let mut values = Vec::new();
        if head.is_empty() || self.split(head, 0, &mut values).is_err() {
            return Vec::new();
        }
        let bytes_of = |&value: &Value| match value {
            Value::Plain(Span { start, end }) => head[start..end].to_vec(),
            Value::Quoted(Span { start, end }) => self.unquote(&head[start..end]),
        };
        let name_of = |value| self.decode(&bytes_of(value)).unwrap_or_default();
        values.iter().map(name_of).collect()
    }

    /// Text in UTF-8; `None` if it is not in the encoding.
    fn decode(self, raw: &[u8]) -> Option<Vec<u8>> {
        match self.encoding {
            Encoding::Utf8 => str::from_utf8(raw).ok().map(|text| text.as_bytes().to_vec()),
            Encoding::Cp949 => EUC_KR
                .decode_without_bom_handling_and_without_replacement(raw)
                .map(|text| text.into_owned().into_bytes()),
        }
    }

    /// Looks whether a record is in the encoding: in another words would be
    /// told apart by chance alone.
    fn check(self, record: &[u8]) -> Result<(), Reason> {
        let is_text = match self.encoding {
            Encoding::Utf8 => str::from_utf8(record).is_ok(),
            Encoding::Cp949 => record.is_ascii() || self.decode(record).is_some(),
        };
        if is_text { Ok(()) } else { Err(Reason::Encoding) }
    }

    /// What cuts the wanted columns out of tables that are written so, with
    /// these names in place of a header line.
    pub(super) fn table(
        self,
        names: Option<&Arc<[String]>>,
        wanted: &[&str],
        sought: &Sought,
    ) -> Table {
        let wanted = wanted.iter().map(ToString::to_string).collect();
        Table { csv: self, names: names.cloned(), wanted, sought: sought.clone() }
    }

    fn chunk(self, chunk: &Chunk, header: &Header, has_header_line: bool) -> Columns {
        let bytes = chunk.bytes.as_slice();
        let cut = Cut::Records { delimiter: self.delimiter, quote: self.quote };
        let mut found = Columns::empty();
        let mut columns: Vec<Values> =
            header.wanted.iter().map(|_| Values::new(0, &chunk.bytes)).collect();
        let mut beside = Values::new(0, &chunk.bytes);
        let mut values = Vec::with_capacity(header.fields);

        let mut start = 0;
        while start < bytes.len() {
            let end = cut.first(&bytes[start..]).map_or(bytes.len(), |length| start + length);
            let record = &bytes[start..end];
            let line = found.lines;
            found.lines += 1;
            // A byte-order mark is no part of the first value.
            let is_start = chunk.is_first && line == 0;
            let mark = if is_start { lines::mark_length(record) } else { 0 };
            let (first, text) = (start + mark, content(&record[mark..]));

            if without_lf(record).len() > LINE_BYTES {
                let span = start..start + LINE_BYTES;
                found.rejects.push(Reject { line, span, reason: Reason::TooLong });
            } else if text.is_empty() || (is_start && has_header_line) {
                found.blank += 1;
            } else {
                values.clear();
                let is_split = self.check(text).and_then(|()| self.split(text, first, &mut values));
                if is_split.is_ok() && values.len() == header.fields {
                    for (column, &place) in columns.iter_mut().zip(&header.wanted) {
                        self.push(column, bytes, values[place]);
                    }
                    for &place in &header.beside {
                        self.push(&mut beside, bytes, values[place]);
                    }
                    found.rows += 1;
                } else {
                    let span = first..first + text.len();
                    let reason = is_split.err().unwrap_or(Reason::Fields);
                    found.rejects.push(Reject { line, span, reason });
                }
            }
            start = end;
        }
        found.fields = columns;
        found.beside = vec![beside];
        found
    }

    /// Appends the values of one record, as places in the chunk, in which the
    /// record stands at `offset`. An error if a quote is never closed: what
    /// follows it may be many records.
    fn split(self, record: &[u8], offset: usize, values: &mut Vec<Value>) -> Result<(), Reason> {
        let mut at = 0;
        loop {
            let end;
            if record.get(at) == Some(&self.quote) {
                let (close, is_plain) = self.close(record, at + 1).ok_or(Reason::Quote)?;
                end = memchr::memchr(self.delimiter, &record[close..])
                    .map_or(record.len(), |length| close + length);
                // Between the quotes; `close` is behind the closing one.
                let inner = Span { start: offset + at + 1, end: offset + close - 1 };
                values.push(if is_plain && end == close {
                    Value::Plain(inner)
                } else {
                    Value::Quoted(Span { start: offset + at, end: offset + end })
                });
            } else {
                end = memchr::memchr(self.delimiter, &record[at..])
                    .map_or(record.len(), |length| at + length);
                values.push(Value::Plain(Span { start: offset + at, end: offset + end }));
            }
            if end == record.len() {
                return Ok(());
            }
            at = end + 1;
        }
    }

    /// The place behind the closing quote, and whether there is no doubled
    /// quote before it.
    fn close(self, record: &[u8], mut at: usize) -> Option<(usize, bool)> {
        let mut is_plain = true;
        while let Some(length) = memchr::memchr(self.quote, &record[at..]) {
            at += length + 1;
            if record.get(at) != Some(&self.quote) {
                return Some((at, is_plain));
            }
            is_plain = false;
            at += 1;
        }
        None
    }

    fn push(self, column: &mut Values, bytes: &[u8], value: Value) {
        let is_plain = |raw: &[u8]| self.encoding == Encoding::Utf8 || raw.is_ascii();
        match value {
            Value::Plain(span) if span.start == span.end => column.push_null(),
            Value::Plain(span) if is_plain(&bytes[span.start..span.end]) => column.push(span),
            Value::Plain(Span { start, end }) => self.push_decoded(column, &bytes[start..end]),
            Value::Quoted(Span { start, end }) => {
                match self.unquote(&bytes[start..end]).as_slice() {
                    [] => column.push_null(),
                    value => self.push_decoded(column, value),
                }
            }
        }
    }

    /// Appends what had to be copied. A record that is not in the encoding as a
    /// whole was rejected; a part of one that is may be cut in a letter, if the
    /// second byte of that looks like a quote, which none does.
    fn push_decoded(self, column: &mut Values, raw: &[u8]) {
        match self.decode(raw) {
            Some(text) => column.push_copy(&text),
            None => column.push_copy(raw),
        }
    }

    /// Takes off the quotes and halves the doubled ones. What follows the
    /// closing quote belongs to the value, quotes included.
    fn unquote(self, raw: &[u8]) -> Vec<u8> {
        let mut value = Vec::with_capacity(raw.len());
        let mut rest = &raw[1..];
        while let Some(at) = memchr::memchr(self.quote, rest) {
            value.extend_from_slice(&rest[..at]);
            rest = &rest[at + 1..];
            match rest.strip_prefix(&[self.quote]) {
                Some(behind) => {
                    value.push(self.quote);
                    rest = behind;
                }
                None => break,
            }
        }
        value.extend_from_slice(rest);
        value
    }
}

impl Cutter for Table {
    fn check_head(&self, head: &[u8]) -> Result<(), Error> {
        Csv::header(&self.columns(head), &self.wanted).map(drop)
    }

    fn columns(&self, head: &[u8]) -> Vec<Vec<u8>> {
        match &self.names {
            Some(names) => names.iter().map(|name| name.clone().into_bytes()).collect(),
            None => self.csv.names(head),
        }
    }

    fn chunk(&self, chunk: &Chunk) -> Result<Columns, Error> {
        let names = self.columns(&chunk.head);
        let mut header = Csv::header(&names, &self.wanted)?;
        // A name that is not in the encoding is none that anybody knows.
        let names = names.iter().map(|name| str::from_utf8(name).unwrap_or_default());
        let sought = self.sought.places(names, &self.wanted).into_iter();
        header.beside = sought.map(|(place, _)| place).collect();
        Ok(self.csv.chunk(chunk, &header, self.names.is_none()))
    }
}

fn without_lf(record: &[u8]) -> &[u8] {
    record.strip_suffix(b"\n").unwrap_or(record)
}

/// A record without its line ending.
fn content(record: &[u8]) -> &[u8] {
    lines::content(without_lf(record))
}

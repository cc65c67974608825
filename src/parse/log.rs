//! One chunk of an access log in; its columns out.
//!
//! Not here: where the fields of a line are (`line`).

use crate::source::{Chunk, LINE_BYTES};

use super::line::{self, EXTRA, Span, Spans};
use super::marks::Marks;
use super::reason::{Field, Reason};
use super::request::{self, Request};
use super::{Columns, Reject, Values};

/// What one wanted column is cut from.
pub(super) enum Part {
    Field(usize),
    Method,
    Target,
    Protocol,
    Cookie(Vec<u8>),
}

impl Part {
    /// `None` if the format has no such field.
    pub(super) fn of(name: &str, fields: &[&str]) -> Option<Part> {
        if let Some(place) = fields.iter().position(|&field| field == name) {
            return Some(Part::Field(place));
        }
        match name {
            "request.method" => Some(Part::Method),
            "request.target" => Some(Part::Target),
            "request.protocol" => Some(Part::Protocol),
            _ => {
                let cookie = name.strip_prefix("cookie.").filter(|cookie| !cookie.is_empty())?;
                fields.contains(&Field::Cookie.name()).then(|| Part::Cookie(cookie.into()))
            }
        }
    }

    fn is_of_request(&self) -> bool {
        matches!(self, Part::Method | Part::Target | Part::Protocol)
    }
}

/// Rows whose places are found before their values are pushed, column by column:
/// few enough for the first-level cache.
const BATCH: usize = 64;

/// Where the fields of one row are.
#[derive(Clone, Copy, Default)]
struct Row {
    /// Where its line begins in the chunk.
    start: usize,
    spans: Spans,
    request: Option<Request>,
}

/// Cuts the wanted parts of all lines of a chunk.
pub(super) fn chunk(chunk: &Chunk, quoted: &[Field], parts: &[Part]) -> Columns {
    let bytes = chunk.bytes.as_slice();
    let rows = estimate(bytes);
    let mut columns: Vec<Values> = parts.iter().map(|_| Values::new(rows, &chunk.bytes)).collect();
    let mut found = Columns::empty();
    let needs_request = parts.iter().any(Part::is_of_request);
    let mut marks = Marks::new(bytes);
    let mut batch = [Row::default(); BATCH];
    let mut filled = 0;

    let mut start = 0;
    while start < bytes.len() {
        let (end, usual) = marks.line(2 + 2 * quoted.len());
        let line = content(&bytes[start..end]);
        let row = &mut batch[filled];
        if line.is_empty() {
            found.blank += 1;
        } else if let Err(reason) = cut(line, end - start, quoted, usual, start, &mut row.spans) {
            let span = start..start + line.len().min(LINE_BYTES);
            found.rejects.push(Reject { line: found.lines, span, reason });
        } else {
            row.start = start;
            row.request = if needs_request { divide(line, row.spans[4]) } else { None };
            filled += 1;
        }
        found.lines += 1;
        start = end + 1;
        if filled == BATCH || start >= bytes.len() {
            for (column, part) in columns.iter_mut().zip(parts) {
                push(column, bytes, part, &batch[..filled]);
            }
            found.rows += filled;
            filled = 0;
        }
    }
    found.fields = columns;
    found
}

/// Finds the fields of one line. `length` is that of the line with its ending;
/// `usual` are the places of its quotes in the chunk, if it is a usual line.
#[inline]
fn cut(
    line: &[u8],
    length: usize,
    quoted: &[Field],
    usual: Option<&[u32]>,
    start: usize,
    spans: &mut Spans,
) -> Result<(), Reason> {
    if length > LINE_BYTES {
        return Err(Reason::TooLong);
    }
    let marks = usual.map(|places| places.iter().map(|&place| place as usize - start));
    match marks.and_then(|marks| line::usual(line, quoted, marks, spans)) {
        Some(()) => Ok(()),
        None => line::fields(line, quoted, spans),
    }
}

/// Appends a part of each row.
fn push(column: &mut Values, bytes: &[u8], part: &Part, rows: &[Row]) {
    let there = |row: &Row, span: Span| {
        let span = span.moved(row.start);
        (!matches!(bytes[span.start..span.end], [b'-'])).then_some(span)
    };
    let of = |part: fn(&Request) -> Option<Span>| {
        move |row: &Row| there(row, part(row.request.as_ref()?)?)
    };
    match part {
        Part::Field(place) => column.extend(rows.iter().map(|row| there(row, row.spans[*place]))),
        Part::Method => column.extend(rows.iter().map(of(|request| Some(request.method)))),
        Part::Target => column.extend(rows.iter().map(of(|request| Some(request.target)))),
        Part::Protocol => column.extend(rows.iter().map(of(|request| request.protocol))),
        Part::Cookie(name) => column.extend(rows.iter().map(|row| {
            let Span { start, end } = row.spans[EXTRA].moved(row.start);
            let value = request::cookie(&bytes[start..end], name)?;
            there(row, value.moved(row.spans[EXTRA].start))
        })),
    }
}

#[inline]
fn divide(line: &[u8], Span { start, end }: Span) -> Option<Request> {
    let request = request::divide(&line[start..end])?;
    Some(Request {
        method: request.method.moved(start),
        target: request.target.moved(start),
        protocol: request.protocol.map(|protocol| protocol.moved(start)),
    })
}

/// A line without the CR of its ending.
fn content(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// About as many lines as the chunk has, from its beginning: columns that
/// grow are copied, and columns too large cost fresh memory.
fn estimate(bytes: &[u8]) -> usize {
    const SAMPLE_BYTES: usize = 16 * 1024;
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    let lines = memchr::memchr_iter(b'\n', sample).count() + 1;
    let share = bytes.len().div_ceil(sample.len().max(1));
    lines * share + lines * share / 16
}

//! One chunk of an access log in; its columns out.
//!
//! Not here: where the fields of a line are (`line`).

use crate::source::{Chunk, LINE_BYTES};

use super::line::{self, EXTRA, Span, Spans};
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

/// Cuts the wanted parts of all lines of a chunk.
pub(super) fn chunk(chunk: &Chunk, quoted: &[Field], parts: &[Part]) -> Columns {
    let bytes = chunk.bytes.as_slice();
    let rows = estimate(bytes);
    let mut columns: Vec<Values> = parts.iter().map(|_| Values::new(rows, &chunk.bytes)).collect();
    let mut found = Columns::empty();
    let needs_request = parts.iter().any(Part::is_of_request);
    let mut spans = Spans::default();

    let mut start = 0;
    while start < bytes.len() {
        let length = memchr::memchr(b'\n', &bytes[start..]);
        let end = length.map_or(bytes.len(), |length| start + length);
        let line = content(&bytes[start..end]);
        if line.is_empty() {
            found.blank += 1;
        } else {
            let fields = if end - start > LINE_BYTES {
                Err(Reason::TooLong)
            } else {
                line::fields(line, quoted, &mut spans)
            };
            match fields {
                Ok(()) => {
                    let request = if needs_request { divide(line, spans[4]) } else { None };
                    for (column, part) in columns.iter_mut().zip(parts) {
                        push(column, start, line, part, &spans, request.as_ref());
                    }
                    found.rows += 1;
                }
                Err(reason) => {
                    let span = start..start + line.len().min(LINE_BYTES);
                    found.rejects.push(Reject { line: found.lines, span, reason });
                }
            }
        }
        found.lines += 1;
        start = end + 1;
    }
    found.fields = columns;
    found
}

#[inline]
fn push(
    column: &mut Values,
    start: usize,
    line: &[u8],
    part: &Part,
    spans: &Spans,
    request: Option<&Request>,
) {
    let span = match part {
        Part::Field(place) => Some(spans[*place]),
        Part::Method => request.map(|request| request.method),
        Part::Target => request.map(|request| request.target),
        Part::Protocol => request.and_then(|request| request.protocol),
        Part::Cookie(name) => {
            let Span { start, end } = spans[EXTRA];
            request::cookie(&line[start..end], name).map(|value| value.moved(start))
        }
    };
    match span {
        Some(span) if !matches!(line[span.start..span.end], [b'-']) => {
            column.push(span.moved(start));
        }
        _ => column.push_null(),
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

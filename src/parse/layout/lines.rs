//! One chunk of lines in; its columns out.
//!
//! Not here: where the fields of a line are (`line`).

use std::sync::Arc;

use crate::source::{Chunk, LINE_BYTES};

use super::compile::{Layout, Step};
use super::usual::Usual;
use super::{Escapes, Kind, line};
use crate::parse::escape::undo;
use crate::parse::lines::{content, estimate, mark_length};
use crate::parse::marks::{Marks, Quotes};
use crate::parse::request::{self, Request};
use crate::parse::span::Span;
use crate::parse::values::Place;
use crate::parse::{Columns, Cutter, Error, Reason, Reject, Values};

/// Cuts the wanted parts out of lines.
pub(in crate::parse) struct Lines {
    layout: Arc<Layout>,
    usual: Option<Usual>,
    parts: Vec<Part>,
    /// The step whose request line has to be divided.
    request: Option<usize>,
}

/// What one wanted column is cut from.
enum Part {
    Field(usize),
    Method,
    Target,
    Protocol,
    Cookie(usize, Vec<u8>),
}

/// Rows whose places are found before their values are pushed, column by column:
/// few enough for the first-level cache.
const BATCH: usize = 64;

/// Where the fields of some rows are in the chunk.
struct Batch {
    rows: usize,
    /// As many for each row as there are fields.
    places: Vec<Place>,
    /// One for each row, if a part of them is wanted.
    requests: Vec<Option<Request>>,
    /// Whether something in the rows may be escaped.
    is_escaped: bool,
}

impl Batch {
    fn new(fields: usize) -> Batch {
        Batch {
            rows: 0,
            places: vec![Place::NONE; fields * BATCH],
            requests: Vec::with_capacity(BATCH),
            is_escaped: false,
        }
    }

    fn clear(&mut self) {
        self.rows = 0;
        self.requests.clear();
        self.is_escaped = false;
    }
}

impl Lines {
    /// Prepares for the names of the wanted columns; `None` for one that the
    /// layout does not have.
    pub(in crate::parse) fn new(layout: &Arc<Layout>, wanted: &[&str]) -> Result<Lines, usize> {
        let is_it = |step: &Step, name: &str| !step.is_hidden && step.name == name;
        let place = |name: &str| layout.steps.iter().position(|step| is_it(step, name));
        let request = place("request");
        let part = |name: &str| {
            if let Some(place) = place(name) {
                return Some(Part::Field(place));
            }
            match name {
                "request.method" => request.map(|_| Part::Method),
                "request.target" => request.map(|_| Part::Target),
                "request.protocol" => request.map(|_| Part::Protocol),
                _ => {
                    let cookie = name.strip_prefix("cookie.").filter(|name| !name.is_empty())?;
                    place("cookie").map(|place| Part::Cookie(place, cookie.into()))
                }
            }
        };
        let parts: Vec<Part> = wanted
            .iter()
            .enumerate()
            .map(|(at, name)| part(name).ok_or(at))
            .collect::<Result<_, _>>()?;
        let divides = |part: &Part| matches!(part, Part::Method | Part::Target | Part::Protocol);
        let request = request.filter(|_| parts.iter().any(divides));
        Ok(Lines { layout: layout.clone(), usual: Usual::new(layout), parts, request })
    }

    /// Finds the fields of any line. Gives whether there may be an escape in it.
    #[cold]
    fn cut(
        &self,
        bytes: &[u8],
        (start, end): (usize, usize),
        places: &mut [Place],
    ) -> Result<bool, Reason> {
        let line = &bytes[start..end];
        if line.len() > LINE_BYTES {
            return Err(Reason::TooLong);
        }
        line::fields(&self.layout, line, start, places)?;
        Ok(memchr::memchr(b'\\', line).is_some())
    }

    /// Appends a part of each row.
    fn push(&self, column: &mut Values, bytes: &[u8], part: &Part, batch: &Batch) {
        let fields = self.layout.steps.len();
        let places = |step: usize| {
            // By index: to divide a slice into rows costs a division a column.
            (0..batch.rows).map(move |row| batch.places[row * fields + step])
        };
        let requests = batch.requests.iter();
        let place = |span: Option<Span>| span.map_or(Place::NONE, Place::of);
        match part {
            Part::Field(step) => match &self.layout.steps[*step].kind {
                Kind::Sign => column.extend(places(*step)),
                Kind::Time(pattern) => {
                    let mut text = Vec::new();
                    for Span { start, end } in places(*step).map(Place::span) {
                        text.clear();
                        match pattern.rewrite(&bytes[start..end], &mut text) {
                            Some(()) => column.push_copy(&text),
                            // The last of February at best: it is counted where
                            // times are read.
                            None => column.push(Span { start, end }),
                        }
                    }
                }
                Kind::Text
                | Kind::Optional
                | Kind::List
                | Kind::Endpoint
                | Kind::Status
                | Kind::Count
                | Kind::Decimal
                | Kind::Clf => {
                    self.push_text(column, bytes, batch, places(*step));
                }
            },
            Part::Method => {
                let method = |request: &Option<Request>| place(request.map(|it| it.method));
                self.push_text(column, bytes, batch, requests.map(method));
            }
            Part::Target => {
                let target = |request: &Option<Request>| place(request.map(|it| it.target));
                self.push_text(column, bytes, batch, requests.map(target));
            }
            Part::Protocol => {
                let protocol =
                    |request: &Option<Request>| place(request.and_then(|it| it.protocol));
                self.push_text(column, bytes, batch, requests.map(protocol));
            }
            Part::Cookie(step, name) => {
                let cookie = |Span { start, end }| {
                    place(request::cookie(&bytes[start..end], name).map(|value| value.moved(start)))
                };
                self.push_text(column, bytes, batch, places(*step).map(Place::span).map(cookie));
            }
        }
    }

    /// Appends values as they were sent: escapes undone. Nothing at all, and
    /// `-`, is null.
    #[inline]
    fn push_text(
        &self,
        column: &mut Values,
        bytes: &[u8],
        batch: &Batch,
        places: impl Iterator<Item = Place>,
    ) {
        let places = places.map(|place| place.there(bytes));
        if !batch.is_escaped || self.layout.escapes == Escapes::None {
            return column.extend(places);
        }
        for place in places {
            if place == Place::NONE {
                column.push_null();
                continue;
            }
            let span = place.span();
            let value = &bytes[span.start..span.end];
            if memchr::memchr(b'\\', value).is_some() {
                column.push_copy(&undo(value));
            } else {
                column.push(span);
            }
        }
    }
}

impl Cutter for Lines {
    fn chunk(&self, chunk: &Chunk) -> Result<Columns, Error> {
        let bytes = chunk.bytes.as_slice();
        let rows = estimate(bytes);
        let mut columns: Vec<Values> =
            self.parts.iter().map(|_| Values::new(rows, &chunk.bytes)).collect();
        let mut found = Columns::empty();
        let fields = self.layout.steps.len();
        let mut batch = Batch::new(fields);
        let start = if chunk.is_first { mark_length(bytes) } else { 0 };
        let mut marks = Marks::<Quotes>::new(bytes, start);
        while let Some(line) = marks.line() {
            let start = line.start;
            let bounds = (start, start + content(&bytes[start..line.end]).len());
            let places = &mut batch.places[fields * batch.rows..][..fields];
            let is_usual = match &self.usual {
                Some(usual) if line.is_plain && line.end - start <= LINE_BYTES => {
                    usual.fields(bytes, bounds, line.marks, places).is_some()
                }
                _ => false,
            };
            let mut is_row = is_usual;
            if bounds.0 == bounds.1 {
                found.blank += 1;
                is_row = false;
            } else if !is_usual {
                match self.cut(bytes, bounds, places) {
                    Ok(is_escaped) => {
                        batch.is_escaped |= is_escaped;
                        is_row = true;
                    }
                    Err(reason) => {
                        let span = start..bounds.1.min(start + LINE_BYTES);
                        found.rejects.push(Reject { line: found.lines, span, reason });
                    }
                }
            }
            if is_row {
                if let Some(step) = self.request {
                    batch.requests.push(divide(bytes, places[step].span()));
                }
                batch.rows += 1;
            }
            found.lines += 1;
            if batch.rows == BATCH || line.end + 1 >= bytes.len() {
                for (column, part) in columns.iter_mut().zip(&self.parts) {
                    self.push(column, bytes, part, &batch);
                }
                found.rows += batch.rows;
                batch.clear();
            }
        }
        found.fields = columns;
        Ok(found)
    }
}

#[inline]
fn divide(bytes: &[u8], Span { start, end }: Span) -> Option<Request> {
    let request = request::divide(&bytes[start..end])?;
    Some(Request {
        method: request.method.moved(start),
        target: request.target.moved(start),
        protocol: request.protocol.map(|protocol| protocol.moved(start)),
    })
}

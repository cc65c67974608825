//! One chunk of a log in the W3C extended format in; its columns by the names
//! in `#Fields` out.
//!
//! ```text
//! #Date: 2025-10-10 04:55:36
//! #Fields: date time c-ip cs-method cs-uri-stem sc-status cs(User-Agent)
//! 2025-10-10 04:55:36 192.0.2.7 GET /a 200 curl/8.5+(x)
//! ```
//!
//! `#Fields` may change within a file, and holds from there on; lines that then
//! lack a wanted field are rejected, because null would say that the client sent
//! nothing. Besides the names that stand there, `time` is date and time together,
//! in UTC as the format has it; `time-local` those of the fields that end in
//! `-local`; and `cookie.NAME` a cookie of `cs(Cookie)`. A log whose `#Fields` have
//! a time alone has its date in `#Date`.
//!
//! Source: Hallam-Baker and Behlendorf, "Extended Log File Format", W3C working
//! draft WD-logfile-960323; Microsoft IIS, "W3C Extended Log File Format"; AWS,
//! "Standard logging (access logs)" of `CloudFront`.
//!
//! Not here: which directives hold at the start of a chunk (`source`).

mod line;

use std::borrow::Cow;

use crate::source::{Chunk, LINE_BYTES};

use super::escape::{percent, push_blanks};
use super::lines::{content, estimate, lines};
use super::marks::{Blanks, Marks};
use super::request;
use super::span::Span;
use super::{Columns, Cutter, Error, Name, Reason, Reject, Sought, Values};
use line::{Value, Words, split};

/// How values are encoded that may hold blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoded {
    /// IIS writes `+` for a blank in what a client sent, addresses of pages
    /// apart, where a `+` is its own.
    Plus,
    /// `CloudFront` writes `%20`.
    Percent,
}

/// The fields of `CloudFront`, which leaves out `#Fields` where its logs are put
/// together.
const CLOUDFRONT: &str = "date time x-edge-location sc-bytes c-ip cs-method cs(Host) \
    cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) \
    x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken \
    x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version \
    fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type \
    sc-content-type sc-content-len sc-range-start sc-range-end";

/// Cuts the wanted fields out of lines.
pub(super) struct W3c {
    encoded: Encoded,
    wanted: Vec<String>,
    sought: Sought,
}

/// What holds since the last directives.
struct Section {
    /// The names of the fields.
    names: Vec<String>,
    /// Where the wanted columns stand, or the one that is not there.
    places: Result<Vec<Place>, Name>,
    /// Where those stand that nobody wants, and that are sought.
    beside: Vec<Place>,
    /// The day of `#Date`, for lines that have a time alone.
    day: Option<String>,
    /// What local time is ahead of UTC, if the times are local.
    offset: Option<String>,
}

/// Where a wanted column stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Field(usize, bool),
    /// A date and a time.
    Time(usize, usize),
    /// A time whose date is that of the section.
    TimeOfDay(usize),
    Cookie(usize, Vec<u8>),
}

impl Section {
    /// Before the first directive of a file.
    fn new(log: &W3c) -> Section {
        let (names, beside) = (Vec::new(), Vec::new());
        let mut section =
            Section { names, places: Ok(Vec::new()), beside, day: None, offset: None };
        if log.encoded == Encoded::Percent {
            section.name(CLOUDFRONT, log);
        }
        section
    }

    fn name(&mut self, fields: &str, log: &W3c) {
        self.names = fields.split_ascii_whitespace().map(str::to_owned).collect();
        self.places = log.places(self);
        self.beside = log.beside(self);
    }
}

impl W3c {
    pub(super) fn new(encoded: Encoded, wanted: &[&str], sought: &Sought) -> W3c {
        let wanted = wanted.iter().map(ToString::to_string).collect();
        W3c { encoded, wanted, sought: sought.clone() }
    }

    /// Reads a directive, by its name as `source` knows those that hold on.
    fn direct(&self, section: &mut Section, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let Some((name, value)) = text[1..].split_once(':') else { return };
        match name.trim_ascii_end().to_ascii_lowercase().as_str() {
            "fields" => section.name(value, self),
            "date" => section.day = day(value.trim()).map(str::to_owned),
            "gmt-offset" => section.offset = Some(value.trim().to_owned()),
            _ => {}
        }
    }

    /// Where the wanted columns stand among the fields; the first that is not
    /// there.
    fn places(&self, section: &Section) -> Result<Vec<Place>, Name> {
        let find = |name: &str| section.names.iter().position(|found| found == name);
        let place = |wanted: &String| {
            let place = match wanted.as_str() {
                "time" => match (find("date"), find("time")) {
                    (Some(date), Some(time)) => Some(Place::Time(date, time)),
                    (None, Some(time)) => Some(Place::TimeOfDay(time)),
                    _ => None,
                },
                "time-local" => find("date-local")
                    .zip(find("time-local"))
                    .map(|(date, time)| Place::Time(date, time)),
                name => {
                    find(name).map(|at| Place::Field(at, self.is_encoded(name))).or_else(|| {
                        let cookie = name.strip_prefix("cookie.")?;
                        find("cs(Cookie)").map(|at| Place::Cookie(at, cookie.into()))
                    })
                }
            };
            place.ok_or_else(|| Name::Owned(wanted.clone()))
        };
        self.wanted.iter().map(place).collect()
    }

    /// Where fields and cookies stand that are sought. What is not there is none.
    fn beside(&self, section: &Section) -> Vec<Place> {
        let names = section.names.iter().map(String::as_str);
        let fields = self.sought.places(names, &self.wanted).into_iter();
        let fields = fields.map(|(at, name)| Place::Field(at, self.is_encoded(name)));
        let jar = section.names.iter().position(|name| name == "cs(Cookie)");
        let cookies = self.sought.cookies.iter();
        let cookies = cookies.filter_map(|name| Some(Place::Cookie(jar?, name.as_bytes().into())));
        fields.chain(cookies).collect()
    }

    /// Whether blanks in this field are written as something else.
    fn is_encoded(&self, name: &str) -> bool {
        match self.encoded {
            // Those are encoded by the client before.
            Encoded::Percent => !matches!(name, "cs-uri-stem" | "cs-uri-query" | "cs(Referer)"),
            Encoded::Plus => matches!(name, "cs(User-Agent)" | "cs(Cookie)" | "cs-username"),
        }
    }

    fn decode<'a>(&self, value: &'a [u8]) -> Cow<'a, [u8]> {
        match self.encoded {
            Encoded::Plus if value.contains(&b'+') => {
                value.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect()
            }
            Encoded::Percent if value.contains(&b'%') => percent(value).into(),
            Encoded::Plus | Encoded::Percent => value.into(),
        }
    }

    /// Appends the wanted values of a line, and those that are sought.
    #[inline]
    fn push_row(
        &self,
        (columns, beside): (&mut [Values], &mut Values),
        bytes: &[u8],
        section: &Section,
        value: impl Fn(usize) -> Value,
    ) -> Result<(), Reason> {
        let places = section.places.as_deref().map_err(|field| Reason::Missing(field.clone()))?;
        for (column, place) in columns.iter_mut().zip(places) {
            self.push(column, bytes, section, place, &value);
        }
        for place in &section.beside {
            self.push(beside, bytes, section, place, &value);
        }
        Ok(())
    }

    /// Appends one wanted value of a line.
    #[inline]
    fn push(
        &self,
        column: &mut Values,
        bytes: &[u8],
        section: &Section,
        place: &Place,
        value: impl Fn(usize) -> Value,
    ) {
        match *place {
            Place::Field(at, is_encoded) => {
                let value = value(at);
                let raw = &bytes[value.span.start..value.span.end];
                if matches!(raw, [] | [b'-']) {
                    return column.push_null();
                }
                if !value.is_doubled && !is_encoded {
                    return column.push(value.span);
                }
                match self.encoded {
                    Encoded::Plus if is_encoded && !value.is_doubled => {
                        column.push_written(|out| push_blanks(out, raw));
                    }
                    Encoded::Plus | Encoded::Percent => {
                        let text = value.text(bytes);
                        let decoded =
                            if is_encoded { self.decode(&text) } else { Cow::Borrowed(&*text) };
                        column.push_copy(&decoded);
                    }
                }
            }
            Place::Time(date, time) => {
                let (date, time) = (value(date).span, value(time).span);
                let day = &bytes[date.start..date.end];
                if day == b"-" || bytes[time.start..time.end] == *b"-" {
                    return column.push_null();
                }
                if time.start == date.end + 1 && section.offset.is_none() {
                    // With what stands between them they are a time already,
                    // unless that is a tab.
                    if bytes[date.end] == b' ' {
                        return column.push(Span { start: date.start, end: time.end });
                    }
                }
                column.push_copy(&moment(day, &bytes[time.start..time.end], section));
            }
            Place::TimeOfDay(time) => {
                let span = value(time).span;
                match &section.day {
                    Some(day) => {
                        let time = &bytes[span.start..span.end];
                        column.push_copy(&moment(day.as_bytes(), time, section));
                    }
                    None => column.push_null(),
                }
            }
            Place::Cookie(at, ref name) => {
                let field = value(at).text(bytes);
                let field = self.decode(&field);
                match request::cookie(&field, name).map(|Span { start, end }| &field[start..end]) {
                    None | Some([] | [b'-']) => column.push_null(),
                    Some(value) => column.push_copy(value),
                }
            }
        }
    }
}

impl Cutter for W3c {
    fn check_head(&self, head: &[u8]) -> Result<(), Error> {
        let mut section = Section::new(self);
        for (_, line) in lines(head) {
            if line.starts_with(b"#") {
                self.direct(&mut section, content(line));
            }
        }
        let columns = section.names.len();
        match section.places {
            Err(field) => Err(Error::Missing { field: field.into_owned(), columns }),
            Ok(_) if columns == 0 => Err(Error::NoHeader),
            Ok(_) => Ok(()),
        }
    }

    fn columns(&self, head: &[u8]) -> Vec<Vec<u8>> {
        let fields = lines(head).filter_map(|(_, line)| line.strip_prefix(b"#Fields:"));
        let names = fields.last().unwrap_or_default().split(u8::is_ascii_whitespace);
        names.filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect()
    }

    fn chunk(&self, chunk: &Chunk) -> Result<Columns, Error> {
        let bytes = chunk.bytes.as_slice();
        let rows = estimate(bytes);
        let mut columns: Vec<Values> =
            self.wanted.iter().map(|_| Values::new(rows, &chunk.bytes)).collect();
        let mut beside = Values::new(0, &chunk.bytes);
        let mut found = Columns::empty();
        let mut values = Vec::new();
        let mut section = Section::new(self);
        for (_, line) in lines(&chunk.head) {
            self.direct(&mut section, content(line));
        }
        let mut marks = Marks::<Blanks>::new(bytes, 0);
        while let Some(line) = marks.line() {
            let start = line.start;
            let text = content(&bytes[start..line.end]);
            let fields = section.names.len();
            let row = match text {
                [] => None,
                [b'#', ..] => {
                    self.direct(&mut section, text);
                    None
                }
                _ if text.len() > LINE_BYTES => Some(Err(Reason::TooLong)),
                _ if fields == 0 => Some(Err(Reason::NoHeader)),
                _ => Some(match Words::new(&line, start + text.len(), fields) {
                    Some(words) => {
                        let into = (&mut *columns, &mut beside);
                        self.push_row(into, bytes, &section, |at| words.value(at))
                    }
                    None => split(text, start, fields, &mut values).and_then(|()| {
                        let into = (&mut *columns, &mut beside);
                        self.push_row(into, bytes, &section, |at| values[at])
                    }),
                }),
            };
            match row {
                None => found.blank += 1,
                Some(Err(reason)) => {
                    let span = start..start + text.len().min(LINE_BYTES);
                    found.rejects.push(Reject { line: found.lines, span, reason });
                }
                Some(Ok(())) => found.rows += 1,
            }
            found.lines += 1;
        }
        found.fields = columns;
        found.beside = vec![beside];
        Ok(found)
    }
}

/// The fields that the last directives of a chunk, or before it, name; `time`
/// for date and time.
pub(super) fn named_by(chunk: &Chunk, encoded: Encoded) -> Option<Vec<String>> {
    let fields = |bytes| {
        let named = lines(bytes).filter_map(|(_, line)| line.strip_prefix(b"#Fields:"));
        named.last().map(|line| String::from_utf8_lossy(content(line)).into_owned())
    };
    let known = (encoded == Encoded::Percent).then(|| CLOUDFRONT.to_owned());
    let names = fields(&chunk.bytes).or_else(|| fields(&chunk.head)).or(known)?;
    let names: Vec<&str> = names.split_ascii_whitespace().collect();
    let is_there = |name: &str| names.contains(&name);
    let is_part = |name: &str| match name {
        "date" => is_there("time"),
        "date-local" => is_there("time-local"),
        _ => false,
    };
    Some(names.iter().filter(|name| !is_part(name)).map(ToString::to_string).collect())
}

/// A day and a time as one.
fn moment(day: &[u8], time: &[u8], section: &Section) -> Vec<u8> {
    let mut text = [day, b" ", time].concat();
    text.extend_from_slice(section.offset.as_deref().unwrap_or_default().as_bytes());
    text
}

/// The day at the start of `2025-10-10 04:55:36`.
fn day(text: &str) -> Option<&str> {
    let day = text.get(..10)?;
    day.parse::<jiff::civil::Date>().ok().map(|_| day)
}

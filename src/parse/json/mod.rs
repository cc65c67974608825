//! One chunk of JSON lines in; the columns by dotted paths out.
//!
//! ```text
//! {"request":{"remote_ip":"192.0.2.7","headers":{"User-Agent":["curl"]}},"status":200}
//!             request.remote_ip        request.headers.User-Agent          status
//! ```
//!
//! A path names keys from the outside to the inside, with dots between; a key
//! may have dots itself. Of an array with one element the element is taken.
//! Strings are given without quotes and escapes, numbers as they are written;
//! `null`, `""` and `"-"` are null. A line in which a wanted key stands twice is
//! rejected: readers differ in which of the values they take.
//!
//! Source: RFC 8259.
//!
//! Not here: what a value means.

mod library;
mod paths;
mod shape;
mod texts;
mod usual;

use std::collections::BTreeSet;

use serde_json::value::RawValue;

use crate::source::{Chunk, LINE_BYTES};

use super::lines::{content, estimate, lines, mark_length};
use super::marks::{Line, Marks, Strings};
use super::span::Span;
use super::{Columns, Cutter, Error, Reason, Reject, Values};
use paths::Paths;
use shape::Shapes;
pub use texts::{members, texts};
use usual::{Scalar, Usual};

/// Cuts the wanted values out of JSON lines.
pub(super) struct Json {
    columns: usize,
    wanted: Node,
}

/// What is wanted of an object.
#[derive(Default)]
struct Node {
    entries: Vec<Entry>,
    /// The bit of each length that a key may have; the last one for all that are
    /// longer.
    lengths: u64,
}

/// What is wanted of a member.
struct Entry {
    key: Box<[u8]>,
    /// The columns that are its value.
    columns: Vec<usize>,
    /// What is wanted of its members, if it is an object.
    inner: Option<Node>,
}

impl Json {
    pub(super) fn new(wanted: &[&str]) -> Json {
        let paths: Vec<_> = wanted.iter().copied().enumerate().collect();
        Json { columns: wanted.len(), wanted: Node::new(&paths) }
    }

    /// Appends the wanted values of one line. `quotes` are given for a line that may
    /// be a usual one.
    fn push_row(
        &self,
        reading: &mut Reading,
        bytes: &[u8],
        line: Span,
        quotes: Option<&[u32]>,
    ) -> Result<(), Reason> {
        let text = &bytes[line.start..line.end];
        if text.len() > LINE_BYTES {
            return Err(Reason::TooLong);
        }
        if let Some(quotes) = quotes
            && reading.shapes.push_row(&mut reading.columns, bytes, line, quotes)
        {
            return Ok(());
        }
        let Reading { columns, values, scalars, shapes } = reading;
        values.fill(None);
        if let Some(quotes) = quotes
            && Usual::new(bytes, line, quotes, scalars).object(&self.wanted, values).is_ok()
        {
            shapes.learn(bytes, line, quotes, scalars, values);
        } else {
            values.fill(None);
            let text = str::from_utf8(text).map_err(|_| Reason::Encoding)?;
            library::object(text, &self.wanted, values)?;
            for span in values.iter_mut().flatten() {
                *span = span.moved(line.start);
            }
        }
        for (column, value) in columns.iter_mut().zip(values) {
            push(column, bytes, *value);
        }
        Ok(())
    }
}

/// What is kept from line to line of a chunk.
struct Reading {
    columns: Vec<Values>,
    /// How the wanted values of one line are written.
    values: Vec<Option<Span>>,
    /// The strings and numbers of one line.
    scalars: Vec<Scalar>,
    shapes: Shapes,
}

/// Dots in a path at which it is divided into keys: with more it is one key. Every
/// one doubles the ways to divide it.
const MOST_DOTS: usize = 10;

impl Node {
    /// For paths, and the columns that they are of.
    fn new(paths: &[(usize, &str)]) -> Node {
        let mut node = Node::default();
        for &(column, path) in paths {
            node.add(column, path);
        }
        node.measure();
        node
    }

    fn add(&mut self, column: usize, path: &str) {
        self.entry(path).columns.push(column);
        if path.matches('.').count() > MOST_DOTS {
            return;
        }
        for (dot, _) in path.match_indices('.') {
            self.entry(&path[..dot]).inner.get_or_insert_default().add(column, &path[dot + 1..]);
        }
    }

    fn entry(&mut self, key: &str) -> &mut Entry {
        let known = self.entries.iter().position(|entry| *entry.key == *key.as_bytes());
        let place = known.unwrap_or_else(|| {
            let key = key.as_bytes().into();
            self.entries.push(Entry { key, columns: Vec::new(), inner: None });
            self.entries.len() - 1
        });
        &mut self.entries[place]
    }

    fn measure(&mut self) {
        self.lengths = self.entries.iter().fold(0, |bits, entry| bits | bit(entry.key.len()));
        for inner in self.entries.iter_mut().filter_map(|entry| entry.inner.as_mut()) {
            inner.measure();
        }
    }

    /// What is wanted of the member with this key, and its number.
    #[inline]
    fn find(&self, key: &[u8]) -> Option<(usize, &Entry)> {
        if self.lengths & bit(key.len()) == 0 {
            return None;
        }
        self.entries.iter().enumerate().find(|(_, entry)| *entry.key == *key)
    }
}

/// The members of one object that were met, as far as something of them is
/// wanted.
#[derive(Default)]
struct Met {
    first: u64,
    others: Vec<usize>,
}

impl Met {
    /// True if it was met before.
    fn again(&mut self, number: usize) -> bool {
        if number < 64 {
            let is_met = self.first >> number & 1 == 1;
            self.first |= 1 << number;
            return is_met;
        }
        let is_met = self.others.contains(&number);
        self.others.push(number);
        is_met
    }
}

fn bit(length: usize) -> u64 {
    1 << length.min(63)
}

impl Cutter for Json {
    fn chunk(&self, chunk: &Chunk) -> Result<Columns, Error> {
        let bytes = chunk.bytes.as_slice();
        let rows = estimate(bytes);
        let mut reading = Reading {
            columns: (0..self.columns).map(|_| Values::new(rows, &chunk.bytes)).collect(),
            values: vec![None; self.columns],
            scalars: Vec::new(),
            shapes: Shapes::default(),
        };
        let mut found = Columns::empty();
        let start = if chunk.is_first { mark_length(bytes) } else { 0 };
        let mut marks = Marks::<Strings>::new(bytes, start);
        while let Some(Line { start, end, marks, is_plain }) = marks.line() {
            let text = content(&bytes[start..end]);
            let line = Span { start, end: start + text.len() };
            let quotes = (is_plain || is_text(text)).then_some(marks);
            if text.is_empty() {
                found.blank += 1;
            } else if let Err(reason) = self.push_row(&mut reading, bytes, line, quotes) {
                let span = start..line.end.min(start + LINE_BYTES);
                found.rejects.push(Reject { line: found.lines, span, reason });
            } else {
                found.rows += 1;
            }
            found.lines += 1;
        }
        found.fields = reading.columns;
        Ok(found)
    }
}

/// Whether bytes are text without control characters and backslashes.
fn is_text(bytes: &[u8]) -> bool {
    let is_other = |byte: u8| byte < b' ' || byte == b'\\';
    let found = bytes.iter().fold(0, |found, &byte| found | u8::from(is_other(byte)));
    found == 0 && str::from_utf8(bytes).is_ok()
}

/// Gives every path of a value in some lines, with the value as it is written, and how
/// many lines are not empty and have none because they are no objects.
pub(super) fn each_path(bytes: &[u8], mut each: impl FnMut(&str, &str)) -> u64 {
    let mut paths = Paths::default();
    let mut others = 0;
    for (_, line) in lines(&bytes[mark_length(bytes)..]) {
        if !line.is_empty() && !paths.each(line, &mut each) {
            others += 1;
        }
    }
    others
}

/// The paths of all values in some lines, in the order in which they are first
/// met.
pub(super) fn paths(bytes: &[u8]) -> Vec<String> {
    let (mut paths, mut known) = (Vec::new(), BTreeSet::new());
    each_path(bytes, |path, _| {
        if !known.contains(path) {
            known.insert(path.to_owned());
            paths.push(path.to_owned());
        }
    });
    paths
}

/// Appends a value, given how it is written.
fn push(column: &mut Values, bytes: &[u8], found: Option<Span>) {
    let Some(span) = found else { return column.push_null() };
    let Span { start, end } = element(bytes, span);
    match &bytes[start..end] {
        [b'"', b'"'] | b"\"-\"" | b"null" => column.push_null(),
        [b'"', inner @ .., b'"'] if memchr::memchr(b'\\', inner).is_none() => {
            column.push(Span { start: start + 1, end: end - 1 });
        }
        raw @ [b'"', ..] => match serde_json::from_slice::<String>(raw) {
            Ok(text) if matches!(text.as_str(), "" | "-") => column.push_null(),
            Ok(text) => column.push_copy(text.as_bytes()),
            // Half of a surrogate pair: no text, and not to be mended.
            Err(_) => column.push(Span { start, end }),
        },
        _ => column.push(Span { start, end }),
    }
}

/// Where the element of an array stands that has one, and that no array or
/// object; otherwise the value itself.
fn element(bytes: &[u8], span: Span) -> Span {
    let raw = &bytes[span.start..span.end];
    match raw {
        [b'[', b'"', inner @ .., b'"', b']'] if memchr::memchr2(b'"', b'\\', inner).is_none() => {
            return Span { start: span.start + 1, end: span.end - 1 };
        }
        [b'[', ..] => {}
        _ => return span,
    }
    match serde_json::from_slice::<[&RawValue; 1]>(raw) {
        Ok([element]) if !element.get().starts_with(['[', '{']) => {
            let start = span.start + library::offset(raw, element.get());
            Span { start, end: start + element.get().len() }
        }
        Ok(_) | Err(_) => span,
    }
}

#[cfg(test)]
mod tests {
    use arrow::buffer::Buffer;
    use proptest::prelude::*;

    use super::*;

    const PATHS: [&str; 5] = ["a", "b", "a.b", "a.b.c", "é"];

    /// JSON that nobody would write, and what nearly is some.
    fn text() -> impl Strategy<Value = String> {
        let leaf = prop::sample::select(vec![
            "1",
            "-0.5e+3",
            "01",
            "-",
            "true",
            "null",
            "nul",
            "\"\"",
            "\"x\"",
            "\"é\"",
            "\"\\n\"",
            "\"",
            "[]",
            "[1]",
            "[\"y\"]",
            "[1,2]",
            "[[1]]",
            "{}",
            "\"\t\"",
            " 1 ",
            "1.",
            "\"\\ud800\"",
        ]);
        let leaf = leaf.prop_map(str::to_owned).boxed();
        let object = leaf.prop_recursive(3, 12, 4, |inner| {
            let key = prop::sample::select(vec!["a", "b", "c", "a.b", "é", "b.c"]);
            prop::collection::vec((key, inner), 0..4).prop_map(|members| {
                let members = members.iter().map(|(key, value)| format!("\"{key}\": {value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            })
        });
        (object, "[ {}x]{0,2}").prop_map(|(object, behind)| format!("{object}{behind}"))
    }

    /// Lines of the same keys in the same order, with other values, and perhaps one
    /// byte that is another.
    fn alike() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let value = prop::sample::select(vec![
            "1",
            "-0.5e+3",
            "01",
            "-",
            "1.",
            "null",
            "\"\"",
            "\"-\"",
            "\"x\"",
            "\"é\"",
            "\"\\n\"",
            "\"{},:\"",
            "[\"y\"]",
            "[2]",
            "[]",
            "{\"b\":3}",
        ]);
        let line = (prop::collection::vec(value, 8), any::<bool>(), 0usize..160, any::<u8>());
        (text(), prop::collection::vec(line, 1..12)).prop_map(|(text, lines)| {
            let line = |(values, is_changed, at, byte): &(Vec<&str>, bool, usize, u8)| {
                let mut values = values.iter();
                let mut line = String::new();
                // Each but the first begins with a value.
                for piece in text.split_inclusive("\": ") {
                    let (_, behind) = piece.split_at(piece.find([',', '}', '{']).unwrap_or(0));
                    let is_value = !line.is_empty() && !piece.starts_with(['{', '[']);
                    let value = values.next().filter(|_| is_value).copied();
                    line += &value.map_or(piece.to_owned(), |value| format!("{value}{behind}"));
                }
                let mut line = line.into_bytes();
                if let Some(place) = line.get_mut(*at).filter(|_| *is_changed) {
                    *place = *byte;
                }
                line
            };
            lines.iter().map(line).collect()
        })
    }

    type Row = Vec<Option<Vec<u8>>>;

    /// The empty lines of a chunk, its rows, and why others are none.
    fn read(bytes: &[u8]) -> (u64, Vec<Row>, Vec<Reason>) {
        let buffer = Buffer::from_slice_ref(bytes);
        let head = Buffer::from_slice_ref(b"");
        let chunk = Chunk { file: 0, is_first: false, bytes: buffer, head, overlong: None };
        let found = Json::new(&PATHS).chunk(&chunk).unwrap();
        let values = |row: usize| {
            let value = |field: &Values| field.iter().nth(row).unwrap().map(<[u8]>::to_vec);
            found.fields.iter().map(value).collect()
        };
        let rows = (0..found.rows).map(values).collect();
        (found.blank, rows, found.rejects.iter().map(|reject| reject.reason.clone()).collect())
    }

    proptest! {
        /// The short way says of a line what the library does, or nothing.
        #[test]
        fn usual_lines_are_read_as_the_library_reads_them(text in text()) {
            let json = Json::new(&PATHS);
            let quotes: Vec<u32> = (0..).zip(text.bytes()).filter(|(_, byte)| *byte == b'"').map(|(at, _)| at).collect();
            let is_usual = !text.contains('\\') && !text.contains('\t');
            let mut short = vec![None; PATHS.len()];
            let mut long = vec![None; PATHS.len()];
            let library = library::object(&text, &json.wanted, &mut long);
            let line = Span { start: 0, end: text.len() };
            let found = Usual::new(text.as_bytes(), line, &quotes, &mut Vec::new()).object(&json.wanted, &mut short);
            if is_usual && found.is_ok() {
                prop_assert_eq!(library, Ok(()), "{}", text);
                prop_assert_eq!(short, long);
            } else if is_usual {
                prop_assert!(library.is_err(), "{}", text);
            }
        }

        /// A line is read as if it stood alone, whatever stands before it.
        #[test]
        fn lines_are_read_the_same_behind_others_of_their_shape(lines in alike()) {
            let (mut blank, mut rows, mut reasons) = (0, Vec::new(), Vec::new());
            for line in lines.iter().flat_map(|line| line.split(|&byte| byte == b'\n')) {
                let alone = read(&[line, b"\n"].concat());
                blank += alone.0;
                rows.extend(alone.1);
                reasons.extend(alone.2);
            }
            // Behind more text there is room to look at the last line.
            let mut together = lines.join(&b'\n');
            together.extend_from_slice(&[b'\n'; 40]);
            prop_assert_eq!(read(&together), (blank + 39, rows, reasons));
        }
    }
}

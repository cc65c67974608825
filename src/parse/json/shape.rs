//! A line that is like one before it, in; its columns out.
//!
//! ```text
//! {"ip":"192.0.2.7","status":200,"user":null}      a line, and its shape:
//! {"ip":"·········","status":···,"user":null}      all that is no string or number
//! ```
//!
//! A program writes the same keys in the same order, line for line. Where a line
//! has all that stands around the values of one before it, and strings and
//! numbers where that has them, the same keys have the same values: no key has to
//! be looked for.
//!
//! Not here: a line that is like none before it (`usual`).

use wide::u8x16;

use super::push;
use super::usual::{Scalar, number};
use crate::parse::Values;
use crate::parse::span::Span;

/// The shapes of some lines before.
#[derive(Default)]
pub(super) struct Shapes {
    known: Vec<Shape>,
    /// Lines that were of no known shape.
    misses: usize,
    /// The places of the values of one line.
    values: Vec<Span>,
}

/// Shapes that are known at a time.
const MOST: usize = 8;

/// Of so many lines that are of no known shape, one is learnt from, until there are
/// as many shapes as may be known.
const LEARN_EVERY: usize = 8;

/// What lines have in common that differ in their values.
struct Shape {
    quotes: usize,
    steps: Vec<Step>,
    tail: Text,
    /// Where each wanted column stands.
    columns: Vec<Column>,
}

/// A string or a number, and what stands before it.
struct Step {
    lead: Text,
    /// For a string, which quote ends it.
    close: Option<usize>,
}

/// Where a wanted column stands.
enum Column {
    /// The line does not have it.
    Absent,
    /// It is the value of this step, or an array of that alone.
    Value(usize),
    /// Anything else, from here to there.
    Whole(Edge, Edge),
}

/// A place outside of all values: so many bytes behind the last of so many values.
struct Edge {
    values: usize,
    offset: usize,
}

impl Shapes {
    /// Appends the wanted values of a line, if it is of a known shape. The line must
    /// be text without control characters and backslashes.
    #[inline]
    pub(super) fn push_row(
        &mut self,
        columns: &mut [Values],
        bytes: &[u8],
        line: Span,
        quotes: &[u32],
    ) -> bool {
        let values = &mut self.values;
        let fits = |shape: &&Shape| shape.find(bytes, line, quotes, values).is_some();
        let Some(shape) = self.known.iter().find(fits) else { return false };
        for (column, place) in columns.iter_mut().zip(&shape.columns) {
            match place {
                Column::Absent => column.push_null(),
                &Column::Value(step) => push_value(column, bytes, self.values[step]),
                Column::Whole(from, to) => {
                    let [start, end] = [from, to].map(|edge| edge.place(line.start, &self.values));
                    push(column, bytes, Some(Span { start, end }));
                }
            }
        }
        true
    }

    /// Notes what a line is like that is of no known shape, or does not: given its
    /// strings and numbers, and its wanted values.
    pub(super) fn learn(
        &mut self,
        bytes: &[u8],
        line: Span,
        quotes: &[u32],
        scalars: &[Scalar],
        wanted: &[Option<Span>],
    ) {
        let misses = self.misses;
        self.misses += 1;
        if self.known.len() < MOST {
            if misses.is_multiple_of(LEARN_EVERY) {
                self.known.push(Shape::new(bytes, line, quotes, scalars, wanted));
            }
        } else if misses.is_power_of_two() {
            // Ever less often: in a log whose lines are all different, it is for nothing.
            let turn = misses.ilog2() as usize % MOST;
            self.known[turn] = Shape::new(bytes, line, quotes, scalars, wanted);
        }
    }
}

impl Shape {
    fn new(
        bytes: &[u8],
        line: Span,
        quotes: &[u32],
        scalars: &[Scalar],
        wanted: &[Option<Span>],
    ) -> Shape {
        let mut at = line.start;
        let step = |&Scalar { span: Span { start, end }, is_string }: &Scalar| {
            let lead = Text::new(&bytes[at..start]);
            at = end;
            let close = quotes.partition_point(|&quote| (quote as usize) < end);
            Step { lead, close: is_string.then_some(close) }
        };
        let steps = scalars.iter().map(step).collect();
        let tail = Text::new(&bytes[at..line.end]);
        let column = |span: &Option<Span>| Column::new(bytes, line.start, scalars, *span);
        let columns = wanted.iter().map(column).collect();
        Shape { quotes: quotes.len(), steps, tail, columns }
    }

    /// Finds the values of a line, if it is of this shape.
    #[inline]
    fn find(&self, bytes: &[u8], line: Span, quotes: &[u32], values: &mut Vec<Span>) -> Option<()> {
        if quotes.len() != self.quotes {
            return None;
        }
        values.clear();
        let mut at = line.start;
        for Step { lead, close } in &self.steps {
            let start = lead.behind(bytes, at)?;
            // All quotes before it are those of the shape, so this is the next one.
            let end = match *close {
                Some(close) => *quotes.get(close)? as usize,
                None => number(&bytes[..line.end], start)?,
            };
            values.push(Span { start, end });
            at = end;
        }
        (self.tail.behind(bytes, at)? == line.end).then_some(())
    }
}

impl Column {
    fn new(bytes: &[u8], start: usize, scalars: &[Scalar], span: Option<Span>) -> Column {
        let Some(span) = span else { return Column::Absent };
        let element = match bytes[span.start..span.end] {
            [b'[', .., b']'] => Span { start: span.start + 1, end: span.end - 1 },
            _ => span,
        };
        let is_it = |scalar: &Scalar| [span, element].contains(&scalar.written());
        match scalars.iter().position(is_it) {
            Some(step) => Column::Value(step),
            None => Column::Whole(
                Edge::new(start, scalars, span.start),
                Edge::new(start, scalars, span.end),
            ),
        }
    }
}

impl Edge {
    fn new(start: usize, scalars: &[Scalar], place: usize) -> Edge {
        let values = scalars.partition_point(|scalar| scalar.span.end <= place);
        let last = values.checked_sub(1).and_then(|last| scalars.get(last));
        Edge { values, offset: place - last.map_or(start, |last| last.span.end) }
    }

    fn place(&self, start: usize, values: &[Span]) -> usize {
        let last = self.values.checked_sub(1).and_then(|last| values.get(last));
        last.map_or(start, |last| last.end) + self.offset
    }
}

/// Appends a string, given without quotes, or a number.
#[inline]
fn push_value(column: &mut Values, bytes: &[u8], span: Span) {
    match bytes[span.start..span.end] {
        [] | [b'-'] => column.push_null(),
        _ => column.push(span),
    }
}

/// A text that is compared with, sixteen bytes at a time: a call for each costs
/// more than it does.
struct Text {
    parts: Vec<Part>,
    length: usize,
}

/// Sixteen bytes, of which those count that are set in the mask.
struct Part {
    bytes: u8x16,
    mask: u8x16,
}

impl Text {
    fn new(text: &[u8]) -> Text {
        let part = |part: &[u8]| {
            let (mut bytes, mut mask) = ([0; 16], [0; 16]);
            bytes[..part.len()].copy_from_slice(part);
            mask[..part.len()].fill(0xff);
            Part { bytes: u8x16::new(bytes), mask: u8x16::new(mask) }
        };
        Text { parts: text.chunks(16).map(part).collect(), length: text.len() }
    }

    /// The place behind this text, if it stands at `at`. What is behind it may be
    /// looked at: at the end of the bytes it is not found.
    #[inline]
    fn behind(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let mut rest = bytes.get(at..)?;
        for part in &self.parts {
            let (window, behind) = rest.split_first_chunk::<16>()?;
            let differs = (u8x16::new(*window) ^ part.bytes) & part.mask;
            if differs.simd_eq(u8x16::splat(0)).to_bitmask() != 0xffff {
                return None;
            }
            rest = behind;
        }
        Some(at + self.length)
    }
}

#[cfg(test)]
mod tests {
    use arrow::buffer::Buffer;

    use super::*;
    use crate::parse::json::Node;
    use crate::parse::json::usual::Usual;

    /// Learns from a line, and reads another by that alone.
    #[track_caller]
    fn reads(first: &str, second: &str, expected: Option<&[Option<&str>]>) {
        let paths: Vec<_> = ["a", "b", "c.d", "e"].into_iter().enumerate().collect();
        let text = format!("{first}\n{second}\n0123456789abcdef").into_bytes();
        let [behind, end] = [first.len() + 1, first.len() + 1 + second.len()];
        let quotes = |line: Span| -> Vec<u32> {
            let line = u32::try_from(line.start).unwrap()..u32::try_from(line.end).unwrap();
            line.filter(|&place| text[place as usize] == b'"').collect()
        };
        let line = Span { start: 0, end: first.len() };
        let (mut scalars, mut wanted) = (Vec::new(), vec![None; paths.len()]);
        let usual = Usual::new(&text, line, &quotes(line), &mut scalars)
            .object(&Node::new(&paths), &mut wanted);
        assert!(usual.is_ok());
        let mut shapes = Shapes::default();
        shapes.learn(&text, line, &quotes(line), &scalars, &wanted);

        let buffer = Buffer::from_slice_ref(&text);
        let mut columns: Vec<Values> = paths.iter().map(|_| Values::new(1, &buffer)).collect();
        let line = Span { start: behind, end };
        let is_read = shapes.push_row(&mut columns, &text, line, &quotes(line));
        let value = |column: &Values| {
            column.iter().next().unwrap().map(|value| str::from_utf8(value).unwrap().to_owned())
        };
        let found = is_read.then(|| columns.iter().map(value).collect::<Vec<_>>());
        let found = found.as_ref().map(|row| row.iter().map(Option::as_deref).collect::<Vec<_>>());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn a_line_of_a_known_shape_is_read_by_it() {
        let first = r#"{"a":"x","b":[1],"c":{"d":["y"],"z":0.5},"e":[1,"2"]}"#;
        reads(
            first,
            r#"{"a":"-","b":[-2e5],"c":{"d":["given"],"z":7},"e":[34,""]}"#,
            Some(&[None, Some("-2e5"), Some("given"), Some(r#"[34,""]"#)]),
        );
        reads(
            r#"{"a":null,"b":{}}"#,
            r#"{"a":null,"b":{}}"#,
            Some(&[None, Some("{}"), None, None]),
        );
    }

    #[test]
    fn a_line_of_another_shape_is_not() {
        let first = r#"{"a":"x","b":12}"#;
        for second in [
            r#"{"b":"x","a":12}"#,
            r#"{"a":"x","b":"12"}"#,
            r#"{"a":12,"b":"x"}"#,
            r#"{"a":"x","b":012}"#,
            r#"{"a":"x","b":12.}"#,
            r#"{"a":"x","b":12"#,
            r#"{"a":"x","b":12} "#,
            r#"{"a":"x","b":12,"a":"x"}"#,
            r#"{"a":"x" ,"b":12}"#,
            r#"{"a":"x","b":-}"#,
            "",
        ] {
            reads(first, second, None);
        }
    }

    #[test]
    fn every_line_of_a_few_shapes_is_learnt_in_the_end() {
        let lines = [r#"{"a":1}"#, r#"{"b":1}"#, r#"{"e":1}"#];
        let mut shapes = Shapes::default();
        let mut misses = 0;
        for line in lines.iter().cycle().take(300) {
            let text = format!("{line}\n0123456789abcdef").into_bytes();
            let place = Span { start: 0, end: line.len() };
            if !shapes.push_row(&mut [], &text, place, &[1, 3]) {
                misses += 1;
                let scalar = Scalar { span: Span { start: 5, end: 6 }, is_string: false };
                shapes.learn(&text, place, &[1, 3], &[scalar], &[]);
            }
        }
        assert_eq!(misses, 1 + 2 * LEARN_EVERY);
    }
}

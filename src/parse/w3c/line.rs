//! A line of the W3C extended format in; where its values stand, out.
//!
//! Not here: which of them are wanted (`super`).

use std::borrow::Cow;

use crate::parse::Reason;
use crate::parse::marks::Line;
use crate::parse::span::Span;

/// The values of a line that is as nearly all are: one blank apart, none in
/// quotes.
pub(super) struct Words<'a> {
    start: usize,
    end: usize,
    blanks: &'a [u32],
}

/// One value of a line.
#[derive(Clone, Copy)]
pub(super) struct Value {
    pub(super) span: Span,
    /// It stood between quotes, and one of it is doubled.
    pub(super) is_doubled: bool,
}

impl<'a> Words<'a> {
    /// `None` says nothing about a line, of which `end` is where its ending begins.
    #[inline]
    pub(super) fn new(line: &Line<'a>, end: usize, fields: usize) -> Option<Words<'a>> {
        let (start, blanks) = (line.start, line.marks);
        if !line.is_plain || blanks.len() + 1 != fields {
            return None;
        }
        // Without leaving early: many are compared at once.
        let is_near = |pair: &[u32]| u32::from(pair[1] - pair[0] == 1);
        let near = blanks.windows(2).fold(0, |found, pair| found | is_near(pair));
        let is_after = blanks.first().is_none_or(|&first| first as usize > start);
        let is_before = blanks.last().is_none_or(|&last| end > last as usize + 1);
        (near == 0 && is_after && is_before).then_some(Words { start, end, blanks })
    }

    #[inline]
    pub(super) fn value(&self, at: usize) -> Value {
        let before = at.checked_sub(1).and_then(|before| self.blanks.get(before));
        let start = before.map_or(self.start, |&blank| blank as usize + 1);
        let end = self.blanks.get(at).map_or(self.end, |&blank| blank as usize);
        Value { span: Span { start, end }, is_doubled: false }
    }
}

impl Value {
    pub(super) fn text(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        let raw = &bytes[self.span.start..self.span.end];
        if !self.is_doubled {
            return raw.into();
        }
        let mut text = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = memchr::memchr(b'"', rest) {
            text.extend_from_slice(&rest[..=at]);
            rest = rest.get(at + 2..).unwrap_or_default();
        }
        text.extend_from_slice(rest);
        text.into()
    }
}

/// Finds the values of one line, of which there must be so many.
pub(super) fn split(
    line: &[u8],
    offset: usize,
    fields: usize,
    values: &mut Vec<Value>,
) -> Result<(), Reason> {
    values.clear();
    let is_blank = |&byte: &u8| matches!(byte, b' ' | b'\t');
    let mut at = 0;
    loop {
        at += line[at..].iter().take_while(|byte| is_blank(byte)).count();
        let rest = &line[at..];
        let (inner, length, is_doubled) = match rest {
            [] => break,
            // IIS has no quotes of its own: one that is never closed is a client's.
            [b'"', inner @ ..] if let Some((length, is_doubled)) = quoted(inner) => {
                (Span { start: at + 1, end: at + 1 + length }, length + 2, is_doubled)
            }
            _ => {
                let length = memchr::memchr2(b' ', b'\t', rest).unwrap_or(rest.len());
                (Span { start: at, end: at + length }, length, false)
            }
        };
        if values.len() == fields {
            return Err(Reason::Fields);
        }
        values.push(Value { span: inner.moved(offset), is_doubled });
        at += length;
    }
    if values.len() == fields { Ok(()) } else { Err(Reason::Fields) }
}

/// The length of what stands before a closing quote, and whether there is a
/// doubled one in it. A quote closes only where the value ends.
fn quoted(inner: &[u8]) -> Option<(usize, bool)> {
    let mut is_doubled = false;
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(b'"', inner.get(from..)?)?;
        match inner.get(at + 1) {
            None | Some(b' ' | b'\t') => return Some((at, is_doubled)),
            Some(b'"') => {
                is_doubled = true;
                from = at + 2;
            }
            Some(_) => from = at + 1,
        }
    }
}

//! A line that is as nearly all are, in; the wanted values, where they stand,
//! out.
//!
//! Such a line is ASCII or other UTF-8 without a backslash and without control
//! characters: then every quote is one end of a string, and the others are all
//! at [`crate::parse::marks::Marks`].
//!
//! Source: RFC 8259, sections 2 to 7.
//!
//! Not here: any other line (`super`), which is read by a library.

use super::{Met, Node};
use crate::parse::span::Span;

/// Objects and arrays in each other, at most: deeper ones are left to the library.
const MOST_DEEP: usize = 32;

/// What reads a line.
pub(super) struct Usual<'a> {
    bytes: &'a [u8],
    end: usize,
    quotes: &'a [u32],
    at: usize,
    given: usize,
    scalars: &'a mut Vec<Scalar>,
}

/// A string or a number that is a value.
pub(super) struct Scalar {
    /// Where it stands; a string without its quotes.
    pub(super) span: Span,
    pub(super) is_string: bool,
}

impl Scalar {
    /// Where it stands; a string with its quotes.
    pub(super) fn written(&self) -> Span {
        let Span { start, end } = self.span;
        let quote = usize::from(self.is_string);
        Span { start: start - quote, end: end + quote }
    }
}

/// Not a usual line, or no JSON: the library will say.
pub(super) struct Unusual;

type Result<T> = std::result::Result<T, Unusual>;

impl<'a> Usual<'a> {
    /// For a line, with the places of its quotes. `scalars` will be those that are
    /// its values.
    pub(super) fn new(
        bytes: &'a [u8],
        line: Span,
        quotes: &'a [u32],
        scalars: &'a mut Vec<Scalar>,
    ) -> Self {
        scalars.clear();
        Self { bytes, end: line.end, quotes, at: line.start, given: 0, scalars }
    }

    /// Finds the wanted values of the one object in the line: how they are
    /// written, quotes included.
    pub(super) fn object(mut self, wanted: &Node, values: &mut [Option<Span>]) -> Result<()> {
        self.blanks();
        self.members(Some(wanted), values, 0)?;
        self.blanks();
        if self.at == self.end && self.given == self.quotes.len() { Ok(()) } else { Err(Unusual) }
    }

    /// Reads an object, `{` included.
    fn members(
        &mut self,
        wanted: Option<&Node>,
        values: &mut [Option<Span>],
        depth: usize,
    ) -> Result<()> {
        self.expect(b'{')?;
        if depth > MOST_DEEP {
            return Err(Unusual);
        }
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        let mut met = Met::default();
        loop {
            let Span { start, end } = self.string()?;
            let entry = wanted.and_then(|node| node.find(&self.bytes[start + 1..end - 1]));
            if entry.is_some_and(|(number, _)| met.again(number)) {
                return Err(Unusual);
            }
            let entry = entry.map(|(_, entry)| entry);
            self.blanks();
            self.expect(b':')?;
            self.blanks();
            let start = self.at;
            match (self.peek(), entry.and_then(|entry| entry.inner.as_ref())) {
                (Some(b'{'), inner @ Some(_)) => self.members(inner, values, depth + 1)?,
                _ => self.value(depth)?,
            }
            for &place in entry.map_or(&[][..], |entry| &entry.columns) {
                let found = Span { start, end: self.at };
                if values[place].replace(found).is_some() {
                    return Err(Unusual);
                }
            }
            if self.is_last(b'}')? {
                return Ok(());
            }
        }
    }

    /// Reads a value that is not wanted, or wanted whole.
    fn value(&mut self, depth: usize) -> Result<()> {
        match self.peek() {
            Some(b'"') => {
                let Span { start, end } = self.string()?;
                let span = Span { start: start + 1, end: end - 1 };
                self.scalars.push(Scalar { span, is_string: true });
                Ok(())
            }
            Some(b'-' | b'0'..=b'9') => {
                let start = self.at;
                self.at = number(&self.bytes[..self.end], start).ok_or(Unusual)?;
                let span = Span { start, end: self.at };
                self.scalars.push(Scalar { span, is_string: false });
                Ok(())
            }
            Some(b'{') => self.members(None, &mut [], depth + 1),
            Some(b'[') => self.elements(depth + 1),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            _ => Err(Unusual),
        }
    }

    fn elements(&mut self, depth: usize) -> Result<()> {
        self.at += 1;
        if depth > MOST_DEEP {
            return Err(Unusual);
        }
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(depth)?;
            if self.is_last(b']')? {
                return Ok(());
            }
        }
    }

    /// Passes over the comma behind a member, or the bracket behind the last.
    fn is_last(&mut self, close: u8) -> Result<bool> {
        self.blanks();
        let found = self.peek().ok_or(Unusual)?;
        self.at += 1;
        if found == close {
            return Ok(true);
        }
        if found != b',' {
            return Err(Unusual);
        }
        self.blanks();
        Ok(false)
    }

    /// The string that begins here, quotes included.
    fn string(&mut self) -> Result<Span> {
        let Some(&[open, close]) = self.quotes.get(self.given..self.given + 2) else {
            return Err(Unusual);
        };
        if open as usize != self.at {
            return Err(Unusual);
        }
        let span = Span { start: self.at, end: close as usize + 1 };
        self.given += 2;
        self.at = span.end;
        Ok(span)
    }

    fn word(&mut self, word: &[u8]) -> Result<()> {
        let is_there = self.bytes[self.at..self.end].starts_with(word);
        self.at += word.len();
        if is_there { Ok(()) } else { Err(Unusual) }
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        let is_there = self.peek() == Some(byte);
        self.at += 1;
        if is_there { Ok(()) } else { Err(Unusual) }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes[..self.end].get(self.at).copied()
    }

    #[inline]
    fn blanks(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }
}

/// Where the number ends that begins at `at`: `-`, digits without a leading zero, a
/// fraction, an exponent.
#[inline]
pub(super) fn number(line: &[u8], at: usize) -> Option<usize> {
    let whole = at + usize::from(line.get(at) == Some(&b'-'));
    let mut at = digits(line, whole)?;
    if at > whole + 1 && line[whole] == b'0' {
        return None;
    }
    if line.get(at) == Some(&b'.') {
        at = digits(line, at + 1)?;
    }
    if matches!(line.get(at), Some(b'e' | b'E')) {
        let is_signed = matches!(line.get(at + 1), Some(b'+' | b'-'));
        at = digits(line, at + 1 + usize::from(is_signed))?;
    }
    Some(at)
}

/// Where the digits end that begin at `at`, of which there must be one.
#[inline]
fn digits(line: &[u8], at: usize) -> Option<usize> {
    let count = line.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (count > 0).then_some(at + count)
}

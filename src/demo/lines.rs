//! Pieces of text in; a file of counted lines out.
//!
//! Written by hand and not with `write!`, which costs more than half of the
//! time of a line that has fifteen pieces.
//!
//! Not here: what a line says.

use std::io::{self, Write};

/// Bytes that are gathered before the file is written to.
const BLOCK_BYTES: usize = 64 * 1024;

/// A file that is written line by line.
pub(super) struct Lines {
    file: Box<dyn Write>,
    text: String,
    /// Where in `text` the present line begins.
    start: usize,
    /// Lines ended.
    ended: u64,
    /// What a line ends with: LF, or CRLF as Excel has it.
    ending: &'static str,
}

impl Lines {
    /// Starts a file whose lines end with `ending`.
    pub(super) fn new(file: Box<dyn Write>, ending: &'static str) -> Self {
        Self { file, text: String::with_capacity(BLOCK_BYTES * 2), start: 0, ended: 0, ending }
    }

    /// The end of the present line, to add to.
    pub(super) fn line(&mut self) -> &mut String {
        &mut self.text
    }

    /// Drops the second half of the present line, as a full disk does.
    pub(super) fn halve(&mut self) {
        let mut end = self.start + (self.text.len() - self.start) / 2;
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.truncate(end);
    }

    /// Ends the present line.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.text.push_str(self.ending);
        self.ended += 1;
        if self.text.len() >= BLOCK_BYTES {
            self.file.write_all(self.text.as_bytes())?;
            self.text.clear();
        }
        self.start = self.text.len();
        Ok(())
    }

    /// Writes what is left and gives the number of lines.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        self.file.write_all(self.text.as_bytes())?;
        self.file.flush()?;
        Ok(self.ended)
    }
}

/// Adds a number in decimal, with zeros in front up to `digits`.
pub(super) fn push_number(text: &mut String, number: u64, digits: u32) {
    if number >= 10 || digits > 1 {
        push_number(text, number / 10, digits.saturating_sub(1));
    }
    text.push(digit(number % 10));
}

/// Adds the lowest `digits` hexadecimal digits of a number, in lower case.
pub(super) fn push_hex(text: &mut String, number: u64, digits: u32) {
    for place in (0..digits).rev() {
        text.push(digit(number >> (4 * place)));
    }
}

/// Adds a time of day as `13:55:36`.
pub(super) fn push_clock(text: &mut String, second: u64) {
    push_number(text, second / 3_600, 2);
    text.push(':');
    push_number(text, second / 60 % 60, 2);
    text.push(':');
    push_number(text, second % 60, 2);
}

/// Adds a text as RFC 3986 section 2.1 writes it in a URL: bytes that are not
/// unreserved become `%` and two upper-case digits.
pub(super) fn push_encoded(text: &mut String, plain: &str) {
    for &byte in plain.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push(digit(u64::from(byte >> 4)).to_ascii_uppercase());
            text.push(digit(u64::from(byte)).to_ascii_uppercase());
        }
    }
}

/// The hexadecimal digit of the lowest four bits.
fn digit(number: u64) -> char {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    char::from(DIGITS[usize::try_from(number % 16).unwrap_or_default()])
}

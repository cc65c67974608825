//! A piece of a lease file of ISC dhcpd in; its words, strings and braces out.
//!
//! Comments are passed over. Source: ISC DHCP 4.4, `common/conflex.c`.
//!
//! Not here: what they say (`dhcpd`), escapes in strings (`text`).

/// A piece of a lease file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Word(&'a [u8]),
    /// Between quotes, with its escapes.
    String(&'a [u8]),
    Open,
    Close,
    Semicolon,
}

/// Takes a lease file apart.
pub(super) struct Tokens<'a> {
    text: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a [u8]) -> Tokens<'a> {
        Tokens { text }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            self.text = self.text.trim_ascii_start();
            let (token, length) = match *self.text.first()? {
                b'#' => {
                    let end = memchr::memchr(b'\n', self.text).unwrap_or(self.text.len());
                    self.text = &self.text[end..];
                    continue;
                }
                b'{' => (Token::Open, 1),
                b'}' => (Token::Close, 1),
                b';' => (Token::Semicolon, 1),
                b'"' => {
                    let (inside, length) = string(&self.text[1..]);
                    (Token::String(inside), 1 + length)
                }
                _ => {
                    let ends = |byte: &u8| {
                        byte.is_ascii_whitespace()
                            || matches!(byte, b'{' | b'}' | b';' | b'"' | b'#')
                    };
                    let end = self.text.iter().position(ends).unwrap_or(self.text.len());
                    (Token::Word(&self.text[..end]), end)
                }
            };
            self.text = &self.text[length..];
            return Some(token);
        }
    }
}

/// What stands before the closing quote, and how long it is with that. A string
/// ends with its line at the latest.
fn string(text: &[u8]) -> (&[u8], usize) {
    let mut at = 0;
    while let Some(found) = memchr::memchr3(b'"', b'\\', b'\n', &text[at..]) {
        at += found;
        match text[at] {
            b'"' => return (&text[..at], at + 1),
            b'\\' if text.get(at + 1).is_some_and(|next| *next != b'\n') => at += 2,
            b'\\' => at += 1,
            _ => return (&text[..at], at),
        }
    }
    (text, text.len())
}

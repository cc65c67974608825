//! Bytes in; pieces of them, and bytes written out, out.

use std::io::Write as _;

use crate::parse::escape::hex;

/// The words between blanks.
pub(super) fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

/// True for a word that every client may share: none with a digit, a quote or an
/// at sign, nor beyond ASCII.
pub(super) fn is_plain(word: &[u8]) -> bool {
    word.is_ascii() && !word.iter().any(|byte| matches!(byte, b'0'..=b'9' | b'\'' | b'"' | b'@'))
}

/// The first word, and what stands behind it and its blanks.
pub(super) fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let text = text.trim_ascii_start();
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    (&text[..end], text[end..].trim_ascii_start())
}

/// What stands before and behind the first `mark`.
pub(super) fn around<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = memchr::memmem::find(text, mark)?;
    Some((&text[..at], &text[at + mark.len()..]))
}

/// What stands behind the first `mark`.
pub(super) fn behind<'a>(text: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    around(text, mark).map(|(_, rest)| rest)
}

/// What stands before the first `mark`, or all.
pub(super) fn before<'a>(text: &'a [u8], mark: &[u8]) -> &'a [u8] {
    around(text, mark).map_or(text, |(before, _)| before)
}

/// True for a MAC address with colons, hyphens or dots.
pub(super) fn is_mac(word: &[u8]) -> bool {
    let (group, separators): (usize, &[u8]) = match word.len() {
        17 => (3, b":-"),
        14 => (5, b"."),
        _ => return false,
    };
    word.iter().enumerate().all(|(at, byte)| {
        let is_separator = at % group == group - 1;
        if is_separator { separators.contains(byte) } else { byte.is_ascii_hexdigit() }
    })
}

/// True for bytes in hexadecimal with colons, more than a MAC address has.
pub(super) fn is_identifier(word: &[u8]) -> bool {
    let is_pair = |pair: &[u8]| pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit);
    word.len() > 17 && word.split(|byte| *byte == b':').all(is_pair)
}

/// True for an IP address.
pub(super) fn is_ip(word: &[u8]) -> bool {
    let may_be = word.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'));
    may_be && str::from_utf8(word).is_ok_and(|text| text.parse::<std::net::IpAddr>().is_ok())
}

/// Writes bytes in hexadecimal with colons.
pub(super) fn write_hex(bytes: &[u8], out: &mut Vec<u8>) {
    for (at, byte) in bytes.iter().enumerate() {
        let colon = if at == 0 { "" } else { ":" };
        // Writing to memory does not fail.
        let _ = write!(out, "{colon}{byte:02x}");
    }
}

/// Writes what stands in quotes as it was before a server escaped it: `\ooo` in
/// octal, `\xhh`, the escapes of C, and a backslash before anything else.
pub(super) fn write_unescaped(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        let escape = &rest[at + 1..];
        let (byte, length) = match *escape {
            [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
                ((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'), 3)
            }
            [b'x', high, low, ..] => match (hex(high), hex(low)) {
                (Some(high), Some(low)) => (high << 4 | low, 3),
                _ => (b'x', 1),
            },
            [b'n', ..] => (b'\n', 1),
            [b'r', ..] => (b'\r', 1),
            [b't', ..] => (b'\t', 1),
            [b'b', ..] => (0x08, 1),
            [other, ..] => (other, 1),
            [] => (b'\\', 0),
        };
        out.push(byte);
        rest = &escape[length..];
    }
    out.extend_from_slice(rest);
}

//! An `@` in; the e-mail address around it, or none, out.
//!
//! ```text
//! letters digits . _ + - % '   @ (or ＠, %40)   label . label … letters
//! ```
//!
//! No address: more than 64 bytes before the `@`; a last label that is the ending of
//! a file (`icon@2x.png`, `vue@3.2.1.min.js`); a host with six digits in a row or
//! more than nine in all, which could hide a number.
//!
//! Source: RFC 5321, sections 4.1.2 and 4.5.3.1; RFC 1035, section 2.3.4.
//!
//! Not here: hosts in other letters (`@한글.한국`), `(at)` and 골뱅이 for `@`, quoted local
//! parts, hosts without a dot.

use super::context::View;
use super::{Hit, Kind};

/// Longest local part.
const LOCAL: usize = 64;

/// Longest host.
const HOST: usize = 253;

/// Endings of files that look like the last label of a host. None is a country.
const FILES: [&str; 40] = [
    "apng", "avif", "bmp", "cjs", "class", "css", "csv", "doc", "docx", "eot", "gif", "gz", "html",
    "hwp", "ico", "jar", "jpeg", "jpg", "js", "json", "jsp", "jsx", "less", "map", "mjs", "otf",
    "pdf", "php", "png", "scss", "svg", "tgz", "ttf", "txt", "ts", "webp", "woff", "xls", "xlsx",
    "xml",
];

/// The address around an `@` of so many bytes.
pub(super) fn at(view: View<'_>, place: usize, width: usize) -> Option<Hit> {
    let before = view.before(place);
    let near = &before[before.len() - before.len().min(LOCAL + 1)..];
    let local = near.iter().rev().take_while(|byte| is_local(**byte)).count();
    if local > LOCAL {
        return None;
    }
    let local = &near[near.len() - local..];
    let local = match local {
        // `%20kim`, `%3Akim`: the escape stands before the address.
        [b'%', high, low, rest @ ..]
            if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() && !rest.is_empty() =>
        {
            rest
        }
        local => local,
    };
    let dots =
        local.iter().take_while(|byte| matches!(byte, b'.' | b'-' | b'\'' | b'+' | b'%')).count();
    let local = &local[dots..];
    if local.is_empty() || local.ends_with(b".") {
        return None;
    }
    let start = place - local.len();
    let host = host(view.from(place + width))?;
    let span = start..place + width + host;
    (!view.is_inside_digits(start)).then_some(Hit { kind: Kind::Email, span })
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-' | b'%' | b'\'')
}

/// Bytes of the host that text begins with: the longest that ends with a label of
/// letters and could be no number.
fn host(bytes: &[u8]) -> Option<usize> {
    let bytes = &bytes[..bytes.len().min(HOST)];
    let (mut start, mut end, mut digits) = (0, None, 0);
    loop {
        let length = label(&bytes[start..]);
        let top = top_label(&bytes[start..start + length]).filter(|_| start > 0);
        if let Some(top) = top {
            end = (!is_file(&bytes[start..start + top])).then_some(start + top);
        }
        digits += count_digits(&bytes[start..start + length]);
        if length == 0 || digits > 9 {
            return end;
        }
        start += length;
        if bytes.get(start) != Some(&b'.') {
            return end;
        }
        start += 1;
    }
}

/// Bytes of a label: letters, digits and hyphens.
fn label(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count()
}

/// Bytes of the letters that a label begins with, if it could be the last: two
/// letters or more, then its end, a hyphen, or two digits of a number right behind.
fn top_label(label: &[u8]) -> Option<usize> {
    let letters = label.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let ends = match &label[letters..] {
        [] | [b'-', ..] => true,
        [first, second, ..] => first.is_ascii_digit() && second.is_ascii_digit(),
        [_] => false,
    };
    ((2..=24).contains(&letters) && ends).then_some(letters)
}

fn is_file(last: &[u8]) -> bool {
    FILES.iter().any(|file| last.eq_ignore_ascii_case(file.as_bytes()))
}

/// Digits of a label; more than any host may have if six stand in a row.
fn count_digits(label: &[u8]) -> usize {
    let (mut digits, mut row, mut longest) = (0, 0, 0);
    for byte in label {
        row = if byte.is_ascii_digit() { row + 1 } else { 0 };
        digits += usize::from(row > 0);
        longest = longest.max(row);
    }
    if longest > 5 { HOST } else { digits }
}

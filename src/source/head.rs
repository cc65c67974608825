//! Bytes at the start of a file, or a chunk, in; what they say of the columns of
//! what follows out.
//!
//! | cut | what that is |
//! |---|---|
//! | records | the first record of the file |
//! | directives | the last directive of each name |
//! | headed | the last header line |
//! | lines, leases, indented | nothing |
//!
//! Not here: what a header means (`parse`).

use arrow::buffer::Buffer;

use super::records::{self, Cut, LINE_BYTES};

/// What holds at the start of a file, before its first row. Nothing of it if it
/// is longer than [`LINE_BYTES`].
pub(super) fn at_start(bytes: &[u8], cut: Cut) -> Buffer {
    match cut {
        Cut::Lines | Cut::Leases | Cut::Indented => Buffer::from_vec(Vec::<u8>::new()),
        Cut::Records { .. } => Buffer::from_slice_ref(first_record(bytes, cut)),
        Cut::Headed(prefix) => {
            Buffer::from_slice_ref(records::headers(bytes, prefix).next().unwrap_or_default())
        }
        Cut::Directives => {
            let is_before = |line: &&[u8]| matches!(line, [b'#' | b'\n' | b'\r', ..]);
            let lines = bytes.split_inclusive(|&byte| byte == b'\n').take_while(is_before);
            Buffer::from_vec(lines.flatten().copied().collect::<Vec<u8>>())
        }
    }
}

/// What holds behind a chunk, if that says something else than `head`.
pub(super) fn behind(bytes: &[u8], cut: Cut, head: &[u8]) -> Option<Buffer> {
    match cut {
        Cut::Lines | Cut::Leases | Cut::Indented | Cut::Records { .. } => None,
        Cut::Headed(prefix) => records::headers(bytes, prefix).last().map(Buffer::from_slice_ref),
        Cut::Directives => directives(bytes, head),
    }
}

/// Puts the directives of a chunk in the place of those that they replace. Of the
/// others nothing hangs.
fn directives(bytes: &[u8], head: &[u8]) -> Option<Buffer> {
    const HOLDING: [&[u8]; 3] = [b"#fields", b"#date", b"#gmt-offset"];
    let place = |line: &&[u8]| {
        let name = &line[..memchr::memchr(b':', line)?];
        HOLDING.iter().position(|known| name.trim_ascii_end().eq_ignore_ascii_case(known))
    };
    let mut found = records::directives(bytes).filter(|line| place(line).is_some()).peekable();
    found.peek()?;
    let mut last: [&[u8]; 3] = [b""; 3];
    for line in records::directives(head).chain(found) {
        if let Some(place) = place(&line) {
            last[place] = line;
        }
    }
    Some(Buffer::from_vec(last.concat()))
}

/// The record at the start of `bytes`, nothing of it if it is too long.
fn first_record(bytes: &[u8], cut: Cut) -> &[u8] {
    let length = cut.first(bytes).unwrap_or(bytes.len());
    let record = &bytes[..length];
    let content = record.strip_suffix(b"\n").unwrap_or(record);
    if content.len() > LINE_BYTES { &[] } else { record }
}

//! A `=` or `:` in; the value of an identity check before or behind it, or none, out.
//!
//! | | is | without a key |
//! |---|---|---|
//! | CI | 64 bytes: 88 characters of base64 that end with `==` | if there are capitals, small letters and digits |
//! | DI | 47 bytes in DER: 64 characters that begin with `MC0GCCqGSIb3DQIJAyEA` | yes |
//! | either | 64, 66 or 88 characters, perhaps with `-` and `_` | only behind `ci=`, `di=`, `connInfo=` and the like |
//!
//! `+`, `/` and `=` may be written `%2B`, `%2F`, `%3D`; behind a key a blank counts as `+`.
//!
//! Source: 방송통신위원회, 본인확인기관 지정 등에 관한 기준 (CI of 88, DI of 64 or 66
//! bytes); RFC 4648, sections 4 and 5.
//!
//! Not here: identifiers of sessions, digests, tokens of applications.

use super::context::{Key, View};
use super::{Hit, Kind};

/// Characters of a CI without its `==`.
const CI: usize = 86;

/// Characters of a DI without its `=`.
const DI: usize = 63;

/// What a DI begins with: DER of SEQUENCE, OBJECT IDENTIFIER, INTEGER of 33 bytes.
const DI_START: &[u8] = b"MC0GCCqGSIb3DQIJAyEA";

/// Lengths behind a key, with padding.
const KEYED: [usize; 3] = [64, 66, 88];

/// What a key is, or ends with.
const KEYS: [&[u8]; 4] = [b"ci", b"di", b"cival", b"dival"];
const KEY_ENDS: [&[u8]; 14] = [
    b"conninfo",
    b"dupinfo",
    b"civalue",
    b"divalue",
    b"userci",
    b"userdi",
    b"memberci",
    b"memberdi",
    b"encci",
    b"encdi",
    b"certci",
    b"certdi",
    b"coinfo",
    b"ipinci",
];

/// The token that ends with the padding at `place`.
pub(super) fn before(view: View<'_>, place: usize) -> Option<Hit> {
    let padding = pad(view.from(place))?;
    let second = pad(view.from(place + padding)).unwrap_or(0);
    let wanted = if second > 0 { CI } else { DI };
    if !could_be(view.before(place), wanted) {
        return None;
    }
    let start = back(view, place, wanted)?;
    let token = view.bytes.get(start..place)?;
    let is_token = if second > 0 { is_mixed(token) } else { token.starts_with(DI_START) };
    // More padding is none.
    let end = place + padding + second;
    let is_end = pad(view.from(end)).is_none() || second == 0;
    (is_token && is_end && !view.is_inside_digits(start))
        .then_some(Hit { kind: Kind::Token, span: start..end })
}

/// The token behind a mark of so many bytes at `place`, if `key` is that of one.
pub(super) fn after(view: View<'_>, key: &Key<'_>, place: usize, width: usize) -> Option<Hit> {
    let letters = key.letters();
    if !KEYS.contains(&letters) && !KEY_ENDS.iter().any(|end| letters.ends_with(end)) {
        return None;
    }
    let bytes = view.from(place + width);
    let is_quote = |byte: &&u8| matches!(byte, b'"' | b' ' | b'\'' | b'\\');
    let quotes = bytes.iter().take(3).take_while(is_quote).count();
    let start = place + width + quotes;
    let (length, bytes) = forward(view.from(start));
    let end = start + bytes;
    // The rest of a longer one may have been masked.
    let is_whole = !matches!(view.from(end), [b'[', ..] | [b' ', b'[', ..]);
    (KEYED.contains(&length) && is_whole).then_some(Hit { kind: Kind::Token, span: start..end })
}

/// Bytes of a padding character that text begins with.
fn pad(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'=', ..] => Some(1),
        [b'%', b'3', b'D' | b'd', ..] => Some(3),
        _ => None,
    }
}

/// False for most of what is none, at the cost of four bytes.
fn could_be(before: &[u8], wanted: usize) -> bool {
    let is_of_one = |back: usize| {
        let byte = before.len().checked_sub(back).and_then(|at| before.get(at));
        byte.is_some_and(|byte| is_base64(*byte) || *byte == b'%')
    };
    [1, 13, 37, wanted].into_iter().all(is_of_one)
}

/// Where the characters begin that end at `place`, if they are exactly so many, or
/// a `/` stands before them.
fn back(view: View<'_>, place: usize, wanted: usize) -> Option<usize> {
    let mut before = view.before(place);
    let mut count = 0;
    while count <= wanted {
        before = match before {
            [rest @ .., b'%', b'2', b'B' | b'b' | b'F' | b'f'] => rest,
            [.., b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => break,
            // A path may stand before it, and is written in the same characters.
            [.., b'/'] if count == wanted => break,
            [rest @ .., last] if is_base64(*last) => rest,
            _ => break,
        };
        count += 1;
    }
    (count == wanted).then_some(view.floor + before.len())
}

/// Characters that text begins with, with padding, and their bytes.
fn forward(bytes: &[u8]) -> (usize, usize) {
    let (mut count, mut place) = (0, 0);
    while count <= CI + 2 {
        let rest = &bytes[place..];
        let width = match rest {
            [b'%', b'2', b'B' | b'b' | b'F' | b'f', ..] => 3,
            [first, ..] if is_base64(*first) || matches!(first, b'-' | b'_') => 1,
            // A blank inside, not behind.
            [b' ', next, ..] if is_base64(*next) => 1,
            _ => break,
        };
        count += 1;
        place += width;
    }
    for _ in 0..2 {
        if let Some(width) = pad(&bytes[place..]) {
            count += 1;
            place += width;
        }
    }
    (count, place)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// True if capitals, small letters and digits are all there, as among 86 drawn at random.
fn is_mixed(token: &[u8]) -> bool {
    token.iter().any(u8::is_ascii_uppercase)
        && token.iter().any(u8::is_ascii_lowercase)
        && token.iter().any(u8::is_ascii_digit)
        && token.split(|byte| *byte == b'/').count() <= 9
}

//! A place in a text in; what stands before it out, up to a bound.
//!
//! Nothing before the last hit is seen, and nothing before a bracket: a hit is read
//! as the `[kind]` that it becomes.
//!
//! Not here: what a context means (the kinds).

use super::Kind;
use super::words::contains;

/// Bytes before a place in which words are looked for.
const WINDOW: usize = 42;

/// Bytes of a key that are looked at.
const KEY_BYTES: usize = 48;

/// A text, and how much of it is done with.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) bytes: &'a [u8],
    /// End of the last hit.
    pub(super) floor: usize,
}

/// The name of a parameter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<'a> {
    /// As written.
    pub(super) raw: &'a [u8],
    /// Its ASCII letters in lower case.
    letters: [u8; KEY_BYTES],
    length: usize,
}

impl<'a> View<'a> {
    /// The bytes that may be seen before a place.
    pub(super) fn before(self, place: usize) -> &'a [u8] {
        self.bytes.get(self.floor..place).unwrap_or_default()
    }

    /// The bytes from a place on.
    pub(super) fn from(self, place: usize) -> &'a [u8] {
        self.bytes.get(place..).unwrap_or_default()
    }

    /// True if a letter or digit stands right before. Both digits of `%20` are none.
    pub(super) fn is_word_before(self, place: usize) -> bool {
        match self.before(place) {
            [.., b'%', high, low] if is_escape(*high, *low) => false,
            [.., 0xef, 0xbc, 0x90..=0x99] => true,
            [.., last] => last.is_ascii_alphanumeric(),
            [] => false,
        }
    }

    /// True if a digit and a letter stand on either side of a place. Not behind a
    /// full-width digit: the letter could begin an address, which ends there.
    pub(super) fn is_word_at(self, place: usize) -> bool {
        self.before(place).last().is_some_and(u8::is_ascii_digit)
            && self.bytes.get(place).is_some_and(u8::is_ascii_alphanumeric)
    }

    /// True if a place is inside a run of digits: behind a full-width one, at another.
    pub(super) fn is_inside_digits(self, place: usize) -> bool {
        matches!(self.before(place), [.., 0xef, 0xbc, 0x90..=0x99])
            && digit(self.from(place)).is_some()
    }

    /// True if a digit and a mark of a number stand right before: the place is
    /// inside a longer one.
    pub(super) fn is_number_before(self, place: usize) -> bool {
        matches!(self.before(place), [.., b'0'..=b'9', b'.' | b'-'])
    }

    /// Where the run of digits at `place` begins, without the digits of an escape
    /// such as `%20`. None if it is not the first byte of a run.
    pub(super) fn digits_start(self, place: usize) -> Option<usize> {
        let start = match (self.before(place), self.from(place)) {
            ([.., b'%'], [high, low, ..]) if is_escape(*high, *low) => place + 2,
            ([.., b'%', high], [low, ..]) if is_escape(*high, *low) => place + 1,
            // ASCII digits behind full-width ones, or the other way round.
            ([.., 0xef, 0xbc, 0x90..=0x99], _) | ([.., b'0'..=b'9'], [0xef, ..]) => return None,
            _ => place,
        };
        digit(self.from(start)).map(|_| start)
    }

    /// The key of the value at `place`: `key=`, `key:`, `"key": "`.
    pub(super) fn key_of_value(self, place: usize) -> Option<Key<'a>> {
        let before = trim_end(self.before(place));
        let before = before
            .strip_suffix(b"=")
            .or_else(|| before.strip_suffix(b":"))
            .or_else(|| before.strip_suffix(b"%3D"))
            .or_else(|| before.strip_suffix(b"%3A"))
            .or_else(|| before.strip_suffix("：".as_bytes()))
            .or_else(|| before.strip_suffix("＝".as_bytes()))?;
        self.key_before(self.floor + before.len())
    }

    /// True if a key that ends before a `=` or `:` at `place` could ask for a name or
    /// a token. Most keys are told apart here, by their last two bytes.
    pub(super) fn is_key_of_interest(self, place: usize) -> bool {
        match self.before(place) {
            [.., b'%', b'2', b'0' | b'2' | b'7'] => true,
            // `name1=`, but not `09:00`.
            [.., b'0'..=b'9'] => !self.from(place).starts_with(b":"),
            // name, nm; ci, di, info, value, val.
            [.., one, last] if last.is_ascii_alphabetic() => matches!(
                [one | 0x20, last | 0x20],
                [b'm' | b'u', b'e']
                    | [b'n', b'm']
                    | [b'c' | b'd', b'i']
                    | [b'f', b'o']
                    | [b'a', b'l']
            ),
            // `_=` of a cache has no letters.
            [b'_'] | [.., b'&' | b'?', b'_'] | [] => false,
            // Hangul, blanks, quotes, `]`.
            [.., last] => !matches!(last, b'/' | b'=' | b':' | b'&'),
        }
    }

    /// The key that ends before a `=` or `:` at `place`.
    pub(super) fn key_before(self, place: usize) -> Option<Key<'a>> {
        let before = trim_end(self.before(place));
        let start = before.len() - before.len().min(KEY_BYTES);
        let near = &before[start..];
        let raw = &near[key_start(near)..];
        if raw.is_empty() {
            return None;
        }
        let mut key = Key { raw, letters: [0; KEY_BYTES], length: 0 };
        for byte in raw.iter().filter(|byte| byte.is_ascii_alphabetic()) {
            key.letters[key.length] = byte.to_ascii_lowercase();
            key.length += 1;
        }
        Some(key)
    }

    /// The last bytes before a place, up to a bracket, a line or a parameter. May
    /// begin inside a character.
    pub(super) fn window(self, place: usize) -> &'a [u8] {
        let before = self.before(place);
        let near = &before[before.len() - before.len().min(WINDOW)..];
        let start = near.iter().rposition(|byte| matches!(byte, b'[' | b']' | b'\n' | b'&'));
        &near[start.map_or(0, |start| start + 1)..]
    }

    /// True if the key of the value at `place` has one of `keys` in it, or one of
    /// `words` stands shortly before. Both in lower case.
    pub(super) fn is_about(self, place: usize, keys: &[&str], words: &[&str]) -> bool {
        let has_key = self
            .key_of_value(place)
            .is_some_and(|key| keys.iter().any(|part| contains(key.letters(), part.as_bytes())));
        has_key || self.is_near(place, words)
    }

    /// True if one of `words` stands shortly before.
    pub(super) fn is_near(self, place: usize, words: &[&str]) -> bool {
        let near = self.window(place);
        let mut folded = [0; WINDOW];
        let folded = &mut folded[..near.len()];
        folded.copy_from_slice(near);
        folded.make_ascii_lowercase();
        // Numbers stand beside numbers most often.
        let has_letters = folded.iter().any(|byte| byte.is_ascii_lowercase() || !byte.is_ascii());
        has_letters && words.iter().any(|word| contains(folded, word.as_bytes()))
    }
}

impl Key<'_> {
    /// Its ASCII letters in lower case: of `user_name` and `user[name]`, `username`.
    pub(super) fn letters(&self) -> &[u8] {
        &self.letters[..self.length]
    }
}

/// The digit that text begins with, and its bytes: one, or three if full-width.
#[inline]
pub(super) fn digit(bytes: &[u8]) -> Option<(u8, usize)> {
    match *bytes {
        [digit @ b'0'..=b'9', ..] => Some((digit - b'0', 1)),
        [0xef, 0xbc, digit @ 0x90..=0x99, ..] => Some((digit - 0x90, 3)),
        _ => None,
    }
}

/// True for the two digits of `%HH`.
fn is_escape(high: u8, low: u8) -> bool {
    high.is_ascii_hexdigit() && low.is_ascii_hexdigit()
}

/// Without blanks and quotes at the end: few, as many are no writing.
fn trim_end(bytes: &[u8]) -> &[u8] {
    let mut bytes = bytes;
    for _ in 0..4 {
        bytes = match bytes {
            [rest @ .., b' ' | b'+' | b'"' | b'\'' | b'\\']
            | [rest @ .., b'%', b'2', b'0' | b'2' | b'7'] => rest,
            _ => return bytes,
        };
    }
    bytes
}

/// Where a key begins that ends with the bytes: letters, digits, `_`, `-`, `.`, and
/// one `[…]` at the end.
fn key_start(bytes: &[u8]) -> usize {
    let Some(inner) = bytes.strip_suffix(b"]") else { return word_start(bytes) };
    let (outer, inner) = inner.split_at(word_start(inner));
    let Some(outer) = outer.strip_suffix(b"[") else { return bytes.len() };
    let start = word_start(outer);
    // `acct[card]` is what a masked number looks like, but no name is masked right
    // behind a letter.
    let is_masked = Kind::ALL.iter().any(|kind| kind.name().as_bytes() == inner);
    let is_name = inner == Kind::Name.name().as_bytes();
    let is_outer = outer[start..].last().is_some_and(u8::is_ascii_alphanumeric);
    if is_outer && (is_name || !is_masked) { start } else { bytes.len() }
}

/// Where the word begins that bytes end with, behind an escape such as `%26`.
fn word_start(bytes: &[u8]) -> usize {
    let is_word = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || !byte.is_ascii()
    };
    let start = bytes.iter().rposition(|byte| !is_word(byte)).map_or(0, |at| at + 1);
    match (&bytes[..start], &bytes[start..]) {
        ([.., b'%'], [high, low, ..]) if is_escape(*high, *low) => start + 2,
        _ => start,
    }
}

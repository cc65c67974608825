//! A place in a text in; what stands before it out, up to a bound.
//!
//! Nothing before the last hit is seen, and nothing before a bracket: a hit is read
//! as the `[kind]` that it becomes.
//!
//! Not here: what a context means (the kinds).

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
            [.., last] => last.is_ascii_alphanumeric(),
            [] => false,
        }
    }

    /// True if a letter or digit stands at a place.
    pub(super) fn is_word_at(self, place: usize) -> bool {
        self.bytes.get(place).is_some_and(u8::is_ascii_alphanumeric)
    }

    /// True if a digit and a mark of a number stand right before: the place is
    /// inside a longer one.
    pub(super) fn is_number_before(self, place: usize) -> bool {
        matches!(self.before(place), [.., b'0'..=b'9', b'.' | b'-' | b'/'])
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
            .is_some_and(|key| keys.iter().any(|part| key.contains(part.as_bytes())));
        if has_key {
            return true;
        }
        let window = self.window(place);
        words.iter().any(|word| contains(window, word.as_bytes()))
    }
}

impl Key<'_> {
    /// Its ASCII letters in lower case: of `user_name` and `user[name]`, `username`.
    pub(super) fn letters(&self) -> &[u8] {
        &self.letters[..self.length]
    }

    fn contains(&self, part: &[u8]) -> bool {
        contains(self.letters(), part)
    }
}

/// True if `part`, in lower case, is in `bytes` in any case.
pub(super) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
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
    let is_key = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || !byte.is_ascii()
    };
    let start_of =
        |bytes: &[u8]| bytes.iter().rposition(|byte| !is_key(byte)).map_or(0, |at| at + 1);
    let Some(inner) = bytes.strip_suffix(b"]") else { return start_of(bytes) };
    let start = start_of(inner);
    match inner[..start].strip_suffix(b"[") {
        // `[name]` by itself is what a masked name looks like.
        Some(outer) if outer.last().is_some_and(is_key) => start_of(outer),
        _ => bytes.len(),
    }
}

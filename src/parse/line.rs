//! One line of an access log in; the places of its fields, or a reason, out.
//!
//! ```text
//! 192.0.2.7 - kim [10/Oct/2025:13:55:36 +0900] "GET /a HTTP/1.1" 200 2326 "-" "curl/8.5"
//! host   ident user          time                  request      status size referer agent
//! └───────────────────────── common ─────────────────────────────────────┘
//! └───────────────────────── combined ───────────────────────────────────────────────────┘ + cookie | xff
//! ```
//!
//! Fields are one space apart and nothing may follow the last. Within brackets
//! and quotes a backslash hides the byte after it: servers write `"` inside a
//! field as `\"` or `\x22`, so a bare quote always closes.
//!
//! Source: Apache HTTP Server 2.4, `mod_log_config`, the format string
//! `%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"`.
//!
//! Not here: what a field says, apart from the two numbers.

use super::reason::{Field, Reason};

/// Where a field stands in its line, `start..end`.
#[derive(Clone, Copy, Default)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    /// The same place counted from `offset` bytes further ahead.
    #[inline]
    pub(super) fn moved(self, offset: usize) -> Span {
        Span { start: self.start + offset, end: self.end + offset }
    }
}

/// The fields of one line, in the order of [`Field`]; the last of a format
/// that has one more than `combined` stands at [`EXTRA`].
pub(super) type Spans = [Span; EXTRA + 1];

/// Fields that every log format begins with.
pub(super) const COMMON_FIELDS: usize = 7;

/// Place of the field behind `agent`.
pub(super) const EXTRA: usize = 9;

/// Finds the fields of one line, given without its line ending. `quoted` are
/// the fields in quotes that follow `size`, in order.
///
/// On `Err` the spans are those of the fields before the one named.
#[inline]
pub(super) fn fields(line: &[u8], quoted: &[Field], spans: &mut Spans) -> Result<(), Reason> {
    let mut cursor = Cursor { line, at: 0 };
    spans[0] = cursor.word(Field::Host)?;
    spans[1] = cursor.word(Field::Ident)?;
    spans[2] = cursor.word(Field::User)?;
    spans[3] = cursor.delimited(Field::Time, b'[', b']')?;
    spans[4] = cursor.delimited(Field::Request, b'"', b'"')?;
    spans[5] = cursor.word(Field::Status)?;
    if !is_status(&line[spans[5].start..spans[5].end]) {
        return Err(Reason::Number(Field::Status));
    }
    spans[6] = cursor.word(Field::Size)?;
    if !is_size(&line[spans[6].start..spans[6].end]) {
        return Err(Reason::Number(Field::Size));
    }
    for (span, &field) in spans[COMMON_FIELDS..].iter_mut().zip(quoted) {
        *span = cursor.delimited(field, b'"', b'"')?;
    }
    if cursor.at == line.len() { Ok(()) } else { Err(Reason::Trailing) }
}

/// As [`fields`], for a line that is as nearly all are: its only quotes are those
/// around fields, at `marks`; it has no backslash; its time is of the usual
/// length. Only spaces have to be searched for then.
///
/// `None` says nothing about the line, and leaves nothing of use in `spans`.
#[inline]
pub(super) fn usual(
    line: &[u8],
    quoted: &[Field],
    mut marks: impl Iterator<Item = usize>,
    spans: &mut Spans,
) -> Option<()> {
    let mut at = 0;
    for span in &mut spans[..3] {
        *span = spaced(line, at)?;
        at = span.end + 1;
    }
    let time = line.get(at..)?.first_chunk::<{ TIME_BYTES + 2 }>()?;
    // It ends at its first `]`.
    // Without leaving early: all of them are compared at once.
    let found = time[..=TIME_BYTES].iter().fold(0, |found, byte| found | u8::from(*byte == b']'));
    let ends_before = found != 0;
    if time[0] != b'[' || time[TIME_BYTES + 1] != b']' || ends_before {
        return None;
    }
    spans[3] = Span { start: at + 1, end: at + 1 + TIME_BYTES };
    spans[4] = between(line, at + time.len(), &mut marks)?;
    at = spans[4].end + 1;
    let status = line.get(at..)?.first_chunk::<5>()?;
    if status[0] != b' ' || status[4] != b' ' || !is_status(&status[1..4]) {
        return None;
    }
    spans[5] = Span { start: at + 1, end: at + 4 };
    spans[6] = spaced(line, at + 5)?;
    at = spans[6].end;
    if !is_size(&line[spans[6].start..at]) {
        return None;
    }
    for (span, _) in spans[COMMON_FIELDS..].iter_mut().zip(quoted) {
        *span = between(line, at, &mut marks)?;
        at = span.end + 1;
    }
    (at == line.len()).then_some(())
}

/// Bytes of `10/Oct/2025:13:55:36 +0900`.
const TIME_BYTES: usize = 26;

/// The word at `at`, which ends at a space or with the line.
#[inline]
fn spaced(line: &[u8], at: usize) -> Option<Span> {
    let length = space(line.get(at..)?);
    (length > 0).then_some(Span { start: at, end: at + length })
}

/// What stands between the next two quotes, if the first follows a space at
/// `at`.
#[inline]
fn between(line: &[u8], at: usize, marks: &mut impl Iterator<Item = usize>) -> Option<Span> {
    let (open, close) = (marks.next()?, marks.next()?);
    let follows = line.get(at) == Some(&b' ') && open == at + 1;
    follows.then_some(Span { start: open + 1, end: close })
}

/// The bytes before the first space, or all of them. Eight at a time: words
/// are short, and a call of `memchr` costs more than it saves.
#[inline]
fn space(rest: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = ONES << 7;
    const SPACES: u64 = ONES * 0x20;
    let (words, _) = rest.as_chunks::<8>();
    for (place, &word) in words.iter().enumerate() {
        // Zero where there was a space. The subtraction borrows into the top
        // bit of the lowest zero byte; what it does above does not matter.
        let word = u64::from_le_bytes(word) ^ SPACES;
        let hit = word.wrapping_sub(ONES) & !word & TOPS;
        if hit != 0 {
            return 8 * place + hit.trailing_zeros() as usize / 8;
        }
    }
    let done = 8 * words.len();
    rest[done..].iter().position(|&byte| byte == b' ').map_or(rest.len(), |at| done + at)
}

/// Three digits, `100..=599`.
fn is_status(word: &[u8]) -> bool {
    matches!(word, [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'])
}

/// `-`, or digits that fit a `u64`. Stricter than `str::parse`, which also
/// takes a leading `+`.
fn is_size(word: &[u8]) -> bool {
    /// As many digits as always fit.
    const SAFE_DIGITS: usize = 19;
    if !word.iter().all(u8::is_ascii_digit) {
        return word == b"-";
    }
    word.len() <= SAFE_DIGITS
        || str::from_utf8(word).is_ok_and(|digits| digits.parse::<u64>().is_ok())
}

/// A line and how much of it has been read.
struct Cursor<'a> {
    line: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    /// Reads up to the next space or the end of the line.
    #[inline]
    fn word(&mut self, field: Field) -> Result<Span, Reason> {
        self.separator(field)?;
        let start = self.at;
        let rest = &self.line[start..];
        let length = space(rest);
        if length == 0 {
            return Err(Reason::Delimiter(field));
        }
        self.at += length;
        Ok(Span { start, end: self.at })
    }

    /// Reads what stands between `open` and `close`.
    #[inline]
    fn delimited(&mut self, field: Field, open: u8, close: u8) -> Result<Span, Reason> {
        self.separator(field)?;
        match self.line.get(self.at) {
            None => return Err(Reason::Truncated(field)),
            Some(&first) if first != open => return Err(Reason::Delimiter(field)),
            Some(_) => {}
        }
        let start = self.at + 1;
        let mut from = start;
        while let Some(found) =
            memchr::memchr2(close, b'\\', self.line.get(from..).unwrap_or_default())
        {
            let at = from + found;
            if self.line[at] == close {
                self.at = at + 1;
                return Ok(Span { start, end: at });
            }
            from = at + 2;
        }
        Err(Reason::Truncated(field))
    }

    /// Reads the one space before every field but the first.
    #[inline]
    fn separator(&mut self, field: Field) -> Result<(), Reason> {
        match self.line.get(self.at) {
            None => Err(Reason::Truncated(field)),
            Some(_) if self.at == 0 => Ok(()),
            Some(b' ') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(Reason::Delimiter(field)),
        }
    }
}

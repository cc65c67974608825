//! `combined` as it was read before format strings could be compiled: by code
//! that was written for it, field after field. What a compiled format string is
//! measured against. It does not change with that, so parts of it stand there too.

use wide::u8x16;

/// Where a field stands in its line, `start..end`.
#[derive(Clone, Copy, Default)]
struct Span {
    start: usize,
    end: usize,
}

/// The fields of one line.
type Spans = [Span; FIELDS];

/// Fields that every log format begins with.
const COMMON_FIELDS: usize = 7;

/// Fields of `combined`.
const FIELDS: usize = 9;

/// Quotes of a usual line.
const QUOTES: usize = 6;

/// Finds the fields of one line, given without its line ending.
///
/// On `Err` the spans are those of the fields before the one named.
#[inline]
fn fields(line: &[u8], spans: &mut Spans) -> Result<(), ()> {
    let mut cursor = Cursor { line, at: 0 };
    spans[0] = cursor.word()?;
    spans[1] = cursor.word()?;
    spans[2] = cursor.word()?;
    spans[3] = cursor.delimited(b'[', b']')?;
    spans[4] = cursor.delimited(b'"', b'"')?;
    spans[5] = cursor.word()?;
    if !is_status(&line[spans[5].start..spans[5].end]) {
        return Err(());
    }
    spans[6] = cursor.word()?;
    if !is_size(&line[spans[6].start..spans[6].end]) {
        return Err(());
    }
    for span in &mut spans[COMMON_FIELDS..] {
        *span = cursor.delimited(b'"', b'"')?;
    }
    if cursor.at == line.len() { Ok(()) } else { Err(()) }
}

/// As [`fields`], for a line that is as nearly all are: its only quotes are those
/// around fields, at `marks`; it has no backslash; its time is of the usual
/// length. Only spaces have to be searched for then.
///
/// `None` says nothing about the line, and leaves nothing of use in `spans`.
#[inline]
fn usual(line: &[u8], mut marks: impl Iterator<Item = usize>, spans: &mut Spans) -> Option<()> {
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
    for span in &mut spans[COMMON_FIELDS..] {
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
    fn word(&mut self) -> Result<Span, ()> {
        self.separator()?;
        let start = self.at;
        let rest = &self.line[start..];
        let length = space(rest);
        if length == 0 {
            return Err(());
        }
        self.at += length;
        Ok(Span { start, end: self.at })
    }

    /// Reads what stands between `open` and `close`.
    #[inline]
    fn delimited(&mut self, open: u8, close: u8) -> Result<Span, ()> {
        self.separator()?;
        if self.line.get(self.at) != Some(&open) {
            return Err(());
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
        Err(())
    }

    /// Reads the one space before every field but the first.
    #[inline]
    fn separator(&mut self) -> Result<(), ()> {
        match self.line.get(self.at) {
            Some(_) if self.at == 0 => Ok(()),
            Some(b' ') => {
                self.at += 1;
                Ok(())
            }
            _ => Err(()),
        }
    }
}

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// Bytes that are looked at before lines are cut from them: both passes find
/// them in the first-level cache.
const WINDOW: usize = 4 * 1024;

/// The marks of some bytes, a few lines at a time.
struct Marks<'a> {
    bytes: &'a [u8],
    /// Bytes whose marks are known.
    seen: usize,
    places: Vec<u32>,
    /// Places that were given.
    given: usize,
}

impl<'a> Marks<'a> {
    /// The marks of `bytes`, of which there are fewer than 2³².
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, seen: 0, places: Vec::with_capacity(WINDOW / 8), given: 0 }
    }

    /// Where the line ends whose first marks are the next ones, at its line
    /// feed or with the bytes, and the places of those marks, as many as
    /// `quotes`, if they are quotes and no other mark is in the line.
    #[inline]
    fn line(&mut self, quotes: usize) -> (usize, Option<&[u32]>) {
        loop {
            let next = &self.places[self.given..];
            if let Some((&feed, before)) = next.get(..=quotes).and_then(<[u32]>::split_last)
                && self.bytes[feed as usize] == b'\n'
                && before.iter().all(|&place| self.bytes[place as usize] == b'"')
            {
                let given = self.given;
                self.given += quotes + 1;
                return (feed as usize, Some(&self.places[given..given + quotes]));
            }
            let feed = next.iter().position(|&place| self.bytes[place as usize] == b'\n');
            if let Some(at) = feed {
                let end = next[at] as usize;
                self.given += at + 1;
                return (end, None);
            }
            if self.seen == self.bytes.len() {
                self.given = self.places.len();
                return (self.bytes.len(), None);
            }
            self.look_on();
        }
    }

    /// Finds the marks of the next bytes.
    fn look_on(&mut self) {
        self.places.drain(..self.given);
        self.given = 0;
        // A line that goes on is searched from its beginning each time, so there
        // must not be many times.
        let window = WINDOW.max(self.places.len());
        let end = self.bytes.len().min(self.seen + window);
        let (blocks, rest) = self.bytes[self.seen..end].as_chunks::<BLOCK>();
        for block in blocks {
            push(&mut self.places, self.seen, bits(block));
            self.seen += BLOCK;
        }
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            push(&mut self.places, self.seen, bits(&block));
            self.seen += rest.len();
        }
    }
}

/// Appends the places of the bits that are set.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "there are fewer than 2^32 bytes")]
fn push(places: &mut Vec<u32>, start: usize, mut bits: u64) {
    while bits != 0 {
        places.push(start as u32 + bits.trailing_zeros());
        bits &= bits - 1;
    }
}

/// The bytes of a block that are marks, the first one in the lowest bit.
#[inline]
fn bits(block: &[u8; BLOCK]) -> u64 {
    let [quote, escape, feed] = [b'"', b'\\', b'\n'].map(u8x16::splat);
    block.as_chunks::<16>().0.iter().rev().fold(0, |bits, &part| {
        let part = u8x16::new(part);
        let is_mark = part.simd_eq(quote) | part.simd_eq(escape) | part.simd_eq(feed);
        bits << 16 | u64::from(is_mark.to_bitmask())
    })
}

/// Where a value begins in the chunk, and how long it is; no value is that long.
pub(crate) type Place = (u32, u32);

/// Rows whose places are found before they are pushed, column by column.
const BATCH: usize = 64;

/// Where the fields of one row are.
#[derive(Clone, Copy, Default)]
struct Row {
    /// Where its line begins in the chunk.
    start: usize,
    spans: Spans,
    /// Where its request line is divided, if that is wanted. It is not here.
    _request: Option<[Span; 3]>,
}

/// Why a line is not in the format. Which field that was is not asked here.
enum Reason {
    TooLong,
    Other,
}

/// The wanted columns of all lines of a chunk, and the lines that are not in the
/// format.
pub(crate) fn columns(bytes: &[u8], wanted: &[usize]) -> (Vec<Vec<Place>>, Vec<(u64, usize)>) {
    let rows = bytes.len() / 250;
    let mut columns: Vec<Vec<Place>> = wanted.iter().map(|_| Vec::with_capacity(rows)).collect();
    let mut rejects = Vec::new();
    let (mut lines, mut blank) = (0, 0);
    let mut marks = Marks::new(bytes);
    let mut batch = [Row::default(); BATCH];
    let mut filled = 0;
    let mut start = 0;
    while start < bytes.len() {
        let (end, usual) = marks.line(QUOTES);
        let line = &bytes[start..end];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let row = &mut batch[filled];
        if line.is_empty() {
            blank += 1;
        } else if let Err(Reason::TooLong | Reason::Other) =
            cut(line, end - start, usual, start, &mut row.spans)
        {
            rejects.push((lines, start));
        } else {
            row.start = start;
            filled += 1;
        }
        lines += 1;
        start = end + 1;
        if filled == BATCH || start >= bytes.len() {
            for (column, place) in columns.iter_mut().zip(wanted) {
                push_column(column, bytes, *place, &batch[..filled]);
            }
            filled = 0;
        }
    }
    assert!(blank < lines);
    (columns, rejects)
}

#[inline]
fn cut(
    line: &[u8],
    length: usize,
    marked: Option<&[u32]>,
    start: usize,
    spans: &mut Spans,
) -> Result<(), Reason> {
    if length > 256 << 10 {
        return Err(Reason::TooLong);
    }
    let marks = marked.map(|places| places.iter().map(|&place| place as usize - start));
    match marks.and_then(|marks| usual(line, marks, spans)) {
        Some(()) => Ok(()),
        None => fields(line, spans).map_err(|()| Reason::Other),
    }
}

fn push_column(column: &mut Vec<Place>, bytes: &[u8], place: usize, rows: &[Row]) {
    let there = |row: &Row, Span { start, end }: Span| {
        let (start, end) = (start + row.start, end + row.start);
        (!matches!(bytes[start..end], [b'-'])).then_some((start, end))
    };
    let places = rows.iter().map(|row| there(row, row.spans[place]));
    column.extend(places.map(|found| match found {
        Some((start, end)) => (start as u32, (end - start) as u32),
        None => (0, u32::MAX),
    }));
}

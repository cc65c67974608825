//! A run of digits in; the groups of digits that hang together out.
//!
//! | gap | is |
//! |---|---|
//! | hyphen | `-` `‐` `–` `—` `−` `－` `─` `⁃` `ㅡ` `%2D`, blanks around it or not |
//! | blank | up to four of blanks of any width, `+`, `%20` |
//! | dot | `.` `·` `．` |
//! | line | `_` |
//! | bracket | `)` `(` |
//! | dash | `~` and what looks like it, two hyphens |
//! | list | `,` `/` `:` `;` `*` `|` and what looks like them, beside some of the above or not |
//! | field | `&key2=` behind `key1=`, of forms that ask for a number in parts; the word 뒷자리 |
//!
//! Dash, list and the word are read behind six digits only: no other kind is written so.
//!
//! Not here: which groups are a kind.

use super::context::{View, digit};

/// Most digits of a number that is read.
const DIGITS: usize = 24;

/// Most groups that are read.
const GROUPS: usize = 5;

/// Longest run of digits of any kind: a payment card.
const LONGEST_RUN: usize = 19;

/// Most digits of a first group behind which a kind goes on.
pub(super) const GOES_ON: usize = 12;

/// Digits behind which rare gaps are read: the date of a resident number.
const DATE: usize = 6;

/// Longest name of a field that goes on with a number.
const FIELD_BYTES: usize = 32;

/// What stands between two groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    Hyphen,
    Blank,
    Dot,
    Line,
    Bracket,
    /// Seldom between the halves of a number, and hardly ever between two.
    Dash,
    /// Between numbers of their own as well.
    List,
    Field,
}

impl Gap {
    /// True for those that are read behind a date alone.
    fn is_rare(self) -> bool {
        matches!(self, Self::Dash | Self::List)
    }
}

/// A run of digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its first among the digits of the number, and how many it has.
    first: usize,
    pub(super) length: usize,
    /// What stands before the next group.
    pub(super) gap: Gap,
}

impl Group {
    const NONE: Self = Self { start: 0, end: 0, first: 0, length: 0, gap: Gap::Blank };
}

/// Groups of digits that hang together.
#[derive(Debug)]
pub(super) struct Number {
    digits: [u8; DIGITS],
    groups: [Group; GROUPS],
    count: usize,
}

/// Digits of a run, how many, and where it ends.
fn run(view: View<'_>, start: usize, digits: &mut [u8]) -> (usize, usize) {
    let rest = view.from(start);
    let mut length = 0;
    while let Some(byte @ b'0'..=b'9') = rest.get(length) {
        if let Some(place) = digits.get_mut(length) {
            *place = byte - b'0';
        }
        length += 1;
    }
    let mut end = start + length;
    // Full-width digits are rare.
    if rest.get(length) != Some(&0xef) {
        return (length, end);
    }
    while let Some((value, width)) = digit(view.from(end)) {
        if let Some(place) = digits.get_mut(length) {
            *place = value;
        }
        length += 1;
        end += width;
    }
    (length, end)
}

impl Number {
    /// One without groups.
    pub(super) const NONE: Self =
        Self { digits: [0; DIGITS], groups: [Group::NONE; GROUPS], count: 0 };

    /// Reads the groups from the digit at `start` on, in the place of those before:
    /// a text has many numbers, and a new one each time would cost more than the reading.
    ///
    /// # Errors
    ///
    /// The end of the first run, if it is too long or too short for any kind.
    pub(super) fn read(&mut self, view: View<'_>, start: usize) -> Result<(), usize> {
        let (mut start, mut first) = (start, 0);
        self.count = 0;
        while let Some(place) = self.groups.get_mut(self.count) {
            let digits = self.digits.get_mut(first..).unwrap_or_default();
            let (length, end) = run(view, start, digits);
            let is_first = first == 0;
            if is_first && !(2..=LONGEST_RUN).contains(&length) {
                return Err(end);
            }
            if length > LONGEST_RUN || first + length > DIGITS {
                break;
            }
            let mut group = Group { start, end, first, length, gap: Gap::Blank };
            self.count += 1;
            first += length;
            let next = if is_first && length > GOES_ON { None } else { gap(view, &group) };
            if let Some((gap, next)) = next {
                group.gap = gap;
                start = next;
            }
            *place = group;
            if next.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The groups.
    pub(super) fn groups(&self) -> &[Group] {
        &self.groups[..self.count]
    }

    /// The digits of the first `groups` groups.
    pub(super) fn digits(&self, groups: usize) -> &[u8] {
        self.groups()
            .get(groups.wrapping_sub(1))
            .map_or(&[], |last| &self.digits[..last.first + last.length])
    }

    /// The digits of one group.
    pub(super) fn group_digits(&self, index: usize) -> &[u8] {
        self.groups()
            .get(index)
            .map_or(&[], |group| &self.digits[group.first..group.first + group.length])
    }

    /// True if the number begins with groups of these lengths.
    pub(super) fn has_lengths(&self, lengths: &[usize]) -> bool {
        self.count >= lengths.len()
            && self.groups().iter().zip(lengths).all(|(group, length)| group.length == *length)
    }

    /// True if all gaps between the first `groups` groups are of `gaps`.
    pub(super) fn has_gaps(&self, groups: usize, gaps: &[Gap]) -> bool {
        self.groups().iter().take(groups.saturating_sub(1)).all(|group| gaps.contains(&group.gap))
    }

    pub(super) fn start(&self) -> usize {
        self.groups[0].start
    }

    /// Where the group ends that is the last of so many.
    pub(super) fn end(&self, groups: usize) -> usize {
        self.groups[groups.clamp(1, GROUPS) - 1].end
    }

    /// Where an ISBN-13 in groups ends, if the number begins with one. One group
    /// needs no care: no kind begins with 978 or 979 and 13 digits.
    pub(super) fn isbn_end(&self) -> Option<usize> {
        let is_prefix = matches!(self.group_digits(0), [9, 7, 8 | 9]);
        let end = if is_prefix { 5 } else { return None };
        let is_isbn = self.has_gaps(end, &[Gap::Hyphen, Gap::Blank])
            && self.groups().get(end - 1).is_some_and(|last| last.length == 1)
            && is_ean(self.digits(end));
        is_isbn.then(|| self.end(end))
    }
}

/// True for 13 digits of which the last is the check digit of ISO/IEC 15420.
pub(super) fn is_ean(digits: &[u8]) -> bool {
    let weighed = digits.iter().zip([1, 3].into_iter().cycle());
    digits.len() == 13 && weighed.map(|(digit, by)| u32::from(*digit) * by).sum::<u32>() % 10 == 0
}

/// What stands behind a group, and where the next group begins.
fn gap(view: View<'_>, group: &Group) -> Option<(Gap, usize)> {
    let mut place = group.end;
    let mut found = None;
    // A bracket may have a hyphen beside it: `+82-(0)10`, `02)-123`.
    for _ in 0..4 {
        let rest = view.from(place);
        if digit(rest).is_some() {
            return found.map(|gap| (gap, place));
        }
        let Some((gap, width)) = mark(rest) else { break };
        found = match (found, gap) {
            (None | Some(Gap::Blank), gap) | (Some(gap), Gap::Blank) => Some(gap),
            (Some(Gap::Bracket), Gap::Hyphen | Gap::Bracket)
            | (Some(Gap::Hyphen), Gap::Bracket) => Some(Gap::Bracket),
            _ if group.length != DATE => return None,
            (Some(Gap::Hyphen | Gap::Dash), Gap::Hyphen | Gap::Dash)
            // A line that ends behind the hyphen.
            | (Some(Gap::Hyphen), Gap::List) => Some(Gap::Dash),
            (Some(Gap::Bracket | Gap::List), Gap::Bracket | Gap::List | Gap::Hyphen) => {
                Some(Gap::List)
            }
            _ => return None,
        };
        if group.length != DATE && found.is_some_and(Gap::is_rare) {
            return None;
        }
        place += width;
    }
    if digit(view.from(place)).is_some() {
        return found.map(|gap| (gap, place));
    }
    let next = match group.length {
        DATE => field(view, group).or_else(|| worded(view, group)),
        _ => field(view, group),
    };
    next.map(|next| (Gap::Field, next))
}

/// One mark of a gap, and its bytes.
fn mark(bytes: &[u8]) -> Option<(Gap, usize)> {
    match *bytes {
        [b'%', high, low, ..] => {
            let value = |digit: u8| char::from(digit).to_digit(16);
            let byte = value(high)? << 4 | value(low)?;
            ascii_mark(u8::try_from(byte).ok()?).map(|gap| (gap, 3))
        }
        [byte, ..] if byte.is_ascii() => ascii_mark(byte).map(|gap| (gap, 1)),
        // Soft hyphen, middle dot, no-break blank.
        [0xc2, 0xad, ..] => Some((Gap::Hyphen, 2)),
        [0xc2, 0xb7, ..] => Some((Gap::Dot, 2)),
        [0xc2, 0xa0, ..] => Some((Gap::Blank, 2)),
        [first, second, third, ..] => wide_mark([first, second, third]).map(|gap| (gap, 3)),
        _ => None,
    }
}

/// True for the first byte of a mark behind so many digits.
#[inline]
pub(super) fn could_be_gap(byte: u8, length: usize) -> bool {
    let is_mark = |gap: Gap| length == DATE || !gap.is_rare();
    byte == b'%' || !byte.is_ascii() || ascii_mark(byte).is_some_and(is_mark)
}

fn ascii_mark(byte: u8) -> Option<Gap> {
    match byte {
        b'-' => Some(Gap::Hyphen),
        b' ' | b'+' | b'\t' => Some(Gap::Blank),
        b'.' => Some(Gap::Dot),
        b'_' => Some(Gap::Line),
        b')' | b'(' => Some(Gap::Bracket),
        b'~' => Some(Gap::Dash),
        b',' | b'/' | b':' | b';' | b'*' | b'|' => Some(Gap::List),
        _ => None,
    }
}

fn wide_mark(bytes: [u8; 3]) -> Option<Gap> {
    match bytes {
        // U+2010 to U+2015, U+2043, U+2212, U+2500, U+2501, U+3161, U+30FC, U+FE58, U+FE63,
        // U+FF0D, U+FF70.
        [0xe2, 0x80, 0x90..=0x95]
        | [0xe2, 0x81, 0x83]
        | [0xe2, 0x88, 0x92]
        | [0xe2, 0x94, 0x80 | 0x81]
        | [0xe3, 0x85, 0xa1]
        | [0xe3, 0x83, 0xbc]
        | [0xef, 0xb9, 0x98 | 0xa3]
        | [0xef, 0xbc, 0x8d]
        | [0xef, 0xbd, 0xb0] => Some(Gap::Hyphen),
        // U+2000 to U+200A, U+202F, U+205F, U+3000.
        [0xe2, 0x80, 0x80..=0x8a | 0xaf] | [0xe2, 0x81, 0x9f] | [0xe3, 0x80, 0x80] => {
            Some(Gap::Blank)
        }
        // U+223C, U+301C, U+FF5E.
        [0xe2, 0x88, 0xbc] | [0xe3, 0x80, 0x9c] | [0xef, 0xbd, 0x9e] => Some(Gap::Dash),
        // U+2026, U+2044, U+2215, U+3001, U+3002, and the full-width forms of `*` `,` `/` `:`
        // `;` `|`.
        [0xe2, 0x80, 0xa6]
        | [0xe2, 0x81, 0x84]
        | [0xe2, 0x88, 0x95]
        | [0xe3, 0x80, 0x81 | 0x82]
        | [0xef, 0xbc, 0x8a | 0x8c | 0x8f | 0x9a | 0x9b]
        | [0xef, 0xbd, 0x9c] => Some(Gap::List),
        // The full-width forms of the other marks above, U+FF08 on.
        [0xef, 0xbc, 0x8e] => Some(Gap::Dot),
        [0xef, 0xbc, 0xbf] => Some(Gap::Line),
        [0xef, 0xbc, 0x88 | 0x89] => Some(Gap::Bracket),
        _ => None,
    }
}

/// Where the next group begins, if a word says that it is the second half:
/// `앞자리 900101 뒷자리 1234567`. Longer phrases are further apart than digits of a number are
/// looked for (`block`).
fn worded(view: View<'_>, group: &Group) -> Option<usize> {
    let rest = without_marks(view.from(group.end));
    let half = without_word(rest, &["뒷자리", "뒷번호", "뒤자리", "뒤"]);
    if half.len() == rest.len() {
        return None;
    }
    let rest = without_marks(without_word(half, &["는", "은", "가", "번호"]));
    digit(rest).is_some().then(|| view.bytes.len() - rest.len())
}

/// Without the first of the words that stands in front, if one does.
fn without_word<'a>(bytes: &'a [u8], words: &[&str]) -> &'a [u8] {
    words.iter().find_map(|word| bytes.strip_prefix(word.as_bytes())).unwrap_or(bytes)
}

/// Without the marks in front: few, as many are no writing.
fn without_marks(bytes: &[u8]) -> &[u8] {
    let mut bytes = bytes;
    for _ in 0..3 {
        bytes = mark(bytes).and_then(|(_, width)| bytes.get(width..)).unwrap_or(bytes);
    }
    bytes
}

/// Where the next group begins, if it is the value of the next field of a form:
/// `hp1=010&hp2=1234`.
fn field(view: View<'_>, group: &Group) -> Option<usize> {
    let rest = view.from(group.end).strip_prefix(b"&")?;
    let rest = rest.strip_prefix(b"amp;").unwrap_or(rest);
    let length = rest.iter().take(FIELD_BYTES).position(|byte| *byte == b'=')?;
    let (name, value) = (&rest[..length], &rest[length + 1..]);
    let (part, stem) = name.split_last()?;
    let before = view.before(group.start).strip_suffix(b"=")?;
    let (part_before, before) = before.split_last()?;
    let is_next = part_before.is_ascii_digit() && part.checked_sub(1) == Some(*part_before);
    let is_field = is_next && !stem.is_empty() && before.ends_with(stem);
    (is_field && digit(value).is_some()).then(|| view.bytes.len() - value.len())
}

//! A pattern of `strftime` in; times by it, as ISO 8601, out.
//!
//! Source: POSIX.1-2017, `strftime`; Java SE, `SimpleDateFormat`.
//!
//! Not here: which moment a time without offset is (`notation::time`).

use std::io::Write as _;

use jiff::civil::DateTime;
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::Offset;

/// How times are written, in the directives of `strftime`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::parse) struct Pattern {
    text: String,
    /// Whether every time has an offset, or is counted from 1970.
    has_offset: bool,
}

impl Pattern {
    /// `None` if times cannot be read by such a pattern: it has an unknown
    /// directive or does not make a date.
    pub(in crate::parse) fn new(text: &str) -> Option<Pattern> {
        // A time that is written by it must be read by it, as the same.
        let utc = jiff::tz::TimeZone::UTC;
        let moment = DateTime::constant(2001, 2, 3, 4, 5, 6, 0).to_zoned(utc).ok()?;
        let written = strtime::format(text, &moment).ok()?;
        let (read, length) = BrokenDownTime::parse_prefix(text, &written).ok()?;
        let is_whole = length == written.len();
        let has_offset = read.offset().is_some() || read.timestamp().is_some();
        let has_date = has_offset && read.to_timestamp().is_ok() || read.to_date().is_ok();
        (is_whole && has_date).then(|| Pattern { text: text.to_owned(), has_offset })
    }

    pub(in crate::parse) fn has_offset(&self) -> bool {
        self.has_offset
    }

    /// The length of the time at the start of `bytes`.
    pub(super) fn length(&self, bytes: &[u8]) -> Option<usize> {
        BrokenDownTime::parse_prefix(&self.text, bytes).ok().map(|(_, length)| length)
    }

    /// Writes the time at the start of `bytes` as ISO 8601: with an offset if
    /// it has one.
    pub(super) fn rewrite(&self, bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
        let (read, _) = BrokenDownTime::parse_prefix(&self.text, bytes).ok()?;
        if self.has_offset {
            let offset = read.offset().unwrap_or(Offset::UTC);
            let moment = read.to_timestamp().ok()?;
            write!(out, "{}", moment.display_with_offset(offset)).ok()
        } else {
            let date = read.to_date().ok()?;
            let time = read.to_time().unwrap_or_default();
            write!(out, "{}", DateTime::from_parts(date, time)).ok()
        }
    }
}

/// The pattern of `SimpleDateFormat`, as Tomcat has it, in the directives of
/// `strftime`. `None` if it has a letter that there is no directive for.
pub(super) fn of_java(text: &str) -> Option<String> {
    let mut pattern = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let run = rest.chars().take_while(|&next| next == letter).count();
        if letter == '\'' {
            let (quoted, behind) = rest[1..].split_once('\'')?;
            pattern.push_str(if quoted.is_empty() { "'" } else { quoted });
            rest = behind;
            continue;
        }
        if !letter.is_ascii_alphabetic() {
            pattern.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        }
        pattern.push_str(match (letter, run) {
            ('y', 4) => "%Y",
            ('y', 2) => "%y",
            ('M', 2) => "%m",
            ('M', 3) => "%b",
            ('d', 2) => "%d",
            ('H', 2) => "%H",
            ('m', 2) => "%M",
            ('s', 2) => "%S",
            ('S', 3) => "%3f",
            ('Z', 1) => "%z",
            ('X', 3) => "%:z",
            _ => return None,
        });
        rest = &rest[run..];
    }
    Some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn gives(pattern: &str, time: &str, expected: &str) {
        let pattern = Pattern::new(pattern).unwrap();
        let mut out = Vec::new();
        pattern.rewrite(time.as_bytes(), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        assert_eq!(pattern.length(format!("{time}, and on").as_bytes()), Some(time.len()));
    }

    #[test]
    fn times_are_rewritten_with_the_offset_they_have() {
        gives("%Y-%m-%d %H:%M:%S", "2025-10-10 13:55:36", "2025-10-10T13:55:36");
        gives("%d.%m.%y %T.%3f %z", "10.10.25 13:55:36.120 +0900", "2025-10-10T13:55:36.12+09:00");
        gives("%s", "1760072136", "2025-10-10T04:55:36+00:00");
        gives("%d/%b/%Y", "10/Oct/2025", "2025-10-10T00:00:00");
    }

    #[test]
    fn a_pattern_must_make_a_date() {
        for pattern in ["%H:%M", "%Q", "%", "", "%d/%m"] {
            assert_eq!(Pattern::new(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn patterns_of_java_have_the_same_directives() {
        assert_eq!(
            of_java("yyyy-MM-dd'T'HH:mm:ss.SSSZ").as_deref(),
            Some("%Y-%m-%dT%H:%M:%S.%3f%z")
        );
        assert_eq!(of_java("EEE"), None);
    }
}

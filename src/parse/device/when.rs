//! A time as a server writes it in; one as the columns have it out.
//!
//! ```text
//! Sep  7 20:30:58                    no year: that of the run's date
//! Sep  7 2026 20:30:58.637, Sep  7 20:30:58 2026
//! Mon Sep  7 20:30:58 2026           ctime(3)
//! 9월  7 20:30:58, 9月  7 20:30:58    the same in a Korean or Chinese locale
//! [Sep  7, 2026, 08:30:58 PM UTC]
//! 2026-09-07 20:30:58, 2026-09-07T20:30:58.5+09:00
//! ```
//!
//! What has no offset is the local time of whoever wrote it, and written so. A
//! zone is understood if it is UTC or Korean time: other abbreviations stand for
//! several.
//!
//! Source: RFC 3164, section 4.1.2; RFC 5424, section 6.2.3; ISO C, `asctime`.
//!
//! Not here: which moment a local time is (`protect`).

use std::io::Write as _;

use jiff::civil::Date;

/// A point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When<'a> {
    /// As the columns have it.
    Raw(&'a [u8]),
    /// In other words.
    Told(Told),
    /// Without a year, and there is no date that tells it.
    Yearless,
}

/// A point in time that was taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) date: Date,
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    /// `Z`, `+09:00` or nothing.
    pub(super) offset: &'static str,
}

impl Told {
    /// Writes it in ISO 8601.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        let Told { date, hour, minute, second, offset } = self;
        // Writing to memory does not fail.
        let _ = write!(out, "{date}T{hour:02}:{minute:02}:{second:02}{offset}");
    }
}

/// The time at the start of a line, and how long it is. `date` is that of the
/// run.
pub(super) fn read(line: &[u8], date: Option<Date>) -> Option<(When<'_>, usize)> {
    let mut cursor = Cursor { line, at: 0 };
    let when = match *line.first()? {
        b'[' => cursor.bracketed().map(When::Told),
        b'0'..=b'9' if line.get(4) == Some(&b'-') => cursor.iso().map(When::Raw),
        _ => cursor.asctime(date),
    }?;
    Some((when, cursor.at))
}

/// A place in a line.
struct Cursor<'a> {
    line: &'a [u8],
    at: usize,
}

const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

const DAYS: [&[u8]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.line[self.at..]
    }

    fn skip(&mut self, what: &[u8]) -> Option<()> {
        self.rest().starts_with(what).then(|| self.at += what.len())
    }

    /// Passes over blanks, of which there must be one.
    fn blanks(&mut self) -> Option<()> {
        let blanks = self.rest().iter().take_while(|byte| **byte == b' ').count();
        self.at += blanks;
        (blanks > 0).then_some(())
    }

    fn number(&mut self, least: usize, most: usize) -> Option<u16> {
        let rest = self.rest();
        let digits = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        if digits < least {
            return None;
        }
        self.at += digits;
        let digit = |number: u16, byte: &u8| number * 10 + u16::from(byte - b'0');
        Some(rest[..digits].iter().fold(0, digit))
    }

    fn month(&mut self) -> Option<u16> {
        if let Some(index) = MONTHS.iter().position(|name| self.rest().starts_with(name)) {
            self.at += 3;
            return u16::try_from(index + 1).ok();
        }
        let month = self.number(1, 2)?;
        self.skip("월".as_bytes()).or_else(|| self.skip("月".as_bytes()))?;
        Some(month)
    }

    /// `20:30:58`, with or without a fraction.
    fn clock(&mut self) -> Option<[u16; 3]> {
        let hour = self.number(1, 2)?;
        self.skip(b":")?;
        let minute = self.number(2, 2)?;
        self.skip(b":")?;
        let second = self.number(2, 2)?;
        if let [b'.', b'0'..=b'9', ..] = self.rest() {
            let digits = self.rest()[1..].iter().take_while(|byte| byte.is_ascii_digit());
            self.at += 1 + digits.count();
        }
        Some([hour, minute, second])
    }

    /// A zone behind a blank, and what it means.
    fn zone(&mut self) -> &'static str {
        let zones = [("UTC", "Z"), ("GMT", "Z"), ("KST", "+09:00")];
        for (name, offset) in zones {
            let Some([b' ', rest @ ..]) = self.line.get(self.at..) else { break };
            let Some(rest) = rest.strip_prefix(name.as_bytes()) else { continue };
            if !matches!(rest, [b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z', ..]) {
                self.at += 1 + name.len();
                return offset;
            }
        }
        ""
    }

    /// A year behind a blank.
    fn year(&mut self) -> Option<u16> {
        match self.rest() {
            [b' ', b'1' | b'2', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', rest @ ..]
                if !matches!(
                    rest,
                    [b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b':' | b'-' | b'_', ..]
                ) =>
            {
                self.at += 1;
                self.number(4, 4)
            }
            _ => None,
        }
    }

    /// `[Mon ]Sep  7 [2026 ]20:30:58[ 2026][ UTC]`.
    fn asctime(&mut self, date: Option<Date>) -> Option<When<'a>> {
        if DAYS.iter().any(|name| self.rest().starts_with(name)) {
            self.at += 3;
            self.blanks()?;
        }
        let month = self.month()?;
        self.blanks()?;
        let day = self.number(1, 2)?;
        let before = self.year();
        self.blanks()?;
        let clock = self.clock()?;
        let mut offset = self.zone();
        let year = before.or_else(|| self.year());
        if offset.is_empty() {
            offset = self.zone();
        }
        let date = match (year, date) {
            (Some(year), _) => civil(year, month, day)?,
            (None, Some(date)) => nearest(month, day, date)?,
            (None, None) => return Some(When::Yearless),
        };
        told(date, clock, offset).map(When::Told)
    }

    /// `[Sep  7, 2026, 08:30:58 PM UTC]`.
    fn bracketed(&mut self) -> Option<Told> {
        self.skip(b"[")?;
        let month = self.month()?;
        self.blanks()?;
        let day = self.number(1, 2)?;
        self.skip(b",")?;
        let year = self.year()?;
        self.skip(b",")?;
        self.blanks()?;
        let [hour, minute, second] = self.clock()?;
        let hour = if self.skip(b" PM").is_some() && hour < 12 {
            hour + 12
        } else if self.skip(b" AM").is_some() && hour == 12 {
            0
        } else {
            hour
        };
        let offset = self.zone();
        let end = memchr::memchr(b']', self.rest())?;
        self.at += end + 1;
        told(civil(year, month, day)?, [hour, minute, second], offset)
    }

    /// `2026-09-07 20:30:58` with a fraction or not, and an offset or not.
    fn iso(&mut self) -> Option<&'a [u8]> {
        let year = self.number(4, 4)?;
        self.skip(b"-")?;
        let month = self.number(2, 2)?;
        self.skip(b"-")?;
        let day = self.number(2, 2)?;
        self.skip(b"T").or_else(|| self.skip(b" "))?;
        let clock = self.clock()?;
        told(civil(year, month, day)?, clock, "")?;
        match *self.rest() {
            [b'Z', ..] => self.at += 1,
            [b'+' | b'-', a, b, b':', c, d, ..] if [a, b, c, d].iter().all(u8::is_ascii_digit) => {
                self.at += 6;
            }
            [b'+' | b'-', a, b, c, d, ..] if [a, b, c, d].iter().all(u8::is_ascii_digit) => {
                self.at += 5;
            }
            _ => {}
        }
        Some(&self.line[..self.at])
    }
}

/// The day of that month that is nearest to `date` and not more than a day
/// behind it.
fn nearest(month: u16, day: u16, date: Date) -> Option<Date> {
    /// A leap day may be the last of eight years.
    const YEARS: i16 = 8;
    let last = date.tomorrow().unwrap_or(date);
    let years = (last.year() - YEARS..=last.year()).rev();
    let mut days = years.filter_map(|year| civil(u16::try_from(year).ok()?, month, day));
    days.find(|day| *day <= last)
}

pub(super) fn civil(year: u16, month: u16, day: u16) -> Option<Date> {
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Date::new(i16::try_from(year).ok()?, month, day).ok()
}

pub(super) fn told(date: Date, clock: [u16; 3], offset: &'static str) -> Option<Told> {
    let [hour, minute, second] = clock;
    let fits = hour < 24 && minute < 60 && second <= 60;
    let byte = |number: u16| u8::try_from(number).ok();
    let told =
        Told { date, hour: byte(hour)?, minute: byte(minute)?, second: byte(second)?, offset };
    fits.then_some(told)
}

//! A time as logged in; microseconds since 1970 in UTC, rounded down, out.
//!
//! ```text
//! 10/Oct/2025:13:55:36 +0900      access logs (%t)
//! 2025-10-10 13:55:36             tables; `T` for the blank, a fraction, and
//! 2025-10-10T13:55:36.5+09:00     an offset or `Z` may be there or not
//! 1760072136.5                    seconds since 1970, as many digits as …
//! 1760072136500                   … milliseconds, microseconds, nanoseconds have
//! ```
//!
//! Rounding happens in local time, then the offset is taken off: a day begins
//! at the midnight of the source's zone, or, without one, of whoever wrote the
//! log.
//!
//! Source: Apache HTTP Server 2.4, `mod_log_config`, `%t`; RFC 3339 section
//! 5.6; ISO 8601:2004, section 4.2.3 (`24:00:00`).

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A point in time before rounding: seconds of the local clock since
/// 1970-01-01T00:00:00 on that clock, and what that clock is ahead of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Local {
    /// Seconds of the local clock.
    pub seconds: i64,
    /// Seconds to subtract to get UTC.
    pub offset: i64,
}

impl Local {
    /// Rounds down to `unit` seconds of the local clock and gives microseconds
    /// since 1970 in UTC.
    #[must_use]
    pub fn floor(self, unit: i64) -> i64 {
        (self.seconds - self.seconds.rem_euclid(unit) - self.offset) * 1_000_000
    }
}

/// What a time without an offset means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Nothing: every time has its offset.
    Offset,
    /// UTC.
    Utc,
    /// The local time of the source's zone.
    Local,
}

/// Reads a time, as one of the clock of `zone` if there is one. A time without
/// an offset, and without anything that says what it means, gives `None`, as
/// malformed ones do.
#[must_use]
pub fn read(raw: &[u8], written: Written, zone: Option<&TimeZone>) -> Option<Local> {
    let assumed = match written {
        Written::Utc => Some(&TimeZone::UTC),
        Written::Offset | Written::Local => zone,
    };
    let (local, is_of_zone) = match raw.get(2) {
        Some(b'/') => (clf(raw)?, false),
        _ if raw.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.')) => (epoch(raw)?, false),
        _ => iso(raw, assumed)?,
    };
    match zone {
        Some(zone) if !(is_of_zone && written != Written::Utc) => local.of(zone),
        _ => Some(local),
    }
}

impl Local {
    /// The same moment by the clock of a zone.
    fn of(self, zone: &TimeZone) -> Option<Local> {
        let utc = self.seconds - self.offset;
        let offset = zone.to_offset(jiff::Timestamp::from_second(utc).ok()?);
        let offset = i64::from(offset.seconds());
        Some(Local { seconds: utc + offset, offset })
    }
}

/// A number of seconds since 1970 with or without a fraction, or of their
/// thousandths, millionths or billionths, told apart by their digits: those of
/// every time from 2001 to 2286.
fn epoch(raw: &[u8]) -> Option<Local> {
    let end = raw.iter().position(|&byte| byte == b'.').unwrap_or(raw.len());
    let fraction = raw.get(end + 1..).unwrap_or_default();
    let is_whole = end == raw.len() || !fraction.is_empty();
    let seconds = match (end, digits(&raw[..end])?) {
        (10, number) if is_whole => number,
        (13, number) if end == raw.len() => number / 1_000,
        (16, number) if end == raw.len() => number / 1_000_000,
        (19, number) if end == raw.len() => number / 1_000_000_000,
        _ => return None,
    };
    digits(fraction).map(|_| Local { seconds, offset: 0 })
}

/// `10/Oct/2025:13:55:36 +0900`: 26 bytes, every one in its place.
fn clf(raw: &[u8]) -> Option<Local> {
    let raw: &[u8; 26] = raw.try_into().ok()?;
    let separators = [raw[2], raw[6], raw[11], raw[14], raw[17], raw[20]];
    if separators != *b"//::: " {
        return None;
    }
    let month = month(&raw[3..6])?;
    let year = digits(&raw[7..11])?;
    let day = digits(&raw[0..2])?;
    let clock = clock(digits(&raw[12..14])?, digits(&raw[15..17])?, digits(&raw[18..20])?)?;
    let offset = offset(raw[21], digits(&raw[22..24])?, digits(&raw[24..26])?)?;
    Some(Local { seconds: days(year, month, day)? * 86_400 + clock, offset })
}

/// `2025-10-10 13:55:36` with what may follow; and whether it has no offset, so
/// that it was taken as one of `zone`.
fn iso(raw: &[u8], zone: Option<&TimeZone>) -> Option<(Local, bool)> {
    let (date, rest) = raw.split_at_checked(10)?;
    if date[4] != b'-' || date[7] != b'-' {
        return None;
    }
    let day = days(digits(&date[0..4])?, digits(&date[5..7])?, digits(&date[8..10])?)?;
    let Some((&between, rest)) = rest.split_first() else {
        return local(day * 86_400, zone).map(|local| (local, true));
    };
    if !matches!(between, b' ' | b'T') || rest.len() < 5 || rest[2] != b':' {
        return None;
    }
    let (hour, minute, mut rest) = (digits(&rest[0..2])?, digits(&rest[3..5])?, &rest[5..]);
    let mut second = 0;
    if let Some((b":", after)) = rest.split_at_checked(1) {
        second = digits(after.get(0..2)?)?;
        rest = &after[2..];
        if let Some((b"." | b",", fraction)) = rest.split_at_checked(1) {
            let end =
                fraction.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(fraction.len());
            if end == 0 {
                return None;
            }
            rest = &fraction[end..];
        }
    }
    let seconds = day * 86_400 + clock(hour, minute, second)?;
    match rest {
        [] => local(seconds, zone).map(|local| (local, true)),
        b"Z" => Some((Local { seconds, offset: 0 }, false)),
        [sign, a, b, b':', c, d] | [sign, a, b, c, d] => {
            let offset = offset(*sign, digits(&[*a, *b])?, digits(&[*c, *d])?)?;
            Some((Local { seconds, offset }, false))
        }
        _ => None,
    }
}

/// Looks up what `zone` is ahead of UTC at a local time. A time that a clock
/// change skips or repeats is taken as RFC 5545 does: by the offset before it.
fn local(seconds: i64, zone: Option<&TimeZone>) -> Option<Local> {
    let civil = DateTime::constant(1970, 1, 1, 0, 0, 0, 0)
        .checked_add(jiff::SignedDuration::from_secs(seconds))
        .ok()?;
    let utc = zone?.to_ambiguous_timestamp(civil).compatible().ok()?.as_second();
    Some(Local { seconds, offset: seconds - utc })
}

fn digits(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0i64, |number, byte| match byte {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(i64::from(byte - b'0')),
        _ => None,
    })
}

/// Seconds since midnight. 60 is a leap second and counts as the next one;
/// `24:00:00` is the end of the day.
fn clock(hour: i64, minute: i64, second: i64) -> Option<i64> {
    let is_end = (hour, minute, second) == (24, 0, 0);
    let fits = hour < 24 && minute < 60 && second <= 60 || is_end;
    fits.then_some(hour * 3_600 + minute * 60 + second)
}

fn offset(sign: u8, hours: i64, minutes: i64) -> Option<i64> {
    let seconds = hours * 3_600 + minutes * 60;
    match sign {
        b'+' if minutes < 60 => Some(seconds),
        b'-' if minutes < 60 => Some(-seconds),
        _ => None,
    }
}

fn month(name: &[u8]) -> Option<i64> {
    const NAMES: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let index = NAMES.chunks_exact(3).position(|candidate| candidate == name)?;
    i64::try_from(index + 1).ok()
}

/// Days since 1970-01-01 in the Gregorian calendar.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
/// `days_from_civil`: years begin in March, so that the leap day is the last.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    const LENGTHS: [i64; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = *LENGTHS.get(usize::try_from(month - 1).ok()?)?;
    if day < 1 || day > length || (month == 2 && day == 29 && !is_leap) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seoul() -> TimeZone {
        TimeZone::get("Asia/Seoul").unwrap()
    }

    /// The same moment by the library, as the oracle.
    #[track_caller]
    fn is(raw: &str, unit: i64, expected: &str) {
        let expected: jiff::Timestamp = expected.parse().unwrap();
        let found =
            read(raw.as_bytes(), Written::Local, Some(&seoul())).map(|local| local.floor(unit));
        assert_eq!(found, Some(expected.as_microsecond()), "{raw}");
    }

    #[test]
    fn forms_of_one_moment_agree() {
        for raw in [
            "10/Oct/2025:13:55:36 +0900",
            "10/Oct/2025:08:25:36 +0330",
            "2025-10-10 13:55:36",
            "2025-10-10T13:55:36.123",
            "2025-10-10T04:55:36Z",
            "2025-10-10T04:55:36+0000",
        ] {
            is(raw, 1, "2025-10-10T04:55:36Z");
        }
        is("2025-10-10 13:55", 1, "2025-10-10T04:55:00Z");
        is("2025-10-10", 1, "2025-10-09T15:00:00Z");
    }

    #[test]
    fn a_count_of_seconds_is_read_by_its_digits() {
        for raw in [
            "1760072136",
            "1760072136.123",
            "1760072136123",
            "1760072136123456",
            "1760072136123456789",
        ] {
            is(raw, 1, "2025-10-10T04:55:36Z");
        }
    }

    #[test]
    fn utc_is_rounded_by_the_clock_of_the_zone() {
        let late = read(b"2025-10-10 16:55:36", Written::Utc, Some(&seoul())).unwrap();
        let expected: jiff::Timestamp = "2025-10-10T15:00:00Z".parse().unwrap();
        assert_eq!(late.floor(86_400), expected.as_microsecond());
    }

    /// Berlin, because Seoul has had no summer time since 1988.
    #[test]
    fn summer_time_leap_seconds_and_the_end_of_a_day() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        for (raw, expected) in [
            // Skipped and repeated hours, by the offset before the change.
            ("2025-03-30 02:30:00", "2025-03-30T01:30:00Z"),
            ("2025-10-26 02:30:00", "2025-10-26T00:30:00Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
            ("2025-10-10 24:00:00", "2025-10-10T22:00:00Z"),
        ] {
            let expected: jiff::Timestamp = expected.parse().unwrap();
            let found = read(raw.as_bytes(), Written::Local, Some(&berlin));
            assert_eq!(found.map(|local| local.floor(1)), Some(expected.as_microsecond()), "{raw}");
        }
        // Seoul in the summer of 1988.
        is("1988-07-01 12:00:00", 1, "1988-07-01T02:00:00Z");
    }

    #[test]
    fn days_begin_at_the_local_midnight() {
        is("10/Oct/2025:05:55:36 +0900", 86_400, "2025-10-09T15:00:00Z");
        // The hour of the source's zone, and of the log if it has none.
        is("26/Jan/2019:20:15:25 +0330", 3_600, "2019-01-26T16:00:00Z");
        let logged = read(b"26/Jan/2019:20:15:25 +0330", Written::Offset, None).unwrap();
        let expected: jiff::Timestamp = "2019-01-26T16:30:00Z".parse().unwrap();
        assert_eq!(logged.floor(3_600), expected.as_microsecond());
    }

    #[test]
    fn every_day_of_four_centuries_agrees_with_the_library() {
        let mut date = jiff::civil::date(1800, 1, 1);
        let epoch = jiff::civil::date(1970, 1, 1);
        while date.year() < 2201 {
            let found =
                days(i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
            assert_eq!(found, Some(i64::from(epoch.until(date).unwrap().get_days())));
            date = date.tomorrow().unwrap();
        }
    }

    #[test]
    fn what_is_no_time_gives_none() {
        for raw in [
            "",
            "-",
            "10/Oct/2025:13:55:36",
            "10/Okt/2025:13:55:36 +0900",
            "31/Jun/2025:13:55:36 +0900",
            "29/Feb/2025:13:55:36 +0900",
            "10/Oct/2025:24:00:01 +0900",
            "1760072136.",
            "17600721365",
            "99999999999999999999",
            "10/Oct/2025:13:55:36 0900+",
            "2025-13-01 00:00:00",
            "2025-10-10 1:00:00",
            "2025-10-10 13:55:36 ",
            "2025-10-10T13:55:36.Z",
        ] {
            assert_eq!(read(raw.as_bytes(), Written::Local, Some(&seoul())), None, "{raw}");
        }
        assert_eq!(read(b"2025-10-10 13:55:36", Written::Local, None), None);
    }
}

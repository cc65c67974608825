//! Numbers and times in; how they are written in a table of text out.
//!
//! | value | text |
//! |---|---|
//! | day | `2026-11-20` |
//! | time of a day | `13:05:00` |
//! | time without a zone | `2026-11-20 13:05:00` |
//! | time of a zone | `2026-11-20T04:05:00Z` |
//!
//! A fraction of a second is written if there is one, without zeros at its end.
//!
//! Of a text that makes its row too long anyway only the beginning is taken.
//!
//! Source: RFC 3339; days since 1970 as Howard Hinnant computes them,
//! `chrono-Compatible Low-Level Date Algorithms`.

use std::fmt::Write as _;

use crate::source::LINE_BYTES;

const DAY: i64 = 86_400;

/// Years that are written with four digits.
const YEARS: std::ops::RangeInclusive<i64> = 0..=9999;

/// A day, counted from 1970-01-01. `None` if its year has not four digits.
pub(super) fn day(days: i64, out: &mut String) -> Option<()> {
    let (year, month, day) = civil(days)?;
    let _ = write!(out, "{year:04}-{month:02}-{day:02}");
    Some(())
}

/// A time of a day. `None` if there is no such time.
pub(super) fn clock(seconds: i64, nanos: u32, out: &mut String) -> Option<()> {
    if !(0..DAY).contains(&seconds) {
        return None;
    }
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let _ = write!(out, "{hour:02}:{minute:02}:{second:02}");
    if nanos > 0 {
        let fraction = format!("{nanos:09}");
        let _ = write!(out, ".{}", fraction.trim_end_matches('0'));
    }
    Some(())
}

/// A time, counted from 1970-01-01T00:00:00: of UTC if `is_utc`, else of
/// whichever clock it was read from.
pub(super) fn time(seconds: i64, nanos: u32, is_utc: bool, out: &mut String) -> Option<()> {
    day(seconds.div_euclid(DAY), out)?;
    out.push(if is_utc { 'T' } else { ' ' });
    clock(seconds.rem_euclid(DAY), nanos, out)?;
    if is_utc {
        out.push('Z');
    }
    Some(())
}

/// Units since a point in time as whole seconds and nanoseconds.
pub(super) fn parts(value: i64, per_second: i64) -> (i64, u32) {
    let rest = value.rem_euclid(per_second) * (1_000_000_000 / per_second);
    (value.div_euclid(per_second), u32::try_from(rest).unwrap_or(0))
}

/// A text, or as much of it as shows that it is too long for a row.
pub(super) fn text(value: &str, out: &mut String) {
    out.push_str(&value[..value.floor_char_boundary(LINE_BYTES + char::MAX_LEN_UTF8)]);
}

/// A number as the shortest text that is read as the same one.
pub(super) fn number(value: f64, out: &mut String) {
    // Zero has no sign in a table.
    let _ = write!(out, "{}", value + 0.0);
}

fn civil(days: i64) -> Option<(i64, i64, i64)> {
    /// Days of 400 years.
    const ERA: i64 = 146_097;
    // From the first of March of the year 0.
    let days = days.checked_add(719_468)?;
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (day - day / 1460 + day / 36_524 - day / (ERA - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    YEARS.contains(&year).then_some((year, month, day))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_day_is_the_one_that_the_calendar_has(days in -719_528_i64..2_932_897) {
            let mut text = String::new();
            day(days, &mut text).unwrap();
            let expected = date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            prop_assert_eq!(text, expected.to_string());
        }

        #[test]
        fn a_number_is_read_back_as_itself(number: f64) {
            let mut text = String::new();
            super::number(number, &mut text);
            prop_assert!(number.is_nan() || text.parse() == Ok(number));
        }
    }

    #[test]
    fn times_are_written_as_the_table_says() {
        let time = |value, per_second, is_utc| {
            let ((seconds, nanos), mut text) = (parts(value, per_second), String::new());
            time(seconds, nanos, is_utc, &mut text).map(|()| text)
        };
        assert_eq!(time(0, 1, true).unwrap(), "1970-01-01T00:00:00Z");
        assert_eq!(time(-1, 1000, false).unwrap(), "1969-12-31 23:59:59.999");
        assert_eq!(time(1_500_000, 1_000_000, false).unwrap(), "1970-01-01 00:00:01.5");
        assert_eq!(time(i64::MAX, 1, false), None);
        assert_eq!(time(i64::MIN, 1_000_000_000, true).unwrap(), "1677-09-21T00:12:43.145224192Z");
    }

    #[test]
    fn days_of_years_without_four_digits_are_none() {
        let mut text = String::new();
        assert!(day(2_932_897, &mut text).is_none() && day(-719_529, &mut text).is_none());
        assert!(day(i64::MAX, &mut text).is_none() && day(i64::MIN, &mut text).is_none());
        assert_eq!(text, "");
        number(-0.0, &mut text);
        assert_eq!(text, "0");
    }
}

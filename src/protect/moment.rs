//! A time of a local clock in; a coarser one, its day of the week, its band of
//! hours, or one some weeks away, out.
//!
//! ```text
//! 2025-10-10 13:55:36   floor, month         2025-10-01 00:00:00
//! (a Friday)            weekday              Fri
//!                       HourBand [9, 12, 18] 12-18
//!                       Shift, by 3 weeks    2025-10-31 13:55:36
//! ```
//!
//! Techniques 일반 라운딩(내림), 부분삭제, 범위 방법 and 잡음 추가. All of them
//! look at the local clock alone, so times that show the same date and hour are
//! treated alike. What is given back is a time of that clock, or microseconds in
//! UTC.
//!
//! Where a day, and all that is longer, begins in UTC is looked up in the source's
//! zone, because its clock may have been ahead by something else then. Without a
//! zone it is taken to have been ahead by the same. A beginning that the clock
//! skipped is taken by the offset before the change, one that it showed twice is
//! the first (RFC 5545, section 3.3.5).
//!
//! Source: ISO 8601-1:2019 (weeks begin on Monday); the Gregorian calendar, for
//! all years.
//!
//! Not here: reading times (`notation::time`), keys.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

use super::number::draw;
use super::settings::time::{self as settings, Unit, YearDay};
use crate::notation::time::Local;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// Microseconds since 1970 in UTC at which the clock shows a time; `None` if they
/// are no `i64`.
#[must_use]
pub fn utc(local: Local) -> Option<i64> {
    local.seconds.checked_sub(local.offset)?.checked_mul(1_000_000)
}

/// Rounds down to a unit of the local clock. `None` outside the years from -9999
/// to 9999.
///
/// # Examples
///
/// ```
/// use gamyeong::notation::time::{Written, read};
/// use gamyeong::protect::moment::{floor, utc};
/// use gamyeong::protect::settings::time::Unit;
/// use jiff::tz::TimeZone;
///
/// let seoul = TimeZone::get("Asia/Seoul").unwrap();
/// let local = read(b"2025-10-10 13:55:36", Written::Local, Some(&seoul)).unwrap();
/// let quarter = floor(local, Unit::Quarter, Some(&seoul)).unwrap();
/// // The first of October in Seoul.
/// let expected: jiff::Timestamp = "2025-09-30T15:00:00Z".parse().unwrap();
/// assert_eq!(utc(quarter), Some(expected.as_microsecond()));
/// ```
#[must_use]
pub fn floor(local: Local, unit: Unit, zone: Option<&TimeZone>) -> Option<Local> {
    let to = |length: i64| local.seconds.checked_sub(local.seconds.rem_euclid(length));
    let short = |length| to(length).map(|seconds| Local { seconds, offset: local.offset });
    let seconds = match unit {
        // Within an hour, an hour that is shown twice must stay two.
        Unit::Minute => return short(60),
        Unit::TenMinutes => return short(600),
        Unit::QuarterHour => return short(900),
        Unit::HalfHour => return short(1_800),
        Unit::Hour => return short(HOUR),
        Unit::QuarterDay => to(6 * HOUR)?,
        Unit::Day => to(DAY)?,
        Unit::Week => to(DAY)?.checked_sub(days_since_monday(local.seconds) * DAY)?,
        Unit::Month => first_of(local, |month| month)?,
        Unit::Quarter => first_of(local, |month| (month - 1) / 3 * 3 + 1)?,
        Unit::Year => first_of(local, |_| 1)?,
    };
    on_the_clock(seconds, local.offset, zone)
}

/// The day of the week, in three letters of ISO English: `Mon` to `Sun`.
#[must_use]
pub fn weekday(local: Local) -> &'static str {
    match days_since_monday(local.seconds) {
        0 => "Mon",
        1 => "Tue",
        2 => "Wed",
        3 => "Thu",
        4 => "Fri",
        5 => "Sat",
        _ => "Sun",
    }
}

/// Bands of hours and their names.
///
/// A band is named by the hour at which it begins and that at which the next one
/// does, `09-12`: 12:00:00 is not in it. The last one ends with the day, `22-24`,
/// or over midnight where the first begins, `22-06`.
#[derive(Debug, Clone)]
pub struct HourBand {
    /// By hour, 24 of them.
    names: Vec<String>,
}

impl HourBand {
    /// Prepares the names.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::notation::time::Local;
    /// use gamyeong::protect::moment::HourBand;
    ///
    /// let bands = HourBand::new(&toml::from_str("bounds = [9, 12, 18]").unwrap());
    /// let at = |hour: i64| bands.name(Local { seconds: hour * 3_600, offset: 0 }).to_owned();
    /// assert_eq!([at(9), at(12), at(23), at(3)], ["09-12", "12-18", "18-09", "18-09"]);
    /// ```
    #[must_use]
    pub fn new(settings: &settings::HourBand) -> Self {
        let hours = settings.bounds.hours();
        let first = hours.first().copied().unwrap_or(0);
        let last = hours.last().copied().unwrap_or(0);
        let names = (0..24).map(|hour| {
            let (before, after) = hours.split_at(hours.partition_point(|&bound| bound <= hour));
            let begin = before.last().copied().unwrap_or(last);
            let end = match after.first() {
                // Before the first one it is still the last band of the night before.
                Some(&end) => end,
                None if first == 0 => 24,
                None => first,
            };
            format!("{begin:02}-{end:02}")
        });
        Self { names: names.collect() }
    }

    /// The name of the band of a time.
    #[must_use]
    pub fn name(&self, local: Local) -> &str {
        let hour = usize::try_from(local.seconds.rem_euclid(DAY) / HOUR).unwrap_or(0);
        self.names.get(hour).map_or("", String::as_str)
    }
}

/// Moves the times of a subject by whole weeks.
///
/// All times of a subject in one term move by the same number of weeks, drawn from
/// those that keep all of them in the term. So the day of the week, the time of
/// day, the order and the distances in time within a term stay, and nothing
/// leaves its term. That takes the first and the last time of the subject in the
/// term, an [`Extent`]: a subject with times in the first and in the last week of
/// a term stays where it is.
///
/// Without terms, all times are of one term that does not end.
#[derive(Debug, Clone)]
pub struct Shift {
    weeks: i64,
    terms: Vec<YearDay>,
}

/// A term: seconds of the local clock since 1970 on that clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Its first second.
    pub begin: i64,
    /// The first second of the next.
    pub end: i64,
}

/// From the first to the last time of a subject in a term, in seconds of the
/// local clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    first: i64,
    last: i64,
}

impl Shift {
    /// Takes over the settings.
    #[must_use]
    pub fn new(settings: &settings::Shift) -> Self {
        let terms = settings.terms.as_ref().map(|terms| terms.days().to_vec());
        Self { weeks: settings.weeks.weeks(), terms: terms.unwrap_or_default() }
    }

    /// Whether terms are kept, so that extents must be known before times move.
    #[must_use]
    pub fn keeps_terms(&self) -> bool {
        !self.terms.is_empty()
    }

    /// The term of a time. `None` if it does not lie within the years from -9999
    /// to 9999.
    #[must_use]
    pub fn term(&self, local: Local) -> Option<Term> {
        let (Some(&first), Some(&last)) = (self.terms.first(), self.terms.last()) else {
            return Some(Term { begin: i64::MIN, end: i64::MAX });
        };
        let date = date_time(local.seconds)?.date();
        let today = (date.month(), date.day());
        let passed = self.terms.partition_point(|term| (term.month(), term.day()) <= today);
        let (before, after) = self.terms.split_at(passed);
        let begin = match before.last() {
            Some(&term) => day_of(date.year(), term)?,
            None => day_of(date.year() - 1, last)?,
        };
        let end = match after.first() {
            Some(&term) => day_of(date.year(), term)?,
            None => day_of(date.year() + 1, first)?,
        };
        Some(Term { begin, end })
    }

    /// The numbers of weeks by which all times of an extent may move without
    /// leaving the term. 0 is among them; it is the only one for those whose
    /// extent is nearly as long as the term.
    #[must_use]
    pub fn choices(&self, term: Term, extent: Extent) -> RangeInclusive<i64> {
        let back = extent.first.saturating_sub(term.begin) / WEEK;
        let ahead = term.end.saturating_sub(1).saturating_sub(extent.last) / WEEK;
        -back.clamp(0, self.weeks)..=ahead.clamp(0, self.weeks)
    }

    /// By how many weeks the times of a subject in a term move: one of
    /// [`Shift::choices`], each equally likely. Another term has another draw.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::notation::time::Local;
    /// use gamyeong::protect::moment::{Extent, Shift, moved, weekday};
    ///
    /// let text = "weeks = 8\nkeep = 'term'\nterms = ['03-01', '09-01']";
    /// let shift = Shift::new(&toml::from_str(text).unwrap());
    /// let kim = [7; 32];
    /// let on = |day: i64| Local { seconds: day * 86_400, offset: 0 };
    /// // 10 and 16 March 1970
    /// let (first, last) = (on(68), on(74));
    /// let (term, extent) = (shift.term(first).unwrap(), Extent::of(first).with(last));
    /// assert_eq!(shift.choices(term, extent), -1..=8);
    /// let weeks = shift.weeks(&kim, term, extent);
    /// let after = moved(first, weeks, None).unwrap();
    /// assert_eq!(shift.term(after), Some(term));
    /// assert_eq!(weekday(after), weekday(first));
    /// ```
    #[must_use]
    pub fn weeks(&self, draw: &[u8; 32], term: Term, extent: Extent) -> i64 {
        let choices = self.choices(term, extent);
        let number = choices.end().abs_diff(*choices.start()) + 1;
        let chosen = draw::below(&draw::derived(draw, term.begin), number);
        choices.start().saturating_add_unsigned(chosen)
    }
}

impl Extent {
    /// Of one time.
    #[must_use]
    pub fn of(local: Local) -> Self {
        Self { first: local.seconds, last: local.seconds }
    }

    /// With another time.
    #[must_use]
    pub fn with(self, local: Local) -> Self {
        Self { first: self.first.min(local.seconds), last: self.last.max(local.seconds) }
    }
}

/// The time at which the clock shows the same hour on the same day of the week,
/// so many weeks later. `None` outside the years from -9999 to 9999.
///
/// What the clock shows is always exact. Where the zone skips that hour, the UTC
/// that belongs to it is an hour later.
#[must_use]
pub fn moved(local: Local, weeks: i64, zone: Option<&TimeZone>) -> Option<Local> {
    if weeks == 0 {
        return Some(local);
    }
    let seconds = local.seconds.checked_add(weeks.checked_mul(WEEK)?)?;
    on_the_clock(seconds, local.offset, zone)
}

/// A time of the clock with what the clock is ahead then: by the zone, or else
/// as given.
fn on_the_clock(seconds: i64, offset: i64, zone: Option<&TimeZone>) -> Option<Local> {
    let shown = date_time(seconds)?;
    let Some(zone) = zone else { return Some(Local { seconds, offset }) };
    let utc = zone.to_ambiguous_timestamp(shown).compatible().ok()?.as_second();
    Some(Local { seconds, offset: seconds - utc })
}

/// The first second of a month of the same year.
fn first_of(local: Local, month: impl Fn(i8) -> i8) -> Option<i64> {
    let date = date_time(local.seconds)?.date();
    midnight(Date::new(date.year(), month(date.month()), 1).ok()?)
}

fn day_of(year: i16, day: YearDay) -> Option<i64> {
    midnight(Date::new(year, day.month(), day.day()).ok()?)
}

/// Day 0 was a Thursday.
fn days_since_monday(seconds: i64) -> i64 {
    (seconds.div_euclid(DAY) + 3).rem_euclid(7)
}

/// Date and time of so many seconds of a clock: those of UTC have as many.
fn date_time(seconds: i64) -> Option<DateTime> {
    Timestamp::from_second(seconds).ok().map(|moment| Offset::UTC.to_datetime(moment))
}

fn midnight(date: Date) -> Option<i64> {
    let midnight = DateTime::from_parts(date, Time::midnight());
    Offset::UTC.to_timestamp(midnight).ok().map(Timestamp::as_second)
}

#[cfg(test)]
mod tests;

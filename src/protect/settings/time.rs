//! Settings of the techniques on times, as a rule of `[source.fields]` has them.
//!
//! ```toml
//! round = "month"
//! weekday = "name"
//! hour_band = { bounds = [0, 6, 9, 12, 18, 22] }
//! shift = { weeks = 8, keep = "term", terms = ["03-01", "06-22", "09-01", "12-21"] }
//! ```
//!
//! Not here: what the techniques do (`protect::moment`).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// Technique 일반 라운딩: the unit a time is rounded down to, in local time.
///
/// The long units are words, so that a month cannot be mistaken for a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Unit {
    /// One minute.
    #[serde(rename = "1m")]
    Minute,
    /// Ten minutes.
    #[serde(rename = "10m")]
    TenMinutes,
    /// A quarter of an hour.
    #[serde(rename = "15m")]
    QuarterHour,
    /// Half an hour.
    #[serde(rename = "30m")]
    HalfHour,
    /// One hour.
    #[serde(rename = "1h")]
    Hour,
    /// A quarter of a day, from midnight.
    #[serde(rename = "6h")]
    QuarterDay,
    /// One calendar day.
    #[serde(rename = "1d")]
    Day,
    /// A week from Monday (ISO 8601).
    #[serde(rename = "week")]
    Week,
    /// A calendar month.
    #[serde(rename = "month")]
    Month,
    /// Three months from January, April, July or October.
    #[serde(rename = "quarter")]
    Quarter,
    /// A calendar year.
    #[serde(rename = "year")]
    Year,
}

/// Technique 부분삭제: what is kept of a time's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// The day of the week, `Mon` to `Sun`.
    Name,
}

/// Technique 범위 방법: a time becomes the band of hours it lies in, such as
/// `09-12`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HourBand {
    /// Hours at which bands begin. What lies before the first belongs to the
    /// last, over midnight.
    pub bounds: Hours,
}

/// From 2 to 24 hours of a day, from 0 to 23, each later than the one before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<u32>")]
#[schemars(extend(
    "items" = {"type": "integer", "minimum": 0, "maximum": 23},
    "minItems" = 2,
    "maxItems" = 24
))]
pub struct Hours(Vec<u32>);

/// Technique 잡음 추가: all times of one subject move by the same number of whole
/// weeks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "ShiftKeys")]
#[schemars(with = "ShiftKeys")]
pub struct Shift {
    /// How far at most.
    pub weeks: Weeks,
    /// Terms that no time leaves.
    pub terms: Option<Terms>,
}

/// `shift`, as written.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ShiftKeys {
    /// How many weeks at most, forwards or backwards: from 1 to 52.
    weeks: Weeks,
    /// What no time leaves.
    keep: Option<Kept>,
    /// Of `keep = "term"`: days on which terms begin, every year. The last one
    /// lasts until the first of the next year.
    terms: Option<Terms>,
}

/// What no time leaves.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kept {
    /// 학기: one of `terms`.
    Term,
}

/// From 1 to 52 weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
#[schemars(extend("minimum" = 1, "maximum" = 52))]
pub struct Weeks(u32);

/// From 1 to 12 days of the year, each later than the one before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<YearDay>")]
#[schemars(extend("minItems" = 1, "maxItems" = 12))]
pub struct Terms(Vec<YearDay>);

/// A day that every year has, written `MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(extend("pattern" = "^[0-9]{2}-[0-9]{2}$"))]
pub struct YearDay {
    month: i8,
    day: i8,
}

/// A setting that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Senseless {
    #[error("there are {0} hours, must be from 2 to 24")]
    HoursNumber(usize),
    #[error("hour is {0}, must be from 0 to 23")]
    Hour(u32),
    #[error("hours must ascend, {1} follows {0}")]
    HoursOrder(u32, u32),
    #[error("weeks are {0}, must be from 1 to 52")]
    Weeks(u32),
    #[error("`terms` is missing, `keep = \"term\"` needs it")]
    NoTerms,
    #[error("`terms` is given without `keep = \"term\"`")]
    NoKeep,
    #[error("there are {0} terms, must be from 1 to 12")]
    TermsNumber(usize),
    #[error("terms must begin one after the other, {1} follows {0}")]
    TermsOrder(String, String),
    #[error("day is `{0}`, must be one that every year has, such as `03-01`")]
    YearDay(String),
}

impl TryFrom<Vec<u32>> for Hours {
    type Error = Senseless;

    fn try_from(hours: Vec<u32>) -> Result<Self, Senseless> {
        if !(2..=24).contains(&hours.len()) {
            return Err(Senseless::HoursNumber(hours.len()));
        }
        if let Some(&hour) = hours.iter().find(|&&hour| hour > 23) {
            return Err(Senseless::Hour(hour));
        }
        let mut pairs = hours.iter().zip(hours.iter().skip(1));
        match pairs.find(|(before, after)| before >= after) {
            Some((&before, &after)) => Err(Senseless::HoursOrder(before, after)),
            None => Ok(Self(hours)),
        }
    }
}

impl TryFrom<ShiftKeys> for Shift {
    type Error = Senseless;

    fn try_from(keys: ShiftKeys) -> Result<Self, Senseless> {
        let ShiftKeys { weeks, keep, terms } = keys;
        match (keep, &terms) {
            (Some(Kept::Term), None) => Err(Senseless::NoTerms),
            (None, Some(_)) => Err(Senseless::NoKeep),
            (Some(Kept::Term), Some(_)) | (None, None) => Ok(Self { weeks, terms }),
        }
    }
}

impl TryFrom<u32> for Weeks {
    type Error = Senseless;

    fn try_from(weeks: u32) -> Result<Self, Senseless> {
        if (1..=52).contains(&weeks) { Ok(Self(weeks)) } else { Err(Senseless::Weeks(weeks)) }
    }
}

impl TryFrom<Vec<YearDay>> for Terms {
    type Error = Senseless;

    fn try_from(days: Vec<YearDay>) -> Result<Self, Senseless> {
        if !(1..=12).contains(&days.len()) {
            return Err(Senseless::TermsNumber(days.len()));
        }
        let mut pairs = days.iter().zip(days.iter().skip(1));
        match pairs.find(|(before, after)| before >= after) {
            Some((before, after)) => Err(Senseless::TermsOrder(before.text(), after.text())),
            None => Ok(Self(days)),
        }
    }
}

impl TryFrom<String> for YearDay {
    type Error = Senseless;

    fn try_from(text: String) -> Result<Self, Senseless> {
        let Some(day) = Self::read(text.as_bytes()) else { return Err(Senseless::YearDay(text)) };
        Ok(day)
    }
}

impl YearDay {
    fn read(text: &[u8]) -> Option<Self> {
        let &[a, b, b'-', c, d] = text else { return None };
        let number = |tens: u8, ones: u8| {
            let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
            is_number.then(|| (tens - b'0') * 10 + (ones - b'0')).and_then(|n| i8::try_from(n).ok())
        };
        let (month, day) = (number(a, b)?, number(c, d)?);
        // 2001 had no 29 February.
        Date::new(2001, month, day).ok().map(|_| Self { month, day })
    }

    fn text(self) -> String {
        format!("{:02}-{:02}", self.month, self.day)
    }

    /// From 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.month
    }

    /// From 1 to the last that every year has.
    #[must_use]
    pub fn day(self) -> i8 {
        self.day
    }
}

impl Unit {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "1m",
            Self::TenMinutes => "10m",
            Self::QuarterHour => "15m",
            Self::HalfHour => "30m",
            Self::Hour => "1h",
            Self::QuarterDay => "6h",
            Self::Day => "1d",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

impl Hours {
    /// From 2 to 24 hours, ascending.
    #[must_use]
    pub fn hours(&self) -> &[u32] {
        &self.0
    }
}

impl Weeks {
    /// From 1 to 52.
    #[must_use]
    pub fn weeks(self) -> i64 {
        i64::from(self.0)
    }
}

impl Terms {
    /// At least one, ascending.
    #[must_use]
    pub fn days(&self) -> &[YearDay] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused<T: serde::de::DeserializeOwned + std::fmt::Debug>(text: &str, expected: &Senseless) {
        let message = toml::from_str::<T>(text).unwrap_err().message().to_owned();
        assert_eq!(message, expected.to_string(), "{text}");
    }

    #[derive(Debug, Deserialize)]
    struct OfUnit {
        round: Unit,
    }

    #[test]
    fn what_makes_sense_is_read() {
        let band: HourBand = toml::from_str("bounds = [0, 6, 9, 12, 18, 22]").unwrap();
        assert_eq!(band.bounds.hours(), [0, 6, 9, 12, 18, 22]);
        let shift: Shift = toml::from_str("weeks = 8").unwrap();
        assert_eq!((shift.weeks.weeks(), shift.terms), (8, None));
        let shift: Shift =
            toml::from_str("weeks = 8\nkeep = 'term'\nterms = ['03-01', '12-21']").unwrap();
        let days: Vec<_> =
            shift.terms.unwrap().days().iter().map(|day| (day.month(), day.day())).collect();
        assert_eq!(days, [(3, 1), (12, 21)]);
        for unit in
            ["1m", "10m", "15m", "30m", "1h", "6h", "1d", "week", "month", "quarter", "year"]
        {
            let read: OfUnit = toml::from_str(&format!("round = '{unit}'")).unwrap();
            assert_eq!(read.round.name(), unit);
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        refused::<HourBand>("bounds = [0]", &Senseless::HoursNumber(1));
        refused::<HourBand>("bounds = [0, 24]", &Senseless::Hour(24));
        refused::<HourBand>("bounds = [6, 6]", &Senseless::HoursOrder(6, 6));
        refused::<Shift>("weeks = 0", &Senseless::Weeks(0));
        refused::<Shift>("weeks = 1\nkeep = 'term'", &Senseless::NoTerms);
        refused::<Shift>("weeks = 1\nterms = ['03-01']", &Senseless::NoKeep);
        let of_terms = |terms: &str| format!("weeks = 1\nkeep = 'term'\nterms = {terms}");
        refused::<Shift>(&of_terms("[]"), &Senseless::TermsNumber(0));
        let order = Senseless::TermsOrder("09-01".to_owned(), "03-01".to_owned());
        refused::<Shift>(&of_terms("['09-01', '03-01']"), &order);
        for day in ["02-29", "13-01", "3-1", "03-01 ", "00-10", "학기"] {
            refused::<Shift>(&of_terms(&format!("['{day}']")), &Senseless::YearDay(day.to_owned()));
        }
    }

    #[test]
    fn the_schema_is_that_of_what_is_written() {
        let text = serde_json::to_string(&schemars::schema_for!(Shift)).unwrap();
        for part in ["\"keep\"", "\"pattern\"", "\"maxItems\":12", "\"maximum\":52"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let text = serde_json::to_string(&schemars::schema_for!(HourBand)).unwrap();
        assert!(text.contains("\"maximum\":23"), "{text}");
    }
}

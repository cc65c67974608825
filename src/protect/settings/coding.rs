//! `coding` of a rule of `[source.fields]`: how the ends of a distribution are
//! capped.
//!
//! ```toml
//! coding = { bottom = { value = 20, outside = "blank" }, top = { value = 80 } }
//! coding = { top = { percentile = 99.5, least = 5 } }
//! coding = { bottom = { sigma = 3 }, top = { sigma = 3 } }
//! ```
//!
//! Not here: where the limits of a distribution lie (`protect::number::coding`).

use schemars::JsonSchema;
use serde::Deserialize;

use super::number::Rows;

/// Technique 상하단코딩: the ends of a distribution are capped.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "CodingKeys")]
#[schemars(with = "CodingKeys")]
pub struct Coding {
    /// The lower end.
    pub bottom: Option<Tail>,
    /// The upper end.
    pub top: Option<Tail>,
}

/// `coding`, as written: one end at least.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CodingKeys {
    /// The lower end. As it is if absent.
    bottom: Option<Tail>,
    /// The upper end. As it is if absent.
    top: Option<Tail>,
}

/// One end of a distribution: where it begins and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "TailKeys")]
#[schemars(with = "TailKeys")]
pub struct Tail {
    /// The last number that is not capped.
    pub limit: Limit,
    /// What becomes of those beyond.
    pub outside: Outside,
}

/// Where an end of a distribution begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Beyond this number.
    Value(i64),
    /// Beyond this percentile.
    Percentile(Percentile),
    /// More than so many standard deviations from the mean.
    Sigma(Sigma),
}

/// What becomes of the numbers beyond a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// They become the limit.
    Bound {
        /// The limit moves inwards until so many rows have it; 0 if it stays.
        least: u64,
    },
    /// 로컬 삭제: they become null.
    Blank,
}

/// `bottom` or `top`, as written: one of `value`, `percentile` and `sigma`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TailKeys {
    /// The limit itself.
    value: Option<i64>,
    /// The limit is the number at this percentile, by nearest rank.
    percentile: Option<Percentile>,
    /// The limit is so many standard deviations from the mean.
    sigma: Option<Sigma>,
    /// What becomes of numbers beyond the limit. `bound` if absent.
    #[serde(default)]
    outside: OutsideWord,
    /// Of `bound` alone: the limit moves inwards until at least so many rows
    /// have it. It stays where it is if absent, however few they are.
    least: Option<Rows>,
}

/// What becomes of numbers beyond the limit.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum OutsideWord {
    /// They become the limit.
    #[default]
    Bound,
    /// 로컬 삭제: they become null.
    Blank,
}

/// From 0.1 to 99.9 in steps of a tenth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(try_from = "f64")]
#[schemars(extend("minimum" = 0.1, "maximum" = 99.9))]
pub struct Percentile(u16);

/// From 1 to 10 standard deviations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
#[schemars(extend("minimum" = 1, "maximum" = 10))]
pub struct Sigma(u32);

/// A setting of `coding` that makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Senseless {
    #[error("coding needs `bottom` or `top`")]
    NoTail,
    #[error("bottom coding must end below the beginning of top coding")]
    TailsCross,
    #[error("a tail needs one of `value`, `percentile` and `sigma`")]
    LimitForm,
    #[error("`least` is given, `outside = \"blank\"` has none")]
    Least,
    #[error("percentile is {0}, must be from 0.1 to 99.9 in steps of 0.1")]
    Percentile(f64),
    #[error("sigma is {0}, must be from 1 to 10")]
    Sigma(u32),
}

impl TryFrom<CodingKeys> for Coding {
    type Error = Senseless;

    fn try_from(keys: CodingKeys) -> Result<Self, Senseless> {
        let CodingKeys { bottom, top } = keys;
        let is_crossed = match (bottom.map(|tail| tail.limit), top.map(|tail| tail.limit)) {
            (None, None) => return Err(Senseless::NoTail),
            (Some(Limit::Value(bottom)), Some(Limit::Value(top))) => bottom >= top,
            (Some(Limit::Percentile(bottom)), Some(Limit::Percentile(top))) => bottom >= top,
            // The others are known when the distribution is.
            _ => false,
        };
        if is_crossed { Err(Senseless::TailsCross) } else { Ok(Self { bottom, top }) }
    }
}

impl TryFrom<TailKeys> for Tail {
    type Error = Senseless;

    fn try_from(keys: TailKeys) -> Result<Self, Senseless> {
        let limit = match (keys.value, keys.percentile, keys.sigma) {
            (Some(value), None, None) => Limit::Value(value),
            (None, Some(percentile), None) => Limit::Percentile(percentile),
            (None, None, Some(sigma)) => Limit::Sigma(sigma),
            _ => return Err(Senseless::LimitForm),
        };
        let outside = match (keys.outside, keys.least) {
            (OutsideWord::Bound, least) => Outside::Bound { least: least.map_or(0, Rows::rows) },
            (OutsideWord::Blank, None) => Outside::Blank,
            (OutsideWord::Blank, Some(_)) => return Err(Senseless::Least),
        };
        Ok(Self { limit, outside })
    }
}

impl TryFrom<f64> for Percentile {
    type Error = Senseless;

    /// Division is rounded correctly by IEEE 754, as reading a decimal is: so
    /// `99.9` and `999.0 / 10.0` are the same bits, on every machine.
    fn try_from(percentile: f64) -> Result<Self, Senseless> {
        let found = (1..=999u16).find(|&tenths| {
            let exact = f64::from(tenths) / 10.0;
            exact.to_bits() == percentile.to_bits()
        });
        found.map(Self).ok_or(Senseless::Percentile(percentile))
    }
}

impl TryFrom<u32> for Sigma {
    type Error = Senseless;

    fn try_from(sigma: u32) -> Result<Self, Senseless> {
        if (1..=10).contains(&sigma) { Ok(Self(sigma)) } else { Err(Senseless::Sigma(sigma)) }
    }
}

impl Percentile {
    /// Thousandths, from 1 to 999.
    #[must_use]
    pub fn thousandths(self) -> u16 {
        self.0
    }
}

impl Sigma {
    /// From 1 to 10.
    #[must_use]
    pub fn deviations(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Coding, toml::de::Error> {
        toml::from_str(text)
    }

    #[track_caller]
    fn refused(text: &str, expected: Senseless) {
        let message = read(text).unwrap_err().message().to_owned();
        assert_eq!(message, expected.to_string(), "{text}");
    }

    #[test]
    fn ends_are_independent() {
        let coding =
            read("bottom = { value = 20, outside = 'blank' }\ntop = { value = 80 }").unwrap();
        let bottom = Tail { limit: Limit::Value(20), outside: Outside::Blank };
        let top = Tail { limit: Limit::Value(80), outside: Outside::Bound { least: 0 } };
        assert_eq!(coding, Coding { bottom: Some(bottom), top: Some(top) });
        let coding = read("top = { sigma = 3, least = 5 }").unwrap();
        let limit = Limit::Sigma(Sigma::try_from(3).unwrap());
        let top = Tail { limit, outside: Outside::Bound { least: 5 } };
        assert_eq!(coding, Coding { bottom: None, top: Some(top) });
    }

    #[test]
    fn every_tenth_of_a_percent_is_read() {
        for tenths in 1..1_000u16 {
            let text = format!("{}.{}", tenths / 10, tenths % 10);
            let coding = read(&format!("top = {{ percentile = {text} }}")).unwrap();
            let limit = coding.top.map(|tail| tail.limit);
            assert_eq!(limit, Some(Limit::Percentile(Percentile(tenths))), "{text}");
        }
        let coding = read("top = { percentile = 99 }").unwrap();
        assert_eq!(coding.top.map(|tail| tail.limit), Some(Limit::Percentile(Percentile(990))));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        refused("", Senseless::NoTail);
        refused("bottom = { value = 80 }\ntop = { value = 80 }", Senseless::TailsCross);
        refused("bottom = { percentile = 99 }\ntop = { percentile = 1 }", Senseless::TailsCross);
        refused("top = {}", Senseless::LimitForm);
        refused("top = { value = 1, sigma = 3 }", Senseless::LimitForm);
        refused("top = { value = 1, outside = 'blank', least = 5 }", Senseless::Least);
        for percentile in [0.0, 100.0, 99.95, -1.0] {
            let text = format!("top = {{ percentile = {percentile:?} }}");
            refused(&text, Senseless::Percentile(percentile));
        }
        assert!(read("top = { percentile = nan }").is_err());
        refused("top = { sigma = 0 }", Senseless::Sigma(0));
        refused("top = { sigma = 11 }", Senseless::Sigma(11));
        assert!(read("top = { value = 1, limit = 2 }").is_err());
        assert!(read("middle = { value = 1 }").is_err());
    }
}

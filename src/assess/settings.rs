//! `[assess]` of a pipeline file: thresholds that a release must meet.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// Thresholds that a release must meet.
///
/// There is no default: a pipeline that leaves one out is refused, because
/// whoever is responsible for the release has to have chosen the number.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The pseudonym column that tells persons (정보주체) apart. Rows where it
    /// is null count as rows and as no person.
    pub subject: String,

    /// Columns an outsider could know about a person (준식별자). At least one:
    /// with none, all rows are equivalent and every table passes.
    pub quasi_identifiers: Columns,

    /// Columns an intruder wants to learn (민감 속성). They are recorded as
    /// such; this release measures no diversity of them yet.
    #[serde(default)]
    pub sensitive: Vec<String>,

    /// Least number of rows that must share each combination of
    /// quasi-identifiers. 2 or more: 1 holds for every table.
    ///
    /// Raising it makes single rows harder to point at and the output smaller.
    pub k_min: KMin,

    /// Least number of different persons that must share each combination of
    /// quasi-identifiers. One person with many rows satisfies `k_min` alone.
    pub k_persons_min: KMin,

    /// Largest share of rows, from 0 to 1, that may be suppressed to reach
    /// these thresholds. Above it the run is refused instead, so that a
    /// release does not silently become a different population.
    pub max_suppressed: Share,

    /// Text columns whose values must each be seen from at least this many
    /// persons (특이정보); a rarer value is blanked.
    #[serde(default)]
    pub value_persons_min: BTreeMap<String, KMin>,
}

/// A `k` that means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
#[schemars(extend("minimum" = 2))]
pub struct KMin(u32);

/// A number from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(try_from = "f64")]
#[schemars(extend("minimum" = 0, "maximum" = 1))]
pub struct Share(f64);

/// One or more column names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<String>")]
#[schemars(extend("minItems" = 1))]
pub struct Columns(Vec<String>);

/// A value that has the right type and makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Senseless {
    #[error("`k` is {0}, must be 2 or more")]
    K(u32),
    #[error("share is {0}, must be from 0 to 1")]
    Share(f64),
    #[error("no column named, at least one is needed")]
    Columns,
}

impl TryFrom<u32> for KMin {
    type Error = Senseless;

    fn try_from(k: u32) -> Result<Self, Senseless> {
        if k < 2 { Err(Senseless::K(k)) } else { Ok(Self(k)) }
    }
}

impl TryFrom<f64> for Share {
    type Error = Senseless;

    fn try_from(share: f64) -> Result<Self, Senseless> {
        if (0.0..=1.0).contains(&share) { Ok(Self(share)) } else { Err(Senseless::Share(share)) }
    }
}

impl TryFrom<Vec<String>> for Columns {
    type Error = Senseless;

    fn try_from(names: Vec<String>) -> Result<Self, Senseless> {
        if names.is_empty() { Err(Senseless::Columns) } else { Ok(Self(names)) }
    }
}

impl KMin {
    /// The number, for comparison with a count.
    #[must_use]
    pub fn count(self) -> u64 {
        u64::from(self.0)
    }
}

impl Share {
    /// The share in parts per million, rounded down: records hold no floats.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 1, so the product is from 0 to 1,000,000"
    )]
    pub fn parts_per_million(self) -> u64 {
        (self.0 * 1_000_000.0).floor() as u64
    }

    /// True if `part` of `whole` is at most this share.
    #[must_use]
    pub fn allows(self, part: u64, whole: u64) -> bool {
        u128::from(part) * 1_000_000 <= u128::from(self.parts_per_million()) * u128::from(whole)
    }
}

/// A share in words: `1.5 %`.
#[must_use]
pub fn percent(parts_per_million: u64) -> String {
    let (whole, rest) = (parts_per_million / 10_000, parts_per_million % 10_000);
    let rest = format!("{rest:04}");
    match rest.trim_end_matches('0') {
        "" => format!("{whole} %"),
        rest => format!("{whole}.{rest} %"),
    }
}

impl Columns {
    /// The names, in the order written.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }
}

//! `sample` and `drop_rows` of a source: which rows stay.

use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Senseless;
use super::coding::Sigma;
use crate::protect::number::outlier;

/// Technique 표본추출: of every so many persons one stays, with all of their rows. Who
/// that is depends on the key: nobody knows of anybody whether they are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Of how many persons one stays, on average: 2 or more.
    pub one_in: OneIn,
}

/// 2 or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
#[schemars(extend("minimum" = 2))]
pub struct OneIn(u32);

/// Technique 행 항목 삭제: rows go that have such a value in a column. Bounds are for
/// whole numbers as they are read, `values` for texts as the technique makes them; of a
/// `path` that is learned, for paths.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropRows {
    /// Numbers below this go.
    pub below: Option<i64>,
    /// Numbers above this go.
    pub above: Option<i64>,
    /// Numbers go that are further from the mean than so many standard deviations
    /// (3시그마 규칙), from 1 to 10.
    pub sigma: Option<Sigma>,
    /// These texts go.
    #[serde(default)]
    pub values: Vec<String>,
}

impl Sample {
    /// True if a person with this draw, 32 random bytes, is in the sample.
    #[must_use]
    pub fn takes(self, draw: &[u8; 32]) -> bool {
        let drawn = draw.first_chunk::<8>().copied().map_or(0, u64::from_le_bytes);
        drawn < u64::MAX / u64::from(self.one_in.0)
    }

    /// Of how many persons one stays.
    #[must_use]
    pub fn one_in(self) -> u32 {
        self.one_in.0
    }
}

impl DropRows {
    /// Numbers that stay. `numbers` are the distinct ones, with their rows.
    #[must_use]
    pub fn tails(&self, numbers: &[i64], rows: &[u64]) -> RangeInclusive<i64> {
        let (mut low, mut high) = (i64::MIN, i64::MAX);
        if let Some(sigma) = self.sigma {
            let there = numbers.iter().copied().zip(rows.iter().copied());
            let mut there: Vec<_> = there.filter(|(_, rows)| *rows > 0).collect();
            there.sort_unstable();
            (low, high) = outlier::bounds(&there, sigma);
        }
        low = low.max(self.below.unwrap_or(i64::MIN));
        high = high.min(self.above.unwrap_or(i64::MAX));
        low..=high
    }

    /// Its parameters in words.
    #[must_use]
    pub fn parameters(&self) -> String {
        let mut words = Vec::new();
        words.extend(self.below.map(|below| format!("below={below}")));
        words.extend(self.above.map(|above| format!("above={above}")));
        words.extend(self.sigma.map(|sigma| format!("sigma={}", sigma.deviations())));
        if !self.values.is_empty() {
            words.push(format!("values={}", self.values.join(",")));
        }
        words.join(" ")
    }
}

impl TryFrom<u32> for OneIn {
    type Error = Senseless;

    fn try_from(count: u32) -> Result<Self, Senseless> {
        if count < 2 { Err(Senseless::OneIn(count)) } else { Ok(Self(count)) }
    }
}

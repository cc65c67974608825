//! Settings of the techniques on whole numbers, as a rule of
//! `[source.fields]` has them.
//!
//! ```toml
//! round_number = { unit = 10_000, how = "down" }
//! range = { width = 10, origin = 0 }
//! noise = { spread = 5, shape = "uniform" }
//! microaggregate = { k = 5 }
//! ```
//!
//! Every type here holds only what makes sense: what does not is refused while
//! it is read, with [`Senseless`].
//!
//! Not here: what the techniques do (`protect::number`), `coding` (beside).

use schemars::JsonSchema;
use serde::Deserialize;

/// The largest `unit`, `width` and `spread`: ten to the fifteenth.
const LARGEST: i64 = 1_000_000_000_000_000;

/// The largest `spread` of the Laplace shape. Its table has ten numbers for each.
const LARGEST_LAPLACE: i64 = 10_000;

/// The most bounds that a range may have.
const MOST_BOUNDS: usize = 1_000;

/// Technique 일반 라운딩, 랜덤 라운딩 or 제어 라운딩: a number becomes a multiple
/// of the unit beside it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "RoundNumberKeys")]
#[schemars(with = "RoundNumberKeys")]
pub struct RoundNumber {
    /// Results are multiples of it.
    pub unit: Step,
    /// Which of the two multiples beside a number it becomes.
    pub how: Rounding,
}

/// Which multiple a number becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rounding {
    /// 내림: the one below, also of negative numbers.
    Down,
    /// 올림: the one above, also of negative numbers.
    Up,
    /// 반올림: the nearer one; of two that are equally near, the even one.
    Half,
    /// 랜덤 라운딩: one of both by a keyed draw, so that the mean stays.
    Random,
    /// 제어 라운딩: one of both, so that the sums of groups and of all rows become
    /// multiples beside the true sums.
    Controlled {
        /// Name of the output column whose values are the groups.
        margins: String,
    },
}

/// `round_number`, as written.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RoundNumberKeys {
    /// Results are multiples of it: from 2 to 10^15. More is coarser.
    unit: Step,
    /// Which of the two multiples beside a number it becomes.
    how: How,
    /// Of `controlled` alone: name of the output column whose values are the
    /// groups that keep their sums.
    margins: Option<String>,
}

/// Which of the two multiples beside a number it becomes.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum How {
    /// 내림: the one below, also of negative numbers.
    Down,
    /// 올림: the one above, also of negative numbers.
    Up,
    /// 반올림: the nearer one; of two that are equally near, the even one.
    Half,
    /// 랜덤 라운딩: one of both by a keyed draw, so that the mean stays.
    Random,
    /// 제어 라운딩: so that the sums of `margins` and of all rows stay close.
    Controlled,
}

/// A unit or width: from 2 to 10^15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "i64")]
#[schemars(extend("minimum" = 2, "maximum" = LARGEST))]
pub struct Step(i64);

/// Technique 범위 방법: a number becomes the interval it lies in, as text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "RangeKeys")]
#[schemars(with = "RangeKeys")]
pub enum Range {
    /// Intervals of one width, without end.
    Width {
        /// How wide each is.
        width: Step,
        /// Where one of them begins.
        origin: i64,
    },
    /// Intervals between these bounds, and what lies below and above them.
    Bounds(Bounds),
}

/// `range`, as written: `width`, or `bounds`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RangeKeys {
    /// How wide each interval is: from 2 to 10^15. More is coarser.
    width: Option<Step>,
    /// Where one of the intervals of `width` begins. 0 if absent.
    origin: Option<i64>,
    /// Instead of `width`: where intervals begin and end.
    bounds: Option<Bounds>,
}

/// From 1 to 1,000 numbers, each larger than the one before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<i64>")]
#[schemars(extend("minItems" = 1, "maxItems" = MOST_BOUNDS))]
pub struct Bounds(Vec<i64>);

/// Rows that at least share a value: from 2 to 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
#[schemars(extend("minimum" = 2, "maximum" = 1_000))]
pub struct Rows(u32);

/// Technique 잡음 추가: a keyed random number is added, the same for all values of
/// one subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "NoiseKeys")]
#[schemars(with = "NoiseKeys")]
pub struct Noise {
    spread: i64,
    shape: Shape,
}

/// `noise`, as written.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NoiseKeys {
    /// `uniform`: the most that is added or taken away, from 1 to 10^15.
    /// `laplace`: about how much is on average, from 1 to 10,000.
    #[schemars(range(min = 1, max = LARGEST))]
    spread: i64,
    /// How likely small and large ones are.
    shape: Shape,
}

/// How likely small and large noise is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Every number from minus to plus `spread` is equally likely.
    Uniform,
    /// The larger the rarer, up to ten times `spread`.
    Laplace,
}

/// Technique 부분총계: values become the means of groups of similar ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Microaggregate {
    /// Rows that at least share each released value: from 2 to 1,000. More is
    /// coarser.
    pub k: Rows,
}

/// A setting that makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Senseless {
    #[error("unit or width is {0}, must be from 2 to 10^15")]
    Step(i64),
    #[error("`margins` is missing, `how = \"controlled\"` needs it")]
    NoMargins,
    #[error("`margins` is given, only `how = \"controlled\"` has it")]
    Margins,
    #[error("range needs either `width` or `bounds`")]
    RangeForm,
    #[error("range has `origin`, only `width` has it")]
    Origin,
    #[error("range has {0} bounds, must have from 1 to 1,000")]
    BoundsNumber(usize),
    #[error("bounds of a range must ascend, {1} follows {0}")]
    BoundsOrder(i64, i64),
    #[error("rows are {0}, must be from 2 to 1,000")]
    Rows(u32),
    #[error("spread is {0}, must be from 1 to 10^15")]
    Spread(i64),
    #[error("spread of Laplace noise is {0}, must be from 1 to 10,000")]
    LaplaceSpread(i64),
}

impl TryFrom<RoundNumberKeys> for RoundNumber {
    type Error = Senseless;

    fn try_from(keys: RoundNumberKeys) -> Result<Self, Senseless> {
        let RoundNumberKeys { unit, how, margins } = keys;
        let how = match (how, margins) {
            (How::Controlled, Some(margins)) => Rounding::Controlled { margins },
            (How::Controlled, None) => return Err(Senseless::NoMargins),
            (_, Some(_)) => return Err(Senseless::Margins),
            (How::Down, None) => Rounding::Down,
            (How::Up, None) => Rounding::Up,
            (How::Half, None) => Rounding::Half,
            (How::Random, None) => Rounding::Random,
        };
        Ok(Self { unit, how })
    }
}

impl TryFrom<i64> for Step {
    type Error = Senseless;

    fn try_from(step: i64) -> Result<Self, Senseless> {
        if (2..=LARGEST).contains(&step) { Ok(Self(step)) } else { Err(Senseless::Step(step)) }
    }
}

impl TryFrom<RangeKeys> for Range {
    type Error = Senseless;

    fn try_from(keys: RangeKeys) -> Result<Self, Senseless> {
        match keys {
            RangeKeys { width: Some(width), origin, bounds: None } => {
                Ok(Self::Width { width, origin: origin.unwrap_or(0) })
            }
            RangeKeys { width: None, origin: None, bounds: Some(bounds) } => {
                Ok(Self::Bounds(bounds))
            }
            RangeKeys { width: None, origin: Some(_), bounds: Some(_) } => Err(Senseless::Origin),
            RangeKeys { width: Some(_), bounds: Some(_), .. }
            | RangeKeys { width: None, bounds: None, .. } => Err(Senseless::RangeForm),
        }
    }
}

impl TryFrom<Vec<i64>> for Bounds {
    type Error = Senseless;

    fn try_from(bounds: Vec<i64>) -> Result<Self, Senseless> {
        if bounds.is_empty() || bounds.len() > MOST_BOUNDS {
            return Err(Senseless::BoundsNumber(bounds.len()));
        }
        let mut pairs = bounds.iter().zip(bounds.iter().skip(1));
        match pairs.find(|(before, after)| before >= after) {
            Some((&before, &after)) => Err(Senseless::BoundsOrder(before, after)),
            None => Ok(Self(bounds)),
        }
    }
}

impl TryFrom<u32> for Rows {
    type Error = Senseless;

    fn try_from(rows: u32) -> Result<Self, Senseless> {
        if (2..=1_000).contains(&rows) { Ok(Self(rows)) } else { Err(Senseless::Rows(rows)) }
    }
}

impl TryFrom<NoiseKeys> for Noise {
    type Error = Senseless;

    fn try_from(keys: NoiseKeys) -> Result<Self, Senseless> {
        let NoiseKeys { spread, shape } = keys;
        match shape {
            Shape::Uniform if !(1..=LARGEST).contains(&spread) => Err(Senseless::Spread(spread)),
            Shape::Laplace if !(1..=LARGEST_LAPLACE).contains(&spread) => {
                Err(Senseless::LaplaceSpread(spread))
            }
            Shape::Uniform | Shape::Laplace => Ok(Self { spread, shape }),
        }
    }
}

impl Rounding {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Up => "up",
            Self::Half => "half",
            Self::Random => "random",
            Self::Controlled { .. } => "controlled",
        }
    }
}

impl Step {
    /// From 2 to 10^15.
    #[must_use]
    pub fn size(self) -> i64 {
        self.0
    }
}

impl Bounds {
    /// At least one, ascending.
    #[must_use]
    pub fn numbers(&self) -> &[i64] {
        &self.0
    }
}

impl Rows {
    /// From 2 to 1,000.
    #[must_use]
    pub fn rows(self) -> u64 {
        u64::from(self.0)
    }
}

impl Noise {
    /// From 1 to 10^15, or to 10,000 of Laplace noise.
    #[must_use]
    pub fn spread(self) -> i64 {
        self.spread
    }

    /// How likely small and large ones are.
    #[must_use]
    pub fn shape(self) -> Shape {
        self.shape
    }
}

impl Shape {
    /// Its name, as in the pipeline file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Laplace => "laplace",
        }
    }
}

#[cfg(test)]
mod tests;

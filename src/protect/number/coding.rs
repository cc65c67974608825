//! A distribution in; a cap for its ends out, which then turns numbers into
//! capped ones or nothing.
//!
//! Technique 상하단코딩, with 로컬 삭제 for ends that are blanked.
//!
//! A percentile is that of nearest rank: the smallest value that at least so
//! many of a hundred rows do not exceed. So less than 1 % of the rows lie below
//! percentile 1, and at most 1 % above percentile 99.
//!
//! Source: ISO/IEC 20889:2018, on top and bottom coding; 가명정보 처리 가이드라인
//! (2026.3), annex on techniques.
//!
//! Not here: which numbers lie within standard deviations (`outlier`).

use super::outlier;
use crate::protect::settings::coding::{Coding, Limit, Outside, Percentile, Tail};

/// Where the ends of one distribution are capped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fitted {
    low: i64,
    high: i64,
    is_bottom_blank: bool,
    is_top_blank: bool,
}

/// A distribution that cannot be capped as asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Misfit {
    #[error("the column has fewer rows than `least`")]
    TooFew,
    #[error("bottom coding ends above the beginning of top coding")]
    Crossed,
}

/// Finds the limits of a distribution: ascending values with their rows.
///
/// Where `least` asks for it, a limit moves inwards to the next value until
/// enough rows have it, or come to have it. An end without rows stays.
///
/// # Errors
///
/// - [`Misfit::TooFew`] if there are rows at an end and fewer than `least` in all.
/// - [`Misfit::Crossed`] if the limits found have the lower one above: few rows
///   and a large `least`, or a `value` beyond the other end's percentile.
///
/// # Examples
///
/// Under 20 is blanked, 80 and above becomes 80:
///
/// ```
/// use gamyeong::protect::number::coding::fit;
/// use gamyeong::protect::settings::coding::{Coding, Limit, Outside, Tail};
///
/// let bottom = Some(Tail { limit: Limit::Value(20), outside: Outside::Blank });
/// let top = Some(Tail { limit: Limit::Value(80), outside: Outside::Bound { least: 0 } });
/// let fitted = fit(&Coding { bottom, top }, &[(17, 1), (38, 2), (93, 1)]).unwrap();
/// assert_eq!([17, 38, 93].map(|age| fitted.apply(age)), [None, Some(38), Some(80)]);
/// ```
pub fn fit(settings: &Coding, distribution: &[(i64, u64)]) -> Result<Fitted, Misfit> {
    let low = match settings.bottom {
        None => i64::MIN,
        Some(tail) => {
            let limit = limit(tail.limit, distribution, i64::MIN, |(low, _)| low);
            inward(tail, limit, distribution.iter(), |value| value <= limit)?
        }
    };
    let high = match settings.top {
        None => i64::MAX,
        Some(tail) => {
            let limit = limit(tail.limit, distribution, i64::MAX, |(_, high)| high);
            inward(tail, limit, distribution.iter().rev(), |value| value >= limit)?
        }
    };
    if low > high {
        return Err(Misfit::Crossed);
    }
    let is_blank = |tail: Option<Tail>| tail.is_some_and(|tail| tail.outside == Outside::Blank);
    let (is_bottom_blank, is_top_blank) = (is_blank(settings.bottom), is_blank(settings.top));
    Ok(Fitted { low, high, is_bottom_blank, is_top_blank })
}

impl Fitted {
    /// The number, or the limit it lies beyond; `None` if such are blanked.
    #[must_use]
    pub fn apply(&self, value: i64) -> Option<i64> {
        if value < self.low {
            (!self.is_bottom_blank).then_some(self.low)
        } else if value > self.high {
            (!self.is_top_blank).then_some(self.high)
        } else {
            Some(value)
        }
    }
}

/// Where an end begins, before `least`. `none` is for a distribution without rows.
fn limit(
    limit: Limit,
    distribution: &[(i64, u64)],
    none: i64,
    side: impl Fn((i64, i64)) -> i64,
) -> i64 {
    match limit {
        Limit::Value(value) => value,
        Limit::Percentile(percentile) => at(percentile, distribution).unwrap_or(none),
        Limit::Sigma(sigma) => side(outlier::bounds(distribution, sigma)),
    }
}

/// The value at a percentile, by nearest rank.
fn at(percentile: Percentile, distribution: &[(i64, u64)]) -> Option<i64> {
    let all: u128 = distribution.iter().map(|&(_, rows)| u128::from(rows)).sum();
    let wanted = all * u128::from(percentile.thousandths());
    let mut rows = 0;
    let found = distribution.iter().find(|&&(_, more)| {
        rows += u128::from(more);
        rows > 0 && rows * 1_000 >= wanted
    });
    found.map(|&(value, _)| value)
}

/// Moves a limit inwards until the rows that have it or come to have it are
/// enough. `inwards` begins at the end of the distribution that is capped.
fn inward<'a>(
    tail: Tail,
    limit: i64,
    inwards: impl Iterator<Item = &'a (i64, u64)>,
    is_capped: impl Fn(i64) -> bool,
) -> Result<i64, Misfit> {
    let Outside::Bound { least } = tail.outside else { return Ok(limit) };
    let mut rows = 0;
    for &(value, more) in inwards {
        if !is_capped(value) && (rows == 0 || rows >= least) {
            return Ok(limit);
        }
        rows += more;
        if !is_capped(value) && rows >= least {
            return Ok(value);
        }
    }
    if rows == 0 || rows >= least { Ok(limit) } else { Err(Misfit::TooFew) }
}

#[cfg(test)]
mod tests;

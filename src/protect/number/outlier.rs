//! A distribution in; the numbers within so many standard deviations of its
//! mean out.
//!
//! 특이정보 by the rule of three sigma (3-시그마 규칙): numbers outside are for
//! `coding` to cap or blank, or their rows are dropped (행 항목 삭제).
//!
//! With N rows, their sum S and their mean μ = S / N, the population's standard
//! deviation is σ with N²σ² = NΣ(x − μ)². A number x lies inside if
//!
//! ```text
//! (Nx − S)² ≤ n²(NΣx² − S²)
//! ```
//!
//! which needs no division: both sides are whole numbers of up to 256 bits, and
//! what is found is exact.
//!
//! Source: 가명정보 처리 가이드라인 (2026.3), on 특이정보.

use super::wide::Wide;
use crate::protect::settings::coding::Sigma;

/// The smallest and the largest whole number inside; those of `i64` where there
/// are no rows or none lies outside. The first is never above the second.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::number::outlier;
/// use gamyeong::protect::settings::coding::Sigma;
///
/// // A hundred rows about 30, and one of 104: μ = 30.7…, σ = 8.5…
/// let ages = [(25, 40), (30, 20), (35, 40), (104, 1)];
/// assert_eq!(outlier::bounds(&ages, Sigma::try_from(3).unwrap()), (6, 56));
/// ```
#[must_use]
pub fn bounds(distribution: &[(i64, u64)], sigma: Sigma) -> (i64, i64) {
    let rows: u64 = distribution.iter().map(|&(_, rows)| rows).sum();
    if rows == 0 {
        return (i64::MIN, i64::MAX);
    }
    let n = i128::from(rows);
    let sum: i128 = distribution.iter().map(|&(x, rows)| i128::from(x) * i128::from(rows)).sum();
    // All is counted from the whole part of the mean, so that squares are small.
    let (mean, rest) = (sum.div_euclid(n), sum.rem_euclid(n));
    let squares = distribution.iter().fold(Wide::default(), |squares, &(x, rows)| {
        let distance = (i128::from(x) - mean).unsigned_abs();
        squares.plus(Wide::product(distance * distance, u128::from(rows)))
    });
    let rest_squared = Wide::product(rest.unsigned_abs(), rest.unsigned_abs());
    // N distances of less than 2^64 fit in 128 bits and their square in 256. Where
    // n² times that does not, nothing lies outside, as the largest number says.
    let deviations = u64::from(sigma.deviations());
    let limit = squares.times(rows).minus(rest_squared).times(deviations * deviations);
    let reach = limit.root();
    // ⌊(r + √d) / N⌋ is ⌊(r + ⌊√d⌋) / N⌋ for whole r and N.
    let upwards = reach.saturating_add(rest.unsigned_abs()) / n.unsigned_abs();
    let high = i128::try_from(upwards).map_or(i128::MAX, |upwards| mean.saturating_add(upwards));
    // ⌈(r − √d) / N⌉ is −⌊(√d − r) / N⌋, and r is less than N.
    let downwards = i128::try_from(reach).unwrap_or(i128::MAX).saturating_sub(rest).div_euclid(n);
    let low = mean.saturating_sub(downwards);
    (i64::try_from(low).unwrap_or(i64::MIN), i64::try_from(high).unwrap_or(i64::MAX))
}

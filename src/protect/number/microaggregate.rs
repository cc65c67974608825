//! A distribution in; groups of neighbouring values and their means out, which
//! then turn values into means.
//!
//! Technique 부분총계 (microaggregation) of one column. Every mean is that of at
//! least k rows; of all ways to form such groups, the one is taken whose released
//! means are nearest to the values, by the sum of squared distances over rows.
//!
//! Rows with equal values stay together, so that a value has one mean. Hence a
//! group may have more than the 2k − 1 rows of the paper: a value that k rows have
//! can be a group by itself, and is then released as it is. Means are rounded to
//! whole numbers, half to even, and it is the rounded ones that distances are
//! measured to.
//!
//! A group that could be cut into two of at least k rows is never needed, because
//! each part can do no worse than to keep the mean of both. So for each last value
//! there are at most k first values to try: n distinct values take n·k steps.
//!
//! Source: Hansen and Mukherjee (2003), "A Polynomial Algorithm for Optimal
//! Univariate Microaggregation", IEEE TKDE 15(4): optimal groups are a shortest
//! path over the sorted values.
//!
//! Not here: several columns at once, for which no fast exact method is known.

use super::wide::Wide;
use crate::protect::settings::number::Rows;

/// Groups of the values of one distribution, and what they become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitted {
    /// Ascending.
    groups: Vec<Group>,
}

/// Neighbouring values that become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Its smallest value.
    pub first: i64,
    /// Its largest value.
    pub last: i64,
    /// Its rows.
    pub rows: u64,
    /// The mean over its rows, half to even.
    pub mean: i64,
}

/// Forms the best groups of a distribution: ascending values with their rows.
///
/// Of several that are equally good it takes the one whose last group begins at
/// the larger value, then the last but one, and so on. A distribution of fewer
/// than `k` rows has no group. Needs about 130 bytes for each value.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::number::microaggregate::fit;
/// use gamyeong::protect::settings::number::Rows;
///
/// let ages = [(30, 1), (31, 1), (32, 1), (60, 2), (61, 1), (90, 1)];
/// let fitted = fit(Rows::try_from(3).unwrap(), &ages);
/// assert_eq!(fitted.apply(30), Some(31));
/// assert_eq!(fitted.apply(90), Some(68)); // 271 / 4 = 67.75
/// assert_eq!(fit(Rows::try_from(8).unwrap(), &ages).apply(30), None);
/// ```
#[must_use]
pub fn fit(k: Rows, distribution: &[(i64, u64)]) -> Fitted {
    let sums = Sums::of(distribution);
    let groups = groups(k.rows(), &sums)
        .into_iter()
        .filter_map(|(begin, end)| {
            let (first, last) = (sums.values.get(begin)?, sums.values.get(end.checked_sub(1)?)?);
            let rows = sums.rows[end] - sums.rows[begin];
            Some(Group { first: *first, last: *last, rows, mean: sums.mean(begin, end) })
        })
        .collect();
    Fitted { groups }
}

impl Fitted {
    /// The mean of the group of a value; `None` if it is in no group, as all are
    /// when there were fewer than `k` rows.
    #[must_use]
    pub fn apply(&self, value: i64) -> Option<i64> {
        let group = self.groups.get(self.groups.partition_point(|group| group.last < value))?;
        (group.first <= value).then_some(group.mean)
    }

    /// The groups, by ascending values.
    #[cfg(test)]
    fn groups(&self) -> &[Group] {
        &self.groups
    }
}

/// Sums over the first values of a distribution: at `i`, over `i` of them.
/// Values are counted from the smallest, so that none is negative and a sum over
/// fewer than 2^63 rows has fewer than 128 bits.
struct Sums {
    values: Vec<i64>,
    smallest: i64,
    rows: Vec<u64>,
    totals: Vec<u128>,
    squares: Vec<Wide>,
}

impl Sums {
    fn of(distribution: &[(i64, u64)]) -> Self {
        let smallest = distribution.first().map_or(0, |&(value, _)| value);
        let mut of = Self {
            values: Vec::with_capacity(distribution.len()),
            smallest,
            rows: vec![0],
            totals: vec![0],
            squares: vec![Wide::default()],
        };
        let (mut rows, mut sum, mut squares) = (0, 0, Wide::default());
        // Values without rows would only take time.
        for &(value, more) in distribution.iter().filter(|&&(_, rows)| rows > 0) {
            let above = u128::from(value.abs_diff(smallest));
            rows += more;
            sum += above * u128::from(more);
            squares = squares.plus(Wide::product(above * above, u128::from(more)));
            of.values.push(value);
            of.rows.push(rows);
            of.totals.push(sum);
            of.squares.push(squares);
        }
        of
    }

    /// The mean of the values from `begin` up to, and not including, `end`,
    /// counted from the smallest value, half to even.
    fn mean_above(&self, begin: usize, end: usize) -> u128 {
        let rows = u128::from(self.rows[end] - self.rows[begin]);
        let sum = self.totals[end] - self.totals[begin];
        let (mean, rest) = (sum / rows, sum % rows);
        // Even is what is even when counted from zero.
        let is_odd = (mean & 1 == 1) != (self.smallest & 1 == 1);
        if 2 * rest > rows || 2 * rest == rows && is_odd { mean + 1 } else { mean }
    }

    fn mean(&self, begin: usize, end: usize) -> i64 {
        // A mean lies among its values.
        let above = u64::try_from(self.mean_above(begin, end)).unwrap_or(0);
        self.smallest.wrapping_add_unsigned(above)
    }

    /// The sum over rows of the squared distance from the released mean M:
    /// Σx² + ΣM² − 2M·Σx.
    fn cost(&self, begin: usize, end: usize) -> Wide {
        let rows = u128::from(self.rows[end] - self.rows[begin]);
        let sum = self.totals[end] - self.totals[begin];
        let squares = self.squares[end].minus(self.squares[begin]);
        let mean = self.mean_above(begin, end);
        let crossed = Wide::product(mean, sum);
        squares.plus(Wide::product(mean * mean, rows)).minus(crossed.plus(crossed))
    }
}

/// The groups of least cost, ascending, as indices of values: from, up to and not
/// including.
fn groups(k: u64, sums: &Sums) -> Vec<(usize, usize)> {
    let n = sums.values.len();
    // Of the first i values: cost of their best groups, and where the last begins.
    let mut best: Vec<Option<(Wide, usize)>> = vec![None; n + 1];
    // The last group of k rows begins at or before `latest`. One that begins at
    // or before `too_early` could be cut in two.
    let (mut latest, mut too_early) = (0, None);
    for end in 1..=n {
        if sums.rows[end] < k {
            continue;
        }
        while sums.rows[end] - sums.rows[latest + 1] >= k {
            latest += 1;
        }
        let mut next = too_early.map_or(0, |early| early + 1);
        while next < latest && sums.rows[latest] - sums.rows[next] >= k {
            too_early = Some(next);
            next += 1;
        }
        let first = too_early.map_or(0, |early| early + 1);
        for begin in (first..=latest).rev() {
            let before = match best[begin] {
                _ if begin == 0 => Wide::default(),
                Some((cost, _)) => cost,
                None => continue,
            };
            let cost = before.plus(sums.cost(begin, end));
            if best[end].is_none_or(|(least, _)| cost < least) {
                best[end] = Some((cost, begin));
            }
        }
    }
    let mut groups = Vec::new();
    let mut end = n;
    while let Some((_, begin)) = best[end] {
        groups.push((begin, end));
        end = begin;
    }
    groups.reverse();
    groups
}

#[cfg(test)]
mod tests;

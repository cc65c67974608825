//! The one place where rows meet polars: counting.
//!
//! Not here: what is counted, and what the counts mean.

use polars::prelude::{Column, DataFrame, IntoLazy as _, PolarsError, col, len};

/// A pair of codes and how many rows have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PairCount {
    pub(super) left: u32,
    pub(super) right: u32,
    pub(super) rows: u32,
}

/// Counts the rows of every pair of `left` and `right`, sorted by pair. Both
/// have one code per row and are of one length.
///
/// # Errors
///
/// If polars reports one.
pub(super) fn count_pairs(left: &[u32], right: &[u32]) -> Result<Vec<PairCount>, PolarsError> {
    // One 64-bit key is grouped several times faster than two columns.
    let pairs: Vec<u64> = left
        .iter()
        .zip(right)
        .map(|(left, right)| u64::from(*left) << 32 | u64::from(*right))
        .collect();
    let counted = DataFrame::new(pairs.len(), vec![Column::new("pair".into(), pairs)])?
        .lazy()
        .group_by([col("pair")])
        .agg([len().alias("rows")])
        .collect()?;
    let pairs = counted.column("pair")?.u64()?;
    let rows = counted.column("rows")?.u32()?;
    let mut counts: Vec<PairCount> = pairs
        .into_no_null_iter()
        .zip(rows.into_no_null_iter())
        .map(|(pair, rows)| PairCount { left: upper(pair), right: lower(pair), rows })
        .collect();
    counts.sort_unstable();
    Ok(counts)
}

fn upper(pair: u64) -> u32 {
    (pair >> 32) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is wanted")]
fn lower(pair: u64) -> u32 {
    pair as u32
}

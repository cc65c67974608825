//! The one place where rows meet polars: which pairs there are.
//!
//! Not here: what is paired, and what the pairs mean.

use polars::prelude::{ChunkUnique as _, PolarsError, UInt64Chunked};

/// The first row of every pair of `left` and `right`, in order. Both have one
/// code per row and are of one length.
///
/// # Errors
///
/// If polars reports one.
pub(super) fn first_rows(left: &[u32], right: &[u32]) -> Result<Vec<u32>, PolarsError> {
    // One 64-bit number is looked up several times faster than two columns,
    // and without a list of rows per pair.
    let pairs = left.iter().zip(right);
    let pairs = pairs.map(|(left, right)| u64::from(*left) << 32 | u64::from(*right)).collect();
    let rows = UInt64Chunked::from_vec("pair".into(), pairs).arg_unique()?;
    Ok(rows.into_no_null_iter().collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_pair_has_one_first_row(pairs in prop::collection::vec((0u32..5, 0u32..9), 0..200)) {
            let (left, right): (Vec<u32>, Vec<u32>) = pairs.iter().copied().unzip();
            let mut seen = BTreeSet::new();
            let expected: Vec<u32> =
                (0..).zip(&pairs).filter(|(_, pair)| seen.insert(**pair)).map(|(row, _)| row).collect();
            prop_assert_eq!(first_rows(&left, &right).unwrap(), expected);
        }
    }
}

//! Numbers.

/// STUB
#[must_use]
pub fn outliers(numbers: &[i64], rows: &[u64], sigma: u8) -> (i64, i64) {
    let _ = (numbers, rows, sigma);
    (i64::MIN, i64::MAX)
}

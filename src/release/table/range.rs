//! The values of a column chunk in; what its statistics say of them out.
//!
//! Readers skip chunks by them. Pseudonyms get none: the least of a chunk is
//! of no use to a reader and of some to whoever guesses.
//!
//! Source: Apache Parquet format, `parquet.thrift` (`Statistics`,
//! `ColumnOrder`): numbers by value, text by its bytes.
//!
//! Not here: Parquet's page index.

use parquet::data_type::ByteArray;
use parquet::file::statistics::{Statistics, ValueStatistics};

/// Bytes of a bound after which it is cut: a footer is read whole, whatever a
/// request line had in it.
const LONGEST: usize = 60;

/// Statistics of a text column. `values` are its distinct ones.
pub(super) fn of_text<'a>(
    values: impl ExactSizeIterator<Item = &'a str>,
    nulls: usize,
) -> Statistics {
    let distinct = values.len() as u64;
    let (mut least, mut greatest): (Option<&str>, Option<&str>) = (None, None);
    for value in values {
        if least.is_none_or(|least| value < least) {
            least = Some(value);
        }
        if greatest.is_none_or(|greatest| value > greatest) {
            greatest = Some(value);
        }
    }
    let min = least.map(lower_bound);
    let max = greatest.and_then(upper_bound);
    let (min_is_exact, max_is_exact) =
        (min.as_deref() == least, max.is_some() && max.as_deref() == greatest);
    let bytes = |bound: String| ByteArray::from(bound.into_bytes());
    Statistics::ByteArray(
        ValueStatistics::new(
            min.map(bytes),
            max.map(bytes),
            Some(distinct),
            Some(nulls as u64),
            false,
        )
        .with_min_is_exact(min_is_exact)
        .with_max_is_exact(max_is_exact),
    )
}

/// Least and greatest of some numbers.
pub(super) fn of_numbers(values: &[i64]) -> Option<(i64, i64)> {
    let (first, rest) = values.split_first()?;
    Some(rest.iter().fold((*first, *first), |(least, greatest), &value| {
        (least.min(value), greatest.max(value))
    }))
}

/// The value or its beginning, which is not greater.
fn lower_bound(value: &str) -> String {
    value[..value.floor_char_boundary(LONGEST)].to_owned()
}

/// The value, or the least text of its length that is greater than all that
/// begin like it. `None` if there is no such text.
fn upper_bound(value: &str) -> Option<String> {
    let mut bound = lower_bound(value);
    if bound.len() == value.len() {
        return Some(bound);
    }
    while let Some(last) = bound.pop() {
        if let Some(next) = next_char(last) {
            bound.push(next);
            return Some(bound);
        }
    }
    None
}

/// The next one in the order of code points, which is the order of the bytes.
fn next_char(char: char) -> Option<char> {
    match char {
        // Between the two lie the surrogates, which no text holds.
        '\u{d7ff}' => Some('\u{e000}'),
        _ => char::from_u32(u32::from(char) + 1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn long_text_is_cut_between_characters() {
        let value = "가".repeat(30);
        assert_eq!(lower_bound(&value), "가".repeat(20));
        assert_eq!(upper_bound(&value), Some("가".repeat(19) + "각"));
    }

    #[test]
    fn text_without_a_greater_one_has_no_upper_bound() {
        assert_eq!(upper_bound(&"\u{10ffff}".repeat(30)), None);
        assert_eq!(upper_bound(&("a".to_owned() + &"\u{10ffff}".repeat(30))), Some("b".to_owned()));
    }

    proptest! {
        #[test]
        fn value_lies_between_its_bounds(value in "(a|\u{d7ff}|\u{10ffff}|[\\PC]){0,80}") {
            prop_assert!(lower_bound(&value).as_bytes() <= value.as_bytes());
            prop_assert!(upper_bound(&value).is_none_or(|bound| bound.as_bytes() >= value.as_bytes()));
            prop_assert!(lower_bound(&value).len() <= 64);
            prop_assert!(upper_bound(&value).is_none_or(|bound| bound.len() <= 64));
        }
    }
}

//! A word and a list in; whether it is in the list out.
//!
//! A list is one text: words in the order of their bytes, one blank between
//! two. It is searched by halves, so that long lists cost little.
//!
//! Not here: the lists (the kinds, `surnames`).

use std::cmp::Ordering;

/// Longest Latin word that is looked up.
const LONGEST: usize = 48;

/// True if `word` is in `sorted`.
pub(super) fn is_among(sorted: &str, word: &[u8]) -> bool {
    let mut rest = sorted.as_bytes();
    while !rest.is_empty() {
        let middle = rest.len() / 2;
        let is_blank = |byte: &u8| *byte == b' ';
        let start = rest[..middle].iter().rposition(is_blank).map_or(0, |at| at + 1);
        let end = rest[middle..].iter().position(is_blank).map_or(rest.len(), |at| middle + at);
        rest = match word.cmp(&rest[start..end]) {
            Ordering::Equal => return true,
            Ordering::Less => &rest[..start.saturating_sub(1)],
            Ordering::Greater => rest.get(end + 1..).unwrap_or_default(),
        };
    }
    false
}

/// The same for a Latin word in any case; the list is in lower case.
pub(super) fn is_among_folded(sorted: &str, word: &[u8]) -> bool {
    let mut folded = [0; LONGEST];
    let Some(folded) = folded.get_mut(..word.len()) else { return false };
    folded.copy_from_slice(word);
    folded.make_ascii_lowercase();
    is_among(sorted, folded)
}

/// True if the bytes have `part` in them.
pub(super) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    let Some((first, rest)) = part.split_first() else { return true };
    bytes
        .iter()
        .enumerate()
        .any(|(place, byte)| byte == first && bytes[place + 1..].starts_with(rest))
}

/// True if a list is as [`is_among`] needs it.
#[cfg(test)]
pub(super) fn is_in_order(list: &str) -> bool {
    let words: Vec<&[u8]> = list.as_bytes().split(|byte| *byte == b' ').collect();
    words.windows(2).all(|pair| pair[0] < pair[1]) && words.iter().all(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_list_is_found_and_no_part_of_one() {
        let list = "a ab abc b ba zebra 가 가나";
        assert!(is_in_order(list));
        for word in list.split(' ') {
            assert!(is_among(list, word.as_bytes()), "{word}");
            assert!(is_among_folded(list, word.to_uppercase().as_bytes()), "{word}");
        }
        for word in ["", " ", "aa", "a ab", "zebr", "zebras", "나", "b b"] {
            assert!(!is_among(list, word.as_bytes()), "{word}");
        }
        assert!(!is_among("", b"a") && !is_among("", b""));
        assert!(!is_among_folded(list, &[b'a'; LONGEST + 1]));
    }

    #[test]
    fn parts_are_found() {
        assert!(contains(b"abcabd", b"abd") && contains(b"a", b"") && contains(b"ab", b"b"));
        assert!(!contains(b"ab", b"abc") && !contains(b"", b"a") && !contains(b"aab", b"ba"));
    }
}

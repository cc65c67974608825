//! A text in; a part of it, or the text with a part hidden, out.
//!
//! Positions count characters (Unicode scalar values) from 1, as a person reads
//! `홍길동`: three. A letter that is written as several, as Korean in decomposed
//! form is, counts as several.
//!
//! Source: 가명정보 처리 가이드라인 (2026.3), annex on techniques: 부분삭제 (Partial
//! suppression) and 마스킹 (Masking).
//!
//! Not here: the region of an address ([`region`](super::hierarchy::region)). What
//! is kept still tells persons apart if few have it; that is counted (`assess`).

/// The first characters of a text, at most `count`; the whole text if it has no
/// more, so that short values are kept as they are.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::part::first;
///
/// assert_eq!(first("06236", 2), "06");
/// assert_eq!(first("홍길동", 1), "홍");
/// assert_eq!(first("홍", 2), "홍");
/// ```
#[must_use]
pub fn first(text: &str, count: usize) -> &str {
    match text.char_indices().nth(count) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// Writes a text with its characters from `from` to `to`, both inclusive and from
/// 1, each replaced by `with`. Positions behind the end of the text are none, so
/// the text keeps its length, which says something of it.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::part::mask;
///
/// let mut out = String::new();
/// mask("010-1234-5678", 5, 8, '*', &mut out);
/// assert_eq!(out, "010-****-5678");
/// ```
pub fn mask(text: &str, from: usize, to: usize, with: char, out: &mut String) {
    let hidden = from.max(1)..=to;
    out.reserve(text.len());
    out.extend((1..).zip(text.chars()).map(|(at, c)| if hidden.contains(&at) { with } else { c }));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masked(text: &str, from: usize, to: usize) -> String {
        let mut out = String::new();
        mask(text, from, to, '*', &mut out);
        out
    }

    #[test]
    fn positions_count_characters() {
        assert_eq!(masked("홍길동", 2, 2), "홍*동");
        assert_eq!(masked("홍길동", 2, 9), "홍**");
        assert_eq!(masked("홍길동", 4, 9), "홍길동");
        assert_eq!(masked("홍길동", 0, 1), "*길동");
        assert_eq!(masked("", 1, 2), "");
        assert_eq!(first("홍길동", 0), "");
        // An e with an accent beside it is two.
        assert_eq!(first("e\u{301}a", 1), "e");
    }

    proptest! {
        #[test]
        fn a_first_part_is_the_beginning(text in "\\PC{0,20}", count in 0usize..25) {
            let found = first(&text, count);
            prop_assert!(text.starts_with(found));
            prop_assert_eq!(found.chars().count(), text.chars().count().min(count));
        }

        #[test]
        fn a_mask_hides_its_positions_and_nothing_else(
            text in "\\PC{0,20}", from in 1usize..25, to in 1usize..25,
        ) {
            let found = masked(&text, from, to);
            prop_assert_eq!(found.chars().count(), text.chars().count());
            for (index, (before, after)) in text.chars().zip(found.chars()).enumerate() {
                let is_hidden = (from..=to).contains(&(index + 1));
                prop_assert_eq!(after, if is_hidden { '*' } else { before });
            }
        }

        #[test]
        fn what_is_hidden_says_nothing(one in "[a-z]{6}", other in "[a-z]{6}") {
            prop_assert_eq!(masked(&one, 1, 6), masked(&other, 1, 6));
        }
    }
}

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

/// True if a letter or digit of a text is hidden or cut off when its characters from
/// `from` to `to` become `with`, or nothing. Of a blank, a mark or what is invisible it
/// is no matter whether it stays.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::part::hides;
///
/// assert!(hides("M0000001", 8, 9, Some('*')));
/// assert!(!hides("M0000001 ", 9, 9, Some('*')));
/// assert!(!hides("M0000000", 8, 8, Some('0')));
/// ```
#[must_use]
pub fn hides(text: &str, from: usize, to: usize, with: Option<char>) -> bool {
    let hidden = text.chars().take(to).skip(from.saturating_sub(1));
    hidden.filter(|letter| tells(*letter)).any(|letter| with != Some(letter))
}

/// True for letters and digits, but those letters that fill a place and show nothing.
fn tells(letter: char) -> bool {
    let fills = matches!(letter, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}');
    letter.is_alphanumeric() && !fills
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

    /// Found by a review: a number with a blank behind it was published whole.
    #[test]
    fn what_cannot_be_seen_hides_nothing() {
        for behind in [" ", "   ", "\u{200b}", "\u{feff}", "\u{3164}", "\t", ".", "\u{301}"] {
            let padded = format!("M0000001{behind}");
            assert!(!hides(&padded, 9, usize::MAX, None), "{behind:?}");
            assert!(!hides(&padded, 9, 20, Some('*')), "{behind:?}");
            assert!(hides(&padded, 8, usize::MAX, None), "{behind:?}");
        }
        assert!(!hides("010-1234", 4, 4, Some('*')) && !hides("", 1, 9, None));
        assert!(hides("\u{200b}M0000001", 9, 9, None));
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

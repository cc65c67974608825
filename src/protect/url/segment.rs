//! A segment of a path in; whether it looks like the number or name of one
//! thing, and not like a word of the site, out.
//!
//! Source: RFC 3986, section 3.3 (segments); RFC 9562, section 4 (UUID); RFC
//! 4648, sections 4, 5 and 8 (base64, hexadecimal).
//!
//! Not here: whether a segment may stay; that is counted (`learn`). What this
//! misses costs no one's privacy, and what it finds too much costs detail.

/// Hexadecimal digits from which a segment counts as an identifier.
const HEX: usize = 8;

/// Letters and digits in one run from which it counts as an identifier.
const MIXED: usize = 12;

/// Characters of base64 from which a segment without padding counts.
const BASE64: usize = 16;

/// Characters of base64 from which a segment with padding counts.
const PADDED: usize = 8;

/// Digits that a mixed run has at least. One is usual in names of pages, such
/// as `selectBoardList2`.
const MIXED_DIGITS: usize = 2;

/// Letters and digits of a suffix such as `.html`, at most.
const SUFFIX: usize = 5;

/// True if a segment looks like an identifier, or could be taken for a
/// placeholder. One pass for each form, so linear in its length.
///
/// - digits, alone or divided by `-`, `.`, `,`, `:` or `_`: `123`, `2026-01-31`
/// - 8 or more hexadecimal digits; a UUID
/// - a run of 12 or more letters and digits, two of which are digits
/// - base64: padded, or 16 or more characters of both cases and two digits
/// - what has an `@`: `kim@example.kr`, `@kim`
/// - what has `{` or `}`, or is `*`: it would read as a part of a template
///
/// A suffix of at most five letters and digits, `.html`, does not count for the
/// first three.
///
/// # Examples
///
/// ```
/// use gamyeong::protect::url::segment::is_identifier;
///
/// assert!(is_identifier("81293"));
/// assert!(is_identifier("0f8fad5b-d9cb-469f-a165-70867728950e.pdf"));
/// assert!(!is_identifier("hours.do"));
/// ```
#[must_use]
pub fn is_identifier(segment: &str) -> bool {
    let bytes = segment.as_bytes();
    let stem = without_suffix(bytes);
    is_number(bytes)
        || is_number(stem)
        || is_hex(stem)
        || is_uuid(stem)
        || has_mixed_run(stem)
        || is_base64(bytes)
        || (bytes.len() > 1 && bytes.contains(&b'@'))
        || bytes == b"*"
        || bytes.iter().any(|byte| matches!(byte, b'{' | b'}'))
}

fn without_suffix(bytes: &[u8]) -> &[u8] {
    let from = bytes.len().saturating_sub(SUFFIX + 1);
    match bytes[from..].iter().rposition(|&byte| byte == b'.') {
        Some(dot) if bytes[from + dot + 1..].iter().all(u8::is_ascii_alphanumeric) => {
            &bytes[..from + dot]
        }
        _ => bytes,
    }
}

fn is_number(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_digit)
        && bytes.iter().all(|byte| byte.is_ascii_digit() || b"-.,:_".contains(byte))
}

fn is_hex(bytes: &[u8]) -> bool {
    bytes.len() >= HEX && bytes.iter().all(u8::is_ascii_hexdigit)
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn has_mixed_run(bytes: &[u8]) -> bool {
    bytes
        .split(|byte| !byte.is_ascii_alphanumeric())
        .any(|run| run.len() >= MIXED && has_digits(run) && run.iter().any(u8::is_ascii_alphabetic))
}

fn is_base64(bytes: &[u8]) -> bool {
    let end = bytes.iter().rposition(|&byte| byte != b'=').map_or(0, |at| at + 1);
    let (text, padding) = bytes.split_at(end);
    let is_alphabet = text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-_".contains(byte));
    match padding.len() {
        0 => {
            is_alphabet
                && text.len() >= BASE64
                && has_digits(text)
                && text.iter().any(u8::is_ascii_uppercase)
                && text.iter().any(u8::is_ascii_lowercase)
        }
        1 | 2 => is_alphabet && bytes.len() >= PADDED,
        _ => false,
    }
}

fn has_digits(bytes: &[u8]) -> bool {
    bytes.iter().filter(|byte| byte.is_ascii_digit()).count() >= MIXED_DIGITS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_looks_like_an_identifier() {
        for segment in [
            "7",
            "2026-01-31",
            "010-1234-5678",
            "12.html",
            "deadbeef",
            "F00DF00DF00D.jpg",
            "0F8FAD5B-d9cb-469f-a165-70867728950e",
            "s_a1b2c3d4e5f6.do",
            "loan20260131abc",
            "Zm9vYmFyYg==",
            "dGhpcy1pcy0xMjM_",
            "kim@example.kr",
            "@kim",
            "{id}",
            "*",
        ] {
            assert!(is_identifier(segment), "{segment}");
        }
    }

    #[test]
    fn what_looks_like_a_word_of_the_site() {
        for segment in [
            "",
            "book",
            "hours.do",
            "selectBoardList2.do",
            "lib-view-2",
            "도서관",
            "도서관안내2026",
            "feed",
            "v2",
            "@",
            "-",
            "index.html",
            "abcdefg",
            "a=b",
        ] {
            assert!(!is_identifier(segment), "{segment}");
        }
    }

    proptest! {
        #[test]
        fn any_number_hex_and_uuid_is_one(
            number in "[0-9]{1,30}", hex in "[0-9a-fA-F]{8,40}",
            uuid in "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        ) {
            prop_assert!(is_identifier(&number) && is_identifier(&hex) && is_identifier(&uuid));
        }

        #[test]
        fn words_are_none(word in "[a-z]{1,7}|[가-힣]{1,20}") {
            prop_assert!(!is_identifier(&word));
        }

        #[test]
        fn any_text_has_an_answer(text in "\\PC{0,60}") {
            let _ = is_identifier(&text);
        }
    }
}

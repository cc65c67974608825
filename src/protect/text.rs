//! Bytes as a client sent them in; text out.
//!
//! ```text
//! of a URL: %HH undone, unless that would change what it means
//! strict UTF-8, or strict code page 949, or as it was: escaped, and counted
//! ```
//!
//! Source: RFC 3986, sections 2.3 and 6.2.2.2; RFC 3987, section 3.2; WHATWG
//! Encoding, `euc-kr`, which is code page 949; WHATWG URL,
//! `application/x-www-form-urlencoded` (`+` for a blank).
//!
//! Not here: what the escapes of a log mean (`parse`); what else stands under those that
//! are left (`layers`).

use std::borrow::Cow;
use std::fmt::Write as _;

use encoding_rs::EUC_KR;

/// How the text of a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// As it is.
    Plain,
    /// As in the path of a URL.
    Path,
    /// As in the query of a URL.
    Query,
}

/// A text, and whether its bytes are in no encoding that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) is_undecoded: bool,
}

/// True if the bytes are their own text.
pub(super) fn is_text(raw: &[u8], written: Written) -> bool {
    let is_url = match written {
        Written::Plain => false,
        Written::Path => raw.contains(&b'%'),
        Written::Query => memchr::memchr2(b'%', b'+', raw).is_some(),
    };
    !is_url && str::from_utf8(raw).is_ok()
}

/// The text of some bytes.
pub(super) fn read(raw: &[u8], written: Written) -> Text<'_> {
    let bytes = match written {
        Written::Plain => Cow::Borrowed(raw),
        Written::Path | Written::Query => unescape(raw, written == Written::Query),
    };
    let decoded = match bytes {
        Cow::Borrowed(bytes) => decode(bytes),
        Cow::Owned(bytes) => decode(&bytes).map(|text| Cow::Owned(text.into_owned())),
    };
    match decoded {
        Some(text) => Text { text, is_undecoded: false },
        None => Text { text: escape(raw), is_undecoded: true },
    }
}

/// Text in UTF-8, or else in code page 949.
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match str::from_utf8(bytes) {
        Ok(text) => Some(text.into()),
        Err(_) => EUC_KR.decode_without_bom_handling_and_without_replacement(bytes),
    }
}

/// Writes what is not ASCII as `\xHH`.
fn escape(raw: &[u8]) -> Cow<'_, str> {
    let mut text = String::with_capacity(raw.len() * 2);
    for &byte in raw {
        if byte.is_ascii() {
            text.push(char::from(byte));
        } else {
            // A string takes everything.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text.into()
}

/// Undoes `%HH`, but not of the marks that a path or a query is divided by:
/// `%2F` is no `/`, and `%26` no `&`.
fn unescape(raw: &[u8], is_query: bool) -> Cow<'_, [u8]> {
    let is_plain = |&byte: &u8| byte != b'%' && !(is_query && byte == b'+');
    if raw.iter().all(is_plain) {
        return raw.into();
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let [first, behind @ ..] = rest {
        rest = behind;
        let byte = match (first, behind) {
            (b'+', _) if is_query => b' ',
            (b'%', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                let byte = str::from_utf8(&digits)
                    .ok()
                    .filter(|_| digits.iter().all(u8::is_ascii_hexdigit))
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok());
                match byte.filter(|&byte| means_itself(byte, is_query)) {
                    Some(byte) => {
                        rest = after;
                        byte
                    }
                    None => b'%',
                }
            }
            (byte, _) => *byte,
        };
        out.push(byte);
    }
    out.into()
}

/// Bytes that say the same whether they are escaped or not.
fn means_itself(byte: u8, is_query: bool) -> bool {
    let divides: &[u8] = if is_query { b"&#%+;" } else { b"/?#%;" };
    !byte.is_ascii_control() && !divides.contains(&byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn reads(raw: &[u8], written: Written, expected: &str, is_undecoded: bool) {
        let found = read(raw, written);
        assert_eq!((found.text.as_ref(), found.is_undecoded), (expected, is_undecoded));
        assert!(!is_text(raw, written) || found.text.as_bytes() == raw);
    }

    #[test]
    fn one_word_is_one_text_however_it_was_sent() {
        // "한글" in both encodings.
        for raw in ["%ED%95%9C%EA%B8%80", "%c7%d1%b1%db", "한글"] {
            reads(raw.as_bytes(), Written::Query, "한글", false);
        }
        reads(b"\xc7\xd1\xb1\xdb", Written::Plain, "한글", false);
        reads(b"\xc7\xd1+%b1\xdb", Written::Query, "한 글", false);
    }

    #[test]
    fn a_mark_that_would_change_the_url_stays() {
        reads(b"/a%2Fb%20c%41%3f%25", Written::Path, "/a%2Fb cA%3f%25", false);
        reads(b"/a+b", Written::Path, "/a+b", false);
        reads(b"q=a+b%26c=d%2", Written::Query, "q=a b%26c=d%2", false);
        reads(b"q=a%3Db%0a", Written::Query, "q=a=b%0a", false);
    }

    #[test]
    fn what_is_in_no_encoding_stays_as_it_was() {
        reads(b"/%ED%95", Written::Path, "/%ED%95", true);
        reads(b"a\xffb", Written::Plain, r"a\xffb", true);
        reads(b"100%", Written::Plain, "100%", false);
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_text(raw in prop::collection::vec(any::<u8>(), 0..40)) {
            for written in [Written::Plain, Written::Path, Written::Query] {
                let found = read(&raw, written);
                prop_assert!(!is_text(&raw, written) || found.text.as_bytes() == raw.as_slice());
            }
        }

        #[test]
        fn text_in_either_encoding_is_the_same(text in "[가-힣a-z]{1,12}") {
            let (cp949, _, is_lossy) = EUC_KR.encode(&text);
            prop_assert!(!is_lossy);
            let escaped = data_encoding::HEXUPPER.encode(&cp949);
            let escaped = escaped.as_bytes().chunks(2).fold(String::new(), |text, pair| {
                text + "%" + str::from_utf8(pair).unwrap()
            });
            // Two bytes that happen to be UTF-8 as well are read as that.
            prop_assume!(str::from_utf8(&cp949).is_err() || text.is_ascii());
            prop_assert_eq!(read(&cp949, Written::Plain).text, text.as_str());
            prop_assert_eq!(read(escaped.as_bytes(), Written::Path).text, text.as_str());
        }
    }
}

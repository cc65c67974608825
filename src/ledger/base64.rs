//! Base64 in; bytes out, from one spelling only.
//!
//! Two spellings of one signature would be two notes that say the same: a change that nobody
//! notices. The library takes padding in the middle, where texts were put one behind another.
//!
//! Source: RFC 4648 sections 4 and 3.5.

use data_encoding::BASE64;

/// The bytes; `None` for any spelling but the one that is written.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    // Padding stands in the last two places alone. All else the library is strict about.
    let padding = memchr::memchr(b'=', text.as_bytes());
    if padding.is_some_and(|at| at + 2 < text.len()) {
        return None;
    }
    BASE64.decode(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn one_spelling_only() {
        assert_eq!(decode("Zm9v"), Some(b"foo".to_vec()));
        assert_eq!(decode("Zg=="), Some(b"f".to_vec()));
        // Padding in the middle, none at the end, bits that no byte uses, another alphabet.
        for text in ["Zg==Zm9v", "Zg", "Zh==", "Zm9", "_-_-", "Zm9v\n", " Zm9v"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}

//! Base64 in; bytes out, from one spelling only.
//!
//! Two spellings of one signature would be two notes that say the same: a change that nobody
//! notices. The library takes padding in the middle, where texts were put one behind another.
//!
//! Source: RFC 4648 sections 4 and 3.5.

use data_encoding::BASE64;

/// The bytes; `None` for any spelling but the one that is written.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    is_padded_at_its_end(text).then(|| BASE64.decode(text.as_bytes()).ok())?
}

/// The first bytes, and how many there are in all, without the others; `None` as [`decode`], or
/// if there are fewer.
pub(super) fn head<const N: usize>(text: &str) -> Option<([u8; N], usize)> {
    const { assert!(N <= BYTES) };
    let (full, end) = text.as_bytes().split_last_chunk::<4>()?;
    let first = full.get(..N.div_ceil(3) * 4).unwrap_or(full);
    let (mut room, mut last) = ([0; BYTES], [0; 3]);
    let count = BASE64.decode_mut(first, room.get_mut(..BASE64.decode_len(first.len()).ok()?)?);
    let (decoded, ended) = (&room[..count.ok()?], BASE64.decode_mut(end, &mut last).ok()?);
    let mut bytes = decoded.iter().chain(&last[..ended]).copied();
    let head = [(); N].map(|()| bytes.next().unwrap_or_default());
    // Between the first and the last it is enough that all are letters: no bit is unused there.
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    let are_letters = full.iter().fold(true, |all, byte| all & is_letter(*byte));
    let length = full.len() / 4 * 3 + ended;
    (are_letters && full.len() % 4 == 0 && length >= N).then_some((head, length))
}

/// Most bytes that [`head`] gives.
const BYTES: usize = 96;

/// Padding stands in the last two places alone. All else the library is strict about.
fn is_padded_at_its_end(text: &str) -> bool {
    let padding = memchr::memchr(b'=', text.as_bytes());
    padding.is_none_or(|at| at + 2 >= text.len())
}

#[cfg(test)]
mod tests {
    use super::{decode, head};

    #[test]
    fn one_spelling_only() {
        assert_eq!(decode("Zm9v"), Some(b"foo".to_vec()));
        assert_eq!(decode("Zg=="), Some(b"f".to_vec()));
        // Padding in the middle, none at the end, bits that no byte uses, another alphabet.
        for text in ["Zg==Zm9v", "Zg", "Zh==", "Zm9", "_-_-", "Zm9v\n", " Zm9v"] {
            assert_eq!(decode(text), None, "{text}");
            assert_eq!(head::<1>(text), None, "{text}");
        }
    }

    #[test]
    fn the_head_is_that_of_what_is_decoded() {
        for length in 0..300 {
            let bytes: Vec<u8> = (0..=255).cycle().take(length).collect();
            let text = data_encoding::BASE64.encode(&bytes);
            assert_eq!(decode(&text).as_ref(), Some(&bytes));
            let expected = bytes.first_chunk().map(|first: &[u8; 4]| (*first, length));
            assert_eq!(head(&text), expected, "{length}");
            for at in [1, length / 2, length].into_iter().filter(|at| *at < text.len()) {
                let odd = format!("{}*{}", &text[..at], &text[at + 1..]);
                assert_eq!((decode(&odd), head::<4>(&odd)), (None, None), "{length} {at}");
            }
        }
    }
}

//! The bytes of a pseudonym in; the letters a reader sees out.
//!
//! ```text
//! base32   5 bytes ─► 8 letters of `a..z 2..7`, no padding
//! hex      4 bytes ─► 8 letters of `0..9 a..f`
//! ```
//!
//! Eight letters at a time in one 64-bit number, one letter a byte: a table
//! costs a load per letter, and this is run for every pseudonym of a night.
//!
//! Source: RFC 4648, sections 6 and 8, in lower case.
//!
//! Not here: who is given which spelling.

/// Letters that `bytes` bytes become in base32.
pub(super) const fn base32_len(bytes: usize) -> usize {
    (bytes * 8).div_ceil(5)
}

/// Appends bytes in base32.
pub(super) fn base32(bytes: &[u8], out: &mut Vec<u8>) {
    let (whole, rest) = bytes.as_chunks::<5>();
    for &[a, b, c, d, e] in whole {
        out.extend_from_slice(&base32_letters([0, 0, 0, a, b, c, d, e]));
    }
    if !rest.is_empty() {
        let mut last = [0; 8];
        last[3..3 + rest.len()].copy_from_slice(rest);
        out.extend_from_slice(&base32_letters(last)[..base32_len(rest.len())]);
    }
}

/// Appends bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8], out: &mut Vec<u8>) {
    let (whole, rest) = bytes.as_chunks::<4>();
    for &[a, b, c, d] in whole {
        out.extend_from_slice(&hex_letters([0, 0, 0, 0, a, b, c, d]));
    }
    for &byte in rest {
        out.extend_from_slice(&hex_letters([0, 0, 0, 0, 0, 0, 0, byte])[6..]);
    }
}

/// A 1 in each byte.
const EACH: u64 = 0x0101_0101_0101_0101;

/// The last 5 bytes as 8 letters.
fn base32_letters(bytes: [u8; 8]) -> [u8; 8] {
    // 40 bits to 2 × 20, each half to 2 × 10, each of those to 2 × 5.
    let n = u64::from_be_bytes(bytes);
    let n = (n & 0x0000_00ff_fff0_0000) << 12 | n & 0x0000_0000_000f_ffff;
    let n = (n & 0x000f_fc00_000f_fc00) << 6 | n & 0x0000_03ff_0000_03ff;
    let n = (n & 0x03e0_03e0_03e0_03e0) << 3 | n & 0x001f_001f_001f_001f;
    // From 26 on digits follow: `a` + 26 is 73 above `2`.
    let digits = (n + EACH * (128 - 26)) >> 7 & EACH;
    (n + EACH * u64::from(b'a') - digits * 73).to_be_bytes()
}

/// The last 4 bytes as 8 letters.
fn hex_letters(bytes: [u8; 8]) -> [u8; 8] {
    let n = u64::from_be_bytes(bytes);
    let n = (n & 0x0000_0000_ffff_0000) << 16 | n & 0x0000_0000_0000_ffff;
    let n = (n & 0x0000_ff00_0000_ff00) << 8 | n & 0x0000_00ff_0000_00ff;
    let n = (n & 0x00f0_00f0_00f0_00f0) << 4 | n & 0x000f_000f_000f_000f;
    // From 10 on letters follow: `a` is 39 above `0` + 10.
    let letters = (n + EACH * (128 - 10)) >> 7 & EACH;
    (n + EACH * u64::from(b'0') + letters * 39).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use data_encoding::{BASE32_NOPAD, HEXLOWER};
    use proptest::prelude::*;

    use super::*;

    fn spelled(spell: fn(&[u8], &mut Vec<u8>), bytes: &[u8]) -> String {
        let mut out = Vec::new();
        spell(bytes, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// RFC 4648, section 10.
    #[test]
    fn vectors_of_the_rfc_are_met() {
        for (bytes, letters) in [
            ("", ""),
            ("f", "my"),
            ("fo", "mzxq"),
            ("foo", "mzxw6"),
            ("foob", "mzxw6yq"),
            ("fooba", "mzxw6ytb"),
            ("foobar", "mzxw6ytboi"),
        ] {
            assert_eq!(spelled(base32, bytes.as_bytes()), letters);
        }
        assert_eq!(spelled(hex, b"foobar"), "666f6f626172");
    }

    #[test]
    fn sixteen_bytes_are_26_letters_and_thirty_two_are_52() {
        assert_eq!(spelled(base32, &[0xff; 16]), "777777777777777777777777".to_owned() + "74");
        assert_eq!((base32_len(16), base32_len(32)), (26, 52));
    }

    proptest! {
        #[test]
        fn other_encoder_spells_the_same(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(spelled(base32, &bytes), BASE32_NOPAD.encode(&bytes).to_lowercase());
            prop_assert_eq!(spelled(hex, &bytes), HEXLOWER.encode(&bytes));
        }
    }
}

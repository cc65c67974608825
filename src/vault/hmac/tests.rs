//! HMAC and counter mode against vectors of others.

use ::hmac::{Hmac as Reference, KeyInit as _, Mac as _};
use data_encoding::HEXLOWER;
use proptest::prelude::*;
use sha2::Sha256;

use super::*;

/// RFC 4231 sections 4.2 to 4.8: key, data, code. The fifth is truncated to
/// 128 bits there.
const RFC_4231: [(&[u8], &[u8], &str); 7] = [
    (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (
        &[
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
            25,
        ],
        &[0xcd; 50],
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ),
    (&[0x0c; 20], b"Test With Truncation", "a3b6167473100ee06e0c796c2955552b"),
    (
        &[0xaa; 131],
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        &[0xaa; 131],
        b"This is a test using a larger than block-size key and a larger than block-size data. \
          The key needs to be hashed before being used by the HMAC algorithm.",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
];

const COUNTER_MODE: &str =
    include_str!("../../../tests/data/vault/sp800-108-counter-hmac-sha256.txt");

fn reference(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut hmac = Reference::<Sha256>::new_from_slice(key).unwrap();
    hmac.update(message);
    hmac.finalize().into_bytes().into()
}

#[test]
fn codes_are_those_of_rfc_4231() {
    for (number, (key, data, expected)) in (1..).zip(RFC_4231) {
        let code = HEXLOWER.encode(&Hmac::new(key).code(data));
        assert_eq!(&code[..expected.len()], expected, "test case {number}");
    }
}

#[test]
fn derived_keys_are_those_of_nist() {
    let mut vectors = 0;
    for line in COUNTER_MODE.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        let count = words.next().unwrap();
        let [key, fixed, expected] =
            [(); 3].map(|()| HEXLOWER.decode(words.next().unwrap().as_bytes()).unwrap());
        let mut output = vec![0; expected.len()];
        derive(&key, &fixed, &mut output);
        assert_eq!(output, expected, "COUNT={count}");
        vectors += 1;
    }
    assert_eq!(vectors, 18);
}

/// The padding takes another path at 55/56 and at 63/64 bytes of the last
/// block, the key at 64/65.
#[test]
fn every_length_agrees_with_the_hmac_crate() {
    let bytes: Vec<u8> = (0..=255).cycle().take(300).collect();
    for length in 0..bytes.len() {
        let message = &bytes[..length];
        assert_eq!(Hmac::new(b"kim").code(message), reference(b"kim", message), "{length} bytes");
        assert_eq!(Hmac::new(message).code(b"kim"), reference(message, b"kim"), "{length} of key");
    }
}

proptest! {
    #[test]
    fn agrees_with_the_hmac_crate(
        key in prop::collection::vec(any::<u8>(), 0..150),
        message in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        prop_assert_eq!(Hmac::new(&key).code(&message), reference(&key, &message));
    }
}

//! Sealed values against the vectors of others, and what opens them.

use aes_siv::siv::Aes128Siv;
use data_encoding::HEXLOWER;
use proptest::prelude::*;

use super::*;

fn bytes(hexadecimal: &str) -> Vec<u8> {
    HEXLOWER.decode(hexadecimal.as_bytes()).unwrap()
}

fn sealed(key: &SealingKey, domain: &str, plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    key.seal(domain, plain, &mut out);
    out
}

/// RFC 5297 appendices A.1 and A.2, with AES-128: key, strings of associated
/// data with the nonce last, text, result.
const RFC_5297: [(&str, &[&str], &str, &str); 2] = [
    (
        "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        &["101112131415161718191a1b1c1d1e1f2021222324252627"],
        "112233445566778899aabbccddee",
        "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c",
    ),
    (
        "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
        &[
            "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100",
            "102030405060708090a0",
            "09f911029d74e35bd84156c5635688c0",
        ],
        "7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553",
        "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d",
    ),
];

/// Project Wycheproof, `testvectors_v1/aes_siv_cmac_test.json` at
/// 218394b294e00db797c798338311cad7b06bf3f5, a selection of those with 64 bytes
/// of key: key, associated data, text, result.
const WYCHEPROOF: [(&str, &str, &str, &str); 5] = [
    (
        "aff6388fdd2908e0c3b610e3dcd410c8146a268d6befd5c45ffdd23508b5b311cc3a9d8f838f456436b289018682151dd57d8d65d1a823c06eca8ab8ee01da01",
        "d0bb2949a411e22d32964526",
        "",
        "e288d802a0e56ed7544a2e5775459389",
    ),
    (
        "e2c5662bb18fbb411d0304e4241db073fe60a4704fee290073513038a22b4cd542580b2b4edbc37e3de01c0cb61abcad46986cdc491ce9e5ae5af223ff58b953",
        "fab912dec29a34aabfaef176",
        "0d",
        "1c6969ecb15741a9959b7a8492250e391a",
    ),
    (
        "c25cafc6018b98dfbb79a40ec89c575a4f88c4116489bba27707479800c0130235334a45dbe8d8dae3da8dcb45bbe5dce031b0f68ded544fda7eca30d6749442",
        "deeb0ccf3aef47a296ed1ca8f4ae5907",
        "beec61030fa3d670337196beade6aeaa",
        "5865208eab9163db85cab9f96d846234a2626aae22f5c17c9aad4b501f4416e4",
    ),
    (
        "27faf97fb303aa4f2f364edd23997f4c77b8e51ebb8293c59dfb1d24f0fb629f6c820fc2d91bf48f0035eeec347e37ec4fb0cb36102bcdc5a248c47a2f97eab9",
        "cc94f64e14df90265f7f12a8a0386d0a",
        "6b1db0f5a43376885002dc98bd556f1dac9b66b66213a9fa6069df995a123384",
        "d0016d675b49f11ea873707412d45709b7703a028a0cfc312cf61cbe22b91e3cf20b7d4c9308ee15f18b4eba00889284",
    ),
    (
        "97bfd0f3e9bb8167bbb55f4cdc14529d8307c0ec2c3fe8bc88522d05c1261ba460c9cb4116f630edd74d413ec417324c6e29b566fb2dd3df18e07b53b1f9f83b",
        "1cda342c166ea208df5c56bcf995a59b",
        "48ef10ccb1978b53ae73167abe1cc538fa80da3f5df93e3d5c4e9a9ad1f213504f22a694b98a35ad67620af9d8a29fc7",
        "d55c5d0af0260dc1123adb5d7869201f8ccee46deb66dd695c593cde1d7645c72796e42a1733b6705753631b9b626991ddbd28473ce75cfdc4c14d20e66f212d",
    ),
];

#[test]
fn values_are_sealed_as_in_rfc_5297() {
    for (key, strings, plain, expected) in RFC_5297 {
        let cipher = || Aes128Siv::new_from_slice(&bytes(key)).unwrap();
        let strings: Vec<Vec<u8>> = strings.iter().map(|string| bytes(string)).collect();
        let mut out = b"before".to_vec();
        seal(&bytes(plain), &mut out, |text| cipher().encrypt_in_place_detached(&strings, text));
        assert_eq!(out.strip_prefix(b"before"), Some(bytes(expected).as_slice()));
        let opened = open(&bytes(expected), |text, tag| {
            cipher().decrypt_in_place_detached(&strings, text, tag)
        });
        assert_eq!(opened, Some(bytes(plain)));
    }
}

/// The associated data of the vectors are no text, so they go past `domain`.
#[test]
fn values_are_sealed_as_in_wycheproof() {
    for (key, string, plain, expected) in WYCHEPROOF {
        let key = SealingKey::new(&bytes(key).try_into().unwrap());
        let string = [bytes(string)];
        let mut out = Vec::new();
        seal(&bytes(plain), &mut out, |text| key.cipher().encrypt_in_place_detached(&string, text));
        assert_eq!(HEXLOWER.encode(&out), expected);
        let opened =
            open(&out, |text, tag| key.cipher().decrypt_in_place_detached(&string, text, tag));
        assert_eq!(opened, Some(bytes(plain)));
    }
}

/// Computed with `AESSIV` of the Python package `cryptography` 48.
#[test]
fn the_domain_is_the_associated_data() {
    let key = SealingKey::new(&std::array::from_fn(|at| u8::try_from(at).unwrap()));
    assert_eq!(
        HEXLOWER.encode(&sealed(&key, "card", b"kim")),
        "28f890dc1b864482bc6bcce63404c3560e1a48"
    );
}

#[test]
fn a_refusal_appends_nothing() {
    let mut out = b"before".to_vec();
    seal(b"kim", &mut out, |_| Err(Error));
    assert_eq!(out, b"before");
}

#[test]
fn what_is_shorter_than_a_tag_does_not_open() {
    let key = SealingKey::new(&[7; KEY]);
    for length in 0..=OVERHEAD {
        assert_eq!(key.open("card", &vec![0; length]), None, "{length} bytes");
    }
    assert_eq!(key.open("card", &sealed(&key, "card", b"")), Some(Vec::new()));
}

proptest! {
    #[test]
    fn what_is_sealed_opens(
        key in prop::collection::vec(any::<u8>(), KEY),
        domain in "[a-z가-힣]{0,8}",
        plain in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let key = SealingKey::new(&key.try_into().unwrap());
        let sealed_once = sealed(&key, &domain, &plain);
        prop_assert_eq!(sealed_once.len(), plain.len() + OVERHEAD);
        prop_assert_eq!(&sealed(&key, &domain, &plain), &sealed_once);
        prop_assert_eq!(key.open(&domain, &sealed_once), Some(plain));
    }

    #[test]
    fn what_was_altered_does_not_open(
        plain in prop::collection::vec(any::<u8>(), 0..40),
        at in any::<prop::sample::Index>(),
        bit in 0..8u32,
    ) {
        let key = SealingKey::new(&[7; KEY]);
        let mut altered = sealed(&key, "card", &plain);
        let at = at.index(altered.len());
        altered[at] ^= 1 << bit;
        prop_assert_eq!(key.open("card", &altered), None);
        altered[at] ^= 1 << bit;
        prop_assert_eq!(key.open("cards", &altered), None);
        altered.push(0);
        prop_assert_eq!(key.open("card", &altered), None);
    }

    /// Either half of the key.
    #[test]
    fn another_key_seals_otherwise_and_does_not_open(bit in 0..8 * KEY) {
        let mut other = [7; KEY];
        other[bit / 8] ^= 1 << (bit % 8);
        let (one, other) = (SealingKey::new(&[7; KEY]), SealingKey::new(&other));
        prop_assert_ne!(sealed(&one, "card", b"kim"), sealed(&other, "card", b"kim"));
        prop_assert_eq!(other.open("card", &sealed(&one, "card", b"kim")), None);
    }
}

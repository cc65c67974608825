//! Signing keys: vectors of the RFCs, files, and what is refused.

use std::path::Path;

use data_encoding::HEXLOWER;
use ed25519_dalek::Verifier as _;
use p256::pkcs8::EncodePublicKey as _;

use super::*;

/// RFC 8032 section 7.1, test 1: secret key, public key, signature of the
/// empty message.
const RFC_8032: [&str; 3] = [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b\
     d25bf5f0595bbe24655141438e7a100b",
];

/// RFC 6979 appendix A.2.5, SHA-256, message `sample`: private key, r, s.
const RFC_6979: [&str; 3] = [
    "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
];

/// Gives these bytes in their order, and then none.
struct Script(Vec<u8>);

impl Script {
    fn of(hex: &[&str]) -> Script {
        Script(HEXLOWER.decode(hex.concat().as_bytes()).unwrap())
    }
}

impl Randomness for Script {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        if self.0.len() < bytes.len() {
            return Err(NoRandomness::System(std::io::Error::other("at its end")));
        }
        let rest = self.0.split_off(bytes.len());
        bytes.copy_from_slice(&self.0);
        self.0 = rest;
        Ok(())
    }
}

fn keys(dir: &Path) -> Keys {
    Keys::create(&dir.join("keys"), "library.example.kr").unwrap()
}

#[test]
fn signatures_are_those_of_the_rfcs() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys(dir.path());
    let generated =
        SigningKeys::generate(&keys, &mut Script::of(&[RFC_8032[0], RFC_6979[0]])).unwrap();
    let loaded = SigningKeys::load(&keys).unwrap();
    for signing in [generated, loaded] {
        assert_eq!(HEXLOWER.encode(&signing.ed25519_public()), RFC_8032[1]);
        assert_eq!(HEXLOWER.encode(&signing.sign_ed25519(b"")), RFC_8032[2]);
        // Both numbers have their highest bit set, so DER puts a zero before each.
        let der = ["3046", "022100", RFC_6979[1], "022100", RFC_6979[2]].concat();
        assert_eq!(HEXLOWER.encode(&signing.sign_p256_der(b"sample")), der);
    }
}

#[test]
fn signatures_verify_under_the_published_keys() {
    let dir = tempfile::tempdir().unwrap();
    let signing = SigningKeys::generate(&keys(dir.path()), &mut super::super::random::Os).unwrap();
    let message = b"gamyeong";

    let key = ed25519_dalek::VerifyingKey::from_bytes(&signing.ed25519_public()).unwrap();
    let signature = ed25519_dalek::Signature::from_bytes(&signing.sign_ed25519(message));
    key.verify(message, &signature).unwrap();

    let key = signing.p256.verifying_key();
    assert_eq!(signing.p256_public_spki(), key.to_public_key_der().unwrap().as_bytes());
    let signature = p256::ecdsa::DerSignature::from_bytes(&signing.sign_p256_der(message)).unwrap();
    key.verify(message, &signature).unwrap();
    assert!(key.verify(b"gamyeonG", &signature).is_err());
}

#[test]
fn a_number_above_the_order_is_drawn_again() {
    let dir = tempfile::tempdir().unwrap();
    let too_large = "ff".repeat(32);
    let zero = "00".repeat(32);
    let script = &mut Script::of(&[RFC_8032[0], &too_large, &zero, RFC_6979[0]]);
    let signing = SigningKeys::generate(&keys(dir.path()), script).unwrap();
    assert!(
        signing
            .sign_p256_der(b"sample")
            .ends_with(&HEXLOWER.decode(RFC_6979[2].as_bytes()).unwrap())
    );
}

#[test]
fn a_source_that_is_stuck_is_an_error_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys(dir.path());
    let result = SigningKeys::generate(&keys, &mut Script(vec![0xff; 1024]));
    assert!(matches!(result.err(), Some(Error::Random(NoRandomness::Stuck(DRAWS)))));
    assert!(paths(&keys).iter().all(|path| !path.exists()));
}

#[test]
fn keys_that_are_there_are_never_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys(dir.path());
    SigningKeys::generate(&keys, &mut super::super::random::Os).unwrap();
    let [_, p256] = paths(&keys);
    let before = std::fs::read(&p256).unwrap();

    let again = SigningKeys::generate(&keys, &mut super::super::random::Os);
    assert!(matches!(again.err(), Some(Error::Exists { .. })));

    let [ed25519, _] = paths(&keys);
    std::fs::remove_file(&ed25519).unwrap();
    let again = SigningKeys::generate(&keys, &mut super::super::random::Os);
    assert!(matches!(again.err(), Some(Error::Exists { path }) if path == p256));
    assert!(!ed25519.exists());
    assert_eq!(std::fs::read(&p256).unwrap(), before);
}

#[test]
fn a_file_with_the_other_key_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys(dir.path());
    SigningKeys::generate(&keys, &mut super::super::random::Os).unwrap();
    let [ed25519, p256] = paths(&keys);
    std::fs::copy(&ed25519, &p256).unwrap();
    let refused = SigningKeys::load(&keys).err();
    assert!(matches!(refused, Some(Error::Malformed { path, line: 1, .. }) if path == p256));
}

#[test]
fn a_number_that_is_no_key_is_refused_when_read() {
    let dir = tempfile::tempdir().unwrap();
    let keys = keys(dir.path());
    let [ed25519, p256] = paths(&keys);
    let mut script = Script::of(&[RFC_8032[0], &"ff".repeat(32)]);
    Secret::random(&mut script).unwrap().write_new(&ed25519, ED25519_HEADING).unwrap();
    Secret::random(&mut script).unwrap().write_new(&p256, P256_HEADING).unwrap();
    let refused = SigningKeys::load(&keys).err();
    assert!(matches!(refused, Some(Error::Malformed { expected: Line::P256, .. })));
}

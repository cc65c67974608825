//! What tests beside the code and those in `tests/it` (`forge`) both need: keys that everybody
//! knows, bodies that are filled in. It names nothing but what its parent names, and that is the
//! one place or the other.

use ed25519_dalek::Signer as _;
use p256::pkcs8::EncodePublicKey as _;
use serde_json::Value;

use super::{Signer, VerifierKey};

pub(crate) const ORIGIN: &str = "lib.example.kr/gamyeong";

/// Keys that everybody knows.
pub(crate) struct TestSigner {
    pub(crate) name: &'static str,
    pub(crate) ed25519: ed25519_dalek::SigningKey,
    pub(crate) p256: p256::ecdsa::SigningKey,
}

impl TestSigner {
    pub(crate) fn new(seed: u8) -> Self {
        Self {
            name: ORIGIN,
            ed25519: ed25519_dalek::SigningKey::from_bytes(&[seed; 32]),
            p256: p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap(),
        }
    }

    pub(crate) fn keys(&self) -> [VerifierKey; 2] {
        VerifierKey::of(self).unwrap()
    }
}

impl Signer for TestSigner {
    fn name(&self) -> &str {
        self.name
    }

    fn ed25519_public(&self) -> [u8; 32] {
        self.ed25519.verifying_key().to_bytes()
    }

    fn p256_public_spki(&self) -> Vec<u8> {
        self.p256.verifying_key().to_public_key_der().unwrap().into_vec()
    }

    fn sign_ed25519(&self, text: &[u8]) -> [u8; 64] {
        self.ed25519.sign(text).to_bytes()
    }

    fn sign_p256_der(&self, text: &[u8]) -> Vec<u8> {
        let signature: p256::ecdsa::DerSignature =
            p256::ecdsa::signature::Signer::sign(&self.p256, text);
        signature.as_bytes().to_vec()
    }
}

/// Gives a body the items of an example that it lacks, and so the tables in it.
pub(crate) fn fill(body: &mut Value, example: &Value) {
    match (body, example) {
        (Value::Object(body), Value::Object(example)) => {
            for (key, value) in example {
                match body.get_mut(key) {
                    Some(inner) => fill(inner, value),
                    None => drop(body.insert(key.clone(), value.clone())),
                }
            }
        }
        (Value::Array(list), Value::Array(example)) => {
            for (inner, value) in list.iter_mut().zip(example.iter().cycle()) {
                fill(inner, value);
            }
        }
        _ => {}
    }
}

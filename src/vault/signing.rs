//! Signing keys of the processing records in; public keys and signatures out.
//!
//! ```text
//! keys/ledger-ed25519.key    # <heading>, then the seed of RFC 8032 section 5.1.5 in hex
//! keys/ledger-p256.key       # <heading>, then the private key d, big endian, in hex
//! ```
//!
//! Two algorithms, because verifiers of transparency logs read Ed25519 while
//! the Korean list of approved algorithms has ECDSA. Both signatures are
//! deterministic: the same key and message give the same bytes.
//!
//! Source: RFC 8032 (Ed25519); FIPS 186-5 and RFC 6979 (ECDSA P-256 with
//! SHA-256); RFC 5480 section 2 (public key as DER).
//!
//! Not here: what is signed and how a signature is written down (`ledger`).

use std::path::PathBuf;

use ed25519_dalek::Signer as _;

use super::keys::Keys;
use super::random::{NoRandomness, Randomness};
use super::secret::Secret;
use super::{Error, Line};

const ED25519_HEADING: &str = "gamyeong signing key of the processing records v1: Ed25519, seed";
const P256_HEADING: &str = "gamyeong signing key of the processing records v1: P-256, d";

/// How often a number out of range is drawn again. Once is needed in 2³² keys
/// (the order of P-256 lies that close below 2²⁵⁶), so this often never.
const DRAWS: u32 = 8;

/// What stands before the point in the DER of every P-256 public key:
/// `SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING`.
const SPKI_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// The two keys that sign the processing records.
///
/// No `Debug`, `Display` or `Clone`; overwritten when dropped.
pub struct SigningKeys {
    ed25519: ed25519_dalek::SigningKey,
    p256: p256::ecdsa::SigningKey,
}

impl SigningKeys {
    /// Draws both keys and writes them down, durably.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] if one of them is there already: it stays.
    /// [`Error::Random`] if there is no randomness. [`Error::File`] if they
    /// cannot be written.
    pub fn generate(keys: &Keys, random: &mut dyn Randomness) -> Result<SigningKeys, Error> {
        let [ed25519_path, p256_path] = paths(keys);
        // Before the first is written, so that no half of a pair is left.
        for path in [&ed25519_path, &p256_path] {
            if path.exists() {
                return Err(Error::Exists { path: path.clone() });
            }
        }
        let ed25519 = Secret::random(random)?;
        let (p256_secret, p256) = draw_p256(random)?;
        ed25519.write_new(&ed25519_path, ED25519_HEADING)?;
        p256_secret.write_new(&p256_path, P256_HEADING)?;
        Ok(SigningKeys { ed25519: ed25519_dalek::SigningKey::from_bytes(ed25519.expose()), p256 })
    }

    /// Reads both keys.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if one is not there. [`Error::Exposed`] or
    /// [`Error::Kind`] if others could have read one. [`Error::Malformed`] if
    /// one is not as it was written.
    pub fn load(keys: &Keys) -> Result<SigningKeys, Error> {
        let [ed25519_path, p256_path] = paths(keys);
        let ed25519 = Secret::read(&ed25519_path, ED25519_HEADING)?;
        let p256 = Secret::read(&p256_path, P256_HEADING)?;
        let p256 = p256_key(&p256).ok_or(Error::Malformed {
            path: p256_path,
            line: 2,
            expected: Line::P256,
        })?;
        Ok(SigningKeys { ed25519: ed25519_dalek::SigningKey::from_bytes(ed25519.expose()), p256 })
    }

    /// The Ed25519 public key as in RFC 8032 section 5.1.2.
    #[must_use]
    pub fn ed25519_public(&self) -> [u8; 32] {
        self.ed25519.verifying_key().to_bytes()
    }

    /// The P-256 public key as DER of a `SubjectPublicKeyInfo`, which
    /// `openssl pkey -pubin -inform DER` reads. Uncompressed, 91 bytes.
    #[must_use]
    pub fn p256_public_spki(&self) -> Vec<u8> {
        let point = self.p256.verifying_key().to_sec1_point(false);
        [&SPKI_PREFIX, point.as_bytes()].concat()
    }

    /// The Ed25519 signature of a message, not of its hash.
    #[must_use]
    pub fn sign_ed25519(&self, message: &[u8]) -> [u8; 64] {
        self.ed25519.sign(message).to_bytes()
    }

    /// The ECDSA signature of a message's SHA-256 as DER
    /// `SEQUENCE { r, s }`, 8 to 72 bytes. Deterministic after RFC 6979.
    #[must_use]
    pub fn sign_p256_der(&self, message: &[u8]) -> Vec<u8> {
        let signature: p256::ecdsa::DerSignature = self.p256.sign(message);
        signature.as_bytes().to_vec()
    }
}

fn paths(keys: &Keys) -> [PathBuf; 2] {
    ["ledger-ed25519.key", "ledger-p256.key"].map(|name| keys.dir().join(name))
}

/// Draws until the number is from 1 to the order of the curve less 1
/// (FIPS 186-5 appendix A.2.2, by rejection).
fn draw_p256(
    random: &mut dyn Randomness,
) -> Result<(Secret, p256::ecdsa::SigningKey), NoRandomness> {
    for _ in 0..DRAWS {
        let secret = Secret::random(random)?;
        if let Some(key) = p256_key(&secret) {
            return Ok((secret, key));
        }
    }
    Err(NoRandomness::Stuck(DRAWS))
}

fn p256_key(secret: &Secret) -> Option<p256::ecdsa::SigningKey> {
    p256::ecdsa::SigningKey::from_slice(secret.expose()).ok()
}

#[cfg(test)]
mod tests;

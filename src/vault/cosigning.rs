//! Signing key of a witness in; its public key and signatures out.
//!
//! ```text
//! DIR/key    # <heading>, then the seed of RFC 8032 section 5.1.5 in hex
//! ```
//!
//! Source: RFC 8032 (Ed25519).
//!
//! Not here: what a witness signs, and when (`ledger`).

use std::path::Path;

use ed25519_dalek::Signer as _;

use super::Error;
use super::random::Randomness;
use super::secret::Secret;

const HEADING: &str = "gamyeong signing key of a witness v1: Ed25519, seed";

/// The key with which a second party signs for ledgers that are not its own.
///
/// No `Debug`, `Display` or `Clone`; overwritten when dropped.
pub struct CosigningKey {
    ed25519: ed25519_dalek::SigningKey,
}

impl CosigningKey {
    /// Draws a key and writes it down, durably.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] if there is a file already: it stays. [`Error::Random`] if there is no
    /// randomness. [`Error::File`] if it cannot be written.
    pub fn generate(path: &Path, random: &mut dyn Randomness) -> Result<Self, Error> {
        let secret = Secret::random(random)?;
        secret.write_new(path, HEADING)?;
        Ok(Self { ed25519: ed25519_dalek::SigningKey::from_bytes(secret.expose()) })
    }

    /// Reads a key.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it is not there. [`Error::Exposed`] or [`Error::Kind`] if others could
    /// have read it. [`Error::Malformed`] if it is not as it was written.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let secret = Secret::read(path, HEADING)?;
        Ok(Self { ed25519: ed25519_dalek::SigningKey::from_bytes(secret.expose()) })
    }

    /// The public key as in RFC 8032 section 5.1.2.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.ed25519.verifying_key().to_bytes()
    }

    /// The Ed25519 signature of a message, not of its hash.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.ed25519.sign(message).to_bytes()
    }
}

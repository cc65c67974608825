//! A name in; the key of a person who signs reviews and approvals (검토자, 개인정보
//! 보호책임자), and signatures, out.
//!
//! ```text
//! NAME.key    # <heading>, name, then the seed of RFC 8032 section 5.1.5 in hex
//! NAME.pub    name+id+base64: what `rights.granted` names
//! ```
//!
//! It is kept by its person and not in a house: whoever runs the nights must not be able to
//! approve them.
//!
//! Source: RFC 8032 (Ed25519).
//!
//! Not here: what is signed (`ledger::approvals`), how a public key is written (`ledger::note`).

use std::path::{Path, PathBuf};

use ed25519_dalek::Signer as _;

use super::random::Randomness;
use super::secret::Secret;
use super::{Error, Line, private};

const HEADING: &str = "gamyeong signing key of an approver v1: Ed25519, seed";

/// Longest key file that is read, in bytes.
const FILE_LIMIT: usize = 1024;

/// The key of one person.
///
/// No `Debug`, `Display` or `Clone`; overwritten when dropped.
pub struct ApproverKey {
    name: String,
    ed25519: ed25519_dalek::SigningKey,
}

impl ApproverKey {
    /// Draws a key and writes it to `DIR/NAME.key`, durably, for its owner alone. Gives the key
    /// and the file.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] if there is one: it stays. [`Error::Random`] if there is no randomness,
    /// [`Error::File`] if it cannot be written.
    pub fn generate(
        dir: &Path,
        name: &str,
        random: &mut dyn Randomness,
    ) -> Result<(Self, PathBuf), Error> {
        let path = dir.join(format!("{name}.key"));
        let secret = Secret::random(random)?;
        secret.write_new(&path, &heading(name))?;
        let ed25519 = ed25519_dalek::SigningKey::from_bytes(secret.expose());
        Ok((Self { name: name.to_owned(), ed25519 }, path))
    }

    /// Reads a key.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it is not there. [`Error::Exposed`] or [`Error::Kind`] if others could
    /// have read it. [`Error::Malformed`] if it is not as it was written.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text = private::read(path, FILE_LIMIT)?;
        let malformed = |line, expected| Error::Malformed { path: path.to_owned(), line, expected };
        let head = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let named = std::str::from_utf8(head).ok();
        let named = named.and_then(|head| head.strip_prefix("# ")?.strip_prefix(HEADING));
        let name = named.and_then(|rest| rest.strip_prefix(", name "));
        let name = name.ok_or_else(|| malformed(1, Line::Heading))?.to_owned();
        let secret = Secret::read(path, &heading(&name))?;
        Ok(Self { ed25519: ed25519_dalek::SigningKey::from_bytes(secret.expose()), name })
    }

    /// The name that it signs under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public key as in RFC 8032 section 5.1.2.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.ed25519.verifying_key().to_bytes()
    }

    /// The signature of a message, not of its hash.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.ed25519.sign(message).to_bytes()
    }
}

fn heading(name: &str) -> String {
    format!("{HEADING}, name {name}")
}

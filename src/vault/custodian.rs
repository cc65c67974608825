//! Nothing in; the key pair of the custodian of additional information
//! (추가정보 관리자) out.
//!
//! ```text
//! # public key: age1…           what `age-keygen` writes, without its date
//! AGE-SECRET-KEY-1…
//! ```
//!
//! The age library draws this key from the operating system by itself: its
//! interface has no place for a source of randomness. Nothing else depends on
//! it, so runs still replay.
//!
//! Source: age-encryption.org/v1, section "The X25519 recipient type".
//!
//! Not here: where the custodian keeps the private key. This program writes it
//! once and never needs it for a run.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use age::secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use super::{Error, Line, private};

/// Longest identity file that is read, in bytes: hundreds of identities with
/// their comments.
pub const IDENTITY_LIMIT: usize = 64 * 1024;

/// Whom a file is sealed to: the custodian's public key, `age1…`.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(age::x25519::Recipient);

/// A text that is no age X25519 recipient. It is not shown: it may be the
/// private key, pasted into the wrong place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an age recipient, expected `age1` and 58 characters")]
pub struct NotARecipient;

/// The private key that opens what is sealed to its [`Recipient`].
///
/// No `Debug`, `Display` or `Clone`; overwritten when dropped. It can be
/// written out whole and in no other way.
pub struct Identity {
    text: Zeroizing<String>,
}

/// Draws a key pair.
///
/// # Examples
///
/// ```
/// use gamyeong::vault::custodian;
///
/// let (identity, recipient) = custodian::generate();
/// let mut file = Vec::new();
/// identity.write_to(&mut file)?;
/// assert!(file.starts_with(format!("# public key: {recipient}\n").as_bytes()));
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use]
pub fn generate() -> (Identity, Recipient) {
    let key = age::x25519::Identity::generate();
    let recipient = Recipient(key.to_public());
    let line = key.to_string();
    // Exact capacity: a string that grows leaves a copy behind.
    let comment = format!("# public key: {recipient}\n");
    let mut text =
        Zeroizing::new(String::with_capacity(comment.len() + line.expose_secret().len() + 1));
    text.push_str(&comment);
    text.push_str(line.expose_secret());
    text.push('\n');
    (Identity { text }, recipient)
}

impl Identity {
    /// Writes the identity file: to a terminal, to be copied by hand, or
    /// into whatever the custodian keeps.
    ///
    /// # Errors
    ///
    /// Whatever `out` reports.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(self.text.as_bytes())
    }

    /// Writes the identity file, durably, for its owner alone.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] if something is there. [`Error::File`] if it cannot
    /// be written.
    pub fn write_new(&self, path: &Path) -> Result<(), Error> {
        private::write_new(path, self.text.as_bytes())
    }
}

impl Recipient {
    pub(super) fn as_age(&self) -> &dyn age::Recipient {
        &self.0
    }
}

impl FromStr for Recipient {
    type Err = NotARecipient;

    fn from_str(text: &str) -> Result<Self, NotARecipient> {
        text.parse().map(Recipient).map_err(|_| NotARecipient)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({})", self.0)
    }
}

/// Reads the identities of a file as `age-keygen` writes it.
pub(super) fn read_identities(path: &Path) -> Result<Vec<age::x25519::Identity>, Error> {
    let text = private::read(path, IDENTITY_LIMIT)?;
    let mut identities = Vec::new();
    for (line, text) in (1..).zip(text.split(|&byte| byte == b'\n')) {
        let text = text.trim_ascii();
        if text.is_empty() || text.starts_with(b"#") {
            continue;
        }
        // The line is named and not shown: it may be a key with a typing error.
        let identity = str::from_utf8(text).ok().and_then(|text| text.parse().ok());
        let malformed =
            || Error::Malformed { path: path.to_owned(), line, expected: Line::Identity };
        identities.push(identity.ok_or_else(malformed)?);
    }
    Ok(identities)
}

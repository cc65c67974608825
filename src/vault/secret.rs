//! 32 secret bytes: random bytes or a key file in, a key file out.
//!
//! ```text
//! # <heading: what the secret is>
//! <64 lower-case hexadecimal digits>
//! ```
//!
//! The heading is compared when the file is read, so that a file under the
//! wrong name is noticed and not used.
//!
//! Source: RFC 4648 section 8 (base16).
//!
//! Not here: what a secret is used for.

use std::path::Path;

use data_encoding::HEXLOWER;
use zeroize::{Zeroize as _, Zeroizing};

use super::random::{NoRandomness, Randomness};
use super::{Error, Line, private};

/// Length of every secret in bytes: 256 bits, twice the 128 that KISA's
/// guide on algorithms and key lengths asks for after 2030.
pub(super) const LENGTH: usize = 32;

/// Longest file that is read: two lines, the heading with two names.
const FILE_LIMIT: usize = 1024;

/// Secret bytes. On the heap, so that moving the value leaves no copy; gone
/// when dropped. No `Debug`, `Display`, `Clone` or comparison.
pub(super) struct Secret(Box<[u8; LENGTH]>);

impl Secret {
    pub(super) fn random(random: &mut dyn Randomness) -> Result<Secret, NoRandomness> {
        let mut secret = Secret(Box::new([0; LENGTH]));
        random.fill(secret.0.as_mut_slice())?;
        Ok(secret)
    }

    /// The bytes themselves. The name is there to be searched for.
    pub(super) fn expose(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// Reads a file that was written under this heading.
    pub(super) fn read(path: &Path, heading: &str) -> Result<Secret, Error> {
        let text = private::read(path, FILE_LIMIT)?;
        let malformed = |line, expected| Error::Malformed { path: path.to_owned(), line, expected };

        let digits = text
            .strip_prefix(b"# ")
            .and_then(|rest| rest.strip_prefix(heading.as_bytes()))
            .and_then(|rest| rest.strip_prefix(b"\n"))
            .ok_or_else(|| malformed(1, Line::Heading))?;
        let digits = digits
            .strip_suffix(b"\n")
            .filter(|digits| digits.len() == 2 * LENGTH)
            .ok_or_else(|| malformed(2, Line::Secret))?;

        let mut secret = Secret(Box::new([0; LENGTH]));
        HEXLOWER
            .decode_mut(digits, secret.0.as_mut_slice())
            // The library's reason holds the position only; so does ours.
            .map_err(|_| malformed(2, Line::Secret))?;
        Ok(secret)
    }

    /// Writes a file that was not there.
    pub(super) fn write_new(&self, path: &Path, heading: &str) -> Result<(), Error> {
        let mut digits = Zeroizing::new([0; 2 * LENGTH]);
        HEXLOWER.encode_mut(self.expose(), digits.as_mut_slice());
        // Exact capacity: a buffer that grows leaves a copy behind.
        let length = 2 + heading.len() + 1 + digits.len() + 1;
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        text.extend_from_slice(b"# ");
        text.extend_from_slice(heading.as_bytes());
        text.push(b'\n');
        text.extend_from_slice(digits.as_slice());
        text.push(b'\n');
        private::write_new(path, &text)
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

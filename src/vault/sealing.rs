//! A value and the name of its domain in; a sealed value out, and with the key
//! the value again.
//!
//! ```text
//! tag    = S2V(K1, domain, value)       16 bytes, depends on every bit of both
//! sealed = tag ‖ AES-CTR(K2, tag, value)
//! ```
//!
//! The same value under the same key and domain is always sealed to the same
//! bytes, so sealed values can be joined, and counted. What they give away is
//! that, and the length of each value: 16 bytes less than the sealed one.
//! Whoever has the key has the values: the key is additional information
//! (추가정보), and so is every table of them together with it.
//!
//! Source: RFC 5297 (AES-SIV), section 2.6 for sealing, 2.7 for opening; the
//! domain is the only string of associated data. AES-256: both keys have 32
//! bytes.
//!
//! Not here: how the key is derived (`pseudonym`), how sealed values are written,
//! who may open them, files (`sealed`).

use aes_siv::aead::Error;
use aes_siv::siv::Aes256Siv;
use aes_siv::{KeyInit as _, Tag};
use zeroize::{Zeroize as _, Zeroizing};

/// Length of a key in bytes: two keys of AES-256.
pub(super) const KEY: usize = 64;

/// By how many bytes a sealed value is longer than the value.
pub const OVERHEAD: usize = 16;

/// Seals the values of one domain, and opens them. Threads may share it.
///
/// No `Debug`, `Display` or `Clone`. On the heap, so that moving the value
/// leaves no copy; overwritten when dropped, as are the round keys of each call.
pub struct SealingKey(Box<[u8; KEY]>);

impl SealingKey {
    /// Takes 64 bytes, K1 and then K2.
    pub(super) fn new(bytes: &[u8; KEY]) -> SealingKey {
        let mut key = SealingKey(Box::new([0; KEY]));
        key.0.copy_from_slice(bytes);
        key
    }

    /// Appends the sealed value, [`OVERHEAD`] bytes longer than `plain`.
    ///
    /// `plain` is the value in the one form that all its spellings share, or
    /// what is to be read again: equal bytes alone are sealed alike. It must be
    /// a value: the placeholder `-` is sealed here too.
    pub fn seal(&self, domain: &str, plain: &[u8], out: &mut Vec<u8>) {
        seal(plain, out, |text| self.cipher().encrypt_in_place_detached([domain], text));
    }

    /// The value that was sealed, or `None` if it was not sealed with this key
    /// for this domain, or was altered since. Tags are compared in constant time.
    #[must_use]
    pub fn open(&self, domain: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        open(sealed, |text, tag| self.cipher().decrypt_in_place_detached([domain], text, tag))
    }

    /// The library's cipher changes while it works, so each call has its own.
    fn cipher(&self) -> Aes256Siv {
        Aes256Siv::new((&*self.0).into())
    }
}

impl Drop for SealingKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Appends the tag and the text that `encrypt` made of `plain`.
fn seal(plain: &[u8], out: &mut Vec<u8>, encrypt: impl FnOnce(&mut [u8]) -> Result<Tag, Error>) {
    let start = out.len();
    out.resize(start + OVERHEAD, 0);
    out.extend_from_slice(plain);
    let (tag, text) = out[start..].split_at_mut(OVERHEAD);
    match encrypt(text) {
        Ok(made) => tag.copy_from_slice(&made),
        // Only with more than 126 strings of associated data, of which there is
        // one. If ever: nothing rather than the value.
        Err(Error) => out.truncate(start),
    }
}

/// What `decrypt` made of the text after the tag, if it accepts the tag.
fn open(
    sealed: &[u8],
    decrypt: impl FnOnce(&mut [u8], &Tag) -> Result<(), Error>,
) -> Option<Vec<u8>> {
    let (tag, text) = sealed.split_first_chunk::<OVERHEAD>()?;
    // Overwritten if the tag is wrong: it holds what nobody vouches for.
    let mut text = Zeroizing::new(text.to_vec());
    decrypt(&mut text, &Tag::from(*tag)).ok()?;
    Some(std::mem::take(&mut *text))
}

#[cfg(test)]
mod tests;

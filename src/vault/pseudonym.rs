//! Epoch secret and label in; a key for one pseudonymisation domain out, and
//! with it pseudonyms.
//!
//! ```text
//! label   = version ‖ controller ‖ purpose ‖ recipient ‖ domain
//! context = pipeline ‖ epoch           each string after its length in 8 bytes
//! key     = KDF(epoch secret, label, context)
//!         = HMAC(epoch secret, [1]₃₂ ‖ label ‖ 0x00 ‖ context ‖ [bits]₃₂)
//!         ‖ HMAC(epoch secret, [2]₃₂ ‖ …)          if it has more than 256 bits
//! pseudonym = HMAC(key, canonical bytes)
//! ```
//!
//! | key | version | bits |
//! |---|---|---|
//! | [`PseudonymKey`] | `gamyeong/v1` | 256 |
//! | [`PseudonymKey`] of what is drawn | `gamyeong/v1/draws` | 256 |
//! | [`PreservingKey`] | `gamyeong/v1/preserving` | 256 |
//! | [`SealingKey`] | `gamyeong/v1/sealing` | 512 |
//!
//! The length before each string makes the label injective: no two lists of
//! names give the same bytes. So two purposes, recipients, domains, epochs or
//! kinds of key have unrelated keys, and their pseudonyms cannot be joined.
//!
//! The derivation is the counter mode, because HKDF is not on the Korean list
//! of approved algorithms and this is.
//!
//! Source: NIST SP 800-108r1 section 4.1; RFC 2104; EDPB Guidelines 01/2025
//! on pseudonymisation domains.
//!
//! Not here: the canonical bytes of an identifier, and what is no identifier
//! at all (`-`, empty): that is `protect`. How a pseudonym is written. What the
//! other two kinds of key do: `preserving`, `sealing`.

use zeroize::Zeroizing;

use super::Error;
use super::hmac::{Hmac, derive};
use super::preserving::PreservingKey;
use super::random::Randomness;
use super::sealing::{self, SealingKey};
use super::secret::{LENGTH, Secret};

/// Version of the derivation. Another one gives other pseudonyms for all.
const VERSION: &str = "gamyeong/v1";

/// The same for keys of what is drawn.
const DRAWS: &str = "gamyeong/v1/draws";

/// The same for keys that preserve prefixes.
const PRESERVING: &str = "gamyeong/v1/preserving";

/// The same for keys that seal.
const SEALING: &str = "gamyeong/v1/sealing";

/// Epoch of secrets that have no file. No window gives it this name.
const IN_MEMORY: &str = "run";

/// What the pseudonyms of one column are for. Every part makes them differ.
///
/// Strings count by their bytes: `가` written in one character or in two is
/// not the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label<'a> {
    /// Id of the controller (개인정보처리자).
    pub controller: &'a str,
    /// Id of the purpose (처리 목적).
    pub purpose: &'a str,
    /// Who gets the pseudonyms (제공받는 자), or a name for the own store.
    pub recipient: &'a str,
    /// Pseudonymisation domain (가명처리 영역): columns of one domain can be
    /// joined with each other.
    pub domain: &'a str,
}

impl Label<'_> {
    fn to_bytes(self, version: &str) -> Vec<u8> {
        let Label { controller, purpose, recipient, domain } = self;
        joined(&[version, controller, purpose, recipient, domain])
    }
}

/// The pseudonymisation secret (가명처리 비밀값) of one epoch of one pipeline.
///
/// Random, and derived from nothing: destroying it cuts this epoch alone.
/// No `Debug`, `Display` or `Clone`; overwritten when dropped.
pub struct EpochSecret {
    secret: Secret,
    context: Vec<u8>,
}

impl EpochSecret {
    /// Draws a secret that is never written down, for the window `run`.
    ///
    /// # Errors
    ///
    /// [`Error::Random`] if there is no randomness.
    pub fn in_memory(pipeline: &str, random: &mut dyn Randomness) -> Result<EpochSecret, Error> {
        Ok(EpochSecret::new(Secret::random(random)?, pipeline, IN_MEMORY))
    }

    pub(super) fn new(secret: Secret, pipeline: &str, epoch: &str) -> EpochSecret {
        EpochSecret { secret, context: joined(&[pipeline, epoch]) }
    }

    /// The key for the pseudonyms that `label` describes. Always the same for
    /// the same secret, pipeline, epoch and label.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::vault::pseudonym::{EpochSecret, Label};
    /// # use gamyeong::vault::random::Os;
    ///
    /// let label = Label {
    ///     controller: "library.example.kr",
    ///     purpose: "opening-hours",
    ///     recipient: "store",
    ///     domain: "ip",
    /// };
    /// let secret = EpochSecret::in_memory("web-visits", &mut Os)?;
    /// let addresses = secret.derive(&label);
    /// let users = secret.derive(&Label { domain: "user", ..label });
    ///
    /// assert_eq!(addresses.pseudonym(b"kim"), secret.derive(&label).pseudonym(b"kim"));
    /// assert_ne!(addresses.pseudonym(b"kim"), users.pseudonym(b"kim"));
    /// # Ok::<(), gamyeong::vault::Error>(())
    /// ```
    #[must_use]
    pub fn derive(&self, label: &Label) -> PseudonymKey {
        let mut key = Zeroizing::new([0; LENGTH]);
        self.fill(VERSION, label, key.as_mut_slice());
        PseudonymKey(Hmac::new(key.as_slice()))
    }

    /// The key of what is drawn for `label`: noise, orders, samples. Unrelated to the
    /// other keys of the same label.
    #[must_use]
    pub fn draws(&self, label: &Label) -> PseudonymKey {
        let mut key = Zeroizing::new([0; LENGTH]);
        self.fill(DRAWS, label, key.as_mut_slice());
        PseudonymKey(Hmac::new(key.as_slice()))
    }

    /// The key for prefix-preserving pseudonyms of IP addresses. Unrelated to
    /// the other keys of the same label.
    #[must_use]
    pub fn preserving(&self, label: &Label) -> PreservingKey {
        let mut key = Zeroizing::new([0; LENGTH]);
        self.fill(PRESERVING, label, key.as_mut_slice());
        PreservingKey::new(&key)
    }

    /// The key that seals values so that it can open them again. Unrelated to
    /// the other keys of the same label.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::vault::pseudonym::{EpochSecret, Label};
    /// # use gamyeong::vault::random::Os;
    ///
    /// let label = Label {
    ///     controller: "library.example.kr",
    ///     purpose: "opening-hours",
    ///     recipient: "store",
    ///     domain: "card",
    /// };
    /// let key = EpochSecret::in_memory("gate", &mut Os)?.sealing(&label);
    /// let mut sealed = Vec::new();
    /// key.seal("card", b"kim", &mut sealed);
    ///
    /// assert_eq!(key.open("card", &sealed).as_deref(), Some(b"kim".as_slice()));
    /// assert_eq!(key.open("user", &sealed), None);
    /// # Ok::<(), gamyeong::vault::Error>(())
    /// ```
    #[must_use]
    pub fn sealing(&self, label: &Label) -> SealingKey {
        let mut key = Zeroizing::new([0; sealing::KEY]);
        self.fill(SEALING, label, key.as_mut_slice());
        SealingKey::new(&key)
    }

    fn fill(&self, version: &str, label: &Label, key: &mut [u8]) {
        let fixed = fixed_input(&label.to_bytes(version), &self.context, key.len());
        derive(self.secret.expose(), &fixed, key);
    }
}

/// Makes the pseudonyms of one domain. Threads may share it.
///
/// No `Debug`, `Display` or `Clone`; overwritten when dropped.
pub struct PseudonymKey(Hmac);

impl PseudonymKey {
    /// The pseudonym (가명) of an identifier: its HMAC-SHA-256, never a bare
    /// hash. Callers keep the first 16 bytes or all 32.
    ///
    /// `canonical` is the identifier in the one form that all its spellings
    /// share. It must be one: the placeholder `-` has a pseudonym here too.
    /// Costs two compressions of SHA-256 up to 55 bytes, one more for every
    /// 64 bytes after that.
    #[must_use]
    pub fn pseudonym(&self, canonical: &[u8]) -> [u8; 32] {
        self.0.code(canonical)
    }
}

/// `label ‖ 0x00 ‖ context ‖ [L]₃₂`, where L is the length of the key in bits.
fn fixed_input(label: &[u8], context: &[u8], length: usize) -> Vec<u8> {
    let [.., a, b, c, d] = (8 * length as u64).to_be_bytes();
    [label, &[0], context, &[a, b, c, d]].concat()
}

/// The strings, each after its length: no other list has these bytes.
fn joined(strings: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for string in strings {
        bytes.extend_from_slice(&(string.len() as u64).to_be_bytes());
        bytes.extend_from_slice(string.as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests;

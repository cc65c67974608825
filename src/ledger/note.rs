//! A text and keys in; a signed note out, and the check of one.
//!
//! ```text
//! text, one or more lines
//!
//! — name base64(key id ‖ signature)
//! — name base64(key id ‖ signature)
//! ```
//!
//! A note of a ledger counts only if an Ed25519 key and an ECDSA P-256 key
//! that the reader knows have both signed it. Ed25519 is what the tools of
//! transparency logs read; P-256 is on the national list of approved
//! algorithms and in every browser.
//!
//! Source: C2SP signed-note v1.0.0; RFC 8032 section 5.1.7 with the stricter
//! checks of `verify_strict`; FIPS 186-5 section 6.4, signatures in DER.
//!
//! Not here: what the text says (`checkpoint`), private keys.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE64, HEXLOWER};
use p256::ecdsa::signature::Verifier as _;
use p256::pkcs8::DecodePublicKey as _;
use sha2::{Digest as _, Sha256};

use super::base64;

/// Signs for a ledger. Implemented where the private keys are.
pub trait Signer {
    /// Name of both keys, and origin of the ledger: a URL without scheme,
    /// such as `lib.example.kr/gamyeong`.
    fn name(&self) -> &str;
    /// The Ed25519 public key, as RFC 8032 writes it.
    fn ed25519_public(&self) -> [u8; 32];
    /// The P-256 public key as a DER `SubjectPublicKeyInfo` (RFC 5480).
    fn p256_public_spki(&self) -> Vec<u8>;
    /// Ed25519 over the bytes.
    fn sign_ed25519(&self, text: &[u8]) -> [u8; 64];
    /// ECDSA over their SHA-256, as a DER `ECDSA-Sig-Value` (RFC 3279).
    fn sign_p256_der(&self, text: &[u8]) -> Vec<u8>;
}

/// Of a P-256 key with both coordinates (RFC 5480 section 2).
const P256_SPKI_BYTES: usize = 91;
/// More than the 16 that a reader must accept, and few enough to check.
const MAX_SIGNATURES: usize = 100;
/// Room for 100 signatures of the largest kind assigned today.
const MAX_NOTE_BYTES: usize = 1 << 20;

/// The signature algorithms of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// Note type 0x01.
    Ed25519,
    /// Note type 0x02 on the curve P-256.
    EcdsaP256,
}

/// Why a note does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The bytes are not a note.
    #[error("note: not in the form of a signed note")]
    Form,
    /// A key that the reader knows is named on a signature it did not make.
    #[error("note: signature does not verify, key id {}", HEXLOWER.encode(key_id))]
    Signature {
        /// Id of the key.
        key_id: [u8; 4],
    },
    /// No key that the reader knows has signed with this algorithm.
    #[error("note: no signature by a known {algorithm} key, one is needed")]
    Missing {
        /// The algorithm.
        algorithm: Algorithm,
    },
}

/// Why a text or bytes are no public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum BadKey {
    #[error("key: not in the form `name+id+base64`")]
    Form,
    #[error("key: name is empty or holds a space, `+` or a control character")]
    Name,
    #[error("key: type is neither Ed25519 (1) nor ECDSA (2)")]
    Type,
    #[error("key: bytes are no public key of its type")]
    Bytes,
    #[error("key: id is not the one that follows from its bytes")]
    Id,
    #[error("key: type is not that of a witness (4)")]
    NoWitness,
}

/// A public key with the name it signs under.
///
/// Text form, of one line: `name+id+base64(type ‖ key)`, the id in eight
/// lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    /// Type byte and encoded key, as in the text form.
    encoded: Vec<u8>,
    public: Public,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Public {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
}

impl VerifierKey {
    /// A key from its 32 bytes.
    ///
    /// # Errors
    ///
    /// [`BadKey::Name`] if the name cannot stand in a note; [`BadKey::Bytes`]
    /// if the bytes are no point of the curve or one of small order, for which
    /// anybody can make signatures.
    pub fn ed25519(name: &str, bytes: &[u8; 32]) -> Result<Self, BadKey> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| BadKey::Bytes)?;
        if key.is_weak() {
            return Err(BadKey::Bytes);
        }
        let encoded = [&[1], bytes.as_slice()].concat();
        let hashed = [name.as_bytes(), b"\n", &encoded].concat();
        Self::new(name, first_four(&hashed), encoded, Public::Ed25519(key))
    }

    /// A key from its DER `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    ///
    /// [`BadKey::Name`] as above; [`BadKey::Bytes`] if this is no P-256 key, or one of which the
    /// point is compressed.
    pub fn p256(name: &str, spki: &[u8]) -> Result<Self, BadKey> {
        // A compressed point is another spelling, which browsers need not read.
        if spki.len() != P256_SPKI_BYTES {
            return Err(BadKey::Bytes);
        }
        let key =
            p256::ecdsa::VerifyingKey::from_public_key_der(spki).map_err(|_| BadKey::Bytes)?;
        // Not over the name: this type took its id from certificate logs.
        let id = first_four(spki);
        Self::new(name, id, [&[2], spki].concat(), Public::P256(key))
    }

    /// Both keys of a signer, Ed25519 first.
    ///
    /// # Errors
    ///
    /// [`BadKey`] if the signer's name or one of its keys is not usable.
    pub fn of(signer: &dyn Signer) -> Result<[Self; 2], BadKey> {
        Ok([
            Self::ed25519(signer.name(), &signer.ed25519_public())?,
            Self::p256(signer.name(), &signer.p256_public_spki())?,
        ])
    }

    fn new(name: &str, id: [u8; 4], encoded: Vec<u8>, public: Public) -> Result<Self, BadKey> {
        if !is_key_name(name) {
            return Err(BadKey::Name);
        }
        Ok(Self { name: name.to_owned(), id, encoded, public })
    }

    /// The name it signs under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key id: eight lower-case hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> String {
        HEXLOWER.encode(&self.id)
    }

    /// Which algorithm it is for.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self.public {
            Public::Ed25519(_) => Algorithm::Ed25519,
            Public::P256(_) => Algorithm::EcdsaP256,
        }
    }

    fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        match &self.public {
            Public::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(text, &signature).is_ok()),
            Public::P256(key) => p256::ecdsa::DerSignature::from_bytes(signature)
                .is_ok_and(|signature| key.verify(text, &signature).is_ok()),
        }
    }
}

impl FromStr for VerifierKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(BadKey::Form);
        };
        let encoded = base64::decode(key).ok_or(BadKey::Form)?;
        let key = match encoded.split_first() {
            Some((1, bytes)) => Self::ed25519(name, bytes.try_into().map_err(|_| BadKey::Bytes)?)?,
            Some((2, spki)) => Self::p256(name, spki)?,
            Some(_) => return Err(BadKey::Type),
            None => return Err(BadKey::Form),
        };
        if HEXLOWER.encode(&key.id) == id { Ok(key) } else { Err(BadKey::Id) }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}+{}", self.name, HEXLOWER.encode(&self.id), BASE64.encode(&self.encoded))
    }
}

/// A note as read. Nothing in it is to be believed before it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note<'a> {
    text: &'a str,
    signatures: Vec<Signature<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Signature<'a> {
    name: &'a str,
    key_id: [u8; 4],
    /// Key id and signature in base64, one spelling of them.
    encoded: &'a str,
}

impl Signature<'_> {
    /// What was signed with, without the key id.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = base64::decode(self.encoded).unwrap_or_default();
        bytes.drain(..self.key_id.len().min(bytes.len()));
        bytes
    }
}

impl<'a> Note<'a> {
    /// Reads a note.
    ///
    /// # Errors
    ///
    /// [`Rejected::Form`] unless it is UTF-8 without control characters other
    /// than line feeds, ends in a line feed, and its last empty line is
    /// followed by 1 to 100 signature lines and nothing else.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Rejected> {
        let note = std::str::from_utf8(bytes).map_err(|_| Rejected::Form)?;
        if note.len() > MAX_NOTE_BYTES || has_control(bytes) {
            return Err(Rejected::Form);
        }
        let blank = last_empty_line(bytes).ok_or(Rejected::Form)?;
        let (text, signatures) = (&note[..=blank], &note[blank + 2..]);
        let lines = signatures.strip_suffix('\n').ok_or(Rejected::Form)?;
        let signatures: Vec<_> =
            lines.split('\n').map(signature).collect::<Option<_>>().ok_or(Rejected::Form)?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(Rejected::Form);
        }
        Ok(Self { text, signatures })
    }

    /// True if these bytes are a note of a text, which holds no control character but line
    /// feeds and ends in one: as [`Note::parse`] reads it, and faster.
    pub(super) fn is_of(bytes: &[u8], text: &str) -> bool {
        let lines = bytes.strip_prefix(text.as_bytes()).and_then(|rest| rest.strip_prefix(b"\n"));
        let lines = lines.and_then(|lines| lines.strip_suffix(b"\n"));
        let Some(Ok(lines)) = lines.map(std::str::from_utf8) else { return false };
        bytes.len() <= MAX_NOTE_BYTES
            && lines.split('\n').all(|line| signature(line).is_some())
            && lines.split('\n').count() <= MAX_SIGNATURES
    }

    /// The text, whoever signed it.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Name, key id and bytes of each signature, in their order.
    pub(super) fn signatures(&self) -> impl Iterator<Item = (&'a str, [u8; 4], Vec<u8>)> {
        self.signatures.iter().map(|one| (one.name, one.key_id, one.bytes()))
    }

    /// Gives the text if known keys vouch for it: at least one of each
    /// algorithm, and none of the known ones with a signature that fails.
    /// Signatures by other keys are passed over.
    ///
    /// # Errors
    ///
    /// [`Rejected::Signature`] and [`Rejected::Missing`].
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<&'a str, Rejected> {
        let signed = self.signed_by(keys)?;
        for algorithm in [Algorithm::Ed25519, Algorithm::EcdsaP256] {
            if !signed.contains(&algorithm) {
                return Err(Rejected::Missing { algorithm });
            }
        }
        Ok(self.text)
    }

    /// The algorithms with which known keys have signed, in the order of the
    /// signature lines.
    ///
    /// # Errors
    ///
    /// [`Rejected::Signature`] if a known key is named and did not sign.
    pub fn signed_by(&self, keys: &[VerifierKey]) -> Result<Vec<Algorithm>, Rejected> {
        let mut algorithms = Vec::new();
        for signature in &self.signatures {
            let is_named =
                |key: &&VerifierKey| key.name == signature.name && key.id == signature.key_id;
            // Two keys can share name and id: ids are short. Either may fit.
            let mut named = keys.iter().filter(is_named).peekable();
            if named.peek().is_none() {
                continue;
            }
            match named.find(|key| key.verifies(self.text.as_bytes(), &signature.bytes())) {
                Some(key) => algorithms.push(key.algorithm()),
                None => return Err(Rejected::Signature { key_id: signature.key_id }),
            }
        }
        Ok(algorithms)
    }
}

/// Signs a text with both keys: the bytes of a note file.
///
/// # Errors
///
/// [`Rejected::Form`] if the text does not end in a line feed or the signer's
/// name cannot stand in a note; [`Rejected::Signature`] or
/// [`Rejected::Missing`] if a signature that was just made does not verify,
/// which a broken key or memory fault would cause.
pub fn sign(text: &str, signer: &dyn Signer, keys: &[VerifierKey; 2]) -> Result<Vec<u8>, Rejected> {
    let [ed25519, p256] = keys;
    let first = line(ed25519, &signer.sign_ed25519(text.as_bytes()));
    let second = line(p256, &signer.sign_p256_der(text.as_bytes()));
    let note = format!("{text}\n{first}\n{second}\n").into_bytes();
    let verified = Note::parse(&note)?.verify(keys)?;
    if verified == text { Ok(note) } else { Err(Rejected::Form) }
}

/// The line of a signature, without its line feed.
#[must_use]
pub fn line(key: &VerifierKey, signature: &[u8]) -> String {
    format!("— {} {}", key.name, BASE64.encode(&[&key.id, signature].concat()))
}

/// Whose signature of a text a line is: the id of the key that it names, and which of the
/// known ones that is.
///
/// # Errors
///
/// [`Rejected::Form`] if it is no line of a signature; [`Rejected::Signature`] if a known key
/// is named and did not sign.
pub(super) fn signer<'k>(
    line: &str,
    text: &[u8],
    keys: impl Iterator<Item = &'k VerifierKey>,
) -> Result<([u8; 4], Option<&'k VerifierKey>), Rejected> {
    let signature = signature(line).ok_or(Rejected::Form)?;
    let Signature { name, key_id, .. } = signature;
    let mut named = keys.filter(|key| key.name == name && key.id == key_id).peekable();
    if named.peek().is_none() {
        return Ok((key_id, None));
    }
    match named.find(|key| key.verifies(text, &signature.bytes())) {
        Some(key) => Ok((key_id, Some(key))),
        None => Err(Rejected::Signature { key_id }),
    }
}

/// True if a control character of ASCII stands there, other than line feeds.
fn has_control(note: &[u8]) -> bool {
    let is_control = |byte: u8| matches!(byte, 0..=9 | 11..=31);
    // Without a way out, so that the compiler takes many bytes at a time.
    note.iter().fold(false, |found, &byte| found | is_control(byte))
}

/// Where the line feed before the last empty line stands.
fn last_empty_line(note: &[u8]) -> Option<usize> {
    let mut feeds = memchr::memrchr_iter(b'\n', note);
    let mut behind = feeds.next()?;
    feeds.find(|&feed| feed + 1 == std::mem::replace(&mut behind, feed))
}

fn signature(line: &str) -> Option<Signature<'_>> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    let (key_id, length) = base64::head(encoded)?;
    let is_good = is_key_name(name) && length > key_id.len();
    is_good.then_some(Signature { name, key_id, encoded })
}

pub(super) fn is_key_name(name: &str) -> bool {
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    let is_plain = name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'+');
    !name.is_empty() && (is_plain || !name.contains(is_odd))
}

pub(super) fn first_four(bytes: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(bytes));
    [a, b, c, d]
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Algorithm::Ed25519 => "Ed25519",
            Algorithm::EcdsaP256 => "ECDSA P-256",
        })
    }
}

//! A checkpoint and a second party's key in; a line with its signature and the time out, and
//! the check of one.
//!
//! ```text
//! cosignature/v1
//! time 1790000000
//! lib.example.kr/gamyeong
//! 12345
//! base64(root)
//!                                  ─► Ed25519 ─► — name base64(key id ‖ time ‖ signature)
//! ```
//!
//! It says: at this time, of all checkpoints of this ledger that the witness has seen, this is
//! the largest, and it continues those before it.
//!
//! Source: C2SP tlog-cosignature v1.0.1, `cosignature/v1` (type 0x04).
//!
//! Not here: when a witness signs (`witness`), private keys.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE64, HEXLOWER};

use super::base64;
use super::note::{BadKey, Note, Rejected, first_four, is_key_name};

/// The type of a witness's key in a note.
const TYPE: u8 = 4;

/// Signs as a witness. Implemented where the private key is.
pub trait Cosigner {
    /// Name of its key: a URL without scheme, such as `audit.example.kr/witness`.
    fn name(&self) -> &str;
    /// The Ed25519 public key, as RFC 8032 writes it.
    fn public(&self) -> [u8; 32];
    /// Ed25519 over the bytes.
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

/// The public key of a witness (증인) with the name it signs under.
///
/// Text form, of one line: `name+id+base64(0x04 ‖ key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    id: [u8; 4],
    key: ed25519_dalek::VerifyingKey,
}

/// A signature of a witness that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// Whose.
    pub key: WitnessKey,
    /// When, in seconds since 1970.
    pub time: u64,
}

impl WitnessKey {
    /// A key from its 32 bytes.
    ///
    /// # Errors
    ///
    /// [`BadKey::Name`] if the name cannot stand in a note; [`BadKey::Bytes`] if the bytes are
    /// no point of the curve or one of small order.
    pub fn new(name: &str, bytes: &[u8; 32]) -> Result<Self, BadKey> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| BadKey::Bytes)?;
        if key.is_weak() {
            return Err(BadKey::Bytes);
        }
        if !is_key_name(name) {
            return Err(BadKey::Name);
        }
        let id = first_four(&[name.as_bytes(), b"\n", &[TYPE], bytes].concat());
        Ok(Self { name: name.to_owned(), id, key })
    }

    /// The key that a witness signs with.
    ///
    /// # Errors
    ///
    /// As [`WitnessKey::new`].
    pub fn of(cosigner: &dyn Cosigner) -> Result<Self, BadKey> {
        Self::new(cosigner.name(), &cosigner.public())
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

    /// The time of a signature over a text; `None` if this key did not make it.
    fn time_of(&self, text: &str, bytes: &[u8]) -> Option<u64> {
        let (time, signature) = bytes.split_first_chunk()?;
        let time = u64::from_be_bytes(*time);
        let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
        let is_time = time > 0 && i64::try_from(time).is_ok();
        let message = message(text, time);
        let is_signed = is_time && self.key.verify_strict(message.as_bytes(), &signature).is_ok();
        is_signed.then_some(time)
    }
}

impl FromStr for WitnessKey {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(BadKey::Form);
        };
        let encoded = base64::decode(key).ok_or(BadKey::Form)?;
        let key = match encoded.split_first() {
            Some((&TYPE, bytes)) => Self::new(name, bytes.try_into().map_err(|_| BadKey::Bytes)?)?,
            Some(_) => return Err(BadKey::NoWitness),
            None => return Err(BadKey::Form),
        };
        if key.id() == id { Ok(key) } else { Err(BadKey::Id) }
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = [&[TYPE], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, self.id(), BASE64.encode(&encoded))
    }
}

/// The signature line of a witness under a checkpoint's text.
///
/// # Errors
///
/// [`Rejected::Signature`] if the signature that was just made does not verify, which a broken
/// key or memory fault would cause, or a time of 0.
pub fn cosign(
    text: &str,
    time: u64,
    key: &WitnessKey,
    cosigner: &dyn Cosigner,
) -> Result<String, Rejected> {
    let signature = cosigner.sign(message(text, time).as_bytes());
    let bytes = [time.to_be_bytes().as_slice(), &signature].concat();
    if key.time_of(text, &bytes) != Some(time) {
        return Err(Rejected::Signature { key_id: key.id });
    }
    Ok(format!("— {} {}\n", key.name, BASE64.encode(&[&key.id, bytes.as_slice()].concat())))
}

/// The signatures that known witnesses have put under a note, in the order of its lines.
/// Lines of others are passed over.
///
/// # Errors
///
/// [`Rejected::Form`] if it is no note; [`Rejected::Signature`] if a known witness is named
/// on a signature that it did not make.
pub fn cosigned_by(note: &[u8], keys: &[WitnessKey]) -> Result<Vec<Cosigned>, Rejected> {
    let note = Note::parse(note)?;
    let mut cosigned = Vec::new();
    for (name, key_id, bytes) in note.signatures() {
        // Two keys can share name and id: ids are short. Either may fit.
        let mut named = keys.iter().filter(|key| key.name == name && key.id == key_id).peekable();
        if named.peek().is_none() {
            continue;
        }
        let found = named.find_map(|key| Some((key, key.time_of(note.text(), &bytes)?)));
        let (key, time) = found.ok_or(Rejected::Signature { key_id })?;
        cosigned.push(Cosigned { key: key.clone(), time });
    }
    Ok(cosigned)
}

/// What a witness signs.
fn message(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

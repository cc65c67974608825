//! The head of a ledger in; three lines of text out, and back.
//!
//! ```text
//! lib.example.kr/gamyeong
//! 12345
//! base64(root)
//! ```
//!
//! Source: C2SP tlog-checkpoint v1.0.0. Extension lines are refused: nobody
//! could check what they say.
//!
//! Not here: signatures (`note`), files (`store`).

use std::fmt;

use super::json::INTEGER_LIMIT;
use super::note::{Note, Rejected, VerifierKey};
use super::tree::Hash;

/// What a ledger looked like at one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which ledger, see [`super::note::Signer::name`].
    pub origin: String,
    /// Number of records.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

/// Why a note is no checkpoint that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unacceptable {
    /// The note does not count.
    #[error(transparent)]
    Note(#[from] Rejected),
    /// The text is not origin, size and root.
    #[error("checkpoint: text is not three lines of origin, size and root")]
    Text,
}

impl Checkpoint {
    /// Reads a text, signed or not.
    ///
    /// # Errors
    ///
    /// [`Unacceptable::Text`] unless it is three lines: an origin, a size
    /// below 2^53 without leading zeros, 32 bytes in base64.
    pub fn parse(text: &str) -> Result<Self, Unacceptable> {
        let mut lines = text.strip_suffix('\n').ok_or(Unacceptable::Text)?.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(Unacceptable::Text);
        };
        // No sign, which the library takes, and no zeros before it.
        let is_written_so = size == "0" || size.starts_with(|digit| matches!(digit, '1'..='9'));
        let parsed = size.parse().ok().filter(|&number: &u64| number < INTEGER_LIMIT);
        let size = parsed.filter(|_| is_written_so).ok_or(Unacceptable::Text)?;
        let root = Hash::from_base64(root).ok_or(Unacceptable::Text)?;
        if origin.is_empty() {
            return Err(Unacceptable::Text);
        }
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// Reads a note that an Ed25519 and a P-256 key among `keys` have signed.
    ///
    /// # Errors
    ///
    /// [`Unacceptable::Note`] if they have not, [`Unacceptable::Text`] as
    /// [`Checkpoint::parse`].
    pub fn open(note: &[u8], keys: &[VerifierKey]) -> Result<Self, Unacceptable> {
        Self::parse(Note::parse(note)?.verify(keys)?)
    }

    /// True for a note with the text of a checkpoint, whoever signed it.
    #[must_use]
    pub fn is_one(note: &[u8]) -> bool {
        Note::parse(note).is_ok_and(|note| Self::parse(note.text()).is_ok())
    }
}

/// The text to be signed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, size, root } = self;
        Text { origin, size: *size, root: *root }.fmt(f)
    }
}

/// A checkpoint that borrows its origin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) origin: &'a str,
    pub(super) size: u64,
    pub(super) root: Hash,
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root.to_base64())
    }
}

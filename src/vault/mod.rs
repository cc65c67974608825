//! Key files in; pseudonyms, signatures and sealed files out. Keys never.
//!
//! The place where additional information (추가정보) is kept apart
//! (추가정보 분리보관소).
//!
//! ```text
//! keys/<pipeline>/<epoch>.secret ─► EpochSecret ─(label)─► PseudonymKey ──► pseudonym
//!                                              ─(label)─► PreservingKey ─► address
//!                                              ─(label)─► SealingKey ────► sealed value
//! keys/ledger-*.key              ─► SigningKeys ─────────► signature
//! key of a witness               ─► CosigningKey ────────► signature
//! keys/custodian.pub             ─► Recipient ───────────► sealed file
//! the night                      ─► Ephemeral ───────────► file that is gone with it
//! ```
//!
//! A secret lives in a type of fixed size that is overwritten when dropped and
//! has no `Debug`, `Display` or `Clone`. Overwriting is best effort: a
//! register, a stack slot or a swapped page may keep a copy, so a host should
//! also run without swap. `main` sees to it that there are no core dumps.
//!
//! Source: 개인정보 보호법 §28의4①, 시행령 §29의5①; EDPB Guidelines 01/2025
//! on pseudonymisation.
//!
//! Not here: canonical bytes of an identifier (`protect`), whether a missing
//! secret once existed (`ledger`), when a secret is destroyed, the clock.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::fs;

pub mod approver;
pub mod keys;
pub mod window;

pub mod ephemeral;
pub mod preserving;
pub mod pseudonym;
pub mod sealing;
pub mod signing;
pub mod cosigning;

pub mod custodian;
pub mod sealed;

pub mod random;
pub mod recognise;

mod hmac;
mod private;
mod secret;

/// Why a key or a sealed file could not be used. Names paths, modes and lines,
/// never what stands in them.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system did not do what was asked.
    #[error(transparent)]
    File(#[from] fs::Failure),

    /// Somebody besides the owner has rights to a key file or its directory.
    #[error("{}: {kind} has mode {found:04o}, expected {expected:04o} or less", path.display())]
    Exposed {
        /// The file or directory.
        path: PathBuf,
        /// Which of the two it is.
        kind: Kind,
        /// Its permission bits.
        found: u32,
        /// The most it may have.
        expected: u32,
    },

    /// Something else stands where a key file or directory should.
    #[error("{}: found a {found}, expected a {expected}", path.display())]
    Kind {
        /// Where.
        path: PathBuf,
        /// What is there.
        found: Kind,
        /// What should be.
        expected: Kind,
    },

    /// The keys are those of another institution.
    #[error("{}: keys of controller `{found}`, expected `{expected}`", path.display())]
    Controller {
        /// The file `controller` of the keys directory.
        path: PathBuf,
        /// Whose keys they are.
        found: String,
        /// Who asked for them.
        expected: String,
    },

    /// A key would have been replaced. The one that was there is untouched.
    #[error("{}: exists already, a key is never replaced", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },

    /// A key file is longer than any key file is.
    #[error("{}: longer than {limit} bytes, not a key file", path.display())]
    Oversized {
        /// The file.
        path: PathBuf,
        /// The limit for its kind, in bytes.
        limit: usize,
    },

    /// A line of a key file is not what stands there in a whole one.
    #[error("{}:{line}: line not understood, expected {expected}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What should stand there.
        expected: Line,
    },

    /// A name that cannot be part of a path.
    #[error(
        "{place} name `{}`: not usable, expected 1 to {NAME_LENGTH} of `A-Z a-z 0-9 - _ .`, \
         the first a letter or digit, and no name of a file of `keys`",
        name.escape_debug()
    )]
    Name {
        /// What it names.
        place: Place,
        /// The name.
        name: String,
    },

    /// A key could not be drawn.
    #[error(transparent)]
    Random(#[from] random::NoRandomness),

    /// The file is no age file.
    #[error("{}: not a sealed file, expected age-encryption.org/v1", path.display())]
    NotSealed {
        /// The file.
        path: PathBuf,
    },

    /// The file is sealed to somebody else.
    #[error("{}: not sealed to the identity in {}", path.display(), identity.display())]
    NoMatchingIdentity {
        /// The sealed file.
        path: PathBuf,
        /// The identity file.
        identity: PathBuf,
    },

    /// The file ends before its last block, which is marked as such.
    #[error("{}: sealed file ends too early", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
    },

    /// A block or the header does not authenticate.
    #[error("{}: sealed file was altered, or ends inside a block", path.display())]
    Altered {
        /// The file.
        path: PathBuf,
    },

    /// The opened text could not be handed on.
    #[error("{}: opened, but could not write the text", path.display())]
    Output {
        /// The sealed file.
        path: PathBuf,
        /// What the receiver said.
        source: io::Error,
    },
}

impl Error {
    /// What to try next, if there is one thing to try.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Error::Exposed { kind: Kind::Directory, .. } => {
                Some("take the rights of group and others away with `chmod 700`")
            }
            Error::Exposed { .. } => {
                Some("take the rights of group and others away with `chmod 600`")
            }
            Error::Kind { found: Kind::SymbolicLink, .. } => {
                Some("name the place itself in `institution.toml`, links are not followed")
            }
            Error::Controller { .. } => {
                Some("name the keys directory of this institution in `institution.toml`")
            }
            Error::NoMatchingIdentity { .. } => {
                Some("use the identity that belongs to `custodian.pub` of the keys directory")
            }
            Error::File(_)
            | Error::Kind { .. }
            | Error::Exists { .. }
            | Error::Oversized { .. }
            | Error::Malformed { .. }
            | Error::Name { .. }
            | Error::Random(_)
            | Error::NotSealed { .. }
            | Error::Truncated { .. }
            | Error::Altered { .. }
            | Error::Output { .. } => None,
        }
    }
}

/// Longest name of a pipeline or epoch, in bytes: with its suffixes it stays
/// far below the 255 bytes of a file name on Linux.
pub const NAME_LENGTH: usize = 64;

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    File,
    Directory,
    SymbolicLink,
    /// Device, pipe or socket.
    Special,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::File => "file",
            Kind::Directory => "directory",
            Kind::SymbolicLink => "symbolic link",
            Kind::Special => "device, pipe or socket",
        })
    }
}

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Place {
    Controller,
    Pipeline,
    Epoch,
    Database,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Place::Controller => "controller",
            Place::Pipeline => "pipeline",
            Place::Epoch => "epoch",
            Place::Database => "database",
        })
    }
}

/// The lines of which key files consist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The id of a controller, alone in its file.
    Controller,
    /// The comment that says which secret the file holds.
    Heading,
    /// The secret.
    Secret,
    /// The secret, where not every number is a key.
    P256,
    /// The custodian's public key, alone in its file.
    Recipient,
    /// A private key of age, a comment, or nothing.
    Identity,
    /// The URL of a database, alone in its file.
    Address,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Line::Controller => "the id of a controller and nothing after it",
            Line::Heading => "the heading that belongs to this file name",
            Line::Secret => "64 lower-case hexadecimal digits and nothing after them",
            Line::P256 => "a private key of P-256",
            Line::Recipient => "an age recipient (`age1` and 58 characters) and nothing after it",
            Line::Address => "the URL of a database and nothing after it",
            Line::Identity => "an age identity, a comment or an empty line",
        })
    }
}

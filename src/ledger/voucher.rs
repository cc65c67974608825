//! What others say of a ledger in; files that stand beside its records, and facts for a record
//! of them, out.
//!
//! ```text
//! witness/0000000012-1a2b3c4d.note   a checkpoint, signed by a witness as well
//! anchor/0000000012-5e6f7a8b.tsr     a time stamp on a checkpoint: an RFC 3161 answer
//!         size       digest of the file
//! ```
//!
//! Source: C2SP tlog-cosignature; RFC 3161.
//!
//! Not here: finding that one is not of the ledger that it stands in (`verify`).

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::checkpoint::{Checkpoint, Unacceptable};
use super::cosignature::{WitnessKey, cosigned_by};
use super::fault::Fault;
use super::files::Layout;
use super::items::constants::{STAMPED, WITNESSED};
use super::json::INTEGER_LIMIT;
use super::note::{Note, Rejected};
use super::openssl::{self, Authority, Trouble};
use super::stamp::{self, NoStamp, Stamp};
use super::store::Ledger;
use super::tlog_proof;
use super::tree::Hash;
use crate::fs::{self, Failure};

/// Longest voucher that is taken.
pub const MAX_BYTES: usize = stamp::MAX_BYTES;

/// The two directories, as they are called, with the ending of what stands there.
pub(super) const PLACES: [(&str, &str); 2] = [("witness", "note"), ("anchor", "tsr")];

/// A checkpoint of a ledger for which somebody else vouches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    /// How many records it vouches for.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// When it was given.
    pub time: Timestamp,
    /// Who vouches.
    pub by: By,
    bytes: Vec<u8>,
}

/// Who vouches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// A witness (증인).
    Witness(WitnessKey),
    /// A time stamping authority (시점확인 기관).
    Authority {
        /// Object identifier of its policy.
        policy: String,
        /// Its number of the stamp.
        serial: String,
    },
}

/// Why something vouches for nothing here.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It is too long.
    #[error("{found} bytes, {MAX_BYTES} at most")]
    Long {
        /// How long.
        found: usize,
    },
    /// It is no checkpoint of this ledger.
    #[error("no checkpoint of this ledger")]
    Checkpoint(#[source] Unacceptable),
    /// A witness that is known did not make its signature.
    #[error("signature of the witness")]
    Witness(#[source] Rejected),
    /// No witness that is known has signed.
    #[error("no signature by a known witness")]
    NoWitness,
    /// It is no stamp.
    #[error(transparent)]
    Stamp(#[from] NoStamp),
    /// It is of a ledger that goes on differently.
    #[error("vouches for other records: {size} with another root")]
    Other {
        /// How many.
        size: u64,
    },
    /// It is of more records than there are.
    #[error("vouches for {found} records, {size} are here")]
    Beyond {
        /// How many it vouches for.
        found: u64,
        /// How many there are.
        size: u64,
    },
    /// It stamps something else.
    #[error("stamp: not on a checkpoint of this ledger")]
    NotOurs,
    /// The authority did not give it, or that could not be found out.
    #[error(transparent)]
    Authority(#[from] Trouble),
}

impl Unfit {
    /// True if it could not be found out whether it vouches.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        matches!(self, Unfit::Authority(trouble) if !trouble.is_refusal())
    }
}

impl Voucher {
    /// What a note with the signature of a witness says of a ledger. Of several known witnesses
    /// the first counts.
    ///
    /// # Errors
    ///
    /// [`Unfit`] if it is not a checkpoint of this ledger, or no known witness signed it.
    pub fn of_note(note: &[u8], ledger: &Ledger, keys: &[WitnessKey]) -> Result<Self, Unfit> {
        within(note)?;
        let checkpoint = Checkpoint::open(note, ledger.keys()).map_err(Unfit::Checkpoint)?;
        if checkpoint.origin != ledger.origin() {
            return Err(Unfit::NotOurs);
        }
        let cosigned = cosigned_by(note, keys).map_err(Unfit::Witness)?;
        let first = cosigned.into_iter().next().ok_or(Unfit::NoWitness)?;
        let Checkpoint { size, root, .. } = checkpoint;
        match ledger.root_at(size) {
            Some(found) if found == root && size > 0 => {}
            Some(_) => return Err(Unfit::Other { size }),
            None => return Err(Unfit::Beyond { found: size, size: ledger.size() }),
        }
        let seconds = i64::try_from(first.time).unwrap_or_default();
        let time = Timestamp::from_second(seconds).map_err(|_| Unfit::NoWitness)?;
        Ok(Self { size, root, time, by: By::Witness(first.key), bytes: note.to_vec() })
    }

    /// What a time stamp says of a ledger, if the authority gave it.
    ///
    /// # Errors
    ///
    /// [`Unfit`] if it did not, or the stamp is on no checkpoint of this ledger.
    pub fn of_stamp(bytes: &[u8], ledger: &Ledger, authority: &Authority) -> Result<Self, Unfit> {
        within(bytes)?;
        let Stamp { imprint, policy, serial, time } = stamp::read(bytes)?;
        let found = size_of(imprint, ledger.origin(), ledger.size(), |size| ledger.root_at(size));
        let (size, root) = found.ok_or(Unfit::NotOurs)?;
        openssl::verify(bytes, imprint, authority, None)?;
        let by = By::Authority { policy, serial };
        Ok(Self { size, root, time, by, bytes: bytes.to_vec() })
    }

    /// Where it stands, relative to the ledger.
    #[must_use]
    pub fn path(&self) -> String {
        let [witness, anchor] = PLACES;
        let (dir, ending) = match self.by {
            By::Witness(_) => witness,
            By::Authority { .. } => anchor,
        };
        format!("{dir}/{}", name(self.size, &self.bytes, ending))
    }

    /// Puts it beside the records of the ledger in `dir`, durably. It may be there already: a
    /// crash came before its record.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn store(&self, dir: &Path) -> Result<(), Failure> {
        let path = dir.join(self.path());
        let parent = path.parent().unwrap_or(dir);
        fs::create_dir(parent, fs::SHARED_DIR)?;
        match fs::read_regular(&path) {
            Ok(found) if found == self.bytes => fs::sync_dir(parent),
            _ => fs::write_new_durably(&path, &self.bytes, fs::SHARED_FILE),
        }
    }

    /// The body of its record.
    #[must_use]
    pub fn body(&self) -> Value {
        let means = match self.by {
            By::Witness(_) => WITNESSED,
            By::Authority { .. } => STAMPED,
        };
        let mut body = json!({
            "means": means,
            "size": self.size,
            "root": self.root.to_hex(),
            "path": self.path(),
            "sha256": Hash::of(&self.bytes).to_hex(),
            "at": self.time.to_string(),
        });
        match &self.by {
            By::Witness(key) => body["witness"] = json!(key.to_string()),
            By::Authority { policy, serial } => {
                body["policy"] = json!(policy);
                body["serial"] = json!(serial);
            }
        }
        body
    }
}

/// The request for a stamp on the newest checkpoint of a ledger, and its size. Needs no keys:
/// whoever imports the answer checks.
///
/// # Errors
///
/// [`Fault`] if there is no head, or it is none.
pub fn request(dir: &Path) -> Result<(u64, Vec<u8>), Fault> {
    let path = Layout::new(dir).head();
    let note = fs::read_regular(&path)?;
    let unreadable = |source| Fault::Checkpoint { path: path.clone(), source };
    let text = Note::parse(&note).map_err(|rejected| unreadable(rejected.into()))?.text();
    let head = Checkpoint::parse(text).map_err(unreadable)?;
    Ok((head.size, stamp::request(&head)))
}

/// Of how many records a stamp is, with their root; `None` if it is of no checkpoint of this
/// origin up to `most` records.
pub(super) fn size_of(
    imprint: Hash,
    origin: &str,
    most: u64,
    root_at: impl Fn(u64) -> Option<Hash>,
) -> Option<(u64, Hash)> {
    (1..=most).find_map(|size| {
        let root = root_at(size)?;
        let checkpoint = Checkpoint { origin: origin.to_owned(), size, root };
        (stamp::imprint(&checkpoint) == imprint).then_some((size, root))
    })
}

/// Of how many records a checkpoint, proof or stamp is that a reader brought, and that this ledger
/// was found to continue.
pub(super) fn size_brought(bytes: &[u8], ledger: &Ledger) -> Option<u64> {
    if let Ok(stamp) = stamp::read(bytes) {
        let root_at = |size| ledger.root_at(size);
        return Some(size_of(stamp.imprint, ledger.origin(), ledger.size(), root_at)?.0);
    }
    let note = tlog_proof::checkpoint_in(bytes);
    Some(Checkpoint::parse(Note::parse(&note).ok()?.text()).ok()?.size)
}

/// The name of a voucher: the same bytes for the same size have one name.
pub(super) fn name(size: u64, bytes: &[u8], ending: &str) -> String {
    let digest = Hash::of(bytes).to_hex();
    format!("{size:010}-{}.{ending}", digest.get(..8).unwrap_or_default())
}

/// The size in the name of a voucher; `None` if it is not named after its size and bytes.
pub(super) fn size_in(path: &Path, bytes: &[u8], ending: &str) -> Option<u64> {
    let found = path.file_name()?.to_str()?;
    let size = found.split('-').next()?.parse().ok()?;
    let is_size = size > 0 && size < INTEGER_LIMIT;
    (is_size && name(size, bytes, ending) == found).then_some(size)
}

fn within(bytes: &[u8]) -> Result<(), Unfit> {
    if bytes.len() > MAX_BYTES { Err(Unfit::Long { found: bytes.len() }) } else { Ok(()) }
}

/// Removes what a crash left of a voucher that was being written.
///
/// # Errors
///
/// If it cannot be removed.
pub(super) fn clear(layout: &Layout) -> Result<(), Failure> {
    partial(layout)?.iter().try_for_each(|path| fs::remove_if_there(path))
}

/// True if a crash left a voucher that was being written.
///
/// # Errors
///
/// If the directories cannot be read.
pub(super) fn is_partial(layout: &Layout) -> Result<bool, Failure> {
    Ok(!partial(layout)?.is_empty())
}

fn partial(layout: &Layout) -> Result<Vec<PathBuf>, Failure> {
    let is_partial = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with('.') && name.ends_with(".partial")
    };
    let mut found = Vec::new();
    for (dir, _) in places(layout) {
        found.extend(fs::list(&dir)?.into_iter().filter(is_partial));
    }
    Ok(found)
}

/// The directories, as paths of a ledger.
pub(super) fn places(layout: &Layout) -> [(PathBuf, &'static str); 2] {
    PLACES.map(|(dir, ending)| (layout.dir().join(dir), ending))
}

/// The keys of a file of them: what stands in it as witnesses of a ledger, one a line.
///
/// # Errors
///
/// The number of the first line that is none, from 1.
pub fn witnesses(text: &str) -> Result<Vec<WitnessKey>, usize> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(line, text)| text.trim().parse().map_err(|_| line)).collect()
}

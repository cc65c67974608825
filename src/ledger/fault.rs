//! Why a ledger cannot be created, opened or appended to.
//!
//! Nothing here is repaired: what a crash can leave behind is dealt with
//! before any of these is returned, so the rest is somebody's doing or a
//! broken disk.
//!
//! Not here: what a check of a whole ledger finds (`report`).

use std::path::PathBuf;

use super::checkpoint::Unacceptable;
use super::items::Lacking;
use super::note::{BadKey, Rejected};
use super::proof::ProofError;
use super::record::Malformed;
use super::tree::Hash;
use crate::fs;

/// The ledger does not hold together, or cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] fs::Failure),
    /// There is a ledger where one was to be created.
    #[error("{}: a ledger is there already", dir.display())]
    Exists {
        /// Its directory.
        dir: PathBuf,
    },
    /// The head is missing although the ledger has been used.
    #[error("{}: no head, though there are checkpoints", dir.display())]
    HeadMissing {
        /// Directory of the ledger.
        dir: PathBuf,
    },
    /// A key of the signer is not usable.
    #[error("signer: key not usable")]
    Key(#[from] BadKey),
    /// The signer is not the one of this ledger.
    #[error("{}: keys are not those of the signer", path.display())]
    OtherKeys {
        /// The file with the public keys.
        path: PathBuf,
    },
    /// A stored checkpoint does not count.
    #[error("{}: checkpoint not acceptable", path.display())]
    Checkpoint {
        /// Its file.
        path: PathBuf,
        /// Why not.
        source: Unacceptable,
    },
    /// A stored checkpoint says something else than it has to.
    #[error("{}: says another origin, size or root than it must", path.display())]
    SplitView {
        /// Its file.
        path: PathBuf,
    },
    /// There is a checkpoint that the head should be at or before.
    #[error("{}: checkpoint beyond the head, which is at {size}", path.display())]
    Ahead {
        /// Its file.
        path: PathBuf,
        /// Size of the head.
        size: u64,
    },
    /// A path among the records is not the next file of records.
    #[error("{}: not the next file of records", path.display())]
    Foreign {
        /// The path.
        path: PathBuf,
    },
    /// A record that was signed for cannot be read.
    #[error("{}: byte {offset}: record {seq} not readable", path.display())]
    Record {
        /// Its file.
        path: PathBuf,
        /// Position of its line.
        offset: u64,
        /// Its leaf index.
        seq: u64,
        /// What is wrong.
        source: Malformed,
    },
    /// A record does not continue the one before it.
    #[error("{}: byte {offset}: record {seq} does not name the record before it", path.display())]
    Chain {
        /// Its file.
        path: PathBuf,
        /// Position of its line.
        offset: u64,
        /// The leaf index at this place.
        seq: u64,
    },
    /// Records are missing.
    #[error("{}: {found} records, {expected} were signed for", dir.display())]
    Short {
        /// Directory of the ledger.
        dir: PathBuf,
        /// Whole records.
        found: u64,
        /// Records in the newest checkpoint.
        expected: u64,
    },
    /// The records are not the ones that were signed for.
    #[error("{}: root at size {size} is {found}, {expected} was signed for", dir.display())]
    Root {
        /// Directory of the ledger.
        dir: PathBuf,
        /// Records in the newest checkpoint.
        size: u64,
        /// Root over the stored records.
        found: Hash,
        /// Root in the checkpoint.
        expected: Hash,
    },
    /// More unsigned records than a crash can leave.
    #[error("{}: {found} records beyond the head, a crash leaves 1 at most", dir.display())]
    Unsigned {
        /// Directory of the ledger.
        dir: PathBuf,
        /// Whole records beyond the head.
        found: u64,
    },
    /// The entry cannot be recorded. The ledger is unchanged and usable.
    #[error("entry: not recordable")]
    Entry(#[source] Malformed),
    /// The clock stands before the newest record by more than a clock is put right by. The
    /// ledger is unchanged and usable.
    #[error("clock: stands at {found}, the newest record is of {newest}")]
    Clock {
        /// Time of the entry.
        found: String,
        /// Time of the newest record.
        newest: String,
    },
    /// The ledger cannot be shown to have a record, or to continue an earlier one.
    #[error("ledger: not to be shown")]
    Unproven(#[source] ProofError),
    /// A record does not lead to the root that was signed for, or is not written as it would
    /// be: nothing can be shown of it.
    #[error("record {seq}: its own bytes do not prove it")]
    Unwritten {
        /// Its leaf index.
        seq: u64,
    },
    /// The entry lacks what the law asks for. The ledger is unchanged and usable.
    #[error("entry: items are missing")]
    Items(#[source] Box<Lacking>),
    /// A file of records changed since it was last looked at.
    #[error("{}: {found} bytes, expected {expected}", path.display())]
    Length {
        /// The file.
        path: PathBuf,
        /// Its length.
        found: u64,
        /// Its length after the newest record.
        expected: u64,
    },
    /// The disk gave back other bytes than were written.
    #[error("{}: byte {offset}: read back differs from what was written", path.display())]
    ReadBack {
        /// The file.
        path: PathBuf,
        /// Position of the line.
        offset: u64,
    },
    /// A signature that was just made does not verify. Nothing was published.
    #[error("checkpoint: own signature not acceptable")]
    Signature(#[source] Rejected),
    /// An earlier append failed half-way.
    #[error("ledger: an earlier append failed, it must be opened again")]
    Broken,
}

/// What to do about a ledger that is not intact.
pub const NEVER_REPAIRED: &str =
    "leave everything as it is and call the auditor: a ledger is never repaired";

impl Fault {
    /// True if something could not be written, for want of room or since the disk failed: what
    /// stood there before stands there still.
    #[must_use]
    pub fn is_of_disk(&self) -> bool {
        matches!(self, Fault::File(failure) if failure.action.is_of_writing())
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        if self.is_of_disk() {
            "make room on the disk, or mend it: the next run puts right what is half written"
        } else {
            NEVER_REPAIRED
        }
    }

    /// What it says of the ledger.
    #[must_use]
    pub fn told(&self) -> &'static str {
        if self.is_of_disk() { "could not be written" } else { "ledger not intact" }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::fs::{Action, Failure};

    /// Found by a review: a full disk was told as a ledger that is not intact.
    #[test]
    fn a_disk_that_is_full_is_no_broken_ledger() {
        let of = |action, kind| {
            let source = io::Error::from(kind);
            Fault::File(Failure { action, path: "ledger/head.note".into(), source }).told()
        };
        assert_eq!(of(Action::Write, io::ErrorKind::StorageFull), "could not be written");
        assert_eq!(of(Action::Sync, io::ErrorKind::Other), "could not be written");
        assert_eq!(of(Action::Read, io::ErrorKind::NotFound), "ledger not intact");
        assert_eq!(Fault::Broken.told(), "ledger not intact");
    }
}

//! What was handed out or written down earlier in; whether the ledger goes on from it out.

use std::path::Path;

use super::vouchers::{Known, granted};
use super::{Audit, Brought};
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::cosignature::{WitnessKey, cosigned_by};
use crate::ledger::note::{Note, VerifierKey};
use crate::ledger::openssl::Authority;
use crate::ledger::proof::verify_inclusion;
use crate::ledger::report::{Check, Reason};
use crate::ledger::stamp::{self, Stamp};
use crate::ledger::store::Ledger;
use crate::ledger::tlog_proof::{self, Inclusion};
use crate::ledger::tree::{Hash, leaf_hash};
use crate::ledger::voucher;

/// What a reader kept of a ledger, from an earlier day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    name: String,
    past: Past,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Past {
    /// A checkpoint, a proof or a time stamp.
    File(Vec<u8>),
    /// Number of records and root, as somebody wrote them down.
    Noted { size: u64, root: Hash },
}

impl Earlier {
    /// A file, under the name that findings have for it.
    #[must_use]
    pub fn file(name: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), past: Past::File(bytes.to_vec()) }
    }

    /// False for a file that is no checkpoint, no proof and no time stamp: no ledger goes on from
    /// it, which says nothing about this one.
    #[must_use]
    pub fn is_one(&self) -> bool {
        match &self.past {
            Past::File(bytes) => {
                Checkpoint::is_one(&tlog_proof::checkpoint_in(bytes)) || stamp::read(bytes).is_ok()
            }
            Past::Noted { .. } => true,
        }
    }

    /// What somebody wrote on paper: the number of records, a colon, and the root in 64
    /// hexadecimal digits, with spaces or without. `None` if it is not that.
    ///
    /// # Examples
    ///
    /// ```
    /// use gamyeong::ledger::verify::Earlier;
    ///
    /// let root = "6e340b9c ffb37a98 9ca544e6 bb780a2c 78901d3f b3373876 8511a306 17afa01d";
    /// assert!(Earlier::noted(&format!("71: {root}")).is_some());
    /// assert!(Earlier::noted(root).is_none());
    /// ```
    #[must_use]
    pub fn noted(text: &str) -> Option<Self> {
        let name: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let (size, root) = name.split_once(':')?;
        let is_number = !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_digit());
        let size = size.parse().ok().filter(|_| is_number)?;
        let root = Hash::from_hex(&root.to_ascii_lowercase())?;
        Some(Self { past: Past::Noted { size, root }, name })
    }

    /// Of how many records it is, if this ledger was found to continue it.
    #[must_use]
    pub fn size(&self, ledger: &Ledger) -> Option<u64> {
        match &self.past {
            Past::File(bytes) => voucher::size_brought(bytes, ledger),
            Past::Noted { size, .. } => Some(*size),
        }
    }
}

/// What a finding says of whatever was brought should be so.
const CONTINUED: &str = "to be continued";

/// What was expected, and what was found.
type Unlike = (String, String);

fn unlike(found: &impl ToString) -> Unlike {
    (CONTINUED.to_owned(), found.to_string())
}

impl Audit {
    /// Whether the ledger goes on from what the reader brought.
    pub(super) fn continuity(&mut self, keys: &[VerifierKey], brought: &Brought<'_>) {
        if brought.earlier.is_empty() {
            self.not_checked(Check::Continuity, Reason::NoEarlierCheckpoint);
        }
        for Earlier { name, past } in brought.earlier {
            self.examined(Check::Continuity, 1);
            let found = match past {
                Past::Noted { size, root } => self.goes_on(*size, *root).map(|()| Known::Brought),
                Past::File(bytes) => match stamp::read(bytes) {
                    Ok(stamp) => self
                        .stamped(bytes, &stamp, keys, brought.authority)
                        .map_err(|found| unlike(&found)),
                    Err(_) => self.continued(bytes, keys, brought.witnesses.unwrap_or_default()),
                },
            };
            match found {
                Ok(Known::NoOpenssl) => self.not_checked(Check::Continuity, Reason::NoOpenssl),
                Ok(_) => {}
                Err((expected, found)) => {
                    self.fail_file(Check::Continuity, Path::new(name), &expected, &found);
                }
            }
        }
    }

    /// Whether the ledger goes on from a note or a proof; if not, what was found.
    fn continued(
        &self,
        bytes: &[u8],
        keys: &[VerifierKey],
        witnesses: &[WitnessKey],
    ) -> Result<Known, Unlike> {
        let note = tlog_proof::checkpoint_in(bytes);
        let opened = Checkpoint::open(&note, keys);
        let earlier =
            opened.map_err(|error| of_another(&note, keys).unwrap_or_else(|| unlike(&error)))?;
        cosigned_by(&note, witnesses).map_err(|found| unlike(&found))?;
        self.goes_on(earlier.size, earlier.root)?;
        let proof = std::str::from_utf8(bytes).ok().and_then(|text| Inclusion::parse(text).ok());
        match proof {
            Some(proof) if !self.is_proved(&proof, &earlier) => {
                Err(unlike(&format!("record {}: not the one that was proved", proof.index)))
            }
            Some(_) | None => Ok(Known::Brought),
        }
    }

    /// Whether the first so many records have this root; if not, what was found.
    fn goes_on(&self, size: u64, root: Hash) -> Result<(), Unlike> {
        // Every ledger continues the empty one: that is no answer.
        if size == 0 {
            return Err(unlike(&"size 0, nothing to compare"));
        }
        match self.tree.root_at(size) {
            Some(found) if found == root => Ok(()),
            Some(found) => Err((
                format!("root {root} brought for size {size}"),
                format!("root {found} at size {size}"),
            )),
            None => Err((
                format!("{size} records at least"),
                format!("{} records, {size} are known", self.tree.size()),
            )),
        }
    }

    /// Whether a proof is of the record that stands there.
    fn is_proved(&self, proof: &Inclusion, earlier: &Checkpoint) -> bool {
        let place = usize::try_from(proof.index).ok();
        let Some(leaf) = place.and_then(|place| self.tree.leaves().get(place)) else {
            return false;
        };
        let is_record = proof.extra.as_ref().is_none_or(|line| leaf_hash(line) == *leaf);
        let (index, size, root) = (proof.index, earlier.size, earlier.root);
        is_record && verify_inclusion(*leaf, index, size, &proof.path, root).is_ok()
    }

    /// Whether a stamp is on any checkpoint of this ledger, and of the authority.
    fn stamped(
        &self,
        bytes: &[u8],
        stamp: &Stamp,
        keys: &[VerifierKey],
        authority: Option<&Authority>,
    ) -> Result<Known, String> {
        let origin = keys.first().map(VerifierKey::name).unwrap_or_default();
        let root_at = |size| self.tree.root_at(size);
        if voucher::size_of(stamp.imprint, origin, self.tree.size(), root_at).is_none() {
            return Err("stamp: not of this ledger's checkpoints".to_owned());
        }
        granted(bytes, stamp, authority)
    }
}

/// Of a note that no known key signed: that it is of another ledger; `None` if it names this one,
/// or none.
fn of_another(note: &[u8], keys: &[VerifierKey]) -> Option<Unlike> {
    let origin = Checkpoint::parse(Note::parse(note).ok()?.text()).ok()?.origin;
    let own = keys.first()?.name();
    let is_own = keys.iter().any(|key| key.name() == origin);
    let of = |origin: &str| format!("a checkpoint of {origin}");
    (!is_own).then(|| (of(own), of(&origin)))
}

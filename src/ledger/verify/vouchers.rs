//! What others vouched for, brought by the reader or stored beside the records, in; findings
//! about it out.

use std::path::{Path, PathBuf};

use super::{Audit, Brought};
use crate::fs::{self, Failure};
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::cosignature::{WitnessKey, cosigned_by};
use crate::ledger::note::VerifierKey;
use crate::ledger::openssl::{self, Authority};
use crate::ledger::record::{Kind, Record};
use crate::ledger::report::{Check, Finding, Outcome, Reason};
use crate::ledger::stamp::{self, Stamp};
use crate::ledger::tree::Hash;
use crate::ledger::voucher;

/// How far who vouches is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    /// By keys or certificates that the reader brought.
    Brought,
    /// Not at all, or by a key in the ledger.
    FromLedger,
    /// `openssl` was needed and did not answer.
    NoOpenssl,
}

/// What the record of a voucher says of it.
struct Told {
    seq: u64,
    path: String,
    sha256: String,
    witness: Option<WitnessKey>,
}

impl Audit {
    /// Whether the ledger goes on from what the reader brought.
    pub(super) fn continuity(&mut self, keys: &[VerifierKey], brought: &Brought<'_>) {
        if brought.earlier.is_empty() {
            self.check(Check::Continuity).outcome =
                Outcome::NotChecked(Reason::NoEarlierCheckpoint);
        }
        for (index, earlier) in brought.earlier.iter().enumerate() {
            self.examined(Check::Continuity, 1);
            let name = format!("earlier checkpoint {}", index + 1);
            let found = match stamp::read(earlier) {
                Ok(stamp) => self.stamped(earlier, &stamp, keys, brought.authority),
                Err(_) => self.continued(earlier, keys, brought.witnesses.unwrap_or_default()),
            };
            match found {
                Ok(Known::NoOpenssl) => self.not_checked(Check::Continuity, Reason::NoOpenssl),
                Ok(_) => {}
                Err(found) => {
                    let expected = "to be continued";
                    self.fail_file(Check::Continuity, Path::new(&name), expected, &found);
                }
            }
        }
    }

    /// Whether the ledger goes on from a note; if not, what was found.
    fn continued(
        &self,
        note: &[u8],
        keys: &[VerifierKey],
        witnesses: &[WitnessKey],
    ) -> Result<Known, String> {
        let earlier = Checkpoint::open(note, keys).map_err(|error| error.to_string())?;
        cosigned_by(note, witnesses).map_err(|error| error.to_string())?;
        // Every ledger continues the empty one: that is no answer.
        if earlier.size == 0 {
            return Err("size 0, nothing to compare".to_owned());
        }
        match self.tree.root_at(earlier.size) {
            Some(root) if root == earlier.root => Ok(Known::Brought),
            Some(root) => Err(format!("root {root} at size {}", earlier.size)),
            None => Err(format!("{} records, {} are known", self.tree.size(), earlier.size)),
        }
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

    /// Looks at every voucher beside the records, and at the records of them.
    pub(super) fn anchors(
        &mut self,
        keys: &[VerifierKey],
        brought: &Brought<'_>,
    ) -> Result<(), Failure> {
        self.examined(Check::Anchors, 0);
        let told = self.told();
        let (mut found, mut least) = (Vec::new(), None);
        let layout = self.layout.clone();
        for (dir, ending) in voucher::places(&layout) {
            for path in fs::list(&dir)? {
                // A directory is named after no bytes.
                let bytes = if path.is_dir() { Vec::new() } else { fs::read(&path)? };
                self.examined(Check::Anchors, 1);
                let Some(size) = voucher::size_in(&path, &bytes, ending) else {
                    let expected = "a voucher named after its size and digest";
                    self.fail_file(Check::Files, &path, expected, "another");
                    continue;
                };
                let outcome = if ending == "note" {
                    let told = told.iter().find(|told| told.path == layout.name(&path));
                    let own = told.and_then(|told| told.witness.clone());
                    self.witnessed(&bytes, size, keys, own.as_slice(), brought.witnesses)
                } else {
                    self.anchored(&bytes, size, keys, brought.authority)
                };
                match outcome {
                    Ok(known) => least = least.max(Some(known)),
                    Err((expected, text)) => {
                        self.fail_file(Check::Anchors, &path, &expected, &text);
                    }
                }
                found.push((path, Hash::of(&bytes).to_hex()));
            }
        }
        self.named(&told, &found);
        let reason = match least {
            _ if found.is_empty() => Reason::NoVouchers,
            Some(Known::FromLedger) => Reason::VouchersFromLedger,
            Some(Known::NoOpenssl) => Reason::NoOpenssl,
            Some(Known::Brought) | None => return Ok(()),
        };
        self.not_checked(Check::Anchors, reason);
        Ok(())
    }

    /// Keeps what was found, if anything was.
    fn not_checked(&mut self, check: Check, reason: Reason) {
        let outcome = &mut self.check(check).outcome;
        if *outcome == Outcome::Pass {
            *outcome = Outcome::NotChecked(reason);
        }
    }

    /// What a stored note of a witness lacks: what was expected, and found.
    fn witnessed(
        &self,
        note: &[u8],
        size: u64,
        keys: &[VerifierKey],
        own: &[WitnessKey],
        brought: Option<&[WitnessKey]>,
    ) -> Result<Known, (String, String)> {
        let both = "both signatures of the ledger".to_owned();
        let checkpoint = Checkpoint::open(note, keys).map_err(|error| (both, error.to_string()))?;
        self.vouches(&checkpoint, size, keys)?;
        let lacks = |found: String| ("the signature of its witness".to_owned(), found);
        let signed_by = |keys| cosigned_by(note, keys).map_err(|error| lacks(error.to_string()));
        if !signed_by(brought.unwrap_or_default())?.is_empty() {
            return Ok(Known::Brought);
        }
        // A record names the key that was believed when it was imported.
        if !own.is_empty() && signed_by(own)?.is_empty() {
            return Err(lacks("none".to_owned()));
        }
        Ok(Known::FromLedger)
    }

    /// The same of a stored time stamp.
    fn anchored(
        &self,
        bytes: &[u8],
        size: u64,
        keys: &[VerifierKey],
        authority: Option<&Authority>,
    ) -> Result<Known, (String, String)> {
        let expected = format!("a stamp on the checkpoint of {size} records");
        let stamp = match stamp::read(bytes) {
            Ok(stamp) => stamp,
            Err(no_stamp) => return Err((expected, no_stamp.to_string())),
        };
        let Some(root) = self.tree.root_at(size) else { return Err(self.beyond(size)) };
        let origin = keys.first().map(VerifierKey::name).unwrap_or_default().to_owned();
        if stamp::imprint(&Checkpoint { origin, size, root }) != stamp.imprint {
            return Err((expected, format!("a stamp on {}", stamp.imprint)));
        }
        let of_authority = |found| ("a stamp of the authority".to_owned(), found);
        granted(bytes, &stamp, authority).map_err(of_authority)
    }

    /// Whether the stored records are those that somebody vouched for.
    fn vouches(
        &self,
        checkpoint: &Checkpoint,
        size: u64,
        keys: &[VerifierKey],
    ) -> Result<(), (String, String)> {
        let Checkpoint { origin, size: found, root } = checkpoint;
        if !keys.iter().any(|key| key.name() == origin) {
            let name = keys.first().map(VerifierKey::name).unwrap_or_default();
            return Err((name.to_owned(), origin.clone()));
        }
        if *found != size {
            return Err((size.to_string(), found.to_string()));
        }
        match self.tree.root_at(size) {
            Some(own) if own == *root => Ok(()),
            Some(own) => Err((format!("root {own} of the stored records"), root.to_hex())),
            None => Err(self.beyond(size)),
        }
    }

    fn beyond(&self, size: u64) -> (String, String) {
        let expected = format!("at most the {} stored records", self.tree.size());
        (expected, format!("{size} records"))
    }

    /// What the records say that others vouched for.
    fn told(&self) -> Vec<Told> {
        let is_anchor = |(_, record): &&(u64, Record)| record.kind() == Some(Kind::Anchor);
        let anchors = self.whole.iter().filter(is_anchor);
        anchors
            .filter_map(|(seq, record)| {
                let text = |key: &str| record.body.get(key)?.as_str().map(str::to_owned);
                let witness = text("witness").and_then(|key| key.parse().ok());
                Some(Told { seq: *seq, path: text("path")?, sha256: text("sha256")?, witness })
            })
            .collect()
    }

    /// Whether every voucher that a record names is there, as it was.
    fn named(&mut self, told: &[Told], found: &[(PathBuf, String)]) {
        for Told { seq, path, sha256, .. } in told {
            let there = found.iter().find(|(place, _)| self.layout.name(place) == *path);
            let digest = there.map_or("none", |(_, digest)| digest);
            if digest != sha256 {
                let finding = Finding {
                    seq: Some(*seq),
                    file: path.clone(),
                    offset: None,
                    expected: format!("the file with digest {sha256}"),
                    found: digest.to_owned(),
                };
                self.fail(Check::Anchors, finding);
            }
        }
    }
}

/// Whether the authority that the reader brought gave a stamp; if not, what was found.
fn granted(bytes: &[u8], stamp: &Stamp, authority: Option<&Authority>) -> Result<Known, String> {
    let Some(authority) = authority else { return Ok(Known::FromLedger) };
    // A certificate that has run out since was good when it was used.
    match openssl::verify(bytes, stamp.imprint, authority, Some(stamp.time)) {
        Ok(()) => Ok(Known::Brought),
        Err(trouble) if trouble.is_refusal() => Err(trouble.to_string()),
        Err(_) => Ok(Known::NoOpenssl),
    }
}

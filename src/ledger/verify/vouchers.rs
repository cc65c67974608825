//! What others vouched for, as it is stored beside the records, in; findings about it out.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Audit, Brought, content, listed};
use crate::fs::{self, Failure};
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::cosignature::{WitnessKey, cosigned_by};
use crate::ledger::items::constants::{STAMPED, WITNESSED};
use crate::ledger::note::{Note, VerifierKey};
use crate::ledger::openssl::{self, Authority};
use crate::ledger::record::{Kind, Record};
use crate::ledger::report::{Check, Finding, Outcome, Reason};
use crate::ledger::stamp::{self, Stamp};
use crate::ledger::tree::Hash;
use crate::ledger::voucher;

/// Of a time and an Ed25519 signature.
const COSIGNATURE_BYTES: usize = 72;

/// How far who vouches is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
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
    body: Map<String, Value>,
}

/// True for a place that a voucher may have: `witness/0000000012-1a2b3c4d.note`.
fn is_place(path: &str) -> bool {
    let stem = voucher::PLACES.iter().find_map(|(dir, ending)| {
        let name = path.strip_prefix(dir)?.strip_prefix('/')?;
        name.strip_suffix(ending)?.strip_suffix('.')
    });
    stem.and_then(|stem| stem.split_once('-')).is_some_and(|(size, digest)| {
        let is_size = (10..=16).contains(&size.len()) && size.bytes().all(|b| b.is_ascii_digit());
        is_size && is_hex(digest, 8)
    })
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A file of a voucher.
struct Kept {
    /// Relative to the ledger.
    path: String,
    sha256: String,
    /// What it gives, if it is good.
    gives: Option<Gives>,
}

/// What a voucher gives, besides the records that it is about.
struct Gives {
    size: u64,
    by: By,
}

enum By {
    /// The note that a witness signed.
    Note(Vec<u8>),
    Stamp(Stamp),
}

impl Audit {
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
            for path in listed(&dir, || fs::list(&dir))? {
                // What is no file is named after no bytes.
                let bytes = content(&path)?;
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
                let sha256 = Hash::of(&bytes).to_hex();
                let mut gives = None;
                match outcome {
                    Ok(known) => {
                        least = least.max(Some(known));
                        gives = Some(Gives { size, by: by(ending, bytes) });
                    }
                    Err((expected, text)) => {
                        self.fail_file(Check::Anchors, &path, &expected, &text);
                    }
                }
                found.push(Kept { path: layout.name(&path), sha256, gives });
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
    pub(super) fn not_checked(&mut self, check: Check, reason: Reason) {
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
        let is_signed =
            if own.is_empty() { is_cosigned(note, keys) } else { !signed_by(own)?.is_empty() };
        if !is_signed {
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
                let (path, sha256) = (text("path")?, text("sha256")?);
                Some(Told { seq: *seq, path, sha256, witness, body: record.body.clone() })
            })
            .collect()
    }

    /// Whether every voucher that a record names is there, as it was, and gives what the record
    /// says of it.
    fn named(&mut self, told: &[Told], found: &[Kept]) {
        for told in told {
            let kept = found.iter().find(|kept| kept.path == told.path);
            let digest = kept.map_or("none", |kept| &kept.sha256);
            let (expected, found) = if digest == told.sha256 {
                let gives = kept.and_then(|kept| kept.gives.as_ref());
                let other = gives.and_then(|gives| self.other(&told.body, gives));
                let Some(expected) = other else { continue };
                (format!("{expected}, as the file gives it"), "another".to_owned())
            } else if is_hex(&told.sha256, 64) {
                (format!("the file with digest {}", told.sha256), digest.to_owned())
            } else {
                ("a SHA-256 in 64 hexadecimal digits".to_owned(), "something else".to_owned())
            };
            // What a record says may be anything: a finding has nothing of it that is not in
            // the form of a place or a digest.
            let finding = if is_place(&told.path) {
                let (seq, file) = (Some(told.seq), told.path.clone());
                Finding { seq, file, offset: None, expected, found }
            } else {
                self.of_record(told.seq, &expected, &found)
            };
            self.fail(Check::Anchors, finding);
        }
    }

    /// The first item of a record that its voucher gives another value, with that value.
    fn other(&self, body: &Map<String, Value>, gives: &Gives) -> Option<String> {
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        let is_not =
            |key: &str, value: &str| (text(key) != Some(value)).then(|| format!("{key} {value}"));
        let has = |key: &str| body.contains_key(key).then(|| format!("no {key}"));
        let size = gives.size;
        let root = self.tree.root_at(size).map(|root| root.to_hex()).unwrap_or_default();
        let means = if matches!(gives.by, By::Note(_)) { WITNESSED } else { STAMPED };
        let is_size = body.get("size").and_then(Value::as_u64) == Some(size);
        is_not("means", means)
            .or_else(|| (!is_size).then(|| format!("size {size}")))
            .or_else(|| is_not("root", &root))
            .or_else(|| match &gives.by {
                By::Note(note) => {
                    let key: Option<WitnessKey> = text("witness").and_then(|key| key.parse().ok());
                    let times = key.map(|key| times_of(note, key)).unwrap_or_default();
                    let Some(first) = times.first() else {
                        return Some("the witness that signed".to_owned());
                    };
                    let is_at = times.iter().any(|time| Some(time.as_str()) == text("at"));
                    let at = (!is_at).then(|| format!("at {first}"));
                    at.or_else(|| has("policy")).or_else(|| has("serial"))
                }
                By::Stamp(stamp) => is_not("at", &stamp.time.to_string())
                    .or_else(|| is_not("policy", &stamp.policy))
                    .or_else(|| is_not("serial", &stamp.serial))
                    .or_else(|| has("witness")),
            })
    }
}

/// What somebody signed or stamped: the one or the other by the ending of its file.
fn by(ending: &str, bytes: Vec<u8>) -> By {
    match stamp::read(&bytes) {
        Ok(stamp) if ending != "note" => By::Stamp(stamp),
        _ => By::Note(bytes),
    }
}

/// The times at which a witness signed a note, as records write them.
fn times_of(note: &[u8], key: WitnessKey) -> Vec<String> {
    let cosigned = cosigned_by(note, &[key]).unwrap_or_default();
    cosigned.iter().filter_map(|one| Some(instant(one.time)?.to_string())).collect()
}

fn instant(seconds: u64) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}

/// Whether anybody but the ledger signed a note as witnesses sign: time and signature.
fn is_cosigned(note: &[u8], keys: &[VerifierKey]) -> bool {
    let Ok(note) = Note::parse(note) else { return false };
    note.signatures().any(|(name, id, bytes)| {
        let is_own = keys.iter().any(|key| key.name() == name && key.id() == HEXLOWER.encode(&id));
        let time = bytes.first_chunk().map(|time| u64::from_be_bytes(*time)).unwrap_or_default();
        !is_own && bytes.len() == COSIGNATURE_BYTES && time > 0 && instant(time).is_some()
    })
}

/// Whether the authority that the reader brought gave a stamp; if not, what was found.
pub(super) fn granted(
    bytes: &[u8],
    stamp: &Stamp,
    authority: Option<&Authority>,
) -> Result<Known, String> {
    let Some(authority) = authority else { return Ok(Known::FromLedger) };
    // A certificate that has run out since was good when it was used.
    match openssl::verify(bytes, stamp.imprint, authority, Some(stamp.time)) {
        Ok(()) => Ok(Known::Brought),
        Err(trouble) if trouble.is_refusal() => Err(trouble.to_string()),
        Err(_) => Ok(Known::NoOpenssl),
    }
}

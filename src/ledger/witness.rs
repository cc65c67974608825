//! Requests of ledgers, dropped as files, in; a second party's signatures out.
//!
//! ```text
//! in/NAME ─► log known? both signatures? continues seen/? ─► seen/ORIGIN.note ─► out/NAME.note
//!    │                                                                     └───► in/NAME is gone
//!    └─► refused/DIGEST-NAME, and why in out/NAME.refused
//! ```
//!
//! A request is the body of C2SP add-checkpoint: the size that the witness signed last, hashes
//! that show the continuation, the newest checkpoint. For each origin the newest checkpoint that
//! was signed is kept, and safe on the disk before its signature leaves: a crash after that
//! lets the same request be answered with the same bytes.
//!
//! A request that is refused is kept as well. Two checkpoints of one size that a ledger has
//! signed both are the evidence that it was forked.
//!
//! Source: C2SP tlog-witness v1.0.0, section add-checkpoint, over files in place of HTTP.
//!
//! Not here: the private key, which stays behind [`Cosigner`]; who may write to `in/`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::checkpoint::{Checkpoint, Unacceptable};
use super::cosignature::{Cosigner, WitnessKey, cosign, cosigned_by};
use super::note::{BadKey, Note, Rejected, VerifierKey, is_key_name};
use super::proof::{ProofError, verify_consistency};
use super::tlog_proof::Continuation;
use super::tree::Hash;
use crate::fs::{self, Failure, Lock};

mod dropped;

/// A witness at work: its directory, which no other process works on.
pub struct Witness<'a> {
    dir: PathBuf,
    logs: Vec<VerifierKey>,
    key: WitnessKey,
    cosigner: &'a dyn Cosigner,
    _lock: Lock,
}

/// What became of one request.
#[derive(Debug)]
pub struct Answered {
    /// Name of its file.
    pub name: String,
    /// What was said to it.
    pub answer: Result<Signed, Refusal>,
}

/// A checkpoint that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Which.
    pub checkpoint: Checkpoint,
    /// When, in seconds since 1970.
    pub time: u64,
    /// True if this was the answer to an earlier request already.
    pub is_again: bool,
    /// The checkpoint with all its signatures.
    note: Vec<u8>,
}

/// Why a request gets no signature. Names no content but sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is no request.
    #[error("not a file of an earlier size, hashes and a checkpoint")]
    Form,
    /// Nobody said that this ledger is to be witnessed.
    #[error("ledger unknown: no key in `logs.txt` has the name of its origin")]
    Unknown,
    /// The checkpoint does not count.
    #[error("checkpoint not acceptable: {0}")]
    Checkpoint(Unacceptable),
    /// Two checkpoints of one size.
    #[error("fork: another checkpoint of {size} records was signed before, with another root")]
    Fork {
        /// Their size.
        size: u64,
    },
    /// The ledger was larger before.
    #[error("ledger shrinks: {found} records, {known} were signed for")]
    Shrinks {
        /// Records of the request.
        found: u64,
        /// Records signed for.
        known: u64,
    },
    /// The proof is from another size.
    #[error("proof from {found} records on, {known} were signed for last")]
    OldSize {
        /// Where the proof begins.
        found: u64,
        /// Where it has to.
        known: u64,
    },
    /// The ledger does not continue what was signed.
    #[error("fork: does not continue the {known} records that were signed for: {source}")]
    Proof {
        /// Records signed for.
        known: u64,
        /// What the hashes lead to.
        #[source]
        source: ProofError,
    },
}

/// Why a witness cannot work. Nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] Failure),
    /// Its key or name is not usable.
    #[error("key of the witness not usable")]
    Key(#[from] BadKey),
    /// A line of its list of ledgers is no key.
    #[error("{}:{line}: no public key of the form `name+id+base64`", path.display())]
    Logs {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// What it signed last is not there as it was signed.
    #[error("{}: not the checkpoint that this witness signed", path.display())]
    Seen {
        /// Its file, or the directory of all.
        path: PathBuf,
    },
    /// The clock stands before a signature that was made.
    #[error("clock: stands at {found}, the newest signature is of {newest} (seconds since 1970)")]
    Clock {
        /// Seconds of the clock.
        found: u64,
        /// Seconds of the signature.
        newest: u64,
    },
    /// A signature that was just made does not verify. It did not leave.
    #[error("own signature not acceptable")]
    Signature(#[source] Rejected),
    /// Another process is this witness.
    #[error("{}: held by another process", path.display())]
    Busy {
        /// The lock file.
        path: PathBuf,
    },
}

impl Stopped {
    /// What to try next, if there is one thing to try.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Stopped::Seen { .. } => Some(
                "restore the newest copy of `seen`: a witness that forgets can be shown two histories",
            ),
            Stopped::Logs { .. } => Some("copy the lines of the ledger's `keys.txt` into it"),
            Stopped::File(_)
            | Stopped::Key(_)
            | Stopped::Clock { .. }
            | Stopped::Signature(_)
            | Stopped::Busy { .. } => None,
        }
    }
}

/// Where the private key of a witness lies.
#[must_use]
pub fn key_file(dir: &Path) -> PathBuf {
    dir.join("key")
}

/// Where the name of a witness stands, on one line.
#[must_use]
pub fn name_file(dir: &Path) -> PathBuf {
    dir.join("name")
}

/// Makes the directory of a witness, without its key. What is there stays.
///
/// # Errors
///
/// If a part cannot be made, or a witness of another name is there.
pub fn prepare(dir: &Path, name: &str) -> Result<(), Stopped> {
    // A name that cannot stand in a note is refused before anything is there.
    if !is_key_name(name) {
        return Err(BadKey::Name.into());
    }
    for part in ["in", "out", "seen"] {
        fs::create_dir(&dir.join(part), fs::SHARED_DIR)?;
    }
    for (path, text) in
        [(dir.join("logs.txt"), String::new()), (name_file(dir), format!("{name}\n"))]
    {
        match fs::read_regular(&path) {
            Ok(_) => {}
            Err(failure) if failure.is_not_found() => {
                fs::write_new_durably(&path, text.as_bytes(), fs::SHARED_FILE)?;
            }
            Err(failure) => return Err(failure.into()),
        }
    }
    if self::name(dir)? == name { Ok(()) } else { Err(BadKey::Name.into()) }
}

/// The name of a witness.
///
/// # Errors
///
/// If it cannot be read.
pub fn name(dir: &Path) -> Result<String, Stopped> {
    let text = fs::read_regular(&name_file(dir))?;
    Ok(String::from_utf8_lossy(&text).trim_end().to_owned())
}

impl<'a> Witness<'a> {
    /// Takes hold of a directory that [`prepare`] made.
    ///
    /// # Errors
    ///
    /// [`Stopped`] if another process has it, or a part of it is not as it should be.
    pub fn open(dir: &Path, cosigner: &'a dyn Cosigner) -> Result<Self, Stopped> {
        let key = WitnessKey::of(cosigner)?;
        let path = dir.join(".lock");
        let lock = fs::lock(&path)?.ok_or(Stopped::Busy { path })?;
        // Without it every ledger would look like one that was never seen.
        let seen = dir.join("seen");
        if !seen.is_dir() {
            return Err(Stopped::Seen { path: seen });
        }
        let logs = logs(&dir.join("logs.txt"))?;
        Ok(Self { dir: dir.to_owned(), logs, key, cosigner, _lock: lock })
    }

    /// Answers every request, the one of the smallest ledger first.
    ///
    /// # Errors
    ///
    /// [`Stopped`] leaves the request that it came upon, and those behind it, where they are.
    pub fn answer(&self, now: Timestamp) -> Result<Vec<Answered>, Stopped> {
        let mut requests = Vec::new();
        for path in fs::list(&self.dir.join("in"))? {
            let name = dropped::name(&path);
            // What begins with a dot is still being written.
            if !name.starts_with('.') {
                let bytes = match dropped::read(&path) {
                    Ok(bytes) => bytes,
                    // Whoever dropped it took it back, or lets nobody read it.
                    Err(failure) if failure.is_not_found() => continue,
                    Err(failure) if failure.is_denied() => None,
                    Err(failure) => return Err(failure.into()),
                };
                let request = bytes.as_deref().ok_or(Refusal::Form).and_then(Request::read);
                let size = request.as_ref().map_or(u64::MAX, |request| request.checkpoint.size);
                requests.push((size, name, path, bytes, request));
            }
        }
        requests.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        let now = u64::try_from(now.as_second()).unwrap_or_default();
        let mut answered = Vec::new();
        for (_, name, path, bytes, request) in requests {
            let answer = match request {
                Ok(request) => self.examine(&request, now)?,
                Err(refusal) => Err(refusal),
            };
            match &answer {
                Ok(signed) => self.give(&name, &path, signed)?,
                Err(refusal) => self.refuse(&name, &path, bytes.as_deref(), *refusal)?,
            }
            answered.push(Answered { name, answer });
        }
        Ok(answered)
    }

    /// Signs, or finds why not. What is signed is kept before this returns.
    fn examine(&self, request: &Request, now: u64) -> Result<Result<Signed, Refusal>, Stopped> {
        let origin = &request.checkpoint.origin;
        let keys: Vec<_> = self.logs.iter().filter(|key| key.name() == origin).cloned().collect();
        if keys.is_empty() {
            return Ok(Err(Refusal::Unknown));
        }
        let note = request.proof.checkpoint.as_bytes();
        let checkpoint = match Checkpoint::open(note, &keys) {
            Ok(checkpoint) => checkpoint,
            Err(unacceptable) => return Ok(Err(Refusal::Checkpoint(unacceptable))),
        };
        let path = self.dir.join("seen").join(format!("{}.note", Hash::of(origin.as_bytes())));
        let seen = self.seen(&path, origin)?;
        if let Some(seen) = &seen {
            if now < seen.time {
                return Err(Stopped::Clock { found: now, newest: seen.time });
            }
            if seen.checkpoint == checkpoint {
                return Ok(Ok(seen.clone()));
            }
        }
        let earlier = seen.as_ref().map(|seen| &seen.checkpoint);
        if let Err(refusal) = continues(earlier, &checkpoint, &request.proof) {
            return Ok(Err(refusal));
        }
        let line = cosign(&checkpoint.to_string(), now, &self.key, self.cosigner)
            .map_err(Stopped::Signature)?;
        let signed = [note, line.as_bytes()].concat();
        // The request may have had a hundred signatures, or one that looks like ours.
        match cosigned_by(&signed, std::slice::from_ref(&self.key)) {
            Ok(_) => {}
            Err(rejected) => return Ok(Err(Refusal::Checkpoint(rejected.into()))),
        }
        fs::write_durably(&path, &signed, fs::SHARED_FILE)?;
        fs::kill_point("witness-after-seen");
        Ok(Ok(Signed { checkpoint, time: now, is_again: false, note: signed }))
    }

    /// What was signed last of a ledger; `None` if nothing was.
    fn seen(&self, path: &Path, origin: &str) -> Result<Option<Signed>, Stopped> {
        let note = match fs::read_regular(path) {
            Ok(note) => note,
            Err(failure) if failure.is_not_found() => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        let is_damaged = || Stopped::Seen { path: path.to_owned() };
        let cosigned = cosigned_by(&note, std::slice::from_ref(&self.key));
        let own = cosigned.ok().and_then(|cosigned| cosigned.into_iter().next_back());
        let text = Note::parse(&note).map(|note| note.text().to_owned()).ok();
        let checkpoint = text.and_then(|text| Checkpoint::parse(&text).ok());
        match (own, checkpoint) {
            (Some(own), Some(checkpoint)) if checkpoint.origin == origin => {
                Ok(Some(Signed { checkpoint, time: own.time, is_again: true, note }))
            }
            _ => Err(is_damaged()),
        }
    }

    fn give(&self, name: &str, path: &Path, signed: &Signed) -> Result<(), Stopped> {
        let out = self.dir.join("out");
        // A crash may have come between the name of what was signed and its sync.
        fs::sync_dir(&self.dir.join("seen"))?;
        fs::write_durably(&out.join(format!("{name}.note")), &signed.note, fs::SHARED_FILE)?;
        fs::kill_point("witness-after-out");
        fs::remove_if_there(&out.join(format!("{name}.refused")))?;
        dropped::done(fs::remove_if_there(path))?;
        Ok(fs::sync_parent(path)?)
    }

    fn refuse(
        &self,
        name: &str,
        path: &Path,
        bytes: Option<&[u8]>,
        refusal: Refusal,
    ) -> Result<(), Stopped> {
        dropped::keep(&self.dir.join("refused"), name, path, bytes)?;
        let known = match refusal {
            Refusal::Shrinks { known, .. }
            | Refusal::OldSize { known, .. }
            | Refusal::Proof { known, .. } => format!("known {known}\n"),
            Refusal::Fork { size } => format!("known {size}\n"),
            Refusal::Form | Refusal::Unknown | Refusal::Checkpoint(_) => String::new(),
        };
        let text = format!("{known}{refusal}\n");
        let out = self.dir.join("out").join(format!("{name}.refused"));
        Ok(fs::write_durably(&out, text.as_bytes(), fs::SHARED_FILE)?)
    }
}

/// A request that can be read.
struct Request {
    proof: Continuation,
    /// Whoever signed it.
    checkpoint: Checkpoint,
}

impl Request {
    fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(bytes).map_err(|_| Refusal::Form)?;
        let proof = Continuation::parse(text).map_err(|_| Refusal::Form)?;
        let checkpoint = Note::parse(proof.checkpoint.as_bytes())
            .ok()
            .and_then(|note| Checkpoint::parse(note.text()).ok())
            .filter(|checkpoint| checkpoint.size > 0 && proof.old <= checkpoint.size);
        Ok(Self { checkpoint: checkpoint.ok_or(Refusal::Form)?, proof })
    }
}

/// Whether a checkpoint goes on from the one that was signed last.
fn continues(
    seen: Option<&Checkpoint>,
    found: &Checkpoint,
    proof: &Continuation,
) -> Result<(), Refusal> {
    let known = seen.map_or(0, |seen| seen.size);
    if found.size == known {
        return Err(Refusal::Fork { size: known });
    }
    if found.size < known {
        return Err(Refusal::Shrinks { found: found.size, known });
    }
    if proof.old != known {
        return Err(Refusal::OldSize { found: proof.old, known });
    }
    match seen {
        Some(seen) => verify_consistency(known, found.size, &proof.path, seen.root, found.root)
            .map_err(|source| Refusal::Proof { known, source }),
        None if proof.path.is_empty() => Ok(()),
        None => Err(Refusal::Form),
    }
}

/// The keys of the ledgers that are to be witnessed.
fn logs(path: &Path) -> Result<Vec<VerifierKey>, Stopped> {
    let text = String::from_utf8_lossy(&fs::read_regular(path)?).into_owned();
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let key = |(line, text): (usize, &str)| {
        text.trim().parse().map_err(|_| Stopped::Logs { path: path.to_owned(), line })
    };
    lines.map(key).collect()
}

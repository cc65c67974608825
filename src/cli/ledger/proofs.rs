//! `gamyeong ledger prove | consistency`: proofs for whoever has no ledger.
//!
//! Not here: what is proven and how (`ledger::tlog_proof`).

use std::io;
use std::path::Path;

use super::given;
use crate::cli::named;
use crate::config::house::House;
use crate::error::{Error, Usage};
use crate::fs;
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::fault::Fault;
use crate::ledger::note::VerifierKey;
use crate::ledger::proof::ProofError;
use crate::ledger::tlog_proof::{self, Continuation, Inclusion};

/// Prints the proof that a record is in the ledger, or writes it to a file.
///
/// # Errors
///
/// [`Error::Ledger`] if the ledger cannot be read; [`Error::Usage`] if there is no such record,
/// it would be written into a store, or over another file; [`Error::Output`] if it cannot be
/// written.
pub(super) fn prove(
    house: &House,
    seq: u64,
    to: Option<&Path>,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    let proof = Inclusion::of(&house.ledger, seq).map_err(|fault| {
        if let Fault::Unproven(ProofError::Index { index: found, size }) = fault {
            return Error::Usage(Usage::NoRecord { found, last: size.saturating_sub(1) });
        }
        of(house, fault)
    })?;
    let text = proof.to_string();
    if let Some(path) = to {
        given::outside_stores(house, path)?;
        // An earlier one is what somebody keeps against the ledger.
        if fs::read(path).is_ok_and(|kept| kept != text.as_bytes()) {
            return Err(Error::Usage(Usage::Exists { path: path.to_owned() }));
        }
    }
    give(house, &text, to, out)
}

/// The same that the ledger continues an earlier checkpoint. What is proven is checked
/// first: a proof of a fork is none.
///
/// # Errors
///
/// As [`prove`]; [`Error::Usage`] if the file is no checkpoint of this ledger, and
/// [`Error::LedgerBroken`] if the ledger does not continue it.
pub(super) fn consistency(
    house: &House,
    earlier: &Path,
    trusted: Option<&[VerifierKey]>,
    to: Option<&Path>,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    let no_checkpoint = || Error::Usage(Usage::NoCheckpoint { path: earlier.to_owned() });
    let stored = fs::read(&house.ledger.join("keys.txt"))?;
    let stored = String::from_utf8_lossy(&stored).into_owned();
    let own: Vec<VerifierKey> = stored.lines().filter_map(|line| line.parse().ok()).collect();
    let keys = trusted.unwrap_or(&own);
    let note = tlog_proof::checkpoint_in(&named::read("EARLIER", earlier)?);
    let earlier = Checkpoint::open(&note, keys).map_err(|_| no_checkpoint())?;
    let broken = || Error::LedgerBroken { path: house.ledger.clone() };
    let proof = match Continuation::of(&house.ledger, earlier.size) {
        Ok(proof) => proof,
        Err(Fault::Unproven(_)) => return Err(broken()),
        Err(fault) => return Err(of(house, fault)),
    };
    proof.verify(&earlier, keys).map_err(|_| broken())?;
    give(house, &proof.to_string(), to, out)
}

/// The same from a size on that the reader's own copy of the ledger has: what a witness asks
/// for that signed for so many records, or for none.
///
/// # Errors
///
/// As [`prove`].
pub(super) fn since(
    house: &House,
    size: u64,
    to: Option<&Path>,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    let proof = match size {
        0 => Continuation::first(&house.ledger),
        size => Continuation::of(&house.ledger, size),
    };
    give(house, &proof.map_err(|fault| of(house, fault))?.to_string(), to, out)
}

fn of(house: &House, source: Fault) -> Error {
    Error::Ledger { path: house.ledger.clone(), source: Box::new(source) }
}

fn give(
    house: &House,
    text: &str,
    to: Option<&Path>,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    match to {
        Some(path) => {
            given::outside_stores(house, path)?;
            fs::write_durably(path, text.as_bytes(), fs::SHARED_FILE)?;
            writeln!(out, "{}", path.display()).map_err(Error::Output)
        }
        None => out.write_all(text.as_bytes()).map_err(Error::Output),
    }
}

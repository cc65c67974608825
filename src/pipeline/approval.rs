//! What was reviewed or approved, and the key of who did it, in; the signed note of it out.
//!
//! Lets the vault's key sign what the ledger lays down: the two never name each other.
//!
//! Not here: what is signed and whether it counts (`ledger::approvals`).

use serde_json::{Map, Value};

use crate::error::Error;
use crate::ledger::approvals::{Approval, Approvals, Refusal, Standing, lines};
use crate::ledger::note::{self, BadKey, VerifierKey};
use crate::ledger::record::{Kind, Record};
use crate::vault::approver::ApproverKey;

/// The public key of an approver, as `rights.granted` names it.
///
/// # Errors
///
/// [`BadKey`] if its name cannot stand in a note.
pub fn public_key(key: &ApproverKey) -> Result<VerifierKey, BadKey> {
    VerifierKey::ed25519(key.name(), &key.public())
}

/// What is signed for a record, for `controller`.
#[must_use]
pub fn text(kind: Kind, controller: &str, body: &Map<String, Value>) -> String {
    format!("{}\n", lines(kind, controller, body).join("\n"))
}

/// Signs a text: a note with the signatures that are there already and one more.
///
/// # Errors
///
/// [`Refusal::Form`] if the key cannot sign notes, or has signed this one.
pub fn sign(text: &str, others: &[String], key: &ApproverKey) -> Result<String, Refusal> {
    let public = public_key(key).map_err(|_| Refusal::Form)?;
    let line = note::line(&public, &key.sign(text.as_bytes()));
    if others.contains(&line) {
        return Err(Refusal::Form);
    }
    let signatures = others.iter().chain([&line]).map(|line| format!("{line}\n"));
    let note = format!("{text}\n{}", signatures.collect::<String>());
    // What was signed is what will be read.
    Approval::read(note.as_bytes())?;
    Ok(note)
}

/// How a body that is to be entered stands among the records so far.
///
/// # Errors
///
/// [`Error::Approval`] if it is signed and does not count.
pub fn judge(
    records: &[Record],
    kind: Kind,
    body: &Map<String, Value>,
) -> Result<Option<Standing>, Error> {
    let judged = Approvals::of(records).judge(kind, body).transpose();
    judged.map_err(|source| Error::Approval { source })
}

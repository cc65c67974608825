//! A house in; the same house locked, with its keys and its ledger, out.
//!
//! Not here: what is run on it.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::Night;
use super::body::{RULESET, tool};
use super::drift::Change;
use super::history::State;
use super::signer::HouseSigner;
use super::transaction;
use super::{history, inputs};
use crate::config::house::House;
use crate::config::plan::Plan;
use crate::error::Error;
use crate::fs;
use crate::ledger::fault::Fault;
use crate::ledger::record::{Entry, Kind, Record};
use crate::ledger::steady::steadily;
use crate::ledger::store::{self, Ledger, Quarantined, Recovery};
use crate::vault::keys::Keys;
use crate::vault::pseudonym::EpochSecret;
use crate::vault::random::Randomness;
use crate::vault::signing::SigningKeys;

/// Held by the run that works on a house. Beside the stores, not in one: a
/// ledger holds nothing but records.
const LOCK_FILE: &str = ".lock";

/// A house that is locked, with its keys and its ledger at hand.
pub struct Opened {
    pub(super) keys: Keys,
    signer: HouseSigner,
    pub(super) ledger: Ledger,
    ledger_dir: PathBuf,
    _lock: fs::Lock,
}

/// Locks a house, opens its keys and its ledger, and ends what the last start
/// left open.
///
/// # Errors
///
/// [`Error::Busy`] if another run works on it; otherwise if keys or ledger
/// are not as they should be. Nothing is changed then, but for runs that were
/// finished or undone.
pub fn open(house: &House, night: &Night<'_>) -> Result<Opened, Error> {
    let mut opened = begin(house, night)?;
    opened.recover(house, night)?;
    Ok(opened)
}

/// Locks a house, opens its keys and its ledger, and records what was put right in that.
fn begin(house: &House, night: &Night<'_>) -> Result<Opened, Error> {
    let open = |signer: &HouseSigner| Ledger::open(&house.ledger, signer).map_err(fault(house));
    let (mut opened, recovery) = locked(house, open)?;
    if !recovery.is_clean() {
        let body = json!({
            "adopted": recovery.adopted,
            "quarantined": aside(&recovery),
        });
        opened.append(night, Kind::Recovery, None, &body)?;
    }
    Ok(opened)
}

/// What was set aside, if anything was.
fn aside(recovery: &Recovery) -> Option<Value> {
    let file = |one: &Quarantined| {
        let name = one.path.file_name().unwrap_or_default().to_string_lossy();
        json!({"file": name, "bytes": one.bytes, "sha256": one.sha256.to_hex()})
    };
    let files: Vec<Value> = recovery.quarantined.iter().map(file).collect();
    (!files.is_empty()).then(|| files.into())
}

/// The same of a house in which nothing is left open. Ends, undoes and repairs nothing:
/// whoever checks a house leaves it as it was found.
///
/// # Errors
///
/// As [`open`]; [`Error::Unfinished`] if the last start left something open.
pub fn open_settled(house: &House) -> Result<Opened, Error> {
    let unfinished = || Error::Unfinished { path: house.ledger.clone() };
    let open = |signer: &HouseSigner| {
        let settled = Ledger::open_settled(&house.ledger, signer).map_err(fault(house))?;
        Ok((settled.ok_or_else(unfinished)?, ()))
    };
    let (opened, ()) = locked(house, open)?;
    let runs = history::runs(opened.ledger.records());
    if runs.iter().any(|run| run.state != State::Ended) {
        return Err(unfinished());
    }
    Ok(opened)
}

/// Locks a house, and opens its keys and its ledger.
fn locked<T>(
    house: &House,
    open: impl FnOnce(&HouseSigner) -> Result<(Ledger, T), Error>,
) -> Result<(Opened, T), Error> {
    let controller = &house.institution.controller.id;
    let keys = Keys::open(&house.keys, controller)?;
    let lock = fs::lock(&house.root.join(LOCK_FILE))?.ok_or_else(|| busy(house))?;
    fs::kill_point("after-lock");
    let signer = HouseSigner::new(controller, SigningKeys::load(&keys)?);
    let (ledger, found) = open(&signer)?;
    of_controller(house, ledger.records())?;
    let ledger_dir = house.ledger.clone();
    Ok((Opened { keys, signer, ledger, ledger_dir, _lock: lock }, found))
}

fn fault(house: &House) -> impl Fn(Fault) -> Error {
    |source| Error::Ledger { path: house.ledger.clone(), source: Box::new(source) }
}

/// Another run works on a house.
#[must_use]
pub fn busy(house: &House) -> Error {
    Error::Busy { path: house.root.join(LOCK_FILE) }
}

/// Finds what speaks against running plans of a house, as far as keys and ledger
/// show it, and changes nothing. Does not wait for a run that is at work.
///
/// # Errors
///
/// As [`open`], but [`Error::Busy`] only if a run records one thing after the
/// other all the while; [`Error::Drift`] or
/// [`Error::Unapproved`] for the first plan that is not the one that was recorded last.
pub fn examine(house: &House, plans: &[Plan]) -> Result<(), Error> {
    let keys = Keys::open(&house.keys, &house.institution.controller.id)?;
    keys.custodian()?;
    let records = records(house, &keys)?;
    for plan in plans {
        for epoch in keys.epochs(plan.name())? {
            keys.epoch_secret(plan.name(), &epoch)?;
        }
        for source in &plan.sources {
            inputs::address(source, &keys)?;
        }
        let found = super::digest(plan);
        if let Some(change) = Change::of(&records, plan, &found) {
            change.check(plan, None)?;
        }
    }
    Ok(())
}

/// The records of a house, as they are between two of them.
pub(super) fn records(house: &House, keys: &Keys) -> Result<Vec<Record>, Error> {
    let signer = HouseSigner::new(&house.institution.controller.id, SigningKeys::load(keys)?);
    let examine = || store::examine(&house.ledger, &signer);
    let records = steadily(&house.ledger, examine, Result::is_ok)
        .ok_or_else(|| busy(house))?
        .map_err(fault(house))?;
    of_controller(house, &records)?;
    Ok(records)
}

/// A ledger is of the controller that its first record names.
fn of_controller(house: &House, records: &[Record]) -> Result<(), Error> {
    let expected = &house.institution.controller.id;
    match history::controller(records) {
        Some(found) if found == expected => Ok(()),
        found => Err(Error::OtherLedger {
            path: house.ledger.clone(),
            found: found.unwrap_or_default().to_owned(),
            expected: expected.clone(),
        }),
    }
}

/// Makes the first record of a house's ledger.
///
/// # Errors
///
/// If there is a ledger already, or it cannot be written.
pub fn create_ledger(house: &House, night: &Night<'_>, keys: SigningKeys) -> Result<(), Error> {
    let controller = &house.institution.controller;
    let signer = HouseSigner::new(&controller.id, keys);
    let body = json!({
        "controller": controller.id,
        "name": controller.name,
        "parent": controller.parent,
        "ruleset_version": RULESET,
        "tool_version": tool(),
    });
    let time = format!("{:.3}", (night.now)());
    let first =
        Entry { kind: Kind::LedgerInit, time: &time, run: None, actor: &night.actor, body: &body };
    Ledger::create(&house.ledger, &signer, &first).map_err(fault(house))?;
    Ok(())
}

/// Records something that a person enters or does. `body` sees the records so far. Gives the
/// number of the record.
///
/// # Errors
///
/// As [`open`], and those of `body`; [`Error::Items`] if the body lacks an item.
pub fn enter(
    house: &House,
    night: &Night<'_>,
    kind: Kind,
    body: impl FnOnce(&[Record]) -> Result<Value, Error>,
) -> Result<u64, Error> {
    let mut opened = begin(house, night)?;
    match opened.recover(house, night) {
        // A file that was lost stops nights until it is back. That it was lost, and all else
        // that happens meanwhile, can be recorded.
        Err(Error::OutputLost { .. }) => {}
        other => other?,
    }
    let body = body(opened.ledger.records())?;
    opened.append(night, kind, None, &body)?;
    Ok(opened.ledger.size() - 1)
}

impl Opened {
    /// The ledger, for reading.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub(super) fn append(
        &mut self,
        night: &Night<'_>,
        kind: Kind,
        run: Option<&str>,
        body: &Value,
    ) -> Result<(), Error> {
        let time = format!("{:.3}", (night.now)());
        let entry = Entry { kind, time: &time, run, actor: &night.actor, body };
        match self.ledger.append(&self.signer, &entry) {
            Ok(_) => Ok(()),
            Err(Fault::Entry(source)) => Err(Error::Record { source }),
            Err(Fault::Items(source)) => Err(Error::Items { source }),
            Err(source) => Err(self.of_ledger(source)),
        }
    }

    /// A fault of this ledger.
    pub(super) fn of_ledger(&self, source: Fault) -> Error {
        Error::Ledger { path: self.ledger_dir.clone(), source: Box::new(source) }
    }

    /// Ends what the last start left open, and records how.
    pub(super) fn recover(&mut self, house: &House, night: &Night<'_>) -> Result<(), Error> {
        for open in transaction::recover(house, self.ledger.records())? {
            let (kind, reason) = if open.is_finished {
                (Kind::RunPublished, "finished at the next start")
            } else {
                (Kind::RunUndone, "interrupted before its commit")
            };
            let body = json!({"pipeline": open.pipeline, "date": open.date, "reason": reason});
            self.append(night, kind, Some(&open.id), &body)?;
        }
        match self.side_cars(house) {
            // Whoever only enters something need not be allowed to write tables; a night is.
            Err(Error::File(failure)) if failure.is_denied() => {}
            other => other?,
        }
        fs::kill_point("after-recover");
        Ok(())
    }

    /// The secret of the epoch: from its file, or made and recorded if there
    /// never was one. One that was made and is not there is never made again.
    pub(super) fn secret(
        &mut self,
        plan: &Plan,
        night: &Night<'_>,
        epoch: Option<&str>,
        random: &mut dyn Randomness,
    ) -> Result<EpochSecret, Error> {
        let Some(epoch) = epoch else {
            return Ok(EpochSecret::in_memory(plan.name(), random)?);
        };
        if let Some(secret) = self.keys.epoch_secret(plan.name(), epoch)? {
            // The file came before its record, and a crash between the two.
            if !history::has_secret(self.ledger.records(), plan.name(), epoch) {
                self.keys.sync(plan.name())?;
                self.record_secret(plan, night, epoch)?;
            }
            return Ok(secret);
        }
        if history::has_secret(self.ledger.records(), plan.name(), epoch) {
            return Err(Error::SecretLost {
                pipeline: plan.name().to_owned(),
                epoch: epoch.to_owned(),
            });
        }
        let secret = self.keys.create_epoch_secret(plan.name(), epoch, random)?;
        fs::kill_point("after-secret");
        self.record_secret(plan, night, epoch)?;
        Ok(secret)
    }

    fn record_secret(&mut self, plan: &Plan, night: &Night<'_>, epoch: &str) -> Result<(), Error> {
        let body = json!({
            "info_kind": "추가정보",
            "act": "생성",
            "pipeline": plan.name(),
            "epoch": epoch,
            "window": plan.file.linkage.window.to_string(),
            "reason": plan.file.linkage.reason,
            "management_no": plan.file.management_no,
            "operator": plan.house.institution.operator,
            "supervisor": plan.house.institution.supervisor,
        });
        self.append(night, Kind::KeyCreate, None, &body)
    }
}

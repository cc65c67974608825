//! A plan and a date in; a published table, its processing record and a report
//! out. The only module that knows the order of the stages.
//!
//! ```text
//! lock ─► keys ─► ledger ─► finish or undo what a crash left ─► inputs
//!      ─► nothing to do?  ─► run.begin ─► tables ─► run.commit ─► publish ─► run.published
//! ```
//!
//! Not here: what a stage does; printing.

mod additional;
mod bind;
mod body;
mod count;
mod history;
mod inputs;
pub mod report;
mod separation;
pub mod signer;
mod table;
mod transaction;
pub mod verify;

use std::collections::BTreeMap;
use std::path::PathBuf;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub use body::{RULESET, tool};

use crate::config::house::House;
use crate::config::plan::Plan;
use crate::error::Error;
use crate::fs;
use crate::ledger::record::{Entry, Kind, Record};
use crate::ledger::store::Ledger;
use crate::protect::distinct::HashSeeds;
use crate::vault::keys::Keys;
use crate::vault::pseudonym::EpochSecret;
use crate::vault::random::Randomness;
use crate::vault::signing::SigningKeys;
use report::{Outcome, Report};
use separation::Separation;
use signer::HouseSigner;
use table::{Made, Means};

/// Held by the run that works on a house. Beside the stores, not in one: a
/// ledger holds nothing but records.
const LOCK_FILE: &str = ".lock";

/// Everything that varies from night to night.
pub struct Night<'a> {
    /// The date whose logs are read.
    pub date: Date,
    /// Files to read instead of a source's pattern, by name of the source.
    pub instead: BTreeMap<String, PathBuf>,
    /// Why a changed pipeline may run, if somebody said so.
    pub accept_change: Option<String>,
    /// Who runs it: a role or account, no personal name.
    pub actor: String,
    /// The clock.
    pub now: &'a dyn Fn() -> Timestamp,
    /// Called with the number of bytes that were worked through.
    pub progress: &'a dyn Fn(u64),
}

/// A house that is locked, with its keys and its ledger at hand.
pub struct Opened {
    keys: Keys,
    signer: HouseSigner,
    ledger: Ledger,
    ledger_dir: PathBuf,
    _lock: fs::Lock,
}

/// What is known when a run begins.
struct Begun<'a> {
    run: &'a str,
    date: String,
    pipeline_sha256: String,
    epoch: Option<String>,
    supersedes: Option<String>,
    /// Tables of the superseded run.
    retired: Vec<String>,
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
    let controller = &house.institution.controller.id;
    let keys = Keys::open(&house.keys, controller)?;
    let lock_path = house.root.join(LOCK_FILE);
    let lock = fs::lock(&lock_path)?.ok_or(Error::Busy { path: lock_path })?;
    fs::kill_point("after-lock");
    let signer = HouseSigner::new(controller, SigningKeys::load(&keys)?);
    let fault = |source| Error::Ledger { path: house.ledger.clone(), source: Box::new(source) };
    let (ledger, recovery) = Ledger::open(&house.ledger, &signer).map_err(fault)?;
    match history::controller(ledger.records()) {
        Some(found) if found == controller => {}
        found => {
            return Err(Error::OtherLedger {
                path: house.ledger.clone(),
                found: found.unwrap_or_default().to_owned(),
                expected: controller.clone(),
            });
        }
    }
    let ledger_dir = house.ledger.clone();
    let mut opened = Opened { keys, signer, ledger, ledger_dir, _lock: lock };
    if !recovery.is_clean() {
        let body = json!({
            "adopted": recovery.adopted,
            "quarantined_bytes": recovery.quarantined.as_ref().map(|torn| torn.bytes),
        });
        opened.append(night, Kind::Recovery, None, &body)?;
    }
    opened.recover(house, night)?;
    Ok(opened)
}

/// Runs one pipeline for one date.
///
/// # Errors
///
/// Those of every stage. Nothing is published then, and the ledger says that
/// the run was refused or undone.
pub fn run(
    plan: &Plan,
    night: &Night<'_>,
    opened: &mut Opened,
    random: &mut dyn Randomness,
) -> Result<Report, Error> {
    let date = night.date.to_string();
    let pipeline_sha256 = HEXLOWER.encode(&Sha256::digest(plan.text.as_bytes()));
    let files = inputs::resolve(plan, night.date, &night.instead)?;
    opened.accept(plan, night, &pipeline_sha256)?;
    let is_empty = files.iter().all(Vec::is_empty);
    let previous = history::published(opened.ledger.records(), plan.name(), &date);
    if let Some(run) = &previous {
        let is_same = history::text(run.begin, "pipeline_sha256") == Some(&pipeline_sha256);
        if is_empty || (is_same && report::digests(run) == inputs::digests(plan, &files)?) {
            return Ok(Report::of_run(run, Outcome::Unchanged, &opened.ledger));
        }
    }
    let supersedes = previous.as_ref().map(|run| run.id.to_owned());
    let retired = previous.as_ref().map(report::output_paths).unwrap_or_default();
    if is_empty {
        return opened.heartbeat(plan, night, pipeline_sha256);
    }
    let epoch = plan.file.linkage.window.epoch(night.date);
    let secret = opened.secret(plan, night, epoch.as_deref(), random)?;
    let id = format!("{}-{date}-{}", plan.name(), opened.ledger.size());
    let begun = Begun { run: &id, date, pipeline_sha256, epoch, supersedes, retired };
    let sizes = inputs::sizes(&files)?;
    opened.append(night, Kind::RunBegin, Some(&id), &body::begin(plan, &begun, &sizes))?;
    fs::kill_point("after-begin");
    match opened.transact(plan, night, &begun, &files, &secret, random) {
        Ok(()) => {}
        Err(error) => {
            opened.undo(plan, night, &id, &error)?;
            return Err(error);
        }
    }
    let records = opened.ledger.records();
    let run = history::runs(records).into_iter().rfind(|run| run.id == id);
    let outcome = if run.as_ref().is_some_and(|run| run.is_published) {
        Outcome::Published
    } else {
        Outcome::Heartbeat
    };
    Ok(run.map_or_else(
        || Report::empty(plan, &begun.date, outcome, &opened.ledger),
        |run| Report::of_run(&run, outcome, &opened.ledger),
    ))
}

impl Opened {
    /// The ledger, for reading.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    fn append(
        &mut self,
        night: &Night<'_>,
        kind: Kind,
        run: Option<&str>,
        body: &Value,
    ) -> Result<(), Error> {
        let time = format!("{:.3}", (night.now)());
        let entry = Entry { kind, time: &time, run, actor: &night.actor, body };
        self.ledger.append(&self.signer, &entry).map_err(|source| Error::Ledger {
            path: self.ledger_dir.clone(),
            source: Box::new(source),
        })?;
        Ok(())
    }

    /// Ends what the last start left open, and records how.
    fn recover(&mut self, house: &House, night: &Night<'_>) -> Result<(), Error> {
        for open in transaction::recover(house, self.ledger.records())? {
            let (kind, reason) = if open.is_finished {
                (Kind::RunPublished, "finished at the next start")
            } else {
                (Kind::RunUndone, "interrupted before its commit")
            };
            let body = json!({"pipeline": open.pipeline, "date": open.date, "reason": reason});
            self.append(night, kind, Some(&open.id), &body)?;
        }
        fs::kill_point("after-recover");
        Ok(())
    }

    /// A pipeline that differs from its last record needs a reason.
    fn accept(&mut self, plan: &Plan, night: &Night<'_>, found: &str) -> Result<(), Error> {
        let expected = match history::baseline(self.ledger.records(), plan.name()) {
            Some(expected) if expected != found => expected.to_owned(),
            _ => return Ok(()),
        };
        let Some(reason) = &night.accept_change else {
            return Err(Error::Drift {
                pipeline: plan.name().to_owned(),
                found: found[..12].to_owned(),
                expected: expected[..12].to_owned(),
            });
        };
        let body = json!({
            "pipeline": plan.name(),
            "pipeline_sha256": found,
            "was_sha256": expected,
            "reason": reason,
        });
        self.append(night, Kind::ConfigChange, None, &body)
    }

    fn heartbeat(
        &mut self,
        plan: &Plan,
        night: &Night<'_>,
        pipeline_sha256: String,
    ) -> Result<Report, Error> {
        let date = night.date.to_string();
        if !history::has_heartbeat(self.ledger.records(), plan.name(), &date) {
            let begun = Begun {
                run: "",
                date: date.clone(),
                pipeline_sha256,
                epoch: None,
                supersedes: None,
                retired: Vec::new(),
            };
            self.append(night, Kind::Heartbeat, None, &body::heartbeat(plan, &begun))?;
        }
        Ok(Report::empty(plan, &date, Outcome::Heartbeat, &self.ledger))
    }

    /// The secret of the epoch: from its file, or made and recorded if there
    /// never was one. One that was made and is not there is never made again.
    fn secret(
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
        });
        self.append(night, Kind::KeyCreate, None, &body)
    }

    /// From the first line to the published table.
    fn transact(
        &mut self,
        plan: &Plan,
        night: &Night<'_>,
        begun: &Begun<'_>,
        files: &[Vec<PathBuf>],
        secret: &EpochSecret,
        random: &mut dyn Randomness,
    ) -> Result<(), Error> {
        let partial = transaction::partial(&plan.house, begun.run);
        partial.create()?;
        fs::kill_point("after-partial");
        let recipient = self.keys.custodian()?;
        let means = Means {
            secret,
            recipient: &recipient,
            seeds: seeds(random)?,
            store: partial.store.clone(),
            vault: partial.vault.clone(),
            date: begun.date.clone(),
            progress: night.progress,
        };
        let mut made = Vec::with_capacity(plan.sources.len());
        for (source, files) in plan.sources.iter().zip(files) {
            let table = table::make(plan, source, files, &means)?;
            made.push(table);
            fs::kill_point("after-table");
        }
        partial.sync()?;
        fs::kill_point("before-commit");
        self.commit(plan, night, begun, &made, secret)?;
        fs::kill_point("after-commit");
        let committed = self.ledger.records().last().cloned();
        if let Some(commit) = committed {
            transaction::publish(&plan.house, begun.run, &commit)?;
        }
        fs::kill_point("after-publish");
        partial.remove()?;
        let body = json!({"pipeline": plan.name(), "date": begun.date});
        self.append(night, Kind::RunPublished, Some(begun.run), &body)?;
        fs::kill_point("after-published");
        Ok(())
    }

    fn commit(
        &mut self,
        plan: &Plan,
        night: &Night<'_>,
        begun: &Begun<'_>,
        made: &[Made],
        secret: &EpochSecret,
    ) -> Result<(), Error> {
        for (source, made) in plan.sources.iter().zip(made) {
            for body in body::inputs(source, &made.tally.files) {
                self.append(night, Kind::RunInput, Some(begun.run), &body)?;
            }
        }
        fs::kill_point("after-inputs");
        let rules: Vec<_> =
            plan.sources.iter().map(|source| bind::rules(plan, source, secret)).collect();
        let separation = Separation::of(&plan.house)?;
        let body = body::commit(plan, begun, made, &rules, &separation);
        self.append(night, Kind::RunCommit, Some(begun.run), &body)
    }

    /// Removes what a run wrote and records why. A committed run is left for
    /// the next start to finish.
    fn undo(
        &mut self,
        plan: &Plan,
        night: &Night<'_>,
        run: &str,
        error: &Error,
    ) -> Result<(), Error> {
        let is_committed = |record: &Record| {
            record.run.as_deref() == Some(run) && record.kind() == Some(Kind::RunCommit)
        };
        // A ledger that could not be written takes no further record.
        if matches!(error, Error::Ledger { .. }) || self.ledger.records().iter().any(is_committed) {
            return Ok(());
        }
        transaction::partial(&plan.house, run).remove()?;
        let kind = if error.number() == 1 { Kind::RunRefused } else { Kind::RunUndone };
        let body = json!({
            "pipeline": plan.name(),
            "date": night.date.to_string(),
            "exit_code": error.number(),
            "reason": report::reason(error),
        });
        self.append(night, kind, Some(run), &body)
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
    Ledger::create(&house.ledger, &signer, &first)
        .map_err(|source| Error::Ledger { path: house.ledger.clone(), source: Box::new(source) })?;
    Ok(())
}

fn seeds(random: &mut dyn Randomness) -> Result<HashSeeds, Error> {
    let mut seeds = [0u64; 4];
    for seed in &mut seeds {
        let mut bytes = [0u8; 8];
        random.fill(&mut bytes).map_err(crate::vault::Error::from)?;
        *seed = u64::from_le_bytes(bytes);
    }
    Ok(seeds)
}

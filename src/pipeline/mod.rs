//! A plan and a date in; a published table, its processing record and a report
//! out. The only module that knows the order of the stages.
//!
//! ```text
//! lock ─► keys ─► ledger ─► finish or undo what a crash left ─► inputs
//!      ─► nothing to do?  ─► run.begin ─► tables ─► run.commit ─► publish ─► run.published
//! ```
//!
//! Not here: what a stage does; printing.

pub mod access;
mod additional;
pub mod approval;
mod bind;
mod body;
mod cause;
mod count;
mod drift;
mod history;
mod inputs;
pub mod opened;
pub mod personal;
pub mod plan;
pub mod proposal;
mod reading;
pub mod report;
mod said;
mod separation;
mod sessions;
pub mod side_car;
pub mod signer;
pub mod stated;
mod station;
mod table;
mod transaction;
pub mod trial;
mod unknown;
pub mod unusable;
pub mod verification;
pub mod verify;
pub mod vouching;
mod witness;

use std::collections::BTreeMap;
use std::path::PathBuf;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use body::Blocked;
pub use body::{RULESET, tool};

use crate::config::plan::{Plan, Source};
use crate::error::Error;
use crate::fs;
use crate::ledger::record::{Kind, Record};
use crate::protect::distinct::HashSeeds;
use crate::source::Input;
use crate::vault::ephemeral::Ephemeral;
use crate::vault::pseudonym::EpochSecret;
use crate::vault::random::Randomness;
use count::Tally;
use drift::Turn;
use opened::Opened;
use report::{Outcome, Report};
use separation::Separation;
use table::{Made, Means};

/// Everything that varies from night to night.
pub struct Night<'a> {
    /// The date whose logs are read.
    pub date: Date,
    /// Files to read instead of a source's pattern, by name of the source.
    pub instead: BTreeMap<String, PathBuf>,
    /// Why a changed pipeline may run, or one whose input became less, if somebody
    /// said so.
    pub accept_change: Option<String>,
    /// Who runs it: a role or account, no personal name.
    pub actor: String,
    /// Where that is from: an address or the name of this machine (접속지).
    pub from: String,
    /// The clock.
    pub now: &'a dyn Fn() -> Timestamp,
    /// Called with the number of bytes that were worked through.
    pub progress: &'a (dyn Fn(u64) + Sync),
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
    /// The time of its first record.
    at: String,
}

/// What there is to do in a night.
enum Ready {
    /// Nothing that is not done.
    Done(Box<Report>),
    /// A run.
    Due(Box<Due>),
}

/// What a run needs before it begins.
struct Due {
    /// Those of each source, in the order of the pipeline.
    files: Vec<Vec<Input>>,
    secret: EpochSecret,
    epoch: Option<String>,
    /// The run of this date that was published before, and its tables.
    supersedes: Option<String>,
    retired: Vec<String>,
}

/// Runs one pipeline for one date.
///
/// # Errors
///
/// Those of every stage. Nothing is published then, and the ledger says that
/// the run was refused or undone, or the night blocked before one began.
pub fn run(
    plan: &Plan,
    night: &Night<'_>,
    opened: &mut Opened,
    random: &mut dyn Randomness,
) -> Result<Report, Error> {
    let pipeline_sha256 = digest(plan);
    let due = match opened.due(plan, night, &pipeline_sha256, random) {
        Ok(Ready::Due(due)) => *due,
        Ok(Ready::Done(report)) => return Ok(*report),
        Err(error) => {
            // As below: what went wrong first is what somebody must act on.
            let _ = opened.blocked(plan, night, &pipeline_sha256, &error);
            return Err(error);
        }
    };
    let Due { files, secret, epoch, supersedes, retired } = due;
    let date = night.date.to_string();
    let id = format!("{}-{date}-{}", plan.name(), opened.ledger.size());
    let at = String::new();
    let mut begun = Begun { run: &id, date, pipeline_sha256, epoch, supersedes, retired, at };
    let sizes = inputs::sizes(&files);
    opened.append(night, Kind::RunBegin, Some(&id), &body::begin(plan, night, &begun, &sizes))?;
    // As the ledger has it, which may have put a clock right.
    begun.at = opened.ledger.records().last().map(|begin| begin.time.clone()).unwrap_or_default();
    fs::kill_point("after-begin");
    let unknown = match opened.transact(plan, night, &begun, &files, &secret, random) {
        Ok(unknown) => unknown,
        Err(error) => {
            // What went wrong first is what somebody must act on. A run that could
            // not be undone now is undone at the next start.
            let _ = opened.undo(plan, night, &id, &error);
            return Err(error);
        }
    };
    let run = history::published(opened.ledger.records(), plan.name(), &begun.date);
    Ok(match run {
        Some(run) => Report { unknown, ..Report::of_run(&run, Outcome::Published, &opened.ledger) },
        None => Report::empty(plan, &begun.date, Outcome::Published, &opened.ledger),
    })
}

/// The report of a run that came to nothing.
#[must_use]
pub fn failed(plan: &Plan, night: &Night<'_>, opened: &Opened, error: &Error) -> Report {
    let outcome = if error.number() == 1 { Outcome::Refused } else { Outcome::Failed };
    Report::empty(plan, &night.date.to_string(), outcome, opened.ledger()).because(error)
}

/// Digest of a pipeline, as records have it: of its file, and of the lists that it
/// needs if there are any.
fn digest(plan: &Plan) -> String {
    let mut digest = Sha256::new_with_prefix(plan.document.text.as_bytes());
    for (file, sha256) in &plan.lists {
        digest.update(format!("\0{file}\0{sha256}"));
    }
    HEXLOWER.encode(&digest.finalize())
}

/// Rows of a source, and of what was published, if those are more.
fn fewer(published: &history::Run<'_>, source: &Source, tally: &Tally) -> Option<(u64, u64)> {
    let total = tally.total();
    // Whom a sample takes, and what lies in a tail, may be others every time.
    let found = total.rows + total.suppressed + tally.by_rule();
    let published = report::rows(published, &source.name);
    (found < published).then_some((found, published))
}

impl Opened {
    /// What a night has to do, and with what: nothing of a run has begun.
    fn due(
        &mut self,
        plan: &Plan,
        night: &Night<'_>,
        pipeline_sha256: &str,
        random: &mut dyn Randomness,
    ) -> Result<Ready, Error> {
        stated::refuse(plan)?;
        // One that failed after its commit, before this one in the same night: it
        // would be finished after this one, in whose place it belongs.
        if history::has_open(self.ledger.records(), plan.name()) {
            self.recover(&plan.house, night)?;
        }
        let files = inputs::resolve(plan, night.date, &night.instead, &self.keys)?;
        self.accept(plan, night, pipeline_sha256)?;
        // Sessions alone make no table.
        let is_table = |source: &Source| source.sessions.is_none();
        let mut of_tables = plan.sources.iter().zip(&files).filter(|(source, _)| is_table(source));
        if of_tables.all(|(_, files)| files.is_empty()) {
            let report = self.heartbeat(plan, night, pipeline_sha256)?;
            return Ok(Ready::Done(Box::new(report)));
        }
        let date = night.date.to_string();
        let previous = history::published(self.ledger.records(), plan.name(), &date);
        if let Some(run) = &previous {
            let is_same = history::text(run.begin, "pipeline_sha256") == Some(pipeline_sha256);
            if is_same && report::digests(run) == inputs::digests(plan, &files)? {
                let is_lost = |path: &String| !plan.house.store.join(path).is_file();
                if let Some(path) = report::output_paths(run).into_iter().find(is_lost) {
                    let path = plan.house.store.join(path);
                    return Err(Error::OutputLost { path, run: run.id.to_owned() });
                }
                let report = Report::of_run(run, Outcome::Unchanged, &self.ledger);
                return Ok(Ready::Done(Box::new(report)));
            }
        }
        let supersedes = previous.as_ref().map(|run| run.id.to_owned());
        let retired = previous.as_ref().map(report::output_paths).unwrap_or_default();
        let epoch = plan.file.linkage.window.epoch(night.date);
        let secret = self.secret(plan, night, epoch.as_deref(), random)?;
        Ok(Ready::Due(Box::new(Due { files, secret, epoch, supersedes, retired })))
    }

    /// Records what stands in the way of a run, once as long as nothing else is recorded of the
    /// pipeline: trying again is not told again. What was typed wrongly is told to whoever typed
    /// it, and a ledger that cannot be written takes no record. Neither does a pipeline file with
    /// texts that no record may hold: its name and its number could be among them.
    fn blocked(
        &mut self,
        plan: &Plan,
        night: &Night<'_>,
        pipeline_sha256: &str,
        error: &Error,
    ) -> Result<(), Error> {
        if matches!(error, Error::Ledger { .. } | Error::Usage(_) | Error::Config(_)) {
            return Ok(());
        }
        // A number that nobody has accepted may be what blocks it.
        let recorded = history::management_no(self.ledger.records(), plan.name());
        let number = recorded.unwrap_or(&plan.file.management_no).to_owned();
        let of = Blocked {
            pipeline: plan.name(),
            management_no: &number,
            pipeline_sha256: Some(pipeline_sha256),
            file_sha256: None,
        };
        self.block(&of, night, error)
    }

    fn block(&mut self, of: &Blocked<'_>, night: &Night<'_>, error: &Error) -> Result<(), Error> {
        let body = body::blocked(of, night, error);
        if history::is_last(self.ledger.records(), of.pipeline, Kind::NightBlocked, &body) {
            return Ok(());
        }
        self.append(night, Kind::NightBlocked, None, &body)
    }

    fn heartbeat(
        &mut self,
        plan: &Plan,
        night: &Night<'_>,
        pipeline_sha256: &str,
    ) -> Result<Report, Error> {
        let date = night.date.to_string();
        if !history::has_heartbeat(self.ledger.records(), plan.name(), &date) {
            let begun = Begun {
                run: "",
                date: date.clone(),
                pipeline_sha256: pipeline_sha256.to_owned(),
                epoch: None,
                supersedes: None,
                retired: Vec::new(),
                at: String::new(),
            };
            self.append(night, Kind::Heartbeat, None, &body::heartbeat(plan, &begun))?;
        }
        let looked_for = plan.patterns().map(str::to_owned).collect();
        Ok(Report { looked_for, ..Report::empty(plan, &date, Outcome::Heartbeat, &self.ledger) })
    }

    /// From the first line to the published table. Gives what the pipeline does not
    /// name.
    fn transact(
        &mut self,
        plan: &Plan,
        night: &Night<'_>,
        begun: &Begun<'_>,
        files: &[Vec<Input>],
        secret: &EpochSecret,
        random: &mut dyn Randomness,
    ) -> Result<Vec<Value>, Error> {
        let partial = transaction::partial(&plan.house, begun.run);
        partial.create()?;
        fs::kill_point("after-partial");
        let recipient = self.keys.custodian()?;
        let means = Means {
            secret,
            recipient: Some(&recipient),
            seeds: seeds(random)?,
            ephemeral: Ephemeral::draw(random).map_err(crate::vault::Error::from)?,
            store: partial.store.clone(),
            vault: partial.vault.clone(),
            date: night.date,
            progress: night.progress,
        };
        let (known, mut of_sessions) = sessions::all(plan, files, &means)?;
        let mut made = Vec::with_capacity(plan.sources.len());
        for (place, (source, files)) in plan.sources.iter().zip(files).enumerate() {
            made.push(match of_sessions.remove(&place) {
                Some(made) => made,
                None => table::make(plan, source, files, &known, &means)?,
            });
            fs::kill_point("after-table");
        }
        let fewer = self.fewer(plan, night, begun, &made)?;
        partial.sync()?;
        fs::kill_point("before-commit");
        self.commit(plan, night, begun, &made, &fewer)?;
        fs::kill_point("after-commit");
        // The record that was just appended.
        let commit = self.ledger.records().last().cloned();
        let commit = commit.ok_or_else(|| Error::OutputLost {
            path: plan.house.ledger.clone(),
            run: begun.run.to_owned(),
        })?;
        transaction::publish(&plan.house, begun.run, &commit)?;
        fs::kill_point("after-publish");
        partial.remove()?;
        let body = json!({"pipeline": plan.name(), "date": begun.date});
        self.append(night, Kind::RunPublished, Some(begun.run), &body)?;
        fs::kill_point("after-published");
        self.side_cars(&plan.house)?;
        let unknown = plan.sources.iter().zip(&made);
        Ok(unknown.flat_map(|(source, made)| unknown::entries(source, &made.tally)).collect())
    }

    /// Sources that have fewer rows than what was published for the date: a log
    /// that was emptied or cut, or a wrong one, would take a sound table's place.
    /// They need a reason, which is recorded. Null if there is none.
    fn fewer(
        &self,
        plan: &Plan,
        night: &Night<'_>,
        begun: &Begun<'_>,
        made: &[Made],
    ) -> Result<Value, Error> {
        let records = self.ledger.records();
        let Some(run) = history::published(records, plan.name(), &begun.date) else {
            return Ok(Value::Null);
        };
        let mut fewer = Vec::new();
        for (source, made) in plan.sources.iter().zip(made) {
            let Some((found, published)) = self::fewer(&run, source, &made.tally) else { continue };
            if night.accept_change.is_none() {
                let source_name = source.name.clone();
                return Err(Error::FewerRows { source_name, found, published });
            }
            fewer.push(json!({"source": source.name, "rows": found, "published": published}));
        }
        let reason = &night.accept_change;
        Ok(if fewer.is_empty() { Value::Null } else { json!({"reason": reason, "sources": fewer}) })
    }

    fn commit(
        &mut self,
        plan: &Plan,
        night: &Night<'_>,
        begun: &Begun<'_>,
        made: &[Made],
        fewer: &Value,
    ) -> Result<(), Error> {
        for (source, made) in plan.sources.iter().zip(made) {
            for body in body::inputs(source, &made.tally.files) {
                self.append(night, Kind::RunInput, Some(begun.run), &body)?;
            }
        }
        fs::kill_point("after-inputs");
        let separation = Separation::of(&plan.house)?;
        let turn = Turn::of(self.ledger.records(), plan, &begun.pipeline_sha256);
        let mut body = body::commit((plan, night), begun, made, &turn, &separation);
        body["fewer_rows"] = fewer.clone();
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

fn seeds(random: &mut dyn Randomness) -> Result<HashSeeds, Error> {
    let mut seeds = [0u64; 4];
    for seed in &mut seeds {
        let mut bytes = [0u8; 8];
        random.fill(&mut bytes).map_err(crate::vault::Error::from)?;
        *seed = u64::from_le_bytes(bytes);
    }
    Ok(seeds)
}

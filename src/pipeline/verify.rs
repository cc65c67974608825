//! A house and its ledger's records in; whether the tables, their side-cars and the sealed
//! files are those that were recorded out.
//!
//! Every file that a published run names is hashed anew, superseded tables and sealed files
//! among them. One whose destruction was recorded since is not to be there, and a table that
//! no run names is told of.
//!
//! Not here: whether the records themselves are intact (`ledger::verify`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::thread;
use std::time::Duration;

use data_encoding::HEXLOWER;
use serde_json::Value;

use super::history::{self, Run, runs};
use super::side_car;
use super::transaction::aside;
use crate::config::house::House;
use crate::error::Error;
use crate::fs;
use crate::ledger::destroyed::covering;
use crate::ledger::record::Record;
use crate::ledger::report::Status;
use crate::ledger::side_car::{ENDING, Recorded, Unvouched, beside, vouch};
use crate::source;

/// How long the side-car of the newest run is waited for.
const PATIENCE: Duration = Duration::from_millis(500);

/// One published file, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The run that made it.
    pub run: String,
    /// Its path in the store or vault.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// What was found.
    pub finding: Finding,
}

/// What a file is that a run made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A table, in the store.
    Table,
    /// What vouches for a table, beside it.
    SideCar,
    /// Additional information, sealed, in the vault.
    Sealed,
}

/// What was found where a published file should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The file, with the digest that was recorded; of a side-car, one that vouches for it.
    Same,
    /// A file with another digest; of a side-car, one that proves nothing.
    Altered,
    /// No file.
    Missing,
    /// A side-car of another ledger, or of one that this ledger does not continue.
    OtherLedger,
    /// A side-car that vouches for another table.
    OtherTable,
    /// A file or directory that whoever checks may not read, such as the vault.
    NotChecked,
    /// No file, and a record says that it was destroyed.
    Destroyed,
    /// A file, although a record says that it was destroyed.
    NotDestroyed,
    /// A table that no run names: it was put there by somebody else, or the records that named
    /// it are gone.
    Unrecorded,
}

impl Finding {
    /// True if the file speaks against what was recorded.
    #[must_use]
    pub fn is_bad(self) -> bool {
        !matches!(self, Finding::Same | Finding::NotChecked | Finding::Destroyed)
    }
}

/// What was found of all files together: the worst of it.
#[must_use]
pub fn status(files: &[Checked]) -> Status {
    if files.iter().any(|file| file.finding.is_bad()) {
        Status::Fail
    } else if files.iter().any(|file| file.finding == Finding::NotChecked) {
        Status::NotChecked
    } else {
        Status::Pass
    }
}

/// Hashes every published table and sealed file and compares; asks every side-car.
///
/// # Errors
///
/// If a file that is there cannot be read.
pub fn data(house: &House, recorded: &Recorded) -> Result<Vec<Checked>, Error> {
    let runs = runs(&recorded.records);
    let superseded = history::superseded(&runs);
    let newest = runs.iter().rfind(|run| run.is_published).map(|run| run.id);
    let destroyed = Destroyed::of(&recorded.records);
    let mut checked = Vec::new();
    for run in runs.iter().filter(|run| run.is_published) {
        let of_run = |path: &str, kind, finding| {
            let (run, path) = (run.id.to_owned(), path.to_owned());
            Checked { run, path, kind, finding }
        };
        for (path, sha256) in listed(run, "outputs") {
            let is_aside = superseded.contains(run.id);
            let name = if is_aside { aside(Path::new(&path), run.id) } else { path.into() };
            let place = house.store.join(&name);
            let told = name.to_string_lossy();
            let is_destroyed = destroyed.has("data.destroyed", &told, run);
            let found = destruction(is_destroyed, compare(&place, &sha256)?);
            checked.push(of_run(&told, FileKind::Table, found));
            let mut finding = ask(&beside(&place), run, &sha256, recorded)?;
            if finding == Finding::Missing && is_destroyed {
                finding = Finding::Destroyed;
            }
            if finding == Finding::Missing && newest == Some(run.id) {
                // A night that is at work writes it behind the last record of its run.
                thread::sleep(PATIENCE);
                finding = ask(&beside(&place), run, &sha256, recorded)?;
            }
            let told = beside(&name).to_string_lossy().into_owned();
            checked.push(of_run(&told, FileKind::SideCar, finding));
        }
        for (path, sha256) in listed(run, "sealed") {
            let is_destroyed = destroyed.has("additional.destroyed", &path, run);
            let finding = compare(&house.vault.join(&path), &sha256)?;
            checked.push(of_run(&path, FileKind::Sealed, destruction(is_destroyed, finding)));
        }
    }
    // A run that is not published yet may have moved its tables already.
    let open = runs.iter().filter(|run| !run.is_published);
    let mut named: BTreeSet<String> =
        open.flat_map(|run| listed(run, "outputs")).map(|(path, _)| path).collect();
    named.extend(checked.iter().map(|file| file.path.clone()));
    let mut tables = Vec::new();
    walk(&house.store, &house.store, &mut tables)?;
    let strays = tables.into_iter().filter(|path| !named.contains(path));
    checked.extend(strays.map(|path| Checked {
        run: String::new(),
        path,
        kind: FileKind::Table,
        finding: Finding::Unrecorded,
    }));
    Ok(checked)
}

/// The files and folders of which records say that they were destroyed: kind of record, path, and the
/// place of the last that says so.
struct Destroyed<'r>(BTreeMap<(&'r str, &'r Path), u64>);

impl<'r> Destroyed<'r> {
    fn of(records: &'r [Record]) -> Self {
        let told = records.iter().filter(|record| record.type_name.ends_with(".destroyed"));
        let told = told.flat_map(|record| {
            let paths = record.body.get("paths").and_then(Value::as_array).into_iter().flatten();
            let key =
                |path: &'r Value| Some((record.type_name.as_str(), Path::new(path.as_str()?)));
            paths.filter_map(key).map(|key| (key, record.seq))
        });
        Self(told.collect())
    }

    /// True if a file of a run was destroyed after the run had made it.
    fn has(&self, kind: &str, path: &str, run: &Run<'_>) -> bool {
        let made = run.commit.map_or(u64::MAX, |commit| commit.seq);
        let mut told = covering(path).filter_map(|path| self.0.get(&(kind, path)));
        told.any(|destroyed| *destroyed > made)
    }
}

/// What a finding means of a file that is not to be there any more.
fn destruction(is_destroyed: bool, found: Finding) -> Finding {
    if !is_destroyed {
        found
    } else if found == Finding::Missing {
        Finding::Destroyed
    } else if matches!(found, Finding::Same | Finding::Altered) {
        Finding::NotDestroyed
    } else {
        found
    }
}

/// The tables below a directory of the store, by their paths in it. What may not be read, and
/// links, are passed over: no table of this program is one.
fn walk(store: &Path, dir: &Path, tables: &mut Vec<String>) -> Result<(), Error> {
    let entries = match fs::list(dir) {
        Err(failure) if failure.is_denied() => return Ok(()),
        entries => entries?,
    };
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Directories of runs that are at work begin with a dot.
        let Ok(what) = path.symlink_metadata() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let is_table = name.ends_with(".parquet") || name.contains(".parquet.superseded-");
        if what.is_dir() {
            walk(store, &path, tables)?;
        } else if is_table && !name.ends_with(ENDING) {
            let inner = path.strip_prefix(store).unwrap_or(&path);
            tables.push(inner.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

/// Looks at a side-car: it must be of this run's record, in this ledger.
fn ask(place: &Path, run: &Run<'_>, sha256: &str, recorded: &Recorded) -> Result<Finding, Error> {
    let text = match side_car::read(place) {
        Ok(Some(text)) => text,
        Ok(None) => return Ok(Finding::Missing),
        Err(Error::File(failure)) if failure.is_denied() => return Ok(Finding::NotChecked),
        Err(error) => return Err(error),
    };
    Ok(match vouch(&text, sha256, &recorded.keys) {
        Ok(vouched) if !recorded.continues(&vouched.checkpoint) => Finding::OtherLedger,
        // Two runs may make the same bytes, and each has its own record.
        Ok(vouched) if run.commit == Some(&vouched.record) => Finding::Same,
        Ok(_) | Err(Unvouched::OtherTable) => Finding::OtherTable,
        Err(Unvouched::OtherLedger) => Finding::OtherLedger,
        Err(Unvouched::Altered(_)) => Finding::Altered,
    })
}

fn compare(place: &Path, sha256: &str) -> Result<Finding, Error> {
    match fs::standing(place) {
        Err(failure) if failure.is_not_found() => return Ok(Finding::Missing),
        Err(failure) if failure.is_denied() => return Ok(Finding::NotChecked),
        other => other?,
    };
    let found = HEXLOWER.encode(&source::digest(&place.into())?.sha256);
    Ok(if found == sha256 { Finding::Same } else { Finding::Altered })
}

fn listed(run: &Run<'_>, list: &str) -> Vec<(String, String)> {
    let entries = run.commit.and_then(|commit| commit.body.get(list)?.as_array());
    let entries = entries.into_iter().flatten();
    let named = entries.filter_map(|entry: &Value| {
        Some((entry["path"].as_str()?.to_owned(), entry["sha256"].as_str()?.to_owned()))
    });
    named.collect()
}

//! A house and its ledger's records in; whether the tables, their side-cars and the sealed
//! files are those that were recorded out.
//!
//! Every file that a published run names is hashed anew, superseded tables and sealed files
//! among them.
//!
//! Not here: whether the records themselves are intact (`ledger::verify`).

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
use crate::ledger::side_car::{Recorded, Unvouched, beside, vouch};
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
            checked.push(of_run(&told, FileKind::Table, compare(&place, &sha256)?));
            let mut finding = ask(&beside(&place), run, &sha256, recorded)?;
            if finding == Finding::Missing && newest == Some(run.id) {
                // A night that is at work writes it behind the last record of its run.
                thread::sleep(PATIENCE);
                finding = ask(&beside(&place), run, &sha256, recorded)?;
            }
            let told = beside(&name).to_string_lossy().into_owned();
            checked.push(of_run(&told, FileKind::SideCar, finding));
        }
        for (path, sha256) in listed(run, "sealed") {
            let finding = compare(&house.vault.join(&path), &sha256)?;
            checked.push(of_run(&path, FileKind::Sealed, finding));
        }
    }
    Ok(checked)
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

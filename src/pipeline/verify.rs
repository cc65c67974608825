//! A house and its ledger's records in; whether the tables are those that were
//! recorded out.
//!
//! Not here: whether the records themselves are intact (`ledger::verify`).

use std::collections::BTreeMap;
use std::path::Path;

use data_encoding::HEXLOWER;
use serde_json::Value;

use super::history::{Run, runs, text};
use super::transaction::aside;
use crate::config::house::House;
use crate::error::Error;
use crate::fs;
use crate::ledger::record::Record;
use crate::source;

/// One published file, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The run that made it.
    pub run: String,
    /// Its path in the store or vault.
    pub path: String,
    /// What was found.
    pub finding: Finding,
}

/// What was found where a published file should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The file, with the digest that was recorded.
    Same,
    /// A file with another digest.
    Altered,
    /// No file.
    Missing,
    /// A file or directory that whoever checks may not read, such as the vault.
    NotChecked,
}

/// Hashes every published table and sealed file and compares.
///
/// # Errors
///
/// If a file that is there cannot be read.
pub fn data(house: &House, records: &[Record]) -> Result<Vec<Checked>, Error> {
    let runs = runs(records);
    let superseded_by: BTreeMap<&str, &str> = runs
        .iter()
        .filter(|run| run.is_published)
        .filter_map(|run| Some((text(run.commit?, "supersedes")?, run.id)))
        .collect();
    let mut checked = Vec::new();
    for run in runs.iter().filter(|run| run.is_published) {
        for (list, root) in [("outputs", &house.store), ("sealed", &house.vault)] {
            for (path, sha256) in listed(run, list) {
                let mut place = root.join(&path);
                if list == "outputs" && superseded_by.contains_key(run.id) {
                    place = aside(&place, run.id);
                }
                let finding = compare(&place, &sha256)?;
                checked.push(Checked { run: run.id.to_owned(), path, finding });
            }
        }
    }
    Ok(checked)
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

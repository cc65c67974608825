//! One night is one transaction.
//!
//! ```text
//! run.begin ─► .partial-RUN/… ─► run.input, run.commit ─► renames ─► run.published
//!     │  crash: undone                   │  crash: finished at the next start
//! ```
//!
//! What a run writes lies in `.partial-RUN` directories until its commit is
//! recorded. After the commit nothing but renames is left to do, and each can
//! be done again. Nothing is overwritten: the table that a later run replaces
//! stays beside it, under a name that readers of Parquet folders pass over.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::history::{Run, State, runs, text};
use crate::config::house::House;
use crate::error::Error;
use crate::fs;
use crate::ledger::destroyed;
use crate::ledger::record::Record;
use crate::ledger::side_car;
use crate::source;

/// Where a run keeps what is not published.
pub(super) struct Partial {
    pub(super) store: PathBuf,
    pub(super) vault: PathBuf,
}

const PREFIX: &str = ".partial-";

/// The partial directories of a run.
pub(super) fn partial(house: &House, run: &str) -> Partial {
    let name = format!("{PREFIX}{run}");
    Partial { store: house.store.join(&name), vault: house.vault.join(&name) }
}

impl Partial {
    /// Makes both directories.
    pub(super) fn create(&self) -> Result<(), Error> {
        fs::create_dir(&self.store, fs::SHARED_DIR)?;
        fs::create_dir(&self.vault, fs::PRIVATE_DIR)?;
        Ok(())
    }

    /// Makes sure that what was written has its name after a crash too.
    pub(super) fn sync(&self) -> Result<(), Error> {
        fs::sync_dir(&self.store)?;
        fs::sync_dir(&self.vault)?;
        Ok(())
    }

    /// Removes both with everything in them.
    pub(super) fn remove(&self) -> Result<(), Error> {
        fs::remove_dir_if_there(&self.store)?;
        fs::remove_dir_if_there(&self.vault)?;
        Ok(())
    }
}

/// Path of a table in the store.
pub(super) fn table_path(pipeline: &str, source: &str, date: &str) -> String {
    format!("{pipeline}/{source}/date={date}/part-0.parquet")
}

/// Path of a sealed file in the vault.
pub(super) fn sealed_path(
    pipeline: &str,
    source: &str,
    date: &str,
    kind: &str,
    run: &str,
) -> String {
    format!("{pipeline}/{source}/date={date}/{kind}-{run}.age")
}

/// What is to be renamed, as the commit names it.
struct Move {
    from: PathBuf,
    to: PathBuf,
    sha256: String,
    mode: u32,
}

/// Gives everything that a committed run wrote its name. May be called again
/// after it was interrupted anywhere.
pub(super) fn publish(house: &House, run: &str, commit: &Record) -> Result<(), Error> {
    let superseded = text(commit, "supersedes");
    for step in moves(house, run, commit) {
        fs::kill_point("publish-before-rename");
        if !step.from.is_file() {
            if holds(&step.to, &step.sha256)? {
                // It was given its name by somebody who may have died before
                // the name was safe.
                fs::sync_parent(&step.to)?;
                continue;
            }
            return Err(Error::OutputLost { path: step.to, run: run.to_owned() });
        }
        if let Some(dir) = step.to.parent() {
            fs::create_dir(dir, step.mode)?;
        }
        if let Some(older) = superseded.filter(|_| step.to.is_file()) {
            set_aside(&step.to, older)?;
            fs::kill_point("publish-after-aside");
        }
        fs::rename_new(&step.from, &step.to)?;
        fs::kill_point("publish-after-rename");
    }
    if let Some(older) = superseded {
        set_aside_orphans(house, commit, older)?;
    }
    Ok(())
}

/// Tables of the superseded run that the new run has none of.
fn set_aside_orphans(house: &House, commit: &Record, older: &str) -> Result<(), Error> {
    let is_made = |path: &str| entries(commit, "outputs").any(|(made, _)| made == path);
    let retired = commit.body.get("retired").and_then(Value::as_array);
    for path in retired.into_iter().flatten().filter_map(Value::as_str) {
        let path_there = house.store.join(path);
        if is_made(path) {
            continue;
        }
        let aside = aside(&path_there, older);
        if path_there.is_file() {
            set_aside(&path_there, older)?;
        } else if aside.is_file() {
            fs::sync_parent(&aside)?;
        }
    }
    Ok(())
}

/// Lays the table of a superseded run aside, for the job alone: beside the new
/// one it shows which rows one of them lacks. Its side-car goes first: left behind, it would
/// lie beside the new one.
fn set_aside(path: &Path, run: &str) -> Result<(), Error> {
    let aside = aside(path, run);
    let (side_car, its_aside) = (side_car::beside(path), side_car::beside(&aside));
    if side_car.is_file() && !its_aside.exists() {
        fs::rename_new(&side_car, &its_aside)?;
        fs::kill_point("publish-after-side-car");
    }
    fs::make_private(path)?;
    fs::rename_new(path, &aside)?;
    Ok(())
}

/// The name under which a superseded table stays.
pub(super) fn aside(path: &Path, run: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(destroyed::aside(&name, run))
}

fn moves(house: &House, run: &str, commit: &Record) -> Vec<Move> {
    let partial = partial(house, run);
    let step = |root: &Path, from: &Path, (path, entry): (&str, &Value), mode| Move {
        from: from.join(entry["partial"].as_str().unwrap_or_default()),
        to: root.join(path),
        sha256: entry["sha256"].as_str().unwrap_or_default().to_owned(),
        mode,
    };
    let sealed = entries(commit, "sealed")
        .map(|entry| step(&house.vault, &partial.vault, entry, fs::PRIVATE_DIR));
    let tables = entries(commit, "outputs")
        .map(|entry| step(&house.store, &partial.store, entry, fs::SHARED_DIR));
    // Additional information first: when a table is there to be read, what
    // was taken out of it is in its place too.
    sealed.chain(tables).collect()
}

fn entries<'r>(commit: &'r Record, list: &str) -> impl Iterator<Item = (&'r str, &'r Value)> {
    let listed = commit.body.get(list).and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(|entry| Some((entry["path"].as_str()?, entry)))
}

fn holds(path: &Path, sha256: &str) -> Result<bool, Error> {
    if !path.is_file() {
        return Ok(false);
    }
    Ok(data_encoding::HEXLOWER.encode(&source::digest(&path.into())?.sha256) == sha256)
}

/// A run that the last start did not end.
pub(super) struct Open {
    pub(super) id: String,
    pub(super) pipeline: String,
    pub(super) date: String,
    /// True if it was published now, false if it was undone.
    pub(super) is_finished: bool,
}

/// Finishes committed runs and undoes the others. The caller records it.
pub(super) fn recover(house: &House, records: &[Record]) -> Result<Vec<Open>, Error> {
    let mut open = Vec::new();
    for run in runs(records) {
        let Run { id, state, begin, commit, .. } = run;
        let is_finished = match (state, commit) {
            (State::Ended, _) => continue,
            (State::Committed, Some(commit)) => {
                publish(house, id, commit)?;
                true
            }
            (State::Begun | State::Committed, _) => false,
        };
        fs::kill_point("recover-before-remove");
        partial(house, id).remove()?;
        open.push(Open {
            id: id.to_owned(),
            pipeline: text(begin, "pipeline").unwrap_or_default().to_owned(),
            date: text(begin, "date").unwrap_or_default().to_owned(),
            is_finished,
        });
    }
    remove_strays(&house.store)?;
    remove_strays(&house.vault)?;
    Ok(open)
}

/// Partial directories of runs that have ended: the crash came between the
/// record and the removal.
fn remove_strays(root: &Path) -> Result<(), Error> {
    for path in fs::list(root)? {
        let is_partial = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(PREFIX));
        if is_partial {
            fs::remove_dir_if_there(&path)?;
        }
    }
    Ok(())
}

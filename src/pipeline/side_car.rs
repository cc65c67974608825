//! Published tables in; beside each the proof that a record names it, out. And a table with
//! its proof, for whoever has no house, in; what vouches for it out.
//!
//! A side-car is written when the run's last record is signed for. A crash before that, or a
//! table of an earlier version, leaves it to the next start: what is missing is written then,
//! under the checkpoint of that day, which shows the same and more.
//!
//! Not here: what a side-car says (`ledger::side_car`), checking those of a house (`verify`).

use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

use super::history::{self, Run};
use super::opened::Opened;
use super::report;
use super::transaction::aside;
use crate::config::house::House;
use crate::error::Error;
use crate::fs;
use crate::ledger::note::VerifierKey;
use crate::ledger::side_car::{self, Unvouched, Vouched};
use crate::source;

/// A side-car is a record, hashes and a note: none is as long as this.
const MOST_BYTES: u64 = 2 << 20;

impl Opened {
    /// Writes the side-car of every published table that has none.
    ///
    /// # Errors
    ///
    /// If one cannot be written. The table is published all the same, and the next start
    /// tries again.
    pub(super) fn side_cars(&self, house: &House) -> Result<(), Error> {
        let runs = history::runs(self.ledger.records());
        let superseded = history::superseded(&runs);
        let mut published = runs.iter().filter(|run| run.is_published).peekable();
        while let Some(run) = published.next() {
            let is_newest = published.peek().is_none();
            for path in report::output_paths(run) {
                let table = house.store.join(path);
                let is_aside = superseded.contains(run.id);
                let table = if is_aside { aside(&table, run.id) } else { table };
                self.side_car(run, &table, is_newest)?;
            }
        }
        Ok(())
    }

    fn side_car(&self, run: &Run<'_>, table: &Path, is_newest: bool) -> Result<(), Error> {
        let path = side_car::beside(table);
        if path.is_file() {
            // Whoever wrote it may have died before its name was safe.
            if is_newest {
                fs::sync_parent(&path)?;
            }
            return Ok(());
        }
        // One that is lost is told by `ledger verify`.
        let Some(commit) = run.commit.filter(|_| table.is_file()) else { return Ok(()) };
        let proof =
            side_car::of(&self.ledger, commit.seq).map_err(|source| self.of_ledger(source))?;
        fs::write_durably(&path, proof.to_string().as_bytes(), fs::SHARED_FILE)?;
        fs::kill_point("after-side-car");
        Ok(())
    }
}

/// A table that was looked at, and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// SHA-256 of the table.
    pub sha256: String,
    /// Its side-car.
    pub side_car: PathBuf,
    /// What vouches for it, or why nothing does. `None` if there is no side-car.
    pub answer: Option<Result<Vouched, Unvouched>>,
}

/// Hashes a table and asks its side-car, which lies beside it unless another is named.
///
/// # Errors
///
/// [`Error::Input`] if the table cannot be read, [`Error::File`] if the side-car is there and
/// cannot be read.
pub fn look(table: &Path, other: Option<&Path>, keys: &[VerifierKey]) -> Result<Looked, Error> {
    let sha256 = HEXLOWER.encode(&source::digest(&table.into())?.sha256);
    let side_car = other.map_or_else(|| side_car::beside(table), Path::to_owned);
    let text = read(&side_car)?;
    let answer = text.map(|text| side_car::vouch(&text, &sha256, keys));
    Ok(Looked { sha256, side_car, answer })
}

/// The text of a side-car, if there is one. What is far too long is read as an empty one.
pub(super) fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_at_most(path, MOST_BYTES) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(failure) if failure.is_not_found() => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

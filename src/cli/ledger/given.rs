//! What is the same for everything that leaves a ledger for people: the days, the file, and
//! a ledger that was verified.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::fault;
use crate::cli::language::Language;
use crate::cli::{named, outside};
use crate::config::house::House;
use crate::error::{Error, Usage};
use crate::fs;
use crate::ledger::fault::Fault;
use crate::ledger::note::VerifierKey;
use crate::ledger::report::Report;
use crate::ledger::verify::Earlier;
use crate::pipeline::opened;
use crate::report::history::{Days, History};
use crate::report::table::{Table, moment};
use crate::report::verified::{self, Refused, Verified};
use crate::report::workbook::{self, Head};

/// Which days are shown.
#[derive(Debug, clap::Args)]
pub(super) struct DaysArgs {
    /// First day to show, as 2026-11-01, by the day of the record
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Last day to show
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
}

impl DaysArgs {
    /// The days, if they are the right way round.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if they are not.
    pub(super) fn read(&self) -> Result<Days, Error> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => Err(Error::Usage(Usage::Days { from, to })),
            (from, to) => Ok(Days { from, to }),
        }
    }
}

/// How the name of the file ends: one of `endings`.
///
/// # Errors
///
/// [`Error::Usage`] if it ends in something else.
pub(super) fn ending(path: &Path, endings: &'static [&'static str]) -> Result<&'static str, Error> {
    let is_it = |ending: &&&str| path.extension() == Some(OsStr::new(**ending));
    let found = endings.iter().find(is_it);
    found.copied().ok_or_else(|| Error::Usage(Usage::Ending { path: path.to_owned(), endings }))
}

/// What is written lies in no store of a house.
///
/// # Errors
///
/// [`Error::Usage`] if it does.
pub(super) fn outside_stores(house: &House, path: &Path) -> Result<(), Error> {
    outside::of_stores(Some(house), "--out", path)
}

/// Keys that the reader trusts, to check this ledger with; `None` if the file lies in a store
/// of the house: whoever rewrote the ledger could have replaced it, and it was not brought.
///
/// # Errors
///
/// [`Error::Usage`] if a line is none, or all of them are those of another ledger: they say
/// nothing about this one.
pub(super) fn trusted(house: &House, path: &Path) -> Result<Option<Vec<VerifierKey>>, Error> {
    let keys = super::keys(path)?;
    // What cannot be read there is for the check to find.
    let stored = fs::read(&house.ledger.join("keys.txt")).unwrap_or_default();
    let stored = String::from_utf8_lossy(&stored).into_owned();
    let own: Vec<VerifierKey> = stored.lines().filter_map(|line| line.parse().ok()).collect();
    let is_own = |key: &VerifierKey| own.iter().any(|own| own.name() == key.name());
    match (keys.first(), own.first()) {
        (Some(key), Some(first)) if !keys.iter().any(is_own) => {
            let (found, origin) = (key.name().to_owned(), first.name().to_owned());
            Err(Error::Usage(Usage::OtherTrust { path: path.to_owned(), found, origin }))
        }
        _ => Ok((!outside::is_of_stores(house, path)).then_some(keys)),
    }
}

/// What a reader kept from an earlier day: a file, or the number of records and the root that
/// somebody wrote down; `None` of a file in a store of the house, where it is cut and rewritten
/// with the ledger.
///
/// # Errors
///
/// [`Error::Usage`] if it cannot be read, or as none of these: that says nothing about the ledger.
pub(super) fn earlier(house: &House, path: &Path) -> Result<Option<Earlier>, Error> {
    if let Some(noted) = path.to_str().and_then(Earlier::noted) {
        return Ok(Some(noted));
    }
    let bytes = named::read("--earlier", path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let earlier = Earlier::file(&name, &bytes);
    if !earlier.is_one() {
        return Err(Error::Usage(Usage::Earlier { path: path.to_owned() }));
    }
    Ok((!outside::is_of_stores(house, path)).then_some(earlier))
}

/// The ledger, verified just now, with keys that the reader trusts if there are some.
///
/// # Errors
///
/// [`Error::LedgerBroken`] if it is not intact, [`Error::Ledger`] if it cannot be read, and
/// [`Error::Busy`] if a night appends all the while.
fn verified(house: &House, trusted: Option<&[VerifierKey]>) -> Result<Verified, Error> {
    verified::read(&house.ledger, trusted).map_err(|refused| match refused {
        Refused::Busy => opened::busy(house),
        Refused::Broken => Error::LedgerBroken { path: house.ledger.clone() },
        Refused::Unreadable(failure) => fault(house, Fault::from(failure)),
    })
}

/// The same with what happened, by the institution's days.
///
/// # Errors
///
/// As [`verified`].
pub(super) fn history(house: &House) -> Result<(Verified, History), Error> {
    history_by(house, None)
}

/// The same, verified with keys that the reader trusts.
///
/// # Errors
///
/// As [`verified`].
pub(super) fn history_by(
    house: &House,
    trusted: Option<&[VerifierKey]>,
) -> Result<(Verified, History), Error> {
    let mut verified = verified(house, trusted)?;
    let records = std::mem::take(&mut verified.records);
    let zone = TimeZone::get(&house.institution.zone).unwrap_or(TimeZone::UTC);
    Ok((verified, History::of(records, &zone)))
}

/// What stands above every ledger.
pub(super) fn head(report: &Report, history: &History, days: Days) -> Head {
    let about = format!(
        "기간: {}   기록: {}건   뿌리값: {}",
        days.korean(),
        report.size,
        report.root.to_hex()
    );
    let made = moment(&history.newest, &TimeZone::UTC).unwrap_or_default();
    Head { controller: history.opened("name"), about, made }
}

/// Says of a file of the ledger that it is not handed on.
pub(super) fn left_out(path: &str, language: Language) -> String {
    let why = language.choose(
        "개인키나 비밀값이 든 것으로 보여 넣지 않음",
        "left out, for it seems to hold a private key or secret",
    );
    format!("ledger/{path}: {why}")
}

/// JSON that people can read too.
///
/// # Errors
///
/// [`Error::Output`] if it cannot be made.
pub(super) fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, Error> {
    let text = serde_json::to_string_pretty(value);
    let text = text.map_err(|source| Error::Output(io::Error::other(source)))?;
    Ok((text + "\n").into_bytes())
}

/// A workbook.
///
/// # Errors
///
/// [`Error::Usage`] if a sheet has no room for a ledger, [`Error::Output`] if the workbook
/// cannot be made.
pub(super) fn workbook(tables: &[Table], head: &Head) -> Result<Vec<u8>, Error> {
    workbook::write(tables, head).map_err(|fault| match fault {
        workbook::Fault::Long { title, rows } => Error::Usage(Usage::Long { title, rows }),
        workbook::Fault::Written(source) => Error::Output(io::Error::other(source)),
    })
}

//! `gamyeong ledger report`: the page for auditors (감사), and the ledgers (대장) as a workbook
//! or as files.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{fault, given};
use crate::cli::language::Language;
use crate::config::house::House;
use crate::error::{Error, Usage};
use crate::fs;
use crate::ledger::fault::Fault;
use crate::ledger::steady::steadily;
use crate::pipeline::opened;
use crate::report::history::Days;
use crate::report::page::{self, Page};
use crate::report::stored::{self, Stored};
use crate::report::{csv, ledgers};

/// What to write, and of which days.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    days: given::DaysArgs,
    /// File to write: a page `.html` or a workbook `.xlsx`; with `--csv` a directory
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Write one `.csv` for each ledger into the directory
    #[arg(long)]
    csv: bool,
}

/// Writes what is asked for.
///
/// # Errors
///
/// [`Error::Usage`] if the days are the wrong way round, or the file is of another kind or
/// lies in a store; [`Error::Ledger`] if the ledger cannot be read, [`Error::LedgerBroken`]
/// if it is not intact, which only the page may show; [`Error::Busy`] if a night appends all
/// the while, [`Error::File`] if the file cannot be written.
pub(super) fn run(
    args: &Args,
    house: &House,
    made: Timestamp,
    language: Language,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    let days = args.days.read()?;
    given::outside_stores(house, &args.out)?;
    if args.csv {
        return files(house, days, &args.out, out);
    }
    let (bytes, left_out) = match given::ending(&args.out, &["html", "xlsx"])? {
        "html" => auditors_page(house, days, made)?,
        _ => (book(house, days)?, Vec::new()),
    };
    fs::write_durably(&args.out, &bytes, fs::SHARED_FILE)?;
    writeln!(out, "{}", args.out.display()).map_err(Error::Output)?;
    for path in left_out {
        writeln!(out, "{}", given::left_out(&path, language)).map_err(Error::Output)?;
    }
    Ok(())
}

/// The page, and what it does not hold.
fn auditors_page(
    house: &House,
    days: Days,
    made: Timestamp,
) -> Result<(Vec<u8>, Vec<String>), Error> {
    let read = || stored::read(&house.ledger);
    let is_settled = |found: &Result<Stored, _>| found.as_ref().is_ok_and(Stored::is_settled);
    let mut stored = steadily(&house.ledger, read, is_settled)
        .ok_or_else(|| opened::busy(house))?
        .map_err(|failure| fault(house, Fault::from(failure)))?;
    let left_out = stored.leave_out(super::SECRETS);
    let page = page::write(Page {
        stored,
        zone: house.institution.zone.clone(),
        made: made.to_string(),
        from: days.from.map(|date| date.to_string()),
        to: days.to.map(|date| date.to_string()),
    });
    Ok((page.into_bytes(), left_out))
}

fn book(house: &House, days: Days) -> Result<Vec<u8>, Error> {
    let (verified, history) = given::history(house)?;
    let head = given::head(&verified.report, &history, days);
    given::workbook(&ledgers::all(&history, days), &head)
}

/// One file for each ledger.
fn files(house: &House, days: Days, dir: &Path, out: &mut impl io::Write) -> Result<(), Error> {
    let ending = dir.extension().and_then(OsStr::to_str).unwrap_or_default();
    if ["csv", "html", "xlsx"].contains(&ending) || dir.is_file() {
        return Err(Error::Usage(Usage::NoDirectory { path: dir.to_owned() }));
    }
    let (_, history) = given::history(house)?;
    fs::create_dir(dir, fs::SHARED_DIR)?;
    for table in ledgers::all(&history, days) {
        let path = dir.join(table.key).with_extension("csv");
        fs::write_durably(&path, &csv::write(&table), fs::SHARED_FILE)?;
        writeln!(out, "{}", path.display()).map_err(Error::Output)?;
    }
    Ok(())
}

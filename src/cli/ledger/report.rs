//! `gamyeong ledger report`: the page for auditors (감사).

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;

use super::fault;
use crate::config::house::House;
use crate::error::{Error, Usage};
use crate::fs;
use crate::ledger::fault::Fault;
use crate::ledger::steady::steadily;
use crate::pipeline::opened;
use crate::report::page::{self, Page};
use crate::report::stored::{self, Stored};

/// What to write, and of which days.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// First day to show, as 2026-11-01; all records are in the file whatever is shown
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Last day to show
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// File to write: one page, `.html`
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Writes the page.
///
/// # Errors
///
/// [`Error::Usage`] if the days are the wrong way round or the file is of another kind,
/// [`Error::Ledger`] if the ledger cannot be read, [`Error::Busy`] if a night appends all
/// the while, [`Error::File`] if the page cannot be written.
pub(super) fn run(
    args: &Args,
    house: &House,
    made: Timestamp,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    if let (Some(from), Some(to)) = (args.from, args.to)
        && from > to
    {
        return Err(Error::Usage(Usage::Days { from, to }));
    }
    if args.out.extension().is_none_or(|ending| ending != "html") {
        return Err(Error::Usage(Usage::Ending { path: args.out.clone() }));
    }
    let read = || stored::read(&house.ledger);
    let is_settled = |found: &Result<Stored, _>| found.as_ref().is_ok_and(Stored::is_settled);
    let stored = steadily(&house.ledger, read, is_settled)
        .ok_or_else(|| opened::busy(house))?
        .map_err(|failure| fault(house, Fault::from(failure)))?;
    let page = Page {
        stored,
        zone: house.institution.zone.clone(),
        made: made.to_string(),
        from: args.from.map(|date| date.to_string()),
        to: args.to.map(|date| date.to_string()),
    };
    fs::write_durably(&args.out, page::write(page).as_bytes(), fs::SHARED_FILE)?;
    writeln!(out, "{}", args.out.display()).map_err(Error::Output)
}

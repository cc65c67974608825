//! `gamyeong ledger status`: what an institution publishes (가명정보 처리현황).

use std::io;
use std::path::PathBuf;

use super::given;
use crate::config::house::House;
use crate::error::Error;
use crate::fs;
use crate::report::csv;
use crate::report::status::Status;

/// What to write, and of which days.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    days: given::DaysArgs,
    /// File to write: `.html` or `.json` with the text of the privacy policy, or `.csv`
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Writes the tables.
///
/// # Errors
///
/// [`Error::Usage`] if the days are the wrong way round, or the file is of another kind or
/// lies in a store; [`Error::LedgerBroken`] if the ledger is not intact, [`Error::Ledger`] if
/// it cannot be read, [`Error::Busy`] if a night appends all the while, [`Error::File`] if the
/// file cannot be written.
pub(super) fn run(args: &Args, house: &House, out: &mut impl io::Write) -> Result<(), Error> {
    let days = args.days.read()?;
    given::outside_stores(house, &args.out)?;
    let ending = given::ending(&args.out, &["html", "csv", "json"])?;
    let (verified, history) = given::history(house)?;
    let status = Status::of(&verified.report, &history, days);
    let bytes = match ending {
        "html" => status.html(days, &history.zone).into_bytes(),
        "csv" => csv::write(&status.unified()),
        _ => given::json(&status)?,
    };
    fs::write_durably(&args.out, &bytes, fs::SHARED_FILE)?;
    writeln!(out, "{}", args.out.display()).map_err(Error::Output)
}

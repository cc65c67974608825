//! `gamyeong ledger prune`: which records need not be kept any longer. Removes nothing.

use std::io;

use jiff::civil::Date;

use super::given;
use crate::config::house::House;
use crate::error::Error;
use crate::report::pruning::{self, Finding, Proposal};

/// On which day, and how to print it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Day to ask about, today if not given
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Prints the proposal.
///
/// # Errors
///
/// [`Error::LedgerBroken`] if the ledger is not intact, [`Error::Ledger`] if it cannot be
/// read, [`Error::Busy`] if a night appends all the while.
pub(super) fn run(
    args: &Args,
    house: &House,
    today: Date,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    let (_, history) = given::history(house)?;
    let proposal = pruning::propose(&history, args.on.unwrap_or(today));
    let written =
        if args.json { out.write_all(&given::json(&proposal)?) } else { as_text(&proposal, out) };
    written.map_err(Error::Output)
}

fn as_text(proposal: &Proposal, out: &mut impl io::Write) -> io::Result<()> {
    writeln!(out, "on {}: a proposal, nothing is removed", proposal.on)?;
    for of in &proposal.pipelines {
        let said = match of.finding {
            Finding::Free { from } => format!("need not be kept since {from}"),
            Finding::Waiting { from } => format!("kept, need not be from {from}"),
            Finding::NotDestroyed { files } => {
                format!("kept, no record says that {} destroyed", were(files, "file"))
            }
            Finding::KeysHeld { keys } => {
                format!("kept, no record says that {} destroyed", were(keys, "key"))
            }
            Finding::HandedOver => {
                "kept, what was handed over may still be with its recipient".to_owned()
            }
        };
        writeln!(out, "  {:<24} {:>6} records: {said}", of.pipeline, of.records)?;
    }
    for of in &proposal.segments {
        let said = if of.free == of.records { "as a whole" } else { "not as a whole" };
        let (segment, free, records) = (of.segment, of.free, of.records);
        writeln!(out, "  records/{segment:06}.jsonl: {free} of {records} records, {said}")?;
    }
    writeln!(out, "what becomes of a public body's records is decided by its records management")
}

/// One file was, two files were.
fn were(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what} was") } else { format!("{number} {what}s were") }
}

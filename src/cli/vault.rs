//! `gamyeong vault`: for the custodian of additional information (추가정보 관리자).

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use super::access::{self, Asked};
use crate::error::Error;
use crate::pipeline::access::{Access, Subject};
use crate::vault::sealed::Opening;

/// Open sealed additional information, with the custodian's key
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Write what a sealed file holds to the standard output
    ///
    /// Rejected lines, suppressed rows or a mapping, one JSON object a line. This is
    /// additional information (추가정보): send it nowhere but where it is kept
    /// apart. Who opened what, when, from where and why is recorded first (`access`, 접속기록), in
    /// the ledger of the house around the file or of `--house`; what does not go to a terminal
    /// is a download (다운로드). Where that ledger cannot be written, nothing is opened without
    /// `--record-to`. `age -d -i KEY FILE` does the same without this program, and without
    /// the record: enter it with `gamyeong ledger enter access`.
    Open {
        /// A file of the vault
        file: PathBuf,
        /// The custodian's key file
        #[arg(long, value_name = "KEY")]
        identity: PathBuf,
        /// Why it is opened: stands in the record, so no name of a person
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Where the ledger cannot be written, write the record to this new file, to be entered
        /// in the house
        #[arg(long, value_name = "FILE.toml")]
        record_to: Option<PathBuf>,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Error::Vault`] if the key does not open the file, or others may read the
/// key; those of a record that cannot be made, and nothing is shown then; [`Error::Output`] if `out`
/// cannot be written.
pub fn run(args: &Args, house: Option<&Path>, out: &mut impl io::Write) -> Result<(), Error> {
    let Command::Open { file, identity, reason, record_to } = &args.command;
    let reason = access::reason(reason)?;
    let mut opening = Opening::begin(file, identity)?;
    let access = Access {
        subject: Subject::Sealed,
        entries: opening.entries()?,
        sha256: opening.sha256()?,
        is_download: !io::stdout().is_terminal(),
        reason,
    };
    access::record(&access, &Asked { house, file, record_to: record_to.as_ref() })?;
    opening.write_to(out)?;
    out.flush().map_err(Error::Output)
}

//! `gamyeong vault`: for the custodian of additional information (추가정보 관리자).

use std::io;
use std::path::PathBuf;

use crate::error::Error;
use crate::vault;

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
    /// apart. `age -d -i KEY FILE` does the same without this program.
    Open {
        /// A file of the vault
        file: PathBuf,
        /// The custodian's key file
        #[arg(long, value_name = "KEY")]
        identity: PathBuf,
    },
}

/// Runs the command.
///
/// # Errors
///
/// [`Error::Vault`] if the key does not open the file, or others may read the
/// key; [`Error::Output`] if `out` cannot be written.
pub fn run(args: &Args, out: &mut impl io::Write) -> Result<(), Error> {
    let Command::Open { file, identity } = &args.command;
    vault::sealed::open(file, identity, out)?;
    out.flush().map_err(Error::Output)
}

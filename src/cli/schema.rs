//! `gamyeong schema`: what a pipeline file may hold.

use std::io;

use crate::config::institution::Institution;
use crate::config::pipeline_file::PipelineFile;
use crate::error::Error;

/// Print the JSON Schema of pipeline files
///
/// Editors show its texts and check files while they are written.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The schema of `institution.toml` instead
    #[arg(long)]
    institution: bool,
}

/// Prints a schema.
///
/// # Errors
///
/// [`Error::Output`] if `out` cannot be written.
pub fn run(args: &Args, out: &mut impl io::Write) -> Result<(), Error> {
    writeln!(out, "{}", text(args.institution)).map_err(Error::Output)
}

/// The schema as text, without a line ending.
#[must_use]
pub fn text(is_institution: bool) -> String {
    let schema = if is_institution {
        schemars::schema_for!(Institution)
    } else {
        schemars::schema_for!(PipelineFile)
    };
    format!("{:#}", schema.to_value())
}

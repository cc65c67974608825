//! `gamyeong formats`: which formats there are.

use std::io;

use serde_json::json;

use crate::error::Error;
use crate::parse::Format;

/// List the formats that have a name, with a line of each
///
/// Any other is written as a format string in the pipeline file: that of
/// `LogFormat` (Apache, `%h %l …`), `pattern` (Tomcat, with `tomcat:` before
/// it), `Format` (`WebtoB`, `webtob:`) or `log_format` (nginx, `$remote_addr …`).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One JSON object a line, with the names of the fields
    #[arg(long)]
    json: bool,
}

/// Lists the formats.
///
/// # Errors
///
/// [`Error::Output`] if `out` cannot be written.
pub fn run(args: &Args, out: &mut impl io::Write) -> Result<(), Error> {
    for listed in Format::listed() {
        let fields: Vec<String> = Format::new(listed.name)
            .and_then(Result::ok)
            .and_then(|format| Some(format.fields()?.into_iter().map(str::to_owned).collect()))
            .unwrap_or_default();
        write(listed, &fields, args.json, out).map_err(Error::Output)?;
    }
    Ok(())
}

fn write(
    listed: crate::parse::Listed,
    fields: &[String],
    is_json: bool,
    out: &mut impl io::Write,
) -> io::Result<()> {
    if is_json {
        let line = json!({
            "name": listed.name,
            "about": listed.about,
            "fields": fields,
            "example": listed.example,
        });
        return writeln!(out, "{line}");
    }
    writeln!(out, "{:16} {}", listed.name, listed.about)?;
    listed.example.lines().try_for_each(|line| writeln!(out, "    {line}"))
}

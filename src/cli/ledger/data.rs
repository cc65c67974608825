//! `gamyeong ledger verify --data`: the files that the records name.
//!
//! Not here: how they are compared (`pipeline::verify`).

use std::io;

use serde_json::{Value, json};

use super::fault;
use crate::config::house::House;
use crate::error::Error;
use crate::ledger::note::VerifierKey;
use crate::ledger::report::{Lint, Report};
use crate::ledger::side_car::Recorded;
use crate::pipeline::verify::{self, Checked, FileKind, Finding};

/// Looks at every file that the records of an intact ledger name.
///
/// # Errors
///
/// [`Error::Ledger`] if the records cannot be read; those of [`verify::data`].
pub(super) fn check(house: &House, trusted: Option<&[VerifierKey]>) -> Result<Vec<Checked>, Error> {
    let look = || {
        let recorded =
            Recorded::read(&house.ledger, trusted).map_err(|source| fault(house, source))?;
        verify::data(house, &recorded)
    };
    let files = look()?;
    // A night may have recorded and published a table since the records were read.
    if files.iter().any(|file| file.finding == Finding::Unrecorded) { look() } else { Ok(files) }
}

/// How many reviews and approvals nobody signed here, to stand behind their check.
pub(super) fn unsigned(report: &Report) -> String {
    let is_unsigned = |lint: &&Lint| matches!(lint, Lint::Unsigned { .. });
    match report.lints.iter().filter(is_unsigned).count() {
        0 => String::new(),
        count => format!(": {count} unsigned"),
    }
}

/// What was found, for machines.
pub(super) fn value(file: &Checked) -> Value {
    let kind = match file.kind {
        FileKind::Table => "table",
        FileKind::SideCar => "side-car",
        FileKind::Sealed => "sealed",
    };
    json!({"run": file.run, "path": file.path, "kind": kind, "outcome": word(file.finding)})
}

fn word(finding: Finding) -> &'static str {
    match finding {
        Finding::Same => "pass",
        Finding::Altered => "altered",
        Finding::Missing => "missing",
        Finding::OtherLedger => "other-ledger",
        Finding::OtherTable => "other-table",
        Finding::NotChecked => "not-checked",
        Finding::Destroyed => "destroyed",
        Finding::NotDestroyed => "not-destroyed",
        Finding::Unrecorded => "unrecorded",
    }
}

/// One line for all files, how many of each kind, and one for each that is not as recorded.
///
/// # Errors
///
/// Whatever `out` reports.
pub(super) fn write(
    files: Option<&[Checked]>,
    is_intact: bool,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let Some(files) = files else {
        // Records that are not intact say nothing about tables.
        let why = if is_intact { "see --data" } else { "records are not intact" };
        return writeln!(out, "  {:<12} data (0): {why}", "not-checked");
    };
    let bad: Vec<&Checked> = files.iter().filter(|file| file.finding.is_bad()).collect();
    let is_unread = |file: &&Checked| file.finding == Finding::NotChecked;
    let unread = files.iter().filter(is_unread).count();
    let outcome = verify::status(files).as_str();
    let count = |kind| files.iter().filter(|file| file.kind == kind).count();
    let [tables, side_cars, sealed] =
        [FileKind::Table, FileKind::SideCar, FileKind::Sealed].map(count);
    writeln!(
        out,
        "  {outcome:<12} data ({}): tables {tables}, side-cars {side_cars}, sealed files {sealed}",
        files.len()
    )?;
    for file in bad {
        let run = if file.run.is_empty() { String::new() } else { format!(" (run {})", file.run) };
        writeln!(out, "    {}: {}{run}", file.path, word(file.finding))?;
    }
    let is_destroyed = |file: &&Checked| file.finding == Finding::Destroyed;
    let destroyed = files.iter().filter(is_destroyed).count();
    if destroyed > 0 {
        writeln!(out, "    {destroyed} were destroyed, as records say")?;
    }
    if unread > 0 {
        writeln!(out, "    {unread} files may not be read from here, such as the vault's")?;
    }
    Ok(())
}

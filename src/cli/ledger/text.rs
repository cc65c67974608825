//! `gamyeong ledger verify`: what was found, for people.
//!
//! Not here: the form for programs ([`Report::to_value`]), what is said of tables (`data`).

use std::io;

use super::data;
use crate::cli::language::Language;
use crate::cli::plan::padded;
use crate::ledger::report::{Check, Checked, Finding, Outcome, Reason, Report, Status};
use crate::pipeline::verify;
use crate::report::words;

/// Findings of one check that are shown: the first says where to look, and
/// one altered byte is found again in every checkpoint behind it.
const SHOWN: usize = 3;

/// One line for each check, and what it found; and the record that was made of it, if one was.
///
/// # Errors
///
/// Whatever `out` reports.
pub(super) fn write(
    report: &Report,
    tables: Option<&[verify::Checked]>,
    recorded: Option<u64>,
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let say = |korean, english| language.choose(korean, english);
    let origin = words::shown(report.origin.as_deref().unwrap_or("-"));
    writeln!(out, "{} {origin}", say("기록부", "ledger "))?;
    writeln!(out, "{} {}", say("기록  ", "records"), report.size)?;
    writeln!(out, "{} {}", say("뿌리값", "root   "), report.root.to_hex())?;
    for checked in &report.checks {
        write_check(report, checked, language, out)?;
    }
    data::write(tables, report.status() != Status::Fail, language, out)?;
    match (recorded, language) {
        (Some(seq), Language::Ko) => writeln!(out, "기록 {seq}번으로 남김"),
        (Some(seq), Language::En) => writeln!(out, "recorded as record {seq}"),
        (None, _) => Ok(()),
    }
}

fn write_check(
    report: &Report,
    checked: &Checked,
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let Checked { check, examined, outcome: found } = checked;
    let status = match found {
        Outcome::Pass => Status::Pass,
        Outcome::Fail { .. } => Status::Fail,
        Outcome::NotChecked(_) => Status::NotChecked,
    };
    let why = match found {
        Outcome::NotChecked(reason) => format!(": {}", said(*reason, language)),
        Outcome::Pass | Outcome::Fail { .. } if *check == Check::Approvals => {
            data::unsigned(report, language)
        }
        Outcome::Pass | Outcome::Fail { .. } => String::new(),
    };
    let name = language.choose(words::check(*check), check.as_str());
    writeln!(out, "  {} {name} ({examined}){why}", outcome(status, language))?;
    let Outcome::Fail { findings, omitted } = found else { return Ok(()) };
    for finding in findings.iter().take(SHOWN) {
        writeln!(out, "    {}", line(finding, language))?;
    }
    let omitted = omitted + findings.len().saturating_sub(SHOWN) as u64;
    match language {
        _ if omitted == 0 => Ok(()),
        Language::Ko => writeln!(out, "    … 외 {omitted}건"),
        Language::En => writeln!(out, "    … and {omitted} more"),
    }
}

/// An answer, as wide as the longest.
pub(super) fn outcome(status: Status, language: Language) -> String {
    padded(language.choose(words::outcome(status), status.as_str()), 12)
}

fn said(reason: Reason, language: Language) -> &'static str {
    language.choose(words::reason(reason), reason.as_str())
}

/// Record, file and byte of a finding, as far as it has them, and what it is.
fn line(finding: &Finding, language: Language) -> String {
    let Finding { seq, file, offset, expected, found } = finding;
    let record = match (seq, language) {
        (Some(seq), Language::Ko) => format!("기록 {seq}, "),
        (Some(seq), Language::En) => format!("record {seq}, "),
        (None, _) => String::new(),
    };
    let byte = match (offset, language) {
        (Some(offset), Language::Ko) => format!(" 바이트 {offset}"),
        (Some(offset), Language::En) => format!(" at byte {offset}"),
        (None, _) => String::new(),
    };
    // All others are names of files.
    let file = if file == "trusted keys" { told(file, language) } else { words::shown(file) };
    let (expected, found) = (told(expected, language), told(found, language));
    match language {
        Language::Ko => {
            format!("{record}{file}{byte}: 실제로는 {found}, 있어야 할 것은 {expected}")
        }
        Language::En => format!("{record}{file}{byte}: found {found}, expected {expected}"),
    }
}

fn told(text: &str, language: Language) -> String {
    let shown = words::shown(text);
    match language {
        Language::Ko => words::finding(&shown),
        Language::En => shown,
    }
}

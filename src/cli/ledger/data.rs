//! `gamyeong ledger verify --data`: the files that the records name.
//!
//! Not here: how they are compared (`pipeline::verify`).

use std::io;

use serde_json::{Value, json};

use super::{fault, text};
use crate::cli::language::Language;
use crate::config::house::House;
use crate::error::Error;
use crate::ledger::note::VerifierKey;
use crate::ledger::report::{Lint, Report, Status};
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
pub(super) fn unsigned(report: &Report, language: Language) -> String {
    let is_unsigned = |lint: &&Lint| matches!(lint, Lint::Unsigned { .. });
    match (report.lints.iter().filter(is_unsigned).count(), language) {
        (0, _) => String::new(),
        (count, Language::Ko) => format!(": 서명 없는 것 {count}건"),
        (count, Language::En) => format!(": {count} unsigned"),
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

fn korean(finding: Finding) -> &'static str {
    match finding {
        Finding::Same => "통과",
        Finding::Altered => "내용이 다름",
        Finding::Missing => "없음",
        Finding::OtherLedger => "증명이 다른 기록부의 것",
        Finding::OtherTable => "증명이 다른 표의 것",
        Finding::NotChecked => "확인 안 함",
        Finding::Destroyed => "파기됨",
        Finding::NotDestroyed => "파기했다고 기록되었으나 있음",
        Finding::Unrecorded => "기록에 없는 것",
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
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let say = |korean, english| language.choose(korean, english);
    let name = say("자료", "data");
    let Some(files) = files else {
        // Records that are not intact say nothing about tables.
        let why = if is_intact {
            say("--data 로 확인", "see --data")
        } else {
            say("기록이 온전하지 않음", "records are not intact")
        };
        let outcome = text::outcome(Status::NotChecked, language);
        return writeln!(out, "  {outcome} {name} (0): {why}");
    };
    let bad: Vec<&Checked> = files.iter().filter(|file| file.finding.is_bad()).collect();
    let is_unread = |file: &&Checked| file.finding == Finding::NotChecked;
    let unread = files.iter().filter(is_unread).count();
    let outcome = text::outcome(verify::status(files), language);
    let count = |kind| files.iter().filter(|file| file.kind == kind).count();
    let [tables, side_cars, sealed] =
        [FileKind::Table, FileKind::SideCar, FileKind::Sealed].map(count);
    let counts = match language {
        Language::Ko => format!("표 {tables}, 증명 {side_cars}, 봉인 파일 {sealed}"),
        Language::En => format!("tables {tables}, side-cars {side_cars}, sealed files {sealed}"),
    };
    writeln!(out, "  {outcome} {name} ({}): {counts}", files.len())?;
    for file in bad {
        let run = match file.run.as_str() {
            "" => String::new(),
            run => format!(" ({} {run})", say("처리", "run")),
        };
        let what = language.choose(korean(file.finding), word(file.finding));
        writeln!(out, "    {}: {what}{run}", file.path)?;
    }
    let is_destroyed = |file: &&Checked| file.finding == Finding::Destroyed;
    let destroyed = files.iter().filter(is_destroyed).count();
    if destroyed > 0 {
        match language {
            Language::Ko => writeln!(out, "    {destroyed}개는 기록대로 파기됨")?,
            Language::En => writeln!(out, "    {destroyed} were destroyed, as records say")?,
        }
    }
    if unread > 0 {
        match language {
            Language::Ko => {
                writeln!(out, "    {unread}개는 여기서 읽을 수 없음, 보관소의 파일 등")?;
            }
            Language::En => {
                writeln!(out, "    {unread} files may not be read from here, such as the vault's")?;
            }
        }
    }
    Ok(())
}

//! The report of a run in; what a person is told of it out.
//!
//! Not here: the form for programs ([`Report::to_json`]).

use std::io;

use serde_json::Value;

use super::language::Language;
use super::run::grouped;
use crate::pipeline;
use crate::pipeline::report::{Outcome, Report};

/// What a person wants to know of a run.
///
/// # Errors
///
/// Whatever `out` reports.
pub(super) fn write(
    report: &Report,
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let say = |korean, english| language.choose(korean, english);
    let outcome = match report.outcome {
        Outcome::Published => say("공개 저장 완료", "published"),
        Outcome::Unchanged => {
            say("이미 처리됨, 변경 없음", "nothing to do: the same input was published before")
        }
        Outcome::Heartbeat => {
            say("입력 없음, 기록만 남김", "nothing to do: no input, a heartbeat was recorded")
        }
        Outcome::Refused => say("공개 거부", "refused"),
        Outcome::Failed => say("실패", "failed"),
    };
    writeln!(out, "{} {}: {outcome}", report.pipeline, report.date)?;
    for pattern in &report.looked_for {
        writeln!(out, "  {}: {pattern}", say("찾은 곳", "looked for"))?;
    }
    if report.outcome == Outcome::Heartbeat {
        return Ok(());
    }
    write_sources(report, language, out)?;
    for source in report.commit["sources"].as_array().into_iter().flatten() {
        write_subjects(source, language, out)?;
        write_gate(&source["gate"], language, out)?;
        write_rejects(&source["rejected_by"], language, out)?;
        write_excluded(&source["excluded_by"], language, out)?;
        write_unlisted(source, report, language, out)?;
        write_unread(source, language, out)?;
        write_changed(source, language, out)?;
    }
    let is_made = |path: &Value| report.outputs.iter().any(|output| output["path"] == *path);
    for path in report.commit["retired"].as_array().into_iter().flatten() {
        if !is_made(path) {
            let path = path.as_str().unwrap_or_default();
            let gone =
                say("이번에는 행이 없어 따로 둠", "no row this time, the old table was set aside");
            writeln!(out, "  store/{path}: {gone}")?;
        }
    }
    for output in &report.outputs {
        writeln!(out, "  store/{}", output["path"].as_str().unwrap_or_default())?;
    }
    Ok(())
}

/// What became of the lines of each source.
fn write_sources(report: &Report, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let say = |korean, english| language.choose(korean, english);
    let words = [
        say("행", "lines"),
        say("출력", "rows"),
        say("해석 불가", "rejected"),
        say("삭제", "suppressed"),
        say("제외", "excluded"),
        say("빈 행", "blank"),
    ];
    for source in &report.sources {
        let mut words = words;
        if is_of_sessions(report, source) {
            // It has no output: its records were read for other sources.
            words[1] = say("읽은 기록", "records read");
        }
        let counts = pipeline::report::COUNTS
            .iter()
            .zip(words)
            .map(|(key, word)| format!("{word} {}", grouped(source[*key].as_u64().unwrap_or(0))));
        let counts: Vec<String> = counts.collect();
        writeln!(out, "  {}: {}", source["name"].as_str().unwrap_or_default(), counts.join(", "))?;
    }
    Ok(())
}

fn write_gate(gate: &Value, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let number = |key: &str| grouped(gate[key].as_u64().unwrap_or(0));
    if gate.is_null() {
        return Ok(());
    }
    match language {
        Language::Ko => writeln!(
            out,
            "  k = {}행, 정보주체 {}명; 공개한 동질집합 {}개, 작아서 삭제한 동질집합 {}개({}행)",
            number("k"),
            number("k_persons"),
            number("classes"),
            number("suppressed_classes"),
            number("suppressed_rows"),
        )?,
        Language::En => writeln!(
            out,
            "  k = {} rows, {} persons; {} classes released, {} too small ({} rows suppressed)",
            number("k"),
            number("k_persons"),
            number("classes"),
            number("suppressed_classes"),
            number("suppressed_rows"),
        )?,
    }
    for blanked in gate["blanked"].as_array().into_iter().flatten() {
        let cells = blanked["cells"].as_u64().unwrap_or(0);
        let values = blanked["values"].as_u64().unwrap_or(0);
        let column = blanked["column"].as_str().unwrap_or_default();
        let least = blanked["persons_min"].as_u64().unwrap_or(0);
        if cells == 0 {
            continue;
        }
        let (cells, values) = (grouped(cells), grouped(values));
        match language {
            Language::Ko => {
                writeln!(out, "  `{column}`: {least}명 미만의 값 {values}종, {cells}칸 비움")?;
            }
            Language::En => writeln!(
                out,
                "  `{column}`: {cells} cells blanked, {values} values of fewer than {least} persons"
            )?,
        }
    }
    Ok(())
}

/// True for a source whose records tell who had an address.
fn is_of_sessions(report: &Report, source: &Value) -> bool {
    let mut recorded = report.commit["sources"].as_array().into_iter().flatten();
    recorded.any(|one| one["name"] == source["name"] && !one["sessions"].is_null())
}

/// What was found behind addresses.
fn write_subjects(source: &Value, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let sessions = &source["sessions"];
    if !sessions.is_null() {
        let number = |key: &str| grouped(sessions[key].as_u64().unwrap_or(0));
        let (found, nobody) = (number("found"), number("records_of_nobody"));
        match language {
            Language::Ko => {
                writeln!(out, "  이용 구간 {found}개, 누구의 것도 아닌 기록 {nobody}건")?;
            }
            Language::En => writeln!(out, "  {found} sessions, {nobody} records of nobody")?,
        }
    }
    let subject = &source["subject"];
    if !subject.is_null() {
        let number = |key: &str| grouped(subject[key].as_u64().unwrap_or(0));
        let (users, devices) = (number("users"), number("devices"));
        let addresses = number("addresses");
        match language {
            Language::Ko => writeln!(
                out,
                "  주소 뒤의 주체: 계정 {users}행, 기기 {devices}행, 주소 그대로 {addresses}행"
            )?,
            Language::En => writeln!(
                out,
                "  behind the addresses: accounts {users}, devices {devices}, still addresses {addresses} lines"
            )?,
        }
    }
    Ok(())
}

/// What the pipeline does not name, with the lines that would let it in.
fn write_unlisted(
    source: &Value,
    report: &Report,
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let say = |korean, english| language.choose(korean, english);
    let entries = report.unknown.iter().filter(|entry| entry["source"] == source["name"]);
    let (mut is_first, mut shown) = (true, 0);
    for entry in entries {
        if is_first {
            let words = say(
                "목록에 없어 나가지 않은 것 (넣으려면 [source.fields]에 적을 줄)",
                "not listed, so not in the output; the line of [source.fields] that would let it in",
            );
            writeln!(out, "  {words}:")?;
            is_first = false;
        }
        let rows = entry["rows"].as_u64().map(|rows| {
            format!(", {} {}", grouped(rows), say("행", if rows == 1 { "row" } else { "rows" }))
        });
        shown += u64::from(matches!(entry["kind"].as_str(), Some("field" | "column")));
        let rows = rows.unwrap_or_default();
        let kind = kind_of(entry["kind"].as_str().unwrap_or_default(), language);
        match (entry["name"].as_str(), entry["toml"].as_str()) {
            (Some(_), Some(toml)) => writeln!(out, "    {toml}  # {kind}{rows}")?,
            (Some(name), None) => {
                let never = say("내보낼 수 없음", "may not leave");
                writeln!(out, "    # {kind} {name}: {never}{rows}")?;
            }
            (None, _) => writeln!(out, "    # {kind}{rows}")?,
        }
    }
    let absent = source["absent"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !absent.is_empty() {
        let names: Vec<&str> = absent.iter().filter_map(Value::as_str).collect();
        let words = say("목록에 있으나 어느 행에도 없는 필드", "listed, and in no line");
        writeln!(out, "  {words}: {}", names.join(", "))?;
    }
    // Their names are those of the table, and may hold anything.
    let columns = source["unlisted_columns"].as_u64().unwrap_or(0);
    if columns > shown {
        let words =
            say("목록에 없어 나가지 않은 열 수", "columns not listed, so not in the output");
        writeln!(out, "  {words}: {columns}")?;
    }
    Ok(())
}

/// What a name is of, in words.
pub(super) fn kind_of(kind: &str, language: Language) -> &str {
    let korean = match kind {
        "field" => "필드",
        "column" => "열",
        "key" => "JSON 키",
        "cookie" => "쿠키",
        "parameter" => "질의 매개변수",
        _ => "드물거나 값일 수 있어 보이지 않음",
    };
    language.choose(korean, kind)
}

/// Values that did not come out as what they should be.
fn write_unread(source: &Value, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let kinds = [
        ("unread", "읽을 수 없어 비운 값", "values unreadable, null in the output"),
        (
            "undecoded",
            "문자를 읽을 수 없거나 너무 여러 번 이스케이프된 값",
            "values in no known encoding, or escaped too often to be read",
        ),
    ];
    let number = |key: &str| source[key].as_u64().unwrap_or(0);
    let read = number("lines").saturating_sub(number("rejected") + number("blank"));
    for (key, korean, english) in kinds {
        for (column, count) in source[key].as_object().into_iter().flatten() {
            let count = count.as_u64().unwrap_or(0);
            // Then the technique is not for what stands in the field, or that has changed.
            let is_most = key == "unread" && 2 * count > read;
            let mark = if is_most { language.choose("경고: ", "warning: ") } else { "" };
            let (words, count) = (language.choose(korean, english), grouped(count));
            writeln!(out, "  {mark}`{column}`: {words}: {count}")?;
        }
    }
    Ok(())
}

fn write_rejects(by: &Value, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    for (reason, count) in by.as_object().into_iter().flatten() {
        let count = grouped(count.as_u64().unwrap_or(0));
        match language {
            Language::Ko => writeln!(out, "  해석 불가 {count}행: {reason} (금고에 봉인)")?,
            Language::En => writeln!(out, "  {count} rejected: {reason} (sealed in the vault)")?,
        }
    }
    Ok(())
}

fn write_excluded(by: &Value, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    for (reason, count) in by.as_object().into_iter().flatten() {
        let count = grouped(count.as_u64().unwrap_or(0));
        match language {
            Language::Ko => writeln!(out, "  제외 {count}행: {reason}")?,
            Language::En => writeln!(out, "  {count} excluded: {reason}")?,
        }
    }
    Ok(())
}

/// Personal data that was masked, and what techniques that need all values did.
fn write_changed(source: &Value, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for masked in source["masked"].as_array().into_iter().flatten() {
        let rows = grouped(masked["rows"].as_u64().unwrap_or(0));
        let column = text(&masked["column"]);
        match language {
            Language::Ko => {
                let kind = text(&masked["kind_ko"]);
                writeln!(out, "  `{column}`: 개인정보({kind}) {rows}행 마스킹")?;
            }
            Language::En => {
                let kind = text(&masked["kind"]);
                writeln!(out, "  `{column}`: personal data ({kind}) masked in {rows} rows")?;
            }
        }
    }
    for changed in source["changed"].as_array().into_iter().flatten() {
        let rows = changed["rows"].as_u64().unwrap_or(0);
        if rows == 0 {
            continue;
        }
        let (rows, column) = (grouped(rows), text(&changed["column"]));
        match language {
            Language::Ko => {
                let technique = text(&changed["technique_ko"]);
                writeln!(out, "  `{column}`: {technique} {rows}행")?;
            }
            Language::En => {
                let (technique, effect) = (text(&changed["technique"]), text(&changed["effect"]));
                writeln!(out, "  `{column}`: {effect} by `{technique}` in {rows} rows")?;
            }
        }
    }
    Ok(())
}

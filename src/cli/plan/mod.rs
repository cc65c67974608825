//! `gamyeong plan`: what would become of the input of a date?
//!
//! Writes nothing and takes no lock; needs the keys' directory and the input, as a run
//! does.

mod columns;
mod lay;
mod table;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::civil::Date;
use serde_json::Value;

use super::check;
use super::language::Language;
use super::run::{Progress, grouped, instead};
use crate::error::Error;
use crate::pipeline::Night;
use crate::pipeline::plan::{self, Accepted, Baseline, Difference, Need, Report};
use crate::vault::random::Os;
use lay::lines;
pub(super) use lay::padded;

/// Show what would become of the input of a date, without writing a row
///
/// What the pipeline is for, what is asked of the result, and for each column: kind of
/// item, technique, different values before and after, cells that are empty, were not
/// read, are blanked or masked, smallest and largest number with its rows, shares of
/// categories (forms 4 and 5 of the guideline).
///
/// And what was changed since the last run of this pipeline that was recorded. What a
/// record has counts as approved: the first run is recorded as it is, a changed file only
/// by `run --accept-change REASON`, and the reason with it. Who reviewed it is not asked:
/// it belongs in the reason.
///
/// The exit code is that of a run without `--accept-change`: 1 if the gate would refuse
/// or the file was changed, 4 if the input has fewer rows than what was published for
/// the date. An input that cannot be read gives no plan, and the code of that failure.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Pipeline file
    #[arg(value_name = "PIPELINE")]
    pipeline: PathBuf,

    /// The date whose logs are read, as 2026-11-22
    #[arg(long, value_name = "DATE")]
    date: Date,

    /// Read another file in place of a source's path
    #[arg(long, value_name = "SOURCE=PATH")]
    input: Vec<String>,

    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
///
/// As those of a run. A gate that would refuse is no error: it is printed, and gives
/// the exit code.
pub fn run(
    args: &Args,
    house: Option<&Path>,
    language: Language,
    out: &mut impl io::Write,
) -> Result<ExitCode, Error> {
    let plans = check::plans(std::slice::from_ref(&args.pipeline), house)?;
    let Some(planned) = plans.first() else { return Ok(ExitCode::SUCCESS) };
    let progress = Progress::new();
    let night = Night {
        date: args.date,
        instead: instead(&args.input, plans.iter())?,
        accept_change: None,
        actor: super::actor(),
        from: super::place(),
        now: &super::now,
        progress: &|bytes| progress.add(bytes),
    };
    let report = plan::plan(planned, &night, &mut Os);
    progress.clear();
    let report = report?;
    let written = if args.json {
        writeln!(out, "{}", report.to_json())
    } else {
        write(&report, language, out)
    };
    written.map_err(Error::Output)?;
    if let Some(error) = report.refused() {
        // Nowhere is left to complain to if this fails.
        let _ = super::report(error, &mut io::stderr().lock());
    }
    Ok(ExitCode::from(report.exit_code()))
}

fn write(report: &Report, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let say = |korean, english| language.choose(korean, english);
    writeln!(out, "{} {}: {}", report.pipeline, report.date, say("가명처리 계획", "plan"))?;
    write_said(&report.said, language, out)?;
    write_baseline(report.baseline.as_ref(), language, out)?;
    for need in &report.needs {
        write!(out, "{}", lines(&needed(need, language), 2))?;
    }
    if report.tables.is_empty() {
        let words = say("이 날짜의 입력이 없음. 찾은 곳", "no input for this date; looked for");
        return writeln!(out, "  {words}: {}", report.looked_for.join(", "));
    }
    for table in &report.tables {
        table::write(table, language, out)?;
    }
    Ok(())
}

/// What for, on which basis, for how long, and what leads back to people.
fn write_said(said: &Value, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let say = |korean, english| language.choose(korean, english);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let term = |value: &Value| language.of(&plan::term(value)).to_owned();
    let because = |value: &Value| match value.as_str() {
        Some(reason) => format!(" — {reason}"),
        None => String::new(),
    };
    let purpose = term(&said["purpose_category"]);
    let purpose =
        format!("{}: {purpose} — {}", say("목적", "purpose"), text(&said["purpose_detail"]));
    write!(out, "{}", lines(&purpose, 2))?;
    let mut act = vec![
        format!("{} {}", say("근거", "basis"), term(&said["legal_basis"])),
        term(&said["environment"]),
    ];
    if let Some(recipient) = said["recipient"].as_str() {
        act.push(format!("{} {recipient}", say("제공받는 자", "recipient")));
    }
    let [first, last] = ["period_start", "period_end"].map(|key| text(&said[key]));
    act.push(format!("{} {first} ~ {last}", say("처리 기간", "period")));
    let risk = &said["risk"];
    act.push(match risk["grade"].as_str() {
        Some(_) => {
            let grade = term(&risk["grade"]);
            format!("{} {grade}{}", say("위험도", "risk grade"), because(&risk["reason"]))
        }
        None => say("위험도 정하지 않음", "no risk grade").to_owned(),
    });
    write!(out, "{}", lines(&act.join("; "), 2))?;
    let linkage = &said["additional_info"];
    let window = plan::window(&linkage["window"]);
    let (window, why) = (language.of(&window), because(&linkage["reason"]));
    let mapping = linkage["mapping_reason"].as_str();
    let none =
        if mapping.is_none() { say("; 매핑테이블 없음", "; no mapping table") } else { "" };
    let words = say("같은 가명을 쓰는 기간(연결 기간)", "linkage window");
    write!(out, "{}", lines(&format!("{words}: {window}{why}{none}"), 2))?;
    if let Some(reason) = mapping {
        let words = match language {
            Language::Ko => format!(
                "주의: 매핑테이블을 만들어 봉인함(사유: {reason}). 이 표가 있으면 가명에서 사람을 되찾을 수 있음"
            ),
            Language::En => format!(
                "attention: a mapping table is made and sealed (reason: {reason}); with it, pseudonyms lead back to people"
            ),
        };
        write!(out, "{}", lines(&words, 2))?;
    }
    Ok(())
}

/// What was changed since the plan that was recorded last.
fn write_baseline(
    baseline: Option<&Baseline>,
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let say = |korean, english| language.choose(korean, english);
    let Some(baseline) = baseline else {
        let words = say(
            "기록된 계획이 없음: 전부 검토 대상",
            "no plan was recorded yet: all of it is to be reviewed",
        );
        return writeln!(out, "  {words}");
    };
    let since = match (recorded(baseline.record, &baseline.time, language), language) {
        (record, Language::Ko) => format!("{record} 이후"),
        (record, Language::En) => format!("since {record}"),
    };
    let words = if !baseline.differences.is_empty() {
        say("바뀐 것", "changed")
    } else if baseline.is_same {
        say("바뀐 것 없음", "nothing was changed")
    } else {
        say(
            "파일이 바뀌었으나, 비교한 사항은 모두 같음",
            "the file was changed; whatever is compared is the same",
        )
    };
    writeln!(out, "  {since}: {words}")?;
    for of in &baseline.differences {
        write!(out, "{}", lines(&difference(of, language), 4))?;
    }
    if !baseline.not_recorded.is_empty() {
        let names: Vec<&str> = baseline.not_recorded.iter().map(|of| language.of(of)).collect();
        let words = say("그 기록에 없어 비교하지 못함", "not in that record, so not compared");
        write!(out, "{}", lines(&format!("{words}: {}", names.join(", ")), 4))?;
    }
    if let Some(Accepted { record, time, reason }) = &baseline.accepted {
        let record = recorded(*record, time, language);
        let words = match language {
            Language::Ko => format!("사유를 적어 받아들임, {record}: {reason}"),
            Language::En => format!("accepted in {record}: {reason}"),
        };
        write!(out, "{}", lines(&words, 4))?;
    }
    Ok(())
}

/// A record by its number and day.
fn recorded(record: u64, time: &str, language: Language) -> String {
    let day: String = time.chars().take(10).collect();
    match language {
        Language::Ko => format!("기록 {record}번({day})"),
        Language::En => format!("record {record} of {day}"),
    }
}

fn difference(of: &Difference, language: Language) -> String {
    let say = |korean, english| language.choose(korean, english);
    let what = language.of(&of.what);
    if of.is_of_list {
        return format!("{what}: {}", say("목록의 내용이 바뀜", "the list it names was changed"));
    }
    let value = |words: &Option<plan::Words>| match words {
        Some(words) => language.of(words).to_owned(),
        None => say("없음", "none").to_owned(),
    };
    let mark = if of.is_grave { say("주의: ", "attention: ") } else { "" };
    format!("{mark}{what}: {} → {}", value(&of.was), value(&of.is))
}

/// What a run would want.
fn needed(need: &Need, language: Language) -> String {
    match (need, language) {
        (Need::Changed, Language::Ko) => {
            "실행하려면 --accept-change 사유가 필요함: 파이프라인 파일이나 그 목록이 마지막 기록과 다름".to_owned()
        }
        (Need::Changed, Language::En) => {
            "a run needs --accept-change REASON: the pipeline file, or a list of it, is not the one recorded last".to_owned()
        }
        (Need::Unapproved { sha256, changed }, Language::Ko) => format!(
            "실행하려면 승인(plan.approved)이 필요함: {}이(가) 기준과 다름. 요약값 {sha256}",
            changed.join(", ")
        ),
        (Need::Unapproved { sha256, changed }, Language::En) => format!(
            "a run needs an approval (plan.approved): {} differ from the baseline, digest {sha256}",
            changed.join(", ")
        ),
        (Need::Fewer { source, found, published }, Language::Ko) => {
            let (found, published) = (grouped(*found), grouped(*published));
            format!(
                "실행하려면 --accept-change 사유가 필요함: {source}의 행이 {found}개로, 이 날짜로 공개한 {published}개보다 적음"
            )
        }
        (Need::Fewer { source, found, published }, Language::En) => {
            let (found, published) = (grouped(*found), grouped(*published));
            format!(
                "a run needs --accept-change REASON: {source} has {found} rows, fewer than the {published} published for this date"
            )
        }
    }
}

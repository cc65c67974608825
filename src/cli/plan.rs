//! `gamyeong plan`: what would become of the input of a date?
//!
//! Writes nothing and takes no lock; needs the keys' directory and the input, as a run
//! does.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::check;
use super::language::Language;
use super::run::{Progress, grouped, instead};
use crate::assess::settings::percent;
use crate::error::Error;
use crate::pipeline::Night;
use crate::pipeline::plan::{self, Baseline, Column, Extremes, Report, Side, Table};
use crate::vault::random::Os;

/// Show what would become of the input of a date, without writing a row
///
/// For each column: kind of item, technique, different values before and after, cells
/// blanked and masked, smallest and largest number with its rows, shares of categories;
/// and what was changed since the plan that was recorded last (forms 4 and 5 of the
/// guideline). Exit code 1 if a run would be refused.
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

/// Columns of the terminal that a technique takes.
const TECHNIQUE: usize = 44;

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
        instead: instead(&args.input, &plans)?,
        accept_change: None,
        actor: super::actor(),
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
    match report.refused() {
        Some(error) => {
            // Nowhere is left to complain to if this fails.
            let _ = super::report(error, &mut io::stderr().lock());
            Ok(error.code())
        }
        None => Ok(ExitCode::SUCCESS),
    }
}

fn write(report: &Report, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let say = |korean, english| language.choose(korean, english);
    writeln!(out, "{} {}: {}", report.pipeline, report.date, say("가명처리 계획", "plan"))?;
    writeln!(out, "  {}", report.purpose)?;
    write_baseline(report.baseline.as_ref(), language, out)?;
    if report.tables.is_empty() {
        return writeln!(out, "  {}", say("이 날짜의 입력이 없음", "no input for this date"));
    }
    for table in &report.tables {
        write_table(table, language, out)?;
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
    let Some(Baseline { record, time, is_same, differences }) = baseline else {
        let words = say(
            "기록된 계획이 없음: 전부 검토 대상",
            "no plan was recorded yet: all of it is to be reviewed",
        );
        return writeln!(out, "  {words}");
    };
    let day: String = time.chars().take(10).collect();
    let since = match language {
        Language::Ko => format!("기록 {record}번({day}) 이후"),
        Language::En => format!("since record {record} of {day}"),
    };
    if differences.is_empty() {
        let words = if *is_same {
            say("바뀐 것 없음", "nothing was changed")
        } else {
            say(
                "파일이 바뀌었으나 목적, 항목, 방법, 기준은 같음",
                "the file was changed; purpose, columns, techniques and thresholds were not",
            )
        };
        return writeln!(out, "  {since}: {words}");
    }
    writeln!(out, "  {since}: {}", say("바뀐 것", "changed"))?;
    let absent = say("없음", "none");
    for of in differences {
        let (was, is) = (of.was.as_deref().unwrap_or(absent), of.is.as_deref().unwrap_or(absent));
        writeln!(out, "    {}: {was} → {is}", of.what)?;
    }
    Ok(())
}

fn write_table(table: &Table, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let say = |korean, english| language.choose(korean, english);
    let count = |key: &str| grouped(table.counts.get(key).copied().unwrap_or(0));
    let [lines, rows, suppressed] = ["lines", "rows", "suppressed"].map(count);
    let [excluded, rejected, blank] = ["excluded", "rejected", "blank"].map(count);
    let name = &table.name;
    let counts = match language {
        Language::Ko => format!(
            "{name}: {lines}행 → {rows}행; 삭제 {suppressed}, 제외 {excluded}, 해석 불가 {rejected}, 빈 행 {blank}"
        ),
        Language::En => format!(
            "{name}: {lines} lines → {rows} rows; {suppressed} suppressed, {excluded} excluded, {rejected} rejected, {blank} blank"
        ),
    };
    writeln!(out, "{counts}")?;
    if let Some(risk) = table.risk {
        let [persons, k, k_persons] = [risk.persons, risk.k, risk.k_persons].map(grouped);
        match language {
            Language::Ko => writeln!(
                out,
                "  정보주체 {persons}명; 가장 작은 동질집합 k = {k}행, {k_persons}명"
            )?,
            Language::En => writeln!(
                out,
                "  {persons} persons; smallest class k = {k} rows, {k_persons} persons"
            )?,
        }
    } else if table.refused.is_some() {
        let words = say(
            "이대로는 공개가 거부됨: 처리 후 값 없음",
            "a run would be refused: there is no after",
        );
        writeln!(out, "  {words}")?;
    }
    write_rules(table, language, out)?;
    write_columns(&table.columns, language, out)?;
    write_shares(&table.columns, language, out)
}

/// What is asked of the table, and of its rows.
fn write_rules(table: &Table, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let say = |korean, english| language.choose(korean, english);
    let gate = &table.rules["gate"];
    let number = |key: &str| gate[key].as_u64().unwrap_or(0);
    let names = gate["quasi_identifiers"].as_array().into_iter().flatten();
    let names: Vec<&str> = names.filter_map(serde_json::Value::as_str).collect();
    writeln!(
        out,
        "  {}: k_min {}, k_persons_min {}, max_suppressed {}; {}: {}",
        say("기준", "thresholds"),
        number("k_min"),
        number("k_persons_min"),
        percent(number("max_suppressed_ppm")),
        say("준식별자", "quasi-identifiers"),
        names.join(", "),
    )?;
    if let Some(one_in) = table.rules["sample"]["one_in"].as_u64() {
        let words = say("표본추출: 정보주체 1명을 남기는 인원수", "sample: one person stays of");
        writeln!(out, "  {words} {one_in}")?;
    }
    for drop in table.rules["drop_rows"].as_array().into_iter().flatten() {
        let text = |key: &str| drop[key].as_str().unwrap_or_default();
        let words = say("행 항목 삭제", "rows go by");
        writeln!(out, "  {words}: {} {}", text("column"), text("parameters"))?;
    }
    if table.is_drawn {
        let words = say(
            "무작위로 정하는 값은 이 계획만을 위한 비밀값으로 뽑았다: 실제 실행에서는 다르게 뽑힌다",
            "what is drawn at random is drawn for this plan alone: a run draws otherwise",
        );
        writeln!(out, "  {words}")?;
    }
    Ok(())
}

fn write_columns(
    columns: &[Column],
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let say = |korean, english| language.choose(korean, english);
    let name_of = |column: &Column| language.choose(&column.label, &column.name).to_owned();
    let name = columns.iter().map(|column| name_of(column).width()).max().unwrap_or(0).max(6);
    let heads = [
        say("항목", "column"),
        say("유형", "type"),
        say("가명처리 방법", "technique"),
        say("값 전 → 후", "values before → after"),
        say("비움", "blanked"),
        say("마스킹", "masked"),
    ];
    writeln!(
        out,
        "  {} {} {} {} {} {}",
        padded(heads[0], name),
        padded(heads[1], 8),
        padded(heads[2], TECHNIQUE),
        padded(heads[3], 21),
        padded(heads[4], 8),
        heads[5],
    )?;
    for column in columns {
        let technique = language.choose(&column.technique_ko, column.technique);
        let technique = format!("{technique} {}", column.parameters);
        let after = column.after.map_or("-".to_owned(), |after| grouped(after.distinct));
        let before = column.before.map_or("-".to_owned(), |before| grouped(before.distinct));
        let values = format!("{before} → {after}");
        let dash = |count: u64| if count == 0 { "-".to_owned() } else { grouped(count) };
        let line = format!(
            "  {} {} {} {} {} {}",
            padded(&name_of(column), name),
            padded(language.choose(column.kind.korean(), column.kind.name()), 8),
            padded(&cut(&technique, TECHNIQUE), TECHNIQUE),
            padded(&values, 21),
            padded(&dash(column.blanked), 8),
            dash(column.masked),
        );
        writeln!(out, "{}", line.trim_end())?;
        write_range(column, name, language, out)?;
    }
    Ok(())
}

/// The smallest and largest number of a column before and after, with their rows.
fn write_range(
    column: &Column,
    indent: usize,
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let of = |side: Side| side.extremes.map(|extremes| range(extremes, language));
    let before = column.before.and_then(of);
    let after = column.after.and_then(of);
    let indent = padded("", indent);
    match (before, after) {
        (Some(before), Some(after)) => writeln!(out, "  {indent} {before} → {after}"),
        (Some(one), None) | (None, Some(one)) => writeln!(out, "  {indent} {one}"),
        (None, None) => Ok(()),
    }
}

fn range(extremes: Extremes, language: Language) -> String {
    let value = |number: i64| {
        if !extremes.are_times {
            return number.to_string();
        }
        let shown = Timestamp::from_second(number).map(|moment| moment.to_string());
        // It is the time of a local clock, written as if it were UTC.
        let shown = shown.map(|shown| shown.replace('T', " ").replace('Z', ""));
        let shown = shown.unwrap_or_else(|_| number.to_string());
        shown.strip_suffix(":00").map_or(shown.clone(), str::to_owned)
    };
    let [min, max] = [extremes.min, extremes.max];
    let rows = |rows: u64| match language {
        Language::Ko => format!("{}행", grouped(rows)),
        Language::En if rows == 1 => "1 row".to_owned(),
        Language::En => format!("{} rows", grouped(rows)),
    };
    let least = format!("{} ({})", value(min.0), rows(min.1));
    if min.0 == max.0 {
        return least;
    }
    format!("{least} … {} ({})", value(max.0), rows(max.1))
}

/// The commonest values of categories, after.
fn write_shares(
    columns: &[Column],
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let mut is_first = true;
    for column in columns.iter().filter(|column| !column.shares.is_empty()) {
        let Some(after) = column.after else { continue };
        let all: u64 = column.shares.iter().map(|(_, rows)| rows).sum();
        if is_first {
            let words =
                language.choose("처리 후 구성비(많은 값부터)", "shares after, commonest first");
            writeln!(out, "  {words}")?;
            is_first = false;
        }
        let total = after.rows.max(all);
        let nulls = (language.choose("(빈 값)", "(null)").to_owned(), after.nulls);
        let shown = column.shares.iter().chain((after.nulls > 0).then_some(&nulls));
        let shares = shown.map(|(value, rows)| {
            let per_mille = (rows * 1_000 + total / 2) / total.max(1);
            format!("{} {}.{} %", cut(value, 24), per_mille / 10, per_mille % 10)
        });
        let shares: Vec<String> = shares.collect();
        let more = if after.distinct > column.shares.len() as u64 { ", …" } else { "" };
        let name = language.choose(&column.label, &column.name);
        let line = format!("    {name}: {}{more}", shares.join(", "));
        writeln!(out, "{}", cut(&line, 118))?;
    }
    Ok(())
}

/// Text that takes so many columns of a terminal.
fn padded(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

/// Text that takes at most so many columns of a terminal.
fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut width = 0;
    let kept = text.chars().take_while(|letter| {
        width += letter.width().unwrap_or(0);
        width < columns
    });
    format!("{}…", kept.collect::<String>())
}

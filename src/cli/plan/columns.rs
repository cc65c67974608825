//! The columns of a table in; a table of them, as wide as a terminal, out.

use std::io;

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr as _;

use super::lay::{TERMINAL, cut, lines, padded, wrapped};
use crate::cli::language::Language;
use crate::cli::run::grouped;
use crate::pipeline::plan::{Column, Extremes, Side};

/// Columns of the terminal that a technique takes at least.
const TECHNIQUE: usize = 30;

/// A line of the table: what stands before the technique, the technique, and behind it.
struct Row {
    before: Vec<String>,
    technique: String,
    behind: Vec<String>,
}

/// Writes a line or more for each column.
pub(super) fn write(
    columns: &[Column],
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    // Labels are for people, names for those who use the table.
    let has_labels =
        language == Language::Ko && columns.iter().any(|column| column.label != column.name);
    let rows: Vec<Row> = columns.iter().map(|column| row(column, has_labels, language)).collect();
    let head = head(has_labels, language);
    let all = || std::iter::once(&head).chain(&rows);
    let before = widths(all().map(|row| &row.before));
    let behind = widths(all().map(|row| &row.behind));
    let taken: usize = before.iter().chain(&behind).map(|width| width + 1).sum();
    let wanted = all().map(|row| row.technique.width()).max().unwrap_or(0);
    let technique = wanted.min(TERMINAL.saturating_sub(taken + 2).max(TECHNIQUE));
    let laid = |row: &Row, out: &mut dyn io::Write| {
        let indent: usize = 2 + before.iter().map(|width| width + 1).sum::<usize>();
        for (index, piece) in wrapped(&row.technique, technique).iter().enumerate() {
            if index > 0 {
                writeln!(out, "{}{piece}", " ".repeat(indent))?;
                continue;
            }
            let cells = row.before.iter().zip(&before).map(|(text, width)| padded(text, *width));
            let behind = row.behind.iter().zip(&behind).map(|(text, width)| padded(text, *width));
            let cells = cells.chain([padded(piece, technique)]).chain(behind);
            let line = format!("  {}", cells.collect::<Vec<_>>().join(" "));
            writeln!(out, "{}", line.trim_end())?;
        }
        io::Result::Ok(())
    };
    laid(&head, out)?;
    for (column, row) in columns.iter().zip(&rows) {
        laid(row, out)?;
        write_range(column, language, out)?;
        if let Some(reason) = &column.reason {
            let words = language.choose("사유", "reason");
            write!(out, "{}", lines(&format!("{words}: {reason}"), 6))?;
        }
    }
    Ok(())
}

fn head(has_labels: bool, language: Language) -> Row {
    let say = |korean: &str, english: &str| language.choose(korean, english).to_owned();
    let mut before = vec![say("항목", "column")];
    if has_labels {
        before.push(say("열", "name"));
    }
    before.push(say("유형", "type"));
    let behind = [
        ("값 전 → 후", "values before → after"),
        ("빈 값", "null"),
        ("못 읽음", "unread"),
        ("비움", "blanked"),
        ("마스킹", "masked"),
    ];
    Row {
        before,
        technique: say("가명처리 방법", "technique"),
        behind: behind.iter().map(|(korean, english)| say(korean, english)).collect(),
    }
}

fn row(column: &Column, has_labels: bool, language: Language) -> Row {
    let mut before = vec![language.choose(&column.label, &column.name).to_owned()];
    if has_labels {
        before.push(column.name.clone());
    }
    before.push(language.choose(column.kind.korean(), column.kind.name()).to_owned());
    let brief: Vec<&str> = column.brief.iter().map(|words| language.of(words)).collect();
    let technique = language.choose(&column.technique_ko, column.technique);
    let technique = match brief.join("; ") {
        brief if brief.is_empty() => technique.to_owned(),
        brief => format!("{technique}: {brief}"),
    };
    let distinct = |side: Option<Side>| side.map_or("-".to_owned(), |side| grouped(side.distinct));
    let dash = |count: u64| if count == 0 { "-".to_owned() } else { grouped(count) };
    Row {
        before,
        technique,
        behind: vec![
            format!("{} → {}", distinct(column.before), distinct(column.after)),
            dash(column.after.map_or(0, |after| after.nulls)),
            dash(column.unread),
            dash(column.blanked),
            dash(column.masked),
        ],
    }
}

/// The width of each column of the terminal.
fn widths<'r>(rows: impl Iterator<Item = &'r Vec<String>>) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        widths.resize(row.len(), 0);
        for (width, text) in widths.iter_mut().zip(row) {
            *width = (*width).max(text.width());
        }
    }
    widths
}

/// The smallest and largest number of a column before and after, with their rows.
fn write_range(column: &Column, language: Language, out: &mut impl io::Write) -> io::Result<()> {
    let of = |side: Side| side.extremes.map(|extremes| range(extremes, language));
    let before = column.before.and_then(of);
    let after = column.after.and_then(of);
    match (before, after) {
        (Some(before), Some(after)) => write!(out, "{}", lines(&format!("{before} → {after}"), 6)),
        (Some(one), None) | (None, Some(one)) => write!(out, "{}", lines(&one, 6)),
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
pub(super) fn write_shares(
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
        write!(out, "{}", lines(&format!("{name}: {}{more}", shares.join(", ")), 4))?;
    }
    Ok(())
}

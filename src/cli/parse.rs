//! `gamyeong parse`: what a format makes of a file.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::access::{self, Asked};
use super::language::Language;
use super::now;
use crate::error::{Error, Usage};
use crate::parse::{Encoding, Format};
use crate::pipeline::access::{Access, Subject};
use crate::pipeline::trial::{self, Content, Count, Line};
use crate::split::dictionary::{is_data, is_known};

/// Try a format: print the fields of every line of a file
///
/// Letters are shown as `x` (`가` for Korean ones) and digits as `0`, so that
/// what is printed shows where fields begin and end, and nobody's data.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
pub struct Args {
    /// A name that `gamyeong formats` lists, or a format string
    format: String,
    /// A log or table, plain or compressed
    file: PathBuf,
    /// Byte between the fields of `csv`
    #[arg(long, value_name = "BYTE")]
    delimiter: Option<char>,
    /// How the text of `csv` is encoded
    #[arg(long, value_enum, value_name = "ENCODING")]
    encoding: Option<Encoding>,
    /// Name of the sheet of `xlsx`; the first that is not hidden if absent
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Row of `xlsx` with the names of the columns, from 1
    #[arg(long, value_name = "ROW", value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    header_row: Option<u32>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Year of times that have none: that of the time next to this date; today
    /// if absent
    #[arg(long, value_name = "DATE")]
    date: Option<Date>,
    /// Stop after so many lines
    #[arg(long, value_name = "N")]
    lines: Option<u64>,
    /// Print the values themselves: raw personal data. In a house it is recorded first
    /// (`access`, 접속기록)
    #[arg(long)]
    show_values: bool,
    /// With `--show-values` in a house: why, for the record
    #[arg(long, value_name = "TEXT", requires = "show_values")]
    reason: Option<String>,
    /// With `--show-values` in a house whose ledger cannot be written: write the record to this
    /// new file, to be entered there
    #[arg(long, value_name = "FILE.toml", requires = "show_values")]
    record_to: Option<PathBuf>,
    /// With `--show-values`: write them to a file or another program, too
    #[arg(long, requires = "show_values")]
    i_understand: bool,
}

/// Runs the command.
///
/// # Errors
///
/// [`Error::Usage`] if there is no such format, or if values would go
/// somewhere else than to a terminal; those of [`trial::lines`];
/// [`Error::Output`] if `out` cannot be written.
pub fn run(
    args: &Args,
    house: Option<&Path>,
    language: Language,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    let mut format = match Format::new(&args.format) {
        Some(Ok(format)) => format,
        Some(Err(error)) => return Err(Error::Usage(Usage::FormatString(error))),
        None => return Err(Error::Usage(Usage::Format(args.format.clone()))),
    };
    if let Some(csv) = format.csv_mut() {
        csv.encoding = args.encoding.unwrap_or_default();
        csv.delimiter =
            args.delimiter.and_then(|byte| u8::try_from(byte).ok()).unwrap_or(csv.delimiter);
    }
    if format.query().is_some() {
        return Err(Error::Usage(Usage::NoFile(args.format.clone())));
    }
    if let Some(sheet) = format.sheet_mut() {
        sheet.name.clone_from(&args.sheet);
        sheet.header_row = args.header_row;
    }
    if args.show_values && !args.i_understand && !io::stdout().is_terminal() {
        return Err(Error::Usage(Usage::ShowValues));
    }
    let mut reasons = BTreeMap::new();
    let most = args.lines.unwrap_or(u64::MAX);
    let date = args.date.unwrap_or_else(|| now().to_zoned(TimeZone::UTC).date());
    if args.show_values {
        record(args, &format, date, house)?;
    }
    let count = trial::lines(&format, &args.file, date, |line| {
        if let Content::Rejected(reason) = &line.content {
            *reasons.entry(reason.code()).or_insert(0_u64) += 1;
        }
        let is_last = line.number >= most;
        let is_named_by_data = format.is_named_by_data();
        let show_values = args.show_values;
        let line = Shown { line, is_named_by_data, genuine: OnceCell::new(), show_values };
        if args.json { line.json(out) } else { line.text(out) }.map_err(Error::Output)?;
        Ok(!is_last)
    })?;
    if args.json { Ok(()) } else { total(count, &reasons, language, out).map_err(Error::Output) }
}

/// Records that values are shown, if that happens in a house.
fn record(args: &Args, format: &Format, date: Date, house: Option<&Path>) -> Result<(), Error> {
    if access::house(house, &args.file)?.is_none() {
        return Ok(());
    }
    let reason = args.reason.as_deref().ok_or(Error::Usage(Usage::NoWhy))?;
    let reason = access::reason(reason)?;
    let (most, mut entries) = (args.lines.unwrap_or(u64::MAX), 0);
    trial::lines(format, &args.file, date, |line| {
        entries += u64::from(matches!(line.content, Content::Row(_)));
        Ok(line.number < most)
    })?;
    let access = Access {
        subject: Subject::Input,
        sha256: trial::digest(&args.file)?,
        entries,
        is_download: !io::stdout().is_terminal(),
        reason,
    };
    access::record(&access, &Asked { house, file: &args.file, record_to: args.record_to.as_ref() })
}

fn total(
    count: Count,
    reasons: &BTreeMap<String, u64>,
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let Count { lines, rows, blank, excluded, rejected } = count;
    let text = match language {
        Language::Ko => {
            format!(
                "{lines}줄: 행 {rows}, 거부 {rejected}, 제외 {excluded}, 빈 줄과 머리글 {blank}"
            )
        }
        Language::En => {
            format!(
                "{lines} lines: {rows} rows, {rejected} rejected, {excluded} excluded, {blank} blank or header"
            )
        }
    };
    writeln!(out, "{text}")?;
    reasons.iter().try_for_each(|(reason, count)| writeln!(out, "  {reason}: {count}"))
}

/// A line as it is printed.
struct Shown<'a> {
    line: Line<'a>,
    is_named_by_data: bool,
    genuine: OnceCell<bool>,
    show_values: bool,
}

impl Shown<'_> {
    fn value(&self, raw: &[u8]) -> String {
        let text = String::from_utf8_lossy(raw);
        if self.show_values { harmless(&text) } else { masked(&text) }
    }

    /// A name that stands in the data may be somebody's: a table without a header
    /// line begins with some. Its place is added where it is masked.
    fn name(&self, name: &str, place: usize) -> String {
        let is_shown =
            self.show_values || !self.is_named_by_data || self.is_genuine() && !is_data(name);
        if is_shown { harmless(name) } else { format!("{}#{}", masked(name), place + 1) }
    }

    /// Whether the names look like those of a header: one of them is known.
    fn is_genuine(&self) -> bool {
        let find = || match &self.line.content {
            Content::Row(values) => values.iter().any(|(name, _)| is_known(name)),
            Content::Blank | Content::Excluded(_) | Content::Rejected(_) => false,
        };
        *self.genuine.get_or_init(find)
    }

    fn json(&self, out: &mut impl io::Write) -> io::Result<()> {
        let number = self.line.number;
        let line = match &self.line.content {
            Content::Blank => json!({ "line": number, "blank": true }),
            Content::Excluded(reason) => json!({ "line": number, "excluded": reason }),
            Content::Rejected(reason) => json!({ "line": number, "rejected": reason.code() }),
            Content::Row(values) => {
                let pairs = values.iter().enumerate().map(|(place, (name, value))| {
                    let value = value.map_or(Value::Null, |raw| Value::String(self.value(raw)));
                    (self.name(name, place), value)
                });
                json!({ "line": number, "fields": pairs.collect::<Map<_, _>>() })
            }
        };
        writeln!(out, "{line}")
    }

    fn text(&self, out: &mut impl io::Write) -> io::Result<()> {
        let number = self.line.number;
        match &self.line.content {
            Content::Blank => Ok(()),
            Content::Excluded(reason) => writeln!(out, "line {number}: excluded, {reason}"),
            Content::Rejected(reason) => writeln!(out, "line {number}: rejected, {reason}"),
            Content::Row(values) => {
                writeln!(out, "line {number}")?;
                values.iter().enumerate().try_for_each(|(place, (name, value))| match value {
                    Some(raw) => {
                        writeln!(out, "  {}: {}", self.name(name, place), self.value(raw))
                    }
                    None => Ok(()),
                })
            }
        }
    }
}

/// A text whose letters and digits say nothing any more.
fn masked(text: &str) -> String {
    let mask = |letter: char| match letter {
        '0'..='9' => '0',
        'a'..='z' => 'x',
        'A'..='Z' => 'X',
        _ if letter.is_control() => '.',
        _ if letter.is_ascii() => letter,
        _ => '가',
    };
    text.chars().map(mask).collect()
}

/// A text whose control characters do nothing to a terminal.
fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() { shown.extend(letter.escape_unicode()) } else { shown.push(letter) }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_leaves_marks_alone() {
        assert_eq!(masked("Kim@a.kr/홍-7?é"), "Xxx@x.xx/가-0?가");
    }
}

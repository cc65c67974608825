//! `gamyeong ledger list` and `show`: records as lines, and one of them whole.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde_json::{Value, json};

use super::fault;
use crate::cli::language::Language;
use crate::config::house::House;
use crate::error::{Error, Usage};
use crate::ledger::record::{Kind, Record};
use crate::ledger::store;
use crate::report::reasons;

/// The item of a record that tells that a number became another.
const WAS: &str = "was_management_no";

/// Which records to list, and how.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only those of the processing with this number (관리번호), as in the paper ledger
    #[arg(long, value_name = "NUMBER")]
    management_no: Option<String>,
    /// Print one JSON object per record
    #[arg(long)]
    json: bool,
}

/// Which record to show, and how.
#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// Its number, from 0
    seq: u64,
    /// Print it as it is stored, on one line
    #[arg(long)]
    json: bool,
}

/// Writes a line per record.
///
/// # Errors
///
/// [`Error::Ledger`] if the records cannot be read, [`Error::Usage`] if none has the number.
pub(super) fn run(
    args: &Args,
    house: &House,
    language: Language,
    out: &mut impl io::Write,
) -> Result<(), Error> {
    let records = records(house)?;
    let listed: Vec<&Record> = match &args.management_no {
        Some(number) => numbered(&records, number),
        None => records.iter().collect(),
    };
    if let (Some(number), true) = (&args.management_no, listed.is_empty()) {
        return Err(Error::Usage(Usage::NoNumber { number: number.clone() }));
    }
    let corrections = corrections(&records);
    for record in listed {
        let result = if args.json {
            writeln!(out, "{}", value(record))
        } else {
            line(record, corrections.get(&record.seq), language, out)
        };
        result.map_err(Error::Output)?;
    }
    Ok(())
}

/// Writes one record.
///
/// # Errors
///
/// [`Error::Ledger`] if the records cannot be read, [`Error::Usage`] if there is none with the
/// number.
pub(super) fn show(args: &ShowArgs, house: &House, out: &mut impl io::Write) -> Result<(), Error> {
    let records = records(house)?;
    let last = (records.len() as u64).saturating_sub(1);
    let found = records.into_iter().find(|record| record.seq == args.seq);
    let record = found.ok_or(Error::Usage(Usage::NoRecord { found: args.seq, last }))?;
    let value = value(&record);
    let result = if args.json { writeln!(out, "{value}") } else { writeln!(out, "{value:#}") };
    result.map_err(Error::Output)
}

/// The records that have a management number or tell that it became another, and all others of
/// their runs.
fn numbered<'r>(records: &'r [Record], number: &str) -> Vec<&'r Record> {
    let has = |record: &&Record| {
        let says = |key| text(record, key) == Some(number);
        says("management_no") || says(WAS)
    };
    let runs: BTreeSet<&str> =
        records.iter().filter(has).filter_map(|record| record.run.as_deref()).collect();
    let is_of_run = |record: &Record| record.run.as_deref().is_some_and(|run| runs.contains(run));
    records.iter().filter(|record| has(record) || is_of_run(record)).collect()
}

fn records(house: &House) -> Result<Vec<Record>, Error> {
    store::read(&house.ledger).map_err(|source| fault(house, source))
}

fn value(record: &Record) -> Value {
    json!({
        "seq": record.seq,
        "type": record.type_name,
        "time": record.time,
        "run": record.run,
        "actor": record.actor,
        "prev": record.prev.map(|prev| prev.to_string()),
        "body": record.body,
    })
}

/// The records that others correct, each with the one that does.
fn corrections(records: &[Record]) -> BTreeMap<u64, u64> {
    records.iter().filter_map(|record| Some((corrects(record)?, record.seq))).collect()
}

fn text<'r>(record: &'r Record, key: &str) -> Option<&'r str> {
    record.body.get(key)?.as_str()
}

fn corrects(record: &Record) -> Option<u64> {
    record.body.get("corrects")?.as_u64()
}

/// Number, time, kind, run and what the body says first; what it corrects, and what corrects it.
fn line(
    record: &Record,
    corrected: Option<&u64>,
    language: Language,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let subject = record.run.as_deref().or_else(|| {
        ["pipeline", "controller"].iter().find_map(|key| record.body.get(*key)?.as_str())
    });
    let subject = subject.unwrap_or_default();
    write!(out, "{:>6}  {}  {:<14} {subject}", record.seq, record.time, record.type_name)?;
    // A run has it in its name.
    let is_night = matches!(record.kind(), Some(Kind::Heartbeat | Kind::NightBlocked));
    if let Some(date) = text(record, "date").filter(|_| is_night) {
        write!(out, " {date}")?;
    }
    if let (Some(was), Some(is)) = (text(record, WAS), text(record, "management_no")) {
        let what = language.choose("관리번호", "management number");
        write!(out, ": {what} {was} → {is}")?;
    }
    let came_to_nothing = [Kind::NightBlocked, Kind::RunRefused, Kind::RunUndone];
    let is_nothing = record.kind().is_some_and(|kind| came_to_nothing.contains(&kind));
    if let Some(reason) = text(record, "reason").filter(|_| is_nothing) {
        match language {
            Language::Ko => write!(out, ": {}", reasons::korean(reason))?,
            Language::En => write!(out, ": {reason}")?,
        }
    }
    let told = [
        corrects(record).map(|seq| match language {
            Language::Ko => format!("{seq}번 기록을 정정함"),
            Language::En => format!("corrects {seq}"),
        }),
        corrected.map(|by| match language {
            Language::Ko => format!("{by}번 기록으로 정정됨"),
            Language::En => format!("corrected by {by}"),
        }),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    if !told.is_empty() {
        write!(out, "  {}", told.join(", "))?;
    }
    writeln!(out)
}

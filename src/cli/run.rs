//! `gamyeong run`: the nightly job.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;

use super::access;
use super::check::{self, File, Read};
use super::language::Language;
use super::told;
use crate::config::plan::Plan;
use crate::error::{Error, Usage};
use crate::pipeline::report::{Outcome, Report};
use crate::pipeline::unusable::{self, Unusable};
use crate::pipeline::{self, Night};
use crate::vault::random::Os;

/// Pseudonymise the logs of one date
///
/// Running it again changes nothing. After a crash it finishes or undoes what
/// was left. Of several pipelines one that fails stops no other, and the exit
/// code is that of the first that failed. Exit codes: 0 done, 1 refused, 2 usage, 3 configuration,
/// 4 input, 5 keys or vault, 6 ledger, 7 output, 75 another run is at work.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Pipeline files, run in this order
    #[arg(required = true, value_name = "PIPELINE")]
    pub(super) pipelines: Vec<PathBuf>,

    /// The date whose logs are read, as 2026-11-22
    #[arg(long, value_name = "DATE")]
    pub(super) date: Date,

    /// Read another file in place of a source's path
    #[arg(long, value_name = "SOURCE=PATH")]
    pub(super) input: Vec<String>,

    /// Run although the pipeline file was changed, or the date has fewer rows than
    /// what was published for it; the reason is recorded
    #[arg(long, value_name = "REASON")]
    pub(super) accept_change: Option<String>,

    /// Print one JSON object per pipeline
    #[arg(long)]
    pub(super) json: bool,

    /// Exit code if there was nothing to do for any pipeline
    #[arg(long, value_name = "CODE", default_value_t = 0)]
    pub(super) exit_if_nothing: u8,
}

/// Runs the command. Pipelines after one that fails, or whose file has a fault, still run; the
/// exit code is that of the first failure.
///
/// # Errors
///
/// What speaks against starting: faults of the institution file, and of any pipeline file if
/// `--input` or `--accept-change` is given. Failures of single pipelines are printed and given
/// as the exit code.
pub fn run(
    args: &Args,
    house: Option<&Path>,
    language: Language,
    out: &mut impl io::Write,
) -> Result<ExitCode, Error> {
    let mut first_error = None;
    let mut is_any_done = false;
    for (report, error) in reports(args, house)? {
        is_any_done |= report.outcome == Outcome::Published;
        if let Some(error) = &error {
            // Nowhere is left to complain to if this fails.
            let _ = super::report(error, &mut io::stderr().lock());
            first_error.get_or_insert(error.code());
        }
        if args.json {
            writeln!(out, "{}", report.to_json()).map_err(Error::Output)?;
        } else if error.is_none() {
            told::write(&report, language, out).map_err(Error::Output)?;
        }
    }
    let quiet = if is_any_done { ExitCode::SUCCESS } else { ExitCode::from(args.exit_if_nothing) };
    Ok(first_error.unwrap_or(quiet))
}

/// Runs all pipelines of one house under one lock. One that failed has a
/// report too, and its error.
pub(super) fn reports(
    args: &Args,
    house: Option<&Path>,
) -> Result<Vec<(Report, Option<Error>)>, Error> {
    let read = check::read(&args.pipelines, house)?;
    // What is wrong with the house is wrong for all. A source that is named by hand may be of any
    // of them, and so may the reason of a change, which would stand in the records of others.
    let is_by_hand = !args.input.is_empty() || args.accept_change.is_some();
    let read = if is_by_hand || !read.of_house.is_empty() { read.whole()? } else { read };
    let instead = instead(&args.input, read.plans())?;
    // Records are single lines that people read.
    let is_text = |reason: &String| !reason.trim().is_empty() && !reason.contains(char::is_control);
    if args.accept_change.as_ref().is_some_and(|reason| !is_text(reason)) {
        return Err(Error::Usage(Usage::Reason));
    }
    if let Some(reason) = &args.accept_change {
        access::impersonal("--accept-change", reason)?;
    }
    let Some(house) = &read.house else { return read.whole().map(|_| Vec::new()) };
    let progress = Progress::new();
    let night = Night {
        date: args.date,
        instead,
        accept_change: args.accept_change.clone(),
        actor: super::actor(),
        from: super::place(),
        now: &super::now,
        progress: &|bytes| progress.add(bytes),
    };
    let mut opened = match pipeline::opened::open(house, &night) {
        Ok(opened) => opened,
        Err(error) => return Err(unopened(read, error)),
    };
    let sound: Vec<String> = read.plans().map(|plan| plan.name().to_owned()).collect();
    let mut results = Vec::new();
    for File { path, bytes, plan } in read.files {
        let ended = match plan {
            Ok(plan) => pipeline::run(&plan, &night, &mut opened, &mut Os)
                .map_err(|error| (pipeline::failed(&plan, &night, &opened, &error), error)),
            Err(error) => {
                let error = Error::from(error);
                let file = Unusable { path: &path, bytes: &bytes, error: &error, sound: &sound };
                Err((unusable::stopped(&file, &night, &mut opened), error))
            }
        };
        progress.clear();
        match ended {
            Ok(report) => results.push((report, None)),
            Err((report, error)) => {
                // After a record could not be written nothing can be vouched
                // for, so nothing more is begun.
                let is_over = matches!(error, Error::Ledger { .. });
                results.push((report, Some(error)));
                if is_over {
                    break;
                }
            }
        }
    }
    Ok(results)
}

/// What is the matter where a house cannot be opened. Where a pipeline could have run, that it did
/// not is the news, and so is that trying later mends it; whoever has to act needs the faults of
/// the files at the same time.
fn unopened(read: Read, error: Error) -> Error {
    let is_any_sound = read.plans().next().is_some();
    match read.whole() {
        Err(faults) if is_any_sound || matches!(error, Error::Busy { .. }) => {
            // Nowhere is left to complain to if this fails.
            let _ = super::report(&faults, &mut io::stderr().lock());
            error
        }
        Err(faults) => faults,
        Ok(_) => error,
    }
}

/// Files to read in place of a source's path, by the name of a source that there is.
pub(super) fn instead<'p>(
    inputs: &[String],
    plans: impl Iterator<Item = &'p Plan>,
) -> Result<BTreeMap<String, PathBuf>, Error> {
    let pair = |text: &String| match text.split_once('=') {
        Some((source, path)) if !source.is_empty() && !path.is_empty() => {
            Ok((source.to_owned(), PathBuf::from(path)))
        }
        _ => Err(Error::Usage(Usage::Input { text: text.clone() })),
    };
    let mut instead = BTreeMap::new();
    for text in inputs {
        let (source, path) = pair(text)?;
        if instead.insert(source.clone(), path).is_some() {
            return Err(Error::Usage(Usage::InputTwice { name: source }));
        }
    }
    let sources: BTreeSet<&str> =
        plans.flat_map(|plan| &plan.sources).map(|source| source.name.as_str()).collect();
    for name in instead.keys() {
        if !sources.contains(name.as_str()) {
            return Err(Error::Usage(Usage::NoSource { name: name.clone() }));
        }
    }
    Ok(instead)
}

/// A number with commas.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes worked through, shown on a terminal.
pub(super) struct Progress {
    is_shown: bool,
    bytes: AtomicU64,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self { is_shown: io::stderr().is_terminal(), bytes: AtomicU64::new(0) }
    }

    pub(super) fn add(&self, bytes: u64) {
        let bytes = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if self.is_shown {
            // A terminal that cannot be written to shows nothing.
            let _ = write!(io::stderr(), "\r{} MB", grouped(bytes / 1_000_000));
        }
    }

    pub(super) fn clear(&self) {
        if self.is_shown && self.bytes.swap(0, Ordering::Relaxed) > 0 {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

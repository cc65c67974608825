//! One source in; its Parquet file, its sealed additional information and the
//! count of every line out.
//!
//! ```text
//! files ─► reading ─► gate: which rows may go ─► release
//! ```
//!
//! Not here: how a chunk gets from a file to the gate (`reading`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use arrow::array::RecordBatch;
use jiff::civil::Date;

use super::additional::{Finished, Lazy};
use super::bind;
use super::count::{Tally, Unlisted};
use super::reading::{Held, Splitting, read};
use super::sessions::{self, AllKnown};
use super::unknown;
use crate::assess::Assessment;
use crate::assess::gate::Gate;
use crate::config::plan::{Plan, Source};
use crate::error::Error;
use crate::fs;
use crate::lookup::Lookup;
use crate::parse::Parser;
use crate::protect;
use crate::protect::distinct::HashSeeds;
use crate::release;
use crate::release::table::Written;
use crate::source::{self, Input};
use crate::vault::custodian::Recipient;
use crate::vault::pseudonym::EpochSecret;

/// What the stages need besides the plan.
pub(super) struct Means<'a> {
    pub(super) secret: &'a EpochSecret,
    pub(super) recipient: &'a Recipient,
    pub(super) seeds: HashSeeds,
    /// Directory for the Parquet file, on the file system of the store.
    pub(super) store: PathBuf,
    /// Directory for sealed files, on the file system of the vault.
    pub(super) vault: PathBuf,
    /// The date whose logs are read.
    pub(super) date: Date,
    pub(super) progress: &'a (dyn Fn(u64) + Sync),
}

/// What became of one source.
pub(super) struct Made {
    pub(super) tally: Tally,
    /// `None` if there was no row.
    pub(super) output: Option<Output>,
    /// Sealed files, with what they hold.
    pub(super) sealed: Vec<(&'static str, Finished)>,
}

/// The table of a source.
pub(super) struct Output {
    pub(super) path: PathBuf,
    pub(super) written: Written,
    pub(super) assessment: Assessment,
}

/// Makes the table of one source.
pub(super) fn make(
    plan: &Plan,
    source: &Source,
    files: &[Input],
    known: &AllKnown<'_>,
    means: &Means<'_>,
) -> Result<Made, Error> {
    // `check` has made sure that a table has thresholds.
    let Some(assess) = &source.assess else {
        return Ok(Made { tally: Tally::default(), output: None, sealed: Vec::new() });
    };
    let cleared = |error| Error::Assess { source_name: source.name.clone(), source: error };
    let rules = bind::rules(plan, source, means.secret);
    let description = bind::table(plan, source, &rules, &means.date.to_string());
    let measure = bind::measure(assess, bind::schema(&rules));
    let keeps_mapping = plan.file.vault.as_ref().is_some_and(|vault| vault.mapping.is_some());
    let unnamed = fs::create_unnamed(&means.store)?;
    let mut gate = Gate::new(measure, unnamed, means.seeds);
    let outputs = rules.into_iter();
    let outputs = outputs.map(|rule| protect::Output::new(rule, means.seeds, keeps_mapping));
    let held = Held {
        outputs: outputs.collect(),
        splitting: Splitting::new(files.len(), means.lazy(source, "rejects"), means.progress),
    };
    let (parser, unlisted) = parser(source, files, means.date)?;
    let lookup = sessions::lookup(source, known);
    let held = read(source, files, (&parser, lookup.as_ref()), held, &mut gate)?;
    let Held { outputs, splitting: Splitting { rejects, counts, mut tally, .. } } = held;
    tally.unlisted = unlisted;
    tally.subjects = lookup.as_ref().map(Lookup::counts);
    within_rejects(source, files, &tally)?;
    none_twice(source, files, &tally)?;
    unknown::refuse(source, &tally)?;
    let mut sealed: Vec<(&'static str, Finished)> = Vec::new();
    sealed.extend(rejects.finish()?.map(|finished| ("rejects", finished)));
    if keeps_mapping {
        sealed.extend(mapping(&outputs, means.lazy(source, "mapping"))?.map(|f| ("mapping", f)));
    }
    drop(outputs);
    if gate.rows() == 0 {
        return Ok(Made { tally, output: None, sealed });
    }
    let mut suppressed = means.lazy(source, "suppressed");
    let file_rows = counts.iter().map(|lines| lines.rows).collect();
    let sink = Box::new(|rows: &RecordBatch| suppressed.rows(rows));
    let mut table = gate.clear(file_rows, sink).map_err(cleared)?;
    // No name that readers of Parquet folders look for, until it is published.
    let path = means.store.join(format!("{}.partial", source.name));
    let written = release::write(&path, &description, &mut table).map_err(|error| match error {
        release::table::Stopped::RowGroup(error) => cleared(error),
        release::table::Stopped::Fault(fault) => Error::Release(fault),
    })?;
    for (file, gone) in tally.files.iter_mut().zip(table.suppressed_by_file()) {
        file.lines.suppressed = *gone;
        file.lines.rows -= gone;
    }
    let assessment = table.assessment().clone();
    drop(table);
    sealed.extend(suppressed.finish()?.map(|finished| ("suppressed", finished)));
    Ok(Made { tally, output: Some(Output { path, written, assessment }), sealed })
}

/// The parser of a source, and what the pipeline does not name. Every file must
/// have the fields that it names.
pub(super) fn parser(
    source: &Source,
    files: &[Input],
    date: Date,
) -> Result<(Parser, Unlisted), Error> {
    let path = || files.first().map(|file| file.path().to_owned()).unwrap_or_default();
    let parser = Parser::dated(&source.format, &source.wanted(), date)
        .map_err(|error| Error::Fields { path: path(), source: error })?;
    let mut columns = BTreeSet::new();
    for file in files {
        let head = source::head(file, source.format.cut())?;
        parser
            .check_head(&head)
            .map_err(|error| Error::Fields { path: file.path().to_owned(), source: error })?;
        columns.extend(parser.columns(&head));
    }
    let wanted = source.wanted();
    let is_listed = |name: &[u8]| {
        let listed = source.listed.iter().map(String::as_str);
        listed.chain(wanted.iter().copied()).any(|listed| listed.as_bytes() == name)
    };
    columns.retain(|name| !is_listed(name));
    Ok((parser, Unlisted { fields: source.unlisted.clone(), columns: columns.len() as u64 }))
}

pub(super) fn within_rejects(source: &Source, files: &[Input], tally: &Tally) -> Result<(), Error> {
    let total = tally.total();
    if source.max_rejects.allows(total.rejected, total.lines) {
        return Ok(());
    }
    let (file, line) = tally.first_reject.unwrap_or_default();
    Err(Error::Rejects {
        source_name: source.name.clone(),
        rejected: total.rejected,
        lines: total.lines,
        limit_ppm: source.max_rejects.parts_per_million(),
        reason: tally.main_reason().unwrap_or_default().to_owned(),
        path: files[file].path().to_owned(),
        line,
    })
}

/// A file under two names: every row would be there twice, and every class look
/// twice as large.
pub(super) fn none_twice(source: &Source, files: &[Input], tally: &Tally) -> Result<(), Error> {
    let mut seen = BTreeMap::new();
    // Two tables may well be the same header.
    let read = tally.files.iter().zip(files).filter(|(file, _)| file.lines.rows > 0);
    for (file, input) in read {
        if let Some(first) = seen.insert(&file.sha256, input) {
            return Err(Error::SameInput {
                source_name: source.name.clone(),
                first: first.path().to_owned(),
                second: input.path().to_owned(),
            });
        }
    }
    Ok(())
}

fn mapping(outputs: &[protect::Output], mut mapping: Lazy<'_>) -> Result<Option<Finished>, Error> {
    for output in outputs {
        for (raw, pseudonym) in output.pairs() {
            if let Err(error) = mapping.pair(&output.rule().name, raw, pseudonym) {
                return Err(mapping.failed(error));
            }
        }
    }
    Ok(mapping.finish()?)
}

impl<'a> Means<'a> {
    pub(super) fn lazy(&self, source: &Source, kind: &str) -> Lazy<'a> {
        Lazy::new(self.vault.join(format!("{}.{kind}.age", source.name)), self.recipient)
    }
}

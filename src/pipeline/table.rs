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
use super::count::{BY_RULE, Lines, Tally, Unlisted};
use super::plan::before::Before;
use super::reading::{Held, Splitting, Taker, read};
use super::sessions::{self, AllKnown};
use super::unknown;
use super::witness::{self, Witness};
use crate::aside::Aside;
use crate::assess::Assessment;
use crate::assess::gate::Gate;
use crate::assess::leak::{LeakTest, Sought};
use crate::assess::settings::Settings;
use crate::config::plan::{Plan, Source};
use crate::error::Error;
use crate::fs;
use crate::lookup::Lookup;
use crate::parse::{self, Parser};
use crate::protect;
use crate::protect::distinct::HashSeeds;
use crate::protect::identifiers::Identifiers;
use crate::protect::whole::Whole;
use crate::release;
use crate::release::table::Written;
use crate::scan;
use crate::source::{self, Input};
use crate::vault::custodian::Recipient;
use crate::vault::ephemeral::Ephemeral;
use crate::vault::pseudonym::EpochSecret;

/// What the stages need besides the plan.
pub(super) struct Means<'a> {
    pub(super) secret: &'a EpochSecret,
    /// Whom additional information is sealed for; `None` if none is kept.
    pub(super) recipient: Option<&'a Recipient>,
    pub(super) seeds: HashSeeds,
    /// Key of what waits in files.
    pub(super) ephemeral: Ephemeral,
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

/// A source that was read and counted; what of it may be released is not decided yet.
pub(super) struct Gathered<'a> {
    pub(super) tally: Tally,
    pub(super) outputs: Vec<protect::Output>,
    pub(super) gate: Gate,
    pub(super) leak_test: LeakTest,
    /// Rows of each file at the gate.
    pub(super) file_rows: Vec<u64>,
    pub(super) before: Option<Before>,
    rejects: Lazy<'a>,
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
    let gathered = gather(plan, (source, assess), files, known, means, None)?;
    let Gathered { mut tally, outputs, gate, leak_test, file_rows, rejects, .. } = gathered;
    let mut sealed: Vec<(&'static str, Finished)> = Vec::new();
    sealed.extend(rejects.finish()?.map(|finished| ("rejects", finished)));
    if keeps_mapping(plan) {
        sealed.extend(mapping(&outputs, means.lazy(source, "mapping"))?.map(|f| ("mapping", f)));
    }
    let description = bind::table(plan, source, &bind::rules(source, 0), &means.date.to_string());
    drop(outputs);
    if gate.rows() == 0 {
        return Ok(Made { tally, output: None, sealed });
    }
    let mut suppressed = means.lazy(source, "suppressed");
    let sink = Box::new(|rows: &RecordBatch| suppressed.rows(rows));
    let mut table = gate.clear(file_rows, sink, leak_test).map_err(cleared)?;
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

fn keeps_mapping(plan: &Plan) -> bool {
    plan.file.vault.as_ref().is_some_and(|vault| vault.mapping.is_some())
}

/// Reads a source to its last line, protects its rows and has them counted. `before`
/// counts values as they are logged.
pub(super) fn gather<'a>(
    plan: &Plan,
    (source, assess): (&Source, &Settings),
    files: &[Input],
    known: &AllKnown<'_>,
    means: &Means<'a>,
    before: Option<Before>,
) -> Result<Gathered<'a>, Error> {
    let Parsing { parser, unlisted, extra } = parser(source, files, means.date)?;
    let rules = bind::rules(source, extra);
    let table = format!("{}/{}", source.name, means.date);
    let keys = bind::keys(plan, means.secret, &table);
    let row_rules = bind::row_rules(source, &keys);
    let measure = bind::measure(assess, bind::schema(&rules));
    let subject = measure.subject;
    let mut gate = Gate::new(measure, means.aside()?, keys.order_of_rows(), means.seeds);
    let outputs = rules.into_iter();
    let outputs: Vec<_> = outputs
        .map(|rule| protect::Output::new(rule, &keys, means.seeds, keeps_mapping(plan)))
        .collect();
    let mut whole = if Whole::is_needed(&outputs, &row_rules) {
        Some(Whole::new(&outputs, subject, row_rules, means.aside()?, means.seeds))
    } else {
        None
    };
    let held = Held {
        outputs,
        witness: Witness::new(source, extra, means.seeds),
        before,
        splitting: Splitting::new(files.len(), means.lazy(source, "rejects"), means.progress),
    };
    let lookup = sessions::lookup(source, known);
    let taker = match &mut whole {
        Some(whole) => Taker::Whole(whole),
        None => Taker::Gate(&mut gate),
    };
    let held = read(source, files, (&parser, lookup.as_ref()), held, taker)?;
    let Held { mut outputs, witness, before, splitting } = held;
    let Splitting { rejects, mut counts, mut tally, .. } = splitting;
    tally.unlisted = unlisted;
    tally.subjects = lookup.as_ref().map(Lookup::counts);
    within_rejects(source, files, &tally)?;
    none_twice(source, files, &tally)?;
    unknown::refuse(source, &tally)?;
    resident(source, &tally)?;
    if let Some(whole) = whole {
        settle(source, whole, &mut outputs, &mut counts, &mut tally, &mut gate)?;
        // In texts that were held they are found only now.
        resident(source, &tally)?;
    }
    let leak_test = leak_test(&mut outputs, witness, subject, means.seeds);
    let file_rows = counts.iter().map(|lines| lines.rows).collect();
    Ok(Gathered { tally, outputs, gate, leak_test, file_rows, before, rejects })
}

/// The test of what comes out against what went in. Identifiers of which a column has
/// parts are set apart, so that it is tested against all others alone.
fn leak_test(
    outputs: &mut [protect::Output],
    witness: Witness,
    subject: usize,
    seeds: HashSeeds,
) -> LeakTest {
    let parted: BTreeSet<String> = outputs
        .iter()
        .filter(|output| output.rule().has_parts())
        .map(|output| output.rule().field.clone())
        .collect();
    let place = |field: &str| parted.iter().position(|of| of == field);
    let columns = outputs.iter().map(protect::Output::rule).map(|rule| Sought {
        is_carried: rule.carries(),
        is_interval: rule.is_interval(),
        is_permuted: rule.refinement.is_permuted,
        parts_of: place(&rule.field).filter(|_| rule.has_parts()),
    });
    let columns = columns.collect();
    let mut identifiers = witness.into_identifiers();
    let mut apart: Vec<Identifiers> = parted.iter().map(|_| Identifiers::new(seeds)).collect();
    for output in outputs {
        let Some(of) = output.take_identifiers() else { continue };
        match place(&output.rule().field) {
            Some(place) => apart[place].merge(of),
            None => identifiers.merge(of),
        }
    }
    LeakTest::new(identifiers, apart, columns, subject)
}

/// Decides what needs all rows, and takes those that stay to the gate. The others are
/// excluded, and counted by why.
fn settle(
    source: &Source,
    whole: Whole,
    outputs: &mut [protect::Output],
    counts: &mut [Lines],
    tally: &mut Tally,
    gate: &mut Gate,
) -> Result<(), Error> {
    let name = || source.name.clone();
    let unsettled = |error| Error::Protect { source_name: name(), source: error };
    let file_rows = counts.iter().map(|lines| lines.rows).collect();
    let mut settled = whole.settle(outputs, file_rows).map_err(unsettled)?;
    for protected in settled.by_ref() {
        gate.add(protected.map_err(unsettled)?)
            .map_err(|error| Error::Assess { source_name: name(), source: error })?;
    }
    for ((lines, file), gone) in counts.iter_mut().zip(&mut tally.files).zip(settled.gone_by_file())
    {
        for lines in [lines, &mut file.lines] {
            lines.rows -= gone;
            lines.excluded += gone;
        }
    }
    let gone = settled.gone();
    for (reason, rows) in BY_RULE.into_iter().zip([gone.not_sampled, gone.dropped]) {
        if rows > 0 {
            *tally.excluded_by.entry(reason).or_default() += rows;
        }
    }
    let notes = settled.notes();
    tally.changes.clone_from(&notes.changes);
    tally.undecoded.extend(notes.undecoded.clone());
    tally.masked.extend(notes.masked.clone());
    tally.masked_rows.extend(notes.masked_rows.clone());
    Ok(())
}

/// Resident numbers stop a source: without a statute nothing may be made of them.
fn resident(source: &Source, tally: &Tally) -> Result<(), Error> {
    let columns = tally.masked.iter();
    let columns = columns.filter_map(|(name, masked)| {
        masked.get(&scan::Kind::Resident).map(|rows| (name.clone(), *rows))
    });
    let columns: Vec<_> = columns.collect();
    if columns.is_empty() {
        return Ok(());
    }
    Err(Error::Resident { source_name: source.name.clone(), columns })
}

/// How a source is read.
pub(super) struct Parsing {
    pub(super) parser: Parser,
    /// What the pipeline does not name.
    pub(super) unlisted: Unlisted,
    /// Fields behind those that are wanted, against which the output is tested.
    pub(super) extra: usize,
}

/// The parser of a source, and what the pipeline does not name. Every file must
/// have the fields that it names.
pub(super) fn parser(source: &Source, files: &[Input], date: Date) -> Result<Parsing, Error> {
    let path = || files.first().map(|file| file.path().to_owned()).unwrap_or_default();
    let wanted = source.wanted();
    // Of sessions nothing is put out.
    let (extra, sought) = match source.sessions {
        Some(_) => (Vec::new(), parse::Sought::default()),
        None => (witness::fields(source), witness::sought(source)),
    };
    let all: Vec<&str> = wanted.iter().copied().chain(extra.iter().map(String::as_str)).collect();
    let parser = Parser::seeking(&source.format, &all, date, &sought)
        .map_err(|error| Error::Fields { path: path(), source: error })?;
    let mut columns = BTreeSet::new();
    for file in files {
        let head = source::head(file, source.format.cut())?;
        parser
            .check_head(&head)
            .map_err(|error| Error::Fields { path: file.path().to_owned(), source: error })?;
        columns.extend(parser.columns(&head));
    }
    let is_listed = |name: &[u8]| {
        let listed = source.listed.iter().map(String::as_str);
        listed.chain(wanted.iter().copied()).any(|listed| listed.as_bytes() == name)
    };
    columns.retain(|name| !is_listed(name));
    let unlisted = Unlisted { fields: source.unlisted.clone(), columns: columns.len() as u64 };
    Ok(Parsing { parser, unlisted, extra: extra.len() })
}

pub(super) fn within_rejects(source: &Source, files: &[Input], tally: &Tally) -> Result<(), Error> {
    let total = tally.total();
    if source.max_rejects.allows(total.rejected, total.lines) {
        return Ok(());
    }
    let reason = tally.main_reason().unwrap_or_default();
    let (file, line) = tally.first_rejects.get(reason).copied().unwrap_or_default();
    Err(Error::Rejects {
        source_name: source.name.clone(),
        rejected: total.rejected,
        lines: total.lines,
        limit_ppm: source.max_rejects.parts_per_million(),
        reason: reason.to_owned(),
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
    /// A file for rows that wait.
    fn aside(&self) -> Result<Aside, Error> {
        Ok(Aside::new(fs::create_unnamed(&self.store)?, self.ephemeral.cover()))
    }

    pub(super) fn lazy(&self, source: &Source, kind: &str) -> Lazy<'a> {
        Lazy::new(self.vault.join(format!("{}.{kind}.age", source.name)), self.recipient)
    }
}

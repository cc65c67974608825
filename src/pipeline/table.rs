//! One source in; its Parquet file, its sealed additional information and the
//! count of every line out.
//!
//! ```text
//! read, digest ─► chunks ─► parse in parallel, split,     ─► row groups ─► count,
//!  (a thread)               protect column by column            lay aside (a thread)
//! ```
//!
//! Batches differ with the number of threads; chunks and row groups do not.
//! At most one row group is being filled and one counted.

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use arrow::array::RecordBatch;
use data_encoding::HEXLOWER;
use rayon::prelude::*;

use super::additional::{Finished, Lazy};
use super::bind;
use super::count::{File, Lines, Tally};
use crate::assess::Assessment;
use crate::assess::gate::Gate;
use crate::config::plan::{Plan, Source};
use crate::error::Error;
use crate::fs;
use crate::parse::{Columns, Parser};
use crate::protect::distinct::HashSeeds;
use crate::protect::{Protected, Table};
use crate::release;
use crate::release::table::Written;
use crate::source::{self, CHUNK_BYTES, Chunk, Reader, Seen};
use crate::split::{self, Divided};
use crate::vault::custodian::Recipient;
use crate::vault::pseudonym::EpochSecret;

/// Chunks per thread that are worked on at a time.
const CHUNKS_PER_THREAD: usize = 4;

/// A row group is ended by the first chunk that brings it to this many rows:
/// large ones compress better, small ones need less memory …
const ROW_GROUP_ROWS: usize = 1 << 19;

/// … or to this many bytes of input, whichever is first. Text in a row group
/// stays far below the 2 GiB that its offsets can count.
const ROW_GROUP_BYTES: usize = 512 << 20;

/// What the stages need besides the plan.
pub(super) struct Means<'a> {
    pub(super) secret: &'a EpochSecret,
    pub(super) recipient: &'a Recipient,
    pub(super) seeds: HashSeeds,
    /// Directory for the Parquet file, on the file system of the store.
    pub(super) store: PathBuf,
    /// Directory for sealed files, on the file system of the vault.
    pub(super) vault: PathBuf,
    pub(super) date: String,
    pub(super) progress: &'a dyn Fn(u64),
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
    files: &[PathBuf],
    means: &Means<'_>,
) -> Result<Made, Error> {
    let cleared = |error| Error::Assess { source_name: source.name.clone(), source: error };
    let rules = bind::rules(plan, source, means.secret);
    let description = bind::table(plan, source, &rules, &means.date);
    let measure = bind::measure(source, bind::schema(&rules));
    let keeps_mapping = plan.file.vault.as_ref().is_some_and(|vault| vault.mapping.is_some());
    let unnamed = fs::create_unnamed(&means.store)?;
    let mut work = Work {
        source,
        files,
        parser: parser(source, files)?,
        table: Table::new(rules, means.seeds, keeps_mapping),
        group: Group::default(),
        rejects: means.lazy(source, "rejects"),
        counts: vec![Lines::default(); files.len()],
        tally: Tally::default(),
    };
    let mut gate = Gate::new(measure, unnamed, means.seeds);
    work.read(means, &mut gate)?;
    work.within_rejects()?;
    let Work { table, rejects, counts, mut tally, .. } = work;
    let mut sealed: Vec<(&'static str, Finished)> = Vec::new();
    sealed.extend(rejects.finish()?.map(|finished| ("rejects", finished)));
    if keeps_mapping {
        sealed.extend(mapping(&table, means.lazy(source, "mapping"))?.map(|f| ("mapping", f)));
    }
    drop(table);
    if gate.rows() == 0 {
        return Ok(Made { tally, output: None, sealed });
    }
    let mut suppressed = means.lazy(source, "suppressed");
    let file_rows = counts.iter().map(|lines| lines.rows).collect();
    let sink = Box::new(|rows: &RecordBatch| suppressed.rows(rows));
    let mut table = gate.clear(file_rows, sink).map_err(cleared)?;
    let path = means.store.join(format!("{}.parquet", source.name));
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

/// The parser of a source. Every file must have the fields of the pipeline.
fn parser(source: &Source, files: &[PathBuf]) -> Result<Parser, Error> {
    let path = || files.first().cloned().unwrap_or_default();
    let parser = Parser::new(source.format, &source.wanted())
        .map_err(|error| Error::Fields { path: path(), source: error })?;
    for path in files {
        let head = source::head(path, source.format.cut())?;
        parser
            .check_head(&head)
            .map_err(|error| Error::Fields { path: path.clone(), source: error })?;
    }
    Ok(parser)
}

fn mapping(table: &Table, mut mapping: Lazy<'_>) -> Result<Option<Finished>, Error> {
    for (column, raw, pseudonym) in table.pairs() {
        if let Err(error) = mapping.pair(column, raw, pseudonym) {
            return Err(mapping.failed(error));
        }
    }
    Ok(mapping.finish()?)
}

impl<'a> Means<'a> {
    fn lazy(&self, source: &Source, kind: &str) -> Lazy<'a> {
        Lazy::new(self.vault.join(format!("{}.{kind}.age", source.name)), self.recipient)
    }
}

/// A source under way.
struct Work<'a> {
    source: &'a Source,
    files: &'a [PathBuf],
    parser: Parser,
    table: Table,
    group: Group,
    rejects: Lazy<'a>,
    counts: Vec<Lines>,
    tally: Tally,
}

/// The row group under way.
#[derive(Default)]
struct Group {
    rows: usize,
    bytes: usize,
}

impl Group {
    fn is_full(&self) -> bool {
        self.rows >= ROW_GROUP_ROWS || self.bytes >= ROW_GROUP_BYTES
    }
}

/// Reads all chunks ahead of whoever takes them, and what was read of the
/// files. Ends early if they are not taken any more.
fn read_ahead(
    mut reader: Reader,
    chunks: &SyncSender<Chunk>,
    used: &Receiver<Chunk>,
) -> Result<Vec<Seen>, source::Error> {
    while let Some(chunk) = reader.next()? {
        if chunks.send(chunk).is_err() {
            break;
        }
        while let Ok(chunk) = used.try_recv() {
            reader.recycle(chunk);
        }
    }
    Ok(reader.seen().to_vec())
}

impl Work<'_> {
    /// Takes all files through to the gate.
    fn read(&mut self, means: &Means<'_>, gate: &mut Gate) -> Result<(), Error> {
        let reader = source::open(self.files, self.source.format.cut(), CHUNK_BYTES);
        let at_a_time = rayon::current_num_threads() * CHUNKS_PER_THREAD;
        let source_name = self.source.name.clone();
        let seen = thread::scope(|scope| {
            let (to_here, chunks) = mpsc::sync_channel(at_a_time);
            let (to_reader, used) = mpsc::channel();
            let reading = scope.spawn(move || read_ahead(reader, &to_here, &used));
            let (to_gate, row_groups) = mpsc::sync_channel(0);
            let counting =
                scope.spawn(move || row_groups.iter().try_for_each(|rows| gate.add(rows)));

            let worked = self.work(means, &chunks, at_a_time, &to_gate, |chunk| {
                // If the reader is done it needs no memory.
                let _ = to_reader.send(chunk);
            });
            drop((chunks, to_gate));
            let seen = reading.join().unwrap_or_else(|panic| resume_unwind(panic));
            let counted = counting.join().unwrap_or_else(|panic| resume_unwind(panic));
            worked?;
            counted.map_err(|source| Error::Assess { source_name, source })?;
            Ok::<_, Error>(seen?)
        })?;
        for (seen, lines) in seen.iter().zip(&self.counts) {
            let sha256 = HEXLOWER.encode(&seen.sha256);
            self.tally.files.push(File { sha256, bytes: seen.bytes, lines: lines.clone() });
        }
        for (rule, unread) in self.table.rules().iter().zip(self.table.unread()) {
            if *unread > 0 {
                self.tally.unread.insert(rule.name.clone(), *unread);
            }
        }
        Ok(())
    }

    /// Takes chunks as they come, as many as there are but at most `at_a_time`,
    /// and gives them to `done`. Ends early if the gate takes no more.
    fn work(
        &mut self,
        means: &Means<'_>,
        chunks: &Receiver<Chunk>,
        at_a_time: usize,
        gate: &SyncSender<Protected>,
        done: impl Fn(Chunk),
    ) -> Result<(), Error> {
        while let Ok(first) = chunks.recv() {
            let mut batch = vec![first];
            batch.extend(chunks.iter().take(at_a_time - 1));
            if !self.batch(&batch, gate)? {
                return Ok(());
            }
            (means.progress)(batch.iter().map(|chunk| chunk.bytes.len() as u64).sum());
            batch.into_iter().for_each(&done);
        }
        if self.group.rows > 0 {
            self.end_group(gate);
        }
        Ok(())
    }

    /// False if the gate takes no more.
    fn batch(&mut self, chunks: &[Chunk], gate: &SyncSender<Protected>) -> Result<bool, Error> {
        let parser = &self.parser;
        let files = self.files;
        let parsed: Vec<Columns> = chunks
            .par_iter()
            .with_max_len(1)
            .map(|chunk| {
                parser.chunk(chunk).map_err(|error| Error::Fields {
                    path: files[chunk.file].clone(),
                    source: error,
                })
            })
            .collect::<Result<_, _>>()?;
        let mut ready: Vec<Divided> = Vec::with_capacity(parsed.len());
        for (chunk, columns) in chunks.iter().zip(parsed) {
            self.group.rows += columns.rows;
            self.group.bytes += chunk.bytes.len();
            ready.push(self.split(chunk, columns)?);
            // Row groups end at the same chunk however many are in a batch.
            if self.group.is_full() {
                self.table.push(&ready);
                ready.clear();
                if !self.end_group(gate) {
                    return Ok(false);
                }
            }
        }
        self.table.push(&ready);
        Ok(true)
    }

    /// False if the gate takes no more.
    fn end_group(&mut self, gate: &SyncSender<Protected>) -> bool {
        self.group = Group::default();
        gate.send(self.table.take()).is_ok()
    }

    fn within_rejects(&self) -> Result<(), Error> {
        let total = self.tally.total();
        if self.source.max_rejects.allows(total.rejected, total.lines) {
            return Ok(());
        }
        let (file, line) = self.tally.first_reject.unwrap_or_default();
        Err(Error::Rejects {
            source_name: self.source.name.clone(),
            rejected: total.rejected,
            lines: total.lines,
            limit_ppm: self.source.max_rejects.parts_per_million(),
            reason: self.tally.main_reason().unwrap_or_default().to_owned(),
            path: self.files[file].clone(),
            line,
        })
    }

    /// Counts the lines of a chunk and seals those that were rejected.
    fn split(&mut self, chunk: &Chunk, columns: Columns) -> Result<Divided, Error> {
        let counts = &mut self.counts[chunk.file];
        let before = counts.lines;
        counts.lines += columns.lines;
        counts.rows += columns.rows as u64;
        counts.blank += columns.blank;
        counts.rejected += columns.rejects.len() as u64;
        let (divided, rejected) = split::columns(columns, chunk.bytes.clone());
        for (line, bytes) in rejected.lines() {
            let reason = line.reason.code();
            let number = before + line.line + 1;
            if let Err(error) = self.rejects.reject(chunk.file, number, &reason, bytes) {
                return Err(self.rejects.failed(error));
            }
            self.tally.first_reject.get_or_insert((chunk.file, number));
            *self.tally.rejected_by.entry(reason).or_default() += 1;
        }
        Ok(divided)
    }
}

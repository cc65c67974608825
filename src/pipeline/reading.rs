//! Files in; row groups at the gate, sealed rejects and the count of every
//! line out.
//!
//! ```text
//! read ─► parse ─► lookup ─► split ─► column ─► column ─► … ─► gate
//! in order                    in order, one chunk at each      in order, one row group
//! ```
//!
//! A thread takes a chunk all the way, while it is in that core's cache, and
//! the others follow behind. So there are as many chunks as threads, and what
//! each station sees depends on the input alone. Whoever brings the end of a
//! row group has it counted, while the others fill the next one: a thread of its
//! own for that would take turns with one that the others wait for.
//!
//! Not here: what is done with the row groups.

use std::sync::{Mutex, PoisonError, TryLockError};
use std::thread;

use data_encoding::HEXLOWER;

use super::additional::Lazy;
use super::count::{File, Lines, Tally};
use super::plan::before::Before;
use super::station::Station;
use super::unknown::Watch;
use super::witness::Witness;
use crate::assess::gate::Gate;
use crate::config::plan::Source;
use crate::error::Error;
use crate::fs;
use crate::lookup::Lookup;
use crate::parse::{Columns, Parser};
use crate::protect::whole::Whole;
use crate::protect::{Output, Protected};
use crate::source::{self, CHUNK_BYTES, Chunk, Digest, Input, Reader, Seen};
use crate::split::{self, Divided};

/// A row group is ended by the first chunk that brings it to this many rows:
/// large ones compress better, small ones need less memory …
const ROW_GROUP_ROWS: usize = 1 << 19;

/// … or to this many bytes of input, whichever is first. Text in a row group
/// stays far below the 2 GiB that its offsets can count.
const ROW_GROUP_BYTES: usize = 512 << 20;

/// What is held while the files of a source are read.
pub(super) struct Held<'a> {
    pub(super) outputs: Vec<Output>,
    pub(super) witness: Witness,
    pub(super) before: Option<Before>,
    pub(super) splitting: Splitting<'a>,
}

/// Counts lines and seals those that were rejected.
pub(super) struct Splitting<'a> {
    pub(super) rejects: Lazy<'a>,
    pub(super) counts: Vec<Lines>,
    pub(super) tally: Tally,
    group: Group,
    progress: &'a (dyn Fn(u64) + Sync),
}

/// The row group under way.
#[derive(Default)]
struct Group {
    /// Those before it.
    number: u64,
    rows: usize,
    bytes: usize,
}

/// Takes all files through to the gate.
pub(super) fn read<'a>(
    source: &Source,
    files: &[Input],
    (parser, lookup): (&Parser, Option<&Lookup>),
    held: Held<'a>,
    gate: Taker<'_>,
) -> Result<Held<'a>, Error> {
    let reader = source::open(files, source.format.cut(), CHUNK_BYTES);
    let way = Way {
        source,
        files,
        parser,
        lookup,
        watch: Watch::new(source),
        digest: reader.digest().clone(),
        reading: Mutex::new(Reading { reader, turns: 0 }),
        splitting: Station::new(held.splitting),
        outputs: held.outputs.into_iter().map(Station::new).collect(),
        witness: Mutex::new(held.witness),
        before: held.before.map(Mutex::new),
        gate: Station::new(gate),
    };
    way.work()?;
    way.end()
}

/// The way of all chunks.
struct Way<'w, 'a> {
    source: &'w Source,
    files: &'w [Input],
    parser: &'w Parser,
    lookup: Option<&'w Lookup>,
    watch: Watch<'w>,
    /// What a thread does when it would have to wait.
    digest: Digest,
    reading: Mutex<Reading>,
    splitting: Station<Splitting<'a>>,
    outputs: Vec<Station<Output>>,
    /// Has no order: a set is the same whoever fills it.
    witness: Mutex<Witness>,
    /// Nor has this.
    before: Option<Mutex<Before>>,
    /// Its turns are row groups.
    gate: Station<Taker<'w>>,
}

struct Reading {
    reader: Reader,
    turns: u64,
}

/// Closes all stations when a thread stops before the input ends, also by a
/// panic: those behind it would wait for its turn. Those before it go on, so
/// that what the gate was given does not depend on who was faster.
struct Closing<'r, 'w, 'a> {
    way: &'r Way<'w, 'a>,
    /// The turn that will not pass.
    turn: u64,
    /// The row group that was not counted; of those after it none will be.
    row_group: u64,
    is_at_end: bool,
}

impl Drop for Closing<'_, '_, '_> {
    fn drop(&mut self) {
        if self.is_at_end {
            return;
        }
        // What a panic left behind is nothing to go on with.
        let is_over = thread::panicking();
        let from = |turn| if is_over { 0 } else { turn };
        self.way.splitting.close(from(self.turn));
        self.way.outputs.iter().for_each(|output| output.close(from(self.turn)));
        self.way.gate.close(from(self.row_group));
    }
}

impl<'a> Way<'_, 'a> {
    /// Takes all chunks along the way, on every thread that rayon has. Of
    /// the errors that were met the one that is first in the input.
    fn work(&self) -> Result<(), Error> {
        let ended = rayon::broadcast(|_| self.chunks());
        let errors = ended.into_iter().filter_map(Result::err);
        match errors.min_by_key(|(turn, _)| *turn) {
            Some((_, error)) => Err(error),
            None => Ok(()),
        }
    }

    /// Takes chunks along the way until there are no more. An error comes with
    /// the turn of its chunk.
    fn chunks(&self) -> Result<(), (u64, Error)> {
        let mut closing = Closing { way: self, turn: 0, row_group: u64::MAX, is_at_end: false };
        let mut used = None;
        loop {
            let next = self.next(used.take());
            if let Ok(Some((turn, _))) | Err((turn, _)) = &next {
                closing.turn = *turn;
            }
            let Some((turn, chunk)) = next? else { break };
            if !self.chunk(&mut closing, &chunk).map_err(|error| (turn, error))? {
                return Ok(());
            }
            used = Some(chunk);
        }
        closing.is_at_end = true;
        Ok(())
    }

    /// The next chunk, perhaps in the memory of one that was used.
    fn next(&self, used: Option<Chunk>) -> Result<Option<(u64, Chunk)>, (u64, Error)> {
        self.digest.relieve(rayon::current_num_threads());
        let reading = loop {
            match self.reading.try_lock() {
                Err(TryLockError::WouldBlock) if self.digest.piece() => {}
                Err(TryLockError::WouldBlock) => break self.reading.lock().ok(),
                locked => break locked.ok(),
            }
        };
        // Poisoned by a thread that panicked: there is nothing more to do.
        let Some(mut reading) = reading else { return Ok(None) };
        if let Some(chunk) = used {
            reading.reader.recycle(chunk);
        }
        let turn = reading.turns;
        reading.turns += 1;
        let chunk = reading.reader.next().map_err(|error| (turn, error.into()))?;
        Ok(chunk.map(|chunk| (turn, chunk)))
    }

    /// Takes one chunk along the way, and to the gate the row group that ends
    /// with it, if one does. False if the way was closed.
    fn chunk(&self, closing: &mut Closing<'_, '_, '_>, chunk: &Chunk) -> Result<bool, Error> {
        let turn = closing.turn;
        let meanwhile = || self.digest.piece();
        fs::panic_point("parse", &chunk.bytes);
        let columns = self.parser.chunk(chunk).map_err(|error| Error::Fields {
            path: self.files[chunk.file].path().to_owned(),
            source: error,
        })?;
        let mut columns = match self.lookup {
            Some(lookup) => lookup.add(columns),
            None => columns,
        };
        let found = self.watch.look(chunk, &mut columns);
        self.witness.lock().unwrap_or_else(PoisonError::into_inner).see(&columns);
        if let Some(before) = &self.before {
            before.lock().unwrap_or_else(PoisonError::into_inner).see(&columns);
        }
        let split = self.splitting.pass(turn, meanwhile, |splitting| {
            // One row group is filled while the one before is counted; with more
            // threads there would be more of them.
            let row_group = splitting.group.number;
            let is_open = self.gate.has_passed(row_group.saturating_sub(1), meanwhile);
            is_open.then(|| {
                splitting.tally.found.merge(found);
                let split = splitting.chunk(chunk, columns);
                if split.is_err() {
                    // Of the row groups from this one on none will be counted.
                    self.gate.close(row_group);
                }
                split
            })
        });
        let Some(split) = split.flatten() else { return Ok(false) };
        let (divided, ended) = split?;
        let (mut arrays, mut is_stopped) = (Vec::new(), false);
        for output in &self.outputs {
            let passed = output.pass(turn, meanwhile, |output| {
                fs::panic_point("protect", &chunk.bytes);
                output.push(&divided);
                ended.is_some().then(|| (output.take(), output.has_residents()))
            });
            let Some(taken) = passed else { return Ok(false) };
            if let Some((array, has_residents)) = taken {
                arrays.push(array);
                is_stopped |= has_residents;
            }
        }
        let Some((row_group, rows)) = ended else { return Ok(true) };
        closing.row_group = row_group;
        let protected = Protected { arrays, rows };
        let counted = self.gate.pass(row_group, meanwhile, |gate| {
            // It will be refused: of a resident number not even a rounded one is laid aside.
            if is_stopped { Ok(()) } else { count(self.source, gate, protected) }
        });
        let Some(counted) = counted else { return Ok(false) };
        counted?;
        closing.row_group = u64::MAX;
        Ok(true)
    }

    /// Has the last row group counted, and gives what was held.
    fn end(self) -> Result<Held<'a>, Error> {
        let mut splitting = self.splitting.into_inner();
        let mut outputs: Vec<_> = self.outputs.into_iter().map(Station::into_inner).collect();
        if splitting.group.rows > 0 {
            let rows = splitting.group.rows;
            let arrays = outputs.iter_mut().map(Output::take).collect();
            if !outputs.iter().any(Output::has_residents) {
                count(self.source, &mut self.gate.into_inner(), Protected { arrays, rows })?;
            }
        }
        let reading = self.reading.into_inner().unwrap_or_else(PoisonError::into_inner);
        splitting.seen(reading.reader.seen());
        for output in &outputs {
            if output.unread() > 0 {
                splitting.tally.unread.insert(output.rule().name.clone(), output.unread());
            }
            if output.undecoded() > 0 {
                let name = output.rule().name.clone();
                splitting.tally.undecoded.insert(name, output.undecoded());
            }
            if !output.masked().is_empty() {
                let name = output.rule().name.clone();
                splitting.tally.masked_rows.insert(name.clone(), output.masked_rows());
                splitting.tally.masked.insert(name, output.masked());
            }
            if output.randomised() > 0 {
                splitting.tally.randomised.insert(output.rule().name.clone(), output.randomised());
            }
        }
        let witness = self.witness.into_inner().unwrap_or_else(PoisonError::into_inner);
        let before = self.before.map(Mutex::into_inner);
        let before = before.map(|before| before.unwrap_or_else(PoisonError::into_inner));
        Ok(Held { outputs, witness, before, splitting })
    }
}

/// Takes row groups, in the order of the input.
pub(super) enum Taker<'a> {
    /// They are protected.
    Gate(&'a mut Gate),
    /// They need all values first.
    Whole(&'a mut Whole),
}

fn count(source: &Source, taker: &mut Taker<'_>, row_group: Protected) -> Result<(), Error> {
    let source_name = || source.name.clone();
    match taker {
        Taker::Gate(gate) => gate
            .add(row_group)
            .map_err(|source| Error::Assess { source_name: source_name(), source }),
        Taker::Whole(whole) => whole
            .add(row_group)
            .map_err(|source| Error::Protect { source_name: source_name(), source }),
    }
}

impl<'a> Splitting<'a> {
    pub(super) fn new(files: usize, rejects: Lazy<'a>, progress: &'a (dyn Fn(u64) + Sync)) -> Self {
        let counts = vec![Lines::default(); files];
        Self { rejects, counts, tally: Tally::default(), group: Group::default(), progress }
    }

    /// Splits a chunk; and if it ends a row group, the number of that and how
    /// many rows it has.
    pub(super) fn chunk(
        &mut self,
        chunk: &Chunk,
        columns: Columns,
    ) -> Result<(Divided, Option<(u64, usize)>), Error> {
        self.group.rows += columns.rows;
        self.group.bytes += chunk.bytes.len();
        (self.progress)(chunk.bytes.len() as u64);
        let is_full = self.group.rows >= ROW_GROUP_ROWS || self.group.bytes >= ROW_GROUP_BYTES;
        let ended = is_full.then(|| {
            let Group { number, rows, .. } = self.group;
            self.group = Group { number: number + 1, ..Group::default() };
            (number, rows)
        });
        Ok((self.split(chunk, columns)?, ended))
    }

    /// Notes which files were read, with the counts of each.
    pub(super) fn seen(&mut self, files: &[Seen]) {
        for (seen, lines) in files.iter().zip(&self.counts) {
            let sha256 = HEXLOWER.encode(&seen.sha256);
            self.tally.files.push(File { sha256, bytes: seen.bytes, lines: lines.clone() });
        }
    }

    /// Counts the lines of a chunk and seals those that were rejected.
    fn split(&mut self, chunk: &Chunk, columns: Columns) -> Result<Divided, Error> {
        let counts = &mut self.counts[chunk.file];
        let before = counts.lines;
        counts.lines += columns.lines;
        counts.rows += columns.rows as u64;
        counts.blank += columns.blank;
        counts.rejected += columns.rejects.len() as u64;
        for (reason, lines) in &columns.excluded {
            counts.excluded += lines;
            *self.tally.excluded_by.entry(reason).or_default() += lines;
        }
        let (divided, rejected) = split::columns(columns, chunk.bytes.clone());
        for (line, bytes) in rejected.lines() {
            let reason = line.reason.code();
            let number = before + line.line + 1;
            if let Err(error) = self.rejects.reject(chunk.file, number, &reason, bytes) {
                return Err(self.rejects.failed(error));
            }
            let first = self.tally.first_rejects.entry(reason.clone());
            first.or_insert((chunk.file, number));
            *self.tally.rejected_by.entry(reason).or_default() += 1;
        }
        Ok(divided)
    }
}

//! Row groups as they are made in; one after the other to the writer out.
//!
//! ```text
//!            ┌─► column ─┐
//! make ──────┼─► column ─┼──────► write
//! in order   └─► column ─┘     in order
//! ```
//!
//! Whoever is free takes the next step that can be taken. So a column of the
//! next row group is begun while the last ones of this one are under way, and
//! nobody waits for the largest. Each step sees the row groups in their order:
//! the file does not depend on who takes which.
//!
//! Memory: two row groups that are not written, and one that is being written.
//!
//! Not here: what a step does.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use arrow::array::{ArrayRef, RecordBatch};

use super::column::{Chunk, Encoder};
use super::writer::{Encoded, Writer};
use super::{Column, Fault, Stopped};

/// Row groups between the one who makes them and the writer.
const MOST_IN_FLIGHT: usize = 2;

/// All steps, and what is between them.
pub(super) struct Flow<'a, I, E: Error + 'static> {
    columns: &'a [Column],
    state: Mutex<State<I, E>>,
    moved: Condvar,
}

/// Whoever takes a step takes out what it needs, and puts it back.
struct State<I, E: Error + 'static> {
    row_groups: Option<I>,
    is_at_end: bool,
    encoders: Vec<Slot>,
    in_flight: VecDeque<RowGroup>,
    /// The number of the first row group in flight.
    first: u64,
    /// Steps that were taken and are not done.
    under_way: usize,
    /// Memory of chunks that were written.
    reusable: Vec<Vec<Vec<u8>>>,
    /// What went wrong first, in the order of the steps, and where.
    stopped: Option<(Place, Stopped<E>)>,
    /// A thread panicked.
    is_over: bool,
}

struct Slot {
    encoder: Option<Box<Encoder>>,
    /// The row group that it takes next.
    next: u64,
}

/// One that the writer does not have yet.
struct RowGroup {
    rows: usize,
    /// Those that nobody has begun with.
    arrays: Vec<Option<ArrayRef>>,
    chunks: Vec<Option<Chunk>>,
    /// Memory for chunks.
    reusable: Vec<Vec<u8>>,
}

/// A step of a row group, as one thread would take them one after the other.
type Place = (u64, Step);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Make,
    Encode(usize),
    Write,
}

/// What one thread has to itself.
enum Taken<I> {
    Making {
        group: u64,
        row_groups: I,
    },
    Encoding {
        group: u64,
        column: usize,
        encoder: Box<Encoder>,
        array: ArrayRef,
        reusable: Vec<u8>,
    },
}

impl<'a, I, E> Flow<'a, I, E>
where
    I: Iterator<Item = Result<RecordBatch, E>> + Send,
    E: Error + Send + 'static,
{
    /// Before the first step. There is one encoder for each column.
    pub(super) fn new(columns: &'a [Column], encoders: Vec<Encoder>, row_groups: I) -> Self {
        let slot = |encoder| Slot { encoder: Some(Box::new(encoder)), next: 0 };
        let state = State {
            row_groups: Some(row_groups),
            is_at_end: false,
            encoders: encoders.into_iter().map(slot).collect(),
            in_flight: VecDeque::new(),
            first: 0,
            under_way: 0,
            reusable: Vec::new(),
            stopped: None,
            is_over: false,
        };
        Self { columns, state: Mutex::new(state), moved: Condvar::new() }
    }

    /// Makes and encodes until nothing is left of that. Any number of threads.
    pub(super) fn encode(&self) {
        let _leaving = Leaving(self);
        while let Some(taken) = self.take(State::take_step) {
            match taken {
                Taken::Making { group, row_groups } => self.make(group, row_groups),
                Taken::Encoding { group, column, mut encoder, array, reusable } => {
                    let chunk = encoder.encode(&array, reusable);
                    drop(array);
                    self.done((group, Step::Encode(column)), |state| {
                        state.encoders[column] = Slot { encoder: Some(encoder), next: group + 1 };
                        let chunk = chunk.map_err(|source| self.columns[column].fault(source))?;
                        state.row_group(group).chunks[column] = Some(chunk);
                        Ok(())
                    });
                }
            }
        }
    }

    /// Writes until nothing is left. One thread, which waits for the disk.
    pub(super) fn write(&self, mut writer: Writer<'a>) -> Writer<'a> {
        let _leaving = Leaving(self);
        while let Some((group, encoded)) = self.take(State::take_whole) {
            // There is room for the next one.
            self.moved.notify_all();
            let written = writer.append(encoded);
            self.done((group, Step::Write), |state| {
                state.reusable.push(written?);
                Ok(())
            });
        }
        writer
    }

    /// Why not all steps were taken, if so.
    pub(super) fn into_result(self) -> Result<(), Stopped<E>> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.stopped.map_or(Ok(()), |(_, stopped)| Err(stopped))
    }

    fn make(&self, group: u64, mut row_groups: I) {
        // One without rows is left out.
        let made = row_groups.find(|rows| !matches!(rows, Ok(rows) if rows.num_rows() == 0));
        self.done((group, Step::Make), |state| {
            state.row_groups = Some(row_groups);
            let Some(rows) = made.transpose().map_err(Stopped::RowGroup)? else {
                state.is_at_end = true;
                return Ok(());
            };
            let (found, expected) = (rows.num_columns(), self.columns.len());
            if found != expected {
                return Err(Fault::Columns { found, expected }.into());
            }
            let mut reusable = state.reusable.pop().unwrap_or_default();
            reusable.resize_with(expected, Vec::new);
            state.in_flight.push_back(RowGroup {
                rows: rows.num_rows(),
                arrays: rows.columns().iter().cloned().map(Some).collect(),
                chunks: self.columns.iter().map(|_| None).collect(),
                reusable,
            });
            Ok(())
        });
    }
}

impl<I, E: Error + 'static> Flow<'_, I, E> {
    /// Waits until there is something for this thread. `None` if there will not
    /// be.
    fn take<T>(&self, take: impl Fn(&mut State<I, E>) -> Option<T>) -> Option<T> {
        let mut state = self.state();
        loop {
            if state.is_over {
                return None;
            }
            if let Some(taken) = take(&mut state) {
                state.under_way += 1;
                return Some(taken);
            }
            if state.under_way == 0 && state.next_step().or(state.next_whole()).is_none() {
                return None;
            }
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends a step that was taken.
    fn done(&self, place: Place, put: impl FnOnce(&mut State<I, E>) -> Result<(), Stopped<E>>) {
        let mut state = self.state();
        state.under_way -= 1;
        if let Err(stopped) = put(&mut state)
            && state.is_before_stop(&place)
        {
            state.stopped = Some((place, stopped));
        }
        drop(state);
        self.moved.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State<I, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I, E: Error + 'static> State<I, E> {
    /// What can be made or encoded: the earliest row group first.
    fn next_step(&self) -> Option<Place> {
        let free = (self.first..).zip(&self.in_flight).flat_map(|(group, row_group)| {
            let columns = self.encoders.iter().zip(&row_group.arrays).enumerate();
            let free = columns.filter(move |(_, (slot, array))| {
                slot.next == group && slot.encoder.is_some() && array.is_some()
            });
            free.map(move |(column, _)| (group, Step::Encode(column)))
        });
        let has_room = self.in_flight.len() < MOST_IN_FLIGHT && !self.is_at_end;
        let number = self.first + self.in_flight.len() as u64;
        let make = (has_room && self.row_groups.is_some()).then_some((number, Step::Make));
        free.chain(make).find(|place| self.is_before_stop(place))
    }

    fn take_step(&mut self) -> Option<Taken<I>> {
        match self.next_step()? {
            (group, Step::Encode(column)) => {
                let encoder = self.encoders[column].encoder.take()?;
                let row_group = self.row_group(group);
                let array = row_group.arrays[column].take()?;
                let reusable = std::mem::take(&mut row_group.reusable[column]);
                Some(Taken::Encoding { group, column, encoder, array, reusable })
            }
            (group, _) => Some(Taken::Making { group, row_groups: self.row_groups.take()? }),
        }
    }

    /// The first row group, if all of it is encoded.
    fn next_whole(&self) -> Option<Place> {
        let is_whole = self.in_flight.front()?.chunks.iter().all(Option::is_some);
        let place = (self.first, Step::Write);
        (is_whole && self.is_before_stop(&place)).then_some(place)
    }

    fn take_whole(&mut self) -> Option<(u64, Encoded)> {
        let (group, _) = self.next_whole()?;
        let RowGroup { rows, chunks, .. } = self.in_flight.pop_front()?;
        self.first += 1;
        let chunks = chunks.into_iter().flatten().collect();
        Some((group, Encoded { chunks, rows: rows as u64 }))
    }

    fn is_before_stop(&self, place: &Place) -> bool {
        self.stopped.as_ref().is_none_or(|(stop, _)| place < stop)
    }

    /// One that is in flight: it stays so until all of it is encoded.
    fn row_group(&mut self, number: u64) -> &mut RowGroup {
        let index = usize::try_from(number - self.first).unwrap_or(usize::MAX);
        &mut self.in_flight[index]
    }
}

/// Sends all threads away when one of them panics.
struct Leaving<'f, 'a, I, E: Error + 'static>(&'f Flow<'a, I, E>);

impl<I, E: Error + 'static> Drop for Leaving<'_, '_, I, E> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.state().is_over = true;
            self.0.moved.notify_all();
        }
    }
}

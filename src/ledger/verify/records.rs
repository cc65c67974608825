//! Stored lines in; findings about them out.
//!
//! Files are read and their lines looked at side by side; what hangs together from one
//! line to the next is compared afterwards, in order.

use std::path::PathBuf;

use bumpalo::Bump;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::{Audit, Known, MOST_BYTES, Place, Span, Time};
use crate::fs::{self, Failure};
use crate::ledger::files::{self, SEGMENT_BYTES, SEGMENT_RECORDS};
use crate::ledger::laws::Step;
use crate::ledger::record::{Fields, Kind, Malformed, Record};
use crate::ledger::report::{Check, Finding, Lint};
use crate::ledger::seal::Seal;
use crate::ledger::tree::{Hash, leaf_hash_beside};
use crate::ledger::{approvals, items};
use crate::sha256::Message;

/// Files of records of which what they say is in memory at a time, for each thread.
const FILES_PER_THREAD: usize = 16;
/// Bytes of a line, more or less: the length of a file tells about how many it has.
const LINE: usize = 1_024;

/// A file of records, looked at by itself.
struct Looked {
    name: String,
    lines: Vec<Line>,
    /// What those say that are records.
    told: Vec<Told>,
    /// Of its whole lines.
    bytes: u64,
    sha256: Hash,
}

/// A stored line, looked at by itself.
struct Line {
    offset: u64,
    /// `None` if it ends with the file.
    leaf: Option<Hash>,
    /// Why it is no record, if it is none.
    read: Result<(), Malformed>,
}

/// What a record says.
struct Told {
    seq: u64,
    time: Time,
    prev: Option<Hash>,
    kind: Option<Kind>,
    is_canonical: bool,
    /// Items that it lacks, in words.
    lacks: Vec<String>,
    step: Option<Step>,
    /// Apart, as is what follows: few have one, and it is not to take room in all.
    seal: Option<Box<Seal>>,
    /// The whole of it, if a later check asks for it.
    whole: Option<Box<Record>>,
}

impl Audit {
    /// Looks at all files of records.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub(super) fn records(&mut self, paths: &[PathBuf]) -> Result<(), Failure> {
        let layout = self.layout.clone();
        let look = |room: &mut Vec<u8>, path: &PathBuf| {
            fs::read_own(path, MOST_BYTES, room)?;
            Ok(Looked::at(room, layout.name(path)))
        };
        let mut before = Vec::new();
        // While some are looked at, those before them are compared.
        for paths in paths.chunks(FILES_PER_THREAD * rayon::current_num_threads()) {
            let look =
                || paths.par_iter().map_init(Vec::new, look).collect::<Vec<Result<_, Failure>>>();
            let (looked, compared) = rayon::join(look, || self.segments(before));
            compared?;
            before = looked;
        }
        self.segments(before)
    }

    fn segments(&mut self, looked: Vec<Result<Looked, Failure>>) -> Result<(), Failure> {
        looked.into_iter().try_for_each(|looked| {
            self.segment(looked?);
            Ok(())
        })
    }

    fn segment(&mut self, looked: Looked) {
        let (segment, first) = (self.spans.len(), self.tree.size());
        let name = &looked.name;
        let mut told = looked.told.into_iter();
        let (mut dated, mut itemised) = (0, 0);
        for line in looked.lines {
            let told = line.read.map(|()| told.next());
            let offset = line.offset;
            let Some(leaf) = line.leaf else {
                let finding = at(name, None, offset, "a line feed", "the end of the file");
                self.fail(Check::Records, finding);
                continue;
            };
            let (seq, prev) = (self.tree.size(), self.tree.leaves().last().copied());
            self.tree.push(leaf);
            self.places.push(Place { segment, offset });
            match told {
                Ok(Some(told)) => {
                    dated += 1;
                    itemised += u64::from(told.kind.is_some());
                    self.compare(name, (seq, offset), prev, told);
                }
                Ok(None) => {}
                Err(malformed) => {
                    let found = reason(&malformed);
                    self.fail(Check::Records, at(name, Some(seq), offset, "a record", &found));
                }
            }
        }
        let records = self.tree.size() - first;
        self.examined(Check::Records, records);
        self.examined(Check::Chain, records);
        self.examined(Check::Time, dated);
        self.examined(Check::Items, itemised);
        if records > SEGMENT_RECORDS || looked.bytes > SEGMENT_BYTES {
            let expected = format!("{SEGMENT_RECORDS} records or {SEGMENT_BYTES} bytes at most");
            let found = format!("{records} records, {} bytes", looked.bytes);
            self.fail_file(Check::Records, &self.layout.segment(segment), &expected, &found);
        }
        let Looked { bytes, sha256, .. } = looked;
        self.spans.push(Span { first, records, bytes, sha256 });
    }

    /// Compares a record with those before it.
    fn compare(&mut self, name: &str, (seq, offset): (u64, u64), prev: Option<Hash>, told: Told) {
        let finding = |expected: &str, found: &str| at(name, Some(seq), offset, expected, found);
        if told.seq != seq {
            let (expected, found) = (format!("seq {seq}"), format!("seq {}", told.seq));
            self.fail(Check::Chain, finding(&expected, &found));
        }
        if told.prev != prev {
            let hex = |hash: Option<Hash>| hash.map_or("null".to_owned(), |hash| hash.to_hex());
            self.fail(Check::Chain, finding(&hex(prev), &hex(told.prev)));
        }
        for lack in &told.lacks {
            self.fail(Check::Items, finding(lack, "none of it"));
        }
        if !told.is_canonical {
            self.lints.push(Lint::NotCanonical { seq });
        }
        if told.kind.is_none() {
            self.lints.push(Lint::UnknownType { seq });
        }
        if let Some(before) = self.known.last().filter(|before| told.time < before.time) {
            let expected = format!("a time not before {}", before.time.as_str());
            self.fail(Check::Time, finding(&expected, told.time.as_str()));
        }
        self.steps.extend(told.step.map(|step| (seq, step)));
        let is_seal = told.kind == Some(Kind::SegmentSealed);
        let Told { time, seal, whole, .. } = told;
        self.whole.extend(whole.map(|record| (seq, *record)));
        self.known.push(Known { seq, time, is_seal, seal });
    }
}

impl Looked {
    fn at(stored: &[u8], name: String) -> Self {
        let many = stored.len() / LINE;
        let (mut lines, mut told) = (Vec::with_capacity(many), Vec::with_capacity(many));
        let (mut arena, mut room) = (Bump::new(), Vec::new());
        let (mut file, mut bytes) = (Message::of(stored), 0);
        for line in files::lines(stored) {
            arena.reset();
            bytes += if line.is_whole { line.bytes.len() as u64 + 1 } else { 0 };
            let read = Told::read(line.bytes, told.is_empty(), &arena, &mut room);
            lines.push(Line {
                offset: line.offset,
                leaf: line.is_whole.then(|| leaf_hash_beside(line.bytes, &mut file)),
                read: read.map(|record| told.push(record)),
            });
        }
        Self { name, lines, told, bytes, sha256: file.digest().into() }
    }
}

impl Told {
    /// Reads a line, the first record of a file or another; `room` is overwritten.
    fn read(
        line: &[u8],
        is_first: bool,
        arena: &Bump,
        room: &mut Vec<u8>,
    ) -> Result<Self, Malformed> {
        let fields = Fields::read(line, arena)?;
        let kind = fields.kind();
        let lacks = kind.map(|kind| items::of_table(kind, fields.body));
        let lacks = lacks.and_then(Result::err).map(|lacking| lacking.lacks).unwrap_or_default();
        let is_seal = kind == Some(Kind::SegmentSealed);
        let is_asked_for = is_first
            || matches!(kind, Some(Kind::Anchor | Kind::Recovery))
            || kind.is_some_and(approvals::is_about);
        Ok(Self {
            seq: fields.seq,
            prev: fields.prev,
            kind,
            is_canonical: fields.is_written_as(line, room),
            lacks: lacks.iter().map(items::Lack::expected).collect(),
            step: kind.and_then(|kind| Step::of(kind, fields.run, fields.body)),
            seal: if is_seal { Seal::read(fields.body).map(Box::new) } else { None },
            time: Time::of(fields.time),
            whole: is_asked_for.then(|| Box::new(fields.to_record())),
        })
    }
}

fn at(file: &str, seq: Option<u64>, offset: u64, expected: &str, found: &str) -> Finding {
    Finding {
        seq,
        file: file.to_owned(),
        offset: Some(offset),
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}

/// The error and its cause as one line.
fn reason(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

//! Files of records and the seals that follow them in; findings about them out.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::{Audit, Known, Span, read_if_there};
use crate::fs::Failure;
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::files::{SEGMENT_BYTES, SEGMENT_RECORDS};
use crate::ledger::note::Note;
use crate::ledger::record::MAX_BYTES;
use crate::ledger::report::Check;
use crate::ledger::seal::{self, Seal};
use crate::ledger::store::month;
use crate::ledger::tree::Hash;

impl Audit {
    /// Looks at every file of records that another one follows, and at its checkpoints.
    pub(super) fn seals(&mut self) -> Result<(), Failure> {
        let spans = self.spans.clone();
        if let Some(open) = spans.iter().rfind(|span| span.records > 0) {
            for seq in self.other_months(open) {
                self.fail_record(Check::Seals, seq, "a record of the month of its file", "another");
            }
        }
        for (segment, pair) in spans.windows(2).enumerate() {
            let [sealed, next] = pair else { continue };
            // A crash left an empty file: the seal is still to come.
            if segment + 2 == spans.len() && next.records == 0 {
                continue;
            }
            self.examined(Check::Seals, 1);
            self.full(segment, sealed, next);
            self.sealed(segment, sealed, next)?;
        }
        let begins: Vec<u64> = spans.iter().skip(1).map(|span| span.first).collect();
        let is_stray = |known: &&Known| known.is_seal && begins.binary_search(&known.seq).is_err();
        let stray: Vec<u64> = self.known.iter().filter(is_stray).map(|known| known.seq).collect();
        for seq in stray {
            self.fail_record(Check::Seals, seq, "no seal within a file of records", "one");
        }
        Ok(())
    }

    /// A file ends where its month does, or where it has no room: the same records are
    /// always the same files.
    fn full(&mut self, segment: usize, sealed: &Span, next: &Span) {
        let time = |span| self.first_of(span).map(|known| month(&known.time).to_owned());
        let is_other_month = time(sealed) != time(next);
        let is_full =
            sealed.records >= SEGMENT_RECORDS || sealed.bytes + MAX_BYTES as u64 >= SEGMENT_BYTES;
        // What cannot be read is told elsewhere.
        if !is_full && !is_other_month {
            let path = self.layout.segment(segment);
            let found = format!("{} records of the month of the next", sealed.records);
            self.fail_file(Check::Seals, &path, "the records of a whole month, or no room", &found);
        }
        for seq in self.other_months(sealed) {
            self.fail_record(Check::Seals, seq, "a record of the month of its file", "another");
        }
    }

    /// Records of a file that are not of its month.
    fn other_months(&self, span: &Span) -> Vec<u64> {
        let Some(first) = self.first_of(span) else { return Vec::new() };
        let place = |seq| self.known.partition_point(|known| known.seq < seq);
        let within = &self.known[place(span.first)..place(span.first + span.records)];
        let is_other = |known: &&Known| month(&known.time) != month(&first.time);
        within.iter().filter(is_other).map(|known| known.seq).collect()
    }

    /// Compares a seal with what it is about.
    fn sealed(&mut self, segment: usize, sealed: &Span, next: &Span) -> Result<(), Failure> {
        let path = self.layout.bundle(segment);
        let notes = read_if_there(&path)?;
        if notes.is_none() {
            self.fail_file(Check::Seals, &path, "the checkpoints of a sealed file", "none");
        }
        let notes = notes.unwrap_or_default();
        let expected = Seal {
            segment: segment as u64,
            first: sealed.first,
            records: sealed.records,
            records_sha256: sealed.sha256,
            checkpoints_sha256: Hash::of(&notes),
        };
        match self.first_of(next).and_then(|known| known.seal) {
            Some(seal) if seal == expected => {}
            Some(seal) => {
                let is_other = seal.records_sha256 != expected.records_sha256;
                let (path, found) = if is_other {
                    (self.layout.segment(segment), expected.records_sha256)
                } else {
                    (path, expected.checkpoints_sha256)
                };
                self.fail_file(Check::Seals, &path, "what its seal tells", &found.to_hex());
            }
            None => {
                self.fail_record(Check::Seals, next.first, "the seal of the file before", "none");
            }
        }
        self.bundle(segment, sealed, &notes);
        Ok(())
    }

    /// Looks at the checkpoints of a sealed file: what they say. Who signed them was looked
    /// at when they were sealed.
    fn bundle(&mut self, segment: usize, sealed: &Span, notes: &[u8]) {
        let path = self.layout.bundle(segment);
        let notes: Vec<&[u8]> = seal::split(notes).collect();
        let sizes = (sealed.first + 1..).zip(&notes).collect::<Vec<_>>();
        // Side by side: the root of a size is a dozen of hashes.
        let read = |(size, note): &(u64, &&[u8])| {
            let text = Note::parse(note).ok();
            let found = text.and_then(|note| Checkpoint::parse(note.text()).ok());
            let found = found.filter(|found| found.size == *size);
            found.map(|found| (found, self.tree.root_at(*size)))
        };
        let read: Vec<_> = sizes.par_iter().map(read).collect();
        let count = notes.len() as u64;
        self.examined(Check::Checkpoints, count);
        for ((size, _), found) in sizes.iter().zip(read) {
            match found {
                Some((found, stored)) if self.agrees(*size, found.root, stored) => {
                    self.origin_of(&path, &found.origin);
                }
                _ => {
                    let expected = format!("the checkpoint of size {size}, with the stored root");
                    self.fail_file(Check::Checkpoints, &path, &expected, "another");
                }
            }
        }
        if count != sealed.records {
            let expected = format!("{} checkpoints", sealed.records);
            self.fail_file(Check::Checkpoints, &path, &expected, &count.to_string());
        }
    }

    /// The first record of a file, if it has one and it could be read.
    fn first_of(&self, span: &Span) -> Option<&Known> {
        let index = self.known.binary_search_by_key(&span.first, |known| known.seq).ok();
        self.known.get(index.filter(|_| span.records > 0)?)
    }
}

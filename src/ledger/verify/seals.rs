//! Files of records and the seals that follow them in; findings about them out.

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::{Audit, Known, Span, read_if_there};
use crate::fs::Failure;
use crate::ledger::checkpoint::{Checkpoint, Text};
use crate::ledger::files::{SEGMENT_BYTES, SEGMENT_RECORDS};
use crate::ledger::note::Note;
use crate::ledger::record::MAX_BYTES;
use crate::ledger::report::Check;
use crate::ledger::seal::{self, Seal};
use crate::ledger::tree::Hash;

/// The checkpoints of a sealed file, looked at by themselves.
struct Bundle {
    is_there: bool,
    sha256: Hash,
    count: u64,
    /// The largest size of one that has the root of the stored records.
    agreed: u64,
    /// Those that something is wrong with, by the size that they should be of.
    odd: Vec<(u64, Odd)>,
}

/// What is wrong with a checkpoint of a sealed file.
enum Odd {
    /// It is of a ledger of this name.
    Origin(String),
    /// It is none of its size that has the root of the stored records; `departs` if it has
    /// another one.
    Another { departs: bool },
}

impl Audit {
    /// Looks at every file of records that another one follows, and at its checkpoints.
    pub(super) fn seals(&mut self) -> Result<(), Failure> {
        let spans = self.spans.clone();
        // Side by side: the root of a size is a dozen of hashes.
        let bundles = (0..spans.len().saturating_sub(1)).into_par_iter();
        let bundles = bundles.map(|segment| Bundle::read(self, segment, &spans[segment]));
        let mut bundles = bundles.collect::<Vec<Result<_, Failure>>>().into_iter();
        if let Some(open) = spans.iter().rfind(|span| span.records > 0) {
            for seq in self.other_months(open) {
                self.fail_record(Check::Seals, seq, "a record of the month of its file", "another");
            }
        }
        for (segment, pair) in spans.windows(2).enumerate() {
            let ([sealed, next], Some(bundle)) = (pair, bundles.next()) else { continue };
            // A crash left an empty file: the seal is still to come.
            if segment + 2 == spans.len() && next.records == 0 {
                continue;
            }
            self.examined(Check::Seals, 1);
            self.full(segment, sealed, next);
            self.sealed(segment, sealed, next, bundle?);
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
        let time = |span| self.first_of(span).map(|known| known.time.month().to_owned());
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
        let is_other = |known: &&Known| known.time.month() != first.time.month();
        within.iter().filter(is_other).map(|known| known.seq).collect()
    }

    /// Compares a seal with what it is about.
    fn sealed(&mut self, segment: usize, sealed: &Span, next: &Span, bundle: Bundle) {
        let path = self.layout.bundle(segment);
        if !bundle.is_there {
            self.fail_file(Check::Seals, &path, "the checkpoints of a sealed file", "none");
        }
        let expected = Seal {
            segment: segment as u64,
            first: sealed.first,
            records: sealed.records,
            records_sha256: sealed.sha256,
            checkpoints_sha256: bundle.sha256,
        };
        match self.first_of(next).and_then(|known| known.seal.as_deref()) {
            Some(seal) if *seal == expected => {}
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
        self.bundle(segment, sealed, bundle);
    }

    /// Says what is wrong with the checkpoints of a sealed file.
    fn bundle(&mut self, segment: usize, sealed: &Span, bundle: Bundle) {
        let path = self.layout.bundle(segment);
        let Bundle { count, agreed, odd, .. } = bundle;
        self.examined(Check::Checkpoints, count);
        self.agreed = self.agreed.max(agreed);
        for (size, odd) in odd {
            match odd {
                Odd::Origin(origin) => self.origin_of(&path, &origin),
                Odd::Another { departs } => {
                    if departs {
                        self.departs(size);
                    }
                    let expected = format!("the checkpoint of size {size}, with the stored root");
                    self.fail_file(Check::Checkpoints, &path, &expected, "another");
                }
            }
        }
        if count != sealed.records {
            let expected = format!("{} checkpoints", sealed.records);
            let found = format!("{count} checkpoints");
            self.fail_file(Check::Checkpoints, &path, &expected, &found);
        }
    }

    /// The first record of a file, if it has one and it could be read.
    fn first_of(&self, span: &Span) -> Option<&Known> {
        let index = self.known.binary_search_by_key(&span.first, |known| known.seq).ok();
        self.known.get(index.filter(|_| span.records > 0)?)
    }
}

impl Bundle {
    /// Looks at what the checkpoints of a sealed file say. Who signed them was looked at
    /// when they were sealed.
    fn read(audit: &Audit, segment: usize, sealed: &Span) -> Result<Self, Failure> {
        let notes = read_if_there(&audit.layout.bundle(segment))?;
        let is_there = notes.is_some();
        let notes = notes.unwrap_or_default();
        let sha256 = Hash::of(&notes);
        let mut bundle = Self { is_there, sha256, count: 0, agreed: 0, odd: Vec::new() };
        // No more than there are notes: what there are of records somebody else may have put there.
        let records = sealed.records.min(seal::split(&notes).count() as u64);
        let sizes = sealed.first + 1..sealed.first + records + 1;
        let mut roots = audit.tree.roots(sizes).into_iter();
        for (size, note) in (sealed.first + 1..).zip(seal::split(&notes)) {
            bundle.count += 1;
            // Nearly every note is what it must be. What is not is read, and judged by what it
            // says.
            if let (Some(origin), Some(root)) = (audit.names.first(), roots.next())
                && Note::is_of(note, &Text { origin, size, root }.to_string())
            {
                bundle.agreed = size;
                continue;
            }
            let note = Note::parse(note).ok();
            let found = note.and_then(|note| Checkpoint::parse(note.text()).ok());
            let found = found.filter(|found| found.size == size);
            match found.map(|found| (audit.tree.root_at(size), found)) {
                Some((Some(stored), found)) if stored == found.root => {
                    bundle.agreed = size;
                    if !audit.names.contains(&found.origin) {
                        bundle.odd.push((size, Odd::Origin(found.origin)));
                    }
                }
                found => {
                    let departs = matches!(found, Some((Some(_), _)));
                    bundle.odd.push((size, Odd::Another { departs }));
                }
            }
        }
        Ok(bundle)
    }
}

//! Stored lines in; findings about them out.

use super::{Audit, Place, Span};
use crate::ledger::files::{Line, SEGMENT_BYTES, SEGMENT_RECORDS, Segment};
use crate::ledger::items;
use crate::ledger::record::Record;
use crate::ledger::report::{Check, Finding, Lint};
use crate::ledger::tree::{Hash, leaf_hash};

impl Audit {
    /// Looks at one file of records.
    pub(super) fn segment(&mut self, segment: &Segment) {
        let (mut lines, mut bytes, first) = (0, 0, self.tree.size());
        for line in segment.lines() {
            if line.is_whole {
                lines += 1;
                bytes += line.bytes.len() as u64 + 1;
                self.line(segment, line);
            } else {
                let finding = self.at(segment, line, "a line feed", "the end of the file");
                self.fail(Check::Records, finding);
            }
        }
        if lines > SEGMENT_RECORDS || bytes > SEGMENT_BYTES {
            let expected = format!("{SEGMENT_RECORDS} records or {SEGMENT_BYTES} bytes at most");
            let found = format!("{lines} records, {bytes} bytes");
            self.fail_file(Check::Records, &segment.path, &expected, &found);
        }
        let sha256 = Hash::of(&segment.bytes);
        self.spans.push(Span { first, records: self.tree.size() - first, bytes, sha256 });
    }

    fn line(&mut self, segment: &Segment, line: Line<'_>) {
        let seq = self.tree.size();
        let prev = self.tree.leaves().last().copied();
        self.tree.push(leaf_hash(line.bytes));
        let file = self.layout.name(&segment.path);
        self.places.push(Place { file, offset: line.offset });
        self.examined(Check::Records, 1);
        self.examined(Check::Chain, 1);
        let record = match Record::parse(line.bytes) {
            Ok(record) => record,
            Err(malformed) => {
                let found = reason(&malformed);
                let finding =
                    Finding { seq: Some(seq), ..self.at(segment, line, "a record", &found) };
                return self.fail(Check::Records, finding);
            }
        };
        if record.seq != seq {
            let (expected, found) = (format!("seq {seq}"), format!("seq {}", record.seq));
            let finding = self.at(segment, line, &expected, &found);
            self.fail(Check::Chain, Finding { seq: Some(seq), ..finding });
        }
        if record.prev != prev {
            let hex = |hash: Option<Hash>| hash.map_or("null".to_owned(), |hash| hash.to_hex());
            let finding = self.at(segment, line, &hex(prev), &hex(record.prev));
            self.fail(Check::Chain, Finding { seq: Some(seq), ..finding });
        }
        if let Some(kind) = record.kind() {
            self.examined(Check::Items, 1);
            for lack in items::check(kind, &record.body).err().into_iter().flat_map(|of| of.lacks) {
                let finding = self.at(segment, line, &lack.expected(), "none of it");
                self.fail(Check::Items, Finding { seq: Some(seq), ..finding });
            }
        }
        if record.line().as_deref() != Some(line.bytes) {
            self.lints.push(Lint::NotCanonical { seq });
        }
        if record.kind().is_none() {
            self.lints.push(Lint::UnknownType { seq });
        }
        self.examined(Check::Time, 1);
        // Instants have one spelling of one length, which sorts as they do.
        if let Some(before) = self.records.last().filter(|before| record.time < before.time) {
            let expected = format!("a time not before {}", before.time);
            let finding = self.at(segment, line, &expected, &record.time);
            self.fail(Check::Time, Finding { seq: Some(seq), ..finding });
        }
        self.seqs.push(seq);
        self.records.push(record);
    }

    fn at(&self, segment: &Segment, line: Line<'_>, expected: &str, found: &str) -> Finding {
        Finding {
            seq: None,
            file: self.layout.name(&segment.path),
            offset: Some(line.offset),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }
}

/// The error and its cause as one line.
fn reason(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

//! Stored checkpoints in; findings about them out.

use std::path::Path;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::{Audit, content, listed, read_if_there};
use crate::fs::Failure;
use crate::ledger::checkpoint::{Checkpoint, Unacceptable};
use crate::ledger::note::VerifierKey;
use crate::ledger::report::{Check, Outcome, Reason};
use crate::ledger::seal;
use crate::ledger::tree::Hash;

impl Audit {
    /// Looks at every checkpoint, and at the head.
    pub(super) fn checkpoints(&mut self, keys: &[VerifierKey]) -> Result<(), Failure> {
        let layout = self.layout.clone();
        let (sizes, foreign) = listed(&layout.checkpoints(), || layout.checkpoint_sizes())?;
        for path in foreign {
            self.fail_file(Check::Files, &path, "a checkpoint named after its size", "another");
        }
        let (open, records) = (self.open_from(), self.tree.size());
        for size in (open + 1..=records).filter(|size| sizes.binary_search(size).is_err()) {
            self.fail_file(Check::Checkpoints, &layout.checkpoint(size), "a checkpoint", "none");
        }
        self.unsealed()?;
        // Two signatures each, which is nearly all the time that a look takes.
        let opened = sizes.into_par_iter().map(|size| {
            let note = content(&layout.checkpoint(size))?;
            Ok((size, Checkpoint::open(&note, keys)))
        });
        for opened in opened.collect::<Vec<Result<_, Failure>>>() {
            let (size, opened) = opened?;
            let path = layout.checkpoint(size);
            self.examined(Check::Checkpoints, 1);
            if let Some(checkpoint) = self.signed(&path, opened, keys)
                && checkpoint.size != size
            {
                let found = checkpoint.size.to_string();
                self.fail_file(Check::Checkpoints, &path, &size.to_string(), &found);
            }
        }
        self.head(keys)?;
        self.departure();
        Ok(())
    }

    /// Whether the stored records have this root, of a size that there are records for. Keeps
    /// how far they are those that were signed for.
    fn is_root(&mut self, size: u64, root: Hash) -> bool {
        let Some(found) = self.tree.root_at(size) else { return false };
        if found == root {
            self.agreed = self.agreed.max(size);
        } else {
            self.departs(size);
        }
        found == root
    }

    /// Keeps that the stored records are not those of a signature of this size.
    pub(super) fn departs(&mut self, size: u64) {
        self.departed = Some(self.departed.map_or(size, |departed| departed.min(size)));
    }

    /// Names the first record that is not the one that was signed for: a root tells of all
    /// records before it, so where they agree last and differ first it is between them. Stands
    /// before all other findings, of which there are many then.
    fn departure(&mut self) {
        if let Some(size) = self.departed.filter(|size| *size > self.agreed) {
            let expected = format!("a record as in the checkpoint of size {size}");
            let finding = self.of_record(self.agreed, &expected, "another");
            self.fail_first(Check::Checkpoints, finding);
        }
    }

    /// Every checkpoint is of the same ledger, which is the name of its keys.
    pub(super) fn origin_of(&mut self, path: &Path, origin: &str) {
        let name = self.names.first().filter(|_| !self.names.iter().any(|name| name == origin));
        if let Some(name) = name.cloned() {
            self.fail_file(Check::Checkpoints, path, &name, origin);
        }
    }

    /// Leaf index of the first record of the file that is not sealed.
    fn open_from(&self) -> u64 {
        let open = self.spans.iter().rfind(|span| span.records > 0);
        open.map_or(0, |span| span.first)
    }

    /// Checkpoints in one file though theirs is not sealed: a crash came before that was
    /// told of. They are those that stand there one by one.
    fn unsealed(&mut self) -> Result<(), Failure> {
        let layout = self.layout.clone();
        let (open, first) =
            (self.spans.iter().rposition(|span| span.records > 0), self.open_from());
        for (segment, path) in listed(&layout.checkpoints(), || layout.bundles())? {
            if open.is_some_and(|open| segment < open) {
                continue;
            }
            let notes = content(&path)?;
            let is_single = |(size, note): (u64, &[u8])| {
                content(&layout.checkpoint(size)).is_ok_and(|single| single == note)
            };
            if open != Some(segment) || !(first + 1..).zip(seal::split(&notes)).all(is_single) {
                self.fail_file(Check::Files, &path, "no such file", "a file");
            }
        }
        Ok(())
    }

    /// Compares a checkpoint with the stored records.
    fn signed(
        &mut self,
        path: &Path,
        opened: Result<Checkpoint, Unacceptable>,
        keys: &[VerifierKey],
    ) -> Option<Checkpoint> {
        self.examined(Check::Signatures, 1);
        if keys.is_empty() {
            self.check(Check::Signatures).outcome = Outcome::NotChecked(Reason::NoKeys);
            return None;
        }
        let checkpoint = match opened {
            Ok(checkpoint) => checkpoint,
            Err(unacceptable) => {
                let found = unacceptable.to_string();
                self.fail_file(Check::Signatures, path, "both signatures of the ledger", &found);
                return None;
            }
        };
        self.origin_of(path, &checkpoint.origin);
        let found = checkpoint.root.to_hex();
        match self.tree.root_at(checkpoint.size) {
            Some(_) if self.is_root(checkpoint.size, checkpoint.root) => {}
            Some(root) => {
                let expected = format!("root {root} of the stored records");
                self.fail_file(Check::Checkpoints, path, &expected, &found);
            }
            None => {
                let expected = format!("at most the {} stored records", self.tree.size());
                let found = format!("{} records", checkpoint.size);
                self.fail_file(Check::Checkpoints, path, &expected, &found);
            }
        }
        Some(checkpoint)
    }

    fn head(&mut self, keys: &[VerifierKey]) -> Result<(), Failure> {
        let path = self.layout.head();
        let Some(note) = read_if_there(&path)? else {
            self.fail_file(Check::Head, &path, "a checkpoint", "none");
            return Ok(());
        };
        self.examined(Check::Head, 1);
        let Some(head) = self.signed(&path, Checkpoint::open(&note, keys), keys) else {
            self.fail_file(Check::Head, &path, "a checkpoint that counts", "another note");
            return Ok(());
        };
        let kept = self.layout.checkpoint(head.size);
        if read_if_there(&kept)?.as_deref() != Some(note.as_slice()) {
            let expected = format!("the bytes of {}", self.layout.name(&kept));
            self.fail_file(Check::Head, &path, &expected, "other bytes");
        }
        let records = self.tree.size();
        if head.size != records {
            let (expected, found) = (format!("size {records}"), format!("size {}", head.size));
            self.fail_file(Check::Head, &path, &expected, &found);
        }
        self.origin = Some(head.origin);
        Ok(())
    }
}

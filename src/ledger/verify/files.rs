//! The directory of a ledger in; findings about what cannot lie there, and what the other checks
//! read of what can, out.
//!
//! Whoever has the directory may have put anything there: one fault does not hide the next, no
//! room is lost to a file that none of this program is as long as, and nobody waits at a pipe.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Audit, MOST_BYTES};
use crate::fs::{self, Failure};
use crate::ledger::files::is_quarantined;
use crate::ledger::record::{Kind, Record};
use crate::ledger::report::{Check, Finding};
use crate::ledger::tree::Hash;
use crate::ledger::voucher;

impl Audit {
    /// Looks at what lies in the directory, and at what was set aside.
    ///
    /// # Errors
    ///
    /// If it cannot be listed or read.
    pub(super) fn files(
        &mut self,
        segments: &[PathBuf],
        foreign: Option<&Path>,
    ) -> Result<(), Failure> {
        let layout = self.layout.clone();
        let expected = [
            layout.checkpoints(),
            layout.head(),
            layout.keys(),
            layout.quarantine(),
            layout.records(),
        ];
        let found = fs::list(layout.dir())?;
        self.examined(Check::Files, found.len() as u64 + segments.len() as u64);
        let vouchers = voucher::places(&layout).map(|(dir, _)| dir);
        let is_foreign = |path: &&PathBuf| !expected.contains(path) && !vouchers.contains(path);
        for path in found.iter().filter(is_foreign) {
            self.fail_file(Check::Files, path, "no such file", "a file");
        }
        for path in expected.iter().filter(|path| !found.contains(path)) {
            self.fail_file(Check::Files, path, "a file or directory", "none");
        }
        if let Some(path) = foreign {
            self.fail_file(Check::Files, path, "the next file of records", "another");
        }
        self.kinds()?;
        let quarantine = layout.quarantine();
        for path in listed(&quarantine, || fs::list(&quarantine))? {
            self.examined(Check::Files, 1);
            let digest = Hash::of(&content(&path)?).to_hex();
            if !is_quarantined(&path, &digest) {
                self.fail_file(Check::Files, &path, "a name with the digest of the file", &digest);
            }
        }
        Ok(())
    }

    /// Whether what records say was set aside lies there still.
    pub(super) fn aside(&mut self) {
        let is_recovery = |(_, record): &&(u64, Record)| record.kind() == Some(Kind::Recovery);
        let told = self.whole.iter().filter(is_recovery);
        let named = told.flat_map(|(seq, record)| {
            let files = record.body.get("quarantined").and_then(Value::as_array);
            let text = |file: &Value, key: &str| file[key].as_str().unwrap_or_default().to_owned();
            let of = move |file: &Value| (*seq, text(file, "file"), text(file, "sha256"));
            files.into_iter().flatten().map(of)
        });
        let named: Vec<(u64, String, String)> = named.collect();
        for (seq, name, digest) in named {
            let path = self.layout.quarantine().join(&name);
            // What a record says may be anything: a finding has nothing of it that is not in the
            // form of such a name.
            if name.contains('/') || !is_quarantined(&path, &digest) {
                self.fail_record(
                    Check::Files,
                    seq,
                    "a name with the digest of the file",
                    "another",
                );
            } else if !path.exists() {
                let (file, found) = (self.layout.name(&path), "none".to_owned());
                let (seq, expected) = (Some(seq), "a file".to_owned());
                self.fail(Check::Files, Finding { seq, file, offset: None, expected, found });
            }
        }
    }

    /// Whether what lies in the ledger is what can: directories, and files of its own. What a
    /// link leads to can be another thing at each look, and nothing is read of all others.
    fn kinds(&mut self) -> Result<(), Failure> {
        let layout = self.layout.clone();
        for path in [layout.keys(), layout.head()] {
            self.kind(&path)?;
        }
        let vouchers = voucher::places(&layout).map(|(dir, _)| dir);
        let own = [layout.records(), layout.checkpoints(), layout.quarantine()];
        for dir in own.into_iter().chain(vouchers) {
            if let Some(kind) =
                if_there(fs::kind(&dir))?.filter(|kind| *kind != fs::Kind::Directory)
            {
                self.fail_file(Check::Files, &dir, "a directory", &told(kind));
            }
            for path in listed(&dir, || fs::list(&dir))? {
                self.kind(&path)?;
            }
        }
        Ok(())
    }

    fn kind(&mut self, path: &Path) -> Result<(), Failure> {
        let kind = if_there(fs::kind(path))?;
        if let Some(kind) = kind.filter(|kind| !kind.is_file_within(MOST_BYTES)) {
            let expected = format!("a file of at most {MOST_BYTES} bytes");
            self.fail_file(Check::Files, path, &expected, &told(kind));
        }
        Ok(())
    }
}

/// What lies in a directory of a ledger; nothing if it is no directory, which [`Audit::files`]
/// tells of.
pub(super) fn listed<T: Default>(
    dir: &Path,
    list: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    match if_there(fs::kind(dir))? {
        None | Some(fs::Kind::Directory) => list(),
        Some(_) => Ok(T::default()),
    }
}

fn told(kind: fs::Kind) -> String {
    match kind {
        fs::Kind::File { bytes } => format!("a file of {bytes} bytes"),
        fs::Kind::Directory => "a directory".to_owned(),
        fs::Kind::Link => "a link".to_owned(),
        fs::Kind::Special => "a pipe, socket or device".to_owned(),
    }
}

/// The bytes of a file of a ledger; none of what is no file, which [`Audit::files`] tells of.
pub(super) fn content(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    fs::read_own(path, MOST_BYTES, &mut bytes).map(|_| bytes)
}

/// The same; `None` if it is not there.
pub(super) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    if_there(content(path))
}

/// `None` if it is not there.
fn if_there<T>(found: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(failure) if failure.is_not_found() => Ok(None),
        // It is in what should be one.
        Err(failure) if failure.source.kind() == ErrorKind::NotADirectory => Ok(None),
        Err(failure) => Err(failure),
    }
}

//! The directory of a ledger in; its files and records, as they were when they were
//! verified, out.
//!
//! What is read is what was verified: the tree over the bytes that are given has the
//! root that the check found.

use std::path::Path;

use crate::fs::{self, Failure, Kind};
use crate::ledger::note::VerifierKey;
use crate::ledger::record::Record;
use crate::ledger::report::{Report, Status};
use crate::ledger::steady::steadily;
use crate::ledger::tree::{Tree, leaf_hash};
use crate::ledger::verify;

/// A ledger of which nothing is wrong.
#[derive(Debug)]
pub struct Verified {
    /// What the check found.
    pub report: Report,
    /// Its directories: a check misses one that is empty, and archives lose those.
    pub directories: Vec<String>,
    /// Every file by its path in the ledger, byte for byte.
    pub files: Vec<(String, Vec<u8>)>,
    /// Its records, from the first.
    pub records: Vec<Record>,
}

/// Why there is nothing to report of.
#[derive(Debug)]
pub enum Refused {
    /// Somebody appends all the while.
    Busy,
    /// The ledger is not intact, or a link stands in it.
    Broken,
    /// A file is there and cannot be read.
    Unreadable(Failure),
}

/// Verifies the ledger in `dir`, with keys that the reader trusts if there are some, and reads
/// it.
///
/// # Errors
///
/// [`Refused`] if it cannot be read, or is not intact.
pub fn read(dir: &Path, trusted: Option<&[VerifierKey]>) -> Result<Verified, Refused> {
    let is_sound = |found: &Result<Option<Verified>, _>| matches!(found, Ok(Some(_)));
    match steadily(dir, || look(dir, trusted), is_sound) {
        None => Err(Refused::Busy),
        Some(Err(failure)) => Err(Refused::Unreadable(failure)),
        Some(Ok(None)) => Err(Refused::Broken),
        Some(Ok(Some(verified))) => Ok(verified),
    }
}

fn look(dir: &Path, trusted: Option<&[VerifierKey]>) -> Result<Option<Verified>, Failure> {
    let report = verify::verify(dir, trusted)?;
    if report.status() == Status::Fail {
        return Ok(None);
    }
    let Some((directories, files)) = files(dir)? else { return Ok(None) };
    let (mut tree, mut records) = (Tree::default(), Vec::new());
    for (_, bytes) in files.iter().filter(|(name, _)| name.starts_with("records/")) {
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            tree.push(leaf_hash(line));
            match Record::parse(line) {
                Ok(record) => records.push(record),
                Err(_) => return Ok(None),
            }
        }
    }
    let is_same = tree.root() == report.root;
    Ok(is_same.then_some(Verified { report, directories, files, records }))
}

/// Directories, and files with what is in them.
type Listed = (Vec<String>, Vec<(String, Vec<u8>)>);

/// Everything, records last: what was appended meanwhile shows in them. `None` if
/// something is no regular file, for what a link leads to may lie among the keys.
fn files(dir: &Path) -> Result<Option<Listed>, Failure> {
    let mut listed = (Vec::new(), Vec::new());
    Ok(walk(dir, "", &mut listed)?.then_some(listed))
}

/// False as soon as something is neither a file nor a directory.
fn walk(dir: &Path, within: &str, listed: &mut Listed) -> Result<bool, Failure> {
    for path in fs::list(dir)? {
        let name = format!("{within}{}", name(&path));
        match fs::kind(&path)? {
            Kind::File { .. } => listed.1.push((name, fs::read_regular(&path)?)),
            Kind::Directory => {
                let inner = format!("{name}/");
                listed.0.push(name);
                if !walk(&path, &inner, listed)? {
                    return Ok(false);
                }
            }
            Kind::Link | Kind::Special => return Ok(false),
        }
    }
    Ok(true)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

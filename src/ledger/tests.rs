//! Helpers of the tests below: test keys, entries, and a ledger by hand.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::checkpoint::Checkpoint;
use super::files::Layout;
use super::items;
use super::note::{Signer, VerifierKey, sign};
use super::record::{Entry, Kind};
use super::store::{Ledger, keys_text};
use super::tree::{Tree, leaf_hash};
use crate::fs;

mod approvals;
mod crash;
mod laws;
mod note;
mod record;
mod seal;
mod shared;
mod store;
mod tlog_proof;
mod tree;
mod verify;

use shared::{ORIGIN, TestSigner, fill};

const TIME: &str = "2026-11-22T18:00:00.000Z";

fn signer() -> TestSigner {
    TestSigner::new(7)
}

fn keys() -> [VerifierKey; 2] {
    signer().keys()
}

/// An entry with what a test is about; the other items of its kind are filled in.
fn entry(kind: Kind, body: &Value) -> Entry<'static> {
    let mut body = body.clone();
    fill(&mut body, &Value::Object(items::example::body(kind)));
    let run = kind.is_of_run().then_some("r-1");
    // Tests borrow their bodies from all sorts of places: they are few and small.
    Entry { kind, time: TIME, run, actor: "operator", body: Box::leak(Box::new(body)) }
}

/// A directory with a ledger of `size` records in it. The directory lives as
/// long as the first value.
fn ledger_of(size: u64) -> (tempfile::TempDir, PathBuf, Ledger) {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("ledger");
    let first = json!({ "size": size });
    let mut ledger = Ledger::create(&dir, &signer(), &entry(Kind::LedgerInit, &first)).unwrap();
    for number in 1..size {
        let body = json!({ "number": number });
        ledger.append(&signer(), &entry(Kind::Heartbeat, &body)).unwrap();
    }
    (home, dir, ledger)
}

/// A ledger of these lines in one file, signed for at each size, whatever they are.
fn by_hand(layout: &Layout, lines: &[Vec<u8>]) {
    for part in [layout.records(), layout.checkpoints(), layout.quarantine()] {
        fs::create_dir(&part, fs::SHARED_DIR).unwrap();
    }
    let (mut tree, mut stored) = (Tree::default(), Vec::new());
    for line in lines {
        tree.push(leaf_hash(line));
        stored.extend_from_slice(line);
        stored.push(b'\n');
        let origin = ORIGIN.to_owned();
        let checkpoint = Checkpoint { origin, size: tree.size(), root: tree.root() };
        let note = sign(&checkpoint.to_string(), &signer(), &keys()).unwrap();
        write(&layout.checkpoint(checkpoint.size), &note);
        write(&layout.head(), &note);
    }
    write(&layout.segment(0), &stored);
    write(&layout.keys(), keys_text(&keys()).as_bytes());
}

/// Every file below a directory with its bytes, in order.
fn snapshot(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for path in fs::list(dir).unwrap() {
        if path.is_dir() {
            files.extend(snapshot(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
    files
}

/// Puts a directory back to what [`snapshot`] saw.
fn restore(dir: &Path, files: &[(PathBuf, Vec<u8>)]) {
    for (path, _) in snapshot(dir) {
        fs::remove_if_there(&path).unwrap();
    }
    for (path, bytes) in files {
        write(path, bytes);
    }
}

/// Replaces a file without waiting for the disk.
fn write(path: &Path, bytes: &[u8]) {
    fs::remove_if_there(path).unwrap();
    fs::create(path, fs::SHARED_FILE).unwrap().write_all_at(bytes, 0).unwrap();
}

/// Flips bits of one byte in place.
fn flip(path: &Path, offset: usize, mask: u8) {
    let byte = fs::read(path).unwrap()[offset];
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(&[byte ^ mask], offset as u64).unwrap();
}

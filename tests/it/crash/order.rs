//! The order of system calls: what a power failure could still take away.
//!
//! Bytes that were written are safe after the sync of their file, names that
//! were made or moved after the sync of their directory. Calls of a night that
//! was killed and of the one after it are read as one: what the first did not
//! sync is the second's to sync.
//!
//! Source: fsync(2); Pillai et al., "All File Systems Are Not Created Equal",
//! OSDI 2014.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::house::{House, State, outcome};
use super::trace::{self, Blow, Call};

/// What a power failure could take away.
#[derive(Default)]
struct Unsafe {
    bytes: BTreeSet<PathBuf>,
    names: BTreeSet<PathBuf>,
}

impl Unsafe {
    /// Follows one call.
    fn see(&mut self, call: &Call) -> Result<(), String> {
        let path = call.path();
        if !call.is_done {
            return Ok(());
        }
        match call.name.as_str() {
            "write" | "pwrite64" | "ftruncate" => {
                self.bytes.insert(path.to_owned());
            }
            "fsync" | "fdatasync" => {
                self.bytes.remove(path);
                self.names.retain(|name| name.parent() != Some(path));
            }
            "openat" | "mkdir" if call.is_creation() => {
                self.names.insert(path.to_owned());
            }
            "openat" => {}
            "rename" | "renameat2" => {
                let from = &call.paths[0];
                if self.bytes.contains(from) {
                    return Err(format!("{} renamed before its sync", from.display()));
                }
                // Gone from there, which is a change of that directory too.
                self.names.insert(from.clone());
                self.names.insert(path.to_owned());
            }
            // The partial directories of a run: whatever is left of them after
            // a power failure is removed again.
            "unlink" | "unlinkat" | "rmdir" => {
                self.bytes.retain(|other| !other.starts_with(path));
                self.names.retain(|other| !other.starts_with(path));
            }
            other => return Err(format!("{other}: not known here")),
        }
        Ok(())
    }

    /// Nothing may be unsafe any more, but for what `is_excused`.
    fn is_none(&self, is_excused: impl Fn(&Path) -> bool) -> Result<(), String> {
        let unsafe_now = self.bytes.iter().chain(&self.names).filter(|path| !is_excused(path));
        let unsafe_now: Vec<_> = unsafe_now.collect();
        if unsafe_now.is_empty() { Ok(()) } else { Err(format!("not synced: {unsafe_now:?}")) }
    }
}

/// Reads the calls of a night that was killed, and of one that ended.
pub(super) fn is_safe(killed: &[Call], ended: &[Call]) -> Result<(), String> {
    let mut left = Unsafe::default();
    for call in killed {
        left.see(call)?;
    }
    for call in ended {
        let says = |what: &str| call.name == "pwrite64" && call.arguments.contains(what);
        if says("run.commit") || says("run.published") {
            left.is_none(|path| path.starts_with("ledger"))
                .map_err(|why| format!("recorded and {why}"))?;
        }
        left.see(call)?;
    }
    // The head is a copy of the newest checkpoint, and made anew if it is older.
    let is_head =
        |path: &Path| path.starts_with("ledger/head.note") || path.ends_with(".head.note.partial");
    left.is_none(is_head).map_err(|why| format!("ended and {why}"))
}

#[test]
fn a_night_records_nothing_that_a_power_failure_could_take_away() {
    if !trace::is_there() {
        return;
    }
    for state in State::ALL {
        let (output, calls) = trace::record(&House::of(state));
        outcome(&output).unwrap();
        assert!(calls.len() > 20, "{state:?}: {} calls", calls.len());
        is_safe(&[], &calls).map_err(|why| format!("{state:?}: {why}")).unwrap();
    }
}

/// Kills a night before it first syncs a directory, and has the next night
/// sync it.
#[track_caller]
pub(crate) fn syncs_after_a_kill(state: State, dir: &str) {
    if !trace::is_there() {
        return;
    }
    let (_, calls) = trace::record(&House::of(state));
    let is_sync = |call: &Call| call.name == "fsync" && call.path() == Path::new(dir);
    let index = calls.iter().position(is_sync).unwrap();
    let house = House::of(state);
    trace::strike(&house, &calls[index], Blow::Kill).unwrap();
    let (output, after) = trace::record(&house);
    outcome(&output).unwrap();
    is_safe(&calls[..index], &after).unwrap();
}

//! What `strace` writes in; system calls on the files of a house out.
//!
//! Source: strace(1), options `-f`, `-y`, `-P` and `-e inject`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use super::house::{House, one_thread, was_killed};

/// Calls that change a file system, or make sure that it was changed.
const TRACED: &str = "write,writev,pwrite64,pwritev,fsync,fdatasync,rename,renameat,renameat2,\
                      openat,mkdir,mkdirat,unlink,unlinkat,rmdir,ftruncate,link,linkat";

/// One call on a file of a house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) name: String,
    /// What it was done to, relative to the house. Two for a rename.
    pub(super) paths: Vec<PathBuf>,
    /// How often this thread has made this call on the first path, this time
    /// included.
    pub(super) nth: usize,
    /// True if another thread has made it on that path as often before. strace
    /// counts each thread's calls by themselves and strikes whoever comes first,
    /// so that no blow reaches this one.
    pub(super) is_shadowed: bool,
    pub(super) arguments: String,
    pub(super) is_done: bool,
}

impl Call {
    /// The file or directory that is changed.
    pub(super) fn path(&self) -> &Path {
        self.paths.last().unwrap()
    }

    /// True if it makes a name that was not there.
    pub(super) fn is_creation(&self) -> bool {
        self.name.starts_with("mkdir") || self.arguments.contains("O_EXCL")
    }

    fn is_change(&self) -> bool {
        self.name != "openat" || self.arguments.contains("O_CREAT")
    }
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Blow {
    /// The process dies before it.
    Kill,
    /// It is not made, and this is its answer.
    Error(&'static str),
}

/// True if there is a `strace` that may trace.
pub(super) fn is_there() -> bool {
    static IS_THERE: OnceLock<bool> = OnceLock::new();
    *IS_THERE.get_or_init(|| {
        let run = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
        run.is_ok_and(|status| status.success())
    })
}

/// Runs a night and gives its calls.
pub(super) fn record(house: &House) -> (Output, Vec<Call>) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut strace = strace(log.path());
    strace.args(["--seccomp-bpf", "-y", "-s", "64", "-e", &format!("trace={TRACED}")]);
    let output = strace.arg(env!("CARGO_BIN_EXE_gamyeong")).args(house.night()).output().unwrap();
    let text = String::from_utf8_lossy(&fs::read(log.path()).unwrap()).into_owned();
    (output, calls(&text, &house.root()))
}

/// Runs a night in which one call meets with a blow. `None` if it came to no
/// such call.
pub(super) fn strike(house: &House, call: &Call, blow: Blow) -> Option<Output> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let what = match blow {
        Blow::Kill => "signal=KILL".to_owned(),
        Blow::Error(code) => format!("error={code}"),
    };
    let (name, nth) = (&call.name, call.nth);
    // Without `--seccomp-bpf`, under which strace 6.1 injects no signals.
    let mut strace = strace(log.path());
    strace.arg("-P").arg(house.root().join(&call.paths[0]));
    strace.args([
        "-e",
        &format!("trace={name}"),
        "-e",
        &format!("inject={name}:{what}:when={nth}"),
    ]);
    let output = strace.arg(env!("CARGO_BIN_EXE_gamyeong")).args(house.night()).output().unwrap();
    let text = String::from_utf8_lossy(&fs::read(log.path()).unwrap()).into_owned();
    let is_hit = was_killed(&output) || text.contains("(INJECTED)");
    is_hit.then_some(output)
}

fn strace(log: &Path) -> Command {
    let mut strace = Command::new("strace");
    one_thread(&mut strace);
    strace.args(["-f", "-q", "-o"]).arg(log);
    strace
}

/// Reads lines such as `71 fsync(5</house/store>) = 0`.
fn calls(text: &str, root: &Path) -> Vec<Call> {
    let mut made: BTreeMap<(&str, &str, PathBuf), usize> = BTreeMap::new();
    let mut reached: BTreeSet<(String, PathBuf, usize)> = BTreeSet::new();
    let mut calls = Vec::new();
    let lines = whole(text);
    for (thread, line) in &lines {
        let Some((name, rest)) = line.split_once('(') else { continue };
        let Some((arguments, answer)) = rest.rsplit_once(" = ") else { continue };
        let paths = paths(arguments, root);
        for path in &paths {
            *made.entry((*thread, name, path.clone())).or_default() += 1;
        }
        let Some(path) = paths.first() else { continue };
        let nth = made[&(*thread, name, path.clone())];
        let call = Call {
            name: name.to_owned(),
            nth,
            is_shadowed: !reached.insert((name.to_owned(), path.clone(), nth)),
            arguments: arguments.to_owned(),
            is_done: !answer.starts_with(['-', '?']),
            paths,
        };
        if call.is_change() {
            calls.push(call);
        }
    }
    calls
}

/// Threads and their lines, each at its end. Where another thread came between,
/// strace writes a call in two: `fsync(5 <unfinished ...>` and, later,
/// `<... fsync resumed>) = 0`.
fn whole(text: &str) -> Vec<(&str, String)> {
    let mut begun: BTreeMap<&str, &str> = BTreeMap::new();
    let mut lines = Vec::new();
    for line in text.lines() {
        let Some((thread, line)) = line.split_once(' ') else { continue };
        let line = line.trim_start();
        if let Some(start) = line.strip_suffix(" <unfinished ...>") {
            begun.insert(thread, start);
        } else if let Some((_, end)) =
            line.strip_prefix("<... ").and_then(|line| line.split_once(" resumed>"))
        {
            let start = begun.remove(thread).unwrap_or_default();
            lines.push((thread, format!("{start}{end}")));
        } else {
            lines.push((thread, line.to_owned()));
        }
    }
    lines
}

#[test]
fn a_call_that_strace_writes_in_two_is_one() {
    let text = "7  fsync(5</house/a> <unfinished ...>\n\
                8  +++ exited with 0 +++\n\
                7  <... fsync resumed>) = 0\n\
                7  fsync(5</house/a>) = 0\n";
    let calls = calls(text, Path::new("/house"));
    let found: Vec<_> =
        calls.iter().map(|call| (call.name.as_str(), call.nth, call.is_done)).collect();
    assert_eq!(found, [("fsync", 1, true), ("fsync", 2, true)]);
}

/// Found by the matrix: the kill came much earlier than the calls that the test
/// of order then took for done.
#[test]
fn a_call_that_another_thread_has_made_as_often_is_out_of_reach() {
    let text = "7  fsync(5</house/a>) = 0\n\
                8  fsync(5</house/a>) = 0\n\
                8  fsync(5</house/a>) = 0\n";
    let found: Vec<_> =
        calls(text, Path::new("/house")).iter().map(|call| (call.nth, call.is_shadowed)).collect();
    assert_eq!(found, [(1, false), (1, true), (2, false)]);
}

/// The paths of a house among arguments, quoted or behind a descriptor. A file
/// without a name has none.
fn paths(arguments: &str, root: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for part in arguments.split(['<', '>', '"']) {
        let Ok(path) = Path::new(part).strip_prefix(root) else { continue };
        if !part.contains("/#") && paths.last().is_none_or(|last| last != path) {
            paths.push(path.to_owned());
        }
    }
    paths
}

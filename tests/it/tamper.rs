//! A ledger of 500 records, whole and tampered with in every way there is: the program finds
//! each, names what was changed, and leaves whole ones alone; the page says the same.
//!
//! ```text
//! world ─► cases ─┬─► ledger::verify, on a directory each   ─► found, located   ┐ one text of
//!                 └─► verify() of the page, in one browser  ─►                  ┘ all findings
//! ```
//!
//! By default a fixed sample runs: 200 bit flips, and every thirteenth place or so of everything
//! else. `GAMYEONG_TAMPER=all` runs 10,000 and every place; `program` has the page judge every
//! twentieth of these only, as `.ci/run` does. Without `openssl` no time stamp is at hand.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::slice;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use gamyeong::ledger::report::{Finding, Outcome, Report};
use gamyeong::ledger::verify::{self, Brought, Earlier};

use crate::forge;
use crate::house::put;
use crate::page::untold;
use cases::{Case, Change, Expect};
use world::World;

mod cases;
mod fabricated;
mod in_browser;
mod vouched;
mod world;

fn is_wanted(words: &[&str]) -> bool {
    std::env::var("GAMYEONG_TAMPER").is_ok_and(|wanted| words.contains(&wanted.as_str()))
}

/// True if every case there is has to run.
fn is_full() -> bool {
    is_wanted(&["all", "program"])
}

/// Every how-manyth place: of a sample, or each.
fn step(sample: usize) -> usize {
    if is_full() { 1 } else { sample }
}

fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Makes the changes of a case in a directory, and gives what undoes them.
fn change(world: &World, dir: &Path, changes: &[Change]) {
    for change in changes {
        let path = dir.join(change.file());
        match change.bytes(world) {
            Some(bytes) => put(&path, &bytes),
            None => fs::remove_file(&path).unwrap(),
        }
    }
}

fn undo(world: &World, dir: &Path, changes: &[Change]) {
    for change in changes {
        let path = dir.join(change.file());
        match world.files.get(change.file()) {
            Some(bytes) => put(&path, bytes),
            None => fs::remove_file(&path).unwrap(),
        }
    }
}

/// What the program says of a case.
fn report(world: &World, dir: &Path, case: &Case) -> Report {
    change(world, dir, &case.changes);
    let name = |index: usize| format!("earlier checkpoint {}", index + 1);
    let kept = case.earlier.iter().enumerate();
    let kept = kept.map(|(index, kept)| Earlier::file(&name(index), &kept.bytes));
    let earlier: Vec<Earlier> = kept.collect();
    let authority = world.vouched.authority();
    let brought = Brought {
        trusted: Some(&world.keys),
        earlier: &earlier,
        witnesses: Some(slice::from_ref(&world.vouched.key)),
        authority: authority.as_ref(),
    };
    let report = verify::with(dir, &brought).unwrap();
    undo(world, dir, &case.changes);
    report
}

fn findings(report: &Report) -> impl Iterator<Item = &Finding> {
    fn of(outcome: &Outcome) -> &[Finding] {
        match outcome {
            Outcome::Fail { findings, .. } => findings.as_slice(),
            Outcome::Pass | Outcome::NotChecked(_) => &[],
        }
    }
    report.checks.iter().flat_map(move |checked| of(&checked.outcome))
}

/// Everything that is found, as one text: the page writes the same.
fn told(report: &Report) -> String {
    use std::fmt::Write as _;

    let mut text = String::new();
    for checked in &report.checks {
        text += checked.check.as_str();
        if let Outcome::Fail { findings, omitted } = &checked.outcome {
            let _ = write!(text, " fail {omitted}");
            for Finding { seq, file, offset, .. } in findings {
                let number = |of: &Option<u64>| of.map_or("-".to_owned(), |of| of.to_string());
                let _ = write!(text, " {} {file} {},", number(seq), number(offset));
            }
        }
        text.push('\n');
    }
    text
}

/// Why a report is not the one that was expected.
fn disappointment(case: &Case, report: &Report) -> Option<String> {
    let failing: Vec<&str> = report
        .checks
        .iter()
        .filter(|checked| matches!(checked.outcome, Outcome::Fail { .. }))
        .map(|checked| checked.check.as_str())
        .collect();
    let is_good = match &case.expect {
        Expect::Intact => failing.is_empty(),
        Expect::Found { seq, file, offset, only } => {
            let is_it = |found: &Finding| {
                found.file == *file && (offset.is_none() || found.offset == *offset)
            };
            let first = findings(report).filter_map(|found| found.seq).min();
            findings(report).any(is_it)
                && first.is_none_or(|first| Some(first) == *seq)
                && only.is_none_or(|only| failing == [only])
        }
    };
    let unjustly = case.earlier.iter().enumerate().find(|(index, kept)| {
        let name = format!("earlier checkpoint {}", index + 1);
        findings(report).any(|found| found.file == name) == kept.is_continued
    });
    let untold = untold(&report.to_value());
    if is_good && unjustly.is_none() && untold.is_empty() {
        return None;
    }
    let Case { name, expect, .. } = case;
    Some(format!("{name}: {expect:?}\nnot said in Korean: {untold:?}\n{}", told(report)))
}

/// What the program says of every case, in their order, as [`told`].
fn judged(world: &World, cases: &[Case]) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let work = || {
        let home = memory();
        let dir = home.path().join("ledger");
        forge::write(&world.files, &dir);
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(case) = cases.get(index) else { return done };
            let report = report(world, &dir, case);
            done.push((index, told(&report), disappointment(case, &report)));
        }
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut all: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    all.sort_unstable_by_key(|(index, ..)| *index);
    let disappointments: Vec<&String> = all.iter().filter_map(|(.., why)| why.as_ref()).collect();
    assert!(
        disappointments.is_empty(),
        "{} of {}, the first: {}",
        disappointments.len(),
        cases.len(),
        disappointments[0]
    );
    all.into_iter().map(|(_, told, _)| told).collect()
}

/// A directory in memory where there is one: every case writes and reads all files.
fn memory() -> tempfile::TempDir {
    let builder = tempfile::Builder::new();
    builder.tempdir_in("/dev/shm").or_else(|_| builder.tempdir()).unwrap()
}

#[test]
fn the_forge_writes_what_the_program_writes() {
    world::forged_as_the_program_writes();
}

#[test]
fn everything_is_found_and_named_and_the_page_says_the_same() {
    let world = World::new();
    let started = Instant::now();
    let cases = cases::all(&world, if is_full() { 10_000 } else { 200 });
    let intact = cases.iter().filter(|case| matches!(case.expect, Expect::Intact)).count();
    say(&format!("{} ledgers, {intact} whole: {} ms", cases.len(), started.elapsed().as_millis()));
    let started = Instant::now();
    let judged = judged(&world, &cases);
    say(&format!("judged by the program: {} ms", started.elapsed().as_millis()));
    let started = Instant::now();
    let every = if is_wanted(&["program"]) { 20 } else { 1 };
    let (cases, judged): (Vec<Case>, Vec<String>) =
        cases.into_iter().zip(judged).step_by(every).unzip();
    if in_browser::says_the_same(&world, &cases, &judged) {
        let (count, took) = (cases.len(), started.elapsed().as_millis());
        say(&format!("{count} judged by the page: {took} ms"));
    }
}

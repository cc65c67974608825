//! Files of records that are full, their checkpoints, and what becomes of either.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::super::files::Layout;
use super::super::record::{Entry, Kind};
use super::super::report::{Check, Finding, Outcome, Report, Status};
use super::super::seal::{Seal, split};
use super::super::store::Ledger;
use super::super::tree::Hash;
use super::super::verify::verify;
use super::{ORIGIN, TestSigner, entry, flip, keys, ledger_of, restore, signer, snapshot, write};
use crate::fs;

const MONTHS: [&str; 3] =
    ["2026-12-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00.000Z"];

/// Three records of November, two of December and one of January, with the two seals.
fn sealed() -> (tempfile::TempDir, PathBuf, Ledger) {
    let (home, dir, mut ledger) = ledger_of(3);
    for time in MONTHS {
        append(&mut ledger, time);
    }
    (home, dir, ledger)
}

fn append(ledger: &mut Ledger, time: &str) {
    let body = json!({ "at": time });
    let entry = Entry { time, ..entry(Kind::Heartbeat, &body) };
    ledger.append(&signer(), &entry).unwrap();
}

fn report(dir: &Path) -> Report {
    verify(dir, Some(&keys())).unwrap()
}

#[track_caller]
fn passes(dir: &Path) {
    let report = report(dir);
    assert_eq!(report.status(), Status::Pass, "{}", report.to_value());
}

/// What was found, of all checks.
fn found(dir: &Path) -> Vec<(Check, Finding)> {
    let of = |checked: super::super::report::Checked| match checked.outcome {
        Outcome::Fail { findings, .. } => {
            findings.into_iter().map(|finding| (checked.check, finding)).collect()
        }
        Outcome::Pass | Outcome::NotChecked(_) => Vec::new(),
    };
    report(dir).checks.into_iter().flat_map(of).collect()
}

/// Found by a review: a crash behind the file of checkpoints, and a clock that was put back into
/// the month, stopped the ledger for good.
#[test]
fn checkpoints_that_were_put_together_too_early_are_put_together_again() {
    let (_home, dir, mut ledger) = ledger_of(2);
    let layout = Layout::new(&dir);
    let notes = |sizes: std::ops::RangeInclusive<u64>| -> Vec<u8> {
        sizes.flat_map(|size| fs::read(&layout.checkpoint(size)).unwrap()).collect()
    };
    write(&layout.bundle(0), &notes(1..=2));
    passes(&dir);
    ledger.append(&signer(), &entry(Kind::Heartbeat, &json!({}))).unwrap();
    let whole = notes(1..=3);
    append(&mut ledger, MONTHS[0]);
    assert_eq!(fs::read(&layout.bundle(0)).unwrap(), whole);
    passes(&dir);
}

#[test]
fn a_file_is_of_one_month_and_the_next_begins_with_its_seal() {
    let (_home, dir, ledger) = sealed();
    passes(&dir);
    let layout = Layout::new(&dir);
    let kinds: Vec<_> = ledger.records().iter().map(|record| record.type_name.as_str()).collect();
    let [init, beat, seal] = ["ledger.init", "heartbeat", "segment.sealed"];
    assert_eq!(kinds, [init, beat, beat, seal, beat, beat, seal, beat]);
    for (segment, (first, records)) in [(0, 3), (3, 3)].into_iter().enumerate() {
        let stored = fs::read(&layout.segment(segment)).unwrap();
        assert_eq!(memchr::memchr_iter(b'\n', &stored).count() as u64, records);
        let notes = fs::read(&layout.bundle(segment)).unwrap();
        assert_eq!(split(&notes).count() as u64, records);
        let at = usize::try_from(first + records).unwrap();
        let expected = Seal {
            segment: segment as u64,
            first,
            records,
            records_sha256: Hash::of(&stored),
            checkpoints_sha256: Hash::of(&notes),
        };
        assert_eq!(Seal::of(&ledger.records()[at]), Some(expected));
    }
    // Of what is sealed no checkpoint stands by itself any more.
    assert_eq!(layout.checkpoint_sizes().unwrap(), (vec![7, 8], Vec::new()));
    let (opened, recovery) = Ledger::open(&dir, &signer()).unwrap();
    assert!(recovery.is_clean());
    assert_eq!((opened.root(), opened.records()), (ledger.root(), ledger.records()));
}

#[test]
fn every_byte_of_what_is_sealed_is_watched() {
    let (_home, dir, _ledger) = sealed();
    let good = snapshot(&dir);
    for (name, check) in [
        ("records/000000.jsonl", Check::Seals),
        ("records/000001.jsonl", Check::Seals),
        ("checkpoints/000000.notes", Check::Seals),
        ("checkpoints/000001.notes", Check::Seals),
    ] {
        let path = dir.join(name);
        for offset in 0..fs::read(&path).unwrap().len() {
            restore(&dir, &good);
            flip(&path, offset, 1);
            let found = found(&dir);
            assert!(
                found.iter().any(|(of, finding)| *of == check && finding.file == name),
                "{name} {offset}: {found:?}"
            );
        }
    }
}

#[test]
fn what_is_sealed_neither_goes_nor_comes_back() {
    let (_home, dir, _ledger) = sealed();
    let good = snapshot(&dir);
    let layout = Layout::new(&dir);
    let notes = fs::read(&layout.bundle(1)).unwrap();
    let last = split(&notes).last().unwrap();
    let cases: [(&str, &dyn Fn()); 7] = [
        ("a bundle is gone", &|| fs::remove_if_there(&layout.bundle(0)).unwrap()),
        ("it lacks the last note", &|| {
            write(&layout.bundle(1), &notes[..notes.len() - last.len()]);
        }),
        ("it has the last note twice", &|| write(&layout.bundle(1), &[&notes, last].concat())),
        ("there is one of a file to come", &|| write(&layout.bundle(2), b"")),
        ("the open file has one", &|| write(&layout.bundle(2), &notes)),
        ("another name", &|| write(&dir.join("checkpoints/1.notes"), &notes)),
        ("two are exchanged", &|| {
            let other = fs::read(&layout.bundle(0)).unwrap();
            write(&layout.bundle(0), &notes);
            write(&layout.bundle(1), &other);
        }),
    ];
    for (name, damage) in cases {
        restore(&dir, &good);
        damage();
        let is_empty = name == "there is one of a file to come";
        assert_eq!(found(&dir).is_empty(), is_empty, "{name}: {:?}", found(&dir));
    }
}

/// Of the names of the keys that are trusted any may be that of the ledger.
#[test]
fn keys_of_another_name_before_the_right_ones_change_nothing() {
    let (_home, dir, _ledger) = sealed();
    let others = TestSigner { name: "other.example/ledger", ..TestSigner::new(9) };
    let trusted = [others.keys(), keys()].concat();
    let report = verify(&dir, Some(&trusted)).unwrap();
    assert_eq!(report.status(), Status::Pass, "{}", report.to_value());
    // Their own name alone is another ledger's, in files that are sealed too.
    let report = verify(&dir, Some(&others.keys())).unwrap();
    assert_eq!(report.status(), Status::Fail);
    let checked = report.checks.iter().find(|of| of.check == Check::Checkpoints).unwrap();
    let Outcome::Fail { findings, .. } = &checked.outcome else { panic!("{checked:?}") };
    let name = "checkpoints/000000.notes";
    assert!(findings.iter().any(|finding| finding.file == name && finding.found == ORIGIN));
}

/// A crash at any step of an append that begins a new file, and another one when the ledger
/// is opened again: nothing is lost, and the same file is sealed in the same way.
#[test]
fn a_crash_at_any_step_of_a_seal_is_made_good() {
    let (_home, dir, mut ledger) = ledger_of(3);
    let layout = Layout::new(&dir);
    let before = snapshot(&dir);
    append(&mut ledger, MONTHS[0]);
    let after = snapshot(&dir);
    let of = |path: &Path| after.iter().find(|(found, _)| found == path).unwrap().1.clone();
    let (records, bundle) = (of(&layout.segment(1)), of(&layout.bundle(0)));
    let seal = records.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let note = of(&layout.checkpoint(4));
    let steps: [&dyn Fn(); 6] = [
        &|| {},
        &|| write(&layout.bundle(0), &bundle),
        &|| write(&layout.segment(1), b""),
        &|| write(&layout.segment(1), &records[..seal]),
        &|| write(&layout.checkpoint(4), &note),
        &|| write(&layout.head(), &note),
    ];
    for count in 0..=steps.len() {
        for torn in [0, seal / 2] {
            restore(&dir, &before);
            steps[..count].iter().for_each(|step| step());
            if torn > 0 && count == 3 {
                write(&layout.segment(1), &records[..torn]);
            } else if torn > 0 {
                continue;
            }
            if torn == 0 && count != 4 && count != 5 {
                passes(&dir);
            }
            let (mut opened, _) = Ledger::open(&dir, &signer()).unwrap();
            passes(&dir);
            append(&mut opened, MONTHS[0]);
            passes(&dir);
            assert_eq!(opened.root(), ledger.root(), "{count}");
            let files = |of: &[(PathBuf, Vec<u8>)]| -> Vec<_> {
                let kept = |path: &&(PathBuf, Vec<u8>)| !path.0.starts_with(layout.quarantine());
                of.iter().filter(kept).cloned().collect()
            };
            assert_eq!(files(&snapshot(&dir)), files(&after), "{count}");
        }
    }
}

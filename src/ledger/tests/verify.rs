//! What an auditor is told about a ledger, whole and damaged.

use std::path::Path;

use serde_json::{Value, json};

use super::super::fault::Fault;
use super::super::files::Layout;
use super::super::note::VerifierKey;
use super::super::record::{Entry, Kind};
use super::super::report::{Check, Finding, Lint, Outcome, Reason, Report, Status};
use super::super::store::Ledger;
use super::super::tree::leaf_hash;
use super::super::verify::{against, verify};
use super::{
    ORIGIN, TestSigner, by_hand, entry, flip, keys, ledger_of, restore, signer, snapshot, write,
};
use crate::fs;

fn report(dir: &Path) -> Report {
    verify(dir, Some(&keys())).unwrap()
}

/// The findings of one check; none if it passed.
fn findings(report: &Report, check: Check) -> Vec<Finding> {
    match report.outcome(check) {
        Some(Outcome::Fail { findings, .. }) => findings.clone(),
        Some(Outcome::Pass | Outcome::NotChecked(_)) | None => Vec::new(),
    }
}

/// A ledger with one night in it.
fn night(lines: u64, rows: u64) -> (tempfile::TempDir, std::path::PathBuf, Ledger) {
    let (home, dir, mut ledger) = ledger_of(1);
    let source = json!({
        "name": "web", "lines": lines, "rows": rows,
        "rejected": 1, "suppressed": 0, "excluded": 0, "blank": 0,
    });
    let files = json!([{
        "sha256": "0".repeat(64), "bytes": 9, "lines": 9, "rows": 8,
        "rejected": 1, "suppressed": 0, "excluded": 0, "blank": 0,
    }]);
    for (kind, body) in [
        (Kind::RunBegin, json!({})),
        (Kind::RunInput, json!({ "source": "web", "files": files })),
        (Kind::RunCommit, json!({ "sources": [source], "outputs": [] })),
        (Kind::RunPublished, json!({})),
    ] {
        ledger.append(&signer(), &entry(kind, &body)).unwrap();
    }
    (home, dir, ledger)
}

#[test]
fn a_whole_ledger_passes_every_check() {
    let (_home, dir, ledger) = night(9, 8);
    let report = report(&dir);
    assert_eq!(report.status(), Status::Pass, "{}", report.to_value());
    assert_eq!((report.size, report.root), (5, ledger.root()));
    assert_eq!(report.origin.as_deref(), Some(ORIGIN));
    assert_eq!(report.lints, []);
    let reason = Reason::NoEarlierCheckpoint;
    assert_eq!(report.outcome(Check::Continuity), Some(&Outcome::NotChecked(reason)));
    assert_eq!(report.checks.len(), 16);
}

#[test]
fn keys_out_of_the_ledger_itself_are_not_trusted() {
    let (_home, dir, _ledger) = ledger_of(2);
    let report = verify(&dir, None).unwrap();
    assert_eq!(report.status(), Status::NotChecked);
    let reason = Reason::KeysFromLedger;
    assert_eq!(report.outcome(Check::Trust), Some(&Outcome::NotChecked(reason)));
    assert_eq!(report.outcome(Check::Signatures), Some(&Outcome::Pass));
}

#[test]
fn a_ledger_rewritten_with_other_keys_fails_only_against_trusted_ones() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("ledger");
    let forger = TestSigner::new(8);
    let body = json!({});
    Ledger::create(&dir, &forger, &entry(Kind::LedgerInit, &body)).unwrap();
    assert_eq!(verify(&dir, None).unwrap().status(), Status::NotChecked);
    let report = report(&dir);
    assert_eq!(findings(&report, Check::Keys).len(), 2);
    assert!(!findings(&report, Check::Signatures).is_empty());
}

/// Each byte of each file, the quarantine too, with one bit flipped.
#[test]
fn flipping_any_byte_of_any_file_is_noticed() {
    let (_home, dir, _ledger) = ledger_of(2);
    let records = dir.join("records/000000.jsonl");
    let torn = [fs::read(&records).unwrap(), b"{\"seq\":2,".to_vec()].concat();
    write(&records, &torn);
    Ledger::open(&dir, &signer()).unwrap();
    assert_eq!(report(&dir).status(), Status::Pass);
    for (path, bytes) in snapshot(&dir) {
        for offset in 0..bytes.len() {
            let mask = 1 << (offset % 8);
            flip(&path, offset, mask);
            let status = report(&dir).status();
            assert_eq!(status, Status::Fail, "{} byte {offset}", path.display());
            flip(&path, offset, mask);
        }
    }
    assert_eq!(report(&dir).status(), Status::Pass);
}

#[test]
fn removing_or_adding_any_file_is_noticed() {
    let (_home, dir, _ledger) = ledger_of(3);
    let good = snapshot(&dir);
    for (path, _) in &good {
        fs::remove_if_there(path).unwrap();
        assert_eq!(report(&dir).status(), Status::Fail, "without {}", path.display());
        restore(&dir, &good);
    }
    for name in [
        "notes.txt",
        "records/000002.jsonl",
        "records/.000000.jsonl.partial",
        "checkpoints/4.note",
        "checkpoints/0000000000.note",
        "quarantine/000000-00000000-00.bin",
    ] {
        write(&dir.join(name), b"x");
        assert_eq!(findings(&report(&dir), Check::Files).len(), 1, "with {name}");
        restore(&dir, &good);
    }
    assert_eq!(report(&dir).status(), Status::Pass);
}

#[test]
fn cutting_the_records_anywhere_is_noticed() {
    let (_home, dir, _ledger) = ledger_of(2);
    let path = dir.join("records/000000.jsonl");
    let bytes = fs::read(&path).unwrap();
    for cut in 0..bytes.len() {
        write(&path, &bytes[..cut]);
        assert_eq!(report(&dir).status(), Status::Fail, "{cut} bytes");
    }
}

#[test]
fn a_changed_record_is_named_with_file_and_byte() {
    let (_home, dir, _ledger) = ledger_of(3);
    let path = dir.join("records/000000.jsonl");
    let bytes = fs::read(&path).unwrap();
    let second = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    flip(&path, second, 1);
    let report = report(&dir);
    let record = &findings(&report, Check::Records)[0];
    assert_eq!(record.file, "records/000000.jsonl");
    assert_eq!((record.seq, record.offset), (Some(1), Some(second as u64)));
    // The record after it says which hash it should have had.
    let chain = &findings(&report, Check::Chain)[0];
    assert_eq!(chain.seq, Some(2));
    assert_ne!(chain.expected, chain.found);
    let files: Vec<_> =
        findings(&report, Check::Checkpoints).into_iter().map(|finding| finding.file).collect();
    let expected = [
        "records/000000.jsonl",
        "checkpoints/0000000002.note",
        "checkpoints/0000000003.note",
        "head.note",
    ];
    assert_eq!(files, expected);
    // The roots themselves tell which record it was, whatever it says.
    let first = &findings(&report, Check::Checkpoints)[0];
    assert_eq!((first.seq, first.offset), (Some(1), Some(second as u64)));
}

#[test]
fn an_earlier_checkpoint_shows_what_the_ledger_alone_cannot() {
    let (_home, dir, mut ledger) = ledger_of(2);
    let then = snapshot(&dir);
    ledger.append(&signer(), &entry(Kind::Heartbeat, &json!({}))).unwrap();
    let held = ledger.checkpoint().to_vec();
    let status = |held: &[u8]| against(&dir, Some(&keys()), &[held]).unwrap().status();
    assert_eq!(status(&held), Status::Pass);

    // The newest record is cut off together with its checkpoint.
    restore(&dir, &then);
    assert_eq!(report(&dir).status(), Status::Pass);
    assert_eq!(status(&held), Status::Fail);

    // And another one takes its place.
    let (mut cut, _) = Ledger::open(&dir, &signer()).unwrap();
    cut.append(&signer(), &entry(Kind::Heartbeat, &json!({ "other": 1 }))).unwrap();
    assert_eq!(report(&dir).status(), Status::Pass);
    assert_eq!(status(&held), Status::Fail);
    assert_eq!(status(b"no note"), Status::Fail);
}

#[test]
fn lines_that_do_not_add_up_are_found_although_signed_for() {
    for (lines, rows, found) in [(9, 7, "8 lines accounted for"), (8, 7, "8 lines")] {
        let (_home, dir, _ledger) = night(lines, rows);
        let report = report(&dir);
        assert_eq!(report.status(), Status::Fail);
        let finding = &findings(&report, Check::Conservation)[0];
        assert_eq!((finding.seq, finding.found.as_str()), (Some(3), found));
        assert_eq!(finding.file, "records/000000.jsonl");
        assert_eq!(report.outcome(Check::Chain), Some(&Outcome::Pass));
    }
}

/// Records that stand behind a gap say that they are somewhere else.
#[test]
fn a_broken_law_is_told_of_the_line_it_stands_in_also_behind_a_gap() {
    let (_home, dir, _ledger) = night(9, 8);
    let path = dir.join("records/000000.jsonl");
    let text = String::from_utf8(fs::read(&path).unwrap()).unwrap();
    // Without `run.begin` all that follows has nothing to follow.
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    write(&path, [lines[0], lines[2], lines[3], lines[4]].concat().as_bytes());
    let report = report(&dir);
    let mut start = lines[0].len();
    let mut expected = Vec::new();
    for (seq, line) in (1..).zip(&lines[2..]) {
        expected.push((Some(seq), Some(start as u64)));
        start += line.len();
    }
    let places: Vec<_> = findings(&report, Check::Order)
        .into_iter()
        .map(|finding| (finding.seq, finding.offset))
        .collect();
    assert_eq!(places, expected);
    // A commit whose lines do not add up, behind the same gap.
    let (_home, dir, _ledger) = night(9, 7);
    let path = dir.join("records/000000.jsonl");
    let text = String::from_utf8(fs::read(&path).unwrap()).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    write(&path, [lines[1], lines[2], lines[3], lines[4]].concat().as_bytes());
    let found = &findings(&self::report(&dir), Check::Conservation)[0];
    let start = lines[1].len() + lines[2].len();
    assert_eq!((found.seq, found.offset), (Some(2), Some(start as u64)));
}

#[test]
fn a_run_out_of_order_is_found() {
    let (_home, dir, mut ledger) = ledger_of(1);
    ledger.append(&signer(), &entry(Kind::RunPublished, &json!({}))).unwrap();
    let report = report(&dir);
    assert_eq!(findings(&report, Check::Order)[0].seq, Some(1));
}

#[test]
fn what_is_odd_is_reported_and_fails_nothing() {
    let (_home, dir, mut ledger) = ledger_of(1);
    ledger.append(&signer(), &entry(Kind::RunBegin, &json!({}))).unwrap();
    let report = report(&dir);
    assert_eq!(report.status(), Status::Pass);
    assert_eq!(report.lints, [Lint::UnfinishedRun { run: "r-1".to_owned() }]);
}

/// By whoever has the keys: the program refuses.
#[test]
fn a_time_before_that_of_the_record_before_is_found() {
    let (_home, dir, mut ledger) = ledger_of(1);
    let body = json!({});
    let (first, _) = entry(Kind::LedgerInit, &body).line(0, None).unwrap();
    let early = Entry { time: "2026-11-22T17:59:59.999Z", ..entry(Kind::Heartbeat, &body) };
    let (second, _) = early.line(1, Some(leaf_hash(&first))).unwrap();
    let home = tempfile::tempdir().unwrap();
    by_hand(&Layout::new(home.path()), &[first, second]);
    let found = &findings(&report(home.path()), Check::Time)[0];
    assert_eq!((found.seq, found.found.as_str()), (Some(1), "2026-11-22T17:59:59.999Z"));

    // Minutes are put right, more stops.
    assert_eq!(ledger.append(&signer(), &early).unwrap().size, 2);
    assert_eq!(ledger.records()[1].time, ledger.records()[0].time);
    let late = Entry { time: "2026-11-22T17:54:59.999Z", ..early };
    let refused = ledger.append(&signer(), &late);
    assert!(matches!(refused, Err(Fault::Clock { .. })), "{refused:?}");
    assert_eq!(ledger.append(&signer(), &entry(Kind::Heartbeat, &body)).unwrap().size, 3);
    assert_eq!(report(&dir).status(), Status::Pass);
}

#[test]
fn another_spelling_of_a_record_is_a_change_and_a_lint() {
    let (_home, dir, _ledger) = ledger_of(1);
    let path = dir.join("records/000000.jsonl");
    let text = String::from_utf8(fs::read(&path).unwrap()).unwrap();
    write(&path, text.replace("{\"seq\":0", "{ \"seq\":0").as_bytes());
    let report = report(&dir);
    assert_eq!(report.lints, [Lint::NotCanonical { seq: 0 }]);
    assert_eq!(report.outcome(Check::Records), Some(&Outcome::Pass));
    assert_eq!(report.status(), Status::Fail);
}

#[test]
fn a_missing_signature_is_a_failure() {
    let (_home, dir, _ledger) = ledger_of(1);
    let note = String::from_utf8(fs::read(&dir.join("head.note")).unwrap()).unwrap();
    let lines: Vec<&str> = note.split_inclusive('\n').collect();
    for kept in [4, 5] {
        let cut = [&lines[..4], &lines[kept..=kept]].concat().concat();
        write(&dir.join("head.note"), cut.as_bytes());
        write(&dir.join("checkpoints/0000000001.note"), cut.as_bytes());
        let report = report(&dir);
        assert_eq!(findings(&report, Check::Signatures).len(), 2);
    }
}

#[test]
fn checkpoints_stand_for_the_size_they_are_named_after() {
    let (_home, dir, _ledger) = ledger_of(3);
    let first = fs::read(&dir.join("checkpoints/0000000001.note")).unwrap();
    let good = snapshot(&dir);
    write(&dir.join("checkpoints/0000000002.note"), &first);
    assert_eq!(findings(&report(&dir), Check::Checkpoints)[0].found, "1");
    // As the head it is behind the records.
    restore(&dir, &good);
    write(&dir.join("head.note"), &first);
    let report = report(&dir);
    let head = findings(&report, Check::Head);
    assert_eq!((head[0].expected.as_str(), head[0].found.as_str()), ("size 3", "size 1"));
    assert_eq!(report.outcome(Check::Checkpoints), Some(&Outcome::Pass));
}

#[test]
fn no_ledger_at_all_is_no_pass() {
    let home = tempfile::tempdir().unwrap();
    let report = verify(&home.path().join("ledger"), Some(&keys())).unwrap();
    assert_eq!((report.status(), report.size), (Status::Fail, 0));
    assert!(verify(home.path(), None).unwrap().status() == Status::Fail);
    let none: [VerifierKey; 0] = [];
    let (_home, dir, _ledger) = ledger_of(1);
    assert_ne!(verify(&dir, Some(&none)).unwrap().status(), Status::Pass);
}

#[test]
fn the_report_for_machines_has_stable_keys() {
    let (_home, dir, _ledger) = ledger_of(1);
    let value = report(&dir).to_value();
    let keys =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(keys(&value), ["status", "origin", "size", "root", "checks", "lints"]);
    let check = ["check", "outcome", "examined", "reason", "findings", "omitted"];
    assert_eq!(keys(&value["checks"][0]), check);
    let names: Vec<_> =
        value["checks"].as_array().unwrap().iter().map(|c| c["check"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "files",
            "keys",
            "trust",
            "records",
            "chain",
            "time",
            "seals",
            "items",
            "approvals",
            "checkpoints",
            "signatures",
            "head",
            "continuity",
            "anchors",
            "order",
            "conservation"
        ]
    );
    flip(&dir.join("records/000000.jsonl"), 0, 1);
    let value = report(&dir).to_value();
    let finding = ["seq", "file", "offset", "expected", "found"];
    assert_eq!(keys(&value["checks"][3]["findings"][0]), finding);
    assert_eq!(value["status"], "fail");
}

/// That the check of files names this one, and what lies there.
#[track_caller]
fn is_told(dir: &Path, name: &str, kind: &str) {
    let report = report(dir);
    let findings = findings(&report, Check::Files);
    let is_it = |one: &Finding| one.file == name && one.found == kind;
    assert!(findings.iter().any(is_it), "{name}, {kind}: {findings:?}");
}

/// Found by a review: a link passed here and failed on the page, a pipe held the check for ever,
/// and anything else ended it without a report.
#[test]
fn what_is_no_file_of_the_ledgers_own_is_told_of_and_hides_nothing() {
    let aside = |path: &Path| path.parent().unwrap().join("../../aside");
    let make = |kind: &str, path: &Path| match kind {
        "a pipe, socket or device" => {
            assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        }
        "a directory" => std::fs::create_dir(path).unwrap(),
        "a link" => std::os::unix::fs::symlink(aside(path), path).unwrap(),
        _ => std::fs::File::create(path).unwrap().set_len(3_000_000_000).unwrap(),
    };
    let kinds = ["a pipe, socket or device", "a directory", "a link", "a file of 3000000000 bytes"];
    let places = [
        "records/000000.jsonl",
        "records/000001.jsonl",
        "head.note",
        "keys.txt",
        "checkpoints/0000000002.note",
        "checkpoints/0000000009.note",
        "checkpoints/000000.notes",
        "checkpoints/000007.notes",
        "quarantine/x",
        "witness/x",
        "anchor/x",
    ];
    for name in places {
        for kind in kinds {
            let (_home, dir, _) = ledger_of(3);
            let path = dir.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            // A link leads to what was there.
            let _ = std::fs::rename(&path, aside(&path));
            make(kind, &path);
            is_told(&dir, name, kind);
        }
    }
}

#[test]
fn a_directory_of_the_ledger_is_one_and_no_link_to_one() {
    for name in ["records", "checkpoints", "quarantine", "witness", "anchor"] {
        for kind in ["a link", "a file of 1 bytes"] {
            let (_home, dir, _) = ledger_of(3);
            let path = dir.join(name);
            let aside = dir.with_file_name("aside");
            if std::fs::rename(&path, &aside).is_err() {
                std::fs::create_dir(&aside).unwrap();
            }
            if kind == "a link" {
                std::os::unix::fs::symlink(&aside, &path).unwrap();
            } else {
                write(&path, b"x");
            }
            is_told(&dir, name, kind);
        }
    }
}

#[test]
fn empty_lines_by_the_thousand_are_counted_and_the_first_are_told() {
    let (_home, dir, _) = ledger_of(2);
    let path = dir.join("records/000000.jsonl");
    let found = [fs::read(&path).unwrap(), vec![b'\n'; 50_000]].concat();
    write(&path, &found);
    let report = report(&dir);
    assert_eq!(report.size, 50_002);
    let Some(Outcome::Fail { findings, omitted }) = report.outcome(Check::Records) else {
        panic!("{}", report.to_value());
    };
    assert_eq!((findings[0].seq, findings[0].offset.is_some()), (Some(2), true));
    // Each of them, and that they are too many.
    assert_eq!(findings.len() as u64 + omitted, 50_001);
}

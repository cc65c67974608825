//! Creating, appending, opening, and what is refused.

use serde_json::json;

use super::super::checkpoint::Checkpoint;
use super::super::fault::Fault;
use super::super::files::{Layout, SEGMENT_RECORDS};
use super::super::json::Unreadable;
use super::super::note::sign;
use super::super::proof::{verify_consistency, verify_inclusion};
use super::super::record::{Kind, Malformed};
use super::super::report::{Check, Outcome, Status};
use super::super::store::{Ledger, keys_text, read_back};
use super::super::tree::leaf_hash;
use super::super::verify::verify;
use super::{
    ORIGIN, TestSigner, by_hand, entry, flip, keys, ledger_of, restore, signer, snapshot, write,
};
use crate::fs;

#[test]
fn what_was_appended_is_there_when_opened_again() {
    let (_home, dir, ledger) = ledger_of(5);
    let (opened, recovery) = Ledger::open(&dir, &signer()).unwrap();
    assert!(recovery.is_clean());
    assert_eq!(opened.records(), ledger.records());
    assert_eq!((opened.size(), opened.root()), (5, ledger.root()));
    assert_eq!(opened.checkpoint(), ledger.checkpoint());
    assert_eq!(opened.origin(), ORIGIN);
}

#[test]
fn each_append_leaves_a_checkpoint_and_a_head() {
    let (_home, dir, mut ledger) = ledger_of(1);
    let body = json!({ "version": 2 });
    let appended = ledger.append(&signer(), &entry(Kind::ConfigChange, &body)).unwrap();
    assert_eq!((appended.seq, appended.size, appended.root), (1, 2, ledger.root()));
    let head = fs::read(&dir.join("head.note")).unwrap();
    assert_eq!(head, fs::read(&dir.join("checkpoints/0000000002.note")).unwrap());
    assert_eq!(head, ledger.checkpoint());
    let checkpoint = Checkpoint::open(&head, &keys()).unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (2, ledger.root()));
    assert_eq!(fs::read(&dir.join("keys.txt")).unwrap(), keys_text(ledger.keys()).as_bytes());
}

#[test]
fn files_can_be_read_by_a_group_and_by_nobody_else() {
    let (_home, dir, _ledger) = ledger_of(1);
    for (path, _) in snapshot(&dir) {
        assert_eq!(fs::standing(&path).unwrap().mode, 0o640, "{}", path.display());
    }
    for part in ["", "records", "checkpoints", "quarantine"] {
        assert_eq!(fs::standing(&dir.join(part)).unwrap().mode, 0o750, "{part}");
    }
}

#[test]
fn every_record_can_be_proven_to_whoever_has_the_head() {
    let (_home, _dir, ledger) = ledger_of(6);
    for record in ledger.records() {
        let leaf = leaf_hash(&record.line().unwrap());
        let proof = ledger.prove_inclusion(record.seq).unwrap();
        assert_eq!(ledger.leaf(record.seq), Some(leaf));
        assert_eq!(verify_inclusion(leaf, record.seq, 6, &proof, ledger.root()), Ok(()));
    }
    let proof = ledger.prove_consistency(3).unwrap();
    let old = ledger.tree.root_at(3).unwrap();
    assert_eq!(verify_consistency(3, 6, &proof, old, ledger.root()), Ok(()));
}

#[test]
fn a_ledger_is_not_created_over_another() {
    let (_home, dir, _ledger) = ledger_of(2);
    let body = json!({});
    let again = Ledger::create(&dir, &signer(), &entry(Kind::LedgerInit, &body));
    assert!(matches!(again, Err(Fault::Exists { .. })));
    fs::remove_if_there(&dir.join("head.note")).unwrap();
    let again = Ledger::create(&dir, &signer(), &entry(Kind::LedgerInit, &body));
    assert!(matches!(again, Err(Fault::HeadMissing { .. })));
}

#[test]
fn an_entry_that_cannot_be_recorded_changes_nothing() {
    let (_home, dir, mut ledger) = ledger_of(2);
    let before = snapshot(&dir);
    let body = json!({ "share": 0.5 });
    let refused = ledger.append(&signer(), &entry(Kind::Heartbeat, &body));
    let expected = Malformed::Json(Unreadable::Float);
    assert!(matches!(refused, Err(Fault::Entry(found)) if found == expected));
    assert_eq!(snapshot(&dir), before);
    assert!(ledger.append(&signer(), &entry(Kind::Heartbeat, &json!({}))).is_ok());
}

#[test]
fn another_signer_neither_opens_nor_appends() {
    let (_home, dir, mut ledger) = ledger_of(1);
    let other = TestSigner::new(8);
    assert!(matches!(Ledger::open(&dir, &other), Err(Fault::OtherKeys { .. })));
    let body = json!({});
    let refused = ledger.append(&other, &entry(Kind::Heartbeat, &body));
    assert!(matches!(refused, Err(Fault::OtherKeys { .. })));
}

#[test]
fn a_ledger_that_somebody_else_wrote_to_goes_no_further() {
    let (_home, dir, mut ledger) = ledger_of(2);
    let path = dir.join("records/000000.jsonl");
    let longer = [fs::read(&path).unwrap(), b"x".to_vec()].concat();
    write(&path, &longer);
    let body = json!({});
    let refused = ledger.append(&signer(), &entry(Kind::Heartbeat, &body));
    assert!(matches!(refused, Err(Fault::Length { .. })));
    let refused = ledger.append(&signer(), &entry(Kind::Heartbeat, &body));
    assert!(matches!(refused, Err(Fault::Broken)));
    assert_eq!(fs::read(&path).unwrap(), longer);
}

#[test]
fn bytes_that_come_back_changed_are_not_signed_for() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("records");
    write(&path, b"before\nline\n");
    assert_eq!(read_back(&path, 7, b"line\n").unwrap(), leaf_hash(b"line"));
    flip(&path, 9, 1);
    assert!(matches!(read_back(&path, 7, b"line\n"), Err(Fault::ReadBack { offset: 7, .. })));
    write(&path, b"before\nli");
    assert!(matches!(read_back(&path, 7, b"line\n"), Err(Fault::File(_))));
}

#[test]
fn a_second_checkpoint_of_one_size_is_never_made() {
    let (_home, dir, mut ledger) = ledger_of(2);
    let other = Checkpoint { origin: ORIGIN.to_owned(), size: 3, root: ledger.root() };
    let note = sign(&other.to_string(), &signer(), &keys()).unwrap();
    let path = dir.join("checkpoints/0000000003.note");
    write(&path, &note);
    let body = json!({});
    let refused = ledger.append(&signer(), &entry(Kind::Heartbeat, &body));
    assert!(matches!(refused, Err(Fault::SplitView { .. })));
    assert_eq!(fs::read(&path).unwrap(), note);
    assert!(matches!(Ledger::open(&dir, &signer()), Err(Fault::SplitView { .. })));
}

#[test]
fn what_was_signed_for_is_never_repaired() {
    let (_home, dir, _ledger) = ledger_of(3);
    let good = snapshot(&dir);
    let faults = |damage: &dyn Fn()| {
        restore(&dir, &good);
        damage();
        let damaged = snapshot(&dir);
        let fault = Ledger::open(&dir, &signer()).unwrap_err();
        assert_eq!(snapshot(&dir), damaged);
        fault
    };
    let records = dir.join("records/000000.jsonl");
    let bytes = fs::read(&records).unwrap();
    let second = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 1;

    let fault = faults(&|| write(&records, &bytes[..second]));
    assert!(matches!(fault, Fault::Short { found: 1, expected: 3, .. }), "{fault}");
    let fault = faults(&|| flip(&records, second, 1));
    assert!(matches!(fault, Fault::Record { seq: 1, .. }), "{fault}");
    // Still a record: only the hash in the next one shows it.
    let digit = bytes.windows(9).position(|window| window == b"\"number\":").unwrap() + 9;
    let fault = faults(&|| flip(&records, digit, 1));
    assert!(matches!(fault, Fault::Chain { seq: 2, .. }), "{fault}");
    let digit = bytes.windows(9).rposition(|window| window == b"\"number\":").unwrap() + 9;
    let fault = faults(&|| flip(&records, digit, 1));
    assert!(matches!(fault, Fault::Root { size: 3, .. }), "{fault}");

    let head = dir.join("head.note");
    let fault = faults(&|| flip(&head, 0, 1));
    assert!(matches!(fault, Fault::Checkpoint { .. }), "{fault}");
    let fault = faults(&|| flip(&dir.join("checkpoints/0000000003.note"), 0, 1));
    assert!(matches!(fault, Fault::SplitView { .. }), "{fault}");
    let fault = faults(&|| fs::remove_if_there(&head).unwrap());
    assert!(matches!(&fault, Fault::File(failure) if failure.is_not_found()), "{fault}");
    let fault = faults(&|| flip(&dir.join("keys.txt"), 0, 1));
    assert!(matches!(fault, Fault::OtherKeys { .. }), "{fault}");
    let fault = faults(&|| write(&dir.join("records/000002.jsonl"), b""));
    assert!(matches!(fault, Fault::Foreign { .. }), "{fault}");
}

#[test]
fn an_old_head_put_back_is_noticed() {
    let (_home, dir, _ledger) = ledger_of(4);
    let old = fs::read(&dir.join("checkpoints/0000000002.note")).unwrap();
    write(&dir.join("head.note"), &old);
    let fault = Ledger::open(&dir, &signer()).unwrap_err();
    assert!(matches!(fault, Fault::Ahead { size: 2, .. }), "{fault}");
    // With the later checkpoints gone too, the records that nobody vouches
    // for are more than a crash leaves.
    fs::remove_if_there(&dir.join("checkpoints/0000000003.note")).unwrap();
    fs::remove_if_there(&dir.join("checkpoints/0000000004.note")).unwrap();
    let fault = Ledger::open(&dir, &signer()).unwrap_err();
    assert!(matches!(fault, Fault::Unsigned { found: 2, .. }), "{fault}");
}

/// The lines of a ledger that holds these bodies.
fn lines(bodies: &[serde_json::Value]) -> Vec<Vec<u8>> {
    let (mut prev, mut lines) = (None, Vec::new());
    for (seq, body) in bodies.iter().enumerate() {
        let (line, _) = entry(Kind::Heartbeat, body).line(seq as u64, prev).unwrap();
        prev = Some(leaf_hash(&line));
        lines.push(line);
    }
    lines
}

/// Appends to a ledger whose first file is full, and looks at the second.
#[track_caller]
fn goes_on_in_a_second_file(bodies: &[serde_json::Value]) {
    let home = tempfile::tempdir().unwrap();
    let layout = Layout::new(home.path());
    by_hand(&layout, &lines(bodies));
    let first = fs::read(&layout.segment(0)).unwrap();

    let (mut ledger, _) = Ledger::open(home.path(), &signer()).unwrap();
    ledger.append(&signer(), &entry(Kind::Heartbeat, &bodies[0])).unwrap();
    assert_eq!(fs::read(&layout.segment(0)).unwrap(), first);
    let second = String::from_utf8(fs::read(&layout.segment(1)).unwrap()).unwrap();
    assert_eq!(second.lines().count(), 2);

    let (opened, _) = Ledger::open(home.path(), &signer()).unwrap();
    assert_eq!(opened.size(), bodies.len() as u64 + 2);
    let report = verify(home.path(), Some(&keys())).unwrap();
    assert_eq!(report.status(), Status::Pass, "{}", report.to_value());
}

#[test]
fn a_file_takes_1024_records() {
    let full = usize::try_from(SEGMENT_RECORDS).unwrap();
    goes_on_in_a_second_file(&vec![json!({}); full]);
}

#[test]
fn a_file_takes_16_mebibytes() {
    // Behind 255 lines of these there is room for no other.
    goes_on_in_a_second_file(&vec![json!({ "text": "x".repeat(65_060) }); 256]);
}

#[test]
fn a_record_with_the_number_of_another_is_refused_although_signed_for() {
    let home = tempfile::tempdir().unwrap();
    let layout = Layout::new(home.path());
    let body = json!({});
    let mut lines = lines(&[json!({})]);
    let prev = Some(leaf_hash(&lines[0]));
    lines.push(entry(Kind::Heartbeat, &body).line(5, prev).unwrap().0);
    by_hand(&layout, &lines);
    let fault = Ledger::open(home.path(), &signer()).unwrap_err();
    assert!(matches!(fault, Fault::Chain { seq: 1, .. }), "{fault}");
    let report = verify(home.path(), Some(&keys())).unwrap();
    let Some(Outcome::Fail { findings, .. }) = report.outcome(Check::Chain) else {
        panic!("passed")
    };
    assert_eq!((findings.len(), findings[0].seq), (1, Some(1)));
    assert_eq!((findings[0].expected.as_str(), findings[0].found.as_str()), ("seq 1", "seq 5"));
}

#[test]
fn files_that_end_early_are_noticed() {
    let home = tempfile::tempdir().unwrap();
    let layout = Layout::new(home.path());
    by_hand(&layout, &lines(&vec![json!({}); 3]));
    let bytes = fs::read(&layout.segment(0)).unwrap();
    let second = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    write(&layout.segment(0), &bytes[..second]);
    write(&layout.segment(1), &bytes[second..]);
    let report = verify(home.path(), Some(&keys())).unwrap();
    assert!(matches!(report.outcome(Check::Seals), Some(Outcome::Fail { .. })));
}

//! What a crash can leave behind, made by hand, and what becomes of it.

use std::path::{Path, PathBuf};

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use serde_json::{Value, json};

use super::super::fault::Fault;
use super::super::note::VerifierKey;
use super::super::record::Kind;
use super::super::report::{Check, Outcome, Status};
use super::super::store::{Ledger, Quarantined, Recovery};
use super::super::tree::Hash;
use super::super::verify::verify;
use super::{entry, keys, ledger_of, restore, signer, snapshot, write};
use crate::fs;

/// How far an append had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// This many bytes of the line were written, or the whole line if it has
    /// no more.
    Torn(usize),
    /// The line was written, the checkpoint was not.
    Unsigned,
    /// The checkpoint was written, the head was not replaced.
    OldHead,
}

const RECORDS: &str = "records/000000.jsonl";

/// Appends a record and takes back what would not have been done yet. Gives
/// the length of its line with the line feed.
fn append_until(dir: &Path, ledger: &mut Ledger, body: &Value, stop: Stop) -> usize {
    let head = fs::read(&dir.join("head.note")).unwrap();
    let before = fs::read(&dir.join(RECORDS)).unwrap().len();
    let size = ledger.append(&signer(), &entry(Kind::Heartbeat, body)).unwrap().size;
    let after = fs::read(&dir.join(RECORDS)).unwrap();
    write(&dir.join("head.note"), &head);
    if stop != Stop::OldHead {
        fs::remove_if_there(&dir.join(format!("checkpoints/{size:010}.note"))).unwrap();
    }
    if let Stop::Torn(length) = stop {
        write(&dir.join(RECORDS), &after[..after.len().min(before + length)]);
    }
    after.len() - before
}

#[track_caller]
fn passes(dir: &Path) {
    let report = verify(dir, Some(&keys())).unwrap();
    assert_eq!(report.status(), Status::Pass, "{}", report.to_value());
}

#[test]
fn a_line_torn_at_any_byte_is_moved_aside_or_signed_for() {
    let (_home, dir, mut ledger) = ledger_of(2);
    let (before, old) = (snapshot(&dir), ledger.root());
    let length = append_until(&dir, &mut ledger, &json!({ "a": 1 }), Stop::Unsigned);
    let (unsigned, new) = (snapshot(&dir), ledger.root());
    let whole = fs::read(&dir.join(RECORDS)).unwrap();
    let start = whole.len() - length;
    for cut in start..=whole.len() {
        restore(&dir, &unsigned);
        write(&dir.join(RECORDS), &whole[..cut]);
        let (opened, recovery) = Ledger::open(&dir, &signer()).unwrap();
        if cut == whole.len() {
            assert_eq!(recovery, Recovery { adopted: Some(2), quarantined: Vec::new() });
            assert_eq!(opened.root(), new);
        } else if cut == start {
            assert!(recovery.is_clean());
            assert_eq!(snapshot(&dir), before);
        } else {
            let [quarantined] = recovery.quarantined.as_slice() else { panic!("{recovery:?}") };
            assert_eq!(fs::read(&quarantined.path).unwrap(), &whole[start..cut]);
            assert_eq!(quarantined.sha256, Hash::of(&whole[start..cut]));
            assert_eq!((opened.root(), recovery.adopted), (old, None));
        }
        if cut % 16 == 0 || cut + 1 >= whole.len() {
            passes(&dir);
        }
    }
}

#[test]
fn a_ledger_cut_at_any_signed_byte_is_refused_and_left_alone() {
    let (_home, dir, _ledger) = ledger_of(3);
    let whole = fs::read(&dir.join(RECORDS)).unwrap();
    for cut in 0..whole.len() {
        write(&dir.join(RECORDS), &whole[..cut]);
        let fault = Ledger::open(&dir, &signer()).unwrap_err();
        assert!(matches!(fault, Fault::Short { expected: 3, .. }), "{cut}: {fault}");
        assert_eq!(fs::read(&dir.join(RECORDS)).unwrap(), &whole[..cut]);
        assert!(fs::list(&dir.join("quarantine")).unwrap().is_empty());
    }
}

#[test]
fn a_checkpoint_that_did_not_become_the_head_stays_as_it_is() {
    let (_home, dir, mut ledger) = ledger_of(2);
    append_until(&dir, &mut ledger, &json!({}), Stop::OldHead);
    let path = dir.join("checkpoints/0000000003.note");
    let note = fs::read(&path).unwrap();
    let (_, recovery) = Ledger::open(&dir, &signer()).unwrap();
    assert_eq!(recovery.adopted, Some(2));
    assert_eq!(fs::read(&path).unwrap(), note);
    assert_eq!(fs::read(&dir.join("head.note")).unwrap(), note);
    passes(&dir);
}

#[test]
fn a_record_that_was_signed_for_and_is_gone_is_missed() {
    let (_home, dir, mut ledger) = ledger_of(2);
    let before = fs::read(&dir.join(RECORDS)).unwrap();
    append_until(&dir, &mut ledger, &json!({}), Stop::OldHead);
    write(&dir.join(RECORDS), &before);
    let fault = Ledger::open(&dir, &signer()).unwrap_err();
    assert!(matches!(fault, Fault::Short { found: 2, expected: 3, .. }), "{fault}");
}

#[test]
fn a_record_that_does_not_continue_the_ledger_is_not_adopted() {
    let (_home, dir, _ledger) = ledger_of(2);
    let mut bytes = fs::read(&dir.join(RECORDS)).unwrap();
    let body = json!({});
    let (line, _) = entry(Kind::Heartbeat, &body).line(2, Some(Hash::of(b"other"))).unwrap();
    bytes.extend_from_slice(&line);
    bytes.push(b'\n');
    write(&dir.join(RECORDS), &bytes);
    let fault = Ledger::open(&dir, &signer()).unwrap_err();
    assert!(matches!(fault, Fault::Chain { seq: 2, .. }), "{fault}");
}

#[test]
fn blocks_that_were_allocated_and_not_written_are_moved_aside() {
    let (_home, dir, _ledger) = ledger_of(2);
    let signed = fs::read(&dir.join(RECORDS)).unwrap();
    write(&dir.join(RECORDS), &[signed.clone(), vec![0; 512]].concat());
    let (_, recovery) = Ledger::open(&dir, &signer()).unwrap();
    assert_eq!(recovery.quarantined[0].bytes, 512);
    assert_eq!(fs::read(&dir.join(RECORDS)).unwrap(), signed);
    passes(&dir);
}

#[test]
fn moving_a_tail_aside_can_itself_be_cut_short() {
    let (_home, dir, mut ledger) = ledger_of(2);
    append_until(&dir, &mut ledger, &json!({}), Stop::Torn(40));
    let torn = fs::read(&dir.join(RECORDS)).unwrap();
    Ledger::open(&dir, &signer()).unwrap();
    // The copy was made, the tail is still there.
    write(&dir.join(RECORDS), &torn);
    let (_, recovery) = Ledger::open(&dir, &signer()).unwrap();
    assert_eq!(recovery.quarantined[0].bytes, 40);
    assert_eq!(fs::list(&dir.join("quarantine")).unwrap().len(), 1);
    passes(&dir);
}

/// Found by a review: a start that moved a tail aside and died before its record left no trace.
#[test]
fn what_was_moved_aside_is_told_of_until_a_record_says_it() {
    let (_home, dir, mut ledger) = ledger_of(2);
    append_until(&dir, &mut ledger, &json!({}), Stop::Torn(40));
    let (_, first) = Ledger::open(&dir, &signer()).unwrap();
    assert!(Ledger::open_settled(&dir, &signer()).unwrap().is_none());
    let (mut ledger, recovery) = Ledger::open(&dir, &signer()).unwrap();
    assert_eq!(recovery, first);
    let [Quarantined { path, bytes, sha256 }] = recovery.quarantined.as_slice() else {
        panic!("{recovery:?}");
    };
    let name = path.file_name().unwrap().to_str().unwrap();
    let file = json!({"file": name, "bytes": bytes, "sha256": sha256.to_hex()});
    ledger.append(&signer(), &entry(Kind::Recovery, &json!({"quarantined": [file]}))).unwrap();
    assert!(Ledger::open(&dir, &signer()).unwrap().1.is_clean());
    assert!(Ledger::open_settled(&dir, &signer()).unwrap().is_some());
    passes(&dir);
    // From then on it is missed.
    std::fs::remove_file(path).unwrap();
    let report = verify(&dir, Some(&keys())).unwrap();
    let Some(Outcome::Fail { findings, .. }) = report.outcome(Check::Files) else {
        panic!("{}", report.to_value());
    };
    assert_eq!(findings[0].file, format!("quarantine/{name}"));
    assert_eq!((findings[0].seq, findings[0].found.as_str()), (Some(2), "none"));
}

#[test]
fn creation_cut_short_is_completed_by_the_next() {
    let (_home, dir, _ledger) = ledger_of(1);
    let whole = snapshot(&dir);
    let body = json!({ "second": true });
    let create = || Ledger::create(&dir, &signer(), &entry(Kind::LedgerInit, &body));

    fs::remove_if_there(&dir.join("head.note")).unwrap();
    create().unwrap();
    assert_eq!(snapshot(&dir), whole);

    for cut in [0, 40, fs::read(&dir.join(RECORDS)).unwrap().len()] {
        restore(&dir, &whole);
        fs::remove_if_there(&dir.join("head.note")).unwrap();
        fs::remove_if_there(&dir.join("checkpoints/0000000001.note")).unwrap();
        let line = fs::read(&dir.join(RECORDS)).unwrap();
        write(&dir.join(RECORDS), &line[..cut]);
        let ledger = create().unwrap();
        assert_eq!(ledger.records()[0].body["second"], true);
        passes(&dir);
    }
}

#[derive(Debug, Clone)]
enum Step {
    Append(u32),
    Crash(u32, Stop),
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let stop =
        prop_oneof![(0usize..300).prop_map(Stop::Torn), Just(Stop::Unsigned), Just(Stop::OldHead),];
    let one = prop_oneof![
        3 => any::<u32>().prop_map(Step::Append),
        2 => (any::<u32>(), stop).prop_map(|(number, stop)| Step::Crash(number, stop)),
        1 => Just(Step::Reopen),
    ];
    proptest::collection::vec(one, 1..12)
}

/// A ledger, and what should be in it.
struct Machine {
    dir: PathBuf,
    ledger: Ledger,
    model: Vec<Value>,
    keys: [VerifierKey; 2],
}

impl Machine {
    fn take(&mut self, next: &Step) {
        match *next {
            Step::Append(number) => {
                let body = json!({ "n": number });
                self.ledger.append(&signer(), &entry(Kind::Heartbeat, &body)).unwrap();
                self.model.push(entry(Kind::Heartbeat, &body).body.clone());
            }
            Step::Crash(number, stop) => {
                let body = json!({ "n": number });
                let length = append_until(&self.dir, &mut self.ledger, &body, stop);
                if !matches!(stop, Stop::Torn(written) if written < length) {
                    self.model.push(entry(Kind::Heartbeat, &body).body.clone());
                }
                self.reopen();
            }
            Step::Reopen => self.reopen(),
        }
    }

    fn reopen(&mut self) {
        let (ledger, first) = Ledger::open(&self.dir, &signer()).unwrap();
        self.ledger = ledger;
        let bodies: Vec<Value> =
            self.ledger.records().iter().map(|record| record.body.clone().into()).collect();
        assert_eq!(bodies, self.model);
        let (_, second) = Ledger::open(&self.dir, &signer()).unwrap();
        // What was set aside is told of until a record says it.
        assert_eq!(second, Recovery { adopted: None, ..first });
    }
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    /// Whatever happens in between, the ledger is the list of what was
    /// wholly written, and checks out.
    #[test]
    fn the_ledger_is_a_list_that_survives_crashes(steps in steps()) {
        let (_home, dir, ledger) = ledger_of(1);
        let first = json!({ "size": 1 });
        let model = vec![entry(Kind::LedgerInit, &first).body.clone()];
        let mut machine = Machine { dir, ledger, model, keys: keys() };
        for step in &steps {
            machine.take(step);
        }
        machine.reopen();
        let report = verify(&machine.dir, Some(&machine.keys)).unwrap();
        proptest::prop_assert_eq!(report.status(), Status::Pass);
        proptest::prop_assert_eq!(report.root, machine.ledger.root());
    }
}

//! A ledger that was cut at each place, or written anew from there on with the same keys, and
//! one voucher at hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gamyeong::ledger::checkpoint::Checkpoint;
use gamyeong::ledger::cosignature::{WitnessKey, cosign};
use gamyeong::ledger::note::VerifierKey;
use gamyeong::ledger::record::{Entry, Kind};
use gamyeong::ledger::report::{Check, Outcome, Report, Status};
use gamyeong::ledger::stamp;
use gamyeong::ledger::store::Ledger;
use gamyeong::ledger::tree::Hash;
use gamyeong::ledger::verify::{Brought, with};
use gamyeong::pipeline::signer::{HouseSigner, WitnessSigner};
use gamyeong::vault::cosigning::CosigningKey;
use gamyeong::vault::keys::Keys;
use gamyeong::vault::random::Os;
use gamyeong::vault::signing::SigningKeys;
use serde_json::{Map, Value, json};

use super::Tsa;
use crate::house::{files, put};

const SIZE: u64 = 60;
/// How many records the vouchers are of.
const VOUCHED: [u64; 4] = [1, 21, 40, SIZE];

type Snapshot = BTreeMap<PathBuf, Vec<u8>>;

/// A ledger as it was with each number of records, which is what a perfect cut leaves.
struct Lives {
    states: Vec<Snapshot>,
    notes: Vec<Vec<u8>>,
}

fn body(number: u64) -> Value {
    let items = gamyeong::ledger::items::example::body(Kind::Heartbeat);
    let mut body: Map<String, Value> = items;
    body.insert("pipeline".into(), json!(format!("p{number}")));
    Value::Object(body)
}

/// The nth record; every 25 records are a month.
fn time(number: u64) -> String {
    format!("2026-{:02}-{:02}T18:00:00.000Z", number / 25 + 1, number % 25 + 1)
}

fn snapshot(dir: &Path) -> Snapshot {
    let file = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap();
        (path.strip_prefix(dir).unwrap().to_owned(), bytes)
    };
    files(dir).into_iter().map(file).collect()
}

/// Makes `dir` what it was.
fn restore(dir: &Path, state: &Snapshot) {
    let found = if dir.exists() { files(dir) } else { Vec::new() };
    for path in found {
        if !state.contains_key(path.strip_prefix(dir).unwrap()) {
            fs::remove_file(path).unwrap();
        }
    }
    fs::create_dir_all(dir.join("quarantine")).unwrap();
    for (path, bytes) in state {
        put(&dir.join(path), bytes);
    }
}

/// Appends until there are [`SIZE`] records, `salt` telling them from others.
fn go_on(dir: &Path, signer: &HouseSigner, mut ledger: Ledger, salt: u64) -> Lives {
    let (mut states, mut notes) = (Vec::new(), Vec::new());
    let mut keep = |ledger: &Ledger| {
        // A seal is a record that comes with another one: there is no state between.
        while states.len() as u64 + 1 < ledger.size() {
            states.push(Snapshot::new());
            notes.push(Vec::new());
        }
        states.push(snapshot(dir));
        notes.push(ledger.checkpoint().to_vec());
    };
    keep(&ledger);
    while ledger.size() < SIZE {
        let number = ledger.size();
        let (body, time) = (body(number + salt), time(number));
        let kind = Kind::Heartbeat;
        let entry = Entry { kind, time: &time, run: None, actor: "a", body: &body };
        ledger.append(signer, &entry).unwrap();
        keep(&ledger);
    }
    assert_eq!(ledger.size(), SIZE);
    Lives { states, notes }
}

/// What somebody outside holds, by the number of records.
struct Held {
    notes: BTreeMap<u64, Vec<u8>>,
    stamps: BTreeMap<u64, Vec<u8>>,
    witness: WitnessKey,
}

fn text_of(note: &[u8]) -> String {
    let note = String::from_utf8(note.to_vec()).unwrap();
    format!("{}\n", note.split_once("\n\n").unwrap().0)
}

fn vouch(lives: &Lives, home: &Path, tsa: &Tsa) -> Held {
    let key = CosigningKey::generate(&home.join("witness.key"), &mut Os).unwrap();
    let signer = WitnessSigner::new("audit.example.kr/witness", key);
    let witness = WitnessKey::of(&signer).unwrap();
    let (mut notes, mut stamps) = (BTreeMap::new(), BTreeMap::new());
    for size in VOUCHED {
        let note = &lives.notes[usize::try_from(size).unwrap() - 1];
        let text = text_of(note);
        let line = cosign(&text, 1_790_000_000 + size, &witness, &signer).unwrap();
        notes.insert(size, [note.as_slice(), line.as_bytes()].concat());
        let checkpoint = Checkpoint::parse(&text).unwrap();
        assert_eq!(checkpoint.size, size);
        stamps.insert(size, tsa.answer(&stamp::request(&checkpoint)));
    }
    Held { notes, stamps, witness }
}

/// The findings of a check, by their files; none if it passed.
#[track_caller]
fn found(case: &str, report: &Report, check: Check) -> Vec<String> {
    let outcome = report.outcome(check).unwrap();
    if let Outcome::Fail { findings, .. } = outcome {
        return findings.iter().map(|one| one.file.clone()).collect();
    }
    assert_eq!(*outcome, Outcome::Pass, "{case}");
    Vec::new()
}

/// Looks at a ledger with all vouchers outside of it, and then inside: each one by itself
/// must be found wanting if it is newer than what is left, and no other.
#[track_caller]
fn look(case: &str, dir: &Path, keys: &[VerifierKey], held: &Held, tsa: &Tsa, last_own: u64) {
    let authority = tsa.authority();
    let witnesses = [held.witness.clone()];
    let base = Brought {
        trusted: Some(keys),
        witnesses: Some(&witnesses),
        authority: Some(&authority),
        ..Brought::default()
    };
    let alone = with(dir, &base).unwrap();
    assert_eq!(alone.status(), Status::Pass, "{case}: {}", alone.to_value());
    let all: Vec<(u64, &Vec<u8>, &str, &str)> = held
        .notes
        .iter()
        .map(|(size, note)| (*size, note, "witness", "note"))
        .chain(held.stamps.iter().map(|(size, stamp)| (*size, stamp, "anchor", "tsr")))
        .collect();
    let earlier: Vec<&[u8]> = all.iter().map(|(_, bytes, ..)| bytes.as_slice()).collect();
    let outside = with(dir, &Brought { earlier: &earlier, ..base }).unwrap();
    let newer = (1..).zip(&all).filter(|(_, (size, ..))| *size > last_own);
    let expected: Vec<_> = newer.map(|(index, _)| format!("earlier checkpoint {index}")).collect();
    assert_eq!(found(case, &outside, Check::Continuity), expected, "{case}");

    let mut expected = Vec::new();
    for (size, voucher, place, ending) in all {
        let digest = Hash::of(voucher).to_hex();
        let name = format!("{place}/{size:010}-{}.{ending}", &digest[..8]);
        put(&dir.join(&name), voucher);
        if size > last_own {
            expected.push(name);
        }
    }
    let inside = with(dir, &base).unwrap();
    assert_eq!(found(case, &inside, Check::Anchors), expected, "{case}");
    let status = if expected.is_empty() { Status::Pass } else { Status::Fail };
    assert_eq!((outside.status(), inside.status()), (status, status), "{case}");
    for place in ["witness", "anchor"] {
        fs::remove_dir_all(dir.join(place)).unwrap();
    }
}

#[test]
fn a_ledger_cut_at_any_place_does_not_continue_a_later_voucher() {
    let (home, tsa) = (tempfile::tempdir().unwrap(), Tsa::new());
    let keys = Keys::create(&home.path().join("keys"), "cut").unwrap();
    let signer = HouseSigner::new("cut", SigningKeys::generate(&keys, &mut Os).unwrap());
    let dir = home.path().join("ledger");
    let example = Value::Object(gamyeong::ledger::items::example::body(Kind::LedgerInit));
    let kind = Kind::LedgerInit;
    let first = Entry { kind, time: &time(0), run: None, actor: "a", body: &example };
    let ledger = Ledger::create(&dir, &signer, &first).unwrap();
    let public = ledger.keys().clone();
    let lives = go_on(&dir, &signer, ledger, 0);
    let held = vouch(&lives, home.path(), &tsa);
    let copy = home.path().join("copy");
    let mut cuts = 0;
    for (size, state) in (1..).zip(&lives.states).filter(|(_, state)| !state.is_empty()) {
        restore(&copy, state);
        look(&format!("cut to {size}"), &copy, &public, &held, &tsa, size);
        cuts += 1;
    }
    assert_eq!(cuts, SIZE - 2, "two records are seals");

    // Written anew from a place on, to the same length, with the same keys.
    for kept in [1, 20, 21, 39, 40, 59] {
        restore(&copy, &lives.states[usize::try_from(kept).unwrap() - 1]);
        let (ledger, recovery) = Ledger::open(&copy, &signer).unwrap();
        assert!(recovery.is_clean());
        go_on(&copy, &signer, ledger, 1000);
        look(&format!("anew from {kept}"), &copy, &public, &held, &tsa, kept);
    }
}

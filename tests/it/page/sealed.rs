//! Sealed files of records, on a disk and signed with both keys: whatever is wrong with a
//! file, its checkpoints or its seal, the page says what the program says.

use std::fs;

use gamyeong::ledger::items::example;
use gamyeong::ledger::record::Kind;
use gamyeong::ledger::verify;
use serde_json::{Value, json};

use super::browser::Browser;
use super::{agree, data, in_browser, page_of};
use crate::forge::{self, Files, NEW_FILE, ORIGIN, Signed, TestSigner, Told};
use crate::house::House;

fn told(kind: &str, time: &str, body: Value) -> Told {
    Told { time: time.to_owned(), kind: kind.to_owned(), run: None, body }
}

fn heartbeat(time: &str) -> Told {
    told("heartbeat", time, Value::Object(example::body(Kind::Heartbeat)))
}

/// Three months of four nights. `wish` is for the seal of the second.
fn months(wish: &Value) -> Vec<Told> {
    let first = example::body(Kind::LedgerInit);
    let mut all = vec![told("ledger.init", "2026-09-01T00:00:00.000Z", Value::Object(first))];
    for month in 9..=11 {
        if month == 10 && !wish.is_null() {
            all.push(told(NEW_FILE, "2026-10-01T18:00:00.000Z", wish.clone()));
        }
        all.extend(
            (1..=4).map(|day| heartbeat(&format!("2026-{month:02}-{day:02}T18:00:00.000Z"))),
        );
    }
    all
}

fn made(told: &[Told]) -> Files {
    forge::ledger(told, &TestSigner::new(7), Signed::All)
}

/// Ledgers of whoever has the keys: all of one piece but for what is wrong about sealing.
fn signed() -> Vec<(String, Vec<Told>)> {
    let zeros = "0".repeat(64);
    let unknown = format!("{ORIGIN}\n3\n{}=\n\n— x AAAAAAAA\n— x AAAAAAAA\n", "A".repeat(43));
    let other_origin =
        format!("other\n1\n{}=\n\n— other AAAAAAAA\n— other AAAAAAAA\n", "A".repeat(43));
    let wishes = [
        ("nothing", json!({})),
        ("another number of the file", json!({"segment": 1})),
        ("another first record", json!({"first": 1})),
        ("another number of records", json!({"records": 4})),
        ("another digest of the records", json!({"records_sha256": zeros})),
        ("another digest of the checkpoints", json!({"checkpoints_sha256": zeros})),
        ("a number that is a text", json!({"records": "5"})),
        ("a digest that is none", json!({"records_sha256": "00"})),
        ("no seal", json!({"seal": false})),
        ("a checkpoint too few", json!({"notes": [0, 1, 2, 3]})),
        ("a checkpoint twice", json!({"notes": [0, 1, 2, 3, 4, 4]})),
        ("checkpoints in another order", json!({"notes": [0, 2, 1, 3, 4]})),
        ("no checkpoint", json!({"notes": []})),
        ("a checkpoint of another root", json!({"notes": [0, 1, unknown, 3, 4]})),
        ("a checkpoint of another ledger", json!({"notes": [other_origin, 1, 2, 3, 4]})),
        ("a checkpoint that is none", json!({"notes": [0, 1, "\n\n\n\n\n\n", 3, 4]})),
        ("a torn checkpoint", json!({"notes": [0, 1, 2, 3, 4, "lib.example.kr"]})),
    ];
    let mut cases: Vec<(String, Vec<Told>)> =
        wishes.into_iter().map(|(name, wish)| (name.to_owned(), months(&wish))).collect();
    let seal = example::body(Kind::SegmentSealed);
    let mut stray = months(&Value::Null);
    let time = stray[2].time.clone();
    stray.insert(3, told("segment.sealed", &time, Value::Object(seal.clone())));
    cases.push(("a seal within a file".to_owned(), stray));
    let mut stray = months(&Value::Null);
    stray[0] = told("segment.sealed", &stray[0].time.clone(), Value::Object(seal));
    cases.push(("a seal in the first place".to_owned(), stray));
    let mut early = months(&Value::Null);
    early.insert(3, told(NEW_FILE, &early[2].time.clone(), json!({})));
    cases.push(("a file that was not full".to_owned(), early));
    // The file goes on though the month is over: its records are made to look like one month's.
    let mut late = months(&Value::Null);
    "2026-10-01T00:00:00.000Z".clone_into(&mut late[4].time);
    late.insert(4, told(NEW_FILE, "2026-09-04T00:00:00.000Z", json!({})));
    cases.push(("a record of another month".to_owned(), late));
    cases
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of cases")]
fn the_page_and_the_program_say_the_same_of_sealed_files() {
    let Some(browser) = Browser::start() else { return };
    browser.open(&page_of(&House::new(), &[]));
    let home = tempfile::tempdir().unwrap();
    let keys = TestSigner::new(7).keys();
    let trusted = format!("{}\n{}\n", keys[0], keys[1]);
    let mut cases = 0;
    let mut look = |name: &str, files: &Files, is_intact: bool| {
        cases += 1;
        let dir = home.path().join(cases.to_string());
        forge::write(files, &dir);
        let program = verify::verify(&dir, Some(&keys)).unwrap().to_value();
        let page = in_browser(&browser, &data(&dir), &json!({"trusted": trusted}));
        agree(name, &program, &page);
        assert_eq!(program["status"], if is_intact { "pass" } else { "fail" }, "{name}");
        fs::remove_dir_all(dir).unwrap();
    };
    for (name, told) in signed() {
        look(&name, &made(&told), name == "nothing");
    }
    let whole = made(&months(&Value::Null));
    look("whole", &whole, true);
    for (name, bytes) in whole.iter().filter(|(name, _)| !name.ends_with('/')) {
        let mut with = |what: &str, change: &dyn Fn(&mut Files)| {
            let mut files = whole.clone();
            change(&mut files);
            look(&format!("{name} {what}"), &files, false);
        };
        with("gone", &|files| drop(files.remove(name)));
        with("empty", &|files| drop(files.insert(name.clone(), Vec::new())));
        with("cut", &|files| drop(files.insert(name.clone(), bytes[..bytes.len() / 2].to_vec())));
        with("with a line more", &|files| {
            drop(files.insert(name.clone(), [bytes, &b"more\n"[..]].concat()));
        });
        for at in (0..bytes.len()).step_by(bytes.len() / 7) {
            with(&format!("with byte {at} changed"), &|files| {
                files.get_mut(name).unwrap()[at] ^= 1;
            });
        }
    }
    // Files in each other's places, one put twice, and two empty ones behind the last.
    let mut swapped = |one: &str, two: &str| {
        let mut files = whole.clone();
        files.insert(one.to_owned(), whole[two].clone());
        look(&format!("{two} as {one}"), &files, false);
        files.insert(two.to_owned(), whole[one].clone());
        look(&format!("{one} and {two} swapped"), &files, false);
    };
    swapped("records/000000.jsonl", "records/000001.jsonl");
    swapped("records/000001.jsonl", "records/000002.jsonl");
    swapped("checkpoints/000000.notes", "checkpoints/000001.notes");
    let mut files = whole.clone();
    files.insert("records/000003.jsonl".to_owned(), Vec::new());
    look("one empty file behind", &files, true);
    files.insert("records/000004.jsonl".to_owned(), Vec::new());
    look("two empty files behind", &files, false);
    let mut files = whole.clone();
    files.insert("records/000003.jsonl".to_owned(), files["records/000002.jsonl"].clone());
    files.insert("records/000002.jsonl".to_owned(), Vec::new());
    look("an empty file between", &files, false);
    let mut files = whole.clone();
    files.insert("checkpoints/000007.notes".to_owned(), b"x".to_vec());
    look("checkpoints of no file", &files, false);
    assert!(cases > 170, "{cases}");
}

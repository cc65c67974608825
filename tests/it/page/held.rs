//! Keys that were put into the ledger by mistake: they are not on the page, wherever they lie,
//! and the page says of the ledger what the program says.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use data_encoding::{BASE64, HEXLOWER};
use gamyeong::ledger::verify::verify;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::browser::Browser;
use super::{agree, house};
use crate::house::{House, Said, put};
use crate::witness::Desk;

/// The line of a key that nobody may see.
fn secret_line(key: &[u8]) -> &str {
    let lines = key.split(|&byte| byte == b'\n').filter(|line| !line.starts_with(b"#"));
    str::from_utf8(lines.max_by_key(|line| line.len()).unwrap()).unwrap()
}

/// Puts something at a path.
type Make<'a> = &'a dyn Fn(&Path);

/// What lies in a ledger and is no file is named, and not read.
#[test]
fn what_is_no_file_is_a_finding_of_the_page() {
    let house = house();
    let key = house.path("keys/ledger-ed25519.key");
    let browser = Browser::start();
    let fifo = |path: &Path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    let link = |path: &Path| symlink(&key, path).unwrap();
    let dir = |path: &Path| fs::create_dir(path).unwrap();
    let file = |path: &Path| put(path, b"what is this");
    let cases: [(&str, Make<'_>); 11] = [
        ("witness/more", &dir),
        ("witness/0000000003-00000000.note", &dir),
        ("anchor/0000000003-00000000.tsr", &dir),
        ("anchor/0000000003-00000000.tsr", &fifo),
        ("checkpoints/more", &dir),
        ("more", &dir),
        ("witness/0000000003-00000000.note", &link),
        ("quarantine/000000-00000000-00.bin", &link),
        ("quarantine/more", &dir),
        ("records/000001.jsonl", &dir),
        ("witness", &file),
    ];
    for (name, make) in cases {
        let path = house.path("ledger").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        make(&path);
        assert!(!is_left_out(&house, name, &fs::read(&key).unwrap()), "{name}");
        let program = verify(&house.path("ledger"), None).unwrap().to_value();
        let names = |report: &Value| {
            let findings = report["checks"][0]["findings"].as_array().unwrap();
            findings.iter().any(|finding| finding["file"] == name)
        };
        assert!(program["status"] == "fail" && names(&program), "{name}: {program:#}");
        if let Some(browser) = &browser {
            assert_eq!(browser.open(&house.path("page.html")), "fail", "{name}");
            let report = browser.run("return {...shown.report, untold: []}");
            assert!(names(&report), "{name}: {report:#}");
        }
        if path.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) }.unwrap();
        for place in ["witness", "anchor"] {
            // There was none before.
            let _ = fs::remove_dir(house.path("ledger").join(place));
        }
    }
}

/// Makes the page, in which the key is not; true if the file is named as one that is left out.
#[track_caller]
fn is_left_out(house: &House, name: &str, key: &[u8]) -> bool {
    let page = house.path("page.html");
    let mut command = house.command(&["ledger", "report", "--out"]);
    let said = Said::from(command.arg(&page).output().unwrap()).exits(0);
    let page = fs::read_to_string(page).unwrap();
    assert!(!page.contains(secret_line(key)), "{name}");
    assert!(!page.contains(&BASE64.encode(key)), "{name}");
    let is_told = said.out.contains(&format!("ledger/{name}: left out"));
    assert_eq!(page.contains(&HEXLOWER.encode(&Sha256::digest(key))), is_told, "{name}");
    is_told
}

/// What is held back of a file of the ledger is told; what is no file of it is not read at all.
#[test]
fn a_key_anywhere_in_the_ledger_is_not_on_the_page_and_is_judged_all_the_same() {
    let house = house();
    let desk = Desk::of(&house);
    let witness = fs::read(desk.path("key")).unwrap();
    let own = fs::read(house.path("keys/ledger-ed25519.key")).unwrap();
    let named = |dir: &str, ending: &str| {
        let digest = HEXLOWER.encode(&Sha256::digest(&own));
        format!("{dir}/0000000003-{}.{ending}", &digest[..8])
    };
    let (note, stamp) = (named("witness", "note"), named("anchor", "tsr"));
    let browser = Browser::start();
    for (name, key, is_told) in [
        ("witness/witness.key", &witness, false),
        ("witness/0000000003-0a.note", &witness, false),
        ("anchor/ledger-ed25519.key", &own, false),
        ("records/signing.key", &own, false),
        ("witness/0000000003-00000000.note", &witness, true),
        (note.as_str(), &own, true),
        (stamp.as_str(), &own, true),
        ("records/000001.jsonl", &own, true),
        ("records/000000.jsonl", &own, true),
        ("checkpoints/0000000099.note", &own, true),
        ("checkpoints/0000000003.note", &own, true),
        ("checkpoints/000000.notes", &own, true),
        ("checkpoints/000007.notes", &own, true),
        ("keys.txt", &witness, true),
        ("head.note", &own, true),
    ] {
        let path = house.path("ledger").join(name);
        let before = fs::read(&path).ok();
        put(&path, key);
        assert_eq!(is_left_out(&house, name, key), is_told, "{name}");
        let program = verify(&house.path("ledger"), None).unwrap();
        let program = program.to_value();
        assert_eq!(program["status"], "fail", "{name}");
        if let Some(browser) = &browser {
            assert_eq!(browser.open(&house.path("page.html")), "fail", "{name}");
            let report = browser.run("return {...shown.report, untold: []}");
            // Lines that are no records are leaves all the same, and the page has none of them.
            if !name.starts_with("records/0") {
                agree(name, &program, &report);
            }
        }
        match before {
            Some(before) => put(&path, &before),
            None => fs::remove_file(&path).unwrap(),
        }
    }
}

//! Keys that were put into the ledger by mistake: they are not on the page, wherever they lie,
//! and the page says of the ledger what the program says.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use data_encoding::{BASE64, HEXLOWER};
use gamyeong::ledger::items::example;
use gamyeong::ledger::record::Kind;
use gamyeong::ledger::verify::verify;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::browser::Browser;
use super::{agree, house};
use crate::forge::{self, Signed, TestSigner, Told};
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

/// A secret that got into records before they were asked for it.
const SECRET: &str = "postgresql://job:geheim@db/library";

/// The nights of a house as records of two months, with what an incident tells at the end.
fn told(house: &House) -> Vec<Told> {
    let records = house.records();
    let half = records.len() / 2;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let nights = records.iter().enumerate().map(|(index, record)| Told {
        time: format!("2026-{}-05T18:00:00.000Z", if index < half { 10 } else { 11 }),
        kind: text(&record["type"]).unwrap(),
        run: text(&record["run"]),
        body: record["body"].clone(),
    });
    let incident = Told {
        time: "2026-11-06T00:00:00.000Z".to_owned(),
        kind: "incident".to_owned(),
        run: None,
        body: Value::Object(example::body(Kind::Incident)),
    };
    nights.chain([incident]).collect()
}

/// The page of these records, checked by itself, and what the command said.
#[track_caller]
fn opened(house: &House, files: &forge::Files, browser: Option<&Browser>) -> (Value, String) {
    let ledger = house.path("ledger");
    fs::remove_dir_all(&ledger).unwrap();
    forge::write(files, &ledger);
    let path = house.path("page.html");
    let mut command = house.command(&["ledger", "report", "--out"]);
    let said = Said::from(command.arg(&path).output().unwrap()).exits(0);
    let page = fs::read_to_string(&path).unwrap();
    assert!(!page.contains("geheim") && !page.contains(&BASE64.encode(b"geheim")));
    let Some(browser) = browser else { return (Value::Null, said.out) };
    browser.open(&path);
    assert_eq!(browser.complaints(), Vec::<Value>::new());
    (browser.run("return {...shown.report, status: verdictOf(shown.report), untold: []}"), said.out)
}

/// The record alone is not on the page: all others are, and are checked as ever.
#[test]
fn a_secret_in_a_record_holds_back_that_record_alone() {
    let house = house();
    let whole = told(&house);
    let browser = Browser::start();
    let made = |told: &[Told]| forge::ledger(told, &TestSigner::new(7), Signed::All);
    let verified = || verify(&house.path("ledger"), None).unwrap();
    let mut cases = 0;
    for (item, kind) in [
        ("purpose_detail", "run.commit"),
        ("pipeline", "run.begin"),
        ("source", "run.input"),
        ("pipeline", "run.published"),
        ("reason", "run.refused"),
        ("reason", "key.create"),
        ("happened", "incident"),
    ] {
        let mut told = whole.clone();
        let places = told.iter_mut().filter(|one| one.kind == kind);
        places.for_each(|one| one.body[item] = SECRET.into());
        // The source of an input stands in its commit as well.
        for one in told.iter_mut().filter(|one| kind == "run.input" && one.kind == "run.commit") {
            one.body["sources"][0]["name"] = SECRET.into();
        }
        let files = made(&told);
        let (page, said) = opened(&house, &files, browser.as_ref());
        let mut held = Vec::new();
        for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with("records/")) {
            for (index, line) in str::from_utf8(bytes).unwrap().lines().enumerate() {
                let record: Value = serde_json::from_str(line).unwrap();
                let is_held = line.contains("geheim");
                let place = format!("ledger/{name}:{}: left out", index + 1);
                assert_eq!(said.contains(&place), is_held, "{place}: {said}");
                held.extend(is_held.then(|| record["seq"].clone()));
            }
        }
        assert!(!held.is_empty(), "{kind}");
        let program = verified().to_value();
        assert_eq!(program["status"], "not-checked", "{kind}: {program:#}");
        let Some(browser) = &browser else { continue };
        cases += 1;
        holds_back(kind, &held, &page, &program);
        let told = browser
            .run("return findingsOf(shown.report.checks.find(({check}) => check === 'records'))");
        let told = told.as_str().unwrap();
        let numbers: Vec<String> = held.iter().map(Value::to_string).collect();
        assert!(told.contains("해시만") && told.contains(&numbers.join(", ")), "{told}");
    }
    assert!(cases == 7 || browser.is_none());
}

/// The page says of everything but these records what the program says.
#[track_caller]
fn holds_back(kind: &str, held: &[Value], page: &Value, program: &Value) {
    assert_eq!(page["status"], "not-checked", "{kind}: {page:#}");
    assert_eq!((&page["root"], &page["size"]), (&program["root"], &program["size"]));
    for (page, program) in checks(page).zip(checks(program)) {
        if page["reason"] == "held-back" {
            assert_eq!(program["outcome"], "pass", "{kind}: {page:#}");
        } else {
            assert_eq!(page["outcome"], program["outcome"], "{kind}: {page:#}");
            assert_eq!(page["reason"], program["reason"], "{kind}: {page:#}");
        }
    }
    let of_records = checks(page).find(|check| check["check"] == "records").unwrap();
    assert_eq!(of_records["reason"], "held-back", "{kind}");
    assert_eq!(of_records["held"], Value::Array(held.to_vec()), "{kind}");
    let seen = of_records["examined"].as_u64().unwrap();
    assert_eq!(seen + held.len() as u64, program["size"].as_u64().unwrap(), "{kind}");
}

fn checks(report: &Value) -> impl Iterator<Item = &Value> {
    report["checks"].as_array().into_iter().flatten()
}

/// What is wrong beside it is found as ever, and where: also a hash that is another.
#[test]
fn nothing_else_passes_because_a_record_is_held_back() {
    let Some(browser) = Browser::start() else { return };
    let house = house();
    let mut told = told(&house);
    let commit = told.iter().position(|one| one.kind == "run.commit").unwrap();
    told[commit].body["purpose_detail"] = SECRET.into();
    let whole = forge::ledger(&told, &TestSigner::new(7), Signed::All);
    let name = "records/000000.jsonl";
    let text = String::from_utf8(whole[name].clone()).unwrap();
    for (from, to) in [
        ("\"type\":\"run.begin\"", "\"type\":\"run.bogus\""),
        ("\"type\":\"run.published\"", "\"type\":\"run.undone\""),
        ("\"actor\":\"uid 0\"", "\"actor\":\"uid 1\""),
        ("geheim", "gehein"),
    ] {
        let mut files = whole.clone();
        files.insert(name.to_owned(), text.replacen(from, to, 1).into_bytes());
        let (page, _) = opened(&house, &files, Some(&browser));
        let program = verify(&house.path("ledger"), None).unwrap();
        assert_eq!(
            (&page["status"], &program.to_value()["status"]),
            (&"fail".into(), &"fail".into())
        );
        assert_eq!(page["root"], program.to_value()["root"], "{from}");
    }
    opened(&house, &whole, Some(&browser));
    let path = house.path("page.html");
    let page = fs::read_to_string(&path).unwrap();
    let line = text.lines().find(|line| line.contains("geheim")).unwrap();
    let leaf = gamyeong::ledger::tree::leaf_hash(line.as_bytes()).to_hex();
    let (begin, _) = leaf.split_at(63);
    let other = if leaf.ends_with('0') { "1" } else { "0" };
    put(
        &path,
        page.replacen(&format!("\"leaf\":\"{leaf}\""), &format!("\"leaf\":\"{begin}{other}\""), 1)
            .as_bytes(),
    );
    assert_ne!(fs::read_to_string(&path).unwrap(), page);
    assert_eq!(browser.open(&path), "fail");
}

/// Whether approvals are signed cannot be told without the rights: as before, the file is held back.
#[test]
fn a_record_that_others_need_holds_back_its_file() {
    let house = house();
    let mut told = told(&house);
    let last = told.len() - 1;
    "rights.granted".clone_into(&mut told[last].kind);
    told[last].body = Value::Object(example::body(Kind::RightsGranted));
    told[last].body["reason"] = SECRET.into();
    let files = forge::ledger(&told, &TestSigner::new(7), Signed::All);
    let (_, said) = opened(&house, &files, None);
    assert!(said.contains("ledger/records/000001.jsonl: left out"), "{said}");
}

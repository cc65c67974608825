//! What leaves the ledger for people: workbooks and CSV, public tables, and the evidence of
//! a year.

use std::fs;

use gamyeong::ledger::items::example;
use gamyeong::ledger::record::Kind;
use serde_json::{Map, Value, json};

use crate::house::{House, Said, log, put};

mod evidence;
mod ledgers;
mod published;
mod reasons;

/// A text that a spreadsheet would compute.
const FORMULA: &str = "=HYPERLINK(\"http://example.kr\",\"a\")";

/// A house in which two nights ran, one was refused, and people entered every kind of
/// record that a ledger lists.
fn house() -> House {
    let house = House::new();
    for date in ["2026-11-18", "2026-11-19"] {
        house.put(&format!("logs/access-{date}.log"), log(20, 200));
        Said::from(house.night(date, &[]).output().unwrap()).exits(0);
    }
    house.put("logs/access-2026-11-20.log", log(1, 3));
    Said::from(house.night("2026-11-20", &[]).output().unwrap()).exits(1);
    for (kind, changes) in [
        (Kind::RiskReview, json!({"opinion": FORMULA})),
        (Kind::AdequacyReview, json!({"grade": "저위험"})),
        (Kind::PlanApproved, json!({})),
        (Kind::RightsGranted, json!({"account": "kim-a", "reason": "+82 담당 변경"})),
        (Kind::RightsChanged, json!({"account": "kim-a", "was": "-생성"})),
        (Kind::RightsRevoked, json!({"account": "kim-a", "reason": "@전보"})),
        (Kind::Provision, json!({"recipient": "연구원 <가>", "pipeline": "visits"})),
        (Kind::CombinationFiles, json!({"agency": "결합기관"})),
        (Kind::Access, json!({"account": "kim-a", "at": "2026-11-21T15:00:00Z", "subjects": 1234})),
        (Kind::Access, json!({"account": "kim-a", "subjects": 5, "object": FORMULA, "from": "-1"})),
        (Kind::Incident, json!({"kind": "유출", "happened": "메일 오발송"})),
        (Kind::KeyDestroyed, json!({"epoch": "2026-10"})),
        (Kind::AdditionalDestroyed, json!({})),
    ] {
        enter(&house, kind, &changes);
    }
    let request = enter(&house, Kind::RetentionRequested, &json!({"file_name": "방문 기록"}));
    let approval = enter(&house, Kind::RetentionApproved, &json!({"request": request}));
    let destroyed = json!({"approval": approval, "file_name": "방문 기록", "certainty": "추정",
        "destroyed_at": "2026-11-24T00:30:00+09:00"});
    enter(&house, Kind::DataDestroyed, &destroyed);
    enter(&house, Kind::RetentionDone, &json!({"request": request, "certificate": "파기-26-1"}));
    house
}

/// Enters a record with every item, some of them changed. Gives its number.
#[track_caller]
fn enter(house: &House, kind: Kind, changes: &Value) -> u64 {
    let mut body: Map<String, Value> = example::body(kind);
    // Nobody signs here, and an invented key is none, nor is a file.
    body.remove("public_key");
    body.remove("paths");
    body.extend(changes.as_object().unwrap().clone());
    let text = toml::to_string(&body).unwrap();
    let said = house.enter(kind.as_str(), &text).exits(0);
    let number = said.out.split([' ', ':']).nth(1).unwrap();
    number.parse().unwrap()
}

/// Runs `ledger NAME --out FILE` beside the house and gives the file.
#[track_caller]
fn written(house: &House, name: &str, file: &str, more: &[&str]) -> Vec<u8> {
    let path = house.root.with_file_name(file);
    let mut command = house.command(&["ledger", name, "--out"]);
    Said::from(command.arg(&path).args(more).output().unwrap()).exits(0);
    if path.is_dir() { Vec::new() } else { fs::read(&path).unwrap() }
}

/// A house whose newest record was altered.
fn broken() -> House {
    let house = house();
    let path = house.path("ledger/records/000000.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    put(&path, text.replacen("파기-26-1", "파기-26-2", 1).as_bytes());
    house
}

/// Nothing but the page is written of a ledger that is not intact.
#[test]
fn a_broken_ledger_is_reported_of_by_the_page_alone() {
    let house = broken();
    for args in [
        &["report", "--out", "a.xlsx"][..],
        &["report", "--csv", "--out", "files"],
        &["status", "--out", "a.html"],
        &["status", "--out", "a.csv"],
        &["status", "--out", "a.json"],
    ] {
        let out = house.root.with_file_name(args[args.len() - 1]);
        let said: Said = house
            .command(&["ledger"])
            .args(&args[..args.len() - 1])
            .arg(&out)
            .output()
            .unwrap()
            .into();
        let said = said.exits(6);
        assert!(said.err.contains("records are not intact"), "{}", said.err);
        assert!(!out.exists(), "{args:?}");
    }
    let page = written(&house, "report", "a.html", &[]);
    assert!(page.starts_with(b"<!DOCTYPE html>"));
}

/// A report among records, keys or tables.
#[test]
fn nothing_is_written_into_a_store() {
    let house = House::new();
    for (store, name) in [
        ("ledger", "a.xlsx"),
        ("ledger/records", "a.html"),
        ("keys", "a.xlsx"),
        ("store", "a.html"),
        ("pipelines", "a.html"),
    ] {
        let out = house.path(store).join(name);
        let before = house.tree();
        let said: Said =
            house.command(&["ledger", "report", "--out"]).arg(&out).output().unwrap().into();
        let said = said.exits(2);
        assert!(said.err.contains("of the house"), "{}", said.err);
        assert_eq!(house.tree(), before);
    }
    // Nor over what a night is configured by, by a command that takes any name.
    let settings = house.path("institution.toml");
    let was = fs::read(&settings).unwrap();
    let said = house.say(&["ledger", "prove", "0", "--out", settings.to_str().unwrap()]).exits(2);
    assert!(said.err.contains("lies in `institution.toml` of the house"), "{}", said.err);
    assert_eq!(fs::read(&settings).unwrap(), was);
    // A link is no way around.
    let link = house.root.with_file_name("link");
    std::os::unix::fs::symlink(house.path("ledger"), &link).unwrap();
    let mut command = house.command(&["ledger", "status", "--out"]);
    Said::from(command.arg(link.join("a.html")).output().unwrap()).exits(2);
}

/// A ledger of which a part lies elsewhere: what a link leads to may be a key.
#[test]
fn a_link_in_the_ledger_is_refused() {
    let house = House::new();
    let (path, elsewhere) = (house.path("ledger/keys.txt"), house.root.with_file_name("keys.txt"));
    fs::rename(&path, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    house.say(&["ledger", "verify"]).exits(6);
    let out = house.root.with_file_name("a.xlsx");
    let said: Said =
        house.command(&["ledger", "report", "--out"]).arg(&out).output().unwrap().into();
    said.exits(6);
    assert!(!out.exists());
}

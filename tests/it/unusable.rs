//! Pipeline files with a fault, beside others that have none.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::house::{House, PIPELINE, Said, log};

const NIGHT: &str = "2026-11-20";

/// A house with two pipelines that were recorded, and input of another night.
fn two() -> House {
    let house = House::new();
    let loans = PIPELINE.replace("\"visits\"", "\"loans\"").replace("\"26-01\"", "\"26-02\"");
    house.put("pipelines/loans.toml", loans);
    for date in ["2026-11-19", NIGHT] {
        house.put(&format!("logs/access-{date}.log"), log(20, 200));
    }
    night(&house, "2026-11-19", &["visits", "loans"], &[]).exits(0);
    house
}

fn night(house: &House, date: &str, pipelines: &[&str], more: &[&str]) -> Said {
    let mut command = house.command(&["run", "--date", date, "--json"]);
    command.args(pipelines.iter().map(|name| house.path(&format!("pipelines/{name}.toml"))));
    command.args(more).output().unwrap().into()
}

/// What stopped nights, as the ledger has it.
fn blocked(house: &House) -> Vec<Value> {
    let mut records = house.records();
    records.retain(|record| record["type"] == "night.blocked");
    records.into_iter().map(|mut record| record["body"].take()).collect()
}

fn outcomes(said: &Said) -> Vec<[Value; 2]> {
    let all = said.json();
    all.into_iter().map(|mut one| [one["pipeline"].take(), one["outcome"].take()]).collect()
}

#[test]
fn the_others_run_and_the_night_that_is_missing_has_a_record() {
    let house = two();
    house.edit("pipelines/visits.toml", "2026-01-01/2099-12-31", "2026-01-01/2026-01-31");
    let said = night(&house, NIGHT, &["visits", "loans"], &[]).exits(3);
    assert!(said.err.contains("processing period ended on 2026-01-31"), "{}", said.err);
    let reason = "pipeline not usable: its processing period ended on 2026-01-31";
    let all = said.json();
    assert_eq!([&all[0]["exit_code"], &all[1]["exit_code"]], [&json!(3), &json!(0)]);
    assert_eq!([&all[0]["reason"], &all[1]["reason"]], [&json!(reason), &Value::Null]);
    let expected = [["visits", "failed"], ["loans", "published"]];
    assert_eq!(outcomes(&said), expected.map(|pair| pair.map(|text| json!(text))));
    let blocked = blocked(&house);
    assert_eq!(blocked.len(), 1);
    let told = ["pipeline", "management_no", "date", "exit_code", "reason"];
    let expected = [json!("visits"), json!("26-01"), json!(NIGHT), json!(3), json!(reason)];
    assert_eq!(told.map(|item| blocked[0][item].clone()), expected);
    let sha256 = |name: &str| {
        let tree = house.tree();
        tree.iter().find(|(path, _)| path.ends_with(name)).unwrap().1.1.clone()
    };
    assert_eq!(blocked[0]["file_sha256"], json!(sha256("pipelines/visits.toml")));
    assert_eq!(blocked[0]["pipeline_sha256"], Value::Null);
    house.verify();
}

/// As long as somebody can read a name in it, and the ledger has it.
#[test]
fn every_fault_is_recorded_once_and_nothing_of_the_file_with_it() {
    let house = two();
    let file = "pipelines/visits.toml";
    let faults = [
        // Syntax that is broken behind the name, and before.
        (format!("{PIPELINE}\ncanary = {{ \"홍길동\""), Some("faults found: ")),
        (format!("canary = \n{PIPELINE}"), Some("faults found: 1, the first in line 1")),
        (PIPELINE.replace("k_min = 3", "k_minimum = \"canary\""), Some("faults found: 2")),
        (
            PIPELINE.replace("\"26-01\"", "\"900101-1234568\""),
            Some("it holds what looks like personal data or a secret"),
        ),
        (
            PIPELINE.replace("\"과학적 연구\"", "\"통계작성\""),
            Some("its purpose is not in the privacy policy in force"),
        ),
        // A pipeline that no ledger knows, and what has no name.
        (PIPELINE.replace("\"visits\"", "\"canary\"").replace("k_min = 3", "k_min = 0"), None),
        (PIPELINE.replace("\"visits\"", "\"../canary\""), None),
        (PIPELINE.replace("\"visits\"", "\"900101-1234568\""), None),
        ("canary".to_owned(), None),
    ];
    let mut expected = 0;
    for (text, reason) in &faults {
        house.put(file, text);
        for _ in 0..2 {
            let said = night(&house, NIGHT, &["visits"], &[]).exits(3);
            assert!(!said.out.contains("canary") && !said.out.contains("900101"), "{}", said.out);
        }
        expected += usize::from(reason.is_some());
        let blocked = blocked(&house);
        assert_eq!(blocked.len(), expected, "{text}");
        if let Some(reason) = reason {
            let told = blocked[expected - 1]["reason"].as_str().unwrap();
            let begins = format!("pipeline not usable: {reason}");
            assert!(told.starts_with(&begins), "{told}: {reason}");
        }
    }
    // As an editor for code page 949 writes it.
    house.put(file, [b"# \xb0\xa1\n".as_slice(), PIPELINE.as_bytes()].concat());
    let said = night(&house, NIGHT, &["visits"], &[]).exits(3);
    assert!(said.err.contains("not UTF-8"), "{}", said.err);
    expected += 1;
    fs::remove_file(house.path(file)).unwrap();
    let said = night(&house, NIGHT, &["visits", "loans"], &[]).exits(3);
    assert!(said.err.contains("visits.toml: could not read"), "{}", said.err);
    assert_eq!(outcomes(&said)[1], [json!("loans"), json!("published")]);
    assert_eq!(blocked(&house).len(), expected);
    let records = house.records();
    for record in &records {
        let text = record.to_string();
        assert!(!["canary", "홍길동", "900101"].iter().any(|word| text.contains(word)), "{text}");
    }
    house.verify();
}

/// A draft has the name of what it is a draft of.
#[test]
fn a_draft_blocks_no_night_that_came_about() {
    let house = two();
    house.put("pipelines/draft.toml", PIPELINE.replace("k_min = 3", "k_min = 0"));
    for order in [["draft", "visits"], ["visits", "draft"]] {
        let said = night(&house, NIGHT, &order, &[]).exits(3);
        assert!(outcomes(&said).contains(&[json!("visits"), json!("failed")]), "{}", said.out);
    }
    night(&house, NIGHT, &["draft"], &[]).exits(3);
    assert!(blocked(&house).is_empty());
    // By itself, on a date of which nothing is known: then the name decides.
    night(&house, "2026-11-21", &["draft"], &[]).exits(3);
    assert_eq!(blocked(&house).len(), 1);
    // Whatever came in after a night without input is not lost without a word.
    night(&house, "2026-11-22", &["visits"], &[]).exits(0);
    night(&house, "2026-11-22", &["draft"], &[]).exits(3);
    assert_eq!(blocked(&house).len(), 2);
    house.verify();
}

/// It lies in no house, or is not there.
#[test]
fn a_file_that_is_no_pipeline_stops_no_other() {
    let house = two();
    let elsewhere = tempfile::tempdir().unwrap();
    let stray = elsewhere.path().join("stray.toml");
    fs::copy(house.path("pipelines/visits.toml"), &stray).unwrap();
    for path in [stray, elsewhere.path().join("none.toml")] {
        let mut command = crate::house::gamyeong();
        command.args(["run", "--date", NIGHT, "--json"]);
        let both = [path, house.path("pipelines/loans.toml")];
        let said = Said::from(command.args(&both).output().unwrap()).exits(3);
        assert_eq!(said.json()[1]["pipeline"], "loans");
        let alone =
            crate::house::gamyeong().arg("run").arg(&both[0]).args(["--date", NIGHT]).output();
        Said::from(alone.unwrap()).exits(3);
    }
    assert!(blocked(&house).is_empty());
    house.verify();
}

/// Its first night was blocked, and so is the next, by something else.
#[test]
fn a_pipeline_that_never_ran_is_known_by_the_nights_that_were_blocked() {
    let house = House::new();
    house.put("pipelines/visits.toml", PIPELINE);
    fs::create_dir(house.path("logs/access-2026-11-20.log")).unwrap();
    night(&house, NIGHT, &["visits"], &[]).exits(4);
    house.edit("pipelines/visits.toml", "k_min = 3", "k_min = 0");
    night(&house, "2026-11-21", &["visits"], &[]).exits(3);
    let told: Vec<Value> = blocked(&house).iter().map(|one| one["exit_code"].clone()).collect();
    assert_eq!(told, [json!(4), json!(3)]);
    house.verify();
}

/// A house at fault, input that is named by hand, and a ledger that cannot be opened.
#[test]
fn what_is_of_all_of_them_stops_all_and_leaves_no_trace() {
    let house = two();
    house.edit("pipelines/visits.toml", "k_min = 3", "k_min = 0");
    let before = house.tree();
    let both = ["visits", "loans"];
    let input = format!("web={}", house.path("logs/access-2026-11-19.log").display());
    for by_hand in [["--input", &input], ["--accept-change", "장비 교체"]] {
        let said = night(&house, NIGHT, &both, &by_hand).exits(3);
        assert!(said.out.is_empty() && said.err.contains("visits.toml:"), "{said:?}");
        assert!(house.tree() == before);
    }

    let key = house.path("keys/ledger-ed25519.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let said = night(&house, NIGHT, &both, &[]).exits(5);
    assert!(said.out.is_empty(), "{said:?}");
    assert!(said.err.contains("visits.toml:") && said.err.contains("ledger-ed25519"), "{said:?}");
    // Nothing else was to be done.
    let said = night(&house, NIGHT, &both[..1], &[]).exits(3);
    assert!(!said.err.contains("ledger-ed25519"), "{said:?}");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(house.tree() == before);

    house.edit("institution.toml", "zone = \"Asia/Seoul\"", "zone = \"홍길동 010-1234-5678\"");
    let before = house.tree();
    let said = night(&house, NIGHT, &both, &[]).exits(3);
    assert!(said.out.is_empty() && said.err.contains("institution.toml:"), "{said:?}");
    assert!(house.tree() == before);
}

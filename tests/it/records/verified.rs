//! `gamyeong ledger verify --record`: a check of the ledger is a record of it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use gamyeong::config::house::House as Opened;
use gamyeong::error::Error;
use gamyeong::ledger::record::Kind;
use gamyeong::ledger::tree::Hash;
use gamyeong::ledger::verify::{self, Brought};
use gamyeong::pipeline::{Night, verification};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::house::{DATE, House, Said, log};

/// A house with one night of one table, and a sealed file of its rejected line.
fn after_a_night() -> House {
    let house = House::new();
    house.put(&format!("logs/access-{DATE}.log"), format!("{}broken\n", log(20, 200)));
    house.run(&[]).exits(0);
    house
}

fn verified(house: &House) -> Vec<Value> {
    house.records().into_iter().filter(|record| record["type"] == "verify.done").collect()
}

/// Keys and a checkpoint that were kept outside the house.
fn brought(house: &House) -> (PathBuf, PathBuf) {
    let (keys, head) = (house.root.with_file_name("keys.txt"), house.root.with_file_name("note"));
    fs::copy(house.path("ledger/keys.txt"), &keys).unwrap();
    fs::copy(house.path("ledger/head.note"), &head).unwrap();
    (keys, head)
}

/// The ids of the keys in a file.
fn ids(keys: &Path) -> Vec<String> {
    let text = fs::read_to_string(keys).unwrap();
    text.lines().map(|line| line.split('+').nth(1).unwrap().to_owned()).collect()
}

/// Found by a review: what lies in the ledger vouched for it, and that was recorded as a pass.
#[test]
fn what_comes_from_the_house_itself_was_not_brought() {
    let house = after_a_night();
    let link = house.root.with_file_name("link");
    std::os::unix::fs::symlink(house.path("ledger"), &link).unwrap();
    // Beside the tables, as somebody who means well would put it.
    let (keys, head) = brought(&house);
    let [store_keys, store_head] = ["store/keys.txt", "store/note"].map(|name| house.path(name));
    fs::copy(&keys, &store_keys).unwrap();
    fs::copy(&head, &store_head).unwrap();
    let outcome = |said: &Value, check: &str| {
        let checks = said["checks"].as_array().unwrap().iter();
        let found = checks.filter(|found| found["check"] == check);
        found.map(|found| json!([found["outcome"], found["reason"]])).collect::<Vec<_>>()
    };
    for (trust, earlier) in [
        (house.path("ledger/keys.txt"), house.path("ledger/head.note")),
        (house.path("store/../ledger/keys.txt"), house.path("ledger/checkpoints/0000000001.note")),
        (link.join("keys.txt"), link.join("head.note")),
        (store_keys, store_head),
    ] {
        for record in [&[][..], &["--record"]] {
            let mut command = house.command(&["ledger", "verify", "--json"]);
            command.args(record).arg("--trust").arg(&trust).arg("--earlier").arg(&earlier);
            let said = Said::from(command.output().unwrap()).exits(0).json().remove(0);
            assert_eq!(said["status"], "not-checked", "{trust:?}");
            assert_eq!(outcome(&said, "trust"), [json!(["not-checked", "keys-from-ledger"])]);
            let expected = [json!(["not-checked", "no-earlier-checkpoint"])];
            assert_eq!(outcome(&said, "continuity"), expected, "{earlier:?}");
        }
        let body = &verified(&house).pop().unwrap()["body"];
        assert_eq!(body["result"], "not-checked");
        assert_eq!(outcome(body, "trust"), [json!(["not-checked", "keys-from-ledger"])]);
        assert_eq!([&body["trusted_keys"], &body["earlier"]], [&Value::Null, &Value::Null]);
    }
    // One that was brought counts beside one that was not.
    let mut command = house.command(&["ledger", "verify", "--record", "--trust"]);
    command.arg(&keys).arg("--earlier").arg(&head).arg("--earlier").arg(link.join("head.note"));
    let said = Said::from(command.output().unwrap()).exits(0);
    assert!(said.out.contains("pass         continuity (1)"), "{}", said.out);
    house.verify();
}

#[test]
fn who_looked_and_what_was_found_is_recorded_when_it_is_asked_for() {
    let house = after_a_night();
    let before = house.tree();
    house.say(&["ledger", "verify", "--data"]).exits(0);
    assert_eq!(house.tree(), before, "without the flag nothing is written");

    let size = house.records().len();
    let (trust, kept) = brought(&house);
    let args = ["ledger", "verify", "--record", "--json", "--data", "--trust"];
    let mut command = house.command(&args);
    command
        .arg(&trust)
        .arg("--earlier")
        .arg(&kept)
        .env("SSH_CONNECTION", "192.0.2.7 5000 192.0.2.1 22");
    let said = Said::from(command.output().unwrap()).exits(0).json().remove(0);
    assert_eq!(said["recorded"], json!(size));
    let found = verified(&house);
    let (record, body) = (&found[0], &found[0]["body"]);
    assert_eq!(found.len(), 1);
    assert_eq!(record["seq"], said["recorded"]);
    assert_eq!(body["account"], record["actor"]);
    assert_eq!(body["from"], "192.0.2.7");
    assert!(body["at"].as_str() <= record["time"].as_str(), "{record}");
    assert_eq!([&body["size"], &body["root"]], [&json!(size), &said["root"]]);
    assert_eq!(body["result"], "pass");
    let of = |check: &Value| {
        json!([check["check"], check["outcome"], check["examined"], check["reason"]])
    };
    let told = |list: &Value| list.as_array().unwrap().iter().map(of).collect::<Vec<_>>();
    assert_eq!(told(&body["checks"]), told(&said["checks"]), "as the report names them");
    assert_eq!(body["trusted_keys"], json!(ids(&trust)));
    assert_eq!(body["earlier"], json!(size));
    let data = json!({"asked": true, "result": "pass", "files": 3, "bad": 0, "unread": 0,
        "destroyed": 0});
    assert_eq!(body["data"], data);
    house.verify();

    // Keys from the ledger itself, and no look at the files.
    let said = house.say(&["ledger", "verify", "--record"]).exits(0);
    assert!(said.out.ends_with(&format!("\nrecorded as record {}\n", size + 1)), "{}", said.out);
    let body = &verified(&house)[1]["body"];
    assert_eq!([&body["size"], &body["result"]], [&json!(size + 1), &json!("not-checked")]);
    assert_eq!([&body["trusted_keys"], &body["earlier"]], [&Value::Null, &Value::Null]);
    assert_eq!(
        [&body["data"]["asked"], &body["data"]["result"]],
        [&json!(false), &json!("not-checked")]
    );
    let said = house.say(&["--lang", "ko", "ledger", "verify", "--record"]).exits(0);
    assert!(said.out.ends_with(&format!("\n기록 {}번으로 남김\n", size + 2)), "{}", said.out);
    house.verify();
}

#[test]
fn a_table_that_is_another_is_recorded_and_decides_the_exit_code() {
    let house = after_a_night();
    let table = house.table(DATE);
    let mut bytes = fs::read(&table).unwrap();
    bytes[100] ^= 1;
    crate::house::put(&table, &bytes);
    house.say(&["ledger", "verify", "--data", "--record"]).exits(1);
    let body = &verified(&house)[0]["body"];
    assert_eq!([&body["result"], &body["data"]["result"]], [&json!("fail"), &json!("fail")]);
    assert_eq!(body["data"]["bad"], 1);
    assert!(body["checks"].as_array().unwrap().iter().all(|check| check["outcome"] != "fail"));
}

#[test]
fn nothing_is_recorded_in_a_ledger_that_is_not_intact() {
    let house = after_a_night();
    let path = house.path("ledger/records/000000.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    house.put("ledger/records/000000.jsonl", text.replacen("26-01", "26-02", 1));
    let before = house.tree();
    for args in [&["ledger", "verify", "--record"][..], &["ledger", "verify", "--record", "--data"]]
    {
        let said = house.say(args).exits(6);
        assert!(said.err.contains("nothing is written over evidence"), "{}", said.err);
        assert!(said.out.contains("fail"), "{}", said.out);
    }
    let said = house.say(&["--lang", "ko", "ledger", "verify", "--record"]).exits(6);
    assert!(said.err.contains("증거 위에는 아무것도 쓰지 않습니다"), "{}", said.err);
    assert_eq!(house.tree(), before);
}

/// An auditor's account reads the ledger and has no keys.
#[test]
fn without_the_keys_or_beside_a_run_the_check_is_told_and_not_recorded() {
    let house = after_a_night();
    let key = house.path("keys/ledger-p256.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let said = house.say(&["ledger", "verify", "--record"]).exits(5);
    assert!(said.out.contains("conservation"), "{}", said.out);
    assert!(!said.out.contains("recorded as"), "{}", said.out);
    house.say(&["ledger", "verify"]).exits(0);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let lock = fs::File::create(house.path(".lock")).unwrap();
    lock.lock().unwrap();
    house.say(&["ledger", "verify", "--record"]).exits(75);
    // What is wrong with a table comes first, and that it was not recorded is said too.
    fs::remove_file(house.table(DATE)).unwrap();
    let said = house.say(&["ledger", "verify", "--record", "--data"]).exits(1);
    assert!(said.err.contains(".lock"), "{}", said.err);
    drop(lock);
    assert_eq!(verified(&house), Vec::<Value>::new());
}

/// Between the check and its record somebody puts another ledger there.
#[test]
fn what_was_not_verified_gets_no_record() {
    let house = after_a_night();
    let opened = Opened::open(&house.root).unwrap();
    let now = || "2099-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    let night = Night {
        date: DATE.parse().unwrap(),
        instead: std::collections::BTreeMap::new(),
        accept_change: None,
        actor: "uid 0".to_owned(),
        from: "here".to_owned(),
        now: &now,
        progress: &|_| {},
    };
    let good = verify::verify(&opened.ledger, None).unwrap();
    let mut other = good.clone();
    other.root = Hash::from_hex(&"0".repeat(64)).unwrap();
    let mut longer = good.clone();
    longer.size += 1;
    let before = house.tree();
    for report in [&other, &longer] {
        let error =
            verification::record(&opened, &night, "uid 0", report, &Brought::default(), None)
                .unwrap_err();
        assert!(matches!(error, Error::LedgerBroken { .. }), "{error}");
    }
    let ledger = |tree: std::collections::BTreeMap<PathBuf, (u32, String)>| {
        tree.into_iter().filter(|(path, _)| path.starts_with(&opened.ledger)).collect::<Vec<_>>()
    };
    assert_eq!(ledger(house.tree()), ledger(before));
    verification::record(&opened, &night, "uid 0", &good, &Brought::default(), None).unwrap();
    assert_eq!(verified(&house)[0]["type"], Kind::VerifyDone.as_str());
}

/// A house whose superseding night is killed at a point.
fn killed_at(point: &str) -> House {
    let house = after_a_night();
    house.put(&format!("logs/access-{DATE}.log"), format!("{}broken\n", log(20, 210)));
    let output = house.night(DATE, &[]).env("GAMYEONG_KILL_AT", point).output().unwrap();
    assert_eq!(output.status.code(), None, "{point}: {output:?}");
    house
}

/// Found by a review: `--record` published tables, undid runs and wrote side-cars.
#[test]
fn where_something_was_left_open_nothing_is_recorded_and_nothing_is_ended() {
    let points = ["before-commit", "after-commit", "publish-after-rename", "ledger-after-sync"];
    for point in points {
        let house = killed_at(point);
        let before = house.tree();
        // A record that is not signed for is a finding, and one of exit code 6.
        let code = if point == "ledger-after-sync" { 6 } else { 75 };
        let said = house.say(&["ledger", "verify", "--record"]).exits(code);
        assert!(said.out.contains("conservation"), "{point}: the report is printed\n{}", said.out);
        assert!(!said.out.contains("recorded as"), "{point}: {}", said.out);
        if code == 75 {
            assert!(said.err.contains("the check is not recorded"), "{point}: {}", said.err);
            assert!(said.err.contains("hint: the next `gamyeong run` ends it"), "{}", said.err);
        }
        house.say(&["ledger", "verify", "--data", "--record"]);
        assert_eq!(house.tree(), before, "{point}");
        house.run(&[]).exits(0);
        house.say(&["ledger", "verify", "--data", "--record"]).exits(0);
        assert_eq!(verified(&house).len(), 1, "{point}");
    }
}

#[test]
fn a_side_car_that_is_missing_is_recorded_as_missing_and_stays_so() {
    let house = after_a_night();
    let side_car = gamyeong::ledger::side_car::beside(&house.table(DATE));
    fs::remove_file(&side_car).unwrap();
    let of = |house: &House| {
        let is_kept = |path: &PathBuf| !path.starts_with(house.path("ledger"));
        house.tree().into_iter().filter(|(path, _)| is_kept(path)).collect::<Vec<_>>()
    };
    let (before, records) = (of(&house), house.records());
    for nth in 1..=2 {
        house.say(&["ledger", "verify", "--data", "--record"]).exits(1);
        let body = &verified(&house)[nth - 1]["body"];
        assert_eq!([&body["data"]["result"], &body["data"]["bad"]], [&json!("fail"), &json!(1)]);
    }
    assert_eq!(of(&house), before, "nothing but the ledger");
    let after = house.records();
    assert_eq!(after[..records.len()], records);
    assert_eq!(after.len(), records.len() + 2, "and there nothing but the two records");
}

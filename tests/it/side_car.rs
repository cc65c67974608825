//! What lies beside a table, and what it tells somebody who has nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use gamyeong::ledger::side_car::{Unvouched, beside, vouch};
use gamyeong::ledger::tlog_proof::Inclusion;
use serde_json::{Value, json};

use crate::house::{DATE, House, Said, files, gamyeong, log, put};

/// A house with a published night.
fn after_a_night() -> House {
    let house = House::new();
    house.put(&format!("logs/access-{DATE}.log"), log(12, 240));
    house.run(&[]).exits(0);
    house
}

/// What somebody gets: a table and its side-car, and the keys some other way.
struct Given {
    _dir: tempfile::TempDir,
    table: PathBuf,
    keys: PathBuf,
}

impl Given {
    fn from(house: &House) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let [table, keys] = ["visits.parquet", "keys.txt"].map(|name| dir.path().join(name));
        put(&table, &fs::read(house.table(DATE)).unwrap());
        put(&beside(&table), &fs::read(beside(&house.table(DATE))).unwrap());
        put(&keys, &fs::read(house.path("ledger/keys.txt")).unwrap());
        Self { _dir: dir, table, keys }
    }

    fn check(&self, more: &[&str]) -> Said {
        let mut command = gamyeong();
        command.args(more).args(["ledger", "check-table"]).arg(&self.table);
        command.arg("--trust").arg(&self.keys).current_dir(self.table.parent().unwrap());
        command.output().unwrap().into()
    }

    fn json(&self) -> (Option<i32>, Value) {
        let mut command = gamyeong();
        command.args(["ledger", "check-table", "--json"]).arg(&self.table);
        let said = Said::from(command.arg("--trust").arg(&self.keys).output().unwrap());
        (said.code, said.json().pop().unwrap_or_default())
    }

    /// The first check that fails.
    fn fails(&self) -> String {
        let (code, value) = self.json();
        assert_eq!(code, Some(1), "{value}");
        assert_eq!(value["status"], "fail");
        let checks = value["checks"].as_array().unwrap();
        let failed = checks.iter().find(|check| check["outcome"] == "fail").unwrap();
        failed["check"].as_str().unwrap().to_owned()
    }
}

/// What `ledger verify --data` finds of one file.
fn outcome(house: &House, path: &Path) -> (Option<i32>, String) {
    let said = house.say(&["ledger", "verify", "--data", "--json"]);
    let name = path.strip_prefix(house.path("store")).unwrap().to_string_lossy().into_owned();
    let report = said.json().pop().unwrap();
    let data = report["data"].as_array().unwrap();
    let found = data.iter().find(|file| file["path"] == json!(name));
    (said.code, found.unwrap()["outcome"].as_str().unwrap().to_owned())
}

#[test]
fn a_table_its_side_car_and_the_keys_are_enough() {
    let house = after_a_night();
    let given = Given::from(&house);
    let said = given.check(&["--lang", "en"]).exits(0);
    for expected in
        ["purpose: 과학적 연구", "management number: 26-01", "date of the input: 2026-11-20"]
    {
        assert!(said.out.contains(expected), "{expected}\n{}", said.out);
    }
    assert!(said.out.contains("not-checked  whether a later run replaced it"), "{}", said.out);
    let said = given.check(&["--lang", "ko"]).exits(0);
    for expected in ["처리 목적: 과학적 연구", "관리번호: 26-01", "개인정보처리자: "]
    {
        assert!(said.out.contains(expected), "{expected}\n{}", said.out);
    }
    let (code, value) = given.json();
    assert_eq!((code, &value["status"]), (Some(0), &json!("pass")));
    let commit = house.records().into_iter().find(|one| one["type"] == "run.commit").unwrap();
    assert_eq!(value["run"], commit["run"]);
    assert_eq!(value["rows"], commit["body"]["outputs"][0]["rows"]);
}

#[test]
fn a_side_car_holds_the_record_byte_for_byte_under_the_checkpoint_after_the_publishing() {
    let house = after_a_night();
    let text = fs::read_to_string(beside(&house.table(DATE))).unwrap();
    let proof = Inclusion::parse(&text).unwrap();
    let stored = fs::read_to_string(house.path("ledger/records/000000.jsonl")).unwrap();
    let line = stored.lines().nth(usize::try_from(proof.index).unwrap()).unwrap();
    assert_eq!(proof.extra.as_deref(), Some(line.as_bytes()));
    assert!(line.contains("\"type\":\"run.commit\""), "{line}");
    let published = house.records().into_iter().find(|one| one["type"] == "run.published");
    let size = published.unwrap()["seq"].as_u64().unwrap() + 1;
    assert_eq!(proof.checkpoint.lines().nth(1), Some(size.to_string().as_str()));
    // An auditor takes it as what it is: a checkpoint that somebody kept.
    let path = house.root.with_file_name("kept.tlog-proof");
    fs::copy(beside(&house.table(DATE)), &path).unwrap();
    let said = house.say(&["ledger", "verify", "--earlier", path.to_str().unwrap()]).exits(0);
    assert!(said.out.contains("pass         continuity (1)"), "{}", said.out);
}

#[test]
fn no_byte_of_table_or_side_car_can_be_changed() {
    let house = after_a_night();
    let given = Given::from(&house);
    let table = fs::read(&given.table).unwrap();
    for at in [0, table.len() / 2, table.len() - 1] {
        let mut bad = table.clone();
        bad[at] ^= 1;
        put(&given.table, &bad);
        assert_eq!(given.fails(), "table", "{at}");
    }
    put(&given.table, &table);

    let side_car = beside(&given.table);
    let text = fs::read(&side_car).unwrap();
    let keys: Vec<_> =
        fs::read_to_string(&given.keys).unwrap().lines().map(|key| key.parse().unwrap()).collect();
    let sha256 = given.json().1["sha256"].as_str().unwrap().to_owned();
    let sound = String::from_utf8(text.clone()).unwrap();
    assert!(vouch(&sound, &sha256, &keys).is_ok());
    for at in 0..text.len() {
        let mut bad = text.clone();
        bad[at] ^= 1;
        let bad = String::from_utf8_lossy(&bad).into_owned();
        assert!(vouch(&bad, &sha256, &keys).is_err(), "{at}");
    }
    for (file, expected) in [("", "side-car"), ("c2sp.org/tlog-proof@v1\n", "side-car")] {
        put(&side_car, file.as_bytes());
        assert_eq!(given.fails(), expected, "{file}");
    }
    fs::remove_file(&side_car).unwrap();
    assert_eq!(given.fails(), "side-car");
}

#[test]
fn a_side_car_without_its_record_or_of_another_record_vouches_for_nothing() {
    let house = after_a_night();
    let given = Given::from(&house);
    let keys: Vec<_> =
        fs::read_to_string(&given.keys).unwrap().lines().map(|key| key.parse().unwrap()).collect();
    let sha256 = given.json().1["sha256"].as_str().unwrap().to_owned();
    for record in house.records() {
        let seq = record["seq"].to_string();
        let proof = house.say(&["ledger", "prove", &seq]).exits(0).out;
        assert!(vouch(&proof, &sha256, &keys).is_err());
        let line = house.say(&["ledger", "show", &seq, "--json"]).exits(0).out;
        let mut proof = Inclusion::parse(&proof).unwrap();
        proof.extra = Some(line.trim_end().as_bytes().to_vec());
        let found = vouch(&proof.to_string(), &sha256, &keys);
        if record["type"] == "run.commit" {
            assert!(found.is_ok());
        } else {
            assert_eq!(found, Err(Unvouched::OtherTable), "{record}");
        }
    }
}

#[test]
fn keys_of_somebody_else_and_another_ledger_are_told_apart_from_damage() {
    let house = after_a_night();
    let given = Given::from(&house);
    let other = House::new();
    put(&given.keys, &fs::read(other.path("ledger/keys.txt")).unwrap());
    assert_eq!(given.fails(), "signatures");
    put(&given.keys, b"no key\n");
    given.check(&[]).exits(2);
    fs::remove_file(&given.table).unwrap();
    put(&given.keys, &fs::read(house.path("ledger/keys.txt")).unwrap());
    given.check(&[]).exits(4);
}

/// In the words of `ledger verify`, what it found too.
#[test]
fn whoever_reads_korean_is_told_in_korean() {
    let house = after_a_night();
    let given = Given::from(&house);
    let (side_car, keys) = (beside(&given.table), fs::read(&given.keys).unwrap());
    let sound = fs::read_to_string(&side_car).unwrap();
    let told = |expected: &[&str], code: i32| {
        let said = given.check(&["--lang", "ko"]).exits(code);
        for expected in expected {
            assert!(said.out.contains(expected), "{expected}\n{}", said.out);
        }
        let lines = said.out.lines().skip(2);
        let finding = lines.filter(|line| line.starts_with("  ") && !line.contains("supersedes"));
        for line in finding.map(|line| line.replace("SHA-256", "")) {
            let is_english =
                |word: &str| word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase());
            assert!(!line.split([' ', ':', ',']).any(is_english), "{line}");
        }
    };
    told(&["  통과         두 서명이", "  확인 안 함   이 표가 나중에"], 0);
    put(&side_car, b"");
    told(
        &["  실패         증명 파일이 있음", "증명 파일: 증명의 형식이 아님", "  확인 안 함   두"],
        1,
    );
    // The first hash, and the end of the last signature.
    let index = sound.lines().position(|line| line.starts_with("index ")).unwrap();
    let hash = sound.lines().nth(index + 1).unwrap();
    put(&side_car, sound.replacen(hash, &format!("{}=", "A".repeat(43)), 1).as_bytes());
    told(&["  실패         처리 기록이 서명된", "증명: 실제로는 뿌리값 "], 1);
    put(&side_car, sound.replacen(&format!("{hash}\n"), "", 1).as_bytes());
    told(&["증명: 해시의 수가 기록의 수에 맞지 않음"], 1);
    let number = sound.lines().nth(index).unwrap();
    put(&side_car, sound.replacen(number, "index 4000", 1).as_bytes());
    told(&["증명: 기록 4000번이 기록 "], 1);
    let root = sound.split_once("\n\n").unwrap().1.lines().nth(2).unwrap();
    put(&side_car, sound.replacen(root, &format!("{}=", "A".repeat(43)), 1).as_bytes());
    told(&["  실패         두 서명이", "문서: 서명이 맞지 않음"], 1);
    let other = House::new();
    put(&side_car, sound.as_bytes());
    put(&given.keys, &fs::read(other.path("ledger/keys.txt")).unwrap());
    told(&["증명 파일: 다른 기록부의 것이거나"], 1);
    put(&given.keys, &keys);
    put(&given.table, b"another");
    told(&["  실패         처리 기록이 이 표의", "증명 파일: 그 처리 기록이 적은 것은"], 1);
    fs::remove_file(&side_car).unwrap();
    let said = given.check(&["--lang", "ko"]).exits(1);
    assert!(said.out.contains("visits.parquet.tlog-proof: 없음"), "{}", said.out);
}

/// They are named on the command line: no data is at fault.
#[test]
fn keys_that_cannot_be_read_are_a_fault_of_the_command_line() {
    let house = after_a_night();
    let given = Given::from(&house);
    fs::remove_file(&given.keys).unwrap();
    let said = given.check(&[]).exits(2);
    assert!(said.err.contains("`--trust ") && said.err.contains("cannot be read"), "{}", said.err);
    fs::create_dir(&given.keys).unwrap();
    given.check(&[]).exits(2);
}

#[test]
fn verifying_the_data_of_a_house_asks_every_side_car() {
    let house = after_a_night();
    house.put("logs/access-2026-11-21.log", log(12, 240));
    let next: Said = house.night("2026-11-21", &[]).output().unwrap().into();
    next.exits(0);
    let [first, second] = [DATE, "2026-11-21"].map(|date| beside(&house.table(date)));
    let said = house.say(&["ledger", "verify", "--data"]).exits(0);
    assert!(said.out.contains("data (4): tables 2, side-cars 2, sealed files 0"), "{}", said.out);
    let good = fs::read(&first).unwrap();

    put(&first, &fs::read(&second).unwrap());
    assert_eq!(outcome(&house, &first), (Some(1), "other-table".to_owned()));
    let said = house.say(&["ledger", "verify", "--data"]).exits(1);
    assert!(
        said.out.contains("part-0.parquet.tlog-proof: other-table (run visits-"),
        "{}",
        said.out
    );

    let other = after_a_night();
    put(&first, &fs::read(beside(&other.table(DATE))).unwrap());
    assert_eq!(outcome(&house, &first), (Some(1), "other-ledger".to_owned()));

    let mut bad = good.clone();
    bad[200] ^= 1;
    put(&first, &bad);
    assert_eq!(outcome(&house, &first), (Some(1), "altered".to_owned()));
    put(&first, &good[..100]);
    assert_eq!(outcome(&house, &first), (Some(1), "altered".to_owned()));

    fs::remove_file(&first).unwrap();
    assert_eq!(outcome(&house, &first), (Some(1), "missing".to_owned()));
    // The next start writes what is missing, under the checkpoint of that day.
    house.run(&[]).exits(0);
    assert_eq!(outcome(&house, &first), (Some(0), "pass".to_owned()));
    assert_eq!(outcome(&house, &second), (Some(0), "pass".to_owned()));
}

/// A ledger that two people went on with: both have the keys, and each is right by itself.
#[test]
fn a_side_car_of_a_fork_is_not_of_this_ledger() {
    let house = after_a_night();
    let fork = house.copied();
    let side_car = beside(&fork.table(DATE));
    fs::remove_file(&side_car).unwrap();
    let rights = |account: &str| {
        format!(
            "account = \"{account}\"\nat = \"2026-11-20T00:00:00Z\"\nfrom = \"a\"\nentries = 1\n\
             info_kind = \"추가정보\"\nobject = \"b\"\ntask = \"조회\"\n"
        )
    };
    house.enter("access", &rights("one")).exits(0);
    fork.enter("access", &rights("two")).exits(0);
    fs::remove_file(&side_car).unwrap();
    fork.run(&[]).exits(0);
    assert_eq!(outcome(&fork, &side_car), (Some(0), "pass".to_owned()));
    let here = beside(&house.table(DATE));
    put(&here, &fs::read(&side_car).unwrap());
    assert_eq!(outcome(&house, &here), (Some(1), "other-ledger".to_owned()));
}

#[test]
fn a_superseded_table_keeps_its_side_car_under_its_new_name() {
    let house = after_a_night();
    let first = fs::read(beside(&house.table(DATE))).unwrap();
    house.put(&format!("logs/access-{DATE}.log"), log(12, 260));
    house.run(&[]).exits(0);
    let names: Vec<String> = files(house.table(DATE).parent().unwrap())
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 4, "{names:?}");
    let aside =
        names.iter().find(|name| name.contains("superseded") && name.ends_with(".tlog-proof"));
    let aside = house.table(DATE).with_file_name(aside.unwrap());
    assert!(fs::read(&aside).unwrap() == first);
    assert_eq!(outcome(&house, &aside), (Some(0), "pass".to_owned()));
    assert_eq!(outcome(&house, &beside(&house.table(DATE))), (Some(0), "pass".to_owned()));
    // Nothing is made of a table that is gone.
    fs::remove_file(&aside).unwrap();
    fs::remove_file(aside.with_extension("")).unwrap();
    house.run(&[]).exits(0);
    assert!(!aside.exists());
    assert_eq!(outcome(&house, &aside), (Some(1), "missing".to_owned()));
}

#[test]
fn the_bytes_of_a_table_do_not_depend_on_its_ledger() {
    let house = after_a_night();
    let other = House::new();
    for part in ["keys/visits", "keys/controller"] {
        for path in
            files(&house.path("keys")).iter().filter(|path| path.starts_with(house.path(part)))
        {
            let name = path.strip_prefix(&house.root).unwrap();
            other.put(name.to_str().unwrap(), fs::read(path).unwrap());
            fs::set_permissions(
                other.path(name.to_str().unwrap()),
                fs::metadata(path).unwrap().permissions(),
            )
            .unwrap();
        }
    }
    let dir = other.path("keys/visits");
    fs::set_permissions(dir, fs::metadata(house.path("keys/visits")).unwrap().permissions())
        .unwrap();
    other.put(&format!("logs/access-{DATE}.log"), log(12, 240));
    other.run(&[]).exits(0);
    assert!(fs::read(house.table(DATE)).unwrap() == fs::read(other.table(DATE)).unwrap());
    let side_car = |house: &House| fs::read(beside(&house.table(DATE))).unwrap();
    assert!(side_car(&house) != side_car(&other));
}

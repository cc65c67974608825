//! Whoever opens what identifies people leaves a record of it, and sees nothing without.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::house::{DATE, House, Said, files, gamyeong, log, put};

/// A house whose night rejected two lines, and the sealed file that holds them.
fn after_a_night() -> (House, PathBuf) {
    let house = House::new();
    house.put(&format!("logs/access-{DATE}.log"), format!("{}broken\nbroken too\n", log(20, 200)));
    house.run(&[]).exits(0);
    let is_rejects = |path: &PathBuf| path.to_string_lossy().contains("/rejects-");
    let sealed = files(&house.path("vault")).into_iter().find(is_rejects).unwrap();
    (house, sealed)
}

fn open(sealed: &PathBuf, house: &House, more: &[&str]) -> Said {
    let mut command = gamyeong();
    command.args(["vault", "open"]).arg(sealed).arg("--identity");
    command.arg(house.path("custodian/custodian.key")).args(more);
    // Where nobody's house is.
    command.current_dir("/").env_remove("SSH_CONNECTION");
    command.output().unwrap().into()
}

const WHY: [&str; 2] = ["--reason", "거부된 행의 원인 확인"];

fn accesses(house: &House) -> Vec<Value> {
    house.records().into_iter().filter(|record| record["type"] == "access").collect()
}

#[test]
fn an_opening_is_recorded_before_anything_is_shown() {
    let (house, sealed) = after_a_night();
    let said = open(&sealed, &house, &WHY).exits(0);
    assert_eq!(said.json().len(), 2);
    let found = accesses(&house);
    assert_eq!(found.len(), 1);
    let (record, body) = (&found[0], &found[0]["body"]);
    assert_eq!(body["account"], record["actor"]);
    assert_eq!(body["entries"], 2);
    assert_eq!([&body["info_kind"], &body["task"]], [&json!("추가정보"), &json!("다운로드")]);
    assert_eq!(body["reason"], WHY[1]);
    assert_eq!(body["management_no"], "26-01");
    let path = sealed.strip_prefix(house.path("vault")).unwrap().to_str().unwrap();
    assert_eq!(body["object"], path);
    assert!(!body["from"].as_str().unwrap().is_empty());
    assert!(body["at"].as_str() <= record["time"].as_str(), "{record}");
    house.verify();

    // A reader that has gone away saw what it could have seen.
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = gamyeong();
    command.args(["vault", "open"]).args(WHY).arg(&sealed).arg("--identity");
    command.arg(house.path("custodian/custodian.key")).stdout(full);
    Said::from(command.output().unwrap()).exits(7);
    assert_eq!(accesses(&house).len(), 2);
}

#[test]
fn an_address_is_where_from_and_words_are_not() {
    let (house, sealed) = after_a_night();
    for (connection, expected) in
        [("192.0.2.7 5000 192.0.2.1 22", Some("192.0.2.7")), ("nobody", None)]
    {
        let mut command = gamyeong();
        command.args(["vault", "open"]).args(WHY).arg(&sealed).arg("--identity");
        command.arg(house.path("custodian/custodian.key")).env("SSH_CONNECTION", connection);
        Said::from(command.output().unwrap()).exits(0);
        let from = accesses(&house).pop().unwrap()["body"]["from"].clone();
        match expected {
            Some(address) => assert_eq!(from, address),
            None => assert!(from != "nobody" && from != ""),
        }
    }
}

#[test]
fn without_a_reason_a_key_or_a_whole_file_nothing_is_shown_or_recorded() {
    let (house, sealed) = after_a_night();
    let before = house.tree();
    open(&sealed, &house, &[]).exits(2);
    for reason in ["", " ", "two\nlines"] {
        assert_eq!(open(&sealed, &house, &["--reason", reason]).exits(2).out, "");
    }
    let mut command = gamyeong();
    command.args(["vault", "open"]).args(WHY).arg(&sealed).arg("--identity");
    command.arg(house.path("keys/ledger-ed25519.key"));
    Said::from(command.output().unwrap()).exits(5);
    assert_eq!(house.tree(), before);
    // A file that was cut is not shown in part either.
    let whole = fs::read(&sealed).unwrap();
    let cut = house.root.with_file_name("cut.age");
    put(&cut, &whole[..whole.len() - 1]);
    let house_dir = house.root.to_str().unwrap();
    let said = open(&cut, &house, &[WHY[0], WHY[1], "--house", house_dir]).exits(5);
    assert_eq!(said.out, "");
    assert_eq!(accesses(&house), Vec::<Value>::new());
}

#[test]
fn a_copy_elsewhere_is_recorded_in_the_house_that_is_named() {
    let (house, sealed) = after_a_night();
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("홍길동.age");
    put(&copy, &fs::read(&sealed).unwrap());
    let house_dir = house.root.to_str().unwrap();
    open(&copy, &house, &[WHY[0], WHY[1], "--house", house_dir]).exits(0);
    let path = sealed.strip_prefix(house.path("vault")).unwrap().to_str().unwrap();
    assert_eq!(accesses(&house)[0]["body"]["object"], path, "known by its digest");
    // What no record names is known by its digest alone: its name may be somebody's.
    let other = after_a_night().0;
    open(&copy, &house, &[WHY[0], WHY[1], "--house", other.root.to_str().unwrap()]).exits(0);
    let object = accesses(&other)[0]["body"]["object"].as_str().unwrap().to_owned();
    assert!(object.starts_with("봉인 파일, SHA-256 "), "{object}");
}

#[test]
fn where_no_ledger_can_be_written_the_record_goes_to_a_file_or_nothing_is_shown() {
    let (house, sealed) = after_a_night();
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("rejects.age");
    put(&copy, &fs::read(&sealed).unwrap());
    let said = open(&copy, &house, &WHY).exits(1);
    assert_eq!(said.out, "");
    assert!(said.err.contains("no record of it can be made from here"), "{}", said.err);
    assert!(said.err.contains("gamyeong ledger enter access --file FILE.toml"), "{}", said.err);

    let to = elsewhere.path().join("access.toml");
    let to_file = [WHY[0], WHY[1], "--record-to", to.to_str().unwrap()];
    let said = open(&copy, &house, &to_file).exits(0);
    assert_eq!(said.json().len(), 2);
    assert!(said.err.contains("to be entered in the house"), "{}", said.err);
    assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
    // One file for each opening.
    assert_eq!(open(&copy, &house, &to_file).exits(7).out, "");

    // As it is, it can be entered where the ledger is.
    let text = fs::read_to_string(&to).unwrap();
    house.enter("access", &text).exits(0);
    let body = &accesses(&house)[0]["body"];
    assert_eq!([&body["entries"], &body["reason"]], [&json!(2), &json!(WHY[1])]);
    house.verify();
}

/// The custodian on the same machine, whose account is not the job's.
#[test]
fn an_account_without_the_keys_of_the_ledger_opens_nothing_unrecorded() {
    let (house, sealed) = after_a_night();
    let keys = house.path("keys/ledger-p256.key");
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o644)).unwrap();
    let said = open(&sealed, &house, &WHY).exits(1);
    assert_eq!(said.out, "");
    assert!(said.err.contains("because: keys or vault not usable"), "{}", said.err);
    let elsewhere = tempfile::tempdir().unwrap();
    let to = elsewhere.path().join("access.toml");
    open(&sealed, &house, &[WHY[0], WHY[1], "--record-to", to.to_str().unwrap()]).exits(0);
    assert!(to.is_file());
    // Where it can be written, the file is not asked for.
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o600)).unwrap();
    let unused = elsewhere.path().join("unused.toml");
    open(&sealed, &house, &[WHY[0], WHY[1], "--record-to", unused.to_str().unwrap()]).exits(0);
    assert!(!unused.exists());
    assert_eq!(accesses(&house).len(), 1);
}

#[test]
fn a_run_at_work_and_a_broken_ledger_are_what_they_are_everywhere() {
    let (house, sealed) = after_a_night();
    let lock = fs::File::create(house.path(".lock")).unwrap();
    lock.lock().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let to = elsewhere.path().join("access.toml");
    let to_file = [WHY[0], WHY[1], "--record-to", to.to_str().unwrap()];
    assert_eq!(open(&sealed, &house, &to_file).exits(75).out, "");
    drop(lock);
    let head = fs::read(house.path("ledger/head.note")).unwrap();
    house.put("ledger/head.note", &head[..head.len() - 9]);
    assert_eq!(open(&sealed, &house, &to_file).exits(6).out, "");
    assert!(!to.exists());
}

#[test]
fn raw_values_of_the_input_of_a_house_are_recorded_too() {
    let (house, _) = after_a_night();
    let input = house.path(&format!("logs/access-{DATE}.log"));
    let show = |more: &[&str]| -> Said {
        let mut command = gamyeong();
        command.args(["parse", "combined"]).arg(&input).args(["--lines", "3"]).args(more);
        command.current_dir("/").output().unwrap().into()
    };
    let shown = ["--show-values", "--i-understand"];
    // Masked, nobody's data is shown.
    show(&[]).exits(0);
    assert_eq!(show(&shown).exits(2).out, "");
    assert_eq!(accesses(&house), Vec::<Value>::new());
    let said = show(&[&shown[..], &WHY].concat()).exits(0);
    assert!(said.out.contains("192.0.2."), "{}", said.out);
    let found = accesses(&house);
    let body = &found[0]["body"];
    assert_eq!([&body["info_kind"], &body["entries"]], [&json!("개인정보"), &json!(3)]);
    assert_eq!(body["management_no"], "26-01", "the run that read it is known by its digest");
    assert!(body["object"].as_str().unwrap().starts_with("원천 자료, SHA-256 "));

    // Of a file that is in no house, its system keeps the records.
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("access.log");
    put(&copy, &fs::read(&input).unwrap());
    let mut command = gamyeong();
    command.args(["parse", "combined"]).arg(&copy).args(shown).current_dir("/");
    Said::from(command.output().unwrap()).exits(0);
}

/// Behind `sudo` it is the person's account that counts, and nobody else can say that it was.
#[test]
fn who_became_root_is_recorded_too() {
    let (house, sealed) = after_a_night();
    let mut command = gamyeong();
    command.args(["vault", "open"]).args(WHY).arg(&sealed).arg("--identity");
    command.arg(house.path("custodian/custodian.key")).env("SUDO_UID", "1001");
    Said::from(command.output().unwrap()).exits(0);
    let account = accesses(&house)[0]["body"]["account"].as_str().unwrap().to_owned();
    let is_root = fs::metadata(&sealed).unwrap().uid() == 0;
    assert_eq!(account.ends_with(" (sudo, uid 1001)"), is_root, "{account}");

    // Found by a review: a night forgot it, and told of its end as the time of the access.
    let size = house.records().len();
    house.put("logs/access-2026-11-21.log", log(12, 240));
    let mut night = house.night("2026-11-21", &[]);
    Said::from(night.env("SUDO_UID", "1001").output().unwrap()).exits(0);
    let records = &house.records()[size..];
    let of = |kind: &str| records.iter().find(|record| record["type"] == kind).unwrap();
    let used = &of("run.commit")["body"]["usage"][0];
    assert_eq!(used["account"], json!(account));
    assert_eq!(used["at"], of("run.begin")["time"]);
    assert!(records.iter().all(|record| record["actor"] == json!(account)));
}

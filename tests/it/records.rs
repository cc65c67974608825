//! Records have what the law asks of them, and a changed processing waits for a review.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use gamyeong::ledger::items::{self, Need, Writer, check, example};
use gamyeong::ledger::record::{KINDS, Kind};
use serde_json::{Map, Value, json};

use crate::house::{DATE, House, PIPELINE};

mod corrected;
mod documented;
mod entered;
mod impossible;
mod told;
mod verified;

/// Lines of visitors that make tables.
fn log(lines: u32) -> String {
    let mut text = String::new();
    for n in 0..lines {
        let (address, hour) = (n % 20, n % 2);
        let time = format!("20/Nov/2026:{hour:02}:00:00 +0900");
        let request = "\"GET /a HTTP/1.1\" 200 10 \"-\" \"curl/8.5\"";
        writeln!(text, "192.0.2.{address} - - [{time}] {request}").unwrap();
    }
    text
}

fn night() -> House {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(200));
    house
}

#[test]
fn every_kind_is_accepted_whole_and_refused_with_any_needed_item_missing() {
    for kind in KINDS {
        let whole = example::body(kind);
        assert!(check(kind, &whole).is_ok(), "{kind:?}: {:?}", check(kind, &whole));
        for item in items::of(kind).items.iter().filter(|item| item.need == Need::Always) {
            for lost in [Value::Null, json!(""), json!([]), json!(" ")] {
                let mut body = whole.clone();
                body.insert(item.key.to_owned(), lost);
                refuses(kind, &body, item.key, item.korean);
            }
            let mut body = whole.clone();
            body.remove(item.key);
            refuses(kind, &body, item.key, item.korean);
            inner(kind, &whole, item);
        }
    }
}

#[track_caller]
fn refuses(kind: Kind, body: &Map<String, Value>, path: &str, korean: &str) {
    let lacking = check(kind, body).unwrap_err();
    let lack = lacking.lacks.iter().find(|lack| lack.path == path);
    assert_eq!(lack.map(|lack| lack.korean), Some(korean), "{kind:?} {path}: {lacking}");
    assert!(lacking.to_string().contains(korean), "{lacking}");
}

/// Items of tables in a record.
fn inner(kind: Kind, whole: &Map<String, Value>, item: &items::Item) {
    let (items, is_list) = (item.form.items().unwrap_or_default(), item.form.is_list());
    for one in items.iter().filter(|one| one.need == Need::Always) {
        let mut body = whole.clone();
        let table = if is_list { &mut body[item.key][0] } else { &mut body[item.key] };
        table.as_object_mut().unwrap().remove(one.key);
        let place = if is_list { "[0]" } else { "" };
        refuses(kind, &body, &format!("{}{place}.{}", item.key, one.key), one.korean);
    }
}

#[test]
fn what_is_needed_at_times_is_needed_then() {
    let mut body = example::body(Kind::RunCommit);
    body.remove("recipient");
    assert!(check(Kind::RunCommit, &body).is_ok());
    body.insert("environment".into(), json!("제3자 제공"));
    refuses(Kind::RunCommit, &body, "recipient", "제공받는 자");

    let mut body = example::body(Kind::Provision);
    for key in ["period_start", "period_end"] {
        body.remove(key);
    }
    assert!(check(Kind::Provision, &body).is_ok(), "a reason for none stands there");
    body.remove("period_none_reason");
    refuses(Kind::Provision, &body, "period_end", "처리 기간 끝날");

    let mut body = example::body(Kind::AdequacyReview);
    body.insert("grade".into(), json!("고위험"));
    refuses(Kind::AdequacyReview, &body, "reviewers", "검토자");
}

#[test]
fn items_are_in_their_form() {
    for (kind, key, value) in [
        (Kind::RunCommit, "act", json!("판매")),
        (Kind::RunCommit, "period_end", json!("2026-2-30")),
        (Kind::RunCommit, "pipeline_sha256", json!("0123")),
        (Kind::RunCommit, "items", json!(["visitor"])),
        (Kind::RightsGranted, "scope", json!("조회")),
        (Kind::Access, "at", json!("어제")),
        (Kind::Access, "subjects", json!(-1)),
    ] {
        let mut body = example::body(kind);
        body.insert(key.into(), value);
        let lacking = check(kind, &body).unwrap_err();
        assert!(lacking.lacks[0].path.starts_with(key), "{lacking}");
    }
}

#[test]
fn a_night_whose_record_would_lack_an_item_is_refused() {
    let house = night();
    let file = fs::read_to_string(house.path("institution.toml")).unwrap();
    let of_item = file.split("name = \"서비스 이용기록\"").nth(1).unwrap();
    let line = of_item.lines().find(|line| line.starts_with("collected_for")).unwrap();
    house.edit(
        "institution.toml",
        &format!("name = \"서비스 이용기록\"\n{line}"),
        "name = \"서비스 이용기록\"\ncollected_for = \"\"",
    );
    let said = house.run(&[]).exits(1);
    assert!(said.err.contains("purpose of collection (당초 수집 목적) is missing"), "{}", said.err);
    house.holds_no_output();
    let records = house.records();
    let last = records.last().unwrap();
    assert_eq!(last["type"], "run.refused");
    house.verify();
}

#[test]
fn a_night_records_whom_the_law_asks_for_and_repeats_its_baseline() {
    let house = night();
    house.run(&[]).exits(0);
    house.put("logs/access-2026-11-21.log", log(200));
    let said: crate::house::Said = house.night("2026-11-21", &[]).output().unwrap().into();
    said.exits(0);
    let records = house.records();
    let commits: Vec<&Value> = records.iter().filter(|of| of["type"] == "run.commit").collect();
    let (first, second) = (&commits[0]["body"], &commits[1]["body"]);
    assert_eq!(first["management_no"], "26-01");
    assert_eq!(first["operator"]["post"], "도서관운영과 정보시스템 담당");
    assert_eq!(first["supervisor"]["post"], "도서관운영과장");
    assert_eq!(first["usage"][0]["task"], "가명처리");
    assert_eq!(first["usage"][0]["subjects"], 20);
    assert_eq!(first["usage"][0]["account"], commits[0]["actor"]);
    assert_eq!([&first["turn"], &first["baseline"]], [&json!("신규"), &Value::Null]);
    assert_eq!(second["turn"], "반복·유사 활용");
    assert_eq!(second["baseline"], commits[0]["seq"]);
    house.verify();
}

#[test]
fn a_change_of_any_of_the_five_waits_for_an_approval() {
    let changes = [
        ("목적", "야간 시간대 홈페이지", "주간 시간대 홈페이지"),
        (
            "항목",
            "user = \"drop\"\n",
            "user = { as = \"account\", pseudonym = { domain = \"user\" } }\n",
        ),
        ("제공받는 자", "\"내부 활용\"", "\"제3자 제공\"\nrecipient = \"대학\""),
        (
            "방법",
            "time = { as = \"hour\", round = \"1h\" }",
            "time = { as = \"hour\", round = \"1d\" }",
        ),
        ("범위", "2099-12-31", "2098-12-31"),
    ];
    for (word, from, to) in changes {
        let house = night();
        house.run(&[]).exits(0);
        house.edit("pipelines/visits.toml", from, to);
        let before = house.tree_beside_the_ledger();
        for reason in [&[][..], &["--accept-change", "급함"]] {
            let said = house.run(reason).exits(1);
            assert!(said.err.contains(&format!("changed in {word} since")), "{}", said.err);
            assert!(house.tree_beside_the_ledger() == before, "{word}");
        }
        // Trying again is no second event.
        let records = house.records();
        let blocked: Vec<_> = records.iter().filter(|of| of["type"] == "night.blocked").collect();
        let [blocked] = blocked[..] else { panic!("{}", blocked.len()) };
        let why = format!("changed in {word} since the baseline, and not approved");
        let told = ["date", "exit_code", "reason"].map(|item| &blocked["body"][item]);
        assert_eq!(told, [&json!("2026-11-20"), &json!(1), &json!(why)]);
        assert_eq!(blocked["run"], Value::Null);
        let digest = House::unapproved(&house.run(&[]).exits(1));
        house.approve("visits", &digest, "심의 3호");
        house.run(&[]).exits(0);
        let records = house.records();
        let of = |kind: &str| records.iter().rfind(|of| of["type"] == kind).unwrap();
        let (approval, change) = (of("plan.approved"), &of("config.change")["body"]);
        assert_eq!(change["changed"], json!([word]));
        assert_eq!(change["approval"], approval["seq"]);
        assert_eq!(change["reason"], "심의 3호");
        let commit = &of("run.commit")["body"];
        assert_eq!([&commit["turn"], &commit["approval"]], [&json!("변경"), &approval["seq"]]);
        house.verify();
    }
}

/// Found by a new user: of a second edit, of one after an approval and of another cause on the
/// same date the ledger said nothing.
#[test]
fn every_cause_that_blocks_a_night_is_recorded_and_none_twice() {
    let house = night();
    house.run(&[]).exits(0);
    let blocked = || {
        let mut records = house.records();
        records.retain(|record| record["type"] == "night.blocked");
        records.into_iter().map(|mut record| record["body"].take()).collect::<Vec<_>>()
    };
    let again = |expected: usize| {
        for _ in 0..2 {
            assert_ne!(house.run(&[]).code, Some(0));
        }
        assert_eq!(blocked().len(), expected);
        blocked().pop().unwrap()
    };
    house.edit("pipelines/visits.toml", "k_min = 3", "k_min = 4");
    let first = again(1);
    house.edit("pipelines/visits.toml", "k_min = 4", "k_min = 5");
    let second = again(2);
    assert_eq!(first["reason"], second["reason"]);
    assert_ne!(first["pipeline_sha256"], second["pipeline_sha256"]);
    // The first again, as a plan that was approved for another number.
    house.approve("others", second["pipeline_sha256"].as_str().unwrap(), "다른 처리");
    assert_eq!(again(2), second);
    house.approve("visits", second["pipeline_sha256"].as_str().unwrap(), "승인");
    house.edit("pipelines/visits.toml", "k_min = 5", "k_min = 4");
    assert_eq!(again(3), first);
    house.edit("pipelines/visits.toml", "k_min = 4", "k_min = 3");
    let secret = house.path("keys/visits/2026-11.secret");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
    house.put("logs/access-2026-11-20.log", log(21));
    let exposed = again(4);
    assert_eq!(exposed["exit_code"], 5);
    let reason = "keys or vault not usable: a key or its directory is open to others";
    assert_eq!(exposed["reason"], reason);
    fs::remove_file(&secret).unwrap();
    assert_eq!(again(5)["reason"], "keys not usable: a secret that was made is lost");
    let list = house.say(&["ledger", "list"]).exits(0).out;
    assert!(list.contains(&format!("night.blocked  visits 2026-11-20: {reason}\n")), "{list}");
    house.verify();
}

#[test]
fn an_approval_that_says_no_or_is_of_another_plan_unblocks_nothing() {
    let house = night();
    house.run(&[]).exits(0);
    house.edit("pipelines/visits.toml", "k_min = 3", "k_min = 4");
    let digest = House::unapproved(&house.run(&[]).exits(1));
    house.approve("visits", &"0".repeat(64), "다른 설정");
    house.approve("others", &digest, "다른 처리");
    house.run(&[]).exits(1);
    house.approve("visits", &digest, "승인");
    house.run(&[]).exits(0);
}

#[test]
fn a_change_of_anything_else_needs_a_reason_and_moves_no_baseline() {
    let house = night();
    house.run(&[]).exits(0);
    house.edit("pipelines/visits.toml", "max_rejects = 0.2", "max_rejects = 0.3");
    house.run(&[]).exits(1);
    house.run(&["--accept-change", "장비 교체"]).exits(0);
    let records = house.records();
    let change = records.iter().find(|of| of["type"] == "config.change").unwrap();
    assert_eq!(change["body"]["changed"], json!([]));
    let commits: Vec<&Value> = records.iter().filter(|of| of["type"] == "run.commit").collect();
    assert_eq!(commits[1]["body"]["turn"], "반복·유사 활용");
    assert_eq!(commits[1]["body"]["baseline"], commits[0]["seq"]);
}

/// Whoever has the old number on paper is led to the new one.
#[test]
fn a_management_number_that_became_another_is_recorded_with_both() {
    let house = night();
    house.run(&[]).exits(0);
    let (old, new) = ("management_no = \"26-01\"", "management_no = \"26-09\"");
    house.edit("pipelines/visits.toml", old, new);
    house.run(&[]).exits(1);
    house.run(&["--accept-change", "관리번호 정리"]).exits(0);
    house.edit("pipelines/visits.toml", "max_rejects = 0.2", "max_rejects = 0.3");
    house.run(&["--accept-change", "장비 교체"]).exits(0);
    let records = house.records();
    let changes: Vec<&Value> = records.iter().filter(|of| of["type"] == "config.change").collect();
    let numbers = |record: &Value| {
        ["was_management_no", "management_no"].map(|key| record["body"][key].clone())
    };
    assert_eq!(numbers(changes[0]), [json!("26-01"), json!("26-09")]);
    assert_eq!(numbers(changes[1]), [Value::Null, json!("26-09")]);
    // Nobody had accepted the new number yet.
    let blocked = records.iter().find(|of| of["type"] == "night.blocked").unwrap();
    assert_eq!(blocked["body"]["management_no"], "26-01");
    let list = |number: &str, language: &str| {
        let said = house.say(&["--lang", language, "ledger", "list", "--management-no", number]);
        said.exits(0).out
    };
    let told = "config.change  visits: management number 26-01 → 26-09\n";
    assert!(list("26-01", "en").contains(told) && list("26-09", "en").contains(told));
    assert!(list("26-01", "ko").contains("visits: 관리번호 26-01 → 26-09\n"));
    // The second change is of the new number alone.
    assert_eq!(list("26-01", "en").matches("config.change").count(), 1);
    assert_eq!(list("26-09", "en").matches("config.change").count(), 2);
    house.verify();
}

/// A file as an example gives it, with every item that is always needed filled in.
fn filled(kind: Kind) -> String {
    let mut body = example::body(kind);
    // Only a key is one, and nobody has to have one. No night has a record of an approval, and
    // none made such a file.
    for invented in ["public_key", "approval", "paths"] {
        body.remove(invented);
    }
    let example = toml::Value::try_from(Value::Object(body)).unwrap();
    toml::to_string(&example).unwrap()
}

#[test]
fn a_person_enters_what_no_program_saw() {
    let house = House::new();
    let mut entered = 0;
    for kind in KINDS {
        let name = kind.as_str();
        if items::of(kind).writer == Writer::Program {
            let said = house.enter(name, "").exits(2);
            assert!(said.err.contains("written by the program alone"), "{}", said.err);
            continue;
        }
        let request = house.records().iter().position(|of| of["type"] == "retention.requested");
        let request = format!("request = {}", request.unwrap_or(0));
        house.enter(name, &filled(kind).replace("request = 0", &request)).exits(0);
        entered += 1;
        let example = house.say(&["ledger", "enter", name, "--example"]).exits(0).out;
        // As it comes it says nothing: every item that is needed is named as missing.
        let said = house.enter(name, &example).exits(3);
        assert!(said.err.contains("is missing"), "{}", said.err);
        for item in items::of(kind).items {
            assert!(example.contains(item.korean), "{name}: {}", item.key);
        }
    }
    let records = house.records();
    assert_eq!(records.len(), entered + 1);
    assert!(records.iter().all(|record| record["actor"].as_str().unwrap().starts_with("uid ")));
    let listed = house.say(&["--lang", "ko", "ledger", "enter"]).exits(0).out;
    assert_eq!(listed.lines().count(), entered);
    assert!(listed.contains("rights.granted") && listed.contains("접근권한 부여"), "{listed}");
    house.verify();
}

#[test]
fn all_faults_of_an_entry_are_told_at_once_with_their_places_and_nothing_of_its_content() {
    let house = House::new();
    let before = house.tree();
    let canary = "canary-홍길동";
    let text = format!(
        "account = \"{canary}\"\nat = \"{canary}\"\nfrom = 7\ninfo_kind = \"{canary}\"\n\
         task = \"조회\"\nobjekt = \"{canary}\"\n"
    );
    let said = house.enter("access", &text).exits(3);
    for place in [
        "access`: 6 faults",
        "entry.toml:1:1: `object`: what was opened (처리한 정보) is missing",
        "entry.toml:1:1: one of `subjects` and `entries` is missing",
        "entry.toml:2:6: `at`: instant (접속일시) is not in its form",
        "entry.toml:3:8: ",
        "entry.toml:4:13: not one of its words",
        "entry.toml:6:1: unknown key `objekt`",
    ] {
        assert!(said.err.contains(place), "{place}\n{}", said.err);
    }
    let said = house
        .enter(
            "access",
            &text
                .replace("from = 7", "from = \"x\"")
                .replace("objekt", "object")
                .replace(&format!("info_kind = \"{canary}\""), "info_kind = \"추가정보\""),
        )
        .exits(3);
    assert!(
        said.err.contains("entry.toml:2:6: `at`: instant (접속일시) is not in its form"),
        "{}",
        said.err
    );
    assert!(said.err.contains("one of `subjects` and `entries` is missing"), "{}", said.err);
    assert!(!said.err.contains(canary), "{}", said.err);
    assert_eq!(house.tree(), before);
}

#[test]
fn the_pipeline_of_the_tests_has_a_number() {
    assert!(PIPELINE.contains("management_no"));
    let house = night();
    house.edit("pipelines/visits.toml", "management_no = \"26-01\"\n", "");
    let said = house.run(&[]).exits(3);
    assert!(said.err.contains("key `management_no` is missing"), "{}", said.err);
    house.edit("pipelines/visits.toml", "environment =", "management_no = \" \"\nenvironment =");
    house.run(&[]).exits(3);
    assert!(!house.table(DATE).exists());
}

//! What a pipeline file and an institution file say gets into records for ever: nothing that looks
//! like personal data or a secret is taken from them, and no message shows it.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use toml::Value as Toml;

use crate::house::{DATE, House, PIPELINE, Said, files, log};

/// Personal data and secrets of nobody, and what a message calls them.
const CANARIES: [(&str, &str); 6] = [
    ("890101-1234568", "resident (주민등록번호"),
    ("010-1234-5678", "mobile (휴대전화번호)"),
    ("canary@example.kr", "email (전자우편주소)"),
    ("postgresql://job:canary@db/library", "key or password (비밀키"),
    ("postgresql%3A%2F%2Fjob%3Acanary%40db", "key or password (비밀키"),
    ("host=db password=canary", "key or password (비밀키"),
];

/// A house whose pipeline has every text that is optional, with input for a night.
fn full() -> House {
    let house = House::new();
    let pipeline = PIPELINE
        .replace("environment = \"내부 활용\"", "environment = \"제3자 제공\"\nrecipient = \"성남시 정보통신과\"\nrisk = { grade = \"저위험\", reason = \"이용 시각과 화면뿐이다\" }\nvault = { mapping = \"정정 요구에 답한다\" }")
        .replace("\"request.method\" = { as", "\"request.method\" = { label = \"요청 방법\", reason = \"조회와 저장을 가른다\", as")
        + "\n[source.drop_rows]\nmethod = { values = [\"OPTIONS\"] }\n";
    // A table of a source stands before those of the pipeline.
    let (before, rows) = pipeline.split_once("\n[source.drop_rows]\n").unwrap();
    let (source, assess) = before.split_once("[assess]\n").unwrap();
    let text = format!("{source}[source.drop_rows]\n{rows}\n[assess]\n{assess}");
    house.put("pipelines/visits.toml", text);
    house.put(&format!("logs/access-{DATE}.log"), log(20, 400));
    house
}

fn check(house: &House) -> Said {
    house.say(&["check", house.path("pipelines/visits.toml").to_str().unwrap()])
}

/// All texts of a value, with where they stand.
fn texts(value: &Toml, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Toml::String(text) => found.push((path.to_owned(), text.clone())),
        Toml::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                texts(value, &format!("{path}[{index}]"), found);
            }
        }
        Toml::Table(table) => {
            for (key, value) in table {
                let key = if key.contains('.') { format!("\"{key}\"") } else { key.clone() };
                let path = if path.is_empty() { key } else { format!("{path}.{key}") };
                texts(value, &path, found);
            }
        }
        Toml::Integer(_) | Toml::Float(_) | Toml::Boolean(_) | Toml::Datetime(_) => {}
    }
}

/// Is refused by `check`, `plan` and `run` with the place and the kind and not the content, and
/// nothing is recorded.
#[track_caller]
fn refused(house: &House, file: &str, line: usize, key: &str, canary: &str, kind: &str) {
    let before = house.tree();
    let visits = house.path("pipelines/visits.toml");
    let visits = visits.to_str().unwrap();
    let plan = house.say(&["plan", visits, "--date", DATE]);
    for said in [check(house), house.run(&[]), house.run(&["--json"]), plan] {
        let said = said.exits(3);
        let place = format!("{}:{line}:", house.path(file).display());
        let told = said.err.lines().find(|told| told.contains(&place)).unwrap_or_default();
        assert!(told.contains(key) && told.contains(kind), "{place} {key} {kind}: {}", said.err);
        assert!(said.err.contains("name a post or a document instead"), "{}", said.err);
        assert!(!said.err.contains(canary) && !said.err.contains("canary"), "{}", said.err);
        assert!(!said.out.contains(canary) && !said.out.contains("canary"), "{}", said.out);
    }
    assert_eq!(house.tree(), before);
}

#[test]
fn a_text_that_gets_into_a_record_holds_no_personal_data_and_no_secret() {
    let house = full();
    check(&house).exits(0);
    for (file, line, key) in [
        ("pipelines/visits.toml", "야간 시간대 홈페이지", "`purpose.detail`"),
        ("pipelines/visits.toml", "성남시 정보통신과", "`recipient`"),
        ("pipelines/visits.toml", "이용 시각과 화면뿐이다", "`risk.reason`"),
        ("pipelines/visits.toml", "정정 요구에 답한다", "`vault.mapping`"),
        ("pipelines/visits.toml", "한 달 안의 재방문율", "`linkage.reason`"),
        ("pipelines/visits.toml", "요청 방법", "`source[0].fields.\"request.method\".label`"),
        ("pipelines/visits.toml", "조회와 저장을", "`source[0].fields.\"request.method\".reason`"),
        ("pipelines/visits.toml", "OPTIONS", "`source[0].drop_rows.method.values[0]`"),
        ("pipelines/visits.toml", "management_no = \"26-01", "`management_no`"),
        ("institution.toml", "행정기획조정실장", "`cpo.post`"),
    ] {
        let text = fs::read_to_string(house.path(file)).unwrap();
        let at = text.lines().position(|found| found.contains(line)).unwrap() + 1;
        for (canary, kind) in CANARIES {
            let changed = text.replacen(line, &format!("{line} {canary} "), 1);
            house.put(file, changed);
            refused(&house, file, at, key, canary, kind);
        }
        house.put(file, text);
    }
    house.run(&[]).exits(0);
    house.verify();
}

/// What is wrong anyway, and would be shown.
#[test]
fn no_fault_of_these_files_shows_what_looks_like_it() {
    let house = full();
    for (file, from, to) in [
        ("pipelines/visits.toml", "name = \"visits\"", "name = \"CANARY\""),
        ("pipelines/visits.toml", "item = \"서비스 이용기록\"", "item = \"CANARY\""),
        ("pipelines/visits.toml", "basis = \"28-2\"", "basis = \"CANARY\""),
        ("pipelines/visits.toml", "format = \"combined\"", "format = \"CANARY\""),
        ("pipelines/visits.toml", "basis = \"28-2\"", "basis = \"28-2\"\n\"CANARY\" = 1"),
        ("pipelines/visits.toml", "status = {", "\"CANARY\" = \"drop\"\nstatus = {"),
        ("institution.toml", "zone = \"Asia/Seoul\"", "zone = \"CANARY\""),
        ("institution.toml", "id = \"seongnam-library\"", "id = \"CANARY\""),
    ] {
        let text = fs::read_to_string(house.path(file)).unwrap();
        assert!(text.contains(from), "{from}");
        for (canary, _) in CANARIES {
            let changed = text.replacen(from, &to.replace("CANARY", canary), 1);
            house.put(file, changed);
            for said in [check(&house), house.run(&[])] {
                let said = said.exits(3);
                assert!(said.err.contains("in the configuration"), "{}", said.err);
                assert!(!said.err.contains(canary) && !said.err.contains("canary"), "{}", said.err);
            }
        }
        house.put(file, text);
    }
    check(&house).exits(0);
}

/// What is one of a few words, or a day, and can be nothing else.
const WORDS: [&str; 1] = ["policy[0].from"];

/// No text of these files that a record has is passed over: each is put there, and asked.
#[test]
fn every_text_of_these_files_that_a_record_has_is_asked() {
    let house = full();
    house.run(&[]).exits(0);
    let mut recorded = BTreeSet::new();
    for record in house.records() {
        strings(&record["body"], &mut recorded);
    }
    let mut asked = 0;
    for file in ["pipelines/visits.toml", "institution.toml"] {
        let text = fs::read_to_string(house.path(file)).unwrap();
        let mut found = Vec::new();
        texts(&Toml::Table(text.parse().unwrap()), "", &mut found);
        for (path, value) in found.into_iter().filter(|(_, value)| recorded.contains(value)) {
            let quoted = format!("\"{value}\"");
            if text.matches(&quoted).count() != 1 {
                continue;
            }
            house.put(file, text.replace(&quoted, "\"job password=canary\""));
            let said = check(&house).exits(3);
            let is_word = WORDS.contains(&path.as_str());
            assert_eq!(said.err.contains("key or password"), !is_word, "{path}: {}", said.err);
            assert!(!said.err.contains("canary"), "{path}: {}", said.err);
            asked += 1;
        }
        house.put(file, text);
    }
    assert!(asked > 20, "{asked}");
}

fn strings(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.insert(text.clone());
        }
        Value::Array(values) => values.iter().for_each(|value| strings(value, found)),
        Value::Object(table) => table.values().for_each(|value| strings(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn names_of_bodies_links_digests_days_and_numbers_are_none() {
    let house = full();
    let text = fs::read_to_string(house.path("pipelines/visits.toml")).unwrap();
    let hex = "900101123456890010112345689001011234568900101123456890010112345689";
    for words in [
        "한국도서관연구원 제2연구실",
        "https://www.example.kr:8443/research?id=12#a@b",
        "sha256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        &hex[..64],
        "2026-01-01부터 2027-12-31까지",
        "관리번호 26-01, 2026-0017, 제2026-11호",
        "비밀번호 찾기 화면(password reset page)의 이용",
        "기간 20260101~20271231, 1588-1234로 문의",
    ] {
        house.put("pipelines/visits.toml", text.replace("성남시 정보통신과", words));
        check(&house).exits(0);
    }
    for number in ["26-01", "2026-0017", "가명-2026-11-003", "SN-LIB-20261120-01"] {
        let number = format!("management_no = \"{number}\"");
        house.put("pipelines/visits.toml", text.replace("management_no = \"26-01\"", &number));
        check(&house).exits(0);
    }
}

#[test]
fn every_shipped_pipeline_passes() {
    for example in ["library", "welfare"] {
        let house = House::of(example);
        let pipelines = files(&house.path("pipelines"));
        assert!(pipelines.len() > 5);
        let mut command = house.command(&["check"]);
        let said = Said::from(command.args(pipelines).output().unwrap());
        assert!(!said.err.contains("looks like"), "{}", said.err);
    }
}

/// A database is asked with a password that its file in the keys has, and a query stands in no
/// record.
#[test]
fn an_address_with_a_password_stands_in_the_keys_alone() {
    let house = House::new();
    let source = "format = \"postgresql\"\ndatabase = \"keys/loans.url\"\nquery = \"SELECT at, member FROM visits WHERE name = '010-1234-5678' ORDER BY at\"\n";
    let text =
        PIPELINE.replace("path = \"logs/access-{date}*.log*\"\nformat = \"combined\"\n", source);
    house.put("pipelines/visits.toml", &text);
    let said = check(&house);
    assert!(!said.err.contains("looks like"), "{}", said.err);
    let address = "postgresql://job:canary@db/library";
    house.put("pipelines/visits.toml", text.replace("keys/loans.url", address));
    let said = check(&house).exits(3);
    assert!(said.err.contains("key or password") && !said.err.contains("canary"), "{}", said.err);
}

/// Digits in quotes are a text, and keys are recorded too.
#[test]
fn digits_in_quotes_and_keys_are_asked() {
    let house = full();
    house.edit("pipelines/visits.toml", "[\"OPTIONS\"]", "[\"OPTIONS\", \"8901011234565\"]");
    let line = |needle: &str| {
        let text = fs::read_to_string(house.path("pipelines/visits.toml")).unwrap();
        text.lines().position(|line| line.contains(needle)).unwrap() + 1
    };
    let at = line("8901011234565");
    refused(
        &house,
        "pipelines/visits.toml",
        at,
        "`source[0].drop_rows.method.values[1]`",
        "8901011234565",
        "resident",
    );
    house.edit("pipelines/visits.toml", ", \"8901011234565\"", "");
    house.edit("pipelines/visits.toml", "path = 2\n", "path = 2\n\"canary@example.kr\" = 2\n");
    let at = line("canary@");
    refused(&house, "pipelines/visits.toml", at, "", "canary@example.kr", "email");
}

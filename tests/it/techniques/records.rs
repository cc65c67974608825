//! What the processing record and the table itself say of each technique: its name in
//! both languages, its parameters, and never a key or a value.

use std::fs::File;

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use serde_json::json;

use super::{Night, loans};

/// Field, rule, name, Korean name, parameters.
const ITEMS: [[&str; 5]; 46] = [
    ["row", "keep = \"integer\"", "keep", "미적용", "integer"],
    ["words", "keep = \"text\"", "keep", "미적용", "text"],
    [
        "ip",
        "pseudonym = { domain = \"ip\", encoding = \"hex\", bytes = 32 }",
        "pseudonym",
        "일방향 암호화(HMAC-SHA-256)",
        "domain=ip kind=ip encoding=hex bytes=32",
    ],
    [
        "mac",
        "pseudonym = { domain = \"mac\" }",
        "pseudonym",
        "일방향 암호화(HMAC-SHA-256)",
        "domain=mac kind=mac encoding=base32 bytes=16 randomised=null",
    ],
    ["ip", "serial = { domain = \"ip\" }", "serial", "대체(무작위 일련번호)", "domain=ip kind=ip"],
    [
        "ip",
        "seal = { domain = \"ip\" }, reason = \"역추적\"",
        "seal",
        "양방향 암호화(AES-256-SIV)",
        "domain=ip kind=ip encoding=base32",
    ],
    ["ip", "prefix = { v4 = 24, v6 = 48 }", "prefix", "부분삭제", "v4=/24 v6=/48"],
    [
        "ip",
        "preserve = { domain = \"ip\" }",
        "preserve",
        "양방향 암호화(접두부 보존, ipcrypt-pfx)",
        "domain=ip",
    ],
    [
        "ip",
        "class = { networks = { \"본관\" = [\"10.1.0.0/16\"], \"분관\" = [\"10.2.0.0/16\"] } }",
        "class",
        "문자데이터 범주화",
        "networks=본관,분관",
    ],
    ["mac", "mac = \"vendor\"", "mac", "문자데이터 범주화", "vendor devices_min=5"],
    [
        "mac",
        "mac = { vendor = { devices_min = 9 } }",
        "mac",
        "문자데이터 범주화",
        "vendor devices_min=9",
    ],
    ["mac", "mac = \"randomised\"", "mac", "문자데이터 범주화", "randomised"],
    [
        "when",
        "round = \"quarter\"",
        "round",
        "일반 라운딩(내림)",
        "down unit=quarter zone=Asia/Seoul",
    ],
    ["when", "weekday = \"name\"", "weekday", "부분삭제", "name zone=Asia/Seoul"],
    [
        "when",
        "hour_band = { bounds = [0, 9, 18] }",
        "hour_band",
        "범위 방법",
        "bounds=0,9,18 zone=Asia/Seoul",
    ],
    [
        "when",
        "shift = { weeks = 8, keep = \"term\", terms = [\"03-01\", \"09-01\"] }",
        "shift",
        "잡음 추가",
        "weeks=8 keep=term terms=03-01,09-01 zone=Asia/Seoul",
    ],
    ["when", "shift = { weeks = 52 }", "shift", "잡음 추가", "weeks=52 zone=Asia/Seoul"],
    [
        "fee",
        "round_number = { unit = 10, how = \"down\" }",
        "round_number",
        "일반 라운딩(내림)",
        "down unit=10",
    ],
    [
        "fee",
        "round_number = { unit = 10, how = \"up\" }",
        "round_number",
        "일반 라운딩(올림)",
        "up unit=10",
    ],
    [
        "fee",
        "round_number = { unit = 10, how = \"half\" }",
        "round_number",
        "일반 라운딩(반올림)",
        "half unit=10",
    ],
    [
        "fee",
        "round_number = { unit = 10, how = \"random\" }",
        "round_number",
        "랜덤 라운딩",
        "random unit=10",
    ],
    [
        "fee",
        "round_number = { unit = 10, how = \"controlled\", margins = \"branch\" }",
        "round_number",
        "제어 라운딩",
        "controlled unit=10 margins=branch",
    ],
    ["fee", "range = { width = 500 }", "range", "범위 방법", "width=500 origin=0"],
    ["fee", "range = { bounds = [0, 500] }", "range", "범위 방법", "bounds=0,500"],
    [
        "fee",
        "coding = { top = { percentile = 99.5, least = 5 } }",
        "coding",
        "상단코딩",
        "top=percentile:99.5 outside=bound least:5",
    ],
    [
        "fee",
        "coding = { bottom = { value = 20, outside = \"blank\" } }",
        "coding",
        "하단코딩",
        "bottom=value:20 outside=blank",
    ],
    [
        "fee",
        "coding = { bottom = { sigma = 3 }, top = { sigma = 3 } }",
        "coding",
        "상하단코딩",
        "bottom=sigma:3 outside=bound least:0 top=sigma:3 outside=bound least:0",
    ],
    [
        "fee",
        "noise = { spread = 5, shape = \"laplace\" }",
        "noise",
        "잡음 추가",
        "spread=5 shape=laplace",
    ],
    ["fee", "microaggregate = { k = 5 }", "microaggregate", "부분총계", "k=5"],
    ["words", "partial = { first = 3 }", "partial", "부분삭제", "first=3"],
    ["words", "partial = { region = \"sigungu\" }", "partial", "부분삭제", "region=sigungu"],
    ["words", "mask = { from = 2, to = 3 }", "mask", "마스킹", "from=2 to=3 with=*"],
    ["page", "path = \"plain\"", "path", "부분삭제", "plain"],
    [
        "page",
        "path = { templates = [\"/book/{id}\"] }",
        "path",
        "문자데이터 범주화",
        "templates=1 other=other",
    ],
    [
        "page",
        "path = { learn = { persons_min = 2 } }",
        "path",
        "문자데이터 범주화",
        "learned persons_min=2 depth=8",
    ],
    ["page", "query = [\"kdc\", \"page\"]", "query", "부분삭제", "parameters=kdc,page"],
    ["page", "site = \"domain\"", "site", "부분삭제", "domain"],
    ["words", "agent = \"family\"", "agent", "문자데이터 범주화", "family"],
    ["words", "agent = \"bot\"", "agent", "문자데이터 범주화", "bot"],
    [
        "genre",
        "category = { map = { \"시\" = \"문학\" }, other = \"그 밖\" }",
        "category",
        "문자데이터 범주화",
        "values=1 other=그 밖",
    ],
    [
        "genre",
        "category = { ready = \"kdc\", level = 2 }",
        "category",
        "문자데이터 범주화",
        "ready=kdc level=2 of 3 other=null",
    ],
    [
        "genre",
        "keep = \"text\", rare = { persons_min = 4, other = \"기타\" }",
        "keep",
        "미적용 + 로컬 일반화(특이정보)",
        "text rare: persons_min=4 other=기타",
    ],
    [
        "genre",
        "keep = \"text\", rare = { persons_min = 4 }",
        "keep",
        "미적용 + 로컬 일반화(특이정보)",
        "text rare: persons_min=4 other=null",
    ],
    ["genre", "keep = \"text\", permute = true", "keep", "미적용 + 순열(치환)", "text permuted"],
    [
        "fee",
        "keep = \"integer\", permute = true",
        "keep",
        "미적용 + 순열(치환)",
        "integer permuted",
    ],
    [
        "genre",
        "keep = \"text\", rare = { persons_min = 2 }, permute = true",
        "keep",
        "미적용 + 로컬 일반화(특이정보) + 순열(치환)",
        "text rare: persons_min=2 other=null permuted",
    ],
];

/// All of them in one table.
fn fields() -> String {
    let mut lines = String::new();
    for field in ["row", "mac", "ip", "when", "genre", "fee", "page", "words"] {
        let rules = ITEMS.iter().enumerate().filter(|(_, item)| item[0] == field);
        let rules: Vec<String> = rules
            .map(|(number, item)| {
                format!("{{ as = \"c{number}\", label = \"항목 {number}\", {} }}", item[1])
            })
            .collect();
        lines += &[field, " = [", &rules.join(", "), "]\n"].concat();
    }
    lines
}

/// Parameters without the digest of a list that is written out in the pipeline file.
fn without_digest(found: &str, expected: &str) -> String {
    let words = found.split(' ');
    let is_kept = |word: &&str| expected.contains("sha256=") || !word.starts_with("sha256=");
    words.filter(is_kept).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_technique_is_recorded_with_its_names_and_parameters() {
    let night = Night::new("", &fields()).publish(&loans(200, 40));
    let recorded = night.record("run.commit")["items"].clone();
    let recorded = recorded.as_array().unwrap();
    assert_eq!(recorded.len(), ITEMS.len() + 2);
    let file = SerializedFileReader::new(File::open(night.table()).unwrap()).unwrap();
    let schema = file.metadata().file_metadata().key_value_metadata().unwrap();
    assert!(schema.iter().any(|pair| pair.key == "gamyeong.kind"));
    let batches = crate::house::rows(&night.table());
    let arrow = batches[0].schema();
    for (number, [field, _, name, korean, parameters]) in ITEMS.into_iter().enumerate() {
        let column = format!("c{number}");
        let item = recorded.iter().find(|item| item["name"] == column).unwrap();
        for (key, expected) in [
            ("source", "loans"),
            ("label", &format!("항목 {number}")),
            ("field", field),
            ("technique", name),
            ("technique_ko", korean),
            ("parameters", parameters),
        ] {
            let found = item[key].as_str().unwrap();
            assert_eq!(without_digest(found, expected), expected, "{column}");
        }
        let described = arrow.field_with_name(&column).unwrap().metadata();
        for (key, expected) in [
            ("gamyeong.technique", name),
            ("gamyeong.technique_ko", korean),
            ("gamyeong.parameters", parameters),
            ("gamyeong.label", &format!("항목 {number}")),
            ("gamyeong.field", field),
        ] {
            assert_eq!(without_digest(&described[key], expected), expected, "{column}");
        }
    }
    let reason = recorded.iter().find(|item| item["technique"] == "seal").unwrap();
    assert_eq!(reason["reason"], "역추적");
    let commit = night.record("run.commit");
    assert_eq!(commit["additional_info"]["kinds"], json!(["비밀키(에포크)"]));
}

/// Nothing masked, changed or dropped: the lists are there and empty.
#[test]
fn what_did_not_happen_is_recorded_as_nothing() {
    let night = Night::new("", "words = \"keep\"").publish(&loans(60, 20));
    let source = night.source();
    assert_eq!((&source["masked"], &source["changed"]), (&json!([]), &json!([])));
    assert_eq!((&source["sample"], &source["drop_rows"]), (&json!(null), &json!(null)));
    assert_eq!(source["excluded_by"], json!({}));
}

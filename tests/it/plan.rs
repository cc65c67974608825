//! `gamyeong plan`: what it says is what a run does, and it does nothing.

use std::fmt::Write as _;

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use crate::house::{DATE, House, log, rows, texts};

fn planned() -> House {
    let house = House::new();
    house.put("logs/access-2026-11-20.log", log(12, 240));
    house
}

fn plan(house: &House, more: &[&str]) -> Vec<String> {
    let path = house.path("pipelines/visits.toml").display().to_string();
    ["plan", &path, "--date", DATE].iter().chain(more).map(ToString::to_string).collect()
}

fn said(house: &House, more: &[&str], code: i32) -> crate::house::Said {
    let arguments = plan(house, more);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    house.say(&arguments).exits(code)
}

fn json(house: &House) -> Value {
    said(house, &["--json"], 0).json().remove(0)
}

fn column<'p>(plan: &'p Value, name: &str) -> &'p Value {
    let columns = plan["tables"][0]["columns"].as_array().unwrap();
    columns.iter().find(|column| column["name"] == name).unwrap()
}

#[test]
fn a_plan_writes_nothing() {
    let house = planned();
    let before = house.tree();
    said(&house, &[], 0);
    json(&house);
    assert_eq!(house.tree(), before);
}

/// Against the table that a run makes of the same input.
#[test]
fn what_is_planned_is_what_a_run_does() {
    let house = planned();
    let planned = json(&house);
    let report = house.run_json(&[]);
    for count in ["lines", "rows", "rejected", "suppressed", "excluded", "blank"] {
        assert_eq!(planned["tables"][0]["counts"][count], report["sources"][0][count], "{count}");
    }
    assert_eq!(planned["tables"][0]["risk"]["k"], report["risk"]["k"]);
    let batches = rows(&house.table(DATE));
    for name in ["visitor", "net", "path", "query", "method", "status", "referer", "browser"] {
        let values: Vec<Option<String>> =
            batches.iter().flat_map(|batch| texts(batch.column_by_name(name).unwrap())).collect();
        let distinct: std::collections::BTreeSet<_> = values.iter().flatten().collect();
        let nulls = values.iter().filter(|value| value.is_none()).count();
        let after = &column(&planned, name)["after"];
        assert_eq!(after["distinct"], distinct.len(), "{name}");
        assert_eq!(after["nulls"], nulls, "{name}");
        assert_eq!(after["rows"], values.len(), "{name}");
    }
}

#[test]
fn a_plan_has_what_the_forms_ask_for() {
    let plan = json(&planned());
    let of = |name: &str, key: &str| column(&plan, name)[key].clone();
    assert_eq!(of("visitor", "kind_ko"), "KEY");
    assert_eq!(of("net", "kind_ko"), "범주형");
    assert_eq!(of("hour", "kind_ko"), "수치형");
    assert_eq!(of("path", "kind_ko"), "텍스트");
    assert_eq!(of("visitor", "technique_ko"), "일방향 암호화(HMAC-SHA-256)");
    assert_eq!(of("visitor", "before")["distinct"], 12);
    // Times as they are logged, by the second, and by the hour.
    let shown = |seconds: i64| jiff::Timestamp::from_second(seconds).unwrap().to_string();
    let min = |side: &str| shown(of("hour", side)["min"]["value"].as_i64().unwrap());
    assert_eq!(min("before"), "2026-11-20T19:00:00Z");
    assert_eq!(of("hour", "before")["min"]["rows"], 1);
    assert_eq!(min("after"), "2026-11-20T19:00:00Z");
    assert_eq!(of("hour", "after")["min"]["rows"], 60);
    assert_eq!(of("status", "before")["max"], serde_json::json!({"value": 200, "rows": 240}));
    assert_eq!(of("browser", "shares"), serde_json::json!([{"value": "Chrome", "rows": 240}]));
    // Nothing of a key or a text is shown as it was logged.
    assert_eq!(of("visitor", "shares"), serde_json::json!([]));
    assert_eq!(of("path", "shares"), serde_json::json!([]));
}

const FILE: &str = "pipelines/visits.toml";

/// What a plan says is different, as `what: was → is`.
fn differences(house: &House, code: i32, language: &str) -> Vec<String> {
    let plan = said(house, &["--json"], code).json().remove(0);
    let none = if language == "ko" { "없음" } else { "none" };
    let word = |value: &Value| value.as_str().unwrap_or(none).to_owned();
    let keys =
        if language == "ko" { ["what_ko", "was_ko", "is_ko"] } else { ["what", "was", "is"] };
    let of = |difference: &Value| {
        let [what, was, is] = keys.map(|key| word(&difference[key]));
        format!("{what}: {was} → {is}")
    };
    plan["baseline"]["differences"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn a_plan_says_what_was_changed_since_it_was_recorded() {
    let house = planned();
    let baseline = |house: &House| json(house)["baseline"].clone();
    assert_eq!(baseline(&house), Value::Null);
    assert!(said(&house, &[], 0).out.contains("no plan was recorded yet"));
    house.run(&[]).exits(0);
    assert_eq!(baseline(&house)["differences"], serde_json::json!([]));
    assert_eq!(baseline(&house)["is_same"], true);
    house.edit(FILE, "v4 = 16", "v4 = 8");
    house.edit(FILE, "k_min = 3", "k_min = 4");
    house.edit(FILE, "referer = { as = \"referer\", path = \"plain\" }\n", "");
    house.edit(FILE, "referer = 2\n", "");
    assert_eq!(
        differences(&house, 1, "en"),
        [
            "table web: least rows per class: 3 → 4",
            "column web.net: prefix: v4=/16 v6=/32 → prefix: v4=/8 v6=/32",
            "table web: least persons per value of referer: 2 → none",
            "column web.referer: path: plain → none",
        ]
    );
    let said = said(&house, &["--lang", "ko"], 1).out;
    assert!(said.contains("표 web: 동질집합 최소 행 수: 3 → 4"), "{said}");
    assert!(
        said.contains(
            "항목 web.net: 부분삭제: IPv4 /16, IPv6 /32까지 → 부분삭제: IPv4 /8, IPv6 /32까지"
        ),
        "{said}"
    );
}

/// Found by a reviewer: of most of these it was said that purpose, items, techniques and
/// thresholds were the same.
#[test]
fn whatever_an_approver_must_see_is_told_if_it_was_changed() {
    let house = planned();
    house.run(&[]).exits(0);
    for (from, to, english, korean) in CHANGES {
        let house = house.copied();
        house.edit(FILE, from, to);
        for (language, expected) in [("en", english), ("ko", korean)] {
            let found = differences(&house, 1, language);
            assert!(found.iter().any(|found| found == expected), "{expected}\n{found:#?}");
        }
        let out = said(&house, &[], 1).out;
        assert!(out.contains("changed\n"), "{out}");
    }
}

const CHANGES: [(&str, &str, &str, &str); 19] = [
    (
        "item = \"서비스 이용기록\"",
        "item = \"IP주소\"",
        "table web: collected item: 서비스 이용기록 → IP주소",
        "표 web: 수집 항목: 서비스 이용기록 → IP주소",
    ),
    (
        "[linkage]",
        "[risk]\ngrade = \"저위험\"\nreason = \"내부에서만 쓴다\"\n\n[linkage]",
        "risk grade: none → low",
        "위험도: 없음 → 저위험",
    ),
    (
        "max_rejects = 0.2",
        "max_rejects = 0.3",
        "table web: largest share of rejected lines: 20 % → 30 %",
        "표 web: 해석 불가 행의 최대 비율: 20 % → 30 %",
    ),
    (
        "reason = \"한 달 안의 재방문율을 본다\"",
        "reason = \"다른 까닭\"",
        "reason of the linkage window: 한 달 안의 재방문율을 본다 → 다른 까닭",
        "연결 기간 사유: 한 달 안의 재방문율을 본다 → 다른 까닭",
    ),
    (
        "window = \"month\"",
        "window = \"day\"",
        "linkage window: month → day",
        "연결 기간: 한 달 → 하루",
    ),
    (
        "[[source]]",
        "[vault]\nmapping = \"설문 대상자\"\n\n[[source]]",
        "mapping table (leads from pseudonyms back to people): none → 설문 대상자",
        "매핑테이블(가명에서 사람을 되찾는 표): 없음 → 설문 대상자",
    ),
    (
        "as = \"status\", keep = \"integer\"",
        "as = \"status\", keep = \"integer\", label = \"응답 상태\"",
        "column web.status: label: status → 응답 상태",
        "항목 web.status(응답 상태): 한글 이름: status → 응답 상태",
    ),
    (
        "as = \"status\", keep = \"integer\"",
        "as = \"status\", keep = \"integer\", reason = \"오류율\"",
        "column web.status: reason: none → 오류율",
        "항목 web.status: 사유: 없음 → 오류율",
    ),
    (
        "access-{date}*.log*",
        "access-{date}*.log",
        "table web: input path: logs/access-{date}*.log* → logs/access-{date}*.log",
        "표 web: 입력 경로: logs/access-{date}*.log* → logs/access-{date}*.log",
    ),
    (
        "format = \"combined\"",
        "format = \"combined\"\nzone = \"Asia/Seoul\"",
        "table web: time zone: none → Asia/Seoul",
        "표 web: 시간대: 없음 → Asia/Seoul",
    ),
    (
        "environment = \"내부 활용\"",
        "environment = \"제3자 제공\"\nrecipient = \"시정연구원\"",
        "form of use: used by the institution itself → given to a third party",
        "활용 형태: 내부 활용 → 제3자 제공",
    ),
    (
        "environment = \"내부 활용\"",
        "environment = \"제3자 제공\"\nrecipient = \"시정연구원\"",
        "recipient: none → 시정연구원",
        "제공받는 자: 없음 → 시정연구원",
    ),
    (
        "user = \"drop\"",
        "user = \"drop\"\nident = \"drop\"",
        "table web: dropped fields: user → ident, user",
        "표 web: 버리는 필드: user → ident, user",
    ),
    (
        "sensitive = [\"path\"]",
        "sensitive = []",
        "column web.path: role: sensitive → other",
        "항목 web.path: 항목 구분: 민감 속성 → 그 밖의 항목",
    ),
    (
        "max_suppressed = 0.5",
        "max_suppressed = 0.45",
        "table web: largest share of suppressed rows: 50 % → 45 %",
        "표 web: 최대 삭제 비율: 50 % → 45 %",
    ),
    (
        "quasi_identifiers = [\"net\", \"hour\"]",
        "quasi_identifiers = [\"net\"]",
        "table web: quasi-identifiers: net, hour → net",
        "표 web: 준식별자: net, hour → net",
    ),
    (
        "max_rejects = 0.2",
        "max_rejects = 0.2\nsample = { one_in = 2 }",
        "table web: sample: one person stays of: none → 2",
        "표 web: 표본추출(몇 명 가운데 1명): 없음 → 2",
    ),
    (
        "2099-12-31",
        "2098-12-31",
        "last day of the period: 2099-12-31 → 2098-12-31",
        "처리 기간 끝날: 2099-12-31 → 2098-12-31",
    ),
    (
        "keep = \"text\"",
        "partial = { first = 1 }",
        "column web.method: keep: text → partial: first=1",
        "항목 web.method: 미적용 → 부분삭제: 앞 1자",
    ),
];

/// A comment is no change of what is reviewed, and a run still wants to be told.
#[test]
fn a_plan_says_that_a_run_needs_a_reason_and_gives_its_exit_code() {
    let house = planned();
    house.run(&[]).exits(0);
    house.edit(FILE, "[linkage]", "# 검토함\n[linkage]");
    let plan = said(&house, &[], 1);
    assert!(
        plan.out.contains("the file was changed; whatever is compared is the same"),
        "{}",
        plan.out
    );
    assert!(plan.out.contains("a run needs --accept-change REASON"), "{}", plan.out);
    assert!(said(&house, &["--lang", "ko"], 1).out.contains("--accept-change 사유가 필요함"));
    house.run(&[]).exits(1);
    house.edit(FILE, "# 검토함\n", "");
    house.put("logs/access-2026-11-20.log", log(12, 120));
    let plan = said(&house, &["--lang", "ko"], 4);
    assert!(
        plan.out.contains("web의 행이 120개로, 이 날짜로 공개한 240개보다 적음"),
        "{}",
        plan.out
    );
    house.run(&[]).exits(4);
}

/// The run that it was accepted for was refused: none is recorded that has it.
#[test]
fn a_change_that_was_accepted_is_said_to_be() {
    let house = planned();
    house.run(&[]).exits(0);
    house.edit(FILE, "k_min = 3", "k_min = 300");
    house.put("logs/access-2026-11-20.log", log(12, 252));
    let said_no = house.run(&[]).exits(1);
    house.approve("visits", &House::unapproved(&said_no), "심의 결과 17호");
    house.run(&[]).exits(1);
    let plan = said(&house, &["--lang", "ko"], 1);
    assert!(plan.out.contains("동질집합 최소 행 수: 3 → 300"), "{}", plan.out);
    assert!(plan.out.contains("): 심의 결과 17호\n"), "{}", plan.out);
    assert!(!plan.out.contains("실행하려면"), "{}", plan.out);
    let json = said(&house, &["--json"], 1).json().remove(0);
    assert_eq!(json["baseline"]["accepted"]["reason"], "심의 결과 17호");
    house.edit(FILE, "k_min = 300", "k_min = 3");
    let json = said(&house, &["--json"], 1).json().remove(0);
    assert_eq!(json["baseline"]["accepted"], Value::Null);
    assert_eq!(json["needs"][0]["what"], "accept-change");
}

#[test]
fn a_mapping_table_stands_where_nobody_overlooks_it() {
    let house = planned();
    assert!(said(&house, &["--lang", "ko"], 0).out.contains("매핑테이블 없음"));
    house.edit(FILE, "[[source]]", "[vault]\nmapping = \"설문 대상자\"\n\n[[source]]");
    let out = said(&house, &["--lang", "ko"], 0).out;
    assert!(out.contains("  주의: 매핑테이블을 만들어 봉인함(사유: 설문 대상자)"), "{out}");
    assert_eq!(json(&house)["said"]["additional_info"]["mapping_reason"], "설문 대상자");
    house.run(&[]).exits(0);
    house.edit(FILE, "설문 대상자", "다른 설문");
    let out = said(&house, &["--lang", "ko"], 1).out;
    assert!(
        out.contains("    주의: 매핑테이블(가명에서 사람을 되찾는 표): 설문 대상자 → 다른 설문"),
        "{out}"
    );
}

/// Found by a reviewer: purpose aside, nothing of what is approved stood there.
#[test]
fn a_plan_says_what_is_approved_in_few_lines() {
    let house = planned();
    house.edit(
        FILE,
        "as = \"status\", keep = \"integer\"",
        "as = \"status\", keep = \"integer\", reason = \"오류율\"",
    );
    house.edit(
        FILE,
        "basis =",
        "risk = { grade = \"중위험\", reason = \"한 달 이어진다\" }\nbasis =",
    );
    let out = said(&house, &["--lang", "ko"], 0).out;
    for expected in [
        "근거 법 제28조의2; 내부 활용; 처리 기간 2026-01-01 ~ 2099-12-31; 위험도 중위험 — 한 달 이어진다",
        "연결 기간): 한 달 — 한 달 안의 재방문율을 본다; 매핑테이블 없음",
        "수집 항목 서비스 이용기록 (당초 수집 목적",
        "값마다 이보다 적은 사람의 것은 비움: path 2명, referer 2명",
        "버리는 필드: user",
        "적지 않아 나가지 않는 것: 필드 ident, size",
        "민감 속성: path",
        "사유: 오류율",
    ] {
        assert!(out.contains(expected), "{expected}\n{out}");
    }
    let head = out.lines().take_while(|line| !line.starts_with("web:")).count();
    assert!(head <= 8, "{head} lines\n{out}");
    let plan = json(&house);
    assert_eq!(plan["tables"][0]["said"]["dropped"], serde_json::json!(["user"]));
    assert_eq!(column(&plan, "status")["reason"], "오류율");
    assert_eq!(plan["said"]["risk"]["grade"], "중위험");
}

/// Found by a reviewer: 0 were suppressed, and it was refused.
#[test]
fn a_plan_that_would_be_refused_says_why_and_counts_nothing_that_is_not_known() {
    let house = planned();
    house.edit(FILE, "k_min = 3", "k_min = 300");
    let plan = said(&house, &[], 1);
    assert!(plan.out.contains("240 lines → - rows; - suppressed"), "{}", plan.out);
    assert!(
        plan.out.contains("a run would be refused: all 240 rows lie in classes below"),
        "{}",
        plan.out
    );
    assert!(plan.err.contains("all 240 rows lie in classes below"), "{}", plan.err);
    let korean = said(&house, &["--lang", "ko"], 1).out;
    assert!(korean.contains("240행 → -; 삭제 -"), "{korean}");
    assert!(
        korean.contains("이대로는 공개가 거부됨: 240행 모두 기준보다 작은 동질집합에 듦"),
        "{korean}"
    );
    let json = said(&house, &["--json"], 1).json().remove(0);
    assert_eq!(json["tables"][0]["counts"]["suppressed"], Value::Null);
    assert_eq!(json["tables"][0]["counts"]["lines"], 240);
    assert_eq!(column(&json, "net")["after"], Value::Null);
    assert_eq!(column(&json, "net")["before"]["distinct"], 12);
}

#[test]
fn a_plan_counts_persons_before_and_after() {
    let house = planned();
    // One more person, alone in an hour.
    let alone = log(1, 1).replace("192.0.2.0", "192.0.2.99").replace("2026:19", "2026:05");
    house.put("logs/access-2026-11-20.log", log(12, 240) + &alone);
    let out = said(&house, &["--lang", "ko"], 0).out;
    assert!(out.contains("정보주체 13명 → 12명; 삭제한 행 0.4 %"), "{out}");
    assert_eq!(json(&house)["tables"][0]["risk"]["persons_after"], 12);
}

/// A pipeline over a table of fees, but for more of its fields.
const FEES: &str = r#"name = "fees"
purpose = { category = "과학적 연구", detail = "분관별 연체료와 이용의 관계를 분석한다", period = "2026-01-01/2099-12-31" }
basis = "28-2"
management_no = "26-01"
environment = "내부 활용"
linkage = { window = "run" }

[[source]]
name = "fees"
path = "tables/fees-{date}.csv"
format = "csv"
item = "서비스 이용기록"
#SOURCE

[source.fields]
card = { as = "reader", pseudonym = { domain = "card" } }
branch = { keep = "text", label = "분관" }
#FIELDS

[assess]
subject = "reader"
quasi_identifiers = ["branch"]
k_min = 2
k_persons_min = 2
max_suppressed = 0
"#;

/// The house of that pipeline, and what `plan` and more arguments say of it.
fn fees(source: &str, fields: &str, table: &str) -> House {
    let house = House::new();
    let text = FEES.replace("#SOURCE", source).replace("#FIELDS", fields);
    house.put("pipelines/visits.toml", text);
    house.put("tables/fees-2026-11-20.csv", table);
    house
}

/// Sixty rows of twelve readers in two branches, with a cell each.
fn cells(head: &str, cell: impl Fn(u32) -> String) -> String {
    let mut text = format!("card,branch,{head}\n");
    for row in 0..60 {
        let branch = ["중앙", "분당"][row as usize % 2];
        let _ = writeln!(text, "L{:05},{branch},{}", row % 12, cell(row));
    }
    text
}

/// Found by a new user: amounts with decimals became null, all of them, and the plan
/// said nothing.
#[test]
fn a_plan_warns_of_columns_that_cannot_be_read() {
    let fields = "fee = { keep = \"integer\", label = \"연체료\" }";
    let house = fees("", fields, &cells("fee", |row| format!("{row}.5")));
    let out = said(&house, &[], 0).out;
    assert!(
        out.contains("warning: 60 of 60 values of column fee could not be read and become null"),
        "{out}"
    );
    let korean = said(&house, &["--lang", "ko"], 0).out;
    assert!(
        korean.contains("경고: 항목 연체료(fee)의 값 60개 가운데 60개를 읽지 못해 빈 값이 됨"),
        "{korean}"
    );
    let plan = json(&house);
    assert_eq!(column(&plan, "fee")["unread"], 60);
    assert_eq!(column(&plan, "fee")["after"]["nulls"], 60);
    // A few are counted, and are no reason to warn.
    let few = |row: u32| if row < 3 { "1.5".to_owned() } else { row.to_string() };
    let house = fees("", fields, &cells("fee", few));
    let out = said(&house, &[], 0).out;
    assert!(!out.contains("warning"), "{out}");
    assert_eq!(column(&json(&house), "fee")["unread"], 3);
}

/// Codes that the list does not have, all of them.
#[test]
fn a_plan_warns_of_columns_of_which_nothing_is_left() {
    let fields = "code = { category = { map = { \"01\" = \"대출\" } }, label = \"구분\" }";
    let house = fees("", fields, &cells("code", |row| format!("B{}", row % 3)));
    let out = said(&house, &[], 0).out;
    assert!(out.contains("warning: of column code no value is left, of 3 before"), "{out}");
    let korean = said(&house, &["--lang", "ko"], 0).out;
    assert!(
        korean.contains("경고: 항목 구분(code)의 값이 하나도 남지 않음(처리 전 3가지)"),
        "{korean}"
    );
    assert_eq!(column(&json(&house), "code")["is_emptied"], true);
}

/// A leak is told by the names that reviewers know.
#[test]
fn a_plan_says_in_korean_what_would_leak() {
    let fields = "words = { keep = \"text\", label = \"메모\" }";
    let house = fees("", fields, &cells("words", |row| format!("확인 L{:05} 완료", row % 12)));
    let korean = said(&house, &["--lang", "ko"], 1).out;
    assert!(
        korean.contains("사람을 알아볼 수 있는 값이 결과에 남음: 항목 메모에 입력의 식별자 60칸"),
        "{korean}"
    );
}

#[test]
fn a_list_whose_lines_are_others_is_said_to_be_changed() {
    let list = "대출;이용\n연장;이용\n";
    let fields = "kind = { category = { hierarchy = \"lists/kinds.csv\", level = 1 } }";
    let house = fees("", fields, &cells("kind", |_| "대출".to_owned()));
    house.put("lists/kinds.csv", list);
    house.run(&[]).exits(0);
    house.put("lists/kinds.csv", list.replace("연장;이용", "연장;연장"));
    let out = said(&house, &["--lang", "ko"], 1).out;
    assert!(out.contains("항목 fees.kind: 목록의 내용이 바뀜"), "{out}");
    let json = said(&house, &["--json"], 1).json().remove(0);
    assert_eq!(json["baseline"]["differences"][0]["is_of_list"], true);
}

#[test]
fn a_quasi_identifier_that_cannot_be_read_is_called_one() {
    let house =
        fees("", "when = { as = \"day\", round = \"1d\" }", &cells("when", |_| "언제".into()));
    house.edit(
        FILE,
        "quasi_identifiers = [\"branch\"]",
        "quasi_identifiers = [\"branch\", \"day\"]",
    );
    house.edit(FILE, "item =", "zone = \"Asia/Seoul\"\nitem =");
    let out = said(&house, &[], 0).out;
    assert!(out.contains("become null (a quasi-identifier!)"), "{out}");
}

/// Found by a reviewer: sixty cells with a mobile number and an e-mail address were 120.
#[test]
fn a_cell_with_two_kinds_of_personal_data_is_masked_once() {
    let cell = |row| format!("010-1234-{:04} kim{row}@example.kr", 5678 + row);
    let house = fees("", "words = \"keep\"", &cells("words", cell));
    assert_eq!(column(&json(&house), "words")["cells_masked"], 60);
    house.run(&[]).exits(0);
    let records = house.records();
    let commit = records.iter().find(|record| record["type"] == "run.commit").unwrap();
    assert_eq!(commit["body"]["sources"][0]["masked_rows"]["words"], 60);
}

/// Found by a reviewer: of columns that are held until the last row only rows that stay
/// were counted, of the others all.
#[test]
fn what_was_masked_is_counted_alike_in_columns_that_are_held() {
    let cell = |row| format!("010-1234-{:04},010-1234-{:04},{row}", 5678 + row, 5678 + row);
    let fields = "one = { keep = \"text\" }\ntwo = { keep = \"text\", rare = { persons_min = 1 } }\nrow = { keep = \"integer\" }";
    let fields = fields.replace("persons_min = 1", "persons_min = 2");
    let source = "drop_rows = { row = { above = 19 } }";
    let house = fees(source, &fields, &cells("one,two,row", cell));
    let plan = json(&house);
    assert_eq!(plan["tables"][0]["counts"]["rows"], 20);
    assert_eq!(column(&plan, "one")["cells_masked"], 60);
    assert_eq!(column(&plan, "two")["cells_masked"], 60);
}

/// Found by a new user: parameters ended in `…` where there was room, and digests stood
/// where categories were wanted.
#[test]
fn what_matters_of_a_technique_is_shown_whole() {
    let fields = "kind = { label = \"구분\", category = { map = { \"대출\" = \"대출\", \"연장\" = \"대출\", \"반납\" = \"반납\" }, other = \"그 밖의 처리\" }, rare = { persons_min = 2, other = \"그 밖의 처리\" } }";
    let kinds = ["대출", "연장", "반납"];
    let house = fees("", fields, &cells("kind", |row| kinds[row as usize % 3].to_owned()));
    let out = said(&house, &["--lang", "ko"], 0).out;
    let words: Vec<&str> = out.split_whitespace().collect();
    let expected = "대출→대출, 반납→반납, 연장→대출; 그 밖의 값은 ‘그 밖의 처리’로; 2명 미만의 값은 ‘그 밖의 처리’로";
    for word in expected.split(' ') {
        assert!(words.contains(&word), "{word}\n{out}");
    }
    assert!(!out.contains("sha256") && !out.contains('…'), "{out}");
    assert!(out.contains("준식별자: 분관;"), "{out}");
    for line in out.lines() {
        let width = line.width();
        assert!(width <= 120, "{width}: {line}");
    }
    assert!(column(&json(&house), "kind")["parameters"].as_str().unwrap().contains("sha256="));
}

/// Found by a reviewer: `320 가운데 302` of 320 that were released and 302 that were not.
#[test]
fn a_korean_report_does_not_count_released_classes_among_those_that_are_too_small() {
    let house = planned();
    let alone = log(1, 1).replace("2026:19", "2026:05");
    house.put("logs/access-2026-11-20.log", log(12, 240) + &alone);
    let out = house.run(&["--lang", "ko"]).exits(0).out;
    assert!(out.contains("공개한 동질집합 8개, 작아서 삭제한 동질집합 1개(1행)"), "{out}");
}

/// Found by a new user: the line that was named had another reason.
#[test]
fn the_line_that_is_named_was_rejected_for_the_reason_that_is_named() {
    let house = planned();
    house.edit(FILE, "max_rejects = 0.2", "max_rejects = 0");
    let lines: Vec<String> = log(12, 240).lines().map(str::to_owned).collect();
    let cut = "192.0.2.1 - - [20/Nov/2026:19:00:00 +0900] \"GET / HTTP/1.1\" abc 1 \"-\" \"-\"";
    let mut text: Vec<&str> = lines.iter().map(String::as_str).collect();
    text.insert(3, "nothing of the kind");
    text.insert(7, cut);
    text.insert(9, cut);
    house.put("logs/access-2026-11-20.log", text.join("\n") + "\n");
    let said = said(&house, &[], 4);
    assert!(said.err.contains("access-2026-11-20.log:8"), "{}", said.err);
}

/// `docs/plan.md` shows a plan, which `tests/cmd/night.trycmd` holds, and differences.
#[test]
fn the_examples_of_the_page_are_what_the_program_says() {
    let page = include_str!("../../docs/plan.md");
    let block = |fence: &str| page.split(fence).nth(1).unwrap().split("```").next().unwrap();
    let held = include_str!("../cmd/night.trycmd");
    assert!(held.contains(block("```console\n")), "docs/plan.md and tests/cmd/night.trycmd differ");
    let house = planned();
    house.run(&[]).exits(0);
    let mapping = "[vault]\nmapping = \"설문 대상자에게 결과를 알린다\"\n\n[[source]]";
    house.edit(FILE, "[[source]]", mapping);
    house.edit(FILE, "item = \"서비스 이용기록\"", "item = \"IP주소\"");
    house.edit(FILE, "k_min = 3", "k_min = 4");
    house.edit(FILE, "v4 = 16", "v4 = 8");
    house.edit(FILE, "referer = { as = \"referer\", path = \"plain\" }\n", "");
    house.edit(FILE, "referer = 2\n", "");
    let out = said(&house, &[], 1).out;
    for line in block("```text\n").lines() {
        let mut pieces = line.trim().split("[..]");
        assert!(pieces.all(|piece| out.contains(piece)), "{line}\n{out}");
    }
}

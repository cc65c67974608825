//! What no command line brings about: runs that were undone after their record, and years
//! that end while people look.

use jiff::civil::date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::history::{Days, History};
use super::ledgers;
use super::status::Status;
use super::words;
use crate::ledger::items::example;
use crate::ledger::record::{Kind, Record};
use crate::ledger::report::{Check, Report};
use crate::ledger::tree::Hash;

fn record(seq: u64, kind: Kind, time: &str, run: Option<&str>, changes: &Value) -> Record {
    let mut body = example::body(kind);
    body.extend(changes.as_object().unwrap().clone());
    Record {
        seq,
        type_name: kind.as_str().to_owned(),
        time: time.to_owned(),
        run: run.map(str::to_owned),
        actor: "uid 0".to_owned(),
        prev: None,
        body,
    }
}

fn seoul() -> TimeZone {
    TimeZone::get("Asia/Seoul").unwrap()
}

fn report() -> Report {
    let root = Hash::of(b"");
    Report { origin: None, size: 3, root, checks: Vec::new(), lints: Vec::new() }
}

fn cell(history: &History, sheet: &str, column: &str, row: usize) -> String {
    let tables = ledgers::all(history, Days::default());
    let table = tables.iter().find(|table| table.sheet == sheet).unwrap();
    let at = table.columns.iter().position(|of| of.name == column).unwrap();
    table.rows[row][at].plain()
}

/// Of records that no version of this program would enter.
#[test]
fn what_followed_a_request_names_it_and_is_of_the_same_number() {
    let time = "2026-11-20T00:00:00.000Z";
    let of = |seq, kind, number: &str, more: &Value| {
        let mut body = json!({"management_no": number});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        record(seq, kind, time, None, &body)
    };
    let approved = |seq, number, request: u64, on: &str| {
        of(seq, Kind::RetentionApproved, number, &json!({"request": request, "approved_on": on}))
    };
    let done = |seq, number, request: u64, on: &str| {
        of(seq, Kind::RetentionDone, number, &json!({"request": request, "confirmed_on": on}))
    };
    let records = vec![
        record(0, Kind::LedgerInit, time, None, &json!({})),
        // Before what it names.
        approved(1, "26-01", 2, "2026-01-01"),
        of(2, Kind::RetentionRequested, "26-01", &json!({})),
        approved(3, "26-02", 2, "2026-01-02"),
        done(4, "26-02", 2, "2026-01-03"),
        of(5, Kind::RetentionRequested, "26-02", &json!({})),
        approved(6, "26-01", 2, "2026-01-04"),
        done(7, "26-01", 2, "2026-01-05"),
    ];
    let history = History::of(records, &seoul());
    let of = |column: &str, row: usize| cell(&history, "파기 요청과 승인", column, row);
    assert_eq!([of("승인일", 0), of("결과 확인일", 0)], ["2026-01-04", "2026-01-05"]);
    assert_eq!([of("승인일", 1), of("결과 확인일", 1)], ["", ""]);
}

#[test]
fn a_run_that_was_undone_is_marked_in_the_ledgers_and_not_published() {
    let time = "2026-11-20T00:00:00.000Z";
    let of = |last: Kind| {
        let purpose = json!({"purpose_detail": "목적"});
        let records = vec![
            record(0, Kind::LedgerInit, time, None, &json!({})),
            record(1, Kind::RunCommit, time, Some("r-1"), &purpose),
            record(2, last, time, Some("r-1"), &json!({})),
        ];
        History::of(records, &seoul())
    };
    let undone = of(Kind::RunUndone);
    assert!(cell(&undone, "처리대장", "처리목적 및 내용", 0).contains("(취소됨)"));
    assert_eq!(cell(&undone, "처리 목록", "상태", 0), "취소됨");
    assert_eq!(Status::of(&report(), &undone, Days::default()).used, []);
    let published = of(Kind::RunPublished);
    assert!(!cell(&published, "처리대장", "처리목적 및 내용", 0).contains("취소됨"));
    assert_eq!(cell(&published, "처리 목록", "상태", 0), "저장 완료");
    assert_eq!(Status::of(&report(), &published, Days::default()).used.len(), 1);
}

/// 15:00 UTC of the last of December is the first of January in Korea.
#[test]
fn a_year_ends_when_the_clock_of_the_institution_says_so() {
    let records = vec![
        record(0, Kind::LedgerInit, "2026-01-01T00:00:00.000Z", None, &json!({})),
        record(1, Kind::Access, "2026-12-31T14:59:59.999Z", None, &json!({})),
        record(2, Kind::Access, "2026-12-31T15:00:00.000Z", None, &json!({})),
    ];
    let history = History::of(records, &seoul());
    let in_year = |year: i16| -> Vec<u64> {
        let days = Days::of_year(year).unwrap();
        history.within(&[Kind::Access], days).map(|entry| entry.seq).collect()
    };
    assert_eq!([in_year(2026), in_year(2027)], [vec![1], vec![2]]);
    assert_eq!(history.entries[2].day(), Some(date(2027, 1, 1)));
}

/// What is made for somebody else is a provision, also before the record of it is entered.
#[test]
fn what_is_made_for_others_is_published_as_a_provision_once() {
    let time = "2026-11-20T00:00:00.000Z";
    let made = json!({"environment": "제3자 제공", "recipient": "연구원", "pipeline": "visits"});
    let mut records = vec![
        record(0, Kind::LedgerInit, time, None, &json!({})),
        record(1, Kind::RunCommit, time, Some("r-1"), &made),
        record(2, Kind::RunPublished, time, Some("r-1"), &json!({})),
    ];
    let status = Status::of(&report(), &History::of(records.clone(), &seoul()), Days::default());
    assert_eq!((status.used.len(), status.provided.len()), (0, 1));
    assert_eq!(status.provided[0].recipient, "연구원");
    let given = json!({"recipient": "연구원 분원", "pipeline": "visits"});
    records.push(record(3, Kind::Provision, time, None, &given));
    let status = Status::of(&report(), &History::of(records, &seoul()), Days::default());
    assert_eq!(status.provided.len(), 1);
    assert_eq!(status.provided[0].recipient, "연구원 분원");
}

/// The rows of these processings, each made by one run that was published.
fn processed(bodies: &[Value]) -> History {
    let time = "2026-11-20T00:00:00.000Z";
    let mut records = vec![record(0, Kind::LedgerInit, time, None, &json!({}))];
    for (body, number) in bodies.iter().zip(1..) {
        let run = format!("r-{number}");
        for (kind, body) in [(Kind::RunCommit, body), (Kind::RunPublished, &json!({}))] {
            records.push(record(records.len() as u64, kind, time, Some(&run), body));
        }
    }
    History::of(records, &seoul())
}

/// Records that were looked up in are read, and no row of theirs is published.
#[test]
fn rows_that_were_published_are_those_of_the_tables() {
    let sources =
        json!([{"name": "web", "lines": 30, "rows": 20}, {"name": "dhcp", "lines": 9, "rows": 8}]);
    let outputs = json!([{"source": "web", "rows": 20}]);
    let history = processed(&[json!({"sources": sources, "outputs": outputs})]);
    assert_eq!(cell(&history, "처리 목록", "원천 행 수", 0), "39");
    assert_eq!(cell(&history, "처리 목록", "가명정보 행 수", 0), "20");
}

#[test]
fn the_policy_promises_only_what_every_record_shows() {
    let of = |purpose: &str, additional: Value, sealed: Value, separation: Value| {
        json!({"purpose_detail": purpose, "additional_info": additional, "sealed": sealed,
            "separation": separation})
    };
    let safety = |bodies: &[Value]| {
        let status = Status::of(&report(), &processed(bodies), Days::default());
        status.policy[5].paragraphs.join("\n")
    };
    let found = |owner: bool, system: bool| json!({"keys_and_store_same_owner": owner, "keys_and_store_same_file_system": system});
    let gone = || json!({"kept": false, "mapping_kept": false, "window": "run"});
    let held = |window: &str| json!({"kept": true, "window": window, "epoch": "e"});

    let apart = safety(&[of("가", gone(), json!([]), found(true, false))]);
    assert!(apart.contains("끝날 때 파기합니다(해당 처리: 가)."), "{apart}");
    assert!(apart.contains("분리하여 보관합니다"), "{apart}");
    assert!(!apart.contains("비밀키"), "{apart}");

    // One processing keeps rows that were sealed; one was not found to be apart.
    let sealed = json!([{"kind": "rejects"}]);
    let mixed = safety(&[
        of("가", gone(), json!([]), found(false, true)),
        of("나", gone(), sealed, found(true, true)),
        of("다", held("month"), json!([]), found(false, false)),
    ]);
    assert!(mixed.contains("(해당 처리: 가)."), "{mixed}");
    assert!(!mixed.contains("분리하여 보관합니다"), "{mixed}");
    assert!(mixed.contains("[기관 기재: 가명정보와 추가정보의 분리 보관."), "{mixed}");
    assert!(mixed.contains("정해진 기간마다 바꾸고"), "{mixed}");

    // Another run of the same purpose kept some, and a key is for good.
    let kept = safety(&[
        of("가", gone(), json!([]), json!({})),
        of("가", held("project"), json!([]), found(false, false)),
    ]);
    assert!(!kept.contains("끝날 때 파기합니다"), "{kept}");
    assert!(!kept.contains("분리하여 보관합니다"), "{kept}");
    assert!(kept.contains("비밀키는 접근을 제한하여"), "{kept}");
    // Nothing ran.
    let none = safety(&[]);
    assert!(!none.contains("추가정보의 분리 보관") && !none.contains("분리하여 보관"), "{none}");
}

/// A check has one name in Korean, wherever it is named.
#[test]
fn checks_that_were_not_made_are_named_as_in_the_check_itself() {
    let time = "2026-11-20T00:00:00.000Z";
    let done = |name: &str| {
        let checks = json!([{"check": name, "outcome": "not-checked"}]);
        let first = record(0, Kind::LedgerInit, time, None, &json!({}));
        let done = record(1, Kind::VerifyDone, time, None, &json!({"checks": checks}));
        let history = History::of(vec![first, done], &seoul());
        cell(&history, "기록 검증", "확인하지 않은 검사", 0)
    };
    for check in Check::ALL {
        assert_eq!(done(check.as_str()), words::check(check));
    }
    assert_eq!(done("later"), "later");
}

#[test]
fn incidents_and_opinions_of_reviews_are_listed() {
    let time = "2026-11-20T00:00:00.000Z";
    let told = json!({"kind": "유출", "happened": "메일 오발송", "known_at": "2026-11-20T00:00:00Z",
        "subjects": 12, "reported_at": null, "not_reported": "1천명 미만"});
    let mut unknown = told.clone();
    unknown["subjects"] = json!(null);
    unknown["subjects_unknown"] = json!("확인 중");
    let review = json!({"purpose": {"result": "적합", "opinion": "목적이 분명함"}});
    let history = History::of(
        vec![
            record(0, Kind::LedgerInit, time, None, &json!({})),
            record(1, Kind::Incident, time, None, &told),
            record(2, Kind::Incident, time, None, &unknown),
            record(3, Kind::AdequacyReview, time, None, &review),
        ],
        &seoul(),
    );
    let of = |column: &str, row: usize| cell(&history, "유출등 대장", column, row);
    assert_eq!([of("구분", 0), of("시점과 경위", 0)], ["유출", "메일 오발송"]);
    assert_eq!(of("알게 된 일시", 0), "2026-11-20 09:00:00");
    let subjects = [0, 1].map(|row| of("정보주체 수(모르는 사유)", row));
    assert_eq!(subjects, ["12", "확인 중"]);
    assert_eq!(of("신고 일시(하지 않은 사유)", 0), "1천명 미만");
    let why = cell(&history, "검토·승인", "사유·의견", 0);
    assert!(why.contains("목적 적합성: 적합, 목적이 분명함"), "{why}");
    assert_eq!(why.lines().count(), 5, "{why}");
}

#[test]
fn provisions_of_two_pipelines_differ_in_the_ledger() {
    let time = "2026-11-20T00:00:00.000Z";
    let given =
        |seq, pipeline| record(seq, Kind::Provision, time, None, &json!({"pipeline": pipeline}));
    let first = record(0, Kind::LedgerInit, time, None, &json!({}));
    let history = History::of(vec![first, given(1, "visits"), given(2, "loans")], &seoul());
    let of = |row| cell(&history, "제공대장", "가명처리", row);
    assert_eq!([of(0), of(1)], ["visits", "loans"]);
}

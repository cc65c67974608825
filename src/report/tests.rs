//! What no command line brings about: runs that were undone after their record, and years
//! that end while people look.

use jiff::civil::date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::certificate;
use super::history::{Days, History};
use super::ledgers;
use super::status::Status;
use super::words;
use crate::ledger::items::{self, example};
use crate::ledger::record::{KINDS, Kind, Record};
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

/// What settings say of a recipient is a plan: only the record of a provision says that something
/// was handed over, and to whom.
#[test]
fn what_is_made_for_others_is_published_as_planned_until_they_have_it() {
    let made =
        |to: &str| json!({"environment": "제3자 제공", "recipient": to, "pipeline": "visits"});
    let given = |to: &str, pipeline: &str| {
        (Kind::Provision, json!({"recipient": to, "pipeline": pipeline}))
    };
    let status = |more: &[(Kind, Value)]| {
        let mut all = vec![(Kind::RunCommit, made("가나대학교")), (Kind::RunPublished, json!({}))];
        all.extend_from_slice(more);
        Status::of(&report(), &history_of(&all), Days::default())
    };
    let names = |rows: &[super::status::Provided]| -> Vec<String> {
        rows.iter().map(|row| row.recipient.clone()).collect()
    };
    let of = |more: &[(Kind, Value)]| {
        let status = status(more);
        assert_eq!(status.used, []);
        (names(&status.provided), names(&status.planned))
    };
    let (none, ours): (Vec<String>, _) = (Vec::new(), vec!["가나대학교".to_owned()]);
    let other = vec!["다라연구원".to_owned()];
    assert_eq!(of(&[]), (none.clone(), ours.clone()));
    // To somebody else, and of something else.
    assert_eq!(of(&[given("다라연구원", "visits")]), (other, ours.clone()));
    assert_eq!(of(&[given("가나대학교", "loans")]), (ours.clone(), ours.clone()));
    assert_eq!(of(&[given(" 가나대학교", "visits")]).1, none);
    // An entry that was wrong hands nothing over.
    let right =
        (Kind::Provision, json!({"recipient": "마바", "pipeline": "visits", "corrects": 3}));
    assert_eq!(of(&[given("가나대학교", "visits"), right]).1, ours);

    let planned = status(&[]);
    let rows = planned.unified().rows;
    assert_eq!([rows[0][1].plain(), rows[0][2].plain()], ["제공 예정", "가나대학교"]);
    let said = planned.policy[2].paragraphs.join("\n");
    assert!(said.starts_with("제3자에게 제공한 가명정보가 없습니다."), "{said}");
    assert!(said.contains("제공 예정(아직 제공하지 않음), 제공받을 자: 가나대학교"), "{said}");
    let html = planned.html(Days::default(), &seoul());
    let (before, after) = html.split_once("가명정보 제공 예정(아직 제공하지 않음)").unwrap();
    assert!(!before.contains("가나대학교") && after.contains("가나대학교"), "{html}");
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

const TIME: &str = "2026-11-20T00:00:00.000Z";

/// Records one after the other, the first of which opens the ledger.
fn history_of(more: &[(Kind, Value)]) -> History {
    let mut records = vec![record(0, Kind::LedgerInit, TIME, None, &json!({}))];
    for ((kind, body), seq) in more.iter().zip(1..) {
        let run = kind.is_of_run().then_some("r-1");
        records.push(record(seq, *kind, TIME, run, body));
    }
    History::of(records, &seoul())
}

#[test]
fn every_kind_with_the_columns_of_form_10_is_in_its_ledger() {
    let of_form = |kind: &Kind| {
        let keys = items::of(*kind).items.iter().map(|item| item.key);
        keys.filter(|key| ["info_kind", "act"].contains(key)).count() == 2
    };
    let kinds: Vec<Kind> = KINDS.into_iter().filter(of_form).collect();
    assert!(kinds.contains(&Kind::KeyRetired));
    let all: Vec<(Kind, Value)> = kinds.iter().map(|kind| (*kind, json!({}))).collect();
    let history = history_of(&all);
    let numbers: Vec<String> =
        (0..kinds.len()).map(|row| cell(&history, "처리대장", "일련번호", row)).collect();
    let expected: Vec<String> = (1..=kinds.len()).map(|seq| seq.to_string()).collect();
    assert_eq!(numbers, expected);
    let retired = history_of(&[(Kind::KeyRetired, json!({"retired_on": "2026-11-19"}))]);
    let content = cell(&retired, "처리대장", "처리목적 및 내용", 0);
    assert!(content.contains("사용 중지일: 2026-11-19"), "{content}");
}

/// Form 10 calls the number of a record 일련번호; other ledgers count their rows besides.
#[test]
fn ledgers_number_their_rows_as_their_forms_do() {
    for table in ledgers::all(&history_of(&[]), Days::default()) {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let is_of_form = ["처리대장", "접근권한 관리대장"].contains(&table.sheet);
        assert_eq!(names[0], if is_of_form { "일련번호" } else { "번호" }, "{}", table.sheet);
        let has_records = table.sheet != "접속기록 점검";
        assert_eq!(names.contains(&"일련번호"), has_records, "{}", table.sheet);
    }
}

#[test]
fn a_corrected_entry_is_marked_in_every_ledger_and_names_the_right_one() {
    for (kind, sheet, column) in [
        (Kind::KeyRetired, "처리대장", "처리목적 및 내용"),
        (Kind::Provision, "처리대장", "처리목적 및 내용"),
        (Kind::Provision, "제공대장", "이용 목적"),
        (Kind::CombinationFiles, "제공대장", "이용 목적"),
        (Kind::DataDestroyed, "파기대장", "폐기사유"),
        (Kind::AdditionalDestroyed, "파기대장", "폐기사유"),
        (Kind::KeyDestroyed, "파기대장", "폐기사유"),
        (Kind::RetentionRequested, "파기 요청과 승인", "파기 사유"),
        (Kind::RightsGranted, "접근권한 관리대장", "처리 내역 및 사유"),
        (Kind::RightsChanged, "접근권한 관리대장", "처리 내역 및 사유"),
        (Kind::RightsRevoked, "접근권한 관리대장", "처리 내역 및 사유"),
        (Kind::Incident, "유출등 대장", "시점과 경위"),
    ] {
        let right = json!({"corrects": 1});
        // Nothing is corrected twice, nor by a record of another number.
        let again = json!({"corrects": 1, "reason": "again"});
        let other = json!({"corrects": 2, "management_no": "99-9"});
        let history = history_of(&[(kind, json!({})), (kind, right), (kind, again), (kind, other)]);
        let of = |row| cell(&history, sheet, column, row);
        assert!(of(0).ends_with("정정됨 → 일련번호 2"), "{sheet}: {}", of(0));
        assert!(of(1).ends_with("정정: 일련번호 1"), "{sheet}: {}", of(1));
        assert!(!of(2).contains("정정") && !of(3).contains("정정"), "{sheet}: {}", of(2));
    }
}

/// What was destroyed once has one certificate, and the days of an entry are those of its first
/// version.
#[test]
fn what_was_corrected_counts_once() {
    let day = |seq, time: &str, kind, body: &Value| record(seq, kind, time, None, body);
    let (january, march) = ("2026-01-10T00:00:00.000Z", "2026-03-10T00:00:00.000Z");
    let request = json!({"file_name": "가"});
    let records = vec![
        day(0, january, Kind::LedgerInit, &json!({})),
        day(1, january, Kind::Provision, &json!({"recipient": "가나"})),
        day(2, march, Kind::Provision, &json!({"recipient": "가나대학교", "corrects": 1})),
        day(3, january, Kind::RetentionRequested, &request),
        day(4, january, Kind::RetentionApproved, &json!({"request": 3})),
        day(5, january, Kind::DataDestroyed, &json!({"approval": 4})),
        day(6, january, Kind::RetentionDone, &json!({"request": 3, "certificate": "하나"})),
        day(7, march, Kind::DataDestroyed, &json!({"approval": 4, "corrects": 5})),
        day(
            8,
            march,
            Kind::RetentionDone,
            &json!({"request": 3, "certificate": "둘", "corrects": 6}),
        ),
        day(
            9,
            march,
            Kind::RetentionRequested,
            &json!({"file_name": "나", "corrects": 3, "amount": 7}),
        ),
    ];
    let history = History::of(records, &seoul());
    let month = Days { from: None, to: Some(date(2026, 1, 31)) };
    let given = |days| -> Vec<String> {
        let provided = Status::of(&report(), &history, days).provided;
        provided.into_iter().map(|row| row.recipient).collect()
    };
    assert_eq!(given(Days::default()), ["가나대학교"]);
    assert_eq!(given(month), ["가나대학교"], "what was handed over in January, as it is right");
    let april = Days { from: Some(date(2026, 3, 1)), to: None };
    assert_eq!(given(april), [""; 0]);
    let certificates = certificate::all(&report(), &history, Days::default());
    let seqs: Vec<u64> = certificates.iter().map(|one| one.seq).collect();
    assert_eq!(seqs, [7]);
    let html = &certificates[0].html;
    assert!(html.contains("<td>둘</td>") && !html.contains("<td>하나</td>"), "{html}");
    assert!(html.contains("<td>7</td>"), "the request as it is right: {html}");
    // Both versions of the request were followed by the same; which was approved is said.
    let of = |column: &str, row| cell(&history, "파기 요청과 승인", column, row);
    assert!(!of("승인자", 0).contains("일련번호"), "{}", of("승인자", 0));
    assert!(of("승인자", 1).ends_with("(일련번호 3에 대한 승인)"), "{}", of("승인자", 1));
    assert_eq!(of("결과 확인일", 0), of("결과 확인일", 1));
}

/// They opened what the others opened; what no record says of it is said not to be there.
#[test]
fn nights_without_a_record_of_use_are_accesses_too() {
    let mut begin = json!({"pipeline": "visits", "date": "2026-11-19", "management_no": "26-01"});
    begin["from"] = json!("gw-1");
    let of = |more: &[(Kind, Value)]| {
        let mut all = vec![(Kind::RunBegin, begin.clone())];
        all.extend_from_slice(more);
        history_of(&all)
    };
    let undone = (Kind::RunUndone, json!({"reason": "interrupted"}));
    let refused = (Kind::RunRefused, json!({"reason": "too many rejects"}));
    let bare = (Kind::RunCommit, json!({"usage": []}));
    for (more, task, reason) in [
        (vec![refused], "가명처리(거부)", "too many rejects"),
        (vec![undone.clone()], "가명처리(취소)", "interrupted"),
        (vec![], "가명처리(끝나지 않음)", ""),
        (vec![bare, undone.clone()], "가명처리(취소)", "interrupted"),
    ] {
        let history = of(&more);
        let columns = [
            "식별자",
            "접속일시",
            "접속지",
            "처리한 정보",
            "정보주체 수",
            "수행업무",
            "사유",
            "관리번호",
            "일련번호",
        ];
        let row = columns.map(|column| cell(&history, "접속기록", column, 0));
        let none = "기록 없음";
        let at = "2026-11-20 09:00:00";
        assert_eq!(
            row,
            ["uid 0", at, "gw-1", "visits 2026-11-19", none, task, reason, "26-01", "1"]
        );
        assert_eq!(cell(&history, "접속기록 점검", "수행업무", 0), task);
    }
    // One that recorded its use is listed by that, however it ended.
    let usage =
        json!({"usage": [{"account": "uid 7", "at": "2026-11-20T00:00:00Z", "subjects": 4}]});
    let history = of(&[(Kind::RunCommit, usage), undone]);
    let tables = ledgers::all(&history, Days::default());
    let table = tables.iter().find(|table| table.sheet == "접속기록").unwrap();
    assert_eq!(table.rows.len(), 1);
    assert_eq!(cell(&history, "접속기록", "식별자", 0), "uid 7");
}

/// The text of its record, not an instant written anew: that drops the zeros a time ends with.
#[test]
fn a_newest_record_keeps_the_zeros_of_its_time() {
    let time = "2026-11-20T00:11:11.200Z";
    let history = History::of(vec![record(0, Kind::LedgerInit, time, None, &json!({}))], &seoul());
    assert_eq!(history.newest, time);
    let status = Status::of(&report(), &history, Days::default());
    assert_eq!(status.ledger.newest, time);
    assert!(status.html(Days::default(), &seoul()).contains("2026-11-20 09:11:11"));
}

#[test]
fn a_management_number_that_became_another_stands_beside_it() {
    let time = "2026-11-20T00:00:00.000Z";
    let change = |seq, was: &Value| {
        let numbers = json!({"management_no": "26-09", "was_management_no": was});
        record(seq, Kind::ConfigChange, time, None, &numbers)
    };
    let first = record(0, Kind::LedgerInit, time, None, &json!({}));
    let records = vec![first, change(1, &json!("26-01")), change(2, &json!(null))];
    let history = History::of(records, &seoul());
    let of = |column: &str, row: usize| cell(&history, "검토·승인", column, row);
    assert_eq!(of("관리번호", 0), "26-09");
    assert!(of("사유·의견", 0).starts_with("이전 관리번호 26-01\n"), "{}", of("사유·의견", 0));
    assert!(!of("사유·의견", 1).contains("이전"), "{}", of("사유·의견", 1));
}

/// Of one processing that was reviewed nothing follows for the others.
#[test]
fn reviews_are_published_where_every_processing_had_them() {
    let time = "2026-11-20T00:00:00.000Z";
    let of = |seq, kind, number: &str, result: &str| {
        record(seq, kind, time, None, &json!({"management_no": number, "result": result}))
    };
    let night = |seq, number: &str| {
        let run = format!("night-{seq}");
        let body = json!({"management_no": number});
        let [commit, published] = [Kind::RunCommit, Kind::RunPublished];
        [
            record(seq, commit, time, Some(&run), &body),
            record(seq + 1, published, time, Some(&run), &json!({})),
        ]
    };
    let says = |more: Vec<Record>| {
        let mut records = vec![record(0, Kind::LedgerInit, time, None, &json!({}))];
        records.extend(night(1, "26-01"));
        records.extend(more);
        let status = Status::of(&report(), &History::of(records, &seoul()), Days::default());
        let text = status.policy.iter().flat_map(|section| &section.paragraphs);
        let text = text.cloned().collect::<Vec<_>>().join("\n");
        let is_left = text.contains("[기관 기재: 가명처리 계획의 승인과");
        assert_ne!(is_left, text.contains("적정성을 검토하고 승인을 받습니다"), "{text}");
        !is_left
    };
    let plan = |number| of(3, Kind::PlanApproved, number, "적정");
    let review = |number, result| of(4, Kind::AdequacyReview, number, result);
    assert!(!says(vec![]));
    assert!(!says(vec![plan("26-01")]));
    assert!(!says(vec![plan("26-01"), review("26-01", "부적정")]));
    assert!(!says(vec![plan("26-01"), review("26-02", "적정")]));
    assert!(says(vec![plan("26-01"), review("26-01", "적정")]));
    let [commit, published] = night(5, "26-02");
    assert!(!says(vec![plan("26-01"), review("26-01", "적정"), commit, published]));
}

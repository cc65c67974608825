//! What no command line brings about: runs that were undone after their record, and years
//! that end while people look.

use jiff::civil::date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::history::{Days, History};
use super::ledgers;
use super::status::Status;
use crate::ledger::items::example;
use crate::ledger::record::{Kind, Record};
use crate::ledger::report::Report;
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

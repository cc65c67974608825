//! What happened, in; who verified the ledger when, and what was found (기록 검증), out.
//!
//! What stands here was recorded by who verified: whoever reads it verifies anew.

use serde_json::Value;

use super::history::{Days, Entry, History};
use super::table::{Cell, Table, text};
use super::words;
use crate::ledger::record::Kind;
use crate::ledger::report::{Check, Status};

/// 기록 검증: each verification that was recorded (`gamyeong ledger verify --record`).
#[must_use]
pub fn verifications(history: &History, days: Days) -> Table {
    let rows = history.within(&[Kind::VerifyDone], days).map(|entry| {
        [
            Cell::moment(entry.get("at"), &history.zone),
            Cell::text(entry.get("account")),
            Cell::text(entry.get("from")),
            Cell::number(entry.get("size")),
            Cell::text(entry.get("root")),
            Cell::from(result(&entry.text("result"))),
            Cell::from(unchecked(entry)),
            Cell::from(data(entry)),
            Cell::Number(entry.seq),
        ]
    });
    let columns = [
        ("검증일시", 19.0),
        ("식별자", 18.0),
        ("접속지", 18.0),
        ("검증한 기록 수", 10.0),
        ("뿌리값", 34.0),
        ("결과", 14.0),
        ("확인하지 않은 검사", 20.0),
        ("표·봉인 파일 대조", 26.0),
        ("일련번호", 8.0),
    ];
    let names = ["verifications", "기록 검증", "처리 기록 검증 내역", "-"];
    Table::new(names, columns, rows).numbered().timed(&["검증일시"], &history.zone)
}

/// Of all checks together: nothing was found, though some could not be made.
fn result(name: &str) -> &'static str {
    if name == "not-checked" { "이상 없음(일부 확인 안 함)" } else { outcome(name) }
}

fn outcome(name: &str) -> &'static str {
    words::outcome(match name {
        "pass" => Status::Pass,
        "not-checked" => Status::NotChecked,
        _ => Status::Fail,
    })
}

/// The checks that could not be made.
fn unchecked(entry: &Entry) -> String {
    let checks = entry.get("checks").and_then(Value::as_array).into_iter().flatten();
    let unchecked = checks.filter(|check| check["outcome"] == "not-checked");
    let names = unchecked.map(|check| {
        let name = check["check"].as_str().unwrap_or_default();
        match Check::named(name) {
            Some(check) => words::check(check),
            None => name,
        }
    });
    names.collect::<Vec<_>>().join(", ")
}

/// What was found of the files that records name.
fn data(entry: &Entry) -> String {
    let Some(data) = entry.get("data") else { return String::new() };
    if data["asked"] != true {
        return "대조하지 않음".to_owned();
    }
    let [files, bad, unread, destroyed] =
        ["files", "bad", "unread", "destroyed"].map(|key| text(&data[key]));
    let result = outcome(data["result"].as_str().unwrap_or_default());
    format!("{result}: 파일 {files}, 기록과 다름 {bad}, 읽을 수 없음 {unread}, 파기됨 {destroyed}")
}

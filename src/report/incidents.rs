//! What happened, in; the ledger of leaks and other incidents (유출등 대장) out.
//!
//! Source: 개인정보 보호법 제34조, 제28조의5제2항; 시행령 제39조, 제40조.

use super::history::{Days, History};
use super::table::{Cell, Table, joined};
use crate::ledger::record::Kind;

/// 유출등 대장: what became known, how many were concerned, what was done, and who was told.
#[must_use]
pub fn incidents(history: &History, days: Days) -> Table {
    let rows = history.within(&[Kind::Incident], days).map(|entry| {
        let or = |cell: Cell, key: &str| {
            if cell == Cell::Empty { Cell::text(entry.get(key)) } else { cell }
        };
        let moment = |key: &str| Cell::moment(entry.get(key), &history.zone);
        let undone = ["retrieved", "destroyed"].map(|key| entry.get(key));
        [
            Cell::text(entry.get("kind")),
            Cell::lines(&[entry.get("management_no"), entry.get("pipeline")]),
            moment("known_at"),
            Cell::from(joined(&[entry.text("happened"), entry.correction()], "\n")),
            Cell::text(entry.get("items")),
            or(Cell::number(entry.get("subjects")), "subjects_unknown"),
            moment("stopped_at"),
            Cell::lines(&undone),
            Cell::text(entry.get("measures")),
            or(moment("reported_at"), "not_reported"),
            Cell::post(entry.get("operator")),
            Cell::post(entry.get("supervisor")),
            Cell::Number(entry.seq),
        ]
    });
    let columns = [
        ("구분", 9.0),
        ("관리번호·가명처리", 14.0),
        ("알게 된 일시", 19.0),
        ("시점과 경위", 30.0),
        ("유출등이 된 항목", 20.0),
        ("정보주체 수(모르는 사유)", 12.0),
        ("처리 중지 일시", 19.0),
        ("회수·파기 조치", 20.0),
        ("대응 조치", 26.0),
        ("신고 일시(하지 않은 사유)", 19.0),
        ("담당자", 13.0),
        ("책임자", 13.0),
        ("일련번호", 8.0),
    ];
    let source = "개인정보 보호법 제34조, 제28조의5제2항";
    let names = ["incidents", "유출등 대장", "개인정보 유출등 대장", source];
    let instants = ["알게 된 일시", "처리 중지 일시", "신고 일시(하지 않은 사유)"];
    Table::new(names, columns, rows).numbered().timed(&instants, &history.zone)
}

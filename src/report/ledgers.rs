//! What happened, in; the ledgers that the law and the guideline ask for, out.
//!
//! The same ledgers as on the page (`page/show/ledgers.js`), with days, instants and
//! numbers in cells of their own.
//!
//! Source: 가명정보 처리 가이드라인(2026.3), form 10; 표준 개인정보 보호지침, 별지 4호 and
//! 5호.

use serde_json::Value;

use super::accesses;
use super::history::{Days, Entry, History};
use super::incidents;
use super::table::{Cell, Table, joined, text};
use super::verifications::verifications;
use crate::ledger::items;
use crate::ledger::record::Kind;

/// What destroys pseudonymised or additional information.
pub const DESTRUCTIONS: &[Kind] =
    &[Kind::DataDestroyed, Kind::AdditionalDestroyed, Kind::KeyDestroyed];

/// Grants, changes and revocations of rights.
pub const RIGHTS: &[Kind] = &[Kind::RightsGranted, Kind::RightsChanged, Kind::RightsRevoked];

/// Every ledger of these days, in the order of the page.
#[must_use]
pub fn all(history: &History, days: Days) -> Vec<Table> {
    vec![
        processing(history, days),
        rights(history, days),
        provisions(history, days),
        destructions(history, days),
        requests(history, days),
        incidents::incidents(history, days),
        accesses::by_month(history, days),
        accesses::accesses(history, days),
        processings(history, days),
        approvals(history, days),
        verifications(history, days),
    ]
}

/// What a kind is called.
fn named(entry: &Entry) -> String {
    entry.kind.map(|kind| items::of(kind).korean).unwrap_or_default().to_owned()
}

fn record(entry: &Entry) -> Cell {
    Cell::Number(entry.seq)
}

/// All kinds that have 정보구분 and 처리구분.
pub const OF_FORM_10: &[Kind] = &[
    Kind::RunCommit,
    Kind::KeyCreate,
    Kind::KeyRetired,
    Kind::KeyDestroyed,
    Kind::AdditionalDestroyed,
    Kind::DataDestroyed,
    Kind::Provision,
    Kind::CombinationFiles,
];

/// 가명(추가)정보 처리대장: a processing is one row; so is every key, provision and destruction.
fn processing(history: &History, days: Days) -> Table {
    let rows = history.within(OF_FORM_10, days).map(|entry| {
        [
            record(entry),
            entry.day_cell(),
            Cell::text(entry.get("management_no")),
            Cell::text(entry.get("info_kind")),
            Cell::text(entry.get("act")),
            Cell::from(content(history, entry)),
            Cell::from(entry.items()),
            Cell::day(entry.get("period_start")),
            period_end(entry),
            Cell::text(entry.get("recipient")),
            Cell::post(entry.get("operator")),
            Cell::post(entry.get("supervisor")),
        ]
    });
    let columns = [
        ("일련번호", 8.0),
        ("처리일자", 11.0),
        ("관리번호", 9.0),
        ("정보구분", 9.0),
        ("처리구분", 7.0),
        ("처리목적 및 내용", 34.0),
        ("항목", 26.0),
        ("이용기간(시작)", 11.0),
        ("이용기간(끝)", 11.0),
        ("제공 시 받는 자", 13.0),
        ("담당자", 13.0),
        ("책임자", 13.0),
    ];
    let source = "가명정보 처리 가이드라인 서식 ❿(일련번호: 처리 기록의 번호)";
    let names = ["processing", "처리대장", "가명(추가)정보 처리대장", source];
    Table::new(names, columns, rows)
}

/// The last day of a period, or why there is none.
fn period_end(entry: &Entry) -> Cell {
    let end = Cell::day(entry.get("period_end"));
    if end == Cell::Empty { Cell::text(entry.get("period_none_reason")) } else { end }
}

fn content(history: &History, entry: &Entry) -> String {
    let labelled = |label: &str, key: &str| {
        let text = entry.text(key);
        if text.is_empty() { text } else { format!("{label}: {text}") }
    };
    if entry.kind == Some(Kind::RunCommit) {
        let is_undone = history.last_of(entry) == Some(Kind::RunUndone);
        let mark = if is_undone { " (취소됨)" } else { "" };
        let purpose = format!("{}{mark}", entry.text("purpose_category"));
        return joined(&[purpose, entry.text("purpose_detail")], "\n");
    }
    let parts = [
        named(entry),
        entry.text("purpose_category"),
        entry.text("purpose_detail"),
        labelled("가명처리", "pipeline"),
        labelled("키 기간", "epoch"),
        labelled("종류", "kinds"),
        entry.text("file_name"),
        entry.text("reason"),
        labelled("사용 중지일", "retired_on"),
        labelled("방법", "method"),
        entry.correction(),
    ];
    joined(&parts, "\n")
}

/// 접근권한 관리대장.
#[must_use]
pub fn rights(history: &History, days: Days) -> Table {
    let rows = history.within(RIGHTS, days).map(|entry| {
        let first = ["granted_on", "changed_on", "revoked_on"];
        let on = first.iter().find_map(|key| entry.get(key));
        let scope = joined(&[entry.text("info_kind"), entry.text("scope")], "\n");
        let why = [named(entry), entry.text("was"), entry.text("reason"), entry.correction()];
        let why = joined(&why, "\n");
        [
            record(entry),
            Cell::day(entry.get("requested_on")),
            Cell::text(entry.get("management_no")),
            Cell::post(entry.get("holder")),
            Cell::text(entry.get("account")),
            Cell::text(entry.get("role")),
            Cell::text(entry.get("holder_ip")),
            Cell::from(why),
            Cell::from(scope),
            Cell::day(on),
            Cell::post(entry.get("operator")),
            Cell::post(entry.get("supervisor")),
        ]
    });
    let columns = [
        ("일련번호", 8.0),
        ("신청일자", 11.0),
        ("관리번호", 9.0),
        ("소속", 16.0),
        ("취급자", 14.0),
        ("역할", 14.0),
        ("취급자 IP", 15.0),
        ("처리 내역 및 사유", 28.0),
        ("권한 범위", 12.0),
        ("부여·변경·말소일자", 12.0),
        ("담당자", 13.0),
        ("책임자", 13.0),
    ];
    let source = "가명정보 처리 가이드라인 서식 ❿(일련번호: 처리 기록의 번호), 안전성 확보조치 기준 제5조(3년 이상 보관)";
    let names = ["rights", "접근권한 관리대장", "접근권한 관리대장", source];
    Table::new(names, columns, rows)
}

/// 가명정보 제공대장, with files for combination.
fn provisions(history: &History, days: Days) -> Table {
    let rows = history.within(&[Kind::Provision, Kind::CombinationFiles], days).map(|entry| {
        let on = entry.get("provided_on").or_else(|| entry.get("made_on"));
        let purpose = ["purpose_category", "purpose_detail"].map(|key| entry.text(key));
        let purpose = joined(&[joined(&purpose, "\n"), entry.correction()], "\n");
        let recipient = ["recipient", "agency", "key_agency", "other"].map(|key| entry.get(key));
        [
            Cell::day(on),
            Cell::text(entry.get("management_no")),
            Cell::text(entry.get("pipeline")),
            Cell::lines(&recipient),
            Cell::from(purpose),
            Cell::from(entry.items()),
            Cell::day(entry.get("period_start")),
            period_end(entry),
            Cell::lines(&[entry.get("place"), entry.get("times")]),
            Cell::text(entry.get("contract")),
            Cell::post(entry.get("operator")),
            Cell::post(entry.get("supervisor")),
            record(entry),
        ]
    });
    let columns = [
        ("제공일", 11.0),
        ("관리번호", 9.0),
        ("가명처리", 16.0),
        ("제공받는 자", 20.0),
        ("이용 목적", 30.0),
        ("제공하는 항목", 26.0),
        ("보유·이용기간(시작)", 11.0),
        ("보유·이용기간(끝)", 11.0),
        ("처리환경·방식", 16.0),
        ("계약", 12.0),
        ("담당자", 13.0),
        ("책임자", 13.0),
        ("일련번호", 8.0),
    ];
    let names = ["provisions", "제공대장", "가명정보 제공대장", "시행령 제29조의5제2항"];
    Table::new(names, columns, rows).numbered()
}

/// 개인정보파일 파기 관리대장.
fn destructions(history: &History, days: Days) -> Table {
    let rows = history.within(DESTRUCTIONS, days).map(|entry| {
        let kinds = ["kinds", "info_kind", "epoch"].map(|key| entry.get(key));
        [
            Cell::lines(&[entry.get("file_name"), entry.get("pipeline")]),
            Cell::lines(&kinds),
            Cell::day(entry.get("created_on")),
            Cell::moment(entry.get("destroyed_at"), &history.zone),
            reason(entry),
            Cell::text(entry.get("method")),
            Cell::text(entry.get("certainty")),
            Cell::post(entry.get("operator")),
            Cell::post(entry.get("supervisor")),
            record(entry),
        ]
    });
    let columns = [
        ("개인정보 파일명", 28.0),
        ("자료의 종류", 28.0),
        ("생성일", 11.0),
        ("폐기일", 19.0),
        ("폐기사유", 20.0),
        ("파기 방법", 20.0),
        ("확인·추정", 9.0),
        ("처리담당자", 14.0),
        ("처리부서장", 14.0),
        ("일련번호", 8.0),
    ];
    let source = "표준 개인정보 보호지침 별지 제5호서식";
    let names = ["destructions", "파기대장", "개인정보파일 파기 관리대장", source];
    let table = Table::new(names, columns, rows).numbered().timed(&["폐기일"], &history.zone);
    Table { signers: ["처리담당자", "처리부서장"], ..table }
}

/// Why something was or is to be destroyed, and whether the entry is right.
fn reason(entry: &Entry) -> Cell {
    Cell::from(joined(&[entry.text("reason"), entry.correction()], "\n"))
}

/// Who approved a request; and which, if that was corrected since.
fn approver(approval: Option<&Entry>, request: &Entry) -> Cell {
    let Some(approval) = approval else { return Cell::Empty };
    let post = Cell::post(approval.get("approver")).plain();
    let named = approval.get("request").and_then(Value::as_u64).filter(|seq| *seq != request.seq);
    let named = named.map(|seq| format!("(일련번호 {seq}에 대한 승인)")).unwrap_or_default();
    Cell::from(joined(&[post, named], "\n"))
}

/// Requests of destruction with what followed them.
fn requests(history: &History, days: Days) -> Table {
    let rows = history.within(&[Kind::RetentionRequested], days).map(|entry| {
        let approval = history.about(Kind::RetentionApproved, entry);
        let done = history.about(Kind::RetentionDone, entry);
        let of = |entry: Option<&Entry>, key: &str| entry.and_then(|entry| entry.get(key)).cloned();
        [
            Cell::lines(&[entry.get("file_name"), entry.get("pipeline")]),
            Cell::number(entry.get("amount")),
            reason(entry),
            Cell::day(entry.get("requested_on")),
            Cell::day(entry.get("due")),
            Cell::day(of(approval, "approved_on").as_ref()),
            approver(approval, entry),
            Cell::moment(of(done, "destroyed_at").as_ref(), &history.zone),
            Cell::day(of(done, "confirmed_on").as_ref()),
            Cell::post(of(done, "confirmed_by").as_ref()),
            record(entry),
        ]
    });
    let columns = [
        ("개인정보 파일명", 28.0),
        ("현재 보관건수", 10.0),
        ("파기 사유", 20.0),
        ("요청일", 11.0),
        ("파기 일정", 11.0),
        ("승인일", 11.0),
        ("승인자", 16.0),
        ("파기 일시", 19.0),
        ("결과 확인일", 11.0),
        ("결과 확인자", 16.0),
        ("일련번호", 8.0),
    ];
    let source = "표준 개인정보 보호지침 제55조, 별지 제4호서식";
    let names = ["destruction-requests", "파기 요청과 승인", "파기 요청과 승인", source];
    Table::new(names, columns, rows).numbered().timed(&["파기 일시"], &history.zone)
}

/// The list of processings.
fn processings(history: &History, days: Days) -> Table {
    let rows = history.within(&[Kind::RunCommit], days).map(|entry| {
        let grade = entry.get("risk").and_then(|risk| risk.get("grade"));
        let state = match history.last_of(entry) {
            Some(Kind::RunPublished) => "저장 완료",
            Some(Kind::RunUndone) => "취소됨",
            _ => "끝나지 않음",
        };
        [
            entry.day_cell(),
            Cell::day(entry.get("date")),
            Cell::text(entry.get("pipeline")),
            Cell::text(entry.get("management_no")),
            Cell::lines(&[entry.get("purpose_category"), entry.get("purpose_detail")]),
            Cell::text(entry.get("turn")),
            Cell::text(grade),
            Cell::Number(entry.sum("sources", "lines")),
            Cell::Number(entry.sum("outputs", "rows")),
            Cell::from(state),
            record(entry),
        ]
    });
    let columns = [
        ("처리일자", 11.0),
        ("원천 일자", 11.0),
        ("가명처리", 22.0),
        ("관리번호", 9.0),
        ("처리 목적", 40.0),
        ("신규·변경·반복", 14.0),
        ("위험도", 9.0),
        ("원천 행 수", 11.0),
        ("가명정보 행 수", 11.0),
        ("상태", 11.0),
        ("일련번호", 8.0),
    ];
    let names = ["processings", "처리 목록", "가명처리 목록", "시행령 제29조의5제2항"];
    Table::new(names, columns, rows).numbered()
}

/// The five checks of an adequacy review, with what was thought of each.
fn checks(entry: &Entry) -> String {
    if entry.kind != Some(Kind::AdequacyReview) {
        return String::new();
    }
    let checks = items::of(Kind::AdequacyReview).items.iter().filter_map(|item| {
        let check = entry.get(item.key)?.as_object()?;
        let said = ["result", "opinion"].map(|key| check.get(key).map(text).unwrap_or_default());
        Some(format!("{}: {}", item.korean, joined(&said, ", ")))
    });
    joined(&checks.collect::<Vec<_>>(), "\n")
}

/// Reviews and approvals, and by whom.
#[must_use]
pub fn approvals(history: &History, days: Days) -> Table {
    const KINDS: &[Kind] = &[
        Kind::RiskReview,
        Kind::AdequacyReview,
        Kind::PlanApproved,
        Kind::RetentionApproved,
        Kind::ConfigChange,
    ];
    let rows = history.within(KINDS, days).map(|entry| {
        let on = ["reviewed_on", "approved_on"].iter().find_map(|key| entry.get(key));
        let by = match entry.get("reviewers") {
            Some(Value::Array(posts)) => {
                let posts: Vec<String> =
                    posts.iter().map(|post| Cell::post(Some(post)).plain()).collect();
                Cell::from(joined(&posts, "\n"))
            }
            _ => Cell::post(entry.get("approver")),
        };
        let result = ["result", "condition", "grade"].map(|key| entry.get(key));
        let was = entry.text("was_management_no");
        let was = if was.is_empty() { was } else { format!("이전 관리번호 {was}") };
        let why = ["changed", "reason", "opinion", "method"].map(|key| entry.text(key));
        let why = joined(&[was, joined(&why, "\n"), checks(entry)], "\n");
        [
            entry.day_cell(),
            Cell::from(named(entry)),
            Cell::text(entry.get("management_no")),
            Cell::text(entry.get("pipeline")),
            Cell::lines(&result),
            Cell::from(why),
            Cell::day(on),
            by,
            Cell::Number(entry.signers),
            Cell::from(entry.get("pipeline_sha256").map(text).unwrap_or_default()),
            record(entry),
        ]
    });
    let columns = [
        ("기록일", 11.0),
        ("구분", 14.0),
        ("관리번호", 9.0),
        ("가명처리", 18.0),
        ("결과", 14.0),
        ("사유·의견", 32.0),
        ("검토·승인일", 11.0),
        ("검토자·승인자", 20.0),
        ("전자서명 수", 8.0),
        ("처리 설정 요약값", 24.0),
        ("일련번호", 8.0),
    ];
    let source = "가명정보 처리 가이드라인 서식 ❸ ❹ ❼";
    let names = ["approvals", "검토·승인", "검토와 승인 내역", source];
    Table::new(names, columns, rows).numbered()
}

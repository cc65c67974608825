//! Records of destruction in; a certificate (파기 확인서) for each out.
//!
//! It says what was recorded, and whether that is known or assumed: what was overwritten is
//! a fact, that a medium kept no copy is not.
//!
//! Source: 시행령 제16조; 표준 개인정보 보호지침 제55조, 별지 제4호 and 제5호.

use std::collections::BTreeSet;

use serde_json::Value;

use super::history::{Days, Entry, History};
use super::html;
use super::ledgers::DESTRUCTIONS;
use super::table::{Cell, text};
use crate::ledger::items;
use crate::ledger::record::Kind;
use crate::ledger::report::Report;

/// A certificate.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// Number of the record that it is about.
    pub seq: u64,
    /// What was destroyed.
    pub what: String,
    /// The document.
    pub html: String,
}

/// A destruction with what came before and after it.
struct Destruction<'a> {
    /// What was destroyed; none where only the confirmation was entered.
    done: Option<&'a Entry>,
    request: Option<&'a Entry>,
    approval: Option<&'a Entry>,
    confirmed: Option<&'a Entry>,
}

/// One for each destruction of these days, and for each that was confirmed and has no
/// record of its own; none for what a later record corrects.
#[must_use]
pub fn all(report: &Report, history: &History, days: Days) -> Vec<Certificate> {
    let mut found: Vec<Destruction<'_>> = Vec::new();
    let mut confirmed: BTreeSet<u64> = BTreeSet::new();
    // Of all days, so that a confirmation of a later day is not taken for another destruction.
    for entry in history.within(DESTRUCTIONS, Days::default()) {
        let destruction = destruction(history, entry);
        confirmed.extend(destruction.confirmed.map(|entry| entry.seq));
        if entry.corrected_by.is_none() && days.has(entry.day()) {
            found.push(destruction);
        }
    }
    for entry in history.within(&[Kind::RetentionDone], days) {
        if entry.corrected_by.is_none() && !confirmed.contains(&entry.seq) {
            let request = named(history, entry, "request", Kind::RetentionRequested);
            let request = request.map(|request| history.last_version(request));
            let approval = request.and_then(|of| history.about(Kind::RetentionApproved, of));
            found.push(Destruction { done: None, request, approval, confirmed: Some(entry) });
        }
    }
    let mut all: Vec<Certificate> =
        found.iter().filter_map(|of| certificate(report, history, of)).collect();
    all.sort_by_key(|certificate| certificate.seq);
    all
}

fn destruction<'a>(history: &'a History, entry: &'a Entry) -> Destruction<'a> {
    let approval = named(history, entry, "approval", Kind::RetentionApproved);
    let request = approval.and_then(|of| named(history, of, "request", Kind::RetentionRequested));
    let request = request.map(|request| history.last_version(request));
    let confirmed = request.and_then(|of| history.about(Kind::RetentionDone, of));
    Destruction { done: Some(entry), request, approval, confirmed }
}

/// The record that an item names, if it is of this kind and about the same processing: one
/// that is not vouches for nothing here.
fn named<'a>(history: &'a History, entry: &Entry, key: &str, kind: Kind) -> Option<&'a Entry> {
    let found = history.at(kind, entry.get(key).and_then(Value::as_u64))?;
    found.is_of_same(entry).then_some(found)
}

fn certificate(
    report: &Report,
    history: &History,
    destruction: &Destruction<'_>,
) -> Option<Certificate> {
    let record = destruction.done.or(destruction.confirmed)?;
    let number = destruction.confirmed.map(|entry| entry.text("certificate"));
    let number = number.filter(|text| !text.is_empty());
    let number = number.unwrap_or_else(|| format!("기록 {}", record.seq));
    let what = first(destruction, &["file_name", "pipeline", "management_no"]);
    let mut body = html::fields(&[
        ("확인서 번호", number),
        ("개인정보처리자", history.opened("name")),
        ("관리번호", first(destruction, &["management_no"])),
    ]);
    body.push_str(&html::element("h2", "파기한 것"));
    body.push_str(&html::fields(&destroyed(history, destruction)));
    body.push_str(&html::element("h2", "요청, 승인과 확인"));
    body.push_str(&html::fields(&followed(destruction)));
    body.push_str(&html::element("p", "위와 같이 파기하였음을 확인합니다."));
    body.push_str(&html::element("p", "작성일:          년      월      일"));
    let signs = ["처리담당자", "처리부서장", "개인정보 보호책임자"]
        .map(|who| html::element("span", &format!("{who}                    (서명)")));
    body += "<div class=\"sign\">";
    body.extend(signs);
    body += "</div>\n";
    let about = format!(
        "이 문서는 처리 기록 {}번에서 작성되었습니다. 기록 {}건, 뿌리값 {}.",
        record.seq,
        report.size,
        report.root.to_hex()
    );
    body.push_str(&html::element("p class=\"note\"", &about));
    body.push('\n');
    Some(Certificate { seq: record.seq, what, html: html::document("파기 확인서", &body) })
}

/// The first item of these that one of the records has.
fn first(destruction: &Destruction<'_>, keys: &[&str]) -> String {
    let Destruction { done, request, approval, confirmed } = destruction;
    let records = [done, request, confirmed, approval];
    let texts = keys
        .iter()
        .flat_map(|key| records.iter().filter_map(|record| record.map(|record| record.text(key))));
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

fn destroyed(history: &History, destruction: &Destruction<'_>) -> Vec<(&'static str, String)> {
    let mut record = [destruction.done, destruction.confirmed].into_iter().flatten();
    let at = record.find_map(|record| record.get("destroyed_at"));
    let what = destruction.done.and_then(|entry| entry.kind).map(|kind| items::of(kind).korean);
    let certainty = first(destruction, &["certainty"]);
    let meaning = match certainty.as_str() {
        "확인" => "확인: 파기되었음을 확인하였습니다.",
        "추정" => {
            "추정: 위 방법으로 파기하였으나, 저장 매체(SSD, 스냅숏 등)나 백업에 사본이 남지 않았음까지 확인한 것은 아닙니다."
        }
        _ => "",
    };
    vec![
        ("구분", what.unwrap_or("파기").to_owned()),
        ("개인정보 파일명", first(destruction, &["file_name"])),
        ("가명처리", first(destruction, &["pipeline"])),
        ("정보구분", first(destruction, &["info_kind"])),
        ("자료의 종류", first(destruction, &["kinds", "epoch"])),
        ("보관건수", first(destruction, &["amount"])),
        ("생성일", first(destruction, &["created_on"])),
        ("파기 일시", Cell::moment(at, &history.zone).plain()),
        ("파기 사유", first(destruction, &["reason"])),
        ("파기 방법", first(destruction, &["method"])),
        ("파기 장소", first(destruction, &["place"])),
        ("확인·추정", if meaning.is_empty() { certainty } else { meaning.to_owned() }),
    ]
}

fn followed(destruction: &Destruction<'_>) -> Vec<(&'static str, String)> {
    let of = |entry: Option<&Entry>, key: &str| {
        entry.and_then(|entry| entry.get(key)).map(text).unwrap_or_default()
    };
    let post = |entry: Option<&Entry>, key: &str| {
        Cell::post(entry.and_then(|entry| entry.get(key))).plain()
    };
    let record = |entry: Option<&Entry>| {
        entry.map(|entry| format!(" (기록 {})", entry.seq)).unwrap_or_default()
    };
    let Destruction { done, request, approval, confirmed } = *destruction;
    let backups = [of(confirmed, "backups"), of(confirmed, "backups_reason")];
    vec![
        ("파기 요청일", of(request, "requested_on") + &record(request)),
        ("파기 승인일", of(approval, "approved_on") + &record(approval)),
        ("파기 승인자", post(approval, "approver")),
        ("전자서명", of(approval, "signatures")),
        ("파기 수행자", post(confirmed, "performed_by")),
        ("입회자", post(confirmed, "witness")),
        ("폐기 확인 방법", of(confirmed, "checked_how")),
        ("백업 조치", super::table::joined(&backups, ": ")),
        ("결과 확인일", of(confirmed, "confirmed_on") + &record(confirmed)),
        ("결과 확인자", post(confirmed, "confirmed_by")),
        ("담당자", post(done.or(request), "operator")),
        ("책임자", post(done.or(request), "supervisor")),
    ]
}

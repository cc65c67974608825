//! What is published of processings, and their records, in; the section of the privacy
//! policy about pseudonymised information (개인정보 처리방침) out.
//!
//! It says what the records say. What no record can know, such as the lock of a room, is a
//! line in brackets that the institution fills in.
//!
//! Source: 개인정보 보호법 제30조제1항제4호의2, 제28조의4; 시행령 제30조, 제29조의5; 개인정보
//! 처리방침 작성지침 (six items).

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::history::{Days, Entry, History};
use super::ledgers::RIGHTS;
use super::status::{Period, Status};
use crate::ledger::items::constants::{CONDITIONAL, FIT};
use crate::ledger::record::Kind;

/// What the section is called.
pub const TITLE: &str = "개인정보 처리방침: 가명정보의 처리에 관한 사항";

/// A paragraph with its heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What it is about.
    pub heading: String,
    /// What is said.
    pub paragraphs: Vec<String>,
}

/// The six items. `commits` are the records of the runs that were published.
#[must_use]
pub(super) fn of(
    status: &Status,
    commits: &[&Entry],
    history: &History,
    days: Days,
) -> Vec<Section> {
    let section = |heading: &str, paragraphs: Vec<String>| Section {
        heading: heading.to_owned(),
        paragraphs,
    };
    vec![
        section("1. 가명정보의 처리 목적", purposes(status)),
        section("2. 가명정보의 처리 및 보유 기간", periods(status)),
        section("3. 가명정보의 제3자 제공", provisions(status)),
        section("4. 가명정보 처리의 위탁", entrusted(status)),
        section("5. 가명처리한 개인정보의 항목", items(status)),
        section(
            "6. 법 제28조의4에 따른 가명정보의 안전성 확보조치",
            measures(commits, history, days),
        ),
    ]
}

fn or_none(lines: Vec<String>, none: &str) -> Vec<String> {
    if lines.is_empty() { vec![none.to_owned()] } else { lines }
}

/// The lines, each but once.
fn once(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    lines.filter(|line| seen.insert(line.clone())).collect()
}

fn purposes(status: &Status) -> Vec<String> {
    let mut lines = vec![format!(
        "{}: 「개인정보 보호법」 제28조의2에 따라 통계작성, 과학적 연구, 공익적 기록보존 등을 위하여 정보주체의 동의 없이 가명정보를 다음의 목적으로 처리합니다.",
        status.controller
    )];
    let used = status.used.iter().map(|row| format!("○ {}: {}", row.category, row.purpose));
    let given = status.provided.iter().chain(&status.planned);
    let provided = given.map(|row| format!("○ {}: {}", row.category, row.purpose));
    let combined = status.combined.iter().map(|row| format!("○ {}: {}", row.category, row.purpose));
    lines.extend(or_none(
        once(used.chain(provided).chain(combined)),
        "이 기간에 처리한 가명정보가 없습니다.",
    ));
    lines
}

fn span(period: &Period) -> String {
    match (&period.start, &period.end, &period.none_reason) {
        (Some(start), Some(end), _) => format!("{start} ~ {end}"),
        (None, Some(end), _) => format!("{end}까지"),
        (_, None, Some(reason)) => format!("기간을 정하지 않음({reason})"),
        (_, None, None) => "기간을 정하지 않음".to_owned(),
    }
}

fn periods(status: &Status) -> Vec<String> {
    let row = |purpose: &str, period: &Period| format!("○ {purpose}: {}", span(period));
    let used = status.used.iter().map(|of| row(&of.purpose, &of.period));
    let given = status.provided.iter().chain(&status.planned);
    let rows = used.chain(given.map(|of| row(&of.purpose, &of.period)));
    let mut lines = or_none(once(rows), "해당 사항이 없습니다.");
    lines.push(
        "처리 기간이 지나거나 처리 목적을 달성한 가명정보는 지체 없이 파기합니다.".to_owned(),
    );
    lines
}

fn provisions(status: &Status) -> Vec<String> {
    let row = |to: &str, of: &super::status::Provided| {
        format!(
            "○ {to}: {} / 이용 목적: {}({}) / 제공 항목: {} / 보유·이용기간: {}",
            of.recipient,
            of.purpose,
            of.category,
            of.items.join(", "),
            span(&of.period)
        )
    };
    let combined = status.combined.iter().map(|of| {
        format!(
            "○ 결합: {}(결합키관리기관 {})에 의뢰, 상대 기관 {} / 목적: {}({}) / 항목: {}",
            of.agency,
            of.key_agency,
            of.other,
            of.purpose,
            of.category,
            of.items.join(", ")
        )
    });
    let provided = status.provided.iter().map(|of| row("제공받는 자", of));
    let mut lines =
        or_none(provided.chain(combined).collect(), "제3자에게 제공한 가명정보가 없습니다.");
    let planned = |of| row("제공 예정(아직 제공하지 않음), 제공받을 자", of);
    lines.extend(status.planned.iter().map(planned));
    lines
}

fn entrusted(status: &Status) -> Vec<String> {
    let row = |of: &super::status::Entrusted| {
        format!("○ 위탁받는 자(수탁자): {} / 위탁업무: {}", of.processor, of.work)
    };
    or_none(status.entrusted.iter().map(row).collect(), "위탁한 가명정보 처리 업무가 없습니다.")
}

fn items(status: &Status) -> Vec<String> {
    let used = status.used.iter().map(|of| {
        format!("○ {}: {} → {}", of.purpose, of.collected.join(", "), of.items.join(", "))
    });
    let given = status.provided.iter().chain(&status.planned);
    let given = given.map(|of| format!("○ {}: {}", of.purpose, of.items.join(", ")));
    or_none(once(used.chain(given)), "해당 사항이 없습니다.")
}

/// True if a run left additional information. Records of earlier versions said so of keys
/// alone, whatever was sealed.
fn is_kept(commit: &Entry) -> bool {
    let is_sealed = commit.get("sealed").and_then(Value::as_array).is_some_and(|of| !of.is_empty());
    is_sealed || additional(commit, "kept") != Some(false) || is_mapped(commit)
}

fn is_mapped(commit: &Entry) -> bool {
    additional(commit, "mapping_kept") == Some(true)
}

fn additional(commit: &Entry, key: &str) -> Option<bool> {
    commit.get("additional_info")?.get(key)?.as_bool()
}

/// True if a run found that who owns the keys, or the file system they lie on, is not that of
/// the tables.
fn is_separate(commit: &Entry) -> bool {
    let same = |key: &str| commit.get("separation").and_then(|of| of.get(key)?.as_bool());
    let found = ["keys_and_store_same_owner", "keys_and_store_same_file_system"].map(same);
    found.contains(&Some(false))
}

/// The purposes of which no run left additional information.
fn kept_nothing(commits: &[&Entry]) -> Option<String> {
    let purpose = |entry: &&&Entry| entry.text("purpose_detail");
    let kept: BTreeSet<String> =
        commits.iter().filter(|entry| is_kept(entry)).map(|entry| purpose(&entry)).collect();
    let all: BTreeSet<String> = commits.iter().map(|entry| purpose(&entry)).collect();
    let none: Vec<String> = all.difference(&kept).cloned().collect();
    (!none.is_empty()).then(|| format!("{DESTROYED_AT_ONCE}(해당 처리: {}).", none.join(", ")))
}

/// How secrets are kept that outlive a run.
fn keys(commits: &[&Entry]) -> Option<&'static str> {
    let of = |entry: &&Entry, key: &str| {
        let found = entry.get("additional_info")?.get(key)?.as_str()?;
        Some(found.to_owned())
    };
    let mut lasting = commits.iter().filter(|entry| of(entry, "epoch").is_some()).peekable();
    lasting.peek()?;
    let is_for_good = |entry: &&Entry| of(entry, "window").as_deref() == Some("project");
    Some(if lasting.any(is_for_good) { KEYS_HELD } else { KEYS_CHANGED })
}

/// What is done for safety: a sentence for what the records show.
fn measures(commits: &[&Entry], history: &History, days: Days) -> Vec<String> {
    let until = Days { from: None, to: days.to };
    let has = |kinds: &[Kind]| history.within(kinds, until).next().is_some();
    let at_once = kept_nothing(commits);
    let keys = keys(commits);
    let is_measured = commits.iter().any(|entry| {
        entry.get("risk").and_then(|risk| risk.get("k")).is_some_and(|k| !k.is_null())
    });
    let ran = !commits.is_empty();
    let is_separate = commits.iter().all(|entry| is_separate(entry));
    let is_mapped = commits.iter().any(|entry| is_mapped(entry));
    let rights = has(RIGHTS);
    let said_yes = |kind: Kind| -> BTreeSet<String> {
        let kinds = [kind];
        let yes = history.within(&kinds, until).filter(|entry| {
            entry.corrected_by.is_none()
                && [FIT, CONDITIONAL].contains(&entry.text("result").as_str())
        });
        yes.map(|entry| entry.text("management_no")).collect()
    };
    let reviews = [Kind::PlanApproved, Kind::AdequacyReview].map(said_yes);
    let numbers = commits.iter().map(|entry| entry.text("management_no"));
    let is_reviewed =
        numbers.into_iter().all(|number| reviews.iter().all(|has| has.contains(&number)));
    let said = [
        (true, "① 관리적 조치"),
        (true, RECORDED),
        (rights, RIGHTS_HELD),
        (!rights, NO_RIGHTS),
        (ran && is_reviewed, REVIEWED),
        (ran && !is_reviewed, NOT_REVIEWED),
        (true, "○ [기관 기재: 내부 관리계획의 수립·시행, 담당자 교육]"),
        (true, "② 기술적 조치"),
        (ran && is_separate, "○ 가명정보와 추가정보를 분리하여 보관합니다."),
        (ran && !is_separate, NOT_SEPARATE),
        (at_once.is_some(), at_once.as_deref().unwrap_or_default()),
        (keys.is_some(), keys.unwrap_or_default()),
        (is_mapped, "○ 매핑테이블은 암호화하여 보관합니다."),
        (is_measured, MEASURED),
        (ran, ACCESSES),
        (has(&[Kind::KeyDestroyed, Kind::AdditionalDestroyed]), DESTROYED),
        (true, "○ [기관 기재: 접근 통제, 악성프로그램 방지]"),
        (true, "③ 물리적 조치"),
        (true, "○ [기관 기재: 전산실·자료보관실의 출입통제와 잠금장치]"),
        (true, "특정 개인을 알아보기 위한 목적으로 가명정보를 처리하지 않습니다(법 제28조의5)."),
    ];
    said.iter().filter(|(is_so, _)| *is_so).map(|(_, line)| (*line).to_owned()).collect()
}

const RECORDED: &str = "○ 가명정보의 처리 목적, 항목, 이용내역, 제공받는 자와 처리 기간을 기록하고, 기록이 위조·변조되지 않았음을 전자서명으로 확인할 수 있게 보관합니다.";
const RIGHTS_HELD: &str = "○ 가명정보와 추가정보에 대한 접근권한을 구분하여 부여하고, 그 부여·변경·말소 내역을 기록하여 3년 이상 보관합니다.";
const NO_RIGHTS: &str = "○ [기관 기재: 가명정보와 추가정보에 대한 접근권한의 분리와 관리. 처리 기록에 권한 부여 내역이 없습니다.]";
const REVIEWED: &str = "○ 가명처리 계획과 결과의 적정성을 검토하고 승인을 받습니다.";
const NOT_REVIEWED: &str = "○ [기관 기재: 가명처리 계획의 승인과 결과의 적정성 검토. 두 기록이 모두 있지는 않은 처리가 있습니다.]";
const DESTROYED_AT_ONCE: &str = "○ 더 이상 필요하지 않은 추가정보는 가명처리가 끝날 때 파기합니다";
const NOT_SEPARATE: &str = "○ [기관 기재: 가명정보와 추가정보의 분리 보관. 소유 계정과 파일 시스템이 모두 같거나 확인되지 않은 처리가 기록에 있습니다.]";
const KEYS_CHANGED: &str =
    "○ 가명정보를 만드는 데 쓰는 비밀키는 정해진 기간마다 바꾸고, 접근을 제한하여 보관합니다.";
const KEYS_HELD: &str = "○ 가명정보를 만드는 데 쓰는 비밀키는 접근을 제한하여 보관합니다.";
const MEASURED: &str =
    "○ 가명정보를 내보내기 전에 재식별 위험을 측정하고, 기준에 미치지 못하는 행을 삭제합니다.";
const ACCESSES: &str =
    "○ 가명정보를 처리한 사람의 식별자, 접속일시, 접속지, 처리한 정보와 수행업무를 기록합니다.";
const DESTROYED: &str = "○ 추가정보를 파기하고 그 내역을 기록합니다.";

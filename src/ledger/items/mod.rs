//! A kind of record and its body in; what the law asks for and is not there, out.
//!
//! Every kind has its items in a table: where each stands in the body, what it is called
//! in the forms, where the law or a form asks for it, and when it is needed. Whoever
//! writes a record, checks a ledger or prints a form reads the same table.
//!
//! ```text
//! body ─► check ─► append            body of a file ─► schema ─► check ─► append
//! records ─► verify (`items`)        items ─► headings of forms, docs/records.md
//! ```
//!
//! What a record has beyond its items is not looked at here.
//!
//! Source: 개인정보 보호법 제28조의4, 제34조; 시행령 제29조의5; 개인정보의 안전성 확보조치
//! 기준; 표준 개인정보 보호지침 제55조; 가명정보 처리 가이드라인(2026.3), forms 1 to 10.
//!
//! Not here: what records must say about each other (`laws`).

use std::fmt;

use bumpalo::Bump;
use serde_json::{Map, Value, json};

use super::json::{Node, Table};
use super::record::Kind;

pub mod constants;
mod destruction;
pub mod example;
mod form;
mod people;
mod runs;

pub use form::{Form, Item, Need};

/// Who may write records of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// This program alone: it saw what it records.
    Program,
    /// A person, of what this program did not see; and the program of what it did.
    Person,
}

/// What is laid down about a kind of record.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// Its name in Korean.
    pub korean: &'static str,
    /// Its name in English.
    pub english: &'static str,
    /// The form or ledger that it fills.
    pub form: &'static str,
    /// Who may write it.
    pub writer: Writer,
    /// Its items, in the order of the form.
    pub items: &'static [Item],
}

/// An item that is missing, or in no form that it may have. Says which item, never what
/// stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// Where it stands in the body, as `items[0].technique_ko`.
    pub path: String,
    /// Its name in Korean.
    pub korean: &'static str,
    /// Its name in English.
    pub english: &'static str,
    /// Where it is asked for.
    pub law: &'static str,
    /// What is wrong.
    pub what: Wrong,
}

/// What is wrong with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is not there, or empty.
    Missing,
    /// It is there and something else than this.
    Form(&'static str),
    /// There are fewer than are needed.
    Few {
        /// How many are needed.
        least: usize,
    },
}

/// Everything that a body lacks: one at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    /// The kind of record.
    pub kind: Kind,
    /// What it lacks, in the order of its items.
    pub lacks: Vec<Lack>,
}

/// Looks for what the body of a record of this kind needs.
///
/// # Errors
///
/// [`Lacking`] names every item that is missing or in another form.
///
/// # Examples
///
/// ```
/// use gamyeong::ledger::items::check;
/// use gamyeong::ledger::record::Kind;
/// use serde_json::json;
///
/// let mut body = json!({"pipeline": "visits", "date": "2026-11-20"});
/// assert!(check(Kind::RunPublished, body.as_object().unwrap()).is_ok());
/// body["date"] = json!("yesterday");
/// let lacking = check(Kind::RunPublished, body.as_object().unwrap()).unwrap_err();
/// assert_eq!(lacking.lacks[0].path, "date");
/// ```
pub fn check(kind: Kind, body: &Map<String, Value>) -> Result<(), Box<Lacking>> {
    of_table(kind, Table::of(body, &Bump::new()))
}

/// See [`check`].
///
/// # Errors
///
/// As there.
pub(super) fn of_table(kind: Kind, body: Table<'_>) -> Result<(), Box<Lacking>> {
    let kept = of(kind);
    let mut lacks = Vec::new();
    form::table(kept.items, body, None, &mut lacks);
    if let Some(least) = reviewers(kind, body) {
        let found = body.get("reviewers").and_then(Node::as_list).map_or(0, <[Node<'_>]>::len);
        let item = kept.items.iter().find(|item| item.key == "reviewers");
        if let Some(item) = item.filter(|_| found > 0 && found < least) {
            lacks.push(item.lack("reviewers".to_owned(), Wrong::Few { least }));
        }
    }
    if lacks.is_empty() { Ok(()) } else { Err(Box::new(Lacking { kind, lacks })) }
}

/// How many people must review: one where the risk is low, two where it is middling,
/// a committee of three where it is high (가이드라인, 적정성 검토).
fn reviewers(kind: Kind, body: Table<'_>) -> Option<usize> {
    if kind != Kind::AdequacyReview {
        return None;
    }
    let grade = body.get("grade").and_then(Node::as_str)?;
    let place = constants::GRADES.iter().position(|known| *known == grade)?;
    Some(place + 1)
}

/// The structure of a body as a JSON Schema (2020-12), for readers of files.
#[must_use]
pub fn schema(kind: Kind) -> Value {
    let mut schema = form::schema_of(of(kind).items);
    schema["title"] = json!(kind.as_str());
    schema
}

/// What is laid down about a kind.
#[must_use]
pub fn of(kind: Kind) -> Kept {
    match kind {
        Kind::LedgerInit
        | Kind::ConfigChange
        | Kind::Recovery
        | Kind::Heartbeat
        | Kind::NightBlocked
        | Kind::SegmentSealed
        | Kind::VerifyDone
        | Kind::Anchor
        | Kind::RunBegin
        | Kind::RunInput
        | Kind::RunCommit
        | Kind::RunPublished
        | Kind::RunRefused
        | Kind::RunUndone
        | Kind::KeyCreate => of_program(kind),
        Kind::KeyRetired
        | Kind::KeyDestroyed
        | Kind::AdditionalDestroyed
        | Kind::DataDestroyed
        | Kind::RetentionRequested
        | Kind::RetentionApproved
        | Kind::RetentionDone
        | Kind::RiskReview
        | Kind::AdequacyReview
        | Kind::PlanApproved
        | Kind::Provision
        | Kind::CombinationFiles
        | Kind::Incident
        | Kind::RightsGranted
        | Kind::RightsChanged
        | Kind::RightsRevoked
        | Kind::Access => of_people(kind),
    }
}

/// Of what this program alone writes.
fn of_program(kind: Kind) -> Kept {
    let (korean, english, form, items) = if kind == Kind::LedgerInit {
        ("처리 기록 개설", "ledger opened", "-", runs::LEDGER_INIT)
    } else if kind == Kind::ConfigChange {
        ("설정 변경", "configuration changed", "-", runs::CONFIG_CHANGE)
    } else if kind == Kind::Recovery {
        ("기록 복구", "ledger recovered", "-", runs::RECOVERY)
    } else if kind == Kind::Heartbeat {
        ("처리 없음", "night without input", "-", runs::HEARTBEAT)
    } else if kind == Kind::NightBlocked {
        ("가명처리 보류", "night blocked", "-", runs::NIGHT_BLOCKED)
    } else if kind == Kind::SegmentSealed {
        ("기록 묶음 봉인", "segment sealed", "-", runs::SEGMENT_SEALED)
    } else if kind == Kind::VerifyDone {
        ("기록 검증", "ledger verified", "-", runs::VERIFY_DONE)
    } else if kind == Kind::Anchor {
        ("기록 시점 확인", "anchor", "-", runs::ANCHOR)
    } else if kind == Kind::RunBegin {
        ("가명처리 시작", "run begun", "-", runs::RUN_BEGIN)
    } else if kind == Kind::RunInput {
        ("원천 자료", "input read", "서식 ❹", runs::RUN_INPUT)
    } else if kind == Kind::RunCommit {
        ("가명처리 기록", "processing record", "서식 ❺ ❿", runs::RUN_COMMIT)
    } else if kind == Kind::RunPublished {
        ("가명정보 생성", "run published", "-", runs::RUN_ENDED)
    } else if kind == Kind::RunRefused {
        ("가명처리 거부", "run refused", "-", runs::RUN_STOPPED)
    } else if kind == Kind::RunUndone {
        ("가명처리 취소", "run undone", "-", runs::RUN_STOPPED)
    } else {
        ("비밀키 생성", "key created", "서식 ❿", destruction::KEY_CREATE)
    };
    Kept { korean, english, form, writer: Writer::Program, items }
}

/// Of what people review, decide and do.
fn of_people(kind: Kind) -> Kept {
    let (korean, english, form, items) = if kind == Kind::KeyRetired {
        ("비밀키 사용 중지", "key retired", "서식 ❿", destruction::KEY_RETIRED)
    } else if kind == Kind::KeyDestroyed {
        ("비밀키 파기", "key destroyed", "서식 ❿", destruction::KEY_DESTROYED)
    } else if kind == Kind::AdditionalDestroyed {
        let english = "additional information destroyed";
        ("추가정보 파기", english, "서식 ❿", destruction::ADDITIONAL_DESTROYED)
    } else if kind == Kind::DataDestroyed {
        let english = "pseudonymised information destroyed";
        ("가명정보 파기", english, "서식 ❿, 별지 5호", destruction::DATA_DESTROYED)
    } else if kind == Kind::RetentionRequested {
        ("파기 요청", "destruction requested", "별지 4호", destruction::RETENTION_REQUESTED)
    } else if kind == Kind::RetentionApproved {
        ("파기 승인", "destruction approved", "별지 4호", destruction::RETENTION_APPROVED)
    } else if kind == Kind::RetentionDone {
        ("파기 확인", "destruction confirmed", "별지 5호", destruction::RETENTION_DONE)
    } else if kind == Kind::RiskReview {
        ("위험성 검토", "risk review", "서식 ❸", people::RISK_REVIEW)
    } else if kind == Kind::AdequacyReview {
        ("적정성 검토", "adequacy review", "서식 ❼", people::ADEQUACY_REVIEW)
    } else if kind == Kind::PlanApproved {
        ("계획 승인", "plan approved", "서식 ❹", people::PLAN_APPROVED)
    } else if kind == Kind::Provision {
        ("제공", "provision", "서식 ❿, 제공대장", people::PROVISION)
    } else if kind == Kind::CombinationFiles {
        ("결합 파일 생성", "combination files", "서식 ❿", people::COMBINATION_FILES)
    } else if kind == Kind::Incident {
        ("유출등 사고", "incident", "법 제34조", people::INCIDENT)
    } else if kind == Kind::RightsGranted {
        ("접근권한 부여", "rights granted", "서식 ❿ 접근권한 관리대장", people::RIGHTS_GRANTED)
    } else if kind == Kind::RightsChanged {
        ("접근권한 변경", "rights changed", "서식 ❿ 접근권한 관리대장", people::RIGHTS_CHANGED)
    } else if kind == Kind::RightsRevoked {
        ("접근권한 말소", "rights revoked", "서식 ❿ 접근권한 관리대장", people::RIGHTS_REVOKED)
    } else {
        ("접속기록", "access", "접속기록", people::ACCESS)
    };
    Kept { korean, english, form, writer: Writer::Person, items }
}

impl Lack {
    /// What should be there, in words.
    #[must_use]
    pub fn expected(&self) -> String {
        let Self { path, korean, english, .. } = self;
        let form = match self.what {
            Wrong::Missing => "there".to_owned(),
            Wrong::Form(form) => form.to_owned(),
            Wrong::Few { least } => format!("{least} at least"),
        };
        format!("`{path}`, {english} ({korean}): {form}")
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, korean, english, law, what } = self;
        write!(f, "`{path}`: {english} ({korean}) ")?;
        match what {
            Wrong::Missing => write!(f, "is missing")?,
            Wrong::Form(expected) => write!(f, "is not in its form, expected {expected}")?,
            Wrong::Few { least } => write!(f, "has too few entries, at least {least} expected")?,
        }
        if *law == form::OWN { Ok(()) } else { write!(f, ", asked for by {law}") }
    }
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record `{}`: ", self.kind.as_str())?;
        for (index, lack) in self.lacks.iter().take(SHOWN).enumerate() {
            write!(f, "{}{lack}", if index == 0 { "" } else { "; " })?;
        }
        match self.lacks.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl std::error::Error for Lacking {}

/// Items that a message names.
const SHOWN: usize = 5;

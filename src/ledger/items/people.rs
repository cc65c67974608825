//! Items of what people review, decide, hand over and open.
//!
//! Posts and accounts, no names of people: records outlive them.

use super::constants::{
    CONDITIONAL, FITS, GRADES, INCIDENTS, OPENED, PLACES, RECOGNISABLE, RESULTS, REVIEWED, ROLES,
    SCOPES, TASKS,
};
use super::form::{Form, Item, Need};
use super::runs::{
    ACT, INFO_KIND, ITEMS, LEDGER, MANAGEMENT_NO, OPERATOR, PERIOD_END, PERIOD_NONE_REASON,
    PERIOD_START, PIPELINE, PIPELINE_SHA256, POST, PROVIDING, PSEUDONYMISED, PURPOSE_CATEGORY,
    PURPOSE_DETAIL, RECIPIENT, SUPERVISOR,
};

const RISK: &str = "서식 ❸";
const PLAN: &str = "서식 ❹";
const ADEQUACY: &str = "서식 ❼";
const RIGHTS: &str = "서식 ❿ 접근권한 관리대장";
const ACCESS_RECORD: &str = "안전성 확보조치 기준 제8조";
const CONTRACT: &str = "제공 계약서";
const BREACH: &str = "법 제34조";
const RECOGNISED: &str = "법 제28조의5제2항";
const COMBINATION: &str = "법 제28조의3제1항";

/// What was signed, line by line: no text of a record has a line break.
pub(super) const TEXT: Item =
    Item::new("text", "서명한 글", "signed text", Form::Texts).need(Need::With("signatures"));
/// The lines of its signatures (C2SP signed note).
pub(super) const SIGNATURES: Item =
    Item::new("signatures", "전자서명", "signatures", Form::Texts).need(Need::With("text"));

/// The record that this one takes the place of in what people read: both stay. What is signed has
/// none, for a later review or approval counts before an earlier one by itself.
pub(super) const CORRECTS: Item =
    Item::new("corrects", "정정하는 기록", "record that this corrects", Form::Number).optional();

const GRADE: Item = Item::new("grade", "최종 위험도", "final grade", Form::One(GRADES));
const REVIEWERS: Item = Item::new("reviewers", "검토자", "reviewers", Form::Tables(POST));
const REVIEWED_ON: Item = Item::new("reviewed_on", "검토일", "day of the review", Form::Day);
const RESULT: Item = Item::new("result", "검토 결과", "result", Form::One(RESULTS));
const CONDITION: Item = Item::new("condition", "승인 조건", "condition", Form::Text)
    .need(Need::If("result", CONDITIONAL));

pub(super) const RISK_REVIEW: &[Item] = &[
    MANAGEMENT_NO,
    PIPELINE.optional(),
    PURPOSE_CATEGORY,
    PURPOSE_DETAIL,
    Item::new("target", "가명처리 대상", "what is pseudonymised", Form::Text).law(RISK),
    Item::new("users", "활용하려는 자", "who will use it", Form::Text).law(RISK),
    Item::new("step1", "1단계 판단", "first step", Form::Text).law(RISK),
    Item::new("step2", "2단계 판단", "second step", Form::Text).law(RISK).optional(),
    Item::new("adjustments", "위험도 조정", "adjustments", Form::Texts).law(RISK).optional(),
    Item::new("reason", "판단 이유", "reason of the judgement", Form::Text).law(RISK),
    GRADE.law(RISK),
    Item::new("opinion", "종합 검토 결과", "overall opinion", Form::Text).law(RISK),
    REVIEWED_ON.law(RISK),
    REVIEWERS.law(RISK),
    TEXT,
    SIGNATURES,
];

/// One of the five checks.
const CHECK: &[Item] = &[
    Item::new("result", "적합 여부", "result", Form::One(FITS)).law(ADEQUACY),
    Item::new("opinion", "검토 의견", "opinion", Form::Text).law(ADEQUACY),
];

pub(super) const ADEQUACY_REVIEW: &[Item] = &[
    MANAGEMENT_NO,
    PIPELINE,
    PIPELINE_SHA256.optional(),
    Item::new("run", "검토한 처리", "run that was reviewed", Form::Text).optional(),
    GRADE.law(ADEQUACY),
    Item::new("purpose", "목적 적합성", "fitness of the purpose", Form::Table(CHECK)).law(ADEQUACY),
    Item::new("items", "이용 항목 적합성", "fitness of the items", Form::Table(CHECK))
        .law(ADEQUACY),
    Item::new("risk", "위험도 판단의 적정성", "judgement of the risk", Form::Table(CHECK))
        .law(ADEQUACY),
    Item::new("pseudonymisation", "가명처리의 적정성", "adequacy", Form::Table(CHECK))
        .law(ADEQUACY),
    Item::new("attainment", "목적 달성 가능성", "purpose attainable", Form::Table(CHECK))
        .law(ADEQUACY),
    RESULT.law(ADEQUACY),
    CONDITION.law(ADEQUACY),
    REVIEWED_ON.law(ADEQUACY),
    REVIEWERS.law(ADEQUACY),
    TEXT,
    SIGNATURES,
];

pub(super) const PLAN_APPROVED: &[Item] = &[
    MANAGEMENT_NO,
    PIPELINE,
    PIPELINE_SHA256.law(PLAN),
    Item::new("changed", "변경된 검토 사항", "what was changed", Form::Some(REVIEWED)).optional(),
    Item::new("reason", "판단 이유", "reason of the judgement", Form::Text).law(PLAN),
    RESULT.law(PLAN),
    CONDITION.law(PLAN),
    Item::new("approver", "승인자", "approver", Form::Table(POST)).law(PLAN),
    Item::new("approved_on", "승인일", "day of the approval", Form::Day).law(PLAN),
    TEXT,
    SIGNATURES,
];

pub(super) const PROVISION: &[Item] = &[
    MANAGEMENT_NO,
    PSEUDONYMISED,
    PROVIDING,
    PIPELINE,
    Item::new("provided_on", "제공일", "day of the provision", Form::Day).law(LEDGER),
    Item::new("recipient", "제공받는 자", "recipient", Form::Text).law(RECIPIENT),
    PURPOSE_CATEGORY,
    PURPOSE_DETAIL,
    Item::new("items", "제공하는 항목", "items provided", Form::Texts).law(ITEMS),
    PERIOD_START,
    PERIOD_END,
    PERIOD_NONE_REASON,
    Item::new("place", "처리환경", "where it is worked with", Form::One(PLACES)).law("서식 ❶"),
    Item::new("times", "제공 방식", "once or repeatedly", Form::Text).law("서식 ❶"),
    Item::new("contract", "계약 번호", "contract", Form::Text).law(CONTRACT),
    Item::new("clauses", "계약 조항", "clauses", Form::Texts).law(CONTRACT),
    Item::new("sha256", "제공 파일 요약값", "digest of what was provided", Form::Digest).optional(),
    OPERATOR,
    SUPERVISOR,
    CORRECTS,
];

/// A file that is handed to an agency.
const FILE: &[Item] = &[
    Item::new("name", "파일명", "name of the file", Form::Text),
    Item::new("sha256", "요약값(SHA-256)", "digest", Form::Digest),
    Item::new("rows", "건수", "rows", Form::Number),
];

pub(super) const COMBINATION_FILES: &[Item] = &[
    MANAGEMENT_NO,
    INFO_KIND,
    ACT,
    PIPELINE,
    Item::new("made_on", "생성일", "day of creation", Form::Day).law(LEDGER),
    Item::new("agency", "결합전문기관", "combination agency", Form::Text).law(COMBINATION),
    Item::new("key_agency", "결합키관리기관", "key agency", Form::Text).law(COMBINATION),
    Item::new("other", "결합 상대 기관", "other controller", Form::Text).law(COMBINATION),
    PURPOSE_CATEGORY,
    PURPOSE_DETAIL,
    Item::new("items", "결합 대상 항목", "items to be combined", Form::Texts).law(ITEMS),
    Item::new("files", "결합 파일", "files", Form::Tables(FILE)).law(COMBINATION),
    OPERATOR,
    SUPERVISOR,
    CORRECTS,
];

pub(super) const INCIDENT: &[Item] = &[
    Item::new("kind", "유출등 구분", "kind of incident", Form::One(INCIDENTS)).law(BREACH),
    MANAGEMENT_NO.optional(),
    PIPELINE.optional(),
    Item::new("known_at", "알게 된 일시", "when it was known", Form::Instant).law(BREACH),
    Item::new("happened", "시점과 경위", "when and how it happened", Form::Text).law(BREACH),
    Item::new("items", "유출등이 된 항목", "items concerned", Form::Texts).law(BREACH),
    Item::new("subjects", "정보주체 수", "data subjects", Form::Number)
        .law(BREACH)
        .need(Need::Without("subjects_unknown")),
    Item::new(
        "subjects_unknown",
        "정보주체 수를 모르는 사유",
        "why their number is not known",
        Form::Text,
    )
    .law(BREACH)
    .need(Need::Without("subjects")),
    Item::new("stopped_at", "처리 중지 일시", "when processing was stopped", Form::Instant)
        .law(RECOGNISED)
        .need(Need::If("kind", RECOGNISABLE)),
    Item::new("retrieved", "회수 조치", "what was retrieved", Form::Text)
        .law(RECOGNISED)
        .need(Need::If("kind", RECOGNISABLE)),
    Item::new("destroyed", "파기 조치", "what was destroyed", Form::Text)
        .law(RECOGNISED)
        .need(Need::If("kind", RECOGNISABLE)),
    Item::new("measures", "대응 조치", "measures", Form::Text).law(BREACH),
    Item::new("reported_at", "신고 일시", "when it was reported", Form::Instant)
        .law(BREACH)
        .need(Need::Without("not_reported")),
    Item::new("not_reported", "신고하지 않은 사유", "why it was not reported", Form::Text)
        .law(BREACH)
        .need(Need::Without("reported_at")),
    OPERATOR,
    SUPERVISOR,
    CORRECTS,
];

const ACCOUNT: Item = Item::new("account", "취급자(계정)", "account", Form::Text).law(RIGHTS);
const HOLDER: Item =
    Item::new("holder", "소속·직위", "post of the holder", Form::Table(POST)).law(RIGHTS);
pub(super) const HOLDER_IP: Item =
    Item::new("holder_ip", "취급자 IP", "address of the holder", Form::Text).law(RIGHTS);
const ROLE: Item =
    Item::new("role", "역할", "role", Form::One(ROLES)).law("시행령 제29조의5제1항제3호");
const SCOPE: Item = Item::new("scope", "권한 범위", "scope", Form::Some(SCOPES)).law(RIGHTS);
const REASON: Item = Item::new("reason", "처리 내역 및 사유", "reason", Form::Text).law(RIGHTS);
const REQUESTED_ON: Item =
    Item::new("requested_on", "신청일자", "day of the request", Form::Day).law(RIGHTS);
/// The public key of a person who signs approvals: `name+id+base64`.
const PUBLIC_KEY: Item = Item::new("public_key", "검증키", "public key", Form::Text).optional();

pub(super) const RIGHTS_GRANTED: &[Item] = &[
    REQUESTED_ON,
    MANAGEMENT_NO,
    ACCOUNT,
    HOLDER,
    HOLDER_IP,
    ROLE,
    INFO_KIND,
    SCOPE,
    REASON,
    Item::new("granted_on", "부여일자", "day of the grant", Form::Day).law(RIGHTS),
    PUBLIC_KEY,
    OPERATOR,
    SUPERVISOR,
    CORRECTS,
];

pub(super) const RIGHTS_CHANGED: &[Item] = &[
    REQUESTED_ON,
    MANAGEMENT_NO,
    ACCOUNT,
    HOLDER,
    HOLDER_IP,
    ROLE,
    INFO_KIND,
    SCOPE,
    Item::new("was", "변경 전 권한", "rights before", Form::Text).law(RIGHTS),
    REASON,
    Item::new("changed_on", "변경일자", "day of the change", Form::Day).law(RIGHTS),
    OPERATOR,
    SUPERVISOR,
    CORRECTS,
];

pub(super) const RIGHTS_REVOKED: &[Item] = &[
    MANAGEMENT_NO,
    ACCOUNT,
    HOLDER,
    INFO_KIND,
    REASON,
    Item::new("revoked_on", "말소일자", "day of the revocation", Form::Day).law(RIGHTS),
    PUBLIC_KEY,
    OPERATOR,
    SUPERVISOR,
    CORRECTS,
];

pub(super) const ACCESS: &[Item] = &[
    Item::new("account", "식별자", "account", Form::Text).law(ACCESS_RECORD),
    Item::new("at", "접속일시", "instant", Form::Instant).law(ACCESS_RECORD),
    Item::new("from", "접속지", "place", Form::Text).law(ACCESS_RECORD),
    Item::new("subjects", "정보주체 수", "data subjects", Form::Number)
        .law(ACCESS_RECORD)
        .need(Need::Without("entries")),
    Item::new("entries", "열람한 건수", "entries opened", Form::Number)
        .law(ACCESS_RECORD)
        .optional(),
    Item::new("info_kind", "정보구분", "kind of information", Form::One(OPENED)).law(ACCESS_RECORD),
    Item::new("object", "처리한 정보", "what was opened", Form::Text).law(ACCESS_RECORD),
    Item::new("task", "수행업무", "task", Form::One(TASKS)).law(ACCESS_RECORD),
    Item::new("reason", "사유", "reason", Form::Text).optional(),
    MANAGEMENT_NO.optional(),
];

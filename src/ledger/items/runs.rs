//! Items of what this program records by itself: runs, and the ledger's own life.

use super::constants::{
    ACTS, BASES, GRADES, HELD, INFO_KINDS, MEANS, OUTCOMES, PURPOSES, REVIEWED, STAMPED, TASKS,
    TURNS, USES, WITNESSED,
};
use super::form::{Form, Item, Need};

/// Items of the processing record (시행령 제29조의5제2항), by their numbers.
pub(super) const PURPOSE: &str = "시행령 제29조의5제2항제1호";
pub(super) const ITEMS: &str = "시행령 제29조의5제2항제2호";
pub(super) const USAGE: &str = "시행령 제29조의5제2항제3호";
pub(super) const RECIPIENT: &str = "시행령 제29조의5제2항제4호";
pub(super) const PERIOD: &str = "시행령 제29조의5제2항제5호";
/// The ledger of processings (처리대장).
pub(super) const LEDGER: &str = "서식 ❿ 처리대장";
const SEPARATION: &str = "법 제28조의4제1항";
const PROCESSOR: &str = "법 제26조";
const ACCESS: &str = "안전성 확보조치 기준 제8조";
const RESULT: &str = "서식 ❺";
const PLAN: &str = "서식 ❹";
const REPEAT: &str = "가명처리 가이드라인(반복·유사 활용)";

/// A post that answers for something.
pub(super) const POST: &[Item] = &[
    Item::new("body", "소속", "body", Form::Text).optional(),
    Item::new("post", "직위", "post", Form::Text),
];

pub(super) const MANAGEMENT_NO: Item =
    Item::new("management_no", "관리번호", "management number", Form::Text).law(LEDGER);
pub(super) const INFO_KIND: Item =
    Item::new("info_kind", "정보구분", "kind of information", Form::One(INFO_KINDS)).law(LEDGER);
pub(super) const ACT: Item = Item::new("act", "처리구분", "act", Form::One(ACTS)).law(LEDGER);
/// Of what the form has one word for.
pub(super) const PSEUDONYMISED: Item =
    Item::new("info_kind", "정보구분", "kind of information", Form::One(&["가명정보"])).law(LEDGER);
pub(super) const ADDITIONAL_ONLY: Item =
    Item::new("info_kind", "정보구분", "kind of information", Form::One(&["추가정보"])).law(LEDGER);
pub(super) const DESTROYING: Item =
    Item::new("act", "처리구분", "act", Form::One(&["파기"])).law(LEDGER);
pub(super) const PROVIDING: Item =
    Item::new("act", "처리구분", "act", Form::One(&["제공"])).law(LEDGER);
pub(super) const OPERATOR: Item =
    Item::new("operator", "담당자", "operator", Form::Table(POST)).law(LEDGER);
pub(super) const SUPERVISOR: Item =
    Item::new("supervisor", "책임자", "supervisor", Form::Table(POST)).law(LEDGER);
pub(super) const PIPELINE: Item = Item::new("pipeline", "가명처리 이름", "pipeline", Form::Text);
pub(super) const PIPELINE_SHA256: Item =
    Item::new("pipeline_sha256", "처리 설정 요약값", "digest of the pipeline", Form::Digest);
/// Of a file with a fault: nobody knows its lists.
const FILE_SHA256: Item =
    Item::new("file_sha256", "처리 설정 파일 요약값", "digest of the pipeline file", Form::Digest)
        .need(Need::Without("pipeline_sha256"));
pub(super) const PURPOSE_CATEGORY: Item =
    Item::new("purpose_category", "처리 목적", "purpose", Form::One(PURPOSES)).law(PURPOSE);
pub(super) const PURPOSE_DETAIL: Item =
    Item::new("purpose_detail", "세부 목적", "purpose in detail", Form::Text).law(PURPOSE);
pub(super) const PERIOD_START: Item =
    Item::new("period_start", "처리 기간 첫날", "first day of the period", Form::Day)
        .law(PERIOD)
        .need(Need::With("period_end"));
pub(super) const PERIOD_END: Item =
    Item::new("period_end", "처리 기간 끝날", "last day of the period", Form::Day)
        .law(PERIOD)
        .need(Need::Without("period_none_reason"));
pub(super) const PERIOD_NONE_REASON: Item = Item::new(
    "period_none_reason",
    "처리 기간을 정하지 않은 사유",
    "why there is no period",
    Form::Text,
)
.law(PERIOD)
.need(Need::Without("period_end"));

const DATE: Item = Item::new("date", "원천 일자", "date of the input", Form::Day);
const POLICY: Item =
    Item::new("policy", "개인정보 처리방침(시행일)", "privacy policy of", Form::Day);
const TOOL: Item = Item::new("tool_version", "처리 프로그램", "program and version", Form::Text);
const RULESET: Item = Item::new("ruleset_version", "적용 법령", "state of the law", Form::Text);
const NAME: Item = Item::new("name", "이름", "name", Form::Text);
const SHA256: Item = Item::new("sha256", "요약값(SHA-256)", "digest", Form::Digest);
const BYTES: Item = Item::new("bytes", "크기", "bytes", Form::Number);
const SUPERSEDES: Item =
    Item::new("supersedes", "대체한 처리", "superseded run", Form::Text).optional();

pub(super) const LEDGER_INIT: &[Item] = &[
    Item::new("controller", "개인정보처리자 식별자", "controller", Form::Text),
    Item::new("name", "개인정보처리자", "name of the controller", Form::Text),
    Item::new("parent", "상급 기관", "parent body", Form::Text).optional(),
    RULESET,
    TOOL,
];

const FOUND: &[Item] = &[
    NAME,
    Item::new("files", "파일 수", "files", Form::Number),
    Item::new("bytes", "크기", "bytes", Form::Number).optional(),
];

pub(super) const RUN_BEGIN: &[Item] = &[
    PIPELINE,
    PIPELINE_SHA256,
    MANAGEMENT_NO,
    DATE,
    POLICY,
    Item::new("sources", "원천 자료", "sources", Form::Tables(FOUND)),
    SUPERSEDES,
    FROM,
    TOOL,
];

pub(super) const HEARTBEAT: &[Item] = &[
    PIPELINE,
    PIPELINE_SHA256,
    MANAGEMENT_NO,
    DATE,
    POLICY,
    Item::new("sources", "원천 자료", "sources", Form::Tables(FOUND)),
    TOOL,
];

const LINES: Item = Item::new("lines", "원천 행 수", "lines", Form::Number).law(PLAN);
const ROWS: Item = Item::new("rows", "가명정보 행 수", "rows", Form::Number).law(PLAN);
const REJECTED: Item = Item::new("rejected", "해석 불가 행", "rejected lines", Form::Number);
const SUPPRESSED: Item =
    Item::new("suppressed", "삭제한 행", "suppressed rows", Form::Number).law(RESULT);
const EXCLUDED: Item = Item::new("excluded", "대상이 아닌 행", "excluded lines", Form::Number);
const BLANK: Item = Item::new("blank", "빈 행", "blank lines", Form::Number);

const FILE: &[Item] = &[SHA256, BYTES, LINES, ROWS, REJECTED, SUPPRESSED, EXCLUDED, BLANK];

pub(super) const RUN_INPUT: &[Item] = &[
    Item::new("source", "원천 자료", "source", Form::Text),
    Item::new("files", "원천 파일", "files", Form::Tables(FILE)).law(PLAN),
];

const CONTROLLER: &[Item] = &[
    Item::new("id", "식별자", "id", Form::Text),
    NAME,
    Item::new("parent", "상급 기관", "parent body", Form::Text).optional(),
];

const CONTRACTOR: &[Item] = &[
    Item::new("name", "수탁자", "processor", Form::Text).law(PROCESSOR),
    Item::new("work", "위탁 업무", "work entrusted", Form::Text).law(PROCESSOR),
    Item::new("contract", "위탁 계약 번호", "contract", Form::Text).optional(),
];

const ITEM: &[Item] = &[
    Item::new("source", "표", "table", Form::Text),
    Item::new("name", "열 이름", "column", Form::Text),
    Item::new("label", "항목명", "label", Form::Text).law(ITEMS),
    Item::new("field", "원천 항목", "field", Form::Text).law(ITEMS),
    Item::new("technique", "가명처리 기법(설정값)", "technique", Form::Text),
    Item::new("technique_ko", "가명처리 기법", "technique in Korean", Form::Text).law(PLAN),
    Item::new("parameters_ko", "가명처리 정도", "parameters in Korean", Form::Text)
        .law(PLAN)
        .optional(),
    Item::new("role", "항목 구분", "role", Form::Text).law(PLAN),
    Item::new("reason", "사유", "reason", Form::Text).optional(),
];

/// Usage of pseudonymised information: the five fields of an access record.
const FROM: Item = Item::new("from", "접속지", "place", Form::Text).law(ACCESS);

const USE: &[Item] = &[
    Item::new("account", "식별자", "account", Form::Text).law(ACCESS),
    Item::new("at", "접속일시", "instant", Form::Instant).law(ACCESS),
    FROM,
    Item::new("subjects", "정보주체 수", "data subjects", Form::Number).law(ACCESS),
    Item::new("task", "수행업무", "task", Form::One(TASKS)).law(ACCESS),
];

const SOURCE: &[Item] = &[
    NAME,
    Item::new("item", "수집 항목", "collected item", Form::Text),
    Item::new("collected_for", "당초 수집 목적", "purpose of collection", Form::Text),
    Item::new("retention", "보유 기간", "retention", Form::Text).law("법 제21조"),
    Item::new("retention_basis", "보유 근거", "basis of the retention", Form::Text),
    Item::new("files", "파일 수", "files", Form::Number),
    LINES,
    ROWS,
    REJECTED,
    SUPPRESSED,
    EXCLUDED,
    BLANK,
];

const OUTPUT: &[Item] = &[
    Item::new("source", "표", "table", Form::Text),
    Item::new("path", "저장 위치", "path", Form::Text),
    Item::new("rows", "행 수", "rows", Form::Number).law(RESULT),
    BYTES,
    SHA256,
];

const SEALED: &[Item] = &[
    Item::new("source", "표", "table", Form::Text),
    Item::new("kind", "추가정보 종류", "kind", Form::Text),
    Item::new("path", "저장 위치", "path", Form::Text),
    Item::new("entries", "건수", "entries", Form::Number),
    BYTES,
    SHA256,
];

const RISK: &[Item] = &[
    Item::new("k", "최소 동질집합(행)", "smallest class in rows", Form::Number).optional(),
    Item::new("k_persons", "최소 동질집합(명)", "smallest class in persons", Form::Number)
        .optional(),
    Item::new("grade", "위험도", "risk grade", Form::One(GRADES)).law("서식 ❸").optional(),
    Item::new("reason", "위험도 판단 이유", "reason of the grade", Form::Text)
        .law("서식 ❸")
        .need(Need::With("grade")),
];

const ADDITIONAL: &[Item] = &[
    Item::new("kinds", "추가정보 종류", "kinds", Form::Texts).law(SEPARATION).optional(),
    Item::new("kept", "보관 여부", "kept", Form::Flag).law(SEPARATION),
    Item::new("epoch", "키 기간", "epoch", Form::Text).optional(),
    Item::new("window", "연결 기간", "linkage window", Form::Text),
    Item::new("reason", "연결 기간 사유", "reason of the window", Form::Text)
        .need(Need::With("epoch")),
    Item::new("mapping_kept", "매핑테이블 보관", "mapping kept", Form::Flag).law(SEPARATION),
    Item::new("mapping_reason", "매핑테이블 보관 사유", "reason of the mapping", Form::Text)
        .optional(),
    Item::new("destruction", "추가정보 파기", "destruction", Form::Text).optional(),
];

pub(super) const RUN_COMMIT: &[Item] = &[
    PIPELINE,
    PIPELINE_SHA256,
    DATE,
    MANAGEMENT_NO,
    INFO_KIND,
    ACT,
    Item::new("controller", "개인정보처리자", "controller", Form::Table(CONTROLLER)),
    OPERATOR,
    SUPERVISOR,
    Item::new("processor", "수탁자", "processors", Form::Tables(CONTRACTOR))
        .law(PROCESSOR)
        .optional(),
    Item::new("cpo", "개인정보 보호책임자", "privacy officer", Form::Table(POST)),
    Item::new("destruction_approver", "파기 승인자", "who approves destruction", Form::Table(POST)),
    PURPOSE_CATEGORY,
    PURPOSE_DETAIL,
    Item::new("legal_basis", "처리 근거", "legal basis", Form::One(BASES)),
    Item::new("environment", "활용 형태", "form of use", Form::One(USES)),
    Item::new("recipient", "제공받는 자", "recipient", Form::Text)
        .law(RECIPIENT)
        .need(Need::If("environment", "제3자 제공")),
    PERIOD_START,
    PERIOD_END,
    PERIOD_NONE_REASON,
    Item::new("items", "가명처리한 개인정보의 항목", "items", Form::Tables(ITEM)).law(ITEMS),
    Item::new("usage", "가명정보의 이용내역", "usage", Form::Tables(USE)).law(USAGE),
    Item::new("turn", "신규·변경·반복", "first, changed or repeated", Form::One(TURNS)).law(REPEAT),
    Item::new("baseline", "기준 기록", "record of the baseline", Form::Number)
        .law(REPEAT)
        .need(Need::If("turn", super::constants::REPEATED)),
    Item::new("approval", "승인 기록", "record of the approval", Form::Number).optional(),
    Item::new("sources", "원천 자료", "sources", Form::Tables(SOURCE)).law(PLAN),
    Item::new("outputs", "가명정보 파일", "outputs", Form::Tables(OUTPUT)).law(RESULT).optional(),
    Item::new("sealed", "봉인한 추가정보", "sealed files", Form::Tables(SEALED))
        .law(SEPARATION)
        .optional(),
    SUPERSEDES,
    Item::new("retired", "대체된 파일", "superseded tables", Form::Texts).optional(),
    Item::new("risk", "위험도", "risk", Form::Table(RISK)).law("서식 ❸"),
    Item::new("additional_info", "추가정보", "additional information", Form::Table(ADDITIONAL))
        .law(SEPARATION),
    Item::new("separation", "분리 보관 확인", "separation found", Form::Found).law(SEPARATION),
    POLICY,
    RULESET,
    TOOL,
];

pub(super) const RUN_ENDED: &[Item] =
    &[PIPELINE, DATE, Item::new("reason", "사유", "reason", Form::Text).optional()];

const EXIT_CODE: Item = Item::new("exit_code", "종료 코드", "exit code", Form::Number);
const REASON: Item = Item::new("reason", "사유", "reason", Form::Text);

pub(super) const RUN_STOPPED: &[Item] = &[PIPELINE, DATE, EXIT_CODE.optional(), REASON];

pub(super) const NIGHT_BLOCKED: &[Item] = &[
    PIPELINE,
    PIPELINE_SHA256.optional(),
    FILE_SHA256,
    MANAGEMENT_NO,
    DATE,
    EXIT_CODE,
    REASON,
    FROM,
    TOOL,
];

pub(super) const CONFIG_CHANGE: &[Item] = &[
    PIPELINE,
    PIPELINE_SHA256,
    Item::new("was_sha256", "이전 설정 요약값", "digest of the pipeline before", Form::Digest),
    MANAGEMENT_NO.optional(),
    Item::new("was_management_no", "이전 관리번호", "management number before", Form::Text)
        .optional(),
    Item::new("changed", "변경된 검토 사항", "what was changed", Form::Some(REVIEWED))
        .law(REPEAT)
        .optional(),
    Item::new("approval", "승인 기록", "record of the approval", Form::Number)
        .law(REPEAT)
        .need(Need::With("changed")),
    Item::new("reason", "변경 사유", "reason", Form::Text),
];

pub(super) const RECOVERY: &[Item] = &[
    Item::new("adopted", "이어 쓴 기록", "adopted record", Form::Number).optional(),
    Item::new("quarantined", "격리한 파일", "files set aside", Form::Tables(ASIDE)).optional(),
];

const ASIDE: &[Item] = &[
    Item::new("file", "파일 이름", "name in the quarantine", Form::Text),
    Item::new("bytes", "크기", "bytes", Form::Number),
    Item::new("sha256", "요약값", "digest", Form::Digest),
];

pub(super) const SEGMENT_SEALED: &[Item] = &[
    Item::new("segment", "묶음 번호", "segment", Form::Number),
    Item::new("first", "첫 기록", "first record", Form::Number),
    Item::new("records", "기록 수", "records", Form::Number),
    Item::new("records_sha256", "기록 요약값", "digest of the records", Form::Digest),
    Item::new("checkpoints_sha256", "체크포인트 요약값", "digest of the checkpoints", Form::Digest),
];

const CHECK: &[Item] = &[
    Item::new("check", "검사", "check", Form::Text),
    Item::new("outcome", "결과", "outcome", Form::One(HELD)),
    Item::new("examined", "살펴본 수", "things looked at", Form::Number),
    Item::new("reason", "확인하지 않은 사유", "why it was not checked", Form::Text)
        .need(Need::If("outcome", "not-checked")),
];

const DATA: &[Item] = &[
    Item::new("asked", "대조 여부", "whether they were looked at", Form::Flag),
    Item::new("result", "대조 결과", "result", Form::One(OUTCOMES)),
    Item::new("files", "파일 수", "files", Form::Number),
    Item::new("bad", "기록과 다른 파일", "files not as recorded", Form::Number),
    Item::new("unread", "읽을 수 없는 파일", "files that could not be read", Form::Number),
    Item::new("destroyed", "파기된 파일", "files destroyed", Form::Number),
];

pub(super) const VERIFY_DONE: &[Item] = &[
    Item::new("account", "식별자", "account", Form::Text),
    Item::new("at", "검증일시", "instant", Form::Instant),
    Item::new("from", "접속지", "place", Form::Text),
    Item::new("size", "검증한 기록 수", "records verified", Form::Number),
    Item::new("root", "검증한 뿌리값", "root over them", Form::Digest),
    Item::new("result", "검증 결과", "result", Form::One(OUTCOMES)),
    Item::new("checks", "검사별 결과", "checks", Form::Tables(CHECK)),
    Item::new("trusted_keys", "따로 받은 공개키의 번호", "ids of the keys brought", Form::Texts)
        .optional(),
    Item::new("earlier", "이어짐을 대조한 이전 기록 수", "records continued", Form::Number)
        .optional(),
    Item::new("data", "표·봉인 파일 대조", "tables and sealed files", Form::Table(DATA)),
];

pub(super) const ANCHOR: &[Item] = &[
    Item::new("means", "확인 방법", "what vouches", Form::One(MEANS)),
    Item::new("size", "확인된 기록 수", "records vouched for", Form::Number),
    Item::new("root", "확인된 뿌리 해시", "root over them", Form::Digest),
    Item::new("path", "보관 위치", "file", Form::Text),
    SHA256,
    Item::new("at", "확인 일시", "when it vouched", Form::Instant),
    Item::new("witness", "증인 공개키", "public key of the witness", Form::Text)
        .need(Need::If("means", WITNESSED)),
    Item::new("policy", "시점확인 정책", "policy of the authority", Form::Text)
        .need(Need::If("means", STAMPED)),
    Item::new("serial", "시점확인 일련번호", "number of the stamp", Form::Text)
        .need(Need::If("means", STAMPED)),
];

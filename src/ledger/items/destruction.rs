//! Items of keys and of destruction.
//!
//! What was overwritten is known; what a medium that copies still holds is not: every
//! destruction says whether it is certain.

use super::constants::{CERTAINTIES, DESTRUCTION};
use super::form::{Form, Item, Need};
use super::people::{CORRECTS, SIGNATURES, TEXT};
use super::runs::{
    ACT, ADDITIONAL_ONLY, DESTROYING, INFO_KIND, LEDGER, MANAGEMENT_NO, OPERATOR, PIPELINE, POST,
    PSEUDONYMISED, SUPERVISOR,
};

/// Request of destruction.
const REQUEST: &str = "표준 개인정보 보호지침 별지 4호";
/// Ledger of destructions (파기 관리대장).
const DESTROYED: &str = "표준 개인정보 보호지침 별지 5호";
/// How what is destroyed is destroyed.
const METHOD_OF: &str = "시행령 제16조";
/// Additional information goes when it is not needed any more.
const ADDITIONAL: &str = "시행령 제29조의5제1항제2호";

const EPOCH: Item = Item::new("epoch", "키 기간", "epoch", Form::Text);
const METHOD: Item = Item::new("method", "파기 방법", "method", Form::Text).law(METHOD_OF);
const CERTAINTY: Item =
    Item::new("certainty", "확인·추정", "certain or estimated", Form::One(CERTAINTIES))
        .law(METHOD_OF);
const WHY: Item =
    Item::new("reason", "파기 사유", "reason of the destruction", Form::One(DESTRUCTION))
        .law(DESTROYED);
const DESTROYED_AT: Item =
    Item::new("destroyed_at", "파기 일시", "when it was destroyed", Form::Instant).law(DESTROYED);
const FILE_NAME: Item =
    Item::new("file_name", "개인정보 파일명", "name of the file", Form::Text).law(DESTROYED);
const CREATED_ON: Item =
    Item::new("created_on", "생성일", "day of creation", Form::Day).law(DESTROYED);
const REQUESTED: Item =
    Item::new("request", "요청 기록", "record of the request", Form::Number).law(REQUEST);
const APPROVAL: Item = Item::new("approval", "승인 기록", "record of the approval", Form::Number)
    .law("표준 개인정보 보호지침 제55조")
    .optional();

pub(super) const KEY_CREATE: &[Item] = &[
    MANAGEMENT_NO,
    INFO_KIND,
    ACT,
    PIPELINE,
    EPOCH,
    Item::new("window", "연결 기간", "linkage window", Form::Text),
    Item::new("reason", "연결 기간 사유", "reason of the window", Form::Text),
    OPERATOR,
    SUPERVISOR,
];

pub(super) const KEY_RETIRED: &[Item] = &[
    MANAGEMENT_NO,
    INFO_KIND,
    ACT,
    PIPELINE,
    EPOCH,
    Item::new("retired_on", "사용 중지일", "day of retirement", Form::Day),
    Item::new("reason", "사유", "reason", Form::Text),
    OPERATOR,
    SUPERVISOR,
    CORRECTS,
];

pub(super) const KEY_DESTROYED: &[Item] = &[
    MANAGEMENT_NO,
    ADDITIONAL_ONLY,
    DESTROYING,
    PIPELINE,
    EPOCH,
    DESTROYED_AT,
    WHY.law(ADDITIONAL),
    METHOD,
    CERTAINTY,
    OPERATOR,
    SUPERVISOR,
    CORRECTS,
];

pub(super) const ADDITIONAL_DESTROYED: &[Item] = &[
    MANAGEMENT_NO,
    ADDITIONAL_ONLY,
    DESTROYING,
    PIPELINE,
    Item::new("kinds", "추가정보 종류", "kinds", Form::Texts).law(ADDITIONAL),
    Item::new("paths", "저장 위치", "paths", Form::Texts).optional(),
    DESTROYED_AT,
    WHY.law(ADDITIONAL),
    METHOD,
    CERTAINTY,
    OPERATOR,
    SUPERVISOR,
    CORRECTS,
];

pub(super) const DATA_DESTROYED: &[Item] = &[
    MANAGEMENT_NO,
    PSEUDONYMISED,
    DESTROYING,
    PIPELINE,
    FILE_NAME,
    Item::new("kinds", "자료의 종류", "kinds of data", Form::Texts).law(DESTROYED),
    CREATED_ON,
    DESTROYED_AT,
    WHY,
    METHOD,
    CERTAINTY,
    Item::new("paths", "저장 위치", "paths", Form::Texts).optional(),
    APPROVAL,
    OPERATOR,
    SUPERVISOR,
    CORRECTS,
];

pub(super) const RETENTION_REQUESTED: &[Item] = &[
    MANAGEMENT_NO,
    PIPELINE,
    INFO_KIND,
    FILE_NAME.law(REQUEST),
    CREATED_ON.law(REQUEST),
    Item::new("amount", "현재 보관건수", "entries kept", Form::Number).law(REQUEST).optional(),
    WHY.law(REQUEST),
    Item::new("requested_on", "작성일", "day of the request", Form::Day).law(REQUEST),
    Item::new("due", "파기 일정", "due", Form::Day).law(REQUEST),
    Item::new("remarks", "특기사항", "remarks", Form::Text).law(REQUEST).optional(),
    OPERATOR.law(REQUEST),
    SUPERVISOR.law(LEDGER),
    CORRECTS,
];

pub(super) const RETENTION_APPROVED: &[Item] = &[
    MANAGEMENT_NO,
    REQUESTED,
    Item::new("approver", "승인자", "approver", Form::Table(POST)).law(REQUEST),
    Item::new("approved_on", "파기 승인일", "day of the approval", Form::Day).law(REQUEST),
    METHOD.law(REQUEST),
    Item::new("place", "파기 장소", "place", Form::Text).law(REQUEST).optional(),
    TEXT,
    SIGNATURES,
];

pub(super) const RETENTION_DONE: &[Item] = &[
    MANAGEMENT_NO,
    REQUESTED,
    DESTROYED_AT,
    Item::new("performed_by", "파기 수행자", "who destroyed", Form::Table(POST)).law(REQUEST),
    Item::new("witness", "입회자", "witness", Form::Table(POST)).law(REQUEST).optional(),
    Item::new("checked_how", "폐기 확인 방법", "how it was looked at", Form::Text).law(REQUEST),
    Item::new("backups", "백업 조치 유무", "backups dealt with", Form::Flag).law(REQUEST),
    Item::new("backups_reason", "백업을 조치하지 않은 사유", "why backups were not", Form::Text)
        .law(REQUEST)
        .optional(),
    CERTAINTY,
    Item::new("confirmed_by", "결과 확인자", "who confirms", Form::Table(POST))
        .law("표준 개인정보 보호지침 제55조"),
    Item::new("confirmed_on", "결과 확인일", "day of confirmation", Form::Day)
        .law("표준 개인정보 보호지침 제55조"),
    Item::new("certificate", "파기확인서 번호", "certificate", Form::Text).need(Need::Never),
    CORRECTS,
];

// What is said to people, in Korean and English. What records say stays as it
// was recorded.

let language = "ko";

/** The text in the language that was chosen. */
function say(korean, english) {
  return language === "ko" ? korean : english;
}

const KIND_WORDS = {
  "ledger.init": ["기록 개시", "ledger begun"],
  "key.create": ["키 생성", "key made"],
  "key.retired": ["키 사용 중지", "key retired"],
  "key.destroyed": ["키 파기", "key destroyed"],
  "additional.destroyed": ["추가정보 파기", "additional information destroyed"],
  "data.destroyed": ["가명정보 파기", "pseudonymised data destroyed"],
  "run.begin": ["처리 시작", "run begun"],
  "run.input": ["원천 읽음", "input read"],
  "run.commit": ["가명처리", "run committed"],
  "run.published": ["저장 완료", "run published"],
  "run.refused": ["처리 거부", "run refused"],
  "run.undone": ["처리 취소", "run undone"],
  "config.change": ["설정 변경", "settings changed"],
  recovery: ["복구", "recovery"],
  heartbeat: ["처리할 자료 없음", "nothing to do"],
  "risk.review": ["위험성 검토", "risk review"],
  "adequacy.review": ["적정성 검토", "adequacy review"],
  "plan.approved": ["계획 승인", "plan approved"],
  provision: ["제공", "provision"],
  "combination.files": ["결합 파일", "combination files"],
  "retention.requested": ["파기 요청", "destruction requested"],
  "retention.approved": ["파기 승인", "destruction approved"],
  "retention.done": ["파기 확인", "destruction confirmed"],
  incident: ["유출등", "incident"],
  "rights.granted": ["권한 부여", "rights granted"],
  "rights.changed": ["권한 변경", "rights changed"],
  "rights.revoked": ["권한 말소", "rights revoked"],
  access: ["접속기록", "access"],
  "verify.done": ["기록 검증", "verification"],
  anchor: ["시점 확인", "anchor"],
  "segment.sealed": ["기록 봉인", "segment sealed"],
};

function kindWord(type) {
  const words = Object.hasOwn(KIND_WORDS, type) ? KIND_WORDS[type] : [type, type];
  return say(...words);
}

const CHECK_WORDS = {
  files: ["파일 구성", "files", "기록 폴더에 있어야 할 파일만 있는지", "the folder holds the files of a ledger, no more and no fewer"],
  keys: ["공개키", "keys", "검증키를 읽을 수 있고 신뢰하는 키인지", "the public keys can be read, and are trusted"],
  trust: ["키의 출처", "trust", "검증키를 기록 밖에서 받았는지", "the keys came from elsewhere than the ledger"],
  records: ["기록 형식", "records", "모든 기록을 읽을 수 있는지", "every record can be read"],
  chain: ["연결", "chain", "기록마다 제자리에 있고 앞 기록을 가리키는지", "every record has its place and names the one before"],
  time: ["시각", "time", "시각이 거꾸로 가지 않는지", "times never go back"],
  seals: ["월별 봉인", "seals", "지난 파일이 봉인 기록과 같은지", "sealed files are those that were sealed"],
  items: ["법정 항목", "items", "법정 기재 항목이 빠지지 않았는지", "no statutory item is missing"],
  approvals: ["전자서명 승인", "approvals", "서명한 검토·승인이 권한 있는 키의 것이고 기록과 같은지", "signed reviews and approvals are what their records say, by keys with rights"],
  checkpoints: ["체크포인트", "checkpoints", "크기마다 체크포인트가 있고 저장된 기록의 뿌리값과 같은지", "every size has a checkpoint with the root of the records"],
  signatures: ["전자서명", "signatures", "체크포인트마다 두 서명이 맞는지", "every checkpoint has both signatures"],
  head: ["최신 상태", "head", "머리말이 가장 새 체크포인트이고 모든 기록을 덮는지", "the head covers all records"],
  continuity: ["연속성", "continuity", "가져온 이전 체크포인트에서 이어지는지", "earlier checkpoints are continued"],
  anchors: ["외부 확인", "anchors", "증인 서명과 시점확인이 이 기록에 대한 것인지", "what witnesses and time stamps vouched for is this ledger"],
  order: ["처리 순서", "order", "처리 기록이 순서대로인지", "records of runs stand in order"],
  conservation: ["행 수 보존", "conservation", "들어온 행이 모두 설명되는지", "every line that came in is accounted for"],
};

const REASON_WORDS = {
  "keys-from-ledger": ["검증키가 기록 안에서 왔습니다. 따로 받은 keys.txt 를 아래에 놓으십시오.", "The keys came from the ledger itself. Drop a copy received elsewhere below."],
  "no-keys": ["쓸 수 있는 검증키가 없습니다.", "There is no usable key."],
  "no-earlier-checkpoint": ["이전 체크포인트를 놓지 않았습니다. 끝이 잘렸는지는 이것으로만 알 수 있습니다.", "No earlier checkpoint was brought: only one can show that the end was not cut off."],
  "needs-ed25519": ["이 브라우저는 Ed25519 서명을 확인하지 못합니다. gamyeong ledger verify 로 확인하십시오.", "This browser cannot check Ed25519: see gamyeong ledger verify."],
  "no-vouchers": ["증인 서명도 시점확인도 없습니다.", "Neither a witness nor a time stamping authority has vouched for this ledger."],
  "vouchers-from-ledger": ["외부 확인은 이 기록에 대한 것입니다. 누가 확인했는지는 증인 공개키를 아래에 놓거나(시점확인은 gamyeong ledger verify --authority 로) 확인하십시오.", "What was vouched for is this ledger. For who vouched, drop keys of witnesses below; of time stamps, see gamyeong ledger verify --authority."],
  "no-ed25519": ["이 브라우저에는 Ed25519 가 없어 ECDSA P-256 서명만 확인했습니다.", "This browser has no Ed25519: the ECDSA P-256 signatures decided."],
};

const OUTCOME_WORDS = {
  pass: ["통과", "pass"],
  fail: ["실패", "fail"],
  "not-checked": ["확인 안 함", "not checked"],
};

const FINDING_GAPS = { "{}": "(\\S+)", "{*}": "(.+)" };

/** What findings say and its Korean, which the program says as well: FINDING_PHRASES, as forms. */
const FINDING_WORDS = FINDING_PHRASES.map(([english, korean]) => {
  const parts = english.split(/(\{\*?\})/).map((part) => FINDING_GAPS[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return { form: new RegExp(`^${parts.join("")}$`, "s"), parts: korean.split(/\{\*?\}/) };
});

/** An item that the law asks for: path, English name, Korean name, what is asked. */
const FINDING_ITEM = /^(`[^`]+`), .*? \((.+)\): ([^:]+|.* as .*)$/s;

/** Letters of a text of a finding that are shown: what stands in a file of a stranger may be long. */
const FINDING_SHOWN = 500;
/** Phrases within phrases that are looked up. */
const FINDING_DEPTH = 4;

/** What a finding says, in the language that was chosen; instants as the institution's clocks show them. */
function findingWord(value) {
  const letters = [...value.slice(0, 2 * FINDING_SHOWN + 2)];
  const shown = letters.length > FINDING_SHOWN ? `${letters.slice(0, FINDING_SHOWN).join("")}…` : value;
  const timed = shown.replace(/(^|not before )(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{3})Z$/, (_, head, time, rest) =>
    // Two times may differ in their last digits alone.
    `${head}${zoned(`${time}Z`)}${rest === ".000" ? "" : rest}`);
  return language === "ko" ? findingInKorean(timed, FINDING_DEPTH) : timed;
}

function findingInKorean(value, depth) {
  if (depth === 0) return value;
  const item = FINDING_ITEM.exec(value);
  if (item !== null) return `${item[1]}, ${item[2]}: ${findingInKorean(item[3], depth - 1)}`;
  for (const { form, parts } of FINDING_WORDS) {
    const found = form.exec(value);
    if (found !== null) return parts.map((part, index) => part + (index + 1 < parts.length ? findingInKorean(found[index + 1], depth - 1) : "")).join("");
  }
  return value;
}

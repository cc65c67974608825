// What is said to people, in Korean and English. What records say stays as it
// was recorded.

let language = "ko";

/** The text in the language that was chosen. */
function say(korean, english) {
  return language === "ko" ? korean : english;
}

/** What a kind of record is called: as in KIND_WORDS, which the program's own reports have as well. */
function kindWord(type) {
  const words = Object.hasOwn(KIND_WORDS, type) ? KIND_WORDS[type] : [type, type];
  return say(...words);
}

const STATE_WORDS = { published: ["저장 완료", "published"], refused: ["거부됨", "refused"], undone: ["취소됨", "undone"] };

/** How a processing ended, as the workbook's list of processings says it. */
function stateWord(state) {
  return say(...(Object.hasOwn(STATE_WORDS, state) ? STATE_WORDS[state] : ["끝나지 않음", "not ended"]));
}

const CHECK_WORDS = {
  files: ["파일 구성", "files", "기록 폴더에 있어야 할 파일만 있는지", "the folder holds the files of a ledger, no more and no fewer"],
  keys: ["공개키", "keys", "검증키를 읽을 수 있고, 따로 받은 키를 놓았으면 그 키뿐인지", "the public keys can be read, and are those received elsewhere if such were brought"],
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
  continuity: ["연속성", "continuity", "가져온 이전 체크포인트나 적어 둔 값에서 이어지는지", "earlier checkpoints, and what was written down, are continued"],
  anchors: ["외부 확인", "anchors", "증인 서명과 시점확인이 이 기록에 대한 것인지", "what witnesses and time stamps vouched for is this ledger"],
  order: ["처리 순서", "order", "처리 기록이 순서대로인지", "records of runs stand in order"],
  conservation: ["행 수 보존", "conservation", "들어온 행이 모두 설명되는지", "every line that came in is accounted for"],
};

/** What only the program can look at. It is no part of the answer of the page. */
const DATA_CHECK = { check: "data", outcome: "not-checked", reason: "no-data", examined: null, findings: [], omitted: 0 };
const DATA_WORDS = ["자료(표·봉인 파일)", "data", "표와 봉인 파일이 기록된 것과 같은지", "tables and sealed files are those that were recorded"];

const REASON_WORDS = {
  "keys-from-ledger": ["검증키가 기록 안에서 왔습니다. 따로 받은 keys.txt 를 아래에 놓으십시오.", "The keys came from the ledger itself. Drop a copy received elsewhere below."],
  "no-keys": ["쓸 수 있는 검증키가 없습니다.", "There is no usable key."],
  "no-earlier-checkpoint": ["이전 체크포인트를 놓지 않았고 적어 둔 값도 넣지 않았습니다. 끝이 잘렸는지는 이것으로만 알 수 있습니다.", "No earlier checkpoint was brought, and nothing that was written down: only these can show that the end was not cut off."],
  "needs-ed25519": ["이 브라우저는 Ed25519 서명을 확인하지 못합니다. gamyeong ledger verify 로 확인하십시오.", "This browser cannot check Ed25519: see gamyeong ledger verify."],
  "no-vouchers": ["증인 서명도 시점확인도 없습니다.", "Neither a witness nor a time stamping authority has vouched for this ledger."],
  "vouchers-from-ledger": ["외부 확인은 이 기록에 대한 것입니다. 누가 확인했는지는 증인 공개키를 아래에 놓거나(시점확인은 gamyeong ledger verify --authority 로) 확인하십시오.", "What was vouched for is this ledger. For who vouched, drop keys of witnesses below; of time stamps, see gamyeong ledger verify --authority."],
  "held-back": ["비밀키나 비밀값으로 보이는 것이 든 기록은 해시만 싣고 내용은 싣지 않았습니다. gamyeong ledger verify 로 확인하십시오.", "Of a record that seems to hold a key or secret the page has the hash alone: see gamyeong ledger verify."],
  "no-data": ["이 페이지에는 표가 없습니다. 기관에서 gamyeong ledger verify --data 로 확인하십시오. 위의 판정에는 들지 않습니다.", "The page has no tables: see gamyeong ledger verify --data, in the house. It is no part of the answer above."],
  "no-ed25519": ["이 브라우저에는 Ed25519 가 없어 ECDSA P-256 서명만 확인했습니다.", "This browser has no Ed25519: the ECDSA P-256 signatures decided."],
};

/** What the reader brings. */
const BROUGHT_WORDS = {
  checkpoint: ["체크포인트", "checkpoint"],
  proof: ["증명", "proof"],
  stamp: ["시점확인", "time stamp"],
  keys: ["검증키", "public keys"],
  witness: ["증인 공개키", "keys of witnesses"],
  noted: ["적어 둔 값", "written down"],
  record: ["기록", "record"],
  unknown: ["알 수 없는 파일 (체크포인트, 증명, 시점확인, 공개키가 아님)", "unknown file (no checkpoint, proof, time stamp or public key)"],
};

const OUTCOME_WORDS = {
  pass: ["통과", "pass"],
  fail: ["실패", "fail"],
  "not-checked": ["확인 안 함", "not checked"],
};

const PHRASE_GAPS = { "{}": "(\\S+)", "{*}": "(.+)", "{=}": "(.+?)" };

/** What the program says and its Korean, as forms. A name or a number is nobody's word but its own. */
function phrasesOf(pairs) {
  return pairs.map(([english, korean]) => {
    const parts = english.split(/(\{[*=]?\})/).map((part) => PHRASE_GAPS[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const isName = [...korean.matchAll(/\{[*=]?\}/g)].map(([gap]) => gap === "{=}");
    return { form: new RegExp(`^${parts.join("")}$`, "s"), parts: korean.split(/\{[*=]?\}/), isName };
  });
}

const FINDING_WORDS = phrasesOf(FINDING_PHRASES);
const NIGHT_WORDS = phrasesOf(NIGHT_REASONS);

/** An item that the law asks for: path, English name, Korean name, what is asked. */
const FINDING_ITEM = /^(`[^`]+`), .*? \((.+)\): ([^:]+|.* as .*)$/s;

/** Letters of a text of a finding that are shown: what stands in a file of a stranger may be long. */
const FINDING_SHOWN = 500;
/** Phrases within phrases that are looked up. */
const PHRASE_DEPTH = 4;
/** Letters of a text that is looked up. */
const PHRASE_LONGEST = 500;

/** What a finding says, in the language that was chosen; instants as the institution's clocks show them. */
function findingWord(value) {
  const letters = [...value.slice(0, 2 * FINDING_SHOWN + 2)];
  const shown = letters.length > FINDING_SHOWN ? `${letters.slice(0, FINDING_SHOWN).join("")}…` : value;
  const timed = shown.replace(/(^|not before )(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{3})Z$/, (_, head, time, rest) =>
    // Two times may differ in their last digits alone.
    `${head}${zoned(`${time}Z`)}${rest === ".000" ? "" : rest}`);
  return language === "ko" ? findingInKorean(timed, PHRASE_DEPTH) : timed;
}

function findingInKorean(value, depth) {
  if (depth === 0) return value;
  const item = FINDING_ITEM.exec(value);
  if (item !== null) return `${item[1]}, ${item[2]}: ${findingInKorean(item[3], depth - 1)}`;
  return lookUp(FINDING_WORDS, value, depth, findingInKorean);
}

/** A text in Korean; as it stands if it is no phrase. What stands in gaps is looked up by `within`. */
function lookUp(words, value, depth, within) {
  if (depth === 0) return value;
  for (const { form, parts, isName } of words) {
    const found = form.exec(value);
    if (found === null) continue;
    const gaps = found.slice(1).map((gap, index) => (isName[index] ? gap : within(gap, depth - 1)));
    return parts.map((part, index) => part + (gaps[index] ?? "")).join("");
  }
  return value;
}

/** Why a night came to nothing, in the language that was chosen; what was found in several columns stands one behind the other. */
function nightWord(reason) {
  return language === "ko" ? nightInKorean(reason) : reason;
}

function nightInKorean(reason) {
  const within = (value, depth) => lookUp(NIGHT_WORDS, value, depth, within);
  return reason.split("; ").map((part) => ([...part].length > PHRASE_LONGEST ? part : within(part, PHRASE_DEPTH))).join("; ");
}

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

/**
 * What findings say, in the words of `verify/*.js`, and in Korean. `{}` stands for one word that
 * differs, `{*}` for several: they are looked up themselves.
 */
const FINDING_WORDS = [
  ["none", "없음"], ["another", "다른 것"], ["one", "있음"], ["null", "없음(null)"], ["none of it", "없음"],
  ["something else", "다른 것"], ["another note", "다른 문서"], ["other bytes", "다른 내용"],
  ["a file", "파일 있음"], ["no such file", "없어야 하는 파일"], ["a file or directory", "파일 또는 폴더"],
  ["a name with the digest of the file", "파일의 해시값이 든 이름"],
  ["a checkpoint named after its size", "크기를 이름으로 한 체크포인트"],
  ["a voucher named after its size and digest", "크기와 해시값을 이름으로 한 확인 파일"],
  ["the next file of records", "다음 차례의 기록 파일"],
  ["an Ed25519 and an ECDSA P-256 key, one per line", "Ed25519 키와 ECDSA P-256 키, 한 줄에 하나씩"],
  ["only keys that are trusted", "신뢰하는 키만"], ["public keys, one per line", "공개키, 한 줄에 하나씩"],
  ["{*}, as the file gives it", "{*} (파일에 적힌 대로)"], ["keys of one name", "이름이 같은 두 키"], ["keys of several", "이름이 다른 키"],
  ["the witness that signed", "서명한 증인"], ["means {*}", "확인 방법 {*}"], ["root {}", "뿌리값 {}"], ["at {}", "시각 {}"],
  ["policy {}", "정책 {}"], ["serial {}", "일련번호 {}"], ["no {}", "{} 없음"],
  ["{*} with id {}", "{*} 키, 번호 {}"], ["no keys", "키 없음"],
  ["one record at least", "기록 하나 이상"], ["a line feed", "줄바꿈"], ["the end of the file", "파일의 끝"],
  ["{} records or {} bytes at most", "기록 {}개 또는 {}바이트 이하"], ["{} records, {} bytes", "기록 {}개, {}바이트"],
  ["a record", "기록"], ["seq {}", "번호 {}"], ["a time not before {*}", "{*} 이후의 시각"],
  ["a record as in the checkpoint of size {}", "크기 {}의 체크포인트를 만들 때의 기록"],
  ["record: {} bytes, at most {}", "기록: {}바이트, {}바이트까지"], ["record: not readable: {*}", "기록을 읽을 수 없음: {*}"],
  ["record: keys differ from `{*}`", "기록의 키가 `{*}` 와 다름"],
  ["`{}`: not in the form that the field needs", "`{}`: 정해진 형식이 아님"],
  ["not UTF-8", "UTF-8 이 아님"], ["not JSON", "JSON 이 아님"], ["character {}: {*}", "{}번째 글자: {*}"],
  ["a number is not an integer", "정수가 아닌 수가 있음"],
  ["an integer is too large, must be below 2^53", "2^53 이상의 정수가 있음"],
  ["a string holds a control character", "제어 문자가 있음"], ["a key stands there twice", "같은 키가 두 번 있음"],
  ["the name of a run", "처리 이름"], ["the body of its type", "종류에 맞는 내용"],
  ["a record that may follow `nothing`", "처리를 시작하는 기록"],
  ["a record that may follow `begun`", "처리 시작 뒤에 올 수 있는 기록"],
  ["a record that may follow `committed`", "가명처리 뒤에 올 수 있는 기록"],
  ["a record that may follow `published`", "저장 완료 뒤에 올 수 있는 기록"],
  ["a record that may follow `refused`", "처리 거부 뒤에 올 수 있는 기록"],
  ["a record that may follow `undone`", "처리 취소 뒤에 올 수 있는 기록"],
  ["{} lines, as in the files read", "읽은 파일과 같은 {}행"], ["a source with {} lines", "{}행인 원천"],
  ["{} lines accounted for", "설명된 행 {}"], ["{} lines", "{}행"],
  ["what its items say, signed by who had the right to", "항목과 같은 내용에 권한 있는 사람이 한 전자서명"],
  ["approval: {*}", "승인: {*}"], ["the ledger's first record names no controller", "첫 기록에 개인정보처리자가 없음"],
  ["not in the form of a signed note", "서명한 문서의 형식이 아님"],
  ["what was signed says something else than the record", "서명한 내용이 기록과 다름"],
  ["key {} has no right to sign it", "키 {} 에 서명 권한이 없음"], ["key {} is of another role", "키 {} 의 역할이 다름"],
  ["signature does not verify, key id {}", "서명이 맞지 않음, 키 번호 {}"],
  ["signature does not verify, key {}", "서명이 맞지 않음, 키 {}"],
  ["signed by {}, and {} have reviewed", "{}명이 서명했으나 검토자는 {}명"],
  ["a record has the same text already", "같은 내용의 기록이 이미 있음"],
  ["a checkpoint", "체크포인트"], ["a checkpoint that counts", "유효한 체크포인트"],
  ["both signatures of the ledger", "기록의 두 서명"], ["at most the {} stored records", "저장된 기록 {}개까지"],
  ["{} records, {} are known", "기록 {}개, 알려진 것은 {}개"], ["{} records", "기록 {}개"],
  ["root {} of the stored records", "저장된 기록의 뿌리값 {}"], ["root {} at size {}", "뿌리값 {}, 크기 {}"],
  ["the bytes of {}", "{} 와 같은 내용"], ["size {}, nothing to compare", "크기 {}, 비교할 것이 없음"], ["size {}", "크기 {}"],
  ["to be continued", "이어져야 함"], ["record {}: not the one that was proved", "기록 {}: 증명한 기록이 아님"],
  ["note: {*}", "문서: {*}"], ["no signature by a known {*} key, one is needed", "아는 {*} 키의 서명이 없음"],
  ["checkpoint: text is not three lines of origin, size and root", "체크포인트: 이름, 크기, 뿌리값의 세 줄이 아님"],
  ["no seal within a file of records", "기록 파일 안에는 봉인 기록이 없어야 함"],
  ["a record of the month of its file", "파일의 달에 속하는 기록"],
  ["the records of a whole month, or no room", "한 달 전체의 기록이거나 빈자리 없음"],
  ["{} records of the month of the next", "다음 파일과 같은 달의 기록 {}개"],
  ["the checkpoints of a sealed file", "봉인한 파일의 체크포인트"], ["the seal of the file before", "앞 파일의 봉인 기록"],
  ["what its seal tells", "봉인 기록과 같은 것"], ["{} checkpoints", "체크포인트 {}개"],
  ["the checkpoint of size {}, with the stored root", "저장된 뿌리값과 같은 크기 {}의 체크포인트"],
  ["the file with digest {}", "해시값이 {} 인 파일"], ["the signature of its witness", "증인의 서명"],
  ["a stamp on the checkpoint of {} records", "기록 {}개의 체크포인트에 대한 시점확인"], ["a stamp on {}", "{} 에 대한 시점확인"],
  ["stamp: not an RFC 3161 answer in DER", "시점확인: DER 로 된 RFC 3161 응답이 아님"],
  ["stamp: not of this ledger's checkpoints", "시점확인: 이 기록의 체크포인트에 대한 것이 아님"],
  ["there", "있어야 함"], ["{} at least", "{}개 이상"], ["a text", "글"], ["a whole number", "0 이상의 정수"],
  ["true or false", "예 또는 아니오"], ["a day as 2026-11-22", "날짜(2026-11-22 꼴)"],
  ["an instant as 2026-11-22T18:00:00Z", "일시(2026-11-22T18:00:00Z 꼴)"],
  ["a SHA-256 in 64 hexadecimal digits", "SHA-256 해시값(16진수 64자)"], ["one of its words", "정해진 말 가운데 하나"],
  ["a list of some of its words", "정해진 말의 목록"], ["a list of texts", "글의 목록"], ["a table", "표"],
  ["a list of tables", "표의 목록"], ["anything", "내용"],
].map(([english, korean]) => {
  const parts = english.split(/(\{\*?\})/).map((part) => FINDING_GAPS[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return { form: new RegExp(`^${parts.join("")}$`, "s"), parts: korean.split(/\{\*?\}/) };
});

/** An item that the law asks for: path, English name, Korean name, what is asked. */
const FINDING_ITEM = /^(`[^`]+`), .*? \((.+)\): ([^:]+|.* as .*)$/s;

/** What a finding says, in the language that was chosen; instants as the institution's clocks show them. */
function findingWord(value) {
  const timed = value.replace(/(^|not before )(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{3})Z$/, (_, head, time, rest) =>
    // Two times may differ in their last digits alone.
    `${head}${zoned(`${time}Z`)}${rest === ".000" ? "" : rest}`);
  return language === "ko" ? findingInKorean(timed) : timed;
}

function findingInKorean(value) {
  const item = FINDING_ITEM.exec(value);
  if (item !== null) return `${item[1]}, ${item[2]}: ${findingInKorean(item[3])}`;
  for (const { form, parts } of FINDING_WORDS) {
    const found = form.exec(value);
    if (found !== null) return parts.map((part, index) => part + (index + 1 < parts.length ? findingInKorean(found[index + 1]) : "")).join("");
  }
  return value;
}

// Reviews and approvals with who signed them, and the ledger of incidents.

/** The five checks of an adequacy review (form ❼). */
const ADEQUACY_CHECKS = [
  ["purpose", "목적 적합성", "Purpose"],
  ["items", "이용 항목 적합성", "Items"],
  ["risk", "위험도 판단의 적정성", "Risk"],
  ["pseudonymisation", "가명처리의 적정성", "Pseudonymisation"],
  ["attainment", "목적 달성 가능성", "Attainability"],
];

function reviewsLedger(state) {
  const types = ["risk.review", "adequacy.review", "plan.approved", "retention.approved", "config.change"];
  const rows = state.collection.of(...types).filter(state.shows);
  const columns = [
    sequence(),
    column("기록일", "Day", "8%", ({ day }) => day),
    column("구분", "Kind", "8%", ({ type }) => kindWord(type)),
    column("관리번호·가명처리", "Number, pipeline", "11%", ({ body }) => lines(body.management_no, body.pipeline)),
    column("결과", "Result", "9%", ({ body }) => lines(body.result, body.condition, body.grade)),
    column("사유·의견", "Reason, opinion", "28%", reasonOf),
    column("검토·승인일", "Reviewed, approved", "8%", ({ body }) => body.reviewed_on ?? body.approved_on),
    column("검토자·승인자", "By", "12%", ({ body }) => (Array.isArray(body.reviewers) ? lines(...body.reviewers.map(post)) : post(body.approver))),
    { ...column("전자서명 수", "Signed by", "6%", (entry) => signersOf(state.collection, entry)), number: true },
    recordNumber(),
  ];
  const about = say("서식 ❸ ❹ ❼, 파기 승인. 전자서명 수는 서명한 사람의 수입니다.", "Forms ❸ ❹ ❼ and approvals of destruction. Signed by so many people.");
  return ledger(say("검토와 승인 내역", "Reviews and approvals"), about, table(columns, rows, { open: openRecord }));
}

function reasonOf({ type, body }) {
  const checks = type === "adequacy.review" ? ADEQUACY_CHECKS.filter(([key]) => isObject(body[key])) : [];
  const said = checks.map(([key, korean, english]) => `${say(korean, english)}: ${[body[key].result, body[key].opinion].map(text).filter((one) => one !== "").join(", ")}`);
  const was = text(body.was_management_no);
  const number = was === "" ? "" : say(`이전 관리번호 ${was}`, `management number before: ${was}`);
  return lines(number, body.changed, body.reason, body.opinion, body.method, ...said);
}

/** How many people signed a record: two keys of one account are one. */
function signersOf(collection, { seq, body }) {
  const rights = collection.of(...RIGHTS).filter((right) => right.seq < seq).map(rightOf);
  const granted = grantedFor(textOf(body, "management_no") ?? "", rights);
  const named = (textsOf(body, "signatures") ?? []).map(readSignature);
  const holders = named.map((one) => granted.find(({ key }) => key.name === one?.name && key.id === one?.id));
  return new Set(holders.filter((holder) => holder !== undefined).map(({ account }) => account)).size;
}

function incidentLedger(state) {
  const rows = state.collection.of("incident").filter(state.shows);
  const columns = [
    sequence(),
    column("구분", "Kind", "7%", ({ body }) => body.kind),
    column("관리번호·가명처리", "Number, pipeline", "9%", ({ body }) => lines(body.management_no, body.pipeline)),
    column("알게 된 일시", "Known", "9%", ({ body }) => body.known_at),
    column("시점과 경위", "What happened", "13%", (row) => lines(row.body.happened, correctionOf(row))),
    column("유출등이 된 항목", "Items", "10%", ({ body }) => body.items),
    column("정보주체 수", "Data subjects", "7%", ({ body }) => count(body.subjects ?? body.subjects_unknown)),
    column("중지·회수·파기", "Stopped, retrieved, destroyed", "10%", ({ body }) => lines(body.stopped_at, body.retrieved, body.destroyed)),
    column("대응 조치", "Measures", "10%", ({ body }) => body.measures),
    column("신고", "Reported", "8%", ({ body }) => lines(body.reported_at, body.not_reported)),
    column("담당자·책임자", "Operator, supervisor", "7%", ({ body }) => lines(post(body.operator), post(body.supervisor))),
    recordNumber(),
  ];
  const about = say("개인정보 보호법 제34조, 제28조의5제2항.", "Articles 34 and 28-5(2) of the act.");
  return ledger(say("개인정보 유출등 대장", "Ledger of incidents"), about, table(columns, rows, OPENS));
}

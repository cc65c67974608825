// One processing in; the forms that its risk asks for out, filled from the
// record. What the record does not say is an empty line, never a guess.
//
// Source: 가명정보 처리 가이드라인(2026.3), forms ❶ to ❿.

/** Which forms a grade asks for. Without a grade nothing can be left out. */
const FORMS_OF_GRADE = {
  저위험: ["❷", "❸", "❿"],
  중위험: ["❶", "❷", "❸", "❹", "❺", "❼", "❿"],
  고위험: ["❶", "❷", "❸", "❹", "❺", "❼", "❽", "❾", "❿"],
};

function formsOverview(state) {
  if (state.run !== null) return processing(state, state.run);
  const rows = state.collection.commits().filter(({ commit }) => state.shows(commit));
  return ledger(
    say("처리별 서식", "Forms by processing"),
    say("처리를 고르면 위험도에 따라 필요한 서식 ❶~❿을 기록에서 채워 보여 줍니다.", "Choose a processing: the forms that its risk asks for are filled from its record."),
    table([
      sequence(),
      column("처리일자", "Day", "10%", ({ commit }) => commit.day),
      column("관리번호", "Management no.", "9%", ({ commit }) => commit.management_no),
      column("원천 일자", "Date", "10%", ({ date }) => date),
      column("가명처리", "Pipeline", "16%", ({ pipeline }) => pipeline),
      column("처리 목적", "Purpose", "26%", ({ commit }) => commit.purpose_detail),
      column("위험도", "Risk", "8%", ({ commit }) => commit.grade),
      column("상태", "State", "11%", ({ state: run }) => stateWord(run)),
      { ...recordNumber(), value: ({ commit }) => commit.seq },
    ], rows, { open: (run) => showForms(run.name) }),
  );
}

function processing(state, name) {
  const run = state.collection.runs.get(name);
  const { body } = state.collection.read(run.commit);
  const about = { run, body, state, risk: newest(state, run, "risk.review"), review: newest(state, run, "adequacy.review"), plan: planOf(state, run, body),
    given: madeOf(state, run, "provision", ({ body: { recipient } }) => text(recipient) !== "" && text(recipient) === text(body.recipient)),
    joined: madeOf(state, run, "combination.files", () => true) };
  const grade = text(body.risk?.grade) || text(about.risk.grade);
  const isGraded = Object.hasOwn(FORMS_OF_GRADE, grade);
  const needed = [...(isGraded ? FORMS_OF_GRADE[grade] : FORMS_OF_GRADE.고위험)];
  const isMasked = (body.sources ?? []).some((source) => source?.masked?.length > 0);
  if (isMasked && needed.includes("❺")) needed.splice(needed.indexOf("❺") + 1, 0, "❻");
  const back = el("button", { type: "button", class: "screen-only", onclick: () => showForms(null) }, say("← 처리 목록", "← all processings"));
  const notice = isGraded
    ? say(`위험도 ${grade}: 서식 ${needed.join(" ")}`, `Risk ${grade}: forms ${needed.join(" ")}`)
    : say("위험도가 기록되지 않아 모든 서식을 보입니다.", "No grade of risk is recorded, so all forms are shown.");
  const forms = needed.map((sign, index) => {
    const [title, parts] = FORMS[sign](about);
    return el("section", { class: index === 0 ? "form first" : "form", id: `form-${index}` }, el("h3", {}, `${sign} ${title}`), ...parts, signatures());
  });
  const title = say(`처리 ${run.pipeline} ${run.date}`, `Processing ${run.pipeline} ${run.date}`);
  const place = say(`일련번호 ${run.commit.seq}, ${name}`, `serial no. ${run.commit.seq}, ${name}`);
  return el("section", {}, back, el("h2", {}, title), el("p", { class: "note" }, `${notice} · ${place}`), ...forms);
}

/** The body of the newest review of a pipeline before its run; {} if there is none. */
function newest(state, run, type) {
  const isOf = ({ seq, body }) => seq < run.commit.seq && body.pipeline === run.pipeline;
  const ofRun = state.collection.of(type).find(({ body }) => body.run === run.name);
  return (ofRun ?? state.collection.of(type).findLast(isOf))?.body ?? {};
}

/**
 * The approval that a processing names. One that names none has the newest of its very version,
 * whatever that says; another version's is not its own. {} if there is none.
 */
function planOf(state, run, body) {
  const { approval } = body;
  const isNamed = typeof approval === "number";
  const isOf = (entry) => {
    if (entry.seq >= run.commit.seq || entry.body.pipeline !== run.pipeline) return false;
    if (isNamed) return entry.claimed === approval;
    return ["pipeline_sha256", "management_no"].every((key) => text(entry.body[key]) !== "" && entry.body[key] === body[key]);
  };
  const found = state.collection.of("plan.approved").findLast(isOf);
  return found === undefined ? {} : { ...found.body, signed: signedWord(state.report, found) };
}

/** Whether a record was signed, and what the check of its signatures says. */
function signedWord({ checks }, { seq, body }) {
  if (!Array.isArray(body.signatures) || body.signatures.length === 0) return say("없음", "no");
  const { outcome, findings } = checks.find(({ check }) => check === "approvals");
  if (findings.some((finding) => finding.seq === seq)) return say("있음, 맞지 않음", "yes, and wrong");
  return outcome === "pass" ? say("있음, 확인됨", "yes, checked") : say("있음, 확인 안 됨", "yes, not checked");
}

/** What form ❶ has to choose from. */
const PURPOSES = ["통계작성", "과학적 연구", "공익적 기록보존"];
const PLACES = ["개인정보 이노베이션 존", "결합전문기관", "기관 내부 분석공간", "외부 반출", "기타"];

/** What form ❾ undertakes. */
const UNDERTAKINGS = [
  ["안전성 확보조치 (법 제28조의4제1항, 시행령 제29조의5제1항제1호·제30조)", "Safety measures (Article 28-4(1))"],
  ["가명정보와 추가정보의 분리 보관, 불필요한 추가정보의 파기 (시행령 제29조의5제1항제2호)", "Separate storage; destruction of what is not needed"],
  ["가명정보와 추가정보에 대한 접근 권한의 분리 (시행령 제29조의5제1항제3호)", "Separate rights"],
  ["처리 기록의 작성·보관 (법 제28조의4제3항, 시행령 제29조의5제2항)", "Records of processing"],
  ["재식별 금지 (법 제28조의5제1항)", "No re-identification"],
  ["식별정보 생성 시 처리 중지, 지체 없는 회수·파기 (법 제28조의5제2항)", "Stop, retrieve and destroy what identifies somebody"],
];

const FORMS = {
  "❶": ({ body, run, given, joined }) => [say("가명정보 이용·제공 신청서", "Request"), [fields([
    [say("신청 구분 (신규·변경)", "Kind"), body.turn],
    [say("접수번호", "Number"), ""],
    [say("기존 접수번호", "Number before"), ""],
    [say("접수일", "Received on"), ""],
    [say("관리번호", "Management no."), body.management_no],
    [say("신청자: 조직·부서", "Applicant: body"), ""],
    [say("신청자: 직위", "Applicant: post"), ""],
    [say("신청자: 성명", "Applicant: name"), ""],
    [say("신청자: 전화", "Applicant: telephone"), ""],
    [say("신청자: 이메일", "Applicant: e-mail"), ""],
    [say("활용 목적", "Purpose"), choice(PURPOSES, body.purpose_category)],
    [say("세부 목적", "Purpose in detail"), body.purpose_detail],
    [say("개인정보 명칭", "Name of the data"), (body.sources ?? []).map((source) => text(source?.item))],
    [say("요청 항목", "Items"), run.commit.items],
    [say("결합 여부 (대상 정보·기관)", "Combination"), lines(joined.other, joined.items, joined.agency)],
    [say("활용 형태", "Form of use"), body.environment],
    [say("처리환경", "Where it is worked with"), choice(PLACES, given.place)],
    [say("제공받는 자", "Recipient"), body.recipient],
    [say("반복 제공 (1회·반복 n회)", "Once or repeatedly"), text(given.times) === "" ? choice(["1회", "반복 (\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0)회"], "") : given.times],
    [say("예상 이용기간", "Period"), periodOf(body)],
    [say("신청일", "Day"), ""],
    [say("부서장 서명", "Signature of the head of department"), ""],
    [say("첨부", "Attached"), say("❷ 가명정보 활용 계획서", "❷ use plan")],
  ])]],
  "❷": ({ body, run }) => [say("활용 계획서", "Use plan"), [fields([
    [say("신청 제목", "Title"), run.pipeline],
    [say("책임자", "Responsible"), post(body.supervisor)],
    [say("배경 및 목적", "Background and purpose"), lines(body.purpose_category, body.purpose_detail)],
    [say("활용 데이터", "Data"), run.commit.items],
    [say("대상자 수", "Data subjects"), (body.sources ?? []).map((source) => source?.gate?.persons_before).filter((one) => one !== undefined).map(count)],
    [say("활용 계획·방법", "Plan and method"), ""],
    [say("예상 활용기간", "Period"), periodOf(body)],
    [say("기대효과", "Expected effect"), ""],
  ])]],
  "❸": ({ body, risk }) => [say("위험성 검토서", "Risk review"), [fields([
    [say("목적", "Purpose"), risk.purpose_detail ?? body.purpose_detail],
    [say("가명처리 대상", "What is pseudonymised"), risk.target],
    [say("활용하려는 자", "Who will use it"), risk.users ?? body.recipient],
    [say("1단계", "Step 1"), risk.step1 ?? body.environment],
    [say("2단계", "Step 2"), risk.step2],
    [say("조정 (반복·유사 활용, 정부 지정 안전환경, 비정형·데이터 자체)", "Adjustments"), risk.adjustments],
    [say("판단 이유", "Reason"), risk.reason ?? body.risk?.reason],
    [say("최종 위험도", "Final grade"), risk.grade ?? body.risk?.grade],
    [say("측정된 최소 동질집합", "Smallest class found"), smallestClass(body.risk)],
    [say("종합 검토 결과", "Overall opinion"), risk.opinion],
    [say("검토일", "Day"), risk.reviewed_on],
    [say("검토자", "Reviewers"), (risk.reviewers ?? []).map(post)],
  ])]],
  "❹": ({ body, plan }) => [say("가명처리 계획서", "Pseudonymisation plan"), [
    el("h4", {}, say("1. 가명처리 대상 파일", "1. Files")), filesTable(body),
    el("h4", {}, say("2. 항목별 가명처리 계획", "2. Plan by item")),
    itemsTable(body),
    fields([
      [say("검토 결과", "Result"), plan.result],
      [say("조건", "Condition"), plan.condition],
      [say("판단 이유", "Reason"), plan.reason],
      [say("승인자", "Approved by"), post(plan.approver)],
      [say("승인일", "Day"), plan.approved_on],
      [say("전자서명", "Signed"), plan.signed],
    ]),
  ]],
  "❺": ({ body }) => [say("가명처리 결과서", "Result"), [
    el("h4", {}, say("1. 공통 방법", "1. Methods in common")), methodsTable(body),
    el("h4", {}, say("2. 예외 방법", "2. Exceptions")), changesTable(body),
    el("h4", {}, say("3. 범주형 항목의 분포", "3. Distribution of categories")), categoriesTable(body),
    el("h4", {}, say("4. 수치형 항목의 분포 (처리 전·후)", "4. Distribution of numbers, before and after")), numbersTable(body),
    el("h4", {}, say("5. 비정형 데이터 표본", "5. Samples of what has no form")), blankTable([["파일", "File", "25%"], ["처리 전", "Before", "37%"], ["처리 후", "After", "38%"]], [[]]),
    el("h4", {}, say("처리 건수와 가명정보 파일", "Numbers of rows, and files")), resultsTable(body), outputsTable(body),
  ]],
  "❻": ({ body }) => [say("비정형 추가검수 결과서", "Review of free texts"), [maskedTable(body), fields([[say("검수자 · 검수일", "Reviewer · day"), ""], [say("검수 결과", "Result"), ""]])]],
  "❼": ({ review }) => [say("적정성 검토 결과서", "Adequacy review"), [fields([
    [say("1 목적 적합성", "1 Purpose"), verdictOn(review.purpose)],
    [say("2 이용 항목 적합성", "2 Items"), verdictOn(review.items)],
    [say("3 위험도 판단의 적정성", "3 Risk"), verdictOn(review.risk)],
    [say("4 가명처리의 적정성", "4 Pseudonymisation"), verdictOn(review.pseudonymisation)],
    [say("5 목적 달성 가능성", "5 Attainability"), verdictOn(review.attainment)],
    [say("종합 결과", "Result"), lines(review.result, review.condition)],
    [say("검토일", "Day"), review.reviewed_on],
    [say("검토자", "Reviewers"), (review.reviewers ?? []).map(post)],
  ])]],
  "❽": ({ review }) => [say("평가위원 서약서", "Pledge of reviewers"), [
    fields([
      [say("비밀 유지 서약", "Secrecy"), ""],
      [say("이해관계 없음 확인", "No conflict of interest"), ""],
    ]),
    blankTable([["평가위원 (소속·직위)", "Reviewer", "40%"], ["성명", "Name", "20%"], ["서약일", "Day", "20%"], ["서명", "Signature", "20%"]],
      blanks((review.reviewers ?? []).map((one) => [post(one)]), 3)),
  ]],
  "❾": ({ body, given }) => [say("안전조치 이행확약서", "Safety undertaking"), [
    fields([
      [say("제공받는 자", "Recipient"), body.recipient],
      [say("이용기간", "Period"), periodOf(body)],
      [say("제공 계약", "Contract"), given.contract],
      [say("계약 조항", "Clauses"), given.clauses],
      ...UNDERTAKINGS.map(([korean, english]) => [say(korean, english), ""]),
      [say("확약일", "Day"), ""],
      [say("확약자 (소속, 직위, 성명, 서명)", "Undertaken by"), ""],
    ]),
    el("h4", {}, say("가명정보 취급자 서약 명부", "Pledges of staff")),
    blankTable([["No", "No.", "6%"], ["소속", "Body", "24%"], ["직위", "Post", "16%"], ["성명", "Name", "18%"], ["서약일", "Day", "18%"], ["서명", "Signature", "18%"]],
      [1, 2, 3, 4, 5].map((number) => [number])),
  ]],
  "❿": ({ body, run }) => [say("가명(추가)정보 관리대장", "Ledger"), [fields([
    [say("일련번호", "Serial no."), run.commit.seq],
    [say("처리일자", "Day"), run.commit.day],
    [say("관리번호", "Management no."), body.management_no],
    [say("정보구분 · 처리구분", "Kind · act"), lines(body.info_kind, body.act)],
    [say("처리목적 및 내용", "Purpose and content"), lines(body.purpose_category, body.purpose_detail)],
    [say("항목", "Items"), run.commit.items],
    [say("이용기간", "Period"), periodOf(body)],
    [say("제공 시 받는 자", "Recipient"), body.recipient],
    [say("추가정보", "Additional information"), lines(body.additional_info?.kinds, body.additional_info?.epoch, body.additional_info?.destruction)],
    [say("개인정보 보호책임자", "Privacy officer"), post(body.cpo)],
    [say("담당자", "Operator"), post(body.operator)],
    [say("책임자", "Supervisor"), post(body.supervisor)],
  ])]],
};

/** All words of a form, with a mark at the one that was chosen. */
function choice(words, chosen) {
  return words.map((word) => `${word === chosen ? "☑" : "☐"} ${word}`).join("\u00a0\u00a0 ");
}

function periodOf(body) {
  return lines(span(body.period_start, body.period_end), body.period_none_reason);
}

/** What was handed over to the recipient of a processing, or made for combination of it: newest, and as it is right. */
function madeOf({ collection }, run, type, isMeant) {
  const isOf = (entry) => collection.isRight(entry) && entry.body.pipeline === run.pipeline && text(entry.body.management_no) === text(run.commit.management_no);
  return collection.of(type).findLast((entry) => isOf(entry) && isMeant(entry))?.body ?? {};
}

function verdictOn(check) {
  return isObject(check) ? lines(check.result, check.opinion) : check;
}

function smallestClass(risk) {
  if (!isObject(risk)) return "";
  const part = (number, unit) => (number === null || number === undefined ? "" : `${count(number)}${unit}`);
  return [part(risk.k, say("행", " rows")), part(risk.k_persons, say("명", " persons"))].filter((one) => one !== "").join(" · ");
}

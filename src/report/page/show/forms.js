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
      { ...column("기록", "Record", "5%", ({ commit }) => commit.seq), number: true },
    ], rows, { open: (run) => showForms(run.name) }),
  );
}

function processing(state, name) {
  const run = state.collection.runs.get(name);
  const { body } = state.collection.read(run.commit);
  const about = { run, body, state, risk: newest(state, run, "risk.review"), review: newest(state, run, "adequacy.review"), plan: planOf(state, run, body) };
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
  const place = say(`기록 ${run.commit.seq}, ${name}`, `record ${run.commit.seq}, ${name}`);
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

const FORMS = {
  "❶": ({ body, run }) => [say("가명정보 이용·제공 신청서", "Request"), [fields([
    [say("신청 구분", "Kind"), body.turn],
    [say("접수번호 · 접수일", "Number · day"), ""],
    [say("관리번호", "Management no."), body.management_no],
    [say("신청자 (소속, 직위, 연락처)", "Applicant"), ""],
    [say("활용 목적", "Purpose"), lines(body.purpose_category, body.purpose_detail)],
    [say("개인정보 명칭", "Name of the data"), (body.sources ?? []).map((source) => text(source?.item))],
    [say("요청 항목", "Items"), run.commit.items],
    [say("결합 여부", "Combination"), ""],
    [say("활용 형태 · 처리환경", "Form of use"), body.environment],
    [say("제공받는 자", "Recipient"), body.recipient],
    [say("예상 이용기간", "Period"), span(body.period_start, body.period_end)],
    [say("신청일 · 부서장 서명", "Day · signature"), ""],
  ])]],
  "❷": ({ body, run }) => [say("활용 계획서", "Use plan"), [fields([
    [say("신청 제목", "Title"), run.pipeline],
    [say("책임자", "Responsible"), post(body.supervisor)],
    [say("배경 및 목적", "Background and purpose"), lines(body.purpose_category, body.purpose_detail)],
    [say("활용 데이터", "Data"), run.commit.items],
    [say("대상자 수", "Data subjects"), (body.sources ?? []).map((source) => source?.gate?.persons_before).filter((one) => one !== undefined).map(count)],
    [say("활용 계획·방법", "Plan and method"), ""],
    [say("예상 활용기간", "Period"), span(body.period_start, body.period_end)],
    [say("기대효과", "Expected effect"), ""],
  ])]],
  "❸": ({ body, risk }) => [say("위험성 검토서", "Risk review"), [fields([
    [say("목적", "Purpose"), risk.purpose_detail ?? body.purpose_detail],
    [say("가명처리 대상", "What is pseudonymised"), risk.target],
    [say("활용하려는 자", "Who will use it"), risk.users ?? body.recipient],
    [say("1단계", "Step 1"), risk.step1 ?? body.environment],
    [say("2단계", "Step 2"), risk.step2],
    [say("조정", "Adjustments"), risk.adjustments],
    [say("판단 이유", "Reason"), risk.reason ?? body.risk?.reason],
    [say("최종 위험도", "Final grade"), risk.grade ?? body.risk?.grade],
    [say("측정된 최소 동질집합", "Smallest class found"), smallestClass(body.risk)],
    [say("종합 검토 결과", "Overall opinion"), risk.opinion],
    [say("검토일", "Day"), risk.reviewed_on],
    [say("검토자", "Reviewers"), (risk.reviewers ?? []).map(post)],
  ])]],
  "❹": ({ body, plan }) => [say("가명처리 계획서", "Pseudonymisation plan"), [
    table([
      sequence(),
      column("파일", "File", "20%", (source) => source.name),
      column("수집 항목", "Collected item", "22%", (source) => source.item),
      { ...column("데이터 건수", "Rows", "14%", (source) => count(source.lines)), number: true },
      { ...column("정보주체 수", "Data subjects", "14%", (source) => count(source.gate?.persons_before)), number: true },
      column("보유기간(근거)", "Retention", "26%", (source) => lines(source.retention, source.retention_basis)),
    ], (body.sources ?? []).filter(isObject)),
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
  "❺": ({ body }) => [say("가명처리 결과서", "Result"), [resultsTable(body), changesTable(body), outputsTable(body)]],
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
  "❽": ({ review }) => [say("평가위원 서약서", "Pledge of reviewers"), [fields([
    [say("평가위원", "Reviewers"), (review.reviewers ?? []).map(post)],
    [say("비밀 유지 서약", "Secrecy"), ""],
    [say("이해관계 없음 확인", "No conflict of interest"), ""],
    [say("서약일 · 서명", "Day · signature"), ""],
  ])]],
  "❾": ({ body }) => [say("안전조치 이행확약서", "Safety undertaking"), [fields([
    [say("제공받는 자", "Recipient"), body.recipient],
    [say("이용기간", "Period"), span(body.period_start, body.period_end)],
    [say("분리 보관·접근권한 분리", "Separation"), ""],
    [say("재식별 금지 확약", "No re-identification"), ""],
    [say("확약일 · 서명", "Day · signature"), ""],
  ])]],
  "❿": ({ body, run }) => [say("가명(추가)정보 관리대장", "Ledger"), [fields([
    [say("처리일자", "Day"), run.commit.day],
    [say("관리번호", "Management no."), body.management_no],
    [say("정보구분 · 처리구분", "Kind · act"), lines(body.info_kind, body.act)],
    [say("처리목적 및 내용", "Purpose and content"), lines(body.purpose_category, body.purpose_detail)],
    [say("항목", "Items"), run.commit.items],
    [say("이용기간", "Period"), span(body.period_start, body.period_end)],
    [say("제공 시 받는 자", "Recipient"), body.recipient],
    [say("추가정보", "Additional information"), lines(body.additional_info?.kinds, body.additional_info?.epoch, body.additional_info?.destruction)],
    [say("개인정보 보호책임자", "Privacy officer"), post(body.cpo)],
    [say("담당자", "Operator"), post(body.operator)],
    [say("책임자", "Supervisor"), post(body.supervisor)],
  ])]],
};

function verdictOn(check) {
  return isObject(check) ? lines(check.result, check.opinion) : check;
}

function smallestClass(risk) {
  if (!isObject(risk)) return "";
  const part = (number, unit) => (number === null || number === undefined ? "" : `${count(number)}${unit}`);
  return [part(risk.k, say("행", " rows")), part(risk.k_persons, say("명", " persons"))].filter((one) => one !== "").join(" · ");
}

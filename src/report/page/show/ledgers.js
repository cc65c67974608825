// The ledgers of form ❿, of provisions, of destruction and of accesses.

/** Rows that a form counts. */
function sequence(korean = "번호") {
  return { name: say(korean, "No."), width: "5%", number: true, value: (_, index) => index + 1 };
}

/** 일련번호, the number of the record: of form ❿ the first column. */
function recordNumber() {
  return { name: say("일련번호", "Serial no."), width: "6%", number: true, value: ({ seq }) => seq };
}

/** What an entry corrects, and what corrects it, as the workbook says it. */
function correctionOf({ claimed, corrects }) {
  const by = claimed === undefined ? undefined : shown.collection.corrections.get(claimed);
  return lines(
    by === undefined ? "" : say(`정정됨 → 일련번호 ${by.seq}`, `corrected → serial no. ${by.seq}`),
    corrects === undefined ? "" : say(`정정: 일련번호 ${corrects.seq}`, `corrects serial no. ${corrects.seq}`),
  );
}

/** Rows that open their records, those that were corrected in grey. */
const OPENS = { open: openRecord, isOld: (entry) => !shown.collection.isRight(entry) };

function column(korean, english, width, value) {
  return { name: say(korean, english), width, value };
}

function operatorColumns(width) {
  return [
    column("담당자", "Operator", width, (row) => post((row.body ?? row).operator)),
    column("책임자", "Supervisor", width, (row) => post((row.body ?? row).supervisor)),
  ];
}

function openRecord(entry) {
  showRecord(entry.seq);
}

/** What has 정보구분 and 처리구분 besides a processing. */
const OF_FORM_10 = ["key.create", "key.retired", "key.destroyed", "additional.destroyed", "data.destroyed", "provision", "combination.files"];

/** A processing is one row; so is every key, provision and destruction. */
function processingRows(state) {
  const commits = state.collection.commits().map(({ commit, state: run }) => ({ ...commit, state: run }));
  return [...commits, ...state.collection.of(...OF_FORM_10)].filter(state.shows).sort((left, right) => left.seq - right.seq);
}

function contentOf(row) {
  if (row.type === "run.commit") {
    const undone = row.state === "undone" ? say("(취소됨)", "(undone)") : "";
    return lines(`${text(row.purpose_category)} ${undone}`, row.purpose_detail);
  }
  const { body } = row;
  const labelled = (korean, english, value) => (text(value) === "" ? "" : `${say(korean, english)}: ${text(value)}`);
  return lines(
    kindWord(row.type),
    body.purpose_category, body.purpose_detail,
    labelled("가명처리", "pipeline", body.pipeline),
    labelled("키 기간", "epoch", body.epoch),
    labelled("종류", "kinds", body.kinds),
    body.file_name, body.reason,
    labelled("사용 중지일", "retired on", body.retired_on),
    labelled("방법", "method", body.method),
    correctionOf(row),
  );
}

function processingLedger(state) {
  const of = (row) => row.body ?? row;
  const columns = [
    recordNumber(),
    column("처리일자", "Day", "8%", (row) => row.day),
    column("관리번호", "Management no.", "7%", (row) => of(row).management_no),
    column("정보구분", "Kind", "6%", (row) => of(row).info_kind),
    column("처리구분", "Act", "5%", (row) => of(row).act),
    column("처리목적 및 내용", "Purpose and content", "21%", contentOf),
    column("항목", "Items", "16%", (row) => of(row).items),
    column("이용기간", "Period", "9%", (row) => lines(span(of(row).period_start, of(row).period_end), of(row).period_none_reason)),
    column("제공 시 받는 자", "Recipient", "7%", (row) => of(row).recipient),
    ...operatorColumns("6%"),
  ];
  return ledger(
    say("가명(추가)정보 처리대장", "Ledger of processing"),
    say("가명정보 처리 가이드라인 서식 ❿. 일련번호는 처리 기록의 번호여서 이어지지 않을 수 있습니다. 줄을 누르면 기록 전체를 봅니다.", "Form ❿ of the guideline. Serial numbers are those of the records, so some are not here. A row opens its record."),
    table(columns, processingRows(state), OPENS),
  );
}

function ledger(title, about, ...parts) {
  return el("section", {}, el("h2", {}, title), el("p", { class: "note" }, about), ...parts, signatures());
}

function rightsLedger(state) {
  const rows = state.collection.of("rights.granted", "rights.changed", "rights.revoked").filter(state.shows);
  const columns = [
    recordNumber(),
    column("신청일자", "Requested", "8%", ({ body }) => body.requested_on),
    column("관리번호", "Management no.", "7%", ({ body }) => body.management_no),
    column("소속", "Body", "9%", ({ body }) => post(body.holder)),
    column("취급자", "Account", "9%", ({ body }) => lines(body.account, body.role)),
    column("취급자 IP", "Address", "9%", ({ body }) => body.holder_ip),
    column("처리 내역 및 사유", "Act and reason", "17%", (row) => lines(kindWord(row.type), row.body.was, row.body.reason, correctionOf(row))),
    column("권한 범위", "Scope", "9%", ({ body }) => lines(body.info_kind, body.scope)),
    column("부여·변경·말소일자", "Granted, changed, revoked", "9%", ({ body }) => body.granted_on ?? body.changed_on ?? body.revoked_on),
    ...operatorColumns("7%"),
  ];
  const about = say("서식 ❿ 접근권한 관리대장. 일련번호는 처리 기록의 번호여서 이어지지 않을 수 있습니다. 3년 이상 보관합니다.", "Form ❿, access rights. Serial numbers are those of the records. Kept for three years at least.");
  return ledger(say("접근권한 관리대장", "Ledger of access rights"), about, table(columns, rows, OPENS));
}

function provisionLedger(state) {
  const rows = state.collection.of("provision", "combination.files").filter(state.shows);
  const columns = [
    sequence(),
    column("제공일", "Day", "8%", ({ body }) => body.provided_on ?? body.made_on),
    column("관리번호", "Management no.", "7%", ({ body }) => body.management_no),
    column("가명처리", "Pipeline", "9%", ({ body }) => body.pipeline),
    column("제공받는 자", "Recipient", "10%", ({ body }) => lines(body.recipient, body.agency, body.key_agency, body.other)),
    column("이용 목적", "Purpose", "14%", (row) => lines(row.body.purpose_category, row.body.purpose_detail, correctionOf(row))),
    column("제공하는 항목", "Items", "12%", ({ body }) => body.items),
    column("보유·이용기간", "Period", "9%", ({ body }) => lines(span(body.period_start, body.period_end), body.period_none_reason)),
    column("처리환경·방식", "Place", "8%", ({ body }) => lines(body.place, body.times)),
    column("계약", "Contract", "6%", ({ body }) => body.contract),
    ...operatorColumns("5%"),
    recordNumber(),
  ];
  const about = say("제공받는 자, 목적, 항목, 기간(시행령 제29조의5제2항).", "Recipient, purpose, items and period.");
  return ledger(say("가명정보 제공대장", "Ledger of provisions"), about, table(columns, rows, OPENS));
}

function destructionLedger(state) {
  const done = state.collection.of("data.destroyed", "additional.destroyed", "key.destroyed").filter(state.shows);
  const columns = [
    sequence(),
    column("개인정보 파일명", "File", "18%", ({ body }) => lines(body.file_name, body.pipeline)),
    column("자료의 종류", "Kinds of data", "17%", (row) => lines(row.body.kinds, row.body.info_kind, row.body.epoch)),
    column("생성일", "Made", "9%", ({ body }) => body.created_on),
    column("폐기일", "Destroyed", "11%", ({ body }) => body.destroyed_at),
    column("폐기사유", "Reason", "13%", (row) => lines(row.body.reason, row.body.method, row.body.certainty, correctionOf(row))),
    { ...operatorColumns("11%")[0], name: say("처리담당자", "Operator") },
    { ...operatorColumns("11%")[1], name: say("처리부서장", "Head of department") },
    recordNumber(),
  ];
  const asked = retentions(state.collection).filter(({ request }) => state.shows(request));
  const request = [
    sequence(),
    column("개인정보 파일명", "File", "19%", ({ request: { body } }) => lines(body.file_name, body.pipeline)),
    column("현재 보관건수", "Kept", "8%", ({ request: { body } }) => count(body.amount)),
    column("파기 사유", "Reason", "13%", ({ request: row }) => lines(row.body.reason, correctionOf(row))),
    column("요청일", "Requested", "10%", ({ request: { body } }) => body.requested_on),
    column("파기 일정", "Due", "10%", ({ request: { body } }) => body.due),
    column("승인", "Approved", "14%", ({ approval, request }) => lines(approval?.body.approved_on, post(approval?.body.approver), approvedOf(approval, request))),
    column("파기 일시와 결과 확인", "Destroyed and confirmed", "16%", ({ done }) => lines(done?.body.destroyed_at, done?.body.confirmed_on, post(done?.body.confirmed_by))),
    { ...recordNumber(), value: ({ request: { seq } }) => seq },
  ];
  const about = say("표준 개인정보 보호지침 별지 제5호서식.", "Annex 5 of the standard guidelines.");
  return ledger(
    say("개인정보파일 파기 관리대장", "Ledger of destruction"), about,
    table(columns, done, OPENS),
    el("h3", {}, say("파기 요청과 승인", "Requests and approvals")),
    table(request, asked, { open: ({ request }) => openRecord(request), isOld: ({ request }) => OPENS.isOld(request) }),
  );
}

/**
 * Requests of destruction with what followed them: what names the request or another version of
 * it, and is about the same processing. What was corrected counts no more.
 */
function retentions(collection) {
  const requests = collection.of("retention.requested");
  const numbered = new Map(requests.map((request) => [request.claimed, request]));
  const key = (request, { body }) => JSON.stringify([collection.firstVersion(request).claimed, text(body.management_no)]);
  /** The first of a kind by what it is about: a later one, and one before its request, counts for nothing. */
  const first = (type) => {
    const found = new Map();
    for (const entry of collection.of(type)) {
      const named = numbered.get(entry.body.request);
      if (named === undefined || entry.seq <= named.seq || !collection.isRight(entry)) continue;
      if (!found.has(key(named, entry))) found.set(key(named, entry), entry);
    }
    return found;
  };
  const [approvals, done] = [first("retention.approved"), first("retention.done")];
  return requests.map((request) => ({ request, approval: approvals.get(key(request, request)), done: done.get(key(request, request)) }));
}

/** Which request was approved, if it was corrected since. */
function approvedOf(approval, { claimed }) {
  const named = approval?.body.request;
  return named === undefined || named === claimed ? "" : say(`(일련번호 ${named}에 대한 승인)`, `(of serial no. ${named})`);
}

/** The day of an access, which may have been entered much later. */
function accessDay(collection, { at, day }) {
  return typeof at === "string" && isInstant(at) ? collection.dayOf(new Date(at).toISOString()) : day;
}

/** Nights that began and recorded no use, because they made no table: what is not recorded is said not to be. */
function unrecordedAccesses(collection) {
  const none = say("기록 없음", "not recorded");
  const runs = [...collection.runs.values()].filter(({ begun, commit }) => begun !== undefined && !(commit?.usage.length > 0));
  return runs.map(({ begun, from, state, pipeline, date, number, reason }) => {
    const { seq, day, time, actor } = begun;
    const ends = { refused: ["거부", "refused"], undone: ["취소", "undone"] };
    const end = say(...(ends[state] ?? ["끝나지 않음", "not ended"]));
    const object = [pipeline, date].filter((one) => one !== "").join(" ");
    const row = { account: actor, at: time, from: from ?? none, object, subjects: none, task: `${say("가명처리", "pseudonymisation")}(${end})`, reason: nightWord(text(reason)), management_no: number, seq, day, time };
    // What is looked for in the row is more than what its first record says.
    return [{ ...begun, searched: undefined, row }, row];
  });
}

/** Accesses in order of time: those that are records, and those of nights, which stand in theirs. */
function accessRows({ collection, shows }) {
  const own = collection.of("access").map((entry) => [entry, { ...entry.body, seq: entry.seq, day: entry.day, time: entry.time }]);
  const nights = collection.commits().flatMap(({ commit }) => {
    const { seq, day, time, info_kind, management_no, usage, object } = commit;
    return usage.map((one) => [commit, { ...one, info_kind, management_no, object, reason: null, seq, day, time }]);
  });
  const dated = [...own, ...nights, ...unrecordedAccesses(collection)].map(([entry, row]) => [entry, { ...row, day: accessDay(collection, row) }]);
  const rows = dated.filter(([entry, { day }]) => shows({ ...entry, day })).map(([, row]) => row);
  const instant = ({ at, time }) => (Number.isNaN(Date.parse(at)) ? Date.parse(time) : Date.parse(at));
  return rows.sort((left, right) => instant(left) - instant(right) || left.seq - right.seq);
}

/** How many entries were opened, so that it is not taken for data subjects. */
function openedOf(entries) {
  return text(entries) === "" ? "" : say(`열람 ${text(entries)}건`, `${text(entries)} opened`);
}

function accessLedger(state) {
  const rows = accessRows(state);
  const columns = [
    sequence(),
    column("식별자", "Account", "13%", ({ account }) => account),
    column("접속일시", "Instant", "15%", ({ at }) => at),
    column("접속지", "From", "13%", ({ from }) => from),
    column("정보주체", "Data subjects", "15%", ({ object, subjects, entries }) => lines(object, subjects, openedOf(entries))),
    column("수행업무", "Task", "12%", ({ info_kind, task }) => lines(info_kind, task)),
    column("사유·관리번호", "Reason, management no.", "23%", ({ reason, management_no }) => lines(reason, management_no)),
    recordNumber(),
  ];
  const groups = new Map();
  for (const { day, account, task } of rows) {
    const key = JSON.stringify([day.slice(0, 7), text(account), text(task)]);
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  const sorted = [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
  const summary = sorted.map(([key, number]) => [...JSON.parse(key), number]);
  const of = (index) => (row) => row[index];
  const monthly = [
    column("월", "Month", "20%", of(0)),
    column("식별자", "Account", "35%", of(1)),
    column("수행업무", "Task", "25%", of(2)),
    { ...column("건수", "Times", "20%", (row) => count(row[3])), number: true },
  ];
  const about = say("안전성 확보조치 기준 제8조: 접속기록을 정기적으로 점검합니다. 거부되거나 취소된 밤도 원천을 읽었을 수 있어 함께 싣고, 기록에 없는 항목은 ‘기록 없음’이라 적습니다.", "Article 8 of the safety standard: accesses are looked at regularly. Nights that were refused or undone may have read their sources too: they are listed, with what was not recorded said not to be.");
  return ledger(
    say("접속기록 점검", "Review of accesses"), about,
    el("h3", {}, say("월별 집계", "By month")), table(monthly, summary),
    el("h3", {}, say("접속기록", "Accesses")), table(columns, rows, { open: openRecord }),
  );
}

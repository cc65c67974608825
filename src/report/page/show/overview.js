// What an auditor asks first: what ran, what did not, what went out, what is
// to be destroyed, and who may do what.

const DAY_LENGTH = 86400000;

function overview(state) {
  const { collection } = state;
  const runs = [...collection.runs.values()].filter((run) => state.shows({ ...run, subject: run.pipeline }));
  const inState = (...states) => runs.filter((run) => states.includes(run.state));
  const missing = missingNights(state);
  const asked = retentions(collection);
  const due = asked.filter(({ done }) => done === undefined);
  const destroyed = collection.of("data.destroyed", "additional.destroyed", "key.destroyed").filter(state.shows);
  const holders = rightsHeld(collection);
  const cards = el("div", { class: "cards" },
    card(inState("published").length, say("저장까지 마친 처리", "runs published")),
    card(inState("refused").length, say("거부된 처리", "runs refused"), inState("refused").length > 0),
    card(inState("undone").length, say("취소된 처리", "runs undone")),
    card(inState("begun", "input", "commit").length, say("끝나지 않은 처리", "runs not ended"), inState("begun", "input", "commit").length > 0),
    card(missing.reduce((sum, { days }) => sum + days, 0), say("기록이 없는 밤", "nights without a record"), missing.length > 0),
    card(collection.of("provision").filter(state.shows).length, say("제공", "provisions")),
    card(due.length, say("파기 예정", "destructions due"), due.length > 0),
    card(destroyed.length, say("파기 완료", "destructions done")),
    card(holders.length, say("유효한 접근권한", "access rights held")),
    card(collection.of("incident").filter(state.shows).length, say("유출등", "incidents"), collection.of("incident").length > 0),
  );
  return el("section", {},
    el("h2", {}, say("개요", "Overview")), institution(state), cards,
    el("h3", {}, say("가명처리별", "By pipeline")), pipelines(runs),
    el("h3", {}, say("기록이 없는 밤", "Nights without a record")), nightsTable(missing),
    el("h3", {}, say("거부된 처리", "Runs refused")), refusals(inState("refused")),
    el("h3", {}, say("제공", "Provisions")), provisions(state),
    el("h3", {}, say("파기 예정", "Destructions due")), dueTable(due),
    el("h3", {}, say("접근권한을 가진 사람", "Who holds rights")), holdersTable(holders),
  );
}

function institution({ collection, report }) {
  const first = collection.of("ledger.init")[0]?.body ?? {};
  return fields([
    [say("개인정보처리자", "Controller"), lines(first.name, first.parent)],
    [say("기록의 이름", "Ledger"), report.origin ?? ""],
    [say("기록 수 · 뿌리값", "Records · root"), `${count(report.size)} · ${report.root}`],
    [say("적용 법령", "State of the law"), first.ruleset_version],
  ]);
}

function pipelines(runs) {
  const groups = new Map();
  for (const run of runs) groups.set(run.pipeline, [...(groups.get(run.pipeline) ?? []), run]);
  const rows = [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
  const last = ([, list]) => list.findLast(({ commit }) => commit !== undefined)?.commit;
  const number = (state) => ([, list]) => count(list.filter((run) => run.state === state).length);
  const sum = (key, isMeant) => ([, list]) => count(list.filter(isMeant).reduce((all, run) => all + (run.commit?.[key] ?? 0), 0));
  const isPublished = ({ state }) => state === "published";
  return table([
    column("가명처리", "Pipeline", "18%", ([name]) => name),
    column("처리 목적", "Purpose", "34%", (row) => lines(last(row)?.purpose_category, last(row)?.purpose_detail)),
    column("위험도", "Risk", "8%", (row) => last(row)?.grade),
    { ...column("처리", "Runs", "8%", number("published")), number: true },
    { ...column("거부", "Refused", "8%", number("refused")), number: true },
    { ...column("원천 행", "Lines in", "12%", sum("lines", () => true)), number: true },
    { ...column("가명정보 행", "Rows out", "12%", sum("rows", isPublished)), number: true },
  ], rows);
}

/** Days between the first and the last night of a ledger for which a pipeline has no record. */
function missingNights({ collection, filter }) {
  const all = [...collection.nights.values()].flatMap((dates) => [...dates]).sort();
  const end = [all.at(-1), filter.to].filter(Boolean).sort()[0];
  const rows = [];
  for (const [pipeline, dates] of collection.nights) {
    if (filter.pipeline !== "" && filter.pipeline !== pipeline) continue;
    const start = [[...dates].sort()[0], filter.from].filter(Boolean).sort().at(-1);
    rows.push(...gaps(start, end, dates).map((gap) => ({ pipeline, ...gap })));
  }
  return rows;
}

/** Runs of days from `start` to `end` that are not among `dates`. */
function gaps(start, end, dates) {
  const found = [];
  for (let at = Date.parse(start); at <= Date.parse(end); at += DAY_LENGTH) {
    const day = new Date(at).toISOString().slice(0, 10);
    if (dates.has(day)) continue;
    const last = found.at(-1);
    if (last !== undefined && Date.parse(last.last) + DAY_LENGTH === at) {
      last.last = day;
      last.days += 1;
    } else {
      found.push({ first: day, last: day, days: 1 });
    }
  }
  return found;
}

function nightsTable(rows) {
  return table([
    column("가명처리", "Pipeline", "40%", ({ pipeline }) => pipeline),
    column("원천 일자", "Dates", "40%", ({ first, last }) => (first === last ? first : span(first, last))),
    { ...column("밤", "Nights", "20%", ({ days }) => count(days)), number: true },
  ], rows);
}

function refusals(rows) {
  return table([
    column("처리일자", "Day", "12%", ({ day }) => day),
    column("가명처리", "Pipeline", "20%", ({ pipeline }) => pipeline),
    column("원천 일자", "Date", "12%", ({ date }) => date),
    column("사유", "Reason", "56%", ({ reason }) => reason),
  ], rows);
}

function provisions(state) {
  return table([
    column("제공일", "Day", "14%", ({ body }) => body.provided_on),
    column("관리번호", "Management no.", "14%", ({ body }) => body.management_no),
    column("제공받는 자", "Recipient", "32%", ({ body }) => body.recipient),
    column("목적", "Purpose", "40%", ({ body }) => lines(body.purpose_category, body.purpose_detail)),
  ], state.collection.of("provision").filter(state.shows), { open: openRecord });
}

function dueTable(rows) {
  return table([
    column("파일명", "File", "46%", ({ request: { body } }) => lines(body.file_name, body.pipeline)),
    column("사유", "Reason", "24%", ({ request: { body } }) => body.reason),
    column("파기 일정", "Due", "15%", ({ request: { body } }) => body.due),
    column("승인", "Approved", "15%", ({ approval }) => approval?.body.approved_on),
  ], rows, { open: ({ request }) => openRecord(request) });
}

/** Rights that were granted and not revoked, with their newest change. */
function rightsHeld(collection) {
  const held = new Map();
  for (const row of collection.of("rights.granted", "rights.changed", "rights.revoked")) {
    const key = JSON.stringify([text(row.body.management_no), text(row.body.account), text(row.body.info_kind)]);
    if (row.type === "rights.revoked") held.delete(key);
    else held.set(key, row);
  }
  return [...held.values()];
}

function holdersTable(rows) {
  return table([
    column("취급자", "Account", "18%", ({ body }) => body.account),
    column("소속·직위", "Post", "20%", ({ body }) => post(body.holder)),
    column("역할", "Role", "16%", ({ body }) => body.role),
    column("관리번호", "Management no.", "14%", ({ body }) => body.management_no),
    column("정보구분 · 권한 범위", "Kind · scope", "18%", ({ body }) => lines(body.info_kind, body.scope)),
    column("부여일자", "Since", "14%", ({ body }) => body.changed_on ?? body.granted_on),
  ], rows, { open: openRecord });
}

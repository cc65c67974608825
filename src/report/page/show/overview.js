// What an auditor asks first: what ran, what did not, what went out, what is
// to be destroyed, and who may do what.

const DAY_LENGTH = 86400000;

function overview(state) {
  const { collection } = state;
  const runs = [...collection.runs.values()].filter((run) => state.shows({ ...run, subject: run.pipeline }));
  const inState = (...states) => runs.filter((run) => states.includes(run.state));
  const end = lastNight(state);
  const until = end === "" ? "" : say(` (${end}까지)`, ` (until ${end})`);
  const missing = missingNights(state, end);
  const nights = countNights(missing);
  const blocked = collection.of("night.blocked").filter(state.shows);
  const asked = retentions(collection);
  const due = asked.filter(({ request, done }) => collection.isRight(request) && done === undefined);
  const right = (...types) => collection.of(...types).filter((entry) => collection.isRight(entry) && state.shows(entry));
  const destroyed = right("data.destroyed", "additional.destroyed", "key.destroyed");
  const holders = rightsHeld(collection);
  const held = holders.filter(({ isWrong }) => !isWrong);
  const wrong = holders.length === held.length ? "" : say(` (그 밖에 정정된 부여 ${holders.length - held.length}건: 말소 기록 없음)`, ` (and ${holders.length - held.length} corrected and not revoked)`);
  const cards = el("div", { class: "cards" },
    card(inState("published").length, say("저장까지 마친 처리", "runs published")),
    card(inState("refused").length, say("거부된 처리", "runs refused"), inState("refused").length > 0),
    card(blocked.length, say("가명처리 보류", "nights blocked"), blocked.some((row) => stateOfDate(collection, row)[0])),
    card(inState("undone").length, say("취소된 처리", "runs undone")),
    card(inState("begun", "input", "commit").length, say("끝나지 않은 처리", "runs not ended"), inState("begun", "input", "commit").length > 0),
    card(say(`${count(nights.days)}일`, `${count(nights.days)}`), say("기록이 없는 밤", "nights without a record") + until + nights.said, missing.length > 0),
    card(right("provision").length, say("제공", "provisions")),
    card(due.length, say("파기 예정", "destructions due"), due.length > 0),
    card(destroyed.length, say("파기 완료", "destructions done")),
    card(held.length, say("유효한 접근권한", "access rights held") + wrong),
    card(right("incident").length, say("유출등", "incidents"), right("incident").length > 0),
  );
  return el("section", {},
    el("h2", {}, say("개요", "Overview")), institution(state), cards,
    el("h3", {}, say("가명처리별", "By pipeline")), pipelines(runs),
    el("h3", {}, say("기록이 없는 밤", "Nights without a record") + until), nightsTable(missing),
    el("h3", {}, say("거부되거나 취소된 처리", "Runs refused or undone")), refusals(inState("refused", "undone")),
    el("h3", {}, say("가명처리 보류", "Nights blocked")), blockedTable(state, blocked),
    el("h3", {}, say("제공", "Provisions")), provisions(state),
    el("h3", {}, say("파기 예정", "Destructions due")), dueTable(due),
    el("h3", {}, say("접근권한을 가진 사람", "Who holds rights")), holdersTable(holders),
    el("h3", {}, say("기록 검증 내역", "Verifications recorded")), verifications(state),
  );
}

function institution({ collection, report }) {
  const first = collection.of("ledger.init")[0]?.body ?? {};
  return fields([
    [say("개인정보처리자", "Controller"), lines(first.name, first.parent)],
    [say("기록의 이름", "Ledger"), report.origin ?? ""],
    [say("기록 수 · 뿌리값", "Records · root"), `${count(report.size)} · ${report.root}`],
    [say("적용 법령", "State of the law"), first.ruleset_version],
    [say("마지막 검증 기록", "Last verification recorded"), lastVerified(collection)],
  ]);
}

/** When the ledger was verified last, how far and with which result: as whoever did recorded it. */
function lastVerified(collection) {
  const body = collection.of("verify.done").at(-1)?.body;
  if (body === undefined) return say("없음", "none");
  return [text(body.at), say(`기록 ${count(body.size)}건`, `${count(body.size)} records`), resultWord(body.result)].join(" · ");
}

/** Of all checks together: nothing was found, though some could not be made. */
function resultWord(result) {
  return result === "not-checked" ? say("이상 없음(일부 확인 안 함)", "nothing found, some not checked") : outcomeWord(result);
}

function outcomeWord(outcome) {
  return Object.hasOwn(OUTCOME_WORDS, outcome) ? say(...OUTCOME_WORDS[outcome]) : text(outcome);
}

function verifications(state) {
  const unchecked = ({ body }) => {
    const checks = Array.isArray(body.checks) ? body.checks.filter((one) => one?.outcome === "not-checked") : [];
    const names = checks.map(({ check }) => (Object.hasOwn(CHECK_WORDS, check) ? say(...CHECK_WORDS[check]) : text(check)));
    return names.join(", ");
  };
  const data = ({ body: { data: found } }) => {
    if (found?.asked !== true) return say("대조하지 않음", "not looked at");
    const said = say(`파일 ${count(found.files)}, 기록과 다름 ${count(found.bad)}`, `${count(found.files)} files, ${count(found.bad)} not as recorded`);
    return `${outcomeWord(found.result)}: ${said}`;
  };
  return table([
    column("검증일시", "Instant", "16%", ({ body }) => body.at),
    column("식별자 · 접속지", "Account, from", "20%", ({ body }) => lines(body.account, body.from)),
    { ...column("기록 수", "Records", "8%", ({ body }) => count(body.size)), number: true },
    column("결과", "Result", "10%", ({ body }) => resultWord(body.result)),
    column("확인하지 않은 검사", "Not checked", "20%", unchecked),
    column("표·봉인 파일 대조", "Tables and sealed files", "26%", data),
  ], state.collection.of("verify.done").filter(state.shows), { open: openRecord });
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

/** The last night that must have a record: not the last that has one, for a job may have died. */
function lastNight({ data, collection, filter }) {
  const today = Number.isNaN(Date.parse(data.made)) ? "" : collection.dayOf(data.made);
  const before = today === "" ? "" : new Date(Date.parse(today) - DAY_LENGTH).toISOString().slice(0, 10);
  return [before, filter.to].filter(Boolean).sort()[0] ?? "";
}

/** Days from its first night until `end` for which a pipeline has no record. */
function missingNights({ collection, filter }, end) {
  const rows = [];
  for (const [pipeline, came] of collection.nights) {
    if (filter.pipeline !== "" && filter.pipeline !== pipeline) continue;
    const start = [[...came].sort()[0], filter.from].filter(Boolean).sort().at(-1);
    // Those have a record, which says why no run began.
    const blocked = collection.of("night.blocked").filter(({ subject }) => subject === pipeline);
    const dates = new Set([...came, ...blocked.map(({ body }) => text(body.date))]);
    rows.push(...gaps(start, end, dates).map((gap) => ({ pipeline, ...gap })));
  }
  return rows;
}

/** How many nights are missing, and of how many pipelines: a night in which none ran is one. */
function countNights(rows) {
  const days = new Set();
  for (const { first, last } of rows) {
    for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_LENGTH) days.add(at);
  }
  const all = rows.reduce((sum, row) => sum + row.days, 0);
  const pipelines = new Set(rows.map(({ pipeline }) => pipeline)).size;
  const said = say(`: 가명처리 ${count(pipelines)}종, ${count(all)}건`, `: ${count(pipelines)} pipelines, ${count(all)} in all`);
  return { days: days.size, said: all === 0 ? "" : said };
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
    column("결과", "Result", "8%", ({ state }) => stateWord(state)),
    column("사유", "Reason", "48%", ({ reason }) => nightWord(text(reason))),
  ], rows);
}

/** What became of the date of a blocked night, and whether it still is without a table or a word that there was no input. */
function stateOfDate(collection, { subject, body }) {
  const date = text(body.date);
  const runs = [...collection.runs.values()].filter((run) => run.pipeline === subject && run.date === date);
  const isDone = runs.some(({ state }) => state === "published");
  if (runs.length > 0) return [!isDone, isDone ? stateWord("published") : stateWord(runs.at(-1).state)];
  const came = collection.nights.get(subject)?.has(date) ?? false;
  return came ? [false, say("원천 없음", "no input")] : [true, say("없음", "none")];
}

function blockedTable(state, rows) {
  return table([
    column("처리일자", "Day", "12%", ({ day }) => day),
    column("가명처리", "Pipeline", "18%", ({ subject }) => subject),
    column("원천 일자", "Date", "12%", ({ body }) => body.date),
    column("종료 코드", "Exit code", "8%", ({ body }) => body.exit_code),
    column("사유", "Reason", "36%", ({ body }) => nightWord(text(body.reason))),
    column("그 일자의 처리", "Run of the date", "14%", (row) => stateOfDate(state.collection, row)[1]),
  ], rows, { open: openRecord });
}

function provisions(state) {
  return table([
    column("제공일", "Day", "14%", ({ body }) => body.provided_on),
    column("관리번호", "Management no.", "14%", ({ body }) => body.management_no),
    column("가명처리", "Pipeline", "18%", ({ body }) => body.pipeline),
    column("제공받는 자", "Recipient", "24%", ({ body }) => body.recipient),
    column("목적", "Purpose", "30%", (row) => lines(row.body.purpose_category, row.body.purpose_detail, correctionOf(row))),
  ], state.collection.of("provision").filter(state.shows), OPENS);
}

function dueTable(rows) {
  return table([
    column("파일명", "File", "46%", ({ request: { body } }) => lines(body.file_name, body.pipeline)),
    column("사유", "Reason", "24%", ({ request: { body } }) => body.reason),
    column("파기 일정", "Due", "15%", ({ request: { body } }) => body.due),
    column("승인", "Approved", "15%", ({ approval }) => approval?.body.approved_on),
  ], rows, { open: ({ request }) => openRecord(request) });
}

/**
 * Rights that were granted and not revoked, as `grantedFor` has them: a record for all numbers is
 * about each, and one without a kind of information about all kinds. Who has rights for all
 * numbers but some has those numbers in `except`. A grant that was corrected is the same right as
 * the one that corrects it; if that is for another account or key, the rights that were given to
 * the wrong one stay until they are revoked, and `isWrong` says so.
 */
function rightsHeld(collection) {
  let held = [];
  for (const row of collection.of("rights.granted", "rights.changed", "rights.revoked")) {
    const right = rightOf(row);
    const { type, number, account, role, key } = right;
    const isKey = (one) => key !== null && one.key?.line === key.line;
    const isMeant = {
      "rights.granted": isKey,
      "rights.changed": (one) => one.account === account,
      "rights.revoked": (one) => one.account === account || isKey(one),
    }[type];
    held = apart(held, number, isMeant);
    const isHere = (one) => (number === ALL_NUMBERS || one.number === number) && isMeant(one);
    const isSame = (one) => text(row.body.info_kind) === "" || text(one.row.body.info_kind) === text(row.body.info_kind);
    if (type === "rights.revoked") {
      held = held.filter((one) => !isHere(one));
    } else if (type === "rights.changed") {
      const changed = (one) => ({ ...row, body: { ...one.row.body, ...row.body } });
      held = held.map((one) => (isHere(one) ? { ...one, role, row: isSame(one) ? changed(one) : one.row } : one));
    } else {
      // A key is of the one it was given to last, and in the role it was given for last.
      const isCorrected = (one) => row.corrects !== undefined && one.grant === row.corrects && one.account === account
        && (one.key === null || one.key.line === key?.line);
      const isAgain = (one) => one.key === null && key === null && one.number === number && one.account === account && isSame(one);
      held = held.filter((one) => !isCorrected(one) && !isAgain(one) && !(isHere(one) && (one.account !== account || isSame(one))));
      held = held.map((one) => (isHere(one) ? { ...one, role } : one));
      held.push({ ...right, except: [], row, grant: row });
    }
  }
  return held.map((one) => ({ ...one, isWrong: collection.corrections?.has(one.grant.claimed) === true }));
}

/** Rights with those for all numbers that are meant told apart: for this number, and for all others. */
function apart(held, number, isMeant) {
  if (number === ALL_NUMBERS) return held;
  return held.flatMap((one) => {
    if (one.number !== ALL_NUMBERS || one.except.includes(number) || !isMeant(one)) return [one];
    return [{ ...one, except: [...one.except, number] }, { ...one, number, except: [] }];
  });
}

function holdersTable(rows) {
  return table([
    column("취급자", "Account", "18%", ({ account, key }) => lines(account, key === null ? "" : say(`서명키 ${key.id}`, `key ${key.id}`))),
    column("소속·직위", "Post", "20%", ({ row: { body } }) => post(body.holder)),
    column("역할", "Role", "16%", ({ role }) => role),
    column("관리번호", "Management no.", "14%", ({ number, except }) => lines(number, except.length === 0 ? "" : say(`(${text(except)} 제외)`, `(but not ${text(except)})`))),
    column("정보구분 · 권한 범위", "Kind · scope", "18%", ({ row: { body } }) => lines(body.info_kind, body.scope)),
    column("부여일자", "Since", "14%", ({ row, isWrong, grant }) => lines(
      row.body.changed_on ?? row.body.granted_on, correctionOf(grant), isWrong ? say("말소 기록 없음", "not revoked") : "")),
  ], rows, { open: ({ row }) => openRecord(row), isOld: ({ isWrong }) => isWrong });
}

// The page: reads the ledger in it, has it checked, and draws one tab.

const TABS = [
  ["overview", "개요", "Overview", overview, false],
  ["processing", "처리대장", "Processing", processingLedger, true],
  ["rights", "접근권한 관리대장", "Access rights", rightsLedger, true],
  ["provision", "제공대장", "Provisions", provisionLedger, true],
  ["destruction", "파기대장", "Destruction", destructionLedger, true],
  ["incident", "유출등 대장", "Incidents", incidentLedger, true],
  ["reviews", "검토·승인", "Reviews", reviewsLedger, true],
  ["access", "접속기록 점검", "Accesses", accessLedger, true],
  ["forms", "처리별 서식", "Forms", formsOverview, false],
  ["records", "전체 기록", "All records", recordsList, true],
  ["proof", "검증", "Verification", proofPanel, false],
];

/** What is shown just now. */
let shown = null;

/** Whether a row is of the days, the pipeline and the words that were asked for. */
function shows(entry) {
  const { from, to, pipeline, words } = shown.filter;
  const day = entry.day ?? "";
  if ((from !== "" && day < from) || (to !== "" && day > to)) return false;
  if (pipeline !== "" && entry.subject !== pipeline) return false;
  if (words === "") return true;
  entry.searched ??= searchedOf(entry).toLowerCase();
  return formsOf(words.toLowerCase()).every((form) => form.test(entry.searched));
}

/** All that a row says, as it is shown: not where its record is stored. */
function searchedOf(entry) {
  const { place, claimed, commit, searched, corrects, ...said } = entry;
  const number = shown.collection.numberOf({ number: entry.number ?? "", run: entry.run ?? entry.name });
  const more = commit === undefined ? "" : searchedOf(commit);
  const kind = Object.hasOwn(KIND_WORDS, entry.type ?? "") ? KIND_WORDS[entry.type] : [];
  const why = entry.type === "night.blocked" ? entry.body.reason : entry.reason;
  return [wordsOf(said), number, wordsOf(kind), correctionOf(entry), nightInKorean(text(why)), more].join("\n");
}

/** What a value says, without the names of its keys. */
function wordsOf(value) {
  if (Array.isArray(value)) return value.map(wordsOf).join("\n");
  return isObject(value) ? wordsOf(Object.values(value)) : text(value);
}

/** The words that were asked for last, and what to look for. */
let asked = { words: "", forms: [] };

/** Words to look for. A digit at an end of one is the end of the number: `26-01` is not in `2026-01-05`. */
function formsOf(words) {
  if (asked.words === words) return asked.forms;
  const form = (word) => {
    const plain = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`${/^\d/.test(word) ? "(?<!\\d)" : ""}${plain}${/\d$/.test(word) ? "(?!\\d)" : ""}`);
  };
  asked = { words, forms: words.split(/\s+/).filter((word) => word !== "").map(form) };
  return asked.forms;
}

function byId(id) {
  return document.getElementById(id);
}

async function check(record) {
  const started = performance.now();
  const progress = (done, all) => byId("progress")?.replaceChildren(
    el("progress", { max: all, value: done }), ` ${say("검증하고 있습니다", "checking")} ${Math.floor((100 * done) / Math.max(all, 1))} %`);
  const options = { ...broughtOptions(shown.brought), record, progress };
  shown.report = await verify(shown.data, options);
  shown.times.verify = performance.now() - started;
  document.documentElement.dataset.verdict = verdictOf(shown.report);
}

/**
 * The files of the ledger. Those that grow with it stand one by one: browsers
 * are slow with one long text. Each goes once it is read: twice would be too
 * much memory.
 */
function readData() {
  const take = (block) => {
    const value = JSON.parse(block.textContent);
    block.remove();
    return value;
  };
  const data = take(byId("ledger"));
  for (const block of document.querySelectorAll("script.part")) {
    const { of, file } = take(block);
    data[of].push(file);
  }
  return data;
}

async function start() {
  const started = performance.now();
  const data = readData();
  const filter = { from: data.from ?? "", to: data.to ?? "", pipeline: "", words: "" };
  shown = { data, filter, shows, brought: [], tab: "overview", run: null, times: { read: performance.now() - started }, collection: new Collection(data) };
  shown.selfTest = await sha256SelfTest();
  await check((record, at) => shown.collection.add(record, at));
  if (!shown.selfTest) document.documentElement.dataset.verdict = "fail";
  const before = performance.now();
  draw();
  shown.times.draw = performance.now() - before;
  shown.times.all = performance.now();
}

function draw() {
  const { tab, report } = shown;
  beforePrint = [];
  document.documentElement.lang = language;
  document.title = say("가명정보 처리 기록", "Processing records of pseudonymised information");
  const [, , , make, isWide] = TABS.find(([name]) => name === tab);
  document.body.className = isWide ? "wide" : "";
  drawHead(report);
  byId("tabs").replaceChildren(...TABS.map(([name, korean, english]) => el("button", {
    type: "button", role: "tab", id: `tab-${name}`, "aria-selected": String(name === tab), onclick: () => show(name),
  }, say(korean, english))));
  drawFilter();
  byId("main").replaceChildren(make(shown));
  const made = say("만든 때", "made");
  byId("foot").replaceChildren(`${report.origin ?? ""} · ${count(report.size)} · ${report.root} · ${made} ${text(shown.data.made)}`);
}

function drawHead(report) {
  const controller = shown.collection.of("ledger.init")[0]?.body.name ?? "";
  const days = span(shown.filter.from, shown.filter.to);
  const other = language === "ko" ? "English" : "한국어";
  byId("head").replaceChildren(
    el("h1", {}, say("가명정보 처리 기록", "Processing records")),
    el("span", { class: "about" }, [text(controller), days, say(`시각: ${shown.collection.zone}`, `times: ${shown.collection.zone}`), `${say("감사 확인번호", "audit number")} ${auditNumber(report)}`].filter((part) => part !== "").join(" · ")),
    badge(verdictOf(report)),
    el("button", { type: "button", id: "print", onclick: () => window.print() }, say("인쇄", "Print")),
    el("button", { type: "button", id: "language", onclick: () => { language = language === "ko" ? "en" : "ko"; draw(); } }, other),
  );
}

function drawFilter() {
  const { filter, collection } = shown;
  const set = (name) => (event) => {
    filter[name] = event.target.value;
    const at = event.target.selectionStart;
    draw();
    const again = byId(`filter-${name}`);
    again.focus();
    if (name === "words") again.setSelectionRange(at, at);
  };
  const day = (name, label) => el("label", {}, label, el("input", { type: "date", id: `filter-${name}`, value: filter[name], onchange: set(name) }));
  const names = [...new Set([...collection.runs.values()].map(({ pipeline }) => pipeline))].sort();
  const option = (value, label) => el("option", { value, selected: value === filter.pipeline ? "" : null }, label);
  byId("filter").onsubmit = (event) => event.preventDefault();
  byId("filter").replaceChildren(
    day("from", say("처음", "From")), day("to", say("끝", "To")),
    el("label", {}, say("가명처리", "Pipeline"), el("select", { id: "filter-pipeline", onchange: set("pipeline") }, option("", say("모두", "all")), names.map((name) => option(name, name)))),
    el("label", {}, say("찾기", "Search"), el("input", { type: "search", id: "filter-words", value: filter.words, oninput: set("words") })),
    el("button", { type: "button", id: "filter-reset", onclick: () => { Object.assign(filter, { from: "", to: "", pipeline: "", words: "" }); draw(); } }, say("모두 보기", "show all")),
  );
}

function show(tab) {
  shown.tab = tab;
  shown.run = null;
  draw();
  byId("main").focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function showForms(run) {
  shown.tab = "forms";
  shown.run = run;
  draw();
  window.scrollTo(0, 0);
}

/** In the page, or in the worker that hashes for it. */
function begin() {
  if (typeof document === "undefined") return serveHashes();
  window.addEventListener("beforeprint", () => beforePrint.forEach((prepare) => prepare()));
  start().catch((error) => {
    document.documentElement.dataset.verdict = "fail";
    byId("main").replaceChildren(el("p", { class: "verdict fail" }, `이 문서를 읽을 수 없습니다. This page cannot be read: ${error.message}`));
  });
}

begin();
